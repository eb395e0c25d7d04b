"""`python -m codegen diff OLD NEW`: find the two contracts that the command line names, compare them, report."""

import argparse
import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .diff import Change, diff_facts
from .document import read_document
from .openapi import extract_openapi, openapi_settings
from .report import FORMATS, report
from .source import CodegenError, Facts, load_facts, load_yaml, parse_facts, protocol_names

__all__ = ["add_diff_arguments", "compare", "configured", "run_diff"]

_NOTHING = Facts("nothing", {}, {}, {})


@dataclass(frozen=True, slots=True)
class _Operand:
    """One side of a comparison.

    Attributes:
        protocols: Protocol name to its facts.
        complete: Whether a protocol that is not there does not exist. A document or a single file tells nothing of
            other protocols.
    """

    protocols: Mapping[str, Facts]
    complete: bool


def configured(schema_dir: Path, section: str) -> list[str]:
    """The protocols whose `protocol.yaml` has the section `section`, by name."""
    return sorted(path.parent.name for path in schema_dir.glob("*/protocol.yaml") if section in load_yaml(path))


def _file(path: Path, schema_dir: Path, names: Sequence[str]) -> _Operand:
    if path.suffix == ".json" and path.read_bytes().lstrip()[:1] == b"{":
        try:
            content: object = json.loads(path.read_bytes())
        except ValueError:
            content = None  # whatever it is, the reader of documents says what is wrong with it
        if isinstance(content, dict) and {"events", "schemas"} <= content.keys():
            return _Operand({_protocol_of(path): load_facts(path)}, complete=False)
    document = read_document(path)
    protocols = {
        name: extract_openapi(
            document, openapi_settings(load_yaml(schema_dir / name / "protocol.yaml"), name), document.title
        )
        for name in names or configured(schema_dir, "openapi")
    }
    return _Operand(protocols, complete=False)


def _protocol_of(path: Path) -> str:
    """The protocol that a facts file names, or else its folder's name."""
    content = json.loads(path.read_bytes())
    return str(content.get("protocol") or path.resolve().parent.name)


def _revision(root: Path, revision: str) -> _Operand:
    if revision.startswith("-"):
        raise CodegenError(f"{revision!r} is neither a file, a folder nor a revision")

    def git(*arguments: str) -> str:
        try:
            done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, timeout=60, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CodegenError(f"git cannot be run: {error}") from error
        if done.returncode != 0:
            reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[:1]
            raise CodegenError(f"{revision!r} is neither a file, a folder nor a revision of schema/: {''.join(reason)}")
        return done.stdout.decode("utf-8", "replace")

    commit = git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").strip()
    paths = [
        path for path in git("ls-tree", "-r", "--name-only", commit, "schema/").splitlines() if path.count("/") == 2
    ]
    found = {
        path.split("/")[1]: parse_facts(git("show", f"{commit}:{path}"), f"{revision}:{path}")
        for path in paths
        if path.endswith("/facts.json")
    }
    if not found:
        raise CodegenError(f"the revision {revision} has no schema/*/facts.json")
    return _Operand(found, complete=True)


def _operand(text: str, root: Path, names: Sequence[str]) -> _Operand:
    path, schema_dir = Path(text), root / "schema"
    if path.is_file():
        return _file(path, schema_dir, names)
    if path.is_dir():
        if (path / "facts.json").is_file():
            return _file(path / "facts.json", schema_dir, names)
        folder = path / "schema" if (path / "schema").is_dir() else path
        found = {name: load_facts(folder / name / "facts.json") for name in protocol_names(folder)}
        if not found:
            raise CodegenError(f"{text}: holds neither facts.json nor a folder with one")
        return _Operand(found, complete=True)
    return _revision(root, text)


def compare(old: str, new: str, root: Path, names: Sequence[str] = ()) -> dict[str, list[Change]]:
    """Compare two contracts.

    Args:
        old: A `facts.json`, a protocol's folder, a `schema/` folder, an OpenAPI document, or a git revision.
        new: Likewise.
        root: The project's folder: where revisions are looked up, and `schema/` says how to read an OpenAPI document.
        names: The protocols to compare; empty for all that both sides tell of.

    Returns:
        Protocol name to its changes.

    Raises:
        CodegenError: A side cannot be found or read, or the two have no protocol in common.
    """
    left, right = _operand(old, root, names), _operand(new, root, names)
    if len(left.protocols) == len(right.protocols) == 1 and not left.complete and not right.complete and not names:
        (before,), ((name, after),) = left.protocols.values(), right.protocols.items()
        return {name: diff_facts(before, after)}
    known = left.protocols.keys() | right.protocols.keys()
    if not left.complete:
        known &= left.protocols.keys()
    if not right.complete:
        known &= right.protocols.keys()
    unknown = sorted(set(names) - known)
    if unknown or not known:
        raise CodegenError(f"neither {old} nor {new} has the protocol {unknown[0]}" if unknown else "nothing in common")
    return {
        name: diff_facts(left.protocols.get(name, _NOTHING), right.protocols.get(name, _NOTHING))
        for name in sorted(names or known)
    }


def add_diff_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `diff`."""
    for side in ("old", "new"):
        parser.add_argument(
            side,
            metavar=side.upper(),
            help="facts.json, a folder with one, schema/, an OpenAPI document, or a git revision",
        )
    parser.add_argument("--protocol", action="append", default=[], metavar="NAME", help="compare this one; repeatable")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument(
        "--fail-on",
        choices=("breaking", "any", "none"),
        default="none",
        help="exit with 1 on a breaking change, on any, or never; default: none",
    )


def run_diff(arguments: argparse.Namespace, root: Path) -> int:
    """Run `diff`.

    Returns:
        0, or 1 when there is a change that `--fail-on` names.
    """
    changes = compare(arguments.old, arguments.new, root, arguments.protocol)
    print(report(changes, arguments.format), end="")
    every = [change for found in changes.values() for change in found]
    failing = {"none": False, "any": bool(every), "breaking": any(change.breaking for change in every)}
    return 1 if failing[arguments.fail_on] else 0
