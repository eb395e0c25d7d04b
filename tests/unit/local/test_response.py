"""Responses: options, scripts, cancelling, ways to end, pace."""

import asyncio
import base64
import json
import logging
from collections.abc import Sequence
from typing import cast

import numpy as np
import pytest

from realtime_typed.audio import AudioFormatName, bytes_per_second, duration_ms
from realtime_typed.local import (
    AudioReply,
    Failure,
    Incomplete,
    LocalServer,
    Reply,
    ResponderRequest,
    ScriptedResponder,
    TextReply,
    ToolCall,
)
from tests.unit.local.support import Client, Event, client_of, collapsed, error_of, item_of, response_of, types_of

pytestmark = pytest.mark.anyio

SECOND = np.zeros(24_000, np.int16)


class Waiting:
    """A responder that answers when it is let."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.go = asyncio.Event()
        self.cancelled = False

    async def respond(self, request: ResponderRequest) -> Reply:
        self.asked.set()
        try:
            await self.go.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return "done waiting"


class Broken:
    async def respond(self, request: ResponderRequest) -> Reply:
        raise LookupError("no idea")


async def ask(client: Client, **options: object) -> list[Event]:
    await client.send("response.create", response={"output_modalities": ["text"], **options})
    return await client.until("response.done", "error")


def output_of(event: Event) -> list[Event]:
    return cast("list[Event]", response_of(event)["output"])


def usage_of(event: Event) -> dict[str, int]:
    return cast("dict[str, int]", response_of(event)["usage"])


async def test_options_hold_for_one_response_only() -> None:
    script = ScriptedResponder(["a", "b"])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        events = await ask(client, instructions="sing", metadata={"k": "v"}, max_output_tokens=7, tool_choice="none")
        done = response_of(events[-1])
        assert (done["metadata"], done["max_output_tokens"], done["output_modalities"]) == ({"k": "v"}, 7, ["text"])
        await client.send("response.create")
        assert response_of(await client.last("response.done"))["output_modalities"] == ["audio"]
    first, second = script.requests
    assert (first.instructions, first.response_instructions, first.tool_choice, first.modality) == (
        *("sing", "sing", "none", "text"),
    )
    assert second.response_instructions is None
    assert second.instructions != "sing"
    assert second.modality == "audio"


async def test_a_second_response_is_refused_while_one_runs() -> None:
    responder = Waiting()
    async with LocalServer(responder=responder) as server, client_of(server) as client:
        await client.send("response.create")
        running = response_of(await client.recv())["id"]
        error = error_of((await ask(client))[-1])
        assert error["code"] == "conversation_already_has_active_response"
        assert str(running) in str(error["message"])
        responder.go.set()
        assert response_of(await client.last("response.done"))["status"] == "completed"
        assert response_of((await ask(client))[-1])["status"] == "completed"


async def test_a_response_out_of_band_leaves_the_conversation_alone() -> None:
    responder = Waiting()
    async with LocalServer(responder=responder) as server, client_of(server) as client:
        await client.send("response.create")
        default = response_of(await client.recv())["id"]
        given = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "aside"}]}]
        await client.send("response.create", response={"conversation": "none", "input": given})
        created = response_of(await client.recv())
        assert created["conversation_id"] is None
        await client.send("response.cancel", response_id=default)
        assert response_of(await client.last("response.done"))["id"] == default
        responder.go.set()
        events = await client.until("response.done")
        assert response_of(events[-1])["id"] == created["id"]
        assert not [name for name in types_of(events) if name.startswith("conversation.")]
        assert server.sessions[0].history.items() == []


async def test_given_input_takes_the_place_of_the_conversation() -> None:
    script = ScriptedResponder(["x"])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        await client.say("in the conversation")
        given = [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "given"}]}]
        await ask(client, input=given)
    assert script.requests[0].text == "given"
    assert len(script.requests[0].items) == 1


async def test_cancelling_ends_the_response_at_once_with_what_was_said() -> None:
    reply = AudioReply(np.tile(SECOND, 60), "a minute")
    script = ScriptedResponder([reply, "next"])
    async with LocalServer(responder=script, audio_speed=1.0) as server, client_of(server) as client:
        await client.send("response.create")
        await client.until("response.output_audio.delta")
        await client.send("response.cancel")
        events = await client.until("response.done")
        done = response_of(events[-1])
        assert done["status"] == "cancelled"
        assert done["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
        item = output_of(events[-1])[0]
        assert (item["status"], item["content"]) == (
            "incomplete",
            [{"type": "output_audio", "transcript": "a minute"}],
        )
        assert server.sessions[0].history.items()[0].audio[0].milliseconds < 30_000
        assert error_of(await client.ask("response.cancel"))["code"] == "response_cancel_not_active"
        assert response_of((await ask(client))[-1])["status"] == "completed"


async def test_cancelling_cancels_the_responder() -> None:
    responder = Waiting()
    async with LocalServer(responder=responder) as server, client_of(server) as client:
        await client.send("response.create")
        await responder.asked.wait()
        await client.send("response.cancel")
        done = await client.last("response.done")
        assert output_of(done) == []
    assert responder.cancelled


async def test_one_answer_may_hold_several_parts() -> None:
    parts: Sequence[Reply] = ["I look.", ToolCall("f", {"a": 1}, call_id="call_x"), ToolCall("g", '{"raw":  true}')]
    async with LocalServer(responder=ScriptedResponder([parts])) as server, client_of(server) as client:
        events = await ask(client)
    added = [event for event in events if event["type"] == "response.output_item.added"]
    assert [event["output_index"] for event in added] == [0, 1, 2]
    message, first, second = output_of(events[-1])
    assert message["content"] == [{"type": "output_text", "text": "I look."}]
    assert (first["call_id"], json.loads(str(first["arguments"]))) == ("call_x", {"a": 1})
    assert second["arguments"] == '{"raw":  true}'
    assert str(second["call_id"]).startswith("call_")
    done = next(event for event in events if event["type"] == "response.function_call_arguments.done")
    assert (done["name"], done["call_id"]) == ("f", "call_x")
    deltas = [str(e["delta"]) for e in events if e["type"] == "response.function_call_arguments.delta"]
    assert "".join(deltas) == str(first["arguments"]) + '{"raw":  true}'


async def test_a_scripted_failure_ends_the_response_as_failed() -> None:
    script = ScriptedResponder([["begun", Failure("rate_limit_exceeded", "too much", "tokens")]])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        events = await ask(client)
        assert "error" not in types_of(events)
        done = response_of(events[-1])
        assert done["status"] == "failed"
        error = {"type": "tokens", "code": "rate_limit_exceeded", "message": "too much"}
        assert done["status_details"] == {"type": "failed", "error": error}
        assert output_of(events[-1])[0]["status"] == "completed"
        exhausted = cast("dict[str, Event]", response_of((await ask(client))[-1])["status_details"])
        assert exhausted["error"]["code"] == "script_exhausted"


async def test_a_scripted_end_is_incomplete() -> None:
    script = ScriptedResponder([["some", Incomplete("content_filter")]])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        done = response_of((await ask(client))[-1])
    assert done["status"] == "incomplete"
    assert done["status_details"] == {"type": "incomplete", "reason": "content_filter"}


async def test_the_token_limit_cuts_an_answer_off() -> None:
    script = ScriptedResponder([TextReply("one two three four five")])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        events = await ask(client, max_output_tokens=3)
    done = response_of(events[-1])
    assert done["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
    assert output_of(events[-1])[0]["content"] == [{"type": "output_text", "text": "one two three"}]
    assert output_of(events[-1])[0]["status"] == "incomplete"
    assert usage_of(events[-1])["output_tokens"] == 3


async def test_a_responder_that_raises_fails_the_response_and_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "realtime_typed.local"):
        async with LocalServer(responder=Broken()) as server, client_of(server) as client:
            done = response_of((await ask(client))[-1])
            assert done["status"] == "failed"
            assert "no idea" in str(done["status_details"])
            assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"
    assert "no idea" in caplog.text


@pytest.mark.parametrize("name", ["audio/pcm", "audio/pcmu", "audio/pcma"])
async def test_audio_comes_in_pieces_of_100_ms_in_the_wanted_format(name: AudioFormatName) -> None:
    script = ScriptedResponder([AudioReply(np.tile(SECOND, 2), "two seconds")])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        await client.send("response.create", response={"audio": {"output": {"format": {"type": name}}}})
        events = await client.until("response.done")
    assert cast("dict[str, dict[str, Event]]", response_of(events[-1])["audio"])["output"]["format"]["type"] == name
    sizes = [len(base64.b64decode(str(e["delta"]))) for e in events if e["type"] == "response.output_audio.delta"]
    per_second = bytes_per_second(name)
    assert sizes == [per_second // 10] * 20
    details = cast("dict[str, Event]", response_of(events[-1])["usage"])["output_token_details"]
    assert details["audio_tokens"] == 40


async def test_a_long_transcript_goes_along_with_its_audio() -> None:
    script = ScriptedResponder([AudioReply(np.tile(SECOND, 5), "word " * 100)])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        await client.send("response.create")
        events = await client.until("response.done")
    names = collapsed(types_of(events))
    assert names.count("response.output_audio.delta") > 10
    pieces = [str(e["delta"]) for e in events if e["type"] == "response.output_audio_transcript.delta"]
    assert "".join(pieces) == "word " * 100


async def test_each_piece_of_paced_audio_is_due_by_the_clock_of_the_response(monkeypatch: pytest.MonkeyPatch) -> None:
    sleep, delays = asyncio.sleep, list[float]()

    async def skip(delay: float) -> None:
        delays.append(delay)
        await sleep(0)

    script = ScriptedResponder([AudioReply(SECOND, "")])
    async with LocalServer(responder=script, audio_speed=0.001) as server, client_of(server) as client:
        monkeypatch.setattr(asyncio, "sleep", skip)
        await client.send("response.create")
        await client.until("response.done")
        monkeypatch.undo()
    # 100 ms at a thousandth of the speed are 100 s. Nobody slept, so that each piece is still due at its own time.
    assert [round(delay / 100) for delay in delays] == list(range(10))


async def test_rate_limits_are_told_when_they_were_set() -> None:
    async with LocalServer(rate_limits={"requests": 10, "tokens": 1000}) as server, client_of(server) as client:
        await client.say("hello")
        first, second = [await ask(client), await ask(client)]
    for events in (first, second):
        assert types_of(events)[:2] == ["response.created", "rate_limits.updated"]
    requests, tokens = cast("list[Event]", second[1]["rate_limits"])
    assert (requests["name"], requests["limit"], requests["remaining"]) == ("requests", 10, 8)
    assert cast("int", tokens["remaining"]) == 1000 - usage_of(first[-1])["total_tokens"]


async def test_user_audio_counts_in_usage_and_reaches_the_responder() -> None:
    script = ScriptedResponder(["x"])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        content = [{"type": "input_audio", "audio": base64.b64encode(SECOND.tobytes()).decode()}]
        await client.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        events = await ask(client)
    details = cast("dict[str, Event]", response_of(events[-1])["usage"])["input_token_details"]
    assert details["audio_tokens"] == 10
    audio = script.requests[0].audio
    assert audio is not None
    assert duration_ms(audio.samples, audio.rate) == 1000
    assert item_of(events[-2])["type"] == "message"
