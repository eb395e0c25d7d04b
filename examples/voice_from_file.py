"""Say what a WAV file holds, and keep the spoken answer: `python examples/voice_from_file.py question.wav answer.wav`.

It needs OPENAI_API_KEY. OPENAI_BASE_URL or --base-url points it at another server. With `--transport webrtc` the same
program speaks over a WebRTC call.
"""

import argparse
import asyncio
import os
from typing import Literal

from realtime_typed import ConversationItemCompleted, ConversationUpdated, RealtimeClient
from realtime_typed.audio import chunks, read_wav, resample, write_wav
from realtime_typed.types import AssistantMessageItem

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


def is_answer(event: ConversationItemCompleted) -> bool:
    """Whether the item that is complete is the assistant's."""
    return isinstance(event.item, AssistantMessageItem)


async def ask(base_url: str, transport: Literal["websocket", "webrtc"], question: str, answer: str) -> None:
    """Speak the file `question` and write what comes back to the file `answer`."""
    samples, rate = read_wav(question)
    async with RealtimeClient(base_url=base_url, transport=transport) as client:
        await client.update_session(instructions="Be brief and friendly.", output_modalities=["audio"], voice="marin")

        @client.on("conversation.updated")
        def hear(event: ConversationUpdated) -> None:
            if event.delta is not None and event.delta.audio is not None:
                print(f"heard {len(event.delta.audio) / 24_000:.2f} s")  # an int16 array: what a loudspeaker would get

        for chunk in chunks(resample(samples, rate, 24_000)):
            await client.append_input_audio(chunk)
        # Turn detection is off unless the session turns it on: the request for a response ends the turn.
        async with client.events["conversation.item.completed"].expect(timeout=60, predicate=is_answer) as spoken:
            await client.create_response()
        print("assistant:", spoken.event.item.formatted.transcript)
        write_wav(answer, spoken.event.item.formatted.audio)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Say what a WAV file holds, and keep the spoken answer.")
    parser.add_argument("question", help="a WAV file, at any rate")
    parser.add_argument("answer", help="the WAV file to write")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    parser.add_argument("--transport", choices=("websocket", "webrtc"), default="websocket")
    options = parser.parse_args()
    asyncio.run(ask(options.base_url, options.transport, options.question, options.answer))
