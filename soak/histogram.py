"""Durations in bins of a fixed number, so that measuring for hours takes no more memory than measuring once."""

from array import array
from collections.abc import Mapping
from typing import Final

__all__ = ["Histogram"]

_SUB_BITS: Final = 6
_SUB: Final = 1 << _SUB_BITS
_OCTAVES: Final = 28


class Histogram:
    """Counts of durations in whole microseconds, exact below 64 µs and to 1.6 % above, as HdrHistogram does it.

    Args:
        bins: What `bins` of another histogram gave. Default nothing.
    """

    def __init__(self, bins: Mapping[str, int] | None = None) -> None:
        self._counts = array("q", bytes(8 * _SUB * _OCTAVES))
        for index, count in (bins or {}).items():
            self._counts[int(index)] = count

    def record(self, microseconds: int) -> None:
        """Count a duration; a negative one counts as 0, one of more than a day as the longest."""
        if microseconds < _SUB:
            self._counts[max(0, microseconds)] += 1
            return
        octave = microseconds.bit_length() - _SUB_BITS
        # The topmost bit is always set, so that half of the bins of each octave are enough; they stay unused.
        index = (octave << _SUB_BITS) + (microseconds >> octave)
        self._counts[min(index, len(self._counts) - 1)] += 1

    def add(self, other: "Histogram") -> None:
        """Count what another one has counted."""
        for index, count in other.bins().items():
            self._counts[int(index)] += count

    @property
    def total(self) -> int:
        """How many durations were counted."""
        return sum(self._counts)

    def quantile(self, fraction: float) -> float:
        """The duration that this fraction of all does not exceed, in microseconds: the middle of its bin; 0 of none."""
        wanted, seen = fraction * self.total, 0
        for index, count in enumerate(self._counts):
            seen += count
            if count and seen >= wanted:
                octave, sub = index >> _SUB_BITS, index & (_SUB - 1)
                if octave == 0:
                    return float(sub)
                return float((sub << octave) + (1 << octave) / 2)
        return 0.0

    def bins(self) -> dict[str, int]:
        """The bins that are not empty, by their number: for JSON, and for `Histogram(bins)`."""
        return {str(index): count for index, count in enumerate(self._counts) if count}

    def clear(self) -> None:
        """Begin again with nothing."""
        self._counts = array("q", bytes(8 * len(self._counts)))
