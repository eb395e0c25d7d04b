"""Images inside a user's message: from bytes, from a file, or by URL.

An image that is given as bytes or as a file is sent inside the event as a data URI. The protocol states no limit for
it; what it states is 15 MiB for the base64 of `input_audio_buffer.append`, and that is the limit here too. Over WebRTC
the data channel takes less: there, an event that it does not carry is a `MessageTooLargeError`.
"""

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, NotRequired, TypeAlias, TypedDict, cast

from .audio import encode_base64

__all__ = ["MAX_IMAGE_BYTES", "ImageData", "InputImage", "image_type", "image_url"]

MAX_IMAGE_BYTES: Final = 15 * 1024 * 1024 * 3 // 4
"""The largest image that is sent inside an event: 11,796,480 bytes, which are 15 MiB as base64."""

_SCHEMES: Final = ("https", "http", "data")

ImageData: TypeAlias = bytes | bytearray | memoryview | os.PathLike[str] | str
"""An image: its bytes, the path of its file, or, as text, its URL (`https:`, `http:` or `data:`)."""


class InputImage(TypedDict):
    """An image inside a message: bytes, a path (`pathlib.Path`), or a URL as text."""

    type: Literal["input_image"]
    image: ImageData
    detail: NotRequired[Literal["auto", "low", "high"]]


def image_type(data: bytes) -> str | None:
    """Tell the media type of an image from its first bytes, not from a name.

    Args:
        data: The image, or its beginning, 12 bytes at least.

    Returns:
        `image/png`, `image/jpeg`, `image/gif` or `image/webp`; `None` if it is none of them.
    """
    # The signatures of the WHATWG's MIME Sniffing Standard, section 6.1.
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    return None


def _data_uri(data: bytes, what: str) -> str:
    if len(data) > MAX_IMAGE_BYTES:
        raise ValueError(f"{what} has more than {MAX_IMAGE_BYTES:,} bytes, the most that an event takes; scale it down")
    kind = image_type(data)
    if kind is None:
        raise ValueError(f"{what} is no PNG, JPEG, GIF or WebP image: it begins with {data[:12].hex(' ') or 'nothing'}")
    return f"data:{kind};base64,{encode_base64(data)}"


def _file_uri(path: Path) -> str:
    with path.open("rb") as file:
        # One byte more than the limit says that there are more, without reading a file of any size.
        return _data_uri(file.read(MAX_IMAGE_BYTES + 1), f"the file {str(path)!r}")


async def image_url(image: ImageData) -> str:
    """Make the `image_url` of an image. A file is read in a thread, so that the event loop goes on.

    Args:
        image: See `ImageData`. A URL is passed on as it is. Text is never taken for a path, so that text from outside
            cannot name a file of this machine.

    Returns:
        A URL, for bytes and files a data URI.

    Raises:
        ValueError: It is no PNG, JPEG, GIF or WebP image, is larger than `MAX_IMAGE_BYTES`, or is text that is no URL.
        OSError: The file cannot be read.
        TypeError: It is none of these.
    """
    match image:
        case str():
            scheme = image.partition(":")[0].lower()
            if scheme not in _SCHEMES or ":" not in image:
                raise ValueError(
                    f"an image given as text must be a URL that begins with https:, http: or data:, got "
                    f"{image[:40]!r}; give a file as pathlib.Path"
                )
            return image
        case bytes() | bytearray() | memoryview():
            return _data_uri(bytes(image), "the image")
        case os.PathLike():
            return await asyncio.to_thread(_file_uri, Path(image))
        case _:
            raise TypeError(f"an image must be bytes, a path or a URL, got {type(image).__name__}")


async def image_part(part: Mapping[str, object]) -> dict[str, object]:
    """Bring an `InputImage` into the shape of the protocol; a part without `image` stays as it is.

    Args:
        part: The part of the message.

    Raises:
        ValueError, OSError, TypeError: See `image_url`.
    """
    wire = dict(part)
    if "image" in wire:
        if wire.get("image_url") is not None:
            raise ValueError("an input_image has either image or image_url, not both")
        wire["image_url"] = await image_url(cast("ImageData", wire.pop("image")))
    return wire
