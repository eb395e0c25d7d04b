"""The outgoing track and the reader at the two ends of a real connection of aiortc, in real time."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import numpy as np
import pytest

pytest.importorskip("aiortc", reason="aiortc is not installed (extra `webrtc`)")

import aioice.ice
from aiortc import RTCPeerConnection, RTCRtpSender
from aiortc.mediastreams import MediaStreamTrack

from realtime_typed._webrtc_audio import AudioReader, OutgoingAudioTrack
from realtime_typed.audio import Int16Array
from realtime_typed.errors import ConnectionClosed

from .sound import heard, tone

pytestmark = pytest.mark.anyio

BOUND = 20.0


@pytest.fixture(autouse=True)
def only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    def addresses(use_ipv4: bool, use_ipv6: bool) -> list[str]:
        return ["127.0.0.1"]

    monkeypatch.setattr(aioice.ice, "get_host_addresses", addresses)


@asynccontextmanager
async def connected(track: OutgoingAudioTrack, codec: str) -> AsyncGenerator[MediaStreamTrack, None]:
    """The track as it arrives at another peer, which speaks `codec` alone."""
    sending, receiving = RTCPeerConnection(), RTCPeerConnection()
    arrived: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
    receiving.on("track", arrived.set_result)
    try:
        sending.addTrack(track)
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        sending.getTransceivers()[0].setCodecPreferences([it for it in codecs if it.mimeType == codec])
        await sending.setLocalDescription(await sending.createOffer())
        await receiving.setRemoteDescription(sending.localDescription)
        await receiving.setLocalDescription(await receiving.createAnswer())
        await sending.setRemoteDescription(receiving.localDescription)
        yield await arrived
    finally:
        await sending.close()
        await receiving.close()


async def read_until_silent(reader: AudioReader) -> Int16Array:
    """All of the remote track, until 300 ms of silence follow the sound."""
    pieces: list[Int16Array] = []
    quiet = 0
    while not pieces or quiet < 7_200:
        samples = await reader.read()
        if np.abs(samples).max() > 500:
            quiet = 0
            pieces.append(samples)
        elif pieces:
            quiet += samples.size
            pieces.append(samples)
    return np.concatenate(pieces)


@pytest.mark.parametrize("codec", ["audio/opus", "audio/PCMU", "audio/PCMA"])
async def test_a_tone_arrives_whole_at_the_other_peer(codec: str) -> None:
    track = OutgoingAudioTrack()
    track.encode_opus = codec == "audio/opus"
    async with asyncio.timeout(BOUND), connected(track, codec) as remote:
        reader = AudioReader(remote)
        reading = asyncio.create_task(read_until_silent(reader))
        # In three parts, as a client appends audio that it has already.
        audio = tone(440, 1.5)
        for part in np.array_split(audio, 3):
            await track.write(part)
        await track.drained()
        assert track.sent_samples == audio.size
        result = heard(await reading)
    assert abs(result.frequency - 440) < 440 * 0.02
    assert abs(result.duration - 1.5) < 0.06
    assert result.longest_gap <= 0.04


async def test_both_ends_stop_when_the_connection_is_closed() -> None:
    track = OutgoingAudioTrack(max_seconds=0.5)
    async with asyncio.timeout(BOUND):
        async with connected(track, "audio/opus") as remote:
            reader = AudioReader(remote)
            await reader.read()
            writing = asyncio.create_task(track.write(tone(440, 30.0)))
            draining = asyncio.create_task(track.drained())
            await reader.read()
        with pytest.raises(ConnectionClosed):
            await writing
        await draining
        assert track.readyState == "ended"
        # What had arrived before may be read, then the reader ends too.
        assert sum([samples.size async for samples in reader]) < 24_000
