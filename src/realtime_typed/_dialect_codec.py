"""The codec of a connection whose server speaks the beta dialect, or may speak it: `Codec(dialect="beta" | "auto")`."""

from typing import Literal, cast

from pydantic_core import from_json, to_json

from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._wire import UnknownEvent
from .codec import ClientEventDict, Codec, Dialect, EventTable, Validation
from .dialect import BetaReader, beta_client_to_ga, ga_server_name, ga_to_beta, tell_dialect

__all__ = ["DialectCodec"]


class DialectCodec(Codec):
    """Reads what either dialect sends as GA events, and writes GA events in the dialect of the server.

    It has a state, for one connection: `restart` forgets it.
    """

    def __init__(
        self,
        validation: Validation = "lenient",
        *,
        dialect: Dialect = "ga",
        events: EventTable[ServerEvent] | None = None,
    ) -> None:
        super().__init__(validation, dialect=dialect, events=events)
        self._known: Literal["ga", "beta"] | None = None if dialect == "auto" else dialect
        self._reader = BetaReader()
        self._spoken: Literal["ga", "beta"] | None = self._known

    def restart(self) -> None:
        self._reader = BetaReader()
        self._spoken = self._known

    @property
    def spoken(self) -> Literal["ga", "beta"] | None:
        return self._spoken

    def decode(self, data: str | bytes) -> ServerEvent | UnknownEvent:
        return self._decode_frame(data)[0]

    def decode_all(self, data: str | bytes) -> tuple[ServerEvent | UnknownEvent, ...]:
        return self._decode_frame(data)[1]

    def _decode_frame(
        self, data: str | bytes
    ) -> tuple[ServerEvent | UnknownEvent, tuple[ServerEvent | UnknownEvent, ...]]:
        """Read a frame: the event that the frame is, and all that it means to a GA application, in order."""
        try:
            frame: object = from_json(data.encode() if isinstance(data, str) else data)
        except ValueError:
            frame = None
        raw = cast("dict[str, object]", frame) if isinstance(frame, dict) else {}
        name = raw.get("type")
        if not isinstance(name, str):
            # It is no event; the usual way says what is wrong with it.
            event = super().decode(data)
            return event, (event,)
        if self._spoken is None:
            self._spoken = tell_dialect(raw)
        made = self._reader.read(raw)
        if len(made) == 1 and made[0] is raw:
            event = super().decode(data)
            return event, (event,)
        events = tuple(super(DialectCodec, self).decode(to_json(entry)) for entry in made)
        own = ga_server_name(name)
        return next(event for event, entry in zip(events, made, strict=True) if entry["type"] == own), events

    def encode(self, event: ClientEvent | UnknownEvent | ClientEventDict) -> str:
        text = super().encode(event)
        if self._spoken != "beta" or isinstance(event, UnknownEvent):
            return text
        raw = cast("dict[str, object]", from_json(text))
        made = ga_to_beta(raw)
        return text if made is raw else to_json(made).decode()

    def recall(self, frame: str) -> ClientEvent | UnknownEvent:
        if self._spoken != "beta":
            return super().recall(frame)
        raw = cast("dict[str, object]", from_json(frame))
        made = beta_client_to_ga(raw)
        return super().recall(frame if made is raw else to_json(made).decode())
