"""Unwraps the envelope that speaches puts around the events of its data channel.

Every event comes as base64 of its JSON, whole or in pieces::

    {"id": …, "type": "full_message", "data": <base64>}
    {"id": …, "type": "partial_message", "data": <piece>, "fragment_index": i, "total_fragments": n}

The pieces are cut out of one base64 text, anywhere: they are joined first and decoded then. Pure; this module knows
nothing of connections. Other services send events bare, and those pass at the cost of two short searches.
"""

import binascii
import json
from dataclasses import dataclass, field
from typing import cast

__all__ = ["FragmentError", "Fragments"]

_MAX_OPEN = 64
# What a piece counts for at least, so that pieces without text cannot be held for nothing.
_LEAST = 64
# The longest words of an envelope beside its data, and the longest id in them.
_ENVELOPE = 1024
_MAX_ID = 256
# The mark is looked for at both ends of a frame: between them is the data, which may be long.
_WINDOW = 512
_MARK = 'l_message"'
_MARK_BYTES = _MARK.encode()


class FragmentError(Exception):
    """What is held for messages that are not complete would pass the bounds."""


@dataclass(slots=True)
class _Message:
    total: int
    pieces: dict[int, str] = field(default_factory=dict[int, str])
    size: int = 0


class Fragments:
    """Puts the pieces of messages together.

    Args:
        max_bytes: How large a message may be, and how much may be held for all that are not complete, in bytes of the
            decoded text. `None` is without bound.
    """

    def __init__(self, max_bytes: int | None) -> None:
        self._max_bytes = max_bytes
        # base64 makes four characters of three bytes.
        self._max_text = None if max_bytes is None else (max_bytes + 2) // 3 * 4
        self._open: dict[str, _Message] = {}
        self._held = 0

    def unwrap(self, frame: str | bytes) -> str | bytes | None:
        """Take the next frame of the channel.

        Args:
            frame: Text, or the UTF-8 bytes of it.

        Returns:
            The event: the frame itself when it has no envelope, or one that cannot be read, otherwise the UTF-8 bytes
            that were inside. `None` when pieces are still missing.

        Raises:
            FragmentError: The message is larger than `max_bytes`, or too much is held for incomplete ones.
        """
        if isinstance(frame, str):
            marked = frame.find(_MARK, 0, _WINDOW) >= 0 or frame.find(_MARK, max(0, len(frame) - _WINDOW)) >= 0
        else:
            marked = (
                frame.find(_MARK_BYTES, 0, _WINDOW) >= 0 or frame.find(_MARK_BYTES, max(0, len(frame) - _WINDOW)) >= 0
            )
        if not marked:
            self._check_size(len(frame))
            return frame
        if self._max_text is not None and len(frame) > self._max_text + _ENVELOPE:
            raise FragmentError(f"an envelope of {len(frame)} bytes, around more than {self._max_bytes} bytes")
        try:
            envelope: object = json.loads(frame)
        except (ValueError, RecursionError):
            return frame
        if not isinstance(envelope, dict):
            return frame
        return self._open_envelope(frame, cast("dict[str, object]", envelope))

    def _open_envelope(self, frame: str | bytes, envelope: dict[str, object]) -> str | bytes | None:
        data = envelope.get("data")
        if not isinstance(data, str):
            return frame
        match envelope:
            case {"type": "full_message"}:
                text = data
            case {
                "type": "partial_message",
                "id": str(id_),
                "fragment_index": int(index),
                "total_fragments": int(total),
            } if 0 <= index < total and len(id_) <= _MAX_ID:
                joined = self._add(id_, index, total, data)
                if joined is None:
                    return None
                text = joined
            case _:
                return frame
        try:
            event = binascii.a2b_base64(text)
        except ValueError:
            return frame
        self._check_size(len(event))
        return event

    def _add(self, id_: str, index: int, total: int, piece: str) -> str | None:
        """Keep a piece; the whole text when it was the last one missing."""
        message = self._open.get(id_)
        if message is None or message.total != total:
            # An id that comes again with another number of pieces is another message.
            self._forget(id_)
            if len(self._open) >= _MAX_OPEN:
                raise FragmentError(f"more than {_MAX_OPEN} fragmented messages are incomplete")
            message = self._open[id_] = _Message(total)
        if index in message.pieces:
            return None
        message.pieces[index] = piece
        size = max(len(piece), _LEAST)
        message.size += size
        self._held += size
        if self._max_text is not None and self._held > self._max_text:
            raise FragmentError(f"fragmented messages of more than {self._max_bytes} bytes")
        if len(message.pieces) < total:
            return None
        self._forget(id_)
        return "".join(message.pieces[number] for number in range(total))

    def _forget(self, id_: str) -> None:
        message = self._open.pop(id_, None)
        if message is not None:
            self._held -= message.size

    def _check_size(self, size: int) -> None:
        if self._max_bytes is not None and size > self._max_bytes:
            raise FragmentError(f"a message of {size} bytes, more than the {self._max_bytes} that are accepted")
