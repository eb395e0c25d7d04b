"""Which key a connect uses, and what a backend's answer must be for it to be a key. Over real HTTP."""

import asyncio
import json
import traceback
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from realtime_typed import ConnectError, EphemeralKeyError, __version__
from realtime_typed._endpoints import Endpoint
from realtime_typed._keys import KeySource
from realtime_typed.errors import EphemeralKeyFailure
from tests.unit.rest.service import Reply, Service, json_reply, service

pytestmark = pytest.mark.anyio

AZURE = "https://res.openai.azure.com"
GOOD = json_reply({"ephemeral_key": "ek_fetched", "expires_at": 1_800_000_000})


@pytest.fixture(autouse=True)
def no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.delenv("AZURE_OPENAI_API_KEY", raising=False)


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def backend(running: Service, headers: dict[str, str] | None = None, *, path: str = "/key") -> KeySource:
    url = f"http://127.0.0.1:{running.port}{path}"
    return KeySource(Endpoint(), fetch_ephemeral_key_url=url, fetch_ephemeral_key_headers=headers)


# Which key counts.


async def test_the_key_of_a_connect_counts_before_all_others() -> None:
    async with service(GOOD) as running:
        fetching = backend(running)
        assert await fetching.headers("ek_now") == bearer("ek_now")
        assert running.received == []
    both = KeySource(Endpoint(api_key="sk-1"), ephemeral_key="ek_given")
    assert await both.headers("ek_now") == bearer("ek_now")


async def test_a_short_lived_key_counts_before_the_api_key() -> None:
    assert await KeySource(Endpoint(api_key="sk-1"), ephemeral_key="ek_given").headers() == bearer("ek_given")
    async with service(GOOD) as running:
        url = f"{running.base_url}/key"
        assert await KeySource(Endpoint(api_key="sk-1"), fetch_ephemeral_key_url=url).headers() == bearer("ek_fetched")


async def test_the_api_key_is_used_where_there_is_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await KeySource(Endpoint(api_key="sk-1")).headers() == bearer("sk-1")
    assert await KeySource(Endpoint(azure_endpoint=AZURE, api_key="a")).headers() == {"api-key": "a"}
    monkeypatch.setenv("OPENAI_API_KEY", "sk-environment")
    assert await KeySource(Endpoint()).headers() == bearer("sk-environment")


async def test_a_short_lived_key_is_a_bearer_token_at_azure_too() -> None:
    assert await KeySource(Endpoint(azure_endpoint=AZURE), ephemeral_key="anything").headers() == bearer("anything")


@pytest.mark.parametrize("kind", ["sync", "async"])
async def test_a_function_is_asked_for_a_key_at_every_connect(kind: str) -> None:
    keys = iter(["ek_1", "ek_2", "ek_3"])

    def now() -> str:
        return next(keys)

    async def later() -> str:
        return next(keys)

    source = KeySource(Endpoint(), ephemeral_key=now if kind == "sync" else later)
    assert [await source.headers(), await source.headers()] == [bearer("ek_1"), bearer("ek_2")]
    assert await source.headers(now if kind == "sync" else later) == bearer("ek_3")


async def test_white_space_around_a_key_is_taken_off() -> None:
    assert await KeySource(Endpoint(), ephemeral_key=" ek_1\n").headers() == bearer("ek_1")


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        ("", "the ephemeral key is empty"),
        (" \n", "the ephemeral key is empty"),
        ("ek_se cret", "the ephemeral key is empty or holds white space inside"),
        ("ek_se\ncret", "the ephemeral key is empty or holds white space inside"),
        ("ek_se\x00cret", "the ephemeral key holds characters that no key has"),
        ("ek_secrét", "the ephemeral key holds characters that no key has"),
    ],
)
async def test_what_is_no_key_is_refused_without_showing_it(key: str, problem: str) -> None:
    async def later() -> str:
        return key

    for given_key in (key, lambda: key, later):
        with pytest.raises(ValueError, match=problem) as caught:
            await KeySource(Endpoint(), ephemeral_key=given_key).headers()
        with pytest.raises(ValueError, match=problem):
            await KeySource(Endpoint()).headers(given_key)
        assert "cret" not in str(caught.value)


