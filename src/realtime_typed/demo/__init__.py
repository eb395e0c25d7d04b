"""The demo: a text turn, a spoken turn and a tool turn over a real WebSocket or WebRTC, told as they happen.

`python -m realtime_typed demo` runs it against the embedded server, or against the service when it is told where.
"""

import asyncio
import io
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

from realtime_typed import audio
from realtime_typed.api import DEFAULT_MODEL
from realtime_typed.client import RealtimeClient
from realtime_typed.errors import RealtimeError
from realtime_typed.types import ErrorEvent

from .console import Console
from .event_log import Detail, EventLog
from .report import Report, write_table, write_transcript
from .turns import DemoError, SpokenTurn, first_error, spoken_turn, text_turn, tool_turn, until_error

__all__ = ["DemoError", "DemoOptions", "run"]

_RATE: Final = 24_000
_INSTRUCTIONS: Final = "You are the voice of a demo. Answer in one short, friendly sentence."
_QUESTION: Final = "Hello! What do you do best?"
_TOOL_QUESTION: Final = "What is the weather in London?"


@dataclass(frozen=True)
class DemoOptions:
    """What the demo is to do.

    Attributes:
        base_url: Where the service is; `None` (default) starts a `LocalServer`.
        api_key: The service's key; `None` (default) takes `OPENAI_API_KEY`.
        model: The model to talk to; `None` (default) is the client's default.
        transport: How to reach it: `"websocket"` (default) or `"webrtc"`.
        output: The folder for `reply.wav`, made when it is missing. Default `demo-output`.
        wav: What the user says; `None` (default) is the package's own recording.
        detail: Which events become lines. Default `"compact"`.
        timeout: Seconds that connecting and each turn may take, the spoken turn beside its own length. Default 30.
    """

    base_url: str | None = None
    api_key: str | None = None
    model: str | None = None
    transport: Literal["websocket", "webrtc"] = "websocket"
    output: Path = Path("demo-output")
    wav: Path | None = None
    detail: Detail = "compact"
    timeout: float = 30.0


async def run(options: DemoOptions, console: Console) -> Path:
    """Run the three turns and write what happens.

    Args:
        options: What to do.
        console: Where to write.

    Returns:
        The WAV file with the reply to the spoken turn: 24 kHz, mono, 16 bits.

    Raises:
        DemoError: A file, the service or a turn failed; the message is one line for the user.
    """
    speech = _load_speech(options.wav)
    reply = _prepare_output(options.output)
    async with _service(options) as (base_url, api_key):
        client = _make_client(base_url, api_key, options)
        log = EventLog(console, options.detail)
        client.on("realtime.event", log)
        refused = first_error(client)
        await client.update_session(instructions=_INSTRUCTIONS, output_modalities=["text"])
        log.heading(f"connecting to {client.realtime.model} over {options.transport}")
        await _connect(client, options.timeout)
        async with client:
            report = await _converse(client, refused, log, speech, options.timeout)
        log.flush()
    try:
        audio.write_wav(reply, report.spoken.reply, _RATE)
    except OSError as error:
        raise DemoError(f"cannot write the reply: {error}") from error
    write_transcript(console, client.conversation.items, _RATE)
    write_table(console, report)
    console.line(f"{'reply':<22} {reply}")
    return reply


async def _connect(client: RealtimeClient, timeout: float) -> None:
    try:
        async with asyncio.timeout(timeout):
            await client.connect()
    except TimeoutError:
        raise DemoError(f"the service did not answer within {timeout:g} s") from None
    except (RealtimeError, ValueError, ImportError) as error:
        raise DemoError(str(error)) from error


async def _converse(
    client: RealtimeClient,
    refused: "asyncio.Future[ErrorEvent]",
    log: EventLog,
    speech: audio.Int16Array,
    timeout: float,
) -> Report:
    with _failing("beginning of the session"):
        async with asyncio.timeout(timeout):
            await until_error(refused, client.wait_for_session_created())
    log.heading("text turn")
    with _failing("text turn"):
        async with asyncio.timeout(timeout):
            first_text = await until_error(refused, text_turn(client, _QUESTION))
    log.heading("spoken turn")
    spoken = SpokenTurn()
    seconds = len(speech) / _RATE
    with _failing("spoken turn"):
        try:
            async with asyncio.timeout(timeout + seconds):
                await until_error(refused, spoken_turn(client, speech, spoken))
        except TimeoutError:
            if not spoken.heard_speech:
                raise DemoError("the service heard no speech in the audio") from None
            raise
    log.heading("tool turn")
    with _failing("tool turn"):
        async with asyncio.timeout(timeout):
            await until_error(refused, tool_turn(client, _TOOL_QUESTION))
    return Report(log.counts, client.realtime.codec.issues, first_text, spoken, seconds)


@contextmanager
def _failing(part: str) -> Generator[None, None, None]:
    """Tell which part failed, and why."""
    try:
        yield
    except TimeoutError:
        raise DemoError(f"the {part} failed: it was not over in time") from None
    except (RealtimeError, DemoError) as error:
        raise DemoError(f"the {part} failed: {error}") from error


@asynccontextmanager
async def _service(options: DemoOptions) -> AsyncGenerator[tuple[str, str | None], None]:
    """The address and the key to use; without an address, an embedded server runs meanwhile."""
    if options.base_url is not None:
        yield options.base_url, options.api_key
        return
    from realtime_typed.local import LocalServer

    async with AsyncExitStack() as running:
        try:
            server = await running.enter_async_context(LocalServer())
        except (ImportError, OSError) as error:
            raise DemoError(f"cannot start the local server: {error}") from error
        yield server.base_url, server.api_key


def _make_client(base_url: str, api_key: str | None, options: DemoOptions) -> RealtimeClient:
    model = options.model or DEFAULT_MODEL
    try:
        # A demo shows what happens: a connection that is lost is told, not made anew.
        return RealtimeClient(
            base_url=base_url, api_key=api_key, model=model, transport=options.transport, reconnect=False
        )
    except ValueError as error:
        raise DemoError(str(error)) from error


def _load_speech(wav: Path | None) -> audio.Int16Array:
    try:
        if wav is None:
            recording = files("realtime_typed.local").joinpath("data", "speech_24k.wav").read_bytes()
            samples, rate = audio.read_wav(io.BytesIO(recording))
        else:
            samples, rate = audio.read_wav(wav)
        speech = audio.resample(samples, rate, _RATE)
    except (OSError, ValueError) as error:
        raise DemoError(f"cannot read the speech: {error}") from error
    if not speech.size:
        raise DemoError("cannot read the speech: the file holds no audio")
    return speech


def _prepare_output(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DemoError(f"cannot make the output folder: {error}") from error
    return folder / "reply.wav"
