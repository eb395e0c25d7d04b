"""What the service is told of the session: the GA shape, whatever names the application used, and when."""

from typing import cast

import pytest

from realtime_typed import EventValidationError
from realtime_typed.audio import decode_audio, encode_audio
from realtime_typed.session import SessionFields
from realtime_typed.types import RealtimeSessionConfig
from tests.contract.support import BOUND, Serve, Service, Wire, heard, raw, settle, sound_of, speech

pytestmark = pytest.mark.anyio

NO_DETECTION = {"audio": {"input": {"turn_detection": None}}}

FLAT: list[tuple[SessionFields, Wire]] = [
    ({"instructions": "Be brief."}, {"instructions": "Be brief."}),
    ({"output_modalities": ["text"]}, {"output_modalities": ["text"]}),
    ({"modalities": ["text"]}, {"output_modalities": ["text"]}),
    ({"modalities": ["text", "audio"]}, {"output_modalities": ["audio"]}),
    ({"voice": "cedar"}, {"audio": {"output": {"voice": "cedar"}}}),
    ({"speed": 1.25}, {"audio": {"output": {"speed": 1.25}}}),
    ({"input_audio_format": "pcm16"}, {"audio": {"input": {"format": {"type": "audio/pcm", "rate": 24000}}}}),
    ({"input_audio_format": "g711_ulaw"}, {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}),
    ({"output_audio_format": "g711_alaw"}, {"audio": {"output": {"format": {"type": "audio/pcma"}}}}),
    ({"output_audio_format": {"type": "audio/pcmu"}}, {"audio": {"output": {"format": {"type": "audio/pcmu"}}}}),
    (
        {"input_audio_transcription": {"model": "whisper-1"}},
        {"audio": {"input": {"transcription": {"model": "whisper-1"}}}},
    ),
    ({"input_audio_transcription": None}, {"audio": {"input": {"transcription": None}}}),
    (
        {"input_audio_noise_reduction": {"type": "near_field"}},
        {"audio": {"input": {"noise_reduction": {"type": "near_field"}}}},
    ),
    (
        {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}},
        {"audio": {"input": {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}}}},
    ),
    ({"turn_detection": None}, {"audio": {"input": {"turn_detection": None}}}),
    ({"max_response_output_tokens": 100}, {"max_output_tokens": 100}),
    ({"max_output_tokens": "inf"}, {"max_output_tokens": "inf"}),
    ({"tool_choice": "required"}, {"tool_choice": "required"}),
    (
        {"tools": [{"type": "function", "name": "by_hand"}]},
        {"tools": [{"type": "function", "name": "by_hand"}]},
    ),
    ({"truncation": "disabled"}, {"truncation": "disabled"}),
    ({"tracing": None}, {"tracing": None}),
    ({"audio": {"output": {"voice": "marin"}}}, {"audio": {"output": {"voice": "marin"}}}),
]


def shows(config: object, wanted: Wire) -> bool:
    """Whether a configuration holds everything that is wanted of it; the service adds its defaults."""
    if not isinstance(config, dict):
        return False
    found = cast("Wire", config)
    return all(
        shows(found.get(name), cast("Wire", value)) if isinstance(value, dict) else found.get(name, ...) == value
        for name, value in wanted.items()
    )


def sent(service: Service) -> list[Wire]:
    return [cast("Wire", event["session"]) for event in service.received("session.update")]


@pytest.mark.parametrize(("fields", "wanted"), FLAT)
async def test_a_change_is_sent_in_ga_shape_and_holds_nothing_else(
    serve: Serve, fields: SessionFields, wanted: Wire
) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(**fields)
        await settle(client)
        assert sent(service)[-1] == {"type": "realtime", **wanted}
        assert shows(service.session.config, wanted)
        assert len(sent(service)) == 2


async def test_changes_before_connecting_go_out_as_one(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.update_session(instructions="First.", voice="cedar")
        await client.update_session({"type": "realtime", "instructions": "Second."}, input_audio_format="g711_ulaw")
        async with client:
            await settle(client)
            assert sent(service) == [
                {
                    "type": "realtime",
                    "instructions": "Second.",
                    "audio": {
                        "input": {"turn_detection": None, "format": {"type": "audio/pcmu"}},
                        "output": {"voice": "cedar"},
                    },
                    "tools": [],
                }
            ]


async def test_without_any_change_turn_detection_is_switched_off(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        assert sent(service) == [{"type": "realtime", **NO_DETECTION, "tools": []}]
        assert shows(service.session.config, NO_DETECTION)
        assert client.get_turn_detection_type() is None


async def test_a_model_a_dict_and_names_may_be_mixed(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with client.events["session.updated"].expect(
            BOUND, predicate=lambda event: getattr(event.session, "instructions", None) == "Be brief."
        ):
            await client.update_session(RealtimeSessionConfig(instructions="Be brief."), voice="cedar")
        assert sent(service)[-1] == {
            "type": "realtime",
            "instructions": "Be brief.",
            "audio": {"output": {"voice": "cedar"}},
        }


async def test_the_turn_detection_type_follows_every_way_of_setting_it(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad"})
        assert client.get_turn_detection_type() == "server_vad"
        await client.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
        assert client.get_turn_detection_type() is None
        await client.send(
            raw(
                {
                    "type": "session.update",
                    "session": {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}},
                }
            )
        )
        assert client.get_turn_detection_type() == "semantic_vad"
        await settle(client)
        assert shows(service.session.config, {"audio": {"input": {"turn_detection": {"type": "semantic_vad"}}}})


@pytest.mark.parametrize("connected", [True, False])
async def test_a_change_of_the_wrong_shape_changes_and_sends_nothing(serve: Serve, connected: bool) -> None:
    async with serve() as service:
        client = service.client()
        if connected:
            await client.connect()
        wrong: SessionFields = {"output_modalities": "text", "instructions": "New."}  # type: ignore[typeddict-item]  # a wrong shape is the point
        with pytest.raises(EventValidationError, match="output_modalities"):
            await client.update_session(**wrong)
        with pytest.raises(ValueError, match="temperature"):
            await client.update_session(temperature=0.8)  # type: ignore[call-arg]  # as above
        if not connected:
            await client.connect()
        await settle(client)
        await client.update_session(voice="cedar")
        await settle(client)
        assert len(sent(service)) == 2
        assert "output_modalities" not in sent(service)[0]
        assert service.session.config["instructions"] != "New."
        await client.disconnect()


async def test_the_configuration_of_the_next_connection_holds_what_was_sent_by_hand(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        async with client:
            await client.send({"type": "session.update", "session": {"type": "realtime", "instructions": "By hand."}})
        async with client:
            await settle(client)
            assert sent(service)[0]["instructions"] == "By hand."


async def test_the_input_format_in_force_is_that_of_appended_audio(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(input_audio_format="g711_ulaw", output_audio_format="g711_ulaw")
        encoded = b"\xff\x7f\x00\x80" + encode_audio(speech()[12_000:36_000:3], "audio/pcmu")
        async with heard(client):
            await client.append_input_audio(encoded)
            await client.create_response()
        user, reply = client.conversation.items
        service.assert_same(user.formatted.audio, decode_audio(encoded, "audio/pcmu"), rate=8000)
        assert service.by_track or user.formatted.audio[:4].tolist() == [0, 0, -32124, 32124]
        assert client.conversation.output_sample_rate == 8000
        assert service.by_track or len(reply.formatted.audio) == len(encoded)
        assert abs(len(sound_of(reply.formatted.audio)) - len(sound_of(user.formatted.audio))) < 480
