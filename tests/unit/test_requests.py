"""Which event of the service answers which request: no connection, events in and futures out."""

import asyncio
import json

import pytest

from realtime_typed import ConnectionClosed, ServerError
from realtime_typed._generated.realtime.sends import ANSWERS
from realtime_typed._requests import RESPONSE_TAG, PendingRequests, Request, own_metadata
from realtime_typed.codec import Codec
from realtime_typed.types import ConversationItemAdded, FunctionCallOutputItem, ServerEvent
from tests.unit.virtual_time import VirtualTimeLoop, run_in_virtual_time

pytestmark = pytest.mark.anyio

COMMIT: dict[str, object] = {"type": "input_audio_buffer.commit"}
CREATE: dict[str, object] = {"type": "response.create"}
CANCEL: dict[str, object] = {"type": "response.cancel"}
UPDATE: dict[str, object] = {"type": "session.update", "session": {"type": "realtime"}}
MESSAGE: dict[str, object] = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}
NEW_ITEM: dict[str, object] = {"type": "conversation.item.create", "item": MESSAGE}


class Service:
    """Requests, and the events that a service sends about them."""

    def __init__(self, *, shared: bool = False) -> None:
        self.shared = shared
        self.requests = PendingRequests(lambda: self.shared)
        self._codec = Codec()

    def ask(self, event: dict[str, object]) -> Request:
        request = self.requests.register(event)
        if request.future is not None:
            # A test that does not look at a refusal has it all the same.
            request.future.add_done_callback(lambda future: future.cancelled() or future.exception())
        return request

    def says(self, name: str, **fields: object) -> bool:
        event = self._codec.decode(json.dumps({"type": name, "event_id": "event_of_service", **fields}))
        return self.requests.match(event)

    def refuses(self, cause: Request | str | None = None, *, code: str | None = None, param: str | None = None) -> bool:
        event_id = cause.event_id if isinstance(cause, Request) else cause
        details = {"type": "invalid_request_error", "code": code, "message": "No.", "param": param}
        return self.says("error", error={**details, "event_id": event_id})

    def adds(self, item_id: str, **fields: object) -> bool:
        item = {**MESSAGE, "id": item_id, "status": "completed", **fields}
        return self.says("conversation.item.added", previous_item_id=None, item=item)

    def creates(self, response_id: str, *, tag: str | None = None, conversation: str | None = "conv_1") -> bool:
        metadata = None if tag is None else {RESPONSE_TAG: tag}
        response = {"id": response_id, "status": "in_progress", "metadata": metadata, "conversation_id": conversation}
        return self.says("response.created", response=response)

    def ends(self, response_id: str, status: str = "completed") -> bool:
        return self.says("response.done", response={"id": response_id, "status": status, "output": []})

    def ends_turn(self, item_id: str) -> None:
        """Turn detection commits what the user said."""
        self.says("input_audio_buffer.speech_stopped", audio_end_ms=1000, item_id=item_id)
        assert not self.says("input_audio_buffer.committed", previous_item_id=None, item_id=item_id)
        assert not self.adds(item_id, content=[{"type": "input_audio", "transcript": None}])


def answer(request: Request) -> ServerEvent:
    assert request.future is not None
    assert request.future.done()
    return request.future.result()


def refusal(request: Request) -> ServerError:
    assert request.future is not None
    error = request.future.exception()
    assert isinstance(error, ServerError)
    return error


def waits(request: Request) -> bool:
    return request.future is not None and not request.future.done()


class TestEventIds:
    async def test_a_request_gets_an_id_and_the_event_that_was_given_stays_as_it_is(self) -> None:
        service = Service()
        one, other = service.ask(UPDATE), service.ask(UPDATE)
        assert one.event == {**UPDATE, "event_id": one.event_id}
        assert one.event_id
        assert one.event_id != other.event_id
        assert "event_id" not in UPDATE

    async def test_an_id_of_the_application_is_kept(self) -> None:
        assert Service().ask({**UPDATE, "event_id": "mine"}).event == {**UPDATE, "event_id": "mine"}

    async def test_two_clients_of_one_session_do_not_choose_the_same_ids(self) -> None:
        assert Service().ask(UPDATE).event_id != Service().ask(UPDATE).event_id


