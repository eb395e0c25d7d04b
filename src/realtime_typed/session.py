"""The session's configuration as the application wants it. Pure: no asyncio, no transport.

It takes the GA shape and the reference client's flat names, keeps one GA configuration, and says what has to be sent.
"""

import copy
from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias, TypedDict, cast

from ._generated.realtime.params import (
    AudioFormatParam,
    AudioTranscriptionParam,
    NoiseReductionParam,
    PromptParam,
    ReasoningParam,
    SessionAudioConfigParam,
    SessionConfigParam,
    ToolChoiceParam,
    ToolParam,
    TracingParam,
    TruncationParam,
    TurnDetectionParam,
    VoiceOrCustomVoiceParam,
)
from ._generated.realtime.shared import SessionConfig
from ._wire import WireModel, to_plain

__all__ = ["AudioFormatShortName", "SessionConfiguration", "SessionFields"]

AudioFormatShortName: TypeAlias = Literal["pcm16", "g711_ulaw", "g711_alaw"]
"""The reference client's names of audio formats."""


class SessionFields(TypedDict, total=False):
    """What `update_session` takes by name: the GA fields, and the reference client's flat names for nested ones.

    A field that is not given stays as it is; `None` is sent as `null`, which switches the feature off.
    """

    type: Literal["realtime", "transcription"]
    """What kind of session; default `"realtime"`."""
    model: str
    """The model; the service accepts it only when the session is made."""
    instructions: str
    """The system prompt."""
    output_modalities: list[Literal["text", "audio"]]
    """`["audio"]` (speech with its transcript) or `["text"]`."""
    modalities: list[Literal["text", "audio"]]
    """Flat name of `output_modalities`; `["text", "audio"]` is what GA calls `["audio"]`."""
    voice: VoiceOrCustomVoiceParam
    """Flat name of `audio.output.voice`; it cannot change once the session has produced audio."""
    speed: float
    """Flat name of `audio.output.speed`, from 0.25 to 1.5."""
    input_audio_format: AudioFormatShortName | AudioFormatParam
    """Flat name of `audio.input.format`."""
    output_audio_format: AudioFormatShortName | AudioFormatParam
    """Flat name of `audio.output.format`."""
    input_audio_transcription: AudioTranscriptionParam | None
    """Flat name of `audio.input.transcription`."""
    input_audio_noise_reduction: NoiseReductionParam | None
    """Flat name of `audio.input.noise_reduction`."""
    turn_detection: TurnDetectionParam | None
    """Flat name of `audio.input.turn_detection`; `None` means that the application commits each turn."""
    audio: SessionAudioConfigParam
    """The GA shape of everything about audio."""
    tools: list[ToolParam]
    """Tools that the application answers by itself, beside those of `add_tool`."""
    tool_choice: ToolChoiceParam
    """Whether and which tool the model calls."""
    parallel_tool_calls: bool
    """Whether the model may call several tools in one response."""
    max_output_tokens: int | Literal["inf"]
    """The most tokens that a response may have."""
    max_response_output_tokens: int | Literal["inf"]
    """Flat name of `max_output_tokens`."""
    include: list[Literal["item.input_audio_transcription.logprobs"]]
    """Extra fields that the service should send."""
    tracing: TracingParam | None
    """How the service traces the session; fixed once it is set."""
    reasoning: ReasoningParam
    """How hard a reasoning model thinks."""
    truncation: TruncationParam
    """What the service drops when the conversation outgrows the model's context."""
    prompt: PromptParam | None
    """A prompt template stored at the service."""


_SHORT_FORMATS: Final[Mapping[str, Mapping[str, object]]] = {
    "pcm16": {"type": "audio/pcm", "rate": 24000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}
# The reference client's flat name, and the GA place; PROTOCOL: "GA nests what the reference client keeps flat".
_FLAT: Final[Mapping[str, tuple[str, ...]]] = {
    "modalities": ("output_modalities",),
    "voice": ("audio", "output", "voice"),
    "speed": ("audio", "output", "speed"),
    "input_audio_format": ("audio", "input", "format"),
    "output_audio_format": ("audio", "output", "format"),
    "input_audio_transcription": ("audio", "input", "transcription"),
    "input_audio_noise_reduction": ("audio", "input", "noise_reduction"),
    "turn_detection": ("audio", "input", "turn_detection"),
    "max_response_output_tokens": ("max_output_tokens",),
}
_GONE: Final[Mapping[str, str]] = {
    "temperature": "the GA protocol has no temperature; leave it out",
}
# These objects are replaced as wholes: their members depend on each other, as a tag and its options do.
MERGED: Final = frozenset({"audio", "input", "output"})

_Config: TypeAlias = dict[str, Any]
# What an explicit `None` is not.
ABSENT: Final = object()


def _ga_value(name: str, value: object) -> object:
    if name in ("input_audio_format", "output_audio_format") and isinstance(value, str):
        if value not in _SHORT_FORMATS:
            raise ValueError(f"{name} must be one of {', '.join(_SHORT_FORMATS)} or a GA format object, got {value!r}")
        return dict(_SHORT_FORMATS[value])
    if name == "modalities":
        modalities = set(cast("list[object]", value)) if isinstance(value, (list, tuple)) else {value}
        if not modalities or modalities - {"text", "audio"}:
            raise ValueError(f"modalities must hold 'text', 'audio' or both, got {value!r}")
        return ["audio"] if "audio" in modalities else ["text"]
    return to_plain(value)


def _put(config: _Config, path: tuple[str, ...], value: object) -> None:
    for step in path[:-1]:
        inner: object = config.setdefault(step, {})
        if not isinstance(inner, dict):
            raise ValueError(f"{'.'.join(path)} has no place in {step}={inner!r}; give {step} as an object")  # noqa: TRY004  # a wrong value, as everywhere here
        config = cast("_Config", inner)
    config[path[-1]] = value


def value_at(config: Mapping[str, object], path: tuple[str, ...], absent: object = None) -> object:
    """What stands at a place of a configuration, `absent` if nothing does."""
    node = cast("object", config)
    for step in path:
        # Nearly all are dicts, and asking whether one is a `Mapping` takes ten times as long.
        if not isinstance(node, (dict, Mapping)) or step not in node:
            return absent
        node = cast("Mapping[str, object]", node)[step]
    return node


def _merge(into: _Config, news: Mapping[str, Any]) -> None:
    for name, value in news.items():
        if name in MERGED and isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], cast("_Config", value))
        else:
            into[name] = copy.deepcopy(cast("object", value))


