"""The WebSocket transport: frames over `websockets`, with this package's errors.

This module must not know events: it moves text frames. It keeps three promises that the library underneath does not:
keys stay out of reprs, exceptions and logs; credentials never follow a redirect to another origin; `close` ends in time
whatever the peer does.
"""

import asyncio
import logging
import re
import socket
import ssl as tls
import traceback
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from websockets import exceptions as ws
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from realtime_typed._tls import require_verified
from realtime_typed.errors import ConnectError, ConnectionClosed, shorten
from realtime_typed.transports._addresses import (
    TOKEN,
    checked_subprotocols,
    is_loopback,
    joined,
    origin,
    secrets_in,
    shown,
    split_address,
)
from realtime_typed.transports._frame_connection import FrameConnection
from realtime_typed.transports.websocket_options import WebSocketOptions

__all__ = ["WebSocketOptions", "WebSocketTransport"]

_MAX_REASON = 123  # bytes; RFC 6455, 5.5: a control frame carries 125, two of which are the code
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_HINTS = {
    401: "check the API key",
    403: "check what the key may do",
    404: "check the address and the model",
    407: "check the proxy's user and password",
    429: "the rate limit or the quota is used up",
}


class _QuietLogger(logging.LoggerAdapter[logging.Logger]):
    """Lets nothing at DEBUG through: there `websockets` writes handshake headers, hence keys, and whole frames."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802  # the name that logging gives it
        return level > logging.DEBUG and super().isEnabledFor(level)


_logger = _QuietLogger(logging.getLogger(__name__))


class _SameOriginConnect(connect):
    """`connect`, refusing a redirect to another origin.

    The library would follow it: without the Authorization header, but with other headers (`api-key`) and with the
    subprotocol that may carry a key.
    """

    def process_redirect(self, exc: Exception) -> Exception | str:
        if isinstance(exc, ws.InvalidStatus):
            locations = exc.response.headers.get_all("Location")
            if any(origin(joined(self.uri, location)) != origin(self.uri) for location in locations):
                return exc
        return super().process_redirect(exc)


class WebSocketTransport:
    """One WebSocket connection; fulfils `Transport`.

    One task calls `recv`; any number may call `send`, and frames leave in the order of the calls. Nothing shown by
    `repr`, by an exception or by a log record holds a header's value, a subprotocol or the address's query.
    """

    def __init__(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        subprotocols: Sequence[str] = (),
        options: WebSocketOptions | None = None,
    ) -> None:
        """Prepare a connection; nothing is opened before `connect`.

        Args:
            url: The address, `ws://` or `wss://`, with its query.
            headers: Headers of the handshake, for instance `Authorization`.
            subprotocols: Offered in this order; one may carry the key, `openai-insecure-api-key.<key>`.
            options: Limits, timeouts, proxy and TLS. Default `WebSocketOptions()`.

        Raises:
            ValueError: A header's name or value, or a subprotocol, cannot be sent in an HTTP request; a key would
                travel over a `ws://` address to another machine; or the TLS context takes any certificate.
            TypeError: `subprotocols` is one string.
        """
        self._headers = dict(headers or {})
        self._subprotocols = checked_subprotocols(subprotocols)
        for name, value in self._headers.items():
            if not TOKEN.fullmatch(name):
                raise ValueError(f"headers: {name!r} is no name of a header; use letters, digits and '-'")
            if _CONTROL.search(value):
                raise ValueError(f"headers: the value of {name!r} holds a line break or control character; strip it")
        self._url = url
        self._options = options or WebSocketOptions()
        self._where = shown(url)
        self._secrets = secrets_in(url, self._headers, self._subprotocols, self._options.proxy)
        self._check_privacy(url)
        self._opening: asyncio.Task[FrameConnection] | None = None
        self._connection: FrameConnection | None = None
        self._closed = False

    def _check_privacy(self, url: str) -> None:
        parts = split_address(url)
        if parts is None or not parts.hostname or is_loopback(url):
            return
        secrets = secrets_in(url, self._headers, self._subprotocols, None)
        if parts.scheme == "ws" and secrets:
            raise ValueError(f"a key must not travel unencrypted: use wss:// for {parts.hostname!r}")
        if not self._options.dangerously_allow_unverified_tls:
            require_verified(self._options.ssl, parts.hostname, "ssl")

    def __repr__(self) -> str:
        open_ = self._connection is not None and self._connection.close_code is None
        state = "open" if open_ and not self._closed else "closed" if self._closed or self._connection else "new"
        return f"<WebSocketTransport {self._where} {state}>"

    @property
    def name(self) -> str:
        """`"websocket"`."""
        return "websocket"

    async def connect(self) -> None:
        """Open the connection and shake hands.

        Raises:
            ConnectError: The address is wrong, the peer, its certificate or the proxy was not reached or refused, the
                handshake took longer than `open_timeout`, or `close` was called meanwhile. `.status` and `.body` are
                the service's answer when it refused; a proxy's refusal leaves them `None`.
            RuntimeError: The transport was connected, or closed, before.
        """
        if self._opening is not None or self._closed:
            raise RuntimeError("connect() or close() was called before; make a new transport for a new connection")
        # A task of its own, so that close() can end a handshake that hangs.
        opening = self._opening = asyncio.create_task(self._open(), name="realtime-typed websocket handshake")
        try:
            self._connection = await opening
        except asyncio.CancelledError:
            self._closed = True
            if opening.done() and not opening.cancelled() and opening.exception() is None:
                connection = opening.result()  # the handshake ended in the moment of the cancellation
                connection.transport.abort()
                await connection.gone()
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            error: Exception = ConnectError(f"close() was called while connecting to {self._where}")
        except (ws.WebSocketException, OSError, ValueError, ImportError) as exc:
            self._closed = True
            error = self._translate(exc)
        else:
            return
        raise error

    async def _open(self) -> FrameConnection:
        options = self._options
        proxy = None if options.proxy is True and is_loopback(self._url) else options.proxy
        # websockets takes ssl=None on a wss:// address for a mistake, not for the default.
        context: dict[str, Any] = {} if options.ssl is None else {"ssl": options.ssl}
        connection = await _SameOriginConnect(
            self._url,
            create_connection=cast("type[FrameConnection]", partial(FrameConnection, max_size=options.max_size)),
            subprotocols=[Subprotocol(item) for item in self._subprotocols] or None,
            compression=options.compression,
            additional_headers=self._headers,
            proxy=proxy,
            open_timeout=options.open_timeout,
            ping_interval=options.ping_interval,
            ping_timeout=options.ping_timeout,
            close_timeout=options.close_timeout,
            max_size=options.max_size,
            max_queue=options.max_queue,
            logger=_logger,
            **context,
        )
        return cast("FrameConnection", connection)

    async def send(self, data: str) -> None:
        """Send one text frame; waits while the operating system's buffer is full.

        Args:
            data: One event as JSON text, of any size.

        Raises:
            ConnectionClosed: The connection is closed, also when that happens during the wait.
            RuntimeError: `connect()` was not awaited.
            UnicodeEncodeError: The text holds a lone surrogate; nothing is sent and the connection stays open.
        """
        connection = self._connection or self._missing()
        frame = data.encode()
        if connection.send_at_once(frame):
            return
        try:
            await connection.send(frame, text=True)
            if connection.close_code is None:
                return
            # The line was lost while this frame waited for room in the buffer.
            error = self._translate(connection.protocol.close_exc)
        except ws.WebSocketException as exc:
            error = self._translate(exc)
        raise error

    async def recv(self) -> bytes:
        """Wait for the next frame. One task at a time; a cancelled call loses no frame.

        Returns:
            The frame's UTF-8 bytes, not decoded and not checked.

        Raises:
            ConnectionClosed: The connection is closed and every frame that came before was handed out.
            RuntimeError: `connect()` was not awaited, or another task waits already.
        """
        connection = self._connection or self._missing()
        try:
            return await connection.next_message()
        except ws.WebSocketException as exc:
            error = self._translate(exc)
        raise error

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection, or end an attempt to connect; returns within about `close_timeout`.

        Safe at any time and more than once. A `recv` that waits ends with `ConnectionClosed`. When the peer does not
        answer in time, or the call is cancelled, the line is dropped.

        Args:
            code: The close code: 1000 (default) to 1003, 1007 to 1014, or 3000 to 4999.
            reason: Why; cut to 123 bytes of UTF-8.

        Raises:
            ValueError: The code must not be sent (RFC 6455, 7.4).
        """
        if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
            raise ValueError(f"code: {code} cannot be sent; use 1000 to 1003, 1007 to 1014 or 3000 to 4999")
        reason = reason.encode()[:_MAX_REASON].decode("utf-8", "ignore")
        self._closed = True
        if self._opening is not None and not self._opening.done():
            self._opening.cancel()
            await asyncio.wait({self._opening})
        connection = self._connection
        if connection is None:
            return
        connection.read_on()
        try:
            # The library's own close_timeout does not cover the wait for room in a full write buffer.
            async with asyncio.timeout(self._options.close_timeout):
                await connection.close(code, reason)
        except TimeoutError:
            pass
        finally:
            connection.transport.abort()  # nothing happens when it is closed
        await connection.gone()

    def _missing(self) -> FrameConnection:
        """Say why there is no connection."""
        if self._closed:
            raise ConnectionClosed(1006, "the connection was never established")
        raise RuntimeError("the transport is not connected; await connect() first")

    def _translate(self, exc: Exception) -> Exception:
        """Turn what the library, the sockets or TLS raised into this package's error, without secrets."""
        text = self._redact(str(exc))
        error: Exception
        match exc:
            case ws.ConnectionClosed():
                # RFC 6455, 7.1.5: the code of the connection is the one received, 1006 when none was. The reason is
                # the one of the side that closed, so that a keepalive timeout or an oversized frame can be told.
                code = 1006 if exc.rcvd is None else exc.rcvd.code
                close = exc.rcvd or exc.sent
                clean = exc.rcvd is not None and exc.sent is not None and exc.rcvd.code == exc.sent.code == 1000
                error = ConnectionClosed(code, self._redact(close.reason if close else ""), clean=clean)
            case ws.ConcurrencyError():
                error = RuntimeError("recv() is already waiting in another task; one task reads a transport")
            case ws.InvalidStatus():
                error = self._refused(exc)
            case _:
                error = ConnectError(f"cannot connect to {self._where}: {self._explain(exc, text)}")
        # A traceback prints the cause as well: it is kept only when that holds no secret.
        printed = "".join(traceback.format_exception(exc))
        if not isinstance(exc, ws.InvalidURI | ws.InvalidProxy) and self._redact(printed) == printed:
            error.__cause__ = exc
        return error

    def _refused(self, exc: ws.InvalidStatus) -> ConnectError:
        status = exc.response.status_code
        body = self._redact(bytes(exc.response.body or b"").decode("utf-8", "replace"))
        message = f"{self._where} refused the handshake: HTTP {status}"
        locations = exc.response.headers.get_all("Location")
        if locations and 300 <= status < 400:
            target = shown(joined(self._url, locations[0]))
            message += f"; it redirects to {self._redact(target)}, which is not followed with credentials"
        if hint := _HINTS.get(status):
            message += f"; {hint}"
        if body.strip():
            message += f"; it says: {shorten(body.strip())}"
        error = ConnectError(message, status=status, body=body)
        waits = exc.response.headers.get_all("Retry-After")
        # Of its two forms services use the seconds.
        if waits and waits[0].strip().isdecimal() and len(waits[0]) < 10:
            error.retry_after = float(waits[0])
        return error

    def _explain(self, exc: Exception, text: str) -> str:
        match exc:
            case ws.InvalidURI():
                return f"the address is not valid: {self._redact(exc.msg)}; use wss://host/path"
            case ws.InvalidProxy():
                return f"the proxy's address is not valid: {self._redact(exc.msg)}; see the option proxy"
            case ws.InvalidProxyStatus():
                hint = _HINTS.get(exc.response.status_code) if exc.response.status_code == 407 else None
                return text + (f"; {hint}" if hint else "")
            case ws.ProxyError():
                return f"the proxy failed: {text}"
            case ws.InvalidMessage():
                return f"{text}; it is no WebSocket server, or it dropped the connection during the handshake"
            case ws.WebSocketException():
                return f"the handshake failed: {text}"
            case tls.SSLCertVerificationError():
                return (
                    f"its certificate is not trusted: {exc.verify_message or text}; for a private certificate "
                    "authority use the option ssl=ssl.create_default_context(cafile=…)"
                )
            case tls.SSLError():
                return f"TLS failed: {text}; is it a ws:// address?"
            case ConnectionResetError() | ConnectionAbortedError() | BrokenPipeError():
                return "the peer dropped the connection during the handshake; does the scheme, ws or wss, fit the port?"
            case socket.gaierror():
                return f"the name of the host cannot be resolved: {text}"
            case TimeoutError():
                return f"no complete handshake within open_timeout={self._options.open_timeout:g} s"
            case _:
                return text or type(exc).__name__

    def _redact(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return text
