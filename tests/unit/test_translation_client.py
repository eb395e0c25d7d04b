"""`TranslationClient`: frames of 200 ms, the end in good order, events; over a memory line and `LocalServer`."""

import asyncio
import base64
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Final, cast

import numpy as np
import pytest

from realtime_typed import ConnectionClosed, EventValidationError, TranslationClient, UnknownEvent
from realtime_typed.local import LocalServer
from realtime_typed.translation import (
    ErrorEvent,
    SessionClose,
    SessionClosed,
    SessionCreated,
    SessionOutputAudioDelta,
    SessionUpdated,
    TranslationCodec,
)
from realtime_typed.translation_client import FRAME_BYTES
from realtime_typed.transports.memory import MemoryTransport, memory_pair

pytestmark = pytest.mark.anyio

BOUND = 10.0
SESSION: dict[str, object] = {
    "id": "sess_1",
    "type": "translation",
    "expires_at": 1_700_000_000,
    "model": "gpt-realtime-translate",
    "audio": {"output": {"language": "en"}},
}


class Line:
    """A client over a memory transport, and the service's end of it in the test's hand."""

    def __init__(self) -> None:
        self.mine, self.peer = memory_pair()
        self.client = TranslationClient(transport=self.transport)

    def transport(self) -> MemoryTransport:
        return self.mine

    async def say(self, **event: object) -> None:
        await self.peer.send(json.dumps({"event_id": "event_1", **event}))

    async def heard(self) -> dict[str, object]:
        async with asyncio.timeout(BOUND):
            return cast("dict[str, object]", json.loads(await self.peer.recv()))

    async def answer_close(self) -> list[dict[str, object]]:
        """Take frames up to `session.close`, answer it, and return what came."""
        frames: list[dict[str, object]] = []
        while not frames or frames[-1]["type"] != "session.close":
            frames.append(await self.heard())
        await self.say(type="session.closed")
        return frames


def audio_of(frame: dict[str, object]) -> bytes:
    assert frame["type"] == "session.input_audio_buffer.append"
    return base64.b64decode(str(frame["audio"]))


# Audio.


async def test_chunks_of_any_length_go_out_as_frames_of_200_ms() -> None:
    line = Line()
    await line.client.connect()
    audio = bytes(range(256)) * 100  # 25,600 bytes: two frames and a part
    for start in range(0, len(audio), 1000):
        await line.client.append_input_audio(audio[start : start + 1000])
    first, second = await line.heard(), await line.heard()
    assert audio_of(first) + audio_of(second) == audio[: 2 * FRAME_BYTES]
    await line.client.flush_input_audio()
    rest = audio_of(await line.heard())
    assert rest == audio[2 * FRAME_BYTES :].ljust(FRAME_BYTES, b"\0")
    await line.client.disconnect()


