"""A connection of `websockets` that hands over whole messages as they come, at about half the cost.

Nearly all that a service sends are text messages of one frame each. Those are cut out of what the socket brings right
here; they wait in a deque, and the reader is woken once for all that one read has brought. Every other frame goes to
the library, whole: pings and pongs, fragments, compressed and binary frames, the closing handshake, whatever breaks a
limit or a rule. So does the opening handshake. What is sent is a whole text message too, and goes straight to the
socket when nothing is in its way. Frames: RFC 6455, 5.2.
"""

import asyncio
import os
from collections import deque
from typing import Any, Final

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConcurrencyError
from websockets.frames import Frame, Opcode
from websockets.protocol import Event, State

try:
    from websockets.speedups import apply_mask
except ImportError:  # its compiled part is missing on some platforms
    from websockets.utils import apply_mask

__all__ = ["FrameConnection"]

_DATA: Final = frozenset({Opcode.TEXT, Opcode.BINARY, Opcode.CONT})
_OPCODES: Final = frozenset(Opcode)
_WHOLE_TEXT: Final = 0x81
_HEADER_16: Final = bytes((_WHOLE_TEXT, 0x80 | 126))
_END_OF_HEADERS: Final = b"\r\n\r\n"
_LONGEST_HEADER: Final = 10
# Longer ones may fill the socket's buffer, whose room the library knows how to wait for.
_LONGEST_AT_ONCE: Final = 32_768
_MASKS: Final = 1024
# Messages that are read without a pause; then other tasks have their turn.
_AT_A_STRETCH: Final = 4
_MAX_HELD: Final = 64 * 1024 * 1024
"""How many bytes of messages may wait, however few messages those are."""


