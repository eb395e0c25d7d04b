# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""The dict form of what a client sends: what a type checker and an IDE need to check a literal dict."""

from typing import Literal, NotRequired, TypeAlias, TypedDict

NoiseReductionTypeParam: TypeAlias = Literal["near_field", "far_field"]
"""Where the microphone is: `near_field` close to the mouth, as in a headset, or `far_field`, as in a laptop or a room."""


class SessionCloseParam(TypedDict):
    """Says that no more audio follows: the service translates what it has, then answers `session.closed`."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.close"]
    """Literal tag of this class on the wire; always this one value."""


class SessionInputAudioBufferAppendParam(TypedDict):
    """Adds audio to be translated; the service sends no confirmation, and works in frames of 200 ms."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.input_audio_buffer.append"]
    """Literal tag of this class on the wire; always this one value."""
    audio: str
    """Base64 of 24 kHz PCM: 16-bit signed little-endian samples, one channel."""


class TranslationAudioOutputParam(TypedDict):
    """What the translation should be."""

    language: NotRequired[str]
    """ISO 639-1 code of the language to translate into, such as `es`."""


class TranslationNoiseReductionParam(TypedDict):
    """Filter that removes noise from the speaker's audio before it is translated."""

    type: NoiseReductionTypeParam
    """Where the microphone is: `near_field` for headsets, `far_field` for laptops and rooms."""


class TranslationTranscriptionParam(TypedDict):
    """The transcript of the speaker's words, which another model than the translating one writes."""

    model: str
    """The model that transcribes, such as `gpt-realtime-whisper`."""


class TranslationAudioInputParam(TypedDict):
    """What happens to the audio of the speaker before it is translated."""

    transcription: NotRequired[TranslationTranscriptionParam | None]
    """Which model writes down what was said; `null` for no transcript, which is the default."""
    noise_reduction: NotRequired[TranslationNoiseReductionParam | None]
    """How noise is filtered out; `null` if it is not."""


class TranslationAudioParam(TypedDict):
    """How a translation session hears and speaks."""

    input: NotRequired[TranslationAudioInputParam]
    """What happens to the audio that you send."""
    output: NotRequired[TranslationAudioOutputParam]
    """What the translation should be."""


class TranslationSessionUpdateParam(TypedDict):
    """Settings of a translation session, to send in `session.update`; fields that are absent stay as they are."""

    audio: NotRequired[TranslationAudioParam]
    """How the session should hear and speak."""


class SessionUpdateParam(TypedDict):
    """Changes the session: the language that is spoken back, the transcript of what was said, noise reduction; answered by `session.updated`, or by an `error` that leaves everything as it was."""

    event_id: NotRequired[str]
    """Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`."""
    type: Literal["session.update"]
    """Literal tag of this class on the wire; always this one value."""
    session: TranslationSessionUpdateParam
    """What to change; what is absent stays as it is."""


ClientEventParam: TypeAlias = SessionCloseParam | SessionInputAudioBufferAppendParam | SessionUpdateParam
"""Any event that a client sends, told by its `type`."""
