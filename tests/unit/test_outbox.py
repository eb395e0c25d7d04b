"""What waits to be sent."""

import asyncio

import pytest

from realtime_typed import ConnectionClosed, MessageTooLargeError, SendQueue, SendQueueFullError
from realtime_typed._outbox import Dropped, Outbox, Waiting, audio_bytes
from realtime_typed.codec import Codec

pytestmark = pytest.mark.anyio


class Line:
    """A transport that takes a frame when it is let."""

    name = "line"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.open = asyncio.Event()
        self.open.set()
        self.lost: BaseException | None = None

    async def connect(self) -> None:
        return None

    async def send(self, data: str) -> None:
        await self.open.wait()
        if self.lost is not None:
            raise self.lost
        self.sent.append(data)

    async def recv(self) -> str:
        raise ConnectionClosed(1006)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        return None


def outbox(limit: int | None = None, policy: SendQueue | None = None) -> tuple[Outbox, Line, list[str]]:
    told: list[str] = []
    box, line = Outbox(lambda frame, _: told.append(frame), lambda: False, policy), Line()
    box.open(line, limit)
    return box, line, told


def speech(samples: int) -> tuple[str, None, int]:
    """A frame of audio, as `Outbox.post` takes it."""
    return Codec().encode_audio(bytes(2 * samples)), None, 2 * samples


def item(text: str) -> dict[str, object]:
    return {"type": "conversation.item.create", "item": {"text": text}}


async def test_frames_leave_in_the_order_of_posting_whoever_flushes() -> None:
    box, line, told = outbox()
    line.open.clear()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for number in range(10):
            box.post(str(number), None)
            group.create_task(box.flush())
        await asyncio.sleep(0)
        line.open.set()
    assert line.sent == told == [str(number) for number in range(10)]


async def test_a_frame_that_is_too_large_is_refused_and_nothing_else_is_lost() -> None:
    box, line, _ = outbox(limit=10)
    box.post("a", None)
    with pytest.raises(MessageTooLargeError, match=r"11.*10") as caught:
        box.post("b" * 11, None)
    assert (caught.value.size, caught.value.limit) == (11, 10)
    box.post("c" * 10, None)
    await box.flush()
    assert line.sent == ["a", "c" * 10]


async def test_the_size_of_a_frame_is_that_of_its_bytes() -> None:
    box, _, _ = outbox(limit=10)
    box.post("é" * 5, None)
    with pytest.raises(MessageTooLargeError):
        box.post("é" * 6, None)


async def test_without_a_connection_nothing_can_be_posted() -> None:
    box, _, _ = outbox()
    box.close()
    with pytest.raises(ConnectionClosed):
        box.post("a", None)


async def test_what_was_not_sent_when_the_connection_ended_is_reported() -> None:
    box, line, _ = outbox()
    box.post("a", None)
    box.close()
    with pytest.raises(ConnectionClosed, match="before the event was sent"):
        await box.flush()
    box.open(line, None)
    await box.flush()
    assert line.sent == []


# A connection that is lost, and followed by another.


async def test_what_is_posted_while_held_is_sent_over_the_next_connection_in_order() -> None:
    box, first, _ = outbox()
    second = Line()
    box.hold()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        for number in range(5):
            box.post(str(number), item(str(number)))
            group.create_task(box.flush())
        await asyncio.sleep(0)
        assert (box.is_held, box.is_open, len(box)) == (True, False, 5)
        box.open(second, None)
    assert (first.sent, second.sent) == ([], ["0", "1", "2", "3", "4"])


async def test_those_who_wait_for_the_next_connection_are_told_when_there_is_none() -> None:
    box, _, _ = outbox()
    box.hold()
    box.post("a", item("a"))
    waiting = asyncio.create_task(box.flush())
    await asyncio.sleep(0)
    box.close()
    async with asyncio.timeout(5):
        with pytest.raises(ConnectionClosed, match="before the event was sent"):
            await waiting
    assert not box.is_held


