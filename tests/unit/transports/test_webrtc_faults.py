"""What goes wrong with a WebRTC connection: each ends in a typed error, in bounded time, with nothing left behind.

Every test runs under a fixture that counts tasks, threads and UDP sockets before and after.
"""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aioice import ice
from aiortc import RTCPeerConnection
from aiortc.mediastreams import AudioStreamTrack

from realtime_typed.errors import ConnectError, ConnectionClosed
from realtime_typed.transports.webrtc import SdpAnswer, WebRtcOptions, WebRtcTransport
from tests.unit.transports.rtc_peer import CALL_ID, LIMIT, RtcPeer, States, nothing_left, only_127_0_0_1, rtc_peer

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
# A peer that is gone is noticed after half a second.
IMPATIENT = WebRtcOptions(silence_timeout=0.3, disconnect_grace=0.2, close_timeout=1.0)


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", only_127_0_0_1)


@pytest.fixture(autouse=True)
async def leaves_nothing(caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    async with nothing_left():
        yield


def transport_to(peer: RtcPeer, **settings: Any) -> WebRtcTransport:
    settings.setdefault("hang_up", peer.hang_up)
    return WebRtcTransport(peer.exchange, **settings)


def inside(transport: WebRtcTransport) -> Any:
    """The transport, for a look at what is private."""
    return transport


def changed(peer: RtcPeer, change: Callable[[str], str]) -> Callable[[str], Awaitable[SdpAnswer]]:
    """An exchange whose answer was changed on the way."""

    async def exchange(offer: str) -> SdpAnswer:
        answer = await peer.exchange(offer)
        return SdpAnswer(change(answer.sdp), answer.call_id)

    return exchange


def without_section(kind: str) -> Callable[[str], str]:
    return lambda sdp: re.sub(rf"m={kind} .*?(?=m=|\Z)", "", sdp, flags=re.DOTALL)


async def lost(transport: WebRtcTransport) -> ConnectionClosed:
    """Read until the connection ends."""
    async with asyncio.timeout(LIMIT):
        with pytest.raises(ConnectionClosed) as caught:
            await read_all(transport)
    return caught.value


async def read_all(transport: WebRtcTransport) -> None:
    while True:
        await transport.recv()


# --- answers that are none -------------------------------------------------------------------------------------


ANSWERS: dict[str, tuple[Callable[[str], str], str]] = {
    "html": (lambda _: "<!DOCTYPE html><html><body>Sign in</body></html>", "HTML"),
    "empty": (lambda _: "", "it is empty"),
    "blank": (lambda _: " \r\n ", "it is empty"),
    "json": (lambda _: '{"error": {"message": "no"}}', "JSON"),
    "text": (lambda _: "hello", "begins with 'hello'"),
    "garbage": (lambda _: "v=0\r\nm=nonsense\r\n", "malformed SDP"),
    "broken attribute": (
        lambda sdp: sdp.replace("a=group:BUNDLE", "a=fingerprint:broken\r\na=group:BUNDLE"),
        "malformed SDP",
    ),
    "no application": (without_section("application"), "no section for the data channel"),
    "no audio": (without_section("audio"), "no section for audio"),
    "no media": (lambda _: "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n", "no section for audio"),
    "application refused": (
        lambda sdp: re.sub(r"m=application \d+", "m=application 0", sdp),
        "refuses the data channel",
    ),
    "audio refused": (lambda sdp: re.sub(r"m=audio \d+", "m=audio 0", sdp), "refuses audio"),
    "no ice": (lambda sdp: re.sub(r"a=ice-ufrag:.*\r\n", "", sdp), "cannot be used"),
    "no codecs": (lambda sdp: re.sub(r"a=rtpmap:\d+ .*\r\n", "", sdp), "cannot be used"),
    "no role": (lambda sdp: sdp.replace("a=setup:active", "a=setup:actpass"), "cannot be used"),
    "no fingerprint": (lambda sdp: re.sub(r"a=fingerprint:.*\r\n", "", sdp), "no connection: connecting failed"),
}


@pytest.mark.parametrize(("change", "message"), ANSWERS.values(), ids=ANSWERS)
async def test_an_answer_that_cannot_be_used_says_why_and_the_call_is_hung_up(
    change: Callable[[str], str], message: str
) -> None:
    async with rtc_peer() as peer:
        transport = WebRtcTransport(changed(peer, change), hang_up=peer.hang_up)
        with pytest.raises(ConnectError, match=message) as caught:
            await transport.connect()
        assert (caught.value.body is None) == message.startswith("no connection")
        assert peer.hung_up == [CALL_ID]


async def test_an_answer_with_another_fingerprint_fails_in_dtls() -> None:
    async with rtc_peer() as peer:
        exchange = changed(peer, lambda sdp: re.sub(r"(a=fingerprint:\S+ )\S\S:", r"\g<1>00:", sdp))
        transport = WebRtcTransport(exchange, hang_up=peer.hang_up)
        with pytest.raises(ConnectError, match="DTLS"):
            await transport.connect()
        assert peer.hung_up == [CALL_ID]


async def test_space_around_an_answer_does_no_harm() -> None:
    async with rtc_peer() as peer:
        transport = WebRtcTransport(changed(peer, lambda sdp: f"\ufeff\n{sdp}\n\n"), hang_up=peer.hang_up)
        await transport.connect()
        await transport.close()


async def test_an_answer_that_names_candidates_in_its_first_section_alone_connects() -> None:
    # RFC 9143, 7.1.3, and what pion does: bundled sections have the candidates of the first.
    def bare(sdp: str) -> str:
        head, _, tail = sdp.partition("m=application")
        return head + "m=application" + re.sub(r"a=(candidate:.*|end-of-candidates)\r\n", "", tail)

    async with rtc_peer() as peer:
        transport = WebRtcTransport(changed(peer, bare), hang_up=peer.hang_up)
        await transport.connect()
        await transport.close()


# --- the exchange ----------------------------------------------------------------------------------------------


async def test_an_error_of_the_exchange_reaches_the_caller_as_it_is() -> None:
    error = ConnectError("refused", status=401, body="no")

    async def exchange(_: str) -> SdpAnswer:
        raise error

    with pytest.raises(ConnectError) as caught:
        await WebRtcTransport(exchange).connect()
    assert caught.value is error


async def test_another_error_of_the_exchange_becomes_a_connect_error_without_its_text() -> None:
    async def exchange(_: str) -> SdpAnswer:
        raise OSError("sk-secret")

    with pytest.raises(ConnectError, match="OSError") as caught:
        await WebRtcTransport(exchange).connect()
    assert "sk-secret" not in str(caught.value)
    assert isinstance(caught.value.__cause__, OSError)


async def test_an_exchange_that_hangs_ends_with_the_timeout() -> None:
    async def exchange(_: str) -> SdpAnswer:
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    transport = WebRtcTransport(exchange, options=WebRtcOptions(connect_timeout=0.2))
    async with asyncio.timeout(LIMIT):
        with pytest.raises(ConnectError, match=r"0\.2 s: the SDP exchange"):
            await transport.connect()


async def test_a_timeout_of_the_exchange_itself_is_not_taken_for_ours() -> None:
    async def exchange(_: str) -> SdpAnswer:
        raise TimeoutError

    with pytest.raises(ConnectError, match="exchange failed: TimeoutError"):
        await WebRtcTransport(exchange).connect()


async def test_a_call_that_is_answered_while_we_give_up_is_hung_up() -> None:
    async with rtc_peer() as peer:
        asked = asyncio.Event()

        async def exchange(offer: str) -> SdpAnswer:
            answer = await peer.exchange(offer)
            asked.set()
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                return answer  # it was on the wire already
            raise AssertionError

        transport = WebRtcTransport(exchange, hang_up=peer.hang_up)
        connecting = asyncio.create_task(transport.connect())
        await asked.wait()
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        assert peer.hung_up == [CALL_ID]


async def test_an_exchange_gets_a_moment_to_bring_its_answer_before_it_is_cancelled() -> None:
    async with rtc_peer() as peer:
        asked, answered = asyncio.Event(), asyncio.Event()

        async def exchange(offer: str) -> SdpAnswer:
            answer = await peer.exchange(offer)
            asked.set()
            await answered.wait()
            return answer

        transport = WebRtcTransport(exchange, hang_up=peer.hang_up)
        connecting = asyncio.create_task(transport.connect())
        await asked.wait()
        connecting.cancel()
        await asyncio.sleep(0)  # one turn of the loop: the cancellation has begun
        answered.set()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        assert peer.hung_up == [CALL_ID]


# --- no connection comes about ---------------------------------------------------------------------------------


async def test_a_peer_that_never_opens_the_channel_ends_with_the_timeout() -> None:
    async with rtc_peer(opens_channel=False) as peer:
        transport = transport_to(peer, options=WebRtcOptions(connect_timeout=1.0))
        async with asyncio.timeout(LIMIT):
            with pytest.raises(ConnectError, match="did not open the data channel"):
                await transport.connect()
        assert peer.hung_up == [CALL_ID]


async def test_a_peer_that_cannot_be_reached_ends_with_the_timeout() -> None:
    async with rtc_peer() as peer:

        async def exchange(offer: str) -> SdpAnswer:
            answer = await peer.exchange(offer)
            peer.mute()
            return answer

        transport = WebRtcTransport(exchange, hang_up=peer.hang_up, options=WebRtcOptions(connect_timeout=0.5))
        async with asyncio.timeout(LIMIT):
            with pytest.raises(ConnectError, match="ICE found no path"):
                await transport.connect()
        assert peer.hung_up == [CALL_ID]


async def test_a_peer_that_is_gone_before_ice_ends_with_a_failure_before_the_timeout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # One try a check instead of seven, which take half a minute.
    monkeypatch.setattr("aioice.stun.RETRY_MAX", 0)
    async with rtc_peer() as peer:

        async def exchange(offer: str) -> SdpAnswer:
            answer = await peer.exchange(offer)
            peer.mute()
            return answer

        transport = WebRtcTransport(exchange, hang_up=peer.hang_up, options=WebRtcOptions(connect_timeout=600))
        async with asyncio.timeout(LIMIT):
            with pytest.raises(ConnectError, match="ICE found no path"):
                await transport.connect()


async def test_events_that_wait_for_a_connection_that_fails_are_refused() -> None:
    go = asyncio.Event()

    async def exchange(_: str) -> SdpAnswer:
        await go.wait()
        raise ConnectError("refused")

    transport = WebRtcTransport(exchange)
    connecting = asyncio.create_task(transport.connect())
    await asyncio.sleep(0)
    sending = [asyncio.create_task(transport.send("event")) for _ in range(3)]
    reading = asyncio.create_task(transport.recv())
    go.set()
    with pytest.raises(ConnectError, match="refused"):
        await connecting
    for task in (*sending, reading):
        with pytest.raises(ConnectionClosed, match="never established"):
            await task


# --- the connection ends ---------------------------------------------------------------------------------------


async def test_a_channel_closed_by_the_peer_is_a_clean_end_after_all_events() -> None:
    states = States()
    async with rtc_peer() as peer:
        transport = transport_to(peer, on_state=states)
        await transport.connect()
        await peer.send("one", "two")
        await peer.close_channel()
        async with asyncio.timeout(LIMIT):
            assert [await transport.recv(), await transport.recv()] == ["one", "two"]
        closed = await lost(transport)
        assert (closed.code, closed.reason, closed.clean) == (1000, "the peer closed the data channel", True)
        with pytest.raises(ConnectionClosed):
            await transport.send("event")
        await transport.close()
        assert peer.hung_up == [CALL_ID]
    assert states.connection[-1] == "closed"


async def test_a_peer_that_shuts_down_is_a_clean_end() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        await peer.close()
        assert (await lost(transport)).clean
        await transport.close()


async def test_a_connection_that_ended_leaves_nothing_even_without_close() -> None:
    states = States()
    async with rtc_peer() as peer:
        transport = transport_to(peer, on_state=states)
        await transport.connect()
        await peer.close()
        await lost(transport)
        async with asyncio.timeout(LIMIT):
            await inside(transport)._shutting


@pytest.mark.parametrize("how", ["die", "mute"])
async def test_a_peer_that_is_gone_is_noticed(how: str) -> None:
    states = States()
    async with rtc_peer(track=AudioStreamTrack()) as peer:
        transport = transport_to(peer, options=IMPATIENT, on_state=states)
        await transport.connect()
        await peer.send("last words")
        assert await transport.recv() == "last words"
        getattr(peer, how)()
        closed = await lost(transport)
        assert (closed.code, closed.clean) == (1006, False)
        assert "no packet from the peer" in closed.reason
        with pytest.raises(ConnectionClosed) as caught:
            await transport.send("event")
        assert caught.value.reason == closed.reason
        await transport.close()
    assert states.connection == ["connecting", "connected", "disconnected", "failed", "closed"]


async def test_consent_that_expires_is_a_loss() -> None:
    states = States()
    async with rtc_peer() as peer:
        transport = transport_to(peer, on_state=states)
        await transport.connect()
        transceiver = inside(transport)._link._peer.getTransceivers()[0]
        await transceiver.receiver.transport.transport._connection.close()  # as aioice does after 30 s
        closed = await lost(transport)
        assert (closed.code, closed.clean) == (1006, False)
        await transport.close()
    assert states.connection[-2:] == ["failed", "closed"]


async def test_all_who_wait_are_told_of_the_loss() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer, options=IMPATIENT)
        await transport.connect()
        peer.mute()
        event = "x" * 200_000
        sending = [asyncio.create_task(transport.send(event)) for _ in range(20)]
        writing = asyncio.create_task(transport.write_audio(np.zeros(24_000 * 100, np.int16)))
        draining = asyncio.create_task(transport.drain_audio())
        reading = asyncio.create_task(transport.recv())
        async with asyncio.timeout(LIMIT):
            await asyncio.wait([*sending, writing, reading])
            await draining
        refused = [task.exception() for task in (*sending, writing, reading) if task.exception() is not None]
        assert len(refused) >= 3
        assert all(isinstance(error, ConnectionClosed) and "no packet" in error.reason for error in refused)
        await transport.close()


