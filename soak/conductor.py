"""Starts the processes of a soak, lets ours and the bare clients take turns, and collects what they counted."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, cast

from .worker import Command

__all__ = ["Plan", "Record", "Side", "Window", "conduct"]

Side: TypeAlias = Literal["ours", "bare"]
_SIDES: Final[tuple[Side, ...]] = ("ours", "bare")
_LIMIT: Final = 2**24
_ANSWER_S: Final = 90.0


@dataclass(frozen=True)
class Plan:
    """What a soak does.

    Attributes:
        transport: `websocket` or `webrtc`.
        sessions: How many sessions each side has.
        seconds: For how long ours are under load, in all.
        faults: Faults a second, in the sessions of whichever side is under load.
        window: How long ours are under load before the bare ones are.
        bare_window: How long the bare ones are then.
        warmup: What fraction of the time at the beginning counts neither for the delay nor for the memory's slope.
        seed: Draws the faults.
    """

    transport: Literal["websocket", "webrtc"] = "websocket"
    sessions: int = 200
    seconds: float = 600.0
    faults: float = 1.0
    window: float = 60.0
    bare_window: float = 6.0
    warmup: float = 0.2
    seed: int = 6

    @property
    def rounds(self) -> int:
        """How often each side is under load."""
        return max(1, round(self.seconds / self.window))


@dataclass(frozen=True)
class Window:
    """One side under load.

    Attributes:
        side: Which.
        seconds: For how long.
        counts: Whether it is no warm-up.
        client: What the clients counted.
        server: What the server counted.
    """

    side: Side
    seconds: float
    counts: bool
    client: Mapping[str, object]
    server: Mapping[str, object]


@dataclass
class Record:
    """What a soak has found, before it is judged.

    Attributes:
        plan: What was done.
        windows: Who was under load, in order.
        health: What each process said in the end, by its role.
    """

    plan: Plan
    windows: list[Window] = field(default_factory=list[Window])
    health: dict[str, Mapping[str, object]] = field(default_factory=dict[str, Mapping[str, object]])


class _Process:
    """A worker, and the pipes to it."""

    def __init__(self, role: str, process: asyncio.subprocess.Process) -> None:
        self._role = role
        self._process = process

    @classmethod
    async def start(cls, role: str, core: int | None) -> "_Process":
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-W",
            "error",
            "-m",
            "soak.worker",
            role,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LIMIT,
        )
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        return cls(role, process)

    async def do(self, name: str, **arguments: object) -> Mapping[str, object]:
        command: Command = {"do": name, **arguments}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        async with asyncio.timeout(_ANSWER_S):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process {self._role!r} ended; what it wrote stands above")
        return cast("Mapping[str, object]", json.loads(line) or {})

    async def end(self) -> None:
        if self._process.returncode is None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            try:
                async with asyncio.timeout(10):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
                await self._process.wait()


def _core(plan: Plan, number: int) -> int | None:
    """The core that a process is kept to: one for the server, one for the clients; `None` for any.

    Calls cost the clients more than one core in sound alone, so there the system shares the cores out.
    """
    if plan.transport == "webrtc" or not hasattr(os, "sched_getaffinity"):
        return None
    found = sorted(os.sched_getaffinity(0))
    return found[number] if len(found) > 1 else None


async def conduct(plan: Plan, tell: Callable[[str], None]) -> Record:
    """Carry a plan out.

    Args:
        plan: What to do.
        tell: Is told what happens, line by line.

    Raises:
        RuntimeError: A process broke off.
        TimeoutError: One did not answer.
    """
    roles = {"server": "server", "ours": "ours", "bare": "bare"}
    if plan.transport == "webrtc":
        roles = {name: f"webrtc-{role}" for name, role in roles.items()}
    record = Record(plan)
    processes: dict[str, _Process] = {}
    begin = asyncio.get_running_loop().time()
    try:
        processes["server"] = await _Process.start(roles["server"], _core(plan, 0))
        started = await processes["server"].do("start", sessions=plan.sessions, seed=plan.seed, groups=list(_SIDES))
        url = f"http://127.0.0.1:{started['port']}/v1"
        for side, windows in _shifts(plan):
            if side not in processes:
                processes[side] = await _Process.start(roles[side], _core(plan, 1))
                await processes[side].do("connect", url=url, sessions=plan.sessions)
                tell(f"{plan.sessions} sessions of {side} are connected")
            for seconds, counts in windows:
                window = await _load(plan, processes, side, seconds, counts=counts)
                record.windows.append(window)
                tell(_line(window, asyncio.get_running_loop().time() - begin))
            if plan.transport == "webrtc":
                warmup = plan.warmup * sum(seconds for seconds, _ in windows)
                record.health[side] = await processes[side].do("close", warmup=warmup)
                await processes.pop(side).end()
        warmup = plan.warmup * (asyncio.get_running_loop().time() - begin)
        for name, process in reversed(processes.items()):
            record.health[name] = await process.do("close", warmup=warmup)
    finally:
        for process in processes.values():
            await process.end()
    return record


def _shifts(plan: Plan) -> list[tuple[Side, list[tuple[float, bool]]]]:
    """Who is under load when, each window with its seconds and whether it counts."""
    lengths = {"ours": plan.window, "bare": plan.bare_window}
    counted = [number >= plan.warmup * plan.rounds or plan.rounds == 1 for number in range(plan.rounds)]
    if plan.transport == "webrtc":
        # The tracks of a call carry sound for as long as it lasts, so that no fleet can wait connected.
        bare: tuple[Side, list[tuple[float, bool]]] = ("bare", [(plan.bare_window, True)])
        return [bare, ("ours", [(plan.window, counts) for counts in counted]), bare]
    # Both are connected before either begins.
    connecting: list[tuple[Side, list[tuple[float, bool]]]] = [(side, []) for side in _SIDES]
    return connecting + [(side, [(lengths[side], counts)]) for counts in counted for side in _SIDES]


async def _load(plan: Plan, processes: Mapping[str, _Process], side: Side, seconds: float, *, counts: bool) -> Window:
    client, server = processes[side], processes["server"]
    await client.do("pace")
    await server.do("pace", group=side, faults=plan.faults)
    await asyncio.sleep(seconds)
    from_server = await server.do("still", group=side)
    await asyncio.sleep(0.1)  # what is on its way
    return Window(side, seconds, counts, await client.do("still"), from_server)


def _line(window: Window, at: float) -> str:
    from .verdict import delays

    p50, p99, p999 = delays([window])
    client, server = window.client, window.server
    core, server_core = (cast("float", found["cpu"]) / window.seconds for found in (client, server))
    return (
        f"{at:6.0f} s  {window.side:<5} {'' if window.counts else '(warm-up) '}"
        f"delay p50 {p50:.2f} p99 {p99:.2f} p999 {p999:.2f} ms, {client['came']} of {server['sent']} came, "
        f"{server['heard']} heard, {client['memory']:.1f} MB, {client['tasks']} tasks, {client['sockets']} sockets, "
        f"lost {client['lost']}, restored {client['restored']}, core {core:.0%} (server {server_core:.0%}), "
        f"gc {client['collections']}, {client['longest_pause_ms']:.1f} ms"
    )
