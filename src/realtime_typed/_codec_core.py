"""What the codecs of all protocols share: frames to typed events and back. Pure: no sockets, no asyncio.

Decoding validates straight from the JSON text, which is faster than parsing the JSON first: with one validator for all
the event types that came before, which finds the class by `type`, wherever that stands. What it refuses (an event type
that is new, unknown or does not fit) goes the long way and is looked up properly.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping
from types import UnionType
from typing import Annotated, ClassVar, Final, Generic, Literal, TypeAlias, TypeVar, cast

import pybase64
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from ._field_errors import field_errors, show
from ._lenient import construct
from ._wire import UnknownEvent, WireModel, to_plain
from .errors import EventValidationError, FieldError, ProtocolError, shorten

__all__ = [
    "ClientEventDict",
    "EventTable",
    "ProtocolCodec",
    "Validation",
    "decode_client",
    "recall_client",
    "validate_strictly",
]

Validation: TypeAlias = Literal["strict", "lenient", "off"]
"""How much an event has to fit its schema; see `Codec`."""

ClientEventDict: TypeAlias = Mapping[str, object]
"""A client event as a mapping of JSON values (models inside are allowed); `type` says which."""

_logger = logging.getLogger("realtime_typed.codec")

_TYPE: Final = re.compile(r'"type"\s*:\s*"([^"\\]*)"')
_TYPE_BYTES: Final = re.compile(rb'"type"\s*:\s*"([^"\\]*)"')
# How many events take the long way before the union is built anew; building it costs as much as some 500 events.
_ENOUGH_MISSES: Final = 16
# A hostile server could send ever new wrong fields; beyond this many different ones only the total is kept.
_MAX_ISSUES: Final = 1000

# More of them are written, but neither Python nor pydantic reads them again.
_MOST_DIGITS: Final = 4300

S = TypeVar("S", bound=WireModel)
C = TypeVar("C", bound=WireModel)
_M = TypeVar("_M", bound=WireModel)


class EventTable(Generic[S]):
    """The events of one protocol, and one validator for the types that came so far, which finds the class by `type`.

    It is shared by all codecs of the protocol. A union of all its types would make the first event wait until every
    model is built, so it grows with what comes: a few times in the first turn, hardly ever after it.

    Args:
        server_events: Wire name to class of what the service sends.
        client_events: Wire name to class of what a client sends.

    Attributes:
        validate: Validates the JSON of any event type that came so far; `None` until enough came.
    """

    def __init__(
        self, server_events: Mapping[str, type[WireModel]], client_events: Mapping[str, type[WireModel]]
    ) -> None:
        self.server_events = server_events
        self.client_events = client_events
        self.validate: Callable[..., S] | None = None
        self._by_name: dict[str, Callable[..., S]] = {}
        self._misses = 0

    def validator(self, name: str | bytes) -> Callable[..., S] | None:
        """The JSON validator of an event type, built when the first event of that type comes."""
        try:
            text = name if isinstance(name, str) else name.decode()
        except UnicodeDecodeError:
            return None
        found = self._by_name.get(text)
        if found is None and text in self.server_events:
            model = self.server_events[text]
            model.model_rebuild()
            found = self._by_name[text] = cast("Callable[..., S]", model.__pydantic_validator__.validate_json)
        return found

    def missed(self) -> None:
        """A good event took the long way."""
        self._misses += 1
        if self._misses >= _ENOUGH_MISSES:
            self._misses = 0
            first, *others = [self.server_events[name] for name in list(self._by_name)]
            union: UnionType | type[WireModel] = first
            for model in others:
                union = union | model
            tagged: object = union
            tagged = Annotated[tagged, Field(discriminator="type")]
            adapter = TypeAdapter(cast("type[S]", tagged))
            self.validate = cast("Callable[..., S]", adapter.validator.validate_json)


class ProtocolCodec(Generic[S, C]):
    """Turns the frames of one protocol into its events and its events into frames; see `Codec` for the arguments.

    Attributes:
        issues: How often which field did not fit, by `(event type, path)`; only `"lenient"` counts.

    Raises:
        ValueError: `validation` is none of the three.
    """

    _append: ClassVar[str] = "input_audio_buffer.append"

    def __init__(self, events: EventTable[S], validation: Validation = "lenient") -> None:
        if validation not in ("strict", "lenient", "off"):
            raise ValueError(f"validation must be 'strict', 'lenient' or 'off', got {validation!r}")
        self._events = events
        self._validation: Validation = validation
        self._strict = True if validation == "strict" else None
        self.issues: Counter[tuple[str, str]] = Counter()

    @property
    def validation(self) -> Validation:
        """The mode: `"strict"`, `"lenient"` or `"off"`."""
        return self._validation

    @property
    def issue_count(self) -> int:
        """How many fields did not fit, in all; only `"lenient"` counts."""
        return self.issues.total()

    def decode(self, data: str | bytes) -> S | UnknownEvent:
        """Read one frame.

        Args:
            data: JSON text, or the UTF-8 bytes of it.

        Returns:
            The event as an instance of its class, or an `UnknownEvent` when the schema does not know its type.

        Raises:
            ProtocolError: The frame is not a JSON object with a string `type`.
            EventValidationError: In `"strict"` mode, the event does not fit its schema.
        """
        validate = self._events.validate
        if validate is not None:
            try:
                return validate(data, strict=self._strict)
            except ValidationError:
                pass
        return self._decode_any(data)

    def _decode_any(self, data: str | bytes) -> S | UnknownEvent:
        match = _TYPE.search(data) if isinstance(data, str) else _TYPE_BYTES.search(data)
        if match is not None:
            validate = self._events.validator(match[1])
            if validate is not None:
                try:
                    event = validate(data, strict=self._strict)
                except ValidationError:
                    pass
                else:
                    # `type` has a default, so its presence proves that the match was not some nested object's type.
                    if "type" in event.model_fields_set:
                        self._events.missed()
                        return event
        raw = _parse(data)
        name = cast("str", raw["type"])
        model = self._events.server_events.get(name)
        if model is None:
            return UnknownEvent(name, raw)
        validate = cast("Callable[..., S]", self._events.validator(name))
        try:
            return validate(data, strict=self._strict)
        except ValidationError as error:
            if self._validation == "strict":
                raise EventValidationError(name, field_errors(error, raw), raw=data) from None
            if self._validation == "lenient":
                self._note(name, field_errors(error, raw))
        return cast("S", construct(model, raw))

    def _note(self, name: str, errors: list[FieldError]) -> None:
        for error in errors:
            # Positions in lists are left out: one wrong field in every item is one issue, not one per item.
            # A path may hold keys that the server chose, of any length.
            path = shorten(".".join(step for step in error.path if isinstance(step, str)))
            key = (name, path)
            if key not in self.issues:
                if len(self.issues) >= _MAX_ISSUES:
                    key = (name, "(more)")
                else:
                    _logger.warning("%s: %s; delivered as it came", name, error)
            self.issues[key] += 1

    def encode(self, event: C | UnknownEvent | ClientEventDict) -> str:
        """Write one frame.

        Args:
            event: A client event as a model or a mapping. An `UnknownEvent` is written as its `raw`, which allows
                events that the schema does not know yet.

        Returns:
            JSON text. It holds `type`, every field that was set (an explicit `None` as `null`) and extra fields.

        Raises:
            ProtocolError: A mapping has no string `type`, or the event holds what JSON cannot.
            EventValidationError: The event does not fit its schema; see `validation` for when that is checked.
        """
        try:
            wire = cast("dict[str, object]", to_plain(event.raw if isinstance(event, UnknownEvent) else event))
        except RecursionError:
            raise ProtocolError("an event is nested too deeply, or holds itself", raw=show(event)) from None
        if isinstance(event, WireModel):
            if self._validation == "strict":
                self._check(wire)
        elif not isinstance(event, UnknownEvent) and self._validation != "off":
            self._check(wire)
        try:
            text = to_json(wire, inf_nan_mode="constants")
        except ValueError as error:  # PydanticSerializationError is one
            raise ProtocolError(f"an event cannot be written as JSON ({error})", raw=show(wire)) from None
        # JSON has no such numbers, but a text may hold the words; writing the event a second way tells the two apart.
        if (b"NaN" in text or b"Infinity" in text) and text != to_json(wire, inf_nan_mode="null"):
            raise ProtocolError("an event cannot be written as JSON (NaN or an infinite number)", raw=show(wire))
        if len(text) > _MOST_DIGITS and _has_unreadable_number(text):
            raise ProtocolError(f"an event holds an integer of more than {_MOST_DIGITS} digits", raw=show(wire))
        return text.decode()

    def encode_audio(self, audio: bytes | bytearray | memoryview) -> str:
        """Write the frame that appends audio without building a model: the one frame that is sent all the time.

        Args:
            audio: Audio in the session's input format, not yet base64.

        Returns:
            JSON text.
        """
        return f'{{"type":"{self._append}","audio":"{pybase64.b64encode_as_string(audio)}"}}'

    def _check(self, wire: Mapping[str, object]) -> None:
        name = wire.get("type")
        if not isinstance(name, str):
            raise ProtocolError("an event must have a string `type`", raw=show(wire))
        model = self._events.client_events.get(name)
        if model is None:
            if self._validation == "strict":
                expected = f"one of {', '.join(sorted(self._events.client_events))}"
                raise EventValidationError(name, [FieldError(("type",), show(name), expected)], raw=show(wire))
            return
        try:
            # Strictly, because it is sent as it is: what validation converts would not be converted on the wire.
            model.model_validate(wire, strict=True)
        except ValidationError as error:
            raise EventValidationError(name, field_errors(error, wire), raw=show(wire)) from None


def _has_unreadable_number(text: bytes) -> bool:
    # Windows of half the length: one that a longer number fills is among them, and the search costs next to nothing.
    half = _MOST_DIGITS // 2
    if not any(text[at : at + half].isdigit() for at in range(0, len(text) - half + 1, half)):
        return False
    try:
        from_json(text)
    except ValueError:
        return True
    return False  # the digits stand in a text


def _parse(data: str | bytes) -> dict[str, object]:
    try:
        # `from_json` answers text that holds a lone surrogate with a TypeError; encoding it, with a ValueError.
        raw: object = from_json(data.encode() if isinstance(data, str) else data)
    except ValueError as error:
        raise ProtocolError(f"a frame is no JSON ({error})", raw=data) from None
    if not isinstance(raw, dict):
        raise ProtocolError(f"a frame must be a JSON object, got {type(raw).__name__}", raw=data)
    event = cast("dict[str, object]", raw)
    if not isinstance(event.get("type"), str):
        raise ProtocolError("a frame must have a string `type`", raw=data)
    return event


def recall_client(frame: str, events: Mapping[str, type[WireModel]]) -> WireModel | UnknownEvent:
    """Make the event of a frame that was sent, for those who listen to what goes out. It never fails.

    Args:
        frame: What `encode` or `encode_audio` of a codec gave.
        events: The client events of the protocol.
    """
    wire = _parse(frame)
    name = cast("str", wire["type"])
    model = events.get(name)
    return UnknownEvent(name, wire) if model is None else construct(model, wire)


def decode_client(data: str | bytes, events: Mapping[str, type[WireModel]]) -> WireModel | UnknownEvent:
    """Read one frame that a client sent, strictly: what a server does.

    Args:
        data: JSON text, or the UTF-8 bytes of it.
        events: The client events of the protocol.

    Returns:
        The event, or an `UnknownEvent` when the schema does not know its type.

    Raises:
        ProtocolError: The frame is not a JSON object with a string `type`.
        EventValidationError: The event does not fit its schema.
    """
    raw = _parse(data)
    name = cast("str", raw["type"])
    model = events.get(name)
    return UnknownEvent(name, raw) if model is None else validate_strictly(model, data, raw, name)


def validate_strictly(model: type[_M], data: str | bytes, raw: Mapping[str, object], name: str) -> _M:
    """Read JSON as one model, strictly.

    Args:
        model: What the JSON has to be.
        data: JSON text, or the UTF-8 bytes of it.
        raw: `data` parsed; errors show their values from it.
        name: What errors call it, such as the event's type.

    Raises:
        EventValidationError: It does not fit.
    """
    try:
        return model.model_validate_json(data, strict=True)
    except ValidationError as error:
        raise EventValidationError(name, field_errors(error, raw), raw=data) from None
