"""Lay two contracts over each other that name their schemas differently: by wire name and field, never by schema name.

Compared is what both can state, which for a package's models is: events, fields, required-ness, types, listed values.
Neither bounds, formats and defaults, nor nulls (a package's models allow one in every optional field).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, cast

from .source import CodegenError, Facts, JsonObject

__all__ = ["Difference", "align"]

Action: TypeAlias = Literal[
    "event added",
    "event removed",
    "field added",
    "field removed",
    "became required",
    "became optional",
    "value added",
    "value removed",
    "type changed",
]
_KINDS: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that the other contract states differently from ours.

    Attributes:
        pointer: The place in our `facts.json`: `/events/SIDE/NAME`, or a schema, field or union below `/schemas/`.
        action: What would have to happen to ours.
        detail: The value, or the two types.
        subject: What the other states there: a wire name's schema name, a value, or the schema of a field.
    """

    pointer: str
    action: Action
    detail: str = ""
    subject: object = None

    @property
    def text(self) -> str:
        """What differs there, as `drift.yaml` states it: `value added: 'auto'`."""
        return f"{self.action}: {self.detail}" if self.detail else self.action

    def __str__(self) -> str:
        return f"{self.pointer}: {self.text}"


@dataclass(slots=True)
class _Place:
    """A field's value: where it stands, and its schema."""

    pointer: str
    node: JsonObject


@dataclass(slots=True)
class _Object:
    pointer: str
    fields: dict[str, _Place] = field(default_factory=dict[str, _Place])
    required: set[str] = field(default_factory=set[str])
    extras: _Place | None = None

    def tags(self) -> dict[str, object]:
        """The fields that have exactly one value."""
        single = {
            name: cast("list[object]", place.node["enum"])
            for name, place in self.fields.items()
            if isinstance(place.node.get("enum"), list)
        }
        return {name: values[0] for name, values in single.items() if len(values) == 1}


@dataclass(slots=True)
class _Options:
    """Everything that one place accepts, by kind."""

    objects: list[_Object] = field(default_factory=list[_Object])
    arrays: list[_Place] = field(default_factory=list[_Place])
    kinds: set[str] = field(default_factory=set[str])
    values: list[object] = field(default_factory=list[object])
    open: bool = False

    def describe(self) -> str:
        words = sorted(self.kinds) or ["anything"]
        if self.values:
            words.append("open" if self.open else "listed")
        return " | ".join(words)


class _Side:
    """Reads places of one contract."""

    def __init__(self, schemas: Mapping[str, JsonObject]) -> None:
        self.schemas = schemas

    def options(self, place: _Place) -> _Options:
        found = _Options()
        for pointer, node in self._spread(place.pointer, place.node, frozenset()):
            self._add(found, pointer, node)
        return found

    def _spread(self, pointer: str, node: JsonObject, seen: frozenset[str]) -> Iterator[tuple[str, JsonObject]]:
        if "$ref" in node:
            name = str(node["$ref"]).removeprefix("#/schemas/")
            if name not in self.schemas:
                raise CodegenError(f"#/schemas/{name} is referred to but not defined")
            if name not in seen:
                yield from self._spread(f"/schemas/{name}", self.schemas[name], seen | {name})
            return
        for keyword in ("anyOf", "oneOf"):
            if keyword in node:
                for index, option in enumerate(cast("list[JsonObject]", node[keyword])):
                    yield from self._spread(f"{pointer}/{keyword}/{index}", option, seen)
                return
        if isinstance(node.get("type"), list):
            for kind in cast("list[str]", node["type"]):
                yield pointer, {**node, "type": kind}
            return
        yield pointer, node

    def _add(self, found: _Options, pointer: str, node: JsonObject) -> None:
        if "allOf" in node:
            merged = _Object(pointer)
            for index, part in enumerate(cast("list[JsonObject]", node["allOf"])):
                for inner in self.options(_Place(f"{pointer}/allOf/{index}", part)).objects:
                    merged = _Object(inner.pointer, merged.fields | inner.fields, merged.required | inner.required)
            own = self._object(pointer, node)
            found.objects.append(_Object(merged.pointer, merged.fields | own.fields, merged.required | own.required))
            found.kinds.add("object")
            return
        values = [node["const"]] if "const" in node else cast("list[object]", node.get("enum") or [])
        kind = node.get("type") or (_KINDS.get(type(values[0])) if values else None)
        if kind == "null":
            return
        if kind == "object" or "properties" in node:
            found.objects.append(self._object(pointer, node))
            found.kinds.add("object")
        elif kind == "array":
            found.arrays.append(_Place(f"{pointer}/items", cast("JsonObject", node.get("items", {}))))
            found.kinds.add("array")
        elif kind is not None:
            found.kinds.add(str(kind))
            found.values.extend(value for value in values if value is not None and value not in found.values)
            found.open = found.open or not values
        else:
            found.kinds.add("anything")

    @staticmethod
    def _object(pointer: str, node: JsonObject) -> _Object:
        extras = node.get("additionalProperties")
        return _Object(
            pointer,
            {
                name: _Place(f"{pointer}/properties/{name}", schema)
                for name, schema in cast("dict[str, JsonObject]", node.get("properties", {})).items()
            },
            set(cast("list[str]", node.get("required", []))),
            _Place(f"{pointer}/additionalProperties", cast("JsonObject", extras)) if isinstance(extras, dict) else None,
        )


