"""The PortAudio library, through `sounddevice`: loaded when needed, typed by what is used of it; and its devices."""

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, cast

__all__ = ["AudioDevice", "Device", "Library", "Stream", "Times", "list_devices", "load_library"]

Device: TypeAlias = int | str | None
"""A device's index, or a part of its name; `None` for the system's choice."""


@dataclass(frozen=True, slots=True)
class AudioDevice:
    """A device of this machine.

    Attributes:
        index: Its number; `device=` takes it, or a part of the name.
        name: Its name.
        input_channels: How many channels it records, 0 for a loudspeaker.
        output_channels: How many it plays, 0 for a microphone.
        sample_rate: The samples a second that it runs at by default.
        default_input: Whether it is what `Microphone()` takes.
        default_output: Whether it is what `Speaker()` takes.
    """

    index: int
    name: str
    input_channels: int
    output_channels: int
    sample_rate: int
    default_input: bool
    default_output: bool


class Stream(Protocol):
    """A stream of audio."""

    def start(self) -> None: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


class Times(Protocol):
    """When a block is heard, and now, by the stream's clock, in seconds."""

    outputBufferDacTime: float  # noqa: N815  # PortAudio's names
    currentTime: float  # noqa: N815  # as above


class Library(Protocol):
    """What of `sounddevice` is used."""

    PortAudioError: type[Exception]
    RawInputStream: Callable[..., Stream]
    RawOutputStream: Callable[..., Stream]

    def query_devices(self, device: Device = None, kind: str | None = None) -> object: ...
    def check_input_settings(self, device: Device, channels: int, dtype: str, *, samplerate: int) -> None: ...
    def check_output_settings(self, device: Device, channels: int, dtype: str, *, samplerate: int) -> None: ...


def load_library() -> Library:
    """Import `sounddevice`.

    Raises:
        ImportError: It is not installed.
        OSError: There is no PortAudio library.
    """
    try:
        return cast("Library", importlib.import_module("sounddevice"))
    except ImportError as error:
        message = 'a microphone or speaker needs sounddevice; install it with: pip install "realtime-typed[devices]"'
        raise ImportError(message) from error
    except OSError as error:
        message = f"sounddevice needs the PortAudio library ({error}); on Debian: apt-get install libportaudio2"
        raise OSError(message) from error


def list_devices() -> list[AudioDevice]:
    """List the machine's audio devices, in PortAudio's order.

    Raises:
        ImportError: `sounddevice` is not installed.
        OSError: There is no PortAudio library, or it fails.
    """
    library = load_library()
    try:
        found = cast("Sequence[Mapping[str, object]]", library.query_devices())
        defaults = [_default(library, found, kind) for kind in ("input", "output")]
    except library.PortAudioError as error:
        raise OSError(f"the audio devices cannot be listed: {error}") from error
    return [
        AudioDevice(
            index,
            str(device["name"]),
            int(cast("int", device["max_input_channels"])),
            int(cast("int", device["max_output_channels"])),
            round(cast("float", device["default_samplerate"])),
            index == defaults[0],
            index == defaults[1],
        )
        for index, device in enumerate(found)
    ]


def _default(library: Library, found: Sequence[Mapping[str, object]], kind: str) -> int:
    if not any(device[f"max_{kind}_channels"] for device in found):
        return -1
    try:
        return int(cast("int", cast("Mapping[str, object]", library.query_devices(None, kind))["index"]))
    except (library.PortAudioError, ValueError):  # none is chosen
        return -1
