"""What the tests of the generator share: a whole project copied, and a protocol of two events."""

import shutil
from pathlib import Path

import pytest

from codegen.render import generated_package
from codegen.source import Facts, Protocol

ROOT = Path(__file__).parents[2]
OTHERS = sorted({path.parent.name for path in (ROOT / "schema").glob("*/facts.json")} - {"realtime"})


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of `schema/` and of the generated package, laid out as in this project."""
    shutil.copytree(ROOT / "schema", tmp_path / "schema")
    shutil.copytree(ROOT / "docs" / "events", tmp_path / "docs" / "events")
    package = generated_package(tmp_path, "realtime")
    shutil.copytree(generated_package(ROOT, "realtime"), package, ignore=shutil.ignore_patterns("__pycache__"))
    # One protocol is enough to show what the command does, and the others would take their time in every test.
    for other in OTHERS:
        shutil.rmtree(tmp_path / "schema" / other)
        (tmp_path / "schema" / f"{other}.asyncapi.yaml").unlink()
        (tmp_path / "docs" / "events" / f"{other}.md").unlink()
    return tmp_path


@pytest.fixture
def tiny() -> Protocol:
    """A complete protocol of one client event and one server event."""
    return Protocol(
        name="tiny",
        facts=Facts(
            source="made for a test",
            client_events={"greeting.say": "ClientSay"},
            server_events={"greeting.said": "ServerSaid"},
            schemas={
                "ClientSay": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string", "enum": ["greeting.say"]},
                        "words": {"type": "string"},
                        "loudness": {"type": "integer", "minimum": 1},
                    },
                    "required": ["type", "words"],
                },
                "ServerSaid": {
                    "type": "object",
                    "properties": {
                        "type": {"type": "string", "enum": ["greeting.said"]},
                        "mood": {"type": "string", "enum": ["glad", "sad"]},
                        "speaker": {"$ref": "#/schemas/Speaker"},
                    },
                    "required": ["type", "mood"],
                },
                "Speaker": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
                "Unused": {"type": "object", "properties": {"name": {"type": "string"}}},
            },
        ),
        overlay={
            "open_enums": [{"reason": "Moods change.", "at": {"/schemas/ServerSaid/properties/mood": ["glad", "sad"]}}]
        },
        docs={
            "common_fields": {"type": "The tag."},
            "GreetingSay": {"description": "Says it.", "fields": {"words": "What to say.", "loudness": "How loud."}},
            "GreetingSaid": {"description": "Was said.", "fields": {"mood": "The mood.", "speaker": "Who said it."}},
            "Speaker": {"description": "Somebody.", "fields": {"name": "A name."}},
            "ClientEvent": {"description": "Any event that a client sends."},
        },
        settings={},
        files=["facts.json"],
        digest="0" * 64,
    )
