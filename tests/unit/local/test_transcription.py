"""Transcription sessions: audio becomes items and transcripts, and never a response."""

from typing import cast

import numpy as np
import pytest

from realtime_typed.audio import encode_base64
from realtime_typed.errors import ConnectError
from realtime_typed.local import LocalServer, UserAudio
from realtime_typed.transports.websocket import WebSocketTransport
from tests.unit.local.support import Client, Event, collapsed, error_of, socket_of, types_of
from tests.unit.local.test_turns import silence, tone

pytestmark = pytest.mark.anyio

QUERY = "?intent=transcription"
ITEM = ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"]
TRANSCRIPT = [f"conversation.item.input_audio_transcription.{name}" for name in ("delta", "completed")]


def words(audio: UserAudio) -> str:
    return "Hello there."


async def begun(client: Client) -> Event:
    created = await client.recv()
    assert created["type"] == "session.created"
    return cast("Event", created["session"])


async def updated(client: Client, **audio_input: object) -> Event:
    event = await client.ask("session.update", session={"type": "transcription", "audio": {"input": audio_input}})
    assert event["type"] == "session.updated", event
    return cast("Event", cast("Event", event["session"])["audio"])


async def append(client: Client, *pieces: "np.ndarray[tuple[int], np.dtype[np.int16]]") -> None:
    await client.send("input_audio_buffer.append", audio=encode_base64(np.concatenate(pieces).tobytes()))


async def test_the_session_is_one_of_transcription_without_a_model() -> None:
    async with LocalServer() as server, socket_of(server, QUERY) as client:
        session = await begun(client)
    assert session["type"] == "transcription"
    assert session["object"] == "realtime.transcription_session"
    assert "model" not in session
    assert "output_modalities" not in session


async def test_a_commit_gives_an_item_and_its_transcript_with_usage_and_no_response() -> None:
    async with LocalServer(transcribe=words) as server, socket_of(server, QUERY) as client:
        await begun(client)
        await updated(client, turn_detection=None, transcription={"model": "gpt-4o-transcribe", "language": "en"})
        await append(client, tone(1500))
        await client.send("input_audio_buffer.commit")
        events = await client.until("conversation.item.input_audio_transcription.completed")
        assert collapsed(types_of(events)) == [*ITEM, *TRANSCRIPT]
        assert events[-1]["transcript"] == "Hello there."
        assert events[-1]["usage"] == {"type": "duration", "seconds": 2}
        assert "".join(str(event["delta"]) for event in events if "delta" in event) == "Hello there."
        assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"


async def test_turn_detection_commits_and_creates_no_response() -> None:
    async with LocalServer(transcribe=words) as server, socket_of(server, QUERY) as client:
        await begun(client)
        await append(client, silence(300), tone(500), silence(700))
        events = await client.until("conversation.item.input_audio_transcription.completed")
        names = collapsed(types_of(events))
        speech = ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"]
        assert names == [*speech, *ITEM, *TRANSCRIPT]
        assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"


async def test_without_a_transcription_model_nothing_is_transcribed() -> None:
    async with LocalServer(transcribe=words) as server, socket_of(server, QUERY) as client:
        await begun(client)
        await updated(client, turn_detection=None, transcription=None)
        await append(client, tone(300))
        await client.send("input_audio_buffer.commit")
        await client.until("conversation.item.done")
        assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"


async def test_settings_are_merged_and_shown_without_those_of_responses() -> None:
    async with LocalServer() as server, socket_of(server, QUERY) as client:
        await begun(client)
        changed = {"type": "server_vad", "silence_duration_ms": 700, "create_response": True}
        audio = await updated(client, turn_detection=changed, format={"type": "audio/pcmu"})
        shown = cast("Event", audio["input"])
        assert shown["format"] == {"type": "audio/pcmu"}
        kept = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 700}
        assert shown["turn_detection"] == kept
        assert "output" not in audio


@pytest.mark.parametrize(
    ("session", "param"),
    [
        ({"type": "realtime"}, "session.type"),
        ({"type": "transcription", "instructions": "x"}, "session.instructions"),
        (
            {"type": "transcription", "audio": {"input": {"turn_detection": {"type": "server_vad", "threshold": 2}}}},
            "session.audio.input.turn_detection.threshold",
        ),
    ],
)
async def test_a_wrong_update_is_refused(session: Event, param: str) -> None:
    async with LocalServer() as server, socket_of(server, QUERY) as client:
        await begun(client)
        assert error_of(await client.ask("session.update", session=session))["param"] == param


async def test_a_response_cannot_be_created() -> None:
    async with LocalServer() as server, socket_of(server, QUERY) as client:
        await begun(client)
        error = error_of(await client.ask("response.create", event_id="mine"))
        assert (error["code"], error["param"], error["event_id"]) == ("invalid_value", "type", "mine")


async def test_a_model_beside_the_intent_is_an_error_of_the_session_as_the_service_says_it() -> None:
    async with LocalServer() as server, socket_of(server, f"{QUERY}&model=gpt-4o-transcribe") as client:
        error = error_of(await client.recv())
        assert error["code"] == "invalid_model"
        assert error["message"] == "You must not provide a model parameter for transcription sessions."
        assert (await client.closed()).code == 4000


async def test_an_unknown_intent_is_a_bad_request() -> None:
    async with LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        with pytest.raises(ConnectError) as caught:
            await WebSocketTransport(f"{server.ws_url}?intent=guess", headers=headers).connect()
    assert caught.value.status == 400
