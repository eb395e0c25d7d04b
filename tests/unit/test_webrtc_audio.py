"""The outgoing track: pacing, gaps, buffer and codec. What it depends on time is tested in simulated time."""

import asyncio
import random
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

pytest.importorskip("aiortc", reason="aiortc is not installed (extra `webrtc`)")

from aiortc.codecs.opus import OpusDecoder, OpusEncoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError
from av.audio.frame import AudioFrame
from av.packet import Packet

from realtime_typed._webrtc_audio import FRAME, RATE, OutgoingAudioTrack
from realtime_typed.audio import Int16Array
from realtime_typed.errors import ConnectionClosed

from .sound import heard, tone
from .virtual_time import VirtualTimeLoop, run_in_virtual_time

if TYPE_CHECKING:
    from av.audio.stream import AudioStream

TICK = FRAME / RATE
BOUND = 60.0  # s, of simulated time


class Sent:
    """The frames that a track has sent."""

    def __init__(self) -> None:
        self.frames: list[tuple[Int16Array, int]] = []

    def __call__(self, samples: Int16Array, written: int) -> None:
        self.frames.append((samples, written))

    @property
    def audio(self) -> Int16Array:
        """All that was sent, silence included."""
        return np.concatenate([samples for samples, _ in self.frames])

    @property
    def written(self) -> Int16Array:
        """What was sent of the application's audio, without the silence."""
        return np.concatenate([samples[:count] for samples, count in self.frames])

    @property
    def pattern(self) -> str:
        """One letter a frame: silence, partly audio, all audio."""
        return "".join("." if count == 0 else "#" if count == FRAME else "+" for _, count in self.frames)


def track_with(sent: Sent | None = None, **options: object) -> OutgoingAudioTrack:
    track = OutgoingAudioTrack(on_frame=sent, **options)  # type: ignore[arg-type]  # options of one test each
    track.encode_opus = False
    return track


async def send(track: OutgoingAudioTrack, frames: int) -> list[AudioFrame]:
    """Ask for frames as aiortc does: the next one when one was sent."""
    received = [await track.recv() for _ in range(frames)]
    return [frame for frame in received if isinstance(frame, AudioFrame)]


async def send_forever(track: OutgoingAudioTrack) -> None:
    try:
        while True:
            await track.recv()
    except MediaStreamError:
        pass


def ramp(samples: int, start: int = 1) -> Int16Array:
    """Samples that all differ, so that each one can be told."""
    return (np.arange(start, start + samples) % 30_000 + 1).astype(np.int16)


# --- the clock -------------------------------------------------------------------------------------------------


def test_ten_minutes_with_late_wake_ups_never_drift_from_the_clock() -> None:
    dice = random.Random(3)
    lateness = [0.0]

    def late() -> float:
        lateness[0] = dice.choice([0.0, 0.001, 0.004, 0.015, 0.015, 0.3 if dice.random() < 0.02 else 0.0])
        return lateness[0]

    async def main(loop: VirtualTimeLoop) -> None:
        track = track_with()
        start = loop.time()
        for number in range(30_000):
            frame = await track.recv()
            assert isinstance(frame, AudioFrame)
            assert frame.pts == number * FRAME
            due = start + number * TICK
            # Never early; late by the wake-up's own lateness alone: the lateness of earlier ones does not add up.
            assert -1e-6 < loop.time() - due <= 0.3 + 1e-6
        assert abs(loop.time() - start - 600) < 0.4

    run_in_virtual_time(main, late)


def test_frames_missed_by_a_short_stall_are_sent_at_once() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        track.write_nowait(ramp(200 * FRAME))
        await send(track, 10)
        loop.stall(0.9)
        now = loop.time()
        frames = await send(track, 45)
        assert loop.time() == now
        assert [frame.pts for frame in frames] == [number * FRAME for number in range(10, 55)]
        await send(track, 1)
        assert loop.time() > now
        assert np.array_equal(sent.audio, ramp(56 * FRAME))

    run_in_virtual_time(main)


async def write_in_real_time(track: OutgoingAudioTrack, frames: int, loop: VirtualTimeLoop, stall_at: int = -1) -> None:
    """Write a frame every 20 ms; the loop stalls before the frame of that number."""
    start = loop.time()
    for number in range(frames):
        if number == stall_at:
            loop.stall(0.3)
        await asyncio.sleep(max(0.0, start + number * TICK - loop.time()))
        track.write_nowait(ramp(FRAME))


def test_a_stall_of_writer_and_track_together_leaves_no_gap() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        sending = asyncio.create_task(send_forever(track))
        await write_in_real_time(track, 100, loop, stall_at=50)
        await asyncio.sleep(1)
        track.stop()
        await sending
        assert sent.pattern.strip(".") == 100 * "#"

    run_in_virtual_time(main)


