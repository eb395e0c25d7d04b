"""What is sent when the user begins to speak, for everything that may be playing then."""

import json
from typing import Final, Literal

import pytest

from realtime_typed import Codec, Conversation, Interruption, PlaybackTracker
from realtime_typed._interruption import Interrupted, Interrupter, audio_index
from realtime_typed._track_audio import HeardTrack
from realtime_typed.types import AssistantMessageItem, FunctionCallItem

RATE: Final = 24_000
CODEC: Final = Codec()


class Room:
    """A conversation with a player whose clock stands still until `time` is changed."""

    def __init__(
        self,
        when: Literal["service", "always", "never"] = "service",
        unheard: Literal["keep", "delete"] = "keep",
    ) -> None:
        self.time = 0.0
        self.playback = PlaybackTracker(lambda: self.time)
        self.conversation = Conversation()
        policy = Interruption(when=when, unheard=unheard)
        self.interrupter = Interrupter(policy, self.playback, self.conversation)

    def item(self, item_id: str, *, kind: str = "output_audio", status: str = "in_progress") -> None:
        part = {"type": kind, "transcript": ""} if kind == "output_audio" else {"type": kind, "text": "Yes."}
        item = {"id": item_id, "type": "message", "role": "assistant", "status": status, "content": [part]}
        name = "conversation.item.added" if status == "in_progress" else "conversation.item.done"
        event = {"type": name, "event_id": "event_1", "previous_item_id": None, "item": item}
        self.conversation.apply(CODEC.decode(json.dumps(event)))

    def audio(self, item_id: str, milliseconds: int, response_id: str = "resp_1") -> None:
        samples = milliseconds * RATE // 1000
        start = self.playback.receive(item_id, samples, RATE, response_id)
        self.playback.hand_out(item_id, start + samples)

    def interrupt(self, *, by_service: bool = True) -> Interrupted:
        return self.interrupter.interrupt(by_service=by_service)


def truncate(item_id: str, end: int) -> dict[str, object]:
    return {"type": "conversation.item.truncate", "item_id": item_id, "content_index": 0, "audio_end_ms": end}


CANCEL: Final[dict[str, object]] = {"type": "response.cancel", "response_id": "resp_1"}
PLAYING: Final = HeardTrack("item_1", "resp_1", 260)
CLEAR: Final[dict[str, object]] = {"type": "output_audio_buffer.clear"}


def test_a_message_is_cut_at_what_was_heard() -> None:
    room = Room()
    room.item("item_1")
    room.audio("item_1", 1000)
    room.time = 0.34
    assert room.interrupt() == Interrupted("item_1", "resp_1", 340, (truncate("item_1", 340),))
    assert room.playback.received("item_1") == 340 * 24


def test_it_is_cut_only_once() -> None:
    room = Room()
    room.item("item_1")
    room.audio("item_1", 1000)
    room.time = 0.34
    room.interrupt()
    room.time = 5
    assert room.interrupt() == Interrupted(None, None, None, ())


def test_the_response_that_runs_is_cancelled_where_the_service_does_not() -> None:
    room = Room()
    room.interrupter.response_began("resp_1")
    room.item("item_1")
    room.audio("item_1", 1000)
    room.time = 0.1
    assert room.interrupt(by_service=False).events == (CANCEL, truncate("item_1", 100))


@pytest.mark.parametrize("by_service", [True, False])
def test_a_response_that_is_done_is_not_cancelled(by_service: bool) -> None:
    room = Room()
    room.interrupter.response_began("resp_1")
    room.interrupter.response_ended("resp_0")
    room.interrupter.response_ended("resp_1")
    room.item("item_1", status="completed")
    room.audio("item_1", 1000)
    room.time = 0.1
    assert room.interrupt(by_service=by_service).events == (truncate("item_1", 100),)


def test_nothing_is_sent_where_nothing_is_heard() -> None:
    assert Room().interrupt() == Interrupted(None, None, None, ())


def test_what_was_heard_to_its_end_is_left_alone() -> None:
    room = Room()
    room.item("item_1", status="completed")
    room.audio("item_1", 1000)
    room.time = 2
    assert room.interrupt() == Interrupted(None, None, None, ())


def test_a_player_that_waits_for_more_of_a_message_has_heard_what_came() -> None:
    room = Room()
    room.interrupter.response_began("resp_1")
    room.item("item_1")
    room.audio("item_1", 100)
    room.time = 2
    assert room.interrupt() == Interrupted("item_1", "resp_1", 100, (truncate("item_1", 100),))


def test_a_message_heard_to_its_end_is_left_alone_though_its_response_goes_on() -> None:
    room = Room()
    room.interrupter.response_began("resp_1")
    room.item("item_1", status="completed")
    room.audio("item_1", 100)
    room.time = 2
    assert room.interrupt() == Interrupted(None, "resp_1", None, ())


