"""Hypothesis: any event that fits its class comes back as it was; with one wrong field it is refused or kept, by mode.

The strategies are built from the fields of the generated classes.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path as FilePath
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeAlias, Union, cast, get_args, get_origin

import pytest
from annotated_types import Ge, Le, MinLen
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from realtime_typed import _generated, beta, live, translation
from realtime_typed._codec_core import ProtocolCodec, Validation
from realtime_typed._generated.live import registry as lives
from realtime_typed._generated.realtime import registry as realtime
from realtime_typed._generated.realtime_beta import registry as realtime_beta
from realtime_typed._generated.translation import registry as translations
from realtime_typed._wire import WireModel
from realtime_typed.codec import Codec, decode_client_event
from realtime_typed.errors import EventValidationError

Path: TypeAlias = tuple[str | int, ...]
Frame: TypeAlias = dict[str, object]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
# Fields of tomorrow. The prefix keeps them apart from the fields, and from the union tags, of today.
EXTRA = st.dictionaries(st.text(max_size=4).map("x_{}".format), JSON, max_size=1)
NUMBERS: set[object] = {int, float, bool}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
SMALL = settings(max_examples=25, deadline=None, suppress_health_check=SLOW)


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


def values(option: object, metadata: tuple[object, ...]) -> st.SearchStrategy[object]:
    """JSON values of one type."""
    origin, arguments = get_origin(option), get_args(option)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is list:
        shortest = next((entry.min_length for entry in metadata if isinstance(entry, MinLen)), 0)
        return st.lists(field_values(arguments[0]), min_size=shortest, max_size=2).map(as_value)
    if origin is dict:
        return st.dictionaries(st.text(max_size=4).map("v_{}".format), field_values(arguments[1]), max_size=2).map(
            as_value
        )
    if isinstance(option, type) and issubclass(option, WireModel):
        return frames(option).map(as_value)
    low = next((cast("int", entry.ge) for entry in metadata if isinstance(entry, Ge)), None)
    high = next((cast("int", entry.le) for entry in metadata if isinstance(entry, Le)), None)
    if option is str:
        return st.text(max_size=8)
    if option is int:
        return st.integers(-(2**63) if low is None else low, 2**63 if high is None else high)
    if option is float:
        return st.floats(low, high, allow_nan=False, allow_infinity=False)
    if option is bool:
        return st.booleans()
    if option is NoneType:
        return st.none()
    assert option is object, f"no strategy for {option!r}"
    return JSON


def as_value(value: object) -> object:
    """The value without its type: strategies are invariant in it."""
    return value


def field_values(annotation: object, metadata: tuple[object, ...] = ()) -> st.SearchStrategy[object]:
    return st.one_of([values(option, metadata) for option in options(annotation)])


def is_tag(annotation: object) -> bool:
    return get_origin(annotation) is Literal and len(get_args(annotation)) == 1


@cache
def frames(model: type[WireModel]) -> st.SearchStrategy[Frame]:
    """JSON objects that fit `model`: the required fields, any of the others, and unknown ones."""
    must: dict[str, st.SearchStrategy[object]] = {}
    may: dict[str, st.SearchStrategy[object]] = {}
    for name, info in model.model_fields.items():
        # A pattern would need a strategy of its own; the one field that has it is always left out.
        if name == "tunnel_id":
            continue
        kind = field_values(info.annotation, tuple(info.metadata))
        (must if info.is_required() or is_tag(info.annotation) else may)[name] = kind
    return st.builds(merge, st.fixed_dictionaries(must, optional=may), EXTRA)


def merge(frame: Frame, extra: Frame) -> Frame:
    return {**frame, **extra}


def breakable(annotation: object, value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Where inside of `value` something can be made wrong for sure, with a value that does it."""
    kinds = options(annotation)
    if object in kinds:
        return
    if isinstance(value, dict):
        fields = cast("Frame", value)
        model = member(kinds, fields)
        if model is not None:
            for name, info in model.model_fields.items():
                if name in fields and not is_tag(info.annotation):
                    yield from breakable(info.annotation, fields[name], (*path, name))
    elif isinstance(value, list):
        inner = next(get_args(kind)[0] for kind in kinds if get_origin(kind) is list)
        for position, entry in enumerate(cast("list[object]", value)):
            yield from breakable(inner, entry, (*path, position))
    if path:
        # Text is no number, and 7.5 is neither text nor an object.
        yield path, "wrong" if not NUMBERS.isdisjoint(kinds) and str not in kinds else 7.5


def member(kinds: list[object], fields: Frame) -> type[WireModel] | None:
    """The member of a union that `fields` was made for, by its tags; the only one where there are none."""
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, WireModel)]
    for model in models:
        tags = {name: info.default for name, info in model.model_fields.items() if is_tag(info.annotation)}
        if all(fields.get(name) == tag for name, tag in tags.items()):
            return model
    return None


