"""The tools of a client: functions that the model may call, and consent to the calls of MCP servers."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar, cast, overload

from ._client_session import ClientSession
from ._function_tools import make_tool
from ._generated.realtime.shared import McpApprovalRequestItem
from ._session_change import SessionChange
from ._wire import wire_fields
from .tools import Tool, ToolDefinition, ToolHandler

__all__ = ["ClientTools"]

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V", bound=bool | str | Awaitable[bool | str])


class ClientTools(ClientSession):
    """The tools of a client: functions that the model may call."""

    @overload
    def tool(self, function: Callable[P, R], /) -> Callable[P, R]: ...
    @overload
    def tool(
        self, /, *, name: str | None = None, description: str | None = None, timeout: float | None = None
    ) -> Callable[[Callable[P, R]], Callable[P, R]]: ...
    def tool(
        self,
        function: Callable[P, R] | None = None,
        /,
        *,
        name: str | None = None,
        description: str | None = None,
        timeout: float | None = None,
    ) -> Callable[P, R] | Callable[[Callable[P, R]], Callable[P, R]]:
        """Let the model call a function; a decorator, with or without arguments, that leaves the function as it is.

        ::

            @client.tool
            async def get_weather(city: str, days: Annotated[int, Field(ge=1, le=7)] = 1) -> Forecast:
                \"\"\"The weather in a city.

                :param city: Its name, such as `London`.
                :param days: How far to look ahead.
                \"\"\"

        Arguments, results and errors are those of `add_tool`.

        Args:
            function: See `add_tool`.
            name: See `add_tool`.
            description: See `add_tool`.
            timeout: See `add_tool`.

        Raises:
            TypeError: See `add_tool`.
            ValueError: See `add_tool`.
        """
        if function is not None:
            self.add_tool(function, name=name, description=description, timeout=timeout)
            return function

        def register(decorated: Callable[P, R]) -> Callable[P, R]:
            self.add_tool(decorated, name=name, description=description, timeout=timeout)
            return decorated

        return register

    @overload
    def add_tool(
        self, definition: ToolDefinition, handler: ToolHandler, *, timeout: float | None = None
    ) -> SessionChange: ...
    @overload
    def add_tool(
        self,
        definition: Callable[..., object],
        /,
        *,
        name: str | None = None,
        description: str | None = None,
        timeout: float | None = None,
    ) -> SessionChange: ...
    def add_tool(
        self,
        definition: ToolDefinition | Callable[..., object],
        handler: ToolHandler | None = None,
        *,
        name: str | None = None,
        description: str | None = None,
        timeout: float | None = None,
    ) -> SessionChange:
        """Register a function that the model may call: by its signature, or as in the reference by a definition.

        The result is sent back (text as it is, everything else as JSON: models, dataclasses, `None`, …), and the model
        is asked to go on once all calls of the response are answered; calls of one response run at the same time. A
        call that cannot be answered is answered with `{"error": "…"}` and told by `tool.error`, or, if nobody listens
        for that, to the event loop's exception handler.

        By its signature, the JSON schema of the parameters comes from the annotations and the descriptions from the
        docstring (Google, NumPy or reST style); the function gets arguments that pydantic has checked and converted. A
        parameter that is annotated `ToolContext` gets the call's context. Coroutine functions run in the event loop,
        others in a thread. With a definition, the handler gets the arguments as an unchecked dict and runs in the loop.

        Args:
            definition: A function or coroutine function; or, before a `handler`, `name`, `description` and `parameters`
                (a JSON schema), as a dict or a `FunctionTool`.
            handler: A function or coroutine function that takes the arguments.
            name: What the model calls the function; default its own name.
            description: What the model is told it is for; default what its docstring says.
            timeout: After how many seconds a call is answered with an error; `None`, the default, means never. A thread
                runs on to its end, and a function in the loop that does not await cannot be stopped.

        Returns:
            The change; while connected, ``await client.add_tool(…)`` also waits until the service was told. Without
            `await` it is told in the background, before anything that is sent later.

        Raises:
            ValueError: The definition has no name, a tool of that name exists, the name is none that the service takes,
                or the timeout is not positive.
            TypeError: The handler cannot be called, or the signature is none that the model could serve: a parameter
                without an annotation, `*args`, or a type that JSON has no schema for.
        """
        if callable(definition) and handler is None:
            tool = make_tool(definition, name=name, description=description, timeout=timeout)
            self._refuse_manual(tool.name)
            return self._tools_changed(self._tools.register(tool))
        if name is not None or description is not None:
            raise TypeError("name and description are for a function alone; a definition has its own")
        given = cast("ToolDefinition", definition)
        self._refuse_manual(wire_fields(given).get("name"))
        return self._tools_changed(self._tools.add(given, cast("ToolHandler", handler), timeout))

    def _refuse_manual(self, name: object) -> None:
        if isinstance(name, str) and self._is_manual_tool(name):
            raise ValueError("a tool of that name was given to update_session(tools=…); remove it there first")

    def remove_tool(self, name: str) -> SessionChange:
        """Take a tool out, and tell the service, as `add_tool` does.

        Raises:
            ValueError: There is no tool of that name.
        """
        tool = self._tools.remove(name)
        self._tool_owners.remove(name)
        return self._tools_changed(tool)

    def _tools_changed(self, tool: Tool) -> SessionChange:
        if not self.is_connected():
            return SessionChange(tool)
        self._post_session({"type": self._configuration.get("type")}, tools=True)
        self._flush_soon()
        return SessionChange(tool, self.realtime.flush)

    def on_mcp_approval(
        self, handler: Callable[[McpApprovalRequestItem], V], /
    ) -> Callable[[McpApprovalRequestItem], V]:
        """Decide whether the service may call a tool of an MCP server; a decorator, for one handler at a time.

        ::

            @client.on_mcp_approval
            async def decide(request: McpApprovalRequestItem) -> bool | str:
                return request.name in ALLOWED or "Only searching is allowed."

        It is asked once for each `mcp_approval_request`, and its answer is sent as an `mcp_approval_response`. The
        service makes an approved call itself and tells of it by `response.mcp_call.…` events; the model says nothing of
        the result until `create_response`. Without a handler, the requests are yours to answer.

        Args:
            handler: A function or coroutine function that takes the request, and returns `True` to approve, `False` to
                refuse, or text to refuse for that reason. One that raises refuses, and its error is reported to the
                event loop's exception handler. A new handler takes the place of the one before.

        Returns:
            The handler.

        Raises:
            TypeError: The handler cannot be called.
        """
        if not callable(handler):
            raise TypeError(f"the handler of MCP approvals must be callable, got {handler!r}")
        self._mcp_approvals.handler = handler
        return handler
