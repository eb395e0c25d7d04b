"""Write `server.jsonl` and `client.jsonl`: valid frames of every event, made from the generated classes."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, Le

from realtime_typed._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS
from realtime_typed._wire import WireModel

HERE = Path(__file__).parent

# Events whose unions are wide come once for each member of the widest; the others once.
VARIANTS = {
    "conversation.item.added": 7,
    "conversation.item.create": 7,
    "session.created": 3,
    "session.update": 3,
    "response.create": 3,
    "response.content_part.done": 2,
    "conversation.item.input_audio_transcription.completed": 2,
}


def options(annotation: object) -> list[object]:
    """Unfold aliases and unions into the types that a value may have."""
    value = getattr(annotation, "__value__", None)
    if value is not None:
        return options(value)
    origin = get_origin(annotation)
    if origin is Annotated:
        return options(get_args(annotation)[0])
    if origin is Union or origin is UnionType:
        return [option for member in get_args(annotation) for option in options(member)]
    return [annotation]


def sample(name: str, annotation: object, metadata: list[object], variant: int) -> object:
    """A value that fits `annotation`; `variant` chooses between the members of a union."""
    choices = [option for option in options(annotation) if option is not NoneType]
    chosen = choices[variant % len(choices)]
    origin, arguments = get_origin(chosen), get_args(chosen)
    if origin is Literal:
        return arguments[variant % len(arguments)]
    if origin is list:
        return [sample(name, arguments[0], [], variant)]
    if origin is dict:
        return {"first": sample(name, arguments[1], [], variant)}
    if isinstance(chosen, type) and issubclass(chosen, WireModel):
        return full(chosen, variant)
    low = next((cast("float", entry.ge) for entry in metadata if isinstance(entry, Ge)), 0.0)
    high = next((cast("float", entry.le) for entry in metadata if isinstance(entry, Le)), low + 3)
    plain: dict[object, object] = {
        str: "tunnel_" + "0" * 32 if name == "tunnel_id" else f"a {name}",
        int: int((low + high) / 2),
        float: (low + high) / 2,
        bool: variant % 2 == 0,
        object: {"nested": [1, None, "x"]},
    }
    return plain[chosen]


def full(model: type[WireModel], variant: int) -> dict[str, object]:
    """Every field."""
    return {name: sample(name, info.annotation, info.metadata, variant) for name, info in model.model_fields.items()}


def minimal(model: type[WireModel], *, nulls: bool) -> dict[str, object]:
    """The fields that must be there, and, with `nulls`, every other as `null`."""
    frame: dict[str, object] = {}
    for name, info in model.model_fields.items():
        constant = get_origin(info.annotation) is Literal and info.default is not None
        if constant:
            frame[name] = info.default
        elif info.is_required():
            frame[name] = required(info.annotation, nulls=nulls)
        elif nulls and NoneType in options(info.annotation):
            frame[name] = None
    return frame


def required(annotation: object, *, nulls: bool) -> object:
    """The smallest value of a field that must be there."""
    chosen = options(annotation)[0]
    if isinstance(chosen, type) and issubclass(chosen, WireModel):
        return minimal(chosen, nulls=nulls)
    if get_origin(chosen) is list:
        return []
    return sample("value", annotation, [], 0)


def frames(events: Mapping[str, type[WireModel]]) -> list[dict[str, object]]:
    """All frames of one direction."""
    found: list[dict[str, object]] = []
    for name, model in events.items():
        made = [full(model, variant) for variant in range(VARIANTS.get(name, 1))]
        made += [minimal(model, nulls=False), minimal(model, nulls=True)]
        found += [frame for position, frame in enumerate(made) if frame not in made[:position]]
    return found


def main() -> None:
    """Write both files."""
    for path, events in (("server.jsonl", SERVER_EVENTS), ("client.jsonl", CLIENT_EVENTS)):
        lines = [json.dumps(frame, ensure_ascii=False) for frame in frames(events)]
        (HERE / path).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
