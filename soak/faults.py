"""The faults of a soak: which, when and for whom, by a seed; what they do is the server's business."""

import random
from typing import Final, Literal, TypeAlias, cast, get_args

__all__ = ["FAULTS", "LOSSES", "Fault", "FaultPlan"]

Fault: TypeAlias = Literal[
    "drop", "truncate", "going_away", "internal_error", "stall", "garbage", "duplicate", "unknown", "error"
]
"""What goes wrong in a session.

`drop`: the TCP connection is reset. `truncate`: the same in the middle of a frame. `going_away`, `internal_error`:
closed with 1001, 1011. `stall`: nothing comes for two seconds. `garbage`: a frame that is no JSON. `duplicate`: an
event comes twice. `unknown`: an event of a type that nobody knows. `error`: an `error` event, after which the session
goes on.
"""
FAULTS: Final = cast("tuple[Fault, ...]", get_args(Fault))
LOSSES: Final[frozenset[Fault]] = frozenset({"drop", "truncate", "going_away", "internal_error"})
"""Those that end the connection."""


class FaultPlan:
    """Draws faults. Two plans of one seed draw the same.

    Args:
        seed: The seed.
        kinds: What may be drawn, each as often as the others. Default all.
    """

    def __init__(self, seed: int, kinds: tuple[Fault, ...] = FAULTS) -> None:
        self._random = random.Random(seed)
        self._kinds = kinds

    def next(self, sessions: int) -> tuple[int, Fault]:
        """The next one: for which of so many sessions, and which."""
        return self._random.randrange(sessions), self._random.choice(self._kinds)
