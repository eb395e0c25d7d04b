"""`LocalServer`: the Realtime API on this machine, for tests, demos and development without a network."""

import asyncio
import ipaddress
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from pydantic_core import to_json

from realtime_typed.audio import duration_ms
from realtime_typed.errors import ConnectError
from realtime_typed.transports.memory import MemoryTransport, memory_pair

from .access import HttpError, Keys
from .calls import LocalCall, new_webhook_secret
from .fault_state import ArmedFault, FaultySession, FiredFault
from .faults import Fault
from .gateway import DEFAULT_MODEL, Gateway
from .hub import Hub
from .lines import MemoryLine
from .media import MediaConnection
from .quirks import Quirk, checked
from .responder import EchoResponder, Responder, UserAudio
from .response import AudioPace
from .session import LocalSession
from .settings import SessionSettings
from .translation import TranslationSession
from .translator import EchoTranslator, TranslationSettings, Translator

if TYPE_CHECKING:
    from .asgi import HttpServer

__all__ = ["LocalServer"]

_SIP_HEADERS: Final = (
    ("From", "<sip:+15550100@sip.example.com>;tag=local"),
    ("To", "<sip:proj_local@sip.api.openai.com;transport=tls>"),
    ("Call-ID", "local-call"),
)


def _transcribe(audio: UserAudio) -> str:
    return f"({duration_ms(audio.samples, audio.rate) / 1000:.1f} s of speech)"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


