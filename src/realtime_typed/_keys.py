"""Which key a connect uses, and the backend that is asked for a short-lived one.

Source of the backend's convention: the reference client, `GET <url>` answers `{"ephemeral_key": "ek_…"}`.
What this never does: send a key or the request's headers over an unencrypted line or to another place than the one that
was named, or show a key in an error, a `repr` or a log.
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast
from urllib.parse import quote, urljoin, urlsplit

from ._endpoints import ApiKey, Endpoint, ask_key, check_headers, is_loopback
from ._redact import HoldsKeys, SecretText, forget_headers, redact_frame
from ._version import __version__
from .errors import EphemeralKeyError, shorten

if TYPE_CHECKING:
    import httpx

__all__ = ["FETCH_TIMEOUT", "EphemeralKey", "KeySource"]

EphemeralKey: TypeAlias = ApiKey
"""A short-lived key (`ek_…`), or a function (sync or async) that is asked for one at every connect."""

FETCH_TIMEOUT: Final = 10.0
"""How long a backend may take to give a key, in seconds."""

_MAX_BODY: Final = 64 * 1024
_MAX_REDIRECTS: Final = 3
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CURE: Final = (
    "pass fetch_ephemeral_key_url=… of a backend that makes short-lived keys, or "
    "dangerously_allow_api_key_in_browser=True if nobody else can read this page"
)


class KeySource(HoldsKeys):
    """Where the credentials of each connect come from.

    The first that is there counts: the key that `connect` was given, `ephemeral_key`, `fetch_ephemeral_key_url`, then
    the endpoint's own credentials (API key, Entra token, environment).

    Args:
        endpoint: The service.
        ephemeral_key: A short-lived key, or a function that gives one.
        fetch_ephemeral_key_url: A backend's address, which is asked for a fresh key at every connect.
        fetch_ephemeral_key_headers: Headers of that request, for instance `Authorization` or `Cookie`.
        dangerously_allow_api_key_in_browser: Whether a standard API key may be used where Python runs in a browser.

    Raises:
        ValueError: Two sources are given, the address is none or not safe, a header cannot be sent, or a standard API
            key would be used in a browser.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        ephemeral_key: EphemeralKey | None = None,
        fetch_ephemeral_key_url: str | None = None,
        fetch_ephemeral_key_headers: Mapping[str, str] | None = None,
        dangerously_allow_api_key_in_browser: bool = False,
    ) -> None:
        if ephemeral_key is not None and fetch_ephemeral_key_url is not None:
            raise ValueError("pass either ephemeral_key or fetch_ephemeral_key_url")
        if fetch_ephemeral_key_headers is not None and fetch_ephemeral_key_url is None:
            raise ValueError("fetch_ephemeral_key_headers needs fetch_ephemeral_key_url")
        self._endpoint = endpoint
        self._ephemeral_key = ephemeral_key
        self._url = None if fetch_ephemeral_key_url is None else _checked_url(fetch_ephemeral_key_url)
        self._headers = {name: SecretText(value) for name, value in (fetch_ephemeral_key_headers or {}).items()}
        check_headers(self._headers, "fetch_ephemeral_key_headers")
        self._allowed = dangerously_allow_api_key_in_browser
        if ephemeral_key is None and self._url is None and endpoint.fixed_key is not None:
            self._guard_browser(endpoint.fixed_key.strip())

    def __repr__(self) -> str:
        kinds = {"ephemeral_key": self._ephemeral_key, "fetch_ephemeral_key_url": self._url}
        first = next((name for name, given in kinds.items() if given is not None), "api_key")
        return f"<{type(self).__name__} {first}>"

    def renews(self, ephemeral_key: EphemeralKey | None = None) -> bool:
        """Whether the next connect may get another key than this one; `ephemeral_key` as for `headers`."""
        chosen = self._ephemeral_key if ephemeral_key is None else ephemeral_key
        return callable(chosen) or (chosen is None and (self._url is not None or self._endpoint.fixed_key is None))

    async def headers(self, ephemeral_key: EphemeralKey | None = None) -> dict[str, str]:
        """Get the headers that prove who connects. Functions and the backend are asked now, every time.

        Args:
            ephemeral_key: A key for this connect alone; it counts before all others.

        Returns:
            `Authorization`, or `api-key` with an API key of Azure.

        Raises:
            EphemeralKeyError: The backend gave no key; `reason` says why.
            ValueError: There is no key at all, it is none, or it is a standard one and this is a browser.
            TypeError: A function gave something that is no text.
        """
        chosen = self._ephemeral_key if ephemeral_key is None else ephemeral_key
        if chosen is not None:
            return self._bearer(await ask_key(chosen, "ephemeral key"))
        if self._url is not None:
            return self._bearer(await _fetch(self._url, self._headers))
        endpoint = self._endpoint
        if not endpoint.has_key():
            raise ValueError(
                "there is no API key and no ephemeral key: pass ephemeral_key=…, fetch_ephemeral_key_url=… or "
                f"api_key=…, or set {endpoint.key_variable}"
            )
        credentials = await endpoint.credentials()
        if not endpoint.uses_token:
            self._guard_browser(next(iter(credentials.values())).removeprefix("Bearer "))
        return credentials

    def _bearer(self, key: str) -> dict[str, str]:
        # Short-lived keys of other services have other beginnings; a standard key is known by this one.
        if key.startswith("sk-"):
            self._guard_browser(key)
        return {"Authorization": SecretText(f"Bearer {key}")}

    def _guard_browser(self, key: str) -> None:
        """Whoever opens the page can read a key that is used there, and a standard one does not expire."""
        # A type checker takes the platform for the one it runs on, and would not look at what follows.
        platform: str = sys.platform
        if platform == "emscripten" and not self._allowed and not key.startswith("ek_"):
            raise ValueError(f"a standard API key must not be used in a browser: {_CURE}")


