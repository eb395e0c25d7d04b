"""The stream of the model's speech, and the way that input audio takes to the session's rate."""

import asyncio
import gc
import weakref

import numpy as np
import pytest

from realtime_typed import ConnectionClosed, PlaybackTracker
from realtime_typed._client_media import InputConverter, OutputMedia
from realtime_typed._track_audio import ItemAudio
from realtime_typed.audio import Int16Array, pcm16_bytes

pytestmark = pytest.mark.anyio

SOUND = np.full(480, 5000, np.int16)
SILENCE = np.zeros(480, np.int16)


def media() -> tuple[OutputMedia, list[ItemAudio], list[str]]:
    added: list[ItemAudio] = []
    ended: list[str] = []
    return OutputMedia(added.append, ended.append), added, ended


def hand_out(output: OutputMedia, level: int) -> None:
    output.hand_out(np.full(480, level, np.int16), "item_1", "resp_1", 24_000)


async def test_every_stream_gets_every_piece_from_its_beginning_on() -> None:
    output, _, _ = media()
    first = output.stream()
    hand_out(output, 1)
    second = output.stream()
    hand_out(output, 2)
    async with asyncio.timeout(5):
        assert [int((await anext(first)).samples[0]) for _ in range(2)] == [1, 2]
        found = await anext(second)
    assert (int(found.samples[0]), found.sample_rate, found.item_id, found.response_id) == (
        2,
        24_000,
        "item_1",
        "resp_1",
    )


async def test_a_stream_ends_quietly_with_an_agreed_end_and_raises_after_a_loss() -> None:
    output, _, _ = media()
    stream = output.stream()
    hand_out(output, 1)
    output.close(ConnectionClosed(1000, clean=True), expected=True)
    async with asyncio.timeout(5):
        assert len([found async for found in stream]) == 1
        assert [found async for found in output.stream()] == []
    output.open()
    stream = output.stream()
    output.close(ConnectionClosed(1006), expected=False)
    with pytest.raises(ConnectionClosed):
        async with asyncio.timeout(5):
            await anext(stream)


async def test_a_discarded_stream_forgets_what_waits_and_goes_on() -> None:
    output, _, _ = media()
    stream = output.stream()
    hand_out(output, 1)
    output.discard()
    hand_out(output, 2)
    async with asyncio.timeout(5):
        assert int((await anext(stream)).samples[0]) == 2


async def test_a_stream_that_nobody_reads_keeps_ten_minutes_and_counts_the_rest() -> None:
    output, _, _ = media()
    stream = output.stream()
    second = np.zeros(24_000, np.int16)
    for number in range(605):
        second = np.full(24_000, number, np.int16)
        output.hand_out(second, "item_1", "resp_1", 24_000)
    assert stream.skipped_seconds == pytest.approx(5)
    async with asyncio.timeout(5):
        assert int((await anext(stream)).samples[0]) == 5


async def test_a_stream_that_was_let_go_is_not_fed() -> None:
    output, _, _ = media()
    stream = output.stream()
    known = weakref.ref(stream)
    hand_out(output, 1)
    del stream
    gc.collect()
    assert known() is None
    hand_out(output, 2)


async def test_a_piece_says_where_it_begins_and_is_handed_out_when_it_is_taken() -> None:
    playback = PlaybackTracker()
    output = OutputMedia(lambda _: None, lambda _: None, playback)
    stream = output.stream()
    for level in (1, 2, 3):
        hand_out(output, level)
    assert (playback.received("item_1"), playback.handed_out("item_1")) == (1440, 0)
    async with asyncio.timeout(5):
        assert [(await anext(stream)).start for _ in range(2)] == [0, 480]
    assert playback.handed_out("item_1") == 960


async def test_without_an_open_stream_a_piece_is_handed_out_when_it_comes() -> None:
    playback = PlaybackTracker()
    output = OutputMedia(lambda _: None, lambda _: None, playback)
    stream = output.stream()
    stream.close()
    assert not stream.is_open
    hand_out(output, 1)
    assert playback.handed_out("item_1") == 480


async def test_what_was_cancelled_does_not_count_as_come() -> None:
    playback = PlaybackTracker()
    output = OutputMedia(lambda _: None, lambda _: None, playback)
    output.created("resp_1")
    output.cancel()
    hand_out(output, 1)
    assert "item_1" not in playback


async def test_audio_of_a_track_goes_to_the_item_that_plays() -> None:
    output, added, ended = media()
    output.open()
    part = {"response_id": "resp_1", "item_id": "item_1", "part": {"type": "audio"}}
    output.apply("response.content_part.added", part)
    output.apply("output_audio_buffer.started", {"response_id": "resp_1"})
    output.take(SOUND, 24_000)
    output.apply("output_audio_buffer.cleared", {"response_id": "resp_1"})
    output.take(SOUND, 24_000)
    assert [one.item_id for one in added] == ["item_1"]
    assert ended == ["item_1"]


async def test_audio_of_a_track_comes_at_the_rate_of_the_session() -> None:
    output, added, _ = media()
    output.apply("response.content_part.added", {"response_id": "r", "item_id": "i", "part": {"type": "audio"}})
    output.apply("output_audio_buffer.started", {"response_id": "r"})
    for _ in range(50):
        output.take(SOUND, 8_000)
    assert sum(len(one.samples) for one in added) == pytest.approx(8_000, abs=92)  # the filter looks ahead
    output.apply("output_audio_buffer.started", {"response_id": "r2"})  # which ends the first
    assert sum(len(one.samples) for one in added) == 8_000
    assert {one.item_id for one in added} == {"i"}


