"""Beginning a connection: its state, configuration and call, and how often it can be done."""

import asyncio
from typing import cast

import pytest

from realtime_typed import ConnectError, ConnectionClosed
from realtime_typed._generated.realtime.params import SessionConfigParam
from realtime_typed.utility_events import ConnectionStateChanged
from tests.contract.support import BOUND, Serve, Wire, collapsed, heard, recorder, say, settle

pytestmark = pytest.mark.anyio


async def test_a_client_is_connected_from_connect_to_disconnect(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        assert not client.is_connected()
        assert await client.connect() is True
        assert client.is_connected()
        await client.disconnect()
        assert not client.is_connected()
        await client.disconnect()


async def test_the_state_of_the_connection_is_told(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        events: list[ConnectionStateChanged] = []
        client.on("connection.state_changed", events.append)
        for _ in range(2):
            async with client:
                await settle(client)
                assert events[-1].connection == "connected"
            states = collapsed([event.connection for event in events])
            assert states == ["connecting", "connected", "closed"]
            assert [event.ice for event in events if event.connection == "connected"] == [
                "completed" if service.by_track else None
            ]
            events.clear()


async def test_a_connect_that_fails_is_told_as_a_state(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
    states: list[str] = []
    told = asyncio.Event()
    client.on("connection.state_changed", recorder(states, lambda event: str(getattr(event, "connection", ""))))
    client.on("connection.state_changed", lambda event: told.set() if event.connection == "failed" else None)
    async with asyncio.timeout(BOUND):
        with pytest.raises(ConnectError):
            await client.connect()
        await told.wait()
        await client.disconnect()
    assert states[-1] == "failed"
    assert "connected" not in states
    assert await service.leftovers() == []


async def test_the_session_can_be_configured_as_it_begins(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.update_session(voice="cedar")
        await client.connect(
            session_config={"type": "realtime", "instructions": "Be brief.", "output_modalities": ["text"]}
        )
        created = await client.wait_for_session_created(BOUND)
        assert created.session.type == "realtime"
        if service.by_track:
            # The configuration goes with the offer.
            assert created.session.instructions == "Be brief."
        await say(client, "Hello there")
        assert client.conversation.items[1].formatted.text == "Hello there"
        assert service.session.config["instructions"] == "Be brief."
        assert cast("dict[str, Wire]", service.session.config["audio"])["output"]["voice"] == "cedar"
        await client.disconnect()
        async with client:
            await settle(client)
            assert service.session.config["instructions"] == "Be brief."


async def test_a_wrong_configuration_is_refused_and_opens_no_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(ValueError, match="temperature"):
            await client.connect(session_config=cast("SessionConfigParam", {"type": "realtime", "temperature": 1}))
        assert not client.is_connected()
        assert list(service.server.sessions) == []
        assert await service.leftovers() == []


async def test_a_call_has_an_id_as_long_as_it_lasts(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        assert client.call_id is None
        found: list[str | None] = []
        for _ in range(2):
            async with client:
                await settle(client)
                found.append(client.call_id)
                assert [call.id for call in service.server.calls if call.state == "active"] == (
                    [client.call_id] if service.by_track else []
                )
            assert client.call_id is None
            assert await service.leftovers() == []
            assert all(call.state == "ended" for call in service.server.calls)
        if service.by_track:
            assert all(call_id is not None and call_id.startswith("rtc_") for call_id in found)
            assert found[0] != found[1]
        else:
            assert found == [None, None]


async def test_a_client_that_is_connected_again_by_hand_begins_a_new_conversation(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        sessions: list[str] = []
        for text in ("one", "two", "three"):
            await client.connect()
            assert client.conversation.items == []
            stream = client.audio_output
            async with heard(client):
                await say(client, text)
            user, reply = client.conversation.items
            assert (user.formatted.text, reply.formatted.transcript) == (text, text)
            assert len(reply.formatted.audio) > 2400
            sessions.append(str((await client.wait_for_session_created(0)).session.id))
            await client.disconnect()
            assert [piece.item_id async for piece in stream][-1] == reply.id
            assert await service.leftovers() == []
        assert len(set(sessions)) == len(service.server.sessions) == 3


async def test_connecting_twice_is_refused_and_harms_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await say(client, "Hello there")
        with pytest.raises(RuntimeError, match="already connected"):
            await client.connect()
        with pytest.raises(RuntimeError, match="already connected"):
            await client.realtime.connect()
        assert len(client.conversation.items) == 2
        assert len(service.server.sessions) == 1


async def test_two_connects_at_once_make_one_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        results = await asyncio.gather(client.connect(), client.connect(), return_exceptions=True)
        assert [type(result) for result in results] == [bool, RuntimeError]
        await settle(client)
        assert len(service.server.sessions) == 1
        await client.disconnect()


async def test_entering_a_connected_client_keeps_its_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        async with client:
            await settle(client)
        assert len(service.server.sessions) == 1
        assert not client.is_connected()


async def test_session_created_can_be_awaited_before_and_after_it_came(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        early = await client.wait_for_session_created(BOUND)
        late = await client.wait_for_session_created(0)
        assert late is early
        assert early.session.id == service.session.id


async def test_session_created_needs_a_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(RuntimeError, match="not connected"):
            await client.wait_for_session_created()
        await client.connect()
        await client.wait_for_session_created(BOUND)
        await client.disconnect()
        with pytest.raises(RuntimeError, match="not connected"):
            await client.wait_for_session_created()


async def test_sending_without_a_connection_says_what_to_do(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(ConnectionClosed, match="call connect"):
            await client.create_response()
        with pytest.raises(ConnectionClosed, match="call connect"):
            await client.append_input_audio(b"\0\0")
        with pytest.raises(ConnectionClosed, match="call connect"):
            await client.send({"type": "response.create"})


async def test_a_client_can_connect_again_with_its_handlers_tools_and_configuration(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        done: list[str] = []
        client.on("response.done", lambda event: done.append(event.type))
        client.add_tool({"name": "noop"}, lambda _: "ok")
        for _ in range(2):
            async with client:
                await client.update_session(instructions="Be brief.", output_modalities=["text"])
                await say(client, "Hello there")
        assert len(done) == 2
        async with client:
            assert client.conversation.items == []
            await settle(client)
            assert service.session.config["instructions"] == "Be brief."
            assert service.session.config["output_modalities"] == ["text"]
            assert [tool["name"] for tool in cast("list[Wire]", service.session.config["tools"])] == ["noop"]


async def test_the_conversation_outlives_the_block_but_not_disconnect(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        async with client:
            await say(client, "Hello there")
        assert len(client.conversation.items) == 2
        await client.disconnect()
        assert client.conversation.items == []


async def test_reset_makes_a_client_like_new(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        seen: list[str] = []
        client.on("*", lambda event: seen.append(event.type))
        client.realtime.on("server.*", lambda event: seen.append(event.type))
        client.add_tool({"name": "noop"}, lambda _: "ok")
        await client.connect()
        await client.update_session(instructions="Be brief.", turn_detection={"type": "server_vad"})
        await say(client, "Hello there")
        await client.reset()
        assert not client.is_connected()
        assert client.conversation.items == []
        assert client.get_turn_detection_type() is None
        seen.clear()
        async with client:
            await settle(client)
            assert service.received("session.update") == [
                {
                    "type": "session.update",
                    "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}, "tools": []},
                }
            ]
        assert seen == []