async def test_a_key_that_is_no_text_is_refused() -> None:
    wrong = cast("Callable[[], str]", lambda: {"value": "ek_secret"})
    with pytest.raises(TypeError, match="the ephemeral key must be a string, got dict"):
        await KeySource(Endpoint(), ephemeral_key=wrong).headers()


async def test_what_a_key_function_raises_is_raised() -> None:
    def broken() -> str:
        raise LookupError("no user")

    with pytest.raises(LookupError, match="no user"):
        await KeySource(Endpoint(), ephemeral_key=broken).headers()


async def test_without_any_key_the_error_lists_the_ways() -> None:
    with pytest.raises(ValueError, match="there is no API key") as caught:
        await KeySource(Endpoint()).headers()
    for way in ("ephemeral_key=", "fetch_ephemeral_key_url=", "api_key=", "OPENAI_API_KEY"):
        assert way in str(caught.value)
    with pytest.raises(ValueError, match="AZURE_OPENAI_API_KEY"):
        await KeySource(Endpoint(azure_endpoint=AZURE)).headers()


def test_two_sources_of_short_lived_keys_are_one_too_many() -> None:
    with pytest.raises(ValueError, match="either ephemeral_key or fetch_ephemeral_key_url"):
        KeySource(Endpoint(), ephemeral_key="ek_1", fetch_ephemeral_key_url="https://example.com")
    with pytest.raises(ValueError, match="fetch_ephemeral_key_headers needs fetch_ephemeral_key_url"):
        KeySource(Endpoint(), fetch_ephemeral_key_headers={"Cookie": "a=b"})


# The backend.


async def test_every_connect_gets_a_fresh_key_from_the_backend() -> None:
    replies = [json_reply({"ephemeral_key": f"ek_{number}"}, Set_Cookie="seen=1") for number in range(3)]
    async with service(*replies) as running:
        source = backend(running, {"Authorization": "Bearer user", "X-Page": "5"}, path="/key?user=1")
        assert [await source.headers() for _ in range(3)] == [bearer("ek_0"), bearer("ek_1"), bearer("ek_2")]
        for received in running.received:
            assert (received.method, received.path, received.body) == ("GET", "/key?user=1", b"")
            assert received.headers["authorization"] == "Bearer user"
            assert received.headers["x-page"] == "5"
            assert received.headers["accept"] == "application/json"
            assert received.headers["cache-control"] == "no-cache"
            assert received.headers["user-agent"] == f"realtime-typed/{__version__}"
            assert "cookie" not in received.headers


async def test_headers_of_the_application_take_the_place_of_ours() -> None:
    async with service(GOOD) as running:
        await backend(running, {"ACCEPT": "text/json", "user-agent": "own"}).headers()
        headers = running.received[0].headers
        assert (headers["accept"], headers["user-agent"]) == ("text/json", "own")


@pytest.mark.parametrize(
    "reply",
    [
        json_reply({"ephemeral_key": " ek_fetched\n"}, 201),
        Reply(body=b'\xef\xbb\xbf{"ephemeral_key": "ek_fetched"}', headers={}),
        Reply(body=b'{"ephemeral_key": "ek_fetched"}', headers={"Content-Type": "text/html"}),
    ],
)
async def test_a_key_is_taken_whatever_the_content_type_claims(reply: Reply) -> None:
    async with service(reply) as running:
        assert await backend(running).headers() == bearer("ek_fetched")


async def failure(reply: Reply, headers: dict[str, str] | None = None) -> EphemeralKeyError:
    async with service(reply) as running:
        with pytest.raises(EphemeralKeyError) as caught:
            await backend(running, headers).headers()
        assert isinstance(caught.value, ConnectError)
        return caught.value


@pytest.mark.parametrize("status", [300, 400, 401, 403, 404, 429, 500, 503])
async def test_a_refusal_shows_its_status_and_the_beginning_of_its_body(status: int) -> None:
    error = await failure(json_reply({"detail": "please sign in" + "!" * 1000}, status))
    assert (error.reason, error.status) == ("status", status)
    assert str(error) == f"no ephemeral key from 127.0.0.1: status {status}"
    assert error.body is not None
    assert "please sign in" in error.body
    assert len(error.body) < 300


