"""How good resampling is, against the same swept sine made at the wanted rate: an ideal that no resampler computed.

The comparison is stricter than a fit: neither gain nor delay is taken out before the error is measured.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pytest

from realtime_typed._stream_resample import StreamResampler
from realtime_typed.audio import Int16Array, pcm16_array, resample

pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")

Floats = npt.NDArray[np.float64]
Resample = Callable[[Int16Array, int, int], Int16Array]

RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000)
PAIRS = sorted(
    {(rate, own) for rate in RATES for own in (8_000, 24_000) if rate != own}
    | {(own, rate) for rate in RATES for own in (8_000, 24_000) if rate != own}
)
DOWN = [pair for pair in PAIRS if pair[0] > pair[1]]
# Ratios that have no short form: what the filters do between their phases.
ODD = [(44_056, 24_000), (24_000, 44_056), (37_801, 8_000)]

LOUD = 16_000.0  # half of full scale
SWEEP_S = 2.0
HOLD_S = 0.3
FADE_S = 0.25


def swept(rate: int, lowest: float, highest: float) -> Floats:
    """A sine that holds the one frequency, sweeps to the other, holds that, and fades in and out while it holds.

    So there is nothing in it outside of the two frequencies, not by a click at its ends either, and nothing has to be
    left out of the comparison.
    """
    total = SWEEP_S + 2 * HOLD_S
    time = np.arange(round(rate * total)) / rate
    middle, half = (lowest + highest) / 2, (highest - lowest) / 2
    sweep = np.clip(time - HOLD_S, 0, SWEEP_S)
    # While it sweeps, the integral of the frequency middle - half * cos(pi * sweep / SWEEP_S).
    cycles = middle * sweep - half * SWEEP_S / np.pi * np.sin(np.pi * sweep / SWEEP_S)
    cycles += lowest * np.minimum(time, HOLD_S) + highest * np.maximum(time - HOLD_S - SWEEP_S, 0)
    fade = np.sin(np.pi / 2 * np.clip(np.minimum(time, total - time) / FADE_S, 0, 1)) ** 2
    return LOUD * fade * np.sin(2 * np.pi * cycles)


def as_int16(signal: Floats) -> Int16Array:
    return np.rint(signal).astype(np.int16)


def decibels_below_the_sine(signal: Floats, rate: int) -> float:
    """How far the loudest 20 ms of it lie below the sine: one frequency that comes over badly is found."""
    size = rate // 50
    power = np.convolve(signal**2, np.full(size, 1 / size), "valid").max()
    return float(10 * np.log10(LOUD**2 / 2 / max(power, 1e-9)))


def random_chunks(samples: Int16Array, rate: int) -> Iterator[Int16Array]:
    """Single samples, some milliseconds, and up to 60 ms."""
    random = np.random.default_rng(rate)
    start = 0
    while start < samples.size:
        size = int(random.integers(1, (2, rate // 200, rate * 3 // 50)[random.integers(3)]))
        yield samples[start : start + size]
        start += size


def in_chunks(samples: Int16Array, from_rate: int, to_rate: int) -> Int16Array:
    resampler = StreamResampler(from_rate, to_rate)
    parts = [resampler.process(chunk) for chunk in random_chunks(samples, from_rate)]
    return np.concatenate([*parts, resampler.flush()])


def at_once(samples: Int16Array, from_rate: int, to_rate: int) -> Int16Array:
    return resample(samples, from_rate, to_rate)


def error_of(convert: Resample, from_rate: int, to_rate: int, share: float) -> Floats:
    """The error of each sample of a sine swept from 50 Hz to `share` of the lower Nyquist frequency."""
    highest = share * min(from_rate, to_rate) / 2
    ideal = swept(to_rate, 50, highest)
    result = convert(as_int16(swept(from_rate, 50, highest)), from_rate, to_rate)
    assert abs(result.size - ideal.size) <= 1
    length = min(result.size, ideal.size)
    return result[:length] - ideal[:length]


def signal_to_noise(error: Floats) -> float:
    return float(10 * np.log10(LOUD**2 / 2 / np.mean(error**2)))


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS + ODD)
def test_a_sine_swept_to_95_percent_in_random_chunks_has_a_signal_to_noise_ratio_of_60_db_everywhere(
    from_rate: int, to_rate: int
) -> None:
    error = error_of(in_chunks, from_rate, to_rate, 0.95)
    assert decibels_below_the_sine(error, to_rate) >= 60
    assert signal_to_noise(error) >= 70


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS + ODD)
def test_below_90_percent_little_more_than_the_rounding_to_16_bits_is_left(from_rate: int, to_rate: int) -> None:
    error = error_of(in_chunks, from_rate, to_rate, 0.9)
    assert decibels_below_the_sine(error, to_rate) >= 70
    assert signal_to_noise(error) >= 80


# 44 kHz in 2 s reach a little below where they begin; the filter of one piece is so steep that it lets that through.
@pytest.mark.parametrize(("convert", "lowest"), [(in_chunks, 1.0), (at_once, 1.005)])
@pytest.mark.parametrize(("from_rate", "to_rate"), DOWN)
def test_what_lies_above_the_lower_nyquist_frequency_comes_back_60_db_weaker(
    from_rate: int, to_rate: int, convert: Resample, lowest: float
) -> None:
    above = as_int16(swept(from_rate, lowest * to_rate / 2, 0.98 * from_rate / 2))
    alias = convert(above, from_rate, to_rate).astype(np.float64)
    assert decibels_below_the_sine(alias, to_rate) >= 60


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS + ODD)
def test_a_sine_swept_to_95_percent_in_one_piece_keeps_its_signal_to_noise_ratio(from_rate: int, to_rate: int) -> None:
    assert decibels_below_the_sine(error_of(at_once, from_rate, to_rate, 0.95), to_rate) >= 70


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_random_chunks_give_the_samples_that_one_chunk_gives(from_rate: int, to_rate: int) -> None:
    samples = as_int16(swept(from_rate, 50, 0.95 * min(from_rate, to_rate) / 2))
    resampler = StreamResampler(from_rate, to_rate)
    in_one = np.concatenate([resampler.process(samples), resampler.flush()])
    assert np.array_equal(in_chunks(samples, from_rate, to_rate), in_one)


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_no_sample_at_the_border_of_a_chunk_is_further_off_than_rounding(from_rate: int, to_rate: int) -> None:
    # A click would be an error of hundreds; these are the roundings of input and output, and the filter's ripple.
    assert np.abs(error_of(in_chunks, from_rate, to_rate, 0.75)).max() < 4


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_the_curve_of_a_tone_bends_at_the_border_of_a_chunk_as_it_does_everywhere(from_rate: int, to_rate: int) -> None:
    tone = swept(from_rate, 440, 440)
    bend = np.abs(np.diff(in_chunks(as_int16(tone), from_rate, to_rate).astype(np.float64), 2)).max()
    # The second difference of a sine is its height times (2 sin(half a step))²; rounding adds 0.5 + 2 · 0.5 + 0.5.
    assert bend <= LOUD * (2 * np.sin(np.pi * 440 / to_rate)) ** 2 + 4


def test_a_resampler_that_forgets_its_state_would_not_pass() -> None:
    """The measures find what they are meant to find: each chunk resampled on its own clicks."""

    def forgetful(samples: Int16Array, from_rate: int, to_rate: int) -> Int16Array:
        return np.concatenate(
            [at_once(samples[start : start + 960], from_rate, to_rate) for start in range(0, samples.size, 960)]
        )

    error = error_of(forgetful, 48_000, 24_000, 0.75)
    assert decibels_below_the_sine(error, 24_000) < 40
    assert signal_to_noise(error) < 60
    assert np.abs(error).max() > 100
    bend = np.abs(np.diff(forgetful(as_int16(swept(48_000, 440, 440)), 48_000, 24_000).astype(np.float64), 2)).max()
    assert bend > LOUD * (2 * np.sin(np.pi * 440 / 24_000)) ** 2 + 4


def test_stereo_floats_at_another_rate_become_the_same_as_mono_at_that_rate() -> None:
    mono = as_int16(swept(48_000, 50, 9_000))
    stereo = np.stack([mono, mono], axis=1).astype(np.float32) / np.float32(32_768)
    assert np.array_equal(pcm16_array(stereo, channels=2), mono)
    assert np.array_equal(resample(stereo, 48_000, 24_000, channels=2), resample(mono, 48_000, 24_000))
