"""What the service is told of the session: the GA shape, whatever names the application used, and when."""

import asyncio
from typing import cast

import pytest

from realtime_typed import EventValidationError, RealtimeClient
from realtime_typed.audio import decode_audio, encode_audio
from realtime_typed.session import SessionFields
from realtime_typed.types import RealtimeSession, RealtimeSessionConfig, SemanticVad
from tests.contract.support import BOUND, Serve, Service, Wire, heard, raw, say, settle, sound_of, speech

pytestmark = pytest.mark.anyio

NO_DETECTION = {"audio": {"input": {"turn_detection": None}}}

FLAT: list[tuple[SessionFields, Wire]] = [
    ({"instructions": "Be brief."}, {"instructions": "Be brief."}),
    ({"output_modalities": ["text"]}, {"output_modalities": ["text"]}),
    ({"modalities": ["text"]}, {"output_modalities": ["text"]}),
    ({"voice": "cedar"}, {"audio": {"output": {"voice": "cedar"}}}),
    ({"speed": 1.25}, {"audio": {"output": {"speed": 1.25}}}),
    ({"input_audio_format": "g711_ulaw"}, {"audio": {"input": {"format": {"type": "audio/pcmu"}}}}),
    ({"output_audio_format": "g711_alaw"}, {"audio": {"output": {"format": {"type": "audio/pcma"}}}}),
    ({"output_audio_format": {"type": "audio/pcmu"}}, {"audio": {"output": {"format": {"type": "audio/pcmu"}}}}),
    (
        {"input_audio_transcription": {"model": "whisper-1"}},
        {"audio": {"input": {"transcription": {"model": "whisper-1"}}}},
    ),
    (
        {"input_audio_noise_reduction": {"type": "near_field"}},
        {"audio": {"input": {"noise_reduction": {"type": "near_field"}}}},
    ),
    (
        {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}},
        {"audio": {"input": {"turn_detection": {"type": "semantic_vad", "eagerness": "low"}}}},
    ),
    (
        {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000}},
        {"audio": {"input": {"turn_detection": {"type": "server_vad", "idle_timeout_ms": 6000}}}},
    ),
    ({"max_response_output_tokens": 100}, {"max_output_tokens": 100}),
    ({"max_output_tokens": 4096}, {"max_output_tokens": 4096}),
    ({"tool_choice": "required"}, {"tool_choice": "required"}),
    (
        {"tools": [{"type": "function", "name": "by_hand"}]},
        {"tools": [{"type": "function", "name": "by_hand"}]},
    ),
    ({"truncation": "disabled"}, {"truncation": "disabled"}),
    (
        {"truncation": {"type": "retention_ratio", "retention_ratio": 0.8}},
        {"truncation": {"type": "retention_ratio", "retention_ratio": 0.8}},
    ),
    ({"tracing": "auto"}, {"tracing": "auto"}),
    ({"tracing": {"workflow_name": "support"}}, {"tracing": {"workflow_name": "support"}}),
    ({"prompt": {"id": "pmpt_1", "version": "2"}}, {"prompt": {"id": "pmpt_1", "version": "2"}}),
    ({"reasoning": {"effort": "low"}}, {"reasoning": {"effort": "low"}}),
    ({"parallel_tool_calls": False}, {"parallel_tool_calls": False}),
    (
        {"include": ["item.input_audio_transcription.logprobs"]},
        {"include": ["item.input_audio_transcription.logprobs"]},
    ),
    ({"audio": {"output": {"voice": "cedar"}}}, {"audio": {"output": {"voice": "cedar"}}}),
]

