"""Audio is right, not just present: what is said comes over as it was said, and so does what is answered.

A tone and a clip of speech go through `append_input_audio` to the embedded server, which says them again. Everything
is measured at three places: what the server heard, what `audio_output` handed out, and what the two items hold. Four
clients talk at once, one for each sample rate of the application.
"""

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

import numpy as np
import pytest

from realtime_typed import OutputAudio, RealtimeClient
from realtime_typed.local import EchoResponder, LocalServer, Reply, ResponderRequest, UserAudio
from realtime_typed.transports.webrtc_options import WebRtcOptions
from realtime_typed.types import AssistantMessageItem, UserMessageItem
from tests.audio.measure import RATE, Int16, compare, hear, resampled, speech, tone

pytestmark = pytest.mark.anyio

Transport: TypeAlias = Literal["websocket", "webrtc"]
Turns: TypeAlias = Literal["server_vad", "push_to_talk"]
Feed: TypeAlias = Callable[[RealtimeClient, Int16, int], Coroutine[object, object, None]]
Pieces: TypeAlias = Sequence[tuple[str, Int16]]

RATES: Final = (8_000, 16_000, 24_000, 48_000)
HERTZ: Final = 523.25
TONE_S: Final = 1.2
# The requirement.
FREQUENCY: Final = 0.02
DURATION_S: Final = 0.06
GAP_S: Final = 0.04
# Half more than the steepest step of the tone itself; a click of a twentieth of its height is steeper.
STEEPEST: Final = 1.5 * 8_192 * 2 * np.pi * HERTZ / RATE
# Two passes of Opus leave 0.998 of speech; one frame of 20 ms that is lost or comes twice leaves 0.9.
LIKENESS: Final = 0.97
DRIFT_S: Final = 0.002
BOUND: Final = 30.0


class Ear(EchoResponder):
    """Says again what the user said, and keeps what it heard by the instructions of the session."""

    def __init__(self) -> None:
        self.heard: dict[str, UserAudio] = {}

    async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
        assert request.audio is not None
        self.heard[request.instructions] = request.audio
        return await super().respond(request)


async def at_once(client: RealtimeClient, clip: Int16, rate: int) -> None:
    """As one array."""
    await client.append_input_audio(clip, sample_rate=rate)


async def in_real_time(client: RealtimeClient, clip: Int16, rate: int) -> None:
    """As bytes, 20 ms at a time, each of them up to 15 ms late; what a microphone of a busy machine gives."""
    late = random.Random(rate)  # the same jitter every time
    clock = asyncio.get_running_loop().time
    begin, step = clock(), rate // 50
    for number, start in enumerate(range(0, clip.size, step)):
        await asyncio.sleep(begin + number * 0.02 + late.uniform(0, 0.015) - clock())
        await client.append_input_audio(clip[start : start + step].tobytes(), sample_rate=rate)


async def in_odd_sizes(client: RealtimeClient, clip: Int16, rate: int) -> None:
    """As floats, in pieces of a prime number of samples, single samples, and long pieces, as fast as they are taken."""
    sizes = random.Random(rate)  # the same pieces every time
    start = 0
    while start < clip.size:
        size = sizes.choice((1, 7, 331, 479, 997, 4_001))
        await client.append_input_audio(clip[start : start + size].astype(np.float32) / 32_768, sample_rate=rate)
        start += size


@dataclass(frozen=True)
class Turn:
    """The audio of one turn wherever it came by, 24 kHz, shape (n,) each."""

    heard_by_the_server: Int16
    user_item: Int16
    audio_output: Int16
    assistant_item: Int16

    def places(self) -> Pieces:
        return [(name, cast("Int16", getattr(self, name))) for name in self.__dataclass_fields__]


