"""Tool functions used against their signatures, and what is no tool or no decision."""

from realtime_typed import RealtimeClient, ToolContext, ToolErrorEvent
from realtime_typed.types import McpApprovalRequestItem, McpToolParam, ResponseDone


def decorated(client: RealtimeClient) -> None:
    @client.tool
    def weather(city: str, days: int = 1) -> str:
        return city * days

    @client.tool(timeout=5)
    async def remember(fact: str, context: ToolContext) -> None:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(fact, context.callid)
        # error: mypy[misc] pyright[reportAttributeAccessIssue]
        context.call_id = "call_2"

    # error: mypy[call-arg] pyright[reportCallIssue]
    weather()
    # error: mypy[arg-type] pyright[reportArgumentType]
    weather(1)
    # error: mypy[call-arg] pyright[reportCallIssue]
    weather("Bath", unit="c")
    # error: mypy[assignment] pyright[reportAssignmentType]
    degrees: float = weather("Bath")
    # error: mypy[call-arg] pyright[reportCallIssue]
    print(degrees, remember("tea"))


def registered(client: RealtimeClient) -> None:
    def handler(arguments: dict[str, object]) -> object:
        return arguments

    # error: mypy[call-overload] pyright[reportArgumentType]
    client.tool("weather")
    # error: mypy[call-overload] pyright[reportArgumentType]
    client.tool(timeout="5")
    # error: mypy[call-overload] pyright[reportCallIssue]
    client.tool(nme="weather")
    # error: mypy[call-overload] pyright[reportCallIssue]
    client.tool(handler, handler)
    # error: mypy[call-overload] pyright[reportArgumentType]
    client.add_tool(handler, handler)
    # error: mypy[call-overload] pyright[reportCallIssue]
    client.add_tool({"name": "f"}, handler, description="F.")
    # error: mypy[call-overload] pyright[reportArgumentType]
    client.add_tool(handler, timeout="5")


def errors(client: RealtimeClient) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    @client.on("tool.error")
    def other(event: ResponseDone) -> None:
        print(event)

    @client.on("tool.error")
    def note(event: ToolErrorEvent) -> None:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(event.name, other, note)


async def mcp(client: RealtimeClient) -> None:
    # error: mypy[type-var] pyright[reportArgumentType]
    @client.on_mcp_approval
    def number(request: McpApprovalRequestItem) -> int:
        return len(request.name)

    # error: mypy[arg-type] pyright[reportArgumentType]
    @client.on_mcp_approval
    async def other(event: ResponseDone) -> bool:
        return bool(event)

    @client.on_mcp_approval
    def decide(request: McpApprovalRequestItem) -> bool:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        return bool(request.tool) and bool(number) and bool(other) and bool(decide)

    # error: mypy[typeddict-item] pyright[reportAssignmentType]
    server: McpToolParam = {"type": "mcp", "server_label": 1}
    await client.update_session(tools=[server])
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.update_session(tools=[{"type": "mcp", "server_url": "https://mcp.example.com"}])
