"""Write down what a WAV file says, as it is said: `python examples/transcription.py speech.wav`.

It needs OPENAI_API_KEY. OPENAI_BASE_URL or --base-url points it at another server.
"""

import argparse
import asyncio
import os

from realtime_typed import RealtimeClient
from realtime_typed.audio import chunks, read_wav, resample
from realtime_typed.types import (
    ConversationItemInputAudioTranscriptionCompleted,
    ConversationItemInputAudioTranscriptionDelta,
)

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


async def transcribe(base_url: str, file: str, model: str) -> None:
    """Send a file in pieces of 100 ms, and print its transcript while it grows."""
    samples, rate = read_wav(file)
    async with RealtimeClient(base_url=base_url, intent="transcription") as client:
        await client.update_session(input_audio_transcription={"model": model}, turn_detection=None)

        @client.on("conversation.item.input_audio_transcription.delta")
        def grow(event: ConversationItemInputAudioTranscriptionDelta) -> None:
            print(event.delta or "", end="", flush=True)

        @client.on("conversation.item.input_audio_transcription.completed")
        def finish(event: ConversationItemInputAudioTranscriptionCompleted) -> None:
            print(f"\n= {event.transcript}", flush=True)

        async with client.events["conversation.item.input_audio_transcription.completed"].expect(timeout=60):
            for chunk in chunks(resample(samples, rate, 24_000), 100):
                await client.append_input_audio(chunk)
            # Without turn detection, the application says where a turn ends.
            await client.input_audio_buffer.commit()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write down what a WAV file says.")
    parser.add_argument("file", help="a WAV file, at any rate")
    parser.add_argument("--model", default="gpt-4o-mini-transcribe")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    options = parser.parse_args()
    asyncio.run(transcribe(options.base_url, options.file, options.model))
