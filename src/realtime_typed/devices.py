"""The machine's microphone and loudspeaker, through `sounddevice` (extra `devices`), as streams for asyncio.

::

    async with Microphone() as microphone, Speaker(playback=client.playback) as speaker:
        async for samples in microphone:
            await client.append_input_audio(samples)

PortAudio calls back in a thread of its own. What crosses to the event loop are bytes and wake-ups, never an event.
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Final, Protocol, Self, cast

import numpy as np

from ._portaudio import AudioDevice, Device, Library, Stream, Times, list_devices, load_library
from ._stream_resample import StreamResampler
from .audio import AudioData, Int16Array, pcm16_array, pcm16_bytes
from .utility_events import OutputAudio

__all__ = ["AudioDevice", "Microphone", "Playback", "Speaker", "list_devices"]

_RATE: Final = 24_000


class Playback(Protocol):
    """Who wants to know what was heard, such as `RealtimeClient.playback`. It is called in PortAudio's thread."""

    def played(self, item_id: str, samples: int) -> None:
        """`samples` of the item were heard since its beginning."""


class _DeviceStream(ABC):
    """What microphone and speaker share: opening at a rate that the device takes, and closing."""

    _kind = ""

    def __init__(self, device: Device, channels: int) -> None:
        self._device = device
        self._channels = channels
        self._stream: Stream | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._lost = False
        self._wakeup = asyncio.Event()

    async def __aenter__(self) -> Self:
        if self._stream is not None or self._closed:
            raise RuntimeError(f"a {type(self).__name__} is opened once; make a new one")
        library, self._loop = load_library(), asyncio.get_running_loop()
        try:
            self._stream = await asyncio.to_thread(self._open, library)
        except (library.PortAudioError, ValueError) as error:
            raise OSError(f"the {type(self).__name__.lower()} cannot be opened: {error}") from error
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closed = True
        self._wakeup.set()
        stream, self._stream = self._stream, None
        if stream is not None:
            await asyncio.to_thread(_stop, stream)

    def _open(self, library: Library) -> Stream:
        check = library.check_input_settings if self._kind == "input" else library.check_output_settings
        rate = _RATE
        try:
            check(self._device, self._channels, "int16", samplerate=rate)
        except library.PortAudioError:
            # Not every system converts: the device's own rate always works.
            chosen = cast("Mapping[str, object]", library.query_devices(self._device, self._kind))
            rate = round(cast("float", chosen["default_samplerate"]))
        self._opened_at(rate)
        make = library.RawInputStream if self._kind == "input" else library.RawOutputStream
        stream = make(
            samplerate=rate,
            blocksize=rate // 50,
            device=self._device,
            channels=self._channels,
            dtype="int16",
            callback=self._called_back,
            finished_callback=self._finished,
        )
        try:
            stream.start()
        except BaseException:
            stream.close()
            raise
        return stream

    @abstractmethod
    def _opened_at(self, rate: int) -> None:
        """The device runs at this rate."""

    @abstractmethod
    def _called_back(self, data: object, frames: int, times: Times, status: object) -> None:
        """PortAudio gives, or wants, a block; in its own thread."""

    def _finished(self) -> None:
        """PortAudio ended the stream, of itself when the device was pulled out."""
        self._lost = not self._closed
        self._in_loop(self._wakeup.set)

    def _in_loop(self, call: Callable[..., object], *arguments: object) -> None:
        try:
            cast("asyncio.AbstractEventLoop", self._loop).call_soon_threadsafe(call, *arguments)
        except RuntimeError:  # the loop has ended, and nobody listens any more
            pass

    def _check_open(self) -> None:
        if self._lost:
            raise OSError(f"the {type(self).__name__.lower()} was lost: its device stopped")
        if self._stream is None:
            raise RuntimeError(f"the {type(self).__name__.lower()} is not open; use it in an `async with` block")


def _stop(stream: Stream) -> None:
    try:
        stream.abort()
    finally:
        stream.close()


