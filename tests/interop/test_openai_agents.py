"""The realtime session of openai-agents, unchanged, against LocalServer."""

import asyncio

import pytest
from agents import set_tracing_disabled
from agents.realtime import RealtimeAgent, RealtimeModelConfig, RealtimeRunner

from realtime_typed.local import LocalServer

pytestmark = pytest.mark.anyio


async def test_a_text_turn_completes_without_an_error_event() -> None:
    set_tracing_disabled(True)
    async with asyncio.timeout(20), LocalServer() as server:
        runner = RealtimeRunner(RealtimeAgent(name="Echo", instructions="Say what the user says."))
        model = "gpt-realtime"
        config: RealtimeModelConfig = {
            "url": f"{server.ws_url}?model={model}",
            "api_key": server.api_key,
            "initial_model_settings": {"model_name": model},
        }
        types, raw_types, audio = list[str](), list[str](), 0
        async with await runner.run(model_config=config) as session:
            await session.send_message("Hello there!")
            async for event in session:
                types.append(event.type)
                if event.type == "audio":
                    audio += len(event.audio.data)
                if event.type == "raw_model_event" and event.data.type == "raw_server_event":
                    raw_types.append(event.data.data["type"])
                    if raw_types[-1] == "response.done":
                        break
        sent = [event["type"] for event in server.sessions[-1].received]
    assert "error" not in types
    assert "error" not in raw_types
    assert raw_types[0] == "session.created"
    assert audio > 0
    assert sent[0] == "session.update"
    assert {"conversation.item.create", "response.create"} < set(sent)
