"""How much audio a conversation keeps, and an exact account of what it dropped. Pure.

The audio of all items counts together, in the order in which it came: what is oldest goes first, sample by sample.
"""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from ._formatted import Formatted
    from .audio import Int16Array

__all__ = ["AudioDropped", "AudioLedger", "AudioRetention", "DroppedAudio"]

AudioRetention: TypeAlias = Literal["all", "none"] | float
"""How much audio is kept: `"all"`, `"none"`, or that of the last so many seconds."""

# All rates of the protocol divide it, so that seconds of different rates add up without rounding.
_TICKS: Final = 24_000


@dataclass(frozen=True, slots=True)
class DroppedAudio:
    """Audio that came and is not kept.

    Attributes:
        samples: How many samples.
        milliseconds: How long it lasted.
    """

    samples: int
    milliseconds: float


@dataclass(frozen=True, slots=True)
class AudioDropped:
    """What a conversation has not kept of its audio, under its retention.

    Attributes:
        samples: How many samples, of all items, those deleted since included.
        milliseconds: How long they lasted.
        items: The same by item id, for the items that exist and lost some.
    """

    samples: int
    milliseconds: float
    items: Mapping[str, DroppedAudio]


@dataclass(slots=True)
class _Entry:
    item_id: str
    formatted: "Formatted"
    samples: int
    ticks: int


class AudioLedger:
    """Knows the age of all audio that is kept, and drops the oldest.

    Args:
        retention: How much is kept.

    Raises:
        ValueError: `retention` is a text other than `"all"` and `"none"`, or not a positive number of seconds.
    """

    def __init__(self, retention: AudioRetention) -> None:
        self.retention: AudioRetention = retention
        self._limit = _limit(retention)
        self._kept: deque[_Entry] = deque()
        self._ticks = 0
        self._lost: dict[str, tuple[int, int]] = {}
        self._samples_lost = 0
        self._ticks_lost = 0

    @property
    def bounded(self) -> bool:
        """Whether anything is ever dropped."""
        return self._limit is not None

    @property
    def seconds(self) -> float | None:
        """How much is kept at most, in seconds; `None` for all."""
        return None if self._limit is None else self._limit / _TICKS

    def limit_at(self, rate: int) -> int | None:
        """How many samples of this rate are kept at most; `None` for all."""
        return None if self._limit is None else self._limit * rate // _TICKS

    @property
    def dropped(self) -> AudioDropped:
        """The account so far; costs time in proportion to the items that lost audio."""
        items = {item_id: DroppedAudio(samples, _ms(ticks)) for item_id, (samples, ticks) in self._lost.items()}
        return AudioDropped(self._samples_lost, _ms(self._ticks_lost), MappingProxyType(items))

    def append(self, item_id: str, formatted: "Formatted", samples: "Int16Array", rate: int) -> None:
        """Add samples at the end of an item's audio, as far as any are kept; arguments as for `add`."""
        if self._limit == 0:
            formatted.pass_audio(len(samples))
            self.note_dropped(item_id, len(samples), rate)
        else:
            formatted.append_audio(samples)
            self.add(item_id, formatted, len(samples), rate)

    def add(self, item_id: str, formatted: "Formatted", samples: int, rate: int) -> None:
        """Note audio that was added at the end of an item, and drop what is too old now.

        Args:
            item_id: The item.
            formatted: Its readable form, which holds the audio.
            samples: How many samples.
            rate: Samples a second: a divisor of 24,000.
        """
        if self._limit is None or not samples:
            return
        ticks = _TICKS // rate
        last = self._kept[-1] if self._kept else None
        if last is not None and last.formatted is formatted and last.ticks == ticks:
            last.samples += samples
        else:
            self._kept.append(_Entry(item_id, formatted, samples, ticks))
        self._ticks += samples * ticks
        while self._ticks > self._limit:
            entry = self._kept[0]
            surplus = min(entry.samples, -((self._limit - self._ticks) // entry.ticks))
            entry.formatted.drop_audio(surplus)
            entry.samples -= surplus
            self._ticks -= surplus * entry.ticks
            self.note_dropped(entry.item_id, surplus, _TICKS // entry.ticks)
            if not entry.samples:
                self._kept.popleft()

    def replace(self, item_id: str, formatted: "Formatted", rate: int) -> None:
        """Note that an item's audio is another now: it counts as new, and what the item lost before as never been."""
        if self._limit is None:
            return
        self.remove(formatted)
        samples, ticks = self._lost.pop(item_id, (0, 0))
        self._samples_lost -= samples
        self._ticks_lost -= ticks
        self.note_dropped(item_id, formatted.audio_dropped, rate)
        self.add(item_id, formatted, formatted.audio_samples, rate)

    def cut(self, formatted: "Formatted") -> None:
        """Note that an item has lost audio at its end; its age stays."""
        surplus = sum(entry.samples for entry in self._kept if entry.formatted is formatted) - formatted.audio_samples
        for entry in reversed(self._kept):
            if surplus <= 0:
                return
            if entry.formatted is formatted:
                taken = min(surplus, entry.samples)
                entry.samples -= taken
                self._ticks -= taken * entry.ticks
                surplus -= taken

    def remove(self, formatted: "Formatted") -> None:
        """Note that an item, or its audio, is gone; that is no drop."""
        gone = [entry for entry in self._kept if entry.formatted is formatted]
        if gone:
            self._ticks -= sum(entry.samples * entry.ticks for entry in gone)
            self._kept = deque(entry for entry in self._kept if entry.formatted is not formatted)

    def forget(self, item_id: str) -> None:
        """Leave an item that is gone out of the account by item; the total stays."""
        self._lost.pop(item_id, None)

    def note_dropped(self, item_id: str, samples: int, rate: int) -> None:
        """Count audio that was dropped; without an id, in the total alone."""
        ticks = samples * (_TICKS // rate)
        self._samples_lost += samples
        self._ticks_lost += ticks
        if item_id and samples:
            before = self._lost.get(item_id, (0, 0))
            self._lost[item_id] = before[0] + samples, before[1] + ticks

    def newest(self, samples: "Int16Array", rate: int) -> "Int16Array":
        """The end of some audio that does not belong to an item yet, as much of it as is ever kept."""
        limit = self.limit_at(rate)
        if limit is None or len(samples) <= limit:
            return samples
        return samples[len(samples) - limit :].copy()


def _limit(retention: object) -> int | None:
    if retention == "all":
        return None
    if retention == "none":
        return 0
    # Whoever checks no types may give any text.
    if not isinstance(retention, (int, float)) or not 0 < retention < math.inf:
        raise ValueError(f"audio_retention must be 'all', 'none' or a positive number of seconds, got {retention!r}")
    return round(retention * _TICKS)


def _ms(ticks: int) -> float:
    return ticks * 1000 / _TICKS
