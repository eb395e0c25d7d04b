"""What waits to be sent over a connection, in order. One sender at a time hands frames to the transport.

An outbox is closed (there is no connection: nothing can be posted), open, or held: the connection was lost and another
is being made, so that frames wait, and those who flush them too. What waits is bounded in bytes.

Numbers: every frame has one, in the order of posting, and frames leave in that order. Whoever flushes waits until no
frame up to the one posted last is here any more.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from ._redact import redact_frame
from .errors import ConnectionClosed, MessageTooLargeError, SendQueueFullError
from .flow_control import SendQueue
from .transports import Transport

__all__ = ["Dropped", "Outbox", "Waiting", "audio_bytes", "event_name"]

_APPEND: Final = "input_audio_buffer.append"
_AUDIO_KEY: Final = '"audio":"'

_logger = logging.getLogger("realtime_typed.api")

_Frame: TypeAlias = tuple[int, str, object, int, int]
"""A frame's number, its text, what it was made of, its bytes, and the bytes of audio in it."""


class Waiting(NamedTuple):
    """A frame that was not sent: its text, and what it was made of (`None` for audio that came by `send_audio`)."""

    frame: str
    event: object


class Dropped(NamedTuple):
    """The oldest audio that waited was dropped.

    Attributes:
        audio_bytes: How much, in bytes of audio (not of frames).
        behind: How many bytes of audio were posted since the first of it, that one counted.
        held: Whether there was no connection, or one that was too slow.
    """

    audio_bytes: int
    behind: int
    held: bool


