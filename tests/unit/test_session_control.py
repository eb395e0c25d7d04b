"""What of a change of the session is sent, what is refused before, and the configuration in force."""

import copy
import re
from collections.abc import Mapping
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed._session_control import SessionControl, SessionReport
from realtime_typed._session_rules import difference, refuse
from realtime_typed.session import SessionConfiguration, to_ga
from realtime_typed.types import RealtimeSession, TranscriptionSession

Wire = dict[str, object]

VAD: Wire = {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 200, "idle_timeout_ms": None}
REPORTED: Wire = {
    "type": "realtime",
    "id": "sess_1",
    "object": "realtime.session",
    "instructions": "Be brief.",
    "output_modalities": ["audio"],
    "tools": [],
    "tool_choice": "auto",
    "max_output_tokens": "inf",
    "tracing": None,
    "audio": {
        "input": {"format": {"type": "audio/pcm", "rate": 24000}, "transcription": None, "turn_detection": VAD},
        "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.0},
    },
}


def differing(fields: Wire, *, before: Wire | None = None, reported: Wire | None = REPORTED) -> Wire:
    found = difference({"type": "realtime", **to_ga(fields)}, before or {}, reported)
    assert found.pop("type") == "realtime"
    return found


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"instructions": "Be brief."}, {}),
        ({"instructions": "Be kind."}, {"instructions": "Be kind."}),
        ({"voice": "marin", "speed": 1, "max_output_tokens": "inf", "tools": []}, {}),
        ({"voice": "marin", "speed": 1.5}, {"audio": {"output": {"speed": 1.5}}}),
        ({"input_audio_format": "pcm16", "tracing": None}, {}),
        ({"input_audio_format": "g711_ulaw"}, {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}),
        ({"turn_detection": None}, {"audio": {"input": {"turn_detection": None}}}),
        # The service reports as null what was not set.
        ({"turn_detection": {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 200}}, {}),
        # Whether the rest goes back to its defaults is the service's to say.
        ({"turn_detection": {"type": "server_vad"}}, {"audio": {"input": {"turn_detection": {"type": "server_vad"}}}}),
        # What the service did not report may have any value.
        ({"include": None}, {"include": None}),
        ({"parallel_tool_calls": True}, {"parallel_tool_calls": True}),
    ],
)
def test_what_the_service_reported_is_left_out(fields: Wire, sent: Wire) -> None:
    assert differing(fields) == sent


def test_before_anything_is_reported_everything_is_sent() -> None:
    fields: Wire = {"instructions": "Be brief.", "voice": "marin"}
    assert differing(fields, reported=None) == to_ga(fields)


def test_to_a_session_of_another_type_everything_is_sent() -> None:
    change: Wire = {"type": "transcription", "include": []}
    assert difference(change, {}, {**REPORTED, "include": []}) == change


def test_an_object_that_was_asked_for_last_is_left_out_if_all_of_it_was_reported() -> None:
    asked = to_ga({"turn_detection": {"type": "server_vad", "threshold": 0.5}})
    fields: Wire = {"turn_detection": {"type": "server_vad", "threshold": 0.5}}
    assert differing(fields, before=asked) == {}
    other: Wire = {"turn_detection": {"type": "server_vad", "threshold": 0.4}}
    assert differing(other, before=to_ga(other)) == to_ga(other)


def test_what_was_reported_is_sent_if_something_else_was_asked_for_since() -> None:
    assert differing({"voice": "marin"}, before=to_ga({"voice": "cedar"})) == to_ga({"voice": "marin"})


def test_a_truth_value_is_no_number() -> None:
    assert differing({"parallel_tool_calls": True}, reported={**REPORTED, "parallel_tool_calls": 1}) != {}


def test_what_is_sent_is_a_copy() -> None:
    tools: list[object] = [{"type": "function", "name": "x"}]
    found = difference({"type": "realtime", "tools": tools}, {}, REPORTED)
    tools.append("later")
    assert found["tools"] == [{"type": "function", "name": "x"}]


VALUES: Mapping[str, list[object]] = {
    "instructions": ["a", "b"],
    "modalities": [["text"], ["audio"], ["text", "audio"]],
    "voice": ["marin", "cedar", {"id": "voice_1"}],
    "speed": [1, 1.0, 1.5],
    "turn_detection": [
        None,
        {"type": "server_vad"},
        {"type": "server_vad", "threshold": 0.3},
        {"type": "semantic_vad"},
    ],
    "input_audio_format": ["pcm16", "g711_ulaw"],
    "max_output_tokens": ["inf", 1, 4096],
    "tools": [[], [{"type": "function", "name": "x"}]],
    "prompt": [None, {"id": "pmpt_1"}, {"id": "pmpt_1", "version": None}],
}
CHANGES = st.lists(
    st.tuples(
        st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}),
        st.booleans(),
    ),
    max_size=8,
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


