"""Which item gets which part of what the user said. Pure.

With turn detection the service says where a turn ends and commits it; without it the application commits, and what it
appends before the service has answered belongs to the next turn already.
"""

from collections import deque
from dataclasses import dataclass, replace

import numpy as np

from .audio import Int16Array
from .input_audio import InputAudioHistory

__all__ = ["SpokenTurn", "SpokenTurns"]


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """The audio of one turn; false when it has none.

    Attributes:
        item_id: The item that it is said to become.
        samples: What is kept of it: shape `(n,)`, dtype int16, at the session's input rate.
        missing: How many samples came before these and are not kept.
    """

    item_id: str
    samples: Int16Array
    missing: int

    def __bool__(self) -> bool:
        return bool(len(self.samples) or self.missing)


class SpokenTurns:
    """The turns that ended and are not committed yet.

    Args:
        history: What the user said.
    """

    def __init__(self, history: InputAudioHistory) -> None:
        self._history = history
        self._ended: SpokenTurn | None = None
        # With where each ends, in samples since the session's beginning.
        self._queued: deque[tuple[SpokenTurn, int]] = deque()

    def clear(self) -> None:
        """Forget all turns: a new session begins."""
        self._ended = None
        self._queued.clear()

    def take(self) -> tuple[SpokenTurn | None, list[SpokenTurn]]:
        """Take all turns: the one that turn detection has ended, and those that the application has committed."""
        taken = self._ended, [turn for turn, _ in self._queued]
        self.clear()
        return taken

    def queue(self) -> None:
        """The application commits what it has appended so far."""
        self._queued.append((self._committed_now(), self._history.position))

    def forget(self, behind: int, count: int) -> None:
        """Audio that was appended was not sent after all.

        Args:
            behind: How many samples were appended since it began, those counted.
            count: How many samples it has.
        """
        start = self._history.position - behind
        end = start + count
        turns: list[tuple[SpokenTurn, int]] = []
        for turn, turn_end in self._queued:
            begin = turn_end - len(turn.samples)
            first, last = (min(max(0, at - begin), len(turn.samples)) for at in (start, end))
            samples = np.concatenate((turn.samples[:first], turn.samples[last:]))
            turns.append((replace(turn, samples=samples), turn_end - max(0, min(turn_end, end) - start)))
        self._queued = deque(turns)
        self._history.forget(start, end)

    def refused(self) -> None:
        """The service refused the oldest commit of the application that it has not answered."""
        if self._queued:
            self._queued.popleft()

    def speech_stopped(self, item_id: str, audio_end_ms: int) -> SpokenTurn | None:
        """Take the turn that turn detection has ended; `None` when nothing was said in it."""
        turn = SpokenTurn(item_id, self._history.speech_stopped(audio_end_ms), self._history.missing)
        self._ended = turn or None
        return self._ended

    def committed(self, item_id: str) -> SpokenTurn:
        """Take the turn that the service has committed, under the id that it was announced with, or else this one."""
        if self._ended is not None:
            turn, self._ended = self._ended, None
            return turn
        turn = self._queued.popleft()[0] if self._queued else self._committed_now()
        return replace(turn, item_id=item_id)

    def _committed_now(self) -> SpokenTurn:
        return SpokenTurn("", self._history.commit(), self._history.missing)
