"""The documents that OpenAI published, pulled: our facts come out of the newer, a working package out of both.

They are not part of this project; without them beside it these tests are skipped.
"""

import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from codegen.__main__ import main
from codegen.diff import Change, diff_facts
from codegen.render import generated_package
from codegen.source import Facts, JsonObject, load_facts

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT.parent / "shared" / "protocol"
MAY, AUGUST = (DOCUMENTS / f"openapi-{date}.yaml" for date in ("2026-05-13", "2026-08-21"))
PULLED = ("realtime", "realtime_beta", "translation")
pytestmark = pytest.mark.skipif(
    not (MAY.is_file() and AUGUST.is_file()), reason="the published documents are not beside the project (../shared)"
)

# Decodes sample frames by the package that was generated elsewhere, in the place of the committed one.
DECODE = """
import json, sys
from pathlib import Path
import realtime_typed._generated as generated
generated.__path__[:] = [sys.argv[1]]
from pydantic import TypeAdapter
from realtime_typed._generated.realtime import registry, sends, typed_events, types
assert registry.__file__.startswith(sys.argv[1]), registry.__file__
for side, union in (("client", registry.ClientEvent), ("server", registry.ServerEvent)):
    adapter = TypeAdapter(union)
    for line in Path(sys.argv[2], f"{side}.jsonl").read_text(encoding="utf-8").splitlines():
        event = adapter.validate_json(line)
        assert event.to_wire() == json.loads(line), line
print(len(registry.SERVER_EVENTS), hasattr(types, "TranscriptionLanguage"))
"""


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """A copy of `schema/` for each document, with what was pulled from it."""
    result: dict[str, Path] = {}
    for name, path in (("may", MAY), ("august", AUGUST)):
        root = tmp_path_factory.mktemp(name)
        shutil.copytree(ROOT / "schema", root / "schema")
        (root / "docs" / "events").mkdir(parents=True)
        date = path.stem.removeprefix("openapi-")
        commit = ["--commit", "f85dbe2"] if name == "august" else []
        assert main(["--root", str(root), "pull", "--openapi", str(path), "--date", date, *commit]) == 0
        result[name] = root
    return result


@pytest.mark.parametrize("protocol", PULLED)
def test_the_committed_facts_are_what_the_newer_document_gives(projects: Mapping[str, Path], protocol: str) -> None:
    pulled = (projects["august"] / "schema" / protocol / "facts.json").read_bytes()
    assert pulled == (ROOT / "schema" / protocol / "facts.json").read_bytes()
    pins = json.loads((projects["august"] / "schema" / "PINNED.json").read_text(encoding="utf-8"))
    assert pins[protocol] == json.loads((ROOT / "schema" / "PINNED.json").read_text(encoding="utf-8"))[protocol]
    assert pins[protocol]["document_sha256"] == hashlib.sha256(AUGUST.read_bytes()).hexdigest()


@pytest.mark.parametrize("name", ["may", "august"])
def test_a_working_package_comes_out_of_either_document(projects: Mapping[str, Path], name: str) -> None:
    root = projects[name]
    assert main(["--root", str(root), "generate", *PULLED]) == 0
    folder = generated_package(root, "realtime").parent
    command = [sys.executable, "-c", DECODE, str(folder), str(ROOT / "tests" / "samples")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["46", str(name == "august")]


def test_the_older_document_without_its_date_is_held_to_every_entry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    assert main(["--root", str(tmp_path), "pull", "--openapi", str(MAY)]) == 2
    assert "realtime: overlay.yaml: /schemas/CallableToolAllowedCaller: the old value" in capsys.readouterr().err


def leaves(facts: Facts) -> dict[str, Counter[tuple[str, str]]]:
    """Every statement of every event, spread out without any of the code under test: event to (path, statement)."""

    def walk(node: object, path: str, seen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        if not isinstance(node, dict):
            return
        mapping = cast("JsonObject", node)
        if "$ref" in mapping:
            name = str(mapping["$ref"]).removeprefix("#/schemas/")
            if name not in seen:
                yield from walk(facts.schemas[name], path, (*seen, name))
        for key, value in mapping.items():
            if key == "properties":
                for field, schema in cast("JsonObject", value).items():
                    yield f"{path}.{field}", "is a field"
                    yield from walk(schema, f"{path}.{field}", seen)
            elif key == "items":
                yield from walk(value, f"{path}[]", seen)
            elif key == "additionalProperties" and isinstance(value, dict):
                yield from walk(cast("object", value), f"{path}.*", seen)
            elif key in ("anyOf", "oneOf", "allOf"):
                for option in cast("list[object]", value):
                    yield from walk(option, path, seen)
            elif key in ("enum", "required"):
                yield from ((path, f"{key} {each}") for each in cast("list[object]", value))
            elif key not in ("$ref", "discriminator"):
                yield path, f"{key} {json.dumps(value)}"

    events = {**facts.client_events, **facts.server_events, **{name: name for name in facts.rest}}
    return {event: Counter(walk({"$ref": f"#/schemas/{schema}"}, "", ())) for event, schema in events.items()}


def plain(path: str) -> str:
    """A path without the members of unions, which the brute force does not tell apart."""
    while "(" in path:
        before, _, rest = path.partition("(")
        path = before + rest.partition(")")[2]
    return f".{path}" if path and not path.startswith((".", "[")) else path


def covered(change: Change, path: str) -> bool:
    where = plain(change.path)
    return path == where or (
        change.kind in ("field_added", "field_removed") and path.startswith((f"{where}.", f"{where}["))
    )


@pytest.mark.parametrize("protocol", PULLED)
def test_the_difference_between_the_documents_names_every_change(projects: Mapping[str, Path], protocol: str) -> None:
    old, new = (load_facts(projects[name] / "schema" / protocol / "facts.json") for name in ("may", "august"))
    changes = diff_facts(old, new)
    before, after = leaves(old), leaves(new)
    for event in before.keys() | after.keys():
        told = [change for change in changes if change.event == event]
        left, right = before.get(event, Counter()), after.get(event, Counter())
        moved = [*(left - right), *(right - left)]
        untold = {(path, what) for path, what in moved if not any(covered(change, path) for change in told)}
        assert not untold, f"{event}: diff does not tell of {sorted(untold)}"
        for change in told:
            assert any(covered(change, path) for path, _ in moved), f"{change.where}: nothing moved there"


def test_what_august_brought_is_what_diff_says(projects: Mapping[str, Path]) -> None:
    old, new = (load_facts(projects[name] / "schema" / "realtime" / "facts.json") for name in ("may", "august"))
    changes = diff_facts(old, new)
    told = {(change.kind, plain(change.path).rsplit(".", 1)[-1], str(change.after)) for change in changes}
    assert told == {
        ("field_added", "allowed_callers", "optional"),
        ("field_added", "keywords", "optional"),
        ("field_added", "languages", "optional"),
        ("field_added", "prompt_cache_breakpoint", "optional"),
        ("field_added", "tunnel_id", "optional"),
        ("value_added", "detail", "auto"),
        ("value_added", "model", "gpt-live-transcribe"),
        ("value_added", "model", "gpt-transcribe"),
        ("value_added", "model", "gpt-realtime-2.1"),
        ("value_added", "model", "gpt-realtime-2.1-mini"),
    }
    assert {plain(change.path) for change in changes if change.breaking} == {
        ".session.prompt.variables.*.detail",
    }
