"""What other servers of the protocol do differently, by name: each rewrites what a `LocalServer` sends. Pure.

A quirk is a function from one event of the server to those that are sent in its place. All were seen, in recordings or
in running servers. Quirks of one connection are applied one after the other, in the order in which `Quirk` lists them.
"""

from collections.abc import Callable, Iterable
from typing import Final, Literal, TypeAlias, cast, get_args

from pydantic_core import to_json

from realtime_typed.audio import encode_base64

from .quirk_state import AnnouncedWithContent, InterleavedResponses, LateSessionCreated, TranscriptUpdates
from .requests import Wire

__all__ = ["Quirk", "Rewriter", "checked", "event_rewriter", "speaks_beta", "wire_rewriter"]

Quirk: TypeAlias = Literal[
    "unannounced_items",
    "announced_with_content",
    "beta_item_created",
    "interleaved_responses",
    "no_response_done",
    "invented_events",
    "different_speech_ids",
    "xai_events",
    "xai_missing_fields",
    "null_fields",
    "errors_without_event_id",
    "float_integers",
    "string_integers",
    "missing_event_ids",
    "late_session_created",
    "voice_live",
    "fragment_envelopes",
]
"""The name of a quirk; the documentation of `LocalServer` says what each does."""

Rewriter: TypeAlias = Callable[[Wire], list[Wire]]
"""What is sent in the place of an event; it may keep some of it for later."""

_PIECE: Final = 800  # characters of base64 in a fragment; speaches keeps frames below 1,200 bytes


def checked(names: Iterable[str]) -> frozenset[Quirk]:
    """Take the names of quirks.

    Raises:
        ValueError: There is no quirk of that name.
    """
    known = get_args(Quirk)
    for name in names:
        if name not in known:
            raise ValueError(f"there is no quirk {name!r}; there are {', '.join(known)}")
    return cast("frozenset[Quirk]", frozenset(names))


def event_rewriter(quirks: Iterable[Quirk]) -> Rewriter | None:
    """What the quirks of one connection make of the events of GA; `None` when they leave them alone."""
    return _chain(_EVENTS, quirks)


def wire_rewriter(quirks: Iterable[Quirk]) -> Rewriter | None:
    """What they make of the events on the wire, of whatever dialect; `None` when they leave them alone."""
    return _chain(_WIRE, quirks)


def speaks_beta(quirks: Iterable[Quirk]) -> bool:
    """Whether the connection speaks beta, asked or not."""
    return "voice_live" in quirks


def _chain(known: dict[Quirk, Callable[[], Rewriter]], quirks: Iterable[Quirk]) -> Rewriter | None:
    wanted = set(quirks)
    rewriters = [make() for name, make in known.items() if name in wanted]

    def rewrite(event: Wire) -> list[Wire]:
        events = [event]
        for rewriter in rewriters:
            events = [made for one in events for made in rewriter(one)]
        return events

    return rewrite if rewriters else None


# --- quirks that need little ----------------------------------------------------------------------------------------


def _unannounced() -> Rewriter:
    items: set[object] = set()

    def rewrite(event: Wire) -> list[Wire]:
        item = event.get("item")
        item_id = cast("Wire", item).get("id") if isinstance(item, dict) else None
        if event["type"] == "response.output_item.added":
            items.add(item_id)
            return []
        hidden = event["type"] == "conversation.item.added" and item_id in items
        return [] if hidden or event["type"] == "response.content_part.added" else [event]

    return rewrite


def _beta_item_created(event: Wire) -> list[Wire]:
    if event["type"] == "conversation.item.done":
        return []
    return [event | {"type": "conversation.item.created"}] if event["type"] == "conversation.item.added" else [event]


def _no_response_done(event: Wire) -> list[Wire]:
    return [] if event["type"] == "response.done" else [event]


def _invented_events(event: Wire) -> list[Wire]:
    if event["type"] != "response.done":
        return [event]
    response = cast("Wire", event["response"])
    status = response["status"]
    return [
        {"type": f"response.{status}", "event_id": f"{event['event_id']}_{status}", "response_id": response["id"]},
        event,
    ]


def _different_speech_ids(event: Wire) -> list[Wire]:
    name = cast("str", event["type"])
    if name in ("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"):
        return [event | {"item_id": f"{event['item_id']}_{name.rpartition('_')[2]}"}]
    return [event]


