"""What waits to be sent over a connection, in order. One sender at a time hands frames to the transport."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from ._redact import redact_frame
from .errors import ConnectionClosed, MessageTooLargeError
from .transports import Transport

__all__ = ["Outbox"]

_logger = logging.getLogger("realtime_typed.api")


class Outbox:
    """The frames of one client on their way out.

    Args:
        sent: Is told each frame that was sent, and what it was made of.
        logs: Says whether to log each frame.
    """

    def __init__(self, sent: Callable[[str, object], None], logs: Callable[[], bool]) -> None:
        self._tell = sent
        self._logs = logs
        self._transport: Transport | None = None
        self._limit: int | None = None
        self._frames: deque[tuple[str, object]] = deque()
        self._posted = 0
        self._sent = 0
        self._lock = asyncio.Lock()

    def open(self, transport: Transport, limit: int | None) -> None:
        """Send over this transport from now on, frames of at most `limit` bytes; what waited before is dropped."""
        self._transport = transport
        self._limit = limit
        self._frames.clear()
        self._sent = self._posted

    def close(self) -> None:
        """Send nothing more."""
        self._transport = None

    def post(self, frame: str, event: object) -> None:
        """Queue a frame.

        Raises:
            ConnectionClosed: There is no connection.
            MessageTooLargeError: It is larger than the connection carries.
        """
        if self._transport is None:
            raise ConnectionClosed(1006, "not connected; call connect() first")
        limit = self._limit
        # A character takes 4 bytes at most, so that most frames need not be encoded to be measured.
        if limit is not None and 4 * len(frame) > limit and (size := len(frame.encode())) > limit:
            raise MessageTooLargeError(size, limit)
        self._frames.append((frame, event))
        self._posted += 1

    async def flush(self) -> None:
        """Send what waits, in order.

        Raises:
            ConnectionClosed: The connection ended; what was left of the queue is dropped with it.
        """
        wanted = self._posted
        async with self._lock:
            while self._frames:
                transport = self._transport
                if transport is None:
                    break
                frame, event = self._frames.popleft()
                # Counted before the wait: a cancelled sender has handed its frame over all the same.
                self._sent += 1
                if self._logs():
                    _logger.debug("sent %s", redact_frame(frame))
                await transport.send(frame)
                self._tell(frame, event)
            if self._sent < wanted:
                raise ConnectionClosed(1006, "the connection ended before the event was sent")
