"""Faults of `LocalServer`, as raw clients see them: `websockets` over a socket, memory, and a bare aiortc peer."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
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
    CutAt,
    DropConnection,
    DuplicateEvent,
    Fault,
    FaultProxy,
    GarbageFrame,
    LocalServer,
    Moment,
    ProxyFault,
    RefuseHandshake,
    ReorderEvents,
    ScriptedResponder,
    SendError,
    Stall,
    StallAudio,
    TextReply,
    TruncateFrame,
)
from tests.unit.local.support import client_of, http_of, problem_of, socket_of, types_of

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


# --- errors, garbage, stalls -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "closed"),
    [("beta_api_shape_disabled", 4000), ("session_expired", 1001), ("insufficient_quota", 1008)],
)
async def test_an_error_event_comes_before_the_close(code: str, closed: int) -> None:
    fault = SendError(code, "Over.", type="server_error", close_code=closed, when=AfterSent("session.created"))
    async with server_with(fault) as server, socket_to(server) as websocket:
        frames, got = await frames_of(websocket)
        assert (names(frames), got, websocket.close_reason) == (["session.created", "error"], closed, code)
        event = json.loads(frames[1])
        assert event["event_id"] == "event_fault_1_1"
        assert event["error"] == {
            "type": "server_error", "code": code, "message": "Over.", "param": None, "event_id": None
        }  # fmt: skip


async def test_a_session_goes_on_after_an_error_without_a_close_code() -> None:
    fault = SendError("inference_rate_limit_exceeded", when=BeforeReceived(RESPONSE))
    async with server_with(fault) as server, client_of(server) as client:
        await client.send(RESPONSE)
        assert types_of(await client.until("response.done"))[:2] == ["error", "response.created"]


@pytest.mark.parametrize("data", ["{]", '{"type": 5}', b"\xff\x00", b'{"type": "ping"}'])
async def test_a_frame_of_garbage_comes_in_between(data: str | bytes) -> None:
    fault = GarbageFrame(data, when=BeforeSent("response.created"))
    async with server_with(fault) as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        frames = [await websocket.recv() for _ in range(3)]
        assert frames[1] == data
        assert names([frames[0], frames[2]]) == ["session.created", "response.created"]


async def test_bytes_come_as_text_over_memory() -> None:
    fault = GarbageFrame(b"\xffx", when=AfterSent("session.created"))
    async with server_with(fault) as server, client_of(server) as client:
        assert await client.transport.recv() == "\ufffdx"


async def test_nothing_comes_during_a_stall_while_the_server_reads_on() -> None:
    async with server_with(Stall(600, AfterReceived(RESPONSE))) as server, socket_to(server) as websocket:
        assert names([await websocket.recv()]) == ["session.created"]
        await websocket.send(send(RESPONSE))
        await server.wait_for_faults()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(websocket.recv(), 0.1)
        await websocket.send(send("input_audio_buffer.clear"))
        await (await websocket.ping())  # the answer comes after the server has read what was sent before
        assert server.sessions[0].received[-1]["type"] == "input_audio_buffer.clear"
        # A stalled client is dropped all the same, and the end of the server waits for no stall.
        server.inject(DropConnection(), server.sessions[0])
        assert (await frames_of(websocket))[1] == 1006


async def test_everything_comes_after_a_stall() -> None:
    async with server_with(Stall(0.05)) as server, client_of(server) as client:
        await client.send(RESPONSE)
        assert (await client.last("response.done"))["type"] == "response.done"


# --- one event changed -----------------------------------------------------------------------------------------------


async def test_an_event_comes_twice() -> None:
    async with server_with(DuplicateEvent("response.output_item.added")) as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        frames = [await websocket.recv() for _ in range(4)]
        assert names(frames) == ["session.created", "response.created", *["response.output_item.added"] * 2]
        assert frames[2] == frames[3]


async def test_the_nth_event_and_those_behind_it_are_struck_so_many_times() -> None:
    async with server_with(DuplicateEvent(nth=2, times=2)) as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        found = names([await websocket.recv() for _ in range(6)])
        assert found[1] == found[2] == "response.created"
        assert found[3] == found[4] != found[5]
        assert len(server.faults_fired) == 2


async def test_an_event_comes_after_those_that_follow_it() -> None:
    async with server_with() as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        order = names([await websocket.recv() for _ in range(6)])
    async with server_with(ReorderEvents(order[1], by=2, within=600)) as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        found = names([await websocket.recv() for _ in range(6)])
        assert found == [order[0], order[2], order[3], order[1], order[4], order[5]]


async def test_an_event_that_nothing_follows_comes_late() -> None:
    async with server_with(ReorderEvents("session.created", within=0.01)) as server, client_of(server):
        assert server.faults_fired[0].event == "session.created"


async def test_an_event_that_is_held_back_comes_before_the_close() -> None:
    faults: list[Fault] = [
        ReorderEvents("response.created", by=99, within=600),
        CloseConnection(when=AfterSent("response.done")),
    ]
    async with server_with(*faults) as server, socket_to(server) as websocket:
        await websocket.send(send(RESPONSE))
        frames, closed = await frames_of(websocket)
        assert (names(frames)[-2:], closed) == (["response.done", "response.created"], 1011)


@pytest.mark.parametrize(("keep", "length"), [(None, 0.5), (7, 7), (0, 0), (10**6, -1)])
async def test_an_event_breaks_off(keep: int | None, length: float) -> None:
    async with server_with() as server, socket_to(server) as websocket:
        whole = len(await websocket.recv())
    async with server_with(TruncateFrame("session.created", keep=keep)) as server, socket_to(server) as websocket:
        frame = await websocket.recv()
        assert len(frame) == (whole // 2 if length == 0.5 else whole - 1 if length == -1 else length)
        with pytest.raises(ValueError):  # whatever json says of it
            json.loads(frame)


# --- how often, and whom ---------------------------------------------------------------------------------------------


async def test_a_fault_strikes_the_connection_that_is_named() -> None:
    faults = [DropConnection(AfterSent(), connection=number) for number in (2, 3)]
    async with server_with(*faults) as server:
        closes: list[int] = []
        for _ in range(4):
            async with socket_to(server) as websocket:
                await websocket.recv()
                await websocket.close()
                closes.append(cast("int", websocket.close_code))
        assert [fired.connection for fired in server.faults_fired] == [2, 3]
        assert closes[0] == closes[3] == 1000


async def test_a_fault_is_injected_for_all_sessions_or_for_one() -> None:
    async with server_with() as server, client_of(server) as one, client_of(server) as two:
        (armed,) = server.inject(GarbageFrame("!"), server.sessions[1])
        assert await two.transport.recv() == "!"
        assert (armed.fired, armed.armed) == (1, False)
        both = server.inject(CloseConnection(1008), *server.sessions)
        assert [(await client.closed()).code for client in (one, two)] == [1008, 1008]
        assert [armed.fired for armed in both] == [1, 1]
        assert server.inject(DropConnection(), *server.sessions) == []


async def test_a_fault_without_sessions_strikes_as_often_as_it_says() -> None:
    async with server_with() as server, client_of(server) as one, client_of(server) as two:
        (armed,) = server.inject(CloseConnection(1001, times=3))
        assert [(await client.closed()).code for client in (one, two)] == [1001, 1001]
        assert armed.fired == 2
        async with socket_to(server) as websocket:
            assert await frames_of(websocket) == ([], 1001)
        assert (armed.fired, armed.armed) == (3, False)
        async with client_of(server):
            pass


async def test_a_fault_can_be_disarmed() -> None:
    async with server_with() as server, client_of(server) as client:
        (armed,) = server.inject(DropConnection(BeforeSent("response.created"), times=None))
        assert "armed" in repr(armed).lower()
        armed.disarm()
        await client.send(RESPONSE)
        await client.last("response.done")
        assert armed.fired == 0


async def test_a_session_cannot_be_refused_its_handshake() -> None:
    async with server_with() as server, client_of(server):
        with pytest.raises(ValueError, match="has had its handshake"):
            server.inject(RefuseHandshake(), *server.sessions)
        server.inject(RefuseHandshake(401))
        with pytest.raises(ConnectError):
            await server.memory_transport().connect()


async def test_faults_strike_sidebands_and_translations_too() -> None:
    async with server_with() as server:
        call = server.incoming_call()
        async with http_of(server) as http:
            body = {"type": "realtime", "model": "gpt-realtime"}
            assert (await http.post(f"/calls/{call.id}/accept", json=body)).status_code == 200
        async with (
            socket_of(server, f"?call_id={call.id}") as sideband,
            socket_of(server, "/translations?model=m") as other,
        ):
            assert (json.loads(await other.transport.recv()))["type"] == "session.created"
            await sideband.send("session.update", session={"type": "realtime"})
            await sideband.last("session.updated")
            assert call.session is not None
            server.inject(CloseConnection(4001), call.session, *server.translations)
            assert [(await client.closed()).code for client in (sideband, other)] == [4001, 4001]
        assert call.state == "active"


async def test_faults_see_what_quirks_and_dialect_have_made() -> None:
    fault = TruncateFrame("response.text.delta", keep=3)
    options = ScriptedResponder([TextReply("One.")])
    async with LocalServer(quirks=["missing_event_ids"], beta=True, responder=options, faults=[fault]) as server:
        transport = server.memory_transport(beta=True)
        await transport.connect()
        await transport.send(send("response.create", response={"modalities": ["text"]}))
        async with asyncio.timeout(10):
            while (frame := await transport.recv()) != '{"t':
                assert "event_id" not in json.loads(frame)
        await transport.close()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: CloseConnection(1006),
        lambda: CloseConnection(1000, "x" * 124),
        lambda: CloseConnection(times=0),
        lambda: DropConnection(connection=0),
        lambda: RefuseHandshake(200),
        lambda: RefuseHandshake(retry_after=-1),
        lambda: RefuseHandshake(after=-1),
        lambda: SendError("x", close_code=1005),
        lambda: Stall(0),
        lambda: StallAudio(float("inf")),
        lambda: DuplicateEvent(nth=0),
        lambda: ReorderEvents(by=0),
        lambda: ReorderEvents(within=0),
        lambda: TruncateFrame(keep=-1),
        lambda: DropConnection(AfterSent(nth=0)),
        lambda: DropConnection(AfterBytes(0)),
    ],
)
def test_what_cannot_be_is_refused(wrong: Callable[[], Fault]) -> None:
    with pytest.raises(ValueError, match=r"must|cannot|carries|refuses"):
        wrong()


def test_a_fault_of_a_proxy_is_none_of_a_server() -> None:
    with pytest.raises(TypeError, match="no fault of a LocalServer"):
        LocalServer(faults=[cast("Fault", CutAt())])
    with pytest.raises(TypeError, match="no fault of a FaultProxy"):
        FaultProxy(1, faults=[cast("ProxyFault", DropConnection())])


# --- calls -----------------------------------------------------------------------------------------------------------


async def test_a_fault_closes_the_call_of_a_peer() -> None:
    calls = pytest.importorskip("tests.unit.local.webrtc_support", reason="WebRTC needs aiortc")
    async with server_with() as server, calls.call_of(server) as client:
        server.inject(CloseConnection(4000), *server.sessions)
        await client.closed()
        await server.calls[0].ended()
        assert server.calls[0].state == "ended"


async def test_a_peer_that_drops_says_nothing_any_more() -> None:
    calls = pytest.importorskip("tests.unit.local.webrtc_support", reason="WebRTC needs aiortc")
    async with server_with(DropConnection(BeforeSent("response.created"))) as server, calls.call_of(server) as client:
        await client.send(RESPONSE)
        await server.calls[0].ended()
        assert client.peer.connection.connectionState == "connected"
        assert client.peer.channel.readyState == "open"
        assert client.peer.frames.empty()


async def test_a_data_channel_has_the_same_wrong_frames() -> None:
    calls = pytest.importorskip("tests.unit.local.webrtc_support", reason="WebRTC needs aiortc")
    faults: list[Fault] = [
        GarbageFrame(b"\x00", when=BeforeSent("response.created")),
        DuplicateEvent("response.created"),
    ]
    async with server_with(*faults) as server, calls.call_of(server) as client:
        await client.send(RESPONSE)
        frames = [await client.peer.recv() for _ in range(3)]
        assert frames[0] == b"\x00"
        assert names(frames[1:]) == ["response.created"] * 2


async def test_the_track_of_a_call_stalls() -> None:
    calls = pytest.importorskip("tests.unit.local.webrtc_support", reason="WebRTC needs aiortc")
    async with server_with() as server, calls.call_of(server) as client:
        peer = client.peer
        server.inject(StallAudio(0.05), *server.sessions)
        await peer.heard_ms()
        server.inject(StallAudio(600), *server.sessions)
        with pytest.raises(TimeoutError):
            # What is on its way still comes, but fewer frames than this waits for.
            await asyncio.wait_for(peer.heard_ms(), 0.5)
        await client.send(RESPONSE)
        assert await client.last("response.created")


async def test_a_stall_of_audio_strikes_no_connection_without_a_track() -> None:
    async with server_with(StallAudio()) as server, client_of(server):
        assert server.faults_fired == []
