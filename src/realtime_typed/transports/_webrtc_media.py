"""The audio of a WebRTC connection: one incoming track for several readers, and an outgoing one that is only borrowed.

aiortc puts an incoming track's frames into a queue without bound, so that it must be read from beginning to end,
whoever wants them. aiortc's own `MediaRelay` would do; but its reading task cannot be ended while a connection that
never carried a packet waits for the first.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from realtime_typed._webrtc_audio import AudioReader

if TYPE_CHECKING:
    from av.frame import Frame
    from av.packet import Packet
    from av.stream import Stream

    from realtime_typed.audio import Int16Array

__all__ = ["BorrowedTrack", "RemoteAudio"]

_logger = logging.getLogger(__name__)
# 30 s of 20 ms frames: a reader that has stopped reading must not hold more and more.
_MAX_HELD = 1500


class _Source(Protocol):
    """The part of a track that is read; aiortc's own annotations are incomplete."""

    async def recv(self) -> "Frame | Packet[Stream]": ...


class BorrowedTrack(MediaStreamTrack):
    """Reads a track of the application without ending it: aiortc stops the track that it sent when it closes."""

    kind = "audio"

    def __init__(self, source: MediaStreamTrack) -> None:
        super().__init__()
        self._source: _Source = source

    async def recv(self) -> "Frame | Packet[Stream]":
        """The source's next frame.

        Raises:
            MediaStreamError: Either track has ended.
        """
        if self.readyState != "live":
            raise MediaStreamError
        return await self._source.recv()


class _Copy(MediaStreamTrack):
    """A second reader's view of a track. It holds frames from the first `recv` on."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._frames: deque[Frame | Packet[Stream]] = deque(maxlen=_MAX_HELD)
        self._changed = asyncio.Event()
        self._read = False
        self._complete = False

    async def recv(self) -> "Frame | Packet[Stream]":
        """The next frame.

        Raises:
            MediaStreamError: The track has ended.
        """
        self._read = True
        while not self._frames:
            if self._complete:
                self.stop()
            if self.readyState != "live":
                raise MediaStreamError
            self._changed.clear()
            await self._changed.wait()
        return self._frames.popleft()

    def put(self, frame: "Frame | Packet[Stream]") -> None:
        if self._read and self.readyState == "live":
            self._frames.append(frame)
            self._changed.set()

    def end(self) -> None:
        """No frame comes after those that did."""
        self._complete = True
        self._changed.set()

    def stop(self) -> None:
        super().stop()
        self._frames.clear()
        self._changed.set()


class _Tee(MediaStreamTrack):
    """The incoming track; whoever reads it hands each frame to the others on the way."""

    kind = "audio"

    def __init__(self, source: MediaStreamTrack, pass_on: "Callable[[Frame | Packet[Stream]], None]") -> None:
        super().__init__()
        self._source: _Source = source
        self._pass_on = pass_on

    async def recv(self) -> "Frame | Packet[Stream]":
        frame = await self._source.recv()
        self._pass_on(frame)
        return frame


class RemoteAudio:
    """Reads the incoming track as long as it lasts.

    Args:
        on_audio: Is called with each piece: int16, shape `(n,)`, mono, 24,000 Hz. `None` when nobody listens.
    """

    def __init__(self, on_audio: "Callable[[Int16Array], None] | None") -> None:
        self._on_audio = on_audio
        self._copy = _Copy()
        self._task: asyncio.Task[None] | None = None
        self._ended = False

    @property
    def track(self) -> MediaStreamTrack:
        """A view of the incoming track for one more reader; the same one every time, until that is stopped."""
        if self._copy.readyState != "live" and not self._ended:
            self._copy = _Copy()
        return self._copy

    def take(self, track: MediaStreamTrack) -> None:
        """Begin to read; tracks after the first are left alone, the protocol has one."""
        if self._task is None and not self._ended and track.kind == "audio":
            self._task = asyncio.create_task(self._read(track), name="realtime-typed webrtc incoming audio")

    async def _read(self, source: MediaStreamTrack) -> None:
        tee = _Tee(source, self._pass_on)
        try:
            if self._on_audio is not None:
                await self._convert(tee, self._on_audio)
            while True:
                await tee.recv()
        except MediaStreamError:
            pass
        finally:
            self._end()

    async def _convert(self, tee: MediaStreamTrack, on_audio: "Callable[[Int16Array], None]") -> None:
        try:
            async for samples in AudioReader(tee):
                on_audio(samples)
        except MediaStreamError:
            raise
        except Exception:
            # The frames must be read all the same, or they would fill the memory.
            _logger.exception("the incoming audio cannot be handed on; it is dropped from here")

    def _pass_on(self, frame: "Frame | Packet[Stream]") -> None:
        self._copy.put(frame)

    def _end(self) -> None:
        self._ended = True
        self._copy.end()

    async def stop(self) -> None:
        """End the reading; readers of `track` get what came, then its end."""
        self._end()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
