"""A client may be ended at any point of a reconnect, in any way: nothing is left, and it can connect again."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import pytest

from realtime_typed import ConnectionClosed, ConnectionLost, RealtimeClient, ReconnectPolicy
from realtime_typed.local import BeforeReceived, FaultProxy, LocalServer, Stall, VanishFrom
from realtime_typed.transports.memory import MemoryTransport, memory_pair
from tests.contract.cancellation import turns_of, watched
from tests.contract.support import BOUND, Serve, Service, client_tasks, settle

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

AT_ONCE: Final = ReconnectPolicy(initial_delay=0, connect_timeout=60)
LATER: Final = ReconnectPolicy(initial_delay=60, max_delay=60, jitter=0)


@pytest.fixture
def serve(serve: Serve) -> Serve:
    """As everywhere; and nothing is left behind in the process."""
    return watched(serve)


class CollapseError(Exception):
    """What the application raises."""


def lose_soon(service: Service, client: RealtimeClient) -> None:
    """Lose the connection such that it is noticed at once, while a line that is cut is by its silence over WebRTC."""
    if service.by_track:
        service.session.close(1011)
    else:
        service.lose_line(client)


async def by_disconnect(client: RealtimeClient) -> None:
    await client.disconnect()


async def by_cancellation(_: RealtimeClient) -> None:
    task = asyncio.current_task()
    assert task is not None
    task.cancel()
    await asyncio.sleep(0)


async def by_error(_: RealtimeClient) -> None:
    raise CollapseError


End = Callable[[RealtimeClient], Coroutine[object, object, None]]
ENDS: Final[dict[str, tuple[End, type[BaseException] | None]]] = {
    "disconnect": (by_disconnect, None),
    "cancellation": (by_cancellation, asyncio.CancelledError),
    "error": (by_error, CollapseError),
}
each_end = pytest.mark.parametrize("ending", ENDS)


async def lose_and_end(
    client: RealtimeClient,
    lose: Callable[[], object],
    reached: Callable[[], Coroutine[object, object, object]],
    end: str,
) -> None:
    """Lose the connection of a client in its block, and end it when `reached` returns; all who wait are told."""
    leave, raised = ENDS[end]
    waits: list[asyncio.Task[object]] = []

    async def own() -> None:
        async with client:
            await client.update_session(instructions="Be brief.")
            await client.seed([{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}])
            waits.append(asyncio.create_task(client.wait_for("response.done")))
            lose()
            await reached()
            waits.append(asyncio.create_task(client.realtime.send({"type": "input_audio_buffer.clear"})))
            await leave(client)

    async with asyncio.timeout(BOUND):
        (how,) = await asyncio.gather(asyncio.create_task(own()), return_exceptions=True)
        assert raised is None if how is None else isinstance(how, raised or ())
        assert not client.is_connected()
        assert not client.realtime.is_reconnecting
        told = await asyncio.gather(*waits, return_exceptions=True)
    assert isinstance(told[0], ConnectionClosed)
    # Who sends in the moment of the restoring is served.
    assert isinstance(told[1], ConnectionClosed | None)
    async with client:
        await settle(client)


@each_end
async def test_a_reconnect_can_be_ended_at_every_point(serve: Serve, ending: str) -> None:
    async with serve(bound=100) as service:
        restored: list[object] = []
        for turns in turns_of(service) if not service.by_track else (0, 50, 500, 20_000):
            client = service.client(reconnect=AT_ONCE)
            client.on("connection.restored", restored.append)
            await lose_and_end(client, partial(lose_soon, service, client), passing(client, turns, restored), ending)
            assert await service.leftovers() == []
            if restored:
                break
        assert restored


def passing(
    client: RealtimeClient, turns: int, restored: list[object]
) -> Callable[[], Coroutine[object, object, None]]:
    """Waits for so many turns of the loop from the moment on in which the loss is noticed."""

    async def wait() -> None:
        while client.is_connected():
            await client.wait_for("connection.lost", BOUND)
        for _ in range(turns):
            if restored:
                return
            await asyncio.sleep(0)

    return wait


@each_end
async def test_the_wait_before_a_reconnect_can_be_ended(serve: Serve, ending: str) -> None:
    async with serve(bound=60) as service:
        for turns in (0, 1, 2, 10) if not service.by_track else (1,):
            client = service.client(reconnect=LATER)
            await lose_and_end(client, partial(lose_soon, service, client), passing(client, turns, []), ending)
            assert await service.leftovers() == []


@each_end
async def test_a_restoring_that_the_service_does_not_answer_can_be_ended(serve: Serve, ending: str) -> None:
    async with serve(bound=60) as service:
        for event in ("session.update", "conversation.item.create") if not service.by_track else ("session.update",):
            client = service.client(reconnect=AT_ONCE)
            await lose_and_end(
                client,
                partial(lose_and_stall, service, client, event),
                partial(stalled, service, client, len(service.server.faults_fired) + 1),
                ending,
            )
            assert await service.leftovers() == []


def lose_and_stall(service: Service, client: RealtimeClient, event: str) -> None:
    service.server.inject(Stall(3600, BeforeReceived(event)))
    lose_soon(service, client)


async def stalled(service: Service, client: RealtimeClient, faults: int) -> None:
    await service.server.wait_for_faults(faults)
    assert client.realtime.is_reconnecting


@asynccontextmanager
async def hanging(kind: str) -> AsyncGenerator[tuple[RealtimeClient, Callable[[], None], asyncio.Event]]:
    """A client whose first connection is lost by a call, the handshake of its second hangs, and the third is well."""
    reached = asyncio.Event()
    async with LocalServer() as server:
        if kind == "memory":
            ends: list[MemoryTransport] = []

            async def hang() -> None:
                reached.set()
                await asyncio.Event().wait()

            def make() -> MemoryTransport:
                ends.append(memory_pair(on_connect=hang)[0] if len(ends) == 1 else server.memory_transport())
                return ends[-1]

            yield RealtimeClient(transport=make, api_key="key", reconnect=AT_ONCE), lambda: ends[-1].abort(), reached
            return
        async with FaultProxy(server.port, faults=[VanishFrom(0, connection=2)]) as proxy:
            watching: list[asyncio.Task[None]] = []

            async def watch() -> None:
                await proxy.wait_for_faults(1)
                reached.set()

            def lose() -> None:
                watching.append(asyncio.create_task(watch()))
                server.sessions[-1].close(1011)

            yield RealtimeClient(base_url=proxy.base_url, api_key=server.api_key, reconnect=AT_ONCE), lose, reached
            await asyncio.gather(*watching)


@pytest.mark.parametrize("kind", ["memory", "websocket"])
@each_end
async def test_a_handshake_that_hangs_can_be_ended(kind: str, ending: str) -> None:
    async with hanging(kind) as (client, lose, reached):

        async def hangs() -> None:
            await reached.wait()
            assert client.realtime.is_reconnecting

        await lose_and_end(client, lose, hangs, ending)
        assert client_tasks() == []


async def test_a_disconnect_that_is_cancelled_ends_the_reconnect_all_the_same(serve: Serve) -> None:
    async with serve(bound=100) as service:
        for turns in range(8) if not service.by_track else (0, 40):
            client = service.client(reconnect=AT_ONCE)
            await client.connect()
            await settle(client)
            lose_soon(service, client)
            await passing(client, turns, [])()
            ending = asyncio.create_task(client.disconnect())
            await asyncio.sleep(0)
            ending.cancel()
            await asyncio.wait({ending}, timeout=BOUND)
            await client.disconnect()
            assert not client.is_connected()
            assert not client.realtime.is_reconnecting
            assert await service.leftovers() == []


async def test_disconnects_at_the_same_time_end_the_reconnect_once(serve: Serve) -> None:
    async with serve(bound=60) as service:
        for turns in (0, 5, 40):
            client = service.client(reconnect=AT_ONCE)
            await client.connect()
            await settle(client)
            lose_soon(service, client)
            await passing(client, turns, [])()
            await asyncio.gather(*(client.disconnect() for _ in range(3)))
            assert not client.is_connected()
            assert await service.leftovers() == []


async def test_a_handler_of_the_loss_may_disconnect(serve: Serve) -> None:
    async with serve() as service, service.client(reconnect=AT_ONCE) as client:
        await settle(client)

        @client.on("connection.lost")
        async def leave(event: ConnectionLost) -> None:
            await client.disconnect()

        ended = asyncio.Event()
        client.realtime.on("close", lambda _: ended.set())
        lose_soon(service, client)
        await asyncio.wait_for(ended.wait(), BOUND)
        await client.disconnect()
        assert not client.is_connected()


async def test_a_service_that_ends_for_good_leaves_nothing(serve: Serve) -> None:
    policy = ReconnectPolicy(attempts=2, initial_delay=0, connect_timeout=1)
    async with serve() as service:
        client = service.client(reconnect=policy)
        await client.connect()
        await settle(client)
        ended = asyncio.Event()
        client.realtime.on("close", lambda _: ended.set())
        await service.server.__aexit__(None, None, None)
        await asyncio.wait_for(ended.wait(), BOUND)
        assert not client.is_connected()
        await client.disconnect()
        assert [leak for leak in await service.leftovers() if "TCP" not in leak] == []
