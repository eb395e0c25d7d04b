"""OpenAPI documents that somebody else wrote: `read_document`, `openapi_settings` and `extract_openapi`.

The first byte: where the settings say that the events are, and whether the rest is read as it is (YAML or JSON) or its
first line holds settings of its own.
"""

import json
from collections.abc import Iterable
from typing import Final

from codegen.document import read_document
from codegen.openapi import extract_openapi, openapi_settings
from codegen.overlay import apply_overlay
from codegen.source import CodegenError, JsonObject
from fuzz.checks import as_object as read_object
from fuzz.checks import require
from fuzz.files import file_of

__all__ = ["run", "seeds", "words"]

_SETTINGS: Final[tuple[JsonObject, ...]] = (
    {"openapi": {"client": {"union": "Client"}, "server": {"union": "Server"}}},
    {
        "openapi": {
            "client": {"prefix": "Client", "exclude": ["Client"], "also": ["Server"]},
            "server": {"prefix": "Server"},
            "rest": ["Rest"],
            "wire": {"Server": "s"},
        }
    },
)
_OWN: Final = 0x02


def _event(name: str, **properties: object) -> JsonObject:
    return {"type": "object", "title": name, "properties": {"type": {"const": name}, **properties}}


_DOCUMENT: Final[JsonObject] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1", "license": {"name": "MIT"}},
    "components": {
        "schemas": {
            "Client": {"anyOf": [{"$ref": "#/components/schemas/ClientA"}, {"$ref": "#/components/schemas/ClientB"}]},
            "ClientA": _event("a", description={"type": "string"}, b={"$ref": "#/components/schemas/Rest"}),
            "ClientB": {"properties": {"type": {"enum": ["b"]}}, "x-a": 1},
            "Server": {"oneOf": [{"$ref": "#/components/schemas/ServerA"}], "discriminator": {"propertyName": "type"}},
            "ServerA": _event("s", a={"default": [1, {"a": None}], "items": {"type": "array"}}),
            "Rest": {"type": "string", "enum": ["x"]},
        }
    },
}
_YAML: Final = """openapi: 3.1.0
components:
  schemas:
    Client: {anyOf: [{$ref: "#/components/schemas/ClientA"}]}
    ClientA: &a {type: object, properties: {type: {const: a}}}
    Server: {oneOf: [{$ref: "#/components/schemas/ServerA"}]}
    ServerA: {properties: {type: {const: s}, b: *a}}
    Rest: {}
"""


def run(data: bytes) -> None:
    """Read one document, and take the contract out of it."""
    first, rest = (data[0] if data else 0), data[1:]
    stated = _SETTINGS[first & 1]
    if first & _OWN:
        line, _, rest = rest.partition(b"\n")
        try:
            parsed = read_object(json.loads(line))
        except (ValueError, RecursionError):
            return
        if parsed is None:
            return
        stated = parsed
    try:
        settings = openapi_settings(stated, "realtime")
        document = read_document(file_of("openapi.yaml", rest))
        facts = extract_openapi(document, settings, "a")
        json.dumps([facts.client_events, facts.server_events, facts.schemas], allow_nan=False)
        contract = apply_overlay(facts, {})
        require(set(contract.events) <= set(contract.schemas), "every event has its schema")
    except CodegenError as error:
        require(bool(str(error)) and len(str(error)) < 20_000, "an error says what is wrong", str(error))


def seeds() -> Iterable[bytes]:
    """Documents, good and bad."""
    document = json.dumps(_DOCUMENT).encode()
    for head in (b"\x00", b"\x01"):
        yield head + document
        yield head + _YAML.encode()
        yield head + document.replace(b'"x"', b"[" * 210 + b"]" * 210)
        yield head + document.replace(b'"x"', b"1e999")
        yield head + document.replace(b'"x"', b"9" * 400)
        yield head + document.replace(b"ClientB", b"Client")
        for text in (
            "",
            "<html>",
            "openapi: 2.0",
            "a: &a [*a]",
            "a: " + "[" * 300,
            "a: 2001-99-99",
            "a: .nan",
            "a: !!set {a}",
            "a: !!bool x",
            "a: !!timestamp x",
        ):
            yield head + text.encode()
        yield head + b"a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c,*c]"
        yield head + b"openapi: 3.0.0\ncomponents: {schemas: {? [a] : {}, 1: {}, Client: 2001-01-01}}"
    links = {f"L{n}": {"anyOf": [{"$ref": f"#/components/schemas/L{n + 1}"}] * 2} for n in range(16)}
    schemas: JsonObject = {"Client": {"anyOf": [{"$ref": "#/components/schemas/L0"}]}, **links, "L16": _event("a")}
    yield b"\x00" + json.dumps({"openapi": "3.0.0", "components": {"schemas": schemas}}).encode()
    yield b"\x02" + json.dumps(_SETTINGS[1]).encode() + b"\n" + document


def words() -> Iterable[str]:
    """Words of documents."""
    yield from (
        "openapi",
        "3.1.0",
        "components",
        "schemas",
        "info",
        "title",
        "license",
        "name",
        "properties",
        "type",
        "const",
    )
    yield from (
        "#/components/schemas/",
        "#/components/schemas/Rest",
        "#/components/schemas/Client",
        "$ref",
        "anyOf",
        "oneOf",
    )
    yield from (
        "enum",
        "discriminator",
        "propertyName",
        "default",
        "required",
        "$defs",
        "patternProperties",
        "x-",
        "items",
    )
    yield from (
        "union",
        "prefix",
        "exclude",
        "also",
        "wire",
        "rest",
        "client",
        "server",
        "Client",
        "Server",
        "ServerA",
        "a",
    )
    yield from ("&a ", "*a", "<<: ", "!!", "? ", "- ", "| ", "---", "{", "}", "[", "]", ": ", "\n", "  ", ".inf", "~")
