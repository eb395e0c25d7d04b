"""WebRTC calls, with a bare aiortc peer as the client: the data channel, audio both ways, and every way to end."""

import asyncio
import json
import logging
import re
import sys
import threading
from collections.abc import Callable, Iterator

import aioice.ice
import numpy as np
import pytest

from realtime_typed.errors import ConnectionClosed
from realtime_typed.local import LocalCall, LocalServer, ScriptedResponder, TextReply, ToolCall
from realtime_typed.local.responder import AudioReply
from tests.unit.local.support import Event, collapsed, error_of, http_of, item_of, problem_of, socket_of, types_of
from tests.unit.local.webrtc_support import SDP, RtcPeer, call_of, speech

pytestmark = pytest.mark.anyio

MESSAGE = "conversation.item.create"
STARTED, STOPPED, CLEARED = (f"output_audio_buffer.{name}" for name in ("started", "stopped", "cleared"))
MANUAL: Event = {"type": "realtime", "audio": {"input": {"turn_detection": None}}}


def addresses(*found: str) -> Callable[[bool, bool], list[str]]:
    """What aioice asks for the machine's addresses."""
    return lambda use_ipv4, use_ipv6: list(found)


@pytest.fixture(autouse=True)
def loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client's candidates, too, are on loopback: a machine may have nothing else."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", addresses("127.0.0.1"))


@pytest.fixture
def nothing_left() -> Iterator[None]:
    threads = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) == threads


def reply_of(milliseconds: int) -> AudioReply:
    """A tone of 440 Hz."""
    time = np.arange(24 * milliseconds) / 24_000
    return AudioReply(np.rint(8000 * np.sin(2 * np.pi * 440 * time)).astype(np.int16), "one two three four")


async def over(call: LocalCall) -> None:
    """Return once the call has ended, and check that its connection is closed."""
    await call.ended()
    assert (call.state, call.peer_connection_state) == ("ended", "closed")


async def test_a_text_turn_is_spoken_over_the_track_in_the_order_of_the_service() -> None:
    async with LocalServer(responder=ScriptedResponder([reply_of(400)])) as server, call_of(server) as client:
        await client.say("Hello")
        await client.send("response.create")
        events = await client.until(STOPPED)
        assert collapsed(types_of(events)) == [
            "response.created",
            "response.output_item.added",
            "conversation.item.added",
            "response.content_part.added",
            "response.output_audio_transcript.delta",
            STARTED,
            "response.output_audio.done",
            "response.output_audio_transcript.done",
            "response.content_part.done",
            "conversation.item.done",
            "response.output_item.done",
            "response.done",
            STOPPED,
        ]
        (response_id,) = {event["response_id"] for event in events if "response_id" in event}
        assert events[-1]["response_id"] == response_id
        (call,) = server.calls
        assert (call.id, call.state, call.peer_connection_state) == (client.call_id, "active", "connected")
        assert await client.peer.heard_ms() == pytest.approx(400, abs=60)


async def test_speech_on_the_track_is_a_turn_and_is_answered_by_speech() -> None:
    async with LocalServer() as server, call_of(server) as client:
        client.peer.track.say(speech())
        events = await client.until(STOPPED)
        names = types_of(events)
        assert names.index("input_audio_buffer.speech_started") < names.index("input_audio_buffer.speech_stopped")
        assert "response.output_audio.delta" not in names
        # The echo is the turn itself, the silence at its end included.
        times = {**events[names.index("input_audio_buffer.speech_started")]}
        times |= events[names.index("input_audio_buffer.speech_stopped")]
        said = int(str(times["audio_end_ms"])) - int(str(times["audio_start_ms"]))
        assert said == pytest.approx(speech().size / 24, abs=500)
        assert await client.peer.heard_ms() == pytest.approx(
            np.ptp(np.flatnonzero(np.abs(speech()) > 500)) / 24, abs=100
        )


async def test_the_input_format_does_not_matter_to_the_track_and_a_turn_can_be_committed() -> None:
    session: Event = {
        "type": "realtime",
        "audio": {"input": {"turn_detection": None, "format": {"type": "audio/pcmu"}}},
    }
    async with LocalServer() as server, call_of(server, session=session) as client:
        client.peer.track.say(speech()[:12_000])
        await client.peer.track.said()
        await client.send("input_audio_buffer.commit")
        item = item_of(await client.last("conversation.item.done"))
        assert server.sessions[-1].history.items()[-1].audio[0].rate == 24_000
        assert item["role"] == "user"


