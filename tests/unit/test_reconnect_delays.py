"""When a client tries again, and how often, by a simulated clock."""

import asyncio
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime_typed import ConnectError, ConnectionClosed, RealtimeClient, ReconnectPolicy
from realtime_typed.transports.memory import MemoryTransport, memory_pair
from tests.unit.virtual_time import VirtualTimeLoop, run_in_virtual_time

EXACT = 1e-6


@dataclass
class Down:
    """A service that takes the first connection, and refuses all others.

    Attributes:
        asks: What it says of each try: after how many seconds to come again.
        times: When the connection was lost, and when each try was made.
    """

    asks: list[float | None]
    times: list[float] = field(default_factory=list[float])
    _first: bool = True

    def connect(self) -> MemoryTransport:
        if self._first:
            self._first = False
            return memory_pair()[0]
        return memory_pair(on_connect=self._refuse)[0]

    async def _refuse(self) -> None:
        tried = len(self.times) - 1
        self.times.append(asyncio.get_running_loop().time())
        error = ConnectError("busy", status=503)
        error.retry_after = self.asks[tried] if tried < len(self.asks) else None
        raise error


def tries(policy: ReconnectPolicy, asks: list[float | None]) -> list[float]:
    """The seconds before each try of a client whose service does not come back."""
    service = Down(asks)

    async def main(loop: VirtualTimeLoop) -> None:
        ends: list[MemoryTransport] = []

        def make() -> MemoryTransport:
            ends.append(service.connect())
            return ends[-1]

        client = RealtimeClient(transport=make, api_key="key", reconnect=policy)
        await client.connect()
        waiting = asyncio.create_task(client.wait_for("response.done"))
        await asyncio.sleep(0)
        service.times.append(loop.time())
        ends[0].abort()
        with pytest.raises(ConnectionClosed, match="gave up reconnecting: the budget is spent"):
            await waiting

    run_in_virtual_time(main)
    return [later - sooner for sooner, later in pairwise(service.times)]


seconds = st.floats(0.001, 100)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 8),
    seconds,
    seconds,
    st.floats(0, 1),
    st.lists(st.none() | st.floats(0, 500), min_size=8, max_size=8),
)
def test_delays_grow_to_a_bound_and_honour_what_the_service_asks_for_within_it(
    attempts: int, initial: float, more: float, jitter: float, asks: list[float | None]
) -> None:
    policy = ReconnectPolicy(attempts=attempts, initial_delay=initial, max_delay=initial + more, jitter=jitter)
    found = tries(policy, asks)
    assert len(found) == attempts
    for number, (delay, asked) in enumerate(zip(found, [None, *asks], strict=False)):
        longest = min(initial * 2**number, policy.max_delay)
        least = max(longest * (1 - jitter), min(asked or 0, policy.max_delay))
        assert least - EXACT <= delay <= max(longest, least) + EXACT


def test_without_jitter_each_delay_is_twice_the_one_before() -> None:
    policy = ReconnectPolicy(attempts=7, initial_delay=0.5, max_delay=10, jitter=0)
    assert tries(policy, []) == pytest.approx([0.5, 1, 2, 4, 8, 10, 10])


def test_whole_seconds_that_the_service_asks_for_count_too() -> None:
    policy = ReconnectPolicy(attempts=3, initial_delay=0.5, max_delay=10, jitter=0)
    assert tries(policy, [3, 60]) == pytest.approx([0.5, 3, 10])


def test_jitter_keeps_clients_apart() -> None:
    policy = ReconnectPolicy(attempts=1, initial_delay=1, jitter=1)
    found = [tries(policy, [])[0] for _ in range(20)]
    assert len(set(found)) > 15
    assert all(0 <= delay <= 1 + EXACT for delay in found)
