"""WAV files of uncompressed audio; re-exported by `audio`."""

import os
import struct
import wave
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from ._pcm import AudioData, Int16Array, pcm16_array, pcm16_bytes
from ._resample import check_rate

__all__ = ["read_wav", "write_wav"]

# The codes of `mmreg.h`.
_PCM: Final = 1
_FLOAT: Final = 3
_EXTENSIBLE: Final = 0xFFFE
_CONVERT: Final = "convert it to 16-bit PCM first"


def read_wav(file: str | os.PathLike[str] | BinaryIO) -> tuple[Int16Array, int]:
    """Read a WAV file of uncompressed audio: PCM with 8, 16, 24 or 32 bits, or floats with 32 or 64.

    Args:
        file: A path, or a binary file open for reading (which stays open).

    Returns:
        The samples as int16, shape (n,), and the file's sample rate in Hz. Several channels are averaged to one, wider
        samples are rounded to 16 bits, and floats are full scale at ±1.

    Raises:
        ValueError: Not a WAV file, or one in another encoding.
        OSError: The file cannot be read.
    """
    # Not by `wave`, which knows no floats, and before Python 3.12 not the form in which others write 24 bits.
    content = Path(file).read_bytes() if isinstance(file, str | os.PathLike) else file.read()
    form, data = _chunks(content)
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if code == _EXTENSIBLE and len(form) >= 26:
        (code,) = struct.unpack_from("<H", form, 24)  # the GUID of the encoding begins with its code
    if not channels or not rate:
        raise ValueError(f"not a WAV file of uncompressed audio (it says {channels} channels at {rate} Hz); {_CONVERT}")
    width = (bits + 7) // 8
    if (code, width) not in {(_PCM, 1), (_PCM, 2), (_PCM, 3), (_PCM, 4), (_FLOAT, 4), (_FLOAT, 8)}:
        raise ValueError(f"a WAV file of encoding {code} with {bits} bits a sample; {_CONVERT}")
    frames = len(data) // (channels * width)  # a file that was cut off may end within a frame
    samples = data[: frames * channels * width]
    if code == _FLOAT:
        floats = np.frombuffer(samples, f"<f{width}").reshape(frames, channels).mean(axis=1, dtype=np.float64)
        return pcm16_array(floats), rate
    octets = np.frombuffer(samples, np.uint8).reshape(-1, width)
    wide = np.zeros((len(octets), 4), np.uint8)
    wide[:, 4 - width :] = octets ^ 0x80 if width == 1 else octets  # 8 bits alone are unsigned
    mixed = wide.view("<i4").reshape(frames, channels).mean(axis=1) / 65_536
    return np.clip(np.rint(mixed), -32768, 32767).astype(np.int16), rate


def _chunks(content: bytes) -> tuple[bytes, bytes]:
    """The chunks `fmt ` and `data` of a RIFF file; one that was cut off, or written as a stream, ends with the file."""
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise ValueError(f"not a WAV file of uncompressed audio (it does not begin as one); {_CONVERT}")
    form, position = b"", 12
    while position + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, position)
        inside = content[position + 8 : position + 8 + size]
        if name == b"fmt ":
            form = inside
        elif name == b"data" and len(form) >= 16:
            return form, inside
        position += 8 + size + size % 2
    raise ValueError(f"not a WAV file of uncompressed audio (it ends too early); {_CONVERT}")


def write_wav(file: str | os.PathLike[str] | BinaryIO, samples: AudioData, rate: int = 24_000) -> None:
    """Write a mono WAV file with 16 bits a sample.

    Args:
        file: A path, or a binary file open for writing (which stays open, and need not be seekable).
        samples: As for `pcm16_array`.
        rate: Samples a second. Default 24000.

    Raises:
        ValueError: The rate is not positive, or as `pcm16_array`.
        TypeError: As `pcm16_array`.
        OSError: The file cannot be written.
    """
    check_rate(rate)
    pcm = pcm16_bytes(samples)  # before the file is opened: wrong audio leaves an existing file alone
    with wave.open(os.fspath(file) if isinstance(file, str | os.PathLike) else file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.setnframes(len(pcm) // 2)  # known beforehand, so the header needs no second visit
        writer.writeframesraw(pcm)
