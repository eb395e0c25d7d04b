"""A response's handle: what it brings while it grows, and how it ends."""

import asyncio
import gc
from typing import Any

import numpy as np
import pytest

from realtime_typed._response_log import GrowingList, Place, ResponseLog, ResponseLogs
from realtime_typed.errors import ConnectionClosed, ResponseActiveError, ResponseFailed
from realtime_typed.responses import ResponseHandle
from realtime_typed.types import AssistantMessageItem, RealtimeResponse
from realtime_typed.utility_events import ItemDelta, OutputAudio

pytestmark = pytest.mark.anyio


def response(response_id: str = "r1", status: str = "in_progress", **fields: object) -> RealtimeResponse:
    return RealtimeResponse.model_validate({"id": response_id, "status": status, **fields})


def message(item_id: str, text: str = "", *, spoken: bool = False) -> AssistantMessageItem:
    part = {"type": "output_audio", "transcript": text} if spoken else {"type": "output_text", "text": text}
    return AssistantMessageItem.model_validate({"id": item_id, "status": "completed", "content": [part]})


def piece(item_id: str = "i1", response_id: str = "r1") -> OutputAudio:
    return OutputAudio(np.zeros(240, np.int16), 24_000, item_id, response_id, 0)


class Made:
    """A response with a log that is fed by the test."""

    def __init__(self, **fields: object) -> None:
        self.taken: list[OutputAudio] = []
        self.cancelled: list[str] = []
        self.log = ResponseLog(response(**fields), self.taken.append)  # type: ignore[arg-type]  # a test's own fields
        self.handle = ResponseHandle(self.log, self._cancel)

    async def _cancel(self, response_id: str) -> None:
        self.cancelled.append(response_id)


async def all_of(stream: Any) -> list[Any]:
    async with asyncio.timeout(5):
        return [entry async for entry in stream]


async def test_a_stream_begins_with_what_came_first_and_ends_with_the_response() -> None:
    made = Made()
    made.log.grew(ItemDelta(text="one "))
    reading = asyncio.create_task(all_of(made.handle.text))
    await asyncio.sleep(0)
    made.log.grew(ItemDelta(text="two"))
    made.log.grew(ItemDelta(arguments="{}"))
    made.log.done(response(status="completed"), by_track=False)
    assert await reading == ["one ", "two"]
    assert await all_of(made.handle.text) == ["one ", "two"]
    assert await all_of(made.handle.transcript) == []
    assert (await made.handle.done()).status == "completed"
    assert (made.handle.id, made.handle.status) == ("r1", "completed")
    assert repr(made.handle) == "<ResponseHandle r1 completed>"


async def test_two_readers_get_the_same_each_at_its_pace() -> None:
    growing: GrowingList[int] = GrowingList()
    places = [Place(), Place()]
    reads = [asyncio.create_task(growing.read(place)) for place in places]
    await asyncio.sleep(0)
    growing.append(1)
    growing.append(2)
    assert [await read for read in reads] == [1, 1]
    assert await growing.read(places[0]) == 2
    growing.end()
    growing.append(3)
    growing.end(ValueError("too late"))
    with pytest.raises(StopAsyncIteration):
        await growing.read(places[0])


async def test_a_text_that_came_as_a_whole_is_completed_and_one_that_was_corrected_is_not() -> None:
    made = Made()
    made.log.grew(ItemDelta(text="Hel"))
    made.log.grew(ItemDelta(transcript="Wrong"))
    made.log.item_done(message("i1", "Hello"))
    made.log.item_done(message("i2", "Right", spoken=True))
    made.log.done(response(status="completed"), by_track=False)
    assert await all_of(made.handle.text) == ["Hel", "lo"]
    assert await all_of(made.handle.transcript) == ["Wrong"]


async def test_each_item_is_given_once() -> None:
    made = Made()
    for item_id in ("i1", "i1", "i2"):
        made.log.item_done(message(item_id, "x"))
    made.log.done(response(status="completed"), by_track=False)
    assert [item.id for item in await all_of(made.handle.items)] == ["i1", "i2"]


async def test_audio_that_is_read_is_told() -> None:
    made = Made()
    made.log.add_audio(piece())
    stream = made.handle.audio
    assert made.taken == []
    made.log.done(response(status="completed"), by_track=False)
    assert await all_of(stream) == made.taken
    assert len(made.taken) == 1


