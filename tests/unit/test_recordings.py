"""Real traffic, the official examples and this project's own samples go through the codec.

The samples are part of the project; recordings and examples stand beside it and are skipped where they are missing.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from realtime_typed._generated.realtime.registry import CLIENT_EVENTS, SERVER_EVENTS
from realtime_typed._generated.realtime.server_events import SessionCreated, SessionUpdated
from realtime_typed._generated.realtime.shared import RealtimeSession
from realtime_typed._wire import UnknownEvent, WireModel
from realtime_typed.codec import Codec, Validation, decode_client_event
from realtime_typed.errors import EventValidationError

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "samples"
SHARED = ROOT.parent / "shared"
RECORDINGS = SHARED / "recordings"
EXAMPLES = SHARED / "protocol" / "openapi-examples.jsonl"

needs_recordings = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="no recordings beside the project")
needs_examples = pytest.mark.skipif(not EXAMPLES.is_file(), reason="no official examples beside the project")


def rows(path: Path) -> list[dict[str, object]]:
    return [cast("dict[str, object]", json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def type_of(frame: dict[str, object]) -> str:
    return str(frame["type"])


def recorded(provider: str, direction: str) -> list[dict[str, object]]:
    paths = sorted(path for path in (RECORDINGS / provider).glob("*.jsonl") if not path.name.endswith(".http.jsonl"))
    found = [
        cast("dict[str, object]", row["data"]) for path in paths for row in rows(path) if row["direction"] == direction
    ]
    assert found, f"no {direction} frames of {provider}"
    return found


class TestSamples:
    """Frames of every event, valid by construction: see `tests/samples/README.md`."""

    @pytest.mark.parametrize("frame", rows(SAMPLES / "server.jsonl"), ids=type_of)
    def test_a_server_frame_comes_back_as_it_was(self, frame: dict[str, object]) -> None:
        for text in (json.dumps(frame), json.dumps(frame, separators=(",", ":")).encode()):
            event = Codec("strict").decode(text)
            assert type(event) is SERVER_EVENTS[str(frame["type"])]
            assert event.to_wire() == frame

    @pytest.mark.parametrize("frame", rows(SAMPLES / "client.jsonl"), ids=type_of)
    def test_a_client_frame_comes_back_as_it_was(self, frame: dict[str, object]) -> None:
        event = decode_client_event(json.dumps(frame))
        assert type(event) is CLIENT_EVENTS[str(frame["type"])]
        assert event.to_wire() == frame
        modes: tuple[Validation, ...] = ("strict", "lenient", "off")
        for mode in modes:
            assert json.loads(Codec(mode).encode(event)) == frame
            assert json.loads(Codec(mode).encode(frame)) == frame

    @pytest.mark.parametrize("frame", rows(SAMPLES / "server.jsonl"), ids=type_of)
    def test_a_frame_of_tomorrow_keeps_its_new_fields(self, frame: dict[str, object]) -> None:
        wider = with_extra(frame)
        event = Codec("strict").decode(json.dumps(wider))
        assert isinstance(event, WireModel)
        assert event.to_wire() == wider

    def test_there_is_a_sample_of_every_event(self) -> None:
        assert {row["type"] for row in rows(SAMPLES / "server.jsonl")} == set(SERVER_EVENTS)
        assert {row["type"] for row in rows(SAMPLES / "client.jsonl")} == set(CLIENT_EVENTS)


# Objects that the schema leaves to the user: a new entry would be theirs, and `metadata` takes text only.
FREE_OBJECTS = {"metadata", "variables"}


def with_extra(value: dict[str, object]) -> dict[str, object]:
    """The frame with a new field in every object of it."""
    wider: dict[str, object] = {}
    for name, inner in value.items():
        if isinstance(inner, dict) and name not in FREE_OBJECTS:
            wider[name] = with_extra(cast("dict[str, object]", inner))
        else:
            wider[name] = inner
    wider["x_new"] = {"a": [1, None]}
    return wider


@needs_recordings
class TestRecordings:
    @pytest.mark.parametrize("provider", ["openai", "azure"])
    def test_every_received_frame_decodes_strictly_into_its_own_class(self, provider: str) -> None:
        codec = Codec("strict")
        for frame in recorded(provider, "received"):
            event = codec.decode(json.dumps(frame))
            assert type(event) is SERVER_EVENTS[str(frame["type"])]
            assert event.to_wire() == frame

    @pytest.mark.parametrize("provider", ["openai", "azure"])
    def test_every_sent_frame_is_a_valid_client_event(self, provider: str) -> None:
        for frame in recorded(provider, "sent"):
            event = decode_client_event(json.dumps(frame))
            assert type(event) is CLIENT_EVENTS[str(frame["type"])]
            assert json.loads(Codec("strict").encode(event)) == frame

    @pytest.mark.parametrize(
        ("provider", "unknown"),
        [("xai", {"ping"}), ("azure-voice-live", {"response.text.delta", "response.text.done"})],
    )
    def test_other_dialects_decode_leniently_and_what_is_new_is_unknown(self, provider: str, unknown: set[str]) -> None:
        codec = Codec("lenient")
        found: set[str] = set()
        for frame in recorded(provider, "received"):
            event = codec.decode(json.dumps(frame))
            if isinstance(event, UnknownEvent):
                found.add(event.wire_type)
                assert event.raw == frame
            else:
                assert type(event) is SERVER_EVENTS[str(frame["type"])]
                # Their sessions lack `type`: the class that was chosen for them adds its own.
                assert without_session_type(event.to_wire()) == without_session_type(frame)
        assert found == unknown
        assert codec.issue_count > 0

    @pytest.mark.parametrize("provider", ["xai", "azure-voice-live"])
    def test_sessions_of_other_dialects_are_realtime_sessions(self, provider: str) -> None:
        codec = Codec("lenient")
        events = [codec.decode(json.dumps(frame)) for frame in recorded(provider, "received")]
        sessions = [event.session for event in events if isinstance(event, SessionCreated | SessionUpdated)]
        assert sessions
        assert all(isinstance(session, RealtimeSession) for session in sessions)


def without_session_type(frame: dict[str, object]) -> dict[str, object]:
    session = frame.get("session")
    if not isinstance(session, dict):
        return frame
    fields = cast("dict[str, object]", session)
    return {**frame, "session": {name: value for name, value in fields.items() if name != "type"}}


# Schemas of another protocol, or of objects that are no event of this one.
OTHER_PROTOCOLS = ("RealtimeBeta", "RealtimeTranslation")
NO_EVENTS = {
    "RealtimeCreateClientSecretResponse",
    "RealtimeSessionCreateRequest",
    "RealtimeSessionCreateResponse",
    "RealtimeTranscriptionSessionCreateResponse",
    "RealtimeTranscriptionSessionCreateResponseGA",
}
# Official examples that do not fit the official schema: schema name to what is wrong with the example.
UNKNOWN_BY_EXAMPLE = {
    "RealtimeServerEventInputAudioBufferDtmfEventReceived": "its `type` begins with a space",
    "RealtimeClientEventTranscriptionSessionUpdate": "its event is in no union of the published schema",
}
MISFITS: dict[str, tuple[tuple[str | int, ...], str]] = {
    "RealtimeServerEventConversationItemRetrieved": (("item", "content", 0), "its content part is the beta's `audio`"),
    "RealtimeServerEventResponseOutputItemDone": (("item", "content", 0), "its content part is the beta's `text`"),
}


@needs_examples
class TestOfficialExamples:
    @staticmethod
    def examples() -> Iterator[tuple[str, dict[str, object]]]:
        for row in rows(EXAMPLES):
            schema = str(row["schema"])
            if not schema.startswith(OTHER_PROTOCOLS) and schema not in NO_EVENTS:
                yield schema, cast("dict[str, object]", row["example"])

    def test_all_but_the_listed_ones_decode_strictly_and_come_back(self) -> None:
        codec = Codec("strict")
        wrong: dict[str, tuple[str | int, ...]] = {}
        unknown: set[str] = set()
        for schema, example in self.examples():
            text = json.dumps(example)
            try:
                event = decode_client_event(text) if "ClientEvent" in schema else codec.decode(text)
            except EventValidationError as error:
                wrong[schema] = error.errors[0].path
                continue
            if isinstance(event, UnknownEvent):
                unknown.add(schema)
            else:
                assert event.to_wire() == example
        assert wrong == {schema: path for schema, (path, _) in MISFITS.items()}
        assert unknown == set(UNKNOWN_BY_EXAMPLE)

    def test_the_listed_ones_are_delivered_in_lenient_mode(self) -> None:
        codec = Codec("lenient")
        for schema, example in self.examples():
            if schema in MISFITS:
                event = codec.decode(json.dumps(example))
                assert type(event) is SERVER_EVENTS[str(example["type"])]
                assert event.to_wire() == example
