"""A stand-in for the `sounddevice` module: the sound card, which the machines that run the tests lack.

It records how it is called, and calls back from another thread when a test says so, as PortAudio does.
"""

import asyncio
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

from realtime_typed.audio import Int16Array, pcm16_array, pcm16_bytes

__all__ = ["BLOCK", "FakeSoundDevice", "FakeStream", "PortAudioError"]

BLOCK = 480  # 20 ms at 24,000 Hz
DEVICES: list[dict[str, object]] = [
    {"name": "Headset", "max_input_channels": 1, "max_output_channels": 2, "default_samplerate": 48_000.0, "index": 0},
    {"name": "Screen", "max_input_channels": 0, "max_output_channels": 2, "default_samplerate": 44_100.0, "index": 1},
]


class PortAudioError(Exception):
    """What `sounddevice` raises."""


class FakeStream:
    """A stream whose clock stands still until `call` lets a block pass."""

    def __init__(self, options: dict[str, object], started: threading.Semaphore) -> None:
        self.options = options
        self._started = started
        self.calls: list[str] = []
        self.now = 100.0
        self.latency = 0.0
        self.blocks = 0
        self.fails: Exception | None = None

    def start(self) -> None:
        self.calls.append("start")
        if self.fails is not None:
            raise self.fails
        self._started.release()

    def abort(self) -> None:
        self.calls.append("abort")
        cast("Callable[[], None]", self.options["finished_callback"])()

    def close(self) -> None:
        self.calls.append("close")

    def unplug(self) -> None:
        cast("Callable[[], None]", self.options["finished_callback"])()

    async def call(self, data: bytearray | bytes, *, status: str = "", knows_time: bool = True) -> None:
        """Call back from a thread, as at the moment of the next block."""
        callback = cast("Callable[..., None]", self.options["callback"])
        dac = self.now + self.latency
        times = SimpleNamespace(
            currentTime=self.now if knows_time else 0.0, outputBufferDacTime=dac if knows_time else 0.0
        )
        await asyncio.to_thread(callback, data, self.options["blocksize"], times, SimpleNamespace(**{status or "_": 1}))
        self.now += cast("int", self.options["blocksize"]) / cast("int", self.options["samplerate"])

    async def record(self, samples: Int16Array, *, status: str = "") -> None:
        await self.call(pcm16_bytes(samples), status=status)

    async def play(self, *, status: str = "", knows_time: bool = True) -> Int16Array:
        """Ask for the next block, and give what it holds."""
        block = bytearray(b"\x55" * 2 * cast("int", self.options["blocksize"]))
        await self.call(block, status=status, knows_time=knows_time)
        return pcm16_array(bytes(block))


class FakeSoundDevice:
    """What the package uses of `sounddevice`."""

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.devices = DEVICES
        self.refused_rates: set[int] = set()
        self.streams: list[FakeStream] = []
        self.start_fails: Exception | None = None
        self._started = threading.Semaphore(0)

    def query_devices(self, device: object = None, kind: str | None = None) -> object:
        if kind is None:
            return self.devices
        if not self.devices:
            raise PortAudioError(f"Error querying device {device}")
        return self.devices[device if isinstance(device, int) else 0]

    def _check(self, device: object, channels: int, dtype: str, *, samplerate: int) -> None:
        if samplerate in self.refused_rates:
            raise PortAudioError("Invalid sample rate [PaErrorCode -9997]")

    check_input_settings = check_output_settings = _check

    def _make(self, **options: object) -> FakeStream:
        if options["device"] == "none of it":
            raise ValueError("No input device matching 'none of it'")
        stream = FakeStream(options, self._started)
        stream.fails = self.start_fails
        self.streams.append(stream)
        return stream

    RawInputStream = RawOutputStream = _make

    async def opened(self, count: int) -> None:
        """Wait until that many streams run."""
        while [stream.calls for stream in self.streams].count(["start"]) < count:
            await asyncio.to_thread(self._started.acquire)
