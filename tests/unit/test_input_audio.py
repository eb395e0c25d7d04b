"""`InputAudioHistory` hands out exactly the slice of the input stream that a turn names, and forgets the rest."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed.audio import Int16Array
from realtime_typed.input_audio import InputAudioHistory

RATE = 1000  # one sample a millisecond, so that times are positions


def filled(samples: int, chunk: int = 7, **options: float) -> tuple[InputAudioHistory, Int16Array]:
    history = InputAudioHistory(RATE, **options)
    stream = np.arange(samples, dtype=np.int16)
    for start in range(0, samples, chunk):
        history.append(stream[start : start + chunk])
    return history, stream


def kept_samples(history: InputAudioHistory) -> int:
    chunks = history._chunks  # pyright: ignore[reportPrivateUsage]  # memory does not show from outside
    return sum(len(chunk) for chunk in chunks)


@st.composite
def chunked(draw: st.DrawFn) -> list[Int16Array]:
    sizes = draw(st.lists(st.integers(0, 40), max_size=40))
    stream = np.arange(sum(sizes), dtype=np.int16)
    return np.split(stream, np.cumsum(sizes)[:-1]) if sizes else []


@given(chunked(), st.lists(st.integers(0, 1700), min_size=2, max_size=8))
def test_turns_are_slices_of_the_whole_stream_whatever_the_chunks(chunks: list[Int16Array], edges: list[int]) -> None:
    history = InputAudioHistory(RATE)
    for chunk in chunks:
        history.append(chunk)
    stream = np.concatenate([np.zeros(0, dtype=np.int16), *chunks])
    edges = sorted(edges)
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        history.speech_started(start)
        np.testing.assert_array_equal(history.speech_stopped(end), stream[start:end])


@given(chunked(), st.data())
def test_any_sequence_of_calls_gives_what_the_whole_stream_would_give(
    chunks: list[Int16Array], data: st.DataObject
) -> None:
    """The model: the stream, the position of the last turn's end and the start of speech."""
    history = InputAudioHistory(RATE)
    stream = np.zeros(0, dtype=np.int16)
    turn, speech = 0, None
    for chunk in chunks:
        history.append(chunk)
        stream = np.concatenate([stream, chunk])
        time = data.draw(st.integers(-5, len(stream) + 20))
        match data.draw(st.sampled_from(["started", "stopped", "commit", "discard", "idle", "nothing"])):
            case "started":
                history.speech_started(time)
                speech = max(time, 0)
            case "stopped":
                end = max(time, 0)
                begin = turn if speech is None else max(speech, turn)
                np.testing.assert_array_equal(history.speech_stopped(time), stream[begin:end])
                turn, speech = max(turn, min(end, len(stream))), None
            case "commit":
                np.testing.assert_array_equal(history.commit(), stream[turn:])
                turn, speech = len(stream), None
            case "discard":
                history.discard()
                turn, speech = len(stream), None
            case "idle":
                history.idle()
            case _:
                pass
        assert history.pending_samples == len(stream) - turn


def test_a_turn_without_a_reported_start_begins_where_the_last_turn_ended() -> None:
    history, stream = filled(300)
    history.speech_started(10)
    history.speech_stopped(100)
    np.testing.assert_array_equal(history.speech_stopped(150), stream[100:150])


def test_a_turn_does_not_take_audio_of_the_turn_before() -> None:
    history, stream = filled(300)
    history.speech_started(10)
    history.speech_stopped(101)
    history.speech_started(50)
    np.testing.assert_array_equal(history.speech_stopped(200), stream[101:200])


def test_the_end_of_speech_may_lie_past_what_was_sent() -> None:
    history, stream = filled(100)
    history.speech_started(90)
    np.testing.assert_array_equal(history.speech_stopped(500), stream[90:])
    assert history.commit().shape == (0,)


def test_a_turn_is_a_copy_so_that_it_keeps_no_long_chunk_alive() -> None:
    history, stream = filled(100, chunk=100)
    history.speech_started(0)
    turn = history.speech_stopped(10)
    assert not np.shares_memory(turn, stream)
    assert turn.dtype == np.int16


def test_empty_turns_are_empty_int16_arrays() -> None:
    history = InputAudioHistory()
    for samples in (history.commit(), history.speech_stopped(0)):
        assert samples.shape == (0,)
        assert samples.dtype == np.int16


def test_a_commit_during_speech_ends_that_speech() -> None:
    history, stream = filled(100, keep_seconds=0.05)
    history.speech_started(20)
    np.testing.assert_array_equal(history.commit(), stream)
    for _ in range(400):
        history.append(stream[:10])
        history.idle()
    assert kept_samples(history) < 2 * RATE


@pytest.mark.parametrize("chunk", [1, 20, 333])
def test_idle_bounds_what_is_kept_and_leaves_the_last_seconds(chunk: int) -> None:
    history = InputAudioHistory(RATE, keep_seconds=2.0)
    stream = np.arange(20_000, dtype=np.int16)
    for start in range(0, len(stream), chunk):
        history.append(stream[start : start + chunk])
        history.idle()
        assert kept_samples(history) <= 3 * RATE + chunk
        assert history.pending_samples <= 3 * RATE
    history.speech_started(18_500)
    np.testing.assert_array_equal(history.speech_stopped(19_900), stream[18_500:19_900])


def test_idle_drops_nothing_while_somebody_speaks() -> None:
    history = InputAudioHistory(RATE, keep_seconds=1.0)
    stream = np.arange(10_000, dtype=np.int16)
    history.append(stream[:100])
    history.speech_started(50)
    for start in range(100, len(stream), 100):
        history.append(stream[start : start + 100])
        history.idle()
    np.testing.assert_array_equal(history.speech_stopped(9_900), stream[50:9_900])


def test_what_turns_took_is_not_kept() -> None:
    history, _ = filled(1000, chunk=10)
    history.commit()
    assert kept_samples(history) == 0
    history.append(np.zeros(50, dtype=np.int16))
    history.discard()
    assert kept_samples(history) == 0
    assert history.pending_samples == 0


def test_a_new_session_counts_from_zero() -> None:
    history, stream = filled(1000)
    history.speech_started(10)
    history.clear()
    history.append(stream[:20])
    assert history.pending_samples == 20
    history.speech_started(5)
    np.testing.assert_array_equal(history.speech_stopped(15), stream[5:15])