async def test_speech_interrupts_what_is_heard_and_cuts_it_there() -> None:
    async with LocalServer(responder=ScriptedResponder([reply_of(5000)])) as server, call_of(server) as client:
        await client.say("Talk")
        await client.send("response.create")
        await client.last("response.done")
        client.peer.track.say(speech())
        events = await client.until("conversation.item.truncated")
        assert types_of(events) == ["input_audio_buffer.speech_started", CLEARED, "conversation.item.truncated"]
        cut = events[-1]
        stored = server.sessions[-1].history.get(str(cut["item_id"]))
        assert stored is not None
        assert 0 < int(str(cut["audio_end_ms"])) < 3000
        assert stored.audio[0].milliseconds == pytest.approx(int(str(cut["audio_end_ms"])), abs=1)
        assert stored.content[0]["transcript"] != "one two three four"


async def test_speech_cancels_a_response_that_is_generated_before_it_clears() -> None:
    responder = ScriptedResponder([reply_of(5000)])
    async with LocalServer(responder=responder, audio_speed=1.0) as server, call_of(server) as client:
        await client.say("Talk")
        await client.send("response.create")
        await client.last(STARTED)
        client.peer.track.say(speech())
        names = types_of(await client.until("conversation.item.truncated"))
        done, cleared = names.index("response.done"), names.index(CLEARED)
        assert names.index("input_audio_buffer.speech_started") < done < cleared


async def test_cancelling_alone_lets_what_is_queued_play_on() -> None:
    responder = ScriptedResponder([reply_of(5000)])
    async with LocalServer(responder=responder, audio_speed=1.0) as server, call_of(server, session=MANUAL) as client:
        await client.say("Talk")
        await client.send("response.create")
        await client.last(STARTED)
        await client.send("response.cancel")
        names = types_of(await client.until(STOPPED))
        assert "response.done" in names
        assert not {CLEARED, "conversation.item.truncated"} & set(names)


async def test_clearing_stops_the_audio_at_once_and_cuts_the_message() -> None:
    responder = ScriptedResponder([reply_of(5000)])
    async with LocalServer(responder=responder) as server, call_of(server, session=MANUAL) as client:
        await client.send("response.create")
        response = await client.last("response.done")
        await client.send("output_audio_buffer.clear")
        events = await client.until("conversation.item.truncated")
        assert types_of(events) == [CLEARED, "conversation.item.truncated"]
        assert events[0]["response_id"] == item_of({"item": response["response"]})["id"]
        # Nothing plays any more: neither an answer nor an error comes before that of the next event.
        await client.send("output_audio_buffer.clear")
        assert (await client.ask("input_audio_buffer.clear"))["type"] == "input_audio_buffer.cleared"


async def test_a_second_response_is_heard_after_the_first() -> None:
    responder = ScriptedResponder([reply_of(300), reply_of(300)])
    async with LocalServer(responder=responder) as server, call_of(server, session=MANUAL) as client:
        await client.send("response.create")
        first = (await client.last("response.done"))["response"]
        await client.send("response.create")
        second = (await client.last("response.done"))["response"]
        ends = [*(await client.until(STARTED)), await client.last(STOPPED)]
        assert [(event["type"], event["response_id"]) for event in ends] == [
            (STOPPED, item_of({"item": first})["id"]),
            (STARTED, item_of({"item": second})["id"]),
            (STOPPED, item_of({"item": second})["id"]),
        ]


async def test_text_and_calls_of_functions_touch_no_audio() -> None:
    responder = ScriptedResponder([[TextReply("Hi"), ToolCall("look", {"at": "it"})]])
    async with LocalServer(responder=responder) as server, call_of(server, session=MANUAL) as client:
        await client.send("response.create", response={"output_modalities": ["text"]})
        names = types_of(await client.until("response.done"))
        assert "response.function_call_arguments.done" in names
        assert not any(name.startswith("output_audio_buffer") for name in names)


async def test_the_idle_timeout_counts_from_when_the_reply_was_heard() -> None:
    detection = {"type": "server_vad", "idle_timeout_ms": 5000}
    session: Event = {"type": "realtime", "audio": {"input": {"turn_detection": detection}}}
    async with LocalServer() as server, call_of(server, session=session) as client:
        await client.say("Hi")
        await client.send("response.create")
        await client.last(STOPPED)
        heard_until = server.sessions[-1]._turns._input.position_ms  # pyright: ignore[reportPrivateUsage]  # no event tells the stream's time
        timeout = await client.last("input_audio_buffer.timeout_triggered")
        assert timeout["audio_start_ms"] == pytest.approx(heard_until, abs=100)


