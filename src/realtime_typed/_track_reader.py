"""Reading a remote audio track of aiortc as mono int16 at one rate, in real duration."""

from typing import Protocol, Self

import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame

from ._swresample import FrameConverter, samples_of
from .audio import Int16Array
from .errors import TransportError

__all__ = ["AudioReader", "EndOfTrackError"]

_SHORTEST_GAP = 0.002  # s; less is a timestamp that was rounded
_LONGEST_GAP = 1.0  # s; more is a sender that was stopped, or has begun anew


class EndOfTrackError(TransportError):
    """The remote track has ended; nothing more can be read from it."""


class _Source(Protocol):
    """The part of aiortc's track that is read; its own annotations are incomplete."""

    async def recv(self) -> object: ...


class AudioReader:
    """Read a remote track as mono int16.

    Frames of any rate, layout and sample format are accepted; they may change in mid-stream. Where the frames'
    timestamps leave a gap of up to 1 s (packets that were lost, or not sent during silence) it is filled with silence,
    so that durations stay right. After a longer gap, or a step back, the audio simply goes on.

    Args:
        track: The track, of kind "audio". Whoever else reads from the same track takes frames away from this reader;
            give each reader its own proxy of aiortc's `MediaRelay` then.
        rate: Samples a second of what is read. Default 24000.
    """

    def __init__(self, track: MediaStreamTrack, rate: int = 24_000) -> None:
        self._track: _Source = track
        self._rate = rate
        self._converter: FrameConverter | None = None
        self._shape: tuple[str, str, int] | None = None
        self._expected: int | None = None
        self._ended = False

    async def read(self) -> Int16Array:
        """Read the next piece: one frame's worth, and the silence before it if there was a gap.

        Returns:
            int16, shape (n,), n > 0, mono at `rate`.

        Raises:
            EndOfTrackError: The track has ended, and all of it was read.
        """
        while not self._ended:
            try:
                frame = await self._track.recv()
            except MediaStreamError:
                self._ended = True
                samples = self._flush()
            else:
                samples = self._convert(frame)
            if samples.size:
                return samples
        raise EndOfTrackError("the remote audio track has ended")

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Int16Array:
        try:
            return await self.read()
        except EndOfTrackError:
            raise StopAsyncIteration from None

    def _convert(self, frame: object) -> Int16Array:
        if not isinstance(frame, AudioFrame):
            raise TypeError(f"an audio track must give audio frames, but {type(frame).__name__} came")
        shape = (frame.format.name, frame.layout.name, frame.sample_rate)
        pieces: list[Int16Array] = []
        if shape != self._shape:
            pieces.append(self._flush())
            self._shape = shape
            self._expected = None
            if shape != ("s16", "mono", self._rate):
                self._converter = FrameConverter(frame, self._rate)
        missing = self._missing_before(frame)
        if missing:
            pieces.append(self._resample(_silent_like(frame, missing)))
        pieces.append(self._resample(frame))
        return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)

    def _missing_before(self, frame: AudioFrame) -> int:
        """How many samples, at the frame's own rate, its timestamp leaves out."""
        if frame.pts is None:
            self._expected = None
            return 0
        rate = frame.sample_rate
        base = frame.time_base
        # PyAV 19 is to have a class of its own for time bases; all that both have is a numerator and a denominator.
        position = frame.pts if base is None else round(frame.pts * base.numerator * rate / base.denominator)
        expected, self._expected = self._expected, position + frame.samples
        missing = 0 if expected is None else position - expected
        return missing if rate * _SHORTEST_GAP < missing <= rate * _LONGEST_GAP else 0

    def _resample(self, frame: AudioFrame) -> Int16Array:
        return samples_of(frame) if self._converter is None else self._converter.convert(frame)

    def _flush(self) -> Int16Array:
        converter, self._converter = self._converter, None
        return np.zeros(0, np.int16) if converter is None else converter.convert(None)


def _silent_like(frame: AudioFrame, samples: int) -> AudioFrame:
    silence = AudioFrame(format=frame.format, layout=frame.layout, samples=samples)
    silence.sample_rate = frame.sample_rate
    zero = b"\x80" if frame.format.name.startswith("u8") else b"\0"
    for plane in silence.planes:
        plane.update(zero * plane.buffer_size)
    return silence
