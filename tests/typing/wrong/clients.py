"""Clients, tools, codecs and servers made or used wrongly."""

import asyncio

from realtime_typed import Codec, Conversation, RealtimeAPI, RealtimeClient, Transport, Validation
from realtime_typed.local import LocalServer, ScriptedResponder
from realtime_typed.types import ResponseCreate, ResponseDone

# Arguments of the client.

# error: mypy[call-arg] pyright[reportCallIssue]
RealtimeClient("sk-test")
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(api_key=b"sk-test")
# error: mypy[call-arg] pyright[reportCallIssue]
RealtimeClient(apikey="sk-test")
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(validation="leniant")
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(validation=None)
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(transport="websockets")
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(debug="yes", model=None)
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeAPI(validation="loose")
# error: mypy[arg-type] pyright[reportArgumentType]
Codec("loose")
# error: mypy[arg-type] pyright[reportArgumentType]
Codec(validation=True)
# error: mypy[assignment] pyright[reportAssignmentType]
mode: Validation = "none"


# A transport that lacks a method, or whose method has another shape.


class NoClose:
    name = "no close"

    async def connect(self) -> None: ...

    async def send(self, data: str) -> None: ...

    async def recv(self) -> str:
        return ""


class SyncSend:
    name = "sync send"

    async def connect(self) -> None: ...

    def send(self, data: str) -> None: ...

    async def recv(self) -> str:
        return ""

    async def close(self, code: int = 1000, reason: str = "") -> None: ...


# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(transport=NoClose)
# error: mypy[arg-type, return-value] pyright[reportArgumentType]
RealtimeClient(transport=lambda: 1)
# error: mypy[assignment] pyright[reportAssignmentType]
transport: Transport = NoClose()
# error: mypy[assignment] pyright[reportAssignmentType]
sync_transport: Transport = SyncSend()


# Sync and async.


async def awaiting(client: RealtimeClient, codec: Codec, conversation: Conversation) -> None:
    # error: mypy[misc] pyright[reportGeneralTypeIssues]
    await client.is_connected()
    # error: mypy[misc] pyright[reportGeneralTypeIssues]
    if await client.realtime.is_connected():
        print("never")
    # error: mypy[misc] pyright[reportGeneralTypeIssues]
    await client.clear_event_handlers()
    # error: mypy[misc] pyright[reportGeneralTypeIssues]
    await codec.decode("{}")
    # error: mypy[misc] pyright[reportGeneralTypeIssues]
    await conversation.clear()
    # error: mypy[attr-defined] pyright[reportGeneralTypeIssues]
    with RealtimeClient() as entered:
        print(entered)
    # error: mypy[attr-defined] pyright[reportGeneralTypeIssues]
    for event in client:
        print(event)
    # error: mypy[assignment] pyright[reportAssignmentType]
    connected: bool = client.connect()
    print(connected)
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(client.update_session(voice="marin").result)


def not_in_a_coroutine(client: RealtimeClient) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    asyncio.run(client.is_connected())


# Tools.


def no_arguments() -> str:
    return "sunny"


def text_argument(arguments: str) -> str:
    return arguments


def tools(client: RealtimeClient) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    client.add_tool({"name": "f"}, no_arguments)
    # error: mypy[arg-type] pyright[reportArgumentType]
    client.add_tool({"name": "f"}, text_argument)
    # error: mypy[call-overload] pyright[reportArgumentType]
    client.add_tool({"name": "f"})
    # error: mypy[call-overload] pyright[reportArgumentType]
    client.add_tool("f", print)
    # error: mypy[call-arg] pyright[reportCallIssue]
    client.remove_tool()


# Codec and conversation.


def codec_and_conversation(codec: Codec, conversation: Conversation, done: ResponseDone) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    codec.decode({"type": "response.done"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    codec.encode(done)
    # error: mypy[assignment] pyright[reportAssignmentType]
    data: bytes = codec.encode(ResponseCreate())
    print(data)
    # error: mypy[arg-type] pyright[reportArgumentType]
    conversation.apply("response.done")
    # error: mypy[arg-type] pyright[reportArgumentType]
    conversation.apply(ResponseCreate())
    # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
    print(conversation.get_item("item_1").formatted)
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(conversation.itmes)
    # error: mypy[misc] pyright[reportAttributeAccessIssue]
    conversation.items = []


# Subclasses keep the types.


class Assistant(RealtimeClient):
    def start(self) -> None:
        # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
        self.on("response.done", self.take)

    def take(self, event: ResponseCreate) -> None: ...


# The embedded server.


async def server() -> None:
    # error: mypy[call-arg] pyright[reportCallIssue]
    async with LocalServer(ports=0) as running:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(running.url)
    # error: mypy[arg-type] pyright[reportArgumentType]
    LocalServer(responder=print)
    # error: mypy[list-item] pyright[reportArgumentType]
    ScriptedResponder([1])
