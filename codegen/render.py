"""Write a protocol's package: the models, the registry, the typed mixin and the send methods, each with its header."""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import jinja2

from .docs import Docs, load_docs
from .events import Event, event_table
from .models import model_classes, models_document, params_document, render_models, render_params
from .overlay import apply_overlay
from .source import CodegenError, JsonObject, Protocol, as_object

__all__ = ["generated_package", "render_protocol"]

_TEMPLATES = Path(__file__).parent / "templates" / "package"
_TOO_MANY_BLANK_LINES = re.compile(r"\n{4,}")
_OPTIONAL = ("typed_events", "sends")
_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    type: str


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # the output is Python, not HTML
    )


def _header(protocol: Protocol, version: str) -> str:
    return (
        f"# Generated from schema/{protocol.name}/ ({', '.join(protocol.files)}), sha256 {protocol.digest}\n"
        f"# by `python -m codegen generate {protocol.name}` with datamodel-code-generator {version}. Do not edit.\n"
        f"# Source: {protocol.facts.source}\n"
    )


def _split_ref(node: JsonObject) -> str | None:
    ref = node.get("$ref")
    return re.split(r"[/.]", str(ref))[-1] if ref is not None else None


def _hint(node: JsonObject, used: dict[str, set[str]]) -> str:
    """The type of one argument of a send method: the dict form, and beside every dict the model of the same name."""
    ref = _split_ref(node)
    if ref is not None:
        model = ref.removesuffix("Param")
        used["params"].add(ref)
        used["shared"].add(model)
        return f"{model} | {ref}"
    if "enum" in node:
        used["typing"].add("Literal")
        return f"Literal[{', '.join(json.dumps(value) for value in cast('list[object]', node['enum']))}]"
    kind = node.get("type")
    options = node.get("anyOf") or node.get("oneOf")
    if isinstance(kind, list):
        options = [{**node, "type": each} for each in cast("list[object]", kind)]
    if isinstance(options, list):
        return " | ".join(dict.fromkeys(_hint(option, used) for option in cast("list[JsonObject]", options)))
    if kind == "array" and "items" in node:
        return f"list[{_hint(cast('JsonObject', node['items']), used)}]"
    if isinstance(kind, str) and kind in _SCALARS:
        return _SCALARS[kind]
    raise CodegenError(f"a client event's field has a type that the send methods cannot state: {node!r}")


def _answers(protocol: Protocol, events: list[Event]) -> dict[str, Event]:
    """The server event that answers each client event which `protocol.yaml` states an answer for."""
    by_name = {(event.side, event.wire): event for event in events}
    answers: dict[str, Event] = {}
    for asked, answer in as_object(protocol.settings.get("answers", {}), "protocol.yaml: answers").items():
        for side, wire in (("client", asked), ("server", answer)):
            if (side, wire) not in by_name:
                raise CodegenError(f"protocol.yaml: answers: {wire!r} is no {side} event of {protocol.name}")
        answers[asked] = by_name["server", str(answer)]
    return answers


def _sends(
    events: list[Event], models: JsonObject, params: JsonObject, docs: Docs, answers: Mapping[str, Event]
) -> dict[str, object]:
    used: dict[str, set[str]] = {"typing": set(), "shared": set(), "params": set()}
    used["server_events"] = {answer.class_name for answer in answers.values()}
    namespaces: dict[tuple[str, ...], list[dict[str, object]]] = {}
    model_defs = cast("dict[str, JsonObject]", models["$defs"])
    param_defs = cast("dict[str, JsonObject]", params["$defs"])
    for event in events:
        if event.side != "client":
            continue
        definition = model_defs[f"client_events.{event.class_name}"]
        fields = cast("dict[str, JsonObject]", definition["properties"])
        param_fields = cast("dict[str, JsonObject]", param_defs[f"params.{event.class_name}Param"]["properties"])
        required = cast("list[str]", definition.get("required", []))
        described = docs.of(event.class_name)
        arguments = [
            {
                "name": name,
                "hint": _hint(param_fields[name], used),
                "required": name in required,
                "doc": described.fields[name],
            }
            for name in fields
            if name != "type"
        ]
        arguments.sort(key=lambda argument: (not argument["required"], argument["name"] == "event_id"))
        namespaces.setdefault(event.namespace, []).append(
            {
                "verb": event.verb,
                "wire": event.wire,
                "doc": described.description,
                "arguments": arguments,
                "answer": answers.get(event.wire),
            }
        )
    return {
        "answers": {asked: answer.wire for asked, answer in answers.items()},
        "imports": {module: sorted(names) for module, names in used.items()},
        "namespaces": [
            {
                "class_name": "".join(part.title() for part in "_".join(path).split("_")) + "Sends",
                "path": ".".join(path),
                "methods": methods,
            }
            for path, methods in sorted(namespaces.items())
        ],
    }


def _own_events(protocol: Protocol, section: str) -> list[_Entry]:
    own = as_object(protocol.settings.get(section, {}), f"protocol.yaml: {section}")
    return [_Entry(name, str(class_)) for name, class_ in own.items()]


