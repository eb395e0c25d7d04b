"""`ephemeral_key_endpoint`: who gets a key, what is in the answers, and what is in none of them."""

import asyncio
import logging
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Annotated

import fastapi
import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from realtime_typed import RealtimeClient
from realtime_typed._generated.realtime.params import RealtimeSessionConfigParam
from realtime_typed._generated.realtime.shared import RealtimeSessionConfig
from realtime_typed.asgi import EphemeralKeyEndpoint, RateLimit, SessionSource, client_address, ephemeral_key_endpoint
from realtime_typed.local import LocalServer
from realtime_typed.local.asgi import HttpServer

pytestmark = pytest.mark.anyio

API_KEY = "sk-proj-do-not-show-me-to-anybody-0123456789"
SESSION: RealtimeSessionConfigParam = {"type": "realtime", "model": "gpt-realtime", "instructions": "Speak Latin."}


@pytest.fixture
async def service() -> AsyncIterator[LocalServer]:
    async with LocalServer(api_key=API_KEY) as running:
        yield running


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The rate limit's clock stands still; the function that this gives moves it on by so many seconds."""
    now = 1000.0

    def advance(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr("realtime_typed._rate_limit.monotonic", lambda: now)
    return advance


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between attempts to reach the service, which take no time."""
    asked: list[float] = []

    async def sleep(seconds: float) -> None:
        asked.append(seconds)

    monkeypatch.setattr("realtime_typed.rest.requests.sleep", sleep)
    return asked


async def ask(
    app: ASGIApp,
    path: str = "/",
    *,
    method: str = "GET",
    address: str = "192.0.2.1",
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """One request to an application, as `address` sends it."""
    transport = httpx.ASGITransport(app, client=(address, 5000))
    async with (
        asyncio.timeout(20),
        httpx.AsyncClient(transport=transport, base_url="http://app.example") as client,
    ):
        return await client.request(method, path, headers=headers)


def error_code(response: httpx.Response) -> str:
    code: str = response.json()["error"]["code"]
    return code


def answering(answer: Callable[[httpx.Request], httpx.Response]) -> EphemeralKeyEndpoint:
    """An endpoint whose service answers like this."""
    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    return ephemeral_key_endpoint(API_KEY, authorize="anyone", http_client=client)


# The key.


async def test_the_answer_is_a_key_that_opens_the_session_and_its_expiry(service: LocalServer) -> None:
    app = ephemeral_key_endpoint(
        API_KEY, authorize="anyone", session=SESSION, expires_after=60, base_url=service.base_url
    )
    response = await ask(app)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    answer = response.json()
    assert sorted(answer) == ["ephemeral_key", "expires_at"]
    assert answer["ephemeral_key"].startswith("ek_")
    async with asyncio.timeout(10), RealtimeClient(base_url=service.base_url, api_key=answer["ephemeral_key"]):
        pass
    assert service.sessions[0].config["instructions"] == "Speak Latin."


async def test_every_request_gets_a_key_of_its_own_that_nobody_may_cache(service: LocalServer) -> None:
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url)
    first, second = await ask(app), await ask(app, method="POST")
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["ephemeral_key"] != second.json()["ephemeral_key"]
    assert {first.headers["cache-control"], second.headers["cache-control"]} == {"no-store"}


async def test_it_answers_over_a_real_server(service: LocalServer) -> None:
    endpoint = ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url)
    http = HttpServer(Starlette(routes=[Route("/ephemeral-key", endpoint)]), "127.0.0.1", 0)
    async with asyncio.timeout(20):
        await http.start()
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                response = await client.get(f"http://127.0.0.1:{http.port}/ephemeral-key")
        finally:
            await http.stop()
    assert response.json()["ephemeral_key"].startswith("ek_")


def test_it_serves_one_event_loop_after_the_other() -> None:
    # Test clients of web frameworks make a loop for every request.
    port = 0
    app: EphemeralKeyEndpoint | None = None

    async def serve() -> int:
        nonlocal app, port
        async with LocalServer(api_key=API_KEY, port=port) as server:
            port = server.port
            app = app or ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=server.base_url)
            return (await ask(app)).status_code

    assert [asyncio.run(serve()), asyncio.run(serve())] == [200, 200]


def latin(request: Request) -> RealtimeSessionConfigParam:
    return SESSION


@pytest.mark.parametrize("session", [SESSION, RealtimeSessionConfig.model_validate(SESSION), latin])
async def test_the_session_may_be_a_dict_a_model_or_a_function(service: LocalServer, session: SessionSource) -> None:
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", session=session, base_url=service.base_url)
    key = (await ask(app)).json()["ephemeral_key"]
    async with asyncio.timeout(10), RealtimeClient(base_url=service.base_url, api_key=key):
        pass
    assert service.sessions[0].config["instructions"] == "Speak Latin."


async def test_an_async_function_may_give_the_session_for_each_request(service: LocalServer) -> None:
    async def session(request: Request) -> RealtimeSessionConfigParam:
        return {**SESSION, "instructions": f"Speak {request.query_params['language']}."}

    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", session=session, base_url=service.base_url)
    key = (await ask(app, "/?language=Dutch")).json()["ephemeral_key"]
    async with asyncio.timeout(10), RealtimeClient(base_url=service.base_url, api_key=key):
        pass
    assert service.sessions[0].config["instructions"] == "Speak Dutch."


async def test_what_the_request_to_the_service_carries() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"value": "ek_1", "expires_at": 1_750_000_000, "session": SESSION})

    async def key() -> str:
        return API_KEY

    async def user(request: Request) -> str:
        return request.headers["x-user"]

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    app = ephemeral_key_endpoint(
        key,
        authorize="anyone",
        session=SESSION,
        expires_after=7200,
        safety_identifier=user,
        organization="org-1",
        project="proj-1",
        http_client=client,
    )
    assert (await ask(app, headers={"X-User": "digest-1"})).json() == {
        "ephemeral_key": "ek_1",
        "expires_at": 1_750_000_000,
    }
    (request,) = requests
    assert str(request.url) == "https://api.openai.com/v1/realtime/client_secrets"
    assert request.headers["authorization"] == f"Bearer {API_KEY}"
    assert request.headers["openai-safety-identifier"] == "digest-1"
    assert (request.headers["openai-organization"], request.headers["openai-project"]) == ("org-1", "proj-1")
    assert b'"expires_after":{"anchor":"created_at","seconds":7200}' in request.content.replace(b" ", b"")


async def test_azure_gets_its_key_in_its_own_header() -> None:
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"value": "ek_1"})

    client = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    app = ephemeral_key_endpoint(
        "azure-key", authorize="anyone", azure_endpoint="https://mine.openai.azure.com", http_client=client
    )
    assert (await ask(app)).json() == {"ephemeral_key": "ek_1", "expires_at": None}
    assert str(requests[0].url) == "https://mine.openai.azure.com/openai/v1/realtime/client_secrets"
    assert (requests[0].headers["api-key"], "authorization" in requests[0].headers) == ("azure-key", False)


# Where it is mounted.


def mounted(endpoint: EphemeralKeyEndpoint) -> Mapping[str, tuple[ASGIApp, str]]:
    api = fastapi.FastAPI()
    api.mount("/ephemeral-key", endpoint)
    return {
        "alone": (endpoint, "/"),
        "Starlette, mounted": (Starlette(routes=[Mount("/ephemeral-key", endpoint)]), "/ephemeral-key/"),
        "Starlette, a route": (Starlette(routes=[Route("/ephemeral-key", endpoint)]), "/ephemeral-key"),
        "FastAPI, mounted": (api, "/ephemeral-key/"),
        "FastAPI, a route": (fastapi.FastAPI(routes=[Route("/ephemeral-key", endpoint)]), "/ephemeral-key"),
    }


@pytest.mark.parametrize(
    "how", ["alone", "Starlette, mounted", "Starlette, a route", "FastAPI, mounted", "FastAPI, a route"]
)
async def test_it_answers_wherever_it_is_mounted(service: LocalServer, how: str) -> None:
    app, path = mounted(ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url))[how]
    response = await ask(app, path)
    assert response.json()["ephemeral_key"].startswith("ek_")
    assert (await ask(app, path, method="DELETE")).headers["allow"] == "GET, POST"


async def test_a_route_of_fastapi_with_dependencies_may_hand_its_request_over(service: LocalServer) -> None:
    endpoint = ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url)
    app = fastapi.FastAPI()

    def user(x_user: Annotated[str | None, fastapi.Header()] = None) -> str:
        if x_user is None:
            raise fastapi.HTTPException(401, "Sign in.")
        return x_user

    async def key(request: fastapi.Request, name: Annotated[str, fastapi.Depends(user)]) -> fastapi.Response:
        return await endpoint.respond(request)

    app.add_api_route("/ephemeral-key", key)
    assert (await ask(app, "/ephemeral-key")).status_code == 401
    assert (await ask(app, "/ephemeral-key", headers={"X-User": "ann"})).json()["ephemeral_key"].startswith("ek_")


async def test_cors_is_the_middleware_of_the_application(service: LocalServer) -> None:
    endpoint = ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url)
    cors = Middleware(CORSMiddleware, allow_origins=["https://shop.example"])
    headers = {"Origin": "https://shop.example"}
    assert "access-control-allow-origin" not in (await ask(endpoint, headers=headers)).headers
    app = Starlette(routes=[Route("/ephemeral-key", endpoint)], middleware=[cors])
    response = await ask(app, "/ephemeral-key", headers=headers)
    assert response.headers["access-control-allow-origin"] == "https://shop.example"


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "DELETE"])
async def test_other_methods_make_no_key(method: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        raise AssertionError("the service was asked")

    response = await ask(answering(answer), method=method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


async def test_a_websocket_is_refused() -> None:
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        raise AssertionError("nothing is read")

    async def send(message: object) -> None:
        sent.append(message)

    endpoint = ephemeral_key_endpoint(API_KEY, authorize="anyone")
    await endpoint({"type": "websocket", "path": "/", "headers": []}, receive, send)
    assert sent == [{"type": "websocket.close", "code": 1000}]


# Who may have one.


def sync_yes(request: Request) -> bool:
    return request.headers.get("x-user") == "ann"


async def async_yes(request: Request) -> bool:
    return sync_yes(request)


@pytest.mark.parametrize("authorize", [sync_yes, async_yes])
async def test_a_caller_that_is_not_authorized_gets_403_and_no_key(
    service: LocalServer, authorize: Callable[[Request], bool | Awaitable[bool]]
) -> None:
    app = ephemeral_key_endpoint(API_KEY, authorize=authorize, base_url=service.base_url)
    refused = await ask(app, headers={"X-User": "eve"})
    assert (refused.status_code, error_code(refused)) == (403, "forbidden")
    assert refused.headers["cache-control"] == "no-store"
    assert (await ask(app, headers={"X-User": "ann"})).status_code == 200


@pytest.mark.parametrize("wrong", [None, 1, "yes", object()])
async def test_an_answer_of_authorize_that_is_not_true_lets_nobody_in(wrong: object) -> None:
    def authorize(request: Request) -> bool:
        return wrong  # type: ignore[return-value]  # the mistake under test

    app = ephemeral_key_endpoint(API_KEY, authorize=authorize, base_url="http://127.0.0.1:9")
    assert (await ask(app)).status_code == 403


async def test_authorize_may_refuse_in_words_and_a_status_of_its_own() -> None:
    def authorize(request: Request) -> bool:
        raise HTTPException(401, "Sign in.", {"WWW-Authenticate": "Bearer"})

    response = await ask(ephemeral_key_endpoint(API_KEY, authorize=authorize, base_url="http://127.0.0.1:9"))
    assert response.status_code == 401
    assert response.json() == {"error": {"code": "unauthorized", "message": "Sign in."}}
    assert (response.headers["www-authenticate"], response.headers["cache-control"]) == ("Bearer", "no-store")


async def test_authorize_that_fails_lets_nobody_in() -> None:
    def authorize(request: Request) -> bool:
        raise LookupError("the database is away")

    with pytest.raises(LookupError):
        await ask(ephemeral_key_endpoint(API_KEY, authorize=authorize, base_url="http://127.0.0.1:9"))


def test_leaving_it_open_must_be_said() -> None:
    with pytest.raises(TypeError, match="authorize"):
        ephemeral_key_endpoint(API_KEY)  # type: ignore[call-arg]  # under test
    with pytest.raises(TypeError, match='a function of the request, or "anyone"'):
        ephemeral_key_endpoint(API_KEY, authorize=None)  # type: ignore[arg-type]  # under test


# How often.


async def test_beyond_the_limit_a_caller_gets_429_and_when_to_come_again(
    service: LocalServer, clock: Callable[[float], None]
) -> None:
    limit = RateLimit(requests=2, seconds=60)
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", rate_limit=limit, base_url=service.base_url)
    assert (await ask(app)).status_code == 200
    clock(20)
    assert (await ask(app)).status_code == 200
    clock(10.5)
    refused = await ask(app)
    assert (refused.status_code, error_code(refused)) == (429, "rate_limit_exceeded")
    assert (refused.headers["retry-after"], refused.headers["cache-control"]) == ("30", "no-store")
    # The window slides: what was refused does not count, and the first key's place is free after its minute.
    clock(29.5)
    assert [(await ask(app)).status_code, (await ask(app)).status_code] == [200, 429]


async def test_without_saying_so_ten_keys_a_minute_are_the_limit(
    service: LocalServer, clock: Callable[[float], None]
) -> None:
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url)
    assert [(await ask(app)).status_code for _ in range(11)] == [200] * 10 + [429]


async def test_no_limit_is_no_limit(service: LocalServer) -> None:
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", rate_limit=None, base_url=service.base_url)
    assert {(await ask(app)).status_code for _ in range(12)} == {200}


async def test_each_caller_has_a_limit_of_its_own(service: LocalServer, clock: Callable[[float], None]) -> None:
    limit = RateLimit(requests=1, seconds=60)
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", rate_limit=limit, base_url=service.base_url)
    assert [(await ask(app, address=address)).status_code for address in ("192.0.2.1", "192.0.2.2")] == [200, 200]


async def test_callers_may_be_told_apart_by_what_the_application_knows(
    service: LocalServer, clock: Callable[[float], None]
) -> None:
    limit = RateLimit(requests=1, seconds=60, key=lambda request: request.headers["x-user"])
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", rate_limit=limit, base_url=service.base_url)
    users = ["ann", "ben", "ann"]
    assert [(await ask(app, headers={"X-User": user})).status_code for user in users] == [200, 200, 429]


async def test_who_is_refused_uses_up_nobodys_limit(service: LocalServer, clock: Callable[[float], None]) -> None:
    limit = RateLimit(requests=1, seconds=60)
    app = ephemeral_key_endpoint(API_KEY, authorize=sync_yes, rate_limit=limit, base_url=service.base_url)
    assert [(await ask(app)).status_code for _ in range(3)] == [403] * 3
    assert (await ask(app, headers={"X-User": "ann"})).status_code == 200


async def test_requests_at_once_do_not_slip_through(service: LocalServer) -> None:
    limit = RateLimit(requests=3, seconds=3600)
    app = ephemeral_key_endpoint(API_KEY, authorize=async_yes, rate_limit=limit, base_url=service.base_url)
    answers = await asyncio.gather(*(ask(app, headers={"X-User": "ann"}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 5


async def test_beyond_max_callers_the_one_that_was_idle_longest_is_forgotten(
    service: LocalServer, clock: Callable[[float], None]
) -> None:
    limit = RateLimit(requests=1, seconds=60, max_callers=2)
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", rate_limit=limit, base_url=service.base_url)
    callers = ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.3", "192.0.2.2", "192.0.2.1"]
    statuses = [(await ask(app, address=address)).status_code for address in callers]
    assert statuses == [200, 200, 200, 429, 429, 200]


@pytest.mark.parametrize(
    ("address", "caller"),
    [
        (("192.0.2.1", 1), "192.0.2.1"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.1", 1), "192.0.2.1"),
        (("testclient", 1), "testclient"),
        (None, ""),
    ],
)
def test_a_callers_address_is_its_network_where_it_has_all_of_it(address: tuple[str, int] | None, caller: str) -> None:
    assert client_address(Request({"type": "http", "headers": [], "client": address})) == caller


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("requests", lambda: RateLimit(requests=0)),
        ("seconds", lambda: RateLimit(seconds=float("nan"))),
        ("max_callers", lambda: RateLimit(max_callers=-1)),
    ],
)
def test_a_limit_that_is_none_is_refused(name: str, limit: Callable[[], RateLimit]) -> None:
    with pytest.raises(ValueError, match=f"RateLimit.{name} must be greater than 0"):
        limit()


# When something is wrong.


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (httpx.Response(401, json={"error": {"message": f"Incorrect key {API_KEY}"}}), 502, "bad_gateway"),
        (httpx.Response(400, json={"error": {"message": "no", "code": "x"}}), 502, "bad_gateway"),
        (httpx.Response(200, text=f"<html>{API_KEY}</html>"), 502, "bad_gateway"),
        (httpx.Response(200, json={"value": ""}), 502, "bad_gateway"),
        (httpx.Response(200, json={"value": API_KEY}), 502, "bad_gateway"),
        (httpx.Response(302, headers={"Location": "https://evil.example"}), 502, "bad_gateway"),
        (httpx.Response(500, text=f"stack trace with {API_KEY}"), 503, "service_unavailable"),
        (httpx.Response(429, json={"error": {"code": "insufficient_quota"}}), 503, "service_unavailable"),
    ],
)
async def test_what_the_service_answers_instead_of_a_key_stays_on_the_server(
    answer: httpx.Response, status: int, code: str, pauses: list[float]
) -> None:
    app = answering(lambda request: httpx.Response(answer.status_code, headers=answer.headers, content=answer.content))
    response = await ask(app)
    assert (response.status_code, error_code(response)) == (status, code)
    assert response.headers["cache-control"] == "no-store"
    assert sorted(response.json()["error"]) == ["code", "message"]
    for theirs in (API_KEY, "Incorrect", "html", "trace", "quota", "evil"):
        assert theirs not in response.text


async def test_how_long_the_service_wants_to_be_left_alone_is_passed_on() -> None:
    response = await ask(answering(lambda request: httpx.Response(429, headers={"Retry-After": "90"})))
    assert (response.status_code, response.headers["retry-after"]) == (503, "90")


async def test_a_service_that_cannot_be_reached_is_503(pauses: list[float]) -> None:
    async with LocalServer() as gone:
        url = gone.base_url
    response = await ask(ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=url))
    assert (response.status_code, error_code(response)) == (503, "service_unavailable")


async def test_a_service_that_never_answers_is_503(pauses: list[float]) -> None:
    async def nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(nothing, "127.0.0.1", 0)
    async with silent:
        url = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/v1"
        response = await ask(ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=url, timeout=0.05))
    assert (response.status_code, error_code(response)) == (503, "service_unavailable")


async def test_a_safety_identifier_that_no_header_carries_is_an_error_that_does_not_show_it() -> None:
    app = ephemeral_key_endpoint(API_KEY, authorize="anyone", safety_identifier=lambda request: "ann\r\nX-Evil: 1")
    with pytest.raises(ValueError, match="printable ASCII") as caught:
        await ask(app)
    assert "ann" not in str(caught.value)


@pytest.mark.parametrize("expires_after", [9, 7201, 0, -1])
def test_an_expiry_that_the_service_would_refuse_is_refused_at_once(expires_after: int) -> None:
    with pytest.raises(ValueError, match="10 to 7200"):
        ephemeral_key_endpoint(API_KEY, authorize="anyone", expires_after=expires_after)


def test_a_session_that_is_none_is_refused_at_once() -> None:
    wrong: RealtimeSessionConfigParam = {"type": "realtime", "instructions": 1}  # type: ignore[typeddict-item]  # under test
    with pytest.raises(ValueError, match="instructions"):
        ephemeral_key_endpoint(API_KEY, authorize="anyone", session=wrong)


def test_a_key_would_not_travel_unencrypted() -> None:
    with pytest.raises(ValueError, match="https"):
        ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url="http://service.example/v1")


# The API key.


async def test_neither_logs_nor_answers_nor_reprs_show_a_key(
    service: LocalServer, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], pauses: list[float]
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = "sk-proj-wrong-but-secret-all-the-same-98765"
    good = ephemeral_key_endpoint(API_KEY, authorize=sync_yes, rate_limit=RateLimit(requests=1), session=SESSION)
    apps: list[ASGIApp] = [
        good,
        ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url),
        ephemeral_key_endpoint(wrong, authorize="anyone", base_url=service.base_url),
        answering(lambda request: httpx.Response(500, text=str(request.headers.raw))),
        answering(lambda request: httpx.Response(401, json={"error": {"code": API_KEY, "message": API_KEY}})),
    ]
    shown: list[str] = [repr(apps), repr(vars(good))]
    minted = ""
    for app in apps:
        for method in ("GET", "HEAD"):
            debugging = Starlette(debug=True, routes=[Mount("/", app)])
            response = await ask(debugging, method=method)
            shown += [response.text, repr(response.headers)]
            if response.status_code == 200:
                minted = response.json()["ephemeral_key"]
    logged = caplog.text + "".join(capsys.readouterr())
    assert "no key: status 401" in logged
    assert minted
    assert minted not in logged
    for text in (*shown, logged):
        assert API_KEY not in text
        assert wrong not in text


def test_without_starlette_the_import_says_what_to_install() -> None:
    program = """
        import sys
        sys.modules["starlette.requests"] = None
        try:
            import realtime_typed.asgi
        except ImportError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True, timeout=30
    )
    assert 'pip install "realtime-typed[server]"' in done.stdout


async def test_what_is_neither_a_request_nor_a_websocket_is_an_error_as_asgi_asks(service: LocalServer) -> None:
    endpoint = ephemeral_key_endpoint(API_KEY, authorize="anyone", base_url=service.base_url)
    sent: list[object] = []

    async def receive() -> dict[str, object]:
        return {"type": "lifespan.startup"}

    async def send(message: object) -> None:
        sent.append(message)

    with pytest.raises(RuntimeError, match="speaks HTTP alone, not lifespan"):
        await endpoint({"type": "lifespan"}, receive, send)
    assert sent == []
