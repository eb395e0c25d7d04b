"""Tools: their definitions, and running them."""

import asyncio
import dataclasses
import json
from collections.abc import Callable
from enum import Enum

import pytest
from pydantic import BaseModel

from realtime_typed.errors import ToolError
from realtime_typed.tools import ToolRegistry, error_output, serialise_result
from realtime_typed.types import FunctionTool

pytestmark = pytest.mark.anyio


@dataclasses.dataclass
class Weather:
    city: str
    degrees: float


class Report(BaseModel):
    city: str
    days: list[int] = []


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("plain text", "plain text"),
        ("", ""),
        ('{"already": "JSON"}', '{"already": "JSON"}'),
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (1.5, "1.5"),
        (["a", None], '["a",null]'),
        (("a", 1), '["a",1]'),
        ({"a": {"b": [1]}}, '{"a":{"b":[1]}}'),
        (Weather("Köln", 21.5), '{"city":"Köln","degrees":21.5}'),
        (Report(city="London", days=[1, 2]), '{"city":"London","days":[1,2]}'),
        ([Weather("A", 1)], '[{"city":"A","degrees":1}]'),
        (FunctionTool(name="x"), '{"type":"function","name":"x"}'),
    ],
)
def test_a_result_becomes_text_for_the_model(result: object, text: str) -> None:
    found = serialise_result(result)
    assert found == text if isinstance(result, str) else json.loads(found) == json.loads(text)


@pytest.mark.parametrize("result", [object(), {"a": object()}, lambda: None, "\ud800", {"a": "\ud800"}])
def test_a_result_that_json_cannot_hold_is_refused_by_the_name_of_its_type(result: object) -> None:
    with pytest.raises(TypeError, match=f"{type(result).__name__} cannot be written as JSON"):
        serialise_result(result)


def test_an_error_output_is_short_and_no_traceback() -> None:
    assert json.loads(error_output(LookupError("no such city"))) == {"error": "no such city"}
    assert json.loads(error_output(LookupError())) == {"error": "LookupError"}
    assert len(error_output(ValueError("x" * 10_000))) < 600
    with pytest.raises(ToolError) as caught:
        asyncio.run(ToolRegistry().run("x", "{}"))
    shown = error_output(caught.value)
    assert "Traceback" not in shown
    assert "tools.py" not in shown


@pytest.mark.parametrize("message", ["lone \ud800 surrogate", 'quote " and \\ and \n'])
def test_an_error_output_is_json_whatever_the_message(message: str) -> None:
    assert "error" in json.loads(error_output(LookupError(message)))


@pytest.mark.parametrize("definition", [{"name": "x"}, {"type": "function", "name": "x"}, FunctionTool(name="x")])
def test_a_definition_is_told_with_its_type(definition: FunctionTool | dict[str, object]) -> None:
    tools = ToolRegistry()
    tools.add(definition, lambda _: None)
    assert tools.definitions == [{"type": "function", "name": "x"}]
    assert "x" in tools


def test_definitions_come_in_the_order_they_were_added() -> None:
    tools = ToolRegistry()
    for name in ("b", "a", "c"):
        tools.add({"name": name, "parameters": {"type": "object"}}, lambda _: None)
    assert [definition["name"] for definition in tools.definitions] == ["b", "a", "c"]
    tools.remove("a")
    assert [definition["name"] for definition in tools.definitions] == ["b", "c"]
    tools.clear()
    assert tools.definitions == []


def test_a_wrong_registration_is_refused() -> None:
    tools = ToolRegistry()
    tools.add({"name": "x"}, lambda _: None)
    with pytest.raises(ValueError, match="needs a `name`"):
        tools.add({"description": "nameless"}, lambda _: None)
    with pytest.raises(ValueError, match="registered already"):
        tools.add({"name": "x"}, lambda _: None)
    with pytest.raises(TypeError, match="callable"):
        tools.add({"name": "y"}, "no function")  # type: ignore[arg-type]  # what a checker refuses
    with pytest.raises(ValueError, match=r"no tool 'z'.*'x'"):
        tools.remove("z")


