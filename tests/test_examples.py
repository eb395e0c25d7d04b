"""The examples run as they stand, against the embedded server."""

import asyncio
import re
import runpy
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType
from typing import cast

import httpx
import numpy as np
import pytest

from realtime_typed import RealtimeAPI, RealtimeClient, RestClient
from realtime_typed.audio import Int16Array, duration_ms, read_wav
from realtime_typed.local import LocalServer, ResponderRequest, TextReply
from realtime_typed.types import ConversationItemCreate, InputTextPart, RealtimeSession, UserMessageItem

from .unit.portaudio import BLOCK, FakeSoundDevice

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parent.parent
SPEECH = ROOT / "src" / "realtime_typed" / "local" / "data" / "speech_24k.wav"


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with LocalServer() as running:
        yield running


async def run_example(server: LocalServer, name: str, *arguments: str, typed: str = "") -> str:
    """Run an example with the server in its environment; give what it writes."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(ROOT / "examples" / name), *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": server.api_key, "PYTHONUTF8": "1"},
    )
    try:
        async with asyncio.timeout(40):
            out, err = await process.communicate(typed.encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode()


def sounding(samples: Int16Array) -> Int16Array:
    """A clip without the silence before and behind it."""
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)) > 500)
    return samples[loud[0] : loud[-1] + 1]


async def test_text_chat_answers_each_line_until_the_end_of_the_input(server: LocalServer) -> None:
    shown = await run_example(server, "text_chat.py", typed="Hello there\nHow are you?\n")
    assert shown.split("you> ")[1:] == ["Hello there\n", "How are you?\n", ""]


@pytest.mark.parametrize("transport", ["websocket", "webrtc"])
async def test_voice_from_file_writes_the_spoken_answer(server: LocalServer, tmp_path: Path, transport: str) -> None:
    answer = tmp_path / "answer.wav"
    shown = await run_example(server, "voice_from_file.py", str(SPEECH), str(answer), "--transport", transport)
    assert "assistant: (your own words, " in shown
    samples, rate = read_wav(answer)
    assert rate == 24_000
    # A call's input buffer also holds the silence around the speech, so the speech itself is measured.
    assert abs(duration_ms(sounding(samples)) - duration_ms(sounding(read_wav(SPEECH)[0]))) < 130
    if transport == "websocket":
        assert abs(duration_ms(samples) - 2600) < 130
    assert np.abs(samples).max() > 3000


async def test_tools_runs_the_tool_that_the_question_asks_for(server: LocalServer) -> None:
    shown = await run_example(server, "tools.py")
    assert shown.splitlines() == ['call: get_weather({"city": "London"})', "assistant: It is sunny in London."]


async def test_tools_runs_an_async_tool_whose_result_is_json(server: LocalServer) -> None:
    shown = await run_example(server, "tools.py", "What is the population of Paris?")
    assert 'call: get_population({"city": "Paris"})' in shown
    assert '{"city":"Paris","population":8866180}' in shown


async def test_an_example_takes_the_server_from_its_arguments_too(server: LocalServer) -> None:
    shown = await run_example(server, "tools.py", "--base-url", server.base_url, "The weather in Rome?")
    assert "It is sunny in Rome." in shown


class Greeter:
    """A responder that tells when it was asked."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()

    async def respond(self, request: ResponderRequest) -> TextReply:
        self.asked.set()
        return TextReply("Good day!")


