"""What a client has used, as the service reports it, and the audio of both directions."""

import numpy as np
import pytest

from realtime_typed.usage import Prices
from tests.contract.support import BOUND, Serve, Wire, heard, raw, say, settle, sound_of, speech

pytestmark = pytest.mark.anyio

PRICES: Prices = {"input_text": 4, "input_audio": 32, "output_text": 16, "output_audio": 64, "transcription_minute": 1}


async def test_tokens_count_as_the_service_reports_them(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        totals: list[int] = []
        for text in ("Hello there", "And again"):
            async with client.events["response.done"].expect(BOUND) as done:
                await client.send_text(text)
            response = done.event.response
            assert response.usage is not None
            assert response.usage.input_token_details is not None
            assert response.usage.output_token_details is not None
            one = client.usage.responses[str(response.id)]
            assert (one.status, one.total_tokens) == ("completed", response.usage.total_tokens)
            assert one.input.text == response.usage.input_token_details.text_tokens
            assert one.output.text == response.usage.output_token_details.text_tokens
            assert (one.input_audio_seconds, one.output_audio_seconds) == (0, 0)
            totals.append(one.total_tokens)
        assert client.usage.total_tokens == sum(totals) > 0
        assert client.usage.cost(PRICES) == sum(one.cost(PRICES) for one in client.usage.responses.values()) > 0


async def test_audio_counts_in_seconds_in_both_directions(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        sent = speech()
        for start in range(0, len(sent), 4800):
            await client.append_input_audio(sent[start : start + 4800])
        async with heard(client) as done:
            await client.create_response()
        reply = client.conversation.items[-1]
        one = client.usage.responses[str(done.event.response.id)]
        assert client.usage.input_audio_seconds == one.input_audio_seconds == len(sent) / 24_000
        assert client.usage.output_audio_seconds == one.output_audio_seconds
        if service.by_track:
            # A track has silence around the speech.
            assert one.output_audio_seconds >= len(sound_of(reply.formatted.audio)) / 24_000
        else:
            assert one.output_audio_seconds == len(reply.formatted.audio) / 24_000
        assert one.input.audio > 0
        assert one.output.audio > 0


async def test_audio_in_a_message_counts_as_the_users(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with client.events["response.done"].expect(BOUND):
            await client.send_user_message_content([{"type": "input_audio", "audio": np.zeros(12_000, np.int16)}])
        assert client.usage.input_audio_seconds == 0.5


async def test_transcriptions_count_apart(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(input_audio_transcription={"model": "whisper-1"})
        await client.append_input_audio(speech())
        async with client.events["conversation.item.input_audio_transcription.completed"].expect(BOUND) as done:
            await client.create_response()
        found = client.usage.transcription
        assert done.event.usage.type == "duration"
        assert (found.count, found.seconds) == (1, done.event.usage.seconds)
        assert found.cost(PRICES) > 0


async def test_an_event_that_comes_twice_counts_once(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        async with client.events["response.done"].expect(BOUND) as done:
            await say(client, "Hello there")
        total = client.usage.total_tokens
        async with client.events["response.done"].expect(BOUND):
            service.session.emit(done.event.to_wire())
        assert client.usage.total_tokens == total > 0


async def test_a_response_with_a_usage_of_any_shape_breaks_nothing(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        async with client.events["response.done"].expect(BOUND):
            usage = {"input_tokens": "12", "output_tokens": None, "input_token_details": [1]}
            response: Wire = {"id": "resp_x", "object": "realtime.response", "status": "completed", "usage": usage}
            service.session.emit(raw({"type": "response.done", "response": response}))
        assert client.usage.responses["resp_x"].input.other == 12


async def test_usage_goes_on_over_connections_until_reset(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        for turn in (1, 2):
            async with client:
                await say(client, "Hello there")
            assert len(client.usage.responses) == turn
        assert client.usage.total_tokens > 0
        await client.reset()
        assert client.usage.total_tokens == 0
