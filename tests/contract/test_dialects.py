"""An application that is written for GA runs unchanged where the service speaks the beta dialect."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

import numpy as np
import pytest

import realtime_typed.api
from realtime_typed import ConnectionClosed, Dialect, RealtimeAPI, RealtimeClient
from realtime_typed._generated.realtime.params import SessionUpdateParam
from realtime_typed.local import LocalServer
from realtime_typed.tools import ToolDefinition
from realtime_typed.transports.memory import memory_pair
from realtime_typed.types import SessionUpdate
from tests.contract.support import BOUND, collapsed, heard, likeness, pin_to_loopback, speech

pytestmark = pytest.mark.anyio

Line: TypeAlias = Literal[
    "ga",
    "beta over websocket",
    "beta over memory",
    "auto for beta",
    "auto for ga",
    "ga over webrtc",
    "beta over webrtc",
    "auto over webrtc",
]
# Each line, and the one of which it is to have the events: those of a track's audio are others.
LINES: tuple[tuple[Line, Line], ...] = (
    ("beta over websocket", "ga"),
    ("beta over memory", "ga"),
    ("auto for beta", "ga"),
    ("auto for ga", "ga"),
    ("beta over webrtc", "ga over webrtc"),
    ("auto over webrtc", "ga over webrtc"),
)

WEATHER: ToolDefinition = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def client_of(server: LocalServer, line: Line) -> RealtimeClient:
    """A client that validates strictly: what is adapted has to fit GA's classes."""
    if line == "beta over websocket":
        return RealtimeClient(base_url=server.base_url, api_key=server.api_key, dialect="beta", validation="strict")
    dialect: Dialect = "ga" if line.startswith("ga") else "auto" if line.startswith("auto") else "beta"
    if line.endswith("webrtc"):
        return RealtimeClient(
            base_url=server.base_url,
            api_key=server.api_key,
            transport="webrtc",
            dialect=dialect,
            validation="strict",
        )
    beta = line in ("beta over memory", "auto for beta")
    return RealtimeClient(transport=lambda: server.memory_transport(beta=beta), dialect=dialect, validation="strict")


@asynccontextmanager
async def connected(line: Line, names: list[str]) -> AsyncGenerator[RealtimeClient]:
    """A connected client; `names` gets the types of all events that come."""
    async with asyncio.timeout(30), LocalServer(beta=True) as server:
        client = client_of(server, line)
        client.on("*", lambda event: names.append(event.type))
        async with client:
            yield client


async def text_turn(line: Line) -> list[str]:
    names: list[str] = []
    async with connected(line, names) as client:
        await client.update_session(output_modalities=["text"], instructions="Be brief.")
        async with client.events["response.done"].expect(BOUND) as done:
            await client.send_user_message_content([{"type": "input_text", "text": "Hello there"}])
        response = done.event.response
        assert response.status == "completed"
        assert response.output is not None
        assert [item.type for item in response.output] == ["message"]
        user, reply = client.conversation.items
        assert (user.formatted.text, reply.formatted.text) == ("Hello there", "Hello there")
        assert reply.type == "message"
        assert reply.role == "assistant"
        assert [part.type for part in reply.content] == ["output_text"]
    return names


async def speech_turn(line: Line) -> list[str]:
    names: list[str] = []
    async with connected(line, names) as client:
        await client.update_session(
            turn_detection={"type": "server_vad"}, input_audio_transcription={"model": "whisper-1"}, voice="cedar"
        )
        sent = np.concatenate((np.zeros(12_000, np.int16), speech(), np.zeros(24_000, np.int16)))
        async with heard(client) as done:
            for start in range(0, len(sent), 4800):
                await client.append_input_audio(sent[start : start + 4800])
        audio = done.event.response.audio
        assert audio is not None
        assert audio.output is not None
        assert audio.output.voice == "cedar"
        user, reply = client.conversation.items
        assert len(user.formatted.audio) > 24_000
        if line.endswith("webrtc"):
            assert likeness(reply.formatted.audio, user.formatted.audio) > 0.9
        else:
            assert np.array_equal(reply.formatted.audio, user.formatted.audio)
        assert reply.formatted.transcript
    return names


async def tool_turn(line: Line) -> list[str]:
    names: list[str] = []
    async with connected(line, names) as client:
        await client.add_tool(WEATHER, lambda arguments: f"sunny in {arguments['city']}")
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(
            BOUND,
            predicate=lambda event: event.response.output is not None and event.response.output[0].type == "message",
        ):
            await client.send_user_message_content([{"type": "input_text", "text": "What is the weather in London?"}])
        call, output, reply = client.conversation.items[1:]
        assert call.formatted.tool is not None
        assert json.loads(call.formatted.tool.arguments) == {"city": "London"}
        assert output.formatted.output == "sunny in London"
        assert reply.formatted.text == "sunny in London"
    return names


