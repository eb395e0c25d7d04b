"""What a backend for short-lived keys may answer; the addresses that it may redirect to, and that it may have.

The first byte: status, and what of this is asked. The first line: content type or address. The rest is the body.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from fuzz.checks import as_text, require
from fuzz.words import HOSTILE
from realtime_typed._keys import (
    _Answer,  # pyright: ignore[reportPrivateUsage]  # the outer functions send a request, at a thousandth of the pace
    _checked_url,  # pyright: ignore[reportPrivateUsage]  # likewise
    _hidden,  # pyright: ignore[reportPrivateUsage]  # likewise
    _key_of,  # pyright: ignore[reportPrivateUsage]  # likewise
    _refusal,  # pyright: ignore[reportPrivateUsage]  # likewise
    _same_place,  # pyright: ignore[reportPrivateUsage]  # likewise
)
from realtime_typed.errors import EphemeralKeyError

__all__ = ["run", "seeds", "words"]

_URL: Final = "https://app.example.com/key?user=very-secret-query"
_HEADERS: Final = {"Cookie": "session=very-secret-cookie"}
_SECRETS: Final = ("very-secret-query", "very-secret-cookie")
_HIDDEN: Final = _hidden(_URL, _HEADERS)
_STATUSES: Final = (200, 201, 299, 302, 401, 500)
_PROBLEM: Final = "no ephemeral key from app.example.com"


def run(data: bytes) -> None:
    """Read one answer, or one address."""
    first = data[0] if data else 0
    line, _, body = data[1:].partition(b"\n")
    if first & 0x40:
        _run_address(as_text(line))
        return
    status = _STATUSES[first % len(_STATUSES)]
    answer = _Answer(status, line.decode("latin-1"), None, body)
    if status >= 300:
        error = _refusal(f"{_PROBLEM}: status {status}", "status", answer, _HIDDEN)
        shown = f"{error} {error.body}"
        require(not any(secret in shown for secret in _SECRETS), "nothing of the request is repeated", shown)
        require(len(error.body or "") < 300, "an error is short", error.body)
        return
    try:
        key = _key_of(answer, _PROBLEM)
    except EphemeralKeyError as error:
        require(error.body is None and error.__context__ is None, "an error about a good answer shows nothing of it")
        require(len(str(error)) < 300, "an error is short", str(error))
        return
    require(key.isascii() and key.isprintable() and " " not in key and bool(key), "a key can be sent in a header", key)


def _run_address(text: str) -> None:
    target = _same_place(_URL, text)
    if target is not None:
        parts = urlsplit(target)
        place = (parts.scheme, parts.hostname, parts.port or 443, parts.username, parts.password)
        require(place == ("https", "app.example.com", 443, None, None), "headers are sent to their place alone", target)
    try:
        url = _checked_url(text)
    except ValueError as error:
        require(len(str(error)) < 5000, "an error is short", str(error))
        return
    require(urlsplit(url).scheme in ("http", "https") and url.isprintable(), "an address is one", url)


def seeds() -> Iterable[bytes]:
    """Answers and addresses, good and bad."""
    answers = (
        b'{"ephemeral_key": "ek_1234567890"}',
        b'{"ephemeral_key": " "}',
        b'{"ephemeral_key": null}',
        b"ek_123456",
    )
    for number in range(len(_STATUSES)):
        for body in (*answers, b'{"value": "ek_1234567890", "session": "very-secret-cookie"}', *HOSTILE):
            yield bytes([number]) + b"application/json; charset=utf-8\n" + body
    yield b"\x00text/html\n<html>" + b"A" * 500
    addresses = (
        "/key",
        "//evil.example.com",
        "https://app.example.com:443/",
        "https://app.example.com@evil.com/",
        "http://[::1]",
    )
    for address in (
        *addresses,
        "\\\\evil",
        "https:app",
        "http://127.0.0.1:99999/",
        "https://[",
        "https://é.com",
        "HTTPS://A/\x00",
    ):
        yield b"\x40" + address.encode()


def words() -> Iterable[str]:
    """Words of answers and addresses."""
    yield from ("ephemeral_key", "value", "client_secret", "ek_", "very-secret-cookie", "very-secret-query", "session=")
    yield from (
        "https://",
        "http://",
        "app.example.com",
        "127.0.0.1",
        "localhost",
        "[::1]",
        "@",
        ":443",
        "//",
        "\\",
        "%00",
    )
