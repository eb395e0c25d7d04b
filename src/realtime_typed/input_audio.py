"""What the user said, kept as long as an item may still need it. Pure: no asyncio, no transport.

With turn detection the service names a turn by the milliseconds of input audio at which speech began and ended; without
it, a turn is everything since the last commit. Audio that no turn can ask for any more is dropped.
"""

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .audio import Int16Array

__all__ = ["InputAudioHistory"]


class InputAudioHistory:
    """The input audio of a session since its beginning, of which only the recent part is kept.

    Args:
        rate: Samples a second. Default 24,000, the rate of PCM sessions.
        keep_seconds: How much audio before the present is kept while nobody speaks. It must exceed the service's
            `prefix_padding_ms` and the delay of the line. Default 30 seconds.
        limit_seconds: How much is kept at all, also of what a turn may still ask for; 0 keeps nothing and only counts.
            Default `None`: as much as turns need.

    Attributes:
        missing: How many samples at the beginning of the turn that was taken last are not kept any more.
    """

    def __init__(self, rate: int = 24_000, *, keep_seconds: float = 30.0, limit_seconds: float | None = None) -> None:
        self.rate = rate
        self._keep = int(keep_seconds * rate)
        self._limit = limit_seconds
        self.clear()

    def clear(self) -> None:
        """Forget everything: a new session begins."""
        self._chunks: deque[Int16Array] = deque()
        self._start = 0
        self._end = 0
        self._turn_start = 0
        self._clears = 0
        self._skipped = 0
        self._speech_start: int | None = None
        self.missing: int = 0

    @property
    def pending_samples(self) -> int:
        """How many samples were appended since the last commit or clear."""
        return self._end - self._turn_start

    def append(self, samples: "Int16Array") -> None:
        """Add what was sent: shape `(n,)`, dtype int16, at `rate`. It is kept, not copied."""
        if len(samples):
            self._chunks.append(samples)
            self._end += len(samples)
            if self._limit is not None:
                self._trim(self._end - round(self._limit * self.rate))

    def skip(self, samples: int) -> None:
        """Let the service's clock go on by silence that no turn will ask for: it is not kept."""
        self._skipped += samples

    def speech_started(self, audio_start_ms: int) -> None:
        """Keep everything from here on, until `speech_stopped`."""
        self._speech_start = self._sample(audio_start_ms)
        self._trim(min(self._speech_start, self._turn_start))

    def speech_stopped(self, audio_end_ms: int) -> "Int16Array":
        """Take the turn that ends here.

        Args:
            audio_end_ms: The end of speech, in milliseconds of input audio since the session began.

        Returns:
            The turn's audio, shape `(samples,)`, dtype int16; from the start of the turn when no start was reported.
        """
        start = self._turn_start if self._speech_start is None else max(self._speech_start, self._turn_start)
        self._speech_start = None
        return self._take(start, self._sample(audio_end_ms))

    def commit(self) -> "Int16Array":
        """Take everything since the last commit or clear; shape `(samples,)`, dtype int16."""
        self._speech_start = None
        return self._take(self._turn_start, self._end)

    @property
    def position(self) -> int:
        """Where the session's input audio ends now, in samples since its beginning."""
        return self._end

    def forget(self, start: int, end: int) -> None:
        """Audio that was appended was not sent after all: what follows it moves up.

        Args:
            start: Where it began, in samples since the session's beginning.
            end: Where it ended.
        """

        def moved(position: int) -> int:
            return position - max(0, min(position, end) - start)

        kept: deque[Int16Array] = deque()
        position = self._start
        for chunk in self._chunks:
            following = position + len(chunk)
            parts = (chunk[: max(0, start - position)], chunk[max(0, end - position) :])
            kept.extend([part for part in parts if len(part)] if start < following and position < end else [chunk])
            position = following
        self._chunks = kept
        self._start, self._end, self._turn_start = moved(self._start), moved(self._end), moved(self._turn_start)
        if self._speech_start is not None:
            self._speech_start = moved(self._speech_start)

    def clear_sent(self) -> None:
        """The service was asked to clear its input buffer: what is appended from here on stays in it."""
        self._clears += 1
        self.discard()

    def cleared(self) -> None:
        """The service says that it cleared its input buffer, by request or by itself."""
        if self._clears:
            self._clears -= 1
        else:
            self.discard()

    def discard(self) -> None:
        """Nothing of what was sent so far will become an item."""
        self._speech_start = None
        self._turn_start = self._end
        self._trim(self._end)

    def take_pending(self, idle_samples: int | None) -> "Int16Array":
        """Take what no turn has got yet, and begin anew: the service that had it is gone.

        Args:
            idle_samples: How much of it is still of use if nobody is speaking; `None` for all.

        Returns:
            Shape `(samples,)`, dtype int16, from where the user began to speak if that was told. `missing` says how
            many samples of it are not kept.
        """
        start = self._turn_start
        if self._speech_start is not None:
            start = max(start, self._speech_start)
        elif idle_samples is not None:
            start = max(start, self._end - idle_samples)
        samples, missing = self._slice(start, self._end), max(0, min(self._start, self._end) - start)
        self.clear()
        self.missing = missing
        return samples

    def idle(self) -> None:
        """Drop what no turn can ask for: call it while turn detection runs and nobody speaks."""
        if self._speech_start is None and self._end - self._turn_start > self._keep + self.rate:
            self._turn_start = self._end - self._keep
            self._trim(self._turn_start)

    def _sample(self, milliseconds: int) -> int:
        return max(0, milliseconds * self.rate // 1000 - self._skipped)

    def _take(self, start: int, end: int) -> "Int16Array":
        samples = self._slice(start, end)
        self.missing = max(0, min(self._start, end, self._end) - start)
        self._turn_start = max(self._turn_start, min(end, self._end))
        self._trim(self._turn_start)
        return samples

    def _slice(self, start: int, end: int) -> "Int16Array":
        start, end = max(start, self._start), min(end, self._end)
        if start >= end:
            return np.zeros(0, dtype=np.int16)
        parts: list[Int16Array] = []
        position = self._start
        for chunk in self._chunks:
            following = position + len(chunk)
            if following > start and position < end:
                parts.append(chunk[max(0, start - position) : end - position])
            position = following
        # A copy, so that a short turn does not keep long chunks alive.
        return np.concatenate(parts)

    def _trim(self, position: int) -> None:
        while self._chunks and self._start + len(self._chunks[0]) <= position:
            self._start += len(self._chunks.popleft())