@pytest.mark.parametrize("turn", [text_turn, speech_turn, tool_turn], ids=lambda turn: turn.__name__)
@pytest.mark.parametrize(("line", "like"), LINES)
async def test_an_application_for_ga_sees_the_same_events_in_the_same_order(
    line: Line,
    like: Line,
    turn: Callable[[Line], "asyncio.Future[list[str]]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if line.endswith("webrtc"):
        pin_to_loopback(monkeypatch)
    found, wanted = await asyncio.gather(turn(line), turn(like))
    assert collapsed(found) == collapsed(wanted)


async def test_the_session_of_a_beta_service_is_a_ga_session_with_the_rest_as_extra_fields() -> None:
    async with connected("beta over websocket", []) as client:
        session = (await client.wait_for_session_created(BOUND)).session
        assert session.type == "realtime"
        assert session.audio is not None
        assert session.audio.input is not None
        assert session.audio.input.format is not None
        assert session.audio.input.format.type == "audio/pcm"
        assert (session.model_extra or {}).keys() == {"temperature"}


async def test_what_was_sent_is_told_as_ga() -> None:
    async with asyncio.timeout(30), LocalServer(beta=True) as server:
        api = RealtimeAPI(transport=lambda: server.memory_transport(beta=True), dialect="beta")
        told: list[object] = []
        api.on("client.*", told.append)
        await api.connect()
        async with api.events["server.session.updated"].expect(BOUND) as updated:
            await api.send({"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}})
        assert updated.event.session.type == "realtime"
        assert updated.event.session.output_modalities == ["text"]
        await api.disconnect()
        (event,) = told
        assert isinstance(event, SessionUpdate)
        assert event.to_wire()["session"] == {"type": "realtime", "output_modalities": ["text"]}
        (sent,) = [entry for entry in server.sessions[-1].received if entry["type"] == "session.update"]
        assert "session" in sent


async def test_asking_for_beta_where_it_is_off_is_told_by_an_error_and_the_close_code() -> None:
    async with asyncio.timeout(30), LocalServer() as server:
        api = RealtimeAPI(base_url=server.base_url, api_key=server.api_key, dialect="beta")
        errors: list[str | None] = []
        api.on("server.error", lambda event: errors.append(event.error.code))
        codes: asyncio.Queue[int | None] = asyncio.Queue()
        api.on("close", lambda event: codes.put_nowait(event.code))
        await api.connect()
        assert await codes.get() == 4000
        assert errors == ["beta_api_shape_disabled"]


async def test_auto_asks_for_no_dialect_and_is_ready_when_connect_returns() -> None:
    async with asyncio.timeout(30), LocalServer(beta=True) as server:
        api = RealtimeAPI(base_url=server.base_url, api_key=server.api_key, dialect="auto")
        await api.connect()
        assert api.codec.spoken == "ga"
        await api.disconnect()
        api = RealtimeAPI(transport=lambda: server.memory_transport(beta=True), dialect="auto")
        await api.connect()
        assert api.codec.spoken == "beta"
        await api.disconnect()
        assert not api.is_connected()


async def test_auto_does_not_wait_for_a_service_that_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime_typed.api, "_DIALECT_GRACE", 60.0)
    async with asyncio.timeout(BOUND):
        ours, theirs = memory_pair()
        api = RealtimeAPI(transport=lambda: ours, dialect="auto")
        heard = asyncio.Event()
        api.on("server.*", lambda _: heard.set())
        connecting = asyncio.create_task(api.connect())
        await theirs.send('{"type": "ping"}')
        await heard.wait()
        await theirs.close(1001, "going away")
        await connecting
        assert not api.is_connected()
        assert api.codec.spoken is None


async def test_a_connect_that_is_given_up_while_auto_waits_leaves_no_connection() -> None:
    async with asyncio.timeout(BOUND):
        ours, theirs = memory_pair()
        api = RealtimeAPI(transport=lambda: ours, dialect="auto")
        heard = asyncio.Event()
        api.on("server.*", lambda _: heard.set())
        connecting = asyncio.create_task(api.connect())
        await theirs.send('{"type": "ping"}')
        await heard.wait()
        assert not connecting.done()
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        assert not api.is_connected()
        with pytest.raises(ConnectionClosed):
            await theirs.recv()


async def test_auto_takes_a_service_that_does_not_tell_for_ga(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime_typed.api, "_DIALECT_GRACE", 0.01)
    async with asyncio.timeout(BOUND):
        ours, theirs = memory_pair()
        api = RealtimeAPI(transport=lambda: ours, dialect="auto")
        await api.connect()
        update: SessionUpdateParam = {"type": "session.update", "session": {"type": "realtime"}}
        await api.send(update)
        assert json.loads(await theirs.recv()) == update
        async with api.events["server.conversation.item.added"].expect(BOUND):
            await theirs.send('{"event_id": "e", "type": "conversation.item.created", "item": {"type": "message"}}')
        await api.send(update)
        assert json.loads(await theirs.recv()) == {"type": "session.update", "session": {}}
        await api.disconnect()
