"""Answering the model's function calls: each call once, all calls of a response before the model is asked to go on."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, cast

from ._generated.realtime.shared import FunctionCallItem
from ._item_content import as_text
from ._wire import ItemModel, wire_fields
from .errors import MessageTooLargeError, RealtimeError, ToolError, TransportError
from .tools import ToolContext, ToolRegistry, error_output
from .utility_events import ToolErrorEvent

if TYPE_CHECKING:
    from .client import RealtimeClient

__all__ = ["ToolCalls", "end_tasks"]

_REMEMBERED = 4096
_GRACE = 5.0


class ToolCalls:
    """Runs the calls of responses in tasks of their own.

    Args:
        tools: The registered tools.
        answers: Says whether a call of that name is this client's to answer; others are left alone.
        answer: Sends an output: `(call_id, output)`.
        go_on: Asks the model to go on, once the calls of a response are answered.
        client: What tool functions are told is their client; default none, and then they get no context.
        failed: Tells the application of a call that failed, and says whether anybody listens; if not (the default), it
            is reported to the event loop's exception handler.
    """

    def __init__(
        self,
        tools: ToolRegistry,
        answers: Callable[[str], bool],
        answer: Callable[[str, str], Awaitable[None]],
        go_on: Callable[[], Awaitable[None]],
        *,
        client: "RealtimeClient | None" = None,
        failed: Callable[[ToolErrorEvent], bool] | None = None,
    ) -> None:
        self._tools = tools
        self._answers = answers
        self._answer = answer
        self._go_on = go_on
        self._client = client
        self._failed = failed
        self._running: dict[str, list[asyncio.Task[bool]]] = {}
        self._finishing: set[asyncio.Task[None]] = set()
        self._ending: set[str] = set()
        self._taken: dict[str, None] = {}
        self._unanswered: set[str] = set()

    @property
    def unanswered(self) -> AbstractSet[str]:
        """The calls that were taken and whose outputs have not been sent."""
        return self._unanswered

    def take(self, response_id: str, item: object) -> None:
        """A response holds a finished item: run it if it is a call that nobody took yet."""
        fields = wire_fields(item)
        if not isinstance(item, ItemModel) or fields.get("type") != "function_call":
            return
        if fields.get("status") == "incomplete":
            return
        name, call_id = as_text(fields.get("name")), as_text(fields.get("call_id"))
        if not call_id or call_id in self._taken or not self._answers(name):
            return
        self._taken[call_id] = None
        if len(self._taken) > _REMEMBERED:
            del self._taken[next(iter(self._taken))]
        call = self._run(response_id, cast("FunctionCallItem", item), name, call_id)
        task = asyncio.create_task(call, name=f"realtime-typed tool {name}")
        self._unanswered.add(call_id)
        task.add_done_callback(lambda _: self._unanswered.discard(call_id))
        self._running.setdefault(response_id, []).append(task)

    def finish(self, response_id: str, output: object, *, completed: bool) -> None:
        """A response is done: once its calls are answered the model goes on, unless the response did not complete."""
        for item in cast("list[object]", output) if isinstance(output, list) else []:
            self.take(response_id, item)
        calls = self._running.get(response_id)
        if calls and response_id not in self._ending:
            # It may be done twice: for us, when the service had been silent for too long, and then for the service.
            self._ending.add(response_id)
            task = asyncio.create_task(self._finish(response_id, calls, completed=completed))
            self._finishing.add(task)
            task.add_done_callback(self._finishing.discard)

    async def _finish(self, response_id: str, calls: list[asyncio.Task[bool]], *, completed: bool) -> None:
        # Not `gather`: it would pass a cancellation of this task on to the calls, one of which may be what disconnects.
        await asyncio.wait(calls)
        self._running.pop(response_id, None)
        self._ending.discard(response_id)
        if completed and any(not call.cancelled() and call.result() for call in calls):
            try:
                await self._go_on()
            except TransportError:
                return
            except (RealtimeError, TimeoutError) as error:
                message = f"the model was not asked to go on after the calls of {response_id!r}"
                asyncio.get_running_loop().call_exception_handler({"message": message, "exception": error})

    async def _run(self, response_id: str, item: FunctionCallItem, name: str, call_id: str) -> bool:
        context = None if self._client is None else ToolContext(self._client, item, response_id, call_id)

        def refused(error: ToolError) -> str:
            cause = error.__cause__
            output = error_output(cause if cause is not None else error)
            self._report(ToolErrorEvent(name, call_id, response_id, item, error, output))
            return output

        try:
            output = await self._tools.run(name, as_text(wire_fields(item).get("arguments")), context)
        except ToolError as error:
            output = refused(error)
        try:
            try:
                await self._answer(call_id, output)
            except MessageTooLargeError as error:
                too_long = ToolError(name, f"its result is too long: {error}")
                too_long.__cause__ = error
                await self._answer(call_id, refused(too_long))
        except TransportError:
            # The session ended while the tool was running: there is nobody left to answer.
            return False
        return True

    def _report(self, event: ToolErrorEvent) -> None:
        if self._failed is None or not self._failed(event):
            context: dict[str, object] = {"message": f"tool {event.tool_name!r} failed", "exception": event.error}
            asyncio.get_running_loop().call_exception_handler(context)

    async def cancel(self) -> None:
        """End every running call. One that ignores its cancellation is left alone after a while."""
        await end_tasks([*(task for calls in self._running.values() for task in calls), *self._finishing])
        self._running.clear()
        self._ending.clear()
        self._taken.clear()


async def end_tasks(tasks: Collection["asyncio.Task[bool] | asyncio.Task[None]"]) -> None:
    """Cancel them, but for the one that this is called in, and wait a while for their end."""
    current = asyncio.current_task()
    others = [task for task in tasks if task is not current]
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=_GRACE)
