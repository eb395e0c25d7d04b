"""Hundreds of tool calls while the user speaks: nothing is lost, nothing is asked for twice, nothing is in the way."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest

from realtime_typed import RealtimeClient
from realtime_typed.local import Reply, ResponderRequest, ScriptedResponder, TextReply, ToolCall
from realtime_typed.types import ErrorEvent, ResponseDone, UserMessageItem
from tests.contract.support import BOUND, Samples, Serve, Wire, end_of, speech

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

CALLS = 500
PER_RESPONSE = 3
TURNS = -(-CALLS // PER_RESPONSE)
SPOKEN_EVERY = 12
SILENCE = np.zeros(24_000, np.int16)


class Model:
    """Answers each written turn with three calls, one fast and then slow ones, and everything else with a text."""

    def __init__(self) -> None:
        self.made = 0
        self.called: set[str] = set()
        self.spoken = 0

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        messages = [item for item in request.items if isinstance(item, UserMessageItem)]
        self.spoken += request.audio is not None
        for message in messages[-3:]:
            text = message.formatted.text
            if text.startswith("turn") and text not in self.called:
                self.called.add(text)
                count = min(PER_RESPONSE, CALLS - self.made)
                calls = [self._call(self.made + place) for place in range(count)]
                self.made += count
                return calls
        return TextReply("Fine.")

    def _call(self, number: int) -> ToolCall:
        return ToolCall("slow" if number % 2 else "fast", {"number": number}, f"call_{number}")


async def speak(client: RealtimeClient, words: Samples) -> asyncio.Task[None]:
    """Begin to speak; returns when the service has heard it, and the rest of it follows."""
    audio = np.concatenate((SILENCE[:4800], words))

    async def say() -> None:
        for start in range(0, len(audio), 2400):
            await client.append_input_audio(audio[start : start + 2400])
            await asyncio.sleep(0)

    async with client.events["input_audio_buffer.speech_started"].expect(20):
        return asyncio.create_task(say())


async def test_five_hundred_calls_are_answered_once_each_while_the_user_speaks(serve: Serve) -> None:
    model = Model()
    async with serve(responder=model, bound=110) as service:
        # A track runs in real time and has its own silence: the user says less there, and as often.
        words = speech()[12_000:24_000] if service.by_track else np.concatenate((speech(), SILENCE))
        async with service.client() as client:
            ran: Counter[int] = Counter()
            errors: list[ErrorEvent] = []
            done: list[ResponseDone] = []
            client.on("error", errors.append)
            client.on("response.done", done.append)

            def fast(arguments: dict[str, object]) -> str:
                ran[int(str(arguments["number"]))] += 1
                return "fast"

            async def slow(arguments: dict[str, object]) -> str:
                ran[number := int(str(arguments["number"]))] += 1
                for _ in range(5 + number % 60):
                    await asyncio.sleep(0)
                return "slow"

            client.add_tool({"name": "fast"}, fast)
            client.add_tool({"name": "slow"}, slow)
            await client.update_session(
                output_modalities=["text"], turn_detection={"type": "server_vad", "silence_duration_ms": 300}
            )
            spoken: list[asyncio.Task[None]] = []
            for turn in range(TURNS):
                response = await client.send_user_message_content([{"type": "input_text", "text": f"turn {turn}"}])
                if turn % SPOKEN_EVERY == 0:
                    await response.done(20)
                    await asyncio.gather(*spoken)
                    spoken = [await speak(client, words)]
            await asyncio.gather(*spoken)
            # Behind everything that was asked for before; a follow-up that is due later asks behind this one.
            followed = TURNS
            while sum(event["type"] == "response.create" for event in service.session.received) < TURNS + followed:
                await client.wait_for("response.created", 20)
            await (await client.create_response()).done(20)

            created = service.received("conversation.item.create")
            items: list[Wire] = [event["item"] for event in created]  # type: ignore[misc]  # what a frame holds
            answers = Counter(str(item["call_id"]) for item in items if item["type"] == "function_call_output")
            assert [error.error.code for error in errors] == []
            assert answers == {f"call_{number}": 1 for number in range(CALLS)}
            assert ran == dict.fromkeys(range(CALLS), 1)
            assert model.spoken >= TURNS // SPOKEN_EVERY
            assert len(service.received("response.create")) == 2 * TURNS + 1
            assert all(event.response.status in ("completed", "cancelled") for event in done)


async def test_a_call_of_a_lost_connection_is_not_answered_on_the_next(serve: Serve) -> None:
    script = ScriptedResponder([ToolCall("slow", {}, "call_1"), TextReply("Hello again.")])
    async with serve(responder=script) as service:
        client = service.client()
        running, ended = asyncio.Event(), asyncio.Event()

        async def slow(_: object) -> str:
            running.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
            return "too late"

        client.add_tool({"name": "slow"}, slow)
        await client.connect()
        await client.create_response()
        async with asyncio.timeout(BOUND):
            await running.wait()
        service.lose_line(client)
        assert await end_of(client) is not None
        await client.connect()
        assert ended.is_set()
        await client.update_session(output_modalities=["text"])
        await (await client.create_response()).done(BOUND)
        assert service.received("conversation.item.create") == []
        assert len(service.received("response.create")) == 1
        await client.disconnect()
