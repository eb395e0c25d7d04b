"""What the objects inside of events become in the other dialect: sessions, responses and items. See `dialect`."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias, cast

__all__ = [
    "ABSENT",
    "BETA_PARTS",
    "BETA_SESSION_FIELDS",
    "FORMATS",
    "GA_PARTS",
    "RESPONSE_FIELDS",
    "RESPONSE_PARAMS",
    "Json",
    "as_object",
    "beta_session",
    "convert_item",
    "convert_items",
    "flatten",
    "ga_session",
    "get_place",
    "nest",
]

Json: TypeAlias = dict[str, object]

FORMATS: Final[Mapping[str, Mapping[str, object]]] = {
    "pcm16": {"type": "audio/pcm", "rate": 24000},
    "g711_ulaw": {"type": "audio/pcmu"},
    "g711_alaw": {"type": "audio/pcma"},
}
GA_PARTS: Final[Mapping[str, str]] = {"text": "output_text", "audio": "output_audio"}
BETA_PARTS: Final = {ga: beta for beta, ga in GA_PARTS.items()}
_TURN_DETECTION_TYPES: Final = ("server_vad", "semantic_vad")


def as_object(value: object) -> Json | None:
    """A JSON object as such, `None` for every other value."""
    return cast("Json", value) if isinstance(value, dict) else None


# What a value is in the other dialect: the value, and whether it says all of it. `None` when it cannot be said at all.
_Reading: TypeAlias = tuple[object, bool] | None
_Convert: TypeAlias = Callable[[object], _Reading]


def _same(value: object) -> _Reading:
    return value, True


def _ga_format(value: object) -> _Reading:
    if isinstance(value, str):
        known = FORMATS.get(value)
        return None if known is None else (dict(known), True)
    return value, True


def _beta_format(value: object) -> _Reading:
    wanted = as_object(value)
    if wanted is None:
        return value, True
    # The rate of PCM may be left out: there is one only.
    full = {"rate": 24000, **wanted} if wanted.get("type") == "audio/pcm" else wanted
    return next(((name, True) for name, known in FORMATS.items() if known == full), None)


# Speech comes with its transcript: beta says both, GA the first only.
_SPOKEN: Final = (["text", "audio"], ["audio", "text"], ["audio"])


def _ga_modalities(value: object) -> _Reading:
    return (["audio"] if value in _SPOKEN else value), True


def _beta_modalities(value: object) -> _Reading:
    return (["text", "audio"] if value in _SPOKEN else value), True


def _ga_voice(value: object) -> _Reading:
    voice = as_object(value)
    if voice is None or "id" in voice:
        return value, True
    name = voice.get("name")
    return (name, False) if isinstance(name, str) else None


def _ga_turn_detection(value: object) -> _Reading:
    detection = as_object(value)
    if detection is None:
        return value, True
    kind = detection.get("type", "server_vad")
    if kind is None or kind == "none":
        return None, False
    return (value, True) if kind in _TURN_DETECTION_TYPES else None


_Field: TypeAlias = tuple[str, tuple[str, ...], _Convert, _Convert]
# The beta name, the GA place, and what becomes of the value on the way to GA and on the way back.
RESPONSE_FIELDS: Final[tuple[_Field, ...]] = (
    ("modalities", ("output_modalities",), _ga_modalities, _beta_modalities),
    ("voice", ("audio", "output", "voice"), _ga_voice, _same),
    ("output_audio_format", ("audio", "output", "format"), _ga_format, _beta_format),
)
_SESSION_FIELDS: Final[tuple[_Field, ...]] = (
    *RESPONSE_FIELDS,
    ("speed", ("audio", "output", "speed"), _same, _same),
    ("input_audio_format", ("audio", "input", "format"), _ga_format, _beta_format),
    ("input_audio_transcription", ("audio", "input", "transcription"), _same, _same),
    ("input_audio_noise_reduction", ("audio", "input", "noise_reduction"), _same, _same),
    ("turn_detection", ("audio", "input", "turn_detection"), _ga_turn_detection, _same),
    ("max_response_output_tokens", ("max_output_tokens",), _same, _same),
)
# Beta clients name the limit of one response either way.
RESPONSE_PARAMS: Final = (*RESPONSE_FIELDS, _SESSION_FIELDS[-1])
# The fields of a session whose presence on its top level says that it is a beta session.
BETA_SESSION_FIELDS: Final = frozenset(name for name, *_ in _SESSION_FIELDS)

ABSENT: Final = object()


def get_place(node: object, path: tuple[str, ...]) -> object:
    """What stands at a place inside of objects, `ABSENT` when nothing does."""
    for step in path:
        if not isinstance(node, dict) or step not in node:
            return ABSENT
        node = cast("Json", node)[step]
    return node


def _put(node: Json, path: tuple[str, ...], value: object) -> bool:
    """Set a place of an object that may be changed; objects on the way are copied. `False` where there is no way."""
    for step in path[:-1]:
        inner = node.get(step, {})
        if not isinstance(inner, dict):
            return False
        copied = dict(cast("Json", inner))
        node[step] = copied
        node = copied
    node[path[-1]] = value
    return True


def _remove(node: Json, path: tuple[str, ...]) -> None:
    """Take a place away, and the objects on the way that are empty then."""
    first, *rest = path
    if rest:
        inner = dict(cast("Json", node[first]))
        _remove(inner, tuple(rest))
        if inner:
            node[first] = inner
            return
    del node[first]


def nest(flat: Json, fields: tuple[_Field, ...]) -> Json:
    """Bring the beta fields of a session or response to their GA places."""
    made = dict(flat)
    for name, path, convert, _ in fields:
        if name not in flat or (reading := convert(flat[name])) is None:
            continue
        value, whole = reading
        standing = get_place(made, path)
        if (standing is not ABSENT or not _put(made, path, value)) and standing != value:
            continue
        if whole:
            del made[name]
    return made


def flatten(nested: Json, fields: tuple[_Field, ...]) -> Json:
    """Bring the GA fields of a session or response to their beta places."""
    made = dict(nested)
    for name, path, read, convert in fields:
        found = get_place(made, path)
        if found is ABSENT or (reading := convert(found)) is None:
            continue
        if name in made:
            # A beta field may say the same more exactly, as a voice of Azure does.
            same = read(made[name])
            if same is None or same[0] != found:
                continue
        else:
            made[name] = reading[0]
        _remove(made, path)
    return made


def ga_session(session: Json, *, transcription: bool = False) -> Json:
    """Make a GA session of a beta one; GA asks for a `type`, which `transcription` decides where none is there."""
    made = nest(session, _SESSION_FIELDS)
    if not isinstance(made.get("type"), str):
        of_transcription = transcription or made.get("object") == "realtime.transcription_session"
        made["type"] = "transcription" if of_transcription else "realtime"
    return made


def beta_session(session: Json) -> Json:
    """Make a beta session of a GA one; there the name of the event says what GA says by `type`."""
    made = flatten(session, _SESSION_FIELDS)
    if made.get("type") in ("realtime", "transcription"):
        del made["type"]
    return made


def convert_item(item: object, names: Mapping[str, str]) -> object:
    """Rename the parts of an assistant message; every other item is the same in both dialects."""
    fields = as_object(item)
    content = None if fields is None or fields.get("role") != "assistant" else fields.get("content")
    if fields is None or not isinstance(content, list):
        return item
    parts: list[object] = []
    for part in cast("list[object]", content):
        values = as_object(part) or {}
        kind = values.get("type")
        new = names.get(kind) if isinstance(kind, str) else None
        parts.append(part if new is None else {**values, "type": new})
    return fields if parts == content else {**fields, "content": parts}


def convert_items(holder: Json, name: str, names: Mapping[str, str]) -> Json:
    """Do as `convert_item` does with each item of a list inside of an object."""
    items = holder.get(name)
    if not isinstance(items, list):
        return holder
    new = [convert_item(item, names) for item in cast("list[object]", items)]
    return holder if new == items else {**holder, name: new}
