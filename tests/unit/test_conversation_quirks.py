"""`Conversation` on what clones and bad lines send: PROTOCOL's list of departures, and random damage.

The frames are decoded leniently, as a client does by default.
"""

import itertools
import json
import logging
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime_typed._formatted import FormattedTool
from realtime_typed._generated.realtime.shared import FunctionCallItem, McpCallItem, UserMessageItem
from realtime_typed._wire import wire_fields
from realtime_typed.audio import encode_base64
from realtime_typed.codec import Codec
from realtime_typed.conversation import Conversation, ConversationChange

Frame = dict[str, object]
ADDED, DONE = "response.output_item.added", "response.output_item.done"


@pytest.fixture(autouse=True)
def quiet_codec(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="realtime_typed.codec")


class Session:
    """Feeds frames to a conversation, counts, and checks after each what must always hold."""

    def __init__(self) -> None:
        self.codec = Codec("off")
        self.conversation = Conversation()
        self.appended: Counter[str | None] = Counter()
        self.completed: Counter[str | None] = Counter()

    def feed(self, name: str, /, **fields: object) -> Sequence[ConversationChange]:
        return self.take({"type": name, **fields})

    def take(self, frame: Frame) -> Sequence[ConversationChange]:
        event = self.codec.decode(json.dumps(frame))
        before = json.dumps(event.to_wire())
        changes = self.conversation.apply(event)
        assert json.dumps(event.to_wire()) == before
        for change in changes:
            item_id = change.item.id
            if change.kind == "deleted":
                self.appended[item_id] = self.completed[item_id] = 0
                assert self.conversation.get_item(item_id or "") is None
            else:
                self.appended[item_id] += change.kind == "appended"
                self.completed[item_id] += change.completed
                assert self.conversation.get_item(item_id or "") is change.item
        return changes

    def check(self) -> None:
        items = self.conversation.items
        assert len({item.id for item in items}) == len(items)
        for item in items:
            assert self.conversation.get_item(item.id or "") is item
            fields = wire_fields(item)
            content = fields.get("content")
            parts = [wire_fields(part) for part in cast("list[object]", content)] if isinstance(content, list) else []
            for name, shown in (("text", item.formatted.text), ("transcript", item.formatted.transcript)):
                assert shown == "".join(text for part in parts if isinstance(text := part.get(name), str))
        assert max(self.appended.values(), default=0) <= 1
        assert max(self.completed.values(), default=0) <= 1

    def ids(self) -> list[str | None]:
        return [item.id for item in self.conversation.items]

    def text(self, item_id: str) -> str:
        return self.conversation.require_item(item_id).formatted.text


def message(item_id: str, text: str = "", status: str = "completed") -> Frame:
    content = [{"type": "output_text", "text": text}] if text else []
    return {"id": item_id, "type": "message", "status": status, "role": "assistant", "content": content}


def call(item_id: str, arguments: str, status: str = "completed") -> Frame:
    fields: Frame = {"id": item_id, "type": "function_call", "status": status, "name": "add", "call_id": "c1"}
    return {**fields, "arguments": arguments}


def user(item_id: str) -> Frame:
    content = [{"type": "input_audio", "transcript": None}]
    return {"id": item_id, "type": "message", "status": "completed", "role": "user", "content": content}


def text_delta(item_id: str, delta: str, response_id: str = "r1") -> Frame:
    place: Frame = {"response_id": response_id, "item_id": item_id, "output_index": 0, "content_index": 0}
    return {"type": "response.output_text.delta", **place, "delta": delta}


# --- Announcements -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [ADDED, "conversation.item.added", "conversation.item.created"])
@pytest.mark.parametrize("status", ["in_progress", "completed"])
def test_an_announcement_that_holds_the_text_and_the_deltas_after_it_give_it_once(name: str, status: str) -> None:
    session = Session()
    session.feed(name, response_id="r1", item=message("a1", "Hello", status))
    session.feed(name, response_id="r1", item=call("f1", '{"a": 1}', status))
    for delta in ("Hel", "lo"):
        session.take(text_delta("a1", delta))
    for delta in ('{"a"', ": 1}"):
        session.feed("response.function_call_arguments.delta", item_id="f1", delta=delta)
    assert session.text("a1") == "Hello"
    tool = session.conversation.require_item("f1").formatted.tool
    assert tool is not None
    assert tool.arguments == '{"a": 1}'


