"""Who may import whom, read from the source without importing it. CONTRIBUTING.md says the same in words.

A new module needs a row in `RULES`; that is the moment to think about where it belongs.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "realtime_typed"
MAX_LINES = 400
GENERATED_MARK = "# Generated from schema/"
ANYWHERE = frozenset({"typing_extensions"})


@dataclass(frozen=True)
class Rule:
    """What a module may import.

    Attributes:
        modules: Patterns of modules of ours; `{own}` stands for the folder that the module is in.
        libraries: Libraries outside of the standard library.
        for_types: Patterns of modules of ours that it may import for type checkers alone.
        types_of: Libraries that it may import for type checkers, or inside a function, but never when it loads.
        not_stdlib: Parts of the standard library that it may not import.
    """

    modules: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    for_types: tuple[str, ...] = ()
    types_of: tuple[str, ...] = ()
    not_stdlib: tuple[str, ...] = ()


_GENERATED_DATA = Rule(("_wire", "{own}.*"), ("pydantic",), not_stdlib=("asyncio",))
_PURE = Rule(
    (
        "_generated.*",
        "_wire",
        "_formatted",
        "_conversation_*",
        "_item_*",
        "_lenient",
        "_record",
        "audio",
        "errors",
        "input_audio",
        "types",
        "utility_events",
    ),
    ("pydantic", "pydantic_core"),
    types_of=("numpy",),
    not_stdlib=("asyncio", "threading", "socket"),
)

# The first pattern that fits a module is its rule.
RULES: dict[str, Rule] = {
    "errors": Rule(("_redact",)),
    "_version": Rule(),
    "_record": Rule(not_stdlib=("asyncio",)),
    "_formatted": Rule(types_of=("numpy",), not_stdlib=("asyncio",)),
    "_wire": Rule(("_formatted", "_redact", "errors", "audio"), ("pydantic", "pydantic_core"), not_stdlib=("asyncio",)),
    "_lenient": Rule(("_wire",), ("pydantic",), not_stdlib=("asyncio",)),
    "_g711": Rule((), ("numpy",), not_stdlib=("asyncio",)),
    "_resample": Rule((), ("numpy",), not_stdlib=("asyncio",)),
    "_stream_resample": Rule(
        ("_resample", "_swresample", "audio"), ("numpy",), types_of=("av",), not_stdlib=("asyncio",)
    ),
    "_swresample": Rule((), ("av", "numpy"), for_types=("audio",), not_stdlib=("asyncio",)),
    "_playout": Rule(not_stdlib=("asyncio",)),
    "_track_reader": Rule(("_swresample", "audio", "errors"), ("aiortc", "av", "numpy")),
    "_webrtc_audio": Rule(("_playout", "_track_reader", "audio", "errors"), ("aiortc", "av", "numpy")),
    "_pcm": Rule((), ("numpy",), not_stdlib=("asyncio",)),
    "_wav": Rule(("_pcm", "_resample"), ("numpy",), not_stdlib=("asyncio",)),
    "audio": Rule(("_g711", "_pcm", "_resample", "_wav", "errors"), ("pybase64",), not_stdlib=("asyncio",)),
    "_portaudio": Rule(not_stdlib=("asyncio",)),
    "devices": Rule(("_portaudio", "_stream_resample", "audio", "utility_events"), ("numpy",)),
    "utility_events": Rule(
        ("_record", "_wire"),
        for_types=("_generated.*", "errors", "transports.webrtc_options"),
        types_of=("numpy",),
        not_stdlib=("asyncio",),
    ),
    "_generated": Rule(),
    "_generated.*.typed_events": Rule(("dispatch", "_wire", "utility_events", "{own}.*")),
    "_generated.*.sends": Rule(("dispatch", "_wire", "{own}.*")),
    "_generated.*": _GENERATED_DATA,
    "types": Rule(("_generated.realtime.*", "_wire", "_formatted", "utility_events"), not_stdlib=("asyncio",)),
    "beta": Rule(("_generated.realtime_beta.*", "_codec_core", "_wire"), not_stdlib=("asyncio",)),
    "translation": Rule(("_generated.translation.*", "_codec_core", "_wire"), not_stdlib=("asyncio",)),
    "live": Rule(("_generated.live.*", "_codec_core", "_wire"), not_stdlib=("asyncio",)),
    "_codec_core": Rule(
        ("_field_errors", "_lenient", "_wire", "errors"),
        ("pybase64", "pydantic", "pydantic_core"),
        not_stdlib=("asyncio",),
    ),
    "_field_errors": Rule(("_redact", "errors"), ("pydantic",), not_stdlib=("asyncio",)),
    "dialect": Rule(("_dialect_fields", "errors"), not_stdlib=("asyncio",)),
    "_dialect_fields": Rule(not_stdlib=("asyncio",)),
    "_dialect_codec": Rule(
        ("codec", "dialect", "_generated.*.registry", "_wire"), ("pydantic_core",), not_stdlib=("asyncio",)
    ),
    "codec": Rule(
        ("_codec_core", "_dialect_codec", "_generated.*.registry", "_wire"),
        not_stdlib=("asyncio",),
    ),
    "_backlog": Rule(not_stdlib=("asyncio",)),
    "channels": Rule(("_backlog", "errors", "flow_control", "_wire")),
    "dispatch": Rule(("_backlog", "channels", "errors", "flow_control", "_wire", "utility_events")),
    "conversation": _PURE,
    "_conversation_*": _PURE,
    "_track_audio": _PURE,
    "_session_change": Rule(("tools",)),
    "playback": Rule(not_stdlib=("asyncio", "threading", "socket")),
    "_interruption": Rule(
        ("_generated.realtime.shared", "_item_content", "_track_audio", "_wire", "conversation", "playback"),
        not_stdlib=("asyncio",),
    ),
    "_configuration_log": Rule(("_generated.*", "session"), not_stdlib=("asyncio",)),
    "_request": Rule(("_generated.*", "_wire")),
    "_requests": Rule(("_generated.*", "_lenient", "_request", "_server_errors", "_wire")),
    "reconnect": Rule(not_stdlib=("asyncio",)),
    "_reconnect_rules": Rule(("errors",), not_stdlib=("asyncio",)),
    "_reconnect_budget": Rule(("_wire", "reconnect"), not_stdlib=("asyncio",)),
    "_retrying": Rule(("_reconnect_budget", "reconnect"), ("tenacity",)),
    "_outage": Rule((*_PURE.modules, "_request", "_response_log"), not_stdlib=("asyncio",)),
    "_history_seed": Rule(_PURE.modules, not_stdlib=("asyncio",)),
    "_input_replay": Rule(("audio", "conversation"), ("numpy",), not_stdlib=("asyncio",)),
    "_server_errors": Rule(("_wire", "errors"), not_stdlib=("asyncio",)),
    "_active_responses": Rule(("_item_content", "_wire"), not_stdlib=("asyncio",)),
    "_response_sequencer": Rule(("_active_responses", "errors")),
    "_response_log": Rule(("_generated.*", "_item_content", "_wire", "errors", "utility_events")),
    "responses": Rule(("_generated.*", "_request", "_response_log", "_response_sequencer", "utility_events")),
    "_client_media": Rule(
        (
            "_backlog",
            "_response_log",
            "_stream_resample",
            "_track_audio",
            "audio",
            "channels",
            "playback",
            "utility_events",
        ),
        types_of=("numpy",),
    ),
    "_item_*": Rule(_PURE.modules, (*_PURE.libraries, "numpy", "pybase64"), not_stdlib=_PURE.not_stdlib),
    "input_audio": Rule(("audio",), ("numpy",), not_stdlib=("asyncio",)),
    "session": _PURE,
    "_session_control": Rule(("_generated.*", "_wire", "dispatch"), not_stdlib=("asyncio",)),
    "_session_rules": Rule(("session",), not_stdlib=("asyncio",)),
    "usage": Rule(("_wire",), not_stdlib=("asyncio",)),
    "content": Rule(("audio",)),
    "_tool_calls": Rule((*_PURE.modules, "tools"), _PURE.libraries, for_types=("client",), types_of=_PURE.types_of),
    "_tool_owners": Rule((*_PURE.modules, "tools"), not_stdlib=("asyncio",)),
    "_tool_threads": Rule(),
    "_attempt": Rule(("errors",)),
    "_function_tools": Rule(("tools", "_tool_threads"), _PURE.libraries, types_of=("docstring_parser",)),
    "_mcp": Rule((*_PURE.modules, "_tool_calls")),
    "tools": Rule((*_PURE.modules, "_tool_threads"), _PURE.libraries, for_types=("client",), types_of=_PURE.types_of),
    "transports": Rule(("errors",), types_of=("aiortc", "numpy")),
    "transports.websocket_options": Rule(("errors",)),
    "transports._addresses": Rule(not_stdlib=("asyncio",)),
    "transports._frame_connection": Rule((), ("websockets",)),
    "transports.websocket": Rule(
        (
            "_tls",
            "errors",
            "transports",
            "transports._addresses",
            "transports._frame_connection",
            "transports.websocket_options",
        ),
        ("websockets",),
    ),
    "transports.memory": Rule(("errors", "transports")),
    "transports.webrtc_options": Rule(("errors",), not_stdlib=("asyncio",)),
    "transports._fragments": Rule(not_stdlib=("asyncio",)),
    "transports._webrtc_answer": Rule(("errors",), ("aiortc",), not_stdlib=("asyncio",)),
    "transports._webrtc_exchange": Rule(("errors", "transports.webrtc_options")),
    "transports._webrtc_inbox": Rule(("transports._fragments",)),
    "transports._webrtc_media": Rule(("_webrtc_audio",), ("aiortc",), for_types=("audio",), types_of=("av",)),
    "transports._webrtc_monitor": Rule((), ("aiortc", "aioice")),
    "transports._webrtc_link": Rule(
        ("_loopback_ice", "_peer_connection", "errors", "transports._webrtc_*", "transports.webrtc_options"),
        ("aiortc",),
    ),
    "transports.webrtc": Rule(
        (
            "_webrtc_audio",
            "errors",
            "transports",
            "transports._fragments",
            "transports._webrtc_*",
            "transports.webrtc_options",
        ),
        ("aiortc",),
        for_types=("audio",),
    ),
    "_peer_connection": Rule((), ("aiortc",)),
    "_loopback_ice": Rule((), ("aioice",), not_stdlib=("asyncio",)),
    "_tls": Rule(types_of=("httpx",), not_stdlib=("asyncio",)),
    "_endpoints": Rule(("_redact",), not_stdlib=("asyncio",)),
    "_keys": Rule(("_endpoints", "_redact", "_version", "errors"), types_of=("httpx",)),
    "_signalling": Rule(("_endpoints", "errors", "rest.*", "transports.webrtc_options"), types_of=("httpx",)),
    "sip": Rule(("_generated.*", "errors"), ("pydantic",), types_of=("standardwebhooks",), not_stdlib=("asyncio",)),
    "rest": Rule(("_generated.*", "rest.*")),
    "rest.*": Rule(
        ("_endpoints", "_generated.*", "_lenient", "_redact", "_tls", "_version", "_wire", "errors", "rest.*"),
        ("pydantic", "pydantic_core"),
        types_of=("httpx",),
    ),
    "_redact": Rule(not_stdlib=("asyncio",), types_of=("httpx",)),
    "flow_control": Rule(not_stdlib=("asyncio",)),
    "stats": Rule(("flow_control",), not_stdlib=("asyncio",)),
    "_outbox": Rule(("_redact", "errors", "flow_control", "transports")),
    "_connection_hooks": Rule(
        (
            "_generated.*",
            "_outbox",
            "_wire",
            "codec",
            "dispatch",
            "errors",
            "flow_control",
            "stats",
            "transports.*",
            "utility_events",
        ),
        types_of=("numpy",),
        for_types=("audio",),
    ),
    "_transport_factory": Rule(
        ("_endpoints", "_keys", "_redact", "_signalling", "transports", "transports.*"),
        types_of=("aiortc",),
        for_types=("audio",),
    ),
    "_connection_options": Rule(
        (
            "_endpoints",
            "_interruption",
            "_item_retention",
            "_keys",
            "_transport_factory",
            "codec",
            "flow_control",
            "reconnect",
            "transports.*",
        ),
        types_of=("aiortc",),
        not_stdlib=("asyncio",),
    ),
    "_connection": Rule(
        (
            "_attempt",
            "_connection_hooks",
            "_keys",
            "_outbox",
            "_redact",
            "_transport_factory",
            "_wire",
            "codec",
            "errors",
            "flow_control",
            "transports",
            "utility_events",
        ),
    ),
    "api": Rule(
        (
            "_connection",
            "_keys",
            "_outbox",
            "_transport_factory",
            "codec",
            "channels",
            "dispatch",
            "transports",
            "transports.*",
            "_endpoints",
            "errors",
            "flow_control",
            "_generated.*",
            "_redact",
            "_version",
            "_wire",
            "utility_events",
        ),
        ("pybase64",),
        types_of=("numpy", "aiortc"),
        for_types=("audio",),
    ),
    "_client_audio": Rule(
        (
            "_backlog",
            "_outbox",
            "_client_media",
            "_generated.*",
            "_item_content",
            "_stream_resample",
            "_track_audio",
            "_wire",
            "api",
            "audio",
            "conversation",
            "playback",
            "session",
            "usage",
        ),
    ),
    "translation_client": Rule(
        (
            "translation",
            "codec",
            "channels",
            "_endpoints",
            "_generated.translation.*",
            "_redact",
            "_version",
            "_wire",
            "errors",
            "flow_control",
            "transports",
            "transports.*",
            "utility_events",
        ),
        types_of=("numpy",),
        for_types=("audio",),
    ),
    "local": Rule(("local.*", "errors")),
    "local.*": Rule(
        (
            "local",
            "local.*",
            "codec",
            "dialect",
            "_generated.*",
            "_wire",
            "audio",
            "errors",
            "transports",
            "transports.memory",
        ),
        ("starlette", "uvicorn", "numpy", "pydantic", "pydantic_core", "websockets", "pybase64"),
    ),
    "local.webrtc": Rule(
        ("local.*", "_loopback_ice", "_peer_connection", "_webrtc_audio", "audio", "errors"),
        ("aiortc", "av"),
        types_of=("numpy",),
    ),
    "local.webrtc_channel": Rule(("local.requests", "errors"), ("aiortc", "pydantic_core")),
    "__main__": Rule(("cli",)),
    "cli": Rule(("*",), types_of=("numpy",)),
    "demo": Rule(("*",), types_of=("numpy",)),
    "demo.*": Rule(("*",), ("numpy",)),
}
_EVERYTHING_BELOW = tuple(
    name for name in RULES if not name.startswith(("local", "cli", "demo", "__main__", "_generated."))
)
# The parts of a client, each built on the one before it.
for _part in (
    "_client_base",
    "_client_responses",
    "_client_core",
    "_client_restore",
    "_client_reconnect",
    "_client_rotation",
    "_client_session",
    "_client_tools",
    "_client_seed",
    "_client_user",
    "_client_model",
):
    RULES[_part] = Rule(
        (*_EVERYTHING_BELOW, "_client_*", "_generated.*"),
        ("numpy", "pybase64"),
        types_of=("aiortc",),
        for_types=("client",),  # which each of them is a part of
    )
RULES["client"] = Rule((*RULES["_client_model"].modules,), ("numpy", "pybase64"), types_of=("aiortc",))
# An application's own, beside the client.
RULES["asgi"] = Rule(
    ("_endpoints", "_generated.*", "_rate_limit", "errors", "rest", "rest.*"), ("starlette",), types_of=("httpx",)
)
RULES["_rate_limit"] = Rule((), ("starlette",), not_stdlib=("asyncio",))
RULES[""] = Rule(("client", *RULES["client"].modules), not_stdlib=("asyncio",))


@dataclass(frozen=True)
class Import:
    """One imported module: `name` in full, and whether it is imported when the importing module loads."""

    name: str
    line: int
    only_for_types: bool
    at_load: bool


def module_name(path: Path) -> str:
    """The module's name below the package: `transports.memory`, and `transports` for its `__init__`."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _candidates(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        # `from package import x` may name a module or something in one: whichever exists as a file.
        inside = {f"{base}.{alias.name}" if _is_module(f"{base}.{alias.name}") else base for alias in node.names}
        return sorted(inside)
    return []


