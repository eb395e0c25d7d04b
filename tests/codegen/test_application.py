"""`realtime-typed codegen`: what an application gets for a schema of its own, in its type checkers and at run time."""

import asyncio
import copy
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest
import yaml

from codegen.session import session_classes
from codegen.source import load_protocol
from realtime_typed import Channel, RealtimeAPI, RealtimeClient, UnknownEvent
from realtime_typed.cli import main
from realtime_typed.errors import EventValidationError, ServerError
from realtime_typed.local import LocalServer, ScriptedResponder, TextReply, ToolCall
from tests.codegen.openapi_writer import add_event, openapi_document, schemas_of
from tests.test_documentation import blocks_of

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(240)]

ROOT = Path(__file__).parents[2]
FACTS = load_protocol(ROOT / "schema", "realtime").facts
MARKER = re.compile(r"# error: ([a-z-]+)$")

# Uses of the new event and the new field by name: a line under a marker, which holds mypy's code, is wrong; all others
# are right.
USES = '''"""What an application does with a schema of its own."""

from realtime_typed import RealtimeClient
from acme_voice import AcmeVoiceClient
from acme_voice.types import RealtimeSession, ResponseCreate, ResponseDone, ResponseMood, SessionUpdated


def run(client: RealtimeClient) -> None: ...


async def use(client: AcmeVoiceClient) -> None:
    run(client)

    @client.on("response.mood")
    def on_mood(event: ResponseMood) -> None:
        print(event.mood.upper(), event.details.cause if event.details else None)

    mood: ResponseMood = await client.wait_for("response.mood", timeout=1)
    done: ResponseDone = await client.wait_for("response.done", timeout=1)
    print(mood.mood, done.energy)
    async with client.events["response.mood"].expect(timeout=1) as expected:
        await client.mood.set(mood="glad")
    print(expected.event.mood)
    await client.send({"type": "mood.set", "mood": "glad"})
    await client.send(ResponseCreate())
    await client.response.create(response={"instructions": "Be brief."})
    api_mood = await client.realtime.wait_for("server.response.mood", timeout=1)
    print(api_mood.mood)
    updated: SessionUpdated = await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
    config: RealtimeSession | None = client.session.config
    if config is not None:
        print(config.id, config.voltage, updated.session.type)
    if client.session.transcription_config is not None:
        print(client.session.transcription_config.id)
    async for event in client:
        if event.type == "response.mood":
            print(event.mood)
    # error: call-overload
    client.on("response.moody")
    # error: attr-defined
    print(mood.moood)
    # error: call-arg
    await client.mood.set()
    # error: arg-type
    await client.response.create(response={"instructions": 3})
    # error: union-attr
    print(client.session.config.voltage)
    # error: attr-defined
    print(config.current if config else None)


async def use_base(client: RealtimeClient) -> None:
    # error: call-overload
    client.on("response.mood")
'''


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    """The published contract with a server event, a client event and a field added."""
    document = openapi_document(FACTS)
    details = {"type": "object", "properties": {"cause": {"type": "string"}}, "required": ["cause"]}
    add_event(document, "Server", "AcmeServerMood", "response.mood", {"mood": {"type": "string"}})
    cast("dict[str, object]", schemas_of(document)["AcmeServerMood"]["properties"])["details"] = details
    add_event(document, "Client", "AcmeClientMood", "mood.set", {"mood": {"type": "string"}})
    done = schemas_of(document)[FACTS.server_events["response.done"]]
    cast("dict[str, object]", done["properties"])["energy"] = {"type": "integer", "minimum": 0}
    session = schemas_of(document)["RealtimeSessionCreateResponseGA"]
    cast("dict[str, object]", session["properties"])["voltage"] = {"type": "integer"}
    return document


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, document: dict[str, object]) -> Iterator[Path]:
    """An application's folder with its document and its generated package, which can be imported."""
    folder = tmp_path_factory.mktemp("application")
    (folder / "openapi.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    assert generate(folder) == 0
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == "acme_voice"]:
        del sys.modules[name]


def generate(folder: Path, *options: str) -> int:
    output = folder / "acme_voice"
    return main(["codegen", "--openapi", str(folder / "openapi.yaml"), "--output", str(output), *options])


def client_class(project: Path) -> Callable[..., RealtimeClient]:
    assert (project / "acme_voice" / "client.py").is_file()
    return cast("Callable[..., RealtimeClient]", importlib.import_module("acme_voice").AcmeVoiceClient)