def test_a_second_announcement_that_holds_the_text_does_not_double_it_either() -> None:
    session = Session()
    session.feed(ADDED, item=message("a1", status="in_progress"))
    session.feed("conversation.item.added", item=message("a1", "Hello", "in_progress"))
    for delta in ("Hel", "lo"):
        session.take(text_delta("a1", delta))
    assert session.text("a1") == "Hello"


def test_deltas_make_the_item_that_nobody_announced() -> None:
    session = Session()
    first, second = session.take(text_delta("a1", "Hello"))
    assert (first.kind, second.kind) == ("appended", "updated")
    session.feed("response.function_call_arguments.delta", item_id="f1", call_id="c1", delta="{}")
    session.feed("response.output_audio.delta", item_id="a2", delta=encode_base64(b"\x01\x00\x02\x00"))
    session.feed("response.output_audio_transcript.done", item_id="a3", transcript="Spoken")
    assert session.ids() == ["a1", "f1", "a2", "a3"]
    assert session.text("a1") == "Hello"
    np.testing.assert_array_equal(session.conversation.require_item("a2").formatted.audio, [1, 2])
    session.feed(ADDED, item=message("a1", status="in_progress"))
    session.feed(ADDED, item=call("f1", "", "in_progress"))
    tool = session.conversation.require_item("f1").formatted.tool
    assert tool is not None
    assert (tool.name, tool.call_id, tool.arguments) == ("add", "c1", "{}")
    assert session.text("a1") == "Hello"
    assert session.appended == {"a1": 1, "f1": 1, "a2": 1, "a3": 1}


def test_response_done_completes_items_that_never_got_done() -> None:
    session = Session()
    session.feed(ADDED, item=message("a1", status="in_progress"))
    session.take(text_delta("a1", "Hel"))
    changes = session.feed("response.done", response={"id": "r1", "output": [message("a1", "Hello"), call("f1", "{}")]})
    assert [(change.kind, change.completed) for change in changes] == [("updated", True), ("appended", True)]
    assert session.ids() == ["a1", "f1"]
    assert session.text("a1") == "Hello"


def test_a_response_that_never_ends_leaves_its_items_as_they_grew() -> None:
    session = Session()
    session.take(text_delta("a1", "Hel"))
    session.feed("response.created", response={"id": "r2"})
    session.take(text_delta("a2", "Next", "r2"))
    assert (session.text("a1"), session.text("a2")) == ("Hel", "Next")


def test_interleaved_responses_do_not_mix() -> None:
    session = Session()
    for first, second in zip("Hello", "World", strict=True):
        session.take(text_delta("a1", first, "r1"))
        session.take(text_delta("a2", second, "r2"))
    assert (session.text("a1"), session.text("a2")) == ("Hello", "World")


def test_deltas_that_come_after_the_end_of_their_item_are_counted_and_change_nothing() -> None:
    session = Session()
    session.feed(DONE, item=message("a1", "Hello"))
    session.feed(DONE, item=call("f1", "{}"))
    assert list(session.take(text_delta("a1", "lo"))) == []
    assert list(session.feed("response.function_call_arguments.delta", item_id="f1", delta="}")) == []
    assert session.text("a1") == "Hello"
    assert session.conversation.issues == {
        "response.output_text.delta": 1,
        "response.function_call_arguments.delta": 1,
    }


def test_events_in_any_order_give_the_finished_text_once_it_came() -> None:
    frames: list[Frame] = [
        {"type": ADDED, "response_id": "r1", "item": message("a1", status="in_progress")},
        text_delta("a1", "Hel"),
        text_delta("a1", "lo"),
        {**text_delta("a1", ""), "type": "response.output_text.done", "text": "Hello"},
        {"type": DONE, "response_id": "r1", "item": message("a1", "Hello")},
    ]
    for order in itertools.permutations(frames):
        session = Session()
        for frame in order:
            session.take(frame)
        assert session.text("a1") == "Hello"
        session.check()


def test_the_transcript_of_speech_is_right_in_whatever_order_it_comes() -> None:
    prefix = "conversation.item.input_audio_transcription."
    frames: list[Frame] = [
        {"type": "conversation.item.added", "item": user("u1")},
        {"type": "conversation.item.done", "item": user("u1")},
        {"type": f"{prefix}delta", "item_id": "u1", "content_index": 0, "delta": "Hel"},
        {"type": f"{prefix}delta", "item_id": "u1", "content_index": 0, "delta": "lo"},
        {"type": f"{prefix}completed", "item_id": "u1", "content_index": 0, "transcript": "Hello"},
    ]
    for order in itertools.permutations(frames):
        session = Session()
        for frame in order:
            session.take(frame)
        assert session.conversation.require_item("u1").formatted.transcript == "Hello"
        session.check()


