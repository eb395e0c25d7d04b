"""What a connection tells of what crosses it: to the client that owns it first, then to handlers of its own events."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Literal, cast

from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.typed_events import RealtimeAPIEvents
from ._outbox import Dropped, event_name
from ._wire import UnknownEvent, WireModel
from .codec import Codec
from .errors import ConnectionClosed
from .transports.webrtc_options import ConnectionState, IceState
from .utility_events import ConnectionStateChanged

if TYPE_CHECKING:
    from .audio import Int16Array

__all__ = ["ConnectionHooks"]


class ConnectionHooks(RealtimeAPIEvents):
    """Tells of events, states and sound; `RealtimeAPI` is what makes them.

    Args:
        codec: Reads what was sent, if somebody wants to see it.
    """

    def __init__(self, codec: Codec) -> None:
        super().__init__()
        self.codec: Codec = codec
        # What the client that owns this connection does with events before any handler sees them.
        self.on_server_event: Callable[[ServerEvent | UnknownEvent], None] | None = None
        self.on_client_event: Callable[[Callable[[], ClientEvent | UnknownEvent]], None] | None = None
        self.on_closed: Callable[[ConnectionClosed, bool], None] | None = None
        self.on_state: Callable[[ConnectionStateChanged], None] | None = None
        self.on_loop_end: Callable[[float], Awaitable[None]] | None = None
        self.on_input_frame: Callable[[Int16Array, int], None] | None = None
        self.on_output_audio: Callable[[Int16Array], None] | None = None
        self.on_dropped: Callable[[Dropped], None] | None = None
        # Says whether a connection that was lost is to be followed by another one, which the owner then makes.
        self.on_lost: Callable[[ConnectionClosed], bool] | None = None

    def _state_changed(
        self, connection: "ConnectionState | Literal['reconnecting']", ice: IceState | None = None
    ) -> None:
        event = ConnectionStateChanged(connection, ice)
        if self.on_state is not None:
            self.on_state(event)
        self._emit(event, "connection.state_changed")

    def _announce_received(self, event: ServerEvent | UnknownEvent) -> None:
        if self.on_server_event is not None:
            self.on_server_event(event)
        if self._channels:
            # An unknown type is only text from outside, so it never becomes part of a channel's name.
            known = () if isinstance(event, UnknownEvent) else (f"server.{event.type}",)
            self._emit(event, *known, "server.*")

    def _dropped(self, dropped: Dropped) -> None:
        if self.on_dropped is not None:
            self.on_dropped(dropped)

    def _announce(self, frame: str, event: object) -> None:
        """Tell listeners what was sent; the event is made only if there are any."""
        name = event_name(event)

        def make() -> ClientEvent | UnknownEvent:
            if isinstance(event, (WireModel, UnknownEvent)):
                return cast("ClientEvent | UnknownEvent", event)
            return self.codec.recall(frame)

        if self.on_client_event is not None:
            self.on_client_event(make)
        if self._channels and not self._channels.keys().isdisjoint((f"client.{name}", "client.*")):
            self._emit(make(), f"client.{name}", "client.*")
