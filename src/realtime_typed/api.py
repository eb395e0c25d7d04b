"""One connection to the service: connect, send, and every event of both directions. Keeps no state of the session.

Most applications use `RealtimeClient`, which is made of this and the conversation. `RealtimeAPI` is for those that want
the events and nothing else.
"""

import asyncio
import inspect
import ipaddress
import logging
import os
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Literal, TypeAlias, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ._generated.realtime.params import ClientEventParam
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.typed_events import RealtimeAPIEvents
from ._redact import redact_frame
from ._version import __version__
from ._wire import UnknownEvent, WireModel
from .codec import Codec, Validation, recall_client_event
from .errors import ConnectionClosed, ProtocolError
from .transports import Transport
from .transports.websocket_options import WebSocketOptions
from .utility_events import CloseEvent

__all__ = ["ApiKey", "RealtimeAPI", "TransportChoice"]

ApiKey: TypeAlias = str | Callable[[], str | Awaitable[str]]
"""A key, or a function (sync or async) that is asked for one at every connect."""

TransportChoice: TypeAlias = Literal["websocket"] | Callable[[], Transport]
"""`"websocket"`, or a function that makes an unconnected transport of your own for every connect."""

DEFAULT_BASE_URL: Final = "https://api.openai.com/v1"
DEFAULT_MODEL: Final = "gpt-realtime"
_SCHEMES: Final = {"https": "wss", "http": "ws", "wss": "wss", "ws": "ws"}
_HANDLER_GRACE: Final = 5.0
_APPEND: Final = "input_audio_buffer.append"

_logger = logging.getLogger("realtime_typed.api")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def websocket_url(base_url: str, query: Mapping[str, str]) -> str:
    """Make the WebSocket URL of a service.

    Args:
        base_url: `https://host/v1` or `wss://host/v1/realtime` and the like; its own query is kept.
        query: Parameters to add; they replace those of the same name.

    Raises:
        ValueError: The URL has another scheme, no host, or credentials inside.
    """
    parts = urlsplit(base_url.strip())
    # Before everything else: an error that shows the URL must not show a password.
    if parts.username is not None or parts.password is not None:
        raise ValueError("base_url must not hold credentials; pass the key as api_key")
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ValueError(f"base_url must be an http(s) or ws(s) URL such as {DEFAULT_BASE_URL!r}, got {base_url!r}")
    path = parts.path.rstrip("/")
    if not path.endswith("/realtime"):
        path += "/realtime"
    merged = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **query}
    return urlunsplit((_SCHEMES[parts.scheme], parts.netloc, path, urlencode(merged), ""))


