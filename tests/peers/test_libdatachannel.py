"""Our WebRTC against libdatachannel's (through the package node-datachannel): no code of aiortc on the other side."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import numpy as np
import numpy.typing as npt
import pytest

from realtime_typed import CloseEvent, ConnectionClosed, MessageTooLargeError, RealtimeClient, WebRtcOptions
from realtime_typed.rest import RestClient
from realtime_typed.types import RealtimeSession, SessionCreated, SessionUpdated
from tests.peers.conftest import StartPeer
from tests.peers.support import BOUND, Peer

pytestmark = pytest.mark.anyio

RATE = 24_000
TONE_HZ = 440.0


def client_of(peer: Peer, *, options: WebRtcOptions | None = None, ephemeral_key: str | None = None) -> RealtimeClient:
    """A client of the peer, not connected, that takes nothing which does not fit the schema."""
    return RealtimeClient(
        api_key="sk-peer",
        base_url=peer.base_url,
        transport="webrtc",
        validation="strict",
        webrtc=options,
        ephemeral_key=ephemeral_key,
        reconnect=False,
    )


@asynccontextmanager
async def connected(peer: Peer) -> AsyncGenerator[RealtimeClient]:
    async with asyncio.timeout(3 * BOUND), client_of(peer) as client:
        await client.wait_for_session_created(BOUND)
        yield client


async def say(client: RealtimeClient, text: str) -> str:
    """Send a text; returns the answer's text."""
    async with client.events["response.done"].expect(BOUND) as done:
        await client.send_user_message_content([{"type": "input_text", "text": text}])
    assert done.event.response.status == "completed"
    return client.conversation.get_items()[-1].formatted.text


def tone(seconds: float) -> npt.NDArray[np.int16]:
    """A tone, int16, 24 kHz, shape (n,)."""
    time = np.arange(round(seconds * RATE)) / RATE
    return np.round(8000 * np.sin(2 * np.pi * TONE_HZ * time)).astype(np.int16)


