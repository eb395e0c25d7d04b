"""What every module here needs: the one error, and the form of what is read from JSON and YAML."""

from typing import TypeAlias, cast

__all__ = ["CodegenError", "JsonObject", "as_object"]

JsonObject: TypeAlias = dict[str, "object"]


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
