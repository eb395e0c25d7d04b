"""`python -m codegen pull --openapi`: what it takes out of a document, what it refuses; a refusal writes nothing."""

import hashlib
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
import yaml

from codegen.__main__ import main
from codegen.source import JsonObject, load_facts

REF = "#/components/schemas/"
SETTINGS = """
openapi:
  client: {union: ClientEvent}
  server: {prefix: ServerEvent, exclude: [ServerEventOld], also: [Farewell]}
  rest: [Ticket]
  wire: {ServerEventHeard: greeting.heard}
"""


def event(wire: str, **properties: JsonObject) -> JsonObject:
    return {
        "type": "object",
        "title": f"The event {wire}",
        "properties": {"type": {"type": "string", "enum": [wire], "x-stainless-const": True}, **properties},
        "required": ["type"],
    }


def document() -> JsonObject:
    """A small OpenAPI document with sentences, a field called `title`, and schemas that no event reaches."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Greetings", "version": "7", "license": {"name": "MIT"}},
        "paths": {"/x": {"get": {"responses": {200: {"description": "A key that is a number."}}}}},
        "components": {
            "schemas": {
                "ClientEvent": {"anyOf": [{"$ref": f"{REF}ClientSay"}, {"$ref": f"{REF}ClientMore"}]},
                "ClientMore": {"oneOf": [{"$ref": f"{REF}ClientHush"}]},
                "ClientSay": event(
                    "greeting.say",
                    title={"type": "string", "description": "A sentence.", "default": "Dr", "examples": ["Dr"]},
                    mood={"type": "string", "enum": ["glad", "sad"], "x-enum": {"description": "x"}},
                ),
                "ClientHush": event("greeting.hush"),
                "ServerEventSaid": event("greeting.said", speaker={"$ref": f"{REF}Speaker", "description": "Who."}),
                "ServerEventHeard": event("greeting.wrong"),
                "ServerEventOld": event("greeting.old"),
                "Farewell": event("farewell"),
                "Speaker": {"type": "object", "properties": {"friend": {"$ref": f"{REF}Speaker"}}},
                "Ticket": {"type": "object", "properties": {"seat": {"type": "integer", "minimum": 1}}},
                "Unused": {"type": "object", "properties": {"broken": {"$ref": "elsewhere.yaml#/Gone"}}},
            }
        },
    }


def schemas_of(content: JsonObject) -> JsonObject:
    return cast("JsonObject", cast("JsonObject", content["components"])["schemas"])


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """A `schema/` with one protocol, `greetings`, that was never pulled."""
    folder = tmp_path / "schema" / "greetings"
    folder.mkdir(parents=True)
    (folder / "protocol.yaml").write_text(SETTINGS, encoding="utf-8")
    (folder / "overlay.yaml").write_text("{}\n", encoding="utf-8")
    (folder / "docs.yaml").write_text("{}\n", encoding="utf-8")
    return folder.parent


def tree(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def pull(schema: Path, content: object, *options: str, name: str = "api.yaml") -> int:
    path = schema.parent / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = json.dumps(content) if name.endswith("json") else yaml.safe_dump(content, sort_keys=False)
        path.write_text(text, encoding="utf-8")
    return main(["pull", "--openapi", str(path), "--schema-dir", str(schema), *options])


@pytest.mark.parametrize("name", ["api.yaml", "api.json"])
def test_the_closure_of_the_events_is_taken_without_sentences(schema: Path, name: str) -> None:
    assert pull(schema, document(), name=name) == 0
    content = json.loads((schema / "greetings" / "facts.json").read_text(encoding="utf-8"))
    assert content["events"] == {
        "client": {"greeting.hush": "ClientHush", "greeting.say": "ClientSay"},
        "server": {"farewell": "Farewell", "greeting.heard": "ServerEventHeard", "greeting.said": "ServerEventSaid"},
    }
    assert content["rest"] == ["Ticket"]
    assert sorted(content["schemas"]) == [
        "ClientHush", "ClientSay", "Farewell", "ServerEventHeard", "ServerEventSaid", "Speaker", "Ticket",
    ]  # fmt: skip
    assert content["schemas"]["ClientSay"] == {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["greeting.say"]},
            "title": {"type": "string", "default": "Dr"},
            "mood": {"type": "string", "enum": ["glad", "sad"]},
        },
        "required": ["type"],
    }
    assert content["schemas"]["ServerEventSaid"]["properties"]["speaker"] == {"$ref": "#/schemas/Speaker"}


def test_the_pin_states_the_document_and_both_hashes(schema: Path) -> None:
    (schema / "PINNED.json").write_text('{"other": {"sha256": "kept"}}', encoding="utf-8")
    assert pull(schema, document(), "--commit", "abc123", "--date", "2026-08-21") == 0
    facts = (schema / "greetings" / "facts.json").read_bytes()
    assert json.loads((schema / "PINNED.json").read_text(encoding="utf-8")) == {
        "other": {"sha256": "kept"},
        "greetings": {
            "source": "Greetings",
            "version": "7",
            "commit": "abc123",
            "date": "2026-08-21",
            "licence": "MIT",
            "document_sha256": hashlib.sha256((schema.parent / "api.yaml").read_bytes()).hexdigest(),
            "sha256": hashlib.sha256(facts).hexdigest(),
        },
    }
    assert "Greetings at commit abc123 (2026-08-21), MIT licence" in load_facts(schema / "greetings/facts.json").source


def test_pulling_twice_gives_the_same_bytes_and_no_change(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pull(schema, document()) == 0
    first = tree(schema)
    capsys.readouterr()
    assert pull(schema, document()) == 0
    assert tree(schema) == first
    assert "greetings: no change\n" in capsys.readouterr().out


def test_what_changed_is_printed(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pull(schema, document()) == 0
    newer = document()
    schemas_of(newer)["ClientSay"] = event("greeting.say", mood={"type": "string", "enum": ["glad"]})
    assert pull(schema, newer) == 0
    printed = capsys.readouterr().out
    assert "! client  greeting.say: title: field removed: optional  (breaks writers)" in printed
    assert "! client  greeting.say: mood: value removed: sad  (breaks writers)" in printed


def test_a_dry_run_writes_nothing(schema: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = tree(schema)
    assert pull(schema, document(), "--dry-run") == 0
    assert tree(schema) == before
    assert "greeting.said: event added" in capsys.readouterr().out


def test_an_alias_that_repeats_a_part_is_read(schema: Path) -> None:
    content = document()
    shared: JsonObject = {"type": "string", "maxLength": 3}
    schemas_of(content)["ClientHush"] = event("greeting.hush", a=shared, b=shared)
    assert b"*id001" in yaml.safe_dump(content).encode()
    assert pull(schema, content) == 0
    properties = load_facts(schema / "greetings" / "facts.json").schemas["ClientHush"]["properties"]
    assert cast("JsonObject", properties)["a"] == cast("JsonObject", properties)["b"] == shared


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        (
            {"changes": [{"reason": "x", "at": {"/schemas/Speaker/type": {"old": "array", "new": "object"}}}]},
            "greetings: overlay.yaml: /schemas/Speaker/type: the old value no longer stands: stated 'array'",
        ),
        (
            {"open_enums": [{"reason": "x", "at": {"/schemas/Gone": ["a"]}}]},
            "greetings: overlay.yaml: /schemas/Gone: the old value no longer stands",
        ),
        (
            {"bases": [{"reason": "x", "at": {"/schemas/Unused": "a.B"}}]},
            "greetings: overlay.yaml: /schemas/Unused: no event or endpoint uses this schema any more",
        ),
    ],
)
def test_an_overlay_that_no_longer_fits_is_named_and_nothing_is_written(
    schema: Path, capsys: pytest.CaptureFixture[str], overlay: JsonObject, message: str
) -> None:
    (schema / "greetings" / "overlay.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")
    before = tree(schema)
    assert pull(schema, document()) == 2
    assert message in capsys.readouterr().err
    assert tree(schema) == before


def without(*keys: str) -> JsonObject:
    content = document()
    node = content
    for key in keys[:-1]:
        node = cast("JsonObject", node[key])
    del node[keys[-1]]
    return content


def with_schema(name: str, schema: object) -> JsonObject:
    content = document()
    schemas_of(content)[name] = schema
    return content


def nested(depth: int) -> JsonObject:
    schema: JsonObject = {"type": "string"}
    for _ in range(depth):
        schema = {"type": "array", "items": schema}
    return schema


BOMB = (
    b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + b"\n".join(
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]".encode()
        for before, name in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    + b"\nopenapi: 3.1.0\n"
)


def with_chain(length: int, width: int) -> JsonObject:
    """The document with its client's events at the end of a chain of unions, each of which names the next so often."""
    made = document()
    schemas = schemas_of(made)
    names = ["ClientEvent", *(f"Link{number}" for number in range(length)), "Last"]
    schemas["Last"] = schemas["ClientEvent"]
    for name, following in pairwise(names):
        schemas[name] = {"anyOf": [{"$ref": f"{REF}{following}"}] * width}
    return made


