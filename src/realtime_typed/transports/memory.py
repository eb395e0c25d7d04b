"""Frames between two ends in one event loop: for tests, and for an embedded server without a socket.

A `MemoryTransport` keeps the promises of the WebSocket: frames in order, a bounded queue that makes the sender wait, a
close code and a reason that reach the other end after the frames sent before them. Nothing is encoded or copied.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Literal

from realtime_typed.errors import ConnectError, ConnectionClosed

__all__ = ["MemoryTransport", "memory_pair"]

_MAX_REASON = 123  # bytes; RFC 6455, 5.5: a control frame carries 125, two of which are the code


class _Line:
    """What both ends share: whether it is closed, and by which code."""

    def __init__(self) -> None:
        self.closed: tuple[int, str] | None = None

    def error(self) -> ConnectionClosed:
        code, reason = self.closed or (1006, "")
        return ConnectionClosed(code, reason, clean=code == 1000)


class _Direction:
    """The frames on their way from one end to the other."""

    def __init__(self, line: _Line, max_queue: int) -> None:
        self.line = line
        self.max_queue = max_queue
        self.frames: deque[str] = deque()
        self.changed_for_reader: asyncio.Event = asyncio.Event()
        self.changed_for_writer: asyncio.Event = asyncio.Event()
        # Only the lock's owner waits for room: a sender that comes later cannot overtake one that waits.
        self.turn: asyncio.Lock = asyncio.Lock()
        self.reading: bool = False

    async def put(self, frame: str) -> None:
        async with self.turn:
            while True:
                if self.line.closed is not None:
                    raise self.line.error()
                if len(self.frames) < self.max_queue:
                    break
                self.changed_for_writer.clear()
                await self.changed_for_writer.wait()
            self.frames.append(frame)
            self.changed_for_reader.set()

    async def get(self) -> str:
        if self.reading:
            raise RuntimeError("recv() is already waiting in another task; one task reads a transport")
        self.reading = True
        try:
            # The frame is taken without an await after the wait, so a cancelled recv() takes none.
            while not self.frames:
                if self.line.closed is not None:
                    raise self.line.error()
                self.changed_for_reader.clear()
                await self.changed_for_reader.wait()
            self.changed_for_writer.set()
            return self.frames.popleft()
        finally:
            self.reading = False

    def wake(self) -> None:
        self.changed_for_reader.set()
        self.changed_for_writer.set()


class MemoryTransport:
    """One end of a pair made by `memory_pair`; fulfils `Transport`.

    The first end of a pair is the client's: it is used after `connect()`. The second end accepts: it is open from the
    start, and what it sends before the client connects waits in the queue.
    """

    def __init__(
        self,
        line: _Line,
        incoming: _Direction,
        outgoing: _Direction,
        *,
        accepting: bool,
        on_connect: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Made by `memory_pair`, not directly."""
        self._line = line
        self._incoming = incoming
        self._outgoing = outgoing
        self._on_connect = on_connect
        self._state: Literal["new", "connecting", "open"] = "open" if accepting else "new"

    def __repr__(self) -> str:
        state = self._state if self._line.closed is None else f"closed {self._line.closed[0]}"
        return f"<MemoryTransport {state}, {len(self._incoming.frames)} frames waiting>"

    @property
    def name(self) -> str:
        """`"memory"`."""
        return "memory"

    async def connect(self) -> None:
        """Open the client's end: awaits the pair's `on_connect` first.

        Raises:
            ConnectError: `on_connect` raised it, or the line was closed before it returned.
            RuntimeError: The end was connected before, or is the accepting one.
        """
        if self._state != "new":
            raise RuntimeError("connect() was called before; make a new pair for a new connection")
        self._state = "connecting"
        try:
            if self._on_connect is not None:
                await self._on_connect()
        except BaseException:
            self.abort()
            raise
        if self._line.closed is not None:
            raise ConnectError("the memory transport was closed while it was connecting")
        self._state = "open"

    async def send(self, data: str) -> None:
        """Hand one frame to the other end; waits while `max_queue` frames are unread.

        Args:
            data: One event as JSON text.

        Raises:
            ConnectionClosed: The line is closed, also when that happens during the wait; the frame is not delivered.
            RuntimeError: `connect()` was not called.
        """
        self._require_connected()
        await self._outgoing.put(data)

    async def recv(self) -> str:
        """Wait for the next frame. One task at a time; a cancelled call loses no frame.

        Returns:
            The text that the other end sent.

        Raises:
            ConnectionClosed: The line is closed and every frame sent before was handed out.
            RuntimeError: `connect()` was not called, or another task waits already.
        """
        self._require_connected()
        return await self._incoming.get()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close both ends; the first call counts, later ones do nothing.

        Args:
            code: The close code: 1000 (default) to 1003, 1007 to 1014, or 3000 to 4999.
            reason: Why; cut to 123 bytes of UTF-8.

        Raises:
            ValueError: The code must not be sent (RFC 6455, 7.4).
        """
        if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
            raise ValueError(f"code: {code} cannot be sent; use 1000 to 1003, 1007 to 1014 or 3000 to 4999")
        self._end(code, reason.encode()[:_MAX_REASON].decode("utf-8", "ignore"))

    def abort(self) -> None:
        """Lose the line: both ends see 1006 without a reason, as after a dropped TCP connection."""
        self._end(1006, "")

    def _end(self, code: int, reason: str) -> None:
        if self._line.closed is None:
            self._line.closed = (code, reason)
            self._incoming.wake()
            self._outgoing.wake()

    def _require_connected(self) -> None:
        if self._state != "open" and self._line.closed is None:
            raise RuntimeError("the transport is not connected; await connect() first")


def memory_pair(
    *, max_queue: int = 1024, on_connect: Callable[[], Awaitable[None]] | None = None
) -> tuple[MemoryTransport, MemoryTransport]:
    """Make two transports that are each other's peer; both are used in the same event loop.

    Args:
        max_queue: How many unread frames each direction holds before `send` waits. Default 1024; at least 1.
        on_connect: Awaited by the first end's `connect()`, for instance to start a server's session on the second
            end. It may raise `ConnectError` to refuse. Whatever it raises comes out of `connect()` and closes both
            ends.

    Returns:
        The client's end, to be connected, and the accepting end, which is open already.

    Raises:
        ValueError: `max_queue` is less than 1.
    """
    if max_queue < 1:
        raise ValueError(f"max_queue: {max_queue} holds no frame; use 1 or more")
    line = _Line()
    to_client, to_server = _Direction(line, max_queue), _Direction(line, max_queue)
    return (
        MemoryTransport(line, to_client, to_server, accepting=False, on_connect=on_connect),
        MemoryTransport(line, to_server, to_client, accepting=True),
    )
