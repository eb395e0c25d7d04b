"""Items of MCP servers in the conversation: the arguments of a call as they grow, and how far the service is."""

import pytest

from realtime_typed.types import McpCallItem, McpListToolsItem
from tests.unit.test_conversation import Session, message, response

ARGUMENTS = '{"q": "realtime"}'


def mcp_call(item_id: str, arguments: str = "", **fields: object) -> dict[str, object]:
    return {
        "id": item_id,
        "type": "mcp_call",
        "server_label": "docs",
        "name": "search",
        "arguments": arguments,
        **fields,
    }


def listing(item_id: str, *names: str) -> dict[str, object]:
    tools = [{"name": name, "input_schema": {"type": "object"}} for name in names]
    return {"id": item_id, "type": "mcp_list_tools", "server_label": "docs", "tools": tools}


def grow(session: Session, verb: str, item_id: str = "m1", **fields: object) -> list[tuple[str, str | None]]:
    """A piece of a call's arguments, or their end; what changed, by its kind and what was added."""
    place = {"response_id": "resp", "item_id": item_id, "output_index": 0}
    changes = session.feed(f"response.mcp_call_arguments.{verb}", **place, **fields)
    return [(change.kind, change.delta.arguments if change.delta else None) for change in changes]


def tell(session: Session, name: str, item_id: str) -> list[str]:
    """How far the service is; the items that this changed."""
    place = {"output_index": 0} if name.startswith("response.") else {}
    changes = session.feed(name, item_id=item_id, **place)
    assert all((change.kind, change.delta, change.completed) == ("updated", None, False) for change in changes)
    return [str(change.item.id) for change in changes]


def call_of(session: Session, item_id: str = "m1") -> McpCallItem:
    item = session.conversation.require_item(item_id)
    assert isinstance(item, McpCallItem)
    return item


def test_the_arguments_of_a_call_grow_by_deltas_and_are_overwritten_by_done() -> None:
    session = Session()
    session.announce(mcp_call("m1"))
    assert grow(session, "delta", delta='{"q": ') == [("updated", '{"q": ')]
    assert grow(session, "delta", delta='"real') == [("updated", '"real')]
    assert call_of(session).arguments == '{"q": "real'
    assert grow(session, "done", arguments=ARGUMENTS) == [("updated", None)]
    assert call_of(session).arguments == ARGUMENTS
    assert grow(session, "done", arguments=ARGUMENTS) == []
    session.finish(mcp_call("m1", ARGUMENTS, output="found"))
    assert (call_of(session).arguments, call_of(session).output) == (ARGUMENTS, "found")
    assert (session.appended["m1"], session.completed["m1"]) == (1, 1)
    assert session.conversation.issues == {}


def test_a_call_first_met_in_its_arguments_is_made_and_completed_later() -> None:
    session = Session()
    assert grow(session, "delta", delta="{}") == [("appended", None), ("updated", "{}")]
    assert (call_of(session).name, call_of(session).server_label) == ("", "")
    session.announce(mcp_call("m1"))
    assert (call_of(session).name, call_of(session).server_label) == ("search", "docs")
    assert call_of(session).arguments == "{}"
    session.feed("response.done", response=response("resp", mcp_call("m1", ARGUMENTS), status="completed"))
    assert call_of(session).arguments == ARGUMENTS
    assert session.ids() == ["m1"]


def test_arguments_that_the_announcement_held_already_do_not_double() -> None:
    session = Session()
    session.announce(mcp_call("m1", ARGUMENTS))
    grow(session, "delta", delta=ARGUMENTS[:5])
    grow(session, "delta", delta=ARGUMENTS[5:])
    assert call_of(session).arguments == ARGUMENTS


def test_a_delta_after_the_end_of_the_arguments_is_counted_and_changes_nothing() -> None:
    session = Session()
    session.announce(mcp_call("m1"))
    grow(session, "done", arguments=ARGUMENTS)
    assert grow(session, "delta", delta="more") == []
    assert call_of(session).arguments == ARGUMENTS
    assert session.conversation.issues == {"response.mcp_call_arguments.delta": 1}


@pytest.mark.parametrize("end", ["completed", "failed"])
def test_how_far_a_call_is_can_be_read_from_its_item(end: str) -> None:
    session = Session()
    session.announce(mcp_call("m1"))
    assert call_of(session).formatted.mcp_status is None
    assert tell(session, "response.mcp_call.in_progress", "m1") == ["m1"]
    assert call_of(session).formatted.mcp_status == "in_progress"
    assert tell(session, f"response.mcp_call.{end}", "m1") == ["m1"]
    assert call_of(session).formatted.mcp_status == end
    assert tell(session, f"response.mcp_call.{end}", "m1") == []
    assert tell(session, "response.mcp_call.in_progress", "m1") == []  # late; it has ended
    session.finish(mcp_call("m1", ARGUMENTS))
    assert call_of(session).formatted.mcp_status == end


def test_what_is_told_of_a_list_waits_for_its_item() -> None:
    session = Session()
    assert tell(session, "mcp_list_tools.in_progress", "l1") == []
    session.feed("conversation.item.added", previous_item_id=None, item=listing("l1"))
    item = session.conversation.require_item("l1")
    assert isinstance(item, McpListToolsItem)
    assert item.formatted.mcp_status == "in_progress"
    assert tell(session, "mcp_list_tools.completed", "l1") == ["l1"]
    session.feed("conversation.item.done", previous_item_id=None, item=listing("l1", "search"))
    assert (item.formatted.mcp_status, item.tools[0].name) == ("completed", "search")
    assert session.conversation.issues == {}


def test_what_waits_for_items_that_never_come_does_not_pile_up() -> None:
    session = Session()
    for number in range(1000):
        tell(session, "mcp_list_tools.failed", f"l{number}")
    session.feed("conversation.item.added", previous_item_id=None, item=listing("l0"))
    session.feed("conversation.item.added", previous_item_id=None, item=listing("l999"))
    assert session.conversation.require_item("l0").formatted.mcp_status is None
    assert session.conversation.require_item("l999").formatted.mcp_status == "failed"


def test_an_item_of_another_kind_takes_neither_arguments_nor_a_status() -> None:
    session = Session()
    session.announce(message("a1"))
    assert grow(session, "delta", "a1", delta="{}") == []
    assert grow(session, "done", "a1", arguments="{}") == []
    assert tell(session, "response.mcp_call.completed", "a1") == []
    assert session.conversation.require_item("a1").formatted.mcp_status is None
    assert session.conversation.issues["response.mcp_call.completed"] == 1


def test_a_deleted_item_is_not_made_again_by_its_status() -> None:
    session = Session()
    session.announce(mcp_call("m1"))
    session.feed("conversation.item.deleted", item_id="m1")
    assert tell(session, "response.mcp_call.completed", "m1") == []
    assert session.ids() == []
