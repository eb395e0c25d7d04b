# Generated from schema/live/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 643d7f9f86b451f7ae54b28c5902eff2c63b5d9f51af961b60bb5c8db4eb7a7f
# by `python -m codegen generate live` with datamodel-code-generator 0.89.0. Do not edit.
# Source: the Python package openai, openai.types.live at version 3.54.0, Apache-2.0 licence; sentences removed, facts kept
"""Events that a client sends."""

from typing import Literal

from realtime_typed._wire import WireModel

from .shared import DecisionItem, ResponsesInputItem, SessionConfig, SessionUpdateConfig


class DecisionCreate(WireModel):
    """Has the configured questions answered over the conversation so far and the items added to it; answered by `decision.event`."""

    event_id: str
    """Id chosen by the sender, needed here and good for one use in a session."""
    type: Literal["decision.create"] = "decision.create"
    """Literal tag of this class on the wire."""


class DecisionItemDelete(WireModel):
    """Takes an item away from what decisions consider; answered by `decision.item.deleted`."""

    item_id: str
    """Id of the item to remove."""
    type: Literal["decision.item.delete"] = "decision.item.delete"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class ResponseCreate(WireModel):
    """Asks the Responses model for a response, or lets one go on that waits for a tool's output; needs work to be delegated to Responses."""

    type: Literal["response.create"] = "response.create"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionClose(WireModel):
    """Ends the session; `session.closed` follows once everything is settled."""

    type: Literal["session.close"] = "session.close"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionCommentaryAppend(WireModel):
    """Hands the model something to tell the user, such as the result of a delegated task."""

    content: str
    """What the model shall tell, at most 500 tokens; it need not use these words."""
    delegation_id: str | None
    """The client delegation that this belongs to, by the id of `session.delegation.created`; `null` for the session as a whole."""
    type: Literal["session.commentary.append"] = "session.commentary.append"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionInputAudioAppend(WireModel):
    """Sends a piece of the user's audio over the primary WebSocket; nothing answers it, and over WebRTC and SIP the media carries the audio instead."""

    audio: str
    """Base64 of raw audio in the format chosen at the start, without a container's header."""
    type: Literal["session.input_audio.append"] = "session.input_audio.append"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which an error caused by it repeats as `client_event_id`."""


class SessionInputAudioMute(WireModel):
    """Keeps the user's audio from the model until it is unmuted; answered by `session.input_audio.muted`."""

    type: Literal["session.input_audio.mute"] = "session.input_audio.mute"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionInputAudioUnmute(WireModel):
    """Lets the model hear the user again; answered by `session.input_audio.unmuted`."""

    type: Literal["session.input_audio.unmute"] = "session.input_audio.unmute"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionInstructionsAppend(WireModel):
    """Adds instructions to a running conversation, where they stay; refused while a recording is played."""

    content: str
    """The instructions, at most 500 tokens."""
    delegation_id: str | None
    """The client delegation that this belongs to, by the id of `session.delegation.created`; `null` for the session as a whole."""
    type: Literal["session.instructions.append"] = "session.instructions.append"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionOutputAudioFixturePlay(WireModel):
    """Plays a recording of at most 30 seconds in place of the model, whose speech stops and whose input is muted meanwhile; what the user says then is lost."""

    audio: str
    """Base64 of raw mono PCM16 at 24 kHz, little-endian, whatever the session's own format is."""
    type: Literal["session.output_audio.fixture.play"] = (
        "session.output_audio.fixture.play"
    )
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionThinkingAppend(WireModel):
    """Lets the model know something that it need not say, such as progress; it may still shape what it says, so nothing secret belongs here."""

    content: str
    """What the model shall know, at most 500 tokens."""
    delegation_id: str | None
    """The client delegation that this belongs to, by the id of `session.delegation.created`; `null` for the session as a whole."""
    type: Literal["session.thinking.append"] = "session.thinking.append"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class TransportDtmfSend(WireModel):
    """Presses a key on the telephone line, over a sideband connection to a SIP call; answered by `transport.dtmf.sent`."""

    event: str
    """The key: a digit, a letter from A to D, `*` or `#`."""
    type: Literal["transport.dtmf.send"] = "transport.dtmf.send"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class ResponseItemCreate(WireModel):
    """Hands an item, such as a tool's output, to the Responses model that does the delegated work."""

    item: ResponsesInputItem
    """The item, as the Responses API takes it."""
    type: Literal["response.item.create"] = "response.item.create"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class DecisionItemCreate(WireModel):
    """Adds an item for decisions to consider, beside the conversation; answered by `decision.item.created`."""

    item: DecisionItem
    """The item to add."""
    type: Literal["decision.item.create"] = "decision.item.create"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionStart(WireModel):
    """Starts the session with its configuration; the first event on a primary WebSocket, answered by `session.started`."""

    session: SessionConfig
    """The configuration, most of which cannot be changed later."""
    type: Literal["session.start"] = "session.start"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""


class SessionUpdate(WireModel):
    """Changes who does delegated work and what triggers a decision, nothing else; answered by `session.updated`."""

    session: SessionUpdateConfig
    """The settings to change; absent ones stay as they are."""
    type: Literal["session.update"] = "session.update"
    """Literal tag of this class on the wire."""
    event_id: str | None = None
    """Id chosen by the sender, which what answers it repeats as `client_event_id`."""
