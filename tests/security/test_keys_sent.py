"""Where a key goes, and where it does not: one test a rule of `rules.py`."""

from collections.abc import Awaitable, Callable
from typing import Final

import pytest

from realtime_typed._endpoints import Endpoint, check_headers, http_url, websocket_url
from realtime_typed._keys import KeySource
from realtime_typed._signalling import Signalling
from realtime_typed.api import RealtimeAPI
from realtime_typed.errors import ConnectError, EphemeralKeyError, RestError
from realtime_typed.rest import RestClient
from realtime_typed.translation_client import TranslationClient
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.transports.websocket_options import WebSocketOptions
from tests.unit.rest.service import Reply, Service, json_reply, service

pytestmark = pytest.mark.anyio

MARK: Final = "Hu5h"
KEY: Final = f"sk-{MARK}0123456789"
BEARER: Final = {"Authorization": f"Bearer {KEY}"}
OFFER: Final = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
# Names that look like this machine and are none, and addresses that are not.
STRANGERS: Final = ["example.com", "localhost.example.com", "127.0.0.1.example.com", "0.0.0.0", "10.0.0.1", "[::]"]


# --- unencrypted ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", STRANGERS)
@pytest.mark.parametrize("transport", ["websocket", "webrtc"])
async def test_a_client_sends_no_key_unencrypted_to_another_machine(host: str, transport: str) -> None:
    scheme = "ws" if transport == "websocket" else "http"
    api = RealtimeAPI(
        base_url=f"{scheme}://{host}/v1",
        api_key=KEY,
        transport="websocket" if transport == "websocket" else "webrtc",
        websocket=WebSocketOptions(open_timeout=1, proxy=None),
    )
    with pytest.raises(ValueError, match="unencrypted") as caught:
        await api.connect()
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("host", STRANGERS)
def test_a_rest_client_is_not_made_for_an_unencrypted_address(host: str) -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        RestClient(base_url=f"http://{host}/v1", api_key=KEY)


def test_no_call_is_made_at_an_unencrypted_address() -> None:
    with pytest.raises(ValueError, match="unencrypted"):
        Signalling(Endpoint(base_url="http://example.com/v1"), BEARER, model="m", session=None, beta=False)


async def test_a_translation_client_sends_no_key_unencrypted() -> None:
    client = TranslationClient(base_url="ws://example.com/v1", api_key=KEY, model="m")
    with pytest.raises(ValueError, match="base_url must begin with https"):
        await client.connect()


@pytest.mark.parametrize(
    "make",
    [
        lambda: WebSocketTransport("ws://example.com/", headers=BEARER),
        lambda: WebSocketTransport("ws://example.com/", headers={"api-key": KEY}),
        lambda: WebSocketTransport("ws://example.com/", subprotocols=[f"openai-insecure-api-key.{KEY}"]),
        lambda: WebSocketTransport(f"ws://example.com/?api-key={KEY}"),
    ],
    ids=["bearer", "api-key", "subprotocol", "query"],
)
def test_the_transport_alone_sends_no_key_unencrypted_either(make: Callable[[], WebSocketTransport]) -> None:
    with pytest.raises(ValueError, match="unencrypted") as caught:
        make()
    assert MARK not in str(caught.value)
    WebSocketTransport("ws://example.com/", headers={"X-Room": "1"})
    WebSocketTransport("ws://127.0.0.1:1/", headers=BEARER)


@pytest.mark.parametrize("host", STRANGERS)
def test_no_key_is_fetched_unencrypted_from_another_machine(host: str) -> None:
    with pytest.raises(ValueError, match="https"):
        KeySource(Endpoint(), fetch_ephemeral_key_url=f"http://{host}/key")


# --- redirects ------------------------------------------------------------------------------------------------------


async def redirected(
    status: int, attempt: Callable[[Service], Awaitable[object]], scheme: str = "http"
) -> tuple[Exception, Service]:
    """What becomes of a redirect to another place, and that place."""
    async with service(json_reply({"ephemeral_key": "ek_taken", "value": "ek_taken"})) as other:
        away = Reply(status, b"", {"Location": f"{scheme}://127.0.0.1:{other.port}/taken"})
        async with service(away) as running:
            with pytest.raises(Exception) as caught:  # each test says of which kind
                await attempt(running)
        return caught.value, other


