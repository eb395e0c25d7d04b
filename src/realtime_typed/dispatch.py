"""Who hears of an event: named channels with handlers, waiters and streams.

Rules:

* Waiters and streams get an event at once; handlers run in the order of events, then of registration.
* A sync handler is called directly, without a task. An async handler is awaited before the next handler runs, in one
  background task of the source, so that a slow handler delays later handlers but never the connection. By policy
  several async handlers may run at a time; they begin in the same order.
* What waits for handlers has a bound (`_backlog`).
* A handler that raises stops nothing. It is told by the event `handler.error` if anything listens to that, otherwise to
  the event loop's exception handler.

This module knows neither events nor transports: the generated mixin (`_generated/*/typed_events`) says which name
carries which event.
"""

import asyncio
import difflib
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping
from inspect import isawaitable
from time import perf_counter
from typing import Final, NamedTuple, TypeAlias, TypeVar, cast

from ._backlog import Backlog, QueueBound
from ._wire import UNSET
from .channels import Channel, EventStream, Expectation, Subscription
from .flow_control import HandlerPolicy
from .utility_events import EventsDropped, HandlerErrorEvent

__all__ = ["ANSWER_TIMEOUT", "Channel", "EventSource", "EventStream", "Expectation", "SendNamespace", "Subscription"]

A = TypeVar("A")
Handler: TypeAlias = Callable[[object], object]
_Entry: TypeAlias = tuple[tuple[Handler, ...], object, float]
"""Handlers, what they are given, and since when they wait; 0 if they do not."""

ANSWER_TIMEOUT: Final = 10.0
"""Seconds that a send method waits for the answer of the service, unless it is told otherwise."""

_logger = logging.getLogger("realtime_typed")


class ChannelMap(dict[str, "Channel[object]"]):
    """Channels by name, made when first asked for; a name that the source does not have is an error."""

    def __init__(self, names: frozenset[str], bound: QueueBound) -> None:
        super().__init__()
        self.names = names
        self.bound: QueueBound = bound
        self.closed: BaseException | None = None
        self.expected = True

    def __missing__(self, name: str) -> "Channel[object]":
        if name not in self.names:
            near = difflib.get_close_matches(str(name), self.names, n=3)
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise ValueError(f"there is no event {name!r}{hint}")
        channel = self[name] = Channel[object](name, self.closed, expected=self.expected, bound=self.bound)
        return channel


class HandlerTime:
    """How long handlers took.

    Attributes:
        count: How many handlers have ended.
        total: Seconds from the call of each to its end.
        longest: The most seconds that one took.
        slowest: The name of that one.
    """

    __slots__ = ("count", "longest", "slowest", "total")

    def __init__(self) -> None:
        self.count: int = 0
        self.total: float = 0.0
        self.longest: float = 0.0
        self.slowest: str = ""

    def add(self, seconds: float, handler: object) -> None:
        """A handler has ended."""
        self.count += 1
        self.total += seconds
        if seconds > self.longest:
            self.longest = seconds
            self.slowest = str(getattr(handler, "__qualname__", None) or "a handler")


class HandlerLoad(NamedTuple):
    """What waits for the handlers of a source: events, the seconds that the oldest waits, and handlers that run."""

    waiting: int
    lag: float
    running: int
    dropped: Mapping[str, int]
    streams_dropped: int
    policy: HandlerPolicy


def _event_of(entry: _Entry) -> object:
    return entry[1]


