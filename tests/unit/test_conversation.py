"""The behaviour of `Conversation` on well-formed traffic, as the service sends it."""

import base64
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from realtime_typed._generated.realtime import types
from realtime_typed._wire import UnknownEvent
from realtime_typed.audio import AudioFormatName, Int16Array, decode_audio, encode_audio, encode_base64, pcm16_bytes
from realtime_typed.codec import Codec
from realtime_typed.conversation import Conversation, ConversationChange
from realtime_typed.errors import ConversationError

RECORDINGS = Path(__file__).parents[3] / "shared" / "recordings" / "openai"


class Session:
    """Feeds frames to a conversation and counts which items were appended and completed."""

    def __init__(self) -> None:
        self.codec = Codec("strict")
        self.conversation = Conversation()
        self.appended: Counter[str | None] = Counter()
        self.completed: Counter[str | None] = Counter()

    def feed(self, name: str, /, **fields: object) -> Sequence[ConversationChange]:
        event = self.codec.decode(json.dumps({"type": name, "event_id": "event", **fields}))
        assert not isinstance(event, UnknownEvent)
        changes = self.conversation.apply(event)
        for change in changes:
            self.appended[change.item.id] += change.kind == "appended"
            self.completed[change.item.id] += change.completed
        return changes

    def grow(self, name: str, item_id: str, /, **fields: object) -> Sequence[ConversationChange]:
        """A `response.*` event about one part of an item."""
        place: dict[str, object] = {"response_id": "resp", "item_id": item_id, "output_index": 0}
        if "function_call" not in name:
            place["content_index"] = 0
        return self.feed(f"response.{name}", **(place | fields))

    def announce(self, item: dict[str, object], previous: str | None = None) -> None:
        self.feed("response.output_item.added", response_id="resp", output_index=0, item=item)
        self.feed("conversation.item.added", previous_item_id=previous, item=item)

    def finish(self, item: dict[str, object]) -> None:
        self.feed("conversation.item.done", previous_item_id=None, item=item)
        self.feed("response.output_item.done", response_id="resp", output_index=0, item=item)

    def ids(self) -> list[str | None]:
        return [item.id for item in self.conversation.items]

    def text(self, item_id: str) -> str:
        return self.conversation.require_item(item_id).formatted.text

    def transcript(self, item_id: str) -> str:
        return self.conversation.require_item(item_id).formatted.transcript

    def audio(self, item_id: str) -> Int16Array:
        return self.conversation.require_item(item_id).formatted.audio


def message(
    item_id: str, *parts: dict[str, object], role: str = "assistant", status: str = "completed"
) -> dict[str, object]:
    return {"id": item_id, "type": "message", "status": status, "role": role, "content": list(parts)}


def opening(item_id: str) -> dict[str, object]:
    return message(item_id, status="in_progress")


def call(item_id: str, arguments: str, status: str = "completed") -> dict[str, object]:
    return {
        "id": item_id,
        "type": "function_call",
        "status": status,
        "name": "get_weather",
        "call_id": "call_1",
        "arguments": arguments,
    }


def ramp(start: int, stop: int) -> Int16Array:
    return np.arange(start, stop, dtype=np.int16)


def b64(samples: Int16Array) -> str:
    return encode_base64(pcm16_bytes(samples))


def response(response_id: str = "resp", *output: dict[str, object], **fields: object) -> dict[str, object]:
    return {"object": "realtime.response", "id": response_id, "output": list(output), **fields}


def user_says(session: Session, item_id: str, text: str) -> None:
    item = message(item_id, {"type": "input_text", "text": text}, role="user")
    session.feed("conversation.item.added", previous_item_id=None, item=item)
    session.feed("conversation.item.done", previous_item_id=None, item=item)


def session_frame(output: str, source: str = "audio/pcm") -> dict[str, object]:
    def sized(name: str) -> dict[str, object]:
        return {"type": name, "rate": 24000} if name == "audio/pcm" else {"type": name}

    return {
        "type": "realtime",
        "id": "sess",
        "object": "realtime.session",
        "audio": {"input": {"format": sized(source)}, "output": {"format": sized(output)}},
    }


