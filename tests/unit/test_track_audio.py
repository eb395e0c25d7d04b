"""Which item the sound of a track belongs to."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed._track_audio import HeardTrack, TrackAudio
from realtime_typed.audio import Int16Array

RATE = 24_000
FRAME = 480
FRAME_S = 0.02


def sound(level: int = 5000) -> Int16Array:
    return np.full(FRAME, level, np.int16)


SILENCE = np.zeros(FRAME, np.int16)


class Line:
    """A track and its events on one clock; the media comes `delay` frames after the events."""

    def __init__(self, delay: int = 4) -> None:
        self.track = TrackAudio(RATE)
        self.now = 100.0
        self.delay = [SILENCE] * delay
        self.got: list[tuple[str, str, Int16Array]] = []
        self.ended: list[str] = []

    def event(self, name: str, **fields: object) -> None:
        ended = self.track.apply(name, fields, self.now)
        if ended is not None:
            self.ended.append(ended)

    def part(self, response: str, item: str, kind: str = "audio") -> None:
        self.event("response.content_part.added", response_id=response, item_id=item, part={"type": kind})

    def send(self, *frames: Int16Array) -> None:
        for frame in frames:
            self.now += FRAME_S
            self.delay.append(frame)
            piece, ended = self.track.feed(self.delay.pop(0), self.now)
            if piece is not None:
                self.got.append((piece.item_id, piece.response_id, piece.samples))
            if ended is not None:
                self.ended.append(ended)

    def heard(self, item: str) -> Int16Array:
        parts = [samples for item_id, _, samples in self.got if item_id == item]
        return np.concatenate(parts) if parts else np.empty(0, np.int16)


def reply(line: Line, response: str, item: str, *frames: Int16Array) -> None:
    line.part(response, item)
    line.event("output_audio_buffer.started", response_id=response)
    line.send(*frames)
    line.event("output_audio_buffer.stopped", response_id=response)


def test_audio_between_started_and_stopped_belongs_to_the_item_of_the_response() -> None:
    line = Line()
    reply(line, "resp_1", "item_1", *[sound()] * 50)
    line.send(*[SILENCE] * 10)
    assert {(item, response) for item, response, _ in line.got} == {("item_1", "resp_1")}
    assert np.array_equal(line.heard("item_1"), np.concatenate([sound()] * 50))


def test_the_end_of_a_reply_that_is_still_on_its_way_is_not_cut() -> None:
    line = Line(delay=8)
    reply(line, "resp_1", "item_1", *[sound(level) for level in range(1000, 1050)])
    assert line.ended == []
    line.send(*[SILENCE] * 20)
    assert line.heard("item_1")[::FRAME].tolist() == list(range(1000, 1050))
    assert line.ended == ["item_1"]


def test_the_silence_that_waits_in_the_jitter_buffer_is_not_part_of_the_reply() -> None:
    line = Line(delay=5)
    line.part("resp_1", "item_1")
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 5)
    assert line.got == []
    line.send(sound())
    assert len(line.got) == 1


def test_a_pause_inside_a_reply_stays() -> None:
    line = Line()
    frames = [sound()] * 10 + [SILENCE] * 20 + [sound()] * 10
    reply(line, "resp_1", "item_1", *frames)
    line.send(*[SILENCE] * 20)
    assert np.array_equal(line.heard("item_1"), np.concatenate(frames))


def test_silence_between_replies_belongs_to_nobody() -> None:
    line = Line()
    line.part("resp_1", "item_1")
    line.send(*[SILENCE] * 30)
    reply(line, "resp_1", "item_1", *[sound()] * 5)
    line.send(*[SILENCE] * 30)
    assert len(line.heard("item_1")) == 5 * FRAME


def test_two_replies_each_have_their_own_audio() -> None:
    line = Line()
    reply(line, "resp_1", "item_1", *[sound(1000)] * 20)
    line.send(*[SILENCE] * 30)
    reply(line, "resp_2", "item_2", *[sound(2000)] * 20)
    line.send(*[SILENCE] * 30)
    assert set(line.heard("item_1")) == {1000}
    assert set(line.heard("item_2")) == {2000}
    assert line.ended == ["item_1", "item_2"]


def test_after_cleared_nothing_more_belongs_to_the_reply() -> None:
    line = Line()
    line.part("resp_1", "item_1")
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 20)
    before = len(line.got)
    line.event("output_audio_buffer.cleared", response_id="resp_1")
    line.send(*[sound()] * 4)
    assert len(line.got) == before
    assert line.ended == ["item_1"]


def test_a_reply_that_begins_before_the_last_one_was_reported_over_ends_it() -> None:
    line = Line()
    line.part("resp_1", "item_1")
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 10)
    line.part("resp_2", "item_2")
    line.event("output_audio_buffer.started", response_id="resp_2")
    assert line.ended == ["item_1"]
    line.send(*[sound()] * 10)
    assert len(line.heard("item_2")) == 10 * FRAME


def test_an_item_that_is_named_after_its_audio_has_begun_gets_the_rest() -> None:
    line = Line(delay=0)
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 3)
    line.event("response.output_audio_transcript.delta", response_id="resp_1", item_id="item_1", delta="He")
    line.send(*[sound()] * 3)
    assert len(line.heard("item_1")) == 3 * FRAME


def test_a_text_part_is_not_what_speaks() -> None:
    line = Line(delay=0)
    line.part("resp_1", "item_text", "text")
    line.part("resp_1", "item_1", "audio")
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 3)
    assert len(line.heard("item_1")) == 3 * FRAME


def test_audio_is_expected_of_an_item_only_while_its_response_plays() -> None:
    line = Line()
    line.part("resp_1", "item_1")
    assert not line.track.plays("item_1")
    line.event("output_audio_buffer.started", response_id="resp_1")
    assert line.track.plays("item_1")
    assert not line.track.plays("item_2")
    assert line.track.response_id == "resp_1"
    line.event("output_audio_buffer.cleared", response_id="resp_1")
    assert not line.track.plays("item_1")


def test_a_track_that_falls_silent_for_good_is_ended_by_the_clock() -> None:
    line = Line()
    reply(line, "resp_1", "item_1", *[sound()] * 10)
    assert line.track.ends_in is not None
    assert line.track.finish() == "item_1"
    assert line.track.finish() is None
    assert line.track.ends_in is None


def test_a_server_without_buffer_events_is_served_by_ear() -> None:
    line = Line(delay=0)
    line.part("resp_1", "item_1")
    line.send(*[SILENCE] * 5, *[sound(1000)] * 10, *[SILENCE] * 100)
    line.part("resp_2", "item_2")
    line.send(*[SILENCE] * 5, *[sound(2000)] * 10, *[SILENCE] * 100)
    assert np.count_nonzero(line.heard("item_1") == 1000) == 10 * FRAME
    assert np.count_nonzero(line.heard("item_2") == 2000) == 10 * FRAME
    assert 2000 not in line.heard("item_1")
    assert len(line.heard("item_1")) < 40 * FRAME
    assert not line.track.plays("item_1")


def test_a_new_session_knows_nothing_of_the_last() -> None:
    line = Line(delay=0)
    reply(line, "resp_1", "item_1", sound())
    line.track.clear()
    line.send(sound())
    assert len(line.heard("item_1")) == FRAME


@given(
    delay=st.integers(0, 9),
    loud=st.integers(1, 80),
    events=st.integers(1, 3),
)
def test_replies_keep_their_length_whatever_the_delay_of_the_line(delay: int, loud: int, events: int) -> None:
    line = Line(delay)
    for number in range(events):
        reply(line, f"resp_{number}", f"item_{number}", *[sound()] * loud)
        line.send(*[SILENCE] * 40)
        assert abs(len(line.heard(f"item_{number}")) - loud * FRAME) <= FRAME
    assert line.ended == [f"item_{number}" for number in range(events)]


@given(
    st.lists(st.tuples(st.sampled_from(["started", "stopped", "cleared", "part", "sound", "quiet"]), st.integers(0, 3)))
)
def test_no_order_of_events_breaks_it(steps: list[tuple[str, int]]) -> None:
    line = Line(2)
    for step, number in steps:
        match step:
            case "part":
                line.part(f"resp_{number}", f"item_{number}")
            case "sound":
                line.send(sound())
            case "quiet":
                line.send(SILENCE)
            case _:
                line.event(f"output_audio_buffer.{step}", response_id=f"resp_{number}")
    assert all(item for item in line.ended)


def test_what_is_heard_is_counted_as_the_service_does_from_its_word_on() -> None:
    line = Line(delay=4)

    def heard() -> HeardTrack | None:
        return line.track.heard(line.now)

    assert heard() is None
    line.event("output_audio_buffer.started", response_id="resp_1")
    assert heard() == HeardTrack(None, "resp_1", 0)
    line.part("resp_1", "item_1")
    # A reply that begins with silence: what is left out of the item was sent all the same.
    line.send(*[SILENCE] * 5, *[sound()] * 5)
    assert len(line.heard("item_1")) == 1 * FRAME
    assert heard() == HeardTrack("item_1", "resp_1", 200)
    line.event("output_audio_buffer.stopped", response_id="resp_1")
    assert heard() is None


def test_what_is_late_on_the_track_was_sent_but_no_more_than_two_pieces() -> None:
    line = Line()
    line.part("resp_1", "item_1")
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 10)
    line.now += 0.03
    assert line.track.heard(line.now) == HeardTrack("item_1", "resp_1", 230)
    line.now += 1  # a service that does not keep up
    assert line.track.heard(line.now) == HeardTrack("item_1", "resp_1", 240)
    for _ in range(55):
        line.track.feed(sound(), line.now)
    assert line.track.heard(line.now) == HeardTrack("item_1", "resp_1", 1300)


def test_a_part_that_names_no_item_belongs_to_none() -> None:
    line = Line()
    line.event("response.content_part.added", response_id="resp_1", part={"type": "audio"})
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(*[sound()] * 20)
    assert line.got == []


def test_of_many_responses_the_latest_are_known() -> None:
    line = Line()
    for number in range(1000):
        line.part(f"resp_{number}", f"item_{number}")
    line.event("output_audio_buffer.started", response_id="resp_0")
    line.send(*[sound()] * 20)
    line.event("output_audio_buffer.cleared")
    assert line.got == []
    line.event("output_audio_buffer.started", response_id="resp_999")
    line.send(*[sound()] * 20)
    assert {item for item, _, _ in line.got} == {"item_999"}


def test_an_empty_piece_changes_nothing() -> None:
    line = Line(delay=0)
    line.part("resp_1", "item_1")
    line.event("output_audio_buffer.started", response_id="resp_1")
    line.send(np.empty(0, np.int16), sound())
    assert np.array_equal(line.heard("item_1"), sound())
