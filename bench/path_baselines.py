"""Other clients of the server that `bench.replay` runs: each opens a connection and takes a turn, as it is meant to.

None compresses: the server does not. The packages are imported when needed.
"""

import asyncio
import importlib
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from .replay import TURN

__all__ = ["open_agents", "open_openai", "open_websockets"]

_UPDATE: Final = {"type": "session.update", "session": {"type": "realtime"}}


@asynccontextmanager
async def open_websockets(port: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """A bare loop over `recv` of `websockets`: text, not parsed."""
    from websockets.asyncio.client import connect

    async with connect(f"ws://127.0.0.1:{port}/", compression=None, max_size=None, proxy=None) as connection:

        async def turn() -> None:
            for _ in TURN:
                await connection.recv()

        await connection.send(json.dumps(_UPDATE))
        for _ in ("session.created", "session.updated"):
            await connection.recv()
        yield turn


@asynccontextmanager
async def open_openai(port: int) -> AsyncGenerator[Callable[[], Awaitable[None]]]:
    """The `openai` package's connection: events, and no state."""
    from openai import AsyncOpenAI

    client = AsyncOpenAI(api_key="sk-none", base_url=f"http://127.0.0.1:{port}/v1")
    async with client, client.realtime.connect(model="gpt-realtime") as connection:

        async def turn() -> None:
            async for event in connection:
                if event.type == "response.done":
                    return

        await connection.session.update(session={"type": "realtime"})
        for _ in ("session.created", "session.updated"):
            await connection.recv()
        yield turn


@asynccontextmanager
async def open_agents(port: int) -> AsyncGenerator[Callable[[], Awaitable[object]]]:
    """The realtime session of `openai-agents`: events, and the history of the conversation."""
    agents = importlib.import_module("agents.realtime")
    runner = agents.RealtimeRunner(agents.RealtimeAgent(name="bench"), config={"tracing_disabled": True})
    session = await runner.run(model_config={"api_key": "sk-none", "url": f"ws://127.0.0.1:{port}/v1/realtime"})
    async with session:
        events = aiter(session)

        async def until(name: str) -> None:
            while True:
                event = await anext(events)
                raw = event.data if event.type == "raw_model_event" else None
                if raw is not None and raw.type == "raw_server_event" and raw.data.get("type") == name:
                    return

        async with asyncio.timeout(10):
            await until("session.updated")
        yield lambda: until("response.done")
