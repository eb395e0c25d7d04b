"""One fault over one transport: play the scene, and find out what was lost and whether it was told."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from realtime_typed import RealtimeClient, ReconnectPolicy, WebRtcOptions, WebSocketOptions
from realtime_typed.errors import RealtimeError
from realtime_typed.local import FaultProxy, LocalServer
from tests.contract.support import Kind, speech
from tests.reliability.rows import Row
from tests.reliability.scene import EXPECTED, Answers, Scene, is_twin, transcribed

__all__ = ["BOUND", "Outcome", "try_fault"]

BOUND: Final = 50.0
"""Seconds within which a trial is over."""

_QUICK: Final = ReconnectPolicy(initial_delay=0.02, max_delay=0.2, connect_timeout=5.0)


@dataclass(frozen=True)
class Outcome:
    """What became of a session.

    Attributes:
        survived: Whether every turn was answered once, and the conversation is that of the undisturbed session.
        ended: How the connection ended for good; empty when it did not.
        reconnects: How often the client came back.
        lost: What the client said is lost, by kind.
        told: What else the application was told.
        silent: What is wrong and was not told: must be empty.
        fired: How many faults struck.
    """

    survived: bool
    ended: str
    reconnects: int
    lost: Mapping[str, int]
    told: tuple[str, ...]
    silent: tuple[str, ...]
    fired: int


@asynccontextmanager
async def _reached(row: Row, kind: Kind) -> AsyncGenerator[tuple[LocalServer, RealtimeClient, FaultProxy | None]]:
    async with AsyncExitStack() as running:
        server = await running.enter_async_context(
            LocalServer(
                responder=Answers(),
                transcribe=transcribed,
                faults=row.faults,
                quirks=row.quirks,
                max_session_seconds=row.session_seconds,
            )
        )
        proxy = None
        if row.proxy:
            proxy = await running.enter_async_context(FaultProxy(server.port, faults=row.proxy))
        client = RealtimeClient(
            base_url=(proxy or server).base_url,
            api_key=server.api_key,
            transport=server.memory_transport if kind == "memory" else kind,
            # A peer that vanished is noticed by its silence; the defaults are made for real networks.
            websocket=WebSocketOptions(ping_interval=0.4, ping_timeout=0.4, open_timeout=2.0, close_timeout=1.0),
            webrtc=WebRtcOptions(silence_timeout=1.0, disconnect_grace=0.25),
            reconnect=_QUICK,
            response_timeout=3.0,
        )
        yield server, client, proxy


async def try_fault(row: Row, kind: Kind) -> Outcome:
    """Play the scene with this fault.

    Args:
        row: The fault.
        kind: The transport.

    Returns:
        What became of it.
    """
    loop = asyncio.get_running_loop()
    reported: list[str] = []
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: reported.append(type(context.get("exception")).__name__))
    try:
        async with asyncio.timeout(BOUND), _reached(row, kind) as (server, client, proxy):
            scene = Scene(client, speech()[6_000:18_000])
            scene.listen()
            try:
                async with client:
                    await client.update_session(
                        instructions="Be brief.",
                        output_modalities=["audio"],
                        input_audio_transcription={"model": "whisper-1"},
                    )
                    await scene.play()
                    told = [*scene.told, *_counted(client)]
                    if client.is_connected():
                        told.extend(_differences(client, server, scene))
            except RealtimeError as error:
                told = [*scene.told, type(error).__name__]
            fired = len(server.faults_fired) + (len(proxy.faults_fired) if proxy else 0)
            return _judge(scene, [*told, *reported], fired)
    finally:
        loop.set_exception_handler(before)


def _counted(client: RealtimeClient) -> list[str]:
    """What the client counts instead of telling it one by one."""
    issues = sum(client.realtime.codec.issues.values())
    return ["validation issues counted"] if issues else []


_APART: Final = "an item of the client is neither at the service nor told to be lost: "


def _differences(client: RealtimeClient, server: LocalServer, scene: Scene) -> list[str]:
    """The items that the service lacks and nobody told about."""
    session = server.sessions[-1]
    there = {item.id for item in session.history.items()}
    named = {piece.id for event in scene.restored for piece in event.lost}
    renamed = {old for event in scene.restored for old, _ in event.renamed}
    return [
        f"{_APART}{item.id}"
        for item in client.conversation.items
        if not is_twin(item) and item.id not in there and item.id not in named and item.id not in renamed
    ]


def _judge(scene: Scene, told: list[str], fired: int) -> Outcome:
    silent = [entry for entry in told if entry.startswith(_APART)]
    told = [entry for entry in told if not entry.startswith(_APART)]
    lost: Counter[str] = Counter(piece.kind for event in scene.restored for piece in event.lost)
    # What the end of the block closes is no loss.
    final = next((event for event in scene.closed if event.error or event.code != 1000), None)
    refused = next((event for event in scene.lost if not event.reconnects), None)
    end = refused or final
    said = Counter(scene.said())
    wanted = Counter(EXPECTED)
    missing, extra = wanted - said, said - wanted
    unheard = bool(told or end) or not {"item", "input_audio", "request"}.isdisjoint(lost)
    said_anew = [line for line in missing if line[0] != "assistant"]
    if said_anew and not unheard:
        silent.append(f"missing without a word: {sorted(said_anew)}")
    if missing and not (lost or unheard):
        silent.append(f"not answered without a word: {sorted(missing)}")
    if extra and not unheard:
        silent.append(f"said that nobody said, or twice: {sorted(extra)}")
    if scene.weather_asked > 1 and not lost:
        silent.append(f"the tool ran {scene.weather_asked} times")
    in_order = [line for line in scene.said() if line in wanted] == [line for line in EXPECTED if line in said]
    if not in_order and not unheard:
        silent.append(f"out of order: {scene.said()}")
    return Outcome(
        survived=not missing and not extra and in_order and scene.weather_asked == 1 and end is None,
        ended="" if end is None else str(end.code),
        reconnects=len(scene.restored),
        lost=lost,
        told=tuple(sorted(set(told))),
        silent=tuple(silent),
        fired=fired,
    )
