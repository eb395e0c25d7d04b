"""The Realtime API on this machine: `LocalServer`, and the responders that say what it answers.

Importing this package needs no extra; starting a server needs `realtime-typed[server]`.
"""

from .responder import (
    AudioReply,
    EchoResponder,
    Failure,
    Incomplete,
    Reply,
    Responder,
    ResponderRequest,
    ScriptedResponder,
    TextReply,
    ToolCall,
    UserAudio,
)
from .server import LocalServer
from .session import LocalSession

__all__ = [
    "AudioReply",
    "EchoResponder",
    "Failure",
    "Incomplete",
    "LocalServer",
    "LocalSession",
    "Reply",
    "Responder",
    "ResponderRequest",
    "ScriptedResponder",
    "TextReply",
    "ToolCall",
    "UserAudio",
]
