"""Tools: the model calls, the client answers, and the model goes on once."""

import asyncio
import json
from typing import cast

import pytest

from realtime_typed import ToolErrorEvent
from realtime_typed.errors import MessageTooLargeError, ToolError
from realtime_typed.local import ScriptedResponder, TextReply, ToolCall
from realtime_typed.tools import ToolDefinition
from realtime_typed.types import ResponseDone
from tests.contract.support import BOUND, Serve, Service, Wire, reported, settle, speaks

pytestmark = pytest.mark.anyio

WEATHER: ToolDefinition = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def outputs(service: Service) -> dict[str, str]:
    """The answers that the client gave to calls, by call id."""
    items = [cast("Wire", event["item"]) for event in service.received("conversation.item.create")]
    return {str(item["call_id"]): str(item["output"]) for item in items if item["type"] == "function_call_output"}


def is_message(event: ResponseDone) -> bool:
    """Whether the response was a message, as after its tools were answered."""
    output = event.response.output
    return output is not None and [item.type for item in output] == ["message"]


def tool_names(service: Service) -> list[str]:
    """The tools that the session has."""
    return [str(tool["name"]) for tool in cast("list[Wire]", service.session.config["tools"])]


async def test_a_tool_is_called_and_the_model_goes_on(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        called: list[dict[str, object]] = []

        def weather(arguments: dict[str, object]) -> str:
            called.append(arguments)
            return f"sunny in {arguments['city']}"

        tool = await client.add_tool(WEATHER, weather)
        assert tool.name == "get_weather"
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(BOUND, predicate=is_message):
            await client.send_user_message_content([{"type": "input_text", "text": "What is the weather in London?"}])
        assert called == [{"city": "London"}]
        user, call, output, reply = client.conversation.items
        assert user.formatted.text == "What is the weather in London?"
        assert call.formatted.tool is not None
        assert json.loads(call.formatted.tool.arguments) == {"city": "London"}
        assert output.formatted.output == "sunny in London"
        assert reply.formatted.text == "sunny in London"


async def test_two_calls_of_one_response_are_answered_before_one_response_goes_on(serve: Serve) -> None:
    script = ScriptedResponder(
        [[ToolCall("now", {}, "call_1"), ToolCall("later", '{"a": [1]}', "call_2")], TextReply("Done.")]
    )
    async with serve(responder=script) as service, service.client() as client:
        release = asyncio.Event()

        async def later(arguments: dict[str, object]) -> dict[str, object]:
            await release.wait()
            return {"got": arguments}

        client.add_tool({"name": "now"}, lambda arguments: None)
        client.add_tool({"name": "later"}, later)
        async with client.events["response.done"].expect(BOUND):
            await client.create_response()
        await settle(client)
        assert outputs(service) == {"call_1": "null"}
        assert len(service.received("response.create")) == 1
        async with client.events["response.done"].expect(BOUND):
            release.set()
        await settle(client)
        assert outputs(service) == {"call_1": "null", "call_2": '{"got":{"a":[1]}}'}
        assert len(service.received("response.create")) == 2
        last = [item.type for item in script.requests[1].items]
        assert last == ["function_call", "function_call", "function_call_output", "function_call_output"]


async def test_a_tool_that_fails_is_answered_with_its_error_and_reported(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("broken", {}, "call_1"), TextReply("Sorry.")])
    async with serve(responder=script) as service, service.client() as client:

        def broken(_: dict[str, object]) -> None:
            raise LookupError("no such city")

        client.add_tool({"name": "broken"}, broken)
        with reported() as errors:
            async with client.events["response.done"].expect(BOUND, predicate=is_message):
                await client.create_response()
        assert json.loads(outputs(service)["call_1"]) == {"error": "no such city"}
        (error,) = errors
        assert isinstance(error, ToolError)
        assert error.tool_name == "broken"
        assert isinstance(error.__cause__, LookupError)


async def test_a_tool_that_raises_a_cancellation_of_its_own_is_answered_too(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("broken", {}, "call_1"), TextReply("Sorry.")])
    async with serve(responder=script) as service, service.client() as client:

        async def broken(_: dict[str, object]) -> None:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            future.cancel()
            await future

        client.add_tool({"name": "broken"}, broken)
        with reported() as errors:
            async with client.events["response.done"].expect(BOUND, predicate=is_message):
                await client.create_response()
        assert "error" in json.loads(outputs(service)["call_1"])
        assert [type(error) for error in errors] == [ToolError]


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [("unknown", "{}", "not registered"), ("known", "{", "JSON|EOF"), ("known", "[1]", "JSON object")],
)
async def test_a_call_that_cannot_be_run_is_answered_with_an_error(
    serve: Serve, name: str, arguments: str, text: str
) -> None:
    script = ScriptedResponder([ToolCall(name, arguments, "call_1"), TextReply("Sorry.")])
    async with serve(responder=script) as service, service.client() as client:
        client.add_tool({"name": "known"}, lambda _: "never")
        with reported() as errors:
            async with client.events["response.done"].expect(BOUND, predicate=is_message):
                await client.create_response()
        answer = json.loads(outputs(service)["call_1"])["error"]
        assert any(word in answer for word in text.split("|"))
        assert [type(error) for error in errors] == [ToolError]


