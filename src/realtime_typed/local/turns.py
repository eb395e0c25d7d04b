"""The user's spoken turns: from appended audio to an item of the conversation, by turn detection or by commit."""

import math
from collections.abc import Callable
from typing import Final, Protocol

from realtime_typed.audio import AudioFormatName, Int16Array, bytes_per_ms

from .config import format_name, section
from .history import Audio, History, StoredItem, split_text
from .input_audio import InputAudio, SilenceTimeout, Turn
from .items import decode_base64
from .requests import RequestError, Wire
from .responder import UserAudio
from .vad import SpeechStarted

__all__ = ["TurnHost", "UserTurns"]

_MAX_APPEND: Final = 15 * 1024 * 1024  # bytes of one append, after base64
_MIN_COMMIT_MS: Final = 100
_MAX_SILENCE_MS: Final = 60_000  # of a track, which goes on for as long as the call does


class TurnHost(Protocol):
    """What spoken turns need of their session."""

    @property
    def history(self) -> History:
        """The conversation."""
        ...

    @property
    def responding(self) -> bool:
        """Whether a response is running in the conversation, or one is still heard."""
        ...

    def new_id(self, kind: str) -> str:
        """A new id."""
        ...

    def emit(self, event: Wire) -> None:
        """Send an event."""
        ...

    def add_item(self, item: StoredItem, after: str | None = None) -> None:
        """Add an item to the conversation and announce it."""
        ...

    def answer_turn(self) -> None:
        """Create a response, as turn detection does."""
        ...

    def interrupt(self) -> None:
        """Cancel the response that is running or heard, if any, because the user speaks."""
        ...


