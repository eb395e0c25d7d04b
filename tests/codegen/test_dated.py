"""Overlay groups and descriptions may belong to a date; the current contract is held to all that concern it."""

import pytest

from codegen.dated import contract_date, docs_of, overlay_of
from codegen.source import CodegenError, JsonObject

AUGUST: JsonObject = {"reason": "x", "since": "2026-08-21", "at": {"/schemas/A": 1}}
MAY: JsonObject = {"reason": "x", "before": "2026-08-21", "at": {"/schemas/A": 2}}
ALWAYS: JsonObject = {"reason": "x", "at": {"/schemas/B": 3}}
DOCS: JsonObject = {
    "since": {"2026-08-21": ["New", "Old.late", "common_fields.late"]},
    "common_fields": {"id": "An id.", "late": "Came later."},
    "New": {"description": "New."},
    "Old": {"description": "Old.", "fields": {"early": "Was there.", "late": "Came later."}},
}


def plain(group: JsonObject) -> JsonObject:
    return {key: value for key, value in group.items() if key not in ("since", "before")}


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("2026-05-13", [MAY, ALWAYS]),
        ("2026-08-20", [MAY, ALWAYS]),
        ("2026-08-21", [AUGUST, ALWAYS]),
        (contract_date("a document without a date"), [AUGUST, ALWAYS]),
    ],
)
def test_a_group_counts_for_the_contracts_of_its_time(date: str, kept: list[JsonObject]) -> None:
    assert overlay_of({"changes": [AUGUST, MAY, ALWAYS]}, date) == {"changes": [plain(group) for group in kept]}


def test_the_date_is_the_one_in_brackets() -> None:
    assert contract_date("a document at commit 1234567 (2026-08-21), MIT licence") == "2026-08-21"


def test_descriptions_of_what_came_later_are_left_out_for_an_older_contract() -> None:
    assert docs_of(DOCS, "2026-05-13") == {
        "common_fields": {"id": "An id."},
        "Old": {"description": "Old.", "fields": {"early": "Was there."}},
    }
    assert docs_of(DOCS, "2026-08-21") == {key: value for key, value in DOCS.items() if key != "since"}


def test_two_fields_of_one_class_are_both_left_out() -> None:
    docs: JsonObject = {
        "since": {"2026-08-21": ["A.b", "A.c"]},
        "A": {"description": "A.", "fields": {"b": "B.", "c": "C."}},
    }
    assert docs_of(docs, "2026-05-13") == {"A": {"description": "A.", "fields": {}}}


@pytest.mark.parametrize(
    ("since", "message"),
    [
        ({"August": ["New"]}, "since.August: expected a date in quotes"),
        ({"2026-08-21": "New"}, "since.2026-08-21: expected a list"),
        ({"2026-08-21": ["Gone"]}, "since.2026-08-21: Gone is not described"),
        ({"2026-08-21": ["Old.gone"]}, "since.2026-08-21: Old.gone is not described"),
    ],
)
def test_an_entry_of_since_that_does_not_fit_is_named(since: JsonObject, message: str) -> None:
    with pytest.raises(CodegenError, match=message):
        docs_of({**DOCS, "since": since}, "2026-08-21")


def test_a_group_with_a_malformed_date_is_named() -> None:
    with pytest.raises(CodegenError, match=r"overlay.yaml: names\[0\].since: expected a date in quotes"):
        overlay_of({"names": [{**ALWAYS, "since": 2026}]}, "2026-08-21")
