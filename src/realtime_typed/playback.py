"""How much of the model's speech the user has heard, item by item. Pure: no asyncio, and the clock is given.

Over a WebSocket the service sends speech faster than it is heard, and cannot know how far a player has come. So the
client keeps one playback clock per item. What it goes by, best first:

1. What the application says was played (`PlaybackTracker.played`).
2. Audio of a WebRTC track counts as heard when it arrives: a track runs in real time, and the service counts it so.
3. Wall time: a player is taken to begin with what it is handed when it gets it, and to play one piece after the other
   without a pause for as long as there are any.
"""

import time
from collections.abc import Callable
from typing import Final

__all__ = ["PlaybackTracker"]

_KEPT_ITEMS: Final = 256
# What the sum of two clock readings loses is far below this part of a sample.
_ROUNDING: Final = 1e-3


class _ItemClock:
    """How far one item is. All counts are in samples.

    Attributes:
        received: What has come from the service and may be heard.
        handed: What the application was given.
        number: Its place in the order of all items.
        before: What wall time, or the track, says was heard, without `runs`.
        runs: What plays without a pause, and when each run began: `[seconds, samples]`.
        reported: What the application says was played.
    """

    __slots__ = ("before", "handed", "number", "rate", "received", "reported", "response_id", "runs")

    def __init__(self, rate: int, response_id: str, number: int) -> None:
        self.rate = rate
        self.number = number
        self.response_id = response_id
        self.received = self.handed = self.before = self.reported = 0
        self.runs: list[list[float]] = []

    @property
    def ends_at(self) -> float:
        """When the last run is over."""
        start, samples = self.runs[-1]
        return start + samples / self.rate

    def by_wall_time(self, now: float) -> int:
        return self.before + sum(self._of_run(run, now) for run in self.runs)

    def settle(self, now: float) -> None:
        """Count the runs that are over once and for all."""
        while self.runs and self._of_run(self.runs[0], now) == int(self.runs[0][1]):
            self.before += int(self.runs.pop(0)[1])

    def cut(self, samples: int) -> None:
        self.received = self.handed = min(self.received, samples)
        self.before, self.reported = min(self.before, self.received), min(self.reported, self.received)

    def _of_run(self, run: list[float], now: float) -> int:
        start, samples = run
        return int(min(max(0.0, (now - start) * self.rate + _ROUNDING), samples))


