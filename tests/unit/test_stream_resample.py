"""Resampling of a stream, against what the same audio gives in one piece and against sines of known shape."""

import sys
from collections.abc import Iterator

import numpy as np
import pytest

from realtime_typed._stream_resample import StreamResampler
from realtime_typed.audio import Int16Array

from .sound import tone

pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")

PAIRS = [
    (8_000, 24_000),
    (16_000, 24_000),
    (24_000, 24_000),
    (44_100, 24_000),
    (48_000, 24_000),
    (24_000, 8_000),
    (24_000, 16_000),
    (24_000, 44_100),
    (24_000, 48_000),
]


def sine(rate: int, seconds: float = 1.0, hertz: float = 1_000.0) -> Int16Array:
    return tone(hertz, seconds, rate, 10_000.0)


def pieces(samples: Int16Array, longest: int, seed: int = 1) -> Iterator[Int16Array]:
    """Cut into chunks of irregular length, single samples and empty ones among them."""
    random = np.random.default_rng(seed)
    start = 0
    while start < samples.size:
        size = (0, 1, 7, int(random.integers(1, longest + 1)))[random.integers(4)]
        yield samples[start : start + size]
        start += size


def streamed(samples: Int16Array, from_rate: int, to_rate: int, longest: int) -> Int16Array:
    resampler = StreamResampler(from_rate, to_rate)
    parts = [resampler.process(piece) for piece in pieces(samples, longest)]
    return np.concatenate([*parts, resampler.flush()])


def noise_below(samples: Int16Array, rate: int, hertz: float = 1_000.0) -> float:
    """How far, in dB, all that is not a sine of `hertz` lies below it, in the middle of the audio."""
    middle = samples[samples.size // 10 : -samples.size // 10].astype(np.float64)
    angle = 2 * np.pi * hertz * np.arange(middle.size) / rate
    basis = np.stack([np.sin(angle), np.cos(angle)], axis=1)
    fitted = basis @ np.linalg.lstsq(basis, middle)[0]
    return float(10 * np.log10(np.var(fitted) / np.var(middle - fitted)))


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_a_tone_in_irregular_chunks_stays_a_clean_tone(from_rate: int, to_rate: int) -> None:
    result = streamed(sine(from_rate), from_rate, to_rate, longest=900)
    assert result.dtype == np.int16
    assert noise_below(result, to_rate) > 60


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_how_the_audio_is_cut_changes_no_sample(from_rate: int, to_rate: int) -> None:
    samples = np.random.default_rng(5).integers(-20_000, 20_000, from_rate // 2).astype(np.int16)
    whole = StreamResampler(from_rate, to_rate)
    in_one = np.concatenate([whole.process(samples), whole.flush()])
    assert np.array_equal(streamed(samples, from_rate, to_rate, longest=300), in_one)


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_what_comes_out_lags_as_little_as_documented_and_nothing_is_lost_at_the_end(
    from_rate: int, to_rate: int
) -> None:
    # Seconds: 91 samples of a lower rate that is the result's, 48 of one that is the input's; twice that at first.
    lag = 91 / to_rate if to_rate < from_rate else 48.5 / from_rate if to_rate > from_rate else 0.0
    samples = sine(from_rate, 0.731)
    resampler = StreamResampler(from_rate, to_rate)
    taken = given = 0
    for piece in pieces(samples, longest=200):
        taken += piece.size
        given += resampler.process(piece).size
        assert given / to_rate - taken / from_rate < 1.001 / to_rate
        assert taken / from_rate - given / to_rate < (lag if taken / from_rate > 2 * lag else 2 * lag) + 1e-9
    given += resampler.flush().size
    assert abs(given - samples.size * to_rate / from_rate) <= 1


def test_the_result_is_aligned_with_the_input() -> None:
    """An impulse at 0.1 s comes out at 0.1 s."""
    samples = np.zeros(1_600, np.int16)
    samples[800] = 20_000
    assert int(np.argmax(streamed(samples, 8_000, 24_000, longest=100))) == 2_400


def test_audio_above_the_lower_nyquist_frequency_is_removed_and_not_mirrored() -> None:
    result = streamed(sine(48_000, hertz=15_000), 48_000, 24_000, longest=500)
    assert np.abs(result[1_000:-1_000]).max() < 100


def test_full_scale_does_not_wrap_around() -> None:
    samples = np.where(np.arange(8_000) % 80 < 40, 32_767, -32_768).astype(np.int16)
    result = streamed(samples, 8_000, 24_000, longest=100).astype(np.int64)
    # The filter overshoots at the edges of a square wave; what is over full scale must stay there.
    assert all(np.all(result[start + 12 : start + 108] > 0) for start in range(240, 23_000, 240))


def test_a_new_stream_after_flush_knows_nothing_of_the_old_one() -> None:
    resampler = StreamResampler(16_000, 24_000)
    samples = sine(16_000, 0.1)
    first = np.concatenate([resampler.process(samples), resampler.flush()])
    assert resampler.flush().size == 0
    again = np.concatenate([resampler.process(samples), resampler.flush()])
    assert np.array_equal(first, again)


def test_no_samples_and_flush_without_a_stream_give_nothing() -> None:
    resampler = StreamResampler(8_000, 24_000)
    empty = np.zeros(0, np.int16)
    assert resampler.process(empty).size == 0
    assert resampler.flush().size == 0
    assert resampler.process(empty).size == 0


def test_a_view_with_a_step_is_read_as_what_it_shows() -> None:
    stereo = np.repeat(sine(8_000, 0.2), 2)
    assert np.array_equal(
        StreamResampler(8_000, 24_000).process(stereo[::2]),
        StreamResampler(8_000, 24_000).process(sine(8_000, 0.2)),
    )


@pytest.mark.parametrize("rates", [(0, 24_000), (24_000, -1)])
def test_a_rate_that_is_not_positive_is_refused(rates: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        StreamResampler(*rates)


@pytest.fixture
def without_av(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a machine without PyAV; `None` makes an import of that name fail."""
    for name in [name for name in sys.modules if name == "av" or name.startswith("av.")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "realtime_typed._swresample", raising=False)


@pytest.mark.usefixtures("without_av")
def test_without_pyav_the_error_says_what_to_install() -> None:
    with pytest.raises(ImportError, match=r'pip install "realtime-typed\[audio\]"'):
        StreamResampler(16_000, 24_000)


@pytest.mark.usefixtures("without_av")
def test_equal_rates_need_no_pyav_and_pass_the_samples_through() -> None:
    resampler = StreamResampler(24_000, 24_000)
    samples = sine(24_000, 0.1)
    assert resampler.process(samples) is samples
    assert resampler.flush().size == 0
