"""Faults of `LocalServer`, as raw clients see them: `websockets` over a socket, memory, and a bare aiortc peer."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import cast

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed as SocketClosed
from websockets.exceptions import InvalidStatus

from realtime_typed.errors import ConnectError
from realtime_typed.local import (
    AfterBytes,
    AfterReceived,
    AfterSent,
    AtOnce,
    BeforeReceived,
    BeforeSent,
    CloseConnection,
    DropConnection,
    Fault,
    LocalServer,
    Moment,
    RefuseHandshake,
    ScriptedResponder,
    TextReply,
)
from tests.unit.local.support import http_of, problem_of

pytestmark = pytest.mark.anyio

RESPONSE = "response.create"


@asynccontextmanager
async def socket_to(server: LocalServer) -> AsyncGenerator[ClientConnection]:
    """A bare `websockets` client; nothing is taken yet."""
    headers = {"Authorization": f"Bearer {server.api_key}"}
    async with (
        asyncio.timeout(20),
        connect(f"{server.ws_url}?model=m", additional_headers=headers, proxy=None) as websocket,
    ):
        yield websocket


async def frames_of(websocket: ClientConnection) -> tuple[list[str | bytes], int]:
    """All frames to the end, and the close code."""
    frames: list[str | bytes] = []
    try:
        while True:
            frames.append(await websocket.recv())
    except SocketClosed:
        assert websocket.close_code is not None
        return frames, websocket.close_code


def names(frames: list[str | bytes]) -> list[str]:
    return [cast("str", json.loads(frame)["type"]) for frame in frames]


def server_with(*faults: Fault) -> LocalServer:
    return LocalServer(faults=faults, responder=ScriptedResponder([TextReply("One."), TextReply("Two.")]))


def send(name: str, **fields: object) -> str:
    return json.dumps({"type": name, **fields})


@pytest.mark.parametrize("code", [1000, 1001, 1008, 1011, 4000])
async def test_a_connection_closes_with_any_code_at_any_moment(code: int) -> None:
    async with server_with(CloseConnection(code, "on purpose", AfterSent("session.created"))) as server:
        async with socket_to(server) as websocket:
            frames, closed = await frames_of(websocket)
            assert (names(frames), closed, websocket.close_reason) == (["session.created"], code, "on purpose")
        (fired,) = server.faults_fired
        assert fired.connection == 1
        assert fired.session is server.sessions[0]
        assert fired.event == "session.created"
        assert server.sessions[0].closed is not None
        async with socket_to(server) as websocket:
            assert names([await websocket.recv()]) == ["session.created"]


@pytest.mark.parametrize(
    ("when", "seen", "handled"),
    [
        (AtOnce(), [], False),
        (BeforeSent("session.created"), [], False),
        (AfterSent(nth=2), ["session.created", "response.created"], True),
        (BeforeReceived(RESPONSE), ["session.created"], False),
        (AfterReceived(RESPONSE), ["session.created"], True),
    ],
)
async def test_a_connection_drops_without_a_close_frame_at_every_moment(
    when: Moment, seen: list[str], handled: bool
) -> None:
    async with server_with(DropConnection(when)) as server, socket_to(server) as websocket:
        with suppress(SocketClosed):
            if seen:
                assert names([await websocket.recv()]) == seen[:1]
            await websocket.send(send(RESPONSE))
        frames, closed = await frames_of(websocket)
        assert (names(frames), closed) == (seen[1:], 1006)
        await server.sessions[0].ended()
        assert [event["type"] for event in server.sessions[0].received] == ([RESPONSE] if handled else [])


async def test_bytes_of_output_are_counted_to_the_end_of_an_event() -> None:
    async with server_with() as server, socket_to(server) as websocket:
        created = await websocket.recv()
    async with server_with(DropConnection(AfterBytes(len(created) + 1))) as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        frames, closed = await frames_of(websocket)
        assert (names(frames), closed) == (["session.created", "response.created"], 1006)


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "invalid_api_key"), (403, "insufficient_permissions"), (429, "rate_limit_exceeded"), (503, None)],
)
async def test_a_handshake_is_refused_before_its_key_is_looked_at(status: int, code: str | None) -> None:
    async with server_with(RefuseHandshake(status, retry_after=7, after=1)) as server:
        async with socket_to(server):
            pass
        with pytest.raises(InvalidStatus) as caught:
            await connect(f"{server.ws_url}?model=m", proxy=None)
        response = caught.value.response
        assert (response.status_code, response.headers["Retry-After"]) == (status, "7")
        assert response.body is not None
        assert json.loads(response.body)["error"]["code"] == code
        async with socket_to(server):
            pass
        assert [fired.fault for fired in server.faults_fired] == [RefuseHandshake(status, retry_after=7, after=1)]


async def test_a_call_and_a_memory_transport_are_refused_too() -> None:
    async with server_with(RefuseHandshake(429, code="insufficient_quota", message="No.", times=None)) as server:
        async with http_of(server) as http:
            answer = await http.post("/calls", content="v=0", headers={"Content-Type": "application/sdp"})
            assert answer.status_code == 429
            assert "Retry-After" not in answer.headers
            assert (problem_of(answer)["code"], problem_of(answer)["message"]) == ("insufficient_quota", "No.")
        with pytest.raises(ConnectError) as caught:
            await server.memory_transport().connect()
        assert caught.value.status == 429
        assert "insufficient_quota" in str(caught.value.body)
