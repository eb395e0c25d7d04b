"""Talk with the model by microphone and loudspeaker: `python examples/microphone.py`, and Ctrl-C to end.

It needs OPENAI_API_KEY and the extra `devices`. OPENAI_BASE_URL or --base-url points it at another server. A WAV file
is said instead of what a microphone hears: `python examples/microphone.py question.wav answer.wav`.
"""

import argparse
import asyncio
import os
from contextlib import suppress

from realtime_typed import ConversationItemCompleted, RealtimeClient
from realtime_typed.audio import chunks, read_wav, resample, write_wav
from realtime_typed.devices import Microphone, Speaker
from realtime_typed.types import AssistantMessageItem


def is_answer(event: ConversationItemCompleted) -> bool:
    """Whether the item that is complete is the model's."""
    return isinstance(event.item, AssistantMessageItem)


async def talk(client: RealtimeClient) -> None:
    """Send what the microphone hears and play what the model says, until somebody ends it."""
    async with Microphone() as microphone, Speaker(playback=client.playback) as speaker:
        client.on("conversation.interrupted", lambda event: speaker.clear())

        async def listen() -> None:
            async for samples in microphone:
                await client.append_input_audio(samples)

        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(listen())
            async for piece in client.audio_output:
                await speaker.play(piece)


async def say_file(client: RealtimeClient, question: str, answer: str) -> None:
    """Say a file as a microphone would, and write what the model says to another."""
    samples, rate = read_wav(question)
    async with client.events["conversation.item.completed"].expect(timeout=60, predicate=is_answer) as reply:
        for chunk in chunks(resample(samples, rate, 24_000).tobytes() + bytes(48_000)):  # and a second of silence
            await client.append_input_audio(chunk)
    write_wav(answer, reply.event.item.formatted.audio)


async def main(base_url: str, question: str | None, answer: str) -> None:
    """Talk by devices, or by files."""
    async with RealtimeClient(base_url=base_url) as client:

        @client.on("conversation.item.completed")
        def show(event: ConversationItemCompleted) -> None:
            if is_answer(event):
                print("model:", event.item.formatted.transcript, flush=True)

        await client.update_session(instructions="Be brief.", turn_detection={"type": "server_vad"})
        await (talk(client) if question is None else say_file(client, question, answer))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Talk with the model.")
    parser.add_argument("question", nargs="?", help="a WAV file to say instead of what the microphone hears")
    parser.add_argument("answer", nargs="?", default="answer.wav", help="the WAV file to write then")
    parser.add_argument("--base-url", default=os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1")
    try:
        with suppress(KeyboardInterrupt):
            asyncio.run(main(**vars(parser.parse_args())))
    except OSError as error:
        parser.error(f"{error}; without a microphone, name a WAV file to say instead")
