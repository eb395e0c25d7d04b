"""How requests travel: keys, time limits, repeats, redirects, and answers that are none. Over real HTTP."""

import asyncio
import json
import logging
import traceback
from collections.abc import Callable
from typing import cast

import httpx
import pytest

from realtime_typed import (
    AuthenticationError,
    InvalidResponseError,
    RateLimitError,
    RealtimeError,
    RestClient,
    RestError,
    __version__,
)
from tests.unit.rest.service import Reply, Service, json_reply, service

pytestmark = pytest.mark.anyio

KEY = "sk-test-0123456789"
SECRET = json_reply({"value": "ek_made", "expires_at": 1_800_000_000, "session": {"type": "realtime"}})
TOO_MANY = {"error": {"message": "Slow down", "type": "requests", "code": "rate_limit_exceeded", "param": None}}


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stands where a client sleeps: writes down for how many seconds, and lets it go on at once."""
    seconds: list[float] = []

    async def pause(wanted: float) -> None:
        seconds.append(wanted)

    monkeypatch.setattr("realtime_typed.rest.requests.sleep", pause)
    return seconds


# The tests put arguments together as dicts, which no checker can follow.
make_client = cast("Callable[..., RestClient]", RestClient)


def client_of(running: Service, **options: object) -> RestClient:
    chosen = {"api_key": KEY, "base_url": running.base_url, **options}
    return make_client(**chosen)


# Keys and headers.


async def test_a_request_carries_the_key_and_whom_it_is_for() -> None:
    named = {"organization": "org_1", "project": "proj_1", "safety_identifier": "user_1"}
    async with service(SECRET) as running, client_of(running, **named, extra_headers={"X-Own": "yes"}) as rest:
        await rest.client_secrets.create()
        headers = running.received[0].headers
        assert headers["authorization"] == f"Bearer {KEY}"
        assert headers["openai-organization"] == "org_1"
        assert headers["openai-project"] == "proj_1"
        assert headers["openai-safety-identifier"] == "user_1"
        assert headers["x-own"] == "yes"
        assert headers["user-agent"] == f"realtime-typed/{__version__}"


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_function_is_asked_for_a_key_at_every_request(kind: str) -> None:
    keys = iter(["sk-first", "sk-second"])

    def now() -> str:
        return next(keys)

    async def later() -> str:
        return next(keys)

    async with service(SECRET) as running, client_of(running, api_key=now if kind == "sync" else later) as rest:
        await rest.client_secrets.create()
        await rest.client_secrets.create()
        sent = [received.headers["authorization"] for received in running.received]
        assert sent == ["Bearer sk-first", "Bearer sk-second"]


async def test_without_an_argument_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    async with service(SECRET) as running, client_of(running, api_key=None) as rest:
        await rest.client_secrets.create()
        assert running.received[0].headers["authorization"] == "Bearer sk-environment"


async def test_an_own_authorization_header_is_taken_instead_of_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    own = {"authorization": "Bearer own"}
    async with service(SECRET) as running, client_of(running, api_key=None, extra_headers=own) as rest:
        await rest.client_secrets.create()
        assert running.received[0].headers["authorization"] == "Bearer own"


@pytest.mark.parametrize("base_url", ["http://example.com/v1", "ws://10.0.0.1/v1"])
def test_a_key_does_not_travel_unencrypted(base_url: str) -> None:
    with pytest.raises(ValueError, match="must not travel unencrypted"):
        RestClient(api_key=KEY, base_url=base_url)


@pytest.mark.parametrize("key", ["sk-ü", "sk-a\x00b", "sk a", ""])
async def test_what_is_no_key_is_refused_without_showing_it(key: str) -> None:
    async with service(SECRET) as running, client_of(running, api_key=key) as rest:
        with pytest.raises(ValueError, match="API key") as caught:
            await rest.client_secrets.create()
        assert not key or key not in str(caught.value)
        assert running.received == []


async def test_a_key_is_neither_in_the_repr_nor_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with service(SECRET) as running, client_of(running) as rest:
        await rest.client_secrets.create()
        assert repr(rest) == "<RestClient 127.0.0.1>"
    assert KEY not in caplog.text
    assert "ek_made" not in caplog.text


# Repeats.


async def test_429_is_sent_again_after_the_time_that_the_service_asks_for(pauses: list[float]) -> None:
    async with service(json_reply(TOO_MANY, 429, Retry_After="7"), SECRET) as running, client_of(running) as rest:
        assert (await rest.client_secrets.create()).value == "ek_made"
        assert pauses == [7.0]
        assert running.received[0].body == running.received[1].body


async def test_429_to_the_end_is_an_error_that_says_how_long_to_wait(pauses: list[float]) -> None:
    async with service(json_reply(TOO_MANY, 429, Retry_After="7", X_Request_Id="req_1")) as running:
        async with client_of(running, max_retries=1) as rest:
            with pytest.raises(RateLimitError) as caught:
                await rest.client_secrets.create()
        error = caught.value
        assert len(running.received) == 2
        assert str(error) == "POST /realtime/client_secrets: status 429 (rate_limit_exceeded): Slow down"
        assert (error.status, error.code, error.type) == (429, "rate_limit_exceeded", "requests")
        assert (error.param, error.request_id, error.retry_after) == (None, "req_1", 7.0)
        assert error.message == "Slow down"


async def test_a_service_that_asks_for_more_than_a_minute_is_not_waited_for(pauses: list[float]) -> None:
    async with service(json_reply(TOO_MANY, 429, Retry_After="3600")) as running, client_of(running) as rest:
        with pytest.raises(RateLimitError) as caught:
            await rest.client_secrets.create()
        assert (pauses, caught.value.retry_after, len(running.received)) == ([], 3600.0, 1)


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
async def test_a_failure_of_the_server_is_sent_again_with_growing_pauses(status: int, pauses: list[float]) -> None:
    failure = Reply(status, b"<html>oops</html>", {"Content-Type": "text/html"})
    async with service(failure, failure, SECRET) as running, client_of(running) as rest:
        await rest.client_secrets.create()
        first, second = pauses
        assert 0.375 <= first <= 0.5
        assert 0.75 <= second <= 1.0
        assert len(running.received) == 3


async def test_500_to_the_end_is_an_error_with_its_status(pauses: list[float]) -> None:
    reply = json_reply({"error": {"message": "oops", "type": "server_error"}}, 500, X_Request_Id="req_9")
    async with service(reply) as running, client_of(running) as rest:
        with pytest.raises(RestError) as caught:
            await rest.calls.hangup("rtc_1")
        assert len(running.received) == 3
        assert type(caught.value) is RestError
        assert str(caught.value) == "POST /realtime/calls/rtc_1/hangup: status 500 (server_error): oops"
        assert (caught.value.status, caught.value.type, caught.value.request_id) == (500, "server_error", "req_9")


@pytest.mark.parametrize("status", [400, 404, 409, 422, 501])
async def test_a_refusal_is_not_sent_again(status: int) -> None:
    async with service(json_reply({"error": {"message": "no", "code": "bad"}}, status)) as running:
        async with client_of(running) as rest:
            with pytest.raises(RestError) as caught:
                await rest.client_secrets.create()
        assert (caught.value.status, caught.value.code, len(running.received)) == (status, "bad", 1)


async def test_no_repeats_can_be_asked_for() -> None:
    async with service(json_reply({}, 503)) as running, client_of(running, max_retries=0) as rest:
        with pytest.raises(RestError):
            await rest.client_secrets.create()
        assert len(running.received) == 1


async def test_a_service_that_cannot_be_reached_is_tried_again_even_for_a_call(pauses: list[float]) -> None:
    async with service(SECRET) as running:
        pass
    async with client_of(running) as rest:
        async with asyncio.timeout(10):
            with pytest.raises(RestError, match=r"cannot reach 127\.0\.0\.1") as caught:
                await rest.calls.create("v=0\r\n")
        assert len(pauses) == 2
        assert (caught.value.status, caught.value.body) == (None, None)


async def test_an_answer_that_is_lost_is_asked_for_again_where_that_does_no_harm(pauses: list[float]) -> None:
    async with service(Reply(drop=True), SECRET) as running, client_of(running) as rest:
        assert (await rest.client_secrets.create()).value == "ek_made"
        assert len(running.received) == 2


async def test_a_call_whose_answer_is_lost_is_not_made_twice() -> None:
    async with service(Reply(drop=True)) as running, client_of(running) as rest:
        with pytest.raises(RestError, match="no readable answer came"):
            await rest.calls.create("v=0\r\n")
        assert len(running.received) == 1


async def test_a_late_answer_is_a_timeout() -> None:
    async with service(Reply(silent=True)) as running, client_of(running, timeout=0.2) as rest:
        with pytest.raises(TimeoutError, match=r"POST /realtime/calls/rtc_1/hangup took longer than 0.2 s"):
            await rest.calls.hangup("rtc_1")
        assert len(running.received) == 1


async def test_an_answer_that_begins_and_never_ends_is_a_timeout() -> None:
    ended = asyncio.Event()

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{")
        await ended.wait()
        writer.close()

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    own = RestClient(api_key=KEY, base_url=f"http://127.0.0.1:{port}", timeout=0.3, max_retries=0)
    async with asyncio.timeout(10), server, own as rest:
        with pytest.raises(TimeoutError):
            await rest.client_secrets.create()
        ended.set()


# Errors.


@pytest.mark.parametrize("status", [401, 403])
async def test_an_expired_key_is_an_authentication_error(status: int) -> None:
    problem = {
        "error": {"message": "The client secret has expired", "type": "invalid_request_error", "code": "expired"}
    }
    async with service(json_reply(problem, status)) as running, client_of(running, api_key="ek_old") as rest:
        with pytest.raises(AuthenticationError, match="has expired") as caught:
            await rest.calls.create("v=0\r\n")
        assert (caught.value.status, caught.value.code, len(running.received)) == (status, "expired", 1)


async def test_a_key_that_the_service_repeats_is_not_shown() -> None:
    problem = {"error": {"message": f"Incorrect API key provided: {KEY}", "code": "invalid_api_key"}}
    async with service(json_reply(problem, 401)) as running, client_of(running) as rest:
        with pytest.raises(AuthenticationError) as caught:
            await rest.client_secrets.create()
        assert KEY not in str(caught.value) + str(caught.value.body) + repr(caught.value)
        assert "Incorrect API key provided: [redacted]" in str(caught.value)


@pytest.mark.parametrize("status", [200, 400])
async def test_a_key_that_stands_in_the_headers_of_an_answer_is_not_shown(status: int) -> None:
    reply = Reply(status, b"no JSON", {"Content-Type": KEY, "X-Request-Id": f"for {KEY}"})
    async with service(reply) as running, client_of(running) as rest:
        with pytest.raises(RestError) as caught:
            await rest.client_secrets.create()
        assert caught.value.request_id == "for [redacted]"
        assert KEY not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "plain words"}, "plain words"),
        ({"message": "Azure's words"}, "Azure's words"),
        ({"detail": "a framework's words"}, "a framework's words"),
        ({"error": {"message": None}}, None),
        (["no object"], None),
    ],
)
async def test_other_servers_errors_are_read_too(body: object, message: str | None) -> None:
    async with service(json_reply(body, 400)) as running, client_of(running) as rest:
        with pytest.raises(RestError) as caught:
            await rest.client_secrets.create()
        wanted = "POST /realtime/client_secrets: status 400"
        assert str(caught.value) == (wanted if message is None else f"{wanted}: {message}")
        assert caught.value.body == json.dumps(body)


async def test_html_instead_of_json_is_said_with_its_status() -> None:
    page = Reply(200, b"<html>Sign in to the hotel's network</html>", {"Content-Type": "text/html; charset=utf-8"})
    async with service(page) as running, client_of(running) as rest:
        with pytest.raises(InvalidResponseError) as caught:
            await rest.client_secrets.create()
        assert (
            str(caught.value) == "POST /realtime/client_secrets: status 200, but the body is text/html instead of JSON"
        )
        assert caught.value.status == 200
        assert "hotel" in (caught.value.body or "")
        assert len(running.received) == 1


@pytest.mark.parametrize(
    "body", [b'{"value": "ek_', b"[1]", b'"text"', b"", b"{}", b'{"value": 7}', b"\xff\xfe", b"[" * 99_999]
)
async def test_an_answer_that_is_no_key_is_an_error(body: bytes) -> None:
    async with service(Reply(200, body)) as running, client_of(running) as rest:
        with pytest.raises(InvalidResponseError) as caught:
            await rest.client_secrets.create()
        assert isinstance(caught.value, RealtimeError)


async def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    async with service(Reply(200, b" " * (1024 * 1024 + 1))) as running, client_of(running) as rest:
        with pytest.raises(InvalidResponseError, match="longer than 1048576 bytes"):
            await rest.client_secrets.create()


async def test_an_answer_is_not_shown_with_the_key_that_it_holds() -> None:
    body = b'{"value": "ek_abcdef123456", "broken": '
    async with service(Reply(200, body)) as running, client_of(running) as rest:
        with pytest.raises(InvalidResponseError) as caught:
            await rest.client_secrets.create()
        assert "ek_abcdef" not in str(caught.value) + str(caught.value.body)


# Redirects.


async def test_a_redirect_to_another_host_is_not_followed() -> None:
    async with service(SECRET) as other:
        away = Reply(307, b"", {"Location": f"{other.base_url}/realtime/client_secrets"})
        async with service(away) as running, client_of(running) as rest:
            with pytest.raises(RestError, match=r"redirects to '127\.0\.0\.1', where the key is not sent") as caught:
                await rest.client_secrets.create()
            assert caught.value.status == 307
            assert other.received == []


@pytest.mark.parametrize(
    "location", ["https://127.0.0.1/v1", "http://example.com/v1", "//example.com/v1", "http://[", "ftp://x"]
)
async def test_no_key_follows_a_redirect_away_even_with_a_client_that_would(location: str) -> None:
    hosts: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        hosts.append(str(request.url))
        return httpx.Response(308, headers={"Location": location})

    own = httpx.AsyncClient(transport=httpx.MockTransport(answer), follow_redirects=True)
    async with own, RestClient(api_key=KEY, http_client=own) as rest:
        with pytest.raises(RestError) as caught:
            await rest.client_secrets.create()
    assert caught.value.status == 308
    assert hosts == ["https://api.openai.com/v1/realtime/client_secrets"]


async def test_a_redirect_at_the_same_place_is_followed_with_the_body() -> None:
    moved = Reply(307, b"", {"Location": "/v2/secrets"})
    async with service(moved, SECRET) as running, client_of(running) as rest:
        assert (await rest.client_secrets.create(expires_after=60)).value == "ek_made"
        assert [received.path for received in running.received] == ["/v1/realtime/client_secrets", "/v2/secrets"]
        assert running.received[1].json() == {"expires_after": {"anchor": "created_at", "seconds": 60}}
        assert running.received[1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("status", [301, 302, 303])
async def test_a_redirect_that_would_lose_the_body_is_an_error(status: int) -> None:
    async with service(Reply(status, b"", {"Location": "/v2"})) as running, client_of(running) as rest:
        with pytest.raises(RestError, match="no redirect that a POST can follow"):
            await rest.client_secrets.create()
        assert len(running.received) == 1


async def test_redirects_in_a_circle_end() -> None:
    async with service(Reply(307, b"", {"Location": "/v1/again"})) as running, client_of(running) as rest:
        with pytest.raises(RestError, match="redirected more than 3 times"):
            await rest.client_secrets.create()
        assert len(running.received) == 4


# The client itself.


@pytest.mark.parametrize("wrong", [{"timeout": 0}, {"timeout": float("inf")}, {"timeout": -1}, {"max_retries": -1}])
def test_an_argument_out_of_its_range_is_named(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        make_client(api_key=KEY, **wrong)


@pytest.mark.parametrize("headers", [{"Authorization": "Bearer hunter2\r\n"}, {"X-Own": "hünter2"}, {"hunter2:": "x"}])
def test_headers_that_cannot_be_sent_are_refused_without_their_values(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="extra_headers") as caught:
        make_client(api_key=KEY, extra_headers=headers)
    assert "nter2" not in str(caught.value)


async def test_an_answer_that_is_no_http_is_an_error_that_does_not_quote_it() -> None:
    raw = b'{"value": "z1Secret"}\r\n\r\n'
    async with service(Reply(raw=raw)) as running, client_of(running, max_retries=0) as rest:
        with pytest.raises(RestError, match="no readable answer came: illegal status line") as caught:
            await rest.client_secrets.create()
    assert "z1Secret" not in "".join(traceback.format_exception(caught.value))


async def test_a_closed_client_says_so() -> None:
    async with service(SECRET) as running:
        rest = client_of(running)
        await rest.aclose()
        await rest.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            await rest.client_secrets.create()


async def test_a_client_of_the_application_is_used_and_stays_open() -> None:
    async with service(SECRET) as running, httpx.AsyncClient(headers={"X-Proxy": "yes"}) as own:
        async with client_of(running, http_client=own) as rest:
            await rest.client_secrets.create()
        assert running.received[0].headers["x-proxy"] == "yes"
        assert not own.is_closed


async def test_proxies_of_the_environment_do_not_stand_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with service(SECRET) as running, client_of(running) as rest:
        assert (await rest.client_secrets.create()).value == "ek_made"
