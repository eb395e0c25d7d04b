"""`RealtimeClient`: what an application calls. How it works inside is `_client_core`'s business."""

from collections.abc import Callable
from typing import TypeAlias, cast

from ._client_model import ClientModel
from ._client_user import InputAudio, UserContent
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.shared import ConversationItem
from ._generated.realtime.typed_events import RealtimeEventName
from ._session_change import SessionChange
from ._wire import UnknownEvent
from .utility_events import (
    ConnectionLost,
    ConnectionRestored,
    ConnectionStateChanged,
    ConversationInterrupted,
    ConversationItemAppended,
    ConversationItemCompleted,
    ConversationItemDropped,
    ConversationUpdated,
    EventsDropped,
    HandlerErrorEvent,
    InputAudioDropped,
    RealtimeEvent,
    ToolErrorEvent,
)

__all__ = ["ClientOwnEvent", "InputAudio", "RealtimeClient", "SessionChange", "UserContent"]


ClientOwnEvent: TypeAlias = (
    ConversationUpdated
    | ConversationItemAppended
    | ConversationItemCompleted
    | ConversationItemDropped
    | ConversationInterrupted
    | RealtimeEvent
    | ConnectionStateChanged
    | ConnectionLost
    | ConnectionRestored
    | ToolErrorEvent
    | HandlerErrorEvent
    | EventsDropped
    | InputAudioDropped
)
"""The events that a client makes itself."""


class RealtimeClient(ClientModel):
    """A client of the Realtime API.

    ::

        async with RealtimeClient(api_key="…") as client:
            await client.update_session(instructions="Be brief.", output_modalities=["text"])
            await client.send_user_message_content([{"type": "input_text", "text": "Hello!"}])
            item = await client.wait_for_next_completed_item()

    As a context manager it connects and disconnects. As an async iterator it gives the events of the service; the
    events that came before the first iteration are kept for it, unless they are more than 64: then it begins with
    what comes next. The iteration ends when the connection was closed in agreement, and raises `ConnectionClosed` when
    it was lost.

    Args:
        api_key: See `RealtimeAPI`, as for all other arguments that are not described here.
        model: The model to talk to.
        base_url: Where the service is.
        transport: How to reach it.
        validation: How much events have to fit their schema; see `Codec`.
        dialect: What the service speaks, `"ga"`, `"beta"` or `"auto"`; events are those of GA; see `RealtimeAPI`.
        debug: Log frames, without keys, audio and images.
        call_id: Attach to a running call; its configuration is left alone until `update_session` is called.
        intent: `"transcription"` starts a session that only transcribes: commit the audio, and read the transcripts.
        extra_headers: HTTP headers to add to the handshake.
        organization: Sent as `OpenAI-Organization`.
        project: Sent as `OpenAI-Project`.
        safety_identifier: Sent as `OpenAI-Safety-Identifier`.
        websocket: Options of the WebSocket.
        webrtc: Options of a WebRTC connection.
        audio_track: Over WebRTC, a track of your own to send instead of `append_input_audio`; its audio is not kept.
        ephemeral_key: A short-lived key, or what gives one at every connect.
        fetch_ephemeral_key_url: Where to fetch one at every connect.
        fetch_ephemeral_key_headers: HTTP headers for that.
        dangerously_allow_api_key_in_browser: Take a standard API key in a browser's Python.
        azure_endpoint: An Azure resource to use instead of `base_url`.
        azure_deployment: The deployment there.
        azure_api_version: A version for Azure's preview URLs; none for its GA URLs.
        azure_ad_token_provider: Gives tokens of Microsoft Entra.
        send_queue: How much may wait to be sent, and what happens then; see `SendQueue`.
        handlers: How handlers run, one at a time or several, and what may wait for them; see `HandlerPolicy`.
        audio_retention: How much audio the conversation keeps: `"all"` (default), `"none"`, or a number of seconds; see
            `Conversation`.
        max_items: How many items the conversation keeps; `None` (default) for all. Beyond it the oldest complete one is
            dropped, of which `conversation.item.dropped` tells; the service keeps it.
        interruption: What happens when the user begins to speak while the model is heard; see `Interruption`. `True` is
            `"always"`, `False` is `"never"`, `None` (default) is `"service"`: as the service does.
        response_timeout: Seconds without any event of a response after which it counts as failed, so that the next one
            can be asked for. Default 60; `None` waits until the connection ends.
        reconnect: Whether a lost connection is made anew, with the session's configuration, tools and history:
            `True`, `False`, or how, as a `ReconnectPolicy`. `None` (default) is yes inside of ``async with``, and no
            for `connect` and `disconnect`. `connection.lost` and `connection.restored` tell of it.

    Attributes:
        realtime: The connection, with the events of both directions.
        conversation: The items and how they grow.
        playback: How much of each item was heard; an application that knows better says so here.
        input_audio_buffer: Sends `input_audio_buffer.append`, `.commit` and `.clear`.
        output_audio_buffer: Sends `output_audio_buffer.clear`.
        response: Sends `response.create` and `.cancel`.
        session: Sends `session.update`; `session.config` is the configuration in force.
        usage: What was used: tokens, transcriptions, seconds of audio.
    """

    # Events under the reference client's names. `on`, `wait_for` and `events` are the typed forms.

    def on_next(self, name: RealtimeEventName, handler: Callable[..., object]) -> None:
        """Call `handler` for the next event of that name only; ``client.events[name].once`` is the typed form."""
        self._channels[name].once(handler)

    def off(self, name: RealtimeEventName, handler: Callable[..., object] | None = None) -> None:
        """Remove `handler`, or every handler, of that name.

        Raises:
            ValueError: There is no event of that name, or `handler` is not registered for it.
        """
        self._off(name, handler, once_only=False)

    def off_next(self, name: RealtimeEventName, handler: Callable[..., object] | None = None) -> None:
        """Remove `handler`, or every handler, that waits for the next event of that name only.

        Raises:
            ValueError: There is no event of that name, or `handler` does not wait for it.
        """
        self._off(name, handler, once_only=True)

    async def wait_for_next(
        self, name: RealtimeEventName, timeout: float | None = None
    ) -> ServerEvent | ClientEvent | ClientOwnEvent | UnknownEvent | None:
        """Wait for the next event of that name; `wait_for` is the typed form, which raises when time is up.

        Args:
            name: The event's name.
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.

        Returns:
            The event, or `None` when it did not come in time.

        Raises:
            ConnectionClosed: The connection ended first.
        """
        try:
            event = await self._channels[name].wait(timeout)
        except TimeoutError:
            return None
        return cast("ServerEvent | ClientEvent | ClientOwnEvent | UnknownEvent", event)

    async def wait_for_next_item(self, timeout: float | None = None) -> ConversationItem:
        """Wait for the next item that appears in the conversation; it may still be growing.

        Args:
            timeout: Seconds to wait; `None`, the default, waits until the connection ends.

        Raises:
            TimeoutError: None came in time.
            ConnectionClosed: The connection ended first.
        """
        return (await self.wait_for("conversation.item.appended", timeout)).item

    async def wait_for_next_completed_item(self, timeout: float | None = None) -> ConversationItem:
        """Wait for the next item that becomes complete. Arguments and errors are those of `wait_for_next_item`."""
        return (await self.wait_for("conversation.item.completed", timeout)).item
