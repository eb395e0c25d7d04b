"""The table of docs/reliability.md: made from outcomes, and read back to be held against new ones."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.contract.support import Kind
from tests.reliability.rows import Row
from tests.reliability.trial import Outcome

__all__ = ["DOCUMENT", "cells_of", "render", "verdict"]

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "reliability.md"

_KINDS: Final[tuple[Kind, ...]] = ("memory", "websocket", "webrtc")
_BEGIN: Final = "<!-- made by `nox -s reliability`: what follows is overwritten -->"


def verdict(row: Row, outcome: Outcome) -> str:
    """One cell: whether the session survived, and what was lost and told."""
    if outcome.silent:
        return "**lost without a word**"
    if outcome.ended:
        return f"ends ({outcome.ended}), as it has to, and is told"
    told = [*(f"{kind} lost" for kind in sorted(outcome.lost)), *outcome.told]
    head = "yes" if outcome.survived else "goes on"
    return ", ".join([head, *(entry.replace("_", " ") for entry in told)])


def render(outcomes: Mapping[tuple[str, Kind], str], rows: Sequence[Row]) -> str:
    """The table as Markdown.

    Args:
        outcomes: The verdicts by row and transport.
        rows: The rows, in order.
    """
    lines = ["| fault | memory | WebSocket | WebRTC |", "|---|---|---|---|"]
    lines += [f"| {row.name} | {' | '.join(outcomes.get((row.name, kind), '–') for kind in _KINDS)} |" for row in rows]
    return "\n".join(lines)


def write(table: str) -> None:
    """Put the table into the document, in the place of the one that is there."""
    head, _, _ = DOCUMENT.read_text().partition(_BEGIN)
    DOCUMENT.write_text(f"{head}{_BEGIN}\n\n{table}\n")


def cells_of(document: str) -> dict[tuple[str, Kind], str]:
    """The verdicts that a document states."""
    found: dict[tuple[str, Kind], str] = {}
    for line in document.partition(_BEGIN)[2].splitlines():
        cells = [cell.strip() for cell in re.findall(r"(?<=\|)[^|]*(?=\|)", line)]
        if len(cells) == 1 + len(_KINDS):
            found.update({(cells[0], kind): cell for kind, cell in zip(_KINDS, cells[1:], strict=True)})
    return found
