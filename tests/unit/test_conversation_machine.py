"""`Conversation` against a model of a session: events late, early, twice, or never, as far as the protocol allows.

The events of one item come in their order; those of different items, and the announcements of items in the conversation
and in responses, come in any. An item's place is announced once or more, at whatever time. A server may announce an
item with all that it will hold, and may leave out the events that finish a text or an item.
"""

import json
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from realtime_typed._wire import wire_fields
from realtime_typed.audio import encode_base64
from realtime_typed.codec import Codec
from realtime_typed.conversation import AudioRetention, Conversation

Frame = dict[str, object]
KINDS: Final = st.sampled_from(["text", "audio", "call"])
ENDS: Final = st.sampled_from(["all", "text", "item", "nothing"])
WORDS: Final = st.text("abc ü", min_size=1, max_size=4)
SPOKEN: Final = "conversation.item.input_audio_transcription"


@dataclass
class Item:
    """An item as the server knows it, and what of it the client has been told."""

    id: str
    kind: str
    previous: str | None
    pieces: list[str] = field(default_factory=list[str])
    delivered: str = ""
    whole: bool = False
    """Whether a finished form was delivered: it has the last word."""
    damaged: bool = False
    """Whether a delta was lost or came twice: until the finished form comes, the text is not known."""
    finished: bool = False
    told: bool = False
    """Whether its announcements hold all of its text, which comes again as deltas."""
    known: bool = False
    """Whether such an announcement was delivered before the first delta."""

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def wire(self, status: str) -> Frame:
        text = self.text if status == "completed" or self.told else ""
        if self.kind == "call":
            call: Frame = {"id": self.id, "type": "function_call", "status": status, "name": "f", "call_id": "c"}
            return call | {"arguments": text}
        role = "user" if self.kind == "user" else "assistant"
        part: Frame = {"type": "output_text", "text": text}
        if self.kind == "audio":
            part = {"type": "output_audio", "transcript": text}
        elif self.kind == "user":
            part = {"type": "input_audio", "transcript": None}
        content = [part] if text or status == "completed" or self.kind == "user" else []
        return {"id": self.id, "type": "message", "status": status, "role": role, "content": content}


