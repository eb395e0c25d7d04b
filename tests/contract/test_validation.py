"""Events that do not fit: what each validation mode makes of them, and that none ends the session."""

from typing import cast

import numpy as np
import pytest

from realtime_typed import EventValidationError, MessageTooLargeError, ProtocolError, UnknownEvent, Validation
from realtime_typed.client import InputAudio
from realtime_typed.types import ErrorEvent, ResponseDone
from tests.contract.support import BOUND, Serve, raw, recorder, reported, say, settle

pytestmark = pytest.mark.anyio

EVERY_MODE: tuple[Validation, ...] = ("strict", "lenient", "off")


async def test_a_wrong_event_is_answered_with_an_error_and_the_session_lives_on(serve: Serve) -> None:
    async with serve() as service, service.client(validation="off") as client:
        wrong = raw({"type": "response.create", "event_id": "mine", "response": {"output_modalities": "smell"}})
        async with client.events["error"].expect(BOUND) as error:
            await client.send(wrong)
        assert isinstance(error.event, ErrorEvent)
        assert error.event.error.event_id == "mine"
        await say(client, "Hello there")


@pytest.mark.parametrize(
    "session", [5, "text", None, {"temperature": 1}, {"type": "realtime", "temperature": 1, "voice": "cedar"}]
)
async def test_a_wrong_session_update_sent_by_hand_is_the_services_to_refuse(serve: Serve, session: object) -> None:
    async with serve() as service, service.client(validation="off") as client:
        await settle(client)
        async with client.events["input_audio_buffer.cleared"].expect(BOUND):
            await client.send(raw({"type": "session.update", "session": session}))
            await client.input_audio_buffer.clear()
        assert service.received("session.update")[-1] == {"type": "session.update", "session": session}
        await say(client, "Hello there")


@pytest.mark.parametrize("validation", ["strict", "lenient"])
async def test_a_wrong_dict_is_refused_before_it_is_sent(serve: Serve, validation: Validation) -> None:
    async with serve() as service, service.client(validation=validation) as client:
        await settle(client)
        before = len(service.session.received)
        with pytest.raises(EventValidationError, match="item_id"):
            await client.send(raw({"type": "conversation.item.delete", "item_id": 5}))
        with pytest.raises(ProtocolError, match="type"):
            await client.send(raw({"item_id": "5"}))
        await settle(client)
        assert len(service.session.received) == before + 1


async def test_an_event_too_large_for_the_line_is_refused_before_it_is_sent(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        await settle(client)
        samples = np.random.default_rng(1).integers(-8000, 8000, 24_000 * 6, np.int16)
        spoken: InputAudio = {"type": "input_audio", "audio": samples}
        if service.by_track:
            with pytest.raises(MessageTooLargeError) as caught:
                await client.send_user_message_content([spoken])
            assert caught.value.size > caught.value.limit > 0
            assert str(caught.value.size) in str(caught.value)
            assert str(caught.value.limit) in str(caught.value)
            assert service.received("conversation.item.create") == []
            assert service.received("response.create") == []
        else:
            async with client.events["response.done"].expect(BOUND):
                await client.send_user_message_content([spoken])
            assert np.array_equal(client.conversation.items[0].formatted.audio, samples)
        await say(client, "Hello there")
        assert client.conversation.items[-2].formatted.text == "Hello there"


async def test_strict_skips_and_reports_an_event_of_the_wrong_shape(serve: Serve) -> None:
    async with serve() as service, service.client(validation="strict") as client:
        await settle(client)
        names: list[str] = []
        client.on("*", recorder(names, lambda event: str(getattr(event, "type", ""))))
        with reported() as errors:
            service.session.emit({"type": "response.done", "response": 7})
            await settle(client)
        assert names == ["input_audio_buffer.cleared"]
        (error,) = errors
        assert isinstance(error, EventValidationError)
        assert error.event_type == "response.done"


@pytest.mark.parametrize("validation", ["lenient", "off"])
async def test_lenient_delivers_an_event_of_the_wrong_shape(serve: Serve, validation: Validation) -> None:
    async with serve() as service, service.client(validation=validation) as client:
        await settle(client)
        with reported() as errors:
            async with client.events["response.done"].expect(BOUND) as done:
                service.session.emit({"type": "response.done", "response": 7})
        assert isinstance(done.event, ResponseDone)
        assert cast("object", done.event.response) == 7
        assert errors == []
        assert bool(client.realtime.codec.issues) == (validation == "lenient")
        await say(client, "Hello there")


@pytest.mark.parametrize("validation", EVERY_MODE)
async def test_an_unknown_event_reaches_only_those_who_listen_to_everything(
    serve: Serve, validation: Validation
) -> None:
    async with serve() as service, service.client(validation=validation) as client:
        await settle(client)
        found: list[object] = []
        client.on("*", found.append)
        client.realtime.on("server.*", found.append)
        client.realtime.on("server.error", found.append)
        with reported() as errors:
            async with client.events["*"].expect(BOUND):
                service.session.emit({"type": "made.up", "event_id": "e", "value": 1})
        first, second = found
        assert isinstance(first, UnknownEvent)
        assert first is second
        assert first.raw == {"type": "made.up", "event_id": "e", "value": 1}
        assert errors == []


async def test_an_unknown_event_can_be_sent(serve: Serve) -> None:
    async with serve() as service, service.client(validation="strict") as client:
        async with client.events["error"].expect(BOUND):
            await client.send(UnknownEvent("made.up", {"type": "made.up", "value": 1}))
        assert service.received("made.up") == [{"type": "made.up", "value": 1}]


@pytest.mark.parametrize("validation", EVERY_MODE)
@pytest.mark.parametrize("frame", ["", "not json", "[]", "7", '{"no": "type"}', '{"type": 5}', '{"type": "respon'])
async def test_a_frame_that_is_no_event_is_reported_and_skipped(
    serve: Serve, validation: Validation, frame: str
) -> None:
    async with serve() as service, service.client(validation=validation) as client:
        await settle(client)
        names: list[str] = []
        client.on("*", recorder(names, lambda event: str(getattr(event, "type", ""))))
        with reported() as errors:
            service.push(frame)
            await settle(client)
        assert [type(error) for error in errors] == [ProtocolError]
        assert names == ["input_audio_buffer.cleared"]
