"""The command line: `python -m codegen generate|check [PROTOCOL ...]`, `pull`, `diff` and `drift`."""

import argparse
import difflib
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from .compare import add_diff_arguments, run_diff
from .drift import add_drift_arguments, run_drift
from .outputs import published_files
from .pull import add_pull_arguments, run_pull
from .render import generated_package, render_protocol
from .source import CodegenError, load_protocol, protocol_names

ROOT = Path(__file__).parent.parent


def _rendered(root: Path, names: Sequence[str]) -> Iterator[tuple[Path, dict[str, str]]]:
    schema_dir = root / "schema"
    generator = version("datamodel-code-generator")
    names = names or protocol_names(schema_dir)
    if not names:
        raise CodegenError(f"{schema_dir} holds no protocol: no folder below it has a facts.json")
    for name in names:
        protocol = load_protocol(schema_dir, name)
        yield generated_package(root, name), render_protocol(protocol, generator)
        for path, text in published_files(root, protocol).items():
            yield path.parent, {path.name: text}


def _standing(folder: Path, files: dict[str, str]) -> set[str]:
    """What stands in `folder` in place of `files`: all of a package, but of another folder only the same names."""
    if "__init__.py" in files:
        return {path.name for path in folder.glob("*.py")}
    return {name for name in files if (folder / name).is_file()}


def generate(root: Path, names: Sequence[str]) -> int:
    """Write the packages of the protocols `names`, or of all; nothing is written unless everything renders."""
    for folder, files in list(_rendered(root, names)):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in _standing(folder, files) - files.keys():
            (folder / stale).unlink()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(
            f"{folder.relative_to(root).as_posix()}: {', '.join(files) if len(files) == 1 else f'{len(files)} files'}"
        )
    return 0


def check(root: Path, names: Sequence[str]) -> int:
    """Compare what would be written with what stands there; print the difference.

    Returns:
        0 when they are equal, otherwise 1.
    """
    stale = 0
    for folder, files in list(_rendered(root, names)):
        standing = {name: (folder / name).read_text(encoding="utf-8") for name in _standing(folder, files)}
        for name in sorted(files.keys() | standing.keys()):
            old, new = standing.get(name, ""), files.get(name, "")
            if old == new:
                continue
            stale += 1
            path = (folder / name).relative_to(root).as_posix()
            before, after = old.splitlines(), new.splitlines()
            difference = difflib.unified_diff(before, after, path, f"{path} (rendered)", lineterm="", n=1)
            for number, line in enumerate(difference):
                if number == 40:
                    print("…")
                    break
                print(line)
    if stale:
        print(f"{stale} generated file(s) are stale; run `python -m codegen generate` and commit the result")
        return 1
    print("generated code is up to date")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit status: 0 well, 1 stale or changed, 2 the contract cannot be read or rendered,
        3 (`drift`) the newest package cannot be had.
    """
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("generate", "write the generated packages"), ("check", "fail when they are stale")):
        subparser = commands.add_parser(name, help=text)
        subparser.add_argument("protocol", nargs="*", help="a folder below schema/; default all")
    add_pull_arguments(commands.add_parser("pull", help="take a newer contract from upstream"))
    add_diff_arguments(commands.add_parser("diff", help="say what changed between two contracts, and what breaks"))
    add_drift_arguments(commands.add_parser("drift", help="compare schema/ with the installed package"))
    arguments = parser.parse_args(argv)
    root: Path = arguments.root.resolve()
    try:
        if arguments.command == "pull":
            return run_pull(arguments, root)
        if arguments.command == "diff":
            return run_diff(arguments, root)
        if arguments.command == "drift":
            return run_drift(arguments, root)
        command = generate if arguments.command == "generate" else check
        return command(root, arguments.protocol)
    except CodegenError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
