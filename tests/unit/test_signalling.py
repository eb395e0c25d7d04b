"""How the offer of a WebRTC call reaches the service, and what becomes of each answer. Over real HTTP."""

import asyncio
import email
import email.policy
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from realtime_typed import AuthenticationError, ConnectError, InvalidResponseError, RestClient, RestError
from realtime_typed._endpoints import Endpoint
from realtime_typed._keys import KeySource
from realtime_typed._signalling import MAX_SDP, Signalling
from realtime_typed.local import LocalServer
from realtime_typed.transports.webrtc_options import SdpAnswer
from tests.unit.rest.service import Received, Reply, Service, json_reply, service

pytestmark = pytest.mark.anyio

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
ANSWER = "v=0\r\no=- 2 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
API_KEY = {"Authorization": "Bearer sk-test-0123456789"}
SHORT_LIVED = {"Authorization": "Bearer ek_test_0123456789"}
EXPIRED = {"error": {"message": "The key has expired.", "type": "invalid_request_error", "code": "invalid_api_key"}}


def created(body: str = ANSWER, status: int = 201, **headers: str) -> Reply:
    named = {"Content-Type": "text/plain; charset=utf-8", "Location": "/v1/realtime/calls/rtc_1"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, body.encode(), {name: value for name, value in named.items() if value})


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Stands where a request waits before it is sent again: writes down for how long, and goes on at once."""
    seconds: list[float] = []

    async def pause(wanted: float) -> None:
        seconds.append(wanted)

    monkeypatch.setattr("realtime_typed.rest.requests.sleep", pause)
    return seconds


@asynccontextmanager
async def signalling_to(
    running: Service | LocalServer,
    headers: Mapping[str, str] = API_KEY,
    *,
    session: Mapping[str, object] | None = None,
    model: str = "gpt-realtime",
    beta: bool = False,
    timeout: float = 5.0,
) -> AsyncGenerator[Signalling]:
    endpoint = Endpoint(base_url=running.base_url)
    made = Signalling(endpoint, headers, model=model, session=session, beta=beta, timeout=timeout)
    try:
        yield made
    finally:
        await made.aclose()


def form_of(received: Received) -> dict[str, tuple[str, bytes]]:
    """The parts of a form, name to content type and content."""
    head = f"Content-Type: {received.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + received.body, policy=email.policy.HTTP)
    parts: dict[str, tuple[str, bytes]] = {}
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        parts[str(part.get_param("name", header="content-disposition"))] = (part.get_content_type(), content)
    return parts


async def refusal(
    reply: Reply, headers: Mapping[str, str] = API_KEY, *, timeout: float = 5.0
) -> tuple[ConnectError, Service]:
    async with service(reply) as running, signalling_to(running, headers, timeout=timeout) as signalling:
        with pytest.raises(ConnectError) as caught:
            await signalling.exchange(OFFER)
        return caught.value, running


# What is sent.


async def test_with_an_api_key_offer_and_session_go_as_a_form() -> None:
    session: dict[str, object] = {"type": "realtime", "instructions": "Sei nett zu Jürgen.", "tools": []}
    async with service(created()) as running, signalling_to(running, session=session) as signalling:
        assert await signalling.exchange(OFFER) == SdpAnswer(ANSWER, "rtc_1")
        received = running.received[0]
        assert (received.method, received.path) == ("POST", "/v1/realtime/calls")
        assert received.headers["authorization"] == API_KEY["Authorization"]
        assert "openai-beta" not in received.headers
        parts = form_of(received)
        assert list(parts) == ["sdp", "session"]
        assert parts["sdp"] == ("application/sdp", OFFER.encode())
        assert parts["session"][0] == "application/json"
        assert json.loads(parts["session"][1]) == {"model": "gpt-realtime", **session}


async def test_a_session_names_its_own_model_and_needs_to_name_nothing() -> None:
    async with service(created()) as running:
        async with signalling_to(running, session={"model": "other"}) as signalling:
            await signalling.exchange(OFFER)
        async with signalling_to(running) as signalling:
            await signalling.exchange(OFFER)
        sent = [json.loads(form_of(received)["session"][1]) for received in running.received]
        assert sent == [{"type": "realtime", "model": "other"}, {"type": "realtime", "model": "gpt-realtime"}]


async def test_with_a_short_lived_key_the_offer_goes_alone() -> None:
    session = {"type": "transcription"}
    async with service(created()) as running, signalling_to(running, SHORT_LIVED, session=session) as signalling:
        await signalling.exchange(OFFER)
        received = running.received[0]
        assert (received.path, received.body) == ("/v1/realtime/calls", OFFER.encode())
        assert received.headers["content-type"] == "application/sdp"
        assert received.headers["authorization"] == SHORT_LIVED["Authorization"]


async def test_a_server_that_takes_no_form_gets_the_bare_offer_and_the_model() -> None:
    async with service(Reply(415), created()) as running, signalling_to(running, model="a/b c") as signalling:
        assert (await signalling.exchange(OFFER)).call_id == "rtc_1"
        first, second = running.received
        assert first.headers["content-type"].startswith("multipart/form-data")
        assert (second.path, second.body) == ("/v1/realtime/calls?model=a%2Fb+c", OFFER.encode())
        assert second.headers["content-type"] == "application/sdp"


async def test_a_server_that_takes_no_bare_offer_either_is_an_error() -> None:
    error, running = await refusal(json_reply({"detail": "Unsupported media type"}, 415))
    assert (error.status, len(running.received)) == (415, 2)
    assert str(error) == "the service refused the call: 415: Unsupported media type"
    error, running = await refusal(Reply(415), SHORT_LIVED)
    assert (error.status, len(running.received)) == (415, 1)


@pytest.mark.parametrize("headers", [API_KEY, SHORT_LIVED])
async def test_the_beta_protocol_has_its_own_place_for_calls(headers: dict[str, str]) -> None:
    async with service(created()) as running, signalling_to(running, headers, beta=True, session={}) as signalling:
        assert await signalling.exchange(OFFER) == SdpAnswer(ANSWER, "rtc_1")
        received = running.received[0]
        assert (received.path, received.body) == ("/v1/realtime?model=gpt-realtime", OFFER.encode())
        assert received.headers["content-type"] == "application/sdp"
        assert received.headers["openai-beta"] == "realtime=v1"


async def test_a_beta_header_of_the_application_is_left_alone() -> None:
    own = {**API_KEY, "openai-beta": "realtime=v2"}
    async with service(created()) as running, signalling_to(running, own, beta=True) as signalling:
        await signalling.exchange(OFFER)
        assert running.received[0].headers["openai-beta"] == "realtime=v2"


@pytest.mark.parametrize(
    ("version", "path"),
    [
        (None, "/openai/v1/realtime/calls"),
        ("2025-04-01-preview", "/openai/realtime/calls?api-version=2025-04-01-preview"),
    ],
)
async def test_azure_is_asked_at_its_own_place(version: str | None, path: str) -> None:
    async with service(created()) as running:
        endpoint = Endpoint(
            azure_endpoint=f"http://127.0.0.1:{running.port}", azure_api_version=version, api_key="azure-key"
        )
        headers = await KeySource(endpoint).headers()
        signalling = Signalling(endpoint, headers, model="deployment", session=None, beta=False)
        await signalling.exchange(OFFER)
        await signalling.aclose()
        received = running.received[0]
        assert (received.path, received.headers["api-key"]) == (path, "azure-key")
        assert json.loads(form_of(received)["session"][1])["model"] == "deployment"


def test_a_transcription_session_needs_a_key_of_its_own() -> None:
    with pytest.raises(ValueError, match="client_secrets") as caught:
        Signalling(Endpoint(), API_KEY, model="m", session={"type": "transcription"}, beta=False)
    assert "ephemeral_key" in str(caught.value)


def test_a_key_does_not_travel_unencrypted() -> None:
    with pytest.raises(ValueError, match="must not travel unencrypted"):
        Signalling(Endpoint(base_url="http://example.com/v1"), API_KEY, model="m", session=None, beta=False)


def test_a_header_that_cannot_be_sent_is_refused_without_its_value() -> None:
    with pytest.raises(ValueError, match="headers: the value of 'Authorization'") as caught:
        Signalling(Endpoint(), {"Authorization": "Bearer hunter2\n"}, model="m", session=None, beta=False)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("offer", ["", " \r\n", "v" * (MAX_SDP + 1)])
async def test_an_offer_that_is_none_is_refused_before_anything_is_sent(offer: str) -> None:
    async with service(created()) as running, signalling_to(running) as signalling:
        with pytest.raises(ValueError, match="the offer must have 1 to 262144 bytes"):
            await signalling.exchange(offer)
        assert running.received == []


# What is answered.


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    "content_type", ["application/sdp", "text/plain; charset=utf-8", "text/html", "application/json", ";;;", ""]
)
async def test_sdp_is_taken_whatever_status_and_content_type_it_has(status: int, content_type: str) -> None:
    reply = created(status=status, Content_Type=content_type)
    async with service(reply) as running, signalling_to(running) as signalling:
        assert await signalling.exchange(OFFER) == SdpAnswer(ANSWER, "rtc_1")


async def test_sdp_inside_of_json_is_taken_too() -> None:
    reply = json_reply({"type": "answer", "sdp": ANSWER})
    async with service(reply) as running, signalling_to(running) as signalling:
        assert await signalling.exchange(OFFER) == SdpAnswer(ANSWER, None)


@pytest.mark.parametrize(
    ("location", "call_id"),
    [
        ("/v1/realtime/calls/rtc_1", "rtc_1"),
        ("https://api.openai.com/v1/realtime/calls/rtc_1?x=y", "rtc_1"),
        ("rtc_1", "rtc_1"),
        ("", None),
        ("/", None),
        ("http://[", None),
    ],
)
async def test_a_calls_id_is_the_end_of_the_location_or_none(location: str, call_id: str | None) -> None:
    async with service(created(Location=location)) as running, signalling_to(running) as signalling:
        assert (await signalling.exchange(OFFER)).call_id == call_id


@pytest.mark.parametrize(
    ("reply", "words", "beginning"),
    [
        (Reply(200, b"<html>Log in" + b"!" * 500, {"Content-Type": "text/html"}), "no SDP (text/html)", "<html>Log in"),
        (Reply(201, b"", {}), "no SDP (nothing that is named)", ""),
        (Reply(204, b"", {}), "no SDP", ""),
        (json_reply({"answer": "yes"}), "no SDP (application/json)", '{"answer": "yes"}'),
        (json_reply({"sdp": 5}), "no SDP (application/json)", '{"sdp": 5}'),
        (Reply(200, b'{"sdp"'), "no valid JSON", '{"sdp"'),
        (Reply(200, b"\xff\x00\x01", {"Content-Type": "application/sdp"}), "no SDP (application/sdp)", "\ufffd\x00"),
    ],
)
async def test_an_answer_that_is_no_sdp_is_an_error_with_its_beginning(
    reply: Reply, words: str, beginning: str
) -> None:
    error, running = await refusal(reply)
    assert error.status == reply.status
    assert words in str(error)
    assert error.body is not None
    assert error.body.startswith(beginning)
    assert len(error.body) < 300
    assert isinstance(error.__cause__, InvalidResponseError)
    assert len(running.received) == 1


async def test_a_call_whose_answer_cannot_be_used_is_hung_up() -> None:
    async with service(created("<html>"), Reply()) as running, signalling_to(running) as signalling:
        with pytest.raises(ConnectError, match="no SDP"):
            await signalling.exchange(OFFER)
        paths = [received.path for received in running.received]
        assert paths == ["/v1/realtime/calls", "/v1/realtime/calls/rtc_1/hangup"]


async def test_a_call_that_cannot_be_hung_up_hides_nothing_of_why_it_failed() -> None:
    async with service(created("<html>"), Reply(500)) as running, signalling_to(running) as signalling:
        with pytest.raises(ConnectError, match="no SDP"):
            await signalling.exchange(OFFER)
        assert len(running.received) == 2


async def test_an_answer_that_is_too_long_is_not_read_to_its_end() -> None:
    error, _ = await refusal(Reply(201, b"v=0" + b" " * MAX_SDP, {}))
    assert "longer than 262144 bytes" in str(error)
    assert error.status == 201


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("headers", [API_KEY, SHORT_LIVED])
async def test_a_key_that_has_expired_is_an_authentication_error_inside(status: int, headers: dict[str, str]) -> None:
    error, running = await refusal(json_reply(EXPIRED, status), headers)
    assert error.status == status
    assert str(error) == f"the service refused the call: {status} invalid_api_key: The key has expired."
    assert error.body is not None
    assert "expired" in error.body
    assert isinstance(error.__cause__, AuthenticationError)
    assert error.__cause__.code == "invalid_api_key"
    assert len(running.received) == 1


async def test_a_refusal_without_words_is_told_in_ours() -> None:
    error, _ = await refusal(Reply(401, b"", {}))
    assert str(error) == "the service refused the call: 401: the key is wrong, has expired, or may not do this"
    error, _ = await refusal(Reply(418, b"teapot", {}))
    assert (str(error), error.body) == ("the service refused the call: 418", "teapot")


@pytest.mark.parametrize("status", [400, 404, 408, 409, 429, 500, 501, 503])
async def test_a_refused_call_is_not_tried_again(status: int, pauses: list[float]) -> None:
    reply = json_reply({"error": {"message": "No.", "type": "some_error"}}, status, Retry_After="1")
    error, running = await refusal(reply)
    assert (error.status, len(running.received), pauses) == (status, 1, [])
    assert str(error) == f"the service refused the call: {status} some_error: No."


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/v1/elsewhere", "http://evil.example/v1"])
async def test_no_redirect_is_followed(status: int, location: str) -> None:
    error, running = await refusal(Reply(status, headers={"Location": location}))
    assert (error.status, len(running.received)) == (status, 1)
    assert f"the service refused the call: {status}" in str(error)


async def test_a_service_that_cannot_be_reached_is_tried_again_and_then_an_error(pauses: list[float]) -> None:
    async with service(created()) as running:
        pass
    async with signalling_to(running) as signalling:
        with pytest.raises(ConnectError, match=r"cannot reach 127\.0\.0\.1") as caught:
            await signalling.exchange(OFFER)
        assert (caught.value.status, caught.value.body) == (None, None)
        assert isinstance(caught.value.__cause__, RestError)
        assert len(pauses) == 2


async def test_an_address_that_httpx_refuses_is_an_error_like_any_other() -> None:
    signalling = Signalling(
        Endpoint(base_url="https://ab\u2e18c.example"), API_KEY, model="m", session=None, beta=False
    )
    with pytest.raises(ConnectError, match=r"cannot reach .*: InvalidURL") as caught:
        await signalling.exchange(OFFER)
    assert caught.value.status is None
    await signalling.aclose()


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(raw=b"SSH-2.0-OpenSSH\r\n\r\n")])
async def test_a_call_whose_answer_is_lost_is_not_made_twice(reply: Reply, pauses: list[float]) -> None:
    error, running = await refusal(reply)
    assert (error.status, len(running.received), pauses) == (None, 1, [])
    assert "no readable answer came" in str(error)


async def test_a_service_that_says_nothing_is_an_error_in_bounded_time() -> None:
    error, running = await refusal(Reply(silent=True), timeout=0.3)
    assert (error.status, len(running.received)) == (None, 1)
    assert "0.3 s" in str(error)
    assert isinstance(error.__cause__, TimeoutError)


async def test_an_exchange_can_be_cancelled() -> None:
    async with service(Reply(silent=True)) as running, signalling_to(running) as signalling:
        exchange = asyncio.create_task(signalling.exchange(OFFER))
        await running.arrived.wait()
        exchange.cancel()
        with pytest.raises(asyncio.CancelledError):
            await exchange


# The end of a call.


async def test_a_call_is_hung_up_with_the_credentials_that_made_it() -> None:
    async with service(Reply(200, b"", {})) as running, signalling_to(running) as signalling:
        await signalling.hang_up("rtc_1")
        received = running.received[0]
        assert (received.method, received.path) == ("POST", "/v1/realtime/calls/rtc_1/hangup")
        assert (received.headers["authorization"], received.body) == (API_KEY["Authorization"], b"")


@pytest.mark.parametrize(
    ("reply", "status"),
    [(json_reply(EXPIRED, 401), 401), (Reply(404), 404), (Reply(503), 503), (Reply(drop=True), None)],
)
async def test_a_call_that_cannot_be_hung_up_is_an_error(reply: Reply, status: int | None) -> None:
    async with service(reply) as running, signalling_to(running) as signalling:
        with pytest.raises(RestError) as caught:
            await signalling.hang_up("rtc_1")
        assert (caught.value.status, len(running.received)) == (status, 1)


async def test_hanging_up_ends_in_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed._signalling.HANG_UP_TIMEOUT", 0.3)
    async with service(Reply(silent=True)) as running, signalling_to(running) as signalling:
        with pytest.raises(RestError, match=r"did not hang up within 0\.3 s"):
            await signalling.hang_up("rtc_1")


async def test_nothing_can_be_sent_once_it_is_closed() -> None:
    async with service(created()) as running, signalling_to(running) as signalling:
        await signalling.exchange(OFFER)
        await signalling.aclose()
        with pytest.raises(RuntimeError, match="closed"):
            await signalling.hang_up("rtc_1")


def test_its_repr_shows_no_key() -> None:
    made = Signalling(Endpoint(), API_KEY, model="m", session=None, beta=False)
    assert repr(made) == "<Signalling api.openai.com>"


# Against the embedded server.


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with asyncio.timeout(30), LocalServer(answer_sdp=lambda offer: ANSWER) as running:
        yield running


async def test_the_embedded_server_takes_a_call_with_its_session_and_ends_it(server: LocalServer) -> None:
    headers = await KeySource(Endpoint(api_key=server.api_key)).headers()
    async with signalling_to(server, headers, session={"instructions": "Be kind."}) as signalling:
        answer = await signalling.exchange(OFFER)
        assert answer.sdp == ANSWER
        assert answer.call_id is not None
        await signalling.hang_up(answer.call_id)
        with pytest.raises(RestError):
            await signalling.hang_up("rtc_unknown")


async def test_the_embedded_server_says_what_is_wrong_with_a_session(server: LocalServer) -> None:
    headers = await KeySource(Endpoint(api_key=server.api_key)).headers()
    async with signalling_to(server, headers, session={"output_modalities": 5}) as signalling:
        with pytest.raises(ConnectError, match="the service refused the call: 400") as caught:
            await signalling.exchange(OFFER)
        assert isinstance(caught.value.__cause__, RestError)


async def test_the_embedded_server_takes_a_short_lived_key_until_it_expires(server: LocalServer) -> None:
    async with RestClient(api_key=server.api_key, base_url=server.base_url) as rest:
        secret = await rest.client_secrets.create({"type": "realtime", "model": "gpt-realtime"})
    headers = await KeySource(Endpoint(), ephemeral_key=secret.value).headers()
    async with signalling_to(server, headers, session={"instructions": "not sent"}) as signalling:
        assert (await signalling.exchange(OFFER)).sdp == ANSWER
        server.expire_client_secrets()
        with pytest.raises(ConnectError) as caught:
            await signalling.exchange(OFFER)
        assert caught.value.status == 401
        assert isinstance(caught.value.__cause__, AuthenticationError)
        assert secret.value not in str(caught.value)
