"""Record the corpus from the embedded server: `python -m bench record`. The same code gives the same bytes.

Frames are taken below the codec, as the WebSocket library hands them out, so that the server's order of fields and its
white space are what the benchmarks read.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from io import BytesIO
from typing import Final

import numpy as np

from realtime_typed import WebSocketOptions
from realtime_typed.audio import Int16Array, chunks, read_wav
from realtime_typed.codec import Codec
from realtime_typed.local import LocalServer
from realtime_typed.local.responder import AudioReply, ScriptedResponder
from realtime_typed.transports.websocket import WebSocketTransport

from .corpus import TURNS, Turn, event_types, save

__all__ = ["record"]

_SECONDS: Final = 60.0
# `session.created` says when the session ends; a fixed moment keeps the recording the same from day to day.
_EXPIRES_AT: Final = 2_000_000_000
# The service's own size: in recordings of it, 6.8 s of speech came in 27 deltas.
_DELTA_MS: Final = 250
_SILENCE: Final = b"\0" * 48 * 800  # 800 ms: more than the detector waits for
# An answer of ordinary length: a good ten seconds, spoken at two to three words a second.
_ANSWER_REPEATS: Final = 4
_ANSWER: Final = (
    "Of course. The museum opens at nine in the morning, the last tour begins at four, and on Sundays the first room "
    "is free for everyone who comes early."
)
_WEATHER: Final[Mapping[str, object]] = {
    "type": "function",
    "name": "get_weather",
    "description": "The current weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string", "description": "The city's name."}},
        "required": ["city"],
    },
}


class _Recorder:
    """A connection that keeps every frame it receives."""

    def __init__(self, transport: WebSocketTransport) -> None:
        self._transport = transport
        self._codec = Codec()
        self.frames: list[bytes] = []

    async def send(self, event: Mapping[str, object]) -> None:
        await self._transport.send(self._codec.encode(event))

    async def send_audio(self, pcm: bytes) -> None:
        await self._transport.send(self._codec.encode_audio(pcm))

    async def until(self, name: str) -> bytes:
        """Receive up to and including the next event of that type."""
        while True:
            frame = await self._transport.recv()
            self.frames.append(frame)
            if frame.startswith(f'{{"type":"{name}"'.encode()):
                return frame

    def last(self, name: str) -> bytes:
        """The last event of that type."""
        return next(frame for frame in reversed(self.frames) if frame.startswith(f'{{"type":"{name}"'.encode()))


async def _text(recorder: _Recorder) -> None:
    session = {"type": "realtime", "output_modalities": ["text"], "instructions": "Answer in one short sentence."}
    await recorder.send({"type": "session.update", "session": session})
    await recorder.until("session.updated")
    await _ask(recorder, "Say in one sentence what makes a good benchmark, and why a ratio tells more than a time.")


async def _ask(recorder: _Recorder, text: str) -> None:
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    await recorder.send({"type": "conversation.item.create", "item": item})
    await recorder.send({"type": "response.create"})
    await recorder.until("response.done")


def _speech() -> Int16Array:
    return read_wav(BytesIO(files("realtime_typed.local").joinpath("data", "speech_24k.wav").read_bytes()))[0]


async def _voice(recorder: _Recorder) -> None:
    detection = {"type": "server_vad", "silence_duration_ms": 500}
    given = {"turn_detection": detection, "transcription": {"model": "gpt-4o-mini-transcribe"}}
    await recorder.send({"type": "session.update", "session": {"type": "realtime", "audio": {"input": given}}})
    await recorder.until("session.updated")
    for piece in chunks(_speech().tobytes() + _SILENCE):
        await recorder.send_audio(piece)
    await recorder.until("response.done")


async def _tool(recorder: _Recorder) -> None:
    session = {"type": "realtime", "output_modalities": ["text"], "tools": [_WEATHER], "tool_choice": "auto"}
    await recorder.send({"type": "session.update", "session": session})
    await recorder.until("session.updated")
    await _ask(recorder, "What is the weather in London?")
    call = Codec("strict").decode(recorder.last("response.function_call_arguments.done"))
    item = {
        "type": "function_call_output",
        "call_id": getattr(call, "call_id", ""),
        "output": '{"city": "London", "sky": "light rain", "celsius": 11}',
    }
    await recorder.send({"type": "conversation.item.create", "item": item})
    await recorder.send({"type": "response.create"})
    await recorder.until("response.done")


async def _record(turn: Turn) -> list[bytes]:
    act = {"voice": _voice, "text": _text, "tool": _tool}[turn]
    spoken = AudioReply(np.tile(_speech(), _ANSWER_REPEATS), _ANSWER)
    responder = ScriptedResponder([spoken]) if turn == "voice" else None
    server = LocalServer(
        responder=responder, audio_delta_ms=_DELTA_MS, max_session_seconds=_EXPIRES_AT + 0.5 - time.time()
    )
    async with asyncio.timeout(_SECONDS), server:
        transport = WebSocketTransport(
            f"{server.ws_url}?model=gpt-realtime",
            headers={"Authorization": f"Bearer {server.api_key}"},
            options=WebSocketOptions(),
        )
        await transport.connect()
        try:
            recorder = _Recorder(transport)
            await recorder.until("session.created")
            await act(recorder)
        finally:
            await transport.close()
        return recorder.frames


def record(say: Callable[[str], None] = print) -> None:
    """Record every turn and write it into `corpus/`.

    Args:
        say: Called with one line a turn. Default prints.

    Raises:
        ValueError: The server reported an error, or a frame does not begin with its `type`, as those of the service do.
    """
    for turn in TURNS:
        received = asyncio.run(_record(turn))
        types = event_types(received)
        if "error" in types or not all(frame.startswith(b'{"type":"') for frame in received):
            raise ValueError(f"the {turn} turn went wrong: {types}")
        path = save(turn, received)
        say(f"{path.name}: {len(received)} frames, {path.stat().st_size:,} bytes")
