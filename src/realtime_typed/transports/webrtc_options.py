"""The settings of the WebRTC transport, and the small values that it shares with its neighbours.

Apart from `webrtc.py`, so that a client can take and check them without loading `aiortc`.
"""

import ipaddress
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["ConnectionState", "IceServer", "IceState", "SdpAnswer", "WebRtcOptions"]

ConnectionState = Literal["new", "connecting", "connected", "disconnected", "failed", "closed"]
"""The state of a connection, by the names of W3C's `RTCPeerConnectionState`."""

IceState = Literal["new", "checking", "completed", "failed", "closed"]
"""The state of its ICE agent, by the names of W3C's `RTCIceConnectionState` (aiortc knows no others)."""

_ICE_SCHEMES = ("stun", "stuns", "turn", "turns")


@dataclass(frozen=True, slots=True, kw_only=True)
class IceServer:
    """A STUN or TURN server, as in W3C's `RTCIceServer`.

    Attributes:
        urls: One address or several, for instance `"stun:stun.example.com:3478"` or
            `"turn:turn.example.com?transport=tcp"`. aiortc uses the first STUN and the first TURN address that it is
            given, over all servers.
        username: For TURN. Default `None`.
        credential: The password for TURN. Default `None`. Never shown in the repr.
    """

    urls: str | Sequence[str]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            TypeError: A field has the wrong type.
            ValueError: An address is none of STUN or TURN, or a TURN server has no user or password.
        """
        urls = _checked_urls(self.urls)
        for name, value in (("username", self.username), ("credential", self.credential)):
            _check_text(name, value)
        if any(url.startswith("turn") for url in urls) and (not self.username or not self.credential):
            raise ValueError("username, credential: a TURN server needs both")

    @property
    def all_urls(self) -> tuple[str, ...]:
        """The addresses, also when `urls` is a single one."""
        return (self.urls,) if isinstance(self.urls, str) else tuple(self.urls)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebRtcOptions:
    """How a `WebRtcTransport` connects; every field has a default that suits the service.

    Attributes:
        ice_servers: STUN and TURN servers. Default none: the service has a public address, which needs none, and a
            STUN server that does not answer costs five seconds a connect.
        connect_timeout: Seconds for everything: candidates, SDP exchange, ICE, DTLS and the data channel. Default 15.
        silence_timeout: Seconds without a packet from the peer, nor an answer to a connectivity check, after which the
            connection counts as `"disconnected"`. Default 5.
        disconnect_grace: Seconds more that it may stay so before it counts as lost. Default 10.
        close_timeout: Seconds that `close` takes at most, for hanging up and for closing together. Default 3.
        hang_up: Whether `close` ends the call by HTTP where its id is known. Default `True`; `False` leaves that to
            the service, which sees the connection end.
        host_addresses: The addresses of this machine to offer as candidates, instead of those found. Default `None`:
            all but loopback, or all when the service is on this machine.
        input_buffer_seconds: How much audio that was written and not sent yet is held. Default 30.
        input_overflow: What happens when that is full: `"wait"` (default) makes the writer wait, `"drop_oldest"`
            drops the oldest.
        commit_delay: Seconds of silence kept between the last audio sent and a commit of the input, so that the
            service has received what the commit is about: audio and events travel apart. Default 0.2.
        max_message_bytes: The largest event accepted, in bytes, also when it comes in fragments; a larger one ends
            the connection, and the reason says so. `None` is without bound. Default 64 MiB.
    """

    ice_servers: Sequence[IceServer] = ()
    connect_timeout: float = 15.0
    silence_timeout: float = 5.0
    disconnect_grace: float = 10.0
    close_timeout: float = 3.0
    hang_up: bool = True
    host_addresses: Sequence[str] | None = None
    input_buffer_seconds: float = 30.0
    input_overflow: Literal["wait", "drop_oldest"] = "wait"
    commit_delay: float = 0.2
    max_message_bytes: int | None = 64 * 1024 * 1024

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            TypeError: A field has the wrong type.
            ValueError: A field has a value out of its range.
        """
        _check_servers(self.ice_servers)
        _check_seconds("connect_timeout", self.connect_timeout)
        _check_seconds("silence_timeout", self.silence_timeout)
        _check_seconds("disconnect_grace", self.disconnect_grace, zero=True)
        _check_seconds("close_timeout", self.close_timeout)
        _check_flag("hang_up", self.hang_up)
        _check_addresses(self.host_addresses)
        _check_seconds("input_buffer_seconds", self.input_buffer_seconds)
        _check_overflow(self.input_overflow)
        _check_seconds("commit_delay", self.commit_delay, zero=True)
        _check_bytes("max_message_bytes", self.max_message_bytes)


