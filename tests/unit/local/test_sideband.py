"""Sideband: several connections on the session of one call, by its `call_id`."""

import asyncio
import json
from typing import cast

import pytest

from realtime_typed.errors import ConnectError
from realtime_typed.local import LocalCall, LocalServer, ScriptedResponder, TextReply
from realtime_typed.transports.websocket import WebSocketTransport
from tests.unit.local.support import Event, error_of, http_of, response_of, socket_of, types_of

pytestmark = pytest.mark.anyio

SESSION: Event = {"type": "realtime", "model": "gpt-realtime", "output_modalities": ["text"]}


async def active_call(server: LocalServer) -> LocalCall:
    call = server.incoming_call()
    async with http_of(server) as http:
        assert (await http.post(f"/calls/{call.id}/accept", json=SESSION)).status_code == 200
    return call


async def refused(server: LocalServer, query: str, key: str | None = None) -> tuple[int | None, Event]:
    headers = {"Authorization": f"Bearer {key or server.api_key}"}
    with pytest.raises(ConnectError) as caught:
        await WebSocketTransport(server.ws_url + query, headers=headers).connect()
    body = caught.value.body
    assert body is not None
    return caught.value.status, cast("Event", json.loads(body)["error"])


async def test_a_sideband_joins_the_call_s_session_without_a_session_created_as_in_recordings() -> None:
    async with LocalServer() as server:
        call = await active_call(server)
        async with socket_of(server, f"?call_id={call.id}") as client:
            event = await client.ask("session.update", session={"type": "realtime", "instructions": "Be brief."})
            assert event["type"] == "session.updated"
            session = cast("Event", event["session"])
            assert session["instructions"] == "Be brief."
            assert session["output_modalities"] == ["text"]
            assert call.session is not None
            assert session["id"] == call.session.id
        assert len(server.sessions) == 1


async def test_events_go_to_all_who_are_attached_and_client_events_come_from_any() -> None:
    async with LocalServer(responder=ScriptedResponder([TextReply("Good morning.")])) as server:
        call = await active_call(server)
        path = f"?call_id={call.id}"
        async with socket_of(server, path) as one, socket_of(server, path) as two:
            await one.send("input_audio_buffer.clear")
            for client in (one, two):
                assert (await client.recv())["type"] == "input_audio_buffer.cleared"
            item_id = await one.say("Hi")
            await two.last("conversation.item.done")
            await two.send("response.create")
            seen = [await client.until("response.done") for client in (one, two)]
            assert seen[0] == seen[1]
            assert response_of(seen[0][-1])["status"] == "completed"
            assert (await two.ask("conversation.item.delete", item_id=item_id))["type"] == "conversation.item.deleted"
        assert call.session is not None
        assert types_of(list(call.session.received))[-1] == "conversation.item.delete"


async def test_one_who_leaves_neither_ends_the_session_nor_the_others() -> None:
    async with LocalServer() as server:
        call = await active_call(server)
        path = f"?call_id={call.id}"
        async with socket_of(server, path) as stays:
            async with socket_of(server, path) as leaves:
                await leaves.ask("input_audio_buffer.clear")
                await stays.recv()
            for _ in range(2):
                assert (await stays.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"
        async with socket_of(server, path) as later:
            assert error_of(await later.ask("response.cancel"))["code"] == "response_cancel_not_active"
        assert call.state == "active"


async def test_hanging_up_closes_every_sideband_with_1000() -> None:
    async with LocalServer() as server:
        call = await active_call(server)
        path = f"?call_id={call.id}"
        async with socket_of(server, path) as one, socket_of(server, path) as two:
            await one.ask("input_audio_buffer.clear")
            async with http_of(server) as http:
                assert (await http.post(f"/calls/{call.id}/hangup")).status_code == 200
            for client in (one, two):
                assert (await client.closed()).code == 1000
        assert (await refused(server, path))[0] == 404


async def test_a_session_that_ends_says_so_to_every_sideband_after_its_last_event() -> None:
    async with LocalServer() as server:
        call = await active_call(server)
        path = f"?call_id={call.id}"
        async with socket_of(server, path) as one, socket_of(server, path) as two:
            for client in (one, two):
                await client.send("input_audio_buffer.clear")
                await one.recv()
                await two.recv()
            assert call.session is not None
            call.session.emit({"type": "made.up"})
            call.session.close(4321, "because")
            for client in (one, two):
                assert (await client.recv())["type"] == "made.up"
                closed = await client.closed()
                assert (closed.code, closed.reason) == (4321, "because")


async def test_model_and_call_id_exclude_each_other() -> None:
    async with LocalServer() as server:
        call = await active_call(server)
        status, error = await refused(server, f"?call_id={call.id}&model=gpt-realtime")
    assert status == 400
    assert error["param"] == "call_id"


async def test_an_unknown_call_and_one_that_still_rings_are_a_404() -> None:
    async with LocalServer() as server:
        for call_id in ("rtc_nobody", server.incoming_call().id):
            status, error = await refused(server, f"?call_id={call_id}")
            assert (status, error["code"]) == (404, "call_id_not_found")


async def test_a_client_secret_attaches_to_no_call() -> None:
    async with LocalServer() as server:
        call = await active_call(server)
        async with http_of(server) as http:
            value = (await http.post("/client_secrets")).json()["value"]
        assert (await refused(server, f"?call_id={call.id}", value))[0] == 403
        assert (await refused(server, f"?call_id={call.id}", "sk-wrong"))[0] == 401


async def test_a_sideband_that_vanishes_leaves_no_task() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        call = await active_call(server)
        before = asyncio.all_tasks()
        transport = WebSocketTransport(
            f"{server.ws_url}?call_id={call.id}", headers={"Authorization": f"Bearer {server.api_key}"}
        )
        await transport.connect()
        await transport.send('{"type":"input_audio_buffer.clear"}')
        await transport.recv()
        during = asyncio.all_tasks() - before
        await transport.close()
        await asyncio.wait(during)
        assert asyncio.all_tasks() <= before
