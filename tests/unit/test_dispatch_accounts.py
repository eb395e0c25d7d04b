"""What `EventSource` measures of its handlers, and what it says when it leaves events out."""

import asyncio
import functools
import logging
from collections.abc import Callable
from typing import cast

import pytest

from realtime_typed import EventsDropped, HandlerPolicy, UnknownEvent
from realtime_typed._generated.realtime.typed_events import RealtimeEvents
from realtime_typed.dispatch import HandlerTime

pytestmark = pytest.mark.anyio

BOUND = 5.0
DELTA = "response.output_text.delta"
DONE = "response.done"


class Source(RealtimeEvents):
    """A client without connection: the test emits what the connection would."""

    def emit(self, name: str) -> None:
        self._emit(UnknownEvent(name, {}), name, "*")

    def handle(self, name: str, handler: Callable[..., object]) -> None:
        self._channels[name].add(cast("Callable[[object], object]", handler))

    async def settle(self, timeout: float = BOUND) -> None:
        await self._settle_handlers(timeout)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Time stands still; the function that this gives moves it on by so many seconds."""
    now = 1000.0

    def advance(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr("realtime_typed.dispatch.perf_counter", lambda: now)
    return advance


def test_times_add_up_and_the_first_of_the_longest_is_the_slowest() -> None:
    times = HandlerTime()
    for seconds, handler in (
        (0.5, test_times_add_up_and_the_first_of_the_longest_is_the_slowest),
        (2.0, functools.partial(print)),
        (2.0, print),
    ):
        times.add(seconds, handler)
    assert (times.count, times.total, times.longest, times.slowest) == (3, 4.5, 2.0, "a handler")


def test_nothing_was_measured_before_a_handler_ran() -> None:
    times = HandlerTime()
    assert (times.count, times.total, times.longest, times.slowest) == (0, 0.0, 0.0, "")


async def test_a_sync_handler_can_be_the_slowest(clock: Callable[[float], None]) -> None:
    source = Source()

    def blocks(_: object) -> None:
        clock(1.5)

    source.handle(DONE, blocks)
    source.emit(DONE)
    assert source.handler_time.longest == 1.5
    assert source.handler_time.slowest.endswith("blocks")


async def test_a_handler_takes_from_its_call_to_its_end(clock: Callable[[float], None]) -> None:
    source = Source()

    async def slow(_: object) -> None:
        clock(1.0)
        await asyncio.sleep(0)
        clock(2.0)

    def quick(_: object) -> None:
        clock(0.5)

    source.handle(DONE, quick)
    source.handle(DONE, slow)
    source.emit(DONE)
    source.emit(DONE)
    await source.settle()
    times = source.handler_time
    assert (times.count, times.total, times.longest) == (4, 7.0, 3.0)
    assert times.slowest.endswith("slow")


async def test_the_lag_is_the_age_of_what_waits_longest_and_the_policy_is_told(clock: Callable[[float], None]) -> None:
    policy = HandlerPolicy(max_events=7)
    source = Source(policy)
    gate = asyncio.Event()

    async def slow(_: object) -> None:
        await gate.wait()

    source.handle(DONE, slow)
    source.emit(DONE)
    clock(1.0)
    source.emit(DONE)
    clock(2.0)
    source.emit(DONE)
    clock(0.25)
    load = source.load()
    assert (load.lag, load.waiting, load.running, load.policy) == (2.25, 2, 1, policy)
    gate.set()
    await source.settle()


async def test_a_handler_that_is_cancelled_is_not_reported() -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    source = Source()

    async def hangs(_: object) -> None:
        await asyncio.Event().wait()

    source.handle(DONE, hangs)
    source.emit(DONE)
    await asyncio.sleep(0)
    async with asyncio.timeout(BOUND):
        await source.settle(0.01)
    assert told == []
    assert source.load().running == 0


async def test_a_handler_that_awaits_what_was_cancelled_is_reported_with_its_event() -> None:
    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(str(context["message"])))
    source = Source()

    async def awaits_cancelled(_: object) -> None:
        future = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    source.handle(DONE, awaits_cancelled)
    source.emit(DONE)
    await source.settle()
    (message,) = told
    assert message.endswith(f"awaits_cancelled raised while handling {DONE!r}")


async def test_events_left_out_for_handlers_are_logged_once_with_their_number(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(HandlerPolicy(max_events=8))
    gate = asyncio.Event()

    async def slow(_: object) -> None:
        await gate.wait()

    source.handle("*", slow)
    with caplog.at_level(logging.WARNING, "realtime_typed"):
        async with source.events["events.dropped"].expect(BOUND) as dropped:
            for _ in range(10):
                source.emit(DELTA)
        gate.set()
        await source.settle()
    assert [record.getMessage() for record in caplog.records] == [
        f"handlers are too slow: events are left out (2 {DELTA})"
    ]
    assert (dropped.event.stream, dict(dropped.event.dropped), dropped.event.ended) == ("", {DELTA: 2}, False)


async def test_each_kind_of_event_that_is_left_out_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(HandlerPolicy(max_events=8))
    other = "response.output_audio.delta"
    with caplog.at_level(logging.WARNING, "realtime_typed"), source.events["*"].stream():
        source.emit(DELTA)
        source.emit(other)
        for _ in range(7):
            source.emit(DONE)
    assert [record.getMessage().partition("(")[2] for record in caplog.records] == [f"1 {DELTA}, 1 {other})"]


async def test_events_left_out_of_a_stream_are_logged_under_its_name(caplog: pytest.LogCaptureFixture) -> None:
    source = Source(HandlerPolicy(max_events=8))
    told: list[EventsDropped] = []
    source.handle("events.dropped", told.append)
    with caplog.at_level(logging.WARNING, "realtime_typed"), source.events["*"].stream():
        source.emit(DONE)
        for _ in range(8):
            source.emit(DELTA)
    assert [record.getMessage() for record in caplog.records] == [
        f"the stream of '*' is not read in time: events are left out (2 {DELTA})"
    ]
    # Nothing runs that could tell it later, so it is told at once.
    assert [(event.stream, dict(event.dropped), event.ended) for event in told] == [("*", {DELTA: 2}, False)]


async def test_a_second_task_at_a_stream_is_told_to_open_its_own() -> None:
    stream = Source().events["*"].stream()
    first = asyncio.create_task(anext(stream))
    await asyncio.sleep(0)
    with pytest.raises(
        RuntimeError, match=r"^another task is already waiting for this stream; open one stream a task$"
    ):
        await anext(stream)
    stream.close()
    with pytest.raises(StopAsyncIteration):
        await first


async def test_what_a_stream_lost_is_told_in_turn_while_a_handler_runs() -> None:
    source = Source(HandlerPolicy(max_events=8))
    gate = asyncio.Event()
    log: list[str] = []

    async def slow(_: object) -> None:
        log.append("begins")
        await gate.wait()
        log.append("ends")

    async def told(_: object) -> None:
        log.append("told")

    source.handle(DONE, slow)
    source.handle("events.dropped", told)
    with source.events["*"].stream():
        source.emit(DONE)
        for _ in range(9):
            source.emit(DELTA)
        for _ in range(5):
            await asyncio.sleep(0)
        assert log == ["begins"]
        gate.set()
        await source.settle()
    assert log == ["begins", "ends", "told"]
