"""Calls: what rings, what was accepted, and the signed webhook that tells of a call. Opens no connection."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

from pydantic_core import to_json

from .access import HttpError
from .media import MediaConnection
from .session import LocalSession

__all__ = ["CallState", "Calls", "LocalCall", "new_webhook_secret", "sign_webhook"]

CallState: TypeAlias = Literal["incoming", "active", "rejected", "referred", "ended"]
"""Where a call stands; only `incoming` and `active` ones are known to the endpoints."""

_KEPT_CALLS: Final = 100
_WHSEC: Final = "whsec_"


def new_webhook_secret() -> str:
    """A random secret in the form of Standard Webhooks: `whsec_` and base64 of 32 bytes."""
    return _WHSEC + base64.b64encode(secrets.token_bytes(32)).decode()


def sign_webhook(secret: str, webhook_id: str, timestamp: int, body: bytes) -> str:
    """The `webhook-signature` of Standard Webhooks 1.0: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.

    Args:
        secret: The secret, with or without `whsec_`.
        webhook_id: The header `webhook-id`.
        timestamp: The header `webhook-timestamp`, in seconds of Unix time.
        body: The body as it is sent.

    Raises:
        ValueError: The secret is no base64.
    """
    key = base64.b64decode(secret.removeprefix(_WHSEC), validate=True)
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


class LocalCall:
    """A SIP or WebRTC call.

    Attributes:
        id: The call's id, `rtc_…`.
        sip_headers: The headers of a SIP call's INVITE; empty for a WebRTC call.
        webhook_body: The body of the webhook `realtime.call.incoming`, as OpenAI would post it; empty for WebRTC.
        webhook_headers: Its headers, with `webhook-id`, `webhook-timestamp` and `webhook-signature`.
        session: The call's session, once it was accepted. That of a WebRTC call starts when the data channel opens.
        status_code: The SIP status that it was rejected with.
        target_uri: Whom it was referred to.
    """

    def __init__(self, call_id: str, sip_headers: Iterable[tuple[str, str]] = ()) -> None:
        self.id: str = call_id
        self.sip_headers: tuple[tuple[str, str], ...] = tuple(sip_headers)
        self.webhook_body: bytes = b""
        self.webhook_headers: dict[str, str] = {}
        self.session: LocalSession | None = None
        self.status_code: int | None = None
        self.target_uri: str | None = None
        self._connection: MediaConnection | None = None
        self._serving: asyncio.Task[None] | None = None
        self._state: CallState = "incoming"

    def __repr__(self) -> str:
        return f"<LocalCall {self.id} {self.state}>"

    @property
    def state(self) -> CallState:
        """Where the call stands."""
        if self._state == "active" and self.session is not None and self.session.closed is not None:
            return "ended"
        return self._state

    def sign(self, secret: str, timestamp: int | None = None) -> None:
        """Make the webhook that tells of the call.

        Args:
            secret: The webhook secret.
            timestamp: When it is sent, in seconds of Unix time. Default now.
        """
        sent_at = int(time.time()) if timestamp is None else timestamp
        headers = [{"name": name, "value": value} for name, value in self.sip_headers]
        webhook_id = f"evt_{secrets.token_hex(12)}"
        event = {
            "id": webhook_id,
            "object": "event",
            "created_at": sent_at,
            "type": "realtime.call.incoming",
            "data": {"call_id": self.id, "sip_headers": headers},
        }
        self.webhook_body = to_json(event)
        self.webhook_headers = {
            "content-type": "application/json",
            "user-agent": "OpenAI/1.0 (+https://platform.openai.com/docs/webhooks)",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": sign_webhook(secret, webhook_id, sent_at, self.webhook_body),
        }

    @property
    def peer_connection_state(self) -> str | None:
        """The state of a WebRTC call's connection at the server, such as `connected`; `None` without media."""
        return None if self._connection is None else self._connection.state

    async def ended(self) -> None:
        """Wait until the call is over and nothing of it is left: session, connection, tasks. At once if none began."""
        if self._serving is not None:
            await asyncio.wait({self._serving})

    def accept(
        self, session: LocalSession, serving: asyncio.Task[None], connection: MediaConnection | None = None
    ) -> None:
        """Begin the call with its session, the task that runs it, and its connection where it has media."""
        self.session = session
        self._serving = serving
        self._connection = connection
        self._state = "active"

    def reject(self, status_code: int) -> None:
        """Decline an incoming call."""
        self.status_code = status_code
        self._state = "rejected"

    def refer(self, target_uri: str) -> None:
        """Hand an active call over to somebody else, which ends its session."""
        self.target_uri = target_uri
        self._end("referred")

    def hang_up(self) -> None:
        """End the call and its session."""
        self._end("ended")

    def _end(self, state: CallState) -> None:
        self._state = state
        if self.session is not None:
            self.session.close(1000, "")


class Calls:
    """The calls of a server; of those that are over the last 100."""

    def __init__(self) -> None:
        self._calls: dict[str, LocalCall] = {}

    def all(self) -> list[LocalCall]:
        """The calls, oldest first."""
        return list(self._calls.values())

    def add(self, sip_headers: Iterable[tuple[str, str]] = ()) -> LocalCall:
        """Register a new call."""
        over = [call.id for call in self._calls.values() if call.state not in ("incoming", "active")]
        for call_id in over[: max(0, len(over) - _KEPT_CALLS)]:
            del self._calls[call_id]
        call = LocalCall(f"rtc_{secrets.token_hex(12)}", sip_headers)
        self._calls[call.id] = call
        return call

    def find(self, call_id: str, *states: CallState) -> LocalCall:
        """Find a call that is in one of these states.

        Raises:
            HttpError: 404 for a call that is unknown or over, 400 for one in another state.
        """
        call = self._calls.get(call_id)
        if call is None or call.state not in ("incoming", "active"):
            # Another client's ids are not to be shown back: the message names none.
            raise HttpError(404, "No call with this call_id was found.", "call_id_not_found", "call_id")
        if call.state not in states:
            message = f"The call is {call.state}; this needs one that is {' or '.join(states)}."
            raise HttpError(400, message, "invalid_call_state", "call_id")
        return call