@pytest.mark.parametrize("result", ["a lone \ud800", {"a": object()}])
async def test_a_result_that_cannot_be_sent_is_answered_with_an_error(serve: Serve, result: object) -> None:
    script = ScriptedResponder([ToolCall("known", {}, "call_1"), TextReply("Sorry.")])
    async with serve(responder=script) as service, service.client() as client:
        client.add_tool({"name": "known"}, lambda _: result)
        with reported() as errors:
            async with client.events["response.done"].expect(BOUND, predicate=is_message):
                await client.create_response()
        assert "cannot be written" in json.loads(outputs(service)["call_1"])["error"]
        assert [type(error) for error in errors] == [ToolError]


async def test_tools_given_to_update_session_are_left_to_the_application(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("by_hand", {}, "call_1"), TextReply("Done.")])
    async with serve(responder=script) as service, service.client() as client:
        await client.update_session(tools=[{"type": "function", "name": "by_hand", "parameters": {"type": "object"}}])
        client.add_tool({"name": "automatic"}, lambda _: "ok")
        async with client.events["response.done"].expect(BOUND) as done:
            await client.create_response()
        await settle(client)
        assert tool_names(service) == ["by_hand", "automatic"]
        assert outputs(service) == {}
        assert len(service.received("response.create")) == 1
        assert done.event.response.output is not None
        await client.conversation.item.create(
            item={"type": "function_call_output", "call_id": "call_1", "output": "by the application"}
        )
        async with client.events["response.done"].expect(BOUND):
            await client.create_response()
        assert script.requests[1].tool_output == "by the application"


async def test_one_name_is_either_automatic_or_left_to_the_application(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        client.add_tool({"name": "mine"}, lambda _: "ok")
        with pytest.raises(ValueError, match="remove_tool"):
            await client.update_session(tools=[{"type": "function", "name": "mine"}], instructions="New.")
        with pytest.raises(ValueError, match="registered already"):
            client.add_tool({"name": "mine"}, lambda _: "ok")
        await client.update_session(tools=[{"type": "function", "name": "theirs"}])
        with pytest.raises(ValueError, match="remove it there first"):
            client.add_tool({"name": "theirs"}, lambda _: "ok")
        await settle(client)
        assert tool_names(service) == ["theirs", "mine"]
        assert service.session.config["instructions"] != "New."


async def test_a_removed_tool_is_gone_from_the_session(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        client.add_tool(WEATHER, lambda _: "ok")
        client.add_tool({"name": "other"}, lambda _: "ok")
        await settle(client)
        assert tool_names(service) == ["get_weather", "other"]
        tool = await client.remove_tool("get_weather")
        assert tool.name == "get_weather"
        await settle(client)
        assert tool_names(service) == ["other"]
        with pytest.raises(ValueError, match="'other'"):
            client.remove_tool("get_weather")


async def test_a_tool_added_without_await_is_told_before_what_is_sent_later(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        before = len(service.session.received)
        client.add_tool(WEATHER, lambda _: "ok")
        async with client.events["response.done"].expect(BOUND):
            await client.create_response()
        await settle(client)
        names = [str(event["type"]) for event in service.session.received[before:]]
        assert names == ["session.update", "response.create", "input_audio_buffer.clear"]


async def test_tools_added_before_connecting_are_told_with_the_session(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        tool = await client.add_tool(WEATHER, lambda _: "ok")
        assert tool.definition["type"] == "function"
        async with client:
            await settle(client)
            assert tool_names(service) == ["get_weather"]


async def test_a_cancelled_response_does_not_make_the_model_go_on(serve: Serve) -> None:
    script = ScriptedResponder([[ToolCall("quick", {}, "call_1"), TextReply("word " * 500)]])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        client.add_tool({"name": "quick"}, lambda _: "ok")
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks):
            await client.create_response()
        async with client.events["response.done"].expect(BOUND) as done:
            await client.cancel_response()
        assert done.event.response.status == "cancelled"
        await settle(client)
        assert outputs(service) == {"call_1": "ok"}
        assert len(service.received("response.create")) == 1


async def test_a_result_that_the_connection_does_not_carry_is_answered_with_an_error(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("long", {}, "call_1"), TextReply("So long.")])
    async with serve(responder=script) as service, service.client() as client:
        failed: list[ToolErrorEvent] = []
        client.on("tool.error", failed.append)
        client.add_tool({"name": "long"}, lambda _: "x" * 1_000_000)
        async with client.events["response.done"].expect(BOUND, predicate=is_message):
            await client.create_response()
        await settle(client)
        answer = outputs(service)["call_1"]
        if service.kind == "webrtc":  # its data channel takes less than that
            assert "bytes" in json.loads(answer)["error"]
            assert [event.output for event in failed] == [answer]
            assert isinstance(failed[0].error.__cause__, MessageTooLargeError)
        else:
            assert len(answer) == 1_000_000
            assert failed == []
        assert len(service.received("response.create")) == 2


async def test_a_call_of_a_response_outside_the_conversation_is_left_to_the_application(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("known", {}, "call_1"), TextReply("Never asked for.")])
    async with serve(responder=script) as service, service.client() as client:
        called: list[object] = []
        client.add_tool({"name": "known"}, called.append)
        async with client.events["response.done"].expect(BOUND):
            response = await client.create_response({"conversation": "none"})
        await settle(client)
        (item,) = [item async for item in response.items]
        assert item.type == "function_call"
        assert (called, outputs(service)) == ([], {})
        assert len(service.received("response.create")) == 1
