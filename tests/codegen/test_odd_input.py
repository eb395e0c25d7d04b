"""What the generator says of contracts, documents and arguments that nobody should have written."""

import argparse
import json
import subprocess
from pathlib import Path
from typing import cast

import pytest

from codegen import document as documents
from codegen.__main__ import main
from codegen.align import align
from codegen.application import main as application
from codegen.compare import compare
from codegen.dated import overlay_of
from codegen.diff import Change, diff_facts
from codegen.document import read_document
from codegen.drift import RegistryError, find_drift, install_newest
from codegen.merge import merge_package
from codegen.openapi import openapi_settings
from codegen.pull import add_pull_arguments
from codegen.source import CodegenError, Facts, JsonObject, load_facts, parse_facts

TEXT: JsonObject = {"type": "string"}


def facts(**schemas: JsonObject) -> Facts:
    """Facts of one event, whose schema is `Said`."""
    return Facts("made for a test", {}, {"greeting.said": "Said"}, schemas)


def said(**fields: object) -> JsonObject:
    return {"type": "object", "properties": {"type": {"type": "string", "enum": ["greeting.said"]}, **fields}}


def changes(before: object, after: object) -> list[Change]:
    return diff_facts(facts(Said=said(words=before)), facts(Said=said(words=after)))


# --- A contract beside a package -----------------------------------------------------------------------------------


def test_a_schema_of_all_of_several_has_the_fields_of_each() -> None:
    parts = [{"$ref": "#/schemas/Mood"}, {"type": "object", "properties": {"loud": {"type": "boolean"}}}]
    ours = facts(
        Said=said(speaker={"allOf": parts, "properties": {"name": TEXT}, "required": ["name"]}),
        Mood={"type": "object", "properties": {"mood": TEXT}, "required": ["mood"]},
    )
    flat: JsonObject = {
        "type": "object",
        "properties": {"mood": TEXT, "loud": {"type": "boolean"}, "name": TEXT},
        "required": ["mood", "name"],
    }
    assert align(ours, facts(Said=said(speaker=flat)))[0] == []
    cast("JsonObject", flat["properties"])["age"] = {"type": "integer"}
    (difference,) = align(ours, facts(Said=said(speaker=flat)))[0]
    assert difference.text == "field added"
    # A part of it takes the field, as it has no place of its own for fields.
    assert difference.pointer == "/schemas/Said/properties/speaker/allOf/1/properties/age"


def test_a_schema_that_holds_itself_is_read_to_its_end() -> None:
    loop = facts(Said=said(words={"$ref": "#/schemas/Loop"}), Loop={"anyOf": [{"$ref": "#/schemas/Loop"}, TEXT]})
    assert align(loop, facts(Said=said(words=TEXT)))[0] == []


def test_a_reference_that_leads_nowhere_is_named_where_a_package_is_compared() -> None:
    with pytest.raises(CodegenError, match="#/schemas/Gone is referred to but not defined"):
        align(facts(Said=said(words={"$ref": "#/schemas/Gone"})), facts(Said=said(words=TEXT)))


def test_a_field_that_is_a_reference_takes_the_values_that_a_package_adds() -> None:
    mood: JsonObject = {"type": "string", "enum": ["glad", "sad"]}
    ours = facts(Said=said(mood={"$ref": "#/schemas/Mood"}), Mood=mood)
    theirs = facts(Said=said(mood={"type": "string", "enum": ["glad", "sad", "calm"]}))
    merged = merge_package(ours, theirs)
    assert merged.schemas["Mood"]["enum"] == ["glad", "sad", "calm"]


def test_a_schema_of_a_package_does_not_take_the_name_of_another_of_ours() -> None:
    part: JsonObject = {"type": "object", "properties": {"seat": {"type": "integer"}}}
    ours = facts(Said=said(other={"$ref": "#/schemas/Part"}), Part=part)
    theirs = facts(
        Said=said(other=part, part={"$ref": "#/schemas/Part"}), Part={"type": "object", "properties": {"age": TEXT}}
    )
    merged = merge_package(ours, theirs)
    assert merged.schemas["Part"] == part
    assert merged.schemas["PartFromPackage"]["properties"] == {"age": TEXT}


# --- Two contracts -------------------------------------------------------------------------------------------------


def test_two_members_of_a_union_bind_as_the_wider_of_them() -> None:
    union = [
        {"type": "integer", "minimum": 1, "maximum": 5, "multipleOf": 2},
        {"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 2},
    ]
    assert changes({"anyOf": union}, {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 2}) == []
    assert changes({"anyOf": union}, {"type": "integer", "minimum": 2, "maximum": 9, "multipleOf": 2}) != []
    assert changes({"anyOf": union}, {"type": "integer", "minimum": 1, "maximum": 8, "multipleOf": 2}) != []


def test_a_bound_of_one_member_of_a_union_binds_nothing() -> None:
    assert changes({"anyOf": [{"type": "integer", "minimum": 1}, {"type": "integer"}]}, {"type": "integer"}) == []


def test_a_null_among_the_values_is_a_null() -> None:
    assert changes({"enum": ["a", None]}, {"anyOf": [{"enum": ["a"]}, {"type": "null"}]}) == []


def test_an_object_needs_no_type_to_be_one() -> None:
    fields: JsonObject = {"properties": {"name": TEXT}}
    assert changes(fields, {"type": "object", **fields}) == []


def test_schemas_that_never_end_are_an_error() -> None:
    deep: JsonObject = TEXT
    for _ in range(300):
        deep = {"allOf": [deep]}
    with pytest.raises(CodegenError, match="nested too deep"):
        changes(deep, TEXT)


def test_a_revision_without_any_contract_is_named(tmp_path: Path) -> None:
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com")
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "README.md").write_text("Nothing.\n", encoding="utf-8")
    for command in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "x")):
        subprocess.run([*git, *command], cwd=tmp_path, check=True, timeout=30)
    with pytest.raises(CodegenError, match=r"the revision HEAD has no schema/\*/facts\.json"):
        compare("HEAD", "HEAD", tmp_path)


