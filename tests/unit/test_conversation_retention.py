"""How much audio a conversation keeps, and that its account of the rest is right to the sample."""

import json
from collections.abc import Sequence
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed._formatted import Formatted
from realtime_typed._item_retention import AudioLedger
from realtime_typed.audio import Int16Array, encode_base64, pcm16_bytes
from realtime_typed.client import RealtimeClient
from realtime_typed.codec import Codec
from realtime_typed.conversation import AudioRetention, Conversation, ConversationChange

RATE: Final = 24_000
CODEC: Final = Codec("off")


def feed(conversation: Conversation, name: str, /, **fields: object) -> Sequence[ConversationChange]:
    return conversation.apply(CODEC.decode(json.dumps({"type": name, **fields})))


def ramp(start: int, count: int) -> Int16Array:
    return (np.arange(start, start + count) % 30_000).astype(np.int16)


def grow(conversation: Conversation, item_id: str, samples: Int16Array) -> Sequence[ConversationChange]:
    delta = encode_base64(pcm16_bytes(samples))
    return feed(conversation, "response.output_audio.delta", response_id="r1", item_id=item_id, delta=delta)


def audio(conversation: Conversation, item_id: str) -> Int16Array:
    return conversation.require_item(item_id).formatted.audio


@pytest.mark.parametrize("retention", ["some", 0, -1.0, float("nan"), float("inf")])
def test_a_retention_that_is_none_is_refused(retention: AudioRetention) -> None:
    with pytest.raises(ValueError, match="'all', 'none' or a positive number of seconds"):
        Conversation(audio_retention=retention)


def test_all_audio_is_kept_unless_something_else_is_said() -> None:
    conversation = Conversation()
    assert conversation.audio_retention == "all"
    for _ in range(100):
        grow(conversation, "a1", ramp(0, RATE))
    assert len(audio(conversation, "a1")) == 100 * RATE
    assert (conversation.audio_dropped.samples, dict(conversation.audio_dropped.items)) == (0, {})


def test_without_retention_handlers_still_get_the_audio_and_it_is_counted() -> None:
    conversation = Conversation(audio_retention="none")
    change = grow(conversation, "a1", ramp(0, 2400))[-1]
    assert change.delta is not None
    np.testing.assert_array_equal(change.delta.audio, ramp(0, 2400))
    formatted = change.item.formatted
    assert (len(formatted.audio), formatted.audio_dropped, formatted.audio_received) == (0, 2400, 2400)
    dropped = conversation.audio_dropped
    assert (dropped.samples, dropped.milliseconds, dropped.items["a1"].samples) == (2400, 100.0, 2400)


def test_the_newest_seconds_of_all_items_together_are_kept_to_the_sample() -> None:
    conversation = Conversation(audio_retention=1.0)
    grow(conversation, "a1", ramp(0, 20_000))
    grow(conversation, "a2", ramp(20_000, 9_001))
    np.testing.assert_array_equal(audio(conversation, "a1"), ramp(5_001, 14_999))
    np.testing.assert_array_equal(audio(conversation, "a2"), ramp(20_000, 9_001))
    assert conversation.audio_dropped.samples == 5_001
    assert conversation.audio_dropped.items["a1"].milliseconds == pytest.approx(5_001 / 24)
    assert set(conversation.audio_dropped.items) == {"a1"}


def test_seconds_of_different_rates_add_up() -> None:
    conversation = Conversation(audio_retention=2.0)
    grow(conversation, "a1", ramp(0, RATE))
    session = {"audio": {"output": {"format": {"type": "audio/pcmu"}}, "input": {"format": {"type": "audio/pcm"}}}}
    feed(conversation, "session.updated", session=session)
    for item_id in ("a2", "a3"):
        feed(conversation, "response.output_audio.delta", item_id=item_id, delta=encode_base64(bytes(6_000)))
    assert conversation.require_item("a1").formatted.audio_samples == RATE // 2
    assert conversation.audio_dropped.milliseconds == 500.0


