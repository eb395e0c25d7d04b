"""What a log may show of a frame."""

import base64
import json

import pytest

from realtime_typed._redact import redact_frame

AUDIO = base64.b64encode(bytes(range(256)) * 4).decode()
KEY = "sk-proj-abcDEF123456"


@pytest.mark.parametrize(
    "event",
    [
        {"type": "input_audio_buffer.append", "audio": AUDIO},
        {"type": "response.output_audio.delta", "delta": AUDIO},
        {"type": "conversation.item.create", "item": {"content": [{"type": "input_audio", "audio": AUDIO}]}},
        {"type": "conversation.item.create", "item": {"content": [{"image_url": f"data:image/png;base64,{AUDIO}"}]}},
        {"type": "made.up", "anything": base64.urlsafe_b64encode(bytes(range(256))).decode()},
        {"type": "response.output_audio.delta", "delta": AUDIO[:16]},
    ],
)
@pytest.mark.parametrize("form", ["text", "bytes", "escaped", "spaced"])
def test_base64_is_replaced_by_its_length_and_the_type_stays(event: dict[str, object], form: str) -> None:
    frame = json.dumps(event, separators=None if form == "spaced" else (",", ":"))
    if form == "escaped":
        frame = frame.replace("/", "\\/")
    shown = redact_frame(frame.encode() if form == "bytes" else frame)
    assert str(event["type"]) in shown
    for start in range(0, 1000, 64):
        piece = AUDIO[start : start + 16]
        assert not piece or piece not in shown.replace("\\/", "/")
    assert "characters" in shown


@pytest.mark.parametrize("key", [KEY, "ek_abcdef123456", "rk-abcdef123456", "eph_abcdef123456"])
def test_keys_are_replaced_wherever_they_stand(key: str) -> None:
    shown = redact_frame(json.dumps({"type": "error", "error": {"message": f"Incorrect key {key}."}}))
    assert key not in shown
    assert "Incorrect key [redacted]." in shown


@pytest.mark.parametrize("name", ["authorization", "Authorization", "api_key", "client_secret", "value"])
def test_credentials_are_replaced_by_their_names(name: str) -> None:
    shown = redact_frame(json.dumps({"type": "session.update", "session": {name: "Bearer secret-of-mine"}}))
    assert "secret-of-mine" not in shown
    assert "session.update" in shown


def test_the_headers_of_an_mcp_tool_are_replaced() -> None:
    tool = {"type": "mcp", "server_label": "mine", "authorization": "tok", "headers": {"X-Api-Key": "secret-of-mine"}}
    shown = redact_frame(json.dumps({"type": "session.update", "session": {"tools": [tool]}}))
    assert "secret-of-mine" not in shown
    assert "tok" not in shown.replace("tools", "")
    assert "mine" in shown


def test_a_credential_with_a_quote_inside_is_replaced_whole() -> None:
    shown = redact_frame(json.dumps({"type": "session.update", "authorization": 'first"second'}))
    assert "first" not in shown
    assert "second" not in shown


def test_an_ordinary_event_is_shown_as_it_is() -> None:
    frame = '{"type":"response.output_text.delta","event_id":"event_1","item_id":"item_1","delta":"Hello there, you"}'
    assert redact_frame(frame) == frame


def test_a_long_frame_is_cut() -> None:
    shown = redact_frame(json.dumps({"type": "error", "text": "word " * 10_000}))
    assert len(shown) < 2100
    assert shown.startswith('{"type": "error"')
    assert shown.endswith("more characters)")


def test_bytes_that_are_no_text_are_shown_somehow() -> None:
    assert "type" in redact_frame(b'{"type":"\xff\xfe"}')
