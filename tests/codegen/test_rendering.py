"""From a contract to Python: names, descriptions and the shape of what is written."""

import ast
import copy
from dataclasses import replace
from typing import cast

import pytest

from codegen.docs import load_docs
from codegen.events import Event, class_name, event_table
from codegen.overlay import apply_overlay
from codegen.render import render_protocol
from codegen.source import CodegenError, JsonObject, Protocol


def with_schema(protocol: Protocol, name: str, schema: JsonObject) -> Protocol:
    return replace(protocol, facts=replace(protocol.facts, schemas={**protocol.facts.schemas, name: schema}))


def with_property(protocol: Protocol, schema: str, name: str, value: object) -> Protocol:
    changed = copy.deepcopy(protocol.facts.schemas[schema])
    cast("JsonObject", changed["properties"])[name] = value
    return with_schema(protocol, schema, changed)


def with_names(protocol: Protocol, **names: str) -> Protocol:
    entries = {f"/schemas/{old}": {"old": old, "new": new} for old, new in names.items()}
    return replace(protocol, overlay={**protocol.overlay, "names": [{"reason": "Better.", "at": entries}]})


def failure(protocol: Protocol) -> str:
    with pytest.raises(CodegenError) as caught:
        render_protocol(protocol, "1.0")
    return str(caught.value)


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("error", "Error"),
        ("response.output_audio.delta", "ResponseOutputAudioDelta"),
        ("mcp_list_tools.in_progress", "McpListToolsInProgress"),
    ],
)
def test_a_class_is_named_after_the_wire(wire: str, name: str) -> None:
    assert class_name(wire) == name


@pytest.mark.parametrize("wire", ["Response.done", "response-done", "response..done", "réponse", ""])
def test_a_wire_name_that_makes_no_class_name_is_an_error(wire: str) -> None:
    with pytest.raises(CodegenError, match="cannot be turned into a class name"):
        class_name(wire)


def test_events_are_listed_client_first_and_by_wire_name(tiny: Protocol) -> None:
    say, said = event_table(apply_overlay(tiny.facts, tiny.overlay))
    assert say == Event("greeting.say", "ClientSay", "GreetingSay", "client")
    assert (say.namespace, say.verb) == (("greeting",), "say")
    assert said.side == "server"


def test_two_events_of_one_class_name_are_an_error(tiny: Protocol) -> None:
    facts = replace(tiny.facts, server_events={"greeting_say": "ServerSaid"})
    with pytest.raises(CodegenError, match=r"'greeting_say' and 'greeting.say' would both be GreetingSay"):
        event_table(apply_overlay(facts, {}))


def test_two_schemas_of_one_name_are_an_error(tiny: Protocol) -> None:
    message = failure(with_names(tiny, Speaker="GreetingSaid"))
    assert "/schemas/Speaker and /schemas/ServerSaid are both named GreetingSaid" in message


def test_a_class_name_with_a_number_is_an_error(tiny: Protocol) -> None:
    assert "/schemas/Speaker: 'Speaker2' is no class name, or carries a number" in failure(
        with_names(tiny, Speaker="Speaker2")
    )


def test_an_inline_object_without_a_name_is_an_error(tiny: Protocol) -> None:
    inline = {"type": "object", "properties": {"street": {"type": "string"}}}
    message = failure(with_property(tiny, "Speaker", "address", inline))
    assert "/schemas/Speaker/properties/address is an inline object without a name" in message


def test_an_inline_object_becomes_the_class_that_the_overlay_names(tiny: Protocol) -> None:
    pointer = "/schemas/Speaker/properties/address"
    inline = {"type": "object", "properties": {"street": {"type": "string"}}, "required": ["street"]}
    protocol = with_property(tiny, "Speaker", "address", inline)
    docs = copy.deepcopy(tiny.docs)
    cast("dict[str, str]", cast("JsonObject", docs["Speaker"])["fields"])["address"] = "Where they live."
    docs["Address"] = {"description": "A place.", "fields": {"street": "The street."}}
    names = [{"reason": "Inline.", "at": {pointer: {"old": "inline", "new": "Address"}}}]
    text = render_protocol(replace(protocol, overlay={"names": names}, docs=docs), "1.0")["shared.py"]
    assert "class Address(WireModel):" in text
    assert "address: Address | None = None" in text


def test_an_event_whose_type_is_not_one_value_is_an_error(tiny: Protocol) -> None:
    message = failure(with_property(tiny, "ServerSaid", "type", {"type": "string", "enum": ["a", "b"]}))
    assert "/schemas/ServerSaid/properties/type tells its union's members apart" in message


def test_an_open_enum_is_open_in_the_model_only(tiny: Protocol) -> None:
    shared = {"type": "string", "enum": ["glad", "sad"]}
    overlay: JsonObject = {
        "open_enums": [
            {
                "reason": "Moods change.",
                "at": {f"/schemas/{schema}/properties/mood": ["glad", "sad"] for schema in ("ClientSay", "ServerSaid")},
            }
        ]
    }
    docs = copy.deepcopy(tiny.docs)
    cast("dict[str, str]", cast("JsonObject", docs["GreetingSay"])["fields"])["mood"] = "The mood."
    protocol = replace(with_property(tiny, "ClientSay", "mood", shared), overlay=overlay, docs=docs)
    files = render_protocol(protocol, "1.0")
    assert 'mood: Literal["glad", "sad"] | str\n' in files["server_events.py"]
    assert 'mood: Literal["glad", "sad"] | str | None = None\n' in files["client_events.py"]
    assert 'mood: NotRequired[Literal["glad", "sad"]]\n' in files["params.py"]
    assert 'mood: Literal["glad", "sad"] | UnsetType = UNSET,\n' in files["sends.py"]


