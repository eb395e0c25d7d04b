# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Event names to event types, for `on`, `wait_for` and `events`."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, TypedDict, cast, overload

from realtime_typed._wire import UnknownEvent
from realtime_typed.dispatch import Channel, EventSource, Subscription
from realtime_typed.utility_events import (
    CloseEvent,
    ConnectionLost,
    ConnectionRestored,
    ConnectionStateChanged,
    ConversationInterrupted,
    ConversationItemAppended,
    ConversationItemCompleted,
    ConversationItemDropped,
    ConversationUpdated,
    EventsDropped,
    HandlerErrorEvent,
    InputAudioDropped,
    RealtimeEvent,
    ToolErrorEvent,
)

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
from .registry import ClientEvent, ServerEvent
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

__all__ = ["RealtimeChannels", "RealtimeEvents", "RealtimeEventName", "RealtimeAPIChannels", "RealtimeAPIEvents", "RealtimeAPIEventName"]

RealtimeEventName: TypeAlias = Literal[
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
    "response.mcp_call.completed",
    "response.mcp_call.failed",
    "response.mcp_call.in_progress",
    "response.mcp_call_arguments.delta",
    "response.mcp_call_arguments.done",
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
    "conversation.updated",
    "conversation.item.appended",
    "conversation.item.completed",
    "conversation.item.dropped",
    "conversation.interrupted",
    "realtime.event",
    "tool.error",
    "connection.state_changed",
    "connection.lost",
    "connection.restored",
    "handler.error",
    "events.dropped",
    "input_audio.dropped",
    "*",
]
"""The name of every event that a client emits."""

RealtimeChannels = TypedDict(
    "RealtimeChannels",
    {
        "conversation.created": Channel[ConversationCreated],
        "conversation.item.added": Channel[ConversationItemAdded],
        "conversation.item.created": Channel[ConversationItemCreated],
        "conversation.item.deleted": Channel[ConversationItemDeleted],
        "conversation.item.done": Channel[ConversationItemDone],
        "conversation.item.input_audio_transcription.completed": Channel[ConversationItemInputAudioTranscriptionCompleted],
        "conversation.item.input_audio_transcription.delta": Channel[ConversationItemInputAudioTranscriptionDelta],
        "conversation.item.input_audio_transcription.failed": Channel[ConversationItemInputAudioTranscriptionFailed],
        "conversation.item.input_audio_transcription.segment": Channel[ConversationItemInputAudioTranscriptionSegment],
        "conversation.item.retrieved": Channel[ConversationItemRetrieved],
        "conversation.item.truncated": Channel[ConversationItemTruncated],
        "error": Channel[ErrorEvent],
        "input_audio_buffer.cleared": Channel[InputAudioBufferCleared],
        "input_audio_buffer.committed": Channel[InputAudioBufferCommitted],
        "input_audio_buffer.dtmf_event_received": Channel[InputAudioBufferDtmfEventReceived],
        "input_audio_buffer.speech_started": Channel[InputAudioBufferSpeechStarted],
        "input_audio_buffer.speech_stopped": Channel[InputAudioBufferSpeechStopped],
        "input_audio_buffer.timeout_triggered": Channel[InputAudioBufferTimeoutTriggered],
        "mcp_list_tools.completed": Channel[McpListToolsCompleted],
        "mcp_list_tools.failed": Channel[McpListToolsFailed],
        "mcp_list_tools.in_progress": Channel[McpListToolsInProgress],
        "output_audio_buffer.cleared": Channel[OutputAudioBufferCleared],
        "output_audio_buffer.started": Channel[OutputAudioBufferStarted],
        "output_audio_buffer.stopped": Channel[OutputAudioBufferStopped],
        "rate_limits.updated": Channel[RateLimitsUpdated],
        "response.content_part.added": Channel[ResponseContentPartAdded],
        "response.content_part.done": Channel[ResponseContentPartDone],
        "response.created": Channel[ResponseCreated],
        "response.done": Channel[ResponseDone],
        "response.function_call_arguments.delta": Channel[ResponseFunctionCallArgumentsDelta],
        "response.function_call_arguments.done": Channel[ResponseFunctionCallArgumentsDone],
        "response.mcp_call.completed": Channel[ResponseMcpCallCompleted],
        "response.mcp_call.failed": Channel[ResponseMcpCallFailed],
        "response.mcp_call.in_progress": Channel[ResponseMcpCallInProgress],
        "response.mcp_call_arguments.delta": Channel[ResponseMcpCallArgumentsDelta],
        "response.mcp_call_arguments.done": Channel[ResponseMcpCallArgumentsDone],
        "response.output_audio.delta": Channel[ResponseOutputAudioDelta],
        "response.output_audio.done": Channel[ResponseOutputAudioDone],
        "response.output_audio_transcript.delta": Channel[ResponseOutputAudioTranscriptDelta],
        "response.output_audio_transcript.done": Channel[ResponseOutputAudioTranscriptDone],
        "response.output_item.added": Channel[ResponseOutputItemAdded],
        "response.output_item.done": Channel[ResponseOutputItemDone],
        "response.output_text.delta": Channel[ResponseOutputTextDelta],
        "response.output_text.done": Channel[ResponseOutputTextDone],
        "session.created": Channel[SessionCreated],
        "session.updated": Channel[SessionUpdated],
        "conversation.updated": Channel[ConversationUpdated],
        "conversation.item.appended": Channel[ConversationItemAppended],
        "conversation.item.completed": Channel[ConversationItemCompleted],
        "conversation.item.dropped": Channel[ConversationItemDropped],
        "conversation.interrupted": Channel[ConversationInterrupted],
        "realtime.event": Channel[RealtimeEvent],
        "tool.error": Channel[ToolErrorEvent],
        "connection.state_changed": Channel[ConnectionStateChanged],
        "connection.lost": Channel[ConnectionLost],
        "connection.restored": Channel[ConnectionRestored],
        "handler.error": Channel[HandlerErrorEvent],
        "events.dropped": Channel[EventsDropped],
        "input_audio.dropped": Channel[InputAudioDropped],
        "*": Channel[ServerEvent | UnknownEvent],
    },
)
"""The channels of a client by event name."""


