"""An attempt that another task may end."""

import asyncio

import pytest

from realtime_typed import ConnectError
from realtime_typed._attempt import Attempt

pytestmark = pytest.mark.anyio

BOUND = 10.0


async def hang() -> None:
    await asyncio.Event().wait()


async def test_an_attempt_gives_its_result_or_its_error() -> None:
    async def give(result: int) -> int:
        await asyncio.sleep(0)
        return result

    async def fail() -> None:
        raise TimeoutError("its own")

    attempt = Attempt()
    assert await attempt.run(give(7)) == 7
    with pytest.raises(TimeoutError, match="its own"):
        await attempt.run(fail())
    assert not attempt.running
    await attempt.end()
    assert await attempt.run(give(8)) == 8


async def test_an_attempt_that_is_ended_raises_and_has_ended_when_end_returns() -> None:
    attempt, cleaned = Attempt(), False

    async def clean() -> None:
        nonlocal cleaned
        try:
            await hang()
        finally:
            await asyncio.sleep(0)
            cleaned = True

    running = asyncio.create_task(attempt.run(clean()))
    await asyncio.sleep(0)
    assert attempt.running
    async with asyncio.timeout(BOUND):
        await asyncio.gather(attempt.end(), attempt.end())
    assert cleaned
    with pytest.raises(ConnectError, match="while connecting"):
        await running


async def test_a_cancellation_of_its_own_task_stays_one() -> None:
    attempt = Attempt()
    running = asyncio.create_task(attempt.run(hang()))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not attempt.running


async def test_one_attempt_runs_at_a_time() -> None:
    attempt = Attempt()
    running = asyncio.create_task(attempt.run(hang()))
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="already connected"):
        await attempt.run(hang())
    assert attempt.running
    await attempt.end()
    await asyncio.wait({running})


async def test_an_attempt_does_not_wait_for_its_own_end() -> None:
    attempt = Attempt()

    async def leave() -> str:
        await attempt.end()
        return "left"

    async with asyncio.timeout(BOUND):
        assert await attempt.run(leave()) == "left"
