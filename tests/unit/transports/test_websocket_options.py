"""`WebSocketOptions`: defaults, and what a wrong value says."""

import subprocess
import sys
from typing import Any

import pytest

from realtime_typed.transports.websocket_options import WebSocketOptions

KEY = "very-secret-password"


def options_of(**fields: Any) -> WebSocketOptions:
    """Make options without the type checker, as untyped code would."""
    return WebSocketOptions(**fields)


def test_the_options_load_without_websockets() -> None:
    code = "import sys, realtime_typed.transports.websocket_options; sys.exit('websockets' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0


def test_the_defaults_suit_the_service() -> None:
    options = WebSocketOptions()
    assert options.max_size == 64 * 1024 * 1024
    assert options.compression is None
    assert (options.open_timeout, options.close_timeout) == (10.0, 5.0)
    assert (options.ping_interval, options.ping_timeout) == (20.0, 20.0)
    assert options.proxy is True


@pytest.mark.parametrize("name", ["open_timeout", "close_timeout", "ping_interval", "ping_timeout"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, ValueError),
        (-1.5, ValueError),
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        ("5", TypeError),
        (True, TypeError),
    ],
)
def test_a_wrong_time_names_the_field_the_value_and_the_cure(name: str, value: float, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=rf"{name}: .*{value!r}.*use a number of seconds above 0"):
        options_of(**{name: value})


@pytest.mark.parametrize("name", ["open_timeout", "close_timeout"])
def test_connecting_and_closing_are_always_bounded(name: str) -> None:
    with pytest.raises(TypeError, match=f"{name}: None is no number"):
        options_of(**{name: None})


@pytest.mark.parametrize("name", ["max_size", "max_queue"])
@pytest.mark.parametrize(("value", "kind"), [(0, ValueError), (-1, ValueError), (1.5, TypeError), (True, TypeError)])
def test_a_wrong_count_names_the_field_the_value_and_the_cure(name: str, value: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=rf"{name}: {value!r} .*or None for no bound"):
        options_of(**{name: value})


@pytest.mark.parametrize(
    ("field", "value", "kind", "cure"),
    [
        ("compression", "gzip", ValueError, "use 'deflate' or None"),
        ("ssl", False, TypeError, "cannot be switched off"),
        ("ssl", True, TypeError, "create_default_context"),
        ("proxy", False, TypeError, "None for no proxy"),
        ("proxy", "localhost:8080", ValueError, "use 'http://host:port'"),
        ("proxy", "ftp://host", ValueError, "use 'http://host:port'"),
        ("proxy", "http://host:notaport", ValueError, "use 'http://host:port'"),
    ],
)
def test_a_wrong_choice_names_the_field_and_the_cure(
    field: str, value: object, kind: type[Exception], cure: str
) -> None:
    with pytest.raises(kind, match=rf"^{field}: .*{cure}"):
        options_of(**{field: value})


def test_a_wrong_proxy_does_not_print_its_password() -> None:
    with pytest.raises(ValueError, match="proxy: 'host:1'") as raised:
        WebSocketOptions(proxy=f"ftp://user:{KEY}@host:1")
    assert KEY not in str(raised.value)


@pytest.mark.parametrize(
    "name", ["max_size", "ping_interval", "ping_timeout", "proxy", "ssl", "max_queue", "compression"]
)
def test_what_can_be_without_bound_or_off_takes_none(name: str) -> None:
    assert getattr(options_of(**{name: None}), name) is None


def test_the_repr_shows_no_password_of_a_proxy() -> None:
    assert KEY not in repr(WebSocketOptions(proxy=f"http://user:{KEY}@host:1"))
