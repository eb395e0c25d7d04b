"""Our own one-sentence descriptions of events, objects and fields: the docstrings of the generated classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .source import CodegenError, JsonObject, as_object

__all__ = ["ClassDocs", "Docs", "load_docs"]

_COMMON = "common_fields"
MISSING = "No description."


@dataclass(frozen=True, slots=True)
class ClassDocs:
    """The descriptions of one class.

    Attributes:
        description: What the class is, in a sentence.
        fields: Field name to a sentence.
    """

    description: str = ""
    fields: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Docs:
    """The descriptions of one protocol."""

    classes: Mapping[str, ClassDocs]

    def of(self, name: str) -> ClassDocs:
        """The descriptions of the class `name`; empty when there are none."""
        return self.classes.get(name, ClassDocs())


def _sentence(value: object, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise CodegenError(f"docs.yaml: {where}: expected a sentence, got {value!r}")
    text = " ".join(value.split())
    if '"""' in text or "\\" in text:
        raise CodegenError(f"docs.yaml: {where}: a description may hold neither three quotes nor a backslash")
    if text[-1] not in ".?!" or text.endswith('"'):
        raise CodegenError(f"docs.yaml: {where}: a description ends with a full stop, got {text[-20:]!r}")
    return text


def _inherit(content: JsonObject, parent: JsonObject, classes: Mapping[str, list[str]]) -> JsonObject:
    """Add the descriptions of another protocol for the classes and fields that `content` says nothing of."""
    merged = dict(content)
    for name, fields in classes.items():
        own, other = as_object(content.get(name, {}), name), as_object(parent.get(name, {}), name)
        own_fields = as_object(own.get("fields", {}), f"{name}.fields")
        other_fields = as_object(other.get("fields", {}), f"{name}.fields")
        kept = {field_name: text for field_name, text in other_fields.items() if field_name in fields}
        if own or other:
            merged[name] = {**other, **own, "fields": {**kept, **own_fields}}
    return merged


def load_docs(
    content: JsonObject,
    classes: Mapping[str, list[str]],
    *,
    complete: bool = True,
    inherited: JsonObject | None = None,
) -> Docs:
    """Read the descriptions and hold them against the classes they describe.

    Args:
        content: The content of `docs.yaml`: class name to `description` and `fields`; under `common_fields` the
            sentence of a field that means the same wherever no class says otherwise.
        classes: Class name to its fields.
        complete: Whether descriptions and classes must match; otherwise what is missing reads "No description." and
            what is too many is left out, as for an application's own contract.
        inherited: The content of another protocol's `docs.yaml`, for what `content` says nothing of.

    Raises:
        CodegenError: A class or field has no description, or a description has no class or field, and they must match.
    """
    content = _inherit(content, inherited, classes) if inherited else content
    own_common = as_object(content.get(_COMMON, {}), _COMMON)
    other_common = as_object((inherited or {}).get(_COMMON, {}), _COMMON)
    common = {name: _sentence(text, f"{_COMMON}.{name}") for name, text in {**other_common, **own_common}.items()}
    unused = set(own_common)
    problems = [f"{name} is described but does not exist" for name in sorted(set(content) - {_COMMON} - set(classes))]
    result: dict[str, ClassDocs] = {}
    for name, fields in classes.items():
        entry = as_object(content.get(name, {}), f"docs.yaml: {name}")
        own = as_object(entry.get("fields", {}), f"docs.yaml: {name}.fields")
        problems.extend(f"{name}.{extra} is described but does not exist" for extra in sorted(set(own) - set(fields)))
        if "description" not in entry:
            problems.append(f"{name} has no description")
        sentences: dict[str, str] = {}
        for field_name in fields:
            if field_name in own:
                sentences[field_name] = _sentence(own[field_name], f"{name}.{field_name}")
            elif field_name in common:
                sentences[field_name] = common[field_name]
                unused.discard(field_name)
            else:
                problems.append(f"{name}.{field_name} has no description")
                sentences[field_name] = MISSING
        result[name] = ClassDocs(_sentence(entry.get("description", MISSING), name), sentences)
    problems.extend(f"{_COMMON}.{name} is used by no class" for name in sorted(unused))
    if problems and complete:
        more = f"; and {len(problems) - 20} more" if len(problems) > 20 else ""
        raise CodegenError("docs.yaml: " + "; ".join(problems[:20]) + more)
    return Docs(result)
