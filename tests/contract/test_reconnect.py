"""A lost connection is made anew: configuration, tools, history, and what was under way."""

import asyncio
from typing import Final, cast

import numpy as np
import pytest

from realtime_typed import ConnectionClosed, ConnectionLost, RealtimeClient, ReconnectPolicy
from realtime_typed._wire import wire_fields
from realtime_typed.local import LocalServer, ScriptedResponder, TextReply
from realtime_typed.local.faults import BeforeSent, DropConnection, RefuseHandshake
from tests.contract.support import BOUND, Serve, recorder, settle, speech

pytestmark = pytest.mark.anyio

SOON: Final = ReconnectPolicy(initial_delay=0.001, connect_timeout=5)


def texts(client: RealtimeClient) -> list[str]:
    return [item.formatted.text or item.formatted.transcript for item in client.conversation.items]


async def test_a_session_goes_on_with_its_configuration_tools_and_history(serve: Serve) -> None:
    async with serve() as service:
        client = service.client(reconnect=SOON)
        lost: list[ConnectionLost] = []
        client.on("connection.lost", lost.append)

        @client.tool
        def weather(city: str) -> str:
            """The weather in a city."""
            return f"Sun in {city}."

        async with client:
            await client.update_session(instructions="Be brief.", output_modalities=["text"])
            await (await client.send_text("one")).done(BOUND)
            async with client.events["connection.restored"].expect(BOUND) as restored:
                service.lose_line(client)
            assert client.is_connected()
            assert [event.code for event in lost] == [1006]
            assert lost[0].reconnects
            assert len(restored.event.items) == 2
            assert restored.event.lost == ()
            session = wire_fields(service.received("session.update")[0]["session"])
            assert session["instructions"] == "Be brief."
            assert [tool["name"] for tool in cast("list[dict[str, str]]", session["tools"])] == ["weather"]
            created = cast("list[dict[str, dict[str, str]]]", service.received("conversation.item.create"))
            assert [event["item"]["id"] for event in created] == list(restored.event.items)
            await (await client.send_text("two")).done(BOUND)
            assert texts(client) == ["one", "one", "two", "two"]


async def test_who_waits_or_iterates_is_not_told_of_a_loss(serve: Serve) -> None:
    async with serve() as service, service.client(reconnect=SOON) as client:
        await settle(client)
        await client.update_session(output_modalities=["text"])
        names: list[str] = []

        async def follow() -> None:
            names.extend([event.type async for event in client])

        following = asyncio.create_task(follow())
        waiting = asyncio.create_task(client.wait_for("response.done", BOUND))
        await asyncio.sleep(0)
        async with client.events["connection.restored"].expect(BOUND):
            service.lose_line(client)
        await client.send_text("still here")
        assert (await waiting).response.status == "completed"
        assert not following.done()
        await client.disconnect()
        await asyncio.wait_for(following, BOUND)
        assert names.count("session.created") == 2


async def test_what_is_sent_meanwhile_waits_for_the_next_connection(serve: Serve) -> None:
    async with serve() as service, service.client(reconnect=SOON) as client:
        await client.update_session(output_modalities=["text"])
        async with client.events["connection.lost"].expect(BOUND):
            service.lose_line(client)
        assert not client.is_connected()
        await (await client.send_text("meanwhile")).done(BOUND)
        assert texts(client) == ["meanwhile", "meanwhile"]


async def test_a_client_gives_up_when_its_budget_is_spent(serve: Serve) -> None:
    policy = ReconnectPolicy(attempts=2, initial_delay=0.001, connect_timeout=0.2)
    async with serve() as service:
        client = service.client(reconnect=policy)
        async with client:
            await settle(client)
            states: list[str] = []
            client.on("connection.state_changed", recorder(states, lambda event: str(getattr(event, "connection", ""))))
            waiting = asyncio.create_task(client.wait_for("response.done", BOUND))
            await asyncio.sleep(0)
            await service.server.__aexit__(None, None, None)
            with pytest.raises(ConnectionClosed, match="gave up reconnecting"):
                await waiting
            assert not client.is_connected()
            assert "reconnecting" in states
            with pytest.raises(ConnectionClosed):
                await client.send_text("too late")


async def test_a_normal_end_and_disconnect_are_no_loss(serve: Serve) -> None:
    async with serve() as service:
        client = service.client(reconnect=SOON)
        events: list[object] = []
        client.on("connection.lost", events.append)
        async with client:
            await settle(client)
        assert events == []
        if service.kind != "webrtc":
            async with client:
                await settle(client)
                waiting = asyncio.create_task(client.wait_for("response.done", BOUND))
                await asyncio.sleep(0)
                service.session.close(1000)
                with pytest.raises(ConnectionClosed):
                    await waiting
            assert [getattr(event, "reconnects", None) for event in events] == [False]


async def test_disconnecting_while_reconnecting_ends_everything(serve: Serve) -> None:
    async with serve() as service:
        client = service.client(reconnect=ReconnectPolicy(initial_delay=60, max_delay=60))
        await client.connect()
        async with client.events["connection.lost"].expect(BOUND):
            service.lose_line(client)
        waiting = asyncio.create_task(client.send_text("never"))
        await asyncio.sleep(0)
        await client.disconnect()
        with pytest.raises(ConnectionClosed):
            await waiting
        assert not client.is_connected()
        await client.connect()
        await settle(client)
        await client.disconnect()


