"""Phone calls over SIP: reading the webhook that announces one.

::

    incoming = parse_incoming_call(await request.body(), request.headers, secret)
    await rest.calls.accept(incoming.data.call_id, {"type": "realtime", "model": "gpt-realtime"})
    async with RealtimeClient(call_id=incoming.data.call_id) as client:
        ...

The signature is that of Standard Webhooks (https://www.standardwebhooks.com): headers `webhook-id`, `webhook-timestamp`
and `webhook-signature`, checked by the `standardwebhooks` library (extra `sip`).
"""

import json
import math
import time
from collections.abc import Mapping
from typing import Final, cast

from pydantic import ValidationError

from ._generated.realtime.rest import IncomingCall, RealtimeCallIncoming, SipHeader
from .errors import WebhookVerificationError, shorten

__all__ = ["IncomingCall", "RealtimeCallIncoming", "ReplayGuard", "SipHeader", "parse_incoming_call"]

_TOLERANCE: Final = 300.0
_EVENT: Final = "realtime.call.incoming"
_HEADERS: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


class ReplayGuard:
    """Remembers which webhooks came, so that nobody can send a recorded one again.

    A signature is good for five minutes before and after its time, so an id is remembered for ten. One object serves
    one process; several processes behind one address need a store that they share.
    """

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def first_time(self, webhook_id: str) -> bool:
        """Whether `webhook_id` comes for the first time; from now on it has come."""
        now = time.monotonic()
        # A dict keeps the order of insertion, so the oldest stand first.
        while self._seen:
            oldest = next(iter(self._seen))
            if now - self._seen[oldest] <= 2 * _TOLERANCE:
                break
            del self._seen[oldest]
        if webhook_id in self._seen:
            return False
        self._seen[webhook_id] = now
        return True


def parse_incoming_call(
    body: bytes, headers: Mapping[str, str], secret: str, *, replay_guard: ReplayGuard | None = None
) -> RealtimeCallIncoming:
    """Verify and read the webhook `realtime.call.incoming`.

    Args:
        body: The request's body as it came, not decoded and encoded again.
        headers: The request's headers, in any case.
        secret: The webhook's secret (`whsec_…`) as the service showed it when the webhook was made.
        replay_guard: Refuses a webhook that came before. Without it, one that somebody recorded can be sent again for
            five minutes. The service itself sends a webhook again when it gets no good answer: answer 200 to a
            replayed one, and do nothing.

    Returns:
        The event: `data.call_id` and `data.sip_headers`.

    Raises:
        WebhookVerificationError: Do not act on it; `reason` says why.
        ValueError: `secret` is no webhook secret.
        ImportError: The `standardwebhooks` library is missing; the message says how to install it.
    """
    try:
        from standardwebhooks import Webhook
        from standardwebhooks import WebhookVerificationError as RefusedError
    except ImportError as error:
        raise ImportError("webhooks need the standardwebhooks library: pip install 'realtime-typed[sip]'") from error

    given = {name.lower(): value for name, value in headers.items() if name.lower() in _HEADERS}
    missing = [name for name in _HEADERS if not given.get(name)]
    if missing:
        raise WebhookVerificationError(f"the webhook has no {', '.join(missing)}", reason="headers")
    try:
        sent_at = float(given["webhook-timestamp"])
    except ValueError:
        sent_at = math.nan
    if not math.isfinite(sent_at):
        raise WebhookVerificationError("webhook-timestamp is no time", reason="headers")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise WebhookVerificationError("the webhook's body is no text", reason="body") from None
    try:
        webhook = Webhook(secret)
    except Exception:
        # The library's errors differ by its version, and may show the secret.
        raise ValueError("secret is no webhook secret: whsec_ and base64") from None
    try:
        webhook.verify(text, given)
    except RefusedError:
        if abs(time.time() - sent_at) >= _TOLERANCE:
            raise WebhookVerificationError("the webhook is too old, or from the future", reason="timestamp") from None
        raise WebhookVerificationError("the webhook's signature is wrong", reason="signature") from None
    except (json.JSONDecodeError, RecursionError):
        raise WebhookVerificationError("the webhook's body is no JSON", reason="body") from None
    except ValueError:
        raise WebhookVerificationError("webhook-signature cannot be read", reason="headers") from None
    incoming = _read(text)
    if replay_guard is not None and not replay_guard.first_time(given["webhook-id"]):
        raise WebhookVerificationError("the webhook came before", reason="replayed")
    return incoming


def _read(text: str) -> RealtimeCallIncoming:
    try:
        value: object = json.loads(text)
    except ValueError:  # an older library may verify without reading
        raise WebhookVerificationError("the webhook's body is no JSON", reason="body") from None
    kind = cast("dict[str, object]", value).get("type") if isinstance(value, dict) else None
    if kind != _EVENT:
        shown = shorten(kind, 60) if isinstance(kind, str) else "something without a type"
        raise WebhookVerificationError(f"the webhook is {shown}, not {_EVENT}", reason="body")
    try:
        return RealtimeCallIncoming.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        where = ", ".join(".".join(map(str, entry["loc"])) for entry in found[:3])
        raise WebhookVerificationError(
            f"the webhook does not have the shape of {_EVENT}: {where}", reason="body"
        ) from None
