"""The recorded turns that the benchmarks work on: one received frame a line, with the bytes of the wire."""

from pathlib import Path
from typing import Final, Literal, TypeAlias, cast, get_args

import pydantic_core

__all__ = ["FOLDER", "TURNS", "Turn", "audio_deltas", "event_types", "frames", "save"]

Turn: TypeAlias = Literal["voice", "text", "tool"]
TURNS: Final = cast("tuple[Turn, ...]", get_args(Turn))
FOLDER: Final = Path(__file__).parent / "corpus"


def _path(turn: Turn) -> Path:
    return FOLDER / f"{turn}_turn.jsonl"


def frames(turn: Turn) -> list[bytes]:
    """Every frame that the client received in a turn, in order, as a WebSocket library hands it out: bytes."""
    return _path(turn).read_bytes().splitlines()


def save(turn: Turn, received: list[bytes]) -> Path:
    """Write a recording.

    Raises:
        ValueError: A frame holds a line break, so that it could not be told from two.
    """
    if any(b"\n" in frame or b"\r" in frame for frame in received):
        raise ValueError("a frame holds a line break; the server writes compact JSON")
    FOLDER.mkdir(exist_ok=True)
    path = _path(turn)
    path.write_bytes(b"".join(frame + b"\n" for frame in received))
    return path


def audio_deltas(turn: Turn) -> list[bytes]:
    """The frames of a turn that carry the model's speech, 250 ms each: without the last, which is shorter."""
    found = [frame for frame in frames(turn) if b'"type":"response.output_audio.delta"' in frame]
    longest = max(map(len, found))
    return [frame for frame in found if len(frame) == longest]


def event_types(received: list[bytes]) -> list[str]:
    """The `type` of each frame."""
    return [str(pydantic_core.from_json(frame)["type"]) for frame in received]
