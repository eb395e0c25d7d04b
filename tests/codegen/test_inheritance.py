"""A protocol that shares objects with another inherits its corrections and sentences; HTTP bodies and missing parts."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from codegen.docs import load_docs
from codegen.overlay import apply_overlay
from codegen.render import render_protocol
from codegen.source import CodegenError, JsonObject, Protocol, load_protocol

SPEAKER = "/schemas/Speaker/properties/name"
DOCS: JsonObject = {
    "common_fields": {"name": "A name."},
    "Speaker": {"description": "Somebody."},
    "Nobody": {"description": "Not there.", "fields": {"age": "Unknown."}},
}


def change(pointer: str, old: object, new: object) -> JsonObject:
    return {"changes": [{"reason": "Because.", "at": {pointer: {"old": old, "new": new}}}]}


# Overlays.


def test_an_inherited_correction_counts_for_a_schema_that_both_have(tiny: Protocol) -> None:
    parent = change(SPEAKER, {"type": "string"}, {"type": "integer"})
    contract = apply_overlay(tiny.facts, {}, parent)
    assert contract.schemas["Speaker"]["properties"] == {"name": {"type": "integer"}}


def test_an_own_correction_of_the_same_place_replaces_the_inherited_one(tiny: Protocol) -> None:
    parent = change(SPEAKER, {"type": "string"}, {"type": "integer"})
    own = change(SPEAKER, {"type": "string"}, {"type": "boolean"})
    contract = apply_overlay(tiny.facts, own, parent)
    assert contract.schemas["Speaker"]["properties"] == {"name": {"type": "boolean"}}


def test_what_is_inherited_for_schemas_that_are_not_there_is_passed_over(tiny: Protocol) -> None:
    parent: JsonObject = {
        "changes": [{"reason": "r", "at": {"/schemas/Elsewhere/required": {"old": "absent", "new": ["a"]}}}],
        "open_enums": [{"reason": "r", "at": {"/schemas/Elsewhere/properties/a": ["x"]}}],
        "names": [{"reason": "r", "at": {"/schemas/Elsewhere": {"old": "Elsewhere", "new": "Other"}}}],
        "bases": [{"reason": "r", "at": {"/schemas/Elsewhere": "a.B"}}],
    }
    assert apply_overlay(tiny.facts, tiny.overlay, parent) == apply_overlay(tiny.facts, tiny.overlay)


def test_an_inherited_correction_whose_old_value_does_not_stand_is_an_error(tiny: Protocol) -> None:
    with pytest.raises(CodegenError, match=f"{SPEAKER}: the old value no longer stands"):
        apply_overlay(tiny.facts, {}, change(SPEAKER, {"type": "number"}, {"type": "integer"}))


def test_an_inherited_schema_can_be_referred_to(tiny: Protocol) -> None:
    parent = change("/schemas/Age", "absent", {"type": "integer"})
    own = change(SPEAKER, {"type": "string"}, {"$ref": "#/schemas/Age"})
    assert apply_overlay(tiny.facts, own, parent).schemas["Age"] == {"type": "integer"}
    assert "Age" not in apply_overlay(tiny.facts, {}, parent).schemas


def test_the_overlay_corrects_the_name_of_an_event(tiny: Protocol) -> None:
    overlay: JsonObject = {
        "changes": [
            {
                "reason": "The wire has another name.",
                "at": {
                    "/events/server/greeting.said": {"old": "ServerSaid", "new": "absent"},
                    "/events/server/greeting.heard": {"old": "absent", "new": "ServerSaid"},
                },
            }
        ]
    }
    assert apply_overlay(tiny.facts, overlay).server_events == {"greeting.heard": "ServerSaid"}
    assert tiny.facts.server_events == {"greeting.said": "ServerSaid"}
    with pytest.raises(CodegenError, match="the old value no longer stands"):
        apply_overlay(tiny.facts, change("/events/server/greeting.sung", "ServerSaid", "absent"))


# Descriptions.


def test_descriptions_are_inherited_for_what_is_there_and_not_described() -> None:
    content: JsonObject = {"Speaker": {"fields": {"age": "Years."}}}
    docs = load_docs(content, {"Speaker": ["name", "age"]}, inherited=DOCS)
    assert docs.of("Speaker").description == "Somebody."
    assert docs.of("Speaker").fields == {"name": "A name.", "age": "Years."}


def test_an_own_description_goes_before_the_inherited_one() -> None:
    content: JsonObject = {"common_fields": {"name": "Mine."}, "Speaker": {"description": "Me."}}
    docs = load_docs(content, {"Speaker": ["name"]}, inherited=DOCS)
    assert (docs.of("Speaker").description, docs.of("Speaker").fields["name"]) == ("Me.", "Mine.")


def test_what_nobody_describes_is_still_an_error() -> None:
    with pytest.raises(CodegenError, match=r"Speaker\.shoes has no description"):
        load_docs({}, {"Speaker": ["name", "shoes"]}, inherited=DOCS)


# Files.


def test_the_files_of_both_protocols_are_read_and_hashed(tmp_path: Path, tiny: Protocol) -> None:
    facts = {
        "source": "made for a test",
        "events": {"client": tiny.facts.client_events, "server": tiny.facts.server_events},
        "schemas": tiny.facts.schemas,
    }
    for name in ("parent", "child"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    for file, content in (("overlay.yaml", tiny.overlay), ("docs.yaml", tiny.docs)):
        (tmp_path / "parent" / file).write_text(yaml.safe_dump(content), encoding="utf-8")
        (tmp_path / "child" / file).write_text("inherits: parent\n", encoding="utf-8")
    child = load_protocol(tmp_path, "child")
    assert child.files == ["facts.json", "overlay.yaml", "docs.yaml", "../parent/overlay.yaml", "../parent/docs.yaml"]
    assert 'Literal["glad", "sad"] | str' in render_protocol(child, "1")["server_events.py"]
    (tmp_path / "parent" / "docs.yaml").write_text(yaml.safe_dump({**tiny.docs, "X": {}}), encoding="utf-8")
    assert load_protocol(tmp_path, "child").digest != child.digest
    (tmp_path / "child" / "docs.yaml").write_text("inherits: nobody\n", encoding="utf-8")
    with pytest.raises(CodegenError, match=r"docs\.yaml: cannot be read"):
        load_protocol(tmp_path, "child")


# HTTP bodies, and parts that a protocol does without.


def with_rest(tiny: Protocol, **settings: object) -> Protocol:
    facts = replace(tiny.facts, rest=["Unused"])
    docs = {**tiny.docs, "Unused": {"description": "A body.", "fields": {"name": "A name."}}}
    return replace(tiny, facts=facts, docs=docs, settings=settings)


def test_what_only_an_endpoint_holds_has_a_module_that_nothing_else_loads(tiny: Protocol) -> None:
    files = render_protocol(with_rest(tiny), "1")
    assert "class Unused(WireModel)" in files["rest.py"]
    assert "rest_params.py" not in files
    assert [name for name, text in files.items() if "from .rest" in text] == []
    assert [name for name, text in files.items() if "Unused" in text] == ["rest.py"]


def test_a_request_has_a_dict_form_too(tiny: Protocol) -> None:
    files = render_protocol(with_rest(tiny, rest_requests=["Unused"]), "1")
    assert "class UnusedParam(TypedDict)" in files["rest_params.py"]
    with pytest.raises(CodegenError, match="'Speaker' is no entry of `rest`"):
        render_protocol(with_rest(tiny, rest_requests=["Speaker"]), "1")


def test_a_protocol_can_do_without_the_mixin_and_the_send_methods(tiny: Protocol) -> None:
    files = render_protocol(replace(tiny, settings={"without": ["typed_events", "sends"]}), "1")
    assert {"typed_events.py", "sends.py"}.isdisjoint(files)
    with pytest.raises(CodegenError, match="'types' is none of typed_events, sends"):
        render_protocol(replace(tiny, settings={"without": ["types"]}), "1")
