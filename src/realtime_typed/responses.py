"""What `create_response` returns: one response, to read while it grows and to wait for.

Several responses are told apart by their ids, so that each handle has only what belongs to its own, also one outside of
the conversation.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Generic, Self, TypeVar

from ._generated.realtime.shared import ConversationItem, RealtimeResponse
from ._request import own_metadata
from ._response_log import GrowingList, Place, ResponseLog
from ._response_sequencer import WhenActive
from .utility_events import OutputAudio

__all__ = ["ResponseHandle", "ResponseStream", "WhenActive"]

T = TypeVar("T")


class ResponseStream(Generic[T]):
    """What a response brings, from its beginning to its end, as an async iterator.

    The iteration ends with the response, however that ends: `ResponseHandle.done` says how. It raises
    `ConnectionClosed` when the connection was lost before, unless the client reconnects: then the response is asked for
    again, and the iteration goes on with the new one from its beginning; `ResponseHandle.restarts` counts that.
    """

    def __init__(self, log: ResponseLog, growing: GrowingList[T], taken: Callable[[T], None] | None = None) -> None:
        self._log = log  # is fed only for as long as somebody holds it
        self._growing = growing
        self._taken = taken
        self._place = Place()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        entry = await self._growing.read(self._place)
        if self._taken is not None:
            self._taken(entry)
        return entry


class ResponseHandle:
    """A response of the model, under way or over.

    ::

        response = await client.create_response()
        async for piece in response.text:
            print(piece, end="")
        result = await response.done()

    Each reading of `text`, `transcript`, `audio` or `items` gives a new iterator that begins with what the response
    brought first. What it brings is kept for as long as the handle is.
    """

    def __init__(self, log: ResponseLog, cancel: Callable[[str], Awaitable[None]]) -> None:
        self._log = log
        self._cancel = cancel

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} {self.status}>"

    @property
    def id(self) -> str:
        """The response's id, which its events carry as `response_id`."""
        return self._log.id

    @property
    def restarts(self) -> int:
        """How often it was cut off with the connection and asked for again, each time under another id.

        What it had brought until then is forgotten: forget what was shown of it, too.
        """
        return self._log.text.restarts

    @property
    def status(self) -> str:
        """`"in_progress"`; then `"completed"`, `"cancelled"`, `"failed"` or `"incomplete"`."""
        return self._log.status

    @property
    def response(self) -> RealtimeResponse:
        """What the service said of it last: in `response.created`, and in `response.done` with output and usage."""
        return self._log.response

    @property
    def metadata(self) -> Mapping[str, str]:
        """The metadata that it was asked for with; empty without.

        `response.metadata` may hold one entry more, `realtime_typed_request`, by which the client knows its own.
        """
        return own_metadata(self._log.response.metadata)

    @property
    def text(self) -> ResponseStream[str]:
        """Its text, piece by piece."""
        return ResponseStream(self._log, self._log.text)

    @property
    def transcript(self) -> ResponseStream[str]:
        """What it says, piece by piece, ahead of its audio."""
        return ResponseStream(self._log, self._log.transcript)

    @property
    def audio(self) -> ResponseStream[OutputAudio]:
        """Its audio, piece by piece.

        Over a WebSocket the pieces come as fast as the service makes them. Over WebRTC they come in real time by the
        track, and end when the response's audio has come, which is later than `done`. When the response is cancelled,
        or the user interrupts it, the iteration ends at once, without what was not taken yet.
        """
        self._log.audio_is_read = True
        return ResponseStream(self._log, self._log.audio, self._log.take_audio)

    @property
    def items(self) -> ResponseStream[ConversationItem]:
        """Its items (messages, function calls), each when it is complete."""
        return ResponseStream(self._log, self._log.items)

    async def done(self, timeout: float | None = None) -> RealtimeResponse:
        """Wait for its end.

        Args:
            timeout: Seconds to wait; `None`, the default, waits until it has ended, which the client's
                `response_timeout` bounds.

        Returns:
            The response with its output and usage, once it has completed.

        Raises:
            ResponseFailed: It did not complete: it failed, is incomplete or was cancelled; `status` says which.
            TimeoutError: It did not end in time. It goes on all the same.
            ConnectionClosed: The connection ended first.
        """
        log = self._log
        async with asyncio.timeout(timeout):
            while not log.over.over:
                await log.over.grown()
        if log.failure is not None:
            # Whoever asks again is told again, without the first one's traceback.
            raise log.failure.with_traceback(None)
        return log.response

    async def cancel(self) -> None:
        """Stop it. Does nothing when it is over; `done` then raises `ResponseFailed` with status `"cancelled"`.

        Raises:
            ConnectionClosed: There is no connection.
        """
        if not self._log.over.over:
            await self._cancel(self.id)