# --- Turns -----------------------------------------------------------------------------------------------------


def test_a_text_turn_gives_both_messages_in_order_with_their_text() -> None:
    session = Session()
    user_says(session, "u1", "Say hello.")
    session.feed("response.created", response=response(conversation_id="conv"))
    session.announce(opening("a1"), previous="u1")
    session.grow("content_part.added", "a1", part={"type": "text", "text": ""})
    seen = ""
    for delta in ("Hello", " there", "!"):
        (change,) = session.grow("output_text.delta", "a1", delta=delta)
        assert change.kind == "updated"
        assert change.delta is not None
        assert change.delta.text == delta
        assert (change.delta.transcript, change.delta.audio, change.delta.arguments) == (None, None, None)
        seen += delta
        assert session.text("a1") == seen
    final = message("a1", {"type": "output_text", "text": "Hello there!"})
    session.grow("output_text.done", "a1", text="Hello there!")
    session.grow("content_part.done", "a1", part={"type": "text", "text": "Hello there!"})
    session.finish(final)
    session.feed("response.done", response=response("resp", final, status="completed"))

    assert session.ids() == ["u1", "a1"]
    assert [item.formatted.text for item in session.conversation.get_items()] == ["Say hello.", "Hello there!"]
    assert session.conversation.require_item("a1").to_wire() == final
    assert session.conversation.issues.total() == 0


def test_an_audio_turn_collects_the_audio_and_the_transcript() -> None:
    session = Session()
    session.announce(opening("a1"))
    for first in (0, 100, 200):
        session.grow("output_audio_transcript.delta", "a1", delta=f"{first} ")
        (change,) = session.grow("output_audio.delta", "a1", delta=b64(ramp(first, first + 100)))
        assert change.delta is not None
        assert change.delta.audio is not None
        np.testing.assert_array_equal(change.delta.audio, ramp(first, first + 100))
    session.grow("output_audio.done", "a1")
    session.grow("output_audio_transcript.done", "a1", transcript="0, 100, 200.")
    session.finish(message("a1", {"type": "output_audio", "transcript": "0, 100, 200."}))

    formatted = session.conversation.require_item("a1").formatted
    np.testing.assert_array_equal(formatted.audio, ramp(0, 300))
    assert formatted.audio.dtype == np.int16
    assert formatted.audio_samples == 300
    assert (formatted.text, formatted.transcript) == ("", "0, 100, 200.")
    assert session.conversation.output_sample_rate == 24_000


def test_a_tool_turn_gives_the_call_and_its_output() -> None:
    session = Session()
    user_says(session, "u1", "Weather?")
    session.announce(call("f1", "", "in_progress"), previous="u1")
    for delta in ('{"city"', ': "London"}'):
        (change,) = session.grow("function_call_arguments.delta", "f1", call_id="call_1", delta=delta)
        assert change.delta is not None
        assert change.delta.arguments == delta
    arguments = '{"city": "London"}'
    session.grow("function_call_arguments.done", "f1", call_id="call_1", name="get_weather", arguments=arguments)
    session.finish(call("f1", arguments))
    answer: dict[str, object] = {"id": "o1", "type": "function_call_output", "call_id": "call_1", "output": "Foggy."}
    session.feed("conversation.item.added", previous_item_id="f1", item=answer)
    session.feed("conversation.item.done", previous_item_id="f1", item=answer)

    assert session.ids() == ["u1", "f1", "o1"]
    tool = session.conversation.require_item("f1").formatted.tool
    assert tool is not None
    assert (tool.type, tool.name, tool.call_id, tool.arguments) == ("function", "get_weather", "call_1", arguments)
    assert session.conversation.require_item("o1").formatted.output == "Foggy."
    assert session.conversation.require_item("o1").formatted.tool is None
    assert session.conversation.require_item("f1").formatted.output is None


