"""Whom a client reconnects as, and to what: fresh keys, calls, services that only greet; and the turn under way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Final

import pytest

from realtime_typed import ConnectionClosed, RealtimeClient, ReconnectPolicy, RestClient
from realtime_typed.local import (
    AfterSent,
    CloseConnection,
    DropConnection,
    LocalServer,
    RefuseHandshake,
    ScriptedResponder,
    TextReply,
)
from realtime_typed.types import RealtimeSessionConfig
from tests.contract.support import BOUND, Serve, likeness, settle, sound_of, speech

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

SOON: Final = ReconnectPolicy(initial_delay=0.001, max_delay=0.01, connect_timeout=5)
SESSION: Final = RealtimeSessionConfig(model="gpt-realtime", output_modalities=["text"])


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with asyncio.timeout(60), LocalServer(answer_sdp=lambda offer: offer) as running:
        yield running


async def told_the_end(client: RealtimeClient, lose: Callable[[], object]) -> ConnectionClosed:
    """What a waiter is told when the client loses its connection for good."""
    waiting = asyncio.create_task(client.wait_for("response.done", BOUND))
    await asyncio.sleep(0)
    lose()
    with pytest.raises(ConnectionClosed) as caught:
        await waiting
    assert not client.is_connected()
    return caught.value


# Keys.


class Keys:
    """Gives keys in order, the last again and again."""

    def __init__(self, *keys: str) -> None:
        self.keys = list(keys)
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        return self.keys[min(self.asked, len(self.keys)) - 1]


async def minted(server: LocalServer) -> str:
    async with RestClient(api_key=server.api_key, base_url=server.base_url) as rest:
        return (await rest.client_secrets.create(SESSION)).value


async def test_a_key_that_has_expired_is_replaced_by_a_fresh_one(server: LocalServer) -> None:
    old = await minted(server)
    keys = Keys(old, old, "")
    async with RealtimeClient(base_url=server.base_url, ephemeral_key=keys, reconnect=SOON) as client:
        await settle(client)
        server.expire_client_secrets()
        keys.keys[-1] = await minted(server)
        async with client.events["connection.restored"].expect(BOUND) as restored:
            server.inject(DropConnection())
        # The second time the function still gave the old one, and was asked once more.
        assert (restored.event.attempts, keys.asked) == (2, 3)
        await settle(client)


async def test_a_key_that_is_refused_twice_ends_the_client(server: LocalServer) -> None:
    keys = Keys(await minted(server))
    async with RealtimeClient(base_url=server.base_url, ephemeral_key=keys, reconnect=SOON) as client:
        await settle(client)
        server.expire_client_secrets()
        end = await told_the_end(client, lambda: server.inject(DropConnection()))
        assert "short-lived key may have expired" in str(end)
        assert keys.asked == 3


async def test_a_fixed_key_that_is_refused_is_not_tried_twice(server: LocalServer) -> None:
    key = await minted(server)
    async with RealtimeClient(base_url=server.base_url, ephemeral_key=key, reconnect=SOON) as client:
        await settle(client)
        server.expire_client_secrets()
        armed = server.inject(RefuseHandshake(401, times=None))[0]
        await told_the_end(client, lambda: server.inject(DropConnection()))
        assert armed.fired == 1


@pytest.mark.parametrize("argument", ["api_key", "ephemeral_key"])
async def test_a_function_is_asked_for_the_key_at_each_try(server: LocalServer, argument: str) -> None:
    keys = Keys(server.api_key)
    client = (
        RealtimeClient(base_url=server.base_url, api_key=keys, reconnect=SOON)
        if argument == "api_key"
        else RealtimeClient(base_url=server.base_url, ephemeral_key=keys, reconnect=SOON)
    )
    async with client:
        await settle(client)
        server.inject(RefuseHandshake(503, times=2))
        async with client.events["connection.restored"].expect(BOUND) as restored:
            server.inject(DropConnection())
        assert (restored.event.attempts, keys.asked) == (3, 4)


async def test_a_function_that_fails_ends_the_client_with_its_error(server: LocalServer) -> None:
    keys = Keys(server.api_key)

    async def ask() -> str:
        if keys.asked:
            raise LookupError("no key today")
        return await keys()

    async with RealtimeClient(base_url=server.base_url, api_key=ask, reconnect=SOON) as client:
        await settle(client)
        end = await told_the_end(client, lambda: server.inject(DropConnection()))
        assert isinstance(end.__cause__, LookupError)


# Calls.


async def test_a_sideband_attaches_again_to_the_same_session_and_gives_it_nothing(server: LocalServer) -> None:
    call = server.incoming_call()
    async with RestClient(api_key=server.api_key, base_url=server.base_url) as rest:
        await rest.calls.accept(call.id, SESSION)
    client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, call_id=call.id, reconnect=SOON)
    async with client:
        await (await client.send_text("one")).done(BOUND)
        session = call.session
        assert session is not None
        before = len(session.received)
        async with client.events["connection.restored"].expect(BOUND) as restored:
            server.inject(DropConnection())
        assert (restored.event.items, restored.event.lost) == ((), ())
        await settle(client)
        assert [event["type"] for event in session.received[before:]] == ["input_audio_buffer.clear"]
        await (await client.send_text("two")).done(BOUND)
        assert [item.formatted.text for item in client.conversation.items] == ["one", "one", "two", "two"]
        assert [item.id for item in session.history.items()] == [item.id for item in client.conversation.items]
    assert len(server.sessions) == 1


async def test_a_call_that_has_ended_meanwhile_ends_the_sideband(server: LocalServer) -> None:
    call = server.incoming_call()
    policy = ReconnectPolicy(attempts=10_000, initial_delay=0.001, max_delay=0.01)
    async with RestClient(api_key=server.api_key, base_url=server.base_url) as rest:
        await rest.calls.accept(call.id, SESSION)
        client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, call_id=call.id, reconnect=policy)
        async with client:
            await settle(client)
            (down,) = server.inject(RefuseHandshake(503, times=None))
            async with client.events["connection.lost"].expect(BOUND):
                server.inject(DropConnection())
            waiting = asyncio.create_task(client.wait_for("response.done", BOUND))
            await rest.calls.hangup(call.id)
            down.disarm()
            with pytest.raises(ConnectionClosed, match="no such model, address or call"):
                await waiting


# What a service must do for the budget to be whole, and what happens when it is spent.


async def test_a_service_that_only_greets_spends_the_budget(server: LocalServer) -> None:
    policy = ReconnectPolicy(attempts=3, initial_delay=0.001)
    async with RealtimeClient(base_url=server.base_url, api_key=server.api_key, reconnect=policy) as client:
        await settle(client)
        (closing,) = server.inject(CloseConnection(1011, when=AfterSent("session.updated"), times=None))
        end = await told_the_end(client, lambda: server.inject(DropConnection()))
        assert "the budget is spent" in str(end)
        assert closing.fired == 3
        assert len(server.sessions) == 4


async def test_streams_and_handlers_live_on_until_the_client_gives_up(serve: Serve) -> None:
    policy = ReconnectPolicy(attempts=2, initial_delay=0.001, connect_timeout=2)
    async with serve() as service, service.client(reconnect=policy) as client:
        await client.update_session(output_modalities=["text"])
        told: list[str] = []
        streamed: list[str] = []
        client.on("connection.lost", lambda event: told.append(event.type))
        client.on("connection.restored", lambda event: told.append(event.type))
        client.on("response.done", lambda event: told.append(event.type))
        client.realtime.on("close", lambda event: told.append("close"))

        async def iterate() -> None:
            async for _ in client:
                pass

        async def stream() -> None:
            with client.events["response.done"].stream() as events:
                async for event in events:
                    streamed.append(event.type)  # noqa: PERF401  # the loop raises, and what came before counts

        async def hear() -> None:
            async for _ in client.audio_output:
                pass

        running = [asyncio.create_task(work()) for work in (iterate, stream, hear)]
        await settle(client)
        async with client.events["connection.restored"].expect(BOUND):
            service.session.close(1011)
        await (await client.send_text("still here")).done(BOUND)
        assert not any(task.done() for task in running)
        await service.server.__aexit__(None, None, None)
        async with asyncio.timeout(BOUND):
            results = await asyncio.gather(*running, return_exceptions=True)
        assert isinstance(results[0], ConnectionClosed)
        assert told == ["connection.lost", "connection.restored", "response.done", "connection.lost", "close"]
        assert streamed == ["response.done"]


# Speech.


async def test_a_turn_in_whose_midst_the_line_is_lost_is_heard_whole_and_answered_once(serve: Serve) -> None:
    responder = ScriptedResponder([TextReply("Understood."), TextReply("Once too often.")])
    async with serve(responder=responder) as service, service.client(reconnect=SOON) as client:
        if service.by_track:
            pytest.skip("what was said over a track is gone with it")
        await client.update_session(turn_detection={"type": "server_vad"}, output_modalities=["text"])
        spoken = speech()
        middle = len(spoken) // 2
        async with client.events["input_audio_buffer.speech_started"].expect(BOUND):
            await client.append_input_audio(spoken[:middle])
        async with client.events["connection.restored"].expect(BOUND) as restored:
            service.lose_line(client)
        assert restored.event.lost == ()
        async with client.events["response.done"].expect(BOUND):
            await client.append_input_audio(spoken[middle:])
            await client.append_input_audio(b"\0\0" * 24_000)
        await settle(client)
        (request,) = responder.requests
        assert request.audio is not None
        assert likeness(request.audio.samples, spoken) > 0.95
        assert len(sound_of(request.audio.samples)) > 0.95 * len(sound_of(spoken))
        assert [getattr(item, "role", None) for item in client.conversation.items] == ["user", "assistant"]
