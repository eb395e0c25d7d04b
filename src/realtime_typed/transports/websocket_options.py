"""The settings of the WebSocket transport.

Apart from `websocket.py`, so that a client can take and check them without loading `websockets`.
"""

import math
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Literal
from urllib.parse import urlsplit

__all__ = ["WebSocketOptions"]

_PROXY_SCHEMES = ("http", "https", "socks4", "socks4a", "socks5", "socks5h")


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSocketOptions:
    """How a `WebSocketTransport` connects; every field has a default that suits the service.

    For a private certificate authority hand over `ssl=ssl.create_default_context(cafile=…)`. A context that takes any
    certificate, or one for another name, is refused where the host is not this machine.

    Attributes:
        max_size: The largest frame accepted, in bytes; a larger one ends the connection, and the reason says so.
            `None` is without bound. Default 64 MiB, because one audio delta may exceed the 1 MiB usual elsewhere.
        open_timeout: Seconds for everything from the name lookup to the end of the handshake. Default 10.
        close_timeout: Seconds that `close` waits for the peer before it drops the line. Default 5.
        ping_interval: Seconds between keepalive pings, `None` for no pings. Default 20.
        ping_timeout: Seconds to wait for the pong; then the connection counts as lost. `None` waits for ever.
            Default 20.
        compression: `"deflate"` offers permessage-deflate. Default `None`: it costs about five times the CPU.
        proxy: `True` (default) takes the system's settings and the environment (`https_proxy`, `no_proxy`, …), but
            goes straight to a loopback address; an address such as `"http://user:password@host:port"` is always used;
            `None` uses none. SOCKS needs the package `python-socks`. Not shown in the repr: it may hold a password.
        ssl: The TLS context for a `wss://` address. Default `None`: the system's certificate authorities.
        dangerously_allow_unverified_tls: Take such a context: whoever is in between reads the key and all that is said.
            Default `False`.
        max_queue: How many unread frames are held before reading from the socket pauses, which it does at 64 MiB as
            well; `None` is without bound of either. Default 1024. While reading pauses, pongs are not seen either, so
            that a small value together with a slow reader ends in a keepalive timeout.
    """

    max_size: int | None = 64 * 1024 * 1024
    open_timeout: float = 10.0
    close_timeout: float = 5.0
    ping_interval: float | None = 20.0
    ping_timeout: float | None = 20.0
    compression: Literal["deflate"] | None = None
    proxy: str | Literal[True] | None = field(default=True, repr=False)
    ssl: SSLContext | None = None
    max_queue: int | None = 1024
    dangerously_allow_unverified_tls: bool = False

    def __post_init__(self) -> None:
        """Check every field.

        Raises:
            TypeError: A field has the wrong type.
            ValueError: A field has a value out of its range.
        """
        _check_seconds("open_timeout", self.open_timeout, optional=False)
        _check_seconds("close_timeout", self.close_timeout, optional=False)
        _check_seconds("ping_interval", self.ping_interval, optional=True)
        _check_seconds("ping_timeout", self.ping_timeout, optional=True)
        _check_count("max_size", self.max_size, "bytes")
        _check_count("max_queue", self.max_queue, "frames")
        _check_choices(self.compression, self.proxy, self.ssl)


def _check_seconds(name: str, value: object, *, optional: bool) -> None:
    cure = "use a number of seconds above 0" + (", or None to switch it off" if optional else "")
    if value is None and optional:
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name}: {value!r} is no number; {cure}")
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")


def _check_count(name: str, value: object, unit: str) -> None:
    cure = f"use a whole number of {unit}, 1 or more, or None for no bound"
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name}: {value!r} is no whole number; {cure}")
    if value < 1:
        raise ValueError(f"{name}: {value!r} is out of range; {cure}")


def _check_choices(compression: object, proxy: object, context: object) -> None:
    if compression not in (None, "deflate"):
        raise ValueError(f"compression: {compression!r} is unknown; use 'deflate' or None")
    if context is not None and not isinstance(context, SSLContext):
        raise TypeError(
            f"ssl: {context!r} is no ssl.SSLContext; use ssl.create_default_context(cafile=…) for a private "
            "certificate authority, or None for the system's. Certificate checks cannot be switched off by a flag"
        )
    if proxy is None or proxy is True:
        return
    cure = "use 'http://host:port' (or https, socks5), True for the system's settings, or None for no proxy"
    if not isinstance(proxy, str):
        raise TypeError(f"proxy: {proxy!r} is no address; {cure}")
    try:
        parts = urlsplit(proxy)
        valid = parts.scheme in _PROXY_SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        shown = proxy.rpartition("@")[2]  # what stands before the @ is the password
        raise ValueError(f"proxy: {shown!r} is not the address of a proxy; {cure}")
