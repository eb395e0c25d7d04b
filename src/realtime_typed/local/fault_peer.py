"""Faults at the edge: a connection that does wrong what is armed, to the frames as they are on the wire."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, suppress
from typing import Final, TypeAlias, cast

from pydantic_core import from_json, to_json

from realtime_typed.errors import ConnectionClosed

from .fault_state import ArmedFault, Faults, FaultySession
from .faults import (
    AfterBytes,
    AfterReceived,
    AfterSent,
    AtOnce,
    BeforeReceived,
    BeforeSent,
    CloseConnection,
    DropConnection,
    DuplicateEvent,
    GarbageFrame,
    ReorderEvents,
    SendError,
    Stall,
    StallAudio,
    TruncateFrame,
)
from .lines import Line
from .requests import RequestError, error_event

__all__ = ["FaultPeer", "faulty"]

_CLOSE_S: Final = 2.0

_OfMoment: TypeAlias = CloseConnection | DropConnection | SendError | GarbageFrame | Stall | StallAudio
_AtEvent: TypeAlias = type[BeforeSent] | type[AfterSent] | type[BeforeReceived] | type[AfterReceived]


class FaultPeer:
    """A `Peer` with faults; `faulty` makes one.

    Args:
        line: The connection to the client.
        faults: Those of the server.
        session: The session that it carries.
        stall_audio: Stops the call's track for so many seconds; `None` without a track.
    """

    def __init__(
        self, line: Line, faults: Faults, session: FaultySession, stall_audio: Callable[[float], None] | None
    ) -> None:
        self._line = line
        self._faults = faults
        self._session = session
        self._stall_audio = stall_audio
        self._number = faults.join(self)
        self._own: list[ArmedFault] = []
        self._seen: dict[ArmedFault, int] = {}
        self._began = False
        self._received: str | None = None
        self._has_received = False
        self._stalled_until = 0.0
        self._released = asyncio.Event()
        self._held: tuple[list[str], int, asyncio.TimerHandle] | None = None
        self._over: tuple[int, str] | None = None
        self._finished = asyncio.Event()
        self._waiting: asyncio.Timeout | None = None
        self._errors = itertools.count(1)

    # --- for the server ----------------------------------------------------------------------------------------------

    @property
    def session(self) -> FaultySession:
        """The session that it carries."""
        return self._session

    def arm(self, armed: ArmedFault) -> None:
        """Arm a fault for this connection alone."""
        self._own.append(armed)

    def strike_at_once(self) -> None:
        """Let those faults strike whose moment is now."""
        for effect in self._at_once():
            self._faults.run(effect)

    def release(self) -> None:
        """Let what is stalled go on, for good."""
        self._released.set()

    def leave(self) -> None:
        """Note that nothing more comes or goes."""
        self._faults.leave(self)
        if self._held is not None:
            self._held[2].cancel()

    # --- a peer ------------------------------------------------------------------------------------------------------

    async def send(self, data: str) -> None:
        """Send one frame, with what is armed for it.

        Raises:
            ConnectionClosed: The connection is over, perhaps by a fault that struck here.
        """
        await self._begin()
        await self._stall()
        armed = self._armed()
        if not armed and self._held is None:
            await self._line.send(data)
            return
        event = _type_of(data)
        await self._strike(self._at(BeforeSent, event, armed))
        await self._stall()
        for frame in self._changed(data, event, armed):
            await self._line.send(frame)
        await self._strike(self._after_bytes(len(data.encode()), event, armed))
        await self._strike(self._at(AfterSent, event, armed))

    async def recv(self) -> str | bytes:
        """Wait for the next frame.

        Raises:
            ConnectionClosed: The connection is over, perhaps by a fault that struck here.
        """
        await self._begin()
        if self._has_received:
            self._has_received = False
            await self._strike(self._at(AfterReceived, self._received, self._armed()))
        try:
            async with asyncio.timeout(None) as self._waiting:
                frame = await self._line.recv()
        except TimeoutError:
            raise self._closed() from None
        finally:
            self._waiting = None
        if armed := self._armed():
            self._received, self._has_received = _type_of(frame), True
            await self._strike(self._at(BeforeReceived, self._received, armed))
        return frame

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, if no fault has done so."""
        with suppress(ConnectionClosed):
            await self._begin()
            await self._stall()
            await self._flush()
            await self._line.close(code, reason)

    # --- which faults are due ----------------------------------------------------------------------------------------

    def _armed(self) -> list[ArmedFault]:
        if self._own and not all(armed.armed for armed in self._own):
            self._own = [armed for armed in self._own if armed.armed]
            self._seen = {armed: seen for armed, seen in self._seen.items() if armed.armed}
        return [
            armed
            for armed in (*self._faults.armed(), *self._own)
            if getattr(armed.fault, "connection", None) in (None, self._number)
        ]

    def _at_once(self) -> Generator[Coroutine[object, object, None]]:
        for armed in self._armed():
            fault = armed.fault
            if isinstance(fault, _OfMoment) and isinstance(fault.when, AtOnce) and armed not in self._seen:
                self._seen[armed] = 1
                yield from self._due(armed, fault, None)

    def _at(
        self, moment: _AtEvent, event: str | None, armed: list[ArmedFault]
    ) -> Generator[Coroutine[object, object, None]]:
        for one in armed:
            fault = one.fault
            if (
                isinstance(fault, _OfMoment)
                and isinstance(when := fault.when, moment)
                and self._counts(one, when.event, when.nth, event)
            ):
                yield from self._due(one, fault, event)

    def _after_bytes(
        self, size: int, event: str | None, armed: list[ArmedFault]
    ) -> Generator[Coroutine[object, object, None]]:
        for one in armed:
            fault = one.fault
            if isinstance(fault, _OfMoment) and isinstance(when := fault.when, AfterBytes):
                before = self._seen.get(one, 0)
                self._seen[one] = before + size
                if before < when.count <= before + size:
                    yield from self._due(one, fault, event)

    def _counts(self, armed: ArmedFault, wanted: str | None, nth: int, event: str | None) -> bool:
        if wanted is not None and wanted != event:
            return False
        self._seen[armed] = self._seen.get(armed, 0) + 1
        return self._seen[armed] >= nth

    def _due(
        self, armed: ArmedFault, fault: _OfMoment, event: str | None
    ) -> Generator[Coroutine[object, object, None]]:
        """What a fault does now; nothing if another was faster, or if it has nothing to strike."""
        if self._over is not None or not armed.armed:
            return
        if isinstance(fault, StallAudio) and self._stall_audio is None:
            return
        self._note(armed, event)
        if isinstance(fault, CloseConnection):
            self._over = (fault.code, fault.reason)
        elif isinstance(fault, DropConnection):
            self._over = (1006, "")
        elif isinstance(fault, SendError) and fault.close_code is not None:
            self._over = (fault.close_code, fault.code)
        if self._over is not None:
            self._faults.leave(self)
        yield self._effect(fault, ends=self._over is not None)

    def _note(self, armed: ArmedFault, event: str | None) -> None:
        self._faults.note(armed, self._number, self._session, event)

    # --- what they do ------------------------------------------------------------------------------------------------

    async def _begin(self) -> None:
        if not self._began:
            self._began = True
            await self._strike(self._at_once())
        elif self._over is not None:
            await self._finished.wait()
            raise self._closed()

    async def _strike(self, effects: Generator[Coroutine[object, object, None]]) -> None:
        for effect in effects:
            await effect
        if self._over is not None:
            # Another task's fault may still say goodbye; whoever returns first ends both.
            await self._finished.wait()
            raise self._closed()

    async def _effect(self, fault: _OfMoment, *, ends: bool) -> None:
        try:
            with suppress(ConnectionClosed):
                async with asyncio.timeout(_CLOSE_S):
                    await self._do(fault)
        except TimeoutError:
            # The client does not read.
            if ends:
                self._line.abort()
        finally:
            if ends:
                self._finished.set()
                self._released.set()
                if self._waiting is not None:
                    self._waiting.reschedule(0)

    async def _do(self, fault: _OfMoment) -> None:
        match fault:
            case CloseConnection():
                await self._flush()
                await self._line.close(fault.code, fault.reason)
            case DropConnection():
                self._line.abort()
            case SendError():
                await self._flush()
                error = RequestError(fault.code, fault.message or f"{fault.code}, on purpose.", type=fault.type)
                event_id = f"event_fault_{self._number}_{next(self._errors)}"
                await self._line.send(to_json({"event_id": event_id, **error_event(error, None)}).decode())
                if fault.close_code is not None:
                    await self._line.close(fault.close_code, fault.code)
            case GarbageFrame(data=data):
                await (self._line.send(data) if isinstance(data, str) else self._line.send_bytes(data))
            case Stall():
                self._stalled_until = max(self._stalled_until, asyncio.get_running_loop().time() + fault.seconds)
            case StallAudio():
                if self._stall_audio is not None:
                    self._stall_audio(fault.seconds)

    async def _stall(self) -> None:
        if not self._stalled_until:
            return
        clock = asyncio.get_running_loop().time
        while (left := self._stalled_until - clock()) > 0 and not self._released.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._released.wait()
        if self._over is not None:
            await self._finished.wait()
            raise self._closed()
        self._stalled_until = 0.0

    def _changed(self, data: str, event: str | None, armed: list[ArmedFault]) -> list[str]:
        """What is sent in the place of a frame."""
        frames = [data]
        hold: ReorderEvents | None = None
        for one in armed:
            fault = one.fault
            if not isinstance(fault, DuplicateEvent | TruncateFrame | ReorderEvents):
                continue
            if isinstance(fault, ReorderEvents) and (self._held is not None or hold is not None):
                continue
            if not self._counts(one, fault.event, fault.nth, event) or not one.armed:
                continue
            self._note(one, event)
            match fault:
                case DuplicateEvent():
                    frames += frames
                case TruncateFrame(keep=keep):
                    frames = [
                        frame[: len(frame) // 2 if keep is None else min(keep, len(frame) - 1)] for frame in frames
                    ]
                case ReorderEvents():
                    hold = fault
        if hold is not None:
            timer = asyncio.get_running_loop().call_later(hold.within, lambda: self._faults.run(self._flush()))
            self._held = (frames, hold.by, timer)
            return []
        if self._held is not None:
            held, by, timer = self._held
            if by > 1:
                self._held = (held, by - 1, timer)
            else:
                timer.cancel()
                self._held = None
                frames += held
        return frames

    async def _flush(self) -> None:
        if self._held is not None:
            frames, _, timer = self._held
            timer.cancel()
            self._held = None
            with suppress(ConnectionClosed):
                for frame in frames:
                    await self._line.send(frame)

    def _closed(self) -> ConnectionClosed:
        code, reason = self._over or (1006, "")
        return ConnectionClosed(code, reason)


def _type_of(frame: str | bytes) -> str | None:
    try:
        found: object = from_json(frame)
    except ValueError:
        return None
    name = cast("dict[str, object]", found).get("type") if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


@contextmanager
def faulty(
    line: Line, faults: Faults, session: FaultySession, stall_audio: Callable[[float], None] | None = None
) -> Generator[FaultPeer]:
    """A connection with the faults of a server; arguments as for `FaultPeer`."""
    peer = FaultPeer(line, faults, session, stall_audio)
    try:
        yield peer
    finally:
        peer.leave()
