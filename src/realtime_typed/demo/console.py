"""Lines on a terminal, in a pipe or in a file: colours where they are wanted, characters that can be written."""

import os
import sys
from collections.abc import Callable
from typing import Final, Literal, Self, TextIO, TypeAlias

__all__ = ["Console", "one_line"]

Style: TypeAlias = Literal["bold", "dim", "green", "cyan", "red"]

_CODES: Final[dict[Style, int]] = {"bold": 1, "dim": 2, "green": 32, "cyan": 36, "red": 31}


def one_line(text: str, limit: int = 96) -> str:
    """Bring any text into one line of at most `limit` characters, with `…` for what was cut.

    Control characters are replaced: what a server sends must not be able to steer the terminal.
    """
    joined = " ".join(text.split())
    if not joined.isprintable():
        joined = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in joined)
    return joined if len(joined) <= limit else f"{joined[: limit - 1]}…"


class Console:
    """Where the demo writes.

    Args:
        out: A text stream.
        colour: Whether to use the colours of ANSI terminals.
    """

    def __init__(self, out: TextIO, *, colour: bool = False) -> None:
        self._out = out
        self._colour = colour

    @classmethod
    def for_stdout(cls) -> Self:
        """Standard output, with colours on a terminal unless `NO_COLOR` (no-color.org) is set."""
        out: TextIO = sys.stdout
        # A model may answer in any script; a terminal of another encoding must not end the demo.
        reconfigure: Callable[..., None] | None = getattr(out, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
        return cls(out, colour=out.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")

    def line(self, text: str = "") -> None:
        """Write one line, at once: a pipe shows events as they come, too."""
        try:
            print(text, file=self._out, flush=True)
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough; the demo goes on to write its file.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._out.fileno())

    def paint(self, text: str, style: Style) -> str:
        """Give `text` a style, if this console has any."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self._colour and text else text
