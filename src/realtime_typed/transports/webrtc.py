"""The WebRTC transport: events over a data channel, audio over a track, on aiortc.

This module must not know events, nor HTTP: it is handed a function that exchanges SDP. It keeps the promises that
aiortc does not: the end of a connection is noticed in time and told by a typed error, nothing outlives `close`, and
the incoming track is read whether or not somebody listens.

WebRTC has no close codes. The codes of `ConnectionClosed` are those that a WebSocket would give: 1000 when a side
closed in good order, 1006 when the connection was lost, 1009 when a message was too large.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiortc import MediaStreamTrack

from realtime_typed._webrtc_audio import OutgoingAudioTrack
from realtime_typed.errors import ConnectError, ConnectionClosed, MessageTooLargeError, TransportError
from realtime_typed.transports._fragments import FragmentError
from realtime_typed.transports._webrtc_answer import Answer, read_answer
from realtime_typed.transports._webrtc_exchange import exchange
from realtime_typed.transports._webrtc_inbox import Inbox
from realtime_typed.transports._webrtc_link import Link, LinkEvents
from realtime_typed.transports._webrtc_media import BorrowedTrack, RemoteAudio
from realtime_typed.transports.webrtc_options import ConnectionState, IceServer, IceState, SdpAnswer, WebRtcOptions

if TYPE_CHECKING:
    from realtime_typed.audio import Int16Array

__all__ = ["ConnectionState", "IceServer", "IceState", "SdpAnswer", "WebRtcOptions", "WebRtcTransport"]

_logger = logging.getLogger(__name__)


class WebRtcTransport:
    """One WebRTC connection; fulfils `Transport`.

    One task calls `recv`; any number may call `send`, and events leave in the order of the calls. Audio and events
    travel apart: what was sent first need not arrive first.

    Attributes:
        call_id: The service's id of the call, `None` before the SDP exchange or when the service gave none.
        input_track: The track that `write_audio` feeds; `None` when the application gave its own.
    """

    def __init__(
        self,
        exchange_sdp: Callable[[str], Awaitable[SdpAnswer]],
        *,
        hang_up: Callable[[str], Awaitable[None]] | None = None,
        options: WebRtcOptions | None = None,
        audio_track: MediaStreamTrack | None = None,
        loopback: bool = False,
        on_state: Callable[[ConnectionState, IceState], None] | None = None,
        on_input_frame: "Callable[[Int16Array, int], None] | None" = None,
        on_output_audio: "Callable[[Int16Array], None] | None" = None,
    ) -> None:
        """Prepare a connection; nothing is opened before `connect`.

        Args:
            exchange_sdp: Takes the offer to the service and brings the answer; raises `ConnectError` when it cannot.
            hang_up: Ends the call with this id. Default `None`: the service sees the connection end.
            options: Timeouts, servers and limits. Default `WebRtcOptions()`.
            audio_track: An audio track of aiortc to send instead of what `write_audio` gets. It is not stopped when
                the connection closes, so that it can be used for the next one.
            loopback: Whether loopback addresses are candidates too, which a service on this machine may need.
                Default `False`.
            on_state: Is told every state that is new, of the connection and of ICE.
            on_input_frame: Is told each frame that is sent, int16, shape `(480,)`, 24 kHz mono, and how many of its
                samples came from `write_audio`; the rest is silence. Not called for an `audio_track`.
            on_output_audio: Is handed the incoming audio piece by piece, int16, shape `(n,)`, 24 kHz mono.

        Raises:
            ValueError: `audio_track` is not an audio track.
        """
        if audio_track is not None and audio_track.kind != "audio":
            raise ValueError(f"audio_track is a {audio_track.kind} track; give one of kind 'audio'")
        self._options = options or WebRtcOptions()
        self._exchange_sdp = exchange_sdp
        self._hang_up = hang_up
        self._loopback = loopback
        self._on_state = on_state
        self.call_id: str | None = None
        self.input_track: OutgoingAudioTrack | None = None
        self._sent_track: MediaStreamTrack
        if audio_track is None:
            self._sent_track = self.input_track = OutgoingAudioTrack(
                max_seconds=self._options.input_buffer_seconds,
                overflow=self._options.input_overflow,
                on_frame=on_input_frame,
            )
        else:
            self._sent_track = BorrowedTrack(audio_track)
        self._remote = RemoteAudio(on_output_audio)
        self._inbox = Inbox(self._options.max_message_bytes)
        self._sdp = ""
        self._answer: Answer | None = None
        self._link: Link | None = None
        self._opening: asyncio.Task[None] | None = None
        self._opened: asyncio.Future[None] | None = None
        self._closed = False
        self._ended: ConnectionClosed | None = None
        self._shutting: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        if self._closed or self._ended is not None:
            state = "closed"
        elif self._opened is not None:
            state = "open" if self._opened.done() else "connecting"
        else:
            state = "new"
        return f"<WebRtcTransport {self.call_id or 'without call id'} {state}>"

    @property
    def name(self) -> str:
        """`"webrtc"`."""
        return "webrtc"

    @property
    def max_message_size(self) -> int | None:
        """The longest event that can be sent, in bytes; `None` without bound, and until the service has answered."""
        return None if self._answer is None else self._answer.max_message_size

    @property
    def sends_own_track(self) -> bool:
        """Whether the application gave its own `audio_track`, so that `write_audio` has none to write to."""
        return self.input_track is None

    @property
    def commit_delay(self) -> float:
        """Seconds that audio needs to arrive after it was sent, longer than an event that is sent after it."""
        return self._options.commit_delay

    @property
    def remote_audio_track(self) -> MediaStreamTrack:
        """The service's audio, for one reader of your own, such as aiortc's `MediaRecorder`.

        It is a view of the track: its reader takes nothing from `on_output_audio`. It holds audio from the first
        `recv` on, 30 s at most. Always the same, until it is stopped; for several readers use aiortc's `MediaRelay`.
        """
        return self._remote.track

    # --- connecting --------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        """Gather candidates, exchange SDP, and wait until the data channel is open.

        Raises:
            ConnectError: The service refused, its answer cannot be used, no path to it was found, it did not open the
                channel, all that took longer than `connect_timeout`, or `close` was called meanwhile. The message says
                which step it was.
            RuntimeError: The transport was connected, or closed, before.
        """
        if self._opening is not None or self._closed:
            raise RuntimeError("connect() or close() was called before; make a new transport for a new connection")
        self._opened = asyncio.get_running_loop().create_future()
        # A task of its own, so that close() can end an attempt that hangs.
        opening = self._opening = asyncio.create_task(self._open(), name="realtime-typed webrtc connect")
        try:
            await opening
        except asyncio.CancelledError:
            if opening.done() and not opening.cancelled() and opening.exception() is None:
                # It succeeded in the moment of the cancellation.
                self._give_up("connect() was cancelled")
                await self._shut_down()
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
        else:
            return
        raise ConnectError("close() was called while connecting")

    async def _open(self) -> None:
        stage = "gathering ICE candidates did not end"
        limit = asyncio.timeout(self._options.connect_timeout)
        try:
            async with limit:
                self._link = link = Link(
                    self._options,
                    self._sent_track,
                    self._remote,
                    loopback=self._loopback,
                    events=LinkEvents(self._open_now, self._take, self._end, self._tell_state),
                )
                offer = await link.offer()
                stage = "the SDP exchange did not end"
                patience = self._options.close_timeout / 3
                await exchange(self._exchange_sdp, offer, patience=patience, answered=self._answered)
                answer = self._answer = read_answer(self._sdp)
                if self.input_track is not None:
                    self.input_track.encode_opus = answer.opus
                stage = ""
                await link.accept(answer)
                assert self._opened is not None
                await asyncio.shield(self._opened)
        except BaseException as error:
            if not stage and self._link is not None:
                stage = self._link.stage()
            self._give_up("the connection was never established")
            await self._shut_down()
            if isinstance(error, TimeoutError) and limit.expired():
                seconds = self._options.connect_timeout
                raise ConnectError(f"no connection within {seconds:g} s: {stage}") from None
            if isinstance(error, ConnectionClosed):
                raise ConnectError(f"no connection: {error.reason}") from None
            raise

    def _answered(self, answer: SdpAnswer) -> None:
        self._sdp, self.call_id = answer.sdp, answer.call_id

    def _open_now(self) -> None:
        if self._opened is not None and not self._opened.done():
            self._opened.set_result(None)

    def _give_up(self, reason: str) -> None:
        self._closed = True
        self._end(ConnectionClosed(1006, reason))

    # --- events ------------------------------------------------------------------------------------------------

    async def send(self, data: str) -> None:
        """Send one event; waits while the connection is being made, and while much waits to be sent.

        Args:
            data: One event as JSON text.

        Raises:
            MessageTooLargeError: It is longer than `max_message_size`; nothing is sent and the connection stays open.
            ConnectionClosed: The connection is closed, or could not be made, also when that happens during the wait.
            RuntimeError: `connect()` was not called.
            UnicodeEncodeError: The text holds a lone surrogate; nothing is sent and the connection stays open.
        """
        self._check()
        async with self._turn:  # fair: who waits here is not overtaken
            if self._opened is not None and not self._opened.done():
                await asyncio.wait({self._opened})
            self._check()
            link = self._link
            assert link is not None  # the channel is open
            limit = self.max_message_size
            # A character has four bytes at most; a lone surrogate is refused here, not in the midst of aiortc.
            if limit is None or 4 * len(data) > limit:
                size = len(data.encode())
                if limit is not None and size > limit:
                    raise MessageTooLargeError(size, limit)
            while link.full:
                await link.wait_for_room()
                self._check()
            link.send(data)

    async def recv(self) -> str | bytes:
        """Wait for the next event. One task at a time; a cancelled call loses none.

        Returns:
            The event, as text or as its UTF-8 bytes, without the envelope that some services put around it.

        Raises:
            ConnectionClosed: The connection is closed and every event that came before was handed out.
            RuntimeError: `connect()` was not awaited, or another task waits already.
        """
        return await self._inbox.get(self._check)

    def _take(self, message: str | bytes) -> None:
        if self._ended is not None:
            return
        try:
            self._inbox.put(message)
        except FragmentError as error:
            self._end(ConnectionClosed(1009, str(error)))

    def _check(self) -> None:
        """Raise when nothing can be sent or received."""
        if self._ended is not None:
            # A new one each time: the traceback of one would grow with every raise.
            raise ConnectionClosed(self._ended.code, self._ended.reason, clean=self._ended.clean)
        if self._opening is None:
            raise RuntimeError("the transport is not connected; await connect() first")

    def _tell_state(self, connection: ConnectionState, ice: IceState) -> None:
        try:
            if self._on_state is not None:
                self._on_state(connection, ice)
        except Exception:  # it is called in the midst of aiortc, which would break
            _logger.exception("on_state failed")

    # --- audio -------------------------------------------------------------------------------------------------

    async def write_audio(self, samples: "Int16Array") -> None:
        """Append audio to what is sent; waits for room, or drops the oldest, by `input_overflow`.

        Args:
            samples: int16, shape `(n,)`, mono at 24 kHz.

        Raises:
            ConnectionClosed: The connection is closed, also when that happens while it waits for room.
            TransportError: The service's answer does not take our audio.
            RuntimeError: The application gave its own `audio_track`, or `connect()` was not called.
        """
        track = self._own_track()
        self._check()
        if self._answer is not None and not self._answer.takes_audio:
            raise TransportError("the service takes no audio: its answer does not receive our track")
        try:
            await track.write(samples)
        except ConnectionClosed:
            self._check()  # says why
            raise

    async def drain_audio(self) -> None:
        """Wait until all audio written before is sent, or thrown away, or the connection has ended.

        Raises:
            RuntimeError: The application gave its own `audio_track`.
        """
        await self._own_track().drained()

    def clear_audio(self) -> None:
        """Throw away the audio that was written and not sent yet.

        Raises:
            RuntimeError: The application gave its own `audio_track`.
        """
        self._own_track().clear()

    def _own_track(self) -> OutgoingAudioTrack:
        if self.input_track is None:
            raise RuntimeError("the audio comes from the application's own audio_track; it cannot be written to")
        return self.input_track

    # --- the end -----------------------------------------------------------------------------------------------

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Hang up and close the connection, or end an attempt to connect; returns within about `close_timeout`.

        Safe at any time and more than once. A `recv` that waits ends with `ConnectionClosed`. Events that were sent
        just before still go out, if the connection lets them.

        Args:
            code: What `recv` and `send` raise on this side from now on; WebRTC carries no code. Default 1000.
            reason: Likewise.
        """
        self._closed = True
        if self._opening is not None and not self._opening.done():
            self._opening.cancel()
            await asyncio.wait({self._opening})
        self._end(ConnectionClosed(code, reason, clean=code == 1000))
        await self._shut_down()

    def _end(self, closed: ConnectionClosed) -> None:
        if self._ended is not None:
            return
        self._ended = closed
        self._inbox.wake()
        if self._link is not None:
            self._link.wake()
        if self.input_track is not None:
            self.input_track.stop()
        if self._opened is not None and not self._opened.done():
            self._opened.set_exception(closed)
            self._opened.exception()  # it may be that nobody waits for it
        elif self._link is not None:
            # Not left to close(): aiortc's decoder is a thread that keeps the process from ending.
            self._start_shutting(self._link)

    def _start_shutting(self, link: Link) -> asyncio.Task[None]:
        if self._shutting is None:
            self._shutting = asyncio.create_task(self._take_down(link), name="realtime-typed webrtc shutdown")
        return self._shutting

    async def _shut_down(self) -> None:
        """Wait for everything to be taken down, as long as that may take."""
        if self._link is not None:
            await asyncio.wait({self._start_shutting(self._link)}, timeout=self._options.close_timeout)

    async def _take_down(self, link: Link) -> None:
        # Three steps share the time: what was sent last, the hang-up, and aiortc.
        share = self._options.close_timeout / 3
        try:
            if self._closed and self._ended is not None and self._ended.code != 1006:
                await link.flush(share / 2)
            await self._end_call(share)
        finally:
            await link.close(share)

    async def _end_call(self, timeout: float) -> None:
        if self.call_id is None or self._hang_up is None or not self._options.hang_up:
            return
        try:
            async with asyncio.timeout(timeout):
                await self._hang_up(self.call_id)
        except Exception as error:  # the call ends all the same when the connection does
            _logger.debug("hanging up failed: %s", type(error).__name__)
