"""Every Python block of README and docs/ is clean under mypy and pyright, both strict; those of README run as well.

A block is a module; one that awaits outside of functions stands for the inside of an `async def`. Names that it uses
and does not define come from `given`, which is all that a block may leave out.
"""

import ast
import asyncio
import builtins
import inspect
import json
import os
import re
import shutil
import subprocess
import symtable
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, cast

import numpy as np
import pytest

from realtime_typed import RealtimeClient
from realtime_typed.audio import read_wav, write_wav
from realtime_typed.local import LocalServer
from realtime_typed.types import FunctionCallItem, SessionUpdated

from . import given

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

ROOT: Final = Path(__file__).parent.parent
SPEECH: Final = ROOT / "src" / "realtime_typed" / "local" / "data" / "speech_24k.wav"
FENCE: Final = re.compile(r"^```python\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)

# These are about a package that is generated from a document of one's own: `codegen/test_application.py` makes it, and
# has both checkers read their blocks there.
ELSEWHERE: Final = {"docs/codegen.md"}


@dataclass(frozen=True)
class Block:
    """A block of Python in a document; `line` is that of its first line."""

    document: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"

    @cached_property
    def awaits(self) -> bool:
        """Whether it awaits outside of functions."""
        code = compile(self.text, str(self), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        return bool(code.co_flags & inspect.CO_COROUTINE)

    @cached_property
    def body(self) -> str:
        """The block as a module."""
        return f"async def block() -> None:\n{textwrap.indent(self.text, '    ')}" if self.awaits else self.text

    @cached_property
    def missing(self) -> list[str]:
        """The names that it uses and does not define."""
        top = symtable.symtable(self.body, str(self), "exec")
        defined = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
        tables, names = [top], set[str]()
        while tables:
            table = tables.pop()
            tables += table.get_children()
            names |= {
                symbol.get_name()
                for symbol in table.get_symbols()
                if symbol.is_referenced() and (symbol.is_global() or table is top)
            }
        return sorted(names - defined - vars(builtins).keys() - {"__name__", "__file__"})

    @cached_property
    def source(self) -> str:
        """The module that is checked: a line more than the block if it is one itself, else two."""
        taken = f"from given import {', '.join(self.missing)}" if self.missing else ""
        return f"{taken}\n{self.body}"


def blocks_of(document: Path) -> list[Block]:
    text = document.read_text(encoding="utf-8")
    name = document.relative_to(ROOT).as_posix()
    return [Block(name, text.count("\n", 0, found.start("text")) + 1, found["text"]) for found in FENCE.finditer(text)]


DOCUMENTS: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCKS: Final = [block for document in DOCUMENTS for block in blocks_of(document) if block.document not in ELSEWHERE]
README: Final = [block for block in BLOCKS if block.document == "README.md"]


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_brings_along_what_it_uses_or_takes_it_from_what_is_given(block: Block) -> None:
    assert not set(block.missing) - set(given.__all__)


def test_everything_that_is_given_is_taken() -> None:
    assert {name for block in BLOCKS for name in block.missing} == set(given.__all__)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All blocks as modules, beside the module `given`."""
    folder = tmp_path_factory.mktemp("documentation")
    shutil.copy(str(given.__file__), folder / "given.py")
    for number, block in enumerate(BLOCKS):
        (folder / f"block_{number}.py").write_text(block.source, encoding="utf-8")
    return folder


def check(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def told(file: str, line: int, code: object, message: object) -> str:
    """What a checker says of a module, at the place of its block."""
    found = re.fullmatch(r"block_(\d+)\.py", Path(file).name)
    if found is None:
        return f"{file}:{line}: {code}: {message}"
    block = BLOCKS[int(found[1])]
    return f"{block.document}:{block.line + line - (3 if block.awaits else 2)}: {code}: {message}"


def test_mypy_strict_has_nothing_to_say_of_any_block(folder: Path) -> None:
    # The settings are the project's own, and so is the cache.
    settings = ("--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(ROOT / ".mypy_cache"))
    names = ["given.py", *(f"block_{number}.py" for number in range(len(BLOCKS)))]
    entries = [
        json.loads(line)
        for line in check(folder, "mypy", *settings, "--no-error-summary", "--output=json", *names).splitlines()
    ]
    found = [told(entry["file"], entry["line"], entry["code"], entry["message"]) for entry in entries]
    assert not found, "\n".join(found)


def test_pyright_strict_has_nothing_to_say_of_any_block(folder: Path) -> None:
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": ["."]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    printed = json.loads(check(folder, "pyright", "--pythonpath", sys.executable, "--outputjson"))
    assert printed["summary"]["filesAnalyzed"] == len(BLOCKS) + 1
    found = [
        told(entry["file"], entry["range"]["start"]["line"] + 1, entry.get("rule"), entry["message"])
        for entry in printed["generalDiagnostics"]
    ]
    assert not found, "\n".join(found)


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with LocalServer() as running:
        yield running


@pytest.fixture
async def client(server: LocalServer) -> AsyncIterator[RealtimeClient]:
    async with asyncio.timeout(30), RealtimeClient(api_key=server.api_key, base_url=server.base_url) as running:
        await running.wait_for_session_created()
        yield running


def block_of_readme(words: str) -> Block:
    (found,) = (block for block in README if words in block.text)
    return found


async def run(block: Block, client: RealtimeClient | None = None) -> dict[str, object]:
    """Run a block in this process, with what is given; give the names that it leaves."""
    names: dict[str, object] = {**vars(given), "client": client}
    code = compile(block.text, str(block), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
    if block.awaits:
        await cast("Coroutine[object, object, None]", eval(code, names))
    else:
        exec(code, names)
    return names


async def run_program(block: Block, server: LocalServer, folder: Path) -> str:
    """Run a block that is a whole program, with the server's address as its only change; give what it writes."""
    (folder / "program.py").write_text(
        block.text.replace("RealtimeClient(", f"RealtimeClient(base_url={server.base_url!r}, ", 1), encoding="utf-8"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "program.py"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"OPENAI_API_KEY": server.api_key, "PYTHONUTF8": "1"},
    )
    try:
        async with asyncio.timeout(40):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, err.decode()) == (0, "")
    return out.decode()


