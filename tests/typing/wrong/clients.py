"""Clients, tools, codecs and servers made or used wrongly."""

import asyncio

from realtime_typed import Codec, Conversation, RealtimeAPI, RealtimeClient, Transport, Validation
from realtime_typed.local import LocalServer, ScriptedResponder
from realtime_typed.types import ResponseCreate, ResponseDone

# Arguments of the client.

RealtimeClient("sk-test")
RealtimeClient(api_key=b"sk-test")
RealtimeClient(apikey="sk-test")
RealtimeClient(validation="leniant")
RealtimeClient(validation=None)
RealtimeClient(transport="websockets")
RealtimeClient(debug="yes", model=None)
RealtimeAPI(validation="loose")
Codec("loose")
Codec(validation=True)
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


RealtimeClient(transport=NoClose)
RealtimeClient(transport=lambda: 1)
transport: Transport = NoClose()
sync_transport: Transport = SyncSend()


# Sync and async.


async def awaiting(client: RealtimeClient, codec: Codec, conversation: Conversation) -> None:
    await client.is_connected()
    if await client.realtime.is_connected():
        print("never")
    await client.clear_event_handlers()
    await codec.decode("{}")
    await conversation.clear()
    with RealtimeClient() as entered:
        print(entered)
    for event in client:
        print(event)
    connected: bool = client.connect()
    print(connected)
    print(client.update_session(voice="marin").result)


def not_in_a_coroutine(client: RealtimeClient) -> None:
    asyncio.run(client.is_connected())


# Tools.


def no_arguments() -> str:
    return "sunny"


def text_argument(arguments: str) -> str:
    return arguments


def tools(client: RealtimeClient) -> None:
    client.add_tool({"name": "f"}, no_arguments)
    client.add_tool({"name": "f"}, text_argument)
    client.add_tool({"name": "f"})
    client.add_tool("f", print)
    client.remove_tool()


# Codec and conversation.


def codec_and_conversation(codec: Codec, conversation: Conversation, done: ResponseDone) -> None:
    codec.decode({"type": "response.done"})
    codec.encode(done)
    data: bytes = codec.encode(ResponseCreate())
    print(data)
    conversation.apply("response.done")
    conversation.apply(ResponseCreate())
    print(conversation.get_item("item_1").formatted)
    print(conversation.itmes)
    conversation.items = []


# Subclasses keep the types.


class Assistant(RealtimeClient):
    def start(self) -> None:
        self.on("response.done", self.take)

    def take(self, event: ResponseCreate) -> None: ...


# The embedded server.


async def server() -> None:
    async with LocalServer(ports=0) as running:
        print(running.url)
    LocalServer(responder=print)
    ScriptedResponder([1])
