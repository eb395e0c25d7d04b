"""Which event of the service answers which event of a client. It awaits nothing: events go in, futures get results.

Rules:

* An `error` that names the `event_id` of a request ends that request. One that names none ends the oldest request that
  it can belong to, by its `code`, else by its `param`; one that names the event of nobody here ends none.
* Events about one item or response answer the request of that id. Everything else answers in the order of the
  requests, for the service handles one event after the other.
* What was sent without a request, or is no longer waited for, keeps its place in that order for a while, so that its
  answer is not taken for that of a later request.
* What the service does by itself answers nobody: a commit of turn detection, an item of a response.
* A `response.created` of turn detection looks like one that was asked for. Where both may come, or several requests are
  under way, the request carries `RESPONSE_TAG` in its metadata, which the service repeats.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Final, cast

from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.sends import ANSWERS
from ._generated.realtime.server_events import ConversationItemAdded
from ._lenient import construct
from ._request import RESPONSE_TAG, Request, entries, own_metadata, text
from ._server_errors import server_error, suspects
from ._wire import UnknownEvent, WireModel, to_plain, wire_fields

__all__ = ["RESPONSE_TAG", "PendingRequests", "Request", "own_metadata", "server_error"]

_MAX_METADATA: Final = 16  # the service's limit
_MAX_NOTED: Final = 256
_NOTED_SECONDS: Final = 10.0
_MAX_OWED: Final = 8

_CREATE, _CANCEL, _COMMIT = "response.create", "response.cancel", "input_audio_buffer.commit"
_ITEM_CREATE = "conversation.item.create"


class PendingRequests:
    """The requests of one connection that have not been answered.

    Args:
        shared: Says whether others than this client may create responses now, as turn detection does.
    """

    def __init__(self, shared: Callable[[], bool]) -> None:
        self._shared = shared
        self._prefix = f"event_{secrets.token_hex(4)}"
        self._numbers = count(1)
        self._waiting: dict[str, list[Request]] = {kind: [] for kind in ANSWERS}
        # Items that appear by the service's own doing; whether turn detection is about to commit; what it has yet to
        # answer, each until when.
        self._announced: dict[str, None] = {}
        self._ending_turn = False
        # The responses of the conversation, with what asked for them if it was this client.
        self._running: dict[str, Mapping[str, object] | None] = {}
        self._owed: deque[float] = deque(maxlen=_MAX_OWED)
        self._repeats_tags = self._names_causes = False
        # While a lost connection is made anew: what waits to be sent. It joins the others when that is so.
        self._held: list[Request] | None = None

    def __len__(self) -> int:
        return sum(len(requests) for requests in self._waiting.values())

    # What is sent.

    def register(self, event: Mapping[str, object], *, ahead: bool = False) -> Request:
        """Begin to wait for the answer to an event; call it right before the event is queued. Needs a running loop.

        Args:
            event: The event, without or with an `event_id`; its type is one of `ANSWERS`.
            ahead: Whether it is sent before all that is held. Default false.

        Returns:
            The request, whose `event` has to be sent and whose `future` gets the answer.
        """
        sent = dict(event)
        sent["event_id"] = text(sent.get("event_id")) or f"{self._prefix}_{next(self._numbers)}"
        tag = None
        if sent["type"] == _CREATE and (self._shared() or self._waiting[_CREATE] or self._owed):
            tag = self._tag(sent)
        request = self._enter(sent, asyncio.get_running_loop().create_future(), ahead=ahead)
        request.tag = tag
        return request

    def note(self, event: Mapping[str, object], posted: object = None, *, ahead: bool = False) -> None:
        """Keep the place of an event that was sent without waiting for its answer.

        Args:
            event: Its fields.
            posted: What was queued, if not these fields themselves.
            ahead: As for `register`.
        """
        if event.get("type") in ANSWERS:
            request = self._enter(event, None, ahead=ahead)
            request.posted = event if posted is None else posted
            request.forgotten_at = asyncio.get_running_loop().time() + _NOTED_SECONDS

    def give_up(self, request: Request, *, sent: bool = True) -> None:
        """Nobody waits for the answer any more; without effect once it came.

        Args:
            request: The request.
            sent: Whether its event has been queued, so that an answer may still come. Default true.
        """
        future, request.future = request.future, None
        if future is not None and not future.cancel() and not future.cancelled():
            future.exception()  # an error that nobody reads is not reported as lost
        request.abandoned = future is not None
        if not sent:
            self._remove(request)
        elif request.forgotten_at is None:
            request.forgotten_at = asyncio.get_running_loop().time() + _NOTED_SECONDS

    def close(self, error: BaseException | None = None) -> None:
        """Forget everything; whoever waits gets `error`."""
        for requests in self._waiting.values():
            for request in requests:
                if error is not None and request.future is not None and not request.future.done():
                    request.future.set_exception(error)
            requests.clear()
        for request in self._held or ():
            if error is not None and request.future is not None and not request.future.done():
                request.future.set_exception(error)
        self._held = None
        self._announced.clear()
        self._ending_turn = False
        self._running.clear()
        self._owed.clear()
        self._repeats_tags = self._names_causes = False

    def hold(self, is_unsent: Callable[[Request], bool]) -> list[Request]:
        """The connection was lost, and another is being made: nobody is told yet.

        Args:
            is_unsent: Says of a request whether its event still waits to be sent; it then waits for that here.

        Returns:
            The requests that were sent and not answered, in order. They are forgotten here.
        """
        entered = sorted((request for waiting in self._waiting.values() for request in waiting), key=_number)
        known = [*entered, *(self._held or ())]
        for waiting in self._waiting.values():
            waiting.clear()
        self.close()
        self._held = [request for request in known if is_unsent(request)]
        return [request for request in known if not is_unsent(request)]

    @property
    def held(self) -> Sequence[Request]:
        """The requests that wait to be sent over the next connection."""
        return self._held or ()

    def release(self) -> None:
        """The connection is made anew: what was held is sent now."""
        held, self._held = self._held or [], None
        for request in held:
            self.enter_again(request)

    def enter_again(self, request: Request) -> None:
        """Wait for the answer to a request of before; call it right before its event is sent again."""
        request.number = next(self._numbers)
        self._waiting[request.kind].append(request)

    def asked_with(self, response_id: str) -> Mapping[str, object] | None:
        """The event by which this client asked for a response that is under way; `None` when it did not."""
        return self._running.get(response_id)

    def _enter(
        self, event: Mapping[str, object], future: "asyncio.Future[ServerEvent] | None", *, ahead: bool = False
    ) -> Request:
        request = Request(event, future, next(self._numbers), text(event.get("item_id")))
        if request.kind == _ITEM_CREATE:
            item = entries(event.get("item"))
            request.item_id, request.item_kind = text(item.get("id")), (item.get("type"), item.get("role"))
        elif request.kind == _CANCEL:
            # The service cancels the response in the conversation, of which there is one at a time.
            last = next(reversed(self._running), None)
            request.response_id = text(event.get("response_id")) or last
        requests = self._waiting[request.kind] if ahead or self._held is None else self._held
        requests.append(request)
        if len(requests) > _MAX_NOTED:
            self._forget(requests)
        return request

    def _forget(self, requests: list[Request]) -> None:
        noted = [request for request in requests if request.future is None]
        for request in noted[: max(0, len(noted) - _MAX_NOTED)]:
            requests.remove(request)

    def _tag(self, event: dict[str, object]) -> str | None:
        response = dict(entries(to_plain(event.get("response") or {})))
        metadata = dict(entries(response.get("metadata") or {}))
        if len(metadata) >= _MAX_METADATA:
            return None
        tag = str(event["event_id"])
        event["response"] = {**response, "metadata": {**metadata, RESPONSE_TAG: tag}}
        return tag

    # What comes.

    def match(self, event: ServerEvent | UnknownEvent) -> bool:
        """Give an event of the service to the request that it answers.

        Returns:
            Whether it answers one, or something that was sent without waiting.
        """
        react = self._REACTIONS.get(event.type)
        if react is None:
            return False
        request = react(self, wire_fields(event), event)
        if request is None:
            return False
        self._answer(request, event)
        return True

    def _answer(self, request: Request, event: ServerEvent | UnknownEvent) -> None:
        self._remove(request)
        future = request.future
        if future is not None and not future.done():
            if event.type == "error":
                future.set_exception(server_error(event))
            else:
                future.set_result(_as_answer(event))

    def _remove(self, request: Request) -> None:
        for requests in (self._waiting[request.kind], self._held):
            if requests and request in requests:
                requests.remove(request)

    def _of(self, *kinds: str) -> Iterator[Request]:
        """The requests of these kinds, the oldest first. Places that were kept long enough are given up."""
        found = [request for kind in kinds for request in self._waiting[kind]]
        if not found:
            return
        now = asyncio.get_running_loop().time()
        for request in sorted(found, key=lambda request: request.number):
            if request.forgotten_at is not None and request.forgotten_at <= now:
                self._remove(request)
            else:
                yield request

    def _on_error(self, fields: Mapping[str, object], event: object) -> Request | None:
        details = wire_fields(fields.get("error"))
        cause = text(details.get("event_id"))
        if cause is not None:
            found = next((request for request in self._of(*ANSWERS) if request.event_id == cause), None)
            self._names_causes = self._names_causes or found is not None
            return found
        kinds = suspects(text(details.get("code")), text(details.get("param")))
        request = next(self._of(*(ANSWERS if kinds is None else kinds)), None)
        if kinds == (_CREATE,) and (request is None or self._names_causes) and self._take_owed():
            return None  # it was turn detection that asked, and no event is to blame
        return request

    def _take_owed(self) -> bool:
        """Whether turn detection has yet to answer a turn, of which this is what became of it."""
        now = asyncio.get_running_loop().time()
        while self._owed:
            if self._owed.popleft() > now:
                return True
        return False

    def _on_next(self, kind: str) -> Request | None:
        return next(self._of(kind), None)

    def _on_session_updated(self, fields: Mapping[str, object], event: object) -> Request | None:
        return self._on_next("session.update")

    def _on_cleared(self, fields: Mapping[str, object], event: object) -> Request | None:
        self._ending_turn = False
        return self._on_next("input_audio_buffer.clear")

    def _on_turn_ending(self, fields: Mapping[str, object], event: object) -> None:
        # Without a look at `item_id`: some servers use another one in the commit that follows.
        self._ending_turn = True

    def _on_committed(self, fields: Mapping[str, object], event: object) -> Request | None:
        item_id = text(fields.get("item_id"))
        _keep(self._announced, item_id)
        if self._ending_turn:
            self._ending_turn = False
            if self._shared():
                self._owed.append(asyncio.get_running_loop().time() + _NOTED_SECONDS)
            return None
        return self._on_next(_COMMIT)

    def _on_output_item(self, fields: Mapping[str, object], event: object) -> None:
        _keep(self._announced, wire_fields(fields.get("item")).get("id"))

    def _on_item_added(self, fields: Mapping[str, object], event: object) -> Request | None:
        raw = event.raw if isinstance(event, UnknownEvent) else fields
        item = wire_fields(raw.get("item"))
        item_id, kind = text(item.get("id")), (item.get("type"), item.get("role"))
        for request in self._of(_ITEM_CREATE):
            if request.item_id is not None and request.item_id == item_id:
                return request
        if item_id in self._announced or item.get("status") == "in_progress":
            return None
        _keep(self._announced, item_id)  # some servers announce an item under its old and its new name
        return next((it for it in self._of(_ITEM_CREATE) if it.item_id is None and it.item_kind == kind), None)

    def _on_item_event(self, kind: str, item_id: object) -> Request | None:
        return next((request for request in self._of(kind) if request.item_id == item_id), None)

    def _on_deleted(self, fields: Mapping[str, object], event: object) -> Request | None:
        return self._on_item_event("conversation.item.delete", fields.get("item_id"))

    def _on_truncated(self, fields: Mapping[str, object], event: object) -> Request | None:
        return self._on_item_event("conversation.item.truncate", fields.get("item_id"))

    def _on_retrieved(self, fields: Mapping[str, object], event: object) -> Request | None:
        return self._on_item_event("conversation.item.retrieve", wire_fields(fields.get("item")).get("id"))

    def _on_response_created(self, fields: Mapping[str, object], event: object) -> Request | None:
        response = fields.get("response")
        request = self._asked_for(response)
        response_id = text(wire_fields(response).get("id"))
        if response_id is not None and not _is_out_of_band(response):
            self._running[response_id] = None if request is None else request.event
            if len(self._running) > _MAX_NOTED:
                del self._running[next(iter(self._running))]
        return request

    def _asked_for(self, response: object) -> Request | None:
        tag = text(entries(wire_fields(response).get("metadata")).get(RESPONSE_TAG))
        if tag is not None:
            self._repeats_tags = True
            return next((request for request in self._of(_CREATE) if request.tag == tag), None)
        if self._take_owed():
            return None
        candidates = (request for request in self._of(_CREATE) if request.tag is None or not self._repeats_tags)
        return next(candidates, None)

    def _on_response_done(self, fields: Mapping[str, object], event: object) -> Request | None:
        response = wire_fields(fields.get("response"))
        response_id = text(response.get("id"))
        self._running.pop(response_id or "", None)
        cancelled = response.get("status") == "cancelled"
        answered = [
            request
            for request in self._of(_CANCEL)
            if (request.response_id == response_id if request.response_id is not None else cancelled)
        ]
        # It has ended for each who asked for that, and the service tells it once.
        for request in answered[1:]:
            self._answer(request, cast("ServerEvent", event))
        return answered[0] if answered else None

    _REACTIONS: Final[Mapping[str, Callable[..., Request | None]]] = {
        "error": _on_error,
        "session.updated": _on_session_updated,
        "input_audio_buffer.cleared": _on_cleared,
        "input_audio_buffer.speech_stopped": _on_turn_ending,
        "input_audio_buffer.timeout_triggered": _on_turn_ending,
        "input_audio_buffer.committed": _on_committed,
        "response.output_item.added": _on_output_item,
        "conversation.item.added": _on_item_added,
        "conversation.item.created": _on_item_added,
        "conversation.item.deleted": _on_deleted,
        "conversation.item.truncated": _on_truncated,
        "conversation.item.retrieved": _on_retrieved,
        "response.created": _on_response_created,
        "response.done": _on_response_done,
    }


def _number(request: Request) -> int:
    return request.number


def _keep(among: dict[str, None], key: object) -> None:
    """Remember an id, and forget the oldest beyond a limit: a service that never comes back to it costs nothing."""
    if isinstance(key, str):
        among[key] = None
        if len(among) > _MAX_NOTED:
            del among[next(iter(among))]


def _is_out_of_band(response: object) -> bool:
    """Whether the service says that a response is of no conversation; one that does not say is taken to be of ours."""
    if isinstance(response, WireModel) and "conversation_id" not in response.model_fields_set:
        return False
    return wire_fields(response).get("conversation_id", "") is None


def _as_answer(event: ServerEvent | UnknownEvent) -> ServerEvent:
    if event.type == "conversation.item.created" or isinstance(event, UnknownEvent):
        # Servers that speak GA otherwise announce items as beta does.
        return construct(ConversationItemAdded, {**event.to_wire(), "type": "conversation.item.added"})
    return event
