"""The order of items, what waits for an item to come, and which text is finished."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed._generated.realtime.shared import (
    AssistantMessageItem,
    FunctionCallItem,
    InputAudioPart,
    OutputTextPart,
    UserMessageItem,
)
from realtime_typed._item_store import ItemStore
from realtime_typed.audio import encode_base64

MAX_WAITING = 256


def add(store: ItemStore, item_id: str, previous: str = "", text: str = "") -> AssistantMessageItem:
    content = [OutputTextPart(text=text)] if text else []
    item = store.add(AssistantMessageItem(id=item_id, content=list(content)), listed=True, audio_format="audio/pcm")
    assert isinstance(item, AssistantMessageItem)
    if previous:
        store.place(item_id, previous)
    return item


def add_user(store: ItemStore, item_id: str) -> UserMessageItem:
    item = store.add(UserMessageItem(id=item_id, content=[InputAudioPart()]), listed=True, audio_format="audio/pcm")
    assert isinstance(item, UserMessageItem)
    return item


def add_call(store: ItemStore, item_id: str, arguments: str = "") -> FunctionCallItem:
    item = store.add(
        FunctionCallItem(id=item_id, name="add", call_id="c1", arguments=arguments),
        listed=True,
        audio_format="audio/pcm",
    )
    assert isinstance(item, FunctionCallItem)
    return item


# --- Order -------------------------------------------------------------------------------------------------------


def test_items_stand_in_the_order_they_came_when_nothing_else_is_said() -> None:
    store = ItemStore()
    for item_id in "abc":
        add(store, item_id)
    assert store.order == ["a", "b", "c"]


def test_an_item_is_inserted_behind_its_predecessor() -> None:
    store = ItemStore()
    for item_id in "abc":
        add(store, item_id)
    add(store, "x", previous="a")
    assert store.order == ["a", "x", "b", "c"]


def test_saying_the_place_again_moves_nothing() -> None:
    store = ItemStore()
    for item_id in "abc":
        add(store, item_id)
    add(store, "x", previous="a")
    add(store, "y", previous="a")
    store.place("x", "a")
    assert store.order == ["a", "y", "x", "b", "c"]


def test_an_item_whose_predecessor_is_unknown_stands_at_the_end_until_it_comes() -> None:
    store = ItemStore()
    add(store, "a")
    add(store, "c", previous="b")
    assert store.order == ["a", "c"]
    add(store, "d")
    add(store, "b", previous="a")
    assert store.order == ["a", "b", "c", "d"]


@given(st.permutations("abcdef"))
def test_a_chain_of_items_is_in_order_in_whatever_order_it_came(arrival: list[str]) -> None:
    store = ItemStore()
    for item_id in arrival:
        add(store, item_id, previous={"b": "a", "c": "b", "d": "c", "e": "d", "f": "e"}.get(item_id, ""))
    assert store.order == list("abcdef")


@given(
    st.lists(
        st.tuples(st.sampled_from(["place", "list", "remove"]), st.sampled_from("abcde"), st.sampled_from("abcdex"))
    )
)
def test_no_statement_about_places_loses_or_doubles_an_item(steps: list[tuple[str, str, str]]) -> None:
    store = ItemStore()
    for kind, item_id, previous in steps:
        if kind == "place":
            store.place(item_id, previous)
        elif kind == "remove":
            store.remove(item_id)
        elif item_id not in store.by_id:
            add(store, item_id)
        assert sorted(store.order) == sorted(store.by_id)


def test_an_item_that_was_placed_anew_does_not_follow_its_first_predecessor() -> None:
    store = ItemStore()
    add(store, "a")
    add(store, "b")
    add(store, "x", previous="late")
    store.place("x", "a")
    add(store, "late")
    assert store.order == ["a", "x", "b", "late"]


def test_items_outside_the_conversation_have_no_place() -> None:
    store = ItemStore()
    add(store, "a")
    store.add(AssistantMessageItem(id="s", content=[]), listed=False, audio_format="audio/pcm")
    store.place("s", "a")
    assert store.order == ["a"]
    assert "s" in store.by_id
    store.list_item("s")
    store.list_item("s")
    assert store.order == ["a", "s"]


def test_removing_what_is_not_known_gives_none() -> None:
    store = ItemStore()
    assert store.remove("a") is None
    add(store, "a")
    removed = store.remove("a")
    assert removed is not None
    assert removed.id == "a"
    assert (store.order, store.by_id) == ([], {})


# --- Text --------------------------------------------------------------------------------------------------------


def test_deltas_that_repeat_the_announced_text_do_not_double_it() -> None:
    store = ItemStore()
    item = add(store, "a", text="Hello")
    store.expect_repetition(item)
    for delta, text in (("Hel", "Hello"), ("lo", "Hello"), (" there", "Hello there")):
        assert store.add_text(item, 0, "text", delta)
        assert item.formatted.text == text


def test_deltas_that_differ_from_the_announced_text_replace_it() -> None:
    store = ItemStore()
    item = add(store, "a", text="...")
    store.expect_repetition(item)
    store.add_text(item, 0, "text", "Hel")
    store.add_text(item, 0, "text", "lo")
    assert item.formatted.text == "Hello"


def test_arguments_that_repeat_the_announcement_are_not_doubled() -> None:
    store = ItemStore()
    item = add_call(store, "f", '{"a": 1}')
    store.expect_repetition(item)
    for delta in ('{"a"', ": 1}"):
        assert store.add_arguments(item, delta)
        assert item.arguments == '{"a": 1}'


def test_text_that_an_item_got_from_its_second_announcement_may_be_repeated_too() -> None:
    store = ItemStore()
    item = add(store, "a")
    assert store.merge(item, AssistantMessageItem(id="a", content=[OutputTextPart(text="Hello")]), done=False)
    store.add_text(item, 0, "text", "Hel")
    store.add_text(item, 0, "text", "lo")
    assert item.formatted.text == "Hello"


def test_finished_text_and_arguments_take_no_more() -> None:
    store = ItemStore()
    item, function = add(store, "a"), add_call(store, "f")
    store.finish_text(item, 0, "text", "Hello")
    store.finish_arguments(function, "{}", None, None)
    assert not store.add_text(item, 0, "text", "lo")
    assert not store.add_arguments(function, "}")
    assert store.add_text(item, 1, "text", "!")
    assert (item.formatted.text, function.arguments) == ("Hello!", "{}")


def test_completion_comes_once_and_finishes_the_text_that_is_there() -> None:
    store = ItemStore()
    item, function, empty = add(store, "a", text="Hello"), add_call(store, "f", "{}"), add(store, "e")
    for each in (item, function, empty):
        assert store.complete(each)
        assert not store.complete(each)
    assert not store.add_text(item, 0, "text", "lo")
    assert not store.add_arguments(function, "}")
    assert store.add_text(empty, 0, "text", "late")


def test_the_transcript_of_a_complete_user_item_still_grows() -> None:
    store = ItemStore()
    item = add_user(store, "u")
    store.complete(item)
    assert store.transcribe("u", 0, "Hel", grow=True)
    assert store.transcribe("u", 0, "lo", grow=True)
    assert item.formatted.transcript == "Hello"
    assert store.transcribe("u", 0, "Hello.", grow=False)
    assert not store.transcribe("u", 0, "lo", grow=True)
    assert item.formatted.transcript == "Hello."


def test_an_item_that_comes_back_after_its_removal_begins_anew() -> None:
    store = ItemStore()
    item = add(store, "a", text="Hello")
    store.expect_repetition(item)
    store.complete(item)
    store.remove("a")
    again = add(store, "a")
    assert store.add_text(again, 0, "text", "New")
    assert again.formatted.text == "New"
    assert store.complete(again)


# --- What waits --------------------------------------------------------------------------------------------------


def test_a_whole_transcript_that_waits_is_not_added_to() -> None:
    store = ItemStore()
    store.transcribe("u", 0, "Hello.", grow=False)
    store.transcribe("u", 0, "lo", grow=True)
    item = add_user(store, "u")
    assert item.formatted.transcript == "Hello."
    assert not store.transcribe("u", 0, "lo", grow=True)
    assert item.formatted.transcript == "Hello."


def test_audio_waits_for_its_item_unless_it_is_dropped() -> None:
    store = ItemStore()
    sound = np.arange(10, dtype=np.int16)
    store.keep_audio("u", sound)
    store.keep_audio("v", sound)
    store.drop_audio("v")
    assert add_user(store, "u").formatted.audio is sound
    assert add_user(store, "v").formatted.audio_samples == 0


def test_what_waits_for_items_that_never_come_is_bounded() -> None:
    store = ItemStore()
    sound = np.arange(10, dtype=np.int16)
    item = add(store, "a")
    for number in range(2 * MAX_WAITING):
        store.transcribe(f"u{number}", 0, "Hi", grow=False)
        store.keep_audio(f"u{number}", sound)
        store.place("a", f"p{number}")
        store.place("a", "p0")
    orphans = store._orphans  # pyright: ignore[reportPrivateUsage]  # memory does not show from outside
    transcripts = store._transcripts  # pyright: ignore[reportPrivateUsage]  # likewise
    audio = store.early_audio
    assert max(len(orphans), len(transcripts), len(audio)) <= MAX_WAITING
    assert all(len(followers) == 1 for followers in orphans.values())
    assert store.order == [item.id]


# --- Audio -------------------------------------------------------------------------------------------------------


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_audio_cut_at_any_byte_is_whole_again(data: bytes, cuts: list[int]) -> None:
    store = ItemStore()
    item = add(store, "a")
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    added = 0
    for start, end in itertools.pairwise(edges):
        added += len(store.add_audio(item, encode_base64(data[start:end]), "audio/pcm"))
    np.testing.assert_array_equal(item.formatted.audio, np.frombuffer(data[: len(data) & ~1], "<i2"))
    assert added == len(data) // 2


def test_the_half_sample_of_one_item_is_not_given_to_another() -> None:
    store = ItemStore()
    first, second = add(store, "a"), add(store, "b")
    store.add_audio(first, encode_base64(b"\x01\x00\x02"), "audio/pcm")
    store.add_audio(second, encode_base64(b"\x07\x00"), "audio/pcm")
    store.add_audio(first, encode_base64(b"\x00"), "audio/pcm")
    np.testing.assert_array_equal(first.formatted.audio, [1, 2])
    np.testing.assert_array_equal(second.formatted.audio, [7])


def test_a_half_sample_at_the_end_of_an_item_is_forgotten() -> None:
    store = ItemStore()
    item = add(store, "a")
    store.add_audio(item, encode_base64(b"\x01\x00\x02"), "audio/pcm")
    store.complete(item)
    store.add_audio(item, encode_base64(b"\x05\x00"), "audio/pcm")
    np.testing.assert_array_equal(item.formatted.audio, [1, 5])


@pytest.mark.parametrize("delta", ["?", "AAA", "AA=A"])
def test_audio_that_is_no_base64_is_refused_and_adds_nothing(delta: str) -> None:
    store = ItemStore()
    item = add(store, "a")
    with pytest.raises(ValueError):
        store.add_audio(item, delta, "audio/pcm")
    assert item.formatted.audio_samples == 0


# --- The beginning, and what moves -------------------------------------------------------------------------------


def test_an_item_is_placed_at_the_beginning_by_the_word_root() -> None:
    store = ItemStore()
    for item_id in "ab":
        add(store, item_id)
    add(store, "c", "root")
    store.place("c", "root")
    assert (store.order, store.moved) == (["c", "a", "b"], ["c"])


@pytest.mark.parametrize("known_before", [True, False])
def test_an_item_that_is_expected_first_stands_there_whenever_it_comes(known_before: bool) -> None:
    store = ItemStore()
    add(store, "a")
    if known_before:
        add(store, "c")
    store.expect_first("c")
    if not known_before:
        add(store, "c")
    add(store, "d", "c")
    assert store.order == ["c", "d", "a"]


def test_what_was_placed_behind_an_item_goes_to_the_beginning_with_it() -> None:
    store = ItemStore()
    for item_id, previous in (("a", ""), ("b", "a"), ("c", "b")):
        add(store, item_id, previous)
    store.place("b", "root")
    assert store.order == ["b", "c", "a"]


def test_items_that_stay_where_they_are_did_not_move() -> None:
    store = ItemStore()
    for item_id, previous in (("a", ""), ("b", "a"), ("c", "b")):
        add(store, item_id, previous)
    store.place("a", "root")
    assert store.moved == []
