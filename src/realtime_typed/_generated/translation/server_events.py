# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Events that the service sends."""

from typing import Literal

from realtime_typed._wire import WireModel

from .shared import ErrorDetails, TranslationSession


class SessionClosed(WireModel):
    """Answers `session.close` when the last translation was sent; the connection ends after it."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.closed"] = "session.closed"
    """Literal tag of this class on the wire; always this one value."""


class SessionInputTranscriptDelta(WireModel):
    """The next piece of the transcript of what the speaker said, sent only if the session has `audio.input.transcription`."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.input_transcript.delta"] = "session.input_transcript.delta"
    """Literal tag of this class on the wire; always this one value."""
    delta: str
    """Text to append to what came before."""
    elapsed_ms: int | None = None
    """Milliseconds of the session's audio that this belongs to, by which text and audio are lined up; `null` if unknown."""


class SessionOutputAudioDelta(WireModel):
    """The next piece of the translation as speech; play it when it comes."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.output_audio.delta"] = "session.output_audio.delta"
    """Literal tag of this class on the wire; always this one value."""
    delta: str
    """Base64 of the audio."""
    sample_rate: int | None = None
    """Samples in a second; 24000 when it is absent."""
    channels: int | None = None
    """Number of channels; 1 when it is absent."""
    format: Literal["pcm16"] | str | None = None
    """Encoding of the samples; `pcm16` is 16-bit signed little-endian PCM."""
    elapsed_ms: int | None = None
    """Milliseconds of the session's audio that this belongs to, by which text and audio are lined up; `null` if unknown."""


class SessionOutputTranscriptDelta(WireModel):
    """The next piece of the translation as text."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.output_transcript.delta"] = "session.output_transcript.delta"
    """Literal tag of this class on the wire; always this one value."""
    delta: str
    """Text to append to what came before."""
    elapsed_ms: int | None = None
    """Milliseconds of the session's audio that this belongs to, by which text and audio are lined up; `null` if unknown."""


class ErrorEvent(WireModel):
    """Something failed, most often a client event that was refused; the session stays open, and a failed response is reported by `response.done` instead."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["error"] = "error"
    """Literal tag of this class on the wire; always this one value."""
    error: ErrorDetails
    """What went wrong and which client event caused it."""


class SessionCreated(WireModel):
    """The first event of every translation session."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.created"] = "session.created"
    """Literal tag of this class on the wire; always this one value."""
    session: TranslationSession
    """The session as it begins."""


class SessionUpdated(WireModel):
    """Answers `session.update`."""

    event_id: str
    """Id the server gave this event; useful in logs and support requests, and missing from some compatible servers."""
    type: Literal["session.updated"] = "session.updated"
    """Literal tag of this class on the wire; always this one value."""
    session: TranslationSession
    """The whole session as it is now."""
