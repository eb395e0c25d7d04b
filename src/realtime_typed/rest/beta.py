"""The session endpoints of the beta protocol, for servers that still have them. OpenAI's answer is `client_secrets`."""

from realtime_typed._generated.realtime_beta.params import RealtimeSessionConfigParam, TranscriptionSessionConfigParam
from realtime_typed._generated.realtime_beta.rest import SessionWithSecret
from realtime_typed._generated.realtime_beta.shared import (
    RealtimeSessionConfig,
    TranscriptionSession,
    TranscriptionSessionConfig,
)

from .objects import json_body, read
from .requests import Requester

__all__ = ["BetaSessions", "BetaTranscriptionSessions"]


class BetaSessions:
    """`/realtime/sessions`."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def create(
        self, session: RealtimeSessionConfig | RealtimeSessionConfigParam | None = None
    ) -> SessionWithSecret:
        """Make a session's configuration and a key that opens it.

        Args:
            session: The flat configuration of the beta protocol: `model`, `modalities`, `voice`, …

        Returns:
            The session; the key is `client_secret.value`, and its expiry `client_secret.expires_at` (seconds since the
            Unix epoch).

        Raises:
            ValueError: `session` does not have the shape of the request, or there is no API key.
            RestError: The service refused it (404 where the endpoint is gone) or gave no answer.
            TimeoutError: It took too long.
        """
        body = json_body(RealtimeSessionConfig, {} if session is None else session)
        return read(SessionWithSecret, await self._requester.post("/realtime/sessions", body))


class BetaTranscriptionSessions:
    """`/realtime/transcription_sessions`."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def create(
        self, session: TranscriptionSessionConfig | TranscriptionSessionConfigParam | None = None
    ) -> TranscriptionSession:
        """Make a transcription session's configuration and a key that opens it.

        Args:
            session: The configuration.

        Returns:
            The session; the key is in `client_secret`, as in `BetaSessions.create`.

        Raises:
            ValueError: As in `BetaSessions.create`.
            RestError: As in `BetaSessions.create`.
            TimeoutError: It took too long.
        """
        body = json_body(TranscriptionSessionConfig, {} if session is None else session)
        return read(TranscriptionSession, await self._requester.post("/realtime/transcription_sessions", body))
