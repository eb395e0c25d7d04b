"""The embedded server's HTTP face: Starlette routes, and uvicorn run inside of a loop that is already running.

The only module that imports Starlette and uvicorn; `server.py` loads it when a server starts.
"""

import asyncio
import contextlib
import hmac
import socket
from collections.abc import Awaitable, Callable, Generator
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from realtime_typed.errors import ConnectionClosed

from .connection import Peer

__all__ = ["HttpServer", "build_app"]

_KEY_PROTOCOL: Final = "openai-insecure-api-key."
_MAX_FRAME: Final = 32 * 1024 * 1024  # an append of 15 MiB is 20 MiB of base64
_SHUTDOWN_S: Final = 1

OnConnect = Callable[[str, Peer, bool], Awaitable[None]]
"""Serves one accepted connection: the model, the connection, and whether the client asked for the beta dialect."""


def build_app(api_key: str, on_connect: OnConnect) -> Starlette:
    """Make the ASGI application.

    Args:
        api_key: The one key that is let in.
        on_connect: Called for each WebSocket after the handshake; the connection lasts until it returns.
    """

    async def realtime(scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        refusal = _refusal(websocket, api_key)
        if refusal is not None:
            await websocket.receive()
            await websocket.send_denial_response(refusal)
            # uvicorn 0.54 logs an error for an endpoint that returns before the refused connection is gone. Its first
            # message only confirms the refusal, its second is the loss of the connection.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await receive()
                    await receive()
            return
        # Chromium and Node's ws abort when they offered subprotocols and none is selected.
        await websocket.accept(subprotocol="realtime" if "realtime" in _subprotocols(websocket) else None)
        beta = "realtime=v1" in websocket.headers.get("openai-beta", "")
        await on_connect(websocket.query_params["model"], WebSocketPeer(websocket), beta)

    async def plain_http(request: Request) -> JSONResponse:
        return _error(426, "This endpoint speaks WebSocket: connect with ws://.", "upgrade_required")

    async def not_found(request: Request, exc: Exception) -> JSONResponse:
        return _error(404, f"Invalid URL ({request.method} {request.url.path})", "unknown_url")

    return Starlette(
        routes=[WebSocketRoute("/v1/realtime", _Endpoint(realtime)), Route("/v1/realtime", plain_http)],
        exception_handlers={404: not_found},
    )


class _Endpoint:
    """An ASGI application as a route's endpoint; Starlette would call a plain function with a `WebSocket`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class WebSocketPeer:
    """A Starlette WebSocket as a `Peer`."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def send(self, data: str) -> None:
        """Send one frame; waits while the socket's buffer is full."""
        try:
            await self._websocket.send_text(data)
        except (WebSocketDisconnect, RuntimeError):  # RuntimeError is Starlette's word for "already closed"
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


def _refusal(websocket: WebSocket, api_key: str) -> JSONResponse | None:
    given = _key(websocket)
    if given is None:
        return _error(401, "Missing bearer authentication in header.", "invalid_api_key")
    if not hmac.compare_digest(given.encode(), api_key.encode()):
        return _error(401, "Incorrect API key provided.", "invalid_api_key")
    query = websocket.query_params
    if query.get("intent") or query.get("call_id"):
        return _error(400, "This server does not support 'intent' and 'call_id' yet; connect with 'model'.", None)
    if not query.get("model"):
        return _error(400, "You must provide a model parameter.", "missing_model", "model")
    return None


def _key(websocket: WebSocket) -> str | None:
    scheme, _, key = websocket.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    for name in _subprotocols(websocket):
        if name.startswith(_KEY_PROTOCOL):
            return name.removeprefix(_KEY_PROTOCOL)
    return None


def _subprotocols(websocket: WebSocket) -> list[str]:
    found: list[str] = websocket.scope.get("subprotocols") or []
    return found


def _error(status: int, message: str, code: str | None, param: str | None = None) -> JSONResponse:
    # Never the key itself, not even a part of it: answers end up in logs.
    error = {"message": message, "type": "invalid_request_error", "code": code, "param": param}
    return JSONResponse({"error": error}, status_code=status)


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
