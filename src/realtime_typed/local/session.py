"""The session engine: client frames in, server events out. It knows no transport.

A frame is handled in one step without awaiting; its answers stand in the outbox before the next frame is read. Only a
running response awaits, in a task of its own (`response.py`).
"""

import asyncio
import itertools
import time
from collections.abc import Mapping, Sequence
from typing import Final, cast

from pydantic_core import to_json

from realtime_typed._generated.realtime.client_events import (
    ConversationItemCreate,
    ConversationItemDelete,
    ConversationItemRetrieve,
    ConversationItemTruncate,
    InputAudioBufferAppend,
    InputAudioBufferClear,
    InputAudioBufferCommit,
    OutputAudioBufferClear,
    ResponseCancel,
    ResponseCreate,
    SessionUpdate,
)
from realtime_typed._generated.realtime.registry import ClientEvent
from realtime_typed.audio import AudioFormatName, Int16Array, encode_audio, encode_base64

from .config import default_session, default_transcription_session, merge_response, merge_session
from .frames import Fanout, Outbox, ReceivedLog
from .history import History, StoredItem
from .items import make_item, truncate_item
from .model_request import make_request
from .playback import AudioLine, Playback
from .rate_limits import RateLimits
from .requests import RequestError, Wire, error_event, parse_frame, read_event
from .response import ResponseRun
from .settings import SessionSettings
from .turns import UserTurns

__all__ = ["LocalSession"]

_MAX_OUT_OF_BAND: Final = 32
_MAX_RECEIVED: Final = 10_000
_MAX_RECEIVED_BYTES: Final = 32 * 1024 * 1024
_APPEND_FIELDS: Final = frozenset({"type", "audio"})
_TRACK_LEAD_S: Final = 0.5  # of audio that is paced: a track that waits for each piece would stutter


