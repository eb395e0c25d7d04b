"""What is published of a protocol beside the package: its AsyncAPI document and its reference page.

Both are written from one `Published`: the events, the corrected schemas under their class names, and the descriptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from .docs import Docs, load_docs
from .events import Event, event_table
from .models import contract_document
from .overlay import apply_overlay
from .source import JsonObject, Protocol, as_object

__all__ = ["REFERENCE", "Published", "load_published", "ref_name"]

REFERENCE = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Published:
    """One protocol as its readers see it.

    Attributes:
        protocol: What it was read from.
        title: What people call it.
        events: Every event, client events first, each side by wire name.
        schemas: Class name to corrected schema, by name; a reference is `{"$ref": "#/$defs/NAME"}`.
        docs: The descriptions.
        servers: Server name to its entry in `protocol.yaml`; empty when the file names none.
    """

    protocol: Protocol
    title: str
    events: Sequence[Event]
    schemas: Mapping[str, JsonObject]
    docs: Docs
    servers: Mapping[str, JsonObject]

    def side(self, side: str) -> list[Event]:
        """The events that `side` sends, by wire name."""
        return [event for event in self.events if event.side == side]

    def objects(self) -> list[str]:
        """The names of the schemas that are no event."""
        events = {event.class_name for event in self.events}
        return [name for name in self.schemas if name not in events]


def ref_name(node: JsonObject) -> str | None:
    """The class that a reference names; `None` for anything else."""
    ref = node.get("$ref")
    return str(ref).removeprefix(REFERENCE) if ref is not None else None


def load_published(protocol: Protocol) -> Published:
    """Prepare what is published of `protocol`.

    Raises:
        CodegenError: The contract contradicts itself.
    """
    contract = apply_overlay(protocol.facts, protocol.overlay, protocol.inherited_overlay)
    events = event_table(contract)
    document = contract_document(contract, events)
    schemas = {name: as_object(node, name) for name, node in as_object(document["$defs"], "$defs").items()}
    fields = {name: list(cast("JsonObject", schema.get("properties", {}))) for name, schema in schemas.items()}
    settings = as_object(protocol.settings.get("published", {}), "protocol.yaml: published")
    servers = as_object(settings.get("servers", {}), "protocol.yaml: published.servers")
    return Published(
        protocol=protocol,
        title=str(settings.get("title", f"The protocol {protocol.name}")),
        events=events,
        schemas=schemas,
        docs=load_docs(protocol.docs, fields, complete=False, inherited=protocol.inherited_docs),
        servers={name: as_object(server, f"protocol.yaml: {name}") for name, server in servers.items()},
    )
