"""What the embedded server refuses, and how much it holds: one test a rule of `rules.py`."""

import asyncio
import contextlib
import hmac
import json
from typing import cast

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError, InvalidStatus

from realtime_typed.local import LocalServer
from realtime_typed.local.access import HttpError, Keys
from realtime_typed.local.frames import Outbox, ReceivedLog
from realtime_typed.local.history import History, StoredItem

pytestmark = pytest.mark.anyio


def opened(server: LocalServer, key: str | None = None) -> connect:
    sent = {"Authorization": f"Bearer {key or server.api_key}"}
    return connect(f"{server.ws_url}?model=m", additional_headers=sent, proxy=None, open_timeout=10)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "example.com", ""])
def test_an_address_that_others_can_reach_needs_a_speaking_argument(host: str) -> None:
    with pytest.raises(ValueError, match="dangerously_expose_to_network"):
        LocalServer(host=host)
    LocalServer(host=host, dangerously_expose_to_network=True)


async def test_one_connection_more_than_allowed_is_a_429() -> None:
    async with LocalServer(max_sessions=2) as server:
        for _ in range(2):  # the places are given back
            async with opened(server), opened(server):
                with pytest.raises(InvalidStatus) as caught:
                    await opened(server)
                assert caught.value.response.status_code == 429
                # A place is for those who have a key.
                with pytest.raises(InvalidStatus) as caught:
                    await opened(server, "sk-wrong")
                assert caught.value.response.status_code == 401


def message(number: int, size: int) -> StoredItem:
    part = {"type": "input_text", "text": "x" * size}
    return StoredItem({"id": f"item_{number}", "type": "message", "role": "user", "content": [part]})


def test_a_conversation_keeps_no_more_bytes_than_it_may() -> None:
    history = History(1000, 10**6, 10_000)
    for number in range(100):
        history.add(message(number, 1000))
    assert sum(item.size for item in history.items()) <= 10_000
    assert history.last_id() == "item_99"
    history.add(message(100, 50_000))  # the newest is answered whatever it has
    assert [item.id for item in history.items()] == ["item_100"]
    history.delete("item_100")
    for number in range(3):
        history.add(message(number, 1000))
    assert len(history.items()) == 3


def test_a_conversation_keeps_no_more_items_than_it_may() -> None:
    history = History(10, 10**6, 10**6)
    for number in range(100):
        history.add(message(number, 1))
    assert len(history.items()) == 10


async def test_large_frames_that_wait_hold_a_client_up_however_few_they_are() -> None:
    outbox = Outbox(256)
    outbox.put("x" * 8 * 1024 * 1024)
    waiting = asyncio.ensure_future(outbox.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    assert await outbox.get() is not None
    async with asyncio.timeout(5):
        await waiting


def test_the_record_of_what_came_is_bounded_in_events_and_bytes() -> None:
    log = ReceivedLog(10, 1000)
    for _ in range(100):
        log.add({"type": "x"}, 10)
    assert len(log.events()) == 10
    log.add({"type": "y"}, 995)
    assert [event["type"] for event in log.events()] == ["y"]


async def test_a_body_of_more_than_a_mebibyte_is_a_413() -> None:
    async with LocalServer() as server, httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        answer = await http.post("/realtime/client_secrets", content=b" " * (1024 * 1024 + 1))
        assert answer.status_code == 413


async def test_a_frame_of_more_than_32_mebibytes_ends_the_connection() -> None:
    async with LocalServer() as server, opened(server) as client:
        with contextlib.suppress(ConnectionClosedError):  # the end may come while this is sent
            await client.send("x" * (32 * 1024 * 1024 + 1))
        await client.wait_closed()
        assert client.close_code == 1009


def test_keys_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return honest(a, b)

    honest = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", compare)
    keys = Keys("sk-right")
    with pytest.raises(HttpError):
        keys.check("sk-wrong")
    keys.check("sk-right")
    assert compared == [(b"sk-wrong", b"sk-right"), (b"sk-right", b"sk-right")]


def test_no_client_secret_is_kept_as_itself_to_be_compared_with() -> None:
    keys = Keys("sk-right")
    secret = keys.mint("realtime", 60, {"type": "realtime"})
    held = cast("dict[bytes, object]", vars(keys)["_secrets"])
    assert all(secret.value.encode() not in digest for digest in held)
    assert keys.check(secret.value) == secret


def test_no_more_client_secrets_are_kept_than_ten_thousand() -> None:
    keys = Keys("sk-right")
    first = keys.mint("realtime", 60, {"type": "realtime"})
    for _ in range(10_000):
        keys.mint("realtime", 60, {"type": "realtime"})
    with pytest.raises(HttpError):
        keys.check(first.value)


async def test_no_answer_to_a_wrong_key_shows_any_key() -> None:
    async with LocalServer(api_key="sk-Hu5h-right") as server:
        with pytest.raises(InvalidStatus) as caught:
            await opened(server, "sk-Hu5h-wrong")
    body = caught.value.response.body or b""
    assert json.loads(body)["error"]["code"] == "invalid_api_key"
    assert b"Hu5h" not in body
