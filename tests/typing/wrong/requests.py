"""Answers taken for something else, and waits for what nothing answers."""

from realtime_typed import RealtimeClient
from realtime_typed.types import ResponseDone, SessionUpdated


async def answers(client: RealtimeClient) -> None:
    # error: mypy[assignment] pyright[reportAssignmentType]
    done: ResponseDone = await client.response.create()
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print((await client.input_audio_buffer.clear()).item_id)
    # error: mypy[assignment] pyright[reportAssignmentType]
    updated: SessionUpdated = await client.conversation.item.delete(item_id="item_1")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.session.update(session={"type": "realtime"}, timeout="10 s")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.input_audio_buffer.append(audio="AAAA", timeout=1)
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.output_audio_buffer.clear(timeout=1)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(timeout="10 s")
    print(done, updated)
