"""The base of a client: what it is made of, and how events leave it. What comes in is `_client_core`'s business."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar, Unpack, cast

from ._client_audio import ClientAudio
from ._configuration_log import ConfigurationLog, LoggedChange
from ._connection_options import ClientOptions, ConnectionOptions
from ._generated.realtime.params import ClientEventParam, SessionConfigParam
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.sends import (
    ANSWERS,
    ConversationItemSends,
    InputAudioBufferSends,
    OutputAudioBufferSends,
    ResponseSends,
)
from ._generated.realtime.shared import ConversationItem, SessionConfig
from ._generated.realtime.typed_events import RealtimeEvents
from ._interruption import Interrupter, Interruption
from ._requests import PendingRequests
from ._session_control import SessionControl, SessionReport, SessionView
from ._session_rules import refuse
from ._tool_owners import ToolOwners
from ._wire import UnknownEvent, wire_fields
from .api import RealtimeAPI
from .conversation import AudioRetention, Conversation, ConversationChange
from .dispatch import ANSWER_TIMEOUT, SendNamespace
from .errors import ConnectionClosed, ProtocolError, ServerError
from .playback import PlaybackTracker
from .session import SessionConfiguration
from .tools import ToolRegistry
from .usage import Usage
from .utility_events import (
    ConversationItemAppended,
    ConversationItemCompleted,
    ConversationItemDropped,
    ConversationUpdated,
)

__all__ = ["ClientBase", "ClientConversation"]


class ClientConversation(Conversation):
    """The conversation of a client.

    Attributes:
        item: Sends `conversation.item.create`, `.delete`, `.retrieve` and `.truncate`.
    """

    def __init__(
        self, item: ConversationItemSends, audio_retention: AudioRetention = "all", max_items: int | None = None
    ) -> None:
        super().__init__(audio_retention=audio_retention, max_items=max_items)
        self.item = item


class ClientBase(RealtimeEvents):
    """What every part of a client shares.

    Attributes:
        api_class: What the connection is made of; a client generated for another schema has its own.
        send_namespaces: The send methods that such a client has beside ours, or in their place, by attribute.
    """

    api_class: ClassVar[type[RealtimeAPI]] = RealtimeAPI
    send_namespaces: ClassVar[Mapping[str, type[SendNamespace]]] = {}

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        super().__init__(options.get("handlers"))
        policy = Interruption.of(options.pop("interruption", None))
        kept = options.pop("audio_retention", "all"), options.pop("max_items", None)
        self.realtime: RealtimeAPI = self.api_class(**cast("ConnectionOptions", options))
        sending = (self._send_fields, self._request)
        self.conversation: ClientConversation = ClientConversation(ConversationItemSends(*sending), *kept)
        self.input_audio_buffer: InputAudioBufferSends = InputAudioBufferSends(*sending)
        self.output_audio_buffer: OutputAudioBufferSends = OutputAudioBufferSends(*sending)
        self.response: ResponseSends = ResponseSends(*sending)
        self._session_report = SessionReport()
        self.session: SessionControl = SessionControl(*sending).showing(self._session_report)
        for name, namespace in self.send_namespaces.items():
            made = namespace(*sending)
            setattr(self, name, made.showing(self._session_report) if isinstance(made, SessionView) else made)
        self._configuration = SessionConfiguration(options.get("intent") or "realtime")
        self._configuration_log = ConfigurationLog(self._configuration)
        self._requests = PendingRequests(self._shares_responses)
        self.playback: PlaybackTracker = PlaybackTracker(policy.clock)
        self._interrupter = Interrupter(policy, self.playback, self.conversation)
        self._audio = ClientAudio(
            self.realtime,
            self.conversation,
            self._configuration,
            self._tell,
            self._tell_completed,
            self.playback,
            self._bound,
        )
        self.usage: Usage = self._audio.usage
        self._tools = ToolRegistry()
        self._tool_owners = ToolOwners(self._tools)
        self._flushing: set[asyncio.Task[None]] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.realtime!r}, {len(self.conversation.items)} items>"

    # What the client's own events tell.

    def _tell(self, change: ConversationChange) -> None:
        channels = self._channels
        if change.kind == "dropped":
            self._emit(ConversationItemDropped(change.item), "conversation.item.dropped")
            return
        if change.kind == "appended" and "conversation.item.appended" in channels:
            self._emit(ConversationItemAppended(change.item), "conversation.item.appended")
        if "conversation.updated" in channels:
            self._emit(ConversationUpdated(change.item, change.delta), "conversation.updated")
        if change.completed and not self._audio.postpone(change.item):
            self._tell_completed(change.item)

    def _tell_completed(self, item: ConversationItem) -> None:
        self._emit(ConversationItemCompleted(item), "conversation.item.completed")

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
        await self._before_sending(_fields(event).get("type"))
        self._post(event)
        await self.realtime.flush()

    async def _request(
        self, wire_name: str, fields: Mapping[str, object], timeout: float | None = ANSWER_TIMEOUT
    ) -> ServerEvent:
        """Send an event and wait for the one of the service that answers it.

        Args:
            wire_name: The event's type, one of `ANSWERS`.
            fields: Its other fields.
            timeout: Seconds to wait, from when the event is queued; `None` waits until the connection ends.

        Returns:
            The answer.

        Raises:
            ServerError: The service refused it; what a refused `session.update` changed here is taken back.
            TimeoutError: No answer came in time.
            EventValidationError: It does not have the shape of its event. Nothing was sent.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        await self._before_sending(wire_name)
        return await self._ask({"type": wire_name, **fields}, timeout)

    async def _ask(
        self, event: Mapping[str, object], timeout: float | None, change: LoggedChange | None = None
    ) -> ServerEvent:
        """As `_request`; `change` is what the event changes of the configuration, if it was taken in already."""
        request = self._requests.register(event)
        answer = cast("asyncio.Future[ServerEvent]", request.future)
        request.limit = limit = asyncio.timeout(timeout)
        posted = False
        try:
            self.realtime.post(request.event)
            posted = True
            change = change or self._posted(request.event)
            async with limit:
                await self.realtime.flush()
                return await answer
        except ServerError:
            if change is not None:
                self._configuration_log.take_back(change)
            raise
        except TimeoutError as error:
            if not limit.expired():
                raise
            message = f"no {ANSWERS[request.kind]!r} answered {request.kind!r} within {timeout} s"
            raise TimeoutError(message) from error
        finally:
            if change is not None:
                self._configuration_log.settle(change)
            self._requests.give_up(request, sent=posted)

    async def _before_sending(self, name: object) -> None:
        if name == "input_audio_buffer.commit":
            await self._audio.sent()

    def _post(self, event: ClientEvent | ClientEventParam | UnknownEvent | Mapping[str, object]) -> None:
        """Queue an event that nobody waits for the answer of; `realtime.flush` sends it."""
        self.realtime.post(event)
        fields = _fields(event)
        self._requests.note(fields, event)
        if not isinstance(event, UnknownEvent):
            change = self._posted(fields)
            if change is not None:
                self._configuration_log.settle(change)

    def _posted(self, fields: Mapping[str, object]) -> LoggedChange | None:
        """Follow what an event changes here; return a change of the configuration, which may be refused yet."""
        name = fields.get("type")
        if name == "input_audio_buffer.append":
            self._audio.heard_text(fields.get("audio"))
        elif name == "input_audio_buffer.commit":
            self.conversation.queue_input_audio()
        elif name == "input_audio_buffer.clear":
            self._audio.cleared()
        elif name == "conversation.item.create" and fields.get("previous_item_id") == "root":
            item_id = wire_fields(fields.get("item")).get("id")
            if isinstance(item_id, str):
                self.conversation.queue_first_item(item_id)
        elif name == "response.create":
            self._tool_owners.give(fields.get("response"))
        elif name == "session.update":
            self._tool_owners.give(fields.get("session"))
            before = self._configuration.wanted
            # What is no configuration is the service's to refuse: whoever sends events by hand may send any.
            with suppress(ValueError, TypeError):
                session = cast("SessionConfig | SessionConfigParam", fields.get("session"))
                return self._configuration_log.add(before, self._configuration.update(session, {}))
        return None

    def _shares_responses(self) -> bool:
        """Whether others than this client may create responses: turn detection, or whoever made the call."""
        detection = self._configuration.get("audio", "input", "turn_detection")
        creates = bool(detection) and wire_fields(detection).get("create_response") is not False
        return creates or self.realtime.attached_call_id is not None

    def _configure(
        self, session: SessionConfig | SessionConfigParam | None, fields: Mapping[str, object]
    ) -> dict[str, object]:
        """Take a change of the configuration in, if it is right, and return what has to be sent."""
        before = self._configuration.wanted
        change = self._configuration.update(session, fields)
        try:
            self._tools.refuse(self._configuration.manual_tools)
            refuse(change, self._session_report.wire if self.realtime.is_connected() else None, spoke=self._audio.spoke)
            self.realtime.codec.encode({"type": "session.update", "session": change})
        except (ValueError, ProtocolError):
            self._configuration.restore(before)
            raise
        self._tool_owners.give(change)
        return change

    def _session_wire(self, session: Mapping[str, object], *, tools: bool) -> dict[str, object]:
        wire = dict(session)
        if tools and wire.get("type") != "transcription":
            wire["tools"] = [*self._configuration.manual_tools, *self._tools.definitions]
        return wire

    def _post_session(self, session: Mapping[str, object], *, tools: bool) -> None:
        event = {"type": "session.update", "session": self._session_wire(session, tools=tools)}
        self.realtime.post(event)  # not `_post`: the configuration knows it already
        self._requests.note(event)

    def _flush_soon(self) -> None:
        """Send what was posted without making the caller wait; what is sent later still comes later."""
        task = asyncio.create_task(self._flush_quietly())
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)

    async def _flush_quietly(self) -> None:
        with suppress(ConnectionClosed):
            await self.realtime.flush()

    def _is_manual_tool(self, name: str) -> bool:
        return any(wire_fields(tool).get("name") == name for tool in self._configuration.manual_tools)

    def _post_item(self, item: Mapping[str, object]) -> None:
        self._post({"type": "conversation.item.create", "item": item})

    async def _answer_call(self, call_id: str, output: str) -> None:
        self._post_item({"type": "function_call_output", "call_id": call_id, "output": output})
        await self.realtime.flush()


def _fields(event: ClientEvent | ClientEventParam | UnknownEvent | Mapping[str, object]) -> Mapping[str, object]:
    if isinstance(event, UnknownEvent):
        return event.raw
    return wire_fields(event) or cast("Mapping[str, object]", event)