class RealtimeAPI(RealtimeAPIEvents):
    """A connection to the Realtime API and its events.

    The events are `server.<type>` and `client.<type>` for each type, `server.*` and `client.*` for all of a side, and
    `close`.

    Args:
        api_key: The key, or a function that returns one, sync or async; it is asked at every connect. Default: the
            environment variable `OPENAI_API_KEY`.
        model: The model to talk to. Default `"gpt-realtime"`.
        base_url: Where the service is. Default `https://api.openai.com/v1`.
        transport: How to reach it: `"websocket"`, or a function that makes a `Transport`.
        validation: See `Codec`. An event that `"strict"` refuses is reported to the event loop's exception handler and
            skipped; the connection stays.
        debug: Log every frame at level DEBUG to the logger `realtime_typed.api`, without keys, audio and images.
        call_id: Attach to a running WebRTC or SIP call instead of starting a session with `model`.
        extra_headers: HTTP headers to add to the handshake.
        organization: Sent as `OpenAI-Organization`.
        project: Sent as `OpenAI-Project`.
        safety_identifier: Sent as `OpenAI-Safety-Identifier`.
        websocket: Sizes, timeouts, proxy and TLS of the WebSocket; see `WebSocketOptions`.

    Raises:
        ValueError: An argument is out of its range; the message names it.
    """

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        model: str = DEFAULT_MODEL,
        base_url: str = DEFAULT_BASE_URL,
        transport: TransportChoice = "websocket",
        validation: Validation = "lenient",
        debug: bool = False,
        call_id: str | None = None,
        extra_headers: Mapping[str, str] | None = None,
        organization: str | None = None,
        project: str | None = None,
        safety_identifier: str | None = None,
        websocket: WebSocketOptions | None = None,
    ) -> None:
        super().__init__()
        if transport != "websocket" and not callable(transport):
            raise ValueError(f"transport must be 'websocket' or a function that makes a Transport, got {transport!r}")
        self.codec: Codec = Codec(validation)
        self.model: str = model
        self.call_id = call_id
        self.debug = debug
        self._base_url = base_url
        self._api_key = api_key
        self._transport_choice: TransportChoice = transport
        self._websocket_options = websocket
        named = {
            "OpenAI-Organization": organization,
            "OpenAI-Project": project,
            "OpenAI-Safety-Identifier": safety_identifier,
        }
        given = {name.lower() for name in extra_headers or {}}
        own = {"User-Agent": f"realtime-typed/{__version__}", **named}
        self._headers = {
            **{name: value for name, value in own.items() if value is not None and name.lower() not in given},
            **(extra_headers or {}),
        }
        websocket_url(base_url, {})
        self._transport: Transport | None = None
        self._reader: asyncio.Task[None] | None = None
        self._connecting = False
        self._closing = False
        self._outbox: deque[tuple[str, object]] = deque()
        self._posted = 0
        self._sent = 0
        self._send_lock = asyncio.Lock()
        # What the client that owns this connection does with events before any handler sees them.
        self.on_server_event: Callable[[ServerEvent | UnknownEvent], None] | None = None
        self.on_client_event: Callable[[Callable[[], ClientEvent | UnknownEvent]], None] | None = None
        self.on_closed: Callable[[ConnectionClosed, bool], None] | None = None

    def __repr__(self) -> str:
        state = "connected" if self.is_connected() else "not connected"
        return f"<{type(self).__name__} {urlsplit(self._base_url).hostname} model={self.model!r} {state}>"

    def is_connected(self) -> bool:
        """Whether the connection is open."""
        return self._transport is not None and not self._closing

    async def _key(self) -> str:
        given = self._api_key
        key: object = given
        if given is None:
            key = os.environ.get("OPENAI_API_KEY")
            if key is None:
                raise ValueError("there is no API key: pass api_key=…, or set OPENAI_API_KEY")
        elif not isinstance(given, str):
            key = given()
            if inspect.isawaitable(key):
                key = await key
        if not isinstance(key, str):
            raise TypeError(f"the API key must be a string, got {type(key).__name__}")
        key = key.strip()
        if not key or any(character.isspace() for character in key):
            raise ValueError("the API key is empty or holds white space inside")
        return key

    async def _make_transport(self) -> Transport:
        if callable(self._transport_choice):
            return self._transport_choice()
        query = {"call_id": self.call_id} if self.call_id is not None else {"model": self.model}
        url = websocket_url(self._base_url, query)
        parts = urlsplit(url)
        if parts.scheme == "ws" and not _is_loopback(parts.hostname or ""):
            raise ValueError(
                f"a key must not travel unencrypted: base_url must begin with https:// or wss:// for {parts.hostname!r}"
            )
        headers = dict(self._headers)
        if not {name.lower() for name in headers} & {"authorization", "api-key"}:
            headers["Authorization"] = f"Bearer {await self._key()}"
        from .transports.websocket import WebSocketTransport

        return WebSocketTransport(url, headers=headers, options=self._websocket_options)

    async def connect(self, *, model: str | None = None) -> bool:
        """Open the connection.

        Args:
            model: The model to talk to from now on, instead of the one given before.

        Returns:
            `True`.

        Raises:
            RuntimeError: It is open already.
            ValueError: There is no API key.
            ConnectError: The service cannot be reached or refused the handshake; `status` and `body` say how.
        """
        if self.is_connected() or self._connecting:
            raise RuntimeError("already connected; call disconnect() first")
        if model is not None:
            self.model = model
        self._connecting = True
        try:
            transport = await self._make_transport()
            await transport.connect()
        finally:
            self._connecting = False
        self._transport = transport
        self._closing = False
        self._outbox.clear()
        self._sent = self._posted
        self._open_channels()
        self._reader = asyncio.create_task(self._read(transport), name="realtime-typed reader")
        return True

    async def disconnect(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection; does nothing when there is none. Bounded in time.

        Args:
            code: The close code to send. Default 1000.
            reason: Why.
        """
        transport, reader = self._transport, self._reader
        if transport is None:
            await self._settle_handlers(_HANDLER_GRACE)
            return
        self._closing = True
        try:
            await transport.close(code, reason)
        finally:
            if reader is not None and reader is not asyncio.current_task():
                reader.cancel()
                await asyncio.gather(reader, return_exceptions=True)
            self._ended(transport, ConnectionClosed(code, reason, clean=True), expected=True)
        await self._settle_handlers(_HANDLER_GRACE)

    def _ended(self, transport: Transport, closed: ConnectionClosed, *, expected: bool) -> None:
        if self._transport is not transport:
            return
        self._transport = None
        self._reader = None
        self._closing = False
        self._close_channels(closed, expected=expected)
        if self.on_closed is not None:
            self.on_closed(closed, expected)
        self._emit(CloseEvent(closed.code, closed.reason, error=not expected), "close")

    async def _read(self, transport: Transport) -> None:
        """Take frames until the connection ends. Nothing that a frame or a handler does ends it earlier."""
        receive, decode = transport.recv, self.codec.decode
        closed = ConnectionClosed(1006, "the reader was stopped")
        try:
            while True:
                data = await receive()
                if self.debug:
                    _logger.debug("received %s", redact_frame(data))
                try:
                    event = decode(data)
                except ProtocolError as error:
                    self._report_frame(error)
                    continue
                if self.on_server_event is not None:
                    self.on_server_event(event)
                if self._channels:
                    # An unknown type is only text from outside, so it never becomes part of a channel's name.
                    known = () if isinstance(event, UnknownEvent) else (f"server.{event.type}",)
                    self._emit(event, *known, "server.*")
        except ConnectionClosed as error:
            closed = error
        except asyncio.CancelledError:
            raise
        except Exception as error:
            closed = ConnectionClosed(1006, f"{type(error).__name__} while receiving")
            asyncio.get_running_loop().call_exception_handler({"message": "the reader failed", "exception": error})
        if not self._closing:
            if not closed.clean:
                _logger.warning("connection lost: code %d, reason %r", closed.code, closed.reason)
            await transport.close()
            self._ended(transport, closed, expected=closed.clean)

    def _report_frame(self, error: ProtocolError) -> None:
        message = "a frame of the service was skipped"
        asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})

    async def send(self, event: ClientEvent | ClientEventParam | UnknownEvent) -> None:
        """Send an event. Events go out in the order of the calls.

        Args:
            event: A model, a dict of the same shape, or an `UnknownEvent`, which is sent as it is.

        Raises:
            EventValidationError: A dict does not have the shape of its event (unless validation is `"off"`).
            ConnectionClosed: There is no connection, or it ended before the event was sent.
        """
        self.post(event)
        await self.flush()

    async def send_audio(self, audio: bytes) -> None:
        """Send `input_audio_buffer.append` by the short way.

        Args:
            audio: Audio in the session's input format, before base64.

        Raises:
            ConnectionClosed: As in `send`.
        """
        self._require_connection()
        self._outbox.append((self.codec.encode_audio(audio), None))
        self._posted += 1
        await self.flush()

    def post(self, event: ClientEvent | ClientEventParam | UnknownEvent | Mapping[str, object]) -> None:
        """Put an event into the queue of what goes out; `flush` sends it. Errors are those of `send`."""
        self._require_connection()
        frame = self.codec.encode(event)
        self._outbox.append((frame, event))
        self._posted += 1

    def _require_connection(self) -> None:
        if not self.is_connected():
            raise ConnectionClosed(1006, "not connected; call connect() first")

    async def flush(self) -> None:
        """Send what waits in the queue, in order.

        Raises:
            ConnectionClosed: The connection ended; what was left of the queue is dropped with it.
        """
        wanted = self._posted
        async with self._send_lock:
            while self._outbox:
                transport = self._transport
                if transport is None or self._closing:
                    break
                frame, event = self._outbox.popleft()
                # Counted before the wait: a cancelled sender has handed its frame over all the same.
                self._sent += 1
                if self.debug:
                    _logger.debug("sent %s", redact_frame(frame))
                await transport.send(frame)
                self._announce(frame, event)
            if self._sent < wanted:
                raise ConnectionClosed(1006, "the connection ended before the event was sent")

    def _announce(self, frame: str, event: object) -> None:
        """Tell listeners what was sent; the event is made only if there are any."""
        name = _APPEND if event is None else cast("str", getattr(event, "type", None) or _type_of(event))

        def make() -> ClientEvent | UnknownEvent:
            if isinstance(event, (WireModel, UnknownEvent)):
                return cast("ClientEvent | UnknownEvent", event)
            return recall_client_event(frame)

        if self.on_client_event is not None:
            self.on_client_event(make)
        if self._channels and not self._channels.keys().isdisjoint((f"client.{name}", "client.*")):
            self._emit(make(), f"client.{name}", "client.*")


def _type_of(event: object) -> object:
    return cast("Mapping[str, object]", event)["type"]
