"""Tools out of functions, and consent to MCP calls, from the model's call to its next answer."""

import asyncio
import json
import threading
from dataclasses import dataclass
from typing import Annotated, Literal, cast

import pytest
from pydantic import BaseModel, Field

from realtime_typed import ConversationUpdated, RealtimeClient, ToolContext, ToolErrorEvent
from realtime_typed.local import ScriptedResponder, TextReply, ToolCall
from realtime_typed.types import McpApprovalRequestItem, McpToolParam
from tests.contract.support import BOUND, Serve, Service, Wire, reported, settle
from tests.contract.test_tool_turns import outputs, tool_names

pytestmark = pytest.mark.anyio

DOCS: McpToolParam = {
    "type": "mcp",
    "server_label": "docs",
    "server_url": "https://mcp.example.com",
    "allowed_tools": ["search"],
    "require_approval": "always",
}


class Forecast(BaseModel):
    city: str
    degrees: float


@dataclass
class Place:
    name: str
    country: str = "UK"


async def turn(client: RealtimeClient, responses: int) -> None:
    """Ask for a response, and wait until so many are done."""
    with client.events["response.done"].stream() as done:
        await client.create_response()
        async with asyncio.timeout(BOUND):
            for _ in range(responses):
                await anext(done)
    await settle(client)


def functions(service: Service) -> dict[str, Wire]:
    """The parameters of the session's functions, by name."""
    tools = cast("list[Wire]", service.session.config["tools"])
    return {str(tool["name"]): cast("Wire", tool["parameters"]) for tool in tools}


async def test_a_decorated_function_is_called_with_what_the_model_says(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        called: list[tuple[str, str, int]] = []

        @client.tool
        async def get_weather(
            city: str, unit: Literal["c", "f"] = "c", days: Annotated[int, Field(ge=1, le=7)] = 1
        ) -> Forecast:
            """The weather in a city.

            Args:
                city: Its name.
            """
            called.append((city, unit, days))
            return Forecast(city=city, degrees=21.5)

        assert await get_weather("Bath") == Forecast(city="Bath", degrees=21.5)
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(
            BOUND, predicate=lambda event: (event.response.output or [])[0].type == "message"
        ):
            await client.send_user_message_content([{"type": "input_text", "text": "What is the weather in London?"}])
        assert called == [("Bath", "c", 1), ("London", "c", 1)]
        assert client.conversation.items[-1].formatted.text == '{"city":"London","degrees":21.5}'
        assert functions(service) == {
            "get_weather": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Its name."},
                    "unit": {"type": "string", "enum": ["c", "f"], "default": "c"},
                    "days": {"type": "integer", "minimum": 1, "maximum": 7, "default": 1},
                },
                "required": ["city"],
                "additionalProperties": False,
            }
        }


async def test_calls_of_one_response_run_at_the_same_time_in_threads_and_in_the_loop(serve: Serve) -> None:
    calls = [
        ToolCall("threaded", {"name": "a"}, "call_1"),
        ToolCall("threaded", {"name": "b"}, "call_2"),
        ToolCall("looped", {"place": {"name": "Bath"}}, "call_3"),
    ]
    script = ScriptedResponder([calls, TextReply("Done.")])
    async with serve(responder=script) as service, service.client() as client:
        # Each call ends only once all three have begun.
        together = threading.Barrier(3, timeout=BOUND)

        @client.tool
        def threaded(name: str) -> str:
            together.wait()
            return name

        @client.tool
        async def looped(place: Place) -> Place:
            await asyncio.to_thread(together.wait)
            return place

        assert (threaded.__name__, looped.__name__) == ("threaded", "looped")
        await turn(client, 2)
        assert outputs(service) == {"call_1": "a", "call_2": "b", "call_3": '{"name":"Bath","country":"UK"}'}
        assert len(service.received("response.create")) == 2


async def test_a_tool_may_use_its_client_and_its_call(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("remember", {"fact": "tea"}, "call_1"), TextReply("Done.")])
    async with serve(responder=script) as service, service.client() as client:

        @client.tool(name="remember", description="Remember a fact.")
        async def store(fact: str, context: ToolContext) -> None:
            assert context.client is client
            assert context.item.name == "remember"
            assert context.client.conversation.get_item(str(context.item.id)) is not None
            await context.client.update_session(instructions=f"{context.call_id}: {fact}")

        assert store.__name__ == "store"
        await turn(client, 2)
        assert outputs(service) == {"call_1": "null"}
        assert service.session.config["instructions"] == "call_1: tea"