class RealtimeEvents(EventSource):
    """Typed `on`, `wait_for` and `events` of a client: server events, its own events, and `*` for every server event."""

    event_names: frozenset[str] = frozenset(
        {
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
            "response.mcp_call.completed",
            "response.mcp_call.failed",
            "response.mcp_call.in_progress",
            "response.mcp_call_arguments.delta",
            "response.mcp_call_arguments.done",
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
            "conversation.updated",
            "conversation.item.appended",
            "conversation.item.completed",
            "conversation.item.dropped",
            "conversation.interrupted",
            "realtime.event",
            "tool.error",
            "connection.state_changed",
            "connection.lost",
            "connection.restored",
            "handler.error",
            "events.dropped",
            "input_audio.dropped",
            "*",
        }
    )

    @property
    def events(self) -> RealtimeChannels:
        """The channels by event name: `on`, `once`, `off`, `wait`, `expect` and `stream` of one event, typed."""
        return cast("RealtimeChannels", self._channels)

    @overload
    def on(
        self, name: Literal["conversation.created"], handler: Callable[[ConversationCreated], object] | None = None, /
    ) -> Subscription[ConversationCreated]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.added"], handler: Callable[[ConversationItemAdded], object] | None = None, /
    ) -> Subscription[ConversationItemAdded]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.created"], handler: Callable[[ConversationItemCreated], object] | None = None, /
    ) -> Subscription[ConversationItemCreated]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.deleted"], handler: Callable[[ConversationItemDeleted], object] | None = None, /
    ) -> Subscription[ConversationItemDeleted]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.done"], handler: Callable[[ConversationItemDone], object] | None = None, /
    ) -> Subscription[ConversationItemDone]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.input_audio_transcription.completed"], handler: Callable[[ConversationItemInputAudioTranscriptionCompleted], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionCompleted]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.input_audio_transcription.delta"], handler: Callable[[ConversationItemInputAudioTranscriptionDelta], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionDelta]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.input_audio_transcription.failed"], handler: Callable[[ConversationItemInputAudioTranscriptionFailed], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionFailed]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.input_audio_transcription.segment"], handler: Callable[[ConversationItemInputAudioTranscriptionSegment], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionSegment]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.retrieved"], handler: Callable[[ConversationItemRetrieved], object] | None = None, /
    ) -> Subscription[ConversationItemRetrieved]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.truncated"], handler: Callable[[ConversationItemTruncated], object] | None = None, /
    ) -> Subscription[ConversationItemTruncated]: ...
    @overload
    def on(
        self, name: Literal["error"], handler: Callable[[ErrorEvent], object] | None = None, /
    ) -> Subscription[ErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["input_audio_buffer.cleared"], handler: Callable[[InputAudioBufferCleared], object] | None = None, /
    ) -> Subscription[InputAudioBufferCleared]: ...
    @overload
    def on(
        self, name: Literal["input_audio_buffer.committed"], handler: Callable[[InputAudioBufferCommitted], object] | None = None, /
    ) -> Subscription[InputAudioBufferCommitted]: ...
    @overload
    def on(
        self, name: Literal["input_audio_buffer.dtmf_event_received"], handler: Callable[[InputAudioBufferDtmfEventReceived], object] | None = None, /
    ) -> Subscription[InputAudioBufferDtmfEventReceived]: ...
    @overload
    def on(
        self, name: Literal["input_audio_buffer.speech_started"], handler: Callable[[InputAudioBufferSpeechStarted], object] | None = None, /
    ) -> Subscription[InputAudioBufferSpeechStarted]: ...
    @overload
    def on(
        self, name: Literal["input_audio_buffer.speech_stopped"], handler: Callable[[InputAudioBufferSpeechStopped], object] | None = None, /
    ) -> Subscription[InputAudioBufferSpeechStopped]: ...
    @overload
    def on(
        self, name: Literal["input_audio_buffer.timeout_triggered"], handler: Callable[[InputAudioBufferTimeoutTriggered], object] | None = None, /
    ) -> Subscription[InputAudioBufferTimeoutTriggered]: ...
    @overload
    def on(
        self, name: Literal["mcp_list_tools.completed"], handler: Callable[[McpListToolsCompleted], object] | None = None, /
    ) -> Subscription[McpListToolsCompleted]: ...
    @overload
    def on(
        self, name: Literal["mcp_list_tools.failed"], handler: Callable[[McpListToolsFailed], object] | None = None, /
    ) -> Subscription[McpListToolsFailed]: ...
    @overload
    def on(
        self, name: Literal["mcp_list_tools.in_progress"], handler: Callable[[McpListToolsInProgress], object] | None = None, /
    ) -> Subscription[McpListToolsInProgress]: ...
    @overload
    def on(
        self, name: Literal["output_audio_buffer.cleared"], handler: Callable[[OutputAudioBufferCleared], object] | None = None, /
    ) -> Subscription[OutputAudioBufferCleared]: ...
    @overload
    def on(
        self, name: Literal["output_audio_buffer.started"], handler: Callable[[OutputAudioBufferStarted], object] | None = None, /
    ) -> Subscription[OutputAudioBufferStarted]: ...
    @overload
    def on(
        self, name: Literal["output_audio_buffer.stopped"], handler: Callable[[OutputAudioBufferStopped], object] | None = None, /
    ) -> Subscription[OutputAudioBufferStopped]: ...
    @overload
    def on(
        self, name: Literal["rate_limits.updated"], handler: Callable[[RateLimitsUpdated], object] | None = None, /
    ) -> Subscription[RateLimitsUpdated]: ...
    @overload
    def on(
        self, name: Literal["response.content_part.added"], handler: Callable[[ResponseContentPartAdded], object] | None = None, /
    ) -> Subscription[ResponseContentPartAdded]: ...
    @overload
    def on(
        self, name: Literal["response.content_part.done"], handler: Callable[[ResponseContentPartDone], object] | None = None, /
    ) -> Subscription[ResponseContentPartDone]: ...
    @overload
    def on(
        self, name: Literal["response.created"], handler: Callable[[ResponseCreated], object] | None = None, /
    ) -> Subscription[ResponseCreated]: ...
    @overload
    def on(
        self, name: Literal["response.done"], handler: Callable[[ResponseDone], object] | None = None, /
    ) -> Subscription[ResponseDone]: ...
    @overload
    def on(
        self, name: Literal["response.function_call_arguments.delta"], handler: Callable[[ResponseFunctionCallArgumentsDelta], object] | None = None, /
    ) -> Subscription[ResponseFunctionCallArgumentsDelta]: ...
    @overload
    def on(
        self, name: Literal["response.function_call_arguments.done"], handler: Callable[[ResponseFunctionCallArgumentsDone], object] | None = None, /
    ) -> Subscription[ResponseFunctionCallArgumentsDone]: ...
    @overload
    def on(
        self, name: Literal["response.mcp_call.completed"], handler: Callable[[ResponseMcpCallCompleted], object] | None = None, /
    ) -> Subscription[ResponseMcpCallCompleted]: ...
    @overload
    def on(
        self, name: Literal["response.mcp_call.failed"], handler: Callable[[ResponseMcpCallFailed], object] | None = None, /
    ) -> Subscription[ResponseMcpCallFailed]: ...
    @overload
    def on(
        self, name: Literal["response.mcp_call.in_progress"], handler: Callable[[ResponseMcpCallInProgress], object] | None = None, /
    ) -> Subscription[ResponseMcpCallInProgress]: ...
    @overload
    def on(
        self, name: Literal["response.mcp_call_arguments.delta"], handler: Callable[[ResponseMcpCallArgumentsDelta], object] | None = None, /
    ) -> Subscription[ResponseMcpCallArgumentsDelta]: ...
    @overload
    def on(
        self, name: Literal["response.mcp_call_arguments.done"], handler: Callable[[ResponseMcpCallArgumentsDone], object] | None = None, /
    ) -> Subscription[ResponseMcpCallArgumentsDone]: ...
    @overload
    def on(
        self, name: Literal["response.output_audio.delta"], handler: Callable[[ResponseOutputAudioDelta], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioDelta]: ...
    @overload
    def on(
        self, name: Literal["response.output_audio.done"], handler: Callable[[ResponseOutputAudioDone], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioDone]: ...
    @overload
    def on(
        self, name: Literal["response.output_audio_transcript.delta"], handler: Callable[[ResponseOutputAudioTranscriptDelta], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioTranscriptDelta]: ...
    @overload
    def on(
        self, name: Literal["response.output_audio_transcript.done"], handler: Callable[[ResponseOutputAudioTranscriptDone], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioTranscriptDone]: ...
    @overload
    def on(
        self, name: Literal["response.output_item.added"], handler: Callable[[ResponseOutputItemAdded], object] | None = None, /
    ) -> Subscription[ResponseOutputItemAdded]: ...
    @overload
    def on(
        self, name: Literal["response.output_item.done"], handler: Callable[[ResponseOutputItemDone], object] | None = None, /
    ) -> Subscription[ResponseOutputItemDone]: ...
    @overload
    def on(
        self, name: Literal["response.output_text.delta"], handler: Callable[[ResponseOutputTextDelta], object] | None = None, /
    ) -> Subscription[ResponseOutputTextDelta]: ...
    @overload
    def on(
        self, name: Literal["response.output_text.done"], handler: Callable[[ResponseOutputTextDone], object] | None = None, /
    ) -> Subscription[ResponseOutputTextDone]: ...
    @overload
    def on(
        self, name: Literal["session.created"], handler: Callable[[SessionCreated], object] | None = None, /
    ) -> Subscription[SessionCreated]: ...
    @overload
    def on(
        self, name: Literal["session.updated"], handler: Callable[[SessionUpdated], object] | None = None, /
    ) -> Subscription[SessionUpdated]: ...
    @overload
    def on(
        self, name: Literal["conversation.updated"], handler: Callable[[ConversationUpdated], object] | None = None, /
    ) -> Subscription[ConversationUpdated]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.appended"], handler: Callable[[ConversationItemAppended], object] | None = None, /
    ) -> Subscription[ConversationItemAppended]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.completed"], handler: Callable[[ConversationItemCompleted], object] | None = None, /
    ) -> Subscription[ConversationItemCompleted]: ...
    @overload
    def on(
        self, name: Literal["conversation.item.dropped"], handler: Callable[[ConversationItemDropped], object] | None = None, /
    ) -> Subscription[ConversationItemDropped]: ...
    @overload
    def on(
        self, name: Literal["conversation.interrupted"], handler: Callable[[ConversationInterrupted], object] | None = None, /
    ) -> Subscription[ConversationInterrupted]: ...
    @overload
    def on(
        self, name: Literal["realtime.event"], handler: Callable[[RealtimeEvent], object] | None = None, /
    ) -> Subscription[RealtimeEvent]: ...
    @overload
    def on(
        self, name: Literal["tool.error"], handler: Callable[[ToolErrorEvent], object] | None = None, /
    ) -> Subscription[ToolErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["connection.state_changed"], handler: Callable[[ConnectionStateChanged], object] | None = None, /
    ) -> Subscription[ConnectionStateChanged]: ...
    @overload
    def on(
        self, name: Literal["connection.lost"], handler: Callable[[ConnectionLost], object] | None = None, /
    ) -> Subscription[ConnectionLost]: ...
    @overload
    def on(
        self, name: Literal["connection.restored"], handler: Callable[[ConnectionRestored], object] | None = None, /
    ) -> Subscription[ConnectionRestored]: ...
    @overload
    def on(
        self, name: Literal["handler.error"], handler: Callable[[HandlerErrorEvent], object] | None = None, /
    ) -> Subscription[HandlerErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["events.dropped"], handler: Callable[[EventsDropped], object] | None = None, /
    ) -> Subscription[EventsDropped]: ...
    @overload
    def on(
        self, name: Literal["input_audio.dropped"], handler: Callable[[InputAudioDropped], object] | None = None, /
    ) -> Subscription[InputAudioDropped]: ...
    @overload
    def on(
        self, name: Literal["*"], handler: Callable[[ServerEvent | UnknownEvent], object] | None = None, /
    ) -> Subscription[ServerEvent | UnknownEvent]: ...
    # `Any`: the overloads above are what callers see; no other type fits all of their results.
    def on(self, name: str, handler: Callable[..., object] | None = None, /) -> Subscription[Any]:
        """Call `handler` for every event of that name; without a handler, return the decorator that takes it.

        Args:
            name: The event's name.
            handler: A function or coroutine function that takes the event.

        Returns:
            The subscription: a decorator, and the way to end it.

        Raises:
            ValueError: There is no event of that name.
        """
        return self._channels[name].on(handler)

    @overload
    async def wait_for(
        self,
        name: Literal["conversation.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationCreated], bool] | None = None,
    ) -> ConversationCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.added"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemAdded], bool] | None = None,
    ) -> ConversationItemAdded: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemCreated], bool] | None = None,
    ) -> ConversationItemCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.deleted"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemDeleted], bool] | None = None,
    ) -> ConversationItemDeleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemDone], bool] | None = None,
    ) -> ConversationItemDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.input_audio_transcription.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionCompleted], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.input_audio_transcription.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionDelta], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.input_audio_transcription.failed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionFailed], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionFailed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.input_audio_transcription.segment"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionSegment], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionSegment: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.retrieved"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemRetrieved], bool] | None = None,
    ) -> ConversationItemRetrieved: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.truncated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemTruncated], bool] | None = None,
    ) -> ConversationItemTruncated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ErrorEvent], bool] | None = None,
    ) -> ErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio_buffer.cleared"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferCleared], bool] | None = None,
    ) -> InputAudioBufferCleared: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio_buffer.committed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferCommitted], bool] | None = None,
    ) -> InputAudioBufferCommitted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio_buffer.dtmf_event_received"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferDtmfEventReceived], bool] | None = None,
    ) -> InputAudioBufferDtmfEventReceived: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio_buffer.speech_started"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferSpeechStarted], bool] | None = None,
    ) -> InputAudioBufferSpeechStarted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio_buffer.speech_stopped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferSpeechStopped], bool] | None = None,
    ) -> InputAudioBufferSpeechStopped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio_buffer.timeout_triggered"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferTimeoutTriggered], bool] | None = None,
    ) -> InputAudioBufferTimeoutTriggered: ...
    @overload
    async def wait_for(
        self,
        name: Literal["mcp_list_tools.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[McpListToolsCompleted], bool] | None = None,
    ) -> McpListToolsCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["mcp_list_tools.failed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[McpListToolsFailed], bool] | None = None,
    ) -> McpListToolsFailed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["mcp_list_tools.in_progress"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[McpListToolsInProgress], bool] | None = None,
    ) -> McpListToolsInProgress: ...
    @overload
    async def wait_for(
        self,
        name: Literal["output_audio_buffer.cleared"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferCleared], bool] | None = None,
    ) -> OutputAudioBufferCleared: ...
    @overload
    async def wait_for(
        self,
        name: Literal["output_audio_buffer.started"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferStarted], bool] | None = None,
    ) -> OutputAudioBufferStarted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["output_audio_buffer.stopped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferStopped], bool] | None = None,
    ) -> OutputAudioBufferStopped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["rate_limits.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[RateLimitsUpdated], bool] | None = None,
    ) -> RateLimitsUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.content_part.added"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseContentPartAdded], bool] | None = None,
    ) -> ResponseContentPartAdded: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.content_part.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseContentPartDone], bool] | None = None,
    ) -> ResponseContentPartDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseCreated], bool] | None = None,
    ) -> ResponseCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseDone], bool] | None = None,
    ) -> ResponseDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.function_call_arguments.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseFunctionCallArgumentsDelta], bool] | None = None,
    ) -> ResponseFunctionCallArgumentsDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.function_call_arguments.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseFunctionCallArgumentsDone], bool] | None = None,
    ) -> ResponseFunctionCallArgumentsDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.mcp_call.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallCompleted], bool] | None = None,
    ) -> ResponseMcpCallCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.mcp_call.failed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallFailed], bool] | None = None,
    ) -> ResponseMcpCallFailed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.mcp_call.in_progress"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallInProgress], bool] | None = None,
    ) -> ResponseMcpCallInProgress: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.mcp_call_arguments.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallArgumentsDelta], bool] | None = None,
    ) -> ResponseMcpCallArgumentsDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.mcp_call_arguments.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallArgumentsDone], bool] | None = None,
    ) -> ResponseMcpCallArgumentsDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_audio.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioDelta], bool] | None = None,
    ) -> ResponseOutputAudioDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_audio.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioDone], bool] | None = None,
    ) -> ResponseOutputAudioDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_audio_transcript.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioTranscriptDelta], bool] | None = None,
    ) -> ResponseOutputAudioTranscriptDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_audio_transcript.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioTranscriptDone], bool] | None = None,
    ) -> ResponseOutputAudioTranscriptDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_item.added"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputItemAdded], bool] | None = None,
    ) -> ResponseOutputItemAdded: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_item.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputItemDone], bool] | None = None,
    ) -> ResponseOutputItemDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_text.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputTextDelta], bool] | None = None,
    ) -> ResponseOutputTextDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["response.output_text.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputTextDone], bool] | None = None,
    ) -> ResponseOutputTextDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionCreated], bool] | None = None,
    ) -> SessionCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionUpdated], bool] | None = None,
    ) -> SessionUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationUpdated], bool] | None = None,
    ) -> ConversationUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.appended"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemAppended], bool] | None = None,
    ) -> ConversationItemAppended: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemCompleted], bool] | None = None,
    ) -> ConversationItemCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.item.dropped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemDropped], bool] | None = None,
    ) -> ConversationItemDropped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["conversation.interrupted"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationInterrupted], bool] | None = None,
    ) -> ConversationInterrupted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["realtime.event"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[RealtimeEvent], bool] | None = None,
    ) -> RealtimeEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["tool.error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ToolErrorEvent], bool] | None = None,
    ) -> ToolErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["connection.state_changed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConnectionStateChanged], bool] | None = None,
    ) -> ConnectionStateChanged: ...
    @overload
    async def wait_for(
        self,
        name: Literal["connection.lost"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConnectionLost], bool] | None = None,
    ) -> ConnectionLost: ...
    @overload
    async def wait_for(
        self,
        name: Literal["connection.restored"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConnectionRestored], bool] | None = None,
    ) -> ConnectionRestored: ...
    @overload
    async def wait_for(
        self,
        name: Literal["handler.error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[HandlerErrorEvent], bool] | None = None,
    ) -> HandlerErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["events.dropped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[EventsDropped], bool] | None = None,
    ) -> EventsDropped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio.dropped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioDropped], bool] | None = None,
    ) -> InputAudioDropped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["*"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ServerEvent | UnknownEvent], bool] | None = None,
    ) -> ServerEvent | UnknownEvent: ...
    async def wait_for(
        self, name: str, /, timeout: float | None = None, *, predicate: Callable[..., bool] | None = None
    ) -> object:
        """Wait for the next event of that name.

        Args:
            name: The event's name.
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.
            predicate: Takes the event; one for which it is false is passed over.

        Raises:
            ValueError: There is no event of that name.
            TimeoutError: No such event came in time.
            ConnectionClosed: The connection ended first.
        """
        return await self._channels[name].wait(timeout, predicate=predicate)


