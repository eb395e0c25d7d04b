"""When a response is asked for: one at a time in the conversation, in the order of asking.

The service refuses a response while another one is active in the conversation. Who asks waits here for its turn: behind
those who asked before, behind the response under way, whoever began it, and behind the user's turn that the service is
about to answer. Only a response that the service begins while ours is on its way there can still be in the way; then it
refuses ours, and ours is asked for once more when that one is over.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Literal, TypeAlias, TypeVar

from ._active_responses import ALREADY_ACTIVE, ActiveResponses
from .errors import ConnectionClosed, ResponseActiveError, ServerError

__all__ = ["ResponseSequencer", "WhenActive"]

WhenActive: TypeAlias = Literal["wait", "cancel", "raise"]
"""What to do when a response is asked for while another one is active in the conversation; see `create_response`."""

R = TypeVar("R")


class ResponseSequencer:
    """Lets one response of the conversation at a time be asked for.

    Args:
        timeout: Seconds without an event after which a response counts as over; `None` waits for ever.
        answers_turns: Says whether the service makes responses of its own to what the user says.
        expired: Is told the id of a response that has been silent for too long.
    """

    def __init__(
        self, timeout: float | None, answers_turns: Callable[[], bool], expired: Callable[[str], None]
    ) -> None:
        self._state = ActiveResponses(timeout, answers_turns)
        self._answers_turns = answers_turns
        self._expired = expired
        self._lock = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: set[asyncio.Future[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        # Asking for the running loop takes longer than asking it for the time.
        self._clock: Callable[[], float] = _now
        # Whoever waits does so on one connection: how many there were before, and how the last of them ended.
        self._ended = 0
        self._closed: ConnectionClosed | None = None

    @property
    def active(self) -> str | None:
        """The response that is active in the conversation, `None` when none is."""
        return next(iter(self._state.in_conversation), None)

    @property
    def in_conversation(self) -> list[str]:
        """The responses that are active in the conversation; more than one only by a fault of the service."""
        return self._state.in_conversation

    def apply(self, event_type: str, fields: Mapping[str, object]) -> None:
        """Take note of an event of the service."""
        if self._state.apply(event_type, fields, _now()):
            self._changed()

    def heard(self, response_id: object) -> None:
        """An event has brought more of a response, or a track audio of it."""
        if isinstance(response_id, str) and self._state.heard(response_id, self._clock()):
            self._changed()

    def asked(self) -> None:
        """A response of the conversation is being asked for, by `ask` or past it."""
        self._state.asked(_now())

    def clear(self, closed: ConnectionClosed | None = None) -> None:
        """The connection has ended, as `closed` says, or begins: nothing is under way, and nobody goes on waiting."""
        self._ended += 1
        self._closed = closed or self._closed
        self._state.clear()
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # A lock that was waited for, and a timer, belong to the loop that they were made in.
            self._loop, self._lock, self._timer = loop, asyncio.Lock(), None
        self._clock = loop.time
        self._changed()

    @property
    def owes_turn(self) -> bool:
        """Whether the service makes responses to the user's turns, and has yet to begin one."""
        return self._state.owes_turn and self._answers_turns()

    @property
    def user_speaks(self) -> bool:
        """Whether turn detection hears the user."""
        return self._state.user_speaks

    def lost(self, kept: Collection[str]) -> None:
        """The connection was lost, and another is being made: whoever waits goes on waiting for those `kept`."""
        self._state.lost(kept)
        self._changed()

    def end(self, response_id: str) -> None:
        """A response is under way no more, though the service did not say so."""
        if self._state.end(response_id):
            self._changed()

    def _changed(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        due = self._state.next_timeout()
        if due is None and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        elif due is not None and self._timer is None:
            # One timer for all: events only put off what is due, which it finds out when its time has come.
            self._timer = asyncio.get_running_loop().call_at(due, self._check)

    def _check(self) -> None:
        self._timer = None
        ended = self._state.expire(_now())
        for response_id in ended:
            self._expired(response_id)
        self._changed()

    async def ask(
        self,
        request: Callable[[], Awaitable[R]],
        *,
        when_active: WhenActive = "wait",
        cancel: Callable[[str], Awaitable[object]],
    ) -> R:
        """Ask for a response of the conversation when it is its turn.

        Args:
            request: Asks, and returns when the service has begun the response.
            when_active: `"wait"` for a response that is active, `"cancel"` it, or `"raise"`.
            cancel: Cancels the response of this id.

        Returns:
            What `request` returns.

        Raises:
            ResponseActiveError: A response is active, or is being asked for, and `when_active` is `"raise"`.
            ServerError: The service refused; because of another response only after it was asked a second time.
            ConnectionClosed: The connection ended first, even if there is another one now.
        """
        connection = self._ended
        if when_active == "raise":
            self.refuse_if_active()
        if when_active == "cancel":
            # Those who asked before wait for that one too, so not only when it is our turn.
            await self._cancel(cancel)
        async with self._lock:
            try:
                if when_active != "raise":
                    await self._free(when_active, cancel, connection)
                return await request()
            except ServerError as error:
                if error.code != ALREADY_ACTIVE:
                    raise
                if when_active == "raise":
                    raise ResponseActiveError(self.active) from error
            await self._free(when_active, cancel, connection)
            return await request()

    def refuse_if_active(self) -> None:
        """Raise if a response is active or being asked for.

        Raises:
            ResponseActiveError: It is.
        """
        if self._lock.locked() or self._state.blocked_until(_now(), by_user=False) is not None:
            raise ResponseActiveError(self.active)

    async def _cancel(self, cancel: Callable[[str], Awaitable[object]]) -> None:
        for response_id in self._state.in_conversation:
            await cancel(response_id)

    async def _free(self, when_active: WhenActive, cancel: Callable[[str], Awaitable[object]], connection: int) -> None:
        """Return when a response can be asked for on this connection."""
        cancelled: set[str] = set()
        while (until := self._state.blocked_until(_now(), by_user=when_active == "wait")) is not None:
            for response_id in self._state.in_conversation if when_active == "cancel" else ():
                if response_id not in cancelled:
                    cancelled.add(response_id)
                    await cancel(response_id)
                    break
            else:
                await self._wait_for_change(until)
        if self._ended != connection:
            closed = self._closed or ConnectionClosed(1006, "the connection ended")
            raise closed.with_traceback(None)

    async def _wait_for_change(self, until: float) -> None:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[None] = loop.create_future()
        timer = None if until == float("inf") else loop.call_at(until, self._wake, waiter)
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)
            if timer is not None:
                timer.cancel()

    @staticmethod
    def _wake(waiter: "asyncio.Future[None]") -> None:
        if not waiter.done():
            waiter.set_result(None)


def _now() -> float:
    return asyncio.get_running_loop().time()
