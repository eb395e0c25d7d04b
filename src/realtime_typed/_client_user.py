"""What an application says to the model in the name of its user."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, TypedDict, cast

import numpy as np

from . import audio
from ._client_seed import ClientSeed
from ._generated.realtime.params import InputImagePartParam, InputTextPartParam
from ._generated.realtime.shared import UserContentPart
from ._wire import WireModel, to_plain
from .content import InputImage, image_part
from .responses import ResponseHandle

__all__ = ["ClientUser", "InputAudio", "UserContent"]


class InputAudio(TypedDict):
    """Audio of the user inside a message: base64 text, bytes, or an int16 or float32 array, in the session's format."""

    type: Literal["input_audio"]
    audio: str | audio.AudioData


UserContent = UserContentPart | InputTextPartParam | InputImagePartParam | InputAudio | InputImage
"""One part of a user's message."""


def _checked(content: object) -> list[Mapping[str, object]]:
    """The parts of a message as they are on the wire. Whoever does without a type checker gives a text at times."""
    kind = type(content).__name__
    if isinstance(content, str | bytes | Mapping) or not isinstance(content, Iterable):
        raise TypeError(
            "content must be a list of parts, such as [{'type': 'input_text', 'text': …}], got "
            f"{kind}; `send_text` takes a text alone"
        )
    parts: list[Mapping[str, object]] = []
    for part in cast("Iterable[object]", content):
        wire = part.to_wire() if isinstance(part, WireModel) else part
        if not isinstance(wire, Mapping):
            raise TypeError(f"a part must be a dict or a model, such as InputTextPart, got {type(part).__name__}")
        parts.append(cast("Mapping[str, object]", wire))
    return parts


class ClientUser(ClientSeed):
    """What an application says to the model in the name of its user."""

    async def send_user_message_content(self, content: Sequence[UserContent] = ()) -> ResponseHandle:
        """Add a message of the user and ask the model to respond, as `create_response` does.

        Args:
            content: The parts: `{"type": "input_text", "text": …}`, `{"type": "input_audio", "audio": …}` with base64,
                bytes or an array in the session's input format, `{"type": "input_image", "image": …}` with bytes, a
                path or a URL (see `InputImage`), or with `image_url`, or the parts' models. With no parts, only the
                response is asked for.

        Returns:
            The response, which the service has begun.

        Raises:
            ServerError: The service refused the response.
            TimeoutError: The service did not begin the response in time.
            EventValidationError: A part does not have the shape of its type.
            TypeError: `content` is no list of parts; nothing is sent then.
            ValueError: An image is none, is too large, or is text that is no URL; nothing is sent then.
            OSError: The file of an image cannot be read; nothing is sent then.
            MessageTooLargeError: The message is larger than a WebRTC connection's data channel carries.
            ConnectionClosed: There is no connection.
        """
        if content:
            item: dict[str, object] = {"type": "message", "role": "user"}
            parts, samples = await self._user_parts(content)
            if samples is not None:
                # The service does not send audio back, so the item must be known by an id of our own. 32 is its limit.
                item["id"] = f"item_{secrets.token_hex(13)}"
            item["content"] = parts
            self._post_item(item)
            if samples is not None:
                self.conversation.queue_item_audio(cast("str", item["id"]), samples)
                self.usage.audio_sent(len(samples), self.conversation.input_audio.rate)
            await self.realtime.flush()
        return await self.create_response()

    async def send_text(self, text: str) -> ResponseHandle:
        """Add a message of the user that is one text, and ask the model to respond: the short form of the above.

        Args:
            text: What the user says.

        Returns:
            The response. Errors are those of `send_user_message_content`.
        """
        return await self.send_user_message_content([{"type": "input_text", "text": text}])

    async def _user_parts(self, content: Sequence[UserContent]) -> tuple[list[object], audio.Int16Array | None]:
        parts: list[object] = []
        spoken: list[audio.Int16Array] = []
        for part in _checked(content):
            wire = await image_part(part)
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

    async def append_input_audio(
        self, data: audio.AudioData, *, sample_rate: int | None = None, channels: int = 1
    ) -> None:
        """Add to the user's speech: over WebRTC to the outgoing track, else by `input_audio_buffer.append`.

        Over WebRTC it is sent in real time, with silence whenever nothing is there to send. What is ahead of real time
        waits, 30 seconds of it at most; then this waits for room (or drops the oldest; see `WebRtcOptions`). A commit
        waits until everything that was appended has been sent.

        Args:
            data: Without `sample_rate`: bytes in the session's input format (16-bit little-endian PCM at 24,000 Hz
                unless it was changed), or an int16 or float array of shape `(samples,)`, mono, at that format's rate.
            sample_rate: The samples a second of `data`; bytes are 16-bit little-endian PCM then. It is converted as one
                stream, of which a few samples wait for what is appended next, or for the commit.
            channels: How many channels `data` has, interleaved or in the shape `(samples, channels)`; they are
                averaged. Bytes of several are 16-bit little-endian PCM. Default 1.

        Raises:
            TypeError: It is no audio.
            ValueError: It holds half a sample, has another number of channels, or the rate is out of its range.
            ImportError: The rate is not the session's, and the extra `audio` is not installed.
            RuntimeError: The client was given an `audio_track` of its own.
            ConnectionClosed: There is no connection.
        """
        await self._audio.append(data if channels == 1 else audio.pcm16_array(data, channels=channels), sample_rate)
