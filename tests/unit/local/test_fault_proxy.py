"""`FaultProxy` before an echo server and before `LocalServer`, with bare sockets and bare `websockets` as witnesses."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import cast

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidMessage

from realtime_typed.local import (
    CutAt,
    DripFrom,
    DuplicateAt,
    FaultProxy,
    FiredProxyFault,
    GarbageAt,
    LocalServer,
    ProxyFault,
    RefuseConnection,
    StallAt,
    VanishFrom,
)
from realtime_typed.local.proxy_faults import Direction

pytestmark = pytest.mark.anyio

TEXT = random.Random(1).randbytes(300_000)


@dataclass
class Echo:
    """A server that sends back what it gets."""

    port: int
    got: bytearray = field(default_factory=bytearray)
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def echo() -> AsyncGenerator[Echo]:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(1 << 16):
                made.got += piece
                writer.write(piece)
                await writer.drain()
        writer.close()
        made.ended.set()

    async with asyncio.timeout(30):
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        made = Echo(server.sockets[0].getsockname()[1])
        try:
            yield made
        finally:
            server.close()
            await asyncio.sleep(0)


@asynccontextmanager
async def client_of(proxy: FaultProxy) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


async def exchange(proxy: FaultProxy, text: bytes = TEXT) -> tuple[bytes, type[Exception] | None]:
    """Send a text, and read to the end what comes back and how that ends."""
    got = bytearray()
    async with client_of(proxy) as (reader, writer):

        async def send() -> None:
            with suppress(OSError):
                writer.write(text)
                await writer.drain()
                writer.write_eof()

        sending = asyncio.create_task(send())
        try:
            while piece := await reader.read(1 << 16):
                got += piece
        except OSError as error:
            return bytes(got), type(error)
        finally:
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
    return bytes(got), None


async def test_without_faults_everything_passes_both_ways_and_the_ends_too() -> None:
    async with echo() as server, FaultProxy(server.port) as proxy:
        assert await exchange(proxy) == (TEXT, None)
        await server.ended.wait()
        assert bytes(server.got) == TEXT
        assert proxy.faults_fired == []


@pytest.mark.parametrize("byte", [0, 1, 1000, 65_536, 200_000])
async def test_a_connection_is_cut_after_exactly_so_many_bytes(byte: int) -> None:
    async with echo() as server, FaultProxy(server.port, faults=[CutAt(byte)]) as proxy:
        got, _ = await exchange(proxy)
        assert got == TEXT[:byte]
        assert proxy.faults_fired == [FiredProxyFault(CutAt(byte), 1)]
        await server.ended.wait()
        assert await exchange(proxy, b"again") == (b"again", None)


async def test_a_cut_towards_the_server_counts_what_the_client_sends() -> None:
    async with echo() as server, FaultProxy(server.port, faults=[CutAt(5000, direction="to_server")]) as proxy:
        got, _ = await exchange(proxy)
        await server.ended.wait()
        assert bytes(server.got) in (b"", TEXT[:5000])  # a reset may overtake what is not read yet
        assert TEXT[:5000].startswith(got)


async def test_a_reset_is_seen_as_one() -> None:
    async with (
        echo() as server,
        FaultProxy(server.port, faults=[CutAt(10, reset=True)]) as proxy,
        client_of(proxy) as (
            reader,
            writer,
        ),
    ):
        writer.write(b"0123456789abc")
        with pytest.raises(ConnectionResetError):
            await reader.readexactly(13)


async def test_bytes_vanish_both_ways_and_neither_side_is_told() -> None:
    async with echo() as server, FaultProxy(server.port, faults=[VanishFrom(4)]) as proxy:
        async with client_of(proxy) as (reader, writer):
            writer.write(b"ping")
            assert await reader.readexactly(4) == b"ping"
            await proxy.wait_for_faults()
            writer.write(TEXT)
            writer.write_eof()
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await reader.read(1)
        assert bytes(server.got) == b"ping"
        assert not server.ended.is_set()
        assert proxy.connections == 1


async def test_one_direction_can_vanish_alone() -> None:
    fault = VanishFrom(4, both=False)
    async with echo() as server, FaultProxy(server.port, faults=[fault]) as proxy, client_of(proxy) as (reader, writer):
        writer.write(b"ping")
        assert await reader.readexactly(4) == b"ping"
        await proxy.wait_for_faults()
        writer.write(b"heard")
        while bytes(server.got) != b"pingheard":  # noqa: ASYNC110  # bounded by `echo`, which tells nobody what it got
            await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read(1)


async def test_a_stall_holds_everything_back_until_it_is_healed() -> None:
    fault = StallAt(4, seconds=600)
    async with echo() as server, FaultProxy(server.port, faults=[fault]) as proxy, client_of(proxy) as (reader, writer):
        writer.write(b"ping")
        assert await reader.readexactly(4) == b"ping"
        await proxy.wait_for_faults()
        writer.write(b"pong")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read(1)
        proxy.heal()
        assert await reader.readexactly(4) == b"pong"


async def test_a_stall_ends_by_itself() -> None:
    async with echo() as server, FaultProxy(server.port, faults=[StallAt(100, seconds=0.05)]) as proxy:
        assert await exchange(proxy) == (TEXT, None)
        assert len(proxy.faults_fired) == 1


async def test_bytes_drip_in_pieces() -> None:
    fault = DripFrom(10, size=3, interval=0.001, length=60)
    async with echo() as server, FaultProxy(server.port, faults=[fault]) as proxy:
        assert await exchange(proxy, TEXT[:1000]) == (TEXT[:1000], None)
    forever = DripFrom(10, size=1, interval=600)
    async with (
        echo() as server,
        FaultProxy(server.port, faults=[forever]) as proxy,
        client_of(proxy) as (
            reader,
            writer,
        ),
    ):
        writer.write(b"0123456789abc")
        assert await reader.readexactly(11) == b"0123456789a"
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await reader.read(1)
        proxy.heal()
        assert await reader.readexactly(2) == b"bc"


async def test_garbage_comes_in_between_and_is_the_same_for_the_same_seed() -> None:
    garbage = random.Random(3).randbytes(9)
    faults: list[ProxyFault] = [GarbageAt(100, size=9, seed=3), GarbageAt(200, data=b"!", connection=1)]
    async with echo() as server, FaultProxy(server.port, faults=faults) as proxy:
        text = TEXT[:1000]
        assert await exchange(proxy, text) == (text[:100] + garbage + text[100:200] + b"!" + text[200:], None)


async def test_bytes_come_twice() -> None:
    fault = DuplicateAt(100, size=50, direction="to_server")
    async with echo() as server, FaultProxy(server.port, faults=[fault]) as proxy:
        text = TEXT[:1000]
        assert await exchange(proxy, text) == (text[:150] + text[100:150] + text[150:], None)


async def test_a_new_connection_is_refused() -> None:
    async with echo() as server, FaultProxy(server.port, faults=[RefuseConnection(1, times=2)]) as proxy:
        assert await exchange(proxy, b"one") == (b"one", None)
        for _ in range(2):
            assert (await exchange(proxy, b""))[1] is ConnectionResetError
        assert await exchange(proxy, b"four") == (b"four", None)
        assert [fired.connection for fired in proxy.faults_fired] == [2, 3]


async def test_a_server_that_is_not_there_is_a_reset() -> None:
    async with echo() as server:
        port = server.port
    async with asyncio.timeout(20), FaultProxy(port) as proxy:
        assert (await exchange(proxy, b""))[1] is ConnectionResetError


async def test_a_fault_strikes_so_many_connections_or_the_one_that_is_named() -> None:
    faults: list[ProxyFault] = [CutAt(2, connection=2), CutAt(3, times=2)]
    async with echo() as server, FaultProxy(server.port, faults=faults) as proxy:
        assert [(await exchange(proxy, b"12345"))[0] for _ in range(4)] == [b"123", b"12", b"123", b"12345"]


async def test_a_fault_is_injected_into_connections_that_are_open() -> None:
    async with echo() as server, FaultProxy(server.port) as proxy, client_of(proxy) as (reader, writer):
        writer.write(b"ping")
        assert await reader.readexactly(4) == b"ping"
        proxy.inject(GarbageAt(0, data=b"?"))
        assert await reader.readexactly(1) == b"?"
        proxy.inject(CutAt(6))
        writer.write(b"pong")
        assert await reader.read(100) == b"po"


async def test_all_connections_are_dropped_at_once() -> None:
    async with echo() as server, FaultProxy(server.port) as proxy, client_of(proxy) as one, client_of(proxy) as two:
        for reader, writer in (one, two):
            writer.write(b"ping")
            assert await reader.readexactly(4) == b"ping"
        assert proxy.drop_all() == 2
        assert [await reader.read(1) for reader, _ in (one, two)] == [b"", b""]


async def test_what_a_client_does_not_read_is_not_collected() -> None:
    async with echo() as server, FaultProxy(server.port) as proxy, client_of(proxy) as (_, writer):
        sent = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                while True:
                    writer.write(bytes(1 << 16))
                    sent += 1 << 16
                    async with asyncio.timeout(0.5):
                        await writer.drain()
        # The kernel's buffers of four sockets hold some megabytes; without a bound it would go on for 5 s.
        assert sent < 64 << 20


@pytest.mark.parametrize("fault", [VanishFrom(1), StallAt(1, seconds=600), DripFrom(1, interval=600), None])
async def test_its_end_is_bounded_and_leaves_no_task(fault: ProxyFault | None) -> None:
    before = asyncio.all_tasks()
    async with echo() as server:
        async with FaultProxy(server.port, faults=[fault] if fault else []) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(TEXT)
            assert len(await reader.read(1)) == 1
        assert proxy.connections == 0
        with suppress(OSError):
            while await reader.read(1 << 16):
                pass
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        await server.ended.wait()
    await asyncio.sleep(0)
    assert {task for task in asyncio.all_tasks() - before if not task.done()} == set()


async def test_a_proxy_says_what_it_is_and_starts_once() -> None:
    with pytest.raises(ValueError, match="port must be"):
        FaultProxy(0)
    proxy = FaultProxy(1)
    with pytest.raises(RuntimeError, match="has not started"):
        _ = proxy.port
    assert repr(proxy) == "<FaultProxy not started to 1, 0 connections open>"
    async with proxy:
        assert proxy.base_url == f"http://127.0.0.1:{proxy.port}/v1"
        assert proxy.ws_url == f"ws://127.0.0.1:{proxy.port}/v1/realtime"
        with pytest.raises(RuntimeError, match="started once"):
            await proxy.__aenter__()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: CutAt(-1),
        lambda: CutAt(times=0),
        lambda: VanishFrom(connection=0),
        lambda: CutAt(direction=cast("Direction", "up")),
        lambda: StallAt(seconds=0),
        lambda: StallAt(seconds=float("nan")),
        lambda: DripFrom(size=0),
        lambda: DripFrom(interval=4000),
        lambda: DripFrom(length=0),
        lambda: GarbageAt(size=0),
        lambda: DuplicateAt(size=1 << 21),
        lambda: RefuseConnection(-1),
        lambda: RefuseConnection(times=0),
    ],
)
def test_numbers_out_of_bounds_are_refused(wrong: Callable[[], ProxyFault]) -> None:
    with pytest.raises(ValueError, match="must"):
        wrong()


async def test_a_websocket_is_cut_in_the_middle_of_a_frame() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        async with FaultProxy(server.port, faults=[CutAt(600, connection=2)]) as proxy:
            for created in (True, False):
                async with connect(f"{proxy.ws_url}?model=m", additional_headers=headers, proxy=None) as websocket:
                    if created:
                        assert "session.created" in str(await websocket.recv())
                        continue
                    with pytest.raises(ConnectionClosed):
                        await websocket.recv()
                    assert websocket.close_code == 1006
        async with FaultProxy(server.port, faults=[GarbageAt(0)]) as proxy:
            with pytest.raises(InvalidMessage):
                await connect(f"{proxy.ws_url}?model=m", additional_headers=headers, proxy=None)
