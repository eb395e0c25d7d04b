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


@client.on("respones.done")
def misspelt(event: ResponseDone) -> None: ...


client.on("response.dune", takes_done)
client.on("response.Done", takes_done)
client.on("server.response.done", takes_done)
client.realtime.on("response.done", takes_done)
client.realtime.on("server.respones.done", takes_done)
client.realtime.on("client.response.done", takes_done)
client.off("respones.done", takes_done)
client.on_next("respones.done", takes_done)
print(client.events["respones.done"])
print(client.realtime.events["response.done"])


def any_name(name: str) -> None:
    client.on(name, print)
    print(client.events[name])


# Handlers of another event.


@client.on("response.done")
def wrong_event(event: SessionCreated) -> None: ...


@client.on("response.done")
async def wrong_event_async(event: ResponseOutputTextDelta) -> None: ...


@client.on("response.done")
def wrong_builtin(event: str) -> None: ...


client.on("response.done", takes_text)
client.events["response.done"].on(takes_text)
client.events["response.done"].off(takes_text)
client.realtime.on("client.response.create", takes_done)


# Handlers with another number of arguments.


@client.on("response.done")
def too_few() -> None: ...


@client.on("response.done")
def too_many(event: ResponseDone, more: int) -> None: ...


client.on("response.done")(takes_nothing)
client.on("response.done", takes_two)
client.on("response.done", "takes_done")
client.on("response.done", takes_done, takes_done)


# What a decorated function was, it stays.


@client.on("response.done")
def decorated(event: ResponseDone) -> int:
    return 1


def use_decorated(created: SessionCreated, done: ResponseDone) -> None:
    decorated(created)
    decorated()
    text: str = decorated(done)
    print(text)


# The argument of a lambda is inferred.

client.on("response.done", lambda event: print(event.delta))


async def channels(done: ResponseDone) -> None:
    print((await client.events["response.done"].wait(5)).delta)
    await client.events["response.done"].wait("5")
    await client.events["response.done"].wait(5, predicate=takes_text)
    async with client.events["response.done"].expect(5) as expected:
        await client.send(ResponseCreate())
    print(expected.event.delta)
    with client.events["response.done"].stream() as stream:
        async for event in stream:
            print(event.delta)
    await client.on("response.done", takes_done_later)
