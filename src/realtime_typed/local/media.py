"""A call with media, whatever carries it: what the server needs of its connection, and how the call is run."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, TypeAlias

from realtime_typed.audio import Int16Array

from .connection import Peer, serve
from .lines import Line
from .playback import AudioLine
from .session import LocalSession

__all__ = ["MediaConnection", "OfferError", "OpenMedia", "serve_call"]

_CONNECT_S: Final = 30.0


class OfferError(Exception):
    """An SDP offer that cannot be answered; the message says why."""


class MediaConnection(AudioLine, Protocol):
    """The server's end of a WebRTC connection."""

    @property
    def answer(self) -> str:
        """The SDP answer."""
        ...

    @property
    def state(self) -> str:
        """The connection's state, in the words of `RTCPeerConnection.connectionState`."""
        ...

    def on_audio(self, heard: Callable[[Int16Array], None], sent: Callable[[int], None]) -> None:
        """Say what gets the user's audio (int16, shape (n,), 24 kHz), and what is told how many samples were sent."""
        ...

    def stall(self, seconds: float) -> None:
        """Send no audio for so long, not even silence."""
        ...

    async def opened(self) -> Line:
        """Wait until the data channel is open. Raises `ConnectionClosed` when that cannot happen any more."""
        ...

    async def close(self) -> None:
        """Close everything; no task of it is left."""
        ...


OpenMedia: TypeAlias = Callable[[str], Awaitable[MediaConnection]]
"""Answers an SDP offer. Raises `OfferError`."""


async def serve_call(
    session: LocalSession, connection: MediaConnection, dialect: Callable[[Line], Peer] = lambda peer: peer
) -> None:
    """Run a call until either side ends it; no task and no connection of it is left afterwards.

    Args:
        session: The call's session, not yet started: it begins when the data channel opens.
        connection: The connection, answered.
        dialect: Wraps the data channel for a client that speaks another dialect. Default none.
    """
    opening = asyncio.create_task(connection.opened())
    ending = asyncio.create_task(session.ended())
    try:
        await asyncio.wait({opening, ending}, timeout=_CONNECT_S, return_when=asyncio.FIRST_COMPLETED)
        if opening.done() and opening.exception() is None:
            connection.on_audio(session.hear, session.audio_played)
            await serve(session, dialect(opening.result()))
    finally:
        session.close()
        opening.cancel()
        await connection.close()
        await asyncio.gather(opening, ending, return_exceptions=True)
