"""`WebSocketTransport` over real sockets on the loopback interface."""

import asyncio
import contextlib
import gc
import http
import logging
import shutil
import ssl
import subprocess
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed as LibraryConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from realtime_typed.errors import ConnectError, ConnectionClosed
from realtime_typed.transports import Transport
from realtime_typed.transports._frame_connection import FrameConnection
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.transports.websocket_options import WebSocketOptions

pytestmark = pytest.mark.anyio

LIMIT = 10.0
KEY = "sk-very-secret-key"
BEARER = {"Authorization": f"Bearer {KEY}"}
DIRECT = WebSocketOptions(proxy=None)

Handler = Callable[[ServerConnection], Awaitable[None]]
Check = Callable[[ServerConnection, Request], Response | None]


@contextlib.asynccontextmanager
async def serving(
    handler: Handler, *, check: Check | None = None, tls: ssl.SSLContext | None = None
) -> AsyncGenerator[str, None]:
    """A WebSocket server on a free port; yields its address."""
    async with serve(
        handler,
        "127.0.0.1",
        0,
        process_request=check,
        ssl=tls,
        max_size=None,
        compression="deflate",
        subprotocols=[Subprotocol("realtime")],
        select_subprotocol=lambda _, offered: Subprotocol("realtime") if "realtime" in offered else None,
        close_timeout=1,
        ping_interval=None,  # so that every keepalive task is a client's
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        yield f"{'wss' if tls else 'ws'}://127.0.0.1:{port}/v1/realtime?model=m"


@contextlib.asynccontextmanager
async def raw_server(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncGenerator[int, None]:
    """A TCP server on a free port; yields the port."""

    async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await handler(reader, writer)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    server = await asyncio.start_server(run, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@contextlib.asynccontextmanager
async def connected(
    url: str,
    *,
    options: WebSocketOptions = DIRECT,
    headers: dict[str, str] | None = None,
    subprotocols: list[str] | None = None,
) -> AsyncGenerator[WebSocketTransport, None]:
    """A connected transport, closed at the end; everything inside is bounded in time."""
    transport = WebSocketTransport(url, options=options, headers=headers, subprotocols=subprotocols or [])
    async with asyncio.timeout(LIMIT):
        await transport.connect()
        try:
            yield transport
        finally:
            await transport.close()


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def until_closed(connection: ServerConnection) -> None:
    await connection.wait_closed()


def refusing(status: http.HTTPStatus, body: str, **headers: str) -> Check:
    def check(connection: ServerConnection, _: Request) -> Response:
        response = connection.respond(status, body)
        for name, value in headers.items():
            response.headers[name] = value
        return response

    return check


async def refusal(url: str, **kwargs: WebSocketOptions) -> ConnectError:
    """Connect, expect a `ConnectError`, check that it prints no key, and hand it over."""
    transport = WebSocketTransport(url, headers=BEARER, options=kwargs.get("options", DIRECT))
    async with asyncio.timeout(LIMIT):
        with pytest.raises(ConnectError) as raised:
            await transport.connect()
    assert KEY not in "".join(traceback.format_exception(raised.value))
    assert KEY not in repr(transport)
    await transport.close()
    return raised.value


# Frames


async def test_it_fulfils_the_transport_protocol_and_frames_come_as_bytes_in_order() -> None:
    async with serving(echo) as url, connected(url) as transport:
        assert isinstance(transport, Transport)
        assert transport.name == "websocket"
        for number in range(50):
            await transport.send(f'{{"n": {number}, "é": "日本"}}')
        for number in range(50):
            assert await transport.recv() == f'{{"n": {number}, "é": "日本"}}'.encode()


async def test_a_frame_goes_out_as_text() -> None:
    kinds: list[type] = []

    async def note(connection: ServerConnection) -> None:
        kinds.append(type(await connection.recv()))

    async with serving(note) as url, connected(url) as transport:
        await transport.send("{}")
        with pytest.raises(ConnectionClosed):
            await transport.recv()
    assert kinds == [str]


async def test_frames_far_beyond_one_mebibyte_pass_both_ways() -> None:
    frame = "x" * (5 * 1024 * 1024)
    async with serving(echo) as url, connected(url) as transport:
        sending = asyncio.create_task(transport.send(frame))
        assert await transport.recv() == frame.encode()
        await sending


async def test_a_frame_over_max_size_ends_the_connection_and_the_reason_says_the_limit() -> None:
    async with serving(echo) as url, connected(url, options=WebSocketOptions(proxy=None, max_size=100)) as transport:
        await transport.send("x" * 101)
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
    assert raised.value.code == 1006
    assert raised.value.reason == "frame with 101 bytes exceeds limit of 100 bytes"
    assert not raised.value.clean


async def test_concurrent_sends_arrive_in_the_order_of_the_calls() -> None:
    frames = [f"{number} " + "x" * (200_000 if number % 3 == 0 else 10) for number in range(30)]
    async with serving(echo) as url, connected(url) as transport:
        tasks = [asyncio.create_task(transport.send(frame)) for frame in frames]
        assert [await transport.recv() for _ in frames] == [frame.encode() for frame in frames]
        await asyncio.gather(*tasks)


async def test_a_text_that_utf8_cannot_hold_is_refused_and_the_connection_stays_open() -> None:
    async with serving(echo) as url, connected(url) as transport:
        with pytest.raises(UnicodeEncodeError):
            await transport.send("\ud800")
        await transport.send("fine")
        assert await transport.recv() == b"fine"


async def test_a_cancelled_recv_loses_no_frame() -> None:
    async with serving(echo) as url, connected(url) as transport:
        received: list[bytes] = []
        for number in range(100):
            reader = asyncio.create_task(transport.recv())
            await transport.send(str(number))
            for _ in range(number % 7):  # cancelled at different distances from the frame's arrival
                await asyncio.sleep(0)
            reader.cancel()
            await asyncio.wait({reader})
            if not reader.cancelled():
                received.append(reader.result())
        while len(received) < 100:
            received.append(await transport.recv())
        assert received == [str(number).encode() for number in range(100)]


async def test_a_second_recv_at_the_same_time_is_a_runtime_error_of_ours() -> None:
    async with serving(until_closed) as url, connected(url) as transport:
        reader = asyncio.create_task(transport.recv())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="one task reads"):
            await transport.recv()
        reader.cancel()
        await asyncio.wait({reader})


# The end of a connection


@pytest.mark.parametrize(
    ("code", "reason", "clean"),
    [(1000, "bye", True), (1001, "time limit", False), (1011, "oops", False), (4000, "beta shape", False)],
)
async def test_frames_before_the_peers_close_come_first_and_then_its_code_and_reason(
    code: int, reason: str, clean: bool
) -> None:
    async def say_and_close(connection: ServerConnection) -> None:
        for number in range(40):
            await connection.send(str(number))
        await connection.close(code, reason)

    async with (
        serving(say_and_close) as url,
        connected(url, options=WebSocketOptions(proxy=None, max_queue=4)) as transport,
    ):
        assert [await transport.recv() for _ in range(40)] == [str(number).encode() for number in range(40)]
        for _ in range(2):
            with pytest.raises(ConnectionClosed) as raised:
                await transport.recv()
            assert (raised.value.code, raised.value.reason, raised.value.clean) == (code, reason, clean)
        with pytest.raises(ConnectionClosed) as raised:
            await transport.send("late")
        assert raised.value.code == code


async def test_a_close_frame_without_a_code_is_1005_and_not_clean() -> None:
    async def close_without_code(connection: ServerConnection) -> None:
        connection.transport.write(b"\x88\x00")
        await connection.wait_closed()

    async with serving(close_without_code) as url, connected(url) as transport:
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
    assert (raised.value.code, raised.value.clean) == (1005, False)


async def test_a_line_dropped_without_a_close_frame_is_1006_after_the_frames_that_came() -> None:
    async def drop(connection: ServerConnection) -> None:
        await connection.send("last words")
        await connection.recv()
        connection.transport.abort()

    async with serving(drop) as url, connected(url) as transport:
        await transport.send("drop me")
        assert await transport.recv() == b"last words"
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
        assert (raised.value.code, raised.value.clean) == (1006, False)
        with pytest.raises(ConnectionClosed):
            await transport.send("late")
        await transport.close()


async def test_our_close_reaches_the_peer_with_code_and_reason() -> None:
    seen: asyncio.Future[tuple[int | None, str | None]] = asyncio.get_running_loop().create_future()

    async def note(connection: ServerConnection) -> None:
        await connection.wait_closed()
        seen.set_result((connection.close_code, connection.close_reason))

    async with serving(note) as url, connected(url) as transport:
        await transport.close(4001, "é" * 100)
        assert await seen == (4001, "é" * 61)  # 123 bytes at most, cut at a character
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
    assert raised.value.code == 4001


async def test_a_waiting_recv_ends_when_close_is_called_and_close_may_be_repeated() -> None:
    async with serving(until_closed) as url, connected(url) as transport:
        reader = asyncio.create_task(transport.recv())
        await asyncio.sleep(0)
        await asyncio.gather(transport.close(), transport.close())
        await transport.close(1001, "again")
        with pytest.raises(ConnectionClosed) as raised:
            await reader
    assert (raised.value.code, raised.value.clean) == (1000, True)


async def test_close_ends_cleanly_although_many_frames_are_unread() -> None:
    flooded = asyncio.Event()

    async def flood(connection: ServerConnection) -> None:
        for _ in range(64):
            await connection.send("x" * 10)
        flooded.set()
        await connection.wait_closed()

    options = WebSocketOptions(proxy=None, max_queue=1, close_timeout=LIMIT * 2)
    async with serving(flood) as url, connected(url, options=options) as transport:
        await flooded.wait()
        await transport.recv()
        await transport.close()
        frames = 1
        end: ConnectionClosed | None = None
        while end is None:
            try:
                await transport.recv()
            except ConnectionClosed as exc:
                end = exc
            else:
                frames += 1
    assert frames == 64
    assert end.clean


async def test_close_is_bounded_when_the_peer_never_answers() -> None:
    release = asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await release.wait()
        connection.transport.abort()

    options = WebSocketOptions(proxy=None, close_timeout=0.2)
    async with serving(deaf) as url, connected(url, options=options) as transport:
        await transport.close()
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
        release.set()
    assert (raised.value.code, raised.value.clean) == (1006, False)


async def test_close_is_bounded_when_the_write_buffer_is_full_and_the_waiting_send_is_told() -> None:
    release = asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await release.wait()
        connection.transport.abort()

    options = WebSocketOptions(proxy=None, close_timeout=0.2)
    async with serving(deaf) as url, connected(url, options=options) as transport:
        sending = asyncio.create_task(transport.send("x" * (32 * 1024 * 1024)))
        await asyncio.sleep(0)
        await transport.close()
        with pytest.raises(ConnectionClosed):
            await sending
        release.set()


async def test_a_cancelled_close_drops_the_line() -> None:
    release = asyncio.Event()
    dropped = asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await release.wait()
        connection.transport.resume_reading()
        await connection.wait_closed()
        dropped.set()

    options = WebSocketOptions(proxy=None, close_timeout=LIMIT * 2)
    async with serving(deaf) as url, connected(url, options=options) as transport:
        closing = asyncio.create_task(transport.close())
        await asyncio.sleep(0)
        closing.cancel()
        await asyncio.wait({closing})
        release.set()
        await dropped.wait()
        with pytest.raises(ConnectionClosed):
            await transport.recv()


@pytest.mark.parametrize("code", [999, 1005, 1006, 1015, 2999, 5000])
async def test_a_code_that_must_not_be_sent_is_a_value_error(code: int) -> None:
    async with serving(echo) as url, connected(url) as transport:
        with pytest.raises(ValueError, match=f"{code} cannot be sent"):
            await transport.close(code)
        await transport.send("still open")
        assert await transport.recv() == b"still open"


async def test_missing_pongs_end_the_connection_and_the_reason_says_so() -> None:
    release = asyncio.Event()

    async def deaf(connection: ServerConnection) -> None:
        connection.transport.pause_reading()
        await release.wait()
        connection.transport.abort()

    options = WebSocketOptions(proxy=None, ping_interval=0.05, ping_timeout=0.05, close_timeout=0.1)
    async with serving(deaf) as url, connected(url, options=options) as transport:
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
        release.set()
    assert raised.value.code == 1006
    assert raised.value.reason == "keepalive ping timeout"


async def test_pings_are_sent_at_the_interval_asked_for_and_keep_the_connection_open() -> None:
    pings = 0
    enough = asyncio.Event()

    async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal pings
        upstream_reader, upstream_writer = await asyncio.open_connection("127.0.0.1", port)

        async def down() -> None:
            with contextlib.suppress(ConnectionError):
                while data := await upstream_reader.read(65536):
                    writer.write(data)
                    await writer.drain()
            writer.close()

        pumping = asyncio.create_task(down())
        try:
            while data := await reader.read(65536):
                pings += data[0] == 0x89  # FIN and the opcode of a ping
                if pings == 3:
                    enough.set()
                upstream_writer.write(data)
        finally:
            upstream_writer.close()
            await asyncio.wait({pumping})

    async with serving(echo) as url:
        port = int(url.split(":")[2].split("/")[0])
        async with raw_server(count) as front:
            options = WebSocketOptions(proxy=None, ping_interval=0.02, ping_timeout=LIMIT)
            async with connected(f"ws://127.0.0.1:{front}/", options=options) as transport:
                await enough.wait()
                await transport.send("alive")
                assert await transport.recv() == b"alive"


async def test_no_task_and_no_socket_is_left_after_close() -> None:
    async with serving(echo) as url:
        before = asyncio.all_tasks()
        async with connected(url) as transport:
            await transport.send("x")
            await transport.recv()
            client_side = {task for task in asyncio.all_tasks() - before if "keepalive" in repr(task.get_coro())}
            assert client_side
        assert all(task.done() for task in client_side)
        del transport
        gc.collect()  # an unclosed socket would raise a ResourceWarning, which is an error here
    assert not {task for task in asyncio.all_tasks() - before if not task.done()}


# Before connect


async def test_using_a_transport_before_connect_says_what_to_do() -> None:
    transport = WebSocketTransport("ws://127.0.0.1:1/")
    with pytest.raises(RuntimeError, match=r"await connect\(\) first"):
        await transport.send("{}")
    with pytest.raises(RuntimeError, match=r"await connect\(\) first"):
        await transport.recv()


async def test_close_without_connect_is_harmless_and_final() -> None:
    transport = WebSocketTransport("ws://127.0.0.1:1/")
    await transport.close()
    await transport.close()
    with pytest.raises(ConnectionClosed, match="never established"):
        await transport.send("{}")
    with pytest.raises(ConnectionClosed, match="never established"):
        await transport.recv()
    with pytest.raises(RuntimeError, match="new transport"):
        await transport.connect()


async def test_a_transport_connects_once() -> None:
    async with serving(echo) as url, connected(url) as transport:
        with pytest.raises(RuntimeError, match="new transport"):
            await transport.connect()


async def test_close_ends_a_handshake_that_hangs() -> None:
    arrived = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readline()
        arrived.set()
        await reader.read()

    async with raw_server(silent) as port, asyncio.timeout(LIMIT):
        transport = WebSocketTransport(f"ws://127.0.0.1:{port}/", options=DIRECT)
        connecting = asyncio.create_task(transport.connect())
        await arrived.wait()
        await transport.close()
        with pytest.raises(ConnectError, match=r"close\(\) was called"):
            await connecting


async def test_a_cancelled_connect_is_cancelled_and_leaves_no_socket() -> None:
    arrived, gone = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readline()
        arrived.set()
        with contextlib.suppress(ConnectionError):
            await reader.read()
        gone.set()

    async with raw_server(silent) as port, asyncio.timeout(LIMIT):
        transport = WebSocketTransport(f"ws://127.0.0.1:{port}/", options=DIRECT)
        connecting = asyncio.create_task(transport.connect())
        await arrived.wait()
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        await gone.wait()
        with pytest.raises(ConnectionClosed):
            await transport.send("{}")


async def test_a_connect_cancelled_in_the_moment_of_its_success_drops_the_connection() -> None:
    dropped = asyncio.Event()

    class CancelledInTheLastMoment(WebSocketTransport):
        async def _open(self) -> FrameConnection:
            connection = await super()._open()
            asyncio.get_running_loop().call_soon(connecting.cancel)
            return connection

    async def note(connection: ServerConnection) -> None:
        await connection.wait_closed()
        dropped.set()

    async with serving(note) as url, asyncio.timeout(LIMIT):
        transport = CancelledInTheLastMoment(url, options=DIRECT)
        connecting = asyncio.create_task(transport.connect())
        with pytest.raises(asyncio.CancelledError):
            await connecting
        await dropped.wait()


# The handshake


async def test_headers_subprotocols_and_the_query_are_sent_and_compression_is_not_offered() -> None:
    requests: list[Request] = []
    chosen: list[str | None] = []

    async def note(connection: ServerConnection) -> None:
        assert connection.request is not None
        requests.append(connection.request)
        chosen.append(connection.subprotocol)

    subprotocols = ["realtime", f"openai-insecure-api-key.{KEY}"]
    async with (
        serving(note) as url,
        connected(url, headers={**BEARER, "OpenAI-Project": "p"}, subprotocols=subprotocols) as transport,
    ):
        with pytest.raises(ConnectionClosed):
            await transport.recv()
    (request,) = requests
    assert request.path == "/v1/realtime?model=m"
    assert request.headers["Authorization"] == f"Bearer {KEY}"
    assert request.headers["OpenAI-Project"] == "p"
    assert request.headers["Sec-WebSocket-Protocol"] == f"realtime, openai-insecure-api-key.{KEY}"
    assert "Sec-WebSocket-Extensions" not in request.headers
    assert chosen == ["realtime"]


async def test_compression_is_negotiated_when_asked_for() -> None:
    extensions: list[str] = []

    async def note(connection: ServerConnection) -> None:
        extensions.extend(extension.name for extension in connection.protocol.extensions)
        await echo(connection)

    options = WebSocketOptions(proxy=None, compression="deflate")
    async with serving(note) as url, connected(url, options=options) as transport:
        await transport.send("x" * 10_000)
        assert await transport.recv() == b"x" * 10_000
    assert extensions == ["permessage-deflate"]


async def test_a_refusal_carries_status_and_body_and_a_hint_and_hides_an_echoed_key() -> None:
    body = f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}'
    async with serving(echo, check=refusing(http.HTTPStatus.UNAUTHORIZED, body)) as url:
        error = await refusal(url)
    assert error.status == 401
    assert error.body is not None
    assert "Incorrect API key provided: [redacted]" in error.body
    assert "HTTP 401; check the API key; it says: " in str(error)
    assert "model=m" not in str(error)


async def test_a_redirect_to_another_origin_is_refused_and_the_key_never_sent_there() -> None:
    visits: list[Request] = []

    def visited(_: ServerConnection, request: Request) -> None:
        visits.append(request)

    async with serving(echo, check=visited) as elsewhere:
        check = refusing(http.HTTPStatus.TEMPORARY_REDIRECT, "", Location=f"{elsewhere}&api_key={KEY}")
        async with serving(echo, check=check) as url:
            error = await refusal(url)
    assert error.status == 307
    assert "redirects to ws://127.0.0.1:" in str(error)
    assert not visits


@pytest.mark.parametrize(
    ("status", "location"), [(http.HTTPStatus.FOUND, "ws://[::1"), (http.HTTPStatus.UNAUTHORIZED, "ws://[")]
)
async def test_a_malformed_location_keeps_the_status(status: http.HTTPStatus, location: str) -> None:
    async with serving(echo, check=refusing(status, "body", Location=location)) as url:
        error = await refusal(url)
    assert error.status == status
    assert ("redirects to (malformed address)" in str(error)) == (status == 302)


async def test_a_redirect_within_the_origin_is_followed_with_the_headers() -> None:
    def check(connection: ServerConnection, request: Request) -> Response | None:
        assert request.headers["Authorization"] == f"Bearer {KEY}"
        if request.path == "/there":
            return None
        response = connection.respond(http.HTTPStatus.PERMANENT_REDIRECT, "")
        response.headers["Location"] = "/there"
        return response

    async with serving(echo, check=check) as url, connected(url, headers=BEARER) as transport:
        await transport.send("arrived")
        assert await transport.recv() == b"arrived"


async def test_a_refused_tcp_connection_is_a_connect_error_with_its_cause() -> None:
    async with raw_server(lambda _, __: asyncio.sleep(0)) as port:
        pass
    error = await refusal(f"ws://127.0.0.1:{port}/")
    assert error.status is None
    assert isinstance(error.__cause__, OSError)
    assert f"cannot connect to ws://127.0.0.1:{port}/" in str(error)


async def test_a_socks_proxy_or_a_wrong_proxy_of_the_environment_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy", "socks_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("https_proxy", f"ftp://user:{KEY}@host")
    error = await refusal("wss://api.example/", options=WebSocketOptions())
    assert "proxy's address is not valid" in str(error)
    async with raw_server(lambda _, __: asyncio.sleep(0)) as port:
        options = WebSocketOptions(proxy=f"socks5://127.0.0.1:{port}")
        error = await refusal("wss://api.example/", options=options)
    assert "proxy" in str(error)


async def test_a_malformed_answer_of_a_proxy_is_explained() -> None:
    async def nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"nonsense\r\n\r\n")
        await writer.drain()

    async with raw_server(nonsense) as port:
        error = await refusal("wss://api.example/", options=WebSocketOptions(proxy=f"http://127.0.0.1:{port}"))
    assert "the proxy failed" in str(error)


