"""The protocols beside `realtime`: what their modules offer, and the traffic of a real beta server."""

import json
from pathlib import Path
from typing import cast

import pytest

from realtime_typed import UnknownEvent, beta, live, translation, types
from realtime_typed._generated.live import registry as live_registry
from realtime_typed._generated.realtime import registry as ga_registry
from realtime_typed._generated.realtime_beta import registry as beta_registry
from realtime_typed._generated.translation import registry as translation_registry
from realtime_typed.beta import BetaCodec
from realtime_typed.codec import Codec
from realtime_typed.errors import EventValidationError
from realtime_typed.live import LiveCodec
from realtime_typed.translation import TranslationCodec

RECORDING = Path(__file__).parents[3] / "shared" / "recordings" / "azure-voice-live" / "tool_call_round.jsonl"


def recorded(direction: str) -> list[dict[str, object]]:
    rows = [cast("dict[str, object]", json.loads(line)) for line in RECORDING.read_text(encoding="utf-8").splitlines()]
    return [cast("dict[str, object]", row["data"]) for row in rows if row["direction"] == direction]


def test_every_protocol_has_the_events_that_are_documented() -> None:
    counts = {
        "translation": (len(translation_registry.CLIENT_EVENTS), len(translation_registry.SERVER_EVENTS)),
        # The published 40 server events, and `conversation.created`, which only the wire has.
        "realtime_beta": (len(beta_registry.CLIENT_EVENTS), len(beta_registry.SERVER_EVENTS)),
        "realtime": (len(ga_registry.CLIENT_EVENTS), len(ga_registry.SERVER_EVENTS)),
    }
    assert counts == {"translation": (3, 7), "realtime_beta": (12, 41), "realtime": (11, 46)}
    assert live_registry.CLIENT_EVENTS
    assert live_registry.SERVER_EVENTS


def test_the_beta_dialect_has_its_own_names_of_text_and_audio() -> None:
    wanted = {f"response.{kind}.{step}" for kind in ("text", "audio", "audio_transcript") for step in ("delta", "done")}
    assert wanted <= beta_registry.SERVER_EVENTS.keys()
    assert [name for name in beta_registry.SERVER_EVENTS if ".output_text" in name or ".output_audio" in name] == []
    assert beta.ResponseTextDelta.model_fields["type"].default == "response.text.delta"


@pytest.mark.skipif(not RECORDING.is_file(), reason="no recordings beside the project")
class TestAzureVoiceLive:
    def test_what_the_service_sent_is_strictly_beta(self) -> None:
        codec = BetaCodec("strict")
        for frame in recorded("received"):
            event = codec.decode(json.dumps(frame))
            assert not isinstance(event, UnknownEvent)
            assert event.to_wire() == frame

    def test_what_the_client_sent_is_strictly_beta(self) -> None:
        for frame in recorded("sent"):
            event = beta.decode_client_event(json.dumps(frame))
            assert not isinstance(event, UnknownEvent)
            assert event.to_wire() == frame

    def test_a_session_has_a_voice_with_a_name_and_no_type(self) -> None:
        event = BetaCodec("strict").decode(json.dumps(recorded("received")[0]))
        assert isinstance(event, beta.SessionCreated)
        assert isinstance(event.session.voice, beta.NamedVoice)
        assert event.session.voice.name == "alloy"
        assert "type" not in (event.session.model_extra or {})
        assert isinstance(event.session.turn_detection, beta.ServerVad)


def test_a_beta_message_has_text_and_audio_parts() -> None:
    part = {"type": "audio", "transcript": "Hello."}
    item = {"type": "message", "role": "assistant", "content": [part]}
    frame = {"type": "conversation.item.created", "event_id": "e", "previous_item_id": None, "item": item}
    event = BetaCodec("strict").decode(json.dumps(frame))
    assert isinstance(event, beta.ConversationItemCreated)
    assert isinstance(event.item, beta.AssistantMessageItem)
    assert isinstance(event.item.content[0], beta.AudioPart)
    frame["item"] = item | {"content": [{"type": "output_text", "text": "GA"}]}
    with pytest.raises(EventValidationError):
        BetaCodec("strict").decode(json.dumps(frame))


def test_a_beta_session_update_needs_no_secret() -> None:
    update = {"type": "session.update", "session": {"modalities": ["text"], "turn_detection": None}}
    event = beta.decode_client_event(json.dumps(update))
    assert isinstance(event, beta.SessionUpdate)
    assert event.to_wire() == update


def test_codecs_do_not_share_what_they_have_seen() -> None:
    frame = json.dumps({"type": "session.closed", "event_id": "e"})
    translated = TranslationCodec("strict")
    for _ in range(40):
        assert isinstance(translated.decode(frame), translation.SessionClosed)
    assert isinstance(Codec("strict").decode(frame), UnknownEvent)
    assert isinstance(BetaCodec("strict").decode(frame), UnknownEvent)


@pytest.mark.parametrize("codec", [BetaCodec, TranslationCodec, LiveCodec])
def test_a_validation_that_does_not_exist_is_an_error(
    codec: type[BetaCodec] | type[TranslationCodec] | type[LiveCodec],
) -> None:
    assert codec().validation == "lenient"
    with pytest.raises(ValueError, match="validation must be"):
        codec("loose")  # type: ignore[arg-type]  # the error is what is tested


def test_audio_is_appended_under_the_name_of_each_protocol() -> None:
    names = {
        type(codec).__name__: json.loads(codec.encode_audio(b"\0\0"))["type"]
        for codec in (Codec(), BetaCodec(), TranslationCodec(), LiveCodec())
    }
    assert names == {
        "Codec": "input_audio_buffer.append",
        "BetaCodec": "input_audio_buffer.append",
        "TranslationCodec": "session.input_audio_buffer.append",
        "LiveCodec": "session.input_audio.append",
    }
    assert names["LiveCodec"] in live_registry.CLIENT_EVENTS
    assert names["TranslationCodec"] in translation_registry.CLIENT_EVENTS


@pytest.mark.parametrize("module", [beta, translation, live])
def test_a_module_offers_what_it_lists_and_nothing_of_ga_in_its_place(module: object) -> None:
    listed = cast("list[str]", vars(module)["__all__"])
    assert len(listed) == len(set(listed))
    for name in listed:
        assert hasattr(module, name)
    assert vars(module)["SERVER_EVENTS"] is not vars(types)["SERVER_EVENTS"]
