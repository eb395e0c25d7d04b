"""Clients for the embedded server's tests: one over a real socket, one over memory, with the same few verbs."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias, cast

import httpx

from realtime_typed.codec import Codec
from realtime_typed.errors import ConnectionClosed
from realtime_typed.local import LocalServer
from realtime_typed.transports import Transport
from realtime_typed.transports.websocket import WebSocketTransport

Event: TypeAlias = dict[str, object]


class Client:
    """Sends dicts and receives dicts; every server event must fit the schema strictly."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self._codec = Codec("strict")

    async def send(self, name: str, **fields: object) -> None:
        await self.transport.send(json.dumps({"type": name, **fields}))

    async def recv(self) -> Event:
        frame = await self.transport.recv()
        self._codec.decode(frame)
        return cast("Event", json.loads(frame))

    async def until(self, *types: str) -> list[Event]:
        """All events up to the first of one of these types."""
        events = [await self.recv()]
        while events[-1]["type"] not in types:
            events.append(await self.recv())
        return events

    async def last(self, name: str) -> Event:
        return (await self.until(name))[-1]

    async def ask(self, name: str, **fields: object) -> Event:
        """Send an event and take the next one that comes."""
        await self.send(name, **fields)
        return await self.recv()

    async def say(self, text: str) -> str:
        """Add a user message; returns its id."""
        content = [{"type": "input_text", "text": text}]
        await self.send("conversation.item.create", item={"type": "message", "role": "user", "content": content})
        return str(item_of(await self.last("conversation.item.done"))["id"])

    async def closed(self) -> ConnectionClosed:
        """Read until the connection ends."""
        try:
            while True:
                await self.transport.recv()
        except ConnectionClosed as error:
            return error


def item_of(event: Event) -> Event:
    return cast("Event", event["item"])


def response_of(event: Event) -> Event:
    return cast("Event", event["response"])


def error_of(event: Event) -> Event:
    assert event["type"] == "error", event
    return cast("Event", event["error"])


def types_of(events: list[Event]) -> list[str]:
    return [str(event["type"]) for event in events]


def collapsed(types: list[str]) -> list[str]:
    """Runs of the same delta as one."""
    return [
        name for index, name in enumerate(types) if not (name.endswith(".delta") and types[index - 1 : index] == [name])
    ]


@asynccontextmanager
async def client_of(server: LocalServer, kind: Literal["websocket", "memory"] = "memory") -> AsyncGenerator[Client]:
    """A connected client that has taken `session.created`."""
    transport: Transport
    if kind == "memory":
        transport = server.memory_transport()
    else:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        transport = WebSocketTransport(f"{server.ws_url}?model=gpt-realtime", headers=headers)
    client = Client(transport)
    async with asyncio.timeout(20):
        await transport.connect()
        try:
            assert (await client.recv())["type"] == "session.created"
            yield client
        finally:
            await transport.close()


@asynccontextmanager
async def socket_of(
    server: LocalServer, query: str, *, key: str | None = None, headers: dict[str, str] | None = None
) -> AsyncGenerator[Client]:
    """A connected client of an endpoint below `/v1/realtime`, such as `?intent=transcription`; nothing is taken yet."""
    sent = {"Authorization": f"Bearer {key or server.api_key}", **(headers or {})}
    transport = WebSocketTransport(server.ws_url + query, headers=sent)
    async with asyncio.timeout(20):
        await transport.connect()
        try:
            yield Client(transport)
        finally:
            await transport.close()


def http_of(server: LocalServer, key: str | None = None) -> httpx.AsyncClient:
    """An HTTP client for `/v1/realtime`, with the API key unless another is given."""
    headers = {"Authorization": f"Bearer {key or server.api_key}"}
    return httpx.AsyncClient(base_url=f"{server.base_url}/realtime", headers=headers, trust_env=False, timeout=10)


def problem_of(response: httpx.Response) -> Event:
    """The error of an HTTP response, which always has a request id."""
    assert response.headers["x-request-id"].startswith("req_")
    return cast("Event", response.json()["error"])
