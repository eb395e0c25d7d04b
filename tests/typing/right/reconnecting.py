"""Policies of reconnecting, and what is told of a loss and of what follows."""

from typing import Literal, assert_type

from realtime_typed import ConnectionLost, ConnectionRestored, LostPiece, RealtimeClient, ReconnectPolicy

client = RealtimeClient(reconnect=ReconnectPolicy(attempts=5, initial_delay=1, max_delay=10.5, rotate_before=None))
RealtimeClient(reconnect=True)
RealtimeClient(reconnect=False)
RealtimeClient(reconnect=None)


@client.on("connection.lost")
def lost(event: ConnectionLost) -> None:
    assert_type(event.code, int)
    assert_type(event.reason, str)
    assert_type(event.reconnects, bool)
    assert_type(event.planned, bool)


@client.on("connection.restored")
async def restored(event: ConnectionRestored) -> None:
    assert_type(event.attempts, int)
    assert_type(event.seconds, float)
    assert_type(event.items, tuple[str, ...])
    assert_type(event.renamed, tuple[tuple[str, str], ...])
    assert_type(event.lost, tuple[LostPiece, ...])
    assert_type(event.asked_again, tuple[str, ...])
    for piece in event.lost:
        told(piece)


def told(piece: LostPiece) -> str:
    """Every kind is handled: what is left cannot be."""
    if piece.kind == "input_audio":
        assert_type(piece.kind, Literal["input_audio"])
        return f"{piece.milliseconds} ms"
    match piece.kind:
        case "item" | "partial_item":
            return piece.id
        case "response" | "request":
            assert_type(piece.kind, Literal["response", "request"])
            return piece.why


async def main() -> None:
    assert_type(await client.wait_for("connection.restored", 5), ConnectionRestored)
    async with client.events["connection.lost"].expect() as expected:
        pass
    assert_type(expected.event, ConnectionLost)