class PlaybackTracker:
    """The playback clocks of a session's items; `RealtimeClient.playback` is the client's.

    ::

        async for piece in client.audio_output:
            await speaker.play(piece.samples)  # returns when it was played
            client.playback.played(piece.item_id, piece.start + len(piece.samples))

    Without such reports wall time counts. Positions are samples from the item's beginning, at the rate of the session's
    output audio. The last 256 items with audio are kept.

    Args:
        clock: The time in seconds, from any beginning. Default `time.monotonic`.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._items: dict[str, _ItemClock] = {}
        # Those that may not have been heard to their end, so that a long call need not ask all of them; how many began
        # so far, and how many had when the player was stopped last.
        self._open: dict[str, _ItemClock] = {}
        self._begun = self._stopped = 0
        self._reports = False
        # When a player that plays without a pause has played all that it was handed, and what it plays last.
        self._idle_at = float("-inf")
        self._last: _ItemClock | None = None

    def __repr__(self) -> str:
        return f"<PlaybackTracker of {len(self._items)} items, {self.playing or 'nothing'} playing>"

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    # What an application says, and asks.

    def played(self, item_id: str, samples: int) -> None:
        """Say how much of an item was played in all. From the first report on only reports count, not wall time.

        It may be called from another thread, such as a sound card's. An item that is not known is none of this session
        any more, and is left out.

        Args:
            item_id: The item.
            samples: How many samples of it were played since its beginning; a smaller number than before is ignored.

        Raises:
            ValueError: `samples` is negative.
        """
        if samples < 0:
            raise ValueError(f"samples must not be negative, got {samples}")
        if not self._reports:
            # What wall time took for heard counts by reports now, but for what a stop has settled.
            now, self._reports = self._clock(), True
            for known in tuple(self._items.values()):
                if known.number < self._stopped and known.by_wall_time(now) >= known.received:
                    known.reported = known.received
            self._open = dict(self._items)
        item = self._items.get(item_id)
        if item is not None:
            item.reported = max(item.reported, samples)

    def heard(self, item_id: str) -> int:
        """How many samples of an item were heard; never more than came. 0 for an item without audio."""
        item = self._items.get(item_id)
        return 0 if item is None else self._heard(item)

    def heard_ms(self, item_id: str) -> int:
        """How many milliseconds of an item were heard, rounded down."""
        item = self._items.get(item_id)
        return 0 if item is None else self._heard(item) * 1000 // item.rate

    def received(self, item_id: str) -> int:
        """How many samples of an item have come that were not cut since."""
        item = self._items.get(item_id)
        return 0 if item is None else item.received

    def handed_out(self, item_id: str) -> int:
        """How many samples of an item the application was given."""
        item = self._items.get(item_id)
        return 0 if item is None else item.handed

    def response_of(self, item_id: str) -> str | None:
        """The response that an item with audio belongs to; `None` when that is not known."""
        item = self._items.get(item_id)
        return (item.response_id or None) if item is not None else None

    def last_of(self, response_id: str) -> str | None:
        """The item of a response of which audio came last; `None` when none came."""
        found = (item_id for item_id, item in reversed(self._items.items()) if item.response_id == response_id)
        return next(found, None)

    @property
    def unheard(self) -> list[str]:
        """The items of which not all that came was heard, in the order in which their audio began."""
        unheard = {item_id: item for item_id, item in self._open.items() if self._heard(item) < item.received}
        self._open = unheard
        # One that has grown again after it was heard stands at the end.
        return sorted(unheard, key=lambda item_id: unheard[item_id].number)

    @property
    def playing(self) -> str | None:
        """The item that is heard now, or next; `None` when everything that came was heard."""
        return next(iter(self.unheard), None)

    # What the client says.

    def receive(self, item_id: str, samples: int, rate: int, response_id: str = "") -> int:
        """Take note of audio that came.

        Args:
            item_id: The item.
            samples: How many samples came.
            rate: Samples a second; the first piece of an item says it for all.
            response_id: The item's response; empty when it is not known.

        Returns:
            Where in the item they begin, in samples.
        """
        item = self._items.get(item_id)
        if item is None:
            item = self._items[item_id] = _ItemClock(rate, response_id, self._begun)
            self._begun += 1
            if len(self._items) > _KEPT_ITEMS:
                self.forget(next(iter(self._items)))
        start = item.received
        item.received += samples
        self._open.setdefault(item_id, item)
        return start

    def hand_out(self, item_id: str, end: int, *, live: bool = False) -> None:
        """Take note of audio that the application was given.

        Args:
            item_id: The item.
            end: Up to where, in samples from its beginning; what was handed out before does not count again.
            live: Whether it is heard as it comes, as from a track, and not after what was handed out before.
        """
        item = self._items.get(item_id)
        end = 0 if item is None else min(end, item.received)
        if item is None or end <= item.handed:
            return
        new, item.handed = end - item.handed, end
        if live:
            item.before += new
            return
        now = self._clock()
        if now <= self._idle_at and self._last is item and item.runs:
            item.runs[-1][1] += new
        else:
            item.settle(now)
            item.runs.append([max(now, self._idle_at), new])
        self._idle_at, self._last = item.ends_at, item

    def stop(self) -> None:
        """The player is stopped: what was not heard yet will not be, and counts no more as having come."""
        for item in self._open.values():
            heard = self._heard(item)
            item.runs.clear()
            item.before = item.reported = heard
            item.cut(heard)
        self._open.clear()
        self._stopped = self._begun
        self._idle_at, self._last = float("-inf"), None

    def cut(self, item_id: str, samples: int) -> None:
        """An item was cut: it has no more than `samples` now."""
        item = self._items.get(item_id)
        if item is None or samples >= item.received:
            return
        # What would have played behind the cut is taken away from the end of the item's time.
        rest = max(0, samples - item.before)
        runs, item.runs = item.runs, []
        for start, length in runs:
            kept = min(int(length), rest)
            rest -= kept
            if kept:
                item.runs.append([start, kept])
        item.cut(samples)
        self._idle_at = max((item.ends_at for item in self._open.values() if item.runs), default=float("-inf"))
        self._last = None

    def forget(self, item_id: str) -> None:
        """An item was deleted."""
        self._items.pop(item_id, None)
        self._open.pop(item_id, None)

    def forget_heard(self, item_id: str) -> None:
        """An item is kept no longer: forget it unless it has yet to be heard."""
        item = self._items.get(item_id)
        if item is not None and self._heard(item) >= item.received:
            self.forget(item_id)

    def clear(self) -> None:
        """A new session begins: there are no items. Whether the application reports is remembered."""
        self._items.clear()
        self._open.clear()
        self._idle_at, self._last = float("-inf"), None

    def reset(self) -> None:
        """Go back to how a new tracker is, by wall time."""
        self.clear()
        self._reports = False

    def _heard(self, item: _ItemClock) -> int:
        return min(item.reported if self._reports else item.by_wall_time(self._clock()), item.received)
