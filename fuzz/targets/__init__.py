"""What is fuzzed: one module for each target, and what has to be known of it before it is imported.

A module has `run(data)`, which raises when something is wrong; `seeds()`, inputs to begin with; and `words()`, which
are put into inputs beside what chance makes.
"""

import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol, cast

__all__ = ["CANARY", "TARGETS", "Target", "TargetModule", "load"]


class TargetModule(Protocol):
    """What each module of a target has."""

    def run(self, data: bytes) -> None:
        """Give one input to the code; every exception is a crash."""
        ...

    def seeds(self) -> Iterable[bytes]:
        """Inputs to begin with, written by us."""
        ...

    def words(self) -> Iterable[str]:
        """Words of the format, for the dictionary."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is fuzzed.

    Attributes:
        name: Its name, and that of its module in this package.
        what: What is fuzzed, in words.
        modules: The modules whose branches lead the fuzzer: ours, and parsers of a library that ours go through.
        header: How many bytes of an input choose what is done with the rest.
        form: What the rest is: lines of JSON, lines of text, or bytes.
        max_len: The longest input, in bytes.
    """

    name: str
    what: str
    modules: tuple[str, ...]
    header: int = 1
    form: str = "json"
    max_len: int = 4096

    @property
    def module(self) -> str:
        """The full name of its module."""
        return f"fuzz.targets.{self.name}"


_CODEC: Final = (
    "realtime_typed.codec",
    "realtime_typed._codec_core",
    "realtime_typed._lenient",
    "realtime_typed._field_errors",
    "realtime_typed._wire",
    "realtime_typed.errors",
)

_ALL: Final = (
    Target("codec_decode", "decoding of bytes in every validation mode and protocol", _CODEC),
    Target(
        "codec_dialect",
        "decoding of a server's events in the beta dialect, one after the other",
        (*_CODEC, "realtime_typed.dialect", "realtime_typed._dialect_codec", "realtime_typed._dialect_fields"),
    ),
    Target(
        "codec_encode",
        "encoding of dicts in every validation mode, protocol and dialect",
        (*_CODEC, "realtime_typed.dialect", "realtime_typed._dialect_codec", "realtime_typed._dialect_fields"),
        header=2,
    ),
    Target(
        "reducer",
        "Conversation.apply on sequences of events",
        (
            "realtime_typed.conversation",
            "realtime_typed._conversation_items",
            "realtime_typed._formatted",
            "realtime_typed._item_content",
            "realtime_typed._item_export",
            "realtime_typed._item_retention",
            "realtime_typed._item_store",
            "realtime_typed._item_turns",
            "realtime_typed.audio",
            "realtime_typed.input_audio",
        ),
        form="bytes",
        max_len=64,
    ),
    Target(
        "sdp_answer",
        "reading of an SDP answer",
        ("realtime_typed.transports._webrtc_answer", "aiortc.sdp"),
        header=0,
        form="text",
    ),
    Target(
        "signalling",
        "reading of the HTTP answer to an offer",
        (
            "realtime_typed._signalling",
            "realtime_typed._redact",
            "realtime_typed.rest.calls",
            "realtime_typed.rest.requests",
            "realtime_typed.rest.retry",
            "realtime_typed.transports._webrtc_answer",
            "aiortc.sdp",
        ),
        form="text",
    ),
    Target("fragments", "unwrapping of enveloped fragments", ("realtime_typed.transports._fragments",)),
    Target(
        "websocket_frames",
        "reading of WebSocket frames, held against the library underneath",
        ("realtime_typed.transports._frame_connection",),
        header=2,
        form="bytes",
        max_len=1024,
    ),
    Target("webhook", "verifying and reading of a webhook", ("realtime_typed.sip",), max_len=2048),
    Target(
        "ephemeral_key",
        "reading of what a backend for short-lived keys answers",
        ("realtime_typed._keys", "realtime_typed._redact", "realtime_typed._endpoints"),
        max_len=2048,
    ),
    Target(
        "overlay",
        "reading of facts and overlays, and applying them",
        ("codegen.overlay", "codegen.source", "codegen.basics"),
        max_len=2048,
    ),
    Target(
        "openapi",
        "reading of OpenAPI documents, JSON and YAML",
        ("codegen.document", "codegen.openapi", "codegen.basics", "codegen.overlay"),
        max_len=2048,
    ),
)

TARGETS: Final = {target.name: target for target in _ALL}
"""Every target by its name."""

CANARY: Final = Target("canary", "a fault put there on purpose", ("fuzz.targets.canary",), 0, "bytes", 8)
"""Shows that a crash is found and told; it runs when it is asked for by name."""


def load(target: Target) -> TargetModule:
    """Import the module of a target, and with it the code that is fuzzed."""
    return cast("TargetModule", importlib.import_module(target.module))
