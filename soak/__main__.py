"""`python -m soak [--transport …] [--sessions N] [--seconds S] [--faults-per-second F] [--json]`."""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .conductor import Plan, conduct
from .verdict import judge

__all__ = ["main"]

_PACKAGES = ("realtime-typed", "websockets", "aiortc", "pydantic", "numpy")
_WORDS = {True: "kept", False: "BROKEN", None: "-"}
_DEFAULTS = {"websocket": (200, 600.0), "webrtc": (20, 300.0)}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _commit() -> str | None:
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _machine() -> dict[str, object]:
    return {
        "commit": _commit(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "versions": {package: _version(package) for package in _PACKAGES},
    }


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m soak", description="Many sessions at real-time pace, with faults.")
    parser.add_argument("--transport", choices=("websocket", "webrtc", "both"), default="websocket")
    parser.add_argument("--sessions", type=int, help="200 over WebSocket, 20 over WebRTC by default")
    parser.add_argument("--seconds", type=float, help="under load; 600 over WebSocket, 300 over WebRTC by default")
    parser.add_argument("--window", type=float, default=60.0, help="seconds until the bare clients take over; 60")
    parser.add_argument(
        "--bare-window", type=float, help="seconds that they have then; a tenth of --window, over WebRTC a third"
    )
    parser.add_argument("--faults-per-second", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--json", action="store_true", help="print one JSON object in the end instead of verdicts")
    given = parser.parse_args(arguments)
    for name in ("sessions", "seconds", "window", "bare_window"):
        value = getattr(given, name)
        if value is not None and value <= 0:
            parser.error(f"--{name.replace('_', '-')} must be positive")
    if given.faults_per_second < 0:
        parser.error("--faults-per-second must not be negative")
    return given


def _plan(given: argparse.Namespace, transport: str) -> Plan:
    sessions, seconds = _DEFAULTS[transport]
    seconds = given.seconds or seconds
    window = min(given.window, seconds)
    return Plan(
        transport="webrtc" if transport == "webrtc" else "websocket",
        sessions=given.sessions or sessions,
        seconds=seconds,
        faults=given.faults_per_second,
        window=window,
        bare_window=given.bare_window or window / (3 if transport == "webrtc" else 10),
        seed=given.seed,
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak, and print a verdict for each promise.

    Returns:
        The exit status: 1 if a promise was not kept.
    """
    given = _arguments(arguments)
    machine, found, kept = _machine(), list[dict[str, object]](), True
    for transport in ("websocket", "webrtc") if given.transport == "both" else (given.transport,):
        plan = _plan(given, transport)
        if not given.json:
            print(
                f"{transport}: {plan.sessions} sessions, {plan.seconds:g} s, {plan.faults:g} faults a second; {machine}"
            )
        record = asyncio.run(conduct(plan, lambda line: print(line, file=sys.stderr, flush=True)))
        verdicts = judge(record)
        kept = kept and all(verdict.kept is not False for verdict in verdicts)
        found.append({"plan": asdict(plan), "verdicts": [asdict(verdict) for verdict in verdicts], **asdict(record)})
        if not given.json:
            for verdict in verdicts:
                print(f"{_WORDS[verdict.kept]:<6}  {verdict.name}: {verdict.found}", flush=True)
    if given.json:
        print(json.dumps({"soaks": found, "kept": kept, "machine": machine}, indent=2))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
