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
    # error: mypy[call-arg] pyright[reportCallIssue]
    InputAudioBufferAppend()
    # error: mypy[arg-type] pyright[reportArgumentType]
    InputAudioBufferAppend(audio=b"AAAA")
    # error: mypy[call-arg] pyright[reportCallIssue]
    InputAudioBufferAppend(audio="AAAA", adio="AAAA")
    # error: mypy[call-arg] pyright[reportCallIssue]
    InputAudioBufferAppend("AAAA")
    # error: mypy[arg-type] pyright[reportArgumentType]
    InputAudioBufferAppend(audio="AAAA", type="input_audio_buffer.apend")
    # error: mypy[arg-type] pyright[reportArgumentType]
    ConversationItemDelete(item_id=None)
    # error: mypy[call-arg] pyright[reportCallIssue]
    ConversationItemTruncate(item_id="item_1", content_index=0)
    # error: mypy[arg-type] pyright[reportArgumentType]
    ConversationItemCreate(item=ResponseCreate())
    # error: mypy[call-arg] pyright[reportCallIssue]
    ConversationItemCreate(item=FunctionCallOutputItem(call_id="call_1"))
    # error: mypy[arg-type] pyright[reportArgumentType]
    ConversationItemCreate(item=UserMessageItem(content="Hello!"))
    # error: mypy[call-arg] pyright[reportCallIssue]
    ResponseCreate(respones=None)
    # error: mypy[call-arg] pyright[reportCallIssue]
    SessionUpdate()
    # error: mypy[list-item] pyright[reportArgumentType]
    RealtimeSessionConfig(output_modalities=["speech"])
    # error: mypy[arg-type] pyright[reportArgumentType]
    RealtimeSessionConfig(max_output_tokens="infinite")
    # error: mypy[call-arg] pyright[reportCallIssue]
    RealtimeSessionConfig(voice="marin")
    # error: mypy[call-arg] pyright[reportCallIssue]
    ServerVad(treshold=0.5)
    # error: mypy[arg-type] pyright[reportArgumentType]
    ServerVad(threshold="0.5")
    # error: mypy[assignment] pyright[reportAttributeAccessIssue]
    ResponseCreate().type = "response.cancel"


async def sends(client: RealtimeClient, done: ResponseDone) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send(done)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send("response.create")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send(ResponseCreate)
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.send()
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.send(ResponseCreate(), ResponseCreate())
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.realtime.send(done)
    # error: mypy[assignment] pyright[reportAssignmentType]
    answer: ResponseDone = await client.send(ResponseCreate())
    print(answer)


async def dicts(client: RealtimeClient) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "respones.create"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "response.done"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"response": {}})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "input_audio_buffer.append"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "input_audio_buffer.append", "audio": b"AAAA"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "response.create", "respones": {}})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "response.create", "response": {"output_modalities": ["speech"]}})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "session.update", "session": {"type": "realtime", "voice": "marin"}})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send({"type": "session.update", "session": {"instructions": "Be brief."}})
    # error: mypy[assignment, misc] pyright[reportAssignmentType]
    later: ClientEventParam = {"type": "conversation.item.delete"}
    print(later)


async def namespaces(client: RealtimeClient) -> None:
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.input_audio_buffer.append()
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.input_audio_buffer.append(audio=b"AAAA")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.input_audio_buffer.append("AAAA")
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    await client.input_audio_buffer.apend(audio="AAAA")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.response.create(respones={})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.response.create(response={"modalities": ["text"]})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.response.cancel(response_id=None)
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.session.update()
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.session.update(session={"type": "realtme"})
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.conversation.item.truncate(item_id="item_1", content_index=0)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.conversation.item.create(item={"type": "function_call_output", "output": "sunny"})
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    await client.input_audio_bufer.commit()


async def messages(client: RealtimeClient) -> None:
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.send_user_message_content([{"type": "input_txt", "text": "Hello!"}])
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.send_user_message_content([{"type": "input_text"}])
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.send_user_message_content([{"type": "input_text", "text": 1}])
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.send_user_message_content([{"type": "input_audio", "audio": 1}])
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send_user_message_content("Hello!")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.append_input_audio("AAAA")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.append_input_audio([0, 1, 2])
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.append_input_audio(None)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.create_response({"modalities": ["text"]})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.cancel_response(sample_count="1")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.delete_item()
