"""One run of mutmut over one module, on a copy of the project: the tree itself is never touched."""

import contextlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.stats import status_by_exit_code

from .modules import Module
from .survivors import Change, changed_by, is_only_for_checkers

__all__ = ["Outcome", "mutate"]

_ROOT = Path(__file__).parent.parent
_KEPT = _ROOT / ".mutation"
_COPIED = ("src", "codegen", "schema", "docs", "tests", "mutation", "pyproject.toml")
_PACKAGE = "src/realtime_typed"
_LIVING = ("survived", "no tests")
# A server of forks that runs no test itself, so that each mutant meets the modules as they are after their import.
_SETTINGS = """
[tool.mutmut]
source_paths = ["src/"]
only_mutate = {sources}
also_copy = ["codegen", "schema", "docs", "mutation"]
process_isolation = "forkserver"
use_git_change_detection = false
pytest_add_cli_args = ["-q", "-p", "no:cacheprovider", "-p", "mutation.hypothesis_profile", "--timeout=300"]
pytest_add_cli_args_test_selection = {tests}
"""


@dataclass
class Outcome:
    """What became of the mutants of one module.

    Attributes:
        counts: How many mutants by `"killed"`, `"timeout"`, `"equivalent"` (only type checkers see them), `"survived"`
            or one of mutmut's words for what went wrong.
        survivors: What the survivors changed.
    """

    counts: Counter[str]
    survivors: list[Change]

    @property
    def score(self) -> float:
        """The share of killed mutants, those that ran into their time limit included, of all but the equivalent."""
        killed = self.counts["killed"] + self.counts["timeout"]
        return killed / (self.counts.total() - self.counts["equivalent"] or 1)


@contextlib.contextmanager
def _copy(module: Module) -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="mutation-") as name:
        folder = Path(name)
        for part in _COPIED:
            source = _ROOT / part
            if source.is_dir():
                shutil.copytree(source, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copy(source, folder / part)
        settings = _SETTINGS.format(
            sources=json.dumps([f"{_PACKAGE}/{source}" for source in module.sources]),
            tests=json.dumps([f"tests/unit/{test}" for test in module.tests]),
        )
        with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
        yield folder


def _mutmut(folder: Path, *arguments: str, time_limit: float) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=time_limit,
        check=False,
    )
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if "Running stats" not in line]
        raise RuntimeError(f"mutmut {arguments[0]} failed:\n" + "\n".join(lines)[-4000:])
    return done.stdout


def _prefix(source: str) -> str:
    return f"realtime_typed.{source.removesuffix('.py').replace('/', '.')}."


def _names(source: str) -> dict[str, str]:
    """All mutants of a file, by mutmut's names for them, each with the hash of the function that it changes."""
    mutated = mutate_file_contents(source, (_ROOT / _PACKAGE / source).read_text("utf-8"))
    hashes = mutated.hash_by_function_name
    return {_prefix(source) + name: hashes[name.rpartition("__mutmut_")[0]] for name in mutated.mutant_names}


def _kept(source: str) -> Path:
    return _KEPT / f"{source.replace('/', '-')}.json"


def _known(source: str) -> dict[str, str]:
    """What earlier runs found of a file, functions that changed since left out: names of mutants have numbers."""
    path = _kept(source)
    entries: dict[str, tuple[str, str]] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return {name: entries[name][1] for name, digest in _names(source).items() if entries.get(name, ("",))[0] == digest}


def _keep(source: str, statuses: Mapping[str, str]) -> None:
    _KEPT.mkdir(exist_ok=True)
    entries = {name: (digest, statuses[name]) for name, digest in _names(source).items()}
    _kept(source).write_text(json.dumps(entries), "utf-8")


def _statuses(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in sorted((folder / "mutants").rglob("*.meta")):
        codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        found.update((name, status_by_exit_code[code]) for name, code in codes.items())
    return found


def mutate(
    module: Module, *, sample: int | None = None, again: bool = False, children: int = 1, time_limit: float = 5400
) -> Outcome:
    """Make every mutant of a module and see which of them its tests notice.

    Args:
        module: What to mutate, and the tests.
        sample: How many mutants to try, chosen by chance but the same each time; `None` is all.
        again: Try only those that survived the last run, and those of functions that changed since; the others count
            as they did then. Tests may have been added since, but not taken out.
        children: How many processes run tests.
        time_limit: Seconds for all.

    Raises:
        RuntimeError: mutmut failed, as when a test fails without any mutant.
        subprocess.TimeoutExpired: The time is up.
    """
    before = {name: status for source in module.sources for name, status in _known(source).items()} if again else {}
    names = sorted(name for source in module.sources for name in _names(source))
    chosen = [name for name in names if before.get(name, "survived") in _LIVING]
    if sample is not None:
        # The same ones each time, or nobody could look into what one run found.
        chosen = sorted(random.Random(0).sample(names, min(sample, len(names))))
    with _copy(module) as folder:
        if chosen:
            _mutmut(
                folder,
                "run",
                "--max-children",
                str(children),
                *([] if chosen == names else chosen),
                time_limit=time_limit,
            )
        found = _statuses(folder)
        statuses = before | {name: found[name] for name in chosen}
        survivors: list[Change] = []
        for name in [name for name, status in statuses.items() if status in _LIVING]:
            change = changed_by(name, _mutmut(folder, "show", name, time_limit=60))
            if is_only_for_checkers(change):
                statuses[name] = "equivalent"
            else:
                survivors.append(change)
    if sample is None:
        for source in module.sources:
            _keep(source, statuses)
    counts = Counter("survived" if status in _LIVING else status for status in statuses.values())
    return Outcome(counts, survivors)