async def test_a_response_that_was_cut_off_is_asked_for_again(serve: Serve) -> None:
    responder = ScriptedResponder([TextReply("first of all"), TextReply("the whole answer")])
    async with serve(responder=responder) as service, service.client(reconnect=SOON) as client:
        await client.update_session(output_modalities=["text"])
        service.server.inject(DropConnection(BeforeSent("response.output_text.delta", 2)))
        async with client.events["connection.restored"].expect(BOUND) as restored:
            response = await client.send_text("question")
            pieces = [piece async for piece in response.text]
        await response.done(BOUND)
        assert [fired.event for fired in service.server.faults_fired] == ["response.output_text.delta"]
        assert response.restarts == 1
        assert pieces[0] == "first"
        assert "".join(pieces).endswith("the whole answer")
        assert texts(client) == ["question", "the whole answer"]
        assert [piece.kind for piece in restored.event.lost] == ["response", "partial_item"]
        assert restored.event.asked_again == (restored.event.lost[0].id,)
        assert len(responder.requests) == 2


async def test_a_client_moves_to_a_new_session_before_the_old_one_ends() -> None:
    async with asyncio.timeout(30), LocalServer(max_session_seconds=3) as server:
        client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, reconnect=SOON)
        lost: list[ConnectionLost] = []
        client.on("connection.lost", lost.append)
        async with client:
            await client.update_session(output_modalities=["text"])
            await (await client.send_text("before")).done(BOUND)
            restored = await client.wait_for("connection.restored", BOUND)
            assert restored.planned
            assert restored.lost == ()
            assert [(event.planned, event.reconnects, event.code) for event in lost] == [(True, True, 1000)]
            await (await client.send_text("after")).done(BOUND)
            assert texts(client) == ["before", "before", "after", "after"]


async def test_a_client_waits_as_long_as_the_service_asks_for() -> None:
    refused = RefuseHandshake(429, retry_after=1, after=1)
    async with asyncio.timeout(30), LocalServer(faults=[refused]) as server:
        client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, reconnect=SOON)
        async with client:
            await client.update_session(output_modalities=["text"])
            server.sessions[-1].close(1012)
            restored = await client.wait_for("connection.restored", BOUND)
        assert restored.attempts == 2
        assert restored.seconds >= 1


@pytest.mark.parametrize(("status", "attempts"), [(503, 2), (401, 0), (403, 0), (404, 0)])
async def test_a_refused_handshake_is_tried_again_or_not(status: int, attempts: int) -> None:
    async with asyncio.timeout(30), LocalServer(faults=[RefuseHandshake(status, after=1)]) as server:
        client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, reconnect=SOON)
        async with client:
            await client.update_session(output_modalities=["text"])
            waiting = asyncio.create_task(client.wait_for("connection.restored", BOUND))
            await asyncio.sleep(0)
            server.sessions[-1].close(1011)
            if attempts:
                assert (await waiting).attempts == attempts
            else:
                with pytest.raises(ConnectionClosed, match="gave up reconnecting"):
                    await waiting


async def test_a_turn_that_was_not_heard_is_not_answered_by_the_turn_before(serve: Serve) -> None:
    async with serve() as service:
        if not service.by_track:
            pytest.skip("where speech goes in events, it is sent again")
        async with service.client(reconnect=SOON) as client:
            await (await client.send_text("Hello!")).done(BOUND)
            async with client.events["connection.restored"].expect(BOUND) as restored:
                service.lose_line(client)
                await client.append_input_audio(speech()[:12_000])
                with pytest.raises(ConnectionClosed):
                    await client.create_response()
            assert [piece.kind for piece in restored.event.lost if piece.kind != "input_audio"] == [
                "request",
                "request",
            ]
            assert restored.event.lost_audio_ms > 0
            await (await client.send_text("Are you there?")).done(BOUND)
            said = [item.formatted.text or item.formatted.transcript for item in client.conversation.items]
            assert said == ["Hello!", "Hello!", "Are you there?", "Are you there?"]


async def test_what_is_said_while_a_call_is_made_is_heard_before_it_is_answered(serve: Serve) -> None:
    async with serve() as service, service.client(reconnect=SOON) as client:
        await (await client.send_text("Hello!")).done(BOUND)
        async with client.events["connection.lost"].expect(BOUND):
            service.lose_line(client)
        await client.append_input_audio(speech()[:12_000])
        await (await client.create_response()).done(BOUND)
        users = [item for item in client.conversation.items if wire_fields(item).get("role") == "user"]
        replies = [item for item in client.conversation.items if wire_fields(item).get("role") == "assistant"]
        assert [client.conversation.items.index(item) for item in (*users, *replies)] == [0, 2, 1, 3]
        assert "your own words" in replies[1].formatted.transcript


async def test_speech_that_finds_no_room_while_a_call_is_made_is_told(serve: Serve) -> None:
    policy = ReconnectPolicy(initial_delay=60, max_delay=60)
    async with serve() as service, service.client(reconnect=policy) as client:
        if not service.by_track:
            pytest.skip("where speech goes in events, it is the send queue that has a bound")
        async with client.events["connection.lost"].expect(BOUND):
            service.lose_line(client)
        await client.append_input_audio(np.zeros(60 * 24_000, np.int16))
        async with client.events["input_audio.dropped"].expect(BOUND) as dropped:
            await client.append_input_audio(np.zeros(24_000, np.int16))
        assert dropped.event.reason == "connection_down"
        assert dropped.event.milliseconds == client.stats.audio_dropped_ms == 1_000