class TestErrors:
    async def test_an_error_ends_the_request_that_it_names_and_no_other(self) -> None:
        service = Service()
        one, other = service.ask(UPDATE), service.ask(UPDATE)
        assert service.refuses(other, code="invalid_value", param="session.audio")
        error = refusal(other)
        assert (error.code, error.param, error.event_id) == ("invalid_value", "session.audio", other.event_id)
        assert waits(one)
        assert service.says("session.updated", session={"type": "realtime"})
        assert answer(one).type == "session.updated"

    async def test_an_error_that_names_an_unknown_event_ends_none(self) -> None:
        service = Service()
        request = service.ask(UPDATE)
        assert not service.refuses("of_somebody_else", param="session")
        assert waits(request)

    @pytest.mark.parametrize(
        ("code", "param", "kind"),
        [
            ("conversation_already_has_active_response", None, "response.create"),
            ("inference_rate_limit_exceeded", None, "response.create"),
            ("response_cancel_not_active", None, "response.cancel"),
            ("input_audio_buffer_commit_empty", None, "input_audio_buffer.commit"),
            ("item_create_duplicate_item_id", "item.id", "conversation.item.create"),
            ("invalid_tool_call_id", "item.call_id", "conversation.item.create"),
            ("item_retrieve_invalid_item_id", "item_id", "conversation.item.retrieve"),
            ("item_delete_invalid_item_id", "item_id", "conversation.item.delete"),
            ("item_truncate_invalid_item_id", "item_id", "conversation.item.truncate"),
            ("invalid_value", "session.audio.output.voice", "session.update"),
            ("invalid_value", "item.content[0].type", "conversation.item.create"),
            ("invalid_value", "response.input[0]", "response.create"),
            ("invalid_value", "audio_end_ms", "conversation.item.truncate"),
            # Nothing tells: the oldest.
            ("invalid_value", None, "input_audio_buffer.clear"),
            (None, None, "input_audio_buffer.clear"),
        ],
    )
    async def test_an_error_that_names_no_event_ends_the_oldest_request_that_it_can_belong_to(
        self, code: str | None, param: str | None, kind: str
    ) -> None:
        service = Service()
        about = {"item_id": "item_1", "content_index": 0, "audio_end_ms": 9}
        oldest = service.ask({"type": "input_audio_buffer.clear"})
        requests = [oldest, *(service.ask({**about, "type": name}) for name in ANSWERS if name != oldest.kind)]
        later = service.ask({**about, "type": kind})
        assert service.refuses(code=code, param=param)
        assert [request.kind for request in requests if not waits(request)] == [kind]
        assert waits(later)

    @pytest.mark.parametrize(
        ("code", "param"),
        [("session_expired", None), ("input_audio_buffer_full", "audio"), ("invalid_value", "audio")],
    )
    async def test_an_error_of_the_connection_or_of_audio_ends_no_request(self, code: str, param: str | None) -> None:
        service = Service()
        requests = [service.ask({"type": kind}) for kind in ANSWERS]
        assert not service.refuses(code=code, param=param)
        assert all(waits(request) for request in requests)

    async def test_an_error_for_which_nothing_waits_is_nobodys(self) -> None:
        service = Service()
        assert not service.refuses()
        assert not service.says("error", error="broken")


