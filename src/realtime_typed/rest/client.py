"""`RestClient`: the endpoints, and how they are reached."""

from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Self

from realtime_typed._endpoints import ApiKey, Endpoint, TokenProvider, identity_headers

from .beta import BetaSessions, BetaTranscriptionSessions
from .calls import Calls
from .requests import Requester
from .secrets import ClientSecrets
from .translations import Translations

if TYPE_CHECKING:
    import httpx

__all__ = ["RestClient"]


class RestClient:
    """A client of the HTTP endpoints of the Realtime API. Use it as a context manager, or call `aclose`.

    A request that fails is sent again, `max_retries` times, with growing pauses or those that `Retry-After` asks for
    (up to a minute): always when the service could not be reached, or answered 408, 429 or 5xx; when the answer was
    lost or late, only where doing it twice does no harm (keys, but not calls).

    Args:
        api_key: The key, or a function that returns one, sync or async; it is asked at every request. Default: the
            environment variable `OPENAI_API_KEY`. For `calls.create` it may be a short-lived key.
        base_url: Where the service is. Default `https://api.openai.com/v1`.
        timeout: How long one attempt may take in all, in seconds. Default 20.
        max_retries: How often a request that failed is sent again. Default 2.
        organization: Sent as `OpenAI-Organization`.
        project: Sent as `OpenAI-Project`.
        safety_identifier: Sent as `OpenAI-Safety-Identifier`.
        extra_headers: HTTP headers to add to each request.
        http_client: An `httpx.AsyncClient` of yours, for proxies, certificates or limits; it is not closed here.
            Its timeouts and its following of redirects do not count. One that takes any certificate (`verify=False`)
            is refused, except for this machine.
        dangerously_allow_unverified_tls: Take such an `http_client`: whoever is in between reads the key.
        azure_endpoint: An Azure resource, `https://RESOURCE.openai.azure.com`, instead of `base_url`; the key is then
            sent as `api-key`, by default from `AZURE_OPENAI_API_KEY`.
        azure_api_version: `None`, the default, for Azure's GA URLs; a version such as `"2025-04-01-preview"` for its
            preview URLs. Which deployment is meant says `session.model`.
        azure_ad_token_provider: A function (sync or async) that gives a token of Microsoft Entra, instead of `api_key`.

    Attributes:
        client_secrets: Short-lived keys.
        translations: `translations.client_secrets`, those of translation sessions.
        calls: WebRTC and SIP calls.
        sessions: The beta protocol's keys, for servers that still have them.
        transcription_sessions: The same for transcription.

    Raises:
        ValueError: An argument is out of its range, or contradicts another.
    """

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        base_url: str | None = None,
        timeout: float = 20.0,
        max_retries: int = 2,
        organization: str | None = None,
        project: str | None = None,
        safety_identifier: str | None = None,
        extra_headers: Mapping[str, str] | None = None,
        http_client: "httpx.AsyncClient | None" = None,
        dangerously_allow_unverified_tls: bool = False,
        azure_endpoint: str | None = None,
        azure_api_version: str | None = None,
        azure_ad_token_provider: TokenProvider | None = None,
    ) -> None:
        if not 0 < timeout < float("inf"):
            raise ValueError(f"timeout must be a number of seconds greater than 0, got {timeout!r}")
        if max_retries < 0:
            raise ValueError(f"max_retries must be 0 or more, got {max_retries!r}")
        self._endpoint = Endpoint(
            base_url=base_url,
            api_key=api_key,
            azure_endpoint=azure_endpoint,
            azure_api_version=azure_api_version,
            azure_ad_token_provider=azure_ad_token_provider,
        )
        self._endpoint.require_safe(self._endpoint.http("/realtime"))
        named = identity_headers(organization=organization, project=project, safety_identifier=safety_identifier)
        given = {name.lower() for name in extra_headers or {}}
        self._requester = Requester(
            self._endpoint,
            headers={
                **{name: value for name, value in named.items() if name.lower() not in given},
                **(extra_headers or {}),
            },
            timeout=timeout,
            max_retries=max_retries,
            http_client=http_client,
            unverified_tls=dangerously_allow_unverified_tls,
        )
        self.client_secrets: ClientSecrets = ClientSecrets(self._requester)
        self.translations: Translations = Translations(self._requester)
        self.calls: Calls = Calls(self._requester)
        self.sessions: BetaSessions = BetaSessions(self._requester)
        self.transcription_sessions: BetaTranscriptionSessions = BetaTranscriptionSessions(self._requester)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._endpoint.host}>"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Nothing can be sent afterwards."""
        await self._requester.aclose()
