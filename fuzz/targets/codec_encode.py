"""`encode` of dicts that hold whatever Python can, of every protocol's codec in every mode.

The first byte: which codec. The second: whether the event goes as a dict, an `UnknownEvent` or a model. The rest is
JSON as the standard library reads it, with NaN and half surrogates; some texts in it stand for what JSON has not.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, cast

from fuzz.checks import is_kept, require, same_json
from fuzz.words import HOSTILE, event_words, field_words, samples
from realtime_typed import beta, live, translation
from realtime_typed._codec_core import ProtocolCodec, decode_client, recall_client
from realtime_typed._generated.live import registry as live_registry
from realtime_typed._generated.realtime import registry as realtime_registry
from realtime_typed._generated.realtime_beta import registry as beta_registry
from realtime_typed._generated.translation import registry as translation_registry
from realtime_typed._lenient import construct
from realtime_typed._wire import UNSET, UnknownEvent, WireModel
from realtime_typed.codec import Codec
from realtime_typed.errors import ProtocolError

__all__ = ["run", "seeds", "words"]

_Mode = Literal["strict", "lenient", "off"]
_Table = Mapping[str, type[WireModel]]
_MODES: Final[tuple[_Mode, ...]] = ("strict", "lenient", "off")


def _codecs(mode: _Mode) -> list[tuple[ProtocolCodec[WireModel, WireModel], _Table]]:
    made: list[tuple[object, _Table]] = [
        (Codec(mode), realtime_registry.CLIENT_EVENTS),
        (beta.BetaCodec(mode), beta_registry.CLIENT_EVENTS),
        (translation.TranslationCodec(mode), translation_registry.CLIENT_EVENTS),
        (live.LiveCodec(mode), live_registry.CLIENT_EVENTS),
        (Codec(mode, dialect="beta"), realtime_registry.CLIENT_EVENTS),
    ]
    return [(cast("ProtocolCodec[WireModel, WireModel]", codec), table) for codec, table in made]


_PLAIN: Final = cast("ProtocolCodec[WireModel, WireModel]", Codec("off"))
_CODECS: Final = [entry for mode in _MODES for entry in _codecs(mode)]


class _Other:
    """What no JSON has."""


def _deep() -> object:
    value: object = 0
    for _ in range(3000):
        value = [value]
    return value


def _endless() -> object:
    value: list[object] = []
    value.append(value)
    return value


_STRANGE: Final[Mapping[str, Callable[[], object]]] = {
    "$bytes": lambda: b"\xff\x00",
    "$set": lambda: {1, "a"},
    "$unset": lambda: UNSET,
    "$other": _Other,
    "$endless": _endless,
    "$deep": _deep,
    "$keys": lambda: {1: "a", None: "b", ("x",): 2, b"\xff": 3},
    "$tuple": lambda: ("a", UNSET, ("b",)),
    "$complex": lambda: 1j,
    "$huge": lambda: 10**5000,
    "$event": lambda: UnknownEvent("x", {"type": "x", "a": [1]}),
    "$memory": lambda: memoryview(b"abc"),
    "$class": lambda: _Other,
}


def _strange(value: object) -> object:
    if isinstance(value, str):
        made = _STRANGE.get(value)
        return value if made is None else made()
    if isinstance(value, list):
        return [_strange(item) for item in cast("list[object]", value)]
    if isinstance(value, dict):
        return {key: _strange(item) for key, item in cast("dict[str, object]", value).items()}
    return value


def run(data: bytes) -> None:
    """Encode one event, and read what was written."""
    if len(data) < 3:
        return
    try:
        parsed: object = json.loads(data[2:])
        given = _strange(parsed)
    except (ValueError, RecursionError):
        return
    if not isinstance(given, dict):
        return
    codec, table = _CODECS[data[0] % len(_CODECS)]
    wire = cast("dict[str, object]", given)
    name = wire.get("type")
    event: UnknownEvent | WireModel | dict[str, object] = wire
    if data[1] % 3 == 1:
        event = UnknownEvent(name if isinstance(name, str) else "x", wire)
    elif data[1] % 3 == 2 and isinstance(name, str) and name in table:
        try:
            event = construct(table[name], wire)
        except RecursionError:  # a dict so deep comes from no JSON text
            return
    try:
        text = codec.encode(event)
    except ProtocolError as error:
        require(len(str(error)) < 10_000, "an error is short", str(error))
        return
    json.loads(text, parse_constant=_refuse)
    if isinstance(event, dict) and codec.validation != "off" and name in table and data[0] % 5 != 4:
        decode_client(text, table)  # what was checked is what a strict server takes
    if '"type"' in text and isinstance(json.loads(text).get("type"), str):
        again = _PLAIN.encode(recall_client(text, table))
        # A constant that was left out, such as the `type` of a session, is added.
        require(is_kept(json.loads(text), json.loads(again)), "what was sent is recalled", text, again)
        require(same_json(_PLAIN.encode(recall_client(again, table)), again), "encoding is stable", again)


def _refuse(name: str) -> object:
    raise AssertionError(f"JSON has no {name}")


def seeds() -> Iterable[bytes]:
    """Every client event of tests/samples, and each strange value."""
    for number, frame in enumerate([*HOSTILE, *samples("client.jsonl")]):
        yield bytes([number % 15, number % 3]) + frame
    for number, name in enumerate(_STRANGE):
        yield bytes(
            [number, number % 3]
        ) + b'{"type": "session.update", "session": {"type": "realtime", "a": "%s"}}' % (name.encode())
        yield bytes([number, number % 3]) + b'{"type": "%s", "event_id": "%s"}' % (name.encode(), name.encode())


def words() -> Iterable[str]:
    """Names of events and fields, and the strange values."""
    yield from event_words()
    yield from field_words()
    yield from _STRANGE