def _is_module(name: str) -> bool:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return name.startswith("realtime_typed.") and (path.is_dir() or path.with_suffix(".py").is_file())


def imports_of(source: str, package: str) -> list[Import]:
    """List what a module imports, wherever in its text.

    Args:
        source: The module's text.
        package: The full name of the package that its relative imports start from.
    """

    def walk(node: ast.AST, only_for_types: bool, at_load: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _candidates(node, package):
                yield Import(name, node.lineno, only_for_types, at_load)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            at_load = False
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            for statement in node.body:
                yield from walk(statement, True, False)
            for statement in node.orelse:
                yield from walk(statement, only_for_types, at_load)
            return
        for child in ast.iter_child_nodes(node):
            yield from walk(child, only_for_types, at_load)

    return list(walk(ast.parse(source), False, True))


def rule_for(module: str) -> Rule | None:
    """The row of `module`, an exact one before a pattern."""
    if module in RULES:
        return RULES[module]
    return next((rule for pattern, rule in RULES.items() if pattern and fnmatchcase(module, pattern)), None)


def violations(module: str, source: str, *, is_package: bool = False) -> list[str]:
    """Say in sentences what `module` imports against the table."""
    rule = rule_for(module)
    shown = module or "__init__"
    if rule is None:
        return [f"{shown} has no row in RULES; decide where it belongs and say what it may import."]
    full = f"realtime_typed.{module}" if module else "realtime_typed"
    own = module if is_package else module.rpartition(".")[0]
    found: list[str] = []
    for item in imports_of(source, full if is_package else full.rpartition(".")[0]):
        top, _, rest = item.name.partition(".")
        if top == "realtime_typed":
            patterns = [*rule.modules, *(rule.for_types if item.only_for_types else ())]
            allowed = ", ".join(patterns) or "nothing of ours"
            if rest and not any(fnmatchcase(rest, pattern.replace("{own}", own)) for pattern in patterns):
                found.append(f"{shown} imports {rest} (line {item.line}), but may import only {allowed}.")
            elif not rest:
                found.append(f"{shown} imports the package itself (line {item.line}); name the module instead.")
        elif top in sys.stdlib_module_names:
            if top in rule.not_stdlib:
                found.append(f"{shown} imports {top} (line {item.line}), but is meant to be free of it.")
        elif top not in ANYWHERE and top not in rule.libraries:
            if top not in rule.types_of:
                found.append(f"{shown} imports the library {top} (line {item.line}), which its row does not allow.")
            elif item.at_load:
                found.append(f"{shown} imports {top} as it loads (line {item.line}); import it where it is used.")
    return found


MODULES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: module_name(path) or "__init__")
def test_a_module_imports_only_what_its_layer_may(path: Path) -> None:
    found = violations(module_name(path), path.read_text(encoding="utf-8"), is_package=path.name == "__init__.py")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", sorted((ROOT / "codegen").glob("*.py")), ids=lambda path: path.stem)