async def test_a_websocket_follows_no_redirect_to_another_place() -> None:
    async def connect(running: Service) -> None:
        transport = WebSocketTransport(f"ws://127.0.0.1:{running.port}/", headers={"api-key": KEY})
        await transport.connect()

    error, other = await redirected(302, connect, "ws")
    assert isinstance(error, ConnectError)
    assert not other.received


async def test_a_request_follows_no_redirect_to_another_place() -> None:
    async def create(running: Service) -> None:
        async with RestClient(base_url=running.base_url, api_key=KEY, max_retries=0) as rest:
            await rest.client_secrets.create()

    error, other = await redirected(307, create)
    assert isinstance(error, RestError)
    assert not other.received


async def test_the_offer_of_a_call_follows_no_redirect_at_all() -> None:
    async with service(Reply(307, b"", {"Location": "/v1/other"})) as running:
        signalling = Signalling(Endpoint(base_url=running.base_url), BEARER, model="m", session=None, beta=False)
        with pytest.raises(ConnectError):
            await signalling.exchange(OFFER)
        await signalling.aclose()
        assert len(running.received) == 1


async def test_a_backends_redirect_to_another_place_is_not_followed() -> None:
    async def fetch(running: Service) -> None:
        url = f"http://127.0.0.1:{running.port}/key"
        await KeySource(Endpoint(), fetch_ephemeral_key_url=url, fetch_ephemeral_key_headers=BEARER).headers()

    error, other = await redirected(302, fetch)
    assert isinstance(error, EphemeralKeyError)
    assert error.reason == "redirect"
    assert not other.received


# --- addresses ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [websocket_url, http_url])
@pytest.mark.parametrize("user", [f"{MARK}@", f"user:{MARK}@", f"{MARK}:@"])
def test_a_base_url_holds_no_user_and_no_password(make: Callable[..., str], user: str) -> None:
    with pytest.raises(ValueError, match="credentials") as caught:
        make(f"https://{user}api.example/v1", {} if make is websocket_url else "")
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("query", [f"api-key={MARK}", f"token={MARK}", f"Key={MARK}", f"x={KEY}", f"a=1&sig={MARK}"])
def test_a_base_url_holds_no_key_in_its_query(query: str) -> None:
    with pytest.raises(ValueError, match="query") as caught:
        Endpoint(base_url=f"https://api.example/v1?{query}")
    assert MARK not in str(caught.value)
    assert "api-version=1" in Endpoint(base_url="https://api.example/v1?api-version=1").websocket(model="m")


@pytest.mark.parametrize("url", ["ftp://api.example", "file:///etc/passwd", "api.example/v1", "javascript:1", KEY])
def test_a_base_url_has_a_scheme_that_is_spoken(url: str) -> None:
    with pytest.raises(ValueError, match="base_url must be") as caught:
        Endpoint(base_url=url)
    assert MARK not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example/v1\r\nX-Evil: 1",
        "https://api.exa\nmple/v1",
        "https://api.example/v1\x00",
        "https://api.example/v 1",
        "https://api.example\\@other.example/",
        "https://api.example/\x7f",
    ],
)
def test_no_address_begins_another_header(url: str) -> None:
    with pytest.raises(ValueError, match="characters that no URL has"):
        Endpoint(base_url=url)
    with pytest.raises(ValueError, match=r"characters that no URL has|must not hold credentials"):
        KeySource(Endpoint(), fetch_ephemeral_key_url=url)


def test_the_address_of_a_backend_begins_no_other_header() -> None:
    for ending in ("\r\nX-Evil: 1", "\n", " 1", "\x00"):
        with pytest.raises(ValueError, match="characters that no URL has"):
            KeySource(Endpoint(), fetch_ephemeral_key_url=f"https://app.example/key{ending}x")


@pytest.mark.parametrize("url", ["https://[::1", "https://api.example:99999/", "https://api.example:http/"])
def test_an_address_that_is_none_is_a_value_error_that_does_not_show_it(url: str) -> None:
    with pytest.raises(ValueError, match=r"base_url is no URL$"):
        Endpoint(base_url=url)


def test_the_address_of_a_backend_holds_no_password() -> None:
    with pytest.raises(ValueError, match="credentials") as caught:
        KeySource(Endpoint(), fetch_ephemeral_key_url=f"https://user:{MARK}@app.example/key")
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("url", ["ftp://app.example/key", "/key", "wss://app.example/key"])
def test_the_address_of_a_backend_is_one_of_http(url: str) -> None:
    with pytest.raises(ValueError, match="http"):
        KeySource(Endpoint(), fetch_ephemeral_key_url=url)


