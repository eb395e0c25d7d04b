"""The classes of a session's configuration, as the events that report it hold it: read from generated modules."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["SessionClasses", "session_classes"]


@dataclass(frozen=True, slots=True)
class SessionClasses:
    """The classes by what the session is for, each in the order of the schema.

    Attributes:
        talking: Sessions with a model.
        transcribing: Sessions that only transcribe: those whose `type` is `transcription`.
    """

    talking: Sequence[str]
    transcribing: Sequence[str]


def session_classes(modules: Sequence[str], events: Sequence[str]) -> SessionClasses:
    """Find them.

    Args:
        modules: The texts of the modules that define events and what they hold.
        events: The classes of the events that report a session, in their field `session`; one need not exist.
    """
    classes: dict[str, ast.ClassDef] = {}
    aliases: dict[str, ast.expr] = {}
    for text in modules:
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef):
                classes[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                aliases[node.targets[0].id] = node.value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
                aliases[node.target.id] = node.value

    def held(hint: ast.expr) -> Iterator[str]:
        for node in ast.walk(hint):
            if isinstance(node, ast.Name):
                if node.id in classes:
                    yield node.id
                elif node.id in aliases:
                    yield from held(aliases[node.id])

    found: dict[str, None] = {}
    for event in events:
        for hint in _fields(classes.get(event), "session"):
            found |= dict.fromkeys(held(hint))
    transcribing = [name for name in found if any(map(_is_transcription, _fields(classes[name], "type")))]
    return SessionClasses([name for name in found if name not in transcribing], transcribing)


def _fields(of: ast.ClassDef | None, name: str) -> Iterator[ast.expr]:
    """The annotation of a field of that name, if there is one."""
    for node in of.body if of is not None else ():
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            yield node.annotation


def _is_transcription(hint: ast.expr) -> bool:
    return any(isinstance(node, ast.Constant) and node.value == "transcription" for node in ast.walk(hint))
