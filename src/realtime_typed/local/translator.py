"""What a translation session says: the `Translator` protocol, and two translators that stand in for the model."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from realtime_typed.audio import AudioData

from .responder import UserAudio

__all__ = ["EchoTranslator", "ScriptedTranslator", "Translation", "TranslationSettings", "Translator"]


@dataclass(frozen=True, slots=True)
class Translation:
    """What comes of one frame of speech; what is empty sends no event.

    Attributes:
        source: What was said, a piece of `session.input_transcript.delta`.
        target: What it means, a piece of `session.output_transcript.delta`.
        samples: The translated speech, mono at 24 kHz: int16 of shape (n,), or what `audio.pcm16_array` takes.
    """

    source: str = ""
    target: str = ""
    samples: AudioData | None = None


class Translator(Protocol):
    """Translates speech as it comes."""

    def translate(self, audio: UserAudio, language: str) -> Translation:
        """Translate one frame.

        Args:
            audio: 200 ms at 24 kHz; the last frame of a session may be shorter. Of one session in order.
            language: The session's `audio.output.language`.

        Returns:
            What to send. What this raises is answered with an `error` event of type `server_error`.
        """
        ...


@dataclass(frozen=True, slots=True)
class TranslationSettings:
    """What all translation sessions of a server share; `LocalServer` documents the fields."""

    translator: Translator
    max_session_seconds: float
    max_queue: int


class EchoTranslator:
    """The default: gives the speaker's own audio back, and says in both transcripts how long each frame was."""

    def translate(self, audio: UserAudio, language: str) -> Translation:
        """Echo one frame."""
        ms = audio.samples.size * 1000 // audio.rate
        return Translation(f"({ms} ms) ", f"[{language}: {ms} ms] ", audio.samples)


class ScriptedTranslator:
    """Gives prepared translations in order, one a frame, over all sessions of the server; nothing after the last.

    Args:
        translations: What to give.

    Attributes:
        heard: The frames so far.
    """

    def __init__(self, translations: Iterable[Translation]) -> None:
        self._translations = list(translations)
        self.heard: list[UserAudio] = []

    def translate(self, audio: UserAudio, language: str) -> Translation:
        """Give the next translation."""
        self.heard.append(audio)
        number = len(self.heard)
        return self._translations[number - 1] if number <= len(self._translations) else Translation()
