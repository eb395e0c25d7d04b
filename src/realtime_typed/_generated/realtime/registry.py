# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Wire names to classes."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from realtime_typed._wire import WireModel

from .client_events import (
    ConversationItemCreate,
    ConversationItemDelete,
    ConversationItemRetrieve,
    ConversationItemTruncate,
    InputAudioBufferAppend,
    InputAudioBufferClear,
    InputAudioBufferCommit,
    OutputAudioBufferClear,
    ResponseCancel,
    ResponseCreate,
    SessionUpdate,
)
from .server_events import (
    ConversationCreated,
    ConversationItemAdded,
    ConversationItemCreated,
    ConversationItemDeleted,
    ConversationItemDone,
    ConversationItemInputAudioTranscriptionCompleted,
    ConversationItemInputAudioTranscriptionDelta,
    ConversationItemInputAudioTranscriptionFailed,
    ConversationItemInputAudioTranscriptionSegment,
    ConversationItemRetrieved,
    ConversationItemTruncated,
    ErrorEvent,
    InputAudioBufferCleared,
    InputAudioBufferCommitted,
    InputAudioBufferDtmfEventReceived,
    InputAudioBufferSpeechStarted,
    InputAudioBufferSpeechStopped,
    InputAudioBufferTimeoutTriggered,
    McpListToolsCompleted,
    McpListToolsFailed,
    McpListToolsInProgress,
    OutputAudioBufferCleared,
    OutputAudioBufferStarted,
    OutputAudioBufferStopped,
    RateLimitsUpdated,
    ResponseContentPartAdded,
    ResponseContentPartDone,
    ResponseCreated,
    ResponseDone,
    ResponseFunctionCallArgumentsDelta,
    ResponseFunctionCallArgumentsDone,
    ResponseMcpCallArgumentsDelta,
    ResponseMcpCallArgumentsDone,
    ResponseMcpCallCompleted,
    ResponseMcpCallFailed,
    ResponseMcpCallInProgress,
    ResponseOutputAudioDelta,
    ResponseOutputAudioDone,
    ResponseOutputAudioTranscriptDelta,
    ResponseOutputAudioTranscriptDone,
    ResponseOutputItemAdded,
    ResponseOutputItemDone,
    ResponseOutputTextDelta,
    ResponseOutputTextDone,
    SessionCreated,
    SessionUpdated,
)

__all__ = ["CLIENT_EVENTS", "SERVER_EVENTS", "ClientEvent", "ClientEventName", "ServerEvent", "ServerEventName"]

ClientEventName: TypeAlias = Literal[
    "conversation.item.create",
    "conversation.item.delete",
    "conversation.item.retrieve",
    "conversation.item.truncate",
    "input_audio_buffer.append",
    "input_audio_buffer.clear",
    "input_audio_buffer.commit",
    "output_audio_buffer.clear",
    "response.cancel",
    "response.create",
    "session.update",
]
"""The `type` of every event that a client sends."""

ServerEventName: TypeAlias = Literal[
    "conversation.created",
    "conversation.item.added",
    "conversation.item.created",
    "conversation.item.deleted",
    "conversation.item.done",
    "conversation.item.input_audio_transcription.completed",
    "conversation.item.input_audio_transcription.delta",
    "conversation.item.input_audio_transcription.failed",
    "conversation.item.input_audio_transcription.segment",
    "conversation.item.retrieved",
    "conversation.item.truncated",
    "error",
    "input_audio_buffer.cleared",
    "input_audio_buffer.committed",
    "input_audio_buffer.dtmf_event_received",
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.timeout_triggered",
    "mcp_list_tools.completed",
    "mcp_list_tools.failed",
    "mcp_list_tools.in_progress",
    "output_audio_buffer.cleared",
    "output_audio_buffer.started",
    "output_audio_buffer.stopped",
    "rate_limits.updated",
    "response.content_part.added",
    "response.content_part.done",
    "response.created",
    "response.done",
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.mcp_call_arguments.delta",
    "response.mcp_call_arguments.done",
    "response.mcp_call.completed",
    "response.mcp_call.failed",
    "response.mcp_call.in_progress",
    "response.output_audio.delta",
    "response.output_audio.done",
    "response.output_audio_transcript.delta",
    "response.output_audio_transcript.done",
    "response.output_item.added",
    "response.output_item.done",
    "response.output_text.delta",
    "response.output_text.done",
    "session.created",
    "session.updated",
]
"""The `type` of every event that the service sends."""

ClientEvent: TypeAlias = (
    ConversationItemCreate
    | ConversationItemDelete
    | ConversationItemRetrieve
    | ConversationItemTruncate
    | InputAudioBufferAppend
    | InputAudioBufferClear
    | InputAudioBufferCommit
    | OutputAudioBufferClear
    | ResponseCancel
    | ResponseCreate
    | SessionUpdate
)
"""Any event that a client sends; `event.type` tells which."""