# --- cancelling connect ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["checking", "completed"])
async def test_connect_can_be_cancelled_while_ice_and_dtls_run(state: str) -> None:
    async with rtc_peer() as peer:
        connecting: list[asyncio.Task[None]] = []

        def on_state(_: str, ice_state: str) -> None:
            if ice_state == state:
                connecting[0].cancel()

        transport = transport_to(peer, on_state=on_state)
        connecting.append(asyncio.create_task(transport.connect()))
        async with asyncio.timeout(LIMIT):
            with pytest.raises(asyncio.CancelledError):
                await connecting[0]
        assert peer.hung_up == [CALL_ID]


async def test_connect_can_be_cancelled_while_it_gathers(monkeypatch: pytest.MonkeyPatch) -> None:
    gather = ice.Connection.gather_candidates
    entered, go = asyncio.Event(), asyncio.Event()

    async def slow(self: ice.Connection) -> None:
        entered.set()
        await go.wait()
        await gather(self)

    async with rtc_peer() as peer:
        with monkeypatch.context() as patch:
            patch.setattr(ice.Connection, "gather_candidates", slow)
            connecting = asyncio.create_task(transport_to(peer).connect())
            await entered.wait()
            connecting.cancel()
            await asyncio.sleep(0)
            go.set()
            with pytest.raises(asyncio.CancelledError):
                await connecting
        assert peer.offer == ""


