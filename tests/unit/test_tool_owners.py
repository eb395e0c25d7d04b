"""Whose call it is, by what is known of the session's tools."""

import pytest

from realtime_typed._tool_owners import ToolOwners
from realtime_typed.tools import ToolRegistry
from realtime_typed.types import FunctionTool, ResponseConfig


def session(*names: str, **fields: object) -> dict[str, object]:
    """A session or response with these functions, beside an MCP server."""
    functions = [{"type": "function", "name": name} for name in names]
    return {"tools": [*functions, {"type": "mcp", "server_label": "docs"}], **fields}


@pytest.fixture
def owners() -> ToolOwners:
    tools = ToolRegistry()
    tools.add({"name": "mine"}, lambda _: None)
    return ToolOwners(tools)


def test_own_tools_are_answered_whatever_is_told_of_them(owners: ToolOwners) -> None:
    owners.clear(attached=True)
    owners.give(session("mine"))
    owners.report(session("mine", "theirs", prompt={"id": "pmpt_1"}))
    assert owners.answers("mine")


def test_a_name_of_nobody_is_answered_by_who_has_the_session_to_itself(owners: ToolOwners) -> None:
    owners.report(session("mine"))
    assert owners.answers("made_up")
    owners.give(session("by_hand"))
    owners.report(session("mine", "by_hand"))
    assert owners.answers("made_up")
    assert not owners.answers("by_hand")


def test_a_tool_that_only_the_service_told_of_is_somebody_else_s_for_the_whole_session(owners: ToolOwners) -> None:
    owners.report(session("theirs"))
    owners.report(session())
    assert not owners.answers("theirs")
    assert not owners.answers("made_up")
    owners.clear(attached=False)
    assert owners.answers("theirs")


def test_a_removed_tool_is_answered_though_the_session_still_has_it(owners: ToolOwners) -> None:
    owners.remove("gone")
    owners.report(session("gone", "theirs"))
    assert owners.answers("gone")
    owners.give(session("gone"))
    assert not owners.answers("gone")


def test_a_stored_prompt_may_have_tools_of_its_own(owners: ToolOwners) -> None:
    owners.give(session(prompt=None))
    assert owners.answers("made_up")
    owners.give(session(prompt={"id": "pmpt_1"}))
    assert not owners.answers("made_up")


def test_models_are_read_as_dicts_are(owners: ToolOwners) -> None:
    owners.give(ResponseConfig(tools=[FunctionTool(name="by_hand")]))
    assert not owners.answers("by_hand")


@pytest.mark.parametrize("odd", [None, 7, "tools", {"tools": None}, {"tools": "all"}, {"tools": [None, {"name": 7}]}])
def test_what_is_no_session_changes_nothing(owners: ToolOwners, odd: object) -> None:
    owners.give(odd)
    owners.report(odd)
    assert owners.answers("made_up")
