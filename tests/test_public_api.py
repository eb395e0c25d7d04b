"""What the package offers: its names, where they are from, and that each is described and typed."""

import inspect
import json
import pkgutil
import subprocess
import sys
import types
import typing
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final, cast

import httpx
import numpy as np
import numpy.typing as npt
import pytest
import typing_extensions

import realtime_typed
import realtime_typed.types
from realtime_typed._generated.realtime import registry
from realtime_typed._wire import WireModel

# A name that is added or taken away here is a change that users see: CHANGELOG.md should tell of it.
PUBLIC: Final = {
    "UNSET": "_wire",
    "AudioDropped": "conversation",
    "AudioRetention": "conversation",
    "AuthenticationError": "errors",
    "Channel": "channels",
    "ClientStats": "stats",
    "CloseEvent": "utility_events",
    "ConnectionLost": "utility_events",
    "ConnectionRestored": "utility_events",
    "Codec": "codec",
    "ConnectError": "errors",
    "ConnectionClosed": "errors",
    "ConnectionState": "transports.webrtc_options",
    "ConnectionStateChanged": "utility_events",
    "Conversation": "conversation",
    "ConversationChange": "conversation",
    "ConversationError": "errors",
    "ConversationInterrupted": "utility_events",
    "ConversationItemAppended": "utility_events",
    "ConversationItemCompleted": "utility_events",
    "ConversationItemDropped": "utility_events",
    "ConversationUpdated": "utility_events",
    "Dialect": "codec",
    "DroppedAudio": "conversation",
    "EphemeralKeyError": "errors",
    "EventStream": "channels",
    "EventValidationError": "errors",
    "EventsDropped": "utility_events",
    "FieldError": "errors",
    "HandlerErrorEvent": "utility_events",
    "HandlerPolicy": "flow_control",
    "IceServer": "transports.webrtc_options",
    "IceState": "transports.webrtc_options",
    "InputAudioDropped": "utility_events",
    "Interruption": "_interruption",
    "InvalidResponseError": "errors",
    "ItemDelta": "utility_events",
    "LostPiece": "utility_events",
    "MessageTooLargeError": "errors",
    "OutputAudio": "utility_events",
    "PlaybackTracker": "playback",
    "ProtocolError": "errors",
    "RateLimitError": "errors",
    "RealtimeAPI": "api",
    "RealtimeClient": "client",
    "RealtimeError": "errors",
    "RealtimeEvent": "utility_events",
    "ReconnectPolicy": "reconnect",
    "ResponseActiveError": "errors",
    "ResponseFailed": "errors",
    "ResponseHandle": "responses",
    "ResponseStream": "responses",
    "RestClient": "rest",
    "RestError": "errors",
    "SendQueue": "flow_control",
    "SendQueueFullError": "errors",
    "ServerError": "errors",
    "Subscription": "channels",
    "ToolContext": "tools",
    "ToolError": "errors",
    "ToolErrorEvent": "utility_events",
    "TranslationClient": "translation_client",
    "Transport": "transports",
    "TransportError": "errors",
    "UnknownEvent": "_wire",
    "Validation": "codec",
    "WebRtcOptions": "transports.webrtc_options",
    "WebSocketOptions": "transports.websocket_options",
    "WebhookVerificationError": "errors",
    "WhenActive": "responses",
    "__version__": "_version",
}


# Names.


def test_the_package_offers_exactly_these_names() -> None:
    assert sorted(realtime_typed.__all__) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_name_is_the_object_of_its_home(name: str) -> None:
    home = import_module(f"realtime_typed.{PUBLIC[name]}")
    assert getattr(realtime_typed, name) is getattr(home, name)