class SessionMachine(RuleBasedStateMachine):
    """A server that says and announces, and a line that carries it in any order that the protocol allows."""

    def __init__(self) -> None:
        super().__init__()
        logging.getLogger("realtime_typed.codec").setLevel(logging.CRITICAL)
        self.codec = Codec("off")
        self.items: dict[str, Item] = {}
        self.order: list[str] = []
        self.lines: dict[str, deque[Frame]] = {}
        self.seen: deque[Frame] = deque(maxlen=20)
        self.response: list[Item] = []
        self.numbers = 0

    @initialize(retention=st.sampled_from(["all", "none", 0.01]))
    def begin(self, retention: AudioRetention) -> None:
        self.conversation = Conversation(audio_retention=retention)

    # What the server does.

    def send(self, line: str, name: str, **fields: object) -> None:
        self.lines.setdefault(line, deque()).append({"type": name, **fields})

    def add(self, kind: str, pieces: list[str], *, told: bool = False) -> Item:
        self.numbers += 1
        previous = self.order[-1] if self.order else None
        item = self.items[f"i{self.numbers}"] = Item(f"i{self.numbers}", kind, previous, pieces, told=told)
        self.order.append(item.id)
        status = "completed" if kind == "user" else "in_progress"
        self.send(f"place {item.id}", "conversation.item.added", previous_item_id=previous, item=item.wire(status))
        return item

    @rule(pieces=st.lists(WORDS, max_size=3))
    def user_speaks(self, pieces: list[str]) -> None:
        item = self.add("user", pieces)
        item.finished = True
        for piece in pieces:
            self.send(item.id, f"{SPOKEN}.delta", item_id=item.id, content_index=0, delta=piece)
        self.send(item.id, f"{SPOKEN}.completed", item_id=item.id, content_index=0, transcript=item.text)
        # The service does not wait for the transcript, and says `null` for it.
        whole = item.wire("completed")
        self.send(f"end {item.id}", "conversation.item.done", previous_item_id=item.previous, item=whole)

    @rule(kind=KINDS, pieces=st.lists(WORDS, max_size=3), told=st.booleans())
    def item_begins(self, kind: str, pieces: list[str], told: bool) -> None:
        item = self.add(kind, pieces if told else [], told=told)
        self.response.append(item)
        self.send(item.id, "response.output_item.added", response_id="r", item=item.wire("in_progress"))
        for piece in pieces:
            self.grow(item, piece)

    @rule(piece=WORDS, which=st.integers(0, 9))
    @precondition(lambda self: any(not (item.finished or item.told) for item in self.response))
    def item_grows(self, piece: str, which: int) -> None:
        growing = [item for item in self.response if not (item.finished or item.told)]
        self.grow(growing[which % len(growing)], piece)

    def grow(self, item: Item, piece: str) -> None:
        if not item.told:
            item.pieces.append(piece)
        names = {"text": "output_text", "audio": "output_audio_transcript", "call": "function_call_arguments"}
        self.send(item.id, f"response.{names[item.kind]}.delta", item_id=item.id, content_index=0, delta=piece)
        if item.kind == "audio":
            delta = encode_base64(np.arange(100, dtype="<i2").tobytes())
            self.send(item.id, "response.output_audio.delta", item_id=item.id, content_index=0, delta=delta)

    @rule(which=st.integers(0, 9), says=ENDS)
    @precondition(lambda self: any(not item.finished for item in self.response))
    def item_ends(self, which: int, says: str) -> None:
        growing = [item for item in self.response if not item.finished]
        self.finish(growing[which % len(growing)], says)

    def finish(self, item: Item, says: str) -> None:
        item.finished = True
        names = {"text": "output_text", "audio": "output_audio_transcript", "call": "function_call_arguments"}
        field_of = {"text": "text", "audio": "transcript", "call": "arguments"}
        done: Frame = {"item_id": item.id, "content_index": 0, field_of[item.kind]: item.text}
        if says in ("all", "text"):
            self.send(item.id, f"response.{names[item.kind]}.done", **done)
        whole = item.wire("completed")
        if says in ("all", "item"):
            self.send(item.id, "conversation.item.done", previous_item_id=item.previous, item=whole)
            self.send(item.id, "response.output_item.done", response_id="r", item=whole)

    @rule(says=ENDS)
    @precondition(lambda self: bool(self.response))
    def response_ends(self, says: str) -> None:
        for item in self.response:
            if not item.finished:
                self.finish(item, says)
        output = [item.wire("completed") for item in self.response]
        self.send("response", "response.done", response={"id": "r", "conversation_id": "conv", "output": output})
        self.response = []

    @rule(which=st.integers(0, 99))
    @precondition(lambda self: any(item.finished for item in self.items.values()))
    def item_is_deleted(self, which: int) -> None:
        self.everything_arrives()
        finished = [item for item in self.items.values() if item.finished]
        item = finished[which % len(finished)]
        if item in self.response:
            return
        del self.items[item.id]
        self.order.remove(item.id)
        self.deliver({"type": "conversation.item.deleted", "item_id": item.id})
        assert self.conversation.get_item(item.id) is None
        self.seen.clear()  # what comes of it after this would make it anew

    # What the line does.

    @rule(which=st.integers(0, 99))
    @precondition(lambda self: any(self.lines.values()))
    def an_event_arrives(self, which: int) -> None:
        waiting = [line for line in self.lines.values() if line]
        self.deliver(waiting[which % len(waiting)].popleft())

    @rule(which=st.integers(0, 99))
    @precondition(lambda self: any(self.lines.values()))
    def an_event_is_lost(self, which: int) -> None:
        waiting = [line for line in self.lines.values() if line]
        line = waiting[which % len(waiting)]
        name = cast("str", line[0]["type"])
        if name in ("conversation.item.added", "response.done", f"{SPOKEN}.completed"):
            return  # nothing else says where the item is, or what it holds in the end
        if name.endswith(".delta"):
            self.items[cast("str", line[0]["item_id"])].damaged = True
        line.popleft()

    @rule(which=st.integers(0, 99))
    @precondition(lambda self: bool(self.seen))
    def an_event_arrives_twice(self, which: int) -> None:
        frame = self.seen[which % len(self.seen)]
        if cast("str", frame["type"]).endswith(".delta"):
            self.items[cast("str", frame["item_id"])].damaged = True
        self.deliver(frame)

    @rule()
    def everything_arrives(self) -> None:
        for line in self.lines.values():
            while line:
                self.deliver(line.popleft())

    def deliver(self, frame: Frame) -> None:
        event = self.codec.decode(json.dumps(frame))
        self.conversation.apply(event)
        self.seen.append(frame)
        name = cast("str", frame["type"])
        if name == "response.done":
            response = cast("dict[str, list[Frame]]", frame["response"])
            for wire in response["output"]:
                self.items[cast("str", wire["id"])].whole = True
        item_id = frame.get("item_id") or cast("Frame", frame.get("item", {})).get("id")
        item = self.items.get(cast("str", item_id))
        if item is None:
            return
        if name.endswith(".added") and item.told and not item.delivered:
            item.known = True
        if name.endswith(".delta") and name != "response.output_audio.delta":
            item.delivered += cast("str", frame["delta"])
        finished = name.endswith(".completed" if item.kind == "user" else ".done") and item.finished
        # A text of no length finishes nothing: more may come.
        item.whole = item.whole or (finished and (bool(item.text) or name.endswith("item.done")))

    # What must hold.

    @invariant()
    def texts_are_what_came_and_never_doubled(self) -> None:
        for item in self.conversation.items:
            model = self.items[str(item.id)]
            formatted = item.formatted
            shown = formatted.tool.arguments if formatted.tool is not None else formatted.text + formatted.transcript
            if model.whole:
                assert shown == model.text
            elif not model.damaged:
                assert shown == (model.text if model.known else model.delivered)
            content = wire_fields(item).get("content")
            parts = [wire_fields(part) for part in cast("list[object]", content)] if isinstance(content, list) else []
            assert formatted.transcript == "".join(str(part.get("transcript") or "") for part in parts)

    @invariant()
    def items_are_there_once_and_nothing_was_counted_against_them(self) -> None:
        ids = [str(item.id) for item in self.conversation.items]
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(self.items)
        assert all(name.endswith(".delta") for name in self.conversation.issues)

    @invariant()
    def what_was_placed_is_in_order(self) -> None:
        # Once all places have been told, the order is that of the server.
        if any(line and name.startswith("place") for name, line in self.lines.items()):
            return
        placed = [str(item.id) for item in self.conversation.items]
        assert placed == self.order

    def teardown(self) -> None:
        if self.response:
            self.response_ends("all")
        self.everything_arrives()
        self.texts_are_what_came_and_never_doubled()
        self.what_was_placed_is_in_order()
        assert all(model.whole or not model.text for model in self.items.values())
        self.conversation.export()


TestSession = SessionMachine.TestCase
TestSession.settings = settings(deadline=None, max_examples=80, stateful_step_count=40)