async def test_samples_are_sent_as_little_endian_bytes() -> None:
    line = Line()
    await line.client.connect()
    samples = np.arange(FRAME_BYTES // 2, dtype=np.int16)
    await line.client.append_input_audio(samples)
    assert audio_of(await line.heard()) == samples.astype("<i2").tobytes()
    await line.client.disconnect()


async def test_a_slow_line_holds_the_sender_back() -> None:
    mine, peer = memory_pair(max_queue=1)
    client = TranslationClient(transport=lambda: mine)
    await client.connect()
    sending = asyncio.create_task(client.append_input_audio(bytes(FRAME_BYTES * 3)))
    async with asyncio.timeout(BOUND):
        for _ in range(2):
            await peer.recv()
            assert not sending.done()
        await peer.recv()
        await sending
    await client.disconnect()


@pytest.mark.parametrize(
    ("audio", "error", "message"),
    [
        (b"\0\0\0", ValueError, "whole 16-bit samples, got 3 bytes"),
        (np.zeros(4, dtype=np.float32), TypeError, "got float32"),
        ("AAAA", TypeError, "got str"),
    ],
)
async def test_what_is_no_pcm_is_refused(audio: bytes, error: type[Exception], message: str) -> None:
    line = Line()
    await line.client.connect()
    with pytest.raises(error, match=message):
        await line.client.append_input_audio(audio)
    await line.client.disconnect()


async def test_audio_of_an_earlier_connection_is_not_sent_in_the_next() -> None:
    lines = [memory_pair(), memory_pair()]
    ends = iter([mine for mine, _ in lines])
    client = TranslationClient(transport=lambda: next(ends))
    await client.connect()
    await client.append_input_audio(b"\1\1")
    await client.disconnect()
    await client.connect()
    await client.append_input_audio(bytes(FRAME_BYTES))
    async with asyncio.timeout(BOUND):
        assert audio_of(json.loads(await lines[1][1].recv())) == bytes(FRAME_BYTES)
    await client.disconnect()


# The end.


async def test_close_sends_the_rest_and_waits_for_the_answer() -> None:
    line = Line()
    await line.client.connect()
    await line.client.append_input_audio(b"\1\2")
    answering = asyncio.create_task(line.answer_close())
    async with asyncio.timeout(BOUND):
        await line.client.close()
    assert [frame["type"] for frame in await answering] == ["session.input_audio_buffer.append", "session.close"]
    assert not line.client.is_connected()


async def test_close_ends_the_connection_when_no_answer_comes() -> None:
    line = Line()
    await line.client.connect()
    with pytest.raises(TimeoutError):
        await line.client.close(timeout=0.05)
    assert not line.client.is_connected()


async def test_close_tells_when_the_connection_was_lost_before_the_answer() -> None:
    line = Line()
    await line.client.connect()

    async def lose() -> None:
        await line.heard()
        line.peer.abort()

    losing = asyncio.create_task(lose())
    with pytest.raises(ConnectionClosed):
        await line.client.close(timeout=BOUND)
    await losing


async def test_the_block_ends_in_good_order_or_at_once_after_an_error() -> None:
    line = Line()
    answering: asyncio.Task[list[dict[str, object]]]
    async with line.client:
        answering = asyncio.create_task(line.answer_close())
    assert [frame["type"] for frame in await answering] == ["session.close"]
    other = Line()
    with pytest.raises(KeyError):
        async with other.client:
            raise KeyError("mine")
    with pytest.raises(ConnectionClosed):
        await other.peer.recv()


SENDS: Final[dict[str, Callable[[TranslationClient], Awaitable[None]]]] = {
    "audio": lambda client: client.append_input_audio(b"\0\0"),
    "event": lambda client: client.send(SessionClose()),
    "update": lambda client: client.update_session(language="es"),
}


@pytest.mark.parametrize("kind", SENDS)
async def test_nothing_can_be_sent_without_a_connection(kind: str) -> None:
    client = TranslationClient()
    with pytest.raises(ConnectionClosed, match="not connected"):
        await SENDS[kind](client)
    await client.close()
    await client.disconnect()


# Events.


async def test_events_reach_handlers_waiters_and_iterators_and_the_session_is_kept() -> None:
    line = Line()
    deltas: list[str] = []
    line.client.on("session.output_transcript.delta", lambda event: deltas.append(event.delta))
    await line.client.connect()
    before: object = line.client.session
    assert before is None
    stream = aiter(line.client)
    async with line.client.events["session.updated"].expect(BOUND) as updated:
        await line.say(type="session.created", session=SESSION)
        await line.say(type="session.output_transcript.delta", delta="Ho", elapsed_ms=200)
        await line.say(type="session.output_transcript.delta", delta="la")
        await line.say(type="brand.new")
        await line.say(type="session.updated", session=SESSION | {"audio": {"output": {"language": "es"}}})
    assert deltas == ["Ho", "la"]
    assert line.client.session is updated.event.session
    await line.peer.close()
    async with asyncio.timeout(BOUND):
        kinds = [type(event) for event in [event async for event in stream]]
    assert (kinds[0], kinds[3], kinds[4]) == (SessionCreated, UnknownEvent, SessionUpdated)


async def test_a_frame_that_is_no_event_is_reported_and_skipped() -> None:
    line = Line()
    found: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(context["message"]))
    await line.client.connect()
    async with line.client.events["error"].expect(BOUND) as error:
        await line.peer.send("no JSON")
        await line.say(type="error", error={"type": "invalid_request_error", "message": "No."})
    assert isinstance(error.event, ErrorEvent)
    assert found == ["a frame of the service was skipped"]
    await line.client.disconnect()