def channel(source: RealtimeClient | RealtimeAPI, name: str) -> Channel[object]:
    """A channel that the types of our own contract do not know."""
    return cast("Mapping[str, Channel[object]]", source.events)[name]


def check_types(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def test_mypy_and_pyright_know_the_new_event_and_field_by_name(project: Path) -> None:
    (documented,) = blocks_of(ROOT / "docs" / "codegen.md")
    (project / "uses.py").write_text(USES, encoding="utf-8")
    (project / "documented.py").write_text(documented.source, encoding="utf-8")
    checked = ["uses.py", "documented.py", "acme_voice"]
    settings = {"typeCheckingMode": "strict", "pythonVersion": "3.11", "include": checked}
    (project / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    expected = {
        number + 1: match[1] for number, line in enumerate(USES.splitlines(), 1) if (match := MARKER.search(line))
    }
    printed = check_types(project, "mypy", "--strict", "--no-error-summary", *checked)
    found = re.findall(r"^(.+?):(\d+): error: .*\[([a-z-]+)\]$", printed, re.MULTILINE)
    assert {(file, int(line), code) for file, line, code in found} == {
        ("uses.py", line, code) for line, code in expected.items()
    }, printed
    report = cast(
        "dict[str, list[dict[str, object]]]",
        json.loads(check_types(project, "pyright", "--outputjson", "--pythonpath", sys.executable)),
    )
    errors = [entry for entry in report["generalDiagnostics"] if entry["severity"] == "error"]
    assert {Path(str(entry["file"])).name for entry in errors} == {"uses.py"}, errors
    lines = {cast("dict[str, dict[str, int]]", entry["range"])["start"]["line"] + 1 for entry in errors}
    assert lines == set(expected), errors


async def test_the_client_decodes_the_new_event_into_the_applications_class(project: Path) -> None:
    make = client_class(project)
    async with asyncio.timeout(20), LocalServer() as server, make(transport=server.memory_transport) as client:
        assert isinstance(client, RealtimeClient)
        types = importlib.import_module("acme_voice.types")
        handled: list[object] = []
        channel(client, "response.mood").on(handled.append)
        await client.wait_for_session_created()
        raw = {"type": "response.mood", "event_id": "e", "mood": "glad", "details": {"cause": "sun"}}
        async with channel(client, "response.mood").expect(timeout=5) as expected:
            await server.broadcast(raw)
        event = cast("dict[str, object]", vars(expected.event))
        assert event["mood"] == "glad"
        assert cast("dict[str, object]", vars(event["details"]))["cause"] == "sun"
        assert [type(each) for each in handled] == [types.ResponseMood]


async def test_the_session_shows_the_configuration_and_waits_for_its_answers(project: Path) -> None:
    make = client_class(project)
    types = importlib.import_module("acme_voice.types")
    async with asyncio.timeout(20), LocalServer() as server, make(transport=server.memory_transport) as client:
        await client.wait_for_session_created()
        updated: object = await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
        assert type(updated) is types.SessionUpdated
        config: object = client.session.config
        assert type(config) is types.RealtimeSession
        assert vars(config)["instructions"] == "Be brief."
        assert client.session.transcription_config is None
        await client.update_session(instructions="Be brief.")  # what is in force is not sent again
        assert client.session.config is config
        await client.update_session(instructions="Be long.")
        assert vars(cast("object", client.session.config))["instructions"] == "Be long."
        with pytest.raises(ServerError):
            await client.session.update(session={"type": "transcription"})


def test_the_session_s_classes_are_found_by_the_events_that_report_it() -> None:
    shared = (
        "class Talk(WireModel):\n    type: Literal['realtime']\n"
        "class Write(WireModel):\n    type: Literal['transcription']\n"
        "class Other(WireModel):\n    type: Literal['other']\n"
        "Session = TypeAliasType('Session', Annotated[Talk | Write, Field(discriminator='type')])\n"
        "Deeper: TypeAlias = Session\n"
    )
    events = (
        "class SessionCreated(WireModel):\n    session: Deeper\nclass SessionUpdated(WireModel):\n    session: Talk\n"
    )
    found = session_classes([shared, events], ["SessionCreated", "SessionUpdated", "SessionGone"])
    assert (found.talking, found.transcribing) == (["Talk"], ["Write"])


def test_a_document_that_does_not_report_its_session_has_no_configuration_to_show(
    tmp_path: Path, document: dict[str, object]
) -> None:
    reduced = copy.deepcopy(document)
    gone = [f"#/components/schemas/{FACTS.server_events[name]}" for name in ("session.created", "session.updated")]
    union = schemas_of(reduced)["RealtimeServerEvent"]
    union["anyOf"] = [entry for entry in cast("list[dict[str, str]]", union["anyOf"]) if entry["$ref"] not in gone]
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(reduced, sort_keys=False), encoding="utf-8")
    assert generate(tmp_path) == 0
    client = (tmp_path / "acme_voice" / "client.py").read_text(encoding="utf-8")
    assert "SessionControl" not in client
    assert '"session": SessionSends' in client


async def test_a_whole_turn_is_of_the_applications_classes(project: Path) -> None:
    make = client_class(project)
    types = importlib.import_module("acme_voice.types")
    async with asyncio.timeout(20), LocalServer() as server, make(transport=server.memory_transport) as client:
        seen: list[object] = []
        client.on("*", seen.append)
        done = asyncio.ensure_future(client.wait_for("response.done", timeout=10))
        await client.send_user_message_content([{"type": "input_text", "text": "Hello!"}])
        assert type(await done) is types.ResponseDone
        assert {type(event).__module__ for event in seen} == {"acme_voice.server_events"}
        assert not any(isinstance(event, UnknownEvent) for event in seen)
        item = client.conversation.items[-1]
        assert item.formatted.text or item.formatted.transcript
        cleared: object = await client.input_audio_buffer.clear()
        assert type(cleared) is types.InputAudioBufferCleared


def test_a_send_method_waits_for_the_answers_that_the_document_has(tmp_path: Path, document: dict[str, object]) -> None:
    reduced = copy.deepcopy(document)
    gone = f"#/components/schemas/{FACTS.server_events['conversation.item.retrieved']}"
    union = schemas_of(reduced)["RealtimeServerEvent"]
    union["anyOf"] = [entry for entry in cast("list[dict[str, str]]", union["anyOf"]) if entry["$ref"] != gone]
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(reduced, sort_keys=False), encoding="utf-8")
    assert generate(tmp_path) == 0
    sends = (tmp_path / "acme_voice" / "sends.py").read_text(encoding="utf-8")
    assert "-> ConversationItemDeleted:" in sends
    assert "ConversationItemRetrieved" not in sends
    assert 'self._send(\n            "conversation.item.retrieve"' in sends
    assert 'self._send(\n            "mood.set"' in sends


