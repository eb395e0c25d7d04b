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
        # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
        if event.type == "respones.done":
            print("never")
        if event.type == "response.done":
            # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
            print(event.delta)
            # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
            print(event.response.outputs)
            # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
            print(event.response.usage.total_tokens)
        if event.type == "response.output_text.delta":
            # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
            print(event.delta.samples)
        # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
        print(event.delta)


def codec(frame: str) -> None:
    event = Codec().decode(frame)
    # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
    print(event.response)
    # error: mypy[assignment] pyright[reportAssignmentType]
    known: ServerEvent = event
    print(known)


def unknown(event: UnknownEvent) -> None:
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(event.session)
    event.raw = {}


def error(event: ErrorEvent) -> None:
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(event.code)
    # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
    print(event.error.code.upper())
    # error: mypy[assignment] pyright[reportAssignmentType]
    number: int = event.error.message
    print(number)


def items(item: ConversationItem) -> None:
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(item.formatted.audoi)
    # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
    print(item.formatted.tool.name)
    # error: mypy[assignment] pyright[reportAssignmentType]
    audio: bytes = item.formatted.audio
    # error: mypy[assignment, misc] pyright[reportAttributeAccessIssue]
    item.formatted.audio = audio
    # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
    print(item.content)
    # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
    if item.type == "mesage":
        print("never")
    if item.type == "message":
        # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
        print(item.call_id)
        # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
        if item.role == "asistant":
            print("never")
        if item.role == "assistant":
            assistant: AssistantMessageItem = item
            for part in assistant.content:
                # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
                print(part.text)
                # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
                if part.type == "text":
                    print("never")
                if part.type == "output_text":
                    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
                    print(part.transcript)
                else:
                    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
                    print(part.text)
        elif item.role == "user":
            for content in item.content:
                # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
                print(content.image_url)
                if content.type == "input_audio":
                    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
                    print(content.text)
                # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
                elif content.type == "output_text":
                    print("never")


def own_events(event: ConversationUpdated) -> None:
    # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
    print(event.delta.text)
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(event.itme)
    # error: mypy[misc] pyright[reportAttributeAccessIssue]
    event.item = event.item


def sessions(event: SessionCreated) -> None:
    # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
    print(event.session.instructions)
    if event.session.type == "realtime":
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(event.session.voice)
        # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
        print(event.session.audio.output)
        # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
        print(event.session.instructions.upper())


def match(event: ServerEvent) -> None:
    match event:
        # error: mypy[misc] pyright[reportUnknownVariableType]
        case ResponseDone(respones=response):
            print(response)
        case _:
            print(event.type)
