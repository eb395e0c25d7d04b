"""The end of a session is foreseen: before its time limit the client moves to a new one, when nobody speaks."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import ClassVar, Final, Unpack

from ._client_reconnect import ClientReconnect
from ._connection_options import ClientOptions
from ._generated.realtime.registry import ServerEvent
from ._outage import Outage
from ._wire import wire_fields
from .errors import ConnectionClosed

__all__ = ["ClientRotation", "seconds_left"]

_SESSION_S: Final = 3600.0
_MOST_S: Final = 2 * _SESSION_S
_FORCED_S: Final = 10.0
_LOOK_S: Final = 0.25


def seconds_left(expires_at: object, now: float) -> float:
    """How long a session lasts from now on.

    Args:
        expires_at: When it ends, as the service says, in seconds of Unix time.
        now: The time here. Where the two cannot both be right, a session lasts its 60 minutes.
    """
    left = float(expires_at) - now if isinstance(expires_at, (int, float)) else 0.0
    return left if 0 < left <= _MOST_S else _SESSION_S


class ClientRotation(ClientReconnect):
    """Moving to a new session before the old one ends."""

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        super().__init__(**options)
        self._rotation: asyncio.TimerHandle | None = None

    def _session_began(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        self._on_session_created(event, fields)
        self._stop_rotation()
        policy = self._policy
        before = None if policy is None else policy.rotate_before
        # An attached connection does not decide how long the call lasts.
        if before is None or self.realtime.attached_call_id is not None:
            return
        loop = asyncio.get_running_loop()
        left = seconds_left(wire_fields(fields.get("session")).get("expires_at"), time.time())
        # A session that is hardly longer than that is used for half of its time.
        begin = max(left - before, left / 2)
        forced = loop.time() + max(left - _FORCED_S, (begin + left) / 2)
        self._rotation = loop.call_later(begin, self._rotate, forced)

    _REACTIONS: ClassVar[Mapping[str, Callable[..., None]]] = {
        **ClientReconnect._REACTIONS,  # noqa: SLF001  # of its own base
        "session.created": _session_began,
    }

    def _rotate(self, forced: float) -> None:
        loop = asyncio.get_running_loop()
        self._rotation = None
        if not self.is_connected():
            return
        if not self._is_quiet() and loop.time() < forced:
            self._rotation = loop.call_later(_LOOK_S, self._rotate, forced)
            return
        self._rotating = True
        task = asyncio.create_task(self.realtime.replace(ConnectionClosed(1000, "moving to a new session", clean=True)))
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)

    def _is_quiet(self) -> bool:
        """Whether nothing is under way that would be cut off."""
        pending = self._configuration.turn_detection_type is None and self.conversation.input_audio.pending_samples
        speaking = self._sequencer.user_speaks or self._sequencer.owes_turn
        busy = self._sequencer.in_conversation or self._logs.outside() or self._tool_calls.unanswered
        return not (pending or speaking or busy or self.realtime.waiting())

    def _stop_rotation(self) -> None:
        if self._rotation is not None:
            self._rotation.cancel()
            self._rotation = None

    def _take_stock(self, outage: Outage) -> None:
        self._stop_rotation()
        super()._take_stock(outage)

    def _connection_ended(self, closed: ConnectionClosed, expected: bool) -> None:
        self._stop_rotation()
        super()._connection_ended(closed, expected)