@pytest.mark.parametrize(
    ("reply", "reason", "words"),
    [
        (Reply(body=b"<html>sign in</html>", headers={"Content-Type": "text/html; x=y"}), "not_json", "text/html"),
        (Reply(body=b'{"ephemeral_key": "ek_'), "not_json", "no JSON object"),
        (Reply(body=b""), "not_json", "no JSON object"),
        (Reply(body=b'["ek_secret"]'), "not_json", "no JSON object"),
        (Reply(body=b'"ek_secret"'), "not_json", "no JSON object"),
        (Reply(body=b"\xff\xfe"), "not_json", "no JSON object"),
        (Reply(body=b"[" * 60_000), "not_json", "no JSON object"),
        (Reply(204, body=b""), "not_json", "no JSON object"),
        (json_reply({}), "missing", "no 'ephemeral_key'"),
        (json_reply({"value": "ek_secret", "client_secret": {"value": "ek_secret"}}), "missing", "no 'ephemeral_key'"),
        (json_reply({"ephemeral_key": None}), "missing", "no 'ephemeral_key'"),
        (json_reply({"ephemeral_key": ""}), "empty", "is empty"),
        (json_reply({"ephemeral_key": " \t\n"}), "empty", "is empty"),
        (json_reply({"ephemeral_key": {"value": "ek_secret"}}), "malformed", "no text"),
        (json_reply({"ephemeral_key": 123456}), "malformed", "no text"),
        (json_reply({"ephemeral_key": "ek_secret two"}), "malformed", "characters that no key has"),
        (json_reply({"ephemeral_key": "ek_secret\r\nX-Evil: 1"}), "malformed", "characters that no key has"),
        (json_reply({"ephemeral_key": "ek_secrét"}), "malformed", "characters that no key has"),
        (json_reply({"ephemeral_key": "ek_secret" * 10_000}), "too_long", "longer than 65536 bytes"),
    ],
)
async def test_an_answer_without_a_key_says_what_is_wrong_with_it_and_shows_nothing_of_it(
    reply: Reply, reason: EphemeralKeyFailure, words: str
) -> None:
    error = await failure(reply)
    assert (error.reason, error.status, error.body) == (reason, reply.status, None)
    assert f"status {reply.status}, but" in str(error)
    assert words in str(error)
    for piece in ("ek_", "secr", "sign in", "123456"):
        assert piece not in str(error) + repr(error) + "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(raw=b'{"ephemeral_key": "Zm9vYmFy"}\r\n\r\n'),
        Reply(raw=b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"ephemeral_key": "Zm9vYmFy'),
    ],
)
async def test_an_answer_that_is_lost_or_no_http_is_an_error_without_a_status(reply: Reply) -> None:
    error = await failure(reply)
    assert (error.reason, error.status, error.body) == ("unreachable", None, None)
    assert "no readable answer came" in str(error)
    assert "Zm9vYmFy" not in "".join(traceback.format_exception(error))


async def test_a_backend_that_cannot_be_reached_is_an_error_without_a_status() -> None:
    async with service(GOOD) as running:
        source = backend(running)
    with pytest.raises(EphemeralKeyError, match=r"no ephemeral key from 127\.0\.0\.1") as caught:
        await source.headers()
    assert (caught.value.reason, caught.value.status) == ("unreachable", None)


async def test_a_backend_that_is_late_is_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed._keys.FETCH_TIMEOUT", 0.3)
    error = await failure(Reply(silent=True))
    assert (error.reason, error.status) == ("timeout", None)
    assert "did not answer within 0.3 s" in str(error)


async def test_a_redirect_at_the_same_place_is_followed_with_the_headers() -> None:
    async with service(Reply(302, headers={"Location": "/login/key"}), GOOD) as running:
        assert await backend(running, {"Cookie": "session=1"}).headers() == bearer("ek_fetched")
        assert [received.path for received in running.received] == ["/key", "/login/key"]
        assert running.received[1].headers["cookie"] == "session=1"


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.example/key",
        "http://localhost:1/key",
        "//evil.example/key",
        "http://127.0.0.1:1/key",
        "ftp://127.0.0.1/key",
        "http://[",
    ],
)
async def test_a_redirect_to_another_place_is_not_followed(location: str) -> None:
    error = await failure(Reply(302, b"see there", {"Location": location}), {"Cookie": "session=hunter2"})
    assert (error.reason, error.status, error.body) == ("redirect", 302, "see there")
    assert "redirects to another place" in str(error)


