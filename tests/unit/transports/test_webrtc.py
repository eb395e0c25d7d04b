"""The WebRTC transport against a bare aiortc peer: events, audio, states."""

import asyncio
import base64
import json
import wave
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiortc.contrib.media import MediaRecorder
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, VideoStreamTrack

from realtime_typed._webrtc_audio import OutgoingAudioTrack
from realtime_typed.audio import Int16Array
from realtime_typed.errors import ConnectError, ConnectionClosed, MessageTooLargeError, TransportError
from realtime_typed.transports import MediaTransport, Transport
from realtime_typed.transports.webrtc import WebRtcOptions, WebRtcTransport
from tests.unit.transports.rtc_peer import (
    CALL_ID,
    LIMIT,
    RtcPeer,
    States,
    nothing_left,
    only_127_0_0_1,
    read_frame,
    read_to_end,
    rtc_peer,
)

pytestmark = pytest.mark.anyio

RATE = 24_000


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aioice.ice.get_host_addresses", only_127_0_0_1)


@pytest.fixture(autouse=True)
async def leaves_nothing() -> AsyncIterator[None]:
    async with nothing_left():
        yield


def transport_to(peer: RtcPeer, **settings: Any) -> WebRtcTransport:
    return WebRtcTransport(peer.exchange, hang_up=peer.hang_up, **settings)


def tone(seconds: float, hertz: float = 440.0) -> Int16Array:
    """A sine at half of full scale, int16, 24 kHz."""
    time = np.arange(round(seconds * RATE)) / RATE
    return (16_000 * np.sin(2 * np.pi * hertz * time)).astype(np.int16)


