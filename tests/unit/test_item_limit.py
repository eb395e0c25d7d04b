"""A conversation with `max_items` keeps the newest items, tells which it dropped, and does not mind their events."""

import json
from collections.abc import Sequence
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed.client import RealtimeClient
from realtime_typed.codec import Codec
from realtime_typed.conversation import Conversation, ConversationChange

CODEC: Final = Codec("off")


def feed(conversation: Conversation, name: str, /, **fields: object) -> Sequence[ConversationChange]:
    return conversation.apply(CODEC.decode(json.dumps({"type": name, **fields})))


def message(item_id: str, status: str = "completed", text: str = "") -> dict[str, object]:
    content = [{"type": "output_text", "text": text}] if text else []
    return {"id": item_id, "type": "message", "role": "assistant", "status": status, "content": content}


def finish(conversation: Conversation, item_id: str) -> Sequence[ConversationChange]:
    return feed(conversation, "conversation.item.done", item=message(item_id))


def ids(conversation: Conversation) -> list[str | None]:
    return [item.id for item in conversation.items]


def kinds(changes: Sequence[ConversationChange]) -> list[tuple[str, str | None]]:
    return [(change.kind, change.item.id) for change in changes]


@pytest.mark.parametrize("most", [0, -1])
def test_a_bound_that_is_not_positive_is_refused(most: int) -> None:
    with pytest.raises(ValueError, match="max_items"):
        Conversation(max_items=most)
    with pytest.raises(ValueError, match="max_items"):
        RealtimeClient(api_key="sk-x", max_items=most)


def test_all_items_are_kept_by_default() -> None:
    conversation = Conversation()
    for number in range(500):
        finish(conversation, f"i{number}")
    assert (len(conversation.items), conversation.max_items) == (500, None)


def test_the_oldest_complete_item_is_dropped_and_told() -> None:
    conversation = Conversation(max_items=2)
    finish(conversation, "i1")
    finish(conversation, "i2")
    assert kinds(finish(conversation, "i3")) == [("appended", "i3"), ("dropped", "i1")]
    assert ids(conversation) == ["i2", "i3"]
    assert conversation.get_item("i1") is None


def test_an_item_that_grows_stays_until_there_are_twice_as_many_as_may_be() -> None:
    conversation = Conversation(max_items=2)
    feed(conversation, "conversation.item.added", item=message("i1", "in_progress"))
    feed(conversation, "conversation.item.added", item=message("i2", "in_progress"))
    finish(conversation, "i3")
    assert ids(conversation) == ["i1", "i2", "i3"]
    assert kinds(finish(conversation, "i4")) == [("appended", "i4"), ("dropped", "i3")]
    feed(conversation, "conversation.item.added", item=message("i5", "in_progress"))
    feed(conversation, "conversation.item.added", item=message("i6", "in_progress"))
    assert kinds(feed(conversation, "conversation.item.added", item=message("i7", "in_progress"))) == [
        ("appended", "i7"),
        ("dropped", "i1"),
    ]
    assert ids(conversation) == ["i2", "i5", "i6", "i7"]


def test_a_response_whose_item_was_dropped_does_not_bring_it_back() -> None:
    conversation = Conversation(max_items=1)
    place = {"response_id": "r1", "output_index": 0}
    feed(conversation, "response.output_item.done", item=message("i1"), **place)
    feed(conversation, "response.output_item.done", item=message("i2"), **place)
    late = [
        feed(conversation, "response.done", response={"id": "r1", "output": [message("i1"), message("i2")]}),
        feed(conversation, "response.output_text.delta", item_id="i1", content_index=0, delta="x", **place),
        feed(conversation, "conversation.item.truncated", item_id="i1", content_index=0, audio_end_ms=1),
        feed(conversation, "conversation.item.deleted", item_id="i1"),
        finish(conversation, "i1"),
    ]
    assert [list(changes) for changes in late] == [[]] * 5
    assert ids(conversation) == ["i2"]
    assert not conversation.issues


def test_an_item_that_is_retrieved_comes_back() -> None:
    conversation = Conversation(max_items=1)
    finish(conversation, "i1")
    finish(conversation, "i2")
    changes = feed(conversation, "conversation.item.retrieved", item=message("i1", text="hello"))
    assert kinds(changes) == [("appended", "i1"), ("dropped", "i2")]
    assert conversation.require_item("i1").formatted.text == "hello"


def test_items_outside_of_the_conversation_are_bounded_by_themselves() -> None:
    conversation = Conversation(max_items=2)
    finish(conversation, "i1")
    feed(conversation, "response.created", response={"id": "r1", "conversation_id": None})
    for number in range(5):
        feed(conversation, "response.output_item.done", response_id="r1", output_index=0, item=message(f"o{number}"))
    assert ids(conversation) == ["i1"]
    assert [conversation.get_item(f"o{number}") is not None for number in range(5)] == [False] * 3 + [True] * 2


def test_a_new_session_forgets_what_was_dropped() -> None:
    conversation = Conversation(max_items=1)
    finish(conversation, "i1")
    finish(conversation, "i2")
    conversation.clear()
    finish(conversation, "i1")
    assert ids(conversation) == ["i1"]


def test_a_new_session_keeps_to_the_same_bound() -> None:
    conversation = Conversation(max_items=2)
    finish(conversation, "i1")
    conversation.clear()
    finish(conversation, "i2")
    finish(conversation, "i3")
    assert kinds(finish(conversation, "i4")) == [("appended", "i4"), ("dropped", "i2")]
    assert ids(conversation) == ["i3", "i4"]


@given(st.integers(1, 5), st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=60))
def test_there_are_never_more_than_twice_as_many_nor_more_complete_ones_than_may_be(
    most: int, events: list[tuple[int, bool]]
) -> None:
    conversation = Conversation(max_items=most)
    dropped: list[str | None] = []
    for number, done in events:
        name = "conversation.item.done" if done else "conversation.item.added"
        status = "completed" if done else "in_progress"
        changes = feed(conversation, name, item=message(f"i{number}", status))
        dropped.extend(change.item.id for change in changes if change.kind == "dropped")
        kept = conversation.items
        assert len(kept) <= 2 * most
        assert sum(item.to_wire().get("status") == "completed" for item in kept) <= most
    assert len(dropped) == len(set(dropped))
    assert set(dropped).isdisjoint(ids(conversation))
    assert {f"i{number}" for number, _ in events} == {*dropped, *ids(conversation)}
