"""Answer phone calls: `python examples/sip_server.py --port 8000`, behind the address of the webhook.

It needs OPENAI_API_KEY, OPENAI_WEBHOOK_SECRET (for `realtime.call.incoming`), and the extras `server` and `sip`.
OPENAI_BASE_URL or --base-url points it at another server.
"""

import argparse
import os

import uvicorn
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from realtime_typed import RealtimeClient, RestClient, RestError, WebhookVerificationError
from realtime_typed.sip import ReplayGuard, parse_incoming_call

DEFAULT_URL = os.environ.get("OPENAI_BASE_URL") or "https://api.openai.com/v1"


async def converse(call_id: str, base_url: str) -> None:
    """Accept a call, greet the caller, and write down what the model says until somebody hangs up."""
    async with RestClient(base_url=base_url) as rest:
        try:
            await rest.calls.accept(call_id, {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."})
        except RestError as error:  # the caller may have hung up
            print(f"{call_id}: {error}", flush=True)
            return
    # A connection to a call does not end it when it is closed, and needs no audio: that goes over the phone line.
    async with RealtimeClient(base_url=base_url, call_id=call_id) as client:
        await client.create_response()
        async for event in client:
            if event.type == "response.output_audio_transcript.done":
                print(f"{call_id}: {event.transcript}", flush=True)
    print(f"{call_id}: ended", flush=True)


def build_app(base_url: str, secret: str) -> Starlette:
    """Make the web application that the webhook points at."""
    guard = ReplayGuard()

    async def incoming(request: Request) -> Response:
        try:
            event = parse_incoming_call(await request.body(), request.headers, secret, replay_guard=guard)
        except WebhookVerificationError as error:
            # A webhook that came before is answered like the first, or it would be sent again.
            return Response(status_code=200 if error.reason == "replayed" else 400)
        # The service waits for the answer only for some seconds, so the call goes on after it.
        return Response(background=BackgroundTask(converse, event.data.call_id, base_url))

    return Starlette(routes=[Route("/", incoming, methods=["POST"])])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Answer phone calls.")
    parser.add_argument("--base-url", default=DEFAULT_URL)
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args()
    uvicorn.run(build_app(given.base_url, os.environ["OPENAI_WEBHOOK_SECRET"]), port=given.port)
