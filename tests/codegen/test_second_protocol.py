"""Another protocol needs a folder below `schema/` and nothing else: no change to the generator or to the package."""

import json
import subprocess
import sys
from pathlib import Path

import yaml

from codegen.__main__ import main
from codegen.render import generated_package
from codegen.source import Protocol

USE = """
import json
from pydantic import TypeAdapter
from tiny import params, registry, sends, typed_events, types

text = '{"type": "greeting.said", "mood": "new", "speaker": {"name": "A"}}'
event = TypeAdapter(types.GreetingSaid).validate_json(text)
assert event.speaker.name == "A" and event.mood == "new"
assert types.GreetingSay(words="hi").to_wire() == {"type": "greeting.say", "words": "hi"}
assert params.GreetingSayParam.__required_keys__ == {"type", "words"}
print(json.dumps({
    "client": sorted(registry.CLIENT_EVENTS),
    "server": sorted(registry.SERVER_EVENTS),
    "names": sorted(typed_events.TinyEvents.event_names),
    "api_names": sorted(typed_events.TinyAPIEvents.event_names),
    "sends": sends.__all__,
}))
"""


def write(root: Path, protocol: Protocol) -> None:
    folder = root / "schema" / protocol.name
    folder.mkdir(parents=True)
    facts = {
        "source": protocol.facts.source,
        "events": {"client": protocol.facts.client_events, "server": protocol.facts.server_events},
        "schemas": protocol.facts.schemas,
    }
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    (folder / "overlay.yaml").write_text(yaml.safe_dump(protocol.overlay), encoding="utf-8")
    (folder / "docs.yaml").write_text(yaml.safe_dump(protocol.docs), encoding="utf-8")


def test_a_second_protocol_is_generated_and_imported_beside_the_first(project: Path, tiny: Protocol) -> None:
    write(project, tiny)
    assert main(["--root", str(project), "check"]) == 1
    assert main(["--root", str(project), "generate", "tiny"]) == 0
    assert main(["--root", str(project), "check"]) == 0
    package = generated_package(project, "tiny")
    script = f"import sys\nsys.path.insert(0, {str(package.parent)!r})\n{USE}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "client": ["greeting.say"],
        "server": ["greeting.said"],
        "names": ["*", "greeting.said"],
        "api_names": ["client.*", "client.greeting.say", "server.*", "server.greeting.said"],
        "sends": ["GreetingSends"],
    }