def test_a_writer_that_begins_while_the_track_catches_up_is_not_overtaken() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        sending = asyncio.create_task(send_forever(track))
        await asyncio.sleep(0.5)
        loop.stall(0.6)
        await write_in_real_time(track, 100, loop)
        await asyncio.sleep(1)
        track.stop()
        await sending
        assert sent.pattern.strip(".") == 100 * "#"

    run_in_virtual_time(main)


@pytest.mark.parametrize("opus", [True, False])
def test_after_a_stall_of_more_than_a_second_the_timestamps_jump_and_no_audio_is_lost(opus: bool) -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = OutgoingAudioTrack(on_frame=sent)
        track.encode_opus = opus
        track.write_nowait(ramp(100 * FRAME))
        before = [await track.recv() for _ in range(10)]
        start = loop.time() - 9 * TICK
        loop.stall(2.5)
        after = [await track.recv() for _ in range(3)]
        for frame in (*before, *after[:1]):
            assert frame.pts is not None
            assert frame.time_base is not None
        first = after[0]
        assert first.pts is not None
        assert first.time_base is not None
        assert 0 <= 9 * TICK + 2.5 - float(first.pts * first.time_base) < TICK
        assert [later.pts - first.pts for later in after[1:] if later.pts] == [
            number * (960 if opus else 480) for number in (1, 2)
        ]
        assert loop.time() - start < 2.5 + 12 * TICK
        assert np.array_equal(sent.audio, ramp(13 * FRAME))

    run_in_virtual_time(main)


# --- silence, bursts and jitter --------------------------------------------------------------------------------


def test_a_track_to_which_nothing_is_written_sends_silence() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        frames = await send(track_with(sent), 5)
        assert sent.pattern == "....."
        assert not sent.audio.any()
        for frame in frames:
            assert (frame.samples, frame.sample_rate, frame.format.name, frame.layout.name) == (
                480,
                RATE,
                "s16",
                "mono",
            )

    run_in_virtual_time(main)


# A chunk that ends in the middle of a frame comes up to a frame later than it is needed.
@pytest.mark.parametrize(
    ("chunk_ms", "jitter_ms"), [(20, 40), (40, 40), (100, 40), (5, 20), (10, 20), (32, 20), (85, 20)]
)
@pytest.mark.parametrize("seed", range(8))
def test_appends_in_real_time_with_jitter_leave_no_gap(chunk_ms: int, jitter_ms: int, seed: int) -> None:
    dice = random.Random(seed)

    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        sender = asyncio.create_task(send_forever(track))
        chunk = RATE * chunk_ms // 1_000
        audio = ramp(chunk * (4_000 // chunk_ms))
        await asyncio.sleep(1 + dice.random())
        begin = loop.time()
        for number, start in enumerate(range(0, audio.size, chunk)):
            # When the chunk was recorded, plus what the network took.
            due = begin + (number + 1) * chunk_ms / 1_000 + dice.uniform(0, jitter_ms / 1_000)
            await asyncio.sleep(max(0.0, due - loop.time()))
            await track.write(audio[start : start + chunk])
        async with asyncio.timeout(BOUND):
            await track.drained()
        track.stop()
        await sender
        assert np.array_equal(sent.written, audio)
        body = sent.pattern.strip(".")
        # At the very end the rest of less than a frame may wait for more for one tick.
        assert "." not in body[:-2]
        assert set(body[:-2]) == {"#"}

    run_in_virtual_time(main)


def test_jitter_beyond_the_prebuffer_leaves_gaps_of_one_frame_and_loses_nothing() -> None:
    dice = random.Random(7)

    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        sender = asyncio.create_task(send_forever(track))
        audio = tone(440, 6.0)
        await asyncio.sleep(1)
        begin = loop.time()
        for number, start in enumerate(range(0, audio.size, FRAME)):
            due = begin + number * TICK + dice.uniform(0, 0.08)
            await asyncio.sleep(max(0.0, due - loop.time()))
            await track.write(audio[start : start + FRAME])
        async with asyncio.timeout(BOUND):
            await track.drained()
        track.stop()
        await sender
        assert np.array_equal(sent.written, audio)
        assert heard(sent.audio).longest_gap <= 0.04

    run_in_virtual_time(main)


def test_a_burst_after_silence_begins_after_40_ms_so_that_more_can_come() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        await send(track, 5)
        track.write_nowait(ramp(2 * FRAME))
        await send(track, 6)
        assert sent.pattern == "....." + "..##.."

    run_in_virtual_time(main)


def test_a_long_burst_begins_at_once() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        await send(track, 2)
        track.write_nowait(ramp(10 * FRAME + 100))
        await send(track, 12)
        assert sent.pattern == ".." + "#" * 10 + ".+"

    run_in_virtual_time(main)


def test_what_is_left_of_a_frame_waits_one_tick_for_more_and_is_completed_with_silence() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        track.write_nowait(ramp(3 * FRAME + 100))
        await send(track, 8)
        assert sent.pattern == "..###.+."
        assert np.array_equal(sent.frames[6][0][:100], ramp(100, 3 * FRAME + 1))
        assert not sent.frames[6][0][100:].any()

    run_in_virtual_time(main)


def test_more_audio_within_that_tick_goes_on_without_a_new_prebuffer() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        track.write_nowait(ramp(3 * FRAME + 100))
        await send(track, 6)
        track.write_nowait(ramp(2 * FRAME - 100))
        await send(track, 2)
        assert sent.pattern == "..###.##"

    run_in_virtual_time(main)


def test_the_end_of_audio_that_was_written_long_ago_follows_without_a_pause() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent)
        track.write_nowait(ramp(20 * FRAME + 100))
        await send(track, 22)
        assert sent.pattern == "#" * 20 + "+."

    run_in_virtual_time(main)


# --- the buffer ------------------------------------------------------------------------------------------------


def test_write_waits_for_room_and_takes_audio_longer_than_the_buffer_in_pieces() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent, max_seconds=0.5)
        audio = ramp(3 * RATE)
        sender = asyncio.create_task(send_forever(track))
        start = loop.time()
        async with asyncio.timeout(BOUND):
            await track.write(audio)
            # All but the half second in the buffer is sent.
            assert 2.4 < loop.time() - start < 2.6
            assert track.queued_samples <= RATE // 2
            await track.drained()
        assert track.written_samples == track.sent_samples == audio.size
        assert track.queued_samples == track.dropped_samples == 0
        track.stop()
        await sender
        assert np.array_equal(sent.written, audio)
        assert "." not in sent.pattern.strip(".")

    run_in_virtual_time(main)


