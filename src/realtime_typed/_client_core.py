"""What happens inside a client: connecting, and what every event of the service sets off.

The order for every event of the service: the conversation takes it in, the client's own events tell what changed, then
the handlers for its name run, then those for `*`. A handler never sees a conversation older than its event.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Final, Self, Unpack, cast

from ._attempt import Attempt
from ._client_responses import ClientResponses
from ._connection_options import ClientOptions
from ._generated.realtime.params import SessionConfigParam
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.server_events import SessionCreated
from ._generated.realtime.shared import SessionConfig
from ._interruption import Interrupted
from ._keys import EphemeralKey
from ._mcp import McpApprovals
from ._outbox import Dropped
from ._tool_calls import ToolCalls
from ._wire import UnknownEvent, wire_fields
from .channels import Channel, EventStream
from .errors import ConnectionClosed
from .stats import ClientStats
from .utility_events import (
    ConnectionStateChanged,
    ConversationInterrupted,
    InputAudioDropped,
    RealtimeEvent,
    ToolErrorEvent,
)

if TYPE_CHECKING:
    from .client import RealtimeClient

__all__ = ["ClientCore", "utc_now"]

_EARLY_EVENTS: Final = 64
# By far the most of all events. They make an item of a response longer, and that is all they do.
_GROWTH: Final = frozenset(
    {
        "response.output_text.delta",
        "response.output_audio.delta",
        "response.output_audio_transcript.delta",
        "response.function_call_arguments.delta",
    }
)


class ClientCore(ClientResponses):
    """The connection and the events of a client; `RealtimeClient` adds what an application calls."""

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        super().__init__(**options)
        self.realtime.on_server_event = self._receive
        self.realtime.on_client_event = self._note_sent
        self.realtime.on_closed = self._connection_ended
        self.realtime.on_state = self._tell_state
        self.realtime.on_loop_end = self._settle_handlers
        self.realtime.on_dropped = self._tell_dropped_audio
        self.realtime.input_rate = self._audio.input_rate
        self._audio.on_held_dropped = self._tell_dropped_speech
        self._tool_calls = ToolCalls(
            self._tools,
            self._tool_owners.answers,
            self._answer_call,
            self._go_on,
            client=cast("RealtimeClient", self),
            failed=self._tell_tool_error,
        )
        self._mcp_approvals = McpApprovals(self._send_item)
        self._attempt = Attempt()
        self._session_created: SessionCreated | None = None
        self._early: deque[ServerEvent | UnknownEvent] | None = deque()

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
        self.realtime.forget_ended_loop()
        if self.is_connected() or self.realtime.is_reconnecting:
            raise RuntimeError("already connected; call disconnect() first")
        await self._attempt.run(self._connect(model, ephemeral_key, session_config))
        return True

    async def _connect(
        self,
        model: str | None,
        ephemeral_key: EphemeralKey | None,
        session_config: SessionConfig | SessionConfigParam | None,
    ) -> None:
        if session_config is not None:
            self._configure(session_config, {})
        # What a connection that was lost left running would be answered on this one.
        await self._tool_calls.cancel()
        await self._mcp_approvals.cancel()
        self.conversation.clear()
        self._session_created = None
        self._early = deque()
        self._audio.open()
        self._responses_ended()
        self._session_report.take(None)
        self._tool_owners.clear(attached=self.realtime.attached_call_id is not None)
        self._tool_owners.give(self._configuration.wanted)
        self._interrupter.open()
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

    async def disconnect(self) -> None:
        """Close the connection and clear the conversation; does nothing more when there is no connection."""
        await self._close()
        self.conversation.clear()

    async def _close(self) -> None:
        await self._attempt.end()
        try:
            await self._tool_calls.cancel()
            self._tools.threads.join()
            await self._mcp_approvals.cancel()
        finally:
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
        self._configuration_log.clear()
        self.playback.reset()
        self.usage.reset()
        self._tools.clear()
        self._mcp_approvals.handler = None

    async def __aenter__(self) -> Self:
        self.realtime.forget_ended_loop()
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

    @property
    def stats(self) -> ClientStats:
        """The figures of flow control now: what waits, what was left out, how long handlers take."""
        return self.realtime.stats_of(self, self.realtime)

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
            self._emit(RealtimeEvent(utc_now(), "server", event), "realtime.event")
        early = self._early
        if early is not None:
            if len(early) < _EARLY_EVENTS:
                early.append(event)
            else:
                # Who has not begun to iterate by now does not; and what is kept would be garbage of every collection.
                self._early = None
        if isinstance(event, UnknownEvent):
            self._requests.match(event)
            self._emit(event, "*")
            return
        fields = event.__dict__
        for change in self.conversation.apply(event):
            if change.delta is not None:
                self._grew(change.delta, change.item, fields)
            else:
                self._audio.lost(change, fields)
            self._tell(change)
        name = event.type
        if name in _GROWTH:
            self._sequencer.heard(fields.get("response_id"))
        else:
            self._requests.match(event)
            self._follow_responses(event, fields)
        react = self._REACTIONS.get(name)
        if react is not None:
            react(self, event, fields)
        if channels:
            self._emit(event, name, "*")

    def _tell_tool_error(self, event: ToolErrorEvent) -> bool:
        channel = self._channels.get("tool.error")
        heard = channel is not None and channel.has_listeners
        self._emit(event, "tool.error")
        return heard

    async def _send_item(self, item: Mapping[str, object]) -> None:
        self._post_item(item)
        await self.realtime.flush()

    def _tell_dropped_audio(self, dropped: Dropped, event: InputAudioDropped) -> None:
        self._audio.dropped(dropped)
        self._emit(event, "input_audio.dropped")

    def _tell_dropped_speech(self, milliseconds: float) -> None:
        self.realtime.audio_dropped_ms += milliseconds
        self._emit(InputAudioDropped(milliseconds, "connection_down"), "input_audio.dropped")

    def _tell_state(self, event: ConnectionStateChanged) -> None:
        self._emit(event, "connection.state_changed")

    def _on_track_event(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._audio.track_event(event)

    def _on_response_created(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self.usage.response_created(fields.get("response"))
        response_id = self._audio.response_created(fields.get("response"))
        if response_id is not None:
            self._interrupter.response_began(response_id)

    def _on_session_created(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._session_created = cast("SessionCreated", event)
        self._on_session_updated(event, fields)

    def _on_session_updated(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._session_report.take(fields.get("session"))
        self._tool_owners.report(fields.get("session"))

    def _on_transcribed(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self.usage.transcribed(event)

    def _on_speech_started(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        item_id, start = fields.get("item_id"), fields.get("audio_start_ms")
        detection = ("audio", "input", "turn_detection")
        by_service = self._configuration.get(*detection, "interrupt_response") is not False
        found = self._interrupt(by_service=by_service, stop=self._interrupter.wanted(by_service=by_service))
        interrupted = ConversationInterrupted(
            item_id if isinstance(item_id, str) else None,
            start if isinstance(start, int) else None,
            found.item_id,
            found.response_id,
            found.heard_ms,
        )
        self._emit(interrupted, "conversation.interrupted")

    def _interrupt(self, *, by_service: bool, stop: bool = True) -> Interrupted:
        """Say what is heard and, with `stop`, let nothing more of it be heard; what there is to send goes out soon."""
        interrupter, track = self._interrupter, self._audio.output.heard_of_track
        by_track = self.realtime.media is not None
        if not stop:
            found = interrupter.heard_of_track(track) if by_track else interrupter.heard()
        elif by_track:
            found = interrupter.interrupt_track(track, by_service=by_service)
        else:
            found = interrupter.interrupt(by_service=by_service)
        if stop:
            self._audio.output.cancel()
        # What comes while the connection ends may find that nothing can be sent any more.
        if found.events and self.is_connected():
            for event in found.events:
                self._post(event)
            self._flush_soon()
        return found

    def _on_item_done(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._mcp_approvals.take(fields.get("item"))

    def _on_output_item_done(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        # What a response outside the conversation calls has no place where it could be answered.
        if not self.conversation.is_outside(fields.get("response_id")):
            self._tool_calls.take(str(fields.get("response_id")), fields.get("item"))
        self._mcp_approvals.take(fields.get("item"))

    def _on_response_done(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self.usage.response_done(fields.get("response"))
        response = wire_fields(fields.get("response"))
        self._interrupter.response_ended(str(response.get("id")))
        completed = response.get("status") in ("completed", None)
        self._mcp_approvals.take_all(response.get("output"))
        if not self.conversation.is_outside(response.get("id")):
            self._tool_calls.finish(str(response.get("id")), response.get("output"), completed=completed)

    _REACTIONS: ClassVar[Mapping[str, Callable[..., None]]] = {
        "session.created": _on_session_created,
        "session.updated": _on_session_updated,
        "conversation.item.input_audio_transcription.completed": _on_transcribed,
        "response.created": _on_response_created,
        "response.content_part.added": _on_track_event,
        "response.output_audio_transcript.delta": _on_track_event,
        "output_audio_buffer.started": _on_track_event,
        "output_audio_buffer.stopped": _on_track_event,
        "output_audio_buffer.cleared": _on_track_event,
        "input_audio_buffer.speech_started": _on_speech_started,
        "conversation.item.done": _on_item_done,
        "response.output_item.done": _on_output_item_done,
        "response.done": _on_response_done,
    }

    def _response_expired(self, response_id: str) -> None:
        super()._response_expired(response_id)
        # Its calls were complete even if it never was: the model is waited for in vain unless it is asked to go on.
        self._tool_calls.finish(response_id, None, completed=True)

    def _note_sent(self, make: Callable[[], ClientEvent | UnknownEvent]) -> None:
        if "realtime.event" in self._channels:
            self._emit(RealtimeEvent(utc_now(), "client", make()), "realtime.event")

    def _connection_ended(self, closed: ConnectionClosed, expected: bool) -> None:
        self._session_created = None
        self._requests.close(closed)
        self._responses_ended(closed, expected=expected)
        self._audio.close(closed, expected=expected)
        self._close_channels(closed, expected=expected)


def utc_now() -> str:
    """The time as `realtime.event` tells it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
