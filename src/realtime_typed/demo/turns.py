"""The demo's three turns: what an application does with a client, and nothing about how it is shown."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Final, TypeVar

import numpy as np

from realtime_typed import audio
from realtime_typed.client import RealtimeClient
from realtime_typed.types import (
    AssistantMessageItem,
    ErrorEvent,
    FunctionCallItem,
    InputAudioBufferSpeechStarted,
    InputAudioBufferSpeechStopped,
    RealtimeResponse,
    ResponseCreated,
    ResponseDone,
    ServerEvent,
    ServerVadParam,
    UnknownEvent,
)
from realtime_typed.utility_events import ConversationItemCompleted, ConversationUpdated

from .describe import describe_event, describe_outcome

__all__ = ["DemoError", "SpokenTurn", "first_error", "spoken_turn", "text_turn", "tool_turn", "until_error"]

T = TypeVar("T")

_CHUNK_MS: Final = 20
_CHUNK_SAMPLES: Final = 480  # 20 ms at 24 kHz
_SILENCE_MS: Final = 300
_SERVER_VAD: Final[ServerVadParam] = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "silence_duration_ms": _SILENCE_MS,
}


class DemoError(Exception):
    """The demo cannot go on; the message says why in one line."""


def first_error(client: RealtimeClient) -> "asyncio.Future[ErrorEvent]":
    """A future of the first `error` event from now on. Nothing in the demo is expected to be refused."""
    refused: asyncio.Future[ErrorEvent] = asyncio.get_running_loop().create_future()
    client.events["error"].once(refused.set_result)
    return refused


async def until_error(refused: "asyncio.Future[ErrorEvent]", work: Coroutine[object, object, T]) -> T:
    """Do some work, but stop at the first `error` event: after that, an answer may never come.

    Raises:
        DemoError: There was an `error` event.
    """
    working = asyncio.create_task(work)
    try:
        both: list[asyncio.Future[T] | asyncio.Future[ErrorEvent]] = [working, refused]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if refused.done():
            raise DemoError(f"the service answered with an error, {describe_event(refused.result())}")
        return working.result()
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)


def _require_completed(response: RealtimeResponse) -> None:
    if response.status not in ("completed", None):
        raise DemoError(f"the response ended as {describe_outcome(response)}")


# --- text ------------------------------------------------------------------------------------------------------


async def text_turn(client: RealtimeClient, text: str) -> float | None:
    """Write to the model and wait for the answer.

    Args:
        client: A connected client whose session answers in text.
        text: What to write.

    Returns:
        Seconds from the request to the first text, `None` when the answer has none.

    Raises:
        DemoError: The response did not complete.
    """
    clock = asyncio.get_running_loop().time
    came: list[float] = []
    with client.events["response.output_text.delta"].once(lambda _: came.append(clock())):
        async with client.events["response.done"].expect() as done:
            asked = clock()
            await client.send_user_message_content([{"type": "input_text", "text": text}])
    _require_completed(done.event.response)
    return came[0] - asked if came else None


# --- speech ----------------------------------------------------------------------------------------------------


@dataclass
class SpokenTurn:
    """A spoken turn as the service reports it; `note` keeps it up to date.

    Attributes:
        reply: The reply's audio: int16 of shape (n,), mono at 24 kHz.
        streamed_s: Seconds of audio that were sent, silence included.
        first_audio_s: Seconds from the end of the user's speech to the first audio of the reply.
        first_audio_after_start_s: Seconds from `response.created` to the first audio of the reply.
        heard_speech: Whether the service heard any speech.
    """

    reply: audio.Int16Array = field(default_factory=lambda: np.zeros(0, np.int16))
    streamed_s: float = 0.0
    first_audio_s: float | None = None
    first_audio_after_start_s: float | None = None
    heard_speech: bool = False
    response: RealtimeResponse | None = None
    _complete: set[str] = field(default_factory=set[str])
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _speaking: bool = False
    _said_everything: bool = False
    _streaming_since: float = 0.0
    _end_of_speech: float = 0.0
    _response_started: float = 0.0

    @property
    def over(self) -> bool:
        """Whether everything was said, and the reply to the last of it is there."""
        return self._said_everything and not self._speaking and self.response is not None

    def note(self, event: ServerEvent | UnknownEvent) -> None:
        """Take one event of the service. A pause in the speech makes several turns; the last one's reply counts."""
        now = asyncio.get_running_loop().time()
        match event:
            case InputAudioBufferSpeechStarted():
                self.heard_speech = self._speaking = True
                self.response = None
            case InputAudioBufferSpeechStopped(audio_end_ms=end_ms):
                self._speaking = False
                self.response = None
                # The audio was sent at real pace, so a place in it is a time; the turn ends with the closing silence.
                self._end_of_speech = self._streaming_since + (end_ms - _SILENCE_MS) / 1000
            case ResponseCreated():
                self._response_started = now
                self.first_audio_s = self.first_audio_after_start_s = None
            case ResponseDone(response=response) if response.status != "cancelled":  # by speech that went on
                self.response = response
            case _:
                pass

    def note_update(self, event: ConversationUpdated) -> None:
        """Take note of the reply's first audio, over whichever way it comes."""
        if event.delta is not None and event.delta.audio is not None and self.first_audio_s is None:
            now = asyncio.get_running_loop().time()
            self.first_audio_s = now - self._end_of_speech
            self.first_audio_after_start_s = now - self._response_started

    def note_completed(self, event: ConversationItemCompleted) -> None:
        """Take note of an item that grows no more: over WebRTC, when its audio has been played."""
        self._complete.add(event.item.id or "")
        self._changed.set()

    async def heard(self, item_id: str) -> None:
        """Wait until all audio of an item is there."""
        while item_id not in self._complete:
            self._changed.clear()
            await self._changed.wait()

    async def speak(self, samples: audio.Int16Array, send: Callable[[bytes], Coroutine[object, object, None]]) -> None:
        """Stream speech as a microphone does, and then silence until the turn is over.

        Each chunk goes out when its last sample would have been recorded, by one schedule for all of them: late
        wake-ups do not add up.
        """
        clock = asyncio.get_running_loop().time
        self._streaming_since = clock()
        padded = np.concatenate([samples, np.zeros(-len(samples) % _CHUNK_SAMPLES, np.int16)])
        speech = audio.chunks(padded, _CHUNK_MS)
        silence = bytes(2 * _CHUNK_SAMPLES)
        sent = 0
        while not self.over:
            chunk = next(speech, silence)
            sent += 1
            await asyncio.sleep(max(0.0, self._streaming_since + sent * _CHUNK_MS / 1000 - clock()))
            await send(chunk)
            self._said_everything = sent * _CHUNK_SAMPLES >= len(padded)
            self.streamed_s = sent * _CHUNK_MS / 1000


