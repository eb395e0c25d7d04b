"""A process full of clients: what both libraries have in common. A subclass says how one session lives."""

import asyncio
import gc
import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Final, cast

from .health import Health
from .meter import Meter
from .pacing import Pace
from .worker import Command

__all__ = ["RECONNECT_S", "Fleet", "retry_delay"]

RECONNECT_S: Final = 0.5
_SETTLE_S: Final = 1.0
_CONNECT_S: Final = 60.0
_NEW_OBJECTS: Final = 10_000
_random: Final = random.Random(0)


def retry_delay() -> float:
    """Seconds until the next attempt to connect, about half a second; the same for both libraries."""
    return RECONNECT_S * (0.5 + _random.random())


class Fleet(ABC):
    """The commands are `connect`, `pace`, `still`, `now` and `close`.

    Args:
        expected: Errors that may be reported; see `Health`.
    """

    def __init__(self, expected: tuple[str, ...] = ()) -> None:
        self.meter: Meter = Meter()
        self.url: str = ""
        self.stopping: bool = False
        self._health = Health(expected)
        self._pace: Pace | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._connected = 0
        self._all_connected = asyncio.Event()
        self._count = 0

    @abstractmethod
    async def live(self, number: int) -> None:
        """Live as one session, until cancelled; reconnect when the connection is lost."""

    def connected(self) -> None:
        """A session has connected for the first time."""
        self._connected += 1
        if self._connected == self._count:
            self._all_connected.set()

    async def beat(self, number: int, send: Callable[[], Awaitable[None]]) -> None:
        """Send at the pace, until cancelled."""
        await cast("Pace", self._pace).keep(number, send)

    def survivors(self) -> int:
        """How many objects of closed sessions are still alive."""
        return 0

    async def do(self, command: Command) -> object:
        """Carry out a command of the conductor."""
        match command["do"]:
            case "connect":
                return await self._connect(command)
            case "pace":
                self.meter.settle(_SETTLE_S)
                self._health.now()  # what follows counts from here
                cast("Pace", self._pace).switch(True)
                return None
            case "still":
                cast("Pace", self._pace).switch(False)
                return {**self.meter.report(), **cast("Pace", self._pace).report(), **self._health.now()}
            case _:
                return await self._close(cast("float", command["warmup"]))

    async def _connect(self, command: Command) -> object:
        self._health.watch()
        self.url, self._count = cast("str", command["url"]), cast("int", command["sessions"])
        self._pace = Pace(self._count)
        for number in range(self._count):
            self._tasks.append(asyncio.create_task(self.live(number), name=f"session {number}"))
            # One after the other: what is measured is not a rush to the door.
            await asyncio.sleep(0.01)
        async with asyncio.timeout(_CONNECT_S):
            waiting = asyncio.create_task(self._all_connected.wait())
            done, _ = await asyncio.wait((waiting, *self._tasks), return_when=asyncio.FIRST_COMPLETED)
        for ended in done - {waiting}:
            await ended  # a session lives until it is cancelled, so it has failed
        # As docs/soak.md advises a process with many sessions: what lives as long as they do is not looked at again and
        # again, and the collector comes by when many objects are new, not 700.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS)
        return self._health.now()

    async def _close(self, warmup: float) -> object:
        self.stopping = True
        failed = await self._end_sessions()
        await asyncio.sleep(0.2)  # the loop closes sockets one turn after they were aborted
        gc.unfreeze()
        gc.collect()
        return {**self._health.report(warmup), "failed": failed, "survivors": self.survivors()}

    async def _end_sessions(self) -> list[str]:
        failed: list[str] = []
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        while self._tasks:
            task = self._tasks.pop()
            if not task.cancelled() and (error := task.exception()) is not None:
                failed.append(repr(error))
        return failed
