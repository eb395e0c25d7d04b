# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Events that a client sends."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import WireModel

from .shared import ConversationItem, ResponseConfig, SessionConfig


class ConversationItemDelete(WireModel):
    """Removes an item from the conversation, so that later responses no longer see it; answered by `conversation.item.deleted`, or by an `error` if there is no such item."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.delete"] = "conversation.item.delete"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the item to remove."""


class ConversationItemRetrieve(WireModel):
    """Asks for an item as the server holds it, including its audio after noise reduction and turn detection; answered by `conversation.item.retrieved`."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.retrieve"] = "conversation.item.retrieve"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the item to fetch; an id the conversation does not hold is an `error`."""


class ConversationItemTruncate(WireModel):
    """Cuts an assistant message to the audio the user really heard, for use after an interruption over WebSocket; answered by `conversation.item.truncated`."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.truncate"] = "conversation.item.truncate"
    """Literal tag of this class on the wire; always this one value."""
    item_id: str
    """Id of the assistant message to cut; only audio that the model produced can be truncated."""
    content_index: int
    """Zero-based position of the audio part in the message's `content`; 0 in practice."""
    audio_end_ms: int
    """Milliseconds of audio to keep, counted from the start of the part; more than the server holds is an `error`."""


class InputAudioBufferAppend(WireModel):
    """Adds audio to the input buffer, where turn detection listens to it; the server sends no confirmation, and over WebRTC the media track carries the audio instead."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["input_audio_buffer.append"] = "input_audio_buffer.append"
    """Literal tag of this class on the wire; always this one value."""
    audio: str
    """Base64 of raw audio in the session's input format, at most 15 MiB in one event; small chunks let turn detection react sooner."""


class InputAudioBufferClear(WireModel):
    """Throws away the audio that was appended but not yet committed; answered by `input_audio_buffer.cleared`."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["input_audio_buffer.clear"] = "input_audio_buffer.clear"
    """Literal tag of this class on the wire; always this one value."""


class InputAudioBufferCommit(WireModel):
    """Turns the buffered audio into a user message without starting a response; needed only when turn detection is off, and an `error` when the buffer holds less than 100 ms."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["input_audio_buffer.commit"] = "input_audio_buffer.commit"
    """Literal tag of this class on the wire; always this one value."""


class OutputAudioBufferClear(WireModel):
    """Stops the audio the server is playing out, over WebRTC and SIP only; send `response.cancel` first, so that no more of it is generated."""

    event_id: str | None = None
    """Id chosen by the sender; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["output_audio_buffer.clear"] = "output_audio_buffer.clear"
    """Literal tag of this class on the wire; always this one value."""


class ResponseCancel(WireModel):
    """Stops a response that is being generated; answered by `response.done` with status `cancelled`, or by a harmless `error` when nothing is running."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["response.cancel"] = "response.cancel"
    """Literal tag of this class on the wire; always this one value."""
    response_id: str | None = None
    """Id of the response to stop; when absent, the one in progress in the default conversation."""


class ConversationItemCreate(WireModel):
    """Adds an item to the conversation, such as a typed message, earlier history or the result of a function call; the model answers only once a response is created."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["conversation.item.create"] = "conversation.item.create"
    """Literal tag of this class on the wire; always this one value."""
    previous_item_id: str | None = None
    """Id of the item to insert after, or `root` to insert at the start; when absent the item is appended, and an unknown id is an error."""
    item: ConversationItem
    """The item to add; an assistant message can be added as text only, not as audio."""


class ResponseCreate(WireModel):
    """Asks the model for a response; needed after function results and when turn detection does not do it, and refused while the default conversation already has one running."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["response.create"] = "response.create"
    """Literal tag of this class on the wire; always this one value."""
    response: ResponseConfig | None = None
    """Settings that replace those of the session for this response only; when absent the session's apply."""


class SessionUpdate(WireModel):
    """Changes the fields of the session that it carries and leaves the others alone; answered by `session.updated` with the whole configuration, or by an `error` with nothing changed."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.update"] = "session.update"
    """Literal tag of this class on the wire; always this one value."""
    session: SessionConfig
    """The settings to change; absent fields stay as they are, while `null` or an empty value switches a feature off, and `type` must always be sent."""
