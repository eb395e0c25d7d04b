"""Consent to the calls that the service makes itself to MCP servers: asked of the application once a request."""

import asyncio
import inspect
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias, cast

from ._generated.realtime.shared import McpApprovalRequestItem
from ._item_content import as_text
from ._tool_calls import end_tasks
from ._wire import ItemModel, wire_fields
from .errors import TransportError

__all__ = ["McpApprovalHandler", "McpApprovals"]

_REMEMBERED = 4096

McpApprovalHandler: TypeAlias = Callable[[McpApprovalRequestItem], bool | str | Awaitable[bool | str]]
"""Takes the request and returns `True` to approve, `False` to refuse, or text to refuse for that reason."""


class McpApprovals:
    """Asks the application, each time in a task of its own, and sends what it says.

    Args:
        send: Sends an item.

    Attributes:
        handler: Whom to ask; `None`, the default, leaves the requests to the application.
    """

    def __init__(self, send: Callable[[Mapping[str, object]], Awaitable[None]]) -> None:
        self._send = send
        self._asked: dict[str, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.handler: McpApprovalHandler | None = None

    def take(self, item: object) -> None:
        """There is an item: ask if it is a request that nobody was asked about yet."""
        fields = wire_fields(item)
        if not isinstance(item, ItemModel) or fields.get("type") != "mcp_approval_request" or self.handler is None:
            return
        request_id = as_text(fields.get("id"))
        if not request_id or request_id in self._asked:
            return
        self._asked[request_id] = None
        if len(self._asked) > _REMEMBERED:
            del self._asked[next(iter(self._asked))]
        call = self._ask(self.handler, cast("McpApprovalRequestItem", item), request_id)
        task = asyncio.create_task(call, name=f"realtime-typed MCP approval {request_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def take_all(self, output: object) -> None:
        """Take every item of a response's output."""
        for item in cast("list[object]", output) if isinstance(output, list) else []:
            self.take(item)

    async def _ask(self, handler: McpApprovalHandler, item: McpApprovalRequestItem, request_id: str) -> None:
        answer: dict[str, object] = {
            "type": "mcp_approval_response",
            # The protocol wants an id of ours; 32 characters is its limit.
            "id": f"item_{secrets.token_hex(13)}",
            "approval_request_id": request_id,
        }
        try:
            verdict = handler(item)
            answer |= _answer(await verdict if inspect.isawaitable(verdict) else verdict)
        # User code: whatever it raises, the call may not run, and the model must not wait for an answer forever.
        except Exception as error:
            answer |= {"approve": False, "reason": "The application could not decide."}
            context: dict[str, object] = {"message": "the handler of MCP approvals raised", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
        try:
            await self._send(answer)
        except TransportError:
            # The session ended while the application was deciding: there is nobody left to answer.
            return

    async def cancel(self) -> None:
        """End every question that is open, and forget what was asked."""
        await end_tasks(self._tasks)
        self._asked.clear()


def _answer(verdict: object) -> dict[str, object]:
    if isinstance(verdict, bool):
        return {"approve": verdict}
    if isinstance(verdict, str):
        return {"approve": False, "reason": verdict}
    raise TypeError(f"the handler of MCP approvals must return bool or text, got {verdict!r}")
