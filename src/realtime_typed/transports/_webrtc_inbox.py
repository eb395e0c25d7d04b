"""Holds what came over the data channel until it is read: a queue that costs no task a message."""

import asyncio
from collections import deque
from collections.abc import Callable

from realtime_typed.transports._fragments import Fragments

__all__ = ["Inbox"]


class Inbox:
    """The events that came and were not read yet, in wire order.

    Args:
        max_bytes: The largest event accepted, in bytes; `None` is without bound.
    """

    def __init__(self, max_bytes: int | None) -> None:
        self._fragments = Fragments(max_bytes)
        self._frames: deque[str | bytes] = deque()
        self._reader: asyncio.Future[None] | None = None

    def put(self, message: str | bytes) -> None:
        """Take a message of the channel.

        Raises:
            FragmentError: It is too large.
        """
        frame = self._fragments.unwrap(message)
        if frame is not None:
            self._frames.append(frame)
            self.wake()

    def wake(self) -> None:
        """Have a reader that waits look again."""
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self, check: Callable[[], object]) -> str | bytes:
        """Wait for the next event. A cancelled call loses none.

        Args:
            check: Raises when nothing more will come; asked whenever nothing is here.

        Raises:
            RuntimeError: Another task waits already.
        """
        while not self._frames:
            check()
            if self._reader is not None:
                raise RuntimeError("recv() is already waiting in another task; one task reads a transport")
            self._reader = asyncio.get_running_loop().create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        return self._frames.popleft()