async def test_a_redirect_to_the_same_place_with_another_user_is_not_followed() -> None:
    async with service(GOOD) as running:
        running.replies = [Reply(302, headers={"Location": f"http://user:pw@127.0.0.1:{running.port}/key"})]
        with pytest.raises(EphemeralKeyError, match="redirects to another place"):
            await backend(running).headers()


async def test_redirects_in_a_circle_end() -> None:
    async with service(Reply(307, headers={"Location": "/key"})) as running:
        with pytest.raises(EphemeralKeyError, match="redirected more than 3 times") as caught:
            await backend(running).headers()
        assert (caught.value.reason, caught.value.status, len(running.received)) == ("redirect", 307, 4)


async def test_a_refusal_that_repeats_the_request_is_shown_without_its_secrets() -> None:
    headers = {"Authorization": 'Bearer hunter2"five', "Cookie": "session=correcthorse; theme=dark"}
    text = json.dumps({**headers, "token": "hunter2%22five", "piece": "correcthorse", "key": "ek_0123456789"})
    error = await failure(Reply(403, text.encode()), headers)
    for secret in ("hunter2", "correcthorse", "ek_0123456789"):
        assert secret not in f"{error} {error!r} {error.body} {vars(error)}"
    assert error.body is not None
    assert "[redacted]" in error.body


async def test_proxies_of_the_environment_do_not_stand_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with service(GOOD) as running:
        assert await backend(running).headers() == bearer("ek_fetched")


async def test_a_fetch_can_be_cancelled() -> None:
    async with service(Reply(silent=True)) as running:
        fetch = asyncio.create_task(backend(running).headers())
        await running.arrived.wait()
        fetch.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetch


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", "must be a whole"),
        ("/key", "must be a whole"),
        ("app.example.com/key", "must be a whole"),
        ("ftp://app.example.com/hunter2", "must be a whole"),
        ("file:///etc/hunter2", "must be a whole"),
        ("https://", "must be a whole"),
        ("https://user:hunter2@app.example.com/key", "must not hold credentials"),
        ("http://app.example.com/key?token=hunter2", "must begin with https://"),
        ("http://localhost.example.com/key", "must begin with https://"),
        ("https://app.example.com:port/hunter2", "is no URL"),
        ("https://[hunter2", "is no URL"),
        ("https://app.example.com/hunter2\x00", "characters that no URL has"),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused_without_showing_it(url: str, problem: str) -> None:
    with pytest.raises(ValueError, match=f"fetch_ephemeral_key_url (.* )?{problem}") as caught:
        KeySource(Endpoint(), fetch_ephemeral_key_url=url)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "url", ["https://app.example.com/key", "http://127.0.0.1:8000/key", "http://localhost/key", "http://[::1]:8000/"]
)
def test_an_encrypted_address_or_one_of_this_machine_is_fine(url: str) -> None:
    assert repr(KeySource(Endpoint(), fetch_ephemeral_key_url=url)) == "<KeySource fetch_ephemeral_key_url>"


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "hunter2\r\nX-Evil: 1"},
        {"Cookie": "hunter2\x00"},
        {"Cookie": "hunter2 "},
        {"Cookie": "hünter2"},
        {"Cookie: hunter2": "x"},
        {"": "hunter2"},
    ],
)
def test_headers_that_cannot_be_sent_are_refused_without_their_values(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="fetch_ephemeral_key_headers") as caught:
        KeySource(Endpoint(), fetch_ephemeral_key_url="https://a.example", fetch_ephemeral_key_headers=headers)
    assert "nter2" not in str(caught.value)


# In a browser.


@pytest.fixture
def in_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")


REFUSED = "dangerously_allow_api_key_in_browser=True"


