"""The faults that are tried: which, over which transports, and whether the session can go on after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from realtime_typed.local import Quirk
from realtime_typed.local.faults import (
    AfterBytes,
    AfterReceived,
    AfterSent,
    AtOnce,
    BeforeReceived,
    BeforeSent,
    CloseConnection,
    DropConnection,
    DuplicateEvent,
    Fault,
    GarbageFrame,
    Moment,
    RefuseHandshake,
    ReorderEvents,
    SendError,
    Stall,
    StallAudio,
    TruncateFrame,
)
from realtime_typed.local.proxy_faults import (
    CutAt,
    DripFrom,
    DuplicateAt,
    GarbageAt,
    ProxyFault,
    RefuseConnection,
    StallAt,
    VanishFrom,
)
from tests.contract.support import Kind

__all__ = ["ROWS", "Row"]

_ALL: Final[tuple[Kind, ...]] = ("memory", "websocket", "webrtc")
_SOCKETS: Final[tuple[Kind, ...]] = ("websocket", "webrtc")
_CODED: Final[tuple[Kind, ...]] = ("memory", "websocket")
_WEBSOCKET: Final[tuple[Kind, ...]] = ("websocket",)


@dataclass(frozen=True)
class Row:
    """A fault of the table.

    Attributes:
        name: What it is, in the words of the table.
        kinds: The transports over which it is tried.
        faults: What the server does.
        proxy: What the proxy between does.
        quirks: What the server does otherwise than the service.
        session_seconds: When the server ends a session.
        ends: Whether the session is over then, by the table of docs/reconnect.md.
    """

    name: str
    kinds: tuple[Kind, ...] = _ALL
    faults: Sequence[Fault] = ()
    proxy: Sequence[ProxyFault] = ()
    quirks: Sequence[Quirk] = ()
    session_seconds: float = 3600.0
    ends: bool = False


_DELTA: Final = "response.output_audio_transcript.delta"
# Deltas of audio do not exist over WebRTC, so what strikes in the middle of a reply goes by its transcript.
_MOMENTS: Final[Sequence[tuple[str, Moment]]] = (
    ("right after the handshake", AtOnce()),
    ("when the first question has come", BeforeReceived("conversation.item.create")),
    ("when the first response was asked for", AfterReceived("response.create")),
    ("before the service says that a response has begun", BeforeSent("response.created")),
    ("in the middle of a spoken reply", AfterSent(_DELTA)),
    ("between the end of a reply and the end of its response", BeforeSent("response.done")),
    ("after the end of a response", AfterSent("response.done")),
    ("when the user's speech was committed", BeforeSent("input_audio_buffer.committed")),
    ("while a tool is called", BeforeSent("response.function_call_arguments.done")),
    ("when a tool has answered", BeforeReceived("conversation.item.create", nth=3)),
    ("when the answer to a tool call is said", AfterSent("response.done", nth=3)),
)


def _refusals() -> list[Row]:
    drop = DropConnection(when=AfterSent("response.done"))
    rows = [
        Row(
            f"{status} at the handshake of the first reconnect",
            _SOCKETS,
            faults=[drop, RefuseHandshake(status=status, retry_after=0 if status in (429, 503) else None, after=1)],
            ends=status in (401, 403),
        )
        for status in (401, 403, 429, 503)
    ]
    # A short-lived key may have expired, so a refused key is tried once more; a standard key is not.
    return [*rows, Row("the first reconnect is reset", _WEBSOCKET, faults=[drop], proxy=[RefuseConnection(after=1)])]


def _closes() -> list[Row]:
    codes = ((1000, True), (1001, False), (1008, True), (1011, False), (4000, True))
    rows: list[Row] = []
    for code, ends in codes:
        for where, moment in (("between turns", AfterSent("response.done")), ("in a reply", AfterSent(_DELTA))):
            rows.append(
                Row(f"close {code} {where}", _CODED, faults=[CloseConnection(code=code, when=moment)], ends=ends)
            )
    rows.append(
        Row("the data channel and the call are closed", ("webrtc",), faults=[CloseConnection(when=AfterSent(_DELTA))])
    )
    return rows


def _errors() -> list[Row]:
    after = AfterSent("response.done")
    return [
        Row("an `error` event that nothing caused", faults=[SendError("server_error", when=after)]),
        Row(
            "`session_expired`, then close 1001",
            _CODED,
            faults=[SendError("session_expired", close_code=1001, when=after)],
        ),
        Row(
            "`insufficient_quota`, then close 1008",
            _CODED,
            faults=[SendError("insufficient_quota", close_code=1008, when=after)],
            ends=True,
        ),
        Row(
            "`beta_api_shape_disabled`, then close 4000",
            _CODED,
            faults=[SendError("beta_api_shape_disabled", close_code=4000, when=after)],
            ends=True,
        ),
    ]


def _frames() -> list[Row]:
    return [
        Row("a frame that is no JSON", faults=[GarbageFrame(when=AfterSent("response.created"))]),
        Row(
            "a frame that is no UTF-8",
            _SOCKETS,
            faults=[GarbageFrame(b"\xff\xfe{", when=AfterSent("response.created"))],
        ),
        Row("JSON that is no event", faults=[GarbageFrame('[{"a": 1}]', when=AfterSent("response.created"))]),
        Row("`response.created` twice", faults=[DuplicateEvent("response.created")]),
        Row("a transcript's delta twice", faults=[DuplicateEvent(_DELTA)]),
        Row("`response.done` twice", faults=[DuplicateEvent("response.done")]),
        Row("`response.output_item.done` of a call twice", faults=[DuplicateEvent("response.output_item.done", nth=3)]),
        Row("`response.output_item.added` late", faults=[ReorderEvents("response.output_item.added")]),
        Row("a transcript's delta late", faults=[ReorderEvents(_DELTA, by=2)]),
        Row("`response.done` late", faults=[ReorderEvents("response.done")]),
        Row("a delta that breaks off", faults=[TruncateFrame(_DELTA)]),
        Row("a `response.done` that breaks off", faults=[TruncateFrame("response.done")]),
        Row("no event for a second", faults=[Stall(1.0, when=AfterSent("response.created"))]),
        Row("no sound for a second", ("webrtc",), faults=[StallAudio(1.0, when=AfterSent("response.created"))]),
    ]


def _bytes() -> list[Row]:
    middle = 6000  # of the first reply
    return [
        Row("the line ends after 0 bytes", _WEBSOCKET, proxy=[CutAt(0, connection=2), CutAt(middle, connection=1)]),
        Row("the line ends in the handshake", _WEBSOCKET, proxy=[CutAt(60, connection=2), CutAt(middle, connection=1)]),
        Row("the line ends in the middle of a frame", _WEBSOCKET, proxy=[CutAt(middle)]),
        Row("the line is reset in the middle of a frame", _WEBSOCKET, proxy=[CutAt(middle, reset=True)]),
        Row("the line ends in the middle of speech", _WEBSOCKET, proxy=[CutAt(12_000, direction="to_server")]),
        Row("half-open: nothing arrives any more", _WEBSOCKET, proxy=[VanishFrom(middle)]),
        Row(
            "half-open: only what is sent vanishes",
            _WEBSOCKET,
            proxy=[VanishFrom(3000, direction="to_server", both=False)],
        ),
        Row("nothing passes for half a second", _WEBSOCKET, proxy=[StallAt(middle, seconds=0.5)]),
        Row("bytes drip", _WEBSOCKET, proxy=[DripFrom(middle, size=200, interval=0.005, length=20_000)]),
        Row("garbage between the bytes", _WEBSOCKET, proxy=[GarbageAt(middle)]),
        Row("bytes come twice", _WEBSOCKET, proxy=[DuplicateAt(middle)]),
    ]


_QUIRKS: Final[Sequence[tuple[Quirk, str]]] = (
    ("unannounced_items", "deltas of items never announced"),
    ("announced_with_content", "items announced with their text"),
    ("beta_item_created", "`conversation.item.created` of beta"),
    ("interleaved_responses", "two responses interleaved"),
    ("no_response_done", "a response that never ends"),
    ("invented_events", "invented events"),
    ("different_speech_ids", "other ids in `speech_started` and `speech_stopped`"),
    ("xai_events", "xAI's extra events"),
    ("xai_missing_fields", "xAI's missing fields"),
    ("null_fields", "`null` where the schema forbids it"),
    ("errors_without_event_id", "errors without `event_id`"),
    ("float_integers", "integers as floats"),
    ("string_integers", "integers as text"),
    ("missing_event_ids", "events without `event_id`"),
    ("late_session_created", "`session.created` late"),
    ("fragment_envelopes", "events in fragments"),
)

ROWS: Final[Sequence[Row]] = (
    Row("nothing"),
    *(Row(f"line lost {where}", faults=[DropConnection(when=moment)]) for where, moment in _MOMENTS),
    Row("line lost in each of the first five replies", faults=[DropConnection(when=AfterSent(_DELTA), times=5)]),
    Row("line lost after 4,000 bytes", faults=[DropConnection(when=AfterBytes(4000))]),
    *_refusals(),
    *_closes(),
    *_errors(),
    *_frames(),
    *_bytes(),
    Row("the session's time is over", session_seconds=3.0),
    *(
        Row(f"quirk: {text}", ("webrtc",) if name == "fragment_envelopes" else _ALL, quirks=[name])
        for name, text in _QUIRKS
    ),
    *(
        Row(
            f"quirk: {text}, and the line lost in a reply",
            _CODED,
            quirks=[name],
            faults=[DropConnection(when=AfterSent(_DELTA))],
        )
        for name, text in _QUIRKS
        if name
        in ("unannounced_items", "announced_with_content", "beta_item_created", "missing_event_ids", "null_fields")
    ),
)
"""Every fault of the table."""