async def test_connect_can_be_cancelled_while_it_waits_for_the_channel() -> None:
    states = States()
    async with rtc_peer(opens_channel=False) as peer:
        connecting = asyncio.create_task(transport_to(peer, on_state=states).connect())
        await states.wait_for("connected")
        connecting.cancel()
        async with asyncio.timeout(LIMIT):
            with pytest.raises(asyncio.CancelledError):
                await connecting
        assert peer.hung_up == [CALL_ID]


@pytest.mark.parametrize("turns", [*range(12), *range(12, 120, 9)])
async def test_connect_can_be_cancelled_after_any_number_of_turns_of_the_loop(turns: int) -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        connecting = asyncio.create_task(transport.connect())
        for _ in range(turns):
            await asyncio.sleep(0)
        was_done = connecting.done()
        connecting.cancel()
        async with asyncio.timeout(LIMIT):
            await asyncio.wait({connecting})
        assert connecting.cancelled() is not was_done
        await transport.close()
        assert len(peer.hung_up) <= 1
        if transport.call_id is not None:
            assert peer.hung_up == [CALL_ID]


@pytest.mark.parametrize("turns", [*range(12), *range(12, 120, 9)])
async def test_close_ends_an_attempt_to_connect_after_any_number_of_turns(turns: int) -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        connecting = asyncio.create_task(transport.connect())
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(LIMIT):
            await transport.close()
            await asyncio.wait({connecting})
        error = connecting.exception()
        assert error is None or isinstance(error, ConnectError | RuntimeError)
        if transport.call_id is not None:
            assert peer.hung_up == [CALL_ID]


