"""The policies of flow control: what waits, how much of it, and what happens when there is no more room.

Described as a whole in docs/flow-control.md. This module holds the settings alone; it imports nothing of the package.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

__all__ = ["SendOverflow", "SendQueue"]

SendOverflow: TypeAlias = Literal["drop_oldest_audio", "raise"]
"""What happens to an event that finds the queue full; see `SendQueue`."""

_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SendQueue:
    """How much may wait to be sent: while the line takes nothing, and while a lost connection is made anew.

    An event that finds nothing waiting on an open connection is sent whatever its size, so an image may be larger than
    the bound.

    Attributes:
        max_bytes: The most bytes of events that wait. Default 8 MiB: about two minutes of speech at 24,000 Hz. The
            buffers of the operating system and of the WebSocket come on top.
        overflow: What happens at the bound. `"drop_oldest_audio"` (default) drops the oldest
            `input_audio_buffer.append` that wait, and tells so by `input_audio.dropped`; an event that finds no room
            even so raises `SendQueueFullError`. `"raise"` drops nothing, and raises it at once.
    """

    max_bytes: int = 8 * _MIB
    overflow: SendOverflow = "drop_oldest_audio"

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            TypeError: A field has the wrong type.
            ValueError: A field has a value out of its range.
        """
        _check_count("max_bytes", self.max_bytes, "bytes")
        _check_choice("overflow", self.overflow, get_args(SendOverflow))


def _check_count(name: str, value: object, unit: str) -> None:
    cure = f"use a whole number of {unit}, 1 or more"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: {value!r} is no whole number; {cure}")
    if value < 1:
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")


def _check_choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}: {value!r} is unknown; use {' or '.join(map(repr, choices))}")
