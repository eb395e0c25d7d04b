"""Chromium talks to the embedded server over WebRTC, by the page of `examples/webrtc_browser` as it stands.

The page and its key come from the example's application, in which `realtime_typed.asgi` answers; the other peer is the
`LocalServer`, by aiortc. What the page plays is measured in the browser. Skipped without Chromium, Playwright or
aiortc; with REALTIME_TYPED_REQUIRE_BROWSER in the environment that is a failure instead.
"""

import asyncio
import contextlib
import importlib.util
import os
import runpy
import shutil
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from realtime_typed.audio import Int16Array, duration_ms, read_wav, write_wav
from realtime_typed.local import AudioReply, LocalServer, ResponderRequest
from realtime_typed.local.asgi import HttpServer

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _missing() -> str | None:
    if CHROMIUM is None:
        return "no Chromium on the path (apt-get install chromium)"
    for library in ("playwright", "aiortc"):
        if importlib.util.find_spec(library) is None:
            return f"{library} is not installed"
    return None


if (MISSING := _missing()) is not None:
    if os.environ.get("REALTIME_TYPED_REQUIRE_BROWSER"):
        raise RuntimeError(f"the tests in a browser are required, but {MISSING}")
    pytest.skip(f"{MISSING}; these tests need a browser", allow_module_level=True)

from playwright.async_api import Page, Request, async_playwright, expect  # noqa: E402  # only where it is installed

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "examples" / "webrtc_browser" / "server.py"
SPEECH = ROOT / "src" / "realtime_typed" / "local" / "data" / "speech_24k.wav"
RATE = 24_000
WRITTEN_HZ, SPOKEN_HZ = 440.0, 620.0
WAIT_S = 60.0

FLAGS = (
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    # A machine may have no other interface.
    "--allow-loopback-in-peer-connection",
    # Names of multicast DNS would need somebody who answers for them.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
)

# Measures what the page plays. The tone has to fill the whole window of the analysis, so that its edges blur nothing.
HEAR = """
() => {
  window.heard = new Promise((resolve) => {
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(document.querySelector("audio").srcObject).connect(analyser);
    const samples = new Float32Array(analyser.fftSize), levels = new Float32Array(analyser.frequencyBinCount);
    const rms = (part) => Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const piece = analyser.fftSize / 8;
      for (let start = 0; start < samples.length; start += piece)
        if (rms(samples.subarray(start, start + piece)) < 0.05) return;
      clearInterval(timer);
      analyser.getFloatFrequencyData(levels);
      const peak = levels.indexOf(Math.max(...levels));
      // The top of the parabola through the peak and its neighbours, all in dB.
      const [left, top, right] = [levels[peak - 1], levels[peak], levels[peak + 1]];
      const offset = (left - right) / (2 * (left - 2 * top + right));
      resolve({ frequency: ((peak + offset) * context.sampleRate) / analyser.fftSize, rms: rms(samples) });
      context.close();
    }, 50);
  });
}
"""


def tone(frequency: float, seconds: float = 4.0) -> Int16Array:
    """A sine at half of full scale, int16 at 24 kHz."""
    times = np.arange(int(seconds * RATE)) / RATE
    return (16_384 * np.sin(2 * np.pi * frequency * times)).astype(np.int16)


class Tones:
    """A responder that answers text with one tone and speech with another."""

    def __init__(self) -> None:
        self.requests: list[ResponderRequest] = []

    async def respond(self, request: ResponderRequest) -> AudioReply:
        self.requests.append(request)
        if request.audio is None:
            return AudioReply(tone(WRITTEN_HZ), f"You wrote {request.text}")
        return AudioReply(tone(SPOKEN_HZ), "You spoke")


@dataclass
class Visit:
    """A browser at the example's page: what it asked for, and what went wrong in it."""

    page: Page
    requests: list[Request]
    problems: list[str]

    async def call(self) -> None:
        """Press the button and wait until the data channel is open."""
        await self.page.get_by_role("button", name="Call").click()
        await expect(self.page.get_by_role("status")).to_have_text("connected")

    async def write(self, text: str) -> None:
        """Send a message."""
        await self.page.get_by_role("textbox").fill(text)
        await self.page.get_by_role("button", name="Send").click()

    async def expect_line(self, who: str, text: str) -> None:
        """Wait for a line of the conversation."""
        await expect(self.page.locator(f"li.{who}").filter(has_text=text)).to_be_visible()


@contextlib.asynccontextmanager
async def visit(server: LocalServer, microphone: Path) -> AsyncGenerator[Visit]:
    """Serve the example for `server` and open it in a browser whose microphone plays a WAV again and again."""
    app = runpy.run_path(str(EXAMPLE))["build_app"](server.api_key, server.base_url)
    http = HttpServer(app, "127.0.0.1", 0)
    await http.start()
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=CHROMIUM, args=[*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"]
            )
            try:
                page = await browser.new_page()
                page.set_default_timeout(20_000)
                expect.set_options(timeout=20_000)
                visited = Visit(page, [], [])
                page.on("request", lambda request: visited.requests.append(request))
                page.on("pageerror", lambda error: visited.problems.append(str(error)))
                page.on("console", lambda message: visited.problems.append(f"{message.type}: {message.text}"))
                await page.goto(f"http://127.0.0.1:{http.port}/")
                yield visited
            finally:
                await browser.close()
    finally:
        await http.stop()


