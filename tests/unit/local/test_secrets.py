"""Client secrets: what makes one, what it opens, and when it ends."""

import asyncio

import pytest

from realtime_typed._generated.realtime.rest import ClientSecret
from realtime_typed._generated.translation.rest import ClientSecret as TranslationSecret
from realtime_typed.errors import ConnectError
from realtime_typed.local import LocalServer
from realtime_typed.local.access import HttpError, Keys
from realtime_typed.transports.websocket import WebSocketTransport
from tests.unit.local.support import Event, http_of, problem_of, socket_of

pytestmark = pytest.mark.anyio

TRANSCRIBES = {"type": "transcription", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}


async def minted(server: LocalServer, session: Event, path: str = "/client_secrets") -> Event:
    async with http_of(server) as http:
        answer = await http.post(path, json={"session": session})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def refused(server: LocalServer, query: str, key: str) -> int | None:
    transport = WebSocketTransport(server.ws_url + query, headers={"Authorization": f"Bearer {key}"})
    with pytest.raises(ConnectError) as caught:
        await transport.connect()
    assert key not in str(caught.value.body)
    return caught.value.status


async def test_a_secret_is_answered_as_the_service_answers_it() -> None:
    session = {"type": "realtime", "model": "gpt-realtime", "instructions": "Be brief."}
    async with LocalServer(voice="cedar") as server, http_of(server) as http:
        body = {"expires_after": {"anchor": "created_at", "seconds": 60}, "session": session}
        answer = await http.post("/client_secrets", json=body)
    secret = ClientSecret.model_validate_json(answer.content, strict=True)
    assert answer.status_code == 200
    assert answer.headers["x-request-id"].startswith("req_")
    assert secret.value.startswith("ek_")
    shown = answer.json()["session"]
    assert shown["instructions"] == "Be brief."
    assert shown["audio"]["output"]["voice"] == "cedar"
    assert shown["expires_at"] == 0


async def test_a_secret_lasts_ten_minutes_unless_told_otherwise() -> None:
    async with LocalServer() as server, http_of(server) as http:
        short = (await http.post("/client_secrets", json={"expires_after": {"seconds": 10}})).json()
        usual = (await http.post("/client_secrets")).json()
    assert 580 <= usual["expires_at"] - short["expires_at"] <= 595
    assert usual["session"]["type"] == "realtime"
    assert usual["session"]["model"] == "gpt-realtime"


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        ({"expires_after": {"seconds": 9}}, "integer_below_min_value", "expires_after.seconds"),
        ({"expires_after": {"seconds": 7201}}, "integer_above_max_value", "expires_after.seconds"),
        ({"expires_after": {"anchor": "now"}}, "invalid_value", "expires_after.anchor"),
        ({"session": {"model": "m"}}, "missing_required_parameter", "session.type"),
        ({"session": {"type": "realtime", "modalities": ["text"]}}, "unknown_parameter", "session.modalities"),
        (
            {"session": {"type": "realtime", "output_modalities": ["text", "audio"]}},
            "invalid_value",
            "session.output_modalities",
        ),
        ([], "invalid_type", None),
    ],
)
async def test_a_wrong_request_is_a_400_that_names_the_parameter(body: object, code: str, param: str | None) -> None:
    async with LocalServer() as server, http_of(server) as http:
        answer = await http.post("/client_secrets", json=body)
    assert answer.status_code == 400
    error = problem_of(answer)
    assert (error["code"], error["param"]) == (code, param)
    assert error["type"] == "invalid_request_error"


async def test_a_body_that_is_no_json_or_too_large_is_refused() -> None:
    async with LocalServer() as server, http_of(server) as http:
        broken = await http.post("/client_secrets", content=b"{")
        large = await http.post("/client_secrets", content=b" " * (1024 * 1024 + 1))
    assert (broken.status_code, problem_of(broken)["code"]) == (400, "invalid_json")
    assert (large.status_code, problem_of(large)["code"]) == (413, "request_too_large")


