"""What all sessions of a server share. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .responder import Responder, UserAudio
from .response import AudioPace

__all__ = ["SessionSettings"]


@dataclass(frozen=True, slots=True)
class SessionSettings:
    """What all sessions of a server share; `LocalServer` documents the fields."""

    responder: Responder
    transcribe: Callable[[UserAudio], str]
    audio_pace: AudioPace
    max_session_seconds: float
    voice: str
    rate_limits: Mapping[str, int] | None
    max_items: int
    max_audio_seconds: int
    max_history_bytes: int
    max_queue: int
