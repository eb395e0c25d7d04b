"""Frames to events and back, in the three modes."""

import base64
import json
import logging
import os
from collections.abc import Mapping
from typing import Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime_typed._generated.realtime.client_events import (
    ConversationItemDelete,
    ConversationItemTruncate,
    InputAudioBufferAppend,
    ResponseCreate,
    SessionUpdate,
)
from realtime_typed._generated.realtime.registry import (
    CLIENT_EVENTS,
    SERVER_EVENTS,
    ClientEvent,
    ClientEventName,
    ServerEvent,
    ServerEventName,
)
from realtime_typed._generated.realtime.server_events import (
    ConversationItemAdded,
    ErrorEvent,
    RateLimitsUpdated,
    ResponseDone,
    ResponseOutputTextDelta,
    SessionCreated,
)
from realtime_typed._generated.realtime.shared import (
    InputTextPart,
    RateLimit,
    RealtimeResponse,
    RealtimeSession,
    RealtimeSessionConfig,
    ResponseConfig,
    SessionAudioConfig,
    SessionAudioInputConfig,
    ToolChoiceFunction,
    UserMessageItem,
)
from realtime_typed._wire import UNSET, UnknownEvent, WireModel
from realtime_typed.codec import Codec, Dialect, Validation, decode_client_event, recall_client_event
from realtime_typed.errors import EventValidationError, ProtocolError

MODES: tuple[Validation, ...] = ("strict", "lenient", "off")
LOGGER = "realtime_typed.codec"

DELTA: dict[str, object] = {
    "type": "response.output_text.delta",
    "event_id": "event_1",
    "response_id": "resp_1",
    "item_id": "item_1",
    "output_index": 0,
    "content_index": 0,
    "delta": "Hi",
}
ERROR: dict[str, object] = {
    "type": "error",
    "event_id": "event_1",
    "error": {"type": "invalid_request_error", "message": "m"},
}


@pytest.fixture(params=MODES)
def codec(request: pytest.FixtureRequest) -> Codec:
    mode: Validation = request.param
    return Codec(mode)


def without(event: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in event.items() if key != name}


def as_it_is(value: object) -> object:
    """The value without its declared type, which lenient mode does not keep."""
    return value


def outcome(codec: Codec, frame: str | bytes) -> ServerEvent | UnknownEvent | ProtocolError:
    """What a frame comes to. Anything but an event or a `ProtocolError` escapes, and fails the test."""
    try:
        return codec.decode(frame)
    except ProtocolError as error:
        return error


class TestModes:
    def test_lenient_is_the_default(self) -> None:
        assert Codec().validation == "lenient"

    @pytest.mark.parametrize("mode", MODES)
    def test_a_codec_tells_its_mode(self, mode: Validation) -> None:
        assert Codec(mode).validation == mode

    def test_a_mode_that_does_not_exist_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="'strict', 'lenient' or 'off', got 'loose'"):
            Codec("loose")  # type: ignore[arg-type]  # wrong on purpose

    def test_the_names_are_the_registry(self) -> None:
        assert set(get_args(ServerEventName)) == set(SERVER_EVENTS)
        assert set(get_args(ClientEventName)) == set(CLIENT_EVENTS)
        assert set(get_args(ServerEvent)) == set(SERVER_EVENTS.values())
        assert set(get_args(ClientEvent)) == set(CLIENT_EVENTS.values())
        assert (len(SERVER_EVENTS), len(CLIENT_EVENTS)) == (46, 11)