async def test_only_the_api_key_makes_secrets() -> None:
    async with LocalServer() as server:
        value = str((await minted(server, {"type": "realtime"}))["value"])
        async with http_of(server, value) as by_secret, http_of(server, "sk-wrong") as by_wrong:
            own = await by_secret.post("/client_secrets")
            wrong = await by_wrong.post("/client_secrets")
    assert (own.status_code, problem_of(own)["code"]) == (403, "insufficient_permissions")
    assert (wrong.status_code, problem_of(wrong)["code"]) == (401, "invalid_api_key")
    assert value not in own.text
    assert "sk-wrong" not in wrong.text


async def test_a_secret_opens_sessions_with_its_configuration_again_and_again() -> None:
    session: Event = {"type": "realtime", "model": "gpt-realtime-mini", "output_modalities": ["text"]}
    async with LocalServer() as server:
        value = str((await minted(server, session))["value"])
        for query in ("?model=other", ""):
            async with socket_of(server, query, key=value) as client:
                shown = (await client.recv())["session"]
                assert isinstance(shown, dict)
                assert shown["output_modalities"] == ["text"]
                assert shown["model"] == (query.removeprefix("?model=") or "gpt-realtime-mini")
                assert shown["expires_at"] > 0


async def test_a_secret_may_come_as_a_subprotocol() -> None:
    async with LocalServer() as server:
        value = str((await minted(server, {"type": "realtime"}))["value"])
        url = f"{server.ws_url}?model=m"
        offered = ["realtime", f"openai-insecure-api-key.{value}"]
        transport = WebSocketTransport(url, subprotocols=offered)
        async with asyncio.timeout(20):
            await transport.connect()
            assert '"session.created"' in str(await transport.recv())
            await transport.close()


async def test_a_secret_of_a_transcription_session_needs_no_intent() -> None:
    async with LocalServer() as server:
        value = str((await minted(server, dict(TRANSCRIBES)))["value"])
        async with socket_of(server, "", key=value) as client:
            shown = (await client.recv())["session"]
            assert isinstance(shown, dict)
            assert shown["type"] == "transcription"
            assert shown["audio"]["input"]["transcription"]["model"] == "whisper-1"


async def test_an_expired_secret_opens_nothing_but_its_session_goes_on() -> None:
    async with LocalServer() as server:
        value = str((await minted(server, {"type": "realtime"}))["value"])
        async with socket_of(server, "?model=m", key=value) as client:
            await client.recv()
            server.expire_client_secrets()
            assert await refused(server, "?model=m", value) == 401
            assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"
        later = str((await minted(server, {"type": "realtime"}))["value"])
        async with socket_of(server, "?model=m", key=later) as client:
            assert (await client.recv())["type"] == "session.created"


def test_a_secret_expires_by_the_clock() -> None:
    now = 1000.0
    keys = Keys("sk-x", clock=lambda: now)
    secret = keys.mint("realtime", 10, {"type": "realtime"})
    now = 1009.9
    assert keys.check(secret.value) is secret
    now = 1010.0
    with pytest.raises(HttpError, match="expired"):
        keys.check(secret.value)


async def test_a_translation_secret_opens_translations_and_nothing_else() -> None:
    session: Event = {"model": "gpt-realtime-translate", "audio": {"output": {"language": "es"}}}
    async with LocalServer() as server:
        made = await minted(server, session, "/translations/client_secrets")
        value = TranslationSecret.model_validate(made, strict=True).value
        async with socket_of(server, "/translations", key=value) as client:
            assert '"language":"es"' in str(await client.transport.recv())
        assert await refused(server, "?model=m", value) == 403
        other = str((await minted(server, {"type": "realtime"}))["value"])
        assert await refused(server, "/translations?model=m", other) == 403


async def test_a_translation_secret_needs_a_model() -> None:
    async with LocalServer() as server, http_of(server) as http:
        answer = await http.post("/translations/client_secrets", json={"session": {}})
    assert answer.status_code == 400
    assert problem_of(answer)["param"] == "session.model"