async def test_a_frame_that_the_lost_connection_refused_goes_over_the_next_one_first() -> None:
    box, first, told = outbox()
    box.reconnects = True
    first.lost = ConnectionClosed(1006)
    box.post("a", item("a"))
    waiting = asyncio.create_task(box.flush())
    await asyncio.sleep(0)
    assert box.is_held
    box.post("b", item("b"))
    second = Line()
    box.open(second, None)
    async with asyncio.timeout(5):
        await waiting
        await box.flush()
    assert second.sent == told == ["a", "b"]


async def test_a_frame_that_waits_for_room_when_the_connection_is_lost_goes_over_the_next_one() -> None:
    box, first, _ = outbox()
    box.reconnects = True
    first.open.clear()
    box.post("a", item("a"))
    waiting = asyncio.create_task(box.flush())
    await asyncio.sleep(0)
    second = Line()
    box.hold()
    box.open(second, None)
    first.lost = ConnectionClosed(1006)
    first.open.set()
    async with asyncio.timeout(5):
        await waiting
    assert (first.sent, second.sent) == ([], ["a"])


async def test_without_a_next_connection_a_refused_frame_is_told_to_the_one_whose_it_is() -> None:
    box, line, _ = outbox()
    line.open.clear()
    box.post("a", item("a"))
    first = asyncio.create_task(box.flush())
    await asyncio.sleep(0)
    box.post("b", item("b"))
    second = asyncio.create_task(box.flush())
    line.lost = ConnectionClosed(1011, "gone")
    line.open.set()
    async with asyncio.timeout(5):
        outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [error.code for error in outcomes if isinstance(error, ConnectionClosed)] == [1011, 1011]


async def test_a_frame_on_its_way_when_the_client_disconnects_is_not_sent_over_a_later_connection() -> None:
    box, line, _ = outbox()
    line.open.clear()
    box.post("a", item("a"))
    waiting = asyncio.create_task(box.flush())
    await asyncio.sleep(0)
    box.close()
    later = Line()
    box.open(later, None)
    line.lost = ConnectionClosed(1000)
    line.open.set()
    async with asyncio.timeout(5):
        with pytest.raises(ConnectionClosed):
            await waiting
        await box.flush()
    assert (later.sent, len(box)) == ([], 0)


async def test_what_waits_can_be_looked_at_and_taken_out() -> None:
    box, line, _ = outbox()
    box.hold()
    for name in ("a", "b", "c"):
        box.post(name, item(name))
    box.post(*speech(10))
    assert [waiting.frame for waiting in box.waiting()][:3] == ["a", "b", "c"]
    assert box.take(lambda waiting: waiting.frame == "b" or waiting.event is None) == [
        Waiting("b", item("b")),
        Waiting(speech(10)[0], None),
    ]
    assert box.queued_bytes == 2
    box.open(line, None)
    await box.flush()
    assert line.sent == ["a", "c"]


async def test_while_the_session_is_made_anew_only_what_makes_it_is_sent() -> None:
    box, _, _ = outbox()
    box.hold()
    box.post("late", item("late"))
    line = Line()
    box.open(line, None, restoring=True)
    waiting = asyncio.create_task(box.flush())
    await box.send_ahead("session", item("session"))
    assert line.sent == ["session"]
    box.release()
    async with asyncio.timeout(5):
        await waiting
    assert line.sent == ["session", "late"]


async def test_what_is_too_large_for_the_next_connection_is_handed_back() -> None:
    box, _, _ = outbox()
    box.hold()
    box.post("a" * 20, item("long"))
    box.post("b", item("short"))
    line = Line()
    assert box.open(line, 10) == [Waiting("a" * 20, item("long"))]
    await box.flush()
    assert line.sent == ["b"]


# The bound.