# --- close -----------------------------------------------------------------------------------------------------


async def test_close_ends_an_exchange_that_hangs() -> None:
    asked = asyncio.Event()

    async def exchange(_: str) -> SdpAnswer:
        asked.set()
        await asyncio.get_running_loop().create_future()
        raise AssertionError

    transport = WebRtcTransport(exchange)
    connecting = asyncio.create_task(transport.connect())
    await asked.wait()
    async with asyncio.timeout(LIMIT):
        await transport.close()
        with pytest.raises(ConnectError, match=r"close\(\) was called"):
            await connecting


async def test_close_may_be_called_twice_and_at_once() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        async with asyncio.timeout(LIMIT):
            await asyncio.gather(transport.close(), transport.close(), transport.close())
            await transport.close()
        assert peer.hung_up == [CALL_ID]


async def test_a_cancelled_close_goes_on_in_the_background() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        closing = asyncio.create_task(transport.close())
        await asyncio.sleep(0)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        async with asyncio.timeout(LIMIT):
            await transport.close()
        assert peer.hung_up == [CALL_ID]


async def test_close_wakes_those_who_wait_with_its_code() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        reading = asyncio.create_task(transport.recv())
        await asyncio.sleep(0)
        await transport.close(3000, "enough")
        with pytest.raises(ConnectionClosed) as caught:
            await reading
        assert (caught.value.code, caught.value.reason, caught.value.clean) == (3000, "enough", False)
        with pytest.raises(ConnectionClosed):
            await transport.send("event")
        with pytest.raises(ConnectionClosed):
            await transport.write_audio(np.zeros(10, np.int16))


