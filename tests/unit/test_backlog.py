"""What waits for handlers and streams, and what is left out of it."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed import ConversationUpdated, ItemDelta, OutputAudio, RealtimeEvent, UnknownEvent
from realtime_typed._backlog import Backlog, QueueBound, event_bytes, is_growth
from realtime_typed.codec import Codec
from realtime_typed.types import InputTextPart, UserMessageItem


@dataclass
class Event:
    type: str
    number: int = 0
    text: str = ""


def backlog(
    max_events: int = 8, max_bytes: int = 1_000_000
) -> tuple[Backlog[Event], QueueBound, list[tuple[Counter[str], str, bool]]]:
    told: list[tuple[Counter[str], str, bool]] = []
    bound = QueueBound(max_events, max_bytes, lambda names, whose, ended: told.append((Counter(names), whose, ended)))
    return Backlog(bound, lambda event: event, "x"), bound, told


def taken(queue: Backlog[Event]) -> list[int]:
    return [queue.popleft().number for _ in range(len(queue))]


def test_at_the_bound_the_oldest_that_only_tell_of_growth_are_left_out_first() -> None:
    queue, bound, _ = backlog(8)
    for number in range(9):
        queue.append(Event("a.delta" if number % 2 else "a.done", number))
    # An eighth of the room is made free.
    assert (queue.dropped, bound.dropped) == (2, {"a.delta": 2})
    assert taken(queue) == [0, 2, 4, 5, 6, 7, 8]


def test_then_the_oldest_of_the_others_are_left_out() -> None:
    queue, bound, _ = backlog(8)
    for number in range(9):
        queue.append(Event("a.done" if number else "a.delta", number))
    assert bound.dropped == {"a.delta": 1, "a.done": 1}
    assert taken(queue) == [2, 3, 4, 5, 6, 7, 8]


def test_what_was_left_out_is_told_when_that_begins_and_when_nothing_waits_any_more() -> None:
    queue, bound, told = backlog(8)
    for number in range(30):
        queue.append(Event("a.delta", number))
    assert [(whose, ended) for _, whose, ended in told] == [("x", False)]
    taken(queue)
    assert told[-1] == (Counter({"a.delta": queue.dropped}), "x", True)
    assert bound.streams_dropped.total() == queue.dropped
    for number in range(9):
        queue.append(Event("a.delta", number))
    assert [ended for *_, ended in told] == [False, True, False]


def test_the_bound_in_bytes_counts_texts() -> None:
    queue, _, _ = backlog(1000, 10_000)
    for number in range(100):
        queue.append(Event("a.delta", number, "x" * 1000))
    assert len(queue) <= 10
    assert taken(queue)[-1] == 99


def test_one_that_is_larger_than_the_room_does_not_drive_the_others_out() -> None:
    queue, bound, _ = backlog(100, 10_000)
    queue.append(Event("small", 1))
    queue.append(Event("small", 2))
    queue.append(Event("large", 3, "x" * 20_000))
    assert (taken(queue), bound.dropped) == ([1, 2], {"large": 1})


def test_what_is_added_first_is_taken_first_and_keeps_the_account_right() -> None:
    queue, _, _ = backlog(100)
    for number in range(3):
        queue.append(Event("a", number))
    queue.append_first(Event("a", 9))
    assert taken(queue) == [9, 0, 1, 2]
    queue.append(Event("a", 4))
    assert taken(queue) == [4]


@given(
    st.integers(1, 30),
    st.integers(500, 20_000),
    st.lists(st.one_of(st.just(None), st.tuples(st.sampled_from(["a.delta", "b.done"]), st.integers(0, 3000)))),
)
def test_the_bounds_hold_and_nothing_is_lost_without_being_counted(
    max_events: int, max_bytes: int, steps: list[tuple[str, int] | None]
) -> None:
    queue, bound, _ = backlog(max_events, max_bytes)
    added: list[int] = []
    got: list[int] = []
    for number, step in enumerate(steps):
        if step is not None:
            queue.append(Event(step[0], number, "x" * step[1]))
            added.append(number)
        elif len(queue):
            got.append(queue.popleft().number)
        # One that waits alone is taken whatever its size.
        waiting = [queue.popleft() for _ in range(len(queue))]
        assert len(waiting) <= max_events
        assert sum(len(event.text) for event in waiting[1:]) <= max_bytes
        for event in waiting:
            queue.append(event)
    got += taken(queue)
    assert got == sorted(got)
    assert len(got) + queue.dropped == len(added)
    assert bound.dropped.total() == queue.dropped


@pytest.mark.parametrize("size", [0, 1000, 100_000])
def test_the_size_of_an_event_is_that_of_what_it_carries(size: int) -> None:
    text = "x" * size
    item = ConversationUpdated(UserMessageItem(content=[InputTextPart(text="not its own" * 1000)]))
    delta = Codec().decode(f'{{"type":"response.output_text.delta","delta":"{text}","more":{{"a":["{text}"]}}}}')
    for event, times in [
        (UnknownEvent("x", {"type": "x", "a": [{"b": text}]}), 1),
        (delta, 2),
        (RealtimeEvent("now", "server", delta), 2),
        (ConversationUpdated(item.item, ItemDelta(text=text)), 1),
        (ConversationUpdated(item.item, ItemDelta(audio=np.zeros(size // 2, dtype=np.int16))), 1),
        (OutputAudio(np.zeros(size // 2, dtype=np.int16), 24_000, "item", "response"), 1),
    ]:
        assert times * size <= event_bytes(event) <= times * size + 3000


def test_what_only_tells_of_growth_is_known_under_every_name() -> None:
    delta = Codec().decode('{"type":"response.output_text.delta","delta":"x"}')
    done = Codec().decode('{"type":"response.done"}')
    assert is_growth(delta)
    assert is_growth(RealtimeEvent("now", "server", delta))
    assert is_growth(UnknownEvent("new.delta"))
    assert not is_growth(done)
    assert not is_growth(RealtimeEvent("now", "server", done))
