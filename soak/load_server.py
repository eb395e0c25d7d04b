"""What both load servers have in common: groups of sessions, their pace, and the faults that strike them."""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from typing import Final, Protocol, cast

from .faults import FAULTS, LOSSES, Fault, FaultPlan
from .health import Health
from .pacing import Pace
from .worker import Command

__all__ = ["SPREAD", "STALL_S", "Group", "LoadServer", "LoadSession"]

STALL_S: Final = 2.0
# No divisor of a turn's length: sessions whose beats are neighbours are at different places of their turns.
SPREAD: Final = 37


class LoadSession(Protocol):
    """One connection."""

    def strike(self, fault: Fault) -> None:
        """Let a fault happen with the next beat."""
        ...


class Group:
    """The sessions of one fleet.

    Attributes:
        open: The sessions that have a connection now, by number.
        sent: How many beats were sent.
        heard: How many pieces of the users' audio came.
        struck: The faults so far, and the `losses` among them.
    """

    def __init__(self, name: str, sessions: int, seed: int, kinds: tuple[Fault, ...] = FAULTS) -> None:
        self.name: str = name
        self.count: int = sessions
        self.pace: Pace = Pace(sessions)
        self.open: dict[int, LoadSession] = {}
        self.sent: int = 0
        self.heard: int = 0
        self.struck: Counter[str] = Counter()
        self._faults = FaultPlan(seed, kinds)
        self._striking: asyncio.Task[None] | None = None

    def begin(self, faults: float) -> None:
        """Let the sessions beat, with so many faults a second."""
        self.pace.switch(True)
        if faults:
            self._striking = asyncio.create_task(self._strike(faults))

    async def end(self) -> dict[str, object]:
        """Let them be still, and return what was counted since the last time."""
        self.pace.switch(False)
        if self._striking is not None:
            self._striking.cancel()
            await asyncio.gather(self._striking, return_exceptions=True)
            self._striking = None
        found = {**self.pace.report(), "sent": self.sent, "heard": self.heard, "faults": dict(self.struck)}
        self.sent = self.heard = 0
        self.struck.clear()
        return found

    async def _strike(self, rate: float) -> None:
        while True:
            await asyncio.sleep(1 / rate)
            number, fault = self._faults.next(self.count)
            session = self.open.get(number)
            if session is not None:
                self.struck[fault] += 1
                self.struck["losses"] += fault in LOSSES
                session.strike(fault)


class LoadServer(ABC):
    """The server's process; the commands are `start`, `pace`, `still` and `close`.

    Attributes:
        kinds: The faults that its sessions know.
        groups: The groups by name.
    """

    kinds: tuple[Fault, ...] = FAULTS

    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self._health = Health()

    @abstractmethod
    async def start(self) -> int:
        """Accept connections, and return the port."""

    @abstractmethod
    async def stop(self) -> None:
        """Close everything."""

    async def do(self, command: Command) -> object:
        """Carry out a command of the conductor."""
        match command["do"]:
            case "start":
                self._health.watch()
                sessions, seed = cast("int", command["sessions"]), cast("int", command["seed"])
                for name in cast("list[str]", command["groups"]):
                    self.groups[name] = Group(name, sessions, seed, self.kinds)
                return {"port": await self.start()}
            case "pace":
                self._health.now()  # what follows counts from here
                self.groups[cast("str", command["group"])].begin(cast("float", command["faults"]))
                return None
            case "still":
                return {**self._health.now(), **await self.groups[cast("str", command["group"])].end()}
            case _:
                await self.stop()
                return self._health.report(cast("float", command["warmup"]))
