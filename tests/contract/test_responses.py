"""Responses: a handle for each, one at a time in the conversation, and an end for all of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar, cast

import numpy as np
import pytest

from realtime_typed import Interruption, RealtimeClient
from realtime_typed._requests import RESPONSE_TAG
from realtime_typed.errors import (
    ConnectionClosed,
    EventValidationError,
    ResponseActiveError,
    ResponseFailed,
    ServerError,
)
from realtime_typed.local import (
    AudioReply,
    Failure,
    Incomplete,
    Reply,
    ResponderRequest,
    ScriptedResponder,
    TextReply,
    ToolCall,
)
from realtime_typed.responses import ResponseHandle, WhenActive
from realtime_typed.types import ErrorEvent, ResponseConfig, ResponseCreate
from tests.contract.support import BOUND, Serve, heard, settle, speaks, speech

pytestmark = pytest.mark.anyio

T = TypeVar("T")

LONG = TextReply(" ".join(["word"] * 500))


async def all_of(stream: AsyncIterator[T]) -> list[T]:
    """What a stream gives until it ends."""
    async with asyncio.timeout(BOUND):
        return [entry async for entry in stream]


async def started(client: RealtimeClient) -> ResponseHandle:
    """A response that is under way and goes on for long: it can be heard already."""
    async with client.events["conversation.updated"].expect(BOUND, predicate=speaks):
        return await client.create_response()


class Clock:
    """The clock of a player; it stands still between tests of it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Silent:
    """A responder that begins the first response and never goes on with it."""

    def __init__(self) -> None:
        self.asked = 0

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        self.asked += 1
        if self.asked == 1:
            await asyncio.Event().wait()
        return TextReply("Here I am.")


async def test_a_response_is_read_while_it_grows(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder(["One two three."])) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        response = await client.send_user_message_content([{"type": "input_text", "text": "Count."}])
        assert response.id
        assert "".join(await all_of(response.text)) == "One two three."
        assert await all_of(response.transcript) == []
        assert await all_of(response.audio) == []
        result = await response.done(BOUND)
        assert (result.id, result.status, response.status) == (response.id, "completed", "completed")
        assert result.usage is not None
        assert response.response is result
        (item,) = await all_of(response.items)
        assert item is client.conversation.items[-1]
        assert item.formatted.text == "One two three."


async def test_a_spoken_response_gives_its_transcript_and_its_audio_to_the_end(serve: Serve) -> None:
    sound = speech()[:24_000]
    responder = ScriptedResponder([AudioReply(sound, "one second of speech")])
    async with serve(responder=responder) as service, service.client() as client:
        response = await client.create_response()
        assert "".join(await all_of(response.transcript)) == "one second of speech"
        pieces = await all_of(response.audio)
        await response.done(BOUND)
        service.assert_same(np.concatenate([piece.samples for piece in pieces]), sound)
        assert {piece.response_id for piece in pieces} == {response.id}
        (item,) = await all_of(response.items)
        assert {piece.item_id for piece in pieces} == {item.id}


async def test_several_responses_at_once_are_told_apart(serve: Serve) -> None:
    class Answers:
        async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
            return TextReply(f"about {request.response_instructions}")

    async with serve(responder=Answers()) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        topics = ["a", "b", "c", "d"]
        responses = await asyncio.gather(
            *(
                client.create_response(
                    {
                        "conversation": "auto" if topic == "a" else "none",
                        "instructions": topic,
                        "metadata": {"topic": topic},
                    }
                )
                for topic in topics
            )
        )
        texts = await asyncio.gather(*(all_of(response.text) for response in responses))
        assert ["".join(text) for text in texts] == [f"about {topic}" for topic in topics]
        assert len({response.id for response in responses}) == 4
        assert [response.metadata for response in responses] == [{"topic": topic} for topic in topics]
        assert len(client.conversation.items) == 1
        await asyncio.gather(*(response.done(BOUND) for response in responses))