def test_importing_the_package_loads_nothing_and_using_a_name_only_loads_that() -> None:
    script = """
import json, sys
import realtime_typed
at_first = [name for name in sys.modules if name.startswith("realtime_typed.")]
realtime_typed.ConnectionClosed
later = [name for name in sys.modules if name.startswith("realtime_typed.")]
print(json.dumps([at_first, later]))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=30)
    at_first, later = json.loads(done.stdout)
    assert at_first == ["realtime_typed._version"]
    assert later == ["realtime_typed._version", "realtime_typed._redact", "realtime_typed.errors"]


def test_everything_can_be_imported_by_star() -> None:
    space: dict[str, object] = {}
    exec("from realtime_typed import *", space)
    assert set(PUBLIC) <= set(space)


def test_dir_names_everything() -> None:
    names = dir(realtime_typed)
    assert set(PUBLIC) <= set(names)
    assert names == sorted(names)


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match=r"module 'realtime_typed' has no attribute 'RealtimeCleint'"):
        _ = getattr(realtime_typed, "RealtimeCleint")  # noqa: B009  # type checkers know that there is none


# The types.


def class_name(wire_name: str) -> str:
    """The class of an event, made from its name on the wire."""
    if wire_name == "error":
        return "ErrorEvent"
    return "".join(word.capitalize() for word in wire_name.replace(".", "_").split("_"))


EVENTS: Final[dict[str, type[WireModel]]] = {**registry.CLIENT_EVENTS, **registry.SERVER_EVENTS}


def test_there_are_11_client_and_46_server_events() -> None:
    assert len(registry.CLIENT_EVENTS) == 11
    assert len(registry.SERVER_EVENTS) == 46
    assert len(EVENTS) == 57


@pytest.mark.parametrize("wire_name", EVENTS)
def test_types_holds_one_class_per_event_named_after_the_wire(wire_name: str) -> None:
    name = class_name(wire_name)
    assert name in realtime_typed.types.__all__
    event = getattr(realtime_typed.types, name)
    assert event is EVENTS[wire_name]
    assert event.model_fields["type"].default == wire_name
    assert typing.get_args(event.model_fields["type"].annotation) == (wire_name,)


def test_types_offers_what_it_says_once_each_and_no_name_with_a_number() -> None:
    names = realtime_typed.types.__all__
    assert len(set(names)) == len(names)
    assert [name for name in names if not hasattr(realtime_typed.types, name)] == []
    assert [name for name in names if any(character.isdigit() for character in name)] == []


def test_every_object_of_the_schema_is_in_types() -> None:
    shared = import_module("realtime_typed._generated.realtime.shared")
    params = import_module("realtime_typed._generated.realtime.params")
    made = {name for module in (shared, params) for name, _ in own_members(module)}
    assert made - set(realtime_typed.types.__all__) == set()


# Everything that is public: modules without an underscore, and the generated ones, which the public ones pass on.

# These are commands, not libraries.
COMMANDS: Final = ("cli", "demo")


def public_modules() -> Iterator[types.ModuleType]:
    yield realtime_typed
    for found in pkgutil.walk_packages(realtime_typed.__path__, "realtime_typed."):
        name = found.name
        _, *parts = name.split(".")
        if parts[0] not in COMMANDS and not any(part.startswith("_") for part in parts if part != "_generated"):
            yield import_module(name)


def own_members(module: types.ModuleType) -> Iterator[tuple[str, object]]:
    """The public names that a module itself defines."""
    for name, value in vars(module).items():
        home = getattr(value, "__module__", None)
        if not name.startswith("_") and home == module.__name__ and not isinstance(value, types.ModuleType):
            yield name, value


def public_classes() -> dict[str, type]:
    """Every public class by its full name, with the private classes of ours that they are made from."""
    found: dict[str, type] = {}
    for module in public_modules():
        for _, value in own_members(module):
            for base in inspect.getmro(value) if inspect.isclass(value) else ():
                if base.__module__.startswith("realtime_typed"):
                    found[f"{base.__module__}.{base.__qualname__}"] = base
    return found


def public_functions() -> dict[str, Callable[..., object]]:
    """Every public function, and every method and property of a public class, by its full name."""
    found: dict[str, Callable[..., object]] = {}
    for module in public_modules():
        for _, value in own_members(module):
            if inspect.isfunction(value):
                found[f"{value.__module__}.{value.__qualname__}"] = value
    for path, owner in public_classes().items():
        for name, value in list(vars(owner).items()):
            function = value.fget if isinstance(value, property) else inspect.unwrap(getattr(value, "__func__", value))
            if not name.startswith("_") and inspect.isfunction(function):
                found[f"{path}.{name}"] = function
    return found


CLASSES: Final = public_classes()
FUNCTIONS: Final = public_functions()


def test_the_walk_finds_what_there_is() -> None:
    assert len(CLASSES) > 200
    assert "realtime_typed._client_core.ClientCore" in CLASSES
    assert "realtime_typed._generated.realtime.shared.RealtimeSession" in CLASSES
    assert "realtime_typed._client_session.ClientSession.update_session" in FUNCTIONS
    assert "realtime_typed._generated.realtime.sends.ResponseSends.create" in FUNCTIONS
    assert "realtime_typed._wire.ItemModel.formatted" in FUNCTIONS
    assert "realtime_typed.audio.encode_audio" in FUNCTIONS


# Docstrings.


def described(value: object) -> bool:
    """Whether somebody wrote a docstring for it: a dataclass makes one itself, and an inherited one does not count."""
    text = cast("str | None", vars(value).get("__doc__") if inspect.isclass(value) else value.__doc__) or ""
    made_by_machine = inspect.isclass(value) and text.startswith(f"{value.__name__}(")
    return bool(text.strip()) and not made_by_machine


# The functional form of TypedDict, which keys with dots need, takes no docstring; one stands under it in the source.
NO_PLACE_FOR_A_DOCSTRING: Final = {
    "realtime_typed._generated.realtime.typed_events.RealtimeChannels",
    "realtime_typed._generated.realtime.typed_events.RealtimeAPIChannels",
    "realtime_typed._generated.translation.typed_events.TranslationChannels",
    "realtime_typed._generated.translation.typed_events.TranslationAPIChannels",
}


def test_every_public_module_has_a_docstring() -> None:
    assert [module.__name__ for module in public_modules() if not (module.__doc__ or "").strip()] == []


def test_every_public_class_has_a_docstring() -> None:
    bare = {path for path, value in CLASSES.items() if not described(value)}
    assert bare == NO_PLACE_FOR_A_DOCSTRING


def test_every_public_function_and_method_has_a_docstring() -> None:
    assert [path for path, value in FUNCTIONS.items() if not described(value)] == []


# `Any`, which would switch the user's type checker off.

ANY_WITH_REASON: Final[dict[str, str]] = {
    "realtime_typed.asgi.EphemeralKeyEndpoint.__call__": "ASGI's scope and messages, as Starlette types them",
}
"""Signatures that may hold `Any`, each with its reason."""

# What is imported for type checkers alone, to resolve annotations that are text.
NAMESPACE: Final[dict[str, object]] = {
    **{name: value for module in public_modules() for name, value in own_members(module)},
    **vars(realtime_typed.types),
    **vars(registry),
    **vars(import_module("realtime_typed.audio")),
    "ConnectionState": realtime_typed.ConnectionState,
    "IceState": realtime_typed.IceState,
    # aiortc's, which need not be installed: any class stands for it.
    "MediaStreamTrack": object,
    "httpx": httpx,
    "np": np,
    "npt": npt,
}


def holds_any(hint: object) -> bool:
    """Whether a type holds `Any` somewhere."""
    if hint is Any:
        return True
    if isinstance(hint, typing_extensions.TypeAliasType):
        return holds_any(hint.__value__)
    if isinstance(hint, list):  # the arguments of a `Callable`
        return any(map(holds_any, cast("list[object]", hint)))
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Literal:
        return False
    if origin is np.ndarray:  # an array's shape has no other type than `Any`; what counts is its dtype
        arguments = arguments[1:]
    return any(map(holds_any, arguments))


def hints_of(value: object) -> dict[str, object]:
    module = vars(sys.modules[cast("str", getattr(value, "__module__", ""))])
    return typing.get_type_hints(value, globalns={**NAMESPACE, **module}, include_extras=True)


def signatures() -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public function and constructor, each overload for itself."""
    for path, public in FUNCTIONS.items():
        for each in typing.get_overloads(public) or [public]:
            yield path, each
    for path, owner in CLASSES.items():
        for name in ("__init__", "__call__", "__getitem__", "__anext__", "__aiter__", "__aenter__", "__enter__"):
            function: object = vars(owner).get(name)
            # A `Protocol` is given a constructor by Python.
            if inspect.isfunction(function) and function.__module__ == owner.__module__:
                yield f"{path}.{name}", function


