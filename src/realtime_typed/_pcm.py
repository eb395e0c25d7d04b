"""PCM16 from whatever an application has: bytes or arrays, of one channel or several; re-exported by `audio`."""

from typing import TypeAlias, cast

import numpy as np
import numpy.typing as npt

__all__ = ["AudioData", "BytesLike", "Int16Array", "pcm16_array", "pcm16_bytes", "pcm16_from_bytes"]

Int16Array: TypeAlias = npt.NDArray[np.int16]
"""Samples of one channel, shape (n,), full scale −32768…32767."""

BytesLike: TypeAlias = bytes | bytearray | memoryview

AudioData: TypeAlias = BytesLike | Int16Array | npt.NDArray[np.float32] | npt.NDArray[np.float64]
"""What a user may hand over as audio: little-endian int16 bytes, an int16 array, or a float array in [-1, 1]."""

_PCM16 = np.dtype("<i2")


def pcm16_array(data: AudioData, *, channels: int = 1) -> Int16Array:
    """Bring audio into the form that this package calculates with.

    Args:
        data: Little-endian int16 as bytes, bytearray or memoryview; or an array of int16, float32 or float64 with shape
            (n,) or (n, channels). Floats are full scale at ±1 and clipped there; ±1 is ±32768 before clipping, so that
            `samples / 32768` and back is exact.
        channels: How many channels `data` has; bytes and arrays of shape (n,) hold them interleaved. They are averaged,
            as a sum would clip. Default 1.

    Returns:
        int16, mono, shape (n,). With one channel it shares memory with `data` when `data` is bytes (then it is
        read-only) or an int16 array.

    Raises:
        ValueError: An odd number of bytes, another number of channels, part of a frame, or a float that is NaN.
        TypeError: Neither bytes nor an array of one of these dtypes.
    """
    if channels < 1:
        raise ValueError(f"channels must be 1 or more, got {channels}")
    if isinstance(data, bytes):
        samples = pcm16_from_bytes(data)
    elif isinstance(data, np.ndarray) and data.dtype is _PCM16 and data.ndim == 1:
        samples = cast("Int16Array", data)
    elif isinstance(data, bytearray):
        # A copy: an array over a bytearray would forbid its owner to extend it.
        samples = pcm16_from_bytes(bytes(data))
    elif isinstance(data, memoryview) and data.format in {"B", "b", "c"}:
        samples = pcm16_from_bytes(data.tobytes())
    else:
        samples = _from_array(np.asarray(data), channels)
    return samples if channels == 1 else _mixed_down(samples, channels)


def pcm16_bytes(data: AudioData, *, channels: int = 1) -> bytes:
    """Bring audio into the form of the wire: little-endian int16 mono.

    Args:
        data: As for `pcm16_array`.
        channels: As for `pcm16_array`.

    Returns:
        Two bytes a sample.

    Raises:
        ValueError: As `pcm16_array`.
        TypeError: As `pcm16_array`.
    """
    samples = pcm16_array(data, channels=channels)
    return data if isinstance(data, bytes) and channels == 1 else samples.astype(_PCM16, copy=False).tobytes()


def pcm16_from_bytes(data: bytes) -> Int16Array:
    """Read little-endian int16; the array shares the memory and is read-only.

    Raises:
        ValueError: An odd number of bytes.
    """
    if len(data) % 2:
        raise ValueError(
            f"PCM16 has two bytes a sample, but {len(data)} bytes came, an odd number; "
            "keep the last byte back and put it before the next chunk"
        )
    return np.frombuffer(data, _PCM16)


def _mixed_down(samples: Int16Array, channels: int) -> Int16Array:
    if samples.size % channels:
        raise ValueError(
            f"{samples.size} samples do not divide into frames of {channels} channels; "
            "keep the rest back and put it before the next chunk"
        )
    mean: npt.NDArray[np.float64] = samples.reshape(-1, channels).mean(axis=1, dtype=np.float64)
    return np.rint(mean).astype(np.int16)


def _from_array(data: npt.NDArray[np.generic], channels: int) -> Int16Array:
    """The samples of an array as int16, shape (n,); several channels interleaved."""
    kind, width = data.dtype.kind, data.dtype.itemsize
    if (kind, width) not in {("i", 2), ("f", 4), ("f", 8)}:
        raise TypeError(
            f"audio must be bytes of PCM16, or an array of int16, or of float32 or float64 in [-1, 1], but dtype "
            f"{data.dtype} came; scale the samples to int16 and use .astype(numpy.int16)"
        )
    if data.ndim == 2 and data.shape[1] == channels:
        data = data.reshape(-1)
    if data.ndim != 1:
        wanted = "must be mono" if channels == 1 else f"of {channels} channels must be"
        raise ValueError(
            f"audio {wanted}, of shape (n,) or (n, {channels}), but shape {data.shape} came; "
            "say how many channels it has (channels=…), or choose one"
        )
    if kind == "i":
        return data.astype(np.int16, copy=False)
    scaled = data.astype(np.float64) * 32768.0
    if np.isnan(scaled).any():
        raise ValueError(f"audio holds NaN, first at sample {int(np.isnan(scaled).argmax())}; replace it by 0")
    return np.clip(np.rint(scaled), -32768, 32767).astype(np.int16)
