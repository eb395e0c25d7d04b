"""The engine of a translation session: client frames in, server events out. It knows no transport.

Speech is translated as it comes: appended audio is cut into frames of 200 ms, and each is answered at once. There are
no turns, items or responses.
"""

import asyncio
import copy
import itertools
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic_core import to_json

from realtime_typed._generated.translation.registry import CLIENT_EVENTS
from realtime_typed.audio import decode_audio, encode_audio, encode_base64, pcm16_array

from .config import section
from .frames import Fanout, Outbox, ReceivedLog
from .items import decode_base64
from .requests import RequestError, Wire, error_event, parse_frame, validate_event
from .responder import UserAudio
from .translator import TranslationSettings

__all__ = ["TranslationSession", "default_translation", "merge_translation"]

_RATE: Final = 24_000
_FRAME_MS: Final = 200
_FRAME_BYTES: Final = _RATE * _FRAME_MS // 1000 * 2
_MAX_APPEND: Final = 15 * 1024 * 1024  # bytes of one append, after base64
_MAX_RECEIVED: Final = 10_000
_MAX_RECEIVED_BYTES: Final = 32 * 1024 * 1024

_logger = logging.getLogger("realtime_typed.local")


def default_translation(session_id: str, model: str, expires_at: int) -> Wire:
    """The configuration that `session.created` shows: no input transcript, and English comes out."""
    return {
        "id": session_id,
        "type": "translation",
        "expires_at": expires_at,
        "model": model,
        "audio": {"input": {"transcription": None, "noise_reduction": None}, "output": {"language": "en"}},
    }


def merge_translation(current: Wire, update: Wire) -> Wire:
    """Apply the `session` of a `session.update`, valid by the schema; `current` is not changed."""
    merged = copy.deepcopy(current)
    wanted = section(update, "audio")
    section(merged, "audio", "input").update(section(wanted, "input"))
    language = section(wanted, "output").get("language")
    if language is not None:
        section(merged, "audio", "output")["language"] = language
    return merged


