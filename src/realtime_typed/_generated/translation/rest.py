# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""What HTTP requests, responses and webhooks hold, as far as no event holds it too."""

from typing import Annotated, Literal

from pydantic import Field
from realtime_typed._wire import WireModel

from .shared import TranslationAudio, TranslationSession


class ClientSecretExpiry(WireModel):
    """When a short-lived key stops opening sessions; a session that is open already goes on."""

    anchor: Literal["created_at"] | None = None
    """From when the seconds count: always `created_at`, the moment the key is made."""
    seconds: Annotated[int | None, Field(ge=10, le=7200)] = None
    """Seconds from then, 10 to 7200; 600 by default."""


class ClientSecret(WireModel):
    """A short-lived key, and the session that it opens."""

    value: str
    """The key itself, which begins with `ek_`; use it where an API key would go."""
    expires_at: int
    """When the key expires, in seconds since the Unix epoch."""
    session: TranslationSession
    """The session as the service understood it."""


class TranslationSessionConfig(WireModel):
    """The translation session that a short-lived key opens."""

    model: str
    """The model that translates."""
    audio: TranslationAudio | None = None
    """How the session should hear and speak."""


class ClientSecretRequest(WireModel):
    """Asks for a short-lived key that a browser or phone can be given instead of your API key."""

    expires_after: ClientSecretExpiry | None = None
    """When the key stops opening sessions; ten minutes after it was made by default."""
    session: TranslationSessionConfig
    """The session that the key opens; who holds the key need not, and cannot, choose another kind."""