class TestOrder:
    async def test_two_requests_of_a_kind_are_answered_in_order(self) -> None:
        service = Service()
        one, other = service.ask(UPDATE), service.ask(UPDATE)
        assert service.says("session.updated", session={"type": "realtime", "instructions": "one"})
        assert waits(other)
        assert service.says("session.updated", session={"type": "realtime", "instructions": "other"})
        assert "instructions='one'" in repr(answer(one))
        assert "instructions='other'" in repr(answer(other))
        assert not service.says("session.updated", session={"type": "realtime"})

    async def test_what_was_sent_without_waiting_takes_its_own_answer(self) -> None:
        service = Service()
        service.requests.note({"type": "input_audio_buffer.clear"})
        request = service.ask({"type": "input_audio_buffer.clear"})
        assert service.says("input_audio_buffer.cleared")
        assert waits(request)
        assert service.says("input_audio_buffer.cleared")
        assert answer(request).type == "input_audio_buffer.cleared"

    async def test_events_that_nothing_answers_are_not_kept(self) -> None:
        service = Service()
        service.requests.note({"type": "input_audio_buffer.append", "audio": "AAAA"})
        service.requests.note({"type": "of_tomorrow"})
        assert len(service.requests) == 0

    async def test_a_request_that_was_given_up_keeps_its_place(self) -> None:
        service = Service()
        lost, request = service.ask(UPDATE), service.ask(UPDATE)
        service.requests.give_up(lost)
        service.says("session.updated", session={"type": "realtime"})
        assert waits(request)

    async def test_a_request_that_could_not_be_sent_keeps_none(self) -> None:
        service = Service()
        lost, request = service.ask(UPDATE), service.ask(UPDATE)
        service.requests.give_up(lost, sent=False)
        service.says("session.updated", session={"type": "realtime"})
        assert answer(request).type == "session.updated"

    async def test_giving_up_what_was_answered_changes_nothing(self) -> None:
        service = Service()
        request = service.ask(UPDATE)
        assert service.refuses(request)
        service.requests.give_up(request)
        assert len(service.requests) == 0

    async def test_places_are_bounded_in_number(self) -> None:
        service = Service()
        request = service.ask(UPDATE)
        for _ in range(1000):
            service.requests.note(UPDATE)
        assert len(service.requests) < 300
        assert service.says("session.updated", session={"type": "realtime"})
        assert answer(request).type == "session.updated"

    async def test_an_end_of_the_connection_ends_every_request(self) -> None:
        service = Service()
        requests = [service.ask({"type": kind}) for kind in ANSWERS]
        service.requests.note(UPDATE)
        closed = ConnectionClosed(1006, "gone")
        service.requests.close(closed)
        assert {request.future.exception() for request in requests if request.future is not None} == {closed}
        assert len(service.requests) == 0


def test_a_place_is_kept_for_ten_seconds() -> None:
    async def scenario(loop: VirtualTimeLoop) -> None:
        service = Service()
        service.requests.note(UPDATE)
        await asyncio.sleep(9)
        request = service.ask(UPDATE)
        service.requests.note(UPDATE)
        await asyncio.sleep(2)
        service.says("session.updated", session={"type": "realtime"})
        assert answer(request).type == "session.updated"
        # Whoever waits is not forgotten, however long it takes.
        request = service.ask({"type": "input_audio_buffer.clear"})
        await asyncio.sleep(1000)
        assert service.says("input_audio_buffer.cleared")
        assert answer(request).type == "input_audio_buffer.cleared"

    run_in_virtual_time(scenario)


