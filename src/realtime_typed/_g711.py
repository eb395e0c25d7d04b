"""G.711, the telephone's 8-bit compression, by lookup tables; `realtime_typed.audio` makes it public.

From ITU-T Recommendation G.711 (11/88): table 1 (A-law), table 2 (µ-law) and their decision values. The laws are
defined on 13-bit (A) and 14-bit (µ) samples: a 16-bit sample is shifted down to them, and back up on decoding. Both
have 8 segments of 16 equal steps; each segment's step is twice the one before (in A-law but for the first two).
The tables are built once, when first used.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

__all__ = ["alaw_decode", "alaw_encode", "ulaw_decode", "ulaw_encode"]


@cache
def _ulaw_decode_table() -> npt.NDArray[np.int16]:
    code = np.arange(256) ^ 0xFF  # µ-law is sent inverted
    segment, step = code >> 4 & 7, code & 15
    magnitude = ((2 * step + 33) << segment) - 33  # 33 makes every segment begin at a power of two
    return (np.where(code & 0x80, -magnitude, magnitude) << 2).astype(np.int16)


@cache
def _ulaw_encode_table() -> npt.NDArray[np.uint8]:
    sample = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int64) >> 2
    biased = np.minimum(np.abs(sample), 8158) + 33  # 8158 is the last value of the last step
    segment = np.frexp(biased)[1] - 6  # frexp's exponent is the bit length, 6 in the first segment
    code = segment << 4 | (biased >> (segment + 1)) & 15
    table: npt.NDArray[np.uint8] = (np.where(sample < 0, code | 0x80, code) ^ 0xFF).astype(np.uint8)
    return table


@cache
def _alaw_decode_table() -> npt.NDArray[np.int16]:
    code = np.arange(256) ^ 0x55  # A-law is sent with its even bits inverted
    segment, step = code >> 4 & 7, code & 15
    magnitude = np.where(segment == 0, 2 * step + 1, (2 * step + 33) << np.maximum(segment - 1, 0))
    return (np.where(code & 0x80, magnitude, -magnitude) << 3).astype(np.int16)


@cache
def _alaw_encode_table() -> npt.NDArray[np.uint8]:
    sample = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int64) >> 3
    magnitude = np.where(sample < 0, ~sample, sample)  # A-law has no zero: -1 is the mirror of 0
    segment = np.maximum(np.frexp(magnitude)[1] - 5, 0)
    code = segment << 4 | (magnitude >> np.maximum(segment, 1)) & 15
    table: npt.NDArray[np.uint8] = (np.where(sample < 0, code, code | 0x80) ^ 0x55).astype(np.uint8)
    return table


def _indexes(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.uint16]:
    return samples.astype(np.int16, casting="equiv", copy=False).view(np.uint16)


def ulaw_encode(samples: npt.NDArray[np.int16]) -> bytes:
    """Compress to G.711 µ-law.

    Args:
        samples: int16, shape (n,).

    Returns:
        One byte a sample. The two low bits are dropped first, rounding down (as CPython's `audioop` did).

    Raises:
        TypeError: The array is not int16.
    """
    return _ulaw_encode_table().take(_indexes(samples)).tobytes()


def ulaw_decode(data: bytes | bytearray | memoryview) -> npt.NDArray[np.int16]:
    """Expand G.711 µ-law.

    Args:
        data: One byte a sample.

    Returns:
        int16, shape (n,), within ±32124.
    """
    return _ulaw_decode_table().take(np.frombuffer(data, np.uint8))


def alaw_encode(samples: npt.NDArray[np.int16]) -> bytes:
    """Compress to G.711 A-law.

    Args:
        samples: int16, shape (n,).

    Returns:
        One byte a sample. The three low bits are dropped first, rounding down (as CPython's `audioop` did).

    Raises:
        TypeError: The array is not int16.
    """
    return _alaw_encode_table().take(_indexes(samples)).tobytes()


def alaw_decode(data: bytes | bytearray | memoryview) -> npt.NDArray[np.int16]:
    """Expand G.711 A-law.

    Args:
        data: One byte a sample.

    Returns:
        int16, shape (n,), within ±32256.
    """
    return _alaw_decode_table().take(np.frombuffer(data, np.uint8))
