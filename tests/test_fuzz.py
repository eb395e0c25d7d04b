"""The fuzzer's own corpus does no harm, and what does harm is found and told."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import cast

import pytest

import realtime_typed
from fuzz import corpus
from fuzz.figures import add_up, table
from fuzz.mutation import mutate, mutate_bytes
from fuzz.runner import Share, known, read_report, shares
from fuzz.targets import CANARY, TARGETS, load
from fuzz.worker import CRASHED, has_atheris, run_by_chance

ROOT = Path(__file__).parents[1]
LED = pytest.mark.skipif(not has_atheris(), reason="atheris has no wheel for this Python and system")


def fuzz(*arguments: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(realtime_typed.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "fuzz", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=55,
        check=False,
    )


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_of_the_corpus_does_no_harm(name: str) -> None:
    target = TARGETS[name]
    module = load(target)
    inputs = corpus.inputs(target, module)
    assert inputs
    for data in inputs:
        module.run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_what_chance_makes_of_the_corpus_does_no_harm(name: str, tmp_path: Path) -> None:
    assert run_by_chance(TARGETS[name], load(TARGETS[name]), seed=5, inputs=400, seconds=0, crashes=tmp_path) == 0
    assert not list(tmp_path.iterdir())


def test_the_corpus_is_small_and_belongs_to_the_targets() -> None:
    files = list(corpus.CORPUS.iterdir())
    assert {path.stem for path in files} == set(TARGETS)
    assert sum(path.stat().st_size for path in files) < 200_000


def test_the_modules_that_lead_the_fuzzer_are_there() -> None:
    for target in TARGETS.values():
        for module in target.modules:
            assert importlib.util.find_spec(module) is not None, module


@pytest.mark.parametrize("way", [pytest.param((), marks=LED), ("--by-chance",)])
def test_a_crash_is_found_told_and_reproduced(way: tuple[str, ...], tmp_path: Path) -> None:
    done = fuzz("--target", "canary", "--inputs", "300000", "--json", "--crashes", str(tmp_path), *way)
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["crashes"] == 1
    assert report["led_by_coverage"] is not bool(way)
    (found,) = cast("list[dict[str, object]]", report["targets"])
    assert found["status"] == CRASHED
    assert "the canary is dead" in str(found["report"])
    assert f"python -m fuzz --target canary --reproduce {found['crash']}" in done.stderr
    again = fuzz("--target", "canary", "--reproduce", str(found["crash"]))
    assert again.returncode == 1
    assert "the canary is dead" in again.stderr
    harmless = tmp_path / "harmless"
    harmless.write_bytes(b"fuzy")
    assert fuzz("--target", "canary", "--reproduce", str(harmless)).returncode == 0


@pytest.mark.parametrize("way", [pytest.param((), marks=LED), ("--by-chance",)])
def test_a_run_ends_after_as_many_inputs_as_were_asked_for_and_says_so(way: tuple[str, ...], tmp_path: Path) -> None:
    names = ("fragments", "webhook")
    targets = [word for name in names for word in ("--target", name)]
    done = fuzz(*targets, "--inputs", "2001", "--crashes", str(tmp_path), *way)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Not led by coverage") is bool(way)
    counts = {line.split()[0]: line.split()[1] for line in lines if line.split()[0] in names}
    assert counts == {"fragments": "1,001", "webhook": "1,000"}
    assert lines[-1].split()[:3] == ["in", "all", "2,001"]


def test_a_run_is_shared_evenly() -> None:
    assert shares(["a", "b"], inputs=5, seconds=None) == {"a": Share(inputs=3), "b": Share(inputs=2)}
    assert shares(["a", "b"], inputs=None, seconds=1) == {"a": Share(seconds=1), "b": Share(seconds=1)}
    assert sum(share.seconds for share in shares(known([]), inputs=None, seconds=30).values()) == 30


def test_the_figures_of_several_runs_are_added_up() -> None:
    first: dict[str, object] = {"target": "a", "inputs": 1000, "seconds": 2.0, "edges": 5, "features": 9, "status": 0}
    second: dict[str, object] = {**first, "inputs": 500, "seconds": 1.0, "edges": 7, "features": 8, "status": 77}
    other: dict[str, object] = {**first, "target": "b", "edges": None, "features": None}
    totals = add_up([{"targets": [first, other]}, {"targets": [second]}])
    assert (totals["a"].inputs, totals["a"].edges, totals["a"].features, totals["a"].crashes) == (1500, 7, 9, 1)
    assert table(totals).splitlines()[2:] == [
        "| `a` | 1,500 | 500 | 7 | 9 | 1 |",
        "| `b` | 1,000 | 500 | 0 | 0 | 0 |",
        "| in all | 2,500 | 500 | | | 1 |",
    ]


def test_the_canary_is_in_no_run_of_all() -> None:
    assert CANARY.name not in known([])
    assert known(["canary"]) == ["canary"]


def test_a_process_that_dies_without_a_word_is_a_crash_too() -> None:
    outcome = read_report("codec_decode", "#200\tINITED cov: 7 ft: 9 corp: 3/4b exec/s: 0\n", -11, 1.0)
    assert (outcome.status, outcome.edges, outcome.features, outcome.corpus) == (-11, 7, 9, 3)
    assert outcome.crash is None
    assert outcome.reproduction is None


@pytest.mark.parametrize("name", [*TARGETS, "canary"])
def test_mutations_keep_to_the_length_and_come_again_by_their_seed(name: str) -> None:
    target = TARGETS.get(name, CANARY)
    module = load(target)
    words = tuple(word.encode("utf-8", "surrogatepass") for word in module.words())
    seeds = list(module.seeds())

    def made(seed: int) -> list[bytes]:
        random = Random(seed)
        return [
            change
            for data in seeds[:40]
            for change in (
                mutate(target, data, target.max_len, random, words),
                mutate_bytes(data, target.max_len, random, words),
            )
        ]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert all(len(data) <= target.max_len for data in made(3))


def test_a_mutation_of_json_mostly_stays_json() -> None:
    target = TARGETS["webhook"]
    random = Random(1)
    body = b'\x01{"type": "realtime.call.incoming", "data": {"call_id": "a", "sip_headers": [{"name": "a"}]}}'
    made = [mutate(target, body, 4096, random, (b"word",)) for _ in range(300)]
    readable = 0
    for data in made:
        try:
            json.loads(data[1:])
            readable += 1
        except (ValueError, RecursionError):
            continue
    assert len(set(made)) > 200
    assert readable > 150


def test_the_literals_of_the_corpus_are_read_as_they_were_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "CORPUS", tmp_path)
    inputs = [b"", b"\n\r\x00\xff'\"\\", "é".encode(), b"a" * 300]
    path = corpus.keep(CANARY, inputs)
    assert path.read_bytes().isascii()
    assert sorted(corpus.kept(CANARY)) == sorted(inputs)


def test_the_dictionary_is_in_libfuzzers_form() -> None:
    assert corpus.dictionary(['a"', 'a"', "", "é", "x" * 65]) == '"\\x61\\x22"\n"\\xc3\\xa9"\n'