class TestItems:
    async def test_an_item_with_an_id_is_answered_by_that_id(self) -> None:
        service = Service()
        any_id = service.ask(NEW_ITEM)
        named = service.ask({**NEW_ITEM, "item": {**MESSAGE, "id": "mine"}})
        assert service.adds("mine")
        assert waits(any_id)
        assert service.adds("item_1")
        assert [event.item.id for event in map(added, (any_id, named))] == ["item_1", "mine"]

    async def test_items_without_an_id_are_answered_in_order_by_those_of_their_type_and_role(self) -> None:
        service = Service()
        user = service.ask(NEW_ITEM)
        output = service.ask({**NEW_ITEM, "item": FunctionCallOutputItem(call_id="call_1", output="{}")})
        again = service.ask(NEW_ITEM)
        assert service.adds("item_1", type="function_call_output", call_id="call_1", output="{}", role=None)
        assert not service.adds("item_2", role="system")
        assert service.adds("item_3")
        assert service.adds("item_4")
        assert [event.item.id for event in map(added, (user, output, again))] == ["item_3", "item_1", "item_4"]

    async def test_an_item_of_a_response_answers_nobody(self) -> None:
        service = Service()
        request = service.ask({**NEW_ITEM, "item": {"type": "message", "role": "assistant", "content": []}})
        assert not service.adds("item_1", role="assistant", status="in_progress", content=[])
        item: dict[str, object] = {**MESSAGE, "id": "item_2", "role": "assistant", "content": []}
        service.says("response.output_item.added", response_id="resp_1", output_index=0, item=item)
        assert not service.adds("item_2", role="assistant", content=[])
        assert service.adds("item_3", role="assistant", content=[])
        assert added(request).item.id == "item_3"

    async def test_what_the_user_said_answers_nobody(self) -> None:
        service = Service()
        request = service.ask(NEW_ITEM)
        service.ends_turn("item_1")
        assert waits(request)

    async def test_an_item_that_is_announced_by_its_old_name_is_an_answer_too_and_only_once(self) -> None:
        service = Service()
        one, other = service.ask(NEW_ITEM), service.ask(NEW_ITEM)
        item = {**MESSAGE, "id": "item_1", "status": "completed"}
        assert service.says("conversation.item.created", previous_item_id=None, item=item)
        assert isinstance(answer(one), ConversationItemAdded)
        assert added(one).item.id == "item_1"
        assert not service.adds("item_1")
        assert waits(other)

    @pytest.mark.parametrize("verb", ["delete", "retrieve", "truncate"])
    async def test_what_is_asked_of_an_item_is_answered_by_its_id(self, verb: str) -> None:
        service = Service()
        event = {"type": f"conversation.item.{verb}", "content_index": 0, "audio_end_ms": 500}
        requests = [service.ask({**event, "item_id": name}) for name in ("item_1", "item_2", "item_1")]
        name = f"{event['type']}{'d' if verb.endswith('e') else 'ed'}"

        def done(item_id: str) -> bool:
            about = {"item_id": item_id, "content_index": 0, "audio_end_ms": 500}
            return service.says(name, **({"item": {**MESSAGE, "id": item_id}} if verb == "retrieve" else about))

        assert not done("item_3")
        assert done("item_2")
        assert [waits(request) for request in requests] == [True, False, True]
        assert done("item_1")
        assert [waits(request) for request in requests] == [False, False, True]


def added(request: Request) -> ConversationItemAdded:
    event = answer(request)
    assert isinstance(event, ConversationItemAdded)
    return event


class TestCommits:
    async def test_a_commit_of_turn_detection_answers_nobody(self) -> None:
        service = Service(shared=True)
        request = service.ask(COMMIT)
        service.ends_turn("item_1")
        assert waits(request)
        service.says("input_audio_buffer.timeout_triggered", audio_start_ms=0, audio_end_ms=9, item_id="item_2")
        assert not service.says("input_audio_buffer.committed", previous_item_id=None, item_id="item_2")
        assert waits(request)

    async def test_a_turn_whose_commit_has_another_item_id_answers_nobody_either(self) -> None:
        service = Service(shared=True)
        request = service.ask(COMMIT)
        service.says("input_audio_buffer.speech_stopped", audio_end_ms=1000, item_id="item_1_stopped")
        assert not service.says("input_audio_buffer.committed", previous_item_id=None, item_id="item_1")
        assert service.says("input_audio_buffer.committed", previous_item_id=None, item_id="item_2")
        assert answer(request).type == "input_audio_buffer.committed"

    async def test_a_commit_by_hand_is_answered_though_turn_detection_had_begun_the_item(self) -> None:
        service = Service(shared=True)
        request = service.ask(COMMIT)
        service.says("input_audio_buffer.speech_started", audio_start_ms=0, item_id="item_1")
        assert service.says("input_audio_buffer.committed", previous_item_id=None, item_id="item_1")
        assert answer(request).type == "input_audio_buffer.committed"

    async def test_a_turn_that_was_cleared_away_is_not_waited_for(self) -> None:
        service = Service(shared=True)
        service.says("input_audio_buffer.speech_stopped", audio_end_ms=1000, item_id="item_1")
        service.says("input_audio_buffer.cleared")
        request = service.ask(COMMIT)
        assert service.says("input_audio_buffer.committed", previous_item_id=None, item_id="item_2")
        assert answer(request).type == "input_audio_buffer.committed"


