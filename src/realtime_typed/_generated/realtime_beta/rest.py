# Generated from schema/realtime_beta/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 1f9c8d840fac17c6f18474b4809270af7549c1e9456ef98eff724815115b793c
# by `python -m codegen generate realtime_beta` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""What HTTP requests, responses and webhooks hold, as far as no event holds it too."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import WireModel

from .shared import (
    ClientSecretKey,
    FunctionTool,
    NoiseReduction,
    Prompt,
    SessionAudioTranscription,
    ToolChoice,
    Tracing,
    TurnDetection,
    VoiceOrCustomVoice,
)


class SessionWithSecret(WireModel):
    """The HTTP endpoint's answer: a session, and the short-lived key that opens it."""

    id: str | None = None
    """Id of the session, useful in logs and support requests."""
    object: Literal["realtime.session"] | str | None = None
    """Kind of object, always `realtime.session`."""
    modalities: list[Literal["text", "audio"] | str] | None = None
    """What the model answers with: `text`, or `text` and `audio` for speech with its transcript."""
    model: Literal["gpt-realtime", "gpt-realtime-1.5", "gpt-realtime-2025-08-28", "gpt-4o-realtime-preview", "gpt-4o-realtime-preview-2024-10-01", "gpt-4o-realtime-preview-2024-12-17", "gpt-4o-realtime-preview-2025-06-03", "gpt-4o-mini-realtime-preview", "gpt-4o-mini-realtime-preview-2024-12-17", "gpt-realtime-mini", "gpt-realtime-mini-2025-10-06", "gpt-realtime-mini-2025-12-15", "gpt-audio-1.5", "gpt-audio-mini", "gpt-audio-mini-2025-10-06", "gpt-audio-mini-2025-12-15"] | str | None = (
        None
    )
    """The model that serves the session."""
    instructions: str | None = None
    """The system prompt in force."""
    voice: VoiceOrCustomVoice | None = None
    """The voice the model speaks with: a name, or an object on servers that have more than names."""
    input_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | str | None = None
    """Encoding of the audio you append: `pcm16` (24 kHz), `g711_ulaw` or `g711_alaw`; `null` if the server does not say."""
    output_audio_format: Literal["pcm16", "g711_ulaw", "g711_alaw"] | str | None = None
    """Encoding of the audio you receive: `pcm16` (24 kHz), `g711_ulaw` or `g711_alaw`; `null` if there is none."""
    input_audio_transcription: SessionAudioTranscription | None = None
    """How the user's audio is transcribed; `null` if it is not."""
    turn_detection: TurnDetection | None = None
    """How the end of the user's turn is found; `null` if you commit and create responses yourself."""
    input_audio_noise_reduction: NoiseReduction | None = None
    """How noise is filtered out before turn detection and the model hear the audio; `null` if it is not."""
    speed: Annotated[float | None, Field(ge=0.25, le=1.5)] = None
    """Speed of the speech, from 0.25 to 1.5, where 1 is the default."""
    tracing: Tracing | None = None
    """Where the session is traced; `null` if tracing is off."""
    tools: list[FunctionTool] | None = None
    """Functions the model may use."""
    tool_choice: ToolChoice | None = None
    """Whether and which tools the model uses."""
    temperature: float | None = None
    """How freely the model chooses its words, from 0.6 to 1.2; `null` if the server does not say."""
    max_response_output_tokens: int | Literal["inf"] | None = None
    """Most tokens a response may produce, or `inf`."""
    expires_at: int | None = None
    """When the session will be closed, in seconds since the Unix epoch."""
    prompt: Prompt | None = None
    """The stored prompt in use; `null` for none."""
    include: list[Literal["item.input_audio_transcription.logprobs"] | str] | None = (
        None
    )
    """Extra data the server adds to its events; `null` if nothing was asked for."""
    client_secret: ClientSecretKey
    """The key, and when it expires."""
