# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Events that the service sends."""

from typing import Literal

from realtime_typed._wire import WireModel

from .shared import (
    ContentPart,
    ConversationItem,
    ConversationResource,
    ErrorDetails,
    LogProb,
    RateLimit,
    RealtimeResponse,
    Session,
    TranscriptionError,
    TranscriptionLanguage,
    TranscriptionUsage,
)


class ConversationItemDeleted(WireModel):
    """Confirms `conversation.item.delete`: the item is gone from the conversation and should be dropped locally too."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.deleted"] = "conversation.item.deleted"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the item that was removed."""


class ConversationItemInputAudioTranscriptionSegment(WireModel):
    """One stretch of transcribed user audio with its speaker and times, as found by a model that tells speakers apart."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.input_audio_transcription.segment"] = (
        "conversation.item.input_audio_transcription.segment"
    )
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the user message the segment belongs to."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    text: str
    """What was said in the segment."""
    id: str
    """Id of the segment."""
    speaker: str
    """Label of the speaker that was detected."""
    start: float
    """Start of the segment, in seconds."""
    end: float
    """End of the segment, in seconds."""


class ConversationItemTruncated(WireModel):
    """Confirms `conversation.item.truncate`: the rest of the audio and the transcript of the message are gone from what the model remembers."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.truncated"] = "conversation.item.truncated"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the assistant message that was cut."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    audio_end_ms: int
    """Milliseconds of audio that remain, counted from the start of the part."""


class InputAudioBufferCleared(WireModel):
    """Confirms `input_audio_buffer.clear`: the uncommitted audio is gone."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["input_audio_buffer.cleared"] = "input_audio_buffer.cleared"
    """Literal tag of this class on the wire; always this one value."""


class InputAudioBufferCommitted(WireModel):
    """The buffered audio became a user message, by your commit or by turn detection; the item itself follows in `conversation.item.added`."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["input_audio_buffer.committed"] = "input_audio_buffer.committed"
    """Literal tag of this class on the wire; always this one value."""
    previous_item_id: str | None = None
    """Id of the item after which the new message is placed; `null` when it comes first."""
    item_id: str
    """Id of the user message that will hold the audio."""


class InputAudioBufferDtmfEventReceived(WireModel):
    """The caller pressed a key of the telephone, in SIP calls only; this event has no `event_id`."""

    type: Literal["input_audio_buffer.dtmf_event_received"] = (
        "input_audio_buffer.dtmf_event_received"
    )
    """Literal tag of this class on the wire; always this one value."""
    event: str
    """The key that was pressed: `0` to `9`, `*`, `#` or `A` to `D`."""
    received_at: int
    """When the server received the key press, in seconds since the Unix epoch (UTC)."""


class InputAudioBufferSpeechStarted(WireModel):
    """Turn detection heard speech begin; over WebSocket this is the moment to stop playback, since a running response may be interrupted."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["input_audio_buffer.speech_started"] = (
        "input_audio_buffer.speech_started"
    )
    """Literal tag of this class on the wire; always this one value."""
    audio_start_ms: int
    """Where the speech begins, in milliseconds of all audio written to the buffer in this session, with `prefix_padding_ms` included."""
    item_id: str
    """Id of the user message that will be created when the speech ends."""


class InputAudioBufferSpeechStopped(WireModel):
    """Turn detection heard speech end; the audio is committed next and, unless `create_response` is off, answered."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["input_audio_buffer.speech_stopped"] = (
        "input_audio_buffer.speech_stopped"
    )
    """Literal tag of this class on the wire; always this one value."""
    audio_end_ms: int
    """Where the speech ends, in milliseconds of all audio written to the buffer in this session, with the closing silence included."""
    item_id: str
    """Id of the user message that will hold the speech."""


class InputAudioBufferTimeoutTriggered(WireModel):
    """Nobody spoke for `idle_timeout_ms` after the last response was played, so the server commits the silence and lets the model take up the conversation."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["input_audio_buffer.timeout_triggered"] = (
        "input_audio_buffer.timeout_triggered"
    )
    """Literal tag of this class on the wire; always this one value."""
    audio_start_ms: int
    """Start of the silence, just after the last response was played, in milliseconds of all audio written to the buffer."""
    audio_end_ms: int
    """Where the timeout struck, in milliseconds of all audio written to the buffer."""
    item_id: str
    """Id of the user message that holds the silent audio."""


class McpListToolsCompleted(WireModel):
    """The tools of an MCP server were fetched and can be used by the next response."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["mcp_list_tools.completed"] = "mcp_list_tools.completed"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the `mcp_list_tools` item that holds the tools."""