# --- Order -------------------------------------------------------------------------------------------------------


def test_items_that_come_late_are_put_where_their_predecessor_says() -> None:
    session = Session()
    moved: list[str | None] = []
    for item_id, previous in (("c", "b"), ("d", "c"), ("b", "a"), ("a", None), ("b", "a")):
        changes = session.feed("conversation.item.added", previous_item_id=previous, item=message(item_id))
        moved += [change.item.id for change in changes if change.kind == "moved"]
    assert session.ids() == ["a", "b", "c", "d"]
    assert moved == ["c", "b"]
    assert session.appended == {"a": 1, "b": 1, "c": 1, "d": 1}


# --- What does not fit -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "conversation.item.truncated", "item_id": "nobody", "audio_end_ms": 5},
        {"type": "conversation.item.deleted", "item_id": "nobody"},
        {"type": "conversation.item.deleted"},
        {"type": "response.output_text.delta", "delta": "Hi"},
        {"type": "response.output_text.delta", "item_id": 7, "delta": "Hi"},
        {"type": "response.output_text.delta", "item_id": "a1", "content_index": 5000, "delta": "Hi"},
        {"type": "response.output_audio.delta", "item_id": "a1", "delta": "?"},
        {"type": "conversation.item.input_audio_transcription.completed", "transcript": "Hi"},
        {"type": "conversation.item.input_audio_transcription.completed", "item_id": "a1", "transcript": None},
        {"type": "conversation.item.truncated", "item_id": "a1", "audio_end_ms": "later"},
        {"type": "conversation.item.truncated", "item_id": "a1", "audio_end_ms": -5},
        {"type": "conversation.item.truncated", "item_id": "a1", "audio_end_ms": 1e300},
        {"type": "response.output_text.done", "item_id": "a1", "content_index": 1_000_000_000, "text": "Hi"},
        {"type": "response.output_text.done", "item_id": "a1", "content_index": 0, "text": 5},
        {
            "type": "response.content_part.done",
            "item_id": "a1",
            "content_index": 5000,
            "part": {"type": "text", "text": "Hi"},
        },
        {"type": "response.function_call_arguments.done", "item_id": "a1", "arguments": "{}"},
        {"type": "response.function_call_arguments.done", "item_id": "a1", "arguments": None},
        {
            "type": "conversation.item.input_audio_transcription.completed",
            "item_id": "a1",
            "content_index": 5000,
            "transcript": "Hi",
        },
        {
            "type": "conversation.item.input_audio_transcription.delta",
            "item_id": "yet to come",
            "content_index": 5000,
            "delta": "Hi",
        },
        {"type": "conversation.item.added", "item": 5},
        {"type": "conversation.item.added", "item": {"id": "x", "type": "invented"}},
        {"type": "conversation.item.added", "item": {"type": "message", "role": "user", "content": []}},
        {"type": "response.done", "response": {"id": "r1", "output": [None]}},
    ],
)
def test_an_event_that_does_not_fit_is_counted_kept_and_changes_nothing(frame: Frame) -> None:
    session = Session()
    session.feed(ADDED, item=message("a1", "Hello", "in_progress"))
    changes = session.take(frame)
    assert list(changes) == []
    assert session.conversation.issues == {frame["type"]: 1}
    (kept,) = session.conversation.unfitting
    assert kept.to_wire() == frame
    assert session.text("a1") == "Hello"


def test_a_truncation_makes_no_content() -> None:
    session = Session()
    session.take(text_delta("a1", "Hello"))
    session.feed("conversation.item.truncated", item_id="a1", content_index=900, audio_end_ms=5)
    assert session.conversation.require_item("a1").to_wire()["content"] == [{"type": "output_text", "text": "Hello"}]


def test_a_part_that_was_guessed_becomes_what_its_first_text_says() -> None:
    session = Session()
    session.take({**text_delta("a1", "Written"), "content_index": 1})
    session.feed("response.output_audio_transcript.delta", item_id="a1", content_index=0, delta="Spoken")
    assert session.conversation.require_item("a1").to_wire()["content"] == [
        {"type": "output_audio", "transcript": "Spoken"},
        {"type": "output_text", "text": "Written"},
    ]