@pytest.mark.parametrize(
    ("schema", "hint"),
    [
        ({"type": "number"}, "float"),
        ({"type": "array", "items": {"type": "string"}}, "list[str]"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "str | None"),
        ({"anyOf": [{"$ref": "#/schemas/Speaker"}, {"type": "boolean"}]}, "Speaker | SpeakerParam | bool"),
        ({"type": "array", "items": {"$ref": "#/schemas/Speaker"}}, "list[Speaker | SpeakerParam]"),
    ],
)
def test_a_send_method_takes_models_and_dicts(tiny: Protocol, schema: JsonObject, hint: str) -> None:
    docs = copy.deepcopy(tiny.docs)
    cast("dict[str, str]", cast("JsonObject", docs["GreetingSay"])["fields"])["more"] = "More."
    text = render_protocol(replace(with_property(tiny, "ClientSay", "more", schema), docs=docs), "1.0")["sends.py"]
    assert f"more: {hint} | UnsetType = UNSET,\n" in text
    ast.parse(text)


def test_a_send_method_waits_for_the_answer_that_the_protocol_states(tiny: Protocol) -> None:
    answered = replace(tiny, settings={"answers": {"greeting.say": "greeting.said"}})
    text = render_protocol(answered, "1.0")["sends.py"]
    assert "timeout: float | None = ANSWER_TIMEOUT,\n    ) -> GreetingSaid:\n" in text
    assert 'ANSWERS: Final[Mapping[str, str]] = {\n    "greeting.say": "greeting.said",\n}\n' in text
    ast.parse(text)
    alone = render_protocol(tiny, "1.0")["sends.py"]
    assert ") -> None:\n" in alone
    assert "ANSWER" not in alone


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"greeting.sing": "greeting.said"}, "'greeting.sing' is no client event of tiny"),
        ({"greeting.say": "greeting.heard"}, "'greeting.heard' is no server event of tiny"),
        ({"greeting.said": "greeting.say"}, "'greeting.said' is no client event of tiny"),
    ],
)
def test_an_answer_is_an_event_of_the_protocol(tiny: Protocol, answers: JsonObject, message: str) -> None:
    assert message in failure(replace(tiny, settings={"answers": answers}))


def test_a_send_method_never_guesses_a_type(tiny: Protocol) -> None:
    docs = copy.deepcopy(tiny.docs)
    cast("dict[str, str]", cast("JsonObject", docs["GreetingSay"])["fields"])["more"] = "More."
    message = failure(replace(with_property(tiny, "ClientSay", "more", {"type": "object"}), docs=docs))
    assert "a type that the send methods cannot state: {'type': 'object'}" in message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Ghost": {"description": "Nothing."}}, "Ghost is described but does not exist"),
        (
            {"Speaker": {"description": "X.", "fields": {"name": "A.", "age": "B."}}},
            "Speaker.age is described but does",
        ),
        ({"Speaker": {"fields": {"name": "A name."}}}, "Speaker has no description"),
        ({"Speaker": {"description": "Somebody."}}, "Speaker.name has no description"),
        (
            {"Speaker": {"description": "Somebody", "fields": {"name": "A."}}},
            "Speaker: a description ends with a full stop",
        ),
        (
            {"Speaker": {"description": "S.", "fields": {"name": "A"}}},
            "Speaker.name: a description ends with a full stop",
        ),
        ({"Speaker": {"description": "S.", "fields": {"name": 7}}}, "Speaker.name: expected a sentence, got 7"),
        ({"Speaker": {"description": "S.", "fields": {"name": 'A """.'}}}, "neither three quotes nor a backslash"),
        ({"common_fields": {"type": "T.", "colour": "C."}}, "common_fields.colour is used by no class"),
    ],
)
def test_a_description_that_is_missing_or_superfluous_is_an_error(
    tiny: Protocol, change: JsonObject, message: str
) -> None:
    assert message in failure(replace(tiny, docs={**tiny.docs, **change}))


def test_every_problem_of_the_descriptions_is_told_at_once() -> None:
    with pytest.raises(CodegenError, match="A has no description; B has no description"):
        load_docs({}, {"A": [], "B": []})


def test_a_common_sentence_serves_every_class_that_says_nothing_else() -> None:
    content: JsonObject = {
        "common_fields": {"id": "An id."},
        "A": {"description": "An A."},
        "B": {"description": "A B.", "fields": {"id": "B's own."}},
    }
    docs = load_docs(content, {"A": ["id"], "B": ["id"]})
    assert (docs.of("A").fields["id"], docs.of("B").fields["id"]) == ("An id.", "B's own.")


def test_every_file_is_python_and_states_source_hash_and_command(tiny: Protocol) -> None:
    for name, text in render_protocol(tiny, "1.2.3").items():
        ast.parse(text, name)
        assert text.startswith(f"# Generated from schema/tiny/ (facts.json), sha256 {'0' * 64}\n")
        assert "# by `python -m codegen generate tiny` with datamodel-code-generator 1.2.3. Do not edit.\n" in text
        assert "# Source: made for a test\n" in text


def test_a_base_class_of_the_overlay_is_used(tiny: Protocol) -> None:
    bases = [{"reason": "Speakers are items.", "at": {"/schemas/Speaker": "realtime_typed._wire.ItemModel"}}]
    text = render_protocol(replace(tiny, overlay={"bases": bases}), "1.0")["shared.py"]
    assert "class Speaker(ItemModel):" in text
