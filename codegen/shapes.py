"""What a JSON Schema accepts, in one comparable form: references followed, `allOf` merged, unions spread out.

`diff` compares these forms, so that two ways to write one type (`nullable`, `type: [T, null]`, `anyOf` with null; a
renamed schema; a union inside a union) are no change.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from .source import CodegenError, JsonObject

__all__ = ["ARRAY_BOUNDS", "Member", "Shape", "Shapes"]

_NUMBER_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
ARRAY_BOUNDS = ("minItems", "maxItems", "uniqueItems")
_BOUNDS: Mapping[str, Sequence[str]] = {
    "string": ("minLength", "maxLength", "pattern"),
    "integer": _NUMBER_BOUNDS,
    "number": _NUMBER_BOUNDS,
    "array": ARRAY_BOUNDS,
    "object": ("minProperties", "maxProperties"),
}
_KINDS: Mapping[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array"}
_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
# Keywords that this module reads, and those that say nothing about which values are accepted.
_READ = frozenset({
    "$ref", "type", "enum", "const", "nullable", "anyOf", "oneOf", "allOf", "properties", "required", "items",
    "additionalProperties", "default", "format", "discriminator", "title", "description", "example", "examples",
    *(bound for bounds in _BOUNDS.values() for bound in bounds),
})  # fmt: skip
_MAX_DEPTH = 200


@dataclass(slots=True)
class Member:
    """One kind of value that a place accepts.

    Attributes:
        kind: `string`, `integer`, `number`, `boolean`, `array`, `object`, or `any`.
        values: The listed values of a scalar.
        open: Whether a scalar accepts other values as well.
        bounds: Keyword to bound.
        formats: The stated formats.
        properties: The fields of an object.
        required: Those that must be there.
        extras: What an object accepts beside its fields: `True` anything, `False` nothing, or a schema.
        items: The schemas of an array's items; none when any item will do.
        other: Keywords that are compared as they stand.
    """

    kind: str
    values: list[object] = field(default_factory=list[object])
    open: bool = True
    bounds: dict[str, object] = field(default_factory=dict[str, object])
    formats: list[str] = field(default_factory=list[str])
    properties: dict[str, JsonObject] = field(default_factory=dict[str, JsonObject])
    required: frozenset[str] = frozenset()
    extras: bool | JsonObject = True
    items: list[JsonObject] = field(default_factory=list[JsonObject])
    other: dict[str, object] = field(default_factory=dict[str, object])

    @property
    def tags(self) -> dict[str, object]:
        """The fields of an object whose value is fixed: what tells the members of a union apart."""
        found: dict[str, object] = {}
        for name, schema in self.properties.items():
            values = schema.get("enum", [schema["const"]] if "const" in schema else None)
            if isinstance(values, list) and len(cast("list[object]", values)) == 1:
                found[name] = cast("list[object]", values)[0]
        return found

    @property
    def label(self) -> str:
        """A name for a member of a union, made from its tags, or from its fields."""
        tags = self.tags
        chosen = {name: tags[name] for name in ("type", "role") if name in tags} or tags
        if chosen:
            return ", ".join(
                f"{name}={value}" for name, value in sorted(chosen.items(), key=lambda tag: tag[0] != "type")
            )
        return "+".join(sorted(self.properties)) or "object"


@dataclass(slots=True)
class Shape:
    """Everything that one place accepts.

    Attributes:
        nullable: Whether null is accepted.
        scalars: Kind to member, for every kind but `object`.
        objects: The object members, in document order.
        default: What the service assumes when the value is absent; in a list of its own, empty when nothing is stated.
    """

    nullable: bool = False
    scalars: dict[str, Member] = field(default_factory=dict[str, Member])
    objects: list[Member] = field(default_factory=list[Member])
    default: list[object] = field(default_factory=list[object])

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of values, null aside."""
        return frozenset([*self.scalars, *(["object"] if self.objects else [])])


def _kind_of(value: object) -> str:
    return "object" if isinstance(value, dict) else _KINDS.get(type(value), "any")