# --- headers --------------------------------------------------------------------------------------------------------

INJECTIONS: Final = [f"{MARK}\r\nX-Evil: 1", f"{MARK}\nX-Evil: 1", f"{MARK}\x00", f" {MARK}", f"{MARK}é"]


@pytest.mark.parametrize("value", INJECTIONS)
def test_no_value_of_a_header_begins_another_header(value: str) -> None:
    with pytest.raises(ValueError, match="the value of 'X-Room'") as caught:
        check_headers({"X-Room": value}, "extra_headers")
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("name", [f"X-{MARK}: 1\r\nY", f"X {MARK}", "", f"X-{MARK}:"])
def test_no_name_of_a_header_begins_another_header(name: str) -> None:
    with pytest.raises(ValueError, match="name that no header has") as caught:
        check_headers({name: "1"}, "extra_headers")
    assert MARK not in str(caught.value)


def test_a_clients_headers_are_checked_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="extra_headers"):
        RealtimeAPI(api_key=KEY, extra_headers={"X-Room": "1\r\nX-Evil: 1"})
    with pytest.raises(ValueError, match="OpenAI-Organization"):
        RealtimeAPI(api_key=KEY, organization="mine\r\nX-Evil: 1")


def test_a_rest_clients_headers_are_checked_when_it_is_made() -> None:
    with pytest.raises(ValueError, match="OpenAI-Safety-Identifier"):
        RestClient(api_key=KEY, safety_identifier="me\r\nX-Evil: 1")


def test_the_headers_for_a_backend_are_checked() -> None:
    headers = {"Cookie": "a=1\r\nX-Evil: 1"}
    with pytest.raises(ValueError, match="Cookie"):
        KeySource(Endpoint(), fetch_ephemeral_key_url="https://app.example/key", fetch_ephemeral_key_headers=headers)


def test_the_transport_alone_checks_its_headers_too() -> None:
    with pytest.raises(ValueError, match="line break"):
        WebSocketTransport("wss://api.example/", headers={"X-Room": "1\r\nX-Evil: 1"})
    with pytest.raises(ValueError, match="no name of a header"):
        WebSocketTransport("wss://api.example/", headers={"X Room": "1"})
    with pytest.raises(ValueError, match="subprotocols"):
        WebSocketTransport("wss://api.example/", subprotocols=["realtime\r\nX-Evil: 1"])


@pytest.mark.parametrize("key", [f"{MARK}\r\nX-Evil: 1", f"{MARK} 1", f"{MARK}\x00", f"{MARK}é", " "])
async def test_no_key_that_a_function_gives_begins_another_header(key: str) -> None:
    with pytest.raises(ValueError, match="the API key") as caught:
        await Endpoint(api_key=lambda: key).credentials()
    assert MARK not in str(caught.value)


@pytest.mark.parametrize("key", [f"{MARK}\r\nX-Evil: 1", f"{MARK}\x00", f"{MARK}é"])
async def test_no_key_that_a_backend_gives_begins_another_header(key: str) -> None:
    async with service(json_reply({"ephemeral_key": key})) as running:
        source = KeySource(Endpoint(), fetch_ephemeral_key_url=f"http://127.0.0.1:{running.port}/key")
        with pytest.raises(EphemeralKeyError) as caught:
            await source.headers()
    assert caught.value.reason == "malformed"
    assert MARK not in str(caught.value)


async def test_the_id_of_a_call_does_not_leave_its_path() -> None:
    async with service(Reply(200, b"", {})) as running:
        async with RestClient(base_url=running.base_url, api_key=KEY) as rest:
            await rest.calls.hangup("../../client_secrets?x=1#\r\nX-Evil: 1")
        (request,) = running.received
    assert request.path == "/v1/realtime/calls/..%2F..%2Fclient_secrets%3Fx%3D1%23%0D%0AX-Evil%3A%201/hangup"
    assert "x-evil" not in request.headers


# --- who may use which key ------------------------------------------------------------------------------------------


def test_a_standard_key_is_refused_in_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "emscripten")
    with pytest.raises(ValueError, match="in a browser"):
        KeySource(Endpoint(api_key=KEY))
    KeySource(Endpoint(api_key=KEY), dangerously_allow_api_key_in_browser=True)
