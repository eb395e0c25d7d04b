"""Which transport a connection gets, and what is refused before anything is opened."""

import asyncio
import inspect
import sys

import pytest
from aiortc.mediastreams import AudioStreamTrack

from realtime_typed import ConnectError, RealtimeAPI, RealtimeClient, WebRtcOptions
from realtime_typed._connection_options import ConnectionOptions
from realtime_typed._transport_factory import Call
from realtime_typed.local import LocalServer
from realtime_typed.transports import MediaTransport
from realtime_typed.transports.memory import memory_pair
from realtime_typed.transports.webrtc import WebRtcTransport
from realtime_typed.transports.webrtc_options import SdpAnswer

pytestmark = pytest.mark.anyio

ELSEWHERE = "http://127.0.0.1:9/v1"


def test_the_client_takes_exactly_what_the_connection_takes() -> None:
    parameters = set(inspect.signature(RealtimeAPI.__init__).parameters) - {"self"}
    assert set(ConnectionOptions.__annotations__) == parameters


def test_an_argument_that_does_not_exist_is_refused_by_its_name() -> None:
    with pytest.raises(TypeError, match="api_kye"):
        RealtimeClient(api_kye="sk-given")  # type: ignore[call-arg]  # a slip


def test_an_own_track_needs_webrtc() -> None:
    with pytest.raises(ValueError, match="audio_track needs transport='webrtc'"):
        RealtimeClient(api_key="sk-given", audio_track=AudioStreamTrack())


async def test_a_call_is_attached_to_over_a_websocket_alone() -> None:
    client = RealtimeClient(transport="webrtc", api_key="sk-given", call_id="rtc_1", base_url=ELSEWHERE)
    with pytest.raises(ValueError, match="call_id"):
        await client.connect()


async def test_a_key_does_not_travel_unencrypted_to_another_machine() -> None:
    client = RealtimeClient(transport="webrtc", api_key="sk-given", base_url="http://192.0.2.1/v1")
    with pytest.raises(ValueError, match="unencrypted"):
        await client.connect()


async def test_without_aiortc_webrtc_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "realtime_typed.transports.webrtc", None)
    client = RealtimeClient(transport="webrtc", api_key="sk-given", base_url=ELSEWHERE)
    with pytest.raises(ImportError, match=r'pip install "realtime-typed\[webrtc\]"'):
        await client.connect()


async def test_without_any_key_webrtc_lists_the_ways_to_give_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    client = RealtimeClient(transport="webrtc", base_url=ELSEWHERE)
    with pytest.raises(ValueError, match=r"ephemeral_key=.*fetch_ephemeral_key_url=.*api_key=.*OPENAI_API_KEY"):
        await client.connect()


async def test_a_service_that_is_not_there_is_a_connect_error() -> None:
    client = RealtimeClient(transport="webrtc", api_key="sk-given", base_url=ELSEWHERE, webrtc=WebRtcOptions())
    async with asyncio.timeout(20):
        with pytest.raises(ConnectError):
            await client.connect()
    assert not client.is_connected()
    assert client.call_id is None


async def test_a_client_without_webrtc_has_no_remote_track() -> None:
    client = RealtimeClient(api_key="sk-given", base_url=ELSEWHERE)
    with pytest.raises(RuntimeError, match="webrtc"):
        _ = client.remote_audio_track


async def test_a_webrtc_transport_carries_media_and_a_plain_one_does_not() -> None:
    async def exchange(offer: str) -> SdpAnswer:
        raise ConnectError(offer[:0])

    assert isinstance(WebRtcTransport(exchange), MediaTransport)
    assert not isinstance(memory_pair()[0], MediaTransport)


class Signals:
    """Stands in for the HTTP side of a call, and notes whether its connections were closed."""

    def __init__(self, answer: SdpAnswer | Exception) -> None:
        self.answer = answer
        self.closed = 0

    async def exchange(self, sdp: str) -> SdpAnswer:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def hang_up(self, call_id: str) -> None:
        raise ConnectError("refused")

    async def aclose(self) -> None:
        self.closed += 1


@pytest.mark.parametrize(
    ("answer", "hangs_up", "closed"),
    [
        (SdpAnswer("v=0", "rtc_1"), True, 0),
        (SdpAnswer("v=0", "rtc_1"), False, 1),
        (SdpAnswer("v=0", None), True, 1),
        (ConnectError("refused"), True, 1),
    ],
)
async def test_connections_for_signalling_stay_open_only_for_hanging_up(
    answer: SdpAnswer | Exception, hangs_up: bool, closed: int
) -> None:
    signals = Signals(answer)
    call = Call(signals, hangs_up=hangs_up)  # type: ignore[arg-type]  # the same methods
    if isinstance(answer, Exception):
        with pytest.raises(ConnectError):
            await call.exchange("v=0")
    else:
        assert await call.exchange("v=0") == answer
    assert signals.closed == closed
    with pytest.raises(ConnectError):
        await call.hang_up("rtc_1")
    assert signals.closed == closed + 1


async def test_a_key_for_one_connection_replaces_every_other_credential() -> None:
    async with asyncio.timeout(20), LocalServer() as server:
        client = RealtimeClient(base_url=server.base_url, extra_headers={"authorization": "Bearer sk-wrong"})
        with pytest.raises(ConnectError):
            await client.connect()
        await client.connect(ephemeral_key=server.api_key)
        await client.disconnect()
