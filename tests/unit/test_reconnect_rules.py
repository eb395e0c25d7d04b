"""When a lost connection is made anew: the table, and the budget of tries."""

from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed import ConnectError, ConnectionClosed, EphemeralKeyError, ReconnectPolicy, ServerError
from realtime_typed._reconnect_budget import Budget
from realtime_typed._reconnect_rules import RULES, Rule, of_close, of_failure, table
from realtime_typed.errors import EphemeralKeyFailure

DOCS = Path(__file__).parents[2] / "docs" / "reconnect.md"


def found(rule: Rule) -> Rule:
    """The rule that what a row describes leads to."""
    match rule.source:
        case "error":
            return of_close(ConnectionClosed(1006, ""), rule.value)
        case "close":
            return of_close(ConnectionClosed(int(rule.value), ""))
        case "key":
            return of_failure(EphemeralKeyError("", reason=cast("EphemeralKeyFailure", rule.value)))
        case "status":
            status = {"none": None, "other": 302, "4xx": 418, "5xx": 503}.get(rule.value, rule.value)
            return of_failure(ConnectError("", status=None if status is None else int(status)))
        case "other":
            errors = {"no key": ValueError(), "configuration": ServerError(""), "timeout": TimeoutError()}
            return of_failure(errors[rule.value])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.source} {rule.value}")
def test_each_row_is_found_by_what_it_describes(rule: Rule) -> None:
    assert found(rule) is rule
    assert rule.why


def test_the_documentation_shows_the_table() -> None:
    assert table() in DOCS.read_text(encoding="utf-8")


def test_what_no_row_names_is_retried_unless_it_is_an_applications_code() -> None:
    assert of_close(ConnectionClosed(1099, "")).retries
    assert not of_close(ConnectionClosed(4321, "")).retries


def test_a_closed_data_channel_is_a_lost_line() -> None:
    assert of_close(ConnectionClosed(1000, ""), media=True).retries
    assert not of_close(ConnectionClosed(1000, "")).retries


@given(st.integers(1, 9), st.lists(st.sampled_from(["session.created", "error", "rate_limits.updated"])))
def test_no_greeting_makes_the_budget_whole(attempts: int, greetings: list[str]) -> None:
    budget = Budget(ReconnectPolicy(attempts=attempts))
    for spent in range(attempts):
        assert not budget.exhausted
        budget.spend()
        for name in greetings:
            assert not budget.heard(name, {})
        assert budget.spent == spent + 1
    assert budget.exhausted


@given(st.integers(1, 50), st.integers(1, 9))
def test_so_many_events_of_the_session_make_the_budget_whole(stable_after: int, spent: int) -> None:
    budget = Budget(ReconnectPolicy(stable_after=stable_after))
    for _ in range(spent):
        budget.spend()
    for heard in range(stable_after):
        assert budget.spent == spent, heard
        budget.heard("response.output_text.delta", {})
    assert budget.spent == 0


@pytest.mark.parametrize(("status", "whole"), [("completed", True), ("failed", False), ("incomplete", False)])
def test_a_response_that_completes_makes_the_budget_whole_alone(status: str, whole: bool) -> None:
    budget = Budget(ReconnectPolicy())
    budget.spend()
    assert budget.heard("response.done", {"response": {"status": status}}) is whole


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("attempts", 0, ValueError),
        ("attempts", 1.5, TypeError),
        ("stable_after", True, TypeError),
        ("history_items", -1, ValueError),
        ("initial_delay", -1, ValueError),
        ("initial_delay", float("nan"), ValueError),
        ("max_delay", 0.1, ValueError),
        ("jitter", 1.1, ValueError),
        ("jitter", "1", TypeError),
        ("connect_timeout", 0, ValueError),
        ("rotate_before", 0, ValueError),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(field: str, value: object, error: type[Exception]) -> None:
    with pytest.raises(error, match=f"^{field}: "):
        ReconnectPolicy(**{field: value})  # type: ignore[arg-type]  # what a checker refuses
