"""How one connection follows another: making one, reading it, losing it, and making the next.

`RealtimeAPI` is what an application sees of it. A connection that is lost either ends everything, or is followed by
another that its owner makes: then nobody who waits or iterates is told, and what is sent meanwhile waits.
"""

import asyncio
import logging
import warnings
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Final, Literal, cast

from ._attempt import Attempt
from ._connection_hooks import ConnectionHooks
from ._keys import EphemeralKey
from ._outbox import Waiting, event_name
from ._redact import redact_frame
from ._transport_factory import ConnectTarget, MediaHooks, TransportFactory
from ._wire import wire_fields
from .codec import Codec
from .errors import ConnectionClosed, ProtocolError
from .flow_control import HandlerPolicy, SendQueue
from .transports import MediaTransport, Transport
from .utility_events import CloseEvent

__all__ = ["HANDLER_GRACE", "Connection"]

HANDLER_GRACE: Final = 5.0
_LOOP_END_GRACE: Final = 0.5
_DIALECT_GRACE: Final = 3.0
_BURST: Final = 0.01

_logger = logging.getLogger("realtime_typed.api")


class Connection(ConnectionHooks):
    """One connection after the other.

    Args:
        codec: Reads and writes frames.
        transports: Makes a transport for each.
        handlers: How handlers run, and what may wait for them.
        send_queue: How much may wait to be sent.
        beta: Whether the service is asked for the beta dialect.
        debug: Whether to log every frame.
    """

    model: str
    attached_call_id: str | None
    intent: Literal["transcription"] | None

    def __init__(
        self,
        codec: Codec,
        transports: TransportFactory,
        *,
        handlers: HandlerPolicy | None,
        send_queue: SendQueue | None,
        beta: bool,
        debug: bool,
    ) -> None:
        super().__init__(codec, handlers=handlers, send_queue=send_queue, debug=debug)
        self._transports = transports
        self._beta = beta
        self._transport: Transport | None = None
        self._media: MediaTransport | None = None
        self._reader: asyncio.Task[None] | None = None
        self._closing = False
        self._attempt = Attempt()
        # A transport whose `disconnect` was cancelled.
        self._left: Transport | None = None
        # Between the loss of a connection and the moment at which the one that follows may be used.
        self._between = False

    def is_connected(self) -> bool:
        """Whether the connection is open."""
        return self._transport is not None and not self._closing and not self._between

    @property
    def reconnects(self) -> bool:
        """Whether a connection that is lost may be followed by another, so that what is sent waits for that."""
        return self._outbox.reconnects

    @reconnects.setter
    def reconnects(self, may: bool) -> None:
        self._outbox.reconnects = may

    @property
    def is_reconnecting(self) -> bool:
        """Whether the connection was lost, and another is being made: what is sent meanwhile waits for that."""
        return self._between

    @property
    def media(self) -> MediaTransport | None:
        """The open connection, if it carries audio beside the events, as WebRTC does."""
        return None if self._closing else self._media

    async def _make_connection(
        self, session: Mapping[str, object] | None, ephemeral_key: EphemeralKey | None
    ) -> Transport:
        """Connect, and use it for nothing yet."""
        target = ConnectTarget(
            self.model, self.attached_call_id, self.intent, self._beta, session=session, ephemeral_key=ephemeral_key
        )
        hooks = MediaHooks(self._state_changed, self.on_input_frame, self.on_output_audio)
        try:
            return await self._attempt.run(self._open(target, hooks))
        except Exception:
            self._state_changed("failed")
            raise

    async def _open(self, target: ConnectTarget, hooks: MediaHooks) -> Transport:
        await self._close_left()
        transport = await self._transports.make(target, hooks)
        if not isinstance(transport, MediaTransport):
            self._state_changed("connecting")
        await transport.connect()
        return transport

    async def _begin(self, transport: Transport) -> None:
        """Send and receive over a connection that was made."""
        media = transport if isinstance(transport, MediaTransport) else None
        self.codec.restart()
        self._transport, self._media, self._closing = transport, media, False
        limit = None if media is None else media.max_message_size
        for waiting in self._outbox.open(transport, limit, restoring=self._between):
            _logger.warning("an event of type %r is too large for the new connection", event_name(waiting.event))
        if media is None and not self._between:
            self._state_changed("connected")
        if not self._between:
            self._open_channels()
        told = asyncio.Event()
        self._reader = asyncio.create_task(self._read(transport, told), name="realtime-typed reader")
        if self.codec.spoken is None:
            await self._wait_for_dialect(told, self._reader)

    # A connection that follows one that was lost.

    async def reopen(self, *, session: Mapping[str, object] | None, ephemeral_key: EphemeralKey | None) -> None:
        """Connect again while the connection is lost. Until `resume`, only `send_ahead` sends. Errors as `connect`."""
        await self._drop()
        await self._begin(await self._make_connection(session, ephemeral_key))

    def renews_keys(self, ephemeral_key: EphemeralKey | None) -> bool:
        """Whether the next connect may get another key than the last one; the key of a connect counts first."""
        return self._transports.renews_keys(ephemeral_key)

    async def replace(self, closed: ConnectionClosed) -> None:
        """End the open connection as if it had been lost: its owner makes another."""
        transport, reader = self._transport, self._reader
        if transport is not None and not self._closing and not self._between and self._lost(transport, closed):
            if reader is not None:
                reader.cancel()
            await transport.close()

    async def _drop(self) -> None:
        """Let go of a connection that could not be used."""
        transport, reader = self._transport, self._reader
        self._transport = self._media = self._reader = None
        self._outbox.hold()
        if reader is not None:
            reader.cancel()
        if transport is not None:
            self._left = transport
            await self._close_left()
        if reader is not None:
            await asyncio.wait({reader})

    async def send_ahead(self, event: object) -> None:
        """Send an event before all that wait. Errors as `send`."""
        await self._outbox.send_ahead(self.codec.encode(cast("Mapping[str, object]", event)), event)

    async def send_audio_ahead(self, audio: bytes) -> None:
        """Send input audio before all that waits. Errors as `send`."""
        await self._outbox.send_ahead(self.codec.encode_audio(audio), None)

    def resume(self) -> None:
        """The session is made anew: what waits can be sent, and is by the next `flush`."""
        self._between = False
        self._outbox.release()
        if self._media is None:
            self._state_changed("connected")

    def waiting(self) -> list[Waiting]:
        """What was not sent yet."""
        return self._outbox.waiting()

    async def give_up(self, closed: ConnectionClosed, *, expected: bool = False) -> None:
        """No connection follows the lost one: everybody is told so, as when it had ended with that one."""
        if self._between:
            try:
                await self._drop()
            finally:
                self._between = False
                self._finish(closed, expected=expected)

    async def _wait_for_dialect(self, told: asyncio.Event, reader: asyncio.Task[None]) -> None:
        """Wait until the service has told what it speaks, the connection has ended, or it is not worth the wait."""
        waiting = asyncio.create_task(told.wait())
        try:
            await asyncio.wait((waiting, reader), timeout=_DIALECT_GRACE, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()

    async def disconnect(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection; does nothing when there is none. Bounded in time.

        Args:
            code: The close code to send. Default 1000.
            reason: Why.
        """
        self.forget_ended_loop()
        await self._attempt.end()
        if self._between:
            await self.give_up(ConnectionClosed(code, reason, clean=True), expected=True)
        transport, reader = self._transport, self._reader
        if transport is None:
            await self._close_left()
            await self._settle_handlers(HANDLER_GRACE)
            return
        self._closing = True
        self._outbox.close()
        self._left = transport
        try:
            await transport.close(code, reason)
            self._left = None
        finally:
            if reader is not None and reader is not asyncio.current_task():
                reader.cancel()
            self._ended(transport, ConnectionClosed(code, reason, clean=True), expected=True)
        if reader is not None and reader is not asyncio.current_task():
            await asyncio.wait({reader})
        await self._settle_handlers(HANDLER_GRACE)

    async def _close_left(self) -> None:
        if (left := self._left) is not None:
            await left.close()
            self._left = None

    def forget_ended_loop(self) -> None:
        """Let go of a connection whose event loop was closed under it: nothing can be done with it any more."""
        transport, reader = self._transport, self._reader
        if transport is not None and reader is not None and reader.get_loop().is_closed():
            with suppress(RuntimeError):  # nobody of that loop can be told
                self._ended(transport, ConnectionClosed(1006, "its event loop was closed"), expected=False)

    def __del__(self) -> None:
        if getattr(self, "_transport", None) is not None:
            warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self, stacklevel=2)

    async def _loop_ends(self, transport: Transport) -> None:
        """The reader was cancelled by nobody here: the event loop is about to end, and takes all tasks along."""
        try:
            await transport.close()
        finally:
            self._ended(transport, ConnectionClosed(1006, "the event loop ended"), expected=False)
            await self._settle_handlers(_LOOP_END_GRACE)
            if self.on_loop_end is not None:
                await self.on_loop_end(_LOOP_END_GRACE)

    def _ended(self, transport: Transport, closed: ConnectionClosed, *, expected: bool) -> None:
        if self._transport is transport:
            self._finish(closed, expected=expected)

    def _finish(self, closed: ConnectionClosed, *, expected: bool) -> None:
        self._transport = None
        self._outbox.close()
        if self._media is None:
            self._state_changed("closed")
        self._media = None
        self._reader = None
        self._closing = False
        self._close_channels(closed, expected=expected)
        if self.on_closed is not None:
            self.on_closed(closed, expected)
        self._emit(CloseEvent(closed.code, closed.reason, error=not expected), "close")

    async def _read(self, transport: Transport, told: asyncio.Event) -> None:
        """Take frames until the connection ends. Nothing that a frame or a handler does ends it earlier."""
        receive, codec, decode = transport.recv, self.codec, self.codec.decode_all
        telling, expired = codec.spoken is None, False
        closed, busy = ConnectionClosed(1006, "the reader was stopped"), 0.0
        try:
            while True:
                if busy > _BURST:
                    # What comes in a flood never makes `receive` wait: timers, pings and other tasks get their turn.
                    busy = 0.0
                    await asyncio.sleep(0)
                data = await receive()
                began = perf_counter()
                if self.debug:
                    _logger.debug("received %s", redact_frame(data))
                try:
                    events = decode(data)
                except ProtocolError as error:
                    message = "a frame of the service was skipped"
                    asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})
                    events = ()
                self._count_received(data, len(events))
                if telling and codec.spoken is not None:
                    telling = False
                    told.set()
                for event in events:
                    expired = expired or (event.type == "error" and _is_expiry(event))
                    self._announce_received(event)
                busy += perf_counter() - began
        except ConnectionClosed as error:
            # WebRTC has no close codes, so the error that comes before says that it is the time limit.
            closed = ConnectionClosed(1001, "session_expired") if expired and error.clean else error
        except Exception as error:
            closed = ConnectionClosed(1006, f"{type(error).__name__} while receiving")
            asyncio.get_running_loop().call_exception_handler({"message": "the reader failed", "exception": error})
        except asyncio.CancelledError:
            if transport is self._transport and not self._closing:
                await self._loop_ends(transport)
            raise
        if not self._closing:
            if not closed.clean:
                _logger.warning("connection lost: code %d, reason %r", closed.code, closed.reason)
            await transport.close()
            if not self._lost(transport, closed):
                self._ended(transport, closed, expected=closed.clean)

    def _lost(self, transport: Transport, closed: ConnectionClosed) -> bool:
        """A connection has ended; say whether that is not the end of all."""
        if transport is not self._transport:
            return True
        if self.on_lost is None or self._closing or not self.on_lost(closed):
            return False
        self._transport = self._media = self._reader = None
        self._outbox.hold()
        if not self._between:
            self._between = True
            self._state_changed("reconnecting")
        return True


def _is_expiry(event: object) -> bool:
    return wire_fields(wire_fields(event).get("error")).get("code") == "session_expired"
