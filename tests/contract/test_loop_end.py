"""The event loop ends before the client does, and another one follows: nothing is left, and nothing complains."""

import asyncio
import gc
import logging
import subprocess
import sys
from collections.abc import Callable, Coroutine, Generator
from typing import Final, Protocol, cast

import pytest

from realtime_typed import ConnectionClosed, RealtimeClient, ReconnectPolicy
from realtime_typed.transports.memory import MemoryTransport, memory_pair
from realtime_typed.transports.websocket import WebSocketTransport
from tests.contract.support import BOUND, Kind, raw
from tests.leaks import nothing_left_in_process

LOOPS: Final[dict[str, Callable[[], asyncio.AbstractEventLoop]]] = {"asyncio": asyncio.new_event_loop}
try:
    import uvloop
except ImportError:  # there is no wheel for this platform
    pass
else:
    LOOPS["uvloop"] = uvloop.new_event_loop


class Connect(Protocol):
    """Makes a client; one that reconnects, if it is told how."""

    def __call__(self, policy: ReconnectPolicy | bool = False) -> RealtimeClient: ...


def lose_line(client: RealtimeClient) -> None:
    """Drop the connection without a close frame."""
    transport = client.realtime._transport  # pyright: ignore[reportPrivateUsage]  # no public way cuts a line
    if isinstance(transport, MemoryTransport):
        transport.abort()
        return
    assert isinstance(transport, WebSocketTransport)
    connection = transport._connection  # pyright: ignore[reportPrivateUsage]  # as above
    assert connection is not None
    connection.transport.abort()


