"""The full path of a voice turn: socket, event, conversation, handler; beside other clients of the same server.

The server replays the recorded turn from another process, so that the processor's time of this one is the client's
alone. Each turn has a new connection: the handshake, and the events that begin the session, are not counted.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Final, Literal, TypeAlias, cast

import realtime_typed
from realtime_typed import Codec, ConversationUpdated, RealtimeClient
from realtime_typed.types import ResponseDone, SessionUpdated

from .corpus import audio_deltas
from .measure import Pairs, without_gc
from .path_baselines import open_agents, open_openai, open_websockets
from .replay import TURN

__all__ = ["Baseline", "crowded_pairs", "path_pairs"]

Baseline: TypeAlias = Literal["websockets", "openai", "agents"]
Turn: TypeAlias = Callable[[], Awaitable[object]]
"""Takes what the server sends, up to the end of the turn."""
Open: TypeAlias = Callable[[int], AbstractAsyncContextManager[Turn]]
"""Opens a connection to a port, and takes the beginning of the session."""

_BOUND_S: Final = 20.0
_TURNS: Final = 3
_ITEM: Final = (
    '{{"type":"conversation.item.done","event_id":"event_c{0}","previous_item_id":{1},"item":{{"id":"item_c{0}",'
    '"type":"message","status":"completed","role":"user","content":[{{"type":"input_text","text":"Hello there."}}]}}}}'
)


@contextmanager
def _server() -> "Generator[tuple[int, IO[bytes]]]":
    path = os.pathsep.join([str(Path(realtime_typed.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    with subprocess.Popen(
        [sys.executable, "-m", "bench.replay"],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "PYTHONPATH": path},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield int(cast("IO[bytes]", process.stdout).readline()), cast("IO[bytes]", process.stdin)
        finally:
            process.kill()


def _crowd(client: RealtimeClient, items: int) -> None:
    """Let the conversation hold that many items."""
    codec = Codec("strict")
    previous = "null"
    for number in range(items):
        client.conversation.apply(codec.decode(_ITEM.format(number, previous).encode()))
        previous = f'"item_c{number}"'
    assert len(client.conversation.items) == items


@asynccontextmanager
async def _open_ours(port: int, items: int = 0) -> AsyncGenerator[Turn]:
    """A client with two handlers: one for all that the conversation tells, and one for the end of the response."""
    client = RealtimeClient(base_url=f"http://127.0.0.1:{port}/v1", api_key="sk-none")
    heard = 0
    ready, done = asyncio.Event(), asyncio.Event()

    @client.on("session.updated")
    def begin(event: SessionUpdated) -> None:
        ready.set()

    @client.on("conversation.updated")
    def hear(event: ConversationUpdated) -> None:
        nonlocal heard
        if event.delta is not None and event.delta.audio is not None:
            heard += event.delta.audio.size

    @client.on("response.done")
    def end(event: ResponseDone) -> None:
        done.set()

    async with client:
        await ready.wait()
        _crowd(client, items)
        yield done.wait
        assert len(client.conversation.items) == items + 2
    assert heard >= len(audio_deltas("voice")) * 6_000


async def _seconds(open_one: Open, port: int, commands: IO[bytes]) -> float:
    taken = 0
    for _ in range(_TURNS):
        async with asyncio.timeout(_BOUND_S), open_one(port) as turn:
            with without_gc():
                commands.write(b"\n")
                commands.flush()
                begin = time.process_time_ns()
                await turn()
                taken += time.process_time_ns() - begin
    return taken / 1e9 / _TURNS


def _pairs(ours: Open, baseline: Open, repeat: int) -> Pairs:
    async def measure(port: int, commands: IO[bytes]) -> Pairs:
        for open_one in (ours, baseline):
            await _seconds(open_one, port, commands)  # builds what is built once
        return [(await _seconds(ours, port, commands), await _seconds(baseline, port, commands)) for _ in range(repeat)]

    with _server() as (port, commands):
        return asyncio.run(measure(port, commands))


_BASELINES: Final[Mapping[Baseline, Open]] = {
    "websockets": open_websockets,
    "openai": open_openai,
    "agents": open_agents,
}


def path_pairs(baseline: Baseline, repeat: int) -> tuple[Pairs, int]:
    """Time the events of a voice turn from the socket to a handler, beside another client's.

    Args:
        baseline: `"websockets"`: `recv` in a loop, and nothing else; `"openai"`: events of its connection, which keeps
            no state; `"agents"`: events and history of a session of `openai-agents`.
        repeat: How many pairs.

    Returns:
        The pairs, and how many events there are in a turn.
    """
    return _pairs(_open_ours, _BASELINES[baseline], repeat), len(TURN)


def crowded_pairs(items: int, repeat: int) -> tuple[Pairs, int]:
    """Time the same with a conversation of `items` items, beside one of 10."""
    return _pairs(partial(_open_ours, items=items), partial(_open_ours, items=10), repeat), len(TURN)
