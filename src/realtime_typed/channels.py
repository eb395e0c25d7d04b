"""One event name and everything that listens to it: handlers, waiters and streams.

Waiters and streams get an event at once. Handlers are only collected here; when they run is `dispatch`'s business.
"""

import asyncio
import weakref
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from ._backlog import Backlog, QueueBound
from .flow_control import HandlerPolicy

__all__ = ["Channel", "EventStream", "Expectation", "Subscription"]

E = TypeVar("E")
R = TypeVar("R")

_policy = HandlerPolicy()
_DEFAULT_BOUND = QueueBound(_policy.max_events, _policy.max_bytes)


def _itself(event: E) -> E:
    return event


class Subscription(Generic[E]):
    """A handler's place in a channel; also the decorator that fills it.

    ``subscription = client.on("response.done")`` is used as ``@client.on("response.done")``, or ended with `off`.
    As a context manager it ends with the block.
    """

    __slots__ = ("_channel", "_entries", "_once")

    def __init__(self, channel: "Channel[E]", *, once: bool = False) -> None:
        self._channel = channel
        self._once = once
        self._entries: list[tuple[Callable[[E], object], bool]] = []

    def __call__(self, handler: Callable[[E], R]) -> Callable[[E], R]:
        """Register `handler` and return it unchanged, so that it can still be called by its name.

        Args:
            handler: A function or coroutine function that takes the event.

        Raises:
            TypeError: `handler` cannot be called.
        """
        self._entries.append(self._channel.add(handler, once=self._once))
        return handler

    def off(self) -> None:
        """End this subscription, and no other of the same handler. Ending it again does nothing."""
        for entry in self._entries:
            self._channel.drop(entry)
        self._entries.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.off()


class Expectation(Generic[E]):
    """A waiter that is armed before the action which causes the event.

    ::

        async with client.events["response.done"].expect(timeout=10) as done:
            await client.create_response()
        print(done.event.response.status)
    """

    __slots__ = ("_channel", "_event", "_future", "_predicate", "_timeout")

    def __init__(self, channel: "Channel[E]", timeout: float | None, predicate: Callable[[E], bool] | None) -> None:
        self._channel = channel
        self._timeout = timeout
        self._predicate = predicate
        self._future: asyncio.Future[E] | None = None
        self._event: list[E] = []

    @property
    def event(self) -> E:
        """The event; there once the block has ended.

        Raises:
            RuntimeError: The block has not ended.
        """
        if not self._event:
            raise RuntimeError(f"{self._channel.name!r} is still awaited: read `event` after the `async with` block")
        return self._event[0]

    async def __aenter__(self) -> Self:
        self._future = self._channel.arm(self._predicate)
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        future = cast("asyncio.Future[E]", self._future)
        if exc is not None:
            self._channel.disarm(future)
            return
        self._event.append(await self._channel.finish(future, self._timeout))


