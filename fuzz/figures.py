"""`python -m fuzz.figures REPORT...`: what runs of `python -m fuzz --json` came to, as the table of docs/fuzzing.md."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

__all__ = ["Total", "add_up", "main", "table"]


@dataclass(slots=True)
class Total:
    """What all runs together did to one target; coverage is that of the run which reached most."""

    inputs: int = 0
    seconds: float = 0.0
    edges: int = 0
    features: int = 0
    crashes: int = 0


def add_up(reports: Iterable[Mapping[str, object]]) -> dict[str, Total]:
    """Add up reports, by target."""
    totals: dict[str, Total] = {}
    for report in reports:
        for entry in cast("Sequence[dict[str, int | float | None]]", report["targets"]):
            total = totals.setdefault(str(entry["target"]), Total())
            total.inputs += int(entry["inputs"] or 0)
            total.seconds += entry["seconds"] or 0
            total.edges = max(total.edges, int(entry["edges"] or 0))
            total.features = max(total.features, int(entry["features"] or 0))
            total.crashes += bool(entry["status"])
    return totals


def table(totals: Mapping[str, Total]) -> str:
    """Write totals as a table in Markdown."""
    lines = ["| target | inputs | a second | branches | features | crashes |", "|---|---:|---:|---:|---:|---:|"]
    whole = Total()
    for name, total in totals.items():
        whole.inputs, whole.seconds = whole.inputs + total.inputs, whole.seconds + total.seconds
        whole.crashes += total.crashes
        rate = total.inputs / total.seconds if total.seconds else 0
        lines.append(
            f"| `{name}` | {total.inputs:,} | {rate:,.0f} | {total.edges} | {total.features} | {total.crashes} |"
        )
    rate = whole.inputs / whole.seconds if whole.seconds else 0
    lines.append(f"| in all | {whole.inputs:,} | {rate:,.0f} | | | {whole.crashes} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, and of which commits it is."""
    paths = sys.argv[1:] if arguments is None else arguments
    reports = [cast("dict[str, object]", json.loads(Path(path).read_text("utf-8"))) for path in paths]
    print(table(add_up(reports)))
    print("\ncommits:", ", ".join(sorted({str(report.get("commit")) for report in reports})))
    return 0


if __name__ == "__main__":
    sys.exit(main())