async def test_the_text_turn_of_the_readme_prints_the_answer_and_its_usage(server: LocalServer, tmp_path: Path) -> None:
    written = await run_program(block_of_readme("async def main() -> None:\n    async with"), server, tmp_path)
    assert written.startswith("Why is the sky blue?\n total_tokens=")


async def test_the_spoken_turn_of_the_readme_writes_the_answer(server: LocalServer, tmp_path: Path) -> None:
    question, rate = read_wav(SPEECH)
    write_wav(tmp_path / "question.wav", np.concatenate([question, np.zeros(rate, np.int16)]), rate)
    written = await run_program(block_of_readme('read_wav("question.wav")'), server, tmp_path)
    *played, transcript = written.splitlines()
    assert transcript.startswith("(your own words, ")
    answer, _ = read_wav(tmp_path / "answer.wav")
    assert abs(sum(float(line.removesuffix(" s")) for line in played) - len(answer) / 24_000) < 0.01 * len(played)
    assert len(answer) > 2 * 24_000


async def test_the_tool_of_the_readme_answers_the_model(client: RealtimeClient) -> None:
    await run(block_of_readme("@client.tool"), client)
    with client.events["response.done"].stream() as responses:
        await client.send_text("What is the weather in London?")
        async for done in responses:
            if not any(isinstance(item, FunctionCallItem) for item in done.response.output or []):
                break
    (call,) = (item.formatted.tool for item in client.conversation.items if item.formatted.tool is not None)
    assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "London"})
    assert "sunny in London for 1 days" in client.conversation.items[-1].formatted.transcript


async def test_the_events_of_the_readme_are_heard(client: RealtimeClient, capsys: pytest.CaptureFixture[str]) -> None:
    running = asyncio.create_task(run(block_of_readme("async for event in client:"), client))
    await client.update_session(instructions="Be brief.")
    response = await client.send_text("Hello!")
    await response.done()
    await client.disconnect()
    names = await running
    updated = names["updated"]
    assert isinstance(updated, SessionUpdated)
    written = capsys.readouterr().out
    assert "completed" in written.splitlines()
    assert f"{updated.event_id} " in written


async def test_the_sends_of_the_readme_reach_the_service(client: RealtimeClient, server: LocalServer) -> None:
    with client.events["response.done"].stream() as responses:
        await run(block_of_readme("await client.send(ResponseCreate())"), client)
        await anext(responses)


async def test_the_response_of_the_readme_is_read_as_it_grows(
    client: RealtimeClient, capsys: pytest.CaptureFixture[str]
) -> None:
    await client.update_session(output_modalities=["text"])
    await run(block_of_readme("async for piece in response.text"), client)
    assert capsys.readouterr().out.startswith("Why is the sky blue?")


async def test_the_test_of_the_readme_passes() -> None:
    names = await run(block_of_readme("async def test_my_assistant"))
    async with asyncio.timeout(20):
        await cast("Callable[[], Coroutine[object, object, None]]", names["test_my_assistant"])()


async def test_the_embedded_server_of_its_page_says_what_it_was_told_to() -> None:
    async with asyncio.timeout(20):
        await run(next(block for block in BLOCKS if block.document == "docs/local-server.md"))


def test_every_block_of_the_readme_has_a_test_here() -> None:
    assert len(README) == 7
