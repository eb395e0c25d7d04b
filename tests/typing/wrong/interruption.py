"""Interruption, used wrongly."""

from realtime_typed import ConversationInterrupted, Interruption, RealtimeClient

# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(interruption="always")
# error: mypy[arg-type] pyright[reportArgumentType]
Interruption(when="sometimes")
# error: mypy[call-arg] pyright[reportCallIssue]
Interruption("always")
# error: mypy[arg-type] pyright[reportArgumentType]
Interruption(clock=5.0)


def report(client: RealtimeClient, event: ConversationInterrupted) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    client.playback.played(event.interrupted_item_id, 480)
    # error: mypy[arg-type] pyright[reportArgumentType]
    client.playback.played("item_1", 0.5)
    # error: mypy[operator] pyright[reportOptionalOperand]
    print(event.heard_ms + 1)
