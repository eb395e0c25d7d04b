"""The configuration that a client wants of its session."""

import copy
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed.session import SessionConfiguration, SessionFields, to_ga
from realtime_typed.types import RealtimeSessionConfig

Wire = dict[str, object]

VAD = {"type": "server_vad", "threshold": 0.3}

TABLE: list[tuple[str, object, Wire]] = [
    ("modalities", ["text"], {"output_modalities": ["text"]}),
    ("modalities", ["audio"], {"output_modalities": ["audio"]}),
    ("modalities", ["text", "audio"], {"output_modalities": ["audio"]}),
    ("modalities", ["audio", "text"], {"output_modalities": ["audio"]}),
    ("output_modalities", ["text"], {"output_modalities": ["text"]}),
    ("voice", "cedar", {"audio": {"output": {"voice": "cedar"}}}),
    ("voice", {"id": "voice_1"}, {"audio": {"output": {"voice": {"id": "voice_1"}}}}),
    ("speed", 1.5, {"audio": {"output": {"speed": 1.5}}}),
    ("input_audio_format", "pcm16", {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000}}}}),
    ("input_audio_format", "g711_ulaw", {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}),
    ("input_audio_format", "g711_alaw", {"audio": {"input": {"format": {"type": "audio/pcma"}}}}),
    ("input_audio_format", {"type": "audio/pcmu"}, {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}),
    ("output_audio_format", "pcm16", {"audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}}}}),
    ("output_audio_format", "g711_alaw", {"audio": {"output": {"format": {"type": "audio/pcma"}}}}),
    (
        "input_audio_transcription",
        {"model": "whisper-1"},
        {"audio": {"input": {"transcription": {"model": "whisper-1"}}}},
    ),
    ("input_audio_transcription", None, {"audio": {"input": {"transcription": None}}}),
    ("input_audio_noise_reduction", None, {"audio": {"input": {"noise_reduction": None}}}),
    ("turn_detection", VAD, {"audio": {"input": {"turn_detection": VAD}}}),
    ("turn_detection", None, {"audio": {"input": {"turn_detection": None}}}),
    ("max_response_output_tokens", "inf", {"max_output_tokens": "inf"}),
    ("max_output_tokens", 5, {"max_output_tokens": 5}),
    ("instructions", "Be brief.", {"instructions": "Be brief."}),
    ("tools", [], {"tools": []}),
    ("tool_choice", "none", {"tool_choice": "none"}),
    ("parallel_tool_calls", False, {"parallel_tool_calls": False}),
    ("include", [], {"include": []}),
    ("tracing", None, {"tracing": None}),
    ("truncation", "auto", {"truncation": "auto"}),
    ("prompt", {"id": "pmpt_1"}, {"prompt": {"id": "pmpt_1"}}),
    ("reasoning", {"effort": "low"}, {"reasoning": {"effort": "low"}}),
    ("model", "gpt-realtime", {"model": "gpt-realtime"}),
    ("type", "realtime", {"type": "realtime"}),
    ("audio", {"output": {"voice": "cedar"}}, {"audio": {"output": {"voice": "cedar"}}}),
]


@pytest.mark.parametrize(("name", "value", "wire"), TABLE)
def test_each_name_has_its_place_in_the_ga_shape(name: str, value: object, wire: Wire) -> None:
    assert to_ga({name: value}) == wire


def test_the_table_holds_every_field() -> None:
    assert {name for name, _, _ in TABLE} == set(SessionFields.__annotations__)


@pytest.mark.parametrize("name", ["input_audio_format", "output_audio_format"])
def test_an_unknown_format_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name} must be one of pcm16, g711_ulaw, g711_alaw .*'mp3'"):
        to_ga({name: "mp3"})


@pytest.mark.parametrize("value", [[], ["smell"], "text and audio", ["text", "smell"]])
def test_unknown_modalities_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="modalities must hold"):
        to_ga({"modalities": value})


@pytest.mark.parametrize("value", [0.8, None])
def test_a_temperature_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"temperature.*GA protocol has no temperature"):
        to_ga({"temperature": value})


@pytest.mark.parametrize(
    "fields",
    [
        {"voice": "cedar", "audio": {"output": {"voice": "marin"}}},
        {"turn_detection": VAD, "audio": {"input": {"turn_detection": None}}},
        {"turn_detection": None, "audio": {"input": {"turn_detection": VAD}}},
        {"modalities": ["text"], "output_modalities": ["audio"]},
        {"max_response_output_tokens": 5, "max_output_tokens": "inf"},
        {"input_audio_format": "pcm16", "audio": {"input": {"format": {"type": "audio/pcmu"}}}},
    ],
)
def test_a_flat_name_that_contradicts_the_ga_shape_is_refused(fields: Wire) -> None:
    configuration = SessionConfiguration()
    with pytest.raises(ValueError, match="give one"):
        configuration.update(None, fields)
    assert not configuration.changed


