"""The demo in this process, against embedded servers of all kinds: what it shows, and how it says what went wrong.

`demo/test_command.py` runs it as a newcomer does.
"""

import asyncio
import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from realtime_typed.audio import Int16Array, duration_ms, read_wav, write_wav
from realtime_typed.demo import DemoError, DemoOptions, run
from realtime_typed.demo.console import Console
from realtime_typed.local import (
    EchoResponder,
    Failure,
    LocalServer,
    Reply,
    Responder,
    ResponderRequest,
    ScriptedResponder,
    TextReply,
    ToolCall,
)

pytestmark = pytest.mark.anyio


def tone(seconds: float, rate: int = 24_000) -> Int16Array:
    """What the embedded server takes for speech."""
    samples: Int16Array = np.rint(8000 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)).astype(
        np.int16
    )
    return samples


@pytest.fixture
def short_speech(tmp_path: Path) -> Path:
    """A quarter of a second of speech at 8 kHz: turns at real pace stay short, and another rate is exercised."""
    path = tmp_path / "short.wav"
    write_wav(path, tone(0.25, 8_000), 8_000)
    return path


async def run_against(server: LocalServer, tmp_path: Path, wav: Path | None, timeout: float = 20) -> str:
    out = io.StringIO()
    options = DemoOptions(
        base_url=server.base_url, api_key=server.api_key, output=tmp_path / "out", wav=wav, timeout=timeout
    )
    async with asyncio.timeout(40):
        await run(options, Console(out))
    return out.getvalue()


async def reason_of(responder: Responder, tmp_path: Path, wav: Path, timeout: float = 20) -> str:
    """Why the demo ends early."""
    async with LocalServer(responder=responder) as server:
        with pytest.raises(DemoError) as failed:
            await run_against(server, tmp_path, wav, timeout)
    return str(failed.value)


# --- other servers and other speech ----------------------------------------------------------------------------


async def test_speech_at_another_rate_is_streamed_to_the_server_that_is_named(
    tmp_path: Path, short_speech: Path
) -> None:
    async with LocalServer() as server:
        shown = await run_against(server, tmp_path, short_speech)
        assert len(server.sessions) == 1
    assert server.api_key not in shown
    reply, _ = read_wav(tmp_path / "out" / "reply.wav")
    # The server gives the turn back, which ends with 300 ms of silence.
    assert abs(duration_ms(reply) - 550) <= 60


async def test_a_pause_in_the_speech_makes_two_turns_and_the_last_ones_reply_counts(tmp_path: Path) -> None:
    pause = np.zeros(12_000, np.int16)
    speech = tmp_path / "two.wav"
    write_wav(speech, np.concatenate([tone(0.2), pause, tone(0.4), pause]))
    async with LocalServer() as server:
        shown = await run_against(server, tmp_path, speech)
    assert len(re.findall("← input_audio_buffer.speech_stopped", shown)) == 2
    reply, _ = read_wav(tmp_path / "out" / "reply.wav")
    assert duration_ms(reply) > 600


async def test_events_that_do_not_fit_the_schema_are_counted_in_the_table(tmp_path: Path, short_speech: Path) -> None:
    class Strange:
        """Sends an event of the wrong shape and one of its own before it answers."""

        async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
            await server.broadcast({"type": "rate_limits.updated", "rate_limits": "plenty"})
            await server.broadcast({"type": "xai.ping"})
            return await EchoResponder().respond(request)

    async with LocalServer(responder=Strange()) as server:
        shown = await run_against(server, tmp_path, short_speech)
    assert re.search(r"^validation issues +4$", shown, re.MULTILINE)
    assert "rate_limits.updated rate_limits x4" in shown
    assert re.search(r"← xai\.ping +not in the schema", shown)


# --- failures --------------------------------------------------------------------------------------------------


async def test_a_failed_response_ends_the_demo_with_its_reason(tmp_path: Path, short_speech: Path) -> None:
    responder = ScriptedResponder([Failure("insufficient_quota", "You have no credit left.")])
    reason = await reason_of(responder, tmp_path, short_speech)
    assert reason.startswith("the text turn failed: the response ended as failed, insufficient_quota")
    assert "You have no credit left." in reason


