"""What a new session is given of the conversation of one that was lost. Pure.

Rules:

* The newest items within the bound, in order, under their own ids. Speech goes as its transcript.
* A call goes with its output or not at all, unless the output will still come; an output never goes without its call.
* What the user said and no transcript tells goes as audio, if it is still here.
* What is left out is named.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from ._generated.realtime.shared import ConversationItem
from ._item_content import as_text, content_parts
from ._item_export import export_items
from ._wire import ItemModel, to_plain, wire_fields
from .audio import AudioFormatName, Int16Array, encode_audio, encode_base64
from .utility_events import LostPiece

__all__ = ["Seed", "seed_of", "spoken_item"]


@dataclass(frozen=True, slots=True)
class Seed:
    """What is sent, and what is not.

    Attributes:
        items: The items, as they go on the wire, in order.
        lost: What is left out.
    """

    items: list[Mapping[str, object]]
    lost: list[LostPiece]


def seed_of(
    items: Sequence[ConversationItem],
    *,
    will_be_answered: Callable[[str, str], bool],
    audio_format: AudioFormatName,
    max_items: int,
    max_bytes: int,
) -> Seed:
    """Choose what a new session is given.

    Args:
        items: The conversation.
        will_be_answered: Says of a call without an output, by `call_id` and name, whether the output will come.
        audio_format: The session's input format.
        max_items: How many items at most.
        max_bytes: How many bytes of JSON at most.
    """
    lost: list[LostPiece] = []
    exported = {item.id: cast("Mapping[str, object]", to_plain(item)) for item in export_items(items)}
    answered = {as_text(wire_fields(item).get("call_id")) for item in items if _kind(item) == "function_call_output"}
    groups: list[list[tuple[str, Mapping[str, object]]]] = []
    calls: dict[str, list[tuple[str, Mapping[str, object]]]] = {}
    for item in items:
        item_id, fields = item.id or "", wire_fields(item)
        call_id = as_text(fields.get("call_id"))
        wire = _with_audio(item, audio_format) or exported.get(item_id)
        if wire is None:
            lost.append(LostPiece("item", item_id, "nothing of it can be sent: it has no text"))
            continue
        if _kind(item) == "function_call":
            if call_id not in answered and not will_be_answered(call_id, as_text(fields.get("name"))):
                lost.append(LostPiece("item", item_id, "it is a call that nobody answers"))
                continue
            calls[call_id] = [(item_id, wire)]
            groups.append(calls[call_id])
        elif _kind(item) == "function_call_output" and call_id in calls:
            # With its call, so that the bound does not part them; the order is that of the calls.
            calls[call_id].append((item_id, wire))
        else:
            groups.append([(item_id, wire)])
    kept: list[list[tuple[str, Mapping[str, object]]]] = []
    count = size = 0
    full = False
    for group in reversed(groups):
        added = sum(_size(wire) for _, wire in group)
        full = full or count + len(group) > max_items or size + added > max_bytes
        if full:
            lost.extend(LostPiece("item", item_id, "it is beyond the bound of the history") for item_id, _ in group)
            continue
        count, size = count + len(group), size + added
        kept.append(group)
    order = {item.id: position for position, item in enumerate(items)}
    chosen = sorted((entry for group in kept for entry in group), key=lambda entry: order[entry[0]])
    return Seed([wire for _, wire in chosen], lost)


def spoken_item(item_id: str, samples: Int16Array, audio_format: AudioFormatName) -> Mapping[str, object]:
    """A message of the user that is nothing but what was said."""
    part = {"type": "input_audio", "audio": encode_base64(encode_audio(samples, audio_format))}
    return {"id": item_id, "type": "message", "role": "user", "content": [part]}


def _kind(item: ItemModel) -> str:
    return as_text(wire_fields(item).get("type"))


def _with_audio(item: ConversationItem, audio_format: AudioFormatName) -> Mapping[str, object] | None:
    """A user's message with its speech as audio, if no transcript tells it and all of it is here."""
    fields = wire_fields(item)
    if fields.get("role") != "user" or not item.formatted.audio_samples or item.formatted.audio_dropped:
        return None
    parts = [wire_fields(part) for part in content_parts(item)]
    spoken = [part for part in parts if part.get("type") == "input_audio"]
    if len(spoken) != 1 or spoken[0].get("transcript"):
        return None
    audio = encode_base64(encode_audio(item.formatted.audio, audio_format))
    content = [
        {"type": "input_audio", "audio": audio}
        if part.get("type") == "input_audio"
        else {name: to_plain(value) for name, value in part.items() if value is not None}
        for part in parts
    ]
    return {"id": item.id, "type": "message", "role": "user", "content": content}


def _size(wire: Mapping[str, object]) -> int:
    """About the bytes of its JSON."""
    if not wire:
        return 2
    return sum(_size_of(value) + len(name) + 6 for name, value in wire.items())


def _size_of(value: object) -> int:
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode())
    if isinstance(value, Mapping):
        return _size(cast("Mapping[str, object]", value))
    if isinstance(value, list):
        return sum(_size_of(entry) + 2 for entry in cast("list[object]", value))
    return 4
