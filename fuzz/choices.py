"""Reads bytes as decisions, so that any input is a sequence of sensible steps."""

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Choices"]

T = TypeVar("T")


class Choices:
    """Decisions out of bytes, one byte each; when they are used up, every decision is the first one.

    Args:
        data: The input.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return len(self._data) - self._at

    def number(self, bound: int) -> int:
        """A number from 0 to below `bound`, which is at most 256."""
        if self._at >= len(self._data):
            return 0
        self._at += 1
        return self._data[self._at - 1] % bound

    def pick(self, options: Sequence[T]) -> T:
        """One of at most 256 options."""
        return options[self.number(len(options))]

    def rest(self) -> bytes:
        """All bytes that are left."""
        found = self._data[self._at :]
        self._at = len(self._data)
        return found
