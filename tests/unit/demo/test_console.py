"""`Console`: lines that fit where they go."""

import io

import pytest

from realtime_typed.demo.console import Console, one_line


class Terminal(io.StringIO):
    """Standard output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_text_becomes_one_line_of_limited_length() -> None:
    assert one_line("two\nlines  and\ttabs") == "two lines and tabs"
    assert one_line("x" * 50, 10) == "x" * 9 + "…"


def test_what_a_server_sends_cannot_steer_the_terminal() -> None:
    assert one_line("\x1b[2Jgone\x07") == "\ufffd[2Jgone\ufffd"


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_a_terminal_gets_colours_unless_the_environment_forbids_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert Console.for_stdout().paint("text", "red") == "\x1b[31mtext\x1b[0m"
    monkeypatch.setenv(name, value)
    assert Console.for_stdout().paint("text", "red") == "text"


def test_a_pipe_gets_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert Console.for_stdout().paint("text", "bold") == "text"


def test_a_character_that_the_terminal_cannot_show_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(raw, encoding="ascii"))
    Console.for_stdout().line("→ hello")
    assert raw.getvalue() == b"? hello\n"
