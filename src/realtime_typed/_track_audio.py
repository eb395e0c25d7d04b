"""Which item the sound of a track belongs to: over WebRTC the model's speech comes without a name. Pure: no asyncio.

Over a WebSocket each piece of audio names its item. Over WebRTC the audio is a track that never says what it carries;
the events beside it do: `output_audio_buffer.started` and `.stopped` with a response's id (PROTOCOL of the Realtime
API, WebRTC), and the response's events with the id of the item that speaks. Track and events take different ways: the
audio comes later, by the time that it waits in the jitter buffer. So the silence before the first sound of a response
is left out, and as much is taken behind its end.

Servers that send none of those events are served by ear: sound belongs to the item that spoke last.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ._item_content import as_text
from ._record import record
from ._wire import wire_fields

if TYPE_CHECKING:
    from .audio import Int16Array

__all__ = ["HeardTrack", "ItemAudio", "TrackAudio"]

_KEPT_RESPONSES: Final = 64
# Silence that a codec made of digital silence: less than 1/2000 of full scale.
_QUIET: Final = 16
# How much later than its events audio may come; jitter buffers hold back 20 to 200 ms.
_MAX_DELAY_S: Final = 0.3
_SERVED_BY_EAR_S: Final = 0.5
# Two pieces of 20 ms may be late where this machine is busy. What lacks beyond that the service has not sent.
_MAX_LATE_S: Final = 0.04


@record
class ItemAudio:
    """A piece of a track, and whose it is.

    Attributes:
        samples: Shape `(n,)`, dtype int16, mono.
        item_id: The item.
        response_id: The item's response; empty when it is not known.
    """

    samples: "Int16Array"
    item_id: str
    response_id: str


@dataclass(frozen=True, slots=True)
class HeardTrack:
    """What a track plays.

    Attributes:
        item_id: The item; `None` when it is not known yet.
        response_id: The item's response; `None` when it is not known.
        milliseconds: How long the track has run since the service said that it plays the response, which is how the
            service counts what was heard. Silence that `feed` leaves out is in it, and what is late by the clock.
    """

    item_id: str | None
    response_id: str | None
    milliseconds: int


class _Playing:
    """A response that can be heard now. Times are in seconds; lengths in samples."""

    def __init__(self, response_id: str, item_id: str, now: float) -> None:
        self.response_id = response_id
        self.item_id = item_id
        self.started_at = now
        self.stopped_at: float | None = None
        self.taken = self.passed = 0
        self.sounded = False


class TrackAudio:
    """Attributes what a track brings to the items of the conversation.

    Args:
        rate: Samples a second of what `feed` gets.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.clear()

    def clear(self) -> None:
        """A new session begins."""
        self._items: dict[str, str] = {}
        self._playing: _Playing | None = None
        self._told = False
        self._silent_for = 0
        self._latest = ("", "")

    @property
    def response_id(self) -> str | None:
        """The response that plays; `None` when none does."""
        return None if self._playing is None else self._playing.response_id

    def heard(self, now: float) -> "HeardTrack | None":
        """What is heard at `now`, on the clock of `apply`, and was not said to be over; `None` when nothing is."""
        playing = self._playing
        if playing is None or playing.stopped_at is not None:
            return None
        by_clock = round((now - playing.started_at) * self.rate)
        late = min(max(0, by_clock - playing.passed), round(_MAX_LATE_S * self.rate))
        passed = playing.passed + late
        return HeardTrack(playing.item_id or None, playing.response_id or None, passed * 1000 // self.rate)

    @property
    def told(self) -> bool:
        """Whether the service tells when audio begins and ends."""
        return self._told

    def plays(self, item_id: str) -> bool:
        """Whether audio of this item is still to come."""
        return self._told and self._playing is not None and self._playing.item_id == item_id

    @property
    def ends_in(self) -> float | None:
        """Seconds after `stopped` at which `finish` is due at the latest; `None` while nothing is ending."""
        return _MAX_DELAY_S if self._playing is not None and self._playing.stopped_at is not None else None

    def apply(self, event_type: str, fields: Mapping[str, object], now: float) -> str | None:
        """Take note of an event.

        Args:
            event_type: Its type.
            fields: Its fields.
            now: The time on any clock that `feed` has too, in seconds.

        Returns:
            The id of an item whose audio has come to its end by this event, or `None`.
        """
        response_id = as_text(fields.get("response_id"))
        match event_type:
            case "response.content_part.added" | "response.output_audio_transcript.delta":
                part = fields.get("part")
                if part is None or wire_fields(part).get("type") in ("audio", "output_audio"):
                    self._speaks(response_id, as_text(fields.get("item_id")))
            case "output_audio_buffer.started":
                ended = self._end()
                self._told = True
                self._playing = _Playing(response_id, self._items.get(response_id, ""), now)
                return ended
            case "output_audio_buffer.stopped" if self._playing is not None:
                self._playing.stopped_at = now
            case "output_audio_buffer.cleared":
                self._told = True
                return self._end()
            case _:
                pass
        return None

    def _speaks(self, response_id: str, item_id: str) -> None:
        if not item_id:
            return
        # An item that speaks second in its response cannot be told from the first one by ear.
        self._items.setdefault(response_id, item_id)
        while len(self._items) > _KEPT_RESPONSES:
            del self._items[next(iter(self._items))]
        self._latest = response_id, item_id
        if self._playing is not None and not self._playing.item_id and self._playing.response_id == response_id:
            self._playing.item_id = item_id

    def finish(self) -> str | None:
        """The time in which audio could still come is over; returns as `apply` does."""
        playing = self._playing
        return self._end() if playing is not None and playing.stopped_at is not None else None

    def _end(self) -> str | None:
        ended, self._playing = self._playing, None
        return None if ended is None or not ended.item_id else ended.item_id

    def feed(self, samples: "Int16Array", now: float) -> tuple[ItemAudio | None, str | None]:
        """Take the next piece of the track.

        Args:
            samples: Shape `(n,)`, dtype int16, at `rate`; about 20 ms.
            now: The time, as for `apply`.

        Returns:
            The piece and whose it is, or `None` for silence between replies; and the id of an item whose audio has
            come to its end with this piece, or `None`.
        """
        if not len(samples):
            return None, None
        if self._playing is not None:
            self._playing.passed += len(samples)
        quiet = bool(samples.max() <= _QUIET and samples.min() >= -_QUIET)
        if not self._told:
            return self._by_ear(samples, quiet, now), None
        playing = self._playing
        if playing is None or not playing.item_id:
            return None, None
        if quiet and not playing.sounded and now - playing.started_at <= _MAX_DELAY_S:
            return None, self._end_if_over(playing, now)
        playing.sounded = True
        if quiet and playing.stopped_at is not None:
            played = (playing.stopped_at - playing.started_at) * self.rate
            if playing.taken + len(samples) / 2 > played:
                return None, self._end()
        playing.taken += len(samples)
        piece = ItemAudio(samples, playing.item_id, playing.response_id)
        return piece, self._end_if_over(playing, now)

    def _end_if_over(self, playing: _Playing, now: float) -> str | None:
        over = playing.stopped_at is not None and now - playing.stopped_at > _MAX_DELAY_S
        return self._end() if over else None

    def _by_ear(self, samples: "Int16Array", quiet: bool, now: float) -> ItemAudio | None:
        response_id, item_id = self._latest
        self._silent_for = self._silent_for + len(samples) if quiet else 0
        if not item_id or (quiet and self._silent_for > _SERVED_BY_EAR_S * self.rate):
            self._playing = None
            return None
        if self._playing is None:
            if quiet:
                return None
            self._playing = _Playing(response_id, item_id, now)
        return ItemAudio(samples, self._playing.item_id, self._playing.response_id)
