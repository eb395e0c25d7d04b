"""Chooses the inputs that the repository keeps: the shortest that together make every step that any of them makes."""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

from . import corpus
from .targets import Target, TargetModule, load

if TYPE_CHECKING:
    from _typeshed import TraceFunction

__all__ = ["minimise", "steps_of"]

_MAX_BYTES: Final = 14_000
"""How much of each target is kept, in bytes: all together stay below 200 kB, written as literals."""

_Step = tuple[str, int, int]


def steps_of(target: Target, module: TargetModule, data: bytes) -> frozenset[_Step]:
    """The steps from line to line, in the target's modules, that an input makes; none for one that crashes."""
    files = {getattr(sys.modules.get(name), "__file__", None) for name in target.modules} - {None}
    found: set[_Step] = set()

    def trace(frame: FrameType, _event: str, _argument: object) -> "TraceFunction | None":
        path = frame.f_code.co_filename
        if path not in files:
            return None
        last = 0

        def step(inner: FrameType, event: str, _argument: object) -> "TraceFunction | None":
            nonlocal last
            if event == "line":
                found.add((path, last, inner.f_lineno))
                last = inner.f_lineno
            return step

        return step

    sys.settrace(trace)
    try:
        module.run(data)
    except Exception:  # the caller leaves it out; fuzzing is what reports it
        return frozenset()
    finally:
        sys.settrace(None)
    return frozenset(found)


def minimise(target: Target, folder: Path | None) -> str:
    """Write the inputs of a target that are kept, out of those that are and those in `folder`; say what was done."""
    module = load(target)
    seeds = list(module.seeds())
    found = _inputs(target, folder)
    known: set[_Step] = set()
    for data in seeds:  # what the seeds reach needs no input beside them
        known |= steps_of(target, module, data)
    reached, chosen, size = len(known), list[bytes](), 0
    for data in found:
        new = steps_of(target, module, data) - known
        if new and size + len(data) <= _MAX_BYTES:
            known |= new
            chosen.append(data)
            size += len(data)
    path = corpus.keep(target, chosen)
    kept = f"{len(chosen)} of {len(found)} inputs, {path.stat().st_size} bytes"
    return f"{target.name}: {kept}; {reached} steps by the seeds, {len(known)} in all"


def _inputs(target: Target, folder: Path | None) -> list[bytes]:
    found: Iterable[bytes] = corpus.kept(target)
    if folder is not None and (folder / target.name).is_dir():
        found = [*found, *(path.read_bytes() for path in (folder / target.name).iterdir())]
    return sorted(set(found), key=lambda data: (len(data), data))
