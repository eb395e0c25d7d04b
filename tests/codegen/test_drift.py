"""Drift: what the newest package says differently is found and named, unless somebody accepted it with a reason."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from codegen.__main__ import main
from codegen.drift import find_drift, load_accepted
from codegen.package import extract_package
from codegen.pull import facts_text
from codegen.source import CodegenError
from tests.codegen.fake_package import SETTINGS, installed

ROOT = Path(__file__).parents[2]
needs_openai = pytest.mark.skipif(
    importlib.util.find_spec("openai") is None, reason="needs the openai package, as `nox -s drift` installs it"
)


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A project whose one protocol is exactly what an installed package says."""
    folder = tmp_path / "schema" / "talk"
    folder.mkdir(parents=True)
    with installed(tmp_path):
        (folder / "facts.json").write_text(facts_text("talk", extract_package(SETTINGS)), encoding="utf-8")
        (folder / "protocol.yaml").write_text(yaml.safe_dump({"package": SETTINGS}), encoding="utf-8")
        for name in ("overlay.yaml", "docs.yaml"):
            (folder / name).write_text("{}\n", encoding="utf-8")
        accept(tmp_path, {})
        yield tmp_path


def accept(root: Path, entries: dict[str, object]) -> None:
    content = {"talk": [{"reason": "It is known.", "at": entries}]} if entries else {}
    (root / "schema" / "drift.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")


def remove_field(facts: Path, schema: str, *path: str) -> None:
    """Take the field at the end of `path` out of a schema, as if we had never known it."""
    content = json.loads(facts.read_text(encoding="utf-8"))
    node = content["schemas"][schema]
    *parents, name = path
    for step in parents:
        node = node["properties"][step]
    del node["properties"][name]
    node["required"] = [each for each in node.get("required", []) if each != name]
    facts.write_text(json.dumps(content), encoding="utf-8")


def drift(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["--root", str(root), "drift", *arguments])
    captured = capsys.readouterr()
    return status, captured.out + captured.err


def test_a_schema_that_says_what_the_package_says_is_green(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, output = drift(root, capsys)
    assert status == 0
    assert "compared with the Python package vendorsdk, vendorsdk.talk at version 1.2.3" in output
    assert "no drift beside 0 accepted differences" in output


def test_a_field_removed_from_our_schema_is_drift_and_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remove_field(root / "schema" / "talk" / "facts.json", "TalkSay", "words")
    status, output = drift(root, capsys)
    assert status == 1
    assert "drift: talk: /schemas/TalkSay/properties/words: field added: required" in output


def test_an_accepted_difference_is_green(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    remove_field(root / "schema" / "talk" / "facts.json", "TalkSay", "words")
    accept(root, {"/schemas/TalkSay/properties/words": "field added: required"})
    status, output = drift(root, capsys)
    assert status == 0
    assert "no drift beside 1 accepted differences" in output


def test_an_accepted_difference_that_is_gone_is_drift_and_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accept(root, {"/schemas/TalkSay/properties/words": ["field added", "value added: 'x'"]})
    status, output = drift(root, capsys)
    assert status == 1
    assert "accepted, but there no more: talk: /schemas/TalkSay/properties/words: field added" in output
    assert "accepted, but there no more: talk: /schemas/TalkSay/properties/words: value added: 'x'" in output


def test_a_protocol_that_names_no_package_cannot_have_accepted_differences(root: Path) -> None:
    found = find_drift(root / "schema", {"other": {("/schemas/A", "field added"): "It is known."}})
    assert found.gone == ["other: names no package"]


def test_the_accepted_differences_may_stand_elsewhere(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "mine.yaml"
    elsewhere.write_text("talk: [{reason: Known., at: {/schemas/A: field added}}]", encoding="utf-8")
    status, output = drift(root, capsys, "--accepted", str(elsewhere))
    assert status == 1
    assert "talk: /schemas/A: field added" in output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("talk: [{at: {/schemas/A: field added}}]", "talk\\[0\\]: states no reason"),
        ("talk: [{reason: ' ', at: {/schemas/A: field added}}]", "states no reason"),
        ("talk: [{reason: Known.}]", "talk\\[0\\].at: expected a mapping"),
        ("talk: [{reason: Known., at: {/schemas/A: [field added, field added]}}]", "accepted twice"),
        ("- talk", "expected a mapping"),
    ],
)
def test_a_list_that_is_malformed_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "drift.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CodegenError, match=message):
        load_accepted(path)


def test_a_package_that_is_not_installed_is_neither_green_nor_drift(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"package": {**SETTINGS, "module": "nosuchsdk.talk"}}
    (root / "schema" / "talk" / "protocol.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    status, output = drift(root, capsys)
    assert status == 2
    assert "'nosuchsdk' is not installed" in output


@pytest.mark.skipif(importlib.util.find_spec("pip") is None, reason="needs pip, as nox's environments have it")
def test_a_registry_that_cannot_be_reached_is_not_taken_for_drift(root: Path) -> None:
    # Port 9 of this machine answers nobody, and `vendorsdk` would pass if pip were content with what is installed.
    environment = {
        "PATH": "",
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_RETRIES": "1",
        "PIP_CONFIG_FILE": "/dev/null",
        "PYTHONPATH": str(root / "site"),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "codegen", "--root", str(root), "drift", "--install", "vendorsdk"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "the registry cannot be reached" in done.stderr
    assert "this says nothing about drift" in done.stderr


def test_every_accepted_difference_of_ours_belongs_to_a_protocol_that_names_a_package() -> None:
    for name in load_accepted(ROOT / "schema" / "drift.yaml"):
        assert "package" in yaml.safe_load((ROOT / "schema" / name / "protocol.yaml").read_text(encoding="utf-8"))


@needs_openai
class TestOurs:
    def test_our_schema_does_not_drift_from_the_openai_package(self) -> None:
        schema = ROOT / "schema"
        found = find_drift(schema, load_accepted(schema / "drift.yaml"))
        assert sorted(found.sources) == ["live", "realtime", "translation"]
        assert found.unexpected == []
        assert found.gone == []

    @pytest.mark.parametrize(
        ("protocol", "schema", "path"),
        [
            ("realtime", "RealtimeResponse", ("status",)),
            ("realtime", "RealtimeSessionCreateRequestGA", ("audio", "output", "speed")),
            ("live", "SessionConfig", ("store",)),
        ],
    )
    def test_a_field_removed_from_our_schema_is_named(
        self, tmp_path: Path, protocol: str, schema: str, path: tuple[str, ...]
    ) -> None:
        copied = tmp_path / "schema"
        shutil.copytree(ROOT / "schema", copied)
        remove_field(copied / protocol / "facts.json", schema, *path)
        found = find_drift(copied, load_accepted(copied / "drift.yaml"))
        pointer = "/".join(["", "schemas", schema, *(f"properties/{step}" for step in path)])
        assert [sentence.split(": ")[:3] for sentence in found.unexpected] == [[protocol, pointer, "field added"]]