RealtimeAPIEventName: TypeAlias = Literal[
    "server.conversation.created",
    "server.conversation.item.added",
    "server.conversation.item.created",
    "server.conversation.item.deleted",
    "server.conversation.item.done",
    "server.conversation.item.input_audio_transcription.completed",
    "server.conversation.item.input_audio_transcription.delta",
    "server.conversation.item.input_audio_transcription.failed",
    "server.conversation.item.input_audio_transcription.segment",
    "server.conversation.item.retrieved",
    "server.conversation.item.truncated",
    "server.error",
    "server.input_audio_buffer.cleared",
    "server.input_audio_buffer.committed",
    "server.input_audio_buffer.dtmf_event_received",
    "server.input_audio_buffer.speech_started",
    "server.input_audio_buffer.speech_stopped",
    "server.input_audio_buffer.timeout_triggered",
    "server.mcp_list_tools.completed",
    "server.mcp_list_tools.failed",
    "server.mcp_list_tools.in_progress",
    "server.output_audio_buffer.cleared",
    "server.output_audio_buffer.started",
    "server.output_audio_buffer.stopped",
    "server.rate_limits.updated",
    "server.response.content_part.added",
    "server.response.content_part.done",
    "server.response.created",
    "server.response.done",
    "server.response.function_call_arguments.delta",
    "server.response.function_call_arguments.done",
    "server.response.mcp_call.completed",
    "server.response.mcp_call.failed",
    "server.response.mcp_call.in_progress",
    "server.response.mcp_call_arguments.delta",
    "server.response.mcp_call_arguments.done",
    "server.response.output_audio.delta",
    "server.response.output_audio.done",
    "server.response.output_audio_transcript.delta",
    "server.response.output_audio_transcript.done",
    "server.response.output_item.added",
    "server.response.output_item.done",
    "server.response.output_text.delta",
    "server.response.output_text.done",
    "server.session.created",
    "server.session.updated",
    "client.conversation.item.create",
    "client.conversation.item.delete",
    "client.conversation.item.retrieve",
    "client.conversation.item.truncate",
    "client.input_audio_buffer.append",
    "client.input_audio_buffer.clear",
    "client.input_audio_buffer.commit",
    "client.output_audio_buffer.clear",
    "client.response.cancel",
    "client.response.create",
    "client.session.update",
    "server.*",
    "client.*",
    "close",
    "connection.state_changed",
    "handler.error",
    "events.dropped",
    "input_audio.dropped",
]
"""The name of every event that a connection emits, told by the side that sent it."""