async def spoken_turn(client: RealtimeClient, samples: audio.Int16Array, turn: SpokenTurn) -> None:
    """Speak to the model, let the service find where the speech ends, and wait for the spoken answer.

    Args:
        client: A connected client.
        samples: The speech: int16 of shape (n,), mono at 24 kHz.
        turn: What is filled with what happens, also when this is cancelled.

    Raises:
        DemoError: The response did not complete, or has no audio.
    """
    await client.update_session(
        output_modalities=["audio"],
        turn_detection=_SERVER_VAD,
        input_audio_transcription={"model": "gpt-4o-mini-transcribe"},
    )
    events = client.events
    with (
        events["*"].on(turn.note),
        events["conversation.updated"].on(turn.note_update),
        events["conversation.item.completed"].on(turn.note_completed),
    ):
        await turn.speak(samples, client.append_input_audio)
        response = turn.response
        if response is None:
            raise DemoError("the speech ended without a response")
        _require_completed(response)
        said = [item for item in response.output or [] if isinstance(item, AssistantMessageItem)]
        for item in said:
            await turn.heard(item.id or "")
    kept = [client.conversation.get_item(item.id or "") for item in said]
    turn.reply = np.concatenate([turn.reply, *(item.formatted.audio for item in kept if item is not None)])
    if not turn.reply.size:
        raise DemoError("the response has no audio")


# --- a tool ----------------------------------------------------------------------------------------------------


def get_weather(arguments: dict[str, object]) -> str:
    """The tool: always fine weather."""
    return f"It is sunny in {arguments.get('city', 'the city')}, at 21 °C."


async def tool_turn(client: RealtimeClient, text: str) -> None:
    """Ask for what only a tool knows; the client runs it and sends the result back.

    Args:
        client: A connected client.
        text: A question about the weather.

    Raises:
        DemoError: A response did not complete, or the model did not call the tool.
    """
    # Turn detection stays on. Without it the client would commit the silence after the speech as a turn of its own.
    await client.update_session(output_modalities=["text"])
    await client.add_tool(
        {
            "name": "get_weather",
            "description": "Look up the weather in a city.",
            "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
        },
        get_weather,
    )
    called = False
    with client.events["response.done"].stream() as responses:
        await client.send_user_message_content([{"type": "input_text", "text": text}])
        async for done in responses:
            _require_completed(done.response)
            if not any(isinstance(item, FunctionCallItem) for item in done.response.output or []):
                break
            called = True
    if not called:
        raise DemoError("the model answered without calling get_weather")
