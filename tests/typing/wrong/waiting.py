"""Waiting for what does not exist, and using what comes as something else."""

from realtime_typed import RealtimeAPI, RealtimeClient
from realtime_typed.types import ResponseDone, SessionCreated


def is_session(event: SessionCreated) -> bool:
    return True


async def wait(client: RealtimeClient, api: RealtimeAPI) -> None:
    await client.wait_for("respones.done", timeout=5)
    await client.wait_for("server.response.done", timeout=5)
    await api.wait_for("response.done", timeout=5)
    await client.wait_for_next("respones.done", 5)
    created: SessionCreated = await client.wait_for("response.done", timeout=5)
    print(created)
    done = await client.wait_for("response.done", timeout=5)
    print(done.item)
    print(done.response.ouput)
    await client.wait_for("response.done", timeout="5")
    await client.wait_for("response.done", within=5)
    await client.wait_for("response.done", predicate=is_session)
    await client.wait_for("response.done", predicate=lambda event: event.delta == "")
    # Without `await` there is no event yet.
    coming = client.wait_for("response.done", timeout=5)
    print(coming.response)
    never: ResponseDone | None = client.wait_for_next("response.done", 5)
    print(never)
