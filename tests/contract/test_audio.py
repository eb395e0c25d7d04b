"""One surface for audio: what the application appends, and the model's speech as it comes, over every transport."""

import asyncio
from collections.abc import Callable
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from realtime_typed import ConnectionClosed, OutputAudio, RealtimeClient
from realtime_typed._client_media import AudioOutput
from realtime_typed.audio import AudioData, encode_base64, pcm16_bytes
from realtime_typed.local import AudioReply, ScriptedResponder, TextReply
from tests.contract.support import BOUND, Samples, Serve, Wire, heard, likeness, say, settle, sound_of, speaks, speech

pytestmark = pytest.mark.anyio

NOISE: Samples = np.random.default_rng(1).integers(-8000, 8000, 24_000 * 20, np.int16)


def tone(rate: int, hertz: float = 440.0, seconds: float = 0.6) -> npt.NDArray[np.float32]:
    """A tone between silences of 50 ms, float32 at half of full scale, shape (n,)."""
    silence = np.zeros(rate // 20)
    sound = 0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)
    return np.concatenate((silence, sound, silence)).astype(np.float32)


def pitch(samples: Samples) -> float:
    """The loudest frequency of 24 kHz audio, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 18))
    return float(np.argmax(spectrum)) * 24_000 / (1 << 18)


def longest_silence(samples: Samples) -> int:
    """The length of the longest gap in a sound, in samples."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 1000)
    return int(np.diff(loud).max())


async def taken(stream: AudioOutput, samples: int) -> list[OutputAudio]:
    """The next pieces, until there are so many samples."""
    pieces: list[OutputAudio] = []
    async with asyncio.timeout(BOUND):
        while sum(len(piece.samples) for piece in pieces) < samples:
            pieces.append(await anext(stream))
    return pieces


def joined(pieces: list[OutputAudio]) -> Samples:
    return np.concatenate([piece.samples for piece in pieces])


async def test_the_models_speech_comes_in_typed_pieces_that_are_the_items_audio(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        stream = client.audio_output
        async with heard(client) as done:
            await client.send_user_message_content([{"type": "input_text", "text": "Hello there"}])
        reply = client.conversation.items[1]
        pieces = await taken(stream, len(reply.formatted.audio))
        for piece in pieces:
            assert isinstance(piece, OutputAudio)
            assert piece.samples.dtype == np.int16
            assert piece.samples.ndim == 1
            assert (piece.sample_rate, piece.item_id) == (24_000, reply.id)
            assert piece.response_id == done.event.response.id
        assert len(pieces) > 1
        assert np.array_equal(joined(pieces), reply.formatted.audio)


async def test_the_pieces_of_two_replies_are_told_apart(serve: Serve) -> None:
    first, second = speech()[12_000:24_000], speech()[24_000:40_000]
    script = ScriptedResponder([AudioReply(first, "first"), AudioReply(second, "second")])
    async with serve(responder=script) as service, service.client() as client:
        stream = client.audio_output
        for _ in range(2):
            async with heard(client):
                await client.create_response()
        items = client.conversation.items
        pieces = await taken(stream, sum(len(item.formatted.audio) for item in items))
        for item, wanted in zip(items, (first, second), strict=True):
            found = joined([piece for piece in pieces if piece.item_id == item.id])
            assert np.array_equal(found, item.formatted.audio)
            service.assert_same(found, wanted)


async def test_every_reader_of_the_speech_gets_all_of_it_from_where_it_began(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        early, other = client.audio_output, client.audio_output
        async with heard(client):
            await say(client, "Hello there")
        late = client.audio_output
        whole = client.conversation.items[1].formatted.audio
        assert np.array_equal(joined(await taken(early, len(whole))), whole)
        assert np.array_equal(joined(await taken(other, len(whole))), whole)
        await client.disconnect()
        assert [piece async for piece in late] == []
        assert [piece async for piece in client.audio_output] == []


async def test_the_stream_of_the_speech_ends_with_the_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        stream = client.audio_output
        async with heard(client):
            await say(client, "Hello there")
        whole = client.conversation.items[1].formatted.audio
        await client.disconnect()
        async with asyncio.timeout(BOUND):
            assert np.array_equal(joined([piece async for piece in stream]), whole)
        assert await service.leftovers() == []


async def test_the_stream_of_the_speech_raises_when_the_line_is_lost(serve: Serve) -> None:
    script = ScriptedResponder([AudioReply(NOISE, "a long story")])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        stream = client.audio_output
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks):
            await client.create_response()
        service.lose_line(client)
        with pytest.raises(ConnectionClosed) as caught:
            await taken(stream, len(NOISE))
        assert caught.value.code == 1006


async def test_a_client_may_leave_in_the_middle_of_a_reply(serve: Serve) -> None:
    script = ScriptedResponder([AudioReply(NOISE, "a long story")])
    async with serve(responder=script, audio_speed=1.0) as service:
        client = service.client()
        completed: list[str | None] = []
        client.on("conversation.item.completed", lambda event: completed.append(event.item.id))
        await client.connect()
        stream = client.audio_output
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks) as update:
            await client.create_response()
        await client.disconnect()
        async with asyncio.timeout(BOUND):
            pieces = [piece async for piece in stream]
        assert 0 < len(joined(pieces)) < len(NOISE)
        assert {piece.item_id for piece in pieces} == {update.event.item.id}
        assert completed == []
        assert await service.leftovers() == []


