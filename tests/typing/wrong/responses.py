"""Responses: wrong uses."""

from realtime_typed import RealtimeClient, ResponseHandle

# error: mypy[arg-type] pyright[reportArgumentType]
client = RealtimeClient(api_key="key", response_timeout="60")


async def asking() -> None:
    # error: mypy[arg-type] pyright[reportArgumentType]
    await client.create_response(when_active="later")
    # error: mypy[call-arg] pyright[reportCallIssue]
    await client.create_response(None, "wait")
    # error: mypy[unused-coroutine] pyright[reportUnusedCoroutine]
    client.create_response()


async def reading(response: ResponseHandle) -> None:
    # error: mypy[attr-defined] pyright[reportGeneralTypeIssues]
    for piece in response.text:
        print(piece)
    async for word in response.transcript:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(word.samples)
    # error: mypy[misc] pyright[reportAssignmentType]
    numbers: list[int] = [number async for number in response.text]
    print(numbers)
    # error: mypy[operator] pyright[reportOperatorIssue]
    print(response.text + "!")
    async for sound in response.audio:
        # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
        print(sound.text)
    async for item in response.items:
        # error: mypy[union-attr] pyright[reportAttributeAccessIssue]
        print(item.arguments)
    # error: mypy[misc] pyright[reportAttributeAccessIssue]
    response.id = "resp_1"
    # error: mypy[attr-defined] pyright[reportAttributeAccessIssue]
    print(response.done().usage)
