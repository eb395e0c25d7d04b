"""`EventSource`: the order of handlers, what a slow or broken one may do to the others, and how they end."""

import asyncio
import functools
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import pytest

from realtime_typed._generated.realtime.typed_events import RealtimeEvents
from realtime_typed._wire import UNSET, UnknownEvent
from realtime_typed.dispatch import EventSource, SendNamespace

pytestmark = pytest.mark.anyio

BOUND = 5.0
"""Seconds after which a wait that should end at once counts as hung."""

NAME = "response.done"
OTHER = "response.created"


class Source(RealtimeEvents):
    """A client without connection: the test emits what the connection would."""

    def emit(self, event: object, *names: str) -> None:
        self._emit(event, *names)

    async def settle(self, timeout: float = BOUND) -> None:
        await self._settle_handlers(timeout)

    def close(self, error: BaseException, *, expected: bool) -> None:
        self._close_channels(error, expected=expected)

    def open(self) -> None:
        self._open_channels()

    def on_any(self, name: str, handler: Callable[[int], object], *, once: bool = False) -> None:
        """`on` for events that are numbers."""
        self._channels[name].add(cast("Callable[[object], object]", handler), once=once)

    def remove(
        self, name: str | None, handler: Callable[..., object] | None = None, *, once_only: bool = False
    ) -> None:
        self._off(name, handler, once_only=once_only)

    async def wait_any(self, name: str) -> object:
        return await self._channels[name].wait(BOUND)

    @property
    def busy(self) -> bool:
        return bool(self._pumps)


@pytest.fixture
def source() -> Source:
    return Source()


Reports = list[dict[str, object]]


@pytest.fixture
async def reports() -> Reports:
    """What the event loop's exception handler was told."""
    found: Reports = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(dict(context)))
    return found


class TestNames:
    def test_a_name_that_does_not_exist_is_an_error_with_a_suggestion(self, source: Source) -> None:
        with pytest.raises(ValueError, match=r"no event 'response\.dnoe'; did you mean 'response\.done'"):
            source.on("response.dnoe")  # type: ignore[call-overload]  # wrong on purpose

    async def test_so_it_is_for_every_verb(self, source: Source) -> None:
        with pytest.raises(ValueError, match="did you mean"):
            await source.wait_for("response.don")  # type: ignore[call-overload]  # wrong on purpose
        with pytest.raises(ValueError, match="did you mean"):
            _ = source.events["response.don"]  # type: ignore[typeddict-item]  # wrong on purpose
        with pytest.raises(ValueError, match="did you mean"):
            source.remove("response.don")

    def test_a_name_that_resembles_none_gets_no_suggestion(self, source: Source) -> None:
        with pytest.raises(ValueError, match=r"^there is no event 'zzzzzz'$"):
            source.remove("zzzzzz")

    def test_every_name_of_a_source_has_a_channel(self, source: Source) -> None:
        for name in source.event_names:
            source.remove(name)

    def test_a_source_without_names_has_none(self) -> None:
        class Silent(EventSource):
            def remove(self, name: str) -> None:
                self._off(name, None, once_only=False)

        with pytest.raises(ValueError, match="there is no event"):
            Silent().remove("error")

    def test_emitting_where_nobody_listens_does_nothing(self, source: Source) -> None:
        source.emit(1, NAME, "*")


