"""The playback clocks: against a player that is simulated sample by sample, and case by case."""

from collections import deque
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from realtime_typed import PlaybackTracker

RATE: Final = 1000
ITEMS: Final[tuple[str, ...]] = ("item_1", "item_2", "item_3")


class Clock:
    """A clock that stands still until it is told to go on. Whole milliseconds, which are samples here."""

    def __init__(self) -> None:
        self.ms = 0

    def __call__(self) -> float:
        return self.ms / 1000


class Playing(RuleBasedStateMachine):
    """What a player would do: play what it gets, one sample a millisecond, one piece after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.tracker = PlaybackTracker(self.clock)
        self.queue: deque[str] = deque()
        self.played: dict[str, int] = dict.fromkeys(ITEMS, 0)
        self.received: dict[str, int] = dict.fromkeys(ITEMS, 0)
        self.handed: dict[str, int] = dict.fromkeys(ITEMS, 0)

    @initialize(ms=st.integers(0, 10_000_000))
    def begin(self, ms: int) -> None:
        self.clock.ms = ms

    @rule(item=st.sampled_from(ITEMS), samples=st.integers(0, 400), at_once=st.booleans())
    def comes(self, item: str, samples: int, at_once: bool) -> None:
        assert self.tracker.receive(item, samples, RATE, "resp_1") == self.received[item]
        self.received[item] += samples
        if at_once:
            self.is_handed_out(item, self.received[item])

    @rule(item=st.sampled_from(ITEMS), end=st.integers(0, 2000))
    def is_handed_out(self, item: str, end: int) -> None:
        self.tracker.hand_out(item, end)
        new = min(end, self.received[item]) - self.handed[item]
        if new > 0:
            self.handed[item] += new
            self.queue.extend([item] * new)

    @rule(ms=st.integers(0, 500))
    def time_passes(self, ms: int) -> None:
        self.clock.ms += ms
        for _ in range(min(ms, len(self.queue))):
            self.played[self.queue.popleft()] += 1

    @rule()
    @precondition(lambda self: any(self.received.values()))
    def is_stopped(self) -> None:
        self.tracker.stop()
        self.queue.clear()
        self.received, self.handed = dict(self.played), dict(self.played)

    @invariant()
    def every_item_is_as_far_as_the_player(self) -> None:
        for item in ITEMS:
            assert self.tracker.heard(item) == self.played[item]
            assert self.tracker.heard_ms(item) == self.played[item]
            assert self.tracker.received(item) == self.received[item]
            assert self.tracker.handed_out(item) == self.handed[item]

    @invariant()
    def what_is_unheard_is_known(self) -> None:
        left = {item for item in ITEMS if self.played[item] < self.received[item]}
        assert set(self.tracker.unheard) == left
        assert (self.tracker.playing is None) == (not left)


TestPlaying = Playing.TestCase
TestPlaying.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(
    pieces=st.lists(st.integers(1, 4800), min_size=1, max_size=8),
    cut=st.integers(0, 40_000),
    before=st.floats(0, 2),
    after=st.floats(0, 5),
)
@settings(max_examples=100, deadline=None)
def test_an_item_that_was_cut_is_never_heard_beyond_the_cut(
    pieces: list[int], cut: int, before: float, after: float
) -> None:
    now = 0.0
    tracker = PlaybackTracker(lambda: now)
    for piece in pieces:
        start = tracker.receive("item_1", piece, 24_000)
        tracker.hand_out("item_1", start + piece)
    now += before
    heard = tracker.heard("item_1")
    tracker.cut("item_1", cut)
    assert tracker.received("item_1") == min(sum(pieces), cut)
    assert tracker.heard("item_1") == min(heard, cut)
    now += after
    assert tracker.heard("item_1") == min(int((before + after) * 24_000 + 0.001), sum(pieces), cut)


@given(reports=st.lists(st.integers(0, 3000), min_size=1, max_size=10), received=st.integers(0, 2000))
def test_a_report_counts_and_wall_time_no_longer_does(reports: list[int], received: int) -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    tracker.receive("item_1", received, RATE)
    tracker.receive("item_2", 500, RATE)
    tracker.hand_out("item_1", received)
    tracker.hand_out("item_2", 500)
    for number, report in enumerate(reports):
        tracker.played("item_1", report)
        clock.ms += 1000
        assert tracker.heard("item_1") == min(max(reports[: number + 1]), received)
        assert tracker.heard("item_2") == 0


def test_what_waits_to_be_handed_out_is_not_heard() -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    tracker.receive("item_1", 500, RATE)
    clock.ms += 300
    assert tracker.heard("item_1") == 0
    tracker.hand_out("item_1", 200)
    clock.ms += 300
    assert (tracker.heard("item_1"), tracker.handed_out("item_1")) == (200, 200)


def test_audio_of_a_track_is_heard_when_it_comes() -> None:
    tracker = PlaybackTracker(Clock())
    for _ in range(3):
        start = tracker.receive("item_1", 480, 24_000)
        tracker.hand_out("item_1", start + 480, live=True)
    assert (tracker.heard("item_1"), tracker.heard_ms("item_1")) == (1440, 60)


def test_milliseconds_are_rounded_down() -> None:
    tracker = PlaybackTracker(Clock())
    tracker.receive("item_1", 24_000, 24_000)
    tracker.played("item_1", 47)
    assert tracker.heard_ms("item_1") == 1


def test_what_is_played_after_a_stop_does_not_count() -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    tracker.receive("item_1", 500, RATE)
    tracker.played("item_1", 100)
    tracker.stop()
    tracker.played("item_1", 160)  # what the sound card still had
    assert (tracker.heard("item_1"), tracker.received("item_1")) == (100, 100)
    tracker.receive("item_2", 500, RATE)
    assert tracker.playing == "item_2"


def test_an_item_that_is_not_known_was_not_heard() -> None:
    tracker = PlaybackTracker()
    tracker.played("item_9", 480)
    tracker.hand_out("item_9", 480)
    tracker.cut("item_9", 1)
    tracker.forget("item_9")
    assert "item_9" not in tracker
    assert (tracker.heard("item_9"), tracker.heard_ms("item_9"), tracker.received("item_9")) == (0, 0, 0)
    assert tracker.handed_out("item_9") == 0
    assert (tracker.response_of("item_9"), tracker.last_of("resp_9"), tracker.playing) == (None, None, None)


def test_a_negative_report_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="-1"):
        PlaybackTracker().played("item_1", -1)


def test_items_are_found_by_their_response() -> None:
    tracker = PlaybackTracker(Clock())
    for item, response in (("item_1", "resp_1"), ("item_2", "resp_1"), ("item_3", "resp_2"), ("item_4", "")):
        tracker.receive(item, 10, RATE, response)
    assert tracker.last_of("resp_1") == "item_2"
    assert [tracker.response_of(f"item_{number}") for number in (1, 3, 4)] == ["resp_1", "resp_2", None]
    tracker.forget("item_2")
    assert tracker.last_of("resp_1") == "item_1"


def test_only_the_last_items_are_kept() -> None:
    tracker = PlaybackTracker(Clock())
    for number in range(300):
        tracker.receive(f"item_{number}", 10, RATE)
    assert len(tracker.unheard) == 256
    assert "item_43" not in tracker
    assert "item_44" in tracker


def test_a_new_session_has_no_items_and_remembers_who_counts_until_a_reset() -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    tracker.receive("item_1", 10, RATE)
    tracker.played("item_1", 5)
    tracker.clear()
    assert tracker.heard("item_1") == 0
    for reports in (True, False):
        tracker.receive("item_2", 10, RATE)
        tracker.hand_out("item_2", 10)
        clock.ms += 20
        assert tracker.heard("item_2") == (0 if reports else 10)
        tracker.reset()


def test_it_says_what_it_plays() -> None:
    tracker = PlaybackTracker(Clock())
    assert "nothing playing" in repr(tracker)
    tracker.receive("item_1", 10, RATE)
    assert repr(tracker) == "<PlaybackTracker of 1 items, item_1 playing>"


def test_items_that_grow_again_keep_their_place() -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    for item in ("item_1", "item_2"):
        tracker.hand_out(item, tracker.receive(item, 100, RATE) + 100)
    clock.ms = 150
    assert tracker.unheard == ["item_2"]
    tracker.receive("item_1", 100, RATE)
    assert tracker.unheard == ["item_1", "item_2"]


def test_what_a_stop_has_settled_stays_heard_when_reports_begin() -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    for item in ("item_1", "item_2"):
        tracker.hand_out(item, tracker.receive(item, 100, RATE) + 100)
    clock.ms = 150
    assert tracker.playing == "item_2"
    tracker.stop()
    tracker.receive("item_3", 100, RATE)
    tracker.played("item_3", 10)
    assert [tracker.heard(item) for item in ITEMS] == [100, 50, 10]
    assert tracker.unheard == ["item_3"]


def test_an_item_that_is_kept_no_longer_is_forgotten_once_it_was_heard() -> None:
    clock = Clock()
    tracker = PlaybackTracker(clock)
    for item in ("item_1", "item_2"):
        tracker.hand_out(item, tracker.receive(item, 100, RATE) + 100)
    clock.ms = 150
    for item in ITEMS:
        tracker.forget_heard(item)
    assert [item in tracker for item in ITEMS] == [False, True, False]
    assert tracker.playing == "item_2"
