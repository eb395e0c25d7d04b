"""Read one protocol's folder below `schema/`: what upstream publishes, our corrections and our descriptions.

Knows files and their outer shape. What a correction means is `overlay`'s business; what becomes of a schema, `models`'.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

import yaml

__all__ = [
    "CodegenError",
    "Facts",
    "JsonObject",
    "Protocol",
    "as_object",
    "load_protocol",
    "load_yaml",
    "protocol_names",
]

JsonObject: TypeAlias = dict[str, "object"]


class CodegenError(Exception):
    """The contract cannot be turned into models; the message names the file, the place and the cure."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What upstream publishes of one protocol, descriptions removed.

    Attributes:
        source: Where it comes from: repository, commit, date, licence.
        client_events: Wire name to schema name of every event that a client sends.
        server_events: Wire name to schema name of every event that the service sends.
        schemas: Schema name to JSON Schema; a reference is `{"$ref": "#/schemas/NAME"}`.
    """

    source: str
    client_events: Mapping[str, str]
    server_events: Mapping[str, str]
    schemas: Mapping[str, JsonObject]


@dataclass(frozen=True, slots=True)
class Protocol:
    """One folder below `schema/`, read.

    Attributes:
        name: The folder's name, which is also the name of the generated package.
        facts: The content of `facts.json`.
        overlay: The content of `overlay.yaml`.
        docs: The content of `docs.yaml`.
        settings: The content of `protocol.yaml`; empty when there is no such file.
        files: The names of the files that were read.
        digest: SHA-256 over those files, in hexadecimal; generated files state it.
    """

    name: str
    facts: Facts
    overlay: JsonObject
    docs: JsonObject
    settings: JsonObject
    files: Sequence[str]
    digest: str


def as_object(value: object, where: str) -> JsonObject:
    """Say that `value` is a mapping with string keys.

    Args:
        value: Anything read from JSON or YAML.
        where: The place it was read from, for the error.

    Raises:
        CodegenError: It is something else.
    """
    if not isinstance(value, dict):
        raise CodegenError(f"{where}: expected a mapping, got {type(value).__name__}")
    bad = [key for key in cast("dict[object, object]", value) if not isinstance(key, str)]
    if bad:
        raise CodegenError(f"{where}: every key must be a string, got {bad[0]!r}; quote it")
    return cast("JsonObject", value)


def load_yaml(path: Path) -> JsonObject:
    """Read a YAML mapping.

    Raises:
        CodegenError: The file is missing, is no YAML, or holds no mapping.
    """
    try:
        return as_object(yaml.safe_load(path.read_text(encoding="utf-8")), path.name)
    except OSError as error:
        raise CodegenError(f"{path.name}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise CodegenError(f"{path.name}: is no YAML: {error}") from error


def _event_table(value: object, where: str, schemas: Mapping[str, object]) -> dict[str, str]:
    table: dict[str, str] = {}
    for wire, schema in as_object(value, where).items():
        if not isinstance(schema, str) or schema not in schemas:
            raise CodegenError(f"{where}/{wire}: names the schema {schema!r}, which the file does not hold")
        table[wire] = schema
    return table


def _load_facts(path: Path) -> Facts:
    try:
        content = as_object(json.loads(path.read_text(encoding="utf-8")), path.name)
    except OSError as error:
        raise CodegenError(f"{path.name}: cannot be read: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise CodegenError(f"{path.name}: is no JSON: {error}") from error
    missing = [key for key in ("source", "events", "schemas") if key not in content]
    if missing:
        raise CodegenError(f"{path.name}: lacks {', '.join(missing)}")
    schemas = {
        name: as_object(schema, f"{path.name}#/schemas/{name}")
        for name, schema in as_object(content["schemas"], f"{path.name}#/schemas").items()
    }
    events = as_object(content["events"], f"{path.name}#/events")
    return Facts(
        source=str(content["source"]),
        client_events=_event_table(events.get("client", {}), f"{path.name}#/events/client", schemas),
        server_events=_event_table(events.get("server", {}), f"{path.name}#/events/server", schemas),
        schemas=schemas,
    )


def protocol_names(schema_dir: Path) -> Sequence[str]:
    """List the protocols below `schema_dir`: every folder that holds a `facts.json`, by name."""
    return sorted(path.parent.name for path in schema_dir.glob("*/facts.json"))


def load_protocol(schema_dir: Path, name: str) -> Protocol:
    """Read the protocol `name`.

    Args:
        schema_dir: The folder `schema/`.
        name: A folder below it.

    Raises:
        CodegenError: A file is missing or malformed; the message names it.
    """
    folder = schema_dir / name
    if not (folder / "facts.json").is_file():
        known = ", ".join(protocol_names(schema_dir)) or "none"
        raise CodegenError(f"there is no protocol {name!r}: {name}/facts.json is missing (known: {known})")
    digest = hashlib.sha256()
    files = ["facts.json", "overlay.yaml", "docs.yaml"]
    settings: JsonObject = {}
    if (folder / "protocol.yaml").is_file():
        files.append("protocol.yaml")
        settings = load_yaml(folder / "protocol.yaml")
    for file in files:
        path = folder / file
        if not path.is_file():
            raise CodegenError(f"protocol {name!r}: {file} is missing")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return Protocol(
        name=name,
        facts=_load_facts(folder / "facts.json"),
        overlay=load_yaml(folder / "overlay.yaml"),
        docs=load_yaml(folder / "docs.yaml"),
        settings=settings,
        files=files,
        digest=digest.hexdigest(),
    )