class TestSyncHandlers:
    async def test_they_are_called_at_once_and_without_a_task(self, source: Source) -> None:
        seen: list[object] = []
        source.on_any(NAME, seen.append)
        before = asyncio.all_tasks()
        source.emit(1, NAME)
        assert seen == [1]
        assert asyncio.all_tasks() == before
        assert not source.busy

    def test_they_need_no_event_loop(self, source: Source) -> None:
        seen: list[object] = []
        source.on_any(NAME, seen.append)
        source.emit(1, NAME)
        assert seen == [1]

    def test_the_names_of_an_event_are_served_in_their_order(self, source: Source) -> None:
        order: list[str] = []
        source.on_any("*", lambda _: order.append("any"))
        source.on_any(NAME, lambda _: order.append("name"))
        source.emit(1, NAME, "*")
        assert order == ["name", "any"]

    def test_typed_on_registers_and_returns_the_function(self, source: Source) -> None:
        seen: list[object] = []

        @source.on("*")
        def hear(event: object) -> None:
            seen.append(event)

        event = UnknownEvent("ping")
        source.emit(event, "*")
        hear(event)
        assert seen == [event, event]

    def test_events_that_a_handler_causes_wait_for_their_turn(self, source: Source) -> None:
        order: list[str] = []

        def first(event: int) -> None:
            order.append(f"first {event}")
            if event == 1:
                source.emit(2, NAME)

        source.on_any(NAME, first)
        source.on_any(NAME, lambda event: order.append(f"second {event}"))
        source.emit(1, NAME)
        assert order == ["first 1", "second 1", "first 2", "second 2"]

    def test_changes_during_an_event_count_from_the_next(self, source: Source) -> None:
        seen: list[str] = []

        def late(event: int) -> None:
            seen.append(f"late {event}")

        def removed(event: int) -> None:
            seen.append(f"removed {event}")

        def change(event: int) -> None:
            if event == 1:
                source.remove(NAME, removed)
                source.on_any(NAME, late)

        source.on_any(NAME, change)
        source.on_any(NAME, removed)
        source.emit(1, NAME)
        source.emit(2, NAME)
        assert seen == ["removed 1", "late 2"]


class TestAsyncHandlers:
    async def test_they_run_one_after_the_other_in_wire_order(self, source: Source) -> None:
        order: list[str] = []

        def make(name: str, turns: int) -> Callable[[int], Awaitable[None]]:
            async def handler(event: int) -> None:
                order.append(f"{name} {event} begins")
                for _ in range(turns):
                    await asyncio.sleep(0)
                order.append(f"{name} {event} ends")

            return handler

        source.on_any(NAME, make("slow", 5))
        source.on_any(NAME, make("fast", 0))
        source.on_any("*", make("any", 1))
        for event in (1, 2):
            source.emit(event, NAME, "*")
        await source.settle()
        expected = [
            f"{name} {event} {what}"
            for event in (1, 2)
            for name in ("slow", "fast", "any")
            for what in ("begins", "ends")
        ]
        assert order == expected

    async def test_sync_handlers_keep_their_place_among_them(self, source: Source) -> None:
        order: list[str] = []

        async def wait(event: int) -> None:
            await asyncio.sleep(0)
            order.append(f"async {event}")

        source.on_any(NAME, wait)
        source.on_any(NAME, lambda event: order.append(f"sync {event}"))
        source.emit(1, NAME)
        source.emit(2, NAME)
        assert order == []
        await source.settle()
        assert order == ["async 1", "sync 1", "async 2", "sync 2"]

    async def test_events_that_handlers_cause_keep_them_one_at_a_time(self, source: Source) -> None:
        running = most = 0
        order: list[int] = []

        async def handler(event: int) -> None:
            nonlocal running, most
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            order.append(event)
            running -= 1

        def cause(event: int) -> None:
            if event < 3:
                source.emit(event + 1, NAME)

        source.on_any(NAME, cause)
        source.on_any(NAME, handler)
        source.emit(1, NAME)
        await source.settle()
        assert order == [1, 2, 3]
        assert most == 1

    async def test_one_task_serves_them_all_and_ends(self, source: Source) -> None:
        async def handler(event: int) -> None:
            await asyncio.sleep(0)

        source.on_any(NAME, handler)
        before = asyncio.all_tasks()
        for event in range(20):
            source.emit(event, NAME)
        assert len(asyncio.all_tasks() - before) == 1
        await source.settle()
        assert asyncio.all_tasks() == before
        assert not source.busy

    async def test_a_once_handler_runs_once_though_events_queue_up(self, source: Source) -> None:
        seen: list[int] = []

        async def handler(event: int) -> None:
            await asyncio.sleep(0)
            seen.append(event)

        source.on_any(NAME, handler, once=True)
        for event in (1, 2, 3):
            source.emit(event, NAME)
        await source.settle()
        assert seen == [1]

    async def test_a_handler_that_was_removed_still_gets_the_events_that_came_before(self, source: Source) -> None:
        seen: list[int] = []

        async def handler(event: int) -> None:
            await asyncio.sleep(0)
            seen.append(event)

        source.on_any(NAME, handler)
        source.emit(1, NAME)
        source.emit(2, NAME)
        source.remove(NAME, handler)
        source.emit(3, NAME)
        await source.settle()
        assert seen == [1, 2]

    async def test_a_sync_handler_that_returns_an_awaitable_is_awaited(self, source: Source) -> None:
        done = asyncio.Event()

        async def work(_: object) -> None:
            done.set()

        source.on_any(NAME, functools.partial(work))
        source.on_any(OTHER, lambda event: asyncio.ensure_future(work(event)))
        for name in (NAME, OTHER):
            done.clear()
            source.emit(1, name)
            await source.settle()
            assert done.is_set()


