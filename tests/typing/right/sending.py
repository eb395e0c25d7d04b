"""Sends: models, dicts, the namespaced methods, and the session's configuration."""

from typing import assert_type

import numpy as np
import numpy.typing as npt

from realtime_typed import UNSET, RealtimeClient, UnknownEvent
from realtime_typed.types import (
    AudioFormatPcm,
    ClientEventParam,
    ConversationItemCreate,
    ConversationItemTruncate,
    FunctionCallOutputItem,
    FunctionTool,
    InputAudioBufferAppend,
    InputAudioBufferCommit,
    InputTextPart,
    RealtimeSessionConfig,
    RealtimeSessionConfigParam,
    ResponseCancel,
    ResponseConfig,
    ResponseCreate,
    SemanticVad,
    ServerVad,
    SessionAudioConfig,
    SessionAudioInputConfig,
    SessionAudioOutputConfig,
    SessionUpdate,
    TranscriptionSessionConfig,
    UserMessageItem,
)


async def models(client: RealtimeClient) -> None:
    await client.send(ResponseCreate())
    await client.send(ResponseCreate(event_id="event_1", response=ResponseConfig(output_modalities=["text"])))
    await client.send(ResponseCancel(response_id="resp_1"))
    await client.send(InputAudioBufferAppend(audio="AAAA"))
    await client.send(InputAudioBufferCommit())
    await client.send(ConversationItemTruncate(item_id="item_1", content_index=0, audio_end_ms=1500))
    await client.send(ConversationItemCreate(item=FunctionCallOutputItem(call_id="call_1", output="{}")))
    await client.send(ConversationItemCreate(item=UserMessageItem(content=[InputTextPart(text="Hello!")])))
    await client.send(
        SessionUpdate(
            session=RealtimeSessionConfig(
                instructions="Be brief.",
                audio=SessionAudioConfig(
                    input=SessionAudioInputConfig(format=AudioFormatPcm(rate=24000), turn_detection=None),
                    output=SessionAudioOutputConfig(voice="marin"),
                ),
                tools=[FunctionTool(name="get_weather", description="The weather.", parameters={"type": "object"})],
                tool_choice="auto",
                max_output_tokens="inf",
            )
        )
    )
    await client.send(SessionUpdate(session=TranscriptionSessionConfig()))
    # An event of tomorrow.
    await client.send(UnknownEvent("response.pause", {"type": "response.pause"}))


