"""Read one protocol's folder below `schema/`: what upstream publishes, our corrections and our descriptions.

Knows files and their outer shape. What a correction means is `overlay`'s business; what becomes of a schema, `models`'.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml

from .basics import UNREADABLE, CodegenError, JsonObject, as_object, refuse_size
from .dated import contract_date, docs_of, overlay_of

__all__ = [
    "CodegenError",
    "Facts",
    "JsonObject",
    "Protocol",
    "as_object",
    "load_facts",
    "load_protocol",
    "load_yaml",
    "parse_facts",
    "protocol_names",
]


@dataclass(frozen=True, slots=True)
class Facts:
    """What upstream publishes of one protocol, descriptions removed.

    Attributes:
        source: Where it comes from: repository, commit, date, licence.
        client_events: Wire name to schema name of every event that a client sends.
        server_events: Wire name to schema name of every event that the service sends.
        schemas: Schema name to JSON Schema; a reference is `{"$ref": "#/schemas/NAME"}`.
        rest: The names of the schemas that HTTP requests, responses and webhooks hold.
    """

    source: str
    client_events: Mapping[str, str]
    server_events: Mapping[str, str]
    schemas: Mapping[str, JsonObject]
    rest: Sequence[str] = ()


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
        inherited_overlay: The overlay of the protocol that `overlay.yaml` names under `inherits`.
        inherited_docs: The descriptions of the protocol that `docs.yaml` names under `inherits`.
    """

    name: str
    facts: Facts
    overlay: JsonObject
    docs: JsonObject
    settings: JsonObject
    files: Sequence[str]
    digest: str
    inherited_overlay: JsonObject = field(default_factory=dict[str, object])
    inherited_docs: JsonObject = field(default_factory=dict[str, object])


def load_yaml(path: Path) -> JsonObject:
    """Read a YAML mapping.

    Raises:
        CodegenError: The file is missing, is no YAML, or holds no mapping.
    """
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CodegenError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CodegenError(f"{path.name}: is no text in UTF-8 (byte {error.start})") from error
    except yaml.YAMLError as error:
        raise CodegenError(f"{path.name}: is no YAML: {error}") from error
    except RecursionError as error:
        raise CodegenError(f"{path.name}: is nested too deep") from error
    except UNREADABLE as error:
        raise CodegenError(f"{path.name}: holds a value that cannot be read: {error}") from error
    refuse_size(content, path.name)
    return as_object(content, path.name)


def _event_table(value: object, where: str, schemas: Mapping[str, object]) -> dict[str, str]:
    table: dict[str, str] = {}
    for wire, schema in as_object(value, where).items():
        if not isinstance(schema, str) or schema not in schemas:
            raise CodegenError(f"{where}/{wire}: names the schema {schema!r}, which the file does not hold")
        table[wire] = schema
    return table


def _rest_roots(value: object, where: str, schemas: Mapping[str, object]) -> list[str]:
    if not isinstance(value, list):
        raise CodegenError(f"{where}: expected a list of schema names, got {type(value).__name__}")
    roots: list[str] = []
    for name in cast("list[object]", value):
        if not isinstance(name, str) or name not in schemas:
            raise CodegenError(f"{where}: names the schema {name!r}, which the file does not hold")
        roots.append(name)
    return roots


def load_facts(path: Path) -> Facts:
    """Read a `facts.json`.

    Raises:
        CodegenError: The file cannot be read, or does not hold what it should.
    """
    try:
        return parse_facts(path.read_text(encoding="utf-8"), path.name)
    except OSError as error:
        raise CodegenError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CodegenError(f"{path.name}: is no text in UTF-8") from error


def parse_facts(text: str, where: str) -> Facts:
    """Read the content of a `facts.json`.

    Args:
        text: The content.
        where: What to call the file in an error.

    Raises:
        CodegenError: It is no JSON, or lacks something.
    """
    try:
        parsed: object = json.loads(text)
    except ValueError as error:  # an integer of thousands of digits is no error of JSON
        raise CodegenError(f"{where}: is no JSON: {error}") from error
    except RecursionError as error:
        raise CodegenError(f"{where}: is nested too deep") from error
    refuse_size(parsed, where)
    content = as_object(parsed, where)
    missing = [key for key in ("source", "events", "schemas") if key not in content]
    if missing:
        raise CodegenError(f"{where}: lacks {', '.join(missing)}")
    schemas = {
        name: as_object(schema, f"{where}#/schemas/{name}")
        for name, schema in as_object(content["schemas"], f"{where}#/schemas").items()
    }
    events = as_object(content["events"], f"{where}#/events")
    return Facts(
        source=str(content["source"]),
        client_events=_event_table(events.get("client", {}), f"{where}#/events/client", schemas),
        server_events=_event_table(events.get("server", {}), f"{where}#/events/server", schemas),
        schemas=schemas,
        rest=_rest_roots(content.get("rest", []), f"{where}#/rest", schemas),
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
        if not (folder / file).is_file():
            raise CodegenError(f"protocol {name!r}: {file} is missing")
    inherited: dict[str, JsonObject] = {}
    own: dict[str, JsonObject] = {}
    for file in ("overlay.yaml", "docs.yaml"):
        own[file], parent = load_yaml(folder / file), None
        if "inherits" in own[file]:
            parent = f"../{own[file].pop('inherits')}/{file}"
            files.append(parent)
        inherited[file] = load_yaml(folder / parent) if parent is not None else {}
    for file in files:
        digest.update((folder / file).read_bytes().replace(b"\r\n", b"\n"))
    facts = load_facts(folder / "facts.json")
    date = contract_date(facts.source)
    return Protocol(
        name=name,
        facts=facts,
        overlay=overlay_of(own["overlay.yaml"], date),
        docs=docs_of(own["docs.yaml"], date),
        settings=settings,
        files=files,
        digest=digest.hexdigest(),
        inherited_overlay=overlay_of(inherited["overlay.yaml"], date),
        inherited_docs=docs_of(inherited["docs.yaml"], date),
    )
