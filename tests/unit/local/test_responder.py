"""The default responder echoes, and fills the arguments of tools from their schemas."""

import json

import pytest

from realtime_typed._generated.realtime.shared import (
    FunctionTool,
    RealtimeSession,
    Tool,
    ToolChoice,
    ToolChoiceFunction,
)
from realtime_typed.local import EchoResponder, ResponderRequest, TextReply, ToolCall
from realtime_typed.local.speech import synthesize

pytestmark = pytest.mark.anyio

SESSION = RealtimeSession(id="sess_1", object="realtime.session")


def request(
    text: str = "",
    *,
    tools: list[Tool] | None = None,
    tool_choice: ToolChoice = "auto",
    tool_output: str | None = None,
    response_instructions: str | None = None,
) -> ResponderRequest:
    return ResponderRequest(
        items=[],
        text=text,
        audio=None,
        tool_output=tool_output,
        session=SESSION,
        instructions="",
        response_instructions=response_instructions,
        tools=tools or [],
        tool_choice=tool_choice,
        modality="text",
    )


def tool(name: str, **properties: object) -> FunctionTool:
    return FunctionTool(name=name, parameters={"type": "object", "properties": properties})


async def call(text: str, **properties: object) -> object:
    reply = await EchoResponder().respond(request(text, tools=[tool("f", **properties)], tool_choice="required"))
    assert isinstance(reply, ToolCall)
    return reply.arguments


async def test_text_comes_back() -> None:
    assert await EchoResponder().respond(request("Hi there!")) == TextReply("Hi there!")


async def test_without_a_user_the_response_s_own_instructions_are_said() -> None:
    assert await EchoResponder().respond(request(response_instructions="Say hi.")) == TextReply("Say hi.")
    assert await EchoResponder().respond(request()) == TextReply("Hello from the local server.")


async def test_the_output_of_a_call_is_said_whatever_the_tools() -> None:
    asked = request("weather?", tools=[tool("get_weather")], tool_output="Sunny.")
    assert await EchoResponder().respond(asked) == TextReply("Sunny.")


async def test_a_tool_is_called_when_the_text_names_it() -> None:
    tools: list[Tool] = [tool("get_time"), tool("get_weather")]
    reply = await EchoResponder().respond(request("What is the weather?", tools=tools))
    assert isinstance(reply, ToolCall)
    assert reply.name == "get_weather"
    assert isinstance(await EchoResponder().respond(request("Good morning", tools=tools)), TextReply)
    none = request("What is the weather?", tools=tools, tool_choice="none")
    assert isinstance(await EchoResponder().respond(none), TextReply)
    forced = request("Good morning", tools=tools, tool_choice=ToolChoiceFunction(name="get_time"))
    reply = await EchoResponder().respond(forced)
    assert isinstance(reply, ToolCall)
    assert reply.name == "get_time"


async def test_arguments_are_made_from_the_schema() -> None:
    arguments = await call(
        "Please book a table for 4 in Paris in celsius",
        city={"type": "string"},
        people={"type": "integer"},
        price={"type": "number"},
        unit={"type": "string", "enum": ["fahrenheit", "celsius"]},
        now={"type": "boolean"},
        names={"type": "array", "items": {"type": "string"}},
        where={"type": "object", "properties": {"town": {"type": ["string", "null"]}}},
        fixed={"type": "string", "default": "as it is"},
        nothing={"type": "null"},
    )
    assert arguments == {
        "city": "Paris",
        "people": 4,
        "price": 4.0,
        "unit": "celsius",
        "now": True,
        "names": ["Paris"],
        "where": {"town": "Paris"},
        "fixed": "as it is",
        "nothing": None,
    }
    assert json.dumps(arguments)


async def test_only_required_arguments_are_given_where_the_schema_says_which() -> None:
    parameters: dict[str, object] = {
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "required": ["b"],
    }
    tools: list[Tool] = [FunctionTool(name="f", parameters=parameters)]
    asked = request("word", tools=tools, tool_choice="required")
    reply = await EchoResponder().respond(asked)
    assert isinstance(reply, ToolCall)
    assert reply.arguments == {"b": "word"}


def test_babble_is_the_same_each_time_and_as_long_as_its_words() -> None:
    assert (synthesize("one two") == synthesize("one two")).all()
    assert synthesize("one two three").size > synthesize("one two").size
    assert synthesize("one two", 1.5).size < synthesize("one two").size
    assert synthesize("").size == 4800
