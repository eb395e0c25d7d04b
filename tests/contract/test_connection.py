"""Beginning and ending a connection: what is left, who is told, and how often it can be done."""

import asyncio
from contextlib import suppress
from typing import cast

import pytest

from realtime_typed import ConnectionClosed, RealtimeClient
from realtime_typed.utility_events import CloseEvent
from tests.contract.support import BOUND, Serve, Wire, client_tasks, reported, say, settle

pytestmark = pytest.mark.anyio


async def test_a_client_is_connected_from_connect_to_disconnect(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        assert not client.is_connected()
        assert await client.connect() is True
        assert client.is_connected()
        await client.disconnect()
        assert not client.is_connected()
        await client.disconnect()


async def test_connecting_twice_is_refused_and_harms_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await say(client, "Hello there")
        with pytest.raises(RuntimeError, match="already connected"):
            await client.connect()
        with pytest.raises(RuntimeError, match="already connected"):
            await client.realtime.connect()
        assert len(client.conversation.items) == 2
        assert len(service.server.sessions) == 1


async def test_two_connects_at_once_make_one_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        results = await asyncio.gather(client.connect(), client.connect(), return_exceptions=True)
        assert [type(result) for result in results] == [bool, RuntimeError]
        await settle(client)
        assert len(service.server.sessions) == 1
        await client.disconnect()


async def test_entering_a_connected_client_keeps_its_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        async with client:
            await settle(client)
        assert len(service.server.sessions) == 1
        assert not client.is_connected()


async def test_session_created_can_be_awaited_before_and_after_it_came(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        early = await client.wait_for_session_created(BOUND)
        late = await client.wait_for_session_created(0)
        assert late is early
        assert early.session.id == service.session.id


async def test_session_created_needs_a_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(RuntimeError, match="not connected"):
            await client.wait_for_session_created()
        await client.connect()
        await client.wait_for_session_created(BOUND)
        await client.disconnect()
        with pytest.raises(RuntimeError, match="not connected"):
            await client.wait_for_session_created()


async def test_sending_without_a_connection_says_what_to_do(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(ConnectionClosed, match="call connect"):
            await client.create_response()
        with pytest.raises(ConnectionClosed, match="call connect"):
            await client.append_input_audio(b"\0\0")
        with pytest.raises(ConnectionClosed, match="call connect"):
            await client.send({"type": "response.create"})


async def test_a_client_can_connect_again_with_its_handlers_tools_and_configuration(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        done: list[str] = []
        client.on("response.done", lambda event: done.append(event.type))
        client.add_tool({"name": "noop"}, lambda _: "ok")
        for _ in range(2):
            async with client:
                await client.update_session(instructions="Be brief.", output_modalities=["text"])
                await say(client, "Hello there")
        assert len(done) == 2
        async with client:
            assert client.conversation.items == []
            await settle(client)
            assert service.session.config["instructions"] == "Be brief."
            assert service.session.config["output_modalities"] == ["text"]
            assert [tool["name"] for tool in cast("list[Wire]", service.session.config["tools"])] == ["noop"]


async def test_the_conversation_outlives_the_block_but_not_disconnect(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        async with client:
            await say(client, "Hello there")
        assert len(client.conversation.items) == 2
        await client.disconnect()
        assert client.conversation.items == []


async def test_reset_makes_a_client_like_new(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        seen: list[str] = []
        client.on("*", lambda event: seen.append(event.type))
        client.realtime.on("server.*", lambda event: seen.append(event.type))
        client.add_tool({"name": "noop"}, lambda _: "ok")
        await client.connect()
        await client.update_session(instructions="Be brief.", turn_detection={"type": "server_vad"})
        await say(client, "Hello there")
        await client.reset()
        assert not client.is_connected()
        assert client.conversation.items == []
        assert client.get_turn_detection_type() is None
        seen.clear()
        async with client:
            await settle(client)
            assert service.received("session.update") == [
                {
                    "type": "session.update",
                    "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}, "tools": []},
                }
            ]
        assert seen == []


@pytest.mark.parametrize("code", [1001, 1011])
async def test_an_iteration_raises_when_the_service_ends_the_session(serve: Serve, code: int) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        service.session.close(code, "because")
        with pytest.raises(ConnectionClosed) as caught:
            async for _ in client:
                pass
        assert (caught.value.code, caught.value.reason, caught.value.clean) == (code, "because", False)
        assert not client.is_connected()


async def test_an_iteration_raises_when_the_line_is_lost(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        service.lose_line(client)
        with pytest.raises(ConnectionClosed) as caught:
            async for _ in client:
                pass
        assert caught.value.code == 1006
        assert not client.is_connected()


async def test_an_iteration_ends_when_the_service_closes_in_agreement(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        service.session.close(1000)
        names = [event.type async for event in client]
        assert names == ["session.created", "session.updated", "input_audio_buffer.cleared"]


async def test_an_iteration_ends_at_disconnect(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        names: list[str] = []
        async for event in client:
            names.append(event.type)
            if event.type == "session.updated":
                await client.disconnect()
        assert names == ["session.created", "session.updated"]


@pytest.mark.parametrize("end", ["lost", 1001, 1011, 1000, "disconnect"])
async def test_waiters_end_with_the_connection(serve: Serve, end: str | int) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        waits: list[asyncio.Task[object]] = [
            asyncio.create_task(client.wait_for_next("response.done")),
            asyncio.create_task(client.wait_for_next_item()),
            asyncio.create_task(client.realtime.wait_for("server.error")),
        ]
        await settle(client)
        if end == "lost":
            service.lose_line(client)
        elif end == "disconnect":
            await client.disconnect()
        else:
            service.session.close(int(end))
        code = {"lost": 1006, "disconnect": 1000}.get(str(end)) or end
        for error in await asyncio.gather(*waits, return_exceptions=True):
            assert isinstance(error, ConnectionClosed)
            assert error.code == code
        with pytest.raises(ConnectionClosed):
            await client.wait_for("response.done")
        with pytest.raises(ConnectionClosed):
            await client.create_response()


@pytest.mark.parametrize(("code", "error"), [(1000, False), (1011, True)])
async def test_the_close_event_says_how_it_ended(serve: Serve, code: int, error: bool) -> None:
    async with serve() as service, service.client() as client:
        closed: asyncio.Future[CloseEvent] = asyncio.get_running_loop().create_future()
        client.realtime.on("close", closed.set_result)
        await settle(client)
        service.session.close(code, "because")
        assert await closed == CloseEvent(code, "because", error=error)


async def test_a_lost_client_can_connect_again(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        await settle(client)
        service.lose_line(client)
        with suppress(ConnectionClosed):
            await client.wait_for("response.done")
        await client.connect()
        await say(client, "Hello there")
        await client.disconnect()


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
        assert client_tasks() == []
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
        assert client_tasks() == []
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
        assert client_tasks() == []


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
        assert client_tasks() == []


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
        assert client_tasks() == []


@pytest.mark.parametrize("steps", range(8))
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
            assert client_tasks() == []
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
            assert client_tasks() == []


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