def test_codegen_imports_nothing_of_the_package(path: Path) -> None:
    ours = [item for item in imports_of(path.read_text(encoding="utf-8"), "codegen") if "realtime_typed" in item.name]
    assert not ours, f"codegen/{path.name} imports the package that it writes: {ours}"


HAND_WRITTEN = [path for path in MODULES if "_generated" not in path.parts]


@pytest.mark.parametrize("path", HAND_WRITTEN, ids=lambda path: module_name(path) or "__init__")
def test_a_hand_written_module_is_short_enough_to_read(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MAX_LINES, f"{module_name(path)} has {lines} lines; past {MAX_LINES} it wants a seam."


def test_generated_code_lives_in_its_own_folder_and_nothing_else_does() -> None:
    marked = {path for path in MODULES if GENERATED_MARK in path.read_text(encoding="utf-8")}
    generated = {path for path in MODULES if path.parent.parent.name == "_generated"}
    assert marked - generated == set(), "These hand-written modules carry a generated header."
    assert generated - marked == set(), "These modules of _generated were not made by codegen."


@pytest.mark.parametrize(
    ("module", "source", "sentence"),
    [
        ("conversation", "import asyncio", "conversation imports asyncio (line 1), but is meant to be free of it."),
        ("session", "from .dispatch import EventSource", "session imports dispatch (line 1), but may import only"),
        (
            "client",
            "def f():\n    from .local import LocalServer",
            "client imports local (line 2), but may import only",
        ),
        ("transports.memory", "import pydantic", "transports.memory imports the library pydantic (line 1)"),
        (
            "transports.websocket",
            "from .memory import MemoryTransport",
            "transports.websocket imports transports.memory",
        ),
        ("transports.webrtc", "from realtime_typed.rest import post", "transports.webrtc imports rest"),
        ("local.server", "from ..client import RealtimeClient", "local.server imports client (line 1)"),
        ("utility_events", "from ._generated.realtime.shared import X", "utility_events imports _generated.realtime"),
        (
            "_formatted",
            "import numpy as np",
            "_formatted imports numpy as it loads (line 1); import it where it is used.",
        ),
        (
            "_generated.realtime.shared",
            "from .typed_events import X\nfrom ...codec import Codec",
            "imports codec (line 2)",
        ),
        ("errors", "import codegen", "errors imports the library codegen"),
        ("codec", "import realtime_typed", "codec imports the package itself (line 1)"),
        ("surprise", "", "surprise has no row in RULES"),
    ],
)
def test_an_import_against_the_table_is_told_in_a_sentence(module: str, source: str, sentence: str) -> None:
    found = violations(module, source)
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("client", "from .transports.websocket import WebSocketTransport\nfrom .session import flatten"),
        ("conversation", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy as np"),
        ("utility_events", "if TYPE_CHECKING:\n    from ._generated.realtime.shared import ConversationItem"),
        ("_formatted", "def join():\n    import numpy as np"),
        ("tools", "import asyncio"),
        ("_generated.beta.typed_events", "from .registry import X\nfrom realtime_typed.dispatch import EventSource"),
    ],
)
def test_an_import_along_the_table_is_fine(module: str, source: str) -> None:
    assert violations(module, source) == []
