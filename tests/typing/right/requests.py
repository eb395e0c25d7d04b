"""A send that is answered returns the class of its answer; one that is not returns nothing."""

from typing import assert_type

from realtime_typed import RealtimeClient, ServerError
from realtime_typed.types import (
    ConversationItem,
    ConversationItemAdded,
    ConversationItemDeleted,
    ConversationItemRetrieved,
    ConversationItemTruncated,
    InputAudioBufferCleared,
    InputAudioBufferCommitted,
    InputTextPart,
    ResponseCreated,
    ResponseDone,
    SessionUpdated,
    UserMessageItem,
)


async def ask(client: RealtimeClient) -> None:
    assert_type(await client.session.update(session={"type": "realtime"}), SessionUpdated)
    item = client.conversation.item
    added = await item.create(item=UserMessageItem(content=[InputTextPart(text="Hello!")]), timeout=2.5)
    assert_type(added, ConversationItemAdded)
    assert_type(added.item, ConversationItem)
    assert_type(await item.delete(item_id="item_1", timeout=None), ConversationItemDeleted)
    assert_type(await item.retrieve(item_id="item_1"), ConversationItemRetrieved)
    truncated = await item.truncate(item_id="item_1", content_index=0, audio_end_ms=0)
    assert_type(truncated, ConversationItemTruncated)
    assert_type(truncated.audio_end_ms, int)
    assert_type(await client.input_audio_buffer.commit(), InputAudioBufferCommitted)
    assert_type(await client.input_audio_buffer.clear(event_id="event_1", timeout=1), InputAudioBufferCleared)
    created = await client.response.create(response={"output_modalities": ["text"]})
    assert_type(created, ResponseCreated)
    assert_type(await client.response.cancel(response_id="resp_1"), ResponseDone)


async def refused(client: RealtimeClient) -> str | None:
    try:
        await client.update_session(instructions="Be brief.", timeout=2)
    except ServerError as error:
        assert_type(error.event_id, str | None)
        return error.code
    return None
