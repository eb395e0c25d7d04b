"""The inputs that the repository keeps, and the dictionary that the fuzzer gets.

There is one file for each target, and each line is the literal of one input, so that a difference can be read.
"""

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Final, cast

from .targets import Target, TargetModule

__all__ = ["CORPUS", "dictionary", "inputs", "keep", "kept"]

CORPUS: Final = Path(__file__).parent / "corpus"


def kept(target: Target) -> list[bytes]:
    """The inputs of a target that the repository keeps."""
    path = CORPUS / f"{target.name}.txt"
    if not path.is_file():
        return []
    return [cast("bytes", ast.literal_eval(line)) for line in path.read_text(encoding="ascii").splitlines() if line]


def keep(target: Target, data: Iterable[bytes]) -> Path:
    """Write the inputs that the repository keeps, and return where."""
    path = CORPUS / f"{target.name}.txt"
    path.write_text("".join(f"{each!r}\n" for each in sorted(data, key=lambda each: (len(each), each))), "ascii")
    return path


def inputs(target: Target, module: TargetModule) -> list[bytes]:
    """What a run begins with: the seeds and what is kept, each once."""
    return list(dict.fromkeys([*module.seeds(), *kept(target)]))


def dictionary(words: Iterable[str]) -> str:
    """Write words as libFuzzer reads them."""
    lines: list[str] = []
    for word in dict.fromkeys(words):
        data = word.encode("utf-8", "surrogatepass")
        # Longer ones would not be used.
        if 0 < len(data) <= 64:
            lines.append('"' + "".join(f"\\x{byte:02x}" for byte in data) + '"\n')
    return "".join(lines)