class TestResponses:
    async def test_a_single_request_of_a_session_without_turn_detection_is_sent_as_it_is(self) -> None:
        service = Service()
        request = service.ask(CREATE)
        assert request.event == {**CREATE, "event_id": request.event_id}
        assert service.creates("resp_1")
        assert "resp_1" in repr(answer(request))

    async def test_beside_turn_detection_the_request_is_told_by_a_tag(self) -> None:
        service = Service(shared=True)
        request = service.ask({**CREATE, "response": {"instructions": "x", "metadata": {"topic": "rain"}}})
        assert request.event["response"] == {
            "instructions": "x",
            "metadata": {"topic": "rain", RESPONSE_TAG: request.event_id},
        }
        service.ends_turn("item_1")
        assert not service.creates("resp_of_turn")
        assert service.creates("resp_1", tag=request.event_id)
        assert "resp_1" in repr(answer(request))

    async def test_several_responses_under_way_are_told_apart_by_their_tags(self) -> None:
        service = Service()
        first, second, third = service.ask(CREATE), service.ask(CREATE), service.ask(CREATE)
        assert service.creates("resp_3", tag=third.event_id)
        assert service.creates("resp_1")
        assert service.creates("resp_2", tag=second.event_id)
        assert [
            name
            for request in (first, second, third)
            for name in ("resp_1", "resp_2", "resp_3")
            if f"'{name}'" in repr(answer(request))
        ] == ["resp_1", "resp_2", "resp_3"]

    async def test_a_tag_of_somebody_else_answers_nobody(self) -> None:
        service = Service()
        request = service.ask(CREATE)
        assert not service.creates("resp_1", tag="of_another_client")
        assert waits(request)

    async def test_where_the_service_repeats_no_metadata_a_response_for_each_turn_is_passed_over(self) -> None:
        service = Service(shared=True)
        request = service.ask(CREATE)
        service.ends_turn("item_1")
        assert not service.creates("resp_of_turn")
        assert service.creates("resp_1")
        assert "resp_1" in repr(answer(request))

    async def test_a_turn_whose_response_was_refused_is_not_waited_for(self) -> None:
        service = Service(shared=True)
        service.ends_turn("item_1")
        assert not service.refuses(code="conversation_already_has_active_response")
        request = service.ask(CREATE)
        assert service.creates("resp_1")
        assert "resp_1" in repr(answer(request))

    async def test_a_service_that_names_causes_blames_no_request_for_the_response_of_a_turn(self) -> None:
        service = Service(shared=True)
        service.refuses(service.ask(UPDATE))
        request = service.ask(CREATE)
        service.ends_turn("item_1")
        assert not service.refuses(code="conversation_already_has_active_response")
        assert waits(request)
        assert service.refuses(request, code="conversation_already_has_active_response")

    async def test_a_service_that_names_no_causes_blames_the_request(self) -> None:
        service = Service(shared=True)
        request = service.ask(CREATE)
        service.ends_turn("item_1")
        assert service.refuses(code="conversation_already_has_active_response")
        assert refusal(request).event_id is None

    async def test_once_a_service_has_repeated_a_tag_an_untagged_response_is_not_ours(self) -> None:
        service = Service(shared=True)
        request = service.ask(CREATE)
        service.creates("resp_1", tag=request.event_id)
        request = service.ask(CREATE)
        assert not service.creates("resp_of_somebody")
        assert service.creates("resp_2", tag=request.event_id)

    async def test_metadata_that_has_no_room_is_left_alone(self) -> None:
        service = Service(shared=True)
        full = {**CREATE, "response": {"metadata": {f"key_{n}": "value" for n in range(16)}}}
        request = service.ask(full)
        assert request.event["response"] == full["response"]
        assert service.creates("resp_1")
        assert "resp_1" in repr(answer(request))

    def test_the_application_sees_its_own_metadata_only(self) -> None:
        assert own_metadata({"topic": "rain", RESPONSE_TAG: "event_1"}) == {"topic": "rain"}
        assert own_metadata(None) == {}

    async def test_a_cancel_is_answered_by_the_end_of_the_response_that_was_running(self) -> None:
        service = Service()
        service.creates("resp_1")
        service.creates("resp_beside", conversation=None)
        request = service.ask(CANCEL)
        assert not service.ends("resp_beside", "cancelled")
        assert service.ends("resp_1", "cancelled")
        assert "resp_1" in repr(answer(request))

    async def test_a_cancel_that_names_its_response_is_answered_by_that_one_however_it_ended(self) -> None:
        service = Service()
        service.creates("resp_1")
        request = service.ask({**CANCEL, "response_id": "resp_2"})
        assert not service.ends("resp_1", "cancelled")
        assert service.ends("resp_2", "completed")
        assert "resp_2" in repr(answer(request))

    async def test_every_cancel_of_a_response_is_answered_by_its_end(self) -> None:
        service = Service()
        service.creates("resp_1")
        requests = [service.ask({**CANCEL, "response_id": "resp_1"}), service.ask(CANCEL)]
        other = service.ask({**CANCEL, "response_id": "resp_2"})
        assert service.ends("resp_1", "cancelled")
        assert ["resp_1" in repr(answer(request)) for request in requests] == [True, True]
        assert waits(other)
        # The second of them found nothing to cancel any more.
        assert not service.refuses(requests[1], code="response_cancel_not_active")
        assert waits(other)

    async def test_a_response_that_a_turn_never_got_is_told_from_ours_by_a_tag(self) -> None:
        service = Service(shared=True)
        service.ends_turn("item_1")
        service.shared = False  # turn detection was switched off
        request = service.ask(CREATE)
        assert service.creates("resp_1", tag=request.tag)
        assert "resp_1" in repr(answer(request))

    async def test_a_cancel_with_nothing_known_to_run_is_answered_by_a_cancelled_response_only(self) -> None:
        service = Service()
        service.creates("resp_1")
        service.ends("resp_1")
        request = service.ask(CANCEL)
        assert not service.ends("resp_2")
        assert waits(request)
        assert service.refuses(request, code="response_cancel_not_active")
        assert refusal(request).code == "response_cancel_not_active"
        request = service.ask(CANCEL)
        assert service.ends("resp_3", "cancelled")
        assert "resp_3" in repr(answer(request))


