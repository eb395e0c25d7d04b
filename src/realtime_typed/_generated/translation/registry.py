# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Wire names to classes."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from realtime_typed._wire import WireModel

from .client_events import (
    SessionClose,
    SessionInputAudioBufferAppend,
    SessionUpdate,
)
from .server_events import (
    ErrorEvent,
    SessionClosed,
    SessionCreated,
    SessionInputTranscriptDelta,
    SessionOutputAudioDelta,
    SessionOutputTranscriptDelta,
    SessionUpdated,
)

__all__ = ["CLIENT_EVENTS", "SERVER_EVENTS", "ClientEvent", "ClientEventName", "ServerEvent", "ServerEventName"]

ClientEventName: TypeAlias = Literal[
    "session.close",
    "session.input_audio_buffer.append",
    "session.update",
]
"""The `type` of every event that a client sends."""

ServerEventName: TypeAlias = Literal[
    "error",
    "session.closed",
    "session.created",
    "session.input_transcript.delta",
    "session.output_audio.delta",
    "session.output_transcript.delta",
    "session.updated",
]
"""The `type` of every event that the service sends."""

ClientEvent: TypeAlias = (
    SessionClose
    | SessionInputAudioBufferAppend
    | SessionUpdate
)
"""Any event that a client sends; `event.type` tells which."""

ServerEvent: TypeAlias = (
    ErrorEvent
    | SessionClosed
    | SessionCreated
    | SessionInputTranscriptDelta
    | SessionOutputAudioDelta
    | SessionOutputTranscriptDelta
    | SessionUpdated
)
"""Any event that the service sends; `event.type` tells which."""

CLIENT_EVENTS: Final[Mapping[str, type[WireModel]]] = {
    "session.close": SessionClose,
    "session.input_audio_buffer.append": SessionInputAudioBufferAppend,
    "session.update": SessionUpdate,
}
"""Wire name to class of every client event."""

SERVER_EVENTS: Final[Mapping[str, type[WireModel]]] = {
    "error": ErrorEvent,
    "session.closed": SessionClosed,
    "session.created": SessionCreated,
    "session.input_transcript.delta": SessionInputTranscriptDelta,
    "session.output_audio.delta": SessionOutputAudioDelta,
    "session.output_transcript.delta": SessionOutputTranscriptDelta,
    "session.updated": SessionUpdated,
}
"""Wire name to class of every server event."""
