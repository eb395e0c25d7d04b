"""Faults on purpose: what a `LocalServer` does wrong, and at which moment. Pure values; `fault_peer` carries them out.

A fault counts the events of each connection from when it is armed there: for the faults of `LocalServer(faults=…)`
that is the handshake, for those of `server.inject` the call of it. Event types are those of the wire: after quirks, and
in the client's dialect. From its n-th event on a fault strikes at every one, until it has struck `times` times on all
connections together.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Final, TypeAlias

__all__ = [
    "AfterBytes",
    "AfterReceived",
    "AfterSent",
    "AtOnce",
    "BeforeReceived",
    "BeforeSent",
    "CloseConnection",
    "DropConnection",
    "DuplicateEvent",
    "Fault",
    "GarbageFrame",
    "Moment",
    "RefuseHandshake",
    "ReorderEvents",
    "SendError",
    "Stall",
    "StallAudio",
    "TruncateFrame",
]

_MAX_STALL_S: Final = 3600.0
_MAX_REASON: Final = 123  # bytes; RFC 6455, 5.5: a control frame carries 125, two of which are the code


# --- moments ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AtOnce:
    """As soon as there is a connection: right after the handshake, or now on one that is open already."""


@dataclass(frozen=True, slots=True)
class _AtEvent:
    """A moment at the n-th event, of one wire type or of any."""

    event: str | None = None
    nth: int = 1

    def __post_init__(self) -> None:
        _require_positive("nth", self.nth)


@dataclass(frozen=True, slots=True)
class BeforeSent(_AtEvent):
    """In the place of the n-th event to the client, which it does not get if the fault ends the connection.

    Args:
        event: Its wire type. Default `None`: events of all types count.
        nth: Which one, from 1 (default).
    """


@dataclass(frozen=True, slots=True)
class AfterSent(_AtEvent):
    """Right after the n-th event to the client; arguments as for `BeforeSent`."""


@dataclass(frozen=True, slots=True)
class BeforeReceived(_AtEvent):
    """When the n-th event of the client has come; if the fault ends the connection, the session does not see it.

    Arguments as for `BeforeSent`. A frame that is no JSON object counts as one without a type.
    """


@dataclass(frozen=True, slots=True)
class AfterReceived(_AtEvent):
    """When the session has handled the n-th event of the client, before any answer to it is sent.

    Arguments as for `BeforeSent`.
    """


@dataclass(frozen=True, slots=True)
class AfterBytes:
    """After the event with which the client got this many bytes of events; once a connection.

    To the byte, and in the middle of an event: `FaultProxy`.

    Args:
        count: How many bytes, at least 1.
    """

    count: int

    def __post_init__(self) -> None:
        _require_positive("count", self.count)


Moment: TypeAlias = AtOnce | BeforeSent | AfterSent | BeforeReceived | AfterReceived | AfterBytes
"""When a fault strikes."""


# --- faults ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """What a `LocalServer` does wrong on purpose: one of the classes below.

    Args:
        times: How often it strikes, on all connections together; `None` for ever. Default 1.

    Raises:
        ValueError: The number is not positive.
    """

    _: KW_ONLY
    times: int | None = 1

    def __post_init__(self) -> None:
        if self.times is not None:
            _require_positive("times", self.times)


@dataclass(frozen=True, slots=True)
class _OfConnection(Fault):
    """A fault of a connection: of the n-th one that the server takes, or of any."""

    _: KW_ONLY
    connection: int | None = None

    def __post_init__(self) -> None:
        Fault.__post_init__(self)
        if self.connection is not None:
            _require_positive("connection", self.connection)


@dataclass(frozen=True, slots=True)
class CloseConnection(_OfConnection):
    """The server closes the connection; over WebRTC it closes data channel and call, where there are no codes.

    Args:
        code: The close code: 1000 to 1003, 1007 to 1014 or 3000 to 4999. Default 1011. For 1006: `DropConnection`.
        reason: Why. At most 123 bytes.
        when: The moment. Default at once.
        times: How often it strikes, on all connections together; `None` for ever. Default 1.
        connection: The one connection that it strikes, 1 being the first that the server takes. Default `None`: any.

    Raises:
        ValueError: The code must not be sent (RFC 6455, 7.4), the reason is too long, or a number is not positive.
    """

    code: int = 1011
    reason: str = ""
    when: Moment = AtOnce()

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        _require_close_code(self.code)
        if len(self.reason.encode()) > _MAX_REASON:
            raise ValueError(f"reason: a close frame carries {_MAX_REASON} bytes, got {len(self.reason.encode())}")


@dataclass(frozen=True, slots=True)
class DropConnection(_OfConnection):
    """The connection is lost without a word, which clients see as 1006.

    Over WebSocket the TCP connection ends without a close frame. Over WebRTC nothing comes any more, neither events nor
    media nor answers to connectivity checks, and nothing is closed. What the client has not taken yet may be lost.

    Args:
        when: The moment. Default at once.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    when: Moment = AtOnce()


