"""Interruption: the policy, what the event says, and the playback clocks."""

import time
from typing import assert_type

from realtime_typed import ConversationInterrupted, Interruption, PlaybackTracker, RealtimeClient

RealtimeClient(interruption=True)
RealtimeClient(interruption=False, transport="webrtc")
RealtimeClient(interruption=None)
RealtimeClient(interruption=Interruption(when="always", unheard="delete", clock=time.perf_counter))


def handlers(client: RealtimeClient) -> None:
    @client.on("conversation.interrupted")
    def interrupted(event: ConversationInterrupted) -> None:
        assert_type(event.item_id, str | None)
        assert_type(event.interrupted_item_id, str | None)
        assert_type(event.response_id, str | None)
        assert_type(event.heard_ms, int | None)

    _ = interrupted


async def push_to_talk(client: RealtimeClient) -> None:
    assert_type(await client.interrupt(), ConversationInterrupted)


async def play(client: RealtimeClient) -> None:
    assert_type(client.playback, PlaybackTracker)
    async for piece in client.audio_output:
        assert_type(piece.start, int)
        client.playback.played(piece.item_id, piece.start + len(piece.samples))
        assert_type(client.playback.heard(piece.item_id), int)
        assert_type(client.playback.heard_ms(piece.item_id), int)
        assert_type(client.playback.playing, str | None)
        assert_type(client.playback.unheard, list[str])
