"""What `add_tool` and `remove_tool` return."""

from collections.abc import Awaitable, Callable, Generator

from .tools import Tool

__all__ = ["SessionChange"]


class SessionChange:
    """A change of the session that has been made here; awaiting it waits until the service was told, if connected."""

    __slots__ = ("_told", "tool")

    def __init__(self, tool: Tool, told: Callable[[], Awaitable[None]] | None = None) -> None:
        self.tool: Tool = tool
        self._told = told

    def __await__(self) -> Generator[object, None, Tool]:
        if self._told is not None:
            yield from self._told().__await__()
        return self.tool
