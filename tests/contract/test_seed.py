"""A conversation goes on in another session."""

import asyncio
import json
from typing import Final, cast

import pytest

from realtime_typed import EventValidationError, RealtimeClient, ServerError
from realtime_typed._generated.realtime.params import ConversationItemParam
from realtime_typed.local import ScriptedResponder, TextReply
from realtime_typed.types import ConversationItem
from tests.contract.support import BOUND, Serve, heard, raw, speech

pytestmark = pytest.mark.anyio


def texts(client: RealtimeClient) -> list[str]:
    return [item.formatted.text for item in client.conversation.items]


async def test_a_spoken_conversation_goes_on_as_text_in_another_session(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([["Spoken words."]])) as service:
        async with service.client() as client:
            await client.update_session(input_audio_transcription={"model": "whisper-1"})
            transcribed: Final = "conversation.item.input_audio_transcription.completed"
            async with client.events[transcribed].expect(BOUND), heard(client):
                await client.append_input_audio(speech()[:24_000])
                await client.create_response()
            items = client.conversation.export()
            said = client.conversation.items[0].formatted.transcript
        assert [item.to_wire() for item in items] == [
            {"id": items[0].id, "type": "message", "role": "user", "content": [{"type": "input_text", "text": said}]},
            {
                "id": items[1].id,
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Spoken words."}],
            },
        ]
        written = json.dumps([item.to_wire() for item in items])
        async with service.client() as client:
            seeded = await client.seed(cast("list[ConversationItemParam]", json.loads(written)))
            assert [item.id for item in seeded] == [item.id for item in items]
            assert client.conversation.items == seeded
            assert texts(client) == [said, "Spoken words."]
            assert [item.id for item in service.session.history.items()] == [item.id for item in items]
            assert client.conversation.export() == items


async def test_calls_and_their_outputs_are_seeded_in_order(serve: Serve) -> None:
    call: dict[str, object] = {"id": "f1", "type": "function_call", "name": "add", "call_id": "c1", "arguments": "{}"}
    output: dict[str, object] = {"id": "o1", "type": "function_call_output", "call_id": "c1", "output": "3"}
    filler: list[dict[str, object]] = [
        {"id": f"m{n}", "type": "message", "role": "system", "content": [{"type": "input_text", "text": str(n)}]}
        for n in range(100)
    ]
    wires = [call, output, *filler]
    async with serve() as service, service.client() as client:
        await client.update_session(tools=[{"type": "function", "name": "add", "parameters": {"type": "object"}}])
        await client.seed(cast("list[ConversationItemParam]", wires))
        assert [item.id for item in client.conversation.items] == [wire["id"] for wire in wires]
        assert [item.to_wire() for item in client.conversation.export()] == wires


async def test_seeding_nothing_sends_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        assert await client.seed([]) == []
        assert service.received("conversation.item.create") == []


async def test_an_item_that_is_none_is_refused_before_anything_is_sent(serve: Serve) -> None:
    good = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
    async with serve() as service, service.client() as client:
        with pytest.raises(EventValidationError):
            await client.seed(cast("list[ConversationItemParam]", [good, {"type": "message", "role": "nobody"}]))
        await client.input_audio_buffer.clear()
        assert service.received("conversation.item.create") == []


async def test_an_item_that_the_service_refuses_raises_its_error(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([TextReply("Hello.")])) as service, service.client() as client:
        item: dict[str, object] = {"id": "m1", "type": "message", "role": "user"}
        item["content"] = [{"type": "input_text", "text": "Hi"}]
        (first,) = await client.seed(cast("list[ConversationItemParam]", [item]))
        with pytest.raises(ServerError, match="already in the conversation"):
            await client.seed(cast("list[ConversationItem]", [first, {**item, "id": "m2"}]))
        assert [found.id for found in client.conversation.items] == ["m1", "m2"]


async def test_an_item_at_the_beginning_stands_there_at_both_ends(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        for item_id, previous in (("b", None), ("c", None), ("a", "root"), ("b2", "b")):
            item: dict[str, object] = {"id": item_id, "type": "message", "role": "system", "content": list[object]()}
            event: dict[str, object] = {"type": "conversation.item.create", "item": item, "previous_item_id": previous}
            await client.send(raw({name: value for name, value in event.items() if value is not None}))
        async with asyncio.timeout(BOUND):
            await client.input_audio_buffer.clear()
        assert [item.id for item in client.conversation.items] == ["a", "b", "b2", "c"]
        assert [item.id for item in service.session.history.items()] == ["a", "b", "b2", "c"]
