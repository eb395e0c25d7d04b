"""`python -m codegen pull`: take a newer contract from upstream, and say what moved.

Everything is read, extracted and held against the overlay first; files are written only when all of it went well.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .compare import configured
from .diff import Change, diff_facts
from .document import Document, read_document
from .drift import accepted_for
from .merge import merge_package
from .openapi import extract_openapi, openapi_settings
from .overlay import apply_overlay
from .package import extract_package, package_pin, package_settings
from .report import report
from .source import CodegenError, Facts, as_object, load_facts, load_protocol, load_yaml

__all__ = ["Pulled", "add_pull_arguments", "facts_text", "pull_openapi", "pull_package", "run_pull", "store"]

_NOTHING = Facts("nothing", {}, {}, {})


@dataclass(frozen=True, slots=True)
class Pulled:
    """One protocol's contract, taken from upstream and not yet written.

    Attributes:
        protocol: The folder below `schema/`.
        facts: The contract.
        pin: What `PINNED.json` says of its source; the hash of the facts is added when they are written.
    """

    protocol: str
    facts: Facts
    pin: Mapping[str, str]


def facts_text(protocol: str, facts: Facts) -> str:
    """The content of `facts.json`; the same facts give the same bytes."""
    content: dict[str, object] = {
        "protocol": protocol,
        "source": facts.source,
        "events": {"client": facts.client_events, "server": facts.server_events},
    }
    if facts.rest:
        content["rest"] = facts.rest
    content["schemas"] = facts.schemas
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def _wanted(schema_dir: Path, section: str, names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if not (schema_dir / name / "protocol.yaml").is_file():
            raise CodegenError(f"there is no protocol {name!r}: {name}/protocol.yaml is missing")
    found = names or configured(schema_dir, section)
    if not found:
        raise CodegenError(f"{schema_dir} holds no protocol whose protocol.yaml has a section {section!r}")
    return found


def _source(document: Document, stated: str, commit: str, date: str) -> str:
    version = f" at commit {commit}" if commit else f" {document.version}, sha256 {document.digest[:12]}"
    when = f" ({date})" if date else ""
    licence = f", {document.licence} licence" if document.licence else ""
    return f"{stated or document.title}{version}{when}{licence}; descriptions removed, facts kept"


def pull_openapi(
    path: Path, schema_dir: Path, names: Sequence[str] = (), *, commit: str = "", date: str = ""
) -> list[Pulled]:
    """Take protocols from a published OpenAPI document.

    Args:
        path: The document, YAML or JSON.
        schema_dir: The folder whose `<protocol>/protocol.yaml` says, under `openapi`, where a document keeps each.
        names: The protocols; empty for all that have such a section.
        commit: The upstream commit, when it is known: the document itself does not tell.
        date: Its date, likewise. An undated contract counts as the newest (see `dated`).

    Raises:
        CodegenError: The document is none, is malformed, or has not these protocols.
    """
    wanted = _wanted(schema_dir, "openapi", names)
    document = read_document(path)
    pulled: list[Pulled] = []
    for name in wanted:
        settings = openapi_settings(load_yaml(schema_dir / name / "protocol.yaml"), name)
        facts = extract_openapi(document, settings, _source(document, settings.source, commit, date))
        stated = {"commit": commit, "date": date, "licence": document.licence}
        pin = {
            "source": settings.source or document.title,
            "version": document.version,
            **{key: value for key, value in stated.items() if value},
            "document_sha256": document.digest,
        }
        pulled.append(Pulled(name, facts, pin))
    return pulled


def pull_package(package: str, schema_dir: Path, names: Sequence[str] = ()) -> list[Pulled]:
    """Take protocols from the event models of an installed package.

    A protocol that a published document states too keeps what the package cannot state (names, bounds, formats): the
    facts that stand are patched, except where `drift.yaml` accepts a difference. Another is taken as it is.

    Args:
        package: Its import name; only protocols whose `package.module` lies in it are taken.
        schema_dir: The folder whose `<protocol>/protocol.yaml` says, under `package`, where the models are.
        names: The protocols; empty for all that have such a section.

    Raises:
        CodegenError: The package is not installed, or cannot be read.
    """
    pulled: list[Pulled] = []
    for name in _wanted(schema_dir, "package", names):
        content = load_yaml(schema_dir / name / "protocol.yaml")
        settings = package_settings(content, name)
        if str(settings["module"]).split(".", 1)[0] != package:
            continue
        facts, pin = extract_package(settings), package_pin(settings)
        standing = schema_dir / name / "facts.json"
        if "openapi" in content and standing.is_file():
            ours = load_facts(standing)
            facts = merge_package(ours, facts, accepted_for(schema_dir, name))
            of_ours = as_object(_pins(schema_dir).get(name, {}), f"PINNED.json: {name}")
            kept = {key: str(value) for key, value in of_ours.items() if key != "sha256"}
            pin = kept if facts is ours else {**kept, "package": f"{pin['source']} {pin['version']}"}
        pulled.append(Pulled(name, facts, pin))
    if not pulled:
        raise CodegenError(f"no protocol is taken from a package {package!r}: see `package` in protocol.yaml")
    return pulled


def _check(pulled: Sequence[Pulled], texts: Mapping[str, str], schema_dir: Path) -> None:
    """Apply every overlay to the facts that are to be written, in a copy of the folder."""
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "schema"
        shutil.copytree(schema_dir, copied)
        for entry in pulled:
            (copied / entry.protocol / "facts.json").write_text(texts[entry.protocol], encoding="utf-8", newline="\n")
            for file in ("overlay.yaml", "docs.yaml"):
                if not (copied / entry.protocol / file).exists():
                    (copied / entry.protocol / file).write_text("{}\n", encoding="utf-8")
        for entry in pulled:
            protocol = load_protocol(copied, entry.protocol)
            try:
                apply_overlay(protocol.facts, protocol.overlay, protocol.inherited_overlay)
            except CodegenError as error:
                raise CodegenError(f"{entry.protocol}: {error}") from error


def _pins(schema_dir: Path) -> dict[str, object]:
    path = schema_dir / "PINNED.json"
    try:
        return as_object(json.loads(path.read_text(encoding="utf-8")), path.name) if path.exists() else {}
    except ValueError as error:
        raise CodegenError(f"{path.name}: is no JSON: {error}") from error


def _write(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8", newline="\n")
    os.replace(beside, path)


def store(pulled: Sequence[Pulled], schema_dir: Path, *, dry_run: bool = False) -> dict[str, list[Change]]:
    """Hold what was pulled against the overlays, write `facts.json` and `PINNED.json`, and tell what changed.

    Args:
        pulled: The protocols.
        schema_dir: The folder `schema/`.
        dry_run: Compare and check, but write nothing.

    Returns:
        Protocol name to what changed.

    Raises:
        CodegenError: An entry of an overlay does not fit any more; nothing was written.
    """
    texts = {entry.protocol: facts_text(entry.protocol, entry.facts) for entry in pulled}
    pins = _pins(schema_dir)
    changes: dict[str, list[Change]] = {}
    for entry in pulled:
        path = schema_dir / entry.protocol / "facts.json"
        changes[entry.protocol] = diff_facts(load_facts(path) if path.is_file() else _NOTHING, entry.facts)
        pins[entry.protocol] = {**entry.pin, "sha256": hashlib.sha256(texts[entry.protocol].encode()).hexdigest()}
    _check(pulled, texts, schema_dir)
    if not dry_run:
        for name, text in texts.items():
            _write(schema_dir / name / "facts.json", text)
        _write(schema_dir / "PINNED.json", json.dumps(pins, indent=2, ensure_ascii=False) + "\n")
    return changes


def _date(text: str) -> str:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no date such as 2026-08-21")
    return text


def _commit(text: str) -> str:
    if not re.fullmatch(r"[0-9a-zA-Z._-]+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is no commit")
    return text


def add_pull_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `pull`."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--openapi", type=Path, metavar="FILE", help="a published OpenAPI document, YAML or JSON")
    source.add_argument("--package", metavar="NAME", help="the event models of an installed package, such as openai")
    parser.add_argument("--protocol", action="append", default=[], metavar="NAME", help="pull this one; repeatable")
    parser.add_argument("--schema-dir", type=Path, metavar="DIR", help="default: schema/ of the project")
    parser.add_argument("--commit", type=_commit, help="the upstream commit of the document, to be noted")
    parser.add_argument("--date", type=_date, help="the document's date; without one it counts as the newest")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")


def run_pull(arguments: argparse.Namespace, root: Path) -> int:
    """Run `pull`.

    Returns:
        0; everything else is an exception.
    """
    schema_dir = cast("Path | None", arguments.schema_dir) or root / "schema"
    if not schema_dir.is_dir():
        raise CodegenError(f"{schema_dir} is no folder")
    if arguments.openapi is not None:
        pulled = pull_openapi(
            arguments.openapi, schema_dir, arguments.protocol, commit=arguments.commit or "", date=arguments.date or ""
        )
    else:
        if arguments.commit or arguments.date:
            raise CodegenError("--commit and --date are of a document; a package states its version itself")
        pulled = pull_package(arguments.package, schema_dir, arguments.protocol)
    changes = store(pulled, schema_dir, dry_run=arguments.dry_run)
    print(report(changes, "text"), end="")
    print("nothing was written" if arguments.dry_run else "written; now run `python -m codegen generate`")
    return 0
