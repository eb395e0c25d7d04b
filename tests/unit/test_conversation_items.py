"""What `Conversation` says of single changes, what a client tells it, and where its limits lie."""

import numpy as np
import pytest

from realtime_typed.audio import encode_audio, encode_base64
from realtime_typed.conversation import AudioRetention, Conversation, ConversationChange
from realtime_typed.errors import ConversationError
from realtime_typed.utility_events import ItemDelta
from tests.unit.test_conversation import (
    Session,
    b64,
    call,
    message,
    opening,
    ramp,
    response,
    session_frame,
    spoken_item,
    stream,
    user_says,
)


def keeping(retention: AudioRetention) -> Session:
    session = Session()
    session.conversation = Conversation(audio_retention=retention)
    return session


# --- What a client tells it ----------------------------------------------------------------------------------------


def test_an_unknown_item_is_named_in_the_error() -> None:
    with pytest.raises(ConversationError) as caught:
        Conversation().require_item("u1")
    assert str(caught.value) == "item 'u1': is not in the conversation"


def test_a_response_is_outside_when_it_says_so_and_until_the_session_ends() -> None:
    session = Session()
    session.feed("response.created", response=response("side", conversation_id=None))
    session.feed("response.created", response=response("main", conversation_id="conv"))
    session.feed("response.created", response=response("silent"))
    outside = [name for name in ("side", "main", "silent") if session.conversation.is_outside(name)]
    assert outside == ["side"]
    session.conversation.clear()
    assert not session.conversation.is_outside("side")


def test_the_last_256_responses_outside_are_remembered() -> None:
    session = Session()
    for number in range(257):
        session.feed("response.created", response=response(f"side{number}", conversation_id=None))
    outside = [number for number in range(257) if session.conversation.is_outside(f"side{number}")]
    assert outside == list(range(1, 257))


def test_audio_of_a_track_joins_its_item_and_is_told() -> None:
    session = Session()
    session.announce(opening("a1"))
    first = session.conversation.add_output_audio("a1", ramp(0, 10))
    session.conversation.add_output_audio("a1", ramp(10, 25))
    assert first is not None
    assert (first.kind, first.item) == ("updated", session.conversation.require_item("a1"))
    assert first.delta is not None
    assert first.delta.audio is not None
    np.testing.assert_array_equal(first.delta.audio, ramp(0, 10))
    np.testing.assert_array_equal(session.audio("a1"), ramp(0, 25))


def test_audio_of_a_track_that_is_empty_or_of_no_item_changes_nothing() -> None:
    session = Session()
    session.announce(opening("a1"))
    assert session.conversation.add_output_audio("a1", ramp(0, 0)) is None
    assert session.conversation.add_output_audio("a2", ramp(0, 10)) is None
    assert session.conversation.get_item("a2") is None


def test_audio_of_a_track_counts_at_the_rate_of_the_output() -> None:
    session = keeping(1.0)
    session.feed("session.updated", session=session_frame("audio/pcmu"))
    session.announce(opening("a1"))
    session.conversation.add_output_audio("a1", ramp(0, 12_000))
    np.testing.assert_array_equal(session.audio("a1"), ramp(4000, 12_000))


def test_queued_audio_counts_at_the_rate_of_the_input() -> None:
    session = keeping(1.0)
    session.feed("session.updated", session=session_frame("audio/pcm", "audio/pcmu"))
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    session.conversation.queue_item_audio("u1", ramp(0, 12_000))
    np.testing.assert_array_equal(session.audio("u1"), ramp(4000, 12_000))


@pytest.mark.parametrize("comes_first", [True, False])
def test_an_item_that_was_sent_to_the_beginning_stands_there(comes_first: bool) -> None:
    session = Session()
    user_says(session, "u1", "One")
    if not comes_first:
        session.conversation.queue_first_item("s1")
    user_says(session, "s1", "Rules")
    if comes_first:
        session.conversation.queue_first_item("s1")
    assert session.ids() == ["s1", "u1"]


# --- Places --------------------------------------------------------------------------------------------------------


def test_an_item_that_comes_between_others_is_appended_and_not_moved_besides() -> None:
    session = Session()
    user_says(session, "u1", "One")
    user_says(session, "u2", "Two")
    changes = session.feed("conversation.item.added", previous_item_id="u1", item=spoken_item("u3"))
    assert [(change.kind, change.item.id) for change in changes] == [("appended", "u3")]
    assert session.ids() == ["u1", "u3", "u2"]