async def test_the_end_of_an_item_does_not_become_the_beginning_of_the_next() -> None:
    """For a server that does not say where on the track an item ends."""
    output, added, _ = media()
    for item in ("i", "j"):
        output.apply("response.content_part.added", {"response_id": item, "item_id": item, "part": {"type": "audio"}})
        for sound in [SOUND] * 10 + [SILENCE] * 30:
            output.take(sound, 8_000)
    sizes = {item: sum(len(one.samples) for one in added if one.item_id == item) for item in ("i", "j")}
    assert sizes["i"] % 160 == 0
    assert sizes["i"] - sizes["j"] == 90  # the last is still inside


async def test_what_was_cleared_on_the_track_is_not_added_at_its_end() -> None:
    output, added, ended = media()
    output.apply("response.content_part.added", {"response_id": "r", "item_id": "i", "part": {"type": "audio"}})
    output.apply("output_audio_buffer.started", {"response_id": "r"})
    for _ in range(10):
        output.take(SOUND, 8_000)
    before = sum(len(one.samples) for one in added)
    output.apply("output_audio_buffer.cleared", {"response_id": "r"})
    assert sum(len(one.samples) for one in added) == before
    assert ended == ["i"]


async def test_an_item_ends_though_the_track_falls_silent_for_good() -> None:
    over = asyncio.Event()
    output = OutputMedia(lambda _: None, lambda _: over.set())
    output.apply("response.content_part.added", {"response_id": "r", "item_id": "i", "part": {"type": "audio"}})
    output.apply("output_audio_buffer.started", {"response_id": "r"})
    output.take(SOUND, 24_000)
    output.apply("output_audio_buffer.stopped", {"response_id": "r"})
    async with asyncio.timeout(5):
        await over.wait()
    assert not output.plays("i")


async def test_a_closed_connection_leaves_no_timer() -> None:
    told: list[str] = []
    output = OutputMedia(lambda _: None, told.append)
    output.apply("response.content_part.added", {"response_id": "r", "item_id": "i", "part": {"type": "audio"}})
    output.apply("output_audio_buffer.started", {"response_id": "r"})
    output.apply("output_audio_buffer.stopped", {"response_id": "r"})
    output.close(ConnectionClosed(1000, clean=True), expected=True)
    # Well after the time at which the timer would tell of the item.
    await asyncio.sleep(1)
    assert told == []


# What the user says.


def tone(rate: int, seconds: float = 0.5) -> Int16Array:
    time = np.arange(int(rate * seconds)) / rate
    samples: Int16Array = np.rint(8000 * np.sin(2 * np.pi * 300 * time)).astype(np.int16)
    return samples


def test_audio_at_the_rate_of_the_session_is_left_alone() -> None:
    samples = tone(24_000)
    assert np.array_equal(InputConverter().convert(samples, None, "audio/pcm", 24_000), samples)
    assert np.array_equal(InputConverter().convert(samples.tobytes(), 24_000, "audio/pcm", 24_000), samples)


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100, 48_000])
def test_audio_at_another_rate_keeps_its_length_across_the_borders_of_its_chunks(rate: int) -> None:
    converter = InputConverter()
    samples = tone(rate)
    parts = [
        converter.convert(pcm16_bytes(samples[at : at + 333]), rate, "audio/pcm", 24_000)
        for at in range(0, len(samples), 333)
    ]
    whole = np.concatenate([*parts, converter.flush()])
    assert abs(len(whole) - 12_000) <= 2
    steps = np.abs(np.diff(whole.astype(np.int32)))
    assert steps[200:-200].max() < 1.1 * 8000 * 2 * np.pi * 300 / 24_000


def test_a_change_of_the_rate_loses_nothing() -> None:
    converter = InputConverter()
    first = converter.convert(tone(16_000), 16_000, "audio/pcm", 24_000)
    second = converter.convert(tone(48_000), 48_000, "audio/pcm", 24_000)
    third = converter.convert(tone(24_000), None, "audio/pcm", 24_000)
    assert abs(len(first) + len(second) + len(third) - 36_000) <= 4
    assert len(converter.flush()) == 0


def test_bytes_without_a_rate_are_in_the_format_of_the_session() -> None:
    found = InputConverter().convert(bytes([0xFF] * 80), None, "audio/pcmu", 8_000)
    assert np.array_equal(found, np.zeros(80, np.int16))


def test_bytes_with_a_rate_are_pcm16_whatever_the_format_of_the_session() -> None:
    found = InputConverter().convert(pcm16_bytes(tone(8_000)), 8_000, "audio/pcmu", 8_000)
    assert np.array_equal(found, tone(8_000))


@pytest.mark.parametrize("rate", [0, -1])
def test_a_rate_that_is_none_is_refused_by_its_name(rate: int) -> None:
    with pytest.raises(ValueError, match=f"sample_rate .*{rate}"):
        InputConverter().convert(b"\0\0", rate, "audio/pcm", 24_000)
