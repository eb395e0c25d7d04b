"""An attempt to connect that another task may end: no connection comes about behind the back of a `disconnect`."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

from .errors import ConnectError

__all__ = ["Attempt"]

T = TypeVar("T")


class Attempt:
    """Runs one attempt at a time."""

    def __init__(self) -> None:
        self._limit: asyncio.Timeout | None = None
        self._task: asyncio.Task[object] | None = None
        self._over: asyncio.Future[None] | None = None

    @property
    def running(self) -> bool:
        """Whether there is one."""
        return self._limit is not None

    async def run(self, work: Coroutine[object, object, T]) -> T:
        """Do the work, unless `end` is called meanwhile.

        Raises:
            ConnectError: `end` was called.
            RuntimeError: Another attempt runs.
        """
        if self.running:
            work.close()
            raise RuntimeError("already connected; call disconnect() first")
        over = self._over = asyncio.get_running_loop().create_future()
        self._task = asyncio.current_task()
        # Without a deadline: it is how one task stops another and leaves that one's own cancellations alone.
        limit = self._limit = asyncio.timeout(None)
        try:
            async with limit:
                return await work
        except TimeoutError:
            if not limit.expired():
                raise
            raise ConnectError("disconnect() was called while connecting") from None
        finally:
            self._limit = self._task = None
            if not over.done():
                over.set_result(None)

    async def end(self) -> None:
        """End the attempt, and return when it has ended; does nothing when there is none, or in its own task."""
        limit, over = self._limit, self._over
        if limit is None or over is None or self._task is asyncio.current_task():
            return
        loop = asyncio.get_running_loop()
        if over.get_loop() is loop:
            limit.reschedule(loop.time())
            await asyncio.wait({over})
