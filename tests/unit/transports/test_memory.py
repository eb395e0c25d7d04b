"""`memory_pair`: the promises of a socket, without one."""

import asyncio

import pytest

from realtime_typed.errors import ConnectError, ConnectionClosed
from realtime_typed.transports import Transport
from realtime_typed.transports.memory import MemoryTransport, memory_pair

pytestmark = pytest.mark.anyio

LIMIT = 5.0


async def connected(max_queue: int = 16) -> tuple[MemoryTransport, MemoryTransport]:
    client, server = memory_pair(max_queue=max_queue)
    await client.connect()
    return client, server


def test_both_ends_fulfil_the_transport_protocol() -> None:
    client, server = memory_pair()
    assert isinstance(client, Transport)
    assert isinstance(server, Transport)
    assert client.name == server.name == "memory"


async def test_frames_arrive_in_order_both_ways() -> None:
    client, server = await connected()
    for number in range(10):
        await client.send(f"up {number}")
        await server.send(f"down {number}")
    async with asyncio.timeout(LIMIT):
        assert [await server.recv() for _ in range(10)] == [f"up {number}" for number in range(10)]
        assert [await client.recv() for _ in range(10)] == [f"down {number}" for number in range(10)]


async def test_frames_sent_before_a_close_are_handed_out_before_the_code_and_reason() -> None:
    client, server = await connected()
    await server.send("one")
    await server.send("two")
    await server.close(4000, "beta shape")
    async with asyncio.timeout(LIMIT):
        assert [await client.recv(), await client.recv()] == ["one", "two"]
        with pytest.raises(ConnectionClosed) as raised:
            await client.recv()
    assert (raised.value.code, raised.value.reason, raised.value.clean) == (4000, "beta shape", False)


@pytest.mark.parametrize(("code", "clean"), [(1000, True), (1001, False), (1011, False)])
async def test_only_code_1000_is_a_clean_end(code: int, clean: bool) -> None:
    client, server = await connected()
    await server.close(code)
    for end in (client, server):
        with pytest.raises(ConnectionClosed) as raised:
            await end.recv()
        assert (raised.value.code, raised.value.clean) == (code, clean)


async def test_an_aborted_line_is_1006_at_both_ends() -> None:
    client, server = await connected()
    server.abort()
    for end in (client, server):
        with pytest.raises(ConnectionClosed) as raised:
            await end.recv()
        assert (raised.value.code, raised.value.clean) == (1006, False)


async def test_the_first_close_counts_and_further_ones_do_nothing() -> None:
    client, server = await connected()
    await client.close(1001, "first")
    await client.close(1000, "second")
    await server.close(1011, "third")
    with pytest.raises(ConnectionClosed) as raised:
        await server.recv()
    assert (raised.value.code, raised.value.reason) == (1001, "first")


async def test_a_waiting_recv_ends_when_its_own_end_closes() -> None:
    client, _ = await connected()
    reader = asyncio.create_task(client.recv())
    await asyncio.sleep(0)
    await client.close()
    async with asyncio.timeout(LIMIT):
        with pytest.raises(ConnectionClosed):
            await reader


async def test_nothing_can_be_sent_after_a_close() -> None:
    client, server = await connected()
    await server.close()
    with pytest.raises(ConnectionClosed):
        await client.send("late")


async def test_a_full_queue_makes_the_sender_wait_until_the_reader_takes_a_frame() -> None:
    client, server = await connected(max_queue=2)
    await client.send("1")
    await client.send("2")
    third = asyncio.create_task(client.send("3"))
    await asyncio.sleep(0)
    assert not third.done()
    async with asyncio.timeout(LIMIT):
        assert await server.recv() == "1"
        await third
        assert [await server.recv(), await server.recv()] == ["2", "3"]


async def test_senders_that_wait_keep_their_order_and_none_is_overtaken() -> None:
    client, server = await connected(max_queue=1)
    tasks = [asyncio.create_task(client.send(str(number))) for number in range(5)]
    await asyncio.sleep(0)
    received: list[str] = []
    async with asyncio.timeout(LIMIT):
        for _ in range(5):
            received.append(await server.recv())
            tasks.append(asyncio.create_task(client.send(f"late {len(received)}")))
        received += [await server.recv() for _ in range(5)]
        await asyncio.gather(*tasks)
    assert received == [*map(str, range(5)), *(f"late {number}" for number in range(1, 6))]


async def test_senders_that_wait_are_told_when_the_line_closes_and_their_frames_are_not_delivered() -> None:
    client, server = await connected(max_queue=1)
    await client.send("kept")
    waiting = [asyncio.create_task(client.send(f"lost {number}")) for number in range(3)]
    await asyncio.sleep(0)
    await server.close(1011)
    async with asyncio.timeout(LIMIT):
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [ConnectionClosed] * 3
        assert await server.recv() == "kept"
        with pytest.raises(ConnectionClosed):
            await server.recv()