async def test_sip_server_accepts_a_call_greets_the_caller_and_listens_until_the_call_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    build_app = runpy.run_path(str(ROOT / "examples" / "sip_server.py"))["build_app"]
    greeter = Greeter()
    async with asyncio.timeout(30), LocalServer(responder=greeter) as server:
        monkeypatch.setenv("OPENAI_API_KEY", server.api_key)
        call = server.incoming_call()
        app = httpx.ASGITransport(build_app(server.base_url, server.webhook_secret))
        async with (
            httpx.AsyncClient(transport=app, base_url="http://example.com") as phone_company,
            RestClient(api_key=server.api_key, base_url=server.base_url) as rest,
        ):
            forged = await phone_company.post("/", content=call.webhook_body + b" ", headers=call.webhook_headers)
            assert (forged.status_code, call.state) == (400, "incoming")
            webhook = asyncio.create_task(
                phone_company.post("/", content=call.webhook_body, headers=call.webhook_headers)
            )
            await greeter.asked.wait()
            again = await phone_company.post("/", content=call.webhook_body, headers=call.webhook_headers)
            await rest.calls.hangup(call.id)
            assert ((await webhook).status_code, again.status_code) == (200, 200)
        assert call.session is not None
        assert call.state == "ended"
    assert f"{call.id}: ended" in capsys.readouterr().out


async def test_webrtc_browser_serves_its_page_and_a_key_to_that_page_alone() -> None:
    build_app = runpy.run_path(str(ROOT / "examples" / "webrtc_browser" / "server.py"))["build_app"]
    async with asyncio.timeout(30), LocalServer() as server:
        app = httpx.ASGITransport(build_app(server.api_key, server.base_url))
        async with httpx.AsyncClient(transport=app, base_url="http://127.0.0.1:8000") as browser:
            page = await browser.get("/")
            assert page.headers["content-type"].startswith("text/html")
            assert (await browser.get("/settings")).json() == {"calls_url": f"{server.base_url}/realtime/calls"}
            key = await browser.get("/ephemeral-key", headers={"Sec-Fetch-Site": "same-origin"})
            assert key.json()["ephemeral_key"].startswith("ek_")
            foreign = await browser.get("/ephemeral-key", headers={"Sec-Fetch-Site": "cross-site"})
            renamed = await browser.get("/ephemeral-key", headers={"Host": "evil.example"})
            assert (foreign.status_code, renamed.status_code) == (403, 400)


async def test_webrtc_browser_without_a_key_brings_the_embedded_server_along() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(ROOT / "examples" / "webrtc_browser" / "server.py"), "--port", "0"),
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONUTF8": "1"},
    )
    assert process.stderr is not None
    written = ""
    try:
        async with asyncio.timeout(40):
            while not (found := re.search(r"running on (http://\S+)", written)):
                line = await process.stderr.readline()
                assert line, written
                written += line.decode()
            async with httpx.AsyncClient(base_url=found[1], trust_env=False) as browser:
                key = await browser.get("/ephemeral-key", headers={"Sec-Fetch-Site": "same-origin"})
                calls_url = (await browser.get("/settings")).json()["calls_url"]
                headers = {"Authorization": f"Bearer {key.json()['ephemeral_key']}", "Content-Type": "application/sdp"}
                refused = await browser.post(calls_url, headers=headers, content="no SDP")
            process.send_signal(signal.SIGINT)
            written += (await process.stderr.read()).decode()
            # The key is good; the offer is not. Without aiortc there is no answer to any.
            assert refused.status_code in (400, 501)
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert "Traceback" not in written


async def test_microphone_says_a_file_where_there_is_no_device(server: LocalServer, tmp_path: Path) -> None:
    answer = tmp_path / "answer.wav"
    shown = await run_example(server, "microphone.py", str(SPEECH), str(answer))
    assert shown.startswith("model: (your own words, ")
    assert abs(duration_ms(read_wav(answer)[0]) - 2600) < 130


