"""What an hour of audio in both directions does to the memory of a process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final, cast

import pytest

from realtime_typed.conversation import AudioRetention

PROGRAM: Final = Path(__file__).with_name("hour_of_audio.py")
MINUTES: Final = 60
MEBIBYTE: Final = 1024 * 1024
PCM: Final = 2 * MINUTES * 60 * 48_000

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads the memory from Linux's /proc"),
    pytest.mark.timeout(300),
]


def start(retention: AudioRetention) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(retention), str(MINUTES)]
    source = Path(__file__).parents[2] / "src"
    env = os.environ | {"PYTHONPATH": f"{source}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)


def sizes_of(process: subprocess.Popen[str]) -> list[int]:
    """The resident bytes at first and after each minute."""
    try:
        written, _ = process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 0
    sizes = cast("list[int]", json.loads(written))
    assert len(sizes) == MINUTES + 1
    return sizes


def test_an_hour_of_audio_takes_as_much_memory_as_the_retention_says() -> None:
    with start(30.0) as bounded, start("all") as whole:
        flat, grown = sizes_of(bounded), sizes_of(whole)
    assert max(abs(size - flat[1]) for size in flat[1:]) <= 10 * MEBIBYTE
    assert grown[-1] - grown[0] <= 1.1 * PCM
