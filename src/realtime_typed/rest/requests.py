"""One HTTP request: sent, repeated where that helps, its answer read or made an error. Knows no endpoint.

What it never does: follow a redirect to another host, scheme or port (the key would go with it), send a key over an
unencrypted line, read an answer of any length, or show a key in an error.
"""

import asyncio
import json
import random
from asyncio import sleep
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urljoin, urlsplit

from realtime_typed._endpoints import Endpoint, check_headers, has_credentials, is_loopback
from realtime_typed._redact import HoldsKeys, SecretText, forget_headers, redact_frame
from realtime_typed._tls import context_of, require_verified
from realtime_typed._version import __version__
from realtime_typed.errors import AuthenticationError, InvalidResponseError, RateLimitError, RestError, shorten

from . import retry

if TYPE_CHECKING:
    import httpx

__all__ = ["Answer", "Body", "Requester"]

MAX_BODY: Final = 1024 * 1024
"""The longest answer that is read, in bytes."""

_MAX_REDIRECTS: Final = 3
# Only these keep method and body (RFC 9110 section 15.4); the others would turn the POST into a GET.
_FOLLOWED: Final = frozenset({307, 308})
_REQUEST_IDS: Final = ("x-request-id", "apim-request-id", "x-ms-request-id")


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: `content` of `content_type`, or `parts` of a form (name to content and its type)."""

    content: bytes = b""
    content_type: str | None = None
    parts: Mapping[str, tuple[bytes, str]] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer.

    Attributes:
        what: The request in words, `POST /realtime/calls`, for errors.
        status: The HTTP status, 200 to 299.
        headers: Names in lower case.
        body: The whole body, decompressed.
        secrets: Texts that must not be shown.
    """

    what: str
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """The body as text, whatever encoding the headers claim: servers say odd things, and send UTF-8."""
        return self.body.decode("utf-8", "replace")

    def error(self, problem: str) -> InvalidResponseError:
        """An error that says what is wrong with this answer, without keys."""
        return InvalidResponseError(
            _clean(f"{self.what}: status {self.status}, but {problem}", self.secrets),
            status=self.status,
            request_id=_request_id(self.headers, self.secrets),
            body=_clean(self.text, self.secrets),
        )

    def json(self) -> dict[str, object]:
        """The body as a JSON object.

        Raises:
            InvalidResponseError: It is none.
        """
        try:
            value: object = json.loads(self.body)
        except (ValueError, RecursionError):
            kind = self.headers.get("content-type", "").partition(";")[0].strip() or "something else"
            problem = (
                "the body is no valid JSON" if "json" in kind else f"the body is {shorten(kind, 60)} instead of JSON"
            )
            raise self.error(problem) from None
        if not isinstance(value, dict):
            raise self.error("the body is no JSON object")
        return cast("dict[str, object]", value)