class _Walk:
    def __init__(self, ours: Facts, theirs: Facts) -> None:
        self._ours, self._theirs = _Side(ours.schemas), _Side(theirs.schemas)
        self._seen: set[tuple[str, str]] = set()
        self.names: dict[str, str] = {}

    def place(self, ours: _Place, theirs: _Place) -> Iterator[Difference]:
        pair = (ours.pointer, theirs.pointer)
        if pair in self._seen:
            return
        self._seen.add(pair)
        if "$ref" in ours.node and "$ref" in theirs.node:
            self.names.setdefault(str(theirs.node["$ref"])[1:], str(ours.node["$ref"])[1:])
        left, right = self._ours.options(ours), self._theirs.options(theirs)
        if "anything" in left.kinds | right.kinds:
            return  # one of them leaves open what stands here, so nothing contradicts it
        if (
            left.kinds != right.kinds
            or (left.values and right.values and left.open != right.open)
            or (bool(left.values) != bool(right.values) and not (left.open and right.open))
        ):
            yield Difference(ours.pointer, "type changed", f"{left.describe()} -> {right.describe()}", theirs.node)
        elif left.values and right.values:
            for value in right.values:
                if value not in left.values:
                    yield Difference(ours.pointer, "value added", repr(value), value)
            for value in left.values:
                if value not in right.values:
                    yield Difference(ours.pointer, "value removed", repr(value), value)
        if len(left.arrays) == len(right.arrays) == 1:
            yield from self.place(left.arrays[0], right.arrays[0])
        if left.objects and right.objects:
            yield from self._objects(ours, theirs, left.objects, right.objects)

    def _objects(
        self, ours: _Place, theirs: _Place, left: Sequence[_Object], right: Sequence[_Object]
    ) -> Iterator[Difference]:
        if len(left) == len(right) == 1:
            yield from self._object(left[0], right[0])
            return
        rest = list(right)
        for mine in left:
            other = _best(mine, rest)
            if other is None:
                yield Difference(ours.pointer, "type changed", f"a union without {_label(mine)}", theirs.node)
            else:
                rest.remove(other)
                yield from self._object(mine, other)
        for other in rest:
            yield Difference(ours.pointer, "type changed", f"a union with {_label(other)}", theirs.node)

    def _object(self, ours: _Object, theirs: _Object) -> Iterator[Difference]:
        self.names.setdefault(theirs.pointer, ours.pointer)
        if ours.extras is not None and theirs.extras is not None:
            yield from self.place(ours.extras, theirs.extras)
        if not theirs.fields:
            return  # a package has plain mappings where it does not say what they hold
        for name, place in theirs.fields.items():
            pointer = f"{ours.pointer}/properties/{name}"
            if name not in ours.fields:
                detail = "required" if name in theirs.required else ""
                yield Difference(pointer, "field added", detail, place.node)
                continue
            yield from self.place(ours.fields[name], place)
            if (name in theirs.required) != (name in ours.required):
                yield Difference(pointer, "became required" if name in theirs.required else "became optional")
        for name, place in ours.fields.items():
            if name not in theirs.fields:
                yield Difference(place.pointer, "field removed")


def _best(mine: _Object, others: Sequence[_Object]) -> _Object | None:
    """The member of a union that is told apart by the same tags; where there are none, by the most fields in common."""
    tags = mine.tags()
    fitting = [
        other
        for other in others
        if not any(value != tags[name] for name, value in other.tags().items() if name in tags)
        and (tags or other.tags() or mine.fields.keys() & other.fields.keys())
    ]
    same = [other for other in fitting if tags and other.tags() == tags]
    return max(same or fitting, key=lambda other: len(mine.fields.keys() & other.fields.keys()), default=None)


def _label(member: _Object) -> str:
    return ", ".join(f"{name}={value}" for name, value in member.tags().items()) or "+".join(sorted(member.fields))


def align(ours: Facts, theirs: Facts) -> tuple[list[Difference], dict[str, str]]:
    """Compare two contracts of one protocol.

    Args:
        ours: The contract in `schema/`.
        theirs: The other one, whose schemas may be cut and named differently.

    Returns:
        The differences, each once, by place; and, for their schemas that lie over one of ours, their name to our name.

    Raises:
        CodegenError: A reference in one of them leads nowhere.
    """
    walk = _Walk(ours, theirs)
    found: list[Difference] = []
    for side, mine, others in (
        ("client", ours.client_events, theirs.client_events),
        ("server", ours.server_events, theirs.server_events),
    ):
        for wire in sorted(mine.keys() | others.keys()):
            pointer = f"/events/{side}/{wire}"
            if wire not in mine:
                found.append(Difference(pointer, "event added", subject=others[wire]))
            elif wire not in others:
                found.append(Difference(pointer, "event removed"))
            else:
                left = _Place(f"/schemas/{mine[wire]}", ours.schemas[mine[wire]])
                right = _Place(f"/schemas/{others[wire]}", theirs.schemas[others[wire]])
                found.extend(walk.place(left, right))
    names = {
        their.removeprefix("/schemas/"): our.removeprefix("/schemas/")
        for their, our in walk.names.items()
        if their.count("/") == our.count("/") == 2
    }
    unique = {(difference.pointer, difference.text): difference for difference in reversed(found)}
    return sorted(unique.values(), key=lambda difference: (difference.pointer, difference.text)), names
