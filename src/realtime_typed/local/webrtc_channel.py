"""A data channel of aiortc as a `Peer`."""

import asyncio
import contextlib
import logging
import secrets
from collections import deque
from collections.abc import Callable
from typing import Final

from aiortc import InvalidStateError, RTCDataChannel
from pydantic_core import to_json

from realtime_typed.errors import ConnectionClosed

from .requests import RequestError, error_event

__all__ = ["ChannelPeer"]

_HIGH_WATER: Final = 256 * 1024  # bytes that wait to be sent before `send` does
_MAX_UNREAD: Final = 32 * 1024 * 1024  # bytes of a client that sends without reading its answers
_CLOSE_S: Final = 0.5

_logger = logging.getLogger("realtime_typed.local")


class ChannelPeer:
    """The server's end of a data channel, as a `Line`.

    Args:
        channel: The channel.
        max_message: The longest message that the client takes, in bytes; 0 for no limit.
        vanish: Lets the whole connection be gone without a word.
    """

    def __init__(self, channel: RTCDataChannel, max_message: int, vanish: Callable[[], None]) -> None:
        self.abort: Callable[[], None] = vanish
        self._channel = channel
        self._max_message = max_message
        self._unread: deque[str | bytes] = deque()
        self._unread_size = 0
        self._arrived = asyncio.Event()
        self._drained = asyncio.Event()
        self._closed = asyncio.Event()
        channel.bufferedAmountLowThreshold = _HIGH_WATER // 2
        channel.on("message", self._on_message)
        channel.on("bufferedamountlow", self._drained.set)
        channel.on("close", self.lost)

    async def send(self, data: str) -> None:
        """Send one frame; waits while much waits to be sent. For one that the client cannot take it gets an `error`.

        Raises:
            ConnectionClosed: The channel is closed.
        """
        size = len(data.encode())
        if self._max_message and size > self._max_message:
            message = f"An event of {size} bytes was left out: the offer states a=max-message-size:{self._max_message}."
            _logger.error("%s", message)
            event = error_event(RequestError("event_too_large", message, type="server_error"), None)
            data = to_json({"event_id": f"event_{secrets.token_hex(8)}", **event}).decode()
        await self._send(data)

    async def send_bytes(self, data: bytes) -> None:
        """Send one binary frame, of whatever length; as `send`."""
        await self._send(data)

    async def _send(self, data: str | bytes) -> None:
        await self._until_below(_HIGH_WATER)
        try:
            self._channel.send(data)
        except (InvalidStateError, ValueError):
            self.lost()
            raise ConnectionClosed(1006) from None

    async def recv(self) -> str | bytes:
        """Wait for the next frame, text or binary.

        Raises:
            ConnectionClosed: The channel is closed, and all that came was taken.
        """
        while not self._unread:
            if self._closed.is_set():
                raise ConnectionClosed(1000, "the client closed the data channel")
            self._arrived.clear()
            await self._arrived.wait()
        frame = self._unread.popleft()
        self._unread_size -= len(frame)
        return frame

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the channel once everything was sent, in a second at most. WebRTC has no close codes."""
        self._channel.bufferedAmountLowThreshold = 0
        with contextlib.suppress(TimeoutError, ConnectionClosed):
            async with asyncio.timeout(_CLOSE_S):
                await self._until_below(1)
        self._channel.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                await self._closed.wait()

    def lost(self) -> None:
        """Note that the channel is gone."""
        self._closed.set()
        self._arrived.set()
        self._drained.set()

    async def _until_below(self, limit: int) -> None:
        while not self._closed.is_set() and self._channel.bufferedAmount >= limit:
            self._drained.clear()
            await self._drained.wait()
        if self._closed.is_set():
            raise ConnectionClosed(1006)

    def _on_message(self, data: str | bytes) -> None:
        self._unread_size += len(data)
        if self._unread_size > _MAX_UNREAD:
            _logger.error("a WebRTC client sends faster than it reads; its call ends")
            self.lost()
            return
        self._unread.append(data)
        self._arrived.set()
