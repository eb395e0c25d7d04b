"""Changing one conversation item: its content parts and its readable form, together. Pure.

Items may hold content that did not fit its schema (it is then a dict, or missing); nothing here fails on that.
"""

from typing import Final, Literal, TypeAlias, cast, get_args

from . import audio
from ._formatted import FormattedTool
from ._generated.realtime.shared import (
    AssistantMessageItem,
    ConversationItem,
    FunctionCallItem,
    InputAudioPart,
    McpCallItem,
    OutputAudioPart,
    OutputTextPart,
)
from ._wire import ItemModel, WireModel, wire_fields

__all__ = [
    "CALLS",
    "ItemKind",
    "TextField",
    "add_text",
    "adopt",
    "as_text",
    "become",
    "content_parts",
    "decode_base64_audio",
    "decode_item_audio",
    "drop_encoded_audio",
    "fill",
    "format_name",
    "new_item",
    "overwrite",
    "part_text",
    "refresh",
    "set_arguments",
    "set_text",
    "takes_text",
    "whole_number",
]

TextField: TypeAlias = Literal["text", "transcript"]
ItemKind: TypeAlias = Literal["message", "function_call", "mcp_call"]

CALLS: Final = ("function_call", "mcp_call")
"""The items that have arguments which grow."""

# A hostile index must not make a list of a billion parts.
_MAX_PARTS = 1024
_FORMATS: Final = get_args(audio.AudioFormatName)


def as_text(value: object) -> str:
    """The value if it is text, otherwise nothing."""
    return value if isinstance(value, str) else ""


def whole_number(value: object) -> int:
    """An index or a time as servers write them, floats included; 0 for anything else."""
    return int(value) if isinstance(value, (int, float)) and 0 <= value < 2**53 else 0


def new_item(item_id: str, kind: ItemKind, call_id: str) -> ConversationItem:
    """Make the item that a delta speaks of before anything announced it."""
    if kind == "function_call":
        return FunctionCallItem(id=item_id, status="in_progress", name="", arguments="", call_id=call_id or None)
    if kind == "mcp_call":
        return McpCallItem(id=item_id, server_label="", name="", arguments="")
    return AssistantMessageItem(id=item_id, status="in_progress", content=[])


def adopt(item: ConversationItem) -> ConversationItem:
    """Copy an item out of an event, so that its growth does not change the event that the application keeps."""
    copy = item.model_copy()
    fields = wire_fields(copy)
    if fields.get("type") == "message":
        fields["content"] = [_copied(part) for part in content_parts(item)]
    return copy


def _copied(part: object) -> object:
    if isinstance(part, WireModel):
        return part.model_copy()
    return dict(cast("dict[str, object]", part)) if isinstance(part, dict) else part


def content_parts(item: ItemModel) -> list[object]:
    """The item's content; an empty list, not the item's own, when it has none."""
    content = wire_fields(item).get("content")
    return cast("list[object]", content) if isinstance(content, list) else []


def _part(item: ItemModel, index: int, field: TextField) -> object:
    """One content part, made when it is not there yet or is no object; `None` when the item can have none."""
    fields = wire_fields(item)
    if fields.get("type") != "message" or not 0 <= index < _MAX_PARTS:
        return None
    content = fields.get("content")
    if not isinstance(content, list):
        content = fields["content"] = []
    parts = cast("list[object]", content)
    while len(parts) <= index:
        parts.append(_new_part(fields.get("role"), field))
    part = parts[index]
    if field not in wire_fields(part) and _gives_way(part):
        part = parts[index] = _new_part(fields.get("role"), field)
    return part


def _gives_way(part: object) -> bool:
    """Whether a part is no object, or is of a known kind and holds nothing: it was guessed, or announced wrong."""
    if not isinstance(part, WireModel):
        return not isinstance(part, dict)
    return not part.model_extra and not any(value for name, value in wire_fields(part).items() if name != "type")


def _new_part(role: object, field: TextField) -> WireModel:
    if field == "text":
        return OutputTextPart(text="")
    return InputAudioPart() if role == "user" else OutputAudioPart()


def takes_text(item: ItemModel | None, index: int) -> bool:
    """Whether an item can have a content part of this index; `None` is one that is yet to come."""
    return 0 <= index < _MAX_PARTS and (item is None or wire_fields(item).get("type") == "message")


def part_text(item: ItemModel, index: int, field: TextField) -> str:
    """The text or transcript that a content part holds now."""
    parts = content_parts(item)
    return as_text(wire_fields(parts[index]).get(field)) if 0 <= index < len(parts) else ""


def _write(part: object, field: str, value: object) -> None:
    wire_fields(part)[field] = value
    if isinstance(part, WireModel):
        part.__pydantic_fields_set__.add(field)


def add_text(item: ItemModel, index: int, field: TextField, delta: str) -> bool:
    """Add to the text or transcript of a content part; say whether the item can have that part."""
    part = _part(item, index, field)
    if part is None:
        return False
    formatted = item.formatted
    values = wire_fields(part)
    values[field] = as_text(values.get(field)) + delta
    if isinstance(part, WireModel):
        part.__pydantic_fields_set__.add(field)
    if len(content_parts(item)) > 1:
        refresh(item)
    elif field == "text":
        formatted.text += delta
    else:
        formatted.transcript += delta
    return True


def set_text(item: ItemModel, index: int, field: TextField, text: str) -> bool:
    """Overwrite the text or transcript of a content part; say whether that changed anything."""
    part = _part(item, index, field)
    if part is None or as_text(wire_fields(part).get(field)) == text:
        return False
    _write(part, field, text)
    refresh(item)
    return True