# What the server begins with, and what the client asks for as it connects.
IN_FORCE: list[SessionFields] = [
    {},
    {"modalities": ["text", "audio"]},
    {"output_modalities": ["audio"]},
    {"input_audio_format": "pcm16", "output_audio_format": "pcm16"},
    {"input_audio_transcription": None, "input_audio_noise_reduction": None},
    {"turn_detection": None},
    {"max_output_tokens": "inf"},
    {"tools": [], "tool_choice": "auto"},
    {"tracing": None, "prompt": None},
    {"speed": 1},
    {"type": "realtime", "audio": {"input": {"turn_detection": None}, "output": {"voice": "alloy"}}},
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


def in_force(client: RealtimeClient) -> RealtimeSession | None:
    """Read anew each time: to type checkers, an attribute stays what it was compared with."""
    return client.session.config


def sent(service: Service) -> list[Wire]:
    return [cast("Wire", event["session"]) for event in service.received("session.update")]


@pytest.mark.parametrize(("fields", "wanted"), FLAT)
async def test_a_change_is_sent_in_ga_shape_and_holds_nothing_else(
    serve: Serve, fields: SessionFields, wanted: Wire
) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        await client.update_session(**fields)
        assert sent(service)[-1] == {"type": "realtime", **wanted}
        assert shows(service.session.config, wanted)
        assert len(sent(service)) == 2
        config = client.session.config
        assert config is not None
        assert shows(config.to_wire(), wanted)


@pytest.mark.parametrize("fields", IN_FORCE)
async def test_what_is_in_force_is_not_sent(serve: Serve, fields: SessionFields) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        await client.update_session(**fields)
        await settle(client)
        assert len(sent(service)) == 1


async def test_of_a_change_what_differs_is_sent(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(instructions="Be brief.", voice="cedar", turn_detection={"type": "server_vad"})
        await client.update_session(instructions="Be kind.", voice="cedar", turn_detection={"type": "server_vad"})
        assert sent(service)[-1] == {"type": "realtime", "instructions": "Be kind."}
        await client.update_session(voice="cedar", instructions="Be kind.")
        await settle(client)
        assert len(sent(service)) == 3


async def test_turn_detection_with_other_settings_is_sent_whole(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad", "threshold": 0.3})
        await client.update_session(turn_detection={"type": "server_vad"})
        assert sent(service)[-1] == {"type": "realtime", "audio": {"input": {"turn_detection": {"type": "server_vad"}}}}


async def test_tools_are_sent_only_when_they_are_others_with_those_of_add_tool_beside_them(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.add_tool({"name": "added"}, lambda _: None)
        await client.update_session(tools=[{"type": "function", "name": "by_hand"}])
        told = len(sent(service))
        assert [tool["name"] for tool in cast("list[Wire]", sent(service)[-1]["tools"])] == ["by_hand", "added"]
        await client.update_session(tools=[{"type": "function", "name": "by_hand"}])
        await settle(client)
        assert len(sent(service)) == told
        await client.update_session(tools=[{"type": "function", "name": "other"}])
        assert [tool["name"] for tool in cast("list[Wire]", sent(service)[-1]["tools"])] == ["other", "added"]


async def test_what_is_sent_by_hand_goes_out_as_it_is_and_what_it_changed_can_be_changed_back(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        for _ in range(2):
            updated = await client.session.update(session={"type": "realtime", "instructions": "By hand."})
            assert getattr(updated.session, "instructions", None) == "By hand."
        assert [session.get("instructions") for session in sent(service)[1:]] == ["By hand.", "By hand."]
        # The service has not told of it yet when the next change is made.
        await client.send({"type": "session.update", "session": {"type": "realtime", "output_modalities": ["text"]}})
        await client.update_session(output_modalities=["audio"])
        assert sent(service)[-1] == {"type": "realtime", "output_modalities": ["audio"]}
        assert service.session.config["output_modalities"] == ["audio"]


async def test_while_a_change_may_be_refused_the_next_is_sent_whole(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(client.update_session(instructions="Be brief."))
            tasks.create_task(client.update_session(instructions="Be brief.", tool_choice="auto"))
        assert sent(service)[1:] == [
            {"type": "realtime", "instructions": "Be brief."},
            {"type": "realtime", "instructions": "Be brief.", "tool_choice": "auto"},
        ]


async def test_the_configuration_in_force_is_what_the_service_reported(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        assert in_force(client) is None
        async with client:
            await client.update_session(
                instructions="Be brief.",
                turn_detection={"type": "semantic_vad", "eagerness": "low"},
                input_audio_noise_reduction={"type": "near_field"},
            )
            config = in_force(client)
            assert config is not None
            assert (config.instructions, config.id) == ("Be brief.", service.session.id)
            assert config.audio is not None
            assert config.audio.input is not None
            assert isinstance(config.audio.input.turn_detection, SemanticVad)
            assert config.audio.input.turn_detection.eagerness == "low"
            assert client.session.transcription_config is None
        # It stays readable until there is another session.
        assert in_force(client) is config
        async with client:
            await client.wait_for_session_created(BOUND)
            anew = in_force(client)
            assert anew is not None
            assert anew.id == service.session.id != config.id


async def test_another_voice_is_refused_here_once_the_session_has_spoken(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(voice="cedar")
        async with heard(client):
            await say(client, "Hello there")
        told = len(sent(service))
        with pytest.raises(ValueError, match=r"voice='marin' cannot be sent: this session has spoken with 'cedar'"):
            await client.update_session(voice="marin", instructions="Be brief.")
        await client.update_session(voice="cedar", instructions="Be kind.")
        assert sent(service)[told:] == [{"type": "realtime", "instructions": "Be kind."}]


async def test_a_new_session_may_have_another_voice(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        async with client, heard(client):
            await say(client, "Hello there")
        async with client:
            await client.update_session(voice="cedar")
            assert shows(service.session.config, {"audio": {"output": {"voice": "cedar"}}})


@pytest.mark.parametrize("connected", [True, False])
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"output_modalities": ["text", "audio"]}, r"the service gives either \['audio'\]"),
        ({"output_modalities": []}, r"the service gives either \['audio'\]"),
        ({"input_audio_format": {"type": "audio/pcm", "rate": 16000}}, "24000 samples a second alone"),
        ({"temperature": 0.8}, "the GA protocol has no temperature"),
    ],
)
async def test_what_the_service_would_refuse_is_refused_here_with_the_reason(
    serve: Serve, connected: bool, fields: SessionFields, reason: str
) -> None:
    async with serve() as service:
        client = service.client()
        if connected:
            await client.connect()
        with pytest.raises(ValueError, match=reason):
            await client.update_session(**fields)
        if not connected:
            await client.connect()
        await settle(client)
        assert sent(service) == [{"type": "realtime", **NO_DETECTION, "tools": []}]
        await client.disconnect()


async def test_a_tracing_that_is_set_stays(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(tracing="auto")
        with pytest.raises(ValueError, match="keeps it for the whole session"):
            await client.update_session(tracing=None)
        await client.update_session(tracing="auto")
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
