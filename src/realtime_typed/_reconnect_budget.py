"""How often a client may try to reconnect: the budget is whole again only when the service has shown that it works."""

from collections.abc import Mapping
from typing import Final

from ._wire import wire_fields
from .reconnect import ReconnectPolicy

__all__ = ["Budget"]

# What a service says that takes connections and does nothing with them.
_NO_TRAFFIC: Final = ("session.", "error", "rate_limits.")


class Budget:
    """The tries that are left. Pure.

    Args:
        policy: How many there are, and when they are whole again.

    Attributes:
        spent: How many connects were tried since the service worked last.
    """

    def __init__(self, policy: ReconnectPolicy) -> None:
        self._policy = policy
        self.spent: int = 0
        self._heard = 0

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left to try."""
        return self.spent >= self._policy.attempts

    def spend(self) -> None:
        """A connect is tried. What came before it counts no more."""
        self.spent += 1
        self._heard = 0

    def heard(self, event_type: str, fields: Mapping[str, object]) -> bool:
        """An event has come that is no echo of what restored the session; say whether the budget is whole now."""
        if not event_type.startswith(_NO_TRAFFIC):
            self._heard += 1
            done = event_type == "response.done"
            completed = done and wire_fields(fields.get("response")).get("status") in ("completed", None)
            if completed or self._heard >= self._policy.stable_after:
                self.spent = 0
        return not self.spent
