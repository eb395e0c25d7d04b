"""A voice session with a tool survives a hundred losses at random moments; its text is that of an undisturbed one."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pytest

from realtime_typed import ConnectionLost, ConnectionRestored, RealtimeClient, ReconnectPolicy
from realtime_typed._wire import wire_fields
from realtime_typed.local import AudioReply, Reply, ResponderRequest, ToolCall
from realtime_typed.local.faults import AfterReceived, AfterSent, BeforeReceived, BeforeSent, DropConnection, Moment
from tests.contract.support import Serve, Service

pytestmark = pytest.mark.anyio

POLICY: Final = ReconnectPolicy(
    attempts=20, initial_delay=0.001, max_delay=0.01, connect_timeout=10, history_items=1_000
)
LOSSES: Final = {"memory": 100, "websocket": 100}
SEED: Final = 20261201
SAMPLES: Final = 2_400
MOST_TURNS: Final = 100
MOMENTS: Final[tuple[type[BeforeSent] | type[AfterSent] | type[BeforeReceived] | type[AfterReceived], ...]] = (
    BeforeSent,
    AfterSent,
    BeforeReceived,
    AfterReceived,
)


def speech(turn: int) -> "np.typing.NDArray[np.int16]":
    """What the user says in a turn: its number, so that the service can hear which it is."""
    return np.full(SAMPLES, turn + 1, dtype=np.int16)


class Butler:
    """Looks up what it hears, and says it: the answer depends on the user's speech and the conversation before it."""

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        if request.tool_output is not None:
            said = sum(wire_fields(item).get("role") == "assistant" for item in request.items)
            return AudioReply(np.full(2_400, 7, np.int16), f"Answer {said}: {request.tool_output}.")
        heard = -1 if request.audio is None else int(request.audio.samples[0]) - 1
        return ToolCall("look_up", {"turn": heard})


@dataclass
class Run:
    """What came of a session."""

    text: list[str] = field(default_factory=list[str])
    looked_up: list[int] = field(default_factory=list[int])
    lost: list[ConnectionLost] = field(default_factory=list[ConnectionLost])
    restored: list[ConnectionRestored] = field(default_factory=list[ConnectionRestored])
    turns: int = 0


def answers(client: RealtimeClient) -> int:
    """How many whole answers there are."""
    fields = [wire_fields(item) for item in client.conversation.items]
    return sum(it.get("role") == "assistant" and it.get("status") == "completed" for it in fields)


def said(client: RealtimeClient) -> list[str]:
    """The conversation's text: who said what, in order."""
    lines: list[str] = []
    for item in client.conversation.items:
        fields = wire_fields(item)
        who = fields.get("role") or fields.get("type")
        text = item.formatted.transcript or item.formatted.text or fields.get("arguments") or fields.get("output") or ""
        lines.append(f"{who}: {text}")
    return lines


async def converse(service: Service, losses: int, seed: int, turns: int | None = None) -> Run:
    """Converse until the connection was lost so often, or, undisturbed, for so many turns."""
    run, chance = Run(), random.Random(seed)
    client = service.client(reconnect=POLICY)
    client.on("connection.lost", run.lost.append)
    client.on("connection.restored", run.restored.append)

    @client.tool
    async def look_up(turn: int) -> str:
        """Look something up."""
        run.looked_up.append(turn)
        await asyncio.sleep(0)
        return f"found {turn}"

    def arm(lost: int) -> None:
        if lost < losses:
            moment: Moment = chance.choice(MOMENTS)(None, chance.randint(1, 12))
            # Every third strikes the next connection from its handshake on, and so may hit it while it is made anew.
            sessions = () if lost % 3 == 0 else (service.session,)
            service.server.inject(DropConnection(moment), *sessions)

    @client.on("connection.restored")
    def again(event: ConnectionRestored) -> None:
        arm(len(service.server.faults_fired))

    async with client:
        await client.update_session(instructions="Look it up.", input_audio_format="pcm16")
        arm(0)
        turn = 0
        while turn < (turns or MOST_TURNS) and (turns or len(service.server.faults_fired) < losses):
            for chunk in np.split(speech(turn), 2):
                await client.append_input_audio(chunk)
            await client.create_response()
            async with asyncio.timeout(20):
                while answers(client) <= turn:
                    await client.wait_for("conversation.item.completed")
            turn += 1
        run.text, run.turns = said(client), turn
    return run


async def test_a_voice_session_with_a_tool_survives_a_hundred_losses(serve: Serve) -> None:
    async with serve(responder=Butler(), bound=120) as service:
        if service.kind not in LOSSES:
            pytest.skip("the user's speech comes as it was through a codec; see the test of the track")
        run = await converse(service, LOSSES[service.kind], SEED)
        fired = service.server.faults_fired
        undisturbed = await converse(service, 0, SEED, run.turns)
    assert len(fired) == LOSSES[service.kind]
    assert run.text == undisturbed.text
    # Each turn was answered once, and the tool was called once for each, though not in vain.
    assert run.looked_up == undisturbed.looked_up == list(range(run.turns))
    assert all(event.code == 1006 and event.reconnects for event in run.lost)
    assert sum(event.attempts for event in run.restored) == len(fired)
    # What was cut off is named: nothing that was asked for again is without its loss.
    for event in run.restored:
        named = {piece.id for piece in event.lost}
        assert set(event.asked_again) <= named
        assert not [piece for piece in event.lost if piece.kind in ("item", "request", "input_audio")]