async def test_what_waits_for_the_track_ends_with_the_connection(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        await client.connect()
        await client.append_input_audio(NOISE)
        # A track has room for 30 s of what was not sent yet, and the response waits until all of it was.
        appending = asyncio.create_task(client.append_input_audio(NOISE))
        responding = asyncio.create_task(client.create_response())
        await asyncio.sleep(0)  # one turn of the loop: both have begun
        await client.disconnect()
        async with asyncio.timeout(BOUND):
            appended, response = await asyncio.gather(appending, responding, return_exceptions=True)
        assert isinstance(appended, ConnectionClosed) or (appended is None and not service.by_track)
        assert isinstance(response, ConnectionClosed)


async def test_what_was_cancelled_is_not_handed_out_any_more(serve: Serve) -> None:
    script = ScriptedResponder([AudioReply(NOISE, "a long story"), TextReply("Yes?")])
    async with serve(responder=script, audio_speed=1.0) as service, service.client() as client:
        stream = client.audio_output
        async with client.events["conversation.updated"].expect(BOUND, predicate=speaks) as update:
            await client.create_response()
        cancelled = str(update.event.item.id)
        async with client.events["response.done"].expect(BOUND) as done:
            # A piece that the service sent before it heard of the cancellation is on its way.
            service.session.emit(
                {
                    "type": "response.output_audio.delta",
                    "response_id": (await anext(stream)).response_id,
                    "item_id": cancelled,
                    "output_index": 0,
                    "content_index": 0,
                    "delta": "AAAA",
                }
            )
            await client.cancel_response(cancelled, 240)
        assert done.event.response.status == "cancelled"
        async with heard(client):
            await client.create_response()
        reply = client.conversation.items[-1]
        pieces = await taken(stream, len(reply.formatted.audio))
        assert {piece.item_id for piece in pieces} == {reply.id}
        assert np.array_equal(joined(pieces), reply.formatted.audio)


@pytest.mark.parametrize("conversation", ["conv_1", None])
async def test_a_cancel_takes_the_response_that_began_but_none_out_of_band(
    serve: Serve, conversation: str | None
) -> None:
    async with serve() as service, service.client() as client:
        stream = client.audio_output
        await settle(client)
        response: Wire = {"object": "realtime.response", "id": "resp_1", "conversation_id": conversation}
        async with client.events["response.created"].expect(BOUND):
            service.session.emit({"type": "response.created", "response": response})
        await client.cancel_response()
        place = {"item_id": "item_1", "output_index": 0, "content_index": 0}
        for response_id in ("resp_1", "resp_2"):
            service.session.emit(
                {"type": "response.output_audio.delta", "response_id": response_id, **place, "delta": "AAAA"}
            )
        await settle(client)
        await client.disconnect()
        handed_out = [piece.response_id async for piece in stream]
        assert handed_out == (["resp_1", "resp_2"] if conversation is None else ["resp_2"])


async def test_there_is_a_remote_track_where_audio_comes_over_one(serve: Serve) -> None:
    async with serve() as service:
        client = service.client()
        with pytest.raises(RuntimeError, match="webrtc"):
            _ = client.remote_audio_track
        async with client:
            if service.by_track:
                assert client.remote_audio_track is client.remote_audio_track
                assert client.remote_audio_track.kind == "audio"
            else:
                with pytest.raises(RuntimeError, match="webrtc"):
                    _ = client.remote_audio_track


def as_bytes(samples: npt.NDArray[np.float32]) -> AudioData:
    return as_int16(samples).tobytes()


def as_int16(samples: npt.NDArray[np.float32]) -> Samples:
    return (samples * 32_767).astype(np.int16)


def as_float32(samples: npt.NDArray[np.float32]) -> AudioData:
    return samples


@pytest.mark.parametrize(
    ("rate", "shape"),
    [(8000, as_bytes), (16_000, as_int16), (24_000, as_float32), (48_000, as_float32), (48_000, as_bytes)],
    ids=lambda value: getattr(value, "__name__", None),
)
async def test_audio_of_any_rate_and_shape_comes_back_with_its_pitch_and_length(
    serve: Serve, rate: int, shape: Callable[[npt.NDArray[np.float32]], AudioData]
) -> None:
    async with serve() as service, service.client() as client:
        whole = tone(rate)
        for start in range(0, len(whole), rate // 25):
            await client.append_input_audio(shape(whole[start : start + rate // 25]), sample_rate=rate)
        async with heard(client):
            await client.create_response()
        user, reply = client.conversation.items
        for item in (user, reply):
            sound = sound_of(item.formatted.audio)
            assert abs(pitch(sound) - 440) < 0.02 * 440
            assert abs(len(sound) - 0.6 * 24_000) < 0.06 * 24_000
            assert longest_silence(sound) < 0.04 * 24_000
        assert likeness(reply.formatted.audio, user.formatted.audio) > 0.99


async def test_each_turn_of_a_spoken_conversation_has_its_own_audio(serve: Serve) -> None:
    # The stream is read at the end; to a client that interrupts, a reply that was not read yet was not heard.
    async with serve() as service, service.client(interruption=False) as client:
        await client.update_session(turn_detection={"type": "server_vad"})
        stream = client.audio_output
        for hertz in (440, 880):
            async with heard(client):
                await client.append_input_audio(tone(24_000, hertz))
                await client.append_input_audio(np.zeros(24_000, np.int16))
        items = client.conversation.items
        assert [getattr(item, "role", None) for item in items] == ["user", "assistant"] * 2
        for item, hertz in zip(items, (440, 440, 880, 880), strict=True):
            sound = sound_of(item.formatted.audio)
            assert abs(pitch(sound) - hertz) < 0.02 * hertz
            assert abs(len(sound) - 0.6 * 24_000) < 0.06 * 24_000
        replies = items[1::2]
        pieces = await taken(stream, sum(len(reply.formatted.audio) for reply in replies))
        assert list(dict.fromkeys(piece.item_id for piece in pieces)) == [reply.id for reply in replies]


@pytest.mark.parametrize(
    ("data", "rate", "error", "text"),
    [
        ("AAAA", None, TypeError, "must be bytes"),
        (np.zeros((480, 2), np.int16), None, ValueError, "mono|shape|channel"),
        (b"\0\0\0", 16_000, ValueError, "half|odd|multiple|sample"),
        (b"\0\0", 0, ValueError, "sample_rate"),
        (b"\0\0", -24_000, ValueError, "sample_rate"),
    ],
)
async def test_what_is_no_audio_is_refused_and_nothing_is_sent(
    serve: Serve, data: object, rate: int | None, error: type[Exception], text: str
) -> None:
    async with serve() as service, service.client() as client:
        with pytest.raises(error, match=text):
            await client.append_input_audio(cast("AudioData", data), sample_rate=rate)
        await settle(client)
        assert service.received("input_audio_buffer.append") == []
        await append_a_turn(client)
        assert len(sound_of(client.conversation.items[0].formatted.audio)) > 4000


async def append_a_turn(client: RealtimeClient) -> None:
    await client.append_input_audio(speech()[12_000:18_000])
    async with client.events["conversation.item.completed"].expect(BOUND):
        await client.input_audio_buffer.commit()


async def test_an_item_with_ten_seconds_of_audio_can_be_retrieved(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.wait_for_session_created(BOUND)
        part = {"type": "input_audio", "audio": encode_base64(pcm16_bytes(NOISE[:240_000])), "transcript": None}
        item = {"id": "item_long", "type": "message", "role": "user", "status": "completed", "content": [part]}
        async with client.events["conversation.item.retrieved"].expect(BOUND):
            service.session.emit({"type": "conversation.item.retrieved", "item": item})
        assert np.array_equal(client.conversation.require_item("item_long").formatted.audio, NOISE[:240_000])
