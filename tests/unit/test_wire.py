"""`WireModel.to_wire`, `UnknownEvent`, `UNSET` and `formatted` of items."""

import base64
import copy

import numpy as np
import pytest

from realtime_typed._generated.realtime.client_events import ConversationItemCreate, ResponseCreate, SessionUpdate
from realtime_typed._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS
from realtime_typed._generated.realtime.shared import (
    AssistantMessageItem,
    AudioFormatPcm,
    FunctionCallItem,
    FunctionCallOutputItem,
    InputTextPart,
    McpTool,
    OutputAudioPart,
    OutputTextPart,
    RealtimeSessionConfig,
    ResponseConfig,
    SessionAudioConfig,
    SessionAudioInputConfig,
    SystemMessageItem,
    TracingConfiguration,
    UserMessageItem,
)
from realtime_typed._wire import UNSET, ItemModel, UnknownEvent, UnsetType, WireModel, to_plain, wire_fields


def session_update(input_config: SessionAudioInputConfig) -> SessionUpdate:
    return SessionUpdate(session=RealtimeSessionConfig(audio=SessionAudioConfig(input=input_config)))


class TestToWire:
    def test_a_field_that_nobody_set_is_absent(self) -> None:
        assert ResponseCreate().to_wire() == {"type": "response.create"}

    def test_a_field_that_was_set_to_none_is_null(self) -> None:
        assert ResponseCreate(response=None).to_wire() == {"type": "response.create", "response": None}

    def test_absent_and_none_stay_different_at_every_depth(self) -> None:
        absent = session_update(SessionAudioInputConfig(format=AudioFormatPcm())).to_wire()
        null = session_update(SessionAudioInputConfig(format=AudioFormatPcm(), turn_detection=None)).to_wire()
        config = {"format": {"type": "audio/pcm"}}
        assert absent["session"] == {"type": "realtime", "audio": {"input": config}}
        assert null["session"] == {"type": "realtime", "audio": {"input": {**config, "turn_detection": None}}}

    def test_constants_are_written_at_every_depth_though_nobody_set_them(self) -> None:
        event = ConversationItemCreate(item=UserMessageItem(content=[InputTextPart(text="hi")]))
        assert event.to_wire() == {
            "type": "conversation.item.create",
            "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
        }

    def test_a_constant_is_no_field_that_has_other_values_too(self) -> None:
        assert AudioFormatPcm().to_wire() == {"type": "audio/pcm"}
        assert AudioFormatPcm(rate=24000).to_wire() == {"type": "audio/pcm", "rate": 24000}

    def test_models_in_lists_and_mappings_become_dicts(self) -> None:
        config = ResponseConfig(
            input=[SystemMessageItem(content=[InputTextPart(text="a")])],
            tools=[McpTool(server_label="s", headers={"a": "b"})],
        )
        assert config.to_wire() == {
            "input": [{"type": "message", "role": "system", "content": [{"type": "input_text", "text": "a"}]}],
            "tools": [{"type": "mcp", "server_label": "s", "headers": {"a": "b"}}],
        }

    def test_extra_fields_are_kept_and_written(self) -> None:
        data = {"type": "response.create", "new": {"a": [1, None]}, "response": {"more": 2}}
        made = ResponseCreate.model_validate(data)
        assert made.model_extra == {"new": {"a": [1, None]}}
        assert made.to_wire() == data

    def test_an_assigned_field_is_written(self) -> None:
        event = ResponseCreate()
        event.event_id = "e1"
        assert event.to_wire() == {"type": "response.create", "event_id": "e1"}

    def test_extra_fields_that_are_unset_stay_absent(self) -> None:
        made = ResponseCreate.model_validate({"new": UNSET})
        assert made.to_wire() == {"type": "response.create"}

    def test_changing_the_dict_does_not_change_the_event(self) -> None:
        event = ConversationItemCreate(item=UserMessageItem(content=[InputTextPart(text="hi")]))
        wire = event.to_wire()
        item = wire["item"]
        assert isinstance(item, dict)
        item.clear()
        assert event.to_wire()["item"] != {}

    @pytest.mark.parametrize("name", sorted({**CLIENT_EVENTS, **SERVER_EVENTS}))
    def test_every_event_writes_its_type_without_being_told(self, name: str) -> None:
        model = {**CLIENT_EVENTS, **SERVER_EVENTS}[name]
        assert model.model_construct(_fields_set=set()).to_wire() == {"type": name}


class TestToPlain:
    def test_unset_values_are_left_out_at_every_depth(self) -> None:
        given = {"a": UNSET, "b": {"c": UNSET, "d": None}, "e": [{"f": UNSET}]}
        assert to_plain(given) == {"b": {"d": None}, "e": [{}]}

    def test_tuples_become_lists_and_keys_text(self) -> None:
        assert to_plain({1: (1, "a", None)}) == {"1": [1, "a", None]}

    def test_an_unknown_event_becomes_its_raw(self) -> None:
        assert to_plain([UnknownEvent("x", {"type": "x", "a": 1})]) == [{"type": "x", "a": 1}]

    def test_other_values_stay_as_they_are(self) -> None:
        marker = object()
        assert to_plain(marker) is marker


