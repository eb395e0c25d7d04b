"""The keyword arguments of `RealtimeClient`: its own, and those that it hands on to `RealtimeAPI`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypedDict

from ._endpoints import ApiKey, TokenProvider
from ._interruption import Interruption
from ._item_retention import AudioRetention
from ._keys import EphemeralKey
from ._transport_factory import TransportChoice
from .codec import Dialect, Validation
from .flow_control import HandlerPolicy, SendQueue
from .reconnect import ReconnectPolicy
from .transports.webrtc_options import WebRtcOptions
from .transports.websocket_options import WebSocketOptions

if TYPE_CHECKING:
    from aiortc import MediaStreamTrack

__all__ = ["ClientOptions", "ConnectionOptions"]


class ConnectionOptions(TypedDict, total=False):
    """What a connection is made with; each is described at `RealtimeAPI`."""

    api_key: ApiKey | None
    model: str
    base_url: str
    transport: TransportChoice
    validation: Validation
    dialect: Dialect
    debug: bool
    call_id: str | None
    intent: Literal["transcription"] | None
    extra_headers: Mapping[str, str] | None
    organization: str | None
    project: str | None
    safety_identifier: str | None
    websocket: WebSocketOptions | None
    webrtc: WebRtcOptions | None
    audio_track: "MediaStreamTrack | None"
    ephemeral_key: EphemeralKey | None
    fetch_ephemeral_key_url: str | None
    fetch_ephemeral_key_headers: Mapping[str, str] | None
    dangerously_allow_api_key_in_browser: bool
    azure_endpoint: str | None
    azure_deployment: str | None
    azure_api_version: str | None
    azure_ad_token_provider: TokenProvider | None
    send_queue: SendQueue | None
    handlers: HandlerPolicy | None


class ClientOptions(ConnectionOptions, total=False):
    """What a client is made with: a connection's options and its own, which are described at `RealtimeClient`."""

    interruption: Interruption | bool | None
    response_timeout: float | None
    audio_retention: AudioRetention
    max_items: int | None
    reconnect: ReconnectPolicy | bool | None
