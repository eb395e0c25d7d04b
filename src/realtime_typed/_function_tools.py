"""Tools out of ordinary functions: the definition from signature and docstring, and calls with checked arguments.

pydantic makes the JSON schema and checks the arguments; a library reads the docstring. Nothing here knows sessions.
"""

import functools
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, PydanticUserError, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind
from pydantic_core import PydanticUndefined, to_json

from ._tool_threads import ToolThreads
from .tools import Tool, ToolContext

__all__ = ["make_tool"]

# What the service takes as the name of a function.
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def make_tool(
    function: Callable[..., object],
    *,
    name: str | None = None,
    description: str | None = None,
    timeout: float | None = None,
) -> Tool:
    """Make a tool of a function.

    Args:
        function: A function or coroutine function. Every parameter has an annotation that pydantic can check; what is
            annotated `ToolContext` gets the call's context.
        name: What the model calls it; default the function's name.
        description: What the model is told it is for; default the docstring without its sections.
        timeout: See `Tool`.

    Raises:
        TypeError: A parameter has no annotation, none that JSON can express, or is `*args`, `**kwargs` or
            positional-only; or the function has no name and none is given.
        ValueError: The name is none that the service takes.
    """
    name = _tool_name(function, name)
    text, about = _documentation(function)
    arguments: dict[str, inspect.Parameter] = {}
    contexts: list[str] = []
    for parameter in _parameters(function, name):
        if _is_context(parameter.annotation):
            contexts.append(parameter.name)
        else:
            arguments[parameter.name] = parameter
    model = _arguments_model(name, function, arguments)
    definition: dict[str, object] = {"type": "function", "name": name}
    text = text if description is None else description
    if text:
        definition["description"] = text
    definition["parameters"] = _parameters_schema(name, model, about)
    call = _Call(function, model, tuple(arguments.values()), tuple(contexts))
    return Tool(name, definition, call, timeout, call.run)


def _tool_name(function: Callable[..., object], given: str | None) -> str:
    name = given if given is not None else getattr(function, "__name__", None)
    if not isinstance(name, str):
        raise TypeError(f"{function!r} has no name of its own; give the tool one with name=…")
    if not _NAME.fullmatch(name):
        raise ValueError(f"a tool's name is 1 to 64 letters, digits, `_` and `-`, got {name!r}; give one with name=…")
    return name


def _parameters(function: Callable[..., object], name: str) -> list[inspect.Parameter]:
    """The parameters with their annotations as objects, refused if a model cannot give them."""
    try:
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    except NameError as error:
        raise TypeError(
            f"tool {name!r}: {error}; what its annotations name must be imported, at the top level of the module"
        ) from error
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise TypeError(f"tool {name!r}: the model gives arguments by name, which `{parameter}` does not take")
        if parameter.annotation is parameter.empty:
            raise TypeError(f"tool {name!r}: parameter {parameter.name!r} needs an annotation")
    return parameters


def _is_context(annotation: object) -> bool:
    """Whether it is `ToolContext`, optional or annotated further."""
    if get_origin(annotation) in (Annotated, Union, UnionType):
        return any(map(_is_context, get_args(annotation)))
    return annotation is ToolContext


def _arguments_model(
    name: str, function: Callable[..., object], parameters: Mapping[str, inspect.Parameter]
) -> type[BaseModel]:
    """The model of the arguments. Its own field names do not matter, so that a parameter may have any."""
    fields: dict[str, Any] = {}
    for number, parameter in enumerate(parameters.values()):
        annotation = parameter.annotation
        default: object = parameter.default
        if isinstance(default, FieldInfo):
            annotation, default = Annotated[annotation, default], PydanticUndefined
        elif default is parameter.empty:
            default = PydanticUndefined
        fields[_field(number)] = (annotation, Field(default=default, alias=parameter.name))
    home = cast("object", getattr(_innermost(function), "__module__", None))
    try:
        return create_model(
            "Arguments",
            __config__=ConfigDict(extra="forbid"),
            __module__=home if isinstance(home, str) else __name__,
            **fields,
        )
    except (PydanticUserError, NameError) as error:
        raise TypeError(f"tool {name!r}: {error}") from error


def _field(number: int) -> str:
    return f"argument_{number}"


class _ParametersSchema(GenerateJsonSchema):
    """Without the titles that only repeat names: the model pays for each word."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"skipped-choice", "non-serializable-default"}  # noqa: RUF012  # pydantic's own is no ClassVar

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


def _parameters_schema(name: str, model: type[BaseModel], about: Mapping[str, str]) -> dict[str, object]:
    try:
        schema = model.model_json_schema(schema_generator=_ParametersSchema)
    except (PydanticUserError, NameError) as error:
        raise TypeError(f"tool {name!r}: {error}") from error
    schema.pop("title", None)
    for title, definition in schema.get("$defs", {}).items():
        if definition.get("title") == title:
            del definition["title"]
    for title, entry in schema["properties"].items():
        if title in about:
            entry.setdefault("description", about[title])
    return schema


def _innermost(function: Callable[..., object]) -> Callable[..., object]:
    while isinstance(function, functools.partial):
        function = cast("functools.partial[object]", function).func
    return cast("Callable[..., object]", inspect.unwrap(function))


def _documentation(function: Callable[..., object]) -> tuple[str, dict[str, str]]:
    """The description, and that of each parameter, from a docstring of any of the usual styles."""
    text = inspect.getdoc(_innermost(function))
    if not text:
        return "", {}
    # Its only user, and applications without function tools never need it.
    from docstring_parser import parse

    found = parse(text)
    about = {each.arg_name: " ".join((each.description or "").split()) for each in found.params}
    return (found.description or "").strip(), {key: value for key, value in about.items() if value}


@dataclass(frozen=True, slots=True)
class _Call:
    """Checks the arguments of a call and runs the function with them."""

    function: Callable[..., object]
    model: type[BaseModel]
    parameters: tuple[inspect.Parameter, ...]
    contexts: tuple[str, ...]

    def __call__(self, arguments: dict[str, object]) -> object:
        return self.run(to_json(arguments).decode(), None, ToolThreads())

    async def run(self, arguments: str, context: ToolContext | None, threads: ToolThreads) -> object:
        """Run the function: in the event loop if it is a coroutine function, in a thread if it is not.

        Args:
            arguments: JSON text.
            context: For the parameters that want it.
            threads: Where a function that is no coroutine function runs.

        Raises:
            ValueError: The arguments are not those of the function; the text is for the model to read.
        """
        values = self._values(arguments)
        if context is not None:
            values |= dict.fromkeys(self.contexts, context)
        if _is_async(self.function):
            result = self.function(**values)
        else:
            result = await threads.run(functools.partial(self.function, **values))
        return await result if inspect.isawaitable(result) else result

    def _values(self, arguments: str) -> dict[str, object]:
        try:
            model = self.model.model_validate_json(arguments)
        except ValidationError as error:
            raise ValueError(f"wrong arguments: {_explain(error)}") from error
        # What was not given is left to the function's own default, which need not be one that JSON knows.
        return {
            parameter.name: getattr(model, _field(number))
            for number, parameter in enumerate(self.parameters)
            if _field(number) in model.model_fields_set or isinstance(parameter.default, FieldInfo)
        }


def _explain(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found)


def _is_async(function: Callable[..., object]) -> bool:
    # A callable object is asynchronous by its method.
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))  # noqa: B004  # this asks what it is, not whether
