"""A voice session with four turns, and what became of them: the application whose connection is broken on purpose.

It is an application as users write it: it asks, waits for the answer, and takes note of what it is told. It knows
nothing of the faults.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from realtime_typed import RealtimeClient, RealtimeError
from realtime_typed.audio import Int16Array
from realtime_typed.local import Reply, ResponderRequest, TextReply, ToolCall
from realtime_typed.types import ConversationItem
from realtime_typed.utility_events import (
    CloseEvent,
    ConnectionLost,
    ConnectionRestored,
    HandlerErrorEvent,
    ToolErrorEvent,
)

__all__ = ["EXPECTED", "Answers", "Scene", "is_twin", "transcribed"]

TURN_BOUND: Final = 12.0
"""Seconds within which a turn is answered, or its application is told why not."""

_SPOKEN: Final = "half a second of speech"
_WEATHER: Final = "What is the weather in London?"

EXPECTED: Final = (
    ("user", "Good morning."),
    ("assistant", "You said: Good morning."),
    ("user", _SPOKEN),
    ("assistant", f"You said: {_SPOKEN}"),
    ("user", _WEATHER),
    ("call", '{"city":"London"}'),
    ("output", "rain in London"),
    ("assistant", "The tool says: rain in London"),
    ("user", "Goodbye."),
    ("assistant", "You said: Goodbye."),
)
"""Who says what in the session that nothing disturbs."""


def transcribed(audio: object) -> str:
    """The transcript of whatever was said."""
    return _SPOKEN


class Answers:
    """Answers by what the conversation holds, so that the same question gets the same answer in every session."""

    async def respond(self, request: ResponderRequest) -> Reply:
        """Answer the last turn."""
        if request.tool_output is not None:
            return TextReply(f"The tool says: {request.tool_output}")
        if "weather" in request.text and request.tools:
            return ToolCall("get_weather", '{"city":"London"}')
        return TextReply(f"You said: {request.text or _SPOKEN}")


@dataclass
class Scene:
    """The session of one client.

    Attributes:
        client: The client, connected.
        speech: Half a second of speech, 24 kHz.
        lost: What `connection.lost` said.
        closed: The `close` of a connection that no other follows.
        restored: What `connection.restored` said.
        told: What else the application was told, by an exception or an event.
        weather_asked: How often the tool ran.
    """

    client: RealtimeClient
    speech: Int16Array
    lost: list[ConnectionLost] = field(default_factory=list[ConnectionLost])
    closed: list[CloseEvent] = field(default_factory=list[CloseEvent])
    restored: list[ConnectionRestored] = field(default_factory=list[ConnectionRestored])
    told: list[str] = field(default_factory=list[str])
    weather_asked: int = 0

    def listen(self) -> None:
        """Take note of what the client tells."""
        client = self.client
        client.events["connection.lost"].on(self.lost.append)
        client.events["connection.restored"].on(self.restored.append)
        client.realtime.events["close"].on(self.closed.append)

        @client.on("handler.error")
        def _(event: HandlerErrorEvent) -> None:
            self.told.append(f"handler.error: {type(event.error).__name__}")

        @client.on("tool.error")
        def _(event: ToolErrorEvent) -> None:
            self.told.append(f"tool.error: {event.error}")

        @client.tool
        def get_weather(city: str) -> str:
            """The weather in a city."""
            self.weather_asked += 1
            return f"rain in {city}"

    async def play(self) -> None:
        """Have the four turns, each whatever became of the one before."""
        await self._turn(lambda: self._ask("Good morning."))
        await self._turn(self._speak)
        await self._turn(lambda: self._ask(_WEATHER))
        await self._turn(lambda: self._ask("Goodbye."))

    async def _turn(self, take: Callable[[], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(TURN_BOUND):
                await take()
                await self._answered()
        except (RealtimeError, TimeoutError) as error:
            self.told.append(type(error).__name__)

    async def _ask(self, text: str) -> None:
        await (await self.client.send_text(text)).done()

    async def _speak(self) -> None:
        await self.client.append_input_audio(self.speech)
        await (await self.client.create_response()).done()

    async def _answered(self) -> None:
        """Wait until the conversation ends with a whole message of the assistant, and the user's words are known."""
        with self.client.events["conversation.updated"].stream() as updates:
            if self._is_answered():
                return
            async for _ in updates:
                if self._is_answered():
                    return

    def _is_answered(self) -> bool:
        said = self.said()
        return bool(said) and said[-1][0] == "assistant" and all(text for _, text in said)

    def said(self) -> list[tuple[str, str]]:
        """Who said what, as the client's conversation has it."""
        items = [item for item in self.client.conversation.items if not is_twin(item)]
        return [line for item in items if (line := _line(item)) is not None]


def is_twin(item: ConversationItem) -> bool:
    """Whether an item is of the second response that the quirk `interleaved_responses` mixes with the first."""
    return str(item.id).endswith("_twin")


def _line(item: ConversationItem) -> tuple[str, str] | None:
    formatted = item.formatted
    if item.type == "message":
        return item.role, formatted.text or formatted.transcript
    if item.type == "function_call":
        return "call", formatted.tool.arguments if formatted.tool else ""
    if item.type == "function_call_output":
        return "output", formatted.output or ""
    return None
