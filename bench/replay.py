"""A server in a process of its own that replays the recorded voice turn: `python -m bench.replay`.

It writes the port that it listens on as one line. A connection gets `session.created` at once, `session.updated` for
each `session.update`, and the turn, as fast as it reads, for each line of standard input. All else is forgotten.
"""

import asyncio
import sys
from typing import Final

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from .corpus import frames

__all__ = ["TURN"]

_CREATED, _UPDATED, *_REST = frames("voice")
TURN: Final = _REST
"""From `input_audio_buffer.speech_started` to `response.done`."""


async def _replay() -> None:
    current: list[ServerConnection] = []

    async def session(connection: ServerConnection) -> None:
        await connection.send(_CREATED, text=True)
        current[:] = [connection]
        async for message in connection:
            if '"session.update"' in str(message):
                await connection.send(_UPDATED, text=True)

    lines = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    async with serve(session, "127.0.0.1", 0, compression=None, max_size=None) as server:
        print(next(iter(server.sockets)).getsockname()[1], flush=True)
        while await lines.readline():
            try:
                for frame in TURN:
                    await current[0].send(frame, text=True)
            except ConnectionClosed:
                pass  # the client has had enough


if __name__ == "__main__":
    asyncio.run(_replay())
