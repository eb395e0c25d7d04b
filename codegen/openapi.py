"""Take the contract of a protocol out of an OpenAPI document: its events and every schema that they reach."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from .document import MAX_DEPTH, Document, read_document
from .overlay import reachable
from .source import CodegenError, Facts, JsonObject, as_object

__all__ = ["Document", "OpenAPISettings", "extract_openapi", "openapi_settings", "read_document"]

_REF = "#/components/schemas/"
# Sentences; and whatever an `x-` keyword holds is for a tool that is not ours.
_DROPPED = frozenset({"title", "summary", "description", "example", "examples", "externalDocs", "$comment"})
# Keywords whose value maps names, which may well be `title`, to schemas.
_NAME_MAPS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
# Keywords whose value is no schema at all.
_VALUES = frozenset({"enum", "const", "default", "required"})
_EVENT_KEYS = frozenset({"union", "prefix", "exclude", "also"})


@dataclass(frozen=True, slots=True)
class _EventSettings:
    union: str
    prefix: str
    exclude: Sequence[str]
    also: Sequence[str]


@dataclass(frozen=True, slots=True)
class OpenAPISettings:
    """The section `openapi` of `protocol.yaml`: where a document keeps the protocol.

    Attributes:
        source: What to call the document in `facts.json`, for instance its repository and file; its title when empty.
        client: Where the client's events are.
        server: Where the server's events are.
        rest: The schemas of HTTP bodies and webhooks.
        wire: Schema name to wire name, for events whose published `type` is wrong.
    """

    source: str
    client: _EventSettings
    server: _EventSettings
    rest: Sequence[str]
    wire: Mapping[str, str]


def _strings(value: object, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in cast("list[object]", value)):
        raise CodegenError(f"{where}: expected a list of strings")
    return cast("list[str]", value)


def openapi_settings(settings: JsonObject, protocol: str) -> OpenAPISettings:
    """Read the section `openapi` of a protocol's `protocol.yaml`.

    Args:
        settings: The content of the file.
        protocol: The protocol's name, for errors.

    Raises:
        CodegenError: There is no such section, or it is malformed.
    """
    where = f"{protocol}/protocol.yaml: openapi"
    if "openapi" not in settings:
        raise CodegenError(f"{where}: is missing, so nothing says which schemas are the protocol's events")
    section = as_object(settings["openapi"], where)
    unknown = sorted(set(section) - {"source", "client", "server", "rest", "wire"})
    if unknown or not {"client", "server"} <= set(section):
        raise CodegenError(
            f"{where}: has `client` and `server`, perhaps `source`, `rest`, `wire`; got {sorted(section)}"
        )
    sides: dict[str, _EventSettings] = {}
    for side in ("client", "server"):
        place = f"{where}.{side}"
        entry = as_object(section[side], place)
        if set(entry) - _EVENT_KEYS or len({"union", "prefix"} & set(entry)) != 1:
            raise CodegenError(f"{place}: has `union` or `prefix`, perhaps `exclude` and `also`; got {sorted(entry)}")
        exclude, also = (_strings(entry.get(key, []), f"{place}.{key}") for key in ("exclude", "also"))
        sides[side] = _EventSettings(str(entry.get("union", "")), str(entry.get("prefix", "")), exclude, also)
    wire = {name: str(value) for name, value in as_object(section.get("wire", {}), f"{where}.wire").items()}
    rest = _strings(section.get("rest", []), f"{where}.rest")
    return OpenAPISettings(str(section.get("source", "")), sides["client"], sides["server"], rest, wire)


def _strip(node: object, where: str, depth: int = 0) -> object:
    """A schema without its sentences, references in our form."""
    if depth > MAX_DEPTH:
        raise CodegenError(f"{where}: is nested deeper than {MAX_DEPTH} levels")
    if isinstance(node, list):
        return [_strip(item, f"{where}/{i}", depth + 1) for i, item in enumerate(cast("list[object]", node))]
    if not isinstance(node, dict):
        return _plain(node, where)
    result: JsonObject = {}
    for key, value in as_object(cast("object", node), where).items():
        place = f"{where}/{key}"
        if key in _DROPPED or key.startswith("x-"):
            continue
        if key == "$ref":
            result[key] = _local(value, place)
        elif key in _NAME_MAPS:
            result[key] = {
                name: _strip(schema, f"{place}/{name}", depth + 1) for name, schema in as_object(value, place).items()
            }
        elif key == "discriminator":
            named = as_object(value, place).get("propertyName")
            result[key] = {} if named is None else {"propertyName": _plain(named, f"{place}/propertyName")}
        else:
            result[key] = _plain(value, place, depth) if key in _VALUES else _strip(value, place, depth + 1)
    return result


def _plain(value: object, where: str, depth: int = 0) -> object:
    """Say that a value is one that JSON has, and give it back."""
    if depth > MAX_DEPTH:
        raise CodegenError(f"{where}: is nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list):
        return [_plain(item, f"{where}/{i}", depth + 1) for i, item in enumerate(cast("list[object]", value))]
    if isinstance(value, dict):
        items = as_object(cast("object", value), where).items()
        return {key: _plain(item, f"{where}/{key}", depth + 1) for key, item in items}
    if value is None or isinstance(value, str | bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise CodegenError(f"{where}: holds {value!r}, which JSON cannot state; quote it in the document")


def _local(ref: object, where: str) -> str:
    if not isinstance(ref, str) or not ref.startswith(_REF) or "/" in ref.removeprefix(_REF) or ref == _REF:
        raise CodegenError(f"{where}: refers to {ref!r}; only {_REF}NAME can be followed")
    return f"#/schemas/{ref.removeprefix(_REF)}"


class _Lazy(Mapping[str, JsonObject]):
    """The document's schemas, stripped when they are asked for: of a thousand, an event reaches a tenth."""

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw
        self._done: dict[str, JsonObject] = {}

    def __getitem__(self, name: str) -> JsonObject:
        if name not in self._done:
            where = f"components/schemas/{name}"
            self._done[name] = as_object(_strip(self._raw[name], where), where)
        return self._done[name]

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _members(
    name: str, schemas: Mapping[str, JsonObject], known: dict[str, list[str]], above: frozenset[str] = frozenset()
) -> list[str]:
    """The events that a union holds, those of the unions in it included, each once."""
    if name in known:
        return known[name]
    if len(above) > MAX_DEPTH:
        raise CodegenError(f"components/schemas/{name}: unions of events are nested deeper than {MAX_DEPTH} levels")
    if name not in schemas:
        raise CodegenError(f"the document has no schema {name}: it is of another API, or its events were renamed")
    schema = schemas[name]
    options = schema.get("anyOf", schema.get("oneOf"))
    if not isinstance(options, list):
        return [name]
    found: dict[str, None] = {}
    for option in cast("list[object]", options):
        ref = cast("JsonObject", option).get("$ref") if isinstance(option, dict) else None
        if not isinstance(ref, str):
            raise CodegenError(f"components/schemas/{name}: a union of events holds something other than references")
        target = ref.removeprefix("#/schemas/")
        if target in above:
            raise CodegenError(f"components/schemas/{name}: the union of events holds itself")
        found.update(dict.fromkeys(_members(target, schemas, known, above | {name})))
    known[name] = list(found)
    return known[name]