async def test_arguments_are_handed_over_as_a_dict() -> None:
    tools = ToolRegistry()
    got: list[dict[str, object]] = []
    tools.add({"name": "x"}, got.append)
    assert await tools.run("x", '{"a": [1, null]}') == "null"
    assert await tools.run("x", "") == "null"
    assert got == [{"a": [1, None]}, {}]


async def test_a_coroutine_function_is_awaited() -> None:
    tools = ToolRegistry()

    async def double(arguments: dict[str, object]) -> object:
        await asyncio.sleep(0)  # one turn of the loop: it really is a coroutine
        return arguments

    tools.add({"name": "x"}, double)
    assert json.loads(await tools.run("x", '{"a": 1}')) == {"a": 1}


class Sky(str, Enum):  # noqa: UP042  # its `str()` is not its value, unlike a StrEnum's
    CLEAR = "clear"


@pytest.mark.parametrize(
    ("result", "text"), [(Sky.CLEAR, "clear"), ([Sky.CLEAR], '["clear"]'), ({"a": float("nan")}, '{"a":null}')]
)
def test_a_result_is_what_its_reader_can_read(result: object, text: str) -> None:
    found = serialise_result(result)
    assert (type(found), found) == (str, text)


def test_a_traceback_inside_of_a_message_is_not_told() -> None:
    trace = "Traceback (most recent call last):\n  File x"
    assert json.loads(error_output(RuntimeError(f"the worker failed\n{trace}"))) == {"error": "the worker failed"}
    assert json.loads(error_output(RuntimeError(trace))) == {"error": "RuntimeError"}


@pytest.mark.parametrize(
    ("arguments", "text"), [("{", "no JSON"), ("[1]", "a JSON object, got list"), ("null", "got NoneType")]
)
async def test_arguments_that_are_no_object_are_an_error(arguments: str, text: str) -> None:
    tools = ToolRegistry()
    tools.add({"name": "x"}, lambda _: pytest.fail("must not run"))
    with pytest.raises(ToolError, match=text) as caught:
        await tools.run("x", arguments)
    assert caught.value.tool_name == "x"


async def test_an_unknown_tool_is_an_error() -> None:
    with pytest.raises(ToolError, match="tool 'x': is not registered"):
        await ToolRegistry().run("x", "{}")


def _fail(error: BaseException) -> Callable[[dict[str, object]], object]:
    def handler(_: dict[str, object]) -> object:
        raise error

    return handler


@pytest.mark.parametrize("error", [LookupError("sync"), RecursionError("deep"), StopIteration("odd")])
async def test_what_a_function_raises_is_the_cause_of_a_tool_error(error: Exception) -> None:
    tools = ToolRegistry()
    tools.add({"name": "x"}, _fail(error))
    with pytest.raises(ToolError, match=type(error).__name__) as caught:
        await tools.run("x", "{}")
    assert caught.value.__cause__ is error


async def test_a_result_that_cannot_be_written_is_a_tool_error() -> None:
    tools = ToolRegistry()
    tools.add({"name": "x"}, lambda _: object())
    with pytest.raises(ToolError, match="cannot be written as JSON"):
        await tools.run("x", "{}")


async def test_a_cancelled_call_is_cancelled() -> None:
    tools = ToolRegistry()
    running = asyncio.Event()

    async def forever(_: dict[str, object]) -> None:
        running.set()
        await asyncio.Event().wait()

    tools.add({"name": "x"}, forever)
    async with asyncio.timeout(5):
        task = asyncio.create_task(tools.run("x", "{}"))
        await running.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


async def test_a_cancellation_inside_of_the_function_is_a_tool_error() -> None:
    tools = ToolRegistry()

    async def broken(_: dict[str, object]) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.cancel()
        await future

    tools.add({"name": "x"}, broken)
    with pytest.raises(ToolError, match="cancelled"):
        await tools.run("x", "{}")
