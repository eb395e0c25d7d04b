"""The responses of a client: asking for them, one at a time in the conversation, and handing each out as it grows."""

from collections.abc import Mapping
from functools import partial
from typing import Unpack, cast

from ._client_base import ClientBase
from ._configuration_log import LoggedChange
from ._connection_options import ClientOptions
from ._generated.realtime.params import ResponseConfigParam
from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.server_events import ResponseCreated
from ._generated.realtime.shared import ConversationItem, ResponseConfig
from ._item_content import as_text
from ._response_log import ResponseLogs
from ._response_sequencer import ResponseSequencer, WhenActive
from ._wire import wire_fields
from .dispatch import ANSWER_TIMEOUT
from .errors import ConnectionClosed, ServerError
from .responses import ResponseHandle
from .utility_events import ItemDelta

__all__ = ["ClientResponses"]

_RESPONSE_TIMEOUT = 60.0


class ClientResponses(ClientBase):
    """The responses of a client."""

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        self._response_timeout = options.pop("response_timeout", _RESPONSE_TIMEOUT)
        super().__init__(**options)
        self._sequencer = ResponseSequencer(self._response_timeout, self._shares_responses, self._response_expired)
        self._logs = ResponseLogs(self._audio.output.taken)
        self._audio.output.logs = self._logs
        self._audio.on_track_audio = self._sequencer.heard
        self._audio.on_track_ended = self._logs.track_ended

    async def create_response(
        self,
        response: ResponseConfig | ResponseConfigParam | None = None,
        *,
        when_active: WhenActive = "wait",
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ResponseHandle:
        """Ask the model to respond. Without turn detection, input audio that was not committed is committed first.

        The conversation takes one response at a time. Who asks while one is active waits for its end, behind those who
        asked before; while the user speaks, and turn detection will answer, behind that answer too. A response out of
        band (`conversation: "none"`) waits for nothing.

        Args:
            response: What is different for this response; default nothing.
            when_active: What to do while a response is active in the conversation: `"wait"`, the default; `"cancel"`
                it, and each that others are waiting to ask for, without waiting for the user; or `"raise"`.
            timeout: Seconds that the service may take to begin the response once it was asked, 10 by default; `None`
                waits until the connection ends. The wait for the active response is not counted.

        Returns:
            The response, which the service has begun.

        Raises:
            ResponseActiveError: A response is active, and `when_active` is `"raise"`.
            ServerError: The service refused it.
            TimeoutError: The service did not answer in time.
            ValueError: `when_active` is none of the three.
            EventValidationError: A dict does not have the shape of `response`.
            ConnectionClosed: There is no connection, or it ended before the response began.
        """
        if when_active not in ("wait", "cancel", "raise"):
            raise ValueError(f"when_active must be 'wait', 'cancel' or 'raise', got {when_active!r}")
        fields: dict[str, object] = {} if response is None else {"response": response}
        # What is wrong is told now, not when its turn has come.
        self.realtime.codec.encode({"type": "response.create", **fields})
        outside = _is_outside(response)
        if when_active == "raise" and not outside:
            self._sequencer.refuse_if_active()
        await self._commit_input_audio()
        if outside:
            return await self._begin_response(fields, timeout)
        begin = partial(self._begin_response, fields, timeout)
        return await self._sequencer.ask(begin, when_active=when_active, cancel=self._cancel_running)

    async def _begin_response(self, fields: Mapping[str, object], timeout: float | None) -> ResponseHandle:
        with self._logs.expecting():
            created = cast("ResponseCreated", await self._request("response.create", fields, timeout))
            return ResponseHandle(self._logs.take(created.response), self._cancel_running)

    def _posted(self, fields: Mapping[str, object]) -> LoggedChange | None:
        # Also what is asked for by hand: whoever asks next must not be refused because of it.
        if fields.get("type") == "response.create" and not _is_outside(fields.get("response")):
            self._sequencer.asked()
        return super()._posted(fields)

    async def _commit_input_audio(self) -> None:
        if self._configuration.turn_detection_type is not None:
            return
        await self._audio.sent()
        if self.conversation.input_audio.pending_samples:
            self._post({"type": "input_audio_buffer.commit"})
            await self.realtime.flush()

    async def _go_on(self) -> None:
        """Ask the model to go on after the calls of a response were answered.

        Input audio is not committed for it: the user, who has not ended the turn, may be speaking.
        """
        begin = partial(self._begin_response, {}, ANSWER_TIMEOUT)
        await self._sequencer.ask(begin, cancel=self._cancel_running)

    async def _cancel_running(self, response_id: str) -> None:
        """Stop a response. One that has ended meanwhile is as good as cancelled."""
        in_conversation = response_id in self._sequencer.in_conversation
        if in_conversation:
            self._audio.output.cancel()
        try:
            await self._request("response.cancel", {"response_id": response_id})
        except ServerError as error:
            if error.code != "response_cancel_not_active":
                raise
        if in_conversation and self.realtime.media is not None:
            await self.output_audio_buffer.clear()

    # What the service says of responses.

    def _grew(self, delta: ItemDelta, item: ConversationItem, fields: Mapping[str, object]) -> None:
        """An event has made an item longer."""
        if delta.audio is not None:
            self._audio.came(delta.audio, item, as_text(fields.get("response_id")))
        elif self._logs:
            log = self._logs.get(fields.get("response_id"))
            if log is not None:
                log.grew(delta)

    def _follow_responses(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        """Take note of an event; those of one response come in the order in which it grows."""
        name = event.type
        self._sequencer.apply(name, fields)
        if name == "response.created":
            self._logs.created(fields.get("response"))
        elif name == "response.output_item.done":
            self._item_of_response(fields.get("response_id"), fields.get("item"))
        elif name == "response.done":
            response = wire_fields(fields.get("response"))
            output = response.get("output")
            for item in cast("list[object]", output) if isinstance(output, list) else ():
                self._item_of_response(response.get("id"), item)
            log = self._logs.get(response.get("id"))
            if log is not None:
                by_track = self.realtime.media is not None and self._audio.output.told_of_track
                log.done(fields.get("response"), by_track=by_track)

    def _item_of_response(self, response_id: object, item: object) -> None:
        log = self._logs.get(response_id)
        item_id = as_text(wire_fields(item).get("id"))
        known = self.conversation.get_item(item_id)
        if log is not None and known is not None:
            log.item_done(known)

    def _response_expired(self, response_id: str) -> None:
        """The service has not gone on with a response for so long that it counts as over."""
        log = self._logs.get(response_id)
        if log is not None:
            log.expire(cast("float", self._response_timeout))

    def _responses_ended(self, closed: ConnectionClosed | None = None, *, expected: bool = True) -> None:
        """The connection has ended, or one is being made."""
        self._sequencer.clear(closed)
        if closed is not None:
            self._logs.connection_ended(closed, expected=expected)


def _is_outside(response: object) -> bool:
    conversation = wire_fields(response).get("conversation")
    return conversation == "none"