async def test_audio_in_events_is_refused_on_the_channel_and_on_a_sideband() -> None:
    async with (
        LocalServer() as server,
        call_of(server) as client,
        socket_of(server, f"?call_id={client.call_id}") as sideband,
    ):
        for sender in (client, sideband):
            error = error_of(await sender.ask("input_audio_buffer.append", audio="AAAA", event_id="e1"))
            assert (error["type"], error["event_id"]) == ("invalid_request_error", "e1")
            assert "input_audio_buffer.append" in str(error["message"])
            # Both connections see every event.
            await (sideband if sender is client else client).last("error")


async def test_a_sideband_sees_the_call_s_events_and_may_send() -> None:
    async with LocalServer(responder=ScriptedResponder([reply_of(200)])) as server, call_of(server) as client:
        async with socket_of(server, f"?call_id={client.call_id}") as sideband:
            await sideband.send("session.update", session={"type": "realtime", "instructions": "Be brief."})
            for end in (client, sideband):
                assert (await end.recv())["type"] == "session.updated"
            await sideband.send("response.create")
            for end in (client, sideband):
                names = types_of(await end.until(STOPPED))
                assert names.index(STARTED) < names.index("response.done")
        assert server.calls[0].state == "active"


async def test_beta_is_spoken_over_the_beta_endpoint() -> None:
    async with (
        LocalServer(beta=True, responder=ScriptedResponder([reply_of(100)])) as server,
        call_of(server, url=f"{server.base_url}/realtime?model=gpt-4o-realtime") as client,
    ):
        session = item_of({"item": client.created["session"]})
        assert (session["model"], session["voice"]) == ("gpt-4o-realtime", "alloy")
        await client.send("response.create")
        names: list[str] = []
        while STOPPED not in names:
            names.append(json.loads(await client.transport.recv())["type"])
        assert "response.audio_transcript.delta" in names
        assert STARTED in names


async def test_without_beta_there_is_no_beta_endpoint() -> None:
    async with LocalServer() as server, http_of(server) as http:
        answer = await http.post(f"{server.base_url}/realtime?model=gpt-4o-realtime", content="v=0\r\n", headers=SDP)
    assert (answer.status_code, problem_of(answer)["code"]) == (404, "unknown_url")


# --- keys and offers ------------------------------------------------------------------------------------------------


async def test_a_client_secret_opens_a_call_with_its_session() -> None:
    async with LocalServer() as server, http_of(server) as http:
        session = {"type": "realtime", "instructions": "From the secret."}
        value = (await http.post("/client_secrets", json={"session": session})).json()["value"]
        async with call_of(server, key=value, url="/calls") as client:
            assert item_of({"item": client.created["session"]})["instructions"] == "From the secret."


async def test_wrong_and_expired_keys_and_those_of_translation_open_no_call() -> None:
    translation = {"session": {"model": "gpt-realtime-translate"}}
    async with LocalServer() as server, http_of(server) as http:
        expired = (await http.post("/client_secrets")).json()["value"]
        server.expire_client_secrets()
        other = (await http.post("/translations/client_secrets", json=translation)).json()["value"]
        for key, status in (("ek_wrong", 401), (expired, 401), (other, 403)):
            async with http_of(server, key) as stranger:
                answer = await stranger.post("/calls", content="v=0\r\n", headers=SDP)
            assert answer.status_code == status
            assert key not in answer.text
        assert server.calls == []


def replacing(pattern: str, by: str) -> Callable[[str], str]:
    return lambda sdp: re.sub(pattern, by, sdp)


def without(kind: str) -> Callable[[str], str]:
    def change(sdp: str) -> str:
        head, *sections = sdp.split("m=")
        return "m=".join([head, *(section for section in sections if not section.startswith(kind))])

    return change


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (replacing(r"(?s).+", "<html>"), "invalid_offer", "audio"),
        (replacing(r"(?s).+", "m=what\r\n"), "invalid_offer", "parsed"),
        (replacing(r"(?s).+", "  "), "missing_required_parameter", "sdp"),
        (without("audio"), "invalid_offer", "audio"),
        (without("application"), "invalid_offer", "data channel"),
        (replacing("a=ice-ufrag", "a=x"), "invalid_offer", "ICE"),
        (replacing("opus|PCM.|G722", "own"), "invalid_offer", "audio"),
    ],
)
async def test_an_offer_that_cannot_be_answered_is_a_400(change: Callable[[str], str], code: str, said: str) -> None:
    peer = RtcPeer()
    try:
        async with LocalServer() as server, http_of(server) as http:
            answer = await http.post("/calls", content=await peer.offer(change), headers=SDP)
            assert (server.calls, server.sessions) == ([], [])
    finally:
        await peer.close()
    assert (answer.status_code, problem_of(answer)["code"]) == (400, code)
    assert said in str(problem_of(answer)["message"])