def test_an_item_whose_place_is_told_late_is_moved() -> None:
    session = Session()
    for item_id in ("u1", "u2", "u3"):
        user_says(session, item_id, item_id)
    changes = session.feed("conversation.item.done", previous_item_id="u1", item=spoken_item("u3"))
    assert [change.kind for change in changes if change.item.id == "u3"][-1] == "moved"
    assert session.ids() == ["u1", "u3", "u2"]


def test_an_item_that_was_moved_is_told_once() -> None:
    session = Session()
    for item_id in ("u1", "u2", "u3"):
        user_says(session, item_id, item_id)
    session.feed("conversation.item.done", previous_item_id="u1", item=spoken_item("u3"))
    assert not session.feed("input_audio_buffer.cleared")
    (deleted,) = session.feed("conversation.item.deleted", item_id="u2")
    assert deleted.kind == "deleted"


# --- Items as wholes -----------------------------------------------------------------------------------------------


def test_an_announcement_that_says_nothing_new_is_no_change() -> None:
    session = Session()
    session.feed("response.output_item.added", response_id="resp", output_index=0, item=opening("a1"))
    assert not session.feed("conversation.item.added", previous_item_id=None, item=opening("a1"))
    done = message("a1", {"type": "output_text", "text": "Done."})
    session.feed("conversation.item.done", previous_item_id=None, item=done)
    assert not session.feed("response.output_item.done", response_id="resp", output_index=0, item=done)


def test_an_item_of_a_response_that_names_its_conversation_is_listed() -> None:
    session = Session()
    session.feed("response.created", response=response("resp", conversation_id="conv"))
    session.feed("response.output_item.added", response_id="resp", output_index=0, item=opening("a1"))
    assert session.ids() == ["a1"]


@pytest.mark.parametrize(
    ("name", "status", "completed"),
    [
        ("conversation.item.created", "completed", True),
        ("conversation.item.created", "in_progress", False),
        ("conversation.item.added", "completed", False),
        ("conversation.item.done", "completed", True),
        ("conversation.item.done", "incomplete", True),
    ],
)
def test_an_item_is_complete_when_it_is_done_or_created_whole(name: str, status: str, completed: bool) -> None:
    session = Session()
    (change,) = session.feed(name, previous_item_id=None, item=message("a1", status=status))
    assert (change.kind, change.completed) == ("appended", completed)
    later = session.feed("conversation.item.done", previous_item_id=None, item=message("a1"))
    assert any(change.completed for change in later) is not completed


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("conversation.item.added", {"previous_item_id": None}),
        ("conversation.item.retrieved", {}),
        ("response.output_item.added", {"response_id": "resp", "output_index": 0}),
        ("response.output_item.done", {"response_id": "resp", "output_index": 0}),
    ],
)
def test_an_item_without_an_id_is_an_issue_and_is_kept_as_unfitting(name: str, place: dict[str, object]) -> None:
    session = Session()
    item: dict[str, object] = {"type": "message", "status": "in_progress", "role": "assistant", "content": []}
    assert not session.feed(name, item=item, **place)
    assert session.ids() == []
    assert session.conversation.issues == {name: 1}
    assert [event.type for event in session.conversation.unfitting] == [name]


def test_a_response_without_an_id_makes_no_other_one_stand_outside() -> None:
    session = Session()
    session.feed("response.created", response={"object": "realtime.response", "conversation_id": None})
    assert not session.conversation.is_outside("")
    assert not session.conversation.is_outside(None)


def test_retrieved_speech_of_the_user_is_decoded_in_the_format_of_the_input() -> None:
    session = Session()
    session.feed("session.created", session=session_frame("audio/pcm", "audio/pcmu"))
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    part: dict[str, object] = {"type": "input_audio", "audio": encode_base64(encode_audio(ramp(0, 40), "audio/pcmu"))}
    session.feed("conversation.item.retrieved", item=message("u1", part, role="user"))
    assert len(session.audio("u1")) == 40