async def heard(page: Page) -> float:
    """The frequency of the tone that the page has played since `HEAR`, in Hz."""
    measured: dict[str, float] = await page.evaluate("window.heard")
    assert 0.1 < measured["rms"] < 0.6
    return measured["frequency"]


@pytest.fixture
def silence(tmp_path: Path) -> Path:
    """A microphone in a quiet room."""
    path = tmp_path / "silence.wav"
    write_wav(path, np.zeros(RATE, np.int16), RATE)
    return path


@pytest.fixture
def speech(tmp_path: Path) -> Path:
    """A microphone that hears somebody say something after five seconds, when the call stands, and then be silent."""
    samples, rate = read_wav(SPEECH)
    path = tmp_path / "speech.wav"
    write_wav(path, np.concatenate([np.zeros(rate * 5, np.int16), samples, np.zeros(rate * 10, np.int16)]), rate)
    return path


async def test_a_text_turn_is_answered_and_its_voice_is_heard_in_the_page(silence: Path) -> None:
    responder = Tones()
    async with asyncio.timeout(WAIT_S), LocalServer(responder=responder) as server, visit(server, silence) as visited:
        await visited.call()
        await visited.page.evaluate(HEAR)
        await visited.write("Good morning")
        await visited.expect_line("user", "Good morning")
        await visited.expect_line("assistant", "You wrote Good morning")
        assert abs(await heard(visited.page) - WRITTEN_HZ) < 0.02 * WRITTEN_HZ
        assert visited.problems == []


async def test_a_spoken_turn_is_heard_by_the_server_and_its_answer_in_the_page(speech: Path) -> None:
    responder = Tones()
    async with asyncio.timeout(WAIT_S), LocalServer(responder=responder) as server, visit(server, speech) as visited:
        await visited.call()
        await visited.page.evaluate(HEAR)
        await visited.expect_line("assistant", "You spoke")
        assert abs(await heard(visited.page) - SPOKEN_HZ) < 0.02 * SPOKEN_HZ
        await visited.expect_line("user", "s of speech)")
        audio = responder.requests[0].audio
        assert audio is not None
        said, rate = read_wav(SPEECH)
        # The turn is the speech with the server's padding and the pause that ended it.
        assert -200 < duration_ms(audio.samples, audio.rate) - duration_ms(said, rate) < 1500
        assert np.abs(audio.samples).max() > 1000
        assert visited.problems == []


async def test_the_page_gets_a_short_lived_key_of_our_endpoint_and_never_sees_the_api_key(silence: Path) -> None:
    async with asyncio.timeout(WAIT_S), LocalServer() as server, visit(server, silence) as visited:
        await visited.call()
        shown: list[str] = [await visited.page.content()]
        for request in visited.requests:
            shown.append(f"{request.url} {await request.all_headers()} {request.post_data}")
            response = await request.response()
            if response is not None:
                shown.append(f"{response.headers} {await response.text()}")
        text = "\n".join(shown)
        assert server.api_key not in text
        (asked,) = [request for request in visited.requests if request.url.endswith("/ephemeral-key")]
        (offer,) = [request for request in visited.requests if request.url.endswith("/realtime/calls")]
        answer = await asked.response()
        assert answer is not None
        assert answer.headers["cache-control"] == "no-store"
        key: str = (await answer.json())["ephemeral_key"]
        assert (await offer.all_headers())["authorization"] == f"Bearer {key}"
        assert key.startswith("ek_")


async def test_hanging_up_ends_the_call_at_the_server_and_a_second_one_begins(silence: Path) -> None:
    async with asyncio.timeout(WAIT_S), LocalServer() as server, visit(server, silence) as visited:
        await visited.call()
        (session,) = server.sessions
        await visited.page.get_by_role("button", name="Hang up").click()
        await expect(visited.page.get_by_role("status")).to_have_text("idle")
        await session.ended()
        await visited.call()
        assert [call.state for call in server.calls] == ["ended", "active"]
        assert visited.problems == []


async def test_a_call_that_the_server_ends_is_over_in_the_page(silence: Path) -> None:
    async with asyncio.timeout(WAIT_S), LocalServer() as server, visit(server, silence) as visited:
        await visited.call()
        server.sessions[0].close()
        await expect(visited.page.get_by_role("status")).to_have_text("idle")


async def test_the_page_says_why_there_is_no_call(silence: Path) -> None:
    async with asyncio.timeout(WAIT_S), LocalServer() as server, visit(server, silence) as visited:
        await visited.page.route("**/ephemeral-key", lambda route: route.fulfill(status=429, body="{}"))
        await visited.page.get_by_role("button", name="Call").click()
        await visited.expect_line("problem", "/ephemeral-key: status 429")
        await expect(visited.page.get_by_role("status")).to_have_text("idle")
        await visited.page.unroute("**/ephemeral-key")
        server.expire_client_secrets()
        await visited.page.route("**/ephemeral-key", lambda route: route.fulfill(json={"ephemeral_key": "ek_wrong"}))
        await visited.page.get_by_role("button", name="Call").click()
        # Another origin's answer can be read because the server allows it, also when it is a refusal.
        await visited.expect_line("problem", "/v1/realtime/calls: status 401")
        assert server.sessions == []