class EventSource:
    """Something that emits named events. Subclasses say which names there are.

    Args:
        handlers: How handlers run, and what may wait for them.

    Attributes:
        event_names: The names that `on`, `wait_for` and `events` accept.
    """

    event_names: frozenset[str] = frozenset()

    def __init__(self, handlers: HandlerPolicy | None = None) -> None:
        policy = handlers or HandlerPolicy()
        self._handler_policy = policy
        self._at_once = policy.at_once
        self._bound = QueueBound(policy.max_events, policy.max_bytes, self._tell_dropped)
        self._channels = ChannelMap(self.event_names, self._bound)
        self._backlog: Backlog[_Entry] = Backlog(self._bound, _event_of)
        # The handlers of the event that was taken last which have not begun.
        self._rest: Iterator[Handler] = iter(())
        self._rest_event: object = None
        self._pumps: set[asyncio.Task[None]] = set()
        self._dispatching = False
        self.handler_time: HandlerTime = HandlerTime()

    def _emit(self, event: object, *names: str) -> None:
        """Deliver `event` to the channels `names`, in that order."""
        channels = self._channels
        handlers: tuple[Handler, ...] = ()
        for name in names:
            channel = channels.get(name)
            if channel is not None:
                called = channel.deliver(event)
                if called:
                    handlers = handlers + called if handlers else called
        if not handlers:
            return
        # A handler may cause further events itself; they wait for their turn.
        if self._dispatching or len(self._pumps) >= self._at_once:
            self._backlog.append((handlers, event, perf_counter()))
        else:
            self._backlog.append((handlers, event, 0.0))
            self._dispatch()

    def _dispatch(self) -> None:
        """Call the handlers that are due until as many run as may; their tasks take over from there."""
        self._dispatching = True
        try:
            while (due := self._next()) is not None:
                handler, event = due
                began = perf_counter()
                result = self._call(handler, event, began)
                if result is not None:
                    pump = asyncio.get_running_loop().create_task(self._drain(result, handler, event, began))
                    self._pumps.add(pump)
                    if len(self._pumps) >= self._at_once:
                        return
        finally:
            self._dispatching = False

    def _next(self) -> tuple[Handler, object] | None:
        """The handler that is to begin next, and its event."""
        while True:
            for handler in self._rest:
                return handler, self._rest_event
            if not self._backlog:
                self._rest_event = None
                return None
            handlers, self._rest_event, _ = self._backlog.popleft()
            self._rest = iter(handlers)

    def _call(self, handler: Handler, event: object, began: float) -> Awaitable[object] | None:
        """Begin a handler; return what is to be awaited, if it is async."""
        try:
            result = handler(event)
        # User code: whatever it raises is reported, and the next handler runs. Reading the result of a task that was
        # cancelled raises `CancelledError`, which is not an `Exception`.
        except (Exception, asyncio.CancelledError) as error:
            self._report(error, handler, event)
        else:
            if result is not None and isawaitable(result):
                return result
        self.handler_time.add(perf_counter() - began, handler)
        return None

    async def _run(self, result: Awaitable[object], handler: Handler, event: object, began: float) -> None:
        try:
            await result
        except Exception as error:  # as in _call
            self._report(error, handler, event)
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            self._report(error, handler, event)  # as in _call: what the handler awaited was cancelled, not the handler
        finally:
            self.handler_time.add(perf_counter() - began, handler)

    async def _drain(self, result: Awaitable[object], handler: Handler, event: object, began: float) -> None:
        try:
            await self._run(result, handler, event, began)
            while (due := self._next()) is not None:
                handler, event = due
                began = perf_counter()
                following = self._call(handler, event, began)
                if following is not None:
                    await self._run(following, handler, event, began)
        finally:
            self._pumps.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _report(self, error: BaseException, handler: object, event: object) -> None:
        name = str(getattr(handler, "__qualname__", None) or "a handler")
        channel = self._channels.get("handler.error")
        if channel is not None and channel.has_listeners and not isinstance(event, HandlerErrorEvent):
            self._emit(HandlerErrorEvent(event, name, error), "handler.error")
            return
        message = f"{name} raised while handling {getattr(event, 'type', None) or type(event).__name__!r}"
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            _logger.exception(message, exc_info=error)
        else:
            loop.call_exception_handler({"message": message, "exception": error})

    def _tell_dropped(self, dropped: Mapping[str, int], whose: str, ended: bool) -> None:
        if not ended:
            _logger.warning(
                "%s: events are left out (%s)",
                f"the stream of {whose!r} is not read in time" if whose else "handlers are too slow",
                ", ".join(f"{count} {name}" for name, count in dropped.items()),
            )
        channel = self._channels.get("events.dropped")
        if channel is not None:
            event = EventsDropped(whose, dropped, ended)
            handlers = channel.deliver(event)
            if handlers:
                # Before what waits, or it would be told when it is over.
                self._backlog.append_first((handlers, event, perf_counter()))
                # Where handlers are slow, the one that has found that out goes on with it.
                if whose and not self._dispatching and len(self._pumps) < self._at_once:
                    self._dispatch()

    async def _settle_handlers(self, timeout: float) -> None:
        """Let the handlers that are due finish, at most `timeout` seconds; then cancel what still runs.

        A handler that ignores its cancellation is waited for once more as long, and then left alone.
        """
        if not self._pumps or asyncio.current_task() in self._pumps:
            return
        now = asyncio.get_running_loop().time
        deadline = now() + timeout
        try:
            while self._pumps and (left := deadline - now()) > 0:
                await asyncio.wait(self._pumps.copy(), timeout=left)
        finally:
            running = self._pumps.copy()
            if running:
                self._backlog.clear()
                self._rest = iter(())
                for pump in running:
                    pump.cancel()
                await asyncio.wait(running, timeout=timeout)

    def load(self) -> "HandlerLoad":
        """What waits for handlers now, and what was left out."""
        oldest = self._backlog.oldest
        lag = perf_counter() - oldest[2] if oldest is not None and oldest[2] else 0.0
        return HandlerLoad(
            len(self._backlog),
            lag,
            len(self._pumps),
            self._bound.dropped,
            self._bound.streams_dropped.total(),
            self._handler_policy,
        )

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
