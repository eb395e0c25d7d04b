"""How many items a conversation keeps, and which it forgets. Pure.

Beyond the limit the oldest item that is complete goes. One that still grows stays, unless there are twice as many as
there may be: a service may never finish its items. The newest stays in any case. What the service says later of an item
that was dropped changes nothing, but for the item itself when it was retrieved.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from ._wire import wire_fields

if TYPE_CHECKING:
    from ._generated.realtime.shared import ConversationItem
    from ._item_store import ItemStore

__all__ = ["ItemLimit"]

_REMEMBERED: Final = 256
_PATIENCE: Final = 2


class ItemLimit:
    """Keeps a store small.

    Args:
        store: The items.
        most: How many of the conversation are kept, and how many of responses outside of it.

    Raises:
        ValueError: `most` is not positive.
    """

    def __init__(self, store: "ItemStore", most: int) -> None:
        if most < 1:
            raise ValueError(f"max_items must be 1 or more, or None for any number, got {most}")
        self._store = store
        self._most = most
        self._dropped: dict[str, None] = {}

    def has_dropped(self, item_id: object) -> bool:
        """Whether an item was dropped; of the last 256."""
        return item_id in self._dropped

    def passes_over(self, event_type: str, fields: Mapping[str, object]) -> bool:
        """Whether an event is about one item, which was dropped."""
        if not self._dropped:
            return False
        item_id = fields.get("item_id") or wire_fields(fields.get("item")).get("id")
        if not isinstance(item_id, str) or item_id not in self._dropped:
            return False
        if event_type == "conversation.item.retrieved":
            del self._dropped[item_id]
            return False
        return True

    def drop(self) -> "list[ConversationItem]":
        """Take out what is too much; the items, oldest first."""
        store, most = self._store, self._most
        gone: list[ConversationItem] = []
        if len(store.by_id) <= most:
            return gone
        while len(store.order) > most and (chosen := self._choose(store.order)):
            gone.append(self._forget(chosen))
        if len(store.by_id) - len(store.order) > most:
            listed = set(store.order)
            outside = [item_id for item_id in store.by_id if item_id not in listed]
            while len(outside) > most and (chosen := self._choose(outside)):
                outside.remove(chosen)
                gone.append(self._forget(chosen))
        return gone

    def _choose(self, item_ids: list[str]) -> str | None:
        complete = self._store.completed
        oldest = next((item_id for item_id in item_ids[:-1] if item_id in complete), None)
        return oldest or (item_ids[0] if len(item_ids) > _PATIENCE * self._most else None)

    def _forget(self, item_id: str) -> "ConversationItem":
        item = self._store.by_id[item_id]
        self._store.remove(item_id)
        self._dropped[item_id] = None
        if len(self._dropped) > _REMEMBERED:
            del self._dropped[next(iter(self._dropped))]
        return item
