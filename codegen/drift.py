"""Whether `schema/` still says what the newest package says, beside the differences that somebody accepted."""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from .align import Difference, align
from .package import extract_package, package_settings
from .source import CodegenError, as_object, load_protocol, load_yaml, protocol_names

__all__ = [
    "Accepted",
    "Drift",
    "RegistryError",
    "accepted_for",
    "add_drift_arguments",
    "find_drift",
    "install_newest",
    "load_accepted",
    "run_drift",
]

ACCEPTED = "drift.yaml"
_PATIENCE = 300
# pip succeeds without a network when some version is installed, so its exit status does not tell.
_UNREACHED = ("Retrying (Retry", "connection error", "Failed to establish", "Could not fetch URL")


class RegistryError(Exception):
    """The newest package could not be installed, so nothing is known of any drift."""


Accepted = Mapping[str, Mapping[tuple[str, str], str]]
"""Protocol to accepted difference (pointer and text) to the reason for it."""


@dataclass(frozen=True, slots=True)
class Drift:
    """What a comparison found.

    Attributes:
        sources: Protocol to the package that it was compared with.
        unexpected: Differences that nobody accepted, as sentences.
        gone: Accepted differences that are there no more, as sentences.
        accepted: How many differences were found and are accepted.
    """

    sources: Mapping[str, str]
    unexpected: Sequence[str]
    gone: Sequence[str]
    accepted: int


def load_accepted(path: Path) -> Accepted:
    """Read the accepted differences: protocol to groups of a `reason` and, under `at`, pointer to text or texts.

    Raises:
        CodegenError: The file is missing or malformed, states no reason, or accepts something twice.
    """
    accepted: dict[str, dict[tuple[str, str], str]] = {}
    for protocol, groups in load_yaml(path).items():
        entries = accepted.setdefault(protocol, {})
        for number, group in enumerate(cast("list[object]", groups) if isinstance(groups, list) else [groups]):
            where = f"{path.name}: {protocol}[{number}]"
            entry = as_object(group, where)
            reason = entry.get("reason")
            if not isinstance(reason, str) or not reason.strip():
                raise CodegenError(f"{where}: states no reason")
            for pointer, texts in as_object(entry.get("at"), f"{where}.at").items():
                for text in cast("list[object]", texts) if isinstance(texts, list) else [texts]:
                    if (pointer, str(text)) in entries:
                        raise CodegenError(f"{where}: {pointer}: {text}: is accepted twice")
                    entries[pointer, str(text)] = reason
    return accepted


def accepted_for(schema_dir: Path, protocol: str) -> Mapping[tuple[str, str], str]:
    """The accepted differences of one protocol; none when `schema_dir` has no `drift.yaml`."""
    path = schema_dir / ACCEPTED
    return load_accepted(path).get(protocol, {}) if path.is_file() else {}


def _differences(schema_dir: Path) -> Iterator[tuple[str, str, list[Difference]]]:
    for name in protocol_names(schema_dir):
        protocol = load_protocol(schema_dir, name)
        if "package" in protocol.settings:
            theirs = extract_package(package_settings(protocol.settings, name))
            yield name, theirs.source, align(protocol.facts, theirs)[0]


def find_drift(schema_dir: Path, accepted: Accepted) -> Drift:
    """Compare every protocol that names a package with that package, as it is installed here.

    Args:
        schema_dir: The folder `schema/`.
        accepted: The differences that are known and explained.

    Raises:
        CodegenError: A protocol cannot be read, or its package is not installed.
    """
    sources: dict[str, str] = {}
    unexpected: list[str] = []
    gone: list[str] = []
    count = 0
    for name, source, differences in _differences(schema_dir):
        sources[name] = source
        known = accepted.get(name, {})
        found = {(difference.pointer, difference.text) for difference in differences}
        unexpected.extend(f"{name}: {each}" for each in differences if (each.pointer, each.text) not in known)
        gone.extend(f"{name}: {pointer}: {text}" for pointer, text in known if (pointer, text) not in found)
        count += len(found & known.keys())
    if not sources:
        raise CodegenError(f"no protocol below {schema_dir.name} names a package to compare it with")
    strangers = sorted(accepted.keys() - sources.keys())
    gone.extend(f"{name}: names no package" for name in strangers)
    return Drift(sources, unexpected, gone, count)


def install_newest(requirement: str) -> None:
    """Install the newest version of a package into the environment that runs this.

    Raises:
        RegistryError: pip could not ask its registry, or could not install what that has.
    """
    command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "2", "--upgrade"]
    try:
        done = subprocess.run([*command, requirement], capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired as error:
        raise RegistryError(f"pip has not installed {requirement} within {_PATIENCE} seconds") from error
    output = done.stdout + done.stderr
    if any(sign in output for sign in _UNREACHED):
        raise RegistryError(f"the registry cannot be reached, so the newest {requirement} is not known")
    if done.returncode:
        last = next((line for line in reversed(output.splitlines()) if line.strip()), "it said nothing")
        raise RegistryError(f"pip cannot install {requirement}: {last}")


def add_drift_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of `drift`."""
    parser.add_argument("--accepted", type=Path, metavar="FILE", help="default: drift.yaml in the schema folder")
    parser.add_argument("--schema-dir", type=Path, metavar="DIR", help="default: schema/ of the project")
    parser.add_argument("--install", metavar="PACKAGE", help="install its newest version here first, such as openai")


def run_drift(arguments: argparse.Namespace, root: Path) -> int:
    """Run `drift`.

    Returns:
        0 when nothing differs but what is accepted, 1 when something does or an accepted difference is gone, 3 when the
        newest package could not be had, so that nothing is known.
    """
    schema_dir = cast("Path | None", arguments.schema_dir) or root / "schema"
    if arguments.install:
        try:
            install_newest(str(arguments.install))
        except RegistryError as error:
            print(f"drift: {error}; this says nothing about drift", file=sys.stderr)
            return 3
    accepted = cast("Path | None", arguments.accepted) or schema_dir / ACCEPTED
    found = find_drift(schema_dir, load_accepted(accepted))
    for name, source in found.sources.items():
        print(f"{name}: compared with {source.split(';')[0]}")
    for sentence in found.unexpected:
        print(f"drift: {sentence}")
    for sentence in found.gone:
        print(f"accepted, but there no more: {sentence}")
    if found.unexpected or found.gone:
        print(f"look at each: take it (`python -m codegen pull`), or correct {accepted.name}, with a reason")
        return 1
    print(f"no drift beside {found.accepted} accepted differences")
    return 0
