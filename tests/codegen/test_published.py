"""The published contract: the AsyncAPI documents, and the reference pages that name every event and field."""

import json
import re
import shutil
import subprocess
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
import yaml

from codegen.__main__ import main
from codegen.asyncapi import asyncapi_document, render_asyncapi
from codegen.published import Published, load_published
from codegen.reference import render_reference
from codegen.source import CodegenError, Protocol, load_protocol, protocol_names
from realtime_typed._wire import WireModel

ROOT = Path(__file__).parents[2]
NAMES = protocol_names(ROOT / "schema")
PROTOCOLS = pytest.mark.parametrize("name", NAMES)
VALIDATOR = ROOT / "tests" / "asyncapi"


@cache
def published(name: str) -> Published:
    return load_published(load_protocol(ROOT / "schema", name))


def registry(name: str) -> dict[type[WireModel], str]:
    """Class to wire name; both sides may have an event of one name."""
    module = vars(import_module(f"realtime_typed._generated.{name}.registry"))
    tables = cast("list[dict[str, type[WireModel]]]", [module["SERVER_EVENTS"], module["CLIENT_EVENTS"]])
    return {model: wire for table in tables for wire, model in table.items()}


def sections(page: str) -> dict[str, str]:
    """Each section of the third level, heading included, by its anchor: the name of its class in lower case."""
    parts = re.split(r"^### ", page, flags=re.MULTILINE)[1:]
    anchors = [re.match(r'(?:<a id=")?([A-Za-z]+)', part) for part in parts]
    return {anchor[1].lower(): part for anchor, part in zip(anchors, parts, strict=True) if anchor}


def schemas(document: dict[str, object]) -> dict[str, dict[str, object]]:
    return cast("dict[str, dict[str, dict[str, object]]]", document["components"])["schemas"]


def refs(node: object) -> list[str]:
    if isinstance(node, list):
        return [ref for item in cast("list[object]", node) for ref in refs(item)]
    if isinstance(node, dict):
        mapping = cast("dict[str, object]", node)
        own = mapping.get("$ref")
        return [*([own] if isinstance(own, str) else []), *(ref for value in mapping.values() for ref in refs(value))]
    return []


@PROTOCOLS
def test_every_event_and_field_of_the_registry_is_on_the_page(name: str) -> None:
    by_name = sections((ROOT / "docs" / "events" / f"{name}.md").read_text(encoding="utf-8"))
    for model, wire in registry(name).items():
        section = by_name[model.__name__.lower()]
        assert section.splitlines()[0].endswith(f"`{wire}`")
        assert f"Class `{model.__name__}`" in section, wire
        for field, info in model.model_fields.items():
            row = re.search(rf"^\| `{re.escape(info.alias or field)}` \|.*$", section, re.MULTILINE)
            assert row, f"{wire}.{field}"
            assert row[0].count(" | ") >= 4


@PROTOCOLS
def test_every_class_of_the_shared_module_and_its_fields_is_on_the_page(name: str) -> None:
    by_name = sections((ROOT / "docs" / "events" / f"{name}.md").read_text(encoding="utf-8"))
    if not (ROOT / "src" / "realtime_typed" / "_generated" / name / "shared.py").is_file():
        pytest.skip(f"the protocol {name} has no shared objects")
    module = import_module(f"realtime_typed._generated.{name}.shared")
    for model in vars(module).values():
        if isinstance(model, type) and issubclass(model, WireModel) and model.__module__ == module.__name__:
            for field, info in model.model_fields.items():
                assert f"| `{info.alias or field}` |" in by_name[model.__name__.lower()], f"{model.__name__}.{field}"


@PROTOCOLS
def test_every_link_of_the_page_leads_somewhere(name: str) -> None:
    page = (ROOT / "docs" / "events" / f"{name}.md").read_text(encoding="utf-8")
    anchors = {
        *re.findall(r'<a id="([a-z]+)">', page),
        *(n.lower() for n in re.findall(r"^### (\w+)$", page, re.MULTILINE)),
    }
    assert set(re.findall(r"\]\(#([^)]*)\)", page)) <= anchors


@PROTOCOLS
def test_the_page_and_the_document_state_how_they_were_made(name: str) -> None:
    digest = published(name).protocol.digest
    for path in (ROOT / "docs" / "events" / f"{name}.md", ROOT / "schema" / f"{name}.asyncapi.yaml"):
        text = path.read_text(encoding="utf-8")
        assert digest in text.splitlines()[0]
        assert f"python -m codegen generate {name}" in text


