"""Look after a call that a browser or phone has begun: `python examples/sideband.py rtc_…`, until the call ends.

It needs OPENAI_API_KEY. OPENAI_BASE_URL or --base-url points it at another server. The audio stays between caller and
service: this connection has the events alone, and keeps instructions and tools where the caller cannot read them.
"""

import argparse
import asyncio
import os

from realtime_typed import ConversationItemCompleted, RealtimeClient
from realtime_typed.types import AssistantMessageItem, UserMessageItem

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
HOUR = {"name": "opening_hour", "description": "When the shop opens.", "parameters": {"type": "object"}}


def opening_hour(arguments: dict[str, object]) -> str:
    """A tool that runs here, at the application's own server, and not at the caller's."""
    return "at nine"


async def look_after(base_url: str, call_id: str) -> None:
    """Attach to the call, give it instructions and a tool, and write down what is said."""
    client = RealtimeClient(base_url=base_url, call_id=call_id)
    client.add_tool(HOUR, opening_hour)
    await client.update_session(
        instructions="You answer for a bicycle shop. Be brief.",
        input_audio_transcription={"model": "gpt-4o-mini-transcribe"},
    )

    @client.on("conversation.item.completed")
    def show(event: ConversationItemCompleted) -> None:
        if isinstance(event.item, UserMessageItem | AssistantMessageItem):
            said = event.item.formatted.transcript or event.item.formatted.text
            print(f"{event.item.role}: {said}", flush=True)

    async with client:
        print(f"attached to {client.call_id}", flush=True)
        with client.events["*"].stream() as events:
            async for _ in events:  # ends when the call does
                pass
    print("the call has ended")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Look after a running call.")
    parser.add_argument("call_id", help="the call's id, from the header Location or from a webhook")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    options = parser.parse_args()
    asyncio.run(look_after(options.base_url, options.call_id))
