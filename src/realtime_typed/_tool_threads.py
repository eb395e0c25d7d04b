"""Threads for tool functions that are no coroutine functions: one for each call, as many at once as there may be.

Not the loop's default pool: a few functions that hang would hold up all that uses it, the look-up of host names and
aiortc's encoder among it, and the end of the program. Not a pool at all: a thread that ends with its call leaves none
behind at `disconnect`, and one that hangs, which nothing can end, is a daemon, so that the program can.
"""

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

__all__ = ["MAX_TOOL_THREADS", "ToolThreads"]

MAX_TOOL_THREADS: Final = 32
"""How many functions of one client run in threads at the same time."""

_LAST_STEPS: Final = 1.0


class ToolThreads:
    """Runs functions in threads.

    Args:
        limit: How many at the same time; one more waits until another has ended. Default 32.
    """

    def __init__(self, limit: int = MAX_TOOL_THREADS) -> None:
        self._limit = limit
        self._busy: set[threading.Thread] = set()
        self._started: set[threading.Thread] = set()
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def busy(self) -> int:
        """How many functions run now, those among them whose call was given up."""
        return len(self._busy)

    async def run(self, function: Callable[[], object]) -> object:
        """Run a function with the context of the caller, and return what it returns or raise what it raises.

        Cancelled, this ends at once; the function runs on to its end and what becomes of it is not told.
        """
        await self._room()
        loop = asyncio.get_running_loop()
        # Not the result itself: a future carries no `StopIteration`.
        answer: asyncio.Future[tuple[object, BaseException | None]] = loop.create_future()
        context = contextvars.copy_context()

        def work() -> None:
            result, error = None, None
            try:
                result = context.run(function)
            except BaseException as raised:  # raised again where the call is awaited
                error = raised
            self._busy.discard(thread)
            with suppress(RuntimeError):  # the loop has ended meanwhile
                loop.call_soon_threadsafe(self._ended, answer, result, error)

        thread = threading.Thread(target=work, name="realtime-typed tool", daemon=True)
        self._started = {known for known in self._started if known.is_alive()}
        self._busy.add(thread)
        try:
            thread.start()
        except BaseException:
            self._busy.discard(thread)
            raise
        self._started.add(thread)
        result, error = await answer
        if error is not None:
            raise error
        return result

    async def _room(self) -> None:
        while len(self._busy) >= self._limit:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            finally:
                self._waiting.remove(waiter)

    def _ended(
        self,
        answer: "asyncio.Future[tuple[object, BaseException | None]]",
        result: object,
        error: BaseException | None,
    ) -> None:
        if not answer.done():
            answer.set_result((result, error))
        # All of them: one that is cancelled in this moment would take a place that it does not use.
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

    def join(self) -> None:
        """Wait for the threads whose function has ended, which takes no time worth the name; others run on."""
        for thread in self._started - self._busy:
            thread.join(_LAST_STEPS)
        self._started &= self._busy
