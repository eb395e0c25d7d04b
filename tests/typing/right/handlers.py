"""Handlers: the decorator, the two-argument form, both directions, and the channels."""

from collections.abc import Awaitable, Callable
from typing import assert_type

from realtime_typed import (
    Channel,
    CloseEvent,
    ConversationInterrupted,
    ConversationItemAppended,
    ConversationItemCompleted,
    ConversationUpdated,
    EventStream,
    ItemDelta,
    RealtimeClient,
    RealtimeEvent,
    Subscription,
    UnknownEvent,
)
from realtime_typed.audio import Int16Array
from realtime_typed.types import (
    ClientEvent,
    ConversationItem,
    ErrorEvent,
    InputAudioBufferAppend,
    ResponseCreate,
    ResponseDone,
    ResponseOutputAudioDelta,
    ResponseOutputTextDelta,
    ServerEvent,
    SessionCreated,
)

client = RealtimeClient(api_key="sk-test")


# The decorator gives the function back as it was.


@client.on("response.done")
def on_done(event: ResponseDone) -> int:
    return len(event.response.output or [])


@client.on("response.output_text.delta")
async def on_text(event: ResponseOutputTextDelta) -> str:
    return event.delta


@client.on("error")
async def on_error(event: ErrorEvent) -> None:
    assert_type(event.error.message, str)
    assert_type(event.error.code, str | None)


# A handler may take more than it is given.


def on_either(event: SessionCreated | ResponseDone) -> None: ...


client.on("session.created", on_either)
client.on("response.done", on_either)


@client.on("response.done")
def on_any(event: object) -> None: ...


async def functions_stay_callable(done: ResponseDone, text: ResponseOutputTextDelta) -> None:
    assert_type(on_done(done), int)
    assert_type(await on_text(text), str)
    sync: Callable[[ResponseDone], int] = on_done
    coroutine: Callable[[ResponseOutputTextDelta], Awaitable[str]] = on_text
    sync(done)
    await coroutine(text)


# The two-argument form; a lambda's argument is inferred from the name.


class Recorder:
    def __init__(self) -> None:
        self.texts: list[str] = []

    def take(self, event: ResponseOutputTextDelta) -> None:
        self.texts.append(event.delta)


recorder = Recorder()
subscription = client.on("response.output_text.delta", recorder.take)
assert_type(subscription, Subscription[ResponseOutputTextDelta])
subscription.off()
assert_type(client.on("response.done"), Subscription[ResponseDone])
client.on("response.output_audio_transcript.delta", lambda event: print(event.delta, end=""))
client.on("response.done", lambda event: print(event.response.id))
with client.on("response.done", on_done):
    pass
client.off("response.done", on_done)
client.off("response.done")
client.on_next("response.done", on_done)
client.off_next("response.done", on_done)
client.clear_event_handlers()


# The client's own events.


@client.on("conversation.updated")
def on_updated(event: ConversationUpdated) -> None:
    assert_type(event.item, ConversationItem)
    assert_type(event.delta, ItemDelta | None)
    if event.delta is not None:
        assert_type(event.delta.text, str | None)
        assert_type(event.delta.transcript, str | None)
        assert_type(event.delta.arguments, str | None)
        assert_type(event.delta.audio, Int16Array | None)


@client.on("conversation.interrupted")
async def on_interrupted(event: ConversationInterrupted) -> None:
    assert_type(event.audio_start_ms, int | None)
    if event.item_id is not None:
        await client.cancel_response(event.item_id, sample_count=2400)


@client.on("conversation.item.appended")
def on_appended(event: ConversationItemAppended) -> None:
    assert_type(event.item, ConversationItem)


@client.on("conversation.item.completed")
def on_completed(event: ConversationItemCompleted) -> None:
    assert_type(event.item, ConversationItem)


@client.on("realtime.event")
def on_wire(event: RealtimeEvent) -> None:
    assert_type(event.time, str)
    if event.source == "client":
        assert_type(event.event, ServerEvent | ClientEvent | UnknownEvent)


@client.on("*")
def on_every(event: ServerEvent | UnknownEvent) -> None:
    if event.type == "error":
        assert_type(event, ErrorEvent)


# Both directions, on the connection.


@client.realtime.on("server.response.done")
def on_server_done(event: ResponseDone) -> None: ...


@client.realtime.on("client.response.create")
def on_client_create(event: ResponseCreate) -> None: ...


@client.realtime.on("server.*")
def on_server(event: ServerEvent | UnknownEvent) -> None: ...


@client.realtime.on("client.*")
async def on_client(event: ClientEvent | UnknownEvent) -> None:
    if event.type == "input_audio_buffer.append":
        assert_type(event, InputAudioBufferAppend)
        assert_type(event.audio, str)


@client.realtime.on("close")
def on_close(event: CloseEvent) -> None:
    assert_type(event.code, int)
    assert_type(event.error, bool)


# Channels.

done_channel = client.events["response.done"]
assert_type(done_channel, Channel[ResponseDone])
assert_type(client.realtime.events["client.response.create"], Channel[ResponseCreate])
assert_type(client.realtime.events["server.*"], Channel[ServerEvent | UnknownEvent])
assert_type(client.events["*"], Channel[ServerEvent | UnknownEvent])


@client.events["response.done"].once()
def once_done(event: ResponseDone) -> None: ...


@client.events["response.output_audio.delta"].on()
def on_audio(event: ResponseOutputAudioDelta) -> int:
    return event.output_index


async def use_channels() -> None:
    assert_type(done_channel.stream(), EventStream[ResponseDone])
    with done_channel.stream() as stream:
        async for done in stream:
            assert_type(done, ResponseDone)
    assert_type(await done_channel.wait(5), ResponseDone)
    assert_type(await done_channel.wait(timeout=5, predicate=lambda event: event.response.id == "resp_1"), ResponseDone)
    async with done_channel.expect(timeout=5) as expected:
        await client.create_response()
    assert_type(expected.event, ResponseDone)
    done_channel.off(once_done)
    done_channel.off()
