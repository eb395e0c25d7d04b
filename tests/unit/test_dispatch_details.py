"""What `EventSource` and `Channel` say, and what their channels do at the edges of a connection."""

import asyncio
import functools
import gc

import pytest

from realtime_typed.channels import Channel
from realtime_typed.errors import ConnectionClosed
from tests.unit.test_dispatch import BOUND, NAME, Source

pytestmark = pytest.mark.anyio


@pytest.fixture
def source() -> Source:
    return Source()


def fail(event: object) -> None:
    raise KeyError(event)


async def test_a_handler_without_a_name_is_reported_all_the_same(source: Source) -> None:
    told: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(str(context["message"])))
    source.on_any(NAME, functools.partial(fail))
    source.emit(7, NAME)
    assert told == ["a handler raised while handling 'int'"]


async def test_a_channel_first_used_on_a_second_connection_waits_for_its_events(source: Source) -> None:
    source.close(ConnectionClosed(1006), expected=False)
    source.open()
    waiting = asyncio.create_task(source.wait_any(NAME))
    await asyncio.sleep(0)
    source.emit(7, NAME)
    async with asyncio.timeout(BOUND):
        assert await waiting == 7


@pytest.mark.parametrize("expected", [True, False])
async def test_a_stream_ends_quietly_if_the_end_was_expected_whenever_it_began(source: Source, expected: bool) -> None:
    error = ConnectionClosed(1006)
    open_before = source.events["response.done"].stream()
    source.close(error, expected=expected)
    for stream in (open_before, source.events["response.done"].stream(), source.events["response.created"].stream()):
        async with asyncio.timeout(BOUND):
            if expected:
                assert [event async for event in stream] == []
            else:
                with pytest.raises(ConnectionClosed) as caught:
                    await anext(stream)
                assert caught.value is error


async def test_a_stream_whose_reason_was_raised_is_over(source: Source) -> None:
    stream = source.events["response.done"].stream()
    source.close(ConnectionClosed(1006), expected=False)
    async with asyncio.timeout(BOUND):
        with pytest.raises(ConnectionClosed):
            await anext(stream)
        with pytest.raises(StopAsyncIteration):
            await anext(stream)


async def test_a_waiter_that_has_its_event_keeps_it_when_the_connection_ends() -> None:
    channel = Channel[int]("number")
    first, second = channel.arm(), channel.arm(lambda number: number > 7)
    channel.deliver(7)
    channel.close(ConnectionClosed(1006), expected=False)
    async with asyncio.timeout(BOUND):
        assert await channel.finish(first, None) == 7
        with pytest.raises(ConnectionClosed):
            await channel.finish(second, None)


async def test_a_waiter_that_has_its_event_leaves_the_next_to_those_behind_it() -> None:
    channel = Channel[int]("number")
    first, second = channel.arm(), channel.arm(lambda number: number > 7)
    channel.deliver(7)
    channel.deliver(8)
    async with asyncio.timeout(BOUND):
        assert (await channel.finish(first, None), await channel.finish(second, None)) == (7, 8)


async def test_a_stream_that_was_read_to_its_end_listens_no_more() -> None:
    channel = Channel[int]("number")
    stream = channel.stream()
    channel.deliver(7)
    stream.end()
    async with asyncio.timeout(BOUND):
        assert [number async for number in stream] == [7]
    assert not channel.has_listeners


def test_a_wrong_name_gets_the_three_names_that_are_nearest(source: Source) -> None:
    with pytest.raises(ValueError, match=r"^there is no event 'response\.output_item\.don'") as caught:
        source.on_any("response.output_item.don", fail)
    hint = str(caught.value).removeprefix("there is no event 'response.output_item.don'; did you mean ")
    names = hint.removesuffix("?").split(" or ")
    assert names[0] == "'response.output_item.done'"
    assert len(names) == 3
    assert {name.strip("'") for name in names} <= source.event_names


async def test_what_a_sync_handler_returns_is_of_no_interest(source: Source) -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    source.on_any(NAME, lambda event: event + 1)
    source.emit(7, NAME)
    assert not source.busy
    await source.settle()
    assert told == []


async def test_the_error_of_a_waiter_that_was_given_up_is_not_reported_as_lost() -> None:
    told: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
    channel = Channel[int]("number")
    future = channel.arm()
    channel.close(ConnectionClosed(1006), expected=False)
    channel.disarm(future)
    del future
    gc.collect()
    await asyncio.sleep(0)
    assert told == []


async def test_a_channel_of_a_connection_that_has_ended_ends_its_streams_quietly() -> None:
    async with asyncio.timeout(BOUND):
        assert [number async for number in Channel[int]("number", ConnectionClosed(1000)).stream()] == []