ServerEvent: TypeAlias = (
    ConversationCreated
    | ConversationItemAdded
    | ConversationItemCreated
    | ConversationItemDeleted
    | ConversationItemDone
    | ConversationItemInputAudioTranscriptionCompleted
    | ConversationItemInputAudioTranscriptionDelta
    | ConversationItemInputAudioTranscriptionFailed
    | ConversationItemInputAudioTranscriptionSegment
    | ConversationItemRetrieved
    | ConversationItemTruncated
    | ErrorEvent
    | InputAudioBufferCleared
    | InputAudioBufferCommitted
    | InputAudioBufferDtmfEventReceived
    | InputAudioBufferSpeechStarted
    | InputAudioBufferSpeechStopped
    | InputAudioBufferTimeoutTriggered
    | McpListToolsCompleted
    | McpListToolsFailed
    | McpListToolsInProgress
    | OutputAudioBufferCleared
    | OutputAudioBufferStarted
    | OutputAudioBufferStopped
    | RateLimitsUpdated
    | ResponseContentPartAdded
    | ResponseContentPartDone
    | ResponseCreated
    | ResponseDone
    | ResponseFunctionCallArgumentsDelta
    | ResponseFunctionCallArgumentsDone
    | ResponseMcpCallArgumentsDelta
    | ResponseMcpCallArgumentsDone
    | ResponseMcpCallCompleted
    | ResponseMcpCallFailed
    | ResponseMcpCallInProgress
    | ResponseOutputAudioDelta
    | ResponseOutputAudioDone
    | ResponseOutputAudioTranscriptDelta
    | ResponseOutputAudioTranscriptDone
    | ResponseOutputItemAdded
    | ResponseOutputItemDone
    | ResponseOutputTextDelta
    | ResponseOutputTextDone
    | SessionCreated
    | SessionUpdated
)
"""Any event that the service sends; `event.type` tells which."""

CLIENT_EVENTS: Final[Mapping[str, type[WireModel]]] = {
    "conversation.item.create": ConversationItemCreate,
    "conversation.item.delete": ConversationItemDelete,
    "conversation.item.retrieve": ConversationItemRetrieve,
    "conversation.item.truncate": ConversationItemTruncate,
    "input_audio_buffer.append": InputAudioBufferAppend,
    "input_audio_buffer.clear": InputAudioBufferClear,
    "input_audio_buffer.commit": InputAudioBufferCommit,
    "output_audio_buffer.clear": OutputAudioBufferClear,
    "response.cancel": ResponseCancel,
    "response.create": ResponseCreate,
    "session.update": SessionUpdate,
}
"""Wire name to class of every client event."""

SERVER_EVENTS: Final[Mapping[str, type[WireModel]]] = {
    "conversation.created": ConversationCreated,
    "conversation.item.added": ConversationItemAdded,
    "conversation.item.created": ConversationItemCreated,
    "conversation.item.deleted": ConversationItemDeleted,
    "conversation.item.done": ConversationItemDone,
    "conversation.item.input_audio_transcription.completed": ConversationItemInputAudioTranscriptionCompleted,
    "conversation.item.input_audio_transcription.delta": ConversationItemInputAudioTranscriptionDelta,
    "conversation.item.input_audio_transcription.failed": ConversationItemInputAudioTranscriptionFailed,
    "conversation.item.input_audio_transcription.segment": ConversationItemInputAudioTranscriptionSegment,
    "conversation.item.retrieved": ConversationItemRetrieved,
    "conversation.item.truncated": ConversationItemTruncated,
    "error": ErrorEvent,
    "input_audio_buffer.cleared": InputAudioBufferCleared,
    "input_audio_buffer.committed": InputAudioBufferCommitted,
    "input_audio_buffer.dtmf_event_received": InputAudioBufferDtmfEventReceived,
    "input_audio_buffer.speech_started": InputAudioBufferSpeechStarted,
    "input_audio_buffer.speech_stopped": InputAudioBufferSpeechStopped,
    "input_audio_buffer.timeout_triggered": InputAudioBufferTimeoutTriggered,
    "mcp_list_tools.completed": McpListToolsCompleted,
    "mcp_list_tools.failed": McpListToolsFailed,
    "mcp_list_tools.in_progress": McpListToolsInProgress,
    "output_audio_buffer.cleared": OutputAudioBufferCleared,
    "output_audio_buffer.started": OutputAudioBufferStarted,
    "output_audio_buffer.stopped": OutputAudioBufferStopped,
    "rate_limits.updated": RateLimitsUpdated,
    "response.content_part.added": ResponseContentPartAdded,
    "response.content_part.done": ResponseContentPartDone,
    "response.created": ResponseCreated,
    "response.done": ResponseDone,
    "response.function_call_arguments.delta": ResponseFunctionCallArgumentsDelta,
    "response.function_call_arguments.done": ResponseFunctionCallArgumentsDone,
    "response.mcp_call_arguments.delta": ResponseMcpCallArgumentsDelta,
    "response.mcp_call_arguments.done": ResponseMcpCallArgumentsDone,
    "response.mcp_call.completed": ResponseMcpCallCompleted,
    "response.mcp_call.failed": ResponseMcpCallFailed,
    "response.mcp_call.in_progress": ResponseMcpCallInProgress,
    "response.output_audio.delta": ResponseOutputAudioDelta,
    "response.output_audio.done": ResponseOutputAudioDone,
    "response.output_audio_transcript.delta": ResponseOutputAudioTranscriptDelta,
    "response.output_audio_transcript.done": ResponseOutputAudioTranscriptDone,
    "response.output_item.added": ResponseOutputItemAdded,
    "response.output_item.done": ResponseOutputItemDone,
    "response.output_text.delta": ResponseOutputTextDelta,
    "response.output_text.done": ResponseOutputTextDone,
    "session.created": SessionCreated,
    "session.updated": SessionUpdated,
}
"""Wire name to class of every server event."""