class UserTurns:
    """The input audio buffer of a session and what comes of it.

    Args:
        host: The session.
        config: The session's configuration.
        transcribe: Makes the transcript, where the session asks for one.
        max_seconds: How much audio the buffer holds.
        by_track: Whether the user's audio comes over a media track, as samples, instead of in events.
    """

    def __init__(
        self,
        host: TurnHost,
        config: Wire,
        transcribe: Callable[[UserAudio], str],
        max_seconds: int,
        *,
        by_track: bool = False,
    ) -> None:
        self._host = host
        self._by_track = by_track
        self._format: AudioFormatName = "audio/pcm"
        self._transcribe_audio = transcribe
        self._max_seconds = max_seconds
        self._transcription = False
        self._turn_detection: Wire = {}
        self._speech_item: str | None = None
        max_ms = max_seconds * 1000
        silence_ms = min(max_ms, _MAX_SILENCE_MS) if by_track else None
        self._input = InputAudio(self._read(config), self._turn_detection, max_ms, silence_ms)

    @property
    def format(self) -> AudioFormatName:
        """The format of the user's audio where it comes in events."""
        return self._format

    def configure(self, config: Wire) -> None:
        """Take over a changed configuration of the session."""
        self._input.configure(self._read(config), self._turn_detection)
        if not self._input.speaking:
            self._speech_item = None

    def response_done(self, audio_ms: float) -> None:
        """Start the idle timeout; `audio_ms` is what the user has yet to hear of the response."""
        self._input.response_done(audio_ms)

    def append(self, audio: str) -> None:
        """Handle `input_audio_buffer.append`.

        Raises:
            RequestError: The audio is no base64, or more than the event or the buffer may hold; or the session's audio
                comes over a track.
        """
        if self._by_track:
            message = (
                "Invalid value: 'input_audio_buffer.append'. The audio of this session comes over its WebRTC track."
            )
            raise RequestError("invalid_value", message, "type")
        if len(audio) > -(-_MAX_APPEND // 3) * 4:
            raise RequestError("invalid_value", "Invalid 'audio': more than 15 MiB in one event.", "audio")
        # A long append is heard in pieces, so that what is said in it takes effect in its order.
        data = decode_base64(audio, "audio")
        if not self._input.fits(data):
            message = f"The input audio buffer holds at most {self._max_seconds} s; commit or clear it."
            raise RequestError("input_audio_buffer_full", message, "audio")
        step = bytes_per_ms(self._input.format) * 1000
        for start in range(0, len(data), step):
            for event in self._input.append(data[start : start + step], responding=self._host.responding):
                self._heard(event)

    def hear(self, samples: Int16Array) -> None:
        """Hear the next piece of a media track: int16, shape (n,), 24 kHz."""
        for event in self._input.hear(samples, responding=self._host.responding):
            self._heard(event)

    def commit(self) -> None:
        """Handle `input_audio_buffer.commit`.

        Raises:
            RequestError: The buffer holds less than 100 ms.
        """
        length = self._input.milliseconds
        if length < _MIN_COMMIT_MS:
            raise RequestError(
                "input_audio_buffer_commit_empty",
                "Error committing input audio buffer: buffer too small. Expected at least "
                f"{_MIN_COMMIT_MS}ms of audio, but buffer only has {length:.2f}ms of audio.",
            )
        item_id, self._speech_item = self._speech_item or self._host.new_id("item"), None
        self._transcribe(self._commit(item_id, self._input.commit()))

    def clear(self) -> None:
        """Handle `input_audio_buffer.clear`."""
        self._input.clear()
        self._speech_item = None
        self._host.emit({"type": "input_audio_buffer.cleared"})

    def _read(self, config: Wire) -> AudioFormatName:
        audio_input = section(config, "audio", "input")
        self._transcription = bool(section(audio_input, "transcription"))
        self._turn_detection = section(audio_input, "turn_detection")
        self._format = format_name(section(audio_input, "format"))
        # A track has its own format, whatever the session says.
        return "audio/pcm" if self._by_track else self._format

    def _heard(self, event: SpeechStarted | Turn | SilenceTimeout) -> None:
        name = "input_audio_buffer."
        match event:
            case SpeechStarted():
                item_id = self._speech_item = self._host.new_id("item")
                started: Wire = {"type": name + "speech_started", "audio_start_ms": event.audio_start_ms}
                self._host.emit(started | {"item_id": item_id})
                if self._turn_detection.get("interrupt_response") is not False:
                    self._host.interrupt()
            case Turn():
                item_id, self._speech_item = self._speech_item or self._host.new_id("item"), None
                stopped: Wire = {"type": name + "speech_stopped", "audio_end_ms": event.audio_end_ms}
                self._host.emit(stopped | {"item_id": item_id})
                self._ended(item_id, event.samples)
            case SilenceTimeout():
                item_id = self._host.new_id("item")
                times = {"audio_start_ms": event.audio_start_ms, "audio_end_ms": event.audio_end_ms}
                self._host.emit({"type": name + "timeout_triggered", **times, "item_id": item_id})
                self._ended(item_id, event.samples)

    def _ended(self, item_id: str, samples: Int16Array) -> None:
        item = self._commit(item_id, samples)
        if self._turn_detection.get("create_response") is not False:
            self._host.answer_turn()
        # Recordings show the transcript after `response.created`: it is made beside the response.
        self._transcribe(item)

    def _commit(self, item_id: str, samples: Int16Array) -> StoredItem:
        content: list[Wire] = [{"type": "input_audio", "transcript": None}]
        wire: Wire = {"id": item_id, "type": "message", "status": "completed", "role": "user", "content": content}
        item = StoredItem(wire, {0: Audio(self._input.format, samples)})
        previous = self._host.history.last_id()
        committed: Wire = {"type": "input_audio_buffer.committed", "previous_item_id": previous, "item_id": item_id}
        self._host.emit(committed)
        self._host.add_item(item)
        return item

    def _transcribe(self, item: StoredItem) -> None:
        if not self._transcription:
            return
        audio = item.audio[0]
        name = "conversation.item.input_audio_transcription."
        where: Wire = {"item_id": item.id, "content_index": 0}
        try:
            transcript = self._transcribe_audio(UserAudio(audio.samples, audio.rate))
        except Exception as error:  # user code; the service reports a failed transcription this way too
            problem: Wire = {"type": "transcription_error", "code": "audio_unintelligible", "message": repr(error)}
            self._host.emit({"type": name + "failed", **where, "error": problem | {"param": None}})
            return
        for piece in split_text(transcript):
            padding = "x" * (-len(piece) % 16)
            self._host.emit({"type": name + "delta", **where, "delta": piece, "obfuscation": padding})
        item.content[0]["transcript"] = transcript
        usage: Wire = {"type": "duration", "seconds": math.ceil(audio.milliseconds / 1000)}
        self._host.emit({"type": name + "completed", **where, "transcript": transcript, "usage": usage})
