"""What the contract tests share: a server with clients of one transport, and a few verbs that only wait for events."""

import asyncio
import wave
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

import realtime_typed
from realtime_typed import RealtimeClient, Validation
from realtime_typed._generated.realtime.params import ClientEventParam
from realtime_typed.local import LocalServer, LocalSession, Responder
from realtime_typed.transports.memory import MemoryTransport
from realtime_typed.transports.websocket import WebSocketTransport

BOUND: Final = 10.0
"""Seconds after which a wait that should end at once counts as hung."""

Kind: TypeAlias = Literal["memory", "websocket"]
Wire: TypeAlias = Mapping[str, object]

_PACKAGE: Final = Path(realtime_typed.__file__).parent


@dataclass
class Service:
    """A running server and the way clients reach it in this test."""

    kind: Kind
    server: LocalServer
    _ends: list[MemoryTransport] = field(default_factory=list[MemoryTransport])

    def client(self, *, validation: Validation = "lenient", debug: bool = False) -> RealtimeClient:
        """A client of this server, not connected."""
        if self.kind == "memory":
            return RealtimeClient(
                transport=self._memory, api_key=self.server.api_key, validation=validation, debug=debug
            )
        return RealtimeClient(
            base_url=self.server.base_url, api_key=self.server.api_key, validation=validation, debug=debug
        )

    def _memory(self) -> MemoryTransport:
        self._ends.append(self.server.memory_transport())
        return self._ends[-1]

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

    def lose_line(self, client: RealtimeClient) -> None:
        """Drop the connection without a close frame."""
        if self.kind == "memory":
            self._ends[-1].abort()
            return
        transport = client.realtime._transport  # pyright: ignore[reportPrivateUsage]  # no public way cuts a line
        assert isinstance(transport, WebSocketTransport)
        connection = transport._connection  # pyright: ignore[reportPrivateUsage]  # as above
        assert connection is not None
        connection.transport.abort()


class Serve(Protocol):
    """Starts a server for the transport of this test; the block is bounded in time."""

    def __call__(
        self, *, responder: Responder | None = None, audio_speed: float | None = None
    ) -> AbstractAsyncContextManager[Service]: ...


def serve_over(kind: Kind) -> Serve:
    """The `serve` fixture's value for a transport."""

    @asynccontextmanager
    async def serve(*, responder: Responder | None = None, audio_speed: float | None = None) -> AsyncGenerator[Service]:
        async with asyncio.timeout(30), LocalServer(responder=responder, audio_speed=audio_speed) as server:
            yield Service(kind, server)

    return serve


def speech() -> npt.NDArray[np.int16]:
    """About two seconds of speech, 24 kHz, shape (n,)."""
    with wave.open(str(_PACKAGE / "local" / "data" / "speech_24k.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


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


def client_tasks() -> list[str]:
    """The running tasks that belong to clients, not to the server or the test."""
    names: list[str] = []
    for task in asyncio.all_tasks():
        code = getattr(task.get_coro(), "cr_code", None)
        path = Path(getattr(code, "co_filename", ""))
        ours = path.is_relative_to(_PACKAGE) and not path.is_relative_to(_PACKAGE / "local")
        # The server's WebSocket implementation is another part of that library.
        if ours or path.as_posix().find("/websockets/asyncio/") >= 0:
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
