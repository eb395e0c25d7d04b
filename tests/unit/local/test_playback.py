"""The output audio buffer: what is heard when, and where messages are cut."""

import numpy as np

from realtime_typed.audio import Int16Array
from realtime_typed.local.history import Audio, History, StoredItem
from realtime_typed.local.playback import Playback
from realtime_typed.local.requests import Wire

MS = 24  # samples


class Line:
    def __init__(self) -> None:
        self.queued = 0

    def play(self, samples: Int16Array) -> None:
        self.queued += samples.size

    def drop(self) -> None:
        self.queued = 0


class Setting:
    """A buffer on a track that sends nothing by itself, and a conversation of messages of 1000 ms each."""

    def __init__(self, *items: str) -> None:
        self.line, self.history = Line(), History(100, 10**9, 10**9)
        self.events: list[Wire] = []
        self.ends = 0
        for item_id in items:
            content = [{"type": "output_audio", "transcript": "one two three four"}]
            wire: Wire = {"id": item_id, "type": "message", "role": "assistant", "content": content}
            self.history.add(StoredItem(wire, {0: Audio("audio/pcm", np.zeros(1000 * MS, np.int16))}))
        self.playback = Playback(self.line, self.history, self.events.append, self.ended)

    def ended(self) -> None:
        self.ends += 1

    def add(self, response_id: str, item_id: str, milliseconds: int) -> None:
        self.playback.add(response_id, item_id, np.ones(milliseconds * MS, np.int16))

    def sent(self, milliseconds: int) -> None:
        self.line.queued -= milliseconds * MS
        self.playback.sent(milliseconds * MS)

    def told(self) -> list[tuple[object, ...]]:
        """The events since the last call, in short."""
        told = [
            (
                str(event["type"]).rpartition(".")[2],
                *[event[key] for key in event if key not in ("type", "content_index")],
            )
            for event in self.events
        ]
        self.events.clear()
        return told

    def transcript(self, item_id: str) -> object:
        item = self.history.get(item_id)
        assert item is not None
        return item.content[0]["transcript"]


def test_a_response_starts_with_its_first_audio_and_stops_when_it_is_done_and_sent() -> None:
    it = Setting("a")
    it.add("r1", "a", 600)
    it.add("r1", "a", 400)
    assert it.told() == [("started", "r1")]
    it.sent(1000)
    assert it.told() == []
    assert it.playback.busy
    it.playback.finish("r1")
    assert it.told() == [("stopped", "r1")]
    assert (it.playback.busy, it.ends) == (False, 1)


def test_a_response_waits_until_the_one_before_was_heard() -> None:
    it = Setting("a", "b")
    it.add("r1", "a", 1000)
    it.playback.finish("r1")
    it.add("r2", "b", 1000)
    it.playback.finish("r2")
    assert it.told() == [("started", "r1")]
    assert it.line.queued == 1000 * MS
    it.sent(1000)
    assert it.told() == [("stopped", "r1"), ("started", "r2")]
    assert it.ends == 0
    it.sent(1000)
    assert it.told() == [("stopped", "r2")]
    assert it.ends == 1


def test_clearing_cuts_the_message_where_it_was_heard() -> None:
    it = Setting("a")
    it.add("r1", "a", 1000)
    it.playback.finish("r1")
    it.sent(520)
    it.told()
    it.playback.clear()
    assert it.told() == [("cleared", "r1"), ("truncated", "a", 520)]
    assert it.transcript("a") == "one two"
    assert (it.line.queued, it.playback.busy, it.ends) == (0, False, 1)


def test_messages_that_were_heard_whole_are_not_cut_and_those_behind_are_cut_to_nothing() -> None:
    it = Setting("a", "b", "c")
    it.add("r1", "a", 1000)
    it.add("r1", "b", 1000)
    it.playback.finish("r1")
    it.add("r2", "c", 1000)
    it.playback.finish("r2")
    it.sent(1250)
    it.told()
    it.playback.clear()
    # The second response was never heard, so nothing of it is cleared.
    assert it.told() == [("cleared", "r1"), ("truncated", "b", 250), ("truncated", "c", 0)]
    assert [it.transcript(name) for name in "abc"] == ["one two three four", "one", ""]


def test_a_response_cleared_while_it_is_generated_goes_on_unheard_and_is_cut_when_it_is_done() -> None:
    it = Setting("a")
    it.add("r1", "a", 400)
    it.sent(200)
    it.playback.clear()
    assert it.told() == [("started", "r1"), ("cleared", "r1")]
    it.add("r1", "a", 600)
    assert it.line.queued == 0
    it.playback.finish("r1")
    assert it.told() == [("truncated", "a", 200)]


def test_clearing_nothing_does_nothing() -> None:
    it = Setting("a")
    it.playback.clear()
    it.playback.finish("r0")
    assert (it.told(), it.ends) == ([], 0)


def test_a_message_that_is_in_no_conversation_is_not_cut() -> None:
    it = Setting()
    it.add("r1", "elsewhere", 1000)
    it.playback.clear()
    it.playback.finish("r1")
    assert it.told() == [("started", "r1"), ("cleared", "r1")]
