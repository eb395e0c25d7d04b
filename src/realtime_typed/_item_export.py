"""The items of a conversation as another session takes them: what the service refuses from a client becomes text. Pure.

The service takes no audio of the model back, and gives none of the user's: what was said goes on as its transcript.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from ._generated.realtime.shared import ConversationItem
from ._item_content import as_text, content_parts
from ._wire import ItemModel, to_plain, wire_fields

__all__ = ["export_items"]

_TEXT_TYPE: Final = {"user": "input_text", "system": "input_text", "assistant": "output_text"}


@cache
def _adapter() -> TypeAdapter[ConversationItem]:
    # Made when it is needed: it costs some milliseconds.
    return TypeAdapter(ConversationItem)


def export_items(items: Sequence[ConversationItem]) -> list[ConversationItem]:
    """Make items that a client may send, in the same order and with the same ids.

    Args:
        items: The items of a conversation.

    Returns:
        New items; those are left out of which nothing is left, and those that only the service can make.
    """
    exported: list[ConversationItem] = []
    calls: set[str] = set()
    for item in items:
        fields = wire_fields(item)
        call_id = as_text(fields.get("call_id"))
        made: dict[str, object] | None = None
        if fields.get("type") == "message":
            made = _message(item)
        elif fields.get("type") == "function_call" and call_id and fields.get("status") in ("completed", None):
            made = _picked(item, "name", "call_id", "arguments")
            calls.add(call_id)
        elif fields.get("type") == "function_call_output" and call_id in calls:
            made = _picked(item, "call_id", "output")
        if made is None:
            continue
        try:
            exported.append(_adapter().validate_python(made))
        except ValidationError:  # of another service's shape; the reducer took it as it came
            continue
    return exported


def _picked(item: ItemModel, *names: str) -> dict[str, object]:
    fields = wire_fields(item)
    return {name: fields[name] for name in ("id", "type", *names) if fields.get(name) is not None}


def _message(item: ItemModel) -> dict[str, object] | None:
    made = _picked(item, "role")
    text_type = _TEXT_TYPE.get(as_text(made.get("role")))
    parts: list[object] = []
    for part in content_parts(item):
        fields = wire_fields(part)
        text = as_text(fields.get("text")) or as_text(fields.get("transcript"))
        if fields.get("type") == "input_image" and fields.get("image_url"):
            parts.append(to_plain(part))
        elif text:
            parts.append({"type": text_type, "text": text})
    return {**made, "content": parts} if parts and text_type else None
