"""What changed between two versions of a contract, and whom it breaks.

Compared is what the wire may carry, by event and dotted field path, never by schema name. The one question behind every
judgement: an application was built against OLD, the service speaks NEW.

*Readers* read what the service sends (server events). A change breaks them when a value that was not allowed before may
arrive now, or when something they wait for no longer comes. *Writers* write what a client sends (client events). A
change breaks them when a value that was allowed before may be refused now. Bodies of HTTP requests and responses
(side `rest`) are judged for both.

| change | breaks readers | breaks writers |
|---|---|---|
| event added | no (it arrives as an unknown event) | no |
| event removed | yes | yes |
| field added | no (unknown fields are kept) | only when required |
| field removed | yes | yes |
| field became required | no | yes |
| field became optional | yes | no |
| null added / removed | yes / no | no / yes |
| type widened / narrowed / replaced | yes / no / yes | no / yes / yes |
| enum value added / removed | yes, unless the enum was open / no | no / yes, unless the enum is open |
| enum opened / closed | yes / no | no / yes |
| constant changed | yes | yes |
| bound loosened or removed / tightened or added | yes / no | no / yes |
| pattern or another keyword changed | yes | yes |
| union member added / removed | yes / no | no / yes |
| additionalProperties opened / closed | yes / no | no / yes |
| default or format changed | no | no |

Readers are taken to be strict: they refuse a value that their contract does not list. Those whose enums are open in the
overlay, or who validate leniently, survive more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .shapes import Member, Shape, Shapes
from .source import Facts, JsonObject

__all__ = ["Change", "Kind", "Side", "diff_facts"]

Side: TypeAlias = Literal["client", "server", "rest"]
Kind: TypeAlias = Literal[
    "event_added",
    "event_removed",
    "field_added",
    "field_removed",
    "became_required",
    "became_optional",
    "null_added",
    "null_removed",
    "type_changed",
    "value_added",
    "value_removed",
    "enum_opened",
    "enum_closed",
    "constant_changed",
    "bound_added",
    "bound_removed",
    "bound_changed",
    "member_added",
    "member_removed",
    "extras_opened",
    "extras_closed",
    "default_changed",
    "format_changed",
    "keyword_changed",
]

# Bounds whose rise narrows; of the others a fall narrows, and of some neither can be told.
_LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two contracts.

    Attributes:
        kind: What happened.
        side: Who sends the event: `client` or `server`; `rest` for bodies of HTTP requests, responses and webhooks.
        event: The event's wire name; for `rest` the schema's name.
        path: Dotted path of the field within the event, empty for the event itself. `[]` stands for an array's items,
            `.*` for a mapping's values, `(type=x)` for one member of a union of objects.
        before: What stood there, as JSON; None when nothing did.
        after: What stands there now.
        breaks_readers: Whether a reader of what the service sends may fail.
        breaks_writers: Whether a writer of what a client sends may be refused.
    """

    kind: Kind
    side: Side
    event: str
    path: str
    before: object
    after: object
    breaks_readers: bool
    breaks_writers: bool

    @property
    def where(self) -> str:
        """Event and path in one: `response.done: response.status`."""
        return f"{self.event}: {self.path}" if self.path else self.event

    @property
    def breaking(self) -> bool:
        """Whether anyone may break."""
        return self.breaks_readers or self.breaks_writers


def diff_facts(old: Facts, new: Facts) -> list[Change]:
    """Compare two versions of one protocol.

    Args:
        old: What applications were built against.
        new: What the service speaks now.

    Returns:
        Every change, ordered by side, event, path and kind; empty when the two accept the same.

    Raises:
        CodegenError: A reference in one of them leads nowhere.
    """
    sides: list[tuple[Side, Mapping[str, str], Mapping[str, str]]] = [
        ("client", old.client_events, new.client_events),
        ("server", old.server_events, new.server_events),
        ("rest", {name: name for name in old.rest}, {name: name for name in new.rest}),
    ]
    shapes = Shapes(old.schemas), Shapes(new.schemas)
    changes: list[Change] = []
    for side, before, after in sides:
        for event in sorted(before.keys() | after.keys()):
            if event not in after:
                changes.append(_change(side, event, "", "event_removed", event, None, widened=True, narrowed=True))
            elif event not in before:
                changes.append(_change(side, event, "", "event_added", None, event))
            else:
                walk = _Walk(side, event, *shapes)
                pair = old.schemas[before[event]], new.schemas[after[event]]
                changes.extend(
                    sorted(walk.schema(*pair, ""), key=lambda change: (change.path, change.kind, str(change)))
                )
    return changes


