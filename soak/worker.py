"""`python -m soak.worker ROLE`: one process of the soak. Commands come as lines of JSON, and are answered by lines."""

import asyncio
import importlib
import json
import sys
from typing import Final, Protocol, cast

__all__ = ["ROLES", "Command", "Worker"]

Command = dict[str, object]
"""`{"do": NAME, …}`, with JSON values."""

ROLES: Final = {
    "server": ("soak.websocket_server", "SocketServer"),
    "ours": ("soak.our_fleet", "OurFleet"),
    "bare": ("soak.bare_fleet", "BareFleet"),
    "webrtc-server": ("soak.webrtc_server", "CallServer"),
    "webrtc-ours": ("soak.our_fleet", "OurCallFleet"),
    "webrtc-bare": ("soak.webrtc_bare_fleet", "BareCallFleet"),
}


class Worker(Protocol):
    """What a process does."""

    async def do(self, command: Command) -> object:
        """Carry out a command, and say what came of it: anything that JSON holds."""
        ...


async def _serve(role: str) -> None:
    module, name = ROLES[role]
    worker = cast("Worker", getattr(importlib.import_module(module), name)())
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        answer = await worker.do(json.loads(line))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