def test_retrieved_audio_counts_at_the_rate_of_its_format() -> None:
    session = keeping(1.0)
    session.feed("session.created", session=session_frame("audio/pcmu"))
    session.announce(opening("a1"))
    sound = ramp(0, 12_000)
    part: dict[str, object] = {"type": "output_audio", "audio": encode_base64(encode_audio(sound, "audio/pcmu"))}
    session.feed("conversation.item.retrieved", item=message("a1", part))
    assert len(session.audio("a1")) == 8000
    assert session.conversation.audio_dropped.samples == 4000


# --- Truncation ----------------------------------------------------------------------------------------------------


def heard(session: Session, *transcripts: str) -> None:
    session.announce(opening("a1"))
    session.grow("output_audio.delta", "a1", delta=b64(ramp(0, 2400)))
    parts: list[dict[str, object]] = [{"type": "output_audio", "transcript": text} for text in transcripts]
    session.finish(message("a1", *parts))


@pytest.mark.parametrize(("end", "left"), [(0, 0), (1, 24), (99, 2376), (100, 2400), (2**53 - 1, 2400)])
def test_truncation_keeps_what_was_heard(end: int, left: int) -> None:
    session = Session()
    heard(session, "One")
    (change,) = session.feed("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=end)
    assert (change.kind, change.item.id) == ("truncated", "a1")
    np.testing.assert_array_equal(session.audio("a1"), ramp(0, left))
    assert not session.conversation.issues


@pytest.mark.parametrize("end", [-1, 2**53])
def test_truncation_at_what_is_no_time_is_an_issue_and_cuts_nothing(end: int) -> None:
    session = Session()
    heard(session, "One")
    assert not session.feed("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=end)
    assert session.conversation.issues == {"conversation.item.truncated": 1}
    assert len(session.audio("a1")) == 2400


def test_truncation_takes_the_transcript_of_the_part_that_was_cut() -> None:
    session = Session()
    heard(session, "One", "Two")
    session.feed("conversation.item.truncated", item_id="a1", content_index=1, audio_end_ms=50)
    assert session.transcript("a1") == "One"
    content = session.conversation.require_item("a1").to_wire()["content"]
    assert content == [{"type": "output_audio", "transcript": "One"}, {"type": "output_audio", "transcript": ""}]


# --- Parts ---------------------------------------------------------------------------------------------------------


def test_a_finished_part_is_told_as_an_update_and_once() -> None:
    session = Session()
    session.announce(opening("a1"))
    changes = session.grow("content_part.done", "a1", part={"type": "text", "text": "Written."})
    assert changes == [ConversationChange("updated", session.conversation.require_item("a1"))]
    assert not session.grow("content_part.done", "a1", part={"type": "text", "text": "Written."})


def test_a_finished_part_of_a_call_is_an_issue() -> None:
    session = Session()
    session.announce(call("c1", "{}", status="in_progress"))
    assert not session.grow("content_part.done", "c1", part={"type": "text", "text": "Written."})
    assert session.conversation.issues == {"response.content_part.done": 1}


def test_a_finished_text_of_a_call_is_an_issue() -> None:
    session = Session()
    session.announce(call("c1", "{}", status="in_progress"))
    assert not session.grow("output_text.done", "c1", text="Written.")
    assert session.conversation.issues == {"response.output_text.done": 1}


def test_text_and_transcript_are_told_apart_in_what_was_added() -> None:
    session = Session()
    session.announce(opening("a1"))
    session.announce(opening("a2"))
    (text,) = session.grow("output_text.delta", "a1", delta="Hi")
    (transcript,) = session.grow("output_audio_transcript.delta", "a2", delta="Ho")
    assert text.delta == ItemDelta(text="Hi")
    assert transcript.delta == ItemDelta(transcript="Ho")


@pytest.mark.parametrize("kind", ["function_call", "mcp_call"])
def test_the_arguments_alone_make_the_call_that_they_are_of(kind: str) -> None:
    session = Session()
    named = {"call_id": "call_1", "name": "look"} if kind == "function_call" else {}
    changes = session.grow(f"{kind}_arguments.done", "c1", arguments='{"far":true}', **named)
    assert [change.kind for change in changes] == ["appended", "updated"]
    wire = session.conversation.require_item("c1").to_wire()
    assert (wire["type"], wire["arguments"]) == (kind, '{"far":true}')
    if kind == "function_call":
        assert (wire["name"], wire["call_id"]) == ("look", "call_1")


def test_a_call_that_begins_with_its_arguments_has_the_call_id_that_they_name() -> None:
    session = Session()
    (made, _) = session.grow("function_call_arguments.delta", "c1", call_id="call_1", delta="{")
    assert made.kind == "appended"
    assert made.item.to_wire()["call_id"] == "call_1"


def test_a_call_that_was_announced_without_its_ids_gets_them_with_its_arguments() -> None:
    session = Session()
    session.announce({"id": "c1", "type": "function_call", "status": "in_progress", "name": "look", "arguments": ""})
    session.grow("function_call_arguments.done", "c1", call_id="call_9", name="other", arguments="{}")
    wire = session.conversation.require_item("c1").to_wire()
    assert (wire["call_id"], wire["name"]) == ("call_9", "look")


def test_audio_that_comes_is_told_as_what_was_added() -> None:
    session = Session()
    session.announce(opening("a1"))
    (change,) = session.grow("output_audio.delta", "a1", delta=b64(ramp(0, 10)))
    assert (change.kind, change.item) == ("updated", session.conversation.require_item("a1"))
    assert change.delta is not None
    assert change.delta.audio is not None
    np.testing.assert_array_equal(change.delta.audio, ramp(0, 10))


def test_a_finished_response_without_output_changes_nothing() -> None:
    session = Session()
    assert not session.feed("response.done", response={"object": "realtime.response", "id": "resp"})


# --- What the user said --------------------------------------------------------------------------------------------


def test_a_commit_of_nothing_changes_no_item() -> None:
    session = Session()
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    assert not session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")


def test_a_refusal_of_a_commit_that_nobody_made_takes_no_turn_its_audio() -> None:
    session = Session()
    refusal = {"type": "invalid_request_error", "code": "input_audio_buffer_commit_empty", "message": "Too small."}
    session.feed("error", error=refusal)
    stream(session, ramp(0, 480))
    session.conversation.queue_input_audio()
    session.feed("error", error=refusal | {"code": "something_else"})
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    np.testing.assert_array_equal(session.audio("u1"), ramp(0, 480))


def test_input_that_waits_for_its_item_keeps_to_the_retention() -> None:
    session = keeping(0.01)
    stream(session, ramp(0, 480))
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    np.testing.assert_array_equal(session.audio("u1"), ramp(240, 480))
    assert session.conversation.audio_dropped.samples == 240


def test_a_commit_that_names_no_item_gives_its_audio_to_none() -> None:
    session = Session()
    stream(session, ramp(0, 480))
    assert not session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="")
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")
    assert len(session.audio("u1")) == 0


def test_a_commit_that_names_no_item_leaves_the_one_that_turn_detection_named_its_audio() -> None:
    session = Session()
    stream(session, ramp(0, 4800))
    session.feed("input_audio_buffer.speech_started", audio_start_ms=0, item_id="u1")
    session.feed("input_audio_buffer.speech_stopped", audio_end_ms=100, item_id="u1")
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="")
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    np.testing.assert_array_equal(session.audio("u1"), ramp(0, 2400))


