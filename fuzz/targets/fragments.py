"""`Fragments.unwrap` on the frames of one channel, a frame a line.

The first byte: how large a message may be, whether frames are text, and whether the rest is a message that is cut up
properly instead: then it has to come out as it went in.
"""

import base64
import json
from collections.abc import Iterable
from itertools import pairwise
from random import Random
from typing import Final

from fuzz.checks import as_text, require
from fuzz.words import HOSTILE
from realtime_typed.transports._fragments import FragmentError, Fragments

__all__ = ["run", "seeds", "words"]

_LIMITS: Final = (None, 64, 4096, 0)
_AS_TEXT: Final = 0x04
_PROPER: Final = 0x08
_MAX_FRAMES: Final = 100


def run(data: bytes) -> None:
    """Unwrap the frames."""
    first = data[0] if data else 0
    limit = _LIMITS[first % len(_LIMITS)]
    fragments = Fragments(limit)
    if first & _PROPER:
        _run_properly(fragments, limit, data[1:], first >> 4)
        return
    for line in data[1:].split(b"\n", _MAX_FRAMES)[:_MAX_FRAMES]:
        frame: str | bytes = as_text(line) if first & _AS_TEXT else line
        try:
            event = fragments.unwrap(frame)
        except FragmentError:
            return
        held = fragments._held  # pyright: ignore[reportPrivateUsage]  # memory does not show from outside
        pieces = [
            piece
            for message in fragments._open.values()  # pyright: ignore[reportPrivateUsage]  # likewise
            for piece in message.pieces.values()
        ]
        counted = _counted(pieces)
        require(
            held == counted and (limit is None or held <= _most(limit)), "what is held is counted and bounded", held
        )
        if event is not None and event is not frame:
            require(isinstance(event, bytes) and (limit is None or len(event) <= limit), "a message is bounded", event)
            require(b"l_message" in line, "only an envelope is opened", line)


def _counted(pieces: Iterable[str]) -> int:
    """What pieces count for: one without text takes memory too."""
    return sum(max(len(piece), 64) for piece in pieces)


def _most(limit: int) -> int:
    return (limit + 2) // 3 * 4


def _run_properly(fragments: Fragments, limit: int | None, message: bytes, chance: int) -> None:
    text = base64.b64encode(message).decode()
    random = Random(chance)
    total = random.randint(1, 9)
    cuts = [0, *sorted(random.randint(0, len(text)) for _ in range(total - 1)), len(text)]
    frames = [
        {
            "id": "m",
            "type": "partial_message",
            "data": text[start:end],
            "fragment_index": index,
            "total_fragments": total,
        }
        for index, (start, end) in enumerate(pairwise(cuts))
    ]
    random.shuffle(frames)
    frames.insert(random.randrange(total), frames[0])  # one comes twice
    frames.insert(0, {"id": "x", "type": "full_message", "data": ""})
    made: list[str | bytes | None] = []
    try:
        made = [fragments.unwrap(json.dumps(frame)) for frame in frames]
    except FragmentError:
        counted = _counted([str(frame["data"]) for frame in frames])
        require(limit is not None and counted > _most(limit), "a message within the bounds is read", len(message))
        return
    # A message of one piece that comes twice is two messages.
    times = made[1:].count(message)
    require(made[0] == b"" and times == 1 + (total == 1), "a message comes out as it went in", made)


def seeds() -> Iterable[bytes]:
    """Envelopes of every kind, and what only looks like one."""
    full = b'{"id": "a", "type": "full_message", "data": "eyJ0eXBlIjogIngifQ=="}'
    part = '{"id": "%s", "type": "partial_message", "data": "%s", "fragment_index": %s, "total_fragments": %s}'
    for head in range(8):
        yield bytes([head]) + full
        for others in (("a", "0", "1"), ("b", "1", "1"), ("a", "-1", "1"), ("a", "true", "true"), ("a", "0", "1e3")):
            yield bytes([head]) + (part % (others[0], "AAAA", *others[1:])).encode()
        lines = [part % ("a", "eyJ0", number, 3) for number in (2, 0, 0, 1)]
        yield bytes([head]) + "\n".join(lines).encode()
        yield bytes([head]) + "\n".join(part % (number, "A" * 60, 0, 2) for number in range(70)).encode()
        yield bytes([head]) + (part % ("a", "A", 10**30, 10**31)).encode()
    for chance in range(0, 256, 8):
        yield bytes([chance | _PROPER]) + b'{"type": "x"}' * (chance // 16)
    for line in HOSTILE:
        yield b"\x00" + line + b' "full_message"'
        yield b"\x00" + line.replace(b"error", b"full_message")


def words() -> Iterable[str]:
    """Words of the envelope."""
    yield from (
        "full_message",
        "partial_message",
        "fragment_index",
        "total_fragments",
        "data",
        "id",
        "type",
        "AAAA",
        "A=",
    )
    yield from ("l_message", "=====", "\x00", "\n")
