"""Session fields that do not exist, and values that they cannot have."""

from realtime_typed import RealtimeClient
from realtime_typed.types import RealtimeSessionConfigParam


async def update(client: RealtimeClient) -> None:
    await client.update_session(voices="marin")
    await client.update_session(temperature=0.8)
    await client.update_session(voice=1)
    await client.update_session(voice={"name": "marin"})
    await client.update_session(instructions=None)
    await client.update_session(turn_detection="server_vad")
    await client.update_session(turn_detection={"type": "server_vda"})
    await client.update_session(turn_detection={"type": "server_vad", "treshold": 0.5})
    await client.update_session(turn_detection={"type": "server_vad", "threshold": "0.5"})
    await client.update_session(turn_detection={"threshold": 0.5})
    await client.update_session(turn_detection={"type": "semantic_vad", "eagerness": "very"})
    await client.update_session(input_audio_format="pcm_16")
    await client.update_session(input_audio_format={"type": "audio/pcm16"})
    await client.update_session(modalities=["speech"])
    await client.update_session(modalities="text")
    await client.update_session(max_output_tokens="infinite")
    await client.update_session(audio={"inputs": {}})
    await client.update_session(audio={"input": {"turn_detection": {"type": "none"}}})
    await client.update_session(tools=[{"name": "f"}])
    await client.update_session(tool_choice="f")
    await client.update_session({"instructions": "Be brief."})
    await client.update_session(type="realtme")


session: RealtimeSessionConfigParam = {"type": "realtime"}
session["voice"] = "marin"
session["instructions"] = 1
