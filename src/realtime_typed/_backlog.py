"""Events that wait for whoever takes them, within a bound: the handlers of a source, or the consumer of a stream.

At the bound events are left out, and counted. First those that only make something grow (deltas), the oldest first: the
conversation has taken them in before anybody hears of them. If that is not enough, the oldest of the others. An eighth
of the room is made free at once, so that a flood does not search the queue at every event.
"""

import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Final, Generic, TypeVar, cast

__all__ = ["Backlog", "QueueBound", "event_bytes", "is_growth"]

T = TypeVar("T")

_BASE: Final = 300
_EACH: Final = 50
_OWN: Final = frozenset({"events.dropped"})


class QueueBound:
    """How much may wait in each queue of a source, and who is told what was left out.

    Args:
        max_events: The most events that wait in one queue.
        max_bytes: The most bytes that they hold.
        tell: Is told what was left out of a queue since it had room last, by the events' names, whose queue it is
            (`""` for the handlers', otherwise the stream's name) and whether there is room again.

    Attributes:
        dropped: What was left out of all queues in all, by the events' names.
        streams_dropped: The same, of streams alone.
    """

    __slots__ = ("_tell", "dropped", "max_bytes", "max_events", "streams_dropped")

    def __init__(
        self, max_events: int, max_bytes: int, tell: Callable[[Mapping[str, int], str, bool], None] | None = None
    ) -> None:
        self.max_events: int = max_events
        self.max_bytes: int = max_bytes
        self._tell = tell
        self.dropped: Counter[str] = Counter()
        self.streams_dropped: Counter[str] = Counter()

    def unlimited(self) -> "QueueBound":
        """One that counts and tells as this one does, for queues that bound themselves."""
        bound = QueueBound(sys.maxsize, sys.maxsize, self._tell)
        bound.dropped, bound.streams_dropped = self.dropped, self.streams_dropped
        return bound

    def note(self, dropped: Mapping[str, int], whose: str) -> None:
        """Count what was left out."""
        self.dropped.update(dropped)
        if whose:
            self.streams_dropped.update(dropped)

    def tell(self, dropped: Mapping[str, int], whose: str, *, ended: bool) -> None:
        """Say what was left out."""
        if self._tell is not None:
            self._tell(dict(dropped), whose, ended)