@pytest.mark.parametrize("name", ["conversation.item.added", "conversation.item.done"])
def test_an_item_that_was_guessed_wrong_becomes_what_its_announcement_says(name: str) -> None:
    session = Session()
    session.take(text_delta("f1", "guessed"))
    session.feed("response.output_audio.delta", item_id="u1", delta=encode_base64(b"\x01\x00"))
    session.feed("response.function_call_arguments.delta", item_id="m1", call_id="c1", delta='{"a')
    guessed = session.conversation.require_item("f1")
    mcp = {"id": "m1", "type": "mcp_call", "name": "add", "server_label": "s", "arguments": '{"a": 1}'}
    for item in (call("f1", "{}"), user("u1"), mcp):
        session.feed(name, item=item)
    assert guessed is session.conversation.require_item("f1")
    assert isinstance(guessed, FunctionCallItem)
    assert guessed.to_wire() == call("f1", "{}")
    assert guessed.formatted.tool == FormattedTool("add", "c1", "{}")
    assert guessed.formatted.text == ""
    speech = session.conversation.require_item("u1")
    assert isinstance(speech, UserMessageItem)
    assert speech.role == "user"
    assert speech.formatted.audio_samples == 1
    remote = session.conversation.require_item("m1")
    assert isinstance(remote, McpCallItem)
    assert remote.output is None
    assert remote.formatted.tool is None
    assert remote.to_wire()["arguments"] == ('{"a' if name == "conversation.item.added" else '{"a": 1}')
    session.check()


def test_only_the_last_unfitting_events_are_kept() -> None:
    session = Session()
    for number in range(100):
        session.feed("conversation.item.deleted", item_id=f"nobody{number}")
    assert session.conversation.issues.total() == 100
    assert len(session.conversation.unfitting) == 64


def test_a_part_of_an_unknown_kind_stays_a_dict_and_its_text_is_read() -> None:
    session = Session()
    item = message("a1", status="in_progress") | {"content": [{"type": "invented", "text": "Hel"}]}
    session.feed("conversation.item.added", item=item)
    session.feed("response.output_text.done", item_id="a1", content_index=0, text="Hello")
    assert session.text("a1") == "Hello"
    assert session.conversation.require_item("a1").to_wire()["content"] == [{"type": "invented", "text": "Hello"}]


def test_items_with_fields_of_their_own_are_taken_over_with_them() -> None:
    session = Session()
    session.feed("conversation.item.added", item={**message("a1", status="in_progress"), "phase": "first"})
    session.feed("conversation.item.done", item={**message("a1", "Hi"), "phase": "last"})
    assert session.conversation.require_item("a1").to_wire()["phase"] == "last"


def test_audio_deltas_cut_inside_of_a_sample_are_joined() -> None:
    session = Session()
    data = np.arange(100, dtype="<i2").tobytes()
    changes: list[ConversationChange] = []
    for start, end in ((0, 33), (33, 34), (34, 67), (67, 200)):
        changes += session.feed("response.output_audio.delta", item_id="a1", delta=encode_base64(data[start:end]))
    np.testing.assert_array_equal(session.conversation.require_item("a1").formatted.audio, np.arange(100))
    pieces = [change.delta.audio for change in changes if change.delta is not None and change.delta.audio is not None]
    np.testing.assert_array_equal(np.concatenate(pieces), np.arange(100))


def test_an_audio_delta_without_audio_is_no_change() -> None:
    session = Session()
    session.feed(ADDED, item=message("a1", status="in_progress"))
    assert list(session.feed("response.output_audio.delta", item_id="a1", delta="")) == []


def test_speech_without_a_reported_end_still_gets_its_audio_when_it_is_committed() -> None:
    session = Session()
    sound = np.arange(2400, dtype=np.int16)
    session.conversation.input_audio.append(sound)
    session.feed("input_audio_buffer.speech_started", audio_start_ms="?")
    session.feed("input_audio_buffer.speech_stopped", item_id="u1")
    session.feed("input_audio_buffer.committed", item_id="u1")
    session.feed("conversation.item.added", item=user("u1"))
    np.testing.assert_array_equal(session.conversation.require_item("u1").formatted.audio, sound)


