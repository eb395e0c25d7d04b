"""Audio on its way out and in: appending 20 ms of it, reading a delta, and growing a conversation by deltas."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Literal, TypeVar, cast

import pybase64

from realtime_typed import Codec, Conversation, RealtimeClient
from realtime_typed.audio import decode_base64_pcm16
from realtime_typed.types import ResponseOutputAudioDelta

from .baselines import append_input
from .corpus import audio_deltas
from .measure import Pairs, Work, pair_up

__all__ = ["append_pairs", "array_pairs", "grow_pairs"]

T = TypeVar("T")

_PCM: Final = bytes(range(256)) * 3 + bytes(192)  # 20 ms: 960 bytes
_CALLS: Final = 200
_DELTAS: Final = 20
_CHARACTERS_A_MS: Final = 64  # of base64: 48 bytes of 16 bits at 24 kHz
_DELTAS_A_MINUTE: Final = 600


class _NullTransport:
    """A `Transport` that forgets what is sent and receives nothing."""

    name = "null"

    def __init__(self) -> None:
        self._never = asyncio.Event()

    async def connect(self) -> None:
        """Nothing to open."""

    async def send(self, data: str) -> None:
        """Forget it."""

    async def recv(self) -> str:
        """Wait for ever."""
        await self._never.wait()
        return ""

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Nothing to close."""


def _many(runner: asyncio.Runner, call: Callable[[T], Awaitable[None]], argument: T) -> Work:
    """Await a call many times in a row inside one run of the event loop, whose own cost then vanishes."""

    async def calls() -> None:
        for _ in range(_CALLS):
            await call(argument)

    return lambda: runner.run(calls())


def _repeated(call: Callable[[bytes], object]) -> Work:
    def calls() -> None:
        for _ in range(_CALLS):
            call(_PCM)

    return calls


def append_pairs(
    ours: Literal["frame", "client"], baseline: Literal["pybase64", "openai"], repeat: int
) -> tuple[Pairs, int]:
    """Time an append of 20 ms.

    Args:
        ours: `"frame"`: bytes to the frame that is sent, `Codec.encode_audio`; `"client"`: the whole
            `RealtimeClient.append_input_audio` over a transport that sends nowhere.
        baseline: `pybase64.b64encode` of the same bytes; or the `openai` package's `input_audio_buffer.append`, which
            is handed base64 text that was made beforehand.
        repeat: How many pairs.

    Returns:
        The pairs, and how many appends one call of the work makes.
    """
    with asyncio.Runner() as runner:

        async def connect() -> RealtimeClient:
            client = RealtimeClient(api_key="sk-none", transport=_NullTransport)
            await client.connect()
            return client

        async def connect_theirs() -> Callable[[str], Awaitable[None]]:
            return append_input()

        client = runner.run(connect())
        mine = _many(runner, client.append_input_audio, _PCM) if ours == "client" else _repeated(Codec().encode_audio)
        if baseline == "openai":
            theirs = _many(runner, runner.run(connect_theirs()), pybase64.b64encode(_PCM).decode())
        else:
            theirs = _repeated(pybase64.b64encode)
        try:
            return pair_up(mine, theirs, repeat), _CALLS
        finally:
            runner.run(client.disconnect())


def _delta() -> ResponseOutputAudioDelta:
    return cast("ResponseOutputAudioDelta", Codec("strict").decode(audio_deltas("voice")[0]))


def array_pairs(repeat: int) -> tuple[Pairs, int]:
    """Time a decoded event's audio to an int16 array, beside pybase64's fastest way to the bytes of the same text."""
    text = _delta().delta

    def array() -> None:
        for _ in range(_CALLS):
            decode_base64_pcm16(text)

    def bare() -> None:
        for _ in range(_CALLS):
            pybase64.b64decode(text, None, True)

    return pair_up(array, bare, repeat), _CALLS


def _holding(minutes: int) -> Work:
    """Fill a conversation's item with deltas of 100 ms; the work that is returned adds two seconds more."""
    conversation, event = Conversation(), _delta()
    event = event.model_copy(update={"delta": event.delta[: 100 * _CHARACTERS_A_MS]})
    for _ in range(minutes * _DELTAS_A_MINUTE):
        conversation.apply(event)

    def grow() -> None:
        for _ in range(_DELTAS):
            conversation.apply(event)

    return grow


def grow_pairs(repeat: int) -> tuple[Pairs, int]:
    """Time `Conversation.apply` of an audio delta to an item of 60 minutes, beside one of 1 minute.

    Both items grow while they are measured, by two seconds a sample.
    """
    return pair_up(_holding(60), _holding(1), repeat, times=1), _DELTAS
