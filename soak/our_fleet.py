"""Clients of this package, as a voice application with many calls holds them."""

import asyncio
import weakref

from realtime_typed import ConnectError, ConnectionClosed, RealtimeClient
from realtime_typed.types import ResponseOutputAudioDelta

from .fleet import Fleet, retry_delay
from .script import CHUNK

__all__ = ["OurFleet"]


class OurFleet(Fleet):
    """`RealtimeClient`s over WebSocket."""

    def __init__(self) -> None:
        # Documented: a frame that is no JSON is reported to the loop's exception handler, and skipped.
        super().__init__(expected=("a frame of the service was skipped",))
        self._clients: weakref.WeakSet[RealtimeClient] = weakref.WeakSet()

    def survivors(self) -> int:
        """How many clients are still alive."""
        return len(self._clients)

    async def live(self, number: int) -> None:
        """One client, its microphone, and a handler for what the model says."""
        client = RealtimeClient(base_url=self.url, api_key="sk-soak", model=f"ours-{number}", audio_retention=5.0)
        self._clients.add(client)
        lost = asyncio.Event()
        meter = self.meter

        def heard(event: ResponseOutputAudioDelta) -> None:
            meter.event(event.event_id)

        async def speak() -> None:
            try:
                await client.append_input_audio(CHUNK)
            except ConnectionClosed:
                meter.unsent += 1

        client.on("response.output_audio.delta")(heard)
        client.realtime.on("close")(lambda _: lost.set())
        async with client:
            await client.wait_for_session_created(30)
            self.connected()
            beating = asyncio.create_task(self.beat(number, speak))
            try:
                await self._stay(client, lost)
            finally:
                beating.cancel()
                await asyncio.gather(beating, return_exceptions=True)

    async def _stay(self, client: RealtimeClient, lost: asyncio.Event) -> None:
        while True:
            await lost.wait()
            lost.clear()
            self.meter.lost += 1
            while not client.is_connected():
                await asyncio.sleep(retry_delay())
                try:
                    await client.connect()
                except ConnectError:
                    continue
                self.meter.restored += 1
