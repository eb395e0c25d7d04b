"""What both ends of a bare WebRTC connection need: an address, a voice, and an answer to an offer."""

import asyncio
from fractions import Fraction
from typing import Final

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs.opus import OpusEncoder
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame
from av.packet import Packet
from av.stream import Stream

from realtime_typed._loopback_ice import host_addresses

from .script import CHUNK

__all__ = ["ADDRESS", "FRAME_S", "Microphone", "Voice", "answer", "new_peer", "offer"]

ADDRESS: Final = "127.0.0.1"
FRAME_S: Final = 0.02
_RATE: Final = 24_000
_SAMPLES: Final = 480
_OPUS_RATE: Final = 48_000


def new_peer() -> RTCPeerConnection:
    """A peer without STUN."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def offer(peer: RTCPeerConnection) -> str:
    """Make an offer, of one loopback address."""
    with host_addresses([ADDRESS]):
        await peer.setLocalDescription(await peer.createOffer())
    return peer.localDescription.sdp


async def answer(peer: RTCPeerConnection, sdp: str) -> str:
    """Answer an offer, with one loopback address."""
    await peer.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
    with host_addresses([ADDRESS]):
        await peer.setLocalDescription(await peer.createAnswer())
    return peer.localDescription.sdp


class _Paced(MediaStreamTrack):
    """A track that gives 20 ms every 20 ms."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._due: float | None = None
        self.count: int = 0

    async def wait(self) -> int:
        """Wait for the next frame's time; its number."""
        if self.readyState != "live":
            raise MediaStreamError
        clock = asyncio.get_running_loop().time
        self._due = clock() if self._due is None else self._due + FRAME_S
        await asyncio.sleep(self._due - clock())
        self.count += 1
        return self.count - 1


class Microphone(_Paced):
    """What an application sends that has PCM: frames of 20 ms, which the library encodes."""

    def __init__(self) -> None:
        super().__init__()
        self._frames = [(CHUNK + CHUNK)[start : start + 2 * _SAMPLES] for start in range(0, len(CHUNK), 2 * _SAMPLES)]

    async def recv(self) -> AudioFrame:
        """Give the next frame when it is due."""
        number = await self.wait()
        frame = AudioFrame(format="s16", layout="mono", samples=_SAMPLES)
        frame.planes[0].update(self._frames[number % len(self._frames)])
        frame.sample_rate, frame.pts, frame.time_base = _RATE, number * _SAMPLES, Fraction(1, _RATE)
        return frame


def _encoded() -> list[bytes]:
    """A second of a voice-like sound as Opus packets of 20 ms."""
    encoder, packets = OpusEncoder(), list[bytes]()
    seconds = np.arange(_OPUS_RATE + 4800) / _OPUS_RATE
    sound = (6000 * np.sin(2 * np.pi * 180 * seconds) * np.sin(2 * np.pi * 3 * seconds)).astype(np.int16)
    for number in range(55):
        frame = AudioFrame(format="s16", layout="mono", samples=960)
        frame.planes[0].update(sound[960 * number : 960 * (number + 1)].tobytes())
        frame.sample_rate, frame.pts, frame.time_base = _OPUS_RATE, 960 * number, Fraction(1, _OPUS_RATE)
        packets.extend(encoder.encode(frame)[0])
    return packets[:50]


class Voice(_Paced):
    """What the load server says: packets that were encoded beforehand, once for all sessions."""

    _packets: list[bytes] | None = None

    async def recv(self) -> "Packet[Stream]":
        """Give the next packet when it is due."""
        if Voice._packets is None:
            Voice._packets = _encoded()
        number = await self.wait()
        packet = Packet(Voice._packets[number % len(Voice._packets)])
        packet.pts, packet.time_base = 960 * number, Fraction(1, _OPUS_RATE)
        return packet