class TestSlowHandlers:
    async def test_they_delay_neither_waiters_nor_streams(self, source: Source) -> None:
        release = asyncio.Event()

        async def slow(_: object) -> None:
            await release.wait()

        source.on_any(NAME, slow)
        stream = source.events["*"].stream()
        source.emit(1, NAME)
        async with source.events["*"].expect(BOUND) as expected:
            source.emit(UnknownEvent("ping"), NAME, "*")
        assert expected.event == UnknownEvent("ping")
        async with asyncio.timeout(BOUND):
            assert await anext(stream) == UnknownEvent("ping")
        assert source.busy
        release.set()
        await source.settle()

    async def test_a_handler_may_wait_for_a_later_event(self, source: Source) -> None:
        seen: list[object] = []

        async def handler(event: int) -> None:
            seen.append((event, await source.wait_any(OTHER)))

        source.on_any(NAME, handler)
        source.emit(1, NAME)
        await asyncio.sleep(0)
        source.emit(2, OTHER)
        await source.settle()
        assert seen == [(1, 2)]

    async def test_typed_wait_for_takes_a_timeout_and_a_predicate(self, source: Source) -> None:
        with pytest.raises(TimeoutError, match="no 'error' event within 0 s"):
            await source.wait_for("error", timeout=0)
        task = asyncio.create_task(source.wait_for("*", BOUND, predicate=lambda event: event == UnknownEvent("b")))
        await asyncio.sleep(0)
        source.emit(UnknownEvent("a"), "*")
        source.emit(UnknownEvent("b"), "*")
        assert await task == UnknownEvent("b")


