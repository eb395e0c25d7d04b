"""One run of `python -m realtime_typed demo`, as a newcomer starts it, looked at from all sides."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from realtime_typed.audio import duration_ms, read_wav

PACKAGE_SPEECH = Path(__file__).parents[3] / "src" / "realtime_typed" / "local" / "data" / "speech_24k.wav"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def finished(folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"}
    environment.pop("OPENAI_API_KEY", None)
    command = [sys.executable, "-m", "realtime_typed", "demo", "--output", str(folder / "out")]
    return subprocess.run(
        command, capture_output=True, encoding="utf-8", timeout=50, check=False, env=environment, cwd=folder
    )


def test_it_succeeds_without_a_key_and_says_nothing_on_standard_error(
    finished: "subprocess.CompletedProcess[str]",
) -> None:
    assert (finished.returncode, finished.stderr) == (0, "")


def test_the_reply_is_a_wav_file_as_long_as_the_speech_and_not_silent(
    folder: Path, finished: "subprocess.CompletedProcess[str]"
) -> None:
    assert finished.returncode == 0
    speech, _ = read_wav(PACKAGE_SPEECH)
    reply, rate = read_wav(folder / "out" / "reply.wav")
    assert rate == 24_000
    assert abs(duration_ms(reply) / duration_ms(speech) - 1) < 0.1
    assert np.abs(reply).max() > 3000


def test_events_are_shown_as_they_come_with_runs_of_audio_as_one_line(
    finished: "subprocess.CompletedProcess[str]",
) -> None:
    lines = finished.stdout.splitlines()
    assert sum("← session.created" in line for line in lines) == 1
    assert any(re.search(r"→ input_audio_buffer\.append +x\d+, \d+ bytes", line) for line in lines)
    assert sum("response.output_audio.delta" in line for line in lines) == 2  # one run, and the table
    assert any(re.search(r"← response\.output_text\.delta +'", line) for line in lines)


def test_it_shows_the_conversation_of_all_three_turns(finished: "subprocess.CompletedProcess[str]") -> None:
    _, _, rest = finished.stdout.partition("\nConversation\n")
    told = [line.split()[0] for line in rest.partition("\n\n")[0].splitlines()]
    assert told == ["user", "assistant", "user", "assistant", "user", "tool", "tool", "assistant"]
    assert 'get_weather({"city": "London"})' in rest
    assert "s of audio]" in rest


def test_it_ends_with_a_table_of_events_times_audio_and_issues(finished: "subprocess.CompletedProcess[str]") -> None:
    assert re.search(r"^event +sent +received$", finished.stdout, re.MULTILINE)
    assert re.search(r"^response\.done +4$", finished.stdout, re.MULTILINE)
    assert re.search(r"^response\.create +3$", finished.stdout, re.MULTILINE)
    assert re.search(r"^time to first audio +\d\.\d{3} s from the end of speech$", finished.stdout, re.MULTILINE)
    assert re.search(r"^audio out +2\.\d\d s$", finished.stdout, re.MULTILINE)
    assert re.search(r"^validation issues +none$", finished.stdout, re.MULTILINE)


def test_a_pipe_gets_no_colours_and_never_the_key(finished: "subprocess.CompletedProcess[str]") -> None:
    assert "\x1b" not in finished.stdout
    assert "sk-local" not in finished.stdout
