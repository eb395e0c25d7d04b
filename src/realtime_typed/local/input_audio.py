"""The input audio buffer and its turn detection. Pure: it says what was heard, the session acts on it.

All times are of the stream of appended audio, in milliseconds from its beginning, as the protocol counts them.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias, cast

import numpy as np

from realtime_typed.audio import AudioFormatName, Int16Array, bytes_per_ms, decode_audio, sample_rate

from .requests import Wire
from .vad import EnergyVad, SpeechStarted

__all__ = ["InputAudio", "InputEvent", "SilenceTimeout", "Turn"]

# The service's model hears whether a sentence is over; here eagerness is how much silence ends a turn.
_SEMANTIC_SILENCE_MS: Final = {"low": 1500, "medium": 700, "high": 300}


@dataclass(frozen=True, slots=True)
class Turn:
    """Speech ended; its audio left the buffer.

    Attributes:
        audio_end_ms: Where it ended.
        samples: The turn's audio, int16, shape (n,), at the buffer's rate.
    """

    audio_end_ms: int
    samples: Int16Array


@dataclass(frozen=True, slots=True)
class SilenceTimeout:
    """Nobody spoke for `idle_timeout_ms` after the last response; the silence left the buffer.

    Attributes:
        audio_start_ms: Where the silence began.
        audio_end_ms: Where it was cut.
        samples: The silence, int16, shape (n,), at the buffer's rate.
    """

    audio_start_ms: int
    audio_end_ms: int
    samples: Int16Array


InputEvent: TypeAlias = SpeechStarted | Turn | SilenceTimeout


class InputAudio:
    """The buffer of one session.

    Args:
        audio_format: The format of the appended bytes.
        turn_detection: The session's `turn_detection`, empty when it is off.
        max_ms: How much audio the buffer holds.
        max_silence_ms: How much of it while turn detection listens and nobody speaks. Default as `max_ms`.
    """

    def __init__(
        self, audio_format: AudioFormatName, turn_detection: Wire, max_ms: int, max_silence_ms: int | None = None
    ) -> None:
        self._max_ms = max_ms
        self._max_silence_ms = max_ms if max_silence_ms is None else max_silence_ms
        self._start_of_stream_ms = 0
        self._format: AudioFormatName = audio_format
        self._rate = sample_rate(audio_format)
        self._chunks: list[Int16Array] = []
        self._samples = self._buffered = 0
        self._odd: bytes = b""
        self._turn_detection: Wire = {}
        self._vad: EnergyVad | None = None
        self._idle_from_ms: int | None = None
        self.configure(audio_format, turn_detection)

    @property
    def format(self) -> AudioFormatName:
        """The format of the appended bytes."""
        return self._format

    @property
    def milliseconds(self) -> int:
        """How much audio waits in the buffer."""
        return self._buffered * 1000 // self._rate

    @property
    def position_ms(self) -> int:
        """The stream's time at the end of what was appended."""
        return self._start_of_stream_ms + self._samples * 1000 // self._rate

    @property
    def speaking(self) -> bool:
        """Whether turn detection hears the user now."""
        return self._vad is not None and self._vad.speaking

    def configure(self, audio_format: AudioFormatName, turn_detection: Wire) -> None:
        """Take over a changed configuration. Another format empties the buffer: its bytes mean something else."""
        if audio_format != self._format:
            self._start_of_stream_ms = self.position_ms
            self._set_format(audio_format)
        elif turn_detection == self._turn_detection:
            return
        self._turn_detection = turn_detection
        self._vad = self._make_vad()

    def fits(self, data: bytes) -> bool:
        """Whether the buffer has room for these bytes; with turn detection on, silence makes room for itself."""
        added_ms = len(data) // bytes_per_ms(self._format)
        waiting = 0 if self._vad is not None and not self._vad.speaking else self.milliseconds
        return waiting + added_ms <= self._max_ms

    def append(self, data: bytes, *, responding: bool) -> list[InputEvent]:
        """Add bytes and hear them.

        Args:
            data: Bytes in `format`, that `fits` lets in; an odd byte of PCM16 waits for the next call.
            responding: Whether a response is running, which holds the idle timeout.

        Returns:
            What was heard, in order.
        """
        data = self._odd + data
        whole = len(data) - len(data) % 2 if self._format == "audio/pcm" else len(data)
        self._odd = data[whole:]
        return self.hear(decode_audio(data[:whole], self._format), responding=responding)

    def hear(self, samples: Int16Array, *, responding: bool) -> list[InputEvent]:
        """Add samples and hear them; what the buffer cannot hold pushes the oldest out.

        Args:
            samples: int16, shape (n,), at the rate of `format`.
            responding: As for `append`.

        Returns:
            What was heard, in order.
        """
        self._chunks.append(samples)
        self._samples += samples.size
        self._buffered += samples.size
        if self._vad is None:
            self._bound(self._max_ms)
            return []
        events: list[InputEvent] = []
        for event in self._vad.feed(samples):
            self._idle_from_ms = None
            if isinstance(event, SpeechStarted):
                self._drop_before(event.audio_start_ms)
                events.append(event)
            else:
                events.append(Turn(event.audio_end_ms, self._take(event.audio_end_ms)))
        if not responding:
            events += self._idle()
        self._bound(self._max_ms if self._vad.speaking else self._max_silence_ms)
        return events

    def commit(self) -> Int16Array:
        """Take everything out of the buffer. A turn under way is forgotten."""
        samples = self._take(None)
        self.clear()
        return samples

    def clear(self) -> None:
        """Throw the buffer away. A turn under way is forgotten; the stream's clock goes on."""
        self._chunks, self._buffered, self._odd = [], 0, b""
        if self._vad is not None:
            self._vad.reset()

    def response_done(self, audio_ms: float) -> None:
        """Start the idle timeout, counted from when the user has heard the response's `audio_ms` to the end."""
        self._idle_from_ms = self.position_ms + int(audio_ms)

    def _set_format(self, audio_format: AudioFormatName) -> None:
        self._format = audio_format
        self._rate = sample_rate(audio_format)
        self._chunks = []
        self._samples = self._buffered = 0
        self._odd = b""

    def _make_vad(self) -> EnergyVad | None:
        settings = self._turn_detection
        if not settings:
            return None
        if settings["type"] == "semantic_vad":
            silence = _SEMANTIC_SILENCE_MS.get(str(settings.get("eagerness")), _SEMANTIC_SILENCE_MS["medium"])
            return EnergyVad(self._rate, silence_duration_ms=silence, start_ms=self.position_ms)
        return EnergyVad(
            self._rate,
            threshold=cast("float", settings["threshold"]),
            prefix_padding_ms=cast("int", settings["prefix_padding_ms"]),
            silence_duration_ms=cast("int", settings["silence_duration_ms"]),
            start_ms=self.position_ms,
        )

    def _idle(self) -> list[InputEvent]:
        timeout, start_ms = self._turn_detection.get("idle_timeout_ms"), self._idle_from_ms
        if not isinstance(timeout, int) or start_ms is None or self.speaking:
            return []
        end_ms = self.position_ms
        if end_ms - start_ms < timeout:
            return []
        self._idle_from_ms = None
        self._drop_before(start_ms)
        return [SilenceTimeout(start_ms, end_ms, self._take(None))]

    def _index(self, stream_ms: int) -> int:
        """Where a time of the stream is in the buffer, in samples; the buffer ends at the stream's end."""
        since_format = (stream_ms - self._start_of_stream_ms) * self._rate // 1000
        return min(self._buffered, max(0, since_format - (self._samples - self._buffered)))

    def _bound(self, max_ms: int) -> None:
        if self.milliseconds > max_ms:
            self._drop_before(self.position_ms - max_ms // 2)

    def _joined(self) -> Int16Array:
        if len(self._chunks) != 1:
            self._chunks = [np.concatenate(self._chunks) if self._chunks else np.empty(0, np.int16)]
        return self._chunks[0]

    def _drop_before(self, stream_ms: int) -> None:
        kept: Int16Array = self._joined()[self._index(stream_ms) :].copy()
        self._chunks, self._buffered = [kept], kept.size

    def _take(self, until_ms: int | None) -> Int16Array:
        buffered = self._joined()
        end = self._buffered if until_ms is None else self._index(until_ms)
        taken: Int16Array = buffered[:end].copy()
        rest: Int16Array = buffered[end:].copy()
        taken.flags.writeable = False
        self._chunks, self._buffered = [rest], rest.size
        return taken
