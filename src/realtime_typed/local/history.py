"""The conversation as the server keeps it: items in order, and the audio that their events leave out. Pure.

An item is kept in the shape of the wire, as `conversation.item.done` shows it; audio lies beside it as samples and
joins it only in `conversation.item.retrieved`.
"""

import re
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
from pydantic import TypeAdapter
from pydantic_core import to_json

from realtime_typed._generated.realtime.shared import ConversationItem
from realtime_typed.audio import AudioFormatName, Int16Array, duration_ms, encode_audio, encode_base64, sample_rate

from .requests import Wire

__all__ = ["Audio", "History", "StoredItem", "count_tokens", "split_text"]

_ADAPTER: TypeAdapter[ConversationItem] = TypeAdapter(ConversationItem)
# A word with the space before it, or one sign: about what the service's tokens are.
_TOKEN: Final = re.compile(r"\s*[\w']+|\s*[^\w\s]|\s+")


def split_text(text: str) -> list[str]:
    """Cut a text into the pieces that its deltas carry; joined they are the text."""
    return _TOKEN.findall(text)


def count_tokens(text: str) -> int:
    """How many tokens a text counts for in `usage`."""
    return len(split_text(text))


class Audio:
    """The audio of one content part.

    Args:
        audio_format: The format that it came or goes in, which tells its sample rate.
        samples: int16, shape (n,), at that rate.
    """

    def __init__(self, audio_format: AudioFormatName, samples: Int16Array | None = None) -> None:
        self.format: AudioFormatName = audio_format
        self._chunks: list[Int16Array] = [] if samples is None else [samples]
        self.size: int = sum(chunk.size for chunk in self._chunks)

    @property
    def rate(self) -> int:
        """Samples a second."""
        return sample_rate(self.format)

    @property
    def milliseconds(self) -> float:
        """How long it lasts."""
        return duration_ms(self.size, self.rate)

    @property
    def samples(self) -> Int16Array:
        """All samples, shape (n,)."""
        if len(self._chunks) != 1:
            self._chunks = [np.concatenate(self._chunks) if self._chunks else np.empty(0, np.int16)]
        return self._chunks[0]

    def append(self, chunk: Int16Array) -> None:
        """Add samples at the end."""
        self._chunks.append(chunk)
        self.size += chunk.size

    def cut(self, milliseconds: int) -> None:
        """Keep the first `milliseconds`."""
        kept = self.samples[: milliseconds * self.rate // 1000].copy()
        self._chunks, self.size = [kept], kept.size

    def encoded(self) -> str:
        """Base64 in `format`."""
        return encode_base64(encode_audio(self.samples, self.format))


@dataclass
class StoredItem:
    """An item of the conversation.

    Attributes:
        wire: The item as events show it, without audio.
        audio: The audio of its content parts, by `content_index`.
        size: The bytes of its JSON when it joined the conversation.
    """

    wire: Wire
    audio: dict[int, Audio] = field(default_factory=dict[int, Audio])
    size: int = 0

    @property
    def id(self) -> str:
        """The item's id."""
        return cast("str", self.wire["id"])

    @property
    def content(self) -> list[Wire]:
        """The content parts of a message; empty for other items."""
        return cast("list[Wire]", self.wire.get("content") or [])

    @property
    def tokens(self) -> tuple[int, int]:
        """How many text and audio tokens it counts for; 100 ms of user audio are one, as recordings show."""
        text = sum(count_tokens(str(self.wire[key])) for key in ("arguments", "output") if self.wire.get(key))
        text += sum(count_tokens(str(part["text"])) for part in self.content if part.get("text"))
        return text, sum(-(-int(audio.milliseconds) // 100) for audio in self.audio.values())

    def retrieved(self) -> Wire:
        """The item with its audio as base64, for `conversation.item.retrieved`."""
        content = [
            part | {"audio": self.audio[index].encoded()} if index in self.audio else part
            for index, part in enumerate(self.content)
        ]
        return self.wire | {"content": content} if content else self.wire

    def model(self) -> ConversationItem:
        """The item as a typed model, without audio."""
        return _ADAPTER.validate_python(self.wire)

    def truncate(self, content_index: int, audio_end_ms: int) -> None:
        """Keep the first `audio_end_ms` of a part's audio, and of its transcript the words said by then."""
        audio, part = self.audio[content_index], self.content[content_index]
        heard = audio_end_ms / audio.milliseconds if audio.size else 0
        words = split_text(str(part.get("transcript") or ""))
        part["transcript"] = "".join(words[: int(len(words) * heard)])
        audio.cut(audio_end_ms)


class History:
    """The items of one conversation, in order.

    Args:
        max_items: How many items are kept; beyond it the oldest goes, as the service's truncation does.
        max_samples: How many samples of audio are kept in all; beyond it the oldest items lose theirs.
        max_bytes: How many bytes of JSON the items may have in all, without audio; beyond it the oldest goes. The
            newest stays whatever it has.
    """

    def __init__(self, max_items: int, max_samples: int, max_bytes: int) -> None:
        self._max_items = max_items
        self._max_samples = max_samples
        self._max_bytes = max_bytes
        self._bytes = 0
        self._items: dict[str, StoredItem] = {}
        self._order: list[str] = []

    def __contains__(self, item_id: object) -> bool:
        return item_id in self._items

    def get(self, item_id: str) -> StoredItem | None:
        """The item, `None` when there is none of that id."""
        return self._items.get(item_id)

    def items(self) -> list[StoredItem]:
        """All items in order."""
        return [self._items[item_id] for item_id in self._order]

    def last_id(self) -> str | None:
        """The id of the last item."""
        return self._order[-1] if self._order else None

    def previous_id(self, item_id: str) -> str | None:
        """The id of the item before this one, `None` for the first and for one that is gone."""
        if item_id not in self._items:
            return None
        index = self._order.index(item_id)
        return self._order[index - 1] if index else None

    def has_call(self, call_id: object) -> bool:
        """Whether a function call of that id is part of the conversation."""
        return any(
            item.wire["type"] == "function_call" and item.wire.get("call_id") == call_id for item in self.items()
        )

    def add(self, item: StoredItem, after: str | None = None) -> str | None:
        """Add an item.

        Args:
            item: The item.
            after: The id of the item to insert after, `"root"` for the beginning, `None` for the end.

        Returns:
            The id of the item before it.
        """
        index = len(self._order) if after is None else 0 if after == "root" else self._order.index(after) + 1
        self._order.insert(index, item.id)
        self._items[item.id] = item
        item.size = len(to_json(item.wire))
        self._bytes += item.size
        previous = self._order[index - 1] if index else None
        self._bound()
        return previous

    def delete(self, item_id: str) -> None:
        """Remove an item."""
        self._bytes -= self._items.pop(item_id).size
        self._order.remove(item_id)

    def _bound(self) -> None:
        while len(self._order) > self._max_items or (self._bytes > self._max_bytes and len(self._order) > 1):
            self.delete(self._order[0])
        excess = sum(audio.size for item in self._items.values() for audio in item.audio.values()) - self._max_samples
        for item in self.items()[:-1]:
            if excess <= 0:
                break
            excess -= sum(audio.size for audio in item.audio.values())
            item.audio.clear()
