"""Tools out of functions: the definition from the signature, and calls with checked arguments."""

import asyncio
import dataclasses
import datetime as dt
import enum
import functools
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Annotated, Literal, cast

import pytest
from pydantic import BaseModel, Field, ValidationError

from realtime_typed._function_tools import make_tool
from realtime_typed.client import RealtimeClient
from realtime_typed.errors import ToolError
from realtime_typed.tools import Tool, ToolContext, ToolRegistry
from realtime_typed.types import FunctionCallItem

pytestmark = pytest.mark.anyio


class City(BaseModel):
    """A city of the world."""

    name: str
    country: str = Field(default="UK", description="As two letters.")


class Unit(enum.Enum):
    CELSIUS = "celsius"
    FAHRENHEIT = "fahrenheit"


@dataclasses.dataclass
class Forecast:
    city: str
    degrees: list[float]


def schema_of(function: Callable[..., object]) -> dict[str, object]:
    return cast("dict[str, object]", make_tool(function).definition["parameters"])


def properties_of(function: Callable[..., object]) -> dict[str, object]:
    return cast("dict[str, object]", schema_of(function)["properties"])


async def call(function: Callable[..., object], arguments: str = "{}", context: ToolContext | None = None) -> str:
    """What the model is told of a call."""
    tools = ToolRegistry()
    tools.register(make_tool(function, name="f"))
    return await tools.run("f", arguments, context)


def a_context() -> ToolContext:
    client = RealtimeClient(api_key="k")
    return ToolContext(client, FunctionCallItem(name="f", arguments="{}", call_id="call_1"), "resp_1", "call_1")


# The definition.


def test_the_definition_comes_from_signature_and_docstring() -> None:
    def get_weather(city: str, unit: Literal["c", "f"] = "c", days: int | None = None) -> str:
        """The weather in a city.

        Ask for it whenever somebody travels.

        Args:
            city: Its name,
                in full.
            days: How far to look ahead.

        Returns:
            What it will be.
        """
        return f"{city} {unit} {days}"

    assert make_tool(get_weather).definition == {
        "type": "function",
        "name": "get_weather",
        "description": "The weather in a city.\n\nAsk for it whenever somebody travels.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "description": "Its name, in full."},
                "unit": {"enum": ["c", "f"], "type": "string", "default": "c"},
                "days": {
                    "anyOf": [{"type": "integer"}, {"type": "null"}],
                    "default": None,
                    "description": "How far to look ahead.",
                },
            },
            "required": ["city"],
            "additionalProperties": False,
        },
    }


def test_a_function_without_parameters_or_docstring_has_a_definition() -> None:
    def ping() -> None: ...

    assert make_tool(ping).definition == {
        "type": "function",
        "name": "ping",
        "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
    }


def test_models_are_described_once_without_titles() -> None:
    def travel(start: City, to: list[City]) -> None:
        """Plan a journey.

        Args:
            start: Where it begins.
            to: The stations.
        """

    schema = schema_of(travel)
    assert schema["properties"] == {
        "start": {"$ref": "#/$defs/City", "description": "Where it begins."},
        "to": {"type": "array", "items": {"$ref": "#/$defs/City"}, "description": "The stations."},
    }
    assert schema["$defs"] == {
        "City": {
            "type": "object",
            "description": "A city of the world.",
            "properties": {
                "name": {"type": "string"},
                "country": {"type": "string", "default": "UK", "description": "As two letters."},
            },
            "required": ["name"],
        }
    }


def test_annotated_constraints_are_told_and_their_description_wins_over_the_docstring() -> None:
    def f(days: Annotated[int, Field(ge=1, le=7, description="From the annotation.")]) -> None:
        """Do it.

        Args:
            days: From the docstring.
        """

    assert properties_of(f)["days"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 7,
        "description": "From the annotation.",
    }


@pytest.mark.parametrize(
    "docstring",
    [
        "Do it.\n\nArgs:\n    city: Its name.",
        "Do it.\n\nParameters\n----------\ncity : str\n    Its name.",
        "Do it.\n\n:param city: Its name.",
    ],
    ids=["google", "numpy", "rest"],
)
def test_a_docstring_may_be_of_any_usual_style(docstring: str) -> None:
    def f(city: str) -> None: ...

    f.__doc__ = docstring
    assert make_tool(f).definition["description"] == "Do it."
    assert properties_of(f)["city"] == {"type": "string", "description": "Its name."}


