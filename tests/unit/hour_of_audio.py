"""Runs a client through minutes of audio in both directions, as fast as it goes, and writes its memory after each.

A program of its own, so that nothing else counts: `python hour_of_audio.py RETENTION MINUTES` prints a JSON list of the
resident bytes, at first those before the first minute.
"""

import asyncio
import gc
import json
import sys
from pathlib import Path
from typing import Final

import numpy as np

from realtime_typed import RealtimeClient
from realtime_typed.audio import encode_base64
from realtime_typed.conversation import AudioRetention
from realtime_typed.transports.memory import MemoryTransport, memory_pair

PAGE: Final = 4096
MINUTE_MS: Final = 60_000
CHUNK_MS: Final = 200
CHUNK: Final = np.random.default_rng(1).integers(-20_000, 20_000, 24 * CHUNK_MS, dtype=np.int16)


def resident() -> int:
    """The memory of this process that is in use, in bytes."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


async def minute(client: RealtimeClient, service: MemoryTransport, number: int) -> None:
    """The user and the model speak for a minute, both at once."""

    async def send(name: str, **fields: object) -> None:
        await service.send(json.dumps({"type": name, "event_id": "event", **fields}))

    async def heard() -> None:
        for _ in range(MINUTE_MS // CHUNK_MS):
            await client.append_input_audio(CHUNK)

    async def listening() -> None:
        for _ in range(MINUTE_MS // CHUNK_MS):
            while "input_audio_buffer.append" not in (await service.recv())[:80]:
                pass

    user, spoken = f"user_{number}", f"reply_{number}"
    place: dict[str, object] = {"response_id": f"resp_{number}", "item_id": spoken, "output_index": 0}
    place["content_index"] = 0
    start = number * MINUTE_MS
    await send("input_audio_buffer.speech_started", item_id=user, audio_start_ms=start)
    listener = asyncio.create_task(listening())
    await heard()
    await listener
    reply: dict[str, object] = {"id": spoken, "type": "message", "role": "assistant", "status": "in_progress"}
    await send("response.output_item.added", **place, item={**reply, "content": list[object]()})
    delta = encode_base64(CHUNK.tobytes())
    for _ in range(MINUTE_MS // CHUNK_MS):
        await send("response.output_audio.delta", **place, delta=delta)
    part = {"type": "output_audio", "transcript": "A minute of speech."}
    await send("response.output_item.done", **place, item=reply | {"status": "completed", "content": [part]})
    await send("input_audio_buffer.speech_stopped", item_id=user, audio_end_ms=start + MINUTE_MS)
    await send("input_audio_buffer.committed", item_id=user, previous_item_id=None)
    said = {"id": user, "type": "message", "role": "user", "status": "completed", "content": [{"type": "input_audio"}]}
    async with client.events["conversation.item.done"].expect(30):
        await send("conversation.item.added", previous_item_id=None, item=said)
        await send("conversation.item.done", previous_item_id=None, item=said)


async def main(retention: AudioRetention, minutes: int) -> None:
    """Run, and print."""
    client_end, service = memory_pair()
    client = RealtimeClient(transport=lambda: client_end, api_key="sk-x", audio_retention=retention)
    async with asyncio.timeout(120), client:
        sizes = [resident()]
        for number in range(minutes):
            await minute(client, service, number)
            sizes.append(resident())
        held = sum(item.formatted.audio_received for item in client.conversation.items)
        assert held == 2 * minutes * 24 * MINUTE_MS, held
    sys.stdout.write(json.dumps(sizes))


if __name__ == "__main__":
    given = sys.argv[1]
    wanted: AudioRetention = "all" if given == "all" else float(given)
    asyncio.run(main(wanted, int(sys.argv[2])))
