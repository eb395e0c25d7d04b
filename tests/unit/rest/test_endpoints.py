"""Each endpoint: what is sent, and what is made of the answer."""

import json
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import cast

import httpx
import pytest

from realtime_typed import InvalidResponseError, RestClient
from realtime_typed.rest import ClientSecret, ClientSecretExpiry
from realtime_typed.types import RealtimeSession, RealtimeSessionConfig, TranscriptionSession
from tests.unit.rest.service import Reply, Service, json_reply, service

pytestmark = pytest.mark.anyio

SHARED = Path(__file__).parents[4] / "shared" / "recordings" / "openai"
OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\n"
ANSWER = "v=0\r\no=- 2 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=ice-lite\r\n"
DONE = Reply(200, b"")

# As the service answers: with nulls where the published schema has none.
SESSION = {
    "type": "realtime",
    "object": "realtime.session",
    "id": "sess_1",
    "model": "gpt-realtime",
    "output_modalities": ["audio"],
    "instructions": "Be brief.",
    "tools": [],
    "tool_choice": "auto",
    "max_output_tokens": "inf",
    "tracing": None,
    "truncation": "auto",
    "prompt": None,
    "expires_at": 0,
    "include": None,
    "audio": {
        "input": {
            "format": {"type": "audio/pcm", "rate": 24000},
            "transcription": {"model": "gpt-realtime-whisper", "language": None, "prompt": None},
            "noise_reduction": None,
            "turn_detection": {
                "type": "server_vad",
                "threshold": 0.5,
                "prefix_padding_ms": 300,
                "silence_duration_ms": 200,
                "idle_timeout_ms": None,
                "create_response": True,
                "interrupt_response": True,
            },
        },
        "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.0},
    },
}
SECRET = {"value": "ek_made", "expires_at": 1_784_852_564, "session": SESSION}


def client_of(running: Service, api_key: str = "sk-test") -> RestClient:
    return RestClient(api_key=api_key, base_url=running.base_url)


