"""Addresses and credentials of a WebSocket connection: what they say, and which part of them must not be shown."""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

__all__ = [
    "TOKEN",
    "checked_subprotocols",
    "is_loopback",
    "joined",
    "origin",
    "secrets_in",
    "shown",
    "split_address",
]

TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header or a subprotocol; RFC 9110, 5.6.2."""

_SECRET_NAME = re.compile(r"auth|key|token|secret|cookie|password|signature|credential", re.IGNORECASE)


def checked_subprotocols(subprotocols: Sequence[str]) -> tuple[str, ...]:
    """The names of subprotocols.

    Raises:
        TypeError: It is one string.
        ValueError: A name holds a character that it must not.
    """
    if isinstance(subprotocols, str):
        raise TypeError("subprotocols: takes a list of names; put the one name into a list")
    names = tuple(subprotocols)
    for number, item in enumerate(names):
        if not TOKEN.fullmatch(item):
            raise ValueError(f"subprotocols: item {number} holds a character that is not allowed, such as a space")
    return names


def split_address(url: str) -> SplitResult | None:
    """The parts of an address; `None` when it is none."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # the property checks the number
    except ValueError:
        return None
    return parts


def joined(url: str, location: str) -> str:
    """Where a redirect leads."""
    try:
        return urljoin(url, location)
    except ValueError:
        return location  # of no origin, so never followed


def origin(url: str) -> tuple[str, str | None, int | None] | None:
    """Scheme, host and port; `None` when it is no address."""
    parts = split_address(url)
    if parts is None:
        return None
    default = {"ws": 80, "http": 80, "wss": 443, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default


def shown(url: str) -> str:
    """The address without user, password, query and fragment."""
    parts = split_address(url)
    if parts is None:
        return "(malformed address)"
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def is_loopback(url: str) -> bool:
    """Whether the host is this machine, as its name says."""
    parts = split_address(url)
    host = (parts.hostname if parts else None) or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def secrets_in(
    url: str, headers: Mapping[str, str], subprotocols: Sequence[str], proxy: str | Literal[True] | None
) -> tuple[str, ...]:
    """Everything that must not be shown, the longest first so that no secret is cut in two."""

    def found() -> Iterator[str]:
        for name, value in headers.items():
            if _SECRET_NAME.search(name):
                yield from (value, value.partition(" ")[2])  # "Bearer <key>"
        for item in subprotocols:
            name, _, value = item.partition(".")
            if _SECRET_NAME.search(name):
                yield value
        for parts in (split_address(url), split_address(proxy) if isinstance(proxy, str) else None):
            if parts is None:
                continue
            yield parts.password or ""
            for pair in parts.query.split("&"):
                name, _, value = pair.partition("=")
                if _SECRET_NAME.search(name):
                    yield value

    every = {form for value in found() for form in (value, unquote(value)) if form.strip()}
    return tuple(sorted(every, key=len, reverse=True))
