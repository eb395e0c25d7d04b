"""What a session answers to events that fit the schema and are wrong all the same, or odd."""

import base64
from collections.abc import AsyncIterator
from typing import cast

import pytest

from realtime_typed.local import AudioReply, LocalServer, ScriptedResponder, TextReply
from tests.unit.local.support import Client, Event, client_of, error_of, item_of

pytestmark = pytest.mark.anyio

TENTH = base64.b64encode(bytes(4800)).decode()


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with LocalServer() as server, client_of(server) as client:
        yield client


async def add(client: Client, **item: object) -> Event:
    await client.send("conversation.item.create", item=item)
    return (await client.until("conversation.item.done", "error"))[-1]


async def refused(client: Client, name: str, **fields: object) -> tuple[object, object]:
    error = error_of(await client.ask(name, **fields))
    return error["code"], error["param"]


async def test_a_call_without_a_call_id_gets_one(client: Client) -> None:
    item = item_of(await add(client, type="function_call", name="f", arguments="{}"))
    assert str(item["call_id"]).startswith("call_")


async def test_speech_without_audio_is_refused(client: Client) -> None:
    found = await refused(
        client,
        "conversation.item.create",
        item={"type": "message", "role": "user", "content": [{"type": "input_audio", "transcript": "Hi"}]},
    )
    assert found == ("missing_required_parameter", "item.content[0].audio")


async def test_the_audio_of_an_assistant_message_cannot_be_added(client: Client) -> None:
    content = [{"type": "output_audio", "audio": TENTH}]
    item = {"type": "message", "role": "assistant", "content": content}
    found = await refused(client, "conversation.item.create", item=item)
    assert found == ("unsupported_content_type", "item.content[0].type")


async def test_truncation_names_what_is_wrong_about_it() -> None:
    replies = ScriptedResponder([AudioReply(bytes(4800), "Hello.")])
    async with LocalServer(responder=replies) as server, client_of(server) as client:
        await client.say("Hi")
        await client.send("response.create")
        done = await client.last("response.output_item.done")
        item_id = item_of(done)["id"]
        await client.last("response.done")
        wrong = [(7, 0, "content_index"), (0, -1, "audio_end_ms"), (0, 10**6, "audio_end_ms")]
        for index, end, param in wrong:
            found = await refused(
                client, "conversation.item.truncate", item_id=item_id, content_index=index, audio_end_ms=end
            )
            assert found == ("invalid_value", param)


async def test_a_response_may_have_a_voice_of_its_own_until_the_model_has_spoken() -> None:
    replies = ScriptedResponder([AudioReply(bytes(4800), "One."), TextReply("Two.")])
    async with LocalServer(responder=replies) as server, client_of(server) as client:
        await client.say("Hi")
        voice: Event = {"audio": {"output": {"voice": "cedar"}}}
        await client.send("response.create", response=voice)
        created = cast("dict[str, Event]", await client.last("response.created"))["response"]
        assert cast("dict[str, Event]", created["audio"])["output"]["voice"] == "cedar"
        await client.last("response.done")
        found = await refused(client, "response.create", response={"audio": {"output": {"voice": "ash"}}})
        assert found == ("cannot_update_voice", "response.audio.output.voice")


async def test_a_response_is_in_the_conversation_or_in_none(client: Client) -> None:
    found = await refused(client, "response.create", response={"conversation": "other"})
    assert found == ("invalid_value", "response.conversation")


async def test_what_cannot_be_switched_off_stays_when_null_is_sent(client: Client) -> None:
    audio = {"input": {"format": None}, "output": {"voice": None, "speed": None}}
    event = await client.ask("session.update", session={"type": "realtime", "audio": audio})
    assert event["type"] == "session.updated"
    session = cast("dict[str, dict[str, Event]]", event["session"])
    assert session["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24_000}
    assert session["audio"]["output"]["voice"]
    assert session["audio"]["output"]["speed"] == 1.0