@pytest.mark.parametrize(
    ("session", "fields"),
    [
        ({"instructions": "a"}, {"instructions": "b"}),
        ({"tracing": None}, {"tracing": "auto"}),
        ({"audio": {"output": {"voice": "cedar"}}}, {"voice": "marin"}),
        ({"audio": {"input": {"turn_detection": None}}}, {"turn_detection": VAD}),
        ({"audio": {"input": {"turn_detection": VAD}}}, {"turn_detection": None}),
        ({"output_modalities": ["text"]}, {"modalities": ["audio"]}),
    ],
)
def test_an_object_and_a_name_that_contradict_each_other_are_refused(session: Wire, fields: Wire) -> None:
    configuration = SessionConfiguration()
    with pytest.raises(ValueError, match="give one"):
        configuration.update(cast("RealtimeSessionConfig", session), fields)
    assert not configuration.changed


def test_the_same_said_twice_is_no_contradiction() -> None:
    configuration = SessionConfiguration()
    change = configuration.update(
        {"type": "realtime", "audio": {"output": {"voice": "cedar"}}},
        {"voice": "cedar", "audio": {"output": {"voice": "cedar"}}},
    )
    assert change == {"type": "realtime", "audio": {"output": {"voice": "cedar"}}}


def test_a_flat_name_has_no_place_in_what_is_no_object() -> None:
    with pytest.raises(ValueError, match="audio"):
        to_ga({"voice": "cedar", "audio": "loud"})


def test_a_change_holds_what_was_given_and_the_type() -> None:
    configuration = SessionConfiguration()
    assert configuration.update(None, {"voice": "cedar"}) == {
        "type": "realtime",
        "audio": {"output": {"voice": "cedar"}},
    }
    assert configuration.update(None, {}) == {"type": "realtime"}
    assert configuration.wanted == {
        "type": "realtime",
        "audio": {"input": {"turn_detection": None}, "output": {"voice": "cedar"}},
    }


def test_a_model_counts_as_its_fields_that_were_set() -> None:
    configuration = SessionConfiguration()
    model = RealtimeSessionConfig(instructions="Be brief.")
    assert configuration.update(model, {}) == {"type": "realtime", "instructions": "Be brief."}


def test_objects_whose_members_depend_on_each_other_are_replaced_whole() -> None:
    configuration = SessionConfiguration()
    configuration.update(None, {"turn_detection": VAD})
    configuration.update(None, {"turn_detection": {"type": "semantic_vad"}})
    assert configuration.get("audio", "input", "turn_detection") == {"type": "semantic_vad"}


def test_changed_reset_and_restore() -> None:
    configuration = SessionConfiguration()
    states = [configuration.changed]
    before = configuration.wanted
    configuration.update(None, {"voice": "cedar"})
    states.append(configuration.changed)
    configuration.restore(before)
    states.append(configuration.changed)
    configuration.update(None, {"voice": "cedar"})
    states.append(configuration.changed)
    configuration.reset()
    states.append(configuration.changed)
    assert states == [False, True, False, True, False]


def test_what_is_given_out_and_taken_in_is_copied() -> None:
    configuration = SessionConfiguration()
    tools: list[object] = [{"type": "function", "name": "x"}]
    change = configuration.update(None, {"tools": tools})
    tools.append("later")
    cast("list[object]", change["tools"]).append("later")
    cast("list[object]", configuration.wanted["tools"]).append("later")
    assert configuration.manual_tools == [{"type": "function", "name": "x"}]


def test_another_type_of_session_begins_anew() -> None:
    configuration = SessionConfiguration()
    configuration.update(None, {"voice": "cedar"})
    change = configuration.update({"type": "transcription"}, {"include": []})
    assert configuration.wanted == change == {"type": "transcription", "include": []}


def test_what_the_client_asks_of_it() -> None:
    configuration = SessionConfiguration()
    assert (configuration.turn_detection_type, configuration.input_format) == (None, "audio/pcm")
    assert configuration.manual_tools == []
    assert configuration.get("audio", "output", "voice") is None
    configuration.update(None, {"turn_detection": VAD, "input_audio_format": "g711_alaw", "voice": "cedar"})
    assert (configuration.turn_detection_type, configuration.input_format) == ("server_vad", "audio/pcma")
    assert configuration.get("audio", "output", "voice") == "cedar"


def values(name: str) -> st.SearchStrategy[object]:
    return st.sampled_from([value for known, value, _ in TABLE if known == name])


CHANGES = st.lists(
    st.fixed_dictionaries({}, optional={name: values(name) for name, _, _ in TABLE if name != "audio"}), max_size=6
)


def laid_over(below: Mapping[str, object], above: Mapping[str, object]) -> Wire:
    """The service's reading of an update: objects of audio are merged, all else is replaced."""
    merged = dict(copy.deepcopy(below))
    for name, value in above.items():
        standing = merged.get(name)
        if name in ("audio", "input", "output") and isinstance(value, dict) and isinstance(standing, dict):
            merged[name] = laid_over(cast("Wire", standing), cast("Wire", value))
        else:
            merged[name] = value
    return merged


@given(CHANGES)
def test_what_is_sent_adds_up_to_what_is_wanted(changes: list[Wire]) -> None:
    configuration = SessionConfiguration()
    service = configuration.wanted
    for fields in changes:
        before = configuration.wanted
        try:
            sent = configuration.update(None, fields)
        except ValueError:
            assert configuration.wanted == before
            continue
        service = laid_over(service, sent)
        assert configuration.wanted == service
        assert sent == {"type": "realtime", **to_ga(fields)}
