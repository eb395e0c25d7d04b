"""Waiting for what does not exist, and using what comes as something else."""

from realtime_typed import RealtimeAPI, RealtimeClient
from realtime_typed.types import ResponseDone, SessionCreated


def is_session(event: SessionCreated) -> bool:
    return True


async def is_done(event: ResponseDone) -> bool:
    return True


async def wait(client: RealtimeClient, api: RealtimeAPI) -> None:
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    await client.wait_for("respones.done", timeout=5)
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    await client.wait_for("server.response.done", timeout=5)
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    await api.wait_for("response.done", timeout=5)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.wait_for_next("respones.done", 5)
    # error: mypy[assignment] pyright[reportAssignmentType]
    created: SessionCreated = await client.wait_for("response.done", timeout=5)
    print(created)
    done = await client.wait_for("response.done", timeout=5)
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(done.item)
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(done.response.ouput)
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    await client.wait_for("response.done", timeout="5")
    # error: mypy[call-overload] pyright[reportCallIssue]
    await client.wait_for("response.done", within=5)
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    await client.wait_for("response.done", predicate=is_session)
    # error: mypy[call-overload] pyright[reportAttributeAccessIssue]
    await client.wait_for("response.done", predicate=lambda event: event.delta == "")
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    await client.wait_for("response.done", predicate=is_done)
    # Without `await` there is no event yet.
    coming = client.wait_for("response.done", timeout=5)
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(coming.response)
    # error: mypy[assignment] pyright[reportAssignmentType]
    never: ResponseDone | None = client.wait_for_next("response.done", 5)
    print(never)
    # error: mypy[unused-coroutine] pyright[reportUnusedCoroutine]
    client.wait_for("response.done", timeout=5)
    # error: mypy[unused-coroutine] pyright[reportUnusedCoroutine]
    client.create_response()
    # error: mypy[unused-coroutine] pyright[reportUnusedCoroutine]
    client.update_session(voice="marin")
