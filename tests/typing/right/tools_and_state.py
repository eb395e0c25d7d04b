"""Tools, the conversation, and the codec."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Literal, assert_type

import numpy as np
import numpy.typing as npt

from realtime_typed import (
    Codec,
    ConnectError,
    ConnectionClosed,
    Conversation,
    ConversationChange,
    ConversationError,
    EventValidationError,
    ItemDelta,
    ProtocolError,
    RealtimeClient,
    RealtimeError,
    ServerError,
    ToolError,
    TransportError,
    UnknownEvent,
    Validation,
)
from realtime_typed.tools import Tool
from realtime_typed.types import ConversationItem, FunctionTool, FunctionToolParam, ResponseCreate, ServerEvent

WEATHER: FunctionToolParam = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather in a city.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def get_weather(arguments: dict[str, object]) -> dict[str, object]:
    return {"city": arguments["city"], "weather": "sunny"}


async def get_time(arguments: dict[str, object]) -> str:
    await asyncio.sleep(0)
    return "noon"


async def tools(client: RealtimeClient) -> None:
    client.add_tool(WEATHER, get_weather)
    client.add_tool({"name": "get_time", "parameters": {"type": "object"}}, get_time)
    client.add_tool(FunctionTool(name="ping"), lambda arguments: sorted(arguments))
    assert_type(await client.add_tool({"name": "get_time"}, get_time), Tool)
    assert_type(client.remove_tool("get_weather").tool.name, str)
    await client.remove_tool("get_time")


def conversation(event: ServerEvent | UnknownEvent) -> None:
    state = Conversation()
    changes = state.apply(event)
    assert_type(changes, Sequence[ConversationChange])
    for change in changes:
        assert_type(change.kind, Literal["appended", "updated", "truncated", "moved", "deleted", "dropped"])
        assert_type(change.item, ConversationItem)
        assert_type(change.delta, ItemDelta | None)
        assert_type(change.completed, bool)
    assert_type(state.get_item("item_1"), ConversationItem | None)
    assert_type(state.get_items(), list[ConversationItem])
    assert_type(state.items, list[ConversationItem])
    assert_type(state.issues, Counter[str])
    state.clear()


async def conversation_of_a_client(client: RealtimeClient) -> None:
    item = client.conversation.get_item("item_1")
    if item is not None:
        assert_type(item.formatted.audio, npt.NDArray[np.int16])
        assert_type(item.formatted.audio.dtype, np.dtype[np.int16])
        assert_type(item.id, str | None)
    assert_type(await client.cancel_response("item_1", 2400), ConversationItem | None)
    await client.cancel_response()
    await client.delete_item("item_1")


def codec(frame: str | bytes) -> None:
    coder = Codec(validation="strict")
    assert_type(coder.decode(frame), ServerEvent | UnknownEvent)
    assert_type(coder.encode(ResponseCreate()), str)
    assert_type(coder.encode({"type": "response.create"}), str)
    assert_type(coder.issues, Counter[tuple[str, str]])
    assert_type(coder.issue_count, int)
    assert_type(coder.validation, Validation)
    mode: Validation = "lenient"
    Codec(mode)
    Codec("off")


async def errors(client: RealtimeClient) -> None:
    try:
        await client.connect()
    except ConnectError as error:
        assert_type(error.status, int | None)
        print(error.body)
    except ConnectionClosed as error:
        assert_type(error.code, int)
        assert_type(error.reason, str)
        assert_type(error.clean, bool)
    except EventValidationError as error:
        assert_type(error.event_type, str)
        print([(field.path, field.value, field.expected) for field in error.errors])
    except ProtocolError as error:
        print(error.raw)
    except ServerError as error:
        assert_type(error.code, str | None)
    except ConversationError as error:
        assert_type(error.item_id, str)
    except (ToolError, TransportError, RealtimeError, TimeoutError):
        raise