def test_a_truncated_item_is_cut_at_the_millisecond_of_all_its_audio() -> None:
    conversation = Conversation(audio_retention=1.0)
    grow(conversation, "a1", ramp(0, 2 * RATE))
    feed(conversation, "conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=1500)
    np.testing.assert_array_equal(audio(conversation, "a1"), ramp(RATE, RATE // 2))
    assert conversation.require_item("a1").formatted.audio_received == RATE * 3 // 2
    grow(conversation, "a2", ramp(0, RATE // 2))
    assert conversation.audio_dropped.samples == RATE  # the half second that was cut off makes room
    feed(conversation, "conversation.item.truncated", item_id="a1", content_index=0, audio_end_ms=100)
    formatted = conversation.require_item("a1").formatted
    assert (formatted.audio_samples, formatted.audio_received) == (0, 2400)


def test_a_deleted_item_makes_room_and_stays_in_the_total() -> None:
    conversation = Conversation(audio_retention=1.0)
    grow(conversation, "a1", ramp(0, 2 * RATE))
    feed(conversation, "conversation.item.deleted", item_id="a1")
    grow(conversation, "a2", ramp(0, RATE))
    assert len(audio(conversation, "a2")) == RATE
    assert (conversation.audio_dropped.samples, dict(conversation.audio_dropped.items)) == (RATE, {})


@pytest.mark.parametrize(("retention", "kept"), [("all", 72_000), (1.0, 24_000), ("none", 0)])
def test_the_users_speech_counts_like_the_models(retention: AudioRetention, kept: int) -> None:
    conversation = Conversation(audio_retention=retention)
    for start in range(0, 96_000, 480):
        conversation.input_audio.append(ramp(start, 480))
    feed(conversation, "input_audio_buffer.speech_started", item_id="x1", audio_start_ms=500)
    feed(conversation, "input_audio_buffer.speech_stopped", item_id="x2", audio_end_ms=3500)
    feed(conversation, "input_audio_buffer.committed", item_id="u1")
    item = {"id": "u1", "type": "message", "role": "user", "content": [{"type": "input_audio"}]}
    feed(conversation, "conversation.item.added", item=item)
    formatted = conversation.require_item("u1").formatted
    assert formatted.audio_received == 72_000
    # The last half second was said after the turn, and the newest second begins before that.
    wanted = kept if retention != 1.0 else 12_000
    np.testing.assert_array_equal(formatted.audio, ramp(84_000 - wanted, wanted))
    assert conversation.audio_dropped.samples == 72_000 - wanted


def test_input_that_is_never_committed_does_not_pile_up() -> None:
    conversation = Conversation(audio_retention=1.0)
    for _ in range(1000):
        conversation.input_audio.append(ramp(0, 2400))
    assert conversation.input_audio.pending_samples == 2_400_000
    conversation.queue_input_audio()
    feed(conversation, "input_audio_buffer.committed", item_id="u1")
    item = {"id": "u1", "type": "message", "role": "user", "content": [{"type": "input_audio"}]}
    feed(conversation, "conversation.item.added", item=item)
    formatted = conversation.require_item("u1").formatted
    assert (formatted.audio_samples, formatted.audio_received) == (RATE, 2_400_000)


def test_audio_for_items_that_never_come_is_bounded_by_the_retention_too() -> None:
    conversation = Conversation(audio_retention=1.0)
    for number in range(10):
        conversation.queue_item_audio(f"u{number}", ramp(0, RATE))
    assert conversation.audio_dropped.samples == 9 * RATE


def test_audio_inside_of_an_item_is_not_kept_beside_the_retention() -> None:
    conversation = Conversation(audio_retention=1.0)
    encoded = encode_base64(pcm16_bytes(ramp(0, 2 * RATE)))
    part = {"type": "input_audio", "audio": encoded, "transcript": "Hello"}
    item = {"id": "u1", "type": "message", "status": "completed", "role": "user", "content": [part]}
    for name in ("conversation.item.added", "conversation.item.done", "conversation.item.retrieved"):
        feed(conversation, name, item=item)
        known = conversation.require_item("u1")
        assert known.to_wire()["content"] == [{"type": "input_audio", "transcript": "Hello"}]
        np.testing.assert_array_equal(known.formatted.audio, ramp(RATE, RATE))
    assert conversation.audio_dropped.samples == RATE


def test_a_new_session_begins_with_a_new_account() -> None:
    conversation = Conversation(audio_retention="none")
    grow(conversation, "a1", ramp(0, 2400))
    conversation.clear()
    assert conversation.audio_dropped.samples == 0
    grow(conversation, "a1", ramp(0, 240))
    assert conversation.audio_dropped.samples == 240


def test_a_client_is_told_how_much_to_keep() -> None:
    assert RealtimeClient(api_key="sk-x").conversation.audio_retention == "all"
    assert RealtimeClient(api_key="sk-x", audio_retention=30.0).conversation.audio_retention == 30.0
    with pytest.raises(ValueError, match="audio_retention"):
        RealtimeClient(api_key="sk-x", audio_retention=-1.0)


@given(
    st.floats(0.0001, 0.01),
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 200), st.sampled_from([24_000, 8_000])), max_size=40),
)
def test_what_is_kept_and_what_is_dropped_is_what_came(seconds: float, pieces: list[tuple[str, int, int]]) -> None:
    ledger = AudioLedger(seconds)
    items = {(name, rate): Formatted() for name in "abc" for rate in (24_000, 8_000)}
    came: dict[tuple[str, int], list[Int16Array]] = {key: [] for key in items}
    for name, count, rate in pieces:
        piece = ramp(sum(map(len, came[name, rate])), count)
        came[name, rate].append(piece)
        items[name, rate].append_audio(piece)
        ledger.add(f"{name}{rate}", items[name, rate], count, rate)
    kept = 0.0
    for key, formatted in items.items():
        whole = np.concatenate(came[key]) if came[key] else np.zeros(0, np.int16)
        assert formatted.audio_received == len(whole)
        np.testing.assert_array_equal(formatted.audio, whole[formatted.audio_dropped :])
        kept += formatted.audio_samples / key[1]
    assert kept <= seconds + 1e-4
    dropped = ledger.dropped
    assert dropped.samples == sum(formatted.audio_dropped for formatted in items.values())
    lost = {f"{name}{rate}": formatted.audio_dropped for (name, rate), formatted in items.items()}
    assert {item_id: entry.samples for item_id, entry in dropped.items.items()} == {k: v for k, v in lost.items() if v}
    if dropped.samples:
        assert kept >= seconds - 1 / 8_000 - 1e-4


@given(st.lists(st.tuples(st.sampled_from(["append", "drop", "cut", "read"]), st.integers(0, 30_000)), max_size=30))
def test_the_audio_of_an_item_is_the_same_however_it_is_joined(steps: list[tuple[str, int]]) -> None:
    formatted = Formatted()
    model, dropped, position = np.zeros(0, np.int16), 0, 0
    for step, count in steps:
        if step == "append":
            formatted.append_audio(ramp(position, count))
            model, position = np.concatenate([model, ramp(position, count)]), position + count
        elif step == "drop":
            count = min(count, len(model))
            formatted.drop_audio(count)
            model, dropped = model[count:], dropped + count
        elif step == "cut":
            formatted.cut_audio(count)
            model, dropped = model[: max(0, count - dropped)], min(count, dropped)
        else:
            np.testing.assert_array_equal(formatted.audio, model)
        assert (formatted.audio_samples, formatted.audio_dropped) == (len(model), dropped)
    np.testing.assert_array_equal(formatted.audio, model)
