"""Appended audio becomes turns: by commit, or by turn detection with the settings it was given."""

from collections.abc import AsyncIterator
from typing import cast

import numpy as np
import pytest

from realtime_typed.audio import Int16Array, decode_base64_pcm16, encode_audio, encode_base64
from realtime_typed.local import AudioReply, LocalServer, ScriptedResponder, TextReply, UserAudio
from tests.unit.local.support import Client, Event, client_of, error_of, item_of, response_of, types_of

pytestmark = pytest.mark.anyio

RATE = 24_000


def tone(ms: int, rate: int = RATE) -> Int16Array:
    wave: Int16Array = np.rint(8000 * np.sin(2 * np.pi * 300 * np.arange(rate * ms // 1000) / rate)).astype(np.int16)
    return wave


def silence(ms: int, rate: int = RATE) -> Int16Array:
    return np.zeros(rate * ms // 1000, np.int16)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with LocalServer() as server, client_of(server) as client:
        yield client


async def configure(client: Client, **audio_input: object) -> None:
    session = {"type": "realtime", "audio": {"input": audio_input}}
    assert (await client.ask("session.update", session=session))["type"] == "session.updated"


async def detect(client: Client, **settings: object) -> None:
    await configure(client, turn_detection={"type": "server_vad", **settings})


async def append(client: Client, *pieces: Int16Array) -> None:
    await client.send("input_audio_buffer.append", audio=encode_base64(np.concatenate(pieces).tobytes()))


async def drained(client: Client) -> list[Event]:
    """What came up to now."""
    await client.send("response.cancel", response_id="resp_no")
    return (await client.until("error"))[:-1]


async def retrieved(client: Client, item_id: object) -> Int16Array:
    item = item_of(await client.ask("conversation.item.retrieve", item_id=item_id))
    return decode_base64_pcm16(str(cast("list[Event]", item["content"])[0]["audio"]))


async def test_a_commit_makes_an_item_of_what_was_appended_and_no_response(client: Client) -> None:
    await configure(client, turn_detection=None)
    speech = tone(300)
    await append(client, speech[:1000])
    await append(client, speech[1000:])
    await client.send("input_audio_buffer.commit")
    events = await drained(client)
    names = ["input_audio_buffer.committed", "conversation.item.added", "conversation.item.done"]
    assert types_of(events) == names
    assert events[0]["item_id"] == item_of(events[1])["id"]
    assert np.array_equal(await retrieved(client, events[0]["item_id"]), speech)


async def test_less_than_100_ms_cannot_be_committed_and_stays(client: Client) -> None:
    await configure(client, turn_detection=None)
    await append(client, tone(99))
    error = error_of(await client.ask("input_audio_buffer.commit"))
    assert error["code"] == "input_audio_buffer_commit_empty"
    assert "99.00ms" in str(error["message"])
    await append(client, tone(1))
    assert (await client.ask("input_audio_buffer.commit"))["type"] == "input_audio_buffer.committed"


async def test_cleared_audio_is_not_committed(client: Client) -> None:
    await configure(client, turn_detection=None)
    await append(client, tone(500))
    assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"
    assert error_of(await client.ask("input_audio_buffer.commit"))["code"] == "input_audio_buffer_commit_empty"


async def test_samples_may_be_torn_between_appends(client: Client) -> None:
    await configure(client, turn_detection=None)
    data = tone(200).tobytes()
    for piece in (data[:1001], data[1001:]):
        await client.send("input_audio_buffer.append", audio=encode_base64(piece))
    committed = await client.ask("input_audio_buffer.commit")
    await client.until("conversation.item.done")
    assert (await retrieved(client, committed["item_id"])).tobytes() == data


async def test_g711_is_kept_and_given_back_in_its_format(client: Client) -> None:
    await configure(client, turn_detection=None, format={"type": "audio/pcmu"})
    data = encode_audio(tone(200, 8000), "audio/pcmu")
    await client.send("input_audio_buffer.append", audio=encode_base64(data))
    committed = await client.ask("input_audio_buffer.commit")
    await client.until("conversation.item.done")
    item = item_of(await client.ask("conversation.item.retrieve", item_id=committed["item_id"]))
    assert cast("list[Event]", item["content"])[0]["audio"] == encode_base64(data)


async def test_a_turn_has_the_prefix_and_the_silence_that_were_asked_for(client: Client) -> None:
    await detect(client, prefix_padding_ms=100, silence_duration_ms=300, create_response=False)
    stream = (silence(1000), tone(500), silence(1000))
    await append(client, *stream)
    events = await drained(client)
    assert types_of(events) == [
        *("input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped", "input_audio_buffer.committed"),
        *("conversation.item.added", "conversation.item.done"),
    ]
    assert (events[0]["audio_start_ms"], events[1]["audio_end_ms"]) == (900, 1800)
    turn = await retrieved(client, events[0]["item_id"])
    assert np.array_equal(turn, np.concatenate(stream)[900 * 24 : 1800 * 24])


async def test_two_turns_in_one_append_are_two_items(client: Client) -> None:
    await detect(client, create_response=False)
    await append(client, tone(300), silence(500), tone(300), silence(500))
    events = await drained(client)
    committed = [event for event in events if event["type"] == "input_audio_buffer.committed"]
    assert len({event["item_id"] for event in committed}) == 2
    assert committed[1]["previous_item_id"] == committed[0]["item_id"]


async def test_a_higher_threshold_does_not_hear_a_quiet_voice(client: Client) -> None:
    await detect(client, threshold=0.95)
    await append(client, tone(500) // 8, silence(1000))
    assert await drained(client) == []
    await detect(client, threshold=0.3)
    await append(client, tone(500) // 8, silence(1000))
    assert (await client.recv())["type"] == "input_audio_buffer.speech_started"


async def test_the_default_answer_to_speech_is_the_speech(client: Client) -> None:
    speech = tone(800)
    await append(client, speech, silence(300))
    events = await client.until("response.done")
    deltas = [decode_base64_pcm16(str(e["delta"])) for e in events if e["type"] == "response.output_audio.delta"]
    assert all(delta.size == 2400 for delta in deltas[:-1])
    heard = np.concatenate(deltas)
    assert np.array_equal(heard[: speech.size], speech)
    item = item_of(events[-2])
    assert item["content"] == [{"type": "output_audio", "transcript": "(your own words, 1.0 s)"}]


async def test_a_delta_carries_as_much_audio_as_the_server_is_told() -> None:
    async with LocalServer(audio_delta_ms=250) as server, client_of(server) as client:
        await append(client, tone(800), silence(300))
        events = await client.until("response.done")
    deltas = [decode_base64_pcm16(str(e["delta"])) for e in events if e["type"] == "response.output_audio.delta"]
    assert len(deltas) > 3
    assert all(delta.size == 6000 for delta in deltas[:-1])
    assert 0 < deltas[-1].size <= 6000


async def test_speech_interrupts_a_response() -> None:
    script = ScriptedResponder([TextReply("a long answer " * 20), TextReply("next")])
    async with LocalServer(responder=script, audio_speed=1.0) as server, client_of(server) as client:
        await client.send("response.create")
        await client.until("response.output_audio.delta")
        await append(client, tone(200))
        events = await client.until("response.done")
        started = types_of(events).index("input_audio_buffer.speech_started")
        assert types_of(events)[started + 1 :] == [
            *("response.output_audio.done", "response.output_audio_transcript.done", "response.content_part.done"),
            *("conversation.item.done", "response.output_item.done", "response.done"),
        ]
        done = response_of(events[-1])
        assert done["status"] == "cancelled"
        assert done["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
        assert cast("list[Event]", done["output"])[0]["status"] == "incomplete"
        await append(client, silence(500))
        assert response_of(await client.last("response.created"))["status"] == "in_progress"


async def test_a_response_that_may_not_be_interrupted_goes_on() -> None:
    script = ScriptedResponder([TextReply("a long answer " * 20)])
    async with LocalServer(responder=script, audio_speed=1.0) as server, client_of(server) as client:
        await detect(client, interrupt_response=False)
        await client.send("response.create")
        await client.until("response.output_audio.delta")
        await append(client, tone(200), silence(500))
        events = await client.until("error")
        assert "response.done" not in types_of(events)
        assert error_of(events[-1])["code"] == "conversation_already_has_active_response"


async def test_a_commit_during_speech_ends_the_turn(client: Client) -> None:
    await append(client, tone(300))
    started = await client.recv()
    committed = await client.ask("input_audio_buffer.commit")
    assert committed["item_id"] == started["item_id"]
    await client.until("conversation.item.done")
    await append(client, silence(1000))
    assert await drained(client) == []


async def test_the_stream_s_clock_goes_on_over_commits_and_settings(client: Client) -> None:
    await configure(client, turn_detection=None)
    await append(client, silence(1000))
    await client.send("input_audio_buffer.commit")
    await client.until("conversation.item.done")
    await detect(client, prefix_padding_ms=0)
    await append(client, silence(500), tone(100))
    assert (await client.recv())["audio_start_ms"] == 1500


async def test_semantic_turn_detection_waits_longer_when_it_is_less_eager(client: Client) -> None:
    await configure(client, turn_detection={"type": "semantic_vad", "eagerness": "low", "create_response": False})
    await append(client, tone(300), silence(1000))
    assert types_of(await drained(client)) == ["input_audio_buffer.speech_started"]
    await append(client, silence(1000))
    assert (await client.recv())["type"] == "input_audio_buffer.speech_stopped"


async def test_silence_after_a_response_triggers_the_idle_timeout_once() -> None:
    script = ScriptedResponder([AudioReply(tone(1000), "are you there?"), TextReply("hello?")])
    async with LocalServer(responder=script) as server, client_of(server) as client:
        await detect(client, idle_timeout_ms=5000)
        await append(client, silence(6000))
        assert await drained(client) == []  # nothing was answered yet
        await client.send("response.create")
        await client.until("response.done")
        await append(client, silence(5900))
        assert await drained(client) == []  # the user hears the answer for one second
        await append(client, silence(200))
        events = await client.until("response.done")
        assert types_of(events)[:5] == [
            *("input_audio_buffer.timeout_triggered", "input_audio_buffer.committed"),
            *("conversation.item.added", "conversation.item.done", "response.created"),
        ]
        assert (events[0]["audio_start_ms"], events[0]["audio_end_ms"]) == (7000, 12_100)


async def test_transcripts_come_from_the_function_that_was_given() -> None:
    def transcribe(audio: UserAudio) -> str:
        return f"{audio.samples.size} samples at {audio.rate}."

    async with LocalServer(transcribe=transcribe) as server, client_of(server) as client:
        await configure(client, turn_detection=None, transcription={"model": "whisper-1"})
        await append(client, tone(200))
        await client.send("input_audio_buffer.commit")
        completed = await client.last("conversation.item.input_audio_transcription.completed")
        assert completed["transcript"] == "4800 samples at 24000."
        assert completed["usage"] == {"type": "duration", "seconds": 1}
        item = item_of(await client.ask("conversation.item.retrieve", item_id=completed["item_id"]))
        assert cast("list[Event]", item["content"])[0]["transcript"] == "4800 samples at 24000."


async def test_a_transcription_that_raises_is_reported_as_failed() -> None:
    def transcribe(audio: UserAudio) -> str:
        raise ValueError("mumbling")

    async with LocalServer(transcribe=transcribe) as server, client_of(server) as client:
        await configure(client, turn_detection=None, transcription={"model": "whisper-1"})
        await append(client, tone(200))
        await client.send("input_audio_buffer.commit")
        failed = await client.last("conversation.item.input_audio_transcription.failed")
        assert "mumbling" in str(failed["error"])


async def test_the_buffer_is_bounded_without_turn_detection_and_trims_silence_with_it() -> None:
    async with LocalServer(max_audio_seconds=2) as server, client_of(server) as client:
        for _ in range(5):
            await append(client, silence(1000))
        assert await drained(client) == []
        committed = await client.ask("input_audio_buffer.commit")
        await client.until("conversation.item.done")
        assert (await retrieved(client, committed["item_id"])).size <= 2 * RATE
        await configure(client, turn_detection=None)
        for _ in range(2):
            await append(client, silence(1000))
        await append(client, silence(100))
        assert error_of(await client.recv())["code"] == "input_audio_buffer_full"