async def dicts(client: RealtimeClient) -> None:
    await client.send({"type": "response.create"})
    await client.send({"type": "response.create", "response": {"output_modalities": ["text"], "metadata": {"a": "b"}}})
    await client.send({"type": "input_audio_buffer.append", "audio": "AAAA", "event_id": "event_1"})
    await client.send(
        {
            "type": "session.update",
            "session": {
                "type": "realtime",
                "instructions": "Be brief.",
                "audio": {
                    "input": {
                        "format": {"type": "audio/pcm", "rate": 24000},
                        "turn_detection": {"type": "server_vad", "threshold": 0.5, "silence_duration_ms": 300},
                        "transcription": {"model": "whisper-1", "language": "en"},
                    },
                    "output": {"voice": {"id": "voice_1"}},
                },
                "tools": [{"type": "function", "name": "get_weather", "parameters": {"type": "object"}}],
            },
        }
    )
    await client.send(
        {
            "type": "session.update",
            "session": {"type": "realtime", "audio": {"input": {"turn_detection": None, "noise_reduction": None}}},
        }
    )
    await client.send(
        {
            "type": "conversation.item.create",
            "item": {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello!"}]},
        }
    )
    # Named, to be built in steps.
    later: ClientEventParam = {"type": "conversation.item.delete", "item_id": "item_1"}
    await client.send(later)
    session: RealtimeSessionConfigParam = {"type": "realtime"}
    session["instructions"] = "Be brief."
    await client.send({"type": "session.update", "session": session})


async def namespaces(client: RealtimeClient) -> None:
    await client.response.create()
    await client.response.create(response={"instructions": "Say hello.", "conversation": "none"})
    await client.response.create(response=ResponseConfig(instructions="Say hello."), event_id="event_1")
    await client.response.cancel(response_id="resp_1")
    await client.input_audio_buffer.append(audio="AAAA")
    await client.input_audio_buffer.commit()
    await client.input_audio_buffer.clear(event_id=UNSET)
    await client.output_audio_buffer.clear()
    await client.session.update(session={"type": "realtime", "output_modalities": ["audio"]})
    await client.conversation.item.create(
        item={"type": "function_call_output", "call_id": "call_1", "output": "sunny"}, previous_item_id="root"
    )
    await client.conversation.item.truncate(item_id="item_1", content_index=0, audio_end_ms=0)
    await client.conversation.item.retrieve(item_id="item_1")
    await client.conversation.item.delete(item_id="item_1")


async def session_fields(client: RealtimeClient) -> None:
    await client.update_session(voice="marin", instructions="Be brief.")
    await client.update_session(voice={"id": "voice_1"})
    await client.update_session(turn_detection=None)
    await client.update_session(turn_detection={"type": "server_vad", "threshold": 0.4, "idle_timeout_ms": None})
    await client.update_session(turn_detection={"type": "semantic_vad", "eagerness": "low"})
    await client.update_session(input_audio_format="pcm16", output_audio_format="g711_ulaw")
    await client.update_session(input_audio_format={"type": "audio/pcma"})
    await client.update_session(modalities=["text", "audio"], max_response_output_tokens=200)
    await client.update_session(output_modalities=["text"], max_output_tokens="inf", parallel_tool_calls=False)
    await client.update_session(input_audio_transcription={"model": "whisper-1"})
    await client.update_session(input_audio_transcription=None)
    await client.update_session(input_audio_noise_reduction={"type": "near_field"})
    await client.update_session(audio={"input": {"turn_detection": None}, "output": {"voice": "cedar", "speed": 1.1}})
    await client.update_session(tools=[{"type": "function", "name": "f"}], tool_choice="required")
    await client.update_session(tool_choice={"type": "function", "name": "f"}, truncation="auto", tracing=None)
    await client.update_session({"type": "realtime", "instructions": "Be brief."}, voice="marin")
    await client.update_session(RealtimeSessionConfig(instructions="Be brief."))
    await client.update_session(RealtimeSessionConfig(audio=SessionAudioConfig(input=vad(0.5))))
    assert_type(client.get_turn_detection_type(), str | None)


def vad(threshold: float | None) -> SessionAudioInputConfig:
    detection = SemanticVad() if threshold is None else ServerVad(threshold=threshold)
    return SessionAudioInputConfig(turn_detection=detection)


async def messages(client: RealtimeClient, int16: npt.NDArray[np.int16], float32: npt.NDArray[np.float32]) -> None:
    await client.send_user_message_content([{"type": "input_text", "text": "Hello!"}])
    await client.send_user_message_content([InputTextPart(text="Hello!")])
    await client.send_user_message_content(
        [
            {"type": "input_text", "text": "What is this?"},
            {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
            {"type": "input_audio", "audio": "AAAA"},
            {"type": "input_audio", "audio": int16},
        ]
    )
    await client.send_user_message_content([{"type": "input_audio", "audio": b"\x00\x00"}])
    await client.send_user_message_content()


async def audio(client: RealtimeClient, int16: npt.NDArray[np.int16], float32: npt.NDArray[np.float32]) -> None:
    await client.append_input_audio(b"\x00\x00")
    await client.append_input_audio(bytearray(4800))
    await client.append_input_audio(memoryview(b"\x00\x00"))
    await client.append_input_audio(int16)
    await client.append_input_audio(float32)
    await client.append_input_audio(np.zeros(480, dtype=np.int16))
    await client.append_input_audio(int16[:240])
    await client.create_response()
    await client.create_response({"output_modalities": ["text"]})
    await client.create_response(ResponseConfig(output_modalities=["text"]))
