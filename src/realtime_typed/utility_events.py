"""The events that the client itself makes, as the reference client does: what changed, not what was on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from ._record import record
from ._wire import UnknownEvent

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from ._generated.realtime.registry import ClientEvent, ServerEvent
    from ._generated.realtime.shared import ConversationItem, FunctionCallItem
    from .errors import ToolError
    from .transports.webrtc_options import ConnectionState, IceState

__all__ = [
    "CloseEvent",
    "ConnectionLost",
    "ConnectionRestored",
    "ConnectionStateChanged",
    "ConversationInterrupted",
    "ConversationItemAppended",
    "ConversationItemCompleted",
    "ConversationItemDropped",
    "ConversationUpdated",
    "EventsDropped",
    "HandlerErrorEvent",
    "InputAudioDropped",
    "ItemDelta",
    "LostPiece",
    "LostPieceKind",
    "OutputAudio",
    "RealtimeEvent",
    "ToolErrorEvent",
]


@record
class ItemDelta:
    """What one event added to an item. Exactly the fields that grew are not `None`.

    Attributes:
        text: Text that was added.
        transcript: Transcript that was added.
        audio: Audio that was added: shape `(samples,)`, dtype int16, mono, at the session's output rate.
        arguments: JSON text that was added to the arguments of a function or MCP call.
    """

    text: str | None = None
    transcript: str | None = None
    audio: "npt.NDArray[np.int16] | None" = None
    arguments: str | None = None


@record
class ConversationUpdated:
    """`conversation.updated`: an item was added, grew, was corrected or was truncated.

    Attributes:
        item: The item as it is now.
        delta: What was added, `None` when the change was no addition.
    """

    item: "ConversationItem"
    delta: ItemDelta | None = None
    type: Literal["conversation.updated"] = "conversation.updated"


@dataclass(frozen=True, slots=True)
class ConversationItemAppended:
    """`conversation.item.appended`: an item is new in the conversation; it may still be growing.

    Attributes:
        item: The item.
    """

    item: "ConversationItem"
    type: Literal["conversation.item.appended"] = "conversation.item.appended"


@dataclass(frozen=True, slots=True)
class ConversationItemCompleted:
    """`conversation.item.completed`: an item will grow no more (a late transcript of user speech may still come).

    Attributes:
        item: The item.
    """

    item: "ConversationItem"
    type: Literal["conversation.item.completed"] = "conversation.item.completed"


@dataclass(frozen=True, slots=True)
class ConversationItemDropped:
    """`conversation.item.dropped`: an item is kept no longer, as there are more than `max_items`; the service keeps it.

    Attributes:
        item: The item as it was.
    """

    item: "ConversationItem"
    type: Literal["conversation.item.dropped"] = "conversation.item.dropped"


@dataclass(frozen=True, slots=True)
class ConversationInterrupted:
    """`conversation.interrupted`: the user began to speak; stop playing what the client has handed out.

    By default the client has already seen to the rest; see `Interruption`.

    Attributes:
        item_id: The item that the user's speech will become, `None` when the service did not say.
        audio_start_ms: When the speech began, in milliseconds of input audio since the session began.
        interrupted_item_id: The model's message that was heard, `None` when none was.
        response_id: The response of that message, or the one that runs; `None` when none does.
        heard_ms: How many milliseconds of the message were heard by `RealtimeClient.playback`; `None` without one.
    """

    item_id: str | None = None
    audio_start_ms: int | None = None
    interrupted_item_id: str | None = None
    response_id: str | None = None
    heard_ms: int | None = None
    type: Literal["conversation.interrupted"] = "conversation.interrupted"


@record
class RealtimeEvent:
    """`realtime.event`: anything that crossed the wire, in either direction.

    Attributes:
        time: When, as ISO 8601 text in UTC with milliseconds.
        source: Who sent it.
        event: The event.
    """

    time: str
    source: Literal["client", "server"]
    event: "ServerEvent | ClientEvent | UnknownEvent"
    type: Literal["realtime.event"] = "realtime.event"


@dataclass(frozen=True, slots=True)
class CloseEvent:
    """`close`: the connection has ended.

    Attributes:
        code: The close code of RFC 6455; 1006 when the line was lost.
        reason: The reason that the side which closed gave, possibly empty.
        error: Whether the end was not asked for by `disconnect()`.
    """

    code: int
    reason: str
    error: bool
    type: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class ConnectionStateChanged:
    """`connection.state_changed`: the connection is being made, is there, is interrupted, or has ended.

    Attributes:
        connection: Where it stands. `"disconnected"`, over WebRTC alone, says that nothing comes from the service any
            more; `"connected"` follows if that passes, `"failed"` and the end of the connection if it does not.
            `"reconnecting"` says that it was lost, and that the client makes another.
        ice: Where the search for a way to the service stands; `None` for transports other than WebRTC.
    """

    connection: "ConnectionState | Literal['reconnecting']"
    ice: "IceState | None" = None
    type: Literal["connection.state_changed"] = "connection.state_changed"


@dataclass(frozen=True, slots=True)
class ConnectionLost:
    """`connection.lost`: the connection has ended, and not by `disconnect()`.

    Attributes:
        code: The close code of RFC 6455; 1006 when the line was lost.
        reason: The reason that the service gave, possibly empty.
        clean: Whether the service closed in agreement, with code 1000.
        reconnects: Whether the client connects again; `connection.restored` tells that it has, `close` that it gave up.
        why: Why it does, or does not.
        planned: Whether the client itself moves to a new session, before the old one reaches its time limit.
    """

    code: int
    reason: str
    clean: bool
    reconnects: bool
    why: str
    planned: bool = False
    type: Literal["connection.lost"] = "connection.lost"


LostPieceKind: TypeAlias = Literal["item", "partial_item", "response", "input_audio", "request"]
"""What a piece that a connection took with it was; see `LostPiece`."""


@dataclass(frozen=True, slots=True)
class LostPiece:
    """Something that the new session does not have.

    Attributes:
        kind: `"item"` of the conversation, which is still here; `"partial_item"` of a response, which was taken out of
            the conversation; `"response"` whose end never came; `"input_audio"` of the user; or `"request"` that
            raised `ConnectionClosed`.
        id: Of the item, the response or the request's event; empty for audio that was no item yet.
        milliseconds: How much audio, 0 for other pieces.
        why: Why it was lost.
    """

    kind: LostPieceKind
    id: str
    why: str
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class ConnectionRestored:
    """`connection.restored`: the client is connected again, and the new session has what is told here.

    Attributes:
        attempts: How many connects it took.
        seconds: How long there was no connection.
        items: The ids of the items that the new session was given, in order.
        renamed: The items that the service took under another id only: old id, new id.
        lost: What it was not given.
        lost_audio_ms: How many milliseconds of audio in all were lost: the user's, and the model's in partial items.
        asked_again: The ids of the responses that were cut off, and are asked for again.
        planned: Whether the client itself moved to a new session.
    """

    attempts: int
    seconds: float
    items: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    lost: tuple[LostPiece, ...]
    lost_audio_ms: float
    asked_again: tuple[str, ...]
    planned: bool = False
    type: Literal["connection.restored"] = "connection.restored"


@dataclass(frozen=True, slots=True)
class ToolErrorEvent:
    """`tool.error`: a tool could not answer a call of the model, which was told so in a sentence.

    While anything listens for this event, such errors are not reported to the event loop's exception handler.

    Attributes:
        tool_name: The name that the model called.
        call_id: The call.
        response_id: The response that holds it.
        item: The call as the model made it.
        error: What went wrong; `__cause__` is what the function raised.
        output: What the model was told: JSON text, `{"error": "…"}`.
    """

    tool_name: str
    call_id: str
    response_id: str
    item: "FunctionCallItem"
    error: "ToolError"
    output: str
    type: Literal["tool.error"] = "tool.error"


@dataclass(frozen=True, slots=True)
class HandlerErrorEvent:
    """`handler.error`: a handler of the application raised. The connection and the other handlers go on.

    While anything listens for this event, such errors are not reported to the event loop's exception handler. What a
    handler of this very event raises always is.

    Attributes:
        event: What the handler was given.
        handler: The handler's qualified name.
        error: What it raised.
    """

    event: object
    handler: str
    error: BaseException
    type: Literal["handler.error"] = "handler.error"


@dataclass(frozen=True, slots=True)
class EventsDropped:
    """`events.dropped`: handlers, or the consumer of a stream, are so slow that events were left out.

    It comes when the first are left out, and again when nothing waits any more. The conversation has taken in what was
    left out. See `HandlerPolicy`.

    Attributes:
        stream: The name of the events that the stream is of, `*` for all; empty when handlers are slow.
        dropped: How many events were left out since then, by name.
        ended: Whether nothing waits any more, so that `dropped` is the whole loss.
    """

    stream: str
    dropped: Mapping[str, int]
    ended: bool
    type: Literal["events.dropped"] = "events.dropped"


@dataclass(frozen=True, slots=True)
class InputAudioDropped:
    """`input_audio.dropped`: audio of the user was not sent, because too much waits to be sent. See `SendQueue`.

    Attributes:
        milliseconds: How much of it, the oldest that waited.
        reason: `"slow_line"`: the connection does not take it in time; `"connection_down"`: there is none, and another
            one is being made.
    """

    milliseconds: float
    reason: Literal["slow_line", "connection_down"]
    type: Literal["input_audio.dropped"] = "input_audio.dropped"


@record
class OutputAudio:
    """A piece of the model's speech, as `RealtimeClient.audio_output` hands it out.

    Attributes:
        samples: Shape `(n,)`, dtype int16, mono; shared with the conversation, so copy it to change it.
        sample_rate: Samples a second: 24,000 unless the session's output format is G.711 (8,000).
        item_id: The item that it belongs to.
        response_id: The response that the item belongs to; empty when the service did not say.
        start: Where in the item's audio it begins, in samples.
    """

    samples: "npt.NDArray[np.int16]"
    sample_rate: int
    item_id: str
    response_id: str
    start: int = 0