async def test_what_came_before_close_is_still_handed_out() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        await peer.send("one", "two")
        assert await transport.recv() == "one"
        for _ in range(100):  # both travel in the same turns
            await asyncio.sleep(0)
        await transport.close()
        assert await transport.recv() == "two"
        with pytest.raises(ConnectionClosed):
            await transport.recv()


async def test_a_transport_is_used_once() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        with pytest.raises(RuntimeError, match="not connected"):
            await transport.recv()
        with pytest.raises(RuntimeError, match="not connected"):
            await transport.send("event")
        await transport.connect()
        with pytest.raises(RuntimeError, match="new transport"):
            await transport.connect()
        await transport.close()
        with pytest.raises(RuntimeError, match="new transport"):
            await transport.connect()


async def test_close_before_connect_opens_nothing() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.close()
        with pytest.raises(RuntimeError):
            await transport.connect()
        with pytest.raises(ConnectionClosed):
            await transport.recv()
        assert peer.offer == ""


async def test_a_hang_up_that_fails_is_not_the_callers_trouble(caplog: pytest.LogCaptureFixture) -> None:
    async def hang_up(_: str) -> None:
        raise ConnectError("sk-secret", status=404)

    caplog.set_level("DEBUG", logger="realtime_typed")
    async with rtc_peer() as peer:
        transport = transport_to(peer, hang_up=hang_up)
        await transport.connect()
        await transport.close()
    assert "hanging up failed: ConnectError" in caplog.text
    assert "sk-secret" not in caplog.text