class TestDecode:
    @pytest.mark.parametrize("encoding", ["str", "bytes"])
    def test_a_frame_becomes_its_class(self, codec: Codec, encoding: Literal["str", "bytes"]) -> None:
        text = json.dumps(DELTA)
        for _ in range(2):  # the second time the validator is known
            event = codec.decode(text if encoding == "str" else text.encode())
            assert isinstance(event, ResponseOutputTextDelta)
            assert event.delta == "Hi"
        assert codec.issue_count == 0

    @pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" ,\n\t", "\r\n :\t ")])
    def test_whitespace_makes_no_difference(self, codec: Codec, separators: tuple[str, str]) -> None:
        text = "\n " + json.dumps(DELTA, separators=separators) + " \r\n"
        for frame in (text, text.encode()):
            assert codec.decode(frame) == ResponseOutputTextDelta.model_validate(DELTA)

    def test_the_type_may_stand_last(self, codec: Codec) -> None:
        event = codec.decode(json.dumps({**without(DELTA, "type"), "type": DELTA["type"]}))
        assert isinstance(event, ResponseOutputTextDelta)

    def test_a_nested_type_of_a_known_event_is_not_the_type_of_the_frame(self, codec: Codec) -> None:
        inner: dict[str, object] = {"type": "error", "error": {}}
        frame = {"item": inner, **without(DELTA, "type"), "type": DELTA["type"]}
        for _ in range(2):
            assert isinstance(codec.decode(json.dumps(frame)), ResponseOutputTextDelta)

    def test_characters_of_the_type_may_be_escaped(self, codec: Codec) -> None:
        for old, new in (('"error"', '"err\\u006fr"'), ('"type"', '"ty\\u0070e"')):
            frame = json.dumps(ERROR).replace(old, new, 1)
            assert isinstance(codec.decode(frame), ErrorEvent)
            assert isinstance(codec.decode(frame.encode()), ErrorEvent)

    @pytest.mark.parametrize("known_first", [True, False])
    def test_of_two_types_the_last_counts_as_json_parsers_have_it(self, codec: Codec, known_first: bool) -> None:
        body = json.dumps(without(ERROR, "type"))[1:-1]
        codec.decode(json.dumps(ERROR))  # makes the short cut by the first type possible
        if known_first:
            event = codec.decode('{"type":"error",' + body + ',"type":"ping"}')
            assert isinstance(event, UnknownEvent)
            assert event.wire_type == "ping"
        else:
            assert isinstance(codec.decode('{"type":"ping",' + body + ',"type":"error"}'), ErrorEvent)

    def test_extra_fields_are_kept_at_every_depth(self, codec: Codec) -> None:
        frame = {**ERROR, "new": [1, {"a": None}], "error": {"type": "t", "message": "m", "more": True}}
        event = codec.decode(json.dumps(frame))
        assert isinstance(event, ErrorEvent)
        assert event.model_extra == {"new": [1, {"a": None}]}
        assert event.error.model_extra == {"more": True}
        assert event.to_wire() == frame

    def test_absent_and_null_stay_different(self, codec: Codec) -> None:
        absent = codec.decode(json.dumps(DELTA))
        null = codec.decode(json.dumps({**DELTA, "obfuscation": None}))
        assert isinstance(absent, ResponseOutputTextDelta)
        assert isinstance(null, ResponseOutputTextDelta)
        assert "obfuscation" not in absent.model_fields_set
        assert "obfuscation" in null.model_fields_set
        assert null.obfuscation is None

    def test_open_enums_take_values_of_tomorrow(self) -> None:
        frame = {"type": "response.done", "event_id": "e", "response": {"status": "paused", "object": "x"}}
        event = Codec("strict").decode(json.dumps(frame))
        assert isinstance(event, ResponseDone)
        assert event.response.status == "paused"


class TestUnknownTypes:
    @pytest.mark.parametrize(
        "name", ["ping", "", "ERROR", "error ", " error", "response.output_text", "ère", "\x00", "🙂"]
    )
    def test_a_type_that_the_schema_does_not_know_is_an_unknown_event(self, codec: Codec, name: str) -> None:
        raw = {"type": name, "event_id": "e1", "error": ERROR["error"]}
        for frame in (json.dumps(raw), json.dumps(raw, ensure_ascii=False), json.dumps(raw).encode()):
            event = codec.decode(frame)
            assert isinstance(event, UnknownEvent)
            assert event.wire_type == name
            assert event.raw == raw
        assert codec.issue_count == 0

    @pytest.mark.parametrize("first", [True, False])
    def test_an_event_inside_of_it_does_not_make_it_that_event(self, codec: Codec, first: bool) -> None:
        codec.decode(json.dumps(ERROR))
        inner = {"payload": ERROR, **without(ERROR, "type")}
        raw = {"type": "wrapped", **inner} if first else {**inner, "type": "wrapped"}
        event = codec.decode(json.dumps(raw))
        assert isinstance(event, UnknownEvent)
        assert event.wire_type == "wrapped"
        assert event.raw == raw

    @pytest.mark.parametrize("name", sorted(CLIENT_EVENTS))
    def test_a_client_event_is_unknown_when_a_server_sends_it(self, codec: Codec, name: str) -> None:
        assert isinstance(codec.decode(json.dumps({"type": name})), UnknownEvent)


