"""Makes the transport of a connection: where to, with which key, and over what. Opens nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ._endpoints import Endpoint, check_headers, has_credentials, is_loopback
from ._keys import EphemeralKey, KeySource
from ._redact import SecretText
from .transports import Transport
from .transports.webrtc_options import ConnectionState, IceState, SdpAnswer, WebRtcOptions
from .transports.websocket_options import WebSocketOptions

if TYPE_CHECKING:
    from aiortc import MediaStreamTrack

    from ._signalling import Signalling
    from .audio import Int16Array

__all__ = ["Call", "ConnectTarget", "MediaHooks", "TransportChoice", "TransportFactory"]

TransportChoice: TypeAlias = Literal["websocket", "webrtc"] | Callable[[], Transport]
"""`"websocket"`, `"webrtc"`, or a function that makes an unconnected transport of your own for every connect."""


@dataclass(frozen=True, slots=True)
class ConnectTarget:
    """What a connection is for.

    Attributes:
        model: The model to talk to.
        call_id: A call to attach to instead.
        intent: What the session is for, instead of a conversation.
        beta: Whether the service is asked for the beta dialect.
        session: The session's configuration, for services that take it with the offer of a call.
        ephemeral_key: The key for this connection alone.
    """

    model: str
    call_id: str | None
    intent: Literal["transcription"] | None
    beta: bool
    session: Mapping[str, object] | None = None
    ephemeral_key: EphemeralKey | None = None


@dataclass(frozen=True, slots=True)
class MediaHooks:
    """Who is told what of a transport that carries media; see `WebRtcTransport`."""

    on_state: Callable[[ConnectionState, IceState], None]
    on_input_frame: "Callable[[Int16Array, int], None] | None"
    on_output_audio: "Callable[[Int16Array], None] | None"


class Call:
    """A call over HTTP whose connections are closed as soon as it needs them no more."""

    def __init__(self, signalling: "Signalling", *, hangs_up: bool) -> None:
        self._signalling = signalling
        self._hangs_up = hangs_up

    async def exchange(self, sdp: str) -> SdpAnswer:
        needed = False
        try:
            answer = await self._signalling.exchange(sdp)
            needed = self._hangs_up and answer.call_id is not None
        finally:
            if not needed:
                await self._signalling.aclose()
        return answer

    async def hang_up(self, call_id: str) -> None:
        try:
            await self._signalling.hang_up(call_id)
        finally:
            await self._signalling.aclose()


class TransportFactory:
    """Makes one transport for every connect.

    Args:
        choice: What kind.
        endpoint: Where the service is.
        keys: Who asks.
        headers: HTTP headers beside those of the key.
        websocket: Options of a WebSocket.
        webrtc: Options of a WebRTC connection.
        audio_track: The application's own input track, for WebRTC.

    Raises:
        ValueError: The choice is none, or a header cannot be sent.
    """

    def __init__(
        self,
        choice: TransportChoice,
        endpoint: Endpoint,
        keys: KeySource,
        headers: Mapping[str, str],
        *,
        websocket: WebSocketOptions | None,
        webrtc: WebRtcOptions | None,
        audio_track: "MediaStreamTrack | None",
    ) -> None:
        if choice not in ("websocket", "webrtc") and not callable(choice):
            raise ValueError(
                f"transport must be 'websocket', 'webrtc' or a function that makes a Transport, got {choice!r}"
            )
        if choice != "webrtc" and audio_track is not None:
            raise ValueError("audio_track needs transport='webrtc'")
        self._choice: TransportChoice = choice
        self._endpoint = endpoint
        self._keys = keys
        check_headers(headers, "extra_headers")
        self._headers = {name: SecretText(value) for name, value in headers.items()}
        self._websocket = websocket
        self._webrtc = webrtc
        self._audio_track = audio_track

    def renews_keys(self, ephemeral_key: EphemeralKey | None) -> bool:
        """Whether the next transport may get another key than the last one; the key of a connect counts first."""
        return self._keys.renews(ephemeral_key)

    async def make(self, target: ConnectTarget, hooks: MediaHooks) -> Transport:
        """Make a transport; the key's function, if it is one, is asked now.

        Raises:
            ValueError: There is no key, the URL is none, or the target is none for this transport.
            ConnectError: The key could not be fetched.
            ImportError: The extra `webrtc` is not installed.
        """
        if callable(self._choice):
            return self._choice()
        if self._choice == "webrtc":
            return await self._make_webrtc(target, hooks)
        url = self._endpoint.websocket(model=target.model, call_id=target.call_id, intent=target.intent)
        self._endpoint.require_safe(url)
        headers = await self._with_key(target)
        from .transports.websocket import WebSocketTransport

        return WebSocketTransport(url, headers=headers, options=self._websocket)

    async def _make_webrtc(self, target: ConnectTarget, hooks: MediaHooks) -> Transport:
        if target.call_id is not None:
            raise ValueError("call_id attaches to a call that runs already; that goes over transport='websocket'")
        self._endpoint.require_safe(self._endpoint.http("/realtime/calls"))
        try:
            from .transports.webrtc import WebRtcTransport
        except ImportError as error:
            raise ImportError(
                f'transport="webrtc" needs aiortc ({error}); install it with: pip install "realtime-typed[webrtc]"'
            ) from error
        from ._signalling import Signalling

        headers = await self._with_key(target)
        signalling = Signalling(self._endpoint, headers, model=target.model, session=target.session, beta=target.beta)
        options = self._webrtc or WebRtcOptions()
        call = Call(signalling, hangs_up=options.hang_up)
        return WebRtcTransport(
            call.exchange,
            hang_up=call.hang_up,
            options=options,
            audio_track=self._audio_track,
            loopback=is_loopback(self._endpoint.host),
            on_state=hooks.on_state,
            on_input_frame=hooks.on_input_frame,
            on_output_audio=hooks.on_output_audio,
        )

    async def _with_key(self, target: ConnectTarget) -> dict[str, str]:
        headers = self._headers
        if target.ephemeral_key is None and has_credentials(headers):
            return dict(headers)
        key = await self._keys.headers(target.ephemeral_key)
        # A key for this connection is the only one that goes with it.
        return {name: value for name, value in headers.items() if not has_credentials({name: value})} | key