async def test_an_offer_without_opus_is_answered_in_g711_and_video_is_turned_down() -> None:
    peer = RtcPeer()
    peer.connection.addTransceiver("video", "sendrecv")
    async with asyncio.timeout(20), LocalServer(responder=ScriptedResponder([reply_of(300)])) as server:
        async with http_of(server) as http:
            offer = await peer.offer(replacing("opus|G722", "own"))
            answer = await http.post("/calls", content=offer, headers=SDP)
        await peer.take(answer)
        try:
            audio, video, _ = answer.text.split("m=")[1:]
            assert audio.split()[3] == "0"
            assert "a=inactive" in video
            await peer.recv()
            await peer.send('{"type": "response.create"}')
            while json.loads(await peer.recv())["type"] != STOPPED:
                pass
            assert await peer.heard_ms() == pytest.approx(300, abs=60)
        finally:
            await peer.close()


async def test_an_offer_without_candidates_is_answered_as_browsers_send_it_at_once() -> None:
    peer = RtcPeer()
    async with asyncio.timeout(20), LocalServer() as server:
        try:
            async with http_of(server) as http:
                offer = await peer.offer(replacing(r"a=(candidate|end-of).*\r\n", ""))
                await peer.take(await http.post("/calls", content=offer, headers=SDP))
            assert json.loads(await peer.recv())["type"] == "session.created"
        finally:
            await peer.close()


async def test_a_client_that_wants_to_hear_nothing_is_told_when_it_would_have() -> None:
    peer = RtcPeer()
    async with asyncio.timeout(20), LocalServer(responder=ScriptedResponder([reply_of(100)])) as server:
        try:
            async with http_of(server) as http:
                offer = await peer.offer(replacing("a=sendrecv", "a=sendonly"))
                await peer.take(await http.post("/calls", content=offer, headers=SDP))
            await peer.recv()
            await peer.send('{"type": "response.create"}')
            while json.loads(await peer.recv())["type"] != STOPPED:
                pass
        finally:
            await peer.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
async def test_a_server_on_loopback_offers_no_other_address_for_media(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = RtcPeer()
    try:
        offer = await peer.offer()
        monkeypatch.setattr(aioice.ice, "get_host_addresses", addresses("127.0.0.1", "127.0.0.2"))
        try:
            server = LocalServer(host=host)
            async with server, http_of(server) as http:
                answer = await http.post("/calls", content=offer, headers=SDP)
        except OSError:
            pytest.skip(f"this machine has no {host}")
    finally:
        await peer.close()
    assert set(re.findall(r"a=candidate:\S+ 1 udp \d+ (\S+)", answer.text)) == {host}


async def test_other_bodies_are_refused() -> None:
    async with LocalServer(beta=True) as server, http_of(server) as http:
        for url in ("/calls", f"{server.base_url}/realtime?model=m"):
            answer = await http.post(url, json={"sdp": "v=0"})
            assert (answer.status_code, problem_of(answer)["code"]) == (400, "unsupported_content_type")
        answer = await http.post(f"{server.base_url}/realtime", content="v=0\r\n", headers=SDP)
        assert (answer.status_code, problem_of(answer)["code"]) == (400, "missing_model")


async def test_without_aiortc_the_answer_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiortc", None)
    for name in ("webrtc", "webrtc_channel"):
        monkeypatch.delitem(sys.modules, f"realtime_typed.local.{name}", raising=False)
    async with LocalServer() as server, http_of(server) as http:
        answer = await http.post("/calls", content="v=0\r\n", headers=SDP)
    assert (answer.status_code, problem_of(answer)["type"]) == (501, "server_error")
    assert "realtime-typed[webrtc]" in str(problem_of(answer)["message"])


async def test_one_call_more_than_allowed_is_a_429() -> None:
    async with LocalServer(max_calls=1) as server, call_of(server) as client:
        async with http_of(server) as http:
            answer = await http.post("/calls", content=await client.peer.offer(), headers=SDP)
            assert (answer.status_code, problem_of(answer)["code"]) == (429, "rate_limit_exceeded")
            await http.post(f"/calls/{client.call_id}/hangup")
        await over(server.calls[0])
        async with call_of(server):
            assert len(server.calls) == 2


# --- ends -----------------------------------------------------------------------------------------------------------


async def test_hanging_up_closes_channel_and_connection() -> None:
    async with LocalServer() as server, call_of(server) as client:
        async with http_of(server) as http:
            assert (await http.post(f"/calls/{client.call_id}/hangup")).status_code == 200
            assert isinstance(await client.closed(), ConnectionClosed)
            assert (await http.post(f"/calls/{client.call_id}/hangup")).status_code == 404
        await over(server.calls[0])


async def test_the_time_limit_closes_the_call_after_saying_so() -> None:
    async with LocalServer(max_session_seconds=0.2) as server, call_of(server) as client:
        error = error_of(await client.last("error"))
        assert error["code"] == "session_expired"
        await client.closed()
        await over(server.calls[0])


async def test_a_client_that_closes_ends_its_call_in_mid_reply() -> None:
    async with LocalServer(responder=ScriptedResponder([reply_of(5000)])) as server:
        async with call_of(server) as client:
            await client.send("response.create")
            await client.last(STARTED)
        async with asyncio.timeout(5):
            await over(server.calls[0])
        assert server.sessions[-1].closed is not None


async def test_a_client_that_closes_its_channel_ends_its_call() -> None:
    async with LocalServer() as server, call_of(server) as client:
        client.peer.channel.close()
        await over(server.calls[0])


async def test_a_client_that_dies_loses_consent_and_its_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.1)
    monkeypatch.setattr(aioice.ice, "CONSENT_FAILURES", 2)
    async with LocalServer() as server, call_of(server) as client:
        session = server.sessions[-1]
        ice = client.peer.connection.getTransceivers()[0].receiver.transport.transport
        for protocol in ice._connection._protocols:  # pyright: ignore[reportPrivateUsage]  # no public way kills a peer without a word
            protocol.transport.abort()
        await over(server.calls[0])
        assert session.closed is not None


