"""What matters about an event, in a few words; whatever a server sends."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from realtime_typed.codec import Codec, decode_client_event
from realtime_typed.demo.describe import audio_bytes, describe_event

SAMPLES = Path(__file__).parents[2] / "samples"


def server(**event: object) -> str:
    return describe_event(Codec().decode(json.dumps(event)))


def client(**event: object) -> str:
    return describe_event(decode_client_event(json.dumps(event)))


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"type": "xai.ping"}, "not in the schema"),
        ({"type": "response.output_text.delta", "delta": " you"}, "' you'"),
        ({"type": "error", "error": {"type": "t", "code": "c", "message": "No."}}, "c: No."),
        ({"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 2700}, "at 2700 ms"),
        ({"type": "response.output_audio.delta", "delta": "AAAAAA=="}, "4 bytes"),
        ({"type": "response.content_part.done"}, ""),
    ],
)
def test_an_event_is_described_by_what_it_brings(event: dict[str, object], words: str) -> None:
    assert server(event_id="event_1", **event) == words


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"type": "function_call", "name": "f", "arguments": "{}"}, "call f({})"),
        ({"type": "function_call_output", "call_id": "c", "output": "fine"}, "output 'fine'"),
        ({"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}, "user 'Hi'"),
        ({"type": "message", "role": "assistant", "content": []}, "assistant"),
    ],
)
def test_an_item_is_described_by_who_says_what(item: dict[str, object], words: str) -> None:
    assert client(type="conversation.item.create", item=item) == words


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (None, "completed, 7 tokens"),
        ({"type": "failed", "error": {"code": "insufficient_quota", "message": "Pay."}}, "insufficient_quota, Pay."),
        ({"type": "cancelled", "reason": "turn_detected"}, "cancelled, turn_detected, 7 tokens"),
    ],
)
def test_a_response_is_described_by_how_it_ended(details: dict[str, object] | None, words: str) -> None:
    status = "completed" if details is None else details["type"]
    response = {"status": status, "status_details": details, "usage": {"total_tokens": 7}}
    assert words in server(type="response.done", event_id="event_1", response=response)


def test_a_session_update_is_described_by_the_fields_that_it_sets() -> None:
    session = {"type": "realtime", "instructions": "x", "audio": {"input": {"turn_detection": None}}}
    assert client(type="session.update", session=session) == "instructions, audio.input.turn_detection"


@pytest.mark.parametrize("size", range(7))
def test_the_size_of_audio_is_known_without_decoding_it(size: int) -> None:
    frame = Codec().encode_audio(bytes(size))
    assert audio_bytes(decode_client_event(frame)) == size


def damaged(event: dict[str, object]) -> Iterator[dict[str, object]]:
    """The event with each of its fields, and each of theirs, missing or of the wrong kind."""
    for name in event.keys() - {"type"}:
        yield {key: value for key, value in event.items() if key != name}
        yield from ({**event, name: wrong} for wrong in (None, 7, "text", [7], {"a": 7}))
        inner = event[name]
        if isinstance(inner, dict):
            fields = cast("dict[str, object]", inner)
            yield from ({**event, name: worse} for worse in damaged(fields))


def test_no_event_however_damaged_is_too_much() -> None:
    codec = Codec("off")
    frames = [json.loads(line) for line in (SAMPLES / "server.jsonl").read_text(encoding="utf-8").splitlines()]
    for frame in frames:
        for event in [frame, *damaged(frame)]:
            assert isinstance(describe_event(codec.decode(json.dumps(event))), str)


def test_every_client_event_can_be_described() -> None:
    for line in (SAMPLES / "client.jsonl").read_text(encoding="utf-8").splitlines():
        assert isinstance(describe_event(decode_client_event(line)), str)
