"""`parse_incoming_call`: what is believed, and what is not."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from realtime_typed import WebhookVerificationError
from realtime_typed.sip import RealtimeCallIncoming, ReplayGuard, parse_incoming_call

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT = {
    "object": "event",
    "id": "evt_1",
    "type": "realtime.call.incoming",
    "created_at": 1_750_000_000,
    "data": {
        "call_id": "rtc_1",
        "sip_headers": [
            {"name": "From", "value": "sip:+14155550123@sip.example.com"},
            {"name": "To", "value": "sip:x"},
        ],
    },
}
BODY = json.dumps(EVENT).encode()


def signed(
    body: bytes = BODY, *, secret: str = SECRET, webhook_id: str = "wh_1", seconds_ago: float = 0
) -> dict[str, str]:
    """The headers of a webhook that was sent so many seconds ago."""
    sent = datetime.fromtimestamp(int(time.time() - seconds_ago), UTC)
    return {
        "Webhook-Id": webhook_id,
        "Webhook-Timestamp": str(int(sent.timestamp())),
        "Webhook-Signature": Webhook(secret).sign(webhook_id, sent, body.decode()),
    }


def reason(body: bytes, headers: dict[str, str], secret: str = SECRET, guard: ReplayGuard | None = None) -> str:
    """Why a webhook is refused."""
    with pytest.raises(WebhookVerificationError) as caught:
        parse_incoming_call(body, headers, secret, replay_guard=guard)
    assert secret.removeprefix("whsec_") not in str(caught.value)
    return caught.value.reason


def test_a_genuine_webhook_becomes_the_typed_event() -> None:
    event = parse_incoming_call(BODY, signed(), SECRET)
    assert type(event) is RealtimeCallIncoming
    assert (event.id, event.type, event.created_at) == ("evt_1", "realtime.call.incoming", 1_750_000_000)
    assert event.data.call_id == "rtc_1"
    assert [(header.name, header.value) for header in event.data.sip_headers][1] == ("To", "sip:x")


def test_the_headers_names_may_have_any_case_and_others_do_not_matter() -> None:
    headers = {name.upper(): value for name, value in signed().items()} | {"Host": "example.com"}
    assert parse_incoming_call(BODY, headers, SECRET).data.call_id == "rtc_1"


def test_a_secret_may_come_without_its_prefix() -> None:
    assert parse_incoming_call(BODY, signed(), SECRET.removeprefix("whsec_")).id == "evt_1"


def test_the_signature_of_another_secret_is_refused() -> None:
    assert reason(BODY, signed(secret="whsec_c29tZXRoaW5nIGVsc2U=")) == "signature"


def test_a_body_that_was_changed_on_the_way_is_refused() -> None:
    assert reason(BODY.replace(b"rtc_1", b"rtc_2"), signed()) == "signature"


def test_an_id_that_was_changed_on_the_way_is_refused() -> None:
    assert reason(BODY, signed() | {"Webhook-Id": "wh_2"}) == "signature"


def test_a_time_that_was_changed_on_the_way_is_refused() -> None:
    headers = signed(seconds_ago=100)
    assert reason(BODY, headers | {"Webhook-Timestamp": str(int(time.time()))}) == "signature"


@pytest.mark.parametrize("seconds_ago", [400, 86_400, -400])
def test_a_webhook_that_is_too_old_or_from_the_future_is_refused(seconds_ago: float) -> None:
    assert reason(BODY, signed(seconds_ago=seconds_ago)) == "timestamp"


@pytest.mark.parametrize("seconds_ago", [200, -200])
def test_a_few_minutes_are_allowed(seconds_ago: float) -> None:
    assert parse_incoming_call(BODY, signed(seconds_ago=seconds_ago), SECRET).id == "evt_1"


def test_one_good_signature_of_several_is_enough() -> None:
    headers = signed()
    others = f"{signed(secret='whsec_c29tZXRoaW5nIGVsc2U=')['Webhook-Signature']} v1a,bm90aGluZw=="
    headers["Webhook-Signature"] = f"{others} {headers['Webhook-Signature']}"
    assert parse_incoming_call(BODY, headers, SECRET).id == "evt_1"


def test_a_signature_of_another_version_alone_is_not_believed() -> None:
    headers = signed()
    headers["Webhook-Signature"] = headers["Webhook-Signature"].replace("v1,", "v2,")
    assert reason(BODY, headers) == "signature"


def test_a_webhook_that_came_before_is_refused_with_a_guard() -> None:
    guard, headers = ReplayGuard(), signed()
    parse_incoming_call(BODY, headers, SECRET, replay_guard=guard)
    assert reason(BODY, headers, guard=guard) == "replayed"
    assert parse_incoming_call(BODY, signed(webhook_id="wh_2"), SECRET, replay_guard=guard).id == "evt_1"


def test_a_forged_webhook_does_not_use_up_the_id_of_the_genuine_one() -> None:
    guard = ReplayGuard()
    assert reason(BODY, signed(secret="whsec_c29tZXRoaW5nIGVsc2U="), guard=guard) == "signature"
    assert parse_incoming_call(BODY, signed(), SECRET, replay_guard=guard).id == "evt_1"


def test_a_guard_forgets_what_can_no_longer_be_replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("realtime_typed.sip.time.monotonic", lambda: now)
    guard = ReplayGuard()
    assert guard.first_time("a")
    now += 599
    assert guard.first_time("b")
    assert not guard.first_time("a")
    now += 2
    assert guard.first_time("a")
    assert not guard.first_time("b")


@pytest.mark.parametrize("name", ["Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"])
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_header_is_named(name: str, value: str | None) -> None:
    headers = {key: text for key, text in signed().items() if key != name} | ({} if value is None else {name: value})
    with pytest.raises(WebhookVerificationError, match=name.lower()) as caught:
        parse_incoming_call(BODY, headers, SECRET)
    assert caught.value.reason == "headers"


@pytest.mark.parametrize("timestamp", ["soon", "nan", "inf", "-", "1e400"])
def test_a_time_that_is_none_is_refused(timestamp: str) -> None:
    assert reason(BODY, signed() | {"Webhook-Timestamp": timestamp}) == "headers"


@pytest.mark.parametrize("signature", ["nonsense", "v1,a", "v1", "v1,a,b", "v1,ü"])
def test_a_signature_that_cannot_be_read_is_refused(signature: str) -> None:
    assert reason(BODY, signed() | {"Webhook-Signature": signature}) == "headers"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"7",
        b'{"type": 7}',
        b'{"type": "response.completed"}',
        b'{"type": "realtime.call.incoming"}',
        json.dumps({**EVENT, "data": {"sip_headers": []}}).encode(),
        json.dumps({**EVENT, "data": {"call_id": 7, "sip_headers": []}}).encode(),
    ],
)
def test_a_signed_body_that_is_not_the_event_is_refused(body: bytes) -> None:
    assert reason(body, signed(body)) == "body"


def test_a_body_that_is_no_text_is_refused() -> None:
    assert reason(b"\xff\xfe", signed()) == "body"


def test_another_event_is_named() -> None:
    body = b'{"type": "response.completed"}'
    with pytest.raises(WebhookVerificationError, match=r"is response\.completed, not realtime\.call\.incoming"):
        parse_incoming_call(body, signed(body), SECRET)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_ü", "whsec_a", "a"])
def test_a_secret_that_is_none_is_an_error_of_the_application(secret: str) -> None:
    with pytest.raises(ValueError, match="no webhook secret"):
        parse_incoming_call(BODY, signed(), secret)


def test_without_the_library_the_error_says_what_to_install() -> None:
    script = """
import sys
sys.modules["standardwebhooks"] = None
from realtime_typed.sip import parse_incoming_call
try:
    parse_incoming_call(b"", {}, "whsec_YQ==")
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=True)
    assert done.stdout.strip() == "webhooks need the standardwebhooks library: pip install 'realtime-typed[sip]'"
