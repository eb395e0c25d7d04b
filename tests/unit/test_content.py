"""Images of a message: told by their first bytes, checked in size, read from files in a thread, passed on as URLs."""

import asyncio
import base64
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_typed.content import MAX_IMAGE_BYTES, ImageData, image_part, image_type, image_url

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
SIGNATURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF89a",
    "image/webp": b"RIFF\x24\x00\x00\x00WEBP",
}


def read_back(url: str) -> tuple[str, bytes]:
    head, _, data = url.partition(";base64,")
    return head.removeprefix("data:"), base64.b64decode(data, validate=True)


@given(st.sampled_from(sorted(SIGNATURES)), st.binary(max_size=64))
def test_an_image_is_told_by_its_first_bytes(kind: str, rest: bytes) -> None:
    data = SIGNATURES[kind] + rest
    assert image_type(data) == kind
    assert read_back(asyncio.run(image_url(data))) == (kind, data)


@given(st.binary(max_size=64))
def test_what_has_no_signature_is_no_image(data: bytes) -> None:
    known = any(data.startswith(start) for start in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))
    webp = data.startswith(b"RIFF") and data[8:12] == b"WEBP"
    assert (image_type(data) is not None) == (known or webp)


def test_the_older_gif_is_a_gif() -> None:
    assert image_type(b"GIF87a") == "image/gif"


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"RIFF\x24\x00\x00\x00WAVEfmt ", b"<svg/>", b"BM6\x00"])
async def test_other_bytes_are_refused_with_how_they_begin(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"no PNG, JPEG, GIF or WebP image: it begins with \w+"):
        await image_url(data)


@pytest.mark.parametrize("image", [PNG, bytearray(PNG), memoryview(PNG), memoryview(PNG + PNG)[: len(PNG)]])
async def test_bytes_of_every_sort_are_taken(image: ImageData) -> None:
    assert read_back(await image_url(image)) == ("image/png", PNG)


async def test_a_file_is_told_by_its_content_not_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    path.write_bytes(SIGNATURES["image/jpeg"])
    assert read_back(await image_url(path)) == ("image/jpeg", SIGNATURES["image/jpeg"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
async def test_the_event_loop_goes_on_while_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "slow.png"
    os.mkfifo(path)
    async with asyncio.timeout(10):
        # The pipe can be opened only once the other end is, which this very loop has to bring about.
        url, _ = await asyncio.gather(image_url(path), asyncio.to_thread(path.write_bytes, PNG))
    assert read_back(url) == ("image/png", PNG)


async def test_a_file_that_is_not_there_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await image_url(tmp_path / "none.png")


async def test_the_largest_image_is_taken_and_one_byte_more_is_not(tmp_path: Path) -> None:
    largest = PNG + bytes(MAX_IMAGE_BYTES - len(PNG))
    url = await image_url(largest)
    assert len(url) == len("data:image/png;base64,") + 15 * 1024 * 1024
    with pytest.raises(ValueError, match="the image has more than 11,796,480 bytes"):
        await image_url(largest + b"\0")
    path = tmp_path / "large.png"
    path.write_bytes(largest)
    assert len(await image_url(path)) == len(url)
    with path.open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ValueError, match=r"the file '.*large.png' has more than 11,796,480 bytes"):
        await image_url(path)


@pytest.mark.parametrize(
    "url",
    ["https://example.org/photo", "http://example.org/a.png?x=1", "HTTPS://example.org", "data:image/png;base64,AAAA"],
)
async def test_a_url_is_passed_on_as_it_is(url: str) -> None:
    assert await image_url(url) == url


@pytest.mark.parametrize("text", ["photo.png", "/etc/hostname", "file:///etc/hostname", "", "https", "C:\\photo.png"])
async def test_text_is_never_taken_for_a_path(text: str) -> None:
    with pytest.raises(ValueError, match=r"must be a URL .* give a file as pathlib.Path"):
        await image_url(text)


async def test_what_is_no_image_at_all_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="bytes, a path or a URL, got int"):
        await image_url(5)  # type: ignore[arg-type]  # a wrong type is the point


async def test_a_part_gets_the_shape_of_the_protocol() -> None:
    part = {"type": "input_image", "image": PNG, "detail": "low"}
    assert await image_part(part) == {"type": "input_image", "image_url": await image_url(PNG), "detail": "low"}
    assert "image_url" not in part


async def test_a_part_without_image_stays_as_it_is() -> None:
    part = {"type": "input_image", "image_url": "any"}
    assert await image_part(part) == part


async def test_a_part_with_two_images_is_refused() -> None:
    with pytest.raises(ValueError, match="either image or image_url"):
        await image_part({"type": "input_image", "image": PNG, "image_url": "https://example.org"})