@dataclass(frozen=True, slots=True)
class SdpAnswer:
    """What the service answered to an offer.

    Attributes:
        sdp: The answer, as text.
        call_id: The id of the call, from the header `Location`; `None` when the service named none.
    """

    sdp: str
    call_id: str | None = None


def _checked_urls(urls: object) -> tuple[str, ...]:
    cure = "use 'stun:host:port', 'turn:host:port', 'turns:host:port' or several of them"
    found: tuple[object, ...]
    if isinstance(urls, str):
        found = (urls,)
    elif isinstance(urls, Sequence) and not isinstance(urls, bytes | bytearray):
        found = tuple(urls)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  # checked below
    else:
        raise TypeError(f"urls: {urls!r} is no text and no sequence of texts; {cure}")
    if not found:
        raise ValueError(f"urls: it is empty; {cure}")
    checked: list[str] = []
    for url in found:
        if not isinstance(url, str):
            raise TypeError(f"urls: {url!r} is no text; {cure}")
        scheme, colon, host = url.partition(":")
        if not colon or not host or host.startswith("/") or scheme not in _ICE_SCHEMES:
            raise ValueError(f"urls: {url!r} is not the address of a STUN or TURN server; {cure}")
        checked.append(url)
    return tuple(checked)


def _check_text(name: str, value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"{name}: a {type(value).__name__} is no text; use a string or None")


def _check_servers(servers: object) -> None:
    cure = "use a sequence of IceServer(urls=…)"
    if isinstance(servers, str | bytes) or not isinstance(servers, Sequence):
        raise TypeError(f"ice_servers: {type(servers).__name__} is no sequence; {cure}")
    for server in servers:  # pyright: ignore[reportUnknownVariableType]  # what it holds is checked here
        if not isinstance(server, IceServer):
            kind = type(server).__name__  # pyright: ignore[reportUnknownArgumentType]  # any object has a type
            raise TypeError(f"ice_servers: it holds a {kind}; {cure}")


def _check_seconds(name: str, value: object, *, zero: bool = False) -> None:
    cure = "use a number of seconds, 0 or more" if zero else "use a number of seconds above 0"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}: {value!r} is no number; {cure}")
    if not math.isfinite(value) or value < 0 or (value == 0 and not zero):
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")


def _check_flag(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise TypeError(f"{name}: {value!r} is no switch; use True or False")


def _check_overflow(value: object) -> None:
    if value not in ("wait", "drop_oldest"):
        raise ValueError(f"input_overflow: {value!r} is unknown; use 'wait' or 'drop_oldest'")


def _check_addresses(addresses: object) -> None:
    cure = "use a sequence of IP addresses such as ['192.0.2.7'], or None for those found"
    if addresses is None:
        return
    if isinstance(addresses, str | bytes) or not isinstance(addresses, Sequence):
        raise TypeError(f"host_addresses: {addresses!r} is no sequence; {cure}")
    if not addresses:
        raise ValueError(f"host_addresses: it is empty; {cure}")
    for address in addresses:  # pyright: ignore[reportUnknownVariableType]  # what it holds is checked here
        if not isinstance(address, str):
            raise TypeError(f"host_addresses: {address!r} is no text; {cure}")
        try:
            ipaddress.ip_address(address)
        except ValueError:
            raise ValueError(f"host_addresses: {address!r} is no IP address; {cure}") from None


def _check_bytes(name: str, value: object) -> None:
    cure = "use a whole number of bytes, 1 or more, or None for no bound"
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: {value!r} is no whole number; {cure}")
    if value < 1:
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")