def test_each_item_is_appended_once_and_completed_once() -> None:
    session = Session()
    user_says(session, "u1", "Hi")
    session.announce(opening("a1"))
    session.grow("output_text.delta", "a1", delta="Yes")
    final = message("a1", {"type": "output_text", "text": "Yes"})
    assert not session.completed["a1"]
    session.finish(final)
    session.feed("response.done", response=response("resp", final))
    assert session.appended == {"u1": 1, "a1": 1}
    assert session.completed == {"u1": 1, "a1": 1}


def test_done_events_overwrite_what_the_deltas_gave() -> None:
    session = Session()
    session.announce(opening("a1"))
    session.grow("output_text.delta", "a1", delta="Helo")
    (change,) = session.grow("output_text.done", "a1", text="Hello")
    assert (change.kind, change.delta, session.text("a1")) == ("updated", None, "Hello")
    session.finish(message("a1", {"type": "output_text", "text": "Hello!"}))
    assert session.text("a1") == "Hello!"
    assert session.grow("output_text.done", "a1", text="Hello!") == []


def test_content_part_done_alone_gives_text_and_transcript() -> None:
    session = Session()
    session.announce(opening("a1"))
    session.grow("content_part.done", "a1", part={"type": "text", "text": "Written."})
    session.announce(opening("a2"))
    session.grow("output_audio_transcript.delta", "a2", delta="Sp")
    session.grow("content_part.done", "a2", part={"type": "audio", "transcript": "Spoken."})
    assert session.text("a1") == "Written."
    assert (session.text("a2"), session.transcript("a2")) == ("", "Spoken.")


def test_several_parts_of_an_item_are_joined_in_their_order() -> None:
    session = Session()
    session.announce(opening("a1"))
    session.grow("output_text.delta", "a1", content_index=1, delta="World")
    session.grow("output_text.delta", "a1", content_index=0, delta="Hello ")
    assert session.text("a1") == "Hello World"


def test_the_events_that_the_application_keeps_are_not_changed_by_later_deltas() -> None:
    session = Session()
    frames: list[tuple[str, dict[str, object]]] = [
        ("response.output_item.added", {"response_id": "resp", "output_index": 0, "item": opening("a1")}),
        (
            "conversation.item.added",
            {
                "previous_item_id": None,
                "item": message("a2", {"type": "output_text", "text": "Hi"}, status="in_progress"),
            },
        ),
        (
            "response.output_item.added",
            {"response_id": "resp", "output_index": 1, "item": call("f1", "", "in_progress")},
        ),
    ]
    kept: list[types.ResponseOutputItemAdded | types.ConversationItemAdded] = []
    for name, fields in frames:
        event = session.codec.decode(json.dumps({"type": name, "event_id": "event", **fields}))
        assert isinstance(event, (types.ResponseOutputItemAdded, types.ConversationItemAdded))
        session.conversation.apply(event)
        kept.append(event)
    before = [event.to_wire() for event in kept]
    session.grow("output_text.delta", "a1", delta="Hello")
    session.grow("output_text.delta", "a2", delta="Ho")
    session.grow("output_audio.delta", "a2", delta=b64(ramp(0, 5)))
    session.grow("function_call_arguments.delta", "f1", call_id="call_1", delta="{}")
    session.finish(message("a2", {"type": "output_text", "text": "Bye"}))
    assert [event.to_wire() for event in kept] == before
    assert [event.item.formatted.text for event in kept] == ["", "Hi", ""]
    assert [event.item.formatted.audio_samples for event in kept] == [0, 0, 0]
    assert session.text("a2") == "Bye"


def test_the_list_of_items_is_a_copy() -> None:
    session = Session()
    user_says(session, "u1", "Hi")
    session.conversation.items.clear()
    assert session.ids() == ["u1"]


def test_events_that_concern_no_item_change_nothing() -> None:
    session = Session()
    assert session.feed("rate_limits.updated", rate_limits=[]) == ()
    assert session.conversation.apply(UnknownEvent("ping")) == ()
    assert session.conversation.apply(UnknownEvent("response.done", {"type": "response.done", "response": 1})) == ()
    assert session.conversation.items == []


