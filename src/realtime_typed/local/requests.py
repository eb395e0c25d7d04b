"""Client frames to events, or to the `error` that the service would answer with. Pure.

The service validates every client event whole: one wrong or unknown field refuses the event and nothing of it is done.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, TypeVar, cast

from pydantic_core import from_json

from realtime_typed._generated.realtime.registry import CLIENT_EVENTS, ClientEvent
from realtime_typed._wire import UnknownEvent, WireModel
from realtime_typed.codec import decode_client_event, validate_strictly
from realtime_typed.errors import EventValidationError, FieldError, ProtocolError, shorten

__all__ = [
    "RequestError",
    "Wire",
    "error_event",
    "json_object",
    "parse_frame",
    "read_body",
    "read_event",
    "refuse_unknown_fields",
    "validate_event",
]

Wire: TypeAlias = dict[str, object]
"""A JSON object, as it goes on the wire."""

_WRONG_TAG: Final = re.compile(
    r"Input tag '(?P<tag>.*)' found using '(?P<key>\w+)' does not match.*tags: (?P<known>.*)"
)
_NO_TAG: Final = re.compile(r"Unable to extract tag using discriminator '(?P<key>\w+)'")
_WRONG_TYPE: Final = re.compile(r"Input should be (?P<kind>(?:an? )?valid .*|an object|a dictionary.*)")
_OUT_OF_BOUNDS: Final = re.compile(r"Input should be (?P<side>greater|less) than or equal to (?P<bound>\S+)")
_M = TypeVar("_M", bound=WireModel)
_KINDS: Final = {
    "dictionary": "object",
    "list": "array",
    "boolean": "boolean",
    "integer": "integer",
    "string": "string",
}


class RequestError(Exception):
    """A client event that the service refuses; becomes the `error` event.

    Attributes:
        code: The error's code, for instance `unknown_parameter`.
        message: What is wrong, in a sentence that names the field.
        param: The field, as a path such as `session.audio.input.turn_detection.type` or `item.content[0].text`.
        event_id: The `event_id` of the refused event, `None` when it had none.
        type: The kind of error. Default `invalid_request_error`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        param: str | None = None,
        *,
        event_id: str | None = None,
        type: str = "invalid_request_error",  # noqa: A002  # the protocol's own name
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.param = param
        self.event_id = event_id
        self.type = type


def parse_frame(frame: str | bytes) -> Wire:
    """Parse a frame as far as a JSON object with a string `type`.

    Raises:
        RequestError: It is none; code `invalid_json`, `missing_required_parameter` or `invalid_type`.
    """
    try:
        raw: object = from_json(frame)
    except ValueError:
        raise RequestError("invalid_json", "The message is no valid JSON.") from None
    if not isinstance(raw, dict):
        raise RequestError("invalid_type", "The message must be a JSON object.")
    event = cast("Wire", raw)
    name, cause = event.get("type"), event.get("event_id")
    event_id = cause if isinstance(cause, str) else None
    if "type" not in event:
        message = "Missing required parameter: 'type'."
        raise RequestError("missing_required_parameter", message, "type", event_id=event_id)
    if not isinstance(name, str):
        message = f"Invalid type for 'type': expected a string, but got {shorten(repr(name), 40)}."
        raise RequestError("invalid_type", message, "type", event_id=event_id)
    return event


def error_event(error: RequestError, event_id: str | None) -> Wire:
    """The `error` event of a refused client event; `event_id` is the client event's."""
    problem: Wire = {"type": error.type, "code": error.code, "message": error.message, "param": error.param}
    return {"type": "error", "error": problem | {"event_id": event_id}}


def read_event(frame: str | bytes, raw: Wire) -> ClientEvent:
    """Validate a client event of a realtime session strictly, unknown fields included.

    Args:
        frame: The frame as it came.
        raw: What `parse_frame` made of it.

    Raises:
        RequestError: The type is unknown, a field is wrong, missing or unknown.
    """
    return cast("ClientEvent", validate_event(frame, raw, CLIENT_EVENTS))


