# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Every class and type of the protocol `translation` in one place."""

from .shared import (
    ErrorDetails,
    NoiseReductionType,
    TranslationAudio,
    TranslationAudioInput,
    TranslationAudioOutput,
    TranslationNoiseReduction,
    TranslationSession,
    TranslationSessionUpdate,
    TranslationTranscription,
)
from .server_events import (
    ErrorEvent,
    SessionClosed,
    SessionCreated,
    SessionInputTranscriptDelta,
    SessionOutputAudioDelta,
    SessionOutputTranscriptDelta,
    SessionUpdated,
)
from .client_events import (
    SessionClose,
    SessionInputAudioBufferAppend,
    SessionUpdate,
)
from .params import (
    ClientEventParam,
    NoiseReductionTypeParam,
    SessionCloseParam,
    SessionInputAudioBufferAppendParam,
    SessionUpdateParam,
    TranslationAudioInputParam,
    TranslationAudioOutputParam,
    TranslationAudioParam,
    TranslationNoiseReductionParam,
    TranslationSessionUpdateParam,
    TranslationTranscriptionParam,
)
from .registry import (
    CLIENT_EVENTS,
    ClientEvent,
    ClientEventName,
    SERVER_EVENTS,
    ServerEvent,
    ServerEventName,
)

__all__ = [
    "CLIENT_EVENTS",
    "ClientEvent",
    "ClientEventName",
    "ClientEventParam",
    "ErrorDetails",
    "ErrorEvent",
    "NoiseReductionType",
    "NoiseReductionTypeParam",
    "SERVER_EVENTS",
    "ServerEvent",
    "ServerEventName",
    "SessionClose",
    "SessionCloseParam",
    "SessionClosed",
    "SessionCreated",
    "SessionInputAudioBufferAppend",
    "SessionInputAudioBufferAppendParam",
    "SessionInputTranscriptDelta",
    "SessionOutputAudioDelta",
    "SessionOutputTranscriptDelta",
    "SessionUpdate",
    "SessionUpdateParam",
    "SessionUpdated",
    "TranslationAudio",
    "TranslationAudioInput",
    "TranslationAudioInputParam",
    "TranslationAudioOutput",
    "TranslationAudioOutputParam",
    "TranslationAudioParam",
    "TranslationNoiseReduction",
    "TranslationNoiseReductionParam",
    "TranslationSession",
    "TranslationSessionUpdate",
    "TranslationSessionUpdateParam",
    "TranslationTranscription",
    "TranslationTranscriptionParam",
]