@pytest.mark.parametrize("docstring", ["Args:\n  oh", ":param", "Args", "Do: this\n\n:x", ":param x y z: \n:returns"])
def test_an_odd_docstring_is_no_error(docstring: str) -> None:
    def f(city: str) -> None: ...

    f.__doc__ = docstring
    assert properties_of(f) == {"city": {"type": "string"}}


def test_name_and_description_can_be_given() -> None:
    def f() -> None:
        """Not this."""

    definition = make_tool(f, name="other-name", description="But this.").definition
    assert (definition["name"], definition["description"]) == ("other-name", "But this.")
    assert "description" not in make_tool(f, description="").definition


def test_a_parameter_may_have_any_name() -> None:
    def f(schema: str, model_config: int, _private: bool, copy: str = "", self: str = "") -> None: ...

    assert list(properties_of(f)) == ["schema", "model_config", "_private", "copy", "self"]


def test_a_default_that_json_cannot_hold_is_left_out() -> None:
    def f(x: object = object()) -> None: ...

    assert properties_of(f) == {"x": {}}


def test_the_context_is_not_told() -> None:
    def one(context: ToolContext, city: str) -> None: ...
    def two(city: str, *, about: ToolContext | None = None) -> None: ...
    def three(city: str, about: Annotated[ToolContext, "mine"]) -> None: ...

    for function in (one, two, three):
        assert list(properties_of(function)) == ["city"]


def test_annotations_may_be_text_as_under_the_future_import() -> None:
    def f(city: "City", near: "list[City] | None" = None, about: "ToolContext | None" = None) -> None: ...

    assert properties_of(f)["city"] == {"$ref": "#/$defs/City"}
    assert list(properties_of(f)) == ["city", "near"]
    f.__annotations__["near"] = list["City"]
    assert properties_of(f)["near"] == {"type": "array", "items": {"$ref": "#/$defs/City"}, "default": None}


def test_a_decorated_function_is_read_through_its_decorators() -> None:
    def loud(function: Callable[[str], str]) -> Callable[[str], str]:
        @functools.wraps(function)
        def wrapper(*arguments: str, **named: str) -> str:
            return function(*arguments, **named).upper()

        return wrapper

    @loud
    def greet(name: str) -> str:
        """Greet somebody."""
        return f"hello {name}"

    assert make_tool(greet).definition["description"] == "Greet somebody."
    assert list(properties_of(greet)) == ["name"]


def test_a_method_and_a_partial_and_a_callable_object_are_functions_too() -> None:
    class Service:
        def lookup(self, key: str) -> str:
            """Look it up."""
            return key

        async def __call__(self, key: int) -> int:
            return key

    def add(one: int, two: int) -> int:
        """Add them."""
        return one + two

    assert make_tool(Service().lookup).definition["description"] == "Look it up."
    assert list(properties_of(Service().lookup)) == ["key"]
    assert list(cast("dict[str, object]", make_tool(Service(), name="s").definition["parameters"])) != []
    partial = make_tool(functools.partial(add, two=1), name="increment")
    assert partial.definition["description"] == "Add them."
    with pytest.raises(TypeError, match="name="):
        make_tool(Service())


@pytest.mark.parametrize(
    "name",
    ["", "get weather", "wetter_in_köln", "x" * 65, "<lambda>"],
    ids=["empty", "space", "umlaut", "long", "lambda"],
)
def test_a_name_that_the_service_refuses_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 64 letters"):
        make_tool(lambda: None, name=name)


def test_a_function_without_a_proper_name_is_refused() -> None:
    with pytest.raises(ValueError, match="<lambda>"):
        make_tool(lambda: None)


def bare(city: str) -> None: ...
def many(*cities: str) -> None: ...
def named(**cities: str) -> None: ...
def positional(city: str, /) -> None: ...
def strange(lock: threading.Event) -> None: ...
def callback(function: Callable[[int], int]) -> None: ...
def unknown(city: str) -> None: ...


