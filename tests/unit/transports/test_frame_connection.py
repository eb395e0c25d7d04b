"""`FrameConnection` cuts messages out of whatever pieces the socket brings, as the library underneath would."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.streams import StreamReader

from realtime_typed.errors import ConnectionClosed
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.transports.websocket_options import WebSocketOptions

pytestmark = pytest.mark.anyio

LIMIT = 10.0
CLOSE = Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=False)


def frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=False)


@contextlib.asynccontextmanager
async def sending(
    pieces: Sequence[bytes], *, joined_to_handshake: bool = False, ends: bool = True
) -> AsyncGenerator[str]:
    """A server that shakes hands and then writes these bytes, each piece by itself; yields its address."""

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            asked = await reader.readuntil(b"\r\n\r\n")
            lines = StreamReader()
            lines.feed_data(asked)
            parser = Request.parse(lines.read_line)
            with pytest.raises(StopIteration) as parsed:
                next(parser)
            protocol = ServerProtocol()
            protocol.send_response(protocol.accept(parsed.value.value))
            answer = b"".join(protocol.data_to_send())
            todo = [answer + pieces[0], *pieces[1:]] if joined_to_handshake else [answer, *pieces]
            for piece in todo:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0)
            if ends:
                writer.write_eof()
            await reader.read()
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    try:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
        await server.wait_closed()


async def received(url: str, options: WebSocketOptions | None = None) -> tuple[list[bytes], ConnectionClosed]:
    transport = WebSocketTransport(url, options=options)
    found: list[bytes] = []
    async with asyncio.timeout(LIMIT):
        await transport.connect()
        try:
            while True:
                found.append(bytes(await transport.recv()))
        except ConnectionClosed as closed:
            return found, closed
        finally:
            await transport.close()


async def by_library(url: str) -> list[bytes]:
    async with asyncio.timeout(LIMIT), connect(url, compression=None, max_size=None, proxy=None) as connection:
        return [message.encode() if isinstance(message, str) else message async for message in connection]


MESSAGES = st.lists(
    st.one_of(
        st.binary(max_size=200).map(lambda data: frame(Opcode.TEXT, data.hex().encode())),
        st.sampled_from([125, 126, 127, 65_535, 65_536, 300_000]).map(lambda size: frame(Opcode.TEXT, b"x" * size)),
        st.binary(max_size=50).map(lambda data: frame(Opcode.BINARY, data)),
        st.binary(max_size=20).map(lambda data: frame(Opcode.PING, data)),
        st.lists(st.binary(max_size=30), min_size=2, max_size=4).map(
            lambda parts: b"".join(
                frame(Opcode.CONT if number else Opcode.TEXT, part.hex().encode(), fin=number == len(parts) - 1)
                for number, part in enumerate(parts)
            )
        ),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(messages=MESSAGES, cuts=st.lists(st.floats(0, 1), max_size=8), joined=st.booleans())
def test_messages_are_those_that_the_library_reads_however_the_bytes_are_cut(
    messages: list[bytes], cuts: list[float], joined: bool
) -> None:
    stream = b"".join(messages) + CLOSE
    places = sorted({0, *(int(cut * len(stream)) for cut in cuts), len(stream)})
    pieces = [stream[start:end] for start, end in pairwise(places)]

    async def compare() -> None:
        async with sending(pieces, joined_to_handshake=joined) as url:
            expected = await by_library(url)
            found, closed = await received(url)
        assert found == expected
        assert (closed.code, closed.clean) == (1000, True)

    asyncio.run(compare())


@pytest.mark.parametrize("size", [126, 65_536])
async def test_a_message_is_whole_though_its_length_came_byte_by_byte(size: int) -> None:
    whole = frame(Opcode.TEXT, b"x" * size)
    pieces = [bytes([byte]) for byte in whole[:11]] + [whole[11:] + CLOSE]
    async with sending(pieces) as url:
        found, closed = await received(url)
    assert found == [b"x" * size]
    assert closed.clean


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        pytest.param(b"\x81\x85aaaaaaaaa", "masking", id="masked"),
        pytest.param(b"\x83\x01a", "opcode", id="unknown opcode"),
        pytest.param(b"\xc1\x01a", "reserved", id="reserved bit"),
        pytest.param(b"\x80\x01a", "continuation", id="continuation of nothing"),
        pytest.param(b"\x89\x7e\x00\x80" + b"a" * 128, "control frame", id="long ping"),
    ],
)
async def test_a_frame_that_breaks_a_rule_ends_the_connection_behind_what_came_before_it(
    wrong: bytes, reason: str
) -> None:
    async with sending([frame(Opcode.TEXT, b"first") + wrong + frame(Opcode.TEXT, b"never")]) as url:
        found, closed = await received(url)
    assert found == [b"first"]
    assert not closed.clean
    assert reason in closed.reason


@pytest.mark.parametrize("announced", [b"\x7e\x04\x01", b"\x7f" + (2**62).to_bytes(8)])
async def test_a_frame_beyond_the_limit_ends_the_connection_before_its_data_come(announced: bytes) -> None:
    async with sending([frame(Opcode.TEXT, b"a" * 1024) + b"\x81" + announced]) as url:
        found, closed = await received(url, WebSocketOptions(max_size=1024))
    assert [len(message) for message in found] == [1024]
    assert "exceeds" in closed.reason or "big" in closed.reason
    assert not closed.clean


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param(b"\x83\x7e\x03\xe8", id="unknown opcode"),
        pytest.param(frame(Opcode.TEXT, b"a" * 600, fin=False) + b"\x80\x7e\x03\xe8", id="beyond the limit together"),
    ],
)
async def test_a_wrong_frame_is_not_waited_for_nor_is_a_server_that_does_not_close(beginning: bytes) -> None:
    async with sending([beginning], ends=False) as url:
        found, closed = await received(url, WebSocketOptions(close_timeout=0.2, max_size=1024))
    assert found == []
    assert not closed.clean


async def test_fragments_together_keep_to_the_limit() -> None:
    halves = frame(Opcode.TEXT, b"a" * 600, fin=False) + frame(Opcode.CONT, b"a" * 600)
    async with sending([halves]) as url:
        found, closed = await received(url, WebSocketOptions(max_size=1024))
    assert found == []
    assert not closed.clean


async def test_a_frame_of_megabytes_is_put_together_from_small_pieces() -> None:
    data = frame(Opcode.TEXT, b"m" * 8_000_000) + CLOSE
    pieces = [data[start : start + 4_000] for start in range(0, len(data), 4_000)]
    async with sending(pieces) as url:
        found, _ = await received(url)
    assert [len(message) for message in found] == [8_000_000]


async def test_what_came_at_once_is_not_read_without_a_pause_for_other_tasks() -> None:
    async with sending([b"".join(frame(Opcode.TEXT, b"x") for _ in range(40))], ends=False) as url:
        transport = WebSocketTransport(url)
        turns, reading = 0, True

        async def others() -> None:
            nonlocal turns
            while reading:
                turns += 1
                await asyncio.sleep(0)

        async with asyncio.timeout(LIMIT):
            await transport.connect()
            await transport.recv()
            other = asyncio.create_task(others())
            for _ in range(39):
                await transport.recv()
            reading = False
            await other
            await transport.close()
    assert turns >= 8


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
            st.sampled_from([0, 125, 126, 32_767, 32_768, 32_769, 65_535, 65_536, 300_000]).map(
                lambda size: "ä" * size
            ),
            st.sampled_from([32_768, 65_536]).map(lambda size: "a" * size),
        ),
        max_size=12,
    ),
    st.booleans(),
)
def test_messages_arrive_as_they_were_sent_whatever_their_length(messages: list[str], compressed: bool) -> None:
    async def compare() -> None:
        came: list[str | bytes] = []

        async def take(connection: ServerConnection) -> None:
            came.extend([message async for message in connection])

        async with asyncio.timeout(LIMIT), serve(take, "127.0.0.1", 0, max_size=None) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            options = WebSocketOptions(compression="deflate" if compressed else None)
            transport = WebSocketTransport(f"ws://127.0.0.1:{port}", options=options)
            await transport.connect()
            for message in messages:
                await transport.send(message)
            await transport.close()
        assert came == messages

    asyncio.run(compare())


async def test_no_two_frames_are_masked_alike() -> None:
    masks: list[bytes] = []

    async def serve_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        lines = StreamReader()
        lines.feed_data(asked)
        parser = Request.parse(lines.read_line)
        with pytest.raises(StopIteration) as parsed:
            next(parser)
        protocol = ServerProtocol()
        protocol.send_response(protocol.accept(parsed.value.value))
        writer.write(b"".join(protocol.data_to_send()))
        for _ in range(1500):
            header, mask, data = await reader.readexactly(2), await reader.readexactly(4), await reader.readexactly(5)
            assert header == b"\x81\x85"
            assert bytes(byte ^ mask[place % 4] for place, byte in enumerate(data)) == b"hello"
            masks.append(mask)
        writer.close()

    server = await asyncio.start_server(serve_one, "127.0.0.1", 0)
    transport = WebSocketTransport(f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    async with asyncio.timeout(LIMIT):
        await transport.connect()
        for _ in range(1500):
            await transport.send("hello")
        with pytest.raises(ConnectionClosed):
            await transport.recv()
    await transport.close()
    server.close()
    await server.wait_closed()
    assert len(masks) == 1500
    assert len(set(masks)) > 1490  # of 4,294,967,296


async def test_a_message_in_fragments_beyond_what_may_wait_still_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed.transports._frame_connection._MAX_HELD", 1000)
    parts = [frame(Opcode.TEXT, b"x" * 900, fin=False), *[frame(Opcode.CONT, b"x" * 900, fin=False)] * 5]
    async with sending([*parts, frame(Opcode.CONT, b"x" * 900), frame(Opcode.TEXT, b"after"), CLOSE]) as url:
        messages, _ = await received(url)
    assert messages == [b"x" * 6300, b"after"]