class TestWireFields:
    def test_a_model_gives_its_own_fields(self) -> None:
        part = InputTextPart(text="a")
        wire_fields(part)["text"] = "b"
        assert part.text == "b"

    def test_a_dict_gives_itself_and_anything_else_nothing(self) -> None:
        data = {"a": 1}
        assert wire_fields(data) is data
        assert wire_fields([1]) == {}
        assert wire_fields(None) == {}


class TestUnset:
    def test_it_is_one_false_value_that_reads_as_its_name(self) -> None:
        assert not UNSET
        assert repr(UNSET) == "UNSET"
        assert UNSET is UnsetType.UNSET
        assert copy.deepcopy(UNSET) is UNSET


class TestUnknownEvent:
    def test_it_keeps_type_and_the_whole_event(self) -> None:
        raw: dict[str, object] = {"type": "ping", "event_id": "e1", "n": 1}
        event = UnknownEvent("ping", raw)
        assert (event.wire_type, event.event_id) == ("ping", "e1")
        assert str(event.type) == "ping"
        assert event.raw is raw
        assert event.to_wire() is raw

    def test_without_raw_it_holds_its_type_alone(self) -> None:
        assert UnknownEvent("ping").to_wire() == {"type": "ping"}

    @pytest.mark.parametrize("raw", [{"type": "x"}, {"type": "x", "event_id": 7}, {"type": "x", "event_id": None}])
    def test_an_event_id_that_is_no_text_counts_as_none(self, raw: dict[str, object]) -> None:
        assert UnknownEvent("x", raw).event_id is None

    def test_it_is_read_only(self) -> None:
        with pytest.raises(AttributeError, match="read-only"):
            UnknownEvent("x").raw = {}

    def test_it_compares_by_content_and_cannot_be_hashed(self) -> None:
        assert UnknownEvent("x") == UnknownEvent("x")
        assert UnknownEvent("x") != UnknownEvent("y")
        assert UnknownEvent("x") != UnknownEvent("x", {"type": "x", "a": 1})
        assert UnknownEvent("x") != {"type": "x"}
        with pytest.raises(TypeError):
            hash(UnknownEvent("x"))

    def test_its_repr_is_cut_short(self) -> None:
        text = repr(UnknownEvent("x", {"type": "x", "audio": "A" * 100_000}))
        assert text.startswith("UnknownEvent(type='x'")
        assert len(text) < 300


class TestModels:
    def test_a_deep_copy_is_equal_and_independent(self) -> None:
        item = AssistantMessageItem(content=[OutputTextPart(text="a")])
        assert item.formatted.text == "a"
        twin = item.model_copy(deep=True)
        assert twin == item
        twin.content.clear()
        assert len(item.content) == 1

    def test_every_item_class_has_a_readable_form(self) -> None:
        for item in (
            FunctionCallItem(name="f", arguments="{}"),
            FunctionCallOutputItem(call_id="c", output="o"),
            SystemMessageItem(content=[]),
        ):
            assert isinstance(item, ItemModel)
            assert item.formatted is item.formatted

    def test_a_model_that_is_no_item_has_none(self) -> None:
        assert not hasattr(TracingConfiguration(), "formatted")


class TestFormattedOfItems:
    def test_text_parts_are_joined(self) -> None:
        item = UserMessageItem(content=[InputTextPart(text="a"), InputTextPart(text="b")])
        assert item.formatted.text == "ab"

    def test_audio_and_transcript_of_a_part_are_read(self) -> None:
        samples = np.array([1, -2, 3], dtype="<i2")
        audio = base64.b64encode(samples.tobytes()).decode()
        item = AssistantMessageItem(content=[OutputAudioPart(audio=audio, transcript="hi")])
        assert item.formatted.transcript == "hi"
        assert item.formatted.audio.tolist() == [1, -2, 3]

    def test_a_function_call_is_a_tool(self) -> None:
        tool = FunctionCallItem(name="f", call_id="c1", arguments="{}").formatted.tool
        assert tool is not None
        assert (tool.name, tool.call_id, tool.arguments) == ("f", "c1", "{}")

    def test_a_call_without_call_id_has_an_empty_one(self) -> None:
        tool = FunctionCallItem(name="f", arguments="{}").formatted.tool
        assert tool is not None
        assert tool.call_id == ""

    def test_a_tool_result_is_the_output(self) -> None:
        assert FunctionCallOutputItem(call_id="c", output="42").formatted.output == "42"

    @pytest.mark.parametrize(
        "content",
        [None, 7, "text", [None, 7, "x"], [{"text": 7}], [{"audio": "%%%"}], [{"audio": "QUJD"}], [{"transcript": []}]],
    )
    def test_content_of_any_shape_never_raises(self, content: object) -> None:
        item = UserMessageItem.model_construct(type="message", role="user", content=content)
        assert item.formatted.text == ""
        assert item.formatted.audio.shape == (0,)

    def test_parts_that_stayed_dicts_are_read_like_models(self) -> None:
        content = [{"type": "text", "text": "a"}]
        item = AssistantMessageItem.model_construct(type="message", role="assistant", content=content)
        assert item.formatted.text == "a"


def test_every_event_class_keeps_what_it_does_not_know() -> None:
    for model in (*CLIENT_EVENTS.values(), *SERVER_EVENTS.values()):
        assert issubclass(model, WireModel)
        assert model.model_config.get("extra") == "allow"
