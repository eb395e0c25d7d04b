"""One connection through a `FaultProxy`: two streams of bytes, and what goes wrong in each."""

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Generic, TypeAlias, TypeVar

from .proxy_faults import (
    ByteFault,
    CutAt,
    Direction,
    DripFrom,
    DuplicateAt,
    GarbageAt,
    RefuseConnection,
    StallAt,
    VanishFrom,
)

__all__ = ["Armed", "ProxyConnection", "Side", "closed", "end"]

_PIECE: Final = 64 * 1024
_CLOSE_S: Final = 1.0
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER on, for 0 s: closing sends RST
_F = TypeVar("_F", ByteFault, RefuseConnection)

Side: TypeAlias = tuple[asyncio.StreamReader, asyncio.StreamWriter]
"""One side of a connection."""


class Armed(Generic[_F]):
    """A fault that waits for its moment.

    Attributes:
        fault: Which.
        fired: How often it has struck.
        offered: How often it could have.
    """

    def __init__(self, fault: _F) -> None:
        self.fault: _F = fault
        self.fired: int = 0
        self.offered: int = 0

    @property
    def armed(self) -> bool:
        """Whether it may still strike."""
        return self.fault.times is None or self.fired < self.fault.times


def end(writer: asyncio.StreamWriter, *, reset: bool) -> None:
    """End one side now: with RST, or with FIN once everything was sent."""
    if not reset:
        writer.close()
        return
    connected: socket.socket | None = writer.get_extra_info("socket")
    if connected is not None and not writer.transport.is_closing():
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


async def closed(writer: asyncio.StreamWriter) -> None:
    """Wait until one side is closed, however that came."""

    async def wait() -> None:
        with suppress(OSError):
            await writer.wait_closed()

    # All who wait share a future, which asyncio cancels along with whoever is cancelled.
    await asyncio.shield(asyncio.create_task(wait()))


class ProxyConnection:
    """A connection between a client and the server.

    Args:
        number: Which connection of the proxy it is, from 1.
        client: The client's side.
        server: The server's side.
        armed: What is armed on the proxy.
        note: Is told what strikes, and the number.
    """

    def __init__(
        self,
        number: int,
        client: Side,
        server: Side,
        armed: Callable[[], Sequence[Armed[ByteFault]]],
        note: Callable[[Armed[ByteFault], int], None],
    ) -> None:
        self._number = number
        self._writers = (client[1], server[1])
        self._armed = armed
        self._note = note
        self._struck: set[Armed[ByteFault]] = set()
        self._cut = asyncio.Event()
        self._pumps = (
            _Pump(self, "to_client", server[0], client[1]),
            _Pump(self, "to_server", client[0], server[1]),
        )

    @property
    def is_cut(self) -> bool:
        """Whether it was ended before its time."""
        return self._cut.is_set()

    async def run(self) -> None:
        """Pass bytes until both sides have ended, or it is cut; nothing of it is left then."""
        pumps = [asyncio.create_task(pump.run()) for pump in self._pumps]
        cut = asyncio.create_task(self._until_cut())
        try:
            running = {cut, *pumps}
            while cut in running and len(running) > 1:
                _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            self.cut(reset=True)
            raise
        finally:
            for task in (*pumps, cut):
                task.cancel()
            await asyncio.gather(*pumps, cut, return_exceptions=True)
            await self._close()

    async def _close(self) -> None:
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    for writer in self._writers:
                        writer.close()
                        await closed(writer)
        finally:
            # What a side has not taken until now is lost.
            for writer in self._writers:
                writer.transport.abort()
        for writer in self._writers:
            await closed(writer)

    async def _until_cut(self) -> None:
        await self._cut.wait()

    def strike(self) -> None:
        """Let those faults strike whose byte has passed."""
        for pump in self._pumps:
            pump.strike()

    def heal(self) -> None:
        """Let what stalls or drips go on."""
        for pump in self._pumps:
            pump.heal()

    def vanish(self) -> None:
        """Let nothing pass any more, either way."""
        for pump in self._pumps:
            pump.vanished = True

    def cut(self, *, reset: bool) -> None:
        """End it now: the client gets RST or FIN, the server RST."""
        if not self._cut.is_set():
            self._cut.set()
            client, server = self._writers
            end(client, reset=reset)
            end(server, reset=True)

    def due(self, direction: Direction, passed: int) -> ByteFault | None:
        """Take a fault that strikes where so many bytes have passed."""
        for armed in self._waiting(direction):
            if armed.fault.byte <= passed:
                self._struck.add(armed)
                self._note(armed, self._number)
                return armed.fault
        return None

    def next_byte(self, direction: Direction) -> int | None:
        """The byte at which the next fault strikes; `None` without one."""
        return min((armed.fault.byte for armed in self._waiting(direction)), default=None)

    def _waiting(self, direction: Direction) -> list[Armed[ByteFault]]:
        return [
            armed
            for armed in self._armed()
            if armed.armed
            and armed not in self._struck
            and armed.fault.direction == direction
            and armed.fault.connection in (None, self._number)
        ]


