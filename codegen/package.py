"""Read a contract from the event models of an installed package, which is the freshest that a registry carries.

A package's models state names, types, values and required-ness, and neither bounds nor formats nor defaults. Its
docstrings are left where they are.
"""

import importlib
import json
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata
from typing import Annotated, Literal, Union, cast, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from .source import CodegenError, Facts, JsonObject, as_object

__all__ = ["extract_package", "package_pin", "package_settings"]

_SCALARS: dict[object, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    object: {},
}
_KINDS: dict[type, str] = {str: "string", bool: "boolean", int: "integer", float: "number"}


def package_settings(settings: JsonObject, protocol: str) -> JsonObject:
    """The part of `protocol.yaml` that says where a package keeps the protocol's events.

    Raises:
        CodegenError: There is none.
    """
    if "package" not in settings:
        raise CodegenError(f"{protocol}/protocol.yaml states no `package`, so no package can be read for it")
    section = as_object(settings["package"], "protocol.yaml: package")
    if not {"module", "client", "server"} <= set(section) <= {"module", "client", "server", "opaque"}:
        raise CodegenError(
            f"protocol.yaml: package has `module`, `client`, `server` and perhaps `opaque`, got {sorted(section)}"
        )
    return section


def _union_members(annotation: object) -> list[object]:
    """The members of a union, nested ones unfolded; a type that is no union is its own only member."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _union_members(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        return [each for member in get_args(annotation) for each in _union_members(member)]
    return [annotation]


def _is_model(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def _discriminator(annotation: object) -> str | None:
    """What `Annotated` says of a union, on the union itself or on one inside of an optional."""
    if get_origin(annotation) is Annotated:
        for entry in get_args(annotation)[1:]:
            name = getattr(entry, "discriminator", None)
            if isinstance(name, str):
                return name
        return _discriminator(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        found = {_discriminator(member) for member in get_args(annotation)} - {None}
        return found.pop() if len(found) == 1 else None
    return None


def _qualified(name: str, module: str) -> str:
    """A name that is unique in the package: `Audio` of the module `session_config` becomes `SessionConfigAudio`."""
    stem = module.rsplit(".", 1)[-1].strip("_")
    if name.lower().startswith(stem.replace("_", "").lower()):
        return name
    return "".join(part.capitalize() for part in stem.split("_")) + name


def _key(annotation: object) -> frozenset[object]:
    return frozenset(member for member in _union_members(annotation) if member is not type(None))


class _Reader:
    """Turns classes into schemas, each once, following what they refer to."""

    def __init__(self, root: str, opaque: Sequence[str]) -> None:
        self.schemas: dict[str, JsonObject] = {}
        self.names: dict[object, str] = {}
        self.opaque = tuple(opaque)
        self.aliases = dict(self._find_aliases(root))

    @staticmethod
    def _find_aliases(root: str) -> Iterator[tuple[frozenset[object], str]]:
        """Unions of objects have no name at run time, but the modules that define them do name them."""
        for module_name in sorted(sys.modules, reverse=True):
            if not module_name.startswith(root + "."):
                continue
            content = vars(sys.modules[module_name])
            for name in cast("Sequence[str]", content.get("__all__", ())):
                key = _key(content.get(name))
                if sum(map(_is_model, key)) > 1:
                    yield key, _qualified(name, module_name)

    def _claim(self, thing: object, name: str) -> str:
        if name in self.schemas and isinstance(thing, type):
            # Another part of the package has one of that name: `responses.function_tool` beside `live.function_tool`.
            name = "".join(part.capitalize() for part in thing.__module__.split(".")[-2].split("_")) + name
        if name in self.schemas:
            other = next(known for known, taken in self.names.items() if taken == name)
            raise CodegenError(f"the package has two types {name}: {other!r} and {thing!r}")
        self.names[thing] = name
        self.schemas[name] = {}
        return name

    def model(self, model: type[BaseModel]) -> str:
        """The name of the schema of `model`, made if it is not there yet."""
        if model in self.names:
            return self.names[model]
        name = self._claim(model, _qualified(model.__name__, model.__module__))
        properties: JsonObject = {}
        required: list[str] = []
        for field_name, info in model.model_fields.items():
            wire = info.alias or field_name
            where = f"{model.__name__}.{field_name}"
            properties[wire] = self.node(_hint(model, field_name), where)
            if info.is_required():
                required.append(wire)
        content: JsonObject = {"type": "object", "properties": properties}
        self.schemas[name] = {**content, "required": required} if required else content
        return name

    def node(self, annotation: object, where: str) -> JsonObject:
        """The schema of a type.

        Raises:
            CodegenError: The type is of a kind that no event had so far.
        """
        origin, arguments = get_origin(annotation), cast("tuple[object, ...]", get_args(annotation))
        if origin in (Annotated, Union, types.UnionType):
            return self._union(annotation, where)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            if self._is_opaque(annotation):
                return {"type": "object"}
            return {"$ref": f"#/schemas/{self.model(annotation)}"}
        if origin is Literal:
            kinds = {_KINDS.get(type(value), "") for value in arguments}
            if len(kinds) != 1 or "" in kinds:
                raise CodegenError(f"{where}: the values {arguments!r} are of several kinds")
            return {"type": kinds.pop(), "enum": list(arguments)}
        if isinstance(origin, type) and issubclass(origin, Mapping):
            inner = self.node(arguments[1], where)
            return {"type": "object", "additionalProperties": inner} if inner else {"type": "object"}
        if isinstance(origin, type) and issubclass(origin, Iterable):
            return {"type": "array", "items": self.node(arguments[0], where)}
        if isinstance(annotation, type) and annotation in _SCALARS:
            return dict(_SCALARS[annotation])
        raise CodegenError(f"{where}: the type {annotation!r} is of a kind that cannot be read")

    def _is_opaque(self, model: object) -> bool:
        return isinstance(model, type) and f"{model.__module__}.".startswith(self.opaque)

    def _union(self, annotation: object, where: str) -> JsonObject:
        members = list(dict.fromkeys(_union_members(annotation)))
        others = [member for member in members if member is not type(None)]
        node: JsonObject
        if len(others) == 1:
            node = self.node(others[0], where)
        else:
            models = [member for member in others if _is_model(member) and not self._is_opaque(member)]
            name = self.aliases.get(frozenset(others)) if len(models) > 1 else None
            if name is None:
                node = self._options(others, _discriminator(annotation), where)
            else:
                key = frozenset(others)
                if key not in self.names:
                    self._claim(key, name)
                    self.schemas[name] = self._options(others, _discriminator(annotation), where)
                node = {"$ref": f"#/schemas/{name}"}
        if len(others) == len(members):
            return node
        if "anyOf" in node:
            return {"anyOf": [*cast("list[object]", node["anyOf"]), {"type": "null"}]}
        return {"anyOf": [node, {"type": "null"}]}

    def _options(self, members: list[object], tag: str | None, where: str) -> JsonObject:
        nodes: list[JsonObject] = []
        for member in members:
            node = self.node(member, where)
            if node not in nodes:
                nodes.append(node)
        if len(nodes) == 1:
            return nodes[0]
        models = [member for member in members if isinstance(member, type) and issubclass(member, BaseModel)]
        # A tag that may be absent tells nothing apart.
        if tag is not None and len(models) == len(nodes) and all(_has_tag(model, tag) for model in models):
            return {"oneOf": nodes, "discriminator": {"propertyName": tag}}
        return {"anyOf": nodes}


def _hint(model: type[BaseModel], field: str) -> object:
    """The annotation of a field as it was written, which `model_fields` keeps in parts."""
    owner = next(base for base in model.__mro__ if field in vars(base).get("__annotations__", ()))
    holder = types.SimpleNamespace(__annotations__={field: vars(owner)["__annotations__"][field]})
    hints = get_type_hints(holder, vars(sys.modules[owner.__module__]), include_extras=True)
    return cast("object", hints[field])


def _has_tag(model: type[BaseModel], tag: str) -> bool:
    info = model.model_fields.get(tag)
    return info is not None and info.is_required() and get_origin(info.annotation) is Literal


def _events(reader: _Reader, module: types.ModuleType, unions: object, where: str) -> dict[str, str]:
    names: object = [unions] if isinstance(unions, str) else unions
    if not isinstance(names, list) or not names:
        raise CodegenError(f"{where}: expected the name of a union of event models, or a list of them")
    table: dict[str, str] = {}
    for name in cast("list[object]", names):
        union: object = getattr(module, str(name), None)
        if union is None:
            raise CodegenError(f"{where}: {module.__name__} has no {name}")
        for member in _union_members(union):
            model = member if isinstance(member, type) and issubclass(member, BaseModel) else None
            info = model.model_fields.get("type") if model is not None else None
            if model is None or info is None or get_origin(info.annotation) is not Literal:
                raise CodegenError(f"{where}: {name} holds {member!r}, which is no event model with a literal `type`")
            for wire in get_args(info.annotation):
                # The first union named wins: a later one adds the events of another place, such as a sideband.
                if wire not in table:
                    table[wire] = reader.model(model)
    return table


def package_pin(settings: JsonObject) -> dict[str, str]:
    """What `PINNED.json` says of the package that is installed here: `source`, `version` and, where stated, `licence`.

    Raises:
        CodegenError: It is not installed.
    """
    module = str(settings.get("module"))
    distribution = module.split(".", 1)[0]
    try:
        stated = metadata(distribution)
    except PackageNotFoundError as error:
        raise CodegenError(f"the package {distribution!r} is not installed") from error
    licence = next((stated[key] for key in ("License-Expression", "License") if key in stated), "")
    pin = {"source": f"the Python package {distribution}, {module}", "version": stated["Version"]}
    return {**pin, "licence": licence} if licence else pin


def _renamed(node: object, names: Mapping[str, str]) -> object:
    if isinstance(node, dict):
        mapping = cast("JsonObject", node)
        if "$ref" in mapping:
            name = str(mapping["$ref"]).removeprefix("#/schemas/")
            return {"$ref": f"#/schemas/{names.get(name, name)}"}
        return {key: _renamed(value, names) for key, value in mapping.items()}
    if isinstance(node, list):
        options = [_renamed(value, names) for value in cast("list[object]", node)]
        return [option for index, option in enumerate(options) if option not in options[:index]]
    return node


def _merged(schemas: Mapping[str, JsonObject], events: Iterable[str]) -> dict[str, JsonObject]:
    """One schema for what a package writes out once for every place that holds it; the shortest name stays."""
    result, kept = dict(schemas), set(events)
    while True:
        first: dict[str, str] = {}
        names: dict[str, str] = {}
        for name in sorted(result, key=lambda each: (each not in kept, len(each), each)):
            content = json.dumps(result[name], sort_keys=True)
            if name not in kept and first.setdefault(content, name) != name:
                names[name] = first[content]
        if not names:
            return result
        result = {
            name: as_object(_renamed(node, names), f"/schemas/{name}")
            for name, node in result.items()
            if name not in names
        }


def extract_package(settings: JsonObject) -> Facts:
    """Read the contract of a protocol from the package that is installed here.

    Args:
        settings: The section `package` of `protocol.yaml`: `module`, whose attributes are the unions of event models
            that `client` and `server` name (one or a list); and `opaque`, the modules whose models belong to another
            API and are read as plain objects.

    Raises:
        CodegenError: The package is not installed, lacks a name, or types something in a way that cannot be read.
    """
    module_name = str(settings.get("module"))
    distribution = module_name.split(".", 1)[0]
    try:
        module = importlib.import_module(module_name)
    except ImportError as error:
        raise CodegenError(f"the package {distribution!r} is not installed or has no {module_name}: {error}") from error
    opaque = cast("list[object]", settings.get("opaque") or [])
    reader = _Reader(module_name.rsplit(".", 1)[0], [f"{name}." for name in opaque])
    client = _events(reader, module, settings.get("client"), "protocol.yaml: package.client")
    server = _events(reader, module, settings.get("server"), "protocol.yaml: package.server")
    pin = package_pin(settings)
    licence = f", {pin['licence']} licence" if "licence" in pin else ""
    return Facts(
        source=f"{pin['source']} at version {pin['version']}{licence}; sentences removed, facts kept",
        client_events=dict(sorted(client.items())),
        server_events=dict(sorted(server.items())),
        schemas=dict(sorted(_merged(reader.schemas, [*client.values(), *server.values()]).items())),
    )