class Backlog(Generic[T]):
    """Entries that wait, oldest first.

    Args:
        bound: How many may wait.
        event_of: The event of an entry.
        whose: The name of the stream; empty for handlers.

    Attributes:
        dropped: How many events were left out.
    """

    __slots__ = ("_bound", "_bytes", "_entries", "_episode", "_event_of", "_sizes", "_whose", "dropped")

    def __init__(
        self, bound: QueueBound, event_of: Callable[[T], object], whose: str = "", entries: Iterable[T] = ()
    ) -> None:
        self._bound = bound
        self._event_of = event_of
        self._whose = whose
        self._entries: deque[T] = deque(entries)
        # The bytes of the newest entries; those before them are not measured.
        self._sizes: deque[int] = deque()
        self._bytes = 0
        self._episode: Counter[str] | None = None
        self.dropped: int = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def oldest(self) -> T | None:
        """The entry that has waited longest."""
        return self._entries[0] if self._entries else None

    def append(self, entry: T) -> None:
        """Add an entry, and leave others out if there are too many now."""
        entries, bound = self._entries, self._bound
        entries.append(entry)
        count = len(entries)
        # One that waits alone is not measured: nearly always it is taken at once.
        if count > 1:
            size = event_bytes(self._event_of(entry))
            self._sizes.append(size)
            self._bytes += size
            if count > bound.max_events or self._bytes > bound.max_bytes:
                self._make_room()

    def append_first(self, entry: T) -> None:
        """Add an entry that is taken before all others."""
        self._entries.appendleft(entry)

    def popleft(self) -> T:
        """Take the oldest entry."""
        entry = self._entries.popleft()
        if len(self._sizes) > len(self._entries):
            self._bytes -= self._sizes.popleft()
        if not self._entries and self._episode is not None:
            self._end_episode()
        return entry

    def drop_oldest(self) -> T:
        """Leave the oldest entry out, for a reason of the caller's, and return it."""
        entry = self._entries[0]
        self._drop(Counter([_name(self._event_of(entry))]))
        self._entries.popleft()
        if len(self._sizes) > len(self._entries):
            self._bytes -= self._sizes.popleft()
        return entry

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
        self._sizes.clear()
        self._bytes = 0
        if self._episode is not None:
            self._end_episode()

    def _end_episode(self) -> None:
        dropped, self._episode = self._episode, None
        self._bound.tell(dropped or {}, self._whose, ended=True)

    def _make_room(self) -> None:
        bound = self._bound
        unmeasured = len(self._entries) - len(self._sizes)
        sizes = [*(event_bytes(self._event_of(entry)) for entry in islice(self._entries, unmeasured)), *self._sizes]
        entries = list(zip(self._entries, sizes, strict=True))
        if sizes[-1] > bound.max_bytes:
            # All others would have to go for it, and it would not fit even so.
            names = Counter([_name(self._event_of(entries.pop()[0]))])
        else:
            entries, names = self._without_oldest(entries)
        self._entries.clear()
        self._entries.extend(entry for entry, _ in entries)
        self._sizes.clear()
        self._sizes.extend(size for _, size in entries)
        self._bytes = sum(self._sizes)
        self._drop(names)

    def _drop(self, names: Counter[str]) -> None:
        self.dropped += names.total()
        self._bound.note(names, self._whose)
        if self._episode is None:
            self._episode = names
            self._bound.tell(names, self._whose, ended=False)
        else:
            self._episode.update(names)

    def _without_oldest(self, entries: list[tuple[T, int]]) -> tuple[list[tuple[T, int]], Counter[str]]:
        """Leave out what has to go; return what stays, and the names of what does not."""
        excess = len(entries) - self._bound.max_events * 7 // 8
        surplus = sum(size for _, size in entries) - self._bound.max_bytes * 7 // 8
        names: Counter[str] = Counter()
        for growth in (True, False):
            kept: list[tuple[T, int]] = []
            for entry, size in entries:
                event = self._event_of(entry)
                name = _name(event)
                if (excess > 0 or surplus > 0) and name not in _OWN and (not growth or is_growth(event)):
                    names[name] += 1
                    excess -= 1
                    surplus -= size
                else:
                    kept.append((entry, size))
            entries = kept
        return entries, names


def _name(event: object) -> str:
    return str(getattr(event, "type", None) or type(event).__name__)


def is_growth(event: object) -> bool:
    """Whether an event only says that something has become longer."""
    inner = getattr(event, "event", None)
    if inner is not None and _name(event) == "realtime.event":
        event = inner
    return _name(event).endswith(".delta") or getattr(event, "delta", None) is not None


def event_bytes(event: object) -> int:
    """About how many bytes of memory an event holds that nothing else does: its texts and its audio.

    The items of a conversation, which its own events refer to, are not counted: they are there anyway.
    """
    inner = getattr(event, "event", None)
    if inner is not None:
        event = inner
    if hasattr(event, "__dict__"):
        return _BASE + _bytes_of([event])
    raw = getattr(event, "raw", None)
    if raw is not None:
        return _BASE + _bytes_of([raw])
    delta = getattr(event, "delta", None)
    parts = [getattr(delta, name, None) for name in ("text", "transcript", "audio", "arguments")]
    return _BASE + _bytes_of([*parts, getattr(event, "samples", None)])


def _bytes_of(values: list[object]) -> int:
    """The bytes of texts, arrays and what holds them. The list grows while it is read, so that nothing recurs."""
    total = 0
    for value in values:
        if isinstance(value, (str, bytes)):
            total += len(value)
        elif value is None or isinstance(value, (int, float)):
            continue
        elif isinstance(value, dict):
            values.extend(cast("dict[str, object]", value).values())
        elif isinstance(value, list):
            values.extend(cast("list[object]", value))
        elif hasattr(value, "__dict__"):
            values.extend(value.__dict__.values())
            # What the schema does not know of.
            values.append(getattr(value, "__pydantic_extra__", None))
        else:
            total += int(getattr(value, "nbytes", 0))
    return total + _EACH * len(values)