def sounding(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """The part between the first and the last loud sample."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 1000)
    assert loud.size, "there is only silence"
    return samples[loud[0] : loud[-1] + 1]


def frequency(samples: npt.NDArray[np.int16]) -> float:
    """Where the spectrum has its peak, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(spectrum.argmax()) * RATE / samples.size


def longest_gap_ms(samples: npt.NDArray[np.int16]) -> float:
    """The longest silence inside, in steps of 5 ms."""
    step = RATE // 200
    frames = samples[: samples.size // step * step].reshape(-1, step)
    longest = current = 0
    for silent in np.abs(frames.astype(np.int32)).max(axis=1) < 500:
        current = current + 1 if silent else 0
        longest = max(longest, current)
    return longest * 5.0


def session_of(event: SessionCreated | SessionUpdated) -> RealtimeSession:
    assert isinstance(event.session, RealtimeSession)
    return event.session


def close_event(client: RealtimeClient) -> asyncio.Future[CloseEvent]:
    """What the client says when the connection has ended."""
    closed: asyncio.Future[CloseEvent] = asyncio.get_running_loop().create_future()
    client.realtime.on("close", closed.set_result)
    return closed


async def speak(client: RealtimeClient, samples: npt.NDArray[np.int16]) -> None:
    """Append audio in pieces of 50 ms, then ask for the response, which commits it."""
    await client.update_session(turn_detection=None)
    for start in range(0, samples.size, RATE // 20):
        await client.append_input_audio(samples[start : start + RATE // 20])
    await client.create_response()


async def test_a_text_turn_goes_over_the_data_channel(peer: Peer) -> None:
    async with connected(peer) as client:
        # The first answer may be that to the update that the client sends when it connects.
        async with client.events["session.updated"].expect(
            BOUND, predicate=lambda event: session_of(event).instructions == "Be brief."
        ):
            await client.update_session(instructions="Be brief.")
        assert await say(client, "Hello to another library") == "Hello to another library"
        assert [item.type for item in client.conversation.get_items()] == ["message", "message"]


async def test_the_call_has_the_peers_id_and_was_made_with_the_session(peer: Peer) -> None:
    client = client_of(peer)
    async with asyncio.timeout(2 * BOUND):
        await client.connect(session_config={"type": "realtime", "instructions": "From the offer."})
        try:
            created = await client.wait_for_session_created(BOUND)
            report = await peer.call()
        finally:
            await client.disconnect()
    assert session_of(created).instructions == "From the offer."
    assert report["id"].startswith("rtc_")
    assert report["content_type"] == "multipart/form-data"


async def test_an_ephemeral_key_makes_the_call_with_bare_sdp(peer: Peer) -> None:
    async with asyncio.timeout(2 * BOUND), client_of(peer, ephemeral_key="ek_peer") as client:
        await client.wait_for_session_created(BOUND)
        report = await peer.call()
        assert client.call_id == report["id"]
        assert report["content_type"] == "application/sdp"


async def test_a_tone_goes_there_and_comes_back_over_the_tracks(peer: Peer) -> None:
    async with connected(peer) as client:
        output = client.audio_output
        stopped = client.events["output_audio_buffer.stopped"].expect(BOUND)
        completed = client.events["conversation.item.completed"].expect(
            BOUND, predicate=lambda event: event.item.formatted.transcript != ""
        )
        async with stopped as stop, completed as complete:
            await speak(client, tone(1.5))
        pieces = [await anext(output)]
        item = complete.event.item
        while sum(piece.samples.size for piece in pieces) < item.formatted.audio.size:
            pieces.append(await anext(output))

    assert {piece.item_id for piece in pieces} == {item.id}
    assert {piece.response_id for piece in pieces} == {stop.event.response_id}
    assert {piece.sample_rate for piece in pieces} == {RATE}
    heard = np.concatenate([piece.samples for piece in pieces])
    np.testing.assert_array_equal(heard, item.formatted.audio)
    heard = sounding(heard)
    assert frequency(heard) == pytest.approx(TONE_HZ, rel=0.02)
    assert heard.size / RATE == pytest.approx(1.5, abs=0.06)
    assert longest_gap_ms(heard) <= 40


async def test_cancelling_stops_the_peers_audio_and_leaves_the_truncation_to_it(peer: Peer) -> None:
    async with connected(peer) as client:
        async with client.events["output_audio_buffer.started"].expect(BOUND) as started:
            await speak(client, tone(2.0))
        await anext(client.audio_output)
        async with (
            client.events["output_audio_buffer.cleared"].expect(BOUND) as cleared,
            client.events["conversation.item.truncated"].expect(BOUND) as truncated,
        ):
            await client.cancel_response()
        assert cleared.event.response_id == started.event.response_id
        assert 0 < truncated.event.audio_end_ms < 2000
        received = (await peer.call())["received"]
    assert received[-2:] == ["response.cancel", "output_audio_buffer.clear"]


async def test_disconnecting_hangs_the_call_up_and_leaves_no_task(peer: Peer) -> None:
    tasks = asyncio.all_tasks()
    async with connected(peer) as client:
        assert (await peer.call())["hangups"] == 0
    assert client.call_id is None
    assert asyncio.all_tasks() == tasks
    assert (await peer.call())["hangups"] == 1


async def test_a_client_can_call_again(peer: Peer) -> None:
    client = client_of(peer)
    async with asyncio.timeout(3 * BOUND):
        for text in ("First call", "Second call"):
            async with client:
                await client.wait_for_session_created(BOUND)
                assert await say(client, text) == text
    assert [call["hangups"] for call in await peer.calls()] == [1, 1]


async def test_a_channel_that_the_peer_closes_ends_the_connection(peer: Peer) -> None:
    async with connected(peer) as client:
        closed = close_event(client)
        await peer.close_channel()
        assert (await asyncio.wait_for(closed, BOUND)).error is False
        assert not client.is_connected()
        with pytest.raises(ConnectionClosed):
            await client.create_response()


async def test_a_call_that_someone_else_hangs_up_ends_the_connection(peer: Peer) -> None:
    async with connected(peer) as client:
        call_id = client.call_id
        assert call_id is not None
        closed = close_event(client)
        async with RestClient(api_key="sk-peer", base_url=peer.base_url) as rest:
            await rest.calls.hangup(call_id)
        await asyncio.wait_for(closed, BOUND)
        assert not client.is_connected()


async def test_a_peer_that_dies_is_a_lost_connection(peer: Peer) -> None:
    options = WebRtcOptions(silence_timeout=1.0, disconnect_grace=1.0, close_timeout=1.0)
    states: list[str] = []
    async with asyncio.timeout(2 * BOUND), client_of(peer, options=options) as client:
        client.events["connection.state_changed"].on(lambda event: states.append(event.connection))
        await client.wait_for_session_created(BOUND)
        closed = close_event(client)
        await peer.die()
        end = await asyncio.wait_for(closed, BOUND)
        assert (end.code, end.error) == (1006, True)
        with pytest.raises(ConnectionClosed):
            await client.create_response()
    assert states[0:1] == ["disconnected"]


async def test_a_peer_that_has_nothing_to_say_is_not_lost(start_peer: StartPeer) -> None:
    peer = await start_peer("--idle", "nothing")
    options = WebRtcOptions(silence_timeout=0.5, disconnect_grace=0.5)
    states: list[str] = []
    async with asyncio.timeout(2 * BOUND), client_of(peer, options=options) as client:
        await client.wait_for_session_created(BOUND)
        client.events["connection.state_changed"].on(lambda event: states.append(event.connection))
        async with client.events["output_audio_buffer.stopped"].expect(BOUND):
            # While it listens, for longer than it takes to lose a peer, it sends no packet.
            await speak(client, tone(2.0))
        assert states == []


async def test_the_peers_message_size_is_honoured_to_the_byte(start_peer: StartPeer) -> None:
    limit = 20_000
    peer = await start_peer("--max-message-size", str(limit))
    async with connected(peer) as client:
        # An event that the peer answers with a short one: it is bound by its limit too.
        around = len(client.realtime.codec.encode({"type": "input_audio_buffer.append", "audio": ""}))
        with pytest.raises(MessageTooLargeError) as caught:
            await client.input_audio_buffer.append(audio="A" * (limit - around + 1))
        assert (caught.value.size, caught.value.limit) == (limit + 1, limit)
        assert (await peer.call())["longest"] < limit - 1

        async with client.events["error"].expect(BOUND) as refused:
            await client.input_audio_buffer.append(audio="A" * (limit - around))
        assert refused.event.error.code == "invalid_value"
        report = await peer.call()
        assert report["longest"] == limit
        assert report["received"].count("input_audio_buffer.append") == 1


async def test_a_long_event_goes_both_ways(peer: Peer) -> None:
    async with connected(peer) as client:
        text = "x" * 60_000
        assert await say(client, text) == text