def parts_of(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """The parts of a multipart form: name to content type and content."""
    whole = BytesParser().parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    found: dict[str, tuple[str, bytes]] = {}
    for part in cast("list[Message]", whole.get_payload()):
        name = cast("str", part.get_param("name", header="content-disposition"))
        assert part.get_filename() is None
        found[name] = (part.get_content_type(), cast("bytes", part.get_payload(decode=True)))
    return found


# Keys.


async def test_a_key_comes_with_its_expiry_and_its_session() -> None:
    async with service(json_reply(SECRET)) as running, client_of(running) as rest:
        secret = await rest.client_secrets.create({"type": "realtime", "model": "gpt-realtime"}, expires_after=60)
        assert type(secret) is ClientSecret
        assert (secret.value, secret.expires_at) == ("ek_made", 1_784_852_564)
        assert isinstance(secret.session, RealtimeSession)
        assert secret.session.id == "sess_1"
        assert running.received[0].path == "/v1/realtime/client_secrets"
        assert running.received[0].headers["content-type"] == "application/json"
        assert running.received[0].json() == {
            "session": {"type": "realtime", "model": "gpt-realtime"},
            "expires_after": {"anchor": "created_at", "seconds": 60},
        }


async def test_a_model_and_a_dict_of_the_same_session_send_the_same() -> None:
    async with service(json_reply(SECRET)) as running, client_of(running) as rest:
        await rest.client_secrets.create(RealtimeSessionConfig(instructions="ü", tracing=None))
        await rest.client_secrets.create({"type": "realtime", "instructions": "ü", "tracing": None})
        first, second = running.received
        assert first.json() == {"session": {"type": "realtime", "instructions": "ü", "tracing": None}}
        assert second.json() == first.json()


async def test_an_expiry_may_be_the_protocols_object() -> None:
    async with service(json_reply(SECRET)) as running, client_of(running) as rest:
        await rest.client_secrets.create(expires_after=ClientSecretExpiry(seconds=30))
        await rest.client_secrets.create(expires_after={"anchor": "created_at", "seconds": 40})
        sent = [received.json() for received in running.received]
        assert sent == [
            {"expires_after": {"seconds": 30}},
            {"expires_after": {"anchor": "created_at", "seconds": 40}},
        ]


async def test_a_key_is_not_in_the_repr_of_what_holds_it() -> None:
    reply = json_reply({**SECRET, "client_secret": {"value": "ek_inside"}})
    async with service(reply) as running, client_of(running) as rest:
        secret = await rest.client_secrets.create()
        session = await rest.sessions.create()
    assert "value='ek_[redacted]'" in repr(secret)
    assert "ek_made" not in f"{secret} {secret!r}"
    assert "ek_inside" not in f"{session} {session.client_secret!r}"
    assert (secret.value, session.client_secret.value) == ("ek_made", "ek_inside")


async def test_a_key_for_transcription_comes_with_its_session() -> None:
    made = {**SECRET, "session": {"type": "transcription", "id": "sess_2", "object": "realtime.transcription_session"}}
    async with service(json_reply(made)) as running, client_of(running) as rest:
        secret = await rest.client_secrets.create({"type": "transcription"})
        assert isinstance(secret.session, TranscriptionSession)


@pytest.mark.parametrize("seconds", [9, 7201, -1])
async def test_an_expiry_out_of_bounds_is_refused_before_anything_is_sent(seconds: int) -> None:
    async with service(json_reply(SECRET)) as running, client_of(running) as rest:
        with pytest.raises(ValueError, match=r"expires_after\.seconds"):
            await rest.client_secrets.create(expires_after=seconds)
        assert running.received == []


async def test_a_session_of_the_wrong_shape_is_refused_with_its_field() -> None:
    async with service(json_reply(SECRET)) as running, client_of(running) as rest:
        with pytest.raises(ValueError, match=r"ClientSecretRequest: session\..*instructions"):
            await rest.client_secrets.create(RealtimeSessionConfig.model_construct(instructions=7))
        assert running.received == []


async def test_a_session_that_does_not_fit_the_schema_does_not_cost_the_key() -> None:
    async with service(json_reply({**SECRET, "session": {"type": "realtime", "tools": 7}})) as running:
        async with client_of(running) as rest:
            secret = await rest.client_secrets.create()
        assert secret.value == "ek_made"
        assert isinstance(secret.session, RealtimeSession)


# WebRTC calls.


async def test_with_an_api_key_offer_and_session_go_as_a_form() -> None:
    created = Reply(201, ANSWER.encode(), {"Location": "/v1/realtime/calls/rtc_1", "Content-Type": "text/plain"})
    async with service(created) as running, client_of(running) as rest:
        answer = await rest.calls.create(OFFER, {"type": "realtime", "model": "gpt-realtime"})
        assert (answer.sdp, answer.call_id) == (ANSWER, "rtc_1")
        received = running.received[0]
        assert received.path == "/v1/realtime/calls"
        assert received.headers["accept"] == "application/sdp"
        assert received.headers["content-type"].startswith("multipart/form-data; boundary=")
        parts = parts_of(received.headers["content-type"], received.body)
        assert parts["sdp"] == ("application/sdp", OFFER.encode())
        assert parts["session"][0] == "application/json"
        assert json.loads(parts["session"][1]) == {"type": "realtime", "model": "gpt-realtime"}


async def test_with_a_short_lived_key_the_offer_goes_alone() -> None:
    async with service(Reply(201, ANSWER.encode(), {})) as running, client_of(running, "ek_made") as rest:
        assert (await rest.calls.create(OFFER)).sdp == ANSWER
        assert running.received[0].headers["content-type"] == "application/sdp"
        assert running.received[0].body == OFFER.encode()


async def test_a_session_beside_a_short_lived_key_is_refused() -> None:
    async with service(DONE) as running, client_of(running, "ek_made") as rest:
        with pytest.raises(ValueError, match="brings its session"):
            await rest.calls.create(OFFER, RealtimeSessionConfig())
        assert running.received == []


@pytest.mark.parametrize(
    ("location", "call_id"),
    [
        ("/v1/realtime/calls/rtc_1", "rtc_1"),
        ("https://api.openai.com/v1/realtime/calls/rtc_1?x=1", "rtc_1"),
        ("/v1/realtime/calls/rtc_1/", "rtc_1"),
        ("/realtime/calls/rtc%2F1", "rtc/1"),
        ("rtc_1", "rtc_1"),
        ("/v1/realtime/calls", None),
        ("/somewhere/else", None),
        ("http://[", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
async def test_a_calls_id_is_read_from_the_location(location: str | None, call_id: str | None, status: int) -> None:
    headers = {"Content-Type": "application/sdp"} | ({} if location is None else {"Location": location})
    async with service(Reply(status, ANSWER.encode(), headers)) as running, client_of(running) as rest:
        assert (await rest.calls.create(OFFER)).call_id == call_id


@pytest.mark.parametrize("content_type", ["text/plain; charset=utf-8", "application/sdp; charset=", ";;;", ""])
async def test_an_answer_is_read_whatever_its_content_type_claims(content_type: str) -> None:
    reply = Reply(201, ANSWER.encode(), {"Content-Type": content_type})
    async with service(reply) as running, client_of(running) as rest:
        assert (await rest.calls.create(OFFER)).sdp == ANSWER


async def test_an_answer_inside_of_json_is_read_too() -> None:
    async with service(json_reply({"type": "answer", "sdp": ANSWER})) as running, client_of(running) as rest:
        assert (await rest.calls.create(OFFER)).sdp == ANSWER


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"sdp": 7}', b"{", b'{"type": "answer"}'])
async def test_an_answer_that_is_no_sdp_is_an_error(body: bytes) -> None:
    async with service(Reply(201, body, {"Content-Type": "text/html"})) as running, client_of(running) as rest:
        with pytest.raises(InvalidResponseError, match="POST /realtime/calls: status 201, but"):
            await rest.calls.create(OFFER)
        assert len(running.received) == 1


async def test_an_empty_offer_is_refused() -> None:
    async with service(DONE) as running, client_of(running) as rest:
        with pytest.raises(ValueError, match="sdp is empty"):
            await rest.calls.create(" ")


# Calls that run.


async def test_a_call_is_accepted_with_its_session() -> None:
    async with service(DONE) as running, client_of(running) as rest:
        await rest.calls.accept("rtc_1", {"type": "realtime", "model": "gpt-realtime", "instructions": "Be kind."})
        await rest.calls.accept("rtc_1", RealtimeSessionConfig(model="gpt-realtime"))
        assert [received.path for received in running.received] == ["/v1/realtime/calls/rtc_1/accept"] * 2
        first, second = running.received
        assert first.json() == {"type": "realtime", "model": "gpt-realtime", "instructions": "Be kind."}
        assert second.json() == {"type": "realtime", "model": "gpt-realtime"}


async def test_a_call_is_rejected_with_and_without_a_status() -> None:
    async with service(DONE) as running, client_of(running) as rest:
        await rest.calls.reject("rtc_1", status_code=486)
        await rest.calls.reject("rtc_1")
        assert [received.path for received in running.received] == ["/v1/realtime/calls/rtc_1/reject"] * 2
        assert [received.json() for received in running.received] == [{"status_code": 486}, {}]


async def test_a_call_is_handed_over() -> None:
    async with service(DONE) as running, client_of(running) as rest:
        await rest.calls.refer("rtc_1", "tel:+14155550123")
        assert running.received[0].path == "/v1/realtime/calls/rtc_1/refer"
        assert running.received[0].json() == {"target_uri": "tel:+14155550123"}
        with pytest.raises(ValueError, match="target_uri is empty"):
            await rest.calls.refer("rtc_1", "")


async def test_a_call_is_hung_up_without_a_body() -> None:
    async with service(DONE) as running, client_of(running) as rest:
        await rest.calls.hangup("rtc_1")
        assert running.received[0].path == "/v1/realtime/calls/rtc_1/hangup"
        assert running.received[0].body == b""
        assert running.received[0].headers["content-length"] == "0"


@pytest.mark.parametrize(
    ("call_id", "path"), [("a/../b", "a%2F..%2Fb"), ("a?b#c", "a%3Fb%23c"), ("rtc_ü", "rtc_%C3%BC"), ("a b", "a%20b")]
)
async def test_a_calls_id_cannot_leave_its_place_in_the_path(call_id: str, path: str) -> None:
    async with service(DONE) as running, client_of(running) as rest:
        await rest.calls.hangup(call_id)
        assert running.received[0].path == f"/v1/realtime/calls/{path}/hangup"


@pytest.mark.parametrize("call_id", ["", ".", ".."])
async def test_what_is_no_calls_id_is_refused(call_id: str) -> None:
    async with service(DONE) as running, client_of(running) as rest:
        with pytest.raises(ValueError, match="call_id"):
            await rest.calls.hangup(call_id)
        assert running.received == []


# Azure.


async def test_azure_gets_its_key_as_api_key_at_its_ga_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-for-azure")
    monkeypatch.setenv("AZURE_OPENAI_API_KEY", "azure-key")
    async with service(json_reply(SECRET)) as running:
        async with RestClient(azure_endpoint=running.base_url.removesuffix("/v1")) as rest:
            await rest.client_secrets.create()
        received = running.received[0]
        assert received.path == "/openai/v1/realtime/client_secrets"
        assert received.headers["api-key"] == "azure-key"
        assert "authorization" not in received.headers


async def test_azure_takes_a_token_of_entra() -> None:
    async def token() -> str:
        return "entra-token"

    async with service(DONE) as running:
        endpoint = running.base_url.removesuffix("/v1")
        async with RestClient(azure_endpoint=endpoint, azure_ad_token_provider=token) as rest:
            await rest.calls.hangup("rtc_1")
        assert running.received[0].headers["authorization"] == "Bearer entra-token"


# The service's own recorded exchanges.


def recorded(name: str) -> tuple[dict[str, object], dict[str, object]]:
    path = SHARED / name
    if not path.exists():
        pytest.skip("the recorded exchanges are not on this machine")
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    return row["request"], row["response"]


def replay(request: dict[str, object], response: dict[str, object], seen: list[httpx.Request]) -> httpx.AsyncClient:
    """A client whose line answers as it was recorded."""
    body = response.get("body")
    text = cast("dict[str, str]", body)["string"] if body else json.dumps(response["parsed_body"])
    headers = cast("dict[str, list[str]]", response["headers"])
    kept = [
        (name, value)
        for name, values in headers.items()
        for value in values
        if not name.startswith(("content-e", "content-l", "transfer"))
    ]

    def answer(sent: httpx.Request) -> httpx.Response:
        seen.append(sent)
        status = cast("dict[str, int]", response["status"])["code"]
        return httpx.Response(status, headers=kept, content=text.encode())

    return httpx.AsyncClient(transport=httpx.MockTransport(answer))


async def test_the_recorded_client_secret_gives_key_and_expiry() -> None:
    request, response = recorded("http_create_client_secret.http.jsonl")
    seen: list[httpx.Request] = []
    wanted = cast("dict[str, dict[str, int]]", request["parsed_body"])
    async with replay(request, response, seen) as own, RestClient(api_key="sk-test", http_client=own) as rest:
        session = RealtimeSessionConfig.model_validate(wanted["session"])
        secret = await rest.client_secrets.create(session, expires_after=wanted["expires_after"]["seconds"])
    assert (secret.value, secret.expires_at) == ("ek_scrubbed", 1_784_852_564)
    assert isinstance(secret.session, RealtimeSession)
    assert secret.to_wire() == response["parsed_body"]
    assert str(seen[0].url) == request["uri"]
    assert json.loads(seen[0].content) == wanted


async def test_the_recorded_call_gives_the_answer_and_the_calls_id() -> None:
    request, response = recorded("http_answer_webrtc_offer.http.jsonl")
    headers = cast("dict[str, list[str]]", request["headers"])
    parts = parts_of(headers["content-type"][0], cast("str", request["body"]).encode())
    seen: list[httpx.Request] = []
    async with replay(request, response, seen) as own, RestClient(api_key="sk-test", http_client=own) as rest:
        session = RealtimeSessionConfig.model_validate_json(parts["session"][1])
        answer = await rest.calls.create(parts["sdp"][1].decode(), session)
    location = next(
        value[0]
        for name, value in cast("dict[str, list[str]]", response["headers"]).items()
        if name.lower() == "location"
    )
    assert answer.call_id == location.rsplit("/", 1)[1]
    assert answer.sdp == cast("dict[str, str]", response["body"])["string"]
    sent = parts_of(seen[0].headers["content-type"], seen[0].content)
    assert sent["sdp"] == parts["sdp"]
    assert json.loads(sent["session"][1]) == json.loads(parts["session"][1])
