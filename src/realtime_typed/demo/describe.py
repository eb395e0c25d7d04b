"""What matters about an event or an item, in a few words.

Events that do not fit their schema are delivered as they came. A pattern that names a field's type passes over those,
so that nothing here fails on what another server sends.
"""

from collections.abc import Iterator, Mapping
from typing import cast

from realtime_typed.types import (
    AssistantMessageItem,
    ClientEvent,
    ConversationItem,
    ConversationItemAdded,
    ConversationItemCreate,
    ConversationItemDone,
    ConversationItemInputAudioTranscriptionCompleted,
    ConversationItemInputAudioTranscriptionDelta,
    ErrorDetails,
    ErrorEvent,
    FunctionCallItem,
    FunctionCallOutputItem,
    InputAudioBufferAppend,
    InputAudioBufferSpeechStarted,
    InputAudioBufferSpeechStopped,
    RealtimeResponse,
    RealtimeSession,
    ResponseDone,
    ResponseFunctionCallArgumentsDelta,
    ResponseFunctionCallArgumentsDone,
    ResponseOutputAudioDelta,
    ResponseOutputAudioTranscriptDelta,
    ResponseOutputAudioTranscriptDone,
    ResponseOutputItemAdded,
    ResponseOutputItemDone,
    ResponseOutputTextDelta,
    ResponseOutputTextDone,
    ResponseStatusDetails,
    ResponseStatusError,
    ResponseUsage,
    ServerEvent,
    SessionCreated,
    SessionUpdate,
    SessionUpdated,
    SystemMessageItem,
    UnknownEvent,
    UserMessageItem,
)

from .console import one_line

__all__ = ["audio_bytes", "describe_event", "describe_item", "describe_outcome"]


def audio_bytes(event: ServerEvent | ClientEvent | UnknownEvent) -> int | None:
    """How many bytes of audio an event carries, before base64; `None` when it is no event that carries audio."""
    match event:
        case InputAudioBufferAppend(audio=str(text)) | ResponseOutputAudioDelta(delta=str(text)):
            # Three bytes in four characters (RFC 4648 §4), less the padding at the end.
            return len(text) * 3 // 4 - text.count("=", -2)
        case _:
            return None


def describe_event(event: ServerEvent | ClientEvent | UnknownEvent) -> str:
    """Say in a few words what an event brings; empty where its type says everything."""
    match event:
        case UnknownEvent():
            return "not in the schema"
        case ErrorEvent(error=ErrorDetails() as error):
            return f"{error.code or error.type}: {error.message}"
        case (
            ResponseOutputTextDelta(delta=str(delta))
            | ResponseOutputAudioTranscriptDelta(delta=str(delta))
            | ResponseFunctionCallArgumentsDelta(delta=str(delta))
            | ConversationItemInputAudioTranscriptionDelta(delta=str(delta))
        ):
            return repr(delta)
        case ResponseOutputTextDone(text=str(text)):
            return repr(text)
        case (
            ResponseOutputAudioTranscriptDone(transcript=str(text))
            | ConversationItemInputAudioTranscriptionCompleted(transcript=str(text))
        ):
            return repr(text)
        case ResponseFunctionCallArgumentsDone(arguments=str(arguments)):
            return arguments
        case (
            ConversationItemCreate(item=item)
            | ConversationItemAdded(item=item)
            | ConversationItemDone(item=item)
            | ResponseOutputItemAdded(item=item)
            | ResponseOutputItemDone(item=item)
        ):
            return describe_item(item)
        case InputAudioBufferSpeechStarted(audio_start_ms=milliseconds):
            return f"at {milliseconds} ms"
        case InputAudioBufferSpeechStopped(audio_end_ms=milliseconds):
            return f"at {milliseconds} ms"
        case (
            SessionCreated(session=RealtimeSession(model=model)) | SessionUpdated(session=RealtimeSession(model=model))
        ):
            return str(model)
        case SessionUpdate(session=session):
            return ", ".join(_set_fields(session.to_wire()))
        case ResponseDone(response=RealtimeResponse() as response):
            return describe_outcome(response)
        case _ if (size := audio_bytes(event)) is not None:
            return f"{size} bytes"
        case _:
            return ""


def describe_item(item: ConversationItem) -> str:
    """Say who says what, or which function is called or answers."""
    match item:
        case FunctionCallItem(name=name, arguments=arguments):
            return f"call {name}({arguments})"
        case FunctionCallOutputItem(output=output):
            return f"output {output!r}"
        case UserMessageItem() | AssistantMessageItem() | SystemMessageItem():
            said = item.formatted.text or item.formatted.transcript
            return f"{item.role} {said!r}" if said else item.role
        case _:
            return str(getattr(item, "type", ""))


def describe_outcome(response: RealtimeResponse) -> str:
    """Say how a response ended: its status, the reason if there is one, and the tokens it took."""
    words = [str(response.status or "done")]
    match response.status_details:
        case ResponseStatusDetails(error=ResponseStatusError() as error):
            words.append(str(error.code or error.type))
            # The schema has no message here, but the service sends one: fields it does not know are kept.
            message = (error.model_extra or {}).get("message")
            if isinstance(message, str) and message:
                words.append(message)
        case ResponseStatusDetails(reason=str(reason)):
            words.append(reason)
        case _:
            pass
    if isinstance(response.usage, ResponseUsage) and response.usage.total_tokens is not None:
        words.append(f"{response.usage.total_tokens} tokens")
    return one_line(", ".join(words))


def _set_fields(session: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    """The fields that a session object carries, those under `audio` by their path."""
    for name, value in session.items():
        if isinstance(value, dict) and name in ("audio", "input", "output"):
            yield from _set_fields(cast("dict[str, object]", value), f"{prefix}{name}.")
        elif prefix or name != "type":
            yield f"{prefix}{name}"