@pytest.mark.parametrize("ends_first", [True, False])
async def test_audio_of_a_track_ends_when_both_the_response_and_the_track_have(ends_first: bool) -> None:
    made = Made()
    made.log.add_audio(piece())
    reading = asyncio.create_task(all_of(made.handle.audio))
    if ends_first:
        made.log.track_ended()
        await asyncio.sleep(0)
        assert not reading.done()
        made.log.done(response(status="completed"), by_track=True)
    else:
        made.log.done(response(status="completed"), by_track=True)
        made.log.add_audio(piece())
        await made.handle.done()
        assert not reading.done()
        made.log.track_ended()
    assert len(await reading) == (1 if ends_first else 2)


async def test_a_response_without_audio_has_no_audio_to_wait_for() -> None:
    made = Made()
    made.log.item_done(message("i1", "text"))
    made.log.done(response(status="completed"), by_track=True)
    assert await all_of(made.handle.audio) == []


async def test_a_failure_says_what_the_service_said() -> None:
    made = Made()
    error = {"type": "server_error", "code": "rate_limit_exceeded", "message": "slow down"}
    details = {"type": "failed", "error": error}
    made.log.grew(ItemDelta(text="Hel"))
    made.log.done(response(status="failed", status_details=details), by_track=False)
    with pytest.raises(ResponseFailed):
        await made.handle.done()
    # Whoever asks again is told again.
    with pytest.raises(ResponseFailed, match=r"'r1': failed .rate_limit_exceeded.: slow down") as caught:
        await made.handle.done()
    failed = caught.value
    assert (failed.response_id, failed.status, failed.code, failed.reason) == (
        "r1",
        "failed",
        "rate_limit_exceeded",
        None,
    )
    assert failed.message == "slow down"
    assert failed.status_details == details
    assert await all_of(made.handle.text) == ["Hel"]


async def test_an_incomplete_response_says_why() -> None:
    made = Made()
    details = {"type": "incomplete", "reason": "max_output_tokens"}
    made.log.done(response(status="incomplete", status_details=details), by_track=False)
    with pytest.raises(ResponseFailed, match=r"incomplete .max_output_tokens") as caught:
        await made.handle.done()
    assert caught.value.reason == "max_output_tokens"


async def test_a_cancelled_one_is_not_read_to_its_end() -> None:
    made = Made()
    made.log.add_audio(piece())
    made.log.add_audio(piece())
    stream = made.handle.audio
    await anext(stream)
    made.log.done(response(status="cancelled"), by_track=True)
    assert await all_of(stream) == []
    with pytest.raises(ResponseFailed, match="cancelled"):
        await made.handle.done()


async def test_one_that_the_service_leaves_behind_has_failed() -> None:
    made = Made()
    made.log.expire(60)
    with pytest.raises(ResponseFailed, match="no event of it came for 60 seconds") as caught:
        await made.handle.done()
    assert (caught.value.status, caught.value.code, made.handle.status) == ("failed", "timeout", "failed")
    made.log.done(response(status="completed"), by_track=False)
    assert made.handle.status == "failed"


async def test_done_waits_as_long_as_it_is_told() -> None:
    made = Made()
    with pytest.raises(TimeoutError):
        await made.handle.done(timeout=0.01)
    assert made.handle.status == "in_progress"


async def test_a_response_that_fits_no_schema_has_ended_all_the_same() -> None:
    made = Made()
    made.log.done({"id": "r1", "status": "failed", "status_details": {"error": {"code": "x"}}}, by_track=False)
    with pytest.raises(ResponseFailed, match=r"failed .x."):
        await made.handle.done()
    made = Made()
    made.log.done({}, by_track=False)
    assert await made.handle.done() is made.handle.response


@pytest.mark.parametrize("expected", [True, False])
async def test_the_end_of_the_connection_ends_what_is_read(expected: bool) -> None:
    made = Made()
    reading = asyncio.create_task(all_of(made.handle.text))
    await asyncio.sleep(0)
    made.log.connection_ended(ConnectionClosed(1006), expected=expected)
    with pytest.raises(ConnectionClosed):
        await made.handle.done()
    if expected:
        assert await reading == []
    else:
        with pytest.raises(ConnectionClosed):
            await reading


async def test_a_response_that_is_over_is_not_cancelled_again() -> None:
    made = Made()
    await made.handle.cancel()
    made.log.done(response(status="cancelled"), by_track=False)
    await made.handle.cancel()
    assert made.cancelled == ["r1"]


