"""The session's configuration: its defaults, and what `session.update` and `response.create` make of it. Pure.

Configurations are JSON objects in the shape of the wire, since they go back to the client whole.
"""

import copy
from typing import Final, cast

from realtime_typed.audio import AudioFormatName

from .requests import RequestError, Wire

__all__ = [
    "default_session",
    "default_transcription_session",
    "format_name",
    "merge_response",
    "merge_session",
    "section",
]

_INSTRUCTIONS: Final = "You are a helpful assistant. Answer briefly."
_SERVER_VAD: Final[Wire] = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "silence_duration_ms": 200,
    "idle_timeout_ms": None,
    "create_response": True,
    "interrupt_response": True,
}
_SEMANTIC_VAD: Final[Wire] = {
    "type": "semantic_vad",
    "eagerness": "auto",
    "create_response": True,
    "interrupt_response": True,
}
# What a transcription session shows of its turn detection; it has no responses to create or to interrupt.
_TRANSCRIPTION_VAD: Final = frozenset(
    {"type", "threshold", "prefix_padding_ms", "silence_duration_ms", "eagerness"},
)
_TRANSCRIPTION: Final[Wire] = {"model": None, "language": None, "prompt": None}
_PCM: Final[Wire] = {"type": "audio/pcm", "rate": 24000}
# Fields that `null` switches off; `null` for any other field means its default.
_NULLABLE: Final = {"tracing", "prompt", "include", "transcription", "noise_reduction", "turn_detection"}
_RANGES: Final = {"threshold": (0, 1), "prefix_padding_ms": (0, 600_000), "silence_duration_ms": (0, 600_000)}
_MAX_TOKENS: Final = 4096


def default_session(session_id: str, model: str, voice: str, expires_at: int) -> Wire:
    """The configuration that `session.created` shows, with the nulls that the service writes.

    Args:
        session_id: The session's id.
        model: The model that the client asked for.
        voice: The voice that speaks unless the client chooses another.
        expires_at: When the session ends, in seconds of Unix time.
    """
    return {
        "type": "realtime",
        "object": "realtime.session",
        "id": session_id,
        "model": model,
        "output_modalities": ["audio"],
        "instructions": _INSTRUCTIONS,
        "tools": [],
        "tool_choice": "auto",
        "max_output_tokens": "inf",
        "tracing": None,
        "truncation": "auto",
        "prompt": None,
        "expires_at": expires_at,
        "audio": {
            "input": {
                "format": dict(_PCM),
                "transcription": None,
                "noise_reduction": None,
                "turn_detection": dict(_SERVER_VAD),
            },
            "output": {"format": dict(_PCM), "voice": voice, "speed": 1.0},
        },
        "include": None,
    }


def default_transcription_session(session_id: str, expires_at: int) -> Wire:
    """The configuration of a session that only transcribes, with a model: without one nothing would be transcribed.

    Args:
        session_id: The session's id.
        expires_at: When the session ends, in seconds of Unix time.
    """
    return {
        "type": "transcription",
        "object": "realtime.transcription_session",
        "id": session_id,
        "expires_at": expires_at,
        "audio": {
            "input": {
                "format": dict(_PCM),
                "transcription": _TRANSCRIPTION | {"model": "gpt-4o-transcribe"},
                "noise_reduction": None,
                "turn_detection": _without_responses(_SERVER_VAD),
            }
        },
        "include": None,
    }


def section(config: Wire, *path: str) -> Wire:
    """Follow a path of objects; an object that is missing or `null` is an empty one."""
    for name in path:
        found = config.get(name)
        if not isinstance(found, dict):
            return {}
        config = cast("Wire", found)
    return config


def format_name(audio_format: Wire) -> AudioFormatName:
    """The `type` of a validated audio format."""
    return cast("AudioFormatName", audio_format["type"])


def merge_session(current: Wire, update: Wire, *, spoke: bool) -> Wire:
    """Apply a `session.update`.

    Args:
        current: The configuration in force; it is not changed.
        update: The event's `session`, valid by the schema.
        spoke: Whether the model has produced audio in this session, which fixes its voice.

    Returns:
        The new configuration.

    Raises:
        RequestError: The update asks for what the service does not allow; nothing is applied.
    """
    if update["type"] != current["type"]:
        raise RequestError(
            "invalid_value",
            f"Invalid value for 'session.type': '{update['type']}'. This session is of type '{current['type']}'.",
            "session.type",
        )
    if update["type"] == "transcription":
        return _merge_transcription(current, update)
    defaults = default_session("", "", cast("str", section(current, "audio", "output")["voice"]), 0)
    merged = copy.deepcopy(current)
    for name, value in update.items():
        if name in ("type", "model"):
            continue  # the connection chose the model; openai-agents sends one in each update, whatever the URL says
        if name == "audio":
            _merge_audio(section(merged, "audio"), section(update, "audio"))
        elif value is None and name not in _NULLABLE:
            merged[name] = defaults.get(name)
        else:
            merged[name] = [_tool(tool) for tool in cast("list[Wire]", value)] if name == "tools" else value
    _check_common(merged, "session")
    _check_turn_detection(section(merged, "audio", "input", "turn_detection"))
    old, new = (section(config, "audio", "output").get("voice") for config in (current, merged))
    _check_voice(old, new, spoke, "session")
    return merged