async def test_a_client_that_never_connects_is_hung_up_by_anybody() -> None:
    peer = RtcPeer()
    async with asyncio.timeout(20), LocalServer() as server:
        async with http_of(server) as http:
            answer = await http.post("/calls", content=await peer.offer(), headers=SDP)
            (call,) = server.calls
            assert call.state == "active"
            assert answer.headers["location"].endswith(call.id)
            assert (await http.post(f"/calls/{call.id}/hangup")).status_code == 200
        await over(call)
        await peer.close()


async def test_a_client_that_never_connects_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("realtime_typed.local.media._CONNECT_S", 0.05)
    peer = RtcPeer()
    async with asyncio.timeout(20), LocalServer() as server:
        async with http_of(server) as http:
            await http.post("/calls", content=await peer.offer(), headers=SDP)
        await over(server.calls[0])
        await peer.close()


async def test_for_an_event_that_is_too_long_the_client_gets_an_error(caplog: pytest.LogCaptureFixture) -> None:
    peer = RtcPeer()
    async with asyncio.timeout(20), LocalServer() as server:
        try:
            async with http_of(server) as http:
                offer = await peer.offer(replacing(r"max-message-size:\d+", "max-message-size:4000"))
                await peer.take(await http.post("/calls", content=offer, headers=SDP))
            assert json.loads(await peer.recv())["type"] == "session.created"
            with caplog.at_level(logging.ERROR, "realtime_typed.local"):
                update = {"type": "realtime", "instructions": "x" * 4000}
                await peer.send(json.dumps({"type": "session.update", "session": update}))
                error = json.loads(await peer.recv())
            assert (error["type"], error["error"]["code"]) == ("error", "event_too_large")
            assert "max-message-size:4000" in error["error"]["message"]
            assert "max-message-size:4000" in caplog.text
            assert server.calls[0].state == "active"
        finally:
            await peer.close()


@pytest.mark.usefixtures("nothing_left")
async def test_a_server_that_stops_ends_its_calls_and_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    talking, connecting = RtcPeer(), RtcPeer()
    async with asyncio.timeout(20):
        responder = ScriptedResponder([reply_of(5000)])
        async with LocalServer(responder=responder) as server, http_of(server) as http:
            await talking.take(await http.post("/calls", content=await talking.offer(), headers=SDP))
            await talking.recv()
            await talking.send('{"type": "response.create"}')
            while json.loads(await talking.recv())["type"] != "response.done":
                pass
            await http.post("/calls", content=await connecting.offer(), headers=SDP)
        assert [(call.state, call.peer_connection_state) for call in server.calls] == [("ended", "closed")] * 2
        assert server.sessions[0].closed == (1001, "the server is shutting down")
        await talking.close()
        await connecting.close()
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left)