def test_no_public_signature_holds_any() -> None:
    found = {path for path, function in signatures() if any(map(holds_any, hints_of(function).values()))}
    assert found == set(ANY_WITH_REASON)


def test_no_public_field_holds_any() -> None:
    found: list[str] = []
    for path, owner in CLASSES.items():
        hints = hints_of(owner)
        names = [name for name in inspect.get_annotations(owner) if not name.startswith("_")]
        found += [f"{path}.{name}" for name in names if name != "model_config" and holds_any(hints[name])]
    assert found == []


def test_every_parameter_and_result_of_a_public_function_is_annotated() -> None:
    bare: list[str] = []
    for path, function in signatures():
        signature = inspect.signature(function)
        parameters = [each for each in signature.parameters.values() if each.name not in ("self", "cls")]
        if signature.return_annotation is inspect.Signature.empty or any(
            each.annotation is inspect.Parameter.empty for each in parameters
        ):
            bare.append(path)
    assert bare == []


def test_the_search_for_any_finds_it() -> None:
    assert holds_any(dict[str, Any])
    assert holds_any(Callable[[list[Any]], None])
    assert holds_any(npt.NDArray[Any])
    assert holds_any(int | list[Any])
    assert not holds_any(npt.NDArray[np.int16])
    assert not holds_any(Callable[..., object])
