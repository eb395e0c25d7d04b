"""Takes each rule of `rules.py` out of a copy of the sources, and sees that the tests it names fail.

`python -m tests.security.mutate [WORD …]` tries the rules whose name or file holds one of the words, without words all.
When all were caught it writes `docs/security-rules.md`, where what it says of the rules that were not tried is of an
earlier run; it does not if one of them stands there otherwise. The exit status is 1 when a test does not fail that
should.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from tests.security.rules import RULES, Rule

__all__ = ["DOCUMENT", "document", "main", "mutated"]

ROOT: Final = Path(__file__).parents[2]
DOCUMENT: Final = ROOT / "docs" / "security-rules.md"
_FOLDER: Final = "tests/security/"
_PATIENCE_S: Final = 180

_HEAD: Final = """\
# The rules of security, and the tests that hold them

Written by `nox -s security`, which takes each rule out of a copy of the sources and runs the tests named
here: every one of them failed without its rule. [SECURITY.md](../SECURITY.md) says what the rules are for.
"""


def mutated(source: str, rule: Rule) -> str:
    """The text of a module without a rule.

    Raises:
        ValueError: The rule's text does not stand there exactly once.
    """
    count = source.count(rule.source)
    if count != 1:
        raise ValueError(f"{rule.file}: {rule.source!r} stands there {count} times instead of once")
    return source.replace(rule.source, rule.instead)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence}{_cell(text)}{fence}"


def _row(rule: Rule) -> str:
    out = _code(rule.source) + (f", for {_code(rule.instead)}" if rule.instead else "")
    tests = "<br>".join(_code(test) for test in rule.tests)
    return f"| {_cell(rule.name)} | {_code(rule.file)} | {out} | {tests} |\n"


def document() -> str:
    """What `docs/security-rules.md` says when every rule is caught."""
    parts = [_HEAD]
    for title, rules in RULES.items():
        parts += [
            f"\n## {title}\n\n",
            "| rule | where | what is taken out | tests that catch it |\n|---|---|---|---|\n",
        ]
        parts += map(_row, rules)
    return "".join(parts)


def _run(src: Path, tests: Sequence[str], report: Path) -> tuple[int, set[str], str]:
    """Run tests against the sources in `src`; pytest's status, the functions that failed, and what it printed."""
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider", "--timeout=30"]
    command += [f"--junitxml={report}", *(_FOLDER + test for test in tests)]
    env = {**os.environ, "PYTHONPATH": str(src), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return -1, set(), f"no end within {_PATIENCE_S} s"
    failed: set[str] = set()
    # S314: pytest has just written it.
    for case in ET.parse(report).iter("testcase") if report.exists() else ():
        if case.find("failure") is not None:
            failed.add(case.get("name", "").partition("[")[0])
    return done.returncode, failed, done.stdout + done.stderr


def _imported(src: Path) -> Path:
    env = {**os.environ, "PYTHONPATH": str(src)}
    code = "import realtime_typed; print(realtime_typed.__file__)"
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def main(words: Sequence[str]) -> int:
    """Try the rules; returns the exit status."""
    chosen = [
        rule
        for rules in RULES.values()
        for rule in rules
        if not words or any(word.lower() in f"{rule.name} {rule.file}".lower() for word in words)
    ]
    began, escaped = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as scratch:
        src, report = Path(scratch, "src"), Path(scratch, "report.xml")
        shutil.copytree(ROOT / "src", src, ignore=shutil.ignore_patterns("__pycache__"))
        if not _imported(src).is_relative_to(src):
            print("the tests would not run against the copy of the sources")
            return 1
        tests = sorted({test for rule in chosen for test in rule.tests})
        status, _, printed = _run(src, tests, report)
        if status:
            print(printed, "the tests do not pass with all rules in place", sep="\n")
            return 1
        for rule in chosen:
            module = src / "realtime_typed" / rule.file
            whole = module.read_text(encoding="utf-8")
            try:
                module.write_text(mutated(whole, rule), encoding="utf-8")
                status, failed, printed = _run(src, rule.tests, report)
            except ValueError as error:
                status, failed, printed = -1, set[str](), str(error)
            finally:
                module.write_text(whole, encoding="utf-8")
            # 1 is a test that failed; everything else is a copy that cannot even be imported, which proves nothing.
            missing = [test for test in rule.tests if test.partition("::")[2] not in failed]
            caught = status == 1 and not missing
            escaped += not caught
            print("caught " if caught else "ESCAPED", rule.file, "|", rule.name, flush=True)
            if not caught:
                print(f"        status {status}; passed without the rule: {', '.join(missing) or 'none'}")
                if status != 0:
                    print("        " + printed.strip()[-800:].replace("\n", "\n        "))
    print(f"{len(chosen) - escaped} of {len(chosen)} rules caught in {time.monotonic() - began:.0f} s")
    if not escaped:
        before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else ""
        rest = [rule for rules in RULES.values() for rule in rules if rule not in chosen and _row(rule) not in before]
        if rest:
            print(
                "not written, for these were neither tried now nor before:", *(rule.name for rule in rest), sep="\n- "
            )
        else:
            DOCUMENT.write_text(document(), encoding="utf-8")
            print(f"wrote {DOCUMENT.relative_to(ROOT)}")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