NO_EVENTS: dict[str, str | bytes] = {
    "empty": "",
    "empty bytes": b"",
    "text": "hello",
    "cut off": '{"type":"error","event_id":"e',
    "two objects": json.dumps(ERROR) * 2,
    "trailing comma": '{"type":"error",}',
    "single quotes": "{'type':'error'}",
    "null": "null",
    "number": "7",
    "string": '"type"',
    "array": json.dumps([ERROR]),
    "no type": json.dumps({"event_id": "e", "error": ERROR["error"]}),
    "nested type only": json.dumps({"item": {"type": "error"}, "event_id": "e", "error": ERROR["error"]}),
    "type null": '{"type":null}',
    "type number": '{"type":1}',
    "type list": '{"type":["error"]}',
    "type object": '{"type":{"type":"error"}}',
    "no object after a known prefix": '{"type":"error"',
    "byte order mark": "\ufeff" + json.dumps(ERROR),
    "byte order mark in bytes": b"\xef\xbb\xbf" + json.dumps(ERROR).encode(),
    "UTF-16": json.dumps(ERROR).encode("utf-16"),
    "no UTF-8 in the type": b'{"type":"err\xffor"}',
    "no UTF-8 elsewhere": b'{"type":"error","event_id":"\xff","error":{"type":"t","message":"m"}}',
    "no UTF-8 after the object": json.dumps(ERROR).encode() + b"\xff",
    "lone surrogate": '{"type":"error","event_id":"\ud800","error":{"type":"t","message":"m"}}',
    "lone surrogate in the type": '{"type":"err\udfffor"}',
    "escaped lone surrogate": '{"type":"error","event_id":"\\ud800"}',
    "deep": '{"type":"error","x":' + "[" * 100_000 + "]" * 100_000 + "}",
    "deep unknown": '{"type":"ping","x":' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}",
    "integer without end": '{"type":"error","x":' + "9" * 100_000 + "}",
}


class TestNoEvents:
    @pytest.mark.parametrize("frame", NO_EVENTS.values(), ids=NO_EVENTS)
    def test_what_is_no_json_object_with_a_type_is_a_protocol_error(self, codec: Codec, frame: str | bytes) -> None:
        for _ in range(2):
            with pytest.raises(ProtocolError) as caught:
                codec.decode(frame)
            assert type(caught.value) is ProtocolError
            assert len(str(caught.value)) < 700
            codec.decode(json.dumps(ERROR))
        assert codec.issue_count == 0

    @pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "9" * 4000, "-0", "1e-999", "0.1e1"])
    @pytest.mark.parametrize("field", ["limit", "reset_seconds", "extra"])
    def test_numbers_of_any_size_are_an_event_or_a_protocol_error(self, codec: Codec, number: str, field: str) -> None:
        for event_id in ('"e"', "7"):
            frame = f'{{"type":"rate_limits.updated","event_id":{event_id},"rate_limits":[{{"{field}":{number}}}]}}'
            found = outcome(codec, frame)
            assert isinstance(found, RateLimitsUpdated | ProtocolError)


class TestStrict:
    def test_a_wrong_field_raises_with_type_path_value_and_expectation(self) -> None:
        frame = json.dumps({**DELTA, "output_index": "zero"})
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").decode(frame)
        error = caught.value
        assert error.event_type == "response.output_text.delta"
        (field,) = error.errors
        assert field.path == ("output_index",)
        assert field.value == "'zero'"
        assert field.expected == "Input should be a valid integer"
        assert frame.startswith(error.raw[:100])
        assert "output_index: Input should be a valid integer, got 'zero'" in str(error)

    def test_a_huge_value_is_cut_short(self) -> None:
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").decode(json.dumps({**DELTA, "output_index": "A" * 1_000_000}))
        assert len(caught.value.errors[0].value) < 120
        assert len(caught.value.raw) < 250
        assert len(str(caught.value)) < 600

    def test_a_missing_field_is_named(self) -> None:
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").decode(json.dumps(without(DELTA, "item_id")))
        (field,) = caught.value.errors
        assert (field.path, field.value, field.expected) == (("item_id",), "nothing", "Field required")

    def test_a_path_is_that_of_the_frame_without_the_names_of_unions(self) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": 7}]}
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").decode(json.dumps({"type": "conversation.item.added", "event_id": "e", "item": item}))
        assert [field.path for field in caught.value.errors] == [("item", "content", 0, "text")]

    def test_a_path_is_right_though_a_field_has_the_name_of_a_union_member(self) -> None:
        part = {"type": "audio", "audio": None, "transcript": 7}
        frame = {**without(DELTA, "delta"), "type": "response.content_part.added", "part": part}
        for audio, paths in (
            (None, [("part", "transcript")]),
            (7, [("part", "audio"), ("part", "transcript")]),
        ):
            part["audio"] = audio
            with pytest.raises(EventValidationError) as caught:
                Codec("strict").decode(json.dumps(frame))
            assert [field.path for field in caught.value.errors] == paths

    def test_a_path_is_right_though_an_object_that_is_no_union_looks_like_one(self) -> None:
        frame = {"type": "error", "event_id": "e", "error": {"type": "message", "message": 7}}
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").decode(json.dumps(frame))
        assert [field.path for field in caught.value.errors] == [("error", "message")]

    def test_a_missing_field_of_a_union_member_is_named(self) -> None:
        item: dict[str, object] = {"type": "message", "role": "user", "message": {}, "user": {}}
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").decode(json.dumps({"type": "conversation.item.added", "event_id": "e", "item": item}))
        assert [field.path for field in caught.value.errors] == [("item", "content")]

    @pytest.mark.parametrize("value", ["3", 3.5, True, None])
    def test_nothing_is_converted(self, value: object) -> None:
        with pytest.raises(EventValidationError):
            Codec("strict").decode(json.dumps({**DELTA, "output_index": value}))

    def test_every_wrong_field_is_reported_and_none_is_counted(self) -> None:
        codec = Codec("strict")
        with pytest.raises(EventValidationError) as caught:
            codec.decode(json.dumps({"type": "response.output_text.delta", "delta": 1}))
        assert {field.path for field in caught.value.errors} == {(name,) for name in DELTA if name != "type"}
        assert codec.issue_count == 0

    def test_the_codec_goes_on_after_an_error(self) -> None:
        codec = Codec("strict")
        with pytest.raises(EventValidationError):
            codec.decode(json.dumps({**DELTA, "delta": 1}))
        assert isinstance(codec.decode(json.dumps(DELTA)), ResponseOutputTextDelta)