class Microphone(_DeviceStream):
    """What a microphone records, in pieces of 20 ms: an async context manager and async iterator of int16 arrays.

    The pieces have shape `(n,)`, mono, 24,000 samples a second, ready for `RealtimeClient.append_input_audio`. What
    nobody takes waits, ten seconds at most; beyond it the oldest is dropped, and counted. Iteration ends with the
    block.

    Args:
        device: Its index or a part of its name; see `list_devices`. Default: the system's choice.
        channels: How many channels to record; they are averaged. Default 1.

    Attributes:
        dropped_ms: How much was dropped because nobody took it in time.
        overflows: How often PortAudio says that it had to drop audio itself.

    Raises:
        ImportError: On entering: `sounddevice` is not installed; or PyAV, for a device that does not run at 24,000 Hz.
        OSError: On entering: there is no such device, or it cannot be opened. On iterating: it was pulled out.
    """

    _kind = "input"
    _MAX_PIECES: Final = 500

    def __init__(self, device: Device = None, *, channels: int = 1) -> None:
        super().__init__(device, channels)
        self._pieces: deque[Int16Array] = deque()
        self._resampler = StreamResampler(_RATE, _RATE)
        self.dropped_ms: int = 0
        self.overflows: int = 0

    def _opened_at(self, rate: int) -> None:
        self._resampler = StreamResampler(rate, _RATE)

    def _called_back(self, data: object, frames: int, times: Times, status: object) -> None:
        # PortAudio's memory is valid during the call only.
        self._in_loop(self._take, bytes(cast("bytes", data)), bool(getattr(status, "input_overflow", False)))

    def _take(self, data: bytes, overflow: bool) -> None:
        self.overflows += overflow
        piece = self._resampler.process(pcm16_array(data, channels=self._channels))
        if piece.size:
            self._pieces.append(piece)
        if len(self._pieces) > self._MAX_PIECES:
            self.dropped_ms += self._pieces.popleft().size * 1000 // _RATE
        self._wakeup.set()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Int16Array:
        while not self._pieces:
            if self._closed:
                raise StopAsyncIteration
            self._check_open()
            self._wakeup.clear()
            await self._wakeup.wait()
        return self._pieces.popleft()


@dataclass(slots=True)
class _Piece:
    """Audio that waits to be played: bytes at the device's rate, and which samples of which item they are."""

    data: bytes
    item_id: str
    start: int
    samples: int
    position: int = 0

    def heard(self) -> int:
        """The samples of the item that were heard once all up to `position` was."""
        return self.start + self.samples * self.position // len(self.data)


