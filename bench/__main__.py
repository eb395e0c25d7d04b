"""`python -m bench [--json] [--only NAME] [--repeat N]` measures; `python -m bench record` records the corpus anew."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version

from .measure import Result
from .suite import BENCHMARKS

__all__ = ["main"]

_PACKAGES = (
    "realtime-typed",
    "pydantic",
    "pydantic-core",
    "pybase64",
    "numpy",
    "websockets",
    "aiortc",
    "av",
    "openai",
    "orjson",
)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _machine() -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
    }


def _bound(result: Result) -> str:
    if result.target is None:
        return ""
    return f"{'≤' if result.better == 'lower' else '≥'} {result.target:g}"


def _line(result: Result) -> str:
    if result.ratio is None or result.ours_us is None or result.baseline_us is None:
        return f"{result.name:<36} skipped: {result.skipped}"
    verdict = {True: "met", False: "MISSED", None: ""}[result.met]
    return (
        f"{result.name:<36} {result.ratio:>8.2f}  {_bound(result):<7} {verdict:<7} "
        f"{result.p10:>8.2f} – {result.p90:<8.2f} {result.ours_us:>11.2f} {result.baseline_us:>12.2f}  "
        f"{result.unit}, {result.baseline}, {result.samples} pairs"
    )


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios to other packages, side by side.")
    parser.add_argument("command", nargs="?", choices=("run", "record"), default="run")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="a benchmark's name, or a part of it; may be given again"
    )
    parser.add_argument("--repeat", type=int, metavar="N", help="pairs a benchmark; most have 31 by default")
    parsed = parser.parse_args(arguments)
    if parsed.repeat is not None and parsed.repeat < 1:
        parser.error("--repeat must be positive")
    return parsed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks and print what they found.

    Returns:
        The exit status: 0 also when a target is missed, since time is never asserted; 2 for an unknown name.
    """
    given = _arguments(arguments)
    if given.command == "record":
        from .record import record

        record()
        return 0
    only: list[str] | None = given.only
    chosen = [one for one in BENCHMARKS if only is None or any(part in one.name for part in only)]
    if not chosen:
        print(f"no such benchmark; there are: {', '.join(one.name for one in BENCHMARKS)}", file=sys.stderr)
        return 2
    if given.json:
        results = [asdict(found) | {"met": found.met} for found in (one.run(given.repeat) for one in chosen)]
        versions = {package: _version(package) for package in _PACKAGES}
        print(json.dumps({"results": results, "versions": versions, "machine": _machine()}, indent=2))
        return 0
    print(f"{'':<36} {'ratio':>8}  {'target':<15} {'p10':>8} – {'p90':<8} {'ours, µs':>11} {'baseline, µs':>12}")
    for one in chosen:
        print(_line(one.run(given.repeat)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
