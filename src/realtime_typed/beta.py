"""Every event and object of the beta dialect, which OpenAI switched off and other servers still speak, and its codec.

Applications need this only to see the dialect as it is. `RealtimeClient(dialect="beta")` gives them GA events.
"""

from typing import Final, cast

from ._codec_core import EventTable, ProtocolCodec, Validation, decode_client
from ._generated.realtime_beta import registry as _registry
from ._generated.realtime_beta import types as _types
from ._generated.realtime_beta.registry import ClientEvent, ServerEvent
from ._generated.realtime_beta.types import *  # noqa: F403  # the generated module lists its names in `__all__`
from ._wire import UNSET, UnknownEvent, UnsetType, WireModel

__all__: list[str] = ["UNSET", "BetaCodec", "UnknownEvent", "UnsetType", "WireModel", "decode_client_event"]
__all__ += _types.__all__

_events: Final = EventTable[ServerEvent](_registry.SERVER_EVENTS, _registry.CLIENT_EVENTS)


class BetaCodec(ProtocolCodec[ServerEvent, ClientEvent]):
    """Turns frames into events of the beta dialect and events into frames.

    Args:
        validation: What happens to an event that does not fit its schema: `"lenient"`, the default, `"strict"` or
            `"off"`; see `Codec`.

    Raises:
        ValueError: `validation` is none of the three.
    """

    def __init__(self, validation: Validation = "lenient") -> None:
        super().__init__(_events, validation)


def decode_client_event(data: str | bytes) -> ClientEvent | UnknownEvent:
    """Read one frame that a client sent, strictly: what a server does.

    Args:
        data: JSON text, or the UTF-8 bytes of it.

    Returns:
        The event, or an `UnknownEvent` when the schema does not know its type.

    Raises:
        ProtocolError: The frame is not a JSON object with a string `type`.
        EventValidationError: The event does not fit its schema.
    """
    return cast("ClientEvent | UnknownEvent", decode_client(data, _registry.CLIENT_EVENTS))
