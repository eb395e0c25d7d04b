"""Resampling of a stream: the state between two chunks is kept, so that their border does not click.

The work is done by FFmpeg's libswresample through PyAV (a polyphase FIR filter). For a whole piece of audio at once
there is `audio.resample`, which needs numpy alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ._resample import check_rate
from .audio import Int16Array

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.resampler import AudioResampler

__all__ = ["StreamResampler"]


class StreamResampler:
    """Convert mono audio to another sample rate, chunk by chunk.

    Chunks may have any length, a single sample or none too. The filter looks some samples ahead, so what comes out
    lags behind what went in by up to 16 samples of the lower rate (2 ms at 8 kHz); `flush` hands out the rest. There
    is no other delay: sample `i` of the result is the input at the time `i / to_rate`. After `flush` the result has
    `n * to_rate / from_rate` samples, rounded.

    Args:
        from_rate: Samples a second of what goes in.
        to_rate: Samples a second of what comes out. When it equals `from_rate` the audio is passed through as it is,
            and PyAV is not needed.

    Raises:
        ValueError: A rate that is not positive.
        ImportError: PyAV is not installed; the message says how to install it.
    """

    def __init__(self, from_rate: int, to_rate: int) -> None:
        check_rate(from_rate)
        check_rate(to_rate)
        self._from_rate = from_rate
        self._to_rate = to_rate
        self._classes = None if from_rate == to_rate else _load_av()
        self._resampler: AudioResampler | None = None

    def process(self, samples: Int16Array) -> Int16Array:
        """Take the next chunk of the stream.

        Args:
            samples: Shape (n,), int16, at `from_rate`; n may be 0. Not kept.

        Returns:
            Shape (m,), int16, at `to_rate`: as much as is settled already; m may be 0. With equal rates
            `samples` itself.
        """
        if self._classes is None or not samples.size:
            return samples
        new_frame, new_resampler = self._classes
        if self._resampler is None:
            self._resampler = new_resampler(format="s16", layout="mono", rate=self._to_rate)
        frame = new_frame(format="s16", layout="mono", samples=samples.size)
        frame.sample_rate = self._from_rate
        frame.planes[0].update(samples.tobytes())
        return joined(self._resampler.resample(frame))

    def flush(self) -> Int16Array:
        """End the stream.

        Returns:
            What was held back, shape (m,), int16, at `to_rate`. The next `process` begins a new stream.
        """
        resampler, self._resampler = self._resampler, None
        return joined([] if resampler is None else resampler.resample(None))


def joined(frames: "Sequence[AudioFrame]") -> Int16Array:
    """The samples of frames of mono s16, in one piece.

    Returns:
        Shape (n,), int16, its own memory, writable.
    """
    return np.frombuffer(bytearray().join(bytes(frame.planes[0])[: 2 * frame.samples] for frame in frames), np.int16)


def _load_av() -> "tuple[type[AudioFrame], type[AudioResampler]]":
    try:
        from av.audio.frame import AudioFrame
        from av.audio.resampler import AudioResampler
    except ImportError as error:
        raise ImportError(
            f'resampling needs PyAV ({error}); install it with: pip install "realtime-typed[audio]"'
        ) from error
    return AudioFrame, AudioResampler