async def test_an_update_holds_what_was_given_and_nothing_else() -> None:
    line = Line()
    await line.client.connect()
    await line.client.update_session(language="es")
    await line.client.update_session(transcription=None, noise_reduction={"type": "near_field"})
    await line.client.update_session(transcription="gpt-realtime-whisper")
    assert [await line.heard() for _ in range(3)] == [
        {"type": "session.update", "session": {"audio": {"output": {"language": "es"}}}},
        {
            "type": "session.update",
            "session": {"audio": {"input": {"transcription": None, "noise_reduction": {"type": "near_field"}}}},
        },
        {
            "type": "session.update",
            "session": {"audio": {"input": {"transcription": {"model": "gpt-realtime-whisper"}}}},
        },
    ]
    await line.client.disconnect()


# The whole of it, over real sockets.


async def test_a_recording_is_translated_by_the_local_server() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        client = TranslationClient(api_key=server.api_key, base_url=server.base_url)
        heard: list[SessionOutputAudioDelta] = []
        closed: list[SessionClosed] = []
        client.on("session.output_audio.delta", heard.append)
        client.on("session.closed", closed.append)
        async with client:
            assert "connected" in repr(client)
            async with client.events["session.updated"].expect(BOUND) as updated:
                await client.update_session(language="es")
            audio = updated.event.session.audio
            assert audio.output is not None
            assert audio.output.language == "es"
            await client.append_input_audio(bytes(FRAME_BYTES * 3 + 100))
        assert len(closed) == 1
        assert heard


def test_the_codec_writes_audio_under_this_protocols_name() -> None:
    frame = json.loads(TranslationCodec().encode_audio(b"\0\1"))
    assert frame == {"type": "session.input_audio_buffer.append", "audio": "AAE="}
    with pytest.raises(EventValidationError):
        TranslationCodec("strict").encode({"type": "input_audio_buffer.append", "audio": ""})


async def test_a_second_connect_is_refused_and_leaves_the_first() -> None:
    line = Line()
    await line.client.connect()
    with pytest.raises(RuntimeError, match="already connected"):
        await line.client.connect()
    assert line.client.is_connected()
    await line.client.disconnect()


async def test_a_send_that_waits_for_another_fails_when_the_connection_ends() -> None:
    mine, peer = memory_pair(max_queue=1)
    client = TranslationClient(transport=lambda: mine)
    await client.connect()
    first = asyncio.create_task(client.append_input_audio(bytes(FRAME_BYTES * 3)))
    second = asyncio.create_task(client.send(SessionClose()))
    async with asyncio.timeout(BOUND):
        await peer.recv()
        await client.disconnect()
        failed = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(error) for error in failed] == [ConnectionClosed, ConnectionClosed]


async def test_debug_logs_frames_both_ways_without_audio(caplog: pytest.LogCaptureFixture) -> None:
    mine, peer = memory_pair()
    client = TranslationClient(transport=lambda: mine, debug=True)
    with caplog.at_level(logging.DEBUG, "realtime_typed.translation"):
        await client.connect()
        await client.append_input_audio(b"\1\2" * (FRAME_BYTES // 2))
        async with client.events["session.created"].expect(BOUND):
            await peer.send(json.dumps({"type": "session.created", "event_id": "e", "session": SESSION}))
        await client.disconnect()
    sent, received = (record.getMessage() for record in caplog.records)
    assert sent.startswith("sent ")
    assert "session.input_audio_buffer.append" in sent
    assert base64.b64encode(b"\1\2" * 30).decode() not in sent
    assert received.startswith("received ")
    assert "gpt-realtime-translate" in received


async def test_an_authorization_of_the_applications_own_asks_for_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    async with LocalServer() as server:
        headers = {"Authorization": f"Bearer {server.api_key}"}
        client = TranslationClient(base_url=server.base_url, extra_headers=headers)
        async with asyncio.timeout(BOUND):
            await client.connect()
            await client.disconnect()
