"""Where a service is, how its URLs are built, and how a request proves who sends it. Opens no connection.

Sources: OpenAI's `wss://api.openai.com/v1/realtime?model=…` and `Authorization: Bearer …`; Azure's two forms, GA
`wss://RESOURCE.openai.azure.com/openai/v1/realtime?model=DEPLOYMENT` without an `api-version`, and preview
`wss://RESOURCE.openai.azure.com/openai/realtime?api-version=…&deployment=DEPLOYMENT`, with the header `api-key` or an
Entra token as Bearer.
"""

import inspect
import ipaddress
import os
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeAlias
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ._redact import HoldsKeys, SecretText, hide_keys, is_secret_name

__all__ = [
    "DEFAULT_BASE_URL",
    "ApiKey",
    "Endpoint",
    "TokenProvider",
    "ask_key",
    "check_headers",
    "has_credentials",
    "http_url",
    "identity_headers",
    "is_loopback",
    "websocket_url",
]

ApiKey: TypeAlias = str | Callable[[], str | Awaitable[str]]
"""A key, or a function (sync or async) that is asked for one at every connect."""

TokenProvider: TypeAlias = Callable[[], str | Awaitable[str]]
"""A function (sync or async) that gives a token of Microsoft Entra; it is asked at every connect and request."""

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
_WEBSOCKET_SCHEMES: Final = {"https": "wss", "http": "ws", "wss": "wss", "ws": "ws"}
_HTTP_SCHEMES: Final = {"https": "https", "http": "http", "wss": "https", "ws": "http"}
# RFC 9110 section 5.6.2, a token.
_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CREDENTIAL_HEADERS: Final = frozenset({"authorization", "api-key"})


