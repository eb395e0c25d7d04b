"""Which responses of a session are under way, as the service's events tell it. Pure: no asyncio, no clock of its own.

Rules:

* The conversation takes one response at a time; any number of them may run outside of it (`conversation: "none"`).
* A response begins with `response.created`, or with its first event if the service never announced it.
* It is over with `response.done`; one that has no event for as long as `timeout` is over without it.
* Where turn detection makes responses of its own, one is due from the moment the user begins to speak: what is asked
  for meanwhile would take its place, and the service would refuse its own.
* One that was asked for is due until it begins, an error comes, or the service has been silent for long.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from ._item_content import as_text
from ._wire import WireModel, wire_fields

__all__ = ["ALREADY_ACTIVE", "ActiveResponses"]

ALREADY_ACTIVE: Final = "conversation_already_has_active_response"
"""The code of the error by which the service refuses a response."""

_REMEMBERED: Final = 256
# From the end of the user's turn to the response that the service makes of it. It may decide not to make one.
_GRACE_S: Final = 2.0
# From asking for a response to its beginning: as long as one waits for an answer.
_ASKED_S: Final = 10.0


@dataclass(slots=True)
class _Running:
    in_conversation: bool
    heard_at: float


class ActiveResponses:
    """The responses that are under way. Times are seconds on any clock that does not go back.

    Args:
        timeout: Seconds without an event after which a response counts as over; `None` waits for ever.
        answers_turns: Says whether the service makes responses of its own to what the user says.
    """

    def __init__(self, timeout: float | None, answers_turns: Callable[[], bool]) -> None:
        self.timeout = timeout
        self._answers_turns = answers_turns
        self.clear()

    def clear(self) -> None:
        """A new session begins."""
        self._running: dict[str, _Running] = {}
        self._over: dict[str, None] = {}
        self._speaking_since: float | None = None
        self._due_since: float | None = None
        self._refused_at: float | None = None
        self._asked_at: float | None = None

    def lost(self, kept: Collection[str]) -> None:
        """The connection was lost, and another is being made: only those `kept` are still due, and made anew."""
        running = {response_id: self._running[response_id] for response_id in kept if response_id in self._running}
        self.clear()
        self._running = running

    @property
    def user_speaks(self) -> bool:
        """Whether turn detection hears the user."""
        return self._speaking_since is not None

    @property
    def owes_turn(self) -> bool:
        """Whether the service has ended a turn of the user that it has not begun to answer."""
        return self._due_since is not None

    def asked(self, now: float) -> None:
        """A response of the conversation is being asked for; the service has not said anything of it yet."""
        self._asked_at = now

    @property
    def in_conversation(self) -> list[str]:
        """The responses that write to the conversation; more than one only where a service breaks its own rule."""
        return [response_id for response_id, running in self._running.items() if running.in_conversation]

    def apply(self, event_type: str, fields: Mapping[str, object], now: float) -> bool:
        """Take note of an event of the service.

        Args:
            event_type: Its type.
            fields: Its fields.
            now: The time.

        Returns:
            Whether something began or ended, so that a response may be due to be asked for.
        """
        if event_type.startswith("response."):
            return self._of_response(event_type, fields, now)
        match event_type:
            case "input_audio_buffer.speech_started":
                self._speaking_since, self._due_since = now, None
            case "input_audio_buffer.speech_stopped" | "input_audio_buffer.timeout_triggered":
                self._speaking_since, self._due_since = None, now
            case "input_audio_buffer.cleared":
                self._speaking_since = self._due_since = None
            case "error":
                # It may be what became of the one that was asked for.
                was_asked, self._asked_at = self._asked_at is not None, None
                if as_text(wire_fields(fields.get("error")).get("code")) != ALREADY_ACTIVE:
                    return was_asked
                # Whoever asked: something is active. If it is not known, it is about to be.
                self._refused_at = None if self.in_conversation else now
            case _:
                return False
        return True

    def _of_response(self, event_type: str, fields: Mapping[str, object], now: float) -> bool:
        if event_type == "response.created":
            return self._created(fields.get("response"), now)
        if event_type == "response.done":
            return self.end(as_text(wire_fields(fields.get("response")).get("id")))
        return self.heard(as_text(fields.get("response_id")), now)

    def _created(self, response: object, now: float) -> bool:
        fields = wire_fields(response)
        # One out of band says so by an explicit null; services that leave the field out mean the conversation.
        stated = isinstance(response, WireModel) and "conversation_id" in response.model_fields_set
        in_conversation = not stated or fields.get("conversation_id") is not None
        response_id = as_text(fields.get("id"))
        if response_id in self._over:
            return False
        self._begin(response_id, _Running(in_conversation, now))
        if in_conversation:
            self._due_since = self._refused_at = self._asked_at = None
        return True

    def _begin(self, response_id: str, running: _Running) -> None:
        self._running[response_id] = running
        if len(self._running) > _REMEMBERED:
            del self._running[next(iter(self._running))]

    def heard(self, response_id: str, now: float) -> bool:
        """Something of a response has come, which shows that it is alive; says whether it is new."""
        running = self._running.get(response_id)
        if running is not None:
            running.heard_at = now
        elif response_id and response_id not in self._over:
            self._begin(response_id, _Running(in_conversation=True, heard_at=now))
            self._asked_at = None
            return True
        return False

    def end(self, response_id: str) -> bool:
        """A response is over; says whether it was under way."""
        self._over[response_id] = None
        if len(self._over) > _REMEMBERED:
            del self._over[next(iter(self._over))]
        return self._running.pop(response_id, None) is not None

    def blocked_until(self, now: float, *, by_user: bool) -> float | None:
        """When a response of the conversation may be asked for at the latest, if nothing ends the wait earlier.

        Args:
            now: The time.
            by_user: Whether a turn of the user that the service will answer counts too.

        Returns:
            A time, infinity if only an event ends the wait, or `None` when the way is free.
        """
        limit = float("inf") if self.timeout is None else self.timeout
        ends = [running.heard_at + limit for running in self._running.values() if running.in_conversation]
        if self._asked_at is not None:
            ends.append(self._asked_at + min(_ASKED_S, limit))
        if self._refused_at is not None:
            ends.append(self._refused_at + min(_GRACE_S, limit))
        if by_user and self._answers_turns():
            if self._speaking_since is not None:
                ends.append(self._speaking_since + limit)
            if self._due_since is not None:
                ends.append(self._due_since + min(_GRACE_S, limit))
        until = max(ends, default=now)
        return until if until > now else None

    def next_timeout(self) -> float | None:
        """When the first response will have been silent for too long; `None` when none can be."""
        if self.timeout is None or not self._running:
            return None
        return min(running.heard_at for running in self._running.values()) + self.timeout

    def expire(self, now: float) -> list[str]:
        """End the responses that have been silent for too long, and return their ids."""
        limit = float("inf") if self.timeout is None else self.timeout
        ended = [response_id for response_id, running in self._running.items() if running.heard_at + limit <= now]
        for response_id in ended:
            self.end(response_id)
        return ended
