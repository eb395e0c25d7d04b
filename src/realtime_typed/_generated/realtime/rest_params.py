# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The dict form of the HTTP requests."""

from typing import Literal, NotRequired, TypedDict

from .params import RealtimeSessionConfigParam, SessionConfigParam


class CallReferRequestParam(TypedDict):
    """Hands a SIP call over to somebody else."""

    target_uri: str
    """Whom to hand it to, such as `tel:+14155550123` or `sip:agent@example.com`; it becomes the SIP header `Refer-To`."""


class CallRejectRequestParam(TypedDict):
    """Declines an incoming SIP call."""

    status_code: NotRequired[int]
    """SIP status that the caller is given, such as 486 for busy; 603 (decline) by default."""


class ClientSecretExpiryParam(TypedDict):
    """When a short-lived key stops opening sessions; a session that is open already goes on."""

    anchor: NotRequired[Literal["created_at"]]
    """From when the seconds count: always `created_at`, the moment the key is made."""
    seconds: NotRequired[int]
    """Seconds from then, 10 to 7200; 600 by default."""


class CallCreateRequestParam(TypedDict):
    """Starts a WebRTC call: the offer of your side, and what the session should be."""

    sdp: str
    """The offer, an SDP text."""
    session: NotRequired[RealtimeSessionConfigParam]
    """The session's settings; a short-lived key brings its own."""


class ClientSecretRequestParam(TypedDict):
    """Asks for a short-lived key that a browser or phone can be given instead of your API key."""

    expires_after: NotRequired[ClientSecretExpiryParam]
    """When the key stops opening sessions; ten minutes after it was made by default."""
    session: NotRequired[SessionConfigParam]
    """The session that the key opens; who holds the key need not, and cannot, choose another kind."""
