"""Joins a session to a connection: one task reads frames, one writes them, and both end together."""

import asyncio
from typing import Protocol

from realtime_typed.errors import ConnectionClosed

from .session import LocalSession

__all__ = ["Peer", "serve"]


class Peer(Protocol):
    """The server's end of a connection; the accepting end of a `memory_pair` is one."""

    async def send(self, data: str) -> None:
        """Send one frame; waits while the client does not read. Raises `ConnectionClosed`."""
        ...

    async def recv(self) -> str | bytes:
        """Wait for the next frame. Raises `ConnectionClosed`."""
        ...

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        ...


async def serve(session: LocalSession, peer: Peer) -> None:
    """Run a session over a connection until either side ends it; no task of it is left afterwards.

    Args:
        session: A new session.
        peer: An open connection.
    """
    session.start()
    tasks = {asyncio.create_task(_read(session, peer)), asyncio.create_task(_write(session, peer))}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        session.close()
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await session.ended()
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _read(session: LocalSession, peer: Peer) -> None:
    try:
        while True:
            session.receive(await peer.recv())
            # A client that sends without reading its answers is not read from either.
            await session.room()
            if session.closed is not None:
                # What is still queued, and the close code, are the writer's to send.
                await asyncio.Event().wait()
    except ConnectionClosed:
        pass


async def _write(session: LocalSession, peer: Peer) -> None:
    try:
        while (frame := await session.next_frame()) is not None:
            await peer.send(frame)
        code, reason = session.closed or (1000, "")
        await peer.close(code, reason)
    except ConnectionClosed:
        pass
