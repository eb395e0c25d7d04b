"""Policies that are none, and figures that nobody sets."""

from realtime_typed import HandlerPolicy, RealtimeClient, SendQueue

# error: mypy[arg-type] pyright[reportArgumentType]
SendQueue(overflow="drop")
# error: mypy[call-arg] pyright[reportCallIssue]
SendQueue(1000)
# error: mypy[arg-type] pyright[reportArgumentType]
HandlerPolicy(order="parallel")
# error: mypy[arg-type] pyright[reportArgumentType]
client = RealtimeClient(handlers=SendQueue())
# error: mypy[misc] pyright[reportAttributeAccessIssue]
client.stats.reconnects = 1
# error: mypy[misc] pyright[reportAttributeAccessIssue]
HandlerPolicy().limit = 2
