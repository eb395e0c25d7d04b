"""Bring our facts up to another contract: patch what it states differently, and keep what it cannot state."""

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import cast

from .align import Difference, align
from .overlay import reachable
from .source import CodegenError, Facts, JsonObject, as_object

__all__ = ["merge_package"]


def _is_null(node: object) -> bool:
    return isinstance(node, dict) and cast("JsonObject", node).get("type") == "null"


class _Patch:
    """A copy of our facts, changed difference by difference."""

    def __init__(self, ours: Facts, theirs: Facts, names: Mapping[str, str]) -> None:
        self._theirs = theirs
        self._names = dict(names)
        self.events: dict[str, dict[str, str]] = {
            "client": dict(ours.client_events),
            "server": dict(ours.server_events),
        }
        self.schemas = copy.deepcopy(dict(ours.schemas))

    def apply(self, difference: Difference) -> None:
        pointer, action = difference.pointer, difference.action
        if action.startswith("event"):
            _, _, side, wire = pointer.split("/", 3)
            if action == "event added":
                self.events[side][wire] = self._import_schema(str(difference.subject))
            else:
                del self.events[side][wire]
        elif action == "type changed":
            self._replace(pointer, difference.subject)
        elif action.startswith("value"):
            self._value(pointer, difference.subject, added=action == "value added")
        else:
            self._field(pointer, action, difference)

    def _field(self, pointer: str, action: str, difference: Difference) -> None:
        parent, _, name = pointer.rpartition("/properties/")
        node = as_object(self._find(parent), parent)
        properties = cast("JsonObject", node.setdefault("properties", {}))
        required = [each for each in cast("list[str]", node.get("required", [])) if each != name]
        if action == "field removed":
            del properties[name]
        elif action == "field added":
            properties[name] = self._without_null(self._import(difference.subject))
        if action == "became required" or (action == "field added" and difference.detail == "required"):
            required.append(name)
        if required:
            node["required"] = required
        else:
            node.pop("required", None)

    def _value(self, pointer: str, value: object, *, added: bool) -> None:
        nodes = list(self._enums(as_object(self._find(pointer), pointer)))
        for node in nodes[:1] if added else nodes:
            values = [node.pop("const")] if "const" in node else cast("list[object]", node["enum"])
            node["enum"] = [*values, value] if added else [each for each in values if each != value]

    def _enums(self, node: JsonObject) -> Iterator[JsonObject]:
        if "$ref" in node:
            yield from self._enums(self.schemas[str(node["$ref"]).removeprefix("#/schemas/")])
        for keyword in ("anyOf", "oneOf"):
            for option in cast("list[JsonObject]", node.get(keyword, [])):
                yield from self._enums(option)
        if "enum" in node or "const" in node:
            yield node

    def _replace(self, pointer: str, subject: object) -> None:
        old = as_object(self._find(pointer), pointer)
        new = self._without_null(self._import(subject))
        if any(map(_is_null, cast("list[object]", old.get("anyOf", [])))):
            new = {"anyOf": [*cast("list[object]", new.get("anyOf", [new])), {"type": "null"}]}
        old.clear()
        old.update(new)

    @staticmethod
    def _without_null(node: JsonObject) -> JsonObject:
        """A package allows null in every field that may be absent, so a null of its says nothing."""
        if "anyOf" not in node:
            return node
        options = [option for option in cast("list[JsonObject]", node["anyOf"]) if not _is_null(option)]
        return options[0] if len(options) == 1 else {**node, "anyOf": options}

    def _find(self, pointer: str) -> object:
        node: object = self.schemas
        for step in pointer.split("/")[2:]:
            if isinstance(node, list):
                node = cast("list[object]", node)[int(step)]
            else:
                node = as_object(node, pointer).get(step)
        if node is None:
            raise CodegenError(f"facts.json: {pointer}: a difference lies over a place that is not there")
        return node

    def _import(self, node: object) -> JsonObject:
        return as_object(self._renamed(node), "package")

    def _renamed(self, node: object) -> object:
        if isinstance(node, list):
            return [self._renamed(item) for item in cast("list[object]", node)]
        if not isinstance(node, dict):
            return node
        mapping = cast("JsonObject", node)
        if "$ref" in mapping:
            name = str(mapping["$ref"]).removeprefix("#/schemas/")
            return {"$ref": f"#/schemas/{self._import_schema(name)}"}
        return {key: self._renamed(value) for key, value in mapping.items()}

    def _import_schema(self, name: str) -> str:
        """Our name of one of their schemas, which is added unless it lies over one of ours."""
        known = self._names.get(name)
        if known is not None and known in self.schemas:
            return known
        own = name
        while own in self.schemas:
            own += "FromPackage"
        self._names[name] = own
        self.schemas[own] = {}
        self.schemas[own] = as_object(self._renamed(self._theirs.schemas[name]), name)
        return own


def merge_package(ours: Facts, theirs: Facts, skip: Collection[tuple[str, str]] = ()) -> Facts:
    """Patch `ours` with what `theirs` states differently.

    Args:
        ours: The facts of a protocol; they are not changed.
        theirs: The same protocol as another source has it, with names and cuts of its own.
        skip: Differences to leave alone, as pointer and text.

    Returns:
        The new facts, with our names, bounds, formats and defaults wherever a place stays; `ours` itself when there is
        nothing to patch.

    Raises:
        CodegenError: A reference leads nowhere.
    """
    differences, names = align(ours, theirs)
    wanted = [difference for difference in differences if (difference.pointer, difference.text) not in skip]
    if not wanted:
        return ours
    patch = _Patch(ours, theirs, names)
    # The deepest first: a place that is replaced as a whole takes with it what was patched inside of it.
    for difference in sorted(wanted, key=lambda each: (-each.pointer.count("/"), each.pointer, each.text)):
        patch.apply(difference)
    roots = [*patch.events["client"].values(), *patch.events["server"].values(), *ours.rest]
    used = reachable(patch.schemas, roots) | (ours.schemas.keys() - reachable(ours.schemas, _roots(ours)))
    return Facts(
        source=f"{ours.source}; brought up to {theirs.source}",
        client_events=dict(sorted(patch.events["client"].items())),
        server_events=dict(sorted(patch.events["server"].items())),
        schemas={name: schema for name, schema in sorted(patch.schemas.items()) if name in used},
        rest=ours.rest,
    )


def _roots(facts: Facts) -> list[str]:
    return [*facts.client_events.values(), *facts.server_events.values(), *facts.rest]
