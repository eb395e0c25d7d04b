"""`WebRtcOptions` and its companions: defaults, and what a wrong value says."""

import subprocess
import sys
from typing import Any

import pytest

from realtime_typed.transports.webrtc_options import IceServer, SdpAnswer, WebRtcOptions


def options_of(**fields: Any) -> WebRtcOptions:
    """Make options without the type checker, as untyped code would."""
    return WebRtcOptions(**fields)


def server_of(**fields: Any) -> IceServer:
    return IceServer(**fields)


def test_the_options_load_without_aiortc() -> None:
    code = "import sys, realtime_typed.transports.webrtc_options; sys.exit('aiortc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0


def test_the_defaults_suit_the_service() -> None:
    options = WebRtcOptions()
    assert options.ice_servers == ()
    assert (options.connect_timeout, options.close_timeout) == (15.0, 3.0)
    assert (options.silence_timeout, options.disconnect_grace) == (5.0, 10.0)
    assert options.hang_up is True
    assert options.host_addresses is None
    assert (options.input_buffer_seconds, options.input_overflow) == (30.0, "wait")
    assert options.commit_delay == 0.2
    assert options.max_message_bytes == 64 * 1024 * 1024


SECONDS = [
    "connect_timeout",
    "silence_timeout",
    "disconnect_grace",
    "close_timeout",
    "input_buffer_seconds",
    "commit_delay",
]


@pytest.mark.parametrize("name", SECONDS)
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (-1.5, ValueError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        ("5", TypeError),
        (True, TypeError),
        (None, TypeError),
    ],
)
def test_a_duration_that_is_none_is_refused_by_name(name: str, value: object, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=f"^{name}: .*use a number of seconds"):
        options_of(**{name: value})


@pytest.mark.parametrize("name", SECONDS)
def test_only_a_delay_may_be_nothing(name: str) -> None:
    if name in ("disconnect_grace", "commit_delay"):
        assert getattr(options_of(**{name: 0}), name) == 0
    else:
        with pytest.raises(ValueError, match=f"^{name}: "):
            options_of(**{name: 0})


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"hang_up": 1}, TypeError, "^hang_up: 1 is no switch"),
        ({"input_overflow": "drop"}, ValueError, "^input_overflow: 'drop' is unknown; use 'wait' or 'drop_oldest'"),
        ({"max_message_bytes": 0}, ValueError, "^max_message_bytes: 0 is out of range"),
        ({"max_message_bytes": 1.5}, TypeError, "^max_message_bytes: 1.5 is no whole number"),
        ({"max_message_bytes": True}, TypeError, "^max_message_bytes: "),
        ({"host_addresses": "127.0.0.1"}, TypeError, "^host_addresses: .* is no sequence"),
        ({"host_addresses": []}, ValueError, "^host_addresses: it is empty"),
        ({"host_addresses": ["localhost"]}, ValueError, "^host_addresses: 'localhost' is no IP address"),
        ({"host_addresses": [7]}, TypeError, "^host_addresses: 7 is no text"),
        ({"ice_servers": "stun:example.com"}, TypeError, "^ice_servers: str is no sequence"),
        ({"ice_servers": ["stun:example.com"]}, TypeError, "^ice_servers: it holds a str"),
        ({"ice_servers": None}, TypeError, "^ice_servers: NoneType is no sequence"),
    ],
)
def test_a_wrong_field_is_refused_by_name(fields: dict[str, object], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message):
        options_of(**fields)


def test_good_values_are_taken() -> None:
    server = IceServer(urls="stun:stun.example.com:3478")
    options = WebRtcOptions(
        ice_servers=[server], host_addresses=["127.0.0.1", "::1"], max_message_bytes=None, input_overflow="drop_oldest"
    )
    assert list(options.ice_servers) == [server]


@pytest.mark.parametrize(
    ("fields", "kind", "message"),
    [
        ({"urls": "http://example.com"}, ValueError, "^urls: .* is not the address"),
        ({"urls": "stun://example.com"}, ValueError, "^urls: .* is not the address"),
        ({"urls": "stun:"}, ValueError, "^urls: .* is not the address"),
        ({"urls": []}, ValueError, "^urls: it is empty"),
        ({"urls": [b"stun:example.com"]}, TypeError, "^urls: .* is no text"),
        ({"urls": 7}, TypeError, "^urls: 7 is no text"),
        ({"urls": "turn:example.com"}, ValueError, "^username, credential: "),
        ({"urls": ["stun:example.com", "turns:example.com"], "username": "u"}, ValueError, "^username, credential: "),
        ({"urls": "turn:example.com", "username": 7, "credential": "c"}, TypeError, "^username: "),
        ({"urls": "turn:example.com", "username": "u", "credential": b"secret"}, TypeError, "^credential: a bytes"),
    ],
)
def test_a_wrong_server_is_refused_by_name(fields: dict[str, object], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        server_of(**fields)
    assert "secret" not in str(caught.value)


def test_a_server_does_not_show_its_password() -> None:
    server = IceServer(urls="turn:turn.example.com", username="user", credential="very-secret")
    assert "very-secret" not in repr(server)
    assert "very-secret" not in repr(WebRtcOptions(ice_servers=[server]))


def test_one_address_and_several_read_the_same() -> None:
    assert IceServer(urls="stun:a.example").all_urls == ("stun:a.example",)
    assert IceServer(urls=["stun:a.example", "stun:b.example"]).all_urls == ("stun:a.example", "stun:b.example")


def test_an_answer_may_come_without_a_call_id() -> None:
    assert SdpAnswer("v=0").call_id is None
