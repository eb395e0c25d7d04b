"""Resampling a stream and G.711, each beside the libraries that an application would take instead.

Baselines do what their manuals say for a stream: `soxr.ResampleStream` and `samplerate.Resampler` keep state, and
`scipy.signal.resample_poly` has none, so that it gets each piece on its own, and clicks.
"""

import importlib
import random
import warnings
from collections.abc import Callable
from typing import Final, Literal, Protocol, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from realtime_typed._stream_resample import StreamResampler
from realtime_typed.audio import Int16Array, alaw_decode, alaw_encode, resample, ulaw_decode, ulaw_encode

from .measure import Pairs, pair_up

__all__ = ["G711Baseline", "ResamplingBaseline", "delay_pairs", "g711_pairs", "resampling_pairs", "whole_pairs"]

ResamplingBaseline: TypeAlias = Literal["soxr", "samplerate", "scipy"]
G711Baseline: TypeAlias = Literal["audioop", "numpy"]

_PIECES: Final = 50  # of 20 ms: a second
_RATES: Final = (48_000, 24_000)


class _Soxr(Protocol):
    def resample_chunk(self, x: Int16Array, *, last: bool = False) -> Int16Array: ...


class _SampleRate(Protocol):
    def process(self, input_data: npt.NDArray[np.float32], ratio: float) -> npt.NDArray[np.float32]: ...