# --- Truncation, deletion, retrieval -----------------------------------------------------------------------------


def spoken(session: Session, item_id: str = "a1", samples: int = 24_000) -> None:
    session.announce(opening(item_id))
    session.grow("output_audio.delta", item_id, delta=b64(ramp(0, samples)))
    session.finish(message(item_id, {"type": "output_audio", "transcript": "A long story."}))


def test_truncation_cuts_the_audio_and_drops_the_transcript() -> None:
    session = Session()
    spoken(session)
    (change,) = session.feed("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=250)
    assert change.kind == "truncated"
    np.testing.assert_array_equal(session.audio("a1"), ramp(0, 6000))
    assert session.transcript("a1") == ""


def test_truncation_past_the_end_keeps_the_audio() -> None:
    session = Session()
    spoken(session)
    session.feed("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=60_000)
    assert len(session.audio("a1")) == 24_000


def test_a_deleted_item_is_gone() -> None:
    session = Session()
    user_says(session, "u1", "One")
    user_says(session, "u2", "Two")
    (change,) = session.feed("conversation.item.deleted", item_id="u1")
    assert (change.kind, change.item.id) == ("deleted", "u1")
    assert session.ids() == ["u2"]
    assert session.conversation.get_item("u1") is None
    with pytest.raises(ConversationError) as caught:
        session.conversation.require_item("u1")
    assert caught.value.item_id == "u1"


def test_retrieving_an_item_fills_its_audio() -> None:
    session = Session()
    item = message("u1", {"type": "input_audio", "transcript": None}, role="user")
    session.feed("conversation.item.added", previous_item_id=None, item=item)
    assert session.audio("u1").shape == (0,)
    whole = message("u1", {"type": "input_audio", "audio": b64(ramp(0, 50)), "transcript": "Hi"}, role="user")
    (change,) = session.feed("conversation.item.retrieved", item=whole)
    assert (change.kind, change.item.id) == ("updated", "u1")
    np.testing.assert_array_equal(session.audio("u1"), ramp(0, 50))
    assert session.transcript("u1") == "Hi"


def test_retrieving_an_item_never_met_adds_it_with_its_audio() -> None:
    session = Session()
    whole = message("a1", {"type": "output_audio", "audio": b64(ramp(0, 50)), "transcript": "Hi"})
    (change,) = session.feed("conversation.item.retrieved", item=whole)
    assert change.kind == "appended"
    np.testing.assert_array_equal(session.audio("a1"), ramp(0, 50))


def test_retrieving_an_item_does_not_replace_audio_that_is_there() -> None:
    session = Session()
    spoken(session, samples=100)
    whole = message("a1", {"type": "output_audio", "audio": b64(ramp(0, 50)), "transcript": "Hi"})
    session.feed("conversation.item.retrieved", item=whole)
    np.testing.assert_array_equal(session.audio("a1"), ramp(0, 100))


def test_clearing_forgets_items_audio_and_input() -> None:
    session = Session()
    spoken(session)
    session.conversation.input_audio.append(ramp(0, 10))
    session.conversation.clear()
    assert session.ids() == []
    assert session.conversation.get_item("a1") is None
    assert session.conversation.input_audio.pending_samples == 0
    spoken(session, samples=7)
    assert len(session.audio("a1")) == 7


# --- Responses outside the conversation --------------------------------------------------------------------------


def test_items_of_a_response_outside_the_conversation_are_found_by_id_but_not_listed() -> None:
    session = Session()
    user_says(session, "u1", "Hi")
    session.feed("response.created", response=response("side", conversation_id=None))
    session.feed("response.output_item.added", response_id="side", output_index=0, item=opening("s1"))
    session.grow("output_text.delta", "s1", response_id="side", delta="Aside")
    session.grow("output_text.delta", "s2", response_id="side", delta="Never announced")
    final = message("s1", {"type": "output_text", "text": "Aside."})
    third = message("s3", {"type": "output_text", "text": "Only here."})
    session.feed("response.done", response=response("side", final, third, conversation_id=None))
    assert session.ids() == ["u1"]
    assert [session.text(item) for item in ("s1", "s2", "s3")] == ["Aside.", "Never announced", "Only here."]
    assert session.completed["s1"] == 1


def test_a_response_that_names_no_conversation_at_all_is_part_of_it() -> None:
    session = Session()
    session.feed("response.created", response=response("resp"))
    session.feed("response.output_item.added", response_id="resp", output_index=0, item=opening("a1"))
    assert session.ids() == ["a1"]


# --- Audio formats -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["audio/pcmu", "audio/pcma"])
def test_g711_output_is_decoded_at_its_own_rate(name: AudioFormatName) -> None:
    session = Session()
    session.feed("session.created", session=session_frame(name))
    assert session.conversation.output_sample_rate == 8000
    wire = encode_audio(ramp(-2000, 2001), name)
    session.announce(opening("a1"))
    session.grow("output_audio.delta", "a1", delta=encode_base64(wire[:1001]))
    session.grow("output_audio.delta", "a1", delta=encode_base64(wire[1001:]))
    np.testing.assert_array_equal(session.audio("a1"), decode_audio(wire, name))
    session.feed("conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=100)
    assert len(session.audio("a1")) == 800


@pytest.mark.parametrize("samples", [4000, 4001])
def test_retrieved_g711_audio_is_decoded_as_what_it_is(samples: int) -> None:
    session = Session()
    session.feed("session.created", session=session_frame("audio/pcma", "audio/pcmu"))
    sound = ramp(-2000, 2001)[:samples]
    said, heard = encode_audio(sound, "audio/pcmu"), encode_audio(sound, "audio/pcma")
    session.announce(opening("a1"))
    user_part: dict[str, object] = {"type": "input_audio", "audio": encode_base64(said)}
    session.feed("conversation.item.retrieved", item=message("u1", user_part, role="user"))
    session.feed(
        "conversation.item.retrieved", item=message("a1", {"type": "output_audio", "audio": encode_base64(heard)})
    )
    np.testing.assert_array_equal(session.audio("u1"), decode_audio(said, "audio/pcmu"))
    np.testing.assert_array_equal(session.audio("a1"), decode_audio(heard, "audio/pcma"))


def test_the_format_of_a_single_response_counts() -> None:
    session = Session()
    audio = {"output": {"format": {"type": "audio/pcmu"}}}
    session.feed("response.created", response=response(audio=audio, conversation_id="conv"))
    assert session.conversation.output_sample_rate == 8000
    session.feed("session.updated", session=session_frame("audio/pcm"))
    assert session.conversation.output_sample_rate == 24_000


# --- The user's speech -------------------------------------------------------------------------------------------


def spoken_item(item_id: str) -> dict[str, object]:
    return message(item_id, {"type": "input_audio", "transcript": None}, role="user")


def commit(session: Session, item_id: str) -> None:
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id=item_id)
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item(item_id))
    session.feed("conversation.item.done", previous_item_id=None, item=spoken_item(item_id))


def stream(session: Session, samples: Int16Array) -> None:
    for start in range(0, len(samples), 480):
        session.conversation.input_audio.append(samples[start : start + 480])


def speech(session: Session, begin_ms: int, end_ms: int, started: str, stopped: str) -> None:
    session.feed("input_audio_buffer.speech_started", audio_start_ms=begin_ms, item_id=started)
    session.feed("input_audio_buffer.speech_stopped", audio_end_ms=end_ms, item_id=stopped)


def test_a_spoken_turn_gets_the_audio_between_the_start_and_the_end_of_speech() -> None:
    session = Session()
    sound = ramp(0, 24_000)
    stream(session, sound)
    speech(session, 100, 400, "u1", "u1")
    commit(session, "u1")
    np.testing.assert_array_equal(session.audio("u1"), sound[2400:9600])
    speech(session, 500, 750, "u2", "u2")
    commit(session, "u2")
    np.testing.assert_array_equal(session.audio("u2"), sound[12_000:18_000])
    assert session.appended == session.completed == {"u1": 1, "u2": 1}


def test_the_committed_item_gets_the_audio_when_the_service_named_other_ids_before() -> None:
    session = Session()
    sound = ramp(0, 24_000)
    stream(session, sound)
    speech(session, 100, 400, "x1", "x2")
    commit(session, "u1")
    np.testing.assert_array_equal(session.audio("u1"), sound[2400:9600])
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("x2"))
    assert len(session.audio("x2")) == 0