# --- Files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rest", "message"),
    [({"A": 1}, "expected a list of schema names, got dict"), (["Gone"], "names the schema 'Gone'"), ([7], "schema 7")],
)
def test_what_only_an_endpoint_holds_is_a_list_of_schemas(rest: object, message: str) -> None:
    text = json.dumps({"source": "x", "events": {}, "schemas": {}, "rest": rest})
    with pytest.raises(CodegenError, match=message):
        parse_facts(text, "facts.json")


def test_facts_that_are_not_there_or_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(CodegenError, match=r"facts\.json: cannot be read: No such file"):
        load_facts(tmp_path / "facts.json")
    (tmp_path / "facts.json").write_bytes(b"\xff\xfe")
    with pytest.raises(CodegenError, match=r"facts\.json: is no text in UTF-8"):
        load_facts(tmp_path / "facts.json")
    (tmp_path / "facts.json").write_text('{"a":' * 100_000, encoding="utf-8")
    with pytest.raises(CodegenError, match=r"facts\.json: is nested too deep"):
        load_facts(tmp_path / "facts.json")


def test_a_document_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 2**20)
    path = tmp_path / "openapi.json"
    path.write_bytes(b" " * (2**20 + 1))
    with pytest.raises(CodegenError, match=r"openapi\.json: is larger than 1 MiB"):
        read_document(path)


def test_a_document_whose_aliases_unfold_too_deep_is_refused(tmp_path: Path) -> None:
    nested = "\n".join(
        [f"a0: &a0 {'[' * 90}{']' * 90}", f"a1: &a1 {'[' * 90}*a0{']' * 90}", f"a2: {'[' * 90}*a1{']' * 90}"]
    )
    path = tmp_path / "openapi.yaml"
    path.write_text(nested, encoding="utf-8")
    with pytest.raises(CodegenError, match="is nested deeper than 200 levels"):
        read_document(path)


def test_groups_that_are_no_mappings_are_left_to_whoever_applies_them() -> None:
    overlay: JsonObject = {"changes": ["no mapping", {"since": "2026-09-01", "at": {}}], "inherits": "realtime"}
    assert overlay_of(overlay, "2026-08-01") == {"changes": ["no mapping"], "inherits": "realtime"}


def test_a_protocol_that_no_document_states_says_so() -> None:
    with pytest.raises(CodegenError, match=r"live/protocol\.yaml: openapi: is missing"):
        openapi_settings({}, "live")


# --- Arguments -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [("--date", "yesterday", "is no date such as"), ("--commit", "a b; c", "is no commit")],
)
def test_a_date_or_commit_that_is_none_is_refused(
    capsys: pytest.CaptureFixture[str], option: str, value: str, message: str
) -> None:
    parser = argparse.ArgumentParser()
    add_pull_arguments(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--openapi", "x", option, value])
    assert message in capsys.readouterr().err


def test_a_package_has_no_date_and_no_commit_and_must_be_one_that_is_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "talk").mkdir()
    settings = {"package": {"module": "vendorsdk.talk", "client": "A", "server": "B"}}
    (tmp_path / "talk" / "protocol.yaml").write_text(json.dumps(settings), encoding="utf-8")
    pull = ["pull", "--schema-dir", str(tmp_path), "--package"]
    assert main([*pull, "vendorsdk", "--date", "2026-08-01"]) == 2
    assert "a package states its version itself" in capsys.readouterr().err
    assert main([*pull, "othersdk"]) == 2
    assert "no protocol is taken from a package 'othersdk'" in capsys.readouterr().err


def test_drift_of_nothing_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "protocol.yaml").write_text("openapi: {}\n", encoding="utf-8")
    with pytest.raises(CodegenError, match=r"no protocol below .* names a package"):
        find_drift(tmp_path, {})


@pytest.mark.parametrize("name", ["Acme", "acme-voice", "class", "1acme"])
def test_a_package_name_that_python_does_not_take_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert application(["--openapi", str(tmp_path / "x.yaml"), "--output", str(tmp_path / name)]) == 2
    assert f"{name!r} is no package name" in capsys.readouterr().err


# --- A registry that cannot be asked -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("print('WARNING: Retrying (Retry(total=1))')", "the registry cannot be reached"),
        ("print('ERROR: no such package'); raise SystemExit(1)", "no such package"),
        ("raise SystemExit(1)", "it said nothing"),
    ],
)
def test_an_installation_that_failed_is_no_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, message: str
) -> None:
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__init__.py").touch()
    (tmp_path / "pip" / "__main__.py").write_text(script, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(RegistryError, match=message):
        install_newest("vendorsdk")


def test_an_installation_that_worked_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pip").mkdir()
    (tmp_path / "pip" / "__init__.py").touch()
    (tmp_path / "pip" / "__main__.py").write_text(
        f"import pathlib, sys; pathlib.Path({str(tmp_path / 'asked')!r}).write_text(sys.argv[-1])", encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    install_newest("vendorsdk")
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "vendorsdk"