async def test_a_name_that_cannot_be_resolved_is_a_connect_error() -> None:
    error = await refusal("wss://does-not-exist.invalid/", options=WebSocketOptions(proxy=None, open_timeout=LIMIT / 2))
    assert "name of the host" in str(error) or "open_timeout" in str(error)


async def test_a_handshake_without_an_answer_times_out_naming_the_option() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_server(silent) as port:
        error = await refusal(f"ws://127.0.0.1:{port}/", options=WebSocketOptions(proxy=None, open_timeout=0.1))
    assert "open_timeout=0.1 s" in str(error)


@pytest.mark.parametrize("answer", [b"", b"220 mail ready\r\n\r\n"])
async def test_a_peer_that_is_no_websocket_server_is_a_connect_error(answer: bytes) -> None:
    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with raw_server(other) as port:
        error = await refusal(f"ws://127.0.0.1:{port}/")
    assert "no WebSocket server" in str(error)


async def test_a_subprotocol_that_was_not_offered_does_not_print_a_key() -> None:
    def check(connection: ServerConnection, request: Request) -> Response:
        response = connection.protocol.accept(request)
        response.headers["Sec-WebSocket-Protocol"] = f"other.{KEY}"
        return response

    async with serving(echo, check=check) as url:
        error = await refusal(url)
    assert "the handshake failed" in str(error)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/v1/realtime?api-key=sk-very-secret-key",
        "api.example/v1?token=sk-very-secret-key",
        "wss://user:sk-very-secret-key@api.example:notaport/",
        "wss://user:sk-very-secret-key@api.example/#fragment",
        "wss://sk-very-secret-key@api.example/",
        "ws:///nohost",
        "ws://[::1/",
    ],
)
async def test_a_wrong_address_is_a_connect_error_that_does_not_print_its_secrets(url: str) -> None:
    error = await refusal(url)
    assert "cannot connect to" in str(error)


