"""No key is shown, logged, pickled, or carried along by an error: one test a rule of `rules.py`."""

import copy
import logging
import pickle
import traceback
from collections.abc import Awaitable, Callable
from typing import Final

import httpx
import pytest

from realtime_typed import RealtimeClient
from realtime_typed._endpoints import Endpoint
from realtime_typed._field_errors import show
from realtime_typed._keys import KeySource
from realtime_typed._redact import redact_frame
from realtime_typed.api import RealtimeAPI
from realtime_typed.codec import Codec
from realtime_typed.errors import (
    ConnectError,
    ConnectionClosed,
    EphemeralKeyError,
    EventValidationError,
    ProtocolError,
    RealtimeError,
    ResponseFailed,
    RestError,
    ServerError,
)
from realtime_typed.local import LocalServer
from realtime_typed.rest import RestClient
from realtime_typed.transports.webrtc_options import IceServer
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.transports.websocket_options import WebSocketOptions
from realtime_typed.types import McpTool
from tests.unit.rest.service import Reply, json_reply, service

pytestmark = pytest.mark.anyio

# All that must not show holds this word.
MARK: Final = "Hu5h"
KEY: Final = f"sk-proj-{MARK}0123456789"
STRANGE: Final = f"z{MARK}9secret"
BEARER: Final = {"Authorization": f"Bearer {STRANGE}"}


async def failure(attempt: Callable[[], Awaitable[object]]) -> Exception:
    try:
        await attempt()
    except Exception as error:
        return error
    raise AssertionError("it did not fail")


# --- reprs and pickles ----------------------------------------------------------------------------------------------


def test_the_repr_of_an_endpoint_has_no_query() -> None:
    assert MARK not in repr(Endpoint(base_url=f"https://api.example/v1?deployment={STRANGE}", api_key=KEY))


def test_the_repr_of_options_shows_no_password() -> None:
    assert MARK not in repr(WebSocketOptions(proxy=f"http://user:{STRANGE}@127.0.0.1:1"))


def test_the_repr_of_an_ice_server_shows_no_credential() -> None:
    assert MARK not in repr(IceServer(urls="turn:turn.example", username="me", credential=STRANGE))


def test_the_repr_of_a_model_shows_no_credential() -> None:
    tool = McpTool(server_label="mine", authorization=STRANGE, headers={"X-Key": STRANGE})
    assert MARK not in repr(tool)
    assert tool.to_wire()["authorization"] == STRANGE


def test_the_repr_of_a_model_shows_no_key_in_a_text() -> None:
    event = Codec().decode(f'{{"type": "error", "event_id": "e", "error": {{"message": "wrong: {KEY}", "type": "x"}}}}')
    assert MARK not in repr(event)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Endpoint(api_key=KEY),
        lambda: KeySource(Endpoint(api_key=KEY)),
        lambda: RestClient(api_key=KEY),
        lambda: RealtimeAPI(api_key=KEY),
        lambda: RealtimeClient(api_key=KEY),
    ],
    ids=["endpoint", "keys", "rest", "api", "client"],
)
def test_what_holds_a_key_cannot_be_pickled_or_copied(make: Callable[[], object]) -> None:
    holder = make()
    assert MARK not in repr(holder)
    for refused in (pickle.dumps, copy.copy if isinstance(holder, Endpoint | KeySource) else copy.deepcopy):
        with pytest.raises((TypeError, AttributeError), match="pickle"):
            refused(holder)


# --- logs -----------------------------------------------------------------------------------------------------------


async def test_debug_logs_no_key_that_is_sent_or_received(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "realtime_typed")
    async with LocalServer() as server:
        api = RealtimeAPI(base_url=server.base_url, api_key=server.api_key, debug=True)
        await api.connect()
        got = api.events["server.error"].expect(timeout=10)
        async with got:
            await api.send({"type": "session.update", "event_id": KEY, "session": {"type": "transcription"}})
        await api.disconnect()
    received = [record.getMessage() for record in caplog.records if record.getMessage().startswith("received")]
    sent = [record.getMessage() for record in caplog.records if record.getMessage().startswith("sent")]
    assert any("[redacted]" in text for text in received)
    assert any("[redacted]" in text for text in sent)
    assert MARK not in caplog.text


