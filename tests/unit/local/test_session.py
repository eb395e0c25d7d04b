"""What a session keeps: its configuration and its conversation."""

import base64
from collections.abc import AsyncIterator
from typing import cast

import numpy as np
import pytest

from realtime_typed.local import AudioReply, LocalServer, ScriptedResponder, TextReply
from tests.unit.local.support import Client, Event, client_of, error_of, item_of, types_of

pytestmark = pytest.mark.anyio

SECOND = bytes(48_000)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with LocalServer() as server, client_of(server) as client:
        yield client


async def update(client: Client, **fields: object) -> Event:
    event = await client.ask("session.update", session={"type": "realtime", **fields})
    assert event["type"] == "session.updated", event
    return cast("Event", event["session"])


def input_of(session: Event) -> Event:
    return cast("dict[str, Event]", session["audio"])["input"]


def output_of(session: Event) -> Event:
    return cast("dict[str, Event]", session["audio"])["output"]


async def add(client: Client, text: str, item_id: str | None = None, **fields: object) -> Event:
    """Add a user message; returns `conversation.item.done`, or the error."""
    item: Event = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    if item_id is not None:
        item["id"] = item_id
    await client.send("conversation.item.create", item=item, **fields)
    return (await client.until("conversation.item.done", "error"))[-1]


# --- session.update ------------------------------------------------------------------------------------------------


async def test_an_update_changes_what_it_holds_and_nothing_else(client: Client) -> None:
    before = await update(client)
    after = await update(
        client, instructions="Be brief.", audio={"input": {"turn_detection": {"type": "server_vad", "threshold": 0.7}}}
    )
    detection = cast("Event", input_of(after)["turn_detection"])
    assert detection == cast("Event", input_of(before)["turn_detection"]) | {"threshold": 0.7}
    assert after["instructions"] == "Be brief."
    assert output_of(after) == output_of(before)


