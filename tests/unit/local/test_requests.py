"""Bad client events are answered as the service answers them, and change nothing."""

import json
from collections.abc import AsyncIterator

import pytest

from realtime_typed.local import LocalServer
from tests.unit.local.support import Client, client_of, error_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with LocalServer() as server, client_of(server) as client:
        yield client


def message(**fields: object) -> dict[str, object]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}], **fields}


def updated(**fields: object) -> dict[str, object]:
    return {"type": "session.update", "session": {"type": "realtime", **fields}}


def with_vad(**fields: object) -> dict[str, object]:
    return updated(audio={"input": {"turn_detection": {"type": "server_vad", **fields}}})


CASES: dict[str, tuple[dict[str, object], str, str | None]] = {
    "an unknown type": ({"type": "session.hello"}, "invalid_value", "type"),
    "no type": ({}, "missing_required_parameter", "type"),
    "a type that is no string": ({"type": 3}, "invalid_type", "type"),
    "no session": ({"type": "session.update"}, "missing_required_parameter", "session"),
    "no session type": (
        {"type": "session.update", "session": {"voice": "alloy"}},
        "missing_required_parameter",
        "session.type",
    ),
    "another session type": (
        {"type": "session.update", "session": {"type": "transcription"}},
        "invalid_value",
        "session.type",
    ),
    "an invented session type": (
        {"type": "session.update", "session": {"type": "beta"}},
        "invalid_value",
        "session.type",
    ),
    "one beta field": (updated(instructions="x", modalities=["text"]), "unknown_parameter", "session.modalities"),
    "an unknown nested field": (
        with_vad(loudness=3),
        "unknown_parameter",
        "session.audio.input.turn_detection.loudness",
    ),
    "an unknown field in a list": (
        updated(tools=[{"type": "function", "name": "a"}, {"type": "function", "name": "b", "strict": True}]),
        "unknown_parameter",
        "session.tools[1].strict",
    ),
    "an unknown field of the event": (
        {"type": "input_audio_buffer.append", "audio": "", "x": 1},
        "unknown_parameter",
        "x",
    ),
    "a wrong tag": (
        updated(audio={"input": {"turn_detection": {"type": "vad"}}}),
        "invalid_value",
        "session.audio.input.turn_detection.type",
    ),
    "a number for text": (updated(instructions=5), "invalid_type", "session.instructions"),
    "text for a number": (
        with_vad(threshold="loud"),
        "invalid_type",
        "session.audio.input.turn_detection.threshold",
    ),
    "a threshold above one": (
        with_vad(threshold=1.5),
        "invalid_value",
        "session.audio.input.turn_detection.threshold",
    ),
    "an idle timeout too short": (
        with_vad(idle_timeout_ms=10),
        "invalid_value",
        "session.audio.input.turn_detection.idle_timeout_ms",
    ),
    "both modalities": (
        updated(output_modalities=["text", "audio"]),
        "invalid_value",
        "session.output_modalities",
    ),
    "an unknown modality": (
        updated(output_modalities=["video"]),
        "invalid_value",
        "session.output_modalities[0]",
    ),
    "too many tokens": (updated(max_output_tokens=100_000), "invalid_value", "session.max_output_tokens"),
    "a sample rate that does not exist": (
        updated(audio={"output": {"format": {"type": "audio/pcm", "rate": 16000}}}),
        "invalid_value",
        "session.audio.output.format.rate",
    ),
    "content of the wrong role": (
        {"type": "conversation.item.create", "item": message(content=[{"type": "output_text", "text": "x"}])},
        "invalid_value",
        "item.content[0].type",
    ),
    "a part without text": (
        {"type": "conversation.item.create", "item": message(content=[{"type": "input_text"}])},
        "missing_required_parameter",
        "item.content[0].text",
    ),
    "audio that is no base64": (
        {"type": "conversation.item.create", "item": message(content=[{"type": "input_audio", "audio": "?"}])},
        "invalid_value",
        "item.content[0].audio",
    ),
    "audio of the assistant": (
        {
            "type": "conversation.item.create",
            "item": message(role="assistant", content=[{"type": "output_audio", "audio": "AAAA"}]),
        },
        "unsupported_content_type",
        "item.content[0].type",
    ),
    "an unknown previous item": (
        {"type": "conversation.item.create", "previous_item_id": "item_no", "item": message()},
        "invalid_value",
        "previous_item_id",
    ),
    "output for a call that was never made": (
        {
            "type": "conversation.item.create",
            "item": {"type": "function_call_output", "call_id": "call_no", "output": "x"},
        },
        "invalid_tool_call_id",
        "item.call_id",
    ),
    "an item that is not there": (
        {"type": "conversation.item.retrieve", "item_id": "item_no"},
        "item_retrieve_invalid_item_id",
        "item_id",
    ),
    "deleting what is not there": (
        {"type": "conversation.item.delete", "item_id": "item_no"},
        "item_delete_invalid_item_id",
        "item_id",
    ),
    "truncating what is not there": (
        {"type": "conversation.item.truncate", "item_id": "item_no", "content_index": 0, "audio_end_ms": 0},
        "item_truncate_invalid_item_id",
        "item_id",
    ),
    "an append that is no base64": (
        {"type": "input_audio_buffer.append", "audio": "not base64!"},
        "invalid_value",
        "audio",
    ),
    "an empty commit": ({"type": "input_audio_buffer.commit"}, "input_audio_buffer_commit_empty", None),
    "clearing what only WebRTC has": ({"type": "output_audio_buffer.clear"}, "invalid_value", "type"),
    "cancelling nothing": ({"type": "response.cancel"}, "response_cancel_not_active", None),
    "an unknown conversation": (
        {"type": "response.create", "response": {"conversation": "mine"}},
        "invalid_value",
        "response.conversation",
    ),
    "a beta field of a response": (
        {"type": "response.create", "response": {"modalities": ["text"]}},
        "unknown_parameter",
        "response.modalities",
    ),
}