async def test_errors_go_to_the_model_in_short_and_to_who_listens_for_them(serve: Serve) -> None:
    calls = [
        ToolCall("divide", {"by": 0}, "call_1"),
        ToolCall("divide", {"by": "none"}, "call_2"),
        ToolCall("slow", {}, "call_3"),
        ToolCall("unknown", {}, "call_4"),
    ]
    script = ScriptedResponder([calls, TextReply("Sorry.")])
    async with serve(responder=script) as service, service.client() as client:
        told: dict[str, ToolErrorEvent] = {}

        @client.tool
        def divide(by: int) -> float:
            return 1 / by

        @client.tool(timeout=0.05)
        async def slow() -> None:
            await asyncio.Event().wait()

        @client.on("tool.error")
        def note(event: ToolErrorEvent) -> None:
            told[event.call_id] = event

        with reported() as errors:
            await turn(client, 2)
        assert errors == []
        answers = outputs(service)
        assert sorted(answers) == ["call_1", "call_2", "call_3", "call_4"]
        assert all(list(json.loads(text)) == ["error"] for text in answers.values())
        assert answers["call_1"] == '{"error":"division by zero"}'
        assert "by: Input should be a valid integer" in answers["call_2"]
        assert answers["call_3"] == '{"error":"there was no result within 0.05 s"}'
        assert "not registered" in answers["call_4"]
        assert "Traceback" not in "".join(answers.values())
        assert {call_id: event.output for call_id, event in told.items()} == answers
        assert told["call_1"].tool_name == "divide"
        assert isinstance(told["call_1"].error.__cause__, ZeroDivisionError)
        assert told["call_3"].item.call_id == "call_3"
        assert len(service.received("response.create")) == 2