class TestHandlersThatRaise:
    async def test_a_sync_one_is_reported_and_stops_nothing(self, source: Source, reports: Reports) -> None:
        seen: list[object] = []

        def broken(event: object) -> None:
            raise KeyError("mine")

        source.on_any(NAME, broken)
        source.on_any(NAME, seen.append)
        source.emit(UnknownEvent("ping"), NAME)
        source.emit(UnknownEvent("ping"), NAME)
        assert len(seen) == 2
        assert [type(report["exception"]) for report in reports] == [KeyError, KeyError]
        assert "broken raised while handling 'ping'" in str(reports[0]["message"])

    async def test_an_async_one_is_reported_and_stops_nothing(self, source: Source, reports: Reports) -> None:
        seen: list[object] = []

        async def broken(event: object) -> None:
            await asyncio.sleep(0)
            raise KeyError("mine")

        source.on_any(NAME, broken)
        source.on_any(NAME, broken)
        source.on_any(NAME, seen.append)
        source.emit(1, NAME)
        source.emit(2, NAME)
        await source.settle()
        assert seen == [1, 2]
        assert [type(report["exception"]) for report in reports] == [KeyError] * 4
        assert all("broken raised while handling 'int'" in str(report["message"]) for report in reports)

    @pytest.mark.parametrize("kind", ["sync", "async"])
    async def test_one_that_reads_a_cancelled_task_is_reported_and_stops_nothing(
        self, source: Source, reports: Reports, kind: str
    ) -> None:
        gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gone.cancel()
        seen: list[object] = []

        async def await_it(_: object) -> None:
            await gone

        source.on_any(NAME, await_it if kind == "async" else lambda _: gone.result())
        source.on_any(NAME, seen.append)
        source.emit(1, NAME)
        await source.settle()
        source.emit(2, NAME)
        await source.settle()
        assert seen == [1, 2]
        assert [type(report["exception"]) for report in reports] == [asyncio.CancelledError] * 2

    def test_without_an_event_loop_it_is_logged(self, source: Source, caplog: pytest.LogCaptureFixture) -> None:
        source.on_any(NAME, lambda _: 1 // 0)
        with caplog.at_level(logging.ERROR, "realtime_typed"):
            source.emit(1, NAME)
        (record,) = caplog.records
        assert "raised while handling" in record.getMessage()
        assert record.exc_info is not None
        assert record.exc_info[0] is ZeroDivisionError

    async def test_a_predicate_that_raises_stops_no_handler(self, source: Source) -> None:
        seen: list[object] = []
        source.on_any("*", seen.append)
        task = asyncio.create_task(source.wait_for("*", BOUND, predicate=lambda _: bool(1 // 0)))
        await asyncio.sleep(0)
        source.emit(1, "*")
        with pytest.raises(ZeroDivisionError):
            await task
        assert seen == [1]


class TestRemoving:
    @pytest.fixture
    def seen(self, source: Source) -> list[str]:
        """`on` and `once` on two channels, each noting its name."""
        seen: list[str] = []

        def note(text: str) -> Callable[[int], None]:
            return lambda _: seen.append(text)

        for name in (NAME, OTHER):
            source.on_any(name, note(f"on {name}"))
            source.on_any(name, note(f"once {name}"), once=True)
        return seen

    @staticmethod
    def emit_both(source: Source) -> None:
        source.emit(1, NAME)
        source.emit(1, OTHER)

    def test_all_handlers_of_all_events(self, source: Source, seen: list[str]) -> None:
        source.clear_event_handlers()
        self.emit_both(source)
        assert seen == []

    def test_all_once_handlers_of_all_events(self, source: Source, seen: list[str]) -> None:
        source.remove(None, once_only=True)
        self.emit_both(source)
        assert seen == [f"on {NAME}", f"on {OTHER}"]

    def test_all_handlers_of_one_event(self, source: Source, seen: list[str]) -> None:
        source.remove(NAME)
        self.emit_both(source)
        assert seen == [f"on {OTHER}", f"once {OTHER}"]

    def test_all_once_handlers_of_one_event(self, source: Source, seen: list[str]) -> None:
        source.remove(NAME, once_only=True)
        self.emit_both(source)
        assert seen == [f"on {NAME}", f"on {OTHER}", f"once {OTHER}"]

    def test_one_handler(self, source: Source) -> None:
        seen: list[object] = []
        source.on_any(NAME, seen.append)
        source.remove(NAME, seen.append)
        source.emit(1, NAME)
        assert seen == []

    @pytest.mark.parametrize("once_only", [True, False])
    def test_one_that_is_not_registered_is_an_error(self, source: Source, once_only: bool) -> None:
        if once_only:
            source.on_any(NAME, print)
        with pytest.raises(ValueError, match=r"not registered for 'response\.done'"):
            source.remove(NAME, print, once_only=once_only)

    async def test_waiters_and_streams_stay(self, source: Source) -> None:
        stream = source.events["*"].stream()
        async with source.events["*"].expect(BOUND) as expected:
            source.clear_event_handlers()
            source.emit(UnknownEvent("ping"), "*")
        assert expected.event == UnknownEvent("ping")
        async with asyncio.timeout(BOUND):
            assert await anext(stream) == UnknownEvent("ping")


class TestSettling:
    async def test_without_handlers_it_returns_at_once(self, source: Source) -> None:
        async with asyncio.timeout(BOUND):
            await source.settle(0)

    async def test_it_waits_for_the_handlers_that_are_due(self, source: Source) -> None:
        seen: list[int] = []

        async def handler(event: int) -> None:
            for _ in range(10):
                await asyncio.sleep(0)
            seen.append(event)

        source.on_any(NAME, handler)
        for event in range(3):
            source.emit(event, NAME)
        await source.settle()
        assert seen == [0, 1, 2]

    async def test_it_cancels_what_takes_too_long_and_drops_what_waits_behind(self, source: Source) -> None:
        ended: list[str] = []

        async def forever(event: int) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.append(f"cancelled {event}")

        before = asyncio.all_tasks()
        source.on_any(NAME, forever)
        source.emit(1, NAME)
        source.emit(2, NAME)
        await asyncio.sleep(0)
        async with asyncio.timeout(BOUND):
            await source.settle(0.01)
        assert ended == ["cancelled 1"]
        assert asyncio.all_tasks() == before
        assert not source.busy

    async def test_the_source_works_again_afterwards(self, source: Source) -> None:
        seen: list[int] = []

        async def handler(event: int) -> None:
            if event == 1:
                await asyncio.Event().wait()
            seen.append(event)

        source.on_any(NAME, handler)
        source.emit(1, NAME)
        await source.settle(0.01)
        source.emit(2, NAME)
        await source.settle()
        assert seen == [2]

    async def test_a_handler_that_ignores_its_cancellation_cannot_hold_it_up(self, source: Source) -> None:
        release = asyncio.Event()

        async def stubborn(_: object) -> None:
            while not release.is_set():
                try:
                    await release.wait()
                except asyncio.CancelledError:
                    continue

        source.on_any(NAME, stubborn)
        source.emit(1, NAME)
        await asyncio.sleep(0)
        async with asyncio.timeout(BOUND):
            await source.settle(0.01)
        release.set()
        await source.settle()
        assert not source.busy

    async def test_a_handler_may_call_it(self, source: Source) -> None:
        done = asyncio.Event()

        async def handler(_: object) -> None:
            await asyncio.sleep(0)
            await source.settle()
            done.set()

        source.on_any(NAME, handler)
        source.emit(1, NAME)
        async with asyncio.timeout(BOUND):
            await done.wait()
        await source.settle()

    async def test_being_cancelled_it_cancels_the_handlers_too(self, source: Source) -> None:
        ended = asyncio.Event()

        async def forever(_: object) -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        source.on_any(NAME, forever)
        source.emit(1, NAME)
        await asyncio.sleep(0)
        task = asyncio.create_task(source.settle())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(BOUND):
            await ended.wait()
        assert not source.busy


class TestClosing:
    async def test_it_ends_the_waiters_and_streams_of_every_channel(self, source: Source) -> None:
        stream = source.events["*"].stream()
        tasks = [asyncio.create_task(source.wait_any(name)) for name in (NAME, OTHER)]
        await asyncio.sleep(0)
        source.close(KeyError("gone"), expected=False)
        for task in tasks:
            with pytest.raises(KeyError):
                await task
        with pytest.raises(KeyError):
            await anext(stream)

    async def test_handlers_stay(self, source: Source) -> None:
        seen: list[object] = []
        source.on_any(NAME, seen.append)
        source.close(KeyError("gone"), expected=True)
        source.emit(1, NAME)
        assert seen == [1]

    async def test_a_channel_that_is_first_used_afterwards_has_ended_too(self, source: Source) -> None:
        source.close(KeyError("gone"), expected=False)
        with pytest.raises(KeyError):
            await anext(source.events["*"].stream())
        source.close(KeyError("gone"), expected=True)
        with pytest.raises(StopAsyncIteration):
            await anext(source.events["error"].stream())

    async def test_opening_it_again_revives_every_channel(self, source: Source) -> None:
        used = source.events["*"]
        source.close(KeyError("gone"), expected=False)
        source.open()
        for channel in (used, source.events["*"]):
            stream = channel.stream()
            source.emit(UnknownEvent("ping"), "*")
            async with asyncio.timeout(BOUND):
                assert await anext(stream) == UnknownEvent("ping")


class TestSendNamespace:
    async def test_it_sends_the_fields_that_were_given(self) -> None:
        sent: list[Mapping[str, object]] = []

        async def send(event: Mapping[str, object]) -> None:
            sent.append(event)

        class Responses(SendNamespace):
            async def create(self, **fields: object) -> None:
                await self._send("response.create", fields)

        async def request(name: str, fields: Mapping[str, object], timeout: float | None) -> object:
            raise AssertionError("nothing waits for an answer")

        await Responses(send, request).create(response=None, event_id=UNSET)
        assert sent == [{"type": "response.create", "response": None}]

    async def test_a_request_gives_the_fields_that_were_given_and_returns_the_answer(self) -> None:
        asked: list[tuple[str, Mapping[str, object], float | None]] = []

        async def send(event: Mapping[str, object]) -> None:
            raise AssertionError("an answer is waited for")

        async def request(name: str, fields: Mapping[str, object], timeout: float | None) -> object:
            asked.append((name, fields, timeout))
            return "the answer"

        class Responses(SendNamespace):
            async def create(self, timeout: float | None, **fields: object) -> str:
                return await self._request("response.create", fields, timeout, str)

        assert await Responses(send, request).create(2.5, response=None, event_id=UNSET) == "the answer"
        assert asked == [("response.create", {"response": None}, 2.5)]
