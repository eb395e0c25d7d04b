"""How handlers run by policy, what may wait for them, and who hears of those that fail."""

import asyncio
from collections.abc import Callable
from typing import cast

import pytest

from realtime_typed import EventsDropped, HandlerErrorEvent, HandlerPolicy, UnknownEvent
from realtime_typed._generated.realtime.typed_events import RealtimeEvents

pytestmark = pytest.mark.anyio

BOUND = 5.0
DELTA = "response.output_text.delta"
DONE = "response.done"


class Source(RealtimeEvents):
    """A client without connection: the test emits what the connection would."""

    def emit(self, name: str, text: str = "") -> None:
        self._emit(UnknownEvent(name, {"text": text}), name, "*")

    def handle(self, name: str, handler: Callable[..., object]) -> None:
        self._channels[name].add(cast("Callable[[object], object]", handler))

    async def settle(self, timeout: float = BOUND) -> None:
        await self._settle_handlers(timeout)


Reports = list[dict[str, object]]


@pytest.fixture
async def reports() -> Reports:
    """What the event loop's exception handler was told."""
    found: Reports = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(dict(context)))
    return found


# Several at a time.


async def test_concurrent_handlers_begin_in_order_and_no_more_than_the_limit_run() -> None:
    source = Source(HandlerPolicy(order="concurrent", limit=3))
    began: list[str] = []
    running, most = 0, 0
    gates = [asyncio.Event() for _ in range(6)]

    async def handler(event: UnknownEvent) -> None:
        nonlocal running, most
        number = cast("str", event.raw["text"])
        began.append(number)
        running += 1
        most = max(most, running)
        await gates[int(number)].wait()
        running -= 1

    source.handle(DONE, handler)
    for number in range(6):
        source.emit(DONE, str(number))
    await asyncio.sleep(0)
    assert began == ["0", "1", "2"]
    assert (source.load().running, source.load().waiting) == (3, 3)
    gates[1].set()  # the second ends first, and the fourth begins
    for _ in range(5):
        await asyncio.sleep(0)
    assert began == ["0", "1", "2", "3"]
    for gate in gates:
        gate.set()
    await source.settle()
    assert (began, most) == (["0", "1", "2", "3", "4", "5"], 3)
    assert source.handler_time.count == 6


async def test_concurrent_handlers_of_one_event_do_not_wait_for_each_other() -> None:
    source = Source(HandlerPolicy(order="concurrent", limit=4))
    gate = asyncio.Event()

    async def waits(_: object) -> None:
        await gate.wait()

    async def opens(_: object) -> None:
        gate.set()

    source.handle(DONE, waits)
    source.handle(DONE, opens)
    source.emit(DONE)
    await source.settle()
    assert gate.is_set()


async def test_serial_handlers_run_one_at_a_time() -> None:
    source = Source()
    log: list[str] = []

    async def handler(event: UnknownEvent) -> None:
        log.append(f"{event.raw['text']} begins")
        await asyncio.sleep(0)
        log.append(f"{event.raw['text']} ends")

    source.handle(DONE, handler)
    for number in range(3):
        source.emit(DONE, str(number))
    await source.settle()
    assert log == [f"{number} {what}" for number in range(3) for what in ("begins", "ends")]


async def test_what_still_runs_is_cancelled_after_the_grace_also_when_it_is_concurrent() -> None:
    source = Source(HandlerPolicy(order="concurrent", limit=2))
    cancelled: list[str] = []

    async def handler(event: UnknownEvent) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(cast("str", event.raw["text"]))
            raise

    source.handle(DONE, handler)
    for number in range(4):
        source.emit(DONE, str(number))
    await asyncio.sleep(0)
    async with asyncio.timeout(BOUND):
        await source.settle(0.01)
    assert sorted(cancelled) == ["0", "1"]
    assert source.load().waiting == source.load().running == 0


# The bound.


async def test_a_slow_handler_costs_the_oldest_deltas_first_and_every_loss_is_told() -> None:
    source = Source(HandlerPolicy(max_events=16))
    gate = asyncio.Event()
    got: list[str] = []
    told: list[EventsDropped] = []

    async def slow(event: UnknownEvent) -> None:
        await gate.wait()
        got.append(f"{event.wire_type} {event.raw['text']}")

    source.handle("*", slow)
    source.on("events.dropped", told.append)
    for number in range(100):
        source.emit(DELTA, str(number))
        if number % 20 == 0:
            source.emit(DONE, str(number))
    assert source.load().waiting <= 16
    gate.set()
    await source.settle()
    dropped = source.load().dropped
    assert [text for text in got if text.startswith(DONE)] == [f"{DONE} {number}" for number in range(0, 100, 20)]
    assert got[-1] == f"{DELTA} 99"
    assert set(dropped) == {DELTA}
    assert len(got) + dropped[DELTA] == 105
    assert [event.ended for event in told] == [False, True]
    assert told[-1].dropped == dropped
    assert told[-1].stream == ""


