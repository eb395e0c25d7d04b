"""Tones, and what is heard of them: frequency, duration and gaps, on windows of 10 ms."""

from dataclasses import dataclass

import numpy as np

from realtime_typed.audio import Int16Array


def tone(hertz: float, seconds: float, rate: int = 24_000, level: float = 8_000.0) -> Int16Array:
    """A sine, int16, shape (n,)."""
    return np.rint(level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.int16)


@dataclass(frozen=True)
class Heard:
    """What a piece of audio sounds like.

    Attributes:
        frequency: The strongest frequency, in Hz, 0 for silence.
        start: When the sound begins, in seconds.
        duration: From its first to its last loud window, in seconds.
        longest_gap: The longest run of silent windows between them, in seconds.
    """

    frequency: float
    start: float
    duration: float
    longest_gap: float


def heard(samples: Int16Array, rate: int = 24_000, threshold: float = 500.0) -> Heard:
    """Measure audio: a window of 10 ms is loud when its RMS is over `threshold`."""
    size = rate // 100
    windows = samples[: samples.size // size * size].astype(np.float64).reshape(-1, size)
    loud = np.flatnonzero(np.sqrt(np.mean(windows**2, axis=1)) > threshold)
    if not loud.size:
        return Heard(0.0, 0.0, 0.0, 0.0)
    sound = samples[loud[0] * size : (loud[-1] + 1) * size].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), 8 * rate))
    gaps = np.diff(loud) - 1
    return Heard(
        frequency=float(np.argmax(spectrum)) / 8,
        start=float(loud[0]) / 100,
        duration=float(loud[-1] - loud[0] + 1) / 100,
        longest_gap=float(gaps.max(initial=0)) / 100,
    )