def test_a_manual_commit_takes_everything_since_the_last() -> None:
    session = Session()
    sound = ramp(0, 4800)
    stream(session, sound[:2400])
    commit(session, "u1")
    stream(session, sound[2400:])
    commit(session, "u2")
    np.testing.assert_array_equal(session.audio("u1"), sound[:2400])
    np.testing.assert_array_equal(session.audio("u2"), sound[2400:])


def test_audio_that_is_sent_after_a_commit_was_asked_for_belongs_to_the_next_turn() -> None:
    session = Session()
    sound = ramp(0, 4800)
    stream(session, sound[:2400])
    session.conversation.queue_input_audio()
    stream(session, sound[2400:3600])
    session.conversation.queue_input_audio()
    stream(session, sound[3600:])
    for item_id in ("u1", "u2", "u3"):
        commit(session, item_id)
    np.testing.assert_array_equal(session.audio("u1"), sound[:2400])
    np.testing.assert_array_equal(session.audio("u2"), sound[2400:3600])
    np.testing.assert_array_equal(session.audio("u3"), sound[3600:])


def test_a_refused_commit_leaves_the_next_turn_its_own_audio() -> None:
    session = Session()
    stream(session, ramp(0, 480))
    session.conversation.queue_input_audio()
    stream(session, ramp(480, 4800))
    session.conversation.queue_input_audio()
    refusal = {"type": "invalid_request_error", "code": "input_audio_buffer_commit_empty", "message": "Too small."}
    session.feed("error", error=refusal)
    commit(session, "u1")
    np.testing.assert_array_equal(session.audio("u1"), ramp(480, 4800))


