"""The words of the protocols for the dictionary, out of the registries: names of events and of their fields."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, TypeGuard

from realtime_typed._generated.live import registry as live
from realtime_typed._generated.live import shared as live_shared
from realtime_typed._generated.realtime import registry as realtime
from realtime_typed._generated.realtime import shared as realtime_shared
from realtime_typed._generated.realtime_beta import registry as beta
from realtime_typed._generated.realtime_beta import shared as beta_shared
from realtime_typed._generated.translation import registry as translation
from realtime_typed._wire import WireModel

__all__ = ["HOSTILE", "event_words", "field_words", "samples"]

SAMPLES: Final = Path(__file__).parents[1] / "tests" / "samples"
HOSTILE: Final = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"\xff\xfe",
    b'{"type": 1}',
    b'{"type": "\\ud800"}',
    b'{"type": "error", "error": NaN}',
    b'{"type": "error", "error": {"message": 1e999}}',
    b'{"type": "error", "type": "session.created", "session": {}}',
    b'{"a": {"type": "error"}, "type": "session.created"}',
    b'{"type": "error", "event_id": ' + b"9" * 400 + b"}",
    b'{"type": "error", "error": ' + b"[" * 190 + b"]" * 190 + b"}",
    b'{"type": "error", "error": ' + b"[" * 1200 + b"]" * 1200 + b"}",
    b'{"type": "error", "error": ' + b'{"error":' * 300 + b"1" + b"}" * 301,
    b'{"type": "ping", "\\u0000": "\\u0000"}',
)
"""Frames that break something elsewhere: depth, huge numbers, keys twice, half of a surrogate, no text at all."""

_REGISTRIES = (realtime, beta, translation, live)
_SHARED = (realtime_shared, beta_shared, live_shared)


@cache
def event_words() -> tuple[str, ...]:
    """The wire names of the events of all protocols."""
    tables = [table for registry in _REGISTRIES for table in (registry.SERVER_EVENTS, registry.CLIENT_EVENTS)]
    return tuple(dict.fromkeys(name for table in tables for name in table))


@cache
def field_words() -> tuple[str, ...]:
    """The names of the fields of events, and of the objects inside of them."""
    events: list[type[WireModel]] = []
    for registry in _REGISTRIES:
        events += [*registry.SERVER_EVENTS.values(), *registry.CLIENT_EVENTS.values()]
    inside = [made for module in _SHARED for made in vars(module).values() if _is_model(made)]
    return tuple(dict.fromkeys(name for model in (*events, *inside) for name in model.model_fields))


def _is_model(made: object) -> TypeGuard[type[WireModel]]:
    return isinstance(made, type) and issubclass(made, WireModel)


def samples(name: str) -> Iterable[bytes]:
    """The generated frames of tests/samples: every event, whole, with what is required alone, and with nulls."""
    return (SAMPLES / name).read_bytes().splitlines()
