"""What `diff` says of two contracts: each kind of change is named, placed, and judged for readers and for writers."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import cast, get_args

import pytest

from codegen.diff import Change, Kind, diff_facts
from codegen.source import CodegenError, Facts, JsonObject, load_facts

ROOT = Path(__file__).parents[2]
REALTIME = load_facts(ROOT / "schema" / "realtime" / "facts.json")

Mutation = Callable[[JsonObject], None]
GONE = object()


def changed(mutate: Mutation) -> Facts:
    """A copy of the facts with a change made to its schemas and event tables."""
    document: JsonObject = {
        "schemas": copy.deepcopy(dict(REALTIME.schemas)),
        "client": dict(REALTIME.client_events),
        "server": dict(REALTIME.server_events),
        "rest": list(REALTIME.rest),
    }
    mutate(document)
    return Facts(
        source="mutated",
        client_events=cast("dict[str, str]", document["client"]),
        server_events=cast("dict[str, str]", document["server"]),
        schemas=cast("dict[str, JsonObject]", document["schemas"]),
        rest=cast("list[str]", document["rest"]),
    )


def child(node: object, step: str) -> object:
    return cast("list[object]", node)[int(step)] if isinstance(node, list) else cast("JsonObject", node)[step]


def put(pointer: str, value: object) -> Mutation:
    """Replace the value at a pointer, add it, or take it out."""

    def mutate(document: JsonObject) -> None:
        *parents, last = pointer.strip("/").split("/")
        node: object = document
        for step in parents:
            node = child(node, step)
        if isinstance(node, list):
            items = cast("list[object]", node)
            items[int(last) : int(last) + 1] = [] if value is GONE else [value]
        elif value is GONE:
            del cast("JsonObject", node)[last]
        else:
            cast("JsonObject", node)[last] = value

    return mutate


def both(*mutations: Mutation) -> Mutation:
    def mutate(document: JsonObject) -> None:
        for each in mutations:
            each(document)

    return mutate


R, W = "readers", "writers"
LIMITS = "/schemas/RealtimeServerEventRateLimitsUpdated"
LIMIT = f"{LIMITS}/properties/rate_limits/items"
COMMITTED = "/schemas/RealtimeServerEventInputAudioBufferCommitted"
ERROR = "/schemas/RealtimeServerEventError/properties/error"
CREATED = "/schemas/RealtimeServerEventConversationCreated"
SEGMENT = "/schemas/RealtimeServerEventConversationItemInputAudioTranscriptionSegment"
USAGE = "/schemas/RealtimeServerEventConversationItemInputAudioTranscriptionCompleted/properties/usage"
TRUNCATE = "/schemas/RealtimeClientEventConversationItemTruncate"
APPEND = "/schemas/RealtimeClientEventInputAudioBufferAppend"
CREATE = "/schemas/RealtimeResponseCreateParams/properties"
REJECT = "/schemas/RealtimeCallRejectRequest"
EXPIRY = "/schemas/RealtimeCreateClientSecretRequest/properties/expires_after"
TEXT: JsonObject = {"type": "string"}

# What is changed: kind, where, and whom it breaks.
TABLE: list[tuple[str, Mutation, str, str, set[str]]] = [
    ("a server event added", both(put("/server/new.event", "Brand"), put("/schemas/Brand", {"type": "object"})),
     "event_added", "new.event", set()),
    ("a client event added", both(put("/client/new.event", "Brand"), put("/schemas/Brand", {"type": "object"})),
     "event_added", "new.event", set()),
    ("a server event removed", put("/server/rate_limits.updated", GONE), "event_removed", "rate_limits.updated", {R}),
    ("a client event removed", put("/client/response.cancel", GONE), "event_removed", "response.cancel", {W}),
    ("an HTTP body removed", put("/rest/2", GONE), "event_removed", "RealtimeCallRejectRequest", {R, W}),
    ("an optional field added to what is read", put(f"{COMMITTED}/properties/extra", TEXT),
     "field_added", "input_audio_buffer.committed: extra", set()),
    ("an optional field added to what is written", put(f"{APPEND}/properties/extra", TEXT),
     "field_added", "input_audio_buffer.append: extra", set()),
    ("a required field added to what is read",
     both(put(f"{COMMITTED}/properties/extra", TEXT), put(f"{COMMITTED}/required/3", "extra")),
     "field_added", "input_audio_buffer.committed: extra", set()),
    ("a required field added to what is written",
     both(put(f"{APPEND}/properties/extra", TEXT), put(f"{APPEND}/required/2", "extra")),
     "field_added", "input_audio_buffer.append: extra", {W}),
    ("a nested field added", put(f"{LIMIT}/properties/window", TEXT),
     "field_added", "rate_limits.updated: rate_limits[].window", set()),
    ("a field removed from what is read", put(f"{LIMIT}/properties/limit", GONE),
     "field_removed", "rate_limits.updated: rate_limits[].limit", {R}),
    ("a field removed from what is written",
     both(put(f"{TRUNCATE}/properties/audio_end_ms", GONE), put(f"{TRUNCATE}/required/3", GONE)),
     "field_removed", "conversation.item.truncate: audio_end_ms", {W}),
    ("a field that is read became required", put(f"{COMMITTED}/required/3", "previous_item_id"),
     "became_required", "input_audio_buffer.committed: previous_item_id", set()),
    ("a field that is written became required", put(f"{TRUNCATE}/required/4", "event_id"),
     "became_required", "conversation.item.truncate: event_id", {W}),
    ("a field that is read became optional", put(f"{COMMITTED}/required/2", GONE),
     "became_optional", "input_audio_buffer.committed: item_id", {R}),
    ("a field that is written became optional", put(f"{TRUNCATE}/required/2", GONE),
     "became_optional", "conversation.item.truncate: content_index", set()),
    ("a field that is read became nullable",
     put(f"{COMMITTED}/properties/item_id", {"anyOf": [TEXT, {"type": "null"}]}),
     "null_added", "input_audio_buffer.committed: item_id", {R}),
    ("a field that is written became nullable", put(f"{TRUNCATE}/properties/item_id/type", ["string", "null"]),
     "null_added", "conversation.item.truncate: item_id", set()),
    ("a field that is read is null no more", put(f"{COMMITTED}/properties/previous_item_id", TEXT),
     "null_removed", "input_audio_buffer.committed: previous_item_id", set()),
    ("a type that is read widened", put(f"{LIMIT}/properties/limit/type", "number"),
     "type_changed", "rate_limits.updated: rate_limits[].limit", {R}),
    ("a type that is read narrowed", put(f"{LIMIT}/properties/reset_seconds/type", "integer"),
     "type_changed", "rate_limits.updated: rate_limits[].reset_seconds", set()),
    ("a type that is written widened", put(f"{TRUNCATE}/properties/audio_end_ms/type", ["integer", "string"]),
     "type_changed", "conversation.item.truncate: audio_end_ms", set()),
    ("a type that is written narrowed", put(f"{CREATE}/max_output_tokens/oneOf/1", GONE),
     "type_changed", "response.create: response.max_output_tokens", {W}),
    ("a type replaced", put(f"{TRUNCATE}/properties/audio_end_ms/type", "string"),
     "type_changed", "conversation.item.truncate: audio_end_ms", {W}),
    ("any value at all where there was a type", put(f"{CREATED}/properties/conversation", {}),
     "type_changed", "conversation.created: conversation", {R}),
    ("the type of an array's items changed", put(f"{LIMITS}/properties/rate_limits/items", TEXT),
     "type_changed", "rate_limits.updated: rate_limits[]", {R}),
    ("a value added to an enum that is read", put(f"{LIMIT}/properties/name/enum/2", "seconds"),
     "value_added", "rate_limits.updated: rate_limits[].name", {R}),
    ("a value removed from an enum that is read", put(f"{LIMIT}/properties/name/enum/1", GONE),
     "value_removed", "rate_limits.updated: rate_limits[].name", set()),
    ("a value added to an enum that is written", put(f"{CREATE}/output_modalities/items/enum/2", "video"),
     "value_added", "response.create: response.output_modalities[]", set()),
    ("a value removed from an enum that is written", put(f"{CREATE}/output_modalities/items/enum/1", GONE),
     "value_removed", "response.create: response.output_modalities[]", {W}),
    ("a value removed from an open enum", put(f"{CREATE}/conversation/oneOf/1/enum/0", GONE),
     "value_removed", "response.create: response.conversation", set()),
    ("an enum that is read opened", put(f"{LIMIT}/properties/name/enum", GONE),
     "enum_opened", "rate_limits.updated: rate_limits[].name", {R}),
    ("a text that is written closed to an enum", put(f"{CREATE}/instructions/enum", ["be brief"]),
     "enum_closed", "response.create: response.instructions", {W}),
    ("a constant changed", put(f"{EXPIRY}/properties/anchor/enum/0", "updated_at"),
     "constant_changed", "RealtimeCreateClientSecretRequest: expires_after.anchor", {R, W}),
    ("a bound tightened", put(f"{APPEND}/properties/event_id/maxLength", 64),
     "bound_changed", "input_audio_buffer.append: event_id", {W}),
    ("a bound loosened", put(f"{APPEND}/properties/event_id/maxLength", 1024),
     "bound_changed", "input_audio_buffer.append: event_id", set()),
    ("a lower bound raised", put(f"{EXPIRY}/properties/seconds/minimum", 60),
     "bound_changed", "RealtimeCreateClientSecretRequest: expires_after.seconds", {W}),
    ("a lower bound sunk", put(f"{EXPIRY}/properties/seconds/minimum", 1),
     "bound_changed", "RealtimeCreateClientSecretRequest: expires_after.seconds", {R}),
    ("a bound added to what is read", put(f"{LIMIT}/properties/limit/minimum", 0),
     "bound_added", "rate_limits.updated: rate_limits[].limit", set()),
    ("a bound added to what is written", put(f"{APPEND}/properties/audio/maxLength", 10),
     "bound_added", "input_audio_buffer.append: audio", {W}),
    ("a bound removed from what is written", put(f"{APPEND}/properties/event_id/maxLength", GONE),
     "bound_removed", "input_audio_buffer.append: event_id", set()),
    ("a pattern added", put(f"{APPEND}/properties/audio/pattern", "^[A-Za-z0-9+/=]*$"),
     "bound_added", "input_audio_buffer.append: audio", {W}),
    ("a member added to a union that is read",
     both(put(f"{USAGE}/oneOf/2", {"$ref": "#/schemas/Brand"}),
          put("/schemas/Brand", {"type": "object", "properties": {"type": {"enum": ["calls"]}}})),
     "member_added", "conversation.item.input_audio_transcription.completed: usage", {R}),
    ("a member removed from a union that is read", put(f"{USAGE}/oneOf/1", GONE),
     "member_removed", "conversation.item.input_audio_transcription.completed: usage", set()),
    ("a member removed from a union that is written", put(f"{CREATE}/tools/items/oneOf/1", GONE),
     "member_removed", "response.create: response.tools[]", {W}),
    ("additional properties forbidden in what is read", put(f"{ERROR}/additionalProperties", False),
     "extras_closed", "error: error", set()),
    ("additional properties forbidden in what is written", put(f"{TRUNCATE}/additionalProperties", False),
     "extras_closed", "conversation.item.truncate", {W}),
    ("additional properties allowed", put(f"{REJECT}/additionalProperties", True),
     "extras_opened", "RealtimeCallRejectRequest", {R}),
    ("additional properties given a type", put(f"{CREATED}/properties/conversation/additionalProperties", TEXT),
     "type_changed", "conversation.created: conversation.*", set()),
    ("a default changed", put(f"{CREATE}/tool_choice/default", "none"),
     "default_changed", "response.create: response.tool_choice", set()),
    ("a format removed", put(f"{SEGMENT}/properties/start/format", GONE),
     "format_changed", "conversation.item.input_audio_transcription.segment: start", set()),
    ("a keyword that is not known here", put(f"{LIMITS}/properties/rate_limits/contains", {"type": "object"}),
     "keyword_changed", "rate_limits.updated: rate_limits", {R}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("mutate", "kind", "where", "breaks"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_a_change_is_named_placed_and_judged(mutate: Mutation, kind: str, where: str, breaks: set[str]) -> None:
    (change,) = diff_facts(REALTIME, changed(mutate))
    assert (change.kind, change.where) == (kind, where)
    assert judged(change) == breaks
    assert change.breaking is bool(breaks)


def judged(change: Change) -> set[str]:
    return {who for who, broken in ((R, change.breaks_readers), (W, change.breaks_writers)) if broken}


def test_the_table_has_every_kind_of_change() -> None:
    assert len(TABLE) >= 30
    assert {row[2] for row in TABLE} == set(get_args(Kind))


@pytest.mark.parametrize("name", ["realtime", "translation", "realtime_beta", "live"])
def test_a_contract_and_its_copy_do_not_differ(name: str) -> None:
    facts = load_facts(ROOT / "schema" / name / "facts.json")
    assert diff_facts(facts, facts) == []
    assert diff_facts(facts, load_facts(ROOT / "schema" / name / "facts.json")) == []


def rename_schemas(document: JsonObject) -> None:
    text = json.dumps(document)
    for name in sorted(cast("JsonObject", document["schemas"]), key=len, reverse=True):
        if name not in REALTIME.rest:
            text = text.replace(f'#/schemas/{name}"', f'#/schemas/{name}Renamed"').replace(
                f'"{name}": {{"', f'"{name}Renamed": {{"'
            )
            text = text.replace(f': "{name}"', f': "{name}Renamed"')
    document.update(json.loads(text))


@pytest.mark.parametrize(
    "mutate",
    [
        rename_schemas,
        put(f"{COMMITTED}/properties/previous_item_id", {"type": ["string", "null"]}),
        put(f"{COMMITTED}/properties/previous_item_id", {"type": "string", "nullable": True}),
        put(f"{COMMITTED}/properties/previous_item_id", {"oneOf": [{"type": "null"}, {"type": "string"}]}),
        put(f"{COMMITTED}/properties/type", {"const": "input_audio_buffer.committed"}),
        put(f"{COMMITTED}/required", ["item_id", "type", "event_id"]),
        put(f"{LIMIT}/properties/name/enum", ["tokens", "requests"]),
        both(put("/schemas/Limit", REALTIME.schemas["RealtimeServerEventRateLimitsUpdated"]),
             put(LIMITS, {"allOf": [{"$ref": "#/schemas/Limit"}]})),
        put(f"{CREATE}/tools/items/oneOf", [{"$ref": "#/schemas/MCPTool"}, {"$ref": "#/schemas/RealtimeFunctionTool"}]),
        put(f"{COMMITTED}/title", "Another title"),
    ],
    ids=["schemas renamed", "null as a type", "nullable", "null as a member", "const", "order of required",
         "order of values", "an object behind allOf", "order of members", "a sentence"],
)  # fmt: skip
def test_another_way_to_write_the_same_is_no_change(mutate: Mutation) -> None:
    assert diff_facts(REALTIME, changed(mutate)) == []


def facts_of(schemas: dict[str, JsonObject]) -> Facts:
    return Facts("made for a test", {}, {"tree.grown": "Tree"}, schemas)


def test_recursive_schemas_are_compared_and_end() -> None:
    tree: JsonObject = {
        "type": "object",
        "properties": {"name": TEXT, "branches": {"type": "array", "items": {"$ref": "#/schemas/Tree"}}},
    }
    grown = copy.deepcopy(tree)
    cast("JsonObject", grown["properties"])["age"] = {"type": "integer"}
    assert [change.where for change in diff_facts(facts_of({"Tree": tree}), facts_of({"Tree": grown}))] == [
        "tree.grown: age"
    ]
    loop = facts_of({"Tree": {"anyOf": [{"$ref": "#/schemas/Tree"}, TEXT]}})
    assert diff_facts(loop, loop) == []


def test_a_reference_that_leads_nowhere_is_an_error() -> None:
    broken = facts_of({"Tree": {"$ref": "#/schemas/Gone"}})
    with pytest.raises(CodegenError, match="#/schemas/Gone is referred to but not defined"):
        diff_facts(broken, broken)


def test_a_member_of_a_union_that_was_changed_is_compared_with_itself() -> None:
    old = facts_of(
        {
            "Tree": {
                "oneOf": [
                    {"type": "object", "properties": {"a": TEXT, "b": TEXT}},
                    {"type": "object", "properties": {"x": TEXT}},
                ]
            }
        }
    )
    new = facts_of(
        {
            "Tree": {
                "oneOf": [
                    {"type": "object", "properties": {"x": TEXT}},
                    {"type": "object", "properties": {"a": TEXT, "b": TEXT, "c": TEXT}},
                ]
            }
        }
    )
    assert [(change.kind, change.where) for change in diff_facts(old, new)] == [("field_added", "tree.grown: (a+b).c")]


def test_every_change_of_a_shared_object_is_told_for_every_event_that_carries_it() -> None:
    changes = diff_facts(REALTIME, changed(put("/schemas/RealtimeResponse/properties/new", TEXT)))
    assert [change.where for change in changes] == ["response.created: response.new", "response.done: response.new"]


def test_the_other_way_round_turns_additions_into_removals() -> None:
    new = changed(both(put(f"{COMMITTED}/properties/extra", TEXT), put(f"{LIMIT}/properties/name/enum/2", "seconds")))
    turned: Iterator[tuple[str, str]] = (
        (change.kind.replace("added", "removed"), change.where) for change in diff_facts(REALTIME, new)
    )
    assert list(turned) == [(change.kind, change.where) for change in diff_facts(new, REALTIME)]
