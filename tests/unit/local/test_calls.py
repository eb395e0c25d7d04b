"""Calls over HTTP: webhook, accept, reject, refer, hang up, and the SDP offer that only a hook answers."""

import asyncio
import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable

import httpx
import pytest

from realtime_typed._generated.realtime.rest import RealtimeCallIncoming
from realtime_typed.local import LocalCall, LocalServer
from realtime_typed.local.calls import sign_webhook
from tests.unit.local.support import Event, http_of, problem_of, socket_of

pytestmark = pytest.mark.anyio

SESSION: Event = {"type": "realtime", "model": "gpt-realtime", "instructions": "Answer the phone."}
OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\n"


async def post(server: LocalServer, call_id: str, verb: str, body: object = None) -> httpx.Response:
    async with http_of(server) as http:
        return await http.post(f"/calls/{call_id}/{verb}", content=b"" if body is None else json.dumps(body))


async def accepted(server: LocalServer) -> LocalCall:
    call = server.incoming_call()
    answer = await post(server, call.id, "accept", SESSION)
    assert (answer.status_code, answer.content) == (200, b"")
    return call


async def test_an_incoming_call_comes_with_a_webhook_signed_after_standard_webhooks() -> None:
    async with LocalServer() as server:
        call = server.incoming_call({"From": "<sip:alice@example.com>"}, timestamp=1_700_000_000)
    event = RealtimeCallIncoming.model_validate_json(call.webhook_body, strict=True)
    headers = call.webhook_headers
    assert event.data.call_id == call.id
    assert call.id.startswith("rtc_")
    assert [(header.name, header.value) for header in event.data.sip_headers] == [("From", "<sip:alice@example.com>")]
    assert (headers["webhook-id"], headers["webhook-timestamp"]) == (event.id, "1700000000")
    key = base64.b64decode(server.webhook_secret.removeprefix("whsec_"))
    signed = f"{event.id}.1700000000.".encode() + call.webhook_body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_the_signature_is_that_of_the_standard_s_own_example() -> None:
    signature = sign_webhook(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_an_accepted_call_runs_a_session_as_asked() -> None:
    async with LocalServer() as server:
        call = await accepted(server)
        assert call.state == "active"
        assert call.session is server.sessions[-1]
        assert call.session is not None
        assert call.session.config["instructions"] == "Answer the phone."
        assert server.calls == [call]


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"type": "realtime", "voice": "alloy"}, "unknown_parameter", "voice"),
        ({"type": "realtime", "output_modalities": ["text", "audio"]}, "invalid_value", "output_modalities"),
        ("text", "invalid_type", None),
    ],
)
async def test_accepting_with_a_wrong_session_leaves_the_call_waiting(
    body: object, code: str, param: str | None
) -> None:
    async with LocalServer() as server:
        call = server.incoming_call()
        answer = await post(server, call.id, "accept", body)
        assert answer.status_code == 400
        error = problem_of(answer)
        assert (error["code"], error["param"]) == (code, param)
        assert call.state == "incoming"
        assert len(server.sessions) == 0


@pytest.mark.parametrize(("body", "status"), [(None, 603), ({}, 603), ({"status_code": 486}, 486)])
async def test_a_rejected_call_is_over(body: object, status: int) -> None:
    async with LocalServer() as server:
        call = server.incoming_call()
        assert (await post(server, call.id, "reject", body)).status_code == 200
        assert (call.state, call.status_code) == ("rejected", status)
        again = await post(server, call.id, "accept", SESSION)
        assert (again.status_code, problem_of(again)["code"]) == (404, "call_id_not_found")


async def test_a_referred_call_is_over_and_its_session_ends() -> None:
    async with LocalServer() as server:
        call = await accepted(server)
        missing = await post(server, call.id, "refer", {})
        assert problem_of(missing)["param"] == "target_uri"
        assert (await post(server, call.id, "refer", {"target_uri": "tel:+15550101"})).status_code == 200
        assert (call.state, call.target_uri) == ("referred", "tel:+15550101")
        assert call.session is not None
        assert call.session.closed == (1000, "")


async def test_hanging_up_ends_the_session_once() -> None:
    async with LocalServer() as server:
        call = await accepted(server)
        assert (await post(server, call.id, "hangup")).status_code == 200
        assert call.state == "ended"
        again = await post(server, call.id, "hangup")
        assert again.status_code == 404


async def test_a_call_whose_session_ended_by_itself_is_over() -> None:
    async with LocalServer() as server:
        call = await accepted(server)
        assert call.session is not None
        call.session.close(1001, "")
        assert call.state == "ended"
        assert (await post(server, call.id, "hangup")).status_code == 404


@pytest.mark.parametrize("verb", ["accept", "reject", "refer", "hangup"])
async def test_an_unknown_call_is_a_404_in_json(verb: str) -> None:
    async with LocalServer() as server:
        answer = await post(server, "rtc_nobody", verb, {})
    assert answer.status_code == 404
    assert problem_of(answer)["code"] == "call_id_not_found"
    assert "rtc_nobody" not in answer.text


