"""LocalServer as HTTP and WebSocket clients see it: addresses, keys, limits, start and end."""

import asyncio
import json
import logging
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import cast

import httpx
import numpy as np
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.typing import Subprotocol

from realtime_typed.local import AudioReply, LocalServer, ScriptedResponder, TextReply
from tests.unit.local.support import Client, client_of, error_of

pytestmark = pytest.mark.anyio


def opened(
    server: LocalServer, query: str = "?model=m", headers: dict[str, str] | None = None, offered: Sequence[str] = ()
) -> connect:
    sent = {"Authorization": f"Bearer {server.api_key}"} if headers is None else headers
    protocols = [Subprotocol(name) for name in offered] or None
    return connect(server.ws_url + query, additional_headers=sent, subprotocols=protocols, proxy=None, open_timeout=10)


async def first(ws: ClientConnection) -> dict[str, object]:
    return cast("dict[str, object]", json.loads(await ws.recv()))


async def refused(
    server: LocalServer, query: str = "?model=m", headers: dict[str, str] | None = None, offered: Sequence[str] = ()
) -> tuple[int, dict[str, object]]:
    with pytest.raises(InvalidStatus) as caught:
        await opened(server, query, headers, offered)
    body = caught.value.response.body
    assert body is not None
    assert server.api_key.encode() not in body
    return caught.value.response.status_code, json.loads(body)["error"]


async def test_addresses_name_the_loopback_and_the_port() -> None:
    async with LocalServer(api_key="sk-mine") as server:
        assert server.base_url == f"http://127.0.0.1:{server.port}/v1"
        assert server.ws_url == f"ws://127.0.0.1:{server.port}/v1/realtime"
        assert server.api_key == "sk-mine"
    assert LocalServer().api_key.startswith("sk-local-")
    assert LocalServer().api_key != LocalServer().api_key


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer sk-wrong"}, {"Authorization": "Basic abc"}])
async def test_a_wrong_or_missing_key_is_refused_at_the_handshake(
    headers: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        status, error = await refused(server, headers=headers)
    assert status == 401
    assert error["type"] == "invalid_request_error"
    assert error["code"] == "invalid_api_key"
    assert error["param"] is None
    assert "sk-wrong" not in str(error)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_connection_without_a_model_is_a_bad_request() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        status, error = await refused(server, query="")
    assert status == 400
    assert error["param"] == "model"


async def test_the_key_may_come_as_a_subprotocol_and_realtime_is_selected() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        offered = ["realtime", f"openai-insecure-api-key.{server.api_key}"]
        async with opened(server, headers={}, offered=offered) as ws:
            assert ws.subprotocol == "realtime"
            assert (await first(ws))["type"] == "session.created"
        status, _ = await refused(server, headers={}, offered=["realtime", "openai-insecure-api-key.x"])
    assert status == 401


async def test_plain_http_is_answered_in_json() -> None:
    async with asyncio.timeout(20), LocalServer() as server, httpx.AsyncClient(trust_env=False) as http:
        upgrade = await http.get(f"{server.base_url}/realtime")
        unknown = await http.get(f"{server.base_url}/nothing")
    assert upgrade.status_code == 426
    assert unknown.status_code == 404
    assert unknown.json()["error"]["code"] == "unknown_url"


async def test_the_beta_header_is_refused_with_an_error_and_code_4000() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}", "OpenAI-Beta": "realtime=v1"}
        async with opened(server, headers=headers) as ws:
            assert error_of(await first(ws))["code"] == "beta_api_shape_disabled"
            with pytest.raises(ConnectionClosedError) as caught:
                await ws.recv()
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4000


async def test_a_session_ends_at_its_time_limit_with_an_error_and_1001() -> None:
    async with LocalServer(max_session_seconds=0.05) as server, client_of(server, "websocket") as client:
        error = error_of(await client.recv())
        closed = await client.closed()
    assert error["code"] == "session_expired"
    assert closed.code == 1001


async def test_two_sessions_share_no_id_and_no_items() -> None:
    async with LocalServer() as server, client_of(server, "websocket") as one, client_of(server) as two:
        first_id, second_id = await one.say("a"), await two.say("b")
        assert first_id != second_id
        missing = await one.ask("conversation.item.retrieve", item_id=second_id)
        assert error_of(missing)["code"] == "item_retrieve_invalid_item_id"
        assert len(server.sessions) == 2


async def test_tests_can_read_what_came_and_inject_what_they_like() -> None:
    async with LocalServer() as server, client_of(server, "websocket") as one, client_of(server) as two:
        await one.send("input_audio_buffer.clear", event_id="mine")
        await one.recv()
        assert server.sessions[0].received == [{"type": "input_audio_buffer.clear", "event_id": "mine"}]
        await server.broadcast({"type": "made.up", "value": 1})
        for client in (one, two):
            event = await client.recv()
            assert (event["type"], event["value"]) == ("made.up", 1)
            assert event["event_id"]
        server.sessions[0].close(4321, "because")
        closed = await one.closed()
        assert (closed.code, closed.reason) == (4321, "because")