def test_audio_for_an_item_that_is_there_already_is_a_change() -> None:
    session = Session()
    session.conversation.input_audio.append(np.arange(2400, dtype=np.int16))
    session.feed("conversation.item.added", item=user("u1"))
    (change,) = session.feed("input_audio_buffer.committed", item_id="u1")
    assert (change.kind, change.item.id, change.delta) == ("updated", "u1", None)
    assert change.item.formatted.audio_samples == 2400
    session.conversation.input_audio.append(np.arange(2400, dtype=np.int16))
    session.feed("conversation.item.added", item=user("u2"))
    (change,) = session.feed("input_audio_buffer.speech_stopped", item_id="u2", audio_end_ms=150)
    assert (change.kind, change.item.formatted.audio_samples) == ("updated", 1200)


# --- Random damage -----------------------------------------------------------------------------------------------


def _output() -> list[Frame]:
    spoken: Frame = {**message("a2"), "content": [{"type": "output_audio", "transcript": "Spoken words"}]}
    return [message("a1", "Hello there"), spoken, call("f1", '{"a": 1}')]


def _grow(name: str, item_id: str, /, **fields: object) -> Frame:
    place: Frame = {"response_id": "r1", "item_id": item_id, "output_index": 0, "content_index": 0}
    return {"type": f"response.{name}", "event_id": "e", **place, **fields}


def _turn() -> list[Frame]:
    """A whole exchange: speech, a written and a spoken reply, a function call."""
    transcription = "conversation.item.input_audio_transcription"
    frames: list[Frame] = [
        {"type": "input_audio_buffer.speech_started", "audio_start_ms": 20, "item_id": "u1"},
        {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 60, "item_id": "u1"},
        {"type": "input_audio_buffer.committed", "previous_item_id": None, "item_id": "u1"},
        {"type": "conversation.item.added", "previous_item_id": None, "item": user("u1")},
        {"type": "conversation.item.done", "previous_item_id": None, "item": user("u1")},
        {"type": "response.created", "response": {"id": "r1", "conversation_id": "conv", "output": []}},
        {"type": f"{transcription}.delta", "item_id": "u1", "content_index": 0, "delta": "Hi"},
        {"type": f"{transcription}.completed", "item_id": "u1", "content_index": 0, "transcript": "Hi."},
    ]
    previous = "u1"
    for final in _output():
        arguments: Frame = {"arguments": ""} if final["type"] == "function_call" else {"content": []}
        item = {**final, "status": "in_progress", **arguments}
        frames.append({"type": ADDED, "response_id": "r1", "output_index": 0, "item": item})
        frames.append({"type": "conversation.item.added", "previous_item_id": previous, "item": item})
        previous = str(final["id"])
    frames += [_grow("output_text.delta", "a1", delta=delta) for delta in ("Hello", " there")]
    frames += [_grow("output_audio_transcript.delta", "a2", delta=delta) for delta in ("Spoken", " words")]
    frames += [_grow("output_audio.delta", "a2", delta=encode_base64(bytes(size))) for size in (7, 9, 10)]
    frames += [_grow("function_call_arguments.delta", "f1", call_id="c1", delta=delta) for delta in ('{"a"', ": 1}")]
    frames += [
        _grow("output_text.done", "a1", text="Hello there"),
        _grow("output_audio_transcript.done", "a2", transcript="Spoken words"),
        _grow("function_call_arguments.done", "f1", call_id="c1", name="add", arguments='{"a": 1}'),
        _grow("content_part.done", "a1", part={"type": "text", "text": "Hello there"}),
        _grow("content_part.done", "a2", part={"type": "audio", "transcript": "Spoken words"}),
    ]
    for final in _output():
        frames.append({"type": "conversation.item.done", "previous_item_id": None, "item": final})
        frames.append({"type": DONE, "response_id": "r1", "output_index": 0, "item": final})
    return frames


