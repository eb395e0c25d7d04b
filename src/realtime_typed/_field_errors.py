"""What is wrong with an event, in the words of its frame."""

from collections.abc import Iterator, Mapping
from typing import cast

from pydantic import ValidationError

from ._redact import hide_keys, is_secret_name
from .errors import FieldError, shorten

__all__ = ["field_errors", "show"]


def show(value: object, limit: int = 200) -> str:
    """Write a value for an error, cut short; it never fails."""
    try:
        # Cut twice: what is hidden has to be whole, and a value may be long.
        return shorten(hide_keys(shorten(repr(value), 16 * limit)), limit)
    except (RecursionError, ValueError):  # nested too deeply; an integer with too many digits
        return f"({type(value).__name__})"


def field_errors(error: ValidationError, data: Mapping[str, object]) -> list[FieldError]:
    """Say of a failed validation where the wrong fields are, in the words of the frame."""
    found: list[FieldError] = []
    for entry in error.errors(include_url=False, include_context=False):
        missing = entry["type"] == "missing"
        steps = entry["loc"]
        readings = list(_readings(steps[:-1] if missing else steps, data))
        fitting = [reading for reading in readings if reading[1] == entry["input"]] or readings
        # The last step is the field itself, unless it is the name of a union's member.
        path = max((reading[0] for reading in fitting), key=lambda path: (path[-1:] == steps[-1:], len(path)))
        secret = any(isinstance(step, str) and is_secret_name(step) for step in path)
        value = "nothing" if missing else "[redacted]" if secret else show(entry["input"], 80)
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