async def test_metadata_is_what_the_application_gave() -> None:
    assert Made().handle.metadata == {}
    made = Made(metadata={"topic": "a", "realtime_typed_request": "event_1"})
    assert made.handle.metadata == {"topic": "a"}


async def test_a_log_is_kept_for_whoever_asked_until_it_is_taken_and_then_as_long_as_it_is_held() -> None:
    logs = ResponseLogs(lambda _: None)
    logs.created(response("unasked"))
    assert logs.get("unasked") is None
    with logs.expecting():
        logs.created(response("asked"))
        logs.created(response("theirs"))
        log = logs.take(response("asked"))
        assert logs.get("theirs") is not None
    gc.collect()
    assert logs.get("asked") is log
    assert logs.get("theirs") is None
    assert logs.get(None) is None
    del log
    gc.collect()
    assert logs.get("asked") is None


async def test_a_stream_is_fed_even_when_the_handle_was_let_go() -> None:
    logs = ResponseLogs(lambda _: None)
    stream = ResponseHandle(logs.take(response("r1")), _no_cancel).text
    gc.collect()
    log = logs.get("r1")
    assert log is not None
    log.grew(ItemDelta(text="still here"))
    log.done(response(status="completed"), by_track=False)
    assert await all_of(stream) == ["still here"]


async def test_a_response_that_was_never_announced_can_be_taken_too() -> None:
    logs = ResponseLogs(lambda _: None)
    log = logs.take({"id": "r9"})
    assert log.id == "r9"
    assert logs.get("r9") is log


async def test_audio_goes_to_its_response_and_the_tracks_end_too() -> None:
    logs = ResponseLogs(lambda _: None)
    one, other = logs.take(response("r1")), logs.take(response("r2"))
    assert not logs.add_audio(piece("i1", "r1"))
    assert not logs.add_audio(piece("i3", "r3"))
    handle = ResponseHandle(one, _no_cancel)
    reading = asyncio.create_task(all_of(handle.audio))
    assert logs.add_audio(piece("i1", "r1"))
    for log in (one, other):
        log.done(response(log.id, "completed"), by_track=True)
    logs.track_ended("i2")
    await asyncio.sleep(0)
    assert not reading.done()
    logs.track_ended("i1")
    assert len(await reading) == 2
    logs.connection_ended(ConnectionClosed(1000), expected=True)
    assert logs.get("r1") is None


async def test_what_the_user_interrupts_is_not_read_any_further() -> None:
    logs = ResponseLogs(lambda _: None)
    over, quiet = logs.take(response("r1")), logs.take(response("r2", conversation_id="conv"))
    outside = logs.take(response("r3", conversation_id=None))
    over.add_audio(piece("i1", "r1"))
    outside.add_audio(piece("i3", "r3"))
    over.done(response("r1", "completed"), by_track=False)
    stream = ResponseHandle(over, _no_cancel).audio
    logs.discard_audio(lambda _: True)
    assert await all_of(stream) == []
    quiet.add_audio(piece("i2", "r2"))
    assert [log.audio.over for log in (over, quiet, outside)] == [True, False, False]


async def test_what_was_heard_to_its_end_is_kept_when_the_user_speaks_later() -> None:
    logs = ResponseLogs(lambda _: None)
    heard, running = logs.take(response("r1")), logs.take(response("r2"))
    heard.add_audio(piece("i1", "r1"))
    running.add_audio(piece("i2", "r2"))
    heard.done(response("r1", "completed"), by_track=False)
    logs.discard_audio(lambda last: last.item_id != "i1")
    assert len(await all_of(ResponseHandle(heard, _no_cancel).audio)) == 1
    # Of one that goes on, all that came may have been heard; more of it will not be.
    assert await all_of(ResponseHandle(running, _no_cancel).audio) == []


async def test_audio_that_a_track_will_not_bring_any_more_is_not_waited_for() -> None:
    logs = ResponseLogs(lambda _: None)
    waiting = logs.take(response("r1"))
    waiting.item_done(message("i1", spoken=True))
    waiting.done(response("r1", "completed"), by_track=True)
    reading = asyncio.create_task(all_of(ResponseHandle(waiting, _no_cancel).audio))
    await asyncio.sleep(0)
    # The user spoke while an earlier response was heard.
    logs.discard_audio(lambda _: True)
    assert await reading == []


async def _no_cancel(_: str) -> None: ...


async def test_the_error_of_an_active_response_names_it() -> None:
    assert "'r1' is active" in str(ResponseActiveError("r1"))
    assert ResponseActiveError(None).response_id is None