@dataclass(frozen=True, slots=True)
class RefuseHandshake(Fault):
    """A handshake is refused before its key is looked at: of a WebSocket, and `POST /v1/realtime/calls`.

    Args:
        status: The HTTP status, 400 to 599: 401, 403, 429, 503 (default), …
        retry_after: The header `Retry-After`, in seconds. Default `None`: no such header.
        code: The `code` of the error in the body. Default the usual one for the status.
        message: Its `message`. Default a sentence with the status.
        after: How many handshakes are let in before. Default 0.
        times: How many are refused then; `None` for ever. Default 1.

    Raises:
        ValueError: The status is no error's, or a number is out of bounds.
    """

    status: int = 503
    retry_after: int | None = None
    code: str | None = None
    message: str | None = None
    after: int = 0

    def __post_init__(self) -> None:
        Fault.__post_init__(self)
        if not 400 <= self.status <= 599:
            raise ValueError(f"status: {self.status} refuses nothing; use 400 to 599")
        for name, value in (("retry_after", self.retry_after), ("after", self.after)):
            if value is not None and value < 0:
                raise ValueError(f"{name} must not be negative, got {value}")


@dataclass(frozen=True, slots=True)
class SendError(_OfConnection):
    """The server sends an `error` event, and may close then: `SendError("session_expired", close_code=1001)`.

    Others that were seen: `beta_api_shape_disabled` with 4000, `insufficient_quota` with 1008.

    Args:
        code: The error's `code`.
        message: Its `message`. Default a sentence with the code.
        type: Its `type`. Default `invalid_request_error`.
        close_code: The close code that follows, as for `CloseConnection`. Default `None`: the session goes on.
        when: The moment. Default at once.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    code: str
    message: str | None = None
    type: str = "invalid_request_error"
    close_code: int | None = None
    when: Moment = AtOnce()

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        if self.close_code is not None:
            _require_close_code(self.close_code)


@dataclass(frozen=True, slots=True)
class GarbageFrame(_OfConnection):
    """The client gets a frame more, of any text or bytes.

    Args:
        data: The frame. Default text that is no JSON. Bytes are a binary frame; over memory, text as far as UTF-8 goes.
        when: The moment. Default at once.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    data: str | bytes = "{]"
    when: Moment = AtOnce()


@dataclass(frozen=True, slots=True)
class Stall(_OfConnection):
    """The server sends no event for a while, and reads on; the connection itself answers pings and checks.

    Args:
        seconds: For how long, at most 3600. Default 1.
        when: The moment. Default at once.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    seconds: float = 1.0
    when: Moment = AtOnce()

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        _require_stall(self.seconds)


@dataclass(frozen=True, slots=True)
class StallAudio(_OfConnection):
    """The server's track of a WebRTC call sends nothing for a while, not even silence. Without a track it strikes not.

    Args:
        seconds: For how long, at most 3600. Default 1.
        when: The moment. Default at once.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    seconds: float = 1.0
    when: Moment = AtOnce()

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        _require_stall(self.seconds)


@dataclass(frozen=True, slots=True)
class DuplicateEvent(_OfConnection):
    """The client gets an event twice.

    Args:
        event: Its wire type. Default `None`: events of all types count.
        nth: Which one, from 1 (default).
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    event: str | None = None
    nth: int = 1

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        _require_positive("nth", self.nth)


@dataclass(frozen=True, slots=True)
class ReorderEvents(_OfConnection):
    """The client gets an event after those that follow it.

    Args:
        event: Its wire type. Default `None`: events of all types count.
        nth: Which one, from 1 (default).
        by: After how many others it comes. Default 1.
        within: After how many seconds it comes if there are fewer. Default 0.1, at most 3600.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    event: str | None = None
    nth: int = 1
    by: int = 1
    within: float = 0.1

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        _require_positive("nth", self.nth)
        _require_positive("by", self.by)
        _require_stall(self.within, "within")


@dataclass(frozen=True, slots=True)
class TruncateFrame(_OfConnection):
    """The client gets the beginning of an event, in a frame that is whole: its JSON breaks off.

    For a WebSocket frame or a byte stream that breaks off: `FaultProxy`.

    Args:
        event: Its wire type. Default `None`: events of all types count.
        nth: Which one, from 1 (default).
        keep: How many characters are left, fewer than the event has. Default `None`: half of them.
        times: As for `CloseConnection`.
        connection: As for `CloseConnection`.
    """

    event: str | None = None
    nth: int = 1
    keep: int | None = None

    def __post_init__(self) -> None:
        _OfConnection.__post_init__(self)
        _require_positive("nth", self.nth)
        if self.keep is not None and self.keep < 0:
            raise ValueError(f"keep must not be negative, got {self.keep}")


def _require_positive(name: str, value: int) -> None:
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")


def _require_close_code(code: int) -> None:
    if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise ValueError(f"{code} cannot be sent as a close code; use 1000 to 1003, 1007 to 1014 or 3000 to 4999")


def _require_stall(seconds: float, name: str = "seconds") -> None:
    if not 0 < seconds <= _MAX_STALL_S:
        raise ValueError(f"{name} must be positive and at most {_MAX_STALL_S:.0f}, got {seconds}")
