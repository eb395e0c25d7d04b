"""Whatever is armed, `LocalServer` ends in bounded time and leaves no task."""

import asyncio
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime_typed.errors import TransportError
from realtime_typed.local import (
    AfterBytes,
    AfterReceived,
    AfterSent,
    AtOnce,
    BeforeReceived,
    BeforeSent,
    CloseConnection,
    DropConnection,
    DuplicateEvent,
    Fault,
    GarbageFrame,
    LocalServer,
    RefuseHandshake,
    ReorderEvents,
    SendError,
    Stall,
    TruncateFrame,
)
from realtime_typed.transports import Transport
from realtime_typed.transports.websocket import WebSocketTransport

EVENTS = st.sampled_from([None, "session.created", "response.created", "response.done", "response.create"])
NTH = st.integers(1, 4)
MOMENTS = st.one_of(
    st.just(AtOnce()),
    st.builds(AfterBytes, st.integers(1, 5000)),
    *(st.builds(kind, EVENTS, NTH) for kind in (BeforeSent, AfterSent, BeforeReceived, AfterReceived)),
)
TIMES = st.sampled_from([1, 2, None])
FAULTS: st.SearchStrategy[Fault] = st.one_of(
    st.builds(CloseConnection, st.sampled_from([1000, 1001, 1011, 4000]), when=MOMENTS, times=TIMES),
    st.builds(DropConnection, MOMENTS, times=TIMES),
    st.builds(RefuseHandshake, st.sampled_from([401, 503]), times=TIMES),
    st.builds(SendError, st.just("x"), close_code=st.sampled_from([None, 1008]), when=MOMENTS, times=TIMES),
    st.builds(GarbageFrame, st.sampled_from(["{", b"\xff"]), MOMENTS, times=TIMES),
    st.builds(Stall, st.sampled_from([0.01, 600.0]), MOMENTS, times=TIMES),
    st.builds(DuplicateEvent, EVENTS, NTH, times=TIMES),
    st.builds(ReorderEvents, EVENTS, NTH, st.integers(1, 3), st.sampled_from([0.01, 600.0]), times=TIMES),
    st.builds(TruncateFrame, EVENTS, NTH, times=TIMES),
)


async def talk(transport: Transport) -> None:
    with suppress(TransportError, TimeoutError):
        await transport.connect()
        await transport.send(json.dumps({"type": "response.create"}))
        async with asyncio.timeout(0.05):
            while True:
                await transport.recv()


async def run(faults: list[Fault], injected: list[Fault]) -> None:
    before = asyncio.all_tasks()
    async with asyncio.timeout(15):
        async with LocalServer(faults=faults) as server:
            headers = {"Authorization": f"Bearer {server.api_key}"}
            transports: list[Transport] = [
                server.memory_transport(),
                WebSocketTransport(f"{server.ws_url}?model=m", headers=headers),
            ]
            talks = [asyncio.create_task(talk(transport)) for transport in transports]
            await asyncio.sleep(0)
            for fault in injected:
                server.inject(fault)
            await asyncio.gather(*talks)
        for transport in transports:
            await transport.close()
    await asyncio.sleep(0)
    assert {task for task in asyncio.all_tasks() - before if not task.done()} == set()


@pytest.mark.timeout(120)
@settings(max_examples=25, deadline=None)
@given(st.lists(FAULTS, max_size=6), st.lists(FAULTS, max_size=3))
def test_no_list_of_faults_keeps_a_server_from_ending(faults: list[Fault], injected: list[Fault]) -> None:
    asyncio.run(run(faults, injected))
