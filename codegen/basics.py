"""What every module here needs: the one error, and the form of what is read from JSON and YAML."""

from collections.abc import Iterable
from typing import Final, TypeAlias, cast

__all__ = ["MAX_DEPTH", "MAX_NODES", "UNREADABLE", "CodegenError", "JsonObject", "as_object", "refuse_size"]

JsonObject: TypeAlias = dict[str, "object"]

MAX_DEPTH: Final = 200
"""How deep what is read may be nested."""

MAX_NODES: Final = 5_000_000
"""How many values what is read may hold, YAML's aliases unfolded."""

UNREADABLE: Final = (ValueError, LookupError, AttributeError, TypeError)
"""What PyYAML raises beside its own errors, for a date or a number, or a tag that says it is one, that is none."""


class CodegenError(Exception):
    """The contract cannot be turned into models; the message names the file, the place and the cure."""


def as_object(value: object, where: str) -> JsonObject:
    """Say that `value` is a mapping with string keys.

    Args:
        value: Anything read from JSON or YAML.
        where: The place it was read from, for the error.

    Raises:
        CodegenError: It is something else.
    """
    if not isinstance(value, dict):
        raise CodegenError(f"{where}: expected a mapping, got {type(value).__name__}")
    bad = [key for key in cast("dict[object, object]", value) if not isinstance(key, str)]
    if bad:
        raise CodegenError(f"{where}: every key must be a string, got {bad[0]!r}; quote it")
    return cast("JsonObject", value)


def refuse_size(value: object, where: str) -> None:
    """Say that a value is not so deep or so large, aliases unfolded, that what walks through it would not end well.

    Args:
        value: Anything read from JSON or YAML; it may hold itself.
        where: The place it was read from, for the error.

    Raises:
        CodegenError: It is nested deeper than `MAX_DEPTH`, or unfolds to more than `MAX_NODES` values.
    """
    level: list[object] = [value]
    nodes = 0
    for _ in range(MAX_DEPTH):
        below: list[object] = []
        for node in level:
            below.extend(_values(node))
            if nodes + len(below) > MAX_NODES:
                raise CodegenError(f"{where}: unfolds to more than {MAX_NODES} values")
        if not below:
            return
        nodes += len(below)
        level = below
    raise CodegenError(f"{where}: is nested deeper than {MAX_DEPTH} levels")


def _values(node: object) -> Iterable[object]:
    if isinstance(node, dict):
        return cast("dict[object, object]", node).values()
    return cast("list[object]", node) if isinstance(node, list) else ()
