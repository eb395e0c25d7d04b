"""Responses: what a handle gives while it grows, and in the end."""

from collections.abc import Mapping
from typing import assert_type

from realtime_typed import (
    OutputAudio,
    RealtimeClient,
    ResponseActiveError,
    ResponseFailed,
    ResponseHandle,
    ResponseStream,
    WhenActive,
)
from realtime_typed.types import (
    AssistantMessageItem,
    ConversationItem,
    FunctionCallItem,
    RealtimeResponse,
    ResponseConfig,
)

client = RealtimeClient(api_key="key", response_timeout=30.0)
patient = RealtimeClient(api_key="key", response_timeout=None)


async def streams() -> None:
    response = await client.create_response()
    assert_type(response, ResponseHandle)
    assert_type(response.text, ResponseStream[str])
    async for piece in response.text:
        assert_type(piece, str)
    async for word in response.transcript:
        assert_type(word, str)
    async for sound in response.audio:
        assert_type(sound, OutputAudio)
    async for item in response.items:
        assert_type(item, ConversationItem)
        if isinstance(item, AssistantMessageItem):
            print(item.formatted.text)
        elif isinstance(item, FunctionCallItem):
            print(item.name, item.arguments)


async def ends(response: ResponseHandle) -> None:
    try:
        assert_type(await response.done(), RealtimeResponse)
        assert_type(await response.done(timeout=5), RealtimeResponse)
    except ResponseFailed as failed:
        assert_type(failed.status, str)
        assert_type(failed.code, str | None)
        assert_type(failed.reason, str | None)
        assert_type(failed.status_details, Mapping[str, object] | None)
    assert_type(response.id, str)
    assert_type(response.status, str)
    assert_type(response.metadata, Mapping[str, str])
    assert_type(response.response, RealtimeResponse)
    await response.cancel()


async def asking(policy: WhenActive) -> None:
    await client.create_response({"conversation": "none", "metadata": {"topic": "summary"}})
    await client.create_response(ResponseConfig(output_modalities=["text"]), when_active="cancel", timeout=None)
    await client.create_response(when_active=policy, timeout=2)
    try:
        await client.create_response(when_active="raise")
    except ResponseActiveError as active:
        assert_type(active.response_id, str | None)
    assert_type(await client.send_user_message_content([{"type": "input_text", "text": "Hi"}]), ResponseHandle)