class Talk:
    """One client and what it says."""

    def __init__(self, server: LocalServer, ear: Ear, transport: Transport, turns: Turns, rate: int) -> None:
        self._ear = ear
        self._turns = turns
        self._rate = rate
        self._client = RealtimeClient(
            transport=transport,
            base_url=server.base_url,
            api_key=server.api_key,
            webrtc=WebRtcOptions(host_addresses=["127.0.0.1"]),
        )
        self._pieces: list[OutputAudio] = []

    async def hold(self, feed: Feed, clips: Sequence[Int16], all_connected: asyncio.Barrier) -> list[Turn]:
        """Say one clip after the other, and wait for each answer."""
        async with self._client as client:
            await client.update_session(
                instructions=str(self._rate),
                turn_detection={"type": "server_vad"} if self._turns == "server_vad" else None,
            )
            listening = asyncio.create_task(self._listen())
            # Connecting keeps a slow machine so busy that nobody could speak in real time beside it.
            await all_connected.wait()
            turns = [await self._say(feed, clip) for clip in clips]
        await listening  # it ends with the connection
        return turns

    async def _listen(self) -> None:
        async for piece in self._client.audio_output:
            self._pieces.append(piece)

    async def _say(self, feed: Feed, clip: Int16) -> Turn:
        client = self._client
        answered = client.events["conversation.item.completed"].expect(
            BOUND, predicate=lambda event: isinstance(event.item, AssistantMessageItem)
        )
        if self._turns == "push_to_talk":
            # Over WebRTC the server has listened to silence all the time.
            await client.input_audio_buffer.clear()
        else:
            clip = np.concatenate((clip, np.zeros(self._rate * 6 // 10, np.int16)))
        async with answered:
            await feed(client, clip, self._rate)
            if self._turns == "push_to_talk":
                await client.create_response()
        item = answered.event.item
        user = [other for other in client.conversation.items if isinstance(other, UserMessageItem)][-1]
        said = [piece for piece in self._pieces if piece.item_id == item.id]
        assert {piece.sample_rate for piece in said} == {RATE}
        heard = self._ear.heard[str(self._rate)]
        assert heard.rate == RATE
        return Turn(
            heard.samples,
            user.formatted.audio,
            np.concatenate([piece.samples for piece in said]),
            item.formatted.audio,
        )


@pytest.mark.parametrize(
    ("turns", "feed"),
    [("server_vad", in_real_time), ("push_to_talk", in_odd_sizes), ("server_vad", at_once)],
    ids=["vad-real_time", "push_to_talk-odd_sizes", "vad-at_once"],
)
@pytest.mark.parametrize("transport", ["websocket", "webrtc"])
async def test_a_tone_and_speech_are_heard_and_come_back_as_they_were(
    transport: Transport, turns: Turns, feed: Feed
) -> None:
    ear = Ear()
    said = {rate: resampled(speech(), RATE, rate) for rate in RATES}
    async with asyncio.timeout(BOUND + 15), LocalServer(responder=ear) as server:
        barrier = asyncio.Barrier(len(RATES))
        talks = [
            Talk(server, ear, transport, turns, rate).hold(feed, [tone(HERTZ, TONE_S, rate), said[rate]], barrier)
            for rate in RATES
        ]
        found = dict(zip(RATES, await asyncio.gather(*talks), strict=True))
    wrong: list[str] = []
    for rate, (toned, spoken) in found.items():
        for place, samples in toned.places():
            wrong += [f"{rate} Hz, tone, {place}: {problem}" for problem in tone_problems(samples)]
        for place, samples in spoken.places():
            original = resampled(said[rate], rate, RATE)
            wrong += [f"{rate} Hz, speech, {place}: {problem}" for problem in speech_problems(original, samples)]
    assert not wrong, "\n".join(wrong)


async def test_an_event_loop_that_stalls_again_and_again_leaves_no_gap() -> None:
    # The same loop carries microphone, client and server, so that every stall hits both directions.
    loop = asyncio.get_running_loop()
    timer: list[asyncio.TimerHandle] = []

    def stall() -> None:
        time.sleep(0.15)  # the stall itself: blocking the loop is what is tested
        timer[:] = [loop.call_later(0.3, stall)]

    ear = Ear()
    async with asyncio.timeout(BOUND), LocalServer(responder=ear) as server:
        stall()
        try:
            talk = Talk(server, ear, "webrtc", "server_vad", RATE)
            (turn,) = await talk.hold(in_real_time, [tone(HERTZ, TONE_S, RATE)], asyncio.Barrier(1))
        finally:
            timer[0].cancel()
    wrong = [f"{place}: {problem}" for place, samples in turn.places() for problem in tone_problems(samples)]
    assert not wrong, "\n".join(wrong)


async def test_over_webrtc_an_item_of_g711_holds_what_was_appended_from_beginning_to_end() -> None:
    """The track runs at 24 kHz, and the items of such a session at 8 kHz."""
    sound = np.full(RATE // 2, 8_000, np.int16)
    async with asyncio.timeout(BOUND), LocalServer() as server:
        webrtc = WebRtcOptions(host_addresses=["127.0.0.1"])
        async with RealtimeClient(
            transport="webrtc", base_url=server.base_url, api_key=server.api_key, webrtc=webrtc
        ) as client:
            await client.update_session(turn_detection=None, input_audio_format="g711_ulaw")
            for _ in range(2):
                await client.input_audio_buffer.clear()
                async with client.events["conversation.item.completed"].expect(
                    BOUND, predicate=lambda event: isinstance(event.item, AssistantMessageItem)
                ):
                    await client.append_input_audio(sound, sample_rate=RATE)
                    await client.create_response()
                item = [item for item in client.conversation.items if isinstance(item, UserMessageItem)][-1]
                audio = item.formatted.audio
                assert audio.size == sound.size // 3
                assert np.abs(audio - 8_000.0).max() < 100


def tone_problems(samples: Int16) -> list[str]:
    """What is not as it should be with a tone that came back."""
    wanted, got = hear(tone(HERTZ, TONE_S, RATE)), hear(samples)
    checks = {
        f"frequency {got.frequency:.2f} Hz": abs(got.frequency / HERTZ - 1) <= FREQUENCY,
        f"duration {got.duration:.3f} s": abs(got.duration - wanted.duration) <= DURATION_S,
        f"gap of {got.longest_gap:.3f} s": got.longest_gap <= GAP_S,
        f"click of {got.steepest}": got.steepest <= STEEPEST,
        f"level {got.level:.0f}": abs(got.level / wanted.level - 1) <= 0.05,
        f"total length {samples.size / RATE:.3f} s": TONE_S - DURATION_S <= samples.size / RATE <= TONE_S + 1,
    }
    return [name for name, right in checks.items() if not right]


def speech_problems(original: Int16, samples: Int16) -> list[str]:
    """What is not as it should be with speech that came back."""
    got = compare(original, samples)
    checks = {
        f"correlation {got.correlation:.3f}": got.correlation >= LIKENESS,
        f"{got.duration_error:+.3f} s longer": abs(got.duration_error) <= DURATION_S,
        f"drift {got.drift:+.4f} s": abs(got.drift) <= DRIFT_S,
        f"gap of {got.longest_gap:.3f} s": got.longest_gap <= GAP_S,
    }
    return [name for name, right in checks.items() if not right]
