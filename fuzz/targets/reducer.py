"""`Conversation.apply` on sequences of events, which the bytes choose.

The first byte: how much audio is kept, how events are decoded, and one of two servers. A hostile one sends any event
with any fields; an orderly one sends what clones do: items that are announced with their text, which then comes again
in deltas, items interleaved, finished forms missing. What its items hold is known at every step.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, cast

from fuzz.checks import require
from fuzz.choices import Choices
from realtime_typed._generated.realtime.registry import SERVER_EVENTS, ServerEvent
from realtime_typed._wire import UnknownEvent, wire_fields
from realtime_typed.audio import pcm16_array
from realtime_typed.codec import Codec
from realtime_typed.conversation import AudioRetention, Conversation

__all__ = ["run", "seeds", "words"]

_Frame = dict[str, object]
_RETENTIONS: Final[tuple[AudioRetention, ...]] = ("all", "none", 0.001, 1)
_CODECS: Final = (Codec("off"), Codec("lenient"))
_SAMPLES: Final = pcm16_array(b"\x01\x00" * 100)
_ORDERLY: Final = 0x08
_MAX_EVENTS: Final = 16
_CHECK_EVERY: Final = 8

# The events that change something stand first, so that the first bytes' worth of chance falls on them more often.
_REDUCED: Final = tuple(Conversation._REDUCERS)  # pyright: ignore[reportPrivateUsage]  # no list of them is public
_NAMES: Final = (*_REDUCED, *_REDUCED, *_REDUCED, *SERVER_EVENTS)
_IDS: Final = ("i0", "i1", "i2", "i3", "", None, "root", 7, ["i0"], "r0")
_PLACES: Final = (0, 0, 0, 1, 2, -1, 5000, 2**70, 1.0, 0.5, "0", None, 1e308, True)
_TEXTS: Final = ("a", "bc", "", "\ud7ff", "ab" * 20, None, 3, {"text": "a"}, ["a"])
_AUDIO: Final = ("AAAA", "AAA=", "AQI=", "AQ==", "", "!", "A", None, "AAAA" * 90, "\u00e9")
_MILLISECONDS: Final = (0, 10, 1, -5, 2**60, 1.5, "x", None, 1e300, 100)
_STATUSES: Final = ("in_progress", "completed", "incomplete", None, "odd", 1)
_ROLES: Final = ("assistant", "user", "system", "x", None)
_PART_TYPES: Final = ("output_text", "output_audio", "input_audio", "input_text", "text", "input_image", "x", None)
_TYPES: Final = ("message", "function_call", "function_call_output", "mcp_call", "mcp_list_tools", "x", None, 5)
_FORMATS: Final[tuple[object, ...]] = (
    {"type": "audio/pcm", "rate": 24000},
    {"type": "audio/pcmu"},
    {"type": "audio/pcma"},
    {"type": []},
    None,
    "x",
)
_ODD: Final = cast("list[object]", json.loads('[null, [], {}, "x", 0, [null], [{}], {"id": "i0"}, true]'))


def _part(choices: Choices) -> object:
    if not choices.number(12):
        return choices.pick(_ODD)
    part: _Frame = {"type": choices.pick(_PART_TYPES)}
    if choices.number(3):
        part["text"] = choices.pick(_TEXTS)
    if choices.number(3):
        part["transcript"] = choices.pick(_TEXTS)
    if not choices.number(4):
        part["audio"] = choices.pick(_AUDIO)
    return part


def _content(choices: Choices) -> object:
    return [_part(choices) for _ in range(choices.number(4))]


def _item(choices: Choices) -> object:
    if not choices.number(16):
        return choices.pick(_ODD)
    item: _Frame = {"id": choices.pick(_IDS), "type": choices.pick(_TYPES)}
    shape = choices.number(64)
    if shape & 1:
        item["role"] = choices.pick(_ROLES)
    if shape & 2:
        item["status"] = choices.pick(_STATUSES)
    if item["type"] == "message" or shape & 4:
        item["content"] = _content(choices) if shape & 24 else choices.pick(_ODD)
    if item["type"] in ("function_call", "mcp_call") or shape & 32:
        item |= {"name": choices.pick(_TEXTS), "call_id": choices.pick(_IDS), "arguments": choices.pick(_TEXTS)}
    if item["type"] == "function_call_output":
        item |= {"call_id": choices.pick(_IDS), "output": choices.pick(_TEXTS)}
    return item


def _session(choices: Choices) -> object:
    audio = {side: {"format": choices.pick(_FORMATS)} for side in ("input", "output")}
    return choices.pick(({"type": "realtime", "audio": audio}, {"audio": audio}, *_ODD))


def _response(choices: Choices) -> object:
    response: _Frame = {"id": choices.pick(("r0", "r1", None, 3))}
    if choices.number(2):
        response["conversation_id"] = choices.pick((None, "conv", 1))
    if choices.number(2):
        response["output"] = [_item(choices) for _ in range(choices.number(3))]
    if not choices.number(8):
        response["audio"] = {"output": {"format": choices.pick(_FORMATS)}}
    return response if choices.number(16) else choices.pick(_ODD)


def _of(options: tuple[object, ...]) -> Callable[[Choices], object]:
    return lambda choices: choices.pick(options)


_MAKERS: Final[dict[str, Callable[[Choices], object]]] = {
    "item_id": _of(_IDS),
    "previous_item_id": _of(_IDS),
    "response_id": _of(("r0", "r1", None, 3, [])),
    "content_index": _of(_PLACES),
    "output_index": _of((0,)),
    "delta": _of(_TEXTS),
    "text": _of(_TEXTS),
    "transcript": _of(_TEXTS),
    "arguments": _of(_TEXTS),
    "name": _of(_TEXTS),
    "call_id": _of(_IDS),
    "audio_start_ms": _of(_MILLISECONDS),
    "audio_end_ms": _of(_MILLISECONDS),
    "item": _item,
    "part": _part,
    "session": _session,
    "response": _response,
    "error": _of(({"code": "input_audio_buffer_commit_empty"}, {"code": "x", "message": "a"}, None, 1)),
}
_FIELDS: Final = {
    name: [(key, _MAKERS[key]) for key in model.model_fields if key in _MAKERS] for name, model in SERVER_EVENTS.items()
}
# An event of the beta dialect, which clones send inside of a GA stream.
_FIELDS["conversation.item.created"] = _FIELDS["conversation.item.added"]


def _hostile_frame(choices: Choices) -> _Frame:
    name = choices.pick(_NAMES)
    frame: _Frame = {"type": name}
    for key, make in _FIELDS[name]:
        if key == "delta" and "output_audio.delta" in name:
            frame[key] = choices.pick(_AUDIO)
        else:
            frame[key] = make(choices)
    if not choices.number(10) and len(frame) > 1:
        del frame[list(frame)[1 + choices.number(len(frame) - 1)]]
    return frame


def _run_hostile(choices: Choices, conversation: Conversation, codec: Codec) -> None:
    said = 0
    for step in range(_MAX_EVENTS):
        if not choices.left:
            break
        kind = choices.number(32)
        if kind == 31:
            _application_acts(choices, conversation)
            continue
        text = json.dumps(_hostile_frame(choices))
        said += len(text)
        conversation.apply(_decoded(codec, text))
        if step % _CHECK_EVERY == 0:
            _check(conversation, said)
    _check(conversation, said)
    exported = [item.to_wire() for item in conversation.export()]
    require(json.loads(json.dumps(exported)) == exported, "what is exported is JSON", exported)


@lru_cache(maxsize=8192)
def _decoded(codec: Codec, text: str) -> ServerEvent | UnknownEvent:
    """An event, decoded once: that costs more than what is fuzzed, and a conversation changes no event."""
    return codec.decode(text)


def _application_acts(choices: Choices, conversation: Conversation) -> None:
    match choices.number(5):
        case 0:
            conversation.queue_input_audio()
        case 1:
            conversation.queue_first_item(str(choices.pick(_IDS)))
        case 2:
            conversation.clear()
        case 3:
            conversation.queue_item_audio("i1", _SAMPLES)
        case _:
            conversation.add_output_audio("i0", _SAMPLES)


def _check(conversation: Conversation, said: int) -> None:
    items = conversation.items
    ids = [item.id for item in items]
    require(len(ids) == len(set(ids)), "an item is there once", ids)
    for item in items:
        formatted = item.formatted
        require(len(formatted.text) + len(formatted.transcript) <= said, "there is no more text than came", formatted)
        wire = item.to_wire()
        json.dumps(wire)
        content = wire_fields(item).get("content")
        if wire_fields(item).get("type") != "message" or not isinstance(content, list):
            continue
        parts = [wire_fields(part) for part in cast("list[object]", content)]
        for name, shown in (("text", formatted.text), ("transcript", formatted.transcript)):
            texts = [part.get(name) for part in parts]
            joined = "".join(text for text in texts if isinstance(text, str))
            require(shown == joined, "the readable form is that of the content", shown, wire)
    require(len(conversation.unfitting) <= 64, "what did not fit is bounded")


# A server that keeps to the protocol, in the ways of clones.


@dataclass
class _Told:
    """An item of the orderly server."""

    id: str
    kind: Literal["text", "audio", "call"]
    pieces: list[str]
    known: bool
    """Whether its announcement holds all its text."""
    sent: int = 0
    announced: bool = False
    finished: bool = False
    waiting: list[_Frame] = field(default_factory=list[_Frame])

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def wire(self, text: str, status: str) -> _Frame:
        if self.kind == "call":
            return {
                "id": self.id,
                "type": "function_call",
                "status": status,
                "name": "f",
                "call_id": "c",
                "arguments": text,
            }
        part: _Frame = (
            {"type": "output_text", "text": text}
            if self.kind == "text"
            else {"type": "output_audio", "transcript": text}
        )
        content = [part] if text else []
        return {"id": self.id, "type": "message", "status": status, "role": "assistant", "content": content}


_DELTAS: Final = {"text": "output_text", "audio": "output_audio_transcript", "call": "function_call_arguments"}
_WHOLES: Final = {"text": "text", "audio": "transcript", "call": "arguments"}
_KINDS: Final[tuple[Literal["text", "audio", "call"], ...]] = ("text", "audio", "call")


def _run_orderly(choices: Choices, conversation: Conversation, codec: Codec) -> None:
    told: list[_Told] = []
    for number in range(1 + choices.number(4)):
        # Each piece is another one, so that text which is there twice is seen.
        pieces = [f"<{number}.{piece}>" for piece in range(choices.number(5))]
        item = _Told(f"i{number}", choices.pick(_KINDS), pieces, known=bool(choices.number(2)))
        told.append(item)
    for _ in range(_MAX_EVENTS):
        going = [item for item in told if not item.finished]
        if not going:
            break
        item = choices.pick(going)
        frame = _next_frame(choices, item)
        conversation.apply(codec.decode(json.dumps(frame)))
        _check_orderly(conversation, told)
    for item in told:
        require(not item.finished or _shown(conversation, item) == item.text, "a finished item holds its text", item)
    require(not conversation.issues, "what keeps to the protocol fits", conversation.issues)


def _next_frame(choices: Choices, item: _Told) -> _Frame:
    step = choices.number(8)
    place: _Frame = {"item_id": item.id, "response_id": "r", "content_index": 0, "output_index": 0}
    if not item.announced and (item.known or step < 6):
        item.announced = True
        name = ("response.output_item.added", "conversation.item.added")[step & 1]
        return {
            "type": name,
            "item": item.wire(item.text if item.known else "", "in_progress"),
            "previous_item_id": None,
        }
    if item.sent < len(item.pieces) and (step < 6 or not item.known):
        item.sent += 1
        return {"type": f"response.{_DELTAS[item.kind]}.delta", **place, "delta": item.pieces[item.sent - 1]}
    item.finished = item.announced = True
    if step & 1 and item.text:
        return {"type": f"response.{_DELTAS[item.kind]}.done", **place, _WHOLES[item.kind]: item.text}
    whole = item.wire(item.text, "completed")
    name = choices.pick(("response.output_item.done", "conversation.item.done", "response.done"))
    if name == "response.done":
        return {"type": name, "response": {"id": "r", "conversation_id": "c", "output": [whole]}}
    return {"type": name, "item": whole, "response_id": "r"}


def _shown(conversation: Conversation, item: _Told) -> str:
    found = conversation.get_item(item.id)
    if found is None:
        return ""
    formatted = found.formatted
    return formatted.tool.arguments if formatted.tool is not None else formatted.text + formatted.transcript


def _check_orderly(conversation: Conversation, told: list[_Told]) -> None:
    for item in told:
        shown = _shown(conversation, item)
        whole = item.finished or (item.known and item.announced)
        expected = "".join(item.pieces if whole else item.pieces[: item.sent])
        require(shown == expected, "text is what came, once", shown, expected, item)


def run(data: bytes) -> None:
    """Let a conversation take one sequence of events."""
    choices = Choices(data)
    first = choices.number(256)
    conversation = Conversation(audio_retention=_RETENTIONS[first % len(_RETENTIONS)])
    codec = _CODECS[first >> 2 & 1]
    if first & _ORDERLY:
        _run_orderly(choices, conversation, codec)
    else:
        _run_hostile(choices, conversation, codec)


def seeds() -> Iterable[bytes]:
    """Sequences in which every event that changes something comes."""
    for head in range(16):
        yield bytes([head])
        yield bytes([head, *range(60)])
        yield bytes([head, *range(60, 0, -1)])
        yield bytes([head, *(number * 37 % 256 for number in range(120))])
    for number in range(len(_REDUCED)):
        yield bytes([number & 7, 1, number, *([1] * 12), 1, number, *([2] * 12)])
        yield bytes([number & 7, 1, 3, 1, 1, 1, 0, 0, 27, 0, 1, 2, 1, number, *range(20)])


def words() -> Iterable[str]:
    """Bytes choose here, so there are no words."""
    return ()