async def test_functions_and_definitions_and_manual_tools_stand_side_by_side(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()

        @client.tool
        def before() -> None: ...

        async with client:
            await client.update_session(tools=[{"type": "function", "name": "by_hand"}, DOCS])
            client.add_tool({"name": "defined"}, lambda _: None)
            tool = await client.add_tool(before, name="again", description="Once more.")
            assert tool.definition["description"] == "Once more."
            with pytest.raises(ValueError, match="remove it there first"):
                client.add_tool(before, name="by_hand")
            with pytest.raises(ValueError, match="registered already"):
                client.tool(before)
            await settle(client)
            tools = cast("list[Wire]", service.session.config["tools"])
            assert [tool.get("name") for tool in tools] == ["by_hand", None, "before", "defined", "again"]
            assert tools[1]["server_label"] == "docs"
            await client.remove_tool("before")
            await client.update_session(tools=[])
            await settle(client)
            assert tool_names(service) == ["defined", "again"]


# MCP.


def mcp_request(name: str, request_id: str) -> Wire:
    return {
        "type": "mcp_approval_request",
        "id": request_id,
        "server_label": "docs",
        "name": name,
        "arguments": '{"q": "realtime"}',
    }


def approvals(service: Service) -> dict[object, Wire]:
    """What the client answered to requests for consent, by request."""
    items = [cast("Wire", event["item"]) for event in service.received("conversation.item.create")]
    return {item["approval_request_id"]: item for item in items if item["type"] == "mcp_approval_response"}


async def test_mcp_calls_are_approved_or_refused_by_the_application(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(tools=[DOCS])
        asked: list[str] = []

        @client.on_mcp_approval
        async def decide(request: McpApprovalRequestItem) -> bool | str:
            asked.append(f"{request.server_label}.{request.name}({request.arguments})")
            return request.name == "search" or "Only searching is allowed."

        async with client.events["conversation.item.done"].expect(
            BOUND, predicate=lambda event: getattr(event.item, "approval_request_id", None) == "mcpr_2"
        ):
            for name, request_id in (("search", "mcpr_1"), ("delete", "mcpr_2")):
                item = mcp_request(name, request_id)
                for event in ("conversation.item.added", "conversation.item.done"):
                    service.session.emit({"type": event, "previous_item_id": None, "item": item})
                service.session.emit(
                    {"type": "response.output_item.done", "response_id": "resp_1", "output_index": 0, "item": item}
                )
        await settle(client)
        assert asked == ['docs.search({"q": "realtime"})', 'docs.delete({"q": "realtime"})']
        answers = approvals(service)
        assert {key: (item["approve"], item.get("reason")) for key, item in answers.items()} == {
            "mcpr_1": (True, None),
            "mcpr_2": (False, "Only searching is allowed."),
        }
        assert service.received("response.create") == []


async def test_list_and_call_events_of_mcp_reach_typed_handlers_and_the_conversation(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        seen: list[str] = []
        client.on("mcp_list_tools.completed", lambda event: seen.append(f"listed {event.item_id}"))
        client.on("mcp_list_tools.failed", lambda event: seen.append(f"not listed {event.item_id}"))
        client.on("response.mcp_call_arguments.done", lambda event: seen.append(event.arguments))
        client.on("response.mcp_call.completed", lambda event: seen.append(f"called {event.item_id}"))
        client.on("response.mcp_call.failed", lambda event: seen.append(f"failed {event.item_id}"))
        await settle(client)
        emit = service.session.emit
        tools = [{"name": "search", "input_schema": {"type": "object"}, "annotations": None}]
        listed = {"type": "mcp_list_tools", "id": "mcpl_1", "server_label": "docs", "tools": tools}
        place = {"response_id": "resp_1", "item_id": "mcp_1", "output_index": 0}
        call = {"type": "mcp_call", "id": "mcp_1", "server_label": "docs", "name": "search", "arguments": "{}"}
        emit({"type": "mcp_list_tools.completed", "item_id": "mcpl_1"})
        emit({"type": "conversation.item.added", "previous_item_id": None, "item": listed})
        emit({"type": "conversation.item.done", "previous_item_id": None, "item": listed})
        emit({"type": "mcp_list_tools.failed", "item_id": "mcpl_2"})
        emit({"type": "response.mcp_call_arguments.done", **place, "arguments": "{}"})
        emit({"type": "response.mcp_call.failed", "item_id": "mcp_0", "output_index": 0})
        emit({"type": "response.mcp_call.completed", "item_id": "mcp_1", "output_index": 0})
        done = {"previous_item_id": "mcpl_1", "item": {**call, "output": "found"}}
        emit({"type": "conversation.item.added", **done})
        emit({"type": "conversation.item.done", **done})
        await settle(client)
        assert seen == ["listed mcpl_1", "not listed mcpl_2", "{}", "failed mcp_0", "called mcp_1"]
        first, second = client.conversation.items
        assert first.type == "mcp_list_tools"
        assert first.tools[0].name == "search"
        assert second.type == "mcp_call"
        assert second.output == "found"


async def test_the_arguments_of_an_mcp_call_grow_in_its_item_and_are_told(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        grown: list[str | None] = []
        told: list[str | None] = []

        @client.on("conversation.updated")
        def note(event: ConversationUpdated) -> None:
            if event.item.type == "mcp_call":
                grown.append(event.delta.arguments if event.delta else None)
                told.append(event.item.formatted.mcp_status)

        await settle(client)
        emit = service.session.emit
        place = {"response_id": "resp_1", "item_id": "mcp_1", "output_index": 0}
        call = {"type": "mcp_call", "id": "mcp_1", "server_label": "docs", "name": "search", "arguments": ""}
        emit({"type": "response.output_item.added", "response_id": "resp_1", "output_index": 0, "item": call})
        emit({"type": "response.mcp_call_arguments.delta", **place, "delta": '{"q": '})
        emit({"type": "response.mcp_call_arguments.delta", **place, "delta": "1"})
        emit({"type": "response.mcp_call_arguments.done", **place, "arguments": '{"q": 1}'})
        emit({"type": "response.mcp_call.in_progress", "item_id": "mcp_1", "output_index": 0})
        emit({"type": "response.mcp_call.completed", "item_id": "mcp_1", "output_index": 0})
        await settle(client)
        assert grown == [None, '{"q": ', "1", None, None, None]
        assert told == [None, None, None, None, "in_progress", "completed"]
        (item,) = client.conversation.items
        assert item.type == "mcp_call"
        assert (item.name, item.arguments, item.formatted.mcp_status) == ("search", '{"q": 1}', "completed")


async def test_a_question_that_is_open_ends_with_the_connection(serve: Serve) -> None:
    async with serve() as service:
        asked = asyncio.Event()
        async with service.client() as client:

            @client.on_mcp_approval
            async def forever(_: McpApprovalRequestItem) -> bool:
                asked.set()
                await asyncio.Event().wait()
                return True

            await settle(client)
            item = mcp_request("search", "mcpr_1")
            service.session.emit({"type": "conversation.item.done", "previous_item_id": None, "item": item})
            await asked.wait()
        assert approvals(service) == {}


async def test_reset_forgets_who_decides(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        client.on_mcp_approval(lambda _: True)
        await client.reset()
        async with client:
            await settle(client)
            item = mcp_request("search", "mcpr_1")
            service.session.emit({"type": "conversation.item.done", "previous_item_id": None, "item": item})
            await settle(client)
        assert approvals(service) == {}
