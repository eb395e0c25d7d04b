"""What a client saves from a connection that was lost, and how it makes the session anew on the next one.

docs/reconnect.md says what becomes of each kind of request, response and audio.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, Unpack, cast

from ._client_core import ClientCore, utc_now
from ._connection_options import ClientOptions
from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.server_events import ConversationItemDeleted, ConversationItemTruncated
from ._generated.realtime.shared import ConversationItem
from ._history_seed import seed_of, spoken_item
from ._input_replay import InputReplay, take_replay
from ._item_content import as_text
from ._outage import Again, Outage, ResponseItems, asked_again
from ._outbox import audio_bytes
from ._request import Request, entries, text
from ._wire import UnknownEvent, to_plain, wire_fields
from .audio import AudioFormatName, Int16Array, encode_audio, sample_rate
from .errors import ConnectionClosed, MessageTooLargeError, ResponseFailed, ServerError
from .reconnect import ReconnectPolicy
from .utility_events import ConnectionRestored, LostPiece, RealtimeEvent

__all__ = ["ClientRestore"]

_AT_ONCE: Final = 64
_IDLE_S: Final = 1.0  # of the input audio while nobody speaks: more than turn detection puts before a turn
_CHUNK_S: Final = 1.0
_NOTED_S: Final = 10.0
_ITEM_EVENTS: Final = frozenset({"conversation.item.added", "conversation.item.created", "conversation.item.done"})
_REASON: Final = "connection_lost"


class ClientRestore(ClientCore):
    """Saving what there is of a session, and making it anew."""

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        super().__init__(**options)
        self._response_items = ResponseItems()
        self._again: list[Again] = []
        # What the service repeats of what it was told while the session was made anew: the conversation has it already.
        self._echoes: set[str] = set()
        self._own: list[Request] = []
        # Whether the next item that comes is one of those, under an id that the service has chosen.
        self._nameless = False

    # A connection was lost.

    def _take_stock(self, outage: Outage) -> None:
        """Save what the connection had under way, and tell nobody of its end."""
        asked = {it: self._requests.asked_with(it) for it in self._sequencer.in_conversation}
        self._carry(outage)
        cancelled = {request.response_id for request in outage.carried if request.kind == "response.cancel"}
        owes_turn = self._sequencer.owes_turn
        partial = self.conversation.unfinished()
        for response_id in self._sequencer.in_conversation:
            if not any(again.response_id == response_id for again in self._again):
                self._settle_response(outage, response_id, asked.get(response_id), cancelled, partial)
            self._interrupter.response_ended(response_id)
        for response_id in self._logs.outside():
            message = "the connection was lost, and what is outside the conversation is not asked for again"
            self._logs.cut_off(ResponseFailed(response_id, "failed", code=_REASON, message=message))
            outage.lose(LostPiece("response", response_id, "it was outside the conversation"))
        for again in self._again:
            if again.response_id:
                outage.lose(LostPiece("response", again.response_id, "it was cut off, and is asked for again"))
        if owes_turn and not self._again:
            self._again.append(Again("", asked_again(None)))
        for item in partial:
            item_id = cast("str", item.id)
            milliseconds = item.formatted.audio_received * 1000 / self.conversation.output_sample_rate
            change = self.conversation.discard(item_id)
            if change is not None:
                self._audio.lost(change, {})
                self._tell(change)
            outage.lose(LostPiece("partial_item", item_id, "its response was cut off", milliseconds))
        if self._again:
            self._audio.output.discard()
        self._audio.connection_lost()
        self._sequencer.lost([again.response_id for again in self._again])
        self._response_items.clear()

    def _carry(self, outage: Outage) -> None:
        """Take over the requests that were sent and not answered."""
        unsent = {id(waiting.event) for waiting in self.realtime.waiting()}
        closed = outage.closed
        again = {again.request for again in self._again}
        for request in self._requests.hold(lambda request: id(request.posted) in unsent):
            if request in self._own:
                request.fail(ConnectionClosed(closed.code, closed.reason, clean=closed.clean))
            elif request not in again and not self._settle_request(request):
                outage.carried.append(request)
                request.pause()

    def _settle_request(self, request: Request) -> bool:
        """End a request that the loss itself has answered; say whether it was one."""
        answer: ServerEvent | None = None
        if request.kind == "conversation.item.delete":
            answer = ConversationItemDeleted.model_validate({"event_id": "", "item_id": request.item_id})
        elif request.kind == "conversation.item.truncate":
            fields = {name: request.event.get(name) for name in ("item_id", "content_index", "audio_end_ms")}
            answer = ConversationItemTruncated.model_validate({"event_id": "", **fields})
        elif request.kind == "response.create":
            return request.abandoned
        else:
            return False
        for change in self.conversation.apply(answer):
            self._audio.lost(change, answer.__dict__)
            self._tell(change)
        request.answer(answer)
        return True

    def _settle_response(
        self,
        outage: Outage,
        response_id: str,
        asked: Mapping[str, object] | None,
        cancelled: set[str | None],
        partial: Sequence[ConversationItem],
    ) -> None:
        """Decide what becomes of a response that was under way."""
        cut = {item.id for item in partial}
        items = [self.conversation.get_item(it) for it in self._response_items.of(response_id) if it not in cut]
        whole = [item for item in items if item is not None]
        calls = [item for item in whole if wire_fields(item).get("type") == "function_call"]
        if response_id in cancelled:
            self._logs.cut_off(ResponseFailed(response_id, "cancelled", reason=_REASON))
        elif calls or (whole and not cut):
            # What came of it is whole: it is not worth a second answer, and a call must not be made twice.
            self._logs.end_unseen(response_id)
            for call in calls:
                self._tool_calls.take(response_id, call)
            self._tool_calls.finish(response_id, None, completed=True)
            outage.lose(LostPiece("response", response_id, "its end was not told; it counts as completed"))
        else:
            self._again.append(Again(response_id, asked_again(asked), self._logs.get(response_id)))

    # Another connection is there.

    async def _restore(self, outage: Outage, policy: ReconnectPolicy) -> ConnectionRestored:
        """Make the session anew, before anything that waits is sent.

        Raises:
            ServerError: The service refuses the configuration.
            ConnectionClosed: The connection ended.
        """
        self._carry(outage)
        try:
            return await self._restore_session(outage, policy)
        finally:
            for request in self._own:
                self._requests.give_up(request)
            self._own.clear()

    async def _restore_session(self, outage: Outage, policy: ReconnectPolicy) -> ConnectionRestored:
        attached = self.realtime.attached_call_id is not None
        if not attached or self._configuration.changed or self._tools.definitions:
            await self._restore_configuration(outage)
        items, renamed, lost = ([], [], []) if attached else await self._restore_items(outage, policy)
        replay = self._take_replay(outage, policy)
        sent = await self._send_carried(outage, replay, attached=attached)
        again = await self._ask_again() if not attached else []
        rate = self.conversation.input_audio.rate
        if replay.missing:
            lost.append(LostPiece("input_audio", "", "it is not kept here any more", replay.missing * 1000 / rate))
        lost = [*outage.lost, *lost]
        return ConnectionRestored(
            attempts=outage.attempts,
            seconds=asyncio.get_running_loop().time() - outage.since,
            items=(*items, *sent),
            renamed=tuple(renamed),
            lost=tuple(lost),
            lost_audio_ms=sum(piece.milliseconds for piece in lost),
            asked_again=tuple(again),
            planned=outage.planned,
        )

    async def _ahead(self, event: Mapping[str, object]) -> "asyncio.Future[ServerEvent]":
        request = self._requests.register(event, ahead=True)
        self._own.append(request)
        await self.realtime.send_ahead(request.event)
        return cast("asyncio.Future[ServerEvent]", request.future)

    def _session_update(self) -> dict[str, object]:
        return {"type": "session.update", "session": self._session_wire(self._configuration.wanted, tools=True)}

    async def _restore_configuration(self, outage: Outage) -> None:
        carried = [request for request in outage.carried if request.kind == "session.update"]
        try:
            answer = await (await self._ahead(self._session_update()))
        except ServerError as error:
            waiting = [request.future for request in carried if request.future is not None]
            if not waiting:
                raise
            # It may be one of those that cannot be served; whoever asked for it takes it back.
            for future in waiting:
                if not future.done():
                    future.set_exception(error)
            await asyncio.sleep(0)
            answer = await (await self._ahead(self._session_update()))
        for request in carried:
            outage.carried.remove(request)
            request.answer(answer)

    async def _restore_items(
        self, outage: Outage, policy: ReconnectPolicy
    ) -> tuple[list[str], list[tuple[str, str]], list[LostPiece]]:
        """Give the new session the history; return the ids of its items, those that changed, and what is left out."""
        audio_format = cast("AudioFormatName", self._configuration.input_format)
        coming = [*outage.carried, *self._requests.held]
        created = [
            entries(request.event.get("item")) for request in coming if request.kind == "conversation.item.create"
        ]
        outputs = {item.get("call_id") for item in created}
        seed = seed_of(
            self.conversation.items,
            will_be_answered=lambda call_id, name: (
                call_id in outputs or call_id in self._tool_calls.unanswered or not self._tool_owners.answers(name)
            ),
            audio_format=audio_format,
            max_items=policy.history_items,
            max_bytes=policy.history_bytes,
        )
        own = {item.get("id") for item in created}
        spoken = [
            spoken_item(item_id, samples, audio_format)
            for item_id, samples in self.conversation.unannounced_audio().items()
            if item_id not in own and len(samples)
        ]
        self._echoes = {cast("str", item["id"]) for item in seed.items}
        ids: list[str] = []
        renamed: list[tuple[str, str]] = []
        wires = [*seed.items, *spoken]
        for start in range(0, len(wires), _AT_ONCE):
            batch = wires[start : start + _AT_ONCE]
            answers = [await self._seed_item(wire, seed.lost) for wire in batch]
            for wire, answer in zip(batch, answers, strict=True):
                old = cast("str", wire["id"])
                new = None if answer is None else await self._seeded(wire, answer, seed.lost)
                if new is not None:
                    ids.append(new)
                    renamed.extend([(old, new)] if new != old else [])
        return ids, renamed, seed.lost

    async def _seed_item(
        self, wire: Mapping[str, object], lost: list[LostPiece]
    ) -> "asyncio.Future[ServerEvent] | None":
        try:
            return await self._ahead({"type": "conversation.item.create", "item": wire})
        except MessageTooLargeError:
            lost.append(LostPiece("item", str(wire.get("id")), "it is too large for the connection"))
            return None

    async def _seeded(
        self, wire: Mapping[str, object], answer: "asyncio.Future[ServerEvent]", lost: list[LostPiece]
    ) -> str | None:
        """The id under which the service has taken an item; `None` when it has not."""
        try:
            await answer
        except ServerError:
            self._nameless = True
            nameless = {name: value for name, value in wire.items() if name != "id"}
            try:
                told = await (await self._ahead({"type": "conversation.item.create", "item": nameless}))
            except ServerError as error:
                lost.append(LostPiece("item", str(wire.get("id")), f"the service refused it: {error.code}"))
                return None
            finally:
                self._nameless = False
            return as_text(wire_fields(wire_fields(told).get("item")).get("id"))
        return cast("str", wire["id"])

    def _take_replay(self, outage: Outage, policy: ReconnectPolicy) -> InputReplay:
        name = cast("AudioFormatName", self._configuration.input_format)
        rate, by_track = self.conversation.input_audio.rate, self.realtime.media is not None
        unsent = sum(audio_bytes(waiting.frame, waiting.event) for waiting in self.realtime.waiting())
        detects = self._configuration.turn_detection_type is not None
        return take_replay(
            self.conversation,
            sent_commits=sum(request.kind == "input_audio_buffer.commit" for request in outage.carried),
            unsent_samples=unsent // (2 if name == "audio/pcm" else 1),
            idle_samples=(0 if by_track else round(_IDLE_S * rate)) if detects else None,
            max_samples=round(policy.input_seconds * rate),
            replays=not by_track and self.realtime.attached_call_id is None,
        )

    async def _send_audio_again(self, samples: Int16Array) -> None:
        name = cast("AudioFormatName", self._configuration.input_format)
        step = round(_CHUNK_S * sample_rate(name))
        for start in range(0, len(samples), step):
            await self.realtime.send_audio_ahead(encode_audio(samples[start : start + step], name))

    async def _send_carried(self, outage: Outage, replay: InputReplay, *, attached: bool) -> list[str]:
        """Send again what was sent and not answered, by kind; return the ids of the items among it."""
        turns, created = list(replay.turns), list[str]()
        if replay.ended is not None:
            await self._send_audio_again(replay.ended)
            self._requests.note({"type": "input_audio_buffer.commit"}, ahead=True)
            await self.realtime.send_ahead({"type": "input_audio_buffer.commit"})
        order = sorted(outage.carried, key=lambda request: (request.kind == "response.create", request.number))
        order.sort(key=lambda request: request.kind != "input_audio_buffer.clear")
        unheard = False
        for request in order:
            outage.carried.remove(request)
            if request.kind == "response.cancel":
                outage.end_cancel(request)
                continue
            if request.kind == "input_audio_buffer.commit":
                turn = turns.pop(0) if turns else None
                if turn is None or not len(turn):
                    unheard = True
                    outage.fail(request)
                    continue
                await self._send_audio_again(turn)
            elif attached and not (request.kind == "conversation.item.create" and request.item_id):
                # The session goes on without this connection: it may have got it.
                outage.fail(request)
                continue
            elif request.kind == "conversation.item.create":
                created.append(self._rename_created(request))
            elif request.kind == "response.create":
                if unheard and not created:
                    # It was to answer what the service has not heard; it would answer the turn before once more.
                    outage.fail(request)
                    continue
                self._sequencer.asked()
            await self._send_again(request)
        await self._send_audio_again(replay.rest)
        return created

    async def _send_again(self, request: Request) -> None:
        request.go_on(_NOTED_S)
        self._requests.enter_again(request)
        await self.realtime.send_ahead(request.posted)

    def _rename_created(self, request: Request) -> str:
        """Give an item that is created again an id, by which its answer is known, and a place that exists."""
        event = dict(entries(to_plain(request.posted)))
        item = entries(event.get("item"))
        item_id = text(item.get("id")) or f"item_{secrets.token_hex(13)}"
        event["item"] = {**item, "id": item_id}
        previous = event.get("previous_item_id")
        if previous != "root" and previous not in self._echoes:
            event.pop("previous_item_id", None)
        request.event, request.posted, request.item_id = event, event, item_id
        return item_id

    async def _ask_again(self) -> list[str]:
        """Ask for the responses that were cut off."""
        asked: list[str] = []
        for again in self._again:
            self._sequencer.asked()
            again.request = self._requests.register(again.event, ahead=True)
            cast("asyncio.Future[ServerEvent]", again.request.future).add_done_callback(partial(self._asked, again))
            await self.realtime.send_ahead(again.request.event)
            asked.append(again.response_id)
        return [response_id for response_id in asked if response_id]

    def _asked(self, again: Again, future: "asyncio.Future[ServerEvent]") -> None:
        error = None if future.cancelled() else future.exception()
        if error is None or again not in self._again:
            return
        self._again.remove(again)
        self._sequencer.end(again.response_id)
        code = error.code if isinstance(error, ServerError) else _REASON
        self._logs.cut_off(ResponseFailed(again.response_id, "failed", code=code, message=str(error)))

    # Events.

    def _follow_responses(self, event: ServerEvent, fields: Mapping[str, object]) -> None:
        super()._follow_responses(event, fields)
        self._response_items.apply(event.type, fields)
        if self._again and event.type == "response.created":
            for again in self._again:
                future = None if again.request is None else again.request.future
                if future is not None and future.done() and not future.exception() and future.result() is event:
                    self._again.remove(again)
                    self._sequencer.end(again.response_id)
                    if again.log is not None and not again.log.over.over:
                        self._logs.restart(again.log, fields.get("response"))
                    return

    def _receive_restored(self, event: ServerEvent | UnknownEvent) -> None:
        """As `_receive`, for as long as the service may repeat what it was told to make the session anew."""
        if event.type in _ITEM_EVENTS:
            fields = event.raw if isinstance(event, UnknownEvent) else event.__dict__
            item_id = as_text(wire_fields(fields.get("item")).get("id"))
            if self._nameless and self.conversation.get_item(item_id) is None:
                self._echoes.add(item_id)
            if item_id in self._echoes:
                self._requests.match(event)
                if "realtime.event" in self._channels:
                    self._emit(RealtimeEvent(utc_now(), "server", event), "realtime.event")
                return
        self._receive(event)
