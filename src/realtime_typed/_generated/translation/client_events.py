# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Events that a client sends."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import WireModel

from .shared import TranslationSessionUpdate


class SessionClose(WireModel):
    """Says that no more audio follows: the service translates what it has, then answers `session.closed`."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.close"] = "session.close"
    """Literal tag of this class on the wire; always this one value."""


class SessionInputAudioBufferAppend(WireModel):
    """Adds audio to be translated; the service sends no confirmation, and works in frames of 200 ms."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.input_audio_buffer.append"] = (
        "session.input_audio_buffer.append"
    )
    """Literal tag of this class on the wire; always this one value."""
    audio: str
    """Base64 of 24 kHz PCM: 16-bit signed little-endian samples, one channel."""


class SessionUpdate(WireModel):
    """Changes the session: the language that is spoken back, the transcript of what was said, noise reduction; answered by `session.updated`, or by an `error` that leaves everything as it was."""

    event_id: Annotated[str | None, Field(max_length=512)] = None
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.update"] = "session.update"
    """Literal tag of this class on the wire; always this one value."""
    session: TranslationSessionUpdate
    """What to change; what is absent stays as it is."""
