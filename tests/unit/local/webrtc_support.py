"""A bare aiortc peer for tests of the server's WebRTC side; of ours it uses nothing but the test client's verbs."""

import asyncio
import json
import wave
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from fractions import Fraction
from pathlib import Path
from typing import Final

import httpx
import numpy as np
import numpy.typing as npt
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av.audio.frame import AudioFrame

import realtime_typed
from realtime_typed.errors import ConnectionClosed
from realtime_typed.local import LocalServer
from tests.unit.local.support import Client, Event, http_of

SDP: Final = {"Content-Type": "application/sdp"}
_FRAME: Final = 480
_JITTER_FRAMES: Final = 10


def speech() -> npt.NDArray[np.int16]:
    """About two seconds of speech, 24 kHz, shape (n,)."""
    path = Path(realtime_typed.__file__).parent / "local" / "data" / "speech_24k.wav"
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


class SpokenTrack(MediaStreamTrack):
    """Silence in real time, and whatever `say` puts in between."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._samples = np.empty(0, np.int16)
        self._start: float | None = None
        self._frames = 0
        self._said = asyncio.Event()

    def say(self, samples: npt.NDArray[np.int16]) -> None:
        self._samples = np.concatenate((self._samples, samples))
        self._said.clear()

    async def said(self) -> None:
        """Wait until all of it was sent."""
        await self._said.wait()

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        now = asyncio.get_running_loop().time()
        if self._start is None:
            self._start = now
        await asyncio.sleep(self._start + self._frames * 0.02 - now)
        samples, self._samples = self._samples[:_FRAME], self._samples[_FRAME:]
        if not samples.size:
            self._said.set()
        frame = AudioFrame(format="s16", layout="mono", samples=_FRAME)
        frame.planes[0].update(np.pad(samples, (0, _FRAME - samples.size)).tobytes())
        frame.sample_rate, frame.pts, frame.time_base = 24_000, self._frames * _FRAME, Fraction(1, 24_000)
        self._frames += 1
        return frame


class RtcPeer:
    """The client's end: a connection, a track and a data channel; as a `Transport` it is the channel."""

    name = "bare aiortc"

    def __init__(self) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.track = SpokenTrack()
        self.connection.addTrack(self.track)
        self.channel: RTCDataChannel = self.connection.createDataChannel("oai-events")
        self.frames: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self.channel.on("message", self.frames.put_nowait)
        self.channel.on("close", lambda: self.frames.put_nowait(None))
        self.connection.on("track", self._listen)
        self._heard: list[npt.NDArray[np.int16]] = []
        self._rate = 48_000
        self._frame_came = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None

    async def offer(self, change: Callable[[str], str] = lambda sdp: sdp) -> str:
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return change(self.connection.localDescription.sdp)

    async def take(self, answer: httpx.Response) -> str:
        """Take the server's answer; returns the call's id."""
        assert answer.status_code == 201, answer.text
        await self.connection.setRemoteDescription(RTCSessionDescription(answer.text, "answer"))
        return answer.headers["location"].removeprefix("/v1/realtime/calls/")

    async def heard_ms(self) -> float:
        """How long the remote track was loud, from the first loud sample to the last, with an empty jitter buffer."""
        last = len(self._heard) + _JITTER_FRAMES
        while len(self._heard) < last:
            self._frame_came.clear()
            await self._frame_came.wait()
        loud = np.flatnonzero(np.abs(np.concatenate(self._heard).astype(np.int32)) > 500)
        return float(loud[-1] - loud[0]) * 1000 / self._rate if loud.size else 0.0

    async def connect(self) -> None: ...

    async def send(self, data: str) -> None:
        self.channel.send(data)

    async def recv(self) -> str | bytes:
        frame = await self.frames.get()
        if frame is None:
            self.frames.put_nowait(None)
            raise ConnectionClosed(1000)
        return frame

    async def close(self, code: int = 1000, reason: str = "") -> None:
        self.track.stop()
        await self.connection.close()
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)

    def _listen(self, track: MediaStreamTrack) -> None:
        async def listen() -> None:
            while True:
                frame = await track.recv()  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # av's Packet is generic
                assert isinstance(frame, AudioFrame)
                self._rate = frame.sample_rate
                self._heard.append(frame.to_ndarray()[0, :: len(frame.layout.channels)].astype(np.int16))
                self._frame_came.set()

        self._listener = asyncio.create_task(listen())


class RtcClient(Client):
    """`Client` over a call."""

    def __init__(self, peer: RtcPeer, call_id: str) -> None:
        super().__init__(peer)
        self.peer = peer
        self.call_id = call_id
        self.created: Event = {}


@asynccontextmanager
async def call_of(
    server: LocalServer, *, key: str | None = None, url: str = "/calls?model=gpt-realtime", session: Event | None = None
) -> AsyncGenerator[RtcClient]:
    """A connected call, by a raw offer or a form with `session`, that has taken `session.created`."""
    peer = RtcPeer()
    async with asyncio.timeout(20):
        try:
            offer = await peer.offer()
            async with http_of(server, key) as http:
                if session is None:
                    answer = await http.post(url, content=offer, headers=SDP)
                else:
                    parts = {
                        "sdp": (None, offer, "application/sdp"),
                        "session": (None, json.dumps(session), "application/json"),
                    }
                    answer = await http.post(url, files=parts)
            client = RtcClient(peer, await peer.take(answer))
            client.created = json.loads(await peer.recv())
            assert client.created["type"] == "session.created"
            yield client
        finally:
            await peer.close()