bare.__annotations__.clear()
unknown.__annotations__["city"] = "Nowhere"


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (bare, "parameter 'city' needs an annotation"),
        (many, r"`\*cities: str` does not take"),
        (named, r"`\*\*cities: str` does not take"),
        (positional, "city"),
        (strange, "'strange'"),
        (callback, "'callback'"),
        (unknown, "'Nowhere'"),
    ],
)
def test_a_signature_that_the_model_cannot_serve_is_refused(function: Callable[..., object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make_tool(function)


# Calls.


async def test_arguments_are_given_as_what_the_annotations_say() -> None:
    got: list[object] = []

    def f(city: City, unit: Unit, day: dt.date, near: tuple[float, float], tags: set[str], n: int = 3) -> None:
        got.extend([city, unit, day, near, tags, n])

    arguments = {
        "city": {"name": "Bath"},
        "unit": "celsius",
        "day": "2026-11-23",
        "near": [1, 2],
        "tags": ["a", "a"],
    }
    assert await call(f, json.dumps(arguments)) == "null"
    assert got == [City(name="Bath"), Unit.CELSIUS, dt.date(2026, 11, 23), (1.0, 2.0), {"a"}, 3]


async def test_what_was_not_given_is_left_to_the_functions_own_default() -> None:
    sentinel = object()
    got: list[object] = []

    def f(x: object = sentinel, n: int = Field(7, le=9)) -> None:
        got.extend([x, n])

    await call(f)
    assert got[0] is sentinel
    assert got[1] == 7
    with pytest.raises(ToolError, match="less than or equal to 9"):
        await call(f, '{"n": 10}')


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("{}", "wrong arguments: city: Field required"),
        ('{"city": 1}', "city: Input should be a valid string"),
        ('{"city": "a", "days": 9}', "days: Input should be less than or equal to 7"),
        ('{"city": "a", "town": "b"}', "town: Extra inputs are not permitted"),
        ('{"city": "a", "unit": "k"}', "unit: Input should be 'c' or 'f'"),
        ('{"city": 1, "unit": "k"}', "valid string; unit: "),
        ("[]", "a JSON object"),
        ("{", "no JSON"),
    ],
)
async def test_wrong_arguments_are_explained_and_the_function_is_not_run(arguments: str, message: str) -> None:
    def f(city: str, unit: Literal["c", "f"] = "c", days: Annotated[int, Field(le=7)] = 1) -> None:
        pytest.fail(f"must not run: {city} {unit} {days}")

    with pytest.raises(ToolError) as caught:
        await call(f, arguments)
    assert message in str(caught.value)
    assert "https://" not in str(caught.value)


async def test_the_cause_of_wrong_arguments_is_pydantics_error() -> None:
    def f(city: str) -> None: ...

    with pytest.raises(ToolError) as caught:
        await call(f)
    assert caught.value.__cause__ is not None
    assert isinstance(caught.value.__cause__.__cause__, ValidationError)


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (City(name="Bath"), '{"name":"Bath","country":"UK"}'),
        (Forecast("Bath", [1.5]), '{"city":"Bath","degrees":[1.5]}'),
        ([Forecast("Bath", [])], '[{"city":"Bath","degrees":[]}]'),
        ("as it is", "as it is"),
        (None, "null"),
        (Unit.CELSIUS, '"celsius"'),
        (dt.date(2026, 11, 23), '"2026-11-23"'),
    ],
)
async def test_a_result_is_written_for_the_model(result: object, text: str) -> None:
    async def give() -> object:
        return result

    def give_in_thread() -> object:
        return result

    assert await call(give) == text
    assert await call(give_in_thread) == text


async def test_a_coroutine_function_runs_in_the_loop_and_any_other_in_a_thread() -> None:
    here = threading.get_ident()

    async def in_loop() -> bool:
        asyncio.get_running_loop()
        return threading.get_ident() == here

    def in_thread() -> bool:
        return threading.get_ident() == here

    class InLoop:
        async def __call__(self) -> bool:
            return threading.get_ident() == here

    assert await call(in_loop) == "true"
    assert await call(functools.partial(in_loop)) == "true"
    assert await call(InLoop()) == "true"
    assert await call(in_thread) == "false"


async def test_a_function_that_returns_a_coroutine_is_awaited() -> None:
    async def inner() -> str:
        return "inner"

    def outer() -> object:
        return inner()

    assert await call(outer) == "inner"


