"""A file that is nowhere: opening a real one costs more than what is fuzzed."""

import os
from pathlib import Path
from typing import cast

__all__ = ["file_of"]


class _File:
    """What the code that is fuzzed asks of a path."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self._content = content

    def stat(self) -> os.stat_result:
        return os.stat_result((0o100644, 0, 0, 1, 0, 0, len(self._content), 0, 0, 0))

    def read_bytes(self) -> bytes:
        return self._content

    def read_text(self, encoding: str) -> str:
        return self._content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")


def file_of(name: str, content: bytes) -> Path:
    """A path whose file has this content."""
    return cast("Path", _File(name, content))
