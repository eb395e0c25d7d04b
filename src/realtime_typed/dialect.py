"""The beta dialect and GA, translated into each other. Pure: dicts of JSON values in, dicts of JSON values out.

The beta dialect is that of OpenAI's JS reference client; OpenAI switched it off in 2026, Azure Voice Live and other
servers speak it still. There is one function for each direction and each side:

| function | side | what it reads | what it gives |
|---|---|---|---|
| `beta_to_ga` | server's events | what a beta server sent | the GA events that an application sees |
| `ga_to_beta` | client's events | what a GA application sends | what a beta server understands |
| `ga_server_to_beta` | server's events | what a GA server would send | what a beta client understands |
| `beta_client_to_ga` | client's events | what a beta client sent | what a GA server understands |

| what | beta | GA |
|---|---|---|
| text of a response | `response.text.delta`, `.done` | `response.output_text.delta`, `.done` |
| audio of a response | `response.audio.delta`, `.done` | `response.output_audio.delta`, `.done` |
| its transcript | `response.audio_transcript.delta`, `.done` | `response.output_audio_transcript.delta`, `.done` |
| a new item | `conversation.item.created` | `conversation.item.added`, then `.done` when it is complete |
| an item of a response is complete | `response.output_item.done` alone | `conversation.item.done` before it |
| parts of assistant messages | `text`, `audio` | `output_text`, `output_audio` |
| transcription sessions | `transcription_session.update` and the like | `session.*` with `type: "transcription"` |
| session | `modalities` `["text", "audio"]` or `["text"]` | `output_modalities` `["audio"]` or `["text"]` |
| | `voice`, `speed`, `output_audio_format` | `audio.output.voice`, `.speed`, `.format` |
| | `input_audio_format`, `input_audio_transcription` | `audio.input.format`, `.transcription` |
| | `input_audio_noise_reduction`, `turn_detection` | `audio.input.noise_reduction`, `.turn_detection` |
| | `max_response_output_tokens` | `max_output_tokens` |
| | (nothing) | `type` |
| response | `modalities`, `voice`, `output_audio_format` | `output_modalities`, `audio.output.voice`, `.format` |
| audio formats | `pcm16`, `g711_ulaw`, `g711_alaw` | `audio/pcm` at 24 kHz, `audio/pcmu`, `audio/pcma` |

Everything else is the same in both and is passed on as it is, unknown events and fields included. A field that is
absent stays absent, and `null` stays `null`. What the other dialect cannot say stays where it is, under its own name,
readable as an extra field: `temperature`, a voice of Azure such as `{"name": "alloy", "type": "openai"}` (whose name is
the GA voice nevertheless), a turn detection of another type, an audio format of another name. Where GA and beta fields
say different things about one place, the target's own stands and the other stays as an extra field. So nothing is lost,
and translating what is translated already changes nothing: servers that mix the dialects can be read too.

Source: the OpenAPI document of the Realtime API, and recorded traffic of Azure Voice Live.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, cast

from ._dialect_fields import (
    ABSENT,
    BETA_PARTS,
    BETA_SESSION_FIELDS,
    FORMATS,
    GA_PARTS,
    RESPONSE_FIELDS,
    RESPONSE_PARAMS,
    Json,
    as_object,
    beta_session,
    convert_item,
    convert_items,
    flatten,
    ga_session,
    get_place,
    nest,
)
from .errors import EventValidationError, FieldError

__all__ = [
    "BetaReader",
    "beta_client_to_ga",
    "beta_to_ga",
    "ga_server_name",
    "ga_server_to_beta",
    "ga_to_beta",
    "tell_dialect",
]

_SERVER_NAMES: Final[Mapping[str, str]] = {
    "response.text.delta": "response.output_text.delta",
    "response.text.done": "response.output_text.done",
    "response.audio.delta": "response.output_audio.delta",
    "response.audio.done": "response.output_audio.done",
    "response.audio_transcript.delta": "response.output_audio_transcript.delta",
    "response.audio_transcript.done": "response.output_audio_transcript.done",
    "conversation.item.created": "conversation.item.added",
    "transcription_session.created": "session.created",
    "transcription_session.updated": "session.updated",
}
_BETA_SERVER_NAMES: Final = {ga: beta for beta, ga in _SERVER_NAMES.items() if not ga.startswith("session.")}
_TRANSCRIPTION: Final[Mapping[str, str]] = {
    "session.created": "transcription_session.created",
    "session.updated": "transcription_session.updated",
    "session.update": "transcription_session.update",
}
_MAX_GROWING: Final = 1000


def _replace(event: Json, name: str, change: Callable[[Json], Json]) -> Json:
    """Change an object inside of an event; the event itself when there is no such object or nothing changes."""
    inner = as_object(event.get(name))
    if inner is None:
        return event
    changed = change(inner)
    return event if changed == inner else {**event, name: changed}


def _renamed(event: Json, name: str) -> Json:
    return {key: name if key == "type" else value for key, value in event.items()}


def _complete(item: object) -> bool:
    """Whether an item is announced as a whole: then GA says `conversation.item.done` right after."""
    fields = as_object(item)
    if fields is None:
        return False
    status = fields.get("status")
    if isinstance(status, str):
        return status != "in_progress"
    # Without a status: what a model makes grows, what a client made is whole.
    return fields.get("role") != "assistant" and fields.get("type") not in ("function_call", "mcp_call")


def _server_objects_to_ga(event: Json) -> Json:
    transcription = str(event.get("type")).startswith("transcription_session.")
    event = _replace(event, "session", lambda session: ga_session(session, transcription=transcription))
    event = _replace(event, "response", lambda it: convert_items(nest(it, RESPONSE_FIELDS), "output", GA_PARTS))
    return _replace(event, "item", lambda item: cast("Json", convert_item(item, GA_PARTS)))


def beta_to_ga(event: Json) -> list[Json]:
    """Translate an event of a beta server.

    Args:
        event: The event; it is not changed.

    Returns:
        One or two GA events: an item that is announced as a whole is a `conversation.item.added` and a
        `conversation.item.done`, which then have the same `event_id`. An event that is GA already is given as it is.
        Objects inside may be those of `event`.
    """
    name = event.get("type")
    made = _server_objects_to_ga(event)
    new = _SERVER_NAMES.get(name) if isinstance(name, str) else None
    if new is None:
        return [made]
    made = _renamed(made, new)
    if new == "conversation.item.added" and _complete(made.get("item")):
        return [made, _renamed(made, "conversation.item.done")]
    return [made]


class BetaReader:
    """Translates all that one beta server sends, in order: as `beta_to_ga`, and says when an item has grown complete.

    GA says `conversation.item.done` before `response.output_item.done`, of the same item; beta says the latter alone.
    A server that says both anyway is not repeated.
    """

    def __init__(self) -> None:
        self._growing: dict[str, Json] = {}

    def read(self, event: Json) -> list[Json]:
        """Translate the next event of the server; see `beta_to_ga`."""
        made = beta_to_ga(event)
        name = event.get("type")
        if name not in ("conversation.item.created", "conversation.item.done", "response.output_item.done"):
            return made
        item = made[0].get("item")
        item_id = get_place(item, ("id",))
        if not isinstance(item_id, str):
            return made
        announced = self._growing.pop(item_id, None)
        if name == "conversation.item.created" and len(made) == 1:
            # A server that never finishes its items must not fill the memory.
            if len(self._growing) >= _MAX_GROWING:
                del self._growing[next(iter(self._growing))]
            self._growing[item_id] = {key: made[0][key] for key in ("previous_item_id",) if key in made[0]}
        elif name == "response.output_item.done" and announced is not None:
            identity = {key: event[key] for key in ("event_id",) if key in event}
            done: Json = {"type": "conversation.item.done", **identity, **announced, "item": item}
            return [done, *made]
        return made


def ga_server_to_beta(event: Json) -> list[Json]:
    """Translate an event of a GA server, for a server that speaks to a beta client.

    Args:
        event: The event; it is not changed.

    Returns:
        One beta event; none for `conversation.item.done`, which beta does not have.
    """
    name = event.get("type")
    if name == "conversation.item.done":
        return []
    transcription = get_place(event, ("session", "type")) == "transcription"
    made = _replace(event, "session", beta_session)
    made = _replace(made, "response", lambda it: convert_items(flatten(it, RESPONSE_FIELDS), "output", BETA_PARTS))
    made = _replace(made, "item", lambda item: cast("Json", convert_item(item, BETA_PARTS)))
    if isinstance(name, str):
        new = _TRANSCRIPTION.get(name) if transcription else _BETA_SERVER_NAMES.get(name)
        made = made if new is None else _renamed(made, new)
    return [made]


def ga_to_beta(event: Json) -> Json:
    """Translate an event that a GA application sends to a beta server.

    Args:
        event: The event; it is not changed. GA fields that beta does not have stay: the server judges them.

    Returns:
        The beta event. `session.update` of a transcription session is a `transcription_session.update`.

    Raises:
        EventValidationError: An audio format has no beta name. It would be ignored, and noise be heard.
    """
    name = event.get("type")
    if name == "session.update":
        transcription = get_place(event, ("session", "type")) == "transcription"
        made = _replace(event, "session", beta_session)
        _require_formats(event, made, "session")
        return _renamed(made, _TRANSCRIPTION["session.update"]) if transcription else made
    if name == "response.create":
        made = _replace(event, "response", lambda it: convert_items(flatten(it, RESPONSE_FIELDS), "input", BETA_PARTS))
        _require_formats(event, made, "response")
        return made
    if name == "conversation.item.create":
        return _replace(event, "item", lambda item: cast("Json", convert_item(item, BETA_PARTS)))
    return event


def beta_client_to_ga(event: Json) -> Json:
    """Translate an event of a beta client, for a server that is GA inside.

    Args:
        event: The event; it is not changed. Beta fields that GA does not have, such as `temperature`, stay.

    Returns:
        The GA event. `transcription_session.update` is a `session.update` of a transcription session.
    """
    name = event.get("type")
    if name == "session.update":
        return _replace(event, "session", ga_session)
    if name == "transcription_session.update":
        made = _replace(event, "session", lambda session: ga_session(session, transcription=True))
        return _renamed(made, "session.update")
    if name == "response.create":
        return _replace(event, "response", lambda it: convert_items(nest(it, RESPONSE_PARAMS), "input", GA_PARTS))
    if name == "conversation.item.create":
        return _replace(event, "item", lambda item: cast("Json", convert_item(item, GA_PARTS)))
    return event


def ga_server_name(name: str) -> str:
    """The GA name of a server event; one that has no other name in GA is given as it is."""
    return _SERVER_NAMES.get(name, name)


def tell_dialect(event: Json) -> Literal["ga", "beta"] | None:
    """Tell from one event of a server which dialect it speaks.

    Args:
        event: The event.

    Returns:
        `"beta"` for an event that has another name in GA and for a session with fields of beta and without `type`;
        `"ga"` for an event that has another name or none in beta and for a session with `type` or fields of GA; `None`
        for an event that is the same in both.
    """
    name = event.get("type")
    if name in _SERVER_NAMES:
        return "beta"
    if name in _BETA_SERVER_NAMES or name == "conversation.item.done":
        return "ga"
    fields = as_object(event.get("session"))
    if fields is None:
        return None
    if isinstance(fields.get("type"), str):
        return "ga"
    if BETA_SESSION_FIELDS & fields.keys():
        return "beta"
    return "ga" if {"audio", "output_modalities"} & fields.keys() else None


def _require_formats(event: Json, made: Json, name: str) -> None:
    for side in ("input", "output"):
        path = (name, "audio", side, "format")
        if (found := get_place(made, path)) is not ABSENT:
            names = ", ".join(repr(dict(known)) for known in FORMATS.values())
            wrong = FieldError(path, repr(found), f"the beta dialect knows these audio formats only: {names}")
            raise EventValidationError(str(event.get("type")), [wrong], raw=repr(event))
