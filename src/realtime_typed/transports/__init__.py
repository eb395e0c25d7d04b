"""How frames travel: the `Transport` protocol that every transport fulfils.

A transport moves whole text frames in order and knows nothing of events. `websocket.py`, `memory.py` and
(with the extra `webrtc`) `webrtc.py` implement it; an application may hand its own to the client. A transport that
carries audio beside the frames is a `MediaTransport`.
"""

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from aiortc import MediaStreamTrack

__all__ = ["MediaTransport", "Transport"]


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


@runtime_checkable
class MediaTransport(Transport, Protocol):
    """A transport with a track of audio in each direction beside the frames; it tells its state itself."""

    @property
    def call_id(self) -> str | None:
        """The call's id; `None` when the service gave none."""
        ...

    @property
    def max_message_size(self) -> int | None:
        """The most bytes that a frame may have; `None` when there is no bound."""
        ...

    @property
    def sends_own_track(self) -> bool:
        """Whether the application gave its own input track, so that `write_audio` has none to write to."""
        ...

    @property
    def commit_delay(self) -> float:
        """Seconds that audio needs to arrive after it was sent, longer than an event that is sent after it."""
        ...

    @property
    def remote_audio_track(self) -> "MediaStreamTrack":
        """What the service sends, as a track of its own consumer; `RuntimeError` while there is none."""
        ...

    async def write_audio(self, samples: "npt.NDArray[np.int16]") -> None:
        """Queue audio for the outgoing track: shape `(n,)`, dtype int16, mono, 24,000 Hz; waits for room."""
        ...

    async def drain_audio(self) -> None:
        """Wait until everything that was written has been sent."""
        ...

    def clear_audio(self) -> None:
        """Forget what was written and not sent yet."""
        ...
