"""`Formatted`: audio in chunks, joined on demand."""

import numpy as np

from realtime_typed._formatted import Formatted, FormattedTool


def test_a_new_one_is_empty() -> None:
    formatted = Formatted()
    assert (formatted.text, formatted.transcript, formatted.tool, formatted.output) == ("", "", None, None)
    assert formatted.audio.shape == (0,)
    assert formatted.audio.dtype == np.int16
    assert formatted.audio_samples == 0


def test_audio_is_the_chunks_in_order() -> None:
    formatted = Formatted()
    for start in (0, 3, 6):
        formatted.append_audio(np.arange(start, start + 3, dtype=np.int16))
    assert formatted.audio_samples == 9
    assert formatted.audio.tolist() == list(range(9))
    assert formatted.audio.dtype == np.int16


def test_audio_that_was_joined_is_not_joined_again() -> None:
    formatted = Formatted()
    formatted.append_audio(np.ones(3, dtype=np.int16))
    formatted.append_audio(np.ones(3, dtype=np.int16))
    assert formatted.audio is formatted.audio


def test_audio_grows_after_it_was_read() -> None:
    formatted = Formatted()
    formatted.append_audio(np.array([1], dtype=np.int16))
    assert formatted.audio.tolist() == [1]
    formatted.append_audio(np.array([2], dtype=np.int16))
    assert formatted.audio.tolist() == [1, 2]


def test_appending_nothing_changes_nothing() -> None:
    formatted = Formatted()
    formatted.append_audio(np.zeros(0, dtype=np.int16))
    assert formatted.audio_samples == 0
    assert formatted.audio.shape == (0,)


def test_setting_audio_replaces_all_of_it() -> None:
    formatted = Formatted()
    formatted.append_audio(np.ones(5, dtype=np.int16))
    formatted.set_audio(np.array([7, 8], dtype=np.int16))
    assert formatted.audio.tolist() == [7, 8]
    assert formatted.audio_samples == 2
    formatted.set_audio(np.zeros(0, dtype=np.int16))
    assert formatted.audio.shape == (0,)
    assert formatted.audio_samples == 0


def test_what_is_cut_off_takes_no_memory() -> None:
    formatted = Formatted()
    formatted.append_audio(np.arange(24_000, dtype=np.int16))
    formatted.cut_audio(100)
    assert formatted.audio.tolist() == list(range(100))
    assert formatted.audio.base is None


def test_its_repr_names_the_length_of_the_audio_and_not_its_samples() -> None:
    formatted = Formatted(text="hi", tool=FormattedTool("f", "call_1"))
    formatted.append_audio(np.zeros(48_000, dtype=np.int16))
    assert "audio=<48000 samples>" in repr(formatted)
    assert "text='hi'" in repr(formatted)
    assert len(repr(formatted)) < 300


def test_a_tool_is_a_function_with_arguments_that_may_still_be_empty() -> None:
    tool = FormattedTool("f", "call_1")
    assert (tool.type, tool.arguments) == ("function", "")


def test_audio_that_passes_counts_as_received_and_dropped() -> None:
    formatted = Formatted()
    formatted.pass_audio(480)
    formatted.pass_audio(20)
    assert (formatted.audio_samples, formatted.audio_dropped, formatted.audio_received) == (0, 500, 500)
    assert len(formatted.audio) == 0
