"""The translation between the beta dialect and GA, and the codec that uses it."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed._generated.realtime.client_events import SessionUpdate
from realtime_typed._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS
from realtime_typed._generated.realtime.server_events import SessionCreated
from realtime_typed._generated.realtime.shared import RealtimeSession
from realtime_typed._wire import UnknownEvent, WireModel
from realtime_typed.codec import Codec, Dialect, Validation
from realtime_typed.dialect import (
    BetaReader,
    beta_client_to_ga,
    beta_to_ga,
    ga_server_to_beta,
    ga_to_beta,
    tell_dialect,
)
from realtime_typed.errors import EventValidationError, ProtocolError
from tests.unit.test_events_roundtrip import JSON, SMALL, Frame, frames

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
RECORDINGS = ROOT.parent / "shared" / "recordings"

# No beta event and no session without `type` is among them; the two names are those that beta alone or GA alone has.
GA_SERVER = sorted(set(SERVER_EVENTS) - {"conversation.item.created", "conversation.item.done"})

BETA_SESSION: Final[Frame] = {
    "id": "sess_1",
    "object": "realtime.session",
    "model": "m",
    "modalities": ["text", "audio"],
    "instructions": "Be brief.",
    "voice": "alloy",
    "speed": 1.25,
    "input_audio_format": "pcm16",
    "output_audio_format": "g711_ulaw",
    "input_audio_transcription": {"model": "whisper-1", "language": None},
    "input_audio_noise_reduction": None,
    "turn_detection": {"type": "server_vad", "threshold": 0.5, "auto_truncate": False},
    "tools": [],
    "tool_choice": "auto",
    "temperature": 0.8,
    "max_response_output_tokens": "inf",
}
GA_SESSION: Final[Frame] = {
    "id": "sess_1",
    "object": "realtime.session",
    "model": "m",
    "instructions": "Be brief.",
    "tools": [],
    "tool_choice": "auto",
    "temperature": 0.8,
    "output_modalities": ["audio"],
    "audio": {
        "output": {"voice": "alloy", "format": {"type": "audio/pcmu"}, "speed": 1.25},
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "whisper-1", "language": None},
            "noise_reduction": None,
            "turn_detection": {"type": "server_vad", "threshold": 0.5, "auto_truncate": False},
        },
    },
    "max_output_tokens": "inf",
    "type": "realtime",
}


def samples(name: str) -> list[Frame]:
    return [cast("Frame", json.loads(line)) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


def only(events: list[Frame]) -> Frame:
    (event,) = events
    return event


def message(status: str | None, role: str = "assistant", parts: list[Frame] | None = None) -> Frame:
    item: Frame = {"id": "item_1", "object": "realtime.item", "type": "message", "role": role, "content": parts or []}
    return item if status is None else {**item, "status": status}


def created(item: Frame) -> Frame:
    return {"event_id": "e1", "type": "conversation.item.created", "previous_item_id": None, "item": item}


def inner(event: Frame, *path: str) -> object:
    *way, last = path
    for step in way:
        event = cast("Frame", event[step])
    return event[last]


def maybe(event: Frame, *path: str) -> object:
    """As `inner`, and `None` where there is no such place."""
    try:
        return inner(event, *path)
    except (KeyError, TypeError):
        return None


def has_other_format(event: Frame) -> bool:
    """Whether an event asks for an audio format that has no name in beta."""
    for path in (("session", "audio", "input"), ("session", "audio", "output"), ("response", "audio", "output")):
        audio_format = maybe(event, *path, "format")
        known: list[Frame] = [{"type": "audio/pcm", "rate": 24000}, {"type": "audio/pcmu"}, {"type": "audio/pcma"}]
        if audio_format is not None and said_by_both(audio_format) not in known:
            return True
    return False


def said_by_both(event: object) -> object:
    """An event as it is after a way there and back: what both dialects say in more than one way, in the usual one."""
    if isinstance(event, list):
        return [said_by_both(entry) for entry in cast("list[object]", event)]
    if not isinstance(event, dict):
        return event
    made = {name: said_by_both(value) for name, value in cast("Frame", event).items()}
    if made == {"type": "audio/pcm"}:
        return {"type": "audio/pcm", "rate": 24000}
    if made.get("output_modalities") in (["text", "audio"], ["audio", "text"]):
        made["output_modalities"] = ["audio"]
    return made


def contains(whole: object, part: object) -> bool:
    """Whether `whole` has every field of `part`, at any depth."""
    if not isinstance(part, dict):
        return whole == part
    fields = cast("Frame", whole) if isinstance(whole, dict) else {}
    return all(name in fields and contains(fields[name], value) for name, value in cast("Frame", part).items())


class TestServerEvents:
    @pytest.mark.parametrize(
        ("beta", "ga"),
        [
            ("response.text.delta", "response.output_text.delta"),
            ("response.text.done", "response.output_text.done"),
            ("response.audio.delta", "response.output_audio.delta"),
            ("response.audio.done", "response.output_audio.done"),
            ("response.audio_transcript.delta", "response.output_audio_transcript.delta"),
            ("response.audio_transcript.done", "response.output_audio_transcript.done"),
        ],
    )
    def test_events_of_a_growing_response_get_their_other_name(self, beta: str, ga: str) -> None:
        event: Frame = {"event_id": "e", "type": beta, "item_id": "i", "delta": "x", "obfuscation": "y"}
        assert beta_to_ga(event) == [{**event, "type": ga}]
        assert ga_server_to_beta({**event, "type": ga}) == [event]

    def test_a_flat_session_becomes_a_nested_one_and_keeps_what_ga_does_not_have(self) -> None:
        beta: Frame = {"event_id": "e", "type": "session.created", "session": BETA_SESSION}
        ga: Frame = {"event_id": "e", "type": "session.created", "session": GA_SESSION}
        assert beta_to_ga(beta) == [ga]
        assert ga_server_to_beta(ga) == [beta]

    @pytest.mark.parametrize("name", ["created", "updated"])
    def test_a_transcription_session_is_told_by_its_type(self, name: str) -> None:
        session: Frame = {"id": "s", "object": "realtime.transcription_session", "input_audio_format": "pcm16"}
        beta: Frame = {"event_id": "e", "type": f"transcription_session.{name}", "session": session}
        ga = only(beta_to_ga(beta))
        assert ga["type"] == f"session.{name}"
        assert inner(ga, "session", "type") == "transcription"
        assert inner(ga, "session", "audio", "input", "format") == {"type": "audio/pcm", "rate": 24000}
        assert ga_server_to_beta(ga) == [beta]

    def test_a_voice_of_azure_is_the_ga_voice_by_name_and_stays_readable_whole(self) -> None:
        voice = {"name": "alloy", "type": "openai"}
        ga = only(beta_to_ga({"type": "session.created", "session": {"id": "s", "voice": voice}}))
        assert inner(ga, "session", "audio", "output", "voice") == "alloy"
        assert inner(ga, "session", "voice") == voice
        assert ga_server_to_beta(ga) == [{"type": "session.created", "session": {"id": "s", "voice": voice}}]

    def test_a_custom_voice_has_the_same_form_in_both(self) -> None:
        ga = only(beta_to_ga({"type": "session.created", "session": {"voice": {"id": "voice_1"}}}))
        assert ga["session"] == {"audio": {"output": {"voice": {"id": "voice_1"}}}, "type": "realtime"}

    @pytest.mark.parametrize(
        "field",
        [
            {"input_audio_format": "not specified"},
            {"turn_detection": {"type": "azure_semantic_vad", "threshold": 0.5}},
            {"voice": {"kind": "new"}},
            {"temperature": 0.7},
        ],
        ids=lambda field: next(iter(field)),
    )
    def test_what_has_no_place_in_ga_stays_under_its_own_name(self, field: Frame) -> None:
        ga = only(beta_to_ga({"type": "session.updated", "session": field}))
        assert ga["session"] == {**field, "type": "realtime"}
        whole = {**ga, "type": "session.created", "event_id": "e", "session": {**GA_SESSION, **field}}
        assert SessionCreated.model_validate(whole).to_wire() == whole

    def test_a_turn_detection_of_no_type_is_none_in_ga(self) -> None:
        ga = only(beta_to_ga({"type": "session.updated", "session": {"turn_detection": {"type": None}}}))
        assert inner(ga, "session", "audio", "input", "turn_detection") is None
        assert inner(ga, "session", "turn_detection") == {"type": None}

    def test_where_both_forms_say_something_the_ga_form_stands_and_the_other_stays(self) -> None:
        session: Frame = {"voice": "ash", "audio": {"output": {"voice": "cedar"}}}
        ga = only(beta_to_ga({"type": "session.updated", "session": session}))
        assert ga["session"] == {**session, "type": "realtime"}

    def test_parts_of_the_assistant_are_output_parts_and_parts_of_the_user_stay(self) -> None:
        spoken: list[Frame] = [{"type": "text", "text": "a"}, {"type": "audio", "transcript": "b"}, {"type": "other"}]
        ga = only(beta_to_ga({"type": "response.output_item.done", "item": message("completed", parts=spoken)}))
        assert [part["type"] for part in cast("list[Frame]", inner(ga, "item", "content"))] == [
            "output_text",
            "output_audio",
            "other",
        ]
        heard: Frame = {
            "type": "conversation.item.retrieved",
            "item": message("completed", "user", [{"type": "input_audio", "transcript": None}]),
        }
        assert only(beta_to_ga(heard)) is heard

    def test_a_response_is_nested_and_so_are_the_items_in_it(self) -> None:
        response: Frame = {
            "id": "resp_1",
            "modalities": ["text", "audio"],
            "voice": "alloy",
            "output_audio_format": "pcm16",
            "temperature": 0.8,
            "max_output_tokens": "inf",
            "output": [message("completed", parts=[{"type": "audio", "transcript": "Hi."}])],
        }
        beta: Frame = {"type": "response.done", "response": response}
        ga = only(beta_to_ga(beta))
        assert ga["response"] == {
            "id": "resp_1",
            "temperature": 0.8,
            "max_output_tokens": "inf",
            "output": [message("completed", parts=[{"type": "output_audio", "transcript": "Hi."}])],
            "output_modalities": ["audio"],
            "audio": {"output": {"voice": "alloy", "format": {"type": "audio/pcm", "rate": 24000}}},
        }
        assert ga_server_to_beta(ga) == [beta]

    def test_the_event_that_is_given_is_not_changed(self) -> None:
        event: Frame = {"type": "session.updated", "session": copy.deepcopy(BETA_SESSION)}
        beta_to_ga(event)
        assert event["session"] == BETA_SESSION
        event = {"type": "session.updated", "session": copy.deepcopy(GA_SESSION)}
        ga_server_to_beta(event)
        assert event["session"] == GA_SESSION

    @pytest.mark.parametrize(
        "event",
        [
            {"type": "invented", "session": 3, "item": [], "response": None},
            {"type": "session.created"},
            {"type": "response.done", "response": {"output": "none", "audio": None, "voice": "alloy"}},
            {"type": "conversation.item.retrieved", "item": {"role": "assistant", "content": [None, {"type": 3}]}},
        ],
        ids=lambda event: str(event["type"]),
    )
    def test_what_is_strange_passes_as_it_is(self, event: Frame) -> None:
        assert beta_to_ga(event) == [event]


class TestItems:
    def test_a_whole_item_is_added_and_done(self) -> None:
        event = created(message("completed", "user", [{"type": "input_text", "text": "Hi."}]))
        made = beta_to_ga(event)
        assert made == [{**event, "type": "conversation.item.added"}, {**event, "type": "conversation.item.done"}]
        assert [beta for ga in made for beta in ga_server_to_beta(ga)] == [event]

    @pytest.mark.parametrize(
        ("item", "whole"),
        [
            (message("in_progress"), False),
            (message("incomplete"), True),
            (message(None), False),
            (message(None, "user"), True),
            ({"type": "function_call_output", "call_id": "c", "output": "o"}, True),
            ({"type": "function_call", "call_id": "c", "name": "n", "arguments": ""}, False),
        ],
    )
    def test_an_item_that_grows_is_added_only(self, item: Frame, whole: bool) -> None:
        assert len(beta_to_ga(created(item))) == (2 if whole else 1)

    def test_an_item_that_has_grown_is_done_before_its_output_item_is(self) -> None:
        reader = BetaReader()
        growing = created(message("in_progress"))
        assert reader.read(growing) == [{**growing, "type": "conversation.item.added"}]
        grown = message("completed", parts=[{"type": "text", "text": "Hi."}])
        done, output = reader.read({"event_id": "e2", "type": "response.output_item.done", "item": grown})
        assert done == {
            "type": "conversation.item.done",
            "event_id": "e2",
            "previous_item_id": None,
            "item": message("completed", parts=[{"type": "output_text", "text": "Hi."}]),
        }
        assert output["type"] == "response.output_item.done"
        assert output["item"] == done["item"]

    def test_a_server_that_says_itself_that_an_item_is_done_is_not_repeated(self) -> None:
        reader = BetaReader()
        reader.read(created(message("in_progress")))
        done: Frame = {"type": "conversation.item.done", "item": message("completed")}
        output: Frame = {"type": "response.output_item.done", "item": message("completed")}
        assert reader.read(done) == [done]
        assert reader.read(output) == [output]
        assert reader.read({**output, "item": None}) == [{**output, "item": None}]

    def test_items_that_never_end_do_not_fill_the_memory(self) -> None:
        reader = BetaReader()
        for number in range(3000):
            reader.read(created({**message("in_progress"), "id": f"item_{number}"}))
        output: Frame = {"type": "response.output_item.done", "item": {**message("completed"), "id": "item_0"}}
        assert reader.read(output) == [output]
        output["item"] = {**message("completed"), "id": "item_2999"}
        assert len(reader.read(output)) == 2


class TestClientEvents:
    def test_a_session_update_is_flattened_and_keeps_null(self) -> None:
        ga: Frame = {
            "type": "session.update",
            "session": {
                "type": "realtime",
                "output_modalities": ["text"],
                "audio": {"input": {"turn_detection": None, "transcription": {"model": "whisper-1"}}},
                "tools": [],
                "max_output_tokens": 50,
            },
        }
        beta: Frame = {
            "type": "session.update",
            "session": {
                "tools": [],
                "modalities": ["text"],
                "input_audio_transcription": {"model": "whisper-1"},
                "turn_detection": None,
                "max_response_output_tokens": 50,
            },
        }
        assert ga_to_beta(ga) == beta
        assert beta_client_to_ga(beta) == ga

    def test_a_field_that_is_absent_stays_absent(self) -> None:
        assert ga_to_beta({"type": "session.update", "session": {"type": "realtime"}})["session"] == {}

    def test_a_transcription_session_has_an_event_of_its_own(self) -> None:
        session: Frame = {"type": "transcription", "audio": {"input": {"turn_detection": None}}}
        ga: Frame = {"type": "session.update", "event_id": "e", "session": session}
        beta: Frame = {"type": "transcription_session.update", "event_id": "e", "session": {"turn_detection": None}}
        assert ga_to_beta(ga) == beta
        assert beta_client_to_ga(beta) == ga

    def test_the_options_of_a_response_are_flattened_with_its_input(self) -> None:
        response: Frame = {
            "output_modalities": ["audio"],
            "audio": {"output": {"voice": "ash", "format": {"type": "audio/pcma"}}},
            "max_output_tokens": 5,
            "conversation": "none",
            "input": [message(None, parts=[{"type": "output_text", "text": "Hi."}])],
        }
        beta = ga_to_beta({"type": "response.create", "response": response})
        assert beta["response"] == {
            "modalities": ["text", "audio"],
            "voice": "ash",
            "output_audio_format": "g711_alaw",
            "max_output_tokens": 5,
            "conversation": "none",
            "input": [message(None, parts=[{"type": "text", "text": "Hi."}])],
        }
        assert beta_client_to_ga(beta) == {"type": "response.create", "response": response}

    def test_either_name_of_the_limit_of_a_response_is_understood(self) -> None:
        event: Frame = {"type": "response.create", "response": {"max_response_output_tokens": 7}}
        assert beta_client_to_ga(event)["response"] == {"max_output_tokens": 7}

    def test_history_of_the_assistant_gets_the_names_of_its_parts(self) -> None:
        ga: Frame = {
            "type": "conversation.item.create",
            "item": message(None, parts=[{"type": "output_text", "text": "Hi."}]),
        }
        beta = ga_to_beta(ga)
        assert inner(beta, "item", "content") == [{"type": "text", "text": "Hi."}]
        assert beta_client_to_ga(beta) == ga

    @pytest.mark.parametrize("name", sorted(set(CLIENT_EVENTS) - {"session.update", "response.create"}))
    def test_the_other_events_are_the_same(self, name: str) -> None:
        event: Frame = {"type": name, "event_id": "e"}
        assert ga_to_beta(event) is event
        assert beta_client_to_ga(event) is event

    def test_a_format_that_beta_cannot_say_is_refused_by_name(self) -> None:
        session: Frame = {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 16000}}}}
        with pytest.raises(EventValidationError, match=r"session\.audio\.input\.format.*rate.*16000"):
            ga_to_beta({"type": "session.update", "session": session})
        response: Frame = {"audio": {"output": {"format": {"type": "audio/opus"}}}}
        with pytest.raises(EventValidationError, match=r"response\.audio\.output\.format"):
            ga_to_beta({"type": "response.create", "response": response})

    def test_pcm_needs_no_rate(self) -> None:
        session: Frame = {"audio": {"output": {"format": {"type": "audio/pcm"}}}}
        assert ga_to_beta({"type": "session.update", "session": session})["session"] == {"output_audio_format": "pcm16"}


FLAT = st.fixed_dictionaries(
    {},
    optional={
        "modalities": st.sampled_from([["text"], ["text", "audio"]]),
        "voice": st.sampled_from(["alloy", None, {"name": "alloy", "type": "openai"}, {"id": "voice_1"}, {"x": 1}]),
        "speed": st.sampled_from([1, 1.5, None]),
        "input_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "g711_alaw", "not specified", None]),
        "output_audio_format": st.sampled_from(["pcm16", "g711_ulaw", "g711_alaw", "opus", None]),
        "input_audio_transcription": st.sampled_from([None, {"model": "whisper-1", "prompt": None}]),
        "input_audio_noise_reduction": st.sampled_from([None, {"type": "near_field"}]),
        "turn_detection": st.sampled_from([None, {"type": "server_vad"}, {"type": None}, {"type": "new"}, {}]),
        "max_response_output_tokens": st.sampled_from([5, "inf", None]),
        "temperature": st.floats(0, 2),
        "client_secret": JSON,
        "x_new": JSON,
    },
)


class TestThereAndBack:
    @pytest.mark.parametrize("name", GA_SERVER)
    def test_a_ga_server_event_comes_back_from_beta(self, name: str) -> None:
        @SMALL
        @given(frames(SERVER_EVENTS[name]))
        def check(event: Frame) -> None:
            beta = only(ga_server_to_beta(event))
            back = beta_to_ga(beta)[0]
            assert ga_server_to_beta(back) == [beta]
            detection = maybe(event, "session", "audio", "input", "turn_detection")
            # A transcription session may state any type there; it is not known again as one of GA's.
            if detection is None or cast("Frame", detection).get("type", "server_vad") in (
                "server_vad",
                "semantic_vad",
            ):
                assert back == said_by_both(event)

        check()

    @pytest.mark.parametrize("name", sorted(CLIENT_EVENTS))
    def test_a_ga_client_event_comes_back_from_beta(self, name: str) -> None:
        @SMALL
        @given(frames(CLIENT_EVENTS[name]))
        def check(event: Frame) -> None:
            if has_other_format(event):
                with pytest.raises(EventValidationError, match="format"):
                    ga_to_beta(event)
            else:
                assert beta_client_to_ga(ga_to_beta(event)) == said_by_both(event)

        check()

    @SMALL
    @given(FLAT)
    def test_a_beta_session_and_response_come_back_from_ga_so_nothing_is_lost(self, flat: Frame) -> None:
        events: list[Frame] = [
            {"type": "session.updated", "session": flat},
            {"type": "transcription_session.updated", "session": flat},
            {"type": "response.done", "response": flat},
        ]
        for event in events:
            ga = only(beta_to_ga(event))
            assert ga_server_to_beta(ga) == [event]
            assert beta_to_ga(ga) == [ga]

    @SMALL
    @given(FLAT, FLAT)
    def test_of_a_session_in_both_forms_nothing_is_lost_and_ga_stands(self, flat: Frame, other: Frame) -> None:
        nested = cast("Frame", only(beta_to_ga({"type": "session.updated", "session": other}))["session"])
        mixed: Frame = {"type": "session.updated", "session": {**nested, **flat}}
        ga = only(beta_to_ga(mixed))
        assert beta_to_ga(ga) == [ga]
        session = cast("Frame", ga["session"])
        assert contains(session, {name: nested[name] for name in ("audio", "output_modalities") if name in nested})
        for name, value in flat.items():
            alone = only(beta_to_ga({"type": "session.updated", "session": {name: value}}))["session"]
            assert session.get(name) == value or contains(session, alone)

    @pytest.mark.parametrize("frame", samples("server.jsonl"), ids=lambda frame: str(frame["type"]))
    def test_what_is_ga_already_stays_as_it_is(self, frame: Frame) -> None:
        if frame["type"] == "conversation.item.created":
            frame = {**frame, "type": "conversation.item.added"}
        assert beta_to_ga(frame) == [frame]

    @pytest.mark.parametrize("frame", samples("client.jsonl"), ids=lambda frame: str(frame["type"]))
    def test_a_client_event_that_is_ga_already_stays_as_it_is(self, frame: Frame) -> None:
        assert beta_client_to_ga(frame) == frame


class TestTelling:
    @pytest.mark.parametrize(
        ("event", "told"),
        [
            ({"type": "session.created", "session": BETA_SESSION}, "beta"),
            ({"type": "session.created", "session": GA_SESSION}, "ga"),
            ({"type": "session.updated", "session": {"voice": "a", "type": "realtime"}}, "ga"),
            ({"type": "session.created", "session": {"audio": {}}}, "ga"),
            ({"type": "session.created", "session": {"id": "s"}}, None),
            ({"type": "transcription_session.created", "session": {}}, "beta"),
            ({"type": "conversation.item.created", "item": {}}, "beta"),
            ({"type": "conversation.item.added", "item": {}}, "ga"),
            ({"type": "conversation.item.done", "item": {}}, "ga"),
            ({"type": "response.audio.delta"}, "beta"),
            ({"type": "response.output_audio.delta"}, "ga"),
            ({"type": "error", "error": {}}, None),
            ({"type": "ping"}, None),
        ],
    )
    def test_one_event_may_tell_the_dialect(self, event: Frame, told: str | None) -> None:
        assert tell_dialect(event) == told


def frame_of(event: Frame) -> str:
    return json.dumps(event)


CREATED: Final[Frame] = {"event_id": "e", "type": "session.created", "session": BETA_SESSION}
ITEM: Final[Frame] = created(message("completed", "user", [{"type": "input_text", "text": "Hi."}]))
UPDATE: Final[Frame] = {
    "type": "session.update",
    "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}},
}
BETA_UPDATE: Final[Frame] = {"type": "session.update", "session": {"turn_detection": None}}


class TestCodec:
    @pytest.mark.parametrize("validation", ["strict", "lenient", "off"])
    def test_beta_is_read_as_ga_in_every_mode(self, validation: Validation) -> None:
        codec = Codec(validation, dialect="beta")
        assert codec.validation == validation
        event = codec.decode(frame_of(CREATED))
        assert isinstance(event, SessionCreated)
        assert isinstance(event.session, RealtimeSession)
        assert event.session.audio is not None
        assert event.session.audio.output is not None
        assert event.session.audio.output.voice == "alloy"
        assert (event.session.model_extra or {})["temperature"] == 0.8
        assert codec.issue_count == 0

    def test_one_frame_may_be_two_events_and_decode_gives_its_own(self) -> None:
        codec = Codec("strict", dialect="beta")
        assert [event.type for event in codec.decode_all(frame_of(ITEM))] == [
            "conversation.item.added",
            "conversation.item.done",
        ]
        assert codec.decode(frame_of(ITEM).encode()).type == "conversation.item.added"
        growing = created({**message("in_progress"), "id": "item_2"})
        output: Frame = {
            "event_id": "e",
            "type": "response.output_item.done",
            "response_id": "r",
            "output_index": 0,
            "item": {**message("completed"), "id": "item_2"},
        }
        codec.decode(frame_of(growing))
        assert codec.decode(frame_of(output)).type == "response.output_item.done"
        codec.decode(frame_of(growing))
        assert [event.type for event in codec.decode_all(frame_of(output))] == [
            "conversation.item.done",
            "response.output_item.done",
        ]
        codec.decode(frame_of(growing))
        codec.restart()
        assert len(codec.decode_all(frame_of(output))) == 1

    def test_the_ga_codec_gives_one_event_of_each_frame_and_translates_nothing(self) -> None:
        codec = Codec("strict")
        assert [event.type for event in codec.decode_all(frame_of(ITEM))] == ["conversation.item.created"]
        assert type(codec) is Codec
        assert codec.spoken == "ga"
        codec.restart()
        assert json.loads(codec.encode(UPDATE)) == UPDATE

    def test_what_does_not_fit_is_told_in_the_words_of_ga(self) -> None:
        wrong: Frame = {**CREATED, "session": {**BETA_SESSION, "speed": "fast"}}
        with pytest.raises(EventValidationError, match=r"session\.audio\.output\.speed"):
            Codec("strict", dialect="beta").decode(frame_of(wrong))
        codec = Codec(dialect="beta")
        assert isinstance(codec.decode(frame_of(wrong)), SessionCreated)
        assert list(codec.issues) == [("session.created", "session.audio.output.speed")]

    @pytest.mark.parametrize("dialect", ["beta", "auto"])
    @pytest.mark.parametrize(
        "data", ["", "[]", "3", "{}", '{"type": 3}', '{"type": "a', b"\xff", '"\ud800"', "[" * 9999]
    )
    def test_what_is_no_event_is_refused_as_ever(self, dialect: Dialect, data: str | bytes) -> None:
        with pytest.raises(ProtocolError):
            Codec(dialect=dialect).decode_all(data)

    @pytest.mark.parametrize("dialect", ["beta", "auto"])
    def test_an_event_that_nobody_knows_is_an_unknown_event(self, dialect: Dialect) -> None:
        assert Codec("strict", dialect=dialect).decode('{"type": "new", "x": 1}') == UnknownEvent(
            "new", {"type": "new", "x": 1}
        )

    def test_what_goes_out_is_beta_whether_it_is_a_model_or_a_dict(self) -> None:
        for validation in ("strict", "lenient", "off"):
            codec = Codec(validation, dialect="beta")
            assert json.loads(codec.encode(UPDATE)) == BETA_UPDATE
            assert json.loads(codec.encode(SessionUpdate.model_validate(UPDATE))) == BETA_UPDATE

    def test_an_unknown_event_goes_out_as_it_is(self) -> None:
        raw: Frame = {"type": "session.update", "session": {"type": "realtime", "temperature": 0.7}}
        assert json.loads(Codec(dialect="beta").encode(UnknownEvent("session.update", raw))) == raw

    def test_what_went_out_is_recalled_as_ga(self) -> None:
        codec = Codec(dialect="beta")
        event = codec.recall(codec.encode(UPDATE))
        assert type(event) is CLIENT_EVENTS["session.update"]
        assert event.to_wire() == UPDATE
        assert codec.recall(codec.encode_audio(b"\0\0")).type == "input_audio_buffer.append"

    def test_auto_goes_by_the_first_event_that_tells(self) -> None:
        codec = Codec("strict", dialect="auto")
        spoken = [codec.spoken]
        assert json.loads(codec.encode(UPDATE)) == UPDATE
        codec.decode('{"type": "ping"}')
        spoken.append(codec.spoken)
        codec.decode(frame_of(CREATED))
        spoken.append(codec.spoken)
        assert json.loads(codec.encode(UPDATE)) == BETA_UPDATE
        codec.restart()
        spoken.append(codec.spoken)
        codec.decode(frame_of({**CREATED, "session": GA_SESSION}))
        assert [*spoken, codec.spoken] == [None, None, "beta", None, "ga"]
        assert json.loads(codec.encode(UPDATE)) == UPDATE
        assert codec.recall(frame_of(UPDATE)).to_wire() == UPDATE

    def test_a_mixed_stream_is_read_whichever_way_it_began(self) -> None:
        for session in (BETA_SESSION, GA_SESSION):
            codec = Codec("strict", dialect="auto")
            codec.decode(frame_of({**CREATED, "session": session}))
            delta: Frame = {
                "event_id": "e",
                "type": "response.audio.delta",
                "response_id": "r",
                "item_id": "i",
                "output_index": 0,
                "content_index": 0,
                "delta": "AAA=",
            }
            assert codec.decode(frame_of(delta)).type == "response.output_audio.delta"
            ga_name: Frame = {
                "event_id": "e",
                "type": "conversation.item.added",
                "previous_item_id": None,
                "item": message("completed", parts=[{"type": "text", "text": "Hi."}]),
            }
            event = codec.decode(frame_of(ga_name))
            assert isinstance(event, WireModel)
            assert inner(event.to_wire(), "item", "content") == [{"type": "output_text", "text": "Hi."}]

    def test_only_three_dialects_are_known(self) -> None:
        with pytest.raises(ValueError, match="dialect must be"):
            Codec(dialect=cast("Dialect", "gamma"))


def azure_frames() -> Iterator[tuple[str, Frame]]:
    for path in sorted((RECORDINGS / "azure-voice-live").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = cast("Frame", json.loads(line))
            yield str(row["direction"]), cast("Frame", row["data"])


@pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings beside the project")
class TestRecordings:
    def test_azure_voice_live_is_read_strictly_as_ga(self) -> None:
        codec = Codec("strict", dialect="beta")
        names: list[str] = []
        for direction, frame in azure_frames():
            if direction == "received":
                for event in codec.decode_all(frame_of(frame)):
                    assert not isinstance(event, UnknownEvent)
                    assert type(event) is SERVER_EVENTS[event.type]
                    names.append(event.type)
        assert "response.output_text.done" in names
        assert names.count("conversation.item.added") == names.count("conversation.item.done") == 4

    def test_azure_voice_live_comes_back_from_ga(self) -> None:
        for direction, frame in azure_frames():
            if direction == "received":
                back = [beta for ga in beta_to_ga(frame) for beta in ga_server_to_beta(ga)]
                session = frame.get("session")
                if isinstance(session, dict) and cast("Frame", session)["modalities"] == ["audio"]:
                    frame["session"] = {**cast("Frame", session), "modalities": ["text", "audio"]}
                assert back == [frame]
            else:
                assert ga_to_beta(beta_client_to_ga(frame)) == frame
