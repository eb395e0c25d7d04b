"""`RealtimeClient`: what an application calls. How it works inside is `_client_core`'s business."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict, Unpack, cast

import numpy as np

from . import audio
from ._client_core import ClientCore
from ._client_media import AudioOutput
from ._generated.realtime.params import InputImagePartParam, InputTextPartParam, SessionConfigParam
from ._generated.realtime.registry import ClientEvent, ServerEvent
from ._generated.realtime.shared import ConversationItem, SessionConfig, UserContentPart
from ._generated.realtime.typed_events import RealtimeEventName
from ._item_content import content_parts
from ._session_change import SessionChange
from ._wire import UnknownEvent, WireModel, to_plain, wire_fields
from .errors import ConversationError
from .session import SessionFields
from .tools import Tool, ToolDefinition, ToolHandler
from .utility_events import (
    ConnectionStateChanged,
    ConversationInterrupted,
    ConversationItemAppended,
    ConversationItemCompleted,
    ConversationUpdated,
    RealtimeEvent,
)

if TYPE_CHECKING:
    from aiortc import MediaStreamTrack

__all__ = ["ClientOwnEvent", "InputAudio", "RealtimeClient", "SessionChange", "UserContent"]


class InputAudio(TypedDict):
    """Audio of the user inside a message: base64 text, bytes, or an int16 or float32 array, in the session's format."""

    type: Literal["input_audio"]
    audio: str | audio.AudioData


UserContent = UserContentPart | InputTextPartParam | InputImagePartParam | InputAudio
"""One part of a user's message."""


ClientOwnEvent: TypeAlias = (
    ConversationUpdated
    | ConversationItemAppended
    | ConversationItemCompleted
    | ConversationInterrupted
    | RealtimeEvent
    | ConnectionStateChanged
)
"""The events that a client makes itself."""


