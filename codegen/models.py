"""Schemas to Python: prepare one JSON Schema document and let datamodel-code-generator write it out.

Everything that the generator would have to guess is settled before it runs: every object has a name, every union its
discriminator, every module its classes. What it writes is taken as it is; nothing is edited afterwards.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, cast

from datamodel_code_generator import InputFileType, LiteralType, generate
from datamodel_code_generator.enums import DataModelType
from datamodel_code_generator.format import Formatter, PythonVersion

from .docs import Docs
from .events import Event
from .overlay import Contract, reachable
from .source import CodegenError, JsonObject

__all__ = ["contract_document", "model_classes", "model_names", "render_models", "render_params"]

TEMPLATES = Path(__file__).parent / "templates" / "models"
_SERVER_MODULE = "server_events"
_CLIENT_MODULE = "client_events"
_SHARED_MODULE = "shared"
_REST_MODULE = "rest"
_PARAMS_MODULE = "params"
_REST_PARAMS_MODULE = "rest_params"
# What JSON Schema says of a value and a Python type does not: formats would turn strings into URL objects, and
# defaults describe what the service assumes when a field is absent, which is not the same as the field being there.
_DROPPED = frozenset({"format", "default", "nullable", "title", "description"})
# The published contract describes the wire, not a Python type, so it keeps both.
_DROPPED_FROM_CONTRACT = _DROPPED - {"format", "default"}

Flavour = Literal["models", "params", "contract"]
_MODEL_TYPES: dict[Flavour, DataModelType] = {
    "models": DataModelType.PydanticV2BaseModel,
    "params": DataModelType.TypingTypedDict,
}


def model_names(contract: Contract, events: list[Event]) -> dict[str, str]:
    """Map every schema name to its class name.

    Raises:
        CodegenError: Two schemas get one name, or a name carries a number.
    """
    by_event = {event.schema: event.class_name for event in events}
    names = {
        schema: by_event.get(schema) or contract.names.get(f"/schemas/{schema}", schema) for schema in contract.schemas
    }
    inline = {pointer: name for pointer, name in contract.names.items() if pointer.count("/") > 2}
    seen: dict[str, str] = {}
    for where, name in [*((f"/schemas/{schema}", name) for schema, name in names.items()), *inline.items()]:
        if name in seen:
            raise CodegenError(f"overlay.yaml: {where} and {seen[name]} are both named {name}")
        if not name.isidentifier() or any(character.isdigit() for character in name):
            raise CodegenError(f"overlay.yaml: {where}: {name!r} is no class name, or carries a number; name it")
        seen[name] = where
    return names


class _Definitions:
    """Collects named definitions, hoisting every inline object to the name that the overlay gives it."""

    def __init__(
        self, contract: Contract, names: Mapping[str, str], key_of: Mapping[str, str], flavour: Flavour
    ) -> None:
        self.contract = contract
        self.names = names
        self.key_of = key_of
        self.flavour: Flavour = flavour
        self.definitions: dict[str, object] = {}
        tags = [
            (member, schema["discriminator"])
            for schema in contract.schemas.values()
            if "discriminator" in schema
            for member in self._members(schema)
        ]
        self.tags = {(member, cast("JsonObject", discriminator)["propertyName"]) for member, discriminator in tags} | {
            (schema, "type") for schema in [*contract.client_events.values(), *contract.server_events.values()]
        }

    def _members(self, schema: JsonObject) -> Iterator[str]:
        for member in cast("list[JsonObject]", schema.get("oneOf", [])):
            name = str(member.get("$ref", "")).removeprefix("#/schemas/")
            if name not in self.contract.schemas:
                raise CodegenError(f"a discriminated union holds {member!r}, which is no reference to a schema")
            if "oneOf" in self.contract.schemas[name]:
                yield from self._members(self.contract.schemas[name])
            else:
                yield name

    def add(self, schema: str) -> None:
        key = self.key_of[schema]
        node = self._node(self.contract.schemas[schema], f"/schemas/{schema}", schema, top=True)
        definition = cast("JsonObject", node)
        if self.flavour == "models":
            base = self.contract.bases.get(f"/schemas/{schema}")
            if base:
                definition["customBasePath"] = base
        self.definitions[key] = definition

    def _node(self, node: object, pointer: str, owner: str, *, top: bool = False) -> object:
        if isinstance(node, list):
            items = [self._node(item, f"{pointer}/{i}", owner) for i, item in enumerate(cast("list[object]", node))]
            # The published way to say "an open enum" puts the plain string first; the known values read better first.
            return sorted(items, key=lambda item: item == {"type": "string"})
        if not isinstance(node, dict):
            return node
        mapping = cast("JsonObject", node)
        if "$ref" in mapping:
            return {"$ref": f"#/$defs/{self.key_of[str(mapping['$ref']).removeprefix('#/schemas/')]}"}
        if not top and mapping.get("type") == "object" and mapping.get("properties"):
            return self._hoist(mapping, pointer, owner)
        return self._plain(mapping, pointer, owner)

    def _hoist(self, mapping: JsonObject, pointer: str, owner: str) -> JsonObject:
        name = self.contract.names.get(pointer)
        if name is None:
            raise CodegenError(f"{pointer} is an inline object without a name; name it in the overlay")
        module, dot, _ = self.key_of[owner].rpartition(".")
        if module in (_SERVER_MODULE, _CLIENT_MODULE):
            module = _SHARED_MODULE
        key = f"{module}{dot}{name}{'Param' if self.flavour == 'params' else ''}"
        self.definitions[key] = self._plain(mapping, pointer, owner)
        return {"$ref": f"#/$defs/{key}"}

    def _plain(self, mapping: JsonObject, pointer: str, owner: str) -> JsonObject:
        result: JsonObject = {}
        dropped = _DROPPED_FROM_CONTRACT if self.flavour == "contract" else _DROPPED
        for key, value in mapping.items():
            if key in dropped or (key == "additionalProperties" and isinstance(value, bool)):
                continue
            if key == "properties":
                result[key] = {
                    name: self._property(name, schema, f"{pointer}/properties/{name}", owner)
                    for name, schema in cast("JsonObject", value).items()
                }
            elif key == "discriminator":
                result[key] = self._discriminator(cast("JsonObject", value), mapping)
            elif key in ("required", "enum"):
                result[key] = value
            else:
                result[key] = self._node(value, f"{pointer}/{key}", owner)
        options = result.get("anyOf")
        if isinstance(options, list) and len(cast("list[object]", options)) == 2 and {"type": "null"} in options:
            # A bound inside a union would get a class of its own; `type: [T, null]` says the same in one place.
            (other,) = [option for option in cast("list[JsonObject]", options) if option != {"type": "null"}]
            if isinstance(other.get("type"), str) and "enum" not in other:
                return {**other, "type": [other["type"], "null"]}
        if "enum" in result and pointer in self.contract.open_enums and self.flavour != "params":
            return {"anyOf": [result, {"type": result["type"]}]}
        return result

    def _property(self, name: str, schema: object, pointer: str, owner: str) -> object:
        node = self._node(schema, pointer, owner)
        if pointer == f"/schemas/{owner}/properties/{name}" and (owner, name) in self.tags:
            values = cast("JsonObject", node).get("enum")
            if not isinstance(values, list) or len(cast("list[object]", values)) != 1:
                raise CodegenError(f"{pointer} tells its union's members apart, so it must have exactly one value")
            value = cast("list[object]", values)[0]
            # A model writes its tag by itself; a dict has to state it.
            default = {"type": "string", "default": value} if self.flavour == "models" else {}
            return {"const": value, **default}
        return node

    def _discriminator(self, discriminator: JsonObject, union: JsonObject) -> JsonObject:
        tag = str(discriminator["propertyName"])
        mapping: dict[str, str] = {}
        for member in cast("list[JsonObject]", union["oneOf"]):
            schema = str(member["$ref"]).removeprefix("#/schemas/")
            for value in self._tag_values(schema, tag):
                mapping[value] = f"#/$defs/{self.key_of[schema]}"
        return {"propertyName": tag, "mapping": mapping}

    def _tag_values(self, schema: str, tag: str) -> Iterator[str]:
        definition = self.contract.schemas[schema]
        if "oneOf" in definition:
            for member in self._members(definition):
                yield from self._tag_values(member, tag)
        else:
            properties = cast("dict[str, JsonObject]", definition["properties"])
            yield from cast("list[str]", properties[tag]["enum"])


def _document(contract: Contract, names: Mapping[str, str], key_of: Mapping[str, str], flavour: Flavour) -> JsonObject:
    definitions = _Definitions(contract, names, key_of, flavour)
    for schema in key_of:
        definitions.add(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": dict(sorted(definitions.definitions.items())),
    }


def _class_of(key: str) -> str:
    return key.rsplit(".", 1)[-1]


def model_classes(document: JsonObject) -> dict[str, list[str]]:
    """List the fields of every class of a prepared document; a union or another alias has none."""
    classes: dict[str, list[str]] = {}
    for key, definition in cast("dict[str, JsonObject]", document["$defs"]).items():
        classes[_class_of(key)] = list(cast("JsonObject", definition.get("properties", {})))
    return classes


def _run(document: JsonObject, docs: Docs, flavour: Flavour) -> dict[str, str]:
    suffix = "Param" if flavour == "params" else ""
    extra: defaultdict[str, dict[str, object]] = defaultdict(dict[str, object])
    class_docs = {
        name: docs.of(name.removesuffix(suffix)) for name in map(_class_of, cast("JsonObject", document["$defs"]))
    }
    extra["#all#"] = {"docs": class_docs}
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / flavour
        generate(
            json.dumps(document),
            input_file_type=InputFileType.JsonSchema,
            output=output,
            output_model_type=_MODEL_TYPES[flavour],
            target_python_version=PythonVersion.PY_311,
            base_class="" if flavour == "params" else "realtime_typed._wire.WireModel",
            custom_template_dir=TEMPLATES,
            extra_template_data=extra,
            disable_timestamp=True,
            disable_future_imports=True,
            custom_file_header="#",
            formatters=[Formatter.BUILTIN],
            use_double_quotes=True,
            use_annotated=True,
            use_standard_collections=True,
            use_union_operator=True,
            enum_field_as_literal=LiteralType.All,
            skip_root_model=True,
            use_type_alias=True,
            use_one_literal_as_default=flavour == "models",
            use_exact_imports=True,
            use_object_type=True,
        )
        texts = {
            file.stem: file.read_text(encoding="utf-8").removeprefix("#").lstrip()
            for file in sorted(output.glob("*.py"))
        }
    texts.pop("__init__", None)
    return texts


def models_document(contract: Contract, events: list[Event]) -> JsonObject:
    """Prepare the JSON Schema document of the pydantic models, one dotted key a class: `module.Class`."""
    names = model_names(contract, events)
    modules = {
        **dict.fromkeys(contract.server_events.values(), _SERVER_MODULE),
        **dict.fromkeys(contract.client_events.values(), _CLIENT_MODULE),
    }
    by_events = reachable(contract.schemas, contract.events)
    key_of = {
        schema: f"{modules.get(schema, _SHARED_MODULE if schema in by_events else _REST_MODULE)}.{names[schema]}"
        for schema in contract.schemas
    }
    return _document(contract, names, key_of, "models")


def params_document(contract: Contract, events: list[Event], requests: Sequence[str] = ()) -> JsonObject:
    """Prepare the JSON Schema document of the TypedDicts: what a client event can hold, and `ClientEventParam`.

    Args:
        contract: The corrected contract.
        events: Its events.
        requests: The schemas of the HTTP requests that shall have a dict form too, in a module of their own.
    """
    names = model_names(contract, events)
    sent = reachable(contract.schemas, contract.client_events.values())
    used = sent | reachable(contract.schemas, requests)
    modules = {schema: _PARAMS_MODULE if schema in sent else _REST_PARAMS_MODULE for schema in used}
    key_of = {schema: f"{modules[schema]}.{names[schema]}Param" for schema in contract.schemas if schema in used}
    document = _document(contract, names, key_of, "params")
    cast("JsonObject", document["$defs"])[f"{_PARAMS_MODULE}.ClientEventParam"] = {
        "oneOf": [{"$ref": f"#/$defs/{key_of[schema]}"} for schema in contract.client_events.values()]
    }
    return document


def contract_document(contract: Contract, events: list[Event]) -> JsonObject:
    """Prepare the corrected schemas of all that an event holds, one plain key a class, for those who read them."""
    names = model_names(contract, events)
    used = reachable(contract.schemas, iter([*contract.client_events.values(), *contract.server_events.values()]))
    return _document(
        contract, names, {schema: names[schema] for schema in contract.schemas if schema in used}, "contract"
    )


def render_models(document: JsonObject, docs: Docs) -> dict[str, str]:
    """Write the pydantic models.

    Returns:
        Module name (`shared`, `server_events`, `client_events`, `rest`) to its text, without a header.
    """
    return _run(document, docs, "models")


def render_params(document: JsonObject, docs: Docs) -> dict[str, str]:
    """Write the TypedDicts of what a client sends.

    Returns:
        Module name (`params`, `rest_params`) to its text, without a header.
    """
    return _run(document, docs, "params")
