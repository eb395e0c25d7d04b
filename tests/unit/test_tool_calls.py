"""Answering calls: each once, all of a response before the model goes on."""

import asyncio

import pytest

from realtime_typed._function_tools import make_tool
from realtime_typed._tool_calls import ToolCalls
from realtime_typed.client import RealtimeClient
from realtime_typed.errors import ConnectionClosed, ServerError
from realtime_typed.tools import ToolContext, ToolRegistry
from realtime_typed.types import FunctionCallItem
from realtime_typed.utility_events import ToolErrorEvent

pytestmark = pytest.mark.anyio


def call(call_id: str, name: str = "echo", arguments: str = "{}", **fields: object) -> FunctionCallItem:
    return FunctionCallItem.model_validate(
        {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments, **fields}
    )


def own_tasks() -> set[asyncio.Task[object]]:
    """The tasks that `ToolCalls` started and that still run."""
    found: set[asyncio.Task[object]] = set()
    for task in asyncio.all_tasks():
        if getattr(task.get_coro(), "cr_code", None) in OWN_CODE:
            found.add(task)
    return found


OWN_CODE = {ToolCalls._run.__code__, ToolCalls._finish.__code__}  # pyright: ignore[reportPrivateUsage]  # to know its tasks


class Session:
    """Stands for the client: writes down what the calls make of it."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.closed = False
        self.manual: set[str] = set()
        self.tools = ToolRegistry()
        self.tools.add({"name": "echo"}, lambda arguments: f"echo {arguments.get('a', '')}".strip())
        self.calls = ToolCalls(self.tools, self.answers, self.answer, self.go_on)

    def answers(self, name: str) -> bool:
        return name not in self.manual

    async def answer(self, call_id: str, output: str) -> None:
        if self.closed:
            raise ConnectionClosed(1006)
        self.log.append(f"{call_id}: {output}")

    async def go_on(self) -> None:
        if self.closed:
            raise ConnectionClosed(1006)
        self.log.append("go on")

    async def rest(self) -> None:
        """Wait until every task is done."""
        async with asyncio.timeout(5):
            while tasks := own_tasks():
                await asyncio.wait(tasks)


@pytest.fixture
def session() -> Session:
    return Session()


async def test_a_call_is_answered_once_and_the_model_goes_on_once(session: Session) -> None:
    item = call("call_1", arguments='{"a": 1}')
    session.calls.take("resp_1", item)
    session.calls.take("resp_1", item)
    session.calls.finish("resp_1", [item], completed=True)
    await session.rest()
    assert session.log == ["call_1: echo 1", "go on"]


async def test_calls_that_only_the_finished_response_shows_are_answered(session: Session) -> None:
    session.calls.finish("resp_1", [call("call_1"), call("call_2")], completed=True)
    await session.rest()
    assert sorted(session.log[:2]) == ["call_1: echo", "call_2: echo"]
    assert session.log[2:] == ["go on"]


async def test_a_response_without_calls_does_not_go_on(session: Session) -> None:
    session.calls.finish("resp_1", [], completed=True)
    session.calls.finish("resp_2", None, completed=True)
    session.calls.finish("resp_3", [7, {"type": "message"}], completed=True)
    await session.rest()
    assert session.log == []


async def test_two_responses_at_once_go_on_once_each(session: Session) -> None:
    session.calls.take("resp_1", call("call_1"))
    session.calls.take("resp_2", call("call_2"))
    session.calls.finish("resp_2", [], completed=True)
    session.calls.finish("resp_1", [], completed=True)
    await session.rest()
    assert session.log.count("go on") == 2


async def test_a_response_that_did_not_complete_is_answered_but_does_not_go_on(session: Session) -> None:
    session.calls.take("resp_1", call("call_1"))
    session.calls.finish("resp_1", [], completed=False)
    await session.rest()
    assert session.log == ["call_1: echo"]


@pytest.mark.parametrize("item", [call(""), call("call_1", status="incomplete"), 7, None, {"type": "function_call"}])
async def test_what_is_no_finished_call_is_not_run(session: Session, item: object) -> None:
    session.calls.finish("resp_1", [item], completed=True)
    await session.rest()
    assert session.log == []


async def test_calls_of_the_application_are_left_to_it(session: Session) -> None:
    session.manual.add("by_hand")
    session.calls.finish("resp_1", [call("call_1", "by_hand")], completed=True)
    await session.rest()
    assert session.log == []
    session.calls.finish("resp_2", [call("call_2", "by_hand"), call("call_3")], completed=True)
    await session.rest()
    assert session.log == ["call_3: echo", "go on"]


async def test_a_session_that_ended_is_not_an_error(session: Session) -> None:
    session.closed = True
    session.calls.finish("resp_1", [call("call_1")], completed=True)
    await session.rest()
    assert session.log == []


async def test_cancel_ends_running_calls_and_forgets_what_was_taken(session: Session) -> None:
    running = asyncio.Event()

    async def forever(_: dict[str, object]) -> None:
        running.set()
        await asyncio.Event().wait()

    session.tools.add({"name": "forever"}, forever)
    async with asyncio.timeout(5):
        session.calls.finish("resp_1", [call("call_1", "forever")], completed=True)
        await running.wait()
        await session.calls.cancel()
    assert own_tasks() == set()
    assert session.log == []
    session.calls.finish("resp_1", [call("call_1")], completed=True)
    await session.rest()
    assert session.log == ["call_1: echo", "go on"]


async def test_cancel_from_inside_a_call_does_not_cancel_that_call(session: Session) -> None:
    waited, ended = asyncio.Event(), asyncio.Event()

    async def leave(_: dict[str, object]) -> str:
        await waited.wait()
        await session.calls.cancel()
        ended.set()
        return "left"

    session.tools.add({"name": "leave"}, leave)
    async with asyncio.timeout(5):
        session.calls.finish("resp_1", [call("call_1", "leave")], completed=True)
        for _ in range(3):
            await asyncio.sleep(0)  # turns of the loop: the response waits for its call by now
        waited.set()
        await ended.wait()
    await session.rest()
    assert session.log == ["call_1: left"]


async def test_a_session_that_ends_between_answer_and_response_is_not_an_error(session: Session) -> None:
    async def answer_and_close(call_id: str, output: str) -> None:
        session.log.append(call_id)
        session.closed = True

    calls = ToolCalls(session.tools, session.answers, answer_and_close, session.go_on)
    calls.finish("resp_1", [call("call_1")], completed=True)
    await session.rest()
    assert session.log == ["call_1"]


async def test_only_so_many_calls_are_remembered(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed._tool_calls._REMEMBERED", 2)
    for number in range(4):
        session.calls.take("resp_1", call(f"call_{number}"))
    session.calls.take("resp_1", call("call_3"))
    session.calls.take("resp_1", call("call_0"))
    await session.rest()
    assert [line.removesuffix(": echo") for line in session.log] == ["call_0", "call_1", "call_2", "call_3", "call_0"]


async def test_a_failed_call_is_told_to_who_listens_and_else_to_the_loop(session: Session) -> None:
    told: list[ToolErrorEvent] = []
    listens = True

    def failed(event: ToolErrorEvent) -> bool:
        told.append(event)
        return listens

    def broken(_: dict[str, object]) -> None:
        raise LookupError("no such city")

    reported: list[object] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: reported.append(context["exception"]))
    session.tools.add({"name": "broken"}, broken)
    calls = ToolCalls(session.tools, session.answers, session.answer, session.go_on, failed=failed)
    item = call("call_1", "broken", '{"city": "X"}')
    calls.finish("resp_1", [item], completed=True)
    await session.rest()
    (event,) = told
    assert reported == []
    assert (event.type, event.tool_name, event.call_id, event.response_id) == (
        "tool.error",
        "broken",
        "call_1",
        "resp_1",
    )
    assert event.item is item
    assert isinstance(event.error.__cause__, LookupError)
    assert event.output == '{"error":"no such city"}'
    assert session.log == ['call_1: {"error":"no such city"}', "go on"]
    listens = False
    calls.finish("resp_2", [call("call_2", "broken")], completed=True)
    await session.rest()
    assert reported == [told[1].error]


async def test_a_function_is_told_its_client_and_its_call(session: Session) -> None:
    client = RealtimeClient(api_key="k")
    got: list[ToolContext] = []

    async def f(context: ToolContext) -> None:
        got.append(context)

    session.tools.register(make_tool(f))
    calls = ToolCalls(session.tools, session.answers, session.answer, session.go_on, client=client)
    item = call("call_1", "f")
    calls.finish("resp_1", [item], completed=True)
    await session.rest()
    assert got == [ToolContext(client, item, "resp_1", "call_1")]
    assert session.log == ["call_1: null", "go on"]


async def test_a_response_that_is_done_twice_makes_the_model_go_on_once(session: Session) -> None:
    release = asyncio.Event()

    async def slow(_: dict[str, object]) -> str:
        await release.wait()
        return "late"

    session.tools.add({"name": "slow"}, slow)
    session.calls.take("resp_1", call("call_1", "slow"))
    session.calls.finish("resp_1", None, completed=True)
    session.calls.finish("resp_1", [call("call_1", "slow")], completed=True)
    release.set()
    await session.rest()
    session.calls.finish("resp_1", [call("call_1", "slow")], completed=True)
    await session.rest()
    assert session.log == ["call_1: late", "go on"]


@pytest.mark.parametrize("error", [ServerError("no", code="insufficient_quota"), TimeoutError("no answer")])
async def test_a_model_that_cannot_be_asked_to_go_on_is_reported(session: Session, error: Exception) -> None:
    async def refused() -> None:
        raise error

    calls = ToolCalls(session.tools, session.answers, session.answer, refused)
    found: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(context["exception"]))
    calls.finish("resp_1", [call("call_1")], completed=True)
    await session.rest()
    assert found == [error]
