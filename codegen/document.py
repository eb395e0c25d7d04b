"""Read a published OpenAPI document, which somebody else wrote: it may be malformed, hostile, or no such document.

Whatever is wrong with it is an error that names the file and the place, and nothing else happens.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import yaml

from .basics import MAX_DEPTH, MAX_NODES, UNREADABLE, CodegenError, as_object

__all__ = ["MAX_DEPTH", "Document", "read_document"]

MAX_BYTES = 64 * 1024 * 1024
# PyYAML's stubs leave the arguments and results of these untyped.
_compose = cast("Callable[..., object]", vars(yaml)["compose"])
_events = cast("Callable[..., Iterable[yaml.Event]]", vars(yaml)["parse"])


class _Constructor(Protocol):
    def construct_document(self, node: object, /) -> object: ...


@dataclass(frozen=True, slots=True)
class Document:
    """An OpenAPI document, read.

    Attributes:
        title: `info.title`.
        version: `info.version`.
        licence: `info.license.name`; empty when there is none.
        digest: SHA-256 of the file, in hexadecimal.
        schemas: `components.schemas`, as they stand.
    """

    title: str
    version: str
    licence: str
    digest: str
    schemas: Mapping[str, object]


def _parse_yaml(text: str) -> object:
    # libyaml is some ten times faster than Python; a build without it still works.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    _refuse_depth(_events(text, Loader=loader))
    node = cast("yaml.Node | None", _compose(text, Loader=loader))
    if node is None:
        return None
    _Scale().weigh(node)
    return cast("_Constructor", yaml.constructor.SafeConstructor()).construct_document(node)


def _refuse_depth(events: Iterable[yaml.Event]) -> None:
    # libyaml's composer calls itself for every level and ends the process when the stack does, so this comes first.
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise CodegenError(f"is nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _Scale:
    """Weighs a parsed document before anything is built: a few lines of aliases can unfold to gigabytes."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[int, int]] = {}
        self._open: set[int] = set()

    def weigh(self, node: yaml.Node, depth: int = 0) -> tuple[int, int]:
        """How many nodes `node` is with every alias unfolded, and how deep."""
        found = self._known.get(id(node))
        if found is not None:
            return found
        line = node.start_mark.line + 1
        if id(node) in self._open:
            raise CodegenError(f"holds a YAML alias to what it stands in (line {line})")
        self._open.add(id(node))
        weight, height = 1, 0
        if depth < MAX_DEPTH:
            for child in _children(node):
                more, below = self.weigh(child, depth + 1)
                weight, height = weight + more, max(height, below + 1)
        if depth + height >= MAX_DEPTH:
            raise CodegenError(f"is nested deeper than {MAX_DEPTH} levels (line {line})")
        if weight > MAX_NODES:
            raise CodegenError(f"unfolds by its YAML aliases to more than {MAX_NODES} values (line {line})")
        self._open.discard(id(node))
        self._known[id(node)] = weight, height
        return weight, height


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [each for pair in cast("list[tuple[yaml.Node, yaml.Node]]", node.value) for each in pair]
    return cast("list[yaml.Node]", node.value) if isinstance(node, yaml.SequenceNode) else []


def _parse(content: bytes) -> object:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CodegenError(f"is no text in UTF-8 (byte {error.start})") from error
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml", "<")):
        raise CodegenError("is HTML or XML, not an OpenAPI document: was a web page saved in its place?")
    try:
        if start.startswith("{"):
            return json.loads(text)
        return _parse_yaml(text)
    except json.JSONDecodeError as error:
        raise CodegenError(f"is no JSON: {error}") from error
    except yaml.YAMLError as error:
        raise CodegenError(f"is no YAML: {' '.join(str(error).split())}") from error
    except RecursionError as error:
        raise CodegenError(f"is nested deeper than {MAX_DEPTH} levels") from error
    except UNREADABLE as error:
        raise CodegenError(f"holds a value that cannot be read: {error}") from error


def _mapping(value: object) -> Mapping[object, object]:
    return cast("Mapping[object, object]", value) if isinstance(value, dict) else {}


def read_document(path: Path) -> Document:
    """Read an OpenAPI 3 document, YAML or JSON.

    Raises:
        CodegenError: The file cannot be read, or is anything else; the message names the file.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CodegenError(f"{path.name}: is larger than {MAX_BYTES // 2**20} MiB")
        content = path.read_bytes()
    except OSError as error:
        raise CodegenError(f"{path.name}: cannot be read: {error.strerror}") from error
    try:
        parsed = _parse(content)
    except CodegenError as error:
        raise CodegenError(f"{path.name}: {error}") from error
    if not isinstance(parsed, dict):
        raise CodegenError(f"{path.name}: is no OpenAPI document: it holds no mapping")
    document = cast("Mapping[object, object]", parsed)
    stated = document.get("openapi")
    if not isinstance(stated, str) or not stated.startswith("3."):
        found = f"openapi: {stated!r}" if "openapi" in document else "no key `openapi`"
        raise CodegenError(f"{path.name}: is no OpenAPI 3 document: {found}")
    schemas = _mapping(_mapping(document.get("components")).get("schemas"))
    if not schemas:
        raise CodegenError(f"{path.name}: is an OpenAPI document without components.schemas")
    info = _mapping(document.get("info"))
    return Document(
        title=" ".join(str(info.get("title") or "untitled").split()),
        version=str(info.get("version") or "unknown"),
        licence=str(_mapping(info.get("license")).get("name") or ""),
        digest=hashlib.sha256(content).hexdigest(),
        schemas=as_object(schemas, f"{path.name}: components.schemas"),
    )
