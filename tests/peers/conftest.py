"""Our client against WebRTC that is not aiortc's; run by `nox -s peers`, which installs it.

The rest of the test suite leaves these out when the peer is not installed. With REALTIME_TYPED_REQUIRE_PEERS they fail.
"""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeAlias

import pytest

from tests.peers.support import Peer, missing, run_peer

StartPeer: TypeAlias = Callable[..., Awaitable[Peer]]


@pytest.fixture
def installed() -> None:
    """Ends the test here where the peer cannot run."""
    reason = missing()
    if reason is None:
        return
    if os.environ.get("REALTIME_TYPED_REQUIRE_PEERS"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture
async def start_peer(installed: None) -> AsyncGenerator[StartPeer]:
    """Starts a peer with the arguments of `peer.mjs`; it ends with the test."""
    async with AsyncExitStack() as stack:

        async def start(*arguments: str) -> Peer:
            return await stack.enter_async_context(run_peer(*arguments))

        yield start


@pytest.fixture
async def peer(start_peer: StartPeer) -> Peer:
    """A peer with the usual settings."""
    return await start_peer()
