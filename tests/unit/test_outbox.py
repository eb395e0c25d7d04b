"""What waits to be sent."""

import asyncio

import pytest

from realtime_typed import ConnectionClosed, MessageTooLargeError
from realtime_typed._outbox import Outbox

pytestmark = pytest.mark.anyio


class Line:
    """A transport that takes a frame when it is let."""

    name = "line"

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.open = asyncio.Event()
        self.open.set()

    async def connect(self) -> None:
        return None

    async def send(self, data: str) -> None:
        await self.open.wait()
        self.sent.append(data)

    async def recv(self) -> str:
        raise ConnectionClosed(1006)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        return None


def outbox(limit: int | None = None) -> tuple[Outbox, Line, list[str]]:
    told: list[str] = []
    box, line = Outbox(lambda frame, _: told.append(frame), lambda: False), Line()
    box.open(line, limit)
    return box, line, told


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
