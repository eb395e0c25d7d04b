"""What of the client no transport has a part in; all else is tested over every transport in `tests/contract`."""

import asyncio
import inspect
import json
from collections.abc import Coroutine, Mapping
from typing import Final

import numpy as np
import pytest

from realtime_typed import ConnectionClosed, RealtimeClient
from realtime_typed.client import InputAudio
from realtime_typed.transports.memory import MemoryTransport, memory_pair
from realtime_typed.types import ConversationItemCreate, InputTextPart, SystemMessageItem

pytestmark = pytest.mark.anyio

BOUND = 10.0


class Line:
    """Makes memory transports for a client; the test is the service at the other end."""

    def __init__(self, max_queue: int = 1024) -> None:
        self._max_queue = max_queue
        self.ends: list[MemoryTransport] = []

    def __call__(self) -> MemoryTransport:
        client, accepting = memory_pair(max_queue=self._max_queue)
        self.ends.append(accepting)
        return client

    async def recv(self) -> dict[str, object]:
        """What the client sent next."""
        found: dict[str, object] = json.loads(await self.ends[-1].recv())
        return found

    async def answer(
        self, action: Coroutine[object, object, object], answer: Mapping[str, object]
    ) -> dict[str, object]:
        """Let the client do something that waits for the service; returns what it sent, without ids of its own."""
        doing = asyncio.create_task(action)
        sent = await self.recv()
        await self.ends[-1].send(json.dumps(answer))
        await doing
        del sent["event_id"]
        return sent


BEGUN: Final = {"type": "response.created", "response": {"id": "resp_1"}}


class StuckLine:
    """A transport of an application's own: frames wait in `send` until it is lost."""

    name = "stuck"

    def __init__(self, *, lost: bool) -> None:
        self._inner = memory_pair()[0]
        self._lost = lost
        self.sending = asyncio.Event()

    async def connect(self) -> None:
        await self._inner.connect()

    async def send(self, data: str) -> None:
        self.sending.set()
        if self._lost:
            self._inner.abort()
            await self._inner.send(data)
        await asyncio.Event().wait()

    async def recv(self) -> str:
        return await self._inner.recv()

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self._inner.close(code, reason)


REFERENCE_METHODS = [
    "connect",
    "disconnect",
    "is_connected",
    "reset",
    "wait_for_session_created",
    "get_turn_detection_type",
    "add_tool",
    "remove_tool",
    "delete_item",
    "update_session",
    "send_user_message_content",
    "append_input_audio",
    "create_response",
    "cancel_response",
    "wait_for_next_item",
    "wait_for_next_completed_item",
    "on",
    "on_next",
    "off",
    "off_next",
    "wait_for_next",
    "clear_event_handlers",
]


@pytest.mark.parametrize("name", REFERENCE_METHODS)
def test_every_method_of_the_reference_client_is_there_and_explained(name: str) -> None:
    method = getattr(RealtimeClient, name)
    assert callable(method)
    assert inspect.getdoc(method)


def test_a_client_can_be_made_and_shown_without_a_loop_and_without_a_key() -> None:
    client = RealtimeClient(api_key="sk-secret")
    assert "sk-secret" not in repr(client)
    assert "not connected" in repr(client)
    assert client.conversation.items == []
    assert client.conversation.get_items() == []
    assert client.realtime.model == "gpt-realtime"


async def test_a_connect_that_cannot_tell_the_configuration_leaves_no_connection() -> None:
    client = RealtimeClient(transport=lambda: StuckLine(lost=True))
    before = asyncio.all_tasks()
    async with asyncio.timeout(BOUND):
        with pytest.raises(ConnectionClosed):
            await client.connect()
    assert not client.is_connected()
    assert asyncio.all_tasks() == before


async def test_a_connect_cancelled_while_it_tells_the_configuration_leaves_no_connection() -> None:
    line = StuckLine(lost=False)
    client = RealtimeClient(transport=lambda: line)
    before = asyncio.all_tasks()
    async with asyncio.timeout(BOUND):
        connecting = asyncio.create_task(client.connect())
        await line.sending.wait()
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
    assert not client.is_connected()
    assert asyncio.all_tasks() == before


async def test_disconnect_does_not_wait_for_a_service_that_does_not_read() -> None:
    line = Line(max_queue=1)
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND):
        await client.connect()
        client.add_tool({"name": "first"}, lambda _: None)
        client.add_tool({"name": "second"}, lambda _: None)
        await asyncio.sleep(0)  # a turn of the loop: the line is full now
        await client.disconnect()
    assert not client.is_connected()


async def test_disconnect_leaves_a_tool_that_cannot_be_cancelled_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed._tool_calls._GRACE", 0.01)
    line = Line()
    client = RealtimeClient(transport=line)
    release, running = asyncio.Event(), asyncio.Event()

    async def stubborn(_: dict[str, object]) -> str:
        running.set()
        while not release.is_set():
            try:
                await release.wait()
            except asyncio.CancelledError:
                continue
        return "late"

    client.add_tool({"name": "stubborn"}, stubborn)
    async with asyncio.timeout(BOUND):
        await client.connect()
        call = {"type": "function_call", "name": "stubborn", "call_id": "call_1", "arguments": "{}"}
        event = {"type": "response.output_item.done", "response_id": "r", "output_index": 0, "item": call}
        await line.ends[-1].send(json.dumps(event))
        await running.wait()
        await client.disconnect()
        assert not client.is_connected()
        release.set()


