"""Every HTTP endpoint against the embedded server: keys, WebRTC calls without media, SIP calls to their end."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from realtime_typed import (
    AuthenticationError,
    ConnectError,
    RealtimeClient,
    RestClient,
    RestError,
    WebhookVerificationError,
)
from realtime_typed.local import LocalServer
from realtime_typed.sip import ReplayGuard, parse_incoming_call
from realtime_typed.types import RealtimeSession, RealtimeSessionConfig, TranscriptionSession

pytestmark = pytest.mark.anyio

OFFER = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
ANSWER = "v=0\r\no=- 2 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
SESSION = RealtimeSessionConfig(model="gpt-realtime", instructions="Be kind.", output_modalities=["text"])


@pytest.fixture
async def server() -> AsyncIterator[LocalServer]:
    async with asyncio.timeout(30), LocalServer(answer_sdp=lambda offer: ANSWER) as running:
        yield running


@pytest.fixture
async def rest(server: LocalServer) -> AsyncIterator[RestClient]:
    async with RestClient(api_key=server.api_key, base_url=server.base_url, max_retries=0) as made:
        yield made


# Keys.


async def test_a_short_lived_key_opens_the_session_that_it_was_made_for(server: LocalServer, rest: RestClient) -> None:
    secret = await rest.client_secrets.create(SESSION, expires_after=60)
    assert secret.value.startswith("ek_")
    assert isinstance(secret.session, RealtimeSession)
    assert secret.session.instructions == "Be kind."
    async with RealtimeClient(api_key=secret.value, base_url=server.base_url) as client:
        created = await client.wait_for_session_created()
        assert isinstance(created.session, RealtimeSession)
        assert created.session.instructions == "Be kind."


async def test_an_expired_key_opens_nothing(server: LocalServer, rest: RestClient) -> None:
    secret = await rest.client_secrets.create(SESSION)
    server.expire_client_secrets()
    with pytest.raises(ConnectError) as refused:
        await RealtimeClient(api_key=secret.value, base_url=server.base_url).connect()
    assert refused.value.status == 401
    async with RestClient(api_key=secret.value, base_url=server.base_url) as old:
        with pytest.raises(AuthenticationError) as caught:
            await old.calls.create(OFFER)
    assert caught.value.status == 401
    assert caught.value.code
    assert secret.value not in f"{caught.value!r} {caught.value.body}"


async def test_a_key_for_transcription_has_a_session_of_that_kind(rest: RestClient) -> None:
    secret = await rest.client_secrets.create({"type": "transcription"})
    assert isinstance(secret.session, TranscriptionSession)


async def test_a_key_for_translation_has_a_session_of_that_kind(rest: RestClient) -> None:
    secret = await rest.translations.client_secrets.create({"model": "gpt-realtime-translate"}, expires_after=60)
    assert secret.value.startswith("ek_")
    assert secret.session.model == "gpt-realtime-translate"


async def test_a_wrong_key_makes_no_keys(server: LocalServer) -> None:
    async with RestClient(api_key="sk-wrong-0123456789", base_url=server.base_url) as wrong:
        with pytest.raises(AuthenticationError) as caught:
            await wrong.client_secrets.create()
    assert (caught.value.status, caught.value.code) == (401, "invalid_api_key")
    assert caught.value.request_id is not None
    assert "sk-wrong-0123456789" not in str(caught.value)


async def test_the_beta_endpoints_make_keys_where_beta_is_spoken() -> None:
    async with asyncio.timeout(30), LocalServer(beta=True) as server:
        rest = RestClient(api_key=server.api_key, base_url=server.base_url)
        async with rest:
            session = await rest.sessions.create({"model": "gpt-4o-realtime-preview", "instructions": "Be kind."})
            transcription = await rest.transcription_sessions.create({"input_audio_format": "pcm16"})
    assert session.client_secret.value.startswith("ek_")
    assert session.instructions == "Be kind."
    assert transcription.client_secret is not None
    assert transcription.input_audio_format == "pcm16"


async def test_the_beta_endpoints_are_gone_elsewhere(rest: RestClient) -> None:
    with pytest.raises(RestError) as first:
        await rest.sessions.create()
    with pytest.raises(RestError) as second:
        await rest.transcription_sessions.create()
    assert first.value.status == second.value.status
    assert first.value.status in (400, 404)


# WebRTC calls.


async def test_a_call_is_made_with_an_api_key_attached_to_and_hung_up(server: LocalServer, rest: RestClient) -> None:
    answer = await rest.calls.create(OFFER, SESSION)
    assert answer.sdp == ANSWER
    assert answer.call_id is not None
    async with RealtimeClient(api_key=server.api_key, base_url=server.base_url, call_id=answer.call_id) as client:
        # The call has its session, so nobody is told of a new one; a change is answered with the whole.
        async with client.events["session.updated"].expect(timeout=10) as updated:
            await client.update_session(output_modalities=["text"])
        assert isinstance(updated.event.session, RealtimeSession)
        assert updated.event.session.instructions == "Be kind."
        await rest.calls.hangup(answer.call_id)
    assert server.calls[0].state == "ended"
    with pytest.raises(RestError) as caught:
        await rest.calls.hangup(answer.call_id)
    assert caught.value.status == 404


async def test_a_call_is_made_with_a_short_lived_key(server: LocalServer, rest: RestClient) -> None:
    secret = await rest.client_secrets.create(SESSION)
    async with RestClient(api_key=secret.value, base_url=server.base_url) as browser:
        answer = await browser.calls.create(OFFER)
    assert (answer.sdp, answer.call_id) == (ANSWER, server.calls[0].id)


async def test_an_offer_that_nobody_can_answer_is_refused_with_the_reason() -> None:
    async with (
        asyncio.timeout(30),
        LocalServer() as bare,
        RestClient(api_key=bare.api_key, base_url=bare.base_url) as rest,
    ):
        with pytest.raises(RestError) as caught:
            await rest.calls.create(OFFER, SESSION)
    assert (caught.value.status, caught.value.code) == (400, "invalid_offer")


# SIP calls.


async def test_an_incoming_call_is_verified_accepted_attached_to_and_ended(
    server: LocalServer, rest: RestClient
) -> None:
    call = server.incoming_call({"From": "sip:+14155550123@example.com"})
    incoming = parse_incoming_call(call.webhook_body, call.webhook_headers, server.webhook_secret)
    assert incoming.data.call_id == call.id
    assert [(header.name, header.value) for header in incoming.data.sip_headers] == [
        ("From", "sip:+14155550123@example.com")
    ]
    await rest.calls.accept(call.id, SESSION)
    async with RealtimeClient(api_key=server.api_key, base_url=server.base_url, call_id=call.id) as client:
        async with client.events["response.done"].expect(timeout=10) as done:
            await client.send_user_message_content([{"type": "input_text", "text": "Hello"}])
        assert done.event.response.status == "completed"
        await rest.calls.refer(call.id, "tel:+14155550199")
    assert call.target_uri == "tel:+14155550199"


async def test_an_incoming_call_is_rejected_once(server: LocalServer, rest: RestClient) -> None:
    call = server.incoming_call()
    await rest.calls.reject(call.id, status_code=486)
    assert (call.state, call.status_code) == ("rejected", 486)
    with pytest.raises(RestError) as caught:
        await rest.calls.accept(call.id, SESSION)
    assert caught.value.status in (404, 409)


async def test_the_webhook_of_a_call_is_believed_once_and_with_its_secret_only(server: LocalServer) -> None:
    guard, call = ReplayGuard(), server.incoming_call()
    with pytest.raises(WebhookVerificationError) as wrong:
        parse_incoming_call(call.webhook_body, call.webhook_headers, "whsec_c29tZXRoaW5nIGVsc2U=", replay_guard=guard)
    parse_incoming_call(call.webhook_body, call.webhook_headers, server.webhook_secret, replay_guard=guard)
    with pytest.raises(WebhookVerificationError) as again:
        parse_incoming_call(call.webhook_body, call.webhook_headers, server.webhook_secret, replay_guard=guard)
    old = server.incoming_call(timestamp=1_700_000_000)
    with pytest.raises(WebhookVerificationError) as late:
        parse_incoming_call(old.webhook_body, old.webhook_headers, server.webhook_secret, replay_guard=guard)
    assert [caught.value.reason for caught in (wrong, again, late)] == ["signature", "replayed", "timestamp"]


async def test_a_call_that_nobody_knows_is_not_found(rest: RestClient) -> None:
    for act in (rest.calls.hangup("rtc_none"), rest.calls.accept("rtc_none", SESSION), rest.calls.reject("rtc_none")):
        with pytest.raises(RestError) as caught:
            await act
        assert caught.value.status == 404
