"""A typed SDK for the Realtime API: schema-generated events, an async client, typed handlers and conversation.

Importing this package loads none of it: each name is loaded when it is first used, so that an application which only
decodes events pays for neither sockets nor numpy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ._version import __version__

if TYPE_CHECKING:
    from ._interruption import Interruption
    from ._wire import UNSET, UnknownEvent
    from .api import RealtimeAPI
    from .channels import Channel, EventStream, Subscription
    from .client import RealtimeClient
    from .codec import Codec, Dialect, Validation
    from .conversation import AudioDropped, AudioRetention, Conversation, ConversationChange, DroppedAudio
    from .errors import (
        AuthenticationError,
        ConnectError,
        ConnectionClosed,
        ConversationError,
        EphemeralKeyError,
        EventValidationError,
        FieldError,
        InvalidResponseError,
        MessageTooLargeError,
        ProtocolError,
        RateLimitError,
        RealtimeError,
        ResponseActiveError,
        ResponseFailed,
        RestError,
        SendQueueFullError,
        ServerError,
        ToolError,
        TransportError,
        WebhookVerificationError,
    )
    from .flow_control import HandlerPolicy, SendQueue
    from .playback import PlaybackTracker
    from .reconnect import ReconnectPolicy
    from .responses import ResponseHandle, ResponseStream, WhenActive
    from .rest import RestClient
    from .stats import ClientStats
    from .tools import ToolContext
    from .translation_client import TranslationClient
    from .transports import Transport
    from .transports.webrtc_options import ConnectionState, IceServer, IceState, WebRtcOptions
    from .transports.websocket_options import WebSocketOptions
    from .utility_events import (
        CloseEvent,
        ConnectionLost,
        ConnectionRestored,
        ConnectionStateChanged,
        ConversationInterrupted,
        ConversationItemAppended,
        ConversationItemCompleted,
        ConversationItemDropped,
        ConversationUpdated,
        EventsDropped,
        HandlerErrorEvent,
        InputAudioDropped,
        ItemDelta,
        LostPiece,
        OutputAudio,
        RealtimeEvent,
        ToolErrorEvent,
    )

__all__ = [
    "UNSET",
    "AudioDropped",
    "AudioRetention",
    "AuthenticationError",
    "Channel",
    "ClientStats",
    "CloseEvent",
    "Codec",
    "ConnectError",
    "ConnectionClosed",
    "ConnectionLost",
    "ConnectionRestored",
    "ConnectionState",
    "ConnectionStateChanged",
    "Conversation",
    "ConversationChange",
    "ConversationError",
    "ConversationInterrupted",
    "ConversationItemAppended",
    "ConversationItemCompleted",
    "ConversationItemDropped",
    "ConversationUpdated",
    "Dialect",
    "DroppedAudio",
    "EphemeralKeyError",
    "EventStream",
    "EventValidationError",
    "EventsDropped",
    "FieldError",
    "HandlerErrorEvent",
    "HandlerPolicy",
    "IceServer",
    "IceState",
    "InputAudioDropped",
    "Interruption",
    "InvalidResponseError",
    "ItemDelta",
    "LostPiece",
    "MessageTooLargeError",
    "OutputAudio",
    "PlaybackTracker",
    "ProtocolError",
    "RateLimitError",
    "RealtimeAPI",
    "RealtimeClient",
    "RealtimeError",
    "RealtimeEvent",
    "ReconnectPolicy",
    "ResponseActiveError",
    "ResponseFailed",
    "ResponseHandle",
    "ResponseStream",
    "RestClient",
    "RestError",
    "SendQueue",
    "SendQueueFullError",
    "ServerError",
    "Subscription",
    "ToolContext",
    "ToolError",
    "ToolErrorEvent",
    "TranslationClient",
    "Transport",
    "TransportError",
    "UnknownEvent",
    "Validation",
    "WebRtcOptions",
    "WebSocketOptions",
    "WebhookVerificationError",
    "WhenActive",
    "__version__",
]

_HOMES = {
    "Interruption": "_interruption",
    "UNSET": "_wire",
    "UnknownEvent": "_wire",
    "RealtimeAPI": "api",
    "Channel": "channels",
    "EventStream": "channels",
    "Subscription": "channels",
    "RealtimeClient": "client",
    "Codec": "codec",
    "Dialect": "codec",
    "Validation": "codec",
    "Conversation": "conversation",
    "AudioDropped": "conversation",
    "AudioRetention": "conversation",
    "ConversationChange": "conversation",
    "DroppedAudio": "conversation",
    "AuthenticationError": "errors",
    "ConnectError": "errors",
    "ConnectionClosed": "errors",
    "ConversationError": "errors",
    "EphemeralKeyError": "errors",
    "EventValidationError": "errors",
    "FieldError": "errors",
    "InvalidResponseError": "errors",
    "MessageTooLargeError": "errors",
    "ProtocolError": "errors",
    "RateLimitError": "errors",
    "RealtimeError": "errors",
    "ResponseActiveError": "errors",
    "ResponseFailed": "errors",
    "RestError": "errors",
    "SendQueueFullError": "errors",
    "ServerError": "errors",
    "ToolError": "errors",
    "TransportError": "errors",
    "WebhookVerificationError": "errors",
    "HandlerPolicy": "flow_control",
    "SendQueue": "flow_control",
    "ReconnectPolicy": "reconnect",
    "PlaybackTracker": "playback",
    "ResponseHandle": "responses",
    "ResponseStream": "responses",
    "WhenActive": "responses",
    "RestClient": "rest",
    "ClientStats": "stats",
    "ToolContext": "tools",
    "TranslationClient": "translation_client",
    "Transport": "transports",
    "ConnectionState": "transports.webrtc_options",
    "IceServer": "transports.webrtc_options",
    "IceState": "transports.webrtc_options",
    "WebRtcOptions": "transports.webrtc_options",
    "WebSocketOptions": "transports.websocket_options",
    "CloseEvent": "utility_events",
    "ConnectionLost": "utility_events",
    "ConnectionRestored": "utility_events",
    "ConnectionStateChanged": "utility_events",
    "ConversationInterrupted": "utility_events",
    "ConversationItemAppended": "utility_events",
    "ConversationItemCompleted": "utility_events",
    "ConversationItemDropped": "utility_events",
    "ConversationUpdated": "utility_events",
    "EventsDropped": "utility_events",
    "HandlerErrorEvent": "utility_events",
    "InputAudioDropped": "utility_events",
    "ItemDelta": "utility_events",
    "LostPiece": "utility_events",
    "OutputAudio": "utility_events",
    "RealtimeEvent": "utility_events",
    "ToolErrorEvent": "utility_events",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
