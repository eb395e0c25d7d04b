"""WebRTC: how long a connection takes, and what audio in both directions costs, beside bare aiortc peers."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from realtime_typed import RealtimeClient
from realtime_typed.audio import Int16Array
from realtime_typed.local import AudioReply, LocalServer, Reply, ResponderRequest
from realtime_typed.local.speech import synthesize
from realtime_typed.transports.webrtc_options import WebRtcOptions

from .corpus import frames
from .measure import Pairs

if TYPE_CHECKING:
    from .bare_webrtc import Answerer

__all__ = ["cpu_pairs", "first_event_pairs"]

_CALL_S: Final = 2.0
_SETTLE_S: Final = 0.3
_BOUND_S: Final = 20.0


def _client(server: LocalServer, address: str) -> RealtimeClient:
    return RealtimeClient(
        transport="webrtc",
        base_url=server.base_url,
        api_key=server.api_key,
        webrtc=WebRtcOptions(host_addresses=[address]),
    )


async def _first_event(server: LocalServer, address: str) -> float:
    begin = time.perf_counter()
    client = _client(server, address)
    try:
        await client.connect()
        await client.wait_for_session_created(_BOUND_S)
        return time.perf_counter() - begin
    finally:
        await client.disconnect()


@asynccontextmanager
async def _answering(message: str) -> "AsyncGenerator[Answerer]":
    from .bare_webrtc import Answerer

    answerer = Answerer(message)
    await answerer.start()
    try:
        yield answerer
    finally:
        await answerer.stop()


async def _alternately(
    ours: Callable[[], Awaitable[float]], theirs: Callable[[], Awaitable[float]], repeat: int
) -> Pairs:
    pairs: Pairs = []
    for _ in range(repeat):
        async with asyncio.timeout(2 * _BOUND_S):
            mine = await ours()
            pairs.append((mine, await theirs()))
    return pairs


def first_event_pairs(repeat: int) -> Pairs:
    """Time a connection by the clock, from no object at all to the first event, `session.created`.

    Ours is a `RealtimeClient` and a `LocalServer`. The baseline is a bare aiortc peer that posts its offer by `httpx`
    to another one, behind the same HTTP server, which sends the same event as its one message. All are in this
    process, on one address; all have an audio track each way and a data channel.

    Raises:
        ModuleNotFoundError: The extras `webrtc` and `server` are not installed.
    """
    from .bare_webrtc import ADDRESS, first_message

    async def measure() -> Pairs:
        async with LocalServer() as server, _answering(frames("text")[0].decode()) as answerer:

            async def theirs() -> float:
                try:
                    return await first_message(answerer.url, time.perf_counter)
                finally:
                    await answerer.hang_up()

            async def ours() -> float:
                return await _first_event(server, ADDRESS)

            await _alternately(ours, theirs, 1)  # imports what is imported late
            return await _alternately(ours, theirs, repeat)

    return asyncio.run(measure())


class _Talker:
    """Answers with one long speech.

    Args:
        speech: int16, shape (n,), 24 kHz.
    """

    def __init__(self, speech: Int16Array) -> None:
        self._speech = speech

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        return AudioReply(self._speech, "")


async def _cpu_of(seconds: float) -> float:
    """How many seconds the processor works for this process in so much time, once all is under way."""
    await asyncio.sleep(_SETTLE_S)
    begin, cpu = time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    return (time.process_time() - cpu) / (time.perf_counter() - begin)


async def _microphone(client: RealtimeClient, speech: Int16Array, frame: int) -> None:
    """Append 20 ms every 20 ms, for ever."""
    clock = asyncio.get_running_loop().time
    begin, count = clock(), 0
    while True:
        for piece in speech.reshape(-1, frame):
            await asyncio.sleep(begin + count * 0.02 - clock())
            await client.append_input_audio(piece)
            count += 1


async def _listen(client: RealtimeClient) -> int:
    """Take what the model says, until the connection ends; returns how many samples that were."""
    return sum([piece.samples.size async for piece in client.audio_output])


async def _cpu_of_client(server: LocalServer, address: str, speech: Int16Array, seconds: float) -> float:
    from .bare_webrtc import FRAME, RATE

    async with _client(server, address) as client:
        # No turn detection: both sides are to speak all the time, and nobody is to be interrupted.
        await client.update_session(turn_detection=None)
        listening = asyncio.create_task(_listen(client))
        async with client.events["output_audio_buffer.started"].expect(_BOUND_S):
            await client.create_response()
        speaking = asyncio.create_task(_microphone(client, speech, FRAME))
        try:
            cpu = await _cpu_of(seconds)
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)
    heard = await listening
    if heard < 0.9 * seconds * RATE:
        raise RuntimeError(f"the model was to speak for {seconds:g} s, but {heard / RATE:.1f} s came")
    return cpu


def cpu_pairs(repeat: int, seconds: float = _CALL_S) -> Pairs:
    """Measure what the processor does for audio in both directions, sound all the time, both peers in this process.

    Ours is a `RealtimeClient`, to which the application appends 20 ms of PCM every 20 ms and from whose `audio_output`
    it takes what comes, and a `LocalServer` with a response that goes on: the client keeps both sides' audio in its
    items, the server keeps what it heard. The baseline is two bare aiortc peers whose tracks say the same, as frames of
    20 ms at 24 kHz, and that read each other's frames and forget them.

    Args:
        repeat: How many pairs.
        seconds: How long each call is measured. Default 2.

    Returns:
        Seconds of the processor's time for a minute of a call.

    Raises:
        ModuleNotFoundError: The extras `webrtc` and `server` are not installed.
    """
    from .bare_webrtc import ADDRESS, FRAME, RATE, talking_pair

    speech = synthesize("a voice that goes on and on and never comes to an end")
    speech = speech[: speech.size // FRAME * FRAME]
    whole = np.resize(speech, round((seconds + 5 * _SETTLE_S) * RATE))  # again and again

    async def measure() -> Pairs:
        async with LocalServer(responder=_Talker(whole)) as server:

            async def ours() -> float:
                return 60 * await _cpu_of_client(server, ADDRESS, speech, seconds)

            async def theirs() -> float:
                async with talking_pair(speech):
                    return 60 * await _cpu_of(seconds)

            return await _alternately(ours, theirs, repeat)

    return asyncio.run(measure())