async def test_leaving_closes_clients_with_1001_and_leaves_no_task_and_no_socket() -> None:
    before = asyncio.all_tasks()
    async with asyncio.timeout(20):
        async with LocalServer(audio_speed=1.0) as server:
            port = server.port
            over_socket = await opened(server)
            over_memory = server.memory_transport()
            await over_memory.connect()
            await over_memory.send('{"type":"response.create"}')
            await over_socket.send('{"type":"response.create"}')
            while json.loads(await over_socket.recv())["type"] != "response.output_audio.delta":
                pass
        await over_socket.wait_closed()
        assert over_socket.close_code == 1001
        assert (await Client(over_memory).closed()).code == 1001
    assert asyncio.all_tasks() == before
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_a_client_that_vanishes_mid_response_leaves_no_task() -> None:
    async with asyncio.timeout(20), LocalServer(audio_speed=0.1) as server:
        before = asyncio.all_tasks()
        ws = await opened(server)
        await ws.send('{"type":"response.create"}')
        while json.loads(await ws.recv())["type"] != "response.output_audio.delta":
            pass
        during = asyncio.all_tasks() - before
        ws.transport.abort()
        await asyncio.wait(during)
        await ws.wait_closed()
        assert asyncio.all_tasks() <= before


async def test_a_client_that_does_not_read_holds_its_response_back() -> None:
    words = " ".join(str(number) for number in range(5000))
    script = ScriptedResponder([TextReply(words)])
    async with LocalServer(responder=script, max_queue=8) as server, client_of(server) as client:
        await client.ask("session.update", session={"type": "realtime", "output_modalities": ["text"]})
        await client.send("response.create")
        await client.last("response.content_part.added")
        for _ in range(20_000):
            await asyncio.sleep(0)  # the loop has nothing else to do: a response that did not wait would be done
        item = server.sessions[0].history.items()[-1]
        assert item.wire["status"] == "in_progress"
        await client.last("response.done")
        assert item.content[0]["text"] == words


async def test_leaving_does_not_wait_for_a_client_that_does_not_read() -> None:
    before = asyncio.all_tasks()
    script = ScriptedResponder([AudioReply(np.zeros(24_000 * 600, np.int16), "ten minutes")])
    async with asyncio.timeout(20):
        async with LocalServer(responder=script) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            lines = ["GET /v1/realtime?model=m HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Upgrade: websocket"]
            lines += ["Connection: Upgrade", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="]
            lines += [f"Authorization: Bearer {server.api_key}", "", ""]
            frame = b'{"type":"response.create"}'  # masked with zeros
            writer.write("\r\n".join(lines).encode())
            await reader.readuntil(b"session.created")
            writer.write(bytes([0x81, 0x80 | len(frame), 0, 0, 0, 0]) + frame)
            await reader.readuntil(b"output_audio.delta")
            writer.transport.pause_reading()  # type: ignore[attr-defined]  # a socket's transport can
            for _ in range(20_000):
                await asyncio.sleep(0)  # long enough for the socket's buffers to fill
        writer.transport.abort()
    assert asyncio.all_tasks() == before


async def test_a_frame_of_many_megabytes_is_taken() -> None:
    async with LocalServer() as server, client_of(server, "websocket") as client:
        await client.ask("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
        await client.send("input_audio_buffer.append", audio="A" * (12 * 1024 * 1024))
        assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"


async def test_a_server_is_started_once_and_has_no_port_before() -> None:
    server = LocalServer()
    with pytest.raises(RuntimeError, match="has not started"):
        _ = server.base_url
    async with server:
        pass
    with pytest.raises(RuntimeError, match="started once"):
        await server.__aenter__()


async def test_a_port_in_use_is_reported_and_leaves_nothing_behind() -> None:
    async with LocalServer() as server:
        before = asyncio.all_tasks()
        with pytest.raises(OSError, match="in use"):
            await LocalServer(port=server.port).__aenter__()
        assert asyncio.all_tasks() == before


@pytest.mark.parametrize("name", ["audio_speed", "max_session_seconds", "max_items", "max_queue"])
def test_a_limit_that_is_not_positive_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        LocalServer(**{name: 0})  # type: ignore[arg-type]  # one of several names


def test_without_the_extra_importing_works_and_starting_says_what_to_install() -> None:
    script = """
import sys
sys.modules["starlette"] = sys.modules["uvicorn"] = None
import asyncio
from realtime_typed.local import LocalServer
async def main():
    async with LocalServer():
        pass
try:
    asyncio.run(main())
except ImportError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert 'pip install "realtime-typed[server]"' in done.stdout


def test_the_command_prints_where_it_listens_and_ends_on_an_interrupt() -> None:
    command = [sys.executable, "-m", "realtime_typed.local", "--api-key", "sk-shown"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("base_url  http://127.0.0.1:")
        assert process.stdout.readline() == "api_key   sk-shown\n"
        process.send_signal(2)
        assert process.wait(timeout=20) == 0
        assert process.stderr.read() == ""