class TestLenient:
    def test_a_wrong_event_is_its_own_class_with_the_fields_as_they_came(self) -> None:
        frame = {**DELTA, "output_index": "zero", "delta": ["H", "i"]}
        event = Codec().decode(json.dumps(frame))
        assert isinstance(event, ResponseOutputTextDelta)
        assert event.to_wire() == frame
        assert event.item_id == "item_1"

    def test_nested_parts_are_typed_where_they_fit(self) -> None:
        frame = {"type": "response.done", "event_id": 7, "response": {"id": 8, "usage": {"total_tokens": "9"}}}
        event = Codec().decode(json.dumps(frame))
        assert isinstance(event, ResponseDone)
        assert isinstance(event.response, RealtimeResponse)
        assert event.response.usage is not None
        assert event.response.usage.total_tokens == 9

    def test_a_missing_required_field_is_none_and_not_set(self) -> None:
        event = Codec().decode(json.dumps(without(DELTA, "item_id")))
        assert isinstance(event, ResponseOutputTextDelta)
        assert as_it_is(event.item_id) is None
        assert "item_id" not in event.model_fields_set
        assert event.to_wire() == without(DELTA, "item_id")

    def test_a_session_without_type_is_a_realtime_session(self) -> None:
        session = {"id": "s", "object": "realtime.session", "voice": {"name": "x"}, "instructions": "i"}
        event = Codec().decode(json.dumps({"type": "session.created", "event_id": "e", "session": session}))
        assert isinstance(event, SessionCreated)
        assert isinstance(event.session, RealtimeSession)
        assert event.session.instructions == "i"
        assert event.session.model_extra == {"voice": {"name": "x"}}

    def test_an_item_of_an_unknown_kind_stays_a_dict(self) -> None:
        item = {"type": "video", "id": "i"}
        event = Codec().decode(json.dumps({"type": "conversation.item.added", "event_id": "e", "item": item}))
        assert isinstance(event, ConversationItemAdded)
        assert as_it_is(event.item) == item

    def test_numbers_as_text_are_converted_and_no_issue(self) -> None:
        codec = Codec()
        event = codec.decode(json.dumps({**DELTA, "output_index": "3", "content_index": 4.0}))
        assert isinstance(event, ResponseOutputTextDelta)
        assert (event.output_index, event.content_index) == (3, 4)
        assert codec.issue_count == 0

    def test_issues_are_counted_by_type_and_path(self) -> None:
        codec = Codec()
        for _ in range(3):
            codec.decode(json.dumps({**DELTA, "delta": 7}))
        codec.decode(json.dumps({"type": "error", "event_id": 7, "error": {"message": "m"}}))
        assert codec.issues == {
            ("response.output_text.delta", "delta"): 3,
            ("error", "event_id"): 1,
            ("error", "error.type"): 1,
        }
        assert codec.issue_count == 5

    def test_the_same_field_of_every_entry_of_a_list_is_one_issue(self) -> None:
        codec = Codec()
        limits = [{"limit": "many"}] * 4
        codec.decode(json.dumps({"type": "rate_limits.updated", "event_id": "e", "rate_limits": limits}))
        assert codec.issues == {("rate_limits.updated", "rate_limits.limit"): 4}

    def test_each_type_and_path_is_logged_once(self, caplog: pytest.LogCaptureFixture) -> None:
        codec = Codec()
        with caplog.at_level(logging.DEBUG, LOGGER):
            for value in (7, 8, None):
                codec.decode(json.dumps({**DELTA, "delta": value}))
            codec.decode(json.dumps({**DELTA, "item_id": 9}))
        messages = [record.getMessage() for record in caplog.records]
        assert messages == [
            "response.output_text.delta: delta: Input should be a valid string, got 7; delivered as it came",
            "response.output_text.delta: item_id: Input should be a valid string, got 9; delivered as it came",
        ]
        assert {record.levelno for record in caplog.records} == {logging.WARNING}

    def test_two_codecs_count_for_themselves(self) -> None:
        first, second = Codec(), Codec()
        first.decode(json.dumps({**DELTA, "delta": 7}))
        assert (first.issue_count, second.issue_count) == (1, 0)

    def test_ever_new_wrong_fields_keep_the_issues_bounded(self, caplog: pytest.LogCaptureFixture) -> None:
        codec = Codec()
        metadata = {f"{n}-" + "k" * 1000: n for n in range(1500)}
        with caplog.at_level(logging.DEBUG, LOGGER):
            for _ in range(2):
                event = codec.decode(
                    json.dumps({"type": "response.done", "event_id": "e", "response": {"metadata": metadata}})
                )
                assert isinstance(event, ResponseDone)
        assert codec.issue_count == 3000
        assert len(codec.issues) == 1001
        assert codec.issues["response.done", "(more)"] == 1000
        assert max(len(path) for _, path in codec.issues) < 250
        assert len(caplog.records) == 1000
        assert max(len(record.getMessage()) for record in caplog.records) < 500


