"""The overlay corrects what it says it corrects, and an entry that no longer fits is an error by name."""

import copy
from dataclasses import replace

import pytest

from codegen.overlay import apply_overlay
from codegen.source import CodegenError, JsonObject, Protocol

MOOD = "/schemas/ServerSaid/properties/mood"


def section(name: str, pointer: str, value: object, reason: object = "Because.") -> JsonObject:
    return {name: [{"reason": reason, "at": {pointer: value}}]}


def test_a_change_replaces_adds_and_leaves_the_facts_alone(tiny: Protocol) -> None:
    before = copy.deepcopy(tiny.facts)
    overlay: JsonObject = {
        "changes": [
            {
                "reason": "Seen on the wire.",
                "at": {
                    f"{MOOD}/enum/1": {"old": "sad", "new": "sorry"},
                    "/schemas/ServerSaid/properties/event_id": {"old": "absent", "new": {"type": "string"}},
                },
            }
        ]
    }
    properties = apply_overlay(tiny.facts, overlay).schemas["ServerSaid"]["properties"]
    assert isinstance(properties, dict)
    assert properties["mood"] == {"type": "string", "enum": ["glad", "sorry"]}
    assert properties["event_id"] == {"type": "string"}
    assert tiny.facts == before


def test_schemas_that_no_event_reaches_are_left_out(tiny: Protocol) -> None:
    assert sorted(apply_overlay(tiny.facts, tiny.overlay).schemas) == ["ClientSay", "ServerSaid", "Speaker"]


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        (
            section("changes", f"{MOOD}/type", {"old": "integer", "new": "string"}),
            f"{MOOD}/type: the old value no longer",
        ),
        (section("changes", f"{MOOD}/enum", {"old": "absent", "new": []}), f"{MOOD}/enum: the old value no longer"),
        (section("changes", MOOD, {"new": {}}), f"{MOOD}: a change has exactly `old` and `new`, got ['new']"),
        (section("changes", "/paths/x", {"old": 1, "new": 2}), "/paths/x: a pointer must begin with /schemas/"),
        (
            section("changes", "/schemas/No/a/b", {"old": "absent", "new": 1}),
            "/schemas/No/a/b: the place that should hold",
        ),
        (
            section("changes", f"{MOOD}/enum/7", {"old": "absent", "new": 1}),
            f"{MOOD}/enum/7: the place that should hold",
        ),
        (
            section("changes", f"{MOOD}/enum/²", {"old": "absent", "new": 1}),
            f"{MOOD}/enum/²: the place that should hold",
        ),
        (
            section("changes", f"{MOOD}/enum/{'9' * 5000}", {"old": "sad", "new": 1}),
            "the old value no longer",
        ),
        (
            section("changes", "/schemas/Unused/type", {"old": "object", "new": "string"}),
            "/schemas/Unused/type: no event or endpoint uses this schema any more",
        ),
        (section("changes", MOOD, {"old": 1, "new": 2}, reason=" "), "changes[0]: states no reason"),
        (section("changes", MOOD, {"old": 1, "new": 2}, reason=None), "changes[0]: states no reason"),
        (section("open_enums", MOOD, ["glad"]), f"{MOOD}: the old value no longer stands: stated ['glad']"),
        (section("open_enums", "/schemas/Speaker", ["a"]), "/schemas/Speaker: the old value no longer stands"),
        (
            section("names", "/schemas/Gone", {"old": "Gone", "new": "X"}),
            "/schemas/Gone: names something that no longer",
        ),
        (
            section("names", "/schemas/Speaker", {"old": "Talker", "new": "X"}),
            "/schemas/Speaker: the old value no longer",
        ),
        (
            section("names", "/schemas/Speaker", {"old": "Speaker"}),
            "/schemas/Speaker: a name has exactly `old` and `new`",
        ),
        (
            section("names", MOOD, {"old": "inline", "new": "Mood"}),
            f"{MOOD}: needs no name, for it is no inline object",
        ),
        (
            section("names", "/schemas/Unused", {"old": "Unused", "new": "X"}),
            "/schemas/Unused: no event or endpoint uses this schema",
        ),
        (section("bases", "/schemas/Unused", "a.B"), "/schemas/Unused: no event or endpoint uses this schema any more"),
        ({"renames": []}, "unknown section 'renames'; the sections are changes, open_enums, names, bases"),
        ({"changes": {MOOD: 1}}, "changes: expected a list of groups"),
    ],
)
def test_an_entry_that_does_not_fit_is_named(tiny: Protocol, overlay: JsonObject, message: str) -> None:
    with pytest.raises(CodegenError) as caught:
        apply_overlay(tiny.facts, overlay)
    assert str(caught.value).startswith("overlay.yaml: ")
    assert message in str(caught.value)


def test_what_is_absent_may_be_said_to_stay_so(tiny: Protocol) -> None:
    overlay = section("changes", "/schemas/ServerSaid/nowhere", {"old": "absent", "new": "absent"})
    assert apply_overlay(tiny.facts, overlay).schemas == apply_overlay(tiny.facts, {}).schemas


def test_a_reference_that_leads_nowhere_is_named(tiny: Protocol) -> None:
    schemas = {name: schema for name, schema in tiny.facts.schemas.items() if name != "Speaker"}
    with pytest.raises(CodegenError, match="#/schemas/Speaker is referred to but not defined"):
        apply_overlay(replace(tiny.facts, schemas=schemas), {})