def validate_event(frame: str | bytes, raw: Wire, events: Mapping[str, type[WireModel]]) -> WireModel:
    """Validate a client event of any protocol; `events` are the protocol's, otherwise as `read_event`."""
    try:
        event = decode_client_event(frame, events)
    except EventValidationError as error:
        raise _field_error(error.errors) from None
    except ProtocolError as error:
        raise RequestError("invalid_json", str(error)) from None
    if isinstance(event, UnknownEvent):
        supported = ", ".join(f"'{name}'" for name in sorted(events))
        given = shorten(str(raw.get("type")), 80)
        raise RequestError("invalid_value", f"Invalid value: '{given}'. Supported values are: {supported}.", "type")
    refuse_unknown_fields(event)
    return event


def json_object(body: str | bytes) -> Wire:
    """Parse the body of an HTTP request as far as a JSON object.

    Raises:
        RequestError: It is none.
    """
    try:
        raw: object = from_json(body)
    except ValueError:
        raise RequestError("invalid_json", "The body is no valid JSON.") from None
    if not isinstance(raw, dict):
        raise RequestError("invalid_type", "The body must be a JSON object.")
    return cast("Wire", raw)


def read_body(body: str | bytes, model: type[_M]) -> _M:
    """Validate the JSON body of an HTTP request strictly, unknown fields included.

    Args:
        body: JSON text, or the UTF-8 bytes of it.
        model: What it has to be.

    Raises:
        RequestError: It is no JSON object, or a field is wrong, missing or unknown.
    """
    raw = json_object(body)
    try:
        found = validate_strictly(model, body, raw, "body")
    except EventValidationError as error:
        for entry in error.errors:
            if match := _OUT_OF_BOUNDS.match(entry.expected):
                path = ".".join(str(step) for step in entry.path)
                side = "below minimum" if match["side"] == "greater" else "above maximum"
                sign = ">=" if match["side"] == "greater" else "<="
                message = f"Invalid '{path}': integer {side} value. Expected a value {sign} {match['bound']}, but got "
                code = f"integer_{side.split()[0]}_{side.split()[1][:3]}_value"
                raise RequestError(code, f"{message}{entry.value} instead.", path) from None
        raise _field_error(error.errors) from None
    refuse_unknown_fields(found)
    return found


def refuse_unknown_fields(model: WireModel) -> None:
    """Refuse an event of which any object holds a field that the schema does not know.

    Raises:
        RequestError: Code `unknown_parameter`; `param` is the first such field's path.
    """
    for path in _unknown(model, ""):
        raise RequestError("unknown_parameter", f"Unknown parameter: '{path}'.", path)


def _unknown(value: object, path: str) -> Iterable[str]:
    if isinstance(value, WireModel):
        prefix = f"{path}." if path else ""
        for name in value.model_extra or ():
            yield prefix + name
        for name in value.model_fields_set:
            yield from _unknown(getattr(value, name), prefix + name)
    elif isinstance(value, list):
        for index, item in enumerate(cast("list[object]", value)):
            yield from _unknown(item, f"{path}[{index}]")


def _field_error(errors: tuple[FieldError, ...]) -> RequestError:
    # Where the schema allows several shapes each of them reports; the deepest report is of the one that was meant.
    error = max(errors, key=lambda entry: len(entry.path))
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.path).removeprefix(".")
    if match := _NO_TAG.match(error.expected):
        missing = f"{path}.{match['key']}".removeprefix(".")
        return RequestError("missing_required_parameter", f"Missing required parameter: '{missing}'.", missing)
    if match := _WRONG_TAG.match(error.expected):
        param = f"{path}.{match['key']}".removeprefix(".")
        message = f"Invalid value for '{param}': '{match['tag']}'. Supported values are: {match['known']}."
        return RequestError("invalid_value", message, param)
    if error.expected == "Field required":
        return RequestError("missing_required_parameter", f"Missing required parameter: '{path}'.", path)
    if match := _WRONG_TYPE.match(error.expected):
        kind = next((name for word, name in _KINDS.items() if word in match["kind"]), match["kind"])
        article = "an" if kind[0] in "aeio" else "a"
        message = f"Invalid type for '{path}': expected {article} {kind}, but got {error.value}."
        return RequestError("invalid_type", message, path)
    message = f"Invalid value for '{path}': {error.value}. {error.expected}."
    return RequestError("invalid_value", message, path)