def test_cleared_input_becomes_no_item() -> None:
    session = Session()
    stream(session, ramp(0, 2400))
    session.feed("input_audio_buffer.cleared")
    stream(session, ramp(5000, 5480))
    commit(session, "u1")
    np.testing.assert_array_equal(session.audio("u1"), ramp(5000, 5480))


def test_input_at_8_khz_is_cut_at_8_khz() -> None:
    session = Session()
    session.feed("session.updated", session=session_frame("audio/pcmu", "audio/pcmu"))
    sound = ramp(0, 8000)
    stream(session, sound)
    speech(session, 100, 400, "u1", "u1")
    commit(session, "u1")
    np.testing.assert_array_equal(session.audio("u1"), sound[800:3200])


@pytest.mark.parametrize("first", ["audio", "item"])
def test_queued_audio_reaches_its_item_whichever_comes_first(first: str) -> None:
    session = Session()
    if first == "audio":
        session.conversation.queue_item_audio("u1", ramp(0, 30))
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    if first == "item":
        session.conversation.queue_item_audio("u1", ramp(0, 30))
    np.testing.assert_array_equal(session.audio("u1"), ramp(0, 30))


def transcription(session: Session, item_id: str, text: str, kind: str = "completed") -> Sequence[ConversationChange]:
    fields: dict[str, object] = {"delta": text} if kind == "delta" else {"transcript": text, "usage": None}
    if kind != "delta":
        fields["usage"] = {"type": "duration", "seconds": 3}
    return session.feed(
        f"conversation.item.input_audio_transcription.{kind}", item_id=item_id, content_index=0, **fields
    )


