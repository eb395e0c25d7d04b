"""Clients of this package, as a voice application with many calls holds them."""

import weakref
from typing import Final

from realtime_typed import ConnectionClosed, ConnectionLost, ConnectionRestored, RealtimeClient, UnknownEvent
from realtime_typed.transports.webrtc_options import WebRtcOptions
from realtime_typed.types import ServerEvent

from .fleet import Fleet
from .script import CHUNK

__all__ = ["OurCallFleet", "OurFleet"]

_MAX_ITEMS: Final = 20


class OurFleet(Fleet):
    """`RealtimeClient`s over WebSocket."""

    def __init__(self) -> None:
        # Documented: a frame that is no JSON is reported to the loop's exception handler, and skipped.
        super().__init__(expected=("a frame of the service was skipped",))
        self._clients: weakref.WeakSet[RealtimeClient] = weakref.WeakSet()

    def make(self, number: int) -> RealtimeClient:
        """A client of the session of this number."""
        return RealtimeClient(
            base_url=self.url, api_key="sk-soak", model=f"ours-{number}", audio_retention="none", max_items=_MAX_ITEMS
        )

    def survivors(self) -> int:
        """How many clients are still alive."""
        return len(self._clients)

    async def live(self, number: int) -> None:
        """One client, its microphone, and a handler for what the model says. It reconnects by itself."""
        client = self.make(number)
        self._clients.add(client)
        meter = self.meter

        def heard(event: ServerEvent | UnknownEvent) -> None:
            # Every event but one of the protocol has the field, and the load server does not send that one.
            fields = event.raw if isinstance(event, UnknownEvent) else event.__dict__
            meter.event(str(fields["event_id"]))

        def lost(event: ConnectionLost) -> None:
            meter.lost += 1

        def restored(event: ConnectionRestored) -> None:
            meter.restored += 1

        async def speak() -> None:
            try:
                await client.append_input_audio(CHUNK)
            except ConnectionClosed:
                meter.unsent += 1

        client.on("*")(heard)
        client.on("connection.lost")(lost)
        client.on("connection.restored")(restored)
        async with client:
            await client.wait_for_session_created(30)
            self.connected()
            await self.beat(number, speak)


class OurCallFleet(OurFleet):
    """`RealtimeClient`s over WebRTC."""

    def make(self, number: int) -> RealtimeClient:
        """A client of the call of this number."""
        return RealtimeClient(
            transport="webrtc",
            base_url=f"{self.url.removesuffix('/v1')}/ours-{number}/v1",
            ephemeral_key="ek_soak",
            audio_retention="none",
            max_items=_MAX_ITEMS,
            webrtc=WebRtcOptions(host_addresses=["127.0.0.1"]),
        )
