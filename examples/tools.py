"""Give the model two tools, one of them async: `python examples/tools.py "What is the weather in London?"`.

It needs OPENAI_API_KEY. OPENAI_BASE_URL or --base-url points it at another server.
"""

import argparse
import asyncio
import os

from pydantic import BaseModel

from realtime_typed import RealtimeClient
from realtime_typed.types import AssistantMessageItem, FunctionCallItem

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


class Population(BaseModel):
    """What the second tool gives; the model gets it as JSON."""

    city: str
    population: int


def get_weather(city: str) -> str:
    """The weather in a city.

    Args:
        city: Its name.
    """
    return f"It is sunny in {city}."


async def ask(base_url: str, question: str) -> None:
    """Ask, let the client run what the model calls, and write the conversation."""
    client = RealtimeClient(base_url=base_url)
    await client.update_session(instructions="Use the tools.", output_modalities=["text"])
    client.add_tool(get_weather)

    @client.tool
    async def get_population(city: str) -> Population:
        """How many live in a city."""
        await asyncio.sleep(0)  # here a database would be asked
        return Population(city=city, population=8_866_180)

    async with client:
        with client.events["response.done"].stream() as responses:
            await client.send_user_message_content([{"type": "input_text", "text": question}])
            # The client runs the tools and asks the model to go on; the answer is the response without a call.
            async with asyncio.timeout(60):
                async for done in responses:
                    if not any(isinstance(item, FunctionCallItem) for item in done.response.output or []):
                        break
        for item in client.conversation.items:
            if item.formatted.tool is not None:
                print(f"call: {item.formatted.tool.name}({item.formatted.tool.arguments})")
            elif isinstance(item, AssistantMessageItem):
                print("assistant:", item.formatted.text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Ask a question that the model needs tools for.")
    parser.add_argument("question", nargs="?", default="What is the weather in London?")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    options = parser.parse_args()
    asyncio.run(ask(options.base_url, options.question))
