# Generated from schema/translation/ (facts.json, overlay.yaml, docs.yaml, protocol.yaml, ../realtime/overlay.yaml, ../realtime/docs.yaml), sha256 6514a65d2c4d8fbe77332c22fd06a96c5902fbadbeeb110970ff114c7256769f
# by `python -m codegen generate translation` with datamodel-code-generator 0.89.0. Do not edit.
# Source: github.com/openai/openai-openapi, openapi.json at commit f85dbe2 (2026-08-21), MIT licence; descriptions removed, facts kept
"""One method for every client event."""

from realtime_typed._wire import UNSET, UnsetType
from realtime_typed.dispatch import SendNamespace

from .shared import TranslationSessionUpdate
from .params import TranslationSessionUpdateParam

__all__ = ["SessionSends", "SessionInputAudioBufferSends"]


class SessionSends(SendNamespace):
    """Sends the `session.*` events."""

    __slots__ = ()

    async def close(
        self,
        *,
        event_id: str | UnsetType = UNSET,
    ) -> None:
        """Send `session.close`. Says that no more audio follows: the service translates what it has, then answers `session.closed`.

        Args:
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.

        Raises:
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection.
        """
        await self._send(
            "session.close",
            {"event_id": event_id},
        )

    async def update(
        self,
        *,
        session: TranslationSessionUpdate | TranslationSessionUpdateParam,
        event_id: str | UnsetType = UNSET,
    ) -> None:
        """Send `session.update`. Changes the session: the language that is spoken back, the transcript of what was said, noise reduction; answered by `session.updated`, or by an `error` that leaves everything as it was.

        Args:
            session: What to change; what is absent stays as it is.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.

        Raises:
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection.
        """
        await self._send(
            "session.update",
            {"session": session, "event_id": event_id},
        )


class SessionInputAudioBufferSends(SendNamespace):
    """Sends the `session.input_audio_buffer.*` events."""

    __slots__ = ()

    async def append(
        self,
        *,
        audio: str,
        event_id: str | UnsetType = UNSET,
    ) -> None:
        """Send `session.input_audio_buffer.append`. Adds audio to be translated; the service sends no confirmation, and works in frames of 200 ms.

        Args:
            audio: Base64 of 24 kHz PCM: 16-bit signed little-endian samples, one channel.
            event_id: Id chosen by the sender, at most 512 characters; an `error` that this event causes names it in `error.event_id`.

        Raises:
            EventValidationError: A dict does not have the shape of the event.
            ConnectionClosed: There is no connection.
        """
        await self._send(
            "session.input_audio_buffer.append",
            {"audio": audio, "event_id": event_id},
        )