async def test_the_calls_of_a_response_are_among_its_items(serve: Serve) -> None:
    responder = ScriptedResponder([["Let me see.", ToolCall("look", {}, "call_1")], "It is there."])
    async with serve(responder=responder) as service, service.client() as client:
        client.add_tool({"name": "look"}, lambda _: "there")
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(
            BOUND, predicate=lambda event: event.response.id != response.id
        ):
            response = await client.create_response()
            assert [item.type for item in await all_of(response.items)] == ["message", "function_call"]
        assert [item.type for item in client.conversation.items] == [
            "message",
            "function_call",
            "function_call_output",
            "message",
        ]


async def test_going_on_after_a_call_does_not_cut_what_the_user_is_saying(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("look", {}, "call_1"), "It is there.", "Yes?"])
    async with serve(responder=script) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])  # push to talk: nobody but the user ends a turn

        async def look(_: object) -> str:
            await client.append_input_audio(speech()[:12_000])
            return "there"

        client.add_tool({"name": "look"}, look)
        async with client.events["conversation.item.completed"].expect(
            BOUND, predicate=lambda event: event.item.formatted.text == "It is there."
        ):
            await client.create_response()
        assert service.received("input_audio_buffer.commit") == []
        await (await client.create_response()).done(BOUND)
        assert len(service.received("input_audio_buffer.commit")) == 1


@pytest.mark.parametrize(
    ("reply", "status", "code", "reason"),
    [
        (Failure("rate_limit_exceeded", "Slow down."), "failed", "rate_limit_exceeded", None),
        (Incomplete(), "incomplete", None, "max_output_tokens"),
    ],
)
async def test_a_response_that_does_not_complete_raises(
    serve: Serve, reply: Reply, status: str, code: str | None, reason: str | None
) -> None:
    async with serve(responder=ScriptedResponder([reply])) as service, service.client() as client:
        response = await client.create_response()
        with pytest.raises(ResponseFailed) as caught:
            await response.done(BOUND)
        failed = caught.value
        assert (failed.response_id, failed.status, failed.code, failed.reason) == (response.id, status, code, reason)
        assert response.status == status
        assert await all_of(response.text) == []


async def test_a_cancelled_response_ends_at_once(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([LONG]), audio_speed=1.0) as service, service.client() as client:
        response = await started(client)
        reading = asyncio.create_task(all_of(response.audio))
        await response.cancel()
        await reading
        with pytest.raises(ResponseFailed, match="client_cancelled") as caught:
            await response.done(BOUND)
        assert caught.value.status == "cancelled"
        await response.cancel()
        await settle(client)
        (sent,) = service.received("response.cancel")
        assert sent["response_id"] == response.id
        assert len(service.received("output_audio_buffer.clear")) == service.by_track


async def test_cancelling_what_has_just_ended_is_no_error(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder(["Short."])) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(BOUND):
            response = await client.create_response()
        # As if it ended while the request is on its way.
        await client._cancel_running(response.id)  # pyright: ignore[reportPrivateUsage]  # the handle knows that it has ended
        assert len(service.received("response.cancel")) == 1


async def test_who_asks_while_one_is_active_waits(serve: Serve) -> None:
    script = ScriptedResponder([AudioReply(speech()[:12_000], "first"), "second", "third"])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        errors: list[ErrorEvent] = []
        client.on("error", errors.append)
        first = await started(client)
        second, third = await asyncio.gather(client.create_response(), client.create_response())
        assert first.status == "completed"
        assert second.status == "completed"
        await third.done(BOUND)
        assert errors == []
        assert len(service.received("response.create")) == 3


async def test_who_asks_with_cancel_does_not_wait_for_the_end(serve: Serve) -> None:
    script = ScriptedResponder([LONG, "second"])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        first = await started(client)
        second = await client.create_response(when_active="cancel")
        assert first.status == "cancelled"
        await second.cancel()
        assert len(service.received("response.create")) == 2