class TranslationSession:
    """One translation session.

    Args:
        number: Which session of the server it is; makes its ids unique.
        model: The model that the client asked for.
        settings: The server's settings.
        initial: The configuration that the session begins with, as a `session.update` holds it.
    """

    def __init__(self, number: int, model: str, settings: TranslationSettings, initial: Wire | None = None) -> None:
        self._number = number
        self._settings = settings
        self._ids = itertools.count(1)
        self._outbox = Fanout(settings.max_queue)
        self._received = ReceivedLog(_MAX_RECEIVED, _MAX_RECEIVED_BYTES)
        self._timer: asyncio.TimerHandle | None = None
        self._waiting = b""
        self._elapsed_bytes = 0
        self.id: str = self._new_id("sess")
        expires_at = int(time.time() + settings.max_session_seconds)
        self._config = merge_translation(default_translation(self.id, model, expires_at), initial or {})

    def __repr__(self) -> str:
        state = "open" if self.closed is None else f"closed {self.closed[0]}"
        return f"<TranslationSession {self.id} {state}>"

    @property
    def received(self) -> Sequence[Wire]:
        """The client's events so far, oldest first, parsed; at most the last 10,000 and the last 32 MiB."""
        return self._received.events()

    @property
    def config(self) -> Wire:
        """The session's configuration, as `session.updated` would show it."""
        return self._config

    @property
    def closed(self) -> tuple[int, str] | None:
        """The close code and reason, `None` while the session is open."""
        return self._outbox.closed

    def attach(self) -> Outbox:
        """Make an outbox that gets every frame from now on."""
        return self._outbox.attach()

    def detach(self, outbox: Outbox) -> None:
        """Give an outbox no more frames."""
        self._outbox.detach(outbox)

    def start(self) -> None:
        """Emit `session.created` and start the clock of the time limit. Needs a running loop."""
        if self.closed is not None:
            return
        self.emit({"type": "session.created", "session": self._config})
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._settings.max_session_seconds, self._expire)

    def emit(self, event: Mapping[str, object]) -> None:
        """Send an event to the client; the engine does, and a test may inject any.

        Args:
            event: A JSON object with a `type`; `event_id` is added when it is missing.
        """
        self._outbox.put(to_json({"type": event["type"], "event_id": self._new_id("event"), **event}).decode())

    def receive(self, frame: str | bytes) -> None:
        """Handle one client frame; a bad one is answered with an `error` event and changes nothing.

        Args:
            frame: JSON text, or the UTF-8 bytes of it.
        """
        if self.closed is not None:
            return
        event_id: str | None = None
        try:
            raw = parse_frame(frame)
            found = raw.get("event_id")
            event_id = found if isinstance(found, str) else None
            self._received.add(raw, len(frame))
            self._handle(validate_event(frame, raw, CLIENT_EVENTS).to_wire())
        except RequestError as error:
            self.emit(error_event(error, error.event_id or event_id))

    async def room(self) -> None:
        """Wait until the client has taken enough of what was emitted."""
        await self._outbox.room()

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End the session: what was emitted is still sent, then the connection closes."""
        if self._timer is not None:
            self._timer.cancel()
        self._outbox.close(code, reason)

    async def ended(self) -> None:
        """Wait until the session is closed; it has no tasks."""
        await self._outbox.ended()

    def _new_id(self, kind: str) -> str:
        return f"{kind}_s{self._number}n{next(self._ids)}"

    def _handle(self, event: Wire) -> None:
        match event["type"]:
            case "session.update":
                self._config = merge_translation(self._config, section(event, "session"))
                self.emit({"type": "session.updated", "session": self._config})
            case "session.input_audio_buffer.append":
                self._append(str(event["audio"]))
            case _:  # session.close, the only other one that the schema knows
                if self._waiting:
                    self._translate(self._waiting)
                self.emit({"type": "session.closed"})
                self.close(1000, "")

    def _append(self, audio: str) -> None:
        if len(audio) > -(-_MAX_APPEND // 3) * 4:
            raise RequestError("invalid_value", "Invalid 'audio': more than 15 MiB in one event.", "audio")
        data = self._waiting + decode_base64(audio, "audio")
        whole = len(data) - len(data) % _FRAME_BYTES
        self._waiting = data[whole:]
        for start in range(0, whole, _FRAME_BYTES):
            self._translate(data[start : start + _FRAME_BYTES])

    def _translate(self, data: bytes) -> None:
        self._elapsed_bytes += len(data)
        elapsed: Wire = {"elapsed_ms": self._elapsed_bytes * 1000 // (2 * _RATE)}
        samples = decode_audio(data[: len(data) - len(data) % 2], "audio/pcm")
        language = str(section(self._config, "audio", "output")["language"])
        try:
            made = self._settings.translator.translate(UserAudio(samples, _RATE), language)
            spoken = b"" if made.samples is None else encode_audio(pcm16_array(made.samples), "audio/pcm")
        except Exception:  # user code; the session goes on, as after an error of the model
            _logger.exception("the translator failed")
            problem = RequestError("server_error", "The server had an error while translating.", type="server_error")
            self.emit(error_event(problem, None))
            return
        # The service writes what it heard only where a model for it was chosen.
        if made.source and section(self._config, "audio", "input")["transcription"] is not None:
            self.emit({"type": "session.input_transcript.delta", "delta": made.source, **elapsed})
        if made.target:
            self.emit({"type": "session.output_transcript.delta", "delta": made.target, **elapsed})
        if spoken:
            audio: Wire = {"delta": encode_base64(spoken), "sample_rate": _RATE, "channels": 1, "format": "pcm16"}
            self.emit({"type": "session.output_audio.delta", **audio, **elapsed})

    def _expire(self) -> None:
        minutes = round(self._settings.max_session_seconds / 60)
        message = f"Your session hit the maximum duration of {minutes} minutes."
        self.emit(error_event(RequestError("session_expired", message), None))
        self.close(1001, "")
