"""Items that a client sends, made into items of the conversation. Pure."""

import math
from collections.abc import Callable

import pybase64

from realtime_typed._generated.realtime.client_events import ConversationItemTruncate
from realtime_typed.audio import AudioFormatName, Int16Array, decode_audio

from .history import Audio, StoredItem
from .requests import RequestError, Wire

__all__ = ["decode_base64", "make_item", "truncate_item"]


def decode_base64(text: str, param: str) -> bytes:
    """Decode a field of base64.

    Raises:
        RequestError: It is none; `param` is named.
    """
    try:
        return pybase64.b64decode(text, None, True)
    except ValueError:
        message = f"Invalid '{param}'. Expected base64-encoded audio bytes, but got an invalid value."
        raise RequestError("invalid_value", message, param) from None


def make_item(wire: Wire, path: str, audio_format: AudioFormatName, new_id: Callable[[str], str]) -> StoredItem:
    """Bring an item into the shape that events show: with id and status, its audio beside it.

    Args:
        wire: The client's item, valid by the schema.
        path: Where it stands in the client's event, for errors.
        audio_format: The format of its audio: the session's input format.
        new_id: Makes the ids that the client left out.

    Raises:
        RequestError: Its content is not what a client may send.
    """
    own: Wire = {"id": wire.get("id") or new_id("item"), "type": wire["type"]}
    if wire["type"] in ("message", "function_call"):
        own["status"] = wire.get("status") or "completed"
    if wire["type"] == "function_call" and wire.get("call_id") is None:
        own["call_id"] = new_id("call")
    rest = {name: value for name, value in wire.items() if name not in own and name not in ("object", "status")}
    item = StoredItem(own | rest)
    if wire["type"] == "message":
        item.wire["content"] = [
            _take_part(item, index, part, f"{path}.content[{index}]", audio_format)
            for index, part in enumerate(item.content)
        ]
    return item


def _take_part(item: StoredItem, index: int, part: Wire, path: str, audio_format: AudioFormatName) -> Wire:
    if part["type"] == "output_audio":
        raise RequestError(
            "unsupported_content_type",
            "An assistant message can be added as text only: content type 'output_audio' is not supported.",
            f"{path}.type",
        )
    if part["type"] != "input_audio":
        return part
    param = f"{path}.audio"
    audio = part.get("audio")
    if not isinstance(audio, str):
        raise RequestError("missing_required_parameter", f"Missing required parameter: '{param}'.", param)
    item.audio[index] = Audio(audio_format, _decode(audio, param, audio_format))
    return {"type": "input_audio", "transcript": part.get("transcript")}


def _decode(audio: str, param: str, audio_format: AudioFormatName) -> Int16Array:
    try:
        return decode_audio(decode_base64(audio, param), audio_format)
    except ValueError as error:
        raise RequestError("invalid_value", f"Invalid '{param}': {error}.", param) from None


def truncate_item(item: StoredItem, event: ConversationItemTruncate) -> None:
    """Cut an assistant message as the client asks.

    Raises:
        RequestError: It is no message of the model with finished audio, or the audio is shorter already.
    """
    if item.wire.get("role") != "assistant" or not item.audio:
        raise RequestError("invalid_value", "Only model output audio messages can be truncated.", "item_id")
    audio = item.audio.get(event.content_index)
    if audio is None or event.content_index >= len(item.content):
        message = f"Item '{item.id}' has no finished audio at content index {event.content_index}."
        raise RequestError("invalid_value", message, "content_index")
    if event.audio_end_ms < 0:
        raise RequestError("invalid_value", "audio_end_ms must not be negative.", "audio_end_ms")
    if event.audio_end_ms > math.ceil(audio.milliseconds):
        length = int(audio.milliseconds)
        message = f"Audio content of {length}ms is already shorter than {event.audio_end_ms}ms"
        raise RequestError("invalid_value", message, "audio_end_ms")
    item.truncate(event.content_index, event.audio_end_ms)
