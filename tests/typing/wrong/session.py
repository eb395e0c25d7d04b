"""Session fields that do not exist, and values that they cannot have."""

from realtime_typed import RealtimeClient
from realtime_typed.types import RealtimeSessionConfigParam


async def update(client: RealtimeClient) -> None:
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.update_session(voices="marin")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.update_session(temperature=0.8)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(voice=1)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(voice={"name": "marin"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(instructions=None)
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(turn_detection="server_vad")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(turn_detection={"type": "server_vda"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(turn_detection={"type": "server_vad", "treshold": 0.5})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(turn_detection={"type": "server_vad", "threshold": "0.5"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(turn_detection={"threshold": 0.5})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(turn_detection={"type": "semantic_vad", "eagerness": "very"})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(input_audio_format="pcm_16")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(input_audio_format={"type": "audio/pcm16"})
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.update_session(modalities=["speech"])
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(modalities="text")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(max_output_tokens="infinite")
    # error: mypy[typeddict-unknown-key] pyright[reportArgumentType]
    await client.update_session(audio={"inputs": {}})
    # error: mypy[typeddict-item] pyright[reportArgumentType]
    await client.update_session(audio={"input": {"turn_detection": {"type": "none"}}})
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.update_session(tools=[{"name": "f"}])
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(tool_choice="f")
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session({"instructions": "Be brief."})
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.update_session(type="realtme")


session: RealtimeSessionConfigParam = {"type": "realtime"}
# error: mypy[typeddict-unknown-key] pyright[reportGeneralTypeIssues]
session["voice"] = "marin"
# error: mypy[typeddict-item] pyright[reportGeneralTypeIssues]
session["instructions"] = 1
