"""What is left of a client that has ended, however it ended: nothing. `serve` looks at that after every test."""

import asyncio
from contextlib import suppress

import pytest

from realtime_typed import ConnectionClosed, RealtimeClient
from tests.contract.support import Serve, reported, say, settle

pytestmark = pytest.mark.anyio


async def test_disconnect_leaves_no_task(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        running, ended = asyncio.Event(), asyncio.Event()

        async def slow(_: object) -> str:
            running.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return ""

        async def handler(_: object) -> None:
            await asyncio.get_running_loop().run_in_executor(None, lambda: None)

        client.add_tool({"name": "get_weather"}, slow)
        client.on("*", handler)
        await client.connect()
        await client.send_user_message_content([{"type": "input_text", "text": "Tell me the weather"}])
        await running.wait()
        client.remove_tool("get_weather")
        await client.disconnect()
        assert await service.leftovers() == []
        assert ended.is_set()


async def test_a_block_that_fails_leaves_no_task(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()

        async def application() -> None:
            async with client:
                await client.create_response()
                raise LookupError("of the application")

        with pytest.raises(LookupError, match="of the application"):
            await application()
        assert await service.leftovers() == []
        assert not client.is_connected()


async def test_a_disconnect_after_a_lost_line_leaves_no_task(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed.api._HANDLER_GRACE", 0.01)
    async with serve() as service:
        client = service.client()
        await client.connect()
        running = asyncio.Event()

        async def endless(_: object) -> None:
            running.set()
            await asyncio.Event().wait()

        client.realtime.on("server.input_audio_buffer.cleared", endless)
        await settle(client)
        await running.wait()
        service.lose_line(client)
        with suppress(ConnectionClosed):
            await client.wait_for("response.done")
        await client.disconnect()
        assert await service.leftovers() == []


async def test_a_client_works_inside_a_task_group(serve: Serve) -> None:
    async with serve() as service:
        finished: list[str] = []

        async def turn(text: str) -> None:
            async with service.client() as client:
                await client.update_session(output_modalities=["text"])
                await say(client, text)
                finished.append(client.conversation.items[-1].formatted.text)

        async with asyncio.TaskGroup() as group:
            for text in ("one", "two", "three"):
                group.create_task(turn(text))
        assert sorted(finished) == ["one", "three", "two"]
        assert await service.leftovers() == []


async def test_a_failing_task_group_ends_its_clients(serve: Serve) -> None:
    async with serve() as service:
        connected = asyncio.Event()

        async def listen() -> None:
            async with service.client() as client:
                connected.set()
                async for _ in client:
                    pass

        async def fail() -> None:
            await connected.wait()
            raise LookupError("of the application")

        async def application() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(listen())
                group.create_task(fail())

        with pytest.raises(ExceptionGroup) as caught:
            await application()
        assert [type(error) for error in caught.value.exceptions] == [LookupError]
        assert await service.leftovers() == []


@pytest.mark.parametrize("steps", [*range(8), 30, 100, 300, 1000, 3000, 10_000])
async def test_a_cancelled_connect_leaves_nothing_and_can_be_repeated(serve: Serve, steps: int) -> None:
    async with serve() as service:
        client = service.client()
        connecting = asyncio.create_task(client.connect())
        for _ in range(steps):
            await asyncio.sleep(0)  # one turn of the loop: the cancellation comes at another point each time
        cancelled = connecting.cancel()
        with suppress(asyncio.CancelledError):
            await connecting
        if cancelled:
            assert not client.is_connected()
            assert await service.leftovers() == []
            await client.connect()
        await settle(client)
        await client.disconnect()


async def test_a_cancelled_send_and_wait_leave_the_connection_usable(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        deletions = [client.conversation.item.delete(item_id=str(number)) for number in range(20)]
        sending = [asyncio.create_task(deletion) for deletion in deletions]
        waiting = asyncio.create_task(client.wait_for("response.done"))
        await asyncio.sleep(0)  # one turn of the loop: everything has begun
        for task in (*sending[::3], waiting):
            task.cancel()
        await asyncio.wait({*sending, waiting})
        await settle(client)
        sent = [str(event["item_id"]) for event in service.received("conversation.item.delete")]
        assert sent == sorted(sent, key=int)
        assert {str(number) for number in range(20) if number % 3} <= set(sent)
        await say(client, "Hello there")


async def test_disconnect_works_from_inside_a_handler(serve: Serve) -> None:
    async with serve() as service:
        for source in ("client", "api"):
            client = service.client()
            left = asyncio.Event()

            async def leave(_: object, client: RealtimeClient = client, left: asyncio.Event = left) -> None:
                await client.disconnect()
                left.set()

            if source == "client":
                client.on("response.done", leave)
            else:
                client.realtime.on("server.response.done", leave)
            await client.connect()
            with reported() as errors:
                await client.send_user_message_content([{"type": "input_text", "text": "Hello there"}])
                await left.wait()
            assert not client.is_connected()
            assert errors == []
            await client.disconnect()
            assert await service.leftovers() == []


async def test_disconnect_works_from_inside_a_tool(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        left, done = asyncio.Event(), asyncio.Event()
        client.on("response.done", lambda _: done.set())

        async def leave(_: dict[str, object]) -> str:
            await done.wait()
            await settle(client)  # by now the client waits for this call, to ask the model to go on
            await client.disconnect()
            left.set()
            return "gone"

        client.add_tool({"name": "get_weather"}, leave)
        await client.connect()
        await client.send_user_message_content([{"type": "input_text", "text": "Tell me the weather"}])
        await left.wait()
        assert not client.is_connected()