class TestOff:
    def test_a_wrong_event_is_delivered_as_in_lenient(self) -> None:
        frame = json.dumps({**without(DELTA, "item_id"), "delta": 7})
        assert Codec("off").decode(frame) == Codec("lenient").decode(frame)

    def test_nothing_is_counted_or_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        codec = Codec("off")
        with caplog.at_level(logging.DEBUG, LOGGER):
            codec.decode(json.dumps({**DELTA, "delta": 7}))
        assert codec.issues == {}
        assert caplog.records == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
known_fields = sorted({name for model in SERVER_EVENTS.values() for name in model.model_fields})


def event_like(name: object, fields: dict[str, object]) -> dict[str, object]:
    return {"type": name, **fields}


odd_events = st.builds(
    event_like,
    st.sampled_from([*sorted(SERVER_EVENTS), "ping"]) | json_values,
    st.dictionaries(
        st.sampled_from([*known_fields, "type", "cls", "_fields_set", "self", "__class__"]), json_values, max_size=6
    ),
)


class TestAnyFrame:
    @staticmethod
    def check(frame: str | bytes) -> None:
        for mode in MODES:
            codec = CODECS[mode]
            found = outcome(codec, frame)
            assert isinstance(found, WireModel | UnknownEvent | ProtocolError)
            assert mode == "strict" or not isinstance(found, EventValidationError)

    @settings(max_examples=150, deadline=None)
    @given(st.text(st.characters(), max_size=60))
    def test_any_text_is_an_event_or_a_protocol_error(self, frame: str) -> None:
        self.check(frame)
        self.check('{"type":"' + frame)
        self.check('{"type":"error","event_id":"' + frame + '"}')

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=60))
    def test_any_bytes_are_an_event_or_a_protocol_error(self, frame: bytes) -> None:
        self.check(frame)
        self.check(b'{"type":"' + frame)
        self.check(b'{"type":"error","event_id":"' + frame + b'"}')

    @settings(max_examples=150, deadline=None)
    @given(json_values)
    def test_any_json_value_is_an_event_or_a_protocol_error(self, value: object) -> None:
        self.check(json.dumps(value))

    @settings(max_examples=400, deadline=None)
    @given(odd_events, st.booleans())
    def test_any_event_like_object_is_an_event_of_its_own_type_or_a_protocol_error(
        self, event: dict[str, object], type_last: bool
    ) -> None:
        if type_last:
            event = {**without(event, "type"), "type": event["type"]}
        self.check(json.dumps(event))
        name = event["type"]
        found = outcome(CODECS["lenient"], json.dumps(event))
        if isinstance(name, str):
            assert isinstance(found, SERVER_EVENTS.get(name, UnknownEvent))
        else:
            assert type(found) is ProtocolError

    @settings(max_examples=100, deadline=None)
    @given(st.integers(0, 10_000), st.binary(min_size=1, max_size=4))
    def test_a_damaged_frame_is_an_event_or_a_protocol_error(self, position: int, damage: bytes) -> None:
        frame = json.dumps(DELTA).encode()
        place = position % len(frame)
        self.check(frame[:place] + damage + frame[place + len(damage) :])
        self.check(frame[:place])