async def test_an_error_event_ends_the_demo_at_once(tmp_path: Path, short_speech: Path) -> None:
    class Refusing:
        async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
            error = {"type": "invalid_request_error", "code": "invalid_value", "message": "Not like this."}
            await server.broadcast({"type": "error", "error": error})
            await asyncio.Event().wait()
            return ""

    async with LocalServer(responder=Refusing()) as server:
        with pytest.raises(DemoError, match=r"text turn failed: .*invalid_value: Not like this\."):
            await run_against(server, tmp_path, short_speech)


async def test_an_answer_that_never_comes_ends_the_demo_in_time(tmp_path: Path, short_speech: Path) -> None:
    class Silent:
        async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
            await asyncio.Event().wait()
            return ""

    assert await reason_of(Silent(), tmp_path, short_speech, 0.3) == "the text turn failed: it was not over in time"


async def test_a_connection_that_is_lost_within_a_turn_is_told(tmp_path: Path, short_speech: Path) -> None:
    class Leaving:
        async def respond(self, request: ResponderRequest) -> Reply | Sequence[Reply]:
            server.sessions[-1].close(1001, "going away")
            await asyncio.Event().wait()
            return ""

    async with LocalServer(responder=Leaving()) as server:
        with pytest.raises(DemoError, match="text turn failed: connection closed: code 1001"):
            await run_against(server, tmp_path, short_speech)


async def test_audio_in_which_nobody_speaks_is_told(tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    write_wav(silence, np.zeros(2400, np.int16))
    reason = await reason_of(EchoResponder(), tmp_path, silence, 1)
    assert reason == "the spoken turn failed: the service heard no speech in the audio"


async def test_a_spoken_turn_that_is_answered_without_audio_is_a_failure(tmp_path: Path, short_speech: Path) -> None:
    reason = await reason_of(ScriptedResponder(["Hello.", []]), tmp_path, short_speech)
    assert reason == "the spoken turn failed: the response has no audio"


async def test_a_model_that_does_not_call_the_tool_is_a_failure(tmp_path: Path, short_speech: Path) -> None:
    responder = ScriptedResponder(["Hello.", TextReply("Spoken."), "I do not know."])
    reason = await reason_of(responder, tmp_path, short_speech)
    assert reason == "the tool turn failed: the model answered without calling get_weather"


async def test_a_response_that_fails_after_the_tool_call_is_a_failure(tmp_path: Path, short_speech: Path) -> None:
    call = ToolCall("get_weather", {"city": "London"})
    responder = ScriptedResponder(["Hello.", TextReply("Spoken."), call, Failure("server_error")])
    reason = await reason_of(responder, tmp_path, short_speech)
    assert reason.startswith("the tool turn failed: the response ended as failed, server_error")


async def test_a_wrong_key_is_told_without_showing_it(tmp_path: Path, short_speech: Path) -> None:
    async with LocalServer() as server:
        options = DemoOptions(base_url=server.base_url, api_key="sk-wrong-key", output=tmp_path, wav=short_speech)
        with pytest.raises(DemoError, match="401") as failed:
            await run(options, Console(io.StringIO()))
    assert "sk-wrong-key" not in str(failed.value)


@pytest.mark.parametrize("content", [None, b"no WAV file", b""], ids=["missing", "other", "empty"])
async def test_speech_that_cannot_be_read_is_told_before_anything_starts(tmp_path: Path, content: bytes | None) -> None:
    wav = tmp_path / "speech.wav"
    if content is not None:
        wav.write_bytes(content)
    with pytest.raises(DemoError, match="cannot read the speech"):
        await run(DemoOptions(output=tmp_path, wav=wav), Console(io.StringIO()))


async def test_a_wav_file_without_samples_is_told(tmp_path: Path) -> None:
    write_wav(tmp_path / "empty.wav", np.zeros(0, np.int16))
    with pytest.raises(DemoError, match="the file holds no audio"):
        await run(DemoOptions(output=tmp_path, wav=tmp_path / "empty.wav"), Console(io.StringIO()))


async def test_an_output_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError, match="cannot make the output folder"):
        await run(DemoOptions(output=tmp_path / "file"), Console(io.StringIO()))
