"""What an application reads of a conversation, and what a client tells it beside the service's events. Pure."""

from collections import Counter, deque
from typing import Final

from ._conversation_change import ConversationChange
from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.shared import ConversationItem
from ._item_content import CALLS
from ._item_export import export_items
from ._item_limit import ItemLimit
from ._item_retention import AudioDropped, AudioLedger, AudioRetention
from ._item_store import ItemStore
from ._item_turns import SpokenTurn, SpokenTurns
from ._wire import UnknownEvent, wire_fields
from .audio import AudioFormatName, Int16Array, sample_rate
from .errors import ConversationError
from .input_audio import InputAudioHistory
from .utility_events import ItemDelta

__all__ = ["ConversationItems"]

_KEPT_UNFITTING: Final = 64
_MAX_DETACHED: Final = 256


class ConversationItems:
    """The items of a session; `Conversation` is what makes them grow, and describes arguments and attributes."""

    def __init__(self, *, audio_retention: AudioRetention = "all", max_items: int | None = None) -> None:
        self.max_items: int | None = max_items
        self._ledger = AudioLedger(audio_retention)
        self.input_audio: InputAudioHistory = InputAudioHistory(limit_seconds=self._ledger.seconds)
        self.issues: Counter[str] = Counter()
        self.unfitting: deque[ServerEvent | UnknownEvent] = deque(maxlen=_KEPT_UNFITTING)
        self._store = ItemStore(self._ledger)
        self._limit = None if max_items is None else ItemLimit(self._store, max_items)
        self._detached: deque[str] = deque(maxlen=_MAX_DETACHED)
        self._turns = SpokenTurns(self.input_audio)
        self._input_format: AudioFormatName = "audio/pcm"
        self._output_format: AudioFormatName = "audio/pcm"

    @property
    def items(self) -> list[ConversationItem]:
        """The items in the order of the conversation, as a new list."""
        return [self._store.by_id[item_id] for item_id in self._store.order]

    @property
    def output_sample_rate(self) -> int:
        """Samples a second of the audio that responses bring: 24,000 for PCM, 8,000 for G.711."""
        name = self._output_format
        return 24_000 if name == "audio/pcm" else sample_rate(name)

    def get_item(self, item_id: str) -> ConversationItem | None:
        """Find an item, also one outside the conversation; `None` when there is none of that id."""
        return self._store.by_id.get(item_id)

    def is_outside(self, response_id: object) -> bool:
        """Whether a response writes to no conversation (`conversation: "none"`); of the last 256 such responses."""
        return response_id in self._detached

    def get_items(self) -> list[ConversationItem]:
        """The same as `items`, under the reference client's name."""
        return self.items

    def require_item(self, item_id: str) -> ConversationItem:
        """Find an item.

        Raises:
            ConversationError: There is no item of that id.
        """
        item = self._store.by_id.get(item_id)
        if item is None:
            raise ConversationError(item_id, "is not in the conversation")
        return item

    def clear(self) -> None:
        """Forget every item and all input audio, as when a new session begins."""
        self._ledger = AudioLedger(self._ledger.retention)
        self._store = ItemStore(self._ledger)
        self._limit = None if self.max_items is None else ItemLimit(self._store, self.max_items)
        self._detached.clear()
        self._turns.clear()
        self.input_audio.clear()

    def queue_item_audio(self, item_id: str, samples: Int16Array) -> None:
        """Say which audio belongs to an item that the service announces: it does not send a user's own audio back.

        Args:
            item_id: The item's id; the item may have come already, or not.
            samples: Its audio, shape `(n,)`, dtype int16, at the session's input rate.
        """
        self._store.keep_audio(item_id, samples, self.input_audio.rate)

    def queue_first_item(self, item_id: str) -> None:
        """Say that an item was sent with `previous_item_id="root"`: the service says `null`, as for one at the end.

        Args:
            item_id: The item's id; the item may have come already, or not.
        """
        self._store.expect_first(item_id)

    @property
    def audio_retention(self) -> AudioRetention:
        """How much audio is kept."""
        return self._ledger.retention

    @property
    def audio_dropped(self) -> AudioDropped:
        """What was not kept of the audio since the session began, in total and by item; exact to the sample."""
        return self._ledger.dropped

    def export(self) -> list[ConversationItem]:
        """The items as another session can be seeded with (`RealtimeClient.seed`), in order.

        Audio becomes text by its transcript. What cannot be sent is left out: audio without a transcript, calls whose
        arguments are not complete, outputs of calls that are not there, and items of MCP servers.

        Returns:
            Copies. `[item.to_wire() for item in conversation.export()]` is JSON, which `seed` takes as well.
        """
        return export_items(self.items)

    def queue_input_audio(self) -> None:
        """The application commits its input audio: what was appended so far belongs to the next committed item."""
        self._turns.queue()

    def forget_input_audio(self, behind: int, count: int) -> None:
        """Audio that was appended, and perhaps committed, was not sent after all.

        Args:
            behind: How many samples were appended since it began, those counted.
            count: How many samples it has.
        """
        self._turns.forget(behind, count)

    # A connection that is lost, and followed by another.

    def take_input(self, idle_samples: int | None) -> tuple[SpokenTurn | None, list[SpokenTurn], Int16Array]:
        """Take the user's audio of which the service has made no item yet; see `SpokenTurns` and `InputAudioHistory`.

        Args:
            idle_samples: How much of what was not committed is still of use if nobody is speaking; `None` for all.

        Returns:
            The turn that turn detection has ended, those that the application has committed, and what came after.
        """
        return *self._turns.take(), self.input_audio.take_pending(idle_samples)

    def unannounced_audio(self) -> dict[str, Int16Array]:
        """The user's audio of items that the service has named, but not announced, by their ids."""
        return {item_id: waiting.samples for item_id, waiting in self._store.early_audio.items()}

    def unfinished(self) -> list[ConversationItem]:
        """The items of responses that may still grow."""
        return [item for item in self.items if item.id not in self._store.completed and _of_model(item)]

    def discard(self, item_id: str) -> ConversationChange | None:
        """Take an item out that the service will know nothing of."""
        item = self._store.remove(item_id)
        return None if item is None else ConversationChange("deleted", item)

    def add_output_audio(self, item_id: str, samples: Int16Array) -> ConversationChange | None:
        """Add audio that came over a track to an item.

        Args:
            item_id: The item.
            samples: Shape `(n,)`, dtype int16, at `output_sample_rate`.

        Returns:
            What changed; `None` when there is no such item.
        """
        item = self._store.by_id.get(item_id)
        if item is None or not len(samples):
            return None
        self._store.append_audio(item, samples, self.output_sample_rate)
        return ConversationChange("updated", item, ItemDelta(audio=samples))


def _of_model(item: ConversationItem) -> bool:
    fields = wire_fields(item)
    return fields.get("role") == "assistant" or fields.get("type") in CALLS
