"""The reader of a remote track, on tracks that give out frames prepared here."""

import asyncio
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import pytest

pytest.importorskip("aiortc", reason="aiortc is not installed (extra `webrtc`)")

from aiortc.contrib.media import MediaRelay
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.frame import Frame

from realtime_typed._track_reader import AudioReader, EndOfTrackError
from realtime_typed.audio import Int16Array
from realtime_typed.errors import TransportError

from .sound import heard, tone

pytestmark = pytest.mark.anyio

BOUND = 10.0


class PreparedTrack(MediaStreamTrack):
    """A track of frames that are there already; then it ends."""

    kind = "audio"

    def __init__(self, frames: Iterable[Frame]) -> None:
        super().__init__()
        self._frames = iter(frames)

    async def recv(self) -> Frame:
        await asyncio.sleep(0)
        for frame in self._frames:
            return frame
        self.stop()
        raise MediaStreamError


def frames_of(
    samples: Int16Array,
    rate: int,
    *,
    layout: str = "mono",
    format: str = "s16",  # noqa: A002  # PyAV's own name
    clock: int | None = None,
    first: int = 0,
) -> list[AudioFrame]:
    """Frames of 20 ms; pts count from `first` (in samples) on a clock of `clock` Hz, the rate by default."""
    size = rate // 50
    converter = AudioResampler(format=format, layout=layout, rate=rate)
    frames: list[AudioFrame] = []
    for start in range(0, samples.size - size + 1, size):
        frame = AudioFrame(format="s16", layout="mono", samples=size)
        frame.planes[0].update(samples[start : start + size].tobytes())
        frame.sample_rate = rate
        frame.pts = None
        (converted,) = converter.resample(frame)
        base = clock or rate
        converted.pts = (first + start) * base // rate
        converted.time_base = Fraction(1, base)
        frames.append(converted)
    return frames


async def read_all(reader: AudioReader) -> Int16Array:
    async with asyncio.timeout(BOUND):
        pieces = [samples async for samples in reader]
    assert all(piece.dtype == np.int16 and piece.size for piece in pieces)
    return np.concatenate(pieces)


@pytest.mark.parametrize("format", ["u8", "s16", "s32", "flt", "dbl", "s16p", "fltp"])
@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
async def test_any_sample_format_and_layout_becomes_mono_int16(format: str, layout: str) -> None:  # noqa: A002  # PyAV's name
    frames = frames_of(tone(440, 0.5, 48_000), 48_000, format=format, layout=layout)
    audio = await read_all(AudioReader(PreparedTrack(frames)))
    assert audio.size == 12_000
    result = heard(audio)
    assert abs(result.frequency - 440) < 440 * 0.02
    assert result.duration == 0.5


@pytest.mark.parametrize("layout", ["mono", "stereo"])
async def test_the_level_stays_what_it_was(layout: str) -> None:
    frames = frames_of(tone(440, 0.5, 48_000), 48_000, layout=layout)
    level = max(np.abs(np.frombuffer(bytes(frame.planes[0]), np.int16)).max() for frame in frames)
    audio = await read_all(AudioReader(PreparedTrack(frames)))
    assert abs(np.abs(audio[1_000:-1_000]).max() / level - 1) < 0.01


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("wanted", [8_000, 24_000, 48_000])
async def test_any_rate_becomes_the_wanted_one(rate: int, wanted: int) -> None:
    audio = await read_all(AudioReader(PreparedTrack(frames_of(tone(440, 1.0, rate), rate)), wanted))
    assert abs(audio.size - wanted) <= 1
    result = heard(audio, wanted)
    assert abs(result.frequency - 440) < 440 * 0.02
    assert result.duration == 1.0


async def test_every_piece_is_about_one_frame() -> None:
    reader = AudioReader(PreparedTrack(frames_of(tone(440, 0.5, 48_000), 48_000, layout="stereo")))
    sizes = [(await reader.read()).size for _ in range(25)]
    # The filter looks 91 samples ahead, so that the first piece is shorter by as much.
    assert 480 - 91 <= sizes[0] <= 480
    assert sizes[1:] == [480] * 24


