"""What a `FaultProxy` does wrong to the bytes of a TCP connection, and at which byte. Pure values.

Bytes are counted for each connection and direction, from 0: a fault at byte N strikes when N bytes have passed. One
that is injected later than that strikes at once. A fault strikes a connection once, and `times` connections in all.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Final, Literal, TypeAlias

__all__ = [
    "ByteFault",
    "CutAt",
    "Direction",
    "DripFrom",
    "DuplicateAt",
    "GarbageAt",
    "ProxyFault",
    "RefuseConnection",
    "StallAt",
    "VanishFrom",
]

Direction: TypeAlias = Literal["to_client", "to_server"]
"""Which bytes a fault counts and changes: the server's, or the client's."""

_MAX_SECONDS: Final = 3600.0
_MAX_SIZE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProxyFault:
    """What a `FaultProxy` does wrong on purpose: one of the classes below.

    Args:
        times: How many connections it strikes; `None` for all. Default 1.

    Raises:
        ValueError: The number is not positive.
    """

    _: KW_ONLY
    times: int | None = 1

    def __post_init__(self) -> None:
        _require_positive(times=self.times)


@dataclass(frozen=True, slots=True)
class ByteFault(ProxyFault):
    """A fault at a byte; arguments as for `CutAt`."""

    byte: int = 0
    _: KW_ONLY
    direction: Direction = "to_client"
    connection: int | None = None

    def __post_init__(self) -> None:
        ProxyFault.__post_init__(self)
        if self.byte < 0:
            raise ValueError(f"byte must not be negative, got {self.byte}")
        if self.direction not in ("to_client", "to_server"):
            raise ValueError(f"direction must be 'to_client' or 'to_server', got {self.direction!r}")
        _require_positive(connection=self.connection)


@dataclass(frozen=True, slots=True)
class CutAt(ByteFault):
    """The connection ends in the middle of whatever is sent; the rest of the bytes is lost.

    Args:
        byte: How many bytes pass before. Default 0: as soon as it is connected.
        reset: Whether the client gets a reset (RST) instead of an end (FIN, default). The server always gets a reset.
        direction: Which bytes are counted. Default those to the client.
        times: How many connections it strikes; `None` for all. Default 1.
        connection: The one connection that it strikes, 1 being the first that the proxy takes. Default `None`: any.

    Raises:
        ValueError: A number is out of bounds.
    """

    reset: bool = False


@dataclass(frozen=True, slots=True)
class VanishFrom(ByteFault):
    """The connection is half-open: from a byte on all bytes vanish, and ends too; neither side is told.

    Args:
        byte: How many bytes pass before.
        both: Whether the bytes of the other direction vanish from then on too. Default yes.
        direction: As for `CutAt`.
        times: As for `CutAt`.
        connection: As for `CutAt`.
    """

    both: bool = True


@dataclass(frozen=True, slots=True)
class StallAt(ByteFault):
    """Nothing passes for a while, then everything does: the sender's bytes back up.

    Args:
        byte: How many bytes pass before.
        seconds: For how long, at most 3600. Default 1.
        direction: As for `CutAt`.
        times: As for `CutAt`.
        connection: As for `CutAt`.
    """

    seconds: float = 1.0

    def __post_init__(self) -> None:
        ByteFault.__post_init__(self)
        _require_seconds(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class DripFrom(ByteFault):
    """Bytes pass a few at a time.

    Args:
        byte: How many bytes pass before.
        size: How many bytes pass at a time. Default 1.
        interval: Seconds between them, at most 3600. Default 0.01.
        length: For how many bytes. Default `None`: to the end.
        direction: As for `CutAt`.
        times: As for `CutAt`.
        connection: As for `CutAt`.
    """

    size: int = 1
    interval: float = 0.01
    length: int | None = None

    def __post_init__(self) -> None:
        ByteFault.__post_init__(self)
        _require_positive(size=self.size, length=self.length)
        _require_seconds(interval=self.interval)


@dataclass(frozen=True, slots=True)
class GarbageAt(ByteFault):
    """Bytes that nobody sent come in between.

    Args:
        byte: How many bytes pass before.
        data: What comes. Default `None`: random bytes.
        size: How many random bytes, at most 1 MiB. Default 16.
        seed: Says which. Default 0.
        direction: As for `CutAt`.
        times: As for `CutAt`.
        connection: As for `CutAt`.
    """

    data: bytes | None = None
    size: int = 16
    seed: int = 0

    def __post_init__(self) -> None:
        ByteFault.__post_init__(self)
        _require_size(self.size)


@dataclass(frozen=True, slots=True)
class DuplicateAt(ByteFault):
    """Bytes come twice.

    Args:
        byte: How many bytes pass before.
        size: How many bytes come twice, at most 1 MiB. Default 64. Those that come to the proxy in several pieces are
            doubled piece by piece.
        direction: As for `CutAt`.
        times: As for `CutAt`.
        connection: As for `CutAt`.
    """

    size: int = 64

    def __post_init__(self) -> None:
        ByteFault.__post_init__(self)
        _require_size(self.size)


@dataclass(frozen=True, slots=True)
class RefuseConnection(ProxyFault):
    """A new connection is reset as soon as it is there, before a byte has passed.

    Args:
        after: How many connections are taken before. Default 0.
        times: How many are refused then; `None` for all. Default 1.

    Raises:
        ValueError: A number is out of bounds.
    """

    after: int = 0

    def __post_init__(self) -> None:
        ProxyFault.__post_init__(self)
        if self.after < 0:
            raise ValueError(f"after must not be negative, got {self.after}")


def _require_positive(**numbers: int | None) -> None:
    for name, value in numbers.items():
        if value is not None and value < 1:
            raise ValueError(f"{name} must be at least 1, got {value}")


def _require_size(size: int) -> None:
    if not 1 <= size <= _MAX_SIZE:
        raise ValueError(f"size must be 1 to {_MAX_SIZE}, got {size}")


def _require_seconds(**numbers: float) -> None:
    for name, value in numbers.items():
        if not 0 < value <= _MAX_SECONDS:
            raise ValueError(f"{name} must be positive and at most {_MAX_SECONDS:.0f}, got {value}")
