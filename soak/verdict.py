"""Judges what a soak has found: one verdict for each promise."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, cast

from .conductor import Record, Side, Window
from .histogram import Histogram
from .pacing import PERIOD

__all__ = ["RATIO", "SLOPE", "Verdict", "delays", "judge"]

RATIO: Final = 1.5
"""How many times the bare library's p99 ours may be."""
SLOPE: Final = 1.0
"""How many MB the memory may grow in a minute."""
_KEPT_PACE: Final = 0.97
_RECONNECTING: Final = 10
_FAULT_S: Final = 3.0
_MEMORY_SAMPLES: Final = 60


@dataclass(frozen=True)
class Verdict:
    """One promise.

    Attributes:
        name: What was promised.
        kept: Whether it was kept; `None` where the soak was too short to tell.
        found: The figures.
    """

    name: str
    kept: bool | None
    found: str


def _number(found: Mapping[str, object], name: str) -> float:
    return float(cast("float", found[name]))


def _merged(found: Iterable[object]) -> Histogram:
    whole = Histogram()
    for bins in found:
        whole.add(Histogram(cast("Mapping[str, int]", bins)))
    return whole


def delays(windows: Iterable[Window]) -> tuple[float, float, float]:
    """The delay that half, 99 % and 99.9 % of the events do not exceed, in milliseconds."""
    whole = _merged(window.client["delay"] for window in windows)
    p50, p99, p999 = (whole.quantile(fraction) / 1000 for fraction in (0.5, 0.99, 0.999))
    return p50, p99, p999


def judge(record: Record) -> list[Verdict]:
    """One verdict for each promise, in the order in which they are printed."""
    ours, bare = record.health["ours"], record.health["bare"]
    slopes = {name: _number(found, "memory_slope") for name, found in record.health.items()}
    errors = [*cast("list[str]", ours["errors"]), *cast("list[str]", ours["failed"])]
    count = int(_number(ours, "error_count")) + len(cast("list[str]", ours["failed"]))
    left = {name: int(_number(ours, f"{name}_left")) for name in ("tasks", "sockets")}
    left |= {"clients": int(_number(ours, "survivors")), "gc.garbage": int(_number(ours, "garbage"))}
    return [
        _pace(record, "ours"),
        _pace(record, "bare"),
        Verdict("no unhandled exception", not count, f"{count} {'; '.join(errors)}".strip()),
        Verdict("nothing left after the end", not any(left.values()), _list(left)),
        _steady(record),
        Verdict(
            f"memory grows by {SLOPE:g} MB/min at most",
            slopes["ours"] <= SLOPE if _number(ours, "memory_samples") >= _MEMORY_SAMPLES else None,
            f"{slopes['ours']:+.2f} MB/min after warm-up, peak {_number(ours, 'memory_peak'):.0f} MB; "
            f"bare {slopes['bare']:+.2f} MB/min, peak {_number(bare, 'memory_peak'):.0f} MB; "
            f"server {slopes['server']:+.2f} MB/min",
        ),
        _delay(record),
        _restored(record),
    ]


def _faults(windows: Iterable[Window]) -> dict[str, int]:
    struck: dict[str, int] = {}
    for window in windows:
        for name, count in cast("Mapping[str, int]", window.server["faults"]).items():
            struck[name] = struck.get(name, 0) + count
    return struck


def _list(found: Mapping[str, object]) -> str:
    return ", ".join(f"{value} {name}" for name, value in found.items())


def _pace(record: Record, side: Side) -> Verdict:
    windows = [window for window in record.windows if window.side == side]
    wanted = sum(window.seconds for window in windows) * record.plan.sessions / PERIOD
    sent = sum(_number(window.server, "sent") for window in windows)
    came = sum(_number(window.client, "came") for window in windows)
    heard = sum(_number(window.server, "heard") for window in windows)
    late = _merged(window.client["late"] for window in windows).quantile(0.99) / 1000
    server_late = _merged(window.server["late"] for window in windows).quantile(0.99) / 1000
    # A session without a connection, or one that stalls on purpose, misses some beats.
    struck = _faults(windows)
    missing = (struck.get("losses", 0) + struck.get("stall", 0)) * _FAULT_S / PERIOD
    kept = min(sent, came, heard) >= _KEPT_PACE * wanted - missing
    return Verdict(
        f"{side}: real-time pace both ways",
        kept,
        f"of {wanted:.0f} beats the server sent {sent / wanted:.1%}, {came / wanted:.1%} came, it heard "
        f"{heard / wanted:.1%}; p99 of lateness {late:.1f} ms at the client, {server_late:.1f} ms at the server",
    )


def _steady(record: Record) -> Verdict:
    """Tasks and sockets at the end of each window: those of sessions that are just being restored come and go."""
    warm = [window for window in record.windows if window.side == "ours" and window.counts]
    kept, parts = True, list[str]()
    for name in ("tasks", "sockets"):
        found = [_number(window.client, name) for window in warm]
        kept = kept and max(found) <= found[0] + _RECONNECTING
        parts.append(f"{min(found):.0f} to {max(found):.0f} {name}")
    return Verdict("tasks and sockets do not grow", kept, ", ".join(parts))


def _delay(record: Record) -> Verdict:
    found = {
        side: [window for window in record.windows if window.side == side and window.counts]
        for side in cast("tuple[Side, ...]", ("ours", "bare"))
    }
    ours, bare = delays(found["ours"]), delays(found["bare"])
    ratio = ours[1] / bare[1] if bare[1] else float("inf")
    pairs = [
        delays([mine])[1] / max(delays([theirs])[1], 1e-3)
        for mine, theirs in zip(found["ours"], found["bare"], strict=False)
    ]
    return Verdict(
        f"p99 of the added delay within {RATIO:g} × bare",
        ratio <= RATIO,
        f"{ratio:.2f} ×: p50 {ours[0]:.2f}, p99 {ours[1]:.2f}, p999 {ours[2]:.2f} ms; bare {bare[0]:.2f}, "
        f"{bare[1]:.2f}, {bare[2]:.2f} ms; by window {min(pairs):.2f} to {max(pairs):.2f} ×",
    )


def _restored(record: Record) -> Verdict:
    windows = [window for window in record.windows if window.side == "ours"]
    struck = _faults(windows)
    losses = struck.pop("losses", 0)
    restored = int(sum(_number(window.client, "restored") for window in windows))
    kept = restored >= losses - _RECONNECTING
    return Verdict("every lost connection is restored", kept, f"{restored} of {losses}; faults: {_list(struck)}")
