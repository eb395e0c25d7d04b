"""An endpoint for your web application that hands out short-lived keys, so that the API key stays on your server.

::

    app = FastAPI()  # or Starlette
    app.mount("/ephemeral-key", ephemeral_key_endpoint(api_key, session=…, authorize=is_signed_in))

A browser or another client asks it by GET and gets `{"ephemeral_key": "ek_…", "expires_at": 1750000000}`, which is
what `RealtimeClient(fetch_ephemeral_key_url=…)` reads and what OpenAI's reference client expects of a backend. Needs
Starlette (extra `server`). It never logs, caches or shows the API key, nor what the service answers beside the
short-lived key.
"""

import inspect
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, TypeVar, cast

from ._endpoints import ApiKey, Endpoint, TokenProvider, is_loopback
from ._generated.realtime.params import SessionConfigParam
from ._generated.realtime.shared import SessionConfig
from .errors import InvalidResponseError, RateLimitError, RestError
from .rest import RestClient

try:
    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response
    from starlette.types import Receive, Scope, Send

    from ._rate_limit import RateLimit, Window, client_address
except ImportError as _missing:
    raise ImportError(
        f'realtime_typed.asgi needs Starlette ({_missing}); install it with: pip install "realtime-typed[server]"'
    ) from _missing

if TYPE_CHECKING:
    import httpx

__all__ = [
    "Authorize",
    "EphemeralKeyEndpoint",
    "RateLimit",
    "SessionSource",
    "client_address",
    "ephemeral_key_endpoint",
]

_T = TypeVar("_T")

Authorize: TypeAlias = Callable[[Request], bool | Awaitable[bool]]
"""Whether a caller may have a key, sync or async. Only `True` lets in; it may raise Starlette's `HTTPException` too."""

_Session: TypeAlias = SessionConfig | SessionConfigParam
_Sessions: TypeAlias = Callable[[Request], _Session | Awaitable[_Session]]
SessionSource: TypeAlias = _Session | _Sessions
"""The configuration of the sessions that a key opens, or a function (sync or async) that gives it for a request."""

_LOG: Final = logging.getLogger(__name__)
_METHODS: Final = ("GET", "POST")
_SECONDS: Final = range(10, 7201)
_DEFAULT_LIMIT: Final = RateLimit()