def _wire_name(name: str, schemas: Mapping[str, JsonObject]) -> str:
    where = f"components/schemas/{name}"
    properties = as_object(schemas[name].get("properties", {}), f"{where}/properties")
    schema = as_object(properties.get("type", {}), f"{where}/properties/type")
    values: object = [schema["const"]] if "const" in schema else schema.get("enum")
    one = (
        cast("list[object]", values)[0] if isinstance(values, list) and len(cast("list[object]", values)) == 1 else None
    )
    if not isinstance(one, str) or not one:
        raise CodegenError(f"{where}: is no event: its property `type` has no fixed value")
    return one


def _events(
    settings: _EventSettings, side: str, schemas: Mapping[str, JsonObject], wire: Mapping[str, str]
) -> dict[str, str]:
    if settings.union:
        names = _members(settings.union, schemas, {})
    else:
        names = [name for name in schemas if name.startswith(settings.prefix) and name != settings.prefix]
        if not names:
            raise CodegenError(f"the document has no {side} event: no schema's name begins with {settings.prefix}")
    for name in [*settings.exclude, *settings.also]:
        if name not in schemas:
            raise CodegenError(f"the document has no schema {name}, which protocol.yaml names under openapi.{side}")
    table: dict[str, str] = {}
    for name in [*(name for name in names if name not in settings.exclude), *settings.also]:
        event = wire.get(name) or _wire_name(name, schemas)
        if table.setdefault(event, name) != name:
            raise CodegenError(f"the {side} event {event!r} is published twice: {table[event]} and {name}")
    return dict(sorted(table.items()))


def extract_openapi(document: Document, settings: OpenAPISettings, source: str) -> Facts:
    """Take a protocol's contract out of a document.

    Args:
        document: The document.
        settings: Where it keeps the protocol.
        source: What `facts.json` says of its source.

    Raises:
        CodegenError: The document has no such events, or one of them cannot be followed to its end.
    """
    schemas = _Lazy(document.schemas)
    client = _events(settings.client, "client", schemas, settings.wire)
    server = _events(settings.server, "server", schemas, settings.wire)
    missing = sorted({*settings.rest, *settings.wire} - set(schemas))
    if missing:
        raise CodegenError(f"the document has no schema {missing[0]}, which protocol.yaml names under openapi")
    used = reachable(schemas, [*client.values(), *server.values(), *settings.rest])
    return Facts(source, client, server, {name: schemas[name] for name in sorted(used)}, list(settings.rest))
