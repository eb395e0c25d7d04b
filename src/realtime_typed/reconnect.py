"""How a client comes back after a lost connection: the settings. Described as a whole in docs/reconnect.md.

When it does not even try is said by the table in `_reconnect_rules`.
"""

import math
from dataclasses import dataclass

__all__ = ["ReconnectPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconnectPolicy:
    """How often, how soon and with how much of the conversation a client reconnects.

    Attributes:
        attempts: The budget: how many connects are tried until the service has shown that it works again. Default 8.
        initial_delay: Seconds before the first of them. Default 0.5. Each further one waits twice as long.
        max_delay: The longest such wait, also where the service asks for a longer one by `Retry-After`. Default 30.
        jitter: Which share of a delay is left to chance, so that clients that lost the same server do not come back all
            at once: 0 is none, 1 all of it. Default 0.5.
        connect_timeout: Seconds that one connect, and then the restoring of the session, may take. Default 20.
        stable_after: How many events of a response, of the user's turns or of items have to come before the budget is
            whole again; a response that completes does so alone. Default 20.
        history_items: How many items of the conversation the new session is given at most, the newest. Default 200.
        history_bytes: How many bytes of JSON they may have in all. Default 4 MiB.
        input_seconds: How many seconds of input audio that was sent and not committed are sent again at most. Default
            60.
        rotate_before: How many seconds before the session's end the client moves to a new session, as soon as nobody
            speaks. Default 120; `None` waits for the end.
    """

    attempts: int = 8
    initial_delay: float = 0.5
    max_delay: float = 30.0
    jitter: float = 0.5
    connect_timeout: float = 20.0
    stable_after: int = 20
    history_items: int = 200
    history_bytes: int = 4 * 1024 * 1024
    input_seconds: float = 60.0
    rotate_before: float | None = 120.0

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            TypeError: A field has the wrong type.
            ValueError: A field has a value out of its range.
        """
        for name in ("attempts", "stable_after"):
            _check_count(name, getattr(self, name), 1)
        for name in ("history_items", "history_bytes"):
            _check_count(name, getattr(self, name), 0)
        for name in ("initial_delay", "max_delay", "input_seconds"):
            _check_seconds(name, getattr(self, name))
        _check_seconds("connect_timeout", self.connect_timeout, above_zero=True)
        if self.rotate_before is not None:
            _check_seconds("rotate_before", self.rotate_before, above_zero=True)
        if not 0 <= _number("jitter", self.jitter) <= 1:
            raise ValueError(f"jitter: {self.jitter!r} is out of range; use a share from 0 to 1")
        if self.max_delay < self.initial_delay:
            raise ValueError(
                f"max_delay: {self.max_delay!r} is less than initial_delay, {self.initial_delay!r}; make it longer"
            )


def _check_count(name: str, value: object, least: int) -> None:
    cure = f"use a whole number, {least} or more"
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: {value!r} is no whole number; {cure}")
    if value < least:
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name}: {value!r} is no number; use a number")
    return value


def _check_seconds(name: str, value: object, *, above_zero: bool = False) -> None:
    number = _number(name, value)
    if not 0 <= number < math.inf or (above_zero and not number):
        cure = "use a number of seconds, more than 0" if above_zero else "use a number of seconds, 0 or more"
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")
