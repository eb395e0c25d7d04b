"""`FrameConnection` on what a socket may bring, cut anywhere, held against what the library makes of the same bytes.

The first byte: the longest message, and whether the handshake comes first. The second: into how large pieces the rest,
which is what the server sent, is cut.
"""

import asyncio
import atexit
from collections.abc import Iterable
from typing import Final

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri
from websockets.utils import accept_key

from fuzz.checks import require
from realtime_typed.transports._frame_connection import FrameConnection

__all__ = ["run", "seeds", "words"]

_LIMITS: Final = (None, 16, 200, 70_000)
_SHAKE: Final = 0x0C
_MAX_PIECES: Final = 24
_URI: Final = parse_uri("ws://127.0.0.1/v1/realtime")
_KEY: Final = "AAAAAAAAAAAAAAAAAAAAAA=="
_ANSWER: Final = (
    f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Accept: {accept_key(_KEY)}\r\n\r\n"
).encode()
_SHAKEN: Final = Response(101, "Switching Protocols", Headers())
_LOOP: Final = asyncio.new_event_loop()
atexit.register(_LOOP.close)


class _Socket(asyncio.Transport):
    """A line that goes nowhere: what is written is dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.ended = False

    def write(self, data: object) -> None:
        """Drop it."""

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        """There is nobody to be told."""

    def is_closing(self) -> bool:
        return self.ended

    def close(self) -> None:
        self.ended = True

    def abort(self) -> None:
        self.ended = True

    def pause_reading(self) -> None:
        """What comes, comes all the same."""

    def resume_reading(self) -> None:
        """What comes, comes all the same."""

    def get_extra_info(self, name: str, default: object = None) -> object:
        return default

    def get_write_buffer_size(self) -> int:
        return 0

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """There is no buffer."""


def _protocol(limit: int | None, *, shakes: bool) -> ClientProtocol:
    protocol = ClientProtocol(_URI, max_size=limit, state=State.CONNECTING if shakes else State.OPEN)
    protocol.key = _KEY
    return protocol


def _by_library(stream: bytes, limit: int | None, *, shakes: bool) -> tuple[list[bytes], int | None]:
    protocol = _protocol(limit, shakes=shakes)
    protocol.receive_data(stream)
    found: list[bytes] = []
    partial: bytearray | None = None
    for event in protocol.events_received():
        if not isinstance(event, Frame) or event.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            continue
        partial = bytearray() if partial is None else partial
        partial += event.data
        if event.fin:
            found.append(bytes(partial))
            partial = None
    # A line that ends without a close frame has no code of its own.
    protocol.receive_eof()
    return found, protocol.close_code


async def _by_us(stream: bytes, size: int, limit: int | None, *, shakes: bool) -> tuple[list[bytes], int | None]:
    protocol = _protocol(limit, shakes=shakes)
    connection = FrameConnection(protocol, max_size=limit, max_queue=None, ping_interval=None, close_timeout=None)
    connection.connection_made(_Socket())
    if not shakes:
        connection.response = _SHAKEN
        connection._handshake = None  # pyright: ignore[reportPrivateUsage]  # the state that the handshake leaves
    for start in range(0, len(stream), size):
        connection.data_received(stream[start : start + size])
    connection.eof_received()
    connection.connection_lost(None)
    found = list(connection._messages)  # pyright: ignore[reportPrivateUsage]  # reading them waits for the loop
    return found, protocol.close_code


def run(data: bytes) -> None:
    """Feed both, and compare."""
    if len(data) < 3:
        return
    limit, shakes = _LIMITS[data[0] % len(_LIMITS)], data[0] & _SHAKE == _SHAKE
    stream = (_ANSWER if shakes else b"") + data[2:]
    size = max(data[1] + 1 if data[1] < 0xFF else len(stream), len(stream) // _MAX_PIECES)
    ours, code = _LOOP.run_until_complete(_by_us(stream, size, limit, shakes=shakes))
    theirs, expected = _by_library(stream, limit, shakes=shakes)
    require(ours == theirs, "the messages are those that the library reads", ours, theirs)
    require(code == expected, "the connection ends as the library ends it", code, expected)


def _frame(opcode: Opcode, data: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, data, fin).serialize(mask=False)


def seeds() -> Iterable[bytes]:
    """Frames of every kind, in order and not."""
    text, more = _frame(Opcode.TEXT, b'{"type": "x"}'), _frame(Opcode.CONT, b"bc")
    begin = _frame(Opcode.TEXT, b"a", fin=False)
    close = _frame(Opcode.CLOSE, b"\x03\xe8bye")
    streams = (
        text * 3 + close,
        begin + _frame(Opcode.PING, b"p") + more + text + _frame(Opcode.PONG, b""),
        _frame(Opcode.BINARY, b"\x00\xff") + _frame(Opcode.TEXT, b"x" * 126) + _frame(Opcode.TEXT, b"x" * 300),
        close + text,
        more,
        begin + text,
        Frame(Opcode.TEXT, b"masked").serialize(mask=True),
        b"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x81\x7e\x00\x01a" + b"\x81\x7f\x00\x00\x00\x00\x00\x00\x00\x01b",
        b"\x83\x00\x8b\x00\xf1\x00\xc1\x01a",
        b"\x89\x7e\x01\x00" + b"p" * 256,
        b"\x88\x01a",
        b"\x88\x02\x03\xed",
        b"\x88\x00" + text,
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno",
    )
    for number, stream in enumerate(streams):
        for head in (0, 1, 2, 3, 12, 14):
            yield bytes([head, (0, 1, 6, 0xFF)[(number + head) % 4]]) + stream


def words() -> Iterable[str]:
    """The beginnings of frames whose bytes are text."""
    yield from (
        "\x01\x02",
        "\x7e\x00\x02",
        "\x7f\x00\x00\x00\x00\x00\x00\x00\x02",
        "\x00\x01a",
        "\r\n\r\n",
        "HTTP/1.1 ",
    )
