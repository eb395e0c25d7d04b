"""The table of rules fits the sources, the tests and the document; `mutate` tries it."""

import ast
from pathlib import Path

import pytest

from tests.security.mutate import DOCUMENT, ROOT, document, mutated
from tests.security.rules import RULES, Rule

ALL = [rule for rules in RULES.values() for rule in rules]


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.name)
def test_what_a_rule_takes_out_stands_in_its_module_once_and_leaves_python_behind(rule: Rule) -> None:
    module = ROOT / "src" / "realtime_typed" / rule.file
    ast.parse(mutated(module.read_text(encoding="utf-8"), rule))
    assert rule.source != rule.instead
    assert rule.tests


def test_every_test_that_a_rule_names_exists() -> None:
    defined: set[str] = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        functions = (ast.FunctionDef, ast.AsyncFunctionDef)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        defined |= {f"{path.name}::{node.name}" for node in tree.body if isinstance(node, functions)}
    named = {test for rule in ALL for test in rule.tests}
    assert not named - defined


def test_no_two_rules_have_the_same_name() -> None:
    assert len({rule.name for rule in ALL}) == len(ALL)


def test_the_document_is_that_of_the_table() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run `nox -s security`"


def test_a_text_that_stands_twice_or_nowhere_is_refused() -> None:
    for source in ("a = 1\na = 1\n", "b = 1\n"):
        with pytest.raises(ValueError, match="instead of once"):
            mutated(source, Rule("It is one.", "x.py", "a = 1", ("x",)))
