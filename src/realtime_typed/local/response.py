"""One response: asks the responder and emits its answer's events in the order that recordings show.

Rules:
- Events that belong together are emitted without awaiting in between; between deltas the loop gets control.
- However a response ends (completed, failed, incomplete, cancelled), `_finish` closes the open item and emits
  `response.done`, once. `cancel` does so at once, from outside of the response's task, and ends the task.
- A response of conversation `none` emits no `conversation.item.*` events and leaves no items.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

from realtime_typed.audio import AudioFormatName, Int16Array, pcm16_array, resample

from .config import format_name, section
from .history import Audio, History, StoredItem, count_tokens, split_text
from .requests import Wire
from .responder import (
    AudioReply,
    Failure,
    Incomplete,
    Reply,
    Responder,
    ResponderRequest,
    TextReply,
    ToolCall,
    arguments_text,
)
from .speech import synthesize

__all__ = ["AudioPace", "ResponseHost", "ResponseRun"]

_logger = logging.getLogger("realtime_typed.local")

# The transcript runs ahead of the audio: this many deltas at once, then some with each piece of audio.
_TRANSCRIPT_LEAD: Final = 24
_TRANSCRIPT_A_CHUNK: Final = 2
_MS_A_TOKEN: Final = 50  # output audio, by recordings: 136 tokens for 6.8 seconds


class AudioPace(NamedTuple):
    """How a response's audio is sent.

    Attributes:
        speed: 1 is real time, `None` as fast as the client reads.
        delta_ms: How much of it one delta carries.
        lead_s: How far it runs ahead of real time. Default 0.
        by_track: Whether it goes over a media track, as PCM of 24 kHz whatever the session's format. Default no.
    """

    speed: float | None
    delta_ms: int
    lead_s: float = 0.0
    by_track: bool = False


class ResponseHost(Protocol):
    """What a response needs of its session."""

    @property
    def history(self) -> History:
        """The conversation."""
        ...

    def new_id(self, kind: str) -> str:
        """A new id, such as `item_…` for kind `item`."""
        ...

    def emit(self, event: Wire) -> None:
        """Send an event; `event_id` is added."""
        ...

    async def room(self) -> None:
        """Wait until the client has taken enough of what was emitted."""
        ...

    def speak(self, place: Wire, chunk: Int16Array, audio_format: AudioFormatName) -> None:
        """Send the next piece of audio; `place` says of which content part."""
        ...

    def response_finished(self, response: "ResponseRun") -> None:
        """Note that `response.done` was emitted."""
        ...


class _EndError(Exception):
    """Ends a response early, with this status."""

    def __init__(self, status: str, details: Wire) -> None:
        super().__init__(status)
        self.status = status
        self.details = details


@dataclass
class _Output:
    """The output item that is being written."""

    stored: StoredItem
    index: int
    text: str = ""
    audio: Audio | None = None
    previous_id: str | None = None
    part: str = ""
    extra: Wire = field(default_factory=dict[str, object])


class ResponseRun:
    """A response under way.

    Args:
        host: The session.
        config: What `merge_response` made of the session's configuration and the request's options.
        context: The items that the response answers.
        conversation_id: The conversation that it writes to, `None` for out of band.
        pace: How its audio is sent.
    """

    def __init__(
        self,
        host: ResponseHost,
        config: Wire,
        context: Sequence[StoredItem],
        conversation_id: str | None,
        pace: AudioPace,
    ) -> None:
        self.id: str = host.new_id("resp")
        self.audio_ms: float = 0.0
        self._host = host
        self._config = config
        self._conversation_id = conversation_id
        self._pace = pace
        own = format_name(section(config, "audio", "output", "format"))
        self._format: AudioFormatName = "audio/pcm" if pace.by_track else own
        limit = config["max_output_tokens"]
        self._tokens_left = limit if isinstance(limit, int) else None
        tokens = [item.tokens for item in context]
        self._input_text = sum(text for text, _ in tokens) + count_tokens(str(config["instructions"] or ""))
        self._input_audio = sum(audio for _, audio in tokens)
        self._output_text = 0
        self._outputs: list[StoredItem] = []
        self._open: _Output | None = None
        self._finished = False
        self._task: asyncio.Task[None] | None = None
        self._paced_from: float | None = None

    @property
    def in_conversation(self) -> bool:
        """Whether it writes to the session's conversation."""
        return self._conversation_id is not None

    @property
    def is_over(self) -> bool:
        """Whether the task is gone."""
        return self._task is None or self._task.done()

    @property
    def tokens(self) -> int:
        """How many tokens it took, input and output."""
        return self._input_text + self._input_audio + self._output_text + self._output_audio

    def start(self, responder: Responder, request: ResponderRequest) -> None:
        """Emit `response.created` and begin to answer in a task of its own."""
        self._host.emit({"type": "response.created", "response": self._wire("in_progress", None, None)})
        self._task = asyncio.create_task(self._run(responder, request), name=f"realtime-typed local {self.id}")

    def cancel(self, reason: str) -> None:
        """End the response now, with status `cancelled`.

        Args:
            reason: `client_cancelled` or `turn_detected`.
        """
        self._finish("cancelled", {"reason": reason})
        self.abandon()

    def abandon(self) -> None:
        """Stop without a word, as when the client is gone."""
        self._finished = True
        if self._task is not None:
            self._task.cancel()

    async def ended(self) -> None:
        """Wait until the task is gone."""
        if self._task is not None:
            await asyncio.wait({self._task})

    # --- the run ---------------------------------------------------------------------------------------------------

    async def _run(self, responder: Responder, request: ResponderRequest) -> None:
        try:
            answer = await responder.respond(request)
            replies = [answer] if isinstance(answer, _SINGLE) else list(answer)
            for reply in replies:
                await self._reply(reply)
            self._finish("completed", None)
        except _EndError as end:
            self._finish(end.status, end.details)
        except Exception as error:
            # The responder is the user's code: whatever it raises must reach the client as a failed response.
            _logger.exception("the responder failed")
            details: Wire = {"type": "server_error", "code": "responder_error", "message": repr(error)}
            self._finish("failed", {"error": details})

    async def _reply(self, reply: Reply) -> None:
        match reply:
            case str():
                await self._message(reply, None)
            case TextReply():
                await self._message(reply.text, None)
            case AudioReply():
                await self._message(reply.transcript, pcm16_array(reply.samples))
            case ToolCall():
                await self._call(reply)
            case Failure():
                error: Wire = {"type": reply.type, "code": reply.code, "message": reply.message}
                raise _EndError("failed", {"error": error})
            case Incomplete():
                raise _EndError("incomplete", {"reason": reply.reason})

    async def _message(self, text: str, samples: Int16Array | None) -> None:
        spoken = self._config["output_modalities"] == ["audio"]
        wire: Wire = {"type": "message", "status": "in_progress", "role": "assistant", "content": []}
        output = self._add_item(wire)
        output.part = "audio" if spoken else "text"
        part: Wire = {"type": "audio", "transcript": ""} if spoken else {"type": "text", "text": ""}
        self._host.emit({"type": "response.content_part.added", **self._where(output, content=True), "part": part})
        if spoken:
            if samples is None:
                speed = section(self._config, "audio", "output").get("speed")
                samples = synthesize(text, speed if isinstance(speed, (int, float)) else 1.0)
            await self._speak(output, text, samples)
        else:
            for piece in split_text(text):
                await self._turn()
                self._text_delta(output, "response.output_text.delta", piece)
        self._close_item("completed")

    async def _speak(self, output: _Output, transcript: str, samples: Int16Array) -> None:
        audio = output.audio = Audio(self._format)
        if self.in_conversation:
            output.stored.audio[0] = audio
        wanted = resample(samples, 24_000, audio.rate)
        step = audio.rate * self._pace.delta_ms // 1000
        pieces = split_text(transcript)
        for piece in pieces[:_TRANSCRIPT_LEAD]:
            await self._turn()
            self._text_delta(output, "response.output_audio_transcript.delta", piece)
        behind = iter(pieces[_TRANSCRIPT_LEAD:])
        for start in range(0, wanted.size, step):
            await self._turn(paced=True)
            chunk = wanted[start : start + step]
            self._spend(max(1, self._pace.delta_ms // _MS_A_TOKEN))
            audio.append(chunk)
            self.audio_ms += 1000 * chunk.size / audio.rate
            self._host.speak(self._where(output, content=True), chunk, self._format)
            for _, piece in zip(range(_TRANSCRIPT_A_CHUNK), behind, strict=False):
                self._text_delta(output, "response.output_audio_transcript.delta", piece)
        for piece in behind:
            await self._turn()
            self._text_delta(output, "response.output_audio_transcript.delta", piece)

    async def _call(self, call: ToolCall) -> None:
        call_id = call.call_id or self._host.new_id("call")
        wire: Wire = {"type": "function_call", "status": "in_progress", "name": call.name, "call_id": call_id}
        output = self._add_item(wire | {"arguments": ""})
        output.extra = {"call_id": call_id}
        for piece in split_text(arguments_text(call.arguments)):
            await self._turn()
            self._text_delta(output, "response.function_call_arguments.delta", piece)
        self._close_item("completed")

    async def _turn(self, *, paced: bool = False) -> None:
        """Give the loop control, and wait for a slow client or for the next piece of audio to be due."""
        await self._host.room()
        delay = 0.0
        if paced and self._pace.speed:
            now = asyncio.get_running_loop().time()
            if self._paced_from is None:
                self._paced_from = now
            # Each piece is due by the clock of the whole response, so that late wake-ups do not add up.
            delay = self._paced_from + self.audio_ms / 1000 / self._pace.speed - self._pace.lead_s - now
        await asyncio.sleep(max(0.0, delay))

    def _spend(self, tokens: int) -> None:
        if self._tokens_left is None:
            return
        if self._tokens_left < tokens:
            raise _EndError("incomplete", {"reason": "max_output_tokens"})
        self._tokens_left -= tokens

    # --- events ----------------------------------------------------------------------------------------------------

    def _where(self, output: _Output, *, content: bool = False) -> Wire:
        place: Wire = {"response_id": self.id, "item_id": output.stored.id, "output_index": output.index}
        return place | {"content_index": 0} if content else place | output.extra

    def _text_delta(self, output: _Output, name: str, piece: str) -> None:
        self._spend(1)
        output.text += piece
        self._output_text += 1
        # The service pads what a delta carries to a multiple of 16 characters.
        padding = "x" * (-len(piece) % 16)
        place = self._where(output, content=bool(output.part))
        self._host.emit({"type": name, **place, "delta": piece, "obfuscation": padding})

    def _add_item(self, fields: Wire) -> _Output:
        stored = StoredItem({"id": self._host.new_id("item"), **fields})
        output = self._open = _Output(stored, len(self._outputs))
        self._outputs.append(stored)
        self._emit_item("response.output_item.added", output)
        if self.in_conversation:
            output.previous_id = self._host.history.add(stored)
            event: Wire = {"type": "conversation.item.added", "previous_item_id": output.previous_id}
            self._host.emit(event | {"item": stored.wire})
        return output

    def _emit_item(self, name: str, output: _Output) -> None:
        place: Wire = {"response_id": self.id, "output_index": output.index}
        self._host.emit({"type": name, **place, "item": output.stored.wire})

    def _close_item(self, status: str) -> None:
        output, self._open = self._open, None
        if output is None:
            return
        item, emit = output.stored.wire, self._host.emit
        item["status"] = status
        if output.part:
            where = self._where(output, content=True)
            if output.part == "audio":
                emit({"type": "response.output_audio.done", **where})
                emit({"type": "response.output_audio_transcript.done", **where, "transcript": output.text})
                part: Wire = {"type": "audio", "transcript": output.text}
                item["content"] = [{"type": "output_audio", "transcript": output.text}]
            else:
                emit({"type": "response.output_text.done", **where, "text": output.text})
                part = {"type": "text", "text": output.text}
                item["content"] = [{"type": "output_text", "text": output.text}]
            emit({"type": "response.content_part.done", **where, "part": part})
        else:
            item["arguments"] = output.text
            done: Wire = {"name": item["name"], "arguments": output.text}
            emit({"type": "response.function_call_arguments.done", **self._where(output), **done})
        if self.in_conversation:
            event: Wire = {"type": "conversation.item.done", "previous_item_id": output.previous_id}
            emit(event | {"item": item})
        self._emit_item("response.output_item.done", output)

    def _finish(self, status: str, details: Wire | None) -> None:
        if self._finished:
            return
        self._finished = True
        self._close_item("incomplete")
        full = None if details is None else {"type": status} | details
        self._host.emit({"type": "response.done", "response": self._wire(status, full, self._usage())})
        self._host.response_finished(self)

    @property
    def _output_audio(self) -> int:
        return -(-int(self.audio_ms) // _MS_A_TOKEN)

    def _wire(self, status: str, details: Wire | None, usage: Wire | None) -> Wire:
        output = section(self._config, "audio", "output")
        return {
            "object": "realtime.response",
            "id": self.id,
            "status": status,
            "status_details": details,
            "output": [item.wire for item in self._outputs],
            "conversation_id": self._conversation_id,
            "output_modalities": self._config["output_modalities"],
            "max_output_tokens": self._config["max_output_tokens"],
            "audio": {"output": {"format": output["format"], "voice": output["voice"]}},
            "usage": usage,
            "metadata": self._config["metadata"],
        }

    def _usage(self) -> Wire:
        cached: Wire = {"text_tokens": 0, "audio_tokens": 0, "image_tokens": 0}
        inputs: Wire = {"text_tokens": self._input_text, "audio_tokens": self._input_audio, "image_tokens": 0}
        return {
            "total_tokens": self.tokens,
            "input_tokens": self._input_text + self._input_audio,
            "output_tokens": self._output_text + self._output_audio,
            "input_token_details": inputs | {"cached_tokens": 0, "cached_tokens_details": cached},
            "output_token_details": {"text_tokens": self._output_text, "audio_tokens": self._output_audio},
        }


_SINGLE = (str, TextReply, AudioReply, ToolCall, Failure, Incomplete)
