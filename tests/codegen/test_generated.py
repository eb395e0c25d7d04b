"""What was generated for the protocol `realtime`, seen from outside: names, tables, overloads, and the wire's truth."""

import ast
import inspect
import json
import re
import typing
from pathlib import Path
from typing import Literal, get_args, get_origin, get_overloads, get_type_hints

import pytest
from pydantic import TypeAdapter, ValidationError

from codegen.events import class_name
from codegen.source import load_protocol
from realtime_typed import utility_events
from realtime_typed._generated.realtime import params, registry, sends, typed_events, types
from realtime_typed._wire import UnknownEvent, WireModel
from realtime_typed.dispatch import EventSource, Subscription

ROOT = Path(__file__).parents[2]
PROTOCOL = load_protocol(ROOT / "schema", "realtime")
FILES = sorted((ROOT / "src" / "realtime_typed" / "_generated" / "realtime").glob("*.py"))
UTILITY = typing.cast("dict[str, str]", PROTOCOL.settings["utility_events"])
CONNECTION = typing.cast("dict[str, str]", PROTOCOL.settings["connection_events"])
SERVER_OR_UNKNOWN = registry.ServerEvent | UnknownEvent
CLIENT_OR_UNKNOWN = registry.ClientEvent | UnknownEvent

CLIENT_NAMES: dict[str, object] = {
    **registry.SERVER_EVENTS,
    **{name: getattr(utility_events, class_) for name, class_ in UTILITY.items()},
    "*": SERVER_OR_UNKNOWN,
}
API_NAMES: dict[str, object] = {
    **{f"server.{name}": class_ for name, class_ in registry.SERVER_EVENTS.items()},
    **{f"client.{name}": class_ for name, class_ in registry.CLIENT_EVENTS.items()},
    "server.*": SERVER_OR_UNKNOWN,
    "client.*": CLIENT_OR_UNKNOWN,
    **{name: getattr(utility_events, class_) for name, class_ in CONNECTION.items()},
}
MIXINS = pytest.mark.parametrize(
    ("mixin", "names", "channels", "literal"),
    [
        (typed_events.RealtimeEvents, CLIENT_NAMES, typed_events.RealtimeChannels, typed_events.RealtimeEventName),
        (
            typed_events.RealtimeAPIEvents,
            API_NAMES,
            typed_events.RealtimeAPIChannels,
            typed_events.RealtimeAPIEventName,
        ),
    ],
    ids=["client", "api"],
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_states_its_source_its_hash_and_the_command_that_made_it(path: Path) -> None:
    made_from, command, source = path.read_text(encoding="utf-8").splitlines()[:3]
    assert made_from.endswith(f"sha256 {PROTOCOL.digest}")
    assert "(facts.json, overlay.yaml, docs.yaml, protocol.yaml)" in made_from
    assert "`python -m codegen generate realtime` with datamodel-code-generator " in command
    assert source == f"# Source: {PROTOCOL.facts.source}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_class_carries_a_number_and_none_is_a_root_model_or_an_enum(path: Path) -> None:
    classes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.ClassDef)]
    assert [node.name for node in classes if re.search(r"\d", node.name)] == []
    bases = {ast.unparse(base) for node in classes for base in node.bases}
    assert bases <= {"WireModel", "ItemModel", "TypedDict", "EventSource", "SendNamespace"}


def test_every_class_and_field_is_described() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                assert ast.get_docstring(node), f"{path.name}: {node.name}"
                if "EventSource" in map(ast.unparse, node.bases):
                    continue
                for field, following in zip(node.body, [*node.body[1:], None], strict=True):
                    if isinstance(field, ast.AnnAssign):
                        described = isinstance(following, ast.Expr) and isinstance(following.value, ast.Constant)
                        assert described, f"{path.name}: {node.name}.{ast.unparse(field.target)}"


def test_the_registry_holds_every_event_of_the_facts_and_no_other() -> None:
    assert list(registry.CLIENT_EVENTS.keys() ^ PROTOCOL.facts.client_events.keys()) == []
    assert list(registry.SERVER_EVENTS.keys() ^ PROTOCOL.facts.server_events.keys()) == []
    assert (len(registry.CLIENT_EVENTS), len(registry.SERVER_EVENTS)) == (11, 46)


def test_names_and_unions_of_the_registry_are_its_tables() -> None:
    assert set(get_args(registry.ClientEventName)) == set(registry.CLIENT_EVENTS)
    assert set(get_args(registry.ServerEventName)) == set(registry.SERVER_EVENTS)
    assert set(get_args(registry.ClientEvent)) == set(registry.CLIENT_EVENTS.values())
    assert set(get_args(registry.ServerEvent)) == set(registry.SERVER_EVENTS.values())


@pytest.mark.parametrize(("wire", "class_"), [*registry.CLIENT_EVENTS.items(), *registry.SERVER_EVENTS.items()])
def test_an_event_class_is_named_after_the_wire_and_knows_its_type(wire: str, class_: type[WireModel]) -> None:
    assert class_.__name__ == ("ErrorEvent" if wire == "error" else class_name(wire))
    assert class_.model_fields["type"].default == wire
    assert getattr(types, class_.__name__) is class_