@pytest.mark.usefixtures("in_a_browser")
async def test_a_standard_key_is_refused_in_a_browser_with_the_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    for endpoint in (Endpoint(api_key="sk-hunter2"), Endpoint(azure_endpoint=AZURE, api_key="hunter2")):
        with pytest.raises(ValueError, match=REFUSED) as caught:
            KeySource(endpoint)
        assert "fetch_ephemeral_key_url" in str(caught.value)
        assert "hunter2" not in str(caught.value)
    with pytest.raises(ValueError, match=REFUSED):
        await KeySource(Endpoint(api_key=lambda: "sk-hunter2")).headers()
    monkeypatch.setenv("OPENAI_API_KEY", "sk-hunter2")
    with pytest.raises(ValueError, match=REFUSED):
        await KeySource(Endpoint()).headers()


@pytest.mark.usefixtures("in_a_browser")
async def test_a_standard_key_that_is_called_short_lived_is_refused_in_a_browser_too() -> None:
    with pytest.raises(ValueError, match=REFUSED):
        await KeySource(Endpoint(), ephemeral_key="sk-hunter2").headers()
    with pytest.raises(ValueError, match=REFUSED):
        await KeySource(Endpoint()).headers("sk-hunter2")
    async with service(json_reply({"ephemeral_key": "sk-hunter2"})) as running:
        with pytest.raises(ValueError, match=REFUSED):
            await backend(running).headers()


@pytest.mark.usefixtures("in_a_browser")
async def test_a_browser_may_use_short_lived_keys_and_tokens() -> None:
    assert await KeySource(Endpoint(api_key="ek_1")).headers() == bearer("ek_1")
    assert await KeySource(Endpoint(api_key=lambda: "ek_1")).headers() == bearer("ek_1")
    # A standard key that is there but not used is not refused.
    assert await KeySource(Endpoint(api_key="sk-1"), ephemeral_key="ek_1").headers() == bearer("ek_1")
    token = KeySource(Endpoint(azure_endpoint=AZURE, azure_ad_token_provider=lambda: "entra"))
    assert await token.headers() == bearer("entra")


@pytest.mark.usefixtures("in_a_browser")
async def test_a_standard_key_in_a_browser_can_be_allowed() -> None:
    source = KeySource(Endpoint(api_key="sk-1"), dangerously_allow_api_key_in_browser=True)
    assert await source.headers() == bearer("sk-1")


async def test_elsewhere_a_standard_key_needs_no_permission() -> None:
    assert await KeySource(Endpoint(api_key="sk-1")).headers() == bearer("sk-1")


# What an error can say of an answer.

_TEXTS = st.text(max_size=60) | st.from_regex(r"(ek_|sk-|eyJ)?[A-Za-z0-9_-]{8,40}", fullmatch=True)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_ANSWERS = (
    _VALUES
    | st.dictionaries(st.sampled_from(["value", "key", "ephemeral_key"]), _VALUES)
    | st.fixed_dictionaries({"ephemeral_key": _TEXTS})
)
_SENTENCES = {
    "the answer is no JSON object": "not_json",
    "the answer has no 'ephemeral_key'": "missing",
    "its 'ephemeral_key' is empty": "empty",
    "its 'ephemeral_key' is no text": "malformed",
    "its 'ephemeral_key' holds characters that no key has": "malformed",
}


def test_the_error_about_an_answer_is_one_of_a_few_sentences_whatever_the_answer_holds() -> None:
    with asyncio.Runner() as runner:
        running = Service([GOOD])
        server = runner.run(asyncio.start_server(running.serve, "127.0.0.1", 0))
        running.port = server.sockets[0].getsockname()[1]
        source = backend(running)

        async def asked() -> str | EphemeralKeyError:
            async with asyncio.timeout(10):
                try:
                    return (await source.headers())["Authorization"]
                except EphemeralKeyError as error:
                    return error

        @settings(max_examples=150, deadline=None)
        @given(_ANSWERS)
        def holds(value: object) -> None:
            running.replies = [json_reply(value)]
            outcome = runner.run(asked())
            if isinstance(outcome, str):
                assert outcome.isascii()
                return
            sentence = str(outcome).removeprefix("no ephemeral key from 127.0.0.1: status 200, but ")
            assert _SENTENCES.get(sentence) == outcome.reason
            assert (outcome.body, outcome.status, outcome.args) == (None, 200, (str(outcome),))
            # Nothing that is chained holds the body either.
            assert outcome.__cause__ is None
            assert outcome.__context__ is None

        holds()
        server.close()
        runner.run(server.wait_closed())
