"""`wait_for` gives the class of the event that was named, and its predicate takes that class."""

from typing import assert_type

from realtime_typed import (
    CloseEvent,
    ConversationItemCompleted,
    ConversationUpdated,
    RealtimeAPI,
    RealtimeClient,
    UnknownEvent,
)
from realtime_typed.types import (
    ClientEvent,
    ConversationItem,
    ErrorEvent,
    ResponseDone,
    ServerEvent,
    SessionCreated,
    SessionUpdate,
    SessionUpdated,
)


def completed(event: ResponseDone) -> bool:
    return event.response.status == "completed"


async def wait(client: RealtimeClient, api: RealtimeAPI) -> None:
    assert_type(await client.wait_for("response.done", timeout=5), ResponseDone)
    assert_type(await client.wait_for("response.done", 5), ResponseDone)
    assert_type(await client.wait_for("session.updated"), SessionUpdated)
    assert_type(await client.wait_for("error", timeout=0.5), ErrorEvent)
    assert_type(await client.wait_for("*", timeout=5), ServerEvent | UnknownEvent)

    # The client's own events.
    assert_type(await client.wait_for("conversation.updated", timeout=5), ConversationUpdated)
    assert_type(await client.wait_for("conversation.item.completed", timeout=5), ConversationItemCompleted)

    # Predicates.
    await client.wait_for("response.done", timeout=5, predicate=completed)
    await client.wait_for("response.done", timeout=5, predicate=lambda event: event.response.status == "cancelled")
    await client.wait_for("conversation.updated", predicate=lambda event: event.item.type == "function_call")

    # The connection's.
    assert_type(await api.wait_for("server.session.created", timeout=5), SessionCreated)
    assert_type(await api.wait_for("client.session.update", timeout=5), SessionUpdate)
    assert_type(await api.wait_for("client.*", timeout=5), ClientEvent | UnknownEvent)
    assert_type(await api.wait_for("close", timeout=5), CloseEvent)

    # The reference client's names.
    assert_type(await client.wait_for_session_created(timeout=5), SessionCreated)
    assert_type(await client.wait_for_next_item(5), ConversationItem)
    assert_type(await client.wait_for_next_completed_item(timeout=5), ConversationItem)
    found = await client.wait_for_next("response.done", timeout=5)
    if found is not None and found.type == "response.done":
        assert_type(found, ResponseDone)