class LocalSession:
    """One session, of type `realtime` or `transcription`, for any number of connections.

    Args:
        number: Which session of the server it is; makes its ids unique.
        model: The model that the client asked for; a transcription session has none.
        settings: The server's settings.
        initial: The configuration that the session begins with, as a `session.update` holds it; its `type` is the
            session's. Default an empty one of type `realtime`.
        line: Where the model's audio is heard, if that is a media track; the user's comes over one too, to `hear`.
            Default `None`: both go in events.

    Raises:
        RequestError: `initial` asks for what the service does not allow.
    """

    def __init__(
        self,
        number: int,
        model: str,
        settings: SessionSettings,
        initial: Wire | None = None,
        line: AudioLine | None = None,
    ) -> None:
        self._number = number
        self._settings = settings
        self._ids = itertools.count(1)
        self._outbox = Fanout(settings.max_queue)
        self._responses: dict[str, ResponseRun] = {}
        self._abandoned: set[ResponseRun] = set()
        self._active: ResponseRun | None = None
        self._spoke = False
        self._rate_limits = RateLimits(settings.rate_limits)
        self._timer: asyncio.TimerHandle | None = None
        self._received = ReceivedLog(_MAX_RECEIVED, _MAX_RECEIVED_BYTES)
        self.id: str = self.new_id("sess")
        self._conversation_id = self.new_id("conv")
        self._history = History(settings.max_items, settings.max_audio_seconds * 24_000, settings.max_history_bytes)
        expires_at = int(time.time() + settings.max_session_seconds)
        self._responds = initial is None or initial["type"] == "realtime"
        if self._responds:
            self._config = default_session(self.id, model, settings.voice, expires_at)
        else:
            self._config = default_transcription_session(self.id, expires_at)
        if initial is not None:
            self._config = merge_session(self._config, initial, spoke=False)
        by_track = line is not None
        self._pace = settings.audio_pace
        if by_track:
            self._pace = self._pace._replace(lead_s=_TRACK_LEAD_S, by_track=True)
        self._turns = UserTurns(self, self._config, settings.transcribe, settings.max_audio_seconds, by_track=by_track)
        self._playback = None if line is None else Playback(line, self._history, self.emit, self._played_out)

    def __repr__(self) -> str:
        state = "open" if self._outbox.closed is None else f"closed {self._outbox.closed[0]}"
        return f"<LocalSession {self.id} {state}, {len(self._responses)} responses running>"

    # --- for the server and for tests ------------------------------------------------------------------------------

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

    @property
    def history(self) -> History:
        """The conversation."""
        return self._history

    def start(self) -> None:
        """Emit `session.created` to those attached and start the clock of the time limit. Needs a running loop."""
        if self._outbox.closed is not None:
            return
        self.emit({"type": "session.created", "session": self._config})
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._settings.max_session_seconds, self._expire)

    def emit(self, event: Mapping[str, object]) -> None:
        """Send an event to the client; the engine does, and a test may inject any.

        Args:
            event: A JSON object with a `type`; `event_id` is added when it is missing.
        """
        wire = {"type": event["type"], "event_id": self.new_id("event"), **event}
        self._outbox.put(to_json(wire).decode())

    def close(self, code: int = 1000, reason: str = "") -> None:
        """End the session: running responses stop, what was emitted is still sent, then the connection closes.

        Args:
            code: The close code. Default 1000.
            reason: Why.
        """
        if self._timer is not None:
            self._timer.cancel()
        for response in self._responses.values():
            response.abandon()
        self._abandoned.update(self._responses.values())
        self._responses.clear()
        self._active = None
        self._outbox.close(code, reason)

    async def ended(self) -> None:
        """Wait until the session is closed and no task of it is left."""
        await self._outbox.ended()
        for response in tuple(self._abandoned):
            await response.ended()
        self._abandoned.clear()

    def attach(self) -> Outbox:
        """Make an outbox that gets every frame from now on."""
        return self._outbox.attach()

    def detach(self, outbox: Outbox) -> None:
        """Give an outbox no more frames."""
        self._outbox.detach(outbox)

    async def room(self) -> None:
        """Wait until the clients have taken enough of what was emitted."""
        await self._outbox.room()

    def new_id(self, kind: str) -> str:
        """A new id; ids count up, so that the same conversation has the same ids."""
        return f"{kind}_s{self._number}n{next(self._ids)}"

    @property
    def responding(self) -> bool:
        """Whether a response is running in the conversation, or one is still heard."""
        return self._active is not None or (self._playback is not None and self._playback.busy)

    def interrupt(self) -> None:
        """Cancel the response that is running in the conversation and what is heard, because the user speaks."""
        if self._active is not None:
            self._active.cancel("turn_detected")
        if self._playback is not None:
            self._playback.clear()

    def hear(self, samples: Int16Array) -> None:
        """Hear the next piece of the user's track: int16, shape (n,), 24 kHz."""
        if self._outbox.closed is None:
            self._turns.hear(samples)

    def audio_played(self, samples: int) -> None:
        """Note that the model's track has sent so many samples of what it got."""
        if self._playback is not None and self._outbox.closed is None:
            self._playback.sent(samples)

    def _played_out(self) -> None:
        if self._active is None:
            self._turns.response_done(0)

    def answer_turn(self) -> None:
        """Create a response to what the user said, as turn detection does; a transcription session gives none."""
        if not self._responds:
            return
        try:
            self._create_response({})
        except RequestError as error:
            # A response that may not be interrupted still runs. No client event is to blame.
            self._emit_error(error, None)

    def speak(self, place: Wire, chunk: Int16Array, audio_format: AudioFormatName) -> None:
        """Send the next piece of a response's audio, in an event or over the track; this fixes the model's voice."""
        self._spoke = True
        if self._playback is not None:
            self._playback.add(str(place["response_id"]), str(place["item_id"]), chunk)
            return
        delta = encode_base64(encode_audio(chunk, audio_format))
        self.emit({"type": "response.output_audio.delta", **place, "delta": delta})

    def response_finished(self, response: ResponseRun) -> None:
        """Note that `response.done` was emitted."""
        if self._responses.pop(response.id, None) is not None:
            self._abandoned = {other for other in self._abandoned if not other.is_over} | {response}
        self._rate_limits.tokens += response.tokens
        was_active = response is self._active
        if was_active:
            self._active = None
        if self._playback is not None:
            self._playback.finish(response.id)
            if was_active and not self._playback.busy:
                self._turns.response_done(0)
        elif was_active:
            # Audio that was not paced has yet to be heard.
            self._turns.response_done(response.audio_ms if self._pace.speed is None else 0)

    # --- frames in -------------------------------------------------------------------------------------------------

    def receive(self, frame: str | bytes) -> None:
        """Handle one client frame; a bad one is answered with an `error` event and changes nothing.

        Args:
            frame: JSON text, or the UTF-8 bytes of it.
        """
        if self._outbox.closed is not None:
            return
        event_id: str | None = None
        try:
            raw = parse_frame(frame)
            found = raw.get("event_id")
            event_id = found if isinstance(found, str) else None
            self._received.add(raw, len(frame))
            audio = raw.get("audio")
            if raw["type"] == "input_audio_buffer.append" and raw.keys() == _APPEND_FIELDS and isinstance(audio, str):
                self._turns.append(audio)  # the one frame that comes all the time needs no model
            else:
                self._handle(read_event(frame, raw))
        except RequestError as error:
            self._emit_error(error, error.event_id or event_id)

    def _handle(self, event: ClientEvent) -> None:
        match event:
            case SessionUpdate():
                self._update(event.session.to_wire())
            case ConversationItemCreate():
                self._create_item(event.item.to_wire(), event.previous_item_id)
            case ConversationItemRetrieve():
                item = self._item(event.item_id, "item_retrieve_invalid_item_id")
                self.emit({"type": "conversation.item.retrieved", "item": item.retrieved()})
            case ConversationItemDelete():
                self._history.delete(self._item(event.item_id, "item_delete_invalid_item_id").id)
                self.emit({"type": "conversation.item.deleted", "item_id": event.item_id})
            case ConversationItemTruncate():
                self._truncate(event)
            case InputAudioBufferAppend():
                self._turns.append(event.audio)
            case InputAudioBufferCommit():
                self._turns.commit()
            case InputAudioBufferClear():
                self._turns.clear()
            case OutputAudioBufferClear() if self._playback is not None:
                self._playback.clear()
            case OutputAudioBufferClear():
                raise RequestError(
                    "invalid_value",
                    "Invalid value: 'output_audio_buffer.clear'. It is supported over WebRTC and SIP only.",
                    "type",
                )
            case ResponseCreate():
                options = {} if event.response is None else event.response.to_wire()
                self._create_response(options)
            case ResponseCancel():
                self._cancel_response(event.response_id)

    def _emit_error(self, error: RequestError, event_id: str | None) -> None:
        self.emit(error_event(error, event_id))

    def _expire(self) -> None:
        minutes = round(self._settings.max_session_seconds / 60)
        message = f"Your session hit the maximum duration of {minutes} minutes."
        self._emit_error(RequestError("session_expired", message), None)
        self.close(1001, "")

    # --- session ---------------------------------------------------------------------------------------------------

    def _update(self, update: Wire) -> None:
        self._config = merge_session(self._config, update, spoke=self._spoke)
        self._turns.configure(self._config)
        self.emit({"type": "session.updated", "session": self._config})

    # --- items -----------------------------------------------------------------------------------------------------

    def _item(self, item_id: str, code: str) -> StoredItem:
        item = self._history.get(item_id)
        if item is None:
            raise RequestError(code, f"Item with item_id '{item_id}' does not exist.", "item_id")
        return item

    def _create_item(self, wire: Wire, after: str | None) -> None:
        if after is not None and after != "root" and after not in self._history:
            raise RequestError(
                "invalid_value", f"Previous item with item_id '{after}' does not exist.", "previous_item_id"
            )
        item = make_item(wire, "item", self._turns.format, self.new_id)
        if item.id in self._history:
            raise RequestError(
                "item_create_duplicate_item_id",
                f"Error adding item: an item with id '{item.id}' is already in the conversation.",
                "item.id",
            )
        call_id = wire.get("call_id")
        if wire["type"] == "function_call_output" and not self._history.has_call(call_id):
            raise RequestError(
                "invalid_tool_call_id", f"Tool call ID '{call_id}' not found in conversation.", "item.call_id"
            )
        self.add_item(item, after)

    def add_item(self, item: StoredItem, after: str | None = None) -> None:
        """Add an item to the conversation and announce it."""
        previous = self._history.add(item, after)
        for name in ("conversation.item.added", "conversation.item.done"):
            self.emit({"type": name, "previous_item_id": previous, "item": item.wire})

    def _truncate(self, event: ConversationItemTruncate) -> None:
        truncate_item(self._item(event.item_id, "item_truncate_invalid_item_id"), event)
        names = ("item_id", "content_index", "audio_end_ms")
        self.emit({"type": "conversation.item.truncated", **{name: getattr(event, name) for name in names}})

    # --- responses -------------------------------------------------------------------------------------------------

    def _create_response(self, options: Wire) -> None:
        if not self._responds:
            message = "Invalid value: 'response.create'. A transcription session gives no responses."
            raise RequestError("invalid_value", message, "type")
        config = merge_response(self._config, options, spoke=self._spoke)
        in_conversation = config["conversation"] == "auto"
        if in_conversation and self._active is not None:
            raise RequestError(
                "conversation_already_has_active_response",
                f"Conversation already has an active response in progress: {self._active.id}. Wait until the response "
                "is finished before creating a new one.",
            )
        if len(self._responses) >= _MAX_OUT_OF_BAND:
            raise RequestError("inference_rate_limit_exceeded", f"{_MAX_OUT_OF_BAND} responses are running already.")
        given = options.get("input")
        if isinstance(given, list):
            items = enumerate(cast("list[Wire]", given))
            context = [
                make_item(item, f"response.input[{index}]", self._turns.format, self.new_id) for index, item in items
            ]
        else:
            context = self._history.items()
        conversation_id = self._conversation_id if in_conversation else None
        response = ResponseRun(self, config, context, conversation_id, self._pace)
        request = make_request(self._config, config, options, context)
        self._responses[response.id] = response
        if in_conversation:
            self._active = response
        response.start(self._settings.responder, request)
        if (limits := self._rate_limits.count_request()) is not None:
            self.emit(limits)

    def _cancel_response(self, response_id: str | None) -> None:
        response = self._active if response_id is None else self._responses.get(response_id)
        if response is None:
            raise RequestError("response_cancel_not_active", "Cancellation failed: no active response found")
        response.cancel("client_cancelled")
