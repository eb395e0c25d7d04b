# Generated from schema/live/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 643d7f9f86b451f7ae54b28c5902eff2c63b5d9f51af961b60bb5c8db4eb7a7f
# by `python -m codegen generate live` with datamodel-code-generator 0.89.0. Do not edit.
# Source: the Python package openai, openai.types.live at version 3.54.0, Apache-2.0 licence; sentences removed, facts kept
"""Wire names to classes."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from realtime_typed._wire import WireModel

from .client_events import (
    DecisionCreate,
    DecisionItemCreate,
    DecisionItemDelete,
    ResponseCreate,
    ResponseItemCreate,
    SessionClose,
    SessionCommentaryAppend,
    SessionInputAudioAppend,
    SessionInputAudioMute,
    SessionInputAudioUnmute,
    SessionInstructionsAppend,
    SessionOutputAudioFixturePlay,
    SessionStart,
    SessionThinkingAppend,
    SessionUpdate,
    TransportDtmfSend,
)
from .server_events import (
    DecisionEvent,
    DecisionItemCreated,
    DecisionItemDeleted,
    ErrorEvent,
    Info,
    ResponseEvent,
    SessionClosed,
    SessionCommentaryAppended,
    SessionDelegationCreated,
    SessionInputAudioAppendEcho,
    SessionInputAudioMuted,
    SessionInputAudioUnmuted,
    SessionInputTranscriptDelta,
    SessionInstructionsAppended,
    SessionOutputAudioDelta,
    SessionOutputAudioFixturePlayed,
    SessionOutputAudioFixturePlaying,
    SessionOutputTranscriptDelta,
    SessionStarted,
    SessionThinkingAppended,
    SessionUpdated,
    SessionUsageUpdated,
    TransportAnswered,
    TransportDtmfReceived,
    TransportDtmfSendEcho,
    TransportDtmfSent,
    TransportFailed,
    TransportRinging,
)

__all__ = ["CLIENT_EVENTS", "SERVER_EVENTS", "ClientEvent", "ClientEventName", "ServerEvent", "ServerEventName"]

ClientEventName: TypeAlias = Literal[
    "decision.create",
    "decision.item.create",
    "decision.item.delete",
    "response.create",
    "response.item.create",
    "session.close",
    "session.commentary.append",
    "session.input_audio.append",
    "session.input_audio.mute",
    "session.input_audio.unmute",
    "session.instructions.append",
    "session.output_audio.fixture.play",
    "session.start",
    "session.thinking.append",
    "session.update",
    "transport.dtmf.send",
]
"""The `type` of every event that a client sends."""

ServerEventName: TypeAlias = Literal[
    "decision.event",
    "decision.item.created",
    "decision.item.deleted",
    "error",
    "info",
    "response.event",
    "session.closed",
    "session.commentary.appended",
    "session.delegation.created",
    "session.input_audio.append",
    "session.input_audio.muted",
    "session.input_audio.unmuted",
    "session.input_transcript.delta",
    "session.instructions.appended",
    "session.output_audio.delta",
    "session.output_audio.fixture.played",
    "session.output_audio.fixture.playing",
    "session.output_transcript.delta",
    "session.started",
    "session.thinking.appended",
    "session.updated",
    "session.usage.updated",
    "transport.answered",
    "transport.dtmf.received",
    "transport.dtmf.send",
    "transport.dtmf.sent",
    "transport.failed",
    "transport.ringing",
]
"""The `type` of every event that the service sends."""

ClientEvent: TypeAlias = (
    DecisionCreate
    | DecisionItemCreate
    | DecisionItemDelete
    | ResponseCreate
    | ResponseItemCreate
    | SessionClose
    | SessionCommentaryAppend
    | SessionInputAudioAppend
    | SessionInputAudioMute
    | SessionInputAudioUnmute
    | SessionInstructionsAppend
    | SessionOutputAudioFixturePlay
    | SessionStart
    | SessionThinkingAppend
    | SessionUpdate
    | TransportDtmfSend
)
"""Any event that a client sends; `event.type` tells which."""

ServerEvent: TypeAlias = (
    DecisionEvent
    | DecisionItemCreated
    | DecisionItemDeleted
    | ErrorEvent
    | Info
    | ResponseEvent
    | SessionClosed
    | SessionCommentaryAppended
    | SessionDelegationCreated
    | SessionInputAudioAppendEcho
    | SessionInputAudioMuted
    | SessionInputAudioUnmuted
    | SessionInputTranscriptDelta
    | SessionInstructionsAppended
    | SessionOutputAudioDelta
    | SessionOutputAudioFixturePlayed
    | SessionOutputAudioFixturePlaying
    | SessionOutputTranscriptDelta
    | SessionStarted
    | SessionThinkingAppended
    | SessionUpdated
    | SessionUsageUpdated
    | TransportAnswered
    | TransportDtmfReceived
    | TransportDtmfSendEcho
    | TransportDtmfSent
    | TransportFailed
    | TransportRinging
)
"""Any event that the service sends; `event.type` tells which."""

CLIENT_EVENTS: Final[Mapping[str, type[WireModel]]] = {
    "decision.create": DecisionCreate,
    "decision.item.create": DecisionItemCreate,
    "decision.item.delete": DecisionItemDelete,
    "response.create": ResponseCreate,
    "response.item.create": ResponseItemCreate,
    "session.close": SessionClose,
    "session.commentary.append": SessionCommentaryAppend,
    "session.input_audio.append": SessionInputAudioAppend,
    "session.input_audio.mute": SessionInputAudioMute,
    "session.input_audio.unmute": SessionInputAudioUnmute,
    "session.instructions.append": SessionInstructionsAppend,
    "session.output_audio.fixture.play": SessionOutputAudioFixturePlay,
    "session.start": SessionStart,
    "session.thinking.append": SessionThinkingAppend,
    "session.update": SessionUpdate,
    "transport.dtmf.send": TransportDtmfSend,
}
"""Wire name to class of every client event."""

SERVER_EVENTS: Final[Mapping[str, type[WireModel]]] = {
    "decision.event": DecisionEvent,
    "decision.item.created": DecisionItemCreated,
    "decision.item.deleted": DecisionItemDeleted,
    "error": ErrorEvent,
    "info": Info,
    "response.event": ResponseEvent,
    "session.closed": SessionClosed,
    "session.commentary.appended": SessionCommentaryAppended,
    "session.delegation.created": SessionDelegationCreated,
    "session.input_audio.append": SessionInputAudioAppendEcho,
    "session.input_audio.muted": SessionInputAudioMuted,
    "session.input_audio.unmuted": SessionInputAudioUnmuted,
    "session.input_transcript.delta": SessionInputTranscriptDelta,
    "session.instructions.appended": SessionInstructionsAppended,
    "session.output_audio.delta": SessionOutputAudioDelta,
    "session.output_audio.fixture.played": SessionOutputAudioFixturePlayed,
    "session.output_audio.fixture.playing": SessionOutputAudioFixturePlaying,
    "session.output_transcript.delta": SessionOutputTranscriptDelta,
    "session.started": SessionStarted,
    "session.thinking.appended": SessionThinkingAppended,
    "session.updated": SessionUpdated,
    "session.usage.updated": SessionUsageUpdated,
    "transport.answered": TransportAnswered,
    "transport.dtmf.received": TransportDtmfReceived,
    "transport.dtmf.send": TransportDtmfSendEcho,
    "transport.dtmf.sent": TransportDtmfSent,
    "transport.failed": TransportFailed,
    "transport.ringing": TransportRinging,
}
"""Wire name to class of every server event."""
