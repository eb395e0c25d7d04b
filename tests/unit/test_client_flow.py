"""A client whose line takes nothing: what it drops of the user's audio, and what it says of that."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed import InputAudioDropped, RealtimeClient, SendQueue, SendQueueFullError
from realtime_typed._item_turns import SpokenTurns
from realtime_typed.input_audio import InputAudioHistory
from realtime_typed.transports.memory import MemoryTransport, memory_pair

pytestmark = pytest.mark.anyio

BOUND = 5.0
CHUNK = 2400  # samples, 100 ms


def spoken(number: int) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    return np.full(CHUNK, number, dtype=np.int16)


@asynccontextmanager
async def stalled(queue: SendQueue) -> AsyncGenerator[tuple[RealtimeClient, MemoryTransport]]:
    """A client whose peer does not read; the line holds the session's configuration and nothing more."""
    mine, peer = memory_pair(max_queue=1)
    client = RealtimeClient(transport=lambda: mine, api_key="key", send_queue=queue)
    await client.connect()
    try:
        yield client, peer
    finally:
        peer.abort()
        await client.disconnect()


async def test_a_line_that_takes_nothing_holds_the_speaker_back() -> None:
    async with stalled(SendQueue()) as (client, peer):
        appending = asyncio.create_task(client.append_input_audio(spoken(1)))
        await asyncio.sleep(0.01)
        assert not appending.done()
        async with asyncio.timeout(BOUND):
            await peer.recv()
            await appending


async def test_many_speakers_fill_the_queue_and_the_oldest_audio_is_dropped_told_and_forgotten() -> None:
    async with stalled(SendQueue(max_bytes=5 * 6500)) as (client, peer):
        told: list[InputAudioDropped] = []
        client.on("input_audio.dropped", told.append)
        appending = [asyncio.create_task(client.append_input_audio(spoken(number))) for number in range(10)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        stats = client.stats
        assert stats.send_queue_bytes <= 5 * 6500
        # One is with the transport, five wait, and four were dropped.
        assert (stats.send_queue_events, stats.audio_dropped_ms) == (5, 400.0)
        assert told == [InputAudioDropped(100.0, "slow_line")] * 4
        assert client.realtime.stats.audio_dropped_ms == 400.0
        # The conversation claims nothing that was not sent.
        assert client.conversation.input_audio.pending_samples == 6 * CHUNK
        assert client.usage.input_audio_seconds == pytest.approx(0.6)
        async with asyncio.timeout(BOUND):
            frames = [await peer.recv() for _ in range(7)]
            await asyncio.gather(*appending)
        assert sum("input_audio_buffer.append" in frame for frame in frames) == 6
        kept = client.conversation.input_audio.commit()
        assert np.unique(kept).tolist() == [0, 5, 6, 7, 8, 9]


async def test_with_raise_nothing_is_dropped_and_what_finds_no_room_was_not_said() -> None:
    async with stalled(SendQueue(max_bytes=6500, overflow="raise")) as (client, _):
        appending = [asyncio.create_task(client.append_input_audio(spoken(number))) for number in range(3)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(SendQueueFullError):
            await appending[2]
        assert client.stats.audio_dropped_ms == 0
        assert client.conversation.input_audio.pending_samples == 2 * CHUNK
        for task in appending:
            task.cancel()
        await asyncio.gather(*appending, return_exceptions=True)


async def test_a_speaker_that_waits_can_be_cancelled() -> None:
    async with stalled(SendQueue()) as (client, _):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await client.append_input_audio(spoken(1))
        assert client.is_connected()


async def test_while_the_connection_is_made_anew_a_speaker_is_not_held_back() -> None:
    mine, _ = memory_pair()
    client = RealtimeClient(transport=lambda: mine, api_key="key", send_queue=SendQueue(max_bytes=2 * 6500))
    told: list[InputAudioDropped] = []
    client.on("input_audio.dropped", told.append)
    await client.connect()
    client.realtime._outbox.hold()  # pyright: ignore[reportPrivateUsage]  # what a lost connection does
    async with asyncio.timeout(BOUND):
        for number in range(5):
            await client.append_input_audio(spoken(number))
    assert told == [InputAudioDropped(100.0, "connection_down")] * 3
    await client.disconnect()


@given(st.data())
def test_turns_without_what_was_not_sent_are_those_of_a_speaker_who_never_said_it(data: st.DataObject) -> None:
    """Chunks are appended and committed; the oldest ones that are not sent yet are dropped at any moment."""
    history = InputAudioHistory(keep_seconds=1)
    turns = SpokenTurns(history)
    waiting: list[tuple[int, int]] = []  # the value of each sample, and the length
    expected: list[list[int]] = [[]]
    values = iter(range(1, 1000))
    for step in data.draw(st.lists(st.sampled_from(["say", "say", "commit", "send", "drop"]), max_size=40)):
        if step == "say":
            value, length = next(values), data.draw(st.integers(1, 5))
            history.append(np.full(length, value, dtype=np.int16))
            waiting.append((value, length))
            expected[-1] += [value] * length
        elif step == "commit":
            turns.queue()
            expected.append([])
        elif waiting and step == "send":
            waiting.pop(0)
        elif waiting:
            behind = sum(length for _, length in waiting)
            value, length = waiting.pop(0)
            turns.forget(behind, length)
            expected = [[sample for sample in turn if sample != value] for turn in expected]
    for turn in expected:
        assert turns.committed("item").samples.tolist() == turn