def _change(
    side: Side,
    event: str,
    path: str,
    kind: Kind,
    before: object,
    after: object,
    *,
    widened: bool = False,
    narrowed: bool = False,
) -> Change:
    return Change(kind, side, event, path, before, after, widened and side != "client", narrowed and side != "server")


class _Walk:
    """Compares the two versions of one event, place by place."""

    def __init__(self, side: Side, event: str, old: Shapes, new: Shapes) -> None:
        self._side: Side = side
        self._event = event
        self._old = old
        self._new = new
        self._open: set[tuple[int, int]] = set()

    def _say(
        self, path: str, kind: Kind, before: object, after: object, *, widened: bool = False, narrowed: bool = False
    ) -> Change:
        return _change(self._side, self._event, path, kind, before, after, widened=widened, narrowed=narrowed)

    def schema(self, old: JsonObject, new: JsonObject, path: str) -> Iterator[Change]:
        old, new = self._old.resolved(old), self._new.resolved(new)
        pair = id(old), id(new)
        if pair in self._open:
            return  # a recursive schema: this very pair is being compared further up
        self._open.add(pair)
        yield from self._shape(self._old.of(old), self._new.of(new), path)
        self._open.discard(pair)

    def _shape(self, old: Shape, new: Shape, path: str) -> Iterator[Change]:
        if old.nullable != new.nullable:
            null: Kind = "null_added" if new.nullable else "null_removed"
            yield self._say(path, null, old.nullable, new.nullable, widened=new.nullable, narrowed=old.nullable)
        if old.default != new.default:
            before, after = (shape.default[0] if shape.default else None for shape in (old, new))
            yield self._say(path, "default_changed", before, after)
        if old.kinds != new.kinds:
            widened, narrowed = not _covers(old.kinds, new.kinds), not _covers(new.kinds, old.kinds)
            before, after = sorted(old.kinds), sorted(new.kinds)
            yield self._say(path, "type_changed", before, after, widened=widened, narrowed=narrowed)
        for kind in sorted(old.scalars.keys() & new.scalars.keys()):
            yield from self._scalar(old.scalars[kind], new.scalars[kind], path)
        if old.kinds ^ new.kinds == frozenset(("integer", "number")):
            left, right = (shape.scalars.get("integer") or shape.scalars["number"] for shape in (old, new))
            yield from self._scalar(left, right, path)
        if old.objects and new.objects:
            yield from self._objects(old.objects, new.objects, path)

    def _scalar(self, old: Member, new: Member, path: str) -> Iterator[Change]:
        yield from self._values(old, new, path)
        yield from self._keywords(old, new, path)
        if old.kind == "array":
            yield from self.schema(self._old.one(old.items), self._new.one(new.items), f"{path}[]")

    def _values(self, old: Member, new: Member, path: str) -> Iterator[Change]:
        added = [value for value in new.values if value not in old.values]
        removed = [value for value in old.values if value not in new.values]
        if old.open != new.open:
            kind: Kind = "enum_opened" if new.open else "enum_closed"
            before, after = old.values or "any", new.values or "any"
            yield self._say(path, kind, before, after, widened=new.open, narrowed=old.open)
        elif not old.open and len(old.values) == len(new.values) == 1 and added:
            yield self._say(path, "constant_changed", old.values[0], new.values[0], widened=True, narrowed=True)
            return
        if not old.values or not new.values:
            return  # `enum_opened` or `enum_closed` has said it
        for value in added:
            yield self._say(path, "value_added", None, value, widened=not old.open and not new.open)
        for value in removed:
            yield self._say(path, "value_removed", value, None, narrowed=not old.open and not new.open)

    def _keywords(self, old: Member, new: Member, path: str) -> Iterator[Change]:
        for key in sorted(old.bounds.keys() | new.bounds.keys()):
            before, after = old.bounds.get(key), new.bounds.get(key)
            if before == after:
                continue
            stated = {key: before} if before is not None else None, {key: after} if after is not None else None
            if before is None:
                yield self._say(path, "bound_added", *stated, narrowed=True)
            elif after is None:
                yield self._say(path, "bound_removed", *stated, widened=True)
            else:
                rise = isinstance(before, int | float) and isinstance(after, int | float) and after > before
                widened = rise if key in _UPPER else not rise if key in _LOWER else True
                narrowed = not rise if key in _UPPER else rise if key in _LOWER else True
                yield self._say(path, "bound_changed", *stated, widened=widened, narrowed=narrowed)
        if old.formats != new.formats:
            yield self._say(path, "format_changed", ", ".join(old.formats) or None, ", ".join(new.formats) or None)
        for key in sorted(old.other.keys() | new.other.keys()):
            before, after = old.other.get(key), new.other.get(key)
            if before != after:
                yield self._say(path, "keyword_changed", {key: before}, {key: after}, widened=True, narrowed=True)

    def _objects(self, old: list[Member], new: list[Member], path: str) -> Iterator[Change]:
        pairs = _matched(old, new)
        union = len(old) > 1 or len(new) > 1
        for left, right in pairs:
            yield from self._object(old[left], new[right], f"{path}({old[left].label})" if union else path)
        for index, member in enumerate(old):
            if index not in {left for left, _ in pairs}:
                yield self._say(path, "member_removed", member.label, None, narrowed=True)
        for index, member in enumerate(new):
            if index not in {right for _, right in pairs}:
                yield self._say(path, "member_added", None, member.label, widened=True)

    def _object(self, old: Member, new: Member, path: str) -> Iterator[Change]:
        yield from self._keywords(old, new, path)
        yield from self._extras(old.extras, new.extras, path)
        for name in [*old.properties, *(name for name in new.properties if name not in old.properties)]:
            place = f"{path}.{name}" if path else name
            if name not in new.properties:
                before = "required" if name in old.required else "optional"
                yield self._say(place, "field_removed", before, None, widened=True, narrowed=True)
            elif name not in old.properties:
                required = name in new.required
                yield self._say(place, "field_added", None, "required" if required else "optional", narrowed=required)
            else:
                yield from self.schema(old.properties[name], new.properties[name], place)
        fields = {*old.properties, *new.properties}
        shared = {*old.properties} & {*new.properties}
        # A name may be required without being described; it is a field for whoever writes it.
        for name in sorted((old.required ^ new.required) & (shared | ((old.required | new.required) - fields))):
            place = f"{path}.{name}" if path else name
            if name in new.required:
                yield self._say(place, "became_required", False, True, narrowed=True)
            else:
                yield self._say(place, "became_optional", True, False, widened=True)

    def _extras(self, old: bool | JsonObject, new: bool | JsonObject, path: str) -> Iterator[Change]:
        if old is False and new is False:
            return
        if old is False or new is False:
            kind: Kind = "extras_opened" if old is False else "extras_closed"
            yield self._say(path, kind, old is not False, new is not False, widened=old is False, narrowed=new is False)
            return
        left = self._old.one([]) if old is True else old
        right = self._new.one([]) if new is True else new
        yield from self.schema(left, right, f"{path}.*" if path else "*")


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    return "any" in wide or all(kind in wide or (kind == "integer" and "number" in wide) for kind in narrow)


def _likeness(old: Member, new: Member) -> int:
    """How sure it is that two members of unions are the same one; 0 when they are not."""
    ours, theirs = old.tags, new.tags
    shared = ours.keys() & theirs.keys()
    if any(ours[tag] != theirs[tag] for tag in ("type", "role") if tag in shared):
        return 0
    equal_tags = sum(1 for tag in shared if ours[tag] == theirs[tag])
    equal_fields = sum(1 for name, schema in old.properties.items() if new.properties.get(name) == schema)
    both = len(old.properties.keys() & new.properties.keys())
    empty = 1 if not old.properties and not new.properties else 0
    return 10_000 * equal_tags + 100 * both + equal_fields + empty


def _matched(old: list[Member], new: list[Member]) -> list[tuple[int, int]]:
    """Pair the members of two unions of objects, the surest pairs first."""
    if len(old) == len(new) == 1:
        return [(0, 0)]
    scores = sorted(
        ((-_likeness(left, right), i, j) for i, left in enumerate(old) for j, right in enumerate(new)),
    )
    pairs: list[tuple[int, int]] = []
    for score, i, j in scores:
        if score < 0 and all(i != left and j != right for left, right in pairs):
            pairs.append((i, j))
    return sorted(pairs)
