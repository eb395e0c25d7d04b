"""The items of a conversation, their order, and what waits for an item that has not come yet. Pure.

The order is the one that `previous_item_id` gives. An item whose predecessor is unknown stands at the end until the
predecessor comes. Servers write `null` there for "at the end" as well as for "at the beginning", so `null` moves
nothing. `"root"` is the beginning.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeVar, cast

from ._formatted import McpStatus
from ._generated.realtime.shared import ConversationItem
from ._item_content import (
    CALLS,
    TextField,
    add_text,
    adopt,
    as_text,
    become,
    content_parts,
    decode_base64_audio,
    decode_item_audio,
    drop_encoded_audio,
    fill,
    overwrite,
    part_text,
    set_arguments,
    set_text,
)
from ._item_retention import AudioLedger
from ._wire import wire_fields
from .audio import AudioFormatName, Int16Array, decode_audio, decode_base64, sample_rate

__all__ = ["ItemStore"]

K = TypeVar("K")
V = TypeVar("V")

# What waits for an item that never comes must not pile up.
_MAX_WAITING: Final = 256
_ARGUMENTS: Final = -1
_ROOT: Final = "root"


def _limit(waiting: dict[K, V]) -> None:
    while len(waiting) > _MAX_WAITING:
        del waiting[next(iter(waiting))]


class _Waiting(NamedTuple):
    """The user's audio for an item that has not come: what is kept of it, its rate, and how much came before that."""

    samples: Int16Array
    rate: int
    dropped: int


