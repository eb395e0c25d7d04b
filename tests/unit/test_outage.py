"""What is known of a lost connection, and what is asked and sent again after it."""

from collections.abc import Mapping

import numpy as np
import pytest

from realtime_typed._input_replay import take_replay
from realtime_typed._outage import Outage, ResponseItems, asked_again
from realtime_typed._request import RESPONSE_TAG
from realtime_typed.conversation import Conversation
from realtime_typed.errors import ConnectionClosed
from realtime_typed.utility_events import LostPiece
from tests.unit.test_conversation import Session, ramp, stream


def test_a_loss_is_named_once() -> None:
    outage = Outage(ConnectionClosed(1006), 0.0)
    for _ in range(2):
        outage.lose(LostPiece("item", "u1", "gone"))
    outage.lose(LostPiece("item", "u2", "gone"))
    assert [piece.id for piece in outage.lost] == ["u1", "u2"]


def test_items_of_a_response_are_known_until_it_is_done() -> None:
    items = ResponseItems()
    for name in ("added", "done"):
        items.apply(f"response.output_item.{name}", {"response_id": "r1", "item": {"id": "a1"}})
    items.apply("response.output_item.added", {"response_id": "r1", "item": {"id": "a2"}})
    items.apply("response.created", {"response": {"id": "r2"}})
    assert items.of("r1") == ["a1", "a2"]
    assert items.of("r2") == []
    items.apply("response.done", {"response": {"id": "r1"}})
    assert items.of("r1") == []


def test_responses_that_never_end_do_not_pile_up_and_a_new_session_knows_none() -> None:
    items = ResponseItems()
    for number in range(200):
        items.apply("response.output_item.added", {"response_id": f"r{number}", "item": {"id": f"a{number}"}})
    known = [number for number in range(200) if items.of(f"r{number}")]
    assert known == list(range(136, 200))
    items.clear()
    assert items.of("r199") == []


@pytest.mark.parametrize(
    ("event", "again"),
    [
        (None, {"type": "response.create"}),
        ({"type": "response.create"}, {"type": "response.create"}),
        (
            {"type": "response.create", "event_id": "e", "response": {"instructions": "Hi"}},
            {"type": "response.create", "response": {"instructions": "Hi"}},
        ),
        ({"type": "response.create", "response": {"metadata": {RESPONSE_TAG: "t"}}}, {"type": "response.create"}),
        (
            {"type": "response.create", "response": {"metadata": {RESPONSE_TAG: "t", "mine": "1"}}},
            {"type": "response.create", "response": {"metadata": {"mine": "1"}}},
        ),
    ],
)
def test_what_is_asked_again_has_no_tag_of_the_first_time(
    event: Mapping[str, object] | None, again: dict[str, object]
) -> None:
    assert asked_again(event) == again


# --- The user's audio ----------------------------------------------------------------------------------------------


def spoken(samples: int, retention: float | None = None) -> Session:
    session = Session()
    if retention is not None:
        session.conversation = Conversation(audio_retention=retention)
    stream(session, ramp(0, samples))
    return session


def test_audio_that_was_not_committed_is_sent_again_up_to_the_bound_and_the_rest_is_lost() -> None:
    replay = take_replay(
        spoken(4800).conversation, sent_commits=0, unsent_samples=0, idle_samples=None, max_samples=1000
    )
    assert (replay.ended, replay.turns, replay.missing) == (None, [], 3800)
    np.testing.assert_array_equal(replay.rest, ramp(3800, 4800))


def test_audio_that_still_waits_to_be_sent_follows_by_itself() -> None:
    replay = take_replay(
        spoken(4800).conversation, sent_commits=0, unsent_samples=1000, idle_samples=None, max_samples=10_000
    )
    np.testing.assert_array_equal(replay.rest, ramp(0, 3800))


def test_turns_that_were_committed_are_sent_again_whole() -> None:
    session = spoken(2400)
    session.conversation.queue_input_audio()
    stream(session, ramp(2400, 4800))
    replay = take_replay(session.conversation, sent_commits=1, unsent_samples=0, idle_samples=None, max_samples=100)
    (turn,) = replay.turns
    np.testing.assert_array_equal(turn, ramp(0, 2400))
    np.testing.assert_array_equal(replay.rest, ramp(4700, 4800))
    # The history begins anew with what is sent: the service's answer to that commit gets its audio again.
    assert session.conversation.input_audio.pending_samples == 100


def test_what_cannot_be_sent_again_is_missing() -> None:
    session = spoken(2400)
    session.conversation.queue_input_audio()
    stream(session, ramp(2400, 2880))
    replay = take_replay(
        session.conversation, sent_commits=1, unsent_samples=0, idle_samples=None, max_samples=10_000, replays=False
    )
    assert (replay.ended, replay.turns, len(replay.rest), replay.missing) == (None, [], 0, 2880)


def test_a_turn_that_was_ended_and_not_committed_comes_first() -> None:
    session = spoken(4800)
    session.feed("input_audio_buffer.speech_started", audio_start_ms=0, item_id="u1")
    session.feed("input_audio_buffer.speech_stopped", audio_end_ms=100, item_id="u1")
    replay = take_replay(session.conversation, sent_commits=0, unsent_samples=0, idle_samples=480, max_samples=10_000)
    assert replay.ended is not None
    np.testing.assert_array_equal(replay.ended, ramp(0, 2400))
    np.testing.assert_array_equal(replay.rest, ramp(4320, 4800))
