"""One connection to the service: connect, send, and every event of both directions. Keeps no state of the session.

Most applications use `RealtimeClient`, which is made of this and the conversation. `RealtimeAPI` is for those that want
the events and nothing else.
"""

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Final, Literal

from ._connection import Connection
from ._endpoints import DEFAULT_BASE_URL, ApiKey, Endpoint, TokenProvider, identity_headers
from ._generated.realtime.params import ClientEventParam
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._keys import EphemeralKey, KeySource
from ._transport_factory import TransportChoice, TransportFactory
from ._version import __version__
from ._wire import UnknownEvent
from .codec import Codec, Dialect, EventTable, Validation
from .errors import ConnectionClosed
from .flow_control import HandlerPolicy, SendQueue
from .transports.webrtc_options import WebRtcOptions
from .transports.websocket_options import WebSocketOptions

if TYPE_CHECKING:
    from aiortc import MediaStreamTrack


__all__ = ["DEFAULT_BASE_URL", "DEFAULT_MODEL", "ApiKey", "RealtimeAPI", "TokenProvider", "TransportChoice"]

DEFAULT_MODEL: Final = "gpt-realtime"
_HANDLER_GRACE: Final = 5.0
_DIALECT_GRACE: Final = 3.0

_logger = logging.getLogger("realtime_typed.api")