class ItemStore:
    """Items by id and in order.

    Args:
        ledger: Says how much audio is kept. Default: all.

    Attributes:
        completed: The items that grow no more.
        moved: The items that changed their place since this list was emptied last.
        completed: The items that are complete.
        early_audio: The user's audio for items that have not come.
    """

    def __init__(self, ledger: AudioLedger | None = None) -> None:
        self.by_id: dict[str, ConversationItem] = {}
        self.order: list[str] = []
        self.moved: list[str] = []
        self._ledger = ledger or AudioLedger("all")
        self._firsts: dict[str, None] = {}
        self._listed: set[str] = set()
        self._predecessors: dict[str, str] = {}
        self._orphans: dict[str, dict[str, None]] = {}
        self.completed: set[str] = set()
        self._finished: dict[str, set[tuple[int, TextField]]] = {}
        self._repeated: dict[tuple[str, int, TextField], str] = {}
        self._transcripts: dict[tuple[str, int], tuple[str, bool]] = {}
        self.early_audio: dict[str, _Waiting] = {}
        self._half_samples: dict[str, bytes] = {}
        self._statuses: dict[str, McpStatus] = {}

    def add(
        self, item: ConversationItem, *, listed: bool, audio_format: AudioFormatName, repeats: bool = False
    ) -> ConversationItem:
        """Take in a copy of an item that is not known yet, with what has been waiting for it.

        Args:
            item: An item with an id.
            listed: Whether it is part of the conversation, or of a response outside it.
            audio_format: The format of audio inside the item.
            repeats: Whether deltas may say again what the item holds; see `expect_repetition`.
        """
        copy = adopt(item)
        item_id = cast("str", copy.id)
        decode_item_audio(copy, audio_format)
        self.by_id[item_id] = copy
        if listed:
            self.list_item(item_id)
        waiting = self.early_audio.pop(item_id, None)
        if self._ledger.bounded:
            drop_encoded_audio(copy)
        if waiting is not None:
            self._set_audio(copy, *waiting)
        elif self._ledger.bounded:
            self._ledger.replace(item_id, copy.formatted, sample_rate(audio_format))
        if repeats:
            self.expect_repetition(copy)
        if item_id in self._statuses:
            copy.formatted.mcp_status = self._statuses.pop(item_id)
        for key in [key for key in self._transcripts if key[0] == item_id]:
            transcript, whole = self._transcripts.pop(key)
            if whole:
                self.finish_text(copy, key[1], "transcript", transcript)
            elif repeats or not part_text(copy, key[1], "transcript"):
                self.add_text(copy, key[1], "transcript", transcript)
        return copy

    def list_item(self, item_id: str) -> None:
        """Put a known item at the end of the conversation unless it has a place already."""
        if item_id not in self._listed:
            self._listed.add(item_id)
            self.order.append(item_id)
            if item_id in self._firsts:
                del self._firsts[item_id]
                self.place(item_id, _ROOT)
            for follower in self._orphans.pop(item_id, {}):
                if self._predecessors.get(follower) == item_id:
                    self._move(follower, item_id)

    def expect_first(self, item_id: str) -> None:
        """Say that an item goes to the beginning when it comes: the service's `null` does not tell."""
        if item_id in self._listed:
            self.place(item_id, _ROOT)
        else:
            self._firsts[item_id] = None
            _limit(self._firsts)

    def place(self, item_id: str, previous: str) -> None:
        """Say which item another one follows; `"root"` for none."""
        if item_id == previous or item_id not in self._listed or self._predecessors.get(item_id) == previous:
            return
        self._predecessors[item_id] = previous
        if previous == _ROOT or previous in self._listed:
            self._move(item_id, previous)
        else:
            self._orphans.setdefault(previous, {})[item_id] = None
            _limit(self._orphans)

    def _move(self, item_id: str, previous: str) -> None:
        order = self.order
        if item_id not in self._listed or (len(order) > 1 and order[-1] == item_id and order[-2] == previous):
            return
        if previous == _ROOT and order[0] == item_id:
            return
        # What was placed behind it moves with it: of items that come in reverse, each is placed before its predecessor.
        start = order.index(item_id)
        end = start + 1
        while end < len(order) and order[end] != previous and self._predecessors.get(order[end]) == order[end - 1]:
            end += 1
        moved = order[start:end]
        del order[start:end]
        at = 0 if previous == _ROOT else order.index(previous) + 1
        order[at:at] = moved
        if at != start:
            self.moved.append(item_id)

    def remove(self, item_id: str) -> ConversationItem | None:
        """Take an item out; `None` when it is not known."""
        item = self.by_id.pop(item_id, None)
        if item_id in self._listed:
            self._listed.discard(item_id)
            self.order.remove(item_id)
        self._predecessors.pop(item_id, None)
        self.completed.discard(item_id)
        self._finished.pop(item_id, None)
        self._half_samples.pop(item_id, None)
        self._forget_repetition(item_id)
        if item is not None and self._ledger.bounded:
            self._ledger.remove(item.formatted)
            self._ledger.forget(item_id)
        return item

    def merge(self, known: ConversationItem, item: ConversationItem, *, done: bool) -> bool:
        """Bring a known item up to date with a whole one; say whether that changed anything."""
        guessed = type(known) is not type(item)
        if guessed:
            become(known, item)
        if done:
            changed = overwrite(known, item)
            self._drop_encoded(known)
            return changed or guessed
        filled = fill(known, item)
        self._drop_encoded(known)
        if not filled.isdisjoint(("content", "arguments")):
            self.expect_repetition(known)
        return guessed or bool(filled)

    def _drop_encoded(self, item: ConversationItem) -> None:
        if self._ledger.bounded:
            drop_encoded_audio(item)

    def complete(self, item: ConversationItem) -> bool:
        """Mark an item as complete; say whether that is new."""
        item_id = cast("str", item.id)
        # The transcript of user speech comes after its item is complete; all other text that is there is whole. A
        # second finished form may hold more than the first.
        if wire_fields(item).get("role") != "user":
            self._finished.setdefault(item_id, set()).update(self._standing_texts(item))
        if item_id in self.completed:
            return False
        self.completed.add(item_id)
        self._half_samples.pop(item_id, None)
        self._forget_repetition(item_id)
        return True

    def _forget_repetition(self, item_id: str) -> None:
        for key in [key for key in self._repeated if key[0] == item_id]:
            del self._repeated[key]

    def _standing_texts(self, item: ConversationItem) -> Iterator[tuple[int, TextField]]:
        fields: tuple[TextField, ...] = ("text", "transcript")
        for index in range(len(content_parts(item))):
            for field in fields:
                if part_text(item, index, field):
                    yield index, field
        if as_text(wire_fields(item).get("arguments")):
            yield _ARGUMENTS, "text"

    def expect_repetition(self, item: ConversationItem) -> None:
        """Some servers announce an item with its text and then send the same text again as deltas."""
        item_id = cast("str", item.id)
        for index, field in self._standing_texts(item):
            self._repeated[item_id, index, field] = ""

    def add_text(self, item: ConversationItem, index: int, field: TextField, delta: str) -> bool:
        """Add a delta to an item's text or transcript, unless it repeats what the announcement already held.

        Returns:
            Whether there was a place for it: text that is finished, and items that hold no text, take none.
        """
        key = (cast("str", item.id), index, field)
        if self._finished and (index, field) in self._finished.get(key[0], ()):
            return False
        repeated = self._repeated.get(key) if self._repeated else None
        if repeated is None:
            return add_text(item, index, field, delta)
        self._repeated[key] = repeated = repeated + delta
        if not part_text(item, index, field).startswith(repeated):
            set_text(item, index, field, repeated)
        return True

    def finish_text(self, item: ConversationItem, index: int, field: TextField, text: str) -> bool:
        """Overwrite a text or transcript that is whole now; say whether that changed anything."""
        if text:
            self._finished.setdefault(cast("str", item.id), set()).add((index, field))
        return set_text(item, index, field, text)

    def add_arguments(self, item: ConversationItem, delta: str) -> bool:
        """Add a delta to a call's arguments, unless it repeats what the announcement already held.

        Returns:
            Whether there was a place for it: finished arguments, and items that are no call, take none.
        """
        fields = wire_fields(item)
        standing = as_text(fields.get("arguments"))
        key: tuple[str, int, TextField] = (cast("str", item.id), _ARGUMENTS, "text")
        if fields.get("type") not in CALLS or key[1:] in self._finished.get(key[0], ()):
            return False
        repeated = self._repeated.get(key)
        if repeated is None:
            set_arguments(item, standing + delta)
        else:
            self._repeated[key] = repeated = repeated + delta
            if not standing.startswith(repeated):
                set_arguments(item, repeated)
        return True

    def finish_arguments(self, item: ConversationItem, arguments: str, name: object, call_id: object) -> bool:
        """Overwrite a call's arguments, which are whole now; say whether that changed anything."""
        if arguments:
            self._finished.setdefault(cast("str", item.id), set()).add((_ARGUMENTS, "text"))
        return set_arguments(item, arguments, name, call_id)

    def set_status(self, item_id: str, status: McpStatus) -> bool:
        """Say how far the service is with an item of an MCP server; it waits for an item yet to come.

        Returns:
            Whether that changed a known item.
        """
        item = self.by_id.get(item_id)
        standing = self._statuses.get(item_id) if item is None else item.formatted.mcp_status
        # One that has ended does not begin again: that event came late.
        if standing == status or (standing is not None and status == "in_progress"):
            return False
        if item is not None:
            item.formatted.mcp_status = status
            return True
        self._statuses[item_id] = status
        _limit(self._statuses)
        return False

    def add_audio(self, item: ConversationItem, delta: str, audio_format: AudioFormatName) -> Int16Array:
        """Add an audio delta to an item.

        A server may cut between the two bytes of a sample; the half waits for the next delta.

        Returns:
            The samples that were added: shape `(n,)`, dtype int16, read-only.

        Raises:
            ValueError: The delta is no base64.
        """
        item_id = cast("str", item.id)
        if audio_format == "audio/pcm" and (self._half_samples or len(delta.rstrip("=")) * 6 // 8 % 2):
            data = self._half_samples.pop(item_id, b"") + decode_base64(delta)
            whole = len(data) & ~1
            if whole < len(data):
                self._half_samples[item_id] = data[whole:]
                _limit(self._half_samples)
            samples = decode_audio(data[:whole], audio_format)
        else:
            samples = decode_base64_audio(delta, audio_format)
        self.append_audio(item, samples, sample_rate(audio_format))
        return samples

    def append_audio(self, item: ConversationItem, samples: Int16Array, rate: int) -> None:
        """Add samples of this rate at the end of an item's audio: shape `(n,)`, dtype int16."""
        self._ledger.append(cast("str", item.id), item.formatted, samples, rate)

    def cut_audio(self, item: ConversationItem, end: int) -> None:
        """Forget what comes after the first `end` samples of an item's audio."""
        item.formatted.cut_audio(end)
        self._ledger.cut(item.formatted)

    def restore_audio(self, item: ConversationItem, samples: Int16Array, rate: int) -> None:
        """Give an item that has had no audio all of it."""
        self._set_audio(item, samples, rate, 0)

    def _set_audio(self, item: ConversationItem, samples: Int16Array, rate: int, dropped: int) -> None:
        item.formatted.set_audio(samples, dropped=dropped)
        self._ledger.replace(cast("str", item.id), item.formatted, rate)

    def transcribe(self, item_id: str, index: int, transcript: str, *, grow: bool) -> bool:
        """Add to the transcript of user speech, or overwrite it by the whole one; it waits for an item yet to come.

        Returns:
            Whether that changed a known item.
        """
        item = self.by_id.get(item_id)
        if item is not None:
            if grow:
                return bool(transcript) and self.add_text(item, index, "transcript", transcript)
            return self.finish_text(item, index, "transcript", transcript)
        standing, whole = self._transcripts.get((item_id, index), ("", False))
        if not (grow and whole):
            self._transcripts[item_id, index] = (standing + transcript if grow else transcript, not grow)
            _limit(self._transcripts)
        return False

    def keep_audio(
        self, item_id: str, samples: Int16Array, rate: int = 24_000, dropped: int = 0
    ) -> ConversationItem | None:
        """Keep a user's own audio for an item, which may have come already.

        Args:
            item_id: The item.
            samples: Shape `(n,)`, dtype int16.
            rate: Samples a second. Default 24,000.
            dropped: How many samples came before these and are not kept. Default 0.

        Returns:
            The item if it has come already, which is changed then.
        """
        item = self.by_id.get(item_id)
        if item is not None:
            self._set_audio(item, samples, rate, dropped)
            return item
        newest = self._ledger.newest(samples, rate)
        self.early_audio[item_id] = _Waiting(newest, rate, dropped + len(samples) - len(newest))
        if len(self.early_audio) > _MAX_WAITING:
            self._drop_waiting()
        limit = self._ledger.limit_at(rate)
        early = self.early_audio
        while limit is not None and len(early) > 1 and sum(len(it.samples) for it in early.values()) > limit:
            self._drop_waiting()
        return None

    def _drop_waiting(self) -> None:
        oldest = self.early_audio.pop(next(iter(self.early_audio)))
        self._ledger.note_dropped("", len(oldest.samples) + oldest.dropped, oldest.rate)

    def drop_audio(self, item_id: str) -> None:
        """Forget audio that was kept for an item which turned out to have another id."""
        self.early_audio.pop(item_id, None)
