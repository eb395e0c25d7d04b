"""The order of a turn's events is the service's, as recordings of it show."""

import json
from pathlib import Path
from typing import Literal, cast

import pytest

from realtime_typed.audio import encode_base64, read_wav
from realtime_typed.local import LocalServer
from tests.unit.local.support import Client, client_of, collapsed, item_of, response_of, types_of

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
RECORDINGS = ROOT.parent / "shared" / "recordings" / "openai"
SPEECH = ROOT / "src" / "realtime_typed" / "local" / "data" / "speech_24k.wav"

ITEM = ["conversation.item.added", "conversation.item.done"]
OPENED = ["response.output_item.added", "conversation.item.added"]
CLOSED = ["conversation.item.done", "response.output_item.done", "response.done"]
AUDIO = [
    *("response.created", *OPENED, "response.content_part.added"),
    *("response.output_audio_transcript.delta", "response.output_audio.delta"),
    *("response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done", *CLOSED),
]
TEXT = [
    *("response.created", *OPENED, "response.content_part.added", "response.output_text.delta"),
    *("response.output_text.done", "response.content_part.done", *CLOSED),
]
CALL = [
    *("response.created", *OPENED, "response.function_call_arguments.delta"),
    *("response.function_call_arguments.done", *CLOSED),
]
TEXT_TURN = ["session.created", "session.updated", *ITEM, *AUDIO]
TOOL_TURN = ["session.created", "session.updated", *ITEM, *CALL, *ITEM, *TEXT]
HEARD = [
    *("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed"),
    *(*ITEM, "response.created"),
]
TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "Look up the weather for a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
both = pytest.mark.parametrize("kind", ["websocket", "memory"])


def recorded(name: str) -> list[str]:
    path = RECORDINGS / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the recordings are not part of this project and not beside it")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return collapsed([row["data"]["type"] for row in rows if row["direction"] == "received"])


async def text_turn(client: Client) -> list[str]:
    await client.send("session.update", session={"type": "realtime", "instructions": "Answer in two or three words."})
    content = [{"type": "input_text", "text": "Say a short greeting."}]
    await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await client.send("response.create")
    return collapsed(["session.created", *types_of(await client.until("response.done"))])


async def tool_turn(client: Client) -> list[str]:
    await client.send("session.update", session={"type": "realtime", "output_modalities": ["text"], "tools": [TOOL]})
    content = [{"type": "input_text", "text": "What is the weather in London?"}]
    await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    await client.send("response.create")
    called = await client.until("response.done")
    call = next(event for event in called if event["type"] == "response.function_call_arguments.done")
    assert json.loads(str(call["arguments"])) == {"city": "London"}
    output = {"type": "function_call_output", "call_id": call["call_id"], "output": "It is foggy in London."}
    await client.send("conversation.item.create", item=output)
    await client.send("response.create")
    answered = await client.until("response.done")
    text = next(event for event in answered if event["type"] == "response.output_text.done")
    assert text["text"] == "It is foggy in London."
    return collapsed(["session.created", *types_of(called), *types_of(answered)])


@both
async def test_a_text_turn_has_the_events_of_the_service(kind: Literal["websocket", "memory"]) -> None:
    async with LocalServer() as server, client_of(server, kind) as client:
        assert await text_turn(client) == TEXT_TURN


@both
async def test_a_tool_turn_has_the_events_of_the_service(kind: Literal["websocket", "memory"]) -> None:
    async with LocalServer() as server, client_of(server, kind) as client:
        assert await tool_turn(client) == TOOL_TURN


def test_the_expected_text_turn_is_the_recorded_one() -> None:
    assert recorded("text_in_audio_out") == TEXT_TURN


def test_the_expected_tool_turn_is_the_recorded_one() -> None:
    assert recorded("tool_call_round") == TOOL_TURN


def test_the_expected_start_of_a_spoken_turn_is_the_recorded_one() -> None:
    assert recorded("audio_in_server_vad_turn")[2:][: len(HEARD)] == HEARD


