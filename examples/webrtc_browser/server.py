"""Talk to the model from a web page: `python examples/webrtc_browser/server.py`, then open the address that it prints.

It needs OPENAI_API_KEY and the extra `server`. Without a key, or with --local, it starts the embedded server instead,
which needs the extra `webrtc` too. OPENAI_BASE_URL or --base-url points it at another server.
"""

import argparse
import asyncio
import contextlib
import os
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from realtime_typed.asgi import ephemeral_key_endpoint
from realtime_typed.local import LocalServer

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"
PAGE = Path(__file__).with_name("index.html")


def from_our_page(request: Request) -> bool:
    """Whether our own page asks. Yours would ask who is signed in."""
    return request.headers.get("sec-fetch-site") == "same-origin"


def build_app(api_key: str, base_url: str, model: str = "gpt-realtime") -> Starlette:
    """Make the web application: the page, what it has to know, and the endpoint that gives it a key."""
    endpoint = ephemeral_key_endpoint(
        api_key,
        authorize=from_our_page,
        session={
            "type": "realtime",
            "model": model,
            "instructions": "You are a friendly guide. Be brief.",
            "audio": {"input": {"transcription": {"model": "gpt-4o-mini-transcribe"}}},
        },
        expires_after=60,  # the page uses its key at once
        base_url=base_url,
    )

    async def page(request: Request) -> Response:
        return FileResponse(PAGE)

    async def settings(request: Request) -> Response:
        return JSONResponse({"calls_url": f"{base_url.rstrip('/')}/realtime/calls"})

    return Starlette(
        routes=[Route("/", page), Route("/settings", settings), Route("/ephemeral-key", endpoint)],
        # Another name for this machine would be a foreign page's.
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
    )


async def main(api_key: str | None, base_url: str, model: str, port: int) -> None:
    """Serve the page until Ctrl-C."""
    async with contextlib.AsyncExitStack() as stack:
        if api_key is None:
            local = await stack.enter_async_context(LocalServer())
            api_key, base_url = local.api_key, local.base_url
        app = build_app(api_key, base_url, model)
        await uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port)).serve()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Talk to the model from a web page.")
    parser.add_argument("--local", action="store_true", help="use the embedded server")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    parser.add_argument("--model", default="gpt-realtime")
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    key = None if given.local else os.environ.get("OPENAI_API_KEY")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(key, given.base_url, given.model, given.port))
