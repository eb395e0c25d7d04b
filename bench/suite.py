"""The benchmarks by name, with their targets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

from .audio_work import append_pairs, array_pairs, grow_pairs
from .corpus import TURNS, Turn, frames
from .decoding import decode_pairs
from .importing import import_pairs
from .measure import Pairs, Result, summarize
from .sound_work import delay_pairs, g711_pairs, resampling_pairs, whole_pairs
from .voice_path import crowded_pairs, path_pairs
from .webrtc_work import cpu_pairs, first_event_pairs

__all__ = ["BENCHMARKS", "Benchmark"]

_SOURCES: Final[Mapping[str, str]] = {
    "openai": "dependency group `bench`",
    "orjson": "dependency group `bench`",
    "soxr": "dependency group `bench`",
    "samplerate": "dependency group `bench`",
    "scipy": "dependency group `bench`",
    "agents": "dependency group `bench`, as `openai-agents`",
    "audioop": "standard library before Python 3.13, in `audioop-lts` after it",
    "aiortc": "extra `webrtc`",
    "av": "extra `audio` or `webrtc`",
    "starlette": "extra `server`",
    "uvicorn": "extra `server`",
}


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A comparison of ours with a baseline; the fields are those of `Result`.

    Attributes:
        pairs: Measures that many pairs; returns them, and how many units one call of the work did.
        repeat: How many pairs by default.
    """

    name: str
    baseline: str
    unit: str
    better: Literal["lower", "higher"]
    target: float | None
    pairs: Callable[[int], tuple[Pairs, int]]
    repeat: int = 31

    def run(self, repeat: int | None = None) -> Result:
        """Measure. A baseline that is not installed gives a result that says so; every other error is raised."""
        try:
            pairs, per = self.pairs(repeat or self.repeat)
        except ModuleNotFoundError as error:
            package = (error.name or "").partition(".")[0]
            if package not in _SOURCES:
                raise
            reason = f"{package} is not installed; it is in the {_SOURCES[package]}"
            return Result(self.name, self.baseline, self.unit, self.better, self.target, skipped=reason)
        return summarize(
            self.name,
            pairs,
            baseline=self.baseline,
            unit=self.unit,
            better=self.better,
            target=self.target,
            per=per,
        )


_MODES: Final[tuple[Literal["strict", "lenient"], ...]] = ("strict", "lenient")
_TARGETS: Final[Mapping[str, float]] = {
    "decode_voice_strict_vs_orjson": 1.4,
    "decode_voice_strict_vs_openai": 20.0,
    "decode_text_strict_vs_openai": 25.0,
    "append_frame_vs_pybase64": 2.5,
    "append_frame_vs_openai": 100.0,
    "audio_delta_to_array_vs_pybase64": 3.0,
    "import_and_first_event_vs_openai": 0.35,
    "audio_delta_at_60_minutes_vs_1": 1.2,
    "voice_path_vs_websockets": 2.2,
    "voice_path_vs_openai": 0.2,
    "voice_path_at_1000_items_vs_10": 1.2,
    "voice_path_at_10000_items_vs_10": 1.2,
    "webrtc_first_event_vs_aiortc": 1.2,
    "webrtc_two_way_audio_vs_aiortc": 1.2,
}


def _lower(
    name: str, baseline: str, unit: str, pairs: Callable[[int], tuple[Pairs, int]], repeat: int = 31
) -> Benchmark:
    return Benchmark(name, baseline, unit, "lower", _TARGETS.get(name), pairs, repeat)


def _higher(name: str, baseline: str, unit: str, pairs: Callable[[int], tuple[Pairs, int]]) -> Benchmark:
    return Benchmark(name, baseline, unit, "higher", _TARGETS.get(name), pairs)


def _decoding(turn: Turn, validation: Literal["strict", "lenient"]) -> list[Benchmark]:
    def pairs(baseline: Literal["orjson", "openai"], repeat: int) -> tuple[Pairs, int]:
        return decode_pairs(turn, validation, baseline, repeat), 1

    unit = f"a turn of {len(frames(turn))} frames"
    name = f"decode_{turn}_{validation}"
    return [
        _lower(f"{name}_vs_orjson", "orjson.loads", unit, partial(pairs, "orjson")),
        _higher(f"{name}_vs_openai", "openai parse_event", unit, partial(pairs, "openai")),
    ]


