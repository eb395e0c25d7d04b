"""Chat with the model in text, a line at a time: `python examples/text_chat.py`.

It needs OPENAI_API_KEY. OPENAI_BASE_URL or --base-url points it at another server.
"""

import argparse
import asyncio
import os

from realtime_typed import RealtimeClient
from realtime_typed.types import ErrorEvent, ResponseOutputTextDelta

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


async def chat(base_url: str) -> None:
    """Send each line of standard input, and write the answer as it comes."""
    async with RealtimeClient(base_url=base_url) as client:
        await client.update_session(instructions="Be brief and friendly.", output_modalities=["text"])

        @client.on("response.output_text.delta")
        def show(event: ResponseOutputTextDelta) -> None:
            print(event.delta, end="", flush=True)

        @client.on("error")
        def complain(event: ErrorEvent) -> None:
            print(f"[{event.error.message}]", flush=True)

        while True:
            try:
                text = await asyncio.to_thread(input, "\nyou> ")
            except EOFError:  # Ctrl-D, or the end of a file
                break
            # The waiter is armed before the request, so that no answer can be too fast for it.
            async with client.events["response.done"].expect(timeout=60) as done:
                await client.send_user_message_content([{"type": "input_text", "text": text}])
            response = done.event.response
            if response.status != "completed":
                print(f"[the response ended as {response.status}: {response.status_details}]", end="")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Chat with the model in text.")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    asyncio.run(chat(parser.parse_args().base_url))
