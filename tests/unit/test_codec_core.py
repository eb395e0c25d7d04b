"""What the codecs of all protocols share: the validator that grows with what comes, and what errors say."""

import json
from collections.abc import Callable

import pytest

from realtime_typed._codec_core import EventTable, ProtocolCodec, decode_client, recall_client
from realtime_typed._generated.realtime.client_events import ConversationItemDelete
from realtime_typed._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS, ClientEvent, ServerEvent
from realtime_typed._generated.realtime.server_events import InputAudioBufferCleared, ResponseOutputTextDelta
from realtime_typed._wire import UnknownEvent
from realtime_typed.codec import Codec, Validation, recall_client_event
from realtime_typed.errors import EventValidationError, ProtocolError

CLEARED = '{"type":"input_audio_buffer.cleared","event_id":"e"}'
DELTA = json.dumps(
    {
        "type": "response.output_text.delta",
        "event_id": "e",
        "response_id": "r",
        "item_id": "i",
        "output_index": 0,
        "content_index": 0,
        "delta": "Hi",
    }
)
DONE = '{"type":"response.done","event_id":"e","response":{"id":"r"}}'


def table() -> EventTable[ServerEvent]:
    return EventTable[ServerEvent](SERVER_EVENTS, CLIENT_EVENTS)


def built(events: EventTable[ServerEvent]) -> Callable[..., ServerEvent] | None:
    """The validator as it is now; a checker would hold what an `assert` said of it before."""
    return events.validate


def codec_of(events: EventTable[ServerEvent]) -> Codec:
    return Codec(events=events)


class TestTheValidatorOfWhatCame:
    def test_sixteen_events_make_one_validator_for_their_types_and_no_others(self) -> None:
        events = table()
        codec = codec_of(events)
        for frame in [CLEARED, DELTA] * 7 + [CLEARED]:
            codec.decode(frame)
        assert built(events) is None
        codec.decode(DELTA)
        validate = built(events)
        assert validate is not None
        assert isinstance(validate(CLEARED), InputAudioBufferCleared)
        assert isinstance(validate(DELTA), ResponseOutputTextDelta)
        with pytest.raises(ValueError, match="does not match any of the expected tags"):
            validate(DONE)

    def test_a_type_that_comes_later_joins_it_after_another_sixteen_events(self) -> None:
        events = table()
        codec = codec_of(events)
        for _ in range(16):
            codec.decode(CLEARED)
        first = built(events)
        for _ in range(15):
            codec.decode(DONE)
        assert built(events) is first
        codec.decode(DONE)
        second = built(events)
        assert second is not None
        assert second is not first
        assert second(DONE).type == "response.done"
        assert second(CLEARED).type == "input_audio_buffer.cleared"

    def test_what_it_knows_counts_no_more(self) -> None:
        events = table()
        codec = codec_of(events)
        for _ in range(16):
            codec.decode(CLEARED)
        first = built(events)
        for _ in range(40):
            codec.decode(CLEARED)
        assert built(events) is first

    def test_an_event_that_does_not_fit_brings_it_no_nearer(self) -> None:
        events = table()
        codec = codec_of(events)
        for _ in range(40):
            codec.decode('{"type":"response.output_text.delta","delta":7}')
            codec.decode('{"type":"tomorrow","part":{"type":"text"}}')
        assert events.validate is None

    def test_a_frame_without_a_type_is_none_of_those_it_knows(self) -> None:
        codec = codec_of(table())
        for _ in range(20):
            codec.decode(CLEARED)
        with pytest.raises(ProtocolError, match="must have a string `type`"):
            codec.decode('{"event_id":"e"}')

    def test_strict_stays_strict_once_it_is_there(self) -> None:
        codec = Codec("strict", events=table())
        for _ in range(20):
            codec.decode(DELTA)
        with pytest.raises(EventValidationError) as caught:
            codec.decode(DELTA.replace('"output_index": 0', '"output_index": "0"'))
        assert [field.path for field in caught.value.errors] == [("output_index",)]

    def test_a_type_has_one_validator_whether_its_name_is_text_or_bytes(self) -> None:
        events = table()
        found = events.validator("response.done")
        assert found is not None
        assert events.validator(b"response.done") is found
        assert events.validator("response.created") is not found

    @pytest.mark.parametrize("name", ["tomorrow", b"tomorrow", b"\xff", "response.create"])
    def test_a_type_that_no_server_sends_has_none(self, name: str | bytes) -> None:
        assert table().validator(name) is None

    def test_two_tables_learn_for_themselves(self) -> None:
        first, second = table(), table()
        for _ in range(16):
            codec_of(first).decode(CLEARED)
        assert first.validate is not None
        assert second.validate is None


class TestACodecOfAnyProtocol:
    def test_it_is_lenient_unless_it_is_told_otherwise(self) -> None:
        codec = ProtocolCodec[ServerEvent, ClientEvent](table())
        assert codec.validation == "lenient"

    def test_a_mode_that_does_not_exist_is_named(self) -> None:
        wrong: object = "stern"
        with pytest.raises(ValueError, match=r"^validation must be 'strict', 'lenient' or 'off', got 'stern'$"):
            Codec(wrong)  # type: ignore[arg-type]  # wrong on purpose

    def test_it_has_the_events_it_was_given(self) -> None:
        codec = Codec(events=EventTable[ServerEvent]({}, {}))
        assert isinstance(codec.decode(CLEARED), UnknownEvent)
        assert isinstance(codec.recall('{"type":"response.create"}'), UnknownEvent)


