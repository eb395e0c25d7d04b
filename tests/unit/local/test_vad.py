"""The behaviour of the energy voice-activity detector: which turns it hears, and when."""

import io
import itertools
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed.audio import Int16Array, read_wav, resample
from realtime_typed.local.vad import EnergyVad, SpeechStarted, SpeechStopped, VadEvent

RATE = 24_000


def noise(milliseconds: int, dbfs: float, rate: int = RATE) -> Int16Array:
    """White noise with a fixed seed; the level of each window lies within 1 dB of `dbfs`."""
    level = 32768 * 10 ** (dbfs / 20)
    samples = np.random.default_rng(7).normal(0, level, milliseconds * rate // 1000)
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)


def silence(milliseconds: int, rate: int = RATE) -> Int16Array:
    return np.zeros(milliseconds * rate // 1000, np.int16)


def speech(milliseconds: int, rate: int = RATE) -> Int16Array:
    return noise(milliseconds, -20, rate)


def hear(vad: EnergyVad, *parts: Int16Array) -> list[VadEvent]:
    return [event for part in parts for event in vad.feed(part)]


def recorded_speech() -> Int16Array:
    content = files("realtime_typed").joinpath("local/data/speech_24k.wav").read_bytes()
    samples, rate = read_wav(io.BytesIO(content))
    assert rate == RATE
    return samples


# --- the speech asset


def test_the_speech_asset_has_the_form_that_its_readme_states() -> None:
    samples = recorded_speech().astype(int)
    assert 2.0 <= samples.size / RATE <= 2.7
    assert np.abs(samples).max() == 16_384
    assert not samples[: RATE // 5].any()
    assert not samples[-RATE // 5 :].any()


@pytest.mark.parametrize("silence_ms", [200, 500])
def test_the_speech_asset_followed_by_silence_is_exactly_one_turn(silence_ms: int) -> None:
    samples = recorded_speech()
    events = hear(EnergyVad(RATE, silence_duration_ms=silence_ms), samples, silence(1_000))
    assert len(events) == 2
    started, stopped = events
    assert isinstance(started, SpeechStarted)
    assert isinstance(stopped, SpeechStopped)
    assert started.audio_start_ms == 0
    speech_end = 1_000 * samples.size / RATE - 200
    assert speech_end - 200 <= stopped.audio_end_ms - silence_ms <= speech_end + 10


def test_the_speech_asset_is_heard_at_telephone_rate_and_at_minus_40_dbfs() -> None:
    samples = resample(recorded_speech(), RATE, 8_000).astype(np.float64)
    loud = samples[np.abs(samples) > 500]
    quiet = (samples * (32768 * 10 ** (-40 / 20) / np.sqrt(np.mean(loud**2)))).astype(np.int16)
    events = hear(EnergyVad(8_000), quiet, silence(1_000, 8_000))
    assert [type(event) for event in events] == [SpeechStarted, SpeechStopped]


# --- times


def test_a_turn_begins_with_its_padding_and_ends_with_its_silence() -> None:
    vad = EnergyVad(RATE, prefix_padding_ms=300, silence_duration_ms=500)
    events = hear(vad, silence(1_000), speech(800), silence(1_000))
    assert events == [SpeechStarted(700), SpeechStopped(2_300)]


def test_the_start_is_reported_once_40_ms_of_speech_were_heard() -> None:
    vad = EnergyVad(RATE)
    assert hear(vad, silence(1_000), speech(39)) == []
    assert not vad.speaking
    assert hear(vad, speech(1)) == [SpeechStarted(700)]
    assert vad.speaking


def test_the_stop_is_reported_once_the_silence_is_complete() -> None:
    vad = EnergyVad(RATE, silence_duration_ms=200)
    hear(vad, speech(400))
    assert hear(vad, silence(199)) == []
    assert hear(vad, silence(1)) == [SpeechStopped(600)]
    assert not vad.speaking


def test_padding_does_not_reach_before_the_stream() -> None:
    assert hear(EnergyVad(RATE), silence(100), speech(100)) == [SpeechStarted(0)]


def test_padding_does_not_reach_into_the_turn_before() -> None:
    vad = EnergyVad(RATE, prefix_padding_ms=300, silence_duration_ms=200)
    events = hear(vad, speech(400), silence(250), speech(400), silence(200))
    assert events == [SpeechStarted(0), SpeechStopped(600), SpeechStarted(600), SpeechStopped(1_250)]


def test_a_pause_shorter_than_the_silence_stays_in_the_turn() -> None:
    vad = EnergyVad(RATE, silence_duration_ms=300)
    assert hear(vad, speech(400), silence(290), speech(400), silence(300)) == [SpeechStarted(0), SpeechStopped(1_390)]


def test_settings_need_not_be_whole_windows() -> None:
    vad = EnergyVad(RATE, prefix_padding_ms=33, silence_duration_ms=205)
    assert hear(vad, silence(100), speech(100), silence(300)) == [SpeechStarted(67), SpeechStopped(405)]


def test_without_padding_and_silence_a_turn_is_its_speech_alone() -> None:
    vad = EnergyVad(RATE, prefix_padding_ms=0, silence_duration_ms=0)
    assert hear(vad, silence(100), speech(100), silence(10)) == [SpeechStarted(100), SpeechStopped(200)]


# --- what is speech


@pytest.mark.parametrize(
    ("threshold", "heard_dbfs", "ignored_dbfs"), [(0.5, -40, -50), (0.0, -72, -78), (0.8, -24, -30), (1.0, -12, -18)]
)
def test_the_threshold_is_a_level_in_dbfs(threshold: float, heard_dbfs: float, ignored_dbfs: float) -> None:
    assert hear(EnergyVad(RATE, threshold), noise(500, heard_dbfs)) == [SpeechStarted(0)]
    assert hear(EnergyVad(RATE, threshold), noise(500, ignored_dbfs)) == []


def test_clicks_start_nothing() -> None:
    click = silence(100)
    click[1_200:1_205] = 32_767
    burst = np.concatenate([silence(100), speech(30), silence(100)])
    assert hear(EnergyVad(RATE), *[click] * 10, *[burst] * 10) == []


def test_a_constant_offset_is_silence() -> None:
    assert hear(EnergyVad(RATE), np.full(RATE, 8_000, np.int16)) == []
    assert hear(EnergyVad(RATE, threshold=0), np.full(RATE, -32_768, np.int16)) == []


def test_full_scale_sound_does_not_overflow() -> None:
    square = np.where(np.arange(RATE) % 48 < 24, 32_767, -32_768).astype(np.int16)
    assert hear(EnergyVad(RATE, threshold=1.0), square) == [SpeechStarted(0)]


# --- the stream


@given(
    parts=st.lists(st.tuples(st.booleans(), st.integers(1, 700)), max_size=6),
    cuts=st.lists(st.integers(0, 4_200 * 8), max_size=12),
    settings=st.tuples(st.integers(0, 400), st.integers(0, 400)),
)
def test_the_turns_do_not_depend_on_how_the_stream_is_cut(
    parts: list[tuple[bool, int]], cuts: list[int], settings: tuple[int, int]
) -> None:
    rate = 8_000
    sounds = [speech(length, rate) if loud else silence(length, rate) for loud, length in parts]
    stream = np.concatenate([np.empty(0, np.int16), *sounds])
    whole, cut = (EnergyVad(rate, 0.5, *settings) for _ in range(2))
    bounds = [0, *sorted(min(at, stream.size) for at in cuts), stream.size]
    expected = whole.feed(stream)
    assert hear(cut, *(stream[a:b] for a, b in itertools.pairwise(bounds))) == expected
    assert cut.position_ms == whole.position_ms == stream.size // 8
    assert cut.speaking == whole.speaking

    times = [e.audio_start_ms if isinstance(e, SpeechStarted) else e.audio_end_ms for e in expected]
    assert times == sorted(times)
    assert all(0 <= at <= whole.position_ms for at in times)
    assert all(isinstance(e, SpeechStopped if i % 2 else SpeechStarted) for i, e in enumerate(expected))


def test_samples_that_wait_are_not_shared_with_the_caller() -> None:
    vad = EnergyVad(RATE, prefix_padding_ms=0)
    buffer = silence(5)
    vad.feed(buffer)
    buffer[:] = speech(5)
    assert hear(vad, silence(5), speech(40)) == [SpeechStarted(10)]


def test_bytes_of_the_wire_are_heard_too() -> None:
    assert EnergyVad(RATE).feed(speech(100).tobytes()) == [SpeechStarted(0)]


def test_reset_forgets_the_turn_and_keeps_the_clock() -> None:
    vad = EnergyVad(RATE, silence_duration_ms=200)
    hear(vad, speech(505))
    vad.reset()
    assert not vad.speaking
    assert vad.position_ms == 505
    assert hear(vad, silence(495)) == []
    assert hear(vad, silence(100), speech(100), silence(200)) == [SpeechStarted(800), SpeechStopped(1_400)]


def test_after_reset_padding_does_not_reach_into_what_was_cleared() -> None:
    vad = EnergyVad(RATE)
    hear(vad, speech(35))
    vad.reset()
    assert hear(vad, speech(34)) == []
    assert hear(vad, speech(1)) == [SpeechStarted(35)]


def test_a_detector_with_new_settings_goes_on_from_the_old_ones_clock() -> None:
    old = EnergyVad(RATE)
    hear(old, silence(1_000))
    new = EnergyVad(RATE, silence_duration_ms=100, start_ms=old.position_ms)
    assert hear(new, silence(100), speech(100), silence(100)) == [SpeechStarted(1_000), SpeechStopped(1_300)]


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"rate": 0}, "rate"),
        ({"rate": 22_050}, "rate"),
        ({"threshold": 1.1}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"prefix_padding_ms": -1}, "prefix_padding_ms"),
        ({"silence_duration_ms": -1}, "silence_duration_ms"),
        ({"start_ms": -1}, "start_ms"),
    ],
)
def test_a_setting_outside_its_range_is_named(arguments: dict[str, int], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        EnergyVad(**{"rate": RATE, **arguments})
