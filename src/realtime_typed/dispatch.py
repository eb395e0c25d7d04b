"""Who hears of an event: named channels with handlers, waiters and streams.

Rules:

* Waiters and streams get an event at once; handlers run in the order of events, then of registration.
* A sync handler is called directly, without a task. An async handler is awaited before the next handler runs, in one
  background task of the source, so that a slow handler delays later handlers but never the connection.
* A handler that raises is reported to the event loop's exception handler and stops nothing.

This module knows neither events nor transports: the generated mixin (`_generated/*/typed_events`) says which name
carries which event.
"""

import asyncio
import difflib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from typing import Final, TypeVar, cast

from ._wire import UNSET
from .channels import Channel, EventStream, Expectation, Subscription

__all__ = ["ANSWER_TIMEOUT", "Channel", "EventSource", "EventStream", "Expectation", "SendNamespace", "Subscription"]

A = TypeVar("A")

ANSWER_TIMEOUT: Final = 10.0
"""Seconds that a send method waits for the answer of the service, unless it is told otherwise."""

_logger = logging.getLogger("realtime_typed")


class ChannelMap(dict[str, "Channel[object]"]):
    """Channels by name, made when first asked for; a name that the source does not have is an error."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names
        self.closed: BaseException | None = None
        self.expected = True

    def __missing__(self, name: str) -> "Channel[object]":
        if name not in self.names:
            near = difflib.get_close_matches(str(name), self.names, n=3)
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise ValueError(f"there is no event {name!r}{hint}")
        channel = self[name] = Channel[object](name, self.closed, expected=self.expected)
        return channel


class EventSource:
    """Something that emits named events. Subclasses say which names there are.

    Attributes:
        event_names: The names that `on`, `wait_for` and `events` accept.
    """

    event_names: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._channels = ChannelMap(self.event_names)
        self._backlog: deque[tuple[tuple[Callable[[object], object], ...], object]] = deque()
        self._pump: asyncio.Task[None] | None = None
        self._dispatching = False

    def _emit(self, event: object, *names: str) -> None:
        """Deliver `event` to the channels `names`, in that order."""
        channels = self._channels
        handlers: tuple[Callable[[object], object], ...] = ()
        for name in names:
            channel = channels.get(name)
            if channel is not None:
                called = channel.deliver(event)
                if called:
                    handlers = handlers + called if handlers else called
        if not handlers:
            return
        self._backlog.append((handlers, event))
        # A handler may cause further events itself; they wait for their turn.
        if self._pump is None and not self._dispatching:
            self._dispatch()

    def _dispatch(self) -> None:
        """Call the handlers that are due, up to the first that is async; a task takes over from there."""
        self._dispatching = True
        backlog = self._backlog
        try:
            while backlog:
                handlers, event = backlog.popleft()
                for position, handler in enumerate(handlers):
                    result = self._call(handler, event)
                    if result is not None and isawaitable(result):
                        backlog.appendleft((handlers[position + 1 :], event))
                        self._pump = asyncio.get_running_loop().create_task(self._drain(result, handler, event))
                        return
        finally:
            self._dispatching = False

    def _call(self, handler: Callable[[object], object], event: object) -> object:
        try:
            return handler(event)
        # User code: whatever it raises is reported, and the next handler runs. Reading the result of a task that was
        # cancelled raises `CancelledError`, which is not an `Exception`.
        except (Exception, asyncio.CancelledError) as error:
            self._report(error, handler, event)
            return None

    async def _run(self, result: Awaitable[object], handler: object, event: object) -> None:
        try:
            await result
        except Exception as error:  # as in _call
            self._report(error, handler, event)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            self._report(error, handler, event)  # as in _call: what the handler awaited was cancelled, not the handler

    async def _drain(self, result: Awaitable[object], handler: Callable[[object], object], event: object) -> None:
        try:
            await self._run(result, handler, event)
            while self._backlog:
                handlers, current = self._backlog.popleft()
                for handler in handlers:
                    following = self._call(handler, current)
                    if following is not None and isawaitable(following):
                        await self._run(following, handler, current)
        finally:
            self._pump = None

    def _report(self, error: BaseException, handler: object, event: object) -> None:
        name = getattr(handler, "__qualname__", None) or "a handler"
        message = f"{name} raised while handling {getattr(event, 'type', None) or type(event).__name__!r}"
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            _logger.exception(message, exc_info=error)
        else:
            loop.call_exception_handler({"message": message, "exception": error})

    async def _settle_handlers(self, timeout: float) -> None:
        """Let the handlers that are due finish, at most `timeout` seconds; then cancel what still runs.

        A handler that ignores its cancellation is waited for once more as long, and then left alone.
        """
        pump = self._pump
        if pump is None or pump is asyncio.current_task():
            return
        try:
            await asyncio.wait({pump}, timeout=timeout)
        finally:
            if not pump.done():
                self._backlog.clear()
                pump.cancel()
                await asyncio.wait({pump}, timeout=timeout)

    def _open_channels(self) -> None:
        """A connection was made: waiting makes sense again."""
        self._channels.closed = None
        for channel in self._channels.values():
            channel.open()

    def _close_channels(self, error: BaseException, *, expected: bool) -> None:
        """End every waiter with `error`, and every stream, quietly when the end was `expected`."""
        self._channels.closed = error
        self._channels.expected = expected
        for channel in list(self._channels.values()):
            channel.close(error, expected=expected)

    def _off(self, name: str | None, handler: Callable[..., object] | None, *, once_only: bool) -> None:
        """The four reference forms of `off` and `off_next` in one place."""
        if name is None:
            for channel in self._channels.values():
                if once_only:
                    channel.discard_once()
                else:
                    channel.off()
            return
        channel = self._channels[name]
        if handler is not None:
            if not channel.discard(handler, once_only=once_only):
                raise ValueError(f"{handler!r} is not registered for {name!r}")
        elif once_only:
            channel.discard_once()
        else:
            channel.off()

    def clear_event_handlers(self) -> None:
        """Remove every handler of every event. Waiters and streams stay."""
        self._off(None, None, once_only=False)


class SendNamespace:
    """The base of the generated send methods, such as ``client.input_audio_buffer.append``.

    Args:
        send: Sends an event.
        request: Sends an event, by name and fields, and waits for its answer: `(name, fields, timeout)`.
    """

    __slots__ = ("_request_event", "_send_event")

    def __init__(
        self,
        send: Callable[[Mapping[str, object]], Awaitable[None]],
        request: Callable[[str, Mapping[str, object], float | None], Awaitable[object]],
    ) -> None:
        self._send_event = send
        self._request_event = request

    async def _send(self, wire_name: str, fields: Mapping[str, object]) -> None:
        await self._send_event({"type": wire_name, **_given(fields)})

    async def _request(self, wire_name: str, fields: Mapping[str, object], timeout: float | None, answer: type[A]) -> A:
        # An event that does not fit its schema is delivered as its class all the same, so there is nothing to check.
        return cast("A", await self._request_event(wire_name, _given(fields), timeout))


def _given(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value is not UNSET}