def _xai_missing_fields(event: Wire) -> list[Wire]:
    made = {name: value for name, value in event.items() if name not in ("part", "output_index")}
    response = made.get("response")
    if isinstance(response, dict):
        made["response"] = {name: value for name, value in cast("Wire", response).items() if name != "usage"}
    return [made]


def _null_fields(event: Wire) -> list[Wire]:
    made = cast("Wire", _copied(event))
    session, response, error = (made.get(name) for name in ("session", "response", "error"))
    if isinstance(session, dict):
        _nulls(cast("Wire", session), "include")
        audio = cast("Wire", session).get("audio")
        source = cast("Wire", audio).get("input") if isinstance(audio, dict) else None
        if isinstance(source, dict):
            _nulls(cast("Wire", source), "transcription", "noise_reduction")
            if isinstance(cast("Wire", source)["transcription"], dict):
                _nulls(cast("dict[str, Wire]", source)["transcription"], "language", "prompt")
    if isinstance(response, dict):
        _nulls(cast("Wire", response), "status_details", "usage")
    if isinstance(error, dict):
        _nulls(cast("Wire", error), "param")
    item = made.get("item")
    content = cast("Wire", item).get("content") if isinstance(item, dict) else None
    for part in cast("list[Wire]", content or []):
        if part["type"] in ("input_audio", "output_audio"):
            part["transcript"] = part.get("transcript") or None
    return [made]


def _nulls(holder: Wire, *names: str) -> None:
    for name in names:
        holder.setdefault(name, None)


def _copied(value: object) -> object:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in cast("Wire", value).items()}
    return [_copied(inner) for inner in cast("list[object]", value)] if isinstance(value, list) else value


def _errors_without_event_id(event: Wire) -> list[Wire]:
    if event["type"] != "error":
        return [event]
    error = {name: value for name, value in cast("Wire", event["error"]).items() if name != "event_id"}
    return [{"type": "error", "error": error}]


def _integers(kind: type[float] | type[str]) -> Rewriter:
    def convert(value: object) -> object:
        if isinstance(value, dict):
            return {name: convert(inner) for name, inner in cast("Wire", value).items()}
        if isinstance(value, list):
            return [convert(inner) for inner in cast("list[object]", value)]
        return kind(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return lambda event: [cast("Wire", convert(event))]


def _missing_event_ids(event: Wire) -> list[Wire]:
    return [{name: value for name, value in event.items() if name != "event_id"}]


# --- quirks of the wire --------------------------------------------------------------------------------------------


def _voice_live(event: Wire) -> list[Wire]:
    session = event.get("session")
    if not isinstance(session, dict):
        return [event]
    made = {name: value for name, value in cast("Wire", session).items() if name != "type"}
    if isinstance(made.get("voice"), str):
        made["voice"] = {"name": made["voice"], "type": "azure-standard"}
    return [event | {"session": made}]


def _fragment_envelopes() -> Rewriter:
    sent = 0

    def rewrite(event: Wire) -> list[Wire]:
        nonlocal sent
        sent += 1
        text = encode_base64(to_json(event))
        name = f"message_{sent}"
        if len(text) <= _PIECE:
            return [{"id": name, "type": "full_message", "data": text}]
        pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]
        return [
            {
                "id": name,
                "type": "partial_message",
                "data": piece,
                "fragment_index": index,
                "total_fragments": len(pieces),
            }
            for index, piece in enumerate(pieces)
        ]

    return rewrite


_EVENTS: Final[dict[Quirk, Callable[[], Rewriter]]] = {
    "unannounced_items": _unannounced,
    "announced_with_content": lambda: AnnouncedWithContent().rewrite,
    "beta_item_created": lambda: _beta_item_created,
    "interleaved_responses": lambda: InterleavedResponses().rewrite,
    "no_response_done": lambda: _no_response_done,
    "invented_events": lambda: _invented_events,
    "different_speech_ids": lambda: _different_speech_ids,
    "xai_events": lambda: TranscriptUpdates().rewrite,
    "xai_missing_fields": lambda: _xai_missing_fields,
    "null_fields": lambda: _null_fields,
    "errors_without_event_id": lambda: _errors_without_event_id,
    "float_integers": lambda: _integers(float),
    "string_integers": lambda: _integers(str),
    "missing_event_ids": lambda: _missing_event_ids,
    "late_session_created": lambda: LateSessionCreated().rewrite,
}
_WIRE: Final[dict[Quirk, Callable[[], Rewriter]]] = {
    "voice_live": lambda: _voice_live,
    "fragment_envelopes": _fragment_envelopes,
}
