"""WebRTC, short-lived keys, and audio in and out, used wrongly."""

from realtime_typed import ConnectionStateChanged, IceServer, RealtimeClient, WebRtcOptions
from realtime_typed.asgi import ephemeral_key_endpoint

# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(transport="webrct")
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(ephemeral_key=lambda: 5)
# error: mypy[arg-type] pyright[reportArgumentType]
RealtimeClient(webrtc={"connect_timeout": 5})
# error: mypy[call-arg] pyright[reportCallIssue]
WebRtcOptions(ice_server=[])
# error: mypy[arg-type] pyright[reportArgumentType]
WebRtcOptions(input_overflow="drop_newest")
# error: mypy[call-arg] pyright[reportCallIssue]
IceServer(url="stun:stun.example.com")
# error: mypy[call-arg] pyright[reportCallIssue]
ephemeral_key_endpoint("sk-test")


async def connect(client: RealtimeClient) -> None:
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.connect(ephemeralKey="ek_test")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.connect(session_config={"type": "realtime", "output_modalities": "audio"})


async def listen(client: RealtimeClient) -> None:
    async for piece in client.audio_output:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(piece.rate)
        # error: mypy[misc] pyright[reportAttributeAccessIssue]
        piece.item_id = "item_1"
    # error: mypy[attr-defined] pyright[reportGeneralTypeIssues]
    for piece in client.audio_output:
        print(piece)


async def speak(client: RealtimeClient) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.append_input_audio("AAAA")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.append_input_audio(b"\0\0", 24_000)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.append_input_audio(b"\0\0", sample_rate="24000")


def states(client: RealtimeClient, event: ConnectionStateChanged) -> None:
    # error: mypy[call-overload] pyright[reportArgumentType, reportCallIssue]
    client.on("connection.state_change")
    # error: mypy[comparison-overlap] pyright[reportUnnecessaryComparison]
    if event.connection == "lost":
        print("never")
    # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
    print(event.ice.upper())
