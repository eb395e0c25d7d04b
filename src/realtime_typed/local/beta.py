"""The beta dialect at the edge: a connection whose client speaks beta, before a session that speaks GA.

The engine stays the same; events are translated frame by frame. `temperature`, which GA has no place for, is kept here
and shown again in the session's events, as a beta server does.
"""

from typing import Final, cast

from pydantic_core import from_json, to_json

from realtime_typed.dialect import beta_client_to_ga, ga_server_to_beta

from .connection import Peer
from .requests import Wire

__all__ = ["DEFAULT_TEMPERATURE", "BetaPeer", "beta_session"]

DEFAULT_TEMPERATURE: Final = 0.8


def beta_session(config: Wire, temperature: object = DEFAULT_TEMPERATURE) -> Wire:
    """A session's configuration in the flat form of beta."""
    (event,) = ga_server_to_beta({"type": "session.updated", "session": config})
    session = dict(cast("Wire", event["session"]))
    return session if config["type"] == "transcription" else session | {"temperature": temperature}


class BetaPeer:
    """A `Peer` that a GA session talks GA with, and a beta client beta.

    Args:
        peer: The connection to the client.
    """

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._temperature: object = DEFAULT_TEMPERATURE

    async def send(self, data: str) -> None:
        """Translate one GA server event and send what it is in beta; `conversation.item.done` is nothing there."""
        event = cast("Wire", from_json(data))
        for made in ga_server_to_beta(event):
            session = event.get("session")
            if isinstance(session, dict) and cast("Wire", session).get("type") == "realtime":
                made = {**made, "session": {**cast("Wire", made["session"]), "temperature": self._temperature}}
            await self._peer.send(to_json(made).decode())

    async def recv(self) -> str | bytes:
        """Wait for the next frame and translate it; what is no JSON object is the engine's to refuse."""
        frame = await self._peer.recv()
        try:
            found: object = from_json(frame)
        except ValueError:
            return frame
        if not isinstance(found, dict):
            return frame
        event = beta_client_to_ga(cast("Wire", found))
        for name in ("session", "response"):
            inner = event.get(name)
            if isinstance(inner, dict) and "temperature" in inner:
                fields = dict(cast("Wire", inner))
                temperature = fields.pop("temperature")
                event = {**event, name: fields}
                if name == "session" and isinstance(temperature, int | float):
                    self._temperature = temperature
        return to_json(event)

    async def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection."""
        await self._peer.close(code, reason)