class McpListToolsFailed(WireModel):
    """The tools of an MCP server could not be fetched, so the model cannot use that server."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["mcp_list_tools.failed"] = "mcp_list_tools.failed"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the `mcp_list_tools` item that failed."""


class McpListToolsInProgress(WireModel):
    """The server began to fetch the tools of an MCP server; wait for the completed event before relying on them."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["mcp_list_tools.in_progress"] = "mcp_list_tools.in_progress"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the `mcp_list_tools` item that is being filled."""


class OutputAudioBufferCleared(WireModel):
    """The server dropped audio it had not played yet, after an interruption by the user or `output_audio_buffer.clear`; WebRTC and SIP only."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["output_audio_buffer.cleared"] = "output_audio_buffer.cleared"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response whose audio was dropped."""


class OutputAudioBufferStarted(WireModel):
    """The server begins to play the audio of a response over the media connection; WebRTC and SIP only."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["output_audio_buffer.started"] = "output_audio_buffer.started"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response whose audio is being played."""


class OutputAudioBufferStopped(WireModel):
    """The server has played all audio of a response, which may be well after its `response.done`; WebRTC and SIP only."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["output_audio_buffer.stopped"] = "output_audio_buffer.stopped"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response whose audio was played."""


class ResponseFunctionCallArgumentsDelta(WireModel):
    """The next piece of the arguments of a function call, while the model writes them."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.function_call_arguments.delta"] = (
        "response.function_call_arguments.delta"
    )
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the `function_call` item."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    call_id: str
    """Id of the call, to be repeated in the `function_call_output` that answers it."""
    delta: str
    """Text to append to the JSON of the arguments; not valid JSON until the last piece has arrived."""
    obfuscation: str | None = None
    """Random padding that keeps the size of the message from giving away the text; ignore it."""


class ResponseFunctionCallArgumentsDone(WireModel):
    """The arguments of a function call are complete; run the function, add a `function_call_output` item, and create a response once the current one is done."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.function_call_arguments.done"] = (
        "response.function_call_arguments.done"
    )
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the `function_call` item."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    call_id: str
    """Id of the call, to be repeated in the `function_call_output` that answers it."""
    name: str
    """Name of the function to call."""
    arguments: str
    """The whole arguments as JSON text, which replaces the deltas collected so far; cut short if the response was interrupted."""


class ResponseMcpCallArgumentsDelta(WireModel):
    """The next piece of the arguments of an MCP tool call, while the model writes them."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.mcp_call_arguments.delta"] = (
        "response.mcp_call_arguments.delta"
    )
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the `mcp_call` item."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    delta: str
    """Text to append to the JSON of the arguments; not valid JSON until the last piece has arrived."""
    obfuscation: str | None = None
    """Random padding that keeps the size of the message from giving away the text; ignore it."""


class ResponseMcpCallArgumentsDone(WireModel):
    """The arguments of an MCP tool call are complete; the service runs the call itself, after your approval if one is required."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.mcp_call_arguments.done"] = (
        "response.mcp_call_arguments.done"
    )
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the `mcp_call` item."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    arguments: str
    """The whole arguments as JSON text, which replaces the deltas collected so far."""


class ResponseMcpCallCompleted(WireModel):
    """An MCP tool call succeeded; its result is in the `output` of the finished item."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.mcp_call.completed"] = "response.mcp_call.completed"
    """Literal tag of this class on the wire; always this one value."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    item_id: str
    """Id of the `mcp_call` item."""


class ResponseMcpCallFailed(WireModel):
    """An MCP tool call failed; the reason is in the `error` of the finished item."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.mcp_call.failed"] = "response.mcp_call.failed"
    """Literal tag of this class on the wire; always this one value."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    item_id: str
    """Id of the `mcp_call` item."""


class ResponseMcpCallInProgress(WireModel):
    """The service began to run an MCP tool call."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.mcp_call.in_progress"] = "response.mcp_call.in_progress"
    """Literal tag of this class on the wire; always this one value."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    item_id: str
    """Id of the `mcp_call` item."""


