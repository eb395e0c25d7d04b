"""The contract as an AsyncAPI 3.0 document: `schema/<protocol>.asyncapi.yaml`.

It is told from the application's side: `send` is what an application sends, `receive` what it gets. Payloads are the
corrected schemas, so the document says of nulls, bounds and open enums what the generated models accept.
"""

from typing import cast
from urllib.parse import urlsplit

import yaml

from .events import Event
from .published import REFERENCE, Published, ref_name
from .source import CodegenError, JsonObject

__all__ = ["asyncapi_document", "render_asyncapi"]

_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_ROLES = {"client": "An application sends", "server": "The service sends"}


def _schema(node: object) -> object:
    """A prepared schema in the words of AsyncAPI's schema objects, which are those of JSON Schema draft 7."""
    if isinstance(node, list):
        return [_schema(item) for item in cast("list[object]", node)]
    if not isinstance(node, dict):
        return node
    mapping = cast("JsonObject", node)
    name = ref_name(mapping)
    if name is not None:
        return {"$ref": _SCHEMAS + name}
    result: JsonObject = {}
    for key, value in mapping.items():
        if key == "discriminator":
            # AsyncAPI's own `discriminator` wants schema names as values; the tags here are constants of the wire.
            tag = cast("JsonObject", value)
            values = cast("dict[str, str]", tag["mapping"])
            result["x-discriminator"] = {
                "propertyName": tag["propertyName"],
                "mapping": {name: target.replace(REFERENCE, _SCHEMAS) for name, target in values.items()},
            }
        elif key == "properties":
            result[key] = {name: _schema(field) for name, field in cast("JsonObject", value).items()}
        else:
            result[key] = _schema(value)
    if "const" in result and "type" not in result:
        result["type"] = "string"
    return result


def _described(schema: JsonObject, description: str) -> JsonObject:
    # A reference has no room for a description of its own.
    return {"description": description, **({"allOf": [schema]} if "$ref" in schema else schema)}


def _component(published: Published, name: str) -> JsonObject:
    schema = cast("JsonObject", _schema(published.schemas[name]))
    docs = published.docs.of(name)
    if "properties" in schema:
        fields = cast("dict[str, JsonObject]", schema["properties"])
        schema["properties"] = {field: _described(node, docs.fields[field]) for field, node in fields.items()}
    return {"title": name, **_described(schema, docs.description)}


def _server(name: str, entry: JsonObject) -> JsonObject:
    url = urlsplit(str(entry.get("url", "")))
    if url.scheme not in ("ws", "wss") or not url.netloc:
        raise CodegenError(f"protocol.yaml: published.servers.{name}: `url` must be a ws:// or wss:// URL")
    server: JsonObject = {"host": url.netloc, "pathname": url.path, "protocol": url.scheme}
    if "description" in entry:
        server["description"] = entry["description"]
    server["security"] = [{"$ref": "#/components/securitySchemes/bearer"}]
    return server


def _message(published: Published, event: Event) -> JsonObject:
    description = published.docs.of(event.class_name).description
    return {
        "name": event.wire,
        "title": event.class_name,
        "summary": description,
        "contentType": "application/json",
        "payload": {"$ref": _SCHEMAS + event.class_name},
    }


def _operation(published: Published, side: str) -> JsonObject:
    return {
        "action": "send" if side == "client" else "receive",
        "channel": {"$ref": "#/channels/session"},
        "summary": f"{_ROLES[side]} these events, each as one JSON text frame.",
        "messages": [{"$ref": f"#/channels/session/messages/{e.class_name}"} for e in published.side(side)],
    }


def asyncapi_document(published: Published) -> JsonObject:
    """Make the AsyncAPI document of a protocol.

    Raises:
        CodegenError: A server in `protocol.yaml` has no WebSocket URL.
    """
    protocol = published.protocol
    messages = sorted(published.events, key=lambda event: event.class_name)
    channel: JsonObject = {
        "title": "One session",
        "description": "One WebSocket connection; the events of both sides travel on it.",
        "messages": {event.class_name: {"$ref": _MESSAGES + event.class_name} for event in messages},
    }
    document: JsonObject = {
        "asyncapi": "3.0.0",
        "info": {
            "title": published.title,
            # The contract has no number of its own; its hash says whether two are the same.
            "version": protocol.digest[:12],
            "description": (
                f"The events of the protocol `{protocol.name}`, from the application's side. "
                f"Source: {protocol.facts.source}; corrected by overlay.yaml, described by docs.yaml."
            ),
        },
        "defaultContentType": "application/json",
    }
    if published.servers:
        document["servers"] = {name: _server(name, entry) for name, entry in published.servers.items()}
        channel["servers"] = [{"$ref": f"#/servers/{name}"} for name in published.servers]
        queries = [cast("JsonObject", entry.get("query", {})) for entry in published.servers.values()]
        described = {name: text for query in reversed(queries) for name, text in query.items()}
        if described:
            properties = {name: {"type": "string", "description": described[name]} for name in sorted(described)}
            channel["bindings"] = {"ws": {"query": {"type": "object", "properties": properties}}}
    document["channels"] = {"session": channel}
    # A protocol may be read only: an operation without messages would stand for all of the channel's.
    sides = [("sendEvents", "client"), ("receiveEvents", "server")]
    document["operations"] = {name: _operation(published, side) for name, side in sides if published.side(side)}
    components: JsonObject = {
        "messages": {event.class_name: _message(published, event) for event in messages},
        "schemas": {name: _component(published, name) for name in sorted(published.schemas)},
    }
    if published.servers:
        components["securitySchemes"] = {
            "bearer": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API key or a client secret.",
            }
        }
    document["components"] = components
    return document


class _Dumper(yaml.SafeDumper):
    """Writes every value in full: anchors would be valid, and hard to read."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def render_asyncapi(published: Published) -> str:
    """Write the AsyncAPI document of a protocol; the same protocol gives the same bytes.

    Raises:
        CodegenError: See `asyncapi_document`.
    """
    protocol = published.protocol
    header = (
        f"# Generated from schema/{protocol.name}/ ({', '.join(protocol.files)}), sha256 {protocol.digest}\n"
        f"# by `python -m codegen generate {protocol.name}`. Do not edit.\n"
    )
    text = yaml.dump(
        asyncapi_document(published), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120, indent=2
    )
    return header + text