class TestWhatErrorsSay:
    """The whole sentence, and the beginning of the frame that it is about."""

    @pytest.mark.parametrize(
        ("frame", "message", "raw"),
        [
            ("[1]", "a frame must be a JSON object, got list", "[1]"),
            (b'{"a":1}', "a frame must have a string `type`", '{"a":1}'),
            ('{"type":1}', "a frame must have a string `type`", '{"type":1}'),
        ],
    )
    def test_a_frame_that_is_no_event(self, frame: str | bytes, message: str, raw: str) -> None:
        with pytest.raises(ProtocolError) as caught:
            Codec().decode(frame)
        assert str(caught.value) == f"{message}: {raw!r}"
        assert caught.value.raw == raw

    def test_a_frame_that_is_no_json(self) -> None:
        with pytest.raises(ProtocolError) as caught:
            Codec().decode("nonsense")
        assert str(caught.value).startswith("a frame is no JSON (expected ident at line 1 column 2): ")
        assert caught.value.raw == "nonsense"

    @pytest.mark.parametrize("mode", ["strict", "lenient"])
    def test_a_dict_without_a_type(self, mode: Validation) -> None:
        with pytest.raises(ProtocolError) as caught:
            Codec(mode).encode({"a": 1})
        assert str(caught.value).startswith("an event must have a string `type`: ")
        assert "'a': 1" in caught.value.raw

    def test_an_event_that_holds_itself(self) -> None:
        loop: list[object] = []
        loop.append(loop)
        with pytest.raises(ProtocolError) as caught:
            Codec().encode({"type": "x", "extra": loop})
        assert str(caught.value).startswith("an event is nested too deeply, or holds itself: ")
        assert "extra" in caught.value.raw

    def test_an_event_with_a_number_that_json_does_not_have(self) -> None:
        with pytest.raises(ProtocolError) as caught:
            Codec().encode({"type": "tomorrow", "extra": float("nan")})
        message = "an event cannot be written as JSON (NaN or an infinite number): "
        assert str(caught.value).startswith(message)
        assert "extra" in caught.value.raw

    @pytest.mark.parametrize("before", [0, 10_000])
    def test_an_event_with_an_integer_that_nobody_reads_again(self, before: int) -> None:
        with pytest.raises(ProtocolError) as caught:
            Codec().encode({"type": "tomorrow", "text": "x" * before, "extra": 10**4300})
        assert str(caught.value).startswith("an event holds an integer of more than 4300 digits: ")
        assert caught.value.raw == "(dict)"

    def test_an_event_with_what_json_cannot_hold(self) -> None:
        with pytest.raises(ProtocolError) as caught:
            Codec().encode({"type": "tomorrow", "extra": object()})
        assert str(caught.value).startswith("an event cannot be written as JSON (Unable to serialize unknown type")
        assert "extra" in caught.value.raw

    def test_an_unknown_type_in_strict_mode(self) -> None:
        with pytest.raises(EventValidationError) as caught:
            Codec("strict").encode({"type": "response.creat"})
        error = caught.value
        (field,) = error.errors
        assert error.event_type == "response.creat"
        assert field.value == "'response.creat'"
        assert field.expected == f"one of {', '.join(sorted(CLIENT_EVENTS))}"
        assert "response.creat" in error.raw

    def test_a_wrong_field_of_what_is_to_be_sent(self) -> None:
        with pytest.raises(EventValidationError) as caught:
            Codec().encode({"type": "conversation.item.delete", "item_id": 7})
        assert caught.value.event_type == "conversation.item.delete"
        assert "'item_id': 7" in caught.value.raw

    def test_a_wrong_field_of_what_a_client_sent(self) -> None:
        frame = '{"type":"conversation.item.delete","item_id":7}'
        with pytest.raises(EventValidationError) as caught:
            decode_client(frame, CLIENT_EVENTS)
        assert caught.value.event_type == "conversation.item.delete"
        assert caught.value.raw == frame


class TestClientFrames:
    def test_a_type_that_no_client_sends_keeps_its_name(self) -> None:
        assert decode_client('{"type":"ping","a":1}', CLIENT_EVENTS) == UnknownEvent("ping", {"type": "ping", "a": 1})
        assert recall_client('{"type":"ping","a":1}', CLIENT_EVENTS) == UnknownEvent("ping", {"type": "ping", "a": 1})

    def test_what_was_sent_is_recalled_as_its_class(self) -> None:
        frame = '{"type":"conversation.item.delete","item_id":"i"}'
        assert recall_client(frame, CLIENT_EVENTS) == ConversationItemDelete(item_id="i")
        assert recall_client_event(frame) == ConversationItemDelete(item_id="i")

    def test_what_did_not_fit_is_recalled_with_its_fields_as_they_are(self) -> None:
        event = recall_client('{"type":"conversation.item.delete","item_id":7}', CLIENT_EVENTS)
        assert isinstance(event, ConversationItemDelete)
        assert event.to_wire() == {"type": "conversation.item.delete", "item_id": 7}