def test_several_writers_take_turns() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent, max_seconds=0.1)
        sender = asyncio.create_task(send_forever(track))
        parts = [np.full(RATE // 2, value, np.int16) for value in (1, 2, 3)]
        async with asyncio.timeout(BOUND):
            await asyncio.gather(*(track.write(part) for part in parts))
            await track.drained()
        track.stop()
        await sender
        assert np.array_equal(sent.written, np.concatenate(parts))

    run_in_virtual_time(main)


def test_drop_oldest_keeps_the_newest_audio_and_counts_what_it_dropped() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent, max_seconds=1.0, overflow="drop_oldest")
        audio = ramp(2 * RATE + 500)
        async with asyncio.timeout(1):
            await track.write(audio[:RATE])
            await track.write(audio[RATE:])
        assert (track.queued_samples, track.dropped_samples, track.written_samples) == (RATE, RATE + 500, audio.size)
        await send(track, 60)
        assert np.array_equal(sent.written, audio[-RATE:])

    run_in_virtual_time(main)


def test_write_nowait_has_no_bound_and_copies() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent, max_seconds=0.1)
        audio = ramp(2 * RATE)
        mine = audio.copy()
        track.write_nowait(mine)
        mine[:] = 0
        assert track.queued_samples == 2 * RATE
        await send(track, 100)
        assert np.array_equal(sent.written, audio)

    run_in_virtual_time(main)


def test_clear_throws_away_what_is_queued_and_what_a_waiting_write_still_holds() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent, max_seconds=0.5)
        writers = [asyncio.create_task(track.write(ramp(RATE))) for _ in range(2)]
        drained = asyncio.create_task(drain_after_start(track))
        await send(track, 5)
        await asyncio.sleep(0)  # the writer that waits fills the room again
        assert track.clear() == RATE // 2
        async with asyncio.timeout(1):
            await asyncio.gather(*writers, drained)
        assert track.queued_samples == 0
        assert track.clear() == 0
        await send(track, 3)
        await track.write(ramp(FRAME))
        await send(track, 5)
        assert sent.pattern == ".####" + "..." + "..#.."

    async def drain_after_start(track: OutgoingAudioTrack) -> None:
        await asyncio.sleep(0)
        await track.drained()

    run_in_virtual_time(main)


def test_drained_returns_once_what_was_written_before_is_sent() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        track = track_with()
        await track.drained()
        track.write_nowait(ramp(20 * FRAME))
        first = asyncio.create_task(track.drained())
        sender = asyncio.create_task(send_forever(track))
        await asyncio.sleep(0)
        track.write_nowait(ramp(20 * FRAME))
        async with asyncio.timeout(BOUND):
            await first
            assert track.queued_samples == 20 * FRAME
            await track.drained()
        assert track.queued_samples == 0
        track.stop()
        await sender

    run_in_virtual_time(main)


