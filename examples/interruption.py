"""Interrupt the model while it speaks: `python examples/interruption.py interruption.wav`.

It needs OPENAI_API_KEY. OPENAI_BASE_URL or --base-url points it at another server. The client stops the answer, and
tells the service how much of it was heard, so that the model knows what the user does not know.
"""

import argparse
import asyncio
import os

from realtime_typed import ConversationInterrupted, RealtimeClient
from realtime_typed.audio import chunks, read_wav, resample

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
QUESTION = "Tell me the story of the first flight across the Atlantic, with every detail that you know."
PAUSE = bytes(2 * 24_000)  # a second: longer than turn detection waits for more


async def interrupt(base_url: str, words: str, after: float) -> None:
    """Ask for a long answer, listen to it for `after` seconds, and then say the file `words`."""
    samples, rate = read_wav(words)
    async with RealtimeClient(base_url=base_url) as client:
        await client.update_session(instructions="Speak at length.", turn_detection={"type": "server_vad"})

        @client.on("conversation.interrupted")
        def show(event: ConversationInterrupted) -> None:
            print(f"interrupted {event.interrupted_item_id} after {event.heard_ms} ms", flush=True)

        async def listen() -> None:
            async for piece in client.audio_output:
                # What a loudspeaker would do. The client knows by the clock how much of it was heard.
                await asyncio.sleep(len(piece.samples) / piece.sample_rate)

        listening = asyncio.create_task(listen())
        async with client.events["response.output_audio.delta"].expect(timeout=60):
            await client.send_user_message_content([{"type": "input_text", "text": QUESTION}])
        await asyncio.sleep(after)
        async with client.events["conversation.item.truncated"].expect(timeout=60) as cut:
            for chunk in chunks(resample(samples, rate, 24_000).tobytes() + PAUSE):
                await client.append_input_audio(chunk)
        listening.cancel()
        kept = client.conversation.require_item(cut.event.item_id).formatted.audio_samples
        print(f"the service cut {cut.event.item_id} to {cut.event.audio_end_ms} ms, of which {kept // 24} ms are kept")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Interrupt the model while it speaks.")
    parser.add_argument("words", help="a WAV file with what to say meanwhile")
    parser.add_argument("--after", type=float, default=1.0, help="seconds to listen before; default 1")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    options = parser.parse_args()
    asyncio.run(interrupt(options.base_url, options.words, options.after))