async def test_plain_tls_mismatches_are_connect_errors() -> None:
    async with serving(echo) as url:
        error = await refusal(url.replace("ws://", "wss://"))
        assert "ws or wss" in str(error)
        error = await refusal(url, options=WebSocketOptions(proxy=None, ssl=ssl.create_default_context()))
        assert "ssl" in str(error)

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    async with raw_server(plain) as port:
        error = await refusal(f"wss://127.0.0.1:{port}/")
    assert "TLS failed" in str(error)


async def test_an_untrusted_certificate_is_refused_and_the_cure_works(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the openssl command to make a certificate")
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    command = [
        openssl,
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    command += [
        "-keyout",
        str(key),
        "-out",
        str(certificate),
        "-subj",
        "/CN=test",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, timeout=30)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    async with serving(echo, tls=tls) as url:
        error = await refusal(url)
        assert "certificate is not trusted" in str(error)
        assert "cafile" in str(error)
        options = WebSocketOptions(proxy=None, ssl=ssl.create_default_context(cafile=str(certificate)))
        async with connected(url, options=options) as transport:
            await transport.send("private")
            assert await transport.recv() == b"private"


# Proxies


@contextlib.asynccontextmanager
async def connect_proxy(seen: list[str], *, status: str = "200 OK") -> AsyncGenerator[int, None]:
    """A proxy that tunnels what it is asked to with CONNECT; notes the heads of the requests."""

    async def tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        seen.append(head)
        writer.write(f"HTTP/1.1 {status}\r\n\r\n".encode())
        await writer.drain()
        if not status.startswith("200"):
            return
        host, _, port = head.split()[1].rpartition(":")
        upstream_reader, upstream_writer = await asyncio.open_connection(host, int(port))

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            with contextlib.suppress(ConnectionError):
                while data := await source.read(65536):
                    sink.write(data)
                    await sink.drain()
            sink.close()

        await asyncio.gather(pump(reader, upstream_writer), pump(upstream_reader, writer))

    async with raw_server(tunnel) as port:
        yield port


async def test_the_proxy_asked_for_carries_the_connection_and_never_sees_the_key() -> None:
    seen: list[str] = []
    async with serving(echo) as url, connect_proxy(seen) as port:
        options = WebSocketOptions(proxy=f"http://user:pass@127.0.0.1:{port}")
        async with connected(url, options=options, headers=BEARER) as transport:
            await transport.send("through")
            assert await transport.recv() == b"through"
    (head,) = seen
    assert head.startswith(f"CONNECT {url.split('/')[2]} HTTP/1.1")
    assert "Proxy-Authorization: Basic" in head
    assert KEY not in head


async def test_the_environments_proxy_is_used_for_a_host_and_not_for_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    for name in ("http_proxy", "all_proxy", "no_proxy", "ws_proxy", "wss_proxy", "socks_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    async with serving(echo) as url, connect_proxy(seen, status="403 Forbidden") as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        async with connected(url, options=WebSocketOptions()) as transport:
            await transport.send("direct")
            assert await transport.recv() == b"direct"
        assert not seen
        error = await refusal("wss://api.example/v1/realtime", options=WebSocketOptions())
    assert seen[0].startswith("CONNECT api.example:443 HTTP/1.1")
    assert "proxy rejected connection: HTTP 403" in str(error)
    assert error.status is None


async def test_a_proxy_that_asks_for_a_password_is_explained_without_printing_it() -> None:
    async with connect_proxy([], status="407 Proxy Authentication Required") as port:
        options = WebSocketOptions(proxy=f"http://user:{KEY}@127.0.0.1:{port}")
        error = await refusal("wss://api.example/", options=options)
    assert "proxy's user and password" in str(error)


# Secrets


async def test_no_key_appears_in_logs_at_debug_nor_in_any_repr(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("websockets.client", "realtime_typed.transports.websocket"):
        caplog.set_level(logging.DEBUG, logger=name)
    url_secret = "query-secret"
    async with serving(echo) as url:
        full_url = f"{url}&api-key={url_secret}".replace("ws://", "ws://user:password-secret@")
        subprotocols = ["realtime", f"openai-insecure-api-key.{KEY}"]
        async with connected(full_url, headers={"X-Key": KEY}, subprotocols=subprotocols) as transport:
            await transport.send(f'{{"authorization": "{KEY}"}}')
            await transport.recv()
            shown = repr(transport)
    # The server runs in this process and sees the headers: its own records prove that DEBUG was captured.
    assert KEY in caplog.text
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name != "websockets.server")
    for secret in (KEY, url_secret, "password-secret", "insecure"):
        assert secret not in ours
        assert secret not in shown
        assert secret not in repr(WebSocketOptions(proxy=f"http://user:{secret}@host:1"))
    assert "127.0.0.1" in shown
    assert "open" in shown


async def test_a_close_reason_that_echoes_the_key_is_redacted_everywhere() -> None:
    async def tell(connection: ServerConnection) -> None:
        await connection.close(1008, f"bad key {KEY}")

    async with serving(tell) as url, connected(url, headers=BEARER) as transport:
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
    assert raised.value.reason == "bad key [redacted]"
    assert KEY not in "".join(traceback.format_exception(raised.value))


async def test_the_cause_is_kept_when_it_holds_no_secret() -> None:
    async def tell(connection: ServerConnection) -> None:
        await connection.close(1008, "policy")

    async with serving(tell) as url, connected(url, headers=BEARER) as transport:
        with pytest.raises(ConnectionClosed) as raised:
            await transport.recv()
    assert isinstance(raised.value.__cause__, LibraryConnectionClosed)


async def test_a_header_with_a_line_break_is_refused_without_printing_it() -> None:
    with pytest.raises(ValueError, match="'Authorization' holds a line break") as raised:
        WebSocketTransport("wss://api.example/", headers={"Authorization": f"Bearer {KEY}\n"})
    assert KEY not in str(raised.value)
    with pytest.raises(ValueError, match="no name of a header"):
        WebSocketTransport("wss://api.example/", headers={"not a name": "x"})


async def test_wrong_subprotocols_are_refused_without_printing_them() -> None:
    with pytest.raises(TypeError, match="list"):
        WebSocketTransport("wss://api.example/", subprotocols="realtime")
    with pytest.raises(ValueError, match="item 1") as raised:
        WebSocketTransport("wss://api.example/", subprotocols=["realtime", f"openai-insecure-api-key.{KEY} "])
    assert KEY not in str(raised.value)