def _checked_url(url: str) -> str:
    # No error shows the URL: its query may hold a secret.
    name = "fetch_ephemeral_key_url"
    try:
        parts = urlsplit(url.strip())
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{name} is no URL") from None
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{name} must not hold credentials; pass them in fetch_ephemeral_key_headers")
    if parts.scheme not in ("https", "http") or not host:
        raise ValueError(f"{name} must be a whole http(s) URL, such as 'https://app.example.com/key'")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f"{name} must begin with https:// for {host!r}: the key must not travel unencrypted")
    if not url.strip().isprintable() or " " in url.strip() or "\\" in url:
        raise ValueError(f"{name} holds characters that no URL has")
    return url.strip()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    content_type: str
    location: str | None
    body: bytes = field(repr=False)


class _TooLong(Exception):  # noqa: N818  # it never leaves this module
    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


async def _fetch(url: str, headers: Mapping[str, str]) -> str:
    """Ask a backend for a key.

    Raises:
        EphemeralKeyError: It gave none.
    """
    problem = f"no ephemeral key from {urlsplit(url).hostname}"
    hidden = _hidden(url, headers)
    try:
        async with asyncio.timeout(FETCH_TIMEOUT):
            answer = await _get(url, headers, problem, hidden)
    except TimeoutError as error:
        raise EphemeralKeyError(f"{problem}: it did not answer within {FETCH_TIMEOUT:g} s", reason="timeout") from error
    except _TooLong as error:
        raise EphemeralKeyError(
            f"{problem}: status {error.status}, but the answer is longer than {_MAX_BODY} bytes",
            reason="too_long",
            status=error.status,
        ) from None
    if not 200 <= answer.status < 300:
        raise _refusal(f"{problem}: status {answer.status}", "status", answer, hidden)
    return _key_of(answer, problem)


async def _get(url: str, headers: Mapping[str, str], problem: str, hidden: tuple[str, ...]) -> _Answer:
    """Send the request, and follow redirects at the same place.

    Raises:
        EphemeralKeyError: No answer came, or a redirect that is not followed.
        TimeoutError: httpx gave up before our own time limit.
    """
    import httpx

    sent = {"user-agent": f"realtime-typed/{__version__}", "accept": "application/json", "cache-control": "no-cache"}
    sent |= {name.lower(): value for name, value in headers.items()}
    # The answer is bounded as it is read, so nothing is asked for that grows when it is unpacked.
    sent["accept-encoding"] = "identity"
    target, failed = url, ""
    try:
        # No proxy stands between a program and its own machine, whatever the environment says. A new client for every
        # key: cookies of one answer must not be sent with the next request.
        trust_env = not is_loopback(urlsplit(url).hostname or "")
        async with httpx.AsyncClient(follow_redirects=False, trust_env=trust_env, timeout=FETCH_TIMEOUT) as client:
            redirects = 0
            while True:
                # httpx logs the address of each request: it is given none but the place, and the rest apart.
                address = httpx.URL(target)
                extensions = {"target": address.raw_path}
                place = address.copy_with(path="/", query=None)
                answer = await _send(client, client.build_request("GET", place, headers=sent, extensions=extensions))
                if answer.status not in _REDIRECTS or not answer.location:
                    return answer
                following = _same_place(target, answer.location)
                if following is None:
                    text = f"{problem}: status {answer.status} redirects to another place, where nothing is sent"
                    raise _refusal(text, "redirect", answer, hidden)
                redirects += 1
                if redirects > _MAX_REDIRECTS:
                    text = f"{problem}: redirected more than {_MAX_REDIRECTS} times"
                    raise _refusal(text, "redirect", answer, hidden)
                target = following
    except httpx.TimeoutException as error:
        forget_headers(error)
        raise TimeoutError("httpx waited too long") from error
    except httpx.ConnectError as error:
        forget_headers(error)
        raise EphemeralKeyError(f"{problem}: {error}", reason="unreachable") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        failed = type(error).__name__
    # Neither quoted nor chained: such an error may show what came, and that may be the key.
    raise EphemeralKeyError(f"{problem}: no readable answer came ({failed})", reason="unreachable")


