"""Write a list of changes out: as text for a terminal, as Markdown for a pull request, as JSON for a program."""

import json
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from .diff import Change, Side

__all__ = ["FORMATS", "Format", "report"]

Format: TypeAlias = Literal["text", "json", "markdown"]
FORMATS: Sequence[Format] = ("text", "json", "markdown")
_SIDES: Mapping[Side, str] = {"client": "client events", "server": "server events", "rest": "HTTP bodies"}


def _value(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _what(change: Change) -> str:
    before, after = _value(change.before), _value(change.after)
    kind = change.kind.replace("_", " ")
    if change.kind in (
        "event_added",
        "event_removed",
        "null_added",
        "null_removed",
        "became_required",
        "became_optional",
    ):
        return kind
    if before and after:
        return f"{kind}: {before} → {after}"
    return f"{kind}: {before or after}" if before or after else kind


def _breaks(change: Change) -> str:
    readers, writers = change.breaks_readers, change.breaks_writers
    return "readers and writers" if readers and writers else "readers" if readers else "writers" if writers else ""


def _grouped(changes: Sequence[Change]) -> list[tuple[Change, list[str]]]:
    """Changes of a shared object stand once, with the events that carry it: breaking ones first."""
    groups: dict[tuple[object, ...], tuple[Change, list[str]]] = {}
    for change in changes:
        path = change.path or change.event
        key = (change.side, path, change.kind, str(change.before), str(change.after), _breaks(change))
        groups.setdefault(key, (change, []))[1].append(change.event)
    return sorted(groups.values(), key=lambda group: not group[0].breaking)


def _count(changes: Sequence[Change]) -> str:
    breaking = sum(1 for change in changes if change.breaking)
    if not changes:
        return "no change"
    return f"{len(changes)} change{'s' if len(changes) > 1 else ''}, {breaking} of them breaking"


def _json(protocols: Mapping[str, Sequence[Change]]) -> str:
    content = {
        "changes": sum(len(changes) for changes in protocols.values()),
        "breaking": sum(1 for changes in protocols.values() for change in changes if change.breaking),
        "protocols": {
            name: [
                {
                    "kind": change.kind,
                    "side": change.side,
                    "event": change.event,
                    "path": change.path,
                    "before": change.before,
                    "after": change.after,
                    "breaks_readers": change.breaks_readers,
                    "breaks_writers": change.breaks_writers,
                }
                for change in changes
            ]
            for name, changes in protocols.items()
        },
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _text(protocols: Mapping[str, Sequence[Change]]) -> str:
    lines: list[str] = []
    for name, changes in protocols.items():
        lines.append(f"{name}: {_count(changes)}")
        for change, events in _grouped(changes):
            mark = "!" if change.breaking else " "
            breaks = f"  (breaks {_breaks(change)})" if change.breaking else ""
            where = f"{', '.join(events)}: {change.path}" if change.path else change.event
            lines.append(f"{mark} {change.side:6}  {where}: {_what(change)}{breaks}")
    return "\n".join(lines) + "\n"


def _cell(text: str, *, code: bool = False) -> str:
    clean = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return f"`{clean}`" if code and clean and "`" not in clean else clean


def _markdown(protocols: Mapping[str, Sequence[Change]]) -> str:
    lines: list[str] = []
    for name, changes in protocols.items():
        lines += [f"## `{name}`: {_count(changes)}", ""]
        for side, title in _SIDES.items():
            rows = [group for group in _grouped(changes) if group[0].side == side]
            if not rows:
                continue
            lines += [f"### {title.capitalize() if side != 'rest' else title}", ""]
            lines += ["| field | change | breaks | in |", "|---|---|---|---|"]
            for change, events in rows:
                where = ", ".join(_cell(event, code=True) for event in events)
                field = _cell(change.path, code=True) or "(the whole event)"
                lines.append(f"| {field} | {_cell(_what(change))} | {_breaks(change) or 'nobody'} | {where} |")
            lines.append("")
    return "\n".join(lines).rstrip("\n") + "\n"


def report(protocols: Mapping[str, Sequence[Change]], form: Format) -> str:
    """Write the changes of each protocol out.

    Args:
        protocols: Protocol name to its changes.
        form: `text`, `json` or `markdown`.

    Returns:
        The report, ending with a line feed. The same changes give the same text.
    """
    writers = {"text": _text, "json": _json, "markdown": _markdown}
    return writers[form](protocols)
