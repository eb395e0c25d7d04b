"""From nothing to the first decoded event, in fresh processes that take turns."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import realtime_typed

from .corpus import frames
from .measure import Pairs

__all__ = ["import_pairs"]

_TIMED: Final = """
import sys, time
frame = sys.stdin.buffer.read()
begin = time.perf_counter_ns()
{}
print(time.perf_counter_ns() - begin)
"""
_OURS: Final = _TIMED.format("import realtime_typed\nassert realtime_typed.Codec().decode(frame).session.id")
# The cheapest honest way: neither a client nor a connection is made, only the function called that makes the event.
_THEIRS: Final = _TIMED.format(
    "from openai.resources.realtime.realtime import AsyncRealtimeConnection\n"
    "assert AsyncRealtimeConnection.parse_event(None, frame).session.id"
)


def _seconds(script: str, frame: bytes) -> float:
    environment = {**os.environ, "PYTHONPATH": str(Path(realtime_typed.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", script], input=frame, capture_output=True, timeout=60, check=True, env=environment
    )
    return int(done.stdout) / 1e9


def import_pairs(repeat: int) -> Pairs:
    """Time the import and the first event, `session.created`, by the clock; the start of Python is not counted.

    Raises:
        ImportError: The `openai` package is not installed.
    """
    import openai

    assert openai.__version__  # it is there; the processes import it anew
    frame = frames("text")[0]
    for script in (_OURS, _THEIRS):
        _seconds(script, frame)  # writes the byte code, and fills the cache of files
    return [(_seconds(_OURS, frame), _seconds(_THEIRS, frame)) for _ in range(repeat)]