TRANSCRIPTION = "conversation.item.input_audio_transcription"


def test_a_transcript_that_grows_is_told_with_what_was_added_and_a_finished_one_without() -> None:
    session = Session()
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    item = session.conversation.require_item("u1")
    grown = session.feed(f"{TRANSCRIPTION}.delta", item_id="u1", content_index=0, delta="Hel")
    assert grown == [ConversationChange("updated", item, ItemDelta(transcript="Hel"))]
    usage = {"type": "duration", "seconds": 1}
    done = session.feed(f"{TRANSCRIPTION}.completed", item_id="u1", content_index=0, transcript="Hello", usage=usage)
    assert done == [ConversationChange("updated", item)]
    assert not session.feed(f"{TRANSCRIPTION}.delta", item_id="u1", content_index=0)
    assert session.transcript("u1") == "Hello"


def test_a_transcript_that_grows_by_nothing_stays() -> None:
    session = Session()
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    for delta in ({}, {"delta": ""}):
        assert not session.feed(f"{TRANSCRIPTION}.delta", item_id="u1", content_index=0, **delta)
    assert session.transcript("u1") == ""
    assert not session.conversation.issues


def test_a_transcript_of_a_call_is_an_issue() -> None:
    session = Session()
    session.announce(call("c1", "{}", status="in_progress"))
    assert not session.feed(f"{TRANSCRIPTION}.delta", item_id="c1", content_index=0, delta="Hi")
    assert session.conversation.issues == {f"{TRANSCRIPTION}.delta": 1}