class Requester(HoldsKeys):
    """Sends requests to one service.

    Args:
        endpoint: The service.
        headers: Headers of every request.
        timeout: How long one attempt may take, from the first byte to the last, in seconds.
        max_retries: How often a failed request is sent again.
        http_client: A client of yours; it is not closed here.
        redirects: Whether a redirect at the same place is followed. Default `True`.
        repeat_refusals: Whether an answer such as 429 or 503 makes the request be sent again; otherwise only a service
            that could not be reached, or an answer that was lost, does. Default `True`.
        max_body: The longest answer that is read, in bytes. Default 1 MiB.
        unverified_tls: Whether `http_client` may take any certificate. Default `False`.

    Raises:
        ValueError: A header cannot be sent.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        headers: Mapping[str, str],
        timeout: float,
        max_retries: int,
        http_client: "httpx.AsyncClient | None",
        redirects: bool = True,
        repeat_refusals: bool = True,
        max_body: int = MAX_BODY,
        unverified_tls: bool = False,
    ) -> None:
        check_headers(headers, "extra_headers")
        self._endpoint = endpoint
        self._redirects = redirects
        self._repeat_refusals = repeat_refusals
        self._max_body = max_body
        self._unverified_tls = unverified_tls
        own = {"User-Agent": f"realtime-typed/{__version__}"}
        self._headers = {**own, **{name: SecretText(value) for name, value in headers.items()}}
        self._timeout = timeout
        self._max_retries = max_retries
        self._given = http_client
        self._own: httpx.AsyncClient | None = None
        self._closed = False

    async def aclose(self) -> None:
        """Close the connections; a client that was given stays open."""
        self._closed = True
        own, self._own = self._own, None
        if own is not None:
            await own.aclose()

    def _client(self) -> "httpx.AsyncClient":
        if self._closed:
            raise RuntimeError("this client is closed")
        if self._given is not None:
            if not self._unverified_tls and not is_loopback(self._endpoint.host):
                context = context_of(self._given, self._endpoint.http(""))
                require_verified(context, self._endpoint.host, "http_client")
            return self._given
        if self._own is None:
            import httpx

            # No proxy stands between a program and its own machine, whatever the environment says.
            self._own = httpx.AsyncClient(follow_redirects=False, trust_env=not is_loopback(self._endpoint.host))
        return self._own

    async def post(
        self,
        path: str,
        body: Body | Callable[[Mapping[str, str]], Body],
        *,
        accept: str = "application/json",
        repeatable: bool = True,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send a POST.

        Args:
            path: The endpoint, quoted, such as `/realtime/calls`.
            body: What it carries, or a function that decides it by the credentials.
            accept: The `Accept` header.
            repeatable: Whether doing it twice does no harm. A request that may have reached the service and got no
                answer is sent again only then.
            query: Parameters to add to the URL.

        Returns:
            An answer of status 200 to 299.

        Raises:
            AuthenticationError: 401 or 403.
            RateLimitError: 429, after all attempts.
            InvalidResponseError: The answer is too long.
            RestError: Any other status, a redirect that is not followed, or no answer; `status` tells.
            TimeoutError: The last attempt took too long.
            ValueError: There is no key, or it would travel unencrypted.
        """
        url = self._endpoint.http(path, query)
        self._endpoint.require_safe(url)
        what = f"POST {path}"
        failed = 0
        while True:
            wait: float | None = None
            try:
                answer = await self._attempt(url, body, what=what, accept=accept)
            except _Failure as failure:
                if failed >= self._max_retries or not (failure.unsent or repeatable):
                    raise failure.error from failure.__cause__
            else:
                if 200 <= answer.status < 300:
                    return answer
                wait = retry.retry_after(answer.headers, datetime.now(UTC))
                hopeless = not self._repeat_refusals or not retry.is_retryable(answer.status)
                hopeless = hopeless or (wait is not None and wait > retry.LONGEST_WAIT)
                if hopeless or failed >= self._max_retries:
                    raise _status_error(answer, wait)
            failed += 1
            # S311: jitter is no secret.
            await sleep(retry.backoff(failed, random.random()) if wait is None else wait)  # noqa: S311

    async def _attempt(
        self, url: str, body: Body | Callable[[Mapping[str, str]], Body], *, what: str, accept: str
    ) -> Answer:
        import httpx

        headers = dict(self._headers)
        if not has_credentials(headers):
            headers |= await self._endpoint.credentials()
        secrets = _secrets(headers)
        content = body(headers) if callable(body) else body
        client = self._client()
        # The answer is bounded as it is read, so nothing is asked for that grows when it is unpacked.
        headers |= {"Accept": accept, "Accept-Encoding": "identity"}
        if content.content_type is not None:
            headers["Content-Type"] = content.content_type
        files: dict[str, tuple[None, bytes, str]] | None = None
        if content.parts is not None:
            files = {name: (None, part, kind) for name, (part, kind) in content.parts.items()}
        target, timeout = url, httpx.Timeout(self._timeout, connect=min(self._timeout, 10.0))
        try:
            async with asyncio.timeout(self._timeout):
                redirects = 0
                while True:
                    request = client.build_request(
                        "POST",
                        target,
                        headers=headers,
                        content=None if files else content.content,
                        files=files,
                        timeout=timeout,
                    )
                    answer = await self._send(client, request, what, secrets)
                    following = _redirect(answer, target) if self._redirects else None
                    if following is None:
                        return answer
                    redirects += 1
                    if redirects > _MAX_REDIRECTS:
                        raise answer_error(answer, f"{what}: redirected more than {_MAX_REDIRECTS} times")
                    target = following
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            forget_headers(error)
            problem = f"{what}: cannot reach {self._endpoint.host}"
            raise _Failure(
                RestError(_clean(f"{problem}: {str(error) or type(error).__name__}", secrets)), unsent=True
            ) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            if not isinstance(error, TimeoutError):
                forget_headers(error)
            raise _Failure(TimeoutError(f"{what} took longer than {self._timeout:g} s"), unsent=False) from error
        except httpx.RequestError as error:
            forget_headers(error)
            # The error about an answer that is no HTTP quotes it after a colon, and it may hold a key.
            strange = isinstance(error, httpx.ProtocolError)
            text = str(error).partition(":")[0] if strange else str(error)
            problem = f"{what}: no readable answer came: {text or type(error).__name__}"
            cause = None if strange else error
            raise _Failure(RestError(_clean(problem, secrets)), unsent=False) from cause

    async def _send(
        self, client: "httpx.AsyncClient", request: "httpx.Request", what: str, secrets: tuple[str, ...]
    ) -> Answer:
        response = await client.send(request, stream=True, follow_redirects=False)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            answer = Answer(what, response.status_code, headers, b"", secrets)
            content = bytearray()
            async for chunk in response.aiter_bytes(65_536):
                content += chunk
                if len(content) > self._max_body:
                    raise answer.error(f"the body is longer than {self._max_body} bytes")
        finally:
            await response.aclose()
        return Answer(what, response.status_code, headers, bytes(content), secrets)