def ephemeral_key_endpoint(
    api_key: ApiKey | None = None,
    *,
    authorize: Authorize | Literal["anyone"],
    session: SessionSource | None = None,
    rate_limit: RateLimit | None = _DEFAULT_LIMIT,
    expires_after: int | None = None,
    safety_identifier: Callable[[Request], str | Awaitable[str]] | None = None,
    base_url: str | None = None,
    timeout: float = 10.0,
    organization: str | None = None,
    project: str | None = None,
    azure_endpoint: str | None = None,
    azure_ad_token_provider: TokenProvider | None = None,
    http_client: "httpx.AsyncClient | None" = None,
) -> "EphemeralKeyEndpoint":
    """Make an ASGI application that answers GET and POST with a short-lived key.

    Mount it (`app.mount("/ephemeral-key", endpoint)`, which serves `/ephemeral-key/`), or route to it
    (`Route("/ephemeral-key", endpoint)`), in Starlette or FastAPI. It needs no lifespan and holds no connection open.

    A caller is asked for by `authorize` first and counted by `rate_limit` then, so that nobody can use up what is
    another's. Every answer carries `Cache-Control: no-store`; one that is no key is
    `{"error": {"code": …, "message": …}}`:

    - 403 `forbidden`, or what `authorize` raised as `HTTPException`, for instance 401;
    - 405 `method_not_allowed`;
    - 429 `rate_limit_exceeded`, with `Retry-After`;
    - 502 `bad_gateway`: the service refused the request (a wrong API key, for instance), or its answer cannot be read;
    - 503 `service_unavailable`: the service cannot be reached, is too slow or fails, or answered 429, whose
      `Retry-After` is passed on.

    Why the service refused is logged as a warning of the logger `realtime_typed.asgi`: status, error code and request
    id. CORS is the application's own: without its `CORSMiddleware` only pages of its own origin can read the key.

    Args:
        api_key: Your key, or a function (sync or async) that gives it; it is asked at every request. Default: the
            environment variable `OPENAI_API_KEY`.
        authorize: Whether the caller of a request may have a key. Whoever has a key talks at your expense, so there is
            no default; `"anyone"` leaves the endpoint open to everybody who can reach it.
        session: The configuration of the sessions that a key opens, such as
            `{"type": "realtime", "model": "gpt-realtime"}`, or a function of the request. Default: the service's own.
        rate_limit: How often one caller may ask. Default: 10 times a minute an address. `None`: without limit.
        expires_after: For how many seconds a key opens sessions, 10 to 7200. Default: the service's, 600.
        safety_identifier: Gives a stable id of the user behind a request, best a digest, sent as
            `OpenAI-Safety-Identifier`.
        base_url: Where the service is. Default `https://api.openai.com/v1`.
        timeout: How long one attempt to reach the service may take, in seconds; there are three at most. Default 10.
        organization: Sent as `OpenAI-Organization`.
        project: Sent as `OpenAI-Project`.
        azure_endpoint: An Azure resource, as in `RestClient`.
        azure_ad_token_provider: A function (sync or async) that gives a token of Microsoft Entra, instead of `api_key`.
        http_client: An `httpx.AsyncClient` of yours, for proxies, certificates or kept connections; it is not closed
            here.

    Returns:
        The application. When one of the functions raises, or gives what the request cannot carry (`ValueError`,
        `TypeError`), the caller gets no key and the error goes to the application that it is mounted in: status 500.

    Raises:
        ValueError: An argument is out of its range, contradicts another, or `session` is no configuration.
        TypeError: `authorize` is neither a function nor `"anyone"`.
    """
    if authorize != "anyone" and not callable(authorize):
        raise TypeError('authorize must be a function of the request, or "anyone"')
    if expires_after is not None and expires_after not in _SECONDS:
        raise ValueError(f"expires_after must be 10 to 7200 seconds, got {expires_after!r}")
    service = _Service(
        Endpoint(
            base_url=base_url,
            api_key=api_key,
            azure_endpoint=azure_endpoint,
            azure_api_version=None,
            azure_ad_token_provider=azure_ad_token_provider,
        ),
        timeout=timeout,
        organization=organization,
        project=project,
        http_client=http_client,
    )
    sessions: _Sessions | None = None
    if callable(session):
        sessions = session
    elif session is not None:
        service.check(session)
        sessions = _always(session)
    return EphemeralKeyEndpoint(
        service,
        authorize=None if authorize == "anyone" else authorize,
        sessions=sessions,
        window=None if rate_limit is None else Window(rate_limit),
        expires_after=expires_after,
        safety_identifier=safety_identifier,
    )


def _always(session: _Session) -> _Sessions:
    return lambda request: session