REFUSED: list[tuple[object, str]] = [
    (b"", "holds no mapping"),
    (b"just a sentence", "holds no mapping"),
    (b"\xff\xfe\x00", "is no text in UTF-8"),
    (b"\n<!DOCTYPE html><html><body>404</body></html>", "is HTML or XML"),
    (b"openapi: 3.1.0\n  components: [", "is no YAML"),
    (b"{", "is no JSON"),
    (b"a: !!python/object/apply:os.system [exit]\n", "is no YAML: could not determine a constructor"),
    (b"a: 2026-13-45\nopenapi: 3.1.0\n", "holds a value that cannot be read"),
    (b"a: !!bool perhaps\nopenapi: 3.1.0\n", "holds a value that cannot be read"),
    (b"a: !!timestamp soon\nopenapi: 3.1.0\n", "holds a value that cannot be read"),
    (b"[" * 100_000, "is n"),
    (b'{"a":' * 100_000, "is nested deeper than 200 levels"),
    (b"- " * 5_000 + b"x", "is n"),
    (BOMB, "unfolds by its YAML aliases to more than 5000000 values"),
    (b"a: &a [*a]\n", "holds a YAML alias to what it stands in"),
    (without("openapi"), "is no OpenAPI 3 document: no key `openapi`"),
    ({**document(), "openapi": "2.0"}, "is no OpenAPI 3 document: openapi: '2.0'"),
    (without("components"), "without components.schemas"),
    (without("components", "schemas", "ClientEvent"), "has no schema ClientEvent: it is of another API"),
    (without("components", "schemas", "Speaker"), "#/schemas/Speaker is referred to but not defined"),
    (without("components", "schemas", "Ticket"), "has no schema Ticket, which protocol.yaml names"),
    (without("components", "schemas", "ServerEventOld"), "has no schema ServerEventOld, which protocol.yaml names"),
    (without("components", "schemas", "ServerEventHeard"), "has no schema ServerEventHeard"),
    (with_schema("Speaker", {"$ref": "other.yaml#/X"}), "refers to 'other.yaml#/X'; only #/components/schemas/"),
    (with_schema("Speaker", {"$ref": 7}), "refers to 7"),
    (with_schema("Speaker", ["no", "schema"]), "components/schemas/Speaker: expected a mapping, got list"),
    (with_schema("Speaker", {"properties": ["a"]}), "components/schemas/Speaker/properties: expected a mapping"),
    (with_schema("Speaker", {"enum": [float("inf")]}), "holds inf, which JSON cannot state"),
    (with_schema("Speaker", {"discriminator": {"propertyName": float("inf")}}), "holds inf, which JSON cannot state"),
    (with_schema("Speaker", nested(250)), "is nested deeper than 200 levels"),
    (with_schema("ClientEvent", {"anyOf": [{"type": "object"}]}), "holds something other than references"),
    (with_schema("ClientEvent", {"anyOf": [{"$ref": f"{REF}ClientEvent"}]}), "the union of events holds itself"),
    (with_chain(1000, 1), "unions of events are nested deeper than 200 levels"),
    (with_schema("ClientHush", {"type": "object"}), "ClientHush: is no event: its property `type` has no fixed"),
    (
        with_schema("ClientHush", event("greeting.say")),
        "'greeting.say' is published twice: ClientSay and ClientHush",
    ),
]