class _Pump:
    """The bytes from one side to the other."""

    def __init__(
        self,
        connection: ProxyConnection,
        direction: Direction,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._connection = connection
        self._direction: Direction = direction
        self._reader = reader
        self._writer = writer
        # What was passed on is in the kernel then: a fault behind it does not take it along.
        writer.transport.set_write_buffer_limits(0)
        self._passed = 0
        self.vanished: bool = False
        self._stalled_until = 0.0
        self._drip: DripFrom | None = None
        self._drip_left = 0
        self._double_left = 0
        self._healed = asyncio.Event()

    async def run(self) -> None:
        """Pass bytes to the end, and the end."""
        try:
            self.strike()
            while piece := await self._reader.read(_PIECE):
                await self._pass(piece)
            if not self.vanished and self._writer.can_write_eof():
                self._writer.write_eof()
        except OSError:
            # One side was lost, and the other is told; of a connection that has vanished it is not.
            if not self.vanished:
                self._connection.cut(reset=True)

    def heal(self) -> None:
        """Let what stalls or drips go on."""
        self._stalled_until = 0.0
        self._drip = None
        self._healed.set()

    def strike(self) -> None:
        """Let those faults strike whose byte has passed."""
        while not self._connection.is_cut:
            fault = self._connection.due(self._direction, self._passed)
            match fault:
                case None:
                    return
                case CutAt():
                    self._connection.cut(reset=fault.reset)
                case VanishFrom(both=True):
                    self._connection.vanish()
                case VanishFrom():
                    self.vanished = True
                case StallAt():
                    self._healed.clear()
                    until = asyncio.get_running_loop().time() + fault.seconds
                    self._stalled_until = max(self._stalled_until, until)
                case DripFrom():
                    self._healed.clear()
                    self._drip, self._drip_left = fault, fault.length or 0
                case DuplicateAt():
                    self._double_left = fault.size
                case GarbageAt():
                    if not self.vanished:
                        self._writer.write(fault.data or random.Random(fault.seed).randbytes(fault.size))  # noqa: S311  # to be told from nothing secret
                case _:
                    pass  # a class of somebody's own, which says nothing

    async def _pass(self, piece: bytes) -> None:
        rest = memoryview(piece)
        while rest:
            while self._stalled_until > asyncio.get_running_loop().time():
                await self._wait_until(self._stalled_until)
            if self.vanished or self._connection.is_cut:
                return
            size = self._together(len(rest))
            await self._write(rest[:size])
            rest = rest[size:]
            self._passed += size
            drip = self._drip
            self.strike()
            if drip is not None:
                await self._wait_until(asyncio.get_running_loop().time() + drip.interval)

    def _together(self, size: int) -> int:
        """How many of so many bytes can be passed in one go."""
        next_byte = self._connection.next_byte(self._direction)
        if next_byte is not None and next_byte > self._passed:
            size = min(size, next_byte - self._passed)
        if self._double_left:
            size = min(size, self._double_left)
        if self._drip is not None:
            size = min(size, self._drip.size, self._drip_left or size)
        return size

    async def _write(self, piece: memoryview) -> None:
        self._writer.write(piece)
        if self._double_left:
            self._double_left -= len(piece)
            self._writer.write(piece)
        if self._drip is not None and self._drip.length is not None:
            self._drip_left -= len(piece)
            if not self._drip_left:
                self._drip = None
        await self._writer.drain()

    async def _wait_until(self, moment: float) -> None:
        left = moment - asyncio.get_running_loop().time()
        if left > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._healed.wait()
