# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""What HTTP requests, responses and webhooks hold, as far as no event holds it too."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import WireModel

from .shared import RealtimeSessionConfig, Session, SessionConfig


class CallReferRequest(WireModel):
    """Hands a SIP call over to somebody else."""

    target_uri: str
    """Whom to hand it to, such as `tel:+14155550123` or `sip:agent@example.com`; it becomes the SIP header `Refer-To`."""


class CallRejectRequest(WireModel):
    """Declines an incoming SIP call."""

    status_code: int | None = None
    """SIP status that the caller is given, such as 486 for busy; 603 (decline) by default."""


class ClientSecretExpiry(WireModel):
    """When a short-lived key stops opening sessions; a session that is open already goes on."""

    anchor: Literal["created_at"] | None = None
    """From when the seconds count: always `created_at`, the moment the key is made."""
    seconds: Annotated[int | None, Field(ge=10, le=7200)] = None
    """Seconds from then, 10 to 7200; 600 by default."""


class SipHeader(WireModel):
    """One header of a SIP message."""

    name: str
    """Name of the header, such as `From`."""
    value: str
    """Its value."""


class IncomingCall(WireModel):
    """A SIP call that waits."""

    call_id: str
    """Id of the call, by which to accept, reject and attach to it."""
    sip_headers: list[SipHeader]
    """Headers of the caller's SIP INVITE, in their order."""


class RealtimeCallIncoming(WireModel):
    """Tells your webhook that a SIP call waits to be accepted or rejected."""

    created_at: int
    """When the notice was made, in seconds since the Unix epoch."""
    id: str
    """Id of this notice; one that comes twice has the same."""
    data: IncomingCall
    """The call."""
    object: Literal["event"] | str | None = None
    """Kind of object, always `event`."""
    type: Literal["realtime.call.incoming"] = "realtime.call.incoming"
    """Literal tag of this class on the wire; always this one value."""


class CallCreateRequest(WireModel):
    """Starts a WebRTC call: the offer of your side, and what the session should be."""

    sdp: str
    """The offer, an SDP text."""
    session: RealtimeSessionConfig | None = None
    """The session's settings; a short-lived key brings its own."""


class ClientSecret(WireModel):
    """A short-lived key, and the session that it opens."""

    value: str
    """The key itself, which begins with `ek_`; use it where an API key would go."""
    expires_at: int
    """When the key expires, in seconds since the Unix epoch."""
    session: Session
    """The session as the service understood it."""


class ClientSecretRequest(WireModel):
    """Asks for a short-lived key that a browser or phone can be given instead of your API key."""

    expires_after: ClientSecretExpiry | None = None
    """When the key stops opening sessions; ten minutes after it was made by default."""
    session: SessionConfig | None = None
    """The session that the key opens; who holds the key need not, and cannot, choose another kind."""
