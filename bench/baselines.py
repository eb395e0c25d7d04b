"""The packages that ours is compared with, imported when needed: they are installed for the benchmarks alone."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from openai.resources.realtime.realtime import AsyncRealtimeConnection
    from websockets.asyncio.client import ClientConnection

__all__ = ["append_input", "orjson_loads", "parse_event"]


class _Discard:
    """In the place of the `websockets` connection: takes what is sent and forgets it."""

    async def send(self, data: str | bytes) -> None:
        """Forget it."""


def _connection() -> "AsyncRealtimeConnection":
    from openai.resources.realtime.realtime import AsyncRealtimeConnection

    # Its own code runs as in production, serialisation included; only the socket is missing.
    return AsyncRealtimeConnection(cast("ClientConnection", _Discard()))


def orjson_loads() -> Callable[[bytes], object]:
    """The function `orjson.loads`."""
    import orjson

    return orjson.loads


def parse_event() -> Callable[[bytes], object]:
    """What `AsyncRealtimeConnection.recv` does with every frame it receives."""

    async def make() -> "AsyncRealtimeConnection":
        return _connection()

    return asyncio.run(make()).parse_event


def append_input() -> Callable[[str], Awaitable[None]]:
    """`connection.input_audio_buffer.append(audio=…)` of a connection that sends nowhere. Needs a running loop."""
    append = _connection().input_audio_buffer.append

    async def send(text: str) -> None:
        await append(audio=text)

    return send
