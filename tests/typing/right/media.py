"""WebRTC, short-lived keys, and audio in and out over every transport."""

from collections.abc import AsyncIterator
from typing import Literal, assert_type

import numpy as np
import numpy.typing as npt
from aiortc import MediaStreamTrack
from aiortc.contrib.media import MediaPlayer, MediaRecorder
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Mount

from realtime_typed import (
    ConnectionState,
    ConnectionStateChanged,
    IceServer,
    IceState,
    OutputAudio,
    RealtimeAPI,
    RealtimeClient,
    WebRtcOptions,
)
from realtime_typed.asgi import RateLimit, ephemeral_key_endpoint


async def fresh_key() -> str:
    return "ek_test"


RealtimeClient(transport="webrtc")
RealtimeClient(transport="webrtc", ephemeral_key="ek_test")
RealtimeClient(transport="webrtc", ephemeral_key=fresh_key, webrtc=WebRtcOptions(connect_timeout=5))
RealtimeClient(fetch_ephemeral_key_url="https://example.com/key", fetch_ephemeral_key_headers={"Cookie": "a=b"})
RealtimeClient(
    transport="webrtc",
    webrtc=WebRtcOptions(
        ice_servers=[IceServer(urls="turn:turn.example.com", username="me", credential="secret")],
        input_overflow="drop_oldest",
    ),
)
RealtimeAPI(transport="webrtc", dangerously_allow_api_key_in_browser=True)


async def keys(client: RealtimeClient) -> None:
    await client.connect(ephemeral_key="ek_test")
    await client.connect(ephemeral_key=fresh_key, session_config={"type": "realtime", "instructions": "Be brief."})
    assert_type(client.call_id, str | None)


async def listen(client: RealtimeClient) -> None:
    async for piece in client.audio_output:
        assert_type(piece, OutputAudio)
        assert_type(piece.samples, npt.NDArray[np.int16])
        assert_type(piece.sample_rate, int)
        assert_type(piece.item_id, str)
        assert_type(piece.response_id, str)
    stream: AsyncIterator[OutputAudio] = client.audio_output
    assert_type(await anext(stream), OutputAudio)
    with client.audio_output as output:
        assert_type(output.skipped_seconds, float)


async def speak(client: RealtimeClient, samples: npt.NDArray[np.float32]) -> None:
    await client.append_input_audio(samples, sample_rate=48_000)
    await client.append_input_audio(b"\0\0")
    await client.append_input_audio(np.zeros(160, np.int16), sample_rate=16_000)


async def tracks(client: RealtimeClient) -> None:
    microphone = MediaPlayer("default", format="pulse")
    RealtimeClient(transport="webrtc", audio_track=microphone.audio)
    assert_type(client.remote_audio_track, MediaStreamTrack)
    MediaRecorder("call.wav").addTrack(client.remote_audio_track)


def states(client: RealtimeClient) -> None:
    @client.on("connection.state_changed")
    def changed(event: ConnectionStateChanged) -> None:
        assert_type(event.connection, ConnectionState | Literal["reconnecting"])
        assert_type(event.ice, IceState | None)
        if event.connection == "disconnected":
            print("nothing comes")

    client.realtime.on("connection.state_changed")(changed)


async def wait_for_state(client: RealtimeClient) -> None:
    assert_type(await client.wait_for("connection.state_changed", 5), ConnectionStateChanged)


async def allowed(request: Request) -> bool:
    return "session" in request.cookies


def backend() -> Starlette:
    endpoint = ephemeral_key_endpoint(
        authorize=allowed, session={"type": "realtime", "model": "gpt-realtime"}, rate_limit=RateLimit(requests=3)
    )
    return Starlette(routes=[Mount("/key", endpoint)])
