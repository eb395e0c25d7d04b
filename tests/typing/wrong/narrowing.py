"""Names and fields that events, items, parts and sessions do not have."""

from realtime_typed import Codec, ConversationUpdated, RealtimeClient, UnknownEvent
from realtime_typed.types import (
    AssistantMessageItem,
    ConversationItem,
    ErrorEvent,
    ResponseDone,
    ServerEvent,
    SessionCreated,
)


async def by_type(client: RealtimeClient) -> None:
    async for event in client:
        if event.type == "respones.done":
            print("never")
        if event.type == "response.done":
            print(event.delta)
            print(event.response.outputs)
            print(event.response.usage.total_tokens)
        if event.type == "response.output_text.delta":
            print(event.delta.samples)
        print(event.delta)


def codec(frame: str) -> None:
    event = Codec().decode(frame)
    print(event.response)
    known: ServerEvent = event
    print(known)


def unknown(event: UnknownEvent) -> None:
    print(event.session)
    event.raw = {}


def error(event: ErrorEvent) -> None:
    print(event.code)
    print(event.error.code.upper())
    number: int = event.error.message
    print(number)


def items(item: ConversationItem) -> None:
    print(item.formatted.audoi)
    print(item.formatted.tool.name)
    print(item.content)
    if item.type == "mesage":
        print("never")
    if item.type == "message":
        print(item.call_id)
        if item.role == "asistant":
            print("never")
        if item.role == "assistant":
            assistant: AssistantMessageItem = item
            for part in assistant.content:
                print(part.text)
                if part.type == "text":
                    print("never")


def own_events(event: ConversationUpdated) -> None:
    print(event.delta.text)
    print(event.itme)
    event.item = event.item


def sessions(event: SessionCreated) -> None:
    print(event.session.instructions)
    if event.session.type == "realtime":
        print(event.session.voice)
        print(event.session.audio.output)
        print(event.session.instructions.upper())


def match(event: ServerEvent) -> None:
    match event:
        case ResponseDone(respones=response):
            print(response)
        case _:
            print(event.type)