def to_ga(fields: Mapping[str, object]) -> dict[str, object]:
    """Bring flat and GA names into the GA shape.

    Args:
        fields: Any fields of `SessionFields`.

    Returns:
        A GA session object with exactly what was given.

    Raises:
        ValueError: A field does not exist in the GA protocol, or a place is given twice with different values.
    """
    config: _Config = {name: to_plain(value) for name, value in fields.items() if name not in _FLAT}
    config = copy.deepcopy(config)
    for name, reason in _GONE.items():
        if name in config:
            raise ValueError(f"{name}={config[name]!r} cannot be sent: {reason}")
    for name, path in _FLAT.items():
        if name not in fields:
            continue
        value = _ga_value(name, fields[name])
        standing = value_at(config, path, ABSENT)
        if standing is not ABSENT and standing != value:
            raise ValueError(
                f"{name}={fields[name]!r} and {'.'.join(path)}={standing!r} contradict each other; give one"
            )
        _put(config, path, value)
    return config


def _refuse_contradictions(one: Mapping[str, Any], other: Mapping[str, Any], where: str = "") -> None:
    """Raise `ValueError` if the two say different things about the same place."""
    for name in [name for name in other if name in one]:
        first, second = cast("object", one[name]), cast("object", other[name])
        if name in MERGED and isinstance(first, dict) and isinstance(second, dict):
            _refuse_contradictions(cast("_Config", first), cast("_Config", second), f"{where}{name}.")
        elif first != second:
            raise ValueError(f"{where}{name} is given twice: {first!r} and {second!r}; give one")


class SessionConfiguration:
    """What the application wants of the session, in GA shape.

    The one default that is sent is the reference client's: `turn_detection` is `None`, so that the application decides
    when a turn ends. Everything else stays as the service has it until it is set.

    Args:
        kind: What kind of session a new client asks for.
    """

    def __init__(self, kind: Literal["realtime", "transcription"] = "realtime") -> None:
        self._kind = kind
        self._wanted: _Config = self.default()

    def default(self) -> dict[str, object]:
        """The configuration that a new client starts with."""
        return {"type": self._kind, "audio": {"input": {"turn_detection": None}}}

    def reset(self) -> None:
        """Go back to the default."""
        self._wanted = self.default()

    def restore(self, wanted: Mapping[str, object]) -> None:
        """Take back a change: `wanted` is what the property of that name gave before it."""
        self._wanted = copy.deepcopy(dict(wanted))

    @property
    def changed(self) -> bool:
        """Whether anything differs from the default."""
        return self._wanted != self.default()

    @property
    def wanted(self) -> dict[str, object]:
        """The whole configuration as a GA session object; a copy."""
        return copy.deepcopy(self._wanted)

    def get(self, *path: str) -> object:
        """What is wanted at a place of the GA shape, such as `get("audio", "output", "voice")`; `None` if unset."""
        return copy.deepcopy(value_at(self._wanted, path))

    def update(
        self, session: SessionConfig | SessionConfigParam | None, fields: Mapping[str, object]
    ) -> dict[str, object]:
        """Take a change in.

        Args:
            session: A GA session object, or `None`.
            fields: Fields by name, GA or flat; they are added to `session`.

        Returns:
            What has to be sent: a GA session object with `type` and exactly what was given.

        Raises:
            ValueError: See `to_ga`. The configuration is then as it was.
        """
        given = session.to_wire() if isinstance(session, WireModel) else dict(session or {})
        change = to_ga(given)
        more = to_ga(fields)
        _refuse_contradictions(change, more)
        _merge(change, more)
        change.setdefault("type", self._wanted.get("type", "realtime"))
        if change["type"] != self._wanted.get("type"):
            self._wanted = {"type": change["type"]}
        _merge(self._wanted, change)
        return change

    @property
    def turn_detection_type(self) -> str | None:
        """`"server_vad"`, `"semantic_vad"`, or `None` when the application ends turns itself."""
        found = value_at(self._wanted, ("audio", "input", "turn_detection", "type"))
        return found if isinstance(found, str) else None

    @property
    def input_format(self) -> str:
        """The `type` of the input audio format; `"audio/pcm"` unless another was set."""
        found = value_at(self._wanted, ("audio", "input", "format", "type"))
        return found if isinstance(found, str) else "audio/pcm"

    @property
    def manual_tools(self) -> list[object]:
        """The tools that were given through `tools`, without those of `add_tool`."""
        found = self._wanted.get("tools")
        return list(cast("list[object]", found)) if isinstance(found, list) else []
