"""A session that only transcribes."""

import pytest

from realtime_typed import RealtimeClient
from realtime_typed.local import LocalServer

from .support import BOUND, speech

pytestmark = pytest.mark.anyio


async def test_what_was_appended_and_committed_is_transcribed_without_a_model() -> None:
    samples = speech()
    async with LocalServer() as server:
        client = RealtimeClient(base_url=server.base_url, api_key=server.api_key, intent="transcription")
        async with client:
            created = await client.wait_for_session_created(BOUND)
            assert created.session.type == "transcription"
            await client.append_input_audio(samples)
            transcripts = client.events["conversation.item.input_audio_transcription.completed"]
            async with transcripts.expect(BOUND) as transcribed:
                await client.input_audio_buffer.commit()
            item = client.conversation.require_item(transcribed.event.item_id)
            assert item.formatted.transcript == transcribed.event.transcript
            assert item.formatted.audio_samples == len(samples)
            updates = [event for event in server.sessions[-1].received if event["type"] == "session.update"]
            assert updates[0]["session"] == {"type": "transcription", "audio": {"input": {"turn_detection": None}}}


async def test_a_call_has_its_session_so_an_intent_beside_it_is_refused() -> None:
    client = RealtimeClient(api_key="sk-test", call_id="rtc_1", intent="transcription")
    with pytest.raises(ValueError, match="exclude each other"):
        await client.connect()