def test_unions_that_name_each_other_again_and_again_are_followed_once(schema: Path) -> None:
    assert pull(schema, with_chain(60, 3)) == 0
    assert sorted(load_facts(schema / "greetings" / "facts.json").client_events) == ["greeting.hush", "greeting.say"]


@pytest.mark.parametrize(("content", "message"), REFUSED, ids=[row[1] for row in REFUSED])
def test_a_malformed_or_foreign_document_is_an_error_and_nothing_is_written(
    schema: Path, capsys: pytest.CaptureFixture[str], content: object, message: str
) -> None:
    assert pull(schema, document()) == 0
    before = tree(schema)
    capsys.readouterr()
    assert pull(schema, content) == 2
    told = capsys.readouterr().err
    assert told.startswith("codegen: ")
    assert message in told
    assert len(told) < 2_000
    assert tree(schema) == before


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("{}", "holds no protocol whose protocol.yaml has a section 'openapi'"),
        ("openapi: {client: {union: A}}", "has `client` and `server`"),
        ("openapi: {client: {union: A}, server: {union: A}, sever: 1}", "has `client` and `server`"),
        ("openapi: {client: {union: A, prefix: B}, server: {union: A}}", "openapi.client: has `union` or `prefix`"),
        ("openapi: {client: {union: A, exclude: B}, server: {union: A}}", "openapi.client.exclude: expected a list"),
    ],
)
def test_malformed_settings_are_named(
    schema: Path, capsys: pytest.CaptureFixture[str], settings: str, message: str
) -> None:
    (schema / "greetings" / "protocol.yaml").write_text(settings, encoding="utf-8")
    assert pull(schema, document()) == 2
    assert message in capsys.readouterr().err


def test_a_protocol_or_file_or_folder_that_is_not_there_is_named(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert pull(schema, document(), "--protocol", "gretings") == 2
    assert main(["pull", "--openapi", str(schema / "none.yaml"), "--schema-dir", str(schema)]) == 2
    assert main(["pull", "--openapi", str(schema / "none.yaml"), "--schema-dir", str(schema / "none")]) == 2
    told = capsys.readouterr().err
    assert "there is no protocol 'gretings'" in told
    assert "none.yaml: cannot be read: No such file" in told
    assert "none is no folder" in told


def test_a_malformed_pin_file_is_named_before_anything_is_written(
    schema: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (schema / "PINNED.json").write_text("{", encoding="utf-8")
    before = tree(schema)
    assert pull(schema, document()) == 2
    assert "PINNED.json: is no JSON" in capsys.readouterr().err
    assert tree(schema) == before