@both
async def test_a_spoken_turn_has_the_events_of_the_service(kind: Literal["websocket", "memory"]) -> None:
    samples, rate = read_wav(SPEECH)
    assert rate == 24_000
    pcm = samples.tobytes() + bytes(48_000)
    async with LocalServer() as server, client_of(server, kind) as client:
        detection = {"type": "server_vad", "silence_duration_ms": 500}
        audio_input = {"transcription": {"model": "gpt-realtime-whisper"}, "turn_detection": detection}
        await client.ask("session.update", session={"type": "realtime", "audio": {"input": audio_input}})
        for start in range(0, len(pcm), 960):
            await client.send("input_audio_buffer.append", audio=encode_base64(pcm[start : start + 960]))
        events = await client.until("response.done")
    names = collapsed(types_of(events))
    transcribed = [name for name in names if "transcription" in name]
    assert names[: len(HEARD)] == HEARD
    assert [name for name in names if name not in transcribed] == [*HEARD, *AUDIO[1:]]
    assert [name.rsplit(".")[-1] for name in transcribed] == ["delta", "completed"]
    started, stopped, committed, added = events[:4]
    assert {event["item_id"] for event in (started, stopped, committed)} == {item_of(added)["id"]}
    assert item_of(added)["content"] == [{"type": "input_audio", "transcript": None}]
    completed = next(event for event in events if str(event["type"]).endswith("transcription.completed"))
    assert "s of speech" in str(completed["transcript"])


async def test_field_contents_are_the_service_s() -> None:
    async with LocalServer() as server, client_of(server) as client:
        await client.say("Hi!")
        await client.send("response.create")
        events = await client.until("response.done")
    created, done = response_of(events[0]), response_of(events[-1])
    assert created == {
        "object": "realtime.response",
        "id": created["id"],
        "status": "in_progress",
        "status_details": None,
        "output": [],
        "conversation_id": created["conversation_id"],
        "output_modalities": ["audio"],
        "max_output_tokens": "inf",
        "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "alloy"}},
        "usage": None,
        "metadata": None,
    }
    item = item_of(events[-2])
    content = [{"type": "output_audio", "transcript": "Hi!"}]
    assert item == {"id": item["id"], "type": "message", "status": "completed", "role": "assistant", "content": content}
    assert done["output"] == [item]
    usage = cast("dict[str, dict[str, object]]", done["usage"])
    counts = cast("dict[str, int]", done["usage"])
    assert counts["total_tokens"] == counts["input_tokens"] + counts["output_tokens"]
    assert usage["output_token_details"]["text_tokens"] == 2
    assert usage["input_token_details"]["cached_tokens_details"] == {
        "text_tokens": 0,
        "audio_tokens": 0,
        "image_tokens": 0,
    }
    deltas = [event for event in events if event["type"] == "response.output_audio_transcript.delta"]
    assert all((len(str(event["delta"])) + len(str(event["obfuscation"]))) % 16 == 0 for event in deltas)


async def test_the_first_event_shows_the_session_with_the_nulls_of_the_service() -> None:
    async with LocalServer(voice="marin") as server:
        client = Client(server.memory_transport())
        await client.transport.connect()
        session = cast("dict[str, object]", (await client.recv())["session"])
        await client.transport.close()
    assert cast("int", session.pop("expires_at")) > 1_700_000_000
    assert str(session.pop("id")).startswith("sess_")
    assert session.pop("instructions")
    assert session == {
        "type": "realtime",
        "object": "realtime.session",
        "model": "gpt-realtime",
        "output_modalities": ["audio"],
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "audio": {
            "input": {
                "format": {"type": "audio/pcm", "rate": 24000},
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": {
                    "type": "server_vad",
                    "threshold": 0.5,
                    "prefix_padding_ms": 300,
                    "silence_duration_ms": 200,
                    "idle_timeout_ms": None,
                    "create_response": True,
                    "interrupt_response": True,
                },
            },
            "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.0},
        },
        "include": None,
    }
