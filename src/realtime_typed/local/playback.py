"""The output audio buffer of a WebRTC session: what is heard when, and what was never heard. Pure.

A response's audio is generated faster than it is heard. What waits is kept here and on the track:

- Responses are heard one after the other. `output_audio_buffer.started` comes with the first audio of a response that
  goes to the track, `output_audio_buffer.stopped` when its last was sent.
- `clear` drops everything that waits. A response that was heard gets `output_audio_buffer.cleared`, and each message of
  which not all was heard is cut there: `conversation.item.truncated`, and what the model remembers ends there too.
- A response that is cleared while it is generated goes on, unheard; its messages are cut when it is done.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from realtime_typed.audio import Int16Array

from .history import History
from .requests import Wire

__all__ = ["AudioLine", "Playback"]

_SAMPLES_A_MS: Final = 24


class AudioLine(Protocol):
    """Where audio is heard: a media track."""

    def play(self, samples: Int16Array) -> None:
        """Queue audio: int16, shape (n,), 24 kHz."""
        ...

    def drop(self) -> None:
        """Throw away what is queued."""
        ...


@dataclass
class _Reply:
    """The audio of one response.

    Attributes:
        queued: How many samples each item has, in order.
        played: How many of those were sent.
        waiting: What the track has not got yet.
    """

    response_id: str
    queued: dict[str, int] = field(default_factory=dict[str, int])
    played: dict[str, int] = field(default_factory=dict[str, int])
    waiting: list[Int16Array] = field(default_factory=list[Int16Array])
    started: bool = False
    finished: bool = False

    @property
    def all_played(self) -> bool:
        return self.played == self.queued


class Playback:
    """The buffer of one session.

    Args:
        line: The track.
        history: The conversation, of which messages are cut.
        emit: Sends an event.
        ended: Called when nothing is left to be heard.
    """

    def __init__(
        self, line: AudioLine, history: History, emit: Callable[[Wire], None], ended: Callable[[], None]
    ) -> None:
        self._line = line
        self._history = history
        self._emit = emit
        self._ended = ended
        self._replies: deque[_Reply] = deque()
        self._unheard: dict[str, _Reply] = {}

    @property
    def busy(self) -> bool:
        """Whether a response is heard, or waits to be."""
        return bool(self._replies)

    def add(self, response_id: str, item_id: str, samples: Int16Array) -> None:
        """Add the next audio of a response.

        Args:
            response_id: The response.
            item_id: The message that it belongs to.
            samples: int16, shape (n,), 24 kHz.
        """
        reply = self._unheard.get(response_id)
        if reply is None:
            reply = next((reply for reply in self._replies if reply.response_id == response_id), None)
        if reply is None:
            reply = _Reply(response_id)
            self._replies.append(reply)
        reply.queued[item_id] = reply.queued.get(item_id, 0) + samples.size
        reply.played.setdefault(item_id, 0)
        if response_id in self._unheard:
            return
        reply.waiting.append(samples)
        self._advance()

    def finish(self, response_id: str) -> None:
        """Note that a response is done, and has no more audio."""
        reply = self._unheard.pop(response_id, None)
        if reply is not None:
            self._cut(reply)
        for reply in self._replies:
            reply.finished = reply.finished or reply.response_id == response_id
        self._advance()

    def sent(self, samples: int) -> None:
        """Note that the track has sent so many samples of what it got."""
        if not self._replies:
            return
        reply = self._replies[0]
        for item_id, queued in reply.queued.items():
            step = min(samples, queued - reply.played[item_id])
            reply.played[item_id] += step
            samples -= step
        self._advance()

    def clear(self) -> None:
        """Drop everything that has not been heard; without any of it, nothing happens."""
        if not self._replies:
            return
        self._line.drop()
        replies, self._replies = self._replies, deque()
        for reply in replies:
            reply.waiting.clear()
            if reply.started:
                self._emit({"type": "output_audio_buffer.cleared", "response_id": reply.response_id})
            if reply.finished:
                self._cut(reply)
            else:
                self._unheard[reply.response_id] = reply
        self._ended()

    def _advance(self) -> None:
        """Hand audio to the track, and tell of a beginning and of ends."""
        was_busy = self.busy
        while self._replies:
            reply = self._replies[0]
            if not reply.started:
                reply.started = True
                self._emit({"type": "output_audio_buffer.started", "response_id": reply.response_id})
            for samples in reply.waiting:
                self._line.play(samples)
            reply.waiting.clear()
            if not (reply.finished and reply.all_played):
                return
            self._replies.popleft()
            self._emit({"type": "output_audio_buffer.stopped", "response_id": reply.response_id})
        if was_busy:
            self._ended()

    def _cut(self, reply: _Reply) -> None:
        for item_id, queued in reply.queued.items():
            played = reply.played[item_id]
            item = self._history.get(item_id)
            # A message out of band is in no conversation; one may also have been deleted or cut by the client.
            audio = item.audio.get(0) if item is not None else None
            audio_end_ms = played // _SAMPLES_A_MS
            if played == queued or item is None or audio is None or audio.milliseconds <= audio_end_ms:
                continue
            item.truncate(0, audio_end_ms)
            where: Wire = {"item_id": item_id, "content_index": 0, "audio_end_ms": audio_end_ms}
            self._emit({"type": "conversation.item.truncated", **where})