CODECS: dict[Validation, Codec] = {mode: Codec(mode) for mode in MODES}


def encoded(codec: Codec, event: ClientEvent | UnknownEvent | Mapping[str, object]) -> object:
    found: object = json.loads(codec.encode(event))
    return found


class TestEncode:
    def test_a_model_is_written_with_what_was_set(self, codec: Codec) -> None:
        assert encoded(codec, ResponseCreate()) == {"type": "response.create"}
        assert encoded(codec, ResponseCreate(response=None)) == {"type": "response.create", "response": None}

    def test_turn_detection_none_is_sent_as_null(self, codec: Codec) -> None:
        event = SessionUpdate(
            session=RealtimeSessionConfig(audio=SessionAudioConfig(input=SessionAudioInputConfig(turn_detection=None)))
        )
        wire = {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}}
        assert encoded(codec, event) == wire
        assert encoded(codec, wire) == wire

    def test_the_text_is_compact_and_not_escaped(self, codec: Codec) -> None:
        text = codec.encode(ConversationItemDelete(item_id="é🙂"))
        assert text == '{"type":"conversation.item.delete","item_id":"é🙂"}'

    def test_a_dict_may_hold_models(self, codec: Codec) -> None:
        item = UserMessageItem(content=[InputTextPart(text="hi")])
        assert encoded(codec, {"type": "conversation.item.create", "item": item, "previous_item_id": None}) == {
            "type": "conversation.item.create",
            "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hi"}]},
            "previous_item_id": None,
        }

    def test_unset_values_are_not_written(self, codec: Codec) -> None:
        event = {"type": "response.create", "event_id": UNSET, "response": {"instructions": UNSET, "metadata": None}}
        assert encoded(codec, event) == {"type": "response.create", "response": {"metadata": None}}

    def test_extra_fields_are_written(self, codec: Codec) -> None:
        event = ResponseCreate.model_validate({"response": {"new": 1}, "newer": [None]})
        assert encoded(codec, event) == {"type": "response.create", "response": {"new": 1}, "newer": [None]}
        wire = {"type": "response.create", "new": {"a": 1}}
        assert encoded(codec, wire) == wire

    def test_an_unknown_event_is_written_as_its_raw(self, codec: Codec) -> None:
        raw: dict[str, object] = {"type": "tomorrow", "a": [1, None]}
        assert encoded(codec, UnknownEvent("tomorrow", raw)) == raw
        assert encoded(codec, UnknownEvent("response.create", {"type": "response.create", "response": 7})) == {
            "type": "response.create",
            "response": 7,
        }

    def test_models_inside_of_an_unknown_event_are_written_like_others(self, codec: Codec) -> None:
        event = UnknownEvent("tomorrow", {"type": "tomorrow", "part": InputTextPart(text="a")})
        assert encoded(codec, event) == {"type": "tomorrow", "part": {"type": "input_text", "text": "a"}}

    def test_a_union_member_is_written_with_its_tag(self, codec: Codec) -> None:
        event = ResponseCreate(response=ResponseConfig(tool_choice=ToolChoiceFunction(name="f")))
        assert encoded(codec, event) == {
            "type": "response.create",
            "response": {"tool_choice": {"type": "function", "name": "f"}},
        }

    def test_what_was_encoded_can_be_decoded_by_a_server(self, codec: Codec) -> None:
        event = ConversationItemTruncate(item_id="i", content_index=0, audio_end_ms=20, event_id="e")
        assert decode_client_event(codec.encode(event)) == event

    @pytest.mark.parametrize("mode", ["strict", "lenient"])
    def test_a_wrong_dict_is_refused_naming_the_field(self, mode: Validation) -> None:
        with pytest.raises(EventValidationError, match="response\\.instructions") as caught:
            Codec(mode).encode({"type": "response.create", "response": {"instructions": 7}})
        assert caught.value.event_type == "response.create"
        assert caught.value.errors[0].path == ("response", "instructions")

    @pytest.mark.parametrize("mode", ["strict", "lenient"])
    def test_a_dict_is_refused_when_only_a_conversion_would_make_it_fit(self, mode: Validation) -> None:
        event = {"type": "conversation.item.truncate", "item_id": "i", "content_index": "0", "audio_end_ms": 1.0}
        with pytest.raises(EventValidationError) as caught:
            Codec(mode).encode(event)
        assert [field.path for field in caught.value.errors] == [("content_index",), ("audio_end_ms",)]

    @pytest.mark.parametrize("mode", ["strict", "lenient"])
    def test_a_dict_without_type_is_a_protocol_error(self, mode: Validation) -> None:
        for event in ({}, {"type": None}, {"type": 7}):
            with pytest.raises(ProtocolError, match="string `type`"):
                Codec(mode).encode(event)

    def test_off_sends_any_dict(self) -> None:
        codec = Codec("off")
        for event in ({"type": "response.create", "response": 7}, {"type": "tomorrow"}, {}, {"type": 7}):
            assert encoded(codec, event) == event

    def test_an_unknown_type_is_refused_in_strict_only(self) -> None:
        event = {"type": "response.creat", "a": 1}
        assert encoded(Codec("lenient"), event) == event
        assert encoded(Codec("off"), event) == event
        with pytest.raises(EventValidationError, match=r"one of .*response\.create") as caught:
            Codec("strict").encode(event)
        assert caught.value.errors[0].path == ("type",)

    def test_a_model_that_does_not_fit_is_refused_in_strict_only(self) -> None:
        event = ResponseCreate()
        event.response = 7  # type: ignore[assignment]  # wrong on purpose
        with pytest.raises(EventValidationError):
            Codec("strict").encode(event)
        wire = {"type": "response.create", "response": 7}
        assert encoded(Codec("lenient"), event) == wire
        assert encoded(Codec("off"), event) == wire

    @pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
    @pytest.mark.parametrize("nested", [True, False])
    def test_a_number_that_json_does_not_have_is_refused(self, codec: Codec, number: float, nested: bool) -> None:
        extra: object = {"a": [1, {"b": number}]} if nested else number
        events: list[ClientEvent | UnknownEvent | Mapping[str, object]] = [
            {"type": "response.create", "extra": extra},
            ResponseCreate.model_validate({"extra": extra}),
            UnknownEvent("tomorrow", {"type": "tomorrow", "extra": extra}),
        ]
        for event in events:
            with pytest.raises(ProtocolError, match="NaN or an infinite number"):
                codec.encode(event)

    @pytest.mark.parametrize("zeros", [4300, 9000])
    def test_an_integer_that_nobody_reads_again_is_refused(self, zeros: int) -> None:
        event = {"type": "response.create", "extra": {"a": [-(10**zeros)]}}
        for dialect in get_args(Dialect):
            with pytest.raises(ProtocolError, match="an integer of more than 4300 digits"):
                Codec("off", dialect=dialect).encode(event)

    def test_the_longest_integer_and_a_text_of_more_digits_are_sent(self, codec: Codec) -> None:
        event = {"type": "response.create", "extra": 10**4299, "digits": "7" * 9000}
        assert encoded(codec, event) == event
        assert recall_client_event(codec.encode(event)).to_wire() == event

    def test_text_may_hold_the_names_of_those_numbers(self, codec: Codec) -> None:
        event = {"type": "response.create", "NaN": ["NaN", "-Infinity", 1.5, "nan"]}
        assert encoded(codec, event) == event

    @pytest.mark.parametrize("value", ["\ud800", object(), b"\xff", {"a": [object()]}])
    def test_what_json_cannot_hold_is_a_protocol_error(self, codec: Codec, value: object) -> None:
        with pytest.raises(ProtocolError):
            codec.encode({"type": "response.create", "extra": value})
        with pytest.raises(ProtocolError):
            codec.encode(UnknownEvent("tomorrow", {"type": "tomorrow", "extra": value}))

    def test_a_value_that_holds_itself_or_has_no_bottom_is_a_protocol_error(self, codec: Codec) -> None:
        loop: list[object] = []
        loop.append(loop)
        deep: list[object] = []
        for _ in range(100_000):
            deep = [deep]
        for value in (loop, deep):
            for event in ({"type": "x", "extra": value}, UnknownEvent("x", {"type": "x", "extra": value})):
                with pytest.raises(ProtocolError, match="nested too deeply, or holds itself"):
                    codec.encode(event)

    def test_an_error_shows_the_beginning_of_the_event_only(self) -> None:
        audio = "A" * 1_000_000
        with pytest.raises(EventValidationError) as caught:
            Codec().encode({"type": "input_audio_buffer.append", "audio": [audio]})
        assert len(str(caught.value)) < 600


