"""What the model says, and how to stop it."""

from typing import TYPE_CHECKING, cast

from ._client_media import AudioOutput
from ._client_user import ClientUser
from ._generated.realtime.shared import ConversationItem
from ._interruption import audio_index
from ._wire import wire_fields
from .errors import ConnectionClosed, ConversationError
from .utility_events import ConversationInterrupted

if TYPE_CHECKING:
    from aiortc import MediaStreamTrack

__all__ = ["ClientModel"]


class ClientModel(ClientUser):
    """What the model says, and how to stop it."""

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
        heard = 0 if item is None else self._stop_playback(item, sample_count)
        await self._send_fields({"type": "response.cancel"})  # the answer is not worth a wait: what is heard has ended
        if self.realtime.media is not None:
            await self.output_audio_buffer.clear()
        elif item is not None:
            index = cast("int", audio_index(item))
            end = heard * 1000 // self.conversation.output_sample_rate
            cut = {"item_id": cast("str", item.id), "content_index": index, "audio_end_ms": end}
            await self._send_fields({"type": "conversation.item.truncate", **cut})
        return item

    def _stop_playback(self, item: ConversationItem, sample_count: int) -> int:
        """Stop the playback clocks, and say how much of the item was heard: no more than came and was not cut yet."""
        item_id = cast("str", item.id)
        known = item_id in self.playback
        heard = min(sample_count, self.playback.received(item_id) if known else item.formatted.audio_received)
        self.playback.cut(item_id, heard)
        self.playback.stop()
        return heard

    async def interrupt(self) -> ConversationInterrupted:
        """Stop the model as when the user begins to speak: for push to talk, or a button.

        The response that runs is cancelled, `audio_output` forgets what waits, and each message is cut to what
        `playback` says was heard; over WebRTC the service cuts. What `Interruption.when` says does not matter.

        Returns:
            What was heard; its `item_id` and `audio_start_ms` are `None`, as no speech was.

        Raises:
            ConnectionClosed: There is no connection.
        """
        if not self.is_connected():
            raise ConnectionClosed(1006, "not connected; call connect() first")
        found = self._interrupt(by_service=False)
        await self.realtime.flush()
        return ConversationInterrupted(None, None, found.item_id, found.response_id, found.heard_ms)

    def _cut_item(self, item_id: str) -> ConversationItem:
        """The item, if its audio can be cut."""
        item = self.conversation.require_item(item_id)
        if wire_fields(item).get("role") != "assistant":
            raise ConversationError(item_id, "is no message of the assistant, so it cannot be cut")
        if audio_index(item) is None:
            raise ConversationError(item_id, "has no audio, so it cannot be cut")
        return item

    async def delete_item(self, item_id: str) -> None:
        """Delete an item, and wait until the service has done so.

        Raises:
            ServerError: The service refused it, for instance because there is no such item.
            TimeoutError: The service did not answer within 10 seconds.
            ConnectionClosed: There is no connection, or it ended before the answer came.
        """
        await self.conversation.item.delete(item_id=item_id)
