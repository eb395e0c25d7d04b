"""Keys of a telephone, idle time-outs and the other events of the audio buffers: typed, they reach handlers."""

import json
from typing import assert_type

import pytest

from realtime_typed.types import (
    InputAudioBufferCommitted,
    InputAudioBufferDtmfEventReceived,
    InputAudioBufferSpeechStopped,
    InputAudioBufferTimeoutTriggered,
    OutputAudioBufferStarted,
    OutputAudioBufferStopped,
)
from tests.contract.support import BOUND, Serve, heard, raw, say, settle, speech

pytestmark = pytest.mark.anyio


async def test_a_key_of_a_telephone_reaches_its_handler(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        pressed: list[tuple[str, int]] = []

        @client.on("input_audio_buffer.dtmf_event_received")
        def note(event: InputAudioBufferDtmfEventReceived) -> None:
            pressed.append((event.event, event.received_at))

        async with client.events["input_audio_buffer.dtmf_event_received"].expect(
            BOUND, predicate=lambda event: event.event == "#"
        ):
            for key in ("4", "2", "#"):
                event = {"type": "input_audio_buffer.dtmf_event_received", "event": key, "received_at": 1_763_380_000}
                service.push(json.dumps(event))  # `emit` would add an id, and this one event has none
        assert pressed == [(key, 1_763_380_000) for key in ("4", "2", "#")]
        assert callable(note)


async def test_an_idle_time_out_reaches_its_handler(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(turn_detection={"type": "server_vad", "idle_timeout_ms": 6000})
        spans: list[tuple[str, int, int]] = []

        @client.on("input_audio_buffer.timeout_triggered")
        def note(event: InputAudioBufferTimeoutTriggered) -> None:
            spans.append((event.item_id, event.audio_start_ms, event.audio_end_ms))

        async with client.events["input_audio_buffer.timeout_triggered"].expect(BOUND) as triggered:
            service.session.emit(
                raw(
                    {
                        "type": "input_audio_buffer.timeout_triggered",
                        "audio_start_ms": 13_216,
                        "audio_end_ms": 19_232,
                        "item_id": "item_idle",
                    }
                )
            )
        assert spans == [("item_idle", 13_216, 19_232)]
        assert_type(triggered.event, InputAudioBufferTimeoutTriggered)
        assert callable(note)


async def test_a_commit_and_a_clear_are_told(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        committed: list[InputAudioBufferCommitted] = []
        cleared: list[str] = []
        client.on("input_audio_buffer.committed", committed.append)
        client.on("input_audio_buffer.cleared", lambda event: cleared.append(event.type))
        await client.append_input_audio(speech()[:12_000])
        await client.input_audio_buffer.commit()
        await client.input_audio_buffer.clear()
        assert [event.item_id for event in committed] == [client.conversation.items[0].id]
        assert cleared == ["input_audio_buffer.cleared"]
        assert len(service.received("input_audio_buffer.commit")) == 1


async def test_the_end_of_speech_is_told_with_its_item(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await settle(client)
        stopped: list[tuple[str, int]] = []

        @client.on("input_audio_buffer.speech_stopped")
        def note(event: InputAudioBufferSpeechStopped) -> None:
            stopped.append((event.item_id, event.audio_end_ms))

        async with client.events["input_audio_buffer.speech_stopped"].expect(BOUND):
            wire = {"type": "input_audio_buffer.speech_stopped", "audio_end_ms": 2_100, "item_id": "item_spoken"}
            service.session.emit(raw(wire))
        assert stopped == [("item_spoken", 2_100)]
        assert callable(note)


async def test_the_output_buffer_of_a_track_is_told(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        told: list[str] = []

        def note(event: OutputAudioBufferStarted | OutputAudioBufferStopped) -> None:
            told.append(f"{event.type} {event.response_id}")

        client.on("output_audio_buffer.started", note)
        client.on("output_audio_buffer.stopped", note)
        async with heard(client) as done:
            await say(client, "Hello there")
        response_id = done.event.response.id
        if not service.by_track:
            for name in ("started", "stopped"):  # other servers tell it over a WebSocket, too
                service.session.emit({"type": f"output_audio_buffer.{name}", "response_id": response_id})
            await settle(client)
        assert told == [f"output_audio_buffer.{name} {response_id}" for name in ("started", "stopped")]