@PROTOCOLS
def test_the_document_holds_every_event_as_a_message_of_its_side(name: str) -> None:
    document = cast("dict[str, object]", yaml.safe_load((ROOT / "schema" / f"{name}.asyncapi.yaml").read_text("utf-8")))
    assert document == asyncapi_document(published(name))
    assert document["asyncapi"] == "3.0.0"
    messages = cast("dict[str, dict[str, dict[str, str]]]", document["components"])["messages"]
    assert {title: message["name"] for title, message in messages.items()} == {
        model.__name__: wire for model, wire in registry(name).items()
    }
    operations = cast("dict[str, dict[str, object]]", document["operations"])
    actions = {str(operation["action"]): len(refs(operation["messages"])) for operation in operations.values()}
    events = published(name).events
    counts = {"send": len(published(name).side("client")), "receive": len(published(name).side("server"))}
    assert actions == {action: count for action, count in counts.items() if count}
    assert sum(counts.values()) == len(events)


@PROTOCOLS
def test_every_reference_of_the_document_leads_somewhere(name: str) -> None:
    document = asyncapi_document(published(name))
    for ref in refs(document):
        node: dict[str, object] = document
        for step in ref.removeprefix("#/").split("/"):
            assert step in node, ref
            node = cast("dict[str, object]", node[step])


def test_the_document_tells_nulls_bounds_defaults_and_open_enums() -> None:
    document = schemas(asyncapi_document(published("realtime")))
    vad = cast("dict[str, dict[str, object]]", document["ServerVad"]["properties"])
    assert vad["idle_timeout_ms"]["type"] == ["integer", "null"]
    assert vad["idle_timeout_ms"]["minimum"] == 5000
    assert vad["type"]["const"] == "server_vad"
    known, other = cast("list[dict[str, object]]", document["Voice"]["anyOf"])
    assert "marin" in cast("list[str]", known["enum"])
    assert other == {"type": "string"}
    assert "default" in json.dumps(document)


def test_a_null_a_bound_and_an_open_enum_are_readable_on_the_page() -> None:
    by_name = sections(render_reference(published("realtime")))
    row = re.search(r"^\| `idle_timeout_ms`.*$", by_name["servervad"], re.MULTILINE)
    assert row
    assert "may be null" in row[0]
    assert "≥ 5000" in row[0]
    assert "any other string" in by_name["voice"]
    assert "[SessionConfig](#sessionconfig)" in by_name["sessionupdate"]


@PROTOCOLS
def test_the_same_contract_gives_the_same_bytes(name: str) -> None:
    first, second = (load_published(load_protocol(ROOT / "schema", name)) for _ in range(2))
    assert render_asyncapi(first) == render_asyncapi(second)
    assert render_reference(first) == render_reference(second)


@pytest.mark.parametrize("path", ["schema/realtime.asyncapi.yaml", "docs/events/realtime.md"])
def test_check_notices_an_edit_and_generate_undoes_it(
    project: Path, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / path
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "edited\n", encoding="utf-8")
    assert main(["--root", str(project), "check", "realtime"]) == 1
    assert f"--- {path}" in capsys.readouterr().out
    file.unlink()
    assert main(["--root", str(project), "check", "realtime"]) == 1
    assert main(["--root", str(project), "generate", "realtime"]) == 0
    assert file.read_text(encoding="utf-8") == before


def test_a_protocol_of_one_event_a_side_is_published_without_servers(tiny: Protocol) -> None:
    document = asyncapi_document(load_published(tiny))
    assert "servers" not in document
    page = render_reference(load_published(tiny))
    assert "`greeting.say`" in page
    assert "≥ 1" in page


def test_a_server_without_a_websocket_url_is_an_error_that_names_it(tiny: Protocol) -> None:
    tiny.settings["published"] = {"servers": {"acme": {"url": "https://acme.example/v1"}}}
    with pytest.raises(CodegenError, match=r"published\.servers\.acme"):
        asyncapi_document(load_published(tiny))


def test_the_validator_refuses_nothing_to_validate() -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no Node.js here; `nox -s asyncapi` says how the documents are validated")
    manifest = json.loads((VALIDATOR / "package.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d+\.\d+\.\d+", manifest["dependencies"]["@asyncapi/parser"]), "pin it exactly"
    checked = subprocess.run(["node", "--check", VALIDATOR / "validate.js"], check=False, timeout=30)
    assert checked.returncode == 0