def loud_seconds(samples: Int16Array) -> float:
    """For how long it sounds, from the first to the last sample above −30 dBFS."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 1000)
    return float(loud[-1] - loud[0] + 1) / RATE if loud.size else 0.0


class Heard:
    """What a transport hands out; what it takes as `on_output_audio`."""

    def __init__(self) -> None:
        self.pieces: list[Int16Array] = []
        self._more = asyncio.Event()

    def __call__(self, samples: Int16Array) -> None:
        self.pieces.append(samples)
        self._more.set()

    @property
    def samples(self) -> Int16Array:
        return np.concatenate([np.zeros(0, np.int16), *self.pieces])

    async def wait_loud(self, seconds: float) -> None:
        """Wait until sound of this length came, and silence after it."""
        async with asyncio.timeout(2 * LIMIT):
            while loud_seconds(self.samples) < seconds or np.abs(self.pieces[-1].astype(np.int32)).max() > 1000:
                self._more.clear()
                await self._more.wait()

    async def wait_pieces(self, count: int) -> None:
        async with asyncio.timeout(LIMIT):
            while len(self.pieces) < count:
                self._more.clear()
                await self._more.wait()


# --- events ----------------------------------------------------------------------------------------------------


async def test_events_travel_both_ways() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        assert isinstance(transport, Transport)
        await transport.connect()
        assert isinstance(transport, MediaTransport)
        await transport.send('{"type":"response.create"}')
        assert await peer.wait_received(1) == ['{"type":"response.create"}']
        await peer.send('{"type":"response.created"}', b'{"type":"response.done"}')
        assert await transport.recv() == '{"type":"response.created"}'
        assert await transport.recv() == b'{"type":"response.done"}'
        await transport.close()


async def test_the_offer_has_one_audio_section_and_the_channel_of_the_protocol() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        sections = [line.split()[0] for line in peer.offer.splitlines() if line.startswith("m=")]
        assert sections == ["m=audio", "m=application"]
        assert "a=sendrecv" in peer.offer
        assert (await peer.channel).label == "oai-events"
        assert (await peer.channel).ordered
        await transport.close()


async def test_a_thousand_events_stay_in_order_in_both_directions_at_once() -> None:
    events = [json.dumps({"type": "test", "number": number, "filler": "x" * (number % 700)}) for number in range(1000)]

    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()

        async def send_all() -> None:
            for event in events:
                await transport.send(event)

        async def receive_all() -> list[str | bytes]:
            return [await transport.recv() for _ in events]

        _, received, _ = await asyncio.gather(send_all(), receive_all(), peer.send(*events))
        assert received == events
        assert await peer.wait_received(1000) == events
        await transport.close()


async def test_events_sent_while_it_connects_arrive_in_order_once_the_channel_is_open() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        connecting = asyncio.create_task(transport.connect())
        await asyncio.sleep(0)
        sending = [asyncio.create_task(transport.send(str(number))) for number in range(20)]
        await connecting
        await transport.send("last")
        await asyncio.gather(*sending)
        assert await peer.wait_received(21) == [*map(str, range(20)), "last"]
        await transport.close()


async def test_much_data_waits_for_room_and_arrives_whole() -> None:
    event = "x" * 200_000
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        sending = [asyncio.create_task(transport.send(f"{number}{event}")) for number in range(10, 30)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not all(task.done() for task in sending), "20 × 200 kB exceed what is held unsent"
        await asyncio.gather(*sending)
        received = await peer.wait_received(20)
        assert [str(message)[:2] for message in received] == [str(number) for number in range(10, 30)]
        await transport.close()


async def test_what_was_sent_just_before_closing_still_arrives() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        await transport.send("x" * 100_000)
        await transport.send("last words")
        await transport.close()
        assert (await peer.wait_received(2))[1] == "last words"


async def test_a_cancelled_recv_loses_no_event() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        await peer.send(*map(str, range(100)))
        got: list[str | bytes] = []
        async with asyncio.timeout(LIMIT):
            while len(got) < 100:
                waiting = asyncio.create_task(transport.recv())
                await asyncio.sleep(0)
                waiting.cancel()
                await asyncio.wait({waiting})
                if not waiting.cancelled():
                    got.append(waiting.result())
        assert got == [*map(str, range(100))]
        await transport.close()


async def test_only_one_task_may_wait_for_events() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        waiting = asyncio.create_task(transport.recv())
        await asyncio.sleep(0)
        with pytest.raises(RuntimeError, match="already waiting"):
            await transport.recv()
        await peer.send("event")
        assert await waiting == "event"
        await transport.close()


async def test_speaches_fragments_are_unwrapped_in_order() -> None:
    event = json.dumps({"type": "response.created", "text": "schön"}).encode()
    text = base64.b64encode(event).decode()
    envelope = {"id": "m", "type": "partial_message", "total_fragments": 2}
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        await peer.send(
            "before",
            json.dumps({**envelope, "fragment_index": 0, "data": text[:5]}),
            json.dumps({**envelope, "fragment_index": 1, "data": text[5:]}),
            json.dumps({"id": "n", "type": "full_message", "data": text}),
            "after",
        )
        assert [await transport.recv() for _ in range(4)] == ["before", event, event, "after"]
        await transport.close()


async def test_an_event_over_the_bound_ends_the_connection() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer, options=WebRtcOptions(max_message_bytes=1000))
        await transport.connect()
        await peer.send("small", "x" * 1001)
        assert await transport.recv() == "small"
        with pytest.raises(ConnectionClosed) as caught:
            await transport.recv()
        assert caught.value.code == 1009
        assert "1001" in caught.value.reason
        await transport.close()


# --- sizes -----------------------------------------------------------------------------------------------------


async def test_a_limit_below_zero_is_malformed() -> None:
    async with rtc_peer(max_message_size=-1) as peer:
        with pytest.raises(ConnectError, match=r"malformed SDP \(max-message-size -1\)"):
            await transport_to(peer).connect()


@pytest.mark.parametrize(
    ("stated", "limit"), [("own", 262_144), (0, None), (None, 65_536), (2000, 2000), (10_000_000, 10_000_000)]
)
async def test_the_limit_is_what_the_peer_states(stated: int | str | None, limit: int | None) -> None:
    async with rtc_peer(max_message_size=stated) as peer:
        transport = transport_to(peer)
        sizes = [transport.max_message_size]
        await transport.connect()
        sizes.append(transport.max_message_size)
        assert sizes == [None, limit]
        event = "x" * min(600_000, limit or 600_000)
        await transport.send(event)
        assert await peer.wait_received(1) == [event]
        await transport.close()


@pytest.mark.parametrize(("text", "size"), [("x" * 1001, 1001), ("é" * 501, 1002), ("🎈" * 251, 1004)])
async def test_an_event_over_the_limit_names_both_sizes_and_is_not_sent(text: str, size: int) -> None:
    async with rtc_peer(max_message_size=1000) as peer:
        transport = transport_to(peer)
        await transport.connect()
        with pytest.raises(MessageTooLargeError) as caught:
            await transport.send(text)
        assert (caught.value.size, caught.value.limit) == (size, 1000)
        assert str(size) in str(caught.value)
        assert "1000" in str(caught.value)
        await transport.send("small")
        assert await peer.wait_received(1) == ["small"]
        await transport.close()


async def test_a_lone_surrogate_is_refused_and_the_connection_stays() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        await transport.connect()
        with pytest.raises(UnicodeEncodeError):
            await transport.send("\ud800")
        await transport.send("next")
        assert await peer.wait_received(1) == ["next"]
        await transport.close()


# --- the call --------------------------------------------------------------------------------------------------


async def test_closing_hangs_the_call_up() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer)
        ids = [transport.call_id]
        await transport.connect()
        ids.append(transport.call_id)
        assert ids == [None, CALL_ID]
        assert peer.hung_up == []
        await transport.close()
        assert peer.hung_up == [CALL_ID]


async def test_without_a_call_id_there_is_nothing_to_hang_up() -> None:
    async with rtc_peer(call_id=None) as peer:
        transport = transport_to(peer)
        await transport.connect()
        await transport.close()
        assert transport.call_id is None
        assert peer.hung_up == []


async def test_hanging_up_can_be_left_to_the_service() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer, options=WebRtcOptions(hang_up=False))
        await transport.connect()
        await transport.close()
        assert peer.hung_up == []


# --- states ----------------------------------------------------------------------------------------------------


async def test_every_state_is_told_once_and_in_order() -> None:
    states = States()
    async with rtc_peer() as peer:
        transport = transport_to(peer, on_state=states)
        await transport.connect()
        await transport.close()
    assert states.connection == ["connecting", "connected", "closed"]
    assert [ice for _, ice in states.seen] == ["checking", "completed", "completed", "closed"]
    assert len(set(states.seen)) == len(states.seen)


async def test_a_silent_peer_is_disconnected_and_connected_again_when_it_is_back() -> None:
    states = States()
    async with rtc_peer() as peer:
        options = WebRtcOptions(silence_timeout=0.3, disconnect_grace=60)
        transport = transport_to(peer, options=options, on_state=states)
        await transport.connect()
        peer.mute()
        await states.wait_for("disconnected")
        peer.unmute()
        await states.wait_for("connected")
        await peer.send("still here")
        assert await transport.recv() == "still here"
        await transport.close()
    assert states.connection == ["connecting", "connected", "disconnected", "connected", "closed"]


async def test_a_peer_that_has_nothing_to_say_is_not_disconnected() -> None:
    states = States()
    async with rtc_peer() as peer:
        # The peer's last words may be up to a second apart; six checks take two silence timeouts.
        transport = transport_to(peer, options=WebRtcOptions(silence_timeout=1.0), on_state=states)
        await transport.connect()
        peer.keep_quiet()
        await peer.wait_checks(8)
        assert states.connection == ["connecting", "connected"]
        await transport.close()


async def test_a_failing_state_handler_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a bug")

    async with rtc_peer() as peer:
        transport = transport_to(peer, on_state=fail)
        await transport.connect()
        await transport.send("event")
        assert await peer.wait_received(1) == ["event"]
        await transport.close()
    assert "on_state failed" in caplog.text


async def test_the_repr_says_what_it_is_and_shows_no_sdp() -> None:
    async def exchange(_: str) -> Any:
        raise AssertionError

    assert repr(WebRtcTransport(exchange)) == "<WebRtcTransport without call id new>"


# --- audio -----------------------------------------------------------------------------------------------------


async def test_audio_goes_out_and_comes_back() -> None:
    heard = Heard()
    sent: list[tuple[int, int]] = []
    async with rtc_peer(echo_audio=True) as peer:

        def note(frame: Int16Array, written: int) -> None:
            sent.append((len(frame), written))

        transport = transport_to(peer, on_output_audio=heard, on_input_frame=note)
        await transport.connect()
        await transport.write_audio(tone(1.0))
        await transport.drain_audio()
        await heard.wait_loud(0.9)
        await transport.close()
    assert sum(written for _, written in sent) == RATE
    assert {length for length, _ in sent} == {480}
    assert loud_seconds(heard.samples) == pytest.approx(1.0, abs=0.06)


async def test_cleared_audio_is_not_sent() -> None:
    sent: list[int] = []

    def note(_: Int16Array, written: int) -> None:
        sent.append(written)

    async with rtc_peer() as peer:
        transport = transport_to(peer, on_input_frame=note)
        await transport.connect()
        await transport.write_audio(tone(20.0))
        transport.clear_audio()
        await transport.drain_audio()
        await transport.close()
    assert sum(sent) < RATE


async def test_a_recorder_on_the_remote_track_takes_nothing_from_the_client(tmp_path: Path) -> None:
    heard = Heard()
    track = OutgoingAudioTrack()
    path = tmp_path / "recorded.wav"
    async with rtc_peer(track=track) as peer:
        transport = transport_to(peer, on_output_audio=heard)
        recorder = MediaRecorder(str(path))
        recorder.addTrack(transport.remote_audio_track)
        assert transport.remote_audio_track is transport.remote_audio_track
        await recorder.start()
        await transport.connect()
        track.write_nowait(tone(1.0))
        await heard.wait_loud(0.9)
        await recorder.stop()
        await transport.close()
    with wave.open(str(path)) as file:
        frames = np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, file.getnchannels())
        recorded = frames[:: file.getframerate() // RATE, 0]
    assert loud_seconds(heard.samples) == pytest.approx(1.0, abs=0.06)
    assert loud_seconds(recorded) == pytest.approx(1.0, abs=0.06)


async def test_the_remote_track_ends_with_the_connection() -> None:
    async with rtc_peer(track=AudioStreamTrack()) as peer:
        transport = transport_to(peer)
        await transport.connect()
        track = transport.remote_audio_track
        await read_frame(track)
        await transport.close()
        with pytest.raises(MediaStreamError):
            await read_to_end(track)


async def test_a_stopped_remote_track_is_replaced_by_a_new_one() -> None:
    async with rtc_peer(track=AudioStreamTrack()) as peer:
        transport = transport_to(peer)
        await transport.connect()
        first = transport.remote_audio_track
        first.stop()
        assert transport.remote_audio_track is not first
        await read_frame(transport.remote_audio_track)
        await transport.close()


async def test_the_remote_track_is_read_though_nobody_listens() -> None:
    async with rtc_peer(track=AudioStreamTrack()) as peer:
        transport = transport_to(peer)
        await transport.connect()
        incoming: Any = getattr(transport, "_remote")  # noqa: B009  # nobody listens; that is the point
        frames = asyncio.Event()
        count = 0

        def note(frame: object) -> None:
            nonlocal count
            count += 1
            if count == 10:
                frames.set()

        incoming._copy.put = note
        await frames.wait()
        await transport.close()


async def test_a_handler_of_audio_that_fails_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: Int16Array) -> None:
        raise ValueError("a bug")

    async with rtc_peer(track=AudioStreamTrack()) as peer:
        transport = transport_to(peer, on_output_audio=fail)
        await transport.connect()
        await read_frame(transport.remote_audio_track)
        await transport.send("event")
        assert await peer.wait_received(1) == ["event"]
        await transport.close()
    assert "cannot be handed on" in caplog.text


async def test_an_own_track_is_sent_and_outlives_the_connection() -> None:
    own = AudioStreamTrack()
    for _ in range(2):
        async with rtc_peer() as peer:
            transport = transport_to(peer, audio_track=own)
            assert transport.input_track is None
            assert transport.sends_own_track
            await transport.connect()
            assert peer.incoming is not None
            await read_frame(peer.incoming)
            with pytest.raises(RuntimeError, match="own audio_track"):
                await transport.write_audio(tone(0.1))
            with pytest.raises(RuntimeError, match="own audio_track"):
                await transport.drain_audio()
            with pytest.raises(RuntimeError, match="own audio_track"):
                transport.clear_audio()
            await transport.close()
    assert own.readyState == "live"


async def test_a_video_track_is_refused() -> None:
    async with rtc_peer() as peer:
        with pytest.raises(ValueError, match="audio_track is a video track"):
            transport_to(peer, audio_track=VideoStreamTrack())


async def test_a_peer_that_takes_no_audio_is_still_talked_to() -> None:
    heard = Heard()
    async with rtc_peer(direction="sendonly", track=AudioStreamTrack()) as peer:
        transport = transport_to(peer, on_output_audio=heard)
        await transport.connect()
        await transport.send("event")
        assert await peer.wait_received(1) == ["event"]
        await heard.wait_pieces(5)
        with pytest.raises(TransportError, match="takes no audio"):
            await transport.write_audio(tone(0.1))
        await transport.drain_audio()
        await transport.close()


async def test_a_peer_that_sends_no_audio_is_still_talked_to() -> None:
    async with rtc_peer(direction="recvonly") as peer:
        transport = transport_to(peer)
        await transport.connect()
        await transport.write_audio(tone(0.2))
        await transport.drain_audio()
        await peer.send("event")
        assert await transport.recv() == "event"
        await transport.close()


@pytest.mark.parametrize(("codec", "opus"), [("opus", True), ("PCMU", False), ("PCMA", False)])
async def test_audio_goes_out_in_the_codec_that_the_peer_chose(codec: str, opus: bool) -> None:
    heard = Heard()

    async with rtc_peer(echo_audio=True, codec=codec) as peer:
        transport = transport_to(peer, on_output_audio=heard)
        await transport.connect()
        assert transport.input_track is not None
        assert transport.input_track.encode_opus is opus
        await transport.write_audio(tone(0.5))
        await heard.wait_loud(0.4)
        await transport.close()
    assert loud_seconds(heard.samples) == pytest.approx(0.5, abs=0.06)


# --- addresses -------------------------------------------------------------------------------------------------


def candidates(offer: str) -> set[str]:
    return {line.split()[4] for line in offer.splitlines() if line.startswith("a=candidate:")}


async def test_loopback_is_offered_beside_the_other_addresses_where_it_is_wanted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def only_127_0_0_2(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return ["127.0.0.2"]

    async with rtc_peer() as peer:
        monkeypatch.setattr("aioice.ice.get_host_addresses", only_127_0_0_2)
        transport = transport_to(peer, loopback=True)
        await transport.connect()
        assert candidates(peer.offer) >= {"127.0.0.1", "127.0.0.2"}
        await transport.close()


async def test_addresses_that_are_stated_replace_all_others() -> None:
    async with rtc_peer() as peer:
        transport = transport_to(peer, loopback=True, options=WebRtcOptions(host_addresses=["127.0.0.3"]))
        await transport.connect()
        assert candidates(peer.offer) == {"127.0.0.3"}
        await transport.close()
