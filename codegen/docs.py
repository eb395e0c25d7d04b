"""Our own one-sentence descriptions of events, objects and fields: the docstrings of the generated classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .source import CodegenError, JsonObject, as_object

__all__ = ["ClassDocs", "Docs", "load_docs"]

_COMMON = "common_fields"


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


def load_docs(content: JsonObject, classes: Mapping[str, list[str]]) -> Docs:
    """Read the descriptions and hold them against the classes they describe.

    Args:
        content: The content of `docs.yaml`: class name to `description` and `fields`; under `common_fields` the
            sentence of a field that means the same wherever no class says otherwise.
        classes: Class name to its fields.

    Raises:
        CodegenError: A class or field has no description, or a description has no class or field.
    """
    common = {
        name: _sentence(text, f"{_COMMON}.{name}")
        for name, text in as_object(content.get(_COMMON, {}), _COMMON).items()
    }
    unused = set(common)
    problems = [f"{name} is described but does not exist" for name in sorted(set(content) - {_COMMON} - set(classes))]
    result: dict[str, ClassDocs] = {}
    for name, fields in classes.items():
        entry = as_object(content.get(name, {}), f"docs.yaml: {name}")
        own = as_object(entry.get("fields", {}), f"docs.yaml: {name}.fields")
        problems.extend(f"{name}.{extra} is described but does not exist" for extra in sorted(set(own) - set(fields)))
        if "description" not in entry:
            problems.append(f"{name} has no description")
            continue
        sentences: dict[str, str] = {}
        for field_name in fields:
            if field_name in own:
                sentences[field_name] = _sentence(own[field_name], f"{name}.{field_name}")
            elif field_name in common:
                sentences[field_name] = common[field_name]
                unused.discard(field_name)
            else:
                problems.append(f"{name}.{field_name} has no description")
        result[name] = ClassDocs(_sentence(entry["description"], name), sentences)
    problems.extend(f"{_COMMON}.{name} is used by no class" for name in sorted(unused))
    if problems:
        more = f"; and {len(problems) - 20} more" if len(problems) > 20 else ""
        raise CodegenError("docs.yaml: " + "; ".join(problems[:20]) + more)
    return Docs(result)
