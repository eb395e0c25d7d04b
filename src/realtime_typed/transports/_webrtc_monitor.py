"""Watches whether the peer is still there: aiortc has no state "disconnected", and notices a loss after half a minute.

What counts as a sign of life is a packet (the public statistics count those of media and of the data channel) or the
answer to a connectivity check of our own. The check is needed because a peer that has nothing to say and carries no
audio may be silent for long; RFC 7675 makes every ICE agent answer it.
"""

import asyncio
from collections.abc import Callable
from typing import cast

from aioice import stun
from aiortc import RTCPeerConnection, RTCTransportStats

__all__ = ["Liveness"]

# One look a second is enough for the default timeouts, and free; shorter timeouts ask for more.
_MAX_TICK = 1.0


class Liveness:
    """Tells when the peer falls silent and when it is back, and ends when it is gone.

    Args:
        peer: The connection, established.
        silence_timeout: Seconds without a sign of life until the peer counts as silent.
        disconnect_grace: Seconds more until it counts as gone.
        on_change: Is told `True` when the peer falls silent and `False` when it is back.
    """

    def __init__(
        self,
        peer: RTCPeerConnection,
        *,
        silence_timeout: float,
        disconnect_grace: float,
        on_change: Callable[[bool], None],
    ) -> None:
        self._peer = peer
        self._silence_timeout = silence_timeout
        self._disconnect_grace = disconnect_grace
        self._on_change = on_change
        self._tick = min(_MAX_TICK, silence_timeout / 4)

    async def watch(self) -> float:
        """Watch until the peer is gone.

        Returns:
            For how many seconds nothing came.
        """
        loop = asyncio.get_running_loop()
        received = await self._received()
        alive = looked = loop.time()
        silent = False
        while True:
            await asyncio.sleep(self._tick)
            before, received = received, await self._received()
            heard = received != before or await self._answers()
            now = loop.time()
            # A loop that stood still (a suspended machine, blocking code) has not listened meanwhile.
            alive += max(0.0, now - looked - 4 * self._tick)
            looked = now
            if heard:
                alive = now
            quiet_for = now - alive
            if silent != (quiet_for >= self._silence_timeout):
                silent = not silent
                self._on_change(silent)
            if quiet_for >= self._silence_timeout + self._disconnect_grace:
                return quiet_for

    async def _received(self) -> int:
        report = cast("dict[str, object]", await self._peer.getStats())
        return sum(stats.bytesReceived for stats in report.values() if isinstance(stats, RTCTransportStats))

    async def _answers(self) -> bool:
        """Whether the peer answers a connectivity check within a tick."""
        try:
            async with asyncio.timeout(self._tick):
                return await self._check()
        # The names are aioice's own, not its API: where they are gone, packets alone count.
        except (TimeoutError, AttributeError, TypeError, stun.TransactionError):
            return False

    async def _check(self) -> bool:
        if self._peer.sctp is None:
            return False
        agent = self._peer.sctp.transport.transport._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # no API
        for pair in list(agent._nominated.values()):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # no API
            await pair.protocol.request(
                agent.build_request(pair, nominate=False),
                pair.remote_addr,
                integrity_key=(agent.remote_password or "").encode(),
                retransmissions=1,
            )
            return True
        return False
