"""How often one caller of an endpoint may ask: a sliding window in memory."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address
from time import monotonic

from starlette.requests import Request

__all__ = ["RateLimit", "Window", "client_address"]


def client_address(request: Request) -> str:
    """The caller's address: for IPv6 its network of 64 bits, because one caller has them all; `""` when it is unknown.

    Behind a reverse proxy this is the proxy, unless the server takes the caller's address from it (uvicorn does with
    `--proxy-headers --forwarded-allow-ips=…`).
    """
    host = "" if request.client is None else request.client.host
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> 64 << 64)}/64"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """How many keys one caller gets: a sliding window, kept in the memory of this process.

    Args:
        requests: How many keys in `seconds`. Default 10.
        seconds: The length of the window. Default 60.
        key: Tells callers apart, for instance by the user who is signed in. Default `client_address`.
        max_callers: How many callers are remembered; beyond it those that were idle longest are forgotten. Default
            10,000. Memory is at most about `max_callers` × (300 + 32 × `requests`) bytes.

    Raises:
        ValueError: A number is not positive.
    """

    requests: int = 10
    seconds: float = 60.0
    key: Callable[[Request], str] = client_address
    max_callers: int = 10_000

    def __post_init__(self) -> None:
        for name in ("requests", "seconds", "max_callers"):
            value: float = getattr(self, name)
            if not 0 < value < math.inf or (name != "seconds" and value < 1):
                raise ValueError(f"RateLimit.{name} must be greater than 0, got {value!r}")


class Window:
    """When each caller was let in, the one that was let in last at the end."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._times: dict[bytes, list[float]] = {}

    def take(self, request: Request) -> float:
        """Let a caller in now, which gives 0, or say in how many seconds it may come again."""
        now, limit = monotonic(), self._limit
        # A digest, because a key may be long and may be a person's name.
        caller = blake2b(limit.key(request).encode("utf-8", "surrogatepass"), digest_size=16).digest()
        times = [time for time in self._times.get(caller, ()) if now - time < limit.seconds]
        if len(times) >= limit.requests:
            return limit.seconds - (now - times[0])
        times.append(now)
        self._times.pop(caller, None)
        self._times[caller] = times
        while True:
            idle = next(iter(self._times))
            if len(self._times) <= limit.max_callers and now - self._times[idle][-1] < limit.seconds:
                return 0.0
            del self._times[idle]
