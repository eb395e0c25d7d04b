"""What the contract tests share: a server with clients of one transport, and a few verbs that only wait for events."""

import asyncio
import os
import re
import threading
import wave
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt
import pytest

import realtime_typed
from realtime_typed import (
    ConnectionClosed,
    ConversationUpdated,
    HandlerPolicy,
    Interruption,
    RealtimeClient,
    ReconnectPolicy,
    Validation,
    WebRtcOptions,
    WebSocketOptions,
)
from realtime_typed._generated.realtime.params import ClientEventParam
from realtime_typed.channels import Expectation
from realtime_typed.local import LocalServer, LocalSession, Responder
from realtime_typed.transports.memory import MemoryTransport
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.types import ResponseDone

BOUND: Final = 10.0
"""Seconds after which a wait that should end at once counts as hung."""

Kind: TypeAlias = Literal["memory", "websocket", "webrtc"]
Wire: TypeAlias = Mapping[str, object]
Samples: TypeAlias = npt.NDArray[np.int16]

_PACKAGE: Final = Path(realtime_typed.__file__).parent
_SHARED: Final = ("_peer_connection.py", "_track_reader.py", "_webrtc_audio.py")


@dataclass
class Service:
    """A running server and the way clients reach it in this test."""

    kind: Kind
    server: LocalServer
    _ends: list[MemoryTransport] = field(default_factory=list[MemoryTransport])
    _before: frozenset[str] = field(default_factory=lambda: frozenset(_threads_and_sockets()))

    def client(
        self,
        *,
        validation: Validation = "lenient",
        debug: bool = False,
        interruption: Interruption | bool | None = None,
        response_timeout: float | None = 60.0,
        reconnect: ReconnectPolicy | bool = False,
        audio_retention: Literal["all", "none"] = "all",
        max_items: int | None = None,
        handlers: HandlerPolicy | None = None,
        websocket: WebSocketOptions | None = None,
    ) -> RealtimeClient:
        """A client of this server, not connected; a connection that is lost is not made anew unless it is told so."""
        if self.kind == "memory":
            return RealtimeClient(
                transport=self._memory,
                api_key=self.server.api_key,
                validation=validation,
                debug=debug,
                interruption=interruption,
                response_timeout=response_timeout,
                reconnect=reconnect,
                audio_retention=audio_retention,
                max_items=max_items,
                handlers=handlers,
            )
        return RealtimeClient(
            base_url=self.server.base_url,
            api_key=self.server.api_key,
            transport=self.kind,
            # A peer that vanished is noticed by its silence; the defaults are made for real networks.
            webrtc=WebRtcOptions(silence_timeout=1.0, disconnect_grace=0.25),
            validation=validation,
            debug=debug,
            interruption=interruption,
            response_timeout=response_timeout,
            reconnect=reconnect,
            audio_retention=audio_retention,
            max_items=max_items,
            handlers=handlers,
            websocket=websocket,
        )

    def _memory(self) -> MemoryTransport:
        self._ends.append(self.server.memory_transport())
        return self._ends[-1]

    @property
    def by_track(self) -> bool:
        """Whether audio goes over a media track, in real time and through a codec, instead of in events."""
        return self.kind == "webrtc"

    @property
    def session(self) -> LocalSession:
        """The server's side of the connection that was made last."""
        return self.server.sessions[-1]

    def received(self, name: str) -> list[Wire]:
        """The events of this type that the server has received in the last session."""
        return [event for event in self.session.received if event["type"] == name]

    def push(self, frame: str) -> None:
        """Send a frame of any text to the client."""
        self.session._outbox.put(frame)  # pyright: ignore[reportPrivateUsage]  # a server that is well writes no such frame

    def closed_with(self, code: int, reason: str = "") -> ConnectionClosed:
        """What a client is told when the server closes with this code; WebRTC has neither codes nor reasons."""
        if self.kind == "webrtc":
            return ConnectionClosed(1000, "the peer closed the data channel", clean=True)
        return ConnectionClosed(code, reason, clean=code == 1000)

    def assert_same(self, audio: Samples, wanted: Samples, *, rate: int = 24_000) -> None:
        """Fail unless this is that audio: to the sample where it goes in events, by ear where it goes over a track.

        A track has silence before and after, and its codec changes every sample, but not the sound.
        """
        if not self.by_track:
            assert np.array_equal(audio, wanted)
            return
        assert abs(len(sound_of(audio)) - len(sound_of(wanted))) <= 0.06 * rate
        assert likeness(audio, wanted) > 0.9

    def lose_line(self, client: RealtimeClient) -> None:
        """Drop the connection without a close frame."""
        if self.kind == "memory":
            self._ends[-1].abort()
            return
        if self.kind == "webrtc":
            self._vanish()
            return
        transport = client.realtime._transport  # pyright: ignore[reportPrivateUsage]  # no public way cuts a line
        assert isinstance(transport, WebSocketTransport)
        connection = transport._connection  # pyright: ignore[reportPrivateUsage]  # as above
        assert connection is not None
        connection.transport.abort()

    def _vanish(self) -> None:
        """Close the sockets of the last call at the server, which neither side is told."""
        connection: Any = self.server.calls[-1]._connection  # pyright: ignore[reportPrivateUsage]  # as in lose_line
        for transceiver in connection._connection.getTransceivers():
            for protocol in transceiver.receiver.transport.transport._connection._protocols:
                protocol.transport.abort()

    async def leftovers(self) -> list[str]:
        """What is left of clients that should have ended: tasks, threads and sockets."""
        own = client_tasks()
        if self.kind != "webrtc" or own:
            return [*own, *self._client_sockets()]
        # The server's end of a call is made of the same parts. It ends soon after the client's.
        calls = [task for task in asyncio.all_tasks() if task.get_name().startswith("realtime-typed local rtc_")]
        if calls:
            _, running = await asyncio.wait(calls, timeout=BOUND)
            assert not running
        for _ in range(10):  # aiortc's own tasks end in the turns of the loop that follow
            await asyncio.sleep(0)
        return [
            *client_tasks("aiortc", "aioice"),
            *self._client_sockets(),
            *sorted(_threads_and_sockets() - self._before),
        ]

    def _client_sockets(self) -> list[str]:
        """The open TCP connections to the server, by their ends here."""
        rows = [line.split() for line in _lines("/proc/self/net/tcp")]
        return [
            f"TCP socket {row[1]}" for row in rows if row[2].endswith(f":{self.server.port:04X}") and row[3] in _OPEN
        ]


