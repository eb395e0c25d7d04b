"""The peer as a process: a Realtime service in Node.js whose WebRTC is libdatachannel's, see `peer.mjs`."""

import asyncio
import json
import os
import shutil
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final, TypedDict, cast

import httpx

__all__ = ["BOUND", "CallReport", "Peer", "missing", "run_peer"]

BOUND: Final = 15.0
"""Seconds after which a wait that should end at once counts as hung."""

_HERE: Final = Path(__file__).parent
_FOLDER: Final = Path(os.environ.get("REALTIME_TYPED_PEERS") or _HERE)


class CallReport(TypedDict):
    """What the peer has seen of a call."""

    id: str
    state: str
    content_type: str
    max_message_size: int
    hangups: int
    received: list[str]
    longest: int
    packets: int
    library: str


def missing() -> str | None:
    """What is not there to run the peer, or `None`."""
    if find_spec("aiortc") is None:
        return "aiortc is missing: install the extra webrtc"
    if shutil.which("node") is None:
        return "node is missing: install Node.js 20.11 or later"
    if not Path(_FOLDER, "node_modules", "node-datachannel").is_dir():
        return "node-datachannel is missing: run `nox -s peers`"
    return None


@dataclass
class Peer:
    """A running peer."""

    process: asyncio.subprocess.Process
    port: int

    @property
    def base_url(self) -> str:
        """Where it answers, as a client takes it."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def call(self) -> CallReport:
        """What it has seen of the only call."""
        (report,) = await self.calls()
        return report

    async def calls(self) -> list[CallReport]:
        """What it has seen of all calls."""
        async with httpx.AsyncClient(timeout=BOUND) as http:
            answer = await http.get(f"http://127.0.0.1:{self.port}/calls")
            return cast("list[CallReport]", answer.raise_for_status().json())

    async def close_channel(self) -> None:
        """Let it close the data channel of the only call, and nothing else."""
        call = await self.call()
        async with httpx.AsyncClient(timeout=BOUND) as http:
            answer = await http.post(f"http://127.0.0.1:{self.port}/calls/{call['id']}/close_channel")
            answer.raise_for_status()

    async def die(self) -> None:
        """End it as a crash does: nothing more is sent."""
        self.process.kill()
        await self.process.wait()


@asynccontextmanager
async def run_peer(*arguments: str) -> AsyncGenerator[Peer]:
    """Start the peer with these arguments, and end it with the block."""
    environment = os.environ | {"REALTIME_TYPED_PEERS": str(_FOLDER)}
    command = ("node", str(_HERE / "peer.mjs"), *arguments)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        *command, stdin=pipe, stdout=pipe, stderr=sys.__stderr__, env=environment
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        async with asyncio.timeout(BOUND):
            first = await process.stdout.readline()
        assert first, "the peer ended before it listened; its standard error says why"
        yield Peer(process, json.loads(first)["port"])
    finally:
        process.stdin.close()
        try:
            async with asyncio.timeout(BOUND):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
