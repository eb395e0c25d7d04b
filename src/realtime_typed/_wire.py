"""What every generated class is made of: `WireModel`, its items' base `ItemModel`, `UnknownEvent` and `UNSET`.

The generated modules import this module and pydantic, nothing else.
"""

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeAlias, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from ._formatted import Formatted, FormattedTool
from ._redact import hide_keys
from .errors import shorten

__all__ = ["UNSET", "ItemModel", "UnknownEvent", "UnsetType", "WireModel", "to_plain", "wire_fields"]


# What an MCP server is shown; `headers` hold the same.
_CREDENTIALS: Final = frozenset({"authorization", "headers", "client_secret"})


class UnsetType(Enum):
    """The type of `UNSET`."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> Literal[False]:
        return False


UNSET: Final = UnsetType.UNSET
"""An argument that was not given: the field stays absent on the wire, where `None` is sent as `null`."""


_Schema: TypeAlias = dict[str, object]


def _simplify(schema: _Schema) -> None:
    """Turn "one of these texts, or any text" into "any text", which accepts the same and costs half.

    Args:
        schema: A part of pydantic's core schema of one class; it is changed.
    """
    for key in ("schema", "items_schema"):
        inner = schema.get(key)
        if isinstance(inner, dict):
            schema[key] = _simplified(cast("_Schema", inner))
    fields = schema.get("fields")
    if isinstance(fields, dict):
        for entry in cast("dict[str, _Schema]", fields).values():
            _simplify(entry)


def _simplified(schema: _Schema) -> _Schema:
    _simplify(schema)
    choices = schema.get("choices")
    if schema.get("type") != "union" or not isinstance(choices, list):
        return schema
    # A choice may come with the label that errors show; generated unions have none.
    members = [
        _simplified(cast("_Schema", choice)) for choice in cast("list[object]", choices) if isinstance(choice, dict)
    ]
    if len(members) != len(cast("list[object]", choices)):
        return schema
    kinds = {member["type"] for member in members}
    schema["choices"] = members = [member for member in members if not _is_listed(member, kinds)]
    return members[0] if len(members) == 1 else schema


def _is_listed(schema: _Schema, kinds: set[object]) -> bool:
    """Whether `schema` lists values of a kind that the union accepts anyway."""
    if schema["type"] != "literal":
        return False
    values = cast("list[object]", schema["expected"])
    return any(kind in kinds and all(type(value) is python for value in values) for kind, python in _KINDS)


_KINDS: Final = (("str", str), ("int", int))


class WireModel(BaseModel):
    """The base of every generated class.

    Fields that the schema does not know are kept and readable in `model_extra`. Whether a field was absent or
    explicitly `None` is kept too: `name in event.model_fields_set`.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow", defer_build=True, protected_namespaces=())

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[BaseModel], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Build the validator without asking of every text whether it is one of those that the schema lists."""
        schema = handler(source)
        _simplify(cast("dict[str, object]", schema))
        return schema

    _constants: ClassVar[frozenset[str] | None] = None

    @classmethod
    def _constant_fields(cls) -> frozenset[str]:
        """The fields that can hold one value only, such as `type`: they are written even when nobody set them."""
        found = cast("frozenset[str] | None", cls.__dict__.get("_constants"))
        if found is not None:
            return found
        constants = frozenset(
            name
            for name, info in cls.model_fields.items()
            if get_origin(info.annotation) is Literal and get_args(info.annotation) == (info.default,)
        )
        cls._constants = constants
        return constants

    def __repr_args__(self) -> Iterator[tuple[str | None, object]]:
        """What `repr` and logs show: everything but keys, and the credentials of MCP servers."""
        for name, value in super().__repr_args__():
            if name in _CREDENTIALS and isinstance(value, str | Mapping):
                yield name, "[redacted]"
            elif isinstance(value, str):
                yield name, "ek_[redacted]" if value.startswith("ek_") else hide_keys(value)
            else:
                yield name, value

    def to_wire(self) -> dict[str, object]:
        """The event or object as it goes on the wire.

        Returns:
            A dict of JSON values. It holds the fields that were set, an explicit `None` included (`null` and absent
            mean different things to the service), the constant fields such as `type`, and the extra fields.
        """
        present = self.__pydantic_fields_set__
        constants = self._constant_fields()
        values = self.__dict__
        wire: dict[str, object] = {}
        for name in type(self).model_fields:
            if (name in present or name in constants) and name in values:
                wire[name] = to_plain(values[name])
        extra = self.__pydantic_extra__
        if extra:
            for name, value in extra.items():
                if value is not UNSET:
                    wire[name] = to_plain(value)
        return wire


def to_plain(value: object) -> object:
    """Turn models inside of `value` into dicts, as `WireModel.to_wire` does, and leave out what is `UNSET`.

    Args:
        value: A model, a list or mapping of them, or a JSON value.

    Returns:
        JSON values only, as far as `value` held models and JSON values only.
    """
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, WireModel):
        return value.to_wire()
    if isinstance(value, UnknownEvent):
        return value.raw
    if isinstance(value, Mapping):
        entries = cast("Mapping[object, object]", value).items()
        return {str(key): to_plain(item) for key, item in entries if item is not UNSET}
    if isinstance(value, (list, tuple)):
        return [to_plain(item) for item in cast("list[object]", value)]
    return value


def wire_fields(value: object) -> dict[str, object]:
    """The fields of a model, or of a JSON object that stayed a dict because it did not fit its schema.

    Returns:
        Field name to value; empty when `value` is neither. A model's is its own: changing it changes the model.
    """
    if isinstance(value, WireModel):
        return cast("dict[str, object]", value.__dict__)
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


class ItemModel(WireModel):
    """The base of the conversation's items: adds `formatted`, their readable form."""

    __slots__ = ("_formatted",)

    @property
    def formatted(self) -> Formatted:
        """The item's text, transcript, audio, tool call and output in one place.

        In a conversation this is kept up to date as deltas arrive. For an item that is not part of one (for
        instance the item inside an event) it is made from the item's fields; audio is then read as 16-bit PCM.
        """
        try:
            found: Formatted = object.__getattribute__(self, "_formatted")
        except AttributeError:
            found = format_item(self)
            object.__setattr__(self, "_formatted", found)
        return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def format_item(item: ItemModel) -> Formatted:
    """Make the readable form of an item from its fields.

    It never fails: a field that does not have the shape the schema states counts as absent.
    """
    values = wire_fields(item)
    formatted = Formatted()
    if values.get("type") == "function_call":
        formatted.tool = FormattedTool(
            _text(values.get("name")), _text(values.get("call_id")), _text(values.get("arguments"))
        )
    elif values.get("type") == "function_call_output":
        formatted.output = _text(values.get("output"))
    content = values.get("content")
    for part in cast("list[object]", content) if isinstance(content, list) else []:
        fields = wire_fields(part)
        formatted.text += _text(fields.get("text"))
        formatted.transcript += _text(fields.get("transcript"))
        audio = fields.get("audio")
        if isinstance(audio, str) and audio:
            from .audio import decode_base64_pcm16

            try:
                formatted.append_audio(decode_base64_pcm16(audio))
            except ValueError:
                continue
    return formatted


