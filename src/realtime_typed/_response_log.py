"""What one response has brought so far, for those who read it while it grows. It knows nothing of the connection."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

from ._generated.realtime.shared import ConversationItem, RealtimeResponse
from ._item_content import as_text, content_parts
from ._wire import WireModel, wire_fields
from .errors import ResponseFailed
from .utility_events import ItemDelta, OutputAudio

__all__ = ["GrowingList", "Place", "ResponseLog", "ResponseLogs"]

T = TypeVar("T")


@dataclass(slots=True)
class Place:
    """How far a reader is: how many entries it has read, since which restart."""

    position: int = 0
    restarts: int = 0


class GrowingList(Generic[T]):
    """A list that grows until it ends. Each reader counts for itself how far it is."""

    __slots__ = ("_readers", "entries", "error", "over", "restarts")

    def __init__(self) -> None:
        self.entries: list[T] = []
        self.restarts: int = 0
        self.over: bool = False
        self.error: BaseException | None = None
        self._readers: set[asyncio.Future[None]] = set()

    def append(self, entry: T) -> None:
        """Add an entry; does nothing when the list has ended."""
        if not self.over:
            self.entries.append(entry)
            self._wake()

    def end(self, error: BaseException | None = None) -> None:
        """Say that no more will come; readers raise `error` in the end, if there is one."""
        if not self.over:
            self.over = True
            self.error = error
            self._wake()

    def discard(self) -> None:
        """End it at once: readers stop without what they have not read yet."""
        self.entries.clear()
        self.end()

    def restart(self) -> None:
        """Begin anew: who reads it goes on with what comes first now."""
        self.entries, self.over, self.error = [], False, None
        self.restarts += 1
        self._wake()

    def _wake(self) -> None:
        for reader in self._readers:
            if not reader.done():
                reader.set_result(None)

    async def read(self, place: Place) -> T:
        """Wait for the entry after those that were read, and count it as read.

        Raises:
            StopAsyncIteration: The list has ended before it.
        """
        while True:
            if place.restarts != self.restarts:
                place.restarts, place.position = self.restarts, 0
            if place.position < len(self.entries):
                place.position += 1
                return self.entries[place.position - 1]
            if self.over:
                if self.error is not None:
                    # Each reader raises it by itself, without the others' traceback.
                    raise self.error.with_traceback(None)
                raise StopAsyncIteration
            await self.grown()

    async def grown(self) -> None:
        """Wait until something happens."""
        reader: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.add(reader)
        try:
            await reader
        finally:
            self._readers.discard(reader)


class ResponseLog:
    """One response as it grows.

    Args:
        response: What `response.created` says of it.

    Attributes:
        id: Its id.
        response: What the service said of it last.
        status: `in_progress`, or how it ended.
        text: Pieces of its text.
        transcript: Pieces of what it says.
        audio: Pieces of its audio.
        items: Its items, each when it is complete.
        failure: Why it did not complete.
        outside: Whether it is of no conversation.
        over: Whether it has ended; nothing is ever added to this list.
        audio_is_read: Whether somebody has begun to read its audio.
        take_audio: Is told each piece of audio that is read.
    """

    def __init__(self, response: RealtimeResponse, take_audio: Callable[[OutputAudio], None]) -> None:
        self.id: str = response.id or ""
        self.response: RealtimeResponse = response
        self.status: str = response.status or "in_progress"
        self.outside: bool = "conversation_id" in response.model_fields_set and response.conversation_id is None
        self.text: GrowingList[str] = GrowingList()
        self.transcript: GrowingList[str] = GrowingList()
        self.audio: GrowingList[OutputAudio] = GrowingList()
        self.items: GrowingList[ConversationItem] = GrowingList()
        self.over: GrowingList[None] = GrowingList()
        self.failure: BaseException | None = None
        self.audio_is_read: bool = False
        self.take_audio: Callable[[OutputAudio], None] = take_audio
        self._done_items: set[str] = set()
        self._spoken_items: set[str] = set()
        self._audio_ended = False

    def restart(self, response: RealtimeResponse) -> None:
        """It was cut off with the connection, and this response is made in its place."""
        self.id, self.response, self.status = response.id or "", response, response.status or "in_progress"
        for growing in (self.text, self.transcript, self.audio, self.items):
            growing.restart()
        self._done_items.clear()
        self._spoken_items.clear()
        self._audio_ended = False

    def cut_off(self, failure: ResponseFailed) -> None:
        """It was cut off with the connection, and nothing is made in its place."""
        self._fail(failure, failure.status)

    def end_unseen(self) -> None:
        """The connection was lost when all had come but its end: it counts as completed."""
        if not self.over.over:
            self.status = "completed"
            self._complete()
            self._end()
            self.audio.end()

    def grew(self, delta: ItemDelta) -> None:
        """An item of it has grown. Its audio comes by another way, which knows what the user interrupted."""
        if delta.text is not None:
            self.text.append(delta.text)
        if delta.transcript is not None:
            self.transcript.append(delta.transcript)

    def item_done(self, item: ConversationItem) -> None:
        """An item of it is complete."""
        item_id = item.id or ""
        if item_id not in self._done_items:
            self._done_items.add(item_id)
            self.items.append(item)
            if any(wire_fields(part).get("type") in ("output_audio", "audio") for part in content_parts(item)):
                self._spoken_items.add(item_id)

    def speaks(self, item_id: str) -> bool:
        """Whether that is an item of it with audio."""
        return item_id in self._spoken_items

    def add_audio(self, piece: OutputAudio) -> None:
        """Some of its audio has come."""
        self._spoken_items.add(piece.item_id)
        self.audio.append(piece)

    def is_heard_further(self, unheard: Callable[[OutputAudio], bool]) -> bool:
        """Whether more of its audio is to be heard than was; `unheard` says so of a piece."""
        if not self.audio.over:
            # One that has just begun is not what is heard; over a track one that is done may be heard next.
            return self.over.over or bool(self.audio.entries)
        last = {piece.item_id: piece for piece in self.audio.entries}
        return any(unheard(piece) for piece in last.values())

    def track_ended(self) -> None:
        """A track has brought all of its audio."""
        self._audio_ended = True
        if self.over.over:
            self.audio.end()

    def done(self, response: object, *, by_track: bool) -> None:
        """The response has ended.

        Args:
            response: What `response.done` says of it.
            by_track: Whether its audio comes over a track, later than its events, and the service tells its end.
        """
        if self.over.over:
            return
        fields = wire_fields(response)
        # One that does not fit its schema at all is not handed out.
        if isinstance(response, RealtimeResponse):
            self.response = response
        self.status = as_text(fields.get("status")) or "completed"
        if self.status != "completed":
            self._fail(_failure(self.id, self.status, fields.get("status_details")), self.status)
            return
        self._complete()
        self._end()
        if not by_track or self._audio_ended or not self._spoken_items:
            self.audio.end()

    def _complete(self) -> None:
        """Add what the items hold beyond the pieces: some services send a text as a whole, without pieces."""
        formatted = [item.formatted for item in self.items.entries if wire_fields(item).get("type") == "message"]
        for growing, whole in (
            (self.text, "".join(form.text for form in formatted)),
            (self.transcript, "".join(form.transcript for form in formatted)),
        ):
            so_far = "".join(growing.entries)
            if len(whole) > len(so_far) and whole.startswith(so_far):
                growing.append(whole[len(so_far) :])

    def expire(self, timeout: float) -> None:
        """The service has not gone on with the response for `timeout` seconds."""
        message = f"no event of it came for {timeout:g} seconds"
        self._fail(ResponseFailed(self.id, "failed", code="timeout", message=message), "failed")

    def _fail(self, failure: ResponseFailed, status: str) -> None:
        if self.over.over:
            return
        self.status = status
        self.failure = failure
        self._end()
        # Nobody wants to hear the rest of what was cut off.
        if status == "cancelled":
            self.audio.discard()
        else:
            self.audio.end()

    def _end(self) -> None:
        for growing in (self.text, self.transcript, self.items, self.over):
            growing.end()

    def connection_ended(self, error: BaseException, *, expected: bool) -> None:
        """What has not come will not come. Readers stop quietly if the end was `expected`."""
        if not self.over.over:
            self.status = "failed"
            self.failure = error
        for growing in (self.text, self.transcript, self.audio, self.items):
            growing.end(None if expected else error)
        self.over.end()


def _failure(response_id: str, status: str, details: object) -> ResponseFailed:
    values = details.to_wire() if isinstance(details, WireModel) else wire_fields(details)
    error = wire_fields(values.get("error"))
    return ResponseFailed(
        response_id,
        status,
        code=as_text(error.get("code")) or None,
        reason=as_text(values.get("reason")) or None,
        message=as_text(error.get("message")),
        status_details=values or None,
    )


def _fitting(response: object) -> RealtimeResponse:
    # One that does not fit its schema at all is known by its id alone.
    values = {"id": as_text(wire_fields(response).get("id")) or None}
    return response if isinstance(response, RealtimeResponse) else RealtimeResponse.model_validate(values)


class ResponseLogs:
    """The logs of a session's responses, by id. A log is kept for as long as somebody holds it.

    A response is told of before the one who asked for it goes on, so that until then it is held here.

    Args:
        take_audio: Is told each piece of audio that is read.
    """

    def __init__(self, take_audio: Callable[[OutputAudio], None]) -> None:
        self._take_audio = take_audio
        self._by_id: WeakValueDictionary[str, ResponseLog] = WeakValueDictionary()
        self._fresh: dict[str, ResponseLog] = {}
        self._expected = 0

    def __bool__(self) -> bool:
        return bool(self._by_id)

    @contextmanager
    def expecting(self) -> Generator[None]:
        """Hold what begins inside of the block: one of them is for `take`."""
        self._expected += 1
        try:
            yield
        finally:
            self._expected -= 1
            if not self._expected:
                self._fresh.clear()

    def take(self, response: object) -> ResponseLog:
        """The log of a response that has begun, for whoever asked for it."""
        log = self.get(wire_fields(response).get("id"))
        return self._begin(response) if log is None else log

    def created(self, response: object) -> None:
        """A response has begun."""
        if self._expected:
            log = self._begin(response)
            self._fresh[log.id] = log

    def _begin(self, response: object) -> ResponseLog:
        begun = _fitting(response)
        log = self._by_id[begun.id or ""] = ResponseLog(begun, self._take_audio)
        return log

    def get(self, response_id: object) -> ResponseLog | None:
        """The log of a response, if anybody holds it."""
        return self._by_id.get(response_id) if isinstance(response_id, str) else None

    def restart(self, log: ResponseLog, response: object) -> None:
        """Another response is made in the place of that of a log, which goes on with it."""
        self._by_id.pop(log.id, None)
        log.restart(_fitting(response))
        self._by_id[log.id] = log

    def cut_off(self, failure: ResponseFailed) -> None:
        """A response was cut off, and nothing is made in its place."""
        log = self.get(failure.response_id)
        if log is not None:
            log.cut_off(failure)

    def end_unseen(self, response_id: str) -> None:
        """The connection was lost when all of a response had come but its end."""
        log = self.get(response_id)
        if log is not None:
            log.end_unseen()

    def outside(self) -> list[str]:
        """The responses of no conversation that are under way, of those that somebody holds."""
        return [log.id for log in list(self._by_id.values()) if log.outside and not log.over.over]

    def add_audio(self, piece: OutputAudio) -> bool:
        """Add audio to the response that it belongs to; says whether somebody reads it there."""
        log = self._by_id.get(piece.response_id) if self._by_id else None
        if log is None:
            return False
        log.add_audio(piece)
        return log.audio_is_read

    def discard_audio(self, unheard: Callable[[OutputAudio], bool]) -> None:
        """What the model says in the conversation is not to be heard any further.

        Args:
            unheard: Says whether a piece has not been heard to its end. What was heard is kept as it is.
        """
        for log in list(self._by_id.values()):
            if not log.outside and log.is_heard_further(unheard):
                log.audio.discard()

    def track_ended(self, item_id: str) -> None:
        """A track has brought all audio of an item, and so all of its response: it names only one item of each."""
        for log in list(self._by_id.values()):
            if log.speaks(item_id):
                log.track_ended()

    def connection_ended(self, error: BaseException, *, expected: bool) -> None:
        """What has not come will not come."""
        for log in list(self._by_id.values()):
            log.connection_ended(error, expected=expected)
        self._by_id.clear()
