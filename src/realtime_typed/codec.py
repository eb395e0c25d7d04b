"""Frames to typed events and back. Pure: no sockets, no asyncio.

Decoding validates straight from the JSON text, which is faster than parsing the JSON first: with one validator for all
the event types that came before, which finds the class by `type`, wherever that stands. What it refuses (an event type
that is new, unknown or does not fit) goes the long way and is looked up properly.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Final, Literal, TypeAlias, cast

import pybase64
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from ._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS, ClientEvent, ServerEvent
from ._lenient import construct
from ._wire import UnknownEvent, WireModel, to_plain
from .errors import EventValidationError, FieldError, ProtocolError, shorten

__all__ = ["ClientEventDict", "Codec", "Validation", "decode_client_event", "recall_client_event"]

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

_Validate: TypeAlias = Callable[..., ServerEvent]


class _SeenEvents:
    """The event types that came so far, and one validator for all of them, which finds the class by `type` itself.

    It is shared by all codecs. A union of all 46 types would make the first event wait until every model is built, so
    it grows with what comes: a few times in the first turn, hardly ever after it.
    """

    def __init__(self) -> None:
        self.validate: _Validate | None = None
        self._by_name: dict[str, _Validate] = {}
        self._misses = 0

    def validator(self, name: str | bytes) -> _Validate | None:
        """The JSON validator of an event type, built when the first event of that type comes."""
        try:
            text = name if isinstance(name, str) else name.decode()
        except UnicodeDecodeError:
            return None
        found = self._by_name.get(text)
        if found is None and text in SERVER_EVENTS:
            model = SERVER_EVENTS[text]
            model.model_rebuild()
            found = self._by_name[text] = cast("_Validate", model.__pydantic_validator__.validate_json)
        return found

    def missed(self) -> None:
        """A good event took the long way."""
        self._misses += 1
        if self._misses >= _ENOUGH_MISSES:
            self._misses = 0
            first, *others = [SERVER_EVENTS[name] for name in list(self._by_name)]
            union: UnionType | type[WireModel] = first
            for model in others:
                union = union | model
            tagged: object = union
            tagged = Annotated[tagged, Field(discriminator="type")]
            adapter = TypeAdapter(cast("type[ServerEvent]", tagged))
            self.validate = cast("_Validate", adapter.validator.validate_json)


_seen: Final = _SeenEvents()


class Codec:
    """Turns frames into events and events into frames.

    Args:
        validation: What happens to an event that does not fit its schema.

            `"lenient"`, the default: it is delivered as its own class with the fields as they came, counted in
            `issues`, and logged once per event type and field. Numbers that came as text (`"3"`) and the like are
            converted where nothing is lost. A dict that is to be sent must fit as it is.

            `"strict"`: it raises `EventValidationError`; nothing is converted. What is to be sent must fit, models
            included.

            `"off"`: as lenient, but nothing is counted or logged, and nothing is checked on the way out.

    Attributes:
        issues: How often which field did not fit, by `(event type, path)`; only `"lenient"` counts.

    In every mode an event of an unknown type is an `UnknownEvent`, fields that the schema does not know are kept, and a
    field that is absent stays different from one that is `None`.

    Raises:
        ValueError: `validation` is none of the three.
    """

    def __init__(self, validation: Validation = "lenient") -> None:
        if validation not in ("strict", "lenient", "off"):
            raise ValueError(f"validation must be 'strict', 'lenient' or 'off', got {validation!r}")
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

    def decode(self, data: str | bytes) -> ServerEvent | UnknownEvent:
        """Read one frame.

        Args:
            data: JSON text, or the UTF-8 bytes of it.

        Returns:
            The event as an instance of its class, or an `UnknownEvent` when the schema does not know its type.

        Raises:
            ProtocolError: The frame is not a JSON object with a string `type`.
            EventValidationError: In `"strict"` mode, the event does not fit its schema.
        """
        validate = _seen.validate
        if validate is not None:
            try:
                return validate(data, strict=self._strict)
            except ValidationError:
                pass
        return self._decode_any(data)

    def _decode_any(self, data: str | bytes) -> ServerEvent | UnknownEvent:
        match = _TYPE.search(data) if isinstance(data, str) else _TYPE_BYTES.search(data)
        if match is not None:
            validate = _seen.validator(match[1])
            if validate is not None:
                try:
                    event = validate(data, strict=self._strict)
                except ValidationError:
                    pass
                else:
                    # `type` has a default, so its presence proves that the match was not some nested object's type.
                    if "type" in event.model_fields_set:
                        _seen.missed()
                        return event
        raw = _parse(data)
        name = cast("str", raw["type"])
        model = SERVER_EVENTS.get(name)
        if model is None:
            return UnknownEvent(name, raw)
        validate = cast("_Validate", _seen.validator(name))
        try:
            return validate(data, strict=self._strict)
        except ValidationError as error:
            if self._validation == "strict":
                raise EventValidationError(name, _field_errors(error, raw), raw=data) from None
            if self._validation == "lenient":
                self._note(name, _field_errors(error, raw))
        return cast("ServerEvent", construct(model, raw))

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

    def encode(self, event: ClientEvent | UnknownEvent | ClientEventDict) -> str:
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
            raise ProtocolError("an event is nested too deeply, or holds itself", raw=_show(event)) from None
        if isinstance(event, WireModel):
            if self._validation == "strict":
                self._check(wire)
        elif not isinstance(event, UnknownEvent) and self._validation != "off":
            self._check(wire)
        try:
            text = to_json(wire, inf_nan_mode="constants")
        except ValueError as error:  # PydanticSerializationError is one
            raise ProtocolError(f"an event cannot be written as JSON ({error})", raw=_show(wire)) from None
        # JSON has no such numbers, but a text may hold the words; writing the event a second way tells the two apart.
        if (b"NaN" in text or b"Infinity" in text) and text != to_json(wire, inf_nan_mode="null"):
            raise ProtocolError("an event cannot be written as JSON (NaN or an infinite number)", raw=_show(wire))
        return text.decode()

    def encode_audio(self, audio: bytes | bytearray | memoryview) -> str:
        """Write an `input_audio_buffer.append` frame without building a model: the one frame that is sent all the time.

        Args:
            audio: Audio in the session's input format, not yet base64.

        Returns:
            JSON text.
        """
        return f'{{"type":"input_audio_buffer.append","audio":"{pybase64.b64encode_as_string(audio)}"}}'

    def _check(self, wire: Mapping[str, object]) -> None:
        name = wire.get("type")
        if not isinstance(name, str):
            raise ProtocolError("an event must have a string `type`", raw=_show(wire))
        model = CLIENT_EVENTS.get(name)
        if model is None:
            if self._validation == "strict":
                expected = f"one of {', '.join(sorted(CLIENT_EVENTS))}"
                raise EventValidationError(name, [FieldError(("type",), _show(name), expected)], raw=_show(wire))
            return
        try:
            # Strictly, because it is sent as it is: what validation converts would not be converted on the wire.
            model.model_validate(wire, strict=True)
        except ValidationError as error:
            raise EventValidationError(name, _field_errors(error, wire), raw=_show(wire)) from None


def _show(value: object, limit: int = 200) -> str:
    try:
        return shorten(repr(value), limit)
    except (RecursionError, ValueError):  # nested too deeply; an integer with too many digits
        return f"({type(value).__name__})"


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


def recall_client_event(frame: str) -> ClientEvent | UnknownEvent:
    """Make the event of a frame that was sent, for those who listen to what goes out. It never fails.

    Args:
        frame: What `Codec.encode` or `Codec.encode_audio` gave.
    """
    wire = _parse(frame)
    name = cast("str", wire["type"])
    model = CLIENT_EVENTS.get(name)
    return UnknownEvent(name, wire) if model is None else cast("ClientEvent", construct(model, wire))


def decode_client_event(data: str | bytes) -> ClientEvent | UnknownEvent:
    """Read one frame that a client sent, strictly: what a server does.

    Args:
        data: JSON text, or the UTF-8 bytes of it.

    Returns:
        The event, or an `UnknownEvent` when the schema does not know its type.

    Raises:
        ProtocolError: The frame is not a JSON object with a string `type`.
        EventValidationError: The event does not fit its schema.
    """
    raw = _parse(data)
    name = cast("str", raw["type"])
    model = CLIENT_EVENTS.get(name)
    if model is None:
        return UnknownEvent(name, raw)
    try:
        return cast("ClientEvent", model.model_validate_json(data, strict=True))
    except ValidationError as error:
        raise EventValidationError(name, _field_errors(error, raw), raw=data) from None


def _field_errors(error: ValidationError, data: Mapping[str, object]) -> list[FieldError]:
    """Say of a failed validation where the wrong fields are, in the words of the frame."""
    found: list[FieldError] = []
    for entry in error.errors(include_url=False, include_context=False):
        missing = entry["type"] == "missing"
        steps = entry["loc"]
        readings = list(_readings(steps[:-1] if missing else steps, data))
        fitting = [reading for reading in readings if reading[1] == entry["input"]] or readings
        # The last step is the field itself, unless it is the name of a union's member.
        path = max((reading[0] for reading in fitting), key=lambda path: (path[-1:] == steps[-1:], len(path)))
        value = "nothing" if missing else _show(entry["input"], 80)
        found.append(FieldError((*path, *steps[-1:]) if missing else path, value, entry["msg"]))
    return found


def _readings(
    steps: tuple[str | int, ...], node: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """Read a path of the validation as paths of the frame, each with what stands there.

    Validation names the members of unions in its paths, those with tags by their tag; the frame does not know them.
    There is more than one reading where an object has a field of the name of its tag, such as the part
    `{"type": "audio", "audio": …}`.
    """
    for position, step in enumerate(steps):
        if isinstance(node, dict) and step in node:
            fields = cast("dict[str | int, object]", node)
            if step in (fields.get("type"), fields.get("role")):
                yield from _readings(steps[position + 1 :], fields, path)
            node = fields[step]
        elif isinstance(node, list) and isinstance(step, int) and step < len(cast("list[object]", node)):
            node = cast("list[object]", node)[step]
        else:
            continue
        path = (*path, step)
    yield path, node
