"""Connections of `websockets` alone: `json.loads` of what comes, `json.dumps` of what goes."""

import asyncio
import base64
import json

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from .fleet import Fleet, retry_delay
from .script import CHUNK

__all__ = ["BareFleet"]


class BareFleet(Fleet):
    """The same load, with nothing around the library."""

    async def live(self, number: int) -> None:
        """One connection after the other."""
        connection: ClientConnection | None = None
        url = f"{self.url.replace('http', 'ws', 1)}/realtime?model=bare-{number}"

        async def speak() -> None:
            if connection is None:
                self.meter.unsent += 1
                return
            audio = base64.b64encode(CHUNK).decode()
            try:
                await connection.send(
                    json.dumps({"type": "input_audio_buffer.append", "audio": audio}, separators=(",", ":"))
                )
            except ConnectionClosed:
                self.meter.unsent += 1

        beating = asyncio.create_task(self.beat(number, speak))
        known = False
        try:
            while True:
                try:
                    async with connect(url, compression=None, max_size=None) as connection:
                        if known:
                            self.meter.restored += 1
                        else:
                            known = True
                            self.connected()
                        await self._read(connection)
                except (OSError, InvalidHandshake):
                    pass
                connection = None
                self.meter.lost += 1
                await asyncio.sleep(retry_delay())
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)

    async def _read(self, connection: ClientConnection) -> None:
        meter = self.meter
        await connection.send(json.dumps({"type": "session.update", "session": {"type": "realtime"}}))
        try:
            while True:
                try:
                    event = json.loads(await connection.recv())
                except ValueError:
                    continue
                meter.event(event["event_id"])
        except ConnectionClosed:
            pass
