"""The Realtime API on this machine: `LocalServer`, and the responders that say what it answers.

Importing this package needs no extra; starting a server needs `realtime-typed[server]`, its WebRTC calls `webrtc` too.
"""

from .calls import LocalCall
from .fault_state import ArmedFault, FiredFault
from .faults import (
    AfterBytes,
    AfterReceived,
    AfterSent,
    AtOnce,
    BeforeReceived,
    BeforeSent,
    CloseConnection,
    DropConnection,
    DuplicateEvent,
    Fault,
    GarbageFrame,
    Moment,
    RefuseHandshake,
    ReorderEvents,
    SendError,
    Stall,
    StallAudio,
    TruncateFrame,
)
from .proxy import FaultProxy, FiredProxyFault
from .proxy_faults import (
    CutAt,
    DripFrom,
    DuplicateAt,
    GarbageAt,
    ProxyFault,
    RefuseConnection,
    StallAt,
    VanishFrom,
)
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
    "AfterBytes",
    "AfterReceived",
    "AfterSent",
    "ArmedFault",
    "AtOnce",
    "AudioReply",
    "BeforeReceived",
    "BeforeSent",
    "CloseConnection",
    "CutAt",
    "DripFrom",
    "DropConnection",
    "DuplicateAt",
    "DuplicateEvent",
    "EchoResponder",
    "EchoTranslator",
    "Failure",
    "Fault",
    "FaultProxy",
    "FiredFault",
    "FiredProxyFault",
    "GarbageAt",
    "GarbageFrame",
    "Incomplete",
    "LocalCall",
    "LocalServer",
    "LocalSession",
    "Moment",
    "ProxyFault",
    "Quirk",
    "RefuseConnection",
    "RefuseHandshake",
    "ReorderEvents",
    "Reply",
    "Responder",
    "ResponderRequest",
    "ScriptedResponder",
    "ScriptedTranslator",
    "SendError",
    "Stall",
    "StallAt",
    "StallAudio",
    "TextReply",
    "ToolCall",
    "Translation",
    "TranslationSession",
    "Translator",
    "TruncateFrame",
    "UserAudio",
    "VanishFrom",
]
