# Generated from schema/live/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 643d7f9f86b451f7ae54b28c5902eff2c63b5d9f51af961b60bb5c8db4eb7a7f
# by `python -m codegen generate live` with datamodel-code-generator 0.89.0. Do not edit.
# Source: the Python package openai, openai.types.live at version 3.54.0, Apache-2.0 licence; sentences removed, facts kept
"""Events that the service sends."""

from typing import Literal

from realtime_typed._wire import WireModel

from .shared import (
    ContextWindow,
    DecisionCompleted,
    DecisionStoredItem,
    DelegationTask,
    ErrorDetails,
    SessionResource,
    SessionUsage,
    TransportFailure,
)


class DecisionItemDeleted(WireModel):
    """Confirms `decision.item.delete`."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    item_id: str
    """Id of the item that was removed."""
    type: Literal["decision.item.deleted"] = "decision.item.deleted"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class Info(WireModel):
    """A notice about the session, such as what a browser's data channel may send."""

    code: str
    """The kind of notice, for programs."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    message: str
    """The notice, for people."""
    type: Literal["info"] = "info"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class ResponseEvent(WireModel):
    """An event of the Responses API, from the model that does a delegated task."""

    event: dict[str, object]
    """The event as the Responses API sends it, told by its `type`; snapshots of a response come without their bulk."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["response.event"] = "response.event"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""
    delegation_id: str | None = None
    """The task it belongs to, if that can be told."""


class SessionCommentaryAppended(WireModel):
    """Confirms `session.commentary.append`; it promises neither the wording nor that it was said."""

    end_ms: int
    """Where this ends on the session's timeline, in milliseconds since the session started; equals `start_ms` for what takes no time."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    start_ms: int
    """Where this begins on the session's timeline, in milliseconds since the session started."""
    type: Literal["session.commentary.appended"] = "session.commentary.appended"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionInputAudioAppendEcho(WireModel):
    """The user's audio as a sideband connection gets it, before it is muted; it shares its name with the client's event but answers none."""

    audio: str
    """Base64 of raw mono PCM16 at 24 kHz, little-endian."""
    type: Literal["session.input_audio.append"] = "session.input_audio.append"
    """Literal tag of this class on the wire."""


class SessionInputAudioMuted(WireModel):
    """Confirms that the model no longer hears the user."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["session.input_audio.muted"] = "session.input_audio.muted"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionInputAudioUnmuted(WireModel):
    """Confirms that the model hears the user again."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["session.input_audio.unmuted"] = "session.input_audio.unmuted"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionInputTranscriptDelta(WireModel):
    """The next piece of the transcript of what the user says; no event marks the end of a turn."""

    delta: str
    """The next piece of text; pieces are joined in the order in which they come."""
    end_ms: int
    """Where this ends on the session's timeline, in milliseconds since the session started; equals `start_ms` for what takes no time."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    start_ms: int
    """Where this begins on the session's timeline, in milliseconds since the session started."""
    type: Literal["session.input_transcript.delta"] = "session.input_transcript.delta"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionInstructionsAppended(WireModel):
    """Confirms `session.instructions.append`."""

    end_ms: int
    """Where this ends on the session's timeline, in milliseconds since the session started; equals `start_ms` for what takes no time."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    start_ms: int
    """Where this begins on the session's timeline, in milliseconds since the session started."""
    type: Literal["session.instructions.appended"] = "session.instructions.appended"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionOutputAudioDelta(WireModel):
    """The next piece of the model's speech, to be played in the order in which it comes."""

    delta: str
    """Base64 of raw audio in the session's format; for a sideband connection always mono PCM16 at 24 kHz."""
    type: Literal["session.output_audio.delta"] = "session.output_audio.delta"
    """Literal tag of this class on the wire."""
    end_ms: int | None = None
    """Where the piece ends on the session's timeline, in milliseconds, itself not included; stated to sideband connections only."""
    start_ms: int | None = None
    """Where the piece begins on the session's timeline, in milliseconds; stated to sideband connections only."""


