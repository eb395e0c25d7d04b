"""Answering the model's function calls: each call once, all calls of a response before the model is asked to go on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from ._item_content import as_text
from ._wire import ItemModel, wire_fields
from .errors import ToolError, TransportError
from .tools import ToolRegistry, error_output

__all__ = ["ToolCalls"]

_REMEMBERED = 4096
_GRACE = 5.0


class ToolCalls:
    """Runs the calls of responses in tasks of their own.

    Args:
        tools: The registered tools.
        is_manual: Says whether the application answers calls of that name by itself.
        answer: Sends an output: `(call_id, output)`.
        go_on: Asks the model to go on, once the calls of a response are answered.
    """

    def __init__(
        self,
        tools: ToolRegistry,
        is_manual: Callable[[str], bool],
        answer: Callable[[str, str], Awaitable[None]],
        go_on: Callable[[], Awaitable[None]],
    ) -> None:
        self._tools = tools
        self._is_manual = is_manual
        self._answer = answer
        self._go_on = go_on
        self._running: dict[str, list[asyncio.Task[bool]]] = {}
        self._finishing: set[asyncio.Task[None]] = set()
        self._taken: dict[str, None] = {}

    def take(self, response_id: str, item: object) -> None:
        """A response holds a finished item: run it if it is a call that nobody took yet."""
        fields = wire_fields(item)
        if not isinstance(item, ItemModel) or fields.get("type") != "function_call":
            return
        if fields.get("status") == "incomplete":
            return
        name, call_id = as_text(fields.get("name")), as_text(fields.get("call_id"))
        if not call_id or call_id in self._taken or (name not in self._tools and self._is_manual(name)):
            return
        self._taken[call_id] = None
        if len(self._taken) > _REMEMBERED:
            del self._taken[next(iter(self._taken))]
        call = self._run(name, call_id, as_text(fields.get("arguments")))
        task = asyncio.create_task(call, name=f"realtime-typed tool {name}")
        self._running.setdefault(response_id, []).append(task)

    def finish(self, response_id: str, output: object, *, completed: bool) -> None:
        """A response is done: once its calls are answered the model goes on, unless the response did not complete."""
        for item in cast("list[object]", output) if isinstance(output, list) else []:
            self.take(response_id, item)
        calls = self._running.get(response_id)
        if calls:
            task = asyncio.create_task(self._finish(response_id, calls, completed=completed))
            self._finishing.add(task)
            task.add_done_callback(self._finishing.discard)

    async def _finish(self, response_id: str, calls: list[asyncio.Task[bool]], *, completed: bool) -> None:
        # Not `gather`: it would pass a cancellation of this task on to the calls, one of which may be what disconnects.
        await asyncio.wait(calls)
        self._running.pop(response_id, None)
        if completed and any(not call.cancelled() and call.result() for call in calls):
            try:
                await self._go_on()
            except TransportError:
                return

    async def _run(self, name: str, call_id: str, arguments: str) -> bool:
        try:
            output = await self._tools.run(name, arguments)
        except ToolError as error:
            cause = error.__cause__
            output = error_output(cause if cause is not None else error)
            context: dict[str, object] = {"message": f"tool {name!r} failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
        try:
            await self._answer(call_id, output)
        except TransportError:
            # The session ended while the tool was running: there is nobody left to answer.
            return False
        return True

    async def cancel(self) -> None:
        """End every running call. One that ignores its cancellation is left alone after a while."""
        tasks = [task for calls in self._running.values() for task in calls] + list(self._finishing)
        current = asyncio.current_task()
        tasks = [task for task in tasks if task is not current]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE)
        self._running.clear()
        self._taken.clear()
