# Generated from schema/realtime/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml), sha256 16e19e69a3ceba441be3420f0ba290594ba65fa13f046ae2d400dfbe3a5d6a56
# by `python -m codegen generate realtime` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""One method for every client event."""

from collections.abc import Mapping
from typing import Final

from realtime_typed._wire import UNSET, UnsetType
from realtime_typed.dispatch import ANSWER_TIMEOUT, SendNamespace

from .shared import ConversationItem, ResponseConfig, SessionConfig
from .params import ConversationItemParam, ResponseConfigParam, SessionConfigParam
from .server_events import ConversationItemAdded, ConversationItemDeleted, ConversationItemRetrieved, ConversationItemTruncated, InputAudioBufferCleared, InputAudioBufferCommitted, ResponseCreated, ResponseDone, SessionUpdated

__all__ = ["ANSWERS", "ConversationItemSends", "InputAudioBufferSends", "OutputAudioBufferSends", "ResponseSends", "SessionSends"]

ANSWERS: Final[Mapping[str, str]] = {
    "session.update": "session.updated",
    "conversation.item.create": "conversation.item.added",
    "conversation.item.delete": "conversation.item.deleted",
    "conversation.item.retrieve": "conversation.item.retrieved",
    "conversation.item.truncate": "conversation.item.truncated",
    "input_audio_buffer.commit": "input_audio_buffer.committed",
    "input_audio_buffer.clear": "input_audio_buffer.cleared",
    "response.create": "response.created",
    "response.cancel": "response.done",
}
"""The event of the service that answers each event of a client, by name; what is not here is not answered."""


class ConversationItemSends(SendNamespace):
    """Sends the `conversation.item.*` events."""

    __slots__ = ()

    async def create(
        self,
        *,
        item: ConversationItem | ConversationItemParam,
        previous_item_id: str | UnsetType = UNSET,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ConversationItemAdded:
        """Send `conversation.item.create` and wait for its `conversation.item.added`. Adds an item to the conversation, such as a typed message, earlier history or the result of a function call; the model answers only once a response is created.

        Args:
            item: The item to add; an assistant message can be added as text only, not as audio.
            previous_item_id: Id of the item to insert after, or `root` to insert at the start; when absent the item is appended, and an unknown id is an error.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "conversation.item.create",
            {"item": item, "previous_item_id": previous_item_id, "event_id": event_id},
            timeout,
            ConversationItemAdded,
        )

    async def delete(
        self,
        *,
        item_id: str,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ConversationItemDeleted:
        """Send `conversation.item.delete` and wait for its `conversation.item.deleted`. Removes an item from the conversation, so that later responses no longer see it; answered by `conversation.item.deleted`, or by an `error` if there is no such item.

        Args:
            item_id: Id of the item to remove.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "conversation.item.delete",
            {"item_id": item_id, "event_id": event_id},
            timeout,
            ConversationItemDeleted,
        )

    async def retrieve(
        self,
        *,
        item_id: str,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ConversationItemRetrieved:
        """Send `conversation.item.retrieve` and wait for its `conversation.item.retrieved`. Asks for an item as the server holds it, including its audio after noise reduction and turn detection; answered by `conversation.item.retrieved`.

        Args:
            item_id: Id of the item to fetch; an id the conversation does not hold is an `error`.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "conversation.item.retrieve",
            {"item_id": item_id, "event_id": event_id},
            timeout,
            ConversationItemRetrieved,
        )

    async def truncate(
        self,
        *,
        item_id: str,
        content_index: int,
        audio_end_ms: int,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ConversationItemTruncated:
        """Send `conversation.item.truncate` and wait for its `conversation.item.truncated`. Cuts an assistant message to the audio the user really heard, for use after an interruption over WebSocket; answered by `conversation.item.truncated`.

        Args:
            item_id: Id of the assistant message to cut; only audio that the model produced can be truncated.
            content_index: Zero-based position of the audio part in the message's `content`; 0 in practice.
            audio_end_ms: Milliseconds of audio to keep, counted from the start of the part; more than the server holds is an `error`.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "conversation.item.truncate",
            {"item_id": item_id, "content_index": content_index, "audio_end_ms": audio_end_ms, "event_id": event_id},
            timeout,
            ConversationItemTruncated,
        )


