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

from ._wire import UNSET
from .channels import Channel, EventStream, Expectation, Subscription

__all__ = ["Channel", "EventSource", "EventStream", "Expectation", "SendNamespace", "Subscription"]

_logger = logging.getLogger("realtime_typed")


class ChannelMap(dict[str, "Channel[object]"]):
    """Channels by name, made when first asked for; a name that the source does not have is an error."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names

    def __missing__(self, name: str) -> "Channel[object]":
        if name not in self.names:
            near = difflib.get_close_matches(str(name), self.names, n=3)
            hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise ValueError(f"there is no event {name!r}{hint}")
        channel = self[name] = Channel[object](name)
        return channel


class EventSource:
    """Something that emits named events. Subclasses say which names there are.

    Attributes:
        event_names: The names that `on`, `wait_for` and `events` accept.
    """

    event_names: frozenset[str] = frozenset()

    def __init__(self) -> None:
        self._channels = ChannelMap(self.event_names)
        self._backlog: deque[tuple[list[Callable[[object], object]], object]] = deque()
        self._pump: asyncio.Task[None] | None = None

    def _emit(self, event: object, *names: str) -> None:
        """Deliver `event` to the channels `names`, in that order."""
        channels = self._channels
        handlers: list[Callable[[object], object]] | None = None
        for name in names:
            channel = channels.get(name)
            if channel is not None:
                called = channel.deliver(event)
                if called:
                    handlers = called if handlers is None else handlers + called
        if handlers is None:
            return
        if self._backlog or self._pump is not None:
            self._backlog.append((handlers, event))
            return
        for position, handler in enumerate(handlers):
            result = self._call(handler, event)
            if isawaitable(result):
                rest = handlers[position + 1 :]
                self._pump = asyncio.get_running_loop().create_task(self._drain(result, rest, event))
                return

    def _call(self, handler: Callable[[object], object], event: object) -> object:
        try:
            return handler(event)
        except Exception as error:  # user code: whatever it raises is reported, and the next handler runs
            self._report(error, handler, event)
            return None

    async def _run(self, result: Awaitable[object], handler: object, event: object) -> None:
        try:
            await result
        except Exception as error:  # as in _call
            self._report(error, handler, event)

    async def _drain(self, result: Awaitable[object], rest: list[Callable[[object], object]], event: object) -> None:
        try:
            await self._run(result, None, event)
            self._backlog.appendleft((rest, event))
            while self._backlog:
                handlers, current = self._backlog.popleft()
                for handler in handlers:
                    following = self._call(handler, current)
                    if isawaitable(following):
                        await self._run(following, handler, current)
        finally:
            self._pump = None

    def _report(self, error: Exception, handler: object, event: object) -> None:
        name = getattr(handler, "__qualname__", None) or "a handler"
        message = f"{name} raised while handling {getattr(event, 'type', None) or type(event).__name__!r}"
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            _logger.exception(message, exc_info=error)
        else:
            loop.call_exception_handler({"message": message, "exception": error})

    async def _settle_handlers(self, timeout: float) -> None:
        """Let the handlers that are due finish, at most `timeout` seconds; then cancel what still runs."""
        pump = self._pump
        if pump is None or pump is asyncio.current_task():
            return
        try:
            await asyncio.wait_for(asyncio.shield(pump), timeout)
        except (TimeoutError, asyncio.CancelledError):
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
            self._backlog.clear()
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise

    def _close_channels(self, error: BaseException | None) -> None:
        """End every waiter and stream: with `error`, or quietly."""
        for channel in list(self._channels.values()):
            channel.close(error)

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
    """The base of the generated send methods, such as ``client.input_audio_buffer.append``."""

    __slots__ = ("_send_event",)

    def __init__(self, send_event: Callable[[Mapping[str, object]], Awaitable[None]]) -> None:
        self._send_event = send_event

    async def _send(self, wire_name: str, fields: Mapping[str, object]) -> None:
        event = {"type": wire_name}
        await self._send_event({**event, **{name: value for name, value in fields.items() if value is not UNSET}})
