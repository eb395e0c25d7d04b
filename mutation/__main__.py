"""`python -m mutation [module …] [--sample N]`: mutation scores; exit 1 when a survivor is not explained."""

import argparse
import sys
from pathlib import Path

from .modules import MODULES
from .run import Outcome, mutate
from .survivors import Change, explained_in

_SURVIVORS = Path(__file__).with_name("survivors.toml")


def _row(name: str, outcome: Outcome) -> str:
    counts = outcome.counts
    odd = sorted(set(counts) - {"killed", "timeout", "survived", "equivalent"})
    words = [f"{counts.total()} mutants", *(f"{counts[word]} {word}" for word in ("killed", "timeout", "survived"))]
    words += [f"{counts['equivalent']} only for checkers", *(f"{counts[word]} {word}" for word in odd)]
    return f"{name}: {', '.join(words)}; score {outcome.score:.1%}"


def _told(change: Change) -> str:
    return "\n".join(
        [
            f"  {change.place}",
            *(
                f"    {sign} {line}"
                for sign, text in (("-", change.was), ("+", change.now))
                for line in text.splitlines()
            ),
        ]
    )


def main(arguments: list[str] | None = None) -> int:
    """Run it and say what came out."""
    parser = argparse.ArgumentParser(prog="python -m mutation", description=__doc__)
    parser.add_argument("module", nargs="*", help=f"which of {', '.join(MODULES)}; default all")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--sample", type=int, metavar="N", help="try N mutants of each module instead of all")
    which.add_argument(
        "--again", action="store_true", help="try those alone that survived the last run, or changed since"
    )
    parser.add_argument("--children", type=int, default=1, metavar="N", help="processes that run tests; default 1")
    chosen = parser.parse_args(arguments)
    strangers = [name for name in chosen.module if name not in MODULES]
    if strangers:
        parser.error(f"no such module: {', '.join(strangers)}")
    explained = explained_in(_SURVIVORS)
    unexplained = 0
    for name in chosen.module or MODULES:
        outcome = mutate(MODULES[name], sample=chosen.sample, again=chosen.again, children=chosen.children)
        print(_row(name, outcome), flush=True)
        for change in outcome.survivors:
            reason = explained.get(change)
            unexplained += reason is None
            print(f"{_told(change)}\n    {reason or 'NOT EXPLAINED'}", flush=True)
    if unexplained:
        print(f"{unexplained} survivors are not explained: write a test, or a reason into {_SURVIVORS.name}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
