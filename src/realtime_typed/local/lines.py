"""Connections as the server's faults need them: they can be lost, and take frames that are no text."""

from typing import Protocol

from realtime_typed.transports.memory import MemoryTransport

from .connection import Peer

__all__ = ["Line", "MemoryLine"]


class Line(Peer, Protocol):
    """A connection to a client."""

    async def send_bytes(self, data: bytes) -> None:
        """Send one binary frame. Raises `ConnectionClosed`."""
        ...

    def abort(self) -> None:
        """Lose the connection without a word."""
        ...


class MemoryLine:
    """The accepting end of a `memory_pair` as a `Line`. It carries text alone: bytes become text as far as they are.

    Args:
        transport: The end.
    """

    def __init__(self, transport: MemoryTransport) -> None:
        self._transport = transport

    async def send(self, data: str) -> None:
        """Send one frame; waits while the client does not read."""
        await self._transport.send(data)

    async def send_bytes(self, data: bytes) -> None:
        """Send bytes as text; what is no UTF-8 becomes U+FFFD."""
        await self._transport.send(data.decode("utf-8", "replace"))

    async def recv(self) -> str | bytes:
        """Wait for the next frame."""
        return await self._transport.recv()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close both ends."""
        await self._transport.close(code, reason)

    def abort(self) -> None:
        """Lose the line."""
        self._transport.abort()
