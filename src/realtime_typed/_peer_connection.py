"""aiortc's peer connection, whose `close` leaves nothing behind.

aiortc connects in tasks that it hands to nobody: closed meanwhile, they live on for a moment, and what they raise is
lost, so that a connection which cannot come about just never does.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from aiortc import RTCConfiguration, RTCDtlsTransport, RTCPeerConnection

__all__ = ["PeerConnection"]

# The private method of aiortc that such a task runs, under the name that Python gives it.
_CONNECT = "_RTCPeerConnection__connect"


class PeerConnection(RTCPeerConnection):
    """A peer connection that waits for its own tasks.

    Args:
        configuration: As aiortc's.
        on_failure: Is told of an exception that ended an attempt to connect; the state may not change then.
    """

    def __init__(
        self, configuration: RTCConfiguration | None = None, *, on_failure: Callable[[Exception], None] | None = None
    ) -> None:
        super().__init__(configuration)
        self._on_failure = on_failure
        self._connecting: set[asyncio.Task[object]] = set()
        self._closing = False

    async def _RTCPeerConnection__connect(self) -> None:  # noqa: N802  # aiortc's name
        task = asyncio.current_task()
        if task is None or self._closing:
            return
        self._connecting.add(task)
        try:
            await cast("Callable[[], Awaitable[None]]", getattr(super(), _CONNECT))()
        except Exception as error:
            self._failed(error)
        finally:
            self._connecting.discard(task)

    def _failed(self, error: Exception) -> None:
        # Closed meanwhile, it fails in many ways.
        if self._on_failure is not None and not self._closing:
            self._on_failure(error)

    async def close(self) -> None:
        """Close the connection, and wait for the tasks that connect it."""
        self._closing = True
        await super().close()
        tasks = self._connecting - {asyncio.current_task()}
        if tasks:
            await asyncio.wait(tasks)
        # What such a task began after aiortc had stopped its part would run on for ever: senders, receivers and their
        # decoders, DTLS, data channels, and an ICE agent that found its path in that moment and now checks consent.
        for transceiver in self.getTransceivers():
            await transceiver.stop()
        if self.sctp is not None:
            await self.sctp.stop()
        for transport in self._transports():
            await transport.stop()
            await transport.transport.stop()

    def _transports(self) -> list[RTCDtlsTransport]:
        found = [transceiver.receiver.transport for transceiver in self.getTransceivers()]
        if self.sctp is not None:
            found.append(self.sctp.transport)
        return list(dict.fromkeys(found))