async def test_a_cancelled_sender_leaves_the_line_usable() -> None:
    client, server = await connected(max_queue=1)
    await client.send("1")
    given_up = asyncio.create_task(client.send("given up"))
    patient = asyncio.create_task(client.send("2"))
    await asyncio.sleep(0)
    given_up.cancel()
    async with asyncio.timeout(LIMIT):
        assert [await server.recv(), await server.recv()] == ["1", "2"]
        await patient
    assert given_up.cancelled()


async def test_a_cancelled_recv_loses_no_frame() -> None:
    client, server = await connected()
    for number in range(20):
        reader = asyncio.create_task(client.recv())
        await asyncio.sleep(0)
        await server.send(str(number))  # the frame is there in the moment of the cancellation
        reader.cancel()
        await asyncio.wait({reader})
        assert reader.cancelled()
        async with asyncio.timeout(LIMIT):
            assert await client.recv() == str(number)


async def test_a_second_recv_at_the_same_time_is_an_error() -> None:
    client, _ = await connected()
    reader = asyncio.create_task(client.recv())
    await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="one task reads"):
        await client.recv()
    reader.cancel()
    await asyncio.wait({reader})


async def test_sending_or_receiving_before_connect_says_what_to_do() -> None:
    client, _ = memory_pair()
    with pytest.raises(RuntimeError, match=r"await connect\(\) first"):
        await client.send("{}")
    with pytest.raises(RuntimeError, match=r"await connect\(\) first"):
        await client.recv()


async def test_the_accepting_end_is_open_from_the_start_and_what_it_sends_waits() -> None:
    client, server = memory_pair()
    await server.send("session.created")
    await client.connect()
    assert await client.recv() == "session.created"


async def test_a_transport_is_connected_once() -> None:
    client, server = await connected()
    for end in (client, server):
        with pytest.raises(RuntimeError, match="new pair"):
            await end.connect()


async def test_on_connect_starts_a_session_on_the_other_end() -> None:
    tasks: list[asyncio.Task[None]] = []

    async def session() -> None:
        await server.send("hello")
        await server.send((await server.recv()).upper())

    async def start() -> None:
        tasks.append(asyncio.create_task(session()))

    client, server = memory_pair(on_connect=start)
    async with asyncio.timeout(LIMIT):
        await client.connect()
        await client.send("echo")
        assert [await client.recv(), await client.recv()] == ["hello", "ECHO"]
        await asyncio.gather(*tasks)


async def test_on_connect_refuses_with_a_connect_error_and_both_ends_are_closed() -> None:
    async def refuse() -> None:
        raise ConnectError("wrong key", status=401, body="{}")

    client, server = memory_pair(on_connect=refuse)
    with pytest.raises(ConnectError) as raised:
        await client.connect()
    assert (raised.value.status, raised.value.body) == (401, "{}")
    for end in (client, server):
        with pytest.raises(ConnectionClosed):
            await end.recv()


async def test_closing_while_on_connect_runs_fails_the_connect() -> None:
    go = asyncio.Event()

    async def wait() -> None:
        await go.wait()

    client, _ = memory_pair(on_connect=wait)
    connecting = asyncio.create_task(client.connect())
    await asyncio.sleep(0)
    await client.close()
    go.set()
    async with asyncio.timeout(LIMIT):
        with pytest.raises(ConnectError, match="closed while it was connecting"):
            await connecting


async def test_close_without_connect_is_harmless_and_final() -> None:
    client, server = memory_pair()
    await client.close()
    with pytest.raises(ConnectionClosed):
        await client.send("{}")
    with pytest.raises(ConnectionClosed):
        await server.recv()


@pytest.mark.parametrize("code", [0, 999, 1005, 1006, 1015, 2000, 5000])
async def test_a_code_that_must_not_be_sent_is_a_value_error(code: int) -> None:
    client, _ = await connected()
    with pytest.raises(ValueError, match=f"{code} cannot be sent"):
        await client.close(code)
    await client.send("still open")


async def test_a_long_reason_is_cut_to_123_bytes_at_a_character() -> None:
    client, server = await connected()
    await client.close(1000, "é" * 100)
    with pytest.raises(ConnectionClosed) as raised:
        await server.recv()
    assert raised.value.reason == "é" * 61


def test_a_queue_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="max_queue: 0 holds no frame"):
        memory_pair(max_queue=0)


async def test_the_repr_shows_the_state() -> None:
    client, server = memory_pair()
    assert "new" in repr(client)
    await client.connect()
    await server.send("{}")
    assert "open, 1 frames waiting" in repr(client)
    await client.close(1001)
    assert "closed 1001" in repr(server)
