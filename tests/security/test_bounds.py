"""Nothing that a service sends is read, kept or unfolded without a bound: one test a rule of `rules.py`."""

import asyncio
import base64
import json
import tracemalloc
from collections.abc import Callable, Iterable
from typing import Final

import pytest
from starlette.requests import Request
from websockets.asyncio.server import ServerConnection, serve

from realtime_typed._active_responses import ActiveResponses
from realtime_typed._endpoints import Endpoint
from realtime_typed._keys import KeySource
from realtime_typed._rate_limit import RateLimit, Window
from realtime_typed._signalling import MAX_SDP, Signalling
from realtime_typed.api import RealtimeAPI
from realtime_typed.codec import Codec, decode_client_event
from realtime_typed.conversation import Conversation
from realtime_typed.errors import (
    ConnectError,
    ConnectionClosed,
    EphemeralKeyError,
    InvalidResponseError,
    ProtocolError,
    RestError,
    ToolError,
)
from realtime_typed.local import LocalServer
from realtime_typed.rest import RestClient
from realtime_typed.tools import ToolRegistry
from realtime_typed.transports._fragments import FragmentError, Fragments
from realtime_typed.transports._webrtc_answer import read_answer
from realtime_typed.transports.websocket import WebSocketTransport
from realtime_typed.transports.websocket_options import WebSocketOptions
from tests.unit.rest.service import Reply, json_reply, service

pytestmark = pytest.mark.anyio

DEEP: Final = "[" * 100_000 + "]" * 100_000
JSON_TYPE: Final = {"Content-Type": "application/json"}
OFFER: Final = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"


# --- bodies ---------------------------------------------------------------------------------------------------------


async def test_an_answer_of_more_than_a_mebibyte_is_not_read() -> None:
    async with (
        service(json_reply({"value": "ek_1", "more": "x" * 1024 * 1024})) as running,
        RestClient(base_url=running.base_url, api_key="sk-1", max_retries=0) as rest,
    ):
        with pytest.raises(InvalidResponseError, match="longer than 1048576 bytes"):
            await rest.client_secrets.create()


async def test_the_answer_of_a_backend_of_more_than_64_kibibytes_is_not_read() -> None:
    async with service(json_reply({"ephemeral_key": "ek_1", "more": "x" * 64 * 1024})) as running:
        source = KeySource(Endpoint(), fetch_ephemeral_key_url=f"http://127.0.0.1:{running.port}/key")
        with pytest.raises(EphemeralKeyError) as caught:
            await source.headers()
    assert caught.value.reason == "too_long"


async def test_nothing_is_asked_for_that_grows_when_it_is_unpacked() -> None:
    async with service(json_reply({"ephemeral_key": "ek_1", "value": "ek_1"})) as running:
        async with RestClient(base_url=running.base_url, api_key="sk-1") as rest:
            await rest.client_secrets.create()
        await KeySource(Endpoint(), fetch_ephemeral_key_url=f"http://127.0.0.1:{running.port}/key").headers()
    assert [request.headers["accept-encoding"] for request in running.received] == ["identity", "identity"]


