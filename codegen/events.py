"""The events of a protocol as a table: wire name, class name, side, and the namespaced send method of client events."""

from dataclasses import dataclass
from typing import Literal

from .overlay import Contract
from .source import CodegenError

__all__ = ["Event", "class_name", "event_table"]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a protocol.

    Attributes:
        wire: Its `type`, for instance `response.output_audio.delta`.
        schema: The name of its schema.
        class_name: The name of its class, made from the wire name.
        side: Who sends it.
    """

    wire: str
    schema: str
    class_name: str
    side: Literal["client", "server"]

    @property
    def namespace(self) -> tuple[str, ...]:
        """The path of the send method: `("conversation", "item")` for `conversation.item.create`."""
        return tuple(self.wire.split(".")[:-1])

    @property
    def verb(self) -> str:
        """The last part of the wire name, which is the send method's name."""
        return self.wire.rsplit(".", 1)[-1]


def class_name(wire: str) -> str:
    """Make a class name of a wire name: `response.output_audio.delta` becomes `ResponseOutputAudioDelta`.

    Raises:
        CodegenError: The wire name has characters other than lower-case letters, digits, `_` and `.`.
    """
    parts = wire.replace(".", "_").split("_")
    if not all(part.isascii() and part.isalnum() and part == part.lower() for part in parts):
        raise CodegenError(f"the event {wire!r} cannot be turned into a class name; name its schema in the overlay")
    return "".join(part.capitalize() for part in parts)


def event_table(contract: Contract) -> list[Event]:
    """List the events, client events first, each side by wire name.

    Raises:
        CodegenError: Two events get the same class name.
    """
    sides: list[tuple[Literal["client", "server"], dict[str, str]]] = [
        ("client", dict(contract.client_events)),
        ("server", dict(contract.server_events)),
    ]
    events = [
        Event(wire, schema, contract.names.get(f"/schemas/{schema}") or class_name(wire), side)
        for side, table in sides
        for wire, schema in sorted(table.items())
    ]
    seen: dict[str, str] = {}
    for event in events:
        if event.class_name in seen:
            other = seen[event.class_name]
            raise CodegenError(
                f"{event.wire!r} and {other!r} would both be {event.class_name}; name one in the overlay"
            )
        seen[event.class_name] = event.wire
    return events
