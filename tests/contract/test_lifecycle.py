"""Anything may be cancelled, at any point, and a connection ends in time: nothing is left, and the client goes on."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Final, cast

import pytest

from realtime_typed import ConnectError, ConnectionClosed, RealtimeClient, ServerError
from realtime_typed._generated.realtime.params import ConversationItemParam
from realtime_typed.dispatch import EventSource
from tests.contract.cancellation import turns_of, watched
from tests.contract.support import BOUND, Serve, raw, reported, say, settle

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

# The error that the service answers with is as good an end as any.
_ENDINGS = (asyncio.CancelledError, ServerError, ConnectionClosed)


@pytest.fixture
def serve(serve: Serve) -> Serve:
    """As everywhere; and nothing is left behind in the process."""
    return watched(serve)


async def cancelled_after(turns: int, work: Coroutine[object, object, object]) -> bool:
    """Let work run for so many turns of the loop, then cancel it; say whether it had ended before."""
    task = asyncio.create_task(work)
    for _ in range(turns):
        if task.done():
            break
        await asyncio.sleep(0)
    ended = task.done()
    task.cancel()
    async with asyncio.timeout(BOUND):
        with suppress(*_ENDINGS):
            await task
    return ended


async def test_connect_can_be_cancelled_at_every_point(serve: Serve) -> None:
    async with serve(bound=100) as service:
        for turns in turns_of(service):
            client = service.client()
            ended = await cancelled_after(turns, client.connect())
            assert client.is_connected() is ended
            if not ended:
                assert await service.leftovers() == []
                await client.connect()
            await settle(client)
            await client.disconnect()
            assert await service.leftovers() == []
            if ended:
                break


async def test_disconnect_can_be_cancelled_at_every_point(serve: Serve) -> None:
    async with serve(bound=100) as service:
        client = service.client()
        for turns in turns_of(service):
            await client.connect()
            await settle(client)
            ended = await cancelled_after(turns, client.disconnect())
            # It may have been cancelled before it began.
            await client.disconnect()
            assert not client.is_connected()
            assert await service.leftovers() == []
            if ended:
                break


async def done(client: RealtimeClient) -> None:
    await (await client.create_response()).done()


async def read_text(client: RealtimeClient) -> None:
    async for _ in (await client.send_text("Hello there")).text:
        pass


async def expect(client: RealtimeClient) -> None:
    async with client.events["input_audio_buffer.cleared"].expect(BOUND):
        await client.input_audio_buffer.clear()


async def iterate(client: RealtimeClient) -> None:
    async for _ in client:
        pass


async def read_stream(client: RealtimeClient) -> None:
    with client.events["response.done"].stream() as stream:
        async for _ in stream:
            pass


async def hear(client: RealtimeClient) -> None:
    async for _ in client.audio_output:
        pass


async def wait_for(client: RealtimeClient) -> None:
    await client.wait_for("response.done")


async def append(client: RealtimeClient) -> None:
    await client.append_input_audio(b"\0\0" * 2400)


async def commit(client: RealtimeClient) -> None:
    await client.append_input_audio(b"\0\0" * 2400)
    await client.input_audio_buffer.commit()


async def update(client: RealtimeClient) -> None:
    await client.update_session(instructions="Be brief.")
    await client.update_session(instructions="Be long.")


async def change_tools(client: RealtimeClient) -> None:
    with suppress(ValueError):
        client.remove_tool("noop")
    await client.add_tool({"name": "noop"}, lambda _: "ok")


async def seed(client: RealtimeClient) -> None:
    await client.seed([cast("ConversationItemParam", user("Hello")) for _ in range(3)])


CALLS: Final[dict[str, Callable[[RealtimeClient], Coroutine[object, object, object]]]] = {
    "send": lambda client: client.send(raw({"type": "input_audio_buffer.clear"})),
    "update_session": update,
    "create_response": lambda client: client.create_response(),
    "done": done,
    "text": read_text,
    "send_text": lambda client: client.send_text("Hello there"),
    "append_input_audio": append,
    "commit": commit,
    "wait_for": wait_for,
    "expect": expect,
    "iterate": iterate,
    "stream": read_stream,
    "audio_output": hear,
    "delete_item": lambda client: client.delete_item("unknown"),
    "cancel_response": lambda client: client.cancel_response(),
    "interrupt": lambda client: client.interrupt(),
    "seed": seed,
    "add_tool": change_tools,
}
# These wait for what does not come.
_ENDLESS: Final = ("wait_for", "iterate", "stream", "audio_output")


@pytest.mark.parametrize("name", CALLS)
async def test_every_call_can_be_cancelled_at_every_point(serve: Serve, name: str) -> None:
    async with serve(bound=100) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        for turns in turns_of(service):
            ended = await cancelled_after(turns, CALLS[name](client))
            assert client.is_connected()
            await settle(client)
            if ended or (name in _ENDLESS and turns > 20):
                break
        await say(client, "Goodbye")


async def test_a_cancelled_call_takes_no_event_of_another_along(serve: Serve) -> None:
    async with serve(bound=60) as service, service.client() as client:
        await settle(client)
        for turns in range(12):
            before = len(service.received("conversation.item.delete"))
            others = [
                asyncio.create_task(client.conversation.item.delete(item_id=f"{turns} {number}")) for number in range(4)
            ]
            await cancelled_after(turns, client.send(raw({"type": "input_audio_buffer.clear"})))
            await asyncio.gather(*others, return_exceptions=True)
            sent = [event["item_id"] for event in service.received("conversation.item.delete")[before:]]
            assert sent == [f"{turns} {number}" for number in range(4)]


# How a connection ends.


async def test_disconnects_at_the_same_time_all_return_when_it_has_ended(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        await settle(client)
        await asyncio.gather(*(client.disconnect() for _ in range(3)), client.realtime.disconnect())
        assert not client.is_connected()
        assert await service.leftovers() == []
        await client.disconnect()
        async with client:
            await settle(client)


async def test_disconnect_ends_a_connect_that_runs(serve: Serve) -> None:
    async with serve(bound=100) as service:
        for turns in turns_of(service):
            client = service.client()
            connecting = asyncio.create_task(client.connect())
            for _ in range(turns + 1):
                await asyncio.sleep(0)
            ended = connecting.done()
            await client.disconnect()
            assert connecting.done()
            # It may have succeeded in the same moment.
            assert isinstance(connecting.exception(), ConnectError | ConnectionClosed | None)
            assert not client.is_connected()
            assert await service.leftovers() == []
            await client.connect()
            await settle(client)
            await client.disconnect()
            if ended:
                break


async def test_disconnect_ends_what_waits(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        waits = [asyncio.create_task(CALLS[name](client)) for name in ("wait_for", "iterate", "stream", "audio_output")]
        await settle(client)
        await client.disconnect()
        results = await asyncio.gather(*waits, return_exceptions=True)
        assert [type(result) for result in results] == [ConnectionClosed, type(None), type(None), type(None)]


async def test_a_handler_that_never_returns_is_cancelled(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_grace(monkeypatch)
    async with serve() as service:
        client = service.client()
        running, cancelled = asyncio.Event(), asyncio.Event()

        async def endless(_: object) -> None:
            running.set()
            try:
                await asyncio.Event().wait()
            finally:
                cancelled.set()

        client.on("session.created", endless)
        await client.connect()
        await running.wait()
        await client.disconnect()
        assert cancelled.is_set()
        assert await service.leftovers() == []


def shorten_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have handlers that do not return be cancelled soon, for each is given five seconds."""
    settle_handlers = EventSource._settle_handlers  # pyright: ignore[reportPrivateUsage]  # no public way shortens it

    async def at_once(self: EventSource, timeout: float) -> None:
        await settle_handlers(self, min(timeout, 0.01))

    monkeypatch.setattr("realtime_typed.dispatch.EventSource._settle_handlers", at_once)


