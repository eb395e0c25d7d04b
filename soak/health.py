"""What shows that a process is well: no error that nobody handles, and nothing that grows. For Linux."""

import asyncio
import gc
import os
import sys
import threading
import time
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from .histogram import Histogram

__all__ = ["Health", "slope"]

_PAGE: Final = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_KEPT_ERRORS: Final = 20
_KEPT_SAMPLES: Final = 4096


def _memory() -> float:
    """The resident memory of this process, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6


def _sockets() -> int:
    """How many sockets this process has open."""
    found = 0
    for entry in os.scandir("/proc/self/fd"):
        try:
            found += os.readlink(entry.path).startswith("socket:")
        except OSError:  # the descriptor of the scan itself is gone by now
            continue
    return found


def slope(seconds: Sequence[float], values: Sequence[float]) -> float:
    """The slope of the straight line through points by least squares, a minute; 0 for fewer than two moments."""
    if len(set(seconds)) < 2:
        return 0.0
    middle = sum(seconds) / len(seconds)
    height = sum(values) / len(values)
    above = sum((at - middle) * (value - height) for at, value in zip(seconds, values, strict=True))
    return 60 * above / sum((at - middle) ** 2 for at in seconds)


class Health:
    """Watches the process that it is made in; call `watch` inside of the event loop.

    Attributes:
        expected: Texts of errors that are reported as documented and are no fault; counted, not kept.
    """

    def __init__(self, expected: Sequence[str] = ()) -> None:
        self._expected = tuple(expected)
        self._errors: list[str] = []
        self._error_count = self._expected_count = 0
        self._begin = time.monotonic()
        self._at = array("d")
        self._memory = array("d")
        self._pauses = Histogram()
        self._collections = [0, 0, 0]
        self._collecting = 0
        self._cpu = 0.0
        self._idle = (0, 0)
        self._sampler: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Begin: errors, the garbage collector's pauses, and the memory once a second."""
        asyncio.get_running_loop().set_exception_handler(self._loop_error)
        sys.unraisablehook = lambda found: self._note(f"unraisable {found.exc_value!r} in {found.object!r}")
        threading.excepthook = lambda found: self._note(f"{found.exc_value!r} in thread {found.thread!r}")
        gc.callbacks.append(self._collector)
        self._idle = len(asyncio.all_tasks()), _sockets()
        self._sample()

    def _loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self._note(f"{context.get('message')}: {context.get('exception')!r}")

    def _note(self, text: str) -> None:
        if any(part in text for part in self._expected):
            self._expected_count += 1
            return
        self._error_count += 1
        if len(self._errors) < _KEPT_ERRORS:
            self._errors.append(text[:500])

    def _collector(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = time.perf_counter_ns()
        else:
            self._pauses.record((time.perf_counter_ns() - self._collecting) // 1000)
            self._collections[info["generation"]] += 1

    def _sample(self) -> None:
        if len(self._at) < _KEPT_SAMPLES:
            self._at.append(time.monotonic() - self._begin)
            self._memory.append(_memory())
        self._sampler = asyncio.get_running_loop().call_later(1.0, self._sample)

    def now(self) -> dict[str, object]:
        """What there is at this moment, and what the processor and the garbage collector did since the last time."""
        cpu, self._cpu = self._cpu, time.process_time()
        found: dict[str, object] = {
            "tasks": len(asyncio.all_tasks()),
            "sockets": _sockets(),
            "memory": _memory(),
            "cpu": self._cpu - cpu,
            "collections": list(self._collections),
            "longest_pause_ms": self._pauses.quantile(1) / 1000,
        }
        self._pauses.clear()
        self._collections[:] = 0, 0, 0
        return found

    def stop(self) -> None:
        """Take no more samples, and hear no more of the garbage collector."""
        if self._sampler is not None:
            self._sampler.cancel()
        if self._collector in gc.callbacks:
            gc.callbacks.remove(self._collector)

    def report(self, after: float) -> dict[str, object]:
        """What was found, once everything was closed.

        Args:
            after: Seconds since the beginning that are warm-up: their memory does not count for the slope.
        """
        self.stop()
        # Errors of tasks that nobody awaited show when the tasks are thrown away.
        gc.collect()
        warm = [index for index, at in enumerate(self._at) if at >= after]
        return {
            "errors": self._errors,
            "error_count": self._error_count,
            "expected_errors": self._expected_count,
            "tasks_left": len(asyncio.all_tasks()) - self._idle[0],
            "sockets_left": _sockets() - self._idle[1],
            "garbage": len(gc.garbage),
            "memory_slope": slope([self._at[index] for index in warm], [self._memory[index] for index in warm]),
            "memory_samples": len(warm),
            "memory_first": self._memory[warm[0]] if warm else 0.0,
            "memory_last": self._memory[-1],
            "memory_peak": max(self._memory),
        }
