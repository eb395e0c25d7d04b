"""An event loop whose clock is simulated: when it has nothing to do, it is the time of the next timer at once.

Everything else is asyncio's own loop. So ten minutes of pacing are tested in a second, and to the millisecond; and a
wait that nobody ends is an error at once.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")


class _Selector(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.late: Callable[[], float] = float

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            raise RuntimeError("every task waits for something that nobody will do")
        self.now += timeout + self.late()
        return []


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Asyncio's loop with a simulated clock."""

    def __init__(self, late: Callable[[], float] = float) -> None:
        """`late` says, at each wake-up, by how many seconds it comes too late."""
        self._virtual = _Selector()
        self._virtual.late = late
        super().__init__(self._virtual)

    def time(self) -> float:
        return self._virtual.now

    def stall(self, seconds: float) -> None:
        """Let time pass in which the loop does nothing, as if a callback took so long."""
        self._virtual.now += seconds


def run_in_virtual_time(
    main: Callable[[VirtualTimeLoop], Coroutine[object, object, T]], late: Callable[[], float] = float
) -> T:
    """Run `main(loop)` on such a loop."""
    loop = VirtualTimeLoop(late)
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(main(loop))
