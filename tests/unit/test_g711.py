"""G.711 against the Recommendation's own tables, all codes and all samples.

Nothing of the package makes an expected value here. The tables of ITU-T G.711 (11/88) list, for each law, the segments
as "number of intervals × interval size", and say that a code stands for the middle of its interval. From that the
decision values, the decoder's output values and the codes follow by counting.
"""

import bisect
import importlib
import itertools
import sys
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, cast

import numpy as np
import pytest

from realtime_typed.audio import Int16Array, alaw_decode, alaw_encode, ulaw_decode, ulaw_encode

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

ALL_SAMPLES = np.arange(-32_768, 32_768).astype(np.int16)
ALL_CODES = bytes(range(256))

# Column 2 of table 2a (µ-law), from zero upwards: the first interval is half a step. Units of 1/8159.
ULAW_INTERVALS = [1] + 15 * [2] + [size for size in (4, 8, 16, 32, 64, 128, 256) for _ in range(16)]
# Column 2 of table 1a (A-law), from zero upwards: 32 intervals of 2, then 16 of each size. Units of 1/4096.
ALAW_INTERVALS = 32 * [2] + [size for size in (4, 8, 16, 32, 64, 128) for _ in range(16)]

ULAW_DECISIONS = [0, *itertools.accumulate(ULAW_INTERVALS)]
ALAW_DECISIONS = [0, *itertools.accumulate(ALAW_INTERVALS)]
# Column 8: output values y. µ-law's first is 0 itself, as its interval spans zero from both sides.
ULAW_OUTPUTS = [0] + [(low + high) // 2 for low, high in itertools.pairwise(ULAW_DECISIONS[1:])]
ALAW_OUTPUTS = [(low + high) // 2 for low, high in itertools.pairwise(ALAW_DECISIONS)]


def ulaw_code(interval: int, *, negative: bool) -> int:
    """Column 6 of table 2a: 1111 1111 for the first interval, then down to 1000 0000; negative ones begin with 0."""
    return (0x7F if negative else 0xFF) - interval


def alaw_code(interval: int, *, negative: bool) -> int:
    """Column 6 of table 1a counts up from 1000 0000; as sent, the even bits are inverted (note 2)."""
    return ((0x00 if negative else 0x80) + interval) ^ 0x55


def interval_of(decisions: list[int], magnitude: int) -> int:
    """The interval a magnitude lies in; what lies beyond the virtual decision value is in the last."""
    return min(bisect.bisect_right(decisions, magnitude), len(decisions) - 1) - 1


def expected_ulaw(sample: int) -> int:
    value = sample >> 2  # the law is defined on 14 bits
    return ulaw_code(interval_of(ULAW_DECISIONS, abs(value)), negative=value < 0)


def expected_alaw(sample: int) -> int:
    value = sample >> 3  # the law is defined on 13 bits
    # A-law has no zero: the interval below it is (-2, 0), so that -1 is the mirror of 0.
    return alaw_code(interval_of(ALAW_DECISIONS, value if value >= 0 else -value - 1), negative=value < 0)


class Decoder(Protocol):
    """The part of PyAV's codec context that is used; its own annotations leave open what a packet is of."""

    def decode(self, packet: object, /) -> "list[AudioFrame]": ...


def audioop() -> ModuleType:
    if sys.version_info >= (3, 13):
        pytest.skip("the standard library has no audioop from Python 3.13 on")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return importlib.import_module("audioop")


def test_the_intervals_add_up_to_the_virtual_decision_values_of_the_recommendation() -> None:
    assert (len(ULAW_INTERVALS), ULAW_DECISIONS[-1]) == (128, 8159)
    assert (len(ALAW_INTERVALS), ALAW_DECISIONS[-1]) == (128, 4096)
    # Printed in the tables: decision values at the ends of segments, and output values beside them.
    assert [ULAW_DECISIONS[16 * n] for n in range(1, 8)] == [31, 95, 223, 479, 991, 2015, 4063]
    assert [ULAW_OUTPUTS[n] for n in (0, 1, 16, 32, 48, 64, 80, 96, 112, 127)] == [
        *(0, 2, 33, 99, 231, 495, 1023, 2079, 4191, 8031)
    ]
    assert [ALAW_DECISIONS[16 * n] for n in range(2, 9)] == [64, 128, 256, 512, 1024, 2048, 4096]
    assert [ALAW_OUTPUTS[n] for n in (0, 32, 48, 64, 80, 96, 112, 127)] == [1, 66, 132, 264, 528, 1056, 2112, 4032]


def test_every_ulaw_code_decodes_to_the_output_value_of_the_table() -> None:
    expected = {}
    for interval, value in enumerate(ULAW_OUTPUTS):
        expected[ulaw_code(interval, negative=False)] = 4 * value
        expected[ulaw_code(interval, negative=True)] = -4 * value
    assert ulaw_decode(ALL_CODES).tolist() == [expected[code] for code in range(256)]


def test_every_alaw_code_decodes_to_the_output_value_of_the_table() -> None:
    expected = {}
    for interval, value in enumerate(ALAW_OUTPUTS):
        expected[alaw_code(interval, negative=False)] = 8 * value
        expected[alaw_code(interval, negative=True)] = -8 * value
    assert alaw_decode(ALL_CODES).tolist() == [expected[code] for code in range(256)]


def test_every_sample_gets_the_ulaw_code_of_its_interval_in_the_table() -> None:
    assert ulaw_encode(ALL_SAMPLES) == bytes(map(expected_ulaw, ALL_SAMPLES.tolist()))


def test_every_sample_gets_the_alaw_code_of_its_interval_in_the_table() -> None:
    assert alaw_encode(ALL_SAMPLES) == bytes(map(expected_alaw, ALL_SAMPLES.tolist()))


def test_the_standard_librarys_g711_agrees_for_every_sample_and_code() -> None:
    peer = audioop()
    every = ALL_SAMPLES.tobytes()
    assert ulaw_encode(ALL_SAMPLES) == peer.lin2ulaw(every, 2)
    assert alaw_encode(ALL_SAMPLES) == peer.lin2alaw(every, 2)
    assert ulaw_decode(ALL_CODES).tobytes() == peer.ulaw2lin(ALL_CODES, 2)
    assert alaw_decode(ALL_CODES).tobytes() == peer.alaw2lin(ALL_CODES, 2)


@pytest.mark.parametrize(("codec", "decode"), [("pcm_mulaw", ulaw_decode), ("pcm_alaw", alaw_decode)])
def test_ffmpegs_decoder_agrees_for_every_code(codec: str, decode: Callable[[bytes], Int16Array]) -> None:
    # Not its encoder: it takes the nearest output value, which at the borders of segments is not the Recommendation's.
    pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")
    from av.audio.codeccontext import AudioCodecContext
    from av.packet import Packet

    peer = AudioCodecContext.create(codec, "r")
    assert isinstance(peer, AudioCodecContext)
    peer.sample_rate = 8_000
    peer.layout = "mono"
    (frame,) = cast("Decoder", peer).decode(Packet(ALL_CODES))
    assert bytes(frame.planes[0])[: 2 * frame.samples] == decode(ALL_CODES).tobytes()
