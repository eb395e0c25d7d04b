# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Event names to event types, for `on`, `wait_for` and `events`."""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias, TypedDict, cast, overload

from realtime_typed._wire import UnknownEvent
from realtime_typed.dispatch import Channel, EventSource, Subscription
from realtime_typed.utility_events import (
    CloseEvent,
    EventsDropped,
    HandlerErrorEvent,
)

from .client_events import (
    SessionClose,
    SessionInputAudioBufferAppend,
    SessionUpdate,
)
from .registry import ClientEvent, ServerEvent
from .server_events import (
    ErrorEvent,
    SessionClosed,
    SessionCreated,
    SessionInputTranscriptDelta,
    SessionOutputAudioDelta,
    SessionOutputTranscriptDelta,
    SessionUpdated,
)

__all__ = ["TranslationChannels", "TranslationEvents", "TranslationEventName", "TranslationAPIChannels", "TranslationAPIEvents", "TranslationAPIEventName"]

TranslationEventName: TypeAlias = Literal[
    "error",
    "session.closed",
    "session.created",
    "session.input_transcript.delta",
    "session.output_audio.delta",
    "session.output_transcript.delta",
    "session.updated",
    "*",
]
"""The name of every event that a client emits."""

TranslationChannels = TypedDict(
    "TranslationChannels",
    {
        "error": Channel[ErrorEvent],
        "session.closed": Channel[SessionClosed],
        "session.created": Channel[SessionCreated],
        "session.input_transcript.delta": Channel[SessionInputTranscriptDelta],
        "session.output_audio.delta": Channel[SessionOutputAudioDelta],
        "session.output_transcript.delta": Channel[SessionOutputTranscriptDelta],
        "session.updated": Channel[SessionUpdated],
        "*": Channel[ServerEvent | UnknownEvent],
    },
)
"""The channels of a client by event name."""


class TranslationEvents(EventSource):
    """Typed `on`, `wait_for` and `events` of a client: server events, its own events, and `*` for every server event."""

    event_names: frozenset[str] = frozenset(
        {
            "error",
            "session.closed",
            "session.created",
            "session.input_transcript.delta",
            "session.output_audio.delta",
            "session.output_transcript.delta",
            "session.updated",
            "*",
        }
    )

    @property
    def events(self) -> TranslationChannels:
        """The channels by event name: `on`, `once`, `off`, `wait`, `expect` and `stream` of one event, typed."""
        return cast("TranslationChannels", self._channels)

    @overload
    def on(
        self, name: Literal["error"], handler: Callable[[ErrorEvent], object] | None = None, /
    ) -> Subscription[ErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["session.closed"], handler: Callable[[SessionClosed], object] | None = None, /
    ) -> Subscription[SessionClosed]: ...
    @overload
    def on(
        self, name: Literal["session.created"], handler: Callable[[SessionCreated], object] | None = None, /
    ) -> Subscription[SessionCreated]: ...
    @overload
    def on(
        self, name: Literal["session.input_transcript.delta"], handler: Callable[[SessionInputTranscriptDelta], object] | None = None, /
    ) -> Subscription[SessionInputTranscriptDelta]: ...
    @overload
    def on(
        self, name: Literal["session.output_audio.delta"], handler: Callable[[SessionOutputAudioDelta], object] | None = None, /
    ) -> Subscription[SessionOutputAudioDelta]: ...
    @overload
    def on(
        self, name: Literal["session.output_transcript.delta"], handler: Callable[[SessionOutputTranscriptDelta], object] | None = None, /
    ) -> Subscription[SessionOutputTranscriptDelta]: ...
    @overload
    def on(
        self, name: Literal["session.updated"], handler: Callable[[SessionUpdated], object] | None = None, /
    ) -> Subscription[SessionUpdated]: ...
    @overload
    def on(
        self, name: Literal["*"], handler: Callable[[ServerEvent | UnknownEvent], object] | None = None, /
    ) -> Subscription[ServerEvent | UnknownEvent]: ...
    # `Any`: the overloads above are what callers see; no other type fits all of their results.
    def on(self, name: str, handler: Callable[..., object] | None = None, /) -> Subscription[Any]:
        """Call `handler` for every event of that name; without a handler, return the decorator that takes it.

        Args:
            name: The event's name.
            handler: A function or coroutine function that takes the event.

        Returns:
            The subscription: a decorator, and the way to end it.

        Raises:
            ValueError: There is no event of that name.
        """
        return self._channels[name].on(handler)

    @overload
    async def wait_for(
        self,
        name: Literal["error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ErrorEvent], bool] | None = None,
    ) -> ErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.closed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionClosed], bool] | None = None,
    ) -> SessionClosed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionCreated], bool] | None = None,
    ) -> SessionCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.input_transcript.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionInputTranscriptDelta], bool] | None = None,
    ) -> SessionInputTranscriptDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.output_audio.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionOutputAudioDelta], bool] | None = None,
    ) -> SessionOutputAudioDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.output_transcript.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionOutputTranscriptDelta], bool] | None = None,
    ) -> SessionOutputTranscriptDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["session.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionUpdated], bool] | None = None,
    ) -> SessionUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["*"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ServerEvent | UnknownEvent], bool] | None = None,
    ) -> ServerEvent | UnknownEvent: ...
    async def wait_for(
        self, name: str, /, timeout: float | None = None, *, predicate: Callable[..., bool] | None = None
    ) -> object:
        """Wait for the next event of that name.

        Args:
            name: The event's name.
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.
            predicate: Takes the event; one for which it is false is passed over.

        Raises:
            ValueError: There is no event of that name.
            TimeoutError: No such event came in time.
            ConnectionClosed: The connection ended first.
        """
        return await self._channels[name].wait(timeout, predicate=predicate)


