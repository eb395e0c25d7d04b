"""The embedded server's HTTP face: Starlette routes, and uvicorn run inside of a loop that is already running.

The only module that imports Starlette and uvicorn; `server.py` loads it when a server starts.
"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Awaitable, Callable, Generator, Sequence
from typing import Final, TypeAlias

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from realtime_typed.errors import ConnectionClosed

from .access import HttpError
from .gateway import Gateway, Handshake, HttpAnswer, HttpRequest, Serve

__all__ = ["HttpServer", "build_app"]

_KEY_PROTOCOL: Final = "openai-insecure-api-key."
_BETA_PROTOCOL: Final = "openai-beta.realtime-v1"
_MAX_FRAME: Final = 32 * 1024 * 1024  # an append of 15 MiB is 20 MiB of base64
_MAX_BODY: Final = 1024 * 1024
_SHUTDOWN_S: Final = 1

_Admit: TypeAlias = Callable[[Handshake], Serve]
_Seat: TypeAlias = Callable[[], contextlib.AbstractContextManager[None]]
_Answer: TypeAlias = Callable[[HttpRequest], HttpAnswer | Awaitable[HttpAnswer]]


def build_app(gateway: Gateway) -> Starlette:
    """Make the ASGI application.

    Args:
        gateway: What the endpoints do.
    """
    base = "/v1/realtime"
    posts: dict[str, _Answer] = {
        "": gateway.create_beta_call,
        "/client_secrets": gateway.client_secret,
        "/translations/client_secrets": gateway.translation_secret,
        "/sessions": gateway.beta_session,
        "/transcription_sessions": gateway.beta_transcription_session,
        "/calls": gateway.create_call,
        "/calls/{call_id}/accept": gateway.accept,
        "/calls/{call_id}/reject": gateway.reject,
        "/calls/{call_id}/refer": gateway.refer,
        "/calls/{call_id}/hangup": gateway.hang_up,
    }
    return Starlette(
        routes=[
            WebSocketRoute(base, _Endpoint(_websocket(gateway.realtime, gateway.seat))),
            WebSocketRoute(f"{base}/translations", _Endpoint(_websocket(gateway.translations, gateway.seat))),
            Route(base, _upgrade_required),
            Route(f"{base}/translations", _upgrade_required),
            *(Route(base + path, _post(answer), methods=["POST"]) for path, answer in posts.items()),
        ],
        exception_handlers={404: _not_found, 405: _wrong_method},
        middleware=[Middleware(_BrowserCalls, paths=(base, f"{base}/calls"))],
    )


def _websocket(admit: _Admit, seat: _Seat) -> ASGIApp:
    async def connected(scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        offered = _subprotocols(websocket)
        beta = "realtime=v1" in websocket.headers.get("openai-beta", "") or _BETA_PROTOCOL in offered
        with contextlib.ExitStack() as held:
            try:
                serve = admit(Handshake(websocket.query_params, _key(websocket, offered), beta))
                held.enter_context(seat())
            except HttpError as refusal:
                await _deny(websocket, receive, refusal)
                return
            # Chromium and Node's ws abort when they offered subprotocols and none is selected.
            selected = "realtime" if "realtime" in offered else None
            request_id = [(name.encode(), value.encode()) for name, value in _request_id().items()]
            await websocket.accept(subprotocol=selected, headers=request_id)
            await serve(WebSocketPeer(websocket, websocket.app.state.abort))

    return connected


async def _deny(websocket: WebSocket, receive: Receive, refusal: HttpError) -> None:
    await websocket.receive()
    await websocket.send_denial_response(_refused(refusal))
    # uvicorn 0.54 logs an error for an endpoint that returns before the refused connection is gone. Its first message
    # only confirms the refusal, its second is the loss of the connection.
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(1):
            await receive()
            await receive()


def _post(answer: _Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            given = HttpRequest(
                key=_key(request, ()),
                content_type=request.headers.get("content-type", ""),
                body=await _read(request),
                call_id=request.path_params.get("call_id", ""),
                query=request.query_params,
            )
            made = answer(given)
            if not isinstance(made, HttpAnswer):
                made = await made
        except HttpError as refusal:
            return _refused(refusal)
        headers = _request_id() | dict(made.headers)
        if made.body is None or isinstance(made.body, str):
            return PlainTextResponse(made.body or "", made.status, headers)
        return JSONResponse(made.body, made.status, headers)

    return endpoint


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            raise HttpError(413, "The request body is larger than 1 MiB.", "request_too_large")
    return bytes(body)


async def _upgrade_required(request: Request) -> Response:
    return _refused(HttpError(426, "This endpoint speaks WebSocket: connect with ws://.", "upgrade_required"))


async def _not_found(request: Request, exc: Exception) -> Response:
    return _refused(HttpError(404, f"Invalid URL ({request.method} {request.url.path})", "unknown_url"))


async def _wrong_method(request: Request, exc: Exception) -> Response:
    message = f"Not allowed to {request.method} on {request.url.path}."
    return _refused(HttpError(405, message, "method_not_supported"))


def _refused(refusal: HttpError) -> JSONResponse:
    return JSONResponse(refusal.body(), refusal.status, _request_id() | dict(refusal.headers))


def _request_id() -> dict[str, str]:
    return {"x-request-id": f"req_{secrets.token_hex(16)}"}


class _BrowserCalls:
    """Lets web pages of any origin begin a WebRTC call, as the service does.

    That gives nothing away: only the key lets in, and no browser sends one by itself.
    """

    def __init__(self, app: ASGIApp, paths: Sequence[str]) -> None:
        self._app = app
        self._paths = paths
        self._cors = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["POST"],
            allow_headers=["*"],
            expose_headers=["Location", "x-request-id"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._cors if scope["type"] == "http" and scope["path"] in self._paths else self._app
        await app(scope, receive, send)


class _Endpoint:
    """An ASGI application as a route's endpoint; Starlette would call a plain function with a `WebSocket`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class WebSocketPeer:
    """A Starlette WebSocket as a `Line`.

    Args:
        websocket: The WebSocket, accepted.
        abort: Ends the TCP connection of a client's address.
    """

    def __init__(self, websocket: WebSocket, abort: Callable[[tuple[str, int]], None]) -> None:
        self._websocket = websocket
        self._abort = abort

    async def send(self, data: str) -> None:
        """Send one frame; waits while the socket's buffer is full."""
        try:
            await self._websocket.send_text(data)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError is Starlette's word for "already closed"
            raise ConnectionClosed(1006) from None

    async def send_bytes(self, data: bytes) -> None:
        """Send one binary frame; as `send`."""
        try:
            await self._websocket.send_bytes(data)
        except (WebSocketDisconnect, RuntimeError):
            raise ConnectionClosed(1006) from None

    async def recv(self) -> str | bytes:
        """Wait for the next frame, text or binary."""
        try:
            message = await self._websocket.receive()
        except RuntimeError:
            raise ConnectionClosed(1006) from None
        if message["type"] == "websocket.disconnect":
            raise ConnectionClosed(message.get("code") or 1005, message.get("reason") or "")
        frame: str | bytes | None = message.get("text")
        return message["bytes"] if frame is None else frame

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Send the close frame."""
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            await self._websocket.close(code, reason)

    def abort(self) -> None:
        """End the TCP connection without a close frame."""
        client = self._websocket.client
        if client is not None:
            self._abort((client.host, client.port))


def _key(connection: HTTPConnection, offered: Sequence[str]) -> str | None:
    scheme, _, key = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    for name in offered:
        if name.startswith(_KEY_PROTOCOL):
            return name.removeprefix(_KEY_PROTOCOL)
    return None


def _subprotocols(websocket: WebSocket) -> list[str]:
    found: list[str] = websocket.scope.get("subprotocols") or []
    return found


class _Uvicorn(uvicorn.Server):
    """uvicorn without signal handlers, that says when it has started and stops at once."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self.stop = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals to the application whose loop this is."""
        yield

    async def main_loop(self) -> None:
        """Serve until `stop` is set."""
        self.ready.set()
        await self.on_tick(0)
        await self.stop.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything in `_SHUTDOWN_S` at most.

        uvicorn's own waits 100 ms even when nothing is open, and for ever for a client that does not read: closing
        waits until everything is sent.
        """
        for server in self.servers:
            server.close()
        connections = self.server_state.connections
        for connection in list(connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SHUTDOWN_S):
                while connections:  # noqa: ASYNC110  # uvicorn's set tells nobody when it changes
                    await asyncio.sleep(0.005)
        for connection in list(connections):
            connection.transport.abort()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for listening in sockets or []:
            listening.close()


class HttpServer:
    """A listening socket and the task that serves it.

    Args:
        app: The application.
        host: The address to bind.
        port: The port to bind; 0 lets the system choose.

    Raises:
        OSError: The address cannot be bound.
    """

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family)
        app.state.abort = self._abort
        self.address: str = self._socket.getsockname()[0]
        self.port: int = self._socket.getsockname()[1]
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                app,
                http="h11",
                ws="websockets-sansio",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                ws_max_size=_MAX_FRAME,
                ws_per_message_deflate=False,
            )
        )
        self._task: asyncio.Task[None] | None = None

    def _abort(self, client: tuple[str, int]) -> None:
        for connection in list(self._uvicorn.server_state.connections):
            peer = connection.transport.get_extra_info("peername")
            if peer is not None and tuple(peer[:2]) == client:
                connection.transport.abort()

    async def start(self) -> None:
        """Return once connections are accepted."""
        self._task = asyncio.create_task(self._uvicorn.serve(sockets=[self._socket]), name="realtime-typed local http")
        ready = asyncio.create_task(self._uvicorn.ready.wait())
        try:
            async with asyncio.timeout(10):
                await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ready.cancel()
        if self._task.done():
            await self._task

    async def stop(self) -> None:
        """Close the socket and every connection; returns when no task is left."""
        if self._task is None:
            self._socket.close()
            return
        self._uvicorn.stop.set()
        async with asyncio.timeout(10 * _SHUTDOWN_S):
            await self._task
