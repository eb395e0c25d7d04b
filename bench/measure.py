"""Timing by pairs: A and B take turns in one process, and what counts is the median of their ratios.

A machine that is busy for a moment slows both halves of a pair, so the ratio holds where times do not.
"""

import gc
import math
import statistics
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

__all__ = ["Pairs", "Result", "Work", "pair_up", "summarize", "without_gc"]

Work: TypeAlias = Callable[[], object]
Pairs: TypeAlias = list[tuple[float, float]]
"""Seconds of ours and of the baseline, pair by pair."""

_SAMPLE_SECONDS: Final = 0.012


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark found.

    Attributes:
        name: The benchmark's name, as `--only` takes it.
        baseline: What ours is compared with.
        unit: What the absolute times are for, for instance `"a turn of 68 frames"`.
        better: `"lower"`: `ratio` is ours / baseline; `"higher"`: `ratio` is baseline / ours, "times faster".
        target: The bound of `ratio`, `None` when the benchmark only reports.
        ratio: The median over all pairs, `None` when it was skipped.
        p10: The ratio that a tenth of the pairs stays below.
        p90: The ratio that a tenth of the pairs exceeds.
        ours_us: The median time of ours for one `unit`, in microseconds.
        baseline_us: The same of the baseline.
        samples: How many pairs there were.
        skipped: Why it was not measured, `None` when it was.
    """

    name: str
    baseline: str
    unit: str
    better: Literal["lower", "higher"]
    target: float | None
    ratio: float | None = None
    p10: float | None = None
    p90: float | None = None
    ours_us: float | None = None
    baseline_us: float | None = None
    samples: int = 0
    skipped: str | None = None

    @property
    def met(self) -> bool | None:
        """Whether the target is met; `None` when there is none, or nothing was measured."""
        if self.target is None or self.ratio is None:
            return None
        return self.ratio <= self.target if self.better == "lower" else self.ratio >= self.target


@contextmanager
def without_gc() -> Generator[None]:
    """Keep the garbage collector out of what is timed."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _seconds(work: Work, times: int) -> float:
    # Time of the processor, not of the clock: what other processes take meanwhile is not counted.
    begin = time.process_time_ns()
    for _ in range(times):
        work()
    return (time.process_time_ns() - begin) / 1e9


def _times_for_a_sample(work: Work) -> int:
    work()  # builds what is built once
    once = min(_seconds(work, 1) for _ in range(3))
    return max(1, math.ceil(_SAMPLE_SECONDS / max(once, 1e-7)))


def pair_up(ours: Work, baseline: Work, repeat: int, *, times: int | None = None) -> Pairs:
    """Time two pieces of work in turns, with garbage collection off.

    Args:
        ours: Our work.
        baseline: What it is compared with.
        repeat: How many pairs.
        times: How often each is called for one sample. Default: as often as takes about 4 ms, found out for each.

    Returns:
        Seconds of one call each, pair by pair.
    """
    ours_times = times or _times_for_a_sample(ours)
    baseline_times = times or _times_for_a_sample(baseline)
    pairs: Pairs = []
    with without_gc():
        for _ in range(repeat):
            mine = _seconds(ours, ours_times) / ours_times
            pairs.append((mine, _seconds(baseline, baseline_times) / baseline_times))
    return pairs


def _quantile(ordered: list[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))]


def summarize(
    name: str,
    pairs: Pairs,
    *,
    baseline: str,
    unit: str,
    better: Literal["lower", "higher"],
    target: float | None,
    per: int = 1,
) -> Result:
    """Make a result of pairs.

    Args:
        name: See `Result`, as for all that is not described here.
        pairs: The times.
        baseline: What ours was compared with.
        unit: What the absolute times are for.
        better: Which way the ratio goes.
        target: The ratio's bound.
        per: How many units one call did. Default 1.
    """
    ratios = sorted(ours / base if better == "lower" else base / ours for ours, base in pairs)
    return Result(
        name,
        baseline,
        unit,
        better,
        target,
        ratio=statistics.median(ratios),
        p10=_quantile(ratios, 0.1),
        p90=_quantile(ratios, 0.9),
        ours_us=statistics.median(ours for ours, _ in pairs) / per * 1e6,
        baseline_us=statistics.median(base for _, base in pairs) / per * 1e6,
        samples=len(pairs),
    )
