"""Joins a session to a connection: one task reads frames, one writes them, and both end together."""

import asyncio
import secrets
from collections.abc import Mapping
from typing import Protocol

from pydantic_core import to_json

from realtime_typed.errors import ConnectionClosed

from .frames import Outbox
from .requests import RequestError, error_event

__all__ = ["Peer", "ServedSession", "attach", "refuse", "serve"]


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


class ServedSession(Protocol):
    """What a connection needs of its session, of whatever protocol that is."""

    @property
    def closed(self) -> tuple[int, str] | None:
        """The close code and reason, `None` while the session is open."""
        ...

    def attach(self) -> Outbox:
        """Make an outbox that gets every frame from now on."""
        ...

    def detach(self, outbox: Outbox) -> None:
        """Give an outbox no more frames."""
        ...

    def emit(self, event: Mapping[str, object]) -> None:
        """Send an event."""
        ...

    def start(self) -> None:
        """Emit `session.created` and start the clock."""
        ...

    def receive(self, frame: str | bytes) -> None:
        """Handle one client frame."""
        ...

    async def room(self) -> None:
        """Wait until the clients have taken enough of what was emitted."""
        ...

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End the session."""
        ...

    async def ended(self) -> None:
        """Wait until no task of the session is left; call it after `close`."""
        ...


async def serve(session: ServedSession, peer: Peer) -> None:
    """Run a session over a connection until either side ends it; no task of it is left afterwards.

    Args:
        session: A new session.
        peer: An open connection.
    """
    outbox = session.attach()
    session.start()
    try:
        await _relay(session, outbox, peer)
    finally:
        session.close()
        await session.ended()


async def attach(session: ServedSession, peer: Peer) -> None:
    """Join a running session until either side ends; the session goes on when the connection ends.

    Args:
        session: A session that was started.
        peer: An open connection.
    """
    outbox = session.attach()
    try:
        await _relay(session, outbox, peer)
    finally:
        session.detach(outbox)


async def refuse(peer: Peer, error: RequestError, code: int) -> None:
    """Answer an accepted connection with an `error` event instead of a session, and close it with `code`."""
    event = {"event_id": f"event_{secrets.token_hex(8)}", **error_event(error, None)}
    try:
        await peer.send(to_json(event).decode())
        await peer.close(code, error.code)
    except ConnectionClosed:
        pass


async def _relay(session: ServedSession, outbox: Outbox, peer: Peer) -> None:
    tasks = {asyncio.create_task(_read(session, peer)), asyncio.create_task(_write(outbox, peer))}
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _read(session: ServedSession, peer: Peer) -> None:
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


async def _write(outbox: Outbox, peer: Peer) -> None:
    try:
        while (frame := await outbox.get()) is not None:
            await peer.send(frame)
        code, reason = outbox.closed or (1000, "")
        await peer.close(code, reason)
    except ConnectionClosed:
        pass
