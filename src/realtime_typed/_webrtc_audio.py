"""Audio over WebRTC: a paced outgoing track that plays what is written to it. The reader is in `_track_reader`.

Both are used by the client's transport and by `LocalServer`. Needs aiortc, so it is only loaded where WebRTC is used.
"""

import asyncio
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

import av
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame

from ._playout import PlayoutBuffer
from ._track_reader import AudioReader, EndOfTrackError
from .audio import Int16Array
from .errors import ConnectionClosed

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.packet import Packet

__all__ = ["FRAME", "RATE", "AudioReader", "EndOfTrackError", "OutgoingAudioTrack"]

RATE = 24_000
"""Samples a second of what is written and sent, and of what is read by default."""

FRAME = 480
"""Samples of one frame on the wire: 20 ms."""

_TICK = FRAME / RATE
_STALL = 1.0  # s late after which the timestamps jump; below it the missed frames are sent at once

# Turns of the loop in which an application whose timer is over writes: the timer ends, its task goes on; one to spare.
_TURNS_TO_WRITE = 3

_OPUS_CLOCK = 48_000  # RFC 7587 §4.1: the RTP clock of Opus runs at 48 kHz, whatever the audio's rate
_OPUS_TIME_BASE = Fraction(1, _OPUS_CLOCK)
_TIME_BASE = Fraction(1, RATE)

# 64 kbit/s is transparent for 24 kHz mono. "audio" keeps the encoder to its transform mode: half of the CPU of "voip",
# which for noisy speech chooses the linear-prediction mode, and no high-pass filter over what the service hears.
_OPUS_BIT_RATE = 64_000
_OPUS_OPTIONS = {"application": "audio"}


class _Encoder(Protocol):
    """The part of PyAV's codec context that is used; its own annotations are incomplete."""

    def encode(self, frame: AudioFrame, /) -> "list[Packet[AudioStream]]": ...


