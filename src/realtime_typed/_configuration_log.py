"""Changes of the session's configuration that the service may yet refuse: each can be taken back alone. Pure."""

from dataclasses import dataclass
from typing import cast

from ._generated.realtime.params import SessionConfigParam
from .session import SessionConfiguration

__all__ = ["ConfigurationLog", "LoggedChange"]


@dataclass(eq=False, slots=True)
class LoggedChange:
    """One change.

    Attributes:
        before: The whole configuration before it.
        change: What it changed, in GA shape.
        settled: Whether the service can no longer refuse it.
    """

    before: dict[str, object]
    change: dict[str, object]
    settled: bool = False


class ConfigurationLog:
    """The changes of one configuration since the oldest that is not settled.

    Args:
        configuration: What the changes are made to.
    """

    def __init__(self, configuration: SessionConfiguration) -> None:
        self._configuration = configuration
        self._changes: list[LoggedChange] = []

    @property
    def pending(self) -> bool:
        """Whether there is a change that the service may yet refuse."""
        return bool(self._changes)

    def add(self, before: dict[str, object], change: dict[str, object], *, settled: bool = False) -> LoggedChange:
        """Log a change that was just made, with what the configuration was before it."""
        logged = LoggedChange(before, change, settled)
        self._changes.append(logged)
        self._forget_settled()
        return logged

    def settle(self, logged: LoggedChange) -> None:
        """Note that a change stays."""
        logged.settled = True
        self._forget_settled()

    def take_back(self, logged: LoggedChange) -> None:
        """Undo a change and no other: later ones are made again on what was there before it."""
        if logged not in self._changes:
            return
        position = self._changes.index(logged)
        self._configuration.restore(logged.before)
        del self._changes[position]
        for later in self._changes[position:]:
            later.before = self._configuration.wanted
            self._configuration.update(cast("SessionConfigParam", later.change), {})
        self._forget_settled()

    def clear(self) -> None:
        """Forget all: the configuration was made anew."""
        self._changes.clear()

    def _forget_settled(self) -> None:
        while self._changes and self._changes[0].settled:
            del self._changes[0]
