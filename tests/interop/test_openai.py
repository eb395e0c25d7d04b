"""The official openai package, unchanged, against LocalServer."""

import asyncio

import pytest
from openai import AsyncOpenAI
from openai.types.realtime import RealtimeFunctionToolParam

from realtime_typed.local import LocalServer

pytestmark = pytest.mark.anyio


async def test_a_text_turn_completes() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        client = AsyncOpenAI(base_url=server.base_url, api_key=server.api_key)
        async with client, client.realtime.connect(model="gpt-realtime") as connection:
            await connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            await connection.conversation.item.create(
                item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello there!"}]}
            )
            await connection.response.create()
            text, types = "", list[str]()
            async for event in connection:
                types.append(event.type)
                if event.type == "response.output_text.delta":
                    text += event.delta
                if event.type == "response.done":
                    assert event.response.status == "completed"
                    break
    assert text == "Hello there!"
    assert types[:2] == ["session.created", "session.updated"]
    assert "error" not in types


async def test_a_spoken_answer_and_a_tool_call_arrive() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        client = AsyncOpenAI(base_url=server.base_url, api_key=server.api_key)
        async with client, client.realtime.connect(model="gpt-realtime") as connection:
            tool: RealtimeFunctionToolParam = {
                "type": "function",
                "name": "get_weather",
                "parameters": {"properties": {"city": {"type": "string"}}},
            }
            await connection.session.update(session={"type": "realtime", "tools": [tool]})
            await connection.conversation.item.create(
                item={
                    "type": "message",
                    "role": "user",
                    "content": [{"type": "input_text", "text": "Weather in Oslo?"}],
                }
            )
            await connection.response.create()
            async for event in connection:
                assert event.type != "error"
                if event.type == "response.function_call_arguments.done":
                    assert event.arguments == '{"city": "Oslo"}'
                    await connection.conversation.item.create(
                        item={"type": "function_call_output", "call_id": event.call_id, "output": "Sunny."}
                    )
                if event.type == "response.done":
                    if event.response.output and event.response.output[0].type == "message":
                        break
                    await connection.response.create()
                if event.type == "response.output_audio_transcript.done":
                    assert event.transcript == "Sunny."
