"""Real-time pace: a beat of 50 ms for each session, evenly spread, and an account of how well it was kept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from .histogram import Histogram

__all__ = ["PERIOD", "Pace"]

PERIOD: Final = 0.05
"""Seconds between two messages of a session in one direction: 20 a second."""
_GIVEN_UP_S: Final = 1.0


class Pace:
    """Lets the sessions of a process beat while it is on.

    Args:
        sessions: How many there are; their beats are spread over the period.
        period: Seconds between two beats of a session.

    Attributes:
        beats: How many beats there were.
        skipped: Beats that were given up, because a session was more than a second late.
        late: How late the beats were.
    """

    def __init__(self, sessions: int, period: float = PERIOD) -> None:
        self._sessions = sessions
        self._period = period
        self._on = asyncio.Event()
        self.beats: int = 0
        self.skipped: int = 0
        self.late: Histogram = Histogram()

    @property
    def is_on(self) -> bool:
        """Whether there are beats now."""
        return self._on.is_set()

    def switch(self, on: bool) -> None:
        """Begin or stop to beat."""
        if on:
            self._on.set()
        else:
            self._on.clear()

    async def keep(self, number: int, beat: Callable[[], Awaitable[None]]) -> None:
        """Await `beat` at the beats of a session, until cancelled.

        Args:
            number: Which of the sessions it is.
            beat: What to do; what it takes longer than the period is caught up with, up to a second.
        """
        clock = asyncio.get_running_loop().time
        phase, period = self._period * number / self._sessions, self._period
        while True:
            await self._on.wait()
            # Beats lie on one grid for all, whenever a session joins.
            due = (clock() // period + 1) * period + phase
            while self._on.is_set():
                late = clock() - due
                if late < 0:
                    await asyncio.sleep(-late)
                    late = clock() - due
                elif late > _GIVEN_UP_S:
                    missed = int(late / period)
                    self.skipped += missed
                    due += missed * period
                if not self._on.is_set():
                    break
                self.beats += 1
                self.late.record(int(late * 1e6))
                await beat()
                due += period

    def report(self) -> dict[str, object]:
        """What was counted since the last report."""
        found: dict[str, object] = {"beats": self.beats, "skipped": self.skipped, "late": self.late.bins()}
        self.beats = self.skipped = 0
        self.late.clear()
        return found
