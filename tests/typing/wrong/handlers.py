"""Handlers that do not fit, and names of events that do not exist."""

from realtime_typed import RealtimeClient
from realtime_typed.types import (
    ResponseCreate,
    ResponseDone,
    ResponseOutputTextDelta,
    SessionCreated,
)

client = RealtimeClient(api_key="sk-test")


def takes_done(event: ResponseDone) -> int:
    return 1


def takes_text(event: ResponseOutputTextDelta) -> None: ...


def takes_nothing() -> None: ...


def takes_two(event: ResponseDone, more: int) -> None: ...


async def takes_done_later(event: ResponseDone) -> None: ...


# Misspelt names.


# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
@client.on("respones.done")
def misspelt(event: ResponseDone) -> None: ...


# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.on("response.dune", takes_done)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.on("response.Done", takes_done)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.on("server.response.done", takes_done)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.realtime.on("response.done", takes_done)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.realtime.on("server.respones.done", takes_done)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.realtime.on("client.response.done", takes_done)
# error: mypy[arg-type] pyright[reportArgumentType]
client.off("respones.done", takes_done)
# error: mypy[arg-type] pyright[reportArgumentType]
client.on_next("respones.done", takes_done)
# error: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
print(client.events["respones.done"])
# error: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
print(client.realtime.events["response.done"])


def any_name(name: str) -> None:
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    client.on(name, print)
    # error: mypy[literal-required] pyright[reportUnknownArgumentType]
    print(client.events[name])


# Handlers of another event.


# error: mypy[arg-type] pyright[reportArgumentType]
@client.on("response.done")
def wrong_event(event: SessionCreated) -> None: ...


# error: mypy[arg-type] pyright[reportArgumentType]
@client.on("response.done")
async def wrong_event_async(event: ResponseOutputTextDelta) -> None: ...


# error: mypy[arg-type] pyright[reportArgumentType]
@client.on("response.done")
def wrong_builtin(event: str) -> None: ...


# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.on("response.done", takes_text)
# error: mypy[arg-type] pyright[reportArgumentType]
client.events["response.done"].on(takes_text)
# error: mypy[arg-type] pyright[reportArgumentType]
client.events["response.done"].off(takes_text)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.realtime.on("client.response.create", takes_done)


# Handlers with another number of arguments.


# error: mypy[arg-type] pyright[reportArgumentType]
@client.on("response.done")
def too_few() -> None: ...


# error: mypy[arg-type] pyright[reportArgumentType]
@client.on("response.done")
def too_many(event: ResponseDone, more: int) -> None: ...


# error: mypy[arg-type] pyright[reportArgumentType]
client.on("response.done")(takes_nothing)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.on("response.done", takes_two)
# error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
client.on("response.done", "takes_done")
# error: mypy[call-overload] pyright[reportCallIssue]
client.on("response.done", takes_done, takes_done)


# What a decorated function was, it stays.


@client.on("response.done")
def decorated(event: ResponseDone) -> int:
    return 1


def use_decorated(created: SessionCreated, done: ResponseDone) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    decorated(created)
    # error: mypy[call-arg] pyright[reportCallIssue]
    decorated()
    # error: mypy[assignment] pyright[reportAssignmentType]
    text: str = decorated(done)
    print(text)


# The argument of a lambda is inferred.

# error: mypy[call-overload] pyright[reportAttributeAccessIssue]
client.on("response.done", lambda event: print(event.delta))


async def channels(done: ResponseDone) -> None:
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print((await client.events["response.done"].wait(5)).delta)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.events["response.done"].wait("5")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.events["response.done"].wait(5, predicate=takes_text)
    async with client.events["response.done"].expect(5) as expected:
        await client.send(ResponseCreate())
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(expected.event.delta)
    with client.events["response.done"].stream() as stream:
        async for event in stream:
            # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
            print(event.delta)
    # error: mypy[misc] pyright[reportGeneralTypeIssues]
    await client.on("response.done", takes_done_later)
