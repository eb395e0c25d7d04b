"""The faults of one server: which are armed, how often each struck, and what struck. It opens and closes nothing."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from .access import HttpError
from .faults import Fault, RefuseHandshake
from .session import LocalSession
from .translation import TranslationSession

__all__ = ["ArmedFault", "Faults", "FaultySession", "FiredFault", "Struck"]

_KEPT: Final = 10_000
_CODES: Final = {401: "invalid_api_key", 403: "insufficient_permissions", 429: "rate_limit_exceeded"}

FaultySession: TypeAlias = LocalSession | TranslationSession
"""A session whose connections faults can strike."""


@dataclass(frozen=True, slots=True)
class FiredFault:
    """A fault that struck.

    Attributes:
        fault: Which.
        connection: Which connection of the server it struck, from 1; `None` for a refused handshake.
        session: The session of that connection; `None` for a refused handshake.
        event: The wire type of the event at which it struck; `None` without one.
    """

    fault: Fault
    connection: int | None = None
    session: FaultySession | None = None
    event: str | None = None


class ArmedFault:
    """A fault that waits for its moment.

    Attributes:
        fault: Which.
        fired: How often it has struck.
    """

    def __init__(self, fault: Fault) -> None:
        self.fault: Fault = fault
        self.fired: int = 0
        self._armed = True

    def __repr__(self) -> str:
        return f"<ArmedFault {self.fault!r}, fired {self.fired} times{'' if self.armed else ', over'}>"

    @property
    def armed(self) -> bool:
        """Whether it may still strike."""
        return self._armed and (self.fault.times is None or self.fired < self.fault.times)

    def disarm(self) -> None:
        """Let it strike no more."""
        self._armed = False


class Struck(Protocol):
    """A connection that faults can strike."""

    @property
    def session(self) -> FaultySession:
        """The session that it carries."""
        ...

    def arm(self, armed: ArmedFault) -> None:
        """Arm a fault for this connection alone."""
        ...

    def strike_at_once(self) -> None:
        """Let those faults strike whose moment is now."""
        ...

    def release(self) -> None:
        """Let what is stalled go on."""
        ...


class Faults:
    """What is armed on a server, and what struck.

    Args:
        faults: Those that the server begins with.
    """

    def __init__(self, faults: Iterable[Fault] = ()) -> None:
        self._armed = [ArmedFault(_checked(fault)) for fault in faults]
        self._handshakes: dict[ArmedFault, int] = {}
        self._fired: deque[FiredFault] = deque(maxlen=_KEPT)
        self._count = 0
        self._changed = asyncio.Event()
        self._connections: list[Struck] = []
        self._numbers = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.stopping: bool = False

    # --- for the server's user ---------------------------------------------------------------------------------------

    @property
    def fired(self) -> Sequence[FiredFault]:
        """What struck so far, oldest first; the last 10,000."""
        return list(self._fired)

    async def wait(self, count: int) -> None:
        """Wait until `count` faults have struck, ever."""
        while self._count < count:
            self._changed.clear()
            await self._changed.wait()

    def inject(self, fault: Fault, sessions: Sequence[FaultySession]) -> list[ArmedFault]:
        """Arm a fault: on the connections of these sessions, or without any on the server.

        Raises:
            ValueError: A handshake is to be refused to a session, which has had its own.
            TypeError: It is no fault of a server.
        """
        _checked(fault)
        if sessions and isinstance(fault, RefuseHandshake):
            raise ValueError("a session has had its handshake; RefuseHandshake is armed without sessions")
        made: list[ArmedFault] = []
        if sessions:
            struck = [connection for connection in self._connections if connection.session in sessions]
            for connection in struck:
                made.append(ArmedFault(fault))
                connection.arm(made[-1])
        else:
            struck = list(self._connections)
            made.append(ArmedFault(fault))
            self._armed = [*self._armed, *made]
        for connection in struck:
            connection.strike_at_once()
        return made

    # --- for handshakes and connections ------------------------------------------------------------------------------

    def admit(self) -> None:
        """Count a handshake.

        Raises:
            HttpError: It is refused.
        """
        for armed in self.armed():
            fault = armed.fault
            if not isinstance(fault, RefuseHandshake):
                continue
            self._handshakes[armed] = self._handshakes.get(armed, 0) + 1
            if self._handshakes[armed] <= fault.after:
                continue
            self.note(armed)
            message = fault.message or f"Refused with {fault.status} on purpose."
            headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
            raise HttpError(fault.status, message, fault.code or _CODES.get(fault.status), headers=headers)

    def armed(self) -> Sequence[ArmedFault]:
        """What is armed on the server."""
        if any(not armed.armed for armed in self._armed):
            self._armed = [armed for armed in self._armed if armed.armed]
        return self._armed

    def join(self, connection: Struck) -> int:
        """Note that a connection has begun; returns its number."""
        self._connections.append(connection)
        self._numbers += 1
        return self._numbers

    def leave(self, connection: Struck) -> None:
        """Note that a connection has ended, or is about to; again does nothing."""
        if connection in self._connections:
            self._connections.remove(connection)

    def note(
        self,
        armed: ArmedFault,
        connection: int | None = None,
        session: FaultySession | None = None,
        event: str | None = None,
    ) -> None:
        """Write down that a fault strikes."""
        armed.fired += 1
        self._fired.append(FiredFault(armed.fault, connection, session, event))
        self._count += 1
        self._changed.set()

    def run(self, work: Coroutine[object, object, None]) -> None:
        """Do something that no connection's own task does; it ends with the server at the latest."""
        if self.stopping:
            work.close()
            return
        task = asyncio.create_task(work, name="realtime-typed local fault")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Let everything that is stalled go on, and leave no task."""
        self.stopping = True
        for armed in self._armed:
            armed.disarm()
        for connection in self._connections:
            connection.release()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _checked(fault: object) -> Fault:
    if not isinstance(fault, Fault):
        raise TypeError(f"{fault!r} is no fault of a LocalServer")
    return fault