async def test_a_tool_that_hangs_in_a_thread_holds_up_neither_disconnect_nor_the_next_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        begun, go = threading.Event(), threading.Event()

        def get_weather() -> str:
            begun.set()
            assert go.wait(BOUND)
            return "fine"

        client.add_tool(get_weather)
        await client.connect()
        await client.update_session(output_modalities=["text"])
        await client.send(raw({"type": "conversation.item.create", "item": user("Tell me the weather")}))
        await client.create_response()
        assert await asyncio.to_thread(begun.wait, BOUND)
        await client.disconnect()
        assert not go.is_set()
        client.remove_tool("get_weather")
        async with client:
            await settle(client)
        go.set()
        for thread in threading.enumerate():
            if thread.name == "realtime-typed tool":
                thread.join(BOUND)


def user(text: str) -> dict[str, object]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


async def test_a_handler_that_fails_ends_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:

        def fail(_: object) -> None:
            raise LookupError("of the application")

        async def fail_later(_: object) -> None:
            await asyncio.sleep(0)
            raise LookupError("of the application")

        client.on("response.done", fail)
        client.on("response.done", fail_later)
        client.realtime.on("server.response.done", fail)
        with reported() as errors:
            await say(client, "one")
            await say(client, "two")
            await settle(client)
        assert client.is_connected()
        assert {str(error) for error in errors} == {"of the application"}


async def test_an_error_event_ends_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        for code in ("invalid_value", "insufficient_quota", "server_error", None):
            error = {"type": "server_error", "code": code, "message": "Something is wrong."}
            async with client.events["error"].expect(BOUND):
                service.session.emit({"type": "error", "error": error})
        await say(client, "Hello there")


# asyncio's own ways to end things.


async def test_a_sibling_that_fails_ends_a_client_in_a_task_group_at_every_point(serve: Serve) -> None:
    async with serve(bound=100) as service:
        for turns in [*range(0, 40, 3), 100] if not service.by_track else [0, 20, 200, 800]:

            async def live() -> None:
                async with service.client() as client:
                    await done(client)
                    await wait_for(client)

            async def fail(turns: int = turns) -> None:
                for _ in range(turns):
                    await asyncio.sleep(0)
                raise LookupError("of the application")

            with pytest.RaisesGroup(LookupError):
                async with asyncio.TaskGroup() as group:
                    group.create_task(live())
                    group.create_task(fail())
            assert await service.leftovers() == []


async def test_a_timeout_ends_a_block(serve: Serve) -> None:
    async with serve() as service:
        entered = asyncio.Event()

        async def block() -> None:
            async with asyncio.timeout(None) as limit, service.client() as client:
                await settle(client)
                entered.set()
                limit.reschedule(asyncio.get_running_loop().time())
                await wait_for(client)

        with pytest.raises(TimeoutError):
            await block()
        assert entered.is_set()
        assert await service.leftovers() == []


async def test_a_client_lives_on_without_the_loops_default_pool(serve: Serve) -> None:
    async with serve() as service:
        if service.by_track:
            pytest.skip("aiortc encodes audio in that pool")
        await asyncio.get_running_loop().shutdown_default_executor()
        client = service.client()

        def get_weather() -> str:
            return "fine"

        client.add_tool(get_weather)
        async with (
            client,
            client.events["conversation.item.completed"].expect(
                BOUND, predicate=lambda event: getattr(event.item, "type", "") == "function_call_output"
            ),
        ):
            await client.send_text("Tell me the weather")
