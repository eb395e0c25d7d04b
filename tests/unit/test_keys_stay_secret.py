"""No key shows anywhere: not in a log at DEBUG, on the terminal, in an error, its cause, its traceback or a `repr`."""

import logging
import traceback
from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from realtime_typed._endpoints import Endpoint
from realtime_typed._keys import KeySource
from realtime_typed._signalling import Signalling
from tests.unit.rest.service import Reply, Service, json_reply, service

pytestmark = pytest.mark.anyio

# All that must not show holds this word, so that one search finds any piece of it.
MARK: Final = "Hu5h"
API_KEY: Final = f"sk-proj-{MARK}0123456789abcdef"
SHORT_LIVED: Final = f"ek_{MARK}0123456789abcdef"
# A key of another service looks like nothing that can be recognised.
STRANGE: Final = f"z{MARK}9"
COOKIE: Final = f"session=s{MARK}1; theme=dark"
OFFER: Final = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"

Attempt = Callable[[Service], Awaitable[object]]


def echo(status: int, key: str) -> Reply:
    """A refusal that tells the request back, as debugging pages of web frameworks do."""
    error = {"message": f"Incorrect API key provided: {key}.", "code": f"bad {key}", "type": key, "param": key}
    sent = {"authorization": f"Bearer {key}", "api-key": key, "cookie": COOKIE, "piece": COOKIE.split(";", 1)[0]}
    return json_reply({"error": error, "request": sent, "also": [key]}, status)


def fetching(key: str) -> Attempt:
    async def attempt(running: Service) -> object:
        source = KeySource(
            Endpoint(api_key=API_KEY),
            fetch_ephemeral_key_url=f"http://127.0.0.1:{running.port}/key",
            fetch_ephemeral_key_headers={"Authorization": f"Bearer {key}", "Cookie": COOKIE},
        )
        assert MARK not in repr(source)
        return await source.headers()

    return attempt


def calling(headers: dict[str, str], *, beta: bool = False) -> Attempt:
    async def attempt(running: Service) -> object:
        signalling = Signalling(
            Endpoint(base_url=running.base_url, api_key=API_KEY),
            headers,
            model="m",
            session={"instructions": "Be kind."},
            beta=beta,
            timeout=0.5,
        )
        assert MARK not in repr(signalling)
        try:
            return await signalling.exchange(OFFER)
        finally:
            await signalling.aclose()

    return attempt


def hanging_up(headers: dict[str, str]) -> Attempt:
    async def attempt(running: Service) -> None:
        signalling = Signalling(Endpoint(base_url=running.base_url), headers, model="m", session=None, beta=False)
        try:
            await signalling.hang_up("rtc_1")
        finally:
            await signalling.aclose()

    return attempt


def using(**arguments: str) -> Attempt:
    async def attempt(running: Service) -> object:
        endpoint = Endpoint(api_key=arguments.pop("api_key", None))
        headers = {"X-Key": arguments.pop("header")} if "header" in arguments else None
        url = arguments.pop("url", None if headers is None else "https://app.example.com")
        source = KeySource(
            endpoint,
            ephemeral_key=arguments.get("ephemeral_key"),
            fetch_ephemeral_key_url=url,
            fetch_ephemeral_key_headers=headers,
        )
        return await source.headers()

    return attempt


HTML: Final = Reply(200, f"<html>{SHORT_LIVED} {STRANGE} {COOKIE}</html>".encode(), {"Content-Type": "text/html"})
RAW: Final = Reply(raw=f"{SHORT_LIVED} {STRANGE} Bearer {API_KEY}\r\n\r\n".encode())
FETCHED: Final = [
    HTML,
    Reply(drop=True),
    Reply(silent=True),
    Reply(200, b'{"ephemeral_key": "' + STRANGE.encode()),
    json_reply({"value": STRANGE, "client_secret": {"value": SHORT_LIVED}}),
    json_reply({"ephemeral_key": f"{STRANGE} {SHORT_LIVED}"}),
    json_reply({"ephemeral_key": [STRANGE]}),
    json_reply({"ephemeral_key": STRANGE * 20_000}),
    Reply(302, f"{COOKIE} {SHORT_LIVED}".encode(), {"Location": "https://evil.example/"}),
    Reply(302, f"{COOKIE} {SHORT_LIVED}".encode(), {"Location": "/key"}),
]
CALLED: Final = [
    Reply(200, f"<html>{SHORT_LIVED} {STRANGE}</html>".encode(), {"Content-Type": "text/html"}),
    Reply(200, f"<html>{SHORT_LIVED} {API_KEY}</html>".encode(), {"Content-Type": "text/html"}),
    Reply(drop=True),
    Reply(silent=True),
    Reply(307, f"Bearer {STRANGE} {API_KEY}".encode(), {"Location": "https://evil.example/"}),
    json_reply({"sdp": f"{SHORT_LIVED} {API_KEY} {STRANGE}"}),
]
CREDENTIALS: Final = [
    {"Authorization": f"Bearer {API_KEY}"},
    {"Authorization": f"Bearer {SHORT_LIVED}"},
    {"Authorization": f"Bearer {STRANGE}"},
    {"api-key": STRANGE},
]


