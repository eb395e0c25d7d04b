"""Each fault over each transport: nothing is lost without a word, and docs/reliability.md says what becomes of it."""

import pytest

from tests.contract.support import Kind, pin_to_loopback
from tests.reliability.rows import ROWS, Row
from tests.reliability.table import DOCUMENT, cells_of
from tests.reliability.trial import try_fault

pytestmark = pytest.mark.anyio

_TRIALS = [pytest.param(row, kind, id=f"{row.name}-{kind}") for row in ROWS for kind in row.kinds]


@pytest.mark.parametrize(("row", "kind"), _TRIALS)
async def test_nothing_is_lost_without_a_word(row: Row, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "webrtc":
        pin_to_loopback(monkeypatch)
    outcome = await try_fault(row, kind)
    assert outcome.fired or not (row.faults or row.proxy)
    assert outcome.silent == ()
    assert bool(outcome.ended) == row.ends
    stated = cells_of(DOCUMENT.read_text())[row.name, kind]
    assert stated.startswith("ends" if row.ends else ("yes", "goes on"))
    # Over WebRTC it is time that decides what a fault meets, and a busy machine has its own.
    assert outcome.survived or not stated.startswith("yes") or kind == "webrtc"


def test_the_document_has_every_fault_and_no_other() -> None:
    stated = cells_of(DOCUMENT.read_text())
    assert {name for name, _ in stated} - {"fault", "---"} == {row.name for row in ROWS}
    tried = {(row.name, kind) for row in ROWS for kind in row.kinds}
    assert {key for key, cell in stated.items() if cell != "–" and key[0] not in ("fault", "---")} == tried
