"""Peers of aiortc alone: a track of PCM, a channel, `json.loads` of what comes, and the frames of the other's track."""

import asyncio
import json
from typing import Final, Protocol

import httpx
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack

from .fleet import Fleet, retry_delay
from .webrtc_peers import Microphone, new_peer, offer

__all__ = ["BareCallFleet"]

_OPEN_S: Final = 20


class _Source(Protocol):
    """The part of aiortc's track that is read; its own annotations are incomplete."""

    async def recv(self) -> object: ...


async def _listen(track: _Source) -> None:
    try:
        while True:
            await track.recv()
    except MediaStreamError:
        pass


class BareCallFleet(Fleet):
    """The same load, with nothing around the library."""

    async def live(self, number: int) -> None:
        """One call after the other."""
        known = False
        while True:
            over = asyncio.Event()
            listening: list[asyncio.Task[None]] = []
            peer = new_peer()
            try:
                await self._call(peer, number, over, listening)
                if known:
                    self.meter.restored += 1
                else:
                    known = True
                    self.connected()
                await over.wait()
                self.meter.lost += 1
            finally:
                await peer.close()
                await asyncio.gather(*listening, return_exceptions=True)
            await asyncio.sleep(retry_delay())

    async def _call(
        self, peer: RTCPeerConnection, number: int, over: asyncio.Event, listening: list[asyncio.Task[None]]
    ) -> None:
        def heard(track: MediaStreamTrack) -> None:
            listening.append(asyncio.create_task(_listen(track)))

        def changed() -> None:
            if peer.connectionState in ("failed", "closed"):
                over.set()

        opened = asyncio.Event()
        peer.on("track", heard)
        peer.on("connectionstatechange", changed)
        peer.addTrack(Microphone())
        channel = peer.createDataChannel("oai-events")
        channel.on("message", self._came)
        channel.on("close", over.set)
        channel.on("open", opened.set)
        sdp = await offer(peer)
        async with httpx.AsyncClient() as http:
            url = f"{self.url.removesuffix('/v1')}/bare-{number}/v1/realtime/calls"
            answer = await http.post(url, content=sdp, headers={"Content-Type": "application/sdp"})
        await peer.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        async with asyncio.timeout(_OPEN_S):
            await opened.wait()
        channel.send(json.dumps({"type": "session.update", "session": {"type": "realtime"}}))

    def _came(self, data: str | bytes) -> None:
        try:
            event = json.loads(data)
        except ValueError:
            return
        self.meter.event(event["event_id"])