def _appending(ours: Literal["frame", "client"]) -> list[Benchmark]:
    name, unit = f"append_{ours}", "an append of 20 ms"
    return [
        _lower(f"{name}_vs_pybase64", "pybase64.b64encode", unit, partial(append_pairs, ours, "pybase64")),
        _higher(f"{name}_vs_openai", "openai input_audio_buffer.append", unit, partial(append_pairs, ours, "openai")),
    ]


def _importing(repeat: int) -> tuple[Pairs, int]:
    return import_pairs(repeat), 1


_PIECE: Final = "20 ms"
_EVENT: Final = "an event of a voice turn"
_DAILY: Final = [
    _lower("voice_path_vs_websockets", "websockets recv loop", _EVENT, partial(path_pairs, "websockets")),
    _lower("voice_path_vs_openai", "openai connection, no state", _EVENT, partial(path_pairs, "openai")),
    _lower("voice_path_vs_agents", "openai-agents session", _EVENT, partial(path_pairs, "agents")),
    _lower("voice_path_at_1000_items_vs_10", "the same at 10 items", _EVENT, partial(crowded_pairs, 1_000)),
    _lower("voice_path_at_10000_items_vs_10", "the same at 10 items", _EVENT, partial(crowded_pairs, 10_000)),
    _lower("resample_stream_vs_soxr", "soxr ResampleStream", _PIECE, partial(resampling_pairs, "soxr")),
    _lower("resample_stream_vs_samplerate", "samplerate Resampler", _PIECE, partial(resampling_pairs, "samplerate")),
    _lower("resample_stream_vs_scipy", "scipy resample_poly", _PIECE, partial(resampling_pairs, "scipy")),
    _lower("resample_delay_vs_soxr", "soxr ResampleStream", "the longest delay of a stream", delay_pairs),
    _lower("resample_whole_vs_soxr", "soxr.resample", "a second in one piece", whole_pairs),
    _lower("ulaw_encode_vs_audioop", "audioop.lin2ulaw", _PIECE, partial(g711_pairs, "ulaw", "encode", "audioop")),
    _lower("ulaw_decode_vs_audioop", "audioop.ulaw2lin", _PIECE, partial(g711_pairs, "ulaw", "decode", "audioop")),
    _lower("alaw_encode_vs_audioop", "audioop.lin2alaw", _PIECE, partial(g711_pairs, "alaw", "encode", "audioop")),
    _lower("alaw_decode_vs_audioop", "audioop.alaw2lin", _PIECE, partial(g711_pairs, "alaw", "decode", "audioop")),
    _lower("ulaw_encode_vs_numpy", "numpy, by the formula", _PIECE, partial(g711_pairs, "ulaw", "encode", "numpy")),
    _lower("ulaw_decode_vs_numpy", "numpy, by the formula", _PIECE, partial(g711_pairs, "ulaw", "decode", "numpy")),
]


def _connecting(repeat: int) -> tuple[Pairs, int]:
    return first_event_pairs(repeat), 1


def _calling(repeat: int) -> tuple[Pairs, int]:
    return cpu_pairs(repeat), 1


BENCHMARKS: Final[list[Benchmark]] = [
    *(benchmark for turn in TURNS for mode in _MODES for benchmark in _decoding(turn, mode)),
    *_appending("frame"),
    *_appending("client"),
    _lower("audio_delta_to_array_vs_pybase64", "pybase64.b64decode", "a delta of 250 ms", array_pairs),
    _lower("import_and_first_event_vs_openai", "import openai, parse_event", "a process", _importing, repeat=11),
    _lower("audio_delta_at_60_minutes_vs_1", "the same at 1 minute", "a delta of 100 ms", grow_pairs, repeat=151),
    *_DAILY,
    _lower("webrtc_first_event_vs_aiortc", "two aiortc peers, one message", "a connection", _connecting, repeat=15),
    _lower("webrtc_two_way_audio_vs_aiortc", "two aiortc peers with tracks", "a minute", _calling, repeat=8),
]
"""Every benchmark, in the order in which they run."""
