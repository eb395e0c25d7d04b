"""Frames to typed events and back. Pure: no sockets, no asyncio. How it is done is the business of `_codec_core`."""

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias, cast, overload

from ._codec_core import (
    ClientEventDict,
    EventTable,
    ProtocolCodec,
    Validation,
    decode_client,
    recall_client,
    validate_strictly,
)
from ._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS, ClientEvent, ServerEvent
from ._wire import UnknownEvent, WireModel

__all__ = [
    "ClientEventDict",
    "Codec",
    "Dialect",
    "EventTable",
    "ProtocolCodec",
    "Validation",
    "decode_client_event",
    "recall_client_event",
    "validate_strictly",
]

Dialect: TypeAlias = Literal["ga", "beta", "auto"]
"""What the server speaks: GA, the beta dialect, or whichever its first events tell; see `Codec`."""

_events: Final = EventTable[ServerEvent](SERVER_EVENTS, CLIENT_EVENTS)


class Codec(ProtocolCodec[ServerEvent, ClientEvent]):
    """Turns frames into events and events into frames.

    Args:
        validation: What happens to an event that does not fit its schema.

            `"lenient"`, the default: it is delivered as its own class with the fields as they came, counted in
            `issues`, and logged once per event type and field. Numbers that came as text (`"3"`) and the like are
            converted where nothing is lost. A dict that is to be sent must fit as it is.

            `"strict"`: it raises `EventValidationError`; nothing is converted. What is to be sent must fit, models
            included.

            `"off"`: as lenient, but nothing is counted or logged, and nothing is checked on the way out.

        dialect: What the server speaks. Events are those of GA whatever it is: they are translated as the module
            `realtime_typed.dialect` says. One codec then serves one connection: see `restart`.

            `"ga"`, the default: nothing is translated.

            `"beta"`: what comes is translated from beta, what goes out to beta, except an `UnknownEvent`, which
            goes out as it is.

            `"auto"`: what comes is translated where it is beta. What goes out is translated once an event of the server
            told that it speaks beta; see `spoken`.

        events: The events of another schema, for an application that generated its own; default those of this package.

    Attributes:
        issues: How often which field did not fit, by `(event type, path)`; only `"lenient"` counts.

    In every mode an event of an unknown type is an `UnknownEvent`, fields that the schema does not know are kept, and a
    field that is absent stays different from one that is `None`.

    Raises:
        ValueError: `validation` or `dialect` is none of the three.
    """

    def __new__(  # noqa: PYI034  # or the class for the other dialects
        cls,
        validation: Validation = "lenient",
        *,
        dialect: Dialect = "ga",
        events: EventTable[ServerEvent] | None = None,
    ) -> "Codec":
        """Choose the class by dialect, so that the usual one has nothing to ask while it decodes."""
        if dialect not in ("ga", "beta", "auto"):
            raise ValueError(f"dialect must be 'ga', 'beta' or 'auto', got {dialect!r}")
        if cls is Codec and dialect != "ga":
            from ._dialect_codec import DialectCodec

            return object.__new__(DialectCodec)
        return super().__new__(cls)

    def __init__(
        self,
        validation: Validation = "lenient",
        *,
        dialect: Dialect = "ga",
        events: EventTable[ServerEvent] | None = None,
    ) -> None:
        super().__init__(_events if events is None else events, validation)

    def decode_all(self, data: str | bytes) -> tuple[ServerEvent | UnknownEvent, ...]:
        """Read one frame as all the GA events that it stands for.

        In the beta dialect one event can say what GA says in two: `conversation.item.created` of a whole item, and
        `response.output_item.done`. `decode` then gives the one that the frame itself is.

        Args:
            data: As for `decode`, which also tells the errors.

        Returns:
            The events in GA's order: one, or two that have the same `event_id`.
        """
        return (self.decode(data),)

    @property
    def spoken(self) -> Literal["ga", "beta"] | None:
        """The dialect of what goes out; `None` while `dialect="auto"` waits for an event that tells: then it is GA."""
        return "ga"

    def restart(self) -> None:
        """Forget what the server has said so far: a new connection begins."""

    def recall(self, frame: str) -> ClientEvent | UnknownEvent:
        """Make the event of a frame that was sent, as `recall_client_event` does, from the dialect that is spoken."""
        return cast("ClientEvent | UnknownEvent", recall_client(frame, self._events.client_events))


def recall_client_event(frame: str) -> ClientEvent | UnknownEvent:
    """Make the event of a frame that was sent, for those who listen to what goes out. It never fails.

    Args:
        frame: What `Codec.encode` or `Codec.encode_audio` gave.
    """
    return cast("ClientEvent | UnknownEvent", recall_client(frame, CLIENT_EVENTS))


@overload
def decode_client_event(data: str | bytes) -> ClientEvent | UnknownEvent: ...
@overload
def decode_client_event(data: str | bytes, events: Mapping[str, type[WireModel]]) -> WireModel | UnknownEvent: ...
def decode_client_event(
    data: str | bytes, events: Mapping[str, type[WireModel]] = CLIENT_EVENTS
) -> WireModel | UnknownEvent:
    """Read one frame that a client sent, strictly: what a server does.

    Args:
        data: JSON text, or the UTF-8 bytes of it.
        events: The client events of the protocol. Default those of GA `realtime`.

    Returns:
        The event, or an `UnknownEvent` when the schema does not know its type.

    Raises:
        ProtocolError: The frame is not a JSON object with a string `type`.
        EventValidationError: The event does not fit its schema.
    """
    return decode_client(data, events)
