"""The audit tells a clean environment from a vulnerable one, and both from one of which nothing is known."""

import json
import sys
from pathlib import Path

import pytest

from tests.security.audit import judge, main

Entry = dict[str, object]

CLEAN: Entry = {"name": "httpx", "version": "0.28.1", "vulns": []}
SKIPPED: Entry = {"name": "av", "skip_reason": "Dependency not found on PyPI and could not be audited: av (18.1.0)"}
BAD: Entry = {"name": "h11", "version": "0.1", "vulns": [{"id": "GHSA-1", "fix_versions": ["0.16"], "aliases": []}]}


def report(*entries: Entry) -> str:
    return json.dumps({"dependencies": entries, "fixes": []})


def test_one_vulnerability_makes_it_vulnerable_and_is_named() -> None:
    verdict = judge(report(CLEAN, SKIPPED, BAD))
    assert verdict.outcome == "vulnerable"
    assert verdict.lines == ("h11 0.1: GHSA-1, mended in 0.16",)


def test_what_was_not_audited_is_named() -> None:
    verdict = judge(report(CLEAN, SKIPPED))
    assert verdict.outcome == "clean"
    assert "av" in verdict.lines[-1]


@pytest.mark.parametrize("text", ["", "Traceback …", "[]", "{}", report(), report(SKIPPED, SKIPPED)])
def test_an_index_that_knows_no_package_says_nothing(text: str) -> None:
    assert judge(text).outcome == "unknown"


@pytest.mark.parametrize(
    ("printed", "arguments", "status", "told"),
    [
        (report(CLEAN), [], 0, "clean (pypi)"),
        (report(BAD), [], 1, "vulnerable (pypi)"),
        (report(SKIPPED), [], 0, "no advisories can be reached"),
        (report(SKIPPED), ["--strict"], 3, "no advisories can be reached"),
        ("", ["--strict"], 3, "no advisories can be reached"),
    ],
)
def test_the_status_says_what_was_found(
    printed: str, arguments: list[str], status: int, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = tmp_path / "tool.py"
    tool.write_text(f"print({printed!r})")
    assert main(arguments, [sys.executable, str(tool)]) == status
    assert told in capsys.readouterr().out


def test_the_second_service_is_asked_where_the_first_knows_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = tmp_path / "tool.py"
    tool.write_text(f"import sys\nif 'osv' in sys.argv[-1]: print({report(BAD)!r})")
    assert main([], [sys.executable, str(tool)]) == 1
    assert "vulnerable (osv)" in capsys.readouterr().out
