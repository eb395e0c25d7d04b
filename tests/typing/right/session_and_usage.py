"""The configuration in force, what was used, and images in messages."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import assert_type

from realtime_typed import RealtimeClient
from realtime_typed.content import InputImage
from realtime_typed.types import (
    RealtimeSession,
    SemanticVad,
    ServerVad,
    SessionUpdated,
    TranscriptionSession,
    TurnDetection,
)
from realtime_typed.usage import Prices, ResponseUse, TokenCounts, TranscriptionUse, Usage


async def configuration(client: RealtimeClient) -> None:
    config = client.session.config
    assert_type(config, RealtimeSession | None)
    assert_type(client.session.transcription_config, TranscriptionSession | None)
    if config is not None and config.audio is not None and config.audio.input is not None:
        assert_type(config.instructions, str | None)
        detection = config.audio.input.turn_detection
        assert_type(detection, TurnDetection | None)
        if isinstance(detection, ServerVad):
            assert_type(detection.idle_timeout_ms, int | None)
        elif isinstance(detection, SemanticVad):
            assert_type(detection.create_response, bool | None)
    updated = await client.session.update(session={"type": "realtime", "instructions": "Be brief."})
    assert_type(updated, SessionUpdated)


async def settings(client: RealtimeClient) -> None:
    await client.update_session(turn_detection={"type": "semantic_vad", "eagerness": "low"})
    await client.update_session(turn_detection={"type": "server_vad", "idle_timeout_ms": 6000})
    await client.update_session(input_audio_noise_reduction={"type": "far_field"}, tracing={"workflow_name": "support"})
    await client.update_session(prompt={"id": "pmpt_1", "variables": {"name": "Ada"}}, reasoning={"effort": "low"})
    await client.update_session(truncation={"type": "retention_ratio", "retention_ratio": 0.8}, tracing=None)


def used(client: RealtimeClient) -> None:
    usage = client.usage
    assert_type(usage, Usage)
    assert_type(usage.input, TokenCounts)
    assert_type(usage.cached.audio, int)
    assert_type(usage.transcription, TranscriptionUse)
    assert_type(usage.output_audio_seconds, float)
    assert_type(usage.responses, Mapping[str, ResponseUse])
    prices: Prices = {"input_text": 4, "output_text": 16.0, "output_audio": "64", "cached_text": Decimal("0.4")}
    assert_type(usage.cost(prices), Decimal)
    assert_type([one.cost({"input_text": 4}) for one in usage.responses.values()], list[Decimal])


async def images(client: RealtimeClient, photo: bytes) -> None:
    image: InputImage = {"type": "input_image", "image": photo, "detail": "low"}
    await client.send_user_message_content(
        [
            {"type": "input_text", "text": "What is this?"},
            image,
            {"type": "input_image", "image": Path("photo.png")},
            {"type": "input_image", "image": "https://example.org/photo.png"},
            {"type": "input_image", "image_url": "data:image/png;base64,AAAA"},
        ]
    )
    await client.send_text("Hello!")
