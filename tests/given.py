"""What the Python blocks of README and docs/ take from the text around them; see `test_documentation`.

A block that uses one of these names without defining it gets it from here. Whatever else it needs, it brings along.
"""

from typing import Annotated

from pydantic import BaseModel, Field

from realtime_typed import (
    ConversationInterrupted,
    RealtimeClient,
    UnknownEvent,
)
from realtime_typed.audio import Int16Array
from realtime_typed.local import LocalServer
from realtime_typed.types import ResponseCreate, ResponseDone

__all__ = [
    "Annotated",
    "ConversationInterrupted",
    "Field",
    "Forecast",
    "LocalServer",
    "RealtimeClient",
    "ResponseCreate",
    "ResponseDone",
    "UnknownEvent",
    "before",
    "chunk",
    "client",
    "database",
    "forecast",
    "on_webhook",
    "samples",
    "speaker",
    "stereo",
    "token_provider",
]


class Forecast(BaseModel):
    """What a tool gives back."""

    degrees: float
    sky: str


async def forecast(city: str, days: int) -> Forecast:
    """The application's own source of forecasts."""
    return Forecast(degrees=18.5, sky=f"sunny in {city} for {days} days")


class Database:
    """The application's own database."""

    def insert(self, fact: str, *, call: str) -> None:
        """Keep a fact."""


class Loudspeaker:
    """The application's own player."""

    def write(self, samples: Int16Array) -> None:
        """Play."""

    def stop(self) -> None:
        """Forget what waits."""


async def on_webhook(body: bytes, headers: dict[str, str], secret: str) -> None:
    """The function of an earlier block."""


async def token_provider() -> str:
    """What gives tokens of Microsoft Entra."""
    return "token"


database: Database
speaker: Loudspeaker
client: RealtimeClient
before: RealtimeClient
chunk: bytes
samples: Int16Array
stereo: Int16Array