async def test_who_asks_with_raise_is_told_which_one_is_active(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([LONG]), audio_speed=1.0) as service, service.client() as client:
        first = await started(client)
        with pytest.raises(ResponseActiveError) as caught:
            await client.create_response(when_active="raise")
        assert caught.value.response_id == first.id
        aside = await client.create_response({"conversation": "none"}, when_active="raise")
        with pytest.raises(ResponseFailed, match="script_exhausted"):
            await aside.done(BOUND)
        await first.cancel()


async def test_one_that_the_service_begins_meanwhile_is_waited_for(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        errors: list[ErrorEvent] = []
        client.on("error", errors.append)
        # Past the client, which learns of it only when the service says so: as with turn detection.
        theirs = ResponseConfig(metadata={RESPONSE_TAG: "of somebody else"})
        await client.realtime.send(ResponseCreate(response=theirs))
        response = await client.create_response()
        await response.done(BOUND)
        # The service refused ours once, and it was asked for again.
        assert [error.error.code for error in errors] == ["conversation_already_has_active_response"]
        assert len(service.received("response.create")) == 3


async def test_who_cancels_cancels_one_that_the_service_begins_meanwhile_too(serve: Serve) -> None:
    script = ScriptedResponder([LONG, "ours"])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        theirs = ResponseConfig(metadata={RESPONSE_TAG: "of somebody else"})
        async with client.events["response.created"].expect(BOUND) as begun:
            await client.realtime.send(ResponseCreate(response=theirs))
            ours = await client.create_response(when_active="cancel")
        assert "".join(await all_of(ours.transcript)) == "ours"
        (cancelled,) = service.received("response.cancel")
        assert cancelled["response_id"] == begun.event.response.id


async def test_who_does_not_wait_is_told_of_one_that_the_service_begins_meanwhile(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([LONG]), audio_speed=1.0) as service, service.client() as client:
        await client.realtime.send(ResponseCreate(response=ResponseConfig(metadata={RESPONSE_TAG: "of somebody else"})))
        with pytest.raises(ResponseActiveError):
            await client.create_response(when_active="raise")
        assert service.received("response.cancel") == []


async def test_it_may_be_cancelled_by_several_at_once(serve: Serve) -> None:
    script = ScriptedResponder([LONG, "next"])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        response = await started(client)
        _, _, following = await asyncio.gather(
            response.cancel(), response.cancel(), client.create_response(when_active="cancel")
        )
        assert response.status == "cancelled"
        assert following.id != response.id
        await following.cancel()


async def test_the_items_of_a_response_out_of_band_are_read_too(serve: Serve) -> None:
    script = ScriptedResponder([["Aside.", ToolCall("note", {}, "call_1")]])
    async with serve(responder=script) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        response = await client.create_response({"conversation": "none"})
        items = await all_of(response.items)
        assert [item.type for item in items] == ["message", "function_call"]
        assert items[0].formatted.text == "Aside."
        assert items == (await response.done(BOUND)).output


async def test_one_that_was_asked_for_by_hand_is_not_in_the_way(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder(["by hand", "ours"])) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        errors: list[ErrorEvent] = []
        client.on("error", errors.append)
        await client.send({"type": "response.create"})
        response = await client.create_response()
        assert "".join(await all_of(response.text)) == "ours"
        assert errors == []


@pytest.mark.parametrize("how", ["cancelled", "out of time"])
async def test_one_whose_asker_went_away_is_not_in_the_way(serve: Serve, how: str) -> None:
    async with serve(responder=ScriptedResponder(["left", "ours"])) as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        errors: list[ErrorEvent] = []
        client.on("error", errors.append)
        if how == "cancelled":
            async with client.realtime.events["client.response.create"].expect(BOUND):
                asking = asyncio.create_task(client.create_response())
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
        else:
            with pytest.raises(TimeoutError):
                await client.create_response(timeout=0)
        response = await client.create_response()
        assert "".join(await all_of(response.text)) == "ours"
        assert errors == []
        assert len(service.received("response.create")) == 2


async def test_a_response_that_the_service_refuses_is_an_error_and_the_next_one_is_not(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        with pytest.raises(ServerError) as caught:
            await client.create_response({"conversation": "elsewhere"})
        assert (caught.value.code, caught.value.param) == ("invalid_value", "response.conversation")
        await (await client.create_response()).done(BOUND)


async def test_what_is_wrong_is_told_before_anything_is_sent(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        with pytest.raises(EventValidationError):
            await client.create_response(cast("ResponseConfig", {"output_modalities": "text"}))
        policy: WhenActive = "later"  # type: ignore[assignment]  # as users do
        with pytest.raises(ValueError, match="'wait', 'cancel' or 'raise'"):
            await client.create_response(when_active=policy)
        await settle(client)
        assert service.received("response.create") == []


async def test_a_response_that_never_ends_makes_room_after_a_while(serve: Serve) -> None:
    async with serve(responder=Silent()) as service, service.client(response_timeout=0.2) as client:
        await client.update_session(output_modalities=["text"])
        silent = await client.create_response()
        with pytest.raises(ResponseFailed, match="no event of it came") as caught:
            await silent.done(BOUND)
        assert caught.value.code == "timeout"
        # The service itself still holds on to it, and says so once; a real one that forgot it would not.
        with pytest.raises(ServerError, match="conversation_already_has_active_response"):
            await client.create_response()
        await client.send({"type": "response.cancel"})
        await (await client.create_response()).done(BOUND)


async def test_a_lost_connection_ends_everything_that_waits_for_a_response(serve: Serve) -> None:
    async with serve(responder=Silent()) as service:
        client = service.client()
        await client.connect()
        response = await client.create_response()
        text, waiting = asyncio.create_task(all_of(response.text)), asyncio.create_task(client.create_response())
        done = asyncio.create_task(response.done())
        await settle(client)
        service.lose_line(client)
        for task in (done, waiting, text):
            with pytest.raises(ConnectionClosed):
                await task
        await client.disconnect()


async def test_disconnecting_ends_what_is_read_quietly(serve: Serve) -> None:
    async with serve(responder=Silent()) as service:
        client = service.client()
        await client.connect()
        response = await client.create_response()
        text = asyncio.create_task(all_of(response.text))
        await settle(client)
        await client.disconnect()
        assert await text == []
        with pytest.raises(ConnectionClosed):
            await response.done()
        with pytest.raises(ConnectionClosed):
            await client.create_response()


async def test_a_new_connection_begins_without_what_the_old_one_left_open(serve: Serve) -> None:
    async with serve(responder=Silent()) as service:
        client = service.client()
        await client.connect()
        await client.create_response()
        await client.disconnect()
        await client.connect()
        await client.update_session(output_modalities=["text"])
        await (await client.create_response(when_active="raise")).done(BOUND)
        await client.disconnect()


async def test_what_was_heard_stays_readable_when_the_user_speaks_again(serve: Serve) -> None:
    sound = speech()[:24_000]
    script = ScriptedResponder([AudioReply(sound, "short"), AudioReply(speech(), "long")])
    clock = Clock()
    async with serve(responder=script) as service, service.client(interruption=Interruption(clock=clock)) as client:
        async with heard(client):
            first = await client.create_response()
        clock.now += 2
        second = await started(client)
        await client.interrupt()
        assert await all_of(second.audio) == []
        service.assert_same(np.concatenate([piece.samples for piece in await all_of(first.audio)]), sound)


async def test_what_the_user_interrupts_is_not_handed_out_any_further(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([LONG]), audio_speed=1.0) as service, service.client() as client:
        response = await started(client)
        audio = response.audio
        async with asyncio.timeout(BOUND):
            await anext(audio)
        await client.cancel_response()
        assert await all_of(audio) == []
        with pytest.raises(ResponseFailed, match="cancelled"):
            await response.done(BOUND)