async def test_an_sdp_answer_of_more_than_256_kibibytes_is_not_read() -> None:
    async with service(Reply(201, b"v=0\r\n" + b"a=x\r\n" * (MAX_SDP // 5), {})) as running:
        headers = {"Authorization": "Bearer sk-1"}
        signalling = Signalling(Endpoint(base_url=running.base_url), headers, model="m", session=None, beta=False)
        with pytest.raises(ConnectError, match=f"longer than {MAX_SDP} bytes"):
            await signalling.exchange(OFFER)
        await signalling.aclose()


async def test_an_sdp_offer_of_more_than_256_kibibytes_is_not_sent() -> None:
    async with service(Reply()) as running:
        signalling = Signalling(Endpoint(base_url=running.base_url), {}, model="m", session=None, beta=False)
        with pytest.raises(ValueError, match="the offer must have"):
            await signalling.exchange("v=0\r\n" + "a" * MAX_SDP)
        await signalling.aclose()
        assert not running.received


def test_an_sdp_answer_from_wherever_it_comes_is_bounded() -> None:
    with pytest.raises(ConnectError, match="longer than"):
        read_answer("v=0\r\n" + "a=x\r\n" * (MAX_SDP // 5))


def answer(candidates: int) -> str:
    lines = ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0", "a=group:BUNDLE 0 1"]
    lines += [
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=sendrecv",
        "a=rtpmap:111 opus/48000/2",
    ]
    lines += [f"a=candidate:{n} 1 udp 1 192.0.2.{n % 250} {n + 1} typ host" for n in range(candidates)]
    lines += ["m=application 9 UDP/DTLS/SCTP webrtc-datachannel", "c=IN IP4 0.0.0.0", "a=mid:1", "a=sctp-port:5000"]
    return "\r\n".join([*lines, ""])


def test_an_sdp_answer_names_no_more_than_a_hundred_candidates() -> None:
    assert read_answer(answer(100)).has_candidates
    with pytest.raises(ConnectError, match="more than 100 candidates"):
        read_answer(answer(101))


# --- frames ---------------------------------------------------------------------------------------------------------


async def read_to_the_end(transport: WebSocketTransport) -> None:
    while True:
        await transport.recv()


async def lost_by(options: WebSocketOptions, *frames: str) -> ConnectionClosed:
    async def send(connection: ServerConnection) -> None:
        for frame in frames:
            await connection.send(frame)
        await connection.wait_closed()

    async with serve(send, "127.0.0.1", 0, compression=None, close_timeout=1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        transport = WebSocketTransport(f"ws://127.0.0.1:{port}/", options=options)
        async with asyncio.timeout(20):
            await transport.connect()
            with pytest.raises(ConnectionClosed) as caught:
                await read_to_the_end(transport)
    return caught.value


async def test_a_frame_over_the_limit_ends_a_websocket() -> None:
    lost = await lost_by(WebSocketOptions(max_size=1000, proxy=None, close_timeout=1), '"' + "x" * 1000 + '"')
    assert "1000" in lost.reason


def test_a_websocket_has_limits_without_being_told() -> None:
    options = WebSocketOptions()
    assert options.max_size == 64 * 1024 * 1024
    assert options.max_queue == 1024


async def sent_to_nobody(max_queue: int) -> int:
    """How many of 64 messages of 256 KiB a server can send to a client that does not read; then all are read."""
    sent = 0

    async def send(connection: ServerConnection) -> None:
        nonlocal sent
        for _ in range(64):
            await connection.send("x" * 256 * 1024)
            sent += 1

    async with serve(send, "127.0.0.1", 0, compression=None, close_timeout=1) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        options = WebSocketOptions(max_queue=max_queue, proxy=None, close_timeout=1)
        transport = WebSocketTransport(f"ws://127.0.0.1:{port}/", options=options)
        await transport.connect()
        previous = -1
        async with asyncio.timeout(20):
            while sent != previous:  # until the buffers of the system are full
                previous = sent
                await asyncio.sleep(0.2)
            for _ in range(64):
                await transport.recv()
            await transport.close()
    return previous


async def test_a_websocket_is_not_read_on_while_nobody_takes_what_came() -> None:
    assert await sent_to_nobody(4) < 64


async def test_a_websocket_is_not_read_on_while_large_messages_wait_however_few_they_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("realtime_typed.transports._frame_connection._MAX_HELD", 1024 * 1024)
    assert await sent_to_nobody(1024) < 64


def envelope(id_: str, index: int, total: int, data: str) -> str:
    piece = {"id": id_, "type": "partial_message", "data": data, "fragment_index": index, "total_fragments": total}
    return json.dumps(piece)


def whole(size: int) -> str:
    return json.dumps({"id": "1", "type": "full_message", "data": base64.b64encode(b"x" * size).decode()})


def feed(fragments: Fragments, frames: Iterable[str]) -> None:
    for frame in frames:
        fragments.unwrap(frame)


def test_an_event_without_an_envelope_is_bounded() -> None:
    with pytest.raises(FragmentError):
        Fragments(100).unwrap("x" * 101)


def test_an_event_in_one_envelope_is_bounded() -> None:
    assert Fragments(100).unwrap(whole(100)) == b"x" * 100
    with pytest.raises(FragmentError):
        Fragments(100).unwrap(whole(101))


def test_the_base64_of_an_envelope_is_bounded_before_it_is_decoded() -> None:
    # It decodes to nothing: what stands there is no base64, and is passed over.
    hollow = json.dumps({"id": "1", "type": "full_message", "data": "!" * 10_000})
    with pytest.raises(FragmentError):
        Fragments(100).unwrap(hollow)


def test_the_pieces_of_events_that_are_not_complete_are_bounded_together() -> None:
    with pytest.raises(FragmentError):
        feed(Fragments(3000), (envelope(f"id{number}", 0, 2, "x" * 400) for number in range(60)))


def test_pieces_without_text_are_bounded_too() -> None:
    with pytest.raises(FragmentError):
        feed(Fragments(3000), (envelope("1", index, 10**9, "") for index in range(10_000)))


def test_no_more_than_64_events_are_incomplete_at_once() -> None:
    with pytest.raises(FragmentError, match="64"):
        feed(Fragments(10**6), (envelope(f"id{number}", 0, 2, "x") for number in range(65)))


def test_the_id_of_an_envelope_is_bounded() -> None:
    frame = envelope("i" * 600, 0, 2, "x")
    assert Fragments(10**6).unwrap(frame) == frame  # so that it is an event of an unknown type, which nothing holds


# --- depth ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event_type", ["session.updated", "response.done", "made.up"])
@pytest.mark.parametrize("form", [str, str.encode])
def test_an_event_of_any_depth_is_a_protocol_error(event_type: str, form: Callable[[str], str | bytes]) -> None:
    frame = f'{{"type": "{event_type}", "x": {DEEP}}}'
    for validation in ("strict", "lenient", "off"):
        with pytest.raises(ProtocolError):
            Codec(validation).decode(form(frame))


def test_an_event_of_any_depth_is_refused_when_the_dialect_is_to_be_told() -> None:
    with pytest.raises(ProtocolError):
        Codec(dialect="auto").decode_all(f'{{"type": "session.created", "x": {DEEP}}}')


def test_a_client_event_of_any_depth_is_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        decode_client_event(f'{{"type": "session.update", "x": {DEEP}}}')


def test_an_event_that_is_sent_may_not_be_of_any_depth() -> None:
    nested: dict[str, object] = {}
    for _ in range(100_000):
        nested = {"x": nested}
    with pytest.raises(ProtocolError):
        Codec().encode({"type": "session.update", "session": nested})
    while nested:  # taken apart from outside: Python itself would do it by recursion
        nested = nested.pop("x")  # type: ignore[assignment]  # each holds the next


async def test_the_arguments_of_a_tool_may_be_of_any_depth() -> None:
    registry = ToolRegistry()
    registry.add({"name": "look", "parameters": {"type": "object"}}, lambda arguments: "seen")
    with pytest.raises(ToolError, match="no JSON"):
        await registry.run("look", f'{{"x": {DEEP}}}')


async def test_an_answer_of_any_depth_is_an_error_like_any_other() -> None:
    async with (
        service(Reply(200, DEEP.encode(), JSON_TYPE)) as running,
        RestClient(base_url=running.base_url, api_key="sk-1", max_retries=0) as rest,
    ):
        with pytest.raises(InvalidResponseError, match="no valid JSON"):
            await rest.client_secrets.create()


async def test_the_words_of_a_refusal_may_be_of_any_depth() -> None:
    async with (
        service(Reply(400, DEEP.encode(), JSON_TYPE)) as running,
        RestClient(base_url=running.base_url, api_key="sk-1", max_retries=0) as rest,
    ):
        with pytest.raises(RestError, match="status 400"):
            await rest.client_secrets.create()


async def test_the_answer_of_a_backend_may_be_of_any_depth() -> None:
    async with service(Reply(200, DEEP.encode()[:60_000], JSON_TYPE)) as running:
        source = KeySource(Endpoint(), fetch_ephemeral_key_url=f"http://127.0.0.1:{running.port}/key")
        with pytest.raises(EphemeralKeyError) as caught:
            await source.headers()
    assert caught.value.reason == "not_json"


def test_an_envelope_of_any_depth_is_handed_on_as_it_is() -> None:
    frame = f'{{"type": "full_message", "data": {DEEP}}}'
    assert Fragments(None).unwrap(frame) == frame


async def test_a_server_stands_an_event_of_any_depth() -> None:
    async with LocalServer() as server:
        transport = server.memory_transport()
        await transport.connect()
        async with asyncio.timeout(10):
            await transport.recv()
            await transport.send(f'{{"type": "session.update", "x": {DEEP}}}')
            assert json.loads(await transport.recv())["type"] == "error"
        await transport.close()


# --- what is remembered ---------------------------------------------------------------------------------------------


def wrong_metadata(names: Iterable[str]) -> str:
    """An event with fields that do not fit, under names that the service chooses."""
    metadata = dict.fromkeys(names, 1)
    return json.dumps({"type": "response.done", "event_id": "e", "response": {"metadata": metadata}})


def test_what_did_not_fit_is_counted_under_no_more_than_a_thousand_names() -> None:
    codec = Codec()
    codec.decode(wrong_metadata(f"k{number}" for number in range(3000)))
    assert codec.issue_count == 3000
    assert len(codec.issues) == 1001


def test_a_path_that_did_not_fit_is_kept_cut_short() -> None:
    codec = Codec()
    codec.decode(wrong_metadata(["k" * 10_000]))
    assert [len(path) < 300 for _, path in codec.issues] == [True]


def test_what_waits_for_items_that_never_come_is_bounded() -> None:
    conversation, codec = Conversation(), Codec()

    def hold(number: int) -> None:
        text = {"event_id": "e", "item_id": f"never{number}", "content_index": 0, "transcript": "x" * 1000}
        name = "conversation.item.input_audio_transcription.completed"
        conversation.apply(codec.decode(json.dumps({"type": name, "usage": None, **text})))

    for number in range(300):
        hold(number)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for number in range(300, 3300):
        hold(number)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 1_000_000


def test_events_that_did_not_fit_a_conversation_are_bounded() -> None:
    conversation, codec = Conversation(), Codec()
    for _ in range(2000):
        conversation.apply(codec.decode('{"type": "response.output_text.delta", "event_id": "e", "delta": "x"}'))
    assert sum(conversation.issues.values()) == 2000
    assert len(conversation.unfitting) <= 100


def test_responses_that_never_end_are_bounded() -> None:
    active = ActiveResponses(None, lambda: False)
    for number in range(3000):
        active.apply("response.output_text.delta", {"response_id": f"resp_{number}"}, 0.0)
    assert len(active.in_conversation) <= 256


def test_responses_that_are_over_are_remembered_within_a_bound() -> None:
    active = ActiveResponses(None, lambda: False)
    for number in range(3000):
        active.end(f"resp_{number}")
    assert active.heard("resp_0", 0.0)
    assert not active.heard("resp_2999", 0.0)


async def test_the_type_of_an_unknown_event_is_not_taken_for_a_name_of_ours() -> None:
    seen: list[str] = []
    async with LocalServer() as server:
        api = RealtimeAPI(transport=server.memory_transport)
        api.on("server.*", lambda event: seen.append(event.type))
        began = api.events["server.session.created"].expect(timeout=10)
        async with began:
            await api.connect()
        done = api.events["server.error"].expect(timeout=10)
        async with done:
            await server.broadcast({"type": "*"})
            await server.broadcast({"type": "error", "error": {"type": "x", "message": "end"}})
        await api.disconnect()
    # As `server.*` it would come twice.
    assert seen.count("*") == 1


async def test_callers_of_a_backend_are_remembered_within_a_bound() -> None:
    window = Window(RateLimit(max_callers=10, key=lambda request: str(request.scope["caller"])))
    for number in range(1000):
        window.take(Request({"type": "http", "caller": number}))
    assert len(vars(window)["_times"]) <= 10
