"""The policies of flow control: what waits, how much of it, and what happens when there is no more room.

Described as a whole in docs/flow-control.md. This module holds the settings alone; it imports nothing of the package.
"""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, get_args

__all__ = ["HandlerOrder", "HandlerPolicy", "SendOverflow", "SendQueue"]

SendOverflow: TypeAlias = Literal["drop_oldest_audio", "raise"]
"""What happens to an event that finds the queue full; see `SendQueue`."""

HandlerOrder: TypeAlias = Literal["serial", "concurrent"]
"""How many handlers run at a time; see `HandlerPolicy`."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerPolicy:
    """How handlers run, and how many events may wait for them or for the consumer of a stream.

    A slow async handler delays handlers and nothing else: the connection is read all the same. So what waits has a
    bound. Beyond it events are left out: first those that only make something grow (the deltas, and
    `conversation.updated` with a delta), the oldest first, then the oldest of the others. The conversation has taken
    each in before, so no state is lost by it. What was left out is told by `events.dropped` and counted in
    `RealtimeClient.stats`.

    A sync handler runs within the event loop, so that nothing else happens until it returns.

    Attributes:
        order: `"serial"` (default): one handler at a time, in the order of events, then of registration.
            `"concurrent"`: up to `limit` async handlers at a time; they begin in that order, and end as they may.
        limit: How many async handlers run at a time when they are concurrent. Default 16.
        max_events: The most events that wait for handlers, and the most that wait in each stream. Default 10,000.
        max_bytes: The most bytes of text and audio that they hold. Default 32 MiB: some eight minutes of speech.
    """

    order: HandlerOrder = "serial"
    limit: int = 16
    max_events: int = 10_000
    max_bytes: int = 32 * _MIB

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            TypeError: A field has the wrong type.
            ValueError: A field has a value out of its range.
        """
        _check_choice("order", self.order, get_args(HandlerOrder))
        _check_count("limit", self.limit, "handlers")
        _check_count("max_events", self.max_events, "events")
        _check_count("max_bytes", self.max_bytes, "bytes")

    @property
    def at_once(self) -> int:
        """How many async handlers run at a time."""
        return self.limit if self.order == "concurrent" else 1


def _check_count(name: str, value: object, unit: str) -> None:
    cure = f"use a whole number of {unit}, 1 or more"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: {value!r} is no whole number; {cure}")
    if value < 1:
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")


def _check_choice(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name}: {value!r} is unknown; use {' or '.join(map(repr, choices))}")