class Outbox:
    """The frames of one client on their way out.

    Args:
        sent: Is told each frame that was sent, and what it was made of.
        logs: Says whether to log each frame.
        policy: How much may wait, and what happens then.
        dropped: Is told when audio was dropped.

    Attributes:
        policy: The same.
        reconnects: Whether a lost connection is followed by another. A frame that the transport does not take any more
            then waits for that one, and so does whoever flushes it; the owner says what comes by `hold` or `close`.
        sent_frames: How many frames a transport has taken.
        sent_bytes: Their bytes.
        queued_bytes: The bytes of what waits.
        dropped_frames: How many frames of audio were dropped.
        dropped_audio_bytes: The bytes of the audio in them.
    """

    def __init__(
        self,
        sent: Callable[[str, object], None],
        logs: Callable[[], bool],
        policy: SendQueue | None = None,
        dropped: Callable[[Dropped], None] | None = None,
    ) -> None:
        self._tell = sent
        self._logs = logs
        self.policy: SendQueue = policy or SendQueue()
        self._tell_dropped = dropped
        self.reconnects: bool = False
        self._state: Literal["closed", "held", "restoring", "open"] = "closed"
        self._transport: Transport | None = None
        self._limit: int | None = None
        self._frames: deque[_Frame] = deque()
        self._posted = self._gone = 0
        # Frames of these numbers were lost with a connection, before another one was opened.
        self._lost = range(0)
        self._audio_frames = self._audio_frame_bytes = self._audio_bytes = 0
        self._lock = asyncio.Lock()
        # What the transport is being given. If it does not take it any more, it waits again.
        self._sending: _Frame | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moving = asyncio.Event()  # set unless those who flush have to wait
        self._moving.set()
        self.sent_frames = self.sent_bytes = self.queued_bytes = 0
        self.dropped_frames = self.dropped_audio_bytes = 0

    # The connection.

    @property
    def is_open(self) -> bool:
        """Whether what is posted can be sent now."""
        return self._state == "open"

    @property
    def is_held(self) -> bool:
        """Whether what is posted waits for a connection that is being made."""
        return self._state in ("held", "restoring")

    def __len__(self) -> int:
        return len(self._frames)

    def open(self, transport: Transport, limit: int | None, *, restoring: bool = False) -> list[Waiting]:
        """Send over this transport from now on, frames of at most `limit` bytes.

        What was queued while the outbox was held is kept; what waited when it was closed is lost. Nothing is sent by
        this call: whoever opens flushes afterwards.

        Args:
            transport: An open connection.
            limit: The longest frame that it carries, in bytes; `None` when there is no bound.
            restoring: Let only `send_ahead` send, until `release` is called: the session is made anew first.

        Returns:
            Frames that had waited and are too large for this connection; they are in the queue no more.
        """
        if self._state == "closed":
            self._lost = range(self._gone + 1, self._posted + 1)
            # One of its own, so that who flushes from now on waits for none of those.
            self._posted += 1
            self._gone = self._posted
            self._clear()
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            # A lock that was waited for belongs to the loop of those who waited.
            self._loop, self._lock = loop, asyncio.Lock()
        self._transport, self._limit = transport, limit
        self._enter("restoring" if restoring else "open")
        return [] if limit is None else self._remove(lambda entry: entry[3] > limit)

    def release(self) -> None:
        """The session is made anew: send what waits. Whoever calls this flushes afterwards."""
        if self._state == "restoring":
            self._enter("open")

    def hold(self) -> None:
        """The connection was lost, and another is being made: frames wait for it. Nothing happens when closed."""
        if self._state != "closed":
            self._transport = None
            self._enter("held")

    def close(self) -> None:
        """Send nothing more; those who wait raise `ConnectionClosed`."""
        self._transport = None
        self._enter("closed")

    def _enter(self, state: Literal["closed", "held", "restoring", "open"]) -> None:
        self._state = state
        if state in ("open", "closed"):
            self._moving.set()
        elif self._moving.is_set():
            # One of its own: those who wait may be of another event loop than those who waited before.
            self._moving = asyncio.Event()

    def waiting(self) -> list[Waiting]:
        """What was not sent, in order. It stays in the queue."""
        frames = self._frames if self._sending is None else (self._sending, *self._frames)
        return [Waiting(frame, event) for _, frame, event, _, _ in frames]

    def take(self, unwanted: Callable[[Waiting], bool]) -> list[Waiting]:
        """Take frames out of the queue, as when they mean nothing to the session that follows.

        Whoever flushes one of them is not told. Audio that is taken does not count as dropped: see `audio_bytes`.

        Args:
            unwanted: Says of a frame whether to take it out.

        Returns:
            Those, in order.
        """
        return self._remove(lambda entry: unwanted(Waiting(entry[1], entry[2])))

    def _remove(self, unwanted: Callable[[_Frame], bool]) -> list[Waiting]:
        removed = [entry for entry in self._frames if unwanted(entry)]
        if removed:
            numbers = {entry[0] for entry in removed}
            kept = [entry for entry in self._frames if entry[0] not in numbers]
            self._clear()
            for entry in kept:
                self._count(entry, 1)
            self._frames.extend(kept)
        return [Waiting(frame, event) for _, frame, event, _, _ in removed]

    def _clear(self) -> None:
        self._frames.clear()
        self.queued_bytes = self._audio_frames = self._audio_frame_bytes = self._audio_bytes = 0

    def _count(self, entry: _Frame, sign: int) -> None:
        _, _, event, size, audio = entry
        self.queued_bytes += sign * size
        if event is None or audio:
            self._audio_frames += sign
            self._audio_frame_bytes += sign * size
            self._audio_bytes += sign * audio

    # What goes in.

    def post(self, frame: str, event: object, audio: int = 0) -> None:
        """Queue a frame.

        Args:
            frame: Its text.
            event: What it was made of; `None` for audio that goes the short way.
            audio: The bytes of audio in it, if they are known; those of an event are found by themselves.

        Raises:
            ConnectionClosed: There is no connection.
            MessageTooLargeError: It is larger than the connection carries.
            SendQueueFullError: There is no room for it.
            UnicodeEncodeError: The text holds a lone surrogate.
        """
        if self._state == "closed":
            raise ConnectionClosed(1006, "not connected; call connect() first")
        size = len(frame) if frame.isascii() else len(frame.encode())
        limit = self._limit
        if limit is not None and size > limit:
            raise MessageTooLargeError(size, limit)
        if not audio:
            audio = audio_bytes(frame, event)
        if self.queued_bytes + size > self.policy.max_bytes and (self._frames or self._state != "open"):
            self._make_room(size)
        self._posted += 1
        entry = (self._posted, frame, event, size, audio)
        self._frames.append(entry)
        self._count(entry, 1)

    def _make_room(self, size: int) -> None:
        excess = self.queued_bytes + size - self.policy.max_bytes
        # What would not suffice is not dropped either.
        if self.policy.overflow == "raise" or excess > self._audio_frame_bytes:
            raise SendQueueFullError(size, self.queued_bytes, self.policy.max_bytes)
        behind, lost, kept = self._audio_bytes, 0, list[_Frame]()
        while excess > 0:
            entry = self._frames.popleft()
            if entry[2] is not None and not entry[4]:
                kept.append(entry)
                continue
            self._count(entry, -1)
            excess -= entry[3]
            lost += entry[4]
            self.dropped_frames += 1
        self._frames.extendleft(reversed(kept))
        self.dropped_audio_bytes += lost
        if self._tell_dropped is not None:
            self._tell_dropped(Dropped(lost, behind, self._state != "open"))

    # What goes out.

    async def flush(self) -> None:
        """Send what waits, in order; while the outbox is held, wait until it is open again.

        Raises:
            ConnectionClosed: The connection ended for good; what was left of the queue is lost.
        """
        wanted = self._posted
        while True:
            if not self._moving.is_set():
                await self._moving.wait()
            async with self._lock:
                refused = await self._drain()
            waits = bool(self._frames) and self._frames[0][0] <= wanted
            if wanted in self._lost or (waits and (refused is not None or self._state == "closed")):
                raise refused or ConnectionClosed(1006, "the connection ended before the event was sent")
            if not waits:
                return

    async def _drain(self) -> ConnectionClosed | None:
        """Send until nothing waits or the state changes; return why nothing can be sent any more, if that is so."""
        while self._frames and self._state == "open":
            transport = cast("Transport", self._transport)
            entry = self._frames.popleft()
            self._count(entry, -1)
            number, frame, event, size, _ = entry
            self._log(frame)
            self._sending = entry
            try:
                await transport.send(frame)
            except ConnectionClosed as error:
                if number in self._lost:
                    return error
                # It is the first of all that wait, for nobody else has sent meanwhile.
                self._frames.appendleft(entry)
                self._count(entry, 1)
                if self.reconnects and transport is self._transport:
                    self.hold()
                # What comes to wait for another connection, or has got one, was not refused.
                return None if self.is_held or self._transport not in (None, transport) else error
            except BaseException:
                # A cancelled sender has handed its frame over all the same.
                self._gone = number
                raise
            finally:
                self._sending = None
            self._gone = number
            self.sent_frames += 1
            self.sent_bytes += size
            self._tell(frame, event)
        return None

    def _log(self, frame: str) -> None:
        if self._logs():
            _logger.debug("sent %s", redact_frame(frame))

    async def send_ahead(self, frame: str, event: object) -> None:
        """Send a frame before all that wait, while a session is made anew.

        Raises:
            ConnectionClosed: There is no connection, or it takes nothing any more.
            MessageTooLargeError: It is larger than the connection carries.
        """
        async with self._lock:
            transport = self._transport
            if transport is None:
                raise ConnectionClosed(1006, "the connection ended before the event was sent")
            size = len(frame.encode())
            if self._limit is not None and size > self._limit:
                raise MessageTooLargeError(size, self._limit)
            self._log(frame)
            await transport.send(frame)
            self.sent_frames += 1
            self.sent_bytes += size
            self._tell(frame, event)


def event_name(event: object) -> object:
    """The type of what a frame was made of: a model, a dict, or nothing for audio that goes the short way."""
    return _APPEND if event is None else getattr(event, "type", None) or cast("Mapping[str, object]", event)["type"]


def audio_bytes(frame: str, event: object) -> int:
    """How many bytes of audio a frame appends to the input audio: 0 when it is another event."""
    if event_name(event) != _APPEND:
        return 0
    start = frame.find(_AUDIO_KEY)
    if start < 0:
        return 0
    start += len(_AUDIO_KEY)
    end = frame.find('"', start)
    return (end - start) * 3 // 4 - frame.count("=", max(start, end - 2), end)
