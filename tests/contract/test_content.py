"""What a user's message can hold, and its short form."""

import base64
from pathlib import Path
from typing import cast

import pytest

from realtime_typed import MessageTooLargeError
from realtime_typed.content import ImageData
from realtime_typed.types import InputImagePart, InputTextPart, UserMessageItem
from tests.contract.support import BOUND, Serve, Service, settle

pytestmark = pytest.mark.anyio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
URL = "data:image/png;base64," + base64.b64encode(PNG).decode()


def created(service: Service) -> list[object]:
    return [event["item"] for event in service.received("conversation.item.create")]


async def test_a_text_alone_has_a_short_form(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        await client.update_session(output_modalities=["text"])
        async with client.events["response.done"].expect(BOUND):
            response = await client.send_text("Hello there")
        assert client.usage.responses.keys() == {response.id}
        assert created(service) == [
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hello there"}]}
        ]
        assert [item.formatted.text for item in client.conversation.items] == ["Hello there", "Hello there"]


@pytest.mark.parametrize("given", ["bytes", "path", "url"])
async def test_an_image_is_sent_as_the_protocol_has_it(serve: Serve, given: str, tmp_path: Path) -> None:
    path = tmp_path / "photo"
    path.write_bytes(PNG)
    images: dict[str, ImageData] = {"bytes": PNG, "path": path, "url": URL}
    async with serve() as service, service.client() as client:
        async with client.events["response.done"].expect(BOUND):
            await client.send_user_message_content(
                [
                    {"type": "input_text", "text": "What is this?"},
                    {"type": "input_image", "image": images[given], "detail": "low"},
                ]
            )
        content = [
            {"type": "input_text", "text": "What is this?"},
            {"type": "input_image", "image_url": URL, "detail": "low"},
        ]
        assert created(service) == [{"type": "message", "role": "user", "content": content}]
        item = client.conversation.items[0]
        assert isinstance(item, UserMessageItem)
        text, shown = item.content
        assert isinstance(text, InputTextPart)
        assert isinstance(shown, InputImagePart)
        assert (shown.image_url, shown.detail) == (URL, "low")


async def test_the_parts_of_the_protocol_are_sent_as_they_are(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        for part in (InputImagePart(image_url=URL), {"type": "input_image", "image_url": URL}):
            async with client.events["response.done"].expect(BOUND):
                await client.send_user_message_content([part])  # type: ignore[list-item]  # a dict in a variable
        wanted = {"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": URL}]}
        assert created(service) == [wanted, wanted]


async def test_of_a_message_with_a_wrong_image_nothing_is_sent(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        with pytest.raises(ValueError, match="no PNG, JPEG, GIF or WebP image"):
            await client.send_user_message_content(
                [{"type": "input_text", "text": "Look"}, {"type": "input_image", "image": b"%PDF-1.7"}]
            )
        with pytest.raises(ValueError, match=r"give a file as pathlib\.Path"):
            await client.send_user_message_content([{"type": "input_image", "image": "photo.png"}])
        await settle(client)
        assert created(service) == service.received("response.create") == []


@pytest.mark.parametrize("content", ["Hello there", {"type": "input_text", "text": "Hello there"}, b"RIFF"])
async def test_what_is_no_list_of_parts_is_refused_with_what_to_give(serve: Serve, content: object) -> None:
    async with serve() as service, service.client() as client:
        with pytest.raises(TypeError, match=r"a list of parts, .*; `send_text` takes a text alone"):
            await client.send_user_message_content(cast("list[InputTextPart]", content))
        await settle(client)
        assert created(service) == service.received("response.create") == []


async def test_what_is_no_part_is_refused_with_its_type(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        with pytest.raises(TypeError, match=r"must be a dict or a model, such as InputTextPart, got str"):
            await client.send_user_message_content(cast("list[InputTextPart]", ["Hello there"]))
        await settle(client)
        assert created(service) == service.received("response.create") == []


async def test_an_image_that_the_connection_does_not_carry_is_not_sent(serve: Serve) -> None:
    async with serve() as service, service.client() as client:
        image = PNG + bytes(1_000_000)
        if service.by_track:
            with pytest.raises(MessageTooLargeError):
                await client.send_user_message_content([{"type": "input_image", "image": image}])
            await settle(client)
            assert created(service) == service.received("response.create") == []
        else:
            async with client.events["response.done"].expect(BOUND):
                await client.send_user_message_content([{"type": "input_image", "image": image}])
            assert len(created(service)) == 1
