"""Whose call it is: a client answers those of its own tools, and leaves alone those of whoever shares its session."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from realtime_typed import RealtimeClient, ToolErrorEvent
from realtime_typed.local import ScriptedResponder, TextReply, ToolCall
from realtime_typed.types import ResponseConfigParam
from tests.contract.support import BOUND, Serve, Service, Wire, pin_to_loopback, serve_over, settle
from tests.contract.test_tool_turns import is_message, outputs, tool_names

pytestmark = pytest.mark.anyio

THEIRS: Wire = {"type": "function", "name": "theirs", "parameters": {"type": "object"}}


async def told_of(service: Service, client: RealtimeClient, tools: Sequence[Wire], **fields: object) -> None:
    """Tell the client of a session that has these tools, as when somebody else who shares it gave them."""
    async with client.events["session.updated"].expect(BOUND):
        service.session.emit(
            {"type": "session.updated", "session": {**service.session.config, "tools": tools, **fields}}
        )


async def done(client: RealtimeClient, response: ResponseConfigParam | None = None) -> None:
    """Ask for a response, and wait until it is over and what the client sends of it has come."""
    async with client.events["response.done"].expect(BOUND):
        await client.create_response(response)
    await settle(client)


async def test_a_call_of_a_tool_that_somebody_else_gave_to_the_session_is_left_alone(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("theirs", {}, "call_1")])
    async with serve(responder=script) as service, service.client() as client:
        failed: list[ToolErrorEvent] = []
        client.on("tool.error", failed.append)
        client.add_tool({"name": "mine"}, lambda _: "ok")
        await settle(client)
        await told_of(service, client, [THEIRS])
        await done(client)
        assert outputs(service) == {}
        assert len(service.received("response.create")) == 1
        assert failed == []


async def test_own_calls_are_answered_beside_those_of_somebody_else(serve: Serve) -> None:
    script = ScriptedResponder([[ToolCall("theirs", {}, "call_1"), ToolCall("mine", {}, "call_2")], TextReply("Done.")])
    async with serve(responder=script) as service, service.client() as client:
        client.add_tool({"name": "mine"}, lambda _: "ok")
        await settle(client)
        await told_of(service, client, [THEIRS, {"type": "function", "name": "mine"}])
        async with client.events["response.done"].expect(BOUND, predicate=is_message):
            await client.create_response()
        await settle(client)
        assert outputs(service) == {"call_2": "ok"}
        assert len(service.received("response.create")) == 2


@pytest.mark.parametrize(("tools", "prompt"), [([THEIRS], None), ([], {"id": "pmpt_1"})], ids=["tool", "prompt"])
async def test_a_name_that_nobody_told_of_is_left_alone_where_others_have_tools(
    serve: Serve, tools: list[Wire], prompt: Wire | None
) -> None:
    script = ScriptedResponder([ToolCall("whose", {}, "call_1")])
    async with serve(responder=script) as service, service.client() as client:
        await settle(client)
        await told_of(service, client, tools, prompt=prompt)
        await done(client)
        assert outputs(service) == {}
        assert len(service.received("response.create")) == 1


async def test_tools_of_a_single_response_are_left_to_the_application(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("theirs", {}, "call_1"), ToolCall("theirs", {}, "call_2")])
    async with serve(responder=script) as service, service.client() as client:
        await done(client, {"tools": [{"type": "function", "name": "theirs"}]})
        await done(client)
        assert outputs(service) == {}
        assert len(service.received("response.create")) == 2


async def test_manual_tools_are_left_to_the_application_after_they_were_taken_out_too(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("theirs", {}, "call_1"), ToolCall("sent", {}, "call_2")])
    async with serve(responder=script) as service, service.client() as client:
        await client.update_session(tools=[{"type": "function", "name": "theirs"}])
        await client.session.update(session={"type": "realtime", "tools": [{"type": "function", "name": "sent"}]})
        await client.update_session(tools=[])
        assert tool_names(service) == []
        await done(client)
        await done(client)
        assert outputs(service) == {}


async def test_a_call_of_a_tool_that_was_removed_meanwhile_is_answered_with_an_error(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("gone", {}, "call_1"), TextReply("Sorry.")])
    async with serve(responder=script) as service, service.client() as client:
        await client.add_tool({"name": "gone"}, lambda _: "never")
        await settle(client)
        await told_of(service, client, [THEIRS])
        failed: list[ToolErrorEvent] = []
        client.on("tool.error", failed.append)
        await client.remove_tool("gone")
        async with client.events["response.done"].expect(BOUND, predicate=is_message):
            await client.create_response()
        assert "not registered" in json.loads(outputs(service)["call_1"])["error"]
        assert [event.tool_name for event in failed] == ["gone"]


async def test_another_session_begins_with_nobody_else(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("theirs", {}, "call_1"), TextReply("Sorry.")])
    async with serve(responder=script) as service:
        client = service.client()
        async with client:
            await settle(client)
            await told_of(service, client, [THEIRS])
        client.on("tool.error", lambda _: None)
        async with client, client.events["response.done"].expect(BOUND, predicate=is_message):
            await client.create_response()
        assert "not registered" in outputs(service)["call_1"]


@pytest.fixture
def serve_calls(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Starts a server whose clients begin calls; only a call has a sideband."""
    pin_to_loopback(monkeypatch)
    return serve_over("webrtc")


@pytest.mark.parametrize("by_sideband", [True, False], ids=["sideband", "caller"])
async def test_of_two_clients_on_one_call_only_the_one_with_the_tool_answers(
    serve_calls: Serve, by_sideband: bool
) -> None:
    script = ScriptedResponder([ToolCall("clock", {}, "call_1"), TextReply("At nine."), TextReply("Never asked for.")])
    async with serve_calls(responder=script) as service, service.client() as caller:
        await caller.wait_for_session_created(BOUND)
        server = service.server
        sideband = RealtimeClient(base_url=server.base_url, api_key=server.api_key, call_id=caller.call_id)
        async with sideband:
            failed: list[ToolErrorEvent] = []
            for client in (caller, sideband):
                client.on("tool.error", failed.append)
            async with caller.events["session.updated"].expect(BOUND):
                await (sideband if by_sideband else caller).add_tool({"name": "clock"}, lambda _: "nine")
            async with (
                caller.events["response.done"].expect(BOUND, predicate=is_message),
                sideband.events["response.done"].expect(BOUND, predicate=is_message),
            ):
                await caller.create_response()
            for client in (caller, sideband):
                await settle(client)
            assert outputs(service) == {"call_1": "nine"}
            assert len(service.received("response.create")) == 2
            assert failed == []


async def test_a_sideband_leaves_names_that_it_does_not_know_to_the_caller(serve_calls: Serve) -> None:
    script = ScriptedResponder([ToolCall("whose", {}, "call_1"), TextReply("Sorry.")])
    async with serve_calls(responder=script) as service, service.client() as caller:
        await caller.wait_for_session_created(BOUND)
        caller.on("tool.error", lambda _: None)
        server = service.server
        async with RealtimeClient(base_url=server.base_url, api_key=server.api_key, call_id=caller.call_id) as sideband:
            await settle(sideband)
            async with asyncio.timeout(BOUND), caller.events["response.done"].expect(BOUND, predicate=is_message):
                await sideband.create_response()
            await settle(sideband)
            assert list(outputs(service)) == ["call_1"]
            assert len(service.received("response.create")) == 2
