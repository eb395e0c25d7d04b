"""How frames travel: the `Transport` protocol that every transport fulfils.

A transport moves whole text frames in order and knows nothing of events. `websocket.py`, `memory.py` and
(with the extra `webrtc`) `webrtc.py` implement it; an application may hand its own to the client.
"""

from typing import Protocol, runtime_checkable

__all__ = ["Transport"]


@runtime_checkable
class Transport(Protocol):
    """An ordered, message-based connection to the service.

    A transport is used for one connection: `connect` once, then `send` and `recv`, then `close`.
    """

    @property
    def name(self) -> str:
        """What kind of transport this is: `"websocket"`, `"webrtc"` or `"memory"`; an own one names itself."""
        ...

    async def connect(self) -> None:
        """Open the connection.

        Raises:
            ConnectError: The peer could not be reached or refused the handshake.
        """
        ...

    async def send(self, data: str) -> None:
        """Send one text frame; returns once it is handed to the operating system's buffer.

        Args:
            data: One event as JSON text.

        Raises:
            ConnectionClosed: The connection is closed.
        """
        ...

    async def recv(self) -> str | bytes:
        """Wait for the next frame, in the order the peer sent them.

        Returns:
            The frame as text, or as the UTF-8 bytes of it (which the codec reads without decoding).

        Raises:
            ConnectionClosed: The connection is closed and every frame that came before was handed out.
        """
        ...

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection; safe to call at any time and more than once.

        Args:
            code: The close code to send. Default 1000, a normal end.
            reason: Why, at most 123 bytes of UTF-8.
        """
        ...
