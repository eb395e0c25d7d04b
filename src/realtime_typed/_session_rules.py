"""What of a change of the session has to be sent, and what the service would refuse. Pure."""

import copy
from collections.abc import Mapping
from typing import Final, TypeAlias, cast

from .session import ABSENT, MERGED, value_at

__all__ = ["difference", "refuse"]

_Wire: TypeAlias = dict[str, object]
_PCM_RATE: Final = 24_000


def refuse(change: Mapping[str, object], reported: Mapping[str, object] | None, *, spoke: bool) -> None:
    """Refuse what the service is known to refuse, before it is sent, with the reason.

    Args:
        change: A GA session object with what is to change.
        reported: The configuration in force as the service reported it, `None` if it did not yet.
        spoke: Whether the model has produced audio in this session.

    Raises:
        ValueError: The change holds such a thing: both modalities or none, PCM at another rate than 24,000, a voice
            after audio was produced, or another tracing than the one that was set.
    """
    modalities = change.get("output_modalities")
    if isinstance(modalities, list):
        kinds = set(map(str, cast("list[object]", modalities)))
        if not kinds or kinds == {"text", "audio"}:
            raise ValueError(
                f"output_modalities={modalities!r} cannot be sent: the service gives either ['audio'], which comes "
                "with its transcript, or ['text']"
            )
    for side in ("input", "output"):
        rate = value_at(change, ("audio", side, "format", "rate"))
        if value_at(change, ("audio", side, "format", "type")) == "audio/pcm" and rate not in (None, _PCM_RATE):
            raise ValueError(
                f"audio.{side}.format.rate={rate!r} cannot be sent: the service takes PCM at {_PCM_RATE} samples a "
                "second alone; `audio.resample` and `append_input_audio(sample_rate=…)` convert"
            )
    if reported is None:
        return
    voice, standing = (value_at(config, ("audio", "output", "voice")) for config in (change, reported))
    if spoke and None not in (voice, standing) and _voice_name(voice) != _voice_name(standing):
        raise ValueError(
            f"voice={voice!r} cannot be sent: this session has spoken with {standing!r}, and the service keeps the "
            "voice of a session's first audio; connect anew for another"
        )
    traced = reported.get("tracing")
    if traced is not None and "tracing" in change and not _same(change["tracing"], traced):
        raise ValueError(
            f"tracing={change['tracing']!r} cannot be sent: it was set to {traced!r}, and the service keeps it for the "
            "whole session"
        )


def _voice_name(voice: object) -> object:
    """What tells a voice from others: servers report the one that was given by name as an object, too."""
    if isinstance(voice, Mapping):
        fields = cast("Mapping[str, object]", voice)
        return fields.get("id") or fields.get("name")
    return voice


def difference(
    change: Mapping[str, object], before: Mapping[str, object], reported: Mapping[str, object] | None
) -> dict[str, object]:
    """Leave out of a change what is in force already.

    A value is in force if the service reported it and nothing else was asked for since. An object whose members depend
    on each other, such as `turn_detection`, counts as a whole: it is in force if it is what the service reported, or if
    it is what was asked for last and the service reported all of it, beside defaults of its own.

    Args:
        change: A GA session object with `type`.
        before: What was asked for before this change.
        reported: The configuration that the service reported last, `None` if it did not yet.

    Returns:
        `type`, and of `change` what differs.
    """
    if reported is None or reported.get("type", change["type"]) != change["type"]:
        return copy.deepcopy(dict(change))
    return {"type": change["type"], **_difference(change, before, reported)}


def _difference(
    change: Mapping[str, object], before: Mapping[str, object], reported: Mapping[str, object]
) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in change.items():
        asked, standing = before.get(name, ABSENT), reported.get(name, ABSENT)
        into, onto = _object(value), _object(standing)
        if name in MERGED and into is not None and onto is not None:
            inner = _difference(into, _object(asked) or {}, onto)
            if inner:
                found[name] = inner
        elif name != "type" and not _in_force(value, asked, standing):
            found[name] = copy.deepcopy(value)
    return found


def _object(value: object) -> _Wire | None:
    return cast("_Wire", value) if isinstance(value, dict) else None


def _in_force(value: object, asked: object, standing: object) -> bool:
    if asked is ABSENT:
        return _same(value, standing)
    return asked == value and (_same(value, standing) or _holds(standing, value))


def _same(one: object, other: object) -> bool:
    """Whether two values are the same; the service reports as null what an object did not set."""
    if isinstance(one, dict) and isinstance(other, dict):
        return _set_members(cast("_Wire", one)) == _set_members(cast("_Wire", other))
    if isinstance(one, list) and isinstance(other, list):
        ours, theirs = cast("list[object]", one), cast("list[object]", other)
        return len(ours) == len(theirs) and all(map(_same, ours, theirs))
    # In Python `True == 1`, on the wire it is not.
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def _set_members(config: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in config.items() if value is not None}


def _holds(whole: object, part: object) -> bool:
    if isinstance(whole, dict) and isinstance(part, dict):
        found = cast("_Wire", whole)
        return all(found.get(name) == value for name, value in cast("_Wire", part).items())
    return False