# --- Events that name no item --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("output_text.delta", {"delta": "Hi"}),
        ("output_text.done", {"text": "Hi"}),
        ("output_audio.delta", {"delta": "AAAA"}),
        ("content_part.done", {"part": {"type": "text", "text": "Hi"}}),
        ("function_call_arguments.delta", {"call_id": "c", "delta": "{}"}),
        ("function_call_arguments.done", {"call_id": "c", "name": "f", "arguments": "{}"}),
    ],
)
def test_growth_of_no_item_is_an_issue_and_makes_none(name: str, fields: dict[str, object]) -> None:
    session = Session()
    assert not session.grow(name, "", **fields)
    assert session.ids() == []
    assert session.conversation.issues == {f"response.{name}": 1}


def test_an_empty_delta_makes_its_item_and_adds_nothing() -> None:
    session = Session()
    for name, item_id in (("output_text.delta", "a1"), ("output_audio.delta", "a2")):
        (change,) = session.grow(name, item_id, delta="")
        assert (change.kind, change.delta) == ("appended", None)
    (change,) = session.grow("function_call_arguments.delta", "c1", call_id="c", delta="")
    assert (change.kind, change.delta) == ("appended", None)


# --- Audio that was not sent after all -----------------------------------------------------------------------------


def test_audio_that_was_not_sent_is_missing_in_the_turn_that_was_committed_and_in_no_other() -> None:
    session = Session()
    stream(session, ramp(0, 960))
    session.conversation.queue_input_audio()
    stream(session, ramp(960, 1440))
    session.conversation.queue_input_audio()
    session.conversation.forget_input_audio(behind=960, count=240)
    for item_id in ("u1", "u2"):
        session.feed("input_audio_buffer.committed", previous_item_id=None, item_id=item_id)
        session.feed("conversation.item.added", previous_item_id=None, item=spoken_item(item_id))
    np.testing.assert_array_equal(session.audio("u1"), np.concatenate((ramp(0, 480), ramp(720, 960))))
    np.testing.assert_array_equal(session.audio("u2"), ramp(960, 1440))


# --- Between two connections ---------------------------------------------------------------------------------------


def test_the_audio_of_which_the_service_has_made_no_item_can_be_taken() -> None:
    session = Session()
    stream(session, ramp(0, 2400))
    session.conversation.queue_input_audio()
    stream(session, ramp(2400, 4800))
    ended, queued, pending = session.conversation.take_input(480)
    assert ended is None
    np.testing.assert_array_equal(queued[0].samples, ramp(0, 2400))
    np.testing.assert_array_equal(pending, ramp(4320, 4800))
    _, queued, pending = session.conversation.take_input(None)
    assert (queued, len(pending)) == ([], 0)


def test_audio_of_a_user_who_is_speaking_is_taken_from_the_beginning_of_speech() -> None:
    session = Session()
    stream(session, ramp(0, 4800))
    session.feed("input_audio_buffer.speech_started", audio_start_ms=100, item_id="u1")
    _, _, pending = session.conversation.take_input(0)
    np.testing.assert_array_equal(pending, ramp(2400, 4800))


def test_audio_of_an_item_that_was_named_and_not_announced_is_known_by_its_id() -> None:
    session = Session()
    stream(session, ramp(0, 480))
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")
    assert {name: len(samples) for name, samples in session.conversation.unannounced_audio().items()} == {"u1": 480}
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    assert session.conversation.unannounced_audio() == {}


def test_items_of_the_model_are_unfinished_until_they_are_complete() -> None:
    session = Session()
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    session.announce(opening("a1"))
    session.announce(call("c1", "", status="in_progress"))
    session.announce(opening("a2"))
    session.finish(message("a2", {"type": "output_text", "text": "Done."}))
    assert [item.id for item in session.conversation.unfinished()] == ["a1", "c1"]


def test_an_item_that_is_discarded_is_gone_and_one_that_is_not_there_changes_nothing() -> None:
    session = Session()
    session.announce(opening("a1"))
    item = session.conversation.require_item("a1")
    assert session.conversation.discard("a1") == ConversationChange("deleted", item)
    assert session.conversation.discard("a1") is None
    assert session.ids() == []