@pytest.fixture(scope="module")
def server() -> Generator[tuple[str, str]]:
    """A server in a process of its own, which outlives the loops of its clients: its URL and its key."""
    command = [sys.executable, "-m", "realtime_typed.local"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url, key = (process.stdout.readline().split()[1] for _ in range(2))
            yield url, key
        finally:
            process.terminate()
            process.wait(BOUND)


@pytest.fixture(params=["memory", "websocket"])
def connect(request: pytest.FixtureRequest, server: tuple[str, str]) -> Connect:
    """Makes clients of a service that does not end with their loop."""
    kind = cast("Kind", request.param)
    if kind == "memory":
        return lambda policy=False: RealtimeClient(transport=lambda: memory_pair()[0], api_key="key", reconnect=policy)
    return lambda policy=False: RealtimeClient(base_url=server[0], api_key=server[1], transport=kind, reconnect=policy)


@pytest.fixture(params=LOOPS)
def run(request: pytest.FixtureRequest) -> Callable[[Coroutine[object, object, None]], None]:
    """`asyncio.run` in debug mode, with one loop or the other."""

    def run_in(main: Coroutine[object, object, None]) -> None:
        with asyncio.Runner(debug=True, loop_factory=LOOPS[request.param]) as runner:
            runner.run(asyncio.wait_for(main, BOUND))

    run_in(asyncio.sleep(0))  # uvloop opens a pipe for its signals with the first loop, and keeps it
    return run_in


Run = Callable[[Coroutine[object, object, None]], None]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Generator[None]:
    """Nothing is written to asyncio's log, as of a task that was destroyed while it was pending."""
    yield
    told = [record.getMessage() for record in caplog.get_records("call") if record.name == "asyncio"]
    told = [text for text in told if not text.startswith(("Executing ", "Using selector", "Close <", "poll "))]
    assert told == []


def test_a_client_that_is_open_when_its_loop_ends_leaves_nothing(connect: Connect, run: Run) -> None:
    async def main() -> None:
        client = connect()
        await client.connect()
        clients.append(client)

    clients: list[RealtimeClient] = []
    with nothing_left_in_process():
        run(main())
        assert not clients[0].is_connected()
        clients.clear()


def test_a_client_that_is_busy_when_its_loop_ends_leaves_nothing(connect: Connect, run: Run) -> None:
    async def main() -> None:
        client = connect()

        async def endless(_: object) -> None:
            await asyncio.Event().wait()

        client.on("connection.state_changed", endless)
        client.add_tool({"name": "get_weather"}, endless)
        await client.connect()
        waits = [
            asyncio.create_task(client.wait_for_next("response.done")),
            asyncio.create_task(client.wait_for_next_item()),
        ]
        await client.send(raw({"type": "input_audio_buffer.clear"}))
        assert not any(wait.done() for wait in waits)

    with nothing_left_in_process():
        run(main())


def test_a_loop_that_ends_while_a_client_connects_leaves_nothing(connect: Connect, run: Run) -> None:
    for turns in (1, 5, 20, 60, 200):

        async def main(turns: int = turns) -> None:
            connecting = asyncio.create_task(connect().connect())
            for _ in range(turns):
                await asyncio.sleep(0)
            del connecting

        with nothing_left_in_process():
            run(main())


@pytest.mark.parametrize("delay", [0, 60])
def test_a_loop_that_ends_during_an_outage_leaves_nothing(connect: Connect, run: Run, delay: float) -> None:
    told: list[type[BaseException]] = []

    async def wait(client: RealtimeClient) -> None:
        try:
            await client.wait_for("response.done")
        except (ConnectionClosed, asyncio.CancelledError) as error:
            told.append(type(error))
            raise

    async def main(turns: int) -> None:
        client = connect(ReconnectPolicy(initial_delay=delay, max_delay=60))
        await client.connect()
        waiting = asyncio.create_task(wait(client))
        await client.send(raw({"type": "input_audio_buffer.clear"}))
        lose_line(client)
        await client.wait_for("connection.lost", BOUND)
        for _ in range(turns):
            await asyncio.sleep(0)
        del waiting

    for turns in (0, 1, 3, 10, 40, 120):
        with nothing_left_in_process():
            run(main(turns))
        assert len(told) == 1
        told.clear()


def test_a_client_is_used_in_one_loop_after_the_other(connect: Connect, run: Run) -> None:
    client: list[RealtimeClient] = []

    async def main(*, ends: bool) -> None:
        if not client:
            client.append(connect())
        await client[0].connect()
        sends = [client[0].send(raw({"type": "input_audio_buffer.clear"})) for _ in range(5)]
        await asyncio.gather(*sends)
        if ends:
            await client[0].disconnect()

    with nothing_left_in_process():
        for ends in (True, False, True):
            run(main(ends=ends))
        client.clear()


def test_a_client_of_a_loop_that_was_closed_under_it_can_be_used_in_another(run: Run) -> None:
    # Without sockets, which asyncio would tell of.
    client = RealtimeClient(transport=lambda: memory_pair()[0], api_key="key")
    loop = asyncio.new_event_loop()
    loop.run_until_complete(client.connect())
    (reader,) = asyncio.all_tasks(loop)
    loop.close()

    async def main() -> None:
        async with client:
            assert client.is_connected()

    run(main())
    reader._log_destroy_pending = False  # type: ignore[attr-defined]  # asyncio tells of its task


def test_the_collector_tells_of_a_client_that_was_never_closed(caplog: pytest.LogCaptureFixture) -> None:
    loop = asyncio.new_event_loop()
    client = RealtimeClient(transport=lambda: memory_pair()[0], api_key="key")
    loop.run_until_complete(client.connect())
    loop.close()
    caplog.set_level(logging.CRITICAL, "asyncio")
    del client, loop
    with pytest.warns(ResourceWarning, match="unclosed <RealtimeAPI"):
        gc.collect()


def test_the_collector_says_nothing_of_clients_that_were_closed_or_never_connected() -> None:
    async def main() -> None:
        client = RealtimeClient(transport=lambda: memory_pair()[0], api_key="key")
        async with client:
            pass
        RealtimeClient(api_key="key")

    with nothing_left_in_process():
        asyncio.run(main())