async def test_the_oldest_age_is_the_lag() -> None:
    source = Source()
    gate = asyncio.Event()

    async def slow(_: object) -> None:
        await gate.wait()

    source.handle(DONE, slow)
    assert source.load().lag == 0
    source.emit(DONE)
    assert source.load().lag == 0  # it runs, and nothing waits
    source.emit(DONE)
    await asyncio.sleep(0.001)
    assert source.load().lag > 0
    gate.set()
    await source.settle()
    assert source.load().lag == 0


async def test_a_stream_that_is_not_read_is_bounded_too_and_says_what_it_lost() -> None:
    source = Source(HandlerPolicy(max_events=16))
    told: list[EventsDropped] = []
    source.on("events.dropped", told.append)
    with source.events["*"].stream() as stream:
        for number in range(100):
            source.emit(DELTA, str(number))
        source.emit(DONE)
        assert stream.dropped == source.load().dropped[DELTA] == source.load().streams_dropped > 80
        assert [(event.stream, event.ended) for event in told] == [("*", False)]
        async with asyncio.timeout(BOUND):
            rest = [await anext(stream) for _ in range(101 - stream.dropped)]
        last = rest[-1]
        assert isinstance(last, UnknownEvent)
        assert last.wire_type == DONE
    assert (told[-1].ended, sum(told[-1].dropped.values())) == (True, stream.dropped)


async def test_the_slowest_handler_is_named() -> None:
    source = Source()

    def at_once(_: object) -> None:
        return None

    async def takes_its_time(_: object) -> None:
        await asyncio.sleep(0.005)

    source.handle(DONE, at_once)
    source.handle(DONE, takes_its_time)
    source.emit(DONE)
    await source.settle()
    assert source.handler_time.count == 2
    assert source.handler_time.slowest.endswith("takes_its_time")
    assert source.handler_time.total >= source.handler_time.longest > 0


# Those that fail.


@pytest.mark.parametrize("is_async", [False, True])
async def test_what_a_handler_raises_is_an_event_while_anything_listens_for_it(
    reports: Reports, is_async: bool
) -> None:
    source = Source()
    heard: list[HandlerErrorEvent] = []

    def breaks(_: object) -> None:
        raise KeyError("broken")

    async def breaks_later(_: object) -> None:
        raise KeyError("broken")

    with source.on("handler.error", heard.append):
        source.handle(DONE, breaks_later if is_async else breaks)
        source.emit(DONE, "1")
        await source.settle()
        assert reports == []
        assert len(heard) == 1
        assert isinstance(heard[0].error, KeyError)
        assert heard[0].handler.endswith("breaks_later" if is_async else "breaks")
        assert isinstance(heard[0].event, UnknownEvent)
    source.emit(DONE, "2")
    await source.settle()
    assert (len(heard), len(reports)) == (1, 1)


async def test_a_waiter_for_a_failing_handler_listens_too(reports: Reports) -> None:
    source = Source()

    def breaks(_: object) -> None:
        raise KeyError("broken")

    source.handle(DONE, breaks)
    async with source.events["handler.error"].expect(BOUND) as failed:
        source.emit(DONE)
    assert isinstance(failed.event.error, KeyError)
    assert reports == []


@pytest.mark.parametrize("order", ["serial", "concurrent"])
async def test_a_handler_of_failures_that_fails_goes_to_the_event_loop_and_no_further(
    reports: Reports, order: str
) -> None:
    source = Source(HandlerPolicy(order="concurrent" if order == "concurrent" else "serial"))

    async def breaks(_: object) -> None:
        raise KeyError("broken")

    async def breaks_too(event: HandlerErrorEvent) -> None:
        raise ValueError("broken as well") from event.error

    source.handle(DONE, breaks)
    source.handle("handler.error", breaks_too)
    source.emit(DONE)
    await source.settle()
    assert [type(report["exception"]) for report in reports] == [ValueError]


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"order": "parallel"}, ValueError),
        ({"limit": 0}, ValueError),
        ({"max_events": 0}, ValueError),
        ({"max_bytes": 2.5}, TypeError),
    ],
)
def test_a_policy_that_is_none_is_refused(options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error, match=next(iter(options))):
        HandlerPolicy(**options)  # type: ignore[arg-type]  # what is wrong here is the point