async def test_what_does_not_fit_the_call_s_state_is_a_400() -> None:
    async with LocalServer() as server:
        active, waiting = await accepted(server), server.incoming_call()
        for call, verb, body in ((active, "accept", SESSION), (waiting, "refer", {"target_uri": "tel:+1"})):
            answer = await post(server, call.id, verb, body)
            assert (answer.status_code, problem_of(answer)["code"]) == (400, "invalid_call_state")


async def test_calls_need_the_api_key() -> None:
    async with LocalServer() as server:
        call = server.incoming_call()
        async with http_of(server) as http:
            value = (await http.post("/client_secrets")).json()["value"]
        for key, status in (("sk-wrong", 401), (value, 403)):
            async with http_of(server, key) as http:
                answer = await http.post(f"/calls/{call.id}/accept", json=SESSION)
            assert answer.status_code == status
        assert call.state == "incoming"


def recorded(offers: list[str]) -> Callable[[str], str]:
    def answer(offer: str) -> str:
        offers.append(offer)
        return "v=0\r\ns=answer\r\n"

    return answer


def location_of(answer: httpx.Response) -> str:
    assert answer.status_code == 201, answer.text
    assert answer.text == "v=0\r\ns=answer\r\n"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    found = re.fullmatch(r"/v1/realtime/calls/(rtc_\w+)", answer.headers["location"])
    assert found is not None
    return found[1]


async def test_a_hook_answers_a_raw_offer_with_a_client_secret_s_session() -> None:
    offers: list[str] = []
    async with LocalServer(answer_sdp=recorded(offers)) as server:
        async with http_of(server) as http:
            value = (await http.post("/client_secrets", json={"session": SESSION})).json()["value"]
        async with http_of(server, value) as http:
            answer = await http.post("/calls", content=OFFER, headers={"Content-Type": "application/sdp"})
        (call,) = server.calls
        assert call.id == location_of(answer)
        assert call.session is not None
        assert call.session.config["instructions"] == "Answer the phone."
    assert offers == [OFFER]


async def test_a_hook_answers_a_form_with_the_session_in_it() -> None:
    offers: list[str] = []
    async with LocalServer(answer_sdp=recorded(offers)) as server, http_of(server) as http:
        parts = {
            "sdp": (None, OFFER, "application/sdp"),
            "session": (None, json.dumps(SESSION), "application/json"),
        }
        location_of(await http.post("/calls", files=parts))
        assert server.sessions[0].config["instructions"] == "Answer the phone."
        wrong = await http.post("/calls", files=parts | {"session": (None, '{"type": 1}', "application/json")})
        assert wrong.status_code == 400
        empty = await http.post("/calls", files={"session": parts["session"]})
        assert problem_of(empty)["param"] == "sdp"
        other = await http.post("/calls", json={"sdp": OFFER})
        assert problem_of(other)["code"] == "unsupported_content_type"
    assert offers == [OFFER]


async def test_a_form_without_parts_is_a_bad_request() -> None:
    async with LocalServer(answer_sdp=recorded([])) as server, http_of(server) as http:
        for content_type in ("multipart/form-data", "multipart/form-data; boundary=x"):
            answer = await http.post("/calls", content=b"--y\r\n", headers={"Content-Type": content_type})
            assert (answer.status_code, problem_of(answer)["param"]) == (400, "sdp")


async def test_a_hook_that_fails_is_a_500_that_tells_nothing_of_it(caplog: pytest.LogCaptureFixture) -> None:
    def broken(offer: str) -> str:
        raise LookupError("no codec in common")

    async with LocalServer(answer_sdp=broken) as server, http_of(server) as http:
        answer = await http.post("/calls", content=OFFER, headers={"Content-Type": "application/sdp"})
        assert server.calls == []
    assert (answer.status_code, problem_of(answer)["type"]) == (500, "server_error")
    assert "codec" not in answer.text
    assert "no codec in common" in caplog.text


async def test_leaving_the_server_ends_calls_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with asyncio.timeout(20):
        async with LocalServer() as server:
            call = await accepted(server)
            async with socket_of(server, f"?call_id={call.id}") as client:
                await client.ask("input_audio_buffer.clear")
            assert call.state == "active"
        assert call.session is not None
        assert call.session.closed == (1001, "the server is shutting down")
    assert asyncio.all_tasks() == before


async def test_a_wrong_method_and_a_wrong_path_are_answered_in_json() -> None:
    async with LocalServer() as server, http_of(server) as http:
        method = await http.get("/client_secrets")
        path = await http.post("/calls/rtc_x/sing")
    assert (method.status_code, problem_of(method)["code"]) == (405, "method_not_supported")
    assert (path.status_code, problem_of(path)["code"]) == (404, "unknown_url")
