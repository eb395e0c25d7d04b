"""The command line: `python -m codegen generate|check [PROTOCOL ...]`."""

import argparse
import difflib
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

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
        yield generated_package(root, name), render_protocol(load_protocol(schema_dir, name), generator)


def generate(root: Path, names: Sequence[str]) -> int:
    """Write the packages of the protocols `names`, or of all; nothing is written unless everything renders."""
    for folder, files in list(_rendered(root, names)):
        folder.mkdir(parents=True, exist_ok=True)
        for stale in set(folder.glob("*.py")) - {folder / name for name in files}:
            stale.unlink()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{folder.relative_to(root)}: {len(files)} files")
    return 0


def check(root: Path, names: Sequence[str]) -> int:
    """Compare what would be written with what stands there; print the difference.

    Returns:
        0 when they are equal, otherwise 1.
    """
    stale = 0
    for folder, files in list(_rendered(root, names)):
        standing = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
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
        The exit status: 0 well, 1 stale, 2 the contract cannot be rendered.
    """
    parser = argparse.ArgumentParser(prog="python -m codegen", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("generate", "write the generated packages"), ("check", "fail when they are stale")):
        subparser = commands.add_parser(name, help=text)
        subparser.add_argument("protocol", nargs="*", help="a folder below schema/; default all")
    arguments = parser.parse_args(argv)
    command = generate if arguments.command == "generate" else check
    try:
        return command(arguments.root.resolve(), arguments.protocol)
    except CodegenError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
