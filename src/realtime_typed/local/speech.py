"""Speech that is none: a deterministic babble for a text, so that replies have audio of a natural length. Pure."""

import zlib

import numpy as np

from realtime_typed.audio import Int16Array

__all__ = ["synthesize"]

_RATE = 24_000
_MS_A_LETTER = 55
_PAUSE_MS = 60
_AMPLITUDE = 8_000  # 15 dB below full scale for the sum of two partials: loud enough for any detector


def synthesize(text: str, speed: float = 1.0) -> Int16Array:
    """Babble a text: one hummed tone a word, as long as the word, its pitch made from the word's letters.

    Args:
        text: What to say.
        speed: How fast, 1 being natural. Default 1.

    Returns:
        int16, shape (n,), 24 kHz; about 55 ms a letter and 60 ms between words. At least 200 ms, so that even an
        empty text is heard as a turn. The same text gives the same samples.
    """
    pieces = [_hum(word, speed) for word in text.split()] or [np.zeros(_RATE // 10, np.int16)]
    samples = np.concatenate(pieces)
    return np.pad(samples, (0, max(0, _RATE // 5 - samples.size)))


def _hum(word: str, speed: float) -> Int16Array:
    size = int(_RATE * max(2, len(word)) * _MS_A_LETTER / 1000 / speed)
    time = np.arange(size) / _RATE
    pitch = 110 + zlib.crc32(word.lower().encode()) % 80
    wave = np.sin(2 * np.pi * pitch * time) + 0.4 * np.sin(2 * np.pi * 3 * pitch * time)
    edge = np.minimum(1, np.minimum(np.arange(size), np.arange(size)[::-1]) / (_RATE // 100))  # 10 ms: no clicks
    pause = np.zeros(int(_RATE * _PAUSE_MS / 1000 / speed), np.int16)
    return np.concatenate((np.rint(_AMPLITUDE * edge * wave).astype(np.int16), pause))
