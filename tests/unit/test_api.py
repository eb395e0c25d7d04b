"""`RealtimeAPI`: keys, addresses, headers, logs. Its events are tested with the client's, over every transport."""

import asyncio
import base64
import http
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from realtime_typed import ConnectError, ConnectionClosed, RealtimeAPI, __version__
from realtime_typed._endpoints import websocket_url
from realtime_typed.local import LocalServer
from realtime_typed.transports.memory import MemoryTransport, memory_pair

pytestmark = pytest.mark.anyio

BOUND = 10.0


class Doorman:
    """A WebSocket server that writes down each handshake, and then says nothing."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.base_url = ""

    @property
    def headers(self) -> Mapping[str, str]:
        return self.requests[-1].headers

    def check(self, connection: ServerConnection, request: Request) -> Response | None:
        self.requests.append(request)
        return None


@asynccontextmanager
async def doorman() -> AsyncGenerator[Doorman]:
    found = Doorman()

    async def handler(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with (
        asyncio.timeout(20),
        serve(handler, "127.0.0.1", 0, process_request=found.check, close_timeout=1) as server,
    ):
        found.base_url = f"http://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}/v1"
        yield found


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Everything that was logged on the client's side; uvicorn, the server's, logs each header."""
    records = [record for record in caplog.records if not record.name.startswith("uvicorn")]
    return "\n".join(f"{record.name} {record.getMessage()} {record.exc_text or ''}" for record in records)


async def visit(api: RealtimeAPI) -> None:
    await api.connect()
    await api.disconnect()


# Keys.


async def test_the_key_of_the_argument_is_sent_as_a_bearer_token() -> None:
    async with doorman() as door:
        await visit(RealtimeAPI(api_key="sk-given", base_url=door.base_url))
        assert door.headers["Authorization"] == "Bearer sk-given"


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_function_is_asked_for_a_key_at_every_connect(kind: str) -> None:
    keys = iter(["sk-first", "sk-second"])

    def now() -> str:
        return next(keys)

    async def later() -> str:
        return next(keys)

    given: Callable[[], str | Awaitable[str]] = now if kind == "sync" else later
    async with doorman() as door:
        api = RealtimeAPI(api_key=given, base_url=door.base_url)
        await visit(api)
        await visit(api)
        assert [request.headers["Authorization"] for request in door.requests] == [
            "Bearer sk-first",
            "Bearer sk-second",
        ]


async def test_without_an_argument_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with doorman() as door:
        api = RealtimeAPI(base_url=door.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
        await visit(api)
        assert door.headers["Authorization"] == "Bearer sk-environment"


async def test_without_any_key_the_error_says_where_to_put_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    async with doorman() as door:
        api = RealtimeAPI(base_url=door.base_url)
        with pytest.raises(ValueError, match=r"api_key=….*OPENAI_API_KEY"):
            await api.connect()
        assert door.requests == []
        assert not api.is_connected()


@pytest.mark.parametrize("key", ["sk-given\n", "  sk-given ", "\tsk-given\r\n"])
async def test_white_space_around_a_key_is_dropped(key: str) -> None:
    async with doorman() as door:
        await visit(RealtimeAPI(api_key=key, base_url=door.base_url))
        assert door.headers["Authorization"] == "Bearer sk-given"


@pytest.mark.parametrize("key", ["", " \n", "sk-one sk-two", "sk-one\r\nX-Header: two"])
async def test_a_key_that_is_none_is_refused_without_being_shown(key: str) -> None:
    async with doorman() as door:
        api = RealtimeAPI(api_key=key, base_url=door.base_url)
        with pytest.raises(ValueError, match="empty or holds white space") as caught:
            await api.connect()
        assert "sk-" not in str(caught.value)
        assert door.requests == []


async def test_a_function_that_gives_no_text_is_refused() -> None:
    api = RealtimeAPI(api_key=lambda: 5)  # type: ignore[arg-type]  # what a checker refuses
    with pytest.raises(TypeError, match="must be a string, got int"):
        await api.connect()


async def test_a_function_that_fails_leaves_an_api_that_can_connect() -> None:
    answers: list[str | Exception] = [LookupError("no vault"), "sk-given"]

    def key() -> str:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async with doorman() as door:
        api = RealtimeAPI(api_key=key, base_url=door.base_url)
        with pytest.raises(LookupError, match="no vault"):
            await api.connect()
        await visit(api)


# Addresses.


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://api.openai.com/v1", "wss://api.openai.com/v1/realtime?model=m"),
        ("https://api.openai.com/v1/", "wss://api.openai.com/v1/realtime?model=m"),
        ("https://api.openai.com/v1//", "wss://api.openai.com/v1/realtime?model=m"),
        (" https://api.openai.com/v1 \n", "wss://api.openai.com/v1/realtime?model=m"),
        ("https://api.openai.com/v1/realtime", "wss://api.openai.com/v1/realtime?model=m"),
        ("https://api.openai.com/v1/realtime/", "wss://api.openai.com/v1/realtime?model=m"),
        ("wss://api.openai.com/v1", "wss://api.openai.com/v1/realtime?model=m"),
        ("HTTPS://api.openai.com/v1", "wss://api.openai.com/v1/realtime?model=m"),
        ("http://127.0.0.1:8000/v1", "ws://127.0.0.1:8000/v1/realtime?model=m"),
        ("ws://[::1]:8000/v1/realtime", "ws://[::1]:8000/v1/realtime?model=m"),
        ("https://example.com", "wss://example.com/realtime?model=m"),
        ("https://x.openai.azure.com/openai/v1", "wss://x.openai.azure.com/openai/v1/realtime?model=m"),
        ("https://example.com/v1?api-version=1&a=", "wss://example.com/v1/realtime?api-version=1&a=&model=m"),
        ("https://example.com/v1?model=old", "wss://example.com/v1/realtime?model=m"),
        ("https://example.com/v1#part", "wss://example.com/v1/realtime?model=m"),
    ],
)
def test_an_address_becomes_that_of_the_websocket(base_url: str, url: str) -> None:
    assert websocket_url(base_url, {"model": "m"}) == url


