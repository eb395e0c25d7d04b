"""The audio of a client in both directions: what the user said is kept for items, what the model says is handed out.

The same application code over every transport: this is where the difference between audio in events (WebSocket) and
audio in tracks (WebRTC) ends.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import cast

from ._backlog import QueueBound
from ._client_media import AudioOutput, InputConverter, OutputMedia
from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.shared import ConversationItem
from ._item_content import as_text, whole_number
from ._outbox import Dropped
from ._stream_resample import StreamResampler
from ._track_audio import ItemAudio
from ._wire import WireModel, wire_fields
from .api import RealtimeAPI
from .audio import (
    AudioData,
    AudioFormatName,
    Int16Array,
    bytes_per_ms,
    bytes_per_second,
    decode_audio,
    decode_base64,
    encode_audio,
    sample_rate,
)
from .conversation import Conversation, ConversationChange
from .playback import PlaybackTracker
from .session import SessionConfiguration
from .usage import Usage

__all__ = ["ClientAudio"]

_TRACK_RATE = 24_000
_MAX_HELD_S = 60


class ClientAudio:
    """What a client does with audio.

    Args:
        realtime: The connection.
        conversation: Where the audio of items is kept.
        configuration: The session's formats and turn detection.
        tell: Is told each change that audio of a track makes in the conversation.
        completed: Is told each item whose audio has all come, if its other parts had come before.
        playback: What was heard of each item.
        bound: Is told what nobody took in time.

    Attributes:
        usage: What was used.
        spoke: Whether the model has produced audio in this session.
    """

    def __init__(
        self,
        realtime: RealtimeAPI,
        conversation: Conversation,
        configuration: SessionConfiguration,
        tell: Callable[[ConversationChange], None],
        completed: Callable[[ConversationItem], None],
        playback: PlaybackTracker,
        bound: QueueBound,
    ) -> None:
        self._realtime = realtime
        self._conversation = conversation
        self._configuration = configuration
        self._tell = tell
        self._completed = completed
        self._playback = playback
        self.output: OutputMedia = OutputMedia(self._add_track_audio, self._track_item_ended, playback, bound)
        # Are told the response that a track brings audio of, and the item that it has brought all audio of.
        self.on_track_audio: Callable[[str], None] | None = None
        self.on_track_ended: Callable[[str], None] | None = None
        # Is told how many milliseconds of the user's speech found no room while a call was being made.
        self.on_held_dropped: Callable[[float], None] | None = None
        self._converter = InputConverter()
        self._history_resampler: StreamResampler | None = None
        self._unheard: dict[str, ConversationItem] = {}
        self.usage: Usage = Usage()
        self.spoke: bool = False
        self._last_sent = float("-inf")
        # What was said between a call that was lost and the next one, in samples of a track.
        self._lost_track = False
        self._carried_on = asyncio.Event()  # set when it has been written to the track of another call
        self._held: deque[Int16Array] = deque()
        self._held_samples = 0
        realtime.on_input_frame = self._heard_frame
        realtime.on_output_audio = self._take_track

    def stream(self) -> AudioOutput:
        """What the model says from now on."""
        return self.output.stream()

    def open(self) -> None:
        """A connection is being made."""
        self.output.open()
        self._forget_held()
        self.spoke = False
        self._converter.flush()
        self._history_resampler = None
        self._unheard.clear()

    def close(self, error: BaseException, *, expected: bool) -> None:
        """The connection has ended: what has not come will not come."""
        self._forget_held()
        self.output.close(error, expected=expected)
        for item_id in list(self._unheard):
            self._track_item_ended(item_id)

    def _forget_held(self) -> None:
        self._held.clear()
        self._held_samples = 0
        self._end_waiting()

    def _end_waiting(self) -> None:
        self._lost_track = False
        self._carried_on.set()

    async def carry_on(self) -> None:
        """Another connection is there: write what was said meanwhile to its track."""
        media = self._realtime.media
        while self._held and media is not None and media is self._realtime.media:
            samples = self._held.popleft()
            self._held_samples -= len(samples)
            await media.write_audio(samples)
        if media is None or media is self._realtime.media:
            self._end_waiting()

    def connection_lost(self) -> None:
        """The connection was lost, and another is being made: what has not come over a track will not come."""
        if self._realtime.media is not None and not self._lost_track:
            self._lost_track = True
            self._carried_on = asyncio.Event()  # of its own: those who wait may be of another event loop
        self.output.connection_lost()
        self._history_resampler = None
        self.spoke = False
        for item_id in list(self._unheard):
            self._track_item_ended(item_id)

    # What the model says.

    def came(self, samples: Int16Array, item: ConversationItem, response_id: str) -> None:
        """Hand out audio that an event has added to an item of a response."""
        rate = self._conversation.output_sample_rate
        self._count(len(samples), response_id, rate)
        self.output.hand_out(samples, cast("str", item.id), response_id, rate)

    def lost(self, change: ConversationChange, fields: Mapping[str, object]) -> None:
        """Note what an event has taken away of an item's audio, if it has."""
        if change.kind == "truncated":
            end = whole_number(fields.get("audio_end_ms"))
            self._playback.cut(cast("str", change.item.id), end * self._conversation.output_sample_rate // 1000)
        elif change.kind == "deleted":
            self._playback.forget(cast("str", change.item.id))
        elif change.kind == "dropped":
            self._playback.forget_heard(cast("str", change.item.id))

    def response_created(self, response: object) -> str | None:
        """Take note of a response that has begun; return its id unless it is out of band."""
        fields = wire_fields(response)
        # One out of band says so by an explicit null; it is none that `response.cancel` stops.
        stated = isinstance(response, WireModel) and "conversation_id" in response.model_fields_set
        if not stated or fields.get("conversation_id") is not None:
            response_id = as_text(fields.get("id"))
            self.output.created(response_id)
            return response_id
        return None

    def track_event(self, event: ServerEvent) -> None:
        """Take note of an event that says what the track carries."""
        if self._realtime.media is not None:
            self.output.apply(event.type, wire_fields(event))

    def postpone(self, item: ConversationItem) -> bool:
        """Whether an item that is complete otherwise has audio on its way; it is told when that has come."""
        item_id = cast("str", item.id)
        if not self.output.plays(item_id):
            return False
        self._unheard[item_id] = item
        return True

    def _take_track(self, samples: Int16Array) -> None:
        self.output.take(samples, self._conversation.output_sample_rate)

    def _add_track_audio(self, piece: ItemAudio) -> None:
        change = self._conversation.add_output_audio(piece.item_id, piece.samples)
        if change is not None:
            rate = self._conversation.output_sample_rate
            self._count(len(piece.samples), piece.response_id, rate)
            if self.on_track_audio is not None:
                self.on_track_audio(piece.response_id)
            self.output.hand_out(piece.samples, piece.item_id, piece.response_id, rate, live=True)
            self._tell(change)

    def _count(self, samples: int, response_id: str, rate: int) -> None:
        self.spoke = True
        self.usage.audio_received(response_id or None, samples, rate)

    def _track_item_ended(self, item_id: str) -> None:
        if self.on_track_ended is not None:
            self.on_track_ended(item_id)
        item = self._unheard.pop(item_id, None)
        if item is not None:
            self._completed(item)

    # What the user says.

    async def append(self, data: AudioData, given_rate: int | None) -> None:
        """Send audio; see `RealtimeClient.append_input_audio`."""
        audio_format = cast("AudioFormatName", self._configuration.input_format)
        media = self._realtime.media
        if media is not None and media.sends_own_track:
            raise RuntimeError("the input audio is that of audio_track; append_input_audio has no track to write to")
        rate = sample_rate(audio_format) if media is None else _TRACK_RATE
        by_track = media is not None or self._lost_track
        samples = self._converter.convert(data, given_rate, audio_format, _TRACK_RATE if by_track else rate)
        if self._lost_track:
            # Sound does not wait for a call that is being made, but what is said meanwhile is sent over it.
            self._hold(samples)
        elif media is not None:
            await media.write_audio(samples)
        elif len(samples):
            await self._send(samples)

    def _hold(self, samples: Int16Array) -> None:
        self._held.append(samples)
        self._held_samples += len(samples)
        dropped = excess = max(0, self._held_samples - _MAX_HELD_S * _TRACK_RATE)
        while excess:
            oldest = self._held.popleft()
            if len(oldest) > excess:
                self._held.appendleft(oldest[excess:])
            excess = max(0, excess - len(oldest))
        self._held_samples -= dropped
        if dropped and self.on_held_dropped is not None:
            self.on_held_dropped(dropped * 1000 / _TRACK_RATE)

    async def sent(self) -> None:
        """Return when what was appended is with the service, or will be before the next event is."""
        rest = self._converter.flush()
        if self._lost_track:
            self._hold(rest)
            rest = rest[:0]
        while self._lost_track:
            # An event that was sent before the next call has taken the sound would be there first.
            await self._carried_on.wait()
        media = self._realtime.media
        if media is None:
            if len(rest):
                await self._send(rest)
            return
        if media.sends_own_track:
            return
        if len(rest):
            await media.write_audio(rest)
        await media.drain_audio()
        # Audio waits in the service's jitter buffer; an event does not.
        await asyncio.sleep(max(0.0, self._last_sent + media.commit_delay - asyncio.get_running_loop().time()))

    def cleared(self) -> None:
        """The service is being asked to clear its input buffer."""
        self._converter.flush()
        self._history_resampler = None
        if self._realtime.media is not None:
            self._realtime.media.clear_audio()
        self._conversation.input_audio.clear_sent()

    async def _send(self, samples: Int16Array) -> None:
        name = cast("AudioFormatName", self._configuration.input_format)
        encoded = encode_audio(samples, name)
        # Posted first: what finds no room was not said.
        self._realtime.post_audio(encoded)
        self.usage.audio_sent(len(samples), sample_rate(name))
        self._heard(decode_audio(encoded, name))
        await self._realtime.flush_audio()

    def input_rate(self) -> float:
        """Bytes of input audio a millisecond."""
        return bytes_per_ms(cast("AudioFormatName", self._configuration.input_format))

    def dropped(self, dropped: Dropped) -> None:
        """Note that audio which waited to be sent was dropped."""
        name = cast("AudioFormatName", self._configuration.input_format)
        width = bytes_per_second(name) // sample_rate(name)
        samples = dropped.audio_bytes // width
        self._conversation.forget_input_audio(dropped.behind // width, samples)
        self.usage.audio_not_sent(samples, sample_rate(name))

    def heard_text(self, text: object) -> None:
        """Note the audio of an `input_audio_buffer.append` that the application sent by hand."""
        if self._realtime.media is not None:
            return  # the service refuses it where the audio comes over a track
        name = cast("AudioFormatName", self._configuration.input_format)
        # What is no audio is the service's to refuse.
        with suppress(ValueError):
            samples = decode_audio(decode_base64(as_text(text)), name)
            self._heard(samples)
            self.usage.audio_sent(len(samples), sample_rate(name))

    def _heard(self, samples: Int16Array) -> None:
        """Note the user's audio that is about to be sent."""
        history = self._conversation.input_audio
        history.append(samples)
        if self._configuration.turn_detection_type is not None:
            history.idle()

    def _heard_frame(self, samples: Int16Array, written: int) -> None:
        """Note what the outgoing track has sent: the first `written` samples are the application's, then silence."""
        history = self._conversation.input_audio
        if written:
            self.usage.audio_sent(written, _TRACK_RATE)
            self._last_sent = asyncio.get_running_loop().time()
        # Without turn detection a turn is what was appended, not the silence around it.
        detects = self._configuration.turn_detection_type is not None
        turn = samples if detects else samples[:written]
        if history.rate != _TRACK_RATE:
            # Formats of G.711 say nothing of a track; the items' audio has their rate all the same.
            if self._history_resampler is None:
                self._history_resampler = StreamResampler(_TRACK_RATE, history.rate)
            resampler = self._history_resampler
            turn_ends = len(turn) < len(samples)
            turn = resampler.process(turn)
            if turn_ends:
                history.append(turn)
                turn = resampler.flush()
        if detects:
            self._heard(turn)
        else:
            history.append(turn)
            history.skip((len(samples) - written) * history.rate // _TRACK_RATE)