@MIXINS
def test_on_has_one_overload_for_every_name_and_no_other(
    mixin: type[EventSource], names: dict[str, object], channels: type, literal: object
) -> None:
    found: dict[str, object] = {}
    for overload in get_overloads(typing.cast("typing.Any", mixin).on):
        hints = get_type_hints(overload)
        (name,) = get_args(hints["name"])
        assert get_origin(hints["return"]) is Subscription
        (found[name],) = get_args(hints["return"])
    assert found == names


@MIXINS
def test_wait_for_has_one_overload_for_every_name_and_no_other(
    mixin: type[EventSource], names: dict[str, object], channels: type, literal: object
) -> None:
    found: dict[str, object] = {}
    for overload in get_overloads(typing.cast("typing.Any", mixin).wait_for):
        hints = get_type_hints(overload)
        assert get_origin(hints["name"]) is Literal
        (name,) = get_args(hints["name"])
        found[name] = hints["return"]
    assert found == names


@MIXINS
def test_names_channels_and_literals_of_a_mixin_agree(
    mixin: type[EventSource], names: dict[str, object], channels: type, literal: object
) -> None:
    assert set(mixin.event_names) == set(names)
    assert set(get_args(literal)) == set(names)
    assert {name: get_args(hint)[0] for name, hint in get_type_hints(channels).items()} == names


def test_there_is_one_send_method_for_every_client_event() -> None:
    methods: set[tuple[str, str]] = set()
    for namespace in set(sends.__all__) - {"ANSWERS"}:
        members = typing.cast("dict[str, object]", vars(typing.cast("type", getattr(sends, namespace))))
        methods |= {(namespace, verb) for verb in members if not verb.startswith("_")}
    expected = {
        (f"{class_name(wire.rpartition('.')[0])}Sends", wire.rpartition(".")[2]) for wire in registry.CLIENT_EVENTS
    }
    assert methods == expected


def test_a_send_method_returns_the_event_that_answers_it() -> None:
    returned: dict[str, object] = {}
    for wire in registry.CLIENT_EVENTS:
        namespace = getattr(sends, f"{class_name(wire.rpartition('.')[0])}Sends")
        method = getattr(namespace, wire.rpartition(".")[2])
        answer = get_type_hints(method)["return"]
        assert ("timeout" in inspect.signature(method).parameters) == (answer is not type(None))
        if answer is not type(None):
            returned[wire] = answer
    assert returned == {asked: registry.SERVER_EVENTS[answer] for asked, answer in sends.ANSWERS.items()}


def test_there_is_one_dict_form_for_every_client_event() -> None:
    names = {hint.__name__ for hint in get_args(params.ClientEventParam)}
    assert names == {f"{class_.__name__}Param" for class_ in registry.CLIENT_EVENTS.values()}


def decode(event: dict[str, object]) -> WireModel:
    """Validate in pydantic's strict mode."""
    class_ = registry.SERVER_EVENTS[str(event["type"])]
    return TypeAdapter(class_).validate_json(json.dumps(event), strict=True)


@pytest.mark.parametrize(
    "wire",
    [
        "response.output_text.delta",
        "response.output_audio_transcript.delta",
        "response.function_call_arguments.delta",
        "response.mcp_call_arguments.delta",
        "conversation.item.input_audio_transcription.delta",
    ],
)
def test_the_padding_of_deltas_is_a_field(wire: str) -> None:
    assert "obfuscation" in registry.SERVER_EVENTS[wire].model_fields


def test_an_error_may_have_null_where_the_wire_has_it() -> None:
    error = {"type": "invalid_request_error", "message": "no", "code": None, "param": None, "event_id": None}
    event = decode({"type": "error", "event_id": "event_1", "error": error})
    assert isinstance(event, types.ErrorEvent)
    assert event.error.param is None
    assert "param" in event.error.model_fields_set


def test_a_session_may_have_null_where_the_wire_has_it() -> None:
    audio = {"input": {"transcription": None, "noise_reduction": None, "turn_detection": None}}
    session = {"type": "realtime", "id": "sess_1", "object": "realtime.session", "include": None, "audio": audio}
    event = decode({"type": "session.created", "event_id": "event_1", "session": session})
    assert isinstance(event, types.SessionCreated)
    assert isinstance(event.session, types.RealtimeSession)
    assert event.session.include is None


def response(**fields: object) -> dict[str, object]:
    return {"type": "response.done", "event_id": "event_1", "response": {"object": "realtime.response", **fields}}


def test_a_response_may_have_null_where_the_wire_has_it() -> None:
    event = decode(response(status="completed", status_details=None, usage=None))
    assert isinstance(event, types.ResponseDone)
    assert event.response.usage is None


def test_a_value_that_the_schema_does_not_list_yet_is_valid_from_the_service() -> None:
    event = decode(response(status="paused", output_modalities=["smell"]))
    assert isinstance(event, types.ResponseDone)
    assert event.response.status == "paused"


def test_an_open_enum_still_wants_the_right_kind_of_value() -> None:
    with pytest.raises(ValidationError):
        decode(response(status=7))


def test_what_a_client_sends_as_a_dict_stays_closed() -> None:
    status = get_type_hints(params.UserMessageItemParam)["status"]
    assert set(get_args(status)) == {"completed", "incomplete", "in_progress"}
