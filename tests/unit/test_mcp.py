"""Consent to MCP calls: each request asked about once, and answered whatever happens."""

import asyncio
from collections.abc import Mapping
from typing import cast

import pytest

from realtime_typed._mcp import McpApprovalHandler, McpApprovals
from realtime_typed.errors import ConnectionClosed
from realtime_typed.types import McpApprovalRequestItem, McpCallItem

pytestmark = pytest.mark.anyio


def request(request_id: str = "mcpr_1", name: str = "search") -> McpApprovalRequestItem:
    return McpApprovalRequestItem(id=request_id, server_label="docs", name=name, arguments='{"q": "x"}')


class Session:
    """Stands for the client: keeps what is sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, object]] = []
        self.closed = False
        self.approvals = McpApprovals(self.send)

    async def send(self, item: Mapping[str, object]) -> None:
        if self.closed:
            raise ConnectionClosed(1006)
        self.sent.append(dict(item))

    async def rest(self) -> None:
        """Wait until every question is answered."""
        async with asyncio.timeout(5):
            while tasks := [task for task in asyncio.all_tasks() if "MCP approval" in task.get_name()]:
                await asyncio.wait(tasks)

    def verdicts(self) -> list[tuple[object, object, object]]:
        return [(item["approval_request_id"], item["approve"], item.get("reason")) for item in self.sent]


@pytest.fixture
def session() -> Session:
    return Session()


def say(verdict: object) -> McpApprovalHandler:
    """A handler that returns this, right or wrong."""
    return lambda _: cast("bool", verdict)


async def refuse_slowly(_: McpApprovalRequestItem) -> bool:
    await asyncio.sleep(0)  # one turn of the loop: it really is a coroutine
    return False


async def only_search(item: McpApprovalRequestItem) -> bool | str:
    return item.name == "search" or "Only searching is allowed."


@pytest.mark.parametrize(
    ("handler", "verdict"),
    [
        (say(True), (True, None)),
        (say(False), (False, None)),
        (say("Not today."), (False, "Not today.")),
        (say(""), (False, "")),
        (refuse_slowly, (False, None)),
        (only_search, (True, None)),
    ],
)
async def test_what_the_handler_says_is_sent(
    session: Session, handler: McpApprovalHandler, verdict: tuple[bool, str | None]
) -> None:
    session.approvals.handler = handler
    session.approvals.take(request())
    await session.rest()
    (item,) = session.sent
    assert item["type"] == "mcp_approval_response"
    assert session.verdicts() == [("mcpr_1", *verdict)]
    assert 0 < len(str(item["id"])) <= 32


async def test_a_request_is_asked_about_once_however_often_it_comes(session: Session) -> None:
    asked: list[str] = []

    def decide(item: McpApprovalRequestItem) -> bool:
        asked.append(item.id)
        return True

    session.approvals.handler = decide
    session.approvals.take(request())
    session.approvals.take(request())
    session.approvals.take_all([request(), request("mcpr_2")])
    await session.rest()
    session.approvals.take(request())
    await session.rest()
    assert asked == ["mcpr_1", "mcpr_2"]
    assert len({item["id"] for item in session.sent}) == 2


async def test_without_a_handler_requests_are_left_to_the_application(session: Session) -> None:
    session.approvals.take(request())
    await session.rest()
    assert session.sent == []


async def test_what_is_no_request_is_passed_over(session: Session) -> None:
    session.approvals.handler = lambda _: pytest.fail("must not be asked")
    call = McpCallItem(id="mcp_1", server_label="docs", name="search", arguments="{}")
    session.approvals.take_all([call, None, 7, {"type": "mcp_approval_request", "id": "x"}, request("")])
    session.approvals.take_all(None)
    await session.rest()
    assert session.sent == []


def fail(_: McpApprovalRequestItem) -> bool:
    raise LookupError("no such user")


@pytest.mark.parametrize(("handler", "error"), [(fail, LookupError), (say(None), TypeError)])
async def test_a_handler_that_fails_refuses_and_is_reported(
    session: Session, handler: McpApprovalHandler, error: type[Exception]
) -> None:
    reported: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
    session.approvals.handler = handler
    session.approvals.take(request())
    await session.rest()
    assert [type(each) for each in reported] == [error]
    assert session.verdicts() == [("mcpr_1", False, "The application could not decide.")]


async def test_a_session_that_ended_is_not_an_error(session: Session) -> None:
    session.closed = True
    session.approvals.handler = lambda _: True
    session.approvals.take(request())
    await session.rest()
    assert session.sent == []


async def test_cancel_ends_open_questions_and_forgets_what_was_asked(session: Session) -> None:
    asked = asyncio.Event()

    async def forever(_: McpApprovalRequestItem) -> bool:
        asked.set()
        await asyncio.Event().wait()
        return True

    session.approvals.handler = forever
    async with asyncio.timeout(5):
        session.approvals.take(request())
        await asked.wait()
        await session.approvals.cancel()
    assert session.sent == []
    session.approvals.handler = lambda _: True
    session.approvals.take(request())
    await session.rest()
    assert session.verdicts() == [("mcpr_1", True, None)]


async def test_only_so_many_requests_are_remembered(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed._mcp._REMEMBERED", 2)
    session.approvals.handler = lambda _: True
    for number in (0, 1, 2, 2, 0):
        session.approvals.take(request(f"mcpr_{number}"))
    await session.rest()
    assert [item["approval_request_id"] for item in session.sent] == ["mcpr_0", "mcpr_1", "mcpr_2", "mcpr_0"]
