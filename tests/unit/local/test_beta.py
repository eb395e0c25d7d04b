"""The beta dialect: off unless asked for, and then the same engine in the reference client's words."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal, cast

import pytest

from realtime_typed._generated.realtime_beta.registry import SERVER_EVENTS
from realtime_typed.local import LocalServer, ScriptedResponder, ToolCall
from realtime_typed.transports import Transport
from realtime_typed.transports.websocket import WebSocketTransport
from tests.unit.local.support import Client, Event, collapsed, error_of, http_of, item_of, problem_of, types_of

pytestmark = pytest.mark.anyio

HEADER = {"OpenAI-Beta": "realtime=v1"}
Kind = Literal["header", "subprotocol", "memory"]
KINDS: tuple[Kind, ...] = ("header", "subprotocol", "memory")
# What the reference client sends right after it has connected.
REFERENCE_SESSION: Event = {
    "modalities": ["text", "audio"],
    "instructions": "",
    "voice": "verse",
    "input_audio_format": "pcm16",
    "output_audio_format": "pcm16",
    "input_audio_transcription": None,
    "turn_detection": None,
    "tools": [],
    "tool_choice": "auto",
    "temperature": 0.8,
    "max_response_output_tokens": 4096,
}


class BetaClient(Client):
    """Every event must be one of beta."""

    async def recv(self) -> Event:
        event = cast("Event", json.loads(await self.transport.recv()))
        assert event["type"] in SERVER_EVENTS, event
        return event


def transport_of(server: LocalServer, kind: Kind, query: str = "?model=gpt-4o-realtime-preview") -> Transport:
    if kind == "memory":
        return server.memory_transport(beta=True)
    url = server.ws_url + query
    if kind == "header":
        return WebSocketTransport(url, headers={"Authorization": f"Bearer {server.api_key}", **HEADER})
    offered = ["realtime", f"openai-insecure-api-key.{server.api_key}", "openai-beta.realtime-v1"]
    return WebSocketTransport(url, subprotocols=offered)


@asynccontextmanager
async def speaking(
    server: LocalServer, kind: Kind = "memory", query: str = "?model=gpt-4o-realtime-preview"
) -> AsyncGenerator[BetaClient]:
    transport = transport_of(server, kind, query)
    async with asyncio.timeout(20):
        await transport.connect()
        try:
            yield BetaClient(transport)
        finally:
            await transport.close()


def session_of(event: Event) -> Event:
    return cast("Event", event["session"])


@pytest.mark.parametrize("kind", KINDS)
async def test_beta_is_off_by_default_as_at_the_service(kind: Kind) -> None:
    async with LocalServer() as server, speaking(server, kind) as client:
        assert error_of(await client.recv())["code"] == "beta_api_shape_disabled"
        assert (await client.closed()).code == 4000
        assert len(server.sessions) == 0


@pytest.mark.parametrize("kind", KINDS)
async def test_a_beta_session_is_flat(kind: Kind) -> None:
    async with LocalServer(beta=True) as server, speaking(server, kind) as client:
        created = await client.recv()
        assert created["type"] == "session.created"
        session = session_of(created)
        assert session["modalities"] == ["text", "audio"]
        assert session["input_audio_format"] == "pcm16"
        assert session["voice"] == "alloy"
        assert session["temperature"] == 0.8
        assert not {"type", "audio", "output_modalities"} & session.keys()


async def test_the_reference_client_s_first_update_is_taken_whole_and_shown_again() -> None:
    async with LocalServer(beta=True) as server, speaking(server, "header") as client:
        await client.recv()
        wanted = REFERENCE_SESSION | {"temperature": 0.7}
        event = await client.ask("session.update", session=wanted)
        assert event["type"] == "session.updated", event
        assert session_of(event).items() >= wanted.items()


async def test_a_beta_field_of_the_wrong_type_is_an_error() -> None:
    async with LocalServer(beta=True) as server, speaking(server) as client:
        await client.recv()
        error = error_of(await client.ask("session.update", session={"instructions": 5}, event_id="mine"))
        assert (error["code"], error["event_id"]) == ("invalid_type", "mine")
        assert error_of(await client.ask("session.update", session={"made_up": 5}))["code"] == "unknown_parameter"


@pytest.mark.parametrize(
    ("modalities", "part", "deltas"),
    [
        (["text"], "text", {"response.text.delta"}),
        (["text", "audio"], "audio", {"response.audio.delta", "response.audio_transcript.delta"}),
    ],
)
async def test_a_turn_has_the_names_and_parts_of_beta(modalities: list[str], part: str, deltas: set[str]) -> None:
    async with LocalServer(beta=True) as server, speaking(server) as client:
        await client.recv()
        await client.ask("session.update", session={"modalities": modalities})
        content = [{"type": "input_text", "text": "Good morning"}]
        item = {"type": "message", "role": "user", "content": content}
        assert (await client.ask("conversation.item.create", item=item))["type"] == "conversation.item.created"
        await client.send("response.create")
        events = await client.until("response.done")
    names = types_of(events)
    assert {name for name in names if name.endswith(".delta")} == deltas
    assert "conversation.item.created" in names
    assert not [name for name in names if name.startswith(("response.output_text", "response.output_audio"))]
    output = cast("list[Event]", cast("Event", events[-1]["response"])["output"])
    assert [entry["type"] for entry in cast("list[Event]", output[0]["content"])] == [part]


async def test_a_tool_turn_in_beta() -> None:
    script = ScriptedResponder([ToolCall("get_weather", {"city": "Paris"}, "call_1"), "It rains."])
    tool: Event = {"type": "function", "name": "get_weather", "parameters": {"type": "object"}}
    async with LocalServer(beta=True, responder=script) as server, speaking(server) as client:
        await client.recv()
        await client.ask("session.update", session={"modalities": ["text"], "tools": [tool]})
        await client.send("response.create", response={"temperature": 0.9, "modalities": ["text"]})
        events = await client.until("response.done")
        assert "response.function_call_arguments.done" in types_of(events)
        output = {"type": "function_call_output", "call_id": "call_1", "output": "rain"}
        created = await client.ask("conversation.item.create", item=output)
        assert item_of(created)["output"] == "rain"
        await client.send("response.create")
        assert "response.text.done" in collapsed(types_of(await client.until("response.done")))


async def test_a_client_that_does_not_ask_for_beta_speaks_ga_to_the_same_server() -> None:
    async with LocalServer(beta=True) as server:
        transport = server.memory_transport()
        async with asyncio.timeout(20):
            await transport.connect()
            created = await Client(transport).recv()
            await transport.close()
    assert session_of(created)["type"] == "realtime"


async def test_a_beta_transcription_session_has_events_of_its_own() -> None:
    async with LocalServer(beta=True) as server, speaking(server, "header", "?intent=transcription") as client:
        assert (await client.recv())["type"] == "transcription_session.created"
        wanted = {"input_audio_transcription": {"model": "whisper-1"}, "turn_detection": None}
        event = await client.ask("transcription_session.update", session=wanted)
        assert event["type"] == "transcription_session.updated"
        assert session_of(event)["turn_detection"] is None
        assert cast("Event", session_of(event)["input_audio_transcription"])["model"] == "whisper-1"


async def test_what_is_no_json_is_refused_in_beta_too() -> None:
    async with LocalServer(beta=True) as server, speaking(server) as client:
        await client.recv()
        await client.transport.send("[")
        assert error_of(await client.recv())["code"] == "invalid_json"
        await client.transport.send("[]")
        assert error_of(await client.recv())["code"] == "invalid_type"


async def test_the_beta_endpoints_exist_with_beta_only() -> None:
    for path in ("/sessions", "/transcription_sessions"):
        async with LocalServer() as server, http_of(server) as http:
            answer = await http.post(path, json={})
        assert (answer.status_code, problem_of(answer)["code"]) == (404, "unknown_url")


async def test_a_beta_session_over_http_comes_with_a_key_that_opens_it() -> None:
    async with LocalServer(beta=True) as server:
        async with http_of(server) as http:
            body = {"model": "gpt-4o-realtime-preview", "modalities": ["text"], "temperature": 0.6}
            made = (await http.post("/sessions", json=body)).json()
            assert (made["modalities"], made["temperature"]) == (["text"], 0.6)
            wrong = await http.post("/sessions", json={"model": "m", "voice": 5})
            assert wrong.status_code == 400
        headers = {"Authorization": f"Bearer {made['client_secret']['value']}", **HEADER}
        transport = WebSocketTransport(f"{server.ws_url}?model=gpt-4o-realtime-preview", headers=headers)
        async with asyncio.timeout(20):
            await transport.connect()
            session = session_of(await BetaClient(transport).recv())
            await transport.close()
    assert session["modalities"] == ["text"]


async def test_a_beta_transcription_session_over_http() -> None:
    async with LocalServer(beta=True) as server:
        async with http_of(server) as http:
            body = {"input_audio_format": "g711_ulaw", "input_audio_transcription": {"model": "whisper-1"}}
            made = (await http.post("/transcription_sessions", json=body)).json()
        assert made["input_audio_format"] == "g711_ulaw"
        headers = {"Authorization": f"Bearer {made['client_secret']['value']}", **HEADER}
        transport = WebSocketTransport(f"{server.ws_url}?intent=transcription", headers=headers)
        async with asyncio.timeout(20):
            await transport.connect()
            created = await BetaClient(transport).recv()
            await transport.close()
    assert created["type"] == "transcription_session.created"
    assert session_of(created)["input_audio_format"] == "g711_ulaw"
