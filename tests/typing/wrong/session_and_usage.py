"""Wrong uses of the configuration in force, of what was used, and of images."""

from realtime_typed import RealtimeClient
from realtime_typed.content import InputImage
from realtime_typed.usage import Prices


def configuration(client: RealtimeClient) -> None:
    # error: mypy[union-attr] pyright[reportOptionalMemberAccess]
    print(client.session.config.instructions)
    # error: mypy[misc] pyright[reportAttributeAccessIssue]
    client.session.config = None


def used(client: RealtimeClient) -> None:
    # error: mypy[call-arg] pyright[reportCallIssue]
    client.usage.cost()
    # error: mypy[typeddict-unknown-key] pyright[reportArgumentType]
    client.usage.cost({"text": 4})
    # error: mypy[typeddict-item] pyright[reportAssignmentType]
    prices: Prices = {"input_text": None}
    print(prices)


async def messages(client: RealtimeClient) -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.send_text(["Hello!"])
    # error: mypy[typeddict-item] pyright[reportAssignmentType]
    image: InputImage = {"type": "input_image", "image": 5}
    print(image)
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.send_user_message_content([{"type": "input_image", "image": 5}])
    # error: mypy[list-item] pyright[reportArgumentType]
    await client.send_user_message_content([{"type": "input_image", "image": b"", "detail": "much"}])