class SessionOutputAudioFixturePlayed(WireModel):
    """The recording has left the service and the model speaks again; the listener may still hear the last of it."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["session.output_audio.fixture.played"] = (
        "session.output_audio.fixture.played"
    )
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionOutputAudioFixturePlaying(WireModel):
    """The recording was taken and is about to be played."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["session.output_audio.fixture.playing"] = (
        "session.output_audio.fixture.playing"
    )
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionOutputTranscriptDelta(WireModel):
    """The next piece of the transcript of what the model says; no event marks the end of a turn."""

    delta: str
    """The next piece of text; pieces are joined in the order in which they come."""
    end_ms: int
    """Where this ends on the session's timeline, in milliseconds since the session started; equals `start_ms` for what takes no time."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    start_ms: int
    """Where this begins on the session's timeline, in milliseconds since the session started."""
    type: Literal["session.output_transcript.delta"] = "session.output_transcript.delta"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionThinkingAppended(WireModel):
    """Confirms `session.thinking.append`."""

    end_ms: int
    """Where this ends on the session's timeline, in milliseconds since the session started; equals `start_ms` for what takes no time."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    start_ms: int
    """Where this begins on the session's timeline, in milliseconds since the session started."""
    type: Literal["session.thinking.appended"] = "session.thinking.appended"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class TransportAnswered(WireModel):
    """An outgoing call was answered and carries audio; told to sideband connections."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    session_id: str
    """Id of the Live session."""
    type: Literal["transport.answered"] = "transport.answered"
    """Literal tag of this class on the wire."""


class TransportDtmfReceived(WireModel):
    """The caller pressed a key; told to sideband connections."""

    event: str
    """The key."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["transport.dtmf.received"] = "transport.dtmf.received"
    """Literal tag of this class on the wire."""


class TransportDtmfSendEcho(WireModel):
    """An older form of `transport.dtmf.sent`, which saved sessions may still hold; the client's event of that name is another."""

    event: str
    """The key."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["transport.dtmf.send"] = "transport.dtmf.send"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class TransportDtmfSent(WireModel):
    """A key was pressed on the line, as asked by `transport.dtmf.send`."""

    event: str
    """The key."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["transport.dtmf.sent"] = "transport.dtmf.sent"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class TransportRinging(WireModel):
    """An outgoing call rings at the other end; told to sideband connections."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    session_id: str
    """Id of the Live session."""
    type: Literal["transport.ringing"] = "transport.ringing"
    """Literal tag of this class on the wire."""


class ErrorEvent(WireModel):
    """Something went wrong; the session goes on unless the connection closes."""

    error: ErrorDetails
    """What went wrong."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["error"] = "error"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionDelegationCreated(WireModel):
    """The model gives a task away, to your application or to the configured backend; the task itself is told elsewhere."""

    delegation: DelegationTask
    """Which task it is and who shall do it."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    offset_ms: int
    """When it was given away, in milliseconds since the session started."""
    type: Literal["session.delegation.created"] = "session.delegation.created"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionUsageUpdated(WireModel):
    """How much the session has used so far; what a backend uses is told in its own events."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    type: Literal["session.usage.updated"] = "session.usage.updated"
    """Literal tag of this class on the wire."""
    usage: SessionUsage
    """How much audio the session has used so far."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""
    context_window: ContextWindow | None = None
    """How full the model's context is, if that is known."""


class TransportFailed(WireModel):
    """An outgoing call could not be set up; told to sideband connections."""

    error: TransportFailure
    """Why the call failed."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    session_id: str
    """Id of the Live session."""
    type: Literal["transport.failed"] = "transport.failed"
    """Literal tag of this class on the wire."""


class DecisionItemCreated(WireModel):
    """Confirms `decision.item.create`."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    item: DecisionStoredItem
    """The item as it was added, with its id."""
    type: Literal["decision.item.created"] = "decision.item.created"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class DecisionEvent(WireModel):
    """Questions were answered, for a delegated task, for a trigger or on request."""

    delegation_id: str | None = None
    """The task that asked; `null` when a trigger did."""
    event: DecisionCompleted
    """The answers."""
    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    source_event_id: str | None = None
    """The piece of transcript that set off the trigger."""
    source_event_type: Literal["session.input_transcript.delta", "session.output_transcript.delta"] | None = (
        None
    )
    """Whose transcript that was a piece of."""
    trigger_id: str | None = None
    """Id of this firing of the trigger; `null` when a task asked."""
    type: Literal["decision.event"] = "decision.event"
    """Literal tag of this class on the wire."""


class SessionClosed(WireModel):
    """The session is over and settled; a connection that ends without this event says nothing about that."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    reason: Literal["close_requested", "expired", "content", "remote_hangup", "connection_lost"] | str
    """Why it ended: asked for, out of time, stopped for its content, hung up by the other side, or cut off."""
    session: SessionResource
    """The session as it stands after this event."""
    type: Literal["session.closed"] = "session.closed"
    """Literal tag of this class on the wire."""
    usage: SessionUsage
    """How much audio the session used in all."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionStarted(WireModel):
    """The session runs; it carries the configuration with everything filled in."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    session: SessionResource
    """The session as it stands after this event."""
    type: Literal["session.started"] = "session.started"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""


class SessionUpdated(WireModel):
    """Confirms `session.update`."""

    event_id: str
    """Id the service gave this event; useful in logs and support requests."""
    session: SessionResource
    """The session as it stands after this event."""
    type: Literal["session.updated"] = "session.updated"
    """Literal tag of this class on the wire."""
    client_event_id: str | None = None
    """The `event_id` of the client event that this answers, if that carried one."""
