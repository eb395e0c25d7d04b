"""Runs pip-audit over this environment, and tells three outcomes apart: clean, vulnerable, and nothing known.

`python -m tests.security.audit [--strict]`. The exit status is 1 for a known vulnerability, and 0 else; with `--strict`
it is 3 where no advisories could be reached. pip-audit itself ends with 0 when the index knows none of the packages.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

__all__ = ["Verdict", "judge", "main"]

_COMMAND: Final = (sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json", "--skip-editable")
_SERVICES: Final = ("pypi", "osv")
_PATIENCE_S: Final = 300


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit has found.

    Attributes:
        outcome: `"clean"`, `"vulnerable"`, or `"unknown"` where no advisories of any package were read.
        lines: What to tell.
    """

    outcome: Literal["clean", "vulnerable", "unknown"]
    lines: tuple[str, ...]


def judge(report: str) -> Verdict:
    """Read a report of pip-audit.

    Args:
        report: Its JSON; anything else means that it failed.
    """
    try:
        found = cast("dict[str, list[dict[str, object]]]", json.loads(report))["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict("unknown", ())
    bad: list[str] = []
    audited, skipped = 0, list[str]()
    for entry in found:
        if "skip_reason" in entry:
            skipped.append(str(entry["name"]))
            continue
        audited += 1
        for vulnerability in cast("list[dict[str, object]]", entry.get("vulns", [])):
            fixed = ", ".join(cast("list[str]", vulnerability.get("fix_versions", []))) or "no version yet"
            bad.append(f"{entry['name']} {entry['version']}: {vulnerability['id']}, mended in {fixed}")
    if bad:
        return Verdict("vulnerable", tuple(bad))
    if not audited:
        return Verdict("unknown", ())
    lines = [f"{audited} packages audited, no known vulnerability"]
    if skipped:
        lines.append(f"not audited, because the index does not know them: {', '.join(skipped)}")
    return Verdict("clean", tuple(lines))


def main(arguments: Sequence[str], command: Sequence[str] = _COMMAND) -> int:
    """Audit; returns the exit status.

    Args:
        arguments: `--strict`, or nothing.
        command: How pip-audit is run; the service to ask is added.
    """
    failures: list[str] = []
    for service in _SERVICES:
        try:
            run = [*command, f"--vulnerability-service={service}"]
            done = subprocess.run(run, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
        except subprocess.TimeoutExpired:
            failures.append(f"{service}: no answer within {_PATIENCE_S} s")
            continue
        verdict = judge(done.stdout)
        if verdict.outcome != "unknown":
            print(f"{verdict.outcome} ({service})", *verdict.lines, sep="\n")
            return 1 if verdict.outcome == "vulnerable" else 0
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        failures.append(f"{service}: no package was audited ({last[:200]})")
    print(
        "unknown: no advisories can be reached from here; this says nothing about the dependencies", *failures, sep="\n"
    )
    return 3 if "--strict" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
