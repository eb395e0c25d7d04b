"""Functions as tools, which keep their signatures, and consent to MCP calls."""

from dataclasses import dataclass
from typing import Annotated, Literal, assert_type

from pydantic import BaseModel, Field

from realtime_typed import RealtimeClient, ToolContext, ToolError, ToolErrorEvent
from realtime_typed.tools import Tool
from realtime_typed.types import (
    FunctionCallItem,
    McpApprovalFilter,
    McpApprovalRequestItem,
    McpTool,
    McpToolParam,
    RealtimeSessionConfig,
)


class City(BaseModel):
    name: str


@dataclass
class Forecast:
    degrees: float


async def decorated(client: RealtimeClient) -> None:
    @client.tool
    async def get_weather(city: City, *, days: Annotated[int, Field(ge=1)] = 1) -> Forecast:
        return Forecast(float(len(city.name) * days))

    @client.tool
    def get_time() -> str:
        return "noon"

    @client.tool(name="remember", description="Remember a fact.", timeout=5)
    def store(fact: str, kind: Literal["short", "long"], context: ToolContext) -> None:
        assert_type(context.client, RealtimeClient)
        assert_type(context.item, FunctionCallItem)
        assert_type(context.call_id, str)
        assert_type(context.response_id, str)

    @client.tool()
    async def forget(fact: str | None = None) -> list[str]:
        return [fact or ""]

    assert_type(await get_weather(City(name="Bath"), days=2), Forecast)
    assert_type(get_time(), str)
    assert_type(await forget(fact="tea"), list[str])
    print(store.__name__)


def plain(city: str, days: int) -> str:
    return city * days


async def added(client: RealtimeClient) -> None:
    assert_type(await client.add_tool(plain), Tool)
    assert_type(client.add_tool(plain, name="other", description="Other.", timeout=1.5).tool, Tool)
    client.add_tool(lambda: None, name="nothing")
    client.add_tool({"name": "defined"}, lambda arguments: arguments["city"], timeout=5)


def errors(client: RealtimeClient) -> None:
    @client.on("tool.error")
    def note(event: ToolErrorEvent) -> None:
        assert_type(event.error, ToolError)
        assert_type(event.item, FunctionCallItem)
        assert_type(event.tool_name, str)
        assert_type(event.output, str)
        assert_type(event.type, Literal["tool.error"])

    client.events["tool.error"].once(note)


async def waiting(client: RealtimeClient) -> None:
    assert_type(await client.wait_for("tool.error", 5), ToolErrorEvent)


async def mcp(client: RealtimeClient) -> None:
    server: McpToolParam = {
        "type": "mcp",
        "server_label": "docs",
        "server_url": "https://mcp.example.com",
        "allowed_tools": {"read_only": True},
        "require_approval": {"never": {"tool_names": ["search"]}},
    }
    await client.update_session(tools=[server, {"type": "function", "name": "by_hand"}])
    model = McpTool(server_label="mail", connector_id="connector_gmail", require_approval=McpApprovalFilter())
    await client.update_session(RealtimeSessionConfig(tools=[model]))

    @client.on_mcp_approval
    def decide(request: McpApprovalRequestItem) -> bool:
        return request.name == "search"

    @client.on_mcp_approval
    async def explain(request: McpApprovalRequestItem) -> bool | str:
        return request.server_label == "docs" or "Only the docs."

    client.on_mcp_approval(lambda request: len(request.arguments) < 100)
    request = McpApprovalRequestItem(id="mcpr_1", server_label="docs", name="search", arguments="{}")
    assert_type(decide(request), bool)
    assert_type(await explain(request), bool | str)
    client.on("mcp_list_tools.completed", lambda event: print(event.item_id))
    client.on("response.mcp_call.failed", lambda event: print(event.item_id))
    for item in client.conversation.items:
        if item.type == "mcp_call" and item.error is not None:
            assert_type(item.error.message, str)
        elif item.type == "mcp_list_tools":
            assert_type(item.tools[0].name, str)
            assert_type(item.formatted.mcp_status, Literal["in_progress", "completed", "failed"] | None)
