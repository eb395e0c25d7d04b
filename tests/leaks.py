"""What is left behind in the process: tasks, threads, file descriptors, and complaints of loop and collector."""

import asyncio
import gc
import os
import sys
import threading
import warnings
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

__all__ = ["nothing_left_in_loop", "nothing_left_in_process"]

_DESCRIPTORS = Path("/proc/self/fd")
BOUND = 10.0


def _descriptors() -> set[str]:
    """The open descriptors with what they lead to; none where the system has no such table."""
    found: set[str] = set()
    for name in os.listdir(_DESCRIPTORS) if _DESCRIPTORS.exists() else []:
        with suppress(OSError):  # the one that listdir itself had open
            found.add(f"file descriptor {name} -> {os.readlink(_DESCRIPTORS / name)}")
    # libuv keeps one in reserve, for a server that runs out of them.
    return {each for each in found if not each.endswith("-> /dev/null")}


def _threads() -> set[str]:
    """The threads but those of the loop's default pool, which are the loop's to end."""
    return {f"thread {thread!r}" for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


@contextmanager
def _complaints() -> Generator[list[str]]:
    """What destructors, the collector and threads complain of inside of the block, warnings being errors."""
    told: list[str] = []

    def unraisable(hook: "sys.UnraisableHookArgs") -> None:
        told.append(f"unraisable {hook.exc_value!r} in {hook.object!r}")

    def in_thread(hook: threading.ExceptHookArgs) -> None:
        told.append(f"{hook.exc_value!r} in thread {hook.thread!r}")

    before = sys.unraisablehook, threading.excepthook
    gc.collect()
    sys.unraisablehook, threading.excepthook = unraisable, in_thread
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            yield told
            gc.collect()
    finally:
        sys.unraisablehook, threading.excepthook = before


@contextmanager
def nothing_left_in_process() -> Generator[None]:
    """Fail if the block, which runs loops of its own, leaves a thread, a descriptor or a complaint."""
    with _complaints() as told:
        threads, descriptors = _threads(), _descriptors()
        yield
        gc.collect()
        told += sorted(_threads() - threads) + sorted(_descriptors() - descriptors)
    assert told == [], told


@asynccontextmanager
async def nothing_left_in_loop() -> AsyncGenerator[None]:
    """Fail if the block leaves a task, a thread, a descriptor or a complaint; the loop is in debug mode meanwhile."""
    loop = asyncio.get_running_loop()
    debug, handler = loop.get_debug(), loop.get_exception_handler()
    with _complaints() as told:
        tasks, threads, descriptors = asyncio.all_tasks(), _threads(), _descriptors()
        loop.set_debug(True)
        loop.set_exception_handler(lambda _, context: told.append(f"loop: {context}"))
        try:
            yield
            gc.collect()
            for _ in range(10):  # transports that were closed let go of their sockets in the turns that follow
                await asyncio.sleep(0)
            told += [f"task {task!r}" for task in asyncio.all_tasks() - tasks]
            told += sorted(_threads() - threads) + sorted(_descriptors() - descriptors)
        finally:
            loop.set_debug(debug)
            loop.set_exception_handler(handler)
    assert told == [], told