RealtimeAPIChannels = TypedDict(
    "RealtimeAPIChannels",
    {
        "server.conversation.created": Channel[ConversationCreated],
        "server.conversation.item.added": Channel[ConversationItemAdded],
        "server.conversation.item.created": Channel[ConversationItemCreated],
        "server.conversation.item.deleted": Channel[ConversationItemDeleted],
        "server.conversation.item.done": Channel[ConversationItemDone],
        "server.conversation.item.input_audio_transcription.completed": Channel[ConversationItemInputAudioTranscriptionCompleted],
        "server.conversation.item.input_audio_transcription.delta": Channel[ConversationItemInputAudioTranscriptionDelta],
        "server.conversation.item.input_audio_transcription.failed": Channel[ConversationItemInputAudioTranscriptionFailed],
        "server.conversation.item.input_audio_transcription.segment": Channel[ConversationItemInputAudioTranscriptionSegment],
        "server.conversation.item.retrieved": Channel[ConversationItemRetrieved],
        "server.conversation.item.truncated": Channel[ConversationItemTruncated],
        "server.error": Channel[ErrorEvent],
        "server.input_audio_buffer.cleared": Channel[InputAudioBufferCleared],
        "server.input_audio_buffer.committed": Channel[InputAudioBufferCommitted],
        "server.input_audio_buffer.dtmf_event_received": Channel[InputAudioBufferDtmfEventReceived],
        "server.input_audio_buffer.speech_started": Channel[InputAudioBufferSpeechStarted],
        "server.input_audio_buffer.speech_stopped": Channel[InputAudioBufferSpeechStopped],
        "server.input_audio_buffer.timeout_triggered": Channel[InputAudioBufferTimeoutTriggered],
        "server.mcp_list_tools.completed": Channel[McpListToolsCompleted],
        "server.mcp_list_tools.failed": Channel[McpListToolsFailed],
        "server.mcp_list_tools.in_progress": Channel[McpListToolsInProgress],
        "server.output_audio_buffer.cleared": Channel[OutputAudioBufferCleared],
        "server.output_audio_buffer.started": Channel[OutputAudioBufferStarted],
        "server.output_audio_buffer.stopped": Channel[OutputAudioBufferStopped],
        "server.rate_limits.updated": Channel[RateLimitsUpdated],
        "server.response.content_part.added": Channel[ResponseContentPartAdded],
        "server.response.content_part.done": Channel[ResponseContentPartDone],
        "server.response.created": Channel[ResponseCreated],
        "server.response.done": Channel[ResponseDone],
        "server.response.function_call_arguments.delta": Channel[ResponseFunctionCallArgumentsDelta],
        "server.response.function_call_arguments.done": Channel[ResponseFunctionCallArgumentsDone],
        "server.response.mcp_call.completed": Channel[ResponseMcpCallCompleted],
        "server.response.mcp_call.failed": Channel[ResponseMcpCallFailed],
        "server.response.mcp_call.in_progress": Channel[ResponseMcpCallInProgress],
        "server.response.mcp_call_arguments.delta": Channel[ResponseMcpCallArgumentsDelta],
        "server.response.mcp_call_arguments.done": Channel[ResponseMcpCallArgumentsDone],
        "server.response.output_audio.delta": Channel[ResponseOutputAudioDelta],
        "server.response.output_audio.done": Channel[ResponseOutputAudioDone],
        "server.response.output_audio_transcript.delta": Channel[ResponseOutputAudioTranscriptDelta],
        "server.response.output_audio_transcript.done": Channel[ResponseOutputAudioTranscriptDone],
        "server.response.output_item.added": Channel[ResponseOutputItemAdded],
        "server.response.output_item.done": Channel[ResponseOutputItemDone],
        "server.response.output_text.delta": Channel[ResponseOutputTextDelta],
        "server.response.output_text.done": Channel[ResponseOutputTextDone],
        "server.session.created": Channel[SessionCreated],
        "server.session.updated": Channel[SessionUpdated],
        "client.conversation.item.create": Channel[ConversationItemCreate],
        "client.conversation.item.delete": Channel[ConversationItemDelete],
        "client.conversation.item.retrieve": Channel[ConversationItemRetrieve],
        "client.conversation.item.truncate": Channel[ConversationItemTruncate],
        "client.input_audio_buffer.append": Channel[InputAudioBufferAppend],
        "client.input_audio_buffer.clear": Channel[InputAudioBufferClear],
        "client.input_audio_buffer.commit": Channel[InputAudioBufferCommit],
        "client.output_audio_buffer.clear": Channel[OutputAudioBufferClear],
        "client.response.cancel": Channel[ResponseCancel],
        "client.response.create": Channel[ResponseCreate],
        "client.session.update": Channel[SessionUpdate],
        "server.*": Channel[ServerEvent | UnknownEvent],
        "client.*": Channel[ClientEvent | UnknownEvent],
        "close": Channel[CloseEvent],
        "connection.state_changed": Channel[ConnectionStateChanged],
        "handler.error": Channel[HandlerErrorEvent],
        "events.dropped": Channel[EventsDropped],
        "input_audio.dropped": Channel[InputAudioDropped],
    },
)
"""The channels of a connection by event name."""