def _noise(rate: int) -> list[Int16Array]:
    return list(np.random.default_rng(1).integers(-8_000, 8_000, (_PIECES, rate // 50)).astype(np.int16))


def _soxr() -> Callable[[Int16Array], object]:
    stream = cast("_Soxr", importlib.import_module("soxr").ResampleStream(*_RATES, 1, dtype="int16"))
    return stream.resample_chunk


def _samplerate() -> Callable[[Int16Array], object]:
    resampler = cast("_SampleRate", importlib.import_module("samplerate").Resampler("sinc_medium", channels=1))
    full_scale = np.float32(32_768)

    def convert(piece: Int16Array) -> object:
        floats = resampler.process(piece.astype(np.float32) / full_scale, _RATES[1] / _RATES[0])
        return np.clip(np.rint(floats * full_scale), -32_768, 32_767).astype(np.int16)

    return convert


def _scipy() -> Callable[[Int16Array], object]:
    resample_poly = cast(
        "Callable[..., npt.NDArray[np.float64]]", importlib.import_module("scipy.signal").resample_poly
    )

    def convert(piece: Int16Array) -> object:
        floats = resample_poly(piece.astype(np.float64), 1, _RATES[0] // _RATES[1])
        return np.clip(np.rint(floats), -32_768, 32_767).astype(np.int16)

    return convert


def resampling_pairs(baseline: ResamplingBaseline, repeat: int) -> tuple[Pairs, int]:
    """Time 20 ms of 48,000 Hz to 24,000 Hz, in a stream, int16 to int16.

    Args:
        baseline: `"soxr"` (its default quality), `"samplerate"` (`sinc_medium`), or `"scipy"`.
        repeat: How many pairs.

    Returns:
        The pairs, and how many pieces one call of the work converts.

    Raises:
        ImportError: The baseline is not installed.
    """
    theirs = {"soxr": _soxr, "samplerate": _samplerate, "scipy": _scipy}[baseline]()
    ours = StreamResampler(*_RATES).process
    pieces = _noise(_RATES[0])

    def over(convert: Callable[[Int16Array], object]) -> Callable[[], None]:
        def work() -> None:
            for piece in pieces:
                convert(piece)

        return work

    return pair_up(over(ours), over(theirs), repeat), _PIECES


def delay_pairs(repeat: int) -> tuple[Pairs, int]:
    """Measure, in audio and not on a clock, how far a stream of 48,000 Hz to 24,000 Hz lags behind what went in.

    Args:
        repeat: How many pairs, each with pieces of other random lengths, 5 to 60 ms.

    Returns:
        The longest delay of ours and of `soxr.ResampleStream` (its default quality) in the second of two seconds, and
        1, as it is for the whole.

    Raises:
        ImportError: soxr is not installed.
    """

    def longest(convert: Callable[[Int16Array], object], seed: int) -> float:
        sizes = random.Random(seed)  # no secret, but the same pieces every time
        longest = 0.0
        taken = given = 0
        for _ in range(80):
            size = sizes.randint(_RATES[0] // 200, _RATES[0] * 3 // 50)
            taken += size
            given += cast("Int16Array", convert(np.zeros(size, np.int16))).size
            if taken > _RATES[0]:
                longest = max(longest, taken / _RATES[0] - given / _RATES[1])
        return longest

    return [(longest(StreamResampler(*_RATES).process, seed), longest(_soxr(), seed)) for seed in range(repeat)], 1


def whole_pairs(repeat: int) -> tuple[Pairs, int]:
    """Time a second of 48,000 Hz to 24,000 Hz in one piece, `audio.resample` beside `soxr.resample`.

    Raises:
        ImportError: soxr is not installed.
    """
    theirs = cast("Callable[..., Int16Array]", importlib.import_module("soxr").resample)
    second = np.concatenate(_noise(_RATES[0]))
    return pair_up(lambda: resample(second, *_RATES), lambda: theirs(second, *_RATES), repeat), 1


class _Numpy:
    """µ-law and A-law by the formula, vectorised, as one finds it in recipes: no table."""

    @staticmethod
    def ulaw(samples: Int16Array) -> bytes:
        biased = np.minimum(np.abs(samples.astype(np.int32)), 32_635) + 132
        segment = np.floor(np.log2(biased)).astype(np.int32) - 7
        code = segment << 4 | (biased >> (segment + 3)) & 15
        inverted: npt.NDArray[np.uint8] = (~np.where(samples < 0, code | 0x80, code)).astype(np.uint8)
        return inverted.tobytes()

    @staticmethod
    def ulaw_back(data: bytes) -> Int16Array:
        code = ~np.frombuffer(data, np.uint8)
        magnitude = (((code & 15).astype(np.int32) << 3) + 132 << (code >> 4 & 7)) - 132
        return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def g711_pairs(
    law: Literal["ulaw", "alaw"], direction: Literal["encode", "decode"], baseline: G711Baseline, repeat: int
) -> tuple[Pairs, int]:
    """Time 20 ms of 8,000 Hz in G.711.

    Args:
        law: Which; `"numpy"` has µ-law alone.
        direction: Samples to bytes, or back.
        baseline: `"audioop"` of the standard library (from Python 3.13 on the package `audioop-lts`), bytes to bytes
            in C; or `"numpy"`, the formula.
        repeat: How many pairs.

    Returns:
        The pairs, and how many pieces one call of the work converts.

    Raises:
        ImportError: The baseline is not there.
    """
    samples = _noise(8_000)
    codes = [ulaw_encode(piece) for piece in samples]
    if baseline == "audioop":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            library = importlib.import_module("audioop")
        name = {"encode": f"lin2{law}", "decode": f"{law}2lin"}[direction]
        function = cast("Callable[[bytes, int], bytes]", getattr(library, name))
        given = [piece.tobytes() for piece in samples] if direction == "encode" else codes

        def theirs() -> None:
            for piece in given:
                function(piece, 2)
    elif direction == "encode":

        def theirs() -> None:
            for piece in samples:
                _Numpy.ulaw(piece)
    else:

        def theirs() -> None:
            for piece in codes:
                _Numpy.ulaw_back(piece)

    encode = {"ulaw": ulaw_encode, "alaw": alaw_encode}[law]
    decode = {"ulaw": ulaw_decode, "alaw": alaw_decode}[law]

    def ours() -> None:
        if direction == "encode":
            for piece in samples:
                encode(piece)
        else:
            for code in codes:
                decode(code)

    return pair_up(ours, theirs, repeat), _PIECES