class ResponseOutputAudioDelta(WireModel):
    """The next piece of the model's speech, sent faster than it plays; over WebRTC the audio comes through the media track instead."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_audio.delta"] = "response.output_audio.delta"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that is being spoken."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    delta: str
    """Base64 of raw audio in the session's output format, to be played after the previous piece."""


class ResponseOutputAudioDone(WireModel):
    """The model's speech in this part is complete, or was cut off by an interruption; no more audio of it follows."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_audio.done"] = "response.output_audio.done"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that was spoken."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""


class ResponseOutputAudioTranscriptDelta(WireModel):
    """The next piece of the text of what the model says, often ahead of the audio that is being played."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_audio_transcript.delta"] = (
        "response.output_audio_transcript.delta"
    )
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that is being spoken."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    delta: str
    """Text to append to the transcript collected so far."""
    obfuscation: str | None = None
    """Random padding that keeps the size of the message from giving away the text; ignore it."""


class ResponseOutputAudioTranscriptDone(WireModel):
    """The text of what the model said in this part is complete, or was cut off by an interruption."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_audio_transcript.done"] = (
        "response.output_audio_transcript.done"
    )
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that was spoken."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    transcript: str
    """The whole transcript, which replaces the deltas collected so far."""


class ResponseOutputTextDelta(WireModel):
    """The next piece of the model's text answer, in responses whose output is text."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_text.delta"] = "response.output_text.delta"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that is being written."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    delta: str
    """Text to append to the answer collected so far."""
    obfuscation: str | None = None
    """Random padding that keeps the size of the message from giving away the text; ignore it."""


class ResponseOutputTextDone(WireModel):
    """The model's text in this part is complete, or was cut off by an interruption."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_text.done"] = "response.output_text.done"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that was written."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    text: str
    """The whole text, which replaces the deltas collected so far."""


class ConversationCreated(WireModel):
    """Names the session's default conversation, at the start of a session; some servers never send it, so do not wait for it."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.created"] = "conversation.created"
    """Literal tag of this class on the wire; always this one value."""
    conversation: ConversationResource
    """The conversation that was created."""


class ConversationItemInputAudioTranscriptionDelta(WireModel):
    """The next piece of the transcript of user audio, sent while the transcription runs."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.input_audio_transcription.delta"] = (
        "conversation.item.input_audio_transcription.delta"
    )
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the user message whose audio is being transcribed."""
    content_index: int | None = None
    """Zero-based position, within the item's `content`, of the part this event is about."""
    delta: str | None = None
    """Text to append to the transcript collected so far."""
    logprobs: list[LogProb] | None = None
    """Log probabilities of the transcript's tokens, filled only if the session's `include` asks for them; otherwise absent or `null`."""
    obfuscation: str | None = None
    """Random padding that keeps the size of the message from giving away the text; ignore it."""


class ConversationItemInputAudioTranscriptionFailed(WireModel):
    """The transcription of a piece of user audio failed; the audio itself is still in the conversation and the model still hears it."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.input_audio_transcription.failed"] = (
        "conversation.item.input_audio_transcription.failed"
    )
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the user message that stays without a transcript."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    error: TranscriptionError
    """What went wrong with the transcription."""


class ErrorEvent(WireModel):
    """Something failed, most often a client event that was refused; the session stays open, and a failed response is reported by `response.done` instead."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["error"] = "error"
    """Literal tag of this class on the wire; always this one value."""
    error: ErrorDetails
    """What went wrong and which client event caused it."""


class RateLimitsUpdated(WireModel):
    """What remains of the rate limits, sent when a response starts, with the tokens that its output may need already set aside."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["rate_limits.updated"] = "rate_limits.updated"
    """Literal tag of this class on the wire; always this one value."""
    rate_limits: list[RateLimit]
    """The limits that apply, one entry for each kind."""


class ConversationItemInputAudioTranscriptionCompleted(WireModel):
    """The transcript of a piece of user audio is ready; it is made beside the response by another model, so it may arrive before or after the response and differ from what the model understood."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.input_audio_transcription.completed"] = (
        "conversation.item.input_audio_transcription.completed"
    )
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the user message whose audio was transcribed."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    transcript: str
    """The whole transcript, which replaces the deltas collected so far."""
    languages: list[TranscriptionLanguage] | None = None
    """Languages found in the audio, reported by some transcription models only; an empty list means that none could be told."""
    logprobs: list[LogProb] | None = None
    """Log probabilities of the transcript's tokens, filled only if the session's `include` asks for them; otherwise absent or `null`."""
    usage: TranscriptionUsage
    """What the transcription cost, in tokens or in seconds of audio; billed apart from the tokens of responses."""


