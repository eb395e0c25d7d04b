# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The dict form of the HTTP requests."""

from typing import Literal, NotRequired, TypedDict

from .params import TranslationAudioParam


class ClientSecretExpiryParam(TypedDict):
    """When a short-lived key stops opening sessions; a session that is open already goes on."""

    anchor: NotRequired[Literal["created_at"]]
    """From when the seconds count: always `created_at`, the moment the key is made."""
    seconds: NotRequired[int]
    """Seconds from then, 10 to 7200; 600 by default."""


class TranslationSessionConfigParam(TypedDict):
    """The translation session that a short-lived key opens."""

    model: str
    """The model that translates."""
    audio: NotRequired[TranslationAudioParam]
    """How the session should hear and speak."""


class ClientSecretRequestParam(TypedDict):
    """Asks for a short-lived key that a browser or phone can be given instead of your API key."""

    expires_after: NotRequired[ClientSecretExpiryParam]
    """When the key stops opening sessions; ten minutes after it was made by default."""
    session: TranslationSessionConfigParam
    """The session that the key opens; who holds the key need not, and cannot, choose another kind."""
