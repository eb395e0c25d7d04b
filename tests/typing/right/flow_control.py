"""Policies, what they tell, and the figures."""

from collections.abc import Mapping
from typing import assert_type

from realtime_typed import (
    ClientStats,
    EventsDropped,
    HandlerErrorEvent,
    HandlerPolicy,
    InputAudioDropped,
    RealtimeAPI,
    RealtimeClient,
    SendQueue,
    TranslationClient,
)

client = RealtimeClient(
    send_queue=SendQueue(max_bytes=1_000_000, overflow="raise"), handlers=HandlerPolicy(order="concurrent", limit=2)
)
RealtimeAPI(send_queue=SendQueue(), handlers=HandlerPolicy())
TranslationClient(handlers=HandlerPolicy(max_events=10))


@client.on("handler.error")
def failed(event: HandlerErrorEvent) -> None:
    assert_type(event.error, BaseException)
    assert_type(event.handler, str)


@client.on("events.dropped")
def dropped(event: EventsDropped) -> None:
    assert_type(event.dropped, Mapping[str, int])


@client.realtime.on("input_audio.dropped")
def unheard(event: InputAudioDropped) -> None:
    assert_type(event.milliseconds, float)


assert_type(client.stats, ClientStats)
assert_type(client.stats.events_dropped, Mapping[str, int])