async def _send(client: "httpx.AsyncClient", request: "httpx.Request") -> _Answer:
    response = await client.send(request, stream=True)
    try:
        content = bytearray()
        async for chunk in response.aiter_bytes(16_384):
            content += chunk
            if len(content) > _MAX_BODY:
                raise _TooLong(response.status_code)
    finally:
        await response.aclose()
    kind, location = response.headers.get("content-type", ""), response.headers.get("location")
    return _Answer(response.status_code, kind, location, bytes(content))


def _same_place(url: str, location: str) -> str | None:
    """Where a redirect leads, `None` when that is another scheme, host or port."""

    def place(address: str) -> tuple[str, str | None, int | None]:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname, parts.port or {"https": 443, "http": 80}.get(parts.scheme)

    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        safe = place(target) == place(url) and parts.username is None and parts.password is None
    except ValueError:
        return None
    return target if safe else None


def _key_of(answer: _Answer, problem: str) -> str:
    """The key in a good answer. Nothing of the body is shown: it may hold the key wherever it likes."""
    problem = f"{problem}: status {answer.status}, but "

    def error(text: str, reason: Literal["not_json", "missing", "empty", "malformed"]) -> EphemeralKeyError:
        return EphemeralKeyError(problem + text, reason=reason, status=answer.status)

    fields = _json_object(answer.body)
    if fields is None:
        kind = answer.content_type.partition(";")[0].strip().lower()
        named = re.fullmatch(r"(?:text|application)/[a-z.+-]{1,30}", kind) and "json" not in kind
        raise error("the answer is no JSON object" + (f" but {kind}" if named else ""), "not_json")
    key = fields.get("ephemeral_key")
    if key is None:
        raise error("the answer has no 'ephemeral_key'", "missing")
    if not isinstance(key, str):
        raise error("its 'ephemeral_key' is no text", "malformed")
    key = key.strip()
    if not key:
        raise error("its 'ephemeral_key' is empty", "empty")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise error("its 'ephemeral_key' holds characters that no key has", "malformed")
    return SecretText(key)


def _json_object(body: bytes) -> Mapping[str, object] | None:
    # The error is not chained to the one that json raises: that holds the whole body.
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def _refusal(
    message: str, reason: Literal["status", "redirect"], answer: _Answer, hidden: tuple[str, ...]
) -> EphemeralKeyError:
    body = _redacted(answer.body.decode("utf-8", "replace"), hidden)
    return EphemeralKeyError(message, reason=reason, status=answer.status, body=body)


def _hidden(url: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """What an error must not repeat of the request, in the forms in which a server may send it back."""
    texts = {urlsplit(url).query, *headers.values()}
    # `Bearer secret`, `name=secret; other=secret`: the secret alone may come back, too.
    texts |= {piece for text in list(texts) for piece in re.split(r"[\s;,&=]+", text) if len(piece) >= 6}
    texts |= {form for text in list(texts) for form in (json.dumps(text)[1:-1], quote(text))}
    # Shorter ones are no secrets, and would be found everywhere.
    return tuple(sorted((SecretText(text) for text in texts if len(text) >= 4), key=len, reverse=True))


def _redacted(text: str, hidden: tuple[str, ...]) -> str:
    for secret in hidden:
        text = text.replace(secret, "[redacted]")
    # Cut last: half of a key is not recognised.
    return shorten(redact_frame(text))
