"""The user speaks while the model is heard: the model stops, and remembers what was heard of it."""

import asyncio
import random
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pytest

from realtime_typed import ConversationInterrupted, ConversationUpdated, Interruption, OutputAudio, RealtimeClient
from realtime_typed._client_media import AudioOutput
from realtime_typed._generated.realtime.params import ServerVadParam
from realtime_typed.channels import Expectation
from realtime_typed.errors import ResponseFailed
from realtime_typed.local import AudioReply, Reply, ResponderRequest
from tests.contract.support import BOUND, Samples, Serve, Service, Wire, settle, speaks, speech

pytestmark = pytest.mark.anyio

VOICE: Final[Samples] = np.tile(speech(), 6)[: 24_000 * 8]
LOUD: Final[Samples] = np.random.default_rng(7).integers(-8000, 8000, 24_000 // 5, np.int16)
SILENCE: Final[Samples] = np.zeros(24_000 * 3 // 10, np.int16)
VAD: Final[ServerVadParam] = {"type": "server_vad", "create_response": False}
UNINTERRUPTED: Final[ServerVadParam] = {**VAD, "interrupt_response": False}
FRAME_MS: Final = 20


class Talker:
    """Answers everything with the same speech, as one message or several."""

    def __init__(self, samples: Samples = VOICE, times: int = 1) -> None:
        self.replies = [AudioReply(samples, "a long story " * 10)] * times

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        return self.replies


class Thinker:
    """Begins every response and never goes on with it."""

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        await asyncio.Event().wait()
        return []


class Clock:
    """The clock of a player; it stands still between tests of it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def interruptions(client: RealtimeClient) -> Expectation[ConversationInterrupted]:
    return client.events["conversation.interrupted"].expect(BOUND)


async def barge_in(client: RealtimeClient) -> ConversationInterrupted:
    """Speak loudly, then be silent; return what the client makes of it once the turn is over."""
    async with client.events["input_audio_buffer.committed"].expect(BOUND), interruptions(client) as interrupted:
        await client.append_input_audio(LOUD)
        await client.append_input_audio(SILENCE)
    return interrupted.event


async def begin_reply(client: RealtimeClient, milliseconds: int = 1) -> str:
    """Ask for a response; return the id of its item once so much of its audio has come."""

    def has_come(event: ConversationUpdated) -> bool:
        return speaks(event) and event.item.formatted.audio_samples >= milliseconds * 24

    async with client.events["conversation.updated"].expect(BOUND, predicate=has_come) as update:
        await client.create_response()
    return str(update.event.item.id)


def errors_of(client: RealtimeClient) -> list[str]:
    """The messages of what the service refuses from now on."""
    found: list[str] = []
    client.on("error", lambda event: found.append(event.error.message))
    return found


def cuts(service: Service) -> list[Wire]:
    return service.received("conversation.item.truncate")


async def hear(stream: AudioOutput, samples: int) -> OutputAudio:
    """Take pieces until so many samples came; return the last."""
    async with asyncio.timeout(BOUND):
        taken = 0
        while True:
            piece = await anext(stream)
            taken += len(piece.samples)
            if taken >= samples:
                return piece


async def test_the_model_stops_and_remembers_what_was_heard(serve: Serve) -> None:
    clock = Clock()
    async with (
        serve(responder=Talker()) as service,
        service.client(interruption=Interruption(clock=clock)) as client,
    ):
        refused = errors_of(client)
        await client.update_session(turn_detection=VAD)
        item_id = await begin_reply(client, 400)
        clock.now += 0.3
        async with client.events["conversation.item.truncated"].expect(BOUND) as truncated:
            found = await barge_in(client)
        assert found.interrupted_item_id == item_id
        assert found.response_id is not None
        await settle(client)
        assert found.item_id == client.conversation.items[-1].id
        assert truncated.event.item_id == item_id
        if service.by_track:
            assert cuts(service) == []
        else:
            assert found.heard_ms == truncated.event.audio_end_ms == 300
            assert client.playback.received(item_id) == 300 * 24
        assert refused == []


async def test_what_waits_is_not_handed_out_any_more(serve: Serve) -> None:
    async with serve(responder=Talker()) as service, service.client() as client:
        await client.update_session(turn_detection=VAD)
        stream = client.audio_output
        await begin_reply(client)
        first = await hear(stream, 1)
        await barge_in(client)
        await settle(client)
        await client.disconnect()
        pieces = [piece async for piece in stream]
        # Over a track what is on its way comes after the interruption; it is left out too.
        assert pieces == []
        assert len(first.samples) < len(VOICE) / 10


async def test_a_service_that_does_not_interrupt_is_told_to(serve: Serve) -> None:
    clock = Clock()
    async with (
        serve(responder=Talker(), audio_speed=1.0) as service,
        service.client(interruption=Interruption(when="always", clock=clock)) as client,
    ):
        refused = errors_of(client)
        await client.update_session(turn_detection=UNINTERRUPTED)
        await begin_reply(client)
        clock.now += 0.05
        async with client.events["response.done"].expect(BOUND) as done:
            found = await barge_in(client)
        assert done.event.response.status == "cancelled"
        assert found.response_id == done.event.response.id
        await settle(client)
        assert [event["response_id"] for event in service.received("response.cancel")] == [found.response_id]
        assert len(service.received("output_audio_buffer.clear")) == (1 if service.by_track else 0)
        assert len(cuts(service)) == (0 if service.by_track else 1)
        assert refused == []


@pytest.mark.parametrize(
    ("interruption", "interrupts"),
    [(None, False), (False, False), (False, True)],
    ids=["as the service, which does not", "never, nor does the service", "never"],
)
async def test_a_client_that_is_not_to_interrupt_only_tells(
    serve: Serve, interruption: bool | None, interrupts: bool
) -> None:
    clock = Clock()
    policy = interruption if interruption is None else Interruption(when="never", clock=clock)
    async with serve(responder=Talker(), audio_speed=1.0) as service, service.client(interruption=policy) as client:
        await client.update_session(turn_detection=VAD if interrupts else UNINTERRUPTED)
        item_id = await begin_reply(client)
        clock.now += 0.01
        found = await barge_in(client)
        assert found.interrupted_item_id == item_id
        assert found.heard_ms is not None
        await settle(client)
        for name in ("response.cancel", "conversation.item.truncate", "output_audio_buffer.clear"):
            assert service.received(name) == []


async def test_a_turn_while_nothing_is_heard_sends_nothing(serve: Serve) -> None:
    async with serve(responder=Talker()) as service, service.client(interruption=True) as client:
        await client.update_session(turn_detection=UNINTERRUPTED)
        found = await barge_in(client)
        assert (found.interrupted_item_id, found.response_id, found.heard_ms) == (None, None, None)
        await settle(client)
        for name in ("response.cancel", "conversation.item.truncate", "output_audio_buffer.clear"):
            assert service.received(name) == []


async def test_a_text_is_not_cut(serve: Serve) -> None:
    async with serve() as service, service.client(interruption=True) as client:
        refused = errors_of(client)
        await client.update_session(turn_detection=VAD, output_modalities=["text"])
        async with client.events["response.done"].expect(BOUND):
            await client.send_user_message_content([{"type": "input_text", "text": "Hello there"}])
        found = await barge_in(client)
        assert found.interrupted_item_id is None
        await settle(client)
        assert cuts(service) == []
        assert refused == []


@pytest.mark.parametrize("interrupts", [True, False], ids=["by the service", "by the client"])
async def test_a_reply_of_which_no_audio_has_come_is_stopped_but_not_cut(serve: Serve, interrupts: bool) -> None:
    async with serve(responder=Thinker()) as service, service.client(interruption=True) as client:
        refused = errors_of(client)
        await client.update_session(turn_detection=VAD if interrupts else UNINTERRUPTED)
        response = await client.create_response()
        found = await barge_in(client)
        assert (found.interrupted_item_id, found.response_id, found.heard_ms) == (None, response.id, None)
        with pytest.raises(ResponseFailed):
            await response.done(BOUND)
        await settle(client)
        assert response.status == "cancelled"
        assert len(service.received("response.cancel")) == (0 if interrupts else 1)
        assert cuts(service) == []
        assert refused == []


@pytest.mark.parametrize("unheard", ["keep", "delete"])
async def test_of_two_messages_in_one_response_each_is_cut_at_its_own(
    serve: Serve, unheard: Literal["keep", "delete"]
) -> None:
    clock = Clock()
    policy = Interruption(clock=clock, unheard=unheard)
    async with serve(responder=Talker(VOICE[:24_000], times=3)) as service:
        if service.by_track:
            pytest.skip("a track does not say which message of a response it carries: the service cuts each")
        async with service.client(interruption=policy) as client:
            refused = errors_of(client)
            await client.update_session(turn_detection=VAD)
            async with client.events["response.done"].expect(BOUND):
                response = await client.create_response()
            first, second, third = [str(item.id) for item in client.conversation.items]
            clock.now += 1.4
            async with client.events["conversation.item.truncated"].expect(BOUND) as truncated:
                found = await barge_in(client)
            assert (found.interrupted_item_id, found.response_id, found.heard_ms) == (second, response.id, 400)
            assert (truncated.event.item_id, truncated.event.audio_end_ms) == (second, 400)
            await settle(client)
            assert [event["item_id"] for event in cuts(service)] == [second]
            deleted = [event["item_id"] for event in service.received("conversation.item.delete")]
            assert deleted == ([third] if unheard == "delete" else [])
            kept = [first, second] if unheard == "delete" else [first, second, third]
            assert [item.id for item in client.conversation.items][: len(kept)] == kept
            assert refused == []


async def test_an_application_that_cuts_by_itself_too_is_not_refused(serve: Serve) -> None:
    clock = Clock()
    async with (
        serve(responder=Talker(), audio_speed=1.0) as service,
        service.client(interruption=Interruption(when="always", clock=clock)) as client,
    ):
        refused = errors_of(client)
        await client.update_session(turn_detection=UNINTERRUPTED)
        item_id = await begin_reply(client)
        clock.now += 0.05
        await barge_in(client)
        # The reference client's way, with a larger count than the client has cut at by its own clock.
        await client.cancel_response(item_id, 24_000 * 60)
        await settle(client)
        ends = [event["audio_end_ms"] for event in cuts(service)]
        assert ends == ([] if service.by_track else [50, 50])
        # The second cancel finds nothing to cancel; no truncate is refused.
        assert not [message for message in refused if "audio" in message.lower()]


async def test_push_to_talk_interrupts_by_a_call(serve: Serve) -> None:
    clock = Clock()
    async with (
        serve(responder=Talker(), audio_speed=1.0) as service,
        service.client(interruption=Interruption(clock=clock)) as client,
    ):
        refused = errors_of(client)
        item_id = await begin_reply(client)
        clock.now += 0.05
        async with (
            client.events["response.done"].expect(BOUND) as done,
            client.events["conversation.item.truncated"].expect(BOUND) as truncated,
        ):
            found = await client.interrupt()
        assert done.event.response.status == "cancelled"
        assert (found.interrupted_item_id, found.response_id) == (item_id, done.event.response.id)
        assert truncated.event.item_id == item_id
        assert (found.item_id, found.audio_start_ms) == (None, None)
        if not service.by_track:
            assert found.heard_ms == truncated.event.audio_end_ms == 50
        await settle(client)
        assert refused == []


# Interruption at random points of a reply: twenty over every transport.


@pytest.mark.parametrize("seed", range(4))
async def test_at_any_point_of_a_reply_the_milliseconds_heard_are_right(serve: Serve, seed: int) -> None:
    points = [random.Random(100 * seed + number).uniform(0.05, 0.7) for number in range(5)]
    clock = Clock()
    # Half of the replies are still under way when the user speaks; the others have long come.
    speed = 2.0 if seed % 2 else None
    async with (
        serve(responder=Talker(), audio_speed=speed) as service,
        service.client(interruption=Interruption(clock=clock)) as client,
    ):
        refused = errors_of(client)
        await client.update_session(turn_detection=VAD)
        for seconds in points:
            await interrupt_at(client, service, clock, seconds)
        assert refused == []


async def interrupt_at(client: RealtimeClient, service: Service, clock: Clock, seconds: float) -> None:
    """Have the model speak for so long, then interrupt it, and check what was heard against the service."""
    stream = client.audio_output
    async with client.events["response.created"].expect(BOUND) as created:
        await client.create_response()
    piece = await hear(stream, round(seconds * 24_000))
    if not service.by_track:
        # The player has got more than it has played, unless it plays to the end of what came.
        clock.now += seconds
    stream.close()
    async with client.events["conversation.item.truncated"].expect(BOUND) as truncated:
        found = await barge_in(client)
    assert (found.interrupted_item_id, found.response_id) == (piece.item_id, created.event.response.id)
    assert found.heard_ms is not None
    if service.by_track:
        assert abs(found.heard_ms - truncated.event.audio_end_ms) <= 100
    else:
        assert abs(found.heard_ms - seconds * 1000) <= FRAME_MS
        assert truncated.event.audio_end_ms == found.heard_ms
    await settle(client)


async def play(client: RealtimeClient, stream: AudioOutput, samples: int) -> str:
    """Play until so many samples were, in frames of 20 ms as a sound card does, and report each; return the item."""
    async with asyncio.timeout(BOUND):
        while True:
            piece = await anext(stream)
            for offset in range(0, len(piece.samples), 480):
                played = piece.start + offset
                client.playback.played(piece.item_id, played)
                if played >= samples:
                    return piece.item_id


@pytest.mark.parametrize("seed", range(4))
async def test_what_the_player_reports_is_what_was_heard(serve: Serve, seed: int) -> None:
    points = [random.Random(1000 + 100 * seed + number).uniform(0.02, 0.4) for number in range(5)]
    async with serve(responder=Talker()) as service, service.client() as client:
        if service.by_track:
            pytest.skip("over WebRTC the service goes by what it has sent, whatever the player reports")
        refused = errors_of(client)
        await client.update_session(turn_detection=VAD)
        stream = client.audio_output
        for seconds in points:
            await client.create_response()
            item_id = await play(client, stream, round(seconds * 24_000))
            async with client.events["conversation.item.truncated"].expect(BOUND) as truncated:
                found = await barge_in(client)
            assert abs(truncated.event.audio_end_ms - seconds * 1000) <= FRAME_MS
            assert (found.interrupted_item_id, found.heard_ms) == (item_id, truncated.event.audio_end_ms)
            await settle(client)
        assert refused == []
