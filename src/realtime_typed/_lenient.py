"""Make an instance of an event's class from data that does not fit it: the slow path of `validation="lenient"`.

What fits becomes what the schema says; what does not stays as it came. Nothing is dropped and nothing raises.
"""

from collections.abc import Mapping
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from ._wire import WireModel, wire_fields

__all__ = ["construct"]

M = TypeVar("M", bound=WireModel)


@cache
def _adapter(model: type[WireModel], name: str) -> TypeAdapter[object]:
    info = model.model_fields[name]
    annotation: object = info.annotation
    for constraint in info.metadata:
        annotation = Annotated[annotation, constraint]
    return TypeAdapter(cast("type[object]", annotation))


def _options(annotation: object) -> list[object]:
    """Unfold aliases, annotations and unions into the types that a value may have."""
    value = getattr(annotation, "__value__", None)
    if value is not None:
        return _options(value)
    origin = get_origin(annotation)
    if origin is Annotated:
        return _options(get_args(annotation)[0])
    if origin is Union or origin is UnionType:
        return [option for member in get_args(annotation) for option in _options(member)]
    return [annotation]


@cache
def _field_options(model: type[WireModel], name: str) -> tuple[object, ...]:
    return tuple(_options(model.model_fields[name].annotation))


@cache
def _tags(model: type[WireModel]) -> Mapping[str, object]:
    """The fields of `model` that can have one value only, such as `type` and `role`, with that value."""
    values = {name: get_args(info.annotation) for name, info in model.model_fields.items() if _is_literal(info)}
    return {name: options[0] for name, options in values.items() if len(options) == 1}


def _is_literal(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is Literal


def _choose(models: list[type[WireModel]], data: Mapping[str, object]) -> type[WireModel] | None:
    """The member of a union that `data` is meant for, `None` when that cannot be told.

    A tag that is there must be right. Where servers leave the tag out (xAI and Azure Voice Live send sessions without
    `type`), the one member that knows most of the fields is meant.
    """
    fitting = [
        model for model in models if all(data[name] == tag for name, tag in _tags(model).items() if name in data)
    ]
    known = [len(data.keys() & model.model_fields.keys()) for model in fitting]
    if not known or known.count(max(known)) > 1:
        return None
    return fitting[known.index(max(known))]


def _loosen(options: tuple[object, ...] | list[object], value: object) -> object:
    if isinstance(value, dict):
        data = cast("dict[str, object]", value)
        models = [option for option in options if isinstance(option, type) and issubclass(option, WireModel)]
        model = _choose(models, data)
        return data if model is None else construct(model, data)
    if isinstance(value, list):
        items = cast("list[object]", value)
        for option in options:
            if get_origin(option) is list:
                inner = _options(get_args(option)[0])
                return [_loosen(inner, item) for item in items]
        return items
    return value


def construct(model: type[M], data: Mapping[str, object]) -> M:
    """Make a `model` of `data` without ever failing.

    Args:
        model: A generated class.
        data: A JSON object.

    Returns:
        An instance in which each field that fits is what the schema says, each that does not is the value that came,
        and each required field that is missing is `None` and not part of `model_fields_set`.
    """
    values: dict[str, Any] = {}
    extra: dict[str, object] = {}
    for name, value in data.items():
        if name in model.model_fields:
            try:
                values[name] = _adapter(model, name).validate_python(value)
            except ValidationError:
                values[name] = _loosen(_field_options(model, name), value)
        else:
            extra[name] = value
    made = model.model_construct(_fields_set=set(values), **values)
    # Not as arguments: a server may well call a field `cls` or `_fields_set`.
    cast("dict[str, object]", made.__pydantic_extra__).update(extra)
    for name in model.model_fields:
        wire_fields(made).setdefault(name, None)
    return made
