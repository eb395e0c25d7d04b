"""Short-lived keys (`ek_…`), which a browser or a phone may hold."""

from realtime_typed._generated.realtime.params import SessionConfigParam
from realtime_typed._generated.realtime.rest import ClientSecret, ClientSecretExpiry, ClientSecretRequest
from realtime_typed._generated.realtime.rest_params import ClientSecretExpiryParam
from realtime_typed._generated.realtime.shared import SessionConfig
from realtime_typed._wire import UNSET

from .objects import json_body, read
from .requests import Requester

__all__ = ["ClientSecrets", "ExpiresAfter"]

ExpiresAfter = ClientSecretExpiry | ClientSecretExpiryParam | int
"""When a key expires: the protocol's object, or only its number of seconds, 10 to 7200."""


def expiry(expires_after: ExpiresAfter | None) -> object:
    """`expires_after` as the service wants it; `UNSET` when there is none."""
    if expires_after is None:
        return UNSET
    return {"anchor": "created_at", "seconds": expires_after} if isinstance(expires_after, int) else expires_after


class ClientSecrets:
    """`/realtime/client_secrets`."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def create(
        self,
        session: SessionConfig | SessionConfigParam | None = None,
        *,
        expires_after: ExpiresAfter | None = None,
    ) -> ClientSecret:
        """Make a key. It can be used again until it expires; a session that it opened goes on after that.

        Args:
            session: The configuration of the sessions that it opens, speech-to-speech or transcription.
            expires_after: Seconds from now, 10 to 7200, or the protocol's object. Default: the service's, 600.

        Returns:
            The key in `value`, its expiry in `expires_at` (seconds since the Unix epoch), and the session. Its `repr`
            does not show the key; `to_wire()` does.

        Raises:
            ValueError: An argument does not have the shape of the request, or there is no API key.
            RestError: The service refused it or gave no answer; see `realtime_typed.errors`.
            TimeoutError: It took too long.
        """
        fields = {"session": UNSET if session is None else session, "expires_after": expiry(expires_after)}
        body = json_body(ClientSecretRequest, fields)
        # One that nobody got does no harm: it expires.
        return read(ClientSecret, await self._requester.post("/realtime/client_secrets", body), "value")
