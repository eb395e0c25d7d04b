"""A client of live translation sessions: speech in one language goes in, speech and text in another come out.

A session is told what to translate into and then only listens: there are no turns, items or responses. Source: the
endpoint `/v1/realtime/translations` and its events, `realtime_typed.translation`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self, TypeAlias, cast

from ._endpoints import DEFAULT_BASE_URL, ApiKey, Endpoint, has_credentials, identity_headers
from ._generated.translation.params import ClientEventParam, TranslationNoiseReductionParam
from ._generated.translation.registry import ClientEvent, ServerEvent
from ._generated.translation.server_events import ErrorEvent, SessionClosed, SessionCreated, SessionUpdated
from ._generated.translation.shared import TranslationNoiseReduction, TranslationSession
from ._generated.translation.typed_events import TranslationEvents
from ._redact import redact_frame
from ._version import __version__
from ._wire import UNSET, UnknownEvent, UnsetType
from .channels import EventStream
from .codec import Validation
from .errors import ConnectionClosed, ProtocolError
from .flow_control import HandlerPolicy
from .translation import TranslationCodec
from .transports import Transport
from .transports.websocket_options import WebSocketOptions
from .utility_events import CloseEvent

if TYPE_CHECKING:
    from .audio import Int16Array

__all__ = ["DEFAULT_TRANSLATION_MODEL", "FRAME_BYTES", "TranslationClient"]

DEFAULT_TRANSLATION_MODEL: Final = "gpt-realtime-translate"
FRAME_BYTES: Final = 24_000 * 2 * 200 // 1000
"""Bytes of one frame: 200 ms of 24 kHz PCM, 16 bits a sample, one channel."""

_HANDLER_GRACE: Final = 5.0
_logger = logging.getLogger("realtime_typed.translation")

_Transports: TypeAlias = Callable[[], Transport]


class TranslationClient(TranslationEvents):
    """A translation session, its events and its audio.

    ::

        async with TranslationClient() as client:
            client.on("session.output_transcript.delta", lambda event: print(event.delta, end=""))
            await client.update_session(language="es")
            async for chunk in microphone:
                await client.append_input_audio(chunk)

    The events are those of the service by their name, `*` for all of them, `handler.error`, `events.dropped` and
    `close`. Leaving the block normally ends the session with `close`, which waits for the last translation.

    Args:
        api_key: The key, or a function that returns one, sync or async; it is asked at every connect. Default: the
            environment variable `OPENAI_API_KEY`.
        model: The model that translates. Default `"gpt-realtime-translate"`.
        base_url: Where the service is. Default `https://api.openai.com/v1`.
        transport: A function that makes an unconnected transport of your own for every connect. Default a WebSocket.
        validation: See `Codec`. An event that `"strict"` refuses is reported to the event loop's exception handler and
            skipped; the connection stays.
        debug: Log every frame at level DEBUG to the logger `realtime_typed.translation`, without keys and audio.
        extra_headers: HTTP headers to add to the handshake.
        organization: Sent as `OpenAI-Organization`.
        project: Sent as `OpenAI-Project`.
        safety_identifier: Sent as `OpenAI-Safety-Identifier`.
        websocket: Sizes, timeouts, proxy and TLS of the WebSocket; see `WebSocketOptions`.
        handlers: How handlers run, one at a time or several, and what may wait for them; see `HandlerPolicy`.

    Raises:
        ValueError: An argument is out of its range; the message names it.
    """

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        model: str = DEFAULT_TRANSLATION_MODEL,
        base_url: str = DEFAULT_BASE_URL,
        transport: _Transports | None = None,
        validation: Validation = "lenient",
        debug: bool = False,
        extra_headers: Mapping[str, str] | None = None,
        organization: str | None = None,
        project: str | None = None,
        safety_identifier: str | None = None,
        websocket: WebSocketOptions | None = None,
        handlers: HandlerPolicy | None = None,
    ) -> None:
        super().__init__(handlers)
        self.codec: TranslationCodec = TranslationCodec(validation)
        self.model = model
        self.debug = debug
        self._endpoint = Endpoint(base_url=base_url, api_key=api_key)
        self._make = transport
        self._websocket_options = websocket
        named = identity_headers(organization=organization, project=project, safety_identifier=safety_identifier)
        own = {"User-Agent": f"realtime-typed/{__version__}", **named}
        given = {name.lower() for name in extra_headers or {}}
        self._headers = {name: value for name, value in own.items() if name.lower() not in given}
        self._headers |= extra_headers or {}
        self._transport: Transport | None = None
        self._reader: asyncio.Task[None] | None = None
        self._connecting = False
        self._closing = False
        self._send_lock = asyncio.Lock()
        self._audio = bytearray()
        self._session: TranslationSession | None = None

    def __repr__(self) -> str:
        state = "connected" if self.is_connected() else "not connected"
        return f"<{type(self).__name__} {self._endpoint.host} model={self.model!r} {state}>"

    @property
    def session(self) -> TranslationSession | None:
        """The session as the service reported it last; `None` until `session.created` came."""
        return self._session

    def is_connected(self) -> bool:
        """Whether the connection is open."""
        return self._transport is not None and not self._closing

    async def _make_transport(self) -> Transport:
        if self._make is not None:
            return self._make()
        url = self._endpoint.websocket(model=self.model, path="/realtime/translations")
        self._endpoint.require_safe(url)
        headers = dict(self._headers)
        if not has_credentials(headers):
            headers |= await self._endpoint.credentials()
        from .transports.websocket import WebSocketTransport

        return WebSocketTransport(url, headers=headers, options=self._websocket_options)

    async def connect(self) -> None:
        """Open the connection.

        Raises:
            RuntimeError: It is open already.
            ValueError: There is no API key.
            ConnectError: The service cannot be reached or refused the handshake; `status` and `body` say how.
        """
        if self._transport is not None or self._connecting:
            raise RuntimeError("already connected; call disconnect() first")
        self._connecting = True
        try:
            transport = await self._make_transport()
            await transport.connect()
        finally:
            self._connecting = False
        self._transport = transport
        self._closing = False
        self._session = None
        self._audio.clear()
        self._open_channels()
        self._reader = asyncio.create_task(self._read(transport), name="realtime-typed translation reader")

    async def disconnect(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection at once, whatever is still to be translated; does nothing when there is none.

        Args:
            code: The close code to send. Default 1000.
            reason: Why.
        """
        transport, reader = self._transport, self._reader
        if transport is not None:
            self._closing = True
            try:
                await transport.close(code, reason)
            finally:
                if reader is not None and reader is not asyncio.current_task():
                    reader.cancel()
                    await asyncio.gather(reader, return_exceptions=True)
                self._ended(transport, ConnectionClosed(code, reason, clean=True), expected=True)
        await self._settle_handlers(_HANDLER_GRACE)

    async def close(self, timeout: float = 10.0) -> None:
        """End the session in good order: send what is left of the audio, then `session.close`, and wait for the answer.

        The connection is closed in any case. Without one, nothing happens.

        Args:
            timeout: Seconds to wait for the last translation and `session.closed`. Default 10.

        Raises:
            TimeoutError: `session.closed` did not come in time.
            ConnectionClosed: The connection was lost before it came.
        """
        if not self.is_connected():
            return
        try:
            async with asyncio.timeout(timeout):
                await self.flush_input_audio()
                async with self.events["session.closed"].expect():
                    await self.send({"type": "session.close"})
        finally:
            await self.disconnect()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if exc is None:
            await self.close()
        else:
            await self.disconnect()

    def __aiter__(self) -> EventStream[ServerEvent | UnknownEvent]:
        """Iterate over every event of the service from now on, until the connection ends."""
        return self.events["*"].stream()

    async def send(self, event: ClientEvent | ClientEventParam | UnknownEvent) -> None:
        """Send an event. Events go out in the order of the calls.

        Args:
            event: A model, a dict of the same shape, or an `UnknownEvent`, which is sent as it is.

        Raises:
            EventValidationError: A dict does not have the shape of its event (unless validation is `"off"`).
            ConnectionClosed: There is no connection, or it ended before the event was sent.
        """
        await self._send_frames([self.codec.encode(cast("ClientEvent", event))])

    async def update_session(
        self,
        *,
        language: str | UnsetType = UNSET,
        transcription: str | UnsetType | None = UNSET,
        noise_reduction: TranslationNoiseReduction | TranslationNoiseReductionParam | UnsetType | None = UNSET,
    ) -> None:
        """Change the session; the service answers `session.updated`, or an `error`. What is not given stays.

        Args:
            language: ISO 639-1 code of the language to translate into, such as `"es"`.
            transcription: The model that writes down what the speaker said; `None` for no transcript.
            noise_reduction: `{"type": "near_field"}` or `{"type": "far_field"}`; `None` switches it off.

        Raises:
            EventValidationError: A value does not fit (unless validation is `"off"`).
            ConnectionClosed: There is no connection.
        """
        heard: dict[str, object] = {}
        if not isinstance(transcription, UnsetType):
            heard["transcription"] = None if transcription is None else {"model": transcription}
        if not isinstance(noise_reduction, UnsetType):
            heard["noise_reduction"] = noise_reduction
        audio: dict[str, object] = {"input": heard} if heard else {}
        if not isinstance(language, UnsetType):
            audio["output"] = {"language": language}
        await self._send_frames([self.codec.encode({"type": "session.update", "session": {"audio": audio}})])

    async def append_input_audio(self, audio: "bytes | bytearray | memoryview | Int16Array") -> None:
        """Send audio, in frames of 200 ms: what is left waits for the next call, `flush_input_audio` or `close`.

        It returns once the transport has taken the frames, so a slow line holds the caller back and nothing piles up.

        Args:
            audio: 24 kHz PCM, one channel: int16 samples, or little-endian bytes of them; of any length.

        Raises:
            TypeError: The samples are not 16-bit integers.
            ValueError: The bytes are no whole samples.
            ConnectionClosed: There is no connection.
        """
        if isinstance(audio, (bytes, bytearray, memoryview)):
            data = bytes(audio)
        elif str(getattr(audio, "dtype", "")) == "int16":
            data = audio.astype("<i2").tobytes()
        else:
            raise TypeError(
                f"audio must be bytes or int16 samples, got {getattr(audio, 'dtype', type(audio).__name__)}"
            )
        if len(data) % 2:
            raise ValueError(f"audio must be whole 16-bit samples, got {len(data)} bytes")
        self._require_connection()
        self._audio += data
        whole = len(self._audio) - len(self._audio) % FRAME_BYTES
        if whole:
            ready = bytes(self._audio[:whole])
            del self._audio[:whole]
            frames = range(0, whole, FRAME_BYTES)
            await self._send_frames([self.codec.encode_audio(ready[start : start + FRAME_BYTES]) for start in frames])

    async def flush_input_audio(self) -> None:
        """Send what is left of the audio as a frame of its own, padded with silence; for the end of a recording.

        Raises:
            ConnectionClosed: There is no connection.
        """
        if self._audio:
            rest = bytes(self._audio).ljust(FRAME_BYTES, b"\0")
            self._audio.clear()
            await self._send_frames([self.codec.encode_audio(rest)])

    def _require_connection(self) -> Transport:
        if self._transport is None or self._closing:
            raise ConnectionClosed(1006, "not connected; call connect() first")
        return self._transport

    async def _send_frames(self, frames: list[str]) -> None:
        transport = self._require_connection()
        async with self._send_lock:
            for frame in frames:
                if self._transport is not transport or self._closing:
                    raise ConnectionClosed(1006, "the connection ended before the event was sent")
                if self.debug:
                    _logger.debug("sent %s", redact_frame(frame))
                await transport.send(frame)

    async def _read(self, transport: Transport) -> None:
        """Take frames until the connection ends. Nothing that a frame or a handler does ends it earlier."""
        loop = asyncio.get_running_loop()
        closed = ConnectionClosed(1006, "the reader was stopped")
        finished = False
        try:
            while True:
                data = await transport.recv()
                if self.debug:
                    _logger.debug("received %s", redact_frame(data))
                try:
                    event = self.codec.decode(data)
                except ProtocolError as error:
                    loop.call_exception_handler({"message": "a frame of the service was skipped", "exception": error})
                    continue
                finished = finished or isinstance(event, SessionClosed)
                self._announce(event)
        except ConnectionClosed as error:
            closed = error
        except asyncio.CancelledError:
            raise
        except Exception as error:
            closed = ConnectionClosed(1006, f"{type(error).__name__} while receiving")
            loop.call_exception_handler({"message": "the reader failed", "exception": error})
        if not self._closing:
            expected = closed.clean or finished
            if not expected:
                _logger.warning("connection lost: code %d, reason %r", closed.code, closed.reason)
            await transport.close()
            self._ended(transport, closed, expected=expected)

    def _announce(self, event: ServerEvent | UnknownEvent) -> None:
        if isinstance(event, (SessionCreated, SessionUpdated)):
            # In the lenient modes a session may be whatever came instead.
            session = cast("object", event.session)
            self._session = session if isinstance(session, TranslationSession) else self._session
        elif isinstance(event, ErrorEvent):
            _logger.warning("the service reported an error: %s", event.error)
        # An unknown type is only text from outside, so it never becomes part of a channel's name.
        self._emit(event, *(() if isinstance(event, UnknownEvent) else (event.type,)), "*")

    def _ended(self, transport: Transport, closed: ConnectionClosed, *, expected: bool) -> None:
        if self._transport is transport:
            self._transport = self._reader = None
            self._closing = False
            self._close_channels(closed, expected=expected)
            self._emit(CloseEvent(closed.code, closed.reason, error=not expected), "close")