class EventStream(Generic[E]):
    """The events of a channel from now on, as an async iterator and context manager.

    The stream ends when the source is closed; it raises the reason if that was an error. Events that the consumer has
    not taken yet wait in memory, as many as the source's `HandlerPolicy` lets wait. Beyond that some are left out:
    `dropped` says how many.
    """

    def __init__(self, channel: "Channel[E]", waiting: Iterable[E] = ()) -> None:
        self._channel = channel
        self._waiting: Backlog[E] = Backlog(channel.bound, _itself, channel.name, waiting)
        self._wakeup: asyncio.Future[None] | None = None
        self._ended = False
        self._error: BaseException | None = None

    @property
    def dropped(self) -> int:
        """How many events were left out because the consumer did not take them in time."""
        return self._waiting.dropped

    def feed(self, event: E) -> None:
        """Hand `event` to the consumer."""
        self._waiting.append(event)
        self._wake()

    def end(self, error: BaseException | None = None) -> None:
        """End the stream once the waiting events are taken, by raising `error` if there is one."""
        if not self._ended:
            self._ended = True
            self._error = error
            self._wake()

    def _wake(self) -> None:
        if self._wakeup is not None and not self._wakeup.done():
            self._wakeup.set_result(None)

    def close(self) -> None:
        """Stop listening. Closing again does nothing."""
        self._channel.drop_stream(self)
        self.end()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E:
        while not self._waiting:
            if self._wakeup is not None:
                raise RuntimeError("another task is already waiting for this stream; open one stream a task")
            if self._ended:
                self._channel.drop_stream(self)
                if self._error is not None:
                    error, self._error = self._error, None
                    raise error
                raise StopAsyncIteration
            self._wakeup = asyncio.get_running_loop().create_future()
            try:
                await self._wakeup
            finally:
                self._wakeup = None
        return self._waiting.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class Channel(Generic[E]):
    """Everything that listens to one event name.

    Reached through ``client.events["response.done"]``, where the name gives the event's type.
    """

    __slots__ = ("_called", "_closed", "_expected", "_handlers", "_streams", "_waiters", "bound", "name")

    def __init__(
        self,
        name: str,
        closed: BaseException | None = None,
        *,
        expected: bool = True,
        bound: QueueBound = _DEFAULT_BOUND,
    ) -> None:
        self.name: str = name
        self.bound: QueueBound = bound
        self._closed = closed
        self._expected = expected
        self._handlers: list[tuple[Callable[[E], object], bool]] = []
        # What `deliver` returns, until the handlers change; `None` when it has to be made.
        self._called: tuple[Callable[[E], object], ...] | None = ()
        self._waiters: list[tuple[asyncio.Future[E], Callable[[E], bool] | None]] = []
        self._streams: list[weakref.ref[EventStream[E]]] = []

    @property
    def has_listeners(self) -> bool:
        """Whether anything would hear of an event now: a handler, a waiter or a stream."""
        return bool(self._handlers or self._waiters or self._streams)

    def on(self, handler: Callable[[E], object] | None = None) -> Subscription[E]:
        """Call `handler` for every event; without one, return the decorator that takes it."""
        subscription: Subscription[E] = Subscription(self)
        if handler is not None:
            subscription(handler)
        return subscription

    def once(self, handler: Callable[[E], object] | None = None) -> Subscription[E]:
        """Call `handler` for the next event only; without one, return the decorator that takes it."""
        subscription: Subscription[E] = Subscription(self, once=True)
        if handler is not None:
            subscription(handler)
        return subscription

    def off(self, handler: Callable[[E], object] | None = None) -> None:
        """Remove `handler`, or every handler of this channel.

        Raises:
            ValueError: `handler` is not registered here.
        """
        if handler is None:
            self._set_handlers([])
        elif not self.discard(handler):
            raise ValueError(f"{handler!r} is not registered for {self.name!r}")

    async def wait(self, timeout: float | None = None, *, predicate: Callable[[E], bool] | None = None) -> E:
        """Wait for the next event.

        Args:
            timeout: Seconds to wait; `None`, the default, waits until the source closes.
            predicate: Takes the event; one for which it is false is passed over.

        Raises:
            TimeoutError: No such event came in time.
            ConnectionClosed: The connection ended first.
        """
        return await self.finish(self.arm(predicate), timeout)

    def expect(self, timeout: float | None = None, *, predicate: Callable[[E], bool] | None = None) -> Expectation[E]:
        """Wait for the event that the body of an ``async with`` causes. Arguments and errors are those of `wait`."""
        return Expectation(self, timeout, predicate)

    def stream(self) -> EventStream[E]:
        """Iterate over the events from now on."""
        stream: EventStream[E] = EventStream(self)
        self.add_stream(stream)
        return stream

    def add(
        self, handler: Callable[[E], object], *, once: bool = False, first: bool = False
    ) -> "tuple[Callable[[E], object], bool]":
        """Register `handler`; `first` puts it before all others. Returns the registration, for `drop`."""
        if not callable(handler):
            raise TypeError(f"a handler for {self.name!r} must be callable, got {handler!r}")
        entry = (handler, once)
        handlers = self._handlers
        self._set_handlers([entry, *handlers] if first else [*handlers, entry])
        return entry

    def _set_handlers(self, handlers: "list[tuple[Callable[[E], object], bool]]") -> None:
        self._handlers = handlers
        # Those for the next event only are not called a second time, so they cannot be kept.
        self._called = None if any(once for _, once in handlers) else tuple(handler for handler, _ in handlers)

    def drop(self, entry: "tuple[Callable[[E], object], bool]") -> None:
        """End one registration, if it has not ended yet."""
        self._set_handlers([kept for kept in self._handlers if kept is not entry])

    def discard(self, handler: Callable[[E], object], *, once_only: bool = False) -> bool:
        """Remove `handler` if it is registered; say whether it was. `once_only` passes over lasting registrations."""
        kept = [entry for entry in self._handlers if entry[0] != handler or (once_only and not entry[1])]
        found = len(kept) < len(self._handlers)
        self._set_handlers(kept)
        return found

    def discard_once(self) -> None:
        """Remove every handler that was registered for the next event only."""
        self._set_handlers([entry for entry in self._handlers if not entry[1]])

    def add_stream(self, stream: EventStream[E]) -> None:
        """Feed `stream` from now on; once the connection has ended, it only has what waits in it."""
        if self._closed is None:
            # Weakly: a consumer that breaks out of its `async for` lets go of the stream without closing it.
            self._streams.append(weakref.ref(stream, self._streams.remove))
        else:
            stream.end(None if self._expected else self._closed)

    def drop_stream(self, stream: EventStream[E]) -> None:
        """Stop feeding `stream`."""
        self._streams[:] = [known for known in self._streams if known() is not stream]

    def arm(self, predicate: Callable[[E], bool] | None = None) -> "asyncio.Future[E]":
        """Start waiting now; `finish` or `disarm` ends it.

        Raises:
            ConnectionClosed: The connection has ended, so that nothing will come.
        """
        if self._closed is not None:
            raise self._closed
        future: asyncio.Future[E] = asyncio.get_running_loop().create_future()
        self._waiters.append((future, predicate))
        return future

    async def finish(self, future: "asyncio.Future[E]", timeout: float | None) -> E:
        """Wait for an armed future, and disarm it whatever happens."""
        limit = asyncio.timeout(timeout)
        try:
            async with limit:
                return await future
        except TimeoutError as error:
            if not limit.expired():  # the predicate's own
                raise
            raise TimeoutError(f"no {self.name!r} event within {timeout} s") from error
        finally:
            self.disarm(future)

    def disarm(self, future: "asyncio.Future[E]") -> None:
        """Stop waiting. An error that nobody will read any more is not reported as lost."""
        self._waiters = [entry for entry in self._waiters if entry[0] is not future]
        if not future.cancel() and not future.cancelled():
            future.exception()

    def deliver(self, event: E) -> "tuple[Callable[[E], object], ...]":
        """Serve waiters and streams, and return the handlers that are to be called, in order."""
        if self._waiters:
            for future, predicate in self._waiters:
                if future.done():
                    continue
                try:
                    if predicate is None or predicate(event):
                        future.set_result(event)
                except StopIteration as error:  # a future refuses this one
                    future.set_exception(RuntimeError(f"the predicate for {self.name!r} raised StopIteration"))
                    cast("BaseException", future.exception()).__cause__ = error
                except Exception as error:  # the predicate is user code; its error belongs to the waiter
                    future.set_exception(error)
        if self._streams:
            for known in tuple(self._streams):
                stream = known()
                if stream is not None:
                    stream.feed(event)
        called = self._called
        if called is None:
            called = tuple(handler for handler, _ in self._handlers)
            self.discard_once()
        return called

    def open(self) -> None:
        """Events may come: a connection was made."""
        self._closed = None

    def close(self, error: BaseException, *, expected: bool) -> None:
        """End every waiter by raising `error`; streams end quietly when the end was `expected`, otherwise likewise."""
        self._closed = error
        self._expected = expected
        for future, _ in self._waiters:
            if not future.done():
                future.set_exception(error)
        # An ended stream is dropped at once: it must not hear of a next connection.
        streams = [known() for known in self._streams]
        self._streams.clear()
        for stream in streams:
            if stream is not None:
                stream.end(None if expected else error)
