"""Audio of several channels goes in as what it sounds like in one."""

import numpy as np
import pytest

from realtime_typed import RealtimeClient
from realtime_typed.audio import AudioData
from realtime_typed.local import LocalServer

from .support import BOUND, speech

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("form", ["interleaved bytes", "columns of float32"])
async def test_stereo_is_averaged_before_it_is_sent(form: str) -> None:
    mono = speech()
    columns = np.stack([mono, mono], axis=1)
    given: AudioData = (
        columns.tobytes() if form == "interleaved bytes" else columns.astype(np.float32) / np.float32(32768)
    )
    async with (
        LocalServer() as server,
        RealtimeClient(base_url=server.base_url, api_key=server.api_key, intent="transcription") as client,
    ):
        await client.append_input_audio(given, channels=2)
        transcripts = client.events["conversation.item.input_audio_transcription.completed"]
        async with transcripts.expect(BOUND) as transcribed:
            await client.input_audio_buffer.commit()
        item = client.conversation.require_item(transcribed.event.item_id)
        assert np.array_equal(item.formatted.audio, mono)