def test_the_transcript_of_speech_grows_and_is_then_overwritten() -> None:
    session = Session()
    commit(session, "u1")
    (change,) = transcription(session, "u1", " Hello", "delta")
    assert change.delta is not None
    assert change.delta.transcript == " Hello"
    transcription(session, "u1", " name", "delta")
    assert session.transcript("u1") == " Hello name"
    transcription(session, "u1", "Hello, my name.")
    assert session.transcript("u1") == "Hello, my name."
    assert transcription(session, "u1", "Hello, my name.") == ()
    assert session.transcript("u1") == "Hello, my name."


def test_a_transcript_that_comes_before_its_item_waits_for_it() -> None:
    session = Session()
    transcription(session, "u1", "Hel", "delta")
    transcription(session, "u1", "lo", "delta")
    assert session.ids() == []
    commit(session, "u1")
    assert session.transcript("u1") == "Hello"
    transcription(session, "u2", "Twice")
    transcription(session, "u2", "Twice")
    commit(session, "u2")
    assert session.transcript("u2") == "Twice"


def test_a_transcript_that_waited_for_its_item_grows_on_even_by_the_words_that_it_began_with() -> None:
    session = Session()
    transcription(session, "u1", "ha", "delta")
    session.feed("conversation.item.added", previous_item_id=None, item=spoken_item("u1"))
    transcription(session, "u1", "ha", "delta")
    assert session.transcript("u1") == "haha"
    commit(session, "u1")
    transcription(session, "u1", "ha", "delta")
    assert session.transcript("u1") == "hahaha"


@pytest.mark.parametrize("name", ["added", "done"])
def test_a_transcript_that_waited_does_not_shorten_or_double_the_one_that_its_item_brings(name: str) -> None:
    session = Session()
    transcription(session, "u1", "Hel", "delta")
    brought = message("u1", {"type": "input_audio", "transcript": "Hello"}, role="user")
    session.feed(f"conversation.item.{name}", previous_item_id=None, item=brought)
    assert session.transcript("u1") == "Hello"


# --- Recordings of the service -----------------------------------------------------------------------------------

TURNS = {
    "text_in_audio_out": ["Say a short greeting.", "Hi there!"],
    "audio_in_server_vad_turn": [
        "Hello, my name is Marcelo.",
        "Hello, Marcelo! Great to meet you. How can I help you today?",
    ],
    "tool_call_round": [
        "What is the weather in London?",
        '{  \n  "city": "London" \n} \n',
        "It is foggy and 12 degrees in London.",
        "It is foggy and 12 degrees in London.",
    ],
    "webrtc_sideband_text_turn": ["Say hello.", "Hello there!"],
}


@pytest.mark.parametrize("name", TURNS)
def test_recorded_sessions_give_their_items(name: str) -> None:
    path = RECORDINGS / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the recordings of the service are not beside the project")
    session = Session()
    audio: dict[str, bytes] = {}
    for line in path.read_text().splitlines():
        row = cast("dict[str, object]", json.loads(line))
        frame = cast("dict[str, object]", row["data"])
        if row["direction"] == "sent":
            continue
        kind = str(frame.pop("type"))
        if kind == "response.output_audio.delta":
            item_id = str(frame["item_id"])
            audio[item_id] = audio.get(item_id, b"") + base64.b64decode(str(frame["delta"]))
        session.feed(kind, **frame)
    items = session.conversation.items
    said: list[str] = []
    for item in items:
        formatted = item.formatted
        tool = formatted.tool.arguments if formatted.tool else ""
        said.append(formatted.text or formatted.transcript or tool or formatted.output or "")
    assert said == TURNS[name]
    for item_id, data in audio.items():
        # The recorder cut the audio between the bytes of a sample.
        np.testing.assert_array_equal(session.audio(item_id), decode_audio(data[: len(data) & ~1], "audio/pcm"))
    assert set(session.appended.values()) == set(session.completed.values()) == {1}
    assert session.conversation.issues.total() == 0
