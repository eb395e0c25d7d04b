"""Corrections and descriptions that belong to some versions of a contract only, told by the contract's date.

The current contract is held to every entry. An older one lacks what came later, so a group of `overlay.yaml` may state
`since: DATE` (it concerns contracts of that day and later) or `before: DATE` (earlier ones), and `docs.yaml` may list
under `since: {DATE: [Class, Class.field, common_fields.name]}` what it describes and an older contract does not have. A
contract without a date counts as the newest.
"""

import re
from typing import cast

from .basics import CodegenError, JsonObject, as_object

__all__ = ["contract_date", "docs_of", "overlay_of"]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NEWEST = "9999-12-31"


def contract_date(source: str) -> str:
    """The date that the `source` of facts states in brackets, `(2026-08-21)`; the end of time when it states none."""
    found = re.search(rf"\(({_DATE.pattern})\)", source)
    return found.group(1) if found else _NEWEST


def _date(value: object, where: str) -> str:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise CodegenError(f'{where}: expected a date in quotes, such as "2026-08-21", got {value!r}')
    return value


def overlay_of(overlay: JsonObject, date: str) -> JsonObject:
    """The groups of an overlay that concern a contract of `date`.

    Raises:
        CodegenError: A group's date is none.
    """
    result: JsonObject = {}
    for section, groups in overlay.items():
        if not isinstance(groups, list):
            result[section] = groups
            continue
        kept: list[object] = []
        for number, group in enumerate(cast("list[object]", groups)):
            if not isinstance(group, dict):
                kept.append(group)
                continue
            entry, where = cast("JsonObject", group), f"overlay.yaml: {section}[{number}]"
            since = _date(entry["since"], f"{where}.since") if "since" in entry else ""
            before = _date(entry["before"], f"{where}.before") if "before" in entry else "~"
            if since <= date < before:
                kept.append({key: value for key, value in entry.items() if key not in ("since", "before")})
        result[section] = kept
    return result


def docs_of(docs: JsonObject, date: str) -> JsonObject:
    """The descriptions of what a contract of `date` has.

    Raises:
        CodegenError: An entry of `since` has no date, or names something that is not described.
    """
    result = {key: value for key, value in docs.items() if key != "since"}
    for day, listed in as_object(docs.get("since", {}), "docs.yaml: since").items():
        where = f"docs.yaml: since.{day}"
        _date(day, where)
        if not isinstance(listed, list):
            raise CodegenError(f"{where}: expected a list of classes and fields")
        for item in cast("list[object]", listed):
            name, _, field = str(item).partition(".")
            described = as_object(docs.get(name, {}), f"docs.yaml: {name}")
            fields = (
                described if name == "common_fields" else as_object(described.get("fields", {}), f"docs.yaml: {name}")
            )
            if name not in docs or (field and field not in fields):
                raise CodegenError(f"{where}: {item} is not described")
            if date >= day:
                continue
            if not field:
                result.pop(name, None)
            elif name in result:
                kept = {key: value for key, value in fields.items() if key != field}
                result[name] = kept if name == "common_fields" else {**described, "fields": kept}
                docs = {**docs, name: result[name]}
    return result
