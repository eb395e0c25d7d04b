"""What a responder is asked: made from the session's configuration and the conversation. Pure."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from realtime_typed._generated.realtime.shared import RealtimeSession, Tool, ToolChoice

from .history import StoredItem
from .requests import Wire
from .responder import ResponderRequest, UserAudio

__all__ = ["make_request"]

_TOOLS: TypeAdapter[list[Tool]] = TypeAdapter(list[Tool])
_TOOL_CHOICE: TypeAdapter[ToolChoice] = TypeAdapter(ToolChoice)


def make_request(session: Wire, config: Wire, options: Wire, context: Sequence[StoredItem]) -> ResponderRequest:
    """Make the request of one response.

    Args:
        session: The configuration of the session.
        config: That of the response, by `merge_response`.
        options: The `response` of the `response.create`.
        context: The items that the response answers.
    """
    user = next((item for item in reversed(context) if item.wire.get("role") == "user"), None)
    parts = user.content if user is not None else []
    audio = next(iter(user.audio.values()), None) if user is not None else None
    last = context[-1].wire if context else {}
    instructions = options.get("instructions")
    return ResponderRequest(
        items=[item.model() for item in context],
        text=" ".join(str(part["text"]) for part in parts if part.get("text")),
        audio=None if audio is None else UserAudio(audio.samples, audio.rate),
        tool_output=str(last["output"]) if last.get("type") == "function_call_output" else None,
        session=RealtimeSession.model_validate(session),
        instructions=str(config["instructions"] or ""),
        response_instructions=instructions if isinstance(instructions, str) else None,
        tools=_TOOLS.validate_python(config["tools"] or []),
        tool_choice=_TOOL_CHOICE.validate_python(config["tool_choice"]),
        modality="audio" if config["output_modalities"] == ["audio"] else "text",
    )