async def test_the_websocket_library_logs_no_header_and_no_frame(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with LocalServer(api_key=STRANGE) as server:
        transport = WebSocketTransport(f"{server.ws_url}?model=m", headers=BEARER)
        await transport.connect()
        await transport.send(f'{{"type": "{STRANGE}"}}')
        await transport.recv()
        await transport.close()
    logged = [record for record in caplog.records if record.name.startswith("realtime_typed.transports")]
    assert not [record for record in logged if MARK in record.getMessage()]


@pytest.mark.parametrize(
    "text",
    [
        f'{{"authorization": "{STRANGE}"}}',
        f'{{"headers": {{"X-Key": "{STRANGE}"}}}}',
        f'{{"password": "{STRANGE}"}}',
        f'{{"text": "{KEY}"}}',
        f'{{"text": "Authorization: Bearer {STRANGE}"}}',
        f'{{"server_url": "https://user:{STRANGE}@mcp.example/"}}',
    ],
)
def test_a_frame_is_logged_without_credentials(text: str) -> None:
    assert MARK not in redact_frame(text)


async def test_the_address_of_a_backend_is_logged_without_its_path_and_query(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with service(json_reply({"ephemeral_key": "ek_fresh"})) as running:
        url = f"http://127.0.0.1:{running.port}/{STRANGE}?sig={STRANGE}"
        await KeySource(Endpoint(), fetch_ephemeral_key_url=url).headers()
        assert running.received[0].path == f"/{STRANGE}?sig={STRANGE}"
    assert "HTTP Request: GET" in caplog.text
    assert MARK not in caplog.text


# --- errors ---------------------------------------------------------------------------------------------------------


def test_no_exception_says_a_key() -> None:
    for error in (RealtimeError(f"wrong: {KEY}"), ConnectError(f"Bearer {STRANGE}"), RestError(f"no {KEY}")):
        assert MARK not in f"{error} {error!r} {error.args}"


@pytest.mark.parametrize(
    "error",
    [
        ServerError(f"wrong: {KEY}"),
        ResponseFailed("resp_1", "failed", message=f"wrong: {KEY}"),
    ],
)
def test_the_services_words_are_kept_without_keys(error: ServerError | ResponseFailed) -> None:
    assert MARK not in error.message
    assert MARK not in str(error)


def test_the_reason_of_a_close_frame_is_kept_without_keys() -> None:
    assert MARK not in ConnectionClosed(1008, f"wrong: {KEY}").reason


def test_the_words_of_a_refused_request_are_kept_without_keys() -> None:
    assert MARK not in str(RestError("refused", told=f"wrong: {KEY}").message)


@pytest.mark.parametrize("padding", [0, 170, 190])
def test_the_beginning_of_a_frame_or_body_is_kept_without_keys(padding: int) -> None:
    text = " " * padding + KEY
    errors = [ProtocolError("no JSON", raw=text), ProtocolError("no JSON", raw=text.encode() * 9)]
    assert all(MARK not in f"{error} {error.raw}" for error in errors)
    bodies = [ConnectError("refused", body=text).body, RestError("refused", body=text).body]
    assert all(MARK not in str(body) for body in bodies)


def test_a_value_that_does_not_fit_is_shown_without_keys() -> None:
    assert MARK not in show({"text": KEY})
    tool = {"type": "mcp", "server_label": "mine", "authorization": [STRANGE]}
    with pytest.raises(EventValidationError) as caught:
        Codec().encode({"type": "session.update", "session": {"type": "realtime", "tools": [tool]}})
    assert [error for error in caught.value.errors if "authorization" in error.path]
    assert not [error for error in caught.value.errors if MARK in error.value]


async def test_the_body_of_a_refused_handshake_is_kept_without_the_key() -> None:
    reply = Reply(401, f"you sent {STRANGE}".encode(), {"Content-Type": "text/plain"})
    async with service(reply) as running:
        error = await failure(WebSocketTransport(f"ws://127.0.0.1:{running.port}/", headers=BEARER).connect)
    assert isinstance(error, ConnectError)
    assert (error.status, error.body) == (401, "you sent [redacted]")
    assert MARK not in "".join(traceback.format_exception(error))


async def test_what_repeats_a_key_is_no_cause_of_an_error() -> None:
    reply = Reply(raw=f"HTTP/1.1 {STRANGE} no\r\n\r\n".encode())
    async with service(reply) as running:
        error = await failure(WebSocketTransport(f"ws://127.0.0.1:{running.port}/", headers=BEARER).connect)
    assert isinstance(error, ConnectError)
    assert MARK not in "".join(traceback.format_exception(error))


async def test_a_refused_request_is_told_without_the_key() -> None:
    async with (
        service(json_reply({"error": {"message": f"you sent {STRANGE}"}}, 401)) as running,
        RestClient(base_url=running.base_url, api_key=STRANGE, max_retries=0) as rest,
    ):
        error = await failure(rest.client_secrets.create)
    assert isinstance(error, RestError)
    assert MARK not in f"{error} {error.message} {error.body}"
    assert "[redacted]" in str(error)


async def test_a_backend_that_refuses_is_told_without_what_it_was_sent() -> None:
    async with service(Reply(403, f"no: {STRANGE} sig={STRANGE}".encode(), {})) as running:
        url = f"http://127.0.0.1:{running.port}/key?sig={STRANGE}"
        source = KeySource(Endpoint(), fetch_ephemeral_key_url=url, fetch_ephemeral_key_headers=BEARER)
        error = await failure(source.headers)
    assert isinstance(error, EphemeralKeyError)
    assert MARK not in f"{error} {error.body}"


def requests_of(error: BaseException | None) -> list[httpx.Request]:
    found: list[httpx.Request] = []
    while error is not None:
        request = getattr(error, "_request", None)
        if isinstance(request, httpx.Request):
            found.append(request)
        error = error.__cause__ or error.__context__
    return found


async def closed_port() -> int:
    async with service(Reply()) as running:
        return running.port


async def test_no_error_of_a_backend_carries_a_request_with_its_headers() -> None:
    url = f"http://127.0.0.1:{await closed_port()}/key?sig={STRANGE}"
    source = KeySource(Endpoint(), fetch_ephemeral_key_url=url, fetch_ephemeral_key_headers=BEARER)
    (request,) = requests_of(await failure(source.headers))
    assert MARK not in f"{request.url} {request.headers.raw!r}"


@pytest.mark.parametrize("reply", [None, Reply(silent=True), Reply(drop=True)])
async def test_no_error_of_a_request_carries_its_headers(reply: Reply | None) -> None:
    async with service(reply or Reply()) as running:
        port = running.port if reply else await closed_port()
        base_url = f"http://127.0.0.1:{port}/v1"
        async with RestClient(base_url=base_url, api_key=STRANGE, max_retries=0, timeout=0.5) as rest:
            error = await failure(lambda: rest.calls.hangup("rtc_1"))
    assert all(MARK not in f"{request.url} {request.headers.raw!r}" for request in requests_of(error))


async def test_no_local_variable_of_a_traceback_shows_a_key() -> None:
    """As tools that report errors write them down; frames of other libraries are theirs."""
    errors: list[Exception] = []
    async with service(Reply(401, b"no", {})) as running:
        api = RealtimeAPI(base_url=running.base_url, api_key=lambda: STRANGE)
        errors.append(await failure(api.connect))
        async with RestClient(base_url=running.base_url, api_key=lambda: STRANGE, max_retries=0) as rest:
            errors.append(await failure(rest.client_secrets.create))
        url = f"http://127.0.0.1:{running.port}/key"
        source = KeySource(Endpoint(), fetch_ephemeral_key_url=url, fetch_ephemeral_key_headers=BEARER)
        errors.append(await failure(source.headers))
    for error in errors:
        report = traceback.TracebackException.from_exception(error, capture_locals=True)
        frames = [frame for frame in report.stack if "realtime_typed" in frame.filename]
        assert frames
        shown = [
            f"{frame.name}: {name}" for frame in frames for name, value in (frame.locals or {}).items() if MARK in value
        ]
        assert not shown
