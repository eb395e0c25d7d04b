"""The reference page of a protocol, `docs/events/<protocol>.md`: every event and object with every field."""

import json
from collections.abc import Iterator
from typing import cast

from .events import Event
from .published import Published, ref_name
from .source import JsonObject

__all__ = ["render_reference"]

_BOUNDS = {
    "minimum": "≥ {}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} entries",
    "maxItems": "at most {} entries",
    "minProperties": "at least {} keys",
    "maxProperties": "at most {} keys",
    "pattern": "matches `{}`",
    "format": "format {}",
}


def _code(value: object) -> str:
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def _link(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _options(node: JsonObject) -> list[JsonObject] | None:
    kind = node.get("type")
    if isinstance(kind, list):
        return [{**node, "type": each} for each in cast("list[object]", kind)]
    options = node.get("oneOf") or node.get("anyOf")
    return cast("list[JsonObject]", options) if isinstance(options, list) else None


def type_notation(node: JsonObject) -> str:
    """A type as people write it: `string`, one of some values, a link to an object, alternatives joined by "or"."""
    name = ref_name(node)
    if name is not None:
        return _link(name)
    if "const" in node:
        return _code(node["const"])
    options = _options(node)
    if options is not None:
        shown = [type_notation(option) for option in options]
        values = any("enum" in option for option in options)
        # An enum beside the type of its values is how the contract says that the list may grow.
        texts = ["any other string" if values and text == "string" else text for text in shown]
        return " or ".join(dict.fromkeys(texts))
    if "enum" in node:
        return ", ".join(_code(value) for value in cast("list[object]", node["enum"]))
    kind = str(node.get("type", "any value"))
    if kind == "array" and "items" in node:
        return f"array of ({type_notation(cast('JsonObject', node['items']))})"
    entries = node.get("additionalProperties")
    if kind == "object" and isinstance(entries, dict):
        return f"object whose values are {type_notation(cast('JsonObject', entries))}"
    return kind


def _limits(node: JsonObject) -> Iterator[str]:
    for key, words in _BOUNDS.items():
        if key in node:
            yield words.format(node[key])
    if "default" in node:
        yield f"default {_code(node['default'])}"
    for key in ("oneOf", "anyOf"):
        for option in cast("list[JsonObject]", node.get(key, [])):
            yield from _limits(option)
    items = node.get("items")
    if isinstance(items, dict):
        yield from (f"each {limit}" for limit in _limits(cast("JsonObject", items)))


def _nullable(node: JsonObject) -> bool:
    options = _options(node)
    return node.get("type") == "null" or (options is not None and any(_nullable(option) for option in options))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _fields(published: Published, name: str) -> Iterator[str]:
    schema = published.schemas[name]
    docs = published.docs.of(name)
    required = cast("list[str]", schema.get("required", []))
    properties = cast("dict[str, JsonObject]", schema.get("properties", {}))
    if not properties:
        notation = type_notation(schema)
        if schema.get("type") != "object" or notation != "object":
            limits = ", ".join(dict.fromkeys(_limits(schema)))
            yield f"{notation}{f' ({limits})' if limits else ''}."
        else:
            yield "No fields."
        yield ""
        return
    yield "| field | type | required | bounds | meaning |"
    yield "|---|---|---|---|---|"
    for field, node in properties.items():
        presence = "yes" if field in required else "no"
        if _nullable(node):
            presence += ", may be null"
        limits = ", ".join(dict.fromkeys(_limits(node)))
        cells = (f"`{field}`", type_notation(node), presence, limits, docs.fields[field])
        yield "| " + " | ".join(_cell(cell) for cell in cells) + " |"
    yield ""


def _event(published: Published, event: Event, direction: str) -> Iterator[str]:
    yield f'### <a id="{event.class_name.lower()}"></a>`{event.wire}`'
    yield ""
    yield f"{direction} Class `{event.class_name}`. {published.docs.of(event.class_name).description}"
    yield ""
    yield from _fields(published, event.class_name)


def _contents(events: list[Event]) -> Iterator[str]:
    yield from (f"- [`{event.wire}`](#{event.class_name.lower()})" for event in events)
    yield ""


def _lines(published: Published) -> Iterator[str]:
    protocol = published.protocol
    yield f"<!-- Generated from schema/{protocol.name}/, sha256 {protocol.digest}"
    yield f"     by `python -m codegen generate {protocol.name}`. Do not edit. -->"
    yield ""
    yield f"# {published.title}: events"
    yield ""
    yield (
        "This page is generated from the contract in "
        f"[`schema/{protocol.name}/`](../../schema/{protocol.name}/) by `python -m codegen generate {protocol.name}`; "
        f"[`schema/{protocol.name}.asyncapi.yaml`](../../schema/{protocol.name}.asyncapi.yaml) "
        "says the same to machines."
    )
    yield ""
    yield f"Source: {protocol.facts.source}."
    yield ""
    yield (
        "A field that is not required may be absent. `null` is allowed only where it says so. "
        '"Any other string" means that the service may send values that the contract does not list yet.'
    )
    yield ""
    sides = (
        ("client", "Client events", "An application sends it."),
        ("server", "Server events", "The service sends it."),
    )
    for side, title, direction in sides:
        events = published.side(side)
        if not events:
            continue
        yield f"## {title}"
        yield ""
        yield from _contents(events)
        for event in events:
            yield from _event(published, event, direction)
    objects = published.objects()
    if objects:
        yield "## Objects"
        yield ""
        for name in objects:
            yield f"### {name}"
            yield ""
            yield published.docs.of(name).description
            yield ""
            yield from _fields(published, name)


def render_reference(published: Published) -> str:
    """Write the reference page of a protocol; the same protocol gives the same bytes."""
    return "\n".join(_lines(published)).rstrip() + "\n"
