"""What a fleet of clients counts, whichever library it is made of."""

import time

from .histogram import Histogram
from .script import sent_at

__all__ = ["Meter"]


class Meter:
    """Counts what came and how late.

    Attributes:
        delay: From when the server wrote an event to when the application had it.
        came: How many events that say when they were sent, came.
        unsent: How many messages could not be sent, because there was no connection.
        lost: How many connections were lost.
        restored: How many were made anew.
    """

    def __init__(self) -> None:
        self.delay: Histogram = Histogram()
        self.came: int = 0
        self.unsent: int = 0
        self.lost: int = 0
        self.restored: int = 0
        self._deaf_until = 0

    def settle(self, seconds: float) -> None:
        """Measure no delay for so long: a window has begun."""
        self._deaf_until = time.monotonic_ns() + int(seconds * 1e9)

    def event(self, event_id: str) -> None:
        """An event has come."""
        now, sent = time.monotonic_ns(), sent_at(event_id)
        self.came += 1
        if sent >= self._deaf_until:
            self.delay.record((now - sent) // 1000)

    def report(self) -> dict[str, object]:
        """What was counted since the last report."""
        found: dict[str, object] = {
            "delay": self.delay.bins(),
            "came": self.came,
            "unsent": self.unsent,
            "lost": self.lost,
            "restored": self.restored,
        }
        self.delay.clear()
        self.came = self.unsent = self.lost = self.restored = 0
        return found
