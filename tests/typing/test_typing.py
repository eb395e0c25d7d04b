"""What mypy and pyright, both strict, say of uses of the package: nothing of right ones, an error for each wrong one.

`right/` holds uses that must pass. In `wrong/` a comment names what each checker must report for the line under it:

    # error: mypy[arg-type] pyright[reportArgumentType]
    client.send("response.create")

Each checker runs once for all tests of this module. `pyrightconfig.json` is there because the settings of
pyproject.toml keep `wrong/` out of the ordinary runs, and pyright would keep it out of this one too.
"""

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeAlias, cast

import pytest

pytestmark = pytest.mark.timeout(300)

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
FILES: Final = sorted([*HERE.glob("right/*.py"), *HERE.glob("wrong/*.py")])
WRONG: Final = sorted(HERE.glob("wrong/*.py"))

MARKER: Final = re.compile(r"\s*# error: mypy\[(?P<mypy>[a-z, -]+)\] pyright\[(?P<pyright>[A-Za-z, ]+)\]")

# Errors that only say again what an error on the same or an earlier line said: in `wrong/`, they need no marker.
CONSEQUENCES: Final = {
    "mypy": {"unreachable", "untyped-decorator", "func-returns-value"},
    "pyright": {
        "reportUnknownArgumentType",
        "reportUnknownLambdaType",
        "reportUnknownMemberType",
        "reportUnknownVariableType",
        "reportUntypedFunctionDecorator",
    },
}

Line: TypeAlias = tuple[str, int]
Found: TypeAlias = Mapping[Line, Mapping[str, str]]
"""By file (relative to this folder) and line: the code of each error, and its text."""


def run(*command: str) -> str:
    """Run a tool of the environment that runs the tests, and return what it printed."""
    # `--verifytypes` takes the interpreter from the path alone.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    environment = {**os.environ, "PATH": path, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), f"{' '.join(command)} failed:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    assert done.stdout, f"{' '.join(command)} printed nothing:\n{done.stderr[-4000:]}"
    return done.stdout


def relative(file: str) -> str:
    """The file's name in this folder, or as it is when it is elsewhere."""
    path = ROOT / file
    return path.relative_to(HERE).as_posix() if path.is_relative_to(HERE) else file


@pytest.fixture(scope="module")
def mypy() -> Found:
    """What mypy reports."""
    # Files that are named are checked even where the settings exclude their folder.
    printed = run("mypy", "--output=json", *(str(file.relative_to(ROOT)) for file in FILES))
    found: defaultdict[Line, dict[str, str]] = defaultdict(dict)
    for line in printed.splitlines():
        entry = cast("dict[str, object]", json.loads(line))
        if entry["severity"] == "error":
            place = relative(str(entry["file"])), int(str(entry["line"]))
            found[place][str(entry["code"])] = str(entry["message"])
    return found


@pytest.fixture(scope="module")
def pyright() -> Found:
    """What pyright reports."""
    settings = str(HERE / "pyrightconfig.json")
    printed = json.loads(run("pyright", "-p", settings, "--pythonpath", sys.executable, "--outputjson"))
    assert printed["summary"]["filesAnalyzed"] == len(FILES)
    found: defaultdict[Line, dict[str, str]] = defaultdict(dict)
    for entry in printed["generalDiagnostics"]:
        place = relative(entry["file"]), int(entry["range"]["start"]["line"]) + 1
        found[place][str(entry.get("rule", "(no rule)"))] = str(entry["message"])
    return found


def expected(file: Path, checker: str) -> dict[int, set[str]]:
    """By line: the codes that `checker` must report, read from the comments above the lines."""
    codes: dict[int, set[str]] = {}
    for number, line in enumerate(file.read_text().splitlines(), 1):
        if "# error" in line:
            marker = MARKER.fullmatch(line)
            assert marker, f"{file.name}:{number}: this is no marker: {line.strip()}"
            codes[number + 1] = set(marker[checker].split(", "))
    return codes


def differences(file: Path, checker: str, found: Found) -> list[str]:
    """What a checker says of a file in `wrong/`, against the comments in it; empty when they agree."""
    name = file.relative_to(HERE).as_posix()
    source = file.read_text().splitlines()
    wanted = expected(file, checker)
    lines: list[str] = []
    for number, text in enumerate(source, 1):
        reported = found.get((name, number), {})
        marked = wanted.get(number, set())
        missing = marked - reported.keys()
        strange = reported.keys() - marked - CONSEQUENCES[checker]
        lines += [f"{name}:{number}: missing {code}: {text.strip()}" for code in sorted(missing)]
        lines += [
            f"{name}:{number}: unexpected {code}: {text.strip()}\n    {reported[code][:500]}"
            for code in sorted(strange)
        ]
    return lines


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_right_uses_pass(checker: str, request: pytest.FixtureRequest) -> None:
    found: Found = request.getfixturevalue(checker)
    complaints = [
        f"{name}:{line}: {code}: {message[:500]}"
        for (name, line), errors in found.items()
        if not name.startswith("wrong/")
        for code, message in errors.items()
    ]
    assert not complaints, "\n".join([f"{checker} says of right uses:", *complaints])


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
@pytest.mark.parametrize("file", WRONG, ids=lambda file: file.stem)
def test_wrong_uses_fail_and_nothing_else_does(file: Path, checker: str, request: pytest.FixtureRequest) -> None:
    found: Found = request.getfixturevalue(checker)
    assert expected(file, checker), f"{file.name} marks no line"
    lines = differences(file, checker, found)
    assert not lines, "\n".join([f"{checker} and the markers disagree:", *lines])


def test_a_missing_and_an_unexpected_error_are_both_told() -> None:
    file = HERE / "wrong" / "session.py"
    marked = min(expected(file, "mypy"))
    name = file.relative_to(HERE).as_posix()
    found: Found = {
        (name, number): dict.fromkeys(codes, "") for number, codes in expected(file, "mypy").items() if number != marked
    } | {(name, 1): {"syntax": "what mypy said"}}
    unexpected, missing = differences(file, "mypy", found)
    assert unexpected.startswith(f"{name}:1: unexpected syntax: ")
    assert "what mypy said" in unexpected
    assert missing.startswith(f"{name}:{marked}: missing call-arg: ")


def test_the_type_of_every_public_symbol_is_known() -> None:
    printed = json.loads(run("pyright", "--verifytypes", "realtime_typed", "--ignoreexternal", "--outputjson"))
    report = printed["typeCompleteness"]
    unknown = [
        "\n    ".join([symbol["name"], *(entry["message"] for entry in symbol["diagnostics"])])
        for symbol in report["symbols"]
        if symbol["isExported"] and (not symbol["isTypeKnown"] or symbol["isTypeAmbiguous"])
    ]
    assert not unknown, "\n".join(unknown)
    assert report["exportedSymbolCounts"]["withKnownType"] > 1000
    assert report["completenessScore"] == 1