def test_a_turn_that_gets_no_response_is_waited_for_no_longer_than_ten_seconds() -> None:
    async def main(_: VirtualTimeLoop) -> None:
        service = Service(shared=True)
        service.ends_turn("item_1")
        await asyncio.sleep(9)
        service.ends_turn("item_2")
        await asyncio.sleep(2)
        request = service.ask(CREATE)
        assert not service.creates("resp_of_second_turn")
        assert service.creates("resp_1")  # of a service that repeats no metadata
        assert "resp_1" in repr(answer(request))

    run_in_virtual_time(main)


BROKEN: list[object] = [None, 1, "text", [], {}, {"id": []}, {"id": {}, "metadata": 3, "conversation_id": []}]


@pytest.mark.parametrize("value", BROKEN)
async def test_no_event_of_any_shape_makes_it_fail(value: object) -> None:
    service = Service(shared=True)
    for kind in ANSWERS:
        service.ask({"type": kind, "item": value, "item_id": value, "response_id": value})
        service.requests.note({"type": kind, "item": value, "item_id": value, "response_id": value})
    names = [*ANSWERS.values(), "error", "conversation.item.created", "response.output_item.added"]
    names += [f"input_audio_buffer.{name}" for name in ("speech_stopped", "timeout_triggered", "speech_started")]
    for name in names * 2:
        service.says(name, item=value, item_id=value, response=value, error=value, session=value)
