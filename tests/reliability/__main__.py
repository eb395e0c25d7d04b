"""`python -m tests.reliability [--only TEXT] [--kind KIND]` tries every fault, and writes docs/reliability.md."""

import argparse
import asyncio
import sys
import time
from typing import Final, cast, get_args

import pytest

from tests.contract.support import Kind, pin_to_loopback
from tests.reliability.rows import ROWS
from tests.reliability.table import DOCUMENT, render, verdict, write
from tests.reliability.trial import try_fault

_KINDS: Final = cast("tuple[Kind, ...]", get_args(Kind))


def main() -> int:
    """Try the faults.

    Returns:
        1 when something was lost without a word, or a session that could have gone on did not; else 0.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description="Faults × transports.")
    parser.add_argument("--only", default="", metavar="TEXT", help="only faults whose name holds it; writes nothing")
    parser.add_argument("--kind", choices=_KINDS, help="only this transport; writes nothing")
    given = parser.parse_args()
    chosen = [row for row in ROWS if given.only in row.name]
    found: dict[tuple[str, Kind], str] = {}
    wrong = 0
    began = time.monotonic()
    with pytest.MonkeyPatch.context() as patch:
        pin_to_loopback(patch)
        for row in chosen:
            for kind in row.kinds if given.kind is None else {given.kind} & set(row.kinds):
                outcome = asyncio.run(try_fault(row, kind))
                found[row.name, kind] = verdict(row, outcome)
                idle = bool(row.faults or row.proxy) and not outcome.fired
                bad = idle or bool(outcome.silent) or bool(outcome.ended) != row.ends
                wrong += bad
                print(f"{'WRONG ' if bad else ''}{kind:<10} {row.name}: {found[row.name, kind]}", flush=True)
                if bad:
                    print(f"    {outcome}", flush=True)
    print(f"{len(found)} sessions in {time.monotonic() - began:.0f} s, {wrong} of them wrong")
    if len(chosen) == len(ROWS) and given.kind is None and not wrong:
        write(render(found, ROWS))
        print(f"wrote docs/{DOCUMENT.name}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
