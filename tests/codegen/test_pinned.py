"""`schema/PINNED.json` says which upstream the facts are."""

import hashlib
import json
from pathlib import Path

import pytest

from codegen.source import load_protocol, protocol_names

SCHEMA = Path(__file__).parents[2] / "schema"
PINNED: dict[str, dict[str, str]] = json.loads((SCHEMA / "PINNED.json").read_text(encoding="utf-8"))


def test_every_protocol_is_pinned_and_every_pin_is_a_protocol() -> None:
    assert sorted(PINNED) == list(protocol_names(SCHEMA))


@pytest.mark.parametrize("name", sorted(PINNED))
def test_the_facts_are_those_that_were_pinned(name: str) -> None:
    pin = PINNED[name]
    # `pull --openapi` states a commit and a date only where it was told them.
    from_document = {"commit", "date", "document_sha256"} & set(pin)
    assert set(pin) - {"package"} == {"licence", "sha256", "source", "version"} | from_document
    text = (SCHEMA / name / "facts.json").read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(text).hexdigest() == pin["sha256"], "facts.json changed: see schema/README.md on bumping"
    stated = load_protocol(SCHEMA, name).facts.source
    for key in from_document - {"document_sha256"} or {"version", "licence"}:
        assert pin[key] in stated
