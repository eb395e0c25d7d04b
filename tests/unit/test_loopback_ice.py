"""Choosing the addresses of ICE candidates."""

import asyncio
from collections.abc import Callable

import pytest
from aioice import ice

from realtime_typed._loopback_ice import LOOPBACK, host_addresses

pytestmark = pytest.mark.anyio

FOUND = ["192.0.2.7", "2001:db8::7"]


def find(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return [address for address in FOUND if (use_ipv6 if ":" in address else use_ipv4)]


@pytest.fixture(autouse=True)
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ice, "get_host_addresses", find)


def asked(*, ipv4: bool = True, ipv6: bool = True) -> list[str]:
    """What aioice gets when it asks."""
    return ice.get_host_addresses(use_ipv4=ipv4, use_ipv6=ipv6)


def test_inside_the_addresses_stand_instead_of_those_found() -> None:
    with host_addresses(["127.0.0.1"]):
        assert asked() == ["127.0.0.1"]


def test_beside_adds_them_after_those_found_once_each() -> None:
    with host_addresses(["127.0.0.1", "192.0.2.7"], beside=True):
        assert asked() == [*FOUND, "127.0.0.1"]


def test_a_family_that_is_not_wanted_is_left_out() -> None:
    with host_addresses(LOOPBACK, beside=True):
        assert asked(ipv6=False) == ["192.0.2.7", "127.0.0.1"]
        assert asked(ipv4=False) == ["2001:db8::7", "::1"]


def test_outside_nothing_has_changed() -> None:
    with host_addresses(["127.0.0.1"]):
        pass
    assert asked() == FOUND


def test_outside_nothing_has_changed_after_an_error_either() -> None:
    with pytest.raises(RuntimeError), host_addresses(["127.0.0.1"]):
        raise RuntimeError
    assert asked() == FOUND


def test_the_innermost_choice_holds() -> None:
    with host_addresses(["127.0.0.1"]):
        with host_addresses(["127.0.0.2"]):
            assert asked() == ["127.0.0.2"]
        assert asked() == ["127.0.0.1"]


async def test_a_task_started_inside_keeps_the_choice_and_others_never_have_it() -> None:
    go = asyncio.Event()

    async def ask_later() -> list[str]:
        await go.wait()
        return asked()

    outside = asyncio.create_task(ask_later())
    with host_addresses(["127.0.0.1"]):
        inside = asyncio.create_task(ask_later())
        await asyncio.sleep(0)
    go.set()
    async with asyncio.timeout(5):
        assert await inside == ["127.0.0.1"]
        assert await outside == FOUND


def test_a_function_that_somebody_puts_there_later_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with host_addresses(["127.0.0.1"], beside=True):
        pass
    other: Callable[[bool, bool], list[str]] = lambda use_ipv4, use_ipv6: ["198.51.100.1"]  # noqa: E731  # as tests do
    with monkeypatch.context() as patch:
        patch.setattr(ice, "get_host_addresses", other)
        with host_addresses(["127.0.0.1"], beside=True):
            assert asked() == ["198.51.100.1", "127.0.0.1"]
        assert asked() == ["198.51.100.1"]
    assert asked() == FOUND


def test_aioice_still_has_the_function_that_is_replaced() -> None:
    # A new version of aioice that asks in another way would make the choice without effect.
    assert "get_host_addresses" in ice.Connection.gather_candidates.__code__.co_names
