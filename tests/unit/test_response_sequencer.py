"""Asking for responses one at a time: who waits for whom, and for how long. In virtual time."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial

import pytest

from realtime_typed._active_responses import ALREADY_ACTIVE
from realtime_typed._response_sequencer import ResponseSequencer, WhenActive
from realtime_typed.errors import ConnectionClosed, ResponseActiveError, ServerError
from realtime_typed.types import RealtimeResponse
from tests.unit.virtual_time import VirtualTimeLoop, run_in_virtual_time


class Service:
    """Stands for the service: takes requests and begins responses, as it would refuses one too many."""

    def __init__(self, *, timeout: float | None = 60.0, answers_turns: bool = False) -> None:
        self.expired: list[str] = []
        self.cancelled: list[str] = []
        self.asked: list[tuple[str, float]] = []
        self.refusals = 0
        self.sequencer = ResponseSequencer(timeout, lambda: answers_turns, self.expired.append)

    def says(self, event_type: str, **fields: object) -> None:
        self.sequencer.apply(event_type, fields)

    def begins(self, response_id: str) -> None:
        self.says("response.created", response=RealtimeResponse(id=response_id, conversation_id="conv"))

    def ends(self, response_id: str) -> None:
        self.says("response.done", response=RealtimeResponse(id=response_id, status="completed"))

    async def ask(self, name: str, when_active: WhenActive = "wait") -> str:
        async def request() -> str:
            self.asked.append((name, asyncio.get_running_loop().time()))
            await asyncio.sleep(0.1)
            if self.refusals or self.sequencer.active is not None:
                self.refusals = max(0, self.refusals - 1)
                self.says("error", error={"code": ALREADY_ACTIVE})
                raise ServerError("one is active", code=ALREADY_ACTIVE)
            self.begins(name)
            return name

        async def cancel(response_id: str) -> None:
            self.cancelled.append(response_id)
            await asyncio.sleep(0.1)
            self.ends(response_id)

        return await self.sequencer.ask(request, when_active=when_active, cancel=cancel)


def after(delay: float, call: Callable[[], object]) -> None:
    asyncio.get_running_loop().call_later(delay, call)


def in_virtual_time(test: Callable[[], Coroutine[object, object, None]]) -> Callable[[], None]:
    """Run a test on a loop whose clock is simulated."""

    def run() -> None:
        async def main(_: VirtualTimeLoop) -> None:
            await test()

        run_in_virtual_time(main)

    run.__name__ = test.__name__
    return run


@in_virtual_time
async def test_one_is_asked_for_at_once_when_none_is_active() -> None:
    service = Service()
    assert await service.ask("a") == "a"
    assert service.asked == [("a", 0.0)]
    assert service.sequencer.active == "a"
    assert service.sequencer.in_conversation == ["a"]
    service.ends("a")
    assert service.sequencer.active is None


@in_virtual_time
async def test_who_asks_while_one_is_active_waits_for_its_end_in_the_order_of_asking() -> None:
    service = Service()
    service.begins("theirs")
    after(5, lambda: service.ends("theirs"))
    tasks = [asyncio.create_task(service.ask(name)) for name in "abc"]
    for task, name in zip(tasks, "abc", strict=True):
        assert await task == name
        after(1, partial(service.ends, name))
    assert [name for name, _ in service.asked] == ["a", "b", "c"]
    assert [round(at, 1) for _, at in service.asked] == [5.0, 6.1, 7.2]


@in_virtual_time
async def test_one_that_has_no_event_for_too_long_makes_room_and_is_told() -> None:
    service = Service(timeout=30)
    service.begins("silent")
    after(10, lambda: service.says("response.output_text.delta", response_id="silent"))
    assert await service.ask("a") == "a"
    assert service.asked == [("a", 40.0)]
    assert service.expired == ["silent"]


@in_virtual_time
async def test_audio_of_a_track_keeps_it_alive() -> None:
    service = Service(timeout=30)
    service.begins("heard")
    after(20, lambda: service.sequencer.heard("heard"))
    await service.ask("a")
    assert service.asked == [("a", 50.0)]


@in_virtual_time
async def test_it_is_told_even_when_nobody_waits() -> None:
    service = Service(timeout=30)
    service.begins("silent")
    after(29, lambda: service.begins("other"))
    await asyncio.sleep(31)
    assert service.expired == ["silent"]
    await asyncio.sleep(30)
    assert service.expired == ["silent", "other"]


@in_virtual_time
async def test_with_cancel_what_is_active_is_cancelled_and_so_is_who_waited() -> None:
    service = Service()
    service.begins("theirs")
    waiting = asyncio.create_task(service.ask("first"))
    await asyncio.sleep(0)
    assert await service.ask("urgent", "cancel") == "urgent"
    assert await waiting == "first"
    assert service.cancelled == ["theirs", "first"]
    assert service.sequencer.active == "urgent"


@in_virtual_time
async def test_with_raise_it_is_told_which_one_is_active() -> None:
    service = Service()
    service.begins("theirs")
    with pytest.raises(ResponseActiveError, match="theirs") as caught:
        await service.ask("a", "raise")
    assert caught.value.response_id == "theirs"
    assert service.asked == []
    service.ends("theirs")
    asking = asyncio.create_task(service.ask("a"))
    await asyncio.sleep(0.05)
    with pytest.raises(ResponseActiveError, match="being asked for"):
        await service.ask("b", "raise")
    await asking
    service.ends("a")
    assert await service.ask("c", "raise") == "c"


@in_virtual_time
async def test_with_raise_a_refusal_is_told_in_the_same_way() -> None:
    service = Service()
    service.refusals = 1
    with pytest.raises(ResponseActiveError) as caught:
        await service.ask("a", "raise")
    assert isinstance(caught.value.__cause__, ServerError)


@in_virtual_time
async def test_one_that_the_service_began_meanwhile_is_waited_for_and_ours_asked_for_again() -> None:
    service = Service()
    after(0.05, lambda: service.begins("theirs"))
    after(3, lambda: service.ends("theirs"))
    assert await service.ask("a") == "a"
    assert service.asked == [("a", 0.0), ("a", 3.0)]


@in_virtual_time
async def test_a_refusal_because_of_one_that_is_never_told_of_is_waited_out_a_while() -> None:
    service = Service()
    service.refusals = 1
    assert await service.ask("a") == "a"
    assert service.asked == [("a", 0.0), ("a", 2.1)]


@in_virtual_time
async def test_a_second_refusal_is_told_and_the_next_one_may_ask() -> None:
    service = Service()
    service.refusals = 2
    with pytest.raises(ServerError) as caught:
        await service.ask("a")
    assert caught.value.code == ALREADY_ACTIVE
    assert len(service.asked) == 2
    assert await service.ask("b") == "b"


@in_virtual_time
async def test_another_error_is_told_at_once() -> None:
    service = Service()

    async def request() -> str:
        raise ServerError("no", code="insufficient_quota")

    async def cancel(_: str) -> None: ...

    with pytest.raises(ServerError, match="insufficient_quota"):
        await service.sequencer.ask(request, cancel=cancel)
    assert await service.ask("b") == "b"


@in_virtual_time
async def test_while_the_user_speaks_the_service_answers_first() -> None:
    service = Service(answers_turns=True)
    service.says("input_audio_buffer.speech_started")
    after(3, lambda: service.says("input_audio_buffer.speech_stopped"))
    after(3.2, lambda: service.begins("answer"))
    after(9, lambda: service.ends("answer"))
    assert await service.ask("a") == "a"
    assert service.asked == [("a", 9.0)]


@in_virtual_time
async def test_a_turn_that_the_service_does_not_answer_is_not_waited_for_long() -> None:
    service = Service(answers_turns=True)
    service.says("input_audio_buffer.speech_started")
    after(3, lambda: service.says("input_audio_buffer.speech_stopped"))
    assert await service.ask("a") == "a"
    assert service.asked == [("a", 5.0)]


@pytest.mark.parametrize("when_active", ["cancel", "raise"])
def test_who_does_not_wait_does_not_wait_for_the_user(when_active: WhenActive) -> None:
    async def main(_: VirtualTimeLoop) -> None:
        service = Service(answers_turns=True)
        service.says("input_audio_buffer.speech_started")
        await service.ask("a", when_active)
        assert service.asked == [("a", 0.0)]

    run_in_virtual_time(main)


@in_virtual_time
async def test_who_is_cancelled_while_waiting_leaves_the_place_to_the_next() -> None:
    service = Service()
    service.begins("theirs")
    gone = asyncio.create_task(service.ask("gone"))
    waiting = asyncio.create_task(service.ask("a"))
    await asyncio.sleep(1)
    gone.cancel()
    service.ends("theirs")
    assert await waiting == "a"
    assert gone.cancelled()
    assert [name for name, _ in service.asked] == ["a"]


@in_virtual_time
async def test_the_end_of_the_connection_ends_every_wait() -> None:
    service = Service(timeout=None)
    service.begins("theirs")
    waiting = [asyncio.create_task(service.ask(name)) for name in "ab"]
    await asyncio.sleep(1000)
    assert not any(task.done() for task in waiting)
    closed = ConnectionClosed(1001, "going away")
    service.sequencer.clear(closed)
    # Even if there is a new connection at once: it is not the one that they asked on.
    service.sequencer.clear()
    for task in waiting:
        with pytest.raises(ConnectionClosed) as caught:
            await task
        assert caught.value is closed
    assert service.asked == []
    assert await service.ask("c") == "c"


@in_virtual_time
async def test_who_goes_away_after_asking_leaves_a_response_that_is_waited_for() -> None:
    service = Service()

    async def request() -> str:
        service.sequencer.asked()  # it has left, and cannot be taken back
        after(1, lambda: service.begins("left"))
        after(5, lambda: service.ends("left"))
        await asyncio.sleep(60)
        return "never"

    async def cancel(_: str) -> None: ...

    gone = asyncio.create_task(service.sequencer.ask(request, cancel=cancel))
    await asyncio.sleep(0.5)
    gone.cancel()
    waiting = asyncio.create_task(service.ask("a"))
    await asyncio.sleep(0.1)
    assert gone.cancelled()
    with pytest.raises(ResponseActiveError, match="being asked for"):
        await service.ask("b", "raise")
    assert await waiting == "a"
    assert service.asked == [("a", 5.0)]


@in_virtual_time
async def test_one_that_was_asked_for_by_hand_is_waited_for_until_it_has_begun_or_was_refused() -> None:
    service = Service()
    service.sequencer.asked()
    after(1, lambda: service.says("error", error={"code": "invalid_value"}))
    assert await service.ask("a") == "a"
    service.ends("a")
    service.sequencer.asked()
    assert await service.ask("b") == "b"
    # The service never said what became of the second.
    assert service.asked == [("a", 1.0), ("b", 11.1)]
