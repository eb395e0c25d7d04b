"""`decode` of every protocol's codec in every mode, and `decode_client_event`.

The first byte: what reads it, whether as text or as bytes, and whether what comes out is decoded once more. The rest is
the frame.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, cast

from pydantic_core import to_json

from fuzz.checks import as_object, as_text, is_kept, read_json, require, same_json
from fuzz.words import HOSTILE, event_words, field_words, samples
from realtime_typed import beta, live, translation
from realtime_typed._codec_core import ProtocolCodec, decode_client
from realtime_typed._generated.live import registry as live_registry
from realtime_typed._generated.realtime import registry as realtime_registry
from realtime_typed._generated.realtime_beta import registry as beta_registry
from realtime_typed._generated.translation import registry as translation_registry
from realtime_typed._wire import UnknownEvent, WireModel
from realtime_typed.codec import Codec
from realtime_typed.errors import EventValidationError, ProtocolError

__all__ = ["run", "seeds", "words"]

_Table = Mapping[str, type[WireModel]]
_MODES: Final[tuple[Literal["strict", "lenient", "off"], ...]] = ("strict", "lenient", "off")
_MAKERS: Final[tuple[tuple[Callable[[Literal["strict", "lenient", "off"]], ProtocolCodec[Any, Any]], _Table], ...]] = (
    (Codec, realtime_registry.SERVER_EVENTS),
    (beta.BetaCodec, beta_registry.SERVER_EVENTS),
    (translation.TranslationCodec, translation_registry.SERVER_EVENTS),
    (live.LiveCodec, live_registry.SERVER_EVENTS),
)
_CODECS: Final = [(make(mode), mode, table) for mode in _MODES for make, table in _MAKERS]
_CLIENT_EVENTS: Final[tuple[_Table, ...]] = (
    realtime_registry.CLIENT_EVENTS,
    beta_registry.CLIENT_EVENTS,
    translation_registry.CLIENT_EVENTS,
    live_registry.CLIENT_EVENTS,
)
_WHICH: Final = 0x0F
_TWICE: Final = 0x40
_AS_TEXT: Final = 0x80


def run(data: bytes) -> None:
    """Decode one frame, and look whether the event is what the frame says."""
    if not data:
        return
    frame: str | bytes = as_text(data[1:]) if data[0] & _AS_TEXT else data[1:]
    which = data[0] & _WHICH
    try:
        if which >= len(_CODECS):
            table = _CLIENT_EVENTS[which - len(_CODECS)]
            event = decode_client(frame, table)
            _check(event, frame, table)
            return
        codec, _, table = _CODECS[which]
        event = codec.decode(frame)
    except EventValidationError as error:
        require(which >= len(_CODECS) or _CODECS[which][1] == "strict", "only strict decoding refuses a wrong event")
        require(bool(error.errors) and len(str(error)) < 10_000, "an error says what is wrong, and is short")
        return
    except ProtocolError as error:
        require(len(str(error)) < 2000, "an error is short", str(error))
        return
    wire = _check(event, frame, table)
    if data[0] & _TWICE:
        again = codec.decode(wire)
        require(type(again) is type(event) and same_json(_json(again), wire), "decoding is stable", wire)
    require(len(codec.issues) <= 1001 + len(table), "the counted issues are bounded")


def _check(event: WireModel | UnknownEvent, frame: str | bytes, table: _Table) -> bytes:
    """The class is that of the frame's type, and what the frame says is in the event. Returns the event as JSON."""
    raw = as_object(read_json(frame if isinstance(frame, bytes) else frame.encode()))
    if raw is None:
        raise AssertionError(f"only a JSON object is an event: {frame!r:.2000}")
    name = cast("str", raw["type"])
    wire = event.to_wire()
    require(event.type == name if isinstance(event, UnknownEvent) else wire["type"] == name, "the type is kept", raw)
    require(type(event) is table.get(name, UnknownEvent), "the class is that of the type", raw, type(event))
    require(is_kept(raw, wire), "what came is kept", raw, wire)
    return _json(event)


def _json(event: WireModel | UnknownEvent) -> bytes:
    return to_json(event.to_wire(), inf_nan_mode="constants")


def seeds() -> Iterable[bytes]:
    """Every event of tests/samples, and what is hostile."""
    for number, frame in enumerate([*HOSTILE, *samples("server.jsonl"), *samples("client.jsonl")]):
        yield bytes([number % 16 | _TWICE]) + frame
    for frame in HOSTILE:
        yield b"\x84" + frame


def words() -> Iterable[str]:
    """Names of events and fields."""
    yield from event_words()
    yield from field_words()