@pytest.mark.parametrize("held", [True, False])
async def test_at_the_bound_the_oldest_audio_is_dropped_and_counted(held: bool) -> None:
    told: list[Dropped] = []
    frame = speech(100)
    policy = SendQueue(max_bytes=3 * len(frame[0]))
    box, line = Outbox(lambda _frame, _event: None, lambda: False, policy, told.append), Line()
    box.open(line, None)
    if held:
        box.hold()
    for _ in range(5):
        box.post(*frame)
    assert (len(box), box.queued_bytes) == (3, 3 * len(frame[0]))
    # Each time the first of three that wait.
    assert told == [Dropped(200, 600, held)] * 2
    assert (box.dropped_frames, box.dropped_audio_bytes) == (2, 400)


async def test_audio_makes_room_for_what_is_none_and_keeps_its_place_among_it() -> None:
    frame = speech(100)
    policy = SendQueue(max_bytes=2 * len(frame[0]) + 10)
    box, line, _ = outbox(policy=policy)
    box.post("first", item("first"))
    box.post(*frame)
    box.post("then", item("then"))
    box.post(*frame)
    box.post("last", item("last"))
    await box.flush()
    assert line.sent == ["first", "then", frame[0], "last"]


async def test_what_finds_no_room_without_any_audio_is_refused_and_nothing_is_dropped() -> None:
    box, line, _ = outbox(policy=SendQueue(max_bytes=10))
    box.post("a" * 6, item("a"))
    with pytest.raises(SendQueueFullError, match=r"5 bytes.*6 of at most 10") as caught:
        box.post("b" * 5, item("b"))
    assert (caught.value.size, caught.value.queued, caught.value.limit) == (5, 6, 10)
    await box.flush()
    assert line.sent == ["a" * 6]


async def test_audio_is_not_dropped_for_what_would_not_fit_even_so() -> None:
    frame = speech(100)
    box, _, _ = outbox(policy=SendQueue(max_bytes=len(frame[0]) + 10))
    box.hold()
    box.post(*frame)
    with pytest.raises(SendQueueFullError):
        box.post("x" * (len(frame[0]) + 11), item("x"))
    assert (len(box), box.dropped_frames) == (1, 0)


async def test_a_queue_that_raises_drops_nothing() -> None:
    frame = speech(100)
    box, _, _ = outbox(policy=SendQueue(max_bytes=len(frame[0]), overflow="raise"))
    box.post(*frame)
    with pytest.raises(SendQueueFullError):
        box.post(*frame)
    assert (len(box), box.dropped_frames) == (1, 0)


async def test_an_event_larger_than_the_bound_is_sent_when_nothing_waits() -> None:
    box, line, _ = outbox(policy=SendQueue(max_bytes=10))
    box.post("x" * 1000, item("image"))
    await box.flush()
    assert line.sent == ["x" * 1000]
    box.hold()
    with pytest.raises(SendQueueFullError):
        box.post("x" * 1000, item("image"))


async def test_sent_frames_and_bytes_are_counted() -> None:
    box, _, _ = outbox()
    box.post("é", item("é"))
    box.post(*speech(3))
    await box.flush()
    assert (box.sent_frames, box.sent_bytes) == (2, 2 + len(speech(3)[0]))


@pytest.mark.parametrize("samples", range(7))
def test_the_bytes_of_audio_are_found_in_every_form_of_a_frame(samples: int) -> None:
    codec = Codec()
    frame, _, size = speech(samples)
    append = codec.recall(frame)
    assert audio_bytes(frame, None) == audio_bytes(codec.encode(append), append) == size
    assert audio_bytes('{"type":"input_audio_buffer.clear"}', {"type": "input_audio_buffer.clear"}) == 0


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"max_bytes": 0}, ValueError),
        ({"max_bytes": 1.5}, TypeError),
        ({"max_bytes": True}, TypeError),
        ({"overflow": "wait"}, ValueError),
    ],
)
def test_a_policy_that_is_none_is_refused(options: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error, match=next(iter(options))):
        SendQueue(**options)  # type: ignore[arg-type]  # what is wrong here is the point
