"""Apply the corrections of `overlay.yaml` to the published schemas.

Every entry states the value it expects to find. When upstream moves, the entry fails by name instead of silently
correcting something that is no longer wrong.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from .source import CodegenError, Facts, JsonObject, as_object

__all__ = ["Contract", "apply_overlay", "reachable", "schema_refs"]

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
    """

    client_events: Mapping[str, str]
    server_events: Mapping[str, str]
    schemas: Mapping[str, JsonObject]
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    open_enums: frozenset[str] = frozenset()
    bases: Mapping[str, str] = field(default_factory=dict[str, str])


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


def reachable(schemas: Mapping[str, JsonObject], roots: Iterator[str]) -> set[str]:
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
    if not pointer.startswith("/schemas/"):
        raise CodegenError(f"overlay.yaml: {pointer}: a pointer must begin with /schemas/")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def _child(node: object, step: str) -> object:
    if isinstance(node, dict):
        return cast("JsonObject", node).get(step, _ABSENT)
    if isinstance(node, list) and step.isdigit() and int(step) < len(cast("list[object]", node)):
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
    if isinstance(node, list) and last.isdigit() and int(last) < len(cast("list[object]", node)):
        cast("list[object]", node)[int(last)] = value
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


def apply_overlay(facts: Facts, overlay: JsonObject) -> Contract:
    """Correct the published schemas.

    Args:
        facts: What upstream publishes; it is not changed.
        overlay: The content of `overlay.yaml`.

    Returns:
        The corrected contract, restricted to what the events can reach.

    Raises:
        CodegenError: An entry states no reason, its old value no longer stands, or nothing uses it any more.
    """
    unknown = sorted(set(overlay) - set(_SECTIONS))
    if unknown:
        raise CodegenError(f"overlay.yaml: unknown section {unknown[0]!r}; the sections are {', '.join(_SECTIONS)}")
    document: JsonObject = {"schemas": copy.deepcopy(dict(facts.schemas))}
    for pointer, change in _entries(overlay, "changes"):
        entry = as_object(change, f"overlay.yaml: {pointer}")
        if set(entry) != {"old", "new"}:
            raise CodegenError(f"overlay.yaml: {pointer}: a change has exactly `old` and `new`, got {sorted(entry)}")
        _expect(pointer, _find(document, pointer), entry["old"])
        _replace(document, pointer, copy.deepcopy(entry["new"]))
    open_enums: set[str] = set()
    for pointer, values in _entries(overlay, "open_enums"):
        found = _find(document, pointer)
        _expect(pointer, _child(found, "enum"), values)
        open_enums.add(pointer)
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
    bases = {pointer: str(base) for pointer, base in _entries(overlay, "bases")}
    schemas = {
        name: as_object(schema, f"/schemas/{name}")
        for name, schema in as_object(document["schemas"], "/schemas").items()
    }
    used = reachable(schemas, iter([*facts.client_events.values(), *facts.server_events.values()]))
    for pointer in [*(p for p, _ in _entries(overlay, "changes")), *open_enums, *names, *bases]:
        if _steps(pointer)[1] not in used:
            raise CodegenError(f"overlay.yaml: {pointer}: no event uses this schema any more; remove the entry")
    return Contract(
        client_events=facts.client_events,
        server_events=facts.server_events,
        schemas={name: schema for name, schema in sorted(schemas.items()) if name in used},
        names=names,
        open_enums=frozenset(open_enums),
        bases=bases,
    )
