"""aiortc's peer connection, made to close completely. `transports/test_webrtc_faults.py` closes it at every moment."""

import asyncio
import inspect
import re

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

from realtime_typed._peer_connection import PeerConnection
from realtime_typed._webrtc_audio import OutgoingAudioTrack
from tests.unit.transports.rtc_peer import LIMIT, nothing_left, only_127_0_0_1

pytestmark = pytest.mark.anyio

NO_SERVERS = RTCConfiguration(iceServers=[])


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", only_127_0_0_1)


async def negotiate(one: RTCPeerConnection, other: RTCPeerConnection, *, fingerprint: bool = True) -> None:
    await one.setLocalDescription(await one.createOffer())
    await other.setRemoteDescription(one.localDescription)
    await other.setLocalDescription(await other.createAnswer())
    answer = other.localDescription.sdp
    if not fingerprint:
        answer = re.sub(r"a=fingerprint:.*\r\n", "", answer)
    await one.setRemoteDescription(RTCSessionDescription(answer, "answer"))


async def test_aiortc_still_connects_in_the_method_that_is_waited_for() -> None:
    assert inspect.iscoroutinefunction(vars(RTCPeerConnection).get("_RTCPeerConnection__connect"))


@pytest.mark.parametrize("turns", [0, 1, 3, 10, 30, 60, 100])
async def test_closing_leaves_nothing_however_far_it_has_come(turns: int) -> None:
    failures: list[Exception] = []
    async with asyncio.timeout(LIMIT), nothing_left():
        one, other = (PeerConnection(NO_SERVERS, on_failure=failures.append) for _ in range(2))
        one.createDataChannel("channel")
        await negotiate(one, other)
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.gather(one.close(), other.close(), one.close())
    assert failures == []


@pytest.mark.parametrize("turns", range(40))
async def test_closing_during_the_handshake_leaves_no_sender_no_receiver_and_no_decoder(turns: int) -> None:
    async with asyncio.timeout(LIMIT), nothing_left():
        one, other = PeerConnection(NO_SERVERS), PeerConnection(NO_SERVERS)
        one.addTransceiver(OutgoingAudioTrack(), direction="sendrecv")
        other.addTrack(OutgoingAudioTrack())
        await negotiate(one, other)
        (sending,) = one.getTransceivers()
        handshake = asyncio.Event()
        sending.receiver.transport.add_listener("statechange", handshake.set)
        await handshake.wait()
        for _ in range(turns):
            await asyncio.sleep(0)
        await asyncio.gather(one.close(), other.close())


async def test_what_ends_an_attempt_to_connect_is_told() -> None:
    told: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
    async with asyncio.timeout(LIMIT), nothing_left():
        one, other = PeerConnection(NO_SERVERS, on_failure=told.set_result), PeerConnection(NO_SERVERS)
        one.createDataChannel("channel")
        await negotiate(one, other, fingerprint=False)
        assert isinstance(await told, AssertionError)
        await one.close()
        await other.close()
