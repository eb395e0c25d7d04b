"""Has the SDP exchanged by a function of the caller, and loses no call that was answered."""

import asyncio
from collections.abc import Awaitable, Callable

from realtime_typed.errors import ConnectError
from realtime_typed.transports.webrtc_options import SdpAnswer

__all__ = ["exchange"]


async def exchange(
    exchange_sdp: Callable[[str], Awaitable[SdpAnswer]],
    offer: str,
    *,
    patience: float,
    answered: Callable[[SdpAnswer], None],
) -> None:
    """Exchange an offer for an answer.

    Args:
        exchange_sdp: Does it.
        offer: The offer.
        patience: Seconds that `exchange_sdp` gets to end when this call is cancelled: the first half of them to bring
            its answer, for a call that nobody knows of would go on at the service; then it is cancelled.
        answered: Is told the answer, also one that comes while the call is being cancelled: a call was made then.

    Raises:
        ConnectError: From `exchange_sdp`, or because it failed in another way.
    """
    running: asyncio.Future[SdpAnswer] | None = None
    try:
        running = asyncio.ensure_future(exchange_sdp(offer))
        answer = await asyncio.shield(running)
    except asyncio.CancelledError:
        if running is not None:
            await _end(running, patience / 2)
            if running.done() and not running.cancelled() and running.exception() is None:
                answered(running.result())
        raise
    except ConnectError:
        raise
    except Exception as error:  # a function of the application may raise anything
        raise ConnectError(f"the SDP exchange failed: {type(error).__name__}") from error
    answered(answer)


async def _end(running: asyncio.Future[SdpAnswer], patience: float) -> None:
    try:
        await asyncio.wait({running}, timeout=patience)
    finally:
        if not running.done():
            running.cancel()
            await asyncio.wait({running}, timeout=patience)