TranslationAPIEventName: TypeAlias = Literal[
    "server.error",
    "server.session.closed",
    "server.session.created",
    "server.session.input_transcript.delta",
    "server.session.output_audio.delta",
    "server.session.output_transcript.delta",
    "server.session.updated",
    "client.session.close",
    "client.session.input_audio_buffer.append",
    "client.session.update",
    "server.*",
    "client.*",
    "close",
    "handler.error",
    "events.dropped",
]
"""The name of every event that a connection emits, told by the side that sent it."""

TranslationAPIChannels = TypedDict(
    "TranslationAPIChannels",
    {
        "server.error": Channel[ErrorEvent],
        "server.session.closed": Channel[SessionClosed],
        "server.session.created": Channel[SessionCreated],
        "server.session.input_transcript.delta": Channel[SessionInputTranscriptDelta],
        "server.session.output_audio.delta": Channel[SessionOutputAudioDelta],
        "server.session.output_transcript.delta": Channel[SessionOutputTranscriptDelta],
        "server.session.updated": Channel[SessionUpdated],
        "client.session.close": Channel[SessionClose],
        "client.session.input_audio_buffer.append": Channel[SessionInputAudioBufferAppend],
        "client.session.update": Channel[SessionUpdate],
        "server.*": Channel[ServerEvent | UnknownEvent],
        "client.*": Channel[ClientEvent | UnknownEvent],
        "close": Channel[CloseEvent],
        "handler.error": Channel[HandlerErrorEvent],
        "events.dropped": Channel[EventsDropped],
    },
)
"""The channels of a connection by event name."""


