"""Events that do not fit their schema, as models, as dicts and by name."""

from realtime_typed import RealtimeClient
from realtime_typed.types import (
    ClientEventParam,
    ConversationItemCreate,
    ConversationItemDelete,
    ConversationItemTruncate,
    FunctionCallOutputItem,
    InputAudioBufferAppend,
    RealtimeSessionConfig,
    ResponseCreate,
    ResponseDone,
    ServerVad,
    SessionUpdate,
    UserMessageItem,
)


def models() -> None:
    InputAudioBufferAppend()
    InputAudioBufferAppend(audio=b"AAAA")
    InputAudioBufferAppend(audio="AAAA", adio="AAAA")
    InputAudioBufferAppend("AAAA")
    InputAudioBufferAppend(audio="AAAA", type="input_audio_buffer.apend")
    ConversationItemDelete(item_id=None)
    ConversationItemTruncate(item_id="item_1", content_index=0)
    ConversationItemCreate(item=ResponseCreate())
    ConversationItemCreate(item=FunctionCallOutputItem(call_id="call_1"))
    ConversationItemCreate(item=UserMessageItem(content="Hello!"))
    ResponseCreate(respones=None)
    SessionUpdate()
    RealtimeSessionConfig(output_modalities=["speech"])
    RealtimeSessionConfig(max_output_tokens="infinite")
    RealtimeSessionConfig(voice="marin")
    ServerVad(treshold=0.5)
    ServerVad(threshold="0.5")
    ResponseCreate().type = "response.cancel"


async def sends(client: RealtimeClient, done: ResponseDone) -> None:
    await client.send(done)
    await client.send("response.create")
    await client.send(ResponseCreate)
    await client.send()
    await client.send(ResponseCreate(), ResponseCreate())
    await client.realtime.send(done)
    answer: ResponseDone = await client.send(ResponseCreate())
    print(answer)


async def dicts(client: RealtimeClient) -> None:
    await client.send({"type": "respones.create"})
    await client.send({"type": "response.done"})
    await client.send({"response": {}})
    await client.send({"type": "input_audio_buffer.append"})
    await client.send({"type": "input_audio_buffer.append", "audio": b"AAAA"})
    await client.send({"type": "response.create", "respones": {}})
    await client.send({"type": "response.create", "response": {"output_modalities": ["speech"]}})
    await client.send({"type": "session.update", "session": {"type": "realtime", "voice": "marin"}})
    await client.send({"type": "session.update", "session": {"instructions": "Be brief."}})
    later: ClientEventParam = {"type": "conversation.item.delete"}
    print(later)


async def namespaces(client: RealtimeClient) -> None:
    await client.input_audio_buffer.append()
    await client.input_audio_buffer.append(audio=b"AAAA")
    await client.input_audio_buffer.append("AAAA")
    await client.input_audio_buffer.apend(audio="AAAA")
    await client.response.create(respones={})
    await client.response.create(response={"modalities": ["text"]})
    await client.response.cancel(response_id=None)
    await client.session.update()
    await client.session.update(session={"type": "realtme"})
    await client.conversation.item.truncate(item_id="item_1", content_index=0)
    await client.conversation.item.create(item={"type": "function_call_output", "output": "sunny"})
    await client.input_audio_bufer.commit()


async def messages(client: RealtimeClient) -> None:
    await client.send_user_message_content([{"type": "input_txt", "text": "Hello!"}])
    await client.send_user_message_content([{"type": "input_text"}])
    await client.send_user_message_content([{"type": "input_text", "text": 1}])
    await client.send_user_message_content([{"type": "input_audio", "audio": 1}])
    await client.send_user_message_content("Hello!")
    await client.append_input_audio("AAAA")
    await client.append_input_audio([0, 1, 2])
    await client.append_input_audio(None)
    await client.create_response({"modalities": ["text"]})
    await client.cancel_response(sample_count="1")
    await client.delete_item()
