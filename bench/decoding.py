"""Decoding whole turns: `Codec.decode` beside `orjson.loads`, and beside the `openai` package's `parse_event`.

`orjson.loads` gives dicts and checks nothing but JSON; `parse_event` gives models and checks nothing either. Ours gives
models, checked.
"""

from collections.abc import Callable
from typing import Literal

from realtime_typed import Codec

from .baselines import orjson_loads, parse_event
from .corpus import Turn, frames
from .measure import Pairs, Work, pair_up

__all__ = ["decode_pairs"]

Decode = Callable[[bytes], object]


def _over(decode: Decode, received: list[bytes]) -> Work:
    def work() -> None:
        for frame in received:
            decode(frame)

    return work


def decode_pairs(
    turn: Turn, validation: Literal["strict", "lenient"], baseline: Literal["orjson", "openai"], repeat: int
) -> Pairs:
    """Time the decoding of every received frame of a turn, as bytes, one sample being a whole turn or several."""
    received = frames(turn)
    theirs = orjson_loads() if baseline == "orjson" else parse_event()
    return pair_up(_over(Codec(validation).decode, received), _over(theirs, received), repeat)
