"""Every event of a session as a line, and how many there were of each type."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from realtime_typed.utility_events import RealtimeEvent

from .console import Console, one_line
from .describe import audio_bytes, describe_event

__all__ = ["Detail", "EventLog"]

Detail: TypeAlias = Literal["none", "compact", "all"]
"""Which events become lines: none; all, but runs of audio as one; each one."""

_TYPE_WIDTH: Final = 44
_COMPACT: Final = 96
_BYTES_A_SECOND: Final = 48_000  # PCM16 at 24 kHz


@dataclass
class _Run:
    """Audio events of one type that came with nothing but audio in between."""

    since: float
    events: int = 0
    size: int = 0


class EventLog:
    """A handler for `realtime.event`; its time begins when it is made, in a running event loop.

    Args:
        console: Where the lines go.
        detail: Which events become lines.

    Attributes:
        counts: How many events there were, by source (`"client"` or `"server"`) and type.
        sizes: How many bytes of audio they carried, by source.
    """

    def __init__(self, console: Console, detail: Detail = "compact") -> None:
        self.counts: Counter[tuple[Literal["client", "server"], str]] = Counter()
        self.sizes: Counter[Literal["client", "server"]] = Counter()
        self._console = console
        self._detail = detail
        self._runs: dict[tuple[Literal["client", "server"], str], _Run] = {}
        self._clock = asyncio.get_running_loop().time
        self._start = self._clock()

    def __call__(self, noted: RealtimeEvent) -> None:
        """Take one event."""
        key = noted.source, noted.event.type
        self.counts[key] += 1
        size = audio_bytes(noted.event)
        if size is not None:
            self.sizes[noted.source] += size
        if self._detail == "none":
            return
        now = self._clock() - self._start
        if size is not None and self._detail == "compact":
            run = self._runs.setdefault(key, _Run(now))
            run.events += 1
            run.size += size
            return
        self.flush()
        self._write(now, *key, describe_event(noted.event))

    def heading(self, text: str) -> None:
        """Write a line that says what begins now."""
        self.flush()
        if self._detail != "none":
            self._console.line(self._console.paint(f"-- {text}", "bold"))

    def flush(self) -> None:
        """Write the lines of audio runs that are still open."""
        for (source, name), run in self._runs.items():
            seconds = run.size / _BYTES_A_SECOND
            self._write(run.since, source, name, f"x{run.events}, {run.size} bytes, {seconds:.2f} s of audio")
        self._runs.clear()

    def _write(self, at: float, source: Literal["client", "server"], name: str, details: str) -> None:
        paint = self._console.paint
        arrow = paint("→", "green") if source == "client" else paint("←", "cyan")
        shown = f"{one_line(name):<{_TYPE_WIDTH}}"
        if name == "error":
            shown = paint(shown, "red")
        details = one_line(details, _COMPACT if self._detail == "compact" else len(details))
        self._console.line(f"{paint(f'{at:7.3f}', 'dim')} {arrow} {shown} {details}".rstrip())
