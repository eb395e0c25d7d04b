"""Which responses are under way, by the events of the service."""

from realtime_typed._active_responses import ALREADY_ACTIVE, ActiveResponses
from realtime_typed.types import RealtimeResponse

INF = float("inf")


def created(response_id: str, **fields: object) -> dict[str, object]:
    return {"response": RealtimeResponse.model_validate({"id": response_id, **fields})}


def state(timeout: float | None = 10.0, *, answers_turns: bool = False) -> ActiveResponses:
    return ActiveResponses(timeout, lambda: answers_turns)


def test_a_response_is_active_from_created_to_done() -> None:
    active = state()
    assert active.blocked_until(0, by_user=True) is None
    assert active.apply("response.created", created("r1", conversation_id="conv"), 0)
    assert active.in_conversation == ["r1"]
    assert active.blocked_until(0, by_user=True) == 10
    assert active.apply("response.done", created("r1"), 1)
    assert active.in_conversation == []
    assert active.blocked_until(1, by_user=True) is None


def test_a_response_out_of_band_takes_no_place() -> None:
    active = state()
    assert active.apply("response.created", created("r1", conversation_id=None), 0)
    assert active.in_conversation == []
    assert active.blocked_until(0, by_user=True) is None
    assert active.next_timeout() == 10


def test_one_that_says_nothing_of_a_conversation_is_in_it() -> None:
    active = state()
    active.apply("response.created", created("r1"), 0)
    assert active.in_conversation == ["r1"]


def test_one_that_was_never_announced_is_active_from_its_first_event_on() -> None:
    active = state()
    assert active.apply("response.output_text.delta", {"response_id": "r1"}, 0)
    assert active.in_conversation == ["r1"]


def test_audio_of_one_that_was_never_announced_begins_it_too() -> None:
    active = state()
    assert active.heard("r1", 0)
    assert active.in_conversation == ["r1"]
    active.end("r1")
    assert not active.heard("r1", 1)
    assert not active.heard("", 1)


def test_what_comes_behind_its_end_does_not_begin_it_again() -> None:
    active = state()
    active.apply("response.created", created("r1"), 0)
    active.apply("response.done", created("r1"), 0)
    assert not active.apply("response.output_text.delta", {"response_id": "r1"}, 0)
    assert not active.apply("response.created", created("r1"), 0)
    assert not active.apply("output_audio_buffer.stopped", {"response_id": "r2"}, 0)
    assert active.in_conversation == []


def test_events_without_ids_or_fields_are_taken_as_they_are() -> None:
    active = state()
    for name in ("response.created", "response.done", "response.output_text.delta", "error", "session.updated"):
        active.apply(name, {}, 0)
    active.apply("response.done", {}, 0)
    assert active.in_conversation == []


def test_each_event_puts_off_the_time_at_which_it_counts_as_over() -> None:
    active = state()
    active.apply("response.created", created("r1"), 0)
    active.apply("response.created", created("r2", conversation_id=None), 1)
    assert not active.apply("response.output_text.delta", {"response_id": "r1"}, 4)
    assert not active.heard("r2", 6)
    assert active.next_timeout() == 14
    assert active.expire(13.9) == []
    assert active.expire(14) == ["r1"]
    assert active.expire(16) == ["r2"]
    assert active.next_timeout() is None


def test_without_a_timeout_it_is_waited_for_ever() -> None:
    active = state(None)
    active.apply("response.created", created("r1"), 0)
    assert active.blocked_until(0, by_user=True) == INF
    assert active.expire(1e9) == []
    assert active.next_timeout() is None


def test_while_the_user_speaks_an_answer_is_due_where_turn_detection_answers() -> None:
    active = state(answers_turns=True)
    active.apply("input_audio_buffer.speech_started", {}, 0)
    assert active.blocked_until(0, by_user=True) == 10
    assert active.blocked_until(0, by_user=False) is None
    active.apply("input_audio_buffer.speech_stopped", {}, 5)
    assert active.blocked_until(5, by_user=True) == 7
    assert active.blocked_until(7, by_user=True) is None
    active.apply("input_audio_buffer.timeout_triggered", {}, 8)
    active.apply("response.created", created("r1"), 9)
    assert active.blocked_until(9, by_user=False) == 19
    active.apply("response.done", created("r1"), 9)
    assert active.blocked_until(9, by_user=True) is None


def test_without_turn_detection_speech_is_nothing_to_wait_for() -> None:
    active = state(answers_turns=False)
    active.apply("input_audio_buffer.speech_started", {}, 0)
    assert active.blocked_until(0, by_user=True) is None


def test_a_cleared_buffer_ends_the_turn() -> None:
    active = state(answers_turns=True)
    active.apply("input_audio_buffer.speech_started", {}, 0)
    assert active.apply("input_audio_buffer.cleared", {}, 1)
    assert active.blocked_until(1, by_user=True) is None


def test_after_a_refusal_the_response_that_is_in_the_way_is_waited_for() -> None:
    active = state()
    refusal: dict[str, object] = {"error": {"code": ALREADY_ACTIVE}}
    assert active.apply("error", refusal, 0)
    assert active.blocked_until(0, by_user=False) == 2
    active.apply("response.created", created("r1"), 1)
    active.apply("error", refusal, 1)
    active.apply("response.done", created("r1"), 1)
    assert active.blocked_until(1, by_user=False) is None
    assert not active.apply("error", {"error": {"code": "another"}}, 1)


def test_a_new_session_begins_with_none() -> None:
    active = state(answers_turns=True)
    active.apply("response.created", created("r1"), 0)
    active.apply("input_audio_buffer.speech_started", {}, 0)
    active.clear()
    assert active.blocked_until(0, by_user=True) is None
    assert active.in_conversation == []


def test_only_the_last_ends_are_remembered() -> None:
    active = state()
    for number in range(1000):
        active.apply("response.done", created(f"r{number}"), 0)
    assert active.apply("response.output_text.delta", {"response_id": "r0"}, 0)
    assert not active.apply("response.output_text.delta", {"response_id": "r999"}, 0)