class _Service:
    """The service that makes the keys."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout: float,
        organization: str | None,
        project: str | None,
        http_client: "httpx.AsyncClient | None",
    ) -> None:
        import httpx

        self._endpoint = endpoint
        self._timeout = timeout
        self._organization = organization
        self._project = project
        # Keys are asked for rarely. A connection that is not kept needs nobody to close it, and no loop to live in; the
        # client itself is kept because its certificates take 20 ms to load.
        self._http = http_client or httpx.AsyncClient(
            limits=httpx.Limits(max_keepalive_connections=0),
            trust_env=not is_loopback(endpoint.host),
        )
        self._client({}, None)  # its arguments are checked now, not at the first request

    def _client(self, headers: Mapping[str, str], safety_identifier: str | None) -> RestClient:
        return RestClient(
            base_url=self._endpoint.base_url,
            timeout=self._timeout,
            organization=self._organization,
            project=self._project,
            safety_identifier=safety_identifier,
            extra_headers=headers,
            http_client=self._http,
        )

    @staticmethod
    def check(session: _Session) -> None:
        """Raise `ValueError` for a session that no request can carry."""
        from ._generated.realtime.rest import ClientSecretRequest
        from .rest.objects import json_body

        json_body(ClientSecretRequest, {"session": session})

    async def mint(
        self, session: _Session | None, expires_after: int | None, safety_identifier: str | None
    ) -> tuple[str, int | None]:
        """Make a key; gives it and its expiry in Unix time, `None` when the service did not say."""
        credentials = await self._endpoint.credentials()
        client = self._client(credentials, safety_identifier)
        secret = await client.client_secrets.create(session, expires_after=expires_after)
        # A gateway that has misunderstood may answer with what it was sent.
        if any(secret.value in value for value in credentials.values()):
            raise InvalidResponseError("the service answered with the API key")
        # Where the service does not keep to the schema, the object holds what came, or nothing.
        expires_at: object = getattr(secret, "expires_at", None)
        return secret.value, expires_at if isinstance(expires_at, int) else None


class EphemeralKeyEndpoint:
    """What `ephemeral_key_endpoint` makes: an ASGI application.

    `respond` does the same for a `Request` that is at hand, for instance in a FastAPI route with dependencies.
    """

    def __init__(
        self,
        service: _Service,
        *,
        authorize: Authorize | None,
        sessions: _Sessions | None,
        window: Window | None,
        expires_after: int | None,
        safety_identifier: Callable[[Request], str | Awaitable[str]] | None,
    ) -> None:
        self._service = service
        self._authorize = authorize
        self._sessions = sessions
        self._window = window
        self._expires_after = expires_after
        self._safety_identifier = safety_identifier

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a WebSocket is refused."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            raise RuntimeError(f"this endpoint speaks HTTP alone, not {scope['type']}")  # which ASGI asks for
        response = await self.respond(Request(scope, receive))
        await response(scope, receive, send)

    async def respond(self, request: Request) -> Response:
        """Answer one request.

        Args:
            request: A request of Starlette or FastAPI.

        Returns:
            The key, or why there is none; see `ephemeral_key_endpoint`.
        """
        try:
            return await self._respond(request)
        except HTTPException as refusal:
            code = {401: "unauthorized", 403: "forbidden"}.get(refusal.status_code, "refused")
            return _error(refusal.status_code, code, str(refusal.detail), refusal.headers)

    async def _respond(self, request: Request) -> Response:
        if request.method not in _METHODS:
            allowed = {"Allow": ", ".join(_METHODS)}
            return _error(405, "method_not_allowed", f"Ask by {' or '.join(_METHODS)}.", allowed)
        if self._authorize is not None and (await _resolved(self._authorize(request))) is not True:
            return _error(403, "forbidden", "You may not have a key.")
        wait = 0.0 if self._window is None else self._window.take(request)
        if wait > 0:
            return _error(429, "rate_limit_exceeded", "You have asked for too many keys.", _retry_after(wait))
        session = await self._session_for(request)
        identifier = None
        if self._safety_identifier is not None:
            identifier = _header_value(await _resolved(self._safety_identifier(request)))
        try:
            key, expires_at = await self._service.mint(session, self._expires_after, identifier)
        except (RestError, TimeoutError) as failure:
            return _failed(failure)
        return _answer(200, {"ephemeral_key": key, "expires_at": expires_at})

    async def _session_for(self, request: Request) -> _Session | None:
        given = None if self._sessions is None else self._sessions(request)
        return await given if isinstance(given, Awaitable) else given


async def _resolved(value: _T | Awaitable[_T]) -> _T:
    return cast("_T", await value if inspect.isawaitable(value) else value)


def _header_value(text: str) -> str:
    # Checked here, because the error of an HTTP library shows what it could not send.
    if not text or not text.isascii() or not text.isprintable():
        raise ValueError("safety_identifier must give printable ASCII text")
    return text


def _failed(failure: RestError | TimeoutError) -> Response:
    """The answer for a key that could not be made. Of what the service said it tells nothing."""
    if isinstance(failure, TimeoutError):
        _LOG.warning("no key: the service took too long")
        return _error(503, "service_unavailable", "The service that makes the keys is too slow.")
    _LOG.warning(
        "no key: status %s, code %r, request id %r (%s)",
        *(failure.status or "none", failure.code, failure.request_id, type(failure).__name__),
    )
    if failure.status == 429 or (type(failure) is RestError and (failure.status is None or failure.status >= 500)):
        wait = failure.retry_after if isinstance(failure, RateLimitError) else None
        headers = None if wait is None else _retry_after(wait)
        return _error(503, "service_unavailable", "The service that makes the keys is not available.", headers)
    return _error(502, "bad_gateway", "The service that makes the keys refused to make one.")


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, math.ceil(seconds)))}


def _error(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    return _answer(status, {"error": {"code": code, "message": message}}, headers)


def _answer(status: int, content: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status, {**(headers or {}), "Cache-Control": "no-store"})
