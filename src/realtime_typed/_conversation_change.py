"""What `Conversation.apply` returns."""

from typing import Literal

from ._generated.realtime.shared import ConversationItem
from ._record import record
from .utility_events import ItemDelta

__all__ = ["ConversationChange"]


@record
class ConversationChange:
    """What one event did to one item.

    Attributes:
        kind: `"appended"`: the item is new; `"updated"`: it grew or was corrected; `"truncated"`: its audio was cut;
            `"moved"`: it has another place, as its predecessor came late; `"deleted"`; `"dropped"`: it is kept no
            longer, as there are more items than `max_items`.
        item: The item after the change.
        delta: What was added to it, `None` when nothing was.
        completed: Whether the item became complete by this event; that happens once an item.
    """

    kind: Literal["appended", "updated", "truncated", "moved", "deleted", "dropped"]
    item: ConversationItem
    delta: ItemDelta | None = None
    completed: bool = False
