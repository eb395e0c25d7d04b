"""One event on its way to the service, and what is known of the answer to it. Pure."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from ._generated.realtime.registry import ServerEvent
from ._wire import wire_fields

__all__ = ["RESPONSE_TAG", "Request", "entries", "own_metadata", "text"]

RESPONSE_TAG: Final = "realtime_typed_request"
"""The key in a response's metadata that tells whose it is; its value is the `event_id` of the `response.create`."""


def text(value: object) -> str | None:
    """The value if it is a text that says something."""
    return value if isinstance(value, str) and value else None


def own_metadata(metadata: object) -> dict[str, str]:
    """A response's metadata without `RESPONSE_TAG`: what the application gave it; a copy."""
    return {name: str(value) for name, value in entries(metadata).items() if name != RESPONSE_TAG}


def entries(value: object) -> Mapping[str, object]:
    """The entries of an object, whatever holds them; empty for what is none."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else wire_fields(value)


@dataclass(eq=False, slots=True)
class Request:
    """One event on its way, and what is known of its answer.

    Attributes:
        event: The event as it has to be sent.
        future: Gets the answer or a `ServerError`; `None` when nobody waits.
        number: Its place in the order of all.
        item_id: The item that the answer has to be about, if the event names one.
        item_kind: Type and role of the item that the event creates.
        response_id: The response that the event cancels.
        tag: Its value of `RESPONSE_TAG`.
        forgotten_at: The time from which on it keeps its place no longer; `None` while somebody waits.
        abandoned: Whether somebody waited for its answer, and does not any more.
        limit: How long whoever waits does so; it stands still while a lost connection is made anew.
        remaining: How many seconds are left of it then; `None` without a limit.
        posted: What was queued, as it was given; the event itself by default.
    """

    event: Mapping[str, object]
    future: "asyncio.Future[ServerEvent] | None"
    number: int
    item_id: str | None = None
    item_kind: tuple[object, object] = (None, None)
    response_id: str | None = None
    tag: str | None = None
    forgotten_at: float | None = None
    abandoned: bool = False
    limit: "asyncio.Timeout | None" = None
    remaining: float | None = None
    posted: object = None
    kind: str = field(init=False)
    event_id: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.kind = str(self.event.get("type"))
        self.event_id = text(self.event.get("event_id"))
        if self.posted is None:
            self.posted = self.event

    def pause(self) -> None:
        """Let whoever waits do so for longer: there is no connection."""
        if self.limit is not None and self.future is not None and not self.future.done():
            when = self.limit.when()
            self.remaining = None if when is None else when - asyncio.get_running_loop().time()
            self.limit.reschedule(None)

    def go_on(self, seconds: float) -> None:
        """It is sent again: whoever waits has as long as was left; without anybody it keeps its place for `seconds`."""
        now = asyncio.get_running_loop().time()
        if self.forgotten_at is not None:
            self.forgotten_at = now + seconds
        if self.limit is not None and self.remaining is not None and self.future is not None and not self.future.done():
            self.limit.reschedule(now + self.remaining)

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits."""
        if self.future is not None and not self.future.done():
            self.future.set_exception(error)

    def answer(self, event: ServerEvent) -> None:
        """Give whoever waits the answer."""
        if self.future is not None and not self.future.done():
            self.future.set_result(event)
