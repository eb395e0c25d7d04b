"""One process that fuzzes one target: `python -m fuzz.worker NAME …`, started by `fuzz.runner`.

With atheris libFuzzer leads, by the branches of our modules; it ends the process itself. Without it, chance alone does,
over the same targets, inputs and mutations.
"""

import argparse
import faulthandler
import importlib.util
import logging
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Final, Protocol, cast

from . import corpus
from .mutation import mutate, mutate_bytes
from .targets import CANARY, TARGETS, Target, TargetModule, load

__all__ = ["CRASHED", "has_atheris", "main"]

CRASHED: Final = 77
"""The exit status for an exception: that of libFuzzer."""

INPUT_TIMEOUT: Final = 30
"""How many seconds one input may take."""

_MEMORY_MB: Final = 2048
# The random driver keeps so many inputs of its own beside those it began with.
_POOL: Final = 2000


class _Atheris(Protocol):
    """What is used of atheris, which has no types."""

    def instrument_imports(self, include: Sequence[str], exclude: Sequence[str]) -> "_Hook": ...
    def Setup(self, args: Sequence[str], test: object, **options: object) -> object: ...  # noqa: N802  # its name
    def Fuzz(self) -> None: ...  # noqa: N802  # its name
    def Mutate(self, data: bytes, size: int) -> bytes: ...  # noqa: N802  # its name


class _Hook(Protocol):
    def __enter__(self) -> object: ...
    def __exit__(self, *args: object) -> None: ...


def has_atheris() -> bool:
    """Whether fuzzing is led by coverage in this environment."""
    return importlib.util.find_spec("atheris") is not None


def _packages(target: Target) -> list[str]:
    return sorted({name.partition(".")[0] for name in target.modules})


def _not_instrumented(target: Target) -> list[str]:
    """Every module of the packages beside those of the target: their branches would only cost time."""
    names: set[str] = set()
    for package in _packages(target):
        spec = importlib.util.find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec is not None else ():
            for path in Path(place).rglob("*.py"):
                steps = [package, *path.relative_to(place).with_suffix("").parts]
                names.add(".".join(steps[:-1] if steps[-1] == "__init__" else steps))
    return sorted(names - set(target.modules))


def _led(target: Target, options: argparse.Namespace) -> None:
    atheris = cast("_Atheris", importlib.import_module("atheris"))
    with atheris.instrument_imports(_packages(target), _not_instrumented(target)):
        module = load(target)
    scratch = Path(options.scratch)
    begin, words = scratch / "seeds", tuple(word.encode("utf-8", "surrogatepass") for word in module.words())
    begin.mkdir(exist_ok=True)
    for number, data in enumerate(corpus.inputs(target, module)):
        (begin / f"{number:05}").write_bytes(data)
    (scratch / "words").write_text(corpus.dictionary(module.words()) or '"\\x00"\n', "ascii")

    def change(data: bytes, max_size: int, seed: int) -> bytes:
        # Mostly libFuzzer's own mutations, which are quick and know what comparisons asked for.
        if seed % 3:
            return atheris.Mutate(data, max_size)
        return mutate(target, data, max_size, Random(seed), words)

    arguments = [
        f"-seed={options.seed}",
        f"-runs={options.inputs}" if options.inputs else f"-max_total_time={options.seconds}",
        f"-max_len={target.max_len}",
        f"-timeout={INPUT_TIMEOUT}",
        f"-rss_limit_mb={_MEMORY_MB}",
        f"-dict={scratch / 'words'}",
        f"-artifact_prefix={options.crashes}/{target.name}-",
        "-print_final_stats=1",
    ]
    places = [options.corpus, str(begin)] if options.corpus else [str(begin)]
    atheris.Setup([sys.argv[0], *arguments, *places], module.run, custom_mutator=change)
    atheris.Fuzz()


def _by_chance(target: Target, options: argparse.Namespace) -> int:
    module = load(target)
    return run_by_chance(
        target,
        module,
        seed=options.seed,
        inputs=options.inputs,
        seconds=options.seconds,
        crashes=Path(options.crashes),
        more=Path(options.corpus) if options.corpus else None,
    )


def run_by_chance(
    target: Target,
    module: TargetModule,
    *,
    seed: int,
    inputs: int,
    seconds: float,
    crashes: Path,
    more: Path | None = None,
) -> int:
    """Fuzz without coverage; prints in libFuzzer's words how many inputs there were.

    Args:
        target: What is fuzzed.
        module: Its module.
        seed: Of chance; the same seed gives the same inputs.
        inputs: How many, 0 for as many as the time allows.
        seconds: For how long, where `inputs` is 0.
        crashes: Where an input that crashes is written.
        more: A folder with further inputs to begin with.

    Returns:
        The exit status: 0, or 77 for a crash.
    """
    random = Random(seed)
    words = tuple(word.encode("utf-8", "surrogatepass") for word in module.words())
    pool = corpus.inputs(target, module)
    pool += [path.read_bytes() for path in sorted(more.iterdir())] if more is not None else []
    first = len(pool)
    pool = pool or [b""]
    start, count = time.monotonic(), 0
    while count < inputs if inputs else time.monotonic() - start < seconds:
        data = pool[count] if count < first else pool[random.randrange(len(pool))]
        if count >= first:
            change = random.randrange(3)
            data = (
                mutate(target, data, target.max_len, random, words)
                if change
                else mutate_bytes(data, target.max_len, random, words)
            )
            # Without coverage nothing tells which input is worth keeping, so some are.
            if not random.randrange(50):
                pool[random.randrange(first, len(pool)) if len(pool) > first + _POOL else len(pool) :] = [data]
        count += 1
        faulthandler.dump_traceback_later(INPUT_TIMEOUT, exit=True)
        try:
            module.run(data)
        except Exception:  # whatever it is: it is not one that the target expects
            path = crashes / f"{target.name}-crash-{seed}-{count}"
            path.write_bytes(data)
            traceback.print_exc()
            print(f"Test unit written to {path}\nstat::number_of_executed_units: {count}", file=sys.stderr)
            return CRASHED
        finally:
            faulthandler.cancel_dump_traceback_later()
    print(f"stat::number_of_executed_units: {count}", file=sys.stderr)
    return 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz one target.

    Returns:
        The exit status; with atheris it does not return.
    """
    parser = argparse.ArgumentParser(prog="python -m fuzz.worker")
    parser.add_argument("target", choices=[*TARGETS, CANARY.name])
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--crashes", required=True)
    parser.add_argument("--corpus")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--by-chance", action="store_true")
    options = parser.parse_args(arguments)
    # What the package logs of hostile input would take longer than the input. Of this process alone.
    logging.getLogger("realtime_typed").setLevel(logging.CRITICAL)
    target = TARGETS.get(options.target, CANARY)
    if options.by_chance:
        return _by_chance(target, options)
    _led(target, options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