def test_a_cancelled_wait_leaves_the_track_usable() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        sent = Sent()
        track = track_with(sent, max_seconds=0.1)
        for wait in (track.write(ramp(RATE)), track.drained()):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.5):
                    await wait
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(TICK / 2):
                await send(track, 2)
        assert track.written_samples == RATE // 10
        sender = asyncio.create_task(send_forever(track))
        async with asyncio.timeout(BOUND):
            await track.write(ramp(RATE, RATE // 10 + 1))
            await track.drained()
        track.stop()
        await sender
        assert np.array_equal(sent.written, ramp(RATE + RATE // 10))

    run_in_virtual_time(main)


# --- the end ---------------------------------------------------------------------------------------------------


def test_stop_wakes_all_that_wait() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        track = track_with(max_seconds=0.1)
        writers = [asyncio.create_task(track.write(ramp(RATE))) for _ in range(3)]
        drained = asyncio.create_task(track.drained())
        await send(track, 1)
        receiving = asyncio.create_task(send(track, 1))
        await asyncio.sleep(0)
        track.stop()
        async with asyncio.timeout(1):
            results = await asyncio.gather(*writers, return_exceptions=True)
            await drained
            with pytest.raises(MediaStreamError):
                await receiving
        assert [type(result) for result in results] == [ConnectionClosed] * 3

    run_in_virtual_time(main)


def test_an_ended_track_takes_and_gives_nothing() -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        track = track_with()
        track.write_nowait(ramp(FRAME))
        track.stop()
        track.stop()
        async with asyncio.timeout(1):
            with pytest.raises(MediaStreamError):
                await track.recv()
            with pytest.raises(ConnectionClosed):
                await track.write(ramp(1))
            with pytest.raises(ConnectionClosed):
                track.write_nowait(ramp(1))
            await track.drained()

    run_in_virtual_time(main)


@pytest.mark.parametrize("samples", [np.zeros(10, np.float32), np.zeros((10, 1), np.int16), np.zeros(10, np.int32)])
def test_samples_of_another_type_or_shape_are_refused(samples: Int16Array) -> None:
    async def main(loop: VirtualTimeLoop) -> None:
        track = track_with()
        with pytest.raises(TypeError, match="int16 of shape"):
            await track.write(samples)
        with pytest.raises(TypeError, match="int16 of shape"):
            track.write_nowait(samples)

    run_in_virtual_time(main)


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_a_buffer_without_room_is_refused(seconds: float) -> None:
    with pytest.raises(ValueError, match="max_seconds"):
        OutgoingAudioTrack(max_seconds=seconds)


# --- Opus ------------------------------------------------------------------------------------------------------


class Packs(Protocol):
    """What aiortc's sender does with a packet; its own annotations are incomplete."""

    def pack(self, packet: "Packet[AudioStream]", /) -> tuple[list[bytes], int]: ...


async def packed(track: OutgoingAudioTrack, count: int, encoder: Packs) -> list[tuple[list[bytes], int]]:
    """Payloads and RTP timestamp of the next frames, as aiortc makes them."""
    made: list[tuple[list[bytes], int]] = []
    for _ in range(count):
        packet = await track.recv()
        assert isinstance(packet, Packet)
        made.append(encoder.pack(packet))
    return made


def test_opus_packets_have_rtp_timestamps_from_0_that_rise_by_960() -> None:
    async def main(loop: VirtualTimeLoop) -> list[tuple[list[bytes], int]]:
        return await packed(OutgoingAudioTrack(), 50, OpusEncoder())

    made = run_in_virtual_time(main)
    assert [timestamp for _, timestamp in made] == [960 * number for number in range(50)]
    assert all(len(payloads) == 1 for payloads, _ in made)


def test_opus_packets_of_a_tone_decode_to_the_tone() -> None:
    async def main(loop: VirtualTimeLoop) -> list[tuple[list[bytes], int]]:
        track = OutgoingAudioTrack()
        track.write_nowait(tone(440, 1.0))
        return await packed(track, 60, OpusEncoder())

    decoder = OpusDecoder()
    left: list[Int16Array] = []
    for payloads, timestamp in run_in_virtual_time(main):
        for frame in decoder.decode(JitterFrame(payloads[0], timestamp)):
            assert isinstance(frame, AudioFrame)
            left.append(np.frombuffer(bytes(frame.planes[0]), np.int16)[: 2 * frame.samples : 2])
    result = heard(np.concatenate(left), 48_000)
    assert abs(result.frequency - 440) < 440 * 0.02
    assert abs(result.duration - 1.0) < 0.06
    assert result.longest_gap == 0