def merge_response(session: Wire, options: Wire, *, spoke: bool) -> Wire:
    """Lay the options of a `response.create` over the session's configuration.

    Args:
        session: The configuration in force; it is not changed.
        options: The event's `response`, valid by the schema.
        spoke: As for `merge_session`.

    Returns:
        `output_modalities`, `instructions`, `tools`, `tool_choice`, `max_output_tokens`, `audio`, `metadata` and
        `conversation` (`"auto"` or `"none"`) of the response.

    Raises:
        RequestError: The options ask for what the service does not allow.
    """
    names = ("output_modalities", "instructions", "tools", "tool_choice", "max_output_tokens")
    merged: Wire = {name: session[name] for name in names}
    merged |= {name: options[name] for name in names if options.get(name) is not None}
    output = copy.deepcopy(section(session, "audio", "output"))
    wanted = section(options, "audio", "output")
    if wanted.get("format") is not None:
        output["format"] = _audio_format(section(wanted, "format"), "response.audio.output.format")
    if wanted.get("voice") is not None:
        _check_voice(output["voice"], wanted["voice"], spoke, "response")
        output["voice"] = wanted["voice"]
    merged["audio"] = {"output": output}
    merged["metadata"] = options.get("metadata")
    merged["conversation"] = options.get("conversation") or "auto"
    if merged["conversation"] not in ("auto", "none"):
        raise RequestError(
            "invalid_value",
            f"Invalid value: '{merged['conversation']}'. Supported values are: 'auto' and 'none'.",
            "response.conversation",
        )
    _check_common(merged, "response")
    return merged


def _merge_transcription(current: Wire, update: Wire) -> Wire:
    merged = copy.deepcopy(current)
    wanted = section(update, "audio", "input")
    # The schema lets an `output` in here; nothing is spoken, so nothing comes of it.
    _merge_audio(section(merged, "audio"), {"input": {name: wanted[name] for name in wanted if name != "output"}})
    audio_input = section(merged, "audio", "input")
    if audio_input["turn_detection"] is not None:
        audio_input["turn_detection"] = _without_responses(section(audio_input, "turn_detection"))
    if "include" in update:
        merged["include"] = update["include"]
    _check_turn_detection(section(audio_input, "turn_detection"))
    return merged


def _without_responses(turn_detection: Wire) -> Wire:
    return {name: value for name, value in turn_detection.items() if name in _TRANSCRIPTION_VAD}


def _merge_audio(audio: Wire, update: Wire) -> None:
    for side in ("input", "output"):
        target = section(audio, side)
        for name, value in section(update, side).items():
            if name == "format" and value is not None:
                target[name] = _audio_format(cast("Wire", value), f"session.audio.{side}.format")
            elif name == "turn_detection" and value is not None:
                target[name] = _turn_detection(section(target, name), cast("Wire", value))
            elif name == "transcription" and value is not None:
                target[name] = _TRANSCRIPTION | section(target, name) | cast("Wire", value)
            elif value is None and name not in _NULLABLE:
                continue  # neither format, voice nor speed can be switched off
            else:
                target[name] = value


def _audio_format(value: Wire, path: str) -> Wire:
    if value["type"] != "audio/pcm":
        return {"type": value["type"]}
    rate = value.get("rate")
    if rate not in (None, 24000):
        raise RequestError("invalid_value", f"Invalid value: {rate}. Supported values are: 24000.", f"{path}.rate")
    return dict(_PCM)


def _turn_detection(current: Wire, value: Wire) -> Wire:
    defaults = _SERVER_VAD if value["type"] == "server_vad" else _SEMANTIC_VAD
    base = defaults | current if current.get("type") == value["type"] else dict(defaults)
    return base | {
        name: defaults.get(name) if setting is None and name != "idle_timeout_ms" else setting
        for name, setting in value.items()
    }


def _tool(tool: Wire) -> Wire:
    order = ("type", "name", "description", "parameters")
    return {name: tool[name] for name in order if name in tool} | tool


def _check_common(config: Wire, path: str) -> None:
    modalities = cast("list[str]", config["output_modalities"])
    if modalities not in (["audio"], ["text"]):
        raise RequestError(
            "invalid_value",
            f"Invalid modalities: {modalities}. Supported combinations are: ['text'] and ['audio'].",
            f"{path}.output_modalities",
        )
    limit = config["max_output_tokens"]
    if isinstance(limit, int) and not 1 <= limit <= _MAX_TOKENS:
        raise RequestError(
            "invalid_value",
            f"Invalid value: {limit}. Use an integer from 1 to {_MAX_TOKENS}, or 'inf'.",
            f"{path}.max_output_tokens",
        )


def _check_turn_detection(turn_detection: Wire) -> None:
    for name, (low, high) in _RANGES.items():
        value = turn_detection.get(name)
        if isinstance(value, (int, float)) and not low <= value <= high:
            raise RequestError(
                "invalid_value",
                f"Invalid value: {value}. Use a value from {low} to {high}.",
                f"session.audio.input.turn_detection.{name}",
            )


def _check_voice(old: object, new: object, spoke: bool, path: str) -> None:
    if spoke and new != old:
        raise RequestError(
            "cannot_update_voice",
            "Cannot update a conversation's voice if assistant audio is present.",
            f"{path}.audio.output.voice",
        )
