"""Threads for tool functions: their number, their end, and what they leave alone."""

import asyncio
import contextvars
import socket
import subprocess
import sys
import threading
from functools import partial

import pytest

from realtime_typed._tool_threads import ToolThreads

pytestmark = pytest.mark.anyio

BOUND = 10.0


def tool_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "realtime-typed tool"]


async def until(reached: threading.Event) -> None:
    """Wait for an event of a thread, in a thread of the test's own."""
    assert await asyncio.to_thread(reached.wait, BOUND)


async def test_a_function_gives_its_result_or_its_error() -> None:
    def fail(error: BaseException) -> None:
        raise error

    threads = ToolThreads()
    assert await threads.run(lambda: 7) == 7
    for error in (LookupError("none"), StopIteration(3)):
        with pytest.raises((LookupError, RuntimeError)):
            await threads.run(partial(fail, error))
    threads.join()
    assert tool_threads() == []


async def test_a_function_sees_the_context_of_its_caller_and_cannot_change_it() -> None:
    variable = contextvars.ContextVar("variable", default="none")
    variable.set("of the caller")

    def look() -> str:
        seen = variable.get()
        variable.set("of the thread")
        return seen

    assert await ToolThreads().run(look) == "of the caller"
    assert variable.get() == "of the caller"


async def test_no_more_than_the_limit_run_at_once_and_the_others_follow() -> None:
    threads, go = ToolThreads(3), threading.Event()
    running, most, lock = 0, 0, threading.Lock()

    def work() -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        assert go.wait(BOUND)
        with lock:
            running -= 1

    async with asyncio.timeout(BOUND):
        calls = [asyncio.create_task(threads.run(work)) for _ in range(10)]
        await asyncio.sleep(0)  # one turn of the loop: all have asked for a thread
        assert threads.busy == 3
        calls[5].cancel()
        go.set()
        await asyncio.gather(*calls, return_exceptions=True)
    assert most <= 3
    assert [call.cancelled() for call in calls] == [index == 5 for index in range(10)]
    threads.join()
    assert tool_threads() == []


async def test_a_call_that_is_given_up_keeps_its_place_until_the_function_ends() -> None:
    threads, go, begun = ToolThreads(1), threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        assert go.wait(BOUND)

    hung = asyncio.create_task(threads.run(hang))
    await until(begun)
    hung.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hung
    async with asyncio.timeout(BOUND):
        following = asyncio.create_task(threads.run(lambda: "at last"))
        await asyncio.sleep(0)  # one turn of the loop: it waits
        threads.join()
        assert threads.busy == len(tool_threads()) == 1
        assert not following.done()
        go.set()
        assert await following == "at last"


async def test_functions_that_hang_do_not_hold_up_the_loops_own_pool() -> None:
    threads, go = ToolThreads(), threading.Event()
    calls = [asyncio.create_task(threads.run(lambda: go.wait(BOUND))) for _ in range(40)]
    async with asyncio.timeout(BOUND):
        # `localhost` is no address, so that it is looked up in that pool.
        assert await asyncio.get_running_loop().getaddrinfo("localhost", 80, type=socket.SOCK_STREAM)
        assert not go.is_set()
        go.set()
        await asyncio.gather(*calls)


def test_a_function_of_a_loop_that_has_ended_ends_quietly_and_the_next_loop_has_its_place() -> None:
    threads, go, begun = ToolThreads(1), threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        assert go.wait(BOUND)

    async def leave() -> None:
        call = asyncio.create_task(threads.run(hang))
        await until(begun)
        call.cancel()

    asyncio.run(leave())
    (left,) = tool_threads()
    go.set()
    left.join(BOUND)
    assert asyncio.run(asyncio.wait_for(threads.run(lambda: 7), BOUND)) == 7


def test_a_function_that_hangs_does_not_keep_the_program_from_ending() -> None:
    program = """
import asyncio, threading
from realtime_typed._tool_threads import ToolThreads

async def main():
    begun = threading.Event()
    call = asyncio.create_task(ToolThreads().run(lambda: (begun.set(), threading.Event().wait())))
    await asyncio.to_thread(begun.wait)

asyncio.run(main())
print("ended")
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=50, check=True)
    assert (result.stdout, result.stderr) == ("ended\n", "")
