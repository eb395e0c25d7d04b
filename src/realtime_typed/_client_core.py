"""What happens inside a client: connecting, and what every event of the service sets off.

The order for every event of the service: the conversation takes it in, the client's own events tell what changed, then
the handlers for its name run, then those for `*`. A handler never sees a conversation older than its event.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import ClassVar, Final, Self, Unpack, cast

from ._client_audio import ClientAudio
from ._connection_options import ConnectionOptions
from ._generated.realtime.params import ClientEventParam, ResponseConfigParam, SessionConfigParam
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.sends import (
    ConversationItemSends,
    InputAudioBufferSends,
    OutputAudioBufferSends,
    ResponseSends,
    SessionSends,
)
from ._generated.realtime.server_events import SessionCreated
from ._generated.realtime.shared import ConversationItem, ResponseConfig, SessionConfig
from ._generated.realtime.typed_events import RealtimeEvents
from ._keys import EphemeralKey
from ._tool_calls import ToolCalls
from ._wire import UnknownEvent, wire_fields
from .api import RealtimeAPI
from .channels import Channel, EventStream
from .conversation import Conversation, ConversationChange
from .dispatch import SendNamespace
from .errors import ConnectionClosed, ProtocolError
from .session import SessionConfiguration
from .tools import ToolRegistry
from .utility_events import (
    ConnectionStateChanged,
    ConversationInterrupted,
    ConversationItemAppended,
    ConversationItemCompleted,
    ConversationUpdated,
    RealtimeEvent,
)

__all__ = ["ClientConversation", "ClientCore"]

_EARLY_EVENTS: Final = 64


class ClientConversation(Conversation):
    """The conversation of a client.

    Attributes:
        item: Sends `conversation.item.create`, `.delete`, `.retrieve` and `.truncate`.
    """

    def __init__(self, item: ConversationItemSends) -> None:
        super().__init__()
        self.item = item


class ClientCore(RealtimeEvents):
    """The connection, the state and the events of a client; `RealtimeClient` adds what an application calls.

    Attributes:
        api_class: What the connection is made of; a client generated for another schema has its own.
        send_namespaces: The send methods that such a client has beside ours, or in their place, by attribute.
    """

    api_class: ClassVar[type[RealtimeAPI]] = RealtimeAPI
    send_namespaces: ClassVar[Mapping[str, type[SendNamespace]]] = {}

    def __init__(self, **options: Unpack[ConnectionOptions]) -> None:
        super().__init__()
        self.realtime: RealtimeAPI = self.api_class(**options)
        self.realtime.on_server_event = self._receive
        self.realtime.on_client_event = self._note_sent
        self.realtime.on_closed = self._connection_ended
        self.realtime.on_state = self._tell_state
        self.conversation: ClientConversation = ClientConversation(ConversationItemSends(self._send_fields))
        self.input_audio_buffer: InputAudioBufferSends = InputAudioBufferSends(self._send_fields)
        self.output_audio_buffer: OutputAudioBufferSends = OutputAudioBufferSends(self._send_fields)
        self.response: ResponseSends = ResponseSends(self._send_fields)
        self.session: SessionSends = SessionSends(self._send_fields)
        for name, namespace in self.send_namespaces.items():
            setattr(self, name, namespace(self._send_fields))
        self._configuration = SessionConfiguration(options.get("intent") or "realtime")
        self._audio = ClientAudio(
            self.realtime, self.conversation, self._configuration, self._tell, self._tell_completed
        )
        self._tools = ToolRegistry()
        self._tool_calls = ToolCalls(self._tools, self._is_manual_tool, self._answer_call, self.create_response)
        self._flushing: set[asyncio.Task[None]] = set()
        self._session_created: SessionCreated | None = None
        self._early: deque[ServerEvent | UnknownEvent] | None = deque(maxlen=_EARLY_EVENTS)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.realtime!r}, {len(self.conversation.items)} items>"

    # The connection.

    def is_connected(self) -> bool:
        """Whether the connection is open."""
        return self.realtime.is_connected()

    @property
    def call_id(self) -> str | None:
        """The call of the open connection (`rtc_…`), to attach to it or to end it from elsewhere; else `None`."""
        return self.realtime.call_id

    async def connect(
        self,
        *,
        model: str | None = None,
        ephemeral_key: EphemeralKey | None = None,
        session_config: SessionConfig | SessionConfigParam | None = None,
    ) -> bool:
        """Open the connection and tell the service the session's configuration; the conversation begins anew.

        Args:
            model: The model to talk to from now on, instead of the one given before.
            ephemeral_key: The key for this connection, before all others.
            session_config: A change of the session's configuration, as for `update_session`.

        Returns:
            `True`.

        Raises:
            RuntimeError: It is open already.
            ValueError: There is no key, or `session_config` has a field that does not exist.
            EventValidationError: It does not have the shape of a session.
            ConnectError: The service cannot be reached or refused the handshake.
            EphemeralKeyError: The key could not be fetched. It is a `ConnectError`.
            ImportError: The extra `webrtc` is not installed.
        """
        if self.is_connected():
            raise RuntimeError("already connected; call disconnect() first")
        if session_config is not None:
            self._configure(session_config, {})
        self.conversation.clear()
        self._session_created = None
        self._early = deque(maxlen=_EARLY_EVENTS)
        self._audio.open()
        self._open_channels()
        wanted = self._session_wire(self._configuration.wanted, tools=True)
        await self.realtime.connect(model=model, ephemeral_key=ephemeral_key, session=wanted)
        try:
            if self.realtime.attached_call_id is None or self._configuration.changed or self._tools.definitions:
                self._post_session(self._configuration.wanted, tools=True)
                await self.realtime.flush()
        except BaseException:
            # A connect that raises leaves no connection behind: `async with` would never close it.
            await self._close()
            raise
        return True

    async def disconnect(self) -> None:
        """Close the connection and clear the conversation; does nothing more when there is no connection."""
        await self._close()
        self.conversation.clear()

    async def _close(self) -> None:
        await self._tool_calls.cancel()
        await self.realtime.disconnect()
        # Not before: what waits for a service that does not read ends only with the connection.
        await asyncio.gather(*self._flushing)
        await self._settle_handlers(timeout=5.0)

    async def reset(self) -> None:
        """Disconnect, and go back to how a new client is: no handlers, no tools, the default configuration."""
        await self.disconnect()
        self.clear_event_handlers()
        self.realtime.clear_event_handlers()
        self._configuration.reset()
        self._tools.clear()

    async def __aenter__(self) -> Self:
        if not self.is_connected():
            await self.connect()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # The conversation stays readable after the block, unlike after `disconnect`.
        await self._close()

    async def wait_for_session_created(self, timeout: float | None = None) -> SessionCreated:
        """Wait until the service has begun the session; returns at once when it has.

        Args:
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.

        Returns:
            The event, whose `session` says what the service made of it.

        Raises:
            RuntimeError: There is no connection.
            TimeoutError: It did not come in time.
            ConnectionClosed: The connection ended first.
        """
        if self._session_created is not None:
            return self._session_created
        if not self.is_connected():
            raise RuntimeError("not connected; call connect() first")
        return await self.wait_for("session.created", timeout)

    # Events.

    def __aiter__(self) -> EventStream[ServerEvent | UnknownEvent]:
        channel = cast("Channel[ServerEvent | UnknownEvent]", self._channels["*"])
        stream = EventStream(channel, self._early or ())
        self._early = None
        channel.add_stream(stream)
        return stream

    def _receive(self, event: ServerEvent | UnknownEvent) -> None:
        channels = self._channels
        if "realtime.event" in channels:
            self._emit(RealtimeEvent(_now(), "server", event), "realtime.event")
        if self._early is not None:
            self._early.append(event)
        for change in self.conversation.apply(event):
            self._audio.hand_out(change, event)
            self._tell(change)
        if isinstance(event, UnknownEvent):
            self._emit(event, "*")
            return
        react = self._REACTIONS.get(event.type)
        if react is not None:
            react(self, event, wire_fields(event))
        if channels:
            self._emit(event, event.type, "*")

    def _tell(self, change: ConversationChange) -> None:
        channels = self._channels
        if change.kind == "appended" and "conversation.item.appended" in channels:
            self._emit(ConversationItemAppended(change.item), "conversation.item.appended")
        if "conversation.updated" in channels:
            self._emit(ConversationUpdated(change.item, change.delta), "conversation.updated")
        if change.completed and not self._audio.postpone(change.item):
            self._tell_completed(change.item)

    def _tell_completed(self, item: ConversationItem) -> None:
        self._emit(ConversationItemCompleted(item), "conversation.item.completed")

    def _tell_state(self, event: ConnectionStateChanged) -> None:
        self._emit(event, "connection.state_changed")

    def _on_track_event(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._audio.track_event(event)

    def _on_response_created(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._audio.response_created(fields.get("response"))

    def _on_session_created(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._session_created = cast("SessionCreated", event)

    def _on_speech_started(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        item_id, start = fields.get("item_id"), fields.get("audio_start_ms")
        interrupted = ConversationInterrupted(
            item_id if isinstance(item_id, str) else None, start if isinstance(start, int) else None
        )
        self._emit(interrupted, "conversation.interrupted")

    def _on_output_item_done(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._tool_calls.take(str(fields.get("response_id")), fields.get("item"))

    def _on_response_done(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        response = wire_fields(fields.get("response"))
        completed = response.get("status") in ("completed", None)
        self._tool_calls.finish(str(response.get("id")), response.get("output"), completed=completed)

    _REACTIONS: Final[Mapping[str, Callable[..., None]]] = {
        "session.created": _on_session_created,
        "response.created": _on_response_created,
        "response.content_part.added": _on_track_event,
        "response.output_audio_transcript.delta": _on_track_event,
        "output_audio_buffer.started": _on_track_event,
        "output_audio_buffer.stopped": _on_track_event,
        "output_audio_buffer.cleared": _on_track_event,
        "input_audio_buffer.speech_started": _on_speech_started,
        "response.output_item.done": _on_output_item_done,
        "response.done": _on_response_done,
    }

    def _note_sent(self, make: Callable[[], ClientEvent | UnknownEvent]) -> None:
        if "realtime.event" in self._channels:
            self._emit(RealtimeEvent(_now(), "client", make()), "realtime.event")

    def _connection_ended(self, closed: ConnectionClosed, expected: bool) -> None:
        self._session_created = None
        self._audio.close(closed, expected=expected)
        self._close_channels(closed, expected=expected)

    # Sending.

    async def send(self, event: ClientEvent | ClientEventParam | UnknownEvent) -> None:
        """Send any client event. Events go out in the order of the calls.

        Args:
            event: A model (`ResponseCreate()`), a dict of the same shape, or an `UnknownEvent`, which is sent as it is.

        Raises:
            EventValidationError: A dict does not have the shape of its event (unless validation is `"off"`).
            ConnectionClosed: There is no connection.
        """
        await self._send_any(event)

    async def _send_fields(self, event: Mapping[str, object]) -> None:
        await self._send_any(event)

    async def _send_any(self, event: ClientEvent | ClientEventParam | UnknownEvent | Mapping[str, object]) -> None:
        fields = wire_fields(event) or cast("Mapping[str, object]", {} if isinstance(event, UnknownEvent) else event)
        name = fields.get("type")
        if name == "input_audio_buffer.commit":
            await self._audio.sent()
        self.realtime.post(event)
        if name == "input_audio_buffer.append":
            self._audio.heard_text(fields.get("audio"))
        elif name == "input_audio_buffer.commit":
            self.conversation.queue_input_audio()
        elif name == "input_audio_buffer.clear":
            self._audio.cleared()
        elif name == "session.update":
            # What is no configuration is the service's to refuse: whoever sends events by hand may send any.
            with suppress(ValueError, TypeError):
                self._configuration.update(cast("SessionConfig | SessionConfigParam", fields.get("session")), {})
        await self.realtime.flush()

    def _configure(
        self, session: SessionConfig | SessionConfigParam | None, fields: Mapping[str, object]
    ) -> dict[str, object]:
        """Take a change of the configuration in, if it is right, and return what has to be sent."""
        before = self._configuration.wanted
        change = self._configuration.update(session, fields)
        try:
            self._tools.refuse(self._configuration.manual_tools)
            self.realtime.codec.encode({"type": "session.update", "session": change})
        except (ValueError, ProtocolError):
            self._configuration.restore(before)
            raise
        return change

    def _session_wire(self, session: Mapping[str, object], *, tools: bool) -> dict[str, object]:
        wire = dict(session)
        if tools and wire.get("type") != "transcription":
            wire["tools"] = [*self._configuration.manual_tools, *self._tools.definitions]
        return wire

    def _post_session(self, session: Mapping[str, object], *, tools: bool) -> None:
        self.realtime.post({"type": "session.update", "session": self._session_wire(session, tools=tools)})

    def _flush_soon(self) -> None:
        """Send what was posted without making the caller wait; what is sent later still comes later."""
        task = asyncio.create_task(self._flush_quietly())
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)

    async def _flush_quietly(self) -> None:
        with suppress(ConnectionClosed):
            await self.realtime.flush()

    async def create_response(self, response: ResponseConfig | ResponseConfigParam | None = None) -> None:
        """Ask the model to respond. Without turn detection, input audio that was not committed is committed first.

        Args:
            response: What is different for this response; default nothing.

        Raises:
            EventValidationError: A dict does not have the shape of `response`.
            ConnectionClosed: There is no connection.
        """
        if self._configuration.turn_detection_type is None:
            await self._audio.sent()
        if self._configuration.turn_detection_type is None and self.conversation.input_audio.pending_samples:
            self.realtime.post({"type": "input_audio_buffer.commit"})
            self.conversation.queue_input_audio()
        event: dict[str, object] = {"type": "response.create"}
        if response is not None:
            event["response"] = response
        self.realtime.post(event)
        await self.realtime.flush()

    def _is_manual_tool(self, name: str) -> bool:
        return any(wire_fields(tool).get("name") == name for tool in self._configuration.manual_tools)

    def _post_item(self, item: Mapping[str, object]) -> None:
        self.realtime.post({"type": "conversation.item.create", "item": item})

    async def _answer_call(self, call_id: str, output: str) -> None:
        self._post_item({"type": "function_call_output", "call_id": call_id, "output": output})
        await self.realtime.flush()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
