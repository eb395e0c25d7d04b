"""Runs targets, one process each, and reads what they report."""

import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .targets import CANARY, TARGETS
from .worker import INPUT_TIMEOUT

__all__ = ["ROOT", "Outcome", "Share", "known", "read_report", "run_target", "shares"]

ROOT: Final = Path(__file__).parents[1]

_COUNT: Final = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERAGE: Final = re.compile(r"cov: (\d+) ft: (\d+)(?: corp: (\d+))?")
_WRITTEN: Final = re.compile(r"Test unit written to (\S+)")
# Starting, instrumenting and reading the corpus.
_START: Final = 120


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a run is a target's: a number of inputs, or seconds; the other is 0."""

    inputs: int = 0
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a target.

    Attributes:
        target: Its name.
        inputs: How many inputs it was given.
        seconds: How long that took, the start of the process included.
        edges: How many branches of our modules were taken; `None` without coverage.
        features: How many combinations of branch and count; `None` without coverage.
        corpus: How many inputs lead to them; `None` without coverage.
        status: The exit status, 0 for a good end.
        crash: The input that crashed it.
        report: The end of what it wrote, where it crashed.
    """

    target: str
    inputs: int
    seconds: float
    edges: int | None
    features: int | None
    corpus: int | None
    status: int
    crash: Path | None = None
    report: str = ""

    @property
    def rate(self) -> float:
        """Inputs a second."""
        return self.inputs / self.seconds if self.seconds > 0 else 0.0

    @property
    def reproduction(self) -> str | None:
        """The command that gives the crashing input to the target again."""
        if self.crash is None:
            return None
        return f"python -m fuzz --target {self.target} --reproduce {shlex.quote(str(self.crash))}"


def shares(targets: Sequence[str], *, inputs: int | None, seconds: int | None) -> dict[str, Share]:
    """Divide a run evenly: a number of inputs in all, or seconds in all (each target gets at least one).

    Args:
        targets: The names of the targets.
        inputs: How many inputs, in all.
        seconds: How many seconds, where `inputs` is `None`.
    """
    whole = seconds if inputs is None else inputs
    each, over = divmod(whole or 0, len(targets))
    parts = [max(1, each + (number < over)) for number in range(len(targets))]
    made = [Share(seconds=part) if inputs is None else Share(inputs=part) for part in parts]
    return dict(zip(targets, made, strict=True))


def run_target(
    name: str, share: Share, *, seed: int, by_chance: bool, crashes: Path, corpus: Path | None = None
) -> Outcome:
    """Fuzz one target in a process of its own, which its crash may end.

    Args:
        name: The target.
        share: For how long.
        seed: Of chance.
        by_chance: Whether to do without coverage.
        crashes: The folder in which an input that crashes is kept.
        corpus: A folder that gets the inputs which found something new, and gives them to the next run.
    """
    limit = share.seconds or (60 + share.inputs // 20)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        crashes.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "fuzz.worker", name, "--scratch", scratch, "--crashes", str(crashes.resolve())]
        command += ["--seed", str(seed), "--inputs", str(share.inputs), "--seconds", str(share.seconds)]
        if corpus is not None:
            (corpus / name).mkdir(parents=True, exist_ok=True)
            command += ["--corpus", str((corpus / name).resolve())]
        if by_chance:
            command.append("--by-chance")
        start = time.monotonic()
        try:
            done = subprocess.run(
                command,
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=limit + _START + INPUT_TIMEOUT,
                check=False,
            )
            status, written = done.returncode, done.stdout
        except subprocess.TimeoutExpired as error:
            told: object = error.stdout
            text = told.decode("utf-8", "replace") if isinstance(told, bytes) else ""
            status, written = 70, f"{text}\nthe process did not end"
        return read_report(name, written, status, time.monotonic() - start)


def read_report(name: str, written: str, status: int, seconds: float) -> Outcome:
    """Read what a worker wrote, in libFuzzer's words."""
    coverage = _COVERAGE.findall(written)
    edges, features, units = (int(each) if each else None for each in coverage[-1]) if coverage else (None, None, None)
    counts = _COUNT.findall(written)
    found = _WRITTEN.findall(written)
    return Outcome(
        target=name,
        inputs=int(counts[-1]) if counts else 0,
        seconds=seconds,
        edges=edges,
        features=features,
        corpus=units,
        status=status,
        crash=Path(found[-1]) if found else None,
        report=_shown(written) if status else "",
    )


def _shown(written: str) -> str:
    """What says why: the traceback, or the end."""
    lines = [
        line
        for line in written.splitlines()
        if not line.startswith(("INFO:", "WARNING:", "#", "0x", "\\", "Dictionary:", "MS:", "Base64:"))
    ]
    return "\n".join(line[:400] for line in lines[-40:])


def known(names: Sequence[str]) -> list[str]:
    """The names of the targets that are meant: those named, or all."""
    return [name for name in (*TARGETS, CANARY.name) if name in names] if names else list(TARGETS)
