"""What must hold beyond not crashing, where more than one target asks for it."""

import json
from typing import cast

from pydantic_core import from_json

__all__ = ["as_object", "as_text", "is_kept", "read_json", "require", "same_json"]


def require(condition: bool, message: str, *shown: object) -> None:
    """Raise `AssertionError` unless `condition` holds, under `python -O` too."""
    if not condition:
        raise AssertionError(message + "".join(f"\n  {each!r:.2000}" for each in shown))


def as_text(data: bytes) -> str:
    """Bytes as text, half surrogates included; what is no text is replaced."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def read_json(data: bytes) -> object:
    """JSON as the standard library reads it; `None` where it does not."""
    try:
        return cast("object", json.loads(data))
    except (ValueError, RecursionError):
        return None


def as_object(value: object) -> dict[str, object] | None:
    """A JSON object as such, `None` for every other value."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else None


def same_json(one: str | bytes, other: str | bytes) -> bool:
    """Whether two texts are the same JSON, NaN included."""
    return one == other or _settled(from_json(one)) == _settled(from_json(other))


def _settled(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def is_kept(raw: object, wire: object) -> bool:
    """Whether `wire` holds all that `raw` holds, scalars converted at most: `"3"` may have become 3."""
    if isinstance(raw, dict):
        if not isinstance(wire, dict):
            return False
        held = cast("dict[str, object]", wire)
        return all(key in held and is_kept(value, held[key]) for key, value in cast("dict[str, object]", raw).items())
    if isinstance(raw, list):
        if not isinstance(wire, list):
            return False
        ours, theirs = cast("list[object]", raw), cast("list[object]", wire)
        return len(ours) == len(theirs) and all(map(is_kept, ours, theirs))
    if type(raw) is type(wire):
        return raw == wire or raw != raw  # NaN is not equal to itself
    return raw is not None and wire is not None and not isinstance(wire, (dict, list))
