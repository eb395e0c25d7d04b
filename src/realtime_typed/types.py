"""Every event and object of the GA protocol: one class an event, named after the wire, and what events hold."""

from ._generated.realtime import types as _types
from ._generated.realtime.types import *  # noqa: F403  # the generated module lists its names in `__all__`
from ._wire import UNSET, UnknownEvent, UnsetType, WireModel

__all__: list[str] = ["UNSET", "UnknownEvent", "UnsetType", "WireModel"]
__all__ += _types.__all__