def key_in(headers: dict[str, str]) -> str:
    return next(iter(headers.values())).removeprefix("Bearer ")


def attempts() -> list[tuple[Reply, Attempt]]:
    found = [(reply, fetching(STRANGE)) for reply in FETCHED]
    found += [(echo(status, key), fetching(key)) for status in (401, 500) for key in (API_KEY, SHORT_LIVED, STRANGE)]
    for headers in CREDENTIALS:
        key = key_in(headers)
        for status in (400, 401, 403, 415, 429, 500):
            found += [(echo(status, key), calling(headers)), (echo(status, key), calling(headers, beta=True))]
        # What is not the request's own key is known by its form only, so a strange one is not sent back here.
        replies = [reply for reply in CALLED if key == STRANGE or STRANGE.encode() not in reply.body]
        found += [(reply, calling(headers)) for reply in replies]
        found += [(echo(401, key), hanging_up(headers)), (Reply(drop=True), hanging_up(headers))]
    wrong = {"Authorization": f"Bearer {STRANGE}\n"}
    found += [(Reply(), calling(wrong)), (Reply(), hanging_up(wrong))]
    found += [
        (Reply(), using(**arguments))
        for arguments in (
            {"ephemeral_key": f"{SHORT_LIVED} {STRANGE}"},
            {"ephemeral_key": f"{STRANGE}\x00"},
            {"ephemeral_key": f"é{STRANGE}"},
            {"api_key": f"{API_KEY} {STRANGE}"},
            {"api_key": f"é{STRANGE}"},
            {"header": f"{STRANGE}\r\n"},
            {"header": f"é{STRANGE}"},
            {"url": f"https://user:{STRANGE}@app.example.com"},
            {"url": f"http://app.example.com/{STRANGE}"},
            {"url": f"ftp://app.example.com/{STRANGE}"},
            {"url": f"https://app.example.com:{STRANGE}"},
            {"ephemeral_key": SHORT_LIVED, "url": f"https://app.example.com/{STRANGE}"},
        )
    ]
    return found


FIELDS: Final = ("args", "body", "message", "code", "type", "param", "request_id", "reason")


def shown(error: BaseException) -> str:
    """All that a program, a log or a terminal may print of an error and of those behind it."""
    texts = traceback.format_exception(error)
    link: BaseException | None = error
    while link is not None:
        # What `from None` leaves out of a traceback belongs to libraries, and is not looked at.
        texts += [str(link), repr(link), *(repr(getattr(link, name, None)) for name in FIELDS)]
        link = link.__cause__
    return "\n".join(texts)


async def fails_silently(reply: Reply, attempt: Attempt) -> None:
    async with service(reply) as running:
        try:
            await attempt(running)
        except AssertionError:
            raise
        except Exception as error:
            text = shown(error)
        else:
            raise AssertionError("it did not fail")
    assert MARK not in text


async def test_no_failure_shows_a_key_anywhere(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("realtime_typed._keys.FETCH_TIMEOUT", 0.3)
    for reply, attempt in attempts():
        await fails_silently(reply, attempt)
    # The search is of use only if what it looks through is there.
    assert "HTTP Request: GET" in caplog.text
    assert "HTTP Request: POST" in caplog.text
    assert any(record.levelno == logging.DEBUG and record.name.startswith("httpcore") for record in caplog.records)
    assert MARK not in caplog.text
    printed = capfd.readouterr()
    assert MARK not in printed.out + printed.err


@pytest.mark.parametrize("attempt", [fetching(STRANGE), *(calling(headers) for headers in CREDENTIALS)])
async def test_the_error_about_an_answer_that_is_no_http_shows_nothing_of_it(attempt: Attempt) -> None:
    # Without the log: httpcore writes such an answer down at DEBUG. No server that speaks HTTP can cause that.
    await fails_silently(RAW, attempt)


async def test_a_refusal_in_a_browser_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    with pytest.raises(ValueError, match="in a browser") as caught:
        KeySource(Endpoint(api_key=API_KEY))
    assert MARK not in shown(caught.value)


async def test_success_shows_no_key_either(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    async with service(json_reply({"ephemeral_key": SHORT_LIVED}), Reply(201, OFFER.encode(), {})) as running:
        headers = await fetching(STRANGE)(running)
        assert headers == {"Authorization": f"Bearer {SHORT_LIVED}"}
        await calling({"Authorization": f"Bearer {SHORT_LIVED}"})(running)
    printed = capfd.readouterr()
    assert MARK not in caplog.text + printed.out + printed.err
    assert "HTTP Request: POST" in caplog.text
