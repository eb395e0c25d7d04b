"""`python -m fuzz [--target NAME ...] [--inputs N | --seconds N] [--json]`; exit status 1 when something crashed."""

import argparse
import json
import platform
import subprocess
import sys
import traceback
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .minimise import minimise
from .runner import ROOT, Outcome, known, run_target, shares
from .targets import CANARY, TARGETS, load
from .worker import has_atheris

__all__ = ["main"]

_INPUTS = 120_000


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Throws hostile input at what reads input.")
    parser.add_argument(
        "--target", action="append", choices=[*TARGETS, CANARY.name], default=[], metavar="NAME", help="default: all"
    )
    bound = parser.add_mutually_exclusive_group()
    bound.add_argument("--inputs", type=int, metavar="N", help=f"inputs in all, shared evenly; default {_INPUTS}")
    bound.add_argument("--seconds", type=int, metavar="N", help="seconds in all, shared evenly")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of the table")
    parser.add_argument("--seed", type=int, default=1, help="of chance; default 1")
    parser.add_argument("--by-chance", action="store_true", help="without coverage, although atheris is there")
    parser.add_argument("--crashes", type=Path, default=Path("fuzz-crashes"), help="where inputs that crash are kept")
    parser.add_argument("--corpus", type=Path, help="a folder that keeps what was found from one run to the next")
    parser.add_argument("--reproduce", type=Path, metavar="FILE", help="give one input to the one --target")
    parser.add_argument("--minimise", action="store_true", help="write the fewest inputs that reach all to fuzz/corpus")
    parser.add_argument("--list", action="store_true", help="list the targets")
    parsed = parser.parse_args(arguments)
    for name in ("inputs", "seconds"):
        if (given := getattr(parsed, name)) is not None and given < 1:
            parser.error(f"--{name} must be positive")
    if parsed.reproduce is not None and len(parsed.target) != 1:
        parser.error("--reproduce needs one --target")
    return parsed


def _line(outcome: Outcome) -> str:
    reached = f"{outcome.edges:>8} {outcome.features:>9}" if outcome.edges is not None else f"{'–':>8} {'–':>9}"
    crash = "–" if outcome.status == 0 else f"CRASH ({outcome.status})"
    return f"{outcome.target:<18} {outcome.inputs:>11,} {outcome.rate:>10,.0f} {reached}  {crash}"


def _reproduce(name: str, path: Path) -> int:
    module = load(TARGETS.get(name, CANARY))
    try:
        module.run(path.read_bytes())
    except Exception:  # whatever it is: this is where it is shown
        traceback.print_exc()
        return 1
    print(f"{name}: this input does no harm")
    return 0


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {"python": platform.python_version()}
    for package in ("atheris", "pydantic-core", "aiortc", "websockets", "standardwebhooks", "pyyaml"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _commit() -> str | None:
    """The commit that is fuzzed, with a `+` where files differ from it; `None` outside of a repository."""
    command = ["git", "describe", "--always", "--abbrev=7", "--dirty=+", "--exclude=*"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz, and print what came of it.

    Returns:
        The exit status: 1 when a target crashed.
    """
    options = _arguments(arguments)
    names = known(options.target)
    if options.list:
        print("\n".join(f"{name:<18} {TARGETS.get(name, CANARY).what}" for name in names))
        return 0
    if options.reproduce is not None:
        return _reproduce(names[0], options.reproduce)
    if options.minimise:
        for name in names:
            print(minimise(TARGETS.get(name, CANARY), options.corpus))
        return 0
    led = has_atheris() and not options.by_chance
    inputs = options.inputs or (None if options.seconds else _INPUTS)
    if not options.json:
        if not led:
            print("Not led by coverage: atheris is not used, so inputs change by chance alone.")
        print(f"{'target':<18} {'inputs':>11} {'a second':>10} {'branches':>8} {'features':>9}  crashed", flush=True)
    outcomes: list[Outcome] = []
    for name, share in shares(names, inputs=inputs, seconds=options.seconds).items():
        outcome = run_target(
            name, share, seed=options.seed, by_chance=not led, crashes=options.crashes, corpus=options.corpus
        )
        outcomes.append(outcome)
        if not options.json:
            print(_line(outcome), flush=True)
    crashed = [outcome for outcome in outcomes if outcome.status]
    if options.json:
        print(json.dumps(_report(outcomes, led=led, seed=options.seed), indent=2))
    else:
        total, seconds = sum(each.inputs for each in outcomes), sum(each.seconds for each in outcomes)
        print(f"{'in all':<18} {total:>11,} {total / seconds:>10,.0f} {'':>18}  {len(crashed)}")
    for outcome in crashed:
        print(f"\n{outcome.target}:\n{outcome.report}\n", file=sys.stderr)
        print(f"again: {outcome.reproduction or 'the process left no input'}", file=sys.stderr)
    return 1 if crashed else 0


def _report(outcomes: Sequence[Outcome], *, led: bool, seed: int) -> dict[str, object]:
    return {
        "commit": _commit(),
        "led_by_coverage": led,
        "seed": seed,
        "versions": _versions(),
        "targets": [{**asdict(each), "crash": str(each.crash) if each.crash else None} for each in outcomes],
        "inputs": sum(each.inputs for each in outcomes),
        "crashes": sum(each.status != 0 for each in outcomes),
    }


if __name__ == "__main__":
    sys.exit(main())