class ResponseContentPartAdded(WireModel):
    """A new, still empty part of an assistant message begins; its text or audio follows in deltas."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.content_part.added"] = "response.content_part.added"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that the part belongs to."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    part: ContentPart
    """The part as it begins; it tells whether text or audio follows."""


class ResponseContentPartDone(WireModel):
    """A part of an assistant message is finished, also when the response was interrupted or cancelled."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.content_part.done"] = "response.content_part.done"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    item_id: str
    """Id of the assistant message that the part belongs to."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    content_index: int
    """Zero-based position, within the item's `content`, of the part this event is about."""
    part: ContentPart
    """The finished part, with its text or transcript but without audio data."""


class ConversationItemAdded(WireModel):
    """An item joined the conversation, be it yours, a committed piece of user audio or the model's; an item of the model is still empty here and is filled by `response.*` events."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.added"] = "conversation.item.added"
    """Literal tag of this class on the wire; always this one value."""
    previous_item_id: str | None = None
    """Id of the item directly before this one in the conversation, by which items are ordered; `null` when it comes first."""
    item: ConversationItem
    """The item as it was added, without audio data; an item of the model has status `in_progress` and no content yet."""


class ConversationItemCreated(WireModel):
    """Older announcement of a new item, replaced by `conversation.item.added` and `conversation.item.done`; some compatible servers still send it."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.created"] = "conversation.item.created"
    """Literal tag of this class on the wire; always this one value."""
    previous_item_id: str | None = None
    """Id of the item directly before this one in the conversation, by which items are ordered; `null` when it comes first."""
    item: ConversationItem
    """The item that was created, without audio data."""


class ConversationItemDone(WireModel):
    """An item is final: it holds everything but its audio, and a late transcript of user audio may still follow."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.done"] = "conversation.item.done"
    """Literal tag of this class on the wire; always this one value."""
    previous_item_id: str | None = None
    """Id of the item directly before this one in the conversation, by which items are ordered; `null` when it comes first."""
    item: ConversationItem
    """The finished item, without audio data; `conversation.item.retrieve` fetches the audio."""


class ConversationItemRetrieved(WireModel):
    """Answers `conversation.item.retrieve` with an item as the server holds it, audio included."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["conversation.item.retrieved"] = "conversation.item.retrieved"
    """Literal tag of this class on the wire; always this one value."""
    item: ConversationItem
    """The complete item, with audio as base64 in its content parts."""


class ResponseCreated(WireModel):
    """The model starts a response, first of the events of that response, whether you asked for it or turn detection did."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.created"] = "response.created"
    """Literal tag of this class on the wire; always this one value."""
    response: RealtimeResponse
    """The response as it begins: status `in_progress`, no output and no usage yet."""


class ResponseDone(WireModel):
    """A response has ended, well or badly; check `response.status`, since failures arrive here and not as `error`."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.done"] = "response.done"
    """Literal tag of this class on the wire; always this one value."""
    response: RealtimeResponse
    """The response with its final status, all its output items without audio data, and its usage."""


class ResponseOutputItemAdded(WireModel):
    """A response begins a new output item, such as a message or a function call; its content follows in events that carry its id."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_item.added"] = "response.output_item.added"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    item: ConversationItem
    """The item as it begins, with status `in_progress` and usually without content."""


class ResponseOutputItemDone(WireModel):
    """An output item of a response is finished, also when the response was interrupted or cancelled."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["response.output_item.done"] = "response.output_item.done"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str
    """Id of the response this event belongs to; the same on every event of one response."""
    output_index: int
    """Zero-based position of the item among the outputs of the response."""
    item: ConversationItem
    """The finished item, without audio data; `status` is `incomplete` if it was cut off."""


class SessionCreated(WireModel):
    """The session is open: OpenAI's first event on every connection, with the configuration in force before any `session.update`."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.created"] = "session.created"
    """Literal tag of this class on the wire; always this one value."""
    session: Session
    """The configuration the session starts with, and when it expires."""


class SessionUpdated(WireModel):
    """Confirms `session.update`: the whole configuration now in force, not only what changed."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.updated"] = "session.updated"
    """Literal tag of this class on the wire; always this one value."""
    session: Session
    """The complete configuration after the change."""