class LocalServer:
    """An embedded Realtime server: an async context manager, used once.

    It speaks the GA protocol over WebSocket and WebRTC on a port of this machine, and over memory (`memory_transport`):
    realtime, transcription and translation sessions, client secrets, WebRTC calls, and SIP calls without media. Events
    and bodies are validated as strictly as the service does; answers come from a `Responder`, a `Translator` and
    `transcribe`.

    ::

        async with LocalServer() as server:
            client = RealtimeClient(base_url=server.base_url, api_key=server.api_key)

    Args:
        host: The address to bind. Default 127.0.0.1, which other machines cannot reach; another than one of loopback
            needs `dangerously_expose_to_network`.
        port: The port to bind. Default 0: the system chooses one.
        api_key: The key that clients must show. `None` (default) makes a random one, `sk-local-…`.
        responder: Says what to answer. Default an `EchoResponder`.
        transcribe: Makes the transcript of user audio, where a session asks for transcription. Default says how long
            the audio is.
        translator: Says what a translation session answers. Default an `EchoTranslator`.
        beta: Whether clients that ask for the beta dialect, by the header `OpenAI-Beta: realtime=v1` or by the
            subprotocol, get it. Default no, as at OpenAI: they get an `error` with code `beta_api_shape_disabled` and
            close code 4000. With it the beta endpoints for sessions exist too.
        answer_sdp: Answers the SDP offer of `POST /v1/realtime/calls`, for tests of signalling: the call's session
            begins, but the server carries no media. Default `None`: the server carries it, with the extra `webrtc`;
            without the extra such a request is answered with 501.
        webhook_secret: Signs the webhooks of `incoming_call`: base64 after `whsec_`. `None` (default) makes a random
            one.
        audio_speed: How fast a response's audio is sent, 1.0 being real time. `None` (default): as fast as the client
            reads.
        audio_delta_ms: How much audio one delta of a response carries. Default 100; recordings of the service average
            250.
        max_session_seconds: When a session ends with `session_expired` and close code 1001. Default 3600.
        voice: The voice that new sessions have. Default `alloy`.
        rate_limits: Limits a minute by name (`requests`, `tokens`); with them each response sends
            `rate_limits.updated`. They refuse nothing. Default `None`: no such event, as in recordings of the service.
        max_items: How many items a conversation keeps; beyond it the oldest goes. Default 2000.
        max_audio_seconds: How much audio the input buffer and the conversation keep each. Default 900.
        max_queue: How many frames may wait for a client that does not read, before its responses do. Default 256.
        max_calls: How many WebRTC calls there may be at once; one more is answered with 429. Default 100.
        max_sessions: How many WebSocket connections there may be at once; one more is answered with 429. Default 1000.
        max_history_bytes: How many bytes of JSON the items of a conversation may have in all, audio excluded; beyond
            it the oldest goes. Default 32 MiB.
        dangerously_expose_to_network: Take a `host` that other machines can reach. The server has no TLS and is made
            for tests: whoever reaches it reads the keys and the speech of all. Default no.
        quirks: What realtime and transcription sessions do otherwise than the service, as other servers of the protocol
            do; see `Quirk`. Default nothing.
        faults: What goes wrong on purpose, and when; see `realtime_typed.local.faults`. Default nothing.

    Raises:
        ValueError: A limit is not positive, there is no quirk of that name, or `host` is no address of loopback.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = None,
        responder: Responder | None = None,
        transcribe: Callable[[UserAudio], str] | None = None,
        translator: Translator | None = None,
        beta: bool = False,
        answer_sdp: Callable[[str], str] | None = None,
        webhook_secret: str | None = None,
        audio_speed: float | None = None,
        audio_delta_ms: int = 100,
        max_session_seconds: float = 3600,
        voice: str = "alloy",
        rate_limits: Mapping[str, int] | None = None,
        max_items: int = 2000,
        max_audio_seconds: int = 900,
        max_queue: int = 256,
        max_calls: int = 100,
        max_sessions: int = 1000,
        max_history_bytes: int = 32 * 1024 * 1024,
        dangerously_expose_to_network: bool = False,
        quirks: Collection[Quirk] = (),
        faults: Sequence[Fault] = (),
    ) -> None:
        limits = {
            "audio_speed": audio_speed,
            "audio_delta_ms": audio_delta_ms,
            "max_session_seconds": max_session_seconds,
            "max_items": max_items,
            "max_audio_seconds": max_audio_seconds,
            "max_queue": max_queue,
            "max_calls": max_calls,
            "max_sessions": max_sessions,
            "max_history_bytes": max_history_bytes,
            **(rate_limits or {}),
        }
        for name, value in limits.items():
            if value is not None and value <= 0:
                raise ValueError(f"{name} must be positive, got {value}")
        if not (dangerously_expose_to_network or _is_loopback(host)):
            raise ValueError(
                f"host: other machines can reach {host!r}, and this server is made for tests on one machine; use "
                "127.0.0.1, or dangerously_expose_to_network=True if nobody but you is there"
            )
        self._host = host
        self._port = port
        self.api_key: str = api_key or f"sk-local-{secrets.token_urlsafe(24)}"
        self.webhook_secret: str = webhook_secret or new_webhook_secret()
        settings = SessionSettings(
            responder=responder or EchoResponder(),
            transcribe=transcribe or _transcribe,
            audio_pace=AudioPace(audio_speed, audio_delta_ms),
            max_session_seconds=max_session_seconds,
            voice=voice,
            rate_limits=rate_limits,
            max_items=max_items,
            max_audio_seconds=max_audio_seconds,
            max_history_bytes=max_history_bytes,
            max_queue=max_queue,
        )
        self._max_queue = max_queue
        translation = TranslationSettings(translator or EchoTranslator(), max_session_seconds, max_queue)
        self._hub = Hub(settings, translation, beta, max_calls, checked(quirks), faults)
        self._keys = Keys(self.api_key)
        self._gateway = Gateway(self._hub, self._keys, self._open_media, answer_sdp, max_sessions)
        self._http: HttpServer | None = None

    def __repr__(self) -> str:
        state = "not started" if self._http is None else self.base_url
        return f"<LocalServer {state}, {len(self._hub.running())} sessions running>"

    @property
    def port(self) -> int:
        """The port that the server listens on.

        Raises:
            RuntimeError: The server has not started.
        """
        if self._http is None:
            raise RuntimeError("the server has not started; use it as `async with LocalServer() as server:`")
        return self._http.port

    @property
    def base_url(self) -> str:
        """What a client takes as `base_url`: `http://127.0.0.1:PORT/v1`; as `port`."""
        return f"http://{self._netloc}/v1"

    @property
    def ws_url(self) -> str:
        """The WebSocket endpoint without its query: `ws://127.0.0.1:PORT/v1/realtime`; as `port`."""
        return f"ws://{self._netloc}/v1/realtime"

    @property
    def sessions(self) -> Sequence[LocalSession]:
        """The realtime and transcription sessions so far, oldest first, ended ones included; the last 100."""
        return self._hub.sessions

    @property
    def translations(self) -> Sequence[TranslationSession]:
        """The translation sessions so far, oldest first, ended ones included; the last 100."""
        return self._hub.translations

    @property
    def calls(self) -> Sequence[LocalCall]:
        """The calls so far, oldest first; of those that are over the last 100."""
        return self._hub.calls.all()

    @property
    def faults_fired(self) -> Sequence[FiredFault]:
        """The faults that struck so far, oldest first; the last 10,000."""
        return self._hub.faults.fired

    async def wait_for_faults(self, count: int = 1) -> None:
        """Wait until so many faults have struck since the server was made."""
        await self._hub.faults.wait(count)

    def inject(self, fault: Fault, *sessions: FaultySession) -> Sequence[ArmedFault]:
        """Arm a fault on the running server; one whose moment is `AtOnce` strikes now.

        ::

            server.inject(DropConnection(), *server.sessions)  # everybody
            server.inject(RefuseHandshake(503, times=3))

        Args:
            fault: What goes wrong, and when.
            sessions: Whose connections it is armed on, on each with its own `times`; ended ones have none. Default
                none: it is armed on the server as those of `faults` are, for connections open now and to come.

        Returns:
            What was armed, which can be disarmed and tells how often it struck: one for the server, or one for each
            connection.

        Raises:
            ValueError: `RefuseHandshake` with sessions, which have had their handshake.
        """
        return self._hub.faults.inject(fault, sessions)

    @property
    def _netloc(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{host}:{self.port}"

    async def _open_media(self, offer: str) -> MediaConnection:
        try:
            from .webrtc import WebRtcConnection
        except ImportError as error:
            message = f"WebRTC needs aiortc ({error}); install it where the server runs: realtime-typed[webrtc]"
            raise HttpError(501, message, "not_implemented") from error
        bound = None if self._http is None else self._http.address
        # Media come in where HTTP does: a server that other machines cannot reach opens no other port to them either.
        local = bound is not None and _is_loopback(bound)
        return await WebRtcConnection.answering(offer, bound if local else None)

    async def __aenter__(self) -> Self:
        """Start the server; returns once it accepts connections.

        Raises:
            ImportError: The extra `server` is not installed.
            OSError: The port cannot be bound.
            RuntimeError: The server was started before.
        """
        if self._http is not None or self._hub.stopping:
            raise RuntimeError("a LocalServer is started once; make a new one")
        try:
            from .asgi import HttpServer, build_app
        except ImportError as error:
            raise ImportError(
                f"LocalServer needs Starlette and uvicorn ({error}); install them with: "
                'pip install "realtime-typed[server]"'
            ) from error
        http = HttpServer(build_app(self._gateway), self._host, self._port)
        self._http = http
        try:
            await http.start()
        except BaseException:
            await http.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop the server: every session is closed with 1001, and no task or socket is left."""
        await self._hub.stop()
        if self._http is not None:
            await self._http.stop()

    def memory_transport(self, *, beta: bool = False) -> MemoryTransport:
        """Make a transport whose other end is a session of this server, without a socket and without a key.

        Args:
            beta: Ask for the beta dialect. Default no.

        Returns:
            The client's end; the session begins with its `connect()`.
        """

        async def start() -> None:
            if self._http is None or self._hub.stopping:
                raise ConnectError("the LocalServer is not running")
            try:
                self._hub.faults.admit()
            except HttpError as refusal:
                message = f"the LocalServer refused the connection with {refusal.status}"
                raise ConnectError(message, status=refusal.status, body=to_json(refusal.body()).decode()) from None
            self._hub.start_realtime(MemoryLine(accepting), DEFAULT_MODEL, beta=beta)

        client, accepting = memory_pair(max_queue=self._max_queue, on_connect=start)
        return client

    def incoming_call(self, sip_headers: Mapping[str, str] | None = None, *, timestamp: int | None = None) -> LocalCall:
        """Let a SIP call come in. No phone rings and nothing is posted: the test hands the webhook to its application.

        Args:
            sip_headers: The headers of its INVITE. Default `From`, `To` and `Call-ID`.
            timestamp: When its webhook is sent, in seconds of Unix time. Default now.

        Returns:
            The call, with `webhook_body` and `webhook_headers`, that can be accepted, rejected and attached to by `id`.

        Raises:
            ValueError: The server's webhook secret is no base64.
        """
        call = self._hub.calls.add(_SIP_HEADERS if sip_headers is None else sip_headers.items())
        call.sign(self.webhook_secret, timestamp)
        return call

    def expire_client_secrets(self) -> None:
        """Let every client secret made so far be expired; sessions that were opened with them go on."""
        self._keys.expire()

    async def broadcast(self, event: Mapping[str, object]) -> None:
        """Inject an event into every open session.

        Args:
            event: A JSON object with a `type`, of any shape; `event_id` is added when it is missing.
        """
        for session in self._hub.running():
            session.emit(event)
        await asyncio.sleep(0)  # so that the connections' writers run
