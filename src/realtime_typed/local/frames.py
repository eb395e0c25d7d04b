"""A session's frames: those for its client that wait to be sent, and a bounded record of those that came.

Making a frame never waits, so that an event's answers are one step that nothing can interrupt. What makes many of them
(a response, a client that sends without reading) awaits `room` in between: this is the back-pressure.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Final

from .requests import Wire

__all__ = ["Fanout", "Outbox", "ReceivedLog"]

_MAX_WAITING: Final = 8 * 1024 * 1024
"""How many characters of frames may wait, however few those are."""


class Outbox:
    """A queue of frames with a soft bound and an end.

    Args:
        limit: How many frames may wait before `room` does; it does as well when they have 8 Mi characters.
    """

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._size = 0
        self._frames: deque[str] = deque()
        self._closed: tuple[int, str] | None = None
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    @property
    def closed(self) -> tuple[int, str] | None:
        """The close code and reason, `None` while the outbox is open."""
        return self._closed

    def put(self, frame: str) -> None:
        """Add a frame; after `close` it is dropped."""
        if self._closed is not None:
            return
        self._frames.append(frame)
        self._size += len(frame)
        self._changed.set()
        if len(self._frames) >= self._limit or self._size >= _MAX_WAITING:
            self._room.clear()

    def close(self, code: int, reason: str = "") -> None:
        """End the connection after the frames that wait; the first call counts."""
        if self._closed is None:
            self._closed = (code, reason)
            self._changed.set()
            self._room.set()

    async def get(self) -> str | None:
        """Wait for the next frame; `None` when the outbox is closed and empty."""
        while not self._frames:
            if self._closed is not None:
                return None
            self._changed.clear()
            await self._changed.wait()
        frame = self._frames.popleft()
        self._size -= len(frame)
        if len(self._frames) < self._limit and self._size < _MAX_WAITING:
            self._room.set()
        return frame

    async def room(self) -> None:
        """Wait until fewer frames than the limit wait, or the outbox is closed."""
        await self._room.wait()


class Fanout:
    """The frames of a session for all connections that are attached to it: none, one, or several.

    Args:
        limit: How many frames may wait for a connection before `room` does.
    """

    def __init__(self, limit: int = 256) -> None:
        self._limit = limit
        self._outboxes: list[Outbox] = []
        self._closed: tuple[int, str] | None = None
        self._end = asyncio.Event()

    @property
    def closed(self) -> tuple[int, str] | None:
        """The close code and reason, `None` while the session is open."""
        return self._closed

    def attach(self) -> Outbox:
        """Make an outbox that gets every frame from now on; of a closed session it is closed."""
        outbox = Outbox(self._limit)
        if self._closed is None:
            self._outboxes.append(outbox)
        else:
            outbox.close(*self._closed)
        return outbox

    def detach(self, outbox: Outbox) -> None:
        """Give an outbox no more frames; what it held back goes on."""
        if outbox in self._outboxes:
            self._outboxes.remove(outbox)
        outbox.close(1000)

    def put(self, frame: str) -> None:
        """Add a frame for every connection; without one it is dropped."""
        for outbox in self._outboxes:
            outbox.put(frame)

    def close(self, code: int, reason: str = "") -> None:
        """End every connection after the frames that wait; the first call counts."""
        if self._closed is None:
            self._closed = (code, reason)
            for outbox in self._outboxes:
                outbox.close(code, reason)
            self._end.set()

    async def room(self) -> None:
        """Wait until every connection has taken enough of its frames."""
        for outbox in tuple(self._outboxes):
            await outbox.room()

    async def ended(self) -> None:
        """Wait until the session is closed."""
        await self._end.wait()


class ReceivedLog:
    """The client's events, for tests to look at; the oldest go when there are many or they are large.

    Args:
        max_events: How many are kept.
        max_bytes: How many bytes of frames are kept.
    """

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._events: deque[tuple[Wire, int]] = deque()
        self._bytes = 0

    def add(self, event: Wire, size: int) -> None:
        """Keep an event whose frame had this size."""
        self._events.append((event, size))
        self._bytes += size
        while len(self._events) > self._max_events or self._bytes > self._max_bytes:
            self._bytes -= self._events.popleft()[1]

    def events(self) -> Sequence[Wire]:
        """The events, oldest first."""
        return [event for event, _ in self._events]
