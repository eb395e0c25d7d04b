# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""Objects that events hold."""

from typing import Literal

from realtime_typed._wire import WireModel
from typing_extensions import TypeAliasType


class ErrorDetails(WireModel):
    """What went wrong, with the client event that caused it where the server knows it."""

    type: str
    """Broad kind of error, such as `invalid_request_error` or `server_error`."""
    code: str | None = None
    """Stable code to branch on, such as `conversation_already_has_active_response`; `null` if there is none."""
    message: str
    """What went wrong, for people to read; do not parse it."""
    param: str | None = None
    """Path of the offending field in your event, such as `session.type`; `null` if no field is to blame."""
    event_id: str | None = None
    """The `event_id` of your event that caused this; `null` if unknown or if you sent none."""


NoiseReductionType = TypeAliasType(
    "NoiseReductionType",
    Literal["near_field", "far_field"] | str,
)
"""Where the microphone is: `near_field` close to the mouth, as in a headset, or `far_field`, as in a laptop or a room."""


class TranslationAudioOutput(WireModel):
    """What the translation should be."""

    language: str | None = None
    """ISO 639-1 code of the language to translate into, such as `es`."""


class TranslationNoiseReduction(WireModel):
    """Filter that removes noise from the speaker's audio before it is translated."""

    type: NoiseReductionType
    """Where the microphone is: `near_field` for headsets, `far_field` for laptops and rooms."""


class TranslationTranscription(WireModel):
    """The transcript of the speaker's words, which another model than the translating one writes."""

    model: str
    """The model that transcribes, such as `gpt-realtime-whisper`."""


class TranslationAudioInput(WireModel):
    """What happens to the audio of the speaker before it is translated."""

    transcription: TranslationTranscription | None = None
    """Which model writes down what was said; `null` for no transcript, which is the default."""
    noise_reduction: TranslationNoiseReduction | None = None
    """How noise is filtered out; `null` if it is not."""


class TranslationAudio(WireModel):
    """How a translation session hears and speaks."""

    input: TranslationAudioInput | None = None
    """What happens to the audio that you send."""
    output: TranslationAudioOutput | None = None
    """What the translation should be."""


class TranslationSession(WireModel):
    """A translation session, as the server reports it."""

    id: str
    """Id of the session, useful in logs and support requests."""
    type: Literal["translation"] = "translation"
    """Literal tag of this class on the wire; always this one value."""
    expires_at: int
    """When the server will close the session, in seconds since the Unix epoch."""
    model: str
    """The model that translates."""
    audio: TranslationAudio
    """How the session hears and speaks."""


class TranslationSessionUpdate(WireModel):
    """Settings of a translation session, to send in `session.update`; fields that are absent stay as they are."""

    audio: TranslationAudio | None = None
    """How the session should hear and speak."""
