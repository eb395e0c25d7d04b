"""Audio as the Realtime API carries it: PCM16, base64, G.711, WAV files and one-shot resampling.

The protocol is mono: `channels=…` mixes several channels down. Inside the package audio is a one-dimensional int16
array; on the wire it is little-endian int16 at 24 kHz (`audio/pcm`) or one G.711 byte a sample at 8 kHz
(`audio/pcmu`, `audio/pcma`), in base64.

This module knows nothing of events, items or connections, and keeps no state.
"""

import math
from collections.abc import Iterator
from typing import Literal, TypeAlias

import pybase64

from ._g711 import alaw_decode, alaw_encode, ulaw_decode, ulaw_encode
from ._pcm import AudioData, BytesLike, Int16Array, pcm16_array, pcm16_bytes, pcm16_from_bytes
from ._resample import check_rate, resample_pcm16
from ._wav import read_wav, write_wav

__all__ = [
    "AudioData",
    "AudioFormatName",
    "Int16Array",
    "alaw_decode",
    "alaw_encode",
    "bytes_per_ms",
    "bytes_per_second",
    "chunks",
    "decode_audio",
    "decode_base64",
    "decode_base64_pcm16",
    "duration_ms",
    "encode_audio",
    "encode_base64",
    "pcm16_array",
    "pcm16_bytes",
    "read_wav",
    "resample",
    "sample_rate",
    "ulaw_decode",
    "ulaw_encode",
    "write_wav",
]

AudioFormatName: TypeAlias = Literal["audio/pcm", "audio/pcmu", "audio/pcma"]
"""The `type` of the protocol's audio formats: PCM16 at 24 kHz, G.711 µ-law and G.711 A-law at 8 kHz."""

_RATES: dict[AudioFormatName, int] = {"audio/pcm": 24_000, "audio/pcmu": 8_000, "audio/pcma": 8_000}


# --- base64 ----------------------------------------------------------------------------------------------------


def decode_base64_pcm16(text: str) -> Int16Array:
    """Decode the audio of a server event.

    Args:
        text: Standard base64 (RFC 4648 §4, padded, no line breaks) of little-endian int16.

    Returns:
        int16, shape (n,), read-only: one event may go to several handlers. Copy it to change it.

    Raises:
        ValueError: Not base64, or an odd number of bytes.
    """
    return pcm16_from_bytes(decode_base64(text))


def decode_base64(text: str) -> bytes:
    """Decode standard base64 (RFC 4648 §4, padded, no line breaks).

    Raises:
        ValueError: It is something else.
    """
    try:
        # With validation, and by position, is pybase64's fastest road: it skips the search for foreign characters.
        return pybase64.b64decode(text, None, True)
    except ValueError as error:
        raise ValueError(f"not standard base64 ({len(text)} characters, beginning {text[:24]!r})") from error


def encode_base64(data: BytesLike) -> str:
    """Encode bytes for a client event.

    Args:
        data: Any bytes; for samples use `pcm16_bytes` first.

    Returns:
        Standard base64 (RFC 4648 §4), padded, without line breaks.
    """
    return pybase64.b64encode_as_string(data)


# --- the protocol's formats ------------------------------------------------------------------------------------


def sample_rate(audio_format: AudioFormatName) -> int:
    """Say how many samples a second a format of the protocol has.

    Args:
        audio_format: The `type` of the format.

    Returns:
        24000 for `audio/pcm`, 8000 for `audio/pcmu` and `audio/pcma`.

    Raises:
        ValueError: No such format.
    """
    try:
        return _RATES[audio_format]
    except KeyError:
        raise ValueError(f"no such audio format: {audio_format!r}; there are {', '.join(_RATES)}") from None


def bytes_per_second(audio_format: AudioFormatName) -> int:
    """Say how many bytes (before base64) a second takes: 48000 for `audio/pcm`, 8000 for G.711; as `sample_rate`."""
    return sample_rate(audio_format) * (2 if audio_format == "audio/pcm" else 1)


