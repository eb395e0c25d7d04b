"""Sends that wait for their answer: what the service made of it, or the error that names it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import TypeAlias

import numpy as np
import pytest

from realtime_typed import ConnectionClosed, RealtimeClient, ServerError
from realtime_typed._requests import RESPONSE_TAG
from realtime_typed.local import ScriptedResponder, TextReply, ToolCall
from realtime_typed.types import (
    ConversationItemDeleted,
    ConversationItemTruncated,
    ErrorEvent,
    InputAudioBufferCleared,
    InputAudioBufferCommitted,
    InputAudioBufferSpeechStarted,
    ResponseCreated,
    ResponseDone,
    SessionUpdated,
    UserMessageItemParam,
)
from tests.contract.support import BOUND, Serve, heard, raw, settle, speech

pytestmark = pytest.mark.anyio

Ask: TypeAlias = Callable[[RealtimeClient], Coroutine[object, object, object]]

LONG = TextReply("word " * 500)


def message(text: str, item_id: str | None = None) -> UserMessageItemParam:
    item: UserMessageItemParam = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    if item_id is not None:
        item["id"] = item_id
    return item


def speaks_last(event: ResponseDone) -> bool:
    """Whether a response holds no call that is to be answered."""
    return [getattr(item, "type", None) for item in event.response.output or []] == ["message"]


def swallow(frame: str) -> None:
    """What a service does with a frame that it does not answer."""


async def update(client: RealtimeClient) -> object:
    return await client.session.update(session={"type": "transcription"})


async def create_item(client: RealtimeClient) -> object:
    return await client.conversation.item.create(item=message("Hi"), previous_item_id="none")


async def delete(client: RealtimeClient) -> object:
    return await client.conversation.item.delete(item_id="none")


async def delete_item(client: RealtimeClient) -> object:
    await client.delete_item("none")
    return None


async def retrieve(client: RealtimeClient) -> object:
    return await client.conversation.item.retrieve(item_id="none")


async def truncate(client: RealtimeClient) -> object:
    return await client.conversation.item.truncate(item_id="none", content_index=0, audio_end_ms=0)


async def commit(client: RealtimeClient) -> object:
    return await client.input_audio_buffer.commit()


async def create_response(client: RealtimeClient) -> object:
    return await client.response.create(response={"conversation": "elsewhere"})


async def cancel(client: RealtimeClient) -> object:
    return await client.response.cancel()


REFUSED: list[tuple[Ask, str]] = [
    (update, "invalid_value"),
    (create_item, "invalid_value"),
    (delete, "item_delete_invalid_item_id"),
    (delete_item, "item_delete_invalid_item_id"),
    (retrieve, "item_retrieve_invalid_item_id"),
    (truncate, "item_truncate_invalid_item_id"),
    (create_response, "invalid_value"),
    (cancel, "response_cancel_not_active"),
]


@pytest.mark.parametrize(("ask", "code"), REFUSED, ids=lambda value: getattr(value, "__name__", None))
async def test_what_the_service_refuses_is_raised_and_handlers_hear_of_it_too(
    serve: Serve, ask: Ask, code: str
) -> None:
    async with serve() as service, service.client() as client:
        told: list[ErrorEvent] = []
        client.on("error", told.append)
        with pytest.raises(ServerError) as raised:
            await ask(client)
        assert raised.value.code == code
        assert [event.error.event_id for event in told] == [raised.value.event_id]
        assert raised.value.event_id == service.session.received[-1]["event_id"]


async def test_an_empty_commit_is_raised(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.input_audio_buffer.clear()  # a track's silence fills it too, in real time
        with pytest.raises(ServerError) as raised:
            await client.input_audio_buffer.commit()
        assert raised.value.code == "input_audio_buffer_commit_empty"


async def test_each_send_returns_the_event_that_it_caused(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        updated = await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
        assert isinstance(updated, SessionUpdated)
        assert getattr(updated.session, "instructions", None) == "Be brief."
        item = client.conversation.item
        named = await item.create(item=message("Named", "mine"))
        assert named.item.id == "mine"
        added = await item.create(item=message("Hi"))
        assert added.item.formatted.text == "Hi"
        retrieved = await item.retrieve(item_id=str(added.item.id))
        assert (retrieved.item.id, retrieved.item.formatted.text) == (added.item.id, "Hi")
        deleted = await item.delete(item_id="mine")
        assert deleted == ConversationItemDeleted(event_id=deleted.event_id, item_id="mine")
        cleared = await client.input_audio_buffer.clear()
        assert isinstance(cleared, InputAudioBufferCleared)


async def test_a_commit_returns_where_the_audio_went(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.append_input_audio(speech()[:12_000])
        committed = await client.input_audio_buffer.commit()
        assert isinstance(committed, InputAudioBufferCommitted)
        await settle(client)
        assert [item.id for item in client.conversation.items] == [committed.item_id]


async def test_a_truncate_returns_what_was_cut(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with heard(client):
            await client.response.create(response={"instructions": "Hello there"})
        reply = client.conversation.items[-1]
        cut = await client.conversation.item.truncate(item_id=str(reply.id), content_index=0, audio_end_ms=50)
        assert cut == ConversationItemTruncated(
            event_id=cut.event_id, item_id=str(reply.id), content_index=0, audio_end_ms=50
        )


async def test_a_response_is_created_and_cancelled(serve: Serve) -> None:
    async with serve(responder=ScriptedResponder([LONG]), audio_speed=1.0) as service, service.client() as client:
        created = await client.response.create()
        assert isinstance(created, ResponseCreated)
        assert created.response.status == "in_progress"
        with pytest.raises(ServerError) as raised:
            await client.response.create()
        assert raised.value.code == "conversation_already_has_active_response"
        done = await client.response.cancel()
        assert isinstance(done, ResponseDone)
        assert (done.response.id, done.response.status) == (created.response.id, "cancelled")


async def test_several_in_flight_get_their_own_answers(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        item = client.conversation.item
        texts = [f"Message {number}" for number in range(20)]
        added = await asyncio.gather(*(item.create(item=message(text)) for text in texts))
        assert [event.item.formatted.text for event in added] == texts
        ids = [str(event.item.id) for event in added]
        wrong = [f"{item_id}_wrong" for item_id in ids]
        asked = [name for pair in zip(ids, wrong, strict=True) for name in pair]
        answers = await asyncio.gather(*(item.retrieve(item_id=name) for name in asked), return_exceptions=True)
        for name, answer in zip(asked, answers, strict=True):
            if name in ids:
                assert getattr(answer, "item", None) is not None
                assert getattr(getattr(answer, "item", None), "id", None) == name
            else:
                assert isinstance(answer, ServerError)
                assert name in answer.message


async def test_several_responses_are_told_apart(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        topics = [str(number) for number in range(5)]
        created = await asyncio.gather(
            *(
                client.response.create(response={"conversation": "none", "metadata": {"topic": topic}})
                for topic in topics
            )
        )
        metadata = [event.response.metadata or {} for event in created]
        assert [entry["topic"] for entry in metadata] == topics
        # The first was alone when it was sent.
        assert [RESPONSE_TAG in entry for entry in metadata] == [False, True, True, True, True]
        assert len({event.response.id for event in created}) == 5


async def test_what_turn_detection_does_answers_no_request(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad"})
        async with client.events["response.created"].expect(BOUND) as of_turn, heard(client):
            await client.append_input_audio(np.concatenate((speech(), np.zeros(24_000, np.int16))))
            first = asyncio.create_task(client.conversation.item.create(item=message("Hi")))
        assert (await first).item.formatted.text == "Hi"
        created = await client.response.create(response={"metadata": {"topic": "ours"}, "conversation": "none"})
        assert (created.response.metadata or {})["topic"] == "ours"
        assert created.response.id != of_turn.event.response.id


async def test_a_commit_by_hand_is_answered_while_the_user_speaks(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad", "create_response": False})
        async with client.events["input_audio_buffer.speech_started"].expect(BOUND) as started:
            await client.append_input_audio(np.concatenate((speech(), speech())))
        assert isinstance(started.event, InputAudioBufferSpeechStarted)
        committed = await client.input_audio_buffer.commit()
        assert committed.item_id


async def test_a_request_that_the_application_sends_by_hand_takes_no_other_answer(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        for number in range(20):
            await client.send({"type": "session.update", "session": {"type": "realtime", "instructions": f"{number}"}})
        updated = await client.session.update(session={"type": "realtime", "instructions": "The last."})
        assert getattr(updated.session, "instructions", None) == "The last."
        # What connecting sent was not taken for the answer either.
        assert len(service.received("session.update")) == 22


async def test_an_error_that_names_nobody_here_ends_no_request(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        told: list[ErrorEvent] = []
        client.on("error", told.append)
        await settle(client)
        details = {"type": "invalid_request_error", "code": "invalid_value", "message": "No.", "param": None}
        service.session.emit(raw({"type": "error", "error": {**details, "event_id": "of_somebody_else"}}))
        updated = await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
        assert isinstance(updated, SessionUpdated)
        assert [event.error.event_id for event in told] == ["of_somebody_else"]


async def test_an_async_handler_may_wait_for_an_answer(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        @client.on("session.updated")
        async def ask(event: SessionUpdated) -> None:
            if not answered.done():
                added = await client.conversation.item.create(item=message("From the handler"))
                answered.set_result(added.item.formatted.text)

        await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
        async with asyncio.timeout(BOUND):
            assert await answered == "From the handler"


async def test_requests_of_different_kinds_keep_the_order_of_the_calls(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        _, added, retrieved = await asyncio.gather(
            client.update_session(instructions="Briefer."),
            client.conversation.item.create(item=message("Hi", "mine")),
            client.conversation.item.retrieve(item_id="mine"),
        )
        assert added.item.id == retrieved.item.id == "mine"
        assert service.session.config["instructions"] == "Briefer."


async def test_a_tool_may_change_the_session_that_called_it(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("be_brief", {}), TextReply("Done.")])
    async with serve(responder=script) as service, service.client() as client:

        async def be_brief(arguments: Mapping[str, object]) -> str:
            await client.update_session(instructions="Be brief.")
            return str(service.session.config["instructions"])

        client.add_tool({"name": "be_brief", "parameters": {"type": "object"}}, be_brief)
        async with client.events["response.done"].expect(BOUND, predicate=speaks_last):
            await client.response.create()
        outputs = [item.formatted.output for item in client.conversation.items]
        assert "Be brief." in outputs


async def test_a_cancelled_wait_leaves_the_others_their_answers(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        item = client.conversation.item
        lost = asyncio.create_task(item.create(item=message("Lost")))
        kept = asyncio.create_task(item.create(item=message("Kept")))
        await asyncio.sleep(0)  # both have begun
        lost.cancel()
        assert (await kept).item.formatted.text == "Kept"
        with pytest.raises(asyncio.CancelledError):
            await lost
        await settle(client)
        assert len(client.conversation.items) == 2


@pytest.mark.parametrize("end", ["closed by the service", "lost", "closed here"])
async def test_a_connection_that_ends_ends_the_wait(serve: Serve, end: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        # A service that answers nothing, from the frame after the next.
        monkeypatch.setattr(service.session, "receive", swallow)
        await settle(client)
        async with client.realtime.events["client.session.update"].expect(BOUND):
            asking = asyncio.create_task(client.session.update(session={"type": "realtime"}, timeout=None))
        assert not asking.done()
        if end == "closed here":
            await client.disconnect()
        elif end == "lost":
            service.lose_line(client)
        else:
            service.session.close(1001, "going away")
        async with asyncio.timeout(BOUND):
            with pytest.raises(ConnectionClosed):
                await asking
        with pytest.raises(ConnectionClosed):
            await client.session.update(session={"type": "realtime"})


async def test_no_answer_within_the_time_is_a_timeout(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        with pytest.raises(TimeoutError, match=r"no 'session.updated' answered 'session.update' within 0 s"):
            await client.session.update(session={"type": "realtime", "instructions": "Be brief."}, timeout=0)
        # Its answer is nobody's, and the next request gets its own.
        updated = await client.session.update(session={"type": "realtime", "instructions": "Briefer."})
        assert getattr(updated.session, "instructions", None) == "Briefer."


class TestUpdateSession:
    async def test_it_returns_once_the_service_has_taken_the_change(self, serve: Serve) -> None:
        async with serve() as service, service.client() as client:
            await client.update_session(instructions="Be brief.")
            assert service.session.config["instructions"] == "Be brief."

    async def test_a_refused_change_is_raised_and_taken_back(self, serve: Serve) -> None:
        async with serve() as service:
            client = service.client()
            async with client:
                await client.update_session(turn_detection={"type": "server_vad"}, instructions="Be brief.")
                with pytest.raises(ServerError) as raised:
                    await client.update_session(
                        turn_detection={"type": "server_vad", "prefix_padding_ms": 10**9}, instructions="Be rude."
                    )
                assert raised.value.code
                assert service.session.config["instructions"] == "Be brief."
            async with client:
                await settle(client)
                assert service.session.config["instructions"] == "Be brief."

    async def test_a_refused_change_leaves_one_that_was_made_beside_it(self, serve: Serve) -> None:
        async with serve() as service:
            client = service.client()
            async with client:
                refused, taken = await asyncio.gather(
                    client.update_session(turn_detection={"type": "server_vad", "prefix_padding_ms": 10**9}),
                    client.update_session(instructions="Be brief."),
                    return_exceptions=True,
                )
                assert isinstance(refused, ServerError)
                assert taken is None
                assert client.get_turn_detection_type() is None
            async with client:
                await settle(client)
                assert service.session.config["instructions"] == "Be brief."

    async def test_a_refused_change_by_namespace_is_taken_back_too(self, serve: Serve) -> None:
        async with serve() as service, service.client() as client:
            with pytest.raises(ServerError):
                await client.session.update(
                    session={
                        "type": "realtime",
                        "audio": {"input": {"turn_detection": {"type": "server_vad", "prefix_padding_ms": 10**9}}},
                    }
                )
            assert client.get_turn_detection_type() is None

    async def test_without_a_connection_there_is_nothing_to_wait_for(self, serve: Serve) -> None:
        async with serve() as service:
            client = service.client()
            await client.update_session(instructions="Be brief.", timeout=0)
            async with client:
                await settle(client)
                assert service.session.config["instructions"] == "Be brief."