class InputAudioBufferSends(SendNamespace):
    """Sends the `input_audio_buffer.*` events."""

    __slots__ = ()

    async def append(
        self,
        *,
        audio: str,
        event_id: str | UnsetType = UNSET,
    ) -> None:
        """Send `input_audio_buffer.append`. Adds audio to the input buffer, where turn detection listens to it; the server sends no confirmation, and over WebRTC the media track carries the audio instead.

        Args:
            audio: Base64 of raw audio in the session's input format, at most 15 MiB in one event; small chunks let turn detection react sooner.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.

        Raises:
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection.
        """
        await self._send(
            "input_audio_buffer.append",
            {"audio": audio, "event_id": event_id},
        )

    async def clear(
        self,
        *,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> InputAudioBufferCleared:
        """Send `input_audio_buffer.clear` and wait for its `input_audio_buffer.cleared`. Throws away the audio that was appended but not yet committed; answered by `input_audio_buffer.cleared`.

        Args:
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "input_audio_buffer.clear",
            {"event_id": event_id},
            timeout,
            InputAudioBufferCleared,
        )

    async def commit(
        self,
        *,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> InputAudioBufferCommitted:
        """Send `input_audio_buffer.commit` and wait for its `input_audio_buffer.committed`. Turns the buffered audio into a user message without starting a response; needed only when turn detection is off, and an `error` when the buffer holds less than 100 ms.

        Args:
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "input_audio_buffer.commit",
            {"event_id": event_id},
            timeout,
            InputAudioBufferCommitted,
        )


class OutputAudioBufferSends(SendNamespace):
    """Sends the `output_audio_buffer.*` events."""

    __slots__ = ()

    async def clear(
        self,
        *,
        event_id: str | UnsetType = UNSET,
    ) -> None:
        """Send `output_audio_buffer.clear`. Stops the audio the server is playing out, over WebRTC and SIP only; send `response.cancel` first, so that no more of it is generated.

        Args:
            event_id: Id chosen by the sender; an `error` that this event causes names it in `error.event_id`.

        Raises:
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection.
        """
        await self._send(
            "output_audio_buffer.clear",
            {"event_id": event_id},
        )


class ResponseSends(SendNamespace):
    """Sends the `response.*` events."""

    __slots__ = ()

    async def cancel(
        self,
        *,
        response_id: str | UnsetType = UNSET,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ResponseDone:
        """Send `response.cancel` and wait for its `response.done`. Stops a response that is being generated; answered by `response.done` with status `cancelled`, or by a harmless `error` when nothing is running.

        Args:
            response_id: Id of the response to stop; when absent, the one in progress in the default conversation.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "response.cancel",
            {"response_id": response_id, "event_id": event_id},
            timeout,
            ResponseDone,
        )

    async def create(
        self,
        *,
        response: ResponseConfig | ResponseConfigParam | UnsetType = UNSET,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> ResponseCreated:
        """Send `response.create` and wait for its `response.created`. Asks the model for a response; needed after function results and when turn detection does not do it, and refused while the default conversation already has one running.

        Args:
            response: Settings that replace those of the session for this response only; when absent the session's apply.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "response.create",
            {"response": response, "event_id": event_id},
            timeout,
            ResponseCreated,
        )


class SessionSends(SendNamespace):
    """Sends the `session.*` events."""

    __slots__ = ()

    async def update(
        self,
        *,
        session: SessionConfig | SessionConfigParam,
        event_id: str | UnsetType = UNSET,
        timeout: float | None = ANSWER_TIMEOUT,
    ) -> SessionUpdated:
        """Send `session.update` and wait for its `session.updated`. Changes the fields of the session that it carries and leaves the others alone; answered by `session.updated` with the whole configuration, or by an `error` with nothing changed.

        Args:
            session: The settings to change; absent fields stay as they are, while `null` or an empty value switches a feature off, and `type` must always be sent.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.
            timeout: Seconds to wait for the answer, 10 by default; `None` waits until the connection ends.

        Returns:
            The event of the service that answers this one.

        Raises:
            ServerError: The service refused it.
            TimeoutError: No answer came in time.
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        return await self._request(
            "session.update",
            {"session": session, "event_id": event_id},
            timeout,
            SessionUpdated,
        )