def is_loopback(host: str) -> bool:
    """Whether `host` is this machine: what is sent there needs no encryption."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _join(base_url: str, schemes: Mapping[str, str], path: str, query: Mapping[str, str], *, name: str) -> str:
    base_url = base_url.strip()
    # A line break would begin another header. Python's own parser takes some out, and so hides them.
    if not base_url.isprintable() or " " in base_url or "\\" in base_url:
        raise ValueError(f"{name} holds characters that no URL has")
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{name} is no URL") from None
    # Before everything else: an error that shows the URL must not show a password.
    if parts.username is not None or parts.password is not None:
        raise ValueError(f"{name} must not hold credentials; pass the key as api_key")
    given = dict(parse_qsl(parts.query, keep_blank_values=True))
    for parameter, value in given.items():
        # The libraries underneath, proxies and servers write addresses down.
        if is_secret_name(parameter) or hide_keys(value) != value:
            raise ValueError(f"{name} must not hold a key in its query; pass it as api_key, or in extra_headers")
    if parts.scheme not in schemes or not host:
        got = hide_keys(base_url.partition("?")[0])
        raise ValueError(f"{name} must be an http(s) or ws(s) URL such as {DEFAULT_BASE_URL!r}, got {got!r}")
    before = parts.path.rstrip("/").removesuffix("/realtime")
    merged = {**given, **query}
    return urlunsplit((schemes[parts.scheme], parts.netloc, before + path, urlencode(merged), ""))


def websocket_url(base_url: str, query: Mapping[str, str], path: str = "/realtime") -> str:
    """Make the WebSocket URL of a service.

    Args:
        base_url: `https://host/v1` or `wss://host/v1/realtime` and the like; its own query is kept.
        query: Parameters to add; they replace those of the same name.
        path: What follows the base. Default `/realtime`.

    Raises:
        ValueError: The URL has another scheme, no host, credentials inside, or characters that no URL has.
    """
    return _join(base_url, _WEBSOCKET_SCHEMES, path, query, name="base_url")


def http_url(base_url: str, path: str, query: Mapping[str, str] | None = None) -> str:
    """Make the URL of an HTTP endpoint of a service.

    Args:
        base_url: As in `websocket_url`; one for WebSockets serves as well.
        path: The endpoint, quoted, for instance `/realtime/calls`.
        query: Parameters to add.

    Raises:
        ValueError: As in `websocket_url`.
    """
    return _join(base_url, _HTTP_SCHEMES, path, query or {}, name="base_url")


async def ask_key(given: ApiKey, what: str) -> str:
    """Get a key from where it comes, and see that it is one.

    Args:
        given: The key, or the function that gives it.
        what: What it is called in an error, which never shows it: `"API key"`.

    Raises:
        ValueError: It is empty, holds white space, or other characters that no key has.
        TypeError: It is no text.
    """
    key: object = given
    if not isinstance(given, str):
        key = given()
        if inspect.isawaitable(key):
            key = await key
    if not isinstance(key, str):
        raise TypeError(f"the {what} must be a string, got {type(key).__name__}")
    key = key.strip()
    if not key or any(character.isspace() for character in key):
        raise ValueError(f"the {what} is empty or holds white space inside")
    # Checked here, because the error of an HTTP library about such a header shows the header.
    if not key.isascii() or not key.isprintable():
        raise ValueError(f"the {what} holds characters that no key has")
    return SecretText(key)


class Endpoint(HoldsKeys):
    """A service: its URLs, and the credentials that it takes.

    Args:
        base_url: Where it is; `None` means `https://api.openai.com/v1`.
        api_key: The key, or a function that gives it. `None` means the environment: `OPENAI_API_KEY`, or for Azure
            `AZURE_OPENAI_API_KEY`.
        azure_endpoint: An Azure resource, `https://RESOURCE.openai.azure.com`, instead of `base_url`.
        azure_api_version: `None` for Azure's GA URLs, or a version such as `"2025-04-01-preview"` for its preview URLs.
        azure_ad_token_provider: Gives tokens of Microsoft Entra, instead of `api_key`.

    Raises:
        ValueError: Arguments contradict each other, or an address is none.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        api_key: ApiKey | None = None,
        azure_endpoint: str | None = None,
        azure_api_version: str | None = None,
        azure_ad_token_provider: TokenProvider | None = None,
    ) -> None:
        self._api_key = api_key
        self._token_provider = azure_ad_token_provider
        self._azure = azure_endpoint is not None
        self._api_version = azure_api_version
        if azure_endpoint is None:
            for name, value in (
                ("azure_api_version", azure_api_version),
                ("azure_ad_token_provider", azure_ad_token_provider),
            ):
                if value is not None:
                    raise ValueError(f"{name} needs azure_endpoint")
            self.base_url: str = DEFAULT_BASE_URL if base_url is None else base_url
        else:
            if base_url not in (None, DEFAULT_BASE_URL):
                raise ValueError("pass either base_url or azure_endpoint")
            if api_key is not None and azure_ad_token_provider is not None:
                raise ValueError("pass either api_key or azure_ad_token_provider")
            self.base_url = _azure_base(azure_endpoint, preview=azure_api_version is not None)
        websocket_url(self.base_url, {})

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.base_url.partition('?')[0]}>"

    @property
    def host(self) -> str:
        """The name of the machine."""
        return urlsplit(self.base_url.strip()).hostname or ""

    def websocket(
        self, *, model: str, call_id: str | None = None, intent: str | None = None, path: str = "/realtime"
    ) -> str:
        """The URL to open a WebSocket at.

        Args:
            model: The model, or the deployment at Azure.
            call_id: A running call to attach to, instead of a session with `model`.
            intent: What the session is for, instead of a `model`; `"transcription"` is the one there is.
            path: What follows the base. Default `/realtime`.

        Raises:
            ValueError: Both a call and an intent are given, or Azure's preview URLs shall attach to a call.
        """
        if call_id is not None and intent is not None:
            raise ValueError("call_id and intent exclude each other: a call has its session already")
        if intent is not None:
            version = {} if self._api_version is None else {"api-version": self._api_version}
            return websocket_url(self.base_url, {**version, "intent": intent}, path)
        if self._api_version is None:
            return websocket_url(self.base_url, {"model": model} if call_id is None else {"call_id": call_id}, path)
        if call_id is not None:
            raise ValueError("call_id needs the GA form of Azure's URLs: leave azure_api_version out")
        return websocket_url(self.base_url, {"api-version": self._api_version, "deployment": model}, path)

    def http(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The URL of an HTTP endpoint, such as `/realtime/calls`, with the parameters of `query` added."""
        if self._api_version is None:
            return http_url(self.base_url, path, query)
        # Azure's preview documents its session endpoint under a name of its own.
        path = path.replace("/realtime/sessions", "/realtimeapi/sessions")
        return http_url(self.base_url, path, {"api-version": self._api_version, **(query or {})})

    @property
    def key_variable(self) -> str:
        """The environment variable that holds the key when none is given."""
        return "AZURE_OPENAI_API_KEY" if self._azure else "OPENAI_API_KEY"

    @property
    def fixed_key(self) -> str | None:
        """The key that was given as text; `None` for a function, a token, or the environment."""
        return self._api_key if isinstance(self._api_key, str) else None

    @property
    def uses_token(self) -> bool:
        """Whether a token of Entra is sent, which belongs to a user and expires, instead of a key."""
        return self._token_provider is not None

    def has_key(self) -> bool:
        """Whether a key or token is given, by an argument or the environment."""
        return self._api_key is not None or self.uses_token or self.key_variable in os.environ

    async def credentials(self) -> dict[str, str]:
        """The headers that prove who asks; a function that was given for the key is asked now.

        Raises:
            ValueError: There is no key, or it is none.
            TypeError: A function gave something that is no text.
        """
        if self._token_provider is not None:
            return {"Authorization": SecretText(f"Bearer {await ask_key(self._token_provider, 'Entra token')}")}
        variable = self.key_variable
        given = os.environ.get(variable) if self._api_key is None else self._api_key
        if given is None:
            raise ValueError(f"there is no API key: pass api_key=…, or set {variable}")
        key = await ask_key(given, "API key")
        # A short-lived key is a Bearer token at Azure too.
        if self._azure and not key.startswith("ek_"):
            return {"api-key": key}
        return {"Authorization": SecretText(f"Bearer {key}")}

    def require_safe(self, url: str) -> None:
        """Refuse to send a key to `url` if anyone on the way could read it.

        Raises:
            ValueError: The URL is not encrypted, and not this machine.
        """
        parts = urlsplit(url)
        if parts.scheme in ("ws", "http") and not is_loopback(parts.hostname or ""):
            raise ValueError(
                f"a key must not travel unencrypted: base_url must begin with https:// or wss:// for {parts.hostname!r}"
            )


def has_credentials(headers: Mapping[str, str]) -> bool:
    """Whether `headers` prove already who asks."""
    return not _CREDENTIAL_HEADERS.isdisjoint(name.lower() for name in headers)


def check_headers(headers: Mapping[str, str], name: str) -> None:
    """Refuse headers that cannot be sent. The error names the header; that of an HTTP library shows its value.

    Args:
        headers: Names and values.
        name: What they are called in the error, such as `"extra_headers"`.

    Raises:
        ValueError: A name or a value has characters that a header cannot have.
    """
    for header, value in headers.items():
        if not _HEADER_NAME.fullmatch(header):
            # Not shown: it may be a key in the wrong place.
            raise ValueError(f"{name} holds a name that no header has")
        text = value.replace("\t", " ")
        if not (text.isascii() and text.isprintable()) or value != value.strip():
            raise ValueError(f"{name}: the value of {header!r} has characters, or white space around it, not allowed")


def identity_headers(*, organization: str | None, project: str | None, safety_identifier: str | None) -> dict[str, str]:
    """The headers that say for whom a request is made; those that are `None` are left out."""
    named = {
        "OpenAI-Organization": organization,
        "OpenAI-Project": project,
        "OpenAI-Safety-Identifier": safety_identifier,
    }
    return {name: value for name, value in named.items() if value is not None}


def _azure_base(endpoint: str, *, preview: bool) -> str:
    """Azure's base URL; `endpoint` may be the bare resource or hold `/openai` or `/openai/v1` already."""
    _join(endpoint, _HTTP_SCHEMES, "", {}, name="azure_endpoint")
    parts = urlsplit(endpoint.strip())
    path = parts.path.rstrip("/").removesuffix("/v1").removesuffix("/openai")
    path += "/openai" if preview else "/openai/v1"
    return urlunsplit((_HTTP_SCHEMES[parts.scheme], parts.netloc, path, "", ""))
