"""The Realtime API on this machine: `LocalServer`, and the responders that say what it answers.

Importing this package needs no extra; starting a server needs `realtime-typed[server]`, its WebRTC calls `webrtc` too.
"""

from .calls import LocalCall
from .quirks import Quirk
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
from .translation import TranslationSession
from .translator import EchoTranslator, ScriptedTranslator, Translation, Translator

__all__ = [
    "AudioReply",
    "EchoResponder",
    "EchoTranslator",
    "Failure",
    "Incomplete",
    "LocalCall",
    "LocalServer",
    "LocalSession",
    "Quirk",
    "Reply",
    "Responder",
    "ResponderRequest",
    "ScriptedResponder",
    "ScriptedTranslator",
    "TextReply",
    "ToolCall",
    "Translation",
    "TranslationSession",
    "Translator",
    "UserAudio",
]
