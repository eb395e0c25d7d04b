"""Short-lived keys for translation sessions."""

from realtime_typed._generated.translation.rest import ClientSecret, ClientSecretRequest, TranslationSessionConfig
from realtime_typed._generated.translation.rest_params import TranslationSessionConfigParam

from .objects import json_body, read
from .requests import Requester
from .secrets import ExpiresAfter, expiry

__all__ = ["TranslationClientSecrets", "Translations"]


class TranslationClientSecrets:
    """`/realtime/translations/client_secrets`."""

    def __init__(self, requester: Requester) -> None:
        self._requester = requester

    async def create(
        self,
        session: TranslationSessionConfig | TranslationSessionConfigParam,
        *,
        expires_after: ExpiresAfter | None = None,
    ) -> ClientSecret:
        """Make a key that opens translation sessions.

        Args:
            session: The configuration of the sessions: `model`, and what is heard and spoken.
            expires_after: Seconds from now, 10 to 7200, or the protocol's object. Default: the service's, 600.

        Returns:
            The key in `value`, its expiry in `expires_at` (seconds since the Unix epoch), and the session. Its `repr`
            does not show the key; `to_wire()` does.

        Raises:
            ValueError: An argument does not have the shape of the request, or there is no API key.
            RestError: The service refused it or gave no answer; see `realtime_typed.errors`.
            TimeoutError: It took too long.
        """
        body = json_body(ClientSecretRequest, {"session": session, "expires_after": expiry(expires_after)})
        answer = await self._requester.post("/realtime/translations/client_secrets", body)
        return read(ClientSecret, answer, "value")


class Translations:
    """`/realtime/translations`.

    Attributes:
        client_secrets: Short-lived keys.
    """

    def __init__(self, requester: Requester) -> None:
        self.client_secrets: TranslationClientSecrets = TranslationClientSecrets(requester)
