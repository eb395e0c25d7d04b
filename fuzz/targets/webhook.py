"""`parse_incoming_call`: with a good signature, so that the body is read, and with any.

The first byte: how it is signed. Where it is not, the first three lines are the headers. The rest is the body.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import Final

from fuzz.checks import require
from fuzz.words import HOSTILE
from realtime_typed.errors import WebhookVerificationError
from realtime_typed.sip import ReplayGuard, parse_incoming_call

__all__ = ["run", "seeds", "words"]

_KEY: Final = b"0123456789abcdef01234567"
_SECRET: Final = "whsec_" + base64.b64encode(_KEY).decode()
_NAMES: Final[tuple[str, ...]] = ("Webhook-Id", "webhook-timestamp", "WEBHOOK-SIGNATURE")
_SIGNED: Final = 0x03
_EVENT: Final = (
    b'{"object": "event", "id": "evt_1", "type": "realtime.call.incoming", "created_at": 1750000000, '
    b'"data": {"call_id": "rtc_1", "sip_headers": [{"name": "From", "value": "sip:a@example.com"}]}}'
)


def run(data: bytes) -> None:
    """Verify and read one webhook."""
    first = data[0] if data else 0
    if first & _SIGNED:
        body = data[1:]
        sent = str(int(time.time()))
        signature = hmac.new(_KEY, b"wh_1." + sent.encode() + b"." + body, hashlib.sha256).digest()
        headers: dict[str, str] = dict(
            zip(_NAMES, ("wh_1", sent, "v1," + base64.b64encode(signature).decode()), strict=True)
        )
    else:
        *lines, body = data[1:].split(b"\n", len(_NAMES))
        headers = {name: line.decode("latin-1") for name, line in zip(_NAMES, lines, strict=False)}
        if first & 0x04 and len(headers) == len(_NAMES):
            headers[_NAMES[1]] = str(int(time.time()))
    guard = ReplayGuard() if first & 0x08 else None
    try:
        event = parse_incoming_call(body, headers, _SECRET, replay_guard=guard)
    except WebhookVerificationError as error:
        require(len(str(error)) < 2000, "an error is short", str(error))
        return
    require(bool(first & _SIGNED), "only what is signed is believed", headers)
    require(event.type == "realtime.call.incoming", "it is a call", event)
    texts: list[object] = [event.data.call_id, *(header.value for header in event.data.sip_headers)]
    require(all(isinstance(text, str) for text in texts), "what it holds is text", event)
    if guard is not None:
        try:
            parse_incoming_call(body, headers, _SECRET, replay_guard=guard)
        except WebhookVerificationError as error:
            require(error.reason == "replayed", "a webhook counts once", error.reason)
        else:
            raise AssertionError("a webhook counts once")


def seeds() -> Iterable[bytes]:
    """A call, signed and not, and bodies that are none."""
    for head in range(16):
        yield bytes([head]) + (_EVENT if head & _SIGNED else b"wh_1\n1750000000\nv1,AAAA v1a,AAAA v2 \n" + _EVENT)
    yield b"\x04wh_1\n1\n,\n{}"
    yield b"\x04wh_1\n1\nv1,\xff\xff\n{}"
    yield b"\x00wh_1\n1e300\nv1,A\n{}"
    yield b"\x00wh_1\n9999999999999\nv1,A\n{}"
    yield b"\x00\n\n\n"
    for body in HOSTILE:
        yield b"\x01" + body
        yield b"\x01" + body.replace(b"error", b"realtime.call.incoming")
    yield b"\x01" + _EVENT.replace(b"1750000000", b"9" * 400)
    yield b"\x01" + _EVENT.replace(b'"rtc_1"', b"[" * 1100 + b"]" * 1100)


def words() -> Iterable[str]:
    """Words of the event and of signatures."""
    yield from (
        "realtime.call.incoming",
        "call_id",
        "sip_headers",
        "created_at",
        "data",
        "name",
        "value",
        "object",
        "id",
    )
    yield from ("v1,", "v1a,", " ", "wh_1", "whsec_", "type", "inf", "1e30", "0x1", "1_0")
