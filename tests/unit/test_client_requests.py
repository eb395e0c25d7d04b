"""Sends that wait for their answer, with services that speak otherwise than OpenAI's, or do not answer."""

import asyncio
import json
from typing import cast

import pytest

from realtime_typed import EventValidationError, RealtimeClient, ServerError
from realtime_typed.codec import Dialect
from realtime_typed.local import LocalServer
from realtime_typed.transports.memory import MemoryTransport, memory_pair
from realtime_typed.types import ConversationItemAdded, UserMessageItemParam

pytestmark = pytest.mark.anyio

BOUND = 10.0
HI: UserMessageItemParam = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}


class Line:
    """A client's transport; the test is the service at the other end."""

    def __init__(self) -> None:
        self._end: MemoryTransport | None = None

    def __call__(self) -> MemoryTransport:
        client, self._end = memory_pair()
        return client

    async def received(self) -> dict[str, object]:
        """What the client sent next."""
        assert self._end is not None
        async with asyncio.timeout(BOUND):
            event: dict[str, object] = json.loads(await self._end.recv())
        return event

    async def answer(self, name: str, **fields: object) -> None:
        assert self._end is not None
        await self._end.send(json.dumps({"type": name, "event_id": "event_1", **fields}))


async def test_an_error_without_event_id_is_raised_by_the_request_it_can_belong_to() -> None:
    async with asyncio.timeout(BOUND), LocalServer(quirks=["errors_without_event_id"]) as server:
        client = RealtimeClient(transport=server.memory_transport, api_key=server.api_key)
        async with client:
            with pytest.raises(ServerError) as raised:
                await client.conversation.item.delete(item_id="none")
            assert (raised.value.code, raised.value.event_id) == ("item_delete_invalid_item_id", None)
            refused, added = await asyncio.gather(
                client.conversation.item.retrieve(item_id="none"),
                client.conversation.item.create(item=HI),
                return_exceptions=True,
            )
            assert isinstance(refused, ServerError)
            assert isinstance(added, ConversationItemAdded)


async def test_an_item_that_is_announced_by_its_older_name_is_the_answer() -> None:
    async with asyncio.timeout(BOUND), LocalServer(quirks=["beta_item_created"]) as server:
        client = RealtimeClient(transport=server.memory_transport, api_key=server.api_key)
        async with client:
            added = await client.conversation.item.create(item=HI)
            assert isinstance(added, ConversationItemAdded)
            assert added.item.formatted.text == "Hi"


@pytest.mark.parametrize("dialect", ["beta", "auto"])
async def test_in_the_beta_dialect_the_answers_are_those_of_ga(dialect: Dialect) -> None:
    async with asyncio.timeout(BOUND), LocalServer(quirks=["voice_live"]) as server:
        client = RealtimeClient(transport=server.memory_transport, api_key=server.api_key, dialect=dialect)
        async with client:
            updated = await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
            assert updated.type == "session.updated"
            added = await client.conversation.item.create(item={**HI, "id": "mine"})
            assert isinstance(added, ConversationItemAdded)
            assert added.item.id == "mine"
            assert (await client.conversation.item.retrieve(item_id="mine")).item.formatted.text == "Hi"
            created = await client.response.create()
            assert (
                await client.response.cancel(response_id=str(created.response.id))
            ).response.id == created.response.id
            await client.delete_item("mine")
            with pytest.raises(ServerError):
                await client.delete_item("mine")


async def test_only_requests_have_an_event_id_of_ours() -> None:
    line = Line()
    async with asyncio.timeout(BOUND), RealtimeClient(transport=line) as client:
        assert "event_id" not in await line.received()
        await client.send({"type": "input_audio_buffer.clear"})
        assert await line.received() == {"type": "input_audio_buffer.clear"}
        await client.output_audio_buffer.clear()
        assert await line.received() == {"type": "output_audio_buffer.clear"}
        asking = asyncio.create_task(client.input_audio_buffer.clear())
        sent = await line.received()
        assert sent == {"type": "input_audio_buffer.clear", "event_id": sent["event_id"]}
        await line.answer("input_audio_buffer.cleared")
        await line.answer("input_audio_buffer.cleared")
        assert (await asking).event_id == "event_1"


async def test_a_service_that_never_answers_is_a_timeout_and_the_change_stays() -> None:
    line = Line()
    async with asyncio.timeout(BOUND), RealtimeClient(transport=line) as client:
        await line.received()
        with pytest.raises(TimeoutError, match=r"no 'session.updated' answered 'session.update' within 0\.05 s"):
            await client.update_session(turn_detection={"type": "server_vad"}, timeout=0.05)
        assert client.get_turn_detection_type() == "server_vad"


async def test_what_does_not_fit_its_schema_is_neither_sent_nor_waited_for() -> None:
    line = Line()
    async with asyncio.timeout(BOUND), RealtimeClient(transport=line) as client:
        await line.received()
        with pytest.raises(EventValidationError, match="item_id"):
            await client.conversation.item.delete(item_id=cast("str", 3))
        asking = asyncio.create_task(client.conversation.item.delete(item_id="item_1"))
        assert (await line.received())["item_id"] == "item_1"
        await line.answer("conversation.item.deleted", item_id="item_1")
        assert (await asking).item_id == "item_1"


async def test_an_answer_that_does_not_fit_its_schema_is_an_answer() -> None:
    line = Line()
    async with asyncio.timeout(BOUND), RealtimeClient(transport=line) as client:
        asking = asyncio.create_task(client.conversation.item.delete(item_id="item_1"))
        await line.received()
        await line.received()
        await line.answer("conversation.item.deleted", item_id="item_1", event_id=None)
        assert (await asking).item_id == "item_1"


async def test_the_next_connection_knows_nothing_of_the_requests_of_the_last() -> None:
    line = Line()
    client = RealtimeClient(transport=line)
    async with asyncio.timeout(BOUND), client:
        await client.send({"type": "input_audio_buffer.clear"})
        await line.received()
    async with asyncio.timeout(BOUND), client:
        asking = asyncio.create_task(client.input_audio_buffer.clear())
        await line.received()
        await line.received()
        await line.answer("input_audio_buffer.cleared")
        assert (await asking).type == "input_audio_buffer.cleared"
