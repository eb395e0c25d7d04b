"""Writes a protocol's facts as an OpenAPI document, as OpenAI publishes them, for tests that need one to change."""

from typing import cast

from codegen.source import Facts

__all__ = ["add_event", "openapi_document", "schemas_of"]


def _published(node: object) -> object:
    if isinstance(node, list):
        return [_published(item) for item in cast("list[object]", node)]
    if isinstance(node, dict):
        return {
            key: str(value).replace("#/schemas/", "#/components/schemas/") if key == "$ref" else _published(value)
            for key, value in cast("dict[str, object]", node).items()
        }
    return node


def openapi_document(facts: Facts) -> dict[str, object]:
    """The facts as a document: the schemas as components, and a union of each side's events."""
    schemas = {name: _published(schema) for name, schema in facts.schemas.items()}
    for side, events in (("Client", facts.client_events), ("Server", facts.server_events)):
        refs = [{"$ref": f"#/components/schemas/{name}"} for name in events.values()]
        schemas[f"Realtime{side}Event"] = {"anyOf": refs, "discriminator": {"propertyName": "type"}}
    info = {"title": "Acme Realtime API", "version": "7"}
    return {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": schemas}}


def schemas_of(document: dict[str, object]) -> dict[str, dict[str, object]]:
    """`components.schemas` of a document."""
    return cast("dict[str, dict[str, dict[str, dict[str, object]]]]", document)["components"]["schemas"]


def add_event(document: dict[str, object], side: str, name: str, wire: str, fields: dict[str, object]) -> None:
    """Add an event with an optional `event_id` and required `fields`."""
    schemas = schemas_of(document)
    properties = {"event_id": {"type": "string"}, "type": {"type": "string", "enum": [wire]}, **fields}
    schemas[name] = {"type": "object", "properties": properties, "required": ["type", *fields]}
    cast("list[object]", schemas[f"Realtime{side}Event"]["anyOf"]).append({"$ref": f"#/components/schemas/{name}"})