async def test_null_switches_turn_detection_off_and_an_object_on_again(client: Client) -> None:
    off = await update(client, audio={"input": {"turn_detection": None}})
    assert input_of(off)["turn_detection"] is None
    on = await update(client, audio={"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000}}})
    detection = cast("Event", input_of(on)["turn_detection"])
    assert (detection["threshold"], detection["idle_timeout_ms"], detection["create_response"]) == (0.5, 6000, True)


async def test_semantic_turn_detection_has_settings_of_its_own(client: Client) -> None:
    session = await update(client, audio={"input": {"turn_detection": {"type": "semantic_vad"}}})
    assert input_of(session)["turn_detection"] == {
        "type": "semantic_vad",
        "eagerness": "auto",
        "create_response": True,
        "interrupt_response": True,
    }


async def test_formats_transcription_and_tools_are_shown_as_the_service_shows_them(client: Client) -> None:
    tool = {"parameters": {"type": "object"}, "name": "f", "type": "function"}
    session = await update(
        client,
        tools=[tool],
        audio={
            "input": {"format": {"type": "audio/pcm"}, "transcription": {"model": "whisper-1"}},
            "output": {"format": {"type": "audio/pcmu"}, "voice": "cedar", "speed": 1.2},
        },
    )
    assert input_of(session)["format"] == {"type": "audio/pcm", "rate": 24000}
    assert input_of(session)["transcription"] == {"model": "whisper-1", "language": None, "prompt": None}
    assert output_of(session) == {"format": {"type": "audio/pcmu"}, "voice": "cedar", "speed": 1.2}
    assert list(cast("list[Event]", session["tools"])[0]) == ["type", "name", "parameters"]
    cleared = await update(client, tools=None, audio={"input": {"transcription": None}})
    assert (cleared["tools"], input_of(cleared)["transcription"]) == ([], None)


async def test_the_voice_is_fixed_once_the_model_has_spoken(client: Client) -> None:
    await update(client, audio={"output": {"voice": "marin"}})
    await client.send("response.create")
    await client.until("response.done")
    session = {"type": "realtime", "audio": {"output": {"voice": "cedar"}}}
    error = error_of(await client.ask("session.update", session=session))
    assert (error["code"], error["param"]) == ("cannot_update_voice", "session.audio.output.voice")
    assert output_of(await update(client, audio={"output": {"voice": "marin"}}))["voice"] == "marin"


# --- items ---------------------------------------------------------------------------------------------------------


async def test_items_are_added_with_id_and_status_and_told_what_comes_before(client: Client) -> None:
    first = await add(client, "a")
    second = await add(client, "b", item_id="item_mine")
    assert first["previous_item_id"] is None
    assert item_of(first)["status"] == "completed"
    assert second["previous_item_id"] == item_of(first)["id"]
    assert item_of(second)["id"] == "item_mine"


async def test_items_go_where_previous_item_id_says(client: Client) -> None:
    one = item_of(await add(client, "1"))["id"]
    await add(client, "3")
    middle = await add(client, "2", previous_item_id=one)
    start = await add(client, "0", previous_item_id="root")
    assert (middle["previous_item_id"], start["previous_item_id"]) == (one, None)


async def test_an_id_that_is_taken_is_refused(client: Client) -> None:
    await add(client, "a", item_id="same")
    error = error_of(await add(client, "b", item_id="same"))
    assert error["code"] == "item_create_duplicate_item_id"


async def test_every_kind_of_item_can_be_added(client: Client) -> None:
    items: list[Event] = [
        {"type": "message", "role": "system", "content": [{"type": "input_text", "text": "s"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
        {
            "type": "message",
            "role": "user",
            "content": [{"type": "input_image", "image_url": "data:image/png;base64,"}],
        },
        {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "call_1", "output": "o"},
        {"type": "mcp_approval_response", "id": "m", "approval_request_id": "r", "approve": True},
    ]
    for item in items:
        await client.send("conversation.item.create", item=item)
        events = await client.until("conversation.item.done", "error")
        assert types_of(events) == ["conversation.item.added", "conversation.item.done"], events
        assert item_of(events[-1]) == {**item, "id": item_of(events[-1])["id"]} | (
            {"status": "completed"} if item["type"] in ("message", "function_call") else {}
        )


async def test_audio_is_left_out_of_events_and_comes_with_retrieve(client: Client) -> None:
    audio = base64.b64encode(SECOND).decode()
    content = [{"type": "input_audio", "audio": audio}, {"type": "input_text", "text": "t"}]
    await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
    shown = item_of(await client.last("conversation.item.done"))
    assert shown["content"] == [{"type": "input_audio", "transcript": None}, {"type": "input_text", "text": "t"}]
    whole = item_of(await client.ask("conversation.item.retrieve", item_id=shown["id"]))
    assert cast("list[Event]", whole["content"])[0] == {"type": "input_audio", "transcript": None, "audio": audio}


async def test_a_deleted_item_is_gone_and_a_later_one_follows_the_one_before_it(client: Client) -> None:
    one, two = await client.say("1"), await client.say("2")
    deleted = await client.ask("conversation.item.delete", item_id=two)
    assert (deleted["type"], deleted["item_id"]) == ("conversation.item.deleted", two)
    assert (await add(client, "3"))["previous_item_id"] == one


async def test_a_conversation_keeps_no_more_items_than_it_may() -> None:
    async with LocalServer(max_items=3) as server, client_of(server) as client:
        ids = [await client.say(str(number)) for number in range(5)]
        assert [item.id for item in server.sessions[0].history.items()] == ids[2:]


async def test_the_oldest_audio_goes_when_there_is_too_much() -> None:
    async with LocalServer(max_audio_seconds=2) as server, client_of(server) as client:
        content = [{"type": "input_audio", "audio": base64.b64encode(SECOND).decode()}]
        for _ in range(4):
            await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
            await client.last("conversation.item.done")
        assert [len(item.audio) for item in server.sessions[0].history.items()] == [0, 0, 1, 1]


# --- truncate ------------------------------------------------------------------------------------------------------


async def spoken(client: Client) -> str:
    await client.send("response.create")
    return str(item_of(await client.last("response.output_item.done"))["id"])


async def test_truncating_cuts_audio_and_transcript() -> None:
    reply = AudioReply(np.arange(24_000, dtype=np.int16), "one two three four")
    async with LocalServer(responder=ScriptedResponder([reply])) as server, client_of(server) as client:
        item_id = await spoken(client)
        await client.last("response.done")
        where = {"item_id": item_id, "content_index": 0, "audio_end_ms": 500}
        event = await client.ask("conversation.item.truncate", **where)
        assert event == {"type": "conversation.item.truncated", "event_id": event["event_id"], **where}
        part = cast("list[Event]", item_of(await client.ask("conversation.item.retrieve", item_id=item_id))["content"])[
            0
        ]
        assert part["transcript"] == "one two"
        kept = np.frombuffer(base64.b64decode(str(part["audio"])), "<i2")
        assert kept.tolist() == list(range(12_000))
        longer = error_of(await client.ask("conversation.item.truncate", **(where | {"audio_end_ms": 1000})))
        assert longer["message"] == "Audio content of 500ms is already shorter than 1000ms"
        assert longer["code"] == "invalid_value"


async def test_only_audio_of_the_model_can_be_truncated() -> None:
    async with LocalServer(responder=ScriptedResponder([TextReply("t")])) as server, client_of(server) as client:
        await update(client, output_modalities=["text"])
        for item_id in (await client.say("x"), await spoken(client)):
            await client.send("conversation.item.truncate", item_id=item_id, content_index=0, audio_end_ms=0)
            assert error_of(await client.last("error"))["param"] == "item_id"