async def test_tools_are_called_though_the_items_are_of_the_applications_classes(project: Path) -> None:
    make = client_class(project)
    responder = ScriptedResponder([ToolCall("weather", {"city": "Oslo"}), TextReply("Sunny.")])
    async with (
        asyncio.timeout(20),
        LocalServer(responder=responder) as server,
        make(transport=server.memory_transport) as client,
    ):
        called: list[object] = []
        done: asyncio.Queue[object] = asyncio.Queue()

        def weather(arguments: dict[str, object]) -> str:
            called.append(arguments)
            return "sunny"

        await client.add_tool({"name": "weather", "parameters": {"type": "object"}}, weather)
        client.on("response.done", done.put_nowait)
        await client.send_user_message_content([{"type": "input_text", "text": "Weather?"}])
        for _ in range(2):
            await done.get()
        assert called == [{"city": "Oslo"}]


async def test_the_new_client_event_is_checked_sent_and_recalled(project: Path) -> None:
    make = client_class(project)
    types = importlib.import_module("acme_voice.types")
    async with asyncio.timeout(20), LocalServer() as server, make(transport=server.memory_transport) as client:
        sent: list[object] = []
        channel(client.realtime, "client.mood.set").on(sent.append)
        await vars(client)["mood"].set(mood="glad")
        assert [type(event) for event in sent] == [types.MoodSet]
        with pytest.raises(EventValidationError, match="mood"):
            await client.send(cast("UnknownEvent", {"type": "mood.set", "mood": 3}))