class RealtimeClient(ClientCore):
    """A client of the Realtime API.

    ::

        async with RealtimeClient(api_key="…") as client:
            await client.update_session(instructions="Be brief.", output_modalities=["text"])
            await client.send_user_message_content([{"type": "input_text", "text": "Hello!"}])
            item = await client.wait_for_next_completed_item()

    As a context manager it connects and disconnects. As an async iterator it gives the events of the service; up to 64
    events that came before the first iteration are kept for it. The iteration ends when the connection was closed in
    agreement, and raises `ConnectionClosed` when it was lost.

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

    Attributes:
        realtime: The connection, with the events of both directions.
        conversation: The items and how they grow.
        input_audio_buffer: Sends `input_audio_buffer.append`, `.commit` and `.clear`.
        output_audio_buffer: Sends `output_audio_buffer.clear`.
        response: Sends `response.create` and `.cancel`.
        session: Sends `session.update`.
    """

    # The session.

    def get_turn_detection_type(self) -> str | None:
        """How turns end: `"server_vad"`, `"semantic_vad"`, or `None` when the application commits them itself."""
        return self._configuration.turn_detection_type

    async def update_session(
        self, session: SessionConfig | SessionConfigParam | None = None, /, **fields: Unpack[SessionFields]
    ) -> None:
        """Change the session's configuration, now or, when there is no connection, with the next one.

        Args:
            session: A GA session object.
            **fields: GA fields or the reference client's flat names (`voice=`, `turn_detection=`,
                `input_audio_format="pcm16"`, …); see `SessionFields`. What is not given stays as it is, and `None` is
                sent as `null`.

        Raises:
            ValueError: A field does not exist in the GA protocol, or is given twice with different values.
            EventValidationError: The change does not have the shape of a session; nothing has changed then.
            ConnectionClosed: The connection ended before the change was sent.
        """
        change = self._configure(session, cast("Mapping[str, object]", fields))
        if self.is_connected():
            self._post_session(change, tools="tools" in change)
            await self.realtime.flush()

    # Tools.

    def add_tool(self, definition: ToolDefinition, handler: ToolHandler) -> SessionChange:
        """Register a function that the model may call.

        When the model calls it, the handler gets the arguments as a dict; what it returns is sent back (text as it is,
        everything else as JSON), and the model is asked to go on once all calls of the response are answered. A handler
        that raises is answered with `{"error": "…"}` and reported to the event loop's exception handler.

        Args:
            definition: `name`, `description` and `parameters` (a JSON schema), as a dict or a `FunctionTool`.
            handler: A function or coroutine function that takes the arguments.

        Returns:
            The change; while connected, ``await client.add_tool(…)`` also waits until the service was told. Without
            `await` it is told in the background, before anything that is sent later.

        Raises:
            ValueError: The definition has no name, or a tool of that name exists.
            TypeError: The handler cannot be called.
        """
        if self._is_manual_tool(str(wire_fields(definition).get("name"))):
            raise ValueError("a tool of that name was given to update_session(tools=…); remove it there first")
        return self._tools_changed(self._tools.add(definition, handler))

    def remove_tool(self, name: str) -> SessionChange:
        """Take a tool out, and tell the service, as `add_tool` does.

        Raises:
            ValueError: There is no tool of that name.
        """
        return self._tools_changed(self._tools.remove(name))

    def _tools_changed(self, tool: Tool) -> SessionChange:
        if not self.is_connected():
            return SessionChange(tool)
        self._post_session({"type": self._configuration.get("type")}, tools=True)
        self._flush_soon()
        return SessionChange(tool, self.realtime.flush)

    # What the user says.

    async def send_user_message_content(self, content: Sequence[UserContent] = ()) -> None:
        """Add a message of the user and ask the model to respond.

        Args:
            content: The parts: `{"type": "input_text", "text": …}`, `{"type": "input_audio", "audio": …}` with base64,
                bytes or an array in the session's input format, `{"type": "input_image", "image_url": …}`, or their
                models. With no parts, only the response is asked for.

        Raises:
            EventValidationError: A part does not have the shape of its type.
            ConnectionClosed: There is no connection.
        """
        if content:
            item: dict[str, object] = {"type": "message", "role": "user"}
            parts, samples = self._user_parts(content)
            if samples is not None:
                # The service does not send audio back, so the item must be known by an id of our own. 32 is its limit.
                item["id"] = f"item_{secrets.token_hex(13)}"
            item["content"] = parts
            self._post_item(item)
            if samples is not None:
                self.conversation.queue_item_audio(cast("str", item["id"]), samples)
        await self.create_response()

    def _user_parts(self, content: Sequence[UserContent]) -> tuple[list[object], audio.Int16Array | None]:
        parts: list[object] = []
        spoken: list[audio.Int16Array] = []
        for part in content:
            wire = part.to_wire() if isinstance(part, WireModel) else dict(part)
            if wire.get("type") == "input_audio":
                data, samples = self._input_audio(wire.get("audio"))
                wire["audio"] = audio.encode_base64(data)
                spoken.append(samples)
            parts.append(to_plain(wire))
        return parts, np.concatenate(spoken) if spoken else None

    def _input_audio(self, given: object) -> tuple[bytes, audio.Int16Array]:
        """Audio of the application as bytes in the session's format, and as samples."""
        name = cast("audio.AudioFormatName", self._configuration.input_format)
        if isinstance(given, str):
            given = audio.decode_base64(given)
        if isinstance(given, (bytes, bytearray, memoryview)):
            data = bytes(cast("bytes", given))
            return data, audio.decode_audio(data, name)
        data = audio.encode_audio(cast("audio.AudioData", given), name)
        return data, audio.decode_audio(data, name)

    async def append_input_audio(self, data: audio.AudioData, *, sample_rate: int | None = None) -> None:
        """Add to the user's speech: over WebRTC to the outgoing track, else by `input_audio_buffer.append`.

        Over WebRTC it is sent in real time, with silence whenever nothing is there to send. What is ahead of real time
        waits, 30 seconds of it at most; then this waits for room (or drops the oldest; see `WebRtcOptions`). A commit
        waits until everything that was appended has been sent.

        Args:
            data: Without `sample_rate`: bytes in the session's input format (16-bit little-endian PCM at 24,000 Hz
                unless it was changed), or an int16 or float array of shape `(samples,)`, mono, at that format's rate.
            sample_rate: The samples a second of `data`; bytes are 16-bit little-endian PCM then. It is converted as one
                stream, of which a few samples wait for what is appended next, or for the commit.

        Raises:
            TypeError: It is no audio.
            ValueError: It holds half a sample, has more than one channel, or the rate is out of its range.
            ImportError: The rate is not the session's, and the extra `audio` is not installed.
            RuntimeError: The client was given an `audio_track` of its own.
            ConnectionClosed: There is no connection.
        """
        await self._audio.append(data, sample_rate)

    # What the model says.

    @property
    def audio_output(self) -> AudioOutput:
        """The model's speech from now on, as an async iterator of `OutputAudio`; each reading gives a new one.

        ::

            async for piece in client.audio_output:
                speaker.write(piece.samples)

        Over a WebSocket the pieces come as fast as the service makes them, over WebRTC in real time. The iteration ends
        with the connection, as that over the client's events does.
        """
        return self._audio.stream()

    @property
    def remote_audio_track(self) -> "MediaStreamTrack":
        """What the service sends over WebRTC, silence included, as a track of `aiortc`, for instance to record it.

        It takes nothing away from `audio_output`. A track that is read falls behind unless it is read all the time.

        Raises:
            RuntimeError: There is no connection, or not one over WebRTC.
        """
        media = self.realtime.media
        track = None if media is None else media.remote_audio_track
        if track is None:
            raise RuntimeError("there is no remote audio track: connect with transport='webrtc' first")
        return track

    async def cancel_response(self, item_id: str | None = None, sample_count: int = 0) -> ConversationItem | None:
        """Stop the response in progress, and cut its audio to what the user heard. `audio_output` forgets what waits.

        Over WebRTC the service knows what was played and cuts it itself: `response.cancel` and
        `output_audio_buffer.clear` are sent, no `conversation.item.truncate`.

        Args:
            item_id: The item that was being played; `None` only cancels.
            sample_count: How many samples of it were played, at the rate of the session's output audio. Over WebRTC it
                is not needed.

        Returns:
            The item, `None` when none was named.

        Raises:
            ConversationError: There is no such item, or it is no message of the assistant with audio.
            ValueError: `sample_count` is negative.
            ConnectionClosed: There is no connection.
        """
        if sample_count < 0:
            raise ValueError(f"sample_count must not be negative, got {sample_count}")
        item = None if item_id is None else self._cut_item(item_id)
        self._audio.output.cancel()
        await self.response.cancel()
        if self.realtime.media is not None:
            await self.output_audio_buffer.clear()
        elif item is not None:
            kinds = [wire_fields(part).get("type") for part in content_parts(item)]
            index = next(position for position, kind in enumerate(kinds) if kind in ("output_audio", "audio"))
            heard = min(sample_count, item.formatted.audio_samples)
            end = heard * 1000 // self.conversation.output_sample_rate
            await self.conversation.item.truncate(item_id=cast("str", item.id), content_index=index, audio_end_ms=end)
        return item

    def _cut_item(self, item_id: str) -> ConversationItem:
        """The item, if its audio can be cut."""
        item = self.conversation.require_item(item_id)
        if wire_fields(item).get("role") != "assistant":
            raise ConversationError(item_id, "is no message of the assistant, so it cannot be cut")
        kinds = [wire_fields(part).get("type") for part in content_parts(item)]
        if not {"output_audio", "audio"} & set(kinds):
            raise ConversationError(item_id, "has no audio, so it cannot be cut")
        return item

    async def delete_item(self, item_id: str) -> None:
        """Ask the service to delete an item; `conversation.item.deleted` answers."""
        await self.conversation.item.delete(item_id=item_id)

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
