"""Turns: text and speech in, text and speech out, cancelled, cut and deleted."""

import asyncio

import numpy as np
import pytest

from realtime_typed import UNSET, ConversationError, ServerError
from realtime_typed.audio import encode_base64
from realtime_typed.local import AudioReply, ScriptedResponder, TextReply
from realtime_typed.types import ResponseCreate
from tests.contract.support import BOUND, Serve, heard, likeness, say, settle, speaks, speech

pytestmark = pytest.mark.anyio


async def test_a_text_turn_ends_as_two_items(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(BOUND) as done:
            await client.send_user_message_content([{"type": "input_text", "text": "Hello there"}])
        assert done.event.response.status == "completed"
        user, reply = client.conversation.get_items()
        assert (user.type, user.formatted.text) == ("message", "Hello there")
        assert (reply.type, reply.formatted.text) == ("message", "Hello there")
        assert len(reply.formatted.audio) == 0


async def test_a_text_turn_can_be_answered_in_speech(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with heard(client):
            await say(client, "Hello there")
        reply = client.conversation.items[1]
        assert reply.formatted.transcript == "Hello there"
        assert reply.formatted.audio.dtype == np.int16
        assert len(reply.formatted.audio) > 4800


async def test_without_turn_detection_the_users_audio_is_committed_with_the_response(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        sent = speech()
        for start in range(0, len(sent), 4800):
            await client.append_input_audio(sent[start : start + 4800])
        async with heard(client):
            await client.create_response()
        names = [str(event["type"]) for event in service.session.received]
        assert names[-2:] == ["input_audio_buffer.commit", "response.create"]
        user, reply = client.conversation.items
        assert np.array_equal(user.formatted.audio, sent)
        service.assert_same(reply.formatted.audio, sent)


async def test_each_committed_turn_gets_its_own_audio(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        first, second = speech()[:12_000], speech()[12_000:30_000]
        for turn in (first, second):
            await client.append_input_audio(turn.tobytes())
            async with client.events["response.done"].expect(BOUND):
                await client.create_response()
        items = client.conversation.items
        assert np.array_equal(items[0].formatted.audio, first)
        assert np.array_equal(items[2].formatted.audio, second)
        async with client.events["response.done"].expect(BOUND):
            await client.create_response()
        assert len(service.received("input_audio_buffer.commit")) == 2


async def test_audio_appended_and_committed_by_namespaced_sends_becomes_the_items_audio(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        sent = speech()[:24_000]
        if service.by_track:
            async with client.events["error"].expect(BOUND) as refused:
                await client.input_audio_buffer.append(audio=encode_base64(sent.tobytes()))
            assert "input_audio_buffer.append" in refused.event.error.message
            await client.append_input_audio(sent)
        else:
            await client.input_audio_buffer.append(audio=encode_base64(sent.tobytes()))
        async with client.events["conversation.item.completed"].expect(BOUND) as done:
            await client.input_audio_buffer.commit()
        assert np.array_equal(done.event.item.formatted.audio, sent)


async def test_audio_appended_after_a_clear_is_the_next_turn(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        first, second = speech()[:12_000], speech()[12_000:30_000]
        await client.append_input_audio(first)
        # The answer to `clear` comes only after the next audio was sent; it must not take that with it.
        async with client.events["input_audio_buffer.cleared"].expect(BOUND):
            await client.send({"type": "input_audio_buffer.clear"})
            await client.append_input_audio(second)
        async with client.events["response.done"].expect(BOUND):
            await client.create_response()
        assert len(service.received("input_audio_buffer.commit")) == 1
        assert np.array_equal(client.conversation.items[0].formatted.audio, second)


async def test_audio_in_a_message_is_the_items_audio(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        sent = speech()[:24_000]
        async with client.events["response.done"].expect(BOUND):
            await client.send_user_message_content([{"type": "input_audio", "audio": sent}])
        assert np.array_equal(client.conversation.items[0].formatted.audio, sent)


async def test_with_server_vad_speech_becomes_a_turn_that_is_answered(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad"})
        sent = np.concatenate((np.zeros(12_000, np.int16), speech(), np.zeros(24_000, np.int16)))
        interrupted: list[str | None] = []
        spans: list[int] = []
        client.on("conversation.interrupted", lambda event: interrupted.append(event.item_id))
        client.on("input_audio_buffer.speech_started", lambda event: spans.append(event.audio_start_ms))
        client.on("input_audio_buffer.speech_stopped", lambda event: spans.append(event.audio_end_ms))
        async with heard(client) as done:
            for start in range(0, len(sent), 480):
                await client.append_input_audio(sent[start : start + 480])
        assert done.event.response.status == "completed"
        user, reply = client.conversation.items
        assert interrupted == [user.id]
        start, end = (milliseconds * 24 for milliseconds in spans)
        if service.by_track:
            # The track's clock began before the speech did: what was cut out is known by its length and its sound.
            assert len(user.formatted.audio) == end - start
            assert likeness(user.formatted.audio, sent) > 0.99
        else:
            assert np.array_equal(user.formatted.audio, sent[start:end])
        service.assert_same(reply.formatted.audio, user.formatted.audio)
        assert reply.formatted.transcript.startswith("(your own words")


async def test_transcription_of_speech_reaches_its_item(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(input_audio_transcription={"model": "whisper-1"})
        await client.append_input_audio(speech())
        async with client.events["conversation.item.input_audio_transcription.completed"].expect(BOUND) as done:
            await client.create_response()
        item = client.conversation.get_item(done.event.item_id)
        assert item is not None
        assert item.formatted.transcript == done.event.transcript != ""


async def test_cancelling_ends_the_response(serve: Serve) -> None:
    responder = ScriptedResponder([TextReply(" ".join(["word"] * 500))])
    async with serve(responder=responder, audio_speed=1.0) as service, service.client() as client:
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks):
            await client.create_response()
        async with client.events["response.done"].expect(BOUND) as done:
            assert await client.cancel_response() is None
        assert done.event.response.status == "cancelled"
        assert service.received("conversation.item.truncate") == []


async def test_cancelling_an_item_cuts_it_to_what_was_heard(serve: Serve) -> None:
    samples = np.random.default_rng(1).integers(-8000, 8000, 24_000 * 20, np.int16)
    responder = ScriptedResponder([AudioReply(samples, "a long story")])
    async with serve(responder=responder, audio_speed=1.0) as service, service.client() as client:
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks) as update:
            await client.create_response()
        item_id = str(update.event.item.id)
        async with client.events["conversation.item.truncated"].expect(BOUND) as truncated:
            item = await client.cancel_response(item_id, 1200)
        assert item is client.conversation.get_item(item_id)
        assert item is not None
        assert item.formatted.transcript == ""
        if service.by_track:
            # The service knows what its track has played.
            assert 0 < len(item.formatted.audio) <= truncated.event.audio_end_ms * 24
            assert service.received("conversation.item.truncate") == []
            assert service.received("output_audio_buffer.clear") == [{"type": "output_audio_buffer.clear"}]
            return
        assert truncated.event.audio_end_ms == 50
        assert np.array_equal(item.formatted.audio, samples[:1200])
        assert service.received("conversation.item.truncate") == [
            {"type": "conversation.item.truncate", "item_id": item_id, "content_index": 0, "audio_end_ms": 50}
        ]


async def test_more_samples_than_an_item_has_are_all_of_it(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with heard(client):
            await say(client, "Hello there")
        reply = client.conversation.items[1]
        assert reply.id is not None
        whole = len(reply.formatted.audio)
        cuts: list[int] = []
        client.on("conversation.item.truncated", lambda event: cuts.append(event.audio_end_ms))
        await client.cancel_response(reply.id, 10**9)
        await settle(client)
        # What a track has played to its end is not cut.
        assert cuts == ([] if service.by_track else [whole * 1000 // 24_000])
        assert whole - 24 < len(reply.formatted.audio) <= whole


async def test_only_speech_of_the_assistant_can_be_cut(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        await say(client, "Hello there")
        user, reply = client.conversation.items
        with pytest.raises(ConversationError, match="no message of the assistant"):
            await client.cancel_response(user.id, 0)
        with pytest.raises(ConversationError, match="no audio"):
            await client.cancel_response(reply.id, 0)
        with pytest.raises(ConversationError, match="not in the conversation"):
            await client.cancel_response("item_unknown", 0)
        with pytest.raises(ValueError, match="sample_count"):
            await client.cancel_response(reply.id, -1)
        await settle(client)
        assert service.received("response.cancel") == []


async def test_a_deleted_item_leaves_the_conversation(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await say(client, "Hello there")
        user, reply = client.conversation.items
        assert user.id is not None
        async with client.events["conversation.item.deleted"].expect(BOUND) as deleted:
            await client.delete_item(user.id)
        assert deleted.event.item_id == user.id
        assert client.conversation.items == [reply]
        assert client.conversation.get_item(user.id) is None


async def test_items_are_created_placed_and_retrieved_by_namespaced_sends(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        item = client.conversation.item
        for item_id, place in (("a", UNSET), ("c", UNSET), ("b", "a")):
            async with client.events["conversation.item.done"].expect(BOUND):
                await item.create(
                    item={
                        "type": "message",
                        "role": "user",
                        "id": item_id,
                        "content": [{"type": "input_text", "text": item_id.upper()}],
                    },
                    previous_item_id=place,
                )
        assert [found.id for found in client.conversation.items] == ["a", "b", "c"]
        retrieved = await item.retrieve(item_id="c", event_id="mine")
        assert retrieved.item.formatted.text == "C"
        assert service.received("conversation.item.retrieve")[0]["event_id"] == "mine"
        async with client.events["error"].expect(BOUND) as error:
            with pytest.raises(ServerError) as raised:
                await item.delete(item_id="d", event_id="wrong")
        assert raised.value.event_id == error.event.error.event_id == "wrong"


async def test_the_options_of_a_response_go_with_it_alone(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with client.events["response.done"].expect(BOUND) as done:
            await client.create_response(
                {"instructions": "Say this", "output_modalities": ["text"], "metadata": {"topic": "none"}}
            )
        assert done.event.response.metadata == {"topic": "none"}
        assert client.conversation.items[0].formatted.text == "Say this"
        async with client.events["response.done"].expect(BOUND):
            await client.response.create(response={"instructions": "And this"})
        assert client.conversation.items[1].formatted.transcript
        async with client.events["response.done"].expect(BOUND):
            await client.send(ResponseCreate())
        assert service.received("response.create")[-1] == {"type": "response.create"}
        assert service.session.config["output_modalities"] == ["audio"]


async def test_a_response_out_of_band_stays_out_of_the_conversation(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await say(client, "Hello there")
        before = client.conversation.items
        appended: list[str | None] = []
        client.on("conversation.item.appended", lambda event: appended.append(event.item.id))
        async with client.events["response.done"].expect(BOUND) as done:
            await client.create_response(
                {"conversation": "none", "output_modalities": ["text"], "instructions": "Classify", "input": []}
            )
        output = done.event.response.output
        assert output is not None
        assert [item.formatted.text for item in output] == ["Classify"]
        assert client.conversation.items == before
        found = client.conversation.get_item(str(output[0].id))
        assert found is not None
        assert found.formatted.text == "Classify"


async def test_the_next_item_and_the_next_completed_item_can_be_awaited(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        appended = asyncio.create_task(client.wait_for_next_item(BOUND))
        completed = asyncio.create_task(client.wait_for_next_completed_item(BOUND))
        await settle(client)
        await say(client, "Hello there")
        user = client.conversation.items[0]
        assert await appended is user
        assert await completed is user
        with pytest.raises(TimeoutError, match=r"conversation\.item\.appended"):
            await client.wait_for_next_item(0)