class FrameConnection(ClientConnection):
    """What `connect(create_connection=…)` makes. Messages are read with `next_message`, not with `recv`.

    Reading from the socket pauses while more than `max_queue` messages or 64 MiB wait, and goes on when a quarter is
    left. What a message in fragments has so far does not count: nobody could take it.

    Args:
        max_size: The longest message that is accepted, in bytes; `None` for any.
        max_queue: How many messages may wait; `None` for any number.
        arguments: What the library hands to its own connections.
        options: The same, by name.
    """

    def __init__(self, *arguments: Any, max_size: int | None, max_queue: int | None, **options: Any) -> None:
        super().__init__(*arguments, max_queue=max_queue, **options)
        self._max_size, self._max_queue = max_size, max_queue
        self._messages: deque[bytes] = deque()
        self._held = 0
        self._reader: asyncio.Future[None] | None = None
        self._ended = self._reading_paused = False
        self._lost_by: Exception | None = None
        self._keepalive: asyncio.Task[None] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._may_pause = True
        self._stretch = 0
        # Random bytes that have yet to mask a frame: asking the system for four at a time costs more than all the rest.
        self._masks, self._mask = b"", 0
        # The beginning of a frame, how long it has to become before it can be read, and of a message in fragments.
        self._rest = bytearray()
        self._needed = 0
        self._partial: bytearray | None = None
        # Before the handshake is over: the last bytes of it. After something that breaks a rule all is the library's.
        self._handshake: bytes | None = b""
        self._broken = False

    # What comes.

    def data_received(self, data: bytes) -> None:
        """Take what the socket has brought."""
        if self._handshake is not None:
            data = self._shake_hands(data)
        if self._broken:
            super().data_received(data)
        elif data:
            self._split(data)

    def _shake_hands(self, data: bytes) -> bytes:
        """Give the library the headers of the service's answer, and return what comes behind them."""
        before = self._handshake or b""
        found = (before + data).find(_END_OF_HEADERS)
        end = len(data) if found < 0 else found + len(_END_OF_HEADERS) - len(before)
        super().data_received(data[:end])
        self._handshake = (before + data)[1 - len(_END_OF_HEADERS) :] if found < 0 else None
        self._broken = found >= 0 and self.protocol.state is not State.OPEN  # a refusal has a body
        return data[end:]

    def _split(self, data: bytes) -> None:
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return
            data = bytes(self._rest)
            self._rest.clear()
        position, end, messages = 0, len(data), self._messages
        plain = self._partial is None and self.protocol.state is State.OPEN
        while end - position >= 2:
            first, length = data[position], data[position + 1]
            start = position + 2
            if length == 126:
                start = position + 4
                length = int.from_bytes(data[position + 2 : start])
            elif length == 127:
                start = position + _LONGEST_HEADER
                length = int.from_bytes(data[position + 2 : start])
            elif length > 127:
                # A server must not mask.
                self._give_up(data[position:])
                return
            self._needed = start - position
            if start > end:
                break
            if (self._max_size is not None and length > self._max_size) or (
                first != _WHOLE_TEXT and self._breaks_rule(first, length)
            ):
                self._give_up(data[position:])
                return
            stop = start + length
            self._needed = stop - position
            if stop > end:
                break
            if plain and first == _WHOLE_TEXT:
                messages.append(data[start:stop])
                self._held += length
            else:
                super().data_received(data[position:stop])
                plain = self._partial is None and self.protocol.state is State.OPEN
            position = stop
        else:
            self._needed = 2
        if position < end:
            self._rest += data[position:]
        self._note_messages()

    def _breaks_rule(self, first: int, length: int) -> bool:
        """Whether a frame's beginning alone is wrong to the library, so that the rest of it is not waited for."""
        opcode = first & 0x0F
        if opcode == Opcode.CONT and self._partial is not None and self._max_size is not None:
            return len(self._partial) + length > self._max_size
        return opcode not in _OPCODES

    def _give_up(self, data: bytes) -> None:
        """Something breaks a limit or a rule: the library knows how to end that, and what is in order before it."""
        self._broken = True
        super().data_received(data)
        self._note_messages()

    def _note_messages(self) -> None:
        limit = self._max_queue
        if limit is not None and (len(self._messages) > limit or self._held > _MAX_HELD) and self._may_pause:
            self._may_pause, self._reading_paused = False, True
            self.transport.pause_reading()
        # A server that broke a rule, or has said goodbye, has to close the line; the library waits for that for ever.
        if self._deadline is None and self.close_timeout is not None and self.protocol.close_expected():
            self._deadline = self.loop.call_later(self.close_timeout, self.transport.abort)
        self._wake()

    def process_event(self, event: Event) -> None:
        """Take what the library has made of what came: the answer to the handshake, and frames."""
        if not isinstance(event, Frame) or event.opcode not in _DATA:
            super().process_event(event)
            return
        # The library has checked that fragments follow each other, and that together they keep to the limit.
        partial = self._partial
        if event.fin and partial is None:
            self._messages.append(bytes(event.data))
            self._held += len(event.data)
            return
        if partial is None:
            partial = self._partial = bytearray()
        partial += event.data
        if event.fin:
            self._messages.append(bytes(partial))
            self._held += len(partial)
            self._partial = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone."""
        self._keepalive = self.keepalive_task  # which some versions of the library forget here
        super().connection_lost(exc)
        self._ended, self._lost_by = True, exc
        if self._deadline is not None:
            self._deadline.cancel()
        self._wake()

    def _wake(self) -> None:
        reader = self._reader
        if reader is not None and not reader.done():
            reader.set_result(None)

    # What is sent.

    def send_at_once(self, text: bytes) -> bool:
        """Send a text message, if nothing is in its way: a full buffer, an extension, the end of the connection.

        Args:
            text: The message in UTF-8.

        Returns:
            Whether it was sent; if not, `send` knows what to wait for or to raise.
        """
        transport, length = self.transport, len(text)
        if (
            length > _LONGEST_AT_ONCE
            or self.protocol.state is not State.OPEN
            or self.protocol.extensions
            or transport.is_closing()
            or transport.get_write_buffer_size()
        ):
            return False
        start = self._mask
        if start == len(self._masks):
            self._masks, start = os.urandom(4 * _MASKS), 0
        self._mask = start + 4
        mask = self._masks[start : start + 4]
        header = bytes((_WHOLE_TEXT, 0x80 | length)) if length < 126 else _HEADER_16 + length.to_bytes(2)
        transport.write(b"".join((header, mask, apply_mask(text, mask))))
        # A socket that failed just now says so only when `send` has waited.
        return not transport.is_closing()

    async def gone(self) -> None:
        """Wait until the line is gone, and the library's own task with it."""
        await self.wait_closed()
        if self._keepalive is not None:
            await asyncio.wait({self._keepalive})
            self._keepalive = None

    # What is read.

    async def next_message(self) -> bytes:
        """Wait for the next message, text or binary; a call that is cancelled loses none.

        Of many that came at once some are handed out at a stretch; then tasks that are ready, such as those of other
        connections, go first.

        Raises:
            websockets.exceptions.ConnectionClosed: The connection is closed, and every message that came was read.
            websockets.exceptions.ConcurrencyError: Another task waits already.
        """
        messages = self._messages
        self._stretch += 1
        if self._stretch > _AT_A_STRETCH and messages:
            self._stretch = 1
            await asyncio.sleep(0)
        while not messages:
            self._stretch = 1
            if self._ended:
                raise self.protocol.close_exc from self._lost_by
            if self._reader is not None:
                raise ConcurrencyError("next_message() is already waiting in another task")
            self._reader = self.loop.create_future()
            try:
                await self._reader
            finally:
                self._reader = None
        message = messages.popleft()
        self._held -= len(message)
        if self._reading_paused and len(messages) <= (self._max_queue or 0) // 4 and self._held <= _MAX_HELD // 4:
            self.read_on()
            self._may_pause = True
        return message

    def read_on(self) -> None:
        """Read from the socket, and pause no more: the peer's close frame stands behind what was not read yet."""
        self._may_pause = False
        if self._reading_paused:
            self._reading_paused = False
            self.transport.resume_reading()
