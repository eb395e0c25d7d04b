"""Resampling of a stream: the state between two chunks is kept, so that their border does not click.

The work is done by FFmpeg's libswresample through PyAV (a polyphase FIR filter), see `_swresample`. For a whole piece
of audio at once there is `audio.resample`, which needs numpy alone.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ._resample import check_rate
from .audio import Int16Array

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

    from ._swresample import FrameConverter

__all__ = ["StreamResampler"]


class StreamResampler:
    """Convert mono audio to another sample rate, chunk by chunk.

    Chunks may have any length, a single sample or none too. A sine at any frequency up to 95 % of the lower of the two
    Nyquist frequencies stays itself to 60 dB and more, and what lies above the Nyquist frequency of a lower `to_rate`
    is weakened by 60 dB and more.

    The filter looks ahead, so what comes out lags behind what went in: to a lower rate by 91 of its samples (3.8 ms at
    24 kHz, 11.4 ms at 8 kHz), to a higher one by 48 samples of `from_rate` (2 ms from 24 kHz, 6 ms from 8 kHz). Nothing
    comes at all until twice as much has gone in; `flush` hands out the rest. There is no other delay: sample `i` of the
    result is the input at the time `i / to_rate`. After `flush` the result has `n * to_rate / from_rate` samples,
    rounded.

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
        self._av = None if from_rate == to_rate else _loaded()
        self._converter: FrameConverter | None = None

    def process(self, samples: Int16Array) -> Int16Array:
        """Take the next chunk of the stream.

        Args:
            samples: Shape (n,), int16, at `from_rate`; n may be 0. Not kept.

        Returns:
            Shape (m,), int16, at `to_rate`: as much as is settled already; m may be 0. With equal rates
            `samples` itself.
        """
        if self._av is None or not samples.size:
            return samples
        new_converter, frame_of = self._av
        frame = frame_of(samples, self._from_rate)
        if self._converter is None:
            self._converter = new_converter(frame, self._to_rate)
        return self._converter.convert(frame)

    def flush(self) -> Int16Array:
        """End the stream.

        Returns:
            What was held back, shape (m,), int16, at `to_rate`. The next `process` begins a new stream.
        """
        converter, self._converter = self._converter, None
        return np.zeros(0, np.int16) if converter is None else converter.convert(None)


def _loaded() -> "tuple[type[FrameConverter], Callable[[Int16Array, int], AudioFrame]]":
    try:
        from ._swresample import FrameConverter, frame_of
    except ImportError as error:
        raise ImportError(
            f'resampling needs PyAV ({error}); install it with: pip install "realtime-typed[audio]"'
        ) from error
    return FrameConverter, frame_of
