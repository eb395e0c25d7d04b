"""Clients, connections, transports of one's own, subclasses and the embedded server."""

from typing import Literal, assert_type

from realtime_typed import (
    ConnectionClosed,
    EventStream,
    RealtimeAPI,
    RealtimeClient,
    Transport,
    UnknownEvent,
    Validation,
    WebSocketOptions,
)
from realtime_typed.local import (
    AudioReply,
    EchoResponder,
    LocalServer,
    Reply,
    Responder,
    ResponderRequest,
    ScriptedResponder,
    TextReply,
    ToolCall,
)
from realtime_typed.transports.memory import memory_pair
from realtime_typed.types import ResponseCreate, ResponseDone, ServerEvent


def sync_key() -> str:
    return "sk-test"


async def async_key() -> str:
    return "ek_test"


RealtimeClient()
RealtimeClient(api_key="sk-test", model="gpt-realtime", base_url="https://api.openai.com/v1", transport="websocket")
RealtimeClient(api_key=sync_key, validation="strict", debug=True)
RealtimeClient(api_key=async_key, validation="off", call_id="rtc_1")
RealtimeClient(extra_headers={"X-Team": "voice"}, organization="org", project="proj", safety_identifier="user")
RealtimeClient(websocket=WebSocketOptions())


def choose(validation: Validation) -> RealtimeClient:
    return RealtimeClient(validation=validation)


class QueueTransport:
    """A transport of one's own needs the four methods and the name, and no base class."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    @property
    def name(self) -> str:
        return "queue"

    async def connect(self) -> None: ...

    async def send(self, data: str) -> None:
        self.sent.append(data)

    async def recv(self) -> bytes:
        raise ConnectionClosed(1000, "", clean=True)

    async def close(self, code: int = 1000, reason: str = "") -> None: ...


def make_transport() -> Transport:
    return QueueTransport()


RealtimeClient(transport=QueueTransport)
RealtimeClient(transport=make_transport)
RealtimeClient(transport=lambda: QueueTransport())
RealtimeAPI(transport=lambda: memory_pair()[0])


class Assistant(RealtimeClient):
    """A subclass keeps every type and adds its own."""

    def __init__(self, name: str) -> None:
        super().__init__(api_key="sk-test")
        self.name = name
        self.on("response.done", self.done)

    def done(self, event: ResponseDone) -> None:
        print(self.name, event.response.status)

    async def ask(self, text: str) -> str:
        await self.send_user_message_content([{"type": "input_text", "text": text}])
        return (await self.wait_for_next_completed_item(timeout=10)).formatted.text


async def use_a_subclass() -> None:
    async with Assistant("Ada") as assistant:
        assert_type(assistant, Assistant)
        assert_type(await assistant.ask("Hello?"), str)


async def use_a_client() -> None:
    client = RealtimeClient()
    assert_type(await client.connect(model="gpt-realtime"), bool)
    assert_type(client.is_connected(), bool)
    assert_type(aiter(client), EventStream[ServerEvent | UnknownEvent])
    await client.disconnect()
    await client.reset()


async def use_a_connection() -> None:
    api = RealtimeAPI(api_key="sk-test", validation="strict")
    await api.connect()
    await api.send(ResponseCreate())
    await api.send({"type": "response.create"})
    async with api.events["server.response.done"].expect(5) as done:
        await api.send_audio(b"\x00\x00")
    assert_type(done.event, ResponseDone)
    await api.disconnect(1000, "done")


class Polite:
    """A responder of one's own."""

    async def respond(self, request: ResponderRequest) -> Reply:
        assert_type(request.text, str)
        assert_type(request.modality, Literal["text", "audio"])
        return TextReply(f"You said {request.text}, thank you.")


async def use_the_server() -> None:
    polite: Responder = Polite()
    async with LocalServer(responder=polite) as server:
        assert_type(server.base_url, str)
        assert_type(server.ws_url, str)
        assert_type(server.api_key, str)
        async with RealtimeClient(api_key=server.api_key, base_url=server.base_url) as client:
            assert_type(client, RealtimeClient)
    LocalServer(responder=EchoResponder(), port=0, audio_speed=1.0)
    LocalServer(
        responder=ScriptedResponder([TextReply("Hi."), ToolCall("f", {"a": 1}), AudioReply(b"\x00\x00"), "Bye."])
    )