def test_what_is_heard_now_is_not_an_older_message_that_a_player_left_unfinished() -> None:
    room = Room()
    for item_id in ("item_1", "item_2", "item_3"):
        room.item(item_id, status="completed")
        room.audio(item_id, 1000)
    room.playback.played("item_1", 980 * RATE // 1000)  # it dropped the end
    room.playback.played("item_2", 300 * RATE // 1000)
    assert room.interrupter.heard().item_id == "item_2"
    found = room.interrupt()
    assert (found.item_id, found.heard_ms) == ("item_2", 300)
    assert found.events == (truncate("item_1", 980), truncate("item_2", 300))


@pytest.mark.parametrize(("unheard", "deleted"), [("keep", []), ("delete", ["item_2", "item_3"])])
def test_messages_that_were_not_heard_at_all_stay_or_go(unheard: Literal["keep", "delete"], deleted: list[str]) -> None:
    room = Room(unheard=unheard)
    for number in (1, 2, 3):
        room.item(f"item_{number}")
        room.audio(f"item_{number}", 1000)
    room.time = 0.5
    gone = tuple({"type": "conversation.item.delete", "item_id": item} for item in deleted)
    assert room.interrupt().events == (truncate("item_1", 500), *gone)


def test_less_than_a_millisecond_is_not_heard() -> None:
    room = Room()
    room.item("item_1")
    room.audio("item_1", 1000)
    room.time = 0.0009
    assert room.interrupt() == Interrupted("item_1", "resp_1", 0, ())


def test_what_is_out_of_band_or_deleted_is_stopped_but_not_cut() -> None:
    room = Room()
    room.audio("item_elsewhere", 1000)
    room.time = 0.2
    assert room.interrupt() == Interrupted("item_elsewhere", "resp_1", 200, ())
    assert room.playback.received("item_elsewhere") == 200 * 24


def test_a_message_without_an_audio_part_is_not_cut() -> None:
    room = Room()
    room.item("item_1", kind="output_text")
    room.audio("item_1", 1000)
    room.time = 0.2
    assert room.interrupt().events == ()


@pytest.mark.parametrize(
    ("active", "track", "by_service", "events"),
    [
        (True, PLAYING, True, ()),
        (True, PLAYING, False, (CANCEL, CLEAR)),
        (False, PLAYING, False, (CLEAR,)),
        (True, None, False, (CANCEL,)),
        (False, None, False, ()),
    ],
)
def test_over_a_track_the_service_is_told_only_to_stop(
    active: bool, track: HeardTrack | None, by_service: bool, events: tuple[object, ...]
) -> None:
    room = Room()
    if active:
        room.interrupter.response_began("resp_1")
    room.item("item_1")
    start = room.playback.receive("item_1", 4800, RATE, "resp_1")
    room.playback.hand_out("item_1", start + 4800, live=True)
    found = room.interrupter.interrupt_track(track, by_service=by_service)
    assert found.events == events
    assert (found.item_id, found.heard_ms) == (("item_1", 260) if track else (None, None))
    assert found.response_id == ("resp_1" if active or track else None)


def test_a_track_may_play_before_its_item_is_known() -> None:
    room = Room()
    room.interrupter.response_began("resp_1")
    found = room.interrupter.interrupt_track(HeardTrack(None, None, 40), by_service=False)
    assert found == Interrupted(None, "resp_1", None, (CANCEL, CLEAR))


def test_to_ask_what_is_heard_stops_nothing() -> None:
    room = Room()
    room.item("item_1")
    room.audio("item_1", 1000)
    room.time = 0.34
    assert room.interrupter.heard() == Interrupted("item_1", "resp_1", 340)
    assert room.interrupter.heard_of_track(PLAYING) == Interrupted("item_1", "resp_1", 260)
    room.time = 0.5
    assert room.playback.heard_ms("item_1") == 500


def test_a_new_connection_has_nothing_to_stop() -> None:
    room = Room()
    room.interrupter.response_began("resp_1")
    room.item("item_1")
    room.audio("item_1", 1000)
    room.interrupter.open()
    assert room.interrupt(by_service=False) == Interrupted(None, None, None, ())


@pytest.mark.parametrize(
    ("given", "by_service", "wanted"),
    [
        (None, True, True),
        (None, False, False),
        (True, True, True),
        (True, False, True),
        (False, True, False),
        (False, False, False),
        (Interruption(when="always"), False, True),
        (Interruption(), False, False),
    ],
)
def test_the_policy_says_when(given: Interruption | bool | None, by_service: bool, wanted: bool) -> None:
    interrupter = Interrupter(Interruption.of(given), PlaybackTracker(), Conversation())
    assert interrupter.wanted(by_service=by_service) is wanted


def test_the_place_of_the_audio_is_that_of_the_first_audio_part() -> None:
    parts = [{"type": "output_text", "text": "Yes."}, {"type": "output_audio", "transcript": "Yes."}]
    message = AssistantMessageItem.model_validate({"type": "message", "role": "assistant", "content": parts})
    assert audio_index(message) == 1
    call = FunctionCallItem.model_validate({"type": "function_call", "name": "f", "arguments": "{}"})
    assert audio_index(call) is None
