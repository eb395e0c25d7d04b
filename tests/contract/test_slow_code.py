"""Slow handlers and consumers that have stopped: the connection lives, memory has a bound, and the loss is told."""

import asyncio
import json

import pytest

from realtime_typed import EventsDropped, HandlerPolicy, UnknownEvent, WebSocketOptions
from realtime_typed._backlog import event_bytes
from realtime_typed._generated.realtime.registry import ServerEvent
from realtime_typed.audio import encode_base64
from tests.contract.support import BOUND, Serve, reported, say, settle

pytestmark = pytest.mark.anyio

_SLOW = 0.2
# The client pings twice a second here, and gives up after as long: not to read for a second loses the connection.
_IMPATIENT = WebSocketOptions(ping_interval=0.5, ping_timeout=0.5)


def delta(text: str) -> str:
    return json.dumps(
        {
            "type": "response.output_audio_transcript.delta",
            "event_id": "event_1",
            "response_id": "resp_1",
            "item_id": "item_1",
            "output_index": 0,
            "content_index": 0,
            "delta": text,
        }
    )


def audio(seconds: float) -> str:
    return json.dumps(
        {
            "type": "response.output_audio.delta",
            "event_id": "event_1",
            "response_id": "resp_1",
            "item_id": "item_1",
            "output_index": 0,
            "content_index": 0,
            "delta": encode_base64(bytes(int(48_000 * seconds))),
        }
    )


ITEM = json.dumps(
    {
        "type": "conversation.item.added",
        "event_id": "event_0",
        "previous_item_id": None,
        "item": {
            "id": "item_1",
            "object": "realtime.item",
            "type": "message",
            "role": "assistant",
            "status": "in_progress",
            "content": [{"type": "output_audio", "transcript": ""}],
        },
    }
)


async def test_a_slow_handler_delays_its_own_events_and_neither_the_connection_nor_the_conversation(
    serve: Serve,
) -> None:
    async with serve(bound=60) as service:
        over = asyncio.Event()
        handled: list[str] = []

        async def slow(event: object) -> None:
            try:
                await asyncio.wait_for(over.wait(), _SLOW)
            except TimeoutError:
                handled.append(str(getattr(event, "delta", "")))

        policy = HandlerPolicy(max_events=40)
        async with service.client(handlers=policy, websocket=_IMPATIENT) as client:
            await settle(client)
            service.push(ITEM)
            client.on("response.output_audio_transcript.delta", slow)
            dropped: list[EventsDropped] = []
            with client.events["events.dropped"].stream() as losses:
                # Two seconds of real time at 50 events a second, more than the keepalive's patience.
                for number in range(100):
                    service.push(delta(f"{number} "))
                    await asyncio.sleep(0.02)
                await settle(client)  # nothing of it holds the connection up
                stats = client.stats
                assert client.is_connected()
                assert 0 < stats.handler_backlog <= 40
                assert stats.handler_lag > 0
                assert stats.handlers_running == 1
                assert stats.handlers == policy
                assert handled == sorted(handled, key=float)
                assert stats.events_dropped["response.output_audio_transcript.delta"] > 0
                assert client.conversation.items[-1].formatted.transcript == "".join(f"{n} " for n in range(100))
                over.set()
                async with asyncio.timeout(BOUND):
                    while not dropped or not dropped[-1].ended:
                        dropped.append(await anext(losses))
            assert [event.ended for event in dropped] == [False, True]
            assert dropped[-1].dropped == client.stats.events_dropped
            assert client.stats.handler_longest >= _SLOW / 2
            assert "slow" in client.stats.handler_slowest


async def test_a_sync_handler_that_blocks_for_a_while_lets_the_keepalive_through_between_two_events(
    serve: Serve,
) -> None:
    async with serve(bound=60) as service, service.client(websocket=_IMPATIENT) as client:
        await settle(client)
        service.push(ITEM)
        begun = asyncio.get_running_loop().time

        def blocks(_: object) -> None:
            until = begun() + 0.02
            while begun() < until:
                pass

        client.on("response.output_audio_transcript.delta", blocks)
        for number in range(100):
            service.push(delta(str(number)))
        await settle(client)
        assert client.is_connected()
        assert client.stats.handler_longest >= 0.02


async def test_consumers_that_have_stopped_are_bounded_and_the_connection_lives(serve: Serve) -> None:
    async with serve(bound=60) as service:
        policy = HandlerPolicy(max_bytes=500_000)
        client = service.client(handlers=policy, websocket=_IMPATIENT, audio_retention="none")
        async with client:
            await settle(client)
            service.push(ITEM)
            with client.audio_output as spoken, client.events["*"].stream() as everything:
                speech, text = audio(10.0), delta("x" * 10_000)
                for _ in range(70):
                    service.push(text)
                    # Over a track audio comes in real time, and no faster.
                    if not service.by_track:
                        service.push(speech)
                    await asyncio.sleep(0)
                await settle(client)
                assert client.is_connected()
                stats = client.stats
                assert stats.events_dropped["response.output_audio_transcript.delta"] >= 15
                assert stats.streams_dropped == everything.dropped + spoken.dropped
                waiting: list[ServerEvent | UnknownEvent] = []
                async with asyncio.timeout(BOUND):
                    while len(everything._waiting):  # pyright: ignore[reportPrivateUsage]  # how much waits is the point
                        waiting.append(await anext(everything))
                # The newest are there, and what nobody can do without.
                assert waiting[-1].type == "input_audio_buffer.cleared"
                assert sum(event_bytes(event) for event in waiting[1:]) <= policy.max_bytes
                # 700 seconds were said; ten minutes wait.
                assert spoken.skipped_seconds == pytest.approx(0.0 if service.by_track else 100.0)
            # What the application asks for next is answered as ever.
            await settle(client)


async def test_a_handler_that_fails_is_an_event_and_the_session_goes_on(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        with reported() as errors:

            def breaks(_: object) -> None:
                raise KeyError("broken")

            client.on("response.created", breaks)
            async with client.events["handler.error"].expect(BOUND) as failed:
                await say(client, "hello")
            assert isinstance(failed.event.error, KeyError)
            assert errors == []
            await say(client, "again")
            assert [type(error) for error in errors] == [KeyError]
            assert client.is_connected()


async def test_what_crosses_the_line_is_counted(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        before = client.stats
        await say(client, "hello")
        after = client.stats
        sent = len(service.session.received)
        assert after.events_sent == sent
        assert after.bytes_sent > before.bytes_sent
        assert after.events_received > before.events_received + 3
        assert after.bytes_received > before.bytes_received
        assert (after.send_queue_events, after.send_queue_bytes, after.audio_dropped_ms) == (0, 0, 0.0)
        assert (after.reconnects, after.validation_issues) == (0, 0)
