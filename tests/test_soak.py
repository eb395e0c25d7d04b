"""The soak's own parts tell the truth, and a short soak runs; how fast anything is, is asserted nowhere."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import realtime_typed
from realtime_typed import Codec, Conversation, UnknownEvent
from soak.conductor import Plan, Record, Window
from soak.faults import FAULTS, FaultPlan
from soak.health import Health, slope
from soak.histogram import Histogram
from soak.meter import Meter
from soak.pacing import Pace
from soak.script import DELTAS_A_TURN, Script, sent_at, stamp
from soak.verdict import Verdict, delays, judge

ROOT = Path(__file__).parents[1]


def histogram(*durations: int) -> Histogram:
    made = Histogram()
    for duration in durations:
        made.record(duration)
    return made


@given(st.lists(st.integers(0, 10**8), min_size=1), st.sampled_from([0.0, 0.5, 0.99, 1.0]))
def test_a_quantile_is_that_of_the_sorted_durations_to_two_per_cent(durations: list[int], fraction: float) -> None:
    rank = max(0, -int(-fraction * len(durations) // 1) - 1)
    wanted = sorted(durations)[rank]
    assert histogram(*durations).quantile(fraction) == pytest.approx(wanted, rel=0.02, abs=0.5)


@given(st.lists(st.integers(0, 10**8)), st.lists(st.integers(0, 10**8)))
def test_histograms_add_up_and_survive_json(first: list[int], second: list[int]) -> None:
    both = Histogram(json.loads(json.dumps(histogram(*first).bins())))
    both.add(histogram(*second))
    assert both.bins() == histogram(*first, *second).bins()
    assert both.total == len(first) + len(second)


def test_a_duration_out_of_all_bounds_is_counted_at_the_edge() -> None:
    made = histogram(-5, 10**15)
    assert made.total == 2
    assert made.quantile(0.1) == 0


@given(st.floats(-100, 100), st.floats(-100, 100), st.lists(st.integers(0, 600), min_size=2, unique=True))
def test_the_slope_of_a_straight_line_is_found_a_minute(a_second: float, start: float, seconds: list[int]) -> None:
    values = [start + a_second * at for at in seconds]
    assert slope([float(at) for at in seconds], values) == pytest.approx(60 * a_second, rel=1e-6, abs=1e-6)


def test_one_moment_has_no_slope() -> None:
    assert slope([1.0, 1.0], [1.0, 2.0]) == 0


def test_every_event_of_the_load_server_fits_its_schema_and_says_when_it_was_sent() -> None:
    codec, script = Codec("strict"), Script("ours1", 98)
    frames = [script.begin(), *(script.beat(5000) for _ in range(3 * DELTAS_A_TURN))]
    events = [codec.decode(frame) for frame in frames]
    assert not [event for event in events if isinstance(event, UnknownEvent)]
    stamps = [sent_at(str(event.to_wire()["event_id"])) for event in events]
    assert stamps == sorted(stamps)


def test_turns_of_the_load_server_make_items_with_speech() -> None:
    codec, script, conversation = Codec("strict"), Script("ours1"), Conversation()
    done = 0
    while done < 2:
        event = codec.decode(script.beat(5000))
        assert not isinstance(event, UnknownEvent)
        conversation.apply(event)
        done += event.type == "response.done"
    assert [item.formatted.audio_samples for item in conversation.items] == [0, 120_000, 0, 120_000]
    assert all(item.formatted.transcript for item in conversation.items)


def test_the_load_server_answers_what_a_client_changes() -> None:
    codec, script = Codec("strict"), Script("ours1")
    item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello"}]}
    asked: list[dict[str, object]] = [
        {"type": "session.update", "session": {"type": "realtime", "instructions": "Be brief."}},
        {"type": "conversation.item.create", "item": item},
        {"type": "conversation.item.truncate", "item_id": "a", "content_index": 0, "audio_end_ms": 5},
        {"type": "conversation.item.delete", "item_id": "a"},
        {"type": "input_audio_buffer.clear"},
    ]
    answers = [codec.decode(frame) for event in asked for frame in script.answer(event)]
    assert [event.type for event in answers] == [
        "session.updated",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.truncated",
        "conversation.item.deleted",
    ]


def test_faults_of_one_seed_are_the_same_and_of_every_kind() -> None:
    first, second = FaultPlan(5), FaultPlan(5)
    drawn = [first.next(10) for _ in range(200)]
    assert drawn == [second.next(10) for _ in range(200)]
    assert {kind for _, kind in drawn} == set(FAULTS)
    assert {number for number, _ in drawn} == set(range(10))


def test_a_meter_measures_from_the_stamp_and_not_while_a_window_settles() -> None:
    meter = Meter()
    meter.event(stamp())
    meter.settle(60)
    meter.event(stamp())
    found = meter.report()
    assert (found["came"], Histogram(meter.report()["delay"]).total) == (2, 0)  # type: ignore[arg-type]  # JSON
    assert Histogram(found["delay"]).total == 1  # type: ignore[arg-type]  # JSON


@pytest.mark.anyio
async def test_every_session_beats_once_a_period_and_only_while_the_pace_is_on() -> None:
    pace, heard = Pace(2, period=0.01), list[int]()
    enough = asyncio.Event()

    async def listen(number: int) -> None:
        async def beat() -> None:
            heard.append(number)
            if len(heard) >= 10:
                enough.set()

        await pace.keep(number, beat)

    tasks = [asyncio.create_task(listen(number)) for number in range(2)]
    try:
        await asyncio.sleep(0)
        assert not heard
        pace.switch(True)
        async with asyncio.timeout(10):
            await enough.wait()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    assert set(heard) == {0, 1}
    assert pace.report()["beats"] == len(heard)


@pytest.mark.anyio
async def test_errors_that_nobody_handles_tasks_and_sockets_are_seen() -> None:
    loop, hooks = asyncio.get_running_loop(), (sys.unraisablehook, sys.excepthook)
    before = loop.get_exception_handler()
    health = Health(expected=("on purpose",))
    health.watch()
    try:
        loop.call_exception_handler({"message": "on purpose"})
        loop.call_exception_handler({"message": "a surprise"})
        waiting = asyncio.create_task(asyncio.Event().wait())
        server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
        found = health.report(0)
        waiting.cancel()
        server.close()
        await server.wait_closed()
    finally:
        loop.set_exception_handler(before)
        sys.unraisablehook = hooks[0]
        health.stop()
    assert (found["error_count"], found["expected_errors"]) == (1, 1)
    assert (found["tasks_left"], found["sockets_left"]) == (1, 1)


def window(side: str, delay: int, **client: float) -> Window:
    beats = 2 * 20 * 10
    counted: dict[str, object] = {"delay": histogram(*[delay] * 100).bins(), "late": {}, "came": beats, "restored": 0}
    served: dict[str, object] = {"sent": beats, "heard": beats, "late": {}, "faults": {}, "cpu": 0.0}
    known = {"tasks": 10, "sockets": 3, **client}
    return Window("ours" if side == "ours" else "bare", 10, True, counted | known, served)


def record(*windows: Window, **ours: object) -> Record:
    health: dict[str, object] = {
        "errors": [],
        "failed": [],
        "error_count": 0,
        "tasks_left": 0,
        "sockets_left": 0,
        "survivors": 0,
        "garbage": 0,
        "memory_slope": 0.0,
        "memory_samples": 100,
        "memory_peak": 50.0,
    }
    return Record(Plan(sessions=2), list(windows), {"ours": health | ours, "bare": health, "server": health})


def broken(found: list[Verdict]) -> list[str]:
    return [verdict.name for verdict in found if verdict.kept is False]


def test_all_promises_are_kept_by_a_good_record() -> None:
    assert broken(judge(record(window("ours", 1400), window("bare", 1000)))) == []
    assert delays([window("ours", 1400)])[1] == pytest.approx(1.4, rel=0.02)


@pytest.mark.parametrize(
    ("windows", "ours", "name"),
    [
        ((window("ours", 1600), window("bare", 1000)), {}, "p99 of the added delay within 1.5 × bare"),
        ((window("ours", 1), window("bare", 1)), {"error_count": 1}, "no unhandled exception"),
        ((window("ours", 1), window("bare", 1)), {"failed": ["x"]}, "no unhandled exception"),
        ((window("ours", 1), window("bare", 1)), {"tasks_left": 1}, "nothing left after the end"),
        ((window("ours", 1), window("bare", 1)), {"sockets_left": 1}, "nothing left after the end"),
        ((window("ours", 1), window("bare", 1)), {"survivors": 1}, "nothing left after the end"),
        ((window("ours", 1), window("bare", 1)), {"memory_slope": 1.1}, "memory grows by 1 MB/min at most"),
        ((window("ours", 1), window("bare", 1), window("ours", 1, tasks=99)), {}, "tasks and sockets do not grow"),
        ((window("ours", 1, came=1), window("bare", 1)), {}, "ours: real-time pace both ways"),
    ],
)
def test_a_broken_promise_is_told(windows: tuple[Window, ...], ours: dict[str, object], name: str) -> None:
    assert broken(judge(record(*windows, **ours))) == [name]


def test_a_soak_too_short_for_a_slope_says_so() -> None:
    short = record(window("ours", 1), window("bare", 1), memory_samples=10, memory_slope=9.0)
    assert [verdict.name for verdict in judge(short) if verdict.kept is None] == ["memory grows by 1 MB/min at most"]


@pytest.mark.skipif(sys.platform != "linux", reason="the soak reads /proc")
@pytest.mark.parametrize(("transport", "sessions", "least"), [("websocket", "10", 100), ("webrtc", "2", 20)])
def test_a_short_soak_leaves_nothing_behind(transport: str, sessions: str, least: int) -> None:
    path = os.pathsep.join([str(Path(realtime_typed.__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    options = (
        "--transport",
        transport,
        "--sessions",
        sessions,
        "--seconds",
        "4",
        "--window",
        "4",
        "--bare-window",
        "2",
    )
    done = subprocess.run(
        [sys.executable, "-m", "soak", "--json", "--faults-per-second", "2", *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=55,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    (soak,) = json.loads(done.stdout)["soaks"]
    verdicts = {verdict["name"]: verdict for verdict in soak["verdicts"]}
    for name in ("no unhandled exception", "nothing left after the end", "every lost connection is restored"):
        assert verdicts[name]["kept"], verdicts[name]
    for side in soak["windows"]:
        assert side["client"]["came"] > least
        assert side["server"]["heard"] > least
        assert sum(side["client"]["delay"].values()) > 0


def test_an_option_out_of_range_is_refused() -> None:
    from soak.__main__ import main

    with pytest.raises(SystemExit):
        main(["--sessions", "0"])