def bytes_per_ms(audio_format: AudioFormatName) -> int:
    """Say how many bytes (before base64) a millisecond takes: 48 for `audio/pcm`, 8 for G.711; as `sample_rate`."""
    return bytes_per_second(audio_format) // 1000


def decode_audio(data: BytesLike, audio_format: AudioFormatName) -> Int16Array:
    """Read audio bytes of any format of the protocol; the sample rate stays the format's own.

    Args:
        data: The bytes, after base64.
        audio_format: The `type` of the format.

    Returns:
        int16, shape (n,), at `sample_rate(audio_format)`.

    Raises:
        ValueError: No such format, or an odd number of bytes of `audio/pcm`.
    """
    sample_rate(audio_format)  # refuses an unknown name
    if audio_format == "audio/pcm":
        return pcm16_array(data)
    return ulaw_decode(data) if audio_format == "audio/pcmu" else alaw_decode(data)


def encode_audio(samples: AudioData, audio_format: AudioFormatName) -> bytes:
    """Write audio as bytes of any format of the protocol; `decode_audio` is the way back.

    Args:
        samples: As for `pcm16_array`, already at `sample_rate(audio_format)`.
        audio_format: The `type` of the format.

    Returns:
        The bytes, before base64.

    Raises:
        ValueError: No such format, or as `pcm16_array`.
        TypeError: As `pcm16_array`.
    """
    sample_rate(audio_format)  # refuses an unknown name
    if audio_format == "audio/pcm":
        return pcm16_bytes(samples)
    array = pcm16_array(samples)
    return ulaw_encode(array) if audio_format == "audio/pcmu" else alaw_encode(array)


# --- time ------------------------------------------------------------------------------------------------------


def duration_ms(samples: AudioData | int, rate: int = 24_000) -> float:
    """Say how long audio lasts.

    Args:
        samples: The audio, or how many samples it has.
        rate: Samples a second. Default 24000.

    Returns:
        Milliseconds.

    Raises:
        ValueError: The rate is not positive, or as `pcm16_array`.
        TypeError: As `pcm16_array`.
    """
    check_rate(rate)
    return 1000 * (samples if isinstance(samples, int) else pcm16_array(samples).size) / rate


def chunks(data: AudioData, milliseconds: float = 20, rate: int = 24_000) -> Iterator[bytes]:
    """Cut audio into pieces of equal length, for streaming.

    Args:
        data: As for `pcm16_array`.
        milliseconds: The length of a piece. Default 20. Where that is no whole number of samples, pieces differ by
            one sample, so that they never drift from the clock.
        rate: Samples a second. Default 24000.

    Returns:
        An iterator over PCM16 bytes; the last piece may be shorter, joined they are `pcm16_bytes(data)`.

    Raises:
        ValueError: The rate is not positive, a piece would be shorter than a sample, or as `pcm16_array`.
        TypeError: As `pcm16_array`.
    """
    check_rate(rate)
    step = milliseconds * rate / 1000
    if not 1 <= step < math.inf:
        raise ValueError(f"a chunk must hold at least one sample, but {milliseconds} ms at {rate} Hz came")
    pcm = pcm16_bytes(data)
    count = math.ceil(len(pcm) // 2 / step)
    pieces = (pcm[2 * round(i * step) : 2 * round((i + 1) * step)] for i in range(count))
    return (piece for piece in pieces if piece)  # rounding may leave nothing for the last one


def resample(samples: AudioData, from_rate: int, to_rate: int, *, channels: int = 1) -> Int16Array:
    """Convert a whole piece of audio to another sample rate. Not for a stream: each call stands alone.

    Args:
        samples: As for `pcm16_array`.
        from_rate: The audio's samples a second.
        to_rate: The wanted samples a second.
        channels: How many channels `samples` has; they are averaged. Default 1.

    Returns:
        int16, mono, shape (n · to_rate / from_rate, rounded), without delay. The same samples when the rates are equal.

    Raises:
        ValueError: A rate is not positive, or as `pcm16_array`.
        TypeError: As `pcm16_array`.
    """
    return resample_pcm16(pcm16_array(samples, channels=channels), from_rate, to_rate)