async def test_a_thread_does_not_hold_up_the_loop() -> None:
    begun, go = threading.Event(), threading.Event()

    def slow() -> str:
        begun.set()
        assert go.wait(10)
        return "done"

    async def release() -> None:
        await asyncio.to_thread(begun.wait, 10)
        go.set()

    async with asyncio.timeout(20):
        found, _ = await asyncio.gather(call(slow), release())
    assert found == "done"


@pytest.mark.parametrize("error", [LookupError("no"), StopIteration("odd"), RecursionError("deep")])
async def test_what_a_function_raises_is_a_tool_error_wherever_it_runs(error: Exception) -> None:
    def in_thread() -> None:
        raise error

    async def in_loop() -> None:
        raise error

    for function in (in_thread, in_loop):
        async with asyncio.timeout(10):
            with pytest.raises(ToolError) as caught:
                await call(function)
        chain = [caught.value.__cause__, getattr(caught.value.__cause__, "__cause__", None)]
        assert error in chain


async def test_the_context_is_handed_over_under_the_name_that_the_function_chose() -> None:
    async def f(city: str, about: ToolContext, more: ToolContext | None = None) -> str:
        assert about is more
        return f"{city} {about.response_id} {about.call_id} {about.item.name}"

    assert await call(f, '{"city": "Bath"}', a_context()) == "Bath resp_1 call_1 f"
    with pytest.raises(ToolError, match="about"):
        await call(f, '{"city": "Bath", "about": 1}', a_context())


async def test_the_handler_of_such_a_tool_can_be_called_with_a_dict() -> None:
    def f(city: str, about: ToolContext | None = None) -> str:
        return f"{city} {about}"

    tool = make_tool(f)
    assert isinstance(tool, Tool)
    assert tool.typed_call is not None
    result = tool.handler({"city": "Bath"})
    assert await cast("asyncio.Future[object]", result) == "Bath None"


async def test_a_timeout_is_an_error_in_words_for_the_loop_and_for_a_thread() -> None:
    go = threading.Event()

    async def in_loop() -> None:
        await asyncio.Event().wait()

    def in_thread() -> None:
        go.wait(10)

    try:
        for function in (in_loop, in_thread):
            tools = ToolRegistry()
            tools.register(make_tool(function, timeout=0.01))
            async with asyncio.timeout(5):
                with pytest.raises(ToolError, match=r"no result within 0.01 s") as caught:
                    await tools.run(function.__name__, "{}")
            assert isinstance(caught.value.__cause__, TimeoutError)
    finally:
        go.set()


async def test_a_timeout_of_the_functions_own_is_not_taken_for_the_tools() -> None:
    async def f() -> None:
        raise TimeoutError("the database")

    tools = ToolRegistry()
    tools.register(make_tool(f, timeout=5))
    with pytest.raises(ToolError, match="the database"):
        await tools.run("f", "{}")


@pytest.mark.parametrize("timeout", [0, -1.0, float("nan")])
def test_a_timeout_that_is_not_positive_is_refused(timeout: float) -> None:
    def f() -> None: ...

    with pytest.raises(ValueError, match="positive"):
        ToolRegistry().register(make_tool(f, timeout=timeout))
    with pytest.raises(ValueError, match="positive"):
        ToolRegistry().add({"name": "f"}, lambda _: None, timeout)


async def test_a_definition_may_have_a_timeout_too() -> None:
    async def forever(_: dict[str, object]) -> None:
        await asyncio.Event().wait()

    tools = ToolRegistry()
    tools.add({"name": "f"}, forever, 0.01)
    async with asyncio.timeout(5):
        with pytest.raises(ToolError, match="no result within"):
            await tools.run("f", "{}")


def test_the_docstring_library_is_loaded_with_the_first_docstring_only() -> None:
    script = """
import sys
from realtime_typed.client import RealtimeClient
client = RealtimeClient(api_key="k")
client.add_tool({"name": "f"}, print)
def g() -> None: ...
client.add_tool(g)
assert "docstring_parser" not in sys.modules
def h() -> None:
    "Do it."
client.add_tool(h)
assert "docstring_parser" in sys.modules
"""
    subprocess.run([sys.executable, "-W", "error", "-c", script], check=True, timeout=60)