@pytest.mark.parametrize(("event", "code", "param"), CASES.values(), ids=CASES.keys())
async def test_a_bad_event_is_answered_with_its_error(
    client: Client, event: dict[str, object], code: str, param: str | None
) -> None:
    await client.transport.send(json.dumps({"event_id": "mine", **event}))
    error = error_of(await client.recv())
    assert (error["code"], error["param"], error["type"]) == (code, param, "invalid_request_error")
    assert error["event_id"] == "mine"
    assert error["message"]
    assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"


@pytest.mark.parametrize("frame", ["", "hello", "[]", "3", '{"type":', '"x"'])
async def test_what_is_no_json_object_is_answered_too(client: Client, frame: str) -> None:
    await client.transport.send(frame)
    error = error_of(await client.recv())
    assert error["code"] in {"invalid_json", "invalid_type"}
    assert error["event_id"] is None


async def test_a_refused_update_changes_nothing(client: Client) -> None:
    session = {"type": "realtime", "instructions": "new", "temperature": 0.8}
    assert error_of(await client.ask("session.update", session=session))["param"] == "session.temperature"
    after = await client.ask("session.update", session={"type": "realtime"})
    assert "new" not in json.dumps(after)


async def test_the_error_names_no_event_when_the_event_had_no_id(client: Client) -> None:
    assert error_of(await client.ask("response.cancel"))["event_id"] is None


async def test_values_of_any_size_are_cut_in_messages(client: Client) -> None:
    await client.send("x" * 100_000)
    assert len(str(error_of(await client.recv())["message"])) < 1000
    await client.send("session.update", session={"type": "realtime", "tool_choice": ["y" * 100_000]})
    assert len(str(error_of(await client.recv())["message"])) < 1000


async def test_an_append_above_15_mib_is_refused() -> None:
    async with LocalServer() as server, client_of(server) as client:
        await client.send("input_audio_buffer.append", audio="A" * (21 * 1024 * 1024))
        assert "15 MiB" in str(error_of(await client.recv())["message"])
