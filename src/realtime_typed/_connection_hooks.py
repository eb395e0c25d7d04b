"""What a connection tells of what crosses it: to the client that owns it first, then to handlers of its own events."""

from collections import Counter
from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, cast

from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.typed_events import RealtimeAPIEvents
from ._outbox import Dropped, Outbox, event_name
from ._wire import UnknownEvent, WireModel
from .codec import Codec
from .dispatch import EventSource
from .errors import ConnectionClosed
from .flow_control import HandlerPolicy, SendQueue
from .stats import ClientStats
from .transports.webrtc_options import ConnectionState, IceState
from .utility_events import ConnectionStateChanged, InputAudioDropped

if TYPE_CHECKING:
    from .audio import Int16Array

__all__ = ["ConnectionHooks"]

_PCM_RATE: Final = 48


class ConnectionHooks(RealtimeAPIEvents):
    """Tells of events, states and sound; `RealtimeAPI` is what makes them.

    Args:
        codec: Reads what was sent, if somebody wants to see it.
        handlers: How handlers run, and what may wait for them.
        send_queue: What may wait to be sent.
        debug: See `RealtimeAPI`.

    Attributes:
        events_received: How many events of the service came.
        bytes_received: The bytes of their frames.
        reconnections: How often a lost connection was made anew.
        audio_dropped_ms: Milliseconds of the user's audio that were dropped from the queue of what goes out.
    """

    def __init__(
        self, codec: Codec, *, handlers: HandlerPolicy | None, send_queue: SendQueue | None, debug: bool
    ) -> None:
        super().__init__(handlers)
        self.codec: Codec = codec
        # What the client that owns this connection does with events before any handler sees them.
        self.on_server_event: Callable[[ServerEvent | UnknownEvent], None] | None = None
        self.on_client_event: Callable[[Callable[[], ClientEvent | UnknownEvent]], None] | None = None
        self.on_closed: Callable[[ConnectionClosed, bool], None] | None = None
        self.on_state: Callable[[ConnectionStateChanged], None] | None = None
        self.on_loop_end: Callable[[float], Awaitable[None]] | None = None
        self.on_input_frame: Callable[[Int16Array, int], None] | None = None
        self.on_output_audio: Callable[[Int16Array], None] | None = None
        # Says whether a connection that was lost is to be followed by another one, which the owner then makes.
        self.on_lost: Callable[[ConnectionClosed], bool] | None = None
        self.on_dropped: Callable[[Dropped, InputAudioDropped], None] | None = None
        # Bytes of input audio a millisecond, which the session's format says.
        self.input_rate: Callable[[], float] = lambda: _PCM_RATE
        self.debug: bool = debug
        self._outbox = Outbox(self._announce, lambda: self.debug, send_queue, self._dropped)
        self.events_received: int = 0
        self.bytes_received: int = 0
        self.reconnections: int = 0
        self.audio_dropped_ms: float = 0.0

    @property
    def stats(self) -> ClientStats:
        """The figures of flow control now. Those of a `RealtimeClient`'s handlers are in its own `stats`."""
        return self.stats_of(self)

    def stats_of(self, *sources: EventSource) -> ClientStats:
        """The figures of this connection, and of the handlers of `sources` together."""
        outbox = self._outbox
        times = [source.handler_time for source in sources]
        slowest = max(times, key=lambda time: time.longest)
        loads = [source.load() for source in sources]
        dropped: Counter[str] = Counter()
        for load in loads:
            dropped.update(load.dropped)
        return ClientStats(
            events_received=self.events_received,
            bytes_received=self.bytes_received,
            events_sent=outbox.sent_frames,
            bytes_sent=outbox.sent_bytes,
            send_queue_events=len(outbox),
            send_queue_bytes=outbox.queued_bytes,
            audio_dropped_ms=self.audio_dropped_ms,
            handler_backlog=sum(load.waiting for load in loads),
            handler_lag=max(load.lag for load in loads),
            handlers_running=sum(load.running for load in loads),
            handler_calls=sum(time.count for time in times),
            handler_seconds=sum(time.total for time in times),
            handler_longest=slowest.longest,
            handler_slowest=slowest.slowest,
            events_dropped=MappingProxyType(dict(dropped)),
            streams_dropped=sum(load.streams_dropped for load in loads),
            validation_issues=self.codec.issue_count,
            reconnects=self.reconnections,
            handlers=loads[0].policy,
            send_queue=outbox.policy,
        )

    def _state_changed(
        self, connection: "ConnectionState | Literal['reconnecting']", ice: IceState | None = None
    ) -> None:
        event = ConnectionStateChanged(connection, ice)
        if self.on_state is not None:
            self.on_state(event)
        self._emit(event, "connection.state_changed")

    def _count_received(self, frame: str | bytes, events: int) -> None:
        self.bytes_received += len(frame)
        self.events_received += events

    def _announce_received(self, event: ServerEvent | UnknownEvent) -> None:
        if self.on_server_event is not None:
            self.on_server_event(event)
        if self._channels:
            # An unknown type is only text from outside, so it never becomes part of a channel's name.
            known = () if isinstance(event, UnknownEvent) else (f"server.{event.type}",)
            self._emit(event, *known, "server.*")

    def _dropped(self, dropped: Dropped) -> None:
        milliseconds = dropped.audio_bytes / self.input_rate()
        self.audio_dropped_ms += milliseconds
        event = InputAudioDropped(milliseconds, "connection_down" if dropped.held else "slow_line")
        if self.on_dropped is not None:
            self.on_dropped(dropped, event)
        self._emit(event, "input_audio.dropped")

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
