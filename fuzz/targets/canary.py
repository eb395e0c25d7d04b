"""A fault put there on purpose: who runs this target sees whether a crash is found and told. It is in no run of all."""

from collections.abc import Iterable

__all__ = ["run", "seeds", "words"]


def run(data: bytes) -> None:
    """Fail for one word, a letter at a time, so that coverage leads there."""
    if data[:1] == b"f" and data[1:2] == b"u" and data[2:3] == b"z" and data[3:4] == b"z":
        raise RuntimeError("the canary is dead")


def seeds() -> Iterable[bytes]:
    """One letter off."""
    yield b"fuzy"


def words() -> Iterable[str]:
    """The missing letter, and others."""
    yield from "xyz"
