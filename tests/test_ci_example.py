"""`examples/ci`: the script that its workflow runs does what its text says, on a copy of an application."""

import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest
import yaml

from codegen.source import load_protocol
from tests.codegen.openapi_writer import add_event, openapi_document

pytestmark = [
    pytest.mark.timeout(120),
    pytest.mark.skipif(sys.platform == "win32", reason="the script is for bash, as on the workflow's machine"),
]

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "examples" / "ci"
FACTS = load_protocol(ROOT / "schema", "realtime").facts


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHON": sys.executable, "CHANGES": str(folder / "changes.md")}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False
    )


@pytest.fixture
def application(tmp_path: Path) -> Path:
    """A repository with a document and the package made of it, and a newer document beside it."""
    document = openapi_document(FACTS)
    (tmp_path / "schema").mkdir()
    (tmp_path / "schema" / "openapi.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    command = ["-m", "realtime_typed", "codegen", "--openapi", "schema/openapi.yaml", "--output", "src/acme_voice"]
    done = run(tmp_path, sys.executable, *command)
    assert done.returncode == 0, done.stderr
    add_event(document, "Server", "AcmeServerMood", "response.mood", {"mood": {"type": "string"}})
    (tmp_path / "new.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return tmp_path


def test_a_new_event_is_told_in_markdown_and_generated(application: Path) -> None:
    done = run(application, str(EXAMPLE / "update-models.sh"), "new.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "response.mood" in (application / "changes.md").read_text(encoding="utf-8")
    registry = (application / "src" / "acme_voice" / "registry.py").read_text(encoding="utf-8")
    assert '"response.mood": ResponseMood' in registry
    assert (application / "schema" / "openapi.yaml").read_bytes() == (application / "new.yaml").read_bytes()


def test_a_document_that_is_none_changes_nothing(application: Path) -> None:
    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in application.rglob("*") if path.is_file()}

    (application / "new.yaml").write_text("<!doctype html><title>404</title>", encoding="utf-8")
    before = files()
    done = run(application, str(EXAMPLE / "update-models.sh"), "new.yaml")
    assert done.returncode != 0
    assert "HTML" in done.stderr
    assert files() == before


def test_the_workflow_runs_the_script_and_its_shell_is_well_formed() -> None:
    workflow = cast("dict[str, dict[str, dict[str, list[dict[str, str]]]]]", yaml.safe_load(text()))
    commands = [step["run"] for step in workflow["jobs"]["update"]["steps"] if "run" in step]
    assert any("update-models.sh" in command for command in commands)
    assert any("realtime-typed[codegen]" in command for command in commands)
    for command in commands:
        done = subprocess.run(["bash", "-n"], input=command, text=True, check=False, timeout=10, capture_output=True)
        assert done.returncode == 0, done.stderr


def text() -> str:
    return (EXAMPLE / "update-models.yml").read_text(encoding="utf-8")
