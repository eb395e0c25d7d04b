"""What becomes of the HTTP answer to an offer: the answer, the call's id, or an error.

The first byte: the status. The first four lines: content type, `Location`, the service's id of the request, and how
long to wait. The rest is the body.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from fuzz.checks import require
from fuzz.targets.sdp_answer import ANSWER
from realtime_typed.errors import ConnectError, InvalidResponseError, RestError
from realtime_typed.rest import retry
from realtime_typed.rest.calls import (
    _quoted,  # pyright: ignore[reportPrivateUsage]  # what an id becomes in a path is decided there
    call_id_of,
    sdp_of,
)
from realtime_typed.rest.requests import (
    Answer,
    _redirect,  # pyright: ignore[reportPrivateUsage]  # the outer functions send a request, at a thousandth of the pace
    _status_error,  # pyright: ignore[reportPrivateUsage]  # likewise
)
from realtime_typed.transports._webrtc_answer import read_answer

__all__ = ["run", "seeds", "words"]

_SECRET: Final = "abcdefgh-never-shown"
_STATUSES: Final = (200, 201, 202, 204, 307, 308, 302, 400, 401, 403, 404, 415, 429, 500, 503)
_URL: Final = "https://api.example.com/v1/realtime/calls"
_NOW: Final = datetime(2026, 11, 30, tzinfo=UTC)
_NAMES: Final = ("content-type", "location", "x-request-id", "retry-after")


def run(data: bytes) -> None:
    """Read one answer."""
    *lines, body = data[1:].split(b"\n", len(_NAMES))
    headers = {name: line.decode("latin-1").strip() for name, line in zip(_NAMES, lines, strict=False) if line}
    status = _STATUSES[(data[0] if data else 0) % len(_STATUSES)]
    answer = Answer("POST /realtime/calls", status, headers, body, (_SECRET,))
    call_id = call_id_of(headers.get("location"))
    if call_id is not None:
        try:
            require("/" not in _quoted(call_id), "an id does not leave its place in a path", call_id)
        except ValueError:  # documented of `hangup`
            require(call_id in ("", ".", ".."), "an id can be hung up", call_id)
    try:
        require(_redirect(answer, _URL) is None or status in (307, 308), "only these are followed", headers)
    except RestError as error:
        _check(error)
    wait = retry.retry_after(headers, _NOW)
    require(wait is None or wait >= 0, "nobody waits for less than nothing", wait)
    if not 200 <= status < 300:
        _check(_status_error(answer, wait))
        return
    try:
        sdp = sdp_of(answer)
    except InvalidResponseError as error:
        _check(error)
        return
    try:
        read_answer(sdp)
    except ConnectError:
        return


def _check(error: RestError) -> None:
    shown = f"{error} {error.body} {error.code} {error.param} {error.message} {error.request_id}"
    require(_SECRET not in shown, "no error shows a key", shown)
    require(len(error.body or "") < 400 and len(str(error)) < 1000, "an error is short", str(error))


def seeds() -> Iterable[bytes]:
    """What the service and other servers answer, and what proxies do."""
    head = b"text/plain; charset=utf-8\n/v1/realtime/calls/rtc_1\nreq_1\n1\n"
    error = (
        b'{"error": {"message": "no %s", "type": "invalid_request_error", "code": "c", "param": "p"}}'
        % _SECRET.encode()
    )
    for number in range(len(_STATUSES)):
        yield bytes([number]) + head + (ANSWER.encode() if number < 3 else error)
    yield b"\x01application/json\nhttps://a/v1/realtime/calls/a%2Fb?x=1\n\n\n" + b'{"sdp": "v=0"}'
    yield b"\x0ctext/html\n\n\nWed, 21 Oct 2026 07:28:00 GMT\n<html>" + b"A" * 2000
    for place in (
        b"//[",
        b"http://[::1",
        b"/calls/..",
        b"/calls/%2e%2e",
        b"/calls/",
        b"rtc_1",
        b"http://a:99999/calls/x",
    ):
        yield b"\x01\n" + place + b"\n\n\nv=0"
        yield b"\x04\n" + place + b"\n\nnan\n"
    for wait in (b"1e400", b"-1", b"Wed, 99 Foo 99999 99:99:99 +9999", b"Mon, 1 Jan 0001 00:00:00 +2359", b"1,2"):
        yield b"\x0c\n\n\n" + wait + b"\n[1]"


def words() -> Iterable[str]:
    """Words of headers and bodies."""
    yield from ("application/sdp", "text/plain", "application/json", "/v1/realtime/calls/", "https://", "rtc_1", "%2F")
    yield from ('{"sdp": "v=0"}', '{"error": {"message": ""}}', "detail", "message", "code", "param", _SECRET, "v=0")
    yield from ("Mon, 01 Jan 2027 00:00:00 GMT", "-0000", "+2400", "0001", "9999", "inf", "nan", "[::1]", "@", ":0")
