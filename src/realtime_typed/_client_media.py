"""The audio of a client, in both directions and over every transport.

Out of the model: `AudioOutput`, the stream that `RealtimeClient.audio_output` gives. Over a WebSocket it is made of
audio deltas, over WebRTC of what the incoming track brings (`_track_audio` says whose it is).

Into the model: `InputConverter` brings what the application has to the rate of the session.
"""

import asyncio
import weakref
from collections.abc import Callable, Mapping
from typing import Final

from ._backlog import QueueBound
from ._response_log import ResponseLogs
from ._stream_resample import StreamResampler
from ._track_audio import HeardTrack, ItemAudio, TrackAudio
from .audio import AudioData, AudioFormatName, Int16Array, decode_audio, pcm16_array, sample_rate
from .channels import Channel, EventStream
from .playback import PlaybackTracker
from .utility_events import OutputAudio

__all__ = ["AudioOutput", "InputConverter", "OutputMedia"]

TRACK_RATE: Final = 24_000
_MAX_WAITING_S: Final = 600


class AudioOutput(EventStream[OutputAudio]):
    """The model's speech from now on, piece by piece; an async iterator and context manager.

    Pieces that were not taken yet wait here, ten minutes of audio at most; beyond it the oldest are left out, and
    counted. What `RealtimeClient.cancel_response` or the user's speech stops is not handed out any more.

    Attributes:
        skipped_seconds: How much audio was left out because nobody took it in time.
    """

    def __init__(self, channel: Channel[OutputAudio], playback: PlaybackTracker) -> None:
        super().__init__(channel)
        self._playback = playback
        self._waiting_seconds = 0.0
        self.skipped_seconds: float = 0.0

    def feed(self, event: OutputAudio) -> None:
        """Hand a piece to the consumer."""
        self._waiting_seconds += _seconds(event)
        while self._waiting_seconds > _MAX_WAITING_S and len(self._waiting):
            left_out = _seconds(self._waiting.drop_oldest())
            self._waiting_seconds -= left_out
            self.skipped_seconds += left_out
        super().feed(event)

    async def __anext__(self) -> OutputAudio:
        piece = await super().__anext__()
        self._waiting_seconds -= _seconds(piece)
        self._playback.hand_out(piece.item_id, piece.start + len(piece.samples))
        return piece

    @property
    def is_open(self) -> bool:
        """Whether more can come: neither was the stream closed, nor has the connection ended."""
        return not self._ended

    def discard(self) -> None:
        """Forget what was not taken yet, as when the user interrupts."""
        self._waiting.clear()
        self._waiting_seconds = 0.0


def _seconds(piece: OutputAudio) -> float:
    return len(piece.samples) / piece.sample_rate