class RealtimeAPI(Connection):
    """A connection to the Realtime API and its events.

    The events are `server.<type>` and `client.<type>` for each type, `server.*` and `client.*` for all of a side,
    `connection.state_changed`, `handler.error`, `events.dropped` and `close`.

    Args:
        api_key: The key, or a function that returns one, sync or async; it is asked at every connect. Default: the
            environment variable `OPENAI_API_KEY`.
        model: The model to talk to. Default `"gpt-realtime"`.
        base_url: Where the service is. Default `https://api.openai.com/v1`.
        transport: How to reach it: `"websocket"`, `"webrtc"` (extra `webrtc`), or a function that makes a `Transport`.
        validation: See `Codec`. An event that `"strict"` refuses is reported to the event loop's exception handler and
            skipped; the connection stays.
        dialect: What the service speaks: `"ga"`, the default, `"beta"`, or `"auto"` for whichever its first events
            tell; see `Codec`. The events are those of GA whatever it is. `"beta"` asks a WebSocket service for the
            beta dialect. With `"auto"`, `connect` waits until the service has told, 3 seconds at most.
        debug: Log every frame at level DEBUG to the logger `realtime_typed.api`, without keys, audio and images.
        call_id: Attach to a running WebRTC or SIP call instead of starting a session with `model`.
        intent: `"transcription"` starts a session that only transcribes, without a `model`. Default: a conversation.
        extra_headers: HTTP headers to add to the handshake.
        organization: Sent as `OpenAI-Organization`.
        project: Sent as `OpenAI-Project`.
        safety_identifier: Sent as `OpenAI-Safety-Identifier`.
        websocket: Sizes, timeouts, proxy and TLS of the WebSocket; see `WebSocketOptions`.
        webrtc: ICE servers, timeouts and buffers of a WebRTC connection; see `WebRtcOptions`.
        audio_track: Over WebRTC, a track of your own (of `aiortc`) to send instead of what `append_input_audio` gets.
        ephemeral_key: A short-lived key (`ek_…`), or a function (sync or async) that is asked for one at every connect,
            instead of `api_key`.
        fetch_ephemeral_key_url: A URL of yours that answers GET with `{"ephemeral_key": "…"}`, asked at every connect.
        fetch_ephemeral_key_headers: HTTP headers for it, to say who asks.
        dangerously_allow_api_key_in_browser: Take a standard API key in a browser's Python, for every visitor to read.
        azure_endpoint: An Azure resource, `https://RESOURCE.openai.azure.com`, instead of `base_url`; `api_key` is then
            sent as `api-key`, by default from `AZURE_OPENAI_API_KEY`.
        azure_deployment: The name of the deployment there, instead of `model`.
        azure_api_version: A version such as `"2025-04-01-preview"` for Azure's preview URLs; `None` for its GA URLs.
        azure_ad_token_provider: A function (sync or async) that gives a token of Microsoft Entra, instead of `api_key`.
        send_queue: How much may wait to be sent, and what happens then; see `SendQueue`.
        handlers: How handlers run, one at a time or several, and what may wait for them; see `HandlerPolicy`.

    Raises:
        ValueError: An argument is out of its range; the message names it.

    Attributes:
        event_table: The events that are known; `None` for those of this package. A class generated for another schema
            has its own.
    """

    event_table: ClassVar[EventTable[ServerEvent] | None] = None

    def __init__(
        self,
        *,
        api_key: ApiKey | None = None,
        model: str = DEFAULT_MODEL,
        base_url: str = DEFAULT_BASE_URL,
        transport: TransportChoice = "websocket",
        validation: Validation = "lenient",
        dialect: Dialect = "ga",
        debug: bool = False,
        call_id: str | None = None,
        intent: Literal["transcription"] | None = None,
        extra_headers: Mapping[str, str] | None = None,
        organization: str | None = None,
        project: str | None = None,
        safety_identifier: str | None = None,
        websocket: WebSocketOptions | None = None,
        webrtc: WebRtcOptions | None = None,
        audio_track: "MediaStreamTrack | None" = None,
        ephemeral_key: EphemeralKey | None = None,
        fetch_ephemeral_key_url: str | None = None,
        fetch_ephemeral_key_headers: Mapping[str, str] | None = None,
        dangerously_allow_api_key_in_browser: bool = False,
        azure_endpoint: str | None = None,
        azure_deployment: str | None = None,
        azure_api_version: str | None = None,
        azure_ad_token_provider: TokenProvider | None = None,
        send_queue: SendQueue | None = None,
        handlers: HandlerPolicy | None = None,
    ) -> None:
        beta = dialect == "beta"
        if azure_deployment is not None and azure_endpoint is None:
            raise ValueError("azure_deployment needs azure_endpoint")
        self.model: str = model if azure_deployment is None else azure_deployment
        self.attached_call_id: str | None = call_id
        self.intent: Literal["transcription"] | None = intent
        self._endpoint = Endpoint(
            base_url=base_url,
            api_key=api_key,
            azure_endpoint=azure_endpoint,
            azure_api_version=azure_api_version,
            azure_ad_token_provider=azure_ad_token_provider,
        )
        keys = KeySource(
            self._endpoint,
            ephemeral_key=ephemeral_key,
            fetch_ephemeral_key_url=fetch_ephemeral_key_url,
            fetch_ephemeral_key_headers=fetch_ephemeral_key_headers,
            dangerously_allow_api_key_in_browser=dangerously_allow_api_key_in_browser,
        )
        named = identity_headers(organization=organization, project=project, safety_identifier=safety_identifier)
        given = {name.lower() for name in extra_headers or {}}
        own = {"User-Agent": f"realtime-typed/{__version__}", **named}
        if beta:
            own["OpenAI-Beta"] = "realtime=v1"
        headers = {
            **{name: value for name, value in own.items() if name.lower() not in given},
            **(extra_headers or {}),
        }
        transports = TransportFactory(
            transport, self._endpoint, keys, headers, websocket=websocket, webrtc=webrtc, audio_track=audio_track
        )
        codec = Codec(validation, dialect=dialect, events=self.event_table)
        super().__init__(codec, transports, handlers=handlers, send_queue=send_queue, beta=beta, debug=debug)

    def __repr__(self) -> str:
        state = "connected" if self.is_connected() else "not connected"
        return f"<{type(self).__name__} {self._endpoint.host} model={self.model!r} {state}>"

    @property
    def call_id(self) -> str | None:
        """The call that is attached to, or that the open WebRTC connection began; `None` where there is none."""
        return self.attached_call_id if self._media is None else self._media.call_id

    async def connect(
        self,
        *,
        model: str | None = None,
        ephemeral_key: EphemeralKey | None = None,
        session: Mapping[str, object] | None = None,
    ) -> bool:
        """Open the connection.

        Args:
            model: The model to talk to from now on, instead of the one given before.
            ephemeral_key: The key for this connection, before all others.
            session: The session's configuration in the shape of GA, for a WebRTC call that is made with an API key;
                elsewhere it is ignored.

        Returns:
            `True`.

        Raises:
            RuntimeError: It is open already.
            ValueError: There is no key.
            ConnectError: The service cannot be reached or refused the handshake; `status` and `body` say how.
            EphemeralKeyError: The key could not be fetched. It is a `ConnectError`.
            ImportError: What the transport needs is not installed.
        """
        self.forget_ended_loop()
        if self.is_connected() or self._attempt.running or self._between:
            raise RuntimeError("already connected; call disconnect() first")
        if model is not None:
            self.model = model
        transport = await self._make_connection(session, ephemeral_key)
        try:
            await self._begin(transport)
        except BaseException:
            # A connect that raises leaves no connection behind.
            await self.disconnect()
            raise
        return True

    async def send(self, event: ClientEvent | ClientEventParam | UnknownEvent) -> None:
        """Send an event. Events go out in the order of the calls.

        Args:
            event: A model, a dict of the same shape, or an `UnknownEvent`, which is sent as it is.

        Raises:
            EventValidationError: A dict does not have the shape of its event (unless validation is `"off"`).
            MessageTooLargeError: The event is larger than a WebRTC connection's data channel carries.
            SendQueueFullError: So much waits to be sent that there is no room for it.
            ConnectionClosed: There is no connection, or it ended before the event was sent.
        """
        self.post(event)
        await self.flush()

    async def send_audio(self, audio: bytes) -> None:
        """Send `input_audio_buffer.append` by the short way.

        Args:
            audio: Audio in the session's input format, before base64.

        Raises:
            ConnectionClosed, SendQueueFullError: As in `send`.
        """
        self.post_audio(audio)
        await self.flush_audio()

    def post_audio(self, audio: bytes) -> None:
        """Put audio into the queue of what goes out; `flush_audio` sends it. Errors are those of `send_audio`."""
        self._outbox.post(self.codec.encode_audio(audio), None, len(audio))

    async def flush_audio(self) -> None:
        """As `flush`; but sound does not wait for a connection that is being made: whoever speaks does not either."""
        if not self._outbox.is_held:
            await self._outbox.flush()

    def post(self, event: ClientEvent | ClientEventParam | UnknownEvent | Mapping[str, object]) -> None:
        """Put an event into the queue of what goes out; `flush` sends it. Errors are those of `send`."""
        if not self.is_connected() and not self._between:
            raise ConnectionClosed(1006, "not connected; call connect() first")
        self._outbox.post(self.codec.encode(event), event)

    async def flush(self) -> None:
        """Send what waits in the queue, in order.

        Raises:
            ConnectionClosed: The connection ended; what was left of the queue is dropped with it.
        """
        await self._outbox.flush()