class _Failure(Exception):  # noqa: N818  # it carries an error and never leaves this module
    """An attempt without an answer: the error to raise, and whether the service cannot have seen the request."""

    def __init__(self, error: Exception, *, unsent: bool) -> None:
        super().__init__()
        self.error = error
        self.unsent = unsent


def _secrets(headers: Mapping[str, str]) -> tuple[str, ...]:
    values = [headers[name] for name in headers if name.lower() in ("authorization", "api-key")]
    return tuple(SecretText(value.removeprefix("Bearer ")) for value in values)


def _clean(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, "[redacted]")
    return redact_frame(text)


def _request_id(headers: Mapping[str, str], secrets: tuple[str, ...]) -> str | None:
    return next((shorten(_clean(headers[name], secrets)) for name in _REQUEST_IDS if name in headers), None)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)


def _redirect(answer: Answer, url: str) -> str | None:
    """Where to send the request instead, `None` when the answer is no redirect."""
    if not 300 <= answer.status < 400:
        return None
    location = answer.headers.get("location", "")
    try:
        target = urljoin(url, location)
        same = _origin(target) == _origin(url)
        host = urlsplit(target).hostname
    except ValueError:
        raise answer_error(
            answer, f"{answer.what}: status {answer.status} with an address that cannot be read"
        ) from None
    if not same:
        place = f"to {shorten(host or 'nowhere', 100)!r}"
        raise answer_error(
            answer, f"{answer.what}: status {answer.status} redirects {place}, where the key is not sent"
        )
    if answer.status not in _FOLLOWED or not location:
        raise answer_error(answer, f"{answer.what}: status {answer.status} is no redirect that a POST can follow")
    return target


def answer_error(answer: Answer, message: str) -> RestError:
    """An error of an answer, with its status and request id."""
    return RestError(
        _clean(message, answer.secrets),
        status=answer.status,
        request_id=_request_id(answer.headers, answer.secrets),
        body=_clean(answer.text, answer.secrets),
    )


def _status_error(answer: Answer, wait: float | None) -> RestError:
    """The error of an answer that is not good, in the service's own words where it has any."""
    details = _error_details(answer.body)
    told = {name: _clean(value, answer.secrets) for name, value in details.items() if isinstance(value, str) and value}
    kind: type[RestError] = RestError
    if answer.status in (401, 403):
        kind = AuthenticationError
    elif answer.status == 429:
        kind = RateLimitError
    message = f"{answer.what}: status {answer.status}"
    if "code" in told or "type" in told:
        message += f" ({shorten(told.get('code') or told['type'], 80)})"
    if "message" in told:
        message += f": {shorten(told['message'], 500)}"
    error = kind(
        message,
        status=answer.status,
        code=told.get("code"),
        type=told.get("type", ""),
        told=shorten(told["message"], 500) if "message" in told else None,
        param=told.get("param"),
        request_id=_request_id(answer.headers, answer.secrets),
        body=_clean(answer.text, answer.secrets),
    )
    if isinstance(error, RateLimitError):
        error.retry_after = wait
    return error


def _error_details(body: bytes) -> Mapping[str, object]:
    """The fields of an error: OpenAI's `{"error": {…}}`, or the shorter forms of other servers."""
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    fields = cast("dict[str, object]", value)
    error = fields.get("error")
    if isinstance(error, dict):
        return cast("dict[str, object]", error)
    if isinstance(error, str):
        return {"message": error}
    return {**fields, "message": fields.get("message") or fields.get("detail")}
