"""The end of a connection: who is told, and how; and that it can be opened again."""

import asyncio
from contextlib import suppress

import pytest

from realtime_typed import ConnectionClosed
from realtime_typed.utility_events import CloseEvent
from tests.contract.support import Serve, end_of, recorder, say, settle

pytestmark = pytest.mark.anyio


async def test_a_lost_line_is_told_as_a_state(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        states: list[str] = []
        client.on("connection.state_changed", recorder(states, lambda event: str(getattr(event, "connection", ""))))
        service.lose_line(client)
        assert await end_of(client) is not None
        await client.disconnect()
        # Packets that stay away may come back; a socket that is gone does not.
        assert states == (["disconnected", "failed", "closed"] if service.by_track else ["closed"])


@pytest.mark.parametrize("code", [1001, 1011])
async def test_an_iteration_raises_what_the_service_says_when_it_ends_the_session(serve: Serve, code: int) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        service.session.close(code, "because")
        raised, wanted = await end_of(client), service.closed_with(code, "because")
        if wanted.clean:
            assert raised is None
        else:
            assert raised is not None
            assert (raised.code, raised.reason, raised.clean) == (code, "because", False)
        assert not client.is_connected()


async def test_an_iteration_raises_when_the_line_is_lost(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        service.lose_line(client)
        raised = await end_of(client)
        assert raised is not None
        assert raised.code == 1006
        assert not client.is_connected()


async def test_an_iteration_ends_when_the_service_closes_in_agreement(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        service.session.close(1000)
        names = [event.type async for event in client]
        assert names == ["session.created", "session.updated", "input_audio_buffer.cleared"]


async def test_an_iteration_ends_at_disconnect(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        names: list[str] = []
        async for event in client:
            names.append(event.type)
            if event.type == "session.updated":
                await client.disconnect()
        assert names == ["session.created", "session.updated"]


@pytest.mark.parametrize("end", ["lost", 1001, 1011, 1000, "disconnect"])
async def test_waiters_end_with_the_connection(serve: Serve, end: str | int) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        waits: list[asyncio.Task[object]] = [
            asyncio.create_task(client.wait_for_next("response.done")),
            asyncio.create_task(client.wait_for_next_item()),
            asyncio.create_task(client.realtime.wait_for("server.error")),
        ]
        await settle(client)
        if end == "lost":
            service.lose_line(client)
        elif end == "disconnect":
            await client.disconnect()
        else:
            service.session.close(int(end))
        code = {"lost": 1006, "disconnect": 1000}.get(str(end)) or service.closed_with(int(end)).code
        for error in await asyncio.gather(*waits, return_exceptions=True):
            assert isinstance(error, ConnectionClosed)
            assert error.code == code
        with pytest.raises(ConnectionClosed):
            await client.wait_for("response.done")
        with pytest.raises(ConnectionClosed):
            await client.create_response()


@pytest.mark.parametrize("code", [1000, 1011])
async def test_the_close_event_says_how_it_ended(serve: Serve, code: int) -> None:
    async with serve() as service, service.client() as client:
        closed: asyncio.Future[CloseEvent] = asyncio.get_running_loop().create_future()
        client.realtime.on("close", closed.set_result)
        await settle(client)
        service.session.close(code, "because")
        wanted = service.closed_with(code, "because")
        assert await closed == CloseEvent(wanted.code, wanted.reason, error=not wanted.clean)


async def test_a_lost_client_can_connect_again(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        await settle(client)
        service.lose_line(client)
        with suppress(ConnectionClosed):
            await client.wait_for("response.done")
        await client.connect()
        await say(client, "Hello there")
        await client.disconnect()


async def test_the_time_limit_of_a_session_is_told_whatever_the_transport_can_tell(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        error = {"type": "invalid_request_error", "code": "session_expired", "message": "Your session hit its end."}
        service.session.emit({"type": "error", "error": error})
        service.session.close(1001)
        raised = await end_of(client)
        assert raised is not None
        assert (raised.code, raised.clean) == (1001, False)
