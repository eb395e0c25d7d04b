"""Apply the corrections of `overlay.yaml` to the published schemas.

Every entry states the value it expects to find. When upstream moves, the entry fails by name instead of silently
correcting something that is no longer wrong.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from .source import CodegenError, Facts, JsonObject, as_object

__all__ = ["Contract", "apply_overlay", "fitting_overlay", "reachable", "schema_refs"]

_SECTIONS = ("changes", "open_enums", "names", "bases")
_ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Contract:
    """The corrected schemas of one protocol, with the names that Python will know them by.

    Attributes:
        client_events: Wire name to schema name.
        server_events: Wire name to schema name.
        schemas: Schema name to corrected JSON Schema.
        names: JSON pointer of a schema or an inline object to its Python name.
        open_enums: JSON pointers of enums that the service may extend.
        bases: JSON pointer of a schema to the dotted path of its base class.
        rest: The names of the schemas that HTTP requests, responses and webhooks hold.
    """

    client_events: Mapping[str, str]
    server_events: Mapping[str, str]
    schemas: Mapping[str, JsonObject]
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    open_enums: frozenset[str] = frozenset()
    bases: Mapping[str, str] = field(default_factory=dict[str, str])
    rest: Sequence[str] = ()

    @property
    def events(self) -> Sequence[str]:
        """The names of the events' schemas, client events first."""
        return [*self.client_events.values(), *self.server_events.values()]


def schema_refs(node: object) -> Iterator[str]:
    """Yield the names of the schemas that `node` refers to, in document order."""
    if isinstance(node, dict):
        mapping = cast("JsonObject", node)
        ref = mapping.get("$ref")
        if isinstance(ref, str):
            yield ref.removeprefix("#/schemas/")
        for value in mapping.values():
            yield from schema_refs(value)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from schema_refs(value)


def reachable(schemas: Mapping[str, JsonObject], roots: Iterable[str]) -> set[str]:
    """Collect the schemas that can be reached from `roots`, the roots included.

    Raises:
        CodegenError: A reference leads nowhere.
    """
    seen: set[str] = set()
    pending = list(roots)
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        if name not in schemas:
            raise CodegenError(f"#/schemas/{name} is referred to but not defined")
        seen.add(name)
        pending.extend(schema_refs(schemas[name]))
    return seen


def _steps(pointer: str) -> list[str]:
    if not pointer.startswith(("/schemas/", "/events/client/", "/events/server/")):
        raise CodegenError(f"overlay.yaml: {pointer}: a pointer must begin with /schemas/ or /events/client|server/")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def _is_index(step: str) -> bool:
    # Other scripts have digits too, and a number of thousands of digits is none that Python reads.
    return step.isascii() and step.isdigit() and len(step) < 10


def _child(node: object, step: str) -> object:
    if isinstance(node, dict):
        return cast("JsonObject", node).get(step, _ABSENT)
    if isinstance(node, list) and _is_index(step) and int(step) < len(cast("list[object]", node)):
        return cast("list[object]", node)[int(step)]
    return _ABSENT


def _find(document: JsonObject, pointer: str) -> object:
    node: object = document
    for step in _steps(pointer):
        node = _child(node, step)
        if node == _ABSENT:
            return _ABSENT
    return node


def _replace(document: JsonObject, pointer: str, value: object) -> None:
    *parents, last = _steps(pointer)
    node: object = document
    for step in parents:
        node = _child(node, step)
    if isinstance(node, list) and _is_index(last) and int(last) < len(cast("list[object]", node)):
        cast("list[object]", node)[int(last)] = value
    elif isinstance(node, dict) and value == _ABSENT:
        cast("JsonObject", node).pop(last, None)
    elif isinstance(node, dict):
        cast("JsonObject", node)[last] = value
    else:
        raise CodegenError(f"overlay.yaml: {pointer}: the place that should hold it does not exist")


def _entries(overlay: JsonObject, section: str) -> Iterator[tuple[str, object]]:
    groups: object = overlay.get(section) or []
    if not isinstance(groups, list):
        raise CodegenError(f"overlay.yaml: {section}: expected a list of groups with `reason` and `at`")
    for number, group in enumerate(cast("list[object]", groups)):
        where = f"overlay.yaml: {section}[{number}]"
        entry = as_object(group, where)
        reason = entry.get("reason")
        if not isinstance(reason, str) or not reason.strip():
            raise CodegenError(f"{where}: states no reason")
        yield from as_object(entry.get("at"), f"{where}.at").items()


def _expect(pointer: str, found: object, stated: object) -> None:
    if found != stated:
        raise CodegenError(
            f"overlay.yaml: {pointer}: the old value no longer stands: stated {stated!r}, found {found!r}; "
            "look at the reason again, then correct or remove the entry"
        )


def _inherited(parent: JsonObject, own: JsonObject, known: set[str]) -> JsonObject:
    """What another protocol's overlay has to say of the schemas that this one has too, as one group a section.

    A protocol's own entry for a pointer stands in place of the other's.
    """
    result: JsonObject = {}
    for section in _SECTIONS:
        mine = {pointer for pointer, _ in _entries(own, section)}
        taken: JsonObject = {}
        for pointer, entry in _entries(parent, section):
            kind, schema, *deeper = _steps(pointer)
            if kind == "schemas" and section == "changes" and not deeper and _child(entry, "old") == _ABSENT:
                known.add(schema)
            if kind == "schemas" and schema in known and pointer not in mine:
                taken[pointer] = entry
        result[section] = [{"reason": "inherited", "at": taken}]
    return result


