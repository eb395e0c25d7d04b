"""`construct`: an instance of the class from data that does not fit it."""

import pytest

from realtime_typed._generated.realtime.client_events import SessionUpdate
from realtime_typed._generated.realtime.server_events import (
    ConversationItemAdded,
    ConversationItemInputAudioTranscriptionCompleted,
    ErrorEvent,
    RateLimitsUpdated,
    ResponseDone,
    ResponseOutputTextDelta,
    SessionCreated,
)
from realtime_typed._generated.realtime.shared import (
    AssistantMessageItem,
    ConversationItem,
    ErrorDetails,
    OutputTextPart,
    RateLimit,
    RealtimeResponse,
    RealtimeSession,
    RealtimeSessionConfig,
    ServerVad,
    SessionAudio,
    SessionAudioInput,
    ToolChoiceFunction,
    TranscriptionSession,
)
from realtime_typed._lenient import construct


def as_it_is(value: object) -> object:
    """The value without its declared type, which lenient mode does not keep."""
    return value


def item_of(data: dict[str, object]) -> ConversationItem:
    return construct(ConversationItemAdded, {"type": "conversation.item.added", "item": data}).item


def test_a_field_that_does_not_fit_stays_as_it_came() -> None:
    event = construct(ErrorEvent, {"type": "error", "event_id": 7, "error": {"type": "t", "message": "m"}})
    assert event.to_wire() == {"type": "error", "event_id": 7, "error": {"type": "t", "message": "m"}}
    assert isinstance(event.error, ErrorDetails)


def test_a_required_field_that_is_missing_is_none_and_not_set() -> None:
    event = construct(ResponseOutputTextDelta, {"type": "response.output_text.delta", "delta": "a"})
    assert as_it_is(event.item_id) is None
    assert event.model_fields_set == {"type", "delta"}
    assert event.to_wire() == {"type": "response.output_text.delta", "delta": "a"}


def test_an_optional_field_that_is_missing_has_its_default() -> None:
    event = construct(ResponseOutputTextDelta, {"delta": 1})
    assert event.obfuscation is None
    assert event.type == "response.output_text.delta"


def test_fields_that_the_schema_does_not_know_are_extra() -> None:
    event = construct(ErrorEvent, {"error": 1, "more": {"a": 1}})
    assert event.model_extra == {"more": {"a": 1}}
    assert "more" not in event.model_fields_set


@pytest.mark.parametrize("name", ["_fields_set", "cls", "self", "model_fields", "__dict__", "to_wire", "data"])
def test_a_field_may_have_any_name(name: str) -> None:
    event = construct(ErrorEvent, {"event_id": 7, "error": {"message": 1, name: 2}, name: 3})
    assert event.model_extra == {name: 3}
    assert event.error.model_extra == {name: 2}
    assert event.to_wire() == {"type": "error", "event_id": 7, "error": {"message": 1, name: 2}, name: 3}


def test_numbers_that_came_as_text_become_numbers() -> None:
    event = construct(RateLimitsUpdated, {"event_id": 7, "rate_limits": [{"limit": "3", "reset_seconds": "1.5"}]})
    assert (event.rate_limits[0].limit, event.rate_limits[0].reset_seconds) == (3, 1.5)


def test_the_entries_of_a_list_are_typed_one_by_one() -> None:
    event = construct(RateLimitsUpdated, {"rate_limits": [{"limit": 1}, {"limit": "many"}, "odd"]})
    first, second, third = event.rate_limits
    assert isinstance(first, RateLimit)
    assert isinstance(second, RateLimit)
    assert second.to_wire() == {"limit": "many"}
    assert as_it_is(third) == "odd"


def test_nested_parts_that_fit_are_typed_beside_one_that_does_not() -> None:
    data = {
        "id": 1,
        "output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]}],
    }
    response = construct(ResponseDone, {"type": "response.done", "response": data}).response
    assert isinstance(response, RealtimeResponse)
    assert response.to_wire() == data
    assert response.output is not None
    message = response.output[0]
    assert isinstance(message, AssistantMessageItem)
    assert isinstance(message.content[0], OutputTextPart)


def test_a_union_member_is_found_by_its_tag_though_it_does_not_fit() -> None:
    item = item_of({"type": "message", "role": "assistant", "content": [{"type": "audio"}]})
    assert isinstance(item, AssistantMessageItem)
    assert as_it_is(item.content) == [{"type": "audio"}]


def test_a_union_member_of_an_unknown_tag_stays_a_dict() -> None:
    assert as_it_is(item_of({"type": "video", "id": "i"})) == {"type": "video", "id": "i"}


@pytest.mark.parametrize("data", [{}, {"id": "i"}, {"type": "message"}])
def test_a_union_member_that_could_be_several_stays_a_dict(data: dict[str, object]) -> None:
    assert as_it_is(item_of(data)) == data


@pytest.mark.parametrize("tag", [None, 7, [], {}, {"type": "message"}])
def test_a_tag_of_any_shape_never_raises(tag: object) -> None:
    assert as_it_is(item_of({"type": tag, "role": tag})) == {"type": tag, "role": tag}


def test_a_session_without_type_is_the_one_that_knows_its_fields() -> None:
    data = {"id": "s", "object": "realtime.session", "model": "m", "audio": {"input": {"turn_detection": None}}}
    session = construct(SessionCreated, {"type": "session.created", "session": data}).session
    assert isinstance(session, RealtimeSession)
    assert isinstance(session.audio, SessionAudio)
    assert isinstance(session.audio.input, SessionAudioInput)
    assert session.audio.input.turn_detection is None
    assert "turn_detection" in session.audio.input.model_fields_set
    assert "type" not in session.model_fields_set


def test_a_session_with_type_is_what_it_says() -> None:
    session = construct(SessionCreated, {"session": {"type": "transcription", "id": 7, "model": "m"}}).session
    assert isinstance(session, TranscriptionSession)
    assert session.to_wire() == {"type": "transcription", "id": 7, "model": "m"}


def test_optional_unions_are_typed_inside() -> None:
    config = {"type": "realtime", "instructions": 7, "tool_choice": {"type": "function", "name": 8}}
    session = construct(SessionUpdate, {"session": config}).session
    assert isinstance(session, RealtimeSessionConfig)
    assert isinstance(session.tool_choice, ToolChoiceFunction)
    assert session.to_wire() == config


def test_constraints_count_as_not_fitting_and_the_value_stays() -> None:
    vad = {"type": "server_vad", "idle_timeout_ms": 1}
    session = construct(
        SessionUpdate, {"session": {"type": "realtime", "audio": {"input": {"turn_detection": vad}}}}
    ).session
    assert isinstance(session, RealtimeSessionConfig)
    assert session.audio is not None
    assert session.audio.input is not None
    assert isinstance(session.audio.input.turn_detection, ServerVad)
    assert session.to_wire()["audio"] == {"input": {"turn_detection": vad}}


@pytest.mark.parametrize("value", [None, True, 7, 1.5, "text", [], [[]], {}, {"type": 1}])
def test_any_value_anywhere_is_delivered(value: object) -> None:
    fields = dict.fromkeys(ConversationItemInputAudioTranscriptionCompleted.model_fields, value)
    event = construct(ConversationItemInputAudioTranscriptionCompleted, fields)
    assert event.model_fields_set == set(fields)


def test_a_made_event_can_be_copied_and_compared() -> None:
    event = construct(ErrorEvent, {"error": 1})
    assert event.model_copy(deep=True) == event
    assert construct(ErrorEvent, {"error": 2}) != event