class RealtimeAPIEvents(EventSource):
    """Typed `on`, `wait_for` and `events` of a connection: `server.*` and `client.*`, one by one and all."""

    event_names: frozenset[str] = frozenset(
        {
            "server.conversation.created",
            "server.conversation.item.added",
            "server.conversation.item.created",
            "server.conversation.item.deleted",
            "server.conversation.item.done",
            "server.conversation.item.input_audio_transcription.completed",
            "server.conversation.item.input_audio_transcription.delta",
            "server.conversation.item.input_audio_transcription.failed",
            "server.conversation.item.input_audio_transcription.segment",
            "server.conversation.item.retrieved",
            "server.conversation.item.truncated",
            "server.error",
            "server.input_audio_buffer.cleared",
            "server.input_audio_buffer.committed",
            "server.input_audio_buffer.dtmf_event_received",
            "server.input_audio_buffer.speech_started",
            "server.input_audio_buffer.speech_stopped",
            "server.input_audio_buffer.timeout_triggered",
            "server.mcp_list_tools.completed",
            "server.mcp_list_tools.failed",
            "server.mcp_list_tools.in_progress",
            "server.output_audio_buffer.cleared",
            "server.output_audio_buffer.started",
            "server.output_audio_buffer.stopped",
            "server.rate_limits.updated",
            "server.response.content_part.added",
            "server.response.content_part.done",
            "server.response.created",
            "server.response.done",
            "server.response.function_call_arguments.delta",
            "server.response.function_call_arguments.done",
            "server.response.mcp_call.completed",
            "server.response.mcp_call.failed",
            "server.response.mcp_call.in_progress",
            "server.response.mcp_call_arguments.delta",
            "server.response.mcp_call_arguments.done",
            "server.response.output_audio.delta",
            "server.response.output_audio.done",
            "server.response.output_audio_transcript.delta",
            "server.response.output_audio_transcript.done",
            "server.response.output_item.added",
            "server.response.output_item.done",
            "server.response.output_text.delta",
            "server.response.output_text.done",
            "server.session.created",
            "server.session.updated",
            "client.conversation.item.create",
            "client.conversation.item.delete",
            "client.conversation.item.retrieve",
            "client.conversation.item.truncate",
            "client.input_audio_buffer.append",
            "client.input_audio_buffer.clear",
            "client.input_audio_buffer.commit",
            "client.output_audio_buffer.clear",
            "client.response.cancel",
            "client.response.create",
            "client.session.update",
            "server.*",
            "client.*",
            "close",
            "connection.state_changed",
            "handler.error",
            "events.dropped",
            "input_audio.dropped",
        }
    )

    @property
    def events(self) -> RealtimeAPIChannels:
        """The channels by event name: `on`, `once`, `off`, `wait`, `expect` and `stream` of one event, typed."""
        return cast("RealtimeAPIChannels", self._channels)

    @overload
    def on(
        self, name: Literal["server.conversation.created"], handler: Callable[[ConversationCreated], object] | None = None, /
    ) -> Subscription[ConversationCreated]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.added"], handler: Callable[[ConversationItemAdded], object] | None = None, /
    ) -> Subscription[ConversationItemAdded]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.created"], handler: Callable[[ConversationItemCreated], object] | None = None, /
    ) -> Subscription[ConversationItemCreated]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.deleted"], handler: Callable[[ConversationItemDeleted], object] | None = None, /
    ) -> Subscription[ConversationItemDeleted]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.done"], handler: Callable[[ConversationItemDone], object] | None = None, /
    ) -> Subscription[ConversationItemDone]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.input_audio_transcription.completed"], handler: Callable[[ConversationItemInputAudioTranscriptionCompleted], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionCompleted]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.input_audio_transcription.delta"], handler: Callable[[ConversationItemInputAudioTranscriptionDelta], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionDelta]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.input_audio_transcription.failed"], handler: Callable[[ConversationItemInputAudioTranscriptionFailed], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionFailed]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.input_audio_transcription.segment"], handler: Callable[[ConversationItemInputAudioTranscriptionSegment], object] | None = None, /
    ) -> Subscription[ConversationItemInputAudioTranscriptionSegment]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.retrieved"], handler: Callable[[ConversationItemRetrieved], object] | None = None, /
    ) -> Subscription[ConversationItemRetrieved]: ...
    @overload
    def on(
        self, name: Literal["server.conversation.item.truncated"], handler: Callable[[ConversationItemTruncated], object] | None = None, /
    ) -> Subscription[ConversationItemTruncated]: ...
    @overload
    def on(
        self, name: Literal["server.error"], handler: Callable[[ErrorEvent], object] | None = None, /
    ) -> Subscription[ErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["server.input_audio_buffer.cleared"], handler: Callable[[InputAudioBufferCleared], object] | None = None, /
    ) -> Subscription[InputAudioBufferCleared]: ...
    @overload
    def on(
        self, name: Literal["server.input_audio_buffer.committed"], handler: Callable[[InputAudioBufferCommitted], object] | None = None, /
    ) -> Subscription[InputAudioBufferCommitted]: ...
    @overload
    def on(
        self, name: Literal["server.input_audio_buffer.dtmf_event_received"], handler: Callable[[InputAudioBufferDtmfEventReceived], object] | None = None, /
    ) -> Subscription[InputAudioBufferDtmfEventReceived]: ...
    @overload
    def on(
        self, name: Literal["server.input_audio_buffer.speech_started"], handler: Callable[[InputAudioBufferSpeechStarted], object] | None = None, /
    ) -> Subscription[InputAudioBufferSpeechStarted]: ...
    @overload
    def on(
        self, name: Literal["server.input_audio_buffer.speech_stopped"], handler: Callable[[InputAudioBufferSpeechStopped], object] | None = None, /
    ) -> Subscription[InputAudioBufferSpeechStopped]: ...
    @overload
    def on(
        self, name: Literal["server.input_audio_buffer.timeout_triggered"], handler: Callable[[InputAudioBufferTimeoutTriggered], object] | None = None, /
    ) -> Subscription[InputAudioBufferTimeoutTriggered]: ...
    @overload
    def on(
        self, name: Literal["server.mcp_list_tools.completed"], handler: Callable[[McpListToolsCompleted], object] | None = None, /
    ) -> Subscription[McpListToolsCompleted]: ...
    @overload
    def on(
        self, name: Literal["server.mcp_list_tools.failed"], handler: Callable[[McpListToolsFailed], object] | None = None, /
    ) -> Subscription[McpListToolsFailed]: ...
    @overload
    def on(
        self, name: Literal["server.mcp_list_tools.in_progress"], handler: Callable[[McpListToolsInProgress], object] | None = None, /
    ) -> Subscription[McpListToolsInProgress]: ...
    @overload
    def on(
        self, name: Literal["server.output_audio_buffer.cleared"], handler: Callable[[OutputAudioBufferCleared], object] | None = None, /
    ) -> Subscription[OutputAudioBufferCleared]: ...
    @overload
    def on(
        self, name: Literal["server.output_audio_buffer.started"], handler: Callable[[OutputAudioBufferStarted], object] | None = None, /
    ) -> Subscription[OutputAudioBufferStarted]: ...
    @overload
    def on(
        self, name: Literal["server.output_audio_buffer.stopped"], handler: Callable[[OutputAudioBufferStopped], object] | None = None, /
    ) -> Subscription[OutputAudioBufferStopped]: ...
    @overload
    def on(
        self, name: Literal["server.rate_limits.updated"], handler: Callable[[RateLimitsUpdated], object] | None = None, /
    ) -> Subscription[RateLimitsUpdated]: ...
    @overload
    def on(
        self, name: Literal["server.response.content_part.added"], handler: Callable[[ResponseContentPartAdded], object] | None = None, /
    ) -> Subscription[ResponseContentPartAdded]: ...
    @overload
    def on(
        self, name: Literal["server.response.content_part.done"], handler: Callable[[ResponseContentPartDone], object] | None = None, /
    ) -> Subscription[ResponseContentPartDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.created"], handler: Callable[[ResponseCreated], object] | None = None, /
    ) -> Subscription[ResponseCreated]: ...
    @overload
    def on(
        self, name: Literal["server.response.done"], handler: Callable[[ResponseDone], object] | None = None, /
    ) -> Subscription[ResponseDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.function_call_arguments.delta"], handler: Callable[[ResponseFunctionCallArgumentsDelta], object] | None = None, /
    ) -> Subscription[ResponseFunctionCallArgumentsDelta]: ...
    @overload
    def on(
        self, name: Literal["server.response.function_call_arguments.done"], handler: Callable[[ResponseFunctionCallArgumentsDone], object] | None = None, /
    ) -> Subscription[ResponseFunctionCallArgumentsDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.mcp_call.completed"], handler: Callable[[ResponseMcpCallCompleted], object] | None = None, /
    ) -> Subscription[ResponseMcpCallCompleted]: ...
    @overload
    def on(
        self, name: Literal["server.response.mcp_call.failed"], handler: Callable[[ResponseMcpCallFailed], object] | None = None, /
    ) -> Subscription[ResponseMcpCallFailed]: ...
    @overload
    def on(
        self, name: Literal["server.response.mcp_call.in_progress"], handler: Callable[[ResponseMcpCallInProgress], object] | None = None, /
    ) -> Subscription[ResponseMcpCallInProgress]: ...
    @overload
    def on(
        self, name: Literal["server.response.mcp_call_arguments.delta"], handler: Callable[[ResponseMcpCallArgumentsDelta], object] | None = None, /
    ) -> Subscription[ResponseMcpCallArgumentsDelta]: ...
    @overload
    def on(
        self, name: Literal["server.response.mcp_call_arguments.done"], handler: Callable[[ResponseMcpCallArgumentsDone], object] | None = None, /
    ) -> Subscription[ResponseMcpCallArgumentsDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_audio.delta"], handler: Callable[[ResponseOutputAudioDelta], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioDelta]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_audio.done"], handler: Callable[[ResponseOutputAudioDone], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_audio_transcript.delta"], handler: Callable[[ResponseOutputAudioTranscriptDelta], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioTranscriptDelta]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_audio_transcript.done"], handler: Callable[[ResponseOutputAudioTranscriptDone], object] | None = None, /
    ) -> Subscription[ResponseOutputAudioTranscriptDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_item.added"], handler: Callable[[ResponseOutputItemAdded], object] | None = None, /
    ) -> Subscription[ResponseOutputItemAdded]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_item.done"], handler: Callable[[ResponseOutputItemDone], object] | None = None, /
    ) -> Subscription[ResponseOutputItemDone]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_text.delta"], handler: Callable[[ResponseOutputTextDelta], object] | None = None, /
    ) -> Subscription[ResponseOutputTextDelta]: ...
    @overload
    def on(
        self, name: Literal["server.response.output_text.done"], handler: Callable[[ResponseOutputTextDone], object] | None = None, /
    ) -> Subscription[ResponseOutputTextDone]: ...
    @overload
    def on(
        self, name: Literal["server.session.created"], handler: Callable[[SessionCreated], object] | None = None, /
    ) -> Subscription[SessionCreated]: ...
    @overload
    def on(
        self, name: Literal["server.session.updated"], handler: Callable[[SessionUpdated], object] | None = None, /
    ) -> Subscription[SessionUpdated]: ...
    @overload
    def on(
        self, name: Literal["client.conversation.item.create"], handler: Callable[[ConversationItemCreate], object] | None = None, /
    ) -> Subscription[ConversationItemCreate]: ...
    @overload
    def on(
        self, name: Literal["client.conversation.item.delete"], handler: Callable[[ConversationItemDelete], object] | None = None, /
    ) -> Subscription[ConversationItemDelete]: ...
    @overload
    def on(
        self, name: Literal["client.conversation.item.retrieve"], handler: Callable[[ConversationItemRetrieve], object] | None = None, /
    ) -> Subscription[ConversationItemRetrieve]: ...
    @overload
    def on(
        self, name: Literal["client.conversation.item.truncate"], handler: Callable[[ConversationItemTruncate], object] | None = None, /
    ) -> Subscription[ConversationItemTruncate]: ...
    @overload
    def on(
        self, name: Literal["client.input_audio_buffer.append"], handler: Callable[[InputAudioBufferAppend], object] | None = None, /
    ) -> Subscription[InputAudioBufferAppend]: ...
    @overload
    def on(
        self, name: Literal["client.input_audio_buffer.clear"], handler: Callable[[InputAudioBufferClear], object] | None = None, /
    ) -> Subscription[InputAudioBufferClear]: ...
    @overload
    def on(
        self, name: Literal["client.input_audio_buffer.commit"], handler: Callable[[InputAudioBufferCommit], object] | None = None, /
    ) -> Subscription[InputAudioBufferCommit]: ...
    @overload
    def on(
        self, name: Literal["client.output_audio_buffer.clear"], handler: Callable[[OutputAudioBufferClear], object] | None = None, /
    ) -> Subscription[OutputAudioBufferClear]: ...
    @overload
    def on(
        self, name: Literal["client.response.cancel"], handler: Callable[[ResponseCancel], object] | None = None, /
    ) -> Subscription[ResponseCancel]: ...
    @overload
    def on(
        self, name: Literal["client.response.create"], handler: Callable[[ResponseCreate], object] | None = None, /
    ) -> Subscription[ResponseCreate]: ...
    @overload
    def on(
        self, name: Literal["client.session.update"], handler: Callable[[SessionUpdate], object] | None = None, /
    ) -> Subscription[SessionUpdate]: ...
    @overload
    def on(
        self, name: Literal["server.*"], handler: Callable[[ServerEvent | UnknownEvent], object] | None = None, /
    ) -> Subscription[ServerEvent | UnknownEvent]: ...
    @overload
    def on(
        self, name: Literal["client.*"], handler: Callable[[ClientEvent | UnknownEvent], object] | None = None, /
    ) -> Subscription[ClientEvent | UnknownEvent]: ...
    @overload
    def on(
        self, name: Literal["close"], handler: Callable[[CloseEvent], object] | None = None, /
    ) -> Subscription[CloseEvent]: ...
    @overload
    def on(
        self, name: Literal["connection.state_changed"], handler: Callable[[ConnectionStateChanged], object] | None = None, /
    ) -> Subscription[ConnectionStateChanged]: ...
    @overload
    def on(
        self, name: Literal["handler.error"], handler: Callable[[HandlerErrorEvent], object] | None = None, /
    ) -> Subscription[HandlerErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["events.dropped"], handler: Callable[[EventsDropped], object] | None = None, /
    ) -> Subscription[EventsDropped]: ...
    @overload
    def on(
        self, name: Literal["input_audio.dropped"], handler: Callable[[InputAudioDropped], object] | None = None, /
    ) -> Subscription[InputAudioDropped]: ...
    # `Any`: the overloads above are what callers see; no other type fits all of their results.
    def on(self, name: str, handler: Callable[..., object] | None = None, /) -> Subscription[Any]:
        """Call `handler` for every event of that name; without a handler, return the decorator that takes it.

        Args:
            name: The event's name.
            handler: A function or coroutine function that takes the event.

        Returns:
            The subscription: a decorator, and the way to end it.

        Raises:
            ValueError: There is no event of that name.
        """
        return self._channels[name].on(handler)

    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationCreated], bool] | None = None,
    ) -> ConversationCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.added"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemAdded], bool] | None = None,
    ) -> ConversationItemAdded: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemCreated], bool] | None = None,
    ) -> ConversationItemCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.deleted"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemDeleted], bool] | None = None,
    ) -> ConversationItemDeleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemDone], bool] | None = None,
    ) -> ConversationItemDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.input_audio_transcription.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionCompleted], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.input_audio_transcription.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionDelta], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.input_audio_transcription.failed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionFailed], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionFailed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.input_audio_transcription.segment"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemInputAudioTranscriptionSegment], bool] | None = None,
    ) -> ConversationItemInputAudioTranscriptionSegment: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.retrieved"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemRetrieved], bool] | None = None,
    ) -> ConversationItemRetrieved: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.conversation.item.truncated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemTruncated], bool] | None = None,
    ) -> ConversationItemTruncated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ErrorEvent], bool] | None = None,
    ) -> ErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.input_audio_buffer.cleared"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferCleared], bool] | None = None,
    ) -> InputAudioBufferCleared: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.input_audio_buffer.committed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferCommitted], bool] | None = None,
    ) -> InputAudioBufferCommitted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.input_audio_buffer.dtmf_event_received"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferDtmfEventReceived], bool] | None = None,
    ) -> InputAudioBufferDtmfEventReceived: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.input_audio_buffer.speech_started"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferSpeechStarted], bool] | None = None,
    ) -> InputAudioBufferSpeechStarted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.input_audio_buffer.speech_stopped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferSpeechStopped], bool] | None = None,
    ) -> InputAudioBufferSpeechStopped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.input_audio_buffer.timeout_triggered"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferTimeoutTriggered], bool] | None = None,
    ) -> InputAudioBufferTimeoutTriggered: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.mcp_list_tools.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[McpListToolsCompleted], bool] | None = None,
    ) -> McpListToolsCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.mcp_list_tools.failed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[McpListToolsFailed], bool] | None = None,
    ) -> McpListToolsFailed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.mcp_list_tools.in_progress"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[McpListToolsInProgress], bool] | None = None,
    ) -> McpListToolsInProgress: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.output_audio_buffer.cleared"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferCleared], bool] | None = None,
    ) -> OutputAudioBufferCleared: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.output_audio_buffer.started"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferStarted], bool] | None = None,
    ) -> OutputAudioBufferStarted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.output_audio_buffer.stopped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferStopped], bool] | None = None,
    ) -> OutputAudioBufferStopped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.rate_limits.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[RateLimitsUpdated], bool] | None = None,
    ) -> RateLimitsUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.content_part.added"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseContentPartAdded], bool] | None = None,
    ) -> ResponseContentPartAdded: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.content_part.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseContentPartDone], bool] | None = None,
    ) -> ResponseContentPartDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseCreated], bool] | None = None,
    ) -> ResponseCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseDone], bool] | None = None,
    ) -> ResponseDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.function_call_arguments.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseFunctionCallArgumentsDelta], bool] | None = None,
    ) -> ResponseFunctionCallArgumentsDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.function_call_arguments.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseFunctionCallArgumentsDone], bool] | None = None,
    ) -> ResponseFunctionCallArgumentsDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.mcp_call.completed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallCompleted], bool] | None = None,
    ) -> ResponseMcpCallCompleted: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.mcp_call.failed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallFailed], bool] | None = None,
    ) -> ResponseMcpCallFailed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.mcp_call.in_progress"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallInProgress], bool] | None = None,
    ) -> ResponseMcpCallInProgress: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.mcp_call_arguments.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallArgumentsDelta], bool] | None = None,
    ) -> ResponseMcpCallArgumentsDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.mcp_call_arguments.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseMcpCallArgumentsDone], bool] | None = None,
    ) -> ResponseMcpCallArgumentsDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_audio.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioDelta], bool] | None = None,
    ) -> ResponseOutputAudioDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_audio.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioDone], bool] | None = None,
    ) -> ResponseOutputAudioDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_audio_transcript.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioTranscriptDelta], bool] | None = None,
    ) -> ResponseOutputAudioTranscriptDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_audio_transcript.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputAudioTranscriptDone], bool] | None = None,
    ) -> ResponseOutputAudioTranscriptDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_item.added"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputItemAdded], bool] | None = None,
    ) -> ResponseOutputItemAdded: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_item.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputItemDone], bool] | None = None,
    ) -> ResponseOutputItemDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_text.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputTextDelta], bool] | None = None,
    ) -> ResponseOutputTextDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.response.output_text.done"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseOutputTextDone], bool] | None = None,
    ) -> ResponseOutputTextDone: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionCreated], bool] | None = None,
    ) -> SessionCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionUpdated], bool] | None = None,
    ) -> SessionUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.conversation.item.create"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemCreate], bool] | None = None,
    ) -> ConversationItemCreate: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.conversation.item.delete"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemDelete], bool] | None = None,
    ) -> ConversationItemDelete: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.conversation.item.retrieve"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemRetrieve], bool] | None = None,
    ) -> ConversationItemRetrieve: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.conversation.item.truncate"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConversationItemTruncate], bool] | None = None,
    ) -> ConversationItemTruncate: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.input_audio_buffer.append"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferAppend], bool] | None = None,
    ) -> InputAudioBufferAppend: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.input_audio_buffer.clear"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferClear], bool] | None = None,
    ) -> InputAudioBufferClear: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.input_audio_buffer.commit"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioBufferCommit], bool] | None = None,
    ) -> InputAudioBufferCommit: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.output_audio_buffer.clear"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[OutputAudioBufferClear], bool] | None = None,
    ) -> OutputAudioBufferClear: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.response.cancel"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseCancel], bool] | None = None,
    ) -> ResponseCancel: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.response.create"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ResponseCreate], bool] | None = None,
    ) -> ResponseCreate: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.session.update"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionUpdate], bool] | None = None,
    ) -> SessionUpdate: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.*"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ServerEvent | UnknownEvent], bool] | None = None,
    ) -> ServerEvent | UnknownEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.*"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ClientEvent | UnknownEvent], bool] | None = None,
    ) -> ClientEvent | UnknownEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["close"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[CloseEvent], bool] | None = None,
    ) -> CloseEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["connection.state_changed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ConnectionStateChanged], bool] | None = None,
    ) -> ConnectionStateChanged: ...
    @overload
    async def wait_for(
        self,
        name: Literal["handler.error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[HandlerErrorEvent], bool] | None = None,
    ) -> HandlerErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["events.dropped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[EventsDropped], bool] | None = None,
    ) -> EventsDropped: ...
    @overload
    async def wait_for(
        self,
        name: Literal["input_audio.dropped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[InputAudioDropped], bool] | None = None,
    ) -> InputAudioDropped: ...
    async def wait_for(
        self, name: str, /, timeout: float | None = None, *, predicate: Callable[..., bool] | None = None
    ) -> object:
        """Wait for the next event of that name.

        Args:
            name: The event's name.
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.
            predicate: Takes the event; one for which it is false is passed over.

        Raises:
            ValueError: There is no event of that name.
            TimeoutError: No such event came in time.
            ConnectionClosed: The connection ended first.
        """
        return await self._channels[name].wait(timeout, predicate=predicate)
