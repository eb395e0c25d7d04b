"""What `client.stats` gives: the figures of flow control at one moment. See docs/flow-control.md."""

from collections.abc import Mapping
from dataclasses import dataclass

from .flow_control import HandlerPolicy, SendQueue

__all__ = ["ClientStats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientStats:
    """The figures of a client at one moment. Counts are of the client's life, over all its connections.

    Attributes:
        events_received: How many events of the service came.
        bytes_received: The bytes of their frames.
        events_sent: How many events the transport has taken.
        bytes_sent: Their bytes.
        send_queue_events: How many events wait to be sent now.
        send_queue_bytes: Their bytes.
        audio_dropped_ms: Milliseconds of the user's audio that were not sent because the queue was full.
        handler_backlog: How many events wait for handlers now.
        handler_lag: Seconds that the oldest of them has waited; 0 when none waits.
        handlers_running: How many async handlers run now, counting at most `HandlerPolicy.at_once`.
        handler_calls: How many handlers have ended.
        handler_seconds: Seconds that they took, from the call of each to its end.
        handler_longest: The most seconds that one took.
        handler_slowest: The name of that one; empty when there was none.
        events_dropped: How many events were left out for slow handlers and streams that are not read in time, by name.
        streams_dropped: How many of those were left out of streams.
        validation_issues: How many fields did not fit the schema; counted when validation is `"lenient"`.
        reconnects: How often a lost connection was made anew.
        handlers: The policy of handlers.
        send_queue: The policy of what waits to be sent.
    """

    events_received: int
    bytes_received: int
    events_sent: int
    bytes_sent: int
    send_queue_events: int
    send_queue_bytes: int
    audio_dropped_ms: float
    handler_backlog: int
    handler_lag: float
    handlers_running: int
    handler_calls: int
    handler_seconds: float
    handler_longest: float
    handler_slowest: str
    events_dropped: Mapping[str, int]
    streams_dropped: int
    validation_issues: int
    reconnects: int
    handlers: HandlerPolicy
    send_queue: SendQueue