def without_nulls(value: object) -> object:
    if isinstance(value, dict):
        entries = cast("Wire", value).items()
        return {name: without_nulls(inner) for name, inner in entries if inner is not None}
    return value


@given(CHANGES)
def test_the_service_ends_up_where_the_whole_change_would_have_brought_it(changes: list[tuple[Wire, bool]]) -> None:
    configuration = SessionConfiguration()
    service = reported = laid_over(REPORTED, configuration.wanted)
    for fields, told in changes:
        before = configuration.wanted
        change = configuration.update(None, fields)
        sent = difference(change, before, reported)
        assert without_nulls(laid_over(service, sent)) == without_nulls(laid_over(service, change))
        service = laid_over(service, sent)
        # The report of a change may come after the next change is made.
        reported = service if told else reported
        assert told is False or difference(change, configuration.wanted, reported) == {"type": "realtime"}


@pytest.mark.parametrize(
    ("fields", "spoke", "reason"),
    [
        ({"output_modalities": ["text", "audio"]}, False, "either ['audio'], which comes with its transcript, or"),
        ({"output_modalities": []}, False, "either ['audio'], which comes with its transcript, or"),
        ({"output_audio_format": {"type": "audio/pcm", "rate": 8000}}, False, "audio.output.format.rate=8000"),
        ({"voice": "cedar"}, True, "voice='cedar' cannot be sent: this session has spoken with 'marin'"),
        ({"voice": {"id": "voice_1"}}, True, "this session has spoken with 'marin'"),
    ],
)
def test_what_the_service_refuses_is_refused_with_the_reason(fields: Wire, spoke: bool, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        refuse(to_ga(fields), REPORTED, spoke=spoke)


@pytest.mark.parametrize(
    ("fields", "reported", "spoke"),
    [
        ({"voice": "cedar"}, REPORTED, False),
        ({"voice": "marin"}, REPORTED, True),
        ({"voice": "cedar"}, None, True),
        ({"voice": "cedar"}, {"type": "realtime"}, True),
        # Azure Voice Live reports a voice by name as an object.
        ({"voice": "marin"}, {"audio": {"output": {"voice": {"type": "openai", "name": "marin"}}}}, True),
        ({"modalities": ["text", "audio"]}, REPORTED, True),
        ({"output_modalities": ["text"]}, REPORTED, True),
        ({"input_audio_format": {"type": "audio/pcm"}}, REPORTED, True),
        ({"input_audio_format": {"type": "audio/pcmu", "rate": 8000}}, REPORTED, True),
        ({"tracing": "auto"}, REPORTED, True),
        ({"tracing": "auto"}, {**REPORTED, "tracing": "auto"}, True),
    ],
)
def test_what_the_service_takes_is_not_refused(fields: Wire, reported: Wire | None, spoke: bool) -> None:
    refuse(to_ga(fields), reported, spoke=spoke)


@pytest.mark.parametrize("tracing", [None, {"workflow_name": "x"}])
def test_another_tracing_than_the_one_that_was_set_is_refused(tracing: object) -> None:
    with pytest.raises(ValueError, match="keeps it for the whole session"):
        refuse({"tracing": tracing}, {**REPORTED, "tracing": "auto"}, spoke=False)


def shown(session: SessionControl) -> tuple[RealtimeSession | None, TranscriptionSession | None]:
    return session.config, session.transcription_config


async def nothing(*_: object) -> None:
    """Sends nowhere."""


def test_the_configuration_is_that_of_the_last_report() -> None:
    report = SessionReport()
    session = SessionControl(nothing, nothing).showing(report)
    assert shown(session) == (None, None)
    talking = RealtimeSession(id="sess_1", object="realtime.session", instructions="Be brief.")
    report.take(talking)
    assert shown(session) == (talking, None)
    assert report.wire == {
        "type": "realtime",
        "id": "sess_1",
        "object": "realtime.session",
        "instructions": "Be brief.",
    }
    writing = TranscriptionSession(id="sess_2", object="realtime.transcription_session")
    report.take(writing)
    assert shown(session) == (None, writing)
    report.take(None)
    assert shown(session) == (None, None)


@pytest.mark.parametrize("reported", ["realtime", 1, [], {"voice": "marin"}])
def test_a_report_that_is_no_session_is_no_configuration(reported: object) -> None:
    report = SessionReport()
    report.take(reported)
    assert SessionControl(nothing, nothing).showing(report).config is None
    assert report.wire == (reported if isinstance(reported, dict) else None)
