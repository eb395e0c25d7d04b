"""The other side of a WebRTC connection: bare aiortc that answers an offer, and misbehaves as it is told."""

import asyncio
import os
import re
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, Protocol

from aiortc import (
    MediaStreamTrack,
    RTCConfiguration,
    RTCDataChannel,
    RTCPeerConnection,
    RTCRtpSender,
    RTCSessionDescription,
)
from aiortc.contrib.media import MediaRelay

from realtime_typed.transports.webrtc_options import ConnectionState, IceState, SdpAnswer

CALL_ID = "rtc_test"
LIMIT = 15.0


class RtcPeer:
    """Answers one offer.

    Args:
        opens_channel: Whether its SCTP ever starts; without it the data channel stays closed for ever.
        echo_audio: Whether it sends the audio that it gets back, instead of `track`.
        track: What it sends.
        max_message_size: What its answer states: a number, `None` for nothing; "own" leaves aiortc's own.
        call_id: The id of the call that it gives.
        direction: What it does with audio: "sendrecv", "sendonly", "recvonly" or "inactive".
        codec: The only audio codec that it accepts; `None` for all.
    """

    def __init__(
        self,
        *,
        opens_channel: bool = True,
        echo_audio: bool = False,
        track: MediaStreamTrack | None = None,
        max_message_size: int | str | None = "own",
        call_id: str | None = CALL_ID,
        direction: str = "sendrecv",
        codec: str | None = None,
    ) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.offer = ""
        self.received: list[str | bytes] = []
        self.hung_up: list[str] = []
        self.incoming: MediaStreamTrack | None = None
        self._arrived = asyncio.Event()
        self._opens_channel = opens_channel
        self._track = track
        self._echo_audio = echo_audio
        self._max_message_size = max_message_size
        self._call_id = call_id
        self._direction = direction
        self._codec = codec
        self.checks_answered = 0
        self.channel: asyncio.Future[RTCDataChannel] = asyncio.get_running_loop().create_future()
        self._unmuted: list[tuple[Any, Any, Any, Any]] = []
        self.pc.add_listener("datachannel", self._channel_came)
        self.pc.add_listener("track", self._track_came)

    async def exchange(self, offer: str) -> SdpAnswer:
        """What a transport takes as `exchange_sdp`."""
        self.offer = offer
        if self._track is not None:
            self.pc.addTrack(self._track)
        if self._codec is not None:
            codecs = RTCRtpSender.getCapabilities("audio").codecs
            chosen = [codec for codec in codecs if codec.name == self._codec]
            transceiver = self.pc.addTransceiver("audio")
            transceiver.setCodecPreferences(chosen)
        await self.pc.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
        for transceiver in self.pc.getTransceivers():
            transceiver.direction = self._direction
        if not self._opens_channel:
            sctp: Any = self.pc.sctp
            sctp.start = _nothing  # a server that forgets its SCTP
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        sdp = self.pc.localDescription.sdp
        if self._max_message_size is None:
            sdp = re.sub(r"a=max-message-size:\d+\r\n", "", sdp)
        elif isinstance(self._max_message_size, int):
            sdp = re.sub(r"(a=max-message-size:)\d+", rf"\g<1>{self._max_message_size}", sdp)
        return SdpAnswer(sdp, self._call_id)

    async def hang_up(self, call_id: str) -> None:
        """What a transport takes as `hang_up`."""
        self.hung_up.append(call_id)

    async def send(self, *messages: str | bytes) -> None:
        """Send over the channel, as soon as it is open."""
        async with asyncio.timeout(LIMIT):
            channel = await asyncio.shield(self.channel)
        for message in messages:
            channel.send(message)

    async def wait_received(self, count: int) -> list[str | bytes]:
        """Wait until so many messages have come."""
        async with asyncio.timeout(LIMIT):
            while len(self.received) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.received

    async def close_channel(self) -> None:
        """Close the channel, and nothing else."""
        async with asyncio.timeout(LIMIT):
            (await asyncio.shield(self.channel)).close()

    def die(self) -> None:
        """Vanish without a word."""
        for protocol in self._protocols():
            protocol.transport.abort()

    def keep_quiet(self) -> None:
        """Send no media and no reports of it any more; still answer connectivity checks, and count them."""
        agent = self._agent()
        answer = agent.request_received

        def count(*args: object) -> None:
            self.checks_answered += 1
            answer(*args)
            self._arrived.set()

        agent.request_received = count
        dtls: Any = self.pc.getTransceivers()[0].receiver.transport
        dtls._send_rtp = _nothing

    async def wait_checks(self, count: int) -> None:
        """Wait until so many connectivity checks came since `keep_quiet`."""
        async with asyncio.timeout(LIMIT):
            while self.checks_answered < count:
                self._arrived.clear()
                await self._arrived.wait()

    def mute(self) -> None:
        """Neither hear nor say anything, until `unmute`."""
        for protocol in self._protocols():
            self._unmuted.append((protocol, protocol.datagram_received, protocol.send_data, protocol.send_stun))
            protocol.datagram_received = protocol.send_stun = _ignore
            protocol.send_data = _nothing

    def unmute(self) -> None:
        """Be as before `mute`."""
        for protocol, received, send_data, send_stun in self._unmuted:
            protocol.datagram_received, protocol.send_data, protocol.send_stun = received, send_data, send_stun
        self._unmuted.clear()

    async def close(self) -> None:
        """Close in good order."""
        self.unmute()
        async with asyncio.timeout(LIMIT):
            await self.pc.close()
            # aiortc leaves the tasks that connect it to end by themselves.
            for task in asyncio.all_tasks():
                frame = getattr(task.get_coro(), "cr_frame", None)
                if frame is not None and frame.f_locals.get("self") is self.pc and task is not asyncio.current_task():
                    await asyncio.wait({task})
            for transceiver in self.pc.getTransceivers():
                await transceiver.receiver.transport.transport.stop()

    def _agent(self) -> Any:
        transport: Any = self.pc.getTransceivers()[0].receiver.transport.transport
        return transport._connection

    def _protocols(self) -> list[Any]:
        return list(self._agent()._protocols)

    def _channel_came(self, channel: RTCDataChannel) -> None:
        channel.add_listener("message", self._message_came)
        if not self.channel.done():
            self.channel.set_result(channel)

    def _message_came(self, message: str | bytes) -> None:
        self.received.append(message)
        self._arrived.set()

    def _track_came(self, track: MediaStreamTrack) -> None:
        self.incoming = track
        if self._echo_audio:
            self.pc.addTrack(MediaRelay().subscribe(track))


