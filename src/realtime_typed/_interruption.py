"""What has to happen when the user begins to speak while the model does. Pure: no asyncio; it says what to send.

The service's side (PROTOCOL of the Realtime API): with `interrupt_response`, the default of turn detection, it cancels
the response by itself. Over WebRTC it then also drops what it has not played, and truncates; over a WebSocket it cannot
know what was heard, and the client has to send `conversation.item.truncate`.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from ._generated.realtime.shared import ConversationItem
from ._item_content import content_parts
from ._track_audio import HeardTrack
from ._wire import wire_fields
from .conversation import Conversation
from .playback import PlaybackTracker

__all__ = ["Interrupted", "Interrupter", "Interruption", "audio_index"]

_Event: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """What a client does when the user begins to speak while the model is heard.

    Attributes:
        when: `"service"`, the default: whenever the service interrupts, which is while turn detection is on, unless its
            `interrupt_response` is `False`. `"always"`: whenever turn detection hears the user; the client cancels
            the response where the service does not. `"never"`: the application does it, or nobody.
        unheard: What becomes of messages that came and of which nothing was heard: `"keep"`, the default, leaves them
            in the conversation; `"delete"` sends `conversation.item.delete`. Over WebRTC that is the service's to know.
        clock: The clock of `RealtimeClient.playback`, in seconds. Default `time.monotonic`.
    """

    when: Literal["service", "always", "never"] = "service"
    unheard: Literal["keep", "delete"] = "keep"
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def of(cls, given: "Interruption | bool | None") -> "Interruption":
        """The policy that the client's `interruption` stands for."""
        if isinstance(given, Interruption):
            return given
        return cls() if given is None else cls(when="always" if given else "never")


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What was interrupted.

    Attributes:
        item_id: The message that was heard; `None` when none was.
        response_id: Its response, or the one that runs; `None` when none does.
        heard_ms: How many milliseconds of the message were heard; `None` without one.
        events: What has to be sent, in order.
    """

    item_id: str | None
    response_id: str | None
    heard_ms: int | None
    events: tuple[_Event, ...] = ()


def audio_index(item: ConversationItem) -> int | None:
    """The `content_index` of an item's first audio part; `None` when it has none."""
    for index, part in enumerate(content_parts(item)):
        if wire_fields(part).get("type") in ("output_audio", "audio"):
            return index
    return None


class Interrupter:
    """Knows what is being said, and what to send to stop it.

    Args:
        policy: When to interrupt.
        playback: What was heard.
        conversation: The items.
    """

    def __init__(self, policy: Interruption, playback: PlaybackTracker, conversation: Conversation) -> None:
        self._policy = policy
        self._playback = playback
        self._conversation = conversation
        self._active: str | None = None

    def open(self) -> None:
        """A connection is being made."""
        self._active = None
        self._playback.clear()

    def response_began(self, response_id: str) -> None:
        """The service responds in the conversation."""
        self._active = response_id

    def response_ended(self, response_id: str) -> None:
        """A response is done."""
        if self._active == response_id:
            self._active = None

    def wanted(self, *, by_service: bool) -> bool:
        """Whether to interrupt now that the user speaks; `by_service` says whether the service does."""
        when = self._policy.when
        return when == "always" or (when == "service" and by_service)

    def heard(self) -> Interrupted:
        """What is heard now where audio comes in events, with nothing to send."""
        return self._found(self._playing())

    def interrupt(self, *, by_service: bool) -> Interrupted:
        """Stop what is heard where audio comes in events: the playback clocks stand still after this.

        Args:
            by_service: Whether the service cancels the response itself.

        Returns:
            What was heard, and what has to be sent.
        """
        playing = self._playing()
        self._playback.stop()
        return replace(self._found(playing), events=(*self._cancel(by_service), *self._cuts(playing)))

    def heard_of_track(self, track: HeardTrack | None) -> Interrupted:
        """What is heard now of a track, with nothing to send; `None` when it plays nothing."""
        if track is None:
            return Interrupted(None, self._active, None)
        response_id = track.response_id or self._active
        return Interrupted(track.item_id, response_id, None if track.item_id is None else track.milliseconds)

    def interrupt_track(self, track: HeardTrack | None, *, by_service: bool) -> Interrupted:
        """Stop what is heard of a track; the service truncates. Arguments are those of the two methods above."""
        self._playback.stop()
        clear: tuple[_Event, ...] = () if by_service or track is None else ({"type": "output_audio_buffer.clear"},)
        return replace(self.heard_of_track(track), events=(*self._cancel(by_service), *clear))

    def _found(self, playing: list[str]) -> Interrupted:
        if not playing:
            return Interrupted(None, self._active, None)
        # The last that was begun: a player may have left out the end of an older one.
        heard = next((item_id for item_id in reversed(playing) if self._playback.heard(item_id)), playing[0])
        response_id = self._playback.response_of(heard) or self._active
        return Interrupted(heard, response_id, self._playback.heard_ms(heard))

    def _cancel(self, by_service: bool) -> Iterator[_Event]:
        if self._active is not None and not by_service:
            yield {"type": "response.cancel", "response_id": self._active}

    def _cuts(self, playing: list[str]) -> Iterator[_Event]:
        """What tells the service how much of each item was heard."""
        listed = {item.id: item for item in self._conversation.items} if playing else {}
        for item_id in playing:
            # What is out of band, or was deleted, is not in the service's conversation.
            item = listed.get(item_id)
            index = None if item is None else audio_index(item)
            if item is None or index is None or wire_fields(item).get("role") != "assistant":
                continue
            end = self._playback.heard_ms(item_id)
            if end:
                where: _Event = {"item_id": item_id, "content_index": index, "audio_end_ms": end}
                yield {"type": "conversation.item.truncate", **where}
            elif self._policy.unheard == "delete":
                yield {"type": "conversation.item.delete", "item_id": item_id}

    def _playing(self) -> list[str]:
        """The items to stop: those that were not all heard, else the one of which more is to come."""
        unheard = self._playback.unheard
        if unheard or self._active is None:
            return unheard
        last = self._playback.last_of(self._active)
        item = None if last is None else self._conversation.get_item(last)
        # One that has all come was heard to its end.
        return [] if last is None or item is None or wire_fields(item).get("status") == "completed" else [last]
