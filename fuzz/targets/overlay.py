"""Facts and overlays, read and applied: `load_yaml`, `parse_facts`, `apply_overlay` and `fitting_overlay`.

The first byte: whether the rest is YAML of an overlay for the facts below, or lines of JSON: facts, an overlay, and
perhaps one that is inherited.
"""

import json
from collections.abc import Iterable
from typing import Final

from codegen.overlay import Contract, apply_overlay, fitting_overlay
from codegen.source import CodegenError, JsonObject, as_object, load_yaml, parse_facts
from fuzz.checks import as_text, require
from fuzz.files import file_of

__all__ = ["run", "seeds", "words"]

_FACTS: Final[JsonObject] = {
    "source": "a",
    "events": {"client": {"c": "C"}, "server": {"s": "S"}},
    "rest": ["R"],
    "schemas": {
        "C": {"type": "object", "properties": {"type": {"const": "c"}, "a": {"$ref": "#/schemas/A"}}},
        "S": {
            "properties": {
                "type": {"const": "s"},
                "b": {"type": "string", "enum": ["x", "y"]},
                "in": {"properties": {}},
            }
        },
        "A": {"anyOf": [{"$ref": "#/schemas/A"}, {"type": "null"}]},
        "R": {"type": "string"},
        "U": {},
    },
}
_OVERLAY: Final[JsonObject] = {
    "changes": [
        {
            "reason": "seen",
            "at": {
                "/schemas/C/properties/a": {"old": {"$ref": "#/schemas/A"}, "new": {"type": "string"}},
                "/schemas/A/anyOf/1": {"old": {"type": "null"}, "new": "absent"},
                "/events/server/t": {"old": "absent", "new": "S"},
                "/schemas/N": {"old": "absent", "new": {"properties": {}}},
            },
        }
    ],
    "open_enums": [{"reason": "it grows", "at": {"/schemas/S/properties/b": ["x", "y"]}}],
    "names": [
        {
            "reason": "it has none",
            "at": {"/schemas/S/properties/in": {"old": "inline", "new": "In"}, "/schemas/C": {"old": "C", "new": "D"}},
        }
    ],
    "bases": [{"reason": "it is one", "at": {"/schemas/C": "a.B"}}],
}
_FACTS_TEXT: Final = json.dumps(_FACTS)
_YAML: Final = """changes:
  - reason: seen
    at:
      /schemas/C/properties/a: {old: {$ref: "#/schemas/A"}, new: {type: string}}
names:
  - reason: it has none
    at: {/schemas/S/properties/in: {old: inline, new: In}}
"""


def run(data: bytes) -> None:
    """Read and apply one overlay."""
    first, rest = (data[0] if data else 0), data[1:]
    try:
        if first & 1:
            overlay, inherited = load_yaml(file_of("overlay.yaml", rest)), None
            facts = parse_facts(_FACTS_TEXT, "facts.json")
        else:
            lines = [*rest.split(b"\n", 2), b"", b""]
            facts = parse_facts(as_text(lines[0]), "facts.json")
            overlay, inherited = (_read(line) for line in lines[1:3])
        before = repr(facts)
        fitting, _ = fitting_overlay(facts, overlay)
        require(repr(facts) == before, "the facts are not changed")
        _check(apply_overlay(facts, fitting) if first & 2 else apply_overlay(facts, overlay, inherited))
        require(repr(facts) == before, "the facts are not changed")
    except CodegenError as error:
        require(bool(str(error)), "an error says what is wrong")


def _read(line: bytes) -> JsonObject:
    try:
        return as_object(json.loads(line), "overlay.yaml")
    except (ValueError, RecursionError):
        return {}


def _check(contract: Contract) -> None:
    for name in contract.events:
        require(name in contract.schemas, "every event has its schema", name)
    for pointer in (*contract.names, *contract.open_enums, *contract.bases):
        require(
            pointer.split("/")[2].replace("~1", "/").replace("~0", "~") in contract.schemas, "what is named is there"
        )


def seeds() -> Iterable[bytes]:
    """Facts and overlays, good and bad."""
    facts, overlay = json.dumps(_FACTS).encode(), json.dumps(_OVERLAY).encode()
    for head in (b"\x00", b"\x02"):
        yield head + facts + b"\n" + overlay
        yield head + facts + b"\n{}\n" + overlay
        yield head + facts + b"\n" + overlay.replace(b'/1"', b'/\\u00b2"')
        yield head + facts.replace(b'"R"', b'"' + b"R" * 50 + b'"')
        yield head + facts.replace(b"{}", b"[" * 30 + b"]" * 30)
    for text in (
        _YAML,
        "",
        "a: &a [*a]",
        "changes: &a [{reason: x, at: {/schemas/C: {old: absent, new: *a}}}]",
        "a: 2001-99-99",
        "a: 1:99999999999:1",
        "? [a, b]\n: c",
        "a: !!python/object:os.system x",
        "a: !!binary AAA",
        "<<: [a]",
        "a: " + "[" * 20,
        "a: !!bool x",
        "a: !!timestamp x",
        "a: " + "9" * 5000,
        "a: 0b",
        "\x00",
    ):
        yield b"\x01" + text.encode()
    yield b"\x01\xff\xfe"
    yield b"\x01a: \xff"


def words() -> Iterable[str]:
    """Words of both files."""
    yield from (
        "changes",
        "open_enums",
        "names",
        "bases",
        "reason",
        "at",
        "old",
        "new",
        "absent",
        "inline",
        "$ref",
        "rest",
    )
    yield from (
        "#/schemas/",
        "#/schemas/A",
        "/schemas/",
        "/schemas/C",
        "/schemas/S/properties/b",
        "/events/client/c",
        "~1",
    )
    yield from (
        "properties",
        "anyOf",
        "enum",
        "const",
        "events",
        "client",
        "server",
        "schemas",
        "source",
        "/0",
        "/²",
        "/-1",
    )
    yield from ("&a ", "*a", "<<: ", "!!", "? ", "- ", "| ", "---", "{", "}", "[", "]", ": ", "\n", "  ")
