"""One channel: subscriptions, waiters, expectations and streams."""

import asyncio
import gc
from collections.abc import Callable

import pytest

from realtime_typed.channels import Channel, EventStream
from realtime_typed.errors import ConnectionClosed

pytestmark = pytest.mark.anyio

BOUND = 5.0
"""Seconds after which a wait that should end at once counts as hung."""

LOST = ConnectionClosed(1006)
CLEAN = ConnectionClosed(1000, clean=True)


class Numbers(Channel[int]):
    """A channel that tells how many listen."""

    @property
    def waiting(self) -> int:
        return len(self._waiters)

    @property
    def streaming(self) -> int:
        return len(self._streams)


@pytest.fixture
def channel() -> Numbers:
    return Numbers("number")


def deliver(channel: Numbers, *events: int) -> None:
    """Deliver as the dispatcher does, for handlers that are sync."""
    for event in events:
        for handler in channel.deliver(event):
            handler(event)


class Listener:
    """A handler that is a method: every access to it makes a new, equal object."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def hear(self, event: int) -> None:
        self.seen.append(event)


class TestHandlers:
    def test_a_handler_hears_every_event_until_it_is_removed(self, channel: Numbers) -> None:
        seen: list[int] = []
        channel.on(seen.append)
        deliver(channel, 1, 2)
        channel.off(seen.append)
        deliver(channel, 3)
        assert seen == [1, 2]

    def test_handlers_run_in_the_order_of_registration_and_the_first_before_all(self, channel: Numbers) -> None:
        order: list[str] = []

        def note(name: str) -> Callable[[int], None]:
            return lambda _: order.append(name)

        channel.on(note("a"))
        channel.once(note("b"))
        channel.add(note("c"), first=True)
        deliver(channel, 1)
        assert order == ["c", "a", "b"]

    def test_on_without_a_handler_is_a_decorator_that_returns_the_function(self, channel: Numbers) -> None:
        seen: list[int] = []

        @channel.on()
        def hear(event: int) -> str:
            seen.append(event)
            return "heard"

        deliver(channel, 1)
        assert seen == [1]
        assert hear(2) == "heard"

    def test_once_hears_one_event(self, channel: Numbers) -> None:
        seen: list[int] = []

        @channel.once()
        def hear(event: int) -> None:
            seen.append(event)

        channel.once(hear)
        deliver(channel, 1, 2)
        assert seen == [1, 1]

    def test_once_is_removed_before_it_is_called(self, channel: Numbers) -> None:
        seen: list[int] = []

        def hear(event: int) -> None:
            seen.append(event)
            if event == 1:
                deliver(channel, 2)
                channel.once(hear)

        channel.once(hear)
        deliver(channel, 1, 3, 4)
        assert seen == [1, 3]

    def test_a_bound_method_is_found_though_each_access_makes_a_new_object(self, channel: Numbers) -> None:
        listener, other = Listener(), Listener()
        channel.on(listener.hear)
        channel.on(other.hear)
        channel.off(listener.hear)
        deliver(channel, 1)
        assert (listener.seen, other.seen) == ([], [1])

    def test_a_handler_that_is_registered_twice_is_called_twice_and_removed_wholly(self, channel: Numbers) -> None:
        seen: list[int] = []
        channel.on(seen.append)
        channel.on(seen.append)
        deliver(channel, 1)
        channel.off(seen.append)
        deliver(channel, 2)
        assert seen == [1, 1]

    def test_removing_a_handler_that_is_not_there_is_an_error(self, channel: Numbers) -> None:
        with pytest.raises(ValueError, match="not registered for 'number'"):
            channel.off(print)

    def test_removing_without_a_handler_removes_all(self, channel: Numbers) -> None:
        seen: list[int] = []
        channel.on(seen.append)
        channel.once(seen.append)
        channel.off()
        deliver(channel, 1)
        assert seen == []

    def test_only_the_once_registrations_can_be_removed(self, channel: Numbers) -> None:
        seen: list[int] = []
        channel.on(seen.append)
        assert not channel.discard(seen.append, once_only=True)
        channel.once(seen.append)
        assert channel.discard(seen.append, once_only=True)
        channel.once(seen.append)
        channel.discard_once()
        deliver(channel, 1)
        assert seen == [1]

    def test_what_cannot_be_called_is_refused(self, channel: Numbers) -> None:
        for register in (channel.on, channel.once, channel.on()):
            with pytest.raises(TypeError, match="'number' must be callable, got 7"):
                register(7)  # type: ignore[arg-type]  # wrong on purpose

    def test_handlers_that_are_registered_or_removed_meanwhile_count_from_the_next_event(
        self, channel: Numbers
    ) -> None:
        seen: list[str] = []

        def late(event: int) -> None:
            seen.append(f"late {event}")

        def removed(event: int) -> None:
            seen.append(f"removed {event}")

        def change(event: int) -> None:
            if event == 1:
                channel.off(removed)
                channel.on(late)

        channel.on(change)
        channel.on(removed)
        deliver(channel, 1, 2)
        assert seen == ["removed 1", "late 2"]


class TestSubscriptions:
    def test_ending_it_removes_its_handlers(self, channel: Numbers) -> None:
        seen: list[int] = []
        subscription = channel.on()
        subscription(seen.append)
        subscription(seen.append)
        subscription.off()
        subscription.off()
        deliver(channel, 1)
        assert seen == []

    def test_ending_it_leaves_other_registrations_of_the_same_handler(self, channel: Numbers) -> None:
        seen: list[int] = []
        channel.on(seen.append)
        second = channel.on(seen.append)
        second.off()
        deliver(channel, 1)
        assert seen == [1]

    def test_ending_a_once_that_has_fired_leaves_a_later_registration(self, channel: Numbers) -> None:
        seen: list[int] = []
        once = channel.once(seen.append)
        deliver(channel, 1)
        channel.on(seen.append)
        once.off()
        deliver(channel, 2)
        assert seen == [1, 2]

    def test_it_ends_with_its_block(self, channel: Numbers) -> None:
        seen: list[int] = []
        with channel.on(seen.append):
            deliver(channel, 1)
        deliver(channel, 2)
        assert seen == [1]


async def started(channel: Numbers, count: int = 1) -> None:
    """Let the tasks that were just created run up to their wait."""
    await asyncio.sleep(0)
    assert channel.waiting == count


class TestWait:
    async def test_it_returns_the_next_event(self, channel: Numbers) -> None:
        task = asyncio.create_task(channel.wait(BOUND))
        await started(channel)
        deliver(channel, 1, 2)
        assert await task == 1
        assert channel.waiting == 0

    async def test_every_waiter_gets_the_event(self, channel: Numbers) -> None:
        tasks = [asyncio.create_task(channel.wait(BOUND)) for _ in range(3)]
        await started(channel, 3)
        deliver(channel, 1)
        assert await asyncio.gather(*tasks) == [1, 1, 1]

    async def test_a_predicate_passes_events_over(self, channel: Numbers) -> None:
        task = asyncio.create_task(channel.wait(BOUND, predicate=lambda event: event > 2))
        await started(channel)
        deliver(channel, 1, 2, 3, 4)
        assert await task == 3

    @pytest.mark.parametrize("kind", [ZeroDivisionError, TimeoutError, LookupError])
    async def test_an_error_of_the_predicate_is_raised_by_its_waiter_alone(
        self, channel: Numbers, kind: type[Exception]
    ) -> None:
        def broken(event: int) -> bool:
            raise kind("the predicate's own")

        failing = asyncio.create_task(channel.wait(BOUND, predicate=broken))
        other = asyncio.create_task(channel.wait(BOUND))
        await started(channel, 2)
        deliver(channel, 1)
        with pytest.raises(kind, match="the predicate's own"):
            await failing
        assert await other == 1
        assert channel.waiting == 0

    async def test_a_predicate_that_raises_stop_iteration_is_an_error_of_its_waiter(self, channel: Numbers) -> None:
        def broken(event: int) -> bool:
            return next(number > event for number in range(0))

        task = asyncio.create_task(channel.wait(BOUND, predicate=broken))
        await started(channel)
        deliver(channel, 1)
        with pytest.raises(RuntimeError, match="'number' raised StopIteration") as caught:
            await task
        assert isinstance(caught.value.__cause__, StopIteration)

    async def test_too_long_a_wait_is_a_timeout_error_that_names_the_event(self, channel: Numbers) -> None:
        with pytest.raises(TimeoutError, match=r"no 'number' event within 0\.001 s"):
            await channel.wait(0.001)
        assert channel.waiting == 0

    async def test_a_cancelled_wait_leaves_no_waiter(self, channel: Numbers) -> None:
        task = asyncio.create_task(channel.wait())
        await started(channel)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert channel.waiting == 0
        deliver(channel, 1)

    async def test_a_wait_that_is_over_does_not_take_another_event(self, channel: Numbers) -> None:
        future = channel.arm()
        deliver(channel, 1, 2)
        assert await channel.finish(future, 0) == 1

    async def test_the_end_of_the_connection_is_raised(self, channel: Numbers) -> None:
        tasks = [asyncio.create_task(channel.wait()) for _ in range(2)]
        await started(channel, 2)
        channel.close(LOST, expected=False)
        for task in tasks:
            with pytest.raises(ConnectionClosed) as caught:
                await task
            assert caught.value.code == 1006
        assert channel.waiting == 0

    async def test_an_expected_end_is_raised_too_and_no_cancellation(self, channel: Numbers) -> None:
        task = asyncio.create_task(channel.wait())
        await started(channel)
        channel.close(CLEAN, expected=True)
        with pytest.raises(ConnectionClosed) as caught:
            await task
        assert (caught.value.code, caught.value.clean) == (1000, True)

    async def test_after_a_reconnect_it_waits_again(self, channel: Numbers) -> None:
        channel.close(LOST, expected=False)
        channel.open()
        async with channel.expect(BOUND) as expected:
            deliver(channel, 1)
        assert expected.event == 1


class TestExpect:
    async def test_it_is_armed_before_the_action(self, channel: Numbers) -> None:
        async with channel.expect(BOUND) as expected:
            deliver(channel, 1)
        assert expected.event == 1
        assert channel.waiting == 0

    async def test_an_event_that_came_in_time_is_no_timeout_however_long_the_body_took(self, channel: Numbers) -> None:
        async with channel.expect(0) as expected:
            deliver(channel, 1)
            await asyncio.sleep(0)
        assert expected.event == 1

    async def test_it_waits_after_the_body_for_an_event_that_fits(self, channel: Numbers) -> None:
        async with channel.expect(BOUND, predicate=lambda event: event == 2) as expected:
            asyncio.get_running_loop().call_soon(deliver, channel, 1, 2)
        assert expected.event == 2

    async def test_the_event_cannot_be_read_before_the_block_has_ended(self, channel: Numbers) -> None:
        async with channel.expect(BOUND) as expected:
            with pytest.raises(RuntimeError, match="still awaited"):
                _ = expected.event
            deliver(channel, 1)

    async def test_a_timeout_counts_from_the_end_of_the_body(self, channel: Numbers) -> None:
        with pytest.raises(TimeoutError, match="no 'number' event"):
            async with channel.expect(0.001):
                pass
        assert channel.waiting == 0

    @pytest.mark.parametrize("end", ["nothing", "event", "close", "predicate"])
    async def test_a_body_that_raises_leaves_no_waiter_and_no_lost_error(self, channel: Numbers, end: str) -> None:
        lost: list[object] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))

        def check(event: int) -> bool:
            return end != "predicate" or bool(1 // 0)

        async def body() -> None:
            async with channel.expect(BOUND, predicate=check):
                if end == "close":
                    channel.close(LOST, expected=False)
                elif end != "nothing":
                    deliver(channel, 1)
                raise KeyError

        with pytest.raises(KeyError):
            await body()
        assert channel.waiting == 0
        gc.collect()
        await asyncio.sleep(0)
        assert lost == []


async def collect(stream: EventStream[int], count: int) -> list[int]:
    async with asyncio.timeout(BOUND):
        return [await anext(stream) for _ in range(count)]


async def drain(stream: EventStream[int]) -> list[int]:
    async with asyncio.timeout(BOUND):
        return [event async for event in stream]


class TestStream:
    async def test_it_yields_the_events_from_now_on(self, channel: Numbers) -> None:
        deliver(channel, 0)
        stream = channel.stream()
        deliver(channel, 1, 2)
        assert await collect(stream, 2) == [1, 2]
        asyncio.get_running_loop().call_soon(deliver, channel, 3)
        assert await collect(stream, 1) == [3]

    async def test_it_ends_with_the_source_after_the_waiting_events(self, channel: Numbers) -> None:
        stream = channel.stream()
        deliver(channel, 1, 2)
        channel.close(CLEAN, expected=True)
        assert await drain(stream) == [1, 2]
        assert await drain(stream) == []

    async def test_it_raises_the_reason_once_when_the_source_ends_by_an_error(self, channel: Numbers) -> None:
        stream = channel.stream()
        deliver(channel, 1)
        channel.close(LOST, expected=False)
        assert await collect(stream, 1) == [1]
        with pytest.raises(ConnectionClosed):
            await drain(stream)
        assert await drain(stream) == []

    async def test_a_consumer_that_waits_hears_of_the_end(self, channel: Numbers) -> None:
        stream = channel.stream()
        task = asyncio.create_task(drain(stream))
        await asyncio.sleep(0)
        channel.close(CLEAN, expected=True)
        assert await task == []

    async def test_an_ended_stream_hears_nothing_of_the_next_connection(self, channel: Numbers) -> None:
        stream = channel.stream()
        channel.close(CLEAN, expected=True)
        channel.open()
        deliver(channel, 1)
        assert await drain(stream) == []

    @pytest.mark.parametrize("expected", [True, False])
    async def test_one_that_is_opened_after_the_end_ends_the_same_way(self, channel: Numbers, expected: bool) -> None:
        channel.close(LOST, expected=expected)
        stream = channel.stream()
        if expected:
            assert await drain(stream) == []
        else:
            with pytest.raises(ConnectionClosed):
                await drain(stream)
        assert channel.streaming == 0

    async def test_one_that_is_opened_after_a_reconnect_yields_events(self, channel: Numbers) -> None:
        channel.close(LOST, expected=False)
        channel.open()
        stream = channel.stream()
        deliver(channel, 1)
        assert await collect(stream, 1) == [1]

    async def test_its_block_ends_it(self, channel: Numbers) -> None:
        with channel.stream() as stream:
            deliver(channel, 1)
            assert await collect(stream, 1) == [1]
            assert channel.streaming == 1
        assert channel.streaming == 0
        deliver(channel, 2)
        assert await drain(stream) == []
        stream.close()

    async def test_two_streams_are_independent(self, channel: Numbers) -> None:
        first, second = channel.stream(), channel.stream()
        deliver(channel, 1)
        assert await collect(first, 1) == [1]
        first.close()
        deliver(channel, 2)
        assert await collect(second, 2) == [1, 2]

    async def test_a_cancelled_consumer_loses_no_event(self, channel: Numbers) -> None:
        stream = channel.stream()
        task = asyncio.create_task(drain(stream))
        await asyncio.sleep(0)
        deliver(channel, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await collect(stream, 1) == [1]

    async def test_a_second_task_that_waits_on_it_is_told_so(self, channel: Numbers) -> None:
        stream = channel.stream()
        task = asyncio.create_task(drain(stream))
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="another task is already waiting"):
            await anext(stream)
        channel.close(CLEAN, expected=True)
        assert await task == []

    async def test_a_stream_may_begin_with_events_that_waited_elsewhere(self, channel: Numbers) -> None:
        stream = EventStream(channel, [1, 2])
        channel.add_stream(stream)
        deliver(channel, 3)
        assert await collect(stream, 3) == [1, 2, 3]


async def test_a_stream_whose_consumer_broke_off_and_forgot_it_is_fed_no_more() -> None:
    channel = Channel[str]("x")
    channel.add_stream(EventStream(channel))
    gc.collect()
    kept = channel.stream()
    channel.deliver("a")
    assert await anext(kept) == "a"
    assert len(channel._streams) == 1  # pyright: ignore[reportPrivateUsage]  # nothing public tells who listens
