"""What the service's `error` events say: the exception they stand for, and whose they can be when they name nobody."""

from collections.abc import Mapping
from typing import Final

from ._wire import wire_fields
from .errors import ServerError

__all__ = ["server_error", "suspects"]

_OF_AN_ITEM: Final = ("conversation.item.delete", "conversation.item.retrieve", "conversation.item.truncate")
# Which requests an error that names no event can belong to: by how its code begins, then by where its param begins.
_BY_CODE: Final[Mapping[str, tuple[str, ...]]] = {
    "session_expired": (),
    "beta_api_shape_disabled": (),
    "input_audio_buffer_full": (),
    "input_audio_buffer_commit": ("input_audio_buffer.commit",),
    "input_audio_buffer_clear": ("input_audio_buffer.clear",),
    "conversation_already_has_active_response": ("response.create",),
    "inference_rate_limit_exceeded": ("response.create",),
    "insufficient_quota": ("response.create",),
    "response_cancel": ("response.cancel",),
    "item_create": ("conversation.item.create",),
    "invalid_tool_call_id": ("conversation.item.create",),
    "item_delete": ("conversation.item.delete",),
    "item_retrieve": ("conversation.item.retrieve",),
    "item_truncate": ("conversation.item.truncate",),
}
_BY_PARAM: Final[Mapping[str, tuple[str, ...]]] = {
    "session": ("session.update",),
    "item": ("conversation.item.create",),
    "previous_item_id": ("conversation.item.create",),
    "response": ("response.create",),
    "response_id": ("response.cancel",),
    "item_id": _OF_AN_ITEM,
    "content_index": ("conversation.item.truncate",),
    "audio_end_ms": ("conversation.item.truncate",),
    "audio": (),  # of `input_audio_buffer.append`, which nothing answers
}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def server_error(event: object) -> ServerError:
    """The exception that an `error` event stands for.

    Args:
        event: The event, as a model, or as a dict where it did not fit its schema.
    """
    details = wire_fields(wire_fields(event).get("error"))
    return ServerError(
        _text(details.get("message")) or "the service gave no message",
        type=_text(details.get("type")) or "",
        code=_text(details.get("code")),
        param=_text(details.get("param")),
        event_id=_text(details.get("event_id")),
    )


def suspects(code: str | None, param: str | None) -> tuple[str, ...] | None:
    """Which kinds of requests an error that names no event can belong to.

    Args:
        code: The error's code.
        param: The parameter that it names.

    Returns:
        Types of client events, none for an error of the connection or of audio; `None` when nothing can be told.
    """
    kinds = next((kinds for start, kinds in _BY_CODE.items() if (code or "").startswith(start)), None)
    return kinds if kinds is not None else _BY_PARAM.get((param or "").replace("[", ".").split(".")[0])
