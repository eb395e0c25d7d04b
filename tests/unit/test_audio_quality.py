"""How good resampling is, against the same swept sine made at the wanted rate: an ideal that no resampler computed."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from realtime_typed._stream_resample import StreamResampler
from realtime_typed.audio import Int16Array, pcm16_array, resample

pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")

Resample = Callable[[Int16Array, int, int], Int16Array]

COMMON_RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000)
PAIRS = [(rate, 24_000) for rate in COMMON_RATES] + [(24_000, rate) for rate in (8_000, 16_000, 44_100, 48_000)]
LOWEST_HZ = 50.0
SECONDS = 2.0
CHUNK_MS = 20


def sweep(rate: int, highest: float) -> npt.NDArray[np.float64]:
    """A sine whose frequency grows evenly from 50 Hz to `highest`, at half of full scale."""
    time = np.arange(round(rate * SECONDS)) / rate
    phase = 2 * np.pi * (LOWEST_HZ * time + (highest - LOWEST_HZ) * time**2 / (2 * SECONDS))
    return 16_000 * np.sin(phase)


def as_int16(signal: npt.NDArray[np.float64]) -> Int16Array:
    return np.rint(signal).astype(np.int16)


def streamed(samples: Int16Array, from_rate: int, to_rate: int) -> Int16Array:
    resampler = StreamResampler(from_rate, to_rate)
    size = from_rate * CHUNK_MS // 1000
    parts = [resampler.process(samples[start : start + size]) for start in range(0, samples.size, size)]
    return np.concatenate([*parts, resampler.flush()])


def at_once(samples: Int16Array, from_rate: int, to_rate: int) -> Int16Array:
    return resample(samples, from_rate, to_rate)


def errors(convert: Resample, from_rate: int, to_rate: int, share: float) -> tuple[float, npt.NDArray[np.float64]]:
    """The signal-to-noise ratio in dB, and the error of each sample, of a sweep to `share` of the lower Nyquist."""
    highest = share * min(from_rate, to_rate) / 2
    ideal = sweep(to_rate, highest)
    result = convert(as_int16(sweep(from_rate, highest)), from_rate, to_rate)
    assert abs(result.size - ideal.size) <= 1
    middle = slice(ideal.size // 50, -ideal.size // 50)  # a sweep that begins at once has all frequencies there
    error = result[: ideal.size].astype(np.float64)[middle] - ideal[: result.size][middle]
    return float(10 * np.log10(np.mean(ideal[middle] ** 2) / np.mean(error**2))), error


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
@pytest.mark.parametrize(("share", "decibels"), [(0.8, 80), (0.85, 60)])
def test_a_swept_sine_in_chunks_of_20_ms_keeps_its_signal_to_noise_ratio(
    from_rate: int, to_rate: int, share: float, decibels: float
) -> None:
    assert errors(streamed, from_rate, to_rate, share)[0] >= decibels


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_a_swept_sine_in_one_piece_keeps_its_signal_to_noise_ratio(from_rate: int, to_rate: int) -> None:
    assert errors(at_once, from_rate, to_rate, 0.9)[0] >= 80


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_no_sample_at_the_border_of_a_chunk_is_further_off_than_rounding(from_rate: int, to_rate: int) -> None:
    # A click would be an error of hundreds; these are the roundings of input and output, and the filter's ripple.
    assert np.abs(errors(streamed, from_rate, to_rate, 0.75)[1]).max() < 4


def test_a_resampler_that_forgets_its_state_would_not_pass() -> None:
    """The measure finds what it is meant to find: each chunk resampled on its own clicks."""

    def forgetful(samples: Int16Array, from_rate: int, to_rate: int) -> Int16Array:
        size = from_rate * CHUNK_MS // 1000
        parts = [at_once(samples[start : start + size], from_rate, to_rate) for start in range(0, samples.size, size)]
        return np.concatenate(parts)

    ratio, error = errors(forgetful, 48_000, 24_000, 0.75)
    assert ratio < 60
    assert np.abs(error).max() > 100


def test_stereo_floats_at_another_rate_become_the_same_as_mono_at_that_rate() -> None:
    mono = as_int16(sweep(48_000, 9_000))
    stereo = np.stack([mono, mono], axis=1).astype(np.float32) / np.float32(32_768)
    assert np.array_equal(pcm16_array(stereo, channels=2), mono)
    assert np.array_equal(resample(stereo, 48_000, 24_000, channels=2), resample(mono, 48_000, 24_000))