def set_arguments(item: ItemModel, arguments: str, name: object = None, call_id: object = None) -> bool:
    """Overwrite a call's arguments, and its name and call id where they were not known.

    Returns:
        Whether that changed anything.
    """
    fields = wire_fields(item)
    if fields.get("type") not in CALLS:
        return False
    changed = fields.get("arguments") != arguments
    _write(item, "arguments", arguments)
    for key, value in (("name", name), ("call_id", call_id)):
        if as_text(value) and not fields.get(key):
            _write(item, key, value)
            changed = True
    refresh(item)
    return changed


def refresh(item: ItemModel) -> None:
    """Make the readable form anew from the item's fields; its audio stays."""
    formatted = item.formatted
    fields = wire_fields(item)
    if formatted.tool is not None:
        formatted.tool.name = as_text(fields.get("name"))
        formatted.tool.call_id = as_text(fields.get("call_id"))
        formatted.tool.arguments = as_text(fields.get("arguments"))
    elif fields.get("type") == "function_call_output":
        formatted.output = as_text(fields.get("output"))
    else:
        parts = [wire_fields(part) for part in content_parts(item)]
        formatted.text = "".join(as_text(part.get("text")) for part in parts)
        formatted.transcript = "".join(as_text(part.get("transcript")) for part in parts)


def become(known: ItemModel, whole: ConversationItem) -> None:
    """Make a known item, whose kind a delta let us guess, of the kind that it is said to be.

    It stays the same object, as the application may have it already, and keeps what both kinds can hold.
    """
    fields, news, formatted = wire_fields(known), wire_fields(adopt(whole)), known.formatted
    kept = {name: fields[name] for name in ("content", "arguments") if name in news and fields.get(name)}
    fields.clear()
    fields.update(news | kept)
    known.__pydantic_fields_set__.intersection_update(news)
    known.__pydantic_fields_set__.update(whole.model_fields_set)
    # All items have the same layout; pydantic's own way of setting an attribute is for fields.
    object.__setattr__(known, "__class__", type(whole))
    formatted.tool = FormattedTool("", "") if fields.get("type") == "function_call" else None
    formatted.text, formatted.transcript, formatted.output = "", "", None
    refresh(known)


def overwrite(known: ItemModel, final: ConversationItem) -> bool:
    """Give a known item the fields of its finished form; say whether that changed anything.

    A finished user item says `transcript: null` also when its transcript has already come; that transcript stays.
    """
    before = known.to_wire()
    fields, news = wire_fields(known), wire_fields(adopt(final))
    transcripts = [as_text(wire_fields(part).get("transcript")) for part in content_parts(known)]
    for name in final.model_fields_set & news.keys():
        _write(known, name, news[name])
    _add_extra(known, final)
    for part, transcript in zip(content_parts(known), transcripts, strict=False):
        values = wire_fields(part)
        if transcript and values.get("type") == "input_audio" and not values.get("transcript"):
            _write(part, "transcript", transcript)
    if fields.get("type") == "message" and not isinstance(fields.get("content"), list):
        fields["content"] = []
    refresh(known)
    return known.to_wire() != before


def fill(known: ItemModel, announced: ConversationItem) -> frozenset[str]:
    """Give a known item what its announcement says and it did not know; return the fields that this changed."""
    fields, news = wire_fields(known), wire_fields(adopt(announced))
    missing = [name for name in announced.model_fields_set if news.get(name) and not fields.get(name)]
    for name in missing:
        _write(known, name, news[name])
    added = _add_extra(known, announced)
    if missing:
        refresh(known)
    return frozenset((*missing, *added))


def _add_extra(known: ItemModel, other: ConversationItem) -> list[str]:
    """Take over the fields that the schema does not know; return those that this changed."""
    extra, news = known.model_extra, other.model_extra
    if extra is None or not news:
        return []
    changed = [name for name, value in news.items() if name not in extra or extra[name] != value]
    extra.update(news)
    return changed


def drop_encoded_audio(item: ItemModel) -> None:
    """Take the base64 audio out of an item's content; its readable form keeps what it made of it."""
    _ = item.formatted  # made on the first reading, of what the content holds then
    for part in content_parts(item):
        fields = wire_fields(part)
        if not isinstance(fields.get("audio"), str):
            continue
        if isinstance(part, WireModel):
            fields["audio"] = None
            part.__pydantic_fields_set__.discard("audio")
        else:
            del fields["audio"]


def format_name(holder: object, side: Literal["input", "output"]) -> audio.AudioFormatName | None:
    """The audio format that a session or response states, `None` when it states none that is known."""
    name = wire_fields(wire_fields(wire_fields(wire_fields(holder).get("audio")).get(side)).get("format")).get("type")
    return cast("audio.AudioFormatName", name) if name in _FORMATS else None


def decode_base64_audio(text: str, audio_format: audio.AudioFormatName) -> audio.Int16Array:
    """Decode the audio of an event; int16, shape `(n,)`, at the format's own rate, read-only.

    Raises:
        ValueError: It is no base64, or holds half a sample.
    """
    if audio_format == "audio/pcm":
        return audio.decode_base64_pcm16(text)
    return audio.decode_audio(audio.decode_base64(text), audio_format)


def decode_item_audio(item: ItemModel, audio_format: audio.AudioFormatName) -> None:
    """Put the audio that an item's content holds as base64 into its readable form."""
    if audio_format == "audio/pcm":
        return
    formatted = item.formatted
    formatted.set_audio(audio.pcm16_array(b""))
    for part in content_parts(item):
        try:
            formatted.append_audio(decode_base64_audio(as_text(wire_fields(part).get("audio")), audio_format))
        except ValueError:
            continue
