"""Chooses the addresses that ICE offers as host candidates.

aioice, which aiortc is built on, has no setting for them: it asks its own function `get_host_addresses`, which leaves
loopback out, so that on a machine without a network nothing connects. This module puts a wrapper in that function's
place. The wrapper acts inside of `host_addresses` alone; everywhere else, also in other tasks at the same time, the
function does what it always did.
"""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from aioice import ice

__all__ = ["LOOPBACK", "host_addresses"]

LOOPBACK = ("127.0.0.1", "::1")
"""The loopback addresses; an address that the machine does not have is left out when ICE binds."""


@dataclass(frozen=True, slots=True)
class _Choice:
    addresses: tuple[str, ...]
    beside: bool


_chosen: ContextVar[_Choice | None] = ContextVar("realtime_typed_host_addresses", default=None)


class _Wrapper:
    """Stands in for the function, and asks it wherever nothing was chosen."""

    def __init__(self, function: Callable[[bool, bool], list[str]]) -> None:
        self._function = function

    def __call__(self, use_ipv4: bool, use_ipv6: bool) -> list[str]:
        choice = _chosen.get()
        if choice is None:
            return self._function(use_ipv4, use_ipv6)
        found = self._function(use_ipv4, use_ipv6) if choice.beside else []
        wanted = [address for address in choice.addresses if (use_ipv6 if ":" in address else use_ipv4)]
        return list(dict.fromkeys([*found, *wanted]))


@contextmanager
def host_addresses(addresses: Sequence[str], *, beside: bool = False) -> Generator[None]:
    """Offer these addresses for every ICE agent that gathers candidates inside.

    "Inside" goes by context variables: it holds for the code in the `with` block and for tasks started there.

    Args:
        addresses: IPv4 and IPv6 addresses of this machine. One that cannot be bound is left out.
        beside: Whether they are offered beside those that aioice finds. Default `False`: instead of them.
    """
    # Somebody else, a test for instance, may have put a function of their own there since the last time.
    if not isinstance(ice.get_host_addresses, _Wrapper):
        ice.get_host_addresses = _Wrapper(ice.get_host_addresses)
    token = _chosen.set(_Choice(tuple(addresses), beside))
    try:
        yield
    finally:
        _chosen.reset(token)
