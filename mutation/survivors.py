"""What a mutant changed, in a form that outlives line numbers; and the survivors that are explained."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Change", "changed_by", "explained_in", "is_only_for_checkers"]

_MANGLED = re.compile(r"^(?P<module>.*)\.x(?:ǁ(?P<owner>.*)ǁ|_)(?P<function>.*)__mutmut_\d+$")
# The first argument of `cast`, which Python never looks at.
_CAST = re.compile(r'\bcast\((?:"[^"]*"|None), ')


@dataclass(frozen=True)
class Change:
    """One mutation.

    Attributes:
        place: The function, such as `codec.Codec.recall`.
        was: The lines that were there, each stripped.
        now: The lines that the mutant has in their place.
    """

    place: str
    was: str
    now: str


def changed_by(name: str, diff: str) -> Change:
    """Read a mutant from mutmut's name for it and its unified diff."""
    found = _MANGLED.match(name)
    if found is None:
        raise ValueError(f"{name!r} is not the name of a mutant")
    parts = (found["module"].removeprefix("realtime_typed."), found["owner"], found["function"])
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++"))]
    was, now = ("\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return Change(".".join(part for part in parts if part), was, now)


def is_only_for_checkers(change: Change) -> bool:
    """Whether the mutant differs in what `cast` is told alone, so that no test can notice."""
    return _CAST.sub("cast(_, ", change.was) == _CAST.sub("cast(_, ", change.now)


def explained_in(path: Path) -> dict[Change, str]:
    """The survivors that somebody looked at, and why each may live."""
    entries = tomllib.loads(path.read_text("utf-8")).get("survivor", [])
    return {Change(entry["place"], entry["was"], entry["now"]): entry["why"] for entry in entries}