class UnknownEvent:
    """An event of a type that the schema does not know.

    The protocol grows, and other servers of it add events of their own. Such an event is never an error and never
    an instance of another event's class.

    Attributes:
        type: The event's type on the wire. To type checkers it is a literal that no event of the schema has, so that
            `if event.type == "response.done":` narrows a union that holds `UnknownEvent`. Compare the type of an
            unknown event through `wire_type`, which is an ordinary string of the same value.
        raw: The whole event as it came.
    """

    __slots__ = ("raw", "type")

    if TYPE_CHECKING:
        type: Literal["(unknown)"]
    else:
        type: str
    raw: dict[str, object]

    def __init__(self, type: str, raw: dict[str, object] | None = None) -> None:  # noqa: A002  # the protocol's name
        object.__setattr__(self, "type", type)
        object.__setattr__(self, "raw", {"type": type} if raw is None else raw)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"UnknownEvent is read-only; cannot set {name!r}")

    @property
    def wire_type(self) -> str:
        """The event's type on the wire, as an ordinary string."""
        return self.type

    @property
    def event_id(self) -> str | None:
        """The event's id, `None` when it has none."""
        found = self.raw.get("event_id")
        return found if isinstance(found, str) else None

    def to_wire(self) -> dict[str, object]:
        """The event as it goes on the wire: `raw`."""
        return self.raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownEvent) and self.wire_type == other.wire_type and self.raw == other.raw

    __hash__: ClassVar[None] = None  # type: ignore[assignment]  # it compares by a mutable dict, as pydantic's models do

    def __repr__(self) -> str:
        return f"UnknownEvent(type={self.wire_type!r}, raw={shorten(repr(self.raw))})"