_OPEN: Final = ("01", "08")
"""The states ESTABLISHED and CLOSE_WAIT in Linux's table of TCP sockets: somebody still holds these."""


def _lines(table: str) -> list[str]:
    """The rows of one of Linux's tables of sockets; none where there is no such table."""
    return Path(table).read_text().splitlines()[1:] if Path(table).exists() else []


def _threads_and_sockets() -> set[str]:
    """The threads but those of the loop's own pool, and the UDP sockets of this process."""
    threads = [f"thread {thread!r}" for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
    udp = {line.split()[9] for table in ("udp", "udp6") for line in _lines(f"/proc/self/net/{table}")}
    mine: set[str] = set()
    for descriptor in os.listdir("/proc/self/fd") if udp else []:
        with suppress(OSError):  # the one that listdir itself had open
            mine.update(re.findall(r"socket:\[(\d+)\]", os.readlink(f"/proc/self/fd/{descriptor}")))
    return {*threads, *(f"UDP socket {inode}" for inode in mine & udp)}


class Serve(Protocol):
    """Starts a server for the transport of this test; the block may take `bound` seconds.

    In the end nothing must be left of the clients, which the test has disconnected.
    """

    def __call__(
        self, *, responder: Responder | None = None, audio_speed: float | None = None, bound: float = 30
    ) -> AbstractAsyncContextManager[Service]: ...


def serve_over(kind: Kind) -> Serve:
    """The `serve` fixture's value for a transport."""

    @asynccontextmanager
    async def serve(
        *, responder: Responder | None = None, audio_speed: float | None = None, bound: float = 30
    ) -> AsyncGenerator[Service]:
        async with asyncio.timeout(bound), LocalServer(responder=responder, audio_speed=audio_speed) as server:
            service = Service(kind, server)
            yield service
            assert await service.leftovers() == []

    return serve


def pin_to_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have WebRTC connections of this test offer 127.0.0.1 alone; skips the test where WebRTC is not installed."""
    ice = pytest.importorskip("aioice.ice", reason="WebRTC needs aiortc")
    # The machine's other addresses may lead anywhere, or be gone in the middle of a test.
    monkeypatch.setattr(ice, "get_host_addresses", _loopback)


def _loopback(use_ipv4: bool, use_ipv6: bool) -> list[str]:
    return ["127.0.0.1"] if use_ipv4 else []


def sound_of(samples: Samples) -> Samples:
    """The part from the first to the last sample that is not silence."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > np.abs(samples.astype(np.int32)).max() / 20)
    return samples[loud[0] : loud[-1] + 1]


def likeness(one: Samples, other: Samples) -> float:
    """How much two sounds are alike wherever they begin, 1.0 being the same: the peak of their correlation."""
    size = len(one) + len(other)
    spectra = np.fft.rfft(one.astype(np.float64), size) * np.conj(np.fft.rfft(other.astype(np.float64), size))
    loudness = float(np.linalg.norm(one.astype(np.float64)) * np.linalg.norm(other.astype(np.float64)))
    return float(np.fft.irfft(spectra, size).max()) / loudness


def speech() -> Samples:
    """About two seconds of speech, 24 kHz, shape (n,)."""
    with wave.open(str(_PACKAGE / "local" / "data" / "speech_24k.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


async def end_of(client: RealtimeClient) -> ConnectionClosed | None:
    """Iterate over the events to the end of the connection, and return what that raises."""
    try:
        async for _ in client:
            pass
    except ConnectionClosed as error:
        return error
    return None


def speaks(event: ConversationUpdated) -> bool:
    """Whether an item has got audio: by an event or by a track."""
    return event.delta is not None and event.delta.audio is not None


def _is_whole_reply(item: object) -> bool:
    return (getattr(item, "role", None), getattr(item, "status", None)) == ("assistant", "completed")


@asynccontextmanager
async def heard(client: RealtimeClient) -> AsyncGenerator[Expectation[ResponseDone]]:
    """Expect a spoken reply: the end of its response, and its audio to the last sample, which may come later."""
    async with (
        client.events["conversation.item.completed"].expect(BOUND, predicate=lambda event: _is_whole_reply(event.item)),
        client.events["response.done"].expect(BOUND) as done,
    ):
        yield done


async def settle(client: RealtimeClient) -> None:
    """Return once the server has handled everything sent so far, and the client everything that answered it."""
    async with client.events["input_audio_buffer.cleared"].expect(BOUND):
        await client.input_audio_buffer.clear()


async def say(client: RealtimeClient, text: str) -> None:
    """Send a text and wait for the end of the response."""
    async with client.events["response.done"].expect(BOUND):
        await client.send_user_message_content([{"type": "input_text", "text": text}])


def raw(event: Wire) -> ClientEventParam:
    """A dict as `send` takes it, of whatever shape."""
    return cast("ClientEventParam", event)


@contextmanager
def reported() -> Generator[list[BaseException]]:
    """The exceptions that are reported to the event loop's exception handler inside of the block."""
    loop = asyncio.get_running_loop()
    found: list[BaseException] = []
    previous = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: found.append(context["exception"]))
    try:
        yield found
    finally:
        loop.set_exception_handler(previous)


def client_tasks(*libraries: str) -> list[str]:
    """The running tasks that belong to clients, not to the server or the test.

    With libraries, those of them too, and of what the client and the server share: then the server must have ended.
    """
    names: list[str] = []
    # The server's WebSocket implementation is another part of that library.
    parts = ("/websockets/asyncio/", *(f"/{library}/" for library in libraries))
    for task in asyncio.all_tasks():
        code = getattr(task.get_coro(), "cr_code", None)
        path = Path(getattr(code, "co_filename", ""))
        ours = path.is_relative_to(_PACKAGE) and not path.is_relative_to(_PACKAGE / "local")
        ours = ours and (bool(libraries) or path.name not in _SHARED)
        if ours or any(part in path.as_posix() for part in parts):
            names.append(repr(task))
    return names


def collapsed(names: Sequence[str]) -> list[str]:
    """Runs of the same name as one."""
    return [name for index, name in enumerate(names) if index == 0 or name != names[index - 1]]


def recorder(into: list[str], label: Callable[[object], str]) -> Callable[[object], None]:
    """A handler that writes down the label of each event."""

    def handler(event: object) -> None:
        into.append(label(event))

    return handler
