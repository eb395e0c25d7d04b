"""The benchmarks run and say what they should; how fast anything is, is asserted nowhere."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import cast

import pytest

import realtime_typed
from bench.corpus import FOLDER, TURNS, Turn, audio_deltas, event_types, frames
from bench.measure import pair_up, summarize
from bench.suite import BENCHMARKS
from bench.webrtc_work import cpu_pairs
from realtime_typed import Codec, UnknownEvent
from realtime_typed.types import ResponseOutputAudioDelta

ROOT = Path(__file__).parents[1]
NAMES = {benchmark.name for benchmark in BENCHMARKS}
TARGETS = {
    "decode_voice_strict_vs_orjson": ("lower", 1.4),
    "decode_voice_strict_vs_openai": ("higher", 20),
    "decode_text_strict_vs_openai": ("higher", 25),
    "append_frame_vs_pybase64": ("lower", 2.5),
    "append_frame_vs_openai": ("higher", 100),
    "audio_delta_to_array_vs_pybase64": ("lower", 3),
    "import_and_first_event_vs_openai": ("lower", 0.35),
    "audio_delta_at_60_minutes_vs_1": ("lower", 1.2),
    "voice_path_vs_websockets": ("lower", 2.2),
    "voice_path_vs_openai": ("lower", 0.2),
    "voice_path_at_1000_items_vs_10": ("lower", 1.2),
    "voice_path_at_10000_items_vs_10": ("lower", 1.2),
    "webrtc_first_event_vs_aiortc": ("lower", 1.2),
    "webrtc_two_way_audio_vs_aiortc": ("lower", 1.2),
}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(realtime_typed.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "bench", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=55,
        check=False,
    )


def results(*arguments: str) -> dict[str, dict[str, object]]:
    done = bench("--json", "--repeat", "1", *arguments)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["versions"]["pydantic"]
    assert report["machine"]["python"]
    return {entry["name"]: entry for entry in report["results"]}


def test_json_holds_every_chosen_benchmark_with_its_numbers() -> None:
    chosen = ("audio_delta_to_array_vs_pybase64", "append_frame_vs_pybase64", "append_client_vs_pybase64")
    found = results(*(part for name in chosen for part in ("--only", name)))
    assert sorted(found) == sorted(chosen)
    for entry in found.values():
        assert entry["skipped"] is None
        assert entry["samples"] == 1
        assert cast("float", entry["ratio"]) > 0
        assert cast("float", entry["ours_us"]) > 0
        assert cast("float", entry["baseline_us"]) > 0
    assert isinstance(found["append_frame_vs_pybase64"]["met"], bool)
    assert found["append_client_vs_pybase64"]["met"] is None


def test_the_path_of_a_voice_turn_is_timed_up_to_a_handler_that_hears_all_of_it() -> None:
    (entry,) = results("--only", "voice_path_vs_websockets").values()
    assert cast("float", entry["ours_us"]) > cast("float", entry["baseline_us"]) > 0


@pytest.mark.parametrize("package", ["soxr", "samplerate", "scipy"])
def test_resampling_is_timed_beside_what_is_installed(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed; it is in the dependency group `bench`")
    pytest.importorskip("av", reason="PyAV is not installed (extra `audio` or `webrtc`)")
    found = results("--only", f"resample_stream_vs_{package}", "--only", f"resample_delay_vs_{package}")
    assert [name.rpartition("_vs_")[2] for name in found] == [package] * len(found)
    assert all(cast("float", entry["ratio"]) > 0 for entry in found.values())


@pytest.mark.parametrize("package", ["orjson", "openai"])
def test_a_comparison_with_an_installed_package_is_measured(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed; it is in the dependency group `bench`")
    (entry,) = results("--only", f"decode_text_strict_vs_{package}").values()
    assert cast("float", entry["ratio"]) > 0


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("decode_text_strict_vs_orjson", "orjson"),
        ("decode_text_strict_vs_openai", "openai"),
        ("webrtc_first_event_vs_aiortc", "aiortc"),
        ("webrtc_two_way_audio_vs_aiortc", "starlette"),
    ],
)
def test_a_comparison_with_a_missing_package_is_skipped_with_a_reason(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for loaded in [loaded for loaded in sys.modules if loaded.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.delitem(sys.modules, "bench.bare_webrtc", raising=False)
    monkeypatch.setitem(sys.modules, package, None)
    (benchmark,) = [one for one in BENCHMARKS if one.name == name]
    result = benchmark.run(1)
    assert result.ratio is None
    assert result.met is None
    assert result.skipped is not None
    assert package in result.skipped


def test_a_webrtc_connection_is_timed_beside_bare_peers() -> None:
    pytest.importorskip("aiortc", reason="aiortc is not installed; it is in the extra `webrtc`")
    (entry,) = results("--only", "webrtc_first_event").values()
    assert cast("float", entry["ratio"]) > 0
    assert cast("float", entry["baseline_us"]) > 0


def test_the_cost_of_audio_is_measured_while_both_sides_are_heard() -> None:
    pytest.importorskip("aiortc", reason="aiortc is not installed; it is in the extra `webrtc`")
    ((ours, theirs),) = cpu_pairs(1, 0.5)
    assert ours > 0
    assert theirs > 0


def test_the_table_names_the_target_and_the_verdict() -> None:
    done = bench("--repeat", "1", "--only", "append_frame_vs_pybase64")
    assert done.returncode == 0, done.stderr
    line = done.stdout.splitlines()[1]
    assert line.startswith("append_frame_vs_pybase64")
    assert "≤ 2.5" in line
    assert "met" in line or "MISSED" in line


def test_a_name_that_no_benchmark_has_is_refused_with_the_names_there_are() -> None:
    done = bench("--only", "nothing_like_it")
    assert done.returncode == 2
    assert all(name in done.stderr for name in NAMES)


def test_every_promise_has_its_benchmark() -> None:
    assert len(NAMES) == len(BENCHMARKS)
    assert {one.name: (one.better, one.target) for one in BENCHMARKS if one.target is not None} == TARGETS


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    pairs = [(1.0, 2.0), (3.0, 1.0), (1.0, 1.0)]
    slower = summarize("n", pairs, baseline="b", unit="u", better="lower", target=1.0)
    faster = summarize("n", pairs, baseline="b", unit="u", better="higher", target=1.5, per=2)
    assert (slower.ratio, slower.met, slower.p10, slower.p90) == (1.0, True, 0.5, 3.0)
    assert (faster.ratio, faster.met, faster.ours_us) == (1.0, False, 0.5e6)


def test_the_two_halves_of_a_pair_take_turns() -> None:
    calls: list[str] = []
    pairs = pair_up(lambda: calls.append("a"), lambda: calls.append("b"), 3, times=2)
    assert len(pairs) == 3
    assert calls == ["a", "a", "b", "b"] * 3


@pytest.mark.parametrize("turn", TURNS)
def test_every_frame_of_the_corpus_decodes_strictly_and_begins_with_its_type(turn: Turn) -> None:
    received = frames(turn)
    codec = Codec("strict")
    assert all(frame.startswith(b'{"type":"') for frame in received)
    assert not [frame for frame in received if isinstance(codec.decode(frame), UnknownEvent)]
    types = event_types(received)
    assert (types[0], types[-1]) == ("session.created", "response.done")
    assert "error" not in types


def test_the_voice_turn_is_heard_by_the_detector_and_answered_in_full_deltas() -> None:
    types = event_types(frames("voice"))
    assert {"input_audio_buffer.speech_started", "conversation.item.input_audio_transcription.completed"} <= set(types)
    event = Codec("strict").decode(audio_deltas("voice")[0])
    assert isinstance(event, ResponseOutputAudioDelta)
    assert len(event.delta) == 250 * 64
    assert len(audio_deltas("voice")) == types.count("response.output_audio.delta") - 1


def test_the_corpus_is_smaller_than_a_megabyte() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000
