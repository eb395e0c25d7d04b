"""The `realtime-typed` command: its arguments, exit statuses and one-line errors."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from realtime_typed import __version__
from realtime_typed.cli import main

UNREACHABLE = "http://127.0.0.1:9/v1"  # the discard port: nothing listens there


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert capsys.readouterr().out == f"realtime-typed {__version__}\n"


def test_without_a_command_it_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert "demo" in shown
    assert "serve" in shown


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["demo", "--speed", "2"], "unrecognized arguments: --speed 2"),
        (["demo", "--api-key", "sk-secret"], "--api-key needs --base-url"),
        (["demo", "--quiet", "--verbose"], "not allowed with"),
        (["demo", "--timeout", "0"], "must be a positive number of seconds"),
        (["demo", "--timeout", "inf"], "must be a positive number of seconds"),
        (["demo", "--timeout", "soon"], "--timeout"),
        (["dance"], "invalid choice"),
    ],
)
def test_wrong_arguments_exit_with_two_and_a_sentence(
    capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    shown = capsys.readouterr().err
    assert left.value.code == 2
    assert complaint in shown
    assert "sk-secret" not in shown


def test_a_service_that_cannot_be_reached_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "realtime_typed", "demo", "--base-url", UNREACHABLE, "--api-key", "sk-secret"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False, cwd=tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: cannot connect to ws://127.0.0.1:9/v1/realtime")
    assert "sk-secret" not in done.stdout + done.stderr


def test_a_missing_key_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    assert main(["demo", "--base-url", UNREACHABLE, "--output", str(tmp_path), "--quiet"]) == 1
    assert "OPENAI_API_KEY" in capsys.readouterr().err


def test_a_url_that_is_none_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["demo", "--base-url", "api.openai.com", "--api-key", "sk-1", "--output", str(tmp_path)]) == 1
    assert "base_url must be" in capsys.readouterr().err


def test_without_the_extra_server_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "realtime_typed.local.asgi", raising=False)
    assert main(["demo", "--output", str(tmp_path)]) == 1
    shown = capsys.readouterr().err
    assert 'pip install "realtime-typed[server]"' in shown
    assert len(shown.splitlines()) == 1


def test_serve_passes_its_arguments_to_the_server(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", "--help"])
    assert left.value.code == 0
    assert "--audio-speed" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to end a process gently")
def test_serve_runs_a_server_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "realtime_typed", "serve", "--port", "0", "--api-key", "sk-mine"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline().startswith("base_url  http://127.0.0.1:")
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


@pytest.mark.parametrize("statement", ["import realtime_typed", "import realtime_typed.cli"])
def test_neither_the_package_nor_the_command_loads_the_demo_before_it_runs(statement: str) -> None:
    script = f"import sys\n{statement}\nprint(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=True)
    assert "realtime_typed.demo" not in done.stdout
    assert "'numpy'" not in done.stdout


@pytest.mark.parametrize(("missing", "told"), [("jinja2", True), ("somebody_elses", False)])
def test_only_what_the_extra_brings_is_told_to_be_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], missing: str, told: bool
) -> None:
    def fail() -> None:
        raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)

    monkeypatch.setattr("realtime_typed.cli._codegen", fail)
    if told:
        assert main(["codegen", "--help"]) == 1
        assert f"codegen needs {missing}, which is not installed" in capsys.readouterr().err
    else:
        with pytest.raises(ModuleNotFoundError):
            main(["codegen", "--help"])


def test_an_installation_without_its_generator_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = tmp_path / "src" / "realtime_typed" / "cli.py"
    module.parent.mkdir(parents=True)
    monkeypatch.setattr("realtime_typed.cli.__file__", str(module))
    with pytest.raises(RuntimeError, match="lacks its generator; install it again"):
        main(["codegen", "--help"])