async def test_a_call_is_left_as_it_is_until_it_is_changed() -> None:
    line = Line()
    client = RealtimeClient(transport=line, call_id="rtc_1")
    async with asyncio.timeout(BOUND):
        await client.connect()
        assert (await line.answer(client.create_response(), BEGUN))["type"] == "response.create"
        updated = {"type": "session.updated", "session": {"type": "realtime"}}
        assert await line.answer(client.update_session(voice="cedar"), updated) == {
            "type": "session.update",
            "session": {"type": "realtime", "audio": {"output": {"voice": "cedar"}}},
        }
        await client.disconnect()
        await client.connect()
        assert (await line.recv())["type"] == "session.update"
        await client.disconnect()


@pytest.mark.parametrize(
    "data",
    [b"\1\0\2\0", bytearray(b"\1\0\2\0"), memoryview(b"\1\0\2\0"), np.array([1, 2], np.int16)],
)
async def test_audio_of_every_kind_is_sent_as_base64(data: bytes) -> None:
    line = Line()
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND), client:
        await line.recv()
        await client.append_input_audio(data)
        assert await line.recv() == {"type": "input_audio_buffer.append", "audio": "AQACAA=="}
        parts: list[InputAudio] = [{"type": "input_audio", "audio": data}, {"type": "input_audio", "audio": "AwA="}]
        asking = asyncio.create_task(client.send_user_message_content(parts))
        item = (await line.recv())["item"]
        assert [(await line.recv())["type"] for _ in range(2)] == ["input_audio_buffer.commit", "response.create"]
        await line.ends[-1].send(json.dumps(BEGUN))
        assert (await asking).id == "resp_1"
        assert isinstance(item, dict)
        assert item["content"] == [
            {"type": "input_audio", "audio": "AQACAA=="},
            {"type": "input_audio", "audio": "AwA="},
        ]


async def test_no_audio_sends_nothing_and_what_is_no_audio_is_refused() -> None:
    line = Line()
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND), client:
        await line.recv()
        await client.append_input_audio(b"")
        with pytest.raises(ValueError, match="odd number"):
            await client.append_input_audio(b"\0")
        with pytest.raises(TypeError):
            await client.append_input_audio(5)  # type: ignore[arg-type]  # what a checker refuses
        assert await line.answer(client.create_response(), BEGUN) == {"type": "response.create"}


async def test_a_message_without_parts_only_asks_for_a_response() -> None:
    line = Line()
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND), client:
        await line.recv()
        assert await line.answer(client.send_user_message_content(), BEGUN) == {"type": "response.create"}


async def test_the_calls_of_a_response_that_never_ends_are_answered_and_the_model_is_asked_to_go_on() -> None:
    line = Line()
    client = RealtimeClient(transport=line, response_timeout=0.05)
    client.add_tool({"name": "look"}, lambda _: "there")
    async with asyncio.timeout(BOUND), client:
        await line.recv()
        call = {"id": "item_1", "type": "function_call", "name": "look", "call_id": "call_1", "arguments": "{}"}
        done = {"type": "response.output_item.done", "response_id": "resp_1", "output_index": 0, "item": call}
        for event in (BEGUN, done):
            await line.ends[-1].send(json.dumps(event))
        assert (await line.recv())["item"] == {"type": "function_call_output", "call_id": "call_1", "output": "there"}
        assert (await line.recv())["type"] == "response.create"


@pytest.mark.parametrize(("came", "kept"), [(64, 64), (65, 0)])
async def test_an_iteration_begun_after_the_end_gives_what_was_kept(came: int, kept: int) -> None:
    line = Line()
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND):
        await client.connect()
        for number in range(came):
            await line.ends[-1].send(json.dumps({"type": "made.up", "number": number}))
        await line.ends[-1].close(1001)
        with pytest.raises(ConnectionClosed):
            await client.wait_for("error")
        stream = aiter(client)
        given = [(await anext(stream)).to_wire()["number"] for _ in range(kept)]
        with pytest.raises(ConnectionClosed) as caught:
            await anext(stream)
        assert caught.value.code == 1001
        assert given == list(range(kept))


async def test_what_has_no_sense_as_a_tool_is_refused() -> None:
    client = RealtimeClient()
    with pytest.raises(TypeError, match="a definition has its own"):
        client.add_tool({"name": "look"}, lambda _: "there", name="see")  # type: ignore[call-overload]  # what a checker refuses
    with pytest.raises(TypeError, match="must be callable, got 7"):
        client.on_mcp_approval(7)  # type: ignore[arg-type]  # what a checker refuses
    with pytest.raises(ConnectionClosed, match="not connected"):
        await client.interrupt()


async def test_an_item_without_an_id_may_be_put_first() -> None:
    line = Line()
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND), client:
        await line.recv()
        item = SystemMessageItem(content=[InputTextPart(text="Rules")])
        await client.send(ConversationItemCreate(previous_item_id="root", item=item))
        assert (await line.recv())["previous_item_id"] == "root"
        for item_id in ("u1", "u2"):
            event = {
                "type": "conversation.item.added",
                "item": {**item.to_wire(), "id": item_id},
                "previous_item_id": None,
            }
            await line.ends[-1].send(json.dumps(event))
        await client.wait_for("conversation.item.added", timeout=BOUND, predicate=lambda event: event.item.id == "u2")
        assert [found.id for found in client.conversation.items] == ["u1", "u2"]
