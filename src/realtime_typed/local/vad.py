"""When does the user speak? The energy voice-activity detector behind the embedded server's `server_vad`.

It is deterministic: the same stream gives the same turns, however it was cut into messages. It hears loudness and
nothing else; the real service uses a trained model, and its times differ by some ten milliseconds.

The rules, on windows of 10 ms:

- A window is *loud* when its level reaches `-75 + 60 * threshold` dBFS. At the protocol's default of 0.5 that is
  −45 dBFS: speech at −40 dBFS is heard, noise below −50 dBFS is not. The level is the RMS about the window's mean (a
  constant offset is silent) against a full scale of 32768.
- Speech starts with 4 loud windows in a row: a click of up to 30 ms starts nothing.
- Speech stops when `silence_duration_ms` passed without a loud window.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from realtime_typed.audio import AudioData, Int16Array, pcm16_array

__all__ = ["EnergyVad", "SpeechStarted", "SpeechStopped", "VadEvent"]

_WINDOW_MS = 10
_WINDOWS_TO_START = 4


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The user began to speak; what `input_audio_buffer.speech_started` reports.

    Attributes:
        audio_start_ms: Where the turn's audio begins, in milliseconds from the beginning of the stream: the first
            loud window less `prefix_padding_ms`, but neither before the stream nor before the end of the last turn.
    """

    audio_start_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    """The user stopped speaking; what `input_audio_buffer.speech_stopped` reports.

    Attributes:
        audio_end_ms: Where the turn's audio ends, in milliseconds from the beginning of the stream: the end of the
            last loud window plus `silence_duration_ms`. The trailing silence belongs to the turn, as the protocol's
            description of the field says.
    """

    audio_end_ms: int


VadEvent: TypeAlias = SpeechStarted | SpeechStopped


class EnergyVad:
    """A voice-activity detector for one stream of audio.

    Args:
        rate: Samples a second, a multiple of 100.
        threshold: How loud speech must be, 0 to 1; the module's docstring has the formula. Default 0.5.
        prefix_padding_ms: How much audio before the first loud window belongs to a turn. Default 300.
        silence_duration_ms: How much silence ends a turn. Default 500.
        start_ms: The stream's time at the first sample; set it to the old detector's `position_ms` when the settings
            change within a session. No turn reaches back before it. Default 0.

    Raises:
        ValueError: A setting outside its range.
    """

    def __init__(
        self,
        rate: int,
        threshold: float = 0.5,
        prefix_padding_ms: int = 300,
        silence_duration_ms: int = 500,
        *,
        start_ms: int = 0,
    ) -> None:
        if rate <= 0 or rate % 100:
            raise ValueError(f"rate must be a positive multiple of 100 Hz (a window is 10 ms), but {rate} came")
        if not 0 <= threshold <= 1:
            raise ValueError(f"threshold must be between 0 and 1, but {threshold} came")
        for name, value in (
            ("prefix_padding_ms", prefix_padding_ms),
            ("silence_duration_ms", silence_duration_ms),
            ("start_ms", start_ms),
        ):
            if value < 0:
                raise ValueError(f"{name} must not be negative, but {value} came")
        self._rate = rate
        self._window = rate * _WINDOW_MS // 1000
        level = 32768 * 10 ** ((-75 + 60 * threshold) / 20)
        self._loud_power = (self._window * level) ** 2
        self._prefix_ms = prefix_padding_ms
        self._silence_ms = silence_duration_ms
        self._start_ms = start_ms
        self._rest: Int16Array = np.empty(0, np.int16)
        self._windows = 0
        self._speaking = False
        self._loud_windows = 0
        self._last_loud_ms = 0
        self._earliest_ms = start_ms

    @property
    def speaking(self) -> bool:
        """Whether a turn is under way: started and not yet stopped."""
        return self._speaking

    @property
    def position_ms(self) -> int:
        """The stream's time after the last sample that was fed, in whole milliseconds, rounded down."""
        samples = self._windows * self._window + self._rest.size
        return self._start_ms + samples * 1000 // self._rate

    def feed(self, samples: AudioData) -> list[VadEvent]:
        """Hear the next piece of the stream.

        Args:
            samples: Mono audio of any length at the detector's rate: an int16 array of shape (n,), or what
                `audio.pcm16_array` takes. Samples that fill no whole window wait for the next call.

        Returns:
            What was detected, in order; starts and stops alternate over the life of the detector, but for `reset`.

        Raises:
            ValueError: As `audio.pcm16_array`.
            TypeError: As `audio.pcm16_array`.
        """
        # concatenate copies: what waits for the next call must not change when the caller reuses its array
        stream = np.concatenate((self._rest, pcm16_array(samples)))
        whole = stream.size - stream.size % self._window
        self._rest = stream[whole:].copy()
        events: list[VadEvent] = []
        for loud in self._is_loud(stream[:whole].reshape(-1, self._window)).tolist():
            event = self._step(loud)
            if event is not None:
                events.append(event)
        return events

    def reset(self) -> None:
        """Forget the turn under way, as when the input buffer is cleared. The stream's clock goes on.

        Later turns do not reach back before this moment. For a new stream make a new detector.
        """
        self._speaking = False
        self._loud_windows = 0
        self._earliest_ms = self.position_ms

    def _is_loud(self, windows: Int16Array) -> npt.NDArray[np.bool_]:
        # In integers, so that the result depends on no order of summation: n² times the variance is n · Σx² less (Σx)².
        wide = windows.astype(np.int64)
        power: npt.NDArray[np.int64] = self._window * (wide * wide).sum(axis=1) - wide.sum(axis=1) ** 2
        return power >= self._loud_power

    def _step(self, loud: bool) -> VadEvent | None:
        self._windows += 1
        now_ms = self._start_ms + self._windows * _WINDOW_MS
        self._loud_windows = self._loud_windows + 1 if loud else 0
        if loud:
            self._last_loud_ms = now_ms
        if not self._speaking:
            if self._loud_windows < _WINDOWS_TO_START:
                return None
            self._speaking = True
            onset_ms = now_ms - _WINDOWS_TO_START * _WINDOW_MS
            return SpeechStarted(max(onset_ms - self._prefix_ms, self._earliest_ms))
        if loud or now_ms - self._last_loud_ms < self._silence_ms:
            return None
        self._speaking = False
        self._earliest_ms = self._last_loud_ms + self._silence_ms
        return SpeechStopped(self._earliest_ms)
