"""Two bare aiortc peers, as an application writes them: what the WebRTC benchmarks compare ours with."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from typing import Final, Protocol

import httpx
import numpy as np
import numpy.typing as npt
from aiortc import AudioStreamTrack, RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from realtime_typed._loopback_ice import host_addresses
from realtime_typed.local.asgi import HttpServer

__all__ = ["ADDRESS", "FRAME", "RATE", "Answerer", "SpokenTrack", "first_message", "talking_pair"]

ADDRESS: Final = "127.0.0.1"
"""The one address that ICE uses, of ours and of the bare peers."""
RATE: Final = 24_000
FRAME: Final = 480
"""Samples of 20 ms."""

_SDP: Final = "application/sdp"


def _peer() -> RTCPeerConnection:
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def _offer(peer: RTCPeerConnection) -> str:
    with host_addresses([ADDRESS]):
        await peer.setLocalDescription(await peer.createOffer())
    return peer.localDescription.sdp


async def _answer(peer: RTCPeerConnection, offer: str) -> str:
    await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
    with host_addresses([ADDRESS]):
        await peer.setLocalDescription(await peer.createAnswer())
    return peer.localDescription.sdp


class Answerer:
    """Answers offers by HTTP, with a track of silence, and sends one message over the channel that is opened.

    Args:
        message: The message.
    """

    def __init__(self, message: str) -> None:
        self._message = message
        self._peers: list[RTCPeerConnection] = []
        self._server = HttpServer(Starlette(routes=[Route("/calls", self._call, methods=["POST"])]), ADDRESS, 0)

    @property
    def url(self) -> str:
        """Where offers go."""
        return f"http://{ADDRESS}:{self._server.port}/calls"

    async def start(self) -> None:
        """Return once offers are taken."""
        await self._server.start()

    async def hang_up(self) -> None:
        """Close the connections that were made."""
        peers, self._peers = self._peers, []
        await asyncio.gather(*(peer.close() for peer in peers))

    async def stop(self) -> None:
        """Close everything."""
        await self.hang_up()
        await self._server.stop()

    async def _call(self, request: Request) -> PlainTextResponse:
        peer = _peer()
        self._peers.append(peer)
        peer.on("datachannel", self._greet)
        peer.addTrack(AudioStreamTrack())
        return PlainTextResponse(await _answer(peer, (await request.body()).decode()), 201, media_type=_SDP)

    def _greet(self, channel: RTCDataChannel) -> None:
        channel.send(self._message)


async def first_message(url: str, clock: Callable[[], float]) -> float:
    """Connect to an `Answerer`, with a track of silence and a channel, and wait for its message.

    Args:
        url: Where it takes offers.
        clock: What tells the time.

    Returns:
        How long that took by the clock, from nothing to the message. Closing is not counted.
    """
    begin = clock()
    peer = _peer()
    try:
        peer.addTrack(AudioStreamTrack())
        channel = peer.createDataChannel("oai-events")
        arrived: asyncio.Future[str | bytes] = asyncio.get_running_loop().create_future()
        channel.on("message", arrived.set_result)
        offer = await _offer(peer)
        async with httpx.AsyncClient() as http:
            answer = await http.post(url, content=offer, headers={"Content-Type": _SDP})
        await peer.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        await arrived
        return clock() - begin
    finally:
        await peer.close()


class SpokenTrack(MediaStreamTrack):
    """Says the same again and again, in real time, as frames of 20 ms: s16, mono, 24 kHz.

    Args:
        samples: What it says: int16, shape (n,), n a multiple of 480.
    """

    kind = "audio"

    def __init__(self, samples: npt.NDArray[np.int16]) -> None:
        super().__init__()
        self._frames = [piece.tobytes() for piece in samples.reshape(-1, FRAME)]
        self._start: float | None = None
        self._count = 0

    async def recv(self) -> AudioFrame:
        """Give the next frame when it is due.

        Raises:
            MediaStreamError: The track has ended.
        """
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        if self._start is None:
            self._start = now
        await asyncio.sleep(self._start + self._count * 0.02 - now)
        frame = AudioFrame(format="s16", layout="mono", samples=FRAME)
        frame.planes[0].update(self._frames[self._count % len(self._frames)])
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._count * FRAME, Fraction(1, RATE)
        self._count += 1
        return frame


class _Source(Protocol):
    """The part of aiortc's track that is read; its own annotations are incomplete."""

    async def recv(self) -> object: ...


async def _read(track: _Source) -> None:
    try:
        while True:
            await track.recv()
    except MediaStreamError:
        pass


@asynccontextmanager
async def talking_pair(samples: npt.NDArray[np.int16]) -> AsyncGenerator[None]:
    """Two peers in this process, connected, that both say `samples` and read what the other says."""
    peers = _peer(), _peer()
    tasks: list[asyncio.Task[None]] = []
    both_read = asyncio.Event()

    def on_track(track: MediaStreamTrack) -> None:
        tasks.append(asyncio.create_task(_read(track)))
        if len(tasks) == len(peers):
            both_read.set()

    try:
        for peer in peers:
            peer.on("track", on_track)
            peer.addTrack(SpokenTrack(samples))
        # Ours has a channel too; its keep-alive costs something.
        peers[0].createDataChannel("oai-events")
        answer = await _answer(peers[1], await _offer(peers[0]))
        await peers[0].setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await both_read.wait()
        yield
    finally:
        await asyncio.gather(*(peer.close() for peer in peers))
        await asyncio.gather(*tasks)
