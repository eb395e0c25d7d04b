"""The frames of a session that wait for its clients, and the record of those that came."""

import asyncio

import pytest

from realtime_typed.local.frames import Fanout, Outbox, ReceivedLog

pytestmark = pytest.mark.anyio

BOUND = 5.0


async def drained(outbox: Outbox) -> list[str]:
    frames: list[str] = []
    async with asyncio.timeout(BOUND):
        while (frame := await outbox.get()) is not None:
            frames.append(frame)
    return frames


async def test_frames_that_wait_are_sent_before_the_end_and_none_after_it() -> None:
    outbox = Outbox()
    outbox.put("a")
    outbox.close(4000, "first")
    outbox.put("b")
    outbox.close(1000, "second")
    assert await drained(outbox) == ["a"]
    assert outbox.closed == (4000, "first")


async def test_there_is_room_again_once_fewer_frames_than_the_limit_wait() -> None:
    outbox = Outbox(limit=2)
    for frame in "abc":
        outbox.put(frame)
    waiting = asyncio.create_task(outbox.room())
    async with asyncio.timeout(BOUND):
        assert [await outbox.get(), waiting.done()] == ["a", False]
        await asyncio.sleep(0)
        assert not waiting.done()
        assert await outbox.get() == "b"
        await waiting


async def test_few_frames_that_are_large_leave_no_room() -> None:
    outbox = Outbox()
    outbox.put("x" * (8 * 1024 * 1024))
    waiting = asyncio.create_task(outbox.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    async with asyncio.timeout(BOUND):
        await outbox.get()
        await waiting


async def test_the_end_leaves_room_for_whoever_waits_for_it() -> None:
    outbox = Outbox(limit=1)
    outbox.put("a")
    outbox.close(1000)
    async with asyncio.timeout(BOUND):
        await outbox.room()


async def test_every_connection_gets_what_is_put_while_it_is_attached() -> None:
    fanout = Fanout()
    fanout.put("nobody")
    first = fanout.attach()
    fanout.put("a")
    second = fanout.attach()
    fanout.put("b")
    fanout.detach(first)
    fanout.put("c")
    fanout.close(1001, "over")
    assert await drained(first) == ["a", "b"]
    assert await drained(second) == ["b", "c"]
    assert (first.closed, second.closed) == ((1000, ""), (1001, "over"))


async def test_a_connection_to_a_session_that_is_over_is_over() -> None:
    fanout = Fanout()
    fanout.close(4000, "over")
    fanout.close(1000)
    late = fanout.attach()
    assert late.closed == (4000, "over")
    fanout.detach(late)
    assert await drained(late) == []
    async with asyncio.timeout(BOUND):
        await fanout.ended()


def test_of_what_came_the_newest_is_kept_by_number_and_by_size() -> None:
    log = ReceivedLog(max_events=3, max_bytes=10)
    for size in (1, 1, 1, 1):
        log.add({"n": size}, size)
    assert len(log.events()) == 3
    log.add({"n": 8}, 8)
    assert log.events() == [{"n": 1}, {"n": 1}, {"n": 8}]
    log.add({"n": 11}, 11)
    assert log.events() == []