@pytest.mark.parametrize("clock", [48_000, 8_000, 90_000])
@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize("missing", [1, 5, 49])
async def test_frames_that_are_missing_become_silence_of_their_length(clock: int, layout: str, missing: int) -> None:
    frames = frames_of(tone(440, 3.0, 48_000), 48_000, layout=layout, clock=clock)
    del frames[40 : 40 + missing]
    audio = await read_all(AudioReader(PreparedTrack(frames)))
    assert abs(audio.size - 3 * 24_000) <= 1
    assert heard(audio).longest_gap == pytest.approx(missing * 0.02, abs=0.011)
    # What follows the gap is where it would be without one.
    whole = await read_all(AudioReader(PreparedTrack(frames_of(tone(440, 3.0, 48_000), 48_000, layout=layout))))
    after = (40 + missing) * 480 + 100
    assert np.array_equal(audio[after:], whole[after:])


async def test_a_track_that_needs_no_conversion_is_filled_too() -> None:
    frames = frames_of(tone(440, 1.0), 24_000)
    del frames[10:15]
    audio = await read_all(AudioReader(PreparedTrack(frames)))
    expected = tone(440, 1.0)
    expected[10 * 480 : 15 * 480] = 0
    assert np.array_equal(audio, expected)


async def test_silence_of_unsigned_samples_is_silent() -> None:
    frames = frames_of(tone(440, 1.0, 8_000), 8_000, format="u8")
    del frames[10:20]
    audio = await read_all(AudioReader(PreparedTrack(frames)))
    assert np.abs(audio[10 * 480 + 100 : 20 * 480 - 100]).max() <= 1


async def test_a_gap_of_more_than_a_second_is_not_filled() -> None:
    frames = [*frames_of(tone(440, 0.5), 24_000), *frames_of(tone(440, 0.5), 24_000, first=12_000 + 24_001)]
    assert (await read_all(AudioReader(PreparedTrack(frames)))).size == 24_000


async def test_timestamps_that_step_back_or_are_missing_change_nothing() -> None:
    frames = frames_of(tone(440, 1.0), 24_000)
    for frame in frames[20:]:
        frame.pts = None if frame.pts is None else frame.pts - 5_000
    frames[30].pts = None
    assert np.array_equal(await read_all(AudioReader(PreparedTrack(frames))), tone(440, 1.0))


async def test_timestamps_that_are_a_sample_off_make_no_gaps() -> None:
    frames = frames_of(tone(440, 1.0, 44_100), 44_100, clock=90_000)
    assert abs((await read_all(AudioReader(PreparedTrack(frames)))).size - 24_000) <= 1


async def test_a_track_may_change_its_format_in_the_middle() -> None:
    frames = [
        *frames_of(tone(440, 0.5, 48_000), 48_000, layout="stereo"),
        *frames_of(tone(440, 0.5, 8_000), 8_000),
        *frames_of(tone(440, 0.5), 24_000),
    ]
    audio = await read_all(AudioReader(PreparedTrack(frames)))
    assert abs(audio.size - 36_000) <= 2
    assert heard(audio).longest_gap == 0


async def test_read_hands_out_the_rest_and_then_raises() -> None:
    reader = AudioReader(PreparedTrack(frames_of(tone(440, 0.1, 48_000), 48_000)))
    async with asyncio.timeout(BOUND):
        # Five frames, and at the end what the filter held back.
        assert sum([(await reader.read()).size for _ in range(6)]) == 2_400
        for _ in range(2):
            with pytest.raises(EndOfTrackError) as caught:
                await reader.read()
            assert isinstance(caught.value, TransportError)


async def test_a_track_that_ended_before_the_first_frame_has_no_audio() -> None:
    reader = AudioReader(PreparedTrack([]))
    async with asyncio.timeout(BOUND):
        assert [samples async for samples in reader] == []


async def test_readers_of_relayed_proxies_all_hear_everything() -> None:
    frames = frames_of(tone(440, 1.0, 48_000), 48_000, layout="stereo")
    del frames[10:15]
    relay = MediaRelay()
    source = PreparedTrack(frames)
    readers = [AudioReader(relay.subscribe(source)) for _ in range(3)]
    heard_by = await asyncio.gather(*(read_all(reader) for reader in readers))
    assert all(audio.size == 24_000 for audio in heard_by)
    assert np.array_equal(heard_by[0], heard_by[1])


async def test_a_track_that_gives_something_else_than_audio_is_refused() -> None:
    reader = AudioReader(PreparedTrack([Frame()]))
    async with asyncio.timeout(BOUND):
        with pytest.raises(TypeError, match="audio frames"):
            await reader.read()
