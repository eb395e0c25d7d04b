"""The server's end of a WebRTC call, by aiortc: one audio track each way and the data channel `oai-events`.

The only module of the server that imports aiortc; it is loaded with the first offer that comes.
"""

import asyncio
import contextlib
import logging
import re
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Final, Self

from aiortc import (
    RTCConfiguration,
    RTCDataChannel,
    RTCRtpSender,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from aiortc.sdp import SessionDescription
from av.audio.frame import AudioFrame

from realtime_typed._loopback_ice import host_addresses
from realtime_typed._peer_connection import PeerConnection
from realtime_typed._webrtc_audio import AudioReader, OutgoingAudioTrack
from realtime_typed.audio import Int16Array
from realtime_typed.errors import ConnectionClosed

from .lines import Line
from .media import OfferError
from .webrtc_channel import ChannelPeer

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.packet import Packet

__all__ = ["WebRtcConnection"]

_LABEL: Final = "oai-events"
_DEFAULT_MAX_MESSAGE: Final = 65_536  # RFC 8841 §6.1: what a peer takes that does not say
# Lines of an offer that are left out. Names of multicast DNS take seconds to look up, or for ever, and the client's
# checks show its addresses anyway; as for a client that sends no candidates at all, no list of them is complete.
_LEFT_OUT: Final = re.compile(r"^a=(?:end-of-candidates|candidate:.*\.local .*)\r?\n", re.MULTILINE)
_FIRST_CODEC: Final = re.compile(r"(?ms)^m=audio \d+ \S+ (?P<type>\d+).*?^a=rtpmap:(?P=type) (?P<name>\w+)/")

_logger = logging.getLogger("realtime_typed.local")


class _Track(OutgoingAudioTrack):
    """The model's audio, which can be made to stall."""

    _stalled_until = 0.0

    def stall(self, seconds: float) -> None:
        """Give no frame for so long."""
        self._stalled_until = max(self._stalled_until, asyncio.get_running_loop().time() + seconds)

    async def recv(self) -> "AudioFrame | Packet[AudioStream]":
        """Give the next frame when it is due; aiortc calls this."""
        while (left := self._stalled_until - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110  # a time, not an event: and it may move meanwhile
            await asyncio.sleep(left)
        return await super().recv()


class WebRtcConnection:
    """A `MediaConnection`; `answering` makes one.

    Args:
        max_message: The longest message that the client takes, in bytes; 0 for no limit.
    """

    def __init__(self, max_message: int) -> None:
        self._max_message = max_message
        self._connection = PeerConnection(RTCConfiguration(iceServers=[]), on_failure=self._failed)
        self._track = _Track(on_frame=self._frame_sent)
        self._heard: Callable[[Int16Array], None] | None = None
        self._sent: Callable[[int], None] | None = None
        self._peer: ChannelPeer | None = None
        self._changed = asyncio.Event()
        self._over = False
        self._tasks: set[asyncio.Task[None]] = set()

    @classmethod
    async def answering(cls, offer: str, address: str | None) -> Self:
        """Answer an offer.

        Args:
            offer: The SDP offer. It must have audio and a data channel; of several audio sections the first is used,
                video is turned down.
            address: The one address that takes media, `None` for all of the machine but loopback.

        Raises:
            OfferError: It cannot be answered.
        """
        made = cls(_read(offer))
        try:
            await made._answer(_LEFT_OUT.sub("", offer), address)
        except BaseException:
            await made.close()
            raise
        return made

    @property
    def answer(self) -> str:
        """The SDP answer."""
        return self._connection.localDescription.sdp

    @property
    def state(self) -> str:
        """The state by W3C's names."""
        return self._connection.connectionState

    def play(self, samples: Int16Array) -> None:
        """Queue audio for the track; after its end it is dropped."""
        with contextlib.suppress(ConnectionClosed):
            self._track.write_nowait(samples)

    def drop(self) -> None:
        """Throw away what the track has queued."""
        self._track.clear()

    def on_audio(self, heard: Callable[[Int16Array], None], sent: Callable[[int], None]) -> None:
        """As `MediaConnection`; the user's audio from before this call is not heard."""
        self._heard, self._sent = heard, sent

    def stall(self, seconds: float) -> None:
        """Send no audio for so long, not even silence."""
        self._track.stall(seconds)

    async def opened(self) -> Line:
        """Wait for the data channel.

        Raises:
            ConnectionClosed: The connection failed, or was closed.
        """
        while self._peer is None:
            if self._over:
                raise ConnectionClosed(1006, "the WebRTC connection ended before its data channel was open")
            self._changed.clear()
            await self._changed.wait()
        return self._peer

    async def close(self) -> None:
        """Close the channel, the tracks and the connection."""
        self._end()
        self._track.stop()
        await self._connection.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- signalling ------------------------------------------------------------------------------------------------

    async def _answer(self, offer: str, address: str | None) -> None:
        connection = self._connection
        connection.on("datachannel", self._on_channel)
        connection.on("connectionstatechange", self._on_state)
        connection.addTrack(self._track)
        (audio,) = connection.getTransceivers()
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        audio.setCodecPreferences(sorted(codecs, key=lambda codec: codec.mimeType.lower() != "audio/opus"))
        try:
            await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
            for other in connection.getTransceivers():
                if other is not audio:
                    other.direction = "inactive"
            answer = await connection.createAnswer()
        except Exception as error:  # aiortc raises whatever its parser trips over
            raise OfferError(f"The SDP offer cannot be answered: {str(error) or type(error).__name__}") from error
        codec = _FIRST_CODEC.search(answer.sdp)
        self._track.encode_opus = codec is not None and codec["name"].lower() == "opus"
        with contextlib.nullcontext() if address is None else host_addresses([address]):
            await connection.setLocalDescription(answer)
        self._begin_audio(audio)

    def _begin_audio(self, audio: RTCRtpTransceiver) -> None:
        if audio.currentDirection in ("sendrecv", "recvonly"):
            self._start(self._listen(audio.receiver.track))
        if audio.currentDirection not in ("sendrecv", "sendonly"):
            # The client does not want to hear the track, but responses are timed by it.
            self._start(self._discard())

    # --- what aiortc tells -----------------------------------------------------------------------------------------

    def _on_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != _LABEL or self._peer is not None:
            _logger.warning("a WebRTC client opened a data channel %r, which is not listened to", channel.label)
            return
        self._peer = ChannelPeer(channel, self._max_message, self._vanish)
        self._changed.set()

    def _failed(self, error: Exception) -> None:
        _logger.debug("a WebRTC connection failed: %r", error)
        self._end()

    def _on_state(self) -> None:
        if self.state in ("failed", "closed"):
            self._end()

    def _vanish(self) -> None:
        """Close the sockets, which nobody is told: neither by SCTP, nor by DTLS, nor by RTCP."""
        for transceiver in self._connection.getTransceivers():
            agent = transceiver.receiver.transport.transport._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # aiortc's public ways to end a connection all say goodbye
            for protocol in agent._protocols:  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # as above
                protocol.transport.abort()
        self._end()

    def _end(self) -> None:
        self._over = True
        self._changed.set()
        if self._peer is not None:
            self._peer.lost()

    # --- audio -----------------------------------------------------------------------------------------------------

    def _frame_sent(self, _: Int16Array, written: int) -> None:
        if written and self._sent is not None:
            self._sent(written)

    async def _listen(self, track: MediaStreamTrack) -> None:
        async for samples in AudioReader(track):
            if self._heard is not None:
                self._heard(samples)

    async def _discard(self) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                await self._track.recv()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work, name="realtime-typed local WebRTC audio")
        self._tasks.add(task)
        task.add_done_callback(self._stopped)

    def _stopped(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            _logger.error("the audio of a WebRTC call broke off", exc_info=error)
            self._end()


def _read(offer: str) -> int:
    """Check an offer, and read how long a message its sender takes.

    Raises:
        OfferError: It is no SDP, or lacks a section.
    """
    try:
        description = SessionDescription.parse(offer)
    except Exception as error:  # the parser raises what Python does: KeyError, AssertionError, ...
        raise OfferError("The SDP offer cannot be parsed.") from error
    media = [section for section in description.media if section.port]
    if not any(section.kind == "audio" for section in media):
        raise OfferError("The SDP offer has no audio section.")
    application = next((section for section in media if section.kind == "application"), None)
    if application is None:
        raise OfferError("The SDP offer has no data channel section (m=application).")
    capabilities = application.sctpCapabilities
    return _DEFAULT_MAX_MESSAGE if capabilities is None else capabilities.maxMessageSize