TURN = _turn()
ENDING: Frame = {"type": "response.done", "response": {"id": "r1", "conversation_id": "conv", "output": _output()}}
DISTURBANCES: list[Frame] = [
    {"type": "conversation.item.truncated", "item_id": "a2", "content_index": 0, "audio_end_ms": 1},
    {"type": "conversation.item.deleted", "item_id": "a1"},
    {"type": "conversation.item.retrieved", "item": _output()[1]},
    {"type": "conversation.item.created", "previous_item_id": "f1", "item": user("u1")},
    {"type": "response.created", "response": {"id": "r1", "conversation_id": None}},
    {"type": "input_audio_buffer.cleared"},
    {"type": "session.updated", "session": {"audio": {"output": {"format": {"type": "audio/pcmu"}}}}},
    {"type": "ping"},
    ENDING,
]
IDS = ["u1", "a1", "f1", "root"]
NUMBERS = [True, 7, -1, 1.5, 2.0**60, 10**30, -(10**30), float("inf"), float("nan")]
WRONG = st.sampled_from([None, *NUMBERS, "x", "", *IDS, [], [None], {}, {"type": "x"}])


def _places(node: object, found: list[tuple[object, object]]) -> list[tuple[object, object]]:
    """Every (container, key) below a frame."""
    if isinstance(node, dict):
        for key, value in cast("Frame", node).items():
            found.append((cast("object", node), key))
            _places(value, found)
    elif isinstance(node, list):
        for index, value in enumerate(cast("list[object]", node)):
            found.append((cast("object", node), index))
            _places(value, found)
    return found


@st.composite
def damaged(draw: st.DrawFn) -> Frame:
    """A frame of the turn with a field removed, of a wrong type, or too many."""
    frame = deepcopy(draw(st.sampled_from(TURN + DISTURBANCES)))
    places = [place for place in _places(frame, []) if place != (frame, "type")]
    how = draw(st.sampled_from(["nothing", "remove", "replace", "add"]))
    if how == "add" or not places:
        cast("Frame", frame.get("item", frame))["invented"] = draw(WRONG)
        return frame
    container, key = draw(st.sampled_from(places)) if how != "nothing" else (None, None)
    if isinstance(container, dict):
        fields = cast("dict[object, object]", container)
        if how == "remove":
            del fields[key]
        else:
            fields[key] = draw(WRONG)
    elif isinstance(container, list):
        cast("list[object]", container)[cast("int", key)] = draw(WRONG)
    return frame


def _assert_final(session: Session) -> None:
    for final in _output():
        item = session.conversation.require_item(str(final["id"]))
        wire = item.to_wire()
        assert {name: wire.get(name) for name in final} == final
    assert session.text("a1") == "Hello there"
    assert session.conversation.require_item("a2").formatted.transcript == "Spoken words"
    tool = session.conversation.require_item("f1").formatted.tool
    assert tool is not None
    assert tool.arguments == '{"a": 1}'


@settings(deadline=None, max_examples=150)
@given(st.lists(damaged(), max_size=30), st.lists(st.sampled_from(TURN), max_size=20))
def test_whatever_came_before_and_comes_after_the_finished_response_has_the_last_word(
    before: list[Frame], after: list[Frame]
) -> None:
    session = Session()
    session.conversation.input_audio.append(np.arange(4800, dtype=np.int16))
    for frame in before:
        session.take(frame)
        session.check()
    session.take(ENDING)
    session.check()
    _assert_final(session)
    json.dumps([item.to_wire() for item in session.conversation.export()])
    for frame in after:
        session.take(frame)
        session.check()
        _assert_final(session)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_turn_with_events_dropped_doubled_and_shuffled_ends_in_its_finished_items(data: st.DataObject) -> None:
    session = Session()
    kept = data.draw(st.lists(st.sampled_from([0, 1, 1, 1, 2]), min_size=len(TURN), max_size=len(TURN)))
    frames = [frame for frame, times in zip(TURN, kept, strict=True) for _ in range(times)]
    for frame in data.draw(st.permutations([*frames, ENDING])):
        session.take(frame)
        session.check()
    _assert_final(session)
    assert set(session.ids()) <= {"u1", "a1", "a2", "f1"}


def test_the_undamaged_turn_is_in_order_and_without_issues() -> None:
    session = Session()
    session.conversation.input_audio.append(np.arange(4800, dtype=np.int16))
    for frame in [*TURN, ENDING]:
        session.take(frame)
        session.check()
    _assert_final(session)
    assert session.ids() == ["u1", "a1", "a2", "f1"]
    assert session.appended == session.completed == {"u1": 1, "a1": 1, "a2": 1, "f1": 1}
    np.testing.assert_array_equal(session.conversation.require_item("u1").formatted.audio, np.arange(480, 1440))
    assert session.conversation.require_item("a2").formatted.audio_samples == 13
    assert session.conversation.issues.total() == 0