class TestEncodeAudio:
    @pytest.mark.parametrize("size", [0, 1, 2, 3, 960, 15_000])
    def test_it_writes_what_the_model_writes(self, codec: Codec, size: int) -> None:
        audio = os.urandom(size)
        expected = codec.encode(InputAudioBufferAppend(audio=base64.b64encode(audio).decode()))
        assert codec.encode_audio(audio) == expected
        assert codec.encode_audio(bytearray(audio)) == expected
        assert codec.encode_audio(memoryview(audio)) == expected


class TestDecodeClientEvent:
    @pytest.mark.parametrize("encoding", ["str", "bytes"])
    def test_a_frame_becomes_its_class(self, encoding: Literal["str", "bytes"]) -> None:
        text = '{"item_id":"i","type":"conversation.item.delete"}'
        event = decode_client_event(text if encoding == "str" else text.encode())
        assert event == ConversationItemDelete(item_id="i")

    def test_it_is_strict(self) -> None:
        event = {"type": "conversation.item.truncate", "item_id": "i", "content_index": "0", "audio_end_ms": 0}
        with pytest.raises(EventValidationError) as caught:
            decode_client_event(json.dumps(event))
        assert [field.path for field in caught.value.errors] == [("content_index",)]

    def test_enums_are_closed_in_what_a_client_sends(self) -> None:
        event = {"type": "session.update", "session": {"type": "realtime", "output_modalities": ["video"]}}
        with pytest.raises(EventValidationError) as caught:
            decode_client_event(json.dumps(event))
        assert caught.value.errors[0].path == ("session", "output_modalities", 0)

    def test_a_beta_session_is_refused(self) -> None:
        with pytest.raises(EventValidationError):
            decode_client_event('{"type":"session.update","session":{"voice":"alloy"}}')

    @pytest.mark.parametrize("name", ["ping", "session.created", ""])
    def test_a_type_that_no_client_sends_is_an_unknown_event(self, name: str) -> None:
        event = decode_client_event(json.dumps({"type": name, "a": 1}))
        assert isinstance(event, UnknownEvent)
        assert event.raw == {"type": name, "a": 1}

    @pytest.mark.parametrize("frame", NO_EVENTS.values(), ids=NO_EVENTS)
    def test_what_is_no_json_object_with_a_type_is_a_protocol_error(self, frame: str | bytes) -> None:
        with pytest.raises(ProtocolError) as caught:
            decode_client_event(frame)
        assert type(caught.value) is ProtocolError

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from(sorted(CLIENT_EVENTS)),
        st.dictionaries(st.sampled_from(["item", "session", "response", "audio", "cls", "event_id"]), json_values),
    )
    def test_any_event_like_object_is_an_event_or_a_protocol_error(self, name: str, fields: dict[str, object]) -> None:
        try:
            event = decode_client_event(json.dumps({**fields, "type": name}))
        except ProtocolError:
            return
        assert isinstance(event, CLIENT_EVENTS[name])