class Shapes:
    """The shapes of one document's schemas. The schemas must not change while it is in use.

    Args:
        schemas: Schema name to JSON Schema, references as `#/schemas/NAME`.
    """

    def __init__(self, schemas: Mapping[str, JsonObject]) -> None:
        self._schemas = schemas
        # Merged schemas are kept, so that one place always gives one object: the identity ends recursion in `diff`.
        self._merged: dict[tuple[int, ...], JsonObject] = {}
        self._shapes: dict[int, Shape] = {}

    def of(self, schema: JsonObject) -> Shape:
        """The shape of `schema`.

        Raises:
            CodegenError: A reference leads nowhere, or schemas are nested beyond reason.
        """
        found = self._shapes.get(id(schema))
        if found is None:
            found = Shape()
            for option in self._options(schema, frozenset(), 0):
                self._add(found, option)
            self._shapes[id(schema)] = found
        return found

    def resolved(self, schema: JsonObject) -> JsonObject:
        """The schema that `schema` stands for, when it is a reference and nothing else."""
        seen: set[str] = set()
        while set(schema) == {"$ref"} and schema["$ref"] not in seen:
            seen.add(str(schema["$ref"]))
            _, schema = self._target(schema["$ref"])
        return schema

    def one(self, schemas: Sequence[JsonObject]) -> JsonObject:
        """One schema that accepts what any of `schemas` does; the same object for the same schemas."""
        if len(schemas) == 1:
            return schemas[0]
        return self._keep(schemas, {"anyOf": list(schemas)} if schemas else {})

    def _keep(self, parts: Sequence[JsonObject], merged: JsonObject) -> JsonObject:
        return self._merged.setdefault(tuple(id(part) for part in parts), merged)

    def _target(self, ref: object) -> tuple[str, JsonObject]:
        name = str(ref).removeprefix("#/schemas/")
        if name not in self._schemas:
            raise CodegenError(f"{ref} is referred to but not defined")
        return name, self._schemas[name]

    def _options(self, schema: JsonObject, seen: frozenset[str], depth: int) -> Iterator[JsonObject]:
        """Spread a schema out into options without `$ref`, `allOf`, `anyOf` or `oneOf`."""
        if depth > _MAX_DEPTH:
            raise CodegenError("schemas are nested too deep to be compared")
        rest = {key: value for key, value in schema.items() if key not in ("$ref", "allOf", "anyOf", "oneOf")}
        parts: list[list[JsonObject]] = []
        if "$ref" in schema:
            name, target = self._target(schema["$ref"])
            if name in seen:
                return
            parts.append(list(self._options(target, seen | {name}, depth + 1)))
        both = cast("list[JsonObject]", schema.get("allOf", []))
        parts.extend(list(self._options(part, seen, depth + 1)) for part in both)
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                union = cast("list[JsonObject]", schema[keyword])
                parts.append([option for member in union for option in self._options(member, seen, depth + 1)])
        options: list[JsonObject] = [rest]
        for alternatives in parts:
            options = [self._merge(left, right) for left in options for right in alternatives]
        yield from options

    def _merge(self, left: JsonObject, right: JsonObject) -> JsonObject:
        """What both accept: fields and required names join; of any other keyword that both state, `left` counts."""
        merged: JsonObject = {**right, **left}
        ours, theirs = cast("JsonObject", left.get("properties", {})), cast("JsonObject", right.get("properties", {}))
        if ours or theirs:
            both = {
                name: [cast("JsonObject", ours[name]), cast("JsonObject", theirs[name])]
                for name in ours
                if name in theirs
            }
            merged["properties"] = {
                **theirs,
                **ours,
                **{name: self._keep(pair, {"allOf": list(pair)}) for name, pair in both.items()},
            }
        required = [*cast("list[str]", left.get("required", [])), *cast("list[str]", right.get("required", []))]
        if required:
            merged["required"] = list(dict.fromkeys(required))
        return merged

    def _add(self, shape: Shape, option: JsonObject) -> None:
        shape.nullable = shape.nullable or option.get("nullable") is True
        if "default" in option and not shape.default:
            shape.default = [option["default"]]
        values = [option["const"]] if "const" in option else option.get("enum")
        listed = cast("list[object]", values) if isinstance(values, list) else None
        for kind in self._kinds(option, listed):
            if kind == "null":
                shape.nullable = True
            elif kind == "object":
                shape.objects.append(self._member(kind, option, None))
            else:
                member = self._member(kind, option, listed)
                known = shape.scalars.get(kind)
                shape.scalars[kind] = member if known is None else _either(known, member)
        if listed is not None and None in listed:
            shape.nullable = True

    @staticmethod
    def _kinds(option: JsonObject, values: list[object] | None) -> list[str]:
        kind = option.get("type")
        if isinstance(kind, list):
            return [str(each) for each in cast("list[object]", kind)]
        if isinstance(kind, str):
            return [kind]
        if values is not None:
            return list(dict.fromkeys(_kind_of(value) for value in values if value is not None)) or ["null"]
        if "properties" in option or "additionalProperties" in option:
            return ["object"]
        return ["array"] if "items" in option else ["any"]

    @staticmethod
    def _member(kind: str, option: JsonObject, values: list[object] | None) -> Member:
        member = Member(kind)
        if values is not None:
            fitting = [value for value in values if _kind_of(value) == kind or kind == "number"]
            member.values, member.open = [value for value in fitting if value is not None], False
        member.bounds = {key: option[key] for key in _BOUNDS.get(kind, ()) if key in option}
        member.formats = [str(option["format"])] if "format" in option else []
        member.other = {key: value for key, value in option.items() if key not in _READ}
        if kind == "object":
            member.properties = cast("dict[str, JsonObject]", option.get("properties", {}))
            member.required = frozenset(cast("list[str]", option.get("required", [])))
            extras = option.get("additionalProperties", True)
            member.extras = extras if isinstance(extras, bool) else (cast("JsonObject", extras) or True)
        elif kind == "array" and option.get("items"):
            member.items = [cast("JsonObject", option["items"])]
        return member


def _either(left: Member, right: Member) -> Member:
    """One scalar or array member that accepts what either does."""
    values = [*left.values, *(value for value in right.values if value not in left.values)]
    bounds: dict[str, object] = {}
    # A bound binds only those values that no wider sibling accepts: a listed value needs none.
    if not left.open or not right.open:
        bounds = right.bounds if not left.open else left.bounds
    else:
        for key in left.bounds.keys() & right.bounds.keys():
            a, b = left.bounds[key], right.bounds[key]
            if a == b:
                bounds[key] = a
            elif isinstance(a, int | float) and isinstance(b, int | float):
                bounds[key] = min(a, b) if key in _LOWER else max(a, b)
    items = [*left.items, *right.items] if left.items and right.items else []
    formats = list(dict.fromkeys([*left.formats, *right.formats]))
    other = {**right.other, **left.other}
    return Member(left.kind, values, left.open or right.open, bounds, formats, items=items, other=other)
