"""What is known of a connection that was lost, until another one is there. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ._item_content import as_text
from ._request import RESPONSE_TAG, Request, entries
from ._response_log import ResponseLog
from ._wire import to_plain, wire_fields
from .errors import ConnectionClosed, ServerError
from .utility_events import LostPiece

__all__ = ["Again", "Outage", "ResponseItems", "asked_again"]

_MAX_RESPONSES: Final = 64


@dataclass(eq=False, slots=True)
class Again:
    """A response that was cut off, and is asked for again.

    Attributes:
        response_id: Its id; empty when the service had not begun it.
        event: What asked for it.
        log: What it has brought, if somebody holds it.
        request: The request that asks again, once it was sent.
    """

    response_id: str
    event: Mapping[str, object]
    log: ResponseLog | None = None
    request: Request | None = None


@dataclass(eq=False, slots=True)
class Outage:
    """One loss, and what has come of it so far.

    Attributes:
        closed: How the connection ended.
        since: When.
        planned: Whether the client itself has ended it, to move to a new session.
        attempts: How many connects were tried.
        carried: The requests that were sent and not answered, in order, but those that were sent again already.
        lost: What is known to be lost.
        renewed: Whether another key was tried after the service had refused one.
    """

    closed: ConnectionClosed
    since: float
    planned: bool = False
    attempts: int = 0
    carried: list[Request] = field(default_factory=list[Request])
    lost: list[LostPiece] = field(default_factory=list[LostPiece])
    renewed: bool = False

    def lose(self, piece: LostPiece) -> None:
        """Note a loss, once."""
        if piece not in self.lost:
            self.lost.append(piece)

    def fail(self, request: Request) -> None:
        """Tell whoever waits for a request that it ended with the connection."""
        request.fail(ConnectionClosed(self.closed.code, self.closed.reason, clean=self.closed.clean))
        self.lose(LostPiece("request", request.event_id or "", f"{request.kind} was not answered"))

    def end_cancel(self, request: Request) -> None:
        """The response that was to be cancelled is gone: as good as cancelled."""
        message = "the connection was lost, and the response with it"
        request.fail(ServerError(message, code="response_cancel_not_active"))


class ResponseItems:
    """Which items the responses under way have brought, whole or not."""

    def __init__(self) -> None:
        self._ids: dict[str, dict[str, None]] = {}

    def apply(self, event_type: str, fields: Mapping[str, object]) -> None:
        """Take note of an event of the service that is no delta."""
        if event_type in ("response.output_item.added", "response.output_item.done"):
            response_id, item = as_text(fields.get("response_id")), wire_fields(fields.get("item"))
            self._ids.setdefault(response_id, {})[as_text(item.get("id"))] = None
            if len(self._ids) > _MAX_RESPONSES:
                del self._ids[next(iter(self._ids))]
        elif event_type == "response.done":
            self._ids.pop(as_text(wire_fields(fields.get("response")).get("id")), None)

    def of(self, response_id: str) -> list[str]:
        """The ids of the items of a response that is not done."""
        return list(self._ids.get(response_id, ()))

    def clear(self) -> None:
        """Forget all."""
        self._ids.clear()


def asked_again(event: Mapping[str, object] | None) -> dict[str, object]:
    """What asks again for the response that `event` asked for; `None` for one that turn detection made."""
    response = {} if event is None else dict(entries(to_plain(event.get("response") or {})))
    metadata = {name: value for name, value in entries(response.get("metadata")).items() if name != RESPONSE_TAG}
    response.pop("metadata", None)
    if metadata:
        response["metadata"] = metadata
    return {"type": "response.create", "response": response} if response else {"type": "response.create"}
