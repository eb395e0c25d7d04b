"""The load server: paced sessions for two groups of clients, of which one is served at a time.

It is a plain server of `websockets` and not `LocalServer`, which validates, cuts turns and keeps audio: it would need
two thirds of a core for 200 sessions, and its pace would be what is measured.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Final

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from .faults import Fault
from .load_server import SPREAD, STALL_S, Group, LoadServer
from .script import CHUNK_MS, Script, stamp

__all__ = ["SocketServer"]

_MODEL: Final = re.compile(r"[?&]model=(?P<group>\w+)-(?P<number>\d+)")
_APPEND: Final = b'{"type":"input_audio_buffer.append"'
_CLOSE_CODES: Final[dict[Fault, int]] = {"going_away": 1001, "internal_error": 1011}


class _Session:
    """One connection, from its beginning to its end."""

    def __init__(self, connection: ServerConnection, group: Group, number: int) -> None:
        self._connection = connection
        self._group = group
        self._number = number
        self._script = Script(f"{group.name}{number}", number * SPREAD)
        self._heard_ms = 0
        self._stalled_until = 0.0
        self._next: Fault | None = None

    async def run(self) -> None:
        await self._connection.send(self._script.begin())
        beating = asyncio.create_task(self._group.pace.keep(self._number, self._beat))
        try:
            async for frame in _frames(self._connection):
                if frame.startswith(_APPEND):
                    self._heard_ms += CHUNK_MS
                    self._group.heard += 1
                else:
                    for answer in self._script.answer(json.loads(frame)):
                        await self._connection.send(answer)
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    async def _beat(self) -> None:
        fault, self._next = self._next, None
        if fault == "stall":
            self._stalled_until = asyncio.get_running_loop().time() + STALL_S
        if self._stalled_until and asyncio.get_running_loop().time() < self._stalled_until:
            return
        frame = self._script.beat(self._heard_ms)
        with suppress(ConnectionClosed):
            await self._connection.send(frame.encode(), text=True)
            self._group.sent += 1
            if fault is not None:
                await self._misbehave(fault, frame)

    async def _misbehave(self, fault: Fault, last: str) -> None:
        connection = self._connection
        match fault:
            case "drop":
                connection.transport.abort()
            case "truncate":
                connection.transport.write(b"\x81\x7e\x10\x00" + last.encode()[:100])
                connection.transport.abort()
            case "going_away" | "internal_error":
                await connection.close(_CLOSE_CODES[fault])
            case "garbage":
                await connection.send(last[: len(last) // 2].encode(), text=True)
            case "duplicate":
                await connection.send(last.encode(), text=True)
            case "unknown":
                await connection.send(json.dumps({"type": "soak.unknown", "event_id": stamp()}))
            case "error":
                error = {"type": "server_error", "code": "soak", "message": "A fault on purpose.", "param": None}
                await connection.send(json.dumps({"type": "error", "event_id": stamp(), "error": error}))
            case "stall":
                pass

    def strike(self, fault: Fault) -> None:
        """Let a fault happen with the next beat."""
        self._next = fault


async def _frames(connection: ServerConnection) -> AsyncGenerator[bytes]:
    with suppress(ConnectionClosed):
        while True:
            yield await connection.recv(decode=False)


class SocketServer(LoadServer):
    """The server's process over WebSocket."""

    def __init__(self) -> None:
        super().__init__()
        self._server: Server | None = None

    async def start(self) -> int:
        """Accept connections, and return the port."""
        # No compression, as at the service; no pings, for the pace shows what is alive.
        self._server = await serve(
            self._serve, "127.0.0.1", 0, compression=None, ping_interval=None, max_size=None, close_timeout=2
        )
        return int(next(iter(self._server.sockets)).getsockname()[1])

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        found = None if request is None else _MODEL.search(request.path)
        group = None if found is None else self.groups.get(found["group"])
        if found is None or group is None:
            await connection.close(1008)
            return
        number = int(found["number"])
        session = _Session(connection, group, number)
        group.open[number] = session
        try:
            await session.run()
        except ConnectionClosed:
            pass
        finally:
            if group.open.get(number) is session:
                del group.open[number]
