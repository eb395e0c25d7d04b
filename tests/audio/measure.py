"""What a piece of audio sounds like, by numpy alone: nothing of what is measured takes part in the measuring."""

import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

import realtime_typed

__all__ = ["RATE", "Likeness", "Sound", "compare", "hear", "resampled", "speech", "tone"]

Int16: TypeAlias = npt.NDArray[np.int16]
Floats: TypeAlias = npt.NDArray[np.float64]

RATE: Final = 24_000
"""Samples a second of everything that is measured."""

_WINDOW: Final = RATE // 100
_HOP: Final = _WINDOW // 4
_SILENT: Final = 0.01  # 40 dB below


def tone(hertz: float, seconds: float, rate: int) -> Int16:
    """A sine 12 dB below full scale that swells and fades within 10 ms, so that nothing in it jumps. Shape (n,)."""
    size = round(seconds * rate)
    count = np.arange(size)
    edge = np.minimum(1.0, np.minimum(count, size - 1 - count) / (rate / 100))
    samples: Int16 = np.rint(8_192 * edge * np.sin(2 * np.pi * hertz * count / rate)).astype(np.int16)
    return samples


def speech() -> Int16:
    """The package's own clip: a sentence of about two seconds, 24 kHz, shape (n,)."""
    path = Path(realtime_typed.__file__).parent / "local" / "data" / "speech_24k.wav"
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        samples: Int16 = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    return samples


def resampled(samples: Int16, from_rate: int, to_rate: int) -> Int16:
    """Band-limited resampling of a whole clip, by cutting or extending its spectrum. Shape (n,)."""
    size = round(samples.size * to_rate / from_rate)
    spectrum = np.fft.rfft(samples.astype(np.float64))
    wanted = np.zeros(size // 2 + 1, np.complex128)
    kept = min(spectrum.size, wanted.size)
    wanted[:kept] = spectrum[:kept]
    scaled: Floats = np.fft.irfft(wanted, size) * (size / samples.size)
    clipped: Int16 = np.clip(np.rint(scaled), -32_768, 32_767).astype(np.int16)
    return clipped


@dataclass(frozen=True)
class Sound:
    """What a piece of audio sounds like.

    Attributes:
        frequency: The strongest frequency, in Hz.
        duration: From the beginning of the sound to its end, in seconds.
        longest_gap: The longest time between them that is 40 dB below the sound's level, in seconds.
        steepest: The largest step from one sample to the next, in units of int16.
        level: The RMS of its loudest windows, in units of int16.
    """

    frequency: float
    duration: float
    longest_gap: float
    steepest: int
    level: float


def hear(samples: Int16) -> Sound:
    """Measure audio of 24 kHz, shape (n,). There must be sound in it."""
    levels = _levels(samples)
    level = float(np.percentile(levels[levels > 0.5 * levels.max()], 50))
    # A window that is half over the edge of a sound has half of its power: the distance of such windows is the length.
    loud = np.flatnonzero(levels > level * np.sqrt(0.5))
    begin, end = int(loud[0]), int(loud[-1])
    sound = samples[begin * _HOP + _WINDOW : end * _HOP].astype(np.float64)
    return Sound(
        frequency=_frequency(sound),
        duration=(end - begin) * _HOP / RATE,
        longest_gap=_longest(levels[begin : end + 1] < _SILENT * level),
        steepest=int(np.abs(np.diff(samples.astype(np.int32))).max()),
        level=level,
    )


@dataclass(frozen=True)
class Likeness:
    """How a piece of audio compares with the original.

    Attributes:
        correlation: 1 for the same wave at any loudness, 0 for another one.
        duration_error: How much longer it sounds than the original, in seconds.
        drift: How much later its last part comes than its first, against the original, in seconds.
        longest_gap: The longest time in which the original can be heard and it is silent, in seconds.
    """

    correlation: float
    duration_error: float
    drift: float
    longest_gap: float


def compare(original: Int16, samples: Int16) -> Likeness:
    """Find `original` in `samples`, both of 24 kHz, and compare them."""
    lag, correlation = _find(original, samples)
    third = original.size // 3
    first, _ = _find(original[:third], samples)
    last, _ = _find(original[-third:], samples)
    found = np.zeros(original.size, np.int16)
    begin, end = max(lag, 0), min(lag + original.size, samples.size)
    found[begin - lag : end - lag] = samples[begin:end]
    wanted, got = _levels(original), _levels(found)
    audible = wanted > 10 * _SILENT * _level(wanted)
    return Likeness(
        correlation=correlation,
        duration_error=_span(_levels(samples)) - _span(wanted),
        drift=(last - first - (original.size - third)) / RATE,
        longest_gap=_longest(audible & (got < _SILENT * _level(got))),
    )


def _levels(samples: Int16) -> Floats:
    """The RMS of windows of 10 ms, one every 2.5 ms."""
    energy = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    starts = np.arange(0, samples.size - _WINDOW + 1, _HOP)
    levels: Floats = np.sqrt((energy[starts + _WINDOW] - energy[starts]) / _WINDOW)
    return levels


def _level(levels: Floats) -> float:
    return float(np.sqrt(np.mean(levels[levels > 0.1 * levels.max()] ** 2)))


def _span(levels: Floats) -> float:
    """How long there is sound that is at most 30 dB below the loudest."""
    loud = np.flatnonzero(levels > 0.0316 * levels.max())
    return float(loud[-1] - loud[0]) * _HOP / RATE


def _longest(silent: npt.NDArray[np.bool_]) -> float:
    """The length of the longest run of silent windows, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], silent, [False]))))
    runs = edges[1::2] - edges[::2]
    return float((runs.max() - 1) * _HOP + _WINDOW) / RATE if runs.size else 0.0


def _frequency(sound: Floats) -> float:
    """The peak of the spectrum, between its bins by the parabola through the logarithms of three of them."""
    size = 1 << sound.size.bit_length()
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(sound.size), size))
    peak = int(np.argmax(spectrum[1:-1])) + 1
    low, mid, high = np.log(spectrum[peak - 1 : peak + 2] + 1e-9)
    return float((peak + 0.5 * (low - high) / (low - 2 * mid + high)) * RATE / size)


def _find(pattern: Int16, samples: Int16) -> tuple[int, float]:
    """Where `pattern` fits best in `samples`, and how well, 1 being perfect."""
    size = 1 << (pattern.size + samples.size).bit_length()  # a transform of any other length may be slow
    wave, text = pattern.astype(np.float64), samples.astype(np.float64)
    product = np.fft.irfft(np.fft.rfft(text, size) * np.conj(np.fft.rfft(wave, size)), size)
    place = int(np.argmax(product))
    lag = place if place < samples.size else place - size
    part = text[max(lag, 0) : lag + pattern.size]
    power = float(np.sum(wave**2)) * float(np.sum(part**2))
    return lag, float(product[place]) / power**0.5 if power else 0.0
