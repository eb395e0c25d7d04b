"""`python -m codegen`: what it writes, when it refuses, what it needs."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from codegen.__main__ import main
from codegen.render import generated_package, render_protocol
from codegen.source import load_protocol

ROOT = Path(__file__).parents[2]


def written(root: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in generated_package(root, "realtime").glob("*.py")}


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_committed_package_is_what_the_schema_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0, capsys.readouterr().out


def test_rendering_twice_gives_the_same_bytes() -> None:
    generator = version("datamodel-code-generator")
    first, second = (render_protocol(load_protocol(ROOT / "schema", "realtime"), generator) for _ in range(2))
    assert first == second == written(ROOT)


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_order_of_sets_leaves_no_trace(project: Path, seed: str) -> None:
    for path in generated_package(project, "realtime").glob("*.py"):
        path.unlink()
    command = [sys.executable, "-m", "codegen", "--root", str(project), "generate"]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=50, capture_output=True)
    assert written(project) == written(ROOT)


def test_check_needs_no_network() -> None:
    script = (
        "import socket, sys\n"
        "def refuse(*args, **kwargs): raise AssertionError('codegen went to the network')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        "from codegen.__main__ import main\n"
        "sys.exit(main(['check']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=50, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_check_fails_and_shows_the_line_when_a_generated_file_was_edited(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(generated_package(project, "realtime") / "registry.py", "Wire names to classes.", "Edited by hand.")
    assert main(["--root", str(project), "check"]) == 1
    printed = capsys.readouterr().out
    assert '-"""Edited by hand."""' in printed
    assert '+"""Wire names to classes."""' in printed
    assert "python -m codegen generate" in printed


def test_check_fails_when_a_generated_file_is_missing_or_too_many(project: Path) -> None:
    package = generated_package(project, "realtime")
    (package / "extra.py").write_text("x = 1\n", encoding="utf-8")
    assert main(["--root", str(project), "check"]) == 1
    (package / "extra.py").unlink()
    (package / "sends.py").unlink()
    assert main(["--root", str(project), "check"]) == 1


def test_check_fails_when_any_file_of_the_contract_changed(project: Path) -> None:
    for file in ("overlay.yaml", "docs.yaml", "protocol.yaml"):
        path = project / "schema" / "realtime" / file
        before = path.read_text(encoding="utf-8")
        path.write_text(before + "\n# A remark.\n", encoding="utf-8")
        assert main(["--root", str(project), "check"]) == 1, file
        path.write_text(before, encoding="utf-8")
    assert main(["--root", str(project), "check"]) == 0


@pytest.mark.parametrize("command", ["check", "generate"])
def test_a_broken_contract_is_exit_status_2_and_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    replace(project / "schema" / "realtime" / "overlay.yaml", "changes:", "chnages:")
    before = written(project)
    assert main(["--root", str(project), command]) == 2
    assert "unknown section 'chnages'" in capsys.readouterr().err
    assert written(project) == before


# Ten lines of ten aliases each stand for ten billion values.
BOMB = "a0: &a0 [1]\n" + "".join(f"a{n + 1}: &a{n + 1} [{', '.join([f'*a{n}'] * 10)}]\n" for n in range(10))


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("facts.json", "{", "facts.json: is no JSON"),
        ("facts.json", '{"source": "x", "events": {}}', "facts.json: lacks schemas"),
        (
            "facts.json",
            '{"source": "x", "events": {"client": {"a.b": "Gone"}}, "schemas": {}}',
            "facts.json#/events/client/a.b: names the schema 'Gone'",
        ),
        ("overlay.yaml", "- a list", "overlay.yaml: expected a mapping, got list"),
        ("facts.json", '{"source": ' + "9" * 5000 + "}", "facts.json: is no JSON"),
        ("facts.json", '{"source": ' + "[" * 400 + "]" * 400 + "}", "facts.json: is nested deeper than 200 levels"),
        ("facts.json", "[" * 100_000, "facts.json: is nested too deep"),
        ("overlay.yaml", "a: [", "overlay.yaml: is no YAML"),
        ("overlay.yaml", b"a: \xff", "overlay.yaml: is no text in UTF-8 (byte 3)"),
        ("overlay.yaml", "a: 2001-99-99", "overlay.yaml: holds a value that cannot be read"),
        ("overlay.yaml", "a: !!bool x", "overlay.yaml: holds a value that cannot be read"),
        ("overlay.yaml", "a: !!timestamp x", "overlay.yaml: holds a value that cannot be read"),
        ("overlay.yaml", "[" * 1000, "overlay.yaml: is nested too deep"),
        ("overlay.yaml", "a: " + "[" * 210 + "]" * 210, "overlay.yaml: is nested deeper than 200 levels"),
        ("overlay.yaml", "a: &a [*a]", "overlay.yaml: is nested deeper than 200 levels"),
        ("overlay.yaml", BOMB, "overlay.yaml: unfolds to more than 5000000 values"),
        ("docs.yaml", "off: A sentence.", "every key must be a string, got False"),
    ],
)
def test_a_malformed_file_is_named(
    project: Path, capsys: pytest.CaptureFixture[str], file: str, content: str | bytes, message: str
) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    (project / "schema" / "realtime" / file).write_bytes(data)
    assert main(["--root", str(project), "check"]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_file_or_protocol_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(project), "check", "realtiem"]) == 2
    assert "there is no protocol 'realtiem'" in capsys.readouterr().err
    (project / "schema" / "realtime" / "docs.yaml").unlink()
    assert main(["--root", str(project), "check"]) == 2
    assert "protocol 'realtime': docs.yaml is missing" in capsys.readouterr().err


def test_a_folder_without_any_protocol_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(tmp_path), "check"]) == 2
    assert "holds no protocol" in capsys.readouterr().err


def test_generate_removes_files_that_are_no_longer_made(project: Path) -> None:
    stale = generated_package(project, "realtime") / "stale.py"
    stale.write_text("", encoding="utf-8")
    assert main(["--root", str(project), "generate", "realtime"]) == 0
    assert not stale.exists()
    assert written(project) == written(ROOT)