def test_a_models_name_is_quoted() -> None:
    assert websocket_url("https://example.com", {"model": "a b&c=d"}) == "wss://example.com/realtime?model=a+b%26c%3Dd"


@pytest.mark.parametrize(
    "base_url", ["", "api.openai.com/v1", "ftp://example.com", "https://", "file:///v1", "https:///v1"]
)
def test_what_is_no_address_of_a_service_is_refused(base_url: str) -> None:
    with pytest.raises(ValueError, match="base_url must be an http"):
        RealtimeAPI(base_url=base_url)


@pytest.mark.parametrize("scheme", ["https", "wss", "ftp"])
@pytest.mark.parametrize("credentials", ["user:hunter2@", "hunter2@", ":hunter2@"])
def test_credentials_in_an_address_are_refused_and_not_shown(scheme: str, credentials: str) -> None:
    with pytest.raises(ValueError, match="must not hold credentials") as caught:
        RealtimeAPI(base_url=f"{scheme}://{credentials}example.com/v1")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("base_url", ["http://example.com/v1", "ws://10.0.0.1:8000/v1", "http://localhost.example/v1"])
async def test_a_key_is_not_even_asked_for_when_it_would_travel_unencrypted(base_url: str) -> None:
    api = RealtimeAPI(api_key=lambda: pytest.fail("the key was asked for"), base_url=base_url)
    with pytest.raises(ValueError, match="must not travel unencrypted"):
        await api.connect()


async def test_the_address_names_the_model_or_the_call() -> None:
    async with doorman() as door:
        api = RealtimeAPI(api_key="sk-given", base_url=door.base_url, model="first")
        await visit(api)
        await api.connect(model="second")
        await api.disconnect()
        await visit(api)
        await visit(RealtimeAPI(api_key="sk-given", base_url=door.base_url, call_id="rtc_1"))
        assert [request.path for request in door.requests] == [
            "/v1/realtime?model=first",
            "/v1/realtime?model=second",
            "/v1/realtime?model=second",
            "/v1/realtime?call_id=rtc_1",
        ]


# Headers.


async def test_who_is_calling_is_said_in_headers() -> None:
    async with doorman() as door:
        api = RealtimeAPI(
            api_key="sk-given",
            base_url=door.base_url,
            organization="org_1",
            project="proj_1",
            safety_identifier="user_1",
            extra_headers={"X-Mine": "yes"},
        )
        await visit(api)
        assert door.headers["OpenAI-Organization"] == "org_1"
        assert door.headers["OpenAI-Project"] == "proj_1"
        assert door.headers["OpenAI-Safety-Identifier"] == "user_1"
        assert door.headers["User-Agent"] == f"realtime-typed/{__version__}"
        assert door.headers["X-Mine"] == "yes"
        assert "OpenAI-Beta" not in door.headers