def _typed_events(protocol: Protocol, events: list[Event]) -> dict[str, object]:
    client = [event for event in events if event.side == "client"]
    server = [event for event in events if event.side == "server"]
    utility = _own_events(protocol, "utility_events")
    connection = _own_events(protocol, "connection_events")
    prefix = "".join(part.title() for part in protocol.name.split("_"))
    any_event = "ServerEvent | UnknownEvent"
    return {
        "client": sorted(client, key=lambda event: event.class_name),
        "server": sorted(server, key=lambda event: event.class_name),
        "utility_classes": sorted({entry.type for entry in [*utility, *connection]}),
        "sources": [
            {
                "names": f"{prefix}EventName",
                "names_doc": "The name of every event that a client emits.",
                "channels": f"{prefix}Channels",
                "channels_doc": "The channels of a client by event name.",
                "mixin": f"{prefix}Events",
                "mixin_doc": (
                    "Typed `on`, `wait_for` and `events` of a client: server events, its own events, and `*` for every "
                    "server event."
                ),
                "entries": [*(_Entry(e.wire, e.class_name) for e in server), *utility, _Entry("*", any_event)],
            },
            {
                "names": f"{prefix}APIEventName",
                "names_doc": "The name of every event that a connection emits, told by the side that sent it.",
                "channels": f"{prefix}APIChannels",
                "channels_doc": "The channels of a connection by event name.",
                "mixin": f"{prefix}APIEvents",
                "mixin_doc": (
                    "Typed `on`, `wait_for` and `events` of a connection: `server.*` and `client.*`, one by one and "
                    "all."
                ),
                "entries": [
                    *(_Entry(f"server.{e.wire}", e.class_name) for e in server),
                    *(_Entry(f"client.{e.wire}", e.class_name) for e in client),
                    _Entry("server.*", any_event),
                    _Entry("client.*", "ClientEvent | UnknownEvent"),
                    *connection,
                ],
            },
        ],
    }


def _requests(protocol: Protocol) -> list[str]:
    """The schemas of `rest` that have a dict form, since an application writes them."""
    value = protocol.settings.get("rest_requests", [])
    names = cast("list[object]", value) if isinstance(value, list) else [value]
    for name in names:
        if name not in protocol.facts.rest:
            raise CodegenError(f"protocol.yaml: rest_requests: {name!r} is no entry of `rest` in facts.json")
    return [str(name) for name in names]


def _without(protocol: Protocol) -> list[object]:
    """The optional modules that the protocol does without, for nothing would use them."""
    value = protocol.settings.get("without", [])
    names = cast("list[object]", value) if isinstance(value, list) else [value]
    unknown = [name for name in names if name not in _OPTIONAL]
    if unknown:
        raise CodegenError(f"protocol.yaml: without: {unknown[0]!r} is none of {', '.join(_OPTIONAL)}")
    return names


def _public_names(text: str) -> list[str]:
    """The classes and type aliases that a generated module defines."""
    names: list[str] = []
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            names.append(node.targets[0].id)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return sorted(name for name in names if not name.startswith("_"))


def render_protocol(
    protocol: Protocol, generator_version: str, *, header: str = "", complete_docs: bool = True
) -> dict[str, str]:
    """Render the package of one protocol.

    Args:
        protocol: The protocol, as read from `schema/`.
        generator_version: The version of datamodel-code-generator, which the header states.
        header: The comment at the top of every file, when it is not the one of our own packages.
        complete_docs: Whether everything must be described; see `load_docs`.

    Returns:
        File name to content. The same protocol and version give the same bytes.

    Raises:
        CodegenError: The contract is not complete or contradicts itself.
    """
    contract = apply_overlay(protocol.facts, protocol.overlay, protocol.inherited_overlay)
    events = event_table(contract)
    models = models_document(contract, events)
    params = params_document(contract, events, _requests(protocol))
    classes = model_classes(models) | {"ClientEvent": []}
    docs = load_docs(protocol.docs, classes, complete=complete_docs, inherited=protocol.inherited_docs)
    environment = _environment()
    sides: Mapping[str, list[Event]] = {
        side: sorted((event for event in events if event.side == side), key=lambda event: event.class_name)
        for side in ("client", "server")
    }
    texts = {
        **render_models(models, docs),
        **render_params(params, docs),
        "registry": environment.get_template("registry.py.jinja2").render(sides),
    }
    without = _without(protocol)
    if "typed_events" not in without:
        template = environment.get_template("typed_events.py.jinja2")
        texts["typed_events"] = template.render(_typed_events(protocol, events))
    if "sends" not in without:
        sends = _sends(events, models, params, docs, _answers(protocol, events))
        texts["sends"] = environment.get_template("sends.py.jinja2").render(sends)
    defining = ("shared", "server_events", "client_events", "params", "registry")
    modules = {module: _public_names(texts[module]) for module in defining}
    texts["types"] = environment.get_template("types.py.jinja2").render(
        modules=modules, exported=sorted({name for names in modules.values() for name in names})
    )
    texts["__init__"] = ""
    header = header or _header(protocol, generator_version)
    doc = {
        "shared": "Objects that events hold.",
        "server_events": "Events that the service sends.",
        "client_events": "Events that a client sends.",
        "params": "The dict form of what a client sends: what a type checker and an IDE need to check a literal dict.",
        "rest": "What HTTP requests, responses and webhooks hold, as far as no event holds it too.",
        "rest_params": "The dict form of the HTTP requests.",
        "registry": "Wire names to classes.",
        "typed_events": "Event names to event types, for `on`, `wait_for` and `events`.",
        "sends": "One method for every client event.",
        "types": f"Every class and type of the protocol `{protocol.name}` in one place.",
        "__init__": f"The generated models of the protocol `{protocol.name}`; importing this package alone loads none.",
    }
    bodies = {module: _TOO_MANY_BLANK_LINES.sub("\n\n\n", text).strip() for module, text in sorted(texts.items())}
    return {f"{module}.py": f'{header}"""{doc[module]}"""\n\n{body}'.rstrip() + "\n" for module, body in bodies.items()}


def generated_package(root: Path, protocol: str) -> Path:
    """The folder that the package of `protocol` is written to."""
    return root / "src" / "realtime_typed" / "_generated" / protocol
