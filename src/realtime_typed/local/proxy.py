"""`FaultProxy`: a TCP proxy on loopback that breaks connections in ways a server cannot break its own."""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from .proxy_connection import Armed, ProxyConnection, closed, end
from .proxy_faults import ByteFault, ProxyFault, RefuseConnection

__all__ = ["FaultProxy", "FiredProxyFault"]

_HOST: Final = "127.0.0.1"
_CONNECT_S: Final = 10.0
_STOP_S: Final = 2.0
_BUFFER: Final = 64 * 1024
_KEPT: Final = 10_000


@dataclass(frozen=True, slots=True)
class FiredProxyFault:
    """A fault of a `FaultProxy` that struck.

    Attributes:
        fault: Which.
        connection: Which connection of the proxy it struck, from 1; refused ones count.
    """

    fault: ProxyFault
    connection: int


class FaultProxy:
    """A TCP proxy on 127.0.0.1 before a server there: an async context manager, used once.

    It knows no protocol: what passes is bytes. Of a WebRTC call only the signalling passes; media and data channel go
    past it. It holds at most some 64 KiB for each connection and direction.

    ::

        async with LocalServer() as server, FaultProxy(server.port, faults=[CutAt(5000)]) as proxy:
            client = RealtimeClient(base_url=proxy.base_url, api_key=server.api_key)

    Args:
        port: The port that it connects to.
        faults: What goes wrong, and at which byte. Default nothing.

    Raises:
        ValueError: The port is none.
    """

    def __init__(self, port: int, *, faults: Sequence[ProxyFault] = ()) -> None:
        if not 0 < port < 65_536:
            raise ValueError(f"port must be 1 to 65535, got {port}")
        self._target = port
        self._armed: list[Armed[ByteFault]] = []
        self._refusals: list[Armed[RefuseConnection]] = []
        for fault in faults:
            self._arm(fault)
        self._fired: deque[FiredProxyFault] = deque(maxlen=_KEPT)
        self._count = 0
        self._changed = asyncio.Event()
        self._connections: set[ProxyConnection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._accepted = 0
        self._server: asyncio.Server | None = None
        self._port = 0

    def __repr__(self) -> str:
        return f"<FaultProxy {self._port or 'not started'} to {self._target}, {self.connections} connections open>"

    @property
    def port(self) -> int:
        """The port that it listens on.

        Raises:
            RuntimeError: It has not started.
        """
        if not self._port:
            raise RuntimeError("the proxy has not started; use it as `async with FaultProxy(port) as proxy:`")
        return self._port

    @property
    def base_url(self) -> str:
        """What a client takes as `base_url` in the place of the server's: `http://127.0.0.1:PORT/v1`; as `port`."""
        return f"http://{_HOST}:{self.port}/v1"

    @property
    def ws_url(self) -> str:
        """The WebSocket endpoint without its query: `ws://127.0.0.1:PORT/v1/realtime`; as `port`."""
        return f"ws://{_HOST}:{self.port}/v1/realtime"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._connections)

    @property
    def faults_fired(self) -> Sequence[FiredProxyFault]:
        """The faults that struck so far, oldest first; the last 10,000."""
        return list(self._fired)

    async def wait_for_faults(self, count: int = 1) -> None:
        """Wait until so many faults have struck since the proxy was made."""
        while self._count < count:
            self._changed.clear()
            await self._changed.wait()

    def inject(self, fault: ProxyFault) -> None:
        """Arm a fault, for connections open now and to come; at a byte that has passed it strikes now."""
        self._arm(fault)
        for connection in list(self._connections):
            connection.strike()

    def heal(self) -> None:
        """Disarm everything, and let what stalls or drips go on. What vanished and what ended stays so."""
        self._armed.clear()
        self._refusals.clear()
        for connection in self._connections:
            connection.heal()

    def drop_all(self, *, reset: bool = False) -> int:
        """End every connection now.

        Args:
            reset: Whether clients get a reset (RST) instead of an end (FIN, default).

        Returns:
            How many there were.
        """
        dropped = list(self._connections)
        for connection in dropped:
            connection.cut(reset=reset)
        return len(dropped)

    async def __aenter__(self) -> Self:
        """Start it; returns once it accepts connections.

        Raises:
            OSError: There is no port left.
            RuntimeError: It was started before.
        """
        if self._port:
            raise RuntimeError("a FaultProxy is started once; make a new one")
        self._server = await asyncio.start_server(self._accept, _HOST, 0, limit=_BUFFER)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End every connection and stop; no task or socket is left."""
        if self._server is None:
            return
        self._server.close()
        writers = list(self._writers)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_S):
                for writer in writers:
                    writer.transport.abort()  # of a connection whose task had not begun
                    await closed(writer)
                await self._server.wait_closed()
        await asyncio.sleep(0)  # in which asyncio closes the sockets of those that were refused last

    def _arm(self, fault: ProxyFault) -> None:
        if isinstance(fault, RefuseConnection):
            self._refusals.append(Armed(fault))
        elif isinstance(fault, ByteFault):
            self._armed.append(Armed(fault))
        else:
            raise TypeError(f"{fault!r} is no fault of a FaultProxy")

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._accepted += 1
        for armed in self._refusals:
            if armed.armed:
                armed.offered += 1
                if armed.offered > armed.fault.after:
                    self._note(armed, self._accepted)
                    end(writer, reset=True)
                    return
        task = asyncio.create_task(self._serve(reader, writer, self._accepted), name="realtime-typed fault proxy")
        self._tasks.add(task)
        self._writers.add(writer)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: self._writers.discard(writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int) -> None:
        try:
            async with asyncio.timeout(_CONNECT_S):
                server = await asyncio.open_connection(_HOST, self._target, limit=_BUFFER)
        except (OSError, TimeoutError):
            end(writer, reset=True)
            return
        except asyncio.CancelledError:
            end(writer, reset=True)
            raise
        self._writers.add(server[1])
        connection = ProxyConnection(number, (reader, writer), server, self._still_armed, self._note)
        self._connections.add(connection)
        try:
            await connection.run()
        finally:
            self._connections.discard(connection)
            self._writers.discard(server[1])

    def _still_armed(self) -> Sequence[Armed[ByteFault]]:
        if not all(armed.armed for armed in self._armed):
            self._armed = [armed for armed in self._armed if armed.armed]
        return self._armed

    def _note(self, armed: Armed[ByteFault] | Armed[RefuseConnection], number: int) -> None:
        armed.fired += 1
        self._fired.append(FiredProxyFault(armed.fault, number))
        self._count += 1
        self._changed.set()