class OutgoingAudioTrack(MediaStreamTrack):
    """An audio track whose sound is written by the application, at any pace.

    aiortc calls `recv` for every frame. A frame is due every 20 ms of the event loop's clock, counted from the first
    one, so that the track neither drifts from wall time nor adds up the delays of late wake-ups: missed frames are sent
    at once. After a stall of more than 1 s they are not; the timestamps jump instead, and what was written waits.

    Silence is sent while nothing is written. A burst that begins after silence is held back for 40 ms (unless 200 ms
    or more of it are there), so that audio that arrives in real time, but up to 40 ms late, has no gaps (20 ms when it
    does not come in whole frames). When the audio runs out in the middle of a burst, one frame of silence is sent
    before what is left of less than a frame is sent, completed with silence.

    The frames are encoded here, in the loop: one takes about 0.1 ms. aiortc's own path takes 0.4 ms: it measures the
    level in a Python loop, goes to a thread and back, resamples to 48 kHz stereo and encodes that.

    Args:
        max_seconds: How much audio may wait in the buffer, in seconds. Default 30.
        overflow: What `write` does when the buffer is full: `"wait"` for room (default), or `"drop_oldest"`.
        on_frame: Called with each frame as it is sent, and how many of its samples were written by the application;
            the rest is silence. The frame is int16, shape (480,), read-only.

    Attributes:
        encode_opus: Whether `recv` gives packets of Opus (default) or frames of PCM, which aiortc encodes; set it to
            False before the track starts when the peer chose another codec than Opus.

    Raises:
        ValueError: `max_seconds` is not positive.
    """

    kind = "audio"

    def __init__(
        self,
        *,
        max_seconds: float = 30.0,
        overflow: Literal["wait", "drop_oldest"] = "wait",
        on_frame: Callable[[Int16Array, int], None] | None = None,
    ) -> None:
        if not max_seconds > 0:
            raise ValueError(f"max_seconds must be positive, but {max_seconds} came")
        super().__init__()
        self.encode_opus: bool = True
        self._capacity = max(FRAME, round(max_seconds * RATE))
        self._overflow: Literal["wait", "drop_oldest"] = overflow
        self._on_frame = on_frame
        self._buffer = PlayoutBuffer(FRAME)
        self._dropped = 0
        self._settled = 0  # of the samples written, how many are sent, dropped or cleared for sure
        self._cleared = 0  # how often clear() was called
        self._write_lock = asyncio.Lock()
        self._writers: set[asyncio.Future[None]] = set()
        self._drainers: dict[asyncio.Future[None], int] = {}
        self._encoder: _Encoder | None = None
        self._start: float | None = None
        self._tick = 0  # of the next frame

    # --- the application's side --------------------------------------------------------------------------------

    @property
    def queued_samples(self) -> int:
        """How many samples wait to be sent."""
        return self._buffer.queued

    @property
    def written_samples(self) -> int:
        """How many samples were taken into the buffer, ever."""
        return self._buffer.written

    @property
    def sent_samples(self) -> int:
        """How many of the written samples were sent, ever. Silence between them does not count."""
        return self._buffer.sent

    @property
    def dropped_samples(self) -> int:
        """How many samples `"drop_oldest"` has dropped, ever."""
        return self._dropped

    async def write(self, samples: Int16Array) -> None:
        """Append audio to the buffer.

        With `overflow="wait"` it waits until all of it is in the buffer; audio longer than the buffer is taken in
        pieces. Several writers take turns. When `clear` is called meanwhile, the rest is not written. When the call is
        cancelled, the pieces taken already stay.

        Args:
            samples: int16, shape (n,), mono at 24 kHz. Copied.

        Raises:
            ConnectionClosed: The track has ended, perhaps while waiting.
            TypeError: Not one-dimensional int16.
        """
        data = _as_bytes(samples)
        if self._overflow == "drop_oldest":
            self._check_live()
            self._buffer.append(data)
            excess = self._buffer.queued - self._capacity
            if excess > 0:
                self._buffer.drop_oldest(excess)
                self._dropped += excess
                self._settle()
            return
        cleared = self._cleared
        async with self._write_lock:
            done = 0
            while cleared == self._cleared:
                self._check_live()
                room = self._capacity - self._buffer.queued
                if room > 0:
                    self._buffer.append(data[done : done + 2 * room])
                    done += 2 * room
                if done >= len(data):
                    return
                await self._wait_in(self._writers)

    def write_nowait(self, samples: Int16Array) -> None:
        """Append audio to the buffer, however much there is in it already.

        Args:
            samples: int16, shape (n,), mono at 24 kHz. Copied.

        Raises:
            ConnectionClosed: The track has ended.
            TypeError: Not one-dimensional int16.
        """
        self._check_live()
        self._buffer.append(_as_bytes(samples))

    def clear(self) -> int:
        """Throw away what is not sent yet, also what a `write` that waits still holds.

        Returns:
            How many samples of the buffer were thrown away.
        """
        count = self._buffer.clear()
        self._cleared += 1
        self._wake_writers()
        self._settle()
        return count

    async def drained(self) -> None:
        """Wait until everything that was written before this call is sent, or thrown away, or the track has ended.

        A frame counts as sent once the next one is asked for: aiortc does that when it has sent it.
        """
        if self.readyState == "live" and self._settled < self._buffer.written:
            future = asyncio.get_running_loop().create_future()
            self._drainers[future] = self._buffer.written
            try:
                await future
            finally:
                del self._drainers[future]

    def stop(self) -> None:
        """End the track: `recv` and all writers fail, all that wait in `drained` go on."""
        super().stop()
        self._wake_writers()
        for future in self._drainers:
            _resolve(future)

    def _check_live(self) -> None:
        if self.readyState != "live":
            raise ConnectionClosed(1006, "the outgoing audio track has ended")

    def _settle(self) -> None:
        self._settled = self._buffer.written - self._buffer.queued
        for future, target in self._drainers.items():
            if target <= self._settled:
                _resolve(future)

    def _wake_writers(self) -> None:
        for future in self._writers:
            _resolve(future)

    async def _wait_in(self, waiters: set[asyncio.Future[None]]) -> None:
        future = asyncio.get_running_loop().create_future()
        waiters.add(future)
        try:
            await future
        finally:
            waiters.discard(future)

    # --- aiortc's side -----------------------------------------------------------------------------------------

    async def recv(self) -> "AudioFrame | Packet[AudioStream]":
        """Give the next frame when it is due; aiortc calls this.

        Returns:
            A packet of Opus, 20 ms, timestamps in 1/48000 s that rise by 960; or, with `encode_opus` False, an
            `av.AudioFrame` of 480 samples, s16, mono, 24 kHz, timestamps in 1/24000 s that rise by 480.

        Raises:
            MediaStreamError: The track has ended.
        """
        self._settle()
        while True:
            tick, late = await self._next_tick()
            samples, written = self._buffer.next_frame(late=late)
            if written:
                self._wake_writers()
            if self._on_frame is not None:
                self._on_frame(np.frombuffer(samples, np.int16), written)
            frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
            frame.planes[0].update(samples)
            frame.sample_rate = RATE
            frame.pts = tick * FRAME
            frame.time_base = _TIME_BASE
            if not self.encode_opus:
                return frame
            for packet in self._opus_encoder().encode(frame):
                # The encoder's own timestamps begin below 0, by its look-ahead.
                packet.pts = packet.dts = tick * FRAME * _OPUS_CLOCK // RATE
                packet.time_base = _OPUS_TIME_BASE
                return packet

    async def _next_tick(self) -> tuple[int, bool]:
        """Wait until the next frame is due, and tell whether the one after it is due too.

        Nothing is lost when this is cancelled.
        """
        if self.readyState != "live":
            raise MediaStreamError
        clock = asyncio.get_running_loop().time
        now = clock()
        if self._start is None:
            self._start = now
        early = self._start + self._tick * _TICK - now
        if early > 0:
            await asyncio.sleep(early)
        elif early < 0:
            # What stalled the loop has kept the application from writing too: it gets its turn before every late frame.
            for _ in range(_TURNS_TO_WRITE):
                await asyncio.sleep(0)
        if self.readyState != "live":
            raise MediaStreamError
        if early < -_STALL:
            self._tick += int(-early / _TICK)
        tick = self._tick
        self._tick += 1
        return tick, self._start + self._tick * _TICK <= clock()

    def _opus_encoder(self) -> _Encoder:
        if self._encoder is None:
            encoder = av.CodecContext.create("libopus", "w")
            encoder.format = "s16"
            encoder.layout = "mono"
            encoder.sample_rate = RATE
            encoder.time_base = _TIME_BASE
            encoder.bit_rate = _OPUS_BIT_RATE
            encoder.options = dict(_OPUS_OPTIONS)
            self._encoder = encoder
        return self._encoder


def _as_bytes(samples: Int16Array) -> bytes:
    if samples.dtype != np.int16 or samples.ndim != 1:
        raise TypeError(f"samples must be int16 of shape (n,), but {samples.dtype} of shape {samples.shape} came")
    return samples.tobytes()


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
