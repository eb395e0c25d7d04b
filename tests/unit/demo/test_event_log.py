"""`EventLog`: every event as a line, runs of audio as one, and the counts."""

import io
import json
import re

import pytest

from realtime_typed.codec import Codec, decode_client_event
from realtime_typed.demo.console import Console
from realtime_typed.demo.event_log import Detail, EventLog
from realtime_typed.utility_events import RealtimeEvent

pytestmark = pytest.mark.anyio

APPEND = Codec().encode_audio(bytes(960))


def sent(frame: str = APPEND) -> RealtimeEvent:
    return RealtimeEvent("", "client", decode_client_event(frame))


def received(**event: object) -> RealtimeEvent:
    return RealtimeEvent("", "server", Codec().decode(json.dumps(event)))


def audio_delta() -> RealtimeEvent:
    return received(type="response.output_audio.delta", event_id="event_1", delta="AAAA")


def lines_of(detail: Detail, *events: RealtimeEvent) -> tuple[EventLog, list[str]]:
    out = io.StringIO()
    log = EventLog(Console(out), detail)
    for event in events:
        log(event)
    log.flush()
    return log, [re.sub(r"^ *\d+\.\d{3} ", "", re.sub(r" {2,}", " ", line)) for line in out.getvalue().splitlines()]


async def test_an_event_is_a_line_with_its_direction_type_and_content() -> None:
    delta = received(type="response.output_text.delta", event_id="event_1", delta="Hello")
    _, lines = lines_of("compact", sent('{"type":"response.create"}'), delta)
    assert lines == ["→ response.create", "← response.output_text.delta 'Hello'"]


async def test_a_run_of_audio_is_one_line_with_how_much_it_was() -> None:
    cleared = received(type="input_audio_buffer.cleared", event_id="event_1")
    _, lines = lines_of("compact", sent(), sent(), cleared, sent())
    assert lines == [
        "→ input_audio_buffer.append x2, 1920 bytes, 0.04 s of audio",
        "← input_audio_buffer.cleared",
        "→ input_audio_buffer.append x1, 960 bytes, 0.02 s of audio",
    ]


async def test_audio_in_both_directions_makes_one_run_for_each() -> None:
    _, lines = lines_of("compact", sent(), audio_delta(), sent(), audio_delta())
    assert [line.split(",")[0] for line in lines] == [
        "→ input_audio_buffer.append x2",
        "← response.output_audio.delta x2",
    ]


async def test_in_full_detail_each_piece_of_audio_is_a_line_and_no_text_is_cut() -> None:
    text = received(type="response.output_text.done", event_id="event_1", text="word " * 100)
    _, lines = lines_of("all", sent(), sent(), text)
    assert lines[:2] == ["→ input_audio_buffer.append 960 bytes"] * 2
    assert len(lines[2]) > 500


async def test_without_detail_nothing_is_written_but_everything_counted() -> None:
    log, lines = lines_of("none", sent(), sent(), audio_delta())
    assert lines == []
    assert log.counts == {("client", "input_audio_buffer.append"): 2, ("server", "response.output_audio.delta"): 1}
    assert log.sizes == {"client": 1920, "server": 3}


async def test_a_type_that_a_server_made_up_is_counted_and_cannot_steer_the_terminal() -> None:
    log, lines = lines_of("compact", received(type="new\x1b[2J"))
    assert lines == ["← new\ufffd[2J not in the schema"]
    assert log.counts["server", "new\x1b[2J"] == 1
