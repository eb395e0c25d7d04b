"""One peer connection of aiortc with its data channel: what it takes to make it, watch it and take it down.

aiortc does not take well to being interrupted: cancelled in the midst of gathering candidates or of applying an
answer, it loses sight of sockets that it opened. So those steps run in tasks of their own, and closing waits for them.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import cast

from aiortc import (
    InvalidStateError,
    MediaStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCSessionDescription,
)

from realtime_typed._loopback_ice import LOOPBACK, host_addresses
from realtime_typed._peer_connection import PeerConnection
from realtime_typed.errors import ConnectError, ConnectionClosed
from realtime_typed.transports._webrtc_answer import Answer
from realtime_typed.transports._webrtc_media import RemoteAudio
from realtime_typed.transports._webrtc_monitor import Liveness
from realtime_typed.transports.webrtc_options import ConnectionState, IceState, WebRtcOptions

__all__ = ["Link", "LinkEvents"]

_logger = logging.getLogger(__name__)
_CHANNEL = "oai-events"
# Below this much unsent data a sender that waits goes on.
_LOW_WATER = 256 * 1024
# aiortc states 256 KiB, which an item with five seconds of audio exceeds. It takes what fits into its receive window
# of 1 MiB; a message that does not would never arrive.
_MAX_MESSAGE = 768 * 1024
_HIGH_WATER = 1024 * 1024


@dataclass(frozen=True, slots=True)
class LinkEvents:
    """Whom a link tells what happens; all are called in the event loop, in order, and must not raise.

    Attributes:
        on_open: The data channel is open.
        on_frame: A message of the channel came.
        on_end: The connection has ended, called once. Not called when `Link.close` ends it.
        on_state: A state has changed.
    """

    on_open: Callable[[], None]
    on_frame: Callable[[str | bytes], None]
    on_end: Callable[[ConnectionClosed], None]
    on_state: Callable[[ConnectionState, IceState], None]


class Link:
    """A peer connection in the making, or made. Used once.

    Args:
        options: Of the transport.
        track: What is sent.
        remote: Takes the incoming track.
        loopback: Whether loopback addresses are candidates too.
        events: Whom to tell.
    """

    def __init__(
        self,
        options: WebRtcOptions,
        track: MediaStreamTrack,
        remote: RemoteAudio,
        *,
        loopback: bool,
        events: LinkEvents,
    ) -> None:
        self._options = options
        self._loopback = loopback
        self._events = events
        self._remote = remote
        servers = [
            RTCIceServer(urls=list(server.all_urls), username=server.username, credential=server.credential)
            for server in options.ice_servers
        ]
        # aiortc's own default would ask a public STUN server.
        self._peer = peer = PeerConnection(RTCConfiguration(iceServers=servers), on_failure=self._connecting_failed)
        peer.add_listener("connectionstatechange", self._state_changed)
        peer.add_listener("iceconnectionstatechange", self._state_changed)
        peer.add_listener("track", remote.take)
        peer.addTransceiver(track, direction="sendrecv")
        self._channel = channel = peer.createDataChannel(_CHANNEL)
        channel.bufferedAmountLowThreshold = _LOW_WATER
        channel.add_listener("open", self._opened)
        channel.add_listener("message", events.on_frame)
        channel.add_listener("close", self._channel_closed)
        channel.add_listener("bufferedamountlow", self.wake)
        self._room = asyncio.Event()
        self._uncut: asyncio.Future[object] | None = None
        self._watching: asyncio.Task[None] | None = None
        self._silent = False
        self._ended: ConnectionClosed | None = None
        self._closing = False
        self._reported: tuple[ConnectionState, IceState] = ("new", "new")

    async def offer(self) -> str:
        """Gather candidates.

        Returns:
            The offer, as SDP.
        """
        chosen = self._options.host_addresses
        beside = chosen is None
        if chosen is None:
            chosen = LOOPBACK if self._loopback else ()
        with host_addresses(chosen, beside=beside):
            await self._run_uncut(self._peer.setLocalDescription())
        stated = f"a=max-message-size:{_MAX_MESSAGE}"
        return re.sub(r"(?m)^a=max-message-size:\d+", stated, self._peer.localDescription.sdp)

    async def accept(self, answer: Answer) -> None:
        """Apply the answer and begin to connect.

        Raises:
            ConnectError: aiortc refuses it.
        """
        try:
            await self._run_uncut(self._apply(answer))
        except Exception as error:  # aiortc raises what comes: ValueError, OperationError, AssertionError, …
            kind = type(error).__name__
            raise ConnectError(f"the service's answer cannot be used: {kind}: {error}", body=answer.sdp) from error

    async def _apply(self, answer: Answer) -> None:
        await self._peer.setRemoteDescription(RTCSessionDescription(sdp=answer.sdp, type="answer"))
        if answer.has_candidates:
            # An answer over HTTP is complete. Not told so, ICE waits for more candidates instead of failing.
            await self._peer.addIceCandidate(None)

    async def _run_uncut(self, work: Awaitable[object]) -> None:
        self._uncut = asyncio.ensure_future(work)
        await asyncio.shield(self._uncut)

    def stage(self) -> str:
        """What a connection that is not open yet waits for."""
        if self._peer.iceConnectionState != "completed":
            return "ICE found no path to the service"
        if self._peer.connectionState != "connected":
            return "the DTLS handshake did not end"
        return "the service did not open the data channel"

    async def wait_for_room(self) -> None:
        """Wait until there may be room again, or `wake` is called."""
        self._room.clear()
        await self._room.wait()

    def wake(self) -> None:
        """Have those that wait for room look again."""
        self._room.set()

    async def flush(self, timeout: float) -> None:
        """Wait until nothing waits to be sent, at most so many seconds."""
        self._channel.bufferedAmountLowThreshold = 0
        try:
            async with asyncio.timeout(timeout):
                while self._channel.bufferedAmount and self._channel.readyState == "open":
                    self._room.clear()
                    await self._room.wait()
        except TimeoutError:
            _logger.debug("%d bytes were not sent", self._channel.bufferedAmount)

    def send(self, data: str) -> None:
        """Send one message.

        Raises:
            ConnectionClosed: The channel is not open any more.
        """
        try:
            self._channel.send(data)
        except InvalidStateError:
            raise ConnectionClosed(1006, "the data channel is closing") from None

    @property
    def full(self) -> bool:
        """Whether a sender should wait for room."""
        return self._channel.bufferedAmount > _HIGH_WATER

    def _opened(self) -> None:
        if self._closing:
            return  # it opened while it was taken down: nobody would end what begins now
        self._watching = asyncio.create_task(self._watch(), name="realtime-typed webrtc liveness")
        self._events.on_open()

    async def _watch(self) -> None:
        liveness = Liveness(
            self._peer,
            silence_timeout=self._options.silence_timeout,
            disconnect_grace=self._options.disconnect_grace,
            on_change=self._silence_changed,
        )
        try:
            quiet_for = await liveness.watch()
        except asyncio.CancelledError:
            if not self._closing:
                # The event loop ends without close(): aiortc's decoder, a thread, would keep the process from ending.
                await self.close(self._options.close_timeout)
            raise
        self._end(ConnectionClosed(1006, f"no packet from the peer for {quiet_for:.1f} s"))

    def _silence_changed(self, silent: bool) -> None:
        self._silent = silent
        self._report()

    def _state_changed(self) -> None:
        state = self._peer.connectionState
        if state == "failed":
            ice = self._peer.iceConnectionState == "failed"
            opened = self._watching is not None
            self._end(ConnectionClosed(1006, _failure(ice=ice, opened=opened)))
        elif "closed" in (state, self._peer.iceConnectionState):
            self._channel_closed()
        self._report()

    def _connecting_failed(self, error: Exception) -> None:
        self._end(ConnectionClosed(1006, f"connecting failed: {type(error).__name__}: {error}"))

    def _channel_closed(self) -> None:
        sctp = self._peer.sctp
        # An ICE agent whose checks went unanswered closes itself, and has no candidates then; its state follows later.
        if sctp is not None and not sctp.transport.transport.iceGatherer.getLocalCandidates():
            self._end(ConnectionClosed(1006, "the ICE connection was lost"))
        elif self._silent:
            self._end(ConnectionClosed(1006, "the peer fell silent, and its connection ended"))
        else:
            self._end(ConnectionClosed(1000, "the peer closed the data channel", clean=True))

    def _end(self, closed: ConnectionClosed) -> None:
        if self._closing or self._ended is not None:
            return
        self._ended = closed
        self._report()
        self._events.on_end(closed)

    def _report(self) -> None:
        """Tell a state that is new. aiortc knows no "disconnected", and calls a peer that is gone "connected"."""
        connection = cast("ConnectionState", self._peer.connectionState)
        ice = cast("IceState", self._peer.iceConnectionState)
        if self._ended is not None and not self._closing:
            connection = "closed" if self._ended.clean else "failed"
        elif ice == "closed":  # aiortc changes one after the other
            connection = "closed"
        elif ice == "checking" and connection == "new":
            connection = "connecting"
        elif connection == "connected" and self._silent:
            connection = "disconnected"
        if (connection, ice) != self._reported and self._reported[0] != "closed":
            self._reported = (connection, ice)
            self._events.on_state(connection, ice)

    async def close(self, timeout: float) -> None:
        """Take everything down; nothing is told any more but the state "closed".

        Args:
            timeout: Seconds that aiortc may take; then its sockets are closed under it. A STUN query that runs is
                waited for beyond that: aioice limits it to five seconds.
        """
        self._closing = True
        if self._watching is not None and self._watching is not asyncio.current_task():
            self._watching.cancel()
            await asyncio.wait({self._watching})
        if self._uncut is not None:
            await asyncio.wait({self._uncut})
            if not self._uncut.cancelled() and self._uncut.exception() is not None:
                _logger.debug("a step that was given up has failed: %r", self._uncut.exception())
        closing = asyncio.create_task(self._peer.close(), name="realtime-typed webrtc close")
        _, late = await asyncio.wait({closing}, timeout=timeout)
        if late:
            _logger.debug("aiortc did not close within %.1f s; its sockets are closed under it", timeout)
            closing.cancel()
            self._abort_sockets()
            await asyncio.wait({closing}, timeout=timeout)
        elif not closing.cancelled() and closing.exception() is not None:
            _logger.debug("aiortc failed to close: %r", closing.exception())
            self._abort_sockets()
        await self._remote.stop()
        self._report()
        # aiortc's own tasks end in the turns of the loop that follow; it hands none of them out.
        for _ in range(5):
            await asyncio.sleep(0)

    def _abort_sockets(self) -> None:
        """The last resort; the names are aioice's own, not its API."""
        for transceiver in self._peer.getTransceivers():
            agent = transceiver.receiver.transport.transport._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # no API
            for protocol in list(agent._protocols):  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # no API
                protocol.transport.abort()


def _failure(*, ice: bool, opened: bool) -> str:
    if not ice:
        return "the DTLS connection failed"
    return "the ICE connection was lost" if opened else "ICE found no path to the service"
