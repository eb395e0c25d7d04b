"""Giving a session the conversation of another one."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final, cast

from ._client_tools import ClientTools
from ._generated.realtime.params import ConversationItemParam
from ._generated.realtime.shared import ConversationItem
from ._wire import to_plain, wire_fields
from .dispatch import ANSWER_TIMEOUT

__all__ = ["ClientSeed"]

_AT_ONCE: Final = 64


class ClientSeed(ClientTools):
    """Giving a session the conversation of another one."""

    async def seed(
        self, items: Sequence[ConversationItem | ConversationItemParam], *, timeout: float | None = ANSWER_TIMEOUT
    ) -> list[ConversationItem]:
        """Add items at the end of the conversation, in order, and wait until the service has them. Nothing is answered.

        ::

            items = before.conversation.export()
            async with RealtimeClient(api_key="…") as after:
                await after.seed(items)

        Args:
            items: What `conversation.export()` gave, or the same as dicts, read from JSON for instance. Their ids stay.
            timeout: Seconds to wait for the answer to each. Default 10; `None` waits until the connection ends.

        Returns:
            The items in the conversation.

        Raises:
            EventValidationError: One does not have the shape of an item; nothing is sent then.
            ServerError: The service refused one, for instance as its id exists already; it may have taken others.
            TimeoutError: The service did not answer in time.
            ConnectionClosed: There is no connection, or it ended first.
        """
        wires = [cast("Mapping[str, object]", to_plain(item)) for item in items]
        for wire in wires:
            self.realtime.codec.encode(
                {"type": "conversation.item.create", "item": cast("ConversationItemParam", wire)}
            )
        seeded: list[ConversationItem] = []
        for start in range(0, len(wires), _AT_ONCE):
            requests = [
                self._request("conversation.item.create", {"item": wire}, timeout)
                for wire in wires[start : start + _AT_ONCE]
            ]
            # They are sent in this order; that one is refused does not leave the answers of others to nobody.
            answers = await asyncio.gather(*requests, return_exceptions=True)
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
                item = cast("ConversationItem", wire_fields(answer).get("item"))
                # One that is not kept any more, as `max_items` are fewer, is what the service answered.
                seeded.append(self.conversation.get_item(cast("str", item.id)) or item)
        return seeded
