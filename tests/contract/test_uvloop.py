"""A part of the contract on uvloop: the tests are those of asyncio's own loop."""

import pytest

from tests.contract.support import Serve
from tests.contract.test_connection import (
    test_a_lost_client_can_connect_again,
    test_an_iteration_ends_when_the_service_closes_in_agreement,
    test_an_iteration_raises_what_the_service_says_when_it_ends_the_session,
    test_an_iteration_raises_when_the_line_is_lost,
    test_waiters_end_with_the_connection,
)
from tests.contract.test_lifecycle import (
    serve,
    test_a_handler_that_fails_ends_nothing,
    test_a_timeout_ends_a_block,
)

__all__ = [
    "serve",
    "test_a_handler_that_fails_ends_nothing",
    "test_a_lost_client_can_connect_again",
    "test_a_timeout_ends_a_block",
    "test_an_iteration_ends_when_the_service_closes_in_agreement",
    "test_an_iteration_raises_what_the_service_says_when_it_ends_the_session",
    "test_an_iteration_raises_when_the_line_is_lost",
    "test_waiters_end_with_the_connection",
]

pytest.importorskip("uvloop", reason="there is no wheel of uvloop for this platform")
pytestmark = [pytest.mark.anyio, pytest.mark.timeout(120)]


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop of these tests."""
    return "asyncio", {"use_uvloop": True}


@pytest.mark.parametrize("size", [100, 70_000, 3_000_000])
async def test_frames_of_any_size_go_both_ways(serve: Serve, size: int) -> None:
    async with serve() as service, service.client() as client:
        if service.by_track and size > 768 * 1024:
            return  # no data channel carries it
        text = "x" * size
        await client.seed([{"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}])
        assert client.conversation.items[0].formatted.text == text
