"""Translation sessions: speech is answered frame by frame, whatever the size of what is appended."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import cast

import numpy as np
import pytest

from realtime_typed._generated.translation.registry import SERVER_EVENTS
from realtime_typed.audio import Int16Array, decode_base64_pcm16, encode_base64
from realtime_typed.errors import ConnectError
from realtime_typed.local import LocalServer, ScriptedTranslator, Translation, UserAudio
from realtime_typed.transports.websocket import WebSocketTransport
from tests.unit.local.support import Client, Event, error_of, types_of
from tests.unit.local.test_turns import tone

pytestmark = pytest.mark.anyio

QUERY = "/translations?model=gpt-realtime-translate"


class TranslationClient(Client):
    """Every event must fit the schema of translation strictly."""

    async def recv(self) -> Event:
        frame = await self.transport.recv()
        event = cast("Event", json.loads(frame))
        SERVER_EVENTS[str(event["type"])].model_validate_json(frame, strict=True)
        return event


@asynccontextmanager
async def translating(server: LocalServer) -> AsyncGenerator[TranslationClient]:
    headers = {"Authorization": f"Bearer {server.api_key}"}
    transport = WebSocketTransport(server.ws_url + QUERY, headers=headers)
    async with asyncio.timeout(20):
        await transport.connect()
        try:
            yield TranslationClient(transport)
        finally:
            await transport.close()


def session_of(event: Event) -> Event:
    return cast("Event", event["session"])


async def append(client: Client, samples: Int16Array) -> None:
    await client.send("session.input_audio_buffer.append", audio=encode_base64(samples.tobytes()))


async def update(client: Client, **audio: object) -> Event:
    event = await client.ask("session.update", session={"audio": audio})
    assert event["type"] == "session.updated", event
    return session_of(event)


def spoken(events: list[Event]) -> Int16Array:
    pieces = [event["delta"] for event in events if event["type"] == "session.output_audio.delta"]
    return np.concatenate([decode_base64_pcm16(str(piece)) for piece in pieces])


async def test_the_server_speaks_first_and_names_model_and_language() -> None:
    async with LocalServer() as server, translating(server) as client:
        created = await client.recv()
        assert created["type"] == "session.created"
        session = session_of(created)
        assert session["model"] == "gpt-realtime-translate"
        assert session["audio"] == {
            "input": {"transcription": None, "noise_reduction": None},
            "output": {"language": "en"},
        }
        assert server.translations[0].config == session
        assert len(server.sessions) == 0


async def test_an_update_is_merged_and_null_switches_off() -> None:
    async with LocalServer() as server, translating(server) as client:
        await client.recv()
        whisper = {"model": "gpt-realtime-whisper"}
        await update(client, input={"transcription": whisper}, output={"language": "es"})
        session = await update(client, input={"noise_reduction": {"type": "near_field"}})
        expected = {
            "input": {"transcription": whisper, "noise_reduction": {"type": "near_field"}},
            "output": {"language": "es"},
        }
        assert session["audio"] == expected
        session = await update(client, input={"transcription": None})
        assert cast("Event", session["audio"])["output"] == {"language": "es"}
        assert cast("Event", cast("Event", session["audio"])["input"])["transcription"] is None


@pytest.mark.parametrize("size", [7, 480, 4800, 5000, 24_000])
async def test_frames_of_any_size_give_the_audio_back_whole(size: int) -> None:
    said = tone(1100)
    async with LocalServer() as server, translating(server) as client:
        await client.recv()
        for start in range(0, said.size, size):
            await append(client, said[start : start + size])
        await client.send("session.close")
        events = await client.until("session.closed")
        closed = await client.closed()
    np.testing.assert_array_equal(spoken(events), said)
    assert (closed.code, closed.clean) == (1000, True)
    assert [event["elapsed_ms"] for event in events if event["type"] == "session.output_audio.delta"][-1] == 1100


async def test_an_odd_byte_waits_for_the_next_append() -> None:
    data = tone(200).tobytes()
    async with LocalServer() as server, translating(server) as client:
        await client.recv()
        for piece in (data[:4801], data[4801:]):
            await client.send("session.input_audio_buffer.append", audio=encode_base64(piece))
        events = await client.until("session.output_audio.delta")
    np.testing.assert_array_equal(spoken(events), tone(200))


async def test_the_input_transcript_comes_only_when_a_model_for_it_is_set() -> None:
    async with LocalServer() as server, translating(server) as client:
        await client.recv()
        await append(client, tone(200))
        without = await client.until("session.output_audio.delta")
        await update(client, input={"transcription": {"model": "gpt-realtime-whisper"}})
        await append(client, tone(200))
        after = await client.until("session.output_audio.delta")
    assert types_of(without) == ["session.output_transcript.delta", "session.output_audio.delta"]
    assert types_of(after) == ["session.input_transcript.delta", *types_of(without)]
    assert [event["elapsed_ms"] for event in (without[-1], after[-1])] == [200, 400]


async def test_a_script_says_what_is_translated() -> None:
    script = ScriptedTranslator([Translation("hello", "hola", np.ones(10, np.int16)), Translation(target=" mundo")])
    async with LocalServer(translator=script) as server, translating(server) as client:
        await client.recv()
        await append(client, tone(1000))
        await client.send("session.close")
        events = await client.until("session.closed")
    text = [event["delta"] for event in events if event["type"] == "session.output_transcript.delta"]
    assert text == ["hola", " mundo"]
    np.testing.assert_array_equal(spoken(events), np.ones(10, np.int16))
    assert [heard.samples.size for heard in script.heard] == [4800] * 5


async def test_a_translator_that_fails_is_an_error_and_the_session_goes_on() -> None:
    class Broken:
        def translate(self, audio: UserAudio, language: str) -> Translation:
            raise LookupError(f"no dictionary for {language}")

    async with LocalServer(translator=Broken()) as server, translating(server) as client:
        await client.recv()
        await append(client, tone(200))
        error = error_of(await client.recv())
        assert error["type"] == "server_error"
        assert "dictionary" not in str(error["message"])
        await update(client, output={"language": "fr"})


@pytest.mark.parametrize(
    ("event", "code", "param"),
    [
        ({"type": "response.create"}, "invalid_value", "type"),
        ({"type": "session.input_audio_buffer.append", "audio": "?"}, "invalid_value", "audio"),
        ({"type": "session.input_audio_buffer.append"}, "missing_required_parameter", "audio"),
        ({"type": "session.update", "session": {"voice": "alloy"}}, "unknown_parameter", "session.voice"),
        (
            {"type": "session.update", "session": {"audio": {"output": {"language": 5}}}},
            "invalid_type",
            "session.audio.output.language",
        ),
    ],
)
async def test_a_wrong_event_is_answered_with_an_error_that_names_the_field(
    event: Event, code: str, param: str
) -> None:
    async with LocalServer() as server, translating(server) as client:
        await client.recv()
        error = error_of(await client.ask(str(event["type"]), event_id="mine", **without_type(event)))
        assert (error["code"], error["param"], error["event_id"]) == (code, param, "mine")
        await update(client, output={"language": "fr"})


def without_type(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "type"}


async def test_the_time_limit_ends_the_session_with_1001() -> None:
    async with LocalServer(max_session_seconds=0.05) as server, translating(server) as client:
        events = await client.until("error")
        assert error_of(events[-1])["code"] == "session_expired"
        assert (await client.closed()).code == 1001


async def test_a_model_is_needed() -> None:
    async with LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        with pytest.raises(ConnectError) as caught:
            await WebSocketTransport(f"{server.ws_url}/translations", headers=headers).connect()
    assert caught.value.status == 400


async def test_leaving_the_server_closes_translations_with_1001() -> None:
    before = asyncio.all_tasks()
    async with LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        transport = WebSocketTransport(server.ws_url + QUERY, headers=headers)
        async with asyncio.timeout(20):
            await transport.connect()
            await transport.recv()
    async with asyncio.timeout(20):
        assert (await Client(transport).closed()).code == 1001
        await transport.close()
    assert asyncio.all_tasks() == before