class Speaker(_DeviceStream):
    """Plays the model's speech on a loudspeaker, and says what was heard: an async context manager.

    ::

        client.on("conversation.interrupted", lambda event: speaker.clear())
        async for piece in client.audio_output:
            await speaker.play(piece)

    Args:
        device: Its index or a part of its name; see `list_devices`. Default: the system's choice.
        playback: Is told what was heard, by the clock of the device; `client.playback`, so that an interruption cuts
            the item where the user stopped listening. Default nobody.
        ahead_ms: How much may wait here before `play` waits. What waits here is lost on `clear`, and the rest stays
            with the client. Default 200.

    Attributes:
        underflows: How often PortAudio says that it had nothing to play in time.

    Raises:
        ImportError: On entering: `sounddevice` is not installed.
        OSError: On entering: there is no such device, or it cannot be opened.
    """

    _kind = "output"

    def __init__(self, device: Device = None, *, playback: Playback | None = None, ahead_ms: int = 200) -> None:
        super().__init__(device, 1)
        if ahead_ms < 0:
            raise ValueError(f"ahead_ms must not be negative, got {ahead_ms}")
        self._playback = playback
        self._ahead_ms = ahead_ms
        self._rate = _RATE
        self._resampler = StreamResampler(_RATE, _RATE)
        self._latest: OutputAudio | None = None
        # Shared with PortAudio's thread.
        self._lock = threading.Lock()
        self._waiting: deque[_Piece] = deque()
        self._on_its_way: deque[tuple[float, str, int]] = deque()
        self.underflows: int = 0

    def _opened_at(self, rate: int) -> None:
        self._rate = rate

    @property
    def waiting_ms(self) -> int:
        """How much waits to be played here."""
        with self._lock:
            waiting = sum(len(piece.data) - piece.position for piece in self._waiting)
        return waiting * 1000 // (2 * self._rate)

    async def play(self, piece: OutputAudio | AudioData) -> None:
        """Add audio to what is played, and wait until less than `ahead_ms` waits, or `clear` is called.

        Args:
            piece: What `RealtimeClient.audio_output` gives; or audio of your own at 24,000 Hz, mono.

        Raises:
            OSError: The device was pulled out.
            RuntimeError: The speaker is not open.
            ImportError: The device runs at another rate, and PyAV is not installed (extra `audio`).
        """
        self._check_open()
        self._enqueue(piece if isinstance(piece, OutputAudio) else OutputAudio(pcm16_array(piece), _RATE, "", ""))
        await self._until(lambda: self.waiting_ms <= self._ahead_ms)

    async def drain(self) -> None:
        """Wait until all was heard, or `clear` is called. Errors are those of `play`."""
        self._end_source()  # the resampler holds the last milliseconds
        await self._until(lambda: not self._waiting and not self._on_its_way)

    def clear(self) -> None:
        """Forget what waits, as when the user interrupts; what the device has already is heard, some milliseconds."""
        with self._lock:
            self._waiting.clear()
        self._latest = None
        self._wakeup.set()

    def _enqueue(self, piece: OutputAudio) -> None:
        latest = self._latest
        if latest is None or (piece.sample_rate, piece.item_id) != (latest.sample_rate, latest.item_id):
            self._end_source()
            self._resampler = StreamResampler(piece.sample_rate, self._rate)
        self._latest = piece
        self._add(self._resampler.process(piece.samples), piece)

    def _end_source(self) -> None:
        """No more comes of the item that was played last: what the resampler holds back is its end."""
        latest, self._latest = self._latest, None
        if latest is not None:
            end = replace(latest, samples=latest.samples[:0], start=latest.start + len(latest.samples))
            self._add(self._resampler.flush(), end)

    def _add(self, samples: Int16Array, piece: OutputAudio) -> None:
        if samples.size:
            with self._lock:
                self._waiting.append(_Piece(pcm16_bytes(samples), piece.item_id, piece.start, len(piece.samples)))

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._check_open()
            self._wakeup.clear()
            await self._wakeup.wait()

    def _called_back(self, data: object, frames: int, times: Times, status: object) -> None:
        out = np.frombuffer(cast("bytearray", data), np.uint8)
        block = bytearray()
        heard: list[tuple[float, str, int]] = []
        with self._lock:
            while self._on_its_way and self._on_its_way[0][0] <= times.currentTime:
                heard.append(self._on_its_way.popleft())
            while self._waiting and len(block) < out.size:
                piece = self._waiting[0]
                taken = piece.data[piece.position : piece.position + out.size - len(block)]
                piece.position += len(taken)
                block += taken
                # Some systems know no times; what they were given counts as heard when they ask for more.
                after = len(block) / (2 * self._rate)
                heard_at = times.outputBufferDacTime + after if times.currentTime else 0.0
                self._on_its_way.append((heard_at, piece.item_id, piece.heard()))
                if piece.position == len(piece.data):
                    self._waiting.popleft()
            self.underflows += bool(getattr(status, "output_underflow", False))
        out[:] = np.frombuffer(bytes(block).ljust(out.size, b"\0"), np.uint8)
        for _, item_id, samples in heard:
            if self._playback is not None and item_id:
                self._playback.played(item_id, samples)
        if block or heard:
            self._in_loop(self._wakeup.set)
