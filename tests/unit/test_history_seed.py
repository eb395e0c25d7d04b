"""What a new session is given of the conversation of one that was lost."""

import json
from collections.abc import Callable, Mapping
from typing import cast

import numpy as np
import pytest

from realtime_typed._history_seed import Seed, seed_of, spoken_item
from realtime_typed.audio import decode_base64_pcm16
from tests.unit.test_conversation import Session, call, message, ramp, stream, user_says
from tests.unit.test_conversation import spoken_item as speech


def nobody(call_id: str, name: str) -> bool:
    return False


def seed(
    session: Session,
    *,
    answered: Callable[[str, str], bool] = nobody,
    max_items: int = 100,
    max_bytes: int = 1_000_000,
) -> Seed:
    return seed_of(
        session.conversation.items,
        will_be_answered=answered,
        audio_format="audio/pcm",
        max_items=max_items,
        max_bytes=max_bytes,
    )


def ids(found: Seed) -> list[object]:
    return [item["id"] for item in found.items]


def lost(found: Seed) -> dict[str, str]:
    return {piece.id: piece.why for piece in found.lost}


def output(item_id: str, call_id: str) -> dict[str, object]:
    return {"id": item_id, "type": "function_call_output", "call_id": call_id, "output": "7"}


def add(session: Session, item: Mapping[str, object]) -> None:
    session.feed("conversation.item.added", previous_item_id=None, item=item)
    session.feed("conversation.item.done", previous_item_id=None, item=item)


def test_everything_within_the_bound_is_sent_in_order() -> None:
    session = Session()
    user_says(session, "u1", "One")
    add(session, message("a1", {"type": "output_text", "text": "Two"}))
    found = seed(session)
    assert ids(found) == ["u1", "a1"]
    assert found.lost == []


def test_the_newest_are_sent_and_what_is_beyond_the_bound_is_named() -> None:
    session = Session()
    for number in range(5):
        user_says(session, f"u{number}", "x" * 100)
    found = seed(session, max_items=2)
    assert ids(found) == ["u3", "u4"]
    assert lost(found) == dict.fromkeys(["u0", "u1", "u2"], "it is beyond the bound of the history")
    assert ids(seed(session, max_bytes=2 * 260)) == ["u3", "u4"]
    assert ids(seed(session, max_items=0)) == []


def test_an_item_that_does_not_fit_ends_the_history_though_an_older_one_would() -> None:
    session = Session()
    user_says(session, "u1", "short")
    user_says(session, "u2", "x" * 10_000)
    user_says(session, "u3", "short")
    assert ids(seed(session, max_bytes=1000)) == ["u3"]


def test_text_of_any_alphabet_counts_by_its_bytes() -> None:
    session = Session()
    user_says(session, "u1", "я" * 500)
    assert ids(seed(session, max_bytes=1000)) == []
    assert ids(seed(session, max_bytes=1400)) == ["u1"]


def test_a_call_goes_with_its_output_and_the_bound_does_not_part_them() -> None:
    session = Session()
    add(session, call("c1", "{}"))
    user_says(session, "u1", "Meanwhile")
    add(session, output("o1", "call_1"))
    assert ids(seed(session)) == ["c1", "u1", "o1"]
    assert ids(seed(session, max_items=2)) == ["u1"]


@pytest.mark.parametrize("comes", [True, False])
def test_a_call_without_an_output_goes_if_that_will_still_come(comes: bool) -> None:
    session = Session()
    add(session, call("c1", "{}"))
    asked: list[tuple[str, str]] = []

    def answered(call_id: str, name: str) -> bool:
        asked.append((call_id, name))
        return comes

    found = seed(session, answered=answered)
    assert asked == [("call_1", "get_weather")]
    assert ids(found) == (["c1"] if comes else [])
    assert lost(found) == ({} if comes else {"c1": "it is a call that nobody answers"})


def test_speech_without_a_transcript_goes_as_audio() -> None:
    session = Session()
    stream(session, ramp(0, 480))
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")
    add(session, speech("u1"))
    (item,) = seed(session).items
    (part,) = cast("list[dict[str, str]]", item["content"])
    assert (item["id"], item["role"], part["type"]) == ("u1", "user", "input_audio")
    np.testing.assert_array_equal(decode_base64_pcm16(part["audio"]), ramp(0, 480))


def test_speech_with_a_transcript_goes_as_text() -> None:
    session = Session()
    stream(session, ramp(0, 480))
    session.feed("input_audio_buffer.committed", previous_item_id=None, item_id="u1")
    add(session, message("u1", {"type": "input_audio", "transcript": "Hello"}, role="user"))
    (item,) = seed(session).items
    assert "Hello" in json.dumps(item)
    assert "audio" not in {str(part.get("type")) for part in cast("list[dict[str, object]]", item["content"])}


def test_speech_of_which_nothing_is_left_is_named() -> None:
    session = Session()
    add(session, speech("u1"))
    found = seed(session)
    assert found.items == []
    assert lost(found) == {"u1": "nothing of it can be sent: it has no text"}


def test_what_was_said_can_be_a_message_of_its_own() -> None:
    item = spoken_item("u9", ramp(0, 24), "audio/pcm")
    (part,) = cast("list[dict[str, str]]", item["content"])
    assert (item["id"], item["type"], item["role"]) == ("u9", "message", "user")
    np.testing.assert_array_equal(decode_base64_pcm16(part["audio"]), ramp(0, 24))