def test_entries_of_a_list_are_their_class() -> None:
    frame = {"type": "rate_limits.updated", "event_id": "e", "rate_limits": [{"name": "tokens", "limit": 3}]}
    event = Codec("strict").decode(json.dumps(frame))
    assert isinstance(event, RateLimitsUpdated)
    assert event.rate_limits == [RateLimit(name="tokens", limit=3)]


@pytest.mark.parametrize("mode", MODES)
def test_the_hundredth_event_decodes_like_the_first(mode: Validation) -> None:
    codec = Codec(mode)
    cleared = {"event_id": "e", "type": "input_audio_buffer.cleared"}
    delta, unknown = json.dumps(DELTA), json.dumps({"type": "ping", "a": 1})
    frames: list[str | bytes] = [delta, delta.encode(), json.dumps(cleared), unknown]
    first = [codec.decode(frame) for frame in frames]
    for _ in range(100):
        assert [codec.decode(frame) for frame in frames] == first
    assert [type(event).__name__ for event in first] == [
        "ResponseOutputTextDelta",
        "ResponseOutputTextDelta",
        "InputAudioBufferCleared",
        "UnknownEvent",
    ]


def test_an_event_that_stops_fitting_after_many_is_still_found_out() -> None:
    strict, lenient = Codec("strict"), Codec()
    for _ in range(100):
        assert isinstance(strict.decode(json.dumps(DELTA)), ResponseOutputTextDelta)
    wrong = json.dumps({**DELTA, "content_index": "0"})
    with pytest.raises(EventValidationError) as caught:
        strict.decode(wrong)
    assert [field.path for field in caught.value.errors] == [("content_index",)]
    event = lenient.decode(wrong)
    assert isinstance(event, ResponseOutputTextDelta)
    assert event.content_index == 0