async def test_microphone_sends_what_it_hears_and_plays_the_answer(
    server: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound_card = FakeSoundDevice()
    monkeypatch.setitem(sys.modules, "sounddevice", cast("ModuleType", sound_card))
    example = runpy.run_path(str(ROOT / "examples" / "microphone.py"))
    spoken = np.concatenate([read_wav(SPEECH)[0], np.zeros(24_000, np.int16)])
    async with asyncio.timeout(40), RealtimeClient(api_key=server.api_key, base_url=server.base_url) as client:
        await client.update_session(turn_detection={"type": "server_vad"})
        async with client.events["conversation.item.completed"].expect(predicate=example["is_answer"]) as answer:
            talking = asyncio.create_task(example["talk"](client))
            await sound_card.opened(2)
            microphone, speaker = sound_card.streams
            for start in range(0, spoken.size, BLOCK):
                await microphone.record(spoken[start : start + BLOCK])
        loud = 0
        while client.playback.heard_ms(answer.event.item.id or "") < 2_500:  # of 2.6 s
            loud += bool((await speaker.play()).any())
        assert loud > 90  # blocks of 20 ms; the rest are the pauses between the words
        talking.cancel()
        await asyncio.wait({talking})
        assert talking.cancelled()
        assert [stream.calls for stream in sound_card.streams] == 2 * [["start", "abort", "close"]]


SILENT_SOUND_CARD = """
class PortAudioError(Exception): pass
def check_input_settings(*_, **__): pass
check_output_settings = check_input_settings
class RawOutputStream:
    def __init__(self, **_): pass
    def start(self): print(type(self).__name__, flush=True)
    def abort(self): pass
    def close(self): pass
class RawInputStream(RawOutputStream): pass
"""


async def test_microphone_ends_quietly_on_ctrl_c(server: LocalServer, tmp_path: Path) -> None:
    (tmp_path / "sounddevice.py").write_text(SILENT_SOUND_CARD, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", str(ROOT / "examples" / "microphone.py"), "--base-url", server.base_url),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"OPENAI_API_KEY": server.api_key, "PYTHONUTF8": "1", "PYTHONPATH": str(tmp_path)},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(40):
            opened = [await process.stdout.readline(), await process.stdout.readline()]
            process.send_signal(signal.SIGINT)
            _, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert opened == [b"RawInputStream\n", b"RawOutputStream\n"]
    assert (process.returncode, err.decode()) == (0, "")


async def test_interruption_cuts_the_answer_at_what_was_heard(server: LocalServer) -> None:
    shown = await run_example(server, "interruption.py", str(SPEECH), "--after", "0.5")
    found = re.fullmatch(
        r"interrupted (\w+) after (\d+) ms\nthe service cut (\w+) to (\d+) ms, of which (\d+) ms are kept\n", shown
    )
    assert found is not None, shown
    assert found[1] == found[3]
    assert int(found[2]) == int(found[4]) == int(found[5]) > 0


async def test_transcription_writes_the_transcript_as_it_grows_and_whole(server: LocalServer) -> None:
    assert await run_example(server, "transcription.py", str(SPEECH)) == "(2.6 s of speech)\n= (2.6 s of speech)\n"


async def test_sideband_answers_for_a_call_that_somebody_else_has_begun(server: LocalServer) -> None:
    pytest.importorskip("aiortc", reason="aiortc is not installed; it is in the extra `webrtc`")
    # What begins a call has no tools: a browser, of which this is the part that matters here.
    caller = RealtimeAPI(transport="webrtc", api_key=server.api_key, base_url=server.base_url)
    await caller.connect()
    try:
        running = asyncio.create_task(run_example(server, "sideband.py", caller.call_id or ""))
        with caller.events["server.response.output_audio_transcript.done"].stream() as texts:
            async with asyncio.timeout(30):
                # The other connection has told the service of its tool.
                await caller.events["server.session.updated"].wait(
                    predicate=lambda event: isinstance(event.session, RealtimeSession) and bool(event.session.tools)
                )
                question = InputTextPart(text="What is the opening hour?")
                await caller.send(ConversationItemCreate(item=UserMessageItem(content=[question])))
                await caller.send({"type": "response.create"})
                assert "at nine" in (await anext(texts)).transcript
    finally:
        await caller.disconnect()
    shown = (await running).splitlines()
    assert shown[0].startswith("attached to rtc_")
    assert "user: What is the opening hour?" in shown
    assert any(line.startswith("assistant: ") and "at nine" in line for line in shown)
    assert shown[-1] == "the call has ended"


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_short_and_says_what_it_needs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 70
    assert "OPENAI_API_KEY" in text