class OutputMedia:
    """Hands the model's speech out, and attributes what a track brings.

    Args:
        add_audio: Adds audio of a track to an item of the conversation, at the conversation's output rate.
        completed: Is told the id of an item whose audio has all come.
        playback: Is told what came, and what was handed out. Default one of its own.
        bound: Is told what was left out of a stream.
    """

    def __init__(
        self,
        add_audio: Callable[[ItemAudio], None],
        completed: Callable[[str], None],
        playback: PlaybackTracker | None = None,
        bound: QueueBound | None = None,
    ) -> None:
        self._playback = PlaybackTracker() if playback is None else playback
        self._add_audio = add_audio
        self._completed = completed
        self._channel: Channel[OutputAudio] = Channel("audio_output", bound=(bound or QueueBound(0, 0)).unlimited())
        self._streams: weakref.WeakSet[AudioOutput] = weakref.WeakSet()
        self._track = TrackAudio(TRACK_RATE)
        self._resampler: StreamResampler | None = None
        self._resampled: ItemAudio | None = None  # the latest piece that went through it
        self._rate = TRACK_RATE
        self._timer: asyncio.TimerHandle | None = None
        # The response that was created last and the one that was heard last: over a track they may be two.
        self._created = self._heard = ""
        self._cancelled: tuple[str, ...] = ()
        # The responses that somebody holds: who reads the audio there says how far it is.
        self.logs: ResponseLogs | None = None

    def stream(self) -> AudioOutput:
        """A stream of what comes from now on."""
        stream = AudioOutput(self._channel, self._playback)
        self._streams.add(stream)
        self._channel.add_stream(stream)
        return stream

    def open(self) -> None:
        """A connection is being made."""
        self.connection_lost()
        self._channel.open()

    def connection_lost(self) -> None:
        """What a track was to bring will not come."""
        self._stop_timer()
        self._track.clear()
        self._resampler, self._resampled, self._rate = None, None, TRACK_RATE
        self._created = self._heard = ""
        self._cancelled = ()

    def close(self, error: BaseException, *, expected: bool) -> None:
        """The connection has ended."""
        self._stop_timer()
        self._channel.close(error, expected=expected)

    def discard(self) -> None:
        """What was not taken yet is not to be heard."""
        if self.logs is not None:
            self.logs.discard_audio(self._unheard)
        for stream in self._streams:
            stream.discard()

    def _unheard(self, piece: OutputAudio) -> bool:
        """Whether a piece was not heard to its end, or was cut."""
        known = piece.item_id in self._playback
        return known and self._playback.heard(piece.item_id) < piece.start + len(piece.samples)

    def created(self, response_id: str) -> None:
        """A response has begun."""
        self._created = response_id

    def cancel(self) -> None:
        """What the model says now is not to be heard any further, also what is on its way from the service."""
        self._cancelled = (self._created, self._heard)
        self.discard()

    @property
    def heard_of_track(self) -> HeardTrack | None:
        """What a track plays; `None` when it plays nothing."""
        return self._track.heard(self._now())

    def hand_out(self, samples: Int16Array, item_id: str, response_id: str, rate: int, *, live: bool = False) -> None:
        """Give audio of an item to every stream; `live` says that it is heard as it comes."""
        if response_id and response_id in self._cancelled:
            return
        self._heard = response_id
        count = len(samples)
        start = self._playback.receive(item_id, count, rate, response_id)
        listened = self._channel.has_listeners and any(stream.is_open for stream in self._streams)
        if not listened and not self.logs:
            # Without a stream the application has it from `conversation.updated`.
            self._playback.hand_out(item_id, start + count, live=live)
            return
        piece = OutputAudio(samples, rate, item_id, response_id, start)
        is_read = self.logs is not None and self.logs.add_audio(piece)
        if live or not (listened or is_read):
            self._playback.hand_out(item_id, start + count, live=live)
        if listened:
            self._channel.deliver(piece)

    def taken(self, piece: OutputAudio) -> None:
        """A piece was taken by whoever reads the audio of its response."""
        self._playback.hand_out(piece.item_id, piece.start + len(piece.samples))

    @property
    def told_of_track(self) -> bool:
        """Whether the service says when a track's audio begins and ends."""
        return self._track.told

    def plays(self, item_id: str) -> bool:
        """Whether a track has yet to bring audio of this item."""
        return self._track.plays(item_id)

    def apply(self, event_type: str, fields: Mapping[str, object]) -> None:
        """Take note of an event of the service that says what a track carries."""
        self._stop_timer()
        ended = self._track.apply(event_type, fields, self._now())
        if event_type == "output_audio_buffer.cleared":
            self._resampled = None  # its rest is not to be heard either
            self.discard()
        delay = self._track.ends_in
        if delay is not None:
            # A server that sends nothing between replies would leave the item open until the next one.
            self._timer = asyncio.get_running_loop().call_later(2 * delay, self._finish)
        self._tell(ended)

    def take(self, samples: Int16Array, rate: int) -> None:
        """Take the next piece of the track.

        Args:
            samples: Shape `(n,)`, dtype int16, at 24,000 Hz.
            rate: The rate that the conversation wants.
        """
        piece, ended = self._track.feed(samples, self._now())
        if piece is not None:
            if rate != self._rate:
                self._rate, self._resampler = rate, None if rate == TRACK_RATE else StreamResampler(TRACK_RATE, rate)
            if self._resampler is None:
                self._add_audio(piece)
            else:
                if self._resampled is not None and self._resampled.item_id != piece.item_id:
                    self._end_resampled()
                self._resampled = piece
                self._add_resampled(self._resampler.process(piece.samples), piece)
        self._tell(ended)

    def _end_resampled(self) -> None:
        """What the resampler holds back, some milliseconds, belongs to the item that it came from."""
        latest, self._resampled = self._resampled, None
        rest = None if self._resampler is None else self._resampler.flush()
        if latest is not None and rest is not None:
            self._add_resampled(rest, latest)

    def _add_resampled(self, samples: Int16Array, origin: ItemAudio) -> None:
        if len(samples):
            self._add_audio(ItemAudio(samples, origin.item_id, origin.response_id))

    def _finish(self) -> None:
        self._timer = None
        self._tell(self._track.finish())

    def _tell(self, ended: str | None) -> None:
        if ended is not None:
            self._stop_timer()
            self._end_resampled()
            self._completed(ended)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _now(self) -> float:
        return asyncio.get_running_loop().time()


class InputConverter:
    """Brings audio of the application to one rate, as one stream: the borders of what is appended do not click."""

    def __init__(self) -> None:
        self._resampler: StreamResampler | None = None
        self._rates = (0, 0)

    def convert(self, data: AudioData, given_rate: int | None, audio_format: AudioFormatName, rate: int) -> Int16Array:
        """Convert what was appended.

        Args:
            data: Bytes, or an int16 or float array, mono.
            given_rate: Its samples a second, bytes being PCM16 then; `None` for audio in `audio_format`.
            audio_format: The session's input format.
            rate: The samples a second that are wanted.

        Returns:
            int16, shape (n,), at `rate`; a few samples may stay inside until more comes.

        Raises:
            TypeError: It is no audio.
            ValueError: It holds half a sample, has more than one channel, or the rate is not positive.
            ImportError: The rates differ, and the extra `audio` is not installed.
        """
        if given_rate is None and isinstance(data, (bytes, bytearray, memoryview)):
            samples = decode_audio(bytes(data), audio_format)
        else:
            samples = pcm16_array(data)
        given_rate = sample_rate(audio_format) if given_rate is None else given_rate
        if given_rate <= 0:
            raise ValueError(f"sample_rate must be positive, got {given_rate}")
        if self._rates == (given_rate, rate) and self._resampler is not None:
            return self._resampler.process(samples)
        rest = self.flush()
        if given_rate != rate:
            self._resampler, self._rates = StreamResampler(given_rate, rate), (given_rate, rate)
            samples = self._resampler.process(samples)
        if not len(rest):
            return samples
        import numpy as np

        return np.concatenate((rest, samples))

    def flush(self) -> Int16Array:
        """Take what stayed inside; what comes next begins a new stream."""
        resampler, self._resampler = self._resampler, None
        if resampler is None:
            return pcm16_array(b"")
        return resampler.flush()
