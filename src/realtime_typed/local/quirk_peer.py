"""Quirks at the edge: a connection whose client gets what another server would have sent."""

from typing import cast

from pydantic_core import from_json, to_json

from .beta import BetaPeer
from .connection import Peer
from .quirks import Quirk, Rewriter, event_rewriter, speaks_beta, wire_rewriter
from .requests import Wire

__all__ = ["QuirkPeer", "dressed"]


class QuirkPeer:
    """A `Peer` that rewrites what is sent.

    Args:
        peer: The connection to the client.
        rewrite: What is sent in the place of each event.
    """

    def __init__(self, peer: Peer, rewrite: Rewriter) -> None:
        self._peer = peer
        self._rewrite = rewrite

    async def send(self, data: str) -> None:
        """Rewrite one event, and send what it became: nothing, or one frame or several."""
        for event in self._rewrite(cast("Wire", from_json(data))):
            await self._peer.send(to_json(event).decode())

    async def recv(self) -> str | bytes:
        """Wait for the next frame."""
        return await self._peer.recv()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        await self._peer.close(code, reason)


def dressed(peer: Peer, quirks: frozenset[Quirk], *, beta: bool) -> Peer:
    """A connection as a session sees it: of GA, without quirks.

    Args:
        peer: The connection to the client.
        quirks: The server's quirks.
        beta: Whether the client speaks beta.
    """
    on_wire, of_events = wire_rewriter(quirks), event_rewriter(quirks)
    if on_wire is not None:
        peer = QuirkPeer(peer, on_wire)
    if beta or speaks_beta(quirks):
        peer = BetaPeer(peer)
    return peer if of_events is None else QuirkPeer(peer, of_events)
