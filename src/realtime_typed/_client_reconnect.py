"""Reconnecting: when a client connects again after a loss, how often, and when it gives up."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from types import NoneType
from typing import ClassVar, Final, Self, Unpack, cast

from ._client_restore import ClientRestore
from ._connection_options import ClientOptions
from ._generated.realtime.params import SessionConfigParam
from ._generated.realtime.registry import ServerEvent
from ._generated.realtime.shared import SessionConfig
from ._keys import EphemeralKey
from ._outage import Outage
from ._reconnect_budget import Budget
from ._reconnect_rules import of_close, of_failure
from ._wire import UnknownEvent, wire_fields
from .errors import ConnectionClosed, TransportError
from .reconnect import ReconnectPolicy
from .utility_events import ConnectionLost

__all__ = ["ClientReconnect"]

# How long an `error` may be the reason of the close that follows.
_ERROR_S: Final = 5.0

_logger = logging.getLogger("realtime_typed")


class ClientReconnect(ClientRestore):
    """Connecting again after a loss."""

    def __init__(self, **options: Unpack[ClientOptions]) -> None:
        given = options.pop("reconnect", None)
        if not isinstance(cast("object", given), (bool, ReconnectPolicy, NoneType)):
            raise TypeError(f"reconnect: {given!r} is none; use True, False, None or a ReconnectPolicy")
        super().__init__(**options)
        self._given_policy = given
        self._in_block = False
        self._connect_key: EphemeralKey | None = None
        self._budget = Budget(self._policy or ReconnectPolicy())
        self._outage: Outage | None = None
        self._reconnecting: asyncio.Task[None] | None = None
        # One that `_close` has cancelled.
        self._ending: asyncio.Task[None] | None = None
        self._last_error: tuple[str | None, float] = None, float("-inf")
        self._rotating = False
        self.realtime.on_lost = self._lost

    @property
    def _policy(self) -> ReconnectPolicy | None:
        """How to reconnect; `None` if not at all."""
        given = self._given_policy
        if isinstance(given, ReconnectPolicy):
            return given
        on = self._in_block if given is None else given
        return ReconnectPolicy() if on else None

    # The life of a connection.

    async def connect(
        self,
        *,
        model: str | None = None,
        ephemeral_key: EphemeralKey | None = None,
        session_config: SessionConfig | SessionConfigParam | None = None,
    ) -> bool:
        if not (self.is_connected() or self.realtime.is_reconnecting):
            policy = self._policy
            self._connect_key = ephemeral_key
            self._budget = Budget(policy or ReconnectPolicy())
            self._again.clear()
            self._echoes.clear()
            self._response_items.clear()
            self._last_error = None, float("-inf")
            self.realtime.reconnects = policy is not None
            self.realtime.on_server_event = self._receive
        return await super().connect(model=model, ephemeral_key=ephemeral_key, session_config=session_config)

    connect.__doc__ = ClientRestore.connect.__doc__

    async def __aenter__(self) -> Self:
        self._in_block = True
        self.realtime.reconnects = self._policy is not None
        try:
            return await super().__aenter__()
        except BaseException:
            self._in_block = False
            raise

    async def _close(self) -> None:
        self._in_block = False
        task, self._reconnecting = self._reconnecting, None
        if task is not None and task is not asyncio.current_task():
            task.cancel()
            self._ending = task
        ending = self._ending
        if ending is None or ending.done():
            await super()._close()
            return
        try:
            await asyncio.wait({ending})
        except asyncio.CancelledError:
            # To close now would cancel it again, while it hangs up a call that the service has answered meanwhile.
            await asyncio.wait({ending})
            raise
        finally:
            await super()._close()

    def _connection_ended(self, closed: ConnectionClosed, expected: bool) -> None:
        outage, self._outage = self._outage, None
        for request in () if outage is None else outage.carried:
            request.fail(closed)
        self._again.clear()
        super()._connection_ended(closed, expected)

    # A loss.

    def _lost(self, closed: ConnectionClosed) -> bool:
        """The connection has ended by itself; say whether another one follows."""
        if self._outage is not None:
            # It is the one that was to follow; who makes it learns of it by what it waits for.
            self._take_stock(self._outage)
            return True
        now = asyncio.get_running_loop().time()
        code, since = self._last_error
        rule = of_close(closed, code if now - since < _ERROR_S else None, media=self.realtime.media is not None)
        policy, planned, self._rotating = self._policy, self._rotating, False
        reconnects = policy is not None and (planned or rule.retries)
        why = "the session nears its time limit" if planned else rule.why if policy is not None else "reconnect is off"
        if policy is not None and reconnects:
            self._outage = Outage(closed, now, planned)
            self._take_stock(self._outage)
            self._reconnecting = asyncio.create_task(
                self._reconnect(self._outage, policy), name="realtime-typed reconnect"
            )
        lost = ConnectionLost(closed.code, closed.reason, closed.clean, reconnects, why, planned)
        self._emit(lost, "connection.lost")
        return reconnects

    async def _reconnect(self, outage: Outage, policy: ReconnectPolicy) -> None:
        from ._retrying import retrying

        lost = outage.planned  # a move is made without a delay
        try:
            async for attempt in retrying(policy, self._budget, lambda error: self._tries_again(outage, error)):
                with attempt:
                    if not lost:
                        lost = True
                        raise outage.closed.with_traceback(None)  # noqa: TRY301  # tenacity delays what follows an error
                    await self._try(outage, policy)
        except Exception as error:
            await self._give_up(outage, error)
        except asyncio.CancelledError:
            if self._reconnecting is asyncio.current_task():  # not by `_close`: the event loop is about to end
                await self._give_up(outage, outage.closed)
            raise

    def _tries_again(self, outage: Outage, error: BaseException) -> bool:
        if error is outage.closed:
            return True
        if not isinstance(error, Exception):
            return False
        rule = of_failure(error)
        _logger.warning("reconnecting failed: %s (%s)", error, rule.why)
        if rule.verdict == "fresh_key":
            again, outage.renewed = self.realtime.renews_keys(self._connect_key) and not outage.renewed, True
            return again
        return rule.retries

    async def _try(self, outage: Outage, policy: ReconnectPolicy) -> None:
        self._budget.spend()
        outage.attempts += 1
        wanted = self._session_wire(self._configuration.wanted, tools=True)
        async with asyncio.timeout(policy.connect_timeout):
            self.realtime.on_server_event = self._receive_restored
            await self.realtime.reopen(session=wanted, ephemeral_key=self._connect_key)
        async with asyncio.timeout(policy.connect_timeout):
            told = self._configuration.wanted, self._tools.definitions
            restored = await self._restore(outage, policy)
        # From here on nothing waits, so that the next loss is another one.
        self._outage = self._reconnecting = None
        self.realtime.reconnections += 1
        self.realtime.resume()
        self._requests.release()
        if told != (self._configuration.wanted, self._tools.definitions):
            self._post_session(self._configuration.wanted, tools=True)
        self._flush_soon()
        carrying = asyncio.create_task(self._carry_audio_on())
        self._flushing.add(carrying)
        carrying.add_done_callback(self._flushing.discard)
        self._emit(restored, "connection.restored")

    async def _carry_audio_on(self) -> None:
        with suppress(TransportError):
            await self._audio.carry_on()

    async def _give_up(self, outage: Outage, error: Exception) -> None:
        closed = outage.closed
        why = "the budget is spent" if error is closed or self._budget.exhausted else of_failure(error).why
        _logger.warning("gave up reconnecting: %s", why)
        self._outage = self._reconnecting = None
        ended = ConnectionClosed(closed.code, f"{closed.reason}; gave up reconnecting: {why}".lstrip("; "), clean=False)
        ended.__cause__ = None if error is closed else error
        for request in outage.carried:
            request.fail(ended)
        await self.realtime.give_up(ended)

    # Events.

    def _on_error(self, event: ServerEvent, fields: dict[str, object]) -> None:
        code = wire_fields(fields.get("error")).get("code")
        self._last_error = code if isinstance(code, str) else None, asyncio.get_running_loop().time()

    _REACTIONS: ClassVar[Mapping[str, Callable[..., None]]] = {
        **ClientRestore._REACTIONS,  # noqa: SLF001  # of its own base
        "error": _on_error,
    }

    def _receive_restored(self, event: ServerEvent | UnknownEvent) -> None:
        super()._receive_restored(event)
        if self._outage is None and self._heard(event):
            self._echoes.clear()
            self.realtime.on_server_event = self._receive

    def _heard(self, event: ServerEvent | UnknownEvent) -> bool:
        if isinstance(event, UnknownEvent):
            return False
        item = wire_fields(event.__dict__.get("item")).get("id")
        return item not in self._echoes and self._budget.heard(event.type, event.__dict__)
