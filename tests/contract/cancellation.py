"""What the tests of cancellation share: after how many turns of the loop it comes, and that nothing is left."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from itertools import chain, count

from realtime_typed.local import Responder
from tests.contract.support import Serve, Service
from tests.leaks import nothing_left_in_loop

__all__ = ["turns_of", "watched"]


def watched(serve: Serve) -> Serve:
    """As `serve`; and the server, its clients and the test leave nothing behind in the process."""

    @asynccontextmanager
    async def checked(
        *, responder: Responder | None = None, audio_speed: float | None = None, bound: float = 30
    ) -> AsyncGenerator[Service]:
        async with (
            nothing_left_in_loop(),
            serve(responder=responder, audio_speed=audio_speed, bound=bound) as service,
        ):
            yield service

    return checked


def turns_of(service: Service) -> Iterator[int]:
    """How many turns of the loop to let pass before a cancellation: all there are, or a sample over a real network.

    There most turns only wait for the peer: the first ones count, and then fewer and fewer.
    """
    if service.kind == "memory":
        return count()
    each, growth = (3, 2.0) if service.by_track else (12, 1.3)
    return chain(range(each), (round(each * growth**step) for step in range(40)))