class Readable(Protocol):
    """A track; aiortc's own annotations are incomplete."""

    async def recv(self) -> object: ...


async def read_frame(track: Readable) -> object:
    """The next frame of a track."""
    async with asyncio.timeout(LIMIT):
        return await track.recv()


async def read_to_end(track: Readable) -> None:
    """Read until the track raises that it has ended."""
    async with asyncio.timeout(LIMIT):
        while True:
            await track.recv()


def only_127_0_0_1(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    """Stands in for `aioice.ice.get_host_addresses`: other addresses take longer, and are not needed."""
    return ["127.0.0.1"]


class States:
    """The states that a transport told; what it takes as `on_state`."""

    def __init__(self) -> None:
        self.seen: list[tuple[ConnectionState, IceState]] = []
        self._changed = asyncio.Event()

    def __call__(self, connection: ConnectionState, ice: IceState) -> None:
        self.seen.append((connection, ice))
        self._changed.set()

    @property
    def connection(self) -> list[ConnectionState]:
        """The states of the connection, each once where it repeats."""
        names: list[ConnectionState] = []
        for connection, _ in self.seen:
            if names[-1:] != [connection]:
                names.append(connection)
        return names

    async def wait_for(self, state: ConnectionState, ice: IceState | None = None) -> None:
        """Wait until this is the latest state."""
        async with asyncio.timeout(LIMIT):
            while not self.seen or self.seen[-1][0] != state or ice not in (None, self.seen[-1][1]):
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def rtc_peer(**settings: Any) -> AsyncGenerator[RtcPeer]:
    """A peer that is closed in the end."""
    peer = RtcPeer(**settings)
    try:
        yield peer
    finally:
        await peer.close()


async def _nothing(*_: object) -> None:
    pass


def _ignore(*_: object) -> None:
    pass


def udp_sockets() -> set[str]:
    """The inodes of this process's UDP sockets."""
    mine: set[str] = set()
    for fd in os.listdir("/proc/self/fd"):
        try:
            match = re.fullmatch(r"socket:\[(\d+)\]", os.readlink(f"/proc/self/fd/{fd}"))
        except OSError:  # the one that listdir itself had open
            continue
        if match:
            mine.add(match[1])
    udp: set[str] = set()
    for table in ("/proc/self/net/udp", "/proc/self/net/udp6"):
        if os.path.exists(table):
            with open(table) as lines:
                udp.update(line.split()[9] for line in list(lines)[1:])
    return mine & udp


def decoder_threads() -> set[threading.Thread]:
    """The threads that run, but those of the loop's own pool."""
    return {thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")}


@asynccontextmanager
async def nothing_left() -> AsyncGenerator[None]:
    """Fails when a task, thread or UDP socket is there in the end that was not in the beginning."""
    tasks, threads, sockets = asyncio.all_tasks(), decoder_threads(), udp_sockets()
    yield
    for _ in range(10):  # what is over ends in the next turns of the loop
        await asyncio.sleep(0)
    # anyio runs each part of a test and its fixtures in a task of its own.
    left = {task for task in asyncio.all_tasks() - tasks if "TestRunner." not in repr(task.get_coro())}
    assert not left, f"tasks are left: {left}"
    assert decoder_threads() - threads == set()
    assert udp_sockets() - sockets == set()