async def test_a_hang_up_that_hangs_delays_closing_no_longer_than_is_allowed() -> None:
    async def hang_up(_: str) -> None:
        await asyncio.get_running_loop().create_future()

    async with rtc_peer() as peer:
        transport = transport_to(peer, hang_up=hang_up, options=IMPATIENT)
        await transport.connect()
        async with asyncio.timeout(LIMIT):
            await transport.close()


async def test_sockets_are_closed_even_when_aiortc_does_not_close(monkeypatch: pytest.MonkeyPatch) -> None:
    close = RTCPeerConnection.close
    hangs: list[RTCPeerConnection] = []

    async def hang_once(self: RTCPeerConnection) -> None:
        if self in hangs:
            hangs.remove(self)
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                await close(self)  # so that its thread ends
        await close(self)

    async with rtc_peer() as peer:
        transport = transport_to(peer, options=IMPATIENT)
        await transport.connect()
        with monkeypatch.context() as patch:
            patch.setattr(RTCPeerConnection, "close", hang_once)
            hangs.append(inside(transport)._link._peer)
            async with asyncio.timeout(LIMIT):
                await transport.close()
        assert hangs == []


async def test_ice_servers_that_do_not_answer_hold_nothing_up_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing answers on the discard port; aioice asks for five seconds.
    from realtime_typed.transports.webrtc import IceServer

    async with rtc_peer() as peer:
        servers = [IceServer(urls="stun:127.0.0.1:9")]
        transport = transport_to(peer, options=WebRtcOptions(ice_servers=servers, connect_timeout=0.2))
        async with asyncio.timeout(LIMIT):
            with pytest.raises(ConnectError, match="gathering ICE candidates"):
                await transport.connect()
            await inside(transport)._shutting


# --- the end of the loop ---------------------------------------------------------------------------------------

_FORGETS = """
import asyncio, sys
from aiortc.mediastreams import AudioStreamTrack
from realtime_typed.transports.webrtc import WebRtcTransport
from tests.unit.transports.rtc_peer import RtcPeer
import aioice.ice
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]

async def main():
    # The peer receives no audio, so that it has no thread of its own.
    peer = RtcPeer(direction="sendonly", track=AudioStreamTrack())
    transport = WebRtcTransport(peer.exchange, hang_up=peer.hang_up)
    await transport.connect()
    await transport.remote_audio_track.recv()
    raise SystemExit(7)

asyncio.run(main())
"""


async def test_a_program_that_forgets_to_close_still_ends() -> None:
    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _FORGETS]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3 * LIMIT)

    process = await asyncio.to_thread(run)
    assert process.returncode == 7, process.stderr
