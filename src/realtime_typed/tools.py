"""Functions that the model may call: their definitions, and running them. Knows neither sessions nor events."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from pydantic_core import from_json, to_json

from ._generated.realtime.params import FunctionToolParam
from ._generated.realtime.shared import FunctionCallItem, FunctionTool
from ._tool_threads import ToolThreads
from ._wire import WireModel, to_plain, wire_fields
from .errors import ToolError

if TYPE_CHECKING:
    from .client import RealtimeClient

__all__ = ["Tool", "ToolContext", "ToolDefinition", "ToolHandler", "ToolRegistry", "TypedCall"]

ToolDefinition: TypeAlias = FunctionTool | FunctionToolParam | Mapping[str, object]
"""A tool's name, description and JSON schema of its parameters. `type` may be left out."""

ToolHandler: TypeAlias = Callable[[dict[str, object]], object | Awaitable[object]]
"""Takes the arguments as a dict and returns the result, or a coroutine of it."""


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool function may know of the call that it answers.

    A function of `@client.tool` gets it as the parameter that is annotated with this class, whatever its name; the
    model is not told of that parameter. A function that is no coroutine function runs in a thread: from there, reach
    the client through `asyncio.run_coroutine_threadsafe` only.

    Attributes:
        client: The client that the tool was added to.
        item: The call as the model made it; `arguments` is JSON text.
        response_id: The response that holds the call.
        call_id: What the answer is told apart by.
    """

    client: "RealtimeClient"
    item: FunctionCallItem
    response_id: str
    call_id: str


TypedCall: TypeAlias = Callable[[str, ToolContext | None, ToolThreads], Awaitable[object]]
"""Takes the arguments as JSON text, checks them, and returns the result of the function."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool and the function that answers its calls.

    Attributes:
        name: The name the model calls it by.
        definition: What the session tells the model: name, description, parameters.
        handler: Takes the arguments as a dict.
        timeout: After how many seconds a call is answered with an error; `None`, the default, means never.
        typed_call: Runs a function that was added by its signature; `None`, the default, for others.
    """

    name: str
    definition: dict[str, object]
    handler: ToolHandler
    timeout: float | None = None
    typed_call: TypedCall | None = None


def serialise_result(result: object) -> str:
    """Write a tool's result as the text that the model reads.

    Args:
        result: Text stays as it is; everything else becomes JSON (models and dataclasses included).

    Raises:
        TypeError: It holds something that JSON cannot.
    """
    try:
        if isinstance(result, str):
            result.encode()  # a lone surrogate cannot be sent
            return str.__str__(result)  # the value of an enum that is text
        return to_json(to_plain(result), inf_nan_mode="null").decode()
    except ValueError as error:
        raise TypeError(f"its result of type {type(result).__name__} cannot be written as JSON: {error}") from None


def error_output(error: BaseException) -> str:
    """What the model is told of a failure: a short JSON object, never a traceback."""
    # Some libraries write a traceback into the message.
    text = str(error).split("Traceback (most recent call last)")[0].strip() or type(error).__name__
    # A message may hold what JSON cannot, such as the lone surrogates of a file name.
    return to_json({"error": text[:500].encode("utf-8", "backslashreplace").decode()}).decode()


class ToolRegistry:
    """The tools of a client by name.

    Attributes:
        threads: Where functions run that are no coroutine functions.
    """

    def __init__(self) -> None:
        self.threads: ToolThreads = ToolThreads()
        self._tools: dict[str, Tool] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._tools

    @property
    def definitions(self) -> list[dict[str, object]]:
        """What the session is told, in the order the tools were added."""
        return [dict(tool.definition) for tool in self._tools.values()]

    def add(self, definition: ToolDefinition, handler: ToolHandler, timeout: float | None = None) -> Tool:
        """Register a tool by its definition.

        Raises:
            ValueError: The definition has no name, a tool of that name is registered already, or `timeout` is not
                positive.
            TypeError: The handler cannot be called.
        """
        wire = definition.to_wire() if isinstance(definition, WireModel) else dict(definition)
        name = wire.get("name")
        if not isinstance(name, str) or not name:
            raise ValueError(f"a tool definition needs a `name`, got {wire!r}")
        if not callable(handler):
            raise TypeError(f"the handler of tool {name!r} must be callable, got {handler!r}")
        full = cast("dict[str, object]", to_plain({"type": "function", **wire}))
        return self.register(Tool(name, full, handler, timeout))

    def register(self, tool: Tool) -> Tool:
        """Register a tool that is made already.

        Raises:
            ValueError: A tool of that name is registered, or its timeout is not positive.
        """
        name = tool.name
        if name in self._tools:
            raise ValueError(f"a tool {name!r} is registered already; call remove_tool({name!r}) first")
        if tool.timeout is not None and not tool.timeout > 0:
            raise ValueError(f"the timeout of tool {name!r} must be a positive number of seconds, got {tool.timeout}")
        self._tools[name] = tool
        return tool

    def refuse(self, given: Sequence[object]) -> None:
        """Refuse tools that the application gave to the session itself under names that are registered.

        Raises:
            ValueError: There is one.
        """
        for tool in given:
            name = wire_fields(tool).get("name")
            if name in self._tools:
                raise ValueError(f"tool {name!r} is registered by add_tool already; call remove_tool({name!r}) first")

    def remove(self, name: str) -> Tool:
        """Take a tool out.

        Raises:
            ValueError: There is no tool of that name.
        """
        if name not in self._tools:
            known = ", ".join(map(repr, self._tools)) or "none"
            raise ValueError(f"there is no tool {name!r} to remove (registered: {known})")
        return self._tools.pop(name)

    def clear(self) -> None:
        """Take every tool out."""
        self._tools.clear()

    async def run(self, name: str, arguments: str, context: ToolContext | None = None) -> str:
        """Run a tool.

        Args:
            name: The tool's name.
            arguments: Its arguments as JSON text, as the model wrote them; empty text means none.
            context: What the function is told of the call, if it asks for that.

        Returns:
            The result as text for the model.

        Raises:
            ToolError: There is no such tool, the arguments are no JSON object or not those of the function, the
                function failed, or it took longer than its timeout; the cause is attached.
        """
        tool = self._tools.get(name)
        if tool is None:
            raise ToolError(name, "is not registered")
        try:
            parsed: object = from_json(arguments or "{}")
        except ValueError as error:
            raise ToolError(name, f"its arguments are no JSON: {error}") from error
        if not isinstance(parsed, dict):
            raise ToolError(name, f"its arguments must be a JSON object, got {type(parsed).__name__}")
        limit = asyncio.timeout(tool.timeout)
        try:
            async with limit:
                if tool.typed_call is not None:
                    result = await tool.typed_call(arguments or "{}", context, self.threads)
                else:
                    result = tool.handler(cast("dict[str, object]", parsed))
                    if inspect.isawaitable(result):
                        result = await result
            return serialise_result(result)
        except Exception as error:
            if isinstance(error, TimeoutError) and limit.expired():
                text = f"there was no result within {tool.timeout:g} s"
                raise ToolError(name, text) from TimeoutError(text)
            raise ToolError(name, f"{type(error).__name__}: {error}") from error
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            # What the function awaited was cancelled, not the call.
            raise ToolError(name, "CancelledError: something that it waited for was cancelled") from error