def replaced(value: object, path: Path, wrong: object) -> object:
    if not path:
        return wrong
    step, *rest = path
    if isinstance(value, list):
        entries = list(cast("list[object]", value))
        assert isinstance(step, int)
        entries[step] = replaced(entries[step], tuple(rest), wrong)
        return entries
    fields = dict(cast("Frame", value))
    fields[str(step)] = replaced(fields[str(step)], tuple(rest), wrong)
    return fields


def at(event: object, path: Path) -> object:
    """What stands at `path`, through models, dicts and lists."""
    for step in path:
        if isinstance(step, int):
            event = cast("list[object]", event)[step]
        elif isinstance(event, WireModel):
            event = getattr(event, step)
        else:
            event = cast("Frame", event)[step]
    return event


@dataclass(frozen=True)
class Protocol:
    """One protocol: its codec by validation mode, what its server reads by, and its events."""

    codec: Callable[[Validation], ProtocolCodec[Any, Any]]
    decode_client_event: Callable[[str], object]
    server: Mapping[str, type[WireModel]]
    client: Mapping[str, type[WireModel]]


PROTOCOLS = {
    "realtime": Protocol(Codec, decode_client_event, realtime.SERVER_EVENTS, realtime.CLIENT_EVENTS),
    "realtime_beta": Protocol(
        beta.BetaCodec, beta.decode_client_event, realtime_beta.SERVER_EVENTS, realtime_beta.CLIENT_EVENTS
    ),
    "translation": Protocol(
        translation.TranslationCodec,
        translation.decode_client_event,
        translations.SERVER_EVENTS,
        translations.CLIENT_EVENTS,
    ),
    "live": Protocol(live.LiveCodec, live.decode_client_event, lives.SERVER_EVENTS, lives.CLIENT_EVENTS),
}
SERVER_EVENTS = [(name, event) for name, protocol in PROTOCOLS.items() for event in sorted(protocol.server)]
CLIENT_EVENTS = [(name, event) for name, protocol in PROTOCOLS.items() for event in sorted(protocol.client)]
MODES: tuple[Validation, ...] = ("strict", "lenient", "off")


def test_every_generated_protocol_is_held_to_this() -> None:
    folder = FilePath(_generated.__path__[0])
    assert sorted(path.parent.name for path in folder.glob("*/registry.py")) == sorted(PROTOCOLS)


@pytest.mark.parametrize(("protocol", "name"), SERVER_EVENTS)
class TestServerEvents:
    def test_an_event_that_fits_comes_back_as_it_was(self, protocol: str, name: str) -> None:
        model = PROTOCOLS[protocol].server[name]
        codecs = [PROTOCOLS[protocol].codec(mode) for mode in MODES]

        @SMALL
        @given(frames(model), st.booleans())
        def check(frame: Frame, as_bytes: bool) -> None:
            text = json.dumps(frame, separators=(",", ":"))
            for codec in codecs:
                event = codec.decode(text.encode() if as_bytes else text)
                assert type(event) is model
                assert event.to_wire() == frame
                assert codec.issue_count == 0

        check()

    def test_an_event_with_a_wrong_field_is_refused_or_kept(self, protocol: str, name: str) -> None:
        model = PROTOCOLS[protocol].server[name]
        strict, lenient, off = (PROTOCOLS[protocol].codec(mode) for mode in MODES)

        @SMALL
        @given(frames(model), st.data())
        def check(frame: Frame, data: st.DataObject) -> None:
            places = list(breakable(model, frame))
            assume(places)
            path, wrong = data.draw(st.sampled_from(places))
            broken = cast("Frame", replaced(frame, path, wrong))
            with pytest.raises(EventValidationError) as caught:
                strict.decode(json.dumps(broken))
            assert caught.value.event_type == name
            assert path in [field.path for field in caught.value.errors]

            counted = lenient.issue_count
            for codec in (lenient, off):
                event = codec.decode(json.dumps(broken))
                assert type(event) is model
                assert at(event, path) == wrong
                assert event.to_wire() == broken
            assert lenient.issue_count > counted

        check()


@pytest.mark.parametrize(("protocol", "name"), CLIENT_EVENTS)
def test_a_client_event_that_fits_comes_back_as_it_was(protocol: str, name: str) -> None:
    model = PROTOCOLS[protocol].client[name]
    codecs = [PROTOCOLS[protocol].codec(mode) for mode in MODES]

    @SMALL
    @given(frames(model))
    def check(frame: Frame) -> None:
        event = PROTOCOLS[protocol].decode_client_event(json.dumps(frame))
        assert type(event) is model
        assert event.to_wire() == frame
        for codec in codecs:
            assert json.loads(codec.encode(event)) == frame
            assert json.loads(codec.encode(frame)) == frame

    check()


def test_the_wrong_fields_are_found_at_every_depth() -> None:
    frame: Frame = {"event_id": "e", "type": "error", "error": {"type": "t", "message": "m", "param": None}}
    assert dict(breakable(realtime.SERVER_EVENTS["error"], frame)) == {
        ("event_id",): 7.5,
        ("error", "type"): 7.5,
        ("error", "message"): 7.5,
        ("error", "param"): 7.5,
        ("error",): 7.5,
    }
