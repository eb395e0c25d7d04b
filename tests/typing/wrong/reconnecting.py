"""Policies that are none, and events of a loss that are taken for others."""

from realtime_typed import ConnectionLost, ConnectionRestored, LostPiece, RealtimeClient, ReconnectPolicy

# error: mypy[call-arg] pyright[reportCallIssue]
ReconnectPolicy(max_attempts=5)
# error: mypy[call-arg] pyright[reportCallIssue]
ReconnectPolicy(5)
# error: mypy[arg-type] pyright[reportArgumentType]
ReconnectPolicy(attempts=1.5)
# error: mypy[arg-type] pyright[reportArgumentType]
ReconnectPolicy(initial_delay="1 s")
# error: mypy[misc] pyright[reportAttributeAccessIssue]
ReconnectPolicy().attempts = 5
# error: mypy[arg-type] pyright[reportArgumentType]
client = RealtimeClient(reconnect=5)
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(reconnect="always")


# error: mypy[arg-type] pyright[reportArgumentType]
@client.on("connection.lost")
def lost(event: ConnectionRestored) -> None: ...


@client.on("connection.lost")
def ended(event: ConnectionLost) -> None:
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(event.retries)


@client.on("connection.restored")
def restored(event: ConnectionRestored) -> None:
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(event.duration)
    # error: mypy[misc] pyright[reportAttributeAccessIssue]
    event.lost = ()


def told(piece: LostPiece) -> None:
    # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
    if piece.kind == "audio":
        print(piece.id)


# error: mypy[arg-type] pyright[reportArgumentType]
LostPiece("audio", "", "it is gone")