async def test_headers_that_were_not_asked_for_are_not_sent() -> None:
    async with doorman() as door:
        await visit(RealtimeAPI(api_key="sk-given", base_url=door.base_url))
        assert not [name for name in door.headers if name.lower().startswith("openai-")]


@pytest.mark.parametrize("name", ["api-key", "Api-Key", "Authorization", "authorization"])
async def test_an_own_credential_takes_the_place_of_the_key(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    async with doorman() as door:
        await visit(RealtimeAPI(base_url=door.base_url, extra_headers={name: "own"}))
        assert door.requests[-1].headers.get_all(name) == ["own"]
        assert "sk-environment" not in str(door.headers)


@pytest.mark.parametrize("name", ["User-Agent", "user-agent", "OPENAI-PROJECT"])
async def test_an_extra_header_replaces_one_of_ours_whatever_its_case(name: str) -> None:
    async with doorman() as door:
        await visit(RealtimeAPI(api_key="k", base_url=door.base_url, project="proj_1", extra_headers={name: "own"}))
        assert door.requests[-1].headers.get_all(name) == ["own"]


# Refusals.


async def test_a_refused_key_is_a_connect_error_that_does_not_show_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    key = "sk-wrong-key-of-mine-123456"
    async with asyncio.timeout(20), LocalServer() as server:
        api = RealtimeAPI(api_key=key, base_url=server.base_url, debug=True)
        with pytest.raises(ConnectError) as caught:
            await api.connect()
        assert caught.value.status == http.HTTPStatus.UNAUTHORIZED
        assert "Incorrect API key" in (caught.value.body or "")
        error: BaseException | None = caught.value
        while error is not None:
            assert key not in f"{error} {error!r} {error.__dict__}"
            error = error.__cause__ or error.__context__
        assert key not in logged(caplog)
        assert key not in repr(api)
        assert not api.is_connected()


async def test_a_service_that_is_not_there_is_a_connect_error_without_a_status() -> None:
    async with asyncio.timeout(20):
        async with LocalServer() as server:
            base_url = server.base_url
        api = RealtimeAPI(api_key="sk-given", base_url=base_url)
        with pytest.raises(ConnectError) as caught:
            await api.connect()
    assert caught.value.status is None


@pytest.mark.parametrize("transport", ["quic", 5, None])
def test_an_unknown_transport_is_refused(transport: object) -> None:
    with pytest.raises(ValueError, match="transport must be 'websocket'"):
        RealtimeAPI(transport=transport)  # type: ignore[arg-type]  # what a checker refuses


# Logging.


async def test_debug_shows_frames_without_keys_and_audio(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sound = bytes(range(256)) * 20
    async with asyncio.timeout(20), LocalServer() as server:
        api = RealtimeAPI(api_key=server.api_key, base_url=server.base_url, debug=True)
        await api.connect()
        await api.send(
            {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}}
        )
        await api.send_audio(sound)
        await api.send({"type": "input_audio_buffer.append", "audio": base64.b64encode(sound).decode()})
        await api.send({"type": "input_audio_buffer.commit"})
        async with api.events["server.response.done"].expect(BOUND):
            await api.send({"type": "response.create"})
        await api.disconnect()
    shown = logged(caplog)
    for name in ("input_audio_buffer.append", "response.output_audio.delta", "session.created", "response.done"):
        assert f'"type":"{name}"' in shown
    assert shown.count("realtime_typed.api sent ") == 5
    assert server.api_key not in shown
    assert base64.b64encode(sound)[:16].decode() not in shown
    assert not [word for word in shown.replace('"', " ").split() if len(word) > 100]


async def test_without_debug_no_frame_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with asyncio.timeout(20), LocalServer() as server:
        api = RealtimeAPI(api_key=server.api_key, base_url=server.base_url)
        await visit(api)
    assert not [record for record in caplog.records if record.name.startswith("realtime_typed")]
    assert server.api_key not in logged(caplog)


# Transports of one's own.


async def test_a_function_makes_a_new_transport_for_every_connect() -> None:
    ends: list[MemoryTransport] = []

    def make() -> MemoryTransport:
        client, accepting = memory_pair()
        ends.append(accepting)
        return client

    async with asyncio.timeout(BOUND):
        api = RealtimeAPI(transport=make)
        await visit(api)
        await api.connect()
        await api.send({"type": "response.create", "event_id": "mine"})
        assert json.loads(await ends[1].recv()) == {"type": "response.create", "event_id": "mine"}
        await api.disconnect(4001, "because")
        with pytest.raises(ConnectionClosed) as caught:
            await ends[1].recv()
        assert (caught.value.code, caught.value.reason) == (4001, "because")


async def test_a_cancelled_connect_can_be_repeated() -> None:
    hanging = asyncio.Event()

    async def hang_once() -> None:
        if not hanging.is_set():
            hanging.set()
            await asyncio.Event().wait()

    async with asyncio.timeout(BOUND):
        api = RealtimeAPI(transport=lambda: memory_pair(on_connect=hang_once)[0])
        connecting = asyncio.create_task(api.connect())
        await hanging.wait()
        connecting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await connecting
        assert not api.is_connected()
        await visit(api)


async def test_disconnect_ends_senders_that_wait_for_a_service_that_does_not_read() -> None:
    async with asyncio.timeout(BOUND):
        api = RealtimeAPI(transport=lambda: memory_pair(max_queue=1)[0])
        await api.connect()
        sending = [asyncio.create_task(api.send({"type": "response.create"})) for _ in range(3)]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        await api.disconnect()
        results = await asyncio.gather(*sending, return_exceptions=True)
        assert results[0] is None
        assert [type(result) for result in results[1:]] == [ConnectionClosed, ConnectionClosed]


async def test_what_an_ended_connection_did_not_send_is_not_sent_by_the_next() -> None:
    ends: list[MemoryTransport] = []

    def make() -> MemoryTransport:
        client, accepting = memory_pair(max_queue=1)
        ends.append(accepting)
        return client

    async with asyncio.timeout(BOUND):
        api = RealtimeAPI(transport=make)
        await api.connect()
        api.post({"type": "response.create", "event_id": "old"})
        await api.disconnect()
        await api.connect()
        await api.send({"type": "response.create", "event_id": "new"})
        assert json.loads(await ends[1].recv())["event_id"] == "new"
        await api.disconnect()


class BrokenTransport:
    """A transport of an application's own that breaks its promise: `recv` raises what is no `ConnectionClosed`."""

    name = "broken"

    def __init__(self) -> None:
        self.inner = memory_pair()[0]

    async def send(self, data: str) -> None:
        await self.inner.send(data)

    async def connect(self) -> None:
        await self.inner.connect()

    async def recv(self) -> str:
        raise OSError("broken")

    async def close(self, code: int = 1000, reason: str = "") -> None:
        await self.inner.close(code, reason)


async def test_a_transport_that_fails_ends_the_connection_and_is_reported() -> None:
    loop = asyncio.get_running_loop()
    found: list[BaseException] = []
    loop.set_exception_handler(lambda _, context: found.append(context["exception"]))
    try:
        async with asyncio.timeout(BOUND):
            api = RealtimeAPI(transport=BrokenTransport)
            await api.connect()
            with pytest.raises(ConnectionClosed, match="OSError while receiving"):
                await api.wait_for("server.error")
    finally:
        loop.set_exception_handler(None)
    assert [str(error) for error in found] == ["broken"]
    assert not api.is_connected()


# Azure.


async def test_azure_gets_its_key_and_its_deployment_at_its_ga_path() -> None:
    async with doorman() as door:
        endpoint = door.base_url.removesuffix("/v1")
        await visit(RealtimeAPI(azure_endpoint=endpoint, azure_deployment="dep", api_key="azure-key"))
        assert door.requests[-1].path == "/openai/v1/realtime?model=dep"
        assert door.headers["api-key"] == "azure-key"
        assert "Authorization" not in door.headers


async def test_azures_preview_gets_a_version_and_a_token_of_entra() -> None:
    async def token() -> str:
        return "entra-token"

    async with doorman() as door:
        api = RealtimeAPI(
            azure_endpoint=door.base_url.removesuffix("/v1"),
            azure_deployment="dep",
            azure_api_version="2025-04-01-preview",
            azure_ad_token_provider=token,
        )
        await visit(api)
        assert door.requests[-1].path == "/openai/realtime?api-version=2025-04-01-preview&deployment=dep"
        assert door.headers["Authorization"] == "Bearer entra-token"
        assert "api-key" not in door.headers
