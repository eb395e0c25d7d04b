"""Models to JSON bodies and back."""

import json
from typing import TypeVar

from pydantic import ValidationError

from realtime_typed._lenient import construct
from realtime_typed._wire import WireModel, to_plain

from .requests import Answer, Body

__all__ = ["json_body", "json_bytes", "read"]

M = TypeVar("M", bound=WireModel)
_SHOWN = 5


def json_bytes(value: object) -> bytes:
    """Models, dicts and JSON values as JSON in UTF-8; what is `UNSET` is left out, `None` is `null`."""
    return json.dumps(to_plain(value), ensure_ascii=False, allow_nan=False).encode()


def json_body(model: type[WireModel], fields: object) -> Body:
    """Make the body of a request.

    Args:
        model: The request's class.
        fields: The request, a model or a dict, with models or dicts inside; what is `UNSET` is left out.

    Raises:
        ValueError: They do not have the shape of the request; the message names the fields.
    """
    wire = to_plain(fields)
    try:
        # Strictly, because it is sent as it is: what validation converts would not be converted on the wire.
        model.model_validate(wire, strict=True)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        wrong = [f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in found[:_SHOWN]]
        if len(found) > _SHOWN:
            wrong.append(f"and {len(found) - _SHOWN} more")
        raise ValueError(f"{model.__name__}: {'; '.join(wrong)}") from None
    return Body(json_bytes(wire), "application/json")


def read(model: type[M], answer: Answer, *required: str) -> M:
    """Read an answer as a `model`.

    Args:
        model: The answer's class.
        answer: What came.
        required: Fields of text without which the answer is worth nothing.

    Returns:
        The object. Where a field does not have the shape that the schema states, it is what came.

    Raises:
        InvalidResponseError: It is no JSON object, or lacks a field of `required`.
    """
    fields = answer.json()
    for name in required:
        if not isinstance(fields.get(name), str) or not fields[name]:
            raise answer.error(f"the body has no {name!r}")
    try:
        return model.model_validate(fields)
    except ValidationError:
        return construct(model, fields)
