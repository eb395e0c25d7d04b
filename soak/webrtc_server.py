"""The load server over WebRTC: a voice that was encoded once, events at the pace, and ears that only count packets.

`LocalServer` decodes and encodes for each call, which takes as much of a core as a client does; 20 calls would not
leave the clients enough of two cores.
"""

import asyncio
import json
from contextlib import suppress
from typing import Final, cast

from aiortc import InvalidStateError, RTCDataChannel, RTCPeerConnection
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from realtime_typed.local.asgi import HttpServer

from .faults import Fault
from .load_server import SPREAD, STALL_S, Group, LoadServer
from .script import Script, stamp
from .webrtc_peers import ADDRESS, Voice, answer, new_peer

__all__ = ["CallServer"]

_CHUNK_MS: Final = 50


class _Call:
    """One call, from its offer to its end."""

    def __init__(self, group: Group, number: int) -> None:
        self.peer: RTCPeerConnection = new_peer()
        self._group = group
        self._number = number
        self._script = Script(f"{group.name}{number}", number * SPREAD, audio=False)
        self._channel: RTCDataChannel | None = None
        self._beating: asyncio.Task[None] | None = None
        self._packets = 0
        self._stalled_until = 0.0
        self._next: Fault | None = None
        self.over: asyncio.Event = asyncio.Event()

    async def answer(self, sdp: str) -> str:
        self.peer.on("datachannel", self._opened)
        self.peer.on("connectionstatechange", self._changed)
        self.peer.addTrack(Voice())
        made = await answer(self.peer, sdp)
        for transceiver in self.peer.getTransceivers():
            # In the place of the jitter buffer and the decoder.
            transceiver.receiver._handle_rtp_packet = self._count  # type: ignore[method-assign]  # noqa: SLF001  # it has no other hook
        return made

    async def _count(self, packet: object, arrival_time_ms: int) -> None:
        self._packets += 1
        # The pace counts pieces of 50 ms, packets have 20 ms.
        if self._group.pace.is_on and self._packets * 20 // _CHUNK_MS > (self._packets - 1) * 20 // _CHUNK_MS:
            self._group.heard += 1

    def _opened(self, channel: RTCDataChannel) -> None:
        self._channel = channel
        channel.on("message", self._on_message)
        channel.on("close", self.over.set)
        self._group.open[self._number] = self
        self._send(self._script.begin())
        self._beating = asyncio.create_task(self._group.pace.keep(self._number, self._beat))

    def _changed(self) -> None:
        if self.peer.connectionState in ("failed", "closed"):
            self.over.set()

    def _on_message(self, data: str | bytes) -> None:
        for frame in self._script.answer(json.loads(data)):
            self._send(frame)

    def _send(self, frame: str) -> None:
        with suppress(InvalidStateError):
            if self._channel is not None:
                self._channel.send(frame)

    async def _beat(self) -> None:
        fault, self._next = self._next, None
        now = asyncio.get_running_loop().time()
        if fault == "stall":
            self._stalled_until = now + STALL_S
        if now < self._stalled_until:
            return
        frame = self._script.beat(self._packets * 20)
        self._send(frame)
        self._group.sent += 1
        match fault:
            case "drop":
                self.over.set()
            case "garbage":
                self._send(frame[: len(frame) // 2])
            case "duplicate":
                self._send(frame)
            case "unknown":
                self._send(json.dumps({"type": "soak.unknown", "event_id": stamp()}))
            case "error":
                error = {"type": "server_error", "code": "soak", "message": "A fault on purpose.", "param": None}
                self._send(json.dumps({"type": "error", "event_id": stamp(), "error": error}))
            case _:
                pass

    def strike(self, fault: Fault) -> None:
        """Let a fault happen with the next beat."""
        self._next = fault

    async def end(self) -> None:
        """Close it, once it is over."""
        await self.over.wait()
        if self._group.open.get(self._number) is self:
            del self._group.open[self._number]
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.gather(self._beating, return_exceptions=True)
        await self.peer.close()


class CallServer(LoadServer):
    """The server's process over WebRTC."""

    kinds = ("drop", "stall", "garbage", "duplicate", "unknown", "error")

    def __init__(self) -> None:
        super().__init__()
        self._calls: dict[asyncio.Task[None], _Call] = {}
        routes = [
            Route("/{group}-{number:int}/v1/realtime/calls", self._call, methods=["POST"]),
            Route("/{rest:path}", self._hang_up, methods=["POST"]),
        ]
        self._http: HttpServer = HttpServer(Starlette(routes=routes), ADDRESS, 0)

    async def start(self) -> int:
        """Accept offers, and return the port."""
        await self._http.start()
        return self._http.port

    async def stop(self) -> None:
        """Close everything."""
        for call in self._calls.values():
            call.over.set()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._http.stop()

    async def _call(self, request: Request) -> Response:
        group = self.groups[cast("str", request.path_params["group"])]
        call = _Call(group, cast("int", request.path_params["number"]))
        sdp = await call.answer((await request.body()).decode())
        task = asyncio.create_task(call.end())
        self._calls[task] = call
        task.add_done_callback(self._calls.pop)
        headers = {"Location": "/v1/realtime/calls/rtc_soak"}
        return PlainTextResponse(sdp, 201, media_type="application/sdp", headers=headers)

    async def _hang_up(self, request: Request) -> Response:
        return Response(status_code=200)