def test_check_is_content_until_the_document_or_a_file_changes(
    project: Path, document: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "openapi.yaml"
    before = path.read_text(encoding="utf-8")
    assert generate(project, "--check") == 0
    registry = project / "acme_voice" / "registry.py"
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace('"response.mood"', '"response.moods"'), encoding="utf-8")
    assert generate(project, "--check") == 1
    assert '"response.moods"' in capsys.readouterr().out
    registry.write_text(text, encoding="utf-8")
    changed = cast("dict[str, object]", yaml.safe_load(before))
    add_event(changed, "Server", "AcmeServerEnd", "response.end", {})
    path.write_text(json.dumps(changed), encoding="utf-8")
    assert generate(project, "--check") == 1
    path.write_text(before, encoding="utf-8")
    assert generate(project, "--check") == 0


def test_own_corrections_and_descriptions_reach_the_models(tmp_path: Path, document: dict[str, object]) -> None:
    (tmp_path / "openapi.yaml").write_text(json.dumps(document), encoding="utf-8")
    at = {"/schemas/AcmeServerMood/properties/mood": {"old": {"type": "string"}, "new": {"type": "integer"}}}
    name = {"/schemas/AcmeServerMood/properties/details": {"old": "inline", "new": "MoodDetails"}}
    overlay = {
        "changes": [{"reason": "It is a number.", "at": at}],
        "names": [{"reason": "Shorter.", "at": name}],
    }
    docs = {"ResponseMood": {"description": "How the model feels.", "fields": {"mood": "Its mood."}}}
    (tmp_path / "own.yaml").write_text(yaml.safe_dump(overlay), encoding="utf-8")
    (tmp_path / "words.yaml").write_text(yaml.safe_dump(docs), encoding="utf-8")
    assert generate(tmp_path, "--overlay", str(tmp_path / "own.yaml"), "--docs", str(tmp_path / "words.yaml")) == 0
    text = (tmp_path / "acme_voice" / "server_events.py").read_text(encoding="utf-8")
    event = text[text.index("class ResponseMood(") :].split("\n\n\n")[0]
    assert '"""How the model feels."""' in event
    assert "mood: int" in event
    assert "MoodDetails" in event
    assert "No description." in event


def test_what_cannot_be_generated_says_why_and_writes_nothing(
    tmp_path: Path, document: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text("openapi: 3.1.0\ncomponents: {schemas: {Pet: {type: object}}}\n", encoding="utf-8")
    assert generate(tmp_path) == 2
    assert "codegen: " in capsys.readouterr().err
    path.write_text(json.dumps(document), encoding="utf-8")
    overlay = tmp_path / "own.yaml"
    at = {"/schemas/AcmeServerMood/properties/mood": {"old": {"type": "number"}, "new": {}}}
    overlay.write_text(yaml.safe_dump({"changes": [{"reason": "Wrong.", "at": at}]}), encoding="utf-8")
    assert generate(tmp_path, "--overlay", str(overlay)) == 2
    assert "AcmeServerMood/properties/mood" in capsys.readouterr().err
    assert not (tmp_path / "acme_voice").exists()


def test_files_that_the_command_did_not_write_are_left_alone(
    tmp_path: Path, document: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "openapi.yaml").write_text(json.dumps(document), encoding="utf-8")
    own = tmp_path / "acme_voice" / "main.py"
    own.parent.mkdir()
    own.write_text("print('mine')\n", encoding="utf-8")
    assert generate(tmp_path) == 2
    assert "main.py" in capsys.readouterr().err
    assert [path.name for path in own.parent.iterdir()] == ["main.py"]


def test_corrections_that_do_not_fit_are_named_and_left_out(
    tmp_path: Path, document: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    changed = cast("dict[str, object]", json.loads(json.dumps(document)))
    cast("list[str]", schemas_of(changed)["NoiseReductionType"]["enum"]).append("acme")
    (tmp_path / "openapi.yaml").write_text(json.dumps(changed), encoding="utf-8")
    assert generate(tmp_path) == 0
    printed = capsys.readouterr()
    assert "1 correction(s) of realtime-typed do not fit" in printed.err
    assert "/schemas/NoiseReductionType" in printed.err
    assert "acme" in (tmp_path / "acme_voice" / "shared.py").read_text(encoding="utf-8")


def test_without_the_extra_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for name in [name for name in sys.modules if name.startswith("realtime_typed._codegen")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert main(["codegen", "--openapi", "x", "--output", str(tmp_path / "acme")]) == 1
    assert "pip install 'realtime-typed[codegen]'" in capsys.readouterr().err