def _apply_changes(document: JsonObject, overlay: JsonObject) -> None:
    for pointer, change in _entries(overlay, "changes"):
        entry = as_object(change, f"overlay.yaml: {pointer}")
        if set(entry) != {"old", "new"}:
            raise CodegenError(f"overlay.yaml: {pointer}: a change has exactly `old` and `new`, got {sorted(entry)}")
        _expect(pointer, _find(document, pointer), entry["old"])
        _replace(document, pointer, copy.deepcopy(entry["new"]))


def _open_enums(document: JsonObject, overlay: JsonObject) -> set[str]:
    found: set[str] = set()
    for pointer, values in _entries(overlay, "open_enums"):
        _expect(pointer, _child(_find(document, pointer), "enum"), values)
        found.add(pointer)
    return found


def _names(document: JsonObject, overlay: JsonObject) -> dict[str, str]:
    names: dict[str, str] = {}
    for pointer, change in _entries(overlay, "names"):
        entry = as_object(change, f"overlay.yaml: {pointer}")
        found = _find(document, pointer)
        if set(entry) != {"old", "new"}:
            raise CodegenError(f"overlay.yaml: {pointer}: a name has exactly `old` and `new`, got {sorted(entry)}")
        if found == _ABSENT:
            raise CodegenError(f"overlay.yaml: {pointer}: names something that no longer exists")
        top = pointer.count("/") == 2
        if not top and _child(found, "properties") == _ABSENT:
            raise CodegenError(f"overlay.yaml: {pointer}: needs no name, for it is no inline object; remove the entry")
        _expect(pointer, entry["old"], pointer.removeprefix("/schemas/") if top else "inline")
        names[pointer] = str(entry["new"])
    return names


def apply_overlay(facts: Facts, overlay: JsonObject, inherited: JsonObject | None = None) -> Contract:
    """Correct the published schemas.

    Args:
        facts: What upstream publishes; it is not changed.
        overlay: The content of `overlay.yaml`.
        inherited: The overlay of another protocol, of which the entries count that concern schemas of this one.

    Returns:
        The corrected contract, restricted to what the events and the HTTP endpoints can reach.

    Raises:
        CodegenError: An entry states no reason, its old value no longer stands, or nothing uses it any more.
    """
    unknown = sorted(set(overlay) - set(_SECTIONS))
    if unknown:
        raise CodegenError(f"overlay.yaml: unknown section {unknown[0]!r}; the sections are {', '.join(_SECTIONS)}")
    tables = {"client": dict(facts.client_events), "server": dict(facts.server_events)}
    document: JsonObject = {"schemas": copy.deepcopy(dict(facts.schemas)), "events": tables}
    parent = _inherited(inherited or {}, overlay, set(facts.schemas))
    for layer in (parent, overlay):
        _apply_changes(document, layer)
    for section in ("open_enums", "names"):
        # What this protocol replaced as a whole has no such place any more.
        standing = {at: entry for at, entry in _entries(parent, section) if _find(document, at) != _ABSENT}
        parent[section] = [{"reason": "inherited", "at": standing}]
    open_enums = _open_enums(document, parent) | _open_enums(document, overlay)
    names = {**_names(document, parent), **_names(document, overlay)}
    bases = {pointer: str(base) for layer in (parent, overlay) for pointer, base in _entries(layer, "bases")}
    schemas = {
        name: as_object(schema, f"/schemas/{name}")
        for name, schema in as_object(document["schemas"], "/schemas").items()
    }
    used = reachable(schemas, [*tables["client"].values(), *tables["server"].values(), *facts.rest])
    for section in _SECTIONS:
        for pointer, _ in _entries(overlay, section):
            if pointer.startswith("/schemas/") and _steps(pointer)[1] not in used:
                raise CodegenError(
                    f"overlay.yaml: {pointer}: no event or endpoint uses this schema any more; remove the entry"
                )
    return Contract(
        client_events=tables["client"],
        server_events=tables["server"],
        schemas={name: schema for name, schema in sorted(schemas.items()) if name in used},
        names={pointer: name for pointer, name in names.items() if _steps(pointer)[1] in used},
        open_enums=frozenset(pointer for pointer in open_enums if _steps(pointer)[1] in used),
        bases={pointer: base for pointer, base in bases.items() if _steps(pointer)[1] in used},
        rest=facts.rest,
    )


def fitting_overlay(facts: Facts, overlay: JsonObject) -> tuple[JsonObject, list[str]]:
    """Keep of an overlay what fits other facts than those it was written for, such as an application's.

    Args:
        facts: What the application's document publishes.
        overlay: An overlay that was written for another version of it.

    Returns:
        The entries whose old values stand, as an overlay, and the pointers of the others.
    """
    tables = {"client": dict(facts.client_events), "server": dict(facts.server_events)}
    document: JsonObject = {"schemas": copy.deepcopy(dict(facts.schemas)), "events": tables}
    dropped: list[str] = []
    result: JsonObject = {}
    for section in _SECTIONS:
        kept: JsonObject = {}
        for pointer, entry in _entries(overlay, section):
            found = _find(document, pointer)
            if section == "changes":
                holder = pointer.rsplit("/", 1)[0]
                held = holder.count("/") < 2 or isinstance(_find(document, holder), dict | list)
                fits = held and found == _child(entry, "old")
            elif section == "open_enums":
                fits = _child(found, "enum") == entry
            else:
                fits = found != _ABSENT and (pointer.count("/") == 2 or _child(found, "properties") != _ABSENT)
            if not fits:
                dropped.append(pointer)
                continue
            kept[pointer] = entry
            if section == "changes":
                _replace(document, pointer, copy.deepcopy(_child(entry, "new")))
        # There may be one entry for each of several versions of the document.
        dropped = [pointer for pointer in dropped if pointer not in kept]
        result[section] = [{"reason": "It fits as it does in our own contract.", "at": kept}]
    return result, dropped