class TranslationAPIEvents(EventSource):
    """Typed `on`, `wait_for` and `events` of a connection: `server.*` and `client.*`, one by one and all."""

    event_names: frozenset[str] = frozenset(
        {
            "server.error",
            "server.session.closed",
            "server.session.created",
            "server.session.input_transcript.delta",
            "server.session.output_audio.delta",
            "server.session.output_transcript.delta",
            "server.session.updated",
            "client.session.close",
            "client.session.input_audio_buffer.append",
            "client.session.update",
            "server.*",
            "client.*",
            "close",
            "handler.error",
            "events.dropped",
        }
    )

    @property
    def events(self) -> TranslationAPIChannels:
        """The channels by event name: `on`, `once`, `off`, `wait`, `expect` and `stream` of one event, typed."""
        return cast("TranslationAPIChannels", self._channels)

    @overload
    def on(
        self, name: Literal["server.error"], handler: Callable[[ErrorEvent], object] | None = None, /
    ) -> Subscription[ErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["server.session.closed"], handler: Callable[[SessionClosed], object] | None = None, /
    ) -> Subscription[SessionClosed]: ...
    @overload
    def on(
        self, name: Literal["server.session.created"], handler: Callable[[SessionCreated], object] | None = None, /
    ) -> Subscription[SessionCreated]: ...
    @overload
    def on(
        self, name: Literal["server.session.input_transcript.delta"], handler: Callable[[SessionInputTranscriptDelta], object] | None = None, /
    ) -> Subscription[SessionInputTranscriptDelta]: ...
    @overload
    def on(
        self, name: Literal["server.session.output_audio.delta"], handler: Callable[[SessionOutputAudioDelta], object] | None = None, /
    ) -> Subscription[SessionOutputAudioDelta]: ...
    @overload
    def on(
        self, name: Literal["server.session.output_transcript.delta"], handler: Callable[[SessionOutputTranscriptDelta], object] | None = None, /
    ) -> Subscription[SessionOutputTranscriptDelta]: ...
    @overload
    def on(
        self, name: Literal["server.session.updated"], handler: Callable[[SessionUpdated], object] | None = None, /
    ) -> Subscription[SessionUpdated]: ...
    @overload
    def on(
        self, name: Literal["client.session.close"], handler: Callable[[SessionClose], object] | None = None, /
    ) -> Subscription[SessionClose]: ...
    @overload
    def on(
        self, name: Literal["client.session.input_audio_buffer.append"], handler: Callable[[SessionInputAudioBufferAppend], object] | None = None, /
    ) -> Subscription[SessionInputAudioBufferAppend]: ...
    @overload
    def on(
        self, name: Literal["client.session.update"], handler: Callable[[SessionUpdate], object] | None = None, /
    ) -> Subscription[SessionUpdate]: ...
    @overload
    def on(
        self, name: Literal["server.*"], handler: Callable[[ServerEvent | UnknownEvent], object] | None = None, /
    ) -> Subscription[ServerEvent | UnknownEvent]: ...
    @overload
    def on(
        self, name: Literal["client.*"], handler: Callable[[ClientEvent | UnknownEvent], object] | None = None, /
    ) -> Subscription[ClientEvent | UnknownEvent]: ...
    @overload
    def on(
        self, name: Literal["close"], handler: Callable[[CloseEvent], object] | None = None, /
    ) -> Subscription[CloseEvent]: ...
    @overload
    def on(
        self, name: Literal["handler.error"], handler: Callable[[HandlerErrorEvent], object] | None = None, /
    ) -> Subscription[HandlerErrorEvent]: ...
    @overload
    def on(
        self, name: Literal["events.dropped"], handler: Callable[[EventsDropped], object] | None = None, /
    ) -> Subscription[EventsDropped]: ...
    # `Any`: the overloads above are what callers see; no other type fits all of their results.
    def on(self, name: str, handler: Callable[..., object] | None = None, /) -> Subscription[Any]:
        """Call `handler` for every event of that name; without a handler, return the decorator that takes it.

        Args:
            name: The event's name.
            handler: A function or coroutine function that takes the event.

        Returns:
            The subscription: a decorator, and the way to end it.

        Raises:
            ValueError: There is no event of that name.
        """
        return self._channels[name].on(handler)

    @overload
    async def wait_for(
        self,
        name: Literal["server.error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ErrorEvent], bool] | None = None,
    ) -> ErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.closed"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionClosed], bool] | None = None,
    ) -> SessionClosed: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.created"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionCreated], bool] | None = None,
    ) -> SessionCreated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.input_transcript.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionInputTranscriptDelta], bool] | None = None,
    ) -> SessionInputTranscriptDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.output_audio.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionOutputAudioDelta], bool] | None = None,
    ) -> SessionOutputAudioDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.output_transcript.delta"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionOutputTranscriptDelta], bool] | None = None,
    ) -> SessionOutputTranscriptDelta: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.session.updated"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionUpdated], bool] | None = None,
    ) -> SessionUpdated: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.session.close"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionClose], bool] | None = None,
    ) -> SessionClose: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.session.input_audio_buffer.append"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionInputAudioBufferAppend], bool] | None = None,
    ) -> SessionInputAudioBufferAppend: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.session.update"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[SessionUpdate], bool] | None = None,
    ) -> SessionUpdate: ...
    @overload
    async def wait_for(
        self,
        name: Literal["server.*"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ServerEvent | UnknownEvent], bool] | None = None,
    ) -> ServerEvent | UnknownEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["client.*"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[ClientEvent | UnknownEvent], bool] | None = None,
    ) -> ClientEvent | UnknownEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["close"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[CloseEvent], bool] | None = None,
    ) -> CloseEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["handler.error"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[HandlerErrorEvent], bool] | None = None,
    ) -> HandlerErrorEvent: ...
    @overload
    async def wait_for(
        self,
        name: Literal["events.dropped"],
        /,
        timeout: float | None = None,
        *,
        predicate: Callable[[EventsDropped], bool] | None = None,
    ) -> EventsDropped: ...
    async def wait_for(
        self, name: str, /, timeout: float | None = None, *, predicate: Callable[..., bool] | None = None
    ) -> object:
        """Wait for the next event of that name.

        Args:
            name: The event's name.
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.
            predicate: Takes the event; one for which it is false is passed over.

        Raises:
            ValueError: There is no event of that name.
            TimeoutError: No such event came in time.
            ConnectionClosed: The connection ended first.
        """
        return await self._channels[name].wait(timeout, predicate=predicate)
